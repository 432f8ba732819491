/*
 * SMTP as the way out, with libcurl: the last byte waits for the desk's
 * commit.
 */
#include "guichet/wire/sink.h"

#include "guichet/base/beat.h"
#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "sink_private.h"

#include <curl/curl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * The body goes without CURLOPT_INFILESIZE: only then does libcurl 7.88 ask
 * once more when all of it is with the server, which is when the desk must be
 * asked. So SIZE= is not announced, and the server's limit is obeyed here.
 */
struct Sink {
	CURL *curl;
	char *host;
	bool authenticates;
	char failure[CURL_ERROR_SIZE];
	GArray *sockets; /* int: open now, and libcurl's */

	/* What the server said to the connection that is open. */
	guint64 size_limit; /* 0: none */
	bool authenticated;

	/* The transaction. */
	char verb[12]; /* of the last command; "" is the greeting */
	int code;      /* of the last whole reply; 0 is none */
	GString *reply;
	bool reply_open; /* more of its lines follow */
	bool replied;    /* to this transaction, at least once */
	const GString *body;
	gsize sent;
	SinkDot dot;
	void *data;
	bool too_big, dot_refused, dot_given;

	/* Until the handshake is over; SMTP's own patience begins behind it. */
	bool implicit, tls_begun;
	Seconds patience;
	gint64 begun; /* g_get_monotonic_time() of the connection, or of the
	                 server's word to begin with TLS; 0: no longer */
	bool late;
};

/* Ends the connection here and now. libcurl would say QUIT first, which in the
 * middle of a mail is only more of it, and wait for the goodbye as long as for
 * any answer: ten minutes. */
static void
cut(Sink *sink)
{
	for (guint i = 0; i < sink->sockets->len; i++)
		shutdown(g_array_index(sink->sockets, int, i), SHUT_RDWR);
}

static void
hear_line(Sink *sink, const char *line, gsize length)
{
	g_autofree char *text = NULL;
	bool more;

	if (length < 4 || !g_ascii_isdigit(line[0]) ||
	    !g_ascii_isdigit(line[1]) || !g_ascii_isdigit(line[2]))
		return;
	more = line[3] == '-';
	text = text_clean_line(line + 4, (gssize)length - 4, 300);
	if (!sink->reply_open)
		g_string_truncate(sink->reply, 0);
	if (sink->reply->len < 300)
		g_string_append_printf(sink->reply, "%s%s",
		    sink->reply->len > 0 ? " " : "", text);
	sink->reply_open = more;
	if (strcmp(sink->verb, "EHLO") == 0 &&
	    g_ascii_strncasecmp(text, "SIZE ", 5) == 0)
		sink->size_limit = g_ascii_strtoull(text + 5, NULL, 10);
	if (more)
		return;
	sink->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] -
	    '0';
	sink->replied = true;
	if (strcmp(sink->verb, "STARTTLS") == 0 && sink->code == 220) {
		sink->tls_begun = true;
		sink->begun = g_get_monotonic_time();
	} else if (sink->begun != 0) {
		sink->begun = 0; /* it speaks */
	}
	if (*sink->verb == '\0') {
		sink->authenticated = false;
		sink->size_limit = 0;
	}
	if (sink->code == 235)
		sink->authenticated = true;
	/* Only EHLO has something behind its refusal: HELO. */
	if (sink->code >= 400 && strcmp(sink->verb, "EHLO") != 0)
		cut(sink);
}

/* Only the verb is kept: what follows may be the password. */
static void
note_command(Sink *sink, const char *line, gsize length)
{
	static const char *const verbs[] = { "EHLO", "HELO", "STARTTLS", "AUTH",
		"MAIL", "RCPT", "DATA", "NOOP" };

	if (strcmp(sink->verb, "AUTH") == 0 && sink->code == 334)
		return; /* the mechanism's own lines, in base64 */
	for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
		gsize n = strlen(verbs[i]);

		if (length < n || g_ascii_strncasecmp(line, verbs[i], n) != 0)
			continue;
		g_strlcpy(sink->verb, verbs[i], sizeof(sink->verb));
		sink->code = 0;
		g_string_truncate(sink->reply, 0);
		/* What was offered before TLS does not count after it. */
		if (i == 0)
			sink->size_limit = 0;
	}
}

static int
watch_dialogue(CURL *curl, curl_infotype type, char *line, size_t length,
    void *data)
{
	(void)curl;
	if (type == CURLINFO_HEADER_IN)
		hear_line(data, line, length);
	else if (type == CURLINFO_HEADER_OUT)
		note_command(data, line, length);
	return 0;
}

