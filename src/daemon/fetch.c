/*
 * fetch: the process of one mailbox (frame.h, source.h).
 *
 * It holds the mailbox's credentials and nothing else, reports the first
 * failure and ends; the desk starts it again, with growing pauses. It hands
 * over only as much as the desk has had time to store.
 */
#include "guichet/base/child.h"
#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/frame.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/daemon/hands.h"
#include "guichet/wire/recent.h"
#include "guichet/wire/source.h"

#include "hand_private.h"

#include <string.h>

/* A mail that the desk has not yet committed. */
typedef struct {
	guint32 uidvalidity, uid;
	gsize bytes;
} Flight;

typedef struct {
	const SourceOps *ops;
	Source *source;
	GQueue flights;   /* Flight *, in the order they left */
	gsize bytes;      /* of all of them */
	GPtrArray *marks; /* SourceMark *: asked for, not yet done */
	GPtrArray *again; /* SourceMark *: set aside, to be tried once more */
	bool tries_again; /* one of those is under way */
	bool answered;    /* and something was heard of it */
	guint32 uidvalidity, uid;
	guint32 told_uidvalidity, told_uid; /* the cursor that the desk has */
} Fetch;

/* The desk commits in the order it was given mails, so the first that fits is
 * the one; a Maildir's mails all have the UID 0. */
static void
take_stored(Fetch *fetch, guint32 uidvalidity, guint32 uid)
{
	for (GList *i = fetch->flights.head; i != NULL; i = i->next) {
		Flight *flight = i->data;

		if (flight->uid != uid || flight->uidvalidity != uidvalidity)
			continue;
		fetch->bytes -= flight->bytes;
		g_free(flight);
		g_queue_delete_link(&fetch->flights, i);
		return;
	}
}

static bool
say_marked(const SourceMark *mark, GError **error)
{
	return frame_send(CHILD_SOCKET, "marked",
	    frame_mail_args(mark->uidvalidity, mark->uid, mark->name), -1,
	    error);
}

static bool
say_unmarkable(const SourceMark *mark, const char *why, GError **error)
{
	g_autofree char *text = text_clean_line(why, -1, 1000);
	GVariantDict args;

	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "uidvalidity", "u", mark->uidvalidity);
	g_variant_dict_insert(&args, "uid", "u", mark->uid);
	g_variant_dict_insert(&args, "name", "s", mark->name);
	g_variant_dict_insert(&args, "text", "s", text);
	return frame_send(CHILD_SOCKET, "unmarkable", g_variant_dict_end(&args),
	    -1, error);
}

/* The NO to one mail is told, and the others go on. */
static bool
mark_one(Fetch *fetch, SourceMark *const *mark, GError **error)
{
	g_autoptr(GError) refused = NULL;

	if (fetch->ops->done(fetch->source, mark, 1, &refused))
		return say_marked(*mark, error);
	if (g_error_matches(refused, GUICHET_ERROR, GUICHET_ERROR_PERMANENT))
		return say_unmarkable(*mark, refused->message, error);
	g_propagate_error(error, g_steal_pointer(&refused));
	return false;
}

/* All that the desk has asked for, in one go. */
static bool
mark_all(Fetch *fetch, GError **error)
{
	SourceMark *const *marks = (SourceMark *const *)fetch->marks->pdata;
	guint count = fetch->marks->len;
	g_autoptr(GError) refused = NULL;
	bool ok = true, together;

	if (count == 0)
		return true;
	together = count > 1 &&
	    fetch->ops->done(fetch->source, marks, count, &refused);
	if (refused != NULL &&
	    !g_error_matches(refused, GUICHET_ERROR, GUICHET_ERROR_PERMANENT)) {
		g_propagate_error(error, g_steal_pointer(&refused));
		return false;
	}
	for (guint i = 0; ok && i < count; i++)
		ok = together ? say_marked(marks[i], error)
			      : mark_one(fetch, marks + i, error);
	g_ptr_array_set_size(fetch->marks, 0);
	return ok;
}

