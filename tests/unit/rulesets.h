/*
 * rulesets: sets of rules for tests, from texts or from the shipped rules/.
 * The tests run in the project's folder.
 */
#ifndef GUICHET_TESTS_RULESETS_H
#define GUICHET_TESTS_RULESETS_H

#include "guichet/rules/ruleset.h"

#include <stdarg.h>
#include <string.h>

/* Calendars that the texts can name. */
#define CALENDAR_ALWAYS "calendars/always.yaml", "always: yes\n"
#define CALENDAR_DESK   "calendars/desk.yaml", "open: [Mon-Fri 09:00-17:00]\n"

/* Name, text, name, text, ..., NULL; sealed. */
static inline RuleFiles *
files_of(const char *name, ...)
{
	RuleFiles *files = rule_files_new();
	va_list args;

	va_start(args, name);
	while (name != NULL) {
		const char *text = va_arg(args, const char *);
		g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

		rule_files_add(files, name, bytes);
		name = va_arg(args, const char *);
	}
	va_end(args);
	rule_files_seal(files);
	return files;
}

/* Takes the files. */
static inline Ruleset *
ruleset_of(RuleFiles *take_files)
{
	g_autoptr(RuleFiles) files = take_files;
	g_autoptr(Problems) problems = problems_new();
	g_autofree char *found = NULL;
	Ruleset *ruleset;

	/* test_ruleset.c tries the patterns of all shipped rules. */
	problems_set_known(problems, true);
	ruleset = ruleset_load(files, "rules", problems);
	found = problems_format(problems);
	g_assert_cmpstr(found, ==, "");
	return ruleset;
}

/* What is said of wrong ones. Takes the files. */
static inline char *
problems_of_files(RuleFiles *take_files)
{
	g_autoptr(RuleFiles) files = take_files;
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(Ruleset) ruleset = ruleset_load(files, "rules", problems);

	g_assert_cmpint(ruleset == NULL, ==, problems_count(problems) > 0);
	return problems_format(problems);
}

/* The rules that are shipped, without what is read and answered: they are
 * tested where that is. To be sealed. */
static inline RuleFiles *
shipped_files(void)
{
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(RuleFiles) all = rule_files_read("rules", problems);
	RuleFiles *files = rule_files_new();
	GHashTableIter iter;
	gpointer name, bytes;

	g_assert_cmpuint(problems_count(problems), ==, 0);
	g_hash_table_iter_init(&iter, all->files);
	while (g_hash_table_iter_next(&iter, &name, &bytes))
		if (strcmp(name, "robots.yaml") != 0 &&
		    !g_str_has_prefix(name, "replies/"))
			rule_files_add(files, name, bytes);
	return files;
}

static inline Ruleset *
shipped_rules(void)
{
	RuleFiles *files = shipped_files();

	rule_files_seal(files);
	return ruleset_of(files);
}

/* What the rules set of a mail, read and judged. */
static inline MatchResult *
match_of(const MatchRules *rules, const Message *message,
    const MatchContext *context)
{
	g_autoptr(MatchRead) read = match_read(rules, message, false);

	return match_judge(read, context);
}

static inline Instant
instant_of(const char *text)
{
	g_autoptr(GError) error = NULL;
	Instant at = 0;

	instant_parse(text, &at, &error);
	g_assert_no_error(error);
	return at;
}

#endif
