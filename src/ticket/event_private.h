/*
 * event_private: an event before its values are in it. Each kind has its maker,
 * which alone asks for one (event_make.c).
 */
#ifndef GUICHET_EVENT_PRIVATE_H
#define GUICHET_EVENT_PRIVATE_H

#include "guichet/ticket/event.h"

/* With no data and `recorded` equal to `at`. */
Event *event_new(EventType type, gint64 ticket, Instant at, const char *actor,
    gint64 mail);

#endif
