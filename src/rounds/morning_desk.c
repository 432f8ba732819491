/* What each of the desk's people reads in the morning, out of the store. */
#include "rounds_private.h"

#include "guichet/base/text.h"
#include "guichet/desk/contract_dates.h"
#include "guichet/desk/morning.h"
#include "guichet/desk/notice_readers.h"
#include "guichet/judgment/reply_words.h"

#include <string.h>

#define LINE_WIDTH 76

/* ---- what there is ---- */

/* What waits for its first try, or is being tried, is on its way. */
static bool
is_on_its_way(const OutboxRow *row)
{
	return !outbox_state_is(row->state, OUTBOX_FAILED) &&
	    !outbox_state_is(row->state, OUTBOX_MAYBE) &&
	    !outbox_state_is(row->state, OUTBOX_RETRY);
}

bool
morning_desk_load(MorningDesk *desk, Intake *in, GError **error)
{
	desk->rows = store_queue(in->store, false, error);
	desk->unsent = desk->rows != NULL
	    ? store_outbox_list(in->store, false, error)
	    : NULL;
	desk->refused = desk->unsent != NULL
	    ? store_outbox_since(in->store, SEND_REFUSAL, desk->since, error)
	    : NULL;
	desk->missed = desk->refused != NULL
	    ? store_ledger_missed(in->store, desk->since, error)
	    : NULL;
	desk->taken = desk->missed != NULL
	    ? store_ledger_taken(in->store, desk->since, error)
	    : NULL;
	for (guint i = desk->refused != NULL ? desk->unsent->len : 0;
	     i-- > 0;) {
		if (is_on_its_way(desk->unsent->pdata[i]))
			g_ptr_array_remove_index(desk->unsent, i);
	}
	return desk->taken != NULL;
}

void
morning_desk_clear(MorningDesk *desk)
{
	g_clear_pointer(&desk->rows, g_ptr_array_unref);
	g_clear_pointer(&desk->unsent, g_ptr_array_unref);
	g_clear_pointer(&desk->refused, g_ptr_array_unref);
	g_clear_pointer(&desk->missed, g_ptr_array_unref);
	g_clear_pointer(&desk->taken, g_ptr_array_unref);
}

static MorningTicket *
ticket_of(const Intake *in, const QueueRow *row)
{
	const Contract *contract = ruleset_contract(in->ruleset, row->contract);
	MorningTicket *ticket = g_new0(MorningTicket, 1);

	ticket->number = row->number;
	ticket->subject = row->subject;
	ticket->client = contract != NULL ? contract->client : row->contract;
	ticket->assigned = row->assigned;
	ticket->severity = row->severity;
	awaits_parse(row->awaits, &ticket->awaits);
	ticket->at = row->awaits_at;
	return ticket;
}

/* ---- whose ---- */

/* Who works here, NULL-terminated. The caller frees the array. */
static const char **
names_here(const Intake *in)
{
	const GPtrArray *all = in->conf->technicians;
	const char **here = g_new0(const char *, all->len + 1);

	for (guint i = 0, count = 0; i < all->len; i++) {
		const Technician *t = all->pdata[i];

		if (t->active)
			here[count++] = t->name;
	}
	return here;
}

/* Whether they would be told of what is due: the rule of notices. */
static bool
is_theirs(const Intake *in, const QueueRow *row, const char *const *here,
    const char *name)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new();
	Ticket ticket = { .assigned = row->assigned, .part = parts };
	g_autoptr(GPtrArray) readers = notice_readers(&(NoticeCase){
	    .event = NOTICE_DUE,
	    .ticket = &ticket,
	    .contract = ruleset_contract(in->ruleset, row->contract),
	    .here = here,
	});

	return g_ptr_array_find_with_equal_func(readers, name, g_str_equal,
	    NULL);
}

/* ---- a mail ---- */

static Draft *
draft_new(const Intake *in, const char *to, const char *language,
    const Technician *t)
{
	Draft *draft = g_new0(Draft, 1);

	draft->send = SEND_MORNING;
	draft->technician = t;
	draft->no_answer = t == NULL; /* it would order nothing */
	draft->to = g_strdup(to);
	draft->language = g_strdup(language);
	draft->zone = g_strdup(in->conf->zone);
	return draft;
}

static void
render(Draft *draft, const Intake *in, Values *values)
{
	values_set(values, "desk", in->conf->site);
	draft_render(draft, in, values);
}

/* Mails that became no ticket are the manager's; everybody's where there is no
 * manager. */
static bool
add_filed(MorningDesk *desk, Intake *in, Values *values,
    const ReadingFor *reader, guint *count, GError **error)
{
	FiledLines filed = { 0 };
	bool good = filed_list_lines(in, reader->language, desk->now, &filed,
	    error);

	if (good) {
		morning_add_lines(values, MORNING_FILED, filed.lines, filed.all,
		    reader);
		*count += filed.all;
		desk->filed = filed.last;
	}
	if (filed.lines != NULL)
		g_ptr_array_unref(filed.lines);
	return good;
}

