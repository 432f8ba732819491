/*
 * One connection to a mail server, over GIO, as a stream for libetpan:
 * deadlines, bounds, verified TLS.
 */
#include "tls_stream_private.h"

#include "answer_guard_private.h"
#include "guichet/base/beat.h"
#include "guichet/base/error.h"
#include "guichet/base/limits.h"

#include <gio/gio.h>
#include <stdlib.h>

struct TlsStream {
	char *host;
	GSocketConnectable *address;
	GSocketConnection *connection;
	GTlsDatabase *database; /* NULL: the system's */
	GIOStream *io;          /* the connection, then TLS over it */
	mailstream *mail;       /* libetpan's, not ours */
	AnswerGuard *guard;     /* before libetpan */
	GTlsCertificateFlags refused;
	gsize budget;
	gint64 deadline; /* monotonic, microseconds */
	gint64 greeted;  /* the same: connection and handshake are over */
	GError *error;   /* sticks */
};

/* One asynchronous call of GIO, awaited with a deadline: the blocking calls
 * only bound each read, so that a server that drips could hold us for ever. */
typedef struct {
	GMainContext *context;
	GCancellable *cancel;
	GAsyncResult *result;
} Call;

static gboolean
call_expired(gpointer data)
{
	g_cancellable_cancel(data);
	return G_SOURCE_REMOVE;
}

static void
call_begin(Call *call, gint64 end)
{
	gint64 left = MAX(end - g_get_monotonic_time(), 0);
	GSource *source = g_timeout_source_new((guint)(left / 1000));

	call->context = g_main_context_new();
	call->cancel = g_cancellable_new();
	g_source_set_callback(source, call_expired, g_object_ref(call->cancel),
	    g_object_unref);
	g_source_attach(source, call->context);
	g_source_unref(source);
	g_main_context_push_thread_default(call->context);
}

static void
call_done(GObject *object, GAsyncResult *result, gpointer data)
{
	Call *call = data;

	(void)object;
	call->result = g_object_ref(result);
}

static GAsyncResult *
call_await(Call *call)
{
	while (call->result == NULL)
		g_main_context_iteration(call->context, TRUE);
	return call->result;
}

static void
call_end(Call *call)
{
	g_main_context_pop_thread_default(call->context);
	g_clear_object(&call->result);
	g_clear_object(&call->cancel);
	g_main_context_unref(call->context);
}

/* A GIO failure in our domain, with the host in front. */
static void
take_failure(const TlsStream *stream, GError *failure, GError **error)
{
	const char *text = failure->message;

	if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		text = "no answer in time";
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY, "%s: %s",
	    stream->host, text);
	g_error_free(failure);
}

/* Connection and handshake have one time together. */
static gint64
connect_end(void)
{
	return g_get_monotonic_time() + LIMIT_CONNECT_SECONDS * G_USEC_PER_SEC;
}

TlsStream *
tls_stream_open(const char *host, guint16 port, const char *ca_file,
    GError **error)
{
	g_autoptr(TlsStream) stream = g_new0(TlsStream, 1);
	g_autoptr(GSocketClient) client = g_socket_client_new();
	GError *failure = NULL;
	Call call = { 0 };

	stream->host = g_strdup(host);
	stream->address = g_network_address_new(host, port);
	if (ca_file != NULL) {
		stream->database = g_tls_file_database_new(ca_file, &failure);
		if (stream->database == NULL) {
			g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
			    "%s: %s", ca_file, failure->message);
			g_error_free(failure);
			return NULL;
		}
	}
	g_socket_client_set_enable_proxy(client, FALSE);
	stream->guard = answer_guard_new();
	stream->greeted = connect_end();
	call_begin(&call, stream->greeted);
	g_socket_client_connect_async(client, stream->address, call.cancel,
	    call_done, &call);
	stream->connection = g_socket_client_connect_finish(client,
	    call_await(&call), &failure);
	call_end(&call);
	if (stream->connection == NULL) {
		take_failure(stream, failure, error);
		return NULL;
	}
	g_socket_set_keepalive(
	    g_socket_connection_get_socket(stream->connection), TRUE);
	stream->io = g_object_ref(G_IO_STREAM(stream->connection));
	tls_stream_allow(stream, 0, 0);
	return g_steal_pointer(&stream);
}

static gboolean
remember_refusal(GTlsConnection *tls, GTlsCertificate *certificate,
    GTlsCertificateFlags flags, gpointer data)
{
	TlsStream *stream = data;

	(void)tls;
	(void)certificate;
	stream->refused |= flags;
	return FALSE;
}

