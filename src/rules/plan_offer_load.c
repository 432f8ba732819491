/* What a plan is sold with, and what it grants and asks beside its clocks. */
#include "loaders_private.h"

#include "guichet/rules/hours.h"

#include <string.h>

static void
since_load(const YamlNode *root, const TargetScope *scope, Plan *plan)
{
	static const char *const keys[] = { "field", "date", NULL };
	const YamlNode *map = yaml_get(root, "since");
	const char *name;

	if (map == NULL || !yaml_check_keys(map, keys))
		return;
	(void)yaml_need(map, "date");
	(void)load_date(map, "date", &plan->since);
	if (yaml_need(map, "field") == NULL)
		return;
	name = yaml_get_text(map, "field", "");
	for (guint i = 0; i < plan->fields->len; i++) {
		PlanField *field = plan->fields->pdata[i];

		if (strcmp(field->name, name) != 0 || field->kind != FIELD_DATE)
			continue;
		plan->since_field = g_strdup(name);
		g_hash_table_add(scope->fields_asked, field->name);
		return;
	}
	yaml_problem(yaml_get(map, "field"),
	    "the plan has no field '%s' that is a date; add it to 'fields' or "
	    "correct the name",
	    name);
}

static void
phones_load(const YamlNode *root, const TargetScope *scope, Plan *plan)
{
	static const char *const keys[] = { "title", "number", "hours", NULL };
	const YamlNode *list = yaml_get(root, "phones");

	if (list != NULL && yaml_kind(list) != YAML_LIST)
		yaml_problem(list, "a list of numbers is expected here");
	for (guint i = 0; i < yaml_count(list); i++) {
		const YamlNode *node = yaml_item(list, i);
		PlanPhone *phone;

		if (!yaml_check_keys(node, keys))
			continue;
		phone = g_new0(PlanPhone, 1);
		g_ptr_array_add(plan->phones, phone);
		(void)yaml_need(node, "number");
		(void)yaml_need(node, "hours");
		load_words(node, "title", &phone->title);
		phone->number = g_strdup(yaml_get_text(node, "number", ""));
		phone->hours = load_name(node, "hours", "calendar",
		    scope->names->calendars);
	}
}

static void
ready_load(const YamlNode *root, Plan *plan)
{
	static const char *const keys[] = { "what", "kind", NULL };
	const YamlNode *list = yaml_get(root, "ready");

	if (list != NULL && yaml_kind(list) != YAML_LIST)
		yaml_problem(list,
		    "a list of what clients have ready is expected here");
	for (guint i = 0; i < yaml_count(list); i++) {
		const YamlNode *node = yaml_item(list, i);
		PlanReady *ready;

		if (!yaml_check_keys(node, keys))
			continue;
		ready = g_new0(PlanReady, 1);
		g_ptr_array_add(plan->ready, ready);
		load_words(node, "what", &ready->what);
		ready->kinds = target_load_kinds(node);
	}
}

/* What clients read follows from a missed guarantee is what the ledger books. */
static void
missed_load(const YamlNode *root, Plan *plan)
{
	const PlanHours *hours = plan->terms.hours;
	bool is_booked = hours != NULL &&
	    (hours->breach_credit > 0 || hours->breach_refund);
	const YamlNode *missed = yaml_get(root, "missed");

	if (missed != NULL)
		load_words(root, "missed", &plan->missed);
	if (yaml_is_past(root))
		return;
	if (missed != NULL && !is_booked)
		yaml_problem(missed,
		    "clients read that a missed guarantee brings something, "
		    "and nothing is booked: say 'terms: {penalty: {for: "
		    "breach, ...}}'");
	if (missed == NULL && is_booked)
		yaml_problem(root,
		    "a missed guarantee brings something, and no client reads "
		    "of it: say 'missed' in words");
}

void
plan_offer_load(const YamlNode *root, const TargetScope *scope, Plan *plan)
{
	plan->needs = load_names(root, "needs", "plan", scope->names->plans);
	plan->inform_of_alerts = yaml_get_bool(root, "inform_of_alerts", false);
	plan->inform_of_missed = yaml_get_bool(root, "inform_of_missed", true);
	missed_load(root, plan);
	plan->blocking = availability_load_levels(root, "blocking");
	since_load(root, scope, plan);
	phones_load(root, scope, plan);
	ready_load(root, plan);
}
