/* Contracts from their files. */
#include "guichet/base/text.h"
#include "guichet/yaml/catalog.h"
#include "loaders_private.h"

#include <string.h>

static void
contacts_load(const YamlNode *root, Contract *contract)
{
	static const char *const keys[] = { "name", "address", "function",
		"phone", NULL };
	const YamlNode *list = yaml_get(root, "contacts");
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	if (list != NULL && yaml_kind(list) != YAML_LIST)
		yaml_problem(list, "a list of contacts is expected here");
	for (guint i = 0; i < yaml_count(list); i++) {
		const YamlNode *node = yaml_item(list, i), *address;
		Contact *contact;

		if (!yaml_check_keys(node, keys))
			continue;
		address = yaml_need(node, "address");
		if (address == NULL)
			continue;
		contact = g_new0(Contact, 1);
		contact->name = g_strdup(yaml_get_text(node, "name", ""));
		contact->function = g_strdup(
		    yaml_get_text(node, "function", ""));
		contact->phone = g_strdup(yaml_get_text(node, "phone", ""));
		contact->address = load_address(address);
		if (contact->address == NULL)
			contact->address = g_strdup("");
		else if (!g_hash_table_add(seen, contact->address))
			yaml_problem(address, "'%s' is there twice",
			    contact->address);
		g_ptr_array_add(contract->contacts, contact);
	}
}

static ContractTechnician *
technician_load(const YamlNode *root, const char *key, const YamlNode *node)
{
	const char *name = yaml_text(node);
	ContractTechnician *one;

	if (name == NULL)
		return NULL;
	one = g_new0(ContractTechnician, 1);
	one->name = g_strdup(name);
	one->at = yaml_place(root, key);
	one->at.line = yaml_line(node);
	one->at.column = yaml_column(node);
	return one;
}

/* Whether they work here is for who knows the site's file, too. */
static void
technicians_load(const YamlNode *root, Contract *contract)
{
	const YamlNode *referent = yaml_get(root, "referent");
	const YamlNode *team = yaml_get(root, "team");

	if (referent != NULL)
		contract->referent = technician_load(root, "referent",
		    referent);
	if (team != NULL && yaml_kind(team) != YAML_LIST)
		yaml_problem(team,
		    "a list of technicians' names is expected "
		    "here");
	for (guint i = 0; i < yaml_count(team); i++) {
		ContractTechnician *one = technician_load(root, "team",
		    yaml_item(team, i));

		if (one != NULL)
			g_ptr_array_add(contract->team, one);
	}
}

static bool
is_domain(const char *text)
{
	g_autofree char *address = g_strconcat("a@", text, NULL);

	return text_is_address(address) && strchr(text, '.') != NULL;
}

static void
domains_load(const YamlNode *root, Contract *contract)
{
	const YamlNode *node = yaml_get(root, "domains");

	contract->domains = yaml_get_list(root, "domains");
	for (guint i = 0; contract->domains[i] != NULL; i++) {
		char *domain = g_ascii_strdown(contract->domains[i], -1);
		const YamlNode *item = yaml_kind(node) == YAML_LIST &&
			i < yaml_count(node)
		    ? yaml_item(node, i)
		    : node;

		g_free(contract->domains[i]);
		contract->domains[i] = domain;
		if (!is_domain(domain))
			yaml_problem(item,
			    "'%s' is no domain; write example.com", domain);
		else if (contract_public_domain(domain))
			yaml_problem(item,
			    "anybody can have an address at '%s': it names no "
			    "client; list the contacts' addresses instead",
			    domain);
	}
}

static bool
is_dates(Duration duration)
{
	return duration.unit == DURATION_DAYS ||
	    duration.unit == DURATION_MONTHS;
}

static void
term_load(const YamlNode *root, Contract *contract)
{
	static const char *const keys[] = { "until", "renewed_by", "notice",
		"tell_client", NULL };
	const YamlNode *node = yaml_get(root, "term");

	if (node == NULL || !yaml_check_keys(node, keys))
		return;
	(void)yaml_need(node, "until");
	contract->has_until = load_date(node, "until", &contract->until);
	(void)load_duration(node, "renewed_by", &contract->term);
	(void)load_duration(node, "notice", &contract->notice);
	contract->term_at = yaml_place(root, "term");
	contract->tells_client = yaml_get_bool(node, "tell_client", false);
	if (contract->term.count > 0 && !is_dates(contract->term))
		yaml_problem(yaml_get(node, "renewed_by"),
		    "a contract is renewed by so many mo or d");
	if (contract->notice.count > 0 && !is_dates(contract->notice))
		yaml_problem(yaml_get(node, "notice"),
		    "notice is given so many mo or d before the end");
}

