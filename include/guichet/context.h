/*
 * context: what a subcommand works with, opened as far as it needs and with
 * every error already told to the person at the terminal.
 */
#ifndef GUICHET_CONTEXT_H
#define GUICHET_CONTEXT_H

#include "guichet/conf.h"
#include "guichet/intake.h"
#include "guichet/ruleset.h"
#include "guichet/store.h"

typedef enum {
	CONTEXT_CONF = 0,       /* guichet.yaml: always */
	CONTEXT_RULES = 1 << 0, /* the rules beside it, whole */
	CONTEXT_STORE = 1 << 1, /* the store, to read */
	CONTEXT_WRITE = 1 << 2, /* the store, to write: no desk may run */
	CONTEXT_SECRETS = 1 << 3,
	CONTEXT_TERMS = 1 << 4, /* of the rules, ruleset_load_terms() */
} ContextParts;

typedef struct {
	Conf *conf;
	Ruleset *ruleset;
	RuleFiles *files;
	Store *store;
	Intake *intake; /* with rules or terms, and a store */
} Context;

/* NULL after it has printed, to standard error, all that is wrong. `config`
 * is -c's argument or NULL. */
Context *context_open(const char *config, unsigned parts);
void context_free(Context *context);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Context, context_free)

/* The site's store, known to be its own; a writer's is tied to lifebook.h. */
Store *context_store(const Conf *conf, StoreMode mode, GError **error);

/* "guichet: MESSAGE" to standard error; returns APP_FAILED. */
int context_fail(const GError *error);

/* An option's instant; *ret_at stays without one. False after it has said that
 * it is none: APP_USAGE. */
bool context_instant(const char *text, Instant *ret_at);

#endif
