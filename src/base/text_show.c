/* What may be put on a terminal: all else is shown as its number. */
#include "guichet/base/text.h"

#include <string.h>

/* What Unicode calls neither a control nor a format character, and what no
 * terminal shows all the same: joiners, fillers, selectors, tags, blanks. */
static const struct {
	gunichar from, to;
} unseen[] = {
	{ 0x34f, 0x34f },
	{ 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 },
	{ 0x180b, 0x180f },
	{ 0x2060, 0x206f },
	{ 0x2800, 0x2800 },
	{ 0x3164, 0x3164 },
	{ 0xfe00, 0xfe0f },
	{ 0xffa0, 0xffa0 },
	{ 0xfff0, 0xfffb },
	{ 0xe0000, 0xe0fff },
};

bool
text_is_hidden(gunichar c)
{
	if (c >= 0x20 && c < 0x7f)
		return false;
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
	case G_UNICODE_SURROGATE:
		return true;
	default:
		break;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(unseen); i++) {
		if (c >= unseen[i].from && c <= unseen[i].to)
			return true;
	}
	return false;
}

/* What joins the two characters of an emoji or of a Persian word belongs to
 * its writing; between Latin letters it hides something. */
static bool
is_joined(gunichar c, gunichar before)
{
	return (c == 0x200c || c == 0x200d || (c >= 0xfe00 && c <= 0xfe0f)) &&
	    before >= 0x600 && !text_is_hidden(before);
}

/* How many bytes from `p` on need no look. */
static gsize
plain_run(const char *p)
{
	gsize run = 0;

	while ((p[run] >= 0x20 && p[run] < 0x7f) || p[run] == '\n' ||
	    p[run] == '\t')
		run++;
	return run;
}

static void
append_json(GString *out, gunichar c)
{
	if (c < 0x10000)
		g_string_append_printf(out, "\\u%04x", c);
	else
		g_string_append_printf(out, "\\u%04x\\u%04x",
		    0xd800 + ((c - 0x10000) >> 10),
		    0xdc00 + ((c - 0x10000) & 0x3ff));
}

static char *
escape(const char *text, bool json)
{
	GString *out = g_string_sized_new(strlen(text));
	gunichar before = 0;

	for (const char *p = text; *p != '\0';) {
		gsize run = plain_run(p);
		gunichar c = g_utf8_get_char_validated(p + run, -1);
		const char *next;

		g_string_append_len(out, p, (gssize)run);
		p += run;
		if (run > 0)
			before = 0;
		if (*p == '\0')
			break;
		if (c == (gunichar)-1 || c == (gunichar)-2) {
			g_string_append(out, "\357\277\275"); /* U+FFFD */
			p++;
			continue;
		}
		next = g_utf8_next_char(p);
		if (!text_is_hidden(c) || is_joined(c, before))
			g_string_append_len(out, p, next - p);
		else if (json)
			append_json(out, c);
		else
			g_string_append_printf(out, "\\u{%x}", c);
		before = text_is_hidden(c) ? before : c;
		p = next;
	}
	return g_string_free(out, FALSE);
}

char *
text_showable(const char *text)
{
	return escape(text, false);
}

char *
text_showable_json(const char *json)
{
	return escape(json, true);
}

bool
text_is_french(const char *language)
{
	return g_ascii_strncasecmp(language, "fr", 2) == 0;
}

char *
text_in(const char *language, const char *french, const char *english, ...)
{
	char *text;
	va_list args;

	va_start(args, english);
	/* Two calls: a format that is chosen is checked by no compiler. */
	text = text_is_french(language) ? g_strdup_vprintf(french, args)
					: g_strdup_vprintf(english, args);
	va_end(args);
	return text;
}
