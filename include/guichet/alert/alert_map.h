/*
 * alert_map: what a site says of alerts beside how to read them, in
 * rules/alerts/: hosts.yaml (whose is a host), maintenance.yaml (when a host is
 * silent every night), expected.yaml (mails that must come); and the `hosts` of
 * each contract's own file, which come after the lines of hosts.yaml.
 *
 * Host and service patterns match whole and without regard to case; `*` stands
 * for any characters, `?` for one: "web1" is not "web10". Immutable, borrowed
 * from its Ruleset.
 */
#ifndef GUICHET_ALERT_MAP_H
#define GUICHET_ALERT_MAP_H

#include "guichet/alert/alert.h"
#include "guichet/time/zone.h"
#include "guichet/yaml/pattern.h"

#define ALERT_LEVELS (ALERT_LEVEL_DOWN + 1)

/* One line of hosts.yaml, or of a contract's `hosts`. */
typedef struct {
	char *host, *service;       /* patterns; service NULL: any */
	char *source;               /* NULL: any */
	char *contract;             /* NULL: the source's own */
	char *component, *scope;    /* NULL */
	int severity[ALERT_LEVELS]; /* 0: as the file's `severities` say */
	char *file;
	gsize line;
	YamlPlace source_at;
} AlertHost;

/* Silent at these hours of these days; `to` may be past midnight. */
typedef struct {
	char *host, *service; /* as above */
	int32_t from, to;     /* seconds of the wall clock; from < to */
	guint days;           /* bit 0: Monday; of the day it begins */
	const Zone *zone;
} AlertQuiet;

/* A mail that must have come by a time of day. */
typedef struct {
	char *name;
	char *source;         /* NULL: any that is trusted */
	char *host, *service; /* NULL: any */
	Pattern *subject;     /* NULL: any */
	int32_t by;           /* of the wall clock */
	Seconds within;       /* how long before `by` it may come */
	guint days;           /* on which it is expected */
	const Zone *zone;
	char *contract; /* NULL */
	int severity;   /* 0: the plan's default */
	YamlPlace source_at, host_at;
} AlertExpected;

typedef struct AlertMap {
	GPtrArray *hosts;           /* AlertHost *, in order of precedence */
	GPtrArray *quiet;           /* AlertQuiet * */
	GPtrArray *expected;        /* AlertExpected * */
	int severity[ALERT_LEVELS]; /* 0: the plan's default */
	guint first_claim;          /* of `hosts`: the first of a contract's */
	GPtrArray *shared;          /* char *, domains of shared-senders.yaml */
} AlertMap;

/* Whether a file of alerts/ is one of these, and no recogniser. */
bool alert_map_is_file(const char *name);

/* Never NULL. `contracts` are the names that may be used. */
AlertMap *alert_map_of_files(const RuleFiles *files, const char *directory,
    const char *const *contracts, Problems *problems);
/* Adds `hosts` of a contract's file; what another contract's file claims in the
 * same words is reported. In the order of the contracts' names. */
void alert_map_add_contract(AlertMap *map, const char *contract,
    const YamlNode *root);
void alert_map_free(AlertMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlertMap, alert_map_free)

/* A pattern of this module against a whole name; NULL fits all. */
bool alert_glob_fits(const char *pattern, const char *name);

/* Whether anybody with an account at a hosted service sends from this domain
 * or host (doc/security.md T3). */
bool alert_map_is_shared(const AlertMap *map, const char *domain);

/* The first line that fits, or NULL. */
const AlertHost *alert_map_host(const AlertMap *map, const char *source,
    const char *host, const char *service);

/* One contract's hosts among those that an alert is about now. */
typedef struct {
	const char *contract;  /* "": no line says whose they are */
	const AlertHost *line; /* the first that fits, or NULL */
	GPtrArray *hosts;      /* const char *, each once, none "" */
} AlertOwner;

/* Of a group, what fires in it; of any other, its own host. AlertOwner *, never
 * empty, in the mail's order; all borrowed but the arrays. */
GPtrArray *
alert_map_owners(const AlertMap *map, const Alert *alert, const char *source);

/* What the level weighs; 0: not said. `host` may be NULL. */
int alert_map_severity(const AlertMap *map, const AlertHost *host,
    AlertLevel level);

/* The end of the nightly silence that the instant lies in, or INSTANT_NONE. */
Instant alert_map_quiet_until(const AlertMap *map, const char *host,
    const char *service, Instant at);

/* The first instant after `after` by which the mail must have come. */
Instant alert_expected_next(const AlertExpected *expected, Instant after);
/* The last at or before `at`. */
Instant alert_expected_last(const AlertExpected *expected, Instant at);

const AlertExpected *alert_map_expected(const AlertMap *map, const char *name);

#endif
