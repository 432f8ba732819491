/*
 * robot: was this written by a person, now, to us? (doc/security.md 3.2)
 *
 * All signals are read and all that fired are kept; the class is the first of
 * the enumeration's order that one signal proves, or that many weak ones are
 * enough for together. A pure function of mail, rules and context. Signals are data
 * (rules/robots.yaml), read by the rules layer into RobotRules. A robot's mail
 * is never dropped: the class only decides what is not done for it.
 *
 * The engine lies in the rules layer (src/rules/robot*.c), where patterns are.
 */
#ifndef GUICHET_ROBOT_H
#define GUICHET_ROBOT_H

#include "guichet/mail/message.h"
#include "guichet/yaml/yaml.h"

typedef enum {
	ROBOT_SELF,      /* our own mail came back: a loop */
	ROBOT_BOUNCE,    /* a delivery status */
	ROBOT_RECEIPT,   /* read, not read (RFC 8098) */
	ROBOT_FEEDBACK,  /* a complaint (RFC 5965) */
	ROBOT_REACTION,  /* a thumb up, and no words */
	ROBOT_CALENDAR,  /* an invitation is accepted, declined (RFC 5546) */
	ROBOT_RECALL,    /* a mail shall be taken back */
	ROBOT_CHALLENGE, /* "prove that you are a person" */
	ROBOT_AUTOREPLY, /* out of office */
	ROBOT_LIST,      /* list or bulk */
	ROBOT_MACHINE,   /* any other program: alerts, other ticket systems */
	ROBOT_SUSPECT_LOOP, /* looks like a person, turns like a wheel */
	ROBOT_NONE,         /* a person */
	ROBOT_COUNT,
} RobotClass;

/* "self", "bounce", "receipt", "feedback", "reaction", "calendar", "recall",
 * "challenge", "autoreply", "list", "machine", "suspect-loop", "human". */
const char *robot_class_name(RobotClass class);
bool robot_class_parse(const char *name, RobotClass *ret_class);

/* Weak signs of one class that are worth this much together are as good as
 * a proof. */
#define ROBOT_ENOUGH 100
/* And so much for a person: a greeting, or a mail program of people's. */
#define ROBOT_PERSON_ENOUGH 40

/*
 * One entry of robots.yaml, compiled. It fires if a value of what it reads is
 * found by its pattern, and one of `also` does so, too. What it reads is a
 * header (a trailing '*' of the name matches any ending), or a built-in test:
 * something that takes more than one field's text to say.
 */
typedef struct RobotSignal {
	RobotClass class; /* ROBOT_NONE: only good as another's `also`, or with
			     a weight for a person */
	int weight;       /* 0: it proves its class; below 0: speaks against */
	char *name;       /* what the trace shows */
	char *header;     /* NULL if `test` is set */
	const struct RobotTest *test;
	GPtrArray *values; /* Pattern *, one is enough; empty: presence */
	GArray *also;      /* guint, positions in signals; empty: none */
} RobotSignal;

typedef struct {
	GPtrArray *signals; /* RobotSignal *, in the file's order */
} RobotRules;

/*
 * Reads robots.yaml: a list of maps with the keys class, name, one of header
 * and test, value, also, weight. Reports every mistake to the document's `problems`
 * and returns NULL if there was any.
 */
RobotRules *robot_rules_load(const YamlNode *root, Problems *problems);
void robot_rules_free(RobotRules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RobotRules, robot_rules_free)

typedef struct {
	RobotClass class;
	GPtrArray *signals; /* char *: all that fired, in the rules' order */
	GPtrArray *failed;  /* char *: those whose pattern hit a limit */
	RobotClass beside_list; /* the class if lists did not count */
	int person;             /* what speaks for a person, together */
} RobotVerdict;

/* What the desk knows beside the mail. */
typedef struct {
	const char *const *own_addresses; /* NULL-terminated, canonical */
	bool own_message_id;  /* its Message-ID is one of ours, MAC checked */
	guint own_references; /* how many of its references are ours */
	guint same_subject;   /* from this sender within the hour */
	bool own_mark;        /* a loop mark of ours, MAC checked */
	bool own_text;        /* the body holds an acknowledgment of ours */
	bool bounce_address;  /* came to our bounce+MAC@, MAC checked */
	bool alert_source;    /* the sender is a configured source of alerts */
} RobotContext;

/*
 * What the mail itself shows, looked at once: of message and rules alone. It
 * borrows both. robot_judge() adds what the desk knows, as often as it learns
 * more, and looks at no text again.
 */
typedef struct RobotSigns RobotSigns;
RobotSigns *robot_read(const Message *message, const RobotRules *rules);
void robot_signs_free(RobotSigns *signs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RobotSigns, robot_signs_free)
/* `context` may be NULL: nothing is known. Cannot fail. */
RobotVerdict *robot_judge(const RobotSigns *signs, const RobotContext *context);
/* Both. */
RobotVerdict *robot_classify(const Message *message, const RobotRules *rules,
    const RobotContext *context);
void robot_verdict_free(RobotVerdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RobotVerdict, robot_verdict_free)

#endif
