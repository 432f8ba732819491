#include "guichet/base/error.h"
#include "guichet/compose/template.h"

#include <string.h>

static char *
render(const char *text, TemplateKind kind, const Values *values)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Template) template = template_parse(text, kind, NULL, NULL,
	    &error);

	g_assert_no_error(error);
	return template_render(template, values);
}

/* What a desk would say of a ticket with two clocks and no attachment. */
static Values *
some_values(void)
{
	Values *values = values_new();
	Values *clock = values_add(values, "clocks");

	values_set(values, "tag", "[#12]");
	values_set(values, "subject", "Panne <prod> & \"paie\"");
	values_set(values, "text", "Ligne 1\nLigne 2 d'essai\n");
	values_set(values, "zero", "0");
	values_set(values, "no", "false");
	values_set(values, "empty", "");
	values_setf(values, "severity", "%d", 1);
	values_set(clock, "milestone", "réponse");
	values_set_flag(clock, "guaranteed", true);
	clock = values_add(values, "clocks");
	values_set_flag(clock, "guaranteed", false);
	values_set(clock, "milestone", "correction");
	values_set(clock, "severity", "2");
	return values;
}

static void
test_values(void)
{
	static const struct {
		const char *label, *text, *expected;
	} rows[] = {
		{ "nothing", "", "" },
		{ "plain", "Bonjour }} { {", "Bonjour }} { {" },
		{ "value", "n° {{tag}}.", "n° [#12]." },
		{ "blanks inside", "{{ tag }}", "[#12]" },
		{ "missing is empty", "<{{nobody}}>", "<>" },
		{ "value keeps line ends", "{{text}}|",
		    "Ligne 1\nLigne 2 d'essai\n|" },
		{ "set", "{{#tag}}oui{{/tag}}", "oui" },
		{ "unset", "{{#nobody}}oui{{/nobody}}", "" },
		{ "zero", "{{#zero}}oui{{/zero}}{{^zero}}non{{/zero}}", "non" },
		{ "false", "{{#no}}oui{{/no}}{{^no}}non{{/no}}", "non" },
		{ "empty", "{{#empty}}oui{{/empty}}{{^empty}}non{{/empty}}",
		    "non" },
		{ "not unset", "{{^nobody}}non{{/nobody}}", "non" },
		{ "not a list", "{{^clocks}}rien{{/clocks}}", "" },
		{ "note", "a{{! {#x}} {{! }}b", "a b" },
		{ "list", "{{#clocks}}{{milestone}},{{/clocks}}",
		    "réponse,correction," },
		{ "list in section",
		    "{{#tag}}{{#clocks}}{{#guaranteed}}G{{/guaranteed}}"
		    "{{^guaranteed}}-{{/guaranteed}}{{/clocks}}{{/tag}}",
		    "G-" },
		{ "inner name hides outer",
		    "{{#clocks}}{{severity}}{{/clocks}}{{severity}}", "121" },
		{ "same section twice within",
		    "{{#tag}}a{{#tag}}b{{/tag}}c{{/tag}}", "abc" },
		{ "lone lines vanish",
		    "a\n{{#tag}}\nb\n{{/tag}}\n  {{! note }}  \nc\n",
		    "a\nb\nc\n" },
		{ "lone lines with CR", "a\r\n{{#tag}}\r\nb\r\n{{/tag}}\r\nc",
		    "a\r\nb\r\nc" },
		{ "lone lines at the ends", "{{#tag}}\nb\n{{/tag}}", "b\n" },
		{ "unset lone lines", "a\n{{#nobody}}\nb\n{{/nobody}}\nc\n",
		    "a\nc\n" },
		{ "lines with a value stay", "a\n{{nobody}}\nb\n", "a\n\nb\n" },
		{ "two tags are not alone", "{{#tag}}{{/tag}}\nb", "\nb" },
		{ "list of lines",
		    "{{#clocks}}\n- {{milestone}}\n{{/clocks}}\n.",
		    "- réponse\n- correction\n." },
	};
	g_autoptr(Values) values = some_values();

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = NULL;

		g_test_message("%s", rows[i].label);
		text = render(rows[i].text, TEMPLATE_TEXT, values);
		g_assert_cmpstr(text, ==, rows[i].expected);
	}
}

static void
test_kinds(void)
{
	g_autoptr(Values) values = some_values();
	g_autofree char *html = render("<p>{{subject}}</p>{{text}}",
	    TEMPLATE_HTML, values);
	g_autofree char *header = NULL;
	g_autofree char *text = NULL;

	g_assert_cmpstr(html, ==,
	    "<p>Panne &lt;prod&gt; &amp; &quot;paie&quot;</p>"
	    "Ligne 1<br>\nLigne 2 d&#39;essai<br>\n");

	g_clear_pointer(&html, g_free);
	values_set(values, "text", "a b\n  c\td  e");
	html = render("{{text}}", TEMPLATE_HTML, values);
	g_assert_cmpstr(html, ==,
	    "a b<br>\n&#160;&#160;c&#160;&#160;&#160; d &#160;e");

	values_set(values, "subject", "a\r\nBcc: x@evil.test\xe2\x80\xa8z\x1b");
	header = render("{{tag}} {{subject}}\n", TEMPLATE_HEADER, values);
	g_assert_cmpstr(header, ==, "[#12] a Bcc: x@evil.test z");
	text = render("{{subject}}", TEMPLATE_TEXT, values);
	g_assert_cmpstr(text, ==, "a\nBcc: x@evil.testz");

	/* Values are not templates. */
	g_clear_pointer(&text, g_free);
	values_set(values, "text", "{{tag}}{{#clocks}}");
	text = render("{{text}}", TEMPLATE_TEXT, values);
	g_assert_cmpstr(text, ==, "{{tag}}{{#clocks}}");
}

