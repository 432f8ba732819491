/*
 * guichet contract list: what ends, or must be noticed, and when.
 * guichet contract show C: what is in force, in words or as JSON.
 */
#include "guichet/app.h"
#include "guichet/context.h"
#include "guichet/duty.h"
#include "guichet/sla.h"
#include "guichet/table.h"

#include <jansson.h>

#include "guichet/cleanup.h"

#include <stdio.h>
#include <string.h>

/* One contract on one day. */
typedef struct {
	const Ruleset *ruleset;
	const Contract *contract;
	const ContractVersion *version; /* NULL: not yet in force */
	const Zone *zone;
	Instant now;
	Date today;
	ContractTerm term;
	Date next; /* the next date to mind, if there is one */
	bool has_next;
} Row;

static Row
row_of(const Ruleset *ruleset, const Contract *contract, Instant now)
{
	Row row = {
		.ruleset = ruleset,
		.contract = contract,
		.version = contract_version(contract, now),
		.zone = contract_zone(contract, now),
		.now = now,
	};

	row.today = wall_date(zone_wall(row.zone, now));
	row.term = contract_term(contract, row.today);
	row.has_next = row.term.has_end && !row.term.over;
	row.next = row.term.has_notice && !row.term.notice_passed
	    ? row.term.notice_by
	    : row.term.end;
	return row;
}

static const char *
row_state(const Row *row)
{
	if (row->version == NULL)
		return "not-yet";
	if (!row->term.has_end)
		return "open-ended";
	if (row->term.over)
		return "over";
	if (!row->term.renews)
		return "ends";
	return row->term.has_notice && row->term.notice_passed ? "renews"
							       : "runs";
}

/* What has come to an end comes first, then the next to mind. */
static gint
compare_rows(gconstpointer a, gconstpointer b)
{
	const Row *x = a, *y = b;
	gint64 x_key = x->term.over ? 0 : x->has_next ? x->next : G_MAXINT64;
	gint64 y_key = y->term.over ? 0 : y->has_next ? y->next : G_MAXINT64;

	if (x_key != y_key)
		return x_key < y_key ? -1 : 1;
	return strcmp(x->contract->name, y->contract->name);
}

/* ---- JSON ---- */

static json_t *
date_json(bool has, Date date)
{
	g_autofree char *text = has ? date_format(date) : NULL;

	return has ? json_string(text) : json_null();
}

static json_t *
words_json(char *const *words)
{
	json_t *list = json_array();

	for (gsize i = 0; words != NULL && words[i] != NULL; i++)
		json_array_append_new(list, json_string(words[i]));
	return list;
}

static json_t *
duration_json(Duration duration)
{
	g_autofree char *text = duration.count > 0 ? duration_format(duration)
						   : NULL;

	return text != NULL ? json_string(text) : json_null();
}

static json_t *
row_json(const Row *row)
{
	const Contract *c = row->contract;
	const ContractTerm *t = &row->term;

	return json_pack("{ss ss ss so so so so so sI so}", "contract", c->name,
	    "client", c->client, "state", row_state(row), "plans",
	    words_json(row->version != NULL ? row->version->plans : NULL),
	    "ends", date_json(t->has_end, t->end), "notice_by",
	    date_json(t->has_notice, t->notice_by), "renewed_by",
	    duration_json(c->term), "notice", duration_json(c->notice),
	    "renewals", (json_int_t)t->renewals, "days",
	    row->has_next ? json_integer(row->next - row->today) : json_null());
}

static json_t *
target_json(const Row *row, const Plan *plan, const Target *target)
{
	g_autofree char *when = condition_describe(&target->when);

	(void)row;
	return json_pack("{ss ss so ss ss}", "milestone",
	    milestone_name(target->milestone), "commitment",
	    commitment_name(target->commitment), "within",
	    target->has_term ? duration_json(target->within) : json_null(),
	    "calendar", target->clock != NULL ? target->clock : plan->intake,
	    "when", when);
}

/* The promises of a plan under this contract: its own stand for those of the
 * first. */
static const GPtrArray *
targets_of(const Row *row, gsize place, const Plan *plan)
{
	return place == 0 && row->version->targets != NULL
	    ? row->version->targets
	    : plan->targets;
}

