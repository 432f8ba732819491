/*
 * send_kind: the kinds of mail that the desk sends, in the outbox's words, and
 * who may read them.
 */
#ifndef GUICHET_SEND_KIND_H
#define GUICHET_SEND_KIND_H

#include "guichet/base/base.h"

typedef enum {
	SEND_ACKNOWLEDGMENT, /* to the client; fixed text for a stranger */
	SEND_NOTICE,         /* to technicians: new ticket, new message */
	SEND_REPLY,          /* technician's words to the client */
	SEND_RESOLUTION,
	SEND_REFUSAL,     /* to the technician: what was not done, and how */
	SEND_ALARM,       /* warnings, reminders, failed deliveries */
	SEND_INFORMATION, /* to the client: an alert of theirs has begun, is over */
	SEND_CONFIRMATION, /* to the technician: what their mail has done */
	SEND_CHALLENGE, /* to the technician: what their mail would do, once they
			    * answers */
	SEND_HANDLED,   /* to the client: who has it or saw it, or telephoned */
	SEND_CORRECTION, /* to the client: what they were told is not so now */
	SEND_REMARK,  /* to the client: what they should know of their mail */
	SEND_NEWS,    /* to the client: when they hear from us next */
	SEND_NUDGE,   /* to the client: we still wait for their answer */
	SEND_CLOSING, /* to the client: none came, and it is closed */
	SEND_MISSED,  /* to the client: a guarantee was not kept */
	SEND_READING, /* to the client: the tickets that they asked to read */
	SEND_MORNING, /* to technicians and the manager: the day before them */
	SEND_TERMS,   /* to the manager: contracts whose days come */
	SEND_ENDING,  /* to the client: their contract's day comes */
	SEND_DUTIES,  /* to the client: what was done of what is owed unasked */
	SEND_SUMMARY, /* to the client: what was too much for an hour, in one */
	SEND_ESTIMATE, /* to the client: what the work will take, to agree to */
	SEND_QUESTION, /* to a contact: whether an answer to it was theirs */
	SEND_PASSED,   /* to the client: it is another team's */
	SEND_COUNT,
} SendKind;

/* What SEND_HANDLED says. */
typedef enum {
	HANDLED_TAKEN,  /* a technician has it */
	HANDLED_SEEN,   /* somebody saw it, and it may be nobody's */
	HANDLED_CALLED, /* they were answered by telephone */
	HANDLED_COUNT,
} HandledHow;

const char *send_kind_name(SendKind kind);
bool send_kind_parse(const char *name, SendKind *ret_kind);
/* At least once (re-sent after an unclear end), or at most once. */
bool send_kind_is_repeatable(SendKind kind);
/* A technician's own words to a client, with what they attached. */
bool send_kind_is_letter(SendKind kind);
/* What a person says to a client, who may think again before it leaves. */
bool send_kind_is_word(SendKind kind);
/* To a client, and no person's words or order: what desk_restraint.h counts. What
 * they asked for themselves, to read their tickets, is none. */
bool send_kind_is_automatic(SendKind kind);
/* For technicians, never for a client. */
bool send_kind_is_internal(SendKind kind);

#endif
