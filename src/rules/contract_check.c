/*
 * Whether a contract is one that its plans offer: how long it lasts, when notice
 * is given, what was bought, above what it is asked for its agreement.
 */
#include "loaders_private.h"

#include "guichet/base/text.h"
#include "guichet/rules/hours.h"

#include <string.h>

static bool
is_one_of(const GArray *all, Duration duration)
{
	for (guint i = 0; i < all->len; i++) {
		Duration one = g_array_index(all, Duration, i);

		if (one.unit == duration.unit && one.count == duration.count)
			return true;
	}
	return false;
}

/* "6mo, 12mo" */
static char *
list_durations(const GArray *all)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < all->len; i++) {
		g_autofree char *one = duration_format(
		    g_array_index(all, Duration, i));

		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", one);
	}
	return g_string_free(text, FALSE);
}

static void
check_term(const YamlNode *root, const Contract *contract, const Plan *plan)
{
	const YamlNode *term = yaml_get(root, "term");
	const YamlNode *length = yaml_get(term, "renewed_by");
	const YamlNode *notice = yaml_get(term, "notice");
	const PlanTerms *terms = &plan->terms;
	Duration given = contract->notice;

	if (length != NULL && terms->lengths->len > 0 &&
	    !is_one_of(terms->lengths, contract->term)) {
		g_autofree char *known = list_durations(terms->lengths);

		yaml_problem(length, "the plan '%s' is sold for a term of %s",
		    plan->name, known);
	}
	if (notice != NULL && terms->notice.count > 0 &&
	    (given.unit != terms->notice.unit ||
		given.count != terms->notice.count)) {
		g_autofree char *known = duration_format(terms->notice);

		yaml_problem(notice,
		    "notice of the plan '%s' is given %s "
		    "before the end",
		    plan->name, known);
	}
}

/* ---- a version ---- */

static const YamlNode *
field_node(const YamlNode *version, const char *name)
{
	return name == NULL ? NULL
			    : yaml_get(yaml_get(version, "fields"), name);
}

static bool
number_of(const YamlNode *node, gint64 *ret_number)
{
	return node != NULL && yaml_kind(node) == YAML_SCALAR &&
	    g_ascii_string_to_signed(yaml_text(node), 10, 0, G_MAXINT32,
		ret_number, NULL);
}

static void
check_package(const YamlNode *version, const Plan *plan)
{
	const YamlNode *node = field_node(version, plan->terms.bought);
	gint64 hours;
	Duration bought = { .unit = DURATION_TIME };

	if (!number_of(node, &hours))
		return;
	bought.count = hours * 3600;
	if (!is_one_of(plan->terms.packages, bought)) {
		g_autofree char *known = list_durations(plan->terms.packages);

		yaml_problem(node, "the plan '%s' sells packages of %s",
		    plan->name, known);
	}
}

/* A length of the contract's own, where its plan leaves it to it. */
static void
check_length(const YamlNode *version, const char *name, bool is_time)
{
	const YamlNode *node = field_node(version, name);
	Duration given;

	if (node == NULL || yaml_kind(node) != YAML_SCALAR ||
	    (!is_time && strcmp(yaml_text(node), "none") == 0))
		return;
	if (!duration_parse(yaml_text(node), &given, NULL) ||
	    (given.unit == DURATION_TIME) != is_time ||
	    (is_time && given.count % 60 != 0))
		yaml_problem(node,
		    is_time ? "'%s' is whole minutes, as 15m"
			    : "'%s' is days or months, as 12mo, or none",
		    name);
}

static void
check_hours(const YamlNode *version, const Plan *plan)
{
	const PlanHours *hours = plan->terms.hours;

	if (hours != NULL && hours->slice_field)
		check_length(version, "slice", true);
	if (hours != NULL && hours->validity_field)
		check_length(version, "validity", false);
}

static void
check_approval(const YamlNode *version, const Plan *plan)
{
	const YamlNode *node = field_node(version, plan->terms.approval);
	gint64 number;

	if (number_of(node, &number) && number < plan->terms.approval_least)
		yaml_problem(node,
		    "the plan '%s' waits for an agreement from %" G_GINT64_FORMAT
		    " on",
		    plan->name, plan->terms.approval_least);
}

/* Who is asked has a contact's address, or nobody could answer. */
static void
check_approval_contact(const YamlNode *version, const Contract *contract,
    const Plan *plan)
{
	const YamlNode *node = field_node(version,
	    plan->terms.approval_contact);
	g_autofree char *address = NULL;

	if (node == NULL || yaml_kind(node) != YAML_SCALAR)
		return;
	if (field_node(version, plan->terms.approval) == NULL)
		yaml_problem(node,
		    "nothing waits for this agreement; add '%s', or take it out",
		    plan->terms.approval);
	address = text_address_canonical(yaml_text(node));
	if (address != NULL && contract_contact(contract, address) != NULL)
		return;
	yaml_problem(node,
	    "'%s' is no contact of this contract; add the address to "
	    "'contacts', or name one of them",
	    yaml_text(node));
}

static void
check_limit_team(const YamlNode *version, const Plan *plan)
{
	const YamlNode *node = field_node(version, plan->terms.limit_to);
	g_autofree char *address = NULL;

	if (node == NULL || yaml_kind(node) != YAML_SCALAR)
		return;
	address = text_address_canonical(yaml_text(node));
	if (address == NULL)
		yaml_problem(node, "'%s' is no address", yaml_text(node));
}

static void
check_since(const YamlNode *version, const Plan *plan)
{
	const YamlNode *node = field_node(version, plan->since_field);
	Date date;

	if (node != NULL && yaml_kind(node) == YAML_SCALAR &&
	    date_parse(yaml_text(node), &date) && date < plan->since) {
		g_autofree char *since = date_format(plan->since);

		yaml_problem(node,
		    "the plan '%s' is not sold for what is older "
		    "than %s",
		    plan->name, since);
	}
}

static void
check_needs(const YamlNode *version, const ContractVersion *known,
    const Plan *plan)
{
	for (gsize i = 0; plan->needs != NULL && plan->needs[i] != NULL; i++) {
		if (!g_strv_contains((const char *const *)known->plans,
			plan->needs[i]))
			yaml_problem(yaml_get(version, "plans"),
			    "the plan '%s' is only sold with '%s'; add it",
			    plan->name, plan->needs[i]);
	}
}

static const YamlNode *
version_node(const YamlNode *root, const ContractVersion *version)
{
	const YamlNode *list = yaml_get(root, "versions");

	for (guint i = 0; i < yaml_count(list); i++) {
		if (yaml_line(yaml_item(list, i)) == version->line)
			return yaml_item(list, i);
	}
	return NULL;
}

void
contract_check(const YamlNode *root, const Contract *contract,
    GHashTable *plans)
{
	const guint count = contract->versions->len;

	for (guint v = 0; v < count; v++) {
		const ContractVersion *version = contract->versions->pdata[v];
		const YamlNode *node = version_node(root, version);

		for (gsize i = 0; version->plans[i] != NULL; i++) {
			const Plan *plan = g_hash_table_lookup(plans,
			    version->plans[i]);

			if (plan == NULL)
				continue;
			/* The term is that of the last version. */
			if (v + 1 == count)
				check_term(root, contract, plan);
			check_package(node, plan);
			check_hours(node, plan);
			check_approval(node, plan);
			check_approval_contact(node, contract, plan);
			check_limit_team(node, plan);
			check_since(node, plan);
			check_needs(node, version, plan);
		}
	}
}
