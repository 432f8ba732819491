/* What work costs under a plan: which hours, which rate, which fee. */
#include "guichet/rules/hours.h"

#include "guichet/yaml/catalog.h"

#include "guichet/base/names.h"
#include "guichet/rules/ruleset.h"

#include <string.h>

/* So many plans may lead to the next: ruleset_load.c refuses what leads back. */
#define MOST_ONWARD 16

#define DEBIT_NAMES(X)               \
 X(DEBIT_DEBITED, "debited")         \
 X(DEBIT_NOT_DEBITED, "not-debited") \
 X(DEBIT_NOT_HANDLED, "not-handled")
NAME_TABLE(debits, DEBIT_NAMES, DEBIT_COUNT);

const char *
debit_name(Debit debit)
{
	return names_word(&debits, debit);
}

bool
debit_parse(const char *name, Debit *ret_debit)
{
	int value = names_find(&debits, name);

	if (value < 0)
		return false;
	*ret_debit = (Debit)value;
	return true;
}

static void
rate_clear(gpointer data)
{
	HourRate *rate = data;

	g_free(rate->received_in);
}

PlanHours *
plan_hours_new(void)
{
	PlanHours *hours = g_new0(PlanHours, 1);

	hours->rates = g_array_new(FALSE, FALSE, sizeof(HourRate));
	g_array_set_clear_func(hours->rates, rate_clear);
	hours->packages = g_array_new(FALSE, FALSE, sizeof(HourPackage));
	hours->steps = g_array_new(FALSE, FALSE, sizeof(HourFeeStep));
	hours->currency = g_strdup("");
	hours->billed_every = 1;
	return hours;
}

void
plan_hours_free(PlanHours *hours)
{
	if (hours == NULL)
		return;
	g_array_unref(hours->rates);
	g_array_unref(hours->packages);
	g_array_unref(hours->steps);
	g_free(hours->included_per);
	g_free(hours->onward);
	g_strfreev(hours->debited);
	g_strfreev(hours->not_debited);
	g_strfreev(hours->not_handled);
	g_free(hours->fee_per);
	g_free(hours->fee_by);
	g_free(hours->breach_credit_to);
	g_free(hours->currency);
	g_free(hours);
}

/* ---- a contract's ---- */

static bool
field_number(const Terms *terms, const char *name, gint64 *ret_number)
{
	const char *text = terms_field(terms, name);

	return text != NULL &&
	    g_ascii_string_to_signed(text, 10, 0, G_MAXINT32, ret_number, NULL);
}

static bool
field_duration(const Terms *terms, const char *name, Duration *ret_duration)
{
	const char *text = terms_field(terms, name);

	return text != NULL && duration_parse(text, ret_duration, NULL);
}

static Minutes
slice_of(const PlanHours *hours, const Terms *terms)
{
	Duration given;

	if (hours->slice_field && field_duration(terms, "slice", &given) &&
	    given.unit == DURATION_TIME && given.count >= 60)
		return given.count / 60;
	return hours->slice > 0 ? hours->slice : HOURS_SLICE;
}

/* A field that a contract lacks counts as one: one server. */
static Minutes
included_of(const PlanHours *hours, const Terms *terms)
{
	gint64 times = 1;

	if (hours->included_per != NULL)
		(void)field_number(terms, hours->included_per, &times);
	return hours->included * times;
}

bool
hour_terms(const Terms *terms, HourTerms *ret_hours)
{
	HourTerms found = { .terms = *terms };

	for (int i = 0; i < MOST_ONWARD && found.terms.plan != NULL; i++) {
		const PlanHours *hours = found.terms.plan->terms.hours;

		if (hours == NULL || !hours->is_given)
			return false;
		if (found.included_by == NULL && hours->included > 0) {
			found.included_by = found.terms.plan;
			found.included = included_of(hours, terms);
		}
		if (hours->onward == NULL) {
			found.hours = hours;
			found.slice = slice_of(hours, terms);
			found.validity = hours->validity;
			if (hours->validity_field &&
			    !field_duration(terms, "validity", &found.validity))
				found.validity = (Duration){ 0 };
			*ret_hours = found;
			return true;
		}
		found.terms.plan = ruleset_plan(terms->ruleset, hours->onward);
	}
	return false;
}

