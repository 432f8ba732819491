/*
 * duration: promised lengths of time in a contract's own units (doc/domain.md
 * 3).
 *
 * Of two starts, the later never ends earlier if the duration is of seconds.
 * The other units keep the time of day, so they can turn the order around:
 * where a change of clocks skips or repeats that time, and where a month is
 * clamped (the 30th at 23:00 and the 31st at 01:00 both end on the 30th).
 */
#ifndef GUICHET_DURATION_H
#define GUICHET_DURATION_H

#include "guichet/time/calendar.h"

typedef enum {
	DURATION_TIME, /* seconds, counted while the calendar is open */
	DURATION_DAYS, /* d: same wall time, so many dates later */
	DURATION_BUSINESS_DAYS, /* bd: dates with any open time */
	DURATION_MONTHS,        /* mo: same wall time, day clamped */
	DURATION_MONTH_END,     /* month: to the end of the local one */
} DurationUnit;

typedef struct {
	DurationUnit unit;
	int64_t count; /* seconds for DURATION_TIME, else days or months; > 0 */
} Duration;

/* "30m", "24h", "1h30m", "90s", "2d", "5bd", "12mo", "month"; d, bd and mo stand alone.
 * More than nothing, at most ten years (3653 d or bd, 120 mo). */
bool duration_parse(const char *text, Duration *ret_duration, GError **error);

/* The shortest such text ("90m", not "1h30m"). The caller frees. */
char *duration_format(Duration duration);

/*
 * When a duration that starts at `from` ends, on this calendar. For bd,
 * which count from the next opening where the calendar is shut at `from`: the
 * same local wall time on that date if open then, else that date's last
 * closing before it, else its first opening. A d or mo that lands in a
 * repeated hour means the first occurrence; in a skipped one, the offset
 * before the change. INSTANT_NONE if the calendar never opens enough.
 */
Instant duration_end(Duration duration, const Calendar *calendar, Instant from);

#endif