static curl_socket_t
open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
	Sink *sink = data;
	int fd = socket(address->family, address->socktype | SOCK_CLOEXEC,
	    address->protocol);

	(void)purpose;
	if (sink->begun == 0)
		sink->begun = g_get_monotonic_time();
	if (fd >= 0)
		g_array_append_val(sink->sockets, fd);
	return fd;
}

static int
close_socket(void *data, curl_socket_t fd)
{
	Sink *sink = data;

	for (guint i = 0; i < sink->sockets->len; i++) {
		if (g_array_index(sink->sockets, int, i) == fd)
			g_array_remove_index_fast(sink->sockets, i--);
	}
	return close(fd);
}

static size_t
give_body(char *buffer, size_t size, size_t count, void *data)
{
	Sink *sink = data;
	gsize n = MIN(size * count, sink->body->len - sink->sent);

	if (sink->size_limit > 0 && sink->body->len > sink->size_limit) {
		sink->too_big = true;
		cut(sink);
		return CURL_READFUNC_ABORT;
	}
	if (n > 0) {
		memcpy(buffer, sink->body->str + sink->sent, n);
		sink->sent += n;
		return n;
	}
	if (!sink->dot_given) {
		sink->dot_given = sink->dot(sink->data);
		sink->dot_refused = !sink->dot_given;
		/* What was said until now is not the answer to the dot. */
		sink->code = 0;
		g_string_truncate(sink->reply, 0);
	}
	if (sink->dot_given)
		return 0;
	cut(sink);
	return CURL_READFUNC_ABORT;
}

static bool
is_loopback(const char *host)
{
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

	/* libcurl never asks the DNS for this name. */
	if (strcmp(host, "localhost") == 0)
		return true;
	return address != NULL && g_inet_address_get_is_loopback(address);
}

/* A host name or address, nothing that could be more than that in a URL. */
static bool
is_host(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (!g_ascii_isalnum(*p) && strchr("-.:_", *p) == NULL)
			return false;
	}
	return *text != '\0';
}

static bool
check_conf(const SinkConf *conf, const char *helo, GError **error)
{
	const char *wrong = NULL;

	if (conf->host == NULL || !is_host(conf->host))
		wrong = "is no host name";
	else if (!is_host(helo))
		wrong = "the name to greet with is no host name";
	else if (conf->plain && !is_loopback(conf->host))
		wrong = "only a loopback address may do without TLS";
	else if (conf->user != NULL && conf->password == NULL)
		wrong = "the password is missing";
	if (wrong == NULL)
		return true;
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG, "%s: %s",
	    conf->host != NULL ? conf->host : "", wrong);
	return false;
}

/*
 * libcurl's CONNECTTIMEOUT covers the greeting and AUTH, too, for which a
 * server may take minutes. A server that says nothing at all, or nothing in
 * the handshake, has LIMIT_CONNECT_SECONDS. Called once a second at least,
 * however long the server takes.
 */
static int
watch_time(void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	Sink *sink = data;
	curl_off_t at = 0;
	CURLINFO which = sink->implicit || sink->tls_begun
	    ? CURLINFO_APPCONNECT_TIME_T
	    : CURLINFO_CONNECT_TIME_T;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	beat();
	if (sink->begun == 0)
		return 0;
	if (curl_easy_getinfo(sink->curl, which, &at) == CURLE_OK && at > 0) {
		sink->begun = 0;
		return 0;
	}
	sink->late = g_get_monotonic_time() - sink->begun >
	    sink->patience * G_USEC_PER_SEC;
	return sink->late;
}

static void
set_options(Sink *sink, const SinkConf *conf, const char *helo)
{
	bool literal = strchr(conf->host, ':') != NULL;
	g_autofree char *url = g_strdup_printf("%s://%s%s%s:%u/%s",
	    conf->plain || conf->starttls ? "smtp" : "smtps",
	    literal ? "[" : "", conf->host, literal ? "]" : "", conf->port,
	    helo);
	CURL *curl = sink->curl;

	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_USE_SSL,
	    conf->plain ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	if (conf->ca_file != NULL) {
		curl_easy_setopt(curl, CURLOPT_CAINFO, conf->ca_file);
		curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
	}
	if (conf->user != NULL) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, conf->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, conf->password);
		curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS,
		    "AUTH=PLAIN;AUTH=LOGIN");
		curl_easy_setopt(curl, CURLOPT_SASL_IR, 1L);
	}
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
	/* RFC 5321, 4.5.3.2: ten minutes for the answer to the final dot. */
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT,
	    (long)LIMIT_REPLY_SECONDS / 2);
	curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT,
	    (long)LIMIT_REPLY_SECONDS);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME,
	    (long)LIMIT_BLOCK_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)LIMIT_MAIL_SECONDS);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, sink);
	curl_easy_setopt(curl, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
	curl_easy_setopt(curl, CURLOPT_CLOSESOCKETDATA, sink);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, watch_time);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, sink);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, sink->failure);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(curl, CURLOPT_READDATA, sink);
	curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, watch_dialogue);
	curl_easy_setopt(curl, CURLOPT_DEBUGDATA, sink);
	curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
}

