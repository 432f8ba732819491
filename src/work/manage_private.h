/* manage_private: what orders and questions at the command line share. */
#ifndef GUICHET_MANAGE_PRIVATE_H
#define GUICHET_MANAGE_PRIVATE_H

#include "guichet/work/manage.h"
#include "guichet/work/work.h"

/* "outbox retry|drop ID" and "quarantine release|drop MAIL". */
bool manage_aside(Intake *in, StoreTx *tx, char *const *argv, Instant now,
    GString *out, GError **error);

/* The orders of maintenance; in manage_maintenance.c. */
bool manage_maintenance(Intake *in, StoreTx *tx, char *const *argv, Instant now,
    GString *out, GError **error);

/* `event N contract` on an alert's ticket, which `event` has moved: what is
 * said of mandate and mapping, and to its client. */
bool manage_map_alert(Intake *in, StoreTx *tx, const Ticket *ticket,
    const Event *event, GString *out, GError **error);

#endif
