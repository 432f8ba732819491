/* What the store says of an alert beside its case: silence, and what its client
 * was told. */
#include "guichet/work/work.h"

#include "guichet/alert/alert_map.h"
#include "guichet/judgment/horizon.h"
#include "guichet/store/store_alert.h"

#include <string.h>

/* All that silences then, and whose the host is. Borrowed. */
typedef struct {
	const AlertMap *map;
	const GPtrArray *planned; /* Maintenance * */
	const char *contract;
	Instant at;
} Silence;

/* The latest end of what silences the host then, planned or of every night. */
static Instant
silent_until(const Silence *silence, const char *host, const char *name)
{
	const GPtrArray *planned = silence->planned;
	const AlertMap *map = silence->map;
	Instant at = silence->at;
	Instant until;

	if (*host == '\0')
		return INSTANT_NONE;
	until = alert_map_quiet_until(map, host, name, at);
	for (guint i = 0; i < planned->len; i++) {
		const Maintenance *one = planned->pdata[i];
		const char *service = *one->service != '\0' ? one->service
							    : NULL;

		if (at >= one->from && alert_glob_fits(one->host, host) &&
		    alert_glob_fits(service, name) &&
		    (*one->contract == '\0' ||
			g_strcmp0(one->contract, silence->contract) == 0) &&
		    (until == INSTANT_NONE || one->to > until))
			until = one->to;
	}
	return until;
}

bool
alert_silence(Intake *in, const SilentHost *host, Instant at,
    Instant *ret_until, GError **error)
{
	g_autoptr(GPtrArray) planned = store_maintenance(in->store, at, error);
	const Silence silence = { ruleset_alert_map(in->ruleset), planned,
		host->contract, at };

	if (planned == NULL)
		return false;
	*ret_until = silent_until(&silence, host->host, host->service);
	return true;
}

/* Until the first of them is not. */
static Instant
group_silent_until(const Silence *silence, const Alert *alert)
{
	Instant first = INSTANT_NONE;

	for (guint i = 0; i < alert->members->len; i++) {
		const AlertMember *member = alert->members->pdata[i];
		Instant until;

		if (!member->firing)
			continue;
		until = silent_until(silence, alert_member_host(alert, member),
		    alert_member_service(alert, member));
		if (until == INSTANT_NONE)
			return INSTANT_NONE;
		if (first == INSTANT_NONE || until < first)
			first = until;
	}
	return first;
}

bool
alert_mail_silence(Intake *in, const Alert *alert, const char *contract,
    Instant at, Instant *ret_until, GError **error)
{
	g_autoptr(GPtrArray) planned = NULL;
	Silence silence = { ruleset_alert_map(in->ruleset), NULL, contract,
		at };

	if (alert->members->len == 0)
		return alert_silence(in,
		    &(SilentHost){ alert->host, alert->service, contract }, at,
		    ret_until, error);
	silence.planned = planned = store_maintenance(in->store, at, error);
	if (planned == NULL)
		return false;
	/* What could not be read whole may hold more. */
	*ret_until = alert->limits[0] == NULL
	    ? group_silent_until(&silence, alert)
	    : INSTANT_NONE;
	return true;
}

static bool
find_events(Intake *in, gint64 ticket, const char *contract, AlertTold *told,
    GError **error)
{
	g_autoptr(GPtrArray) events = store_events(in->store, ticket, error);

	for (guint i = 0; events != NULL && i < events->len; i++) {
		const Event *event = events->pdata[i];
		const char *word = event_text(event, "informed");

		/* What another client was told, this one was not. */
		if (event->type == EVENT_CONTRACT &&
		    strcmp(event_text(event, "contract"), contract) != 0)
			told->began = told->over = false;
		if (event_informed_is(word, INFORMED_OPENED))
			told->began = true;
		if (event_informed_is(word, INFORMED_RECOVERED))
			told->over = true;
	}
	return events != NULL;
}

bool
alert_told(Intake *in, const TicketView *view, const Contract *contract,
    Instant now, AlertTold *ret_told, GError **error)
{
	const GPtrArray *contacts = ticket_view_alert_contacts(contract,
	    in->ruleset);
	AlertTold told = { .budget = true };
	const Contact *first;
	int most = in->conf->policy.per_domain_hour, sent = 0;

	*ret_told = told;
	if (contacts == NULL || contacts->len == 0)
		return true;
	if (view != NULL && !ticket_state_is_done(view->ticket->state) &&
	    !find_events(in, view->ticket->number, contract->name, &told,
		error))
		return false;
	first = contacts->pdata[0];
	if (!store_count_outbox(in->store,
		&(OutboxQuery){ SEND_INFORMATION, first->address, 0,
		    now - HORIZON_TOLD_SECONDS, most },
		&sent, error))
		return false;
	told.budget = sent < most;
	*ret_told = told;
	return true;
}

bool
alert_told_next(Intake *in, const TicketView *view, const char *target,
    Instant now, AlertTold *ret_told, GError **error)
{
	bool is_open = view != NULL &&
	    !ticket_state_is_done(view->ticket->state);
	const Contract *contract = is_open
	    ? view->contract
	    : ruleset_contract(in->ruleset, target);

	return alert_told(in, view, contract, now, ret_told, error);
}