static json_t *
plans_json(const Row *row)
{
	json_t *list = json_array();

	for (gsize p = 0; row->version->plans[p] != NULL; p++) {
		const Plan *plan = ruleset_plan(row->ruleset,
		    row->version->plans[p]);
		const GPtrArray *targets = targets_of(row, p, plan);
		json_t *all = json_array();

		for (guint i = 0; i < targets->len; i++)
			json_array_append_new(all,
			    target_json(row, plan, targets->pdata[i]));
		json_array_append_new(list,
		    json_pack("{ss ss ss ss so}", "plan", plan->name, "title",
			words_in(&plan->title, row->contract->language),
			"intake", plan->intake, "provider", plan->provider,
			"targets", all));
	}
	return list;
}

static json_t *
fields_json(const Row *row)
{
	json_t *map = json_object();
	GHashTableIter iter;
	gpointer name, value;

	if (row->version->fields == NULL)
		return map;
	g_hash_table_iter_init(&iter, row->version->fields);
	while (g_hash_table_iter_next(&iter, &name, &value))
		json_object_set_new(map, name, json_string(value));
	return map;
}

static json_t *
contacts_json(const Contract *contract)
{
	json_t *list = json_array();

	for (guint i = 0; i < contract->contacts->len; i++) {
		const Contact *contact = contract->contacts->pdata[i];

		json_array_append_new(list,
		    json_pack("{ss ss}", "name", contact->name, "address",
			contact->address));
	}
	return list;
}

static char **
holidays_of(const Row *row)
{
	const Plan *plan = ruleset_plan(row->ruleset, row->version->plans[0]);

	return row->version->holidays != NULL ? row->version->holidays
					      : plan->holidays;
}

static const Zone *
client_zone(const Row *row)
{
	const Plan *plan = ruleset_plan(row->ruleset, row->version->plans[0]);

	return row->version->zone != NULL ? row->version->zone : plan->zone;
}

static json_t *
duties_json(const Row *row)
{
	g_autoptr(GArray) rows = duty_rows(row->ruleset, row->contract,
	    row->version);
	json_t *list = json_array();

	for (guint i = 0; i < rows->len; i++) {
		const DutyRow *duty = &g_array_index(rows, DutyRow, i);
		DutyPeriod period = { .due = INSTANT_NONE };
		g_autofree char *due = NULL;

		duty_next(duty, row->now, &period);
		due = instant_format(period.due);
		json_array_append_new(list,
		    json_pack("{ss ss so ss}", "duty", duty->duty->name, "plan",
			duty->plan->name, "every",
			duration_json(duty->duty->every), "next", due));
	}
	return list;
}

static void
show_json(const Row *row)
{
	g_autoptr(json_t) whole = row_json(row);

	json_object_set_new(whole, "language",
	    json_string(row->contract->language));
	json_object_set_new(whole, "contacts", contacts_json(row->contract));
	json_object_set_new(whole, "domains",
	    words_json(row->contract->domains));
	if (row->version != NULL) {
		json_object_set_new(whole, "from",
		    date_json(true, row->version->from));
		json_object_set_new(whole, "zone",
		    json_string(zone_name(client_zone(row))));
		json_object_set_new(whole, "holidays",
		    words_json(holidays_of(row)));
		json_object_set_new(whole, "fields", fields_json(row));
		json_object_set_new(whole, "promises", plans_json(row));
		json_object_set_new(whole, "duties", duties_json(row));
	}
	json_dumpf(whole, stdout, JSON_COMPACT);
	putchar('\n');
}

/* ---- for people ---- */

static void
print_list(const GArray *rows)
{
	static const char *const titles[] = { "CONTRACT", "CLIENT", "STATE",
		"ENDS", "NOTICE BY", "DAYS", "PLANS", NULL };
	g_autoptr(Table) table = table_new(titles);

	for (guint i = 0; i < rows->len; i++) {
		const Row *row = &g_array_index(rows, Row, i);
		const ContractTerm *t = &row->term;
		g_autofree char *end = t->has_end ? date_format(t->end) : NULL;
		g_autofree char *notice = t->has_notice
		    ? date_format(t->notice_by)
		    : NULL;
		g_autofree char *plans = row->version != NULL
		    ? g_strjoinv(" ", row->version->plans)
		    : g_strdup("-");

		table_row(table,
		    t->over ? TABLE_LATE
			: row->has_next && row->next - row->today <= 30
			? TABLE_SOON
			: TABLE_PLAIN);
		table_cell(table, row->contract->name);
		table_cell(table, row->contract->client);
		table_cell(table, row_state(row));
		table_cell(table, end != NULL ? end : "-");
		table_cell(table, notice != NULL ? notice : "-");
		if (row->has_next)
			table_cellf(table, "%d", row->next - row->today);
		else
			table_cell(table, "-");
		table_cell(table, plans);
	}
	table_print(table, false);
}

