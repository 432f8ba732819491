/*
 * Bounces that only speak to people: qmail's, Exim's, old Exchange's and many
 * more. There are hundreds of forms, so none is known by name: an address that
 * begins a line is one that failed, the codes behind it are its own, and what
 * stands below a line such as "this is a copy of" is the mail that came back.
 *
 * Only a mail that a mail server must have written is read: an ordinary one
 * may quote all of this.
 */
#include "bounce_private.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/mail/ids.h"

#include <string.h>

#define REPORT_BYTES 16384 /* of text that may be the server's own */

/* Words with which servers say that a mail has not arrived. */
static const char *const failures[] = { "could not be delivered",
	"couldn't be delivered", "could not deliver", "not delivered",
	"able to deliver", "unable to deliver", "undeliverable",
	"did not reach", "error delivering", "trouble delivering",
	"trying to deliver", "attempting to deliver", "malformed address",
	"failure notice", "returned mail", "delivery to the following",
	"delivery failed", "delivery failure", "delivery errors",
	"delivery problems", "address(es) failed", "failed addresses",
	"fatal errors", "permanent error", "error sending your mail",
	"invalid user", "user unknown", "unknown user", "no such user",
	"been rejected", "was rejected", "rejected recipient",
	"has not been delivered", "cannot be delivered", "can't be delivered",
	"not yet been delivered", "n'a pas pu être", "pas été remis",
	"nicht zugestellt", NULL };

/* And that they go on trying. */
static const char *const delays[] = { "will be retried", "keep trying",
	"continue to try", "continue trying", "will retry",
	"not yet been delivered", "still trying", "is a warning message",
	"do not need to resend", "warning--could not send", NULL };

static const char *const ends[] = { "giving up", "given up", "gave up",
	"permanent", NULL };

/* Above the mail that came back, or its header. */
static const char *const returned[] = { "below this line is a copy",
	"this is a copy of", "a copy of the message", "enclosed is a copy",
	"included is a copy", "original message", "message headers follow",
	"message header follow", "message text follows", "unsent message below",
	"your message follows", "received:", "return-path:", "received ",
	NULL };

/* The report while it is read. */
typedef struct {
	const Message *message;
	Bounce *bounce;
	GPtrArray *words; /* GString *, what was said of each recipient */
	GString *all;
} Report;

static bool
holds_one(const char *text, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (strstr(text, *words) != NULL)
			return true;
	}
	return false;
}

static bool
begins_with_one(const char *text, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (g_str_has_prefix(text, *words))
			return true;
	}
	return false;
}

/* Who writes a server's mails, in From and in its subject; the other offices a
 * person may hold. */
static const char *const daemons[] = { "mailer-daemon", "mail.delivery.system@",
	NULL };
static const char *const offices[] = { "postmaster@", "administrator@",
	"daemon@", "mailer@", "mail delivery", "mailer daemon",
	"system administrator", NULL };

/* A form or a scanner sends a person's words with an empty path, too: then
 * the sender or the subject must be a server's. */
static bool
is_a_servers(const Message *message, const char *from)
{
	g_autofree char *subject = g_ascii_strdown(message->subject, -1);

	return *from == '\0' || holds_one(from, offices) ||
	    holds_one(subject, failures);
}

static bool
is_from_a_server(const Message *message)
{
	const char *from = message_header(message, "From");
	const char *automatic = message_header(message, "Auto-Submitted");
	g_autofree char *lower = g_ascii_strdown(from != NULL ? from : "", -1);

	if (message_header(message, "X-Failed-Recipients") != NULL ||
	    holds_one(lower, daemons))
		return true;
	return message->return_path != NULL && *message->return_path == '\0' &&
	    is_a_servers(message, lower) &&
	    (automatic == NULL ||
		g_ascii_strncasecmp(automatic, "auto-replied", 12) != 0);
}

