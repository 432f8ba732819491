/*
 * desk: the long-lived process that decides everything (doc/design.md 1).
 */
#ifndef GUICHET_DESK_H
#define GUICHET_DESK_H

#include "guichet/rules/ruleset.h"
#include "guichet/site/conf.h"
#include "guichet/store/store.h"

/* What a site says, loaded whole: guichet.yaml and the rules it names. */
typedef struct {
	Conf *conf;
	RuleFiles *files;
	Ruleset *ruleset;
} DeskSite;

void desk_site_free(DeskSite *site);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DeskSite, desk_site_free)

/* GUICHET_ERROR_CONFIG with every mistake, one a line. `file` may be NULL:
 * conf_find(). */
DeskSite *desk_site_load(const char *file, GError **error);

/* A line of which program, configuration, store and rules are in force, and
 * one for each file that is passed over. */
void desk_site_log(const DeskSite *site, const char *event);
/* The same after a reload, and what waits for a restart. */
void desk_site_log_change(const DeskSite *before, const DeskSite *now);

typedef struct {
	bool once;    /* drain everything, then end */
	Instant at;   /* with `once`: what "now" is; else INSTANT_NONE */
	guint64 seed; /* rehearsals: see random.h; 0 otherwise */
	const char *conf_file; /* read again on SIGHUP */
	/* For tests. Milliseconds without a decision though mail waits until
	 * the desk puts itself right, LIMIT_STANDSTILL_SECONDS if 0; and
	 * between two signs of life of a hand, LIMIT_BEAT_SECONDS if 0. */
	gint64 patience;
	gint64 beat;
} DeskOptions;

typedef struct Desk Desk;

/* Takes the site and the store, open for writing. */
Desk *desk_new(DeskSite *site, Store *store, const DeskOptions *options);
void desk_free(Desk *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)

/* Runs until it is stopped, or with `once` drained; the exit code. */
int desk_run(Desk *desk);

#endif
