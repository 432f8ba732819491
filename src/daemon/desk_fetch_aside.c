/*
 * Mails that a mailbox cannot have: each set aside alone, listed, asked for
 * once a day, so that no mail holds up those behind it.
 */
#include "desk_fetch_private.h"

#include "guichet/base/frame.h"
#include "guichet/base/limits.h"
#include "guichet/base/log.h"
#include "guichet/base/text.h"

#define AGAIN       86400 /* seconds between tries */
#define ASK_AGAIN   3600  /* between looks at what is due for one */
#define BREAKS_MOST 3     /* over one mail, then it is set aside */
#define ROUNDS_MOST 12    /* with --once, then the mailbox is left */

static GString *
known_text(const Box *box, GError **error)
{
	Store *store = box->fetch->desk->store;
	g_autoptr(GString) known = g_string_new(NULL);
	g_autoptr(GPtrArray) aside = store_unfetched(store, box->name,
	    G_MAXINT64, error);
	g_autoptr(GPtrArray) names = NULL;

	if (aside == NULL)
		return NULL;
	names = store_taken_names(store, box->name, error);
	if (names == NULL)
		return NULL;
	for (guint i = 0; i < aside->len; i++) {
		const UnfetchedMail *row = aside->pdata[i];
		g_autofree char *key = source_mark_key(row->uidvalidity,
		    row->uid, row->name);

		source_known_add_aside(known, key);
	}
	for (guint i = 0; i < names->len; i++)
		source_known_add_taken(known, names->pdata[i]);
	return g_steal_pointer(&known);
}

bool
box_known(const Box *box, int *ret_fd, GError **error)
{
	g_autoptr(GString) known = known_text(box, error);

	*ret_fd = -1;
	if (known == NULL)
		return false;
	if (known->len == 0)
		return true;
	*ret_fd = frame_memfd(known->str, known->len, error);
	return *ret_fd >= 0;
}

void
box_hear_asking(Box *box, const Frame *frame)
{
	box->asking.uidvalidity = (guint32)frame_int(frame, "uidvalidity", 0);
	box->asking.first = (guint32)frame_int(frame, "uid", 0);
	box->asking.last = (guint32)frame_int(frame, "last", 0);
	box->asking.again = frame_bool(frame, "again");
}

void
box_got_answer(Box *box, guint32 uid)
{
	box->asking.first = 0;
	if (uid != 0 && uid != box->broke.first)
		return;
	box->broke.first = 0;
	box->breaks = 0;
}

static void
note_broken(Box *box)
{
	g_autoptr(Frame) frame = g_new0(Frame, 1);
	Note *note;

	frame->verb = g_strdup("refused");
	frame->fd = -1;
	frame->args = g_variant_ref_sink(
	    frame_mail_args(box->broke.uidvalidity, box->broke.first, NULL));
	note = box_add_note(box, NOTE_REFUSED, frame);
	note->row->received = INSTANT_NONE;
	note->why = g_strdup("each time it is asked for, the connection ends");
}

void
box_broke(Box *box)
{
	const Asking *asking = &box->asking;
	bool same = asking->first == box->broke.first &&
	    asking->uidvalidity == box->broke.uidvalidity;

	if (asking->first == 0)
		return;
	box->breaks = same ? box->breaks + 1 : 1;
	box->rounds++;
	box->broke = *asking;
	box->asking.first = 0;
	box->alone = MAX(box->alone, box->broke.last);
	if (box->broke.first != box->broke.last ||
	    (box->breaks < BREAKS_MOST && !box->broke.again))
		return;
	note_broken(box);
	box->broke.first = 0;
	box->breaks = 0;
}

bool
box_narrows_down(const Box *box)
{
	return box->asking.first != 0 && box->rounds < ROUNDS_MOST;
}

void
box_hear_refused(Box *box, const Frame *frame)
{
	Note *note = box_add_note(box, NOTE_REFUSED, frame);

	box_got_answer(box, note->row->uid);
	note->row->received = frame_int(frame, "received", INSTANT_NONE);
	note->row->size = frame_int(frame, "size", 0);
	note->why = text_clean_line(frame_string(frame, "text"), -1, 500);
}

void
box_hear_gone(Box *box, const Frame *frame)
{
	Note *note = box_add_note(box, NOTE_GONE, frame);

	box_got_answer(box, note->row->uid);
}

bool
box_ask_again(Box *box)
{
	Desk *desk = box->fetch->desk;
	Instant now = desk_now(desk);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = NULL;

	/* What it answered may not be committed yet. */
	if (box->asked_again != INSTANT_NONE &&
	    now - box->asked_again < ASK_AGAIN)
		return false;
	box->asked_again = now;
	rows = store_unfetched(desk->store, box->name, now - AGAIN, &error);

	if (rows == NULL)
		log_event(LOG_LEVEL_WARNING, "store", "why", error->message,
		    NULL);
	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		const UnfetchedMail *row = rows->pdata[i];

		worker_say(box->worker, "again",
		    frame_mail_args(row->uidvalidity, row->uid, row->name), -1);
	}
	return rows != NULL && rows->len > 0;
}

bool
note_apply_refused(Note *note, StoreTx *tx, GError **error)
{
	const StoredMail *row = note->row;
	const UnfetchedMail unfetched = { .mailbox = row->mailbox,
		.uidvalidity = row->uidvalidity,
		.uid = row->uid,
		.name = row->name,
		.received = row->received,
		.size = row->size,
		.why = note->why };

	return store_add_unfetched(tx, &unfetched,
	    desk_now(note->box->fetch->desk), &note->is_new, error);
}

bool
note_apply_gone(const Note *note, StoreTx *tx, GError **error)
{
	return store_drop_unfetched(tx, note->row->mailbox,
	    note->row->uidvalidity, note->row->uid, note->row->name, error);
}

void
note_committed_refused(const Note *note)
{
	const StoredMail *row = note->row;
	g_autofree char *uid = g_strdup_printf("%" G_GUINT32_FORMAT, row->uid);

	log_event(note->is_new ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO,
	    "mail-refused", "mailbox", row->mailbox, "uid",
	    row->uid != 0 ? uid : NULL, "name",
	    *row->name != '\0' ? row->name : NULL, "why", note->why, NULL);
}