/* ---- versions ---- */

/* What a version's plans ask for, those of their `otherwise` too. */
static GHashTable *
fields_of_plans(char **plans, GHashTable *loaded)
{
	GHashTable *fields = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (gsize i = 0; plans[i] != NULL; i++) {
		const Plan *plan = g_hash_table_lookup(loaded, plans[i]);

		while (plan != NULL && g_hash_table_add(seen, plan->name)) {
			for (guint j = 0; j < plan->fields->len; j++) {
				PlanField *field = plan->fields->pdata[j];

				g_hash_table_replace(fields, field->name,
				    field);
			}
			plan = plan->otherwise == NULL
			    ? NULL
			    : g_hash_table_lookup(loaded, plan->otherwise);
		}
	}
	return fields;
}

static void
check_field(const YamlNode *node, const PlanField *field, const char *value)
{
	gint64 number;
	Date date;

	if (field->kind == FIELD_YES_NO && strcmp(value, "yes") != 0 &&
	    strcmp(value, "no") != 0)
		yaml_problem(node, "'%s' is yes or no, not '%s'", field->name,
		    value);
	if (field->kind == FIELD_NUMBER &&
	    !g_ascii_string_to_signed(value, 10, 0, G_MAXINT32, &number, NULL))
		yaml_problem(node, "'%s' is a whole number, not '%s'",
		    field->name, value);
	if (field->kind == FIELD_DATE && !date_parse(value, &date))
		yaml_problem(node, "'%s' is a date, 2026-11-20, not '%s'",
		    field->name, value);
}

static void
version_fields_load(const YamlNode *node, ContractVersion *version,
    GHashTable *plans)
{
	const YamlNode *map = yaml_get(node, "fields");
	g_autoptr(GHashTable) asked = fields_of_plans(version->plans, plans);
	g_autofree const char **names = ruleset_sorted_names(asked);

	version->fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    g_free);
	if (map == NULL || !yaml_is_map(map))
		return;
	for (guint i = 0; i < yaml_count(map); i++) {
		const char *name = yaml_text(yaml_key(map, i));
		const char *value = yaml_text(yaml_value(map, i));
		const PlanField *field;

		if (name == NULL || value == NULL)
			continue;
		field = g_hash_table_lookup(asked, name);
		if (field == NULL)
			yaml_problem_unknown(yaml_key(map, i),
			    "field of the contract's plans", name, names);
		else
			check_field(yaml_value(map, i), field, value);
		g_hash_table_insert(version->fields, g_strdup(name),
		    g_strdup(value));
	}
}

/* The declared yes-no fields as a set, for conditions. */
static GHashTable *
yes_no_fields(const Plan *plan)
{
	GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < plan->fields->len; i++) {
		PlanField *field = plan->fields->pdata[i];

		if (field->kind == FIELD_YES_NO)
			g_hash_table_add(set, field->name);
	}
	return set;
}

static void
version_targets_load(const YamlNode *node, ContractVersion *version,
    const KnownNames *names, const Plan *plan)
{
	const YamlNode *targets = yaml_get(node, "targets");
	g_autoptr(GHashTable) fields = yes_no_fields(plan);
	g_autoptr(GHashTable) asked = g_hash_table_new(g_str_hash, g_str_equal);
	TargetScope scope = { .names = names,
		.severities = plan->severities,
		.fields = fields,
		.fields_asked = asked,
		.clock = plan->intake };

	if (targets == NULL) {
		if (plan->targets_in_contract)
			yaml_problem(node,
			    "the plan '%s' leaves the promises to the "
			    "contract; add 'targets'",
			    plan->name);
		if (yaml_get(node, "continuous") != NULL)
			yaml_problem(yaml_get(node, "continuous"),
			    "a contract's own 'continuous' goes with its own "
			    "'targets'");
		return;
	}
	version->targets = target_load_list(targets, &scope);
	target_load_continuous(node, plan->severities, &version->continuous,
	    &version->remind_every);
}

