/*
 * log: one line an event on standard error, for people and for grep.
 *
 *   2026-11-22T08:00:00Z warning mailbox-down mailbox=support why="timed out"
 *
 * Under systemd's journal the line starts with its priority (<4>) in place of
 * the time. Values are escaped and cut to LIMIT_LOG_VALUE_BYTES, whatever
 * bytes they hold: no value can start a second line or move the cursor. Text
 * of a mail, passwords and tokens are never logged. $GUICHET_LOG, "error" to
 * "debug", sets what is shown; "info" by default.
 */
#ifndef GUICHET_LOG_H
#define GUICHET_LOG_H

#include "guichet/base/base.h"

typedef enum {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
	LOG_LEVEL_COUNT,
} LogLevel;

/*
 * Writes a line: a stable word for what happened, then names and values in
 * turn, ended by NULL. A NULL value leaves its pair out.
 */
void log_event(LogLevel level, const char *event, ...) G_GNUC_NULL_TERMINATED;

/* The line without its start and its end, for tests. The caller frees. */
char *log_format(const char *event, ...) G_GNUC_NULL_TERMINATED;

#endif
