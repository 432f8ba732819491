/* `guichet event N contract NAME` on the ticket of an alert. */
#include "manage_private.h"

#include "guichet/store/store_alert.h"

#include <string.h>

#define CASES 100 /* of one ticket; a storm's have each their own host */

/* From now on the case is that client's, until a mail says otherwise. */
static bool
map_cases(Intake *in, StoreTx *tx, const Ticket *ticket, const char *contract,
    GError **error)
{
	g_autoptr(GPtrArray) cases = store_alerts_of_ticket(in->store,
	    ticket->number, CASES, error);

	for (guint i = 0; cases != NULL && i < cases->len; i++) {
		AlertCase *one = cases->pdata[i];
		g_autofree char *key = alert_case_ticket_key(one);

		if (strcmp(key, ticket->alert_key) != 0)
			continue;
		g_free(one->contract);
		one->contract = g_strdup(contract);
		if (!store_put_alert(tx, one, error))
			return false;
	}
	return cases != NULL;
}

static bool
untag(StoreTx *tx, const Ticket *ticket, const Event *moved, GError **error)
{
	g_autoptr(Event) event = NULL;

	if (!g_ptr_array_find_with_equal_func(ticket->tags, "unmapped-host",
		g_str_equal, NULL))
		return true;
	event = event_new(EVENT_TAG, ticket->number, moved->at, "manager", 0);
	event->recorded = moved->recorded;
	event_set(event, "remove", "unmapped-host");
	return store_append(tx, event, error);
}

/* The client hears that it began, as if a line of hosts.yaml had said so. */
static bool
inform(Intake *in, StoreTx *tx, const Ticket *ticket, const Event *moved,
    GString *out, GError **error)
{
	g_autoptr(GArray) touched = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(Decision) decision = NULL;
	g_autoptr(TicketView) view = NULL;
	AlertFacts facts = { .source = "", .why = "" };
	const Situation sit = { .received = ticket->received,
		.now = moved->at,
		.alert = &facts,
		.ruleset = in->ruleset,
		.policy = &in->conf->policy };
	gint64 opened;
	Filed filed;

	facts.target.contract = event_text(moved, "contract");
	view = view_load(in, ticket->number, error);
	if (view == NULL ||
	    !alert_told(in, view, view->contract, sit.now, &facts.told, error))
		return false;
	facts.ticket = view->ticket;
	decision = desk_map_alert(&sit);
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->event != NULL) {
			effect->event->at = moved->at;
			effect->event->recorded = moved->recorded;
		}
		if (effect->kind == EFFECT_SEND)
			g_string_append_printf(out, "%s is informed.\n",
			    effect->to);
		else if (effect->event != NULL &&
		    effect->event->type == EVENT_HELD)
			g_string_append_printf(out,
			    "The client is not informed: %s.\n",
			    event_text(effect->event, "reason"));
	}
	return effects_write(tx, decision, NULL, &sit, touched, &filed, &opened,
		   error) &&
	    view_project(in, tx, ticket->number, "manager", sit.now, error) &&
	    effects_send(in, tx, decision, NULL, &facts, touched, opened,
		"manager", sit.now, error);
}

bool
manage_map_alert(Intake *in, StoreTx *tx, const Ticket *ticket,
    const Event *event, GString *out, GError **error)
{
	g_string_append_printf(out, "Under plan %s %s.\n",
	    event_text(event, "plan"),
	    alert_mandate_words(event_text(event, "mandate")));
	return untag(tx, ticket, event, error) &&
	    map_cases(in, tx, ticket, event_text(event, "contract"), error) &&
	    inform(in, tx, ticket, event, out, error);
}
