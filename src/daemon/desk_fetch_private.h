/*
 * The mailboxes, in three files: desk_fetch.c speaks with their processes and
 * notes what they say, desk_fetch_store.c writes the notes, desk_fetch_aside.c
 * knows of mails that cannot be had.
 */
#ifndef GUICHET_DESK_FETCH_PRIVATE_H
#define GUICHET_DESK_FETCH_PRIVATE_H

#include "desk_private.h"

#include "guichet/store/store_unfetched.h"
#include "guichet/wire/source.h"

/* What the server was asked for: of `first` 0, nothing. */
typedef struct {
	guint32 uidvalidity, first, last;
	bool again; /* one that is set aside */
} Asking;

/* One mailbox and its process. */
typedef struct {
	DeskFetch *fetch;
	Worker *worker;
	char *name;
	GVariant *config;
	bool idle;            /* has handed over all it had */
	Instant looked;       /* when it last had, INSTANT_NONE */
	bool asked;           /* this process was asked to mark what was left */
	bool failed;          /* with --once: given up */
	Instant refused;      /* to mark a mail, or INSTANT_NONE */
	GHashTable *unmarked; /* key to gint64 id: asked to be marked */
	Asking asking;        /* what its process waits for */
	Asking broke;         /* what the last ones ended over */
	guint breaks;         /* that many of them in a row */
	guint rounds;         /* with --once: ends over a mail, in all */
	guint refusals;       /* in a row to let us in */
	Instant asked_again;  /* for what is aside, or INSTANT_NONE */
	guint32 alone;        /* to be asked for one by one up to here */
	bool down;            /* a process of it has ended in this run */
	bool let_in;          /* this process has opened the mailbox */
	bool weighed;         /* it was looked at for being ahead */
	guint unweighed;      /* that many processes ended over it */
} Box;

typedef enum {
	NOTE_MAIL,
	NOTE_CURSOR,
	NOTE_MARKED,
	NOTE_REFUSED,
	NOTE_GONE,
	NOTE_AHEAD
} NoteKind;

/* What a mailbox said, until it is committed. */
typedef struct {
	NoteKind kind;
	Box *box;
	StoredMail *row; /* of a cursor only uidvalidity and uid count */
	GBytes *raw;     /* of a mail */
	gint64 id;
	bool decided; /* a mail that was known, and decided long ago */
	char *why;    /* of one refused */
	bool is_new;  /* which was not known to be */
	gint64 count; /* of what is ahead */
} Note;

struct DeskFetch {
	Desk *desk;
	GPtrArray *boxes; /* Box * */
	GPtrArray *notes; /* Note *, in the order heard */
	gint64 noted;     /* bytes of raw mail among them */
	bool listens;
	bool disk_low;
	gint64 disk_look; /* g_get_monotonic_time() of the next one */
};

void note_free(Note *note);
/* Notes what the frame says of a mail; `frame` is read, not kept. */
Note *box_add_note(Box *box, NoteKind kind, const Frame *frame);
/* source_mark_key() of the mail that the frame names. */
char *box_key_of_frame(const Frame *frame);
/* Asks its process to mark the mail, unless it was asked already. */
void box_ask_mark(Box *box, gint64 id, const StoredMail *mail);
/* Tells its process that the raw bytes are kept. */
void box_say_stored(Box *box, const StoredMail *mail);

/* ---- desk_fetch_aside.c ---- */

/* What its next process must know of its mails, as a memfd; -1 and no error:
 * nothing. */
bool box_known(const Box *box, int *ret_fd, GError **error);
/* asking, refused, gone. */
void box_hear_asking(Box *box, const Frame *frame);
void box_hear_refused(Box *box, const Frame *frame);
void box_hear_gone(Box *box, const Frame *frame);
/* Something came: what was asked for broke nothing. The mail that earlier ones
 * broke over is forgiven once it comes itself, or all have come (uid 0). */
void box_got_answer(Box *box, guint32 uid);
/* Its process ended. What it was asking for is asked for alone next time, and
 * set aside when that, too, ends it again and again. */
void box_broke(Box *box);
/* Whether with --once it may go on though its process ends. */
bool box_narrows_down(const Box *box);
/* Asks once more for what was set aside a day ago; whether there was any. */
bool box_ask_again(Box *box);
bool note_apply_refused(Note *note, StoreTx *tx, GError **error);
bool note_apply_gone(const Note *note, StoreTx *tx, GError **error);
void note_committed_refused(const Note *note);

/* ---- desk_fetch_ahead.c ---- */

/* What its next process must know to mark mails as this store does, and to see
 * whether the mailbox is ahead of it; `uidvalidity` of the cursor. */
bool box_add_seal(const Box *box, GVariantDict *config, guint32 uidvalidity,
    guint32 uid, GError **error);
/* ahead; and the end of its process. */
void box_hear_ahead(Box *box, const Frame *frame);
void box_ended_unweighed(Box *box);
bool note_apply_ahead(const Note *note, StoreTx *tx, GError **error);

/* The setting that holds when the mailbox was first looked at. */
char *box_first_look_key(const Box *box);

#endif
