/*
 * SECURITY.md 4.2, S3 and S4: mails are read by several readers at once and
 * decided in the order in which they were received.
 *
 * Only a window of them is in memory. With `--once` reading begins when every
 * mailbox is drained, and one order rules over all mailboxes: two runs over
 * the same mail give the same tickets the same numbers.
 */
#include "desk-private.h"

#include "guichet/cleanup.h"
#include "guichet/error.h"
#include "guichet/limits.h"
#include "guichet/log.h"

#include <string.h>

#define WINDOW        128
#define IN_FLIGHT     (WINDOW / 4) /* beside two for each reader */
#define BATCH         (WINDOW / 4) /* read, and worth a commit */
#define INTERRUPTED   100000       /* never more were in flight at once */
#define TEMPORARY_MAX 5            /* temporary failures of one mail in a row */

typedef enum {
	ENTRY_WAITS,     /* for a reader */
	ENTRY_READING,   /* has one; attempts are counted in the store */
	ENTRY_READ,      /* `message` is there, or nothing could read it */
	ENTRY_SET_ASIDE, /* cannot be decided in this run: logged */
} EntryState;

typedef struct {
	StoredMail *mail;
	EntryState state;
	GBytes *raw;
	Message *message; /* NULL in ENTRY_READ: unreadable */
	bool alone;       /* was in flight when the desk was killed */
	bool ahead;       /* taken before earlier alerts, of which many wait */
	guint failures;   /* temporary ones of intake */
	/* what the open transaction does with it */
	bool chosen, decided;
} Pending;

struct DeskRead {
	Desk *desk;
	Readers *readers;
	GPtrArray *window; /* Pending *, in order */
	bool look;         /* the store may have more */
	bool recovered;    /* what an earlier run left in flight is loaded */
	gint64 bytes;      /* of raw mail in memory */
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

	g_assert(pending != NULL && pending->state == ENTRY_READING);
	if (message == NULL) {
		g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT,
		    id);

		log_event(LOG_LEVEL_WARNING, "reader-lost", "mail", number,
		    "why", why, NULL);
		pending->state = ENTRY_WAITS;
		return;
	}
	pending->message = message;
	pending->state = ENTRY_READ;
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
	if (!read->look || read->window->len > WINDOW / 2)
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
is_decidable(const Pending *pending)
{
	int most = LIMIT_READ_ATTEMPTS + (pending->alone ? 1 : 0);

	return pending->state == ENTRY_READ ||
	    (pending->state == ENTRY_WAITS && pending->mail->attempts >= most);
}

typedef bool (
    *Visit)(DeskRead *read, Pending *pending, void *data, GError **error);

/* Visits what may be decided: what no earlier mail of its mailbox, or with
 * --once of any, still precedes. */
static bool
each_decidable(DeskRead *read, Visit visit, void *data, GError **error)
{
	g_autoptr(GHashTable) blocked = g_hash_table_new(g_str_hash,
	    g_str_equal);

	for (guint i = 0; i < read->window->len; i++) {
		Pending *pending = read->window->pdata[i];
		char *mailbox = pending->mail->mailbox;

		if (pending->state == ENTRY_SET_ASIDE ||
		    g_hash_table_contains(blocked, mailbox))
			continue;
		if (is_decidable(pending)) {
			if (!visit(read, pending, data, error))
				return false;
		} else if (read->desk->options.once) {
			break;
		} else {
			g_hash_table_add(blocked, mailbox);
		}
	}
	return true;
}

/* Visits what may be given to a reader now. Mails that were in flight when
 * the desk was killed go one at a time: one of them may have done it. */
static bool
each_choosable(DeskRead *read, Visit visit, void *data, GError **error)
{
	guint most = (guint)read->desk->site->conf->readers * 2;
	gint64 bytes = read->bytes;
	guint busy = 0;
	bool alone = false;

	if (!may_begin(read))
		return true;
	for (guint i = 0; i < read->window->len; i++) {
		const Pending *pending = read->window->pdata[i];

		busy += pending->state == ENTRY_READING ||
		    pending->state == ENTRY_READ;
		alone = alone ||
		    (pending->alone && pending->state != ENTRY_SET_ASIDE);
	}
	for (guint i = 0; i < read->window->len; i++) {
		Pending *pending = read->window->pdata[i];

		if (busy >= (alone ? 1 : most + IN_FLIGHT) ||
		    (busy > 0 && bytes > LIMIT_IN_FLIGHT_BYTES))
			break;
		if (pending->state != ENTRY_WAITS || is_decidable(pending))
			continue;
		if (!visit(read, pending, data, error))
			return false;
		bytes += pending->mail->size;
		busy++;
	}
	return true;
}

static bool
count_visit(DeskRead *read, Pending *pending, void *data, GError **error)
{
	(void)read;
	(void)pending;
	(void)error;
	(*(guint *)data)++;
	return true;
}

