/* Signed addresses in whatever form they stand in what is sent on. */
#include "guichet/trust/token_mask.h"

#include <string.h>

#define BOX  "help@desk.example"
#define WORD "ab.b.ukmz.a.abcdefghijklmnopqrstuvwx"
#define X    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static void
test_text(void)
{
	static const struct {
		const char *label, *text, *masked;
	} rows[] = {
		{ "plain", "To: help+" WORD "@desk.example",
		    "To: help+" X "@desk.example" },
		{ "any case", "HELP+" WORD "@DESK.EXAMPLE",
		    "HELP+" X "@DESK.EXAMPLE" },
		{ "twice", "help+" WORD "@a help+" WORD "@b",
		    "help+" X "@a help+" X "@b" },
		{ "a link", "mailto:help%2B" WORD "%40desk.example?body=x",
		    "mailto:help%2B" X "%40desk.example?body=x" },
		{ "an entity", "help&#43;" WORD "&#64;desk.example",
		    "help&#43;" X "&#64;desk.example" },
		{ "without its end", "help+" WORD, "help+" X },
		{ "quoted-printable", "help=2B" WORD "=40desk.example",
		    "help=2B" X "=40desk.example" },
		{ "a soft line end in the name", "he=\r\nlp+" WORD "@d",
		    "he=\r\nlp+" X "@d" },
		{ "and in the word", "help+ab.b.uk=\nmz.a.abc=\r\nd@d",
		    "help+xxxxxxx=\nxxxxxxxx=\r\nx@d" },
		{ "the source's own", "help+k3v9q2w8x7t5m4n6p1rz@desk.example",
		    "help+xxxxxxxxxxxxxxxxxxxx@desk.example" },
		{ "a name that people gave", "help+sales@desk.example", NULL },
		{ "the desk's own", BOX, NULL },
		{ "another's", "held+" WORD "@desk.example", NULL },
		{ "nothing", "", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *masked = token_mask(rows[i].text, BOX);

		g_test_message("%s", rows[i].label);
		g_assert_cmpstr(masked, ==,
		    rows[i].masked != NULL ? rows[i].masked : rows[i].text);
	}
	g_assert_null(token_mask(NULL, BOX));
}

static char *
lines_of(const char *text, const char *line_end)
{
	g_autofree char *coded = g_base64_encode((const guint8 *)text,
	    strlen(text));
	GString *lines = g_string_new("Content-Transfer-Encoding: base64");

	g_string_append_printf(lines, "%s%s", line_end, line_end);
	for (gsize i = 0; coded[i] != '\0'; i++) {
		g_string_append_c(lines, coded[i]);
		if (i % 76 == 75)
			g_string_append(lines, line_end);
	}
	return g_string_free(lines, FALSE);
}

static char *
masked_bytes(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autoptr(GBytes) masked = token_mask_bytes(bytes, BOX);
	gsize size;
	const char *data = g_bytes_get_data(masked, &size);

	return g_strndup(data, size);
}

/* Within base64, and in base64 within that: of the same length, and readable. */
static void
test_coded(void)
{
	static const char *const ends[] = { "\n", "\r\n" };

	for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *inner = lines_of("Reply-To: help+" WORD
						  "@desk.example, and words "
						  "that nobody has to change",
		    ends[i]);
		g_autofree char *outer = lines_of(inner, ends[i]);
		g_autofree char *wanted_inner = lines_of("Reply-To: help+" X
							 "@desk.example, and "
							 "words that nobody "
							 "has to change",
		    ends[i]);
		g_autofree char *wanted = lines_of(wanted_inner, ends[i]);
		g_autofree char *once = masked_bytes(inner);
		g_autofree char *twice = masked_bytes(outer);

		g_assert_cmpstr(once, ==, wanted_inner);
		g_assert_cmpstr(twice, ==, wanted);
	}
}

/* What holds none is not even copied. */
static void
test_untouched(void)
{
	static const guint8 picture[] = { 0x89, 'P', 'N', 'G', 0, 1, 2, 'h',
		'e', 'l', 'p', '+', 0 };
	g_autoptr(GBytes) bytes = g_bytes_new_static(picture, sizeof(picture));
	g_autoptr(GBytes) masked = token_mask_bytes(bytes, BOX);
	g_autoptr(GBytes) none = g_bytes_new_static(NULL, 0);
	g_autoptr(GBytes) same = token_mask_bytes(none, BOX);

	g_assert_true(masked == bytes);
	g_assert_true(same == none);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/token_mask/text", test_text);
	g_test_add_func("/token_mask/coded", test_coded);
	g_test_add_func("/token_mask/untouched", test_untouched);
	return g_test_run();
}
