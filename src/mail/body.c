#include "guichet/body.h"

#include <string.h>

enum {
	ATTRIBUTION_LINES = 4,
	ATTRIBUTION_BYTES = 400,
	HEADER_BLOCK_LINES = 7,
};

/* "On ..., X wrote:" by language: how it starts, and its verb. */
static const struct {
	const char *start, *verb;
} attributions[] = { { "le ", "a écrit" }, { "on ", "wrote" },
	{ "am ", "schrieb" }, { "el ", "escribió" }, { "il ", "ha scritto" },
	{ "op ", "schreef" }, { "em ", "escreveu" }, { "den ", "skrev" },
	{ "on ", "sent" } };

/* What is forwarded is the message: nothing below these is cut. */
static const char *const forwards[] = { "forwarded message",
	"message transféré", "begin forwarded message",
	"début du message réexpédié", "début du message transféré",
	"message réexpédié", "weitergeleitete nachricht",
	"doorgestuurd bericht", "mensaje reenviado", "messaggio inoltrato" };

/* How the subjects of forwarded mails begin. */
static const char *const forward_subjects[] = { "fwd:", "fw:", "tr:", "tr :",
	"fwd :", "wg:", "rv:", "i:" };

/* The words in "-----Message d'origine-----". */
static const char *const separators[] = { "message d'origine",
	"message d’origine", "message original", "original message",
	"ursprüngliche nachricht", "oorspronkelijk bericht", "mensaje original",
	"messaggio originale", "reply message", "original appointment",
	"rendez-vous d'origine" };

/* The first line of the header block that Outlook puts above a quotation,
 * and the others. */
static const char *const block_first[] = { "de", "from", "von", "van", "da" };
static const char *const block_others[] = { "envoyé", "sent", "date", "à", "to",
	"objet", "subject", "cc", "gesendet", "an", "betreff", "verzonden",
	"aan", "onderwerp", "envoye", "importance" };

/* What phones and programs put below a text of their own accord. */
static const char *const stamps[] = { "envoyé de mon ", "envoyé depuis ",
	"envoyé à partir de ", "sent from my ", "sent from mail for ",
	"sent from outlook", "get outlook for ", "télécharger outlook pour ",
	"obtenir outlook pour ", "provenance : courrier pour " };

static bool
is_blank(const char *line)
{
	return line[strspn(line, " \t")] == '\0';
}

static bool
is_quoted(const char *line)
{
	return *line == '>';
}

static char *
fold(const char *line)
{
	g_autofree char *lower = g_utf8_strdown(line, -1);

	/* Bold in what was HTML. */
	g_strdelimit(lower, "*", ' ');
	return g_strdup(g_strstrip(lower));
}

static bool
starts_with_any(const char *folded, const char *const *words, gsize count)
{
	for (gsize i = 0; i < count; i++) {
		if (g_str_has_prefix(folded, words[i]))
			return true;
	}
	return false;
}

/* A cheap look before the costly one: folding case takes most of the time. */
static bool
has_early_colon(const char *line)
{
	for (gsize i = 0; i < 24 && line[i] != '\0'; i++) {
		if (line[i] == ':')
			return true;
	}
	return false;
}

static bool
ends_in_colon(const char *line)
{
	gsize length = strlen(line);

	while (
	    length > 0 && (line[length - 1] == ' ' || line[length - 1] == '*'))
		length--;
	return length > 0 && line[length - 1] == ':';
}

/* "De :", "From:" and so on: the word, blanks, a colon. */
static bool
is_block_line(const char *line, const char *const *words, gsize count)
{
	g_autofree char *folded = NULL;

	if (!has_early_colon(line))
		return false;
	folded = fold(line);
	for (gsize i = 0; i < count; i++) {
		const char *p = folded;

		if (!g_str_has_prefix(p, words[i]))
			continue;
		p += strlen(words[i]);
		while (*p == ' ' || g_str_has_prefix(p, "\xc2\xa0"))
			p += *p == ' ' ? 1 : 2;
		if (*p == ':')
			return true;
	}
	return false;
}

static bool
is_header_block(char **lines, gsize count, gsize at)
{
	guint others = 0;

	if (!is_block_line(lines[at], block_first, G_N_ELEMENTS(block_first)))
		return false;
	for (gsize i = at + 1; i < MIN(count, at + HEADER_BLOCK_LINES); i++) {
		if (is_block_line(lines[i], block_others,
			G_N_ELEMENTS(block_others)))
			others++;
	}
	return others >= 2;
}

static bool
is_separator(const char *line)
{
	g_autofree char *folded = NULL;
	char *word;

	if (strncmp(line, "--", 2) != 0)
		return false;
	folded = fold(line);
	word = folded + strspn(folded, "-– ");
	return starts_with_any(word, separators, G_N_ELEMENTS(separators));
}

