/*
 * Bounces that only speak to people: qmail's, Exim's, old Exchange's and many
 * more. There are hundreds of forms, so none is known by name: an address that
 * begins a line is one that failed, the codes behind it are its own, and what
 * stands below a line such as "this is a copy of" is the mail that came back.
 * The words are in rules/quotes.yaml.
 *
 * Only a mail that a mail server must have written is read (bounce_signs.c):
 * an ordinary one may quote all of this.
 */
#include "bounce_private.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/words/quotes.h"

#include <string.h>

#define REPORT_BYTES   16384 /* of text that may be the server's own */
#define RETURNED_LINES 200   /* of the mail that came back in the text */
#define BETWEEN        " \t<>:,;\"'[]()=" /* what no address holds */

/* The report while it is read. */
typedef struct {
	const Message *message;
	Bounce *bounce;
	GPtrArray *words; /* GString *, what was said of each recipient */
	GString *all;
} Report;

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

/* The address at `p`, which is one of the reader's if they are whom it was
 * returned to. */
static char *
address_at(const Report *report, const char *p)
{
	g_autofree char *word = g_strndup(p, strcspn(p, BETWEEN));
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
	g_autofree char *lower = g_ascii_strdown(line, 19);
	gsize label = g_str_has_prefix(lower, "final-recipient:") ? 16
	    : g_str_has_prefix(lower, "original-recipient:")      ? 19
								  : 0;

	if (label > 0) {
		g_autofree char *address = bounce_address(line + label);

		return text_is_address(address) ? g_steal_pointer(&address)
						: NULL;
	}
	return address_at(report, line + strspn(line, " \t<>*-|=\"'"));
}

/* That behind a label: "Recipient: <a@b>", also one within quotes. */
static char *
labelled_address(const Report *report, const char *line)
{
	const char *p = line + strspn(line, " \t\"'*-[{<(");
	gsize length = strcspn(p, ":=");
	g_autofree char *label = g_strndup(p, length);
	g_autofree char *folded = NULL;

	if (p[length] == '\0')
		return NULL;
	g_strdelimit(label, "\"'", ' ');
	folded = quotes_fold(label);
	if (!g_strv_contains(quotes_list(quotes_current(), QUOTES_RECIPIENTS),
		folded))
		return NULL;
	p += length + 1;
	return address_at(report, p + strspn(p, " \t<\"'("));
}

/* Where no line begins with one: the first that is not the sender's in a line
 * that says what has failed. */
