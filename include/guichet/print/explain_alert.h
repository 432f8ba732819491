/* explain_alert: what cmd_explain.c asks of explain_alert.c. */
#ifndef GUICHET_EXPLAIN_ALERT_H
#define GUICHET_EXPLAIN_ALERT_H

#include "guichet/judgment/alert_case.h"
#include "guichet/time/zone.h"

/* Prints system, key, source, whose it is and what is known of it. */
void
explain_alert(const AlertFacts *facts, const char *language, const Zone *zone);

void explain_further_alerts(const GPtrArray *alerts);

#endif
