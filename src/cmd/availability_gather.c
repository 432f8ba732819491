/* What availability is counted from, looked up in the store and the rules. */
#include "availability_private.h"

#include "guichet/alert/alert_map.h"
#include "guichet/store/store_alert.h"
#include "guichet/store/store_availability.h"
#include "guichet/work/work.h"

#include <string.h>

struct AvailabilityBook {
	Context *context;
	const AvailabilityQuery *query;
	GPtrArray *history;    /* RulesSince * */
	GHashTable *tickets;   /* number to TicketDone * */
	GPtrArray *kept_turns; /* rows of AlertTurn * that rows borrow from */
	GPtrArray *kept_plans; /* rows of Maintenance *, likewise */
};

/* What a ticket says of its outage. */
typedef struct {
	bool excluded;
	GArray *done; /* Span: a person or the recovery said that it is over */
} TicketDone;

static void
ticket_done_free(gpointer data)
{
	TicketDone *done = data;

	g_array_unref(done->done);
	g_free(done);
}

AvailabilityBook *
availability_book_new(Context *context, const AvailabilityQuery *query)
{
	AvailabilityBook *book = g_new0(AvailabilityBook, 1);

	book->context = context;
	book->query = query;
	book->tickets = g_hash_table_new_full(g_int64_hash, g_int64_equal,
	    g_free, ticket_done_free);
	book->kept_turns = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)g_ptr_array_unref);
	book->kept_plans = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)g_ptr_array_unref);
	return book;
}

void
availability_book_free(AvailabilityBook *book)
{
	if (book == NULL)
		return;
	g_clear_pointer(&book->history, g_ptr_array_unref);
	g_hash_table_unref(book->tickets);
	g_ptr_array_unref(book->kept_turns);
	g_ptr_array_unref(book->kept_plans);
	g_free(book);
}

void
availability_row_free(AvailabilityRow *row)
{
	if (row == NULL)
		return;
	g_free(row->host);
	availability_free(row->sums);
	g_free(row);
}

static AlertTurn *
turn_in(const GPtrArray *turns, guint i)
{
	AlertTurn *turn = turns->pdata[i];

	g_assert(turn != NULL);
	return turn;
}

static const RulesSince *
since_in(const GPtrArray *history, guint i)
{
	const RulesSince *since = history->pdata[i];

	g_assert(since != NULL);
	return since;
}

/* ---- the terms of the time ---- */

static Instant
midnight(const Zone *zone, Date date)
{
	return zone_instant(zone, wall_midnight(date), ZONE_FIRST);
}

static Instant
version_begin(const Contract *contract, guint i)
{
	const ContractVersion *version;

	if (i == contract->versions->len)
		return G_MAXINT64;
	version = contract->versions->pdata[i];
	return midnight(version->zone != NULL ? version->zone : contract->zone,
	    version->from);
}

/* The first instant at which it is over, unless it is renewed for ever. */
static Instant
contract_end(const Contract *contract)
{
	if (!contract->has_until || contract->term.count > 0)
		return G_MAXINT64;
	return midnight(
	    contract_zone(contract, midnight(contract->zone, contract->until)),
	    contract->until + 1);
}

/* What one set of rules says of [from, to). */
static void
add_periods(GArray *periods, const Ruleset *ruleset, const char *name,
    Instant from, Instant to)
{
	const Contract *contract = ruleset_contract(ruleset, name);

	if (contract == NULL)
		return;
	to = MIN(to, contract_end(contract));
	for (guint i = 0; i < contract->versions->len; i++) {
		const ContractVersion *version = contract->versions->pdata[i];
		const Plan *plan = ruleset_plan(ruleset, version->plans[0]);
		AvailabilityPeriod period = {
			.from = MAX(from, version_begin(contract, i)),
			.to = MIN(to, version_begin(contract, i + 1)),
			.terms = ruleset_availability(ruleset, version),
			.zone = version->zone != NULL ? version->zone
						      : plan->zone,
		};

		if (period.terms != NULL && period.from < period.to)
			g_array_append_val(periods, period);
	}
}

