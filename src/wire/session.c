/* One IMAP session of libetpan: let in, selected, spoken to. */
#include "session_private.h"

#include "folders_private.h"
#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"

#include <gio/gio.h>
#include <string.h>

#define ANSWER_BYTES (256 * 1024) /* to a command that asks for no mail */

/* What a server says that is fine again by itself: RFC 5530's codes, and the
 * words of those that give none. */
static const char *const passing_codes[] = { "UNAVAILABLE", "INUSE", "LIMIT",
	"SERVERBUG", "OVERQUOTA", "THROTTLED" };
static const char *const passing_words[] = { "too many connections",
	"too many simultaneous", "too many concurrent", "too many users",
	"number of connections", "connection limit", "connections exceeded",
	"try again later", "temporar", "in use", "locked", "unavailable",
	"overload", "throttl", "shutting down", "internal error",
	"but not connected" };

/* Whose patience is at its end: whatever is asked next is answered so too, and
 * it says nothing of the mail that was asked for. */
static const char *const tired_codes[] = { "THROTTLED", "LIMIT" };
static const char *const tired_words[] = { "throttl", "backoff time",
	"but not connected" };

/* And what no waiting mends, whatever words come with it. */
static const char *const lasting_codes[] = { "AUTHENTICATIONFAILED",
	"AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED", "CONTACTADMIN",
	"NOPERM", "NONEXISTENT", "CANNOT" };

/* The server's last words as one line, "" if there are none. The caller
 * frees. */
static char *
server_text(const Session *session)
{
	const char *text = session->imap->imap_response;

	return text_clean_line(text != NULL ? text : "", -1, 200);
}

/* Any result but OK and NO: the session is over. */
static bool
fail_broken(Session *session, int result, const char *doing, GError **error)
{
	const GError *failure = tls_stream_error(session->stream);
	g_autofree char *said = server_text(session);
	const char *text = "the server's answer makes no sense";

	session->broken = true;
	if (failure != NULL)
		text = failure->message;
	else if (result == MAILIMAP_ERROR_PROTOCOL && *said != '\0')
		text = said;
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY, "%s: %s: %s",
	    session->name, doing, text);
	tls_stream_break(session->stream);
	return false;
}

/* The last line that was read, as it came: libetpan keeps an answer's lines
 * and literals one behind the other. */
static const char *
last_line(const Session *session)
{
	const MMAPString *all = session->imap->imap_stream_buffer;
	gsize end, start;

	if (all == NULL || all->str == NULL)
		return "";
	for (end = all->len; end > 0 && strchr("\r\n", all->str[end - 1]);)
		end--;
	for (start = end; start > 0 && all->str[start - 1] != '\n';)
		start--;
	return all->str + start;
}

/* Whether it is the command's own BAD, for which libetpan has no code. */
static bool
is_bad(const Session *session, int result)
{
	g_autofree char *start = g_strdup_printf("%d BAD ",
	    session->imap->imap_tag);

	return result == MAILIMAP_ERROR_PROTOCOL &&
	    g_ascii_strncasecmp(last_line(session), start, strlen(start)) == 0;
}

/* Only these leave the connection in step; libetpan has a code of its own for
 * the NO of each command. */
static bool
is_no(const Session *session, int result)
{
	if (is_bad(session, result))
		return true;
	switch (result) {
	case MAILIMAP_ERROR_BAD_STATE:
	case MAILIMAP_ERROR_STREAM:
	case MAILIMAP_ERROR_PARSE:
	case MAILIMAP_ERROR_CONNECTION_REFUSED:
	case MAILIMAP_ERROR_MEMORY:
	case MAILIMAP_ERROR_FATAL:
	case MAILIMAP_ERROR_PROTOCOL:
	case MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION:
	case MAILIMAP_ERROR_INVAL:
	case MAILIMAP_ERROR_SSL:
		return false;
	default:
		return true;
	}
}

