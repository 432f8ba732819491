/*
 * readers: the pool of sandboxed processes that read mail.
 *
 * Mails go in, Messages come out, in whatever order they are finished. A mail
 * that kills a reader, keeps it busy past LIMIT_READER_WALL_SECONDS or makes
 * it answer nonsense comes out without a Message; the reader is replaced and
 * no other mail suffers. A reader is also replaced after LIMIT_READER_MAILS,
 * and after a mail that was submitted as `fresh`, which gets one that has
 * seen no mail before: a captured reader never sees two of our tokens.
 */
#ifndef GUICHET_READERS_H
#define GUICHET_READERS_H

#include "guichet/daemon/loop.h"
#include "guichet/mail/message.h"

typedef struct Readers Readers;

typedef struct {
	/* `message` is the callee's now, or NULL: then `why` says how the
	 * reader ended over it. May submit more. */
	void (*done)(void *data, gint64 id, Message *message, const char *why);
	/* No reader can be started, `failures` times in a row so far; comes
	 * again after the pause. Mails wait, none is to blame. May be NULL. */
	void (*broken)(void *data, const char *why, guint failures,
	    Seconds pause);
} ReadersOps;

/* At most `count` processes, started when they are needed. */
Readers *readers_new(Loop *loop, int count, const ReadersOps *ops, void *data);
/* Kills them; what was submitted is forgotten. */
void readers_free(Readers *readers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Readers, readers_free)

/* Milliseconds that a reader has for one mail; LIMIT_READER_WALL_SECONDS if it
 * is not set. */
void readers_set_patience(Readers *readers, gint64 milliseconds);

typedef enum {
	READERS_PARTIAL = 1 << 0, /* only the head of an over-large mail */
	READERS_FRESH = 1 << 1,   /* by one that has seen no mail */
	READERS_FIRST = 1 << 2,   /* others wait for it: before all that wait */
} ReadersHow;

void readers_submit(Readers *readers, gint64 id, GBytes *raw, ReadersHow how);
/* Mails submitted and not yet done. */
guint readers_busy(const Readers *readers);
/* Who has the mail now, in words for the log; NULL if it was not submitted. The
 * caller frees. */
char *readers_holder(const Readers *readers, gint64 id);

#endif
