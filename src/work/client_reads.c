/*
 * What a client reads by mail of their contract's tickets: looked up without
 * anything that stands inside, and sent. The desk judges how much of it.
 */
#include "guichet/work/reads.h"

#include "guichet/judgment/horizon.h"
#include "guichet/yaml/catalog.h"

#include <string.h>

/* ---- which tickets ---- */

/* The sender's own contract of that name; NULL: it is somebody else's. */
static const Contract *
own_contract(const Gathered *g, const char *name)
{
	for (guint i = 0; g->contracts->pdata[i] != NULL; i++) {
		const Contract *contract = g->contracts->pdata[i];

		if (strcmp(contract->name, name) == 0)
			return contract;
	}
	return NULL;
}

/*
 * Whether the client knows of the ticket: their people opened it, wrote on it
 * or were told of its alert. One that a disowned mail opened is nobody's yet.
 */
static bool
is_known(const Gathered *g, Intake *in, gint64 number, bool *ret_known,
    GError **error)
{
	TicketView *view;
	const Contract *contract;
	const Ticket *t;
	bool owed;

	*ret_known = false;
	if (!view_find(in, number, &view, error))
		return false;
	if (view == NULL || view->ticket->merged_into != 0)
		return true;
	t = view->ticket;
	contract = own_contract(g, t->contract);
	if (contract == NULL || !store_is_owed(in->store, number, &owed, error))
		return contract == NULL;
	if (event_source_is(t->source, OPENED_BY_ALERT))
		*ret_known = t->asked != INSTANT_NONE ||
		    contract->inform_of_alerts;
	else
		*ret_known = !owed &&
		    (event_source_is(t->source, OPENED_BY_MAIL) ||
			event_source_is(t->source, OPENED_BY_CALL));
	return true;
}

static ReadingRow
row_of(const Ticket *ticket, const char *subject)
{
	return (ReadingRow){ .number = ticket->number,
		.subject = subject,
		.client = "",
		.assigned = "",
		.state = ticket->state,
		.severity = ticket->severity };
}

static bool
add_listed(const Gathered *g, Intake *in, const QueueRow *row, GError **error)
{
	ReadingWish *wish = g->wish;
	TicketView *view;
	bool known;
	ReadingRow reading;

	if (own_contract(g, row->contract) == NULL)
		return true;
	if (!is_known(g, in, row->number, &known, error) ||
	    (view = view_load(in, row->number, error)) == NULL)
		return false;
	if (!known ||
	    ticket_state_is_done(view->ticket->state) !=
		(wish->asks == MATCH_ASKS_CLOSED_LIST))
		return true;
	wish->found++;
	if (wish->rows->len >= HORIZON_READ_ROWS)
		return true;
	reading = row_of(view->ticket, row->subject);
	g_ptr_array_add(wish->rows, reading_row(&reading, &wish->reader));
	return true;
}

static gint
compare_latest(gconstpointer a, gconstpointer b)
{
	const QueueRow *first = *(const QueueRow *const *)a;
	const QueueRow *second = *(const QueueRow *const *)b;

	return first->number < second->number ? 1
					      : first->number > second->number;
}

static bool
find_list(const Gathered *g, Intake *in, GError **error)
{
	g_autoptr(GPtrArray) queue = store_queue(in->store,
	    g->wish->asks == MATCH_ASKS_CLOSED_LIST, error);

	if (queue == NULL)
		return false;
	g_ptr_array_sort(queue, compare_latest);
	for (guint i = 0; i < queue->len; i++) {
		if (!add_listed(g, in, queue->pdata[i], error))
			return false;
	}
	return true;
}

/* ---- one ticket ---- */

/* What the client wrote or has had from us. A technician's mail is none of it:
 * of their words those that went out are an answer of ours. */
static bool
is_readable(const Entry *entry)
{
	SendKind kind;

	if (entry->outbox != 0)
		return send_kind_parse(entry->what, &kind) &&
		    !send_kind_is_internal(kind) &&
		    kind != SEND_ACKNOWLEDGMENT &&
		    outbox_state_is(entry->state, OUTBOX_SENT);
	return event_visibility_is(entry->visibility, VISIBILITY_PUBLIC) &&
	    event_author_is(entry->author, AUTHOR_CLIENT);
}

static GPtrArray *
readable_of(const Intake *in, const GPtrArray *entries)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < entries->len; i++) {
		const Entry *entry = entries->pdata[i];
		ReadingEntry *one;

		if (!is_readable(entry))
			continue;
		one = g_new0(ReadingEntry, 1);
		one->at = entry->at;
		one->who = entry->outbox != 0 ? in->conf->site : entry->from;
		one->what = entry->what;
		one->to = entry->outbox != 0 ? entry->to : "";
		one->text = entry->text;
		one->is_public = one->is_verified = true;
		one->files = entry->attachments->len;
		g_ptr_array_add(all, one);
	}
	return all;
}

