/*
 * send: the process that holds the way out (frame.h, sink.h). One mail at a
 * time; what the desk sends meanwhile waits.
 */
#include "guichet/base/child.h"
#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/frame.h"
#include "guichet/base/limits.h"
#include "guichet/base/names.h"
#include "guichet/base/text.h"
#include "guichet/daemon/hands.h"
#include "guichet/wire/sink.h"

#include "hand_private.h"

#include <string.h>

typedef struct {
	const SinkOps *ops;
	Sink *sink;
	GQueue waiting; /* Frame *, came while a mail was under way */
	gint64 id;      /* of the mail under way */
	GError *broken; /* the desk's socket, found out in the callback */
} Send;

static GVariant *
id_args(gint64 id)
{
	GVariantDict args;

	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "id", "x", id);
	return g_variant_dict_end(&args);
}

/* SinkDot: asks the desk, and waits for its `go` for this mail. Without it
 * nothing is sent: the desk has not noted that the mail may be out. */
static bool
ask_desk(void *data)
{
	Send *send = data;
	gint64 end = g_get_monotonic_time() + LIMIT_GO_SECONDS * G_USEC_PER_SEC;

	if (!frame_send(CHILD_SOCKET, "dot", id_args(send->id), -1,
		&send->broken))
		return false;
	for (;;) {
		g_autoptr(Frame) frame = NULL;
		gint64 left = end - g_get_monotonic_time();

		if (left <= 0 || !hand_readable((int)(left / 1000) + 1))
			return false;
		if (!frame_receive(CHILD_SOCKET, &frame, &send->broken))
			return false;
		if (frame == NULL)
			hand_exit();
		if (strcmp(frame->verb, "go") != 0)
			g_queue_push_tail(&send->waiting,
			    g_steal_pointer(&frame));
		else if (frame_int(frame, "id", 0) == send->id)
			return true;
	}
}

#define SINK_OUTCOME_NAMES(X) \
 X(SINK_SENT, "sent")         \
 X(SINK_LATER, "later")       \
 X(SINK_NEVER, "never")       \
 X(SINK_UNKNOWN, "unknown")
NAME_TABLE(outcomes, SINK_OUTCOME_NAMES, SINK_OUTCOME_COUNT);

static bool
send_one(Send *send, const Frame *frame, GError **error)
{
	SinkMail mail = { 0 };
	g_autoptr(GBytes) bytes = frame_map(frame->fd, LIMIT_SEND_BYTES, error);
	g_autofree char *text = NULL;
	g_autofree char *line = NULL;
	GVariantDict args;
	SinkOutcome outcome;
	int code = 0;

	if (bytes == NULL)
		return false;
	mail.from = frame_string(frame, "from");
	mail.to = frame_string(frame, "to");
	mail.never_notify = !frame_bool(frame, "notify");
	mail.bytes = bytes;
	mail.id = send->id = frame_int(frame, "id", 0);
	outcome = send->ops->send(send->sink, &mail, ask_desk, send, &code,
	    &text);
	if (send->broken != NULL) {
		g_propagate_error(error, g_steal_pointer(&send->broken));
		return false;
	}
	line = text_clean_line(text != NULL ? text : "", -1, 1000);
	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "id", "x", send->id);
	g_variant_dict_insert(&args, "outcome", "s",
	    names_word(&outcomes, outcome));
	g_variant_dict_insert(&args, "code", "i", code);
	g_variant_dict_insert(&args, "text", "s", line);
	return frame_send(CHILD_SOCKET, "result", g_variant_dict_end(&args), -1,
	    error);
}

static bool
take_frame(Send *send, const Frame *frame, GError **error)
{
	if (strcmp(frame->verb, "send") == 0)
		return send_one(send, frame, error);
	if (strcmp(frame->verb, "go") == 0)
		return true; /* for a mail that was given up meanwhile */
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
	    "the desk said '%s'", frame->verb);
	return false;
}

/* Opens the way out, or only tries it. */
static bool
open_sink(Send *send, Frame *start, bool probe, GError **error)
{
	g_autoptr(GVariant) variant = g_variant_lookup_value(start->args,
	    "config", G_VARIANT_TYPE_VARDICT);
	g_autoptr(SinkConf) conf = NULL;

	if (variant != NULL)
		conf = sink_conf_from_variant(variant);
	send->ops = conf != NULL ? sink_ops(conf->kind) : NULL;
	if (send->ops == NULL) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "no such kind of way out");
		return false;
	}
	if (probe)
		return send->ops->probe(conf, error);
	send->sink = send->ops->open(conf, error);
	return send->sink != NULL;
}

static bool
serve(void *data, Frame *start, GError **error)
{
	Send *send = data;
	bool probe = frame_bool(start, "probe");

	if (!open_sink(send, start, probe, error))
		return false;
	hand_wipe(start);
	if (!hand_report(NULL, NULL, error))
		return false;
	while (!probe) {
		g_autoptr(Frame) frame = g_queue_pop_head(&send->waiting);

		if (frame == NULL && !hand_receive(&frame, error))
			return false;
		if (frame == NULL)
			break;
		if (!take_frame(send, frame, error))
			return false;
	}
	return true;
}

static void
end(void *data)
{
	Send *send = data;

	if (send->sink != NULL)
		send->ops->close(send->sink);
	g_queue_clear_full(&send->waiting, (GDestroyNotify)frame_free);
}

int
send_main(const char *name)
{
	static const HandOps ops = { serve, end };
	Send send = { .waiting = G_QUEUE_INIT };

	(void)name;
	return hand_main(&ops, &send);
}
