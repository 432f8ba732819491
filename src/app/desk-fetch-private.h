/*
 * The mailboxes, in two files: desk_fetch.c speaks with their processes and
 * notes what they say, desk_fetch_store.c writes the notes.
 */
#ifndef GUICHET_DESK_FETCH_PRIVATE_H
#define GUICHET_DESK_FETCH_PRIVATE_H

#include "desk-private.h"

/* One mailbox and its process. */
typedef struct {
	DeskFetch *fetch;
	Worker *worker;
	char *name;
	GVariant *config;
	Seconds poll;         /* it speaks at least that often */
	bool idle;            /* has handed over all it had */
	Instant looked;       /* when it last had, INSTANT_NONE */
	bool asked;           /* this process was asked to mark what was left */
	bool failed;          /* with --once: given up */
	Instant refused;      /* to mark a mail, or INSTANT_NONE */
	GHashTable *unmarked; /* key to gint64 id: asked to be marked */
} Box;

typedef enum {
	NOTE_MAIL,
	NOTE_CURSOR,
	NOTE_MARKED
} NoteKind;

/* What a mailbox said, until it is committed. */
typedef struct {
	NoteKind kind;
	Box *box;
	StoredMail *row; /* of a cursor only uidvalidity and uid count */
	GBytes *raw;     /* of a mail */
	gint64 id;
	bool decided; /* a mail that was known, and decided long ago */
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
/* Asks its process to mark the mail, unless it was asked already. */
void box_ask_mark(Box *box, gint64 id, const StoredMail *mail);
/* Tells its process that the raw bytes are kept. */
void box_say_stored(Box *box, const StoredMail *mail);
/* The setting that holds when the mailbox was first looked at. */
char *box_first_look_key(const Box *box);

#endif