static bool
is_one_of(const char *code, const char *const *codes, gsize count)
{
	for (gsize i = 0; i < count; i++) {
		if (g_ascii_strcasecmp(code, codes[i]) == 0)
			return true;
	}
	return false;
}

static bool
has_one_of(const char *text, const char *const *words, gsize count)
{
	for (gsize i = 0; i < count; i++) {
		if (strstr(text, words[i]) != NULL)
			return true;
	}
	return false;
}

const char *
session_code(const Session *session)
{
	const struct mailimap_response_info *info =
	    session->imap->imap_response_info;

	return info != NULL && info->rsp_atom != NULL ? info->rsp_atom : "";
}

/* Whether the server's last word is a trouble that goes away by itself, and no
 * mistake that a person must mend. */
static bool
is_passing(const Session *session)
{
	const char *code = session_code(session);
	g_autofree char *said = server_text(session);
	const char *line = last_line(session);
	bool bye = g_ascii_strncasecmp(line, "* BYE", 5) == 0;
	g_autofree char *words = g_ascii_strdown(bye ? line : said, -1);

	if (is_one_of(code, lasting_codes, G_N_ELEMENTS(lasting_codes)))
		return false;
	if (is_one_of(code, passing_codes, G_N_ELEMENTS(passing_codes)))
		return true;
	return has_one_of(words, passing_words, G_N_ELEMENTS(passing_words));
}

static bool
is_tired(const Session *session)
{
	g_autofree char *said = server_text(session);
	g_autofree char *words = g_ascii_strdown(said, -1);

	return is_one_of(session_code(session), tired_codes,
		   G_N_ELEMENTS(tired_codes)) ||
	    has_one_of(words, tired_words, G_N_ELEMENTS(tired_words));
}

/* A NO, with the code that says what can be done about it. */
static bool
fail_no(Session *session, int code, const char *doing, GError **error)
{
	g_autofree char *said = server_text(session);

	g_set_error(error, GUICHET_ERROR, code, "%s: %s: %s", session->name,
	    doing, *said != '\0' ? said : "refused without a word");
	return false;
}

/* Sends it and reads the answer; libetpan's own function for that puts a blank
 * behind the command, which not every server takes. */
static int
converse(Session *session, const char *command)
{
	mailstream *stream = session->imap->imap_stream;
	struct mailimap_response *response = NULL;
	int result = mailimap_send_current_tag(session->imap), type;

	if (result != MAILIMAP_NO_ERROR)
		return result;
	if (mailstream_write(stream, command, strlen(command)) < 0 ||
	    mailstream_write(stream, "\r\n", 2) < 0 ||
	    mailstream_flush(stream) < 0 ||
	    mailimap_read_line(session->imap) == NULL)
		return MAILIMAP_ERROR_STREAM;
	result = mailimap_parse_response(session->imap, &response);
	if (result != MAILIMAP_NO_ERROR)
		return result;
	type = response->rsp_resp_done->rsp_data.rsp_tagged->rsp_cond_state
		   ->rsp_type;
	mailimap_response_free(response);
	return type == MAILIMAP_RESP_COND_STATE_OK
	    ? MAILIMAP_NO_ERROR
	    : MAILIMAP_ERROR_CUSTOM_COMMAND;
}

bool
session_command(Session *session, gsize bytes, Seconds seconds, GError **error,
    const char *format, ...)
{
	g_autofree char *command = NULL;
	g_autofree char *doing = NULL;
	va_list args;
	int result;

	g_assert(!session->broken);
	va_start(args, format);
	command = g_strdup_vprintf(format, args);
	va_end(args);
	doing = g_strndup(command, 60);
	tls_stream_allow(session->stream, bytes, seconds);
	result = converse(session, command);
	if (result == MAILIMAP_NO_ERROR) {
		const struct mailimap_selection_info *info =
		    session->imap->imap_selection_info;

		if (info == NULL || session->uidvalidity == 0 ||
		    info->sel_uidvalidity == session->uidvalidity)
			return true;
		/* Every UID we know has just become void. */
		session->broken = true;
		tls_stream_break(session->stream);
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY,
		    "%s: UIDVALIDITY changed", session->name);
		return false;
	}
	if (!is_no(session, result))
		return fail_broken(session, result, doing, error);
	if (!is_tired(session))
		return fail_no(session, GUICHET_ERROR_PERMANENT, doing, error);
	session->broken = true;
	fail_no(session, GUICHET_ERROR_TEMPORARY, doing, error);
	tls_stream_break(session->stream);
	return false;
}

