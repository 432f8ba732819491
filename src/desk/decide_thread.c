/*
 * Which ticket a mail is about, and what becomes of the others that its thread
 * runs through (doc/design.md 7, "Which ticket").
 */
#include "decide_private.h"

#include "guichet/desk/reply_choices.h"

#include <string.h>

/* ---- what binds ---- */

/* Whether the ticket's contract is one of the sender's own. */
static bool
shares_contract(const Situation *sit, const Ticket *ticket)
{
	for (gsize i = 0; sit->contracts != NULL && sit->contracts[i] != NULL;
	     i++) {
		if (strcmp(sit->contracts[i]->name, ticket->contract) == 0)
			return true;
	}
	return false;
}

/* A choice is good for what it offers, once, to whom it was offered. */
static bool
is_beside_choice(const Situation *sit)
{
	return sit->button != 0 &&
	    (sit->button_spent || !sit->button_fits ||
		!reply_choice_writes(sit->button, sit->message->new_text));
}

bool
decide_link_proves(const Situation *sit, LinkKind link)
{
	return link == LINK_OWN_ID ||
	    (link == LINK_TOKEN && sit->token == TOKEN_OK &&
		!is_beside_choice(sit));
}

bool
decide_binds(const Situation *sit, const Candidate *c)
{
	switch (c->link) {
	case LINK_TOKEN:
	case LINK_OWN_ID:
	case LINK_STORED_ID:
		return true;
	case LINK_SEEN_ID: /* anybody can name an id */
		return c->participant || shares_contract(sit, c->ticket);
	case LINK_TAG: /* anybody can count */
		return c->participant;
	case LINK_NONE:
	case LINK_COUNT:
		break;
	}
	return false;
}

/* ---- several of them ---- */

/* Whether nobody knows of it yet: it stands there as its mails opened it, and no
 * mail of ours about it was read. What an alert has opened is its source's. */
static bool
is_untouched(const Candidate *c)
{
	const Ticket *ticket = c->ticket;

	return c->is_untold && ticket->state == TICKET_NEW &&
	    ticket->part->len == 0 && *ticket->contract != '\0' &&
	    !ticket_is_of_an_alert(ticket) &&
	    ticket->talk.asks->len == (guint)ticket->messages;
}

/* Whether one can become the other. */
static bool
may_merge(const Candidate *into, const Candidate *c)
{
	return into->ticket->number != c->ticket->number &&
	    !ticket_state_is_done(into->ticket->state) &&
	    strcmp(into->ticket->contract, c->ticket->contract) == 0;
}

/* Whether the mail ties it to others: anybody can count, and what somebody wrote
 * in a subject is no thread. */
static bool
is_of_thread(const Situation *sit, const Candidate *c)
{
	return decide_binds(sit, c) && c->link != LINK_TAG &&
	    (c->participant || shares_contract(sit, c->ticket));
}

/* What somebody has read of stays, whichever came first. */
const Candidate *
decide_ticket_meant(const Situation *sit)
{
	const Candidate *meant = NULL;

	for (gsize i = 0; i < sit->candidate_count; i++) {
		const Candidate *c = &sit->candidates[i];

		if (!decide_binds(sit, c))
			continue;
		if (meant == NULL)
			meant = c;
		if (!is_untouched(meant))
			break;
		if (c->participant && !is_untouched(c) &&
		    is_of_thread(sit, c) && may_merge(c, meant))
			return c;
	}
	return meant;
}

/* Its mails are judged as if they had come behind this one. */
static void
take_in(Judgment *j, const Candidate *into, const Candidate *c)
{
	const GArray *asks = c->ticket->talk.asks;

	judgment_trace(j, "ticket",
	    "#%" G_GINT64_FORMAT ", of which nobody has read, is merged into "
	    "#%" G_GINT64_FORMAT,
	    c->ticket->number, into->ticket->number);
	judgment_merge(j, into->view, c->view);
	judgment_effect(j, EFFECT_WITHDRAW)->ticket = c->ticket->number;
	for (guint i = 0; i < asks->len; i++)
		judgment_effect(j, EFFECT_JUDGE_AGAIN)->id =
		    g_array_index(asks, TicketWord, i).mail;
}

void
decide_tie_threads(Judgment *j, const Candidate *meant)
{
	const Situation *sit = j->sit;
	gint64 number = meant->ticket->number;

	for (gsize i = 0; sit->auth != AUTH_FAIL && i < sit->candidate_count;
	     i++) {
		const Candidate *c = &sit->candidates[i];

		if (c->ticket->number == number || !is_of_thread(sit, c))
			continue;
		/* What is proven is moved by no less. */
		if (is_untouched(c) && may_merge(meant, c) &&
		    meant->participant && sit->robot->class == ROBOT_NONE &&
		    (!c->ticket->is_proven ||
			decide_is_proven(sit, meant->link)))
			take_in(j, meant, c);
		else if (!c->is_linked)
			judgment_link(j, number, c->ticket->number,
			    link_kind_name(c->link));
	}
}
