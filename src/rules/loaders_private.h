/*
 * loaders_private: what the loaders of rules/ share. Each walks one file's tree, reports
 * every mistake at its node and returns what it could make of it: ruleset.c
 * throws all away if anything was reported.
 */
#ifndef GUICHET_LOADERS_PRIVATE_H
#define GUICHET_LOADERS_PRIVATE_H

#include "guichet/rules/ruleset.h"
#include "guichet/yaml/load.h"

/* The names that files may refer to, known from the list of files before any
 * is read; NULL-terminated, sorted. */
typedef struct {
	const char *const *calendars;
	const char *const *holidays;
	const char *const *plans;
	const char *const *contracts;
} KnownNames;

/* The keys, sorted, NULL-terminated; the caller frees the array alone. */
const char **ruleset_sorted_names(GHashTable *table);

/* ---- parts ---- */

/* What the conditions of a plan or contract may name. */
typedef struct {
	const KnownNames *names;
	guint severities;         /* bits */
	GHashTable *fields;       /* of yes-no, declared: name to itself */
	GHashTable *fields_asked; /* those that something asked for */
	const char *clock;        /* a best effort without a term has this */
} TargetScope;

void target_load_condition(const YamlNode *map, const TargetScope *scope,
    Condition *ret_condition);
/* The ticket kinds of `kind` as bits; 0: none is given. */
guint target_load_kinds(const YamlNode *map);
/* Target *; conditions that overlap are reported. */
GPtrArray *target_load_list(const YamlNode *list, const TargetScope *scope);
/* What `availability` says, or NULL if there is none; what a contract leaves
 * out is the plan's: `base`, or NULL. */
AvailabilityTerms *
availability_load(const YamlNode *map, const AvailabilityTerms *base);
/* A list of levels of alerts as bits; 0: none is given. */
guint availability_load_levels(const YamlNode *map, const char *key);
void target_load_continuous(const YamlNode *map, guint known,
    guint *ret_severities, Duration *ret_every);

/* A plan's `terms`, once its fields and duties are there. */
void terms_load(const YamlNode *root, const TargetScope *scope, Plan *plan);
/* What its hours, requests and fees come to, read from `terms`. */
struct PlanHours *hours_load(const YamlNode *terms);
/* What is wrong with the plan that its hours lead to, of `plans` (name to Plan);
 * NULL: nothing. */
const char *hours_check(const Plan *plan, GHashTable *plans);
/* What a plan is sold with, whom it excludes, what it grants and asks beside its
 * clocks: needs, since, phones, ready. */
void
plan_offer_load(const YamlNode *root, const TargetScope *scope, Plan *plan);
/* Whether what a contract says of term, notice, packages, thresholds and plans
 * is something that its plans offer. `root` is the contract's. */
void contract_check(const YamlNode *root, const Contract *contract,
    GHashTable *plans);

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
void contract_technician_free(gpointer technician);

/* The answers of a site. */
typedef struct {
	const RuleFiles *files;
	const char *directory; /* as its mistakes are shown */
	GHashTable *replies;   /* "fr/acknowledgment.txt" to Template * */
	Problems *problems;
	GHashTable *told; /* parts whose mistake is among these already */
} ReplyLoading;

/* Takes those of `paths` (char *) that are answers; whether there are any. */
bool replies_load(const ReplyLoading *loading, const GPtrArray *paths);
/* Whether each language has all that it must have. */
void replies_check(const ReplyLoading *loading);

MatchRules *match_rules_new(void);
/* Adds the rules of a file. */
void
match_load(MatchRules *rules, const YamlNode *root, const KnownNames *names);
/* Sorts them, once all are there. */
void match_rules_seal(MatchRules *rules);
void match_rules_free(MatchRules *rules);

#endif