/* libetpan's own function crashes on a server that answers OK without a list;
 * and what was said before TLS or before LOGIN must not count after it. */
static bool
ask_capabilities(Session *session, GError **error)
{
	struct mailimap_connection_info *info =
	    session->imap->imap_connection_info;

	if (info != NULL && info->imap_capability != NULL) {
		mailimap_capability_data_free(info->imap_capability);
		info->imap_capability = NULL;
	}
	return session_command(session, ANSWER_BYTES, LIMIT_COMMAND_SECONDS,
	    error, "CAPABILITY");
}

bool
session_can(const Session *session, const char *capability)
{
	return mailimap_has_extension(session->imap, capability) != 0;
}

static bool
read_greeting(Session *session, GError **error)
{
	mailstream *stream = tls_stream_mailstream(session->stream);
	int result;
	const char *line;

	tls_stream_allow(session->stream, ANSWER_BYTES, LIMIT_COMMAND_SECONDS);
	result = mailimap_connect(session->imap, stream);
	if (result == MAILIMAP_NO_ERROR_AUTHENTICATED) {
		/* PREAUTH: nobody proved who we are, and STARTTLS is no longer
		 * possible: it is how a man in the middle skips it. */
		session->broken = true;
		tls_stream_break(session->stream);
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: the server greets with PREAUTH, which is refused",
		    session->name);
		return false;
	}
	/* libetpan may take a BYE for an OK. */
	line = last_line(session);
	if (g_ascii_strncasecmp(line, "* BYE", 5) == 0) {
		g_autofree char *said = text_clean_line(line + 5, -1, 200);

		session->broken = true;
		tls_stream_break(session->stream);
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY,
		    "%s: turned away: %s", session->name, said);
		return false;
	}
	if (result != MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		return fail_broken(session, result, "greeting", error);
	return true;
}

static bool
start_tls(Session *session, GError **error)
{
	int result;

	tls_stream_allow(session->stream, ANSWER_BYTES, LIMIT_COMMAND_SECONDS);
	result = mailimap_starttls(session->imap);
	if (tls_stream_error(session->stream) == NULL &&
	    tls_stream_has_pending(session->stream)) {
		session->broken = true;
		tls_stream_break(session->stream);
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: somebody sent more than the answer to STARTTLS",
		    session->name);
		return false;
	}
	if (result == MAILIMAP_NO_ERROR)
		return tls_stream_start_tls(session->stream, error);
	session->broken = true;
	tls_stream_break(session->stream);
	if (is_no(session, result) || result == MAILIMAP_ERROR_PROTOCOL)
		return fail_no(session, GUICHET_ERROR_CONFIG, "STARTTLS",
		    error);
	return fail_broken(session, result, "STARTTLS", error);
}

/* The connection ended over LOGIN. Some servers answer a wrong password so,
 * and those who try it again at once are banned. */
static bool
fail_login(Session *session, int result, GError **error)
{
	const GError *failure = tls_stream_error(session->stream);

	if (is_passing(session) ||
	    g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
		return fail_broken(session, result, "LOGIN", error);
	fail_broken(session, result, "LOGIN", NULL);
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "%s: LOGIN: the server ended the connection; see whether user and "
	    "password are right, and whether it has had enough tries",
	    session->name);
	return false;
}

