/* What is the writer's own in the text of an answer. */
#include "guichet/words/body.h"

#include "body_private.h"
#include "guichet/base/limits.h"
#include "guichet/words/subject.h"

#include <string.h>

static void
sheet_close(Sheet *sheet)
{
	text_close(&sheet->text);
	g_free(sheet->roles);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sheet, sheet_close)

void
sheet_set(Sheet *sheet, gsize from, gsize to, Role role)
{
	for (gsize i = from; i < to; i++)
		sheet->roles[i] = role == ROLE_OWN &&
			body_line_is_blank(sheet->text.lines[i])
		    ? ROLE_BLANK
		    : role;
}

bool
sheet_has(const Sheet *sheet, gsize from, gsize to, Role role)
{
	for (gsize i = from; i < to; i++) {
		if (sheet->roles[i] == role)
			return true;
	}
	return false;
}

/* ---- quotations ---- */

/*
 * "The output is:" above ">" lines: the writer's own, pasted. An attribution
 * has a name or a date; what has neither is no attribution in any language.
 */
static bool
is_pasted(const Sheet *sheet, gsize at)
{
	const char *line;
	gsize length;

	while (at > 0 && body_line_is_blank(sheet->text.lines[at - 1]))
		at--;
	if (at == 0 || sheet->roles[at - 1] != ROLE_OWN)
		return false;
	line = sheet->text.lines[at - 1];
	length = strlen(line);
	return length > 1 && line[length - 1] == ':' &&
	    strpbrk(line, "@<") == NULL;
}

/* What stands below a head: a marked quotation, or all the rest. Returns the
 * line to go on with. */
static gsize
take_below_head(Sheet *sheet, gsize at, gsize end)
{
	gsize quoted, below;

	sheet_set(sheet, at, end, ROLE_HEAD);
	if (!body_find_quotation(&sheet->text, end, &quoted)) {
		sheet_set(sheet, end, sheet->text.count, ROLE_PAST);
		return sheet->text.count;
	}
	below = body_skip_quoted(&sheet->text, quoted);
	sheet_set(sheet, end, quoted, ROLE_HEAD);
	sheet_set(sheet, quoted, below, ROLE_QUOTE);
	return below;
}

/* ---- the roles of all lines ---- */

static void
assign_roles(Sheet *sheet)
{
	const Text *text = &sheet->text;

	for (gsize i = 0; i < text->count;) {
		const char *line = text->lines[i];
		gsize end;

		if (body_line_is_blank(line)) {
			sheet->roles[i++] = ROLE_BLANK;
		} else if (body_line_is_quoted(line)) {
			end = body_skip_quoted(text, i);
			sheet_set(sheet, i, end,
			    is_pasted(sheet, i) ? ROLE_OWN : ROLE_QUOTE);
			i = end;
		} else if (body_mark_is_forward(text, i)) {
			sheet->forward = true;
			sheet_set(sheet, i, text->count, ROLE_OWN);
			return;
		} else if ((end = body_mark_head(text, i)) > 0) {
			i = take_below_head(sheet, i, end);
		} else if (body_line_is_signature_mark(line)) {
			i = sheet_take_signature(sheet, i);
		} else {
			sheet->roles[i++] = ROLE_OWN;
		}
	}
}

/* ---- which quotations stay ---- */

/* Quotations that words of the writer's follow; *ret_last: whether others end the
 * mail. */
static guint
count_answered(const Sheet *sheet, gsize last, bool *ret_last)
{
	guint answered = 0;

	*ret_last = false;
	for (gsize i = 0; i < sheet->text.count; i++) {
		if (sheet->roles[i] != ROLE_QUOTE ||
		    (i > 0 && sheet->roles[i - 1] == ROLE_QUOTE))
			continue;
		if (i < last)
			answered++;
		else
			*ret_last = true;
	}
	return answered;
}

/* A quotation without a head among the writer's lines may be a part of them. */
static bool
is_headless(const Sheet *sheet)
{
	return !sheet_has(sheet, 0, sheet->text.count, ROLE_HEAD) &&
	    sheet->roles[body_skip_blank(&sheet->text, 0)] == ROLE_OWN;
}

/* Makes the quotations that stay the writer's own. */
static void
keep_answered(Sheet *sheet)
{
	gsize last = sheet_last_own(sheet);
	bool others;
	guint answered = count_answered(sheet, last, &others);

	if (answered == 0 || (answered == 1 && !others && !is_headless(sheet)))
		return;
	for (gsize i = 0; i < last; i++) {
		const char *line = sheet->text.lines[i];
		bool below = i > 0 && sheet->roles[i - 1] == ROLE_HEAD;

		if (sheet->roles[i] != ROLE_QUOTE)
			continue;
		line += strspn(line, "> ");
		sheet->roles[i] = body_mark_is_attribution(&sheet->text,
				      line) ||
			(below && *line == '\0')
		    ? ROLE_HEAD
		    : ROLE_OWN;
	}
}

