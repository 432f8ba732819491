/* Targets and the conditions of plans, from their files. */
#include "loaders_private.h"

#include <string.h>

/* ---- conditions ---- */

guint
target_load_kinds(const YamlNode *map)
{
	const YamlNode *node = yaml_get(map, "kind");
	g_auto(GStrv) names = yaml_get_list(map, "kind");
	guint bits = 0;

	for (gsize i = 0; names[i] != NULL; i++) {
		TicketKind kind;

		if (ticket_kind_parse(names[i], &kind))
			bits |= 1u << kind;
		else
			yaml_problem(node,
			    "unknown kind '%s'; known: incident, request, "
			    "question, duty",
			    names[i]);
	}
	return bits;
}

/* received: {in: CALENDAR, open: yes} */
static void
received_load(const YamlNode *map, const TargetScope *scope,
    Condition *condition)
{
	static const char *const keys[] = { "in", "open", NULL };
	const YamlNode *node = yaml_get(map, "received");

	if (node == NULL || !yaml_check_keys(node, keys))
		return;
	(void)yaml_need(node, "in");
	condition->received_in = load_name(node, "in", "calendar",
	    scope->names->calendars);
	condition->received_open = yaml_get_bool(node, "open", true);
}

/* field: NAME, or field: not NAME */
static void
field_load(const YamlNode *map, const TargetScope *scope, Condition *condition)
{
	const char *text = yaml_get_text(map, "field", NULL);

	if (text == NULL)
		return;
	condition->field_yes = !g_str_has_prefix(text, "not ");
	text += condition->field_yes ? 0 : strlen("not ");
	if (g_hash_table_contains(scope->fields, text)) {
		condition->field = g_strdup(text);
		g_hash_table_add(scope->fields_asked, condition->field);
	} else {
		yaml_problem(yaml_get(map, "field"),
		    "the plan has no yes-no field '%s'; add it to 'fields' or "
		    "correct the name",
		    text);
	}
}

void
target_load_condition(const YamlNode *map, const TargetScope *scope,
    Condition *ret_condition)
{
	static const char *const keys[] = { "severity", "kind", "scope",
		"covered", "received", "field", NULL };

	condition_init(ret_condition);
	if (map == NULL || !yaml_check_keys(map, keys))
		return;
	ret_condition->severities = load_severities(map, "severity",
	    scope->severities);
	ret_condition->kinds = target_load_kinds(map);
	if (yaml_get(map, "scope") != NULL)
		ret_condition->scopes = yaml_get_list(map, "scope");
	if (yaml_get(map, "covered") != NULL)
		ret_condition->covered = yaml_get_bool(map, "covered", true);
	received_load(map, scope, ret_condition);
	field_load(map, scope, ret_condition);
}

/* ---- overlap ---- */

/* How what one condition allows lies to what another does, as bits: the first
 * allows something that the second does not, the other way round, and both
 * allow something. */
enum {
	ONLY_FIRST = 1,
	ONLY_SECOND = 2,
	BOTH = 4,
};

static guint
compare_bits(guint a, guint b)
{
	a = a == 0 ? G_MAXUINT : a;
	b = b == 0 ? G_MAXUINT : b;
	return ((a & ~b) != 0 ? (guint)ONLY_FIRST : 0) |
	    ((b & ~a) != 0 ? (guint)ONLY_SECOND : 0) |
	    ((a & b) != 0 ? (guint)BOTH : 0);
}

static guint
compare_lists(char **a, char **b)
{
	guint relation = 0;

	if (a == NULL || b == NULL)
		return BOTH | (a != NULL ? (guint)ONLY_SECOND : 0) |
		    (b != NULL ? (guint)ONLY_FIRST : 0);
	for (gsize i = 0; a[i] != NULL; i++)
		relation |= g_strv_contains((const char *const *)b, a[i])
		    ? BOTH
		    : ONLY_FIRST;
	for (gsize i = 0; b[i] != NULL; i++)
		if (!g_strv_contains((const char *const *)a, b[i]))
			relation |= ONLY_SECOND;
	return relation;
}

/* Something with a name that holds or does not; names are independent. */
static guint
compare_named(const char *a, bool a_holds, const char *b, bool b_holds)
{
	if (a == NULL && b == NULL)
		return BOTH;
	if (a == NULL)
		return BOTH | ONLY_FIRST;
	if (b == NULL)
		return BOTH | ONLY_SECOND;
	if (strcmp(a, b) != 0)
		return BOTH | ONLY_FIRST | ONLY_SECOND;
	return a_holds == b_holds ? (guint)BOTH : ONLY_FIRST | ONLY_SECOND;
}

