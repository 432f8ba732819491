/* Plans from their files. */
#include "loaders_private.h"

#include "guichet/base/names.h"

#include <string.h>

static void
severities_load(const YamlNode *root, Plan *plan)
{
	const YamlNode *map = yaml_need(root, "severities");

	if (map == NULL || !yaml_is_map(map))
		return;
	for (guint i = 0; i < yaml_count(map); i++) {
		const YamlNode *key = yaml_key(map, i);
		const char *text = yaml_text(key);
		gint64 severity;

		if (text == NULL)
			continue;
		if (!g_ascii_string_to_signed(text, 10, 1, SEVERITY_MAX,
			&severity, NULL)) {
			yaml_problem(key,
			    "'%s' is no severity; severities go from 1, the "
			    "worst, to %d",
			    text, SEVERITY_MAX);
			continue;
		}
		plan->severities |= 1u << severity;
		load_words(map, text, &plan->severity_names[severity]);
	}
	if (yaml_count(map) == 0)
		yaml_problem(map, "a plan needs at least one severity");
}

/* What a mail can be, as TicketKind counts. */
static const char *const mail_kinds[] = { "incident", "request", "question",
	NULL };

static void
defaults_load(const YamlNode *root, Plan *plan)
{
	static const char *const keys[] = { "severity", "kind", NULL };
	const YamlNode *map = yaml_need(root, "default");

	plan->unsure = (TicketKind)yaml_get_choice(root, "unsure", mail_kinds,
	    KIND_COUNT);
	if (map == NULL || !yaml_check_keys(map, keys))
		return;
	(void)yaml_need(map, "severity");
	plan->default_severity = (int)yaml_get_int(map, "severity", 1,
	    SEVERITY_MAX, 0);
	plan->default_kind = (TicketKind)yaml_get_choice(map, "kind",
	    mail_kinds, KIND_INCIDENT);
	if (plan->default_severity != 0 &&
	    (plan->severities & 1u << plan->default_severity) == 0)
		yaml_problem(yaml_get(map, "severity"),
		    "the plan has no severity %d; add it to 'severities' or "
		    "correct the number",
		    plan->default_severity);
}

#define FIELD_KIND_NAMES(X) \
 X(FIELD_YES_NO, "yes-no")  \
 X(FIELD_NUMBER, "number")  \
 X(FIELD_TEXT, "text")      \
 X(FIELD_DATE, "date")
NAME_TABLE(field_kinds, FIELD_KIND_NAMES, FIELD_COUNT);

static void
fields_load(const YamlNode *root, Plan *plan, GHashTable *yes_no)
{
	const YamlNode *map = yaml_get(root, "fields");

	if (map == NULL || !yaml_is_map(map))
		return;
	for (guint i = 0; i < yaml_count(map); i++) {
		const char *name = yaml_text(yaml_key(map, i));
		PlanField *field;

		if (name == NULL)
			continue;
		field = g_new0(PlanField, 1);
		field->name = g_strdup(name);
		field->kind = (FieldKind)yaml_get_choice(map, name,
		    field_kinds.words, FIELD_TEXT);
		g_ptr_array_add(plan->fields, field);
		if (field->kind == FIELD_YES_NO)
			g_hash_table_add(yes_no, field->name);
	}
}

static Component *
component_load(const YamlNode *map, const char *name, const TargetScope *scope)
{
	static const char *const keys[] = { "title", "covered", "covered_if",
		NULL };
	const YamlNode *node = yaml_get(map, name);
	Component *component;
	const char *field;
	Words title = { 0 };

	if (!yaml_check_keys(node, keys))
		return NULL;
	load_words(node, "title", &title);
	component = g_new0(Component, 1);
	component->name = g_strdup(name);
	component->title = title;
	component->covered = yaml_get_bool(node, "covered", true);
	field = yaml_get_text(node, "covered_if", NULL);
	if (field == NULL)
		return component;
	if (!g_hash_table_contains(scope->fields, field))
		yaml_problem(yaml_get(node, "covered_if"),
		    "the plan has no yes-no field '%s'; add it to 'fields' or "
		    "correct the name",
		    field);
	if (!component->covered)
		yaml_problem(yaml_get(node, "covered_if"),
		    "'covered: no' and 'covered_if' exclude each other; keep "
		    "one");
	component->covered_if = g_strdup(field);
	g_hash_table_add(scope->fields_asked, component->covered_if);
	return component;
}