/* Of the first of its plans that promises any. */
static const AvailabilityTerms *
plans_availability(const ContractVersion *version, GHashTable *plans)
{
	for (gsize i = 0; version->plans[i] != NULL; i++) {
		const Plan *plan = g_hash_table_lookup(plans,
		    version->plans[i]);

		if (plan != NULL && plan->availability != NULL)
			return plan->availability;
	}
	return NULL;
}

static ContractVersion *
version_load(const YamlNode *node, const KnownNames *names, GHashTable *plans)
{
	static const char *const keys[] = { "from", "plans", "zone", "holidays",
		"fields", "targets", "continuous", "availability", NULL };
	ContractVersion *version;
	const Plan *first;

	if (!yaml_check_keys(node, keys))
		return NULL;
	version = g_new0(ContractVersion, 1);
	version->line = yaml_line(node);
	(void)yaml_need(node, "from");
	(void)load_date(node, "from", &version->from);
	if (yaml_need(node, "plans") != NULL)
		version->plans = load_names(node, "plans", "plan",
		    names->plans);
	if (version->plans == NULL)
		version->plans = g_new0(char *, 1);
	if (yaml_get(node, "plans") != NULL &&
	    yaml_kind(yaml_get(node, "plans")) == YAML_LIST &&
	    yaml_count(yaml_get(node, "plans")) == 0)
		yaml_problem(yaml_get(node, "plans"), "name a plan");
	version->zone = load_zone(node, "zone");
	if (version->zone != NULL)
		version->zone_name = g_strdup(zone_name(version->zone));
	version->holidays = load_names(node, "holidays", "set of holidays",
	    names->holidays);
	version_fields_load(node, version, plans);
	first = version->plans[0] == NULL
	    ? NULL
	    : g_hash_table_lookup(plans, version->plans[0]);
	if (first != NULL)
		version_targets_load(node, version, names, first);
	version->availability = availability_load(
	    yaml_get(node, "availability"), plans_availability(version, plans));
	return version;
}

static void
check_contacts(const YamlNode *root, const Contract *contract,
    const ContractVersion *version, GHashTable *plans)
{
	for (gsize i = 0; version->plans[i] != NULL; i++) {
		const Plan *plan = g_hash_table_lookup(plans,
		    version->plans[i]);

		if (plan != NULL && plan->contacts_max > 0 &&
		    contract->contacts->len > (guint)plan->contacts_max)
			yaml_problem(yaml_get(root, "contacts"),
			    "the plan '%s' allows %d named contacts, here are "
			    "%u",
			    plan->name, plan->contacts_max,
			    contract->contacts->len);
	}
}

static void
versions_load(const YamlNode *root, Contract *contract, const KnownNames *names,
    GHashTable *plans)
{
	const YamlNode *list = yaml_need(root, "versions");
	const ContractVersion *last = NULL;

	if (list != NULL &&
	    (yaml_kind(list) != YAML_LIST || yaml_count(list) == 0))
		yaml_problem(list,
		    "a list of dated versions is expected here, each with "
		    "'from' and 'plans'");
	if (list == NULL || yaml_kind(list) != YAML_LIST)
		return;
	for (guint i = 0; i < yaml_count(list); i++) {
		const YamlNode *node = yaml_item(list, i);
		ContractVersion *version = version_load(node, names, plans);

		if (version == NULL)
			continue;
		if (last != NULL && version->from <= last->from)
			yaml_problem(node,
			    "versions go by ascending 'from'; this one is not "
			    "later than that on line %" G_GSIZE_FORMAT,
			    last->line);
		last = version;
		g_ptr_array_add(contract->versions, version);
		check_contacts(root, contract, version, plans);
	}
}

static const Zone *
dates_zone(const Contract *contract, GHashTable *plans)
{
	const ContractVersion *first = contract->versions->len == 0
	    ? NULL
	    : contract->versions->pdata[0];
	const Plan *plan = first == NULL || first->plans[0] == NULL
	    ? NULL
	    : g_hash_table_lookup(plans, first->plans[0]);

	return plan == NULL ? NULL : plan->zone;
}

