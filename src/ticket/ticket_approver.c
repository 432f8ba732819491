/* Which estimates wait for the client's agreement, and whose. */
#include "guichet/ticket/ticket_estimate.h"

#include "guichet/base/text.h"

bool
ticket_estimate_is_over(const TicketView *view, int minutes,
    const Plan **ret_plan)
{
	const Plan *plan = ticket_view_plan_meant(view);

	if (plan == NULL || plan->terms.limit == 0 ||
	    (Seconds)minutes * 60 <= plan->terms.limit)
		return false;
	if (ret_plan != NULL)
		*ret_plan = plan;
	return true;
}

const char *
ticket_estimate_team(const TicketView *view)
{
	const Plan *plan = ticket_view_plan_meant(view);

	return plan != NULL ? terms_field(&view->terms, plan->terms.limit_to)
			    : NULL;
}

bool
ticket_estimate_asks(const TicketView *view, int minutes)
{
	const Plan *plan = ticket_view_plan_meant(view);
	const char *above;
	gint64 count;

	if (plan == NULL || plan->terms.estimates)
		return plan != NULL;
	above = terms_field(&view->terms, plan->terms.approval);
	return above != NULL &&
	    g_ascii_string_to_signed(above, 10, 0, G_MAXINT32, &count, NULL) &&
	    (gint64)minutes * 60 > count * plan->terms.approval_of;
}

/* A field of a contract is as it was written there. */
static const Contact *
contact_written(const Contract *contract, const char *address)
{
	g_autofree char *canonical = text_address_canonical(address);

	return canonical != NULL ? contract_contact(contract, canonical) : NULL;
}

const char *
ticket_estimate_approver(const TicketView *view, const char *client,
    const Ruleset *today)
{
	const Contract *contract = ruleset_contract(today,
	    view->ticket->contract);
	const Plan *plan = view->terms.plan;
	const char *named = plan != NULL
	    ? terms_field(&view->terms, plan->terms.approval_contact)
	    : NULL;
	const Contact *found = NULL;

	if (contract == NULL || contract->contacts->len == 0)
		return NULL;
	if (named != NULL)
		found = contact_written(contract, named);
	if (found == NULL)
		found = contract_contact(contract, client);
	if (found == NULL)
		found = contract->contacts->pdata[0];
	return found->address;
}
