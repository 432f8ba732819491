/* Cells that no spreadsheet takes for a formula. */
#include "guichet/print/csv.h"

#include "guichet/base/text.h"

#include <string.h>

/* Far above any reference that a person writes. */
#define MOST_BYTES 1000

static void
begin(Csv *csv)
{
	if (csv->begun)
		g_string_append_c(csv->lines, ',');
	csv->begun = true;
}

/* What a spreadsheet, or who pastes from it, does not see. */
static bool
is_unseen(gunichar c)
{
	return g_unichar_isspace(c) || g_unichar_iszerowidth(c) ||
	    g_unichar_iscntrl(c) || c == 0xFEFF || c == 0x00A0;
}

static bool
begins_formula(const char *text)
{
	static const char starts[] = "=+-@|%";
	gunichar c;

	while (*text != '\0' && is_unseen(g_utf8_get_char(text)))
		text = g_utf8_next_char(text);
	c = g_utf8_get_char(text);
	/* Their full-width forms are taken for the same. */
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFF01 - 0x21;
	return c == 0x2212 || (c < 0x80 && c != 0 && strchr(starts, (int)c));
}

void
csv_text(Csv *csv, const char *text)
{
	g_autofree char *line = text_clean_line(text, -1, MOST_BYTES);

	begin(csv);
	g_string_append_c(csv->lines, '"');
	if (begins_formula(text) || begins_formula(line))
		g_string_append_c(csv->lines, '\'');
	for (const char *p = line; *p != '\0'; p++) {
		if (*p == '"')
			g_string_append_c(csv->lines, '"');
		g_string_append_c(csv->lines, *p);
	}
	g_string_append_c(csv->lines, '"');
}

void
csv_number(Csv *csv, gint64 number)
{
	begin(csv);
	g_string_append_printf(csv->lines, "%" G_GINT64_FORMAT, number);
}

void
csv_id(Csv *csv, gint64 id)
{
	begin(csv);
	if (id != 0)
		g_string_append_printf(csv->lines, "%" G_GINT64_FORMAT, id);
}

void
csv_money(Csv *csv, Cents cents)
{
	guint64 size = cents < 0 ? -(guint64)cents : (guint64)cents;

	begin(csv);
	g_string_append_printf(csv->lines, "%s%" G_GUINT64_FORMAT ".%02u",
	    cents < 0 ? "-" : "", size / 100, (guint)(size % 100));
}

void
csv_end(Csv *csv)
{
	g_string_append(csv->lines, "\r\n");
	csv->begun = false;
}