static SourceMark *
mark_of(const Frame *frame)
{
	return source_mark_new((guint32)frame_int(frame, "uidvalidity", 0),
	    (guint32)frame_int(frame, "uid", 0), frame_string(frame, "name"));
}

/* One frame of the desk. */
static bool
take_frame(Fetch *fetch, const Frame *frame, GError **error)
{
	if (strcmp(frame->verb, "stored") == 0) {
		take_stored(fetch, (guint32)frame_int(frame, "uidvalidity", 0),
		    (guint32)frame_int(frame, "uid", 0));
		return true;
	}
	if (strcmp(frame->verb, "done") == 0) {
		g_ptr_array_add(fetch->marks, mark_of(frame));
		return fetch->marks->len < LIMIT_MARKS ||
		    mark_all(fetch, error);
	}
	if (strcmp(frame->verb, "again") == 0) {
		g_ptr_array_add(fetch->again, mark_of(frame));
		return true;
	}
	if (strcmp(frame->verb, "poll") == 0)
		return true; /* being woken is enough */
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
	    "the desk said '%s'", frame->verb);
	return false;
}

/* All frames that are there; with `wait`, at least one. What they want marked
 * is marked behind them. */
static bool
take_frames(Fetch *fetch, bool wait, GError **error)
{
	while (hand_readable(wait ? -1 : 0)) {
		g_autoptr(Frame) frame = NULL;

		if (!frame_receive(CHILD_SOCKET, &frame, error))
			return false;
		if (frame == NULL)
			hand_exit(); /* nobody is left to work for */
		if (!take_frame(fetch, frame, error))
			return false;
		wait = false;
	}
	return mark_all(fetch, error);
}

static bool
send_mail(Fetch *fetch, const RawMail *mail, GError **error)
{
	gsize length;
	const void *bytes = g_bytes_get_data(mail->bytes, &length);
	g_auto(Descriptor) fd = frame_memfd(bytes, length, error);
	Instant received = mail->received;
	GVariantDict args;
	Flight *flight;

	if (fd < 0)
		return false;
	if (received == INSTANT_NONE)
		received = instant_now();
	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "uidvalidity", "u", mail->uidvalidity);
	g_variant_dict_insert(&args, "uid", "u", mail->uid);
	g_variant_dict_insert(&args, "received", "x", received);
	g_variant_dict_insert(&args, "undated", "b",
	    mail->received == INSTANT_NONE);
	g_variant_dict_insert(&args, "size", "t", mail->size);
	g_variant_dict_insert(&args, "truncated", "b", mail->truncated);
	g_variant_dict_insert(&args, "name", "s", mail->name);
	if (!frame_send(CHILD_SOCKET, "mail", g_variant_dict_end(&args), fd,
		error))
		return false;
	flight = g_new0(Flight, 1);
	flight->uidvalidity = mail->uidvalidity;
	flight->uid = mail->uid;
	flight->bytes = length;
	fetch->bytes += length;
	g_queue_push_tail(&fetch->flights, flight);
	return true;
}

/* SourceTaker.mail: waits until the desk has stored enough of what it has. */
static bool
hand_over(void *data, const RawMail *mail, GError **error)
{
	Fetch *fetch = data;
	gsize length = g_bytes_get_size(mail->bytes);

	fetch->answered = true;
	if (!take_frames(fetch, false, error))
		return false;
	while (fetch->flights.length >= LIMIT_FLIGHT_MAILS ||
	    (fetch->flights.length > 0 &&
		fetch->bytes + length > LIMIT_FLIGHT_BYTES)) {
		if (!take_frames(fetch, true, error))
			return false;
	}
	return send_mail(fetch, mail, error);
}

/* Tells the desk how far all is handed over, if that is news. Where the
 * folder's numbers are new, only once the look is through: half of it looks
 * like a folder whose older mail was never there. */
