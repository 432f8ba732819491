/*
 * base: the few types that every layer shares.
 *
 * An Instant is a number of seconds since 1970-01-01 00:00:00 UTC. It is the
 * only representation of time above the operating system; wall-clock time
 * exists only in zone.h. Minutes and Cents are integers, so that sums never
 * round. A naked int or time_t of time or money does not pass review.
 */
#ifndef GUICHET_BASE_H
#define GUICHET_BASE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t Instant; /* seconds, UTC */
typedef int64_t Seconds; /* a length of time */
typedef int64_t Minutes; /* worked or prepaid time */
typedef int64_t Cents;   /* money, excluding VAT */

/* "Never" or "not known", where the field's comment allows it. */
#define INSTANT_NONE INT64_MIN

/* As ISO 8601 in UTC, "2026-11-20T16:00:00Z". The caller frees. Cannot fail
 * for years 0 to 9999; outside them it gives "never". */
char *instant_format(Instant at);

/*
 * Reads ISO 8601 with seconds optional and an offset mandatory:
 * "2026-11-20T17:00:00+01:00", "2026-11-20T16:00Z"; a blank may stand for the
 * T. GUICHET_ERROR_CONFIG says what is wrong.
 */
bool instant_parse(const char *text, Instant *ret_at, GError **error);

/* The real time now. Only src/app calls it; everything below takes `now`. */
Instant instant_now(void);

#endif
