/* guichet list, guichet search: the queue, ordered by what is due next. */
#include "guichet/base/owner.h"
#include "guichet/base/text.h"
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/print/instant_json.h"
#include "guichet/print/table.h"
#include "guichet/store/store_unfetched.h"

#include <jansson.h>

#include "guichet/base/cleanup.h"
#include "guichet/print/show.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Whose turn it is. */
static const char *
next_of(const QueueRow *row)
{
	AwaitsKind kind;

	return awaits_parse(row->awaits, &kind)
	    ? awaits_of_name(awaits_of(kind))
	    : "";
}

#define WHOLE_COLUMNS 160 /* fewer, and only what matters first is shown */
#define DAY_SECONDS   86400
#define NARROW_NAME   8 /* of who has it */

static void
print_json(const QueueRow *row)
{
	g_autoptr(json_t) tags = json_array();
	g_autoptr(json_t) line = NULL;

	for (gsize i = 0; row->tags[i] != NULL; i++)
		json_array_append_new(tags, json_string(row->tags[i]));
	line = json_pack(
	    "{sI ss ss si ss ss ss so so so ss ss so ss ss ss si ss ss sO sb}",
	    "number", (json_int_t)row->number, "state", row->state, "kind",
	    row->kind, "severity", row->severity, "contract", row->contract,
	    "plan", row->plan, "subject", row->subject, "opened",
	    instant_json(row->received), "intake", instant_json(row->intake),
	    "next_due", instant_json(row->next_due), "next_milestone",
	    row->next_milestone, "next", row->awaits, "next_at",
	    instant_json(row->awaits_at), "next_of", next_of(row), "spoke",
	    row->spoke, "assigned", row->assigned, "messages", row->messages,
	    "host", row->host, "service", row->service, "tags", tags, "ahead",
	    row->ahead);
	g_assert(line != NULL);
	show_json(line);
}

/* "in 3 h 20 min", "late by 5 min". */
static char *
time_left(Instant due, Instant now)
{
	g_autofree char *span = NULL;

	if (due == INSTANT_NONE)
		return g_strdup("-");
	span = text_span(due >= now ? due - now : now - due);
	return g_strdup_printf(due >= now ? "in %s" : "late by %s", span);
}

/* What is next; of what is done, what was due. */
static Instant
shown_at(const QueueRow *row)
{
	return row->awaits_at != INSTANT_NONE ? row->awaits_at : row->next_due;
}

static TableMood
mood_of(const QueueRow *row, Instant now)
{
	if (shown_at(row) == INSTANT_NONE)
		return TABLE_PLAIN;
	if (shown_at(row) < now)
		return TABLE_LATE;
	return shown_at(row) - now < 3600 ? TABLE_SOON : TABLE_PLAIN;
}

static void
cell_severity(Table *table, const QueueRow *row)
{
	if (row->severity > 0)
		table_cellf(table, "%d", row->severity);
	else
		table_cell(table, "-");
}

/* What an alert's subject does not say stands before it, where no narrow
 * terminal cuts it off. */
static void
cell_subject(Table *table, const QueueRow *row)
{
	static const char *const told[] = { "flapping", "recovered", "storm",
		"unmapped-host", "unknown-alert", "untrusted-alert", NULL };
	g_autoptr(GString) text = g_string_new(NULL);

	if (row->ahead)
		g_string_append(text, "[ahead] ");
	for (gsize i = 0; row->tags[i] != NULL; i++) {
		if (g_strv_contains(told, row->tags[i]))
			g_string_append_printf(text, "[%s] ", row->tags[i]);
	}
	g_string_append(text, row->subject);
	table_cell(table, text->str);
}

