/*
 * service: what systemd wants to hear (sd_notify(3)), without its library.
 */
#ifndef GUICHET_SERVICE_H
#define GUICHET_SERVICE_H

#include "guichet/base/base.h"

/* Sends "READY=1" and the like to $NOTIFY_SOCKET, if there is one. */
void service_notify(const char *state);

/* How often "WATCHDOG=1" is to be sent, in milliseconds: half of what
 * $WATCHDOG_USEC allows. 0: never. */
gint64 service_watchdog_interval(void);

#endif