static bool
is_forward(const char *line)
{
	g_autofree char *folded = NULL;

	if (strlen(line) > ATTRIBUTION_BYTES)
		return false;
	folded = fold(line);
	return starts_with_any(folded + strspn(folded, "-> "), forwards,
	    G_N_ELEMENTS(forwards));
}

bool
body_is_forward(const char *subject)
{
	g_autofree char *folded = fold(subject);

	return starts_with_any(folded, forward_subjects,
	    G_N_ELEMENTS(forward_subjects));
}

static bool
is_rule(const char *line)
{
	gsize length = strspn(line, "_");

	return length >= 20 && is_blank(line + length);
}

/* A line of an attribution has a name or a date in it. */
static bool
is_attribution_text(const char *folded)
{
	gsize length = strlen(folded);
	bool dated = strpbrk(folded, "0123456789@") != NULL;

	if (length == 0 || folded[length - 1] != ':')
		return false;
	for (gsize i = 0; i < G_N_ELEMENTS(attributions); i++) {
		if (strstr(folded, attributions[i].verb) == NULL)
			continue;
		if (g_str_has_prefix(folded, attributions[i].start) || dated)
			return dated;
	}
	return false;
}

static bool
begins_attribution(const char *line)
{
	g_autofree char *folded = fold(line);

	for (gsize i = 0; i < G_N_ELEMENTS(attributions); i++) {
		if (g_str_has_prefix(folded, attributions[i].start))
			return strpbrk(folded, "0123456789@") != NULL;
	}
	return false;
}

/* How many lines from `at` on are "On ... wrote:", or 0. */
static gsize
attribution_at(char **lines, gsize count, gsize at)
{
	g_autoptr(GString) joined = NULL;
	gsize last = at;

	while (last < MIN(count, at + ATTRIBUTION_LINES) &&
	    !ends_in_colon(lines[last])) {
		if (is_blank(lines[last]) || is_quoted(lines[last]))
			return 0;
		last++;
	}
	if (last >= MIN(count, at + ATTRIBUTION_LINES))
		return 0;
	/* Over several lines it must begin as one: text may stand above. */
	if (last > at && !begins_attribution(lines[at]))
		return 0;
	joined = g_string_new(NULL);
	for (gsize i = at; i <= last; i++) {
		g_autofree char *folded = fold(lines[i]);

		g_string_append_printf(joined, "%s%s", i > at ? " " : "",
		    folded);
	}
	if (is_quoted(lines[last]) || joined->len > ATTRIBUTION_BYTES)
		return 0;
	return is_attribution_text(joined->str) ? last - at + 1 : 0;
}

static gsize
skip_blank(char **lines, gsize count, gsize at)
{
	while (at < count && is_blank(lines[at]))
		at++;
	return at;
}

/* Past a quotation's lines and the empty ones among them. */
static gsize
skip_quoted(char **lines, gsize count, gsize at)
{
	gsize end = at;

	for (; at < count && (is_quoted(lines[at]) || is_blank(lines[at]));
	     at++) {
		if (is_quoted(lines[at]))
			end = at + 1;
	}
	return end;
}

static bool
is_signature_mark(const char *line)
{
	return strcmp(line, "-- ") == 0 || strcmp(line, "--") == 0;
}

static bool
has_own_text(char **lines, gsize from, gsize to)
{
	for (gsize i = from; i < to; i++) {
		if (!is_blank(lines[i]) && !is_quoted(lines[i]))
			return true;
	}
	return false;
}

/*
 * Whether everything from `at` on is what came before this mail. *skip is set
 * to the lines to leave out if only those are.
 */
static bool
ends_at(char **lines, gsize count, gsize at, gsize *skip)
{
	gsize length, quoted, end;

	*skip = 0;
	if (is_separator(lines[at]) || is_header_block(lines, count, at))
		return true;
	if (is_rule(lines[at]))
		return at + 1 < count &&
		    is_header_block(lines, count,
			skip_blank(lines, count - 1, at + 1));
	length = attribution_at(lines, count, at);
	if (length == 0)
		return false;
	quoted = skip_blank(lines, count, at + length);
	end = skip_quoted(lines, count, quoted);
	if (end == quoted || !has_own_text(lines, end, count))
		return true;
	/* The answer stands below: only a quotation at the top goes. */
	*skip = end - at;
	return false;
}

/* Leaves out quotations at the end, signatures and stamps, from the end up. */
static void
trim_end(char **lines, GArray *kept)
{
	while (kept->len > 0) {
		const char *line =
		    lines[g_array_index(kept, gsize, kept->len - 1)];
		g_autofree char *folded = fold(line);

		if (!is_blank(line) && !is_quoted(line) &&
		    !starts_with_any(folded, stamps, G_N_ELEMENTS(stamps)))
			break;
		g_array_set_size(kept, kept->len - 1);
	}
}

