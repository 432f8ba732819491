/* The mailboxes: their processes, what is said to them and what they say. */
#include "desk_fetch_private.h"

#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/frame.h"
#include "guichet/base/limits.h"
#include "guichet/base/log.h"
#include "guichet/base/text.h"

#include <string.h>

#define NOTED_BYTES  (32L * 1024 * 1024) /* then the mailboxes wait */
#define UNMARKED     10000               /* looked up at once */
#define ASK_AGAIN    3600 /* seconds after a refusal to mark a mail */
#define NAME_BYTES   1024 /* of a Maildir file, as source.h escapes it */
#define INSTANT_MOST 253402300799 /* the end of the year 9999 */

static void heard(void *data, Worker *worker, Frame *frame);
static void started(void *data, Worker *worker);
static void died(void *data, Worker *worker, const char *why, Seconds pause);

static const WorkerOps worker_ops = { started, heard, died };

void
note_free(Note *note)
{
	stored_mail_free(note->row);
	g_clear_pointer(&note->raw, g_bytes_unref);
	g_free(note->why);
	g_free(note);
}

static void
box_free(Box *box)
{
	worker_free(box->worker);
	g_free(box->name);
	g_variant_unref(box->config);
	g_hash_table_unref(box->unmarked);
	g_free(box);
}

DeskFetch *
desk_fetch_new(Desk *desk)
{
	const GPtrArray *mailboxes = desk->site->conf->mailboxes;
	DeskFetch *fetch = g_new0(DeskFetch, 1);

	fetch->desk = desk;
	fetch->listens = true;
	fetch->boxes = g_ptr_array_new_with_free_func((GDestroyNotify)box_free);
	fetch->notes = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)note_free);
	for (guint i = 0; i < mailboxes->len; i++) {
		const SourceConf *conf = mailboxes->pdata[i];
		Box *box = g_new0(Box, 1);

		box->fetch = fetch;
		box->looked = INSTANT_NONE;
		box->name = g_strdup(conf->name);
		box->config = g_variant_ref_sink(source_conf_to_variant(conf));
		box->refused = box->asked_again = INSTANT_NONE;
		box->unmarked = g_hash_table_new_full(g_str_hash, g_str_equal,
		    g_free, g_free);
		box->worker = worker_new(desk->loop, "fetch", conf->name,
		    &worker_ops, box);
		g_ptr_array_add(fetch->boxes, box);
	}
	return fetch;
}

void
desk_fetch_free(DeskFetch *fetch)
{
	if (fetch == NULL)
		return;
	desk_fetch_stop(fetch);
	g_ptr_array_unref(fetch->notes);
	g_ptr_array_unref(fetch->boxes);
	g_free(fetch);
}

void
desk_fetch_start(DeskFetch *fetch)
{
	for (guint i = 0; i < fetch->boxes->len; i++)
		worker_start(((Box *)fetch->boxes->pdata[i])->worker);
}

void
desk_fetch_stop(DeskFetch *fetch)
{
	for (guint i = 0; i < fetch->boxes->len; i++)
		worker_hang_up(((Box *)fetch->boxes->pdata[i])->worker);
}

void
desk_fetch_listen(DeskFetch *fetch, bool listen)
{
	if (fetch->listens == listen)
		return;
	fetch->listens = listen;
	for (guint i = 0; i < fetch->boxes->len; i++)
		worker_listen(((Box *)fetch->boxes->pdata[i])->worker, listen);
}

bool
desk_fetch_is_idle(const DeskFetch *fetch)
{
	for (guint i = 0; i < fetch->boxes->len; i++) {
		const Box *box = fetch->boxes->pdata[i];

		if (!box->idle && !box->failed)
			return false;
	}
	return fetch->notes->len == 0;
}

void
desk_fetch_watch(DeskFetch *fetch, gint64 now)
{
	for (guint i = 0; i < fetch->boxes->len; i++) {
		const Box *box = fetch->boxes->pdata[i];

		worker_watch(box->worker, now,
		    desk_beat_milliseconds(fetch->desk) * 1000);
	}
}

