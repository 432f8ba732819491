/*
 * Under which contracts a sender may write, and what is known of those that
 * promise nothing: over, or not begun (doc/domain.md 11).
 */
#include "guichet/work/work.h"

#include "guichet/alert/alert_map.h"
#include "guichet/judgment/horizon.h"
#include "guichet/store/store_alert.h"
#include "guichet/store/store_contract.h"

#include <string.h>

static bool
chosen_by_recipient(const Contract *contract, char *const *recipients)
{
	for (gsize i = 0; contract->recipients[i] != NULL; i++) {
		if (g_strv_contains((const char *const *)recipients,
			contract->recipients[i]))
			return true;
	}
	return false;
}

/* Adds those that know the sender, in force or not. A named contact outranks a
 * mere domain: if they are named anywhere, contracts that only know their domain are
 * not theirs. */
static ContactMatch
add_contracts(Gathered *g, const Intake *in, const char *identity,
    bool in_force)
{
	const GPtrArray *all = ruleset_contracts(in->ruleset);
	guint before = g->contracts->len;
	ContactMatch best = CONTACT_NONE;

	for (guint i = 0; i < all->len; i++) {
		const Contract *contract = all->pdata[i];
		ContactMatch match = contract_match(contract, identity);
		ContractLife life = contract_life(contract, g->sit.received,
		    NULL);

		if (match == CONTACT_NONE || match < best ||
		    (life == CONTRACT_IN_FORCE) != in_force)
			continue;
		if (match > best)
			g_ptr_array_set_size(g->contracts, (gint)before);
		best = match;
		g_ptr_array_add(g->contracts, (gpointer)contract);
	}
	return best;
}

static const Contract *
named(const Gathered *g, guint count, const char *name)
{
	for (guint i = 0; i < count; i++) {
		const Contract *contract = g->contracts->pdata[i];

		if (strcmp(contract->name, name) == 0)
			return contract;
	}
	return NULL;
}

/* That whose host is the first that the mail's words name: a client's servers
 * may be of several levels, each a contract. NULL: they name none. */
static const Contract *
chosen_by_host(const Gathered *g, const Intake *in, guint count)
{
	const Message *message = g->sit.message;
	g_autofree char *text = g_strconcat(message->subject, " ",
	    message->new_text, NULL);
	g_auto(GStrv) names = alert_hosts_in(text, HORIZON_HOST_NAMES);

	for (gsize i = 0; names[i] != NULL; i++) {
		const AlertHost *line = alert_map_host(
		    ruleset_alert_map(in->ruleset), "", names[i], "");
		const Contract *contract = line != NULL &&
			line->contract != NULL
		    ? named(g, count, line->contract)
		    : NULL;

		if (contract != NULL)
			return contract;
	}
	return NULL;
}

/* Files stand in another order: "lambic-c.yaml" is before "lambic.yaml". */
static const Contract *
first_by_name(const Gathered *g, guint count)
{
	const Contract *first = g->contracts->pdata[0];

	for (guint i = 1; i < count; i++) {
		const Contract *contract = g->contracts->pdata[i];

		if (strcmp(contract->name, first->name) < 0)
			first = contract;
	}
	return first;
}

/* Of the first so many, that which the address they wrote to chooses, else a host
 * that they name, else the first by name. */
static const Contract *
choose(const Gathered *g, const Intake *in, guint count)
{
	const Contract *by_host;

	for (guint i = 0; i < count; i++) {
		if (chosen_by_recipient(g->contracts->pdata[i], g->recipients))
			return g->contracts->pdata[i];
	}
	by_host = count > 1 ? chosen_by_host(g, in, count) : NULL;
	return by_host != NULL ? by_host : first_by_name(g, count);
}

void
gather_contracts(Gathered *g, const Intake *in, const char *identity)
{
	ContactMatch match, dead;
	guint running;

	g->contracts = g_ptr_array_new();
	match = add_contracts(g, in, identity, true);
	running = g->contracts->len;
	/* Behind them: their tickets are the sender's all the same. */
	dead = add_contracts(g, in, identity, false);
	if (g->contracts->len == 0)
		return;
	g->sit.contract = choose(g, in,
	    running > 0 ? running : g->contracts->len);
	g->sit.who = (running > 0 ? match : dead) == CONTACT_DOMAIN &&
		g->sit.contract->named_contacts_only
	    ? WHO_COLLEAGUE
	    : WHO_CONTACT;
}

/* ---- what promises nothing ---- */

static bool
is_dead(const Contract *contract, Instant at)
{
	return contract != NULL &&
	    contract_life(contract, at, NULL) != CONTRACT_IN_FORCE;
}

/* How many others of the ticket fire: its end waits for them. */
static bool
count_firing(AlertFacts *facts, Intake *in, gint64 ticket, GError **error)
{
	g_autoptr(GPtrArray) all = store_alerts_of_ticket(in->store, ticket,
	    HORIZON_HOST_ALERTS, error);

	for (guint i = 0; all != NULL && i < all->len; i++) {
		const AlertCase *one = all->pdata[i];

		if (one->firing &&
		    (facts->known == NULL || one->id != facts->known->id))
			facts->host_firing++;
	}
	return all != NULL;
}

/* Which failures block is the plan's to say. */
static void
weigh(AlertFacts *facts, const Ruleset *ruleset, const Contract *contract,
    Instant at)
{
	const Alert *alert = facts->alert;
	AlertLevel level = alert != NULL ? alert->level
	    : facts->known != NULL       ? facts->known->level
					 : ALERT_LEVEL_NONE;
	Terms terms;

	/* Of a group, the worst that fires. */
	for (guint i = 0; alert != NULL && i < alert->members->len; i++) {
		const AlertMember *member = alert->members->pdata[i];

		if (member->firing)
			level = MAX(level, member->level);
	}
	if (contract != NULL && ruleset_terms(ruleset, contract, at, &terms))
		facts->target.severity = plan_alert_severity(terms.plan,
		    (guint)level, facts->target.severity);
}

static bool
find_host(AlertFacts *facts, Intake *in, Instant at, GError **error)
{
	const Contract *contract = ruleset_contract(in->ruleset,
	    facts->target.contract);
	const char *host = facts->alert != NULL ? facts->alert->host
	    : facts->known != NULL              ? facts->known->host
						: "";

	weigh(facts, in->ruleset, contract, at);
	if (!is_dead(contract, at) || *host == '\0')
		return true;
	return store_host_ticket(in->store, contract->name, host,
		   &facts->host_ticket, error) &&
	    (facts->host_ticket == 0 ||
		count_firing(facts, in, facts->host_ticket, error));
}

bool
gather_client_of_alert(AlertFacts *facts, Intake *in, Instant at,
    AlertCase **ret_storm, GError **error)
{
	return find_host(facts, in, at, error) &&
	    gather_storm_of_client(facts, in, at, ret_storm, error);
}

bool
gather_life(Gathered *g, Intake *in, GError **error)
{
	const char *identity = g->sit.message->identity;

	g->sit.life_told = INSTANT_NONE;
	return identity == NULL || !is_dead(g->sit.contract, g->sit.received) ||
	    store_life_told(in->store, identity, g->sit.contract->name,
		&g->sit.life_told, error);
}
