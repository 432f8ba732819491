/*
 * match_private: compiled rules, between match_load.c, which loads them,
 * match_read.c, which searches a mail, and match.c, which judges.
 */
#ifndef GUICHET_MATCH_PRIVATE_H
#define GUICHET_MATCH_PRIVATE_H

#include "guichet/rules/match.h"
#include "guichet/rules/weights.h"
#include "guichet/yaml/pattern.h"

typedef enum {
	TEST_ALL,
	TEST_ANY,
	TEST_NOT, /* of its only part */
	TEST_SUBJECT,
	TEST_TEXT,
	TEST_BODY,
	TEST_HEADER,
	TEST_ATTACHMENT,
	TEST_RECIPIENT,
	TEST_FROM,
	TEST_CONTRACT,
	TEST_MAILBOX,
	TEST_ROBOT,
	TEST_WEIGHT,
} TestKind;

typedef struct {
	TestKind kind;
	guint number;     /* its place in MatchRead.findings */
	GPtrArray *parts; /* Test *, of TEST_ALL, TEST_ANY and TEST_NOT */
	Pattern *pattern; /* NULL of a header: presence is enough */
	char *word;       /* the header's or scale's name, or the exact word */
	int from, below;  /* TEST_WEIGHT: holds where from <= points < below */
} Test;

typedef enum {
	SET_SEVERITY,
	SET_KIND,
	SET_COMPONENT,
	SET_SCOPE,
	SET_CONTRACT,
	SET_ASKS,
	SET_AGREES,
	SET_COUNT,
} SetField;

typedef struct {
	char *name, *file, *label;
	int order;
	gsize line;
	Test *when;
	char *set[SET_COUNT]; /* may hold ${name}; NULL: not set */
	char **tags;
	bool stop;
} MatchRule;

struct MatchRules {
	GPtrArray *rules;   /* MatchRule * */
	GHashTable *scales; /* name to Weights * */
	guint tests;        /* how many, once sealed */
};

/* What one test finds in the mail. */
typedef struct {
	PatternResult result; /* PATTERN_LIMIT: also of one that was not read */
	bool spent;           /* the steps for all rules are used up */
	GHashTable *captures; /* NULL: none */
} MatchFinding;

struct MatchRead {
	const MatchRules *rules;
	MatchFinding *findings; /* by Test.number */
	GHashTable *weighed;    /* const char *, a scale, to WeightsFound * */
	gint64 steps;           /* left of LIMIT_RULES_STEPS */
};

void test_free(Test *test);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Test, test_free)

#endif