/* What came before the first rules that are known of is theirs. */
static GArray *
periods_of(AvailabilityBook *book, const char *name, Instant from, Instant to,
    GError **error)
{
	g_autoptr(GArray) periods = g_array_new(FALSE, FALSE,
	    sizeof(AvailabilityPeriod));
	const GPtrArray *history = book->history;

	for (guint i = 0; i < history->len; i++) {
		const RulesSince *since = since_in(history, i);
		Instant begin = i == 0 ? from : MAX(from, since->at);
		Instant end = i + 1 < history->len
		    ? MIN(to, since_in(history, i + 1)->at)
		    : to;
		const Ruleset *ruleset;

		if (begin >= end)
			continue;
		ruleset = intake_rules(book->context->intake, since->hash,
		    error);
		if (ruleset == NULL)
			return NULL;
		add_periods(periods, ruleset, name, begin, end);
	}
	if (history->len == 0)
		add_periods(periods, book->context->ruleset, name, from, to);
	return g_steal_pointer(&periods);
}

/* ---- tickets ---- */

static bool
is_restored(const Event *event)
{
	return event->type == EVENT_MET &&
	    strcmp(event_text(event, "milestone"),
		milestone_name(MILESTONE_RESTORE)) == 0;
}

static TicketDone *
read_ticket(const GPtrArray *events)
{
	TicketDone *ticket = g_new0(TicketDone, 1);
	Instant over = INSTANT_NONE;
	bool is_done = false;

	ticket->done = spans_new();
	for (guint i = 0; i < events->len; i++) {
		const Event *event = events->pdata[i];
		TicketState state;
		bool was_done = is_done;

		if (event->type == EVENT_EXCLUDED)
			ticket->excluded = *event_text(event, "objected") ==
			    '\0';
		if (event->type == EVENT_STATE &&
		    ticket_state_parse(event_text(event, "state"), &state))
			is_done = ticket_state_is_done(state);
		if (over == INSTANT_NONE &&
		    ((is_done && !was_done) || is_restored(event)))
			over = event->at;
		if (was_done && !is_done && over != INSTANT_NONE) {
			spans_add(ticket->done, over, event->at);
			over = INSTANT_NONE;
		}
	}
	if (over != INSTANT_NONE)
		spans_add(ticket->done, over, G_MAXINT64);
	spans_tidy(ticket->done);
	return ticket;
}

static const TicketDone *
ticket_of(AvailabilityBook *book, gint64 number, GError **error)
{
	TicketDone *ticket = g_hash_table_lookup(book->tickets, &number);
	g_autoptr(GPtrArray) events = NULL;

	if (ticket != NULL)
		return ticket;
	events = store_events(book->context->store, number, error);
	if (events == NULL)
		return NULL;
	ticket = read_ticket(events);
	g_hash_table_insert(book->tickets, g_memdup2(&number, sizeof(number)),
	    ticket);
	return ticket;
}

/* ---- turns ---- */

/* What an outage was in silence, or before its host was mapped, it became:
 * as long as it lasts, a blank is what comes next. */
static void
fill_blanks(GPtrArray *turns)
{
	for (guint i = turns->len; i > 1; i--) {
		AlertTurn *turn = turn_in(turns, i - 2);
		const AlertTurn *next = turn_in(turns, i - 1);

		if (turn->alert != next->alert || !turn->firing ||
		    !next->firing)
			continue;
		if (turn->ticket == 0)
			turn->ticket = next->ticket;
		if (*turn->contract == '\0') {
			g_free(turn->contract);
			turn->contract = g_strdup(next->contract);
		}
	}
}

/* A turn, and in it each end and new beginning that its ticket tells. */
static bool
add_turn(AvailabilityBook *book, GArray *turns, const AlertTurn *from,
    Instant end, bool is_his, GError **error)
{
	AvailabilityTurn turn = { .alert = from->alert,
		.at = from->at,
		.firing = from->firing && is_his,
		.level = from->level,
		.host = from->host,
		.service = from->service,
		.ticket = from->ticket };
	const TicketDone *ticket;

	if (!turn.firing || turn.ticket == 0) {
		g_array_append_val(turns, turn);
		return true;
	}
	ticket = ticket_of(book, turn.ticket, error);
	if (ticket == NULL)
		return false;
	turn.excluded = ticket->excluded;
	g_array_append_val(turns, turn);
	for (guint i = 0; i < ticket->done->len; i++) {
		const Span *done = span_at(ticket->done, i);

		if (done->from <= from->at || done->from >= end)
			continue;
		turn.at = done->from;
		turn.firing = false;
		g_array_append_val(turns, turn);
		turn.at = done->to;
		turn.firing = true;
		if (done->to < end)
			g_array_append_val(turns, turn);
	}
	return true;
}

