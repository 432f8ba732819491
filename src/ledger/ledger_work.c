/* What each entry of a ticket's worklog costs under its terms. */
#include "guichet/ledger/ledger_work.h"

Date
ledger_month(const Zone *zone, Instant at)
{
	int year, month, day;

	date_split(wall_date(zone_wall(zone, at)), &year, &month, &day);
	return date_of(year, month, 1);
}

Date
ledger_next_month(Date month)
{
	int year, number, day;

	date_split(month, &year, &number, &day);
	return month + date_month_days(year, number);
}

/* The instant that the rate hangs on: a probe's alert, or the request ("c'est
 * l'heure à laquelle la sonde ou la demande est déclenchée"). */
static Instant
triggered(const TicketView *view)
{
	Instant origin = ticket_origin(view->ticket, view->terms.plan);

	return origin != INSTANT_NONE ? origin : view->ticket->received;
}

/* What all entries of the ticket have in common. */
static LedgerWork
priced(const TicketView *view, const HourTerms *hours)
{
	const Facts facts = ticket_facts(view->ticket, &view->terms);
	const HourRate *rate = hour_terms_rate(hours, triggered(view));

	return (LedgerWork){
		.ticket = view->ticket->number,
		.debit = hours_debit(&view->terms, &facts),
		.plan = g_intern_string(hours->terms.plan->name),
		.included_by = g_intern_string(
		    hours->included_by != NULL ? hours->included_by->name : ""),
		.slice = hours->slice,
		.included = hours->included,
		.prepaid = hours->hours->prepaid,
		.billed = rate != NULL,
		.price = rate != NULL ? rate->amount : 0,
		.minimum = rate != NULL ? rate->minimum : 0,
		.currency = g_intern_string(hours->hours->currency),
	};
}

GArray *
ledger_works(const TicketView *view, const GPtrArray *events)
{
	GArray *works = g_array_new(FALSE, FALSE, sizeof(LedgerWork));
	HourTerms hours;
	LedgerWork common;

	if (view->contract == NULL || view->terms.plan == NULL ||
	    !hour_terms(&view->terms, &hours))
		return works;
	common = priced(view, &hours);
	for (guint i = 0; i < events->len; i++) {
		const Event *event = events->pdata[i];
		LedgerWork work = common;

		if (event->type != EVENT_TIME || event->undone ||
		    event_int(event, "minutes") <= 0)
			continue;
		work.event = event->seq;
		work.mail = event->mail;
		work.at = event->at;
		work.month = ledger_month(
		    contract_zone(view->contract, event->at), event->at);
		work.minutes = event_int(event, "minutes");
		g_array_append_val(works, work);
	}
	return works;
}