/* All there is, for programs and wide terminals. */
static Table *
whole_table(const Context *context, const GPtrArray *rows, Instant now)
{
	static const char *const titles[] = { "TICKET", "CONTRACT", "PLAN",
		"SEV", "KIND", "STATE", "NEXT", "DUE", "LEFT", "WHO", "SPOKE",
		"AGE", "SUBJECT", NULL };
	Table *table = table_new(titles);

	for (guint i = 0; i < rows->len; i++) {
		const QueueRow *row = rows->pdata[i];
		g_autofree char *due = context_when(context, shown_at(row));
		g_autofree char *left = time_left(shown_at(row), now);
		g_autofree char *age = text_span(MAX(now - row->received, 0));

		table_row(table, mood_of(row, now));
		table_cellf(table, "#%" G_GINT64_FORMAT, row->number);
		table_cell(table, *row->contract ? row->contract : "-");
		table_cell(table, *row->plan ? row->plan : "-");
		cell_severity(table, row);
		table_cell(table, row->kind);
		table_cell(table, row->state);
		table_cell(table, *row->awaits != '\0' ? row->awaits : "-");
		table_cell(table, due);
		table_cell(table, left);
		table_cell(table, *row->assigned != '\0' ? row->assigned : "-");
		table_cell(table, *row->spoke != '\0' ? row->spoke : "-");
		table_cell(table, age);
		cell_subject(table, row);
	}
	return table;
}

/* What matters first, in 80 columns. */
static Table *
narrow_table(const GPtrArray *rows, Instant now)
{
	static const char *const titles[] = { "TICKET", "SEV", "NEXT", "LEFT",
		"WHO", "SUBJECT", NULL };
	Table *table = table_new(titles);

	for (guint i = 0; i < rows->len; i++) {
		const QueueRow *row = rows->pdata[i];
		g_autofree char *left = time_left(shown_at(row), now);
		g_autofree char *who = g_strndup(row->assigned,
		    MIN(strcspn(row->assigned, " "), NARROW_NAME));

		table_row(table, mood_of(row, now));
		table_cellf(table, "#%" G_GINT64_FORMAT, row->number);
		cell_severity(table, row);
		table_cell(table, *row->awaits != '\0' ? row->awaits : "-");
		table_cell(table, left);
		table_cell(table, *who != '\0' ? who : "-");
		cell_subject(table, row);
	}
	return table;
}

static void
print_table(const Context *context, const GPtrArray *rows, Instant now)
{
	bool narrow = isatty(STDOUT_FILENO) && table_width() < WHOLE_COLUMNS;
	g_autoptr(Table) table = narrow ? narrow_table(rows, now)
					: whole_table(context, rows, now);

	table_print(table, false);
}

/* ---- which of them ---- */

/* Who asks, of the site's technicians: by their login, else by their address.
 * NULL: nobody of them. */
static const Technician *
asker(const Context *context)
{
	g_autofree char *login = owner_login();
	const GPtrArray *all = context->conf->technicians;

	for (guint i = 0; i < all->len; i++) {
		const Technician *t = all->pdata[i];
		gsize local = strcspn(t->address, "@");

		if (g_strcmp0(t->login, login) == 0 ||
		    (strlen(login) == local &&
			g_ascii_strncasecmp(t->address, login, local) == 0))
			return t;
	}
	return NULL;
}

/* Of those that are left by now. */
typedef struct {
	const char *word;     /* late, today, waiting; else a contract; NULL */
	const char *assigned; /* technician's name; NULL: anybody's */
	guint states;         /* a bit each; 0: all */
	guint severities;     /* a bit each, 0 of none given; 0: all */
	Instant since;        /* received; INSTANT_NONE: ever */
	Instant now, tomorrow;
} Wanted;

static bool
is_of_state(const Wanted *wanted, const QueueRow *row)
{
	TicketState state;

	return wanted->states == 0 ||
	    (ticket_state_parse(row->state, &state) &&
		(wanted->states & 1u << state) != 0);
}

/* By the options that name what a ticket is. */
static bool
is_such(const Wanted *wanted, const QueueRow *row)
{
	return is_of_state(wanted, row) &&
	    (wanted->severities == 0 ||
		(wanted->severities & 1u << row->severity) != 0) &&
	    (wanted->since == INSTANT_NONE || row->received >= wanted->since);
}

static bool
is_wanted(const Wanted *wanted, const QueueRow *row)
{
	Instant at = shown_at(row);
	AwaitsKind kind = AWAITS_NOTHING;

	awaits_parse(row->awaits, &kind);
	if (!is_such(wanted, row))
		return false;
	if (wanted->assigned != NULL &&
	    g_ascii_strcasecmp(wanted->assigned, row->assigned) != 0)
		return false;
	if (wanted->word == NULL)
		return true;
	if (strcmp(wanted->word, "late") == 0)
		return at != INSTANT_NONE && at < wanted->now;
	if (strcmp(wanted->word, "today") == 0)
		return at != INSTANT_NONE && at < wanted->tomorrow;
	if (strcmp(wanted->word, "waiting") == 0)
		return awaits_of(kind) == AWAITS_OF_CLIENT ||
		    awaits_of(kind) == AWAITS_OF_THIRD_PARTY;
	return strcmp(wanted->word, row->contract) == 0;
}

