/*
 * reads: orders of no ticket. What a technician asks to read is looked up and
 * masked before the desk judges how much of it leaves; then the answer is
 * written to the enrolled address.
 */
#ifndef GUICHET_READS_H
#define GUICHET_READS_H

#include "guichet/judgment/reading.h"
#include "guichet/post/post.h"
#include "guichet/work/work.h"

/* What the order asks for, secrets masked: `rows`, `found` and `reading` of the
 * case are set. Returns what owns the rows; NULL on failure alone. */
GPtrArray *
reads_find(Intake *in, OrderCase *c, const char *address, GError **error);

/* EFFECT_READ: it counts for an hour. */
bool reads_count(Intake *in, StoreTx *tx, const Effect *effect,
    const char *address, Instant now, GError **error);
/* EFFECT_SECRET: the text is masked from now on. */
bool reads_mask(Intake *in, StoreTx *tx, const char *text, GError **error);

/* What answers a mail of such orders, which `gathered` holds. */
Draft *reads_draft(Intake *in, const Effect *effect, const Gathered *gathered,
    const Decision *decision);
bool reads_answer(Intake *in, StoreTx *tx, const Effect *effect,
    const Effects *effects, GError **error);

/* How much that address has read within the hour. */
bool reads_use(Intake *in, const char *address, Instant now,
    ReadingUse *ret_use, GError **error);
/* Masks what looks like a secret, and our signed addresses, in the rows (char
 * *, the array's own). */
bool reads_mask_rows(Intake *in, GPtrArray *rows, const char *language,
    GError **error);

/* (client_reads.c) What a client's mail asks to read, if it may. */
bool client_reads_find(Gathered *gathered, Intake *in, GError **error);
/* The mail that answers it. */
bool client_reads_answer(Intake *in, StoreTx *tx, const Effect *effect,
    const Effects *effects, GError **error);

#endif
