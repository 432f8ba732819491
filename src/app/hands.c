#include "guichet/hands.h"
#include "guichet/cleanup.h"
#include "guichet/error.h"

#include <fcntl.h>
#include <poll.h>

#define PAUSE_MOST     300
#define HEALTHY        60  /* seconds */
#define GRACE          500 /* milliseconds, for one whose socket ended */
#define GRACE_AT_END   2000
#define FRAMES_A_ROUND 64

typedef struct {
	char *verb;
	GVariant *args;
	int fd;
} Words;

struct Hand {
	Loop *loop;
	char *role, *name;
	const HandOps *ops;
	void *data;
	Child *child;
	guint watch, restart;
	guint failures;
	gint64 born;     /* g_get_monotonic_time() */
	GQueue outgoing; /* Words * */
	bool listens;
};

static void start(Hand *hand);

Seconds
hands_pause(guint failures)
{
	return failures > 8 ? PAUSE_MOST : MIN(1 << failures, PAUSE_MOST);
}

guint
hands_failures(guint before, Seconds lived)
{
	return lived >= HEALTHY ? 1 : before + 1;
}

static void
words_free(Words *words)
{
	g_free(words->verb);
	g_variant_unref(words->args);
	if (words->fd >= 0)
		close(words->fd);
	g_free(words);
}

Hand *
hand_new(Loop *loop, const char *role, const char *name, const HandOps *ops,
    void *data)
{
	Hand *hand = g_new0(Hand, 1);

	hand->loop = loop;
	hand->role = g_strdup(role);
	hand->name = g_strdup(name);
	hand->ops = ops;
	hand->data = data;
	hand->listens = true;
	g_queue_init(&hand->outgoing);
	return hand;
}

/* Forgets the process's watch and words, not the process. */
static void
let_go(Hand *hand)
{
	loop_unwatch(hand->loop, hand->watch);
	hand->watch = 0;
	g_queue_clear_full(&hand->outgoing, (GDestroyNotify)words_free);
}

void
hand_free(Hand *hand)
{
	if (hand == NULL)
		return;
	let_go(hand);
	loop_cancel(hand->loop, hand->restart);
	child_stop(&hand->child, GRACE_AT_END);
	g_free(hand->role);
	g_free(hand->name);
	g_free(hand);
}

void
hand_hang_up(Hand *hand)
{
	let_go(hand);
	loop_cancel(hand->loop, hand->restart);
	hand->restart = 0;
	if (hand->child != NULL && hand->child->socket >= 0) {
		close(hand->child->socket);
		hand->child->socket = -1;
	}
}

static void
start_again(void *data)
{
	Hand *hand = data;

	hand->restart = 0;
	start(hand);
}

/* Counts a death, tells of it and arranges the next start. */
static void
mourn(Hand *hand, const char *why)
{
	gint64 lived = g_get_monotonic_time() - hand->born;
	Seconds pause;

	hand->failures = hands_failures(hand->failures, lived / 1000000);
	pause = hands_pause(hand->failures - 1);
	hand->restart = loop_after(hand->loop, pause * 1000, start_again, hand);
	hand->ops->died(hand->data, hand, why, pause);
}

static void
bury(Hand *hand, const char *why, int grace)
{
	g_autofree char *end = NULL;
	g_autofree char *text = NULL;

	let_go(hand);
	end = child_describe(child_stop(&hand->child, grace));
	text = why == NULL ? g_strdup(end)
			   : g_strdup_printf("%s (%s)", why, end);
	mourn(hand, text);
}

void
hand_break(Hand *hand, const char *why)
{
	if (hand_is_up(hand))
		bury(hand, why, 0);
}

/* Sends what is queued, as far as the socket takes it. False: it died. */
static bool
flush(Hand *hand)
{
	Words *words;

	while ((words = g_queue_peek_head(&hand->outgoing)) != NULL) {
		g_autoptr(GError) error = NULL;

		if (!frame_send(hand->child->socket, words->verb, words->args,
			words->fd, &error)) {
			if (g_error_matches(error, GUICHET_ERROR,
				GUICHET_ERROR_TEMPORARY))
				return true;
			bury(hand, error->message, GRACE);
			return false;
		}
		words_free(g_queue_pop_head(&hand->outgoing));
	}
	return true;
}

static void
set_events(Hand *hand)
{
	short in = hand->listens ? POLLIN : 0;
	short out = g_queue_is_empty(&hand->outgoing) ? 0 : POLLOUT;

	loop_set_events(hand->loop, hand->watch, (short)(in | out));
}

/* One frame to the owner. False: no more now, or it died. */
static bool
hear(Hand *hand)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Frame) frame = NULL;
	Child *child = hand->child;

	if (!frame_receive(child->socket, &frame, &error)) {
		if (!g_error_matches(error, GUICHET_ERROR,
			GUICHET_ERROR_TEMPORARY))
			bury(hand, error->message, 0);
		return false;
	}
	if (frame == NULL) {
		bury(hand, NULL, GRACE);
		return false;
	}
	hand->ops->heard(hand->data, hand, frame);
	return hand_is_up(hand) && hand->child == child && hand->listens;
}

static void
on_ready(void *data, short events)
{
	Hand *hand = data;

	if ((events & POLLOUT) != 0 && !flush(hand))
		return;
	/* A hang-up shows even when nobody listens: its last words count. */
	if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) {
		for (int i = 0; i < FRAMES_A_ROUND && hear(hand); i++)
			continue;
	}
	if (hand->watch != 0)
		set_events(hand);
}

static void
start(Hand *hand)
{
	g_autoptr(GError) error = NULL;

	hand->born = g_get_monotonic_time();
	hand->child = child_spawn(hand->role, hand->name, &error);
	if (hand->child == NULL) {
		mourn(hand, error->message);
		return;
	}
	hand->watch = loop_watch(hand->loop, hand->child->socket, POLLIN,
	    on_ready, hand);
	set_events(hand);
	hand->ops->started(hand->data, hand);
}

void
hand_start(Hand *hand)
{
	g_assert(hand->child == NULL && hand->restart == 0);
	start(hand);
}

void
hand_say(Hand *hand, const char *verb, GVariant *args, int fd)
{
	Words *words = g_new0(Words, 1);

	if (args == NULL)
		args = g_variant_new_array(G_VARIANT_TYPE("{sv}"), NULL, 0);
	words->verb = g_strdup(verb);
	words->args = g_variant_ref_sink(args);
	words->fd = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (!hand_is_up(hand)) {
		words_free(words);
		return;
	}
	g_queue_push_tail(&hand->outgoing, words);
	/* Sent from the loop, so that `died` never comes from inside a call
	 * of the owner's. */
	set_events(hand);
}

void
hand_listen(Hand *hand, bool listen)
{
	hand->listens = listen;
	if (hand->watch != 0)
		set_events(hand);
}

bool
hand_is_up(const Hand *hand)
{
	return hand->watch != 0;
}

const char *
hand_name(const Hand *hand)
{
	return hand->name;
}
