/*
 * match: the site's rules over one mail (every YAML file of rules/match).
 *
 * Rules run in order of `order`, then file and line. Each whose condition
 * holds sets fields; a later rule overrides an earlier one's; `stop` ends the
 * walk. Which rule set what is kept for the trace. A rule that meets a limit
 * sets nothing and is listed as failed, as are all that come when the steps of
 * LIMIT_RULES_STEPS are used up.
 *
 * It takes two steps, as with robots (robot.h): match_read() searches the mail,
 * of which it and the rules are all that it knows; match_judge() adds what the
 * desk knows and says what follows.
 *
 *   order: 100                 of the file's rules that say none
 *   rules:
 *   - name: panne-bloquante
 *     when:                    each key must hold; of a list, any item
 *       subject: pattern       also text (what the mail adds, or all of it if
 *                              that is nothing), body (all of it), attachment
 *                              (names), recipient (addresses), from (identity)
 *       header: {name: X-Priority, matches: pattern}
 *       contract: word         exact, also mailbox, robot (its class)
 *                              (these three and recipient: the desk's)
 *       weight: {scale: incident, from: 40, below: 90}   (weights.h)
 *       all: [...]  any: [...]  not: {...}
 *     set: {severity: 1, kind: incident, component: "${name}", scope: word,
 *           contract: name, asks: nothing, agrees: yes, tags: [word]}
 *     stop: yes
 *
 * ${name} is what the group (?<name>...) of one of the rule's own patterns
 * found; a value that comes out empty sets nothing. Component, scope and tags
 * are put in small letters, as plans write them.
 */
#ifndef GUICHET_MATCH_H
#define GUICHET_MATCH_H

#include "guichet/mail/message.h"
#include "guichet/rules/plan.h"

typedef struct MatchRules MatchRules;

/* What the desk knows beside the mail. */
typedef struct {
	const char *const
	    *recipients;      /* canonical: To, Cc, Delivered-To, ours */
	const char *mailbox;  /* our mailbox's name */
	const char *contract; /* the sender's, "" if not known */
	const char *robot;    /* robot_class_name() */
} MatchContext;

typedef struct {
	char *value;
	char *rule; /* "panne-bloquante (match/10-panne.yaml:12)" */
} MatchField;

typedef struct {
	MatchField severity, kind, component, scope, contract, asks,
	    agrees;           /* value NULL: unset */
	GPtrArray *tags;      /* char *, no repeats */
	GPtrArray *fired;     /* char *, rule labels in order */
	GPtrArray *failed;    /* char *, "rule: why" */
	GPtrArray *weighed;   /* char *, "incident 87: en panne +90" */
	GHashTable *captures; /* char * to char * */
} MatchResult;

/* What a mail asks of the desk itself, where a rule knows. */
typedef enum {
	MATCH_ASKS_NOTHING,   /* thanks alone: moves no ticket that is there */
	MATCH_ASKS_AGREEMENT, /* it agrees, and nothing else: reopens nothing;
			       * an answer as any where one is awaited */
	MATCH_ASKS_CLOSING, /* it is settled, and nothing else: the ticket that
			     * it is about may be closed */
	MATCH_ASKS_OPEN_LIST,   /* to read the contract's open tickets */
	MATCH_ASKS_CLOSED_LIST, /* those that are done */
	MATCH_ASKS_HISTORY,     /* what was written on one: capture `ticket` */
	MATCH_ASKS_COUNT,
} MatchAsks;

const char *match_asks_name(MatchAsks asks);
bool match_asks_parse(const char *name, MatchAsks *ret_asks);
/* Whether it asks to read. */
bool match_asks_to_read(MatchAsks asks);
/* Of a mail; MATCH_ASKS_COUNT: no rule knows. NULL is such a result, too. */
MatchAsks match_asks(const MatchResult *result);

/* What a mail's first words say to a question of ours. */
typedef enum {
	MATCH_AGREES_YES,
	MATCH_AGREES_NO,
	MATCH_AGREES_COUNT, /* nothing that a rule knows */
} MatchAgrees;

bool match_agrees_parse(const char *name, MatchAgrees *ret_agrees);
MatchAgrees match_agrees(const MatchResult *result);

/* The words that scales weigh: those that `text` looks at, without greeting and
 * closing (courtesy.h). The caller frees. */
char *match_weighed_words(const Message *message);

/*
 * What the conditions find in the mail itself: of message and rules alone, and
 * of all its text if that is `whole`: what it quotes is new to the desk, too. It
 * borrows the rules, not the message. A condition that can decide nothing any
 * more, as the rule fails by another, is not searched for.
 */
typedef struct MatchRead MatchRead;
MatchRead *
match_read(const MatchRules *rules, const Message *message, bool whole);
void match_read_free(MatchRead *read);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MatchRead, match_read_free)

/* What the rules set. Of the mail it looks at nothing but what was read. */
MatchResult *match_judge(const MatchRead *read, const MatchContext *context);
void match_result_free(MatchResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MatchResult, match_result_free)

#endif
