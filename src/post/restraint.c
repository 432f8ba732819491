/*
 * How much a client is written that no person said or ordered: what is too much
 * waits in the outbox, and is told in one mail at the end of its hour.
 */
#include "guichet/post/post.h"

#include "guichet/desk/desk_restraint.h"
#include "guichet/judgment/horizon.h"
#include "guichet/store/store_sums.h"

#include <string.h>

bool
restraint_post(Intake *in, StoreTx *tx, Draft *draft, Instant now,
    GError **error)
{
	RestraintMail mail = { draft->send, draft->ticket, draft->proof, now,
		false };
	g_autoptr(GArray) others = NULL;
	OutboxSum sum;

	if (draft->technician != NULL || draft->doubt ||
	    !send_kind_is_automatic(mail.send))
		return post_draft(in, tx, draft, now, error);
	/* One that waits was made an hour before it leaves, and a little. */
	others = store_sums_beside(in->store, draft->to,
	    now - 3 * HORIZON_AUTOMATIC_SECONDS, now, error);
	if (others == NULL)
		return false;
	mail = desk_restrain(&mail, others, in->conf->automatic_per_hour);
	/* Should nobody sum it up, it leaves by itself. */
	draft->leaves = mail.is_summed ? mail.leaves + HORIZON_SUM_GRACE_SECONDS
				       : mail.leaves;
	sum = (OutboxSum){ mail.leaves, draft->to, draft->language,
		draft->zone };
	return post_draft(in, tx, draft, now, error) &&
	    (!mail.is_summed || store_sums_add(tx, draft->outbox, &sum, error));
}

/* ---- the sums ---- */

static Draft *
draft_sum(const Intake *in, const GPtrArray *rows, const OutboxSum *sum)
{
	g_autoptr(Values) values = values_new();
	Draft *draft = g_new0(Draft, 1);

	values_set(values, "desk", in->conf->site);
	values_setf(values, "count", "%u", rows->len);
	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];
		Values *item = values_add(values, "items");

		values_set(item, "item_subject", row->subject);
		values_set(item, "item_text", row->text);
	}
	draft->send = SEND_SUMMARY;
	draft->no_answer = true; /* it is about no one ticket */
	draft->to = g_strdup(sum->to);
	draft->language = g_strdup(sum->language);
	draft->zone = g_strdup(sum->zone);
	draft_render(draft, in, values);
	return draft;
}

static bool
drop(StoreTx *tx, const GPtrArray *rows, gint64 sum, Instant now,
    GError **error)
{
	g_autofree char *why =
	    g_strdup_printf("summed up in answer %" G_GINT64_FORMAT, sum);
	const OutboxTurn turn = { .state = OUTBOX_DROPPED,
		.next = INSTANT_NONE,
		.reply = why,
		.now = now };

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		if (!store_outbox_state(tx, row->id, &turn, error))
			return false;
	}
	return true;
}

/* One alone leaves as it is. */
static bool
sum_up(Intake *in, StoreTx *tx, const OutboxSum *sum, Instant now,
    GError **error)
{
	g_autoptr(GPtrArray) rows = store_sums_of(in->store, sum, now, error);
	g_autoptr(Draft) draft = NULL;

	if (rows == NULL)
		return false;
	if (rows->len == 1) {
		const OutboxRow *one = rows->pdata[0];

		return store_outbox_again(tx, one->id, now, error);
	}
	draft = draft_sum(in, rows, sum);
	return post_draft(in, tx, draft, now, error) &&
	    drop(tx, rows, draft->outbox, now, error);
}

bool
restraint_tick(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	while (true) {
		g_auto(OutboxSum) sum = { 0 };

		if (!store_sums_next(in->store, now, &sum, error))
			return false;
		if (sum.at == INSTANT_NONE)
			return true;
		if (!sum_up(in, tx, &sum, now, error))
			return false;
	}
}

bool
restraint_next(Intake *in, Instant *ret_at, GError **error)
{
	g_auto(OutboxSum) sum = { 0 };

	if (!store_sums_next(in->store, INT64_MAX, &sum, error))
		return false;
	*ret_at = sum.at;
	return true;
}
