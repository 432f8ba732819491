/*
 * silence: how long nothing may be heard of a ticket (doc/domain.md 7): what a
 * site or a plan says of it, as its file has it.
 *
 * A plan's word holds over the site's, and the site's over the defaults. All of
 * it binds the desk alone: none of it is promised to a client. Plain data; who
 * has one clears it.
 */
#ifndef GUICHET_SILENCE_RULES_H
#define GUICHET_SILENCE_RULES_H

#include "guichet/base/limits.h"
#include "guichet/time/duration.h"
#include "guichet/yaml/yaml.h"

/* What counts in whole days on which the desk is open. */
typedef enum {
	SILENCE_REMIND,      /* wait for the client, then remind them */
	SILENCE_GIVE_UP,     /* after that, say that nothing came, or close */
	SILENCE_THIRD_PARTY, /* wait for somebody else, between reminders */
	SILENCE_REVIEW,      /* nobody says a word, and nothing else is due */
	SILENCE_DAYS,
} SilenceDays;

typedef struct {
	bool has_answer; /* `answer` is there: the time below */
	Duration within; /* in which a client's mail is answered */
	Duration
	    severity_1; /* the same of severity 1, day and night; count 0: none */
	char *calendar;                     /* of `within`; NULL: the site's */
	YamlPlace calendar_at, holidays_at; /* of a site's */
	char **holidays;        /* of the site's own calendar; NULL: not said */
	int days[SILENCE_DAYS]; /* 0: not said */
	bool says_close, closes; /* once given up, of severity 3 and 4 */
	/* A plan's: after each public word, when the client hears next; count
	 * 0: no time is said. On the calendar `news_clock`, NULL: the site's. */
	Duration news[SEVERITY_MAX + 1];
	char *news_clock;
} SilenceRules;

/* Reads `answer` and `silence` of guichet.yaml. Its calendar is looked up once
 * the rules are there (guichet/ticket/awaits.h). Reports what is wrong. */
void silence_rules_load_site(const YamlNode *root, SilenceRules *rules);
/* The same of a plan, and `next`; `calendars` are the names that there are,
 * NULL-terminated, `severities` the plan's as bits. */
void silence_rules_load_plan(const YamlNode *root, const char *const *calendars,
    guint severities, SilenceRules *rules);
void silence_rules_clear(SilenceRules *rules);

#endif
