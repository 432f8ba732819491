/*
 * notice_readers: which technicians read of what happens on a ticket.
 *
 * - What comes in (a new ticket, a client's words, an alert), what is due soon
 *   and reminders: who has the ticket; while nobody has it, the referent that
 *   its contract names, else the contract's team, else all.
 * - A breach: they, and referent and team besides, since who has it did not
 *   keep it.
 * - What a colleague answered or ordered: who has the ticket, and all who have
 *   or had a part in it (ticket_has_part()). Nobody else.
 * - An answer that cannot be delivered: the same, else as what comes in.
 *
 * Nobody reads of what they did themselves. Who works here no longer is as if
 * they were not named. But for a colleague's doing, it is never nobody while
 * anybody else works here: the next circle reads it.
 *
 * Who the contract's technicians are is read from today's rules, as its contacts
 * are (doc/design.md 7). Pure: names in, names out.
 */
#ifndef GUICHET_NOTICE_READERS_H
#define GUICHET_NOTICE_READERS_H

#include "guichet/rules/contract.h"
#include "guichet/ticket/ticket.h"

typedef enum {
	NOTICE_INCOMING,
	NOTICE_DUE, /* a share of a clock, or a reminder */
	NOTICE_BREACH,
	NOTICE_COLLEAGUE,
	NOTICE_FAILURE,
} NoticeEvent;

/* All borrowed. */
typedef struct {
	NoticeEvent event;
	const Ticket *ticket;     /* as it is after what happened */
	const Contract *contract; /* today's of that name; NULL: none */
	const char *const *here;  /* who works here, NULL-terminated */
	const char *by; /* whose doing it is, or who cannot be reached; NULL */
	bool others;    /* the plan names addresses of its own: then not all */
} NoticeCase;

/* Names out of `here`, in its order, each once: const char *, borrowed. The
 * caller owns the array. */
GPtrArray *notice_readers(const NoticeCase *c);

#endif