static void
test_get(void)
{
	g_autoptr(Values) values = some_values();

	g_assert_cmpstr(values_get(values, "tag"), ==, "[#12]");
	values_set(values, "tag", NULL);
	g_assert_null(values_get(values, "tag"));
	g_assert_null(values_get(values, "clocks"));
}

/* ---- parts ---- */

static char *
some_part(gconstpointer data, TemplateKind kind, const char *name)
{
	const char *const *part = data;

	if (strcmp(name, "page") == 0 && kind == TEMPLATE_HTML)
		return g_strdup("<p>");
	for (; *part != NULL; part += 2) {
		if (strcmp(name, part[0]) == 0)
			return g_strdup(part[1]);
	}
	return NULL;
}

static void
test_parts(void)
{
	static const char *const known[] = { "tag", "list", NULL };
	static const char *const some[] = { "foot", "-- {{tag}}\n", "inner",
		"{{> foot}}", "wrong", "a\n{{tagg}}", "open", "{{#tag}}",
		NULL };
	static const TemplateParts parts = { some_part, some };
	static const struct {
		const char *text, *out;
		const char *place, *why; /* that is wrong with it */
	} rows[] = {
		{ "a\n{{> foot}}\nb\n", "a\n-- <1>\nb\n", NULL, NULL },
		{ "a\n  {{>foot}}\nb\n", "a\n-- <1>\nb\n", NULL, NULL },
		{ "{{#tag}}({{> foot}}){{/tag}}", "(-- <1>\n)", NULL, NULL },
		{ "{{> page}}", NULL, "line 1, column 1:", "no part 'page'" },
		{ "\n{{> inner}}", NULL, "line 2, column 1:",
		    "part 'inner': line 1, column 1: a part takes in no" },
		{ "{{> wrong}}", NULL, "line 1, column 1:",
		    "part 'wrong': line 2, column 1: there is no variable" },
		{ "{{> open}}{{/tag}}", NULL,
		    "line 1, column 1:", "never closed" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Values) values = values_new();
		g_autofree char *out = NULL;
		g_autoptr(Template) template = template_parse(rows[i].text,
		    TEMPLATE_TEXT, known, &parts, &error);

		g_test_message("%s", rows[i].text);
		if (rows[i].out == NULL) {
			g_assert_error(error, GUICHET_ERROR,
			    GUICHET_ERROR_CONFIG);
			g_assert_true(
			    g_str_has_prefix(error->message, rows[i].place));
			g_assert_nonnull(strstr(error->message, rows[i].why));
			continue;
		}
		g_assert_no_error(error);
		values_set(values, "tag", "<1>");
		out = template_render(template, values);
		g_assert_cmpstr(out, ==, rows[i].out);
	}
}

static void
test_refused(void)
{
	static const char *const known[] = { "tag", "subject", "clocks", NULL };
	static const struct {
		const char *text, *place, *word;
	} rows[] = {
		{ "{{tagg}}", "line 1, column 1:", "'tagg'" },
		{ "é\né {{ticket}}", "line 2, column 3:", "'ticket'" },
		{ "{{#unknown}}{{/unknown}}", "line 1, column 1:", "unknown" },
		{ "{{tag", "line 1, column 1:", "never closed" },
		{ "a\n\n  {{#tag}}x", "line 3, column 3:", "never closed" },
		{ "{{#tag}}{{/subject}}", "line 1, column 9:", "tag" },
		{ "{{/tag}}", "line 1, column 1:", "nothing" },
		{ "{{#tag}}{{#subject}}{{/tag}}{{/subject}}",
		    "line 1, column 21:", "subject" },
		{ "{{{tag}}}", "line 1, column 1:", "escaped" },
		{ "{{&tag}}", "line 1, column 1:", "escaped" },
		{ "{{> tag}}", "line 1, column 1:", "no part 'tag'" },
		{ "{{> ../tag}}", "line 1, column 1:", "no part's name" },
		{ "{{Tag}}", "line 1, column 1:", "lower-case" },
		{ "{{}}", "line 1, column 1:", "no name" },
		{ "a\nb\xff", "line 2, column 2:", "UTF-8" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		Template *template;

		g_test_message("%s", rows[i].place);
		template = template_parse(rows[i].text, TEMPLATE_TEXT, known,
		    NULL, &error);
		g_assert_null(template);
		g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
		g_assert_true(g_str_has_prefix(error->message, rows[i].place));
		g_assert_nonnull(strstr(error->message, rows[i].word));
		g_assert_null(strchr(error->message, '\n'));
	}
}

static void
test_depth(void)
{
	for (guint depth = 15; depth <= 17; depth++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(GError) error = NULL;
		g_autoptr(Template) template = NULL;

		for (guint i = 0; i < depth; i++)
			g_string_append(text, "{{#tag}}");
		for (guint i = 0; i < depth; i++)
			g_string_append(text, "{{/tag}}");
		template = template_parse(text->str, TEMPLATE_TEXT, NULL, NULL,
		    &error);
		g_assert_true((template != NULL) == (depth <= 16));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/template/values", test_values);
	g_test_add_func("/template/kinds", test_kinds);
	g_test_add_func("/template/get", test_get);
	g_test_add_func("/template/parts", test_parts);
	g_test_add_func("/template/refused", test_refused);
	g_test_add_func("/template/depth", test_depth);
	return g_test_run();
}
