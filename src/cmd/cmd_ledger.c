/*
 * guichet ledger statement C: a month of a contract's ledger, for people, for an
 * accountant's program or as JSON.
 * guichet ledger credit|reverse: orders of a manager (order_ledger.c).
 */
#include "ledger_month_private.h"

#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/print/csv.h"
#include "guichet/print/instant_json.h"
#include "guichet/print/table.h"
#include "guichet/store/store_ledger.h"

#include "guichet/base/cleanup.h"
#include "guichet/print/show.h"

#include <stdio.h>
#include <string.h>

static char *
local_date(const LedgerMonth *s, Instant at)
{
	return date_format(wall_date(zone_wall(s->zone, at)));
}

/* ---- for people ---- */

/* `after`: the balance with this row. */
static void
print_row(Table *table, const LedgerMonth *s, const LedgerRow *row,
    Minutes after)
{
	g_autofree char *date = local_date(s, row->at);
	g_autofree char *counted = hours_format(row->counted);
	g_autofree char *change = hours_format(row->balance);
	g_autofree char *balance = hours_format(after);
	g_autofree char *amount = hours_money(row->amount, row->currency);

	table_row(table, row->reverses != 0 ? TABLE_FAINT : TABLE_PLAIN);
	if (row->id != 0)
		table_cellf(table, "%" G_GINT64_FORMAT, row->id);
	else
		table_cell(table, "-");
	table_cell(table, date);
	if (row->ticket != 0)
		table_cellf(table, "#%" G_GINT64_FORMAT, row->ticket);
	else
		table_cell(table, "-");
	table_cell(table, row->counted != 0 ? counted : "-");
	table_cell(table, row->balance != 0 ? change : "-");
	table_cell(table, balance);
	table_cell(table, row->amount != 0 ? amount : "-");
	if (row->reverses != 0)
		table_cellf(table, "%s%s%s, reverses %" G_GINT64_FORMAT,
		    ledger_rule_name(row->rule),
		    *ledger_month_reference(s, row) != '\0' ? " " : "",
		    ledger_month_reference(s, row), row->reverses);
	else
		table_cellf(table, "%s %s", ledger_rule_name(row->rule),
		    ledger_month_reference(s, row));
}

/* Each currency by itself: they do not add up. */
static void
print_amounts(const LedgerMonth *s)
{
	g_autoptr(GHashTable) sums = g_hash_table_new_full(g_str_hash,
	    g_str_equal, NULL, g_free);
	g_autoptr(GList) names = NULL;

	for (guint i = 0; i < s->rows->len; i++) {
		const LedgerRow *row = &g_array_index(s->rows, LedgerRow, i);
		Cents *sum = g_hash_table_lookup(sums, row->currency);

		if (row->amount == 0)
			continue;
		if (sum == NULL) {
			sum = g_new0(Cents, 1);
			g_hash_table_insert(sums, (gpointer)row->currency, sum);
		}
		*sum += row->amount;
	}
	names = g_list_sort(g_hash_table_get_keys(sums), (GCompareFunc)strcmp);
	for (GList *name = names; name != NULL; name = name->next) {
		g_autofree char *amount =
		    hours_money(*(Cents *)g_hash_table_lookup(sums, name->data),
			name->data);

		show("Charged: %s, excluding VAT.\n", amount);
	}
}

static void
print_people(const LedgerMonth *s)
{
	static const char *const titles[] = { "ROW", "DATE", "TICKET",
		"COUNTED", "CHANGE", "BALANCE", "CHARGED", "RULE", NULL };
	g_autoptr(Table) table = table_new(titles);
	const LedgerSum sum = ledger_sum(s->rows);
	Minutes running = ledger_month_balance(s, s->from);
	g_autofree char *before = hours_format(running);
	g_autofree char *after = hours_format(ledger_month_balance(s, s->to));
	g_autofree char *counted = hours_format(sum.counted);

	for (guint i = 0; i < s->rows->len; i++) {
		const LedgerRow *row = &g_array_index(s->rows, LedgerRow, i);

		running += row->balance;
		print_row(table, s, row, running);
	}
	if (s->rows->len == 0)
		fputs("Nothing is booked in that month.\n", stderr);
	else
		table_print(table, false);
	show("Prepaid: %s before, %s after; counted: %s.\n", before, after,
	    counted);
	print_amounts(s);
}

/* ---- for programs ---- */

static void
print_charge(Csv *csv, const LedgerMonth *s, const LedgerRow *row)
{
	g_autofree char *date = local_date(s, row->at);
	g_autofree char *unit = hours_format(row->unit);

	csv_text(csv, s->contract->name);
	csv_text(csv, date);
	csv_id(csv, row->ticket);
	csv_id(csv, row->mail);
	csv_number(csv, row->quantity);
	csv_text(csv, unit);
	csv_money(csv, row->price);
	csv_money(csv, row->amount);
	csv_text(csv, row->currency);
	csv_text(csv, "excluded");
	csv_text(csv, ledger_rule_name(row->rule));
	csv_text(csv, row->plan);
	csv_id(csv, row->id);
	csv_id(csv, row->reverses);
	csv_text(csv, ledger_month_reference(s, row));
	csv_end(csv);
}

/* One line a charge; the header is documented and does not change. */
static void
print_csv(const LedgerMonth *s)
{
	Csv csv = { g_string_new("contract,date,ticket,mail,quantity,unit,"
				 "unit_price,amount,currency,vat,rule,plan,row,"
				 "reverses,reference\r\n"),
		false };

	for (guint i = 0; i < s->rows->len; i++) {
		const LedgerRow *row = &g_array_index(s->rows, LedgerRow, i);

		if (row->quantity != 0)
			print_charge(&csv, s, row);
	}
	fputs(csv.lines->str, stdout);
	g_string_free(csv.lines, TRUE);
}