static void
print_words(const char *title, char *const *words)
{
	g_autofree char *all = words != NULL ? g_strjoinv(", ", (char **)words)
					     : g_strdup("");

	printf("  %-10s%s\n", title, *all != '\0' ? all : "none");
}

static void
print_term(const Row *row)
{
	const ContractTerm *t = &row->term;
	g_autofree char *end = NULL;

	if (!t->has_end) {
		puts("  term      open-ended");
		return;
	}
	end = date_format(t->end);
	printf("  term      %s %s", t->over ? "ended on" : "until", end);
	if (t->renews) {
		g_autofree char *by = duration_format(row->contract->term);

		printf(", then renewed by %s unless notice is given", by);
	}
	putchar('\n');
	if (t->has_notice) {
		g_autofree char *notice = duration_format(
		    row->contract->notice);
		g_autofree char *date = date_format(t->notice_by);

		printf("  notice    %s before the end: by %s%s\n", notice, date,
		    t->notice_passed ? " (that day has passed)" : "");
	}
}

static void
print_target(const Plan *plan, const Target *target)
{
	g_autofree char *within = target->has_term
	    ? duration_format(target->within)
	    : NULL;
	g_autofree char *when = condition_describe(&target->when);

	printf("    %-10s %s%s%s, on the calendar %s%s%s\n",
	    milestone_name(target->milestone),
	    commitment_name(target->commitment),
	    within != NULL ? " within " : ", without a term",
	    within != NULL ? within : "",
	    target->clock != NULL ? target->clock : plan->intake,
	    *when != '\0' ? "; when " : "", when);
}

static void
print_plan(const Row *row, gsize place)
{
	const Plan *plan = ruleset_plan(row->ruleset,
	    row->version->plans[place]);
	const GPtrArray *targets = targets_of(row, place, plan);
	g_autofree char *applies = condition_describe(&plan->applies);

	printf("\n  plan %s: %s (%s)\n", plan->name,
	    words_in(&plan->title, row->contract->language), plan->provider);
	printf("    taken in on the calendar %s, times of %s\n", plan->intake,
	    zone_name(client_zone(row)));
	if (*applies != '\0')
		printf("    applies when %s; else %s\n", applies,
		    plan->otherwise != NULL ? plan->otherwise : "nothing");
	for (guint i = 0; i < targets->len; i++)
		print_target(plan, targets->pdata[i]);
	if (targets->len == 0)
		puts("    promises nothing");
}

static void
print_duties(const Row *row)
{
	g_autoptr(GArray) rows = duty_rows(row->ruleset, row->contract,
	    row->version);

	for (guint i = 0; i < rows->len; i++) {
		const DutyRow *duty = &g_array_index(rows, DutyRow, i);
		g_autofree char *every = duration_format(duty->duty->every);
		g_autofree char *when = NULL;
		DutyPeriod period = { .due = INSTANT_NONE };

		duty_next(duty, row->now, &period);
		when = sla_when(period.due, "en", client_zone(row));
		printf("%s  duty      %s, every %s; next %s\n",
		    i == 0 ? "\n" : "",
		    words_in(&duty->duty->title, row->contract->language),
		    every, when);
	}
}

static void
print_fields(const Row *row)
{
	g_autoptr(GList) names = NULL;

	if (row->version->fields == NULL)
		return;
	names = g_list_sort(g_hash_table_get_keys(row->version->fields),
	    (GCompareFunc)strcmp);
	for (GList *name = names; name != NULL; name = name->next)
		printf("  field     %s: %s\n", (char *)name->data,
		    (char *)g_hash_table_lookup(row->version->fields,
			name->data));
}