static bool
say_cursor(Fetch *fetch, GError **error)
{
	if (fetch->uidvalidity == fetch->told_uidvalidity &&
	    fetch->uid == fetch->told_uid)
		return true;
	fetch->told_uidvalidity = fetch->uidvalidity;
	fetch->told_uid = fetch->uid;
	return frame_send(CHILD_SOCKET, "cursor",
	    frame_mail_args(fetch->uidvalidity, fetch->uid, NULL), -1, error);
}

/* SourceTaker.asking: should we die of what comes, the desk knows of what. */
static bool
say_asking(void *data, guint32 uidvalidity, guint32 first, guint32 last,
    GError **error)
{
	Fetch *fetch = data;
	GVariantDict args;

	if ((fetch->told_uidvalidity == 0 ||
		uidvalidity == fetch->told_uidvalidity) &&
	    !say_cursor(fetch, error))
		return false;
	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "uidvalidity", "u", uidvalidity);
	g_variant_dict_insert(&args, "uid", "u", first);
	g_variant_dict_insert(&args, "last", "u", last);
	g_variant_dict_insert(&args, "again", "b", fetch->tries_again);
	return frame_send(CHILD_SOCKET, "asking", g_variant_dict_end(&args), -1,
	    error);
}

/* SourceTaker.refused */
static bool
say_refused(void *data, const RawMail *mail, const char *why, GError **error)
{
	Fetch *fetch = data;
	g_autofree char *text = text_clean_line(why, -1, 1000);
	GVariantDict args;

	fetch->answered = true;
	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "uidvalidity", "u", mail->uidvalidity);
	g_variant_dict_insert(&args, "uid", "u", mail->uid);
	g_variant_dict_insert(&args, "name", "s", mail->name);
	if (mail->received != INSTANT_NONE)
		g_variant_dict_insert(&args, "received", "x", mail->received);
	g_variant_dict_insert(&args, "size", "t", mail->size);
	g_variant_dict_insert(&args, "text", "s", text);
	return frame_send(CHILD_SOCKET, "refused", g_variant_dict_end(&args),
	    -1, error);
}

/* SourceTaker.gone */
static bool
say_gone(void *data, const SourceMark *mark, GError **error)
{
	Fetch *fetch = data;

	fetch->answered = true;
	return frame_send(CHILD_SOCKET, "gone",
	    frame_mail_args(mark->uidvalidity, mark->uid, mark->name), -1,
	    error);
}

/* SourceTaker.ahead */
static bool
say_ahead(void *data, const RawMail *mail, guint count, GError **error)
{
	g_autofree char *sha256 = NULL;
	GVariantDict args;

	(void)data;
	if (mail->bytes != NULL)
		sha256 = text_sha256(g_bytes_get_data(mail->bytes, NULL),
		    g_bytes_get_size(mail->bytes));
	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "uidvalidity", "u", mail->uidvalidity);
	g_variant_dict_insert(&args, "uid", "u", mail->uid);
	g_variant_dict_insert(&args, "name", "s", mail->name);
	if (mail->received != INSTANT_NONE)
		g_variant_dict_insert(&args, "received", "x", mail->received);
	if (sha256 != NULL)
		g_variant_dict_insert(&args, "sha256", "s", sha256);
	g_variant_dict_insert(&args, "count", "u", count);
	return frame_send(CHILD_SOCKET, "ahead", g_variant_dict_end(&args), -1,
	    error);
}

static const SourceTaker taker = { hand_over, say_asking, say_refused, say_gone,
	say_ahead };

/* What the desk wants tried once more. */
static bool
try_again(Fetch *fetch, GError **error)
{
	g_autoptr(GPtrArray) again = g_steal_pointer(&fetch->again);
	bool ok = true;

	fetch->again = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)source_mark_free);
	fetch->tries_again = true;
	for (guint i = 0; ok && i < again->len; i++) {
		const SourceMark *mark = again->pdata[i];

		fetch->answered = false;
		ok = fetch->ops->again(fetch->source, mark, &taker, fetch,
			 error) &&
		    (fetch->answered || say_gone(fetch, mark, error));
	}
	fetch->tries_again = false;
	return ok;
}

