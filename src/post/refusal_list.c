/*
 * Refusals that are not told one by one: the same words again, and what is over
 * the hour's number (refusal.h). One mail an hour to the technician lists them.
 *
 * They wait in the store, a line each: address, instant, ticket, reason.
 */
#include "guichet/post/post.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/judgment/refusal.h"
#include "guichet/store/setting_lines.h"

#include <string.h>

typedef struct {
	char *address;
	Reason reason;
	Instant at; /* when it was decided */
	gint64 ticket;
} Listed;

static void
listed_free(gpointer data)
{
	Listed *one = data;

	g_free(one->address);
	g_free(one);
}

static Listed *
listed_new(const char *address, Instant at, gint64 ticket, Reason reason)
{
	Listed *one = g_new0(Listed, 1);

	one->address = g_strdup(address);
	one->at = at;
	one->ticket = ticket;
	one->reason = reason;
	return one;
}

static gpointer
listed_read(char *const *words)
{
	return listed_new(words[0], g_ascii_strtoll(words[1], NULL, 10),
	    g_ascii_strtoll(words[2], NULL, 10), reason_parse(words[3]));
}

static void
listed_write(GString *line, gconstpointer data)
{
	const Listed *one = data;

	g_string_append_printf(line,
	    "%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", one->address,
	    one->at, one->ticket, reason_name(one->reason));
}

static const SettingLines listed_lines = { "refusals-listed", 4, listed_read,
	listed_write, listed_free };

bool
refusal_list_add(Intake *in, StoreTx *tx, const Effect *effect,
    const Situation *sit, GError **error)
{
	g_autoptr(GPtrArray) all = setting_lines_load(&listed_lines, in->store,
	    error);

	if (all == NULL)
		return false;
	/* Only a proven technician fills it; a program of theirs gone wild
	 * still must not fill the store. */
	if (all->len < LIMIT_REFUSALS_LISTED)
		g_ptr_array_add(all,
		    listed_new(sit->message->identity, sit->now, effect->ticket,
			effect->reason));
	return setting_lines_save(&listed_lines, tx, all, error);
}

/* When the list of that technician is due: an hour after its first line. */
static Instant
due_at(const GPtrArray *all, const char *address)
{
	for (guint i = 0; i < all->len; i++) {
		const Listed *one = all->pdata[i];

		if (strcmp(one->address, address) == 0)
			return one->at + REFUSAL_LIST_SECONDS;
	}
	return INSTANT_NONE;
}

static char *
list_text(const GPtrArray *all, const Technician *t, const Zone *zone,
    guint *ret_count)
{
	g_autoptr(GString) text = g_string_new(text_is_french(t->language)
		? "Ces mails de vous n'ont rien fait, et rien n'en est parti "
		  "au client :\n\n"
		: "These mails of yours did nothing, and nothing of them went "
		  "to the client:\n\n");

	*ret_count = 0;
	for (guint i = 0; i < all->len; i++) {
		const Listed *one = all->pdata[i];
		g_autofree char *when = NULL;

		if (strcmp(one->address, t->address) != 0)
			continue;
		++*ret_count;
		when = sla_when(one->at, t->language, zone);
		if (one->ticket != 0)
			g_string_append_printf(text, "[#%" G_GINT64_FORMAT "] ",
			    one->ticket);
		g_string_append_printf(text, "%s : %s\n", when,
		    refusal_words(one->reason, t->language));
	}
	g_string_append(text,
	    text_is_french(t->language)
		? "\nVotre texte est gardé sur chaque ticket (guichet show N). "
		  "Répondez au dernier avis que vous en avez reçu.\n"
		: "\nYour words are kept on each ticket (guichet show N). "
		  "Answer the last notice you have had of it.\n");
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static Draft *
draft_list(const Intake *in, const GPtrArray *all, const Technician *t)
{
	const Zone *zone = zone_get(in->conf->zone, NULL);
	Draft *draft = g_new0(Draft, 1);
	guint count;

	draft->send = SEND_REFUSAL;
	draft->technician = t;
	draft->no_answer = true; /* it is about no ticket */
	draft->proof = PROOF_PASS;
	draft->to = g_strdup(t->address);
	draft->language = g_strdup(t->language);
	draft->zone = g_strdup(zone_name(zone));
	draft->text = list_text(all, t, zone, &count);
	draft->subject = text_in(t->language, "Non fait : %u mails de vous",
	    "Not done: %u mails of yours", count);
	return draft;
}

static void
forget(GPtrArray *all, const char *address)
{
	for (guint i = all->len; i-- > 0;) {
		const Listed *one = all->pdata[i];

		if (strcmp(one->address, address) == 0)
			g_ptr_array_remove_index(all, i);
	}
}

bool
refusal_list_tick(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	g_autoptr(GPtrArray) all = setting_lines_load(&listed_lines, in->store,
	    error);
	bool any = false;

	if (all == NULL)
		return false;
	for (guint i = 0; i < in->conf->technicians->len; i++) {
		const Technician *t = in->conf->technicians->pdata[i];
		Instant due = due_at(all, t->address);

		if (due == INSTANT_NONE || due > now)
			continue;
		any = true;
		/* Who has left meanwhile is told nothing. */
		if (t->active) {
			g_autoptr(Draft) draft = draft_list(in, all, t);

			if (!post_draft(in, tx, draft, now, error))
				return false;
		}
		forget(all, t->address);
	}
	return !any || setting_lines_save(&listed_lines, tx, all, error);
}

bool
refusal_list_next(Intake *in, Instant *ret_at, GError **error)
{
	g_autoptr(GPtrArray) all = setting_lines_load(&listed_lines, in->store,
	    error);
	Instant next = INSTANT_NONE;

	if (all == NULL)
		return false;
	for (guint i = 0; i < all->len; i++) {
		const Listed *one = all->pdata[i];
		Instant at = one->at + REFUSAL_LIST_SECONDS;

		/* A line of nobody's waits for nothing. */
		if (conf_technician(in->conf, one->address) != NULL &&
		    (next == INSTANT_NONE || at < next))
			next = at;
	}
	*ret_at = next;
	return true;
}
