/* A plan: its targets, conditions and words. */
#include "guichet/rules/plan.h"
#include "guichet/base/names.h"
#include "guichet/base/text.h"
#include "guichet/rules/hours.h"
#include "guichet/rules/ruleset.h"

#include <string.h>

#define KIND_NAMES(X)         \
 X(KIND_INCIDENT, "incident") \
 X(KIND_REQUEST, "request")   \
 X(KIND_QUESTION, "question") \
 X(KIND_DUTY, "duty")
NAME_TABLE(kinds, KIND_NAMES, KIND_COUNT);

#define MILESTONE_NAMES(X)             \
 X(MILESTONE_RESPONSE, "response")     \
 X(MILESTONE_WORKAROUND, "workaround") \
 X(MILESTONE_RESOLUTION, "resolution") \
 X(MILESTONE_RESTORE, "restore")
NAME_TABLE(milestones, MILESTONE_NAMES, MILESTONE_COUNT);

#define COMMITMENT_NAMES(X)             \
 X(COMMITMENT_GUARANTEED, "guaranteed") \
 X(COMMITMENT_OBJECTIVE, "objective")   \
 X(COMMITMENT_BEST_EFFORT, "best-effort")
NAME_TABLE(commitments, COMMITMENT_NAMES, COMMITMENT_COUNT);

const char *
ticket_kind_name(TicketKind kind)
{
	return names_word(&kinds, kind);
}

bool
ticket_kind_parse(const char *name, TicketKind *ret_kind)
{
	int value = names_find(&kinds, name);

	if (value < 0)
		return false;
	*ret_kind = (TicketKind)value;
	return true;
}

const char *
milestone_name(Milestone milestone)
{
	return names_word(&milestones, milestone);
}

bool
milestone_parse(const char *name, Milestone *ret_milestone)
{
	int value = names_find(&milestones, name);

	if (value < 0)
		return false;
	*ret_milestone = (Milestone)value;
	return true;
}

const char *const *
milestone_names(void)
{
	return milestones.words;
}

const char *
commitment_name(Commitment commitment)
{
	return names_word(&commitments, commitment);
}

bool
commitment_parse(const char *name, Commitment *ret_commitment)
{
	int value = names_find(&commitments, name);

	if (value < 0)
		return false;
	*ret_commitment = (Commitment)value;
	return true;
}

const char *const *
commitment_names(void)
{
	return commitments.words;
}

/* ---- freeing ---- */

static void
condition_clear(Condition *condition)
{
	g_strfreev(condition->scopes);
	g_free(condition->received_in);
	g_free(condition->field);
}

void
target_free(Target *target)
{
	if (target == NULL)
		return;
	g_free(target->clock);
	condition_clear(&target->when);
	g_free(target);
}

static void
component_free(gpointer data)
{
	Component *component = data;

	g_free(component->name);
	words_clear(&component->title);
	g_free(component->covered_if);
	g_free(component);
}

static void
field_free(gpointer data)
{
	PlanField *field = data;

	g_free(field->name);
	g_free(field);
}

static void
duty_free(gpointer data)
{
	Duty *duty = data;

	g_free(duty->name);
	words_clear(&duty->title);
	g_free(duty->clock);
	g_free(duty);
}

static void
plan_term_free(gpointer data)
{
	PlanTerm *term = data;

	g_free(term->name);
	g_free(term->value);
	g_free(term);
}

static void
plan_terms_clear(PlanTerms *terms)
{
	g_ptr_array_unref(terms->shown);
	g_array_unref(terms->lengths);
	g_array_unref(terms->packages);
	g_free(terms->bought);
	g_free(terms->approval);
	g_free(terms->approval_contact);
	words_clear(&terms->limit_team);
	g_free(terms->limit_to);
	g_free(terms->ahead_if);
	plan_hours_free(terms->hours);
}

static void
phone_free(gpointer data)
{
	PlanPhone *phone = data;

	words_clear(&phone->title);
	g_free(phone->number);
	g_free(phone->hours);
	g_free(phone);
}

static void
ready_free(gpointer data)
{
	PlanReady *ready = data;

	words_clear(&ready->what);
	g_free(ready);
}

