/*
 * awaits: what comes next of a ticket, and for whom (doc/domain.md 7). No open ticket is without: the earliest of its clocks, the answer
 * that a client's mail is due, promised news, the reminder of a client or of
 * somebody else who is waited for, a technician's own date; where nothing of
 * that is to come, a review.
 *
 * Pure: a view with its clocks in, instants out. A view without a desk
 * (TicketView.desk NULL) has its clocks alone.
 */
#ifndef GUICHET_AWAITS_H
#define GUICHET_AWAITS_H

#include "guichet/rules/silence.h"
#include "guichet/ticket/ticket_view.h"

/* What a site says of silence, with its calendars. */
typedef struct SilenceDesk {
	const SilenceRules *rules; /* borrowed, of guichet.yaml */
	const Calendar *open; /* the desk's hours: days are counted there */
	Calendar *own;        /* `open`, where no calendar is named: Monday to
			   * Friday, 09:00 to 18:00, less the holidays */
	Calendar *always;     /* of severity 1 */
} SilenceDesk;

/* Borrows rules and ruleset. A calendar that the ruleset lacks is as if none
 * were named: `guichet check` says so. */
SilenceDesk *silence_desk_new(const SilenceRules *rules, const Ruleset *ruleset,
    const Zone *zone);
void silence_desk_free(SilenceDesk *desk);

typedef enum {
	AWAITS_NOTHING, /* it is done */
	AWAITS_RESPONSE,
	AWAITS_WORKAROUND,
	AWAITS_RESOLUTION,
	AWAITS_RESTORE, /* its clocks, as Milestone has them */
	AWAITS_ANSWER,  /* a client's mail, of us */
	AWAITS_NEWS,    /* they were promised */
	AWAITS_REMIND,  /* the client, whom we ask again then */
	AWAITS_GIVE_UP, /* the client, in vain by then */
	AWAITS_THIRD_PARTY,
	AWAITS_LATER,
	AWAITS_REVIEW,
	AWAITS_COUNT,
} AwaitsKind;

const char *awaits_name(AwaitsKind kind);
bool awaits_parse(const char *word, AwaitsKind *ret_kind);

/* Whether it is a clock's, and which. */
bool awaits_milestone(AwaitsKind kind, Milestone *ret_milestone);

/* Whose turn it is. */
typedef enum {
	AWAITS_OF_NOBODY,
	AWAITS_OF_US,
	AWAITS_OF_CLIENT,
	AWAITS_OF_THIRD_PARTY,
	AWAITS_OF_COUNT,
} AwaitsOf;

AwaitsOf awaits_of(AwaitsKind kind);
const char *awaits_of_name(AwaitsOf of);

typedef struct {
	AwaitsKind kind;
	Instant at; /* due, or when it is looked at again; past if it is late */
} Awaits;

/* What the store keeps beside a ticket's row. */
typedef struct {
	Instant wake; /* ticket_view_wake() */
	Awaits awaits;
} TicketNext;

/* Who spoke last with the client: AWAITS_OF_US, AWAITS_OF_CLIENT, nobody. */
AwaitsOf awaits_last_spoke(const Ticket *ticket);

/* What is next, the earliest first, late or not: what the queue shows and is
 * ordered by. A clock that stands still is not next. */
Awaits awaits_first(const TicketView *view);

/* When a client's mail is to be answered, counted from its receipt;
 * INSTANT_NONE where nothing of theirs waits, or while a response is owed in a
 * term of the plan's. */
Instant awaits_answer(const TicketView *view);

/* When time brings that about: INSTANT_NONE: not, as it stands now. */
Instant awaits_mind(const TicketView *view, EventMind mind);
/* The earliest of them; INSTANT_NONE where clocks alone will wake it. */
Instant awaits_wake(const TicketView *view, Instant clocks);

/* Whether a ticket whose client said nothing is closed then, and not only
 * told of (severity 3 and 4 alone). */
bool awaits_closes(const TicketView *view);

/* When the client hears next, by the plan, of words that go out at `at`;
 * INSTANT_NONE: it says nothing. */
Instant awaits_news_after(const TicketView *view, Instant at);

#endif
