/* The mails of tests/alerts and what is to be read in them. */
#ifndef ALERT_MAILS_H
#define ALERT_MAILS_H

#include "guichet/alert/alert.h"
#include "guichet/alert/alert_map.h"

#include <string.h>

#define MAILS "tests/alerts"
#define RULES "rules/alerts"

static const AlertRules *rules;

static AlertRules *
load_rules(void)
{
	AlertRules *loaded = alert_rules_new();
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(GDir) dir = g_dir_open(RULES, 0, NULL);
	g_autofree char *said = NULL;
	const char *name;

	g_assert_nonnull(dir);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(RULES, name, NULL);
		g_autofree char *text = NULL;
		g_autofree char *below = g_strconcat("alerts/", name, NULL);
		gsize length;

		if (alert_map_is_file(below))
			continue;
		g_assert_true(g_file_get_contents(path, &text, &length, NULL));
		alert_rules_load_text(loaded, path, text, length, problems);
	}
	alert_rules_seal(loaded);
	said = problems_format(problems);
	g_assert_cmpstr(said, ==, "");
	return loaded;
}

/* ---- the mails ---- */

static char *
member_line(const AlertMember *member)
{
	return g_strdup_printf("%s | %s | %s | %s",
	    member->firing ? "firing" : "resolved", member->key, member->host,
	    member->service);
}

static const char *
value_of(const Alert *alert, const char *name)
{
	const struct {
		const char *name, *value;
	} values[] = {
		{ "system", alert->system },
		{ "type", alert_type_name(alert->type) },
		{ "host", alert->host },
		{ "service", alert->service },
		{ "state", alert->state },
		{ "severity", alert->severity },
		{ "level", alert_level_name(alert->level) },
		{ "key", alert->key },
		{ "alias", alert->alias },
		{ "event_id", alert->event_id },
		{ "info", alert->info },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
		if (strcmp(values[i].name, name) == 0)
			return values[i].value;
	return "no such line in an expectation";
}

G_GNUC_UNUSED static void
check_alert(const Alert *alert, const char *path, char **lines)
{
	guint members = 0;

	if (lines[0] != NULL && strcmp(lines[0], "none") == 0) {
		if (alert != NULL)
			g_test_message("%s is no alert, but %s", path,
			    alert->system);
		g_assert_null(alert);
		return;
	}
	if (alert == NULL)
		g_test_message("%s: nothing recognised", path);
	g_assert_nonnull(alert);
	if (alert == NULL)
		return;
	for (; *lines != NULL; lines++) {
		g_auto(GStrv) pair = g_strsplit(*lines, ": ", 2);
		g_autofree char *member = NULL;
		const char *value;

		if (strcmp(pair[0], "member") == 0) {
			g_assert_cmpuint(members, <, alert->members->len);
			member = member_line(alert->members->pdata[members++]);
			value = member;
		} else {
			value = value_of(alert, pair[0]);
		}
		if (strcmp(value, pair[1]) != 0)
			g_test_message("%s: %s", path, *lines);
		g_assert_cmpstr(value, ==, pair[1]);
	}
	g_assert_true(members == 0 || members == alert->members->len);
	g_assert_cmpuint(g_strv_length(alert->limits), ==, 0);
}

/* Lines with text that are no comments. */
static char **
read_expected(const char *mail)
{
	g_autofree char *stem = g_strndup(mail, strlen(mail) - 4);
	g_autofree char *path = g_strconcat(stem, ".expect", NULL);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	g_autoptr(GStrvBuilder) kept = g_strv_builder_new();

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++)
		if (*lines[i] != '\0' && *lines[i] != '#')
			g_strv_builder_add(kept, lines[i]);
	return g_strv_builder_end(kept);
}

typedef void (*MailTest)(const char *path, const char *bytes, Message *message,
    char **expected);

G_GNUC_UNUSED static guint
each_mail(MailTest test)
{
	g_autoptr(GDir) dir = g_dir_open(MAILS, 0, NULL);
	const char *system, *name;
	guint count = 0;

	g_assert_nonnull(dir);
	while ((system = g_dir_read_name(dir)) != NULL) {
		g_autofree char *folder = g_build_filename(MAILS, system, NULL);
		g_autoptr(GDir) below = g_dir_open(folder, 0, NULL);

		while (
		    below != NULL && (name = g_dir_read_name(below)) != NULL) {
			g_autofree char *path = g_build_filename(folder, name,
			    NULL);
			g_autofree char *bytes = NULL;
			g_autoptr(Message) message = NULL;
			g_auto(GStrv) expected = NULL;
			gsize length;

			if (!g_str_has_suffix(name, ".eml"))
				continue;
			g_assert_true(
			    g_file_get_contents(path, &bytes, &length, NULL));
			message = message_parse((const guint8 *)bytes, length,
			    false);
			expected = read_expected(path);
			test(path, bytes, message, expected);
			count++;
		}
	}
	return count;
}

#endif
