/*
 * ticket_private: a Ticket while an event is folded in, between ticket.c,
 * ticket_merge.c, ticket_answers.c, ticket_part.c and ticket_copy.c.
 */
#ifndef GUICHET_TICKET_PRIVATE_H
#define GUICHET_TICKET_PRIVATE_H

#include "guichet/ticket/ticket.h"

/* False: no plan can have that one. */
bool ticket_read_severity(const Event *event, int *ret_severity);

void ticket_end_pause(Ticket *ticket, Instant at);
void ticket_start_pause(Ticket *ticket, Instant at, TicketState why);
/* Once: false for a second one. */
bool ticket_apply_objected(Ticket *ticket, const Event *event);
/* (ticket_again.c) Opened again: what it was done with counts no more. */
void ticket_reopen(Ticket *ticket, const Event *event);
/* (ticket_again.c) Closed by the event: whether that answers nobody, and who waits
 * is owed the response still. */
bool ticket_leaves_unanswered(const Ticket *ticket, const Event *event);
/* It was met, and is owed again. */
void ticket_owe_anew(Ticket *ticket, Milestone milestone);
/* Nothing of what was announced is about the clock that runs now. */
void ticket_forget_warnings(Ticket *ticket, Milestone milestone);

/* The severity that an event says, and since when it is that. */
bool ticket_take_grade(Ticket *ticket, const Event *event);
/* Whether the first so many severities make the same promises as the first so
 * many others: back to the last correction they are the same. */
bool ticket_grades_agree(const Ticket *ticket, guint one, guint other);
/* (ticket_copy.c) The caller owns it. */
TicketPast *ticket_past_copy(const TicketPast *past);
TicketPast *ticket_past_new(const Ticket *ticket);
void ticket_past_free(TicketPast *past);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TicketPast, ticket_past_free)
/* The plan's name follows from the rest, and alone changes no promise. */
bool ticket_past_is_present(const TicketPast *past, const Ticket *ticket);
void ticket_carried_free(TicketCarried *carried);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TicketCarried, ticket_carried_free)

/* Its mail met the response, or would have. */
void ticket_note_answer(Ticket *ticket, const Event *event);
/* Kept for the record, but where it says that an answer met nothing. */
bool ticket_apply_sent(Ticket *ticket, const Event *event);

/* (ticket_told.c) Terms, or a promise, that an answer told. */
bool ticket_apply_told(Ticket *ticket, const Event *event);
/* An answer of ours did not arrive: what it told was not told. */
void ticket_untell(Ticket *ticket, const Event *event);
/* An event was folded in that may make what was told untrue. */
void ticket_note_untold(Ticket *ticket, const Event *event);
/* (ticket_missed.c) A missed guarantee that an answer told; one did not
 * arrive. */
bool ticket_apply_missed(Ticket *ticket, const Event *event);
void ticket_untell_missed(Ticket *ticket, gint64 outbox);
TicketTold *ticket_told_copy(const TicketTold *told);
void ticket_told_free(TicketTold *told);
/* (ticket_part.c) Whose doing the event is has a part in the ticket. */
void ticket_note_part(Ticket *ticket, const Event *event);
/* (ticket_talk.c) Who spoke, of an event that was folded in. */
void ticket_talk_init(TicketTalk *talk);
void ticket_talk_clear(TicketTalk *talk);
void ticket_talk_apply(Ticket *ticket, const Event *event);
/* Of what is kept for the record: whether it has what it needs. */
bool ticket_is_whole_record(const Event *event);

bool ticket_apply_merged(Ticket *ticket, const Event *event);
bool ticket_apply_carried(Ticket *ticket, const Event *event);

/* ---- ticket_undo.c ---- */

/* (ticket_estimate.c) That it was worked on; an estimate, what the client said of
 * it, its end. */
void ticket_estimate_apply(Ticket *ticket, const Event *event);

/* One that was taken back, of which only what voids tokens is left; or the one
 * that takes it back. */
bool ticket_fold_undone(Ticket *ticket, const Event *event);

#endif