static Draft *
draft_mine(MorningDesk *desk, Intake *in, const Technician *t, GError **error)
{
	const ReadingFor reader = { .language = t->language,
		.zone = zone_get(in->conf->zone, NULL),
		.now = desk->now };
	g_autofree const char **here = names_here(in);
	g_autoptr(GPtrArray) tickets = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(Values) values = values_new();
	Draft *draft = draft_new(in, t->address, t->language, t);
	guint count;

	for (guint i = 0; i < desk->rows->len; i++) {
		if (is_theirs(in, desk->rows->pdata[i], here, t->name))
			g_ptr_array_add(tickets,
			    ticket_of(in, desk->rows->pdata[i]));
	}
	morning_begin(values, t->name, false, in->conf->plus_addresses,
	    &reader);
	count = morning_add_mine(values, tickets, t->name, &reader);
	if (in->conf->manager == NULL &&
	    !add_filed(desk, in, values, &reader, &count, error)) {
		draft_free(draft);
		return NULL;
	}
	if (count > 0)
		render(draft, in, values);
	return draft;
}

/* ---- the manager's ---- */

/* "#12 answer to the client to x@y.example: failed, 550 no such user" */
static char *
unsent_line(const OutboxRow *row, const char *language)
{
	SendKind what = SEND_NOTICE;
	g_autofree char *tag = row->ticket != 0
	    ? g_strdup_printf("#%" G_GINT64_FORMAT " ", row->ticket)
	    : g_strdup("");
	g_autofree char *line = NULL, *cut = NULL, *reply = NULL;

	send_kind_parse(row->what, &what);
	line = g_strdup_printf("%s%s - %s", tag,
	    reply_words_send(what, language), row->to);
	cut = morning_cut(line, LINE_WIDTH);
	reply = morning_cut(row->reply != NULL ? row->reply : "",
	    LINE_WIDTH - 16);
	return g_strdup_printf("%s\n      %s%s%s: guichet outbox retry "
			       "%" G_GINT64_FORMAT,
	    cut, row->state, *reply != '\0' ? ", " : "", reply, row->id);
}

static void
add_unsent(const MorningDesk *desk, Values *values, const ReadingFor *reader)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < MIN(desk->unsent->len, MORNING_ROWS_MAX); i++)
		g_ptr_array_add(lines,
		    unsent_line(desk->unsent->pdata[i], reader->language));
	morning_add_lines(values, MORNING_UNSENT, lines, desk->unsent->len,
	    reader);
}

static void
add_refused(const MorningDesk *desk, Values *values, const ReadingFor *reader)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < MIN(desk->refused->len, MORNING_ROWS_MAX); i++) {
		const OutboxRow *row = desk->refused->pdata[i];
		g_autofree char *when = sla_moment(row->created,
		    reader->language, reader->zone, reader->now);
		g_autofree char *line = g_strdup_printf("%s, %s - %s", when,
		    row->to, row->subject);

		g_ptr_array_add(lines, morning_cut(line, LINE_WIDTH));
	}
	morning_add_lines(values, MORNING_REFUSED, lines, desk->refused->len,
	    reader);
}

/* Contracts whose day is near enough to be decided on. They are told apart on
 * their days, and alone are no reason for a mail. */
static void
add_terms(const MorningDesk *desk, const Intake *in, Values *values,
    const ReadingFor *reader)
{
	const GPtrArray *all = ruleset_contracts(in->ruleset);
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < all->len; i++) {
		const Contract *contract = all->pdata[i];
		Date today = wall_date(
		    zone_wall(contract_zone(contract, desk->now), desk->now));
		ContractDate date;

		if (contract_dates_next(contract, today, &date) &&
		    date.days <= CONTRACT_DATES_CLIENT)
			g_ptr_array_add(lines,
			    contract_dates_line(&date, reader->language));
	}
	morning_add_lines(values, MORNING_TERMS, lines, lines->len, reader);
}

static Draft *
draft_all(MorningDesk *desk, Intake *in, GError **error)
{
	const Conf *conf = in->conf;
	const ReadingFor reader = { .language = conf->language,
		.zone = zone_get(conf->zone, NULL),
		.now = desk->now };
	g_autoptr(GPtrArray) tickets = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(Values) values = values_new();
	Draft *draft = draft_new(in, conf->manager, conf->language, NULL);
	guint count;

	for (guint i = 0; i < desk->rows->len; i++)
		g_ptr_array_add(tickets, ticket_of(in, desk->rows->pdata[i]));
	morning_begin(values, conf->manager_name, true, false, &reader);
	count = morning_add_clients(values, tickets, &reader);
	morning_missed_add(desk, in, values, &reader);
	add_unsent(desk, values, &reader);
	if (!add_filed(desk, in, values, &reader, &count, error)) {
		draft_free(draft);
		return NULL;
	}
	add_refused(desk, values, &reader);
	add_terms(desk, in, values, &reader);
	count += desk->unsent->len + desk->refused->len + desk->missed->len +
	    desk->taken->len;
	if (count > 0)
		render(draft, in, values);
	return draft;
}

static bool
take(GPtrArray *drafts, Draft *draft)
{
	if (draft == NULL)
		return false;
	if (draft->text != NULL)
		g_ptr_array_add(drafts, draft);
	else
		draft_free(draft); /* nothing to read */
	return true;
}

bool
morning_desk_drafts(MorningDesk *desk, Intake *in, GPtrArray *drafts,
    GError **error)
{
	const GPtrArray *all = in->conf->technicians;
	const char *manager = in->conf->manager;

	for (guint i = 0; i < all->len; i++) {
		const Technician *t = all->pdata[i];

		/* The manager's has all that a technician's has. */
		if (t->active && g_strcmp0(t->address, manager) != 0 &&
		    !take(drafts, draft_mine(desk, in, t, error)))
			return false;
	}
	return manager == NULL || take(drafts, draft_all(desk, in, error));
}
