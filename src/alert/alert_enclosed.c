/*
 * Mails that only carry others: a forward without a word of its own, a list's
 * digest. What they carry is read, each as a mail of its own.
 *
 * Who proved the mail proved that it was forwarded, and nothing in it: its
 * source is who forwards (doc/security.md), whatever the enclosed say.
 */
#include "alert_private.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/mail/prescan.h"
#include "guichet/words/quotes.h"

#include <string.h>

enum {
	MARK_BYTES = 100,  /* of the line above a forward's head */
	RULE_HYPHENS = 30, /* between the mails of a digest: RFC 1153 */
	HEAD_LABELS = 3,   /* that make a head */
	LABEL_BYTES = 40,
};

static bool
has_any(const Message *message, const char *const *names)
{
	for (; *names != NULL; names++)
		if (message_header(message, *names) != NULL)
			return true;
	return false;
}

static bool
is_of_list(const Message *message)
{
	static const char *const names[] = { "List-Id", "List-Post",
		"List-Unsubscribe", "Precedence", NULL };

	return has_any(message, names);
}

/* A rule of a mailbox, or another program, forwarded it. */
static bool
is_by_program(const Message *message)
{
	static const char *const names[] = { "X-MS-Exchange-Inbox-Rules-Loop",
		"X-MS-Exchange-Generated-Message-Source",
		"X-Sieve-Redirected-From", NULL };
	const char *automatic = message_header(message, "Auto-Submitted");

	return has_any(message, names) ||
	    (automatic != NULL &&
		(g_ascii_strncasecmp(automatic, "auto-generated", 14) == 0 ||
		    g_ascii_strncasecmp(automatic, "auto-forwarded", 14) == 0));
}

static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

/* ---- in the text ---- */

static bool
is_rule(const char *line)
{
	gsize length = strspn(line, "-");

	return length >= RULE_HYPHENS && is_blank(line + length);
}

/* "---------- Forwarded message ---------", or a line alone. */
static bool
is_mark(const char *line)
{
	const Quotes *quotes = quotes_current();
	g_autofree char *folded = NULL;

	if (line[strspn(line, "-_=* \t")] == '\0')
		return true;
	if (strlen(line) > MARK_BYTES || line[strspn(line, " ")] == '\0')
		return false;
	folded = quotes_fold(line);
	return quotes_contains(quotes, QUOTES_FORWARDED, folded) ||
	    quotes_contains(quotes, QUOTES_ORIGINAL, folded);
}

/* The value behind a field's name or a head's label; NULL if it is none. */
static const char *
field_of(const char *line, QuotesLabel *ret_label)
{
	const char *colon = strchr(line, ':');
	g_autofree char *word = NULL, *folded = NULL;
	QuotesTongues tongues;

	if (colon == NULL || colon == line || colon - line > LABEL_BYTES)
		return NULL;
	word = g_strndup(line, (gsize)(colon - line));
	folded = quotes_fold(word);
	if (!quotes_label(quotes_current(), folded, ret_label, &tongues)) {
		*ret_label = QUOTES_LABEL_COUNT;
		if (strpbrk(word, " \t") != NULL)
			return NULL;
	}
	return colon + 1 + strspn(colon + 1, " \t");
}

static Mailbox *
mailbox_of(const char *value)
{
	const char *open = strrchr(value, '<');
	const char *close = open == NULL ? NULL : strchr(open, '>');
	g_autofree char *name = NULL, *address = NULL;

	if (close == NULL)
		return mailbox_new("", value);
	name = g_strstrip(g_strndup(value, (gsize)(open - value)));
	address = g_strndup(open + 1, (gsize)(close - open - 1));
	return mailbox_new(name, address);
}

/* Takes the head's lines; false if it is none. */
static bool
read_head(char ***lines, char **end, Message *mail)
{
	char **line = *lines;
	guint labels = 0, from = 0, subject = 0;

	for (; line < end && !is_blank(*line); line++) {
		QuotesLabel label;
		const char *value;

		if (**line == ' ' || **line == '\t')
			continue; /* a folded field's */
		value = field_of(*line, &label);
		if (value == NULL)
			return false;
		labels += label != QUOTES_LABEL_COUNT;
		if (label == QUOTES_FROM && from++ == 0)
			g_ptr_array_add(mail->from, mailbox_of(value));
		if (label == QUOTES_SUBJECT && subject++ == 0) {
			g_free(mail->subject);
			mail->subject = text_clean_line(value, -1,
			    LIMIT_SUBJECT_BYTES);
		}
	}
	*lines = line;
	return labels >= HEAD_LABELS && from == 1 && subject == 1;
}

static Message *
empty_mail(const Message *outer)
{
	Message *mail = g_new0(Message, 1);

	mail->from = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)mailbox_free);
	mail->reply_to = g_ptr_array_new();
	mail->to = g_ptr_array_new();
	mail->cc = g_ptr_array_new();
	mail->headers = g_ptr_array_new();
	mail->attachments = g_ptr_array_new();
	mail->subject = g_strdup("");
	mail->defects = g_strdupv(outer->defects);
	return mail;
}

/* The mail that begins with these lines, if one does, below its marks. */
static void
add_mail(const Message *outer, char **line, char **end, GPtrArray *mails)
{
	g_autoptr(Message) mail = empty_mail(outer);
	g_autoptr(GString) text = g_string_new(NULL);

	while (line < end && (is_blank(*line) || is_mark(*line)))
		line++;
	if (!read_head(&line, end, mail) || mails->len >= LIMIT_ENCLOSED_MAILS)
		return;
	for (; line < end; line++)
		g_string_append_printf(text, "%s\n", *line);
	mail->text = g_string_free(g_steal_pointer(&text), FALSE);
	g_ptr_array_add(mails, g_steal_pointer(&mail));
}

static GPtrArray *
mails_in_text(const Message *outer, const char *text, bool is_digest)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", ALERT_LINES);
	GPtrArray *mails = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)message_free);
	char **begin = lines, **line = lines;

	for (; *line != NULL; line++) {
		if (!is_digest || !is_rule(*line))
			continue;
		add_mail(outer, begin, line, mails);
		begin = line + 1;
	}
	add_mail(outer, begin, line, mails);
	return mails;
}

/* ---- all ---- */

/* What was said last comes last, as far as their dates tell. */
static int
compare_dates(gconstpointer a, gconstpointer b)
{
	const Message *one = *(Message *const *)a,
		      *other = *(Message *const *)b;

	return (one->date > other->date) - (one->date < other->date);
}

static GPtrArray *
attached(const Message *message)
{
	GPtrArray *mails = g_ptr_array_new();
	bool dated = true;

	for (guint i = 0; i < message->enclosed->len; i++) {
		Message *mail = message->enclosed->pdata[i];

		dated = dated && mail->has_date;
		g_ptr_array_add(mails, mail);
	}
	if (dated)
		g_ptr_array_sort(mails, compare_dates);
	return mails;
}

GPtrArray *
alert_enclosed(const AlertMail *mail)
{
	const Message *message = mail->message;
	GPtrArray *mails = NULL;
	bool has_mails = message->enclosed != NULL &&
	    message->enclosed->len > 0;
	bool is_list = is_of_list(message);

	if (!has_mails && !is_list && !is_by_program(message))
		return NULL;
	if (has_mails &&
	    (is_blank(mail->text) || (message->is_digest && is_list)))
		return attached(message);
	if (!has_mails && message->text != NULL)
		mails = mails_in_text(message, message->text, is_list);
	if (mails != NULL && mails->len == 0)
		g_clear_pointer(&mails, g_ptr_array_unref);
	return mails;
}