Instant
desk_fetch_heard(const DeskFetch *fetch)
{
	Instant heard = G_MAXINT64;

	for (guint i = 0; i < fetch->boxes->len; i++)
		heard = MIN(heard, ((Box *)fetch->boxes->pdata[i])->looked);
	return heard;
}

bool
desk_fetch_is_drained(const DeskFetch *fetch)
{
	for (guint i = 0; i < fetch->boxes->len; i++) {
		const Box *box = fetch->boxes->pdata[i];

		if (!box->failed && g_hash_table_size(box->unmarked) > 0)
			return false;
	}
	return desk_fetch_is_idle(fetch);
}

/* ---- what is said to a mailbox ---- */

static char *
key_of(guint32 uidvalidity, guint32 uid, const char *name)
{
	return g_strdup_printf("%u:%u:%s", uidvalidity, uid, name);
}

void
box_ask_mark(Box *box, gint64 id, const StoredMail *mail)
{
	g_autofree char *key = key_of(mail->uidvalidity, mail->uid, mail->name);
	gint64 *value;

	if (!worker_is_up(box->worker) ||
	    g_hash_table_contains(box->unmarked, key))
		return;
	value = g_new(gint64, 1);
	*value = id;
	g_hash_table_insert(box->unmarked, g_steal_pointer(&key), value);
	worker_say(box->worker, "done",
	    frame_mail_args(mail->uidvalidity, mail->uid, mail->name), -1);
}

void
box_say_stored(Box *box, const StoredMail *mail)
{
	worker_say(box->worker, "stored",
	    frame_mail_args(mail->uidvalidity, mail->uid, mail->name), -1);
}

void
desk_fetch_mark(DeskFetch *fetch, const StoredMail *mail)
{
	for (guint i = 0; i < fetch->boxes->len; i++) {
		Box *box = fetch->boxes->pdata[i];

		if (g_str_equal(box->name, mail->mailbox))
			box_ask_mark(box, mail->id, mail);
	}
}

char *
box_first_look_key(const Box *box)
{
	return g_strconcat("first-look:", box->name, NULL);
}

/* The box's configuration, with what the store knows about it. */
static bool
complete_config(Box *box, guint32 uidvalidity, guint32 uid,
    GVariant **ret_config, GError **error)
{
	g_autofree char *key = box_first_look_key(box);
	g_autofree char *value = NULL;
	GVariantDict dict;

	if (!store_setting(box->fetch->desk->store, key, &value, error))
		return false;
	g_variant_dict_init(&dict, box->config);
	if (value != NULL)
		g_variant_dict_insert(&dict, "first_look", "x",
		    g_ascii_strtoll(value, NULL, 10));
	g_variant_dict_insert(&dict, "alone", "u", box->alone);
	if (!box_add_seal(box, &dict, uidvalidity, uid, error)) {
		g_variant_dict_clear(&dict);
		return false;
	}
	*ret_config = g_variant_dict_end(&dict);
	return true;
}

static void
started(void *data, Worker *worker)
{
	Box *box = data;
	g_autoptr(GError) error = NULL;
	guint32 uidvalidity = 0;
	guint32 uid = 0;
	g_auto(Descriptor) known = -1;
	GVariant *config;
	GVariantDict args;

	if (!store_cursor(box->fetch->desk->store, box->name, &uidvalidity,
		&uid, &error) ||
	    !box_known(box, &known, &error) ||
	    !complete_config(box, uidvalidity, uid, &config, &error)) {
		worker_break(worker, error->message);
		return;
	}
	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert_value(&args, "config", config);
	g_variant_dict_insert(&args, "uidvalidity", "u", uidvalidity);
	g_variant_dict_insert(&args, "uid", "u", uid);
	g_variant_dict_insert(&args, "beat", "x",
	    desk_beat_milliseconds(box->fetch->desk));
	worker_say(worker, "start", g_variant_dict_end(&args), known);
	worker_listen(worker, box->fetch->listens);
}

