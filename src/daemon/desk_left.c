/* What a run with --once leaves in the outbox, and how it says so. */
#include "desk_private.h"

#include "guichet/base/error.h"
#include "guichet/base/log.h"
#include "guichet/site/conf.h"
#include "guichet/store/store.h"

#include <string.h>

/* Words of people that may be taken back still: the next run sends them. */
static void
tell_waiting(const GPtrArray *rows)
{
	guint waiting = 0;
	Instant first = INSTANT_NONE;
	g_autofree char *count = NULL, *when = NULL;

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		if (!outbox_row_waits(row))
			continue;
		waiting++;
		first = first == INSTANT_NONE ? row->next
					      : MIN(first, row->next);
	}
	if (waiting == 0)
		return;
	count = g_strdup_printf("%u", waiting);
	when = instant_format(first);
	log_event(LOG_LEVEL_WARNING, "answers-wait", "answers", count, "until",
	    when, "do", "run again from then on", NULL);
}

static bool
was_tried(const OutboxRow *row)
{
	return row->attempts > 0 &&
	    (outbox_state_is(row->state, OUTBOX_RETRY) ||
		outbox_state_is(row->state, OUTBOX_READY));
}

void
desk_left_report(Desk *desk)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = NULL;

	if (!desk->options.once)
		return;
	rows = store_outbox_list(desk->store, false, &error);
	if (rows == NULL) {
		log_event(LOG_LEVEL_ERROR, "store", "doing",
		    "looking for what was not sent", "why", error->message,
		    NULL);
		desk_failed(desk);
		return;
	}
	tell_waiting(rows);
	for (guint i = 0; desk_send_count(desk->send) == 0 && i < rows->len;
	     i++) {
		if (was_tried(rows->pdata[i]))
			desk_failed(desk);
	}
}