static void
components_load(const YamlNode *root, Plan *plan, const TargetScope *scope)
{
	const YamlNode *map = yaml_get(root, "components");

	if (map == NULL || !yaml_is_map(map))
		return;
	for (guint i = 0; i < yaml_count(map); i++) {
		const char *name = yaml_text(yaml_key(map, i));
		g_autofree char *lower = NULL;
		Component *component;

		if (name == NULL)
			continue;
		lower = g_utf8_strdown(name, -1);
		if (strcmp(lower, name) != 0)
			yaml_problem(yaml_key(map, i),
			    "write '%s' in small letters, as rules set it",
			    name);
		component = component_load(map, name, scope);
		if (component != NULL)
			g_ptr_array_add(plan->components, component);
	}
}

static void
shares_load(const YamlNode *node, Plan *plan)
{
	gsize count = 0;
	gint64 last = 0;

	for (guint i = 0; i < yaml_count(node); i++) {
		const YamlNode *item = yaml_item(node, i);
		const char *text = yaml_text(item);
		gint64 share;

		if (text == NULL)
			continue;
		if (!g_ascii_string_to_signed(text, 10, last + 1, 99, &share,
			NULL)) {
			yaml_problem(item,
			    "'%s' is no share; shares are percents from 1 to "
			    "99 in ascending order, the breach comes by itself",
			    text);
			continue;
		}
		if (count + 1 == G_N_ELEMENTS(plan->warning_shares)) {
			yaml_problem(item, "at most %zu shares",
			    G_N_ELEMENTS(plan->warning_shares) - 1);
			return;
		}
		plan->warning_shares[count++] = (int)share;
		last = share;
	}
}

static void
warnings_load(const YamlNode *root, const KnownNames *names, Plan *plan)
{
	static const char *const keys[] = { "shares", "hours", "to", NULL };
	const YamlNode *map = yaml_get(root, "warnings");
	const YamlNode *shares = yaml_get(map, "shares");

	if (map != NULL)
		(void)yaml_check_keys(map, keys);
	if (shares != NULL && yaml_kind(shares) != YAML_LIST)
		yaml_problem(shares,
		    "a list of percents is expected here, "
		    "as in [50, 80]");
	if (shares == NULL) {
		plan->warning_shares[0] = 50;
		plan->warning_shares[1] = 80;
	} else {
		shares_load(shares, plan);
	}
	plan->warning_hours = load_name(map, "hours", "calendar",
	    names->calendars);
	if (plan->warning_hours == NULL)
		plan->warning_hours = g_strdup(plan->intake);
	plan->warn = load_addresses(map, "to");
}

static void
duties_load(const YamlNode *root, const KnownNames *names, Plan *plan)
{
	static const char *const keys[] = { "name", "title", "every", "clock",
		NULL };
	const YamlNode *list = yaml_get(root, "duties");
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	if (list != NULL && yaml_kind(list) != YAML_LIST)
		yaml_problem(list, "a list of duties is expected here");
	for (guint i = 0; i < yaml_count(list); i++) {
		const YamlNode *node = yaml_item(list, i);
		Duty *duty;

		if (!yaml_check_keys(node, keys))
			continue;
		duty = g_new0(Duty, 1);
		g_ptr_array_add(plan->duties, duty);
		(void)yaml_need(node, "name");
		(void)yaml_need(node, "every");
		(void)yaml_need(node, "clock");
		duty->name = g_strdup(yaml_get_text(node, "name", ""));
		load_words(node, "title", &duty->title);
		if (load_duration(node, "every", &duty->every) &&
		    (duty->every.unit == DURATION_TIME ||
			duty->every.unit == DURATION_MONTH_END))
			yaml_problem(yaml_get(node, "every"),
			    "a duty comes back every so many d, bd or mo");
		duty->clock = load_name(node, "clock", "calendar",
		    names->calendars);
		if (!g_hash_table_add(seen, duty->name))
			yaml_problem(node, "the duty '%s' is there twice",
			    duty->name);
	}
}

/* What nothing asks for is a wrong name somewhere. */
static void
check_fields_asked(const YamlNode *root, const TargetScope *scope)
{
	const YamlNode *map = yaml_get(root, "fields");

	for (guint i = 0; !yaml_is_past(root) && i < yaml_count(map); i++) {
		const char *name;

		if (yaml_kind(map) != YAML_MAP)
			return;
		name = yaml_text(yaml_key(map, i));
		if (name != NULL &&
		    !g_hash_table_contains(scope->fields_asked, name))
			yaml_problem(yaml_key(map, i),
			    "nothing in the plan asks for the field '%s'; use "
			    "it or remove it",
			    name);
	}
}

