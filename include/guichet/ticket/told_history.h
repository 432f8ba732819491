/*
 * told_history: every promise that a client was told of a ticket, and what
 * became of it. Pure.
 *
 * What became of one is settled at its end and stays so: a response was kept, or
 * was not, whatever is owed anew since; what was missed and is no breach any
 * more, since somebody excluded the ticket or said what it is, is recast.
 */
#ifndef GUICHET_TOLD_HISTORY_H
#define GUICHET_TOLD_HISTORY_H

#include "guichet/ticket/ticket_view.h"

typedef enum {
	TOLD_OWED,      /* still to be kept, by `until` */
	TOLD_KEPT,      /* at `until` */
	TOLD_MISSED,    /* `until`: met too late then; NONE: not met */
	TOLD_ENDED,     /* nobody is owed it any more */
	TOLD_REPEATED,  /* told again at `until`, as it was */
	TOLD_CORRECTED, /* told otherwise at `until` */
	TOLD_LOST,      /* its mail did not arrive */
	TOLD_RECAST,    /* missed, and no breach any more since `until` */
	TOLD_FATE_COUNT,
} ToldFate;

/* "owed", "kept", "missed", "ended", "repeated", "corrected", "lost", "recast" */
const char *told_fate_name(ToldFate fate);

typedef struct {
	Milestone milestone; /* of terms alone, as is `commitment` */
	Commitment commitment;
	Instant due; /* INSTANT_NONE: without a term */
	ToldFate fate;
	Instant until;
	bool is_settled;     /* what became of it moves no more */
	Instant recast_from; /* it was missed when somebody recast it then;
			      * INSTANT_NONE */
} ToldHistoryPromise;

typedef enum {
	TOLD_OF_TERMS,
	TOLD_OF_MISSED, /* that these guarantees were not kept */
	TOLD_OF_NEWS,   /* until when the client hears from us: one promise */
} ToldSubject;

/* One answer that told promises, or what became of some. Strings are the
 * events'. */
typedef struct {
	Instant at;
	gint64 outbox; /* its row, 0: an older program's, or that of `batch` */
	gint64 batch;  /* of news: of the mail that told of them; 0: unknown */
	gint64 mail;   /* of news: the technician's who promised them; 0 */
	const char
	    *answer; /* send_kind_name(); "" likewise, and what follows */
	const char *contract, *plan, *kind, *excluded;
	int severity;
	bool is_lost;
	ToldSubject subject;
	GArray *promises; /* ToldHistoryPromise, by milestone as told */
} ToldHistoryRow;

/* ToldHistoryRow *, the oldest first. `events` (Event *) are the ticket's in
 * order; `view` has its clocks. */
GPtrArray *told_history(const GPtrArray *events, const TicketView *view);

#endif