static char *
address_within(const Report *report, const char *line)
{
	g_autofree char *folded = quotes_fold(line);

	if (strstr(folded, "mail from") != NULL ||
	    (!quotes_contains(quotes_current(), QUOTES_UNDELIVERED, folded) &&
		strstr(folded, "rcpt") == NULL &&
		strstr(folded, "deliver") == NULL &&
		strstr(folded, "recipient") == NULL &&
		strstr(folded, "reject") == NULL))
		return NULL;
	for (const char *p = line; *p != '\0';) {
		char *found;

		p += strspn(p, BETWEEN);
		found = address_at(report, p);
		if (found != NULL)
			return found;
		p += strcspn(p, BETWEEN);
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

/* Whether they go on trying. */
static bool
is_delay(const char *words)
{
	const Quotes *quotes = quotes_current();
	g_autofree char *folded = quotes_fold(words);

	return quotes_contains(quotes, QUOTES_DELAYED, folded) &&
	    !quotes_contains(quotes, QUOTES_GIVEN_UP, folded);
}

/* What became of each, by its own words or else by all of them. */
static void
settle(Report *report)
{
	GPtrArray *all = report->bounce->recipients;
	bool goes_on = is_delay(report->all->str);

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

/* Some services write JSON. */
static bool
is_for_programs(const char *text)
{
	return text[strspn(text, " \t\n")] == '{';
}

/* With the marks of Chinese and Japanese text as those that end an address. */
static char *
with_plain_marks(const char *text)
{
	static const char *const marks[] = { "\357\274\210", "\357\274\211",
		"\357\274\232", "\357\274\214", "\343\200\202", "\343\200\214",
		"\343\200\215", "\343\200\220", "\343\200\221" };
	static const char plain[] = "():,.\"\"[]";
	GString *all = g_string_new(text);

	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
		const char mark[] = { plain[i], '\0' };

		g_string_replace(all, marks[i], mark, 0);
	}
	return g_string_free(all, FALSE);
}

/* Of what is for programs, a line for each value. */
static char *
as_lines(const char *text)
{
	GString *lines;

	if (!is_for_programs(text))
		return with_plain_marks(text);
	lines = g_string_new(NULL);
	for (; *text != '\0'; text++) {
		if (*text == '\\')
			continue;
		g_string_append_c(lines, *text);
		if (strchr(",{[", *text) != NULL)
			g_string_append_c(lines, '\n');
	}
	return g_string_free(lines, FALSE);
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
		g_autofree char *folded = quotes_fold(
		    line + strspn(line, " \t-*|=>_"));

		if (quotes_begins(quotes_current(), QUOTES_RETURNED, folded))
			break;
		g_ptr_array_add(lines, g_steal_pointer(&line));
		p += length + (p[length] == '\n');
	}
	*ret_rest = p;
	g_ptr_array_add(lines, NULL);
	return (char **)g_ptr_array_free(lines, FALSE);
}

/* The header of the mail that came back in the text itself, without what
 * stands before its lines: never empty lines alone. */
static char *
returned_head(const char *rest)
{
	g_auto(GStrv) lines = g_strsplit(rest, "\n", RETURNED_LINES);
	GString *head = g_string_new(NULL);

	for (gsize i = 0; lines[i] != NULL && i + 1 < RETURNED_LINES; i++) {
		const char *line = lines[i] + strspn(lines[i], "> \t|");
		gsize name = strcspn(line, ": \t");

		if (line[name] == ':')
			g_string_append_printf(head, "%s\n", line);
		else if (head->len > 0 && *line != '\0')
			g_string_append_printf(head, " %s\n", line);
		else if (*line == '\0' && strstr(head->str, "essage-") != NULL)
			break;
	}
	return g_string_free(head, FALSE);
}

/* Where a server names nobody, the mail that came back says whom it was for. */
static void
take_returned(Report *report, const char *head)
{
	g_auto(GStrv) lines = g_strsplit(head, "\n", RETURNED_LINES);

	for (gsize i = 0; lines[i] != NULL; i++) {
		char *address;

		if (g_ascii_strncasecmp(lines[i], "to:", 3) != 0)
			continue;
		for (const char *p = lines[i] + 3; *p != '\0';
		     p += strcspn(p, BETWEEN)) {
			p += strspn(p, BETWEEN);
			address = address_at(report, p);
			if (address != NULL)
				take_recipient(report, address);
			g_free(address);
		}
	}
}

static void
free_words(gpointer words)
{
	g_string_free(words, TRUE);
}

/* A report in the mail that came back: it was passed on, by a list or a
 * rule. */
static bool
take_inner(Report *report, const char *original)
{
	g_autofree char *lower = g_ascii_strdown(original, -1);
	const char *found = strstr(lower, "\nfinal-recipient:");
	const char *end;

	if (found == NULL)
		return false;
	end = strstr(found, "\n--");
	bounce_read_groups(report->bounce, original + (found - lower) + 1,
	    end != NULL ? (gsize)(end - found) : strlen(found));
	if (report->bounce->recipients->len == 0)
		return false;
	if (end != NULL) {
		const char *mail = original + (end - lower);
		const char *head = strstr(mail, "\n\n");

		head = head != NULL ? head + 2 : mail;
		bounce_take_ids(report->bounce, head, strlen(head));
	}
	return true;
}

static void
find_recipients(Report *report, char *const *lines, const char *head)
{
	take_header(report);
	if (is_for_programs(report->message->text))
		take_lines(report, lines, labelled_address);
	else
		take_lines(report, lines, leading_address);
	if (report->bounce->recipients->len == 0)
		take_lines(report, lines, labelled_address);
	if (report->bounce->recipients->len == 0)
		take_lines(report, lines, address_within);
	if (report->bounce->recipients->len == 0)
		take_returned(report, head);
	while (report->words->len < report->bounce->recipients->len)
		g_ptr_array_add(report->words, g_string_new(NULL));
}

/* The text of what came back as a part, without CR. */
static char *
original_text(GBytes *original)
{
	gsize length = 0;
	const char *bytes = original != NULL
	    ? g_bytes_get_data(original, &length)
	    : NULL;
	return text_clean_block(bytes != NULL ? bytes : "",
	    (gssize)MIN(length, (gsize)LIMIT_HEADER_FIELD_BYTES),
	    LIMIT_HEADER_FIELD_BYTES);
}

Bounce *
bounce_read_text(const Message *message, GBytes *original)
{
	const char *rest;
	g_autofree char *text = as_lines(message->text);
	g_autofree char *part = original_text(original);
	g_autofree char *head = NULL;
	g_auto(GStrv) lines = report_lines(text, &rest);
	g_autoptr(GString) all = g_string_new(message->subject);
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(free_words);
	Report report = { message, NULL, words, all };

	if (!bounce_is_told(message, lines, *rest != '\0' || *part != '\0'))
		return NULL;
	for (gsize i = 0; lines[i] != NULL; i++)
		g_string_append_printf(all, "\n%s", lines[i]);
	report.bounce = bounce_new();
	if (take_inner(&report, part))
		return report.bounce;
	head = *part != '\0' ? g_strdup(part) : returned_head(rest);
	find_recipients(&report, lines, head);
	if (report.bounce->recipients->len == 0) {
		bounce_free(report.bounce);
		return NULL;
	}
	settle(&report);
	bounce_take_ids(report.bounce, head, strlen(head));
	return report.bounce;
}
