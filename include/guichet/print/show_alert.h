/* show_alert: what cmd_show.c asks of show_alert.c. */
#ifndef GUICHET_SHOW_ALERT_H
#define GUICHET_SHOW_ALERT_H

#include "guichet/work/work.h"

#include <jansson.h>

typedef struct {
	const TicketView *shown;
	GPtrArray *cases; /* AlertCase *: what is known of its alerts */
	Instant silent_until;
} ShowAlert;

bool show_alert_load(ShowAlert *view, Intake *in, const TicketView *shown,
    Instant now, GError **error);
void show_alert_clear(ShowAlert *view);
/* The value of `alerts`; the caller owns it. */
json_t *show_alert_json(const ShowAlert *view);
void
show_alert_print(const ShowAlert *view, const Zone *zone, const char *language);

#endif
