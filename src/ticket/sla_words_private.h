/*
 * sla-words: dates and lengths of time in a language, for
 * sla_explain.c. Words are made here and never by the C library: the process's
 * locale must not change what a client reads.
 */
#ifndef GUICHET_SLA_WORDS_PRIVATE_H
#define GUICHET_SLA_WORDS_PRIVATE_H

#include "guichet/ticket/sla.h"

typedef struct {
	const char *language; /* borrowed; NULL: no catalogue's, English */
	const Zone *zone;
	int year; /* of receipt: dates of other years show theirs */
	GString *text;
} Teller;

Teller
teller_new(const SlaClock *clock, const char *language, const Zone *zone);

/* The text in the teller's language, which may be a format (catalog.h). */
const char *
sla_words_pick(const Teller *teller, const char *english) G_GNUC_FORMAT(2);

/* "UTC+01:00" */
void sla_tell_offset(Teller *teller, int offset);

/* "vendredi 20 novembre 2026 à 17:00 (UTC+01:00)", with seconds where there are
 * any; and as sla_when() has it. */
void sla_tell_when(Teller *teller, Instant at);
void sla_tell_plainly(Teller *teller, Instant at);

/* "ven. 20 nov." and "ven. 20 nov. 17:00" */
void sla_tell_date(Teller *teller, Date date);
void sla_tell_moment(Teller *teller, Instant at);

/* "24 h", "1 h 30 min", "45 s": hours are never turned into days, so that the
 * sum can be compared with the contract. */
void sla_tell_span(Teller *teller, Seconds span);

/* "4 h d'ouverture", "5 jours ouvrés" */
void sla_tell_within(Teller *teller, const SlaClock *clock);

#endif
