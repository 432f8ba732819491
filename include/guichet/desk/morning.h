/*
 * morning: what a technician or the manager reads at the beginning of the day,
 * as the values of the template `morning` (doc/domain.md 9). Pure.
 *
 * A technician reads of the tickets that are theirs to mind, each once, by what
 * it waits for: late, due today, ours later, the client's word, somebody
 * else's. The manager reads of all of them, client by client, and below them of
 * what did not go as it should. Lines fit in 80 columns.
 */
#ifndef GUICHET_MORNING_H
#define GUICHET_MORNING_H

#include "guichet/compose/template.h"
#include "guichet/judgment/reading.h"
#include "guichet/ticket/awaits.h"

#define MORNING_ROWS_MAX 60 /* a section; the rest is counted */

/* An open ticket. Borrowed; "" for none. */
typedef struct {
	gint64 number;
	const char *subject, *client, *assigned;
	int severity;
	AwaitsKind awaits;
	Instant at; /* INSTANT_NONE: without a term */
} MorningTicket;

/* What the manager reads of besides. */
typedef enum {
	MORNING_MISSED,  /* guarantees that were missed, and what they bring */
	MORNING_UNSENT,  /* answers that did not go out */
	MORNING_FILED,   /* mails without a ticket */
	MORNING_REFUSED, /* technicians' mails that did nothing */
	MORNING_TERMS,   /* contracts whose dates come */
	MORNING_MATTERS,
} MorningMatter;

/* Each adds sections of MorningTicket * in the order given, and returns how many
 * tickets they hold. `name` is the technician's own, which stands nowhere. */
guint morning_add_mine(Values *values, const GPtrArray *tickets,
    const char *name, const ReadingFor *reader);
guint morning_add_clients(Values *values, const GPtrArray *tickets,
    const ReadingFor *reader);

/* A section of lines (char *), none where there are none; of `all`. */
void morning_add_lines(Values *values, MorningMatter matter,
    const GPtrArray *lines, guint all, const ReadingFor *reader);

/* "Tue 1 Dec": for the subject; with what the greeting needs. */
void morning_begin(Values *values, const char *name, bool is_manager,
    bool can_answer, const ReadingFor *reader);

/* One line of a list, cut to fit. The caller frees. */
char *morning_cut(const char *text, glong width);

#endif
