/*
 * order_private: what the rows of the table of orders are made of. A family of
 * orders is a file: rows, judges and words together (order_state.c and so on);
 * readers of arguments are shared (order_read.c).
 */
#ifndef GUICHET_ORDER_PRIVATE_H
#define GUICHET_ORDER_PRIVATE_H

#include "guichet/order/order_case.h"

#include "guichet/judgment/judgment.h"

/* Every row: a member of OrderKind and its name in the file of its family. */
#define ORDER_ROWS(X)                                \
 X(ORDER_RESOLVE, order_row_resolve)                 \
 X(ORDER_RESOLVE_TOLD, order_row_resolve_told)       \
 X(ORDER_CLOSE, order_row_close)                     \
 X(ORDER_ASSIGN, order_row_assign)                   \
 X(ORDER_SEVERITY, order_row_severity)               \
 X(ORDER_NOTE, order_row_note)                       \
 X(ORDER_WAIT, order_row_wait)                       \
 X(ORDER_RESUME, order_row_resume)                   \
 X(ORDER_REOPEN, order_row_reopen)                   \
 X(ORDER_TAKE, order_row_take)                       \
 X(ORDER_ACK, order_row_ack)                         \
 X(ORDER_TAG, order_row_tag)                         \
 X(ORDER_UNTAG, order_row_untag)                     \
 X(ORDER_TIME, order_row_time)                       \
 X(ORDER_ESTIMATE, order_row_estimate)               \
 X(ORDER_RPO, order_row_rpo)                         \
 X(ORDER_DEBRIEF, order_row_debrief)                 \
 X(ORDER_CALL, order_row_call)                       \
 X(ORDER_REPLY, order_row_reply)                     \
 X(ORDER_EXCLUDE, order_row_exclude)                 \
 X(ORDER_KIND, order_row_kind)                       \
 X(ORDER_COMPONENT, order_row_component)             \
 X(ORDER_CONTRACT, order_row_contract)               \
 X(ORDER_ANSWERED, order_row_answered)               \
 X(ORDER_WORKAROUND, order_row_workaround)           \
 X(ORDER_MAINTENANCE, order_row_maintenance)         \
 X(ORDER_MAINTENANCE_END, order_row_maintenance_end) \
 X(ORDER_OUTBOX_RETRY, order_row_outbox_retry)       \
 X(ORDER_OUTBOX_DROP, order_row_outbox_drop)         \
 X(ORDER_MAIL_RELEASE, order_row_mail_release)       \
 X(ORDER_MAIL_DROP, order_row_mail_drop)             \
 X(ORDER_LIST, order_row_list)                       \
 X(ORDER_SHOW, order_row_show)                       \
 X(ORDER_SEARCH, order_row_search)                   \
 X(ORDER_HELP, order_row_help)                       \
 X(ORDER_SECRET, order_row_secret)                   \
 X(ORDER_LINK, order_row_link)                       \
 X(ORDER_MERGE, order_row_merge)                     \
 X(ORDER_SAVED, order_row_saved)                     \
 X(ORDER_NEW, order_row_new)                         \
 X(ORDER_NEXT, order_row_next)                       \
 X(ORDER_NOANSWER, order_row_noanswer)               \
 X(ORDER_LATER, order_row_later)                     \
 X(ORDER_STOP, order_row_stop)                       \
 X(ORDER_UNDO, order_row_undo)                       \
 X(ORDER_SEND, order_row_send)                       \
 X(ORDER_NOTICE, order_row_notice)                   \
 X(ORDER_LEDGER_CREDIT, order_row_ledger_credit)     \
 X(ORDER_LEDGER_REVERSE, order_row_ledger_reverse)

#define ORDER_DECLARE(kind, row) extern const OrderRow row;
ORDER_ROWS(ORDER_DECLARE)

#define ORDER_BY_COMMANDS (ORDER_BY_COMMAND | ORDER_BY_CONTROL)
#define ORDER_BY_ALL      (ORDER_BY_MAIL | ORDER_BY_COMMANDS)
#define ORDER_MAY_ALL     (ORDER_MAY_MANAGER | ORDER_MAY_TECHNICIAN)

#define ORDER_NUMBER "#%" G_GINT64_FORMAT

/* GUICHET_ERROR_PERMANENT with the text; returns false. */
bool order_refuse(GError **error, char *take_text);

/* Whether the word, in any case, is the name's first; false without a name. */
bool order_name_begins(const char *name, const char *word);

/* ---- order_read.c ---- */

#define ORDER_READER(name)                                     \
 bool name(Order *order, char *const *words, const char *line, \
     const OrderReading *reading, GError **error)

ORDER_READER(order_read_nothing);
ORDER_READER(order_read_name);
ORDER_READER(order_read_whom);
ORDER_READER(order_read_wait);
ORDER_READER(order_read_tag);
ORDER_READER(order_read_text);
ORDER_READER(order_read_needed_text);
ORDER_READER(order_read_sentence);
ORDER_READER(order_read_time);
ORDER_READER(order_read_minutes);
ORDER_READER(order_read_severity);
ORDER_READER(order_read_kind);
ORDER_READER(order_read_component);
ORDER_READER(order_read_reason);
ORDER_READER(order_read_maintenance);
ORDER_READER(order_read_maintenance_end);

void order_set_text(Order *order, char *take_text);

/* ---- order_judge.c: what judges share ---- */

EventStamp order_stamp(const Judgment *j, const OrderCase *c);
/* Moves the ticket, or refuses what may not follow its state. */
bool
order_move(Judgment *j, const OrderCase *c, TicketState state, GError **error);
/* "#12 is resolved already" */
bool order_refuse_state(const OrderCase *c, GError **error);
void order_meet(Judgment *j, const OrderCase *c, Milestone milestone);
void order_assign(Judgment *j, const OrderCase *c, const char *who);
/* `from`: when it became that bad; INSTANT_NONE: it was so all along. */
void
order_set_severity(Judgment *j, const OrderCase *c, int severity, Instant from);
/* (order_kept.c) Whether it is an estimate that waits for the client. */
bool order_estimate_asks(const OrderCase *c);
/* Or one that is more than the plan does at a time. */
bool order_estimate_is_over(const OrderCase *c);
/* Whether words go to the client with it: below it in a mail, or its own. */
bool order_has_words(const OrderCase *c);
/* One line to the client that says who has it or saw it, or what they were told by
 * telephone, where they wrote the ticket or know of it; false: nobody reads it. */
bool order_tell_handled(Judgment *j, const OrderCase *c, HandledHow how);
/* What a technician says to the client: it meets the response, and who says it
 * has the ticket if nobody had. */
void order_answer_client(Judgment *j, const OrderCase *c);
/* The mail that says it, in the order's own words where it has any. */
void order_say(Judgment *j, const OrderCase *c, SendKind send);
/* Meets the response unless it was met. */
void order_answers(Judgment *j, const OrderCase *c);
/* Refuses what makes no sense on a ticket that is done. */
bool order_check_open(const OrderCase *c, GError **error);
/* The order's text stays on the ticket, inside, if there is any. */
void order_keep_text(Judgment *j, const OrderCase *c);

/* Of an order that only records what happened, by its own last word. */
char *order_report_recorded(const OrderCase *c, const Decision *decision);
/* Whether the decision meets it. */
bool order_has_met(const Decision *decision, Milestone milestone);
/* Whether it opens again what was done. */
bool order_has_reopened(const Decision *decision);

#endif
