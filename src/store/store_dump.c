/*
 * The store as text: what golden tests and the kill test compare. Nothing in
 * it depends on how often the program was stopped on the way, nor on chance:
 * no row ids, no attempts, no Message-IDs of ours.
 */
#include "guichet/store/store_contract.h"

#include "store_private.h"

#include "guichet/store/store_alert.h"

#include "guichet/base/text.h"

#include <string.h>

#define LINE_BYTES 100 /* of a text's first line */

static void
add_instant(GString *dump, const char *before, Instant at)
{
	g_autofree char *text = instant_format(at);

	if (at != INSTANT_NONE)
		g_string_append_printf(dump, "%s%s", before, text);
}

static void
add_quoted(GString *dump, const char *before, const char *text)
{
	g_autofree char *line = text_clean_line(text, -1, LINE_BYTES);

	if (*line != '\0')
		g_string_append_printf(dump, "%s\"%s\"", before, line);
}

static void
add_word(GString *dump, const char *before, const char *word)
{
	if (*word != '\0')
		g_string_append_printf(dump, "%s%s", before, word);
}

/* The first line that says something. */
static void
add_first_line(GString *dump, const char *before, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line != NULL; line++) {
		if (*g_strstrip(*line) != '\0') {
			add_quoted(dump, before, *line);
			return;
		}
	}
}

/* The place of one of our answers among those of its ticket, from 1. */
static gint64
answer_place(const GPtrArray *entries, gint64 outbox)
{
	gint64 place = 0;

	for (guint i = 0; i < entries->len; i++) {
		const Entry *entry = entries->pdata[i];

		if (entry->outbox != 0 && entry->outbox <= outbox)
			place++;
	}
	return place;
}

static void
dump_event(GString *dump, const Event *event, const GPtrArray *entries)
{
	g_autoptr(Event) shown = event_stored(event->type, event->ticket,
	    event->at, event->actor, 0);
	g_autofree char *line = NULL;

	json_object_update(shown->data, event->data);
	/* An edited comment in a rule file is no other decision. */
	json_object_del(shown->data, "rules");
	if (json_object_get(shown->data, "outbox") != NULL)
		event_set_int(shown, "outbox",
		    answer_place(entries, event_int(event, "outbox")));
	line = event_describe(shown);
	g_string_append_printf(dump, "  %s\n", line);
}

static void
dump_entry(GString *dump, const Entry *entry)
{
	g_string_append_printf(dump, "  %s", entry->what);
	add_instant(dump, " ", entry->at);
	add_word(dump, " ", entry->author);
	add_word(dump, " ", entry->visibility);
	g_string_append(dump, entry->verified ? "" : " unverified");
	if (stored_state_is(entry->state, STORED_UNREADABLE))
		g_string_append(dump, " unreadable");
	add_word(dump, " from ", entry->from);
	add_quoted(dump, " ", entry->subject);
	add_first_line(dump, ": ", entry->text);
	g_string_append_c(dump, '\n');
	for (guint i = 0; i < entry->attachments->len; i++) {
		const Attachment *attachment = entry->attachments->pdata[i];

		add_quoted(dump, "    attachment ", attachment->name);
		g_string_append_printf(dump, " %s %" G_GINT64_FORMAT "%s\n",
		    attachment->type, attachment->size,
		    attachment->is_inline ? " inline" : "");
	}
}

/* Who sends is known; to whom is what matters. */
static void
dump_answer(GString *dump, const char *before, const OutboxRow *row)
{
	g_string_append_printf(dump, "%s%s to %s", before, row->what, row->to);
	add_instant(dump, " ", row->created);
	add_word(dump, " ", row->state);
	if (row->code != 0)
		g_string_append_printf(dump, " %d", row->code);
	g_string_append(dump, *row->from == '\0' ? " from <>" : "");
	add_quoted(dump, " ", row->subject);
	add_first_line(dump, ": ", row->text);
	g_string_append_c(dump, '\n');
}

/* By the second, mails before answers: store_entries()' order. */
static bool
dump_entries(Store *store, GString *dump, const GPtrArray *entries,
    GError **error)
{
	for (guint i = 0; i < entries->len; i++) {
		const Entry *entry = entries->pdata[i];
		g_autoptr(OutboxRow) row = NULL;

		if (entry->outbox == 0) {
			dump_entry(dump, entry);
			continue;
		}
		if (!store_outbox_row(store, entry->outbox, &row, error))
			return false;
		dump_answer(dump, "  ", row);
	}
	return true;
}

static bool
dump_clocks(Store *store, GString *dump, gint64 ticket, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT milestone, commitment, state, intake, due, met FROM clock "
	    "WHERE ticket = ? ORDER BY milestone");

	stmt_int(&q, ticket);
	while (stmt_row(&q)) {
		g_autofree char *milestone = stmt_get_text(&q, 0);
		g_autofree char *commitment = stmt_get_text(&q, 1);
		g_autofree char *state = stmt_get_text(&q, 2);

		g_string_append_printf(dump, "  clock %s %s %s", milestone,
		    commitment, state);
		add_instant(dump, " intake ", stmt_get_instant(&q, 3));
		add_instant(dump, " due ", stmt_get_instant(&q, 4));
		add_instant(dump, " met ", stmt_get_instant(&q, 5));
		g_string_append_c(dump, '\n');
	}
	return stmt_end(&q, error);
}

