/*
 * guichet alert test FILE...: what each recogniser of rules/alerts/ reads in a
 * mail, and what those lack that nearly fit. For whoever writes one.
 */
#include "guichet/alert/alert.h"
#include "guichet/base/limits.h"
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/daemon/read_sync.h"

#include "alert_hosts_private.h"

#include <jansson.h>

#include "guichet/base/cleanup.h"
#include "guichet/print/show.h"

#include <stdio.h>
#include <string.h>

static Message *
read_mail(ReadSync *reader, const char *path, GError **error)
{
	g_autofree char *bytes = NULL;
	g_autoptr(GBytes) raw = NULL;
	gsize length;
	bool partial;

	if (!g_file_get_contents(path, &bytes, &length, error))
		return NULL;
	partial = length > LIMIT_MAIL_BYTES;
	if (partial)
		length = LIMIT_HEADER_BLOCK_BYTES + LIMIT_MAIL_PARTIAL_BYTES;
	raw = g_bytes_new_take(g_steal_pointer(&bytes), length);
	return read_sync(reader, raw, partial, error);
}

static void
print_lines(const char *before, char *const *lines)
{
	for (; *lines != NULL; lines++)
		show("%s%s\n", before, *lines);
}

static void
print_words(const char *before, char *const *words)
{
	g_autofree char *joined = g_strjoinv(", ", (char **)words);

	if (*joined != '\0')
		show("%s%s\n", before, joined);
}

static void
print_field(const char *name, const char *value)
{
	if (*value != '\0')
		show("    %-9s %s\n", name, value);
}

static void
print_alert(const Alert *alert)
{
	show("  %s: %s, level %s\n", alert->system,
	    alert_type_name(alert->type), alert_level_name(alert->level));
	print_field("host", alert->host);
	print_field("service", alert->service);
	print_field("state", alert->state);
	print_field("severity", alert->severity);
	print_field("key", alert->key);
	print_field("alias", alert->alias);
	print_field("event", alert->event_id);
	print_field("info", alert->info);
	for (guint i = 0; i < alert->members->len; i++) {
		const AlertMember *member = alert->members->pdata[i];

		show("    %-9s %s (host %s, service %s)\n",
		    member->firing ? "firing" : "resolved", member->key,
		    member->host, member->service);
	}
	print_words("    not found, though such a mail should have it: ",
	    alert->missing);
	print_words("    gave up at a limit: ", alert->limits);
}

static void
print_near(const AlertReading *reading)
{
	show("  nearly %s\n", reading->system);
	print_lines("    not found: ", reading->lacking);
	if (reading->courtesy)
		puts("    it greets as a person does, which 'courtesy: yes' "
		     "would allow");
	print_lines("    read: ", reading->fields);
	print_words("    missing: ", reading->missing);
}

/* What each mail that it carries would say by itself. */
static void
print_carried(const AlertRules *rules, const Message *message)
{
	for (guint i = 0;
	     message->enclosed != NULL && i < message->enclosed->len; i++) {
		const Message *inner = message->enclosed->pdata[i];
		g_autoptr(AlertMails) mails = alert_mails_new(rules, inner);
		g_autoptr(GPtrArray) alerts = alert_read(mails);

		show("  carries a mail: %s\n", inner->subject);
		for (guint k = 0; k < alerts->len; k++)
			print_alert(alerts->pdata[k]);
		if (alerts->len == 0)
			puts("  no alert");
	}
}

/* Whether it is an alert. */
static bool
print_readings(const GPtrArray *readings, const char *conversation)
{
	const AlertReading *first = NULL;

	if (conversation != NULL)
		show("  written, answered or forwarded by a person: %s\n",
		    conversation);
	for (guint i = 0; i < readings->len; i++) {
		const AlertReading *reading = readings->pdata[i];

		if (reading->alert == NULL)
			continue;
		if (first == NULL)
			print_alert((first = reading)->alert);
		else
			show("  would also be %s, which is asked later\n",
			    reading->system);
	}
	if (first == NULL && conversation == NULL)
		puts("  no alert");
	for (guint i = 0; i < readings->len; i++) {
		const AlertReading *reading = readings->pdata[i];

		if (reading->alert == NULL)
			print_near(reading);
	}
	return first != NULL;
}

static bool
test_one(const AlertRules *rules, ReadSync *reader, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Message) message = read_mail(reader, path, &error);
	g_autoptr(AlertMails) mails = NULL;
	g_autoptr(GPtrArray) readings = NULL, alerts = NULL;
	g_autofree char *conversation = NULL;

	if (message == NULL) {
		fprintf(stderr, "guichet: %s: %s\n", path, error->message);
		return false;
	}
	puts(path);
	mails = alert_mails_new(rules, message);
	alerts = alert_read(mails);
	if (alerts->len > 1 || (alerts->len > 0 && alert_is_enclosed(mails))) {
		for (guint i = 0; i < alerts->len; i++)
			print_alert(alerts->pdata[i]);
	} else {
		readings = alert_examine(rules, message, &conversation);
		(void)print_readings(readings, conversation);
	}
	print_carried(rules, message);
	return alerts->len > 0;
}

static bool
test_json(const AlertRules *rules, ReadSync *reader, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Message) message = read_mail(reader, path, &error);
	g_autoptr(AlertMails) mails = NULL;
	g_autoptr(GPtrArray) alerts = NULL;
	g_autoptr(json_t) json = NULL;

	if (message == NULL) {
		fprintf(stderr, "guichet: %s: %s\n", path, error->message);
		return false;
	}
	mails = alert_mails_new(rules, message);
	alerts = alert_read(mails);
	json = json_pack("{s:s, s:o}", "file", path, "alert",
	    alert_to_json(alerts->len > 0 ? alerts->pdata[0] : NULL));
	if (alerts->len > 1)
		json_object_set_new(json, "alerts", alert_list_to_json(alerts));
	show_json(json);
	return alerts->len > 0;
}

static int
alert_run(int argc, char **argv)
{
	g_autofree char *config = NULL;
	gboolean as_json = FALSE;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &as_json,
		    "One JSON object a line", NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	g_autoptr(ReadSync) reader = NULL;
	const AlertRules *rules;
	int code = APP_DONE;

	if (!app_options(&cmd_alert, &argc, &argv, &config, entries,
		(WordCount){ 1, G_MAXINT }))
		return APP_USAGE;
	if (strcmp(argv[1], "hosts") == 0 && argc == 2)
		return alert_hosts_run(config, as_json);
	if (strcmp(argv[1], "test") != 0 || argc < 3)
		return app_usage(&cmd_alert);
	context = context_open(config, CONTEXT_RULES | CONTEXT_EXAMPLE);
	if (context == NULL)
		return APP_FAILED;
	rules = ruleset_alerts(context->ruleset);
	reader = read_sync_new();
	for (int i = 2; i < argc; i++)
		if (!(as_json ? test_json : test_one)(rules, reader, argv[i]))
			code = APP_FAILED;
	return code;
}

const Subcommand cmd_alert = { "alert", "test FILE... | hosts",
	"What the recognisers of alerts read in a mail; who maps where",
	alert_run };