/* RecentHead: for `guichet check`. */
static bool
say_head(void *data, GBytes *head, GError **error)
{
	gsize length;
	const void *bytes = g_bytes_get_data(head, &length);
	g_auto(Descriptor) fd = frame_memfd(bytes, length, error);

	(void)data;
	return fd >= 0 && frame_send(CHILD_SOCKET, "head", NULL, fd, error);
}

/* What cannot be read is not shown: the mailbox itself was opened. */
static void
say_recent(const SourceConf *conf, guint count)
{
	if (count > 0)
		(void)recent_heads(conf, MIN(count, LIMIT_RECENT_MAILS),
		    say_head, NULL, NULL);
}

static bool
weigh(Fetch *fetch, GError **error)
{
	return fetch->ops->weigh(fetch->source, fetch->uidvalidity, &taker,
		   fetch, error) &&
	    frame_send(CHILD_SOCKET, "weighed", NULL, -1, error);
}

static bool
look(Fetch *fetch, GError **error)
{
	return fetch->ops->look(fetch->source, &fetch->uidvalidity, &fetch->uid,
		   &taker, fetch, error) &&
	    say_cursor(fetch, error) && try_again(fetch, error) &&
	    frame_send(CHILD_SOCKET, "idle", NULL, -1, error);
}

/* The configuration, and what the desk knows of the mailbox. */
static SourceConf *
take_start(Fetch *fetch, const Frame *start, GError **error)
{
	g_autoptr(GVariant) variant = g_variant_lookup_value(start->args,
	    "config", G_VARIANT_TYPE_VARDICT);
	g_autoptr(SourceConf) conf = NULL;
	g_autoptr(GBytes) known = NULL;

	if (variant != NULL)
		conf = source_conf_from_variant(variant);
	fetch->ops = conf != NULL ? source_ops(conf->kind) : NULL;
	if (fetch->ops == NULL) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "no such kind of mailbox");
		return NULL;
	}
	if (start->fd >= 0) {
		known = frame_map(start->fd, LIMIT_KNOWN_BYTES, error);
		if (known == NULL)
			return NULL;
		source_conf_take_known(conf, known);
	}
	fetch->uidvalidity = fetch->told_uidvalidity = (guint32)frame_int(start,
	    "uidvalidity", 0);
	fetch->uid = fetch->told_uid = (guint32)frame_int(start, "uid", 0);
	return g_steal_pointer(&conf);
}

static bool
serve(void *data, Frame *start, GError **error)
{
	Fetch *fetch = data;
	bool probe = frame_bool(start, "probe");
	g_autoptr(SourceConf) conf = take_start(fetch, start, error);

	if (conf == NULL)
		return false;
	fetch->source = fetch->ops->open(conf, error);
	if (fetch->source != NULL && probe)
		say_recent(conf, (guint)frame_int(start, "recent", 0));
	/* A session that ends ends the process: it is not needed again. */
	hand_wipe(start);
	if (conf->password != NULL)
		explicit_bzero(conf->password, strlen(conf->password));
	if (fetch->source == NULL ||
	    !hand_report(NULL, fetch->ops->warning(fetch->source), error) ||
	    (!probe && !weigh(fetch, error)))
		return false;
	while (!probe) {
		if (!look(fetch, error) ||
		    !fetch->ops->wait(fetch->source, CHILD_SOCKET,
			MAX(conf->poll, 1), error) ||
		    !take_frames(fetch, false, error))
			return false;
	}
	return true;
}

static void
end(void *data)
{
	Fetch *fetch = data;

	if (fetch->source != NULL)
		fetch->ops->close(fetch->source);
	g_queue_clear_full(&fetch->flights, g_free);
	g_ptr_array_unref(fetch->marks);
	g_ptr_array_unref(fetch->again);
}

int
fetch_main(const char *name)
{
	static const HandOps ops = { serve, end };
	Fetch fetch = { .flights = G_QUEUE_INIT };

	fetch.marks = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)source_mark_free);
	fetch.again = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)source_mark_free);
	(void)name;
	return hand_main(&ops, &fetch);
}
