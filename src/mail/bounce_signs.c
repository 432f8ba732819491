/*
 * Whether a mail that only has words for people is a server's report. No sign
 * alone says so: people quote reports, servers write as postmaster or with a
 * path of their own, and their words have hundreds of forms.
 */
#include "bounce_private.h"

#include "guichet/base/text.h"
#include "guichet/words/quotes.h"

#include <string.h>

/* What each sign is worth, and how much is enough. */
enum {
	SIGN_SERVER = 4,    /* From is a mail server's alone */
	SIGN_FIELD = 4,     /* X-Failed-Recipients */
	SIGN_NULL_PATH = 2, /* <>, MAILER-DAEMON: programs have it, too */
	SIGN_NO_FROM = 2,
	SIGN_OFFICE = 1,
	SIGN_AUTOMATIC = 1,
	SIGN_SUBJECT = 2,
	SIGN_TEXT = 1,
	SIGN_FIRST = 1,    /* the first line says so: servers do not greet */
	SIGN_CODE = 1,     /* "550", "5.1.1" */
	SIGN_ENVELOPE = 1, /* MAIL FROM and RCPT TO */
	SIGN_RETURNED = 1,
	SIGN_OWN_PATH = -1, /* the path is that of From: people's mail */
	SIGN_GREETING = -2,
	ENOUGH = 5,

	FIRST_LINES = 6,
};

static int
signs_of_from(const Message *message)
{
	const Quotes *quotes = quotes_current();
	const char *from = message_header(message, "From");
	g_autofree char *folded = quotes_fold(from != NULL ? from : "");

	if (*folded == '\0' || strcmp(folded, "<>") == 0)
		return SIGN_NO_FROM;
	if (quotes_contains(quotes, QUOTES_SERVERS, folded))
		return SIGN_SERVER;
	return quotes_contains(quotes, QUOTES_OFFICES, folded) ? SIGN_OFFICE
							       : 0;
}

static bool
is_null(const char *path)
{
	return path != NULL &&
	    (*path == '\0' ||
		g_ascii_strncasecmp(path, "mailer-daemon", 13) == 0);
}

static int
signs_of_sender(const Message *message)
{
	const char *automatic = message_header(message, "Auto-Submitted");
	int signs = signs_of_from(message);

	if (is_null(message->return_path))
		signs += SIGN_NULL_PATH;
	if (message_header(message, "X-Failed-Recipients") != NULL)
		signs += SIGN_FIELD;
	if (automatic != NULL &&
	    g_ascii_strncasecmp(automatic, "auto-generated", 14) == 0)
		signs += SIGN_AUTOMATIC;
	return signs;
}

static bool
holds_code(const char *line)
{
	g_autofree char *code = bounce_code(line);

	if (code != NULL)
		return true;
	for (const char *p = line; (p = strpbrk(p, "45")) != NULL; p++) {
		if ((p == line || !g_ascii_isalnum(p[-1])) && p[1] >= '0' &&
		    p[1] <= '7' && g_ascii_isdigit(p[2]) &&
		    (p[3] == ' ' || p[3] == '-' || p[3] == '\0'))
			return true;
	}
	return false;
}

static int
signs_of_text(char *const *lines)
{
	const Quotes *quotes = quotes_current();
	bool told = false, code = false, envelope = false;
	int signs = 0, count = 0;

	for (gsize i = 0; lines[i] != NULL; i++) {
		g_autofree char *folded = quotes_fold(lines[i]);
		bool says = quotes_contains(quotes, QUOTES_UNDELIVERED, folded);

		if (*folded == '\0')
			continue;
		if (count == 0 && quotes_greets(quotes, folded))
			signs += SIGN_GREETING;
		if (!told && says && count < FIRST_LINES)
			signs += SIGN_FIRST;
		count++;
		told = told || says;
		code = code || holds_code(folded);
		envelope = envelope || strstr(folded, "rcpt to:") != NULL;
	}
	return signs + (told ? SIGN_TEXT : 0) + (code ? SIGN_CODE : 0) +
	    (envelope ? SIGN_ENVELOPE : 0);
}

bool
bounce_is_told(const Message *message, char *const *report, bool back)
{
	g_autofree char *subject = NULL;
	int sender = signs_of_sender(message);
	int content;

	if (sender <= 0) /* a person's: no word of theirs need be read */
		return false;
	subject = quotes_fold(message->subject);
	content = signs_of_text(report) + (back ? SIGN_RETURNED : 0);
	if (quotes_contains(quotes_current(), QUOTES_UNDELIVERED, subject))
		content += SIGN_SUBJECT;
	if (message->return_path != NULL && message->identity != NULL &&
	    g_ascii_strcasecmp(message->return_path, message->identity) == 0)
		content += SIGN_OWN_PATH;
	return content > 0 && sender + content >= ENOUGH;
}
