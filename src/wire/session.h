/*
 * session: one IMAP session of libetpan, up to a selected folder.
 *
 * Every command has a budget of bytes and of seconds. Anything but OK and NO
 * breaks the session: it can only be freed then. Only UID commands may be
 * given to session_command(); never EXPUNGE, never mailimap_capability().
 */
#ifndef GUICHET_SESSION_H
#define GUICHET_SESSION_H

#include "guichet/source.h"
#include "tls_stream.h"

typedef struct {
	TlsStream *stream;
	mailimap *imap;
	char *name;          /* of the host, for messages */
	guint32 uidvalidity; /* of the selected folder, never 0 */
	guint32 uidnext;     /* at the selection; 0 if the server kept it */
	bool broken;
} Session;

/* Connects, verifies, authenticates and selects conf->folder for writing. */
Session *session_open(const SourceConf *conf, GError **error);
void session_free(Session *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_free)

/*
 * One command without its tag. GUICHET_ERROR_PERMANENT is the server's NO, and
 * the session lives on; every other error ends it.
 */
bool session_command(Session *session, gsize bytes, Seconds seconds,
    GError **error, const char *format, ...) G_GNUC_PRINTF(5, 6);

bool session_can(const Session *session, const char *capability);

/* Whether the keyword may be set for good on the folder's mails. */
bool session_keeps_keyword(const Session *session, const char *keyword);

/*
 * Waits until the folder may have changed, `other` can be read or `seconds`
 * passed: by IDLE where the server offers it.
 */
bool session_wait(Session *session, int other, Seconds seconds, GError **error);

/* A folder's name in the modified UTF-7 of RFC 3501, 5.1.3. NULL if it is not
 * clean UTF-8. The caller frees. */
char *session_encode_folder(const char *name);

/* A quoted string of IMAP; `text` must be ASCII without line ends. The caller
 * frees. */
char *session_quote(const char *text);

#endif
