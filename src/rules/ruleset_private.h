/*
 * ruleset_private: what a Ruleset is, between ruleset_load.c, which makes it,
 * and ruleset.c, which answers.
 */
#ifndef GUICHET_RULESET_PRIVATE_H
#define GUICHET_RULESET_PRIVATE_H

#include "guichet/alert/alert.h"
#include "guichet/alert/alert_map.h"
#include "guichet/rules/robot.h"
#include "loaders_private.h"

struct Ruleset {
	char *hash;
	GHashTable *holidays;       /* name to Holidays * */
	GHashTable *calendar_files; /* name to CalendarFile * */
	GHashTable *calendars; /* a cache: what depends on zone and holidays */
	GHashTable *plans;     /* name to Plan *, owned by plan_list */
	GHashTable *contracts; /* name to Contract *, owned by contract_list */
	GPtrArray *plan_list, *contract_list; /* by name */
	MatchRules *match;
	Quotes *quotes;      /* NULL: those built in */
	GHashTable *answers; /* name to Words *: saved answers */
	Secrets *secrets;    /* NULL: terms alone */
	Away *away;          /* NULL: no date is read */
	RobotRules *robots;
	AlertRules *alerts;
	AlertMap *alert_map;
	GHashTable *replies; /* "fr/acknowledgment.txt" to Template * */
};

Ruleset *ruleset_new(const char *hash);

#endif
