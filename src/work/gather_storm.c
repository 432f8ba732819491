/*
 * Whether the alert in hand is one more of a storm: of its source, or of its
 * client alone (guichet.yaml(5), storm).
 */
#include "guichet/work/work.h"

#include "guichet/store/store_alert.h"
#include "guichet/store/store_contract.h"

/* The open parent of that storm. */
static bool
find_parent(AlertFacts *facts, Intake *in, const AlertCase *storm,
    GError **error)
{
	TicketView *view = NULL;

	facts->storm = storm;
	facts->storm_ticket = NULL;
	if (storm == NULL || storm->ticket == 0)
		return true;
	if (!view_find(in, storm->ticket, &view, error))
		return false;
	facts->storm_ticket = view != NULL ? view->ticket : NULL;
	return true;
}

bool
gather_storm_of_client(AlertFacts *facts, Intake *in, Instant at,
    AlertCase **ret_storm, GError **error)
{
	const DeskPolicy *policy = &in->conf->policy;
	const char *contract = facts->target.contract;
	bool goes_on;

	if (*contract == '\0' || policy->storm_within == 0)
		return true;
	if (!store_contract_openings(in->store, facts->source, contract,
		at - policy->storm_within + 1, &facts->client_openings,
		error) ||
	    !store_alert(in->store, facts->source, ALERT_SYSTEM_STORM, contract,
		ret_storm, error))
		return false;
	goes_on = *ret_storm != NULL && facts->known != NULL &&
	    facts->known->ticket != 0 &&
	    facts->known->ticket == (*ret_storm)->ticket;
	if (!goes_on && facts->client_openings < policy->storm_alerts)
		return true;
	facts->is_client_storm = true;
	return find_parent(facts, in, *ret_storm, error);
}
