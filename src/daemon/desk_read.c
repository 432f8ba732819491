/*
 * doc/security.md 4.2, S3 and S4: mails are read by several readers at once and
 * decided in the order in which they were received.
 *
 * Only a window of them is in memory. With `--once` reading begins when every
 * mailbox is drained, and one order rules over all mailboxes: two runs over
 * the same mail give the same tickets the same numbers.
 */
#include "desk_private.h"

#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/base/log.h"
#include "guichet/daemon/turns.h"

#include <string.h>

#define WINDOW        128
#define IN_FLIGHT     (WINDOW / 4) /* beside two for each reader */
#define BATCH         (WINDOW / 4) /* read, and worth a commit */
#define INTERRUPTED   100000       /* never more were in flight at once */
#define TEMPORARY_MAX 5            /* temporary failures of one mail in a row */

/* Until a mail that was set aside is tried again: what failed may have
 * been the store's doing all the same. */
#define ASIDE_AGAIN (3600 * G_TIME_SPAN_SECOND)

/* What is read stays in memory, raw and as a message, until it is decided; what
 * waits for a reader holds no bytes. */
typedef struct {
	StoredMail *mail;
	TurnState state; /* attempts at reading are counted in the store */
	GBytes *raw;
	Message *message; /* NULL in TURN_READ: unreadable */
	bool alone;       /* was in flight when the desk was killed */
	bool ahead;       /* taken before earlier alerts, of which many wait */
	guint failures;   /* temporary ones of intake */
	gint64 aside;     /* monotonic, since when */
	/* what the open transaction does with it */
	bool chosen, decided, head;
} Pending;

struct DeskRead {
	Desk *desk;
	Readers *readers;
	GPtrArray *window; /* Pending *, in order */
	bool look;         /* the store may have more */
	bool recovered;    /* what an earlier run left in flight is loaded */
};

static void
pending_free(Pending *pending)
{
	stored_mail_free(pending->mail);
	g_clear_pointer(&pending->raw, g_bytes_unref);
	g_clear_pointer(&pending->message, message_free);
	g_free(pending);
}

static Pending *
find_pending(const DeskRead *read, gint64 id)
{
	for (guint i = 0; i < read->window->len; i++) {
		Pending *pending = read->window->pdata[i];

		if (pending->mail->id == id)
			return pending;
	}
	return NULL;
}

/* ---- the readers' answers ---- */

static void
read_done(void *data, gint64 id, Message *message, const char *why)
{
	DeskRead *read = data;
	Pending *pending = find_pending(read, id);

	g_assert(pending != NULL && pending->state == TURN_READING);
	if (message == NULL) {
		g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT,
		    id);

		log_event(LOG_LEVEL_WARNING, "reader-lost", "mail", number,
		    "why", why, NULL);
		pending->state = TURN_WAITS;
		g_clear_pointer(&pending->raw, g_bytes_unref);
		return;
	}
	pending->message = message;
	pending->state = TURN_READ;
}

static void
readers_broken(void *data, const char *why, guint failures, Seconds pause)
{
	DeskRead *read = data;
	g_autofree char *again = g_strdup_printf("%" G_GINT64_FORMAT, pause);

	log_event(LOG_LEVEL_ERROR, "readers-down", "why", why, "again", again,
	    NULL);
	if (read->desk->options.once && failures >= 3) {
		desk_failed(read->desk);
		loop_quit(read->desk->loop);
	}
}

DeskRead *
desk_read_new(Desk *desk)
{
	static const ReadersOps ops = { read_done, readers_broken };
	DeskRead *read = g_new0(DeskRead, 1);

	read->desk = desk;
	read->readers = readers_new(desk->loop, desk->site->conf->readers, &ops,
	    read);
	read->window = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)pending_free);
	read->look = true;
	return read;
}

void
desk_read_free(DeskRead *read)
{
	if (read == NULL)
		return;
	readers_free(read->readers);
	g_ptr_array_unref(read->window);
	g_free(read);
}

void
desk_read_look(DeskRead *read)
{
	read->look = true;
}