static void
force_load(const YamlNode *root, const TargetScope *scope, Plan *plan)
{
	const YamlNode *applies = yaml_get(root, "applies");

	target_load_condition(applies, scope, &plan->applies);
	plan->otherwise = load_name(root, "otherwise", "plan",
	    scope->names->plans);
	plan->fallback = load_name(root, "fallback", "plan",
	    scope->names->plans);
	if (applies == NULL && plan->otherwise != NULL)
		yaml_problem(yaml_get(root, "otherwise"),
		    "'otherwise' is never used without 'applies'; say when "
		    "the plan itself applies");
}

static void
plan_targets_load(const YamlNode *root, const TargetScope *scope, Plan *plan)
{
	const YamlNode *node = yaml_need(root, "targets");

	if (node == NULL)
		return;
	if (yaml_kind(node) == YAML_SCALAR &&
	    g_strcmp0(yaml_text(node), "contract") == 0) {
		plan->targets_in_contract = true;
		return;
	}
	g_ptr_array_unref(plan->targets);
	plan->targets = target_load_list(node, scope);
}

static void
desk_load(const YamlNode *root, const KnownNames *names, Plan *plan)
{
	plan->provider = g_strdup(yaml_get_text(root, "provider", ""));
	load_words(root, "title", &plan->title);
	(void)yaml_need(root, "zone");
	plan->zone = load_zone(root, "zone");
	plan->holidays = load_names(root, "holidays", "set of holidays",
	    names->holidays);
	if (plan->holidays == NULL)
		plan->holidays = g_new0(char *, 1);
	(void)yaml_need(root, "intake");
	plan->intake = load_name(root, "intake", "calendar", names->calendars);
}

Plan *
plan_load(const char *name, const YamlNode *root, const KnownNames *names)
{
	static const char *const keys[] = { "title", "provider", "zone",
		"holidays", "intake", "severities", "default", "fields",
		"applies", "otherwise", "fallback", "components", "targets",
		"warnings", "continuous", "duties", "alerts_are_mandate",
		"calls", "confirm_recoveries", "recurrence", "reopen",
		"contacts_max", "unsure", "inform_of_alerts",
		"inform_of_missed", "missed", "blocking", "needs", "since",
		"phones", "ready", "terms", "answer", "silence", "next", NULL };
	Plan *plan = plan_new(name);
	g_autoptr(GHashTable) fields = g_hash_table_new(g_str_hash,
	    g_str_equal);
	g_autoptr(GHashTable) asked = g_hash_table_new(g_str_hash, g_str_equal);
	TargetScope scope = { .names = names,
		.fields = fields,
		.fields_asked = asked };

	plan->file = g_strdup_printf("plans/%s.yaml", name);
	if (!yaml_check_keys(root, keys))
		return plan;
	desk_load(root, names, plan);
	severities_load(root, plan);
	defaults_load(root, plan);
	fields_load(root, plan, fields);
	scope.severities = plan->severities;
	scope.clock = plan->intake;
	force_load(root, &scope, plan);
	components_load(root, plan, &scope);
	plan_targets_load(root, &scope, plan);
	warnings_load(root, names, plan);
	target_load_continuous(root, plan->severities, &plan->continuous,
	    &plan->remind_every);
	duties_load(root, names, plan);
	terms_load(root, &scope, plan);
	plan_offer_load(root, &scope, plan);
	check_fields_asked(root, &scope);
	plan->no_calls = !yaml_get_bool(root, "calls", true);
	plan->alerts_are_mandate = yaml_get_bool(root, "alerts_are_mandate",
	    false);
	plan->confirm_recoveries = load_severities(root, "confirm_recoveries",
	    plan->severities);
	plan->has_reopen = yaml_get(root, "reopen") != NULL &&
	    load_duration(root, "reopen", &plan->reopen);
	plan->has_recurrence = yaml_get(root, "recurrence") != NULL &&
	    load_duration(root, "recurrence", &plan->recurrence);
	silence_rules_load_plan(root, names->calendars, plan->severities,
	    &plan->silence);
	plan->contacts_max = (int)yaml_get_int(root, "contacts_max", 1, 1000,
	    0);
	return plan;
}
