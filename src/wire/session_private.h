/*
 * session_private: one IMAP session of libetpan, up to a selected folder.
 *
 * Every command has a budget of bytes and of seconds. Anything but OK and NO
 * breaks the session: it can only be freed then. Only UID commands may be
 * given to session_command(); never EXPUNGE, never mailimap_capability().
 */
#ifndef GUICHET_SESSION_PRIVATE_H
#define GUICHET_SESSION_PRIVATE_H

#include "guichet/wire/source.h"
#include "tls_stream_private.h"

typedef struct {
	TlsStream *stream;
	mailimap *imap;
	char *name;          /* of the host, for messages */
	char *folder;        /* the one that is selected */
	guint32 uidvalidity; /* of the selected folder, never 0 */
	guint32 uidnext;     /* at the selection; 0 if the server kept it */
	bool broken;
} Session;

/*
 * Connects, verifies, authenticates and selects conf->folder for writing. What
 * a person must mend is GUICHET_ERROR_CONFIG: a wrong password above all, which
 * must not be tried again at once. What goes away by itself ("too many
 * connections", RFC 5530's UNAVAILABLE, INUSE, LIMIT) is _TEMPORARY.
 */
Session *session_open(const SourceConf *conf, GError **error);
void session_free(Session *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_free)

/*
 * Selects the folder anew, and learns its UIDVALIDITY: not every server tells
 * who has it selected that it was deleted and made again.
 */
bool session_select(Session *session, GError **error);

/*
 * One command without its tag. GUICHET_ERROR_PERMANENT is the server's NO, and
 * the session lives on; every other error ends it.
 */
bool session_command(Session *session, gsize bytes, Seconds seconds,
    GError **error, const char *format, ...) G_GNUC_PRINTF(5, 6);

/* The code of the server's last answer (RFC 5530), "" if it gave none. */
const char *session_code(const Session *session);

bool session_can(const Session *session, const char *capability);

/* Whether the keyword may be set for good on the folder's mails. */
bool session_keeps_keyword(const Session *session, const char *keyword);

/*
 * Waits until the folder may have changed, `other` can be read or `seconds`
 * passed: by IDLE where the server offers it.
 */
bool session_wait(Session *session, int other, Seconds seconds, GError **error);

#endif