/* ---- the window ---- */

static gint
compare_pending(gconstpointer a, gconstpointer b)
{
	const StoredMail *x = (*(Pending *const *)a)->mail;
	const StoredMail *y = (*(Pending *const *)b)->mail;
	const Pending *p = *(Pending *const *)a, *q = *(Pending *const *)b;
	int order;

	if (p->ahead != q->ahead)
		return p->ahead ? -1 : 1;
	if (x->received != y->received)
		return x->received < y->received ? -1 : 1;
	order = strcmp(x->mailbox, y->mailbox);
	if (order == 0 && x->uid != y->uid)
		order = x->uid < y->uid ? -1 : 1;
	return order != 0 ? order : strcmp(x->name, y->name);
}

static bool
may_begin(const DeskRead *read)
{
	const Desk *desk = read->desk;

	return !desk->stopping && !desk->in_trouble &&
	    (!desk->options.once || desk_fetch_is_idle(desk->fetch));
}

/* Takes the rows that are new here. */
static void
take_rows(DeskRead *read, GPtrArray *rows, bool alone, bool ahead)
{
	for (guint i = 0; i < rows->len; i++) {
		StoredMail *row = rows->pdata[i];
		Pending *pending;

		if (find_pending(read, row->id) != NULL)
			continue;
		pending = g_new0(Pending, 1);
		pending->alone = alone;
		pending->ahead = ahead;
		pending->mail = row;
		rows->pdata[i] = NULL;
		g_ptr_array_add(read->window, pending);
	}
	g_ptr_array_sort(read->window, compare_pending);
}

/* While more waits than is looked at, clients' mail comes before alerts. */
static bool
take_first(DeskRead *read, GError **error)
{
	g_autoptr(GPtrArray) rows = store_unread_first(read->desk->store,
	    WINDOW, error);

	if (rows == NULL)
		return false;
	take_rows(read, rows, false, true);
	return true;
}

/* What is set aside takes nobody's place. */
static guint
count_in_order(const DeskRead *read)
{
	guint count = 0;

	for (guint i = 0; i < read->window->len; i++)
		count += ((const Pending *)read->window->pdata[i])->state !=
		    TURN_ASIDE;
	return count;
}

bool
desk_read_fill(DeskRead *read, GError **error)
{
	g_autoptr(GPtrArray) rows = NULL;
	guint limit = read->window->len + WINDOW;

	if (!may_begin(read))
		return true;
	if (!read->recovered) {
		g_autoptr(GPtrArray) left = store_interrupted_mails(
		    read->desk->store, INTERRUPTED, error);

		if (left == NULL)
			return false;
		take_rows(read, left, true, false);
		read->recovered = true;
	}
	if (!read->look || count_in_order(read) > WINDOW / 2)
		return true;
	rows = store_unread_mails(read->desk->store, limit, error);
	if (rows == NULL)
		return false;
	read->look = rows->len == limit;
	take_rows(read, rows, false, false);
	return !read->look || take_first(read, error);
}

/* An attempt that ended with the desk, by a power cut as a rule, need not be
 * the mail's doing: two of them in a row do not cost a mail its text. */
static bool
is_spent(const Pending *pending)
{
	int most = LIMIT_READ_ATTEMPTS + (pending->alone ? 1 : 0);

	return pending->mail->attempts >= most;
}

static gint64
size_of(const Pending *pending)
{
	if (pending->raw != NULL)
		return (gint64)g_bytes_get_size(pending->raw);
	/* Of a larger one only a part was taken. */
	return MIN(pending->mail->size, LIMIT_MAIL_BYTES);
}