static void
print_whole(const Row *row)
{
	const Contract *c = row->contract;

	printf("Contract %s: %s\n", c->name, c->client);
	printf("  state     %s\n", row_state(row));
	print_term(row);
	for (guint i = 0; i < c->contacts->len; i++) {
		const Contact *contact = c->contacts->pdata[i];

		printf("  contact   %s <%s>\n", contact->name,
		    contact->address);
	}
	print_words("domains", c->domains);
	if (row->version == NULL) {
		puts("  no version is in force");
		return;
	}
	{
		g_autofree char *from = date_format(row->version->from);

		printf("  version   since %s (%u in all)\n", from,
		    c->versions->len);
	}
	printf("  zone      %s\n", zone_name(client_zone(row)));
	print_words("holidays", holidays_of(row));
	print_fields(row);
	for (gsize p = 0; row->version->plans[p] != NULL; p++)
		print_plan(row, p);
	print_duties(row);
}

/* ---- the command ---- */

static bool
read_within(const char *text, Seconds *ret_days)
{
	g_autoptr(GError) error = NULL;
	Duration within;

	if (!duration_parse(text, &within, &error) ||
	    within.unit == DURATION_TIME) {
		fprintf(stderr,
		    "guichet: --within takes days or months, as 90d or 3mo, "
		    "not '%s'\n",
		    text);
		return false;
	}
	*ret_days = within.count * (within.unit == DURATION_MONTHS ? 31 : 1);
	return true;
}

static int
list(const Context *context, Instant now, bool has_within, Seconds within,
    bool json)
{
	const GPtrArray *contracts = ruleset_contracts(context->ruleset);
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Row));

	for (guint i = 0; i < contracts->len; i++) {
		Row row = row_of(context->ruleset, contracts->pdata[i], now);

		if (!has_within || row.term.over ||
		    (row.has_next && row.next - row.today <= within))
			g_array_append_val(rows, row);
	}
	g_array_sort(rows, compare_rows);
	if (!json && rows->len == 0)
		fputs("No contract.\n", stderr);
	else if (!json)
		print_list(rows);
	for (guint i = 0; json && i < rows->len; i++) {
		g_autoptr(json_t) line = row_json(&g_array_index(rows, Row, i));

		json_dumpf(line, stdout, JSON_COMPACT);
		putchar('\n');
	}
	return APP_DONE;
}

static int
show(const Context *context, const char *name, Instant now, bool json)
{
	const Contract *contract = ruleset_contract(context->ruleset, name);
	Row row;

	if (contract == NULL) {
		fprintf(stderr,
		    "guichet: there is no contract '%s'; "
		    "'guichet contract list' shows those there are\n",
		    name);
		return APP_FAILED;
	}
	row = row_of(context->ruleset, contract, now);
	if (json)
		show_json(&row);
	else
		print_whole(&row);
	return APP_DONE;
}

static int
contract_run(int argc, char **argv)
{
	g_autofree char *config = NULL, *at = NULL, *within_text = NULL;
	gboolean json = FALSE;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json,
		    "One JSON object a contract and line", NULL },
		{ "within", 0, 0, G_OPTION_ARG_STRING, &within_text,
		    "Only what ends or must be noticed so soon", "90d" },
		{ "at", 0, 0, G_OPTION_ARG_STRING, &at, "As of this instant",
		    "INSTANT" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	g_autoptr(GError) error = NULL;
	Instant now = instant_now();
	Seconds within = 0;
	bool is_list;

	if (!app_options(&cmd_contract, &argc, &argv, &config, entries, 1, 2))
		return APP_USAGE;
	is_list = strcmp(argv[1], "list") == 0;
	if (is_list ? argc != 2 : strcmp(argv[1], "show") != 0 || argc != 3)
		return app_usage(&cmd_contract);
	if (within_text != NULL && !read_within(within_text, &within))
		return APP_USAGE;
	if (at != NULL && !instant_parse(at, &now, &error)) {
		context_fail(error);
		return APP_USAGE;
	}
	context = context_open(config, CONTEXT_RULES);
	if (context == NULL)
		return APP_FAILED;
	return is_list ? list(context, now, within_text != NULL, within, json)
		       : show(context, argv[2], now, json);
}

const Subcommand cmd_contract = { "contract", "list | show CONTRACT",
	"Contracts: what ends or must be noticed, what is in force",
	contract_run };
