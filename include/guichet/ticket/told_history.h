/*
 * told_history: every promise that a client was told of a ticket, and what
 * became of it. Pure.
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
	TOLD_FATE_COUNT,
} ToldFate;

/* "owed", "kept", "missed", "ended", "repeated", "corrected", "lost" */
const char *told_fate_name(ToldFate fate);

typedef struct {
	Milestone milestone;
	Commitment commitment;
	Instant due; /* INSTANT_NONE: without a term */
	ToldFate fate;
	Instant until;
} ToldHistoryPromise;

/* One answer that told terms, or that a guarantee was missed. Strings are the events'. */
typedef struct {
	Instant at;
	gint64 outbox; /* its row, 0: an older program's */
	const char
	    *answer; /* send_kind_name(); "" likewise, and what follows */
	const char *contract, *plan, *kind, *excluded;
	int severity;
	bool is_lost;
	bool is_of_missed; /* it said that these were missed */
	GArray *promises;  /* ToldHistoryPromise, by milestone as told */
} ToldHistoryRow;

/* ToldHistoryRow *, the oldest first. `events` (Event *) are the ticket's in
 * order; `view` has its clocks. */
GPtrArray *told_history(const GPtrArray *events, const TicketView *view);

#endif