static bool
sign_in(Session *session, const SourceConf *conf, GError **error)
{
	mailstream *stream = tls_stream_mailstream(session->stream);
	int result;

	if (conf->user == NULL || conf->password == NULL ||
	    strpbrk(conf->user, "\r\n") != NULL ||
	    strpbrk(conf->password, "\r\n") != NULL) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: user or password is missing or has a line end in it",
		    session->name);
		return false;
	}
	if (session_can(session, "LOGINDISABLED")) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: the server does not take LOGIN", session->name);
		return false;
	}
	tls_stream_allow(session->stream, ANSWER_BYTES, LIMIT_COMMAND_SECONDS);
	result = mailimap_login(session->imap, conf->user, conf->password);
	explicit_bzero(stream->write_buffer, stream->buffer_max_size);
	if (result == MAILIMAP_NO_ERROR)
		return true;
	if (is_no(session, result))
		return fail_no(session,
		    is_passing(session) ? GUICHET_ERROR_TEMPORARY
					: GUICHET_ERROR_CONFIG,
		    "LOGIN", error);
	return fail_login(session, result, error);
}

/* A NO to SELECT: with what may have been meant. */
static bool
fail_select(Session *session, GError **error)
{
	bool passing = is_passing(session);
	g_autofree char *doing = g_strdup_printf("folder '%s'",
	    session->folder);
	g_autofree char *hint = NULL;

	fail_no(session,
	    passing ? GUICHET_ERROR_TEMPORARY : GUICHET_ERROR_CONFIG, doing,
	    error);
	if (!passing && error != NULL)
		hint = folders_hint(session, session->folder);
	if (hint != NULL) {
		g_autofree char *text = g_strdup_printf("%s; %s",
		    (*error)->message, hint);

		g_clear_error(error);
		g_set_error_literal(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    text);
	}
	return false;
}

bool
session_select(Session *session, GError **error)
{
	g_autofree char *encoded = folders_encode(session->folder);
	const struct mailimap_selection_info *info;
	const char *wrong = NULL;
	int result;

	if (encoded == NULL) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: the folder's name is not clean UTF-8", session->name);
		return false;
	}
	tls_stream_allow(session->stream, ANSWER_BYTES, LIMIT_COMMAND_SECONDS);
	result = mailimap_select(session->imap, encoded);
	if (result != MAILIMAP_NO_ERROR && is_no(session, result))
		return fail_select(session, error);
	if (result != MAILIMAP_NO_ERROR)
		return fail_broken(session, result, "SELECT", error);
	info = session->imap->imap_selection_info;
	if (info == NULL || info->sel_uidvalidity == 0)
		wrong = "the server gives no UIDVALIDITY";
	else if (info->sel_perm == MAILIMAP_MAILBOX_READONLY)
		wrong = "the server opens it read-only";
	if (wrong != NULL) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "%s: folder '%s': %s", session->name, session->folder,
		    wrong);
		return false;
	}
	session->uidvalidity = info->sel_uidvalidity;
	session->uidnext = info->sel_uidnext;
	return true;
}

Session *
session_open(const SourceConf *conf, GError **error)
{
	g_autoptr(Session) session = g_new0(Session, 1);

	session->name = g_strdup(conf->host);
	session->folder = g_strdup(conf->folder);
	session->stream = tls_stream_open(conf->host, conf->port, conf->ca_file,
	    error);
	if (session->stream == NULL)
		return NULL;
	session->imap = mailimap_new(0, NULL);
	if (!conf->starttls && !conf->plain &&
	    !tls_stream_start_tls(session->stream, error))
		return NULL;
	if (!read_greeting(session, error))
		return NULL;
	if (conf->starttls && !start_tls(session, error))
		return NULL;
	if (!ask_capabilities(session, error) ||
	    !sign_in(session, conf, error) ||
	    !ask_capabilities(session, error) ||
	    !session_select(session, error))
		return NULL;
	return g_steal_pointer(&session);
}

