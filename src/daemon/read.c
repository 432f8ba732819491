/*
 * The reader: raw mail in, Message out, nothing else.
 *
 * Whatever a library would load on first use is loaded before the sandbox
 * closes: character set converters are files (glibc), GMime and libxml2 keep
 * tables.
 */
#include "guichet/base/child.h"
#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/frame.h"
#include "guichet/base/limits.h"
#include "guichet/daemon/hands.h"
#include "guichet/daemon/read_quotes.h"
#include "guichet/daemon/sandbox.h"
#include "guichet/mail/message.h"

#include <gmime/gmime.h>
#include <libxml/parser.h>

#include <fcntl.h>
#include <unistd.h>

static void
load_libraries(void)
{
	static const char warm[] = "From: a@example.com\r\n"
				   "Subject: =?utf-8?q?=C3=A9?=\r\n"
				   "Content-Type: text/html\r\n\r\n<p>a</p>";

	g_mime_init();
	xmlInitParser();
	message_preload();
	/* One mail through everything: lazy tables, locale, lazy symbols. */
	message_free(
	    message_parse((const guint8 *)warm, sizeof(warm) - 1, false));
}

/* Libraries may not write to the desk's log what a mail makes them say. */
static bool
silence(void)
{
#ifdef GUICHET_SANITIZED
	return true; /* the report of a fault is wanted */
#else
	g_auto(Descriptor) null = open("/dev/null", O_RDWR | O_CLOEXEC);

	return null >= 0 && dup2(null, STDOUT_FILENO) >= 0 &&
	    dup2(null, STDERR_FILENO) >= 0;
#endif
}

static bool
say_ready(bool sandboxed, GError **error)
{
	GVariantDict args;

	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "sandbox", "b", sandboxed);
	return frame_send(CHILD_SOCKET, "ready", g_variant_dict_end(&args), -1,
	    error);
}

static void
say_broken(const char *why)
{
	GVariantDict args;

	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "ok", "b", FALSE);
	g_variant_dict_insert(&args, "text", "s", why);
	frame_send(CHILD_SOCKET, "state", g_variant_dict_end(&args), -1, NULL);
}

/* Answers one `read`. */
static bool
read_one(const Frame *frame, GError **error)
{
	g_autoptr(GBytes) raw = frame_map(frame->fd, LIMIT_MAIL_BYTES, error);
	g_autoptr(Message) message = NULL;
	g_autoptr(GVariant) variant = NULL;
	g_auto(Descriptor) reply = -1;
	GVariantDict args;

	if (raw == NULL)
		return false;
	message = message_parse(g_bytes_get_data(raw, NULL),
	    g_bytes_get_size(raw), frame_bool(frame, "partial"));
	variant = g_variant_ref_sink(message_to_variant(message));
	reply = frame_memfd(g_variant_get_data(variant),
	    g_variant_get_size(variant), error);
	if (reply < 0)
		return false;
	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "id", "x", frame_int(frame, "id", 0));
	return frame_send(CHILD_SOCKET, "message", g_variant_dict_end(&args),
	    reply, error);
}

/* False once there is nothing more to serve. */
static bool
serve(GError **error)
{
	g_autoptr(Frame) frame = NULL;

	if (!frame_receive(CHILD_SOCKET, &frame, error) || frame == NULL)
		return false;
	if (g_str_equal(frame->verb, "quotes"))
		return read_quotes_hear(frame, error);
	if (!g_str_equal(frame->verb, "read")) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "a reader does not know '%s'", frame->verb);
		return false;
	}
	return read_one(frame, error);
}

int
read_main(const char *name)
{
	g_autoptr(GError) error = NULL;
	bool sandboxed = false;

	(void)name;
	load_libraries();
	if (!silence() || !sandbox_enter(CHILD_SOCKET, &sandboxed, &error)) {
		say_broken(error == NULL ? "/dev/null" : error->message);
		return APP_FAILED;
	}
	if (say_ready(sandboxed, &error)) {
		while (serve(&error))
			continue;
	}
	return error == NULL ? APP_DONE : APP_FAILED;
}
