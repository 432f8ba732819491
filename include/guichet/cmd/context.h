/*
 * context: what a subcommand works with, opened as far as it needs and with
 * every error already told to the person at the terminal.
 */
#ifndef GUICHET_CONTEXT_H
#define GUICHET_CONTEXT_H

#include "guichet/rules/ruleset.h"
#include "guichet/site/conf.h"
#include "guichet/store/store.h"
#include "guichet/work/intake.h"

typedef enum {
	CONTEXT_CONF = 0,       /* guichet.yaml: always */
	CONTEXT_RULES = 1 << 0, /* the rules beside it, whole */
	CONTEXT_STORE = 1 << 1, /* the store, to read */
	CONTEXT_WRITE = 1 << 2, /* the store, to write: no desk may run */
	CONTEXT_SECRETS = 1 << 3,
	CONTEXT_TERMS = 1 << 4, /* of the rules, ruleset_load_terms() */
	/* Where there is no site, that of the example: for what touches no
	 * store, and none of its files. */
	CONTEXT_EXAMPLE = 1 << 5,
	/* Look for every mistake, also in rules that the store knows: the
	 * store is left alone. */
	CONTEXT_WHOLE = 1 << 6,
} ContextParts;

typedef struct {
	Conf *conf;
	Ruleset *ruleset;
	RuleFiles *files;
	Store *store;
	Intake *intake; /* with rules or terms, and a store */
	char *became;   /* root gave itself up for this user, or NULL */
	bool example;   /* no site: the example that came with the program */
} Context;

/*
 * NULL after it has printed, to standard error, all that is wrong. `config`
 * is -c's argument or NULL. But for CONTEXT_EXAMPLE, root becomes whom the
 * store belongs to first of all: owner.h. Without CONTEXT_WRITE nothing is
 * written.
 *
 * With CONTEXT_STORE, alone or with CONTEXT_TERMS, mistakes are warnings as far
 * as the store can be found and is known to be this desk's; terms are then those
 * that the store keeps.
 */
Context *context_open(const char *config, unsigned parts);
void context_free(Context *context);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Context, context_free)

/* The site's store, known to be its own; a writer's is tied to lifebook.h. */
Store *context_store(const Conf *conf, StoreMode mode, GError **error);
/* Whether there is one already; one that this user may not look for counts, so
 * that opening it tells them. */
bool context_has_store(const Conf *conf);

/* "guichet: MESSAGE" to standard error; returns APP_FAILED. */
int context_fail(const GError *error);

/* Tells, on standard error, the rule files that are not read, and why. */
void context_tell_passed_over(const Context *context);

/* Says as whom to run this, if not as this user; after a failure. */
void context_advise(const char *store);

/* "Mon 2026-11-23 10:30" on the desk's own wall, "-" of INSTANT_NONE: how every
 * table for people tells an instant. The caller frees. */
char *context_when(const Context *context, Instant at);

/* An option's instant; *ret_at stays without one. False after it has said that
 * it is none: APP_USAGE. */
bool context_instant(const char *text, Instant *ret_at);

#endif