/* One for each of the window, in its order. The caller frees. */
static Turn *
judge(const DeskRead *read)
{
	const Desk *desk = read->desk;
	guint readers = (guint)MAX(desk->site->conf->readers, 1);
	TurnLimits limits = {
		.one_order = desk->options.once,
		.readers = readers,
		.mails = readers * 2 + IN_FLIGHT,
		.bytes = LIMIT_IN_FLIGHT_BYTES,
	};
	Turn *turns = g_new0(Turn, read->window->len + 1);

	for (guint i = 0; i < read->window->len; i++) {
		const Pending *pending = read->window->pdata[i];

		turns[i].mailbox = pending->mail->mailbox;
		turns[i].state = pending->state;
		turns[i].spent = is_spent(pending);
		turns[i].alone = pending->alone;
		turns[i].size = size_of(pending);
	}
	turns_judge(turns, read->window->len, &limits);
	if (!may_begin(read)) {
		for (guint i = 0; i < read->window->len; i++)
			turns[i].may_read = false;
	}
	return turns;
}

bool
desk_read_has_notes(DeskRead *read)
{
	g_autofree Turn *turns = judge(read);

	for (guint i = 0; i < read->window->len; i++) {
		if (turns[i].may_decide || turns[i].may_read)
			return true;
	}
	return false;
}

bool
desk_read_gathers(const DeskRead *read)
{
	guint reading = 0, done = 0;

	for (guint i = 0; i < read->window->len; i++) {
		const Pending *pending = read->window->pdata[i];

		reading += pending->state == TURN_READING;
		done += pending->state == TURN_READ;
	}
	return reading > 0 && done < BATCH;
}

bool
desk_read_is_quiet(DeskRead *read)
{
	g_autofree Turn *turns = judge(read);

	/* What stands behind a mail that waits is read again next time. */
	for (guint i = 0; i < read->window->len; i++) {
		if (turns[i].state == TURN_READING || turns[i].may_decide)
			return false;
	}
	return true;
}

bool
desk_read_is_drained(const DeskRead *read)
{
	for (guint i = 0; i < read->window->len; i++) {
		const Pending *pending = read->window->pdata[i];

		if (pending->state != TURN_ASIDE)
			return false;
	}
	return read->recovered && !read->look;
}

bool
desk_read_has_waiting(const DeskRead *read)
{
	const Desk *desk = read->desk;

	/* With --once all is taken in before the first mail is read. */
	return count_in_order(read) > 0 &&
	    (!desk->options.once || desk_fetch_is_idle(desk->fetch));
}

static char *
holder_of(const DeskRead *read, const Pending *pending)
{
	char *reader = readers_holder(read->readers, pending->mail->id);

	if (reader != NULL)
		return reader;
	return g_strdup(read->desk->in_trouble ? "the store" : "the desk");
}

void
desk_read_describe(const DeskRead *read, char **ret_mail, char **ret_state,
    char **ret_holder)
{
	for (guint i = 0; i < read->window->len; i++) {
		const Pending *pending = read->window->pdata[i];

		if (pending->state == TURN_ASIDE)
			continue;
		*ret_mail = g_strdup_printf("%" G_GINT64_FORMAT,
		    pending->mail->id);
		*ret_state = g_strdup(turn_state_name(pending->state));
		*ret_holder = holder_of(read, pending);
		return;
	}
}

/* ---- into the store ---- */

/* One mail in one transaction. */
typedef struct {
	DeskRead *read;
	Pending *pending;
} Case;

/* What fails again and again for the store's sake is the mail's own doing. */
static bool
blame(Pending *pending, GError *failed, GError **error)
{
	if (g_error_matches(failed, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY) &&
	    ++pending->failures >= TEMPORARY_MAX)
		failed->code = GUICHET_ERROR_PERMANENT;
	g_propagate_error(error, failed);
	return false;
}

static bool
load_raw(DeskRead *read, Pending *pending, GError **error)
{
	if (pending->raw == NULL &&
	    !store_raw(read->desk->store, pending->mail->id, &pending->raw,
		error))
		return false;
	/* Erased by a person before it was decided: nothing is left to read. */
	if (pending->raw == NULL)
		pending->raw = g_bytes_new_static("", 0);
	return true;
}

static bool
decide(void *data, StoreTx *tx, GError **error)
{
	const Case *it = data;
	Pending *pending = it->pending;
	g_autoptr(GError) failed = NULL;

	if (intake_one(it->read->desk->intake, tx, pending->mail,
		pending->message, desk_now(it->read->desk), &failed))
		return true;
	return blame(pending, g_steal_pointer(&failed), error);
}