Plan *
plan_new(const char *name)
{
	Plan *plan = g_new0(Plan, 1);

	plan->name = g_strdup(name);
	plan->unsure = KIND_COUNT;
	plan->components = g_ptr_array_new_with_free_func(component_free);
	plan->fields = g_ptr_array_new_with_free_func(field_free);
	plan->duties = g_ptr_array_new_with_free_func(duty_free);
	plan->targets = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)target_free);
	plan->terms.shown = g_ptr_array_new_with_free_func(plan_term_free);
	plan->terms.lengths = g_array_new(FALSE, FALSE, sizeof(Duration));
	plan->terms.packages = g_array_new(FALSE, FALSE, sizeof(Duration));
	plan->phones = g_ptr_array_new_with_free_func(phone_free);
	plan->ready = g_ptr_array_new_with_free_func(ready_free);
	condition_init(&plan->applies);
	return plan;
}

void
plan_free(Plan *plan)
{
	if (plan == NULL)
		return;
	g_free(plan->name);
	g_free(plan->provider);
	words_clear(&plan->title);
	words_clear(&plan->missed);
	g_strfreev(plan->holidays);
	g_free(plan->intake);
	for (int i = 0; i <= SEVERITY_MAX; i++)
		words_clear(&plan->severity_names[i]);
	condition_clear(&plan->applies);
	g_free(plan->otherwise);
	g_free(plan->fallback);
	g_ptr_array_unref(plan->components);
	g_ptr_array_unref(plan->fields);
	g_ptr_array_unref(plan->targets);
	g_ptr_array_unref(plan->duties);
	g_free(plan->warning_hours);
	g_strfreev(plan->warn);
	availability_terms_free(plan->availability);
	silence_rules_clear(&plan->silence);
	plan_terms_clear(&plan->terms);
	g_strfreev(plan->needs);
	g_ptr_array_unref(plan->phones);
	g_ptr_array_unref(plan->ready);
	g_free(plan->since_field);
	g_free(plan->file);
	g_free(plan);
}

/* ---- what is promised ---- */

void
condition_init(Condition *condition)
{
	*condition = (Condition){ .covered = -1 };
}

const Calendar *
terms_calendar(const Terms *terms, const char *name)
{
	const Plan *plan = terms->plan;
	const Zone *zone = terms->zone != NULL ? terms->zone : plan->zone;
	const char *const *holidays = terms->holidays != NULL
	    ? terms->holidays
	    : (const char *const *)plan->holidays;
	const Calendar *calendar = ruleset_calendar(terms->ruleset, name, zone,
	    holidays);

	g_assert(calendar != NULL); /* the loader checked every name */
	return calendar;
}

guint
terms_continuous(const Terms *terms, Duration *ret_every)
{
	bool own = terms->targets != NULL;
	guint severities = own ? terms->continuous : terms->plan->continuous;

	if (severities != 0 && ret_every != NULL)
		*ret_every = own ? terms->remind_every
				 : terms->plan->remind_every;
	return severities;
}

static bool
field_is_yes(GHashTable *fields, const char *name)
{
	const char *value = fields == NULL ? NULL
					   : g_hash_table_lookup(fields, name);

	return value != NULL && strcmp(value, "yes") == 0;
}

const char *
terms_field(const Terms *terms, const char *field)
{
	return field != NULL && terms->fields != NULL
	    ? g_hash_table_lookup(terms->fields, field)
	    : NULL;
}

bool
terms_field_is_yes(const Terms *terms, const char *field)
{
	return field != NULL && field_is_yes(terms->fields, field);
}

bool
condition_holds(const Condition *condition, const Facts *facts,
    const Terms *terms)
{
	if (condition->severities != 0 &&
	    (condition->severities & 1u << facts->severity) == 0)
		return false;
	if (condition->kinds != 0 &&
	    (condition->kinds & 1u << facts->kind) == 0)
		return false;
	if (condition->scopes != NULL &&
	    !g_strv_contains((const char *const *)condition->scopes,
		facts->scope))
		return false;
	if (condition->covered >= 0 &&
	    (condition->covered == 1) == facts->excluded_component)
		return false;
	if (condition->field != NULL &&
	    field_is_yes(terms->fields, condition->field) !=
		condition->field_yes)
		return false;
	return condition->received_in == NULL ||
	    calendar_is_open(terms_calendar(terms, condition->received_in),
		facts->received) == condition->received_open;
}

/* "a or b", from the set bits. */
static void
describe_bits(GString *text, const char *title, guint bits,
    const char *(*name)(int bit))
{
	bool first = true;

	if (bits == 0)
		return;
	g_string_append(text, text->len > 0 ? ", " : "");
	g_string_append(text, title);
	for (int bit = 0; bit < 32; bit++) {
		if ((bits & 1u << bit) == 0)
			continue;
		g_string_append_printf(text, "%s%s", first ? "" : " or ",
		    name(bit));
		first = false;
	}
}

