/*
 * order_private: what a row of the table of orders is made of: its reader
 * (order_read.c), its judge (order_judge.c), its words (order_report.c).
 */
#ifndef GUICHET_ORDER_PRIVATE_H
#define GUICHET_ORDER_PRIVATE_H

#include "guichet/desk/order_case.h"

#include "judgment_private.h"

/* GUICHET_ERROR_PERMANENT with the text; returns false. */
bool order_refuse(GError **error, char *take_text);

/* ---- order_read.c ---- */

#define ORDER_READER(name)                                     \
 bool name(Order *order, char *const *words, const char *line, \
     const OrderReading *reading, GError **error)

ORDER_READER(order_read_nothing);
ORDER_READER(order_read_name);
ORDER_READER(order_read_severity);
ORDER_READER(order_read_kind);
ORDER_READER(order_read_component);
ORDER_READER(order_read_note);
ORDER_READER(order_read_reason);
ORDER_READER(order_read_maintenance);
ORDER_READER(order_read_maintenance_end);

/* ---- order_judge.c ---- */

#define ORDER_JUDGE(name) \
 bool name(Judgment *j, const OrderCase *c, GError **error)

ORDER_JUDGE(order_judge_resolve);
ORDER_JUDGE(order_judge_close);
ORDER_JUDGE(order_judge_assign);
ORDER_JUDGE(order_judge_severity);
ORDER_JUDGE(order_judge_kind);
ORDER_JUDGE(order_judge_component);
ORDER_JUDGE(order_judge_note);
ORDER_JUDGE(order_judge_wait);
ORDER_JUDGE(order_judge_resume);
ORDER_JUDGE(order_judge_exclude);
ORDER_JUDGE(order_judge_contract);
ORDER_JUDGE(order_judge_milestone);
ORDER_JUDGE(order_judge_maintenance);
ORDER_JUDGE(order_judge_outbox);
ORDER_JUDGE(order_judge_release);
ORDER_JUDGE(order_judge_drop);

/* ---- order_report.c ---- */

#define ORDER_REPORT(name) \
 char *name(const OrderCase *c, const Decision *decision)

ORDER_REPORT(order_report_resolve);
ORDER_REPORT(order_report_close);
ORDER_REPORT(order_report_assign);
ORDER_REPORT(order_report_severity);
ORDER_REPORT(order_report_kind);
ORDER_REPORT(order_report_component);
ORDER_REPORT(order_report_note);
ORDER_REPORT(order_report_recorded);
ORDER_REPORT(order_report_contract);
ORDER_REPORT(order_report_maintenance);
ORDER_REPORT(order_report_outbox);
ORDER_REPORT(order_report_release);
ORDER_REPORT(order_report_drop);

#endif