/* "new,open": the states that there are. */
static bool
read_states(const char *text, guint *states)
{
	g_auto(GStrv) each = g_strsplit(text, ",", -1);

	for (gsize i = 0; each[i] != NULL; i++) {
		TicketState state;

		if (!ticket_state_parse(each[i], &state)) {
			fprintf(stderr,
			    "guichet: '%.40s' is no state; write new, open, "
			    "waiting-customer, waiting-approval, "
			    "waiting-third-party, resolved or closed\n",
			    each[i]);
			return false;
		}
		*states |= 1u << state;
	}
	return true;
}

/* "1,2" */
static bool
read_severities(const char *text, guint *severities)
{
	g_auto(GStrv) each = g_strsplit(text, ",", -1);

	for (gsize i = 0; each[i] != NULL; i++) {
		guint64 severity;

		if (!g_ascii_string_to_unsigned(each[i], 10, 1, SEVERITY_MAX,
			&severity, NULL)) {
			fprintf(stderr,
			    "guichet: '%.40s' is no severity; write 1 to %d\n",
			    each[i], SEVERITY_MAX);
			return false;
		}
		*severities |= 1u << severity;
	}
	return true;
}

/* A day of the site's, an instant, or so long ago: "2026-11-20", "7d", "12h". */
static bool
read_since(const Context *context, const char *text, Wanted *wanted)
{
	const Zone *zone = zone_get(context->conf->zone, NULL);
	Duration ago;
	Date date;

	if (date_parse(text, &date))
		wanted->since = zone_instant(zone, wall_midnight(date),
		    ZONE_FIRST);
	else if (duration_parse(text, &ago, NULL) &&
	    (ago.unit == DURATION_TIME || ago.unit == DURATION_DAYS))
		wanted->since = wanted->now -
		    ago.count * (ago.unit == DURATION_DAYS ? DAY_SECONDS : 1);
	else if (!instant_parse(text, &wanted->since, NULL)) {
		fprintf(stderr,
		    "guichet: --since takes a day, an instant or how long ago, "
		    "as 2026-11-20, 7d or 12h, not '%.40s'\n",
		    text);
		return false;
	}
	return true;
}

static bool
asks_for_done(const Wanted *wanted)
{
	return (wanted->states &
		   (1u << TICKET_RESOLVED | 1u << TICKET_CLOSED)) != 0;
}

/* What the options ask for; NULL: nothing. */
typedef struct {
	char *states, *severities, *since;
} Asked;

static void
asked_clear(Asked *asked)
{
	g_free(asked->states);
	g_free(asked->severities);
	g_free(asked->since);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asked, asked_clear)

static bool
read_asked(const Context *context, const Asked *asked, Wanted *wanted)
{
	return (asked->states == NULL ||
		   read_states(asked->states, &wanted->states)) &&
	    (asked->severities == NULL ||
		read_severities(asked->severities, &wanted->severities)) &&
	    (asked->since == NULL || read_since(context, asked->since, wanted));
}

/* Whether the word may be asked for; `mine` becomes a name. */
static bool
read_wanted(const Context *context, Wanted *wanted)
{
	static const char *const words[] = { "late", "today", "waiting", NULL };
	const Technician *t;

	if (wanted->word == NULL || g_strv_contains(words, wanted->word))
		return true;
	if (strcmp(wanted->word, "mine") == 0) {
		t = asker(context);
		if (t == NULL)
			fputs("guichet: nothing says which technician you are: "
			      "list --assigned=NAME\n",
			    stderr);
		wanted->word = NULL;
		wanted->assigned = t != NULL ? t->name : NULL;
		return t != NULL;
	}
	if (ruleset_contract(context->ruleset, wanted->word) != NULL)
		return true;
	fprintf(stderr,
	    "guichet: '%.40s' is no contract; write mine, late, today, waiting "
	    "or a contract's name\n",
	    wanted->word);
	return false;
}

