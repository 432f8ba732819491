/*
 * robot: was this written by a person, now, to us? (SECURITY.md 3.2)
 *
 * All signals are read and all that fired are kept; the class is the first of
 * the enumeration's order that any signal names. Signals are data
 * (rules/robots.yaml), read by the rules layer into RobotRules. A robot's mail
 * is never dropped: the class only decides what is not done for it.
 */
#ifndef GUICHET_ROBOT_H
#define GUICHET_ROBOT_H

#include "guichet/message.h"

typedef enum {
	ROBOT_SELF,      /* our own mail came back: a loop */
	ROBOT_BOUNCE,    /* a delivery status */
	ROBOT_RECEIPT,   /* read, not read (RFC 8098) */
	ROBOT_FEEDBACK,  /* a complaint (RFC 5965) */
	ROBOT_AUTOREPLY, /* out of office */
	ROBOT_LIST,      /* list or bulk */
	ROBOT_MACHINE,   /* any other program: alerts, other ticket systems */
	ROBOT_SUSPECT_LOOP, /* looks like a person, turns like a wheel */
	ROBOT_NONE,         /* a person */
} RobotClass;

/* "self", "bounce", "receipt", "feedback", "autoreply", "list", "machine",
 * "suspect-loop", "human". */
const char *robot_class_name(RobotClass class);
bool robot_class_parse(const char *name, RobotClass *ret_class);

/* One line of robots.yaml, compiled: if a header of that name (a trailing '*'
 * matches any ending) has a value that the pattern finds. */
typedef struct RobotSignal {
	RobotClass class;
	char *name;            /* what the trace shows */
	char *header;          /* or NULL: `subject`, `from`, see header */
	struct Pattern *value; /* NULL: presence is enough */
	char *also;            /* another signal that must fire too, or NULL */
} RobotSignal;

typedef struct {
	RobotClass class;
	GPtrArray *signals; /* char *: all that fired, in the rules' order */
} RobotVerdict;

typedef struct RobotRules RobotRules; /* rules.h: read from robots.yaml */

/* What the desk knows beside the mail. */
typedef struct {
	const char *const *own_addresses; /* NULL-terminated, canonical */
	bool own_message_id;  /* its Message-ID is one of ours, MAC checked */
	guint own_references; /* how many of its references are ours */
	guint same_subject;   /* from this sender within the hour */
} RobotContext;

RobotVerdict *robot_classify(const Message *message, const RobotRules *rules,
    const RobotContext *context);
void robot_verdict_free(RobotVerdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RobotVerdict, robot_verdict_free)

#endif