/* A quotation without attribution at the top of an answer below it. */
static gsize
leading_quotation(char **lines, gsize count)
{
	gsize at = skip_blank(lines, count, 0);
	gsize end = skip_quoted(lines, count, at);

	for (gsize i = end; i < count; i++) {
		if (is_quoted(lines[i]))
			return 0; /* answers between: all stays */
	}
	return end > at && has_own_text(lines, end, count) ? end : 0;
}

static char *
join_kept(char **lines, const GArray *kept)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < kept->len; i++) {
		const char *line = lines[g_array_index(kept, gsize, i)];

		if (text->len == 0 && is_blank(line))
			continue;
		g_string_append(text, line);
		g_string_append_c(text, '\n');
	}
	return g_strdup(g_strchomp(text->str));
}

char *
body_new_text(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	gsize count = g_strv_length(lines), skip;
	g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(gsize));
	g_autofree char *result = NULL;
	bool signature = false, forward = false;

	for (gsize i = leading_quotation(lines, count); i < count; i++) {
		forward = forward || (!signature && is_forward(lines[i]));
		if (is_signature_mark(lines[i]))
			signature = !forward;
		if (!forward && ends_at(lines, count, i, &skip))
			break;
		if (!forward && skip > 0) {
			i += skip - 1;
			signature = false;
		} else if (!signature) {
			g_array_append_val(kept, i);
		}
	}
	if (!forward)
		trim_end(lines, kept);
	result = join_kept(lines, kept);
	if (*result == '\0')
		return g_strchomp(g_strdup(text));
	return g_steal_pointer(&result);
}

/* ---- the words of a technician ---- */

/*
 * Whether somebody else's words begin at `at`, by any mark. *next is set to
 * the line after them; what follows a header block belongs to it.
 */
static bool
quotation_at(char **lines, gsize count, gsize at, gsize *next)
{
	gsize skip, length, quoted;

	if (is_quoted(lines[at])) {
		*next = skip_quoted(lines, count, at);
		return true;
	}
	if ((*lines[at] == '-' || ends_in_colon(lines[at])) &&
	    is_forward(lines[at])) {
		*next = count;
		return true;
	}
	length = attribution_at(lines, count, at);
	if (length > 0) {
		quoted = skip_blank(lines, count, at + length);
		*next = skip_quoted(lines, count, quoted);
		if (*next == quoted)
			*next = count;
		return true;
	}
	*next = count;
	return ends_at(lines, count, at, &skip);
}

/* Whether there are words below a quotation, beside a signature, what a
 * program adds of its own, and more quotations. */
static bool
has_words_below(char **lines, gsize count, gsize at)
{
	while (at < count && !is_signature_mark(lines[at])) {
		g_autofree char *folded = fold(lines[at]);
		gsize next;

		if (quotation_at(lines, count, at, &next)) {
			at = next;
			continue;
		}
		if (!is_blank(lines[at]) &&
		    !starts_with_any(folded, stamps, G_N_ELEMENTS(stamps)))
			return true;
		at++;
	}
	return false;
}

char *
body_own_words(const char *text, bool *ret_below)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	gsize count = g_strv_length(lines), next;
	g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(gsize));
	bool signature = false;

	*ret_below = false;
	for (gsize i = 0; i < count; i++) {
		if (quotation_at(lines, count, i, &next)) {
			*ret_below = has_words_below(lines, count, next);
			break;
		}
		signature = signature || is_signature_mark(lines[i]);
		if (!signature)
			g_array_append_val(kept, i);
	}
	trim_end(lines, kept);
	return join_kept(lines, kept);
}

/* ---- format=flowed ---- */

static gsize
quote_depth(const char *line)
{
	return strspn(line, ">");
}

char *
body_unflow(const char *text, bool delsp)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GString *out = g_string_sized_new(strlen(text));
	bool flowing = false;
	gsize depth_before = 0;

	for (gsize i = 0; lines[i] != NULL; i++) {
		gsize depth = quote_depth(lines[i]);
		const char *line = lines[i] + depth;
		gsize length;

		if (*line == ' ')
			line++; /* space-stuffed */
		length = strlen(line);
		if (length == 0 || strcmp(line, "-- ") == 0 ||
		    depth != depth_before)
			flowing = false;
		if (!flowing) {
			if (i > 0)
				g_string_append_c(out, '\n');
			for (gsize k = 0; k < depth; k++)
				g_string_append_c(out, '>');
			if (depth > 0)
				g_string_append_c(out, ' ');
		}
		flowing = length > 0 && line[length - 1] == ' ' &&
		    strcmp(line, "-- ") != 0;
		g_string_append_len(out, line,
		    (gssize)(flowing && delsp ? length - 1 : length));
		depth_before = depth;
	}
	return g_string_free(out, FALSE);
}