const HourRate *
hour_terms_rate(const HourTerms *hours, Instant received)
{
	for (guint i = 0; i < hours->hours->rates->len; i++) {
		const HourRate *rate = &g_array_index(hours->hours->rates,
		    HourRate, i);

		if (rate->received_in == NULL ||
		    calendar_is_open(
			terms_calendar(&hours->terms, rate->received_in),
			received))
			return rate;
	}
	return NULL;
}

static bool
names(char *const *list, const char *word)
{
	return list != NULL && word != NULL && *word != '\0' &&
	    g_strv_contains((const char *const *)list, word);
}

static bool
find_debit(const PlanHours *hours, const char *word, Debit *ret_debit)
{
	if (names(hours->debited, word))
		*ret_debit = DEBIT_DEBITED;
	else if (names(hours->not_debited, word))
		*ret_debit = DEBIT_NOT_DEBITED;
	else if (names(hours->not_handled, word))
		*ret_debit = DEBIT_NOT_HANDLED;
	else
		return false;
	return true;
}

Debit
hours_debit(const Terms *terms, const Facts *facts)
{
	const PlanHours *hours = terms->plan->terms.hours;
	Debit debit = DEBIT_DEBITED;

	if (hours != NULL && !find_debit(hours, facts->scope, &debit))
		(void)find_debit(hours, ticket_kind_name(facts->kind), &debit);
	return debit;
}

Minutes
hours_round(Minutes minutes, Minutes slice)
{
	return (minutes + slice - 1) / slice * slice;
}

bool
hours_fee(const Terms *terms, Cents *ret_fee)
{
	const PlanHours *hours = terms->plan->terms.hours;
	gint64 times = 1, size = 0;
	Cents fee;

	if (hours == NULL || !hours->has_fees)
		return false;
	fee = hours->fee;
	if (hours->fee_by != NULL) {
		guint i = 0;

		if (!field_number(terms, hours->fee_by, &size))
			return false;
		while (i < hours->steps->len &&
		    size > g_array_index(hours->steps, HourFeeStep, i).up_to)
			i++;
		if (i == hours->steps->len)
			return false;
		fee = g_array_index(hours->steps, HourFeeStep, i).amount;
	}
	if (hours->fee_per != NULL &&
	    !field_number(terms, hours->fee_per, &times))
		return false;
	*ret_fee = fee * times;
	return true;
}

bool
hours_penalty(const Terms *terms, HourPenalty *ret_penalty)
{
	const PlanHours *hours = terms->plan->terms.hours;
	HourPenalty penalty = { .plan = terms->plan->name };
	Cents fee;

	if (hours == NULL)
		return false;
	penalty.currency = hours->currency;
	if (hours->breach_credit > 0) {
		penalty.minutes = hours->breach_credit;
		if (hours->breach_credit_to != NULL)
			penalty.plan = hours->breach_credit_to;
	} else if (hours->breach_refund && hours_fee(terms, &fee)) {
		penalty.amount = -fee;
	} else {
		return false;
	}
	*ret_penalty = penalty;
	return true;
}

/* ---- in words ---- */

static char *
format(Minutes minutes, const char *hour)
{
	const char *sign = minutes < 0 ? "-" : "";
	guint64 size = minutes < 0 ? -(guint64)minutes : (guint64)minutes;

	if (size < 60)
		return g_strdup_printf("%s%" G_GUINT64_FORMAT " min", sign,
		    size);
	if (size % 60 == 0)
		return g_strdup_printf("%s%" G_GUINT64_FORMAT " %s", sign,
		    size / 60, hour);
	return g_strdup_printf("%s%" G_GUINT64_FORMAT " %s %02u", sign,
	    size / 60, hour, (guint)(size % 60));
}

char *
hours_format(Minutes minutes)
{
	return format(minutes, "h");
}

char *
hours_tell(Minutes minutes, const char *language)
{
	return format(minutes, catalog_text(language, "letter of an hour|h"));
}

char *
hours_money(Cents cents, const char *currency)
{
	guint64 size = cents < 0 ? -(guint64)cents : (guint64)cents;

	return g_strdup_printf("%s%" G_GUINT64_FORMAT ".%02u %s",
	    cents < 0 ? "-" : "", size / 100, (guint)(size % 100), currency);
}
