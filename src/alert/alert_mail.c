/* A mail as recognisers look at it, and the values they take out of it. */
#include "alert_private.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/mail/prescan.h"

#include <string.h>

#define MAX_SUBJECTS  5
#define HEADING_BYTES 60

/* ---- preparing ---- */

/* Trimmed, each no-break space a blank; NULL for a quoted line. */
static char *
own_line(const char *line)
{
	g_autofree char *copy = g_strdup(line);
	char *from = copy, *to = copy;

	while (*from != '\0') {
		if (strncmp(from, "\xc2\xa0", 2) == 0) {
			*to++ = ' ';
			from += 2;
		} else if (strncmp(from, "\xe2\x80\x8b", 3) == 0 ||
		    strncmp(from, "\xef\xbb\xbf", 3) == 0) {
			from += 3;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
	g_strstrip(copy);
	return copy[0] == '>' ? NULL : g_steal_pointer(&copy);
}

/* Whether it has no more lines than are read. */
static bool
prepare_text(AlertMail *mail, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", ALERT_LINES);
	g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *unfolded;
	guint count = g_strv_length(lines);

	for (guint i = 0; i < count; i++) {
		char *line = own_line(lines[i]);

		if (line != NULL)
			g_ptr_array_add(own, line);
	}
	unfolded = alert_unfold_rows(own);
	g_ptr_array_add(unfolded, NULL);
	mail->lines = (char **)g_ptr_array_free(unfolded, FALSE);
	mail->text = g_strjoinv("\n", mail->lines);
	return count < ALERT_LINES || strchr(lines[count - 1], '\n') == NULL;
}

/* Takes the first bytes of the text away, which end a line. */
static void
cut_text(AlertMail *mail, gsize length)
{
	guint count = 0;

	for (gsize i = 0; i < length; i++)
		count += mail->text[i] == '\n';
	for (guint i = 0; i < count; i++)
		g_free(mail->lines[i]);
	memmove(mail->lines, mail->lines + count,
	    (g_strv_length(mail->lines + count) + 1) * sizeof *mail->lines);
	memmove(mail->text, mail->text + length,
	    strlen(mail->text) - length + 1);
}

/* Takes away what a mail server put above the text. */
static void
cut_banners(AlertMail *mail, const AlertRules *rules)
{
	for (guint i = 0; i < rules->banners->len; i++) {
		g_autoptr(GHashTable) captures = alert_fields_new();
		const char *banner;

		if (!alert_mail_find(mail, rules->banners->pdata[i], mail->text,
			captures))
			continue;
		banner = g_hash_table_lookup(captures, "banner");
		if (banner != NULL && g_str_has_suffix(banner, "\n") &&
		    g_str_has_prefix(mail->text, banner))
			cut_text(mail, strlen(banner));
	}
}

/* What stands behind one prefix of the subject, or NULL if there is none. */
static char *
without_prefix(AlertMail *mail, const AlertRules *rules, const char *subject)
{
	for (guint i = 0; i < rules->prefixes->len; i++) {
		g_autoptr(GHashTable) captures = g_hash_table_new_full(
		    g_str_hash, g_str_equal, g_free, g_free);
		const char *rest;

		if (!alert_mail_find(mail, rules->prefixes->pdata[i], subject,
			captures))
			continue;
		rest = g_hash_table_lookup(captures, "rest");
		if (rest != NULL && *rest != '\0' &&
		    strlen(rest) < strlen(subject))
			return g_strdup(rest);
	}
	return NULL;
}

/* What says that something still fails may stand where nobody has read. */
static void
note_cuts(AlertMail *mail, const Message *message)
{
	static const char *const cuts[] = { DEFECT_PARTIAL, DEFECT_TEXT_SIZE };

	for (gsize i = 0; i < G_N_ELEMENTS(cuts); i++)
		if (g_strv_contains((const char *const *)message->defects,
			cuts[i]))
			g_ptr_array_add(mail->limits, g_strdup(cuts[i]));
}

void
alert_mail_within(AlertMail *mail, const Message *outer)
{
	note_cuts(mail, outer);
	if (g_strv_contains((const char *const *)outer->defects,
		DEFECT_ENCLOSED))
		g_ptr_array_add(mail->limits, g_strdup(DEFECT_ENCLOSED));
	mail->own_limits = mail->limits->len;
}

void
alert_mail_again(AlertMail *mail)
{
	alert_mail_show(mail);
	mail->steps = mail->whole_steps;
	g_ptr_array_set_size(mail->limits, (gint)mail->own_limits);
}

static AlertMail *
bare_mail(void)
{
	AlertMail *mail = g_new0(AlertMail, 1);

	mail->steps = ALERT_STEPS;
	mail->limits = g_ptr_array_new_with_free_func(g_free);
	mail->subjects = g_ptr_array_new_with_free_func(g_free);
	return mail;
}

/* The subject, and what is left of it without each prefix. */
static void
prepare_subjects(AlertMail *mail, const AlertRules *rules, const char *text)
{
	char *subject = g_strstrip(g_strdup(text != NULL ? text : ""));

	for (int i = 0; i < MAX_SUBJECTS && subject != NULL; i++) {
		g_ptr_array_add(mail->subjects, subject);
		subject = without_prefix(mail, rules, subject);
	}
	g_free(subject);
}

AlertMail *
alert_mail_of_subject(const AlertRules *rules, const char *subject)
{
	AlertMail *mail = bare_mail();

	prepare_subjects(mail, rules, subject);
	return mail;
}

AlertMail *
alert_mail_new(const AlertRules *rules, const Message *message)
{
	AlertMail *mail = bare_mail();

	mail->message = message;
	if (!prepare_text(mail, message->text != NULL ? message->text : ""))
		g_ptr_array_add(mail->limits, g_strdup("lines"));
	note_cuts(mail, message);
	cut_banners(mail, rules);
	prepare_subjects(mail, rules, message->subject);
	mail->whole_steps = mail->steps;
	mail->own_limits = mail->limits->len;
	return mail;
}

AlertMail *
alert_mail_part(const AlertMail *mail, GPtrArray *lines, const char *subject)
{
	AlertMail *part = bare_mail();
	GPtrArray *copies = g_ptr_array_new();

	part->message = mail->message;
	part->steps = mail->steps;
	for (guint i = 0; i < mail->limits->len; i++)
		g_ptr_array_add(part->limits, g_strdup(mail->limits->pdata[i]));
	for (guint i = 0; subject == NULL && i < mail->subjects->len; i++)
		g_ptr_array_add(part->subjects,
		    g_strdup(mail->subjects->pdata[i]));
	if (subject != NULL)
		g_ptr_array_add(part->subjects, g_strdup(subject));
	for (guint i = 0; i < lines->len; i++)
		g_ptr_array_add(copies, g_strdup(lines->pdata[i]));
	g_ptr_array_add(copies, NULL);
	part->lines = (char **)g_ptr_array_free(copies, FALSE);
	part->text = g_strjoinv("\n", part->lines);
	return part;
}

char **
alert_mail_limits(const AlertMail *mail)
{
	char **copy = g_new0(char *, mail->limits->len + 1);

	for (guint i = 0; i < mail->limits->len; i++)
		copy[i] = g_strdup(mail->limits->pdata[i]);
	return copy;
}

void
alert_mail_free(AlertMail *mail)
{
	if (mail == NULL)
		return;
	alert_mail_show(mail);
	g_ptr_array_unref(mail->subjects);
	g_ptr_array_unref(mail->limits);
	g_strfreev(mail->lines);
	g_free(mail->text);
	g_free(mail);
}

/* ---- patterns ---- */

bool
alert_mail_find(AlertMail *mail, const Pattern *pattern, const char *subject,
    GHashTable *captures)
{
	PatternResult result = pattern_find_within(pattern, subject, captures,
	    &mail->steps);

	if (result == PATTERN_LIMIT)
		g_ptr_array_add(mail->limits,
		    text_clean_line(pattern_text(pattern), -1, 100));
	return result == PATTERN_YES;
}

static bool
probe_senders(AlertMail *mail, const AlertProbe *probe, GHashTable *captures)
{
	for (guint i = 0; i < mail->message->from->len; i++) {
		const Mailbox *from = mail->message->from->pdata[i];
		g_autofree char *text = g_strdup_printf("%s <%s>", from->name,
		    from->address);

		if (alert_mail_find(mail, probe->pattern, text, captures))
			return true;
	}
	return false;
}

bool
alert_mail_probe(AlertMail *mail, const AlertProbe *probe, GHashTable *captures)
{
	const char *value;

	switch (probe->place) {
	case PLACE_SUBJECT:
		/* The barest first: "[EXT] [PROBLEM] x" is PROBLEM. */
		for (guint i = mail->subjects->len; i > 0; i--)
			if (alert_mail_find(mail, probe->pattern,
				mail->subjects->pdata[i - 1], captures))
				return true;
		return false;
	case PLACE_TEXT:
		return alert_mail_find(mail, probe->pattern, mail->text,
		    captures);
	case PLACE_FROM:
		return probe_senders(mail, probe, captures);
	case PLACE_HEADER:
		value = message_header(mail->message, probe->header);
		return value != NULL &&
		    (probe->pattern == NULL ||
			alert_mail_find(mail, probe->pattern, value, captures));
	}
	return false;
}

/* ---- labels ---- */

/* Past bullets, emphasis and the like before a label's first letter. */
static const char *
skip_marks(const char *p)
{
	while (*p != '\0' && !g_unichar_isalnum(g_utf8_get_char(p)))
		p = g_utf8_next_char(p);
	return p;
}

static const char *
skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

/* How many bytes of `line` are `label`, letters' case aside, or 0. */
static gsize
label_length(const char *line, const char *label)
{
	const char *p = line;

	for (; *label != '\0'; label = g_utf8_next_char(label)) {
		if (*p == '\0' ||
		    g_unichar_tolower(g_utf8_get_char(p)) !=
			g_unichar_tolower(g_utf8_get_char(label)))
			return 0;
		p = g_utf8_next_char(p);
	}
	return (gsize)(p - line);
}

/* "===== Host =====": no value, but what stands below. */
static bool
is_underlined(const char *line, const char *rest)
{
	if (strchr("=#-*~_", line[0]) == NULL || line[1] != line[0])
		return false;
	for (; *rest != '\0'; rest = g_utf8_next_char(rest))
		if (g_unichar_isalnum(g_utf8_get_char(rest)))
			return false;
	return true;
}

/*
 * What stands behind the label on its line: "Host: web1", "*Host:* web1",
 * "Host | web1", "Host    web1", "Host = web1". NULL if the line has another
 * label. `*ret_heading` says that the label is all of it.
 */
static const char *
behind_label(const char *line, const char *label, bool *ret_heading)
{
	const char *start = skip_marks(line), *p;
	gsize length = label_length(start, label);
	bool blanks;

	if (length == 0)
		return NULL;
	p = start + length;
	while (*p == '*' || *p == '_')
		p++;
	blanks = *p == '\t' || (*p == ' ' && p[1] == ' ');
	p = skip_blanks(p);
	if (*p == '\0' || is_underlined(line, p)) {
		*ret_heading = true;
		return p;
	}
	if (strchr(":|=", *p) == NULL && strncmp(p, "：", 3) != 0)
		return blanks ? p : NULL;
	p += *p == '\xef' ? 3 : 1;
	while (strchr("*_| \t", *p) != NULL && *p != '\0')
		p++;
	*ret_heading = *p == '\0';
	return p;
}

/* Whether the line has a short label of its own. */
static bool
is_labelled(const char *line)
{
	const char *colon = strchr(line, ':');

	return colon != NULL && colon - line < HEADING_BYTES / 2 &&
	    (colon[1] == ' ' || colon[1] == '\0' || colon[1] == '\t');
}

/* The next line with text, if it can be the value of a label above it. */
static const char *
value_below(char **lines, guint i)
{
	while (lines[++i] != NULL && *lines[i] == '\0')
		;
	return lines[i] == NULL || is_labelled(lines[i]) ? NULL : lines[i];
}

/* "*Host:* *web1*": what was opened before the value is closed behind it. */
static char *
copy_value(const char *value)
{
	gsize length = strlen(value);

	if (value[-1] == '*')
		while (length > 0 && value[length - 1] == '*')
			length--;
	return g_strndup(value, length);
}

char *
alert_mail_label(const AlertMail *mail, const char *const *labels)
{
	const char *below = NULL;

	for (; *labels != NULL && below == NULL; labels++) {
		for (guint i = 0; mail->lines[i] != NULL; i++) {
			bool heading = false;
			const char *value = behind_label(mail->lines[i],
			    *labels, &heading);

			if (value == NULL)
				continue;
			if (!heading)
				return copy_value(value);
			if (below == NULL)
				below = value_below(mail->lines, i);
		}
	}
	return g_strdup(below);
}

/* ---- values ---- */

/* Without the address that html_to_text() puts behind a link's text. */
static void
cut_link(char *value)
{
	char *link = strstr(value, " <http");

	if (link == NULL)
		link = strstr(value, " <mailto:");
	if (link != NULL && link > value && g_str_has_suffix(link, ">"))
		*link = '\0';
}

/* "web1" in quotes, if they are the only ones. */
static void
cut_quotes(char *value)
{
	gsize length = strlen(value);

	if (length < 3 || strchr("'\"`", value[0]) == NULL ||
	    strchr(value + 1, value[0]) != value + length - 1)
		return;
	value[length - 1] = '\0';
	memmove(value, value + 1, length - 1);
	g_strstrip(value);
}

char *
alert_clean_value(const char *value)
{
	g_autofree char *clean = NULL;

	if (value == NULL)
		return NULL;
	clean = text_clean_line(value, -1, LIMIT_TEXT_BYTES);
	cut_link(clean);
	cut_quotes(clean);
	return *clean != '\0' ? g_steal_pointer(&clean) : NULL;
}

char *
alert_cut_value(const char *value)
{
	return text_clean_line(value, -1, ALERT_FIELD_BYTES);
}

char *
alert_fold(const char *word)
{
	g_autofree char *clean = text_clean_line(word, -1, ALERT_FIELD_BYTES);

	return g_utf8_strdown(clean, -1);
}

/* ---- templates ---- */

/* The next "${name}" of the template: its start, name and end. */
static const char *
next_name(const char *template, char **ret_name, const char **ret_end)
{
	const char *start = strstr(template, "${"), *end;

	if (start == NULL)
		return NULL;
	end = strchr(start, '}');
	if (end == NULL || end == start + 2)
		return NULL;
	*ret_name = g_strndup(start + 2, (gsize)(end - start - 2));
	*ret_end = end + 1;
	return start;
}

bool
alert_template_names(const char *template, GPtrArray *names)
{
	char *name;
	const char *end;

	while (next_name(template, &name, &end) != NULL) {
		g_ptr_array_add(names, name);
		template = end;
	}
	return strstr(template, "${") == NULL;
}

char *
alert_fill(const char *template, GHashTable *fields)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const char *start, *end;
	char *name;

	while ((start = next_name(template, &name, &end)) != NULL) {
		const char *value = g_hash_table_lookup(fields, name);

		g_free(name);
		if (value == NULL)
			return NULL;
		g_string_append_len(out, template, start - template);
		g_string_append(out, value);
		template = end;
	}
	g_string_append(out, template);
	return g_string_free(g_steal_pointer(&out), FALSE);
}