static guint
compare_conditions(const Condition *a, const Condition *b)
{
	const guint parts[] = {
		compare_bits(a->severities, b->severities),
		compare_bits(a->kinds, b->kinds),
		compare_lists(a->scopes, b->scopes),
		compare_named(a->covered < 0 ? NULL : "covered",
		    a->covered == 1, b->covered < 0 ? NULL : "covered",
		    b->covered == 1),
		compare_named(a->received_in, a->received_open, b->received_in,
		    b->received_open),
		compare_named(a->field, a->field_yes, b->field, b->field_yes),
	};
	guint only = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		if ((parts[i] & BOTH) == 0)
			return ONLY_FIRST | ONLY_SECOND;
		only |= parts[i] & (ONLY_FIRST | ONLY_SECOND);
	}
	return only | BOTH;
}

/*
 * Two targets for one milestone may both hold only if the first is a special
 * case of the second, which then is what is left. Else the order of lines
 * would decide what a client is promised.
 */
static void
check_overlap(const YamlNode *node, const Target *first, const Target *second)
{
	guint relation = compare_conditions(&first->when, &second->when);
	const char *milestone = milestone_name(second->milestone);

	if (first->milestone != second->milestone || (relation & BOTH) == 0)
		return;
	if ((relation & ONLY_SECOND) == 0)
		yaml_problem(node,
		    "this %s target is never reached: that on line "
		    "%" G_GSIZE_FORMAT " always holds where it does",
		    milestone, first->line);
	else if ((relation & ONLY_FIRST) != 0)
		yaml_problem(node,
		    "the conditions of this %s target and of that on line "
		    "%" G_GSIZE_FORMAT
		    " overlap; make them exclude each other, "
		    "or the first a special case of the second",
		    milestone, first->line);
}

/* ---- targets ---- */

static void
term_load(const YamlNode *node, const TargetScope *scope, Target *target)
{
	target->clock = load_name(node, "clock", "calendar",
	    scope->names->calendars);
	target->has_term = load_duration(node, "within", &target->within);
	if (yaml_get(node, "within") != NULL && yaml_get(node, "clock") == NULL)
		yaml_problem(node,
		    "a target without a clock; name the "
		    "calendar its time runs on, as in 'clock: always'");
	if (yaml_get(node, "within") == NULL &&
	    target->commitment != COMMITMENT_BEST_EFFORT)
		yaml_problem(node,
		    "this %s target needs a term, as in "
		    "'within: 4h'",
		    commitment_name(target->commitment));
	if (target->clock == NULL)
		target->clock = g_strdup(scope->clock);
}

static Target *
target_load(const YamlNode *node, const TargetScope *scope)
{
	static const char *const keys[] = { "milestone", "commitment", "within",
		"clock", "when", NULL };
	Target *target;

	if (!yaml_check_keys(node, keys))
		return NULL;
	target = g_new0(Target, 1);
	target->line = yaml_line(node);
	(void)yaml_need(node, "milestone");
	(void)yaml_need(node, "commitment");
	target->milestone = (Milestone)yaml_get_choice(node, "milestone",
	    milestone_names(), MILESTONE_RESPONSE);
	target->commitment = (Commitment)yaml_get_choice(node, "commitment",
	    commitment_names(), COMMITMENT_BEST_EFFORT);
	target_load_condition(yaml_get(node, "when"), scope, &target->when);
	term_load(node, scope, target);
	return target;
}

GPtrArray *
target_load_list(const YamlNode *list, const TargetScope *scope)
{
	GPtrArray *targets = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)target_free);

	if (list != NULL && yaml_kind(list) != YAML_LIST) {
		yaml_problem(list, "a list of targets is expected here");
		return targets;
	}
	for (guint i = 0; i < yaml_count(list); i++) {
		const YamlNode *node = yaml_item(list, i);
		Target *target = target_load(node, scope);

		if (target == NULL)
			continue;
		for (guint j = 0; j < targets->len; j++)
			check_overlap(node, targets->pdata[j], target);
		g_ptr_array_add(targets, target);
	}
	return targets;
}

void
target_load_continuous(const YamlNode *map, guint known, guint *ret_severities,
    Duration *ret_every)
{
	static const char *const keys[] = { "severities", "remind_every",
		NULL };
	const YamlNode *node = yaml_get(map, "continuous");

	*ret_severities = 0;
	if (node == NULL || !yaml_check_keys(node, keys))
		return;
	(void)yaml_need(node, "severities");
	(void)yaml_need(node, "remind_every");
	*ret_severities = load_severities(node, "severities", known);
	if (!load_duration(node, "remind_every", ret_every))
		*ret_every = (Duration){ DURATION_TIME, 3600 };
}