/* Whose rows are made: all hosts, those of a pattern, or one by its name, which
 * a mail gave and which may look like a pattern. */
typedef struct {
	const char *name; /* NULL: all */
	bool whole;
} Hosts;

static bool
is_of(const Hosts *hosts, const char *host)
{
	return hosts->whole ? strcmp(hosts->name, host) == 0
			    : alert_glob_fits(hosts->name, host);
}

/* The contract's turns; those of its alerts that were another's end what was
 * its own. */
static bool
turns_of(AvailabilityBook *book, const GPtrArray *all, const char *contract,
    const Hosts *hosts, GArray *turns, GError **error)
{
	for (guint i = 0; i < all->len; i++) {
		const AlertTurn *turn = turn_in(all, i);
		Instant end = i + 1 < all->len &&
			turn_in(all, i + 1)->alert == turn->alert
		    ? turn_in(all, i + 1)->at
		    : G_MAXINT64;

		if (!is_of(hosts, turn->host))
			continue;
		if (!add_turn(book, turns, turn, end,
			strcmp(turn->contract, contract) == 0, error))
			return false;
	}
	return true;
}

/* ---- maintenance ---- */

/* Two patterns, or a pattern and a name, that can mean the same host. */
static bool
may_mean(const char *a, const char *b)
{
	return alert_glob_fits(a, b) || alert_glob_fits(b, a);
}

/* Whether it is for a host of the contract: one of those heard of, or of those
 * that the rules map to it. */
static bool
concerns(const AvailabilityBook *book, const Maintenance *one,
    const char *contract, const Hosts *hosts, const GPtrArray *known)
{
	const GPtrArray *lines =
	    ruleset_alert_map(book->context->ruleset)->hosts;

	if (*one->contract != '\0' && g_strcmp0(one->contract, contract) != 0)
		return false;
	if (hosts->name != NULL && !alert_glob_fits(one->host, hosts->name) &&
	    (hosts->whole || !alert_glob_fits(hosts->name, one->host)))
		return false;
	for (guint i = 0; i < known->len; i++) {
		if (alert_glob_fits(one->host, known->pdata[i]))
			return true;
	}
	for (guint i = 0; i < lines->len; i++) {
		const AlertHost *line = lines->pdata[i];

		if (g_strcmp0(line->contract, contract) == 0 &&
		    may_mean(one->host, line->host))
			return true;
	}
	return false;
}

static void
planned_of(const AvailabilityBook *book, const GPtrArray *plans,
    const char *contract, const Hosts *hosts, const GPtrArray *known,
    GArray *planned)
{
	for (guint i = 0; i < plans->len; i++) {
		const Maintenance *one = plans->pdata[i];
		AvailabilityPlanned plan = { .from = one->from,
			.to = one->to,
			.announced = one->announced,
			.host = one->host,
			.service = one->service };

		if (one->announced != INSTANT_NONE &&
		    concerns(book, one, contract, hosts, known))
			g_array_append_val(planned, plan);
	}
}

/* ---- rows ---- */

typedef struct {
	AvailabilityBook *book;
	const Contract *contract;
	const Zone *zone;
	Instant from, to;
	bool so_far;
	GArray *periods;
	const GPtrArray *turns, *plans; /* AlertTurn *, Maintenance * */
	GPtrArray *known;               /* char *: hosts it was heard of */
} Asked;

/* The month in the client's zone, which the contract says. */
static void
find_time(Asked *asked)
{
	const AvailabilityQuery *query = asked->book->query;
	const Contract *contract = asked->contract;

	asked->from = query->from;
	asked->to = query->to;
	if (query->from != INSTANT_NONE) {
		asked->zone = contract_zone(contract, query->from);
	} else {
		Date first = date_of(query->year, query->month, 1);
		Date next = first + date_month_days(query->year, query->month);

		asked->zone = contract_zone(contract,
		    midnight(contract->zone, next) - 1);
		asked->from = midnight(asked->zone, first);
		asked->to = midnight(asked->zone, next);
	}
	asked->so_far = asked->to > query->now;
	asked->to = MIN(asked->to, query->now);
}

