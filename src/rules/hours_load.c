/*
 * What decides in a plan's `hours`, `requests` and `fees`. terms_load.c has said
 * what is no amount, no duration and no field; here is said what makes no sense
 * together.
 */
#include "loaders_private.h"

#include "guichet/rules/hours.h"

#include <string.h>

/* What terms_load.c refuses is read as far as it goes. */
static const char *
scalar(const YamlNode *map, const char *key)
{
	const YamlNode *node = map != NULL && yaml_kind(map) == YAML_MAP
	    ? yaml_get(map, key)
	    : NULL;

	return node != NULL && yaml_kind(node) == YAML_SCALAR ? yaml_text(node)
							      : NULL;
}

static bool
is_yes(const YamlNode *map, const char *key)
{
	return g_strcmp0(scalar(map, key), "yes") == 0;
}

static void
problem(const YamlNode *node, const char *what)
{
	if (!yaml_is_past(node))
		yaml_problem(node, "%s", what);
}

/* "70.00 EUR" */
static bool
money_of(const YamlNode *map, PlanHours *hours, Cents *ret_amount)
{
	const char *text = scalar(map, "amount");
	const char *point = text != NULL ? strchr(text, '.') : NULL;
	gint64 whole;
	char *end;

	*ret_amount = 0;
	if (point == NULL || strlen(point) != 7)
		return false;
	whole = g_ascii_strtoll(text, &end, 10);
	if (end != point || whole < 0 || whole > G_MAXINT32)
		return false;
	*ret_amount = whole * 100 + (point[1] - '0') * 10 + (point[2] - '0');
	if (*hours->currency == '\0') {
		g_free(hours->currency);
		hours->currency = g_strdup(point + 4);
	} else if (strcmp(hours->currency, point + 4) != 0) {
		problem(yaml_get(map, "amount"),
		    "a plan has one currency; this is another");
	}
	return true;
}

static Minutes
minutes_of(const YamlNode *map, const char *key)
{
	const char *text = scalar(map, key);
	Duration duration;

	if (text == NULL || !duration_parse(text, &duration, NULL))
		return 0;
	if (duration.unit != DURATION_TIME || duration.count % 60 != 0) {
		problem(yaml_get(map, key),
		    "time that is worked is whole minutes, as 15m or 1h30m");
		return 0;
	}
	return duration.count / 60;
}

static gint64
number_of(const YamlNode *map, const char *key, gint64 absent)
{
	const char *text = scalar(map, key);
	gint64 number;

	return text != NULL &&
		g_ascii_string_to_signed(text, 10, 0, G_MAXINT32, &number, NULL)
	    ? number
	    : absent;
}

static guint
count_of(const YamlNode *list)
{
	return list != NULL && yaml_kind(list) == YAML_LIST ? yaml_count(list)
							    : 0;
}

/* ---- hours ---- */

static void
load_included(const YamlNode *map, PlanHours *hours)
{
	const char *every = scalar(map, "every");

	if (map == NULL)
		return;
	if (is_yes(map, "carried"))
		problem(yaml_get(map, "carried"),
		    "what is included is not carried over; sell what lasts as "
		    "a package");
	if (every != NULL && strcmp(every, "1mo") != 0)
		problem(yaml_get(map, "every"),
		    "what is included is counted by the month: 1mo");
	hours->included = minutes_of(map, "time");
	if (hours->included == 0)
		hours->included = number_of(map, "count", 0) *
		    minutes_of(map, "of");
	if (hours->included == 0)
		problem(map,
		    "say what is included: 'time', or 'count' and "
		    "'of'");
	hours->included_per = g_strdup(scalar(map, "per"));
}

static void
load_rates(const YamlNode *list, PlanHours *hours)
{
	for (guint i = 0; i < count_of(list); i++) {
		const YamlNode *map = yaml_item(list, i);
		HourRate rate = { 0 };

		if (i > 0 &&
		    g_array_index(hours->rates, HourRate, i - 1).received_in ==
			NULL)
			problem(map,
			    "a rate before this one has no 'received_in' and "
			    "leaves nothing to it");
		(void)money_of(map, hours, &rate.amount);
		rate.received_in = g_strdup(scalar(map, "received_in"));
		rate.minimum = minutes_of(map, "minimum");
		g_array_append_val(hours->rates, rate);
	}
}

static void
load_packages(const YamlNode *list, PlanHours *hours)
{
	for (guint i = 0; i < count_of(list); i++) {
		const YamlNode *item = yaml_item(list, i);
		HourPackage package = { 0 };
		Duration length;

		if (yaml_kind(item) == YAML_MAP) {
			package.length = minutes_of(item, "hours");
			package.has_amount = money_of(item, hours,
			    &package.amount);
		} else if (yaml_kind(item) == YAML_SCALAR &&
		    duration_parse(yaml_text(item), &length, NULL) &&
		    length.unit == DURATION_TIME) {
			package.length = length.count / 60;
		}
		g_array_append_val(hours->packages, package);
	}
}

static void
load_validity(const YamlNode *map, PlanHours *hours)
{
	const char *text = scalar(map, "validity");

	hours->validity_field = g_strcmp0(text, "field") == 0;
	if (text == NULL || !duration_parse(text, &hours->validity, NULL))
		hours->validity = (Duration){ 0 };
}

static void
load_onward(const YamlNode *map, PlanHours *hours)
{
	static const char *const keys[] = { "as", "then", "debit" };

	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *name = scalar(map, keys[i]);

		if (name == NULL)
			continue;
		if (hours->onward != NULL)
			problem(yaml_get(map, keys[i]),
			    "the hours of one other plan, please: 'as', 'then' "
			    "or 'debit'");
		else
			hours->onward = g_strdup(name);
	}
}