static bool
find_history(const Gathered *g, Intake *in, GError **error)
{
	ReadingWish *wish = g->wish;
	const char *number = g_hash_table_lookup(g->match->captures, "ticket");
	g_autoptr(GPtrArray) entries = NULL, readable = NULL;
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	TicketView *view;
	TicketClient client;
	bool known;
	ReadingRow row;

	wish->number = number != NULL ? g_ascii_strtoll(number, NULL, 10) : 0;
	if (!is_known(g, in, wish->number, &known, error))
		return false;
	if (!known) /* it is told as one that is not there */
		return true;
	view = view_load(in, wish->number, error);
	entries = store_entries(in->store, wish->number, error);
	/* That fills in its subject. */
	if (view == NULL || entries == NULL ||
	    !view_client(in, view, &client, error))
		return false;
	readable = readable_of(in, entries);
	row = row_of(view->ticket, view->people->subject);
	wish->found = 1;
	g_ptr_array_add(wish->rows,
	    reading_ticket(&row, none, readable, &wish->reader));
	return true;
}

/* ---- the wish ---- */

bool
client_reads_find(Gathered *g, Intake *in, GError **error)
{
	MatchAsks asks = match_asks(g->match);
	ReadingWish *wish;

	if (!match_asks_to_read(asks) || g->sit.who != WHO_CONTACT ||
	    g->sit.auth != AUTH_PASS)
		return true;
	wish = g_new0(ReadingWish, 1);
	wish->asks = asks;
	wish->rows = g_ptr_array_new_with_free_func(g_free);
	wish->reader = (ReadingFor){ .language = g->sit.contract->language,
		.zone = contract_zone(g->sit.contract, g->sit.received),
		.now = g->sit.now,
		.is_client = true };
	g->wish = wish;
	g->sit.wish = wish;
	return reads_use(in, g->sit.message->identity, g->sit.now, &wish->use,
		   error) &&
	    (asks == MATCH_ASKS_HISTORY ? find_history(g, in, error)
					: find_list(g, in, error)) &&
	    reads_mask_rows(in, wish->rows, wish->reader.language, error);
}

/* ---- the answer ---- */

static char *
head_of(const ReadingWish *wish)
{
	const char *language = wish->reader.language;
	g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT,
	    wish->number);

	switch (wish->asks) {
	case MATCH_ASKS_OPEN_LIST:
		return g_strdup_printf(
		    catalog_text(language, "Your open requests: %u"),
		    wish->found);
	case MATCH_ASKS_CLOSED_LIST:
		return g_strdup_printf(
		    catalog_text(language, "Your requests that are done: %u"),
		    wish->found);
	default:
		return g_strdup_printf(
		    catalog_text(language, "History of the request %s"),
		    number);
	}
}

/* What is not there, or not today. */
static char *
foot_of(const ReadingWish *wish, const Effect *effect)
{
	const char *language = wish->reader.language;

	if (wish->found > 0 && effect->rows == 0) {
		g_autofree char *when = sla_when(wish->use.again, language,
		    wish->reader.zone);

		return g_strdup_printf(catalog_text(language,
					   "You have received what an hour "
					   "allows; ask again from %s."),
		    when);
	}
	if (wish->found > effect->rows)
		return g_strdup_printf(
		    catalog_text(language,
			"… and %u more, older ones, which are left out."),
		    wish->found - effect->rows);
	if (wish->asks != MATCH_ASKS_HISTORY)
		return g_strdup(catalog_text(language,
		    "To read one of them: a mail whose subject is \"history "
		    "NUMBER\"."));
	return g_strdup(wish->found > 0
		? ""
		: catalog_text(language,
		      "No request of your contract has that number."));
}

static char *
text_of(const ReadingWish *wish, const Effect *effect, const char *site)
{
	GString *text = g_string_new(NULL);
	g_autofree char *head = head_of(wish);
	g_autofree char *foot = foot_of(wish, effect);

	g_string_append_printf(text, "%s\n", head);
	for (guint i = 0; i < effect->rows; i++)
		g_string_append_printf(text, "\n%s\n",
		    (const char *)wish->rows->pdata[i]);
	if (*foot != '\0')
		g_string_append_printf(text, "\n%s\n", foot);
	g_string_append_printf(text, "\n-- \n%s\n", site);
	return g_string_free(text, FALSE);
}

bool
client_reads_answer(Intake *in, StoreTx *tx, const Effect *effect,
    const Effects *effects, GError **error)
{
	const Gathered *g = effects->gathered;
	g_autoptr(Draft) draft = g_new0(Draft, 1);

	draft->send = effect->send;
	draft->mail = draft->parent = g->sit.mail;
	draft->proof = situation_proof(&g->sit);
	draft->to = g_strdup(effect->to);
	draft->no_answer = true;
	draft->language = g_strdup(g->wish->reader.language);
	draft->zone = g_strdup(zone_name(g->wish->reader.zone));
	draft->subject = head_of(g->wish);
	draft->text = text_of(g->wish, effect, in->conf->site);
	return post_draft(in, tx, draft, effects->now, error);
}