/* With --once a mailbox that fails is left, for the others' sake. */
static void
give_up(Box *box)
{
	if (!box->fetch->desk->options.once || box_narrows_down(box))
		return;
	box->failed = true;
	desk_failed(box->fetch->desk);
	worker_hang_up(box->worker);
}

static void
died(void *data, Worker *worker, const char *why, Seconds pause)
{
	Box *box = data;
	g_autofree char *again = g_strdup_printf("%" G_GINT64_FORMAT, pause);
	bool once = box->fetch->desk->options.once;

	(void)worker;
	/* What it did not mark is asked again of the next one. */
	g_hash_table_remove_all(box->unmarked);
	box->idle = box->asked = false;
	box_ended_unweighed(box);
	log_event(once ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING, "mailbox-down",
	    "mailbox", box->name, "why", why, "again", once ? NULL : again,
	    NULL);
	give_up(box);
	box_broke(box);
}

/* ---- what a mailbox says ---- */

Note *
box_add_note(Box *box, NoteKind kind, const Frame *frame)
{
	Note *note = g_new0(Note, 1);

	note->kind = kind;
	note->box = box;
	note->row = g_new0(StoredMail, 1);
	note->row->mailbox = g_strdup(box->name);
	note->row->uidvalidity = (guint32)frame_int(frame, "uidvalidity", 0);
	note->row->uid = (guint32)frame_int(frame, "uid", 0);
	note->row->name = g_strdup(frame_string(frame, "name"));
	g_ptr_array_add(box->fetch->notes, note);
	return note;
}

/* Its clocks run from when it was fetched: somebody may want to know why. */
static void
tell_undated(const Box *box, const Frame *frame)
{
	g_autofree char *uid = g_strdup_printf("%" G_GINT64_FORMAT,
	    frame_int(frame, "uid", 0));

	if (frame_bool(frame, "undated"))
		log_event(LOG_LEVEL_WARNING, "mail-undated", "mailbox",
		    box->name, "uid", uid, "text",
		    "the server gives no date that makes sense; it counts as "
		    "received now",
		    NULL);
}

static bool
note_mail(Box *box, const Frame *frame, GError **error)
{
	g_autoptr(GBytes) raw = frame_map(frame->fd, LIMIT_MAIL_BYTES, error);
	const char *name = frame_string(frame, "name");
	Note *note;

	if (raw == NULL)
		return false;
	if (strlen(name) > NAME_BYTES || strchr(name, '/') != NULL) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "named a mail as no Maildir can");
		return false;
	}
	tell_undated(box, frame);
	note = box_add_note(box, NOTE_MAIL, frame);
	note->row->received =
	    CLAMP(frame_int(frame, "received", desk_now(box->fetch->desk)), 0,
		INSTANT_MOST);
	note->row->trusted = note->row->received;
	note->row->truncated = frame_bool(frame, "truncated");
	note->row->size = frame_int(frame, "size",
	    (gint64)g_bytes_get_size(raw));
	note->row->sha256 = text_sha256(g_bytes_get_data(raw, NULL),
	    g_bytes_get_size(raw));
	note->row->state = g_strdup(stored_state_name(STORED_RAW));
	note->row->lane = g_strdup("");
	box->fetch->noted += (gint64)g_bytes_get_size(raw);
	note->raw = g_steal_pointer(&raw);
	if (box->fetch->noted > NOTED_BYTES)
		desk_fetch_listen(box->fetch, false);
	return true;
}

char *
box_key_of_frame(const Frame *frame)
{
	return key_of((guint32)frame_int(frame, "uidvalidity", 0),
	    (guint32)frame_int(frame, "uid", 0), frame_string(frame, "name"));
}

static void
note_marked(Box *box, const Frame *frame)
{
	g_autofree char *key = box_key_of_frame(frame);
	const gint64 *id = g_hash_table_lookup(box->unmarked, key);

	if (id == NULL)
		return;
	box_add_note(box, NOTE_MARKED, frame)->id = *id;
	g_hash_table_remove(box->unmarked, key);
}

