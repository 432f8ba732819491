/* What is left of a contract's hours, what is used of the month, what it costs. */
#include "contract_hours_private.h"

#include "guichet/ledger/ledger_work.h"
#include "guichet/store/store_ledger.h"

#include "guichet/print/instant_json.h"
#include "guichet/print/show.h"

typedef struct {
	Terms terms;
	bool has_hours;
	HourTerms hours;
	Date month;
	Minutes balance, used;
	GArray *left; /* LedgerLeft */
} Hours;

static void
hours_clear(Hours *hours)
{
	g_clear_pointer(&hours->left, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Hours, hours_clear)

/* As a fresh computation says it: what has lapsed since the last change is gone. */
static bool
read_book(const ContractRow *row, Store *store, Hours *hours, GError **error)
{
	g_autoptr(LedgerBook) book = NULL;
	g_autoptr(GArray) rows = NULL;

	hours->month = ledger_month(row->zone, row->now);
	book = store_ledger_book(store, row->contract->name, error);
	if (book == NULL)
		return false;
	rows = ledger_compute(&book->facts, row->now);
	hours->balance = ledger_sum(rows).balance;
	hours->used = ledger_included_used(&book->facts, rows, hours->month);
	hours->left = ledger_left(rows, &book->facts);
	return true;
}

static bool
read_hours(const ContractRow *row, Store *store, Hours *hours, GError **error)
{
	if (!ruleset_terms(row->ruleset, row->contract, row->now,
		&hours->terms))
		return true;
	hours->has_hours = store != NULL &&
	    hour_terms(&hours->terms, &hours->hours);
	return !hours->has_hours || read_book(row, store, hours, error);
}

static char *
month_name(Date month)
{
	g_autofree char *day = date_format(month);

	return g_strndup(day, 7);
}

static void
print_balance(const ContractRow *row, const Hours *hours)
{
	g_autofree char *balance = hours_format(hours->balance);

	show("  hours     %s left%s\n", balance,
	    hours->hours.hours->required ? " (without any, no intervention)"
					 : "");
	for (guint i = 0; i < hours->left->len; i++) {
		const LedgerLeft *one = &g_array_index(hours->left, LedgerLeft,
		    i);
		g_autofree char *left = hours_format(one->left);
		g_autofree char *last = one->until == INSTANT_NONE
		    ? NULL
		    : date_format(
			  wall_date(zone_wall(row->zone, one->until - 1)));

		show("  package   %s left%s%s\n", left,
		    last != NULL ? ", until " : "", last != NULL ? last : "");
	}
}

static void
print_included(const Hours *hours)
{
	g_autofree char *all = hours_format(hours->hours.included);
	g_autofree char *used = hours_format(hours->used);
	g_autofree char *month = month_name(hours->month);

	show("  included  %s of %s used in %s\n", used, all, month);
}

bool
contract_hours_print(const ContractRow *row, Store *store, GError **error)
{
	g_auto(Hours) hours = { 0 };
	Cents fee;

	if (!read_hours(row, store, &hours, error))
		return false;
	if (hours.has_hours && hours.hours.hours->prepaid)
		print_balance(row, &hours);
	if (hours.has_hours && hours.hours.included_by != NULL)
		print_included(&hours);
	if (hours.terms.plan != NULL && hours_fee(&hours.terms, &fee)) {
		g_autofree char *money = hours_money(fee,
		    hours.terms.plan->terms.hours->currency);

		show("  fee       %s a month, excluding VAT\n", money);
	}
	return true;
}

static json_t *
hours_json(const Hours *hours)
{
	g_autofree char *month = month_name(hours->month);
	json_t *packages = json_array();

	for (guint i = 0; i < hours->left->len; i++) {
		const LedgerLeft *one = &g_array_index(hours->left, LedgerLeft,
		    i);

		json_array_append_new(packages,
		    json_pack("{sI so}", "left", (json_int_t)one->left, "until",
			instant_json(one->until)));
	}
	return json_pack("{sI sI sI ss so}", "balance",
	    (json_int_t)hours->balance, "included",
	    (json_int_t)hours->hours.included, "included_used",
	    (json_int_t)hours->used, "month", month, "packages", packages);
}

bool
contract_hours_json(const ContractRow *row, Store *store, json_t *whole,
    GError **error)
{
	g_auto(Hours) hours = { 0 };
	Cents fee;

	if (!read_hours(row, store, &hours, error))
		return false;
	json_object_set_new(whole, "hours",
	    hours.has_hours ? hours_json(&hours) : json_null());
	json_object_set_new(whole, "fee",
	    hours.terms.plan != NULL && hours_fee(&hours.terms, &fee)
		? json_pack("{sI ss}", "amount", (json_int_t)fee, "currency",
		      hours.terms.plan->terms.hours->currency)
		: json_null());
	return true;
}
