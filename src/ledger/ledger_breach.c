/* What missed guarantees bring: once a month, of the first of it. */
#include "guichet/ledger/ledger_breach.h"

#include "guichet/ledger/ledger_work.h"
#include "guichet/ticket/ticket_breach.h"

/* As the contract was when the guarantee was missed: its fields say the fee. */
static Terms
terms_then(const TicketView *view, const TicketBreach *breach)
{
	Terms terms;

	if (!ruleset_terms(view->rules.own, view->contract, breach->due,
		&terms))
		terms = view->terms;
	terms.plan = breach->plan;
	return terms;
}

static LedgerBreach
count(const TicketView *view, const TicketBreach *breach)
{
	const Terms terms = terms_then(view, breach);
	HourPenalty penalty = { .plan = breach->plan->name, .currency = "" };

	(void)hours_penalty(&terms, &penalty);
	return (LedgerBreach){
		.ticket = view->ticket->number,
		.milestone = breach->milestone,
		.at = breach->due,
		.month = ledger_month(
		    contract_zone(view->contract, breach->due), breach->due),
		.plan = g_intern_string(penalty.plan),
		.minutes = penalty.minutes,
		.amount = penalty.amount,
		.currency = g_intern_string(penalty.currency),
	};
}

GArray *
ledger_breaches(const TicketView *view, const GPtrArray *events)
{
	g_autoptr(GArray) missed = ticket_breaches(view, events);
	GArray *breaches = g_array_new(FALSE, FALSE, sizeof(LedgerBreach));

	for (guint i = 0; view->contract != NULL && i < missed->len; i++) {
		LedgerBreach breach = count(view,
		    &g_array_index(missed, TicketBreach, i));

		g_array_append_val(breaches, breach);
	}
	return breaches;
}

/* ---- what a contract's bring ---- */

static bool
is_earlier(const LedgerBreach *a, const LedgerBreach *b)
{
	if (a->at != b->at)
		return a->at < b->at;
	return a->ticket != b->ticket ? a->ticket < b->ticket
				      : a->milestone < b->milestone;
}

/* Whether no other of its month is before it. */
static bool
is_first(const GArray *breaches, const LedgerBreach *breach)
{
	for (guint i = 0; i < breaches->len; i++) {
		const LedgerBreach *other = &g_array_index(breaches,
		    LedgerBreach, i);

		if (other->month == breach->month &&
		    (other->minutes != 0 || other->amount != 0) &&
		    is_earlier(other, breach))
			return false;
	}
	return true;
}

GArray *
ledger_credits(const LedgerFacts *facts)
{
	GArray *credits = g_array_copy((GArray *)facts->credits);

	for (guint i = 0; facts->breaches != NULL && i < facts->breaches->len;
	     i++) {
		const LedgerBreach *breach = &g_array_index(facts->breaches,
		    LedgerBreach, i);
		LedgerCredit credit = { .order = -(gint64)breach->month,
			.ticket = breach->ticket,
			.at = breach->at,
			.until = INSTANT_NONE,
			.minutes = breach->minutes,
			.amount = breach->amount,
			.plan = breach->plan,
			.currency = breach->currency };

		if ((breach->minutes != 0 || breach->amount != 0) &&
		    is_first(facts->breaches, breach))
			g_array_append_val(credits, credit);
	}
	return credits;
}