bool
session_keeps_keyword(const Session *session, const char *keyword)
{
	clist *flags = session->imap->imap_selection_info->sel_perm_flags;

	if (flags == NULL) /* RFC 3501, 7.1: then all can be kept */
		return true;
	for (clistiter *i = clist_begin(flags); i != NULL; i = clist_next(i)) {
		const struct mailimap_flag_perm *perm = clist_content(i);

		if (perm->fl_type == MAILIMAP_FLAG_PERM_ALL)
			return true;
		if (perm->fl_flag != NULL &&
		    perm->fl_flag->fl_type == MAILIMAP_FLAG_KEYWORD &&
		    g_ascii_strcasecmp(perm->fl_flag->fl_data.fl_keyword,
			keyword) == 0)
			return true;
	}
	return false;
}

/* Reads lines of an IDLE: '+' once it runs, 'x' for its tagged end, 'c' when
 * the folder may have changed, '*' for anything else; 0 is the end of all. */
static char
idle_line(Session *session)
{
	mailstream *stream = tls_stream_mailstream(session->stream);
	const char *line = mailstream_read_line_remove_eol(stream,
	    session->imap->imap_stream_buffer);

	if (line == NULL || g_ascii_strncasecmp(line, "* BYE", 5) == 0)
		return 0;
	if (*line == '+')
		return '+';
	if (g_str_has_prefix(line, "idle "))
		return g_ascii_strncasecmp(line + 5, "OK", 2) == 0 ? 'x' : 0;
	if (g_str_has_suffix(line, " EXISTS") ||
	    g_str_has_suffix(line, " RECENT"))
		return 'c';
	return '*';
}

/* One line to the server; libetpan's command functions know no DONE. */
static bool
idle_say(Session *session, const char *line)
{
	mailstream *stream = tls_stream_mailstream(session->stream);

	return mailstream_write(stream, line, strlen(line)) >= 0 &&
	    mailstream_flush(stream) >= 0;
}

/* libetpan's own idle loses what comes before the '+' and then waits on. */
static bool
idle(Session *session, int other, Seconds seconds)
{
	gint64 end = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
	bool over = false;
	char got;

	tls_stream_allow(session->stream, ANSWER_BYTES, LIMIT_COMMAND_SECONDS);
	if (!idle_say(session, "idle IDLE\r\n"))
		return false;
	do {
		got = idle_line(session);
		over = over || got == 'c';
	} while (got == 'c' || got == '*');
	if (got != '+')
		return false;
	while (!over) {
		gint64 left = end - g_get_monotonic_time() + 999999;

		if (tls_stream_wait(session->stream, other,
			left / G_USEC_PER_SEC) != TLS_STREAM_SERVER)
			break;
		tls_stream_allow(session->stream, ANSWER_BYTES,
		    LIMIT_COMMAND_SECONDS);
		got = idle_line(session);
		if (got != 'c' && got != '*')
			return false;
		over = got == 'c';
	}
	tls_stream_allow(session->stream, ANSWER_BYTES, LIMIT_COMMAND_SECONDS);
	if (!idle_say(session, "DONE\r\n"))
		return false;
	do
		got = idle_line(session);
	while (got == 'c' || got == '*' || got == '+');
	return got == 'x';
}

bool
session_wait(Session *session, int other, Seconds seconds, GError **error)
{
	g_assert(!session->broken);
	if (session_can(session, "IDLE")) {
		return idle(session, other, MIN(seconds, LIMIT_IDLE_SECONDS)) ||
		    fail_broken(session, MAILIMAP_ERROR_STREAM, "IDLE", error);
	}
	/* What the server says unasked is either BYE or kept for the next
	 * command; both come out there. */
	tls_stream_wait(session->stream, other, seconds);
	return true;
}

void
session_free(Session *session)
{
	if (session == NULL)
		return;
	if (session->imap != NULL) {
		if (session->broken)
			tls_stream_break(session->stream);
		tls_stream_allow(session->stream, ANSWER_BYTES, 3);
		mailimap_free(session->imap); /* says LOGOUT if it can */
	}
	tls_stream_free(session->stream);
	g_free(session->name);
	g_free(session->folder);
	g_free(session);
}