static bool
is_one_of(const GPtrArray *mailboxes, const char *address)
{
	for (guint i = 0; i < mailboxes->len; i++) {
		const Mailbox *mailbox = mailboxes->pdata[i];

		if (g_ascii_strcasecmp(mailbox->address, address) == 0)
			return true;
	}
	return false;
}

/* The address at `p`, which is one of the reader's if he is who it was
 * returned to. */
static char *
address_at(const Report *report, const char *p)
{
	g_autofree char *word = g_strndup(p, strcspn(p, " \t<>:,;\"'[]()"));
	gsize length = strlen(word);

	while (length > 0 && word[length - 1] == '.')
		word[--length] = '\0';
	return text_is_address(word) && !is_one_of(report->message->to, word) &&
		!is_one_of(report->message->from, word)
	    ? g_steal_pointer(&word)
	    : NULL;
}

/* That of a line which begins with it, whatever signs stand before. */
static char *
leading_address(const Report *report, const char *line)
{
	g_autofree char *lower = g_ascii_strdown(line, 16);

	if (g_str_has_prefix(lower, "final-recipient:")) {
		g_autofree char *address = bounce_address(line + 16);

		return text_is_address(address) ? g_steal_pointer(&address)
						: NULL;
	}
	return address_at(report, line + strspn(line, " \t<>*-|\"'"));
}

/* Where no line begins with one: the first that is not the sender's in a line
 * that says what has failed. */
static char *
address_within(const Report *report, const char *line)
{
	g_autofree char *lower = g_ascii_strdown(line, -1);

	if (strstr(lower, "mail from") != NULL ||
	    (!holds_one(lower, failures) && strstr(lower, "rcpt") == NULL &&
		strstr(lower, "deliver") == NULL &&
		strstr(lower, "recipient") == NULL &&
		strstr(lower, "reject") == NULL))
		return NULL;
	for (const char *p = line; *p != '\0';) {
		char *found;

		p += strspn(p, " \t<>:,;\"'[]()");
		found = address_at(report, p);
		if (found != NULL)
			return found;
		p += strcspn(p, " \t<>:,;\"'[]()");
	}
	return NULL;
}

/* The words that belong to this recipient from now on. */
static GString *
take_recipient(Report *report, const char *address)
{
	GPtrArray *all = report->bounce->recipients;

	for (guint i = 0; i < all->len; i++) {
		const BounceRecipient *one = all->pdata[i];

		if (g_ascii_strcasecmp(one->address, address) == 0)
			return report->words->pdata[i];
	}
	if (all->len >= LIMIT_ADDRESS_COMMAS)
		return NULL;
	g_ptr_array_add(all, bounce_recipient_new(address, "", ""));
	g_ptr_array_add(report->words, g_string_new(NULL));
	return report->words->pdata[all->len - 1];
}

static void
take_header(Report *report)
{
	const char *value = message_header(report->message,
	    "X-Failed-Recipients");
	g_auto(GStrv) parts = g_strsplit(value != NULL ? value : "", ",", 100);

	for (gsize i = 0; parts[i] != NULL; i++) {
		g_autofree char *address = bounce_address(parts[i]);

		if (text_is_address(address))
			take_recipient(report, address);
	}
}

static void
take_lines(Report *report, char *const *lines,
    char *(*find)(const Report *report, const char *line))
{
	GString *words = NULL;

	for (gsize i = 0; lines[i] != NULL; i++) {
		g_autofree char *address = find(report, lines[i]);
		GString *own = address != NULL ? take_recipient(report, address)
					       : NULL;

		words = own != NULL ? own : words;
		if (words != NULL)
			g_string_append_printf(words, "%s\n", lines[i]);
	}
}