static bool
add_row(const Asked *asked, Hosts hosts, GPtrArray *rows, GError **error)
{
	const char *name = asked->contract->name;
	g_autoptr(GArray) turns = g_array_new(FALSE, FALSE,
	    sizeof(AvailabilityTurn));
	g_autoptr(GArray) planned = g_array_new(FALSE, FALSE,
	    sizeof(AvailabilityPlanned));
	AvailabilityFacts facts = { asked->periods, turns, planned };
	AvailabilityRow *row;

	if (!turns_of(asked->book, asked->turns, name, &hosts, turns, error))
		return false;
	planned_of(asked->book, asked->plans, name, &hosts, asked->known,
	    planned);
	row = g_new0(AvailabilityRow, 1);
	row->contract = asked->contract;
	row->host = g_strdup(hosts.name);
	row->zone = asked->zone;
	row->from = asked->from;
	row->to = asked->to;
	row->so_far = asked->so_far;
	row->terms = g_array_index(asked->periods, AvailabilityPeriod,
	    asked->periods->len - 1)
			 .terms;
	row->sums = availability_count(&facts);
	g_ptr_array_add(rows, row);
	return true;
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The contract's hosts, each once: those of its alerts now, and then. */
static GPtrArray *
hosts_of(const Asked *asked, GError **error)
{
	const char *contract = asked->contract->name;
	GPtrArray *hosts = store_alert_hosts_of(asked->book->context->store,
	    contract, error);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	if (hosts == NULL)
		return NULL;
	for (guint i = 0; i < hosts->len; i++)
		g_hash_table_add(seen, hosts->pdata[i]);
	for (guint i = 0; i < asked->turns->len; i++) {
		const AlertTurn *turn = turn_in(asked->turns, i);

		if (*turn->host != '\0' &&
		    strcmp(turn->contract, contract) == 0 &&
		    g_hash_table_add(seen, turn->host))
			g_ptr_array_add(hosts, g_strdup(turn->host));
	}
	g_ptr_array_sort(hosts, compare_names);
	return hosts;
}

static bool
add_rows(const Asked *asked, GPtrArray *rows, GError **error)
{
	const AvailabilityQuery *query = asked->book->query;
	const GPtrArray *known = asked->known;

	if (!add_row(asked, (Hosts){ query->host, false }, rows, error))
		return false;
	for (guint i = 0; query->by_host && i < known->len; i++) {
		if (alert_glob_fits(query->host, known->pdata[i]) &&
		    !add_row(asked, (Hosts){ known->pdata[i], true }, rows,
			error))
			return false;
	}
	return true;
}

bool
availability_rows(AvailabilityBook *book, const Contract *contract,
    GPtrArray *rows, GError **error)
{
	Store *store = book->context->store;
	Asked asked = { .book = book, .contract = contract };
	g_autoptr(GArray) periods = NULL;
	g_autoptr(GPtrArray) known = NULL;
	GPtrArray *turns, *plans;

	find_time(&asked);
	if (book->history == NULL)
		book->history = store_rules_history(store, error);
	if (book->history == NULL)
		return false;
	periods = periods_of(book, contract->name, asked.from, asked.to, error);
	if (periods == NULL)
		return false;
	if (periods->len == 0)
		return true;
	asked.periods = periods;
	turns = store_alert_turns(store, asked.from, asked.to, error);
	if (turns == NULL)
		return false;
	g_ptr_array_add(book->kept_turns, turns);
	fill_blanks(turns);
	plans = store_maintenance(store, asked.from, error);
	if (plans == NULL)
		return false;
	g_ptr_array_add(book->kept_plans, plans);
	asked.turns = turns;
	asked.plans = plans;
	known = hosts_of(&asked, error);
	if (known == NULL)
		return false;
	asked.known = known;
	return add_rows(&asked, rows, error);
}