static bool
says_below(const Sheet *sheet, const char *line)
{
	const char *const *words = quotes_list(sheet->text.quotes,
	    QUOTES_BELOW);
	g_autofree char *folded = quotes_fold(line);

	for (; *words != NULL; words++) {
		if (text_find_word(folded, *words, strlen(*words), false) !=
		    NULL)
			return true;
	}
	return false;
}

/* "My answers below, in red": they cannot be told from the quotation. */
static bool
answers_stand_below(const Sheet *sheet)
{
	if (!sheet_has(sheet, 0, sheet->text.count, ROLE_PAST) &&
	    !sheet_has(sheet, 0, sheet->text.count, ROLE_QUOTE))
		return false;
	for (gsize i = 0; i < sheet->text.count; i++) {
		if (sheet->roles[i] == ROLE_OWN &&
		    says_below(sheet, sheet->text.lines[i]))
			return true;
	}
	return false;
}

static char *
join_own(const Sheet *sheet)
{
	g_autoptr(GString) joined = g_string_new(NULL);
	bool cut = false, blank = true;

	for (gsize i = 0; i < sheet->text.count; i++) {
		const char *line = sheet->text.lines[i];
		bool is_blank = body_line_is_blank(line);

		if (sheet->roles[i] != ROLE_OWN &&
		    sheet->roles[i] != ROLE_BLANK) {
			cut = true;
			continue;
		}
		if (is_blank && blank && (cut || joined->len == 0))
			continue;
		cut = cut && is_blank;
		blank = is_blank;
		g_string_append(joined, line);
		g_string_append_c(joined, '\n');
	}
	return g_strdup(g_strchomp(joined->str));
}

char *
body_new_text(const char *bytes)
{
	g_auto(Sheet) sheet = { .forward = false };
	g_autofree char *result = NULL;

	if (text_is_long(bytes))
		return g_strchomp(g_strdup(bytes));
	text_open(&sheet.text, bytes, EVIDENCE_CLEAR);
	sheet.roles = g_new0(Role, sheet.text.count + 1);
	assign_roles(&sheet);
	if (!sheet.forward) {
		bool below = answers_stand_below(&sheet);

		sheet_trim_banner(&sheet);
		sheet_trim_tail(&sheet);
		keep_answered(&sheet);
		sheet.doubtful = sheet.doubtful || below;
	}
	result = join_own(&sheet);
	if (*result == '\0' || sheet.doubtful)
		return g_strchomp(g_strdup(bytes));
	return g_steal_pointer(&result);
}

char *
body_signature(const char *bytes)
{
	g_auto(Sheet) sheet = { .forward = false };
	g_autoptr(GString) signature = g_string_new(NULL);

	if (text_is_long(bytes))
		return g_strdup("");
	text_open(&sheet.text, bytes, EVIDENCE_CLEAR);
	sheet.roles = g_new0(Role, sheet.text.count + 1);
	assign_roles(&sheet);
	if (!sheet.forward)
		sheet_trim_tail(&sheet);
	for (gsize i = 0; i < sheet.text.count; i++) {
		const char *line = sheet.text.lines[i];
		bool theirs = sheet.roles[i] == ROLE_TAIL ||
		    (sheet.roles[i] == ROLE_BLANK && signature->len > 0);

		if (!theirs && signature->len > 0)
			break;
		if (theirs &&
		    !(signature->len == 0 && body_line_is_signature_mark(line)))
			g_string_append_printf(signature, "%s\n", line);
	}
	return g_strdup(g_strchomp(signature->str));
}

static guint
count_lines(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	guint count = 0;

	for (gsize i = 0; lines[i] != NULL; i++)
		count += !body_line_is_blank(lines[i]);
	return count;
}

guint
body_lines_cut(const char *text, const char *new_text)
{
	guint all = count_lines(text), kept = count_lines(new_text);

	return all > kept ? all - kept : 0;
}

/* ---- whether it is an answer ---- */

bool
body_is_answer(const char *subject, bool has_parent, const char *bytes)
{
	QuotesPrefix prefix = { 0, 0 };
	SubjectKind kind = subject_kind(subject, &prefix);
	g_auto(Text) text = { .count = 0 };
	QuotesTongues tongues;

	if (kind == SUBJECT_FORWARD)
		return false;
	if (kind != SUBJECT_EITHER)
		return has_parent || kind == SUBJECT_ANSWER;
	/* "VS:" is told by the language of the head below. */
	if (text_is_long(bytes))
		return false;
	text_open(&text, bytes, EVIDENCE_CLEAR);
	tongues = body_mark_tongues(&text);
	if (tongues == 0)
		return true;
	return (tongues & prefix.reply & ~prefix.forward) != 0;
}
