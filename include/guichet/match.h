/*
 * match: the site's rules over one mail (every YAML file of rules/match).
 *
 * Rules run in order of `order`, then file and line. Each whose condition
 * holds sets fields; a later rule overrides an earlier one's; `stop` ends the
 * walk. Which rule set what is kept for the trace. A rule that meets a limit
 * sets nothing and is listed as failed.
 */
#ifndef GUICHET_MATCH_H
#define GUICHET_MATCH_H

#include "guichet/message.h"
#include "guichet/plan.h"

typedef struct MatchRules MatchRules;

/* What the conditions can ask about. */
typedef struct {
	const Message *message;
	const char *const
	    *recipients;      /* canonical: To, Cc, Delivered-To, ours */
	const char *mailbox;  /* our mailbox's name */
	const char *contract; /* the sender's, "" if not known */
	const char *robot;    /* robot_class_name() */
} MatchInput;

typedef struct {
	char *value;
	char *rule; /* "panne-bloquante (match/10-panne.yaml:12)" */
} MatchField;

typedef struct {
	MatchField severity, kind, component, scope,
	    contract;         /* value NULL: unset */
	GPtrArray *tags;      /* char *, no repeats */
	GPtrArray *fired;     /* char *, rule labels in order */
	GPtrArray *failed;    /* char *, "rule: why" */
	GHashTable *captures; /* char * to char * */
} MatchResult;

MatchResult *match_run(const MatchRules *rules, const MatchInput *input);
void match_result_free(MatchResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MatchResult, match_result_free)

#endif