static const char *
refusal_text(GTlsCertificateFlags flags)
{
	if ((flags & G_TLS_CERTIFICATE_EXPIRED) != 0)
		return "it has expired";
	if ((flags & G_TLS_CERTIFICATE_NOT_ACTIVATED) != 0)
		return "it is not valid yet";
	if ((flags & G_TLS_CERTIFICATE_REVOKED) != 0)
		return "it was revoked";
	if ((flags & G_TLS_CERTIFICATE_INSECURE) != 0)
		return "its algorithm is insecure";
	if ((flags & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0)
		return "it is signed by nobody we trust; if that is meant, "
		       "name the authority's file as ca_file";
	if ((flags & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
		return "it is for another host name";
	return "it is not acceptable";
}

/* Takes `failure`, which may be NULL: then the version was too old. */
static bool
fail_handshake(TlsStream *stream, GError *failure, GError **error)
{
	tls_stream_break(stream);
	if (stream->refused != 0) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: the certificate is refused: %s", stream->host,
		    refusal_text(stream->refused));
		g_clear_error(&failure);
		return false;
	}
	if (failure == NULL) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: the server speaks nothing newer than TLS 1.1",
		    stream->host);
		return false;
	}
	take_failure(stream, failure, error);
	g_prefix_error(error, "TLS: ");
	return false;
}

bool
tls_stream_start_tls(TlsStream *stream, GError **error)
{
	g_autoptr(GIOStream) tls = NULL;
	GError *failure = NULL;
	Call call = { 0 };
	bool ok;

	tls = g_tls_client_connection_new(stream->io, stream->address,
	    &failure);
	if (tls == NULL)
		return fail_handshake(stream, failure, error);
	if (stream->database != NULL)
		g_tls_connection_set_database(G_TLS_CONNECTION(tls),
		    stream->database);
	g_signal_connect(tls, "accept-certificate",
	    G_CALLBACK(remember_refusal), stream);
	/* By STARTTLS the server has long been spoken to. */
	if (stream->mail != NULL)
		stream->greeted = connect_end();
	call_begin(&call, stream->greeted);
	g_tls_connection_handshake_async(G_TLS_CONNECTION(tls),
	    G_PRIORITY_DEFAULT, call.cancel, call_done, &call);
	ok = g_tls_connection_handshake_finish(G_TLS_CONNECTION(tls),
	    call_await(&call), &failure);
	call_end(&call);
	if (!ok)
		return fail_handshake(stream, failure, error);
	/* GIO of Debian 12 negotiates TLS 1.0 and 1.1 without a word. */
	if (g_tls_connection_get_protocol_version(G_TLS_CONNECTION(tls)) <
	    G_TLS_PROTOCOL_VERSION_TLS_1_2)
		return fail_handshake(stream, NULL, error);
	g_object_unref(stream->io);
	stream->io = g_steal_pointer(&tls);
	return true;
}

void
tls_stream_allow(TlsStream *stream, gsize bytes, Seconds seconds)
{
	stream->budget = bytes;
	stream->deadline = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
}

void
tls_stream_break(TlsStream *stream)
{
	if (stream->error == NULL)
		g_set_error_literal(&stream->error, G_IO_ERROR,
		    G_IO_ERROR_CLOSED, "the connection was given up");
}

const GError *
tls_stream_error(const TlsStream *stream)
{
	return stream->error;
}

static int
socket_of(const TlsStream *stream)
{
	return g_socket_get_fd(
	    g_socket_connection_get_socket(stream->connection));
}

/* Waits until the socket is ready, within the deadline and the idle time. */
static bool
await_socket(TlsStream *stream, short events)
{
	struct pollfd wanted = { socket_of(stream), events, 0 };
	gint64 left = stream->deadline - g_get_monotonic_time();

	left = CLAMP(left, 0, LIMIT_SERVER_SILENCE_SECONDS * G_USEC_PER_SEC);
	if (beat_poll(&wanted, 1, (left + 999) / 1000) > 0 &&
	    g_get_monotonic_time() < stream->deadline)
		return true;
	g_set_error_literal(&stream->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
	    "no answer in time");
	return false;
}

/* True if it would only have blocked; any other failure sticks. */
static bool
only_blocked(TlsStream *stream, GError *failure)
{
	if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
		g_error_free(failure);
		return true;
	}
	stream->error = failure;
	return false;
}

