/*
 * tls_stream_private: one connection to a mail server, as a stream for libetpan.
 *
 * libetpan's own network layer verifies no certificate, has no deadline for a
 * whole command and no bound on an answer; this one does, over GIO, and keeps
 * from it what it cannot stand (answer_guard.c). The first failure sticks:
 * everything after it fails at once.
 */
#ifndef GUICHET_TLS_STREAM_PRIVATE_H
#define GUICHET_TLS_STREAM_PRIVATE_H

#include "guichet/base/base.h"

#include <libetpan/libetpan.h>

typedef struct TlsStream TlsStream;

/* Connects, without TLS yet and without reading a byte, within
 * LIMIT_CONNECT_SECONDS, the handshake of implicit TLS included. ca_file may be
 * NULL: the system's store. */
TlsStream *tls_stream_open(const char *host, guint16 port, const char *ca_file,
    GError **error);

/*
 * The handshake: certificate and host name verified, TLS 1.2 or later. A
 * refusal is GUICHET_ERROR_CONFIG and says what was wrong.
 */
bool tls_stream_start_tls(TlsStream *stream, GError **error);

/* For libetpan, which owns it; it must end before the TlsStream does. */
mailstream *tls_stream_mailstream(TlsStream *stream);

/* What the server may take and send from now on: bytes, and seconds in all. */
void tls_stream_allow(TlsStream *stream, gsize bytes, Seconds seconds);

/* Makes every further read and write fail. */
void tls_stream_break(TlsStream *stream);

/* The failure that stuck, or NULL. */
const GError *tls_stream_error(const TlsStream *stream);

/* Whether the server sent something that was not read yet, be it half a line;
 * or a failure stuck. */
bool tls_stream_has_pending(const TlsStream *stream);

typedef enum {
	TLS_STREAM_SERVER, /* the server sent something, or is gone */
	TLS_STREAM_OTHER,  /* `other` can be read */
	TLS_STREAM_TIME,   /* `seconds` passed */
} TlsStreamEvent;

/* Waits for the first of them; what TLS or libetpan has already buffered
 * counts. */
TlsStreamEvent tls_stream_wait(TlsStream *stream, int other, Seconds seconds);

void tls_stream_free(TlsStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsStream, tls_stream_free)

#endif