static void
choose(const Context *context, const Wanted *wanted, GPtrArray *rows)
{
	Wanted by_now = *wanted;
	const Zone *zone = zone_get(context->conf->zone, NULL);
	Date today = wall_date(zone_wall(zone, wanted->now));

	by_now.tomorrow = zone_instant(zone, wall_midnight(today + 1),
	    ZONE_FIRST);
	for (guint i = rows->len; i-- > 0;) {
		if (!is_wanted(&by_now, rows->pdata[i]))
			g_ptr_array_remove_index(rows, i);
	}
}

static int
show_rows(const Context *context, GPtrArray *rows, bool json, const char *at,
    GError *error)
{
	Instant now = instant_now();

	if (rows == NULL)
		return context_fail(error);
	if (!context_instant(at, &now))
		return APP_USAGE;
	if (json) {
		for (guint i = 0; i < rows->len; i++)
			print_json(rows->pdata[i]);
	} else if (rows->len == 0) {
		fputs("No ticket.\n", stderr);
	} else {
		print_table(context, rows, now);
	}
	return APP_DONE;
}

/* Below the queue: mail that waits where this program cannot get at it. */
static void
tell_unfetched(const Context *context)
{
	g_autoptr(GPtrArray) rows = store_unfetched(context->store, NULL,
	    G_MAXINT64, NULL);

	if (rows != NULL && rows->len > 0)
		fprintf(stderr,
		    "%u mail%s cannot be fetched: guichet quarantine\n",
		    rows->len, rows->len == 1 ? "" : "s");
}

static int
list_run(int argc, char **argv)
{
	g_autofree char *config = NULL, *at = NULL, *assigned = NULL;
	g_auto(Asked) asked = { 0 };
	Wanted wanted = { .now = instant_now(), .since = INSTANT_NONE };
	gboolean json = FALSE, all = FALSE;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json,
		    "One JSON object a ticket and line", NULL },
		{ "all", 'a', 0, G_OPTION_ARG_NONE, &all,
		    "Resolved and closed tickets too", NULL },
		{ "at", 0, 0, G_OPTION_ARG_STRING, &at,
		    "Count what is left from this instant", "INSTANT" },
		{ "assigned", 0, 0, G_OPTION_ARG_STRING, &assigned,
		    "Those of a technician", "NAME" },
		{ "state", 0, 0, G_OPTION_ARG_STRING, &asked.states,
		    "Those in one of these states", "open,new" },
		{ "severity", 0, 0, G_OPTION_ARG_STRING, &asked.severities,
		    "Those of one of these severities", "1,2" },
		{ "since", 0, 0, G_OPTION_ARG_STRING, &asked.since,
		    "Those received since", "DAY|INSTANT|7d" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GError) error = NULL;
	int code;

	if (!app_options(&cmd_list, &argc, &argv, &config, entries,
		(WordCount){ 0, 1 }))
		return APP_USAGE;
	context = context_open(config, CONTEXT_STORE | CONTEXT_TERMS);
	if (context == NULL)
		return APP_FAILED;
	wanted.word = argc > 1 ? argv[1] : NULL;
	wanted.assigned = assigned;
	if (!context_instant(at, &wanted.now) ||
	    !read_asked(context, &asked, &wanted) ||
	    !read_wanted(context, &wanted))
		return APP_USAGE;
	/* Who asks for what is done need not ask twice. */
	rows = store_queue(context->store, all || asks_for_done(&wanted),
	    &error);
	if (rows != NULL)
		choose(context, &wanted, rows);
	code = show_rows(context, rows, json, at, error);
	if (code == APP_DONE && !json)
		tell_unfetched(context);
	return code;
}

static int
search_run(int argc, char **argv)
{
	g_autofree char *config = NULL, *words = NULL;
	gboolean json = FALSE;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json,
		    "One JSON object a ticket and line", NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GError) error = NULL;

	if (!app_options(&cmd_search, &argc, &argv, &config, entries,
		(WordCount){ 1, G_MAXINT }))
		return APP_USAGE;
	context = context_open(config, CONTEXT_STORE);
	if (context == NULL)
		return APP_FAILED;
	words = g_strjoinv(" ", argv + 1);
	rows = store_search(context->store, words, 200, &error);
	return show_rows(context, rows, json, NULL, error);
}

const Subcommand cmd_list = { "list", "[mine|late|today|waiting|CONTRACT]",
	"The queue, ordered by what is due next", list_run };
const Subcommand cmd_search = { "search", "WORDS...",
	"Tickets whose mails hold all the words", search_run };
