/*
 * ruleset: all that a site edits but guichet.yaml itself, loaded whole or not
 * at all: calendars, holidays, plans, contracts, match rules, alerts, robots,
 * quotes, replies.
 *
 * It is made from a RuleFiles: names and bytes, read from a directory or from
 * the store, where each set that was ever in force is kept under its hash, so
 * that editing a file never rewrites the past. Immutable; one thread.
 */
#ifndef GUICHET_RULESET_H
#define GUICHET_RULESET_H

#include "guichet/compose/template.h"
#include "guichet/rules/away.h"
#include "guichet/rules/contract.h"
#include "guichet/rules/match.h"
#include "guichet/rules/robot.h"
#include "guichet/rules/secrets.h"
#include "guichet/words/quotes.h"
#include "guichet/yaml/rule_files.h"

typedef struct Ruleset Ruleset;

/* NULL if anything is wrong: then `problems` has all of it. `directory` is
 * put before file names in messages. */
Ruleset *
ruleset_load(const RuleFiles *files, const char *directory, Problems *problems);
/*
 * Only what promises are made of: calendars, plans, contracts, and whose host
 * is whose. It knows no match rule, recogniser, robot or reply, but is there in
 * a fraction of the time: for who reads the queue, and for rules of the past.
 */
Ruleset *ruleset_load_terms(const RuleFiles *files, const char *directory,
    Problems *problems);
void ruleset_free(Ruleset *ruleset);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ruleset, ruleset_free)

/* The words of the site's own quotes.yaml, borrowed; NULL: those built in.
 * quotes_use() puts them in force. */
Quotes *ruleset_quotes(const Ruleset *ruleset);
const char *ruleset_hash(const Ruleset *ruleset);
const Plan *ruleset_plan(const Ruleset *ruleset, const char *name);
const Contract *ruleset_contract(const Ruleset *ruleset, const char *name);
const GPtrArray *ruleset_plans(const Ruleset *ruleset); /* Plan *, by name */
const GPtrArray *ruleset_contracts(const Ruleset *ruleset); /* Contract * */
const MatchRules *ruleset_match(const Ruleset *ruleset);
const RobotRules *ruleset_robots(const Ruleset *ruleset);
/* What is masked in what is read by mail: the site's own, else what is built
 * in; NULL of ruleset_load_terms(). */
const Secrets *ruleset_secrets(const Ruleset *ruleset);
/* NULL: the site has no rules/away.yaml. */
const Away *ruleset_away(const Ruleset *ruleset);
/* A saved answer (answers/NAME.yaml), in the language or else in the other; NULL:
 * there is none of that name. Their names, sorted; the caller frees the array
 * alone. */
const char *
ruleset_answer(const Ruleset *ruleset, const char *name, const char *language);
const char **ruleset_answer_names(const Ruleset *ruleset);
/* alert.h, which includes this header. */
const struct AlertRules *ruleset_alerts(const Ruleset *ruleset);
/* alert_map.h, likewise. */
const struct AlertMap *ruleset_alert_map(const Ruleset *ruleset);
const Holidays *ruleset_holidays(const Ruleset *ruleset, const char *name);
/* Their names, sorted. The caller frees the array alone. */
const char **ruleset_holiday_names(const Ruleset *ruleset);

/* A calendar with these defaults in place of the file's `zone: client` and
 * `holidays: contract`; interned, borrowed. NULL if there is no such name. */
const Calendar *ruleset_calendar(const Ruleset *ruleset, const char *name,
    const Zone *zone, const char *const *holidays);

/* A reply's parts, "acknowledgment" in "fr": subject, text and html (NULL if
 * there is no such file). False if there is no text in that language. */
bool ruleset_reply(const Ruleset *ruleset, const char *name,
    const char *language, const Template **ret_subject,
    const Template **ret_text, const Template **ret_html);

/* A contract's plan at an instant: the first of the version's plans. False,
 * with the terms untouched, if the contract was not in force: not begun, or
 * over (contract_life()). */
bool ruleset_terms(const Ruleset *ruleset, const Contract *contract,
    Instant received, Terms *ret_terms);

/* What a version promises of availability: its own, else that of the first of
 * its plans that promises any; NULL: none does. */
const AvailabilityTerms *
ruleset_availability(const Ruleset *ruleset, const ContractVersion *version);

#endif