static json_t *
id_json(gint64 id)
{
	return id != 0 ? json_integer(id) : json_null();
}

static void
print_json(const LedgerMonth *s)
{
	for (guint i = 0; i < s->rows->len; i++) {
		const LedgerRow *row = &g_array_index(s->rows, LedgerRow, i);
		g_autoptr(json_t) json = json_pack(
		    "{ss so so so so so so so ss ss sI sI sI sI sI sI ss ss}",
		    "contract", s->contract->name, "row", id_json(row->id),
		    "reverses", id_json(row->reverses), "at",
		    instant_json(row->at), "booked", instant_json(row->booked),
		    "ticket", id_json(row->ticket), "mail", id_json(row->mail),
		    "order", id_json(row->order), "rule",
		    ledger_rule_name(row->rule), "plan", row->plan, "counted",
		    (json_int_t)row->counted, "balance",
		    (json_int_t)row->balance, "quantity",
		    (json_int_t)row->quantity, "unit", (json_int_t)row->unit,
		    "price", (json_int_t)row->price, "amount",
		    (json_int_t)row->amount, "currency", row->currency,
		    "reference", ledger_month_reference(s, row));

		show_json(json);
	}
}

/* ---- the command ---- */

typedef enum {
	AS_PEOPLE,
	AS_CSV,
	AS_JSON
} StatementForm;

static int
print_statement(const Context *context, const char *name, const char *month,
    Instant now, StatementForm form)
{
	g_auto(LedgerMonth) s = { .contract = ruleset_contract(context->ruleset,
				      name) };
	g_autoptr(GError) error = NULL;

	if (s.contract == NULL) {
		fprintf(stderr,
		    "guichet: there is no contract '%s'; "
		    "'guichet contract list' shows those there are\n",
		    name);
		return APP_FAILED;
	}
	if (!ledger_month_parse(&s, month, now))
		return APP_USAGE;
	if (!ledger_month_read(&s, context, now, &error))
		return context_fail(error);
	if (form == AS_CSV)
		print_csv(&s);
	else if (form == AS_JSON)
		print_json(&s);
	else
		print_people(&s);
	return APP_DONE;
}

typedef struct {
	char *config, *at, *month, *reference, *until;
	gboolean csv, json;
} Options;

static void
options_clear(Options *o)
{
	g_free(o->config);
	g_free(o->at);
	g_free(o->month);
	g_free(o->reference);
	g_free(o->until);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static int
give_order(const Options *o, int argc, char **argv)
{
	bool is_credit = strcmp(argv[1], "credit") == 0;
	g_autoptr(GPtrArray) words = g_ptr_array_new();

	if (argc != (is_credit ? 4 : 3))
		return app_usage(&cmd_ledger);
	if (is_credit && o->reference == NULL) {
		fputs("guichet: --ref says what the package stands on: an "
		      "invoice, an order\n",
		    stderr);
		return APP_USAGE;
	}
	g_ptr_array_add(words, (gpointer)cmd_ledger.name);
	for (int i = 1; i < argc; i++)
		g_ptr_array_add(words, argv[i]);
	if (is_credit) {
		g_ptr_array_add(words, o->reference);
		g_ptr_array_add(words,
		    o->until != NULL ? o->until : (gpointer) "-");
	}
	if (o->at != NULL) {
		g_ptr_array_add(words, (gpointer) "--at");
		g_ptr_array_add(words, o->at);
	}
	g_ptr_array_add(words, NULL);
	return app_order(o->config, (char *const *)words->pdata);
}

static int
ledger_run(int argc, char **argv)
{
	g_auto(Options) o = { 0 };
	const GOptionEntry entries[] = {
		{ "month", 0, 0, G_OPTION_ARG_STRING, &o.month,
		    "statement: of that month, this one by default",
		    "2026-11" },
		{ "csv", 0, 0, G_OPTION_ARG_NONE, &o.csv,
		    "statement: a line a charge, for accountants' programs",
		    NULL },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &o.json,
		    "statement: one JSON object a row and line", NULL },
		{ "ref", 0, 0, G_OPTION_ARG_STRING, &o.reference,
		    "credit: what it stands on, as an invoice's number",
		    "TEXT" },
		{ "until", 0, 0, G_OPTION_ARG_STRING, &o.until,
		    "credit: its last day, in place of the plan's validity",
		    "DATE" },
		{ "at", 0, 0, G_OPTION_ARG_STRING, &o.at, "As of this instant",
		    "INSTANT" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	Instant now = instant_now();

	if (!app_options(&cmd_ledger, &argc, &argv, &o.config, entries,
		(WordCount){ 2, 3 }))
		return APP_USAGE;
	if (strcmp(argv[1], "credit") == 0 || strcmp(argv[1], "reverse") == 0)
		return give_order(&o, argc, argv);
	if (strcmp(argv[1], "statement") != 0 || argc != 3 || (o.csv && o.json))
		return app_usage(&cmd_ledger);
	if (!context_instant(o.at, &now))
		return APP_USAGE;
	context = context_open(o.config, CONTEXT_STORE | CONTEXT_TERMS);
	if (context == NULL)
		return APP_FAILED;
	return print_statement(context, argv[2], o.month, now,
	    o.csv        ? AS_CSV
		: o.json ? AS_JSON
			 : AS_PEOPLE);
}

const Subcommand cmd_ledger = { "ledger",
	"statement CONTRACT | credit CONTRACT TIME | reverse N",
	"Hours and charges of a contract: a month of them; a package; a row "
	"taken back",
	ledger_run };
