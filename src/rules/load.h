/*
 * load: what the loaders of rules/ share. Each walks one file's tree, reports
 * every mistake at its node and returns what it could make of it: ruleset.c
 * throws all away if anything was reported.
 */
#ifndef GUICHET_LOAD_H
#define GUICHET_LOAD_H

#include "guichet/ruleset.h"
#include "guichet/yaml.h"

/* The names that files may refer to, known from the list of files before any
 * is read; NULL-terminated, sorted. */
typedef struct {
	const char *const *calendars;
	const char *const *holidays;
	const char *const *plans;
	const char *const *contracts;
} KnownNames;

/* ---- values ---- */

/* Reports a name that is not in `known`, as "unknown WHAT". */
bool
load_known(const YamlNode *node, const char *what, const char *const *known);

/* The key's name out of `known`, copied; reports one that is not. NULL if it
 * is absent or wrong. */
char *load_name(const YamlNode *map, const char *key, const char *what,
    const char *const *known);

/* A list of such names; NULL if the key is absent. */
char **load_names(const YamlNode *map, const char *key, const char *what,
    const char *const *known);

/* A text, or {fr, en}. */
void load_words(const YamlNode *map, const char *key, Words *ret_words);

/* False if absent or wrong. */
bool load_duration(const YamlNode *map, const char *key, Duration *ret);
bool load_date(const YamlNode *map, const char *key, Date *ret_date);
const Zone *load_zone(const YamlNode *map, const char *key);
/* "09:00", "24:00": seconds since midnight. */
bool load_time(const char *text, gsize length, int32_t *ret_seconds);

/* A list of severities as bits; those that are not in `known` (0: any) are
 * reported. 0 if absent. */
guint load_severities(const YamlNode *map, const char *key, guint known);

/* Canonical addresses; what is none is reported. */
char **load_addresses(const YamlNode *map, const char *key);
char *load_address(const YamlNode *node);

/* ---- parts ---- */

/* What the conditions of a plan or contract may name. */
typedef struct {
	const KnownNames *names;
	guint severities;         /* bits */
	GHashTable *fields;       /* of yes-no, declared: name to itself */
	GHashTable *fields_asked; /* those that something asked for */
	const char *clock;        /* a best effort without a term has this */
} TargetScope;

void load_condition(const YamlNode *map, const TargetScope *scope,
    Condition *ret_condition);
/* Target *; conditions that overlap are reported. */
GPtrArray *load_targets(const YamlNode *list, const TargetScope *scope);
void load_continuous(const YamlNode *map, guint known, guint *ret_severities,
    Duration *ret_every);

/* ---- files ---- */

typedef struct CalendarFile CalendarFile;
CalendarFile *
calendar_file_load(const char *name, const YamlNode *root, const KnownNames *);
void calendar_file_free(CalendarFile *file);
/* NULL with GUICHET_ERROR_CONFIG. `sets` has the name of each Holidays. */
Calendar *calendar_file_make(const CalendarFile *file, const Zone *zone,
    const char *const *holidays, GHashTable *sets, GError **error);

Plan *
plan_load(const char *name, const YamlNode *root, const KnownNames *names);

/* `plans` is name to Plan, all loaded. */
Contract *contract_load(const char *name, const YamlNode *root,
    const KnownNames *names, GHashTable *plans);
void contract_free(Contract *contract);
void contract_version_free(gpointer version);
void contact_free(gpointer contact);

MatchRules *match_rules_new(void);
/* Adds the rules of a file. */
void
match_load(MatchRules *rules, const YamlNode *root, const KnownNames *names);
/* Sorts them, once all are there. */
void match_rules_seal(MatchRules *rules);
void match_rules_free(MatchRules *rules);

#endif