static const char *
digit_name(int bit)
{
	static const char *const digits[] = { "0", "1", "2", "3", "4", "5", "6",
		"7", "8", "9" };

	return digits[bit % 10];
}

static const char *
bit_kind_name(int bit)
{
	return ticket_kind_name((TicketKind)bit);
}

char *
condition_describe(const Condition *condition)
{
	GString *text = g_string_new(NULL);

	describe_bits(text, "severity ", condition->severities, digit_name);
	describe_bits(text, "", condition->kinds, bit_kind_name);
	if (condition->scopes != NULL) {
		g_autofree char *all = g_strjoinv(" or ", condition->scopes);

		g_string_append_printf(text, "%sscope %s",
		    text->len > 0 ? ", " : "", all);
	}
	if (condition->covered >= 0)
		g_string_append_printf(text, "%scomponent %s",
		    text->len > 0 ? ", " : "",
		    condition->covered == 1 ? "covered" : "excluded");
	if (condition->received_in != NULL)
		g_string_append_printf(text, "%sreceived with %s %s",
		    text->len > 0 ? ", " : "", condition->received_in,
		    condition->received_open ? "open" : "shut");
	if (condition->field != NULL)
		g_string_append_printf(text, "%s%s: %s",
		    text->len > 0 ? ", " : "", condition->field,
		    condition->field_yes ? "yes" : "no");
	return g_string_free(text, FALSE);
}

int
plan_alert_severity(const Plan *plan, guint level, int severity)
{
	if (plan->blocking == 0)
		return severity;
	if ((plan->blocking & 1u << level) != 0)
		return 1;
	return severity == 1 ? plan->default_severity : severity;
}

int
plan_severity(const Plan *plan, int severity)
{
	return severity != 0 && (plan->severities & 1u << severity) != 0
	    ? severity
	    : plan->default_severity;
}

bool
plan_covers_component(const Plan *plan, const char *component,
    GHashTable *fields)
{
	for (guint i = 0; i < plan->components->len; i++) {
		const Component *known = plan->components->pdata[i];

		if (strcmp(known->name, component) == 0)
			return known->covered &&
			    (known->covered_if == NULL ||
				field_is_yes(fields, known->covered_if));
	}
	return true;
}

/* What is promised for a client's request is not promised for what the desk
 * asks of itself, unless the promise names duties. */
static bool
is_meant(const Target *target, const Facts *facts)
{
	return facts->kind != KIND_DUTY ||
	    (target->when.kinds & 1u << KIND_DUTY) != 0;
}

static void
choose_targets(const GPtrArray *targets, const Terms *terms, const Facts *facts,
    const Target *ret_targets[MILESTONE_COUNT])
{
	for (guint i = 0; i < targets->len; i++) {
		const Target *target = targets->pdata[i];

		if (ret_targets[target->milestone] == NULL &&
		    is_meant(target, facts) &&
		    condition_holds(&target->when, facts, terms))
			ret_targets[target->milestone] = target;
	}
}

Terms
terms_in_force(const Terms *terms, const Facts *facts,
    const Target *ret_targets[MILESTONE_COUNT])
{
	Terms in_force = *terms;

	memset(ret_targets, 0, MILESTONE_COUNT * sizeof *ret_targets);
	if (facts->excluded && facts->kind != KIND_DUTY &&
	    in_force.plan->fallback != NULL) {
		in_force.plan = ruleset_plan(terms->ruleset,
		    in_force.plan->fallback);
		in_force.targets = NULL;
		in_force.fell_back = true;
	}
	/* A duty is the plan's own. The loader made sure that `otherwise` leads
	 * nowhere twice. */
	while (facts->kind != KIND_DUTY &&
	    !condition_holds(&in_force.plan->applies, facts, &in_force)) {
		const char *otherwise = in_force.plan->otherwise;

		in_force.plan = otherwise == NULL
		    ? NULL
		    : ruleset_plan(terms->ruleset, otherwise);
		if (in_force.plan == NULL)
			return in_force;
		in_force.targets = NULL;
	}
	choose_targets(in_force.targets != NULL ? in_force.targets
						: in_force.plan->targets,
	    &in_force, facts, ret_targets);
	return in_force;
}

const Plan *
plan_in_force(const Terms *terms, const Facts *facts,
    const Target *ret_targets[MILESTONE_COUNT])
{
	return terms_in_force(terms, facts, ret_targets).plan;
}
