/*
 * desk_unasked: what the desk decides where no mail of a person asks it: what time
 * brings about on a ticket, a mail that no reader survived, an answer that
 * could not be delivered.
 *
 * Pure, as decide.h: a case of borrowed facts in, a Decision out.
 */
#ifndef GUICHET_DESK_UNASKED_H
#define GUICHET_DESK_UNASKED_H

#include "guichet/desk/decide.h"
#include "guichet/ticket/event_make.h"
#include "guichet/ticket/ticket_view.h"

/* Reminders missed in an outage that are counted one by one. */
#define MISSED_REMINDERS 1000

/* A ticket whose wake has come. */
typedef struct {
	const TicketView *view; /* with its clocks as of `now` */
	const DeskPolicy *policy;
	Instant now;
	bool word_is_out; /* our last words to its client were accepted, and
			   * did not come back */
} TickCase;

/*
 * Of each clock the highest share that has passed and was not announced, and
 * the reminder that is due under continuous effort: one, however many were
 * missed, dated when the last of them was due, so that the interval does not
 * drift. Mail that was old when it came in made a ticket, but nobody is warned
 * about its past. An alarm names its clock, or none for a reminder.
 *
 * Then what silence brings (awaits.h), each once: who has the ticket is told of
 * a client's mail that nobody answered, of promised news, of a third party, of
 * their own date, of what nobody has said a word about; the client who is waited
 * for is asked again, and given up, or the ticket closed. An alarm of that names
 * no clock, and `when` it is about.
 */
Decision *desk_tick(const TickCase *c);

/* A mail that no reader survived: kept, and a person is told. */
typedef struct {
	gint64 mail;
	const char *mailbox, *rules;
	int attempts;
	Instant received, now;
} UnreadableCase;

Decision *desk_unreadable(const UnreadableCase *c);

/* A ticket of the desk's own: what a contract owes unasked, what is wrong with
 * the border or the store. */
typedef struct {
	EventOpening opening;
	const char *subject, *text; /* its words, kept as mail `mail` */
	const char *actor;
	gint64 mail;
	Instant at, now;
} OwnTicketCase;

/* Opened in these words, and technicians get a notice. */
Decision *desk_own_ticket(const OwnTicketCase *c);

/* An answer of ours that was given up, or came back. */
typedef struct {
	gint64 outbox, ticket, mail;
	const char *what; /* as in its row */
	int code;
	Instant now;
	SendOutcome outcome;
	bool is_copy; /* another of the client's people was who it answered */
} DeliveryCase;

/* It stands on the ticket. Technicians hear of what a client does not get, for
 * good; an alarm about a failed alarm would go on for ever. */
Decision *desk_delivery(const DeliveryCase *c);

#endif
