/* What the fetch and send processes have in common. */
#include "hand_private.h"

#include "guichet/base/beat.h"
#include "guichet/base/child.h"
#include "guichet/base/error.h"
#include "guichet/base/exit.h"
#include "guichet/base/text.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* No core dump with a password in it, no SIGPIPE. */
static void
begin(void)
{
	const struct rlimit none = { 0, 0 };

	signal(SIGPIPE, SIG_IGN);
	setrlimit(RLIMIT_CORE, &none);
#ifndef GUICHET_SANITIZED /* LeakSanitizer traces its own process */
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

bool
hand_readable(int milliseconds)
{
	struct pollfd wanted = { CHILD_SOCKET, POLLIN, 0 };

	return beat_poll(&wanted, 1, milliseconds) > 0;
}

bool
hand_receive(Frame **ret_frame, GError **error)
{
	hand_readable(-1);
	return frame_receive(CHILD_SOCKET, ret_frame, error);
}

/* BeatSign. A desk that does not listen now needs none, and what cannot be
 * written at once would hold up the hand. */
static void
say_alive(void)
{
	struct pollfd wanted = { CHILD_SOCKET, POLLOUT, 0 };

	if (poll(&wanted, 1, 0) > 0 && (wanted.revents & POLLOUT) != 0)
		frame_send(CHILD_SOCKET, "beat", NULL, -1, NULL);
}

/* Waits for `start`. The end of the desk is success with *ret_start NULL. */
static bool
start(Frame **ret_start, GError **error)
{
	g_autoptr(Frame) frame = NULL;

	if (!frame_receive(CHILD_SOCKET, &frame, error))
		return false;
	if (frame != NULL && strcmp(frame->verb, "start") != 0) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "the desk began with '%s'", frame->verb);
		return false;
	}
	*ret_start = g_steal_pointer(&frame);
	return true;
}

bool
hand_report(const GError *failure, const char *warning, GError **error)
{
	g_autofree char *text = text_clean_line(
	    failure != NULL ? failure->message : "connected", -1, 1000);
	GVariantDict args;

	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "ok", "b", failure == NULL);
	g_variant_dict_insert(&args, "text", "s", text);
	if (warning != NULL) {
		g_autofree char *line = text_clean_line(warning, -1, 1000);

		g_variant_dict_insert(&args, "warning", "s", line);
	}
	g_variant_dict_insert(&args, "config", "b",
	    g_error_matches(failure, GUICHET_ERROR, GUICHET_ERROR_CONFIG));
	return frame_send(CHILD_SOCKET, "state", g_variant_dict_end(&args), -1,
	    error);
}

/* Reports the last failure; gives the exit code. */
static int
failed(const GError *failure)
{
	/* Nobody hears it: the desk is gone, which is no failure of ours. */
	if (!hand_report(failure, NULL, NULL))
		return APP_DONE;
	return g_error_matches(failure, GUICHET_ERROR, GUICHET_ERROR_CONFIG)
	    ? HAND_CONFIG
	    : HAND_TEMPORARY;
}

void
hand_exit(void)
{
	_exit(APP_DONE);
}

void
hand_wipe(Frame *frame)
{
	/* The bytes are on the heap and ours alone: frame.c copied them. */
	explicit_bzero((void *)(guintptr)g_variant_get_data(frame->args),
	    g_variant_get_size(frame->args));
}

int
hand_main(const HandOps *ops, void *data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Frame) first = NULL;
	bool ok;

	begin();
	ok = start(&first, &error);
	if (first != NULL)
		beat_begin(frame_int(first, "beat", 0), say_alive);
	ok = ok && (first == NULL || ops->serve(data, first, &error));
	ops->end(data);
	return ok ? APP_DONE : failed(error);
}
