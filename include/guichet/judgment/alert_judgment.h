/*
 * alert_judgment: the judgment on one alert while it is being made, and what
 * its client is told of it.
 */
#ifndef GUICHET_ALERT_JUDGMENT_H
#define GUICHET_ALERT_JUDGMENT_H

#include "guichet/judgment/judgment.h"

/* On tickets of groups that hold several clients' hosts. */
#define ALERT_TAG_SHARED "several-clients"

/* The judgment on one alert, and what is known of it afterwards. */
typedef struct {
	Judgment *j;
	const AlertFacts *facts;
	const Alert *alert; /* NULL: no mail, or none that is an alert */
	AlertCase *next;    /* the decision's */
	Event *event;       /* the ticket's event about it, NULL */
} AlertJudgment;

/* A ticket as its client sees it. */
typedef struct {
	gint64 number;            /* 0: the new one */
	const Contract *contract; /* by the ticket's own rules; NULL: none */
	const AlertTold *told;
} AlertAffair;

/* Of which nobody knows yet what it says. */
bool alert_judgment_is_unknown(const AlertJudgment *a);
bool alert_judgment_is_open(const Ticket *ticket);
/* The one rule of what a client is told of alerts: where the contract wants it,
 * once that it began and once that it is over, and that only if they know that
 * it began; never of the distant past, nor more than a budget. */
void alert_judgment_inform(AlertJudgment *a, const AlertAffair *affair,
    EventInformed news);

#endif