static Sink *
curl_sink_open(const SinkConf *conf, GError **error)
{
	const char *helo = conf->helo != NULL ? conf->helo : g_get_host_name();
	Sink *sink;

	if (!check_conf(conf, helo, error))
		return NULL;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	sink = g_new0(Sink, 1);
	sink->curl = curl_easy_init();
	g_assert(sink->curl != NULL);
	sink->host = g_strdup(conf->host);
	sink->authenticates = conf->user != NULL;
	sink->implicit = !conf->plain && !conf->starttls;
	sink->patience = conf->connect > 0 ? conf->connect
					   : LIMIT_CONNECT_SECONDS;
	sink->reply = g_string_new(NULL);
	sink->sockets = g_array_new(FALSE, FALSE, sizeof(int));
	set_options(sink, conf, helo);
	return sink;
}

static void
curl_sink_close(Sink *sink)
{
	if (sink == NULL)
		return;
	/* Without QUIT: it would wait for the server's goodbye. */
	cut(sink);
	curl_easy_cleanup(sink->curl);
	g_array_unref(sink->sockets);
	g_string_free(sink->reply, TRUE);
	g_free(sink->host);
	g_free(sink);
}

static CURLcode
perform(Sink *sink)
{
	*sink->verb = '\0';
	sink->code = 0;
	g_string_truncate(sink->reply, 0);
	sink->reply_open = sink->replied = false;
	sink->sent = 0;
	sink->too_big = sink->dot_refused = sink->dot_given = false;
	*sink->failure = '\0';
	sink->begun = 0; /* a connection that is open already has begun */
	sink->tls_begun = sink->late = false;
	return curl_easy_perform(sink->curl);
}

/* Whether a connection that was kept open turned out to have ended: then
 * nothing has happened yet, and a new one is worth a try. */
static bool
was_stale(const Sink *sink, CURLcode result)
{
	long connects = 1;

	curl_easy_getinfo(sink->curl, CURLINFO_NUM_CONNECTS, &connects);
	return result != CURLE_OK && connects == 0 && !sink->dot_given &&
	    !sink->dot_refused && !sink->too_big &&
	    (!sink->replied || sink->code == 421);
}

/* Whether a 5xx to MAIL FROM is not of that sender but of us: RFC 5248's codes
 * for it, and the words of servers that answer 550 to those that are not
 * logged in. */
static bool
wants_login(const Sink *sink)
{
	static const char *const codes[] = { "5.7.0 ", "5.7.8 ", "5.7.9 ",
		"5.7.11 ", "5.7.14 ", "5.7.57 " };
	static const char *const words[] = { "authenticat", "log in", "login",
		"not logged", "credentials", "starttls" };
	g_autofree char *said = g_ascii_strdown(sink->reply->str, -1);

	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
		if (g_str_has_prefix(said, codes[i]))
			return true;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strstr(said, words[i]) != NULL)
			return true;
	}
	return false;
}

/* The refusal was not of this mail or recipient, but of us: a person has to
 * mend the configuration, and the mail waits. */
static bool
is_about_us(const Sink *sink)
{
	static const char *const before[] = { "", "EHLO", "HELO", "STARTTLS",
		"AUTH", "NOOP" };

	if (sink->code == 530 || sink->code == 534 || sink->code == 535 ||
	    sink->code == 538)
		return true;
	if (sink->authenticates && !sink->authenticated)
		return true;
	for (gsize i = 0; i < G_N_ELEMENTS(before); i++) {
		if (strcmp(sink->verb, before[i]) == 0)
			return true;
	}
	return strcmp(sink->verb, "MAIL") == 0 && wants_login(sink);
}

/* GnuTLS's words, by way of libcurl, name no reason and nothing to do. */
static const char *
remedy_of(CURLcode result, const char *text)
{
	if (result == CURLE_PEER_FAILED_VERIFICATION &&
	    strstr(text, "verification failed") != NULL)
		return "; it has expired, or is signed by nobody we trust: if "
		       "that is meant, name the authority's file as ca_file";
	return "";
}

static char *
failure_text(const Sink *sink, CURLcode result)
{
	const char *text = *sink->failure != '\0' ? sink->failure
						  : curl_easy_strerror(result);
	g_autofree char *line = text_clean_line(text, -1, 300);

	if (sink->late)
		return g_strdup_printf("%s: no answer in time, while "
				       "connecting",
		    sink->host);
	if (sink->code >= 400)
		return g_strdup_printf("%s: %s%s", sink->host, sink->reply->str,
		    !sink->authenticates && wants_login(sink)
			? "; give 'user' and 'password_file' for it"
			: "");
	return g_strdup_printf("%s: %s%s", sink->host, line,
	    remedy_of(result, line));
}