static bool
mark_reading(void *data, StoreTx *tx, GError **error)
{
	const Case *it = data;
	Pending *pending = it->pending;
	g_autoptr(GError) failed = NULL;

	if (load_raw(it->read, pending, &failed) &&
	    store_mail_reading(tx, pending->mail->id, &failed))
		return true;
	return blame(pending, g_steal_pointer(&failed), error);
}

static void
set_aside(DeskRead *read, Pending *pending)
{
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT,
	    pending->mail->id);

	log_event(LOG_LEVEL_ERROR, "mail-set-aside", "mail", id, "text",
	    "it is tried again in an hour, and at the next start", NULL);
	pending->state = TURN_ASIDE;
	pending->aside = g_get_monotonic_time();
	g_clear_pointer(&pending->raw, g_bytes_unref);
	g_clear_pointer(&pending->message, message_free);
	desk_failed(read->desk);
}

void
desk_read_try_again(DeskRead *read)
{
	gint64 before = g_get_monotonic_time() - ASIDE_AGAIN;

	for (guint i = 0; i < read->window->len; i++) {
		Pending *pending = read->window->pdata[i];

		if (pending->state == TURN_ASIDE && pending->aside <= before)
			pending->state = TURN_WAITS;
	}
}

static bool
decide_one(DeskRead *read, Pending *pending, StoreTx *tx, GError **error)
{
	Case it = { read, pending };
	bool done;

	if (!desk_try(tx, decide, &it, "intake", &done, error))
		return false;
	/* What cannot be decided as it was read may be as a mail unread. */
	if (!done && pending->message != NULL) {
		g_clear_pointer(&pending->message, message_free);
		if (!desk_try(tx, decide, &it, "intake", &done, error))
			return false;
	}
	pending->decided = done;
	if (!done)
		set_aside(read, pending);
	return true;
}

static bool
choose_one(DeskRead *read, Pending *pending, StoreTx *tx, GError **error)
{
	Case it = { read, pending };
	bool done;

	if (!desk_try(tx, mark_reading, &it, "reading", &done, error))
		return false;
	pending->chosen = done;
	if (!done)
		set_aside(read, pending);
	return true;
}

bool
desk_read_apply(DeskRead *read, StoreTx *tx, GError **error)
{
	g_autofree Turn *turns = judge(read);

	for (guint i = 0; i < read->window->len; i++) {
		Pending *pending = read->window->pdata[i];

		pending->chosen = pending->decided = false;
		pending->head = turns[i].is_head;
		if (turns[i].may_decide &&
		    !decide_one(read, pending, tx, error))
			return false;
	}
	for (guint i = 0; i < read->window->len; i++) {
		if (turns[i].may_read &&
		    !choose_one(read, read->window->pdata[i], tx, error))
			return false;
	}
	return true;
}

static void
submit(DeskRead *read, Pending *pending)
{
	pending->chosen = false;
	pending->state = TURN_READING;
	pending->mail->attempts++;
	readers_submit(read->readers, pending->mail->id, pending->raw,
	    (pending->mail->truncated ? READERS_PARTIAL : 0) |
		(intake_wants_fresh(read->desk->intake, pending->raw)
			? READERS_FRESH
			: 0) |
		(pending->head ? READERS_FIRST : 0));
}

void
desk_read_committed(DeskRead *read)
{
	if (intake_reads_again(read->desk->intake))
		read->look = true;
	for (guint i = read->window->len; i-- > 0;) {
		Pending *pending = read->window->pdata[i];

		if (!pending->decided)
			continue;
		read->desk->decided++;
		/* One that is read again has its mark. */
		if (!pending->mail->marked)
			desk_fetch_mark(read->desk->fetch, pending->mail);
		g_ptr_array_remove_index(read->window, i);
	}
	for (guint i = 0; i < read->window->len; i++) {
		Pending *pending = read->window->pdata[i];

		if (pending->chosen)
			submit(read, pending);
	}
}
