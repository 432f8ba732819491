/*
 * tzif: the compiled files of the tz database (RFC 8536 and 9636), read into
 * one row of changes. Only zone.c uses it.
 *
 * The system's own files are trusted to be honest, not to be whole: every
 * count and index is checked, so that a file cut short by a full disk is
 * refused and never misread.
 */
#ifndef GUICHET_TZIF_PRIVATE_H
#define GUICHET_TZIF_PRIVATE_H

#include "guichet/time/zone.h"

/* From `at` on, until the next row, clocks are `offset` seconds ahead of UTC. */
typedef struct {
	Instant at;
	int offset;
} TzifChange;

/*
 * Changes in ascending order. The first row is at TZIF_BEGIN and holds what
 * was in force then. From `cycle` on, if it is not INSTANT_NONE, the last
 * TZIF_CYCLE seconds of the row repeat for ever: the Gregorian calendar does.
 */
typedef struct {
	GArray *changes; /* TzifChange */
	Instant cycle;
} Tzif;

#define TZIF_BEGIN (-2208988800LL)    /* 1900-01-01; earlier counts as 1900 */
#define TZIF_END   16725225600LL      /* 2500-01-01; no later change is taken */
#define TZIF_CYCLE (146097LL * 86400) /* 400 years, also whole weeks */

/* The caller frees with tzif_free(). NULL with GUICHET_ERROR_CONFIG if the
 * bytes are no usable version 2 (or later) file. */
Tzif *tzif_parse(const guint8 *bytes, gsize length, GError **error);
void tzif_free(Tzif *tzif);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tzif, tzif_free)

#endif