static SinkOutcome
judge(const Sink *sink, CURLcode result, int *ret_code, char **ret_text)
{
	*ret_code = sink->code;
	if (result == CURLE_OK) {
		*ret_text = g_strdup(sink->reply->str);
		return SINK_SENT;
	}
	if (sink->too_big) {
		*ret_code = 552;
		*ret_text = g_strdup_printf(
		    "%s: the server takes no more than %" G_GUINT64_FORMAT
		    " bytes",
		    sink->host, sink->size_limit);
		return SINK_NEVER;
	}
	if (sink->dot_refused) {
		*ret_text = g_strdup("given up before the end");
		return SINK_LATER;
	}
	*ret_text = failure_text(sink, result);
	if (sink->code >= 500 && sink->code <= 599)
		return !sink->dot_given && is_about_us(sink) ? SINK_LATER
							     : SINK_NEVER;
	if (sink->code >= 400 && sink->code <= 499)
		return SINK_LATER;
	return sink->dot_given ? SINK_UNKNOWN : SINK_LATER;
}

static SinkOutcome
curl_sink_send(Sink *sink, const SinkMail *mail, SinkDot dot, void *data,
    int *ret_code, char **ret_text)
{
	g_autofree char *written = NULL;
	struct curl_slist *to = NULL;
	GString *body;
	CURLcode result;
	SinkOutcome outcome;

	/* libcurl 7.88 would pass a line end on, and with it more commands. */
	if (!text_is_address(mail->to) ||
	    (*mail->from != '\0' && !text_is_address(mail->from))) {
		*ret_code = 0;
		*ret_text = g_strdup("not an address that can be used");
		return SINK_NEVER;
	}
	/* Nor does it mend a line end of another kind, which some servers
	 * take for the end of the mail: SMTP smuggling. */
	body = sink_normal_bytes(mail->bytes, true);
	written = text_address_written(mail->to);
	to = curl_slist_append(NULL, written);
	sink->body = body;
	sink->dot = dot;
	sink->data = data;
	curl_easy_setopt(sink->curl, CURLOPT_CUSTOMREQUEST, NULL);
	curl_easy_setopt(sink->curl, CURLOPT_NOBODY, 0L);
	curl_easy_setopt(sink->curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(sink->curl, CURLOPT_MAIL_FROM, mail->from);
	curl_easy_setopt(sink->curl, CURLOPT_MAIL_RCPT, to);
	result = perform(sink);
	if (was_stale(sink, result)) {
		curl_easy_setopt(sink->curl, CURLOPT_FRESH_CONNECT, 1L);
		result = perform(sink);
		curl_easy_setopt(sink->curl, CURLOPT_FRESH_CONNECT, 0L);
	}
	outcome = judge(sink, result, ret_code, ret_text);
	curl_easy_setopt(sink->curl, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(to);
	g_string_free(body, TRUE);
	sink->body = NULL;
	return outcome;
}

static bool
try_login(Sink *sink, GError **error)
{
	g_autofree char *text = NULL;
	CURLcode result;
	bool config;

	curl_easy_setopt(sink->curl, CURLOPT_UPLOAD, 0L);
	curl_easy_setopt(sink->curl, CURLOPT_NOBODY, 1L);
	curl_easy_setopt(sink->curl, CURLOPT_CUSTOMREQUEST, "NOOP");
	result = perform(sink);
	if (result == CURLE_OK && sink->authenticates && !sink->authenticated) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: the server offers no way to authenticate", sink->host);
		return false;
	}
	if (result == CURLE_OK)
		return true;
	text = failure_text(sink, result);
	config = sink->code >= 500 || result == CURLE_LOGIN_DENIED ||
	    result == CURLE_PEER_FAILED_VERIFICATION ||
	    result == CURLE_SSL_CACERT_BADFILE ||
	    result == CURLE_USE_SSL_FAILED;
	g_set_error_literal(error, GUICHET_ERROR,
	    config ? GUICHET_ERROR_CONFIG : GUICHET_ERROR_TEMPORARY, text);
	return false;
}

static bool
curl_sink_probe(const SinkConf *conf, GError **error)
{
	Sink *sink = curl_sink_open(conf, error);
	bool ok = sink != NULL && try_login(sink, error);

	curl_sink_close(sink);
	return ok;
}

const SinkOps sink_smtp_ops = {
	.kind = "smtp",
	.open = curl_sink_open,
	.send = curl_sink_send,
	.probe = curl_sink_probe,
	.close = curl_sink_close,
};