/* The server will not mark this one: it is here all the same, and is asked
 * for again later. */
static void
hear_unmarkable(Box *box, const Frame *frame)
{
	g_autofree char *key = box_key_of_frame(frame);
	Desk *desk = box->fetch->desk;

	if (!g_hash_table_remove(box->unmarked, key))
		return;
	log_event(LOG_LEVEL_WARNING, "mark-refused", "mailbox", box->name,
	    "text", frame_string(frame, "text"), NULL);
	box->refused = desk_now(desk);
	if (desk->options.once)
		desk_failed(desk);
}

/* What earlier runs left unmarked is asked for behind the first look, since a
 * Maildir hands over anew what is not marked. */
static void
ask_left_over(Box *box)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = store_unmarked_mails(
	    box->fetch->desk->store, box->name, UNMARKED, &error);

	if (rows == NULL) {
		log_event(LOG_LEVEL_WARNING, "store", "why", error->message,
		    NULL);
		return;
	}
	for (guint i = 0; i < rows->len; i++) {
		const StoredMail *row = rows->pdata[i];

		box_ask_mark(box, row->id, row);
	}
}

static void
now_idle(Box *box)
{
	Instant now = desk_now(box->fetch->desk);

	box->looked = now;
	box->weighed = true;
	if (box->refused != INSTANT_NONE && now - box->refused >= ASK_AGAIN) {
		box->refused = INSTANT_NONE;
		box->asked = false;
	}
	box_got_answer(box, 0);
	if (!box->asked)
		ask_left_over(box);
	box->asked = true;
	box->idle = !box_ask_again(box);
}

static void
hear_state(Box *box, const Frame *frame)
{
	bool ok = frame_bool(frame, "ok");
	bool config = frame_bool(frame, "config");
	const char *warning = frame_string(frame, "warning");

	box->let_in = ok;
	box->refusals = config ? box->refusals + 1 : 0;
	if (config)
		worker_wait(box->worker, worker_refusal_pause(box->refusals));
	if (*warning != '\0')
		log_event(LOG_LEVEL_WARNING, "mailbox-warning", "mailbox",
		    box->name, "text", warning, NULL);
	log_event(ok     ? LOG_LEVEL_INFO
		: config ? LOG_LEVEL_ERROR
			 : LOG_LEVEL_WARNING,
	    ok ? "mailbox-up" : "mailbox-trouble", "mailbox", box->name, "text",
	    frame_string(frame, "text"), NULL);
	if (!ok)
		give_up(box);
}

static void
heard(void *data, Worker *worker, Frame *frame)
{
	Box *box = data;
	g_autoptr(GError) error = NULL;

	if (g_str_equal(frame->verb, "mail")) {
		/* Pauses that grow from one deadly mail to the next would hold
		 * up what stands behind them by hours. */
		worker_forgive(worker);
		box_got_answer(box, (guint32)frame_int(frame, "uid", 0));
		if (!note_mail(box, frame, &error))
			worker_break(worker, error->message);
	} else if (g_str_equal(frame->verb, "cursor")) {
		box_add_note(box, NOTE_CURSOR, frame);
	} else if (g_str_equal(frame->verb, "asking")) {
		box_hear_asking(box, frame);
	} else if (g_str_equal(frame->verb, "refused")) {
		box_hear_refused(box, frame);
	} else if (g_str_equal(frame->verb, "gone")) {
		box_hear_gone(box, frame);
	} else if (g_str_equal(frame->verb, "ahead")) {
		box_hear_ahead(box, frame);
	} else if (g_str_equal(frame->verb, "weighed")) {
		box->weighed = true;
	} else if (g_str_equal(frame->verb, "marked")) {
		note_marked(box, frame);
	} else if (g_str_equal(frame->verb, "unmarkable")) {
		hear_unmarkable(box, frame);
	} else if (g_str_equal(frame->verb, "idle")) {
		now_idle(box);
	} else if (g_str_equal(frame->verb, "state")) {
		hear_state(box, frame);
	} else {
		worker_break(worker, "said what no mailbox says");
	}
}
