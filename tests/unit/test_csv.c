/* No cell of a CSV is a formula (doc/security.md), and numbers stay numbers. */
#include "guichet/print/csv.h"

#include <string.h>

/* What spreadsheets take for a formula, or hide in front of one. */
static const char *const formulas[] = {
	"=1+1", "+1+1", "-1+1", "@SUM(A1)", "|cmd", "%0A=1",
	"=cmd|'/C calc'!A0", "=HYPERLINK(\"http://x.example\",\"x\")",
	"+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0",
	"@SUM(1+1)*cmd|' /C calc'!A0", "\t=1", "\r=1", "\n=1", " =1", "   +1",
	"  -1", " @A1", " |x", " %x", "\xC2\xA0=1", /* no-break space */
	"\xE2\x80\x8B=1",                           /* zero-width space */
	"\xE2\x80\x8C=1",                           /* zero-width non-joiner */
	"\xE2\x80\x8D=1",                           /* zero-width joiner */
	"\xE2\x81\xA0=1",                           /* word joiner */
	"\xEF\xBB\xBF=1",                           /* byte order mark */
	"\xEF\xBB\xBF =1",                          /* and a space */
	"\xE2\x80\x8B\t=1",                         /* both */
	"\xE3\x80\x80=1",                           /* ideographic space */
	"\xEF\xBC\x9D"
	"1", /* full-width = */
	"\xEF\xBC\x8B"
	"1", /* full-width + */
	"\xEF\xBC\x8D"
	"1", /* full-width - */
	"\xEF\xBC\xA0"
	"A1", /* full-width @ */
	"\xEF\xBD\x9C"
	"x", /* full-width | */
	"\xEF\xBC\x85"
	"x", /* full-width % */
	" \xEF\xBC\x9D"
	"1",
	"\xE2\x88\x92"
	"1", /* minus sign */
	"\x01=1", "\x7F=1", "=", "-",
	"\xE2\x80\xAD=1", /* left-to-right override */
	"\xE2\x80\x8E=1", /* left-to-right mark */
};

static char *
cell(const char *text)
{
	Csv csv = { g_string_new(NULL), false };

	csv_text(&csv, text);
	return g_string_free(csv.lines, FALSE);
}

static void
test_formula(void)
{
	g_assert_cmpuint(G_N_ELEMENTS(formulas), >=, 40);
	for (gsize i = 0; i < G_N_ELEMENTS(formulas); i++) {
		g_autofree char *got = cell(formulas[i]);

		if (!g_str_has_prefix(got, "\"'"))
			g_error("%" G_GSIZE_FORMAT ": %s", i, got);
		g_assert_null(strpbrk(got, "\r\n\t"));
	}
}

static void
test_text(void)
{
	static const char *const rows[][2] = {
		{ "", "\"\"" },
		{ "acier-vosges", "\"acier-vosges\"" },
		{ "15 min", "\"15 min\"" },
		{ "2026-11-03", "\"2026-11-03\"" },
		{ "F=1", "\"F=1\"" },
		{ "a \"b\", c", "\"a \"\"b\"\", c\"" },
		{ "été", "\"été\"" },
		{ "a\nb", "\"a b\"" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = cell(rows[i][0]);

		g_assert_cmpstr(got, ==, rows[i][1]);
	}
}

static void
test_numbers(void)
{
	Csv csv = { g_string_new(NULL), false };

	csv_text(&csv, "x");
	csv_number(&csv, -3);
	csv_id(&csv, 0);
	csv_id(&csv, 12);
	csv_money(&csv, 2000);
	csv_money(&csv, -16905);
	csv_money(&csv, -5);
	csv_end(&csv);
	csv_number(&csv, 0);
	csv_end(&csv);
	g_assert_cmpstr(csv.lines->str, ==,
	    "\"x\",-3,,12,20.00,-169.05,-0.05\r\n0\r\n");
	g_string_free(csv.lines, TRUE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/csv/formula", test_formula);
	g_test_add_func("/csv/text", test_text);
	g_test_add_func("/csv/numbers", test_numbers);
	return g_test_run();
}
