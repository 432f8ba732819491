/* Which estimates wait for the client's agreement, and whose. */
#include "guichet/ticket/ticket_estimate.h"

static const char *
field_of(const TicketView *view, const char *name)
{
	return name == NULL || view->terms.fields == NULL
	    ? NULL
	    : g_hash_table_lookup(view->terms.fields, name);
}

static const Plan *
plan_of(const TicketView *view)
{
	const Plan *plan = ticket_view_plan(view);

	return plan != NULL ? plan : view->terms.plan;
}

bool
ticket_estimate_is_over(const TicketView *view, int minutes,
    const Plan **ret_plan)
{
	const Plan *plan = plan_of(view);

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
	const Plan *plan = plan_of(view);

	return plan != NULL ? field_of(view, plan->terms.limit_to) : NULL;
}

bool
ticket_estimate_asks(const TicketView *view, int minutes)
{
	const Plan *plan = plan_of(view);
	const char *above;
	gint64 count;

	if (plan == NULL || plan->terms.estimates)
		return plan != NULL;
	above = field_of(view, plan->terms.approval);
	return above != NULL &&
	    g_ascii_string_to_signed(above, 10, 0, G_MAXINT32, &count, NULL) &&
	    (gint64)minutes * 60 > count * plan->terms.approval_of;
}

static const char *
contact_of(const Contract *contract, const char *address)
{
	for (guint i = 0; i < contract->contacts->len; i++) {
		const Contact *contact = contract->contacts->pdata[i];

		if (g_ascii_strcasecmp(contact->address, address) == 0)
			return contact->address;
	}
	return NULL;
}

const char *
ticket_estimate_approver(const TicketView *view, const char *client,
    const Ruleset *today)
{
	const Contract *contract = ruleset_contract(today,
	    view->ticket->contract);
	const Plan *plan = view->terms.plan;
	const char *named = plan != NULL
	    ? field_of(view, plan->terms.approval_contact)
	    : NULL;
	const char *found = NULL;

	if (contract == NULL || contract->contacts->len == 0)
		return NULL;
	if (named != NULL)
		found = contact_of(contract, named);
	if (found == NULL)
		found = contact_of(contract, client);
	return found != NULL
	    ? found
	    : ((const Contact *)contract->contacts->pdata[0])->address;
}