/* Once, what the server has sent, into the guard. False: a failure sticks. */
static bool
read_some(TlsStream *stream)
{
	GPollableInputStream *in = G_POLLABLE_INPUT_STREAM(
	    g_io_stream_get_input_stream(stream->io));
	GError *failure = NULL;
	char buffer[16 * 1024];
	gssize got;

	if (stream->budget == 0) {
		g_set_error_literal(&stream->error, G_IO_ERROR,
		    G_IO_ERROR_MESSAGE_TOO_LARGE,
		    "the server's answer is too long");
		return false;
	}
	got = g_pollable_input_stream_read_nonblocking(in, buffer,
	    MIN(sizeof(buffer), stream->budget), NULL, &failure);
	if (got > 0) {
		beat(); /* one that drips never has us wait */
		stream->budget -= (gsize)got;
		return answer_guard_put(stream->guard, buffer, (gsize)got,
		    &stream->error);
	}
	if (got < 0)
		return only_blocked(stream, failure) &&
		    await_socket(stream, POLLIN);
	g_set_error_literal(&stream->error, G_IO_ERROR, G_IO_ERROR_CLOSED,
	    "the server closed the connection");
	return false;
}

/* Never returns 0: libetpan 1.9.4 would ask again for ever in a literal. */
static ssize_t
low_read(mailstream_low *low, void *buffer, size_t size)
{
	TlsStream *stream = low->data;

	while (stream->error == NULL) {
		if (answer_guard_has_some(stream->guard))
			return (ssize_t)answer_guard_take(stream->guard, buffer,
			    size);
		if (!read_some(stream))
			break;
	}
	return -1;
}

static ssize_t
low_write(mailstream_low *low, const void *buffer, size_t size)
{
	TlsStream *stream = low->data;
	GPollableOutputStream *out = G_POLLABLE_OUTPUT_STREAM(
	    g_io_stream_get_output_stream(stream->io));

	while (stream->error == NULL) {
		GError *failure = NULL;
		gssize put = g_pollable_output_stream_write_nonblocking(out,
		    buffer, size, NULL, &failure);

		if (put >= 0)
			return put;
		if (!only_blocked(stream, failure) ||
		    !await_socket(stream, POLLOUT))
			break;
	}
	return -1;
}

static int
low_close(mailstream_low *low)
{
	TlsStream *stream = low->data;

	tls_stream_break(stream);
	stream->mail = NULL;
	return 0;
}

static int
low_socket(mailstream_low *low)
{
	return socket_of(low->data);
}

static void
low_free(mailstream_low *low)
{
	free(low);
}

static void
low_cancel(mailstream_low *low)
{
	tls_stream_break(low->data);
}

static struct mailstream_cancel *
low_get_cancel(mailstream_low *low)
{
	(void)low;
	return NULL;
}

mailstream *
tls_stream_mailstream(TlsStream *stream)
{
	static mailstream_low_driver driver = {
		.mailstream_read = low_read,
		.mailstream_write = low_write,
		.mailstream_close = low_close,
		.mailstream_get_fd = low_socket,
		.mailstream_free = low_free,
		.mailstream_cancel = low_cancel,
		.mailstream_get_cancel = low_get_cancel,
	};

	if (stream->mail == NULL)
		stream->mail = mailstream_new(
		    mailstream_low_new(stream, &driver), 64 * 1024);
	return stream->mail;
}

bool
tls_stream_has_pending(const TlsStream *stream)
{
	return stream->error != NULL || !answer_guard_is_empty(stream->guard) ||
	    (stream->mail != NULL && stream->mail->read_buffer_len > 0);
}

TlsStreamEvent
tls_stream_wait(TlsStream *stream, int other, Seconds seconds)
{
	GPollableInputStream *in = G_POLLABLE_INPUT_STREAM(
	    g_io_stream_get_input_stream(stream->io));
	struct pollfd wanted[] = {
		{ socket_of(stream), POLLIN, 0 },
		{ other, POLLIN, 0 },
	};

	if (tls_stream_has_pending(stream) ||
	    g_pollable_input_stream_is_readable(in))
		return TLS_STREAM_SERVER;
	if (beat_poll(wanted, other >= 0 ? 2 : 1,
		CLAMP(seconds, 0, 3600) * 1000) <= 0)
		return TLS_STREAM_TIME;
	return wanted[0].revents != 0 ? TLS_STREAM_SERVER : TLS_STREAM_OTHER;
}

void
tls_stream_free(TlsStream *stream)
{
	if (stream == NULL)
		return;
	g_assert(stream->mail == NULL);
	g_clear_object(&stream->io);
	g_clear_object(&stream->connection);
	g_clear_object(&stream->database);
	g_clear_object(&stream->address);
	g_clear_error(&stream->error);
	answer_guard_free(stream->guard);
	g_free(stream->host);
	g_free(stream);
}
