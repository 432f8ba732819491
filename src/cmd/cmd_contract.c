/*
 * guichet contract list: what ends, or must be noticed, and when.
 * guichet contract show C: what is in force, in words or as JSON.
 * guichet contract N C: an order, put ticket N under another (cmd_order.c).
 */
#include "contract_hours_private.h"

#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/print/table.h"
#include "guichet/rules/duty.h"
#include "guichet/ticket/sla.h"

#include "guichet/print/contract_row.h"

#include "guichet/base/cleanup.h"
#include "guichet/print/show.h"

#include <stdio.h>
#include <string.h>

/* What has come to an end comes first, then the next to mind. */
static gint
compare_rows(gconstpointer a, gconstpointer b)
{
	const ContractRow *x = a, *y = b;
	gint64 x_key = x->term.over ? 0 : x->has_next ? x->next : G_MAXINT64;
	gint64 y_key = y->term.over ? 0 : y->has_next ? y->next : G_MAXINT64;

	if (x_key != y_key)
		return x_key < y_key ? -1 : 1;
	return strcmp(x->contract->name, y->contract->name);
}

/* ---- for people ---- */

static void
print_list(const GArray *rows)
{
	static const char *const titles[] = { "CONTRACT", "CLIENT", "STATE",
		"ENDS", "NOTICE BY", "DAYS", "PLANS", NULL };
	g_autoptr(Table) table = table_new(titles);

	table_spare(table, "DAYS");
	table_spare(table, "CLIENT");

	for (guint i = 0; i < rows->len; i++) {
		const ContractRow *row = &g_array_index(rows, ContractRow, i);
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
		table_cell(table, contract_row_state(row));
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

	show("  %-10s%s\n", title, *all != '\0' ? all : "none");
}

static void
print_term(const ContractRow *row)
{
	const ContractTerm *t = &row->term;
	g_autofree char *end = NULL;

	if (!t->has_end) {
		puts("  term      open-ended");
		return;
	}
	end = date_format(t->end);
	show("  term      %s %s", t->over ? "ended on" : "until", end);
	if (t->renews) {
		g_autofree char *by = duration_format(row->contract->term);

		show(", then renewed by %s unless notice is given", by);
	}
	putchar('\n');
	if (row->contract->has_noticed) {
		g_autofree char *given = date_format(row->contract->noticed);

		show("  notice    was given on %s by %s\n", given,
		    row->contract->noticed_by == PARTY_US ? "us"
							  : "the client");
	}
	if (t->has_notice) {
		g_autofree char *notice = duration_format(
		    row->contract->notice);
		g_autofree char *date = date_format(t->notice_by);

		show("  notice    %s before the end: by %s%s\n", notice, date,
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

	show("    %-10s %s%s%s, on the calendar %s%s%s\n",
	    milestone_name(target->milestone),
	    commitment_name(target->commitment),
	    within != NULL ? " within " : ", without a term",
	    within != NULL ? within : "",
	    target->clock != NULL ? target->clock : plan->intake,
	    *when != '\0' ? "; when " : "", when);
}

static void
print_plan(const ContractRow *row, gsize place)
{
	const Plan *plan = ruleset_plan(row->ruleset,
	    row->version->plans[place]);
	const GPtrArray *targets = contract_row_targets(row, place, plan);
	g_autofree char *applies = condition_describe(&plan->applies);

	show("\n  plan %s: %s (%s)\n", plan->name,
	    words_in(&plan->title, row->contract->language), plan->provider);
	show("    taken in on the calendar %s, times of %s\n", plan->intake,
	    zone_name(contract_row_zone(row)));
	if (*applies != '\0')
		show("    applies when %s; else %s\n", applies,
		    plan->otherwise != NULL ? plan->otherwise : "nothing");
	for (guint i = 0; i < targets->len; i++)
		print_target(plan, targets->pdata[i]);
	if (targets->len == 0)
		puts("    promises nothing");
	for (guint i = 0; i < plan->components->len; i++) {
		const Component *one = plan->components->pdata[i];

		show("    component  %s: %s\n", one->name,
		    plan_covers_component(plan, one->name, row->version->fields)
			? "covered"
			: "excluded");
	}
	for (guint i = 0; i < plan->phones->len; i++) {
		const PlanPhone *phone = plan->phones->pdata[i];

		show("    telephone  %s: %s, on the calendar %s\n",
		    words_in(&phone->title, row->contract->language),
		    phone->number, phone->hours);
	}
	for (guint i = 0; i < plan->terms.shown->len; i++) {
		const PlanTerm *term = plan->terms.shown->pdata[i];

		show("    %s: %s\n", term->name, term->value);
	}
}

static void
print_duties(const ContractRow *row)
{
	g_autoptr(GArray) rows = duty_rows(row->ruleset, row->contract,
	    row->version);

	for (guint i = 0; i < rows->len; i++) {
		const DutyRow *duty = &g_array_index(rows, DutyRow, i);
		g_autofree char *every = duration_format(duty->duty->every);
		g_autofree char *when = NULL;
		DutyPeriod period = { .due = INSTANT_NONE };

		duty_next(duty, row->now, &period);
		when = sla_when(period.due, "en", contract_row_zone(row));
		show("%s  duty      %s, every %s; next %s\n",
		    i == 0 ? "\n" : "",
		    words_in(&duty->duty->title, row->contract->language),
		    every, when);
	}
}

static void
print_fields(const ContractRow *row)
{
	g_autoptr(GList) names = NULL;

	if (row->version->fields == NULL)
		return;
	names = g_list_sort(g_hash_table_get_keys(row->version->fields),
	    (GCompareFunc)strcmp);
	for (GList *name = names; name != NULL; name = name->next)
		show("  field     %s: %s\n", (char *)name->data,
		    (char *)g_hash_table_lookup(row->version->fields,
			name->data));
}

static void
print_whole(const ContractRow *row)
{
	const Contract *c = row->contract;

	show("Contract %s: %s\n", c->name, c->client);
	show("  state     %s\n", contract_row_state(row));
	print_term(row);
	for (guint i = 0; i < c->contacts->len; i++) {
		const Contact *contact = c->contacts->pdata[i];

		show("  contact   %s <%s>\n", contact->name, contact->address);
	}
	print_words("domains", c->domains);
	if (row->version == NULL) {
		puts("  no version is in force");
		return;
	}
	{
		g_autofree char *from = date_format(row->version->from);

		show("  version   since %s (%u in all)\n", from,
		    c->versions->len);
	}
	show("  zone      %s\n", zone_name(contract_row_zone(row)));
	print_words("holidays", contract_row_holidays(row));
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
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(ContractRow));

	for (guint i = 0; i < contracts->len; i++) {
		ContractRow row = contract_row(context->ruleset,
		    contracts->pdata[i], now);

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
		g_autoptr(json_t) line = contract_row_json(
		    &g_array_index(rows, ContractRow, i));

		show_json(line);
	}
	return APP_DONE;
}

static bool
is_ticket(const char *word)
{
	return g_ascii_isdigit(*word == '#' ? word[1] : *word);
}

/* NULL where there is none yet, or it cannot be read. */
static Store *
look_into_store(const Context *context)
{
	if (!g_file_test(context->conf->store, G_FILE_TEST_EXISTS))
		return NULL;
	return context_store(context->conf, STORE_READ, NULL);
}

static int
show_one(const Context *context, const char *name, Instant now, bool json)
{
	const Contract *contract = ruleset_contract(context->ruleset, name);
	g_autoptr(Store) store = look_into_store(context);
	g_autoptr(GError) error = NULL;
	ContractRow row;

	if (contract == NULL) {
		fprintf(stderr,
		    "guichet: there is no contract '%s'; "
		    "'guichet contract list' shows those there are\n",
		    name);
		return APP_FAILED;
	}
	row = contract_row(context->ruleset, contract, now);
	if (json) {
		g_autoptr(json_t) whole = contract_row_whole(&row);

		if (!contract_hours_json(&row, store, whole, &error))
			return context_fail(error);
		show_json(whole);
		return APP_DONE;
	}
	print_whole(&row);
	if (!contract_hours_print(&row, store, &error))
		return context_fail(error);
	return APP_DONE;
}

/* Only the store knows of notices that were given; where there is none yet,
 * none was. */
static void
know_notices(const Context *context)
{
	g_autoptr(Store) store = look_into_store(context);
	Intake *in;

	if (store == NULL)
		return;
	in = intake_new(context->conf, context->ruleset, store);
	intake_free(in);
}

/* Gives the order, of today and by the client unless the options say else. */
static int
give_notice(const char *config, const char *contract, const char *given,
    const char *by, const char *at)
{
	g_autoptr(Context) context = context_open(config, CONTEXT_CONF);
	g_autofree char *today = NULL;
	Instant now = instant_now();

	if (context == NULL)
		return APP_FAILED;
	if (!context_instant(at, &now))
		return APP_USAGE;
	today = date_format(
	    wall_date(zone_wall(zone_get(context->conf->zone, NULL), now)));
	return app_order(config,
	    (char *[]){ (char *)"contract", (char *)"notice", (char *)contract,
		given != NULL ? (char *)given : today,
		by != NULL ? (char *)by : (char *)"client",
		at != NULL ? (char *)"--at" : NULL, (char *)at, NULL });
}

static int
contract_run(int argc, char **argv)
{
	g_autofree char *config = NULL, *at = NULL, *within_text = NULL;
	g_autofree char *given = NULL, *by = NULL;
	gboolean json = FALSE;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json,
		    "One JSON object a contract and line", NULL },
		{ "within", 0, 0, G_OPTION_ARG_STRING, &within_text,
		    "Only what ends or must be noticed so soon", "90d" },
		{ "given", 0, 0, G_OPTION_ARG_STRING, &given,
		    "notice: on that day, today by default; or none", "DATE" },
		{ "by", 0, 0, G_OPTION_ARG_STRING, &by,
		    "notice: the client, by default, or us", "client|us" },
		{ "at", 0, 0, G_OPTION_ARG_STRING, &at, "As of this instant",
		    "INSTANT" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	Instant now = instant_now();
	Seconds within = 0;
	bool is_list;

	if (argc > 1 && is_ticket(argv[1]))
		return cmd_order_run(&cmd_contract, argc, argv);
	if (!app_options(&cmd_contract, &argc, &argv, &config, entries,
		(WordCount){ 1, 2 }))
		return APP_USAGE;
	if (strcmp(argv[1], "notice") == 0 && argc == 3)
		return give_notice(config, argv[2], given, by, at);
	is_list = strcmp(argv[1], "list") == 0;
	if (is_list ? argc != 2 : strcmp(argv[1], "show") != 0 || argc != 3)
		return app_usage(&cmd_contract);
	if (within_text != NULL && !read_within(within_text, &within))
		return APP_USAGE;
	if (!context_instant(at, &now))
		return APP_USAGE;
	context = context_open(config, CONTEXT_TERMS);
	if (context == NULL)
		return APP_FAILED;
	know_notices(context);
	return is_list ? list(context, now, within_text != NULL, within, json)
		       : show_one(context, argv[2], now, json);
}

const Subcommand cmd_contract = { "contract",
	"list | show CONTRACT | notice CONTRACT | N CONTRACT",
	"Contracts: what ends or must be noticed, what is in force; "
	"or put ticket N under another",
	contract_run };