static void
load_hours(const YamlNode *map, PlanHours *hours)
{
	const char *slice = scalar(map, "slice");

	hours->is_given = true;
	hours->prepaid = is_yes(map, "prepaid");
	hours->required = is_yes(map, "required");
	hours->slice_field = g_strcmp0(slice, "field") == 0;
	if (!hours->slice_field)
		hours->slice = minutes_of(map, "slice");
	load_validity(map, hours);
	load_included(yaml_get(map, "included"), hours);
	load_rates(yaml_get(map, "rates"), hours);
	load_packages(yaml_get(map, "packages"), hours);
	load_onward(map, hours);
	if (hours->onward == NULL && !hours->prepaid && hours->rates->len == 0)
		problem(map,
		    "say what time is taken from: 'prepaid', 'rates', or "
		    "another plan's");
}

/* ---- fees ---- */

static void
load_steps(const YamlNode *list, PlanHours *hours)
{
	gint64 last = -1;

	for (guint i = 0; i < count_of(list); i++) {
		const YamlNode *map = yaml_item(list, i);
		HourFeeStep step = { .up_to = number_of(map, "up_to",
					 G_MAXINT64) };

		if (step.up_to <= last)
			problem(map,
			    "steps rise: this one begins where none "
			    "is left");
		last = step.up_to;
		(void)money_of(map, hours, &step.amount);
		g_array_append_val(hours->steps, step);
	}
}

static int
months_of(const YamlNode *map, const char *key)
{
	const char *text = scalar(map, key);
	Duration duration;

	if (text == NULL)
		return 1;
	if (!duration_parse(text, &duration, NULL))
		return 1;
	if (duration.unit != DURATION_MONTHS || duration.count > 120) {
		problem(yaml_get(map, key),
		    "fees are counted in months, as 3mo");
		return 1;
	}
	return (int)duration.count;
}

static void
load_fees(const YamlNode *map, PlanHours *hours)
{
	hours->has_fees = true;
	(void)money_of(map, hours, &hours->fee);
	if (months_of(map, "every") != 1)
		problem(yaml_get(map, "every"),
		    "a fee is that of a month: 1mo");
	hours->billed_every = months_of(map, "billed");
	hours->in_advance = is_yes(map, "advance");
	hours->fee_per = g_strdup(scalar(map, "per"));
	hours->fee_by = g_strdup(scalar(map, "by"));
	load_steps(yaml_get(map, "steps"), hours);
	if ((hours->fee_by != NULL) != (hours->steps->len > 0))
		problem(map, "'by' and 'steps' stand together");
	else if (hours->fee_by == NULL && yaml_get(map, "amount") == NULL)
		problem(map, "say the fee: 'amount', or 'by' and 'steps'");
}

static char **
words_of(const YamlNode *map, const char *key)
{
	const YamlNode *list = map != NULL ? yaml_get(map, key) : NULL;
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < count_of(list); i++) {
		const YamlNode *item = yaml_item(list, i);

		if (yaml_kind(item) == YAML_SCALAR)
			g_ptr_array_add(words, g_strdup(yaml_text(item)));
	}
	g_ptr_array_add(words, NULL);
	return (char **)g_ptr_array_steal(words, NULL);
}

/* ---- penalties ---- */

/* Of a guarantee; that of a month's availability is another count. */
static void
load_penalty(const YamlNode *map, PlanHours *hours)
{
	if (g_strcmp0(scalar(map, "for"), "breach") != 0)
		return;
	hours->breach_credit = minutes_of(map, "credit");
	hours->breach_credit_to = g_strdup(scalar(map, "to"));
	hours->breach_refund = scalar(map, "refund") != NULL;
	if ((hours->breach_credit > 0) == hours->breach_refund)
		problem(map,
		    "say what a missed guarantee brings: 'credit' of hours, or "
		    "'refund'");
	else if (hours->breach_refund && !hours->has_fees)
		problem(map,
		    "the month's fee is refunded, and the plan has none: say "
		    "'fees'");
	if (scalar(map, "at_most") == NULL)
		problem(map,
		    "a missed guarantee brings it once a month: say 'at_most'");
}

PlanHours *
hours_load(const YamlNode *terms)
{
	const YamlNode *hours = yaml_get(terms, "hours");
	const YamlNode *requests = yaml_get(terms, "requests");
	const YamlNode *fees = yaml_get(terms, "fees");
	const YamlNode *penalty = yaml_get(terms, "penalty");
	PlanHours *loaded = plan_hours_new();

	if (hours != NULL && yaml_kind(hours) == YAML_MAP)
		load_hours(hours, loaded);
	if (fees != NULL && yaml_kind(fees) == YAML_MAP)
		load_fees(fees, loaded);
	if (penalty != NULL && yaml_kind(penalty) == YAML_MAP)
		load_penalty(penalty, loaded);
	if (requests != NULL && yaml_kind(requests) == YAML_MAP) {
		loaded->debited = words_of(requests, "debited");
		loaded->not_debited = words_of(requests, "not_debited");
		loaded->not_handled = words_of(requests, "not_handled");
	}
	return loaded;
}

const char *
hours_check(const Plan *plan, GHashTable *plans)
{
	const Plan *next = plan;

	for (guint steps = 0;
	     next->terms.hours != NULL && next->terms.hours->onward != NULL;
	     steps++) {
		next = g_hash_table_lookup(plans, next->terms.hours->onward);
		if (next == NULL)
			return NULL; /* terms_load.c has said so */
		if (next == plan || steps > g_hash_table_size(plans))
			return "these hours lead back to themselves; one plan "
			       "of the round must say what time is taken from";
		if (next->terms.hours == NULL || !next->terms.hours->is_given)
			return "the plan that these hours lead to has none";
	}
	return NULL;
}
