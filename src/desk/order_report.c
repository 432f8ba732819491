/* What is said of an order once it is done. */
#include "order_private.h"

#include "reply_private.h"

#include "guichet/base/text.h"

#include <string.h>

#define NUMBER "#%" G_GINT64_FORMAT

char *
order_report(const OrderCase *c, const Decision *decision)
{
	return order_row(c->order->kind)->report(c, decision);
}

char *
order_report_resolve(const OrderCase *c, const Decision *decision)
{
	gint64 number = c->ticket->number;

	(void)decision;
	if (order_tells_client(c))
		return text_in(c->language,
		    NUMBER " est résolu ; le client en est averti.",
		    NUMBER " is resolved; the client is told.", number);
	if (c->client.is_program)
		return text_in(c->language,
		    NUMBER " est résolu ; un programme l'a ouvert, personne "
			   "n'est averti.",
		    NUMBER " is resolved; a program opened it, so nobody is "
			   "told.",
		    number);
	return text_in(c->language,
	    NUMBER " est résolu ; personne n'est averti : il n'a pas "
		   "d'adresse à qui répondre.",
	    NUMBER " is resolved; nobody is told: it has no address to "
		   "answer.",
	    number);
}

char *
order_report_close(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language, NUMBER " est clos ; personne n'est averti.",
	    NUMBER " is closed; nobody is told.", c->ticket->number);
}

char *
order_report_assign(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language, NUMBER " est attribué à %s.",
	    NUMBER " is assigned to %s.", c->ticket->number, c->assignee);
}

char *
order_report_severity(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    NUMBER " est maintenant de gravité %d ; ses délais sont recalculés "
		   "depuis sa prise en charge.",
	    NUMBER " has severity %d now; its clocks are recomputed from "
		   "intake.",
	    c->ticket->number, c->order->severity);
}

char *
order_report_kind(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    NUMBER " : %s. Ses délais sont recalculés depuis sa prise en "
		   "charge.",
	    NUMBER ": %s. Its clocks are recomputed from intake.",
	    c->ticket->number,
	    reply_words_kind(c->order->ticket_kind, c->language));
}

/* Whether the contract's plan covers it, which decides what is promised. */
static const char *
cover_words(const OrderCase *c)
{
	const Terms *terms = &c->view->terms;

	if (terms->plan == NULL)
		return "";
	if (plan_covers_component(terms->plan, c->order->text, terms->fields))
		return text_is_french(c->language) ? ", couvert par le contrat"
						   : ", which the contract "
						     "covers";
	return text_is_french(c->language) ? ", exclu par le contrat"
					   : ", which the contract excludes";
}

char *
order_report_component(const OrderCase *c, const Decision *decision)
{
	bool french = text_is_french(c->language);
	const char *name = c->order->text;

	(void)decision;
	return text_in(c->language,
	    NUMBER " : composant %s%s. Ses délais sont recalculés depuis sa "
		   "prise en charge.",
	    NUMBER ": component %s%s. Its clocks are recomputed from intake.",
	    c->ticket->number,
	    *name != '\0' ? name
		: french  ? "aucun"
			  : "none",
	    cover_words(c));
}

char *
order_report_note(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language, "Noté sur " NUMBER ", en interne.",
	    "Noted on " NUMBER ", inside.", c->ticket->number);
}

/* An order that only records what happened, by its own last word. */
char *
order_report_recorded(const OrderCase *c, const Decision *decision)
{
	const char *word = strrchr(order_row(c->order->kind)->command, ' ');

	(void)decision;
	return text_in(c->language, NUMBER " : %s est noté.",
	    NUMBER ": %s recorded.", c->ticket->number, word + 1);
}

/* Who is informed of an alert by it, or why nobody is. */
static void
add_informed(GString *said, const Decision *decision)
{
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->kind == EFFECT_SEND)
			g_string_append_printf(said, "%s is informed.\n",
			    effect->to);
		else if (effect->event != NULL &&
		    effect->event->type == EVENT_HELD)
			g_string_append_printf(said,
			    "The client is not informed: %s.\n",
			    event_text(effect->event, "reason"));
	}
}

char *
order_report_contract(const OrderCase *c, const Decision *decision)
{
	const Effect *first = decision->effects->pdata[0];
	const char *mandate = event_text(first->event, "mandate");
	g_autofree char *recorded = order_report_recorded(c, decision);
	GString *said = g_string_new(NULL);

	if (*mandate != '\0') {
		g_string_append_printf(said, "Under plan %s %s.\n",
		    event_text(first->event, "plan"),
		    alert_mandate_words(mandate));
		add_informed(said, decision);
	}
	g_string_append(said, recorded);
	return g_string_free(said, FALSE);
}

char *
order_report_maintenance(const OrderCase *c, const Decision *decision)
{
	const MaintenanceOrder *order = c->order->maintenance;
	g_autofree char *target = maintenance_order_target(order);
	g_autofree char *from = maintenance_order_instant(order->from, c->zone);
	g_autofree char *to = maintenance_order_instant(order->to, c->zone);

	(void)decision;
	if (order->ends)
		return text_in(c->language,
		    "La maintenance %" G_GINT64_FORMAT " est finie.",
		    "Maintenance %" G_GINT64_FORMAT " is over.", order->number);
	return text_in(c->language,
	    "Maintenance %" G_GINT64_FORMAT
	    " : %s est muet de %s à %s ; ce qui échoue encore alors ouvre un "
	    "ticket.",
	    "Maintenance %" G_GINT64_FORMAT
	    ": %s is silent from %s to %s; what still fails then opens a "
	    "ticket.",
	    order->number, target, from, to);
}

char *
order_report_outbox(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return c->order->kind == ORDER_OUTBOX_RETRY
	    ? text_in(c->language,
		  "%" G_GINT64_FORMAT " sera envoyé de nouveau.",
		  "%" G_GINT64_FORMAT " will be sent again.", c->order->number)
	    : text_in(c->language, "%" G_GINT64_FORMAT " ne sera pas envoyé.",
		  "%" G_GINT64_FORMAT " will not be sent.", c->order->number);
}

char *
order_report_release(const OrderCase *c, const Decision *decision)
{
	const Effect *opened = decision->effects->pdata[0];

	return text_in(c->language,
	    "Le mail %" G_GINT64_FORMAT " est maintenant le ticket " NUMBER ".",
	    "Mail %" G_GINT64_FORMAT " is ticket " NUMBER " now.",
	    c->order->number, opened->event->ticket);
}

char *
order_report_drop(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    "Le mail %" G_GINT64_FORMAT " est mis de côté ; il reste stocké.",
	    "Mail %" G_GINT64_FORMAT " is out of the way; it stays stored.",
	    c->order->number);
}
