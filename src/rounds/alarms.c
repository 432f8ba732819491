/*
 * Alarms of one tick. What presses is a mail a ticket, to be answered; what only
 * wants a look comes at the same opening for many tickets, and is one mail a
 * reader.
 */
#include "guichet/base/text.h"

#include "rounds_private.h"

#include <string.h>

bool
alarms_post(Intake *in, StoreTx *tx, const GPtrArray *drafts, Instant now,
    GError **error)
{
	for (guint i = 0; i < drafts->len; i++) {
		if (!post_draft(in, tx, drafts->pdata[i], now, error))
			return false;
	}
	return true;
}

/* Takes all for the first's reader out of the drafts: Draft *. */
static GPtrArray *
take_reader(GPtrArray *drafts)
{
	GPtrArray *theirs = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)draft_free);

	for (guint i = 0; i < drafts->len;) {
		Draft *draft = drafts->pdata[i];
		const Draft *first = theirs->len > 0 ? theirs->pdata[0] : draft;

		if (strcmp(draft->to, first->to) == 0)
			g_ptr_array_add(theirs,
			    g_ptr_array_steal_index(drafts, i));
		else
			i++;
	}
	return theirs;
}

/* What it is about, and what it asks: the first paragraph. */
static void
add_entry(GString *text, const Draft *draft)
{
	const char *end = strstr(draft->text, "\n\n");
	g_autofree char *asked = g_strndup(draft->text,
	    end != NULL ? (gsize)(end - draft->text) : strlen(draft->text));
	g_auto(GStrv) lines = g_strsplit(g_strchomp(asked), "\n", -1);

	g_string_append_printf(text, "\n%s\n", draft->subject);
	for (guint i = 0; lines[i] != NULL; i++)
		g_string_append_printf(text, "    %s\n", lines[i]);
}

static Draft *
join(const GPtrArray *theirs)
{
	const Draft *first = theirs->pdata[0];
	bool french = text_is_french(first->language);
	GString *text = g_string_new(french
		? "Ces tickets attendent que quelqu'un les regarde.\n"
		: "These tickets wait for somebody to look at them.\n");
	Draft *draft = g_new0(Draft, 1);

	for (guint i = 0; i < theirs->len; i++)
		add_entry(text, theirs->pdata[i]);
	g_string_append(text,
	    french ? "\nPour agir, répondez à un avis du ticket ; pour en lire "
		     "plus, répondez à ce mail : #voir NUMÉRO.\n"
		   : "\nTo act, answer a notice of the ticket; to read more, "
		     "answer this mail: #show NUMBER.\n");
	draft->send = SEND_ALARM;
	draft->technician = first->technician;
	draft->no_answer = first->technician == NULL;
	draft->to = g_strdup(first->to);
	draft->language = g_strdup(first->language);
	draft->zone = g_strdup(first->zone);
	draft->subject = g_strdup_printf(french ? "À regarder : %u tickets"
						: "To look at: %u tickets",
	    theirs->len);
	draft->text = g_string_free(text, FALSE);
	return draft;
}

bool
alarms_post_joined(Intake *in, StoreTx *tx, GPtrArray *drafts, Instant now,
    GError **error)
{
	while (drafts->len > 0) {
		g_autoptr(GPtrArray) theirs = take_reader(drafts);
		g_autoptr(Draft) joined = theirs->len > 1 ? join(theirs) : NULL;

		if (!post_draft(in, tx,
			joined != NULL ? joined : theirs->pdata[0], now, error))
			return false;
	}
	return true;
}