static void
dump_head(GString *dump, const Ticket *ticket, const char *subject,
    const char *requester)
{
	g_string_append_printf(dump, "ticket %" G_GINT64_FORMAT ": %s %s",
	    ticket->number, ticket_state_name(ticket->state),
	    ticket_kind_name(ticket->kind));
	if (ticket->unsure)
		g_string_append(dump, " unsure");
	if (ticket->severity != 0)
		g_string_append_printf(dump, " severity %d", ticket->severity);
	add_word(dump, " contract ", ticket->contract);
	add_word(dump, " plan ", ticket->plan);
	add_word(dump, " scope ", ticket->scope);
	add_word(dump, " component ", ticket->component);
	add_word(dump, " host ", ticket->host);
	add_word(dump, " service ", ticket->service);
	add_word(dump, " assigned ", ticket->assigned);
	if (ticket->excluded)
		g_string_append(dump, " excluded");
	for (guint i = 0; i < ticket->tags->len; i++)
		g_string_append_printf(dump, " #%s",
		    (const char *)ticket->tags->pdata[i]);
	add_quoted(dump, "\n  subject ", subject);
	add_word(dump, "\n  requester ", requester);
	g_string_append_c(dump, '\n');
}

static bool
dump_ticket(Store *store, GString *dump, gint64 number, GError **error)
{
	g_autoptr(Ticket) ticket = NULL;
	g_autoptr(GPtrArray) events = store_events(store, number, error);
	g_autoptr(GPtrArray) entries = NULL;
	g_autoptr(TicketPeople) people = NULL;

	if (events == NULL || !store_ticket(store, number, &ticket, error) ||
	    !store_ticket_people(store, number, &people, error))
		return false;
	entries = store_entries(store, number, error);
	if (entries == NULL)
		return false;

	dump_head(dump, ticket, people->subject, people->opener);
	for (guint i = 0; i < events->len; i++)
		dump_event(dump, events->pdata[i], entries);
	if (!dump_clocks(store, dump, number, error) ||
	    !dump_entries(store, dump, entries, error))
		return false;
	g_string_append_c(dump, '\n');
	return true;
}

static bool
dump_tickets(Store *store, GString *dump, GError **error)
{
	g_autoptr(GArray) numbers = store_ticket_numbers(store, 0, G_MAXUINT,
	    error);

	if (numbers == NULL)
		return false;
	for (guint i = 0; i < numbers->len; i++) {
		if (!dump_ticket(store, dump, g_array_index(numbers, gint64, i),
			error))
			return false;
	}
	return true;
}

/* Mails that are no entry of a ticket: filed, repeated, or not read yet. */
static bool
dump_strays(Store *store, GString *dump, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT mail.mailbox, mail.state, mail.lane, mail.trusted, "
	    "coalesce(address.address, content.shown), content.subject, "
	    "first.ticket FROM mail "
	    "LEFT JOIN content ON content.mail = mail.id "
	    "LEFT JOIN address ON address.id = content.sender "
	    "LEFT JOIN mail AS first ON first.id = mail.also_seen "
	    "WHERE mail.ticket IS NULL OR mail.also_seen IS NOT NULL "
	    "ORDER BY mail.trusted, mail.mailbox, content.shown, "
	    "content.subject, mail.sha256, mail.id");

	while (stmt_row(&q)) {
		g_autofree char *mailbox = stmt_get_text(&q, 0);
		g_autofree char *state = stmt_get_text(&q, 1);
		g_autofree char *lane = stmt_get_text(&q, 2);
		g_autofree char *from = stmt_get_text(&q, 4);
		g_autofree char *subject = stmt_get_text(&q, 5);

		g_string_append_printf(dump, "mail in %s", mailbox);
		add_instant(dump, " ", stmt_get_instant(&q, 3));
		if (!stored_state_is(state, STORED_DONE))
			g_string_append_printf(dump, " %s",
			    stored_state_is(state, STORED_UNREADABLE)
				? "unreadable"
				: "unread");
		add_word(dump, " lane ", lane);
		if (!stmt_is_null(&q, 6))
			g_string_append_printf(dump,
			    " repeats one of ticket %" G_GINT64_FORMAT,
			    stmt_get_int(&q, 6));
		add_word(dump, " from ", from);
		add_quoted(dump, " ", subject);
		g_string_append_c(dump, '\n');
	}
	return stmt_end(&q, error);
}

static bool
dump_loose_answers(Store *store, GString *dump, GError **error)
{
	g_autoptr(GPtrArray) rows = store_outbox_list(store, true, error);

	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		if (row->ticket != 0)
			continue;
		dump_answer(dump, "answer ", row);
	}
	return rows != NULL;
}

char *
store_dump(Store *store, GError **error)
{
	g_autoptr(GString) dump = g_string_new(NULL);
	bool ok, begun = sqlite3_get_autocommit(store->db) != 0;

	/* One look at all of it, whatever a writer does meanwhile. */
	if (begun && !store_execute(store, "BEGIN", error))
		return NULL;
	ok = dump_tickets(store, dump, error) &&
	    dump_strays(store, dump, error) &&
	    store_dump_alerts(store, dump, error) &&
	    store_dump_notices(store, dump, error) &&
	    dump_loose_answers(store, dump, error);
	if (begun)
		store_execute(store, "ROLLBACK", NULL);
	if (!ok)
		return NULL;
	return g_string_free(g_steal_pointer(&dump), FALSE);
}