bool
desk_read_has_notes(DeskRead *read)
{
	guint count = 0;

	each_decidable(read, count_visit, &count, NULL);
	each_choosable(read, count_visit, &count, NULL);
	return count > 0;
}

bool
desk_read_gathers(const DeskRead *read)
{
	guint reading = 0, done = 0;

	for (guint i = 0; i < read->window->len; i++) {
		const Pending *pending = read->window->pdata[i];

		reading += pending->state == ENTRY_READING;
		done += pending->state == ENTRY_READ;
	}
	return reading > 0 && done < BATCH;
}

bool
desk_read_is_quiet(DeskRead *read)
{
	guint count = 0;

	for (guint i = 0; i < read->window->len; i++) {
		const Pending *pending = read->window->pdata[i];

		if (pending->state == ENTRY_READING)
			return false;
	}
	/* What stands behind a mail that waits is read again next time. */
	each_decidable(read, count_visit, &count, NULL);
	return count == 0;
}

bool
desk_read_is_drained(const DeskRead *read)
{
	for (guint i = 0; i < read->window->len; i++) {
		const Pending *pending = read->window->pdata[i];

		if (pending->state != ENTRY_SET_ASIDE)
			return false;
	}
	return read->recovered && !read->look;
}

/* ---- into the store ---- */

/* One mail in one transaction. */
typedef struct {
	DeskRead *read;
	Pending *pending;
} Case;

/* What fails again and again for the store's sake is the mail's own doing. */
static bool
decide(void *data, StoreTx *tx, GError **error)
{
	const Case *it = data;
	Pending *pending = it->pending;
	g_autoptr(GError) failed = NULL;

	if (intake_one(it->read->desk->intake, tx, pending->mail, pending->raw,
		pending->message, desk_now(it->read->desk), &failed))
		return true;
	if (g_error_matches(failed, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY) &&
	    ++pending->failures >= TEMPORARY_MAX)
		failed->code = GUICHET_ERROR_PERMANENT;
	g_propagate_error(error, g_steal_pointer(&failed));
	return false;
}

static bool
mark_reading(void *data, StoreTx *tx, GError **error)
{
	const Case *it = data;

	return store_mail_reading(tx, it->pending->mail->id, error);
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

static void
set_aside(DeskRead *read, Pending *pending)
{
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT,
	    pending->mail->id);

	log_event(LOG_LEVEL_ERROR, "mail-set-aside", "mail", id, "text",
	    "it is tried again at the next start", NULL);
	pending->state = ENTRY_SET_ASIDE;
	desk_failed(read->desk);
}

static bool
decide_visit(DeskRead *read, Pending *pending, void *data, GError **error)
{
	Case it = { read, pending };
	bool done;

	if (!load_raw(read, pending, error) ||
	    !desk_try(data, decide, &it, "intake", &done, error))
		return false;
	/* What cannot be decided as it was read may be as a mail unread. */
	if (!done && pending->message != NULL) {
		g_clear_pointer(&pending->message, message_free);
		if (!desk_try(data, decide, &it, "intake", &done, error))
			return false;
	}
	pending->decided = done;
	if (!done)
		set_aside(read, pending);
	return true;
}

static bool
choose_visit(DeskRead *read, Pending *pending, void *data, GError **error)
{
	Case it = { read, pending };
	bool done;

	if (!load_raw(read, pending, error) ||
	    !desk_try(data, mark_reading, &it, "reading", &done, error))
		return false;
	pending->chosen = done;
	if (!done)
		set_aside(read, pending);
	return true;
}

bool
desk_read_apply(DeskRead *read, StoreTx *tx, GError **error)
{
	for (guint i = 0; i < read->window->len; i++) {
		Pending *pending = read->window->pdata[i];

		pending->chosen = pending->decided = false;
	}
	return each_decidable(read, decide_visit, tx, error) &&
	    each_choosable(read, choose_visit, tx, error);
}

static void
submit(DeskRead *read, Pending *pending)
{
	pending->chosen = false;
	pending->state = ENTRY_READING;
	pending->mail->attempts++;
	readers_submit(read->readers, pending->mail->id, pending->raw,
	    pending->mail->truncated,
	    intake_wants_fresh(read->desk->intake, pending->raw));
}

void
desk_read_committed(DeskRead *read)
{
	gint64 bytes = 0;

	for (guint i = read->window->len; i-- > 0;) {
		Pending *pending = read->window->pdata[i];

		if (!pending->decided)
			continue;
		desk_fetch_mark(read->desk->fetch, pending->mail);
		g_ptr_array_remove_index(read->window, i);
	}
	for (guint i = 0; i < read->window->len; i++) {
		Pending *pending = read->window->pdata[i];

		if (pending->chosen)
			submit(read, pending);
		if (pending->raw != NULL)
			bytes += (gint64)g_bytes_get_size(pending->raw);
	}
	read->bytes = bytes;
}