/* "550" where a server's answer begins with it: '5', '4' or '\0'. */
static char
reply_class(const char *text)
{
	for (const char *p = text; (p = strpbrk(p, "45")) != NULL; p++) {
		if (g_ascii_isdigit(p[1]) && g_ascii_isdigit(p[2]) &&
		    (p[3] == '\0' || strchr(" -:,\n", p[3]) != NULL) &&
		    (p == text || strchr(" :(\n\t", p[-1]) != NULL))
			return *p;
	}
	return '\0';
}

static char *
status_of(const char *words)
{
	char *code = bounce_code(words);
	char class = code == NULL ? reply_class(words) : '\0';

	if (code != NULL || class == '\0')
		return code;
	return g_strdup_printf("%c.0.0", class);
}

/* What became of each, by its own words or else by all of them. */
static void
settle(Report *report)
{
	GPtrArray *all = report->bounce->recipients;
	g_autofree char *lower = g_ascii_strdown(report->all->str, -1);
	bool goes_on = holds_one(lower, delays) && !holds_one(lower, ends);

	for (guint i = 0; i < all->len; i++) {
		BounceRecipient *named = all->pdata[i];
		const GString *words = report->words->pdata[i];
		g_autofree char *status = status_of(words->str);

		if (status == NULL && all->len == 1)
			status = status_of(report->all->str);
		all->pdata[i] = bounce_recipient_new(named->address,
		    goes_on ? "delayed" : "failed",
		    status != NULL ? status : "");
		bounce_recipient_free(named);
	}
}

/* The lines of the server's own, and where the mail that came back begins. */
static char **
report_lines(const char *text, const char **ret_rest)
{
	GPtrArray *lines = g_ptr_array_new();
	const char *p = text;

	while (*p != '\0' && p - text < REPORT_BYTES) {
		gsize length = strcspn(p, "\n");
		g_autofree char *line = g_strndup(p, length);
		g_autofree char *lower = g_ascii_strdown(line, -1);

		if (begins_with_one(lower + strspn(lower, " \t-*|="), returned))
			break;
		g_ptr_array_add(lines, g_steal_pointer(&line));
		p += length + (p[length] == '\n');
	}
	*ret_rest = p;
	g_ptr_array_add(lines, NULL);
	return (char **)g_ptr_array_free(lines, FALSE);
}

/* The mail that came back stands in the text itself. */
static char *
id_in_text(const char *rest)
{
	g_auto(GStrv) lines = g_strsplit(rest, "\n", 200);

	for (gsize i = 0; lines[i] != NULL; i++) {
		if (g_ascii_strncasecmp(lines[i], "message-id:", 11) == 0)
			return id_first(lines[i] + 11, strlen(lines[i] + 11));
	}
	return NULL;
}

static void
free_words(gpointer words)
{
	g_string_free(words, TRUE);
}

Bounce *
bounce_read_text(const Message *message, GBytes *original)
{
	const char *rest;
	g_auto(GStrv) lines = NULL;
	g_autoptr(GString) all = g_string_new(message->subject);
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(free_words);
	g_autofree char *lower = NULL;
	Report report = { message, NULL, words, all };

	if (!is_from_a_server(message))
		return NULL;
	lines = report_lines(message->text, &rest);
	for (gsize i = 0; lines[i] != NULL; i++)
		g_string_append_printf(all, "\n%s", lines[i]);
	lower = g_ascii_strdown(all->str, -1);
	if (message_header(message, "X-Failed-Recipients") == NULL &&
	    !holds_one(lower, failures))
		return NULL;
	report.bounce = bounce_new();
	take_header(&report);
	take_lines(&report, lines, leading_address);
	if (report.bounce->recipients->len == 0)
		take_lines(&report, lines, address_within);
	if (report.bounce->recipients->len == 0) {
		bounce_free(report.bounce);
		return NULL;
	}
	settle(&report);
	report.bounce->original_message_id = original != NULL
	    ? bounce_original_id(original)
	    : id_in_text(rest);
	if (report.bounce->original_message_id == NULL)
		report.bounce->original_message_id = g_strdup("");
	return report.bounce;
}
