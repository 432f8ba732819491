/*
 * error: failures, sorted by what the caller can do about them.
 *
 * Every function that can fail ends in GError **error and uses this domain.
 * Its message is one line without a full stop, says what was wrong and, where
 * it can, what to do. Absent is not failed: look-ups return true with NULL.
 */
#ifndef GUICHET_ERROR_H
#define GUICHET_ERROR_H

#include <glib.h>

#define GUICHET_ERROR (guichet_error_quark())

typedef enum {
	GUICHET_ERROR_TEMPORARY, /* try again later: network, lock, disk */
	GUICHET_ERROR_PERMANENT, /* this mail or request will never work */
	GUICHET_ERROR_CONFIG,    /* a person must change something first */
} GuichetError;

GQuark guichet_error_quark(void);

#endif