/* Where the contract does not say it, its last version's plans do: whether it is
 * told of alerts and of missed guarantees, and notice, if it is renewed at all. */
static void
take_from_plans(const YamlNode *root, Contract *contract, GHashTable *plans)
{
	bool says = yaml_get(root, "inform_of_alerts") != NULL;
	bool says_missed = yaml_get(root, "inform_of_missed") != NULL;
	const ContractVersion *last = contract->versions->len == 0
	    ? NULL
	    : contract->versions->pdata[contract->versions->len - 1];

	for (gsize i = 0; last != NULL && last->plans[i] != NULL; i++) {
		const Plan *plan = g_hash_table_lookup(plans, last->plans[i]);

		if (plan == NULL)
			continue;
		if (!says && plan->inform_of_alerts)
			contract->inform_of_alerts = true;
		if (!says_missed && !plan->inform_of_missed)
			contract->inform_of_missed = false;
		if (contract->term.count > 0 && contract->notice.count == 0)
			contract->notice = plan->terms.notice;
	}
}

/* What its people are told of unasked. */
static void
informed_load(const YamlNode *root, Contract *contract)
{
	contract->inform_of_alerts = yaml_get_bool(root, "inform_of_alerts",
	    false);
	contract->inform_of_missed = yaml_get_bool(root, "inform_of_missed",
	    true);
	contract->duties_report = yaml_get_bool(root, "duties_report", true);
}

Contract *
contract_load(const char *name, const YamlNode *root, const KnownNames *names,
    GHashTable *plans)
{
	static const char *const keys[] = { "client", "language", "contacts",
		"domains", "named_contacts_only", "recipients", "referent",
		"team", "inform_of_alerts", "inform_of_missed", "duties_report",
		"term", "hosts", /* alert_map.h */
		"versions", NULL };
	/* Nothing ever followed from `accept_unauthenticated`. */
	static const char *const once[] = { "client", "language", "contacts",
		"domains", "named_contacts_only", "recipients", "referent",
		"team", "inform_of_alerts", "inform_of_missed",
		"accept_unauthenticated", "duties_report", "term", "hosts",
		"versions", NULL };
	g_autofree const char **languages = NULL;
	Contract *contract = g_new0(Contract, 1);

	contract->name = g_strdup(name);
	contract->file = g_strdup_printf("contracts/%s.yaml", name);
	contract->contacts = g_ptr_array_new_with_free_func(contact_free);
	contract->versions = g_ptr_array_new_with_free_func(
	    contract_version_free);
	contract->team = g_ptr_array_new_with_free_func(
	    contract_technician_free);
	if (!yaml_check_keys(root, yaml_is_past(root) ? once : keys))
		return contract;
	(void)yaml_need(root, "client");
	(void)yaml_need(root, "language");
	contract->client = g_strdup(yaml_get_text(root, "client", name));
	languages = catalog_languages();
	contract->language = g_strdup(
	    languages[yaml_get_choice(root, "language", languages, 0)]);
	contacts_load(root, contract);
	domains_load(root, contract);
	contract->named_contacts_only = yaml_get_bool(root,
	    "named_contacts_only", false);
	contract->recipients = load_addresses(root, "recipients");
	technicians_load(root, contract);
	informed_load(root, contract);
	term_load(root, contract);
	versions_load(root, contract, names, plans);
	contract->zone = dates_zone(contract, plans);
	take_from_plans(root, contract, plans);
	if (!yaml_is_past(root))
		contract_check(root, contract, plans);
	/* An address of ours is no secret: whom it is told may write to it, and
	 * nothing that a stranger writes may be put under a client's contract
	 * (doc/design.md 7). It only chooses among the sender's own. */
	if (contract->contacts->len == 0 && contract->domains[0] == NULL)
		yaml_problem(contract->recipients[0] != NULL
			? yaml_get(root, "recipients")
			: root,
		    "nobody can write under this contract%s; "
		    "give 'contacts' or 'domains'",
		    contract->recipients[0] != NULL
			? ": 'recipients' only choose among a sender's own"
			: "");
	return contract;
}
