/*
 * post: what leaves, on its way to the outbox: its ids, tokens and headers, how
 * many of a kind one reader gets, and the lists that are told once an hour or
 * a day.
 */
#ifndef GUICHET_POST_H
#define GUICHET_POST_H

#include "guichet/post/draft.h"

/* (notice_budget.c) Whether one more notice may go to this technician; one that
 * may not is counted. */
bool notice_budget_take(Intake *in, StoreTx *tx, const Occasion *occasion,
    const char *address, bool *ret_taken, GError **error);

/* (restraint.c) Into the outbox: at once, or where its reader has enough of what
 * no person said, later, or in the sum of the hour. Then tells those sums that
 * are due, and when the next will be; INSTANT_NONE: never. */
bool restraint_post(Intake *in, StoreTx *tx, Draft *draft, Instant now,
    GError **error);
bool restraint_tick(Intake *in, StoreTx *tx, Instant now, GError **error);
bool restraint_next(Intake *in, Instant *ret_at, GError **error);

/* Into the outbox, with ids and tokens; sets `outbox`. */
bool
post_draft(Intake *in, StoreTx *tx, Draft *draft, Instant now, GError **error);

/* (button_fill.c) The HTML with addresses in place of reply_button_place(), or of
 * reply_choice_place() where `token` is a client's: signed as `token` is,
 * whose salt is that of the mail's own Reply-To; `token` NULL, or no room for a
 * word: the desk's own. The caller frees. NULL for NULL. */
char *button_fill(const Conf *conf, const char *html, const Token *token);

/* ---- mails on no ticket, told once a day (filed_list.c) ---- */

/* Where the decision filed its mail on no ticket, the list of the next morning
 * is due. */
bool filed_list_add(Intake *in, StoreTx *tx, const Decision *decision,
    bool is_technicians, Instant now, GError **error);
bool filed_list_tick(Intake *in, StoreTx *tx, Instant now, GError **error);
bool filed_list_next(Intake *in, Instant *ret_at, GError **error);

/* The same for the morning mail: those not told yet, as lines (char *, the
 * caller's), how many they are in all, and the last of them, to be handed to
 * filed_list_told() once it is sent. */
typedef struct {
	GPtrArray *lines;
	guint all;
	gint64 last;
} FiledLines;

bool filed_list_lines(Intake *in, const char *language, Instant now,
    FiledLines *ret_lines, GError **error);
bool filed_list_told(Intake *in, StoreTx *tx, gint64 last, GError **error);

/* ---- a border that nobody has tried (border_untried.c) ---- */

/* Tells the technicians once a day; when it will be, INSTANT_NONE: never. */
bool border_untried_tick(Intake *in, StoreTx *tx, Instant now, GError **error);
bool
border_untried_next(Intake *in, Instant now, Instant *ret_at, GError **error);

/* ---- refusals that are told together (refusal_list.c) ---- */

/* Keeps one for the list of the technician whose mail is in hand. */
bool refusal_list_add(Intake *in, StoreTx *tx, const Effect *effect,
    const Situation *sit, GError **error);
/* Sends the lists whose hour is over. */
bool refusal_list_tick(Intake *in, StoreTx *tx, Instant now, GError **error);
/* When the next will be; INSTANT_NONE: never. */
bool refusal_list_next(Intake *in, Instant *ret_at, GError **error);

/* ---- how many notices (notice_budget.c) ---- */

/* Tells of those that were held, where it is time. */
bool notice_budget_tick(Intake *in, StoreTx *tx, Instant now, GError **error);
/* When it will be; INSTANT_NONE: never. */
bool notice_budget_next(Intake *in, Instant *ret_at, GError **error);

#endif
