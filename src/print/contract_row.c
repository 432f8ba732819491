/* A contract as `guichet contract` shows it, whole or in a line. */
#include "guichet/print/contract_row.h"

#include "guichet/rules/duty.h"

#include "guichet/base/cleanup.h"

#include <string.h>

ContractRow
contract_row(const Ruleset *ruleset, const Contract *contract, Instant now)
{
	ContractRow row = {
		.ruleset = ruleset,
		.contract = contract,
		.version = contract_version(contract, now),
		.zone = contract_zone(contract, now),
		.now = now,
	};

	row.today = wall_date(zone_wall(row.zone, now));
	row.term = contract_term(contract, row.today);
	row.has_next = row.term.has_end && !row.term.over;
	row.next = row.term.has_notice && !row.term.notice_passed
	    ? row.term.notice_by
	    : row.term.end;
	return row;
}

const char *
contract_row_state(const ContractRow *row)
{
	if (row->version == NULL)
		return "not-yet";
	if (!row->term.has_end)
		return "open-ended";
	if (row->term.over)
		return "over";
	if (!row->term.renews)
		return "ends";
	return row->term.has_notice && row->term.notice_passed ? "renews"
							       : "runs";
}

/* ---- JSON ---- */

static json_t *
date_json(bool has, Date date)
{
	g_autofree char *text = has ? date_format(date) : NULL;

	return has ? json_string(text) : json_null();
}

static json_t *
words_json(char *const *words)
{
	json_t *list = json_array();

	for (gsize i = 0; words != NULL && words[i] != NULL; i++)
		json_array_append_new(list, json_string(words[i]));
	return list;
}

static json_t *
duration_json(Duration duration)
{
	g_autofree char *text = duration.count > 0 ? duration_format(duration)
						   : NULL;

	return text != NULL ? json_string(text) : json_null();
}

json_t *
contract_row_json(const ContractRow *row)
{
	const Contract *c = row->contract;
	const ContractTerm *t = &row->term;

	return json_pack("{ss ss ss so so so so so sI so}", "contract", c->name,
	    "client", c->client, "state", contract_row_state(row), "plans",
	    words_json(row->version != NULL ? row->version->plans : NULL),
	    "ends", date_json(t->has_end, t->end), "notice_by",
	    date_json(t->has_notice, t->notice_by), "renewed_by",
	    duration_json(c->term), "notice", duration_json(c->notice),
	    "renewals", (json_int_t)t->renewals, "days",
	    row->has_next ? json_integer(row->next - row->today) : json_null());
}

static json_t *
target_json(const ContractRow *row, const Plan *plan, const Target *target)
{
	g_autofree char *when = condition_describe(&target->when);

	(void)row;
	return json_pack("{ss ss so ss ss}", "milestone",
	    milestone_name(target->milestone), "commitment",
	    commitment_name(target->commitment), "within",
	    target->has_term ? duration_json(target->within) : json_null(),
	    "calendar", target->clock != NULL ? target->clock : plan->intake,
	    "when", when);
}

/* The promises of a plan under this contract: its own stand for those of the
 * first. */
const GPtrArray *
contract_row_targets(const ContractRow *row, gsize place, const Plan *plan)
{
	return place == 0 && row->version->targets != NULL
	    ? row->version->targets
	    : plan->targets;
}

static json_t *
terms_json(const Plan *plan)
{
	json_t *map = json_object();

	for (guint i = 0; i < plan->terms.shown->len; i++) {
		const PlanTerm *term = plan->terms.shown->pdata[i];

		json_object_set_new(map, term->name, json_string(term->value));
	}
	return map;
}

static json_t *
components_json(const ContractRow *row, const Plan *plan)
{
	json_t *map = json_object();

	for (guint i = 0; i < plan->components->len; i++) {
		const Component *one = plan->components->pdata[i];

		json_object_set_new(map, one->name,
		    json_boolean(plan_covers_component(plan, one->name,
			row->version->fields)));
	}
	return map;
}

static json_t *
plans_json(const ContractRow *row)
{
	json_t *list = json_array();

	for (gsize p = 0; row->version->plans[p] != NULL; p++) {
		const Plan *plan = ruleset_plan(row->ruleset,
		    row->version->plans[p]);
		const GPtrArray *targets = contract_row_targets(row, p, plan);
		json_t *all = json_array();

		for (guint i = 0; i < targets->len; i++)
			json_array_append_new(all,
			    target_json(row, plan, targets->pdata[i]));
		json_array_append_new(list,
		    json_pack("{ss ss ss ss so so so}", "plan", plan->name,
			"title",
			words_in(&plan->title, row->contract->language),
			"intake", plan->intake, "provider", plan->provider,
			"targets", all, "terms", terms_json(plan), "components",
			components_json(row, plan)));
	}
	return list;
}

static json_t *
fields_json(const ContractRow *row)
{
	json_t *map = json_object();
	GHashTableIter iter;
	gpointer name, value;

	if (row->version->fields == NULL)
		return map;
	g_hash_table_iter_init(&iter, row->version->fields);
	while (g_hash_table_iter_next(&iter, &name, &value))
		json_object_set_new(map, name, json_string(value));
	return map;
}

static json_t *
contacts_json(const Contract *contract)
{
	json_t *list = json_array();

	for (guint i = 0; i < contract->contacts->len; i++) {
		const Contact *contact = contract->contacts->pdata[i];

		json_array_append_new(list,
		    json_pack("{ss ss}", "name", contact->name, "address",
			contact->address));
	}
	return list;
}

char **
contract_row_holidays(const ContractRow *row)
{
	const Plan *plan = ruleset_plan(row->ruleset, row->version->plans[0]);

	return row->version->holidays != NULL ? row->version->holidays
					      : plan->holidays;
}

const Zone *
contract_row_zone(const ContractRow *row)
{
	const Plan *plan = ruleset_plan(row->ruleset, row->version->plans[0]);

	return row->version->zone != NULL ? row->version->zone : plan->zone;
}

static json_t *
duties_json(const ContractRow *row)
{
	g_autoptr(GArray) rows = duty_rows(row->ruleset, row->contract,
	    row->version);
	json_t *list = json_array();

	for (guint i = 0; i < rows->len; i++) {
		const DutyRow *duty = &g_array_index(rows, DutyRow, i);
		DutyPeriod period = { .due = INSTANT_NONE };
		g_autofree char *due = NULL;

		duty_next(duty, row->now, &period);
		due = instant_format(period.due);
		json_array_append_new(list,
		    json_pack("{ss ss so ss}", "duty", duty->duty->name, "plan",
			duty->plan->name, "every",
			duration_json(duty->duty->every), "next", due));
	}
	return list;
}

json_t *
contract_row_whole(const ContractRow *row)
{
	json_t *whole = contract_row_json(row);

	json_object_set_new(whole, "language",
	    json_string(row->contract->language));
	json_object_set_new(whole, "contacts", contacts_json(row->contract));
	json_object_set_new(whole, "domains",
	    words_json(row->contract->domains));
	if (row->version != NULL) {
		json_object_set_new(whole, "from",
		    date_json(true, row->version->from));
		json_object_set_new(whole, "zone",
		    json_string(zone_name(contract_row_zone(row))));
		json_object_set_new(whole, "holidays",
		    words_json(contract_row_holidays(row)));
		json_object_set_new(whole, "fields", fields_json(row));
		json_object_set_new(whole, "promises", plans_json(row));
		json_object_set_new(whole, "duties", duties_json(row));
	}
	return whole;
}
