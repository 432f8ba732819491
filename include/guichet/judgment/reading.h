/*
 * reading: the queue and tickets as a technician reads them by mail, on a
 * telephone: few words a line, nothing that stands in columns; and how much of
 * them an hour. Pure. Nothing is masked here.
 */
#ifndef GUICHET_READING_H
#define GUICHET_READING_H

#include "guichet/rules/match.h"
#include "guichet/ticket/awaits.h"
#include "guichet/ticket/sla.h"

/* What a reader has read within HORIZON_READ_SECONDS. */
typedef struct {
	guint rows, texts;
	Instant again; /* when the first of it counts no more */
} ReadingUse;

/* One ticket of the queue. Borrowed; "" for none. */
typedef struct {
	gint64 number;
	const char *subject, *client, *assigned;
	TicketState state;
	int severity;
	AwaitsKind awaits; /* what is next, and when: */
	Instant due;       /* INSTANT_NONE: no term */
} ReadingRow;

/* Whom it is for, and when. */
typedef struct {
	const char *language;
	const Zone *zone;
	Instant now;
	bool is_client;
} ReadingFor;

/* What a proven contact asks to read, looked up: nothing of it is inside. */
typedef struct ReadingWish {
	MatchAsks asks;
	gint64 number;  /* MATCH_ASKS_HISTORY: of the ticket */
	ReadingUse use; /* before */
	guint found;
	GPtrArray *rows; /* char *, of those found at most as many as an hour
			  * allows */
	ReadingFor reader;
} ReadingWish;
void reading_wish_free(ReadingWish *wish);

/* What is next in words, "the client awaits an answer": in French, or in
 * English for any other language. */
const char *reading_awaits(AwaitsKind kind, const char *language);

/* A few short lines, without an end. The caller frees. */
char *reading_row(const ReadingRow *row, const ReadingFor *reader);

/* One thing that was written on it. */
typedef struct {
	Instant at;
	const char *who;  /* an address or a name */
	const char *what; /* "mail", "note", or the SendKind's name */
	const char *to;   /* of an answer of ours, "" */
	const char *text;
	bool is_public, is_verified;
	guint files;
} ReadingEntry;

/* One ticket whole: what it is, its clocks (SlaClock *), then what was written
 * (ReadingEntry *), the latest first; what is over LIMIT_READING_BYTES is left
 * out and counted. The caller frees. */
char *reading_ticket(const ReadingRow *row, const GPtrArray *clocks,
    const GPtrArray *entries, const ReadingFor *reader);

#endif
