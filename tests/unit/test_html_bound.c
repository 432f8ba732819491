/* HTML of any shape costs what its length does, and loses no text by it. */
#include "guichet/base/limits.h"
#include "guichet/words/html.h"

#include <string.h>
#include <time.h>

#define BYTES (900 * 1024)

/* A page of one thing again and again; %d counts. */
static GString *
page(const char *head, const char *unit, const char *tail)
{
	GString *html = g_string_new(head);
	bool counts = strchr(unit, '%') != NULL;

	for (int n = 0; html->len < BYTES; n++) {
		g_autofree char *number = g_strdup_printf("%d", n);
		g_auto(GStrv) parts = g_strsplit(unit, "%", 2);

		if (!counts) {
			g_string_append(html, unit);
			continue;
		}
		g_string_append_printf(html, "%s%s%s", parts[0], number,
		    parts[1]);
	}
	g_string_append(html, tail);
	return html;
}

static double
cost(const GString *html, char **ret_text)
{
	clock_t began = clock();

	*ret_text = html_to_text(html->str, html->len, LIMIT_TEXT_BYTES, false);
	return (double)(clock() - began) / CLOCKS_PER_SEC;
}

static void
test_shapes(void)
{
	static const struct {
		const char *head, *unit, *tail;
	} rows[] = {
		{ "<p", " a%=1", ">END" },
		{ "<p", " a%", ">END" },
		{ "<p", "/a%", ">END" },
		{ "<p", " a%=\"<>\"", ">END" },
		{ "<p", "\"a%\"", ">END" },
		{ "", "<p a%=1 b=2 c=3>", "END" },
		{ "<p a='", "x ", "'>END" },
		{ "<p a=", "x", ">END" },
		{ "<p ", "= ", ">END" },
		{ "<p ", "a=' ", "'>END" },
		{ "<", "a", ">END" },
		{ "", "<b>", "END" },
		{ "", "<x%>", "END" },
		{ "", "<div>", "END" },
		{ "", "<table><tr><td>", "END" },
		{ "", "<blockquote>", "END" },
		{ "", "<ul><li>x", "END" },
		{ "", "</b>", "END" },
		{ "", "</p>", "END" },
		{ "", "<b></i>", "END" },
		{ "", "<b></p>", "END" },
		{ "<i>", "<b></i><i>", "END" },
		{ "<i>", "<table></i>", "END" },
		{ "<div>", "<b></div><div>", "END" },
		{ "", "<font size=1></span>", "END" },
		{ "", "<a href=http://x%>", "END" },
		{ "", "&amp;", "END" },
		{ "", "&foo%", " END" },
		{ "", "&", " END" },
		{ "", "<!-- x -->", "END" },
		{ "", "<!--", "-->END" },
		{ "<!--", "-", "-->END" },
		{ "", "<![if x]>", "END" },
		{ "", "<?x ", ">END" },
		{ "", "<", " END" },
		{ "", "< ", "END" },
		{ "<script>", "</scrip", "</script>END" },
		{ "<style>", "<!--", "</style>END" },
		{ "<pre>", "\n", "END" },
		{ "", "<p style='font-size:1px'>", "END" },
		{ "", "<html a%=1>", "END" },
		{ "", "<select><option>", "" },
	};
	double dearest = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		GString *html = page(rows[i].head, rows[i].unit, rows[i].tail);
		g_autofree char *text = NULL;
		double seconds = cost(html, &text);

		g_test_message("%s%s: %.2f s", rows[i].head, rows[i].unit,
		    seconds);
		dearest = MAX(dearest, seconds);
#ifndef GUICHET_SANITIZED
		g_assert_cmpfloat(seconds, <, 1.0);
#endif
		g_string_free(html, TRUE);
	}
	g_print("# the dearest of %zu shapes of %d kB: %.2f s\n",
	    G_N_ELEMENTS(rows), BYTES / 1024, dearest);
}

/* The one that cost most: it was half a minute and is nothing. */
static void
test_attributes(void)
{
	GString *html = page("<p", " a%=1", ">Bonjour</p><p>END</p>");
	g_autofree char *text = NULL;
	double seconds = cost(html, &text);

#ifndef GUICHET_SANITIZED
	g_assert_cmpfloat(seconds, <, 0.5);
#else
	(void)seconds;
#endif
	g_assert_cmpstr(text, ==, "Bonjour\n\nEND");
	g_string_free(html, TRUE);
}

/* What is cut is never a word that somebody sees. */
static void
test_text(void)
{
	static const struct {
		const char *html, *text;
	} rows[] = {
		{ "<p>A</p></b></div>B", "A\n\nB" },
		{ "</div><p>A</p>", "A" },
		{ "A</p>B", "A\n\nB" },
		{ "<blockquote>A</blockquote>B", "> A\n\nB" },
		{ "<blockquote><i>A</blockquote>B", "> A\n\nB" },
		{ "<table><tr><td>A</i></td><td>B</td></tr></table>C",
		    "A | B\n\nC" },
		{ "<!-- <div> --><p>A<!-- </p> -->B</p>", "AB" },
		{ "<style>a > b { } <div</style><p>A</p>", "A" },
		{ "<a href=\"http://x/?a>b\">A</a> B", "A <http://x/?a>b> B" },
		{ "1 < 2 <3 </ 4", "1 < 2 <3" },
		{ "<P>A</P><DIV>B</div>C", "A\n\nB\nC" },
		{ "<br/>A<br/>B", "A\nB" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = html_to_text(rows[i].html,
		    strlen(rows[i].html), 10000, false);

		g_test_message("%s", rows[i].html);
		if (i == 9)
			g_assert_true(g_str_has_prefix(text, rows[i].text));
		else
			g_assert_cmpstr(text, ==, rows[i].text);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/html-bound/attributes", test_attributes);
	g_test_add_func("/html-bound/shapes", test_shapes);
	g_test_add_func("/html-bound/text", test_text);
	return g_test_run();
}
