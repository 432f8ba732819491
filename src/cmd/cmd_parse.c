/* guichet parse FILE...: what the gateway reads in a mail, as JSON. */
#include "guichet/alert/alert.h"
#include "guichet/base/error.h"
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/daemon/read_sync.h"
#include "guichet/mail/message_json.h"

#include <jansson.h>

#include "guichet/base/cleanup.h"
#include "guichet/print/show.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A person waits at a terminal: done of total, rate, time left. */
static void
show_progress(int done, int total, gint64 begun)
{
	double seconds = (double)(g_get_monotonic_time() - begun) / 1e6;
	double rate = seconds > 0 ? done / seconds : 0;

	if (!isatty(STDERR_FILENO) || isatty(STDOUT_FILENO) || total < 50)
		return;
	if (done % 20 != 0 && done != total)
		return;
	fprintf(stderr, "\r%d of %d, %.0f a second, %.0f s left \033[K%s", done,
	    total, rate, rate > 0 ? (total - done) / rate : 0,
	    done == total ? "\n" : "");
}

static void
add_robot(json_t *json, const Context *context, const Message *message)
{
	RobotContext around = {
		.own_addresses =
		    (const char *const *)context->conf->own_addresses,
		.same_subject = 1,
	};
	g_autoptr(RobotVerdict) robot = robot_classify(message,
	    ruleset_robots(context->ruleset), &around);
	json_t *signals = json_array();

	for (guint i = 0; i < robot->signals->len; i++)
		json_array_append_new(signals,
		    json_string(robot->signals->pdata[i]));
	json_object_set_new(json, "robot",
	    json_string(robot_class_name(robot->class)));
	json_object_set_new(json, "robot_signals", signals);
}

static void
add_alert(json_t *json, const Context *context, const Message *message)
{
	g_autoptr(Alert) alert =
	    alert_recognise(ruleset_alerts(context->ruleset), message);

	json_object_set_new(json, "alert", alert_to_json(alert));
}

static bool
parse_one(const Context *context, ReadSync *reader, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) raw = NULL;
	g_autoptr(Message) message = NULL;
	g_autoptr(json_t) json = NULL;
	bool partial = false;
	gint64 size;

	raw = read_sync_file(path, &size, &partial, &error);
	if (raw != NULL)
		message = read_sync(reader, raw, partial, &error);
	if (message == NULL) {
		fprintf(stderr, "guichet: %s: %s\n", path, error->message);
		return false;
	}
	json = message_to_json(message, path);
	add_robot(json, context, message);
	add_alert(json, context, message);
	show_json(json);
	return true;
}

static int
parse_run(int argc, char **argv)
{
	g_autofree char *config = NULL;
	g_autoptr(Context) context = NULL;
	g_autoptr(ReadSync) reader = NULL;
	gint64 begun = g_get_monotonic_time();
	int code = APP_DONE;

	if (!app_options(&cmd_parse, &argc, &argv, &config, NULL,
		(WordCount){ 1, G_MAXINT }))
		return APP_USAGE;
	context = context_open(config, CONTEXT_RULES | CONTEXT_EXAMPLE);
	if (context == NULL)
		return APP_FAILED;
	reader = read_sync_new();
	for (int i = 1; i < argc; i++) {
		if (!parse_one(context, reader, argv[i]))
			code = APP_FAILED;
		show_progress(i, argc - 1, begun);
	}
	return code;
}

const Subcommand cmd_parse = { "parse", "FILE...",
	"What the gateway reads in a mail, one JSON object a line", parse_run };
