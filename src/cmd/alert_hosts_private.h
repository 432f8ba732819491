/* alert_hosts_private: `guichet alert hosts`, a part of cmd_alert.c's. */
#ifndef GUICHET_ALERT_HOSTS_PRIVATE_H
#define GUICHET_ALERT_HOSTS_PRIVATE_H

#include "guichet/base/base.h"

int alert_hosts_run(const char *config, bool as_json);

#endif
