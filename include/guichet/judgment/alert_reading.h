/*
 * alert_reading: what an alert's mail is taken for, beside what its words say:
 * who wrote it, whose it is, whether an end was meant, and which came first.
 * Pure, all of it: whoever gathers asks here, and decides nothing.
 */
#ifndef GUICHET_ALERT_READING_H
#define GUICHET_ALERT_READING_H

#include "guichet/judgment/alert_case.h"
#include "guichet/rules/robot.h"

/* ---- who wrote it ---- */

/* Of a mail that a source proves to have sent, and no recogniser knows. */
typedef enum {
	ALERT_WRITER_SYSTEM, /* the source itself: an alert all the same */
	ALERT_WRITER_OTHER,  /* from where the source is, or another program */
	ALERT_WRITER_PERSON, /* answered or forwarded */
	ALERT_WRITER_REPORT, /* a bounce, an answer of absence */
} AlertWriter;

typedef struct {
	RobotClass class;
	bool is_sender; /* the source is known by its own From, whole */
	bool is_shared; /* by a domain or host where people are, too */
	bool is_named;  /* by a contract's or the desk's own address book */
	bool converses; /* by words.yaml a person's, or about another mail */
} AlertSigns;

/*
 * A system without a recogniser must not open a ticket with each mail; a person
 * who writes from where their monitoring does, or answers it, must not be taken
 * for it.
 */
AlertWriter
alert_reading_writer(const AlertSigns *signs, const Message *message);

/* It says that a program wrote it, and came through no list. */
bool alert_reading_is_program(const Message *message, RobotClass class);

/* ---- whose it is ---- */

/*
 * Sets target, is_shared and is_partly of the facts, whose alert and source are
 * known. `contract`: all of the source is this client's; NULL: the map tells.
 */
void alert_reading_target(AlertFacts *facts, const AlertMap *map,
    const char *contract);

/* The target of the facts' case where no mail tells, as a mail of its source
 * would be judged now; of a mail that must come, `awaited`, too. */
void alert_reading_target_of_case(AlertFacts *facts, const AlertMap *map);

/* ---- what it tells ---- */

/* Whether an end that its words only suggest is a problem's: nothing is open
 * that it could end. */
bool alert_reading_is_doubtful(const AlertFacts *facts);

/* Whether the case's last mail told of an end, not long ago: mails overtake each
 * other, and a problem may come behind its end. */
bool alert_reading_has_ended(const AlertCase *one, Instant received);

/*
 * Whether the facts' problem began before that end: by its id, which no other
 * bears, or by the two mails' Date, `ended` being the end's (INSTANT_NONE: it
 * has none). Date orders the two, and sets no clock.
 */
bool alert_reading_is_overtaken(const AlertFacts *facts, const Message *message,
    Instant ended);

#endif
