/*
 * alert_judgment_private: the judgment on one alert while it is being made.
 * decide_alert.c judges mails, decide_alert_tick.c what time alone brings;
 * decide_alert_ticket.c writes on tickets and tells the client;
 * decide_alert_storm.c counts where there are too many.
 */
#ifndef GUICHET_ALERT_JUDGMENT_PRIVATE_H
#define GUICHET_ALERT_JUDGMENT_PRIVATE_H

#include "guichet/judgment/alert_judgment.h"

#include "decide_private.h"

/* ---- decide_alert_ticket.c ---- */

bool alert_judgment_is_cut(const Alert *alert);
void alert_judgment_notify(Judgment *j, gint64 ticket, Reason reason);
void alert_judgment_set_state(Judgment *j, gint64 ticket, TicketState state);
void alert_judgment_keep(Judgment *j, gint64 ticket);
void alert_judgment_append(AlertJudgment *a, gint64 ticket, const char *defect);
void
alert_judgment_append_or_keep(AlertJudgment *a, gint64 ticket, bool is_news);
/* That of the target's contract, on the new ticket (0) or one moved to it. */
AlertAffair alert_judgment_new_affair(const AlertJudgment *a, gint64 ticket);
/* It is over: resolved, or put before a technician where the plan says so. */
void alert_judgment_close(AlertJudgment *a, const TicketView *view,
    const AlertTold *told);
void alert_judgment_open_ticket(AlertJudgment *a);
void alert_judgment_begin(AlertJudgment *a);
/* A ticket of its own, or the storm's. */
void alert_judgment_open(AlertJudgment *a);
/* Says, once, that a group's ticket is not one client's alone any more. Whether
 * the mail speaks of others beside the ticket's client. */
bool alert_judgment_tell_joined(AlertJudgment *a, const Ticket *ticket);

/* ---- decide_alert_storm.c ---- */

bool alert_judgment_is_in_storm(const AlertJudgment *a);
void alert_judgment_join_storm(AlertJudgment *a);
void alert_judgment_go_on_in_storm(AlertJudgment *a, bool firing);

#endif
