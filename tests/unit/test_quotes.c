#include "guichet/base/limits.h"
#include "guichet/mail/message.h"
#include "guichet/words/body.h"
#include "guichet/words/html.h"
#include "guichet/words/subject.h"

#include <string.h>
#include <time.h>

static Quotes *
load(const char *yaml, char **ret_problems)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(yaml, strlen(yaml));
	g_autoptr(Problems) problems = problems_new();
	Quotes *quotes = quotes_load("quotes.yaml", bytes, problems);

	*ret_problems = problems_format(problems);
	return quotes;
}

static void
test_mistakes(void)
{
	static const struct {
		const char *yaml, *problem;
	} rows[] = {
		{ "common: {reply: [re]}\n", "quotes.yaml:1:1: " },
		{ "languages: {en: {wrotte: [x]}}\n",
		    "quotes.yaml:1:18: unknown key 'wrotte'; did you mean "
		    "'wrote'?" },
		{ "languages: {en: {wrote: x}}\n",
		    "quotes.yaml:1:25: 'wrote' is a list of words" },
		{ "languages: {en: {wrote: ['**']}}\n",
		    "quotes.yaml:1:26: a word must have letters" },
		{ "languages: [en]\n", "quotes.yaml:1:12: " },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *found = NULL;
		g_autoptr(Quotes) quotes = load(rows[i].yaml, &found);

		g_test_message("%s: %s", rows[i].yaml, found);
		g_assert_null(quotes);
		g_assert_true(g_str_has_prefix(found, rows[i].problem));
	}
}

/* A site's own words take the place of those built in, and go again. */
static void
test_in_force(void)
{
	static const char text[] = "Bai.\n\nAnna Desk-ek idatzi du:\n> x\n> y";
	g_autofree char *problems = NULL;
	g_autoptr(Quotes) quotes = load("languages: {eu: {wrote: ['IDATZI "
					"du'], reply: [erantz]}}\n",
	    &problems);
	g_autofree char *before = body_new_text(text);
	g_autofree char *with = NULL, *after = NULL;
	QuotesPrefix prefix;

	g_assert_cmpstr(problems, ==, "");
	g_assert_cmpstr(before, ==, text);
	quotes_use(quotes);
	with = body_new_text(text);
	g_assert_cmpstr(with, ==, "Bai.");
	g_assert_cmpint(subject_kind("Erantz: x", &prefix), ==, SUBJECT_ANSWER);
	g_assert_cmpint(subject_kind("Re: x", &prefix), ==, SUBJECT_NEW);
	quotes_use(NULL);
	after = body_new_text(text);
	g_assert_cmpstr(after, ==, before);
	g_assert_cmpint(subject_kind("Re: x", &prefix), ==, SUBJECT_ANSWER);
}

/* Every language has what it takes to be known in a head. */
static void
test_languages(void)
{
	g_autoptr(GBytes) bytes = quotes_builtin();
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(YamlDocument) document = yaml_parse("quotes.yaml",
	    g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), problems);
	const YamlNode *languages = yaml_get(yaml_root(document), "languages");
	static const char *const needed[] = { "from", "sent", "to", "subject",
		"original", "forwarded", "wrote" };

	g_assert_cmpuint(yaml_count(languages), >=, 40);
	for (guint i = 0; i < yaml_count(languages); i++) {
		for (gsize k = 0; k < G_N_ELEMENTS(needed); k++) {
			const YamlNode *list =
			    yaml_get(yaml_value(languages, i), needed[k]);

			g_test_message("%s %s",
			    yaml_text(yaml_key(languages, i)), needed[k]);
			g_assert_cmpuint(yaml_count(list), >, 0);
		}
	}
}

static void
test_fold(void)
{
	static const struct {
		const char *text, *folded;
	} rows[] = {
		{ " *From*:\xc2\xa0 X ", "from : x" },
		{ "ENVOYÉ\xe2\x80\xaf:", "envoyé :" },
		{ "L’objet", "l'objet" },
		{ "\xe2\x80\xaa"
		  "2026\xe2\x80\xac",
		    "2026" },
		{ "۲۰۲۶", "2026" },
		{ "İletilen", "iletilen" },
		{ "", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *folded = quotes_fold(rows[i].text);

		g_assert_cmpstr(folded, ==, rows[i].folded);
	}
}

static void
test_subjects(void)
{
	static const struct {
		const char *subject;
		SubjectKind kind;
	} rows[] = {
		{ "Panne", SUBJECT_NEW },
		{ "Panne: tout est arrêté", SUBJECT_NEW },
		{ "Re: Panne", SUBJECT_ANSWER },
		{ "RE : Panne", SUBJECT_ANSWER },
		{ "Re[2]: Panne", SUBJECT_ANSWER },
		{ "AW(3): Panne", SUBJECT_ANSWER },
		{ "回复：故障", SUBJECT_ANSWER },
		{ "[EXT] Re: Panne", SUBJECT_ANSWER },
		{ "Re: Re: Panne [#12]", SUBJECT_ANSWER },
		{ "TR: Panne", SUBJECT_FORWARD },
		{ "Tr : Panne", SUBJECT_FORWARD },
		{ "[EXTERNE] TR: Panne", SUBJECT_FORWARD },
		{ "***SPAM*** {x} Fwd: Panne", SUBJECT_FORWARD },
		{ "RE: TR: Panne", SUBJECT_FORWARD },
		{ "RE: TR: Panne [#12]", SUBJECT_ANSWER },
		{ "TR: Panne [#12]", SUBJECT_FORWARD },
		{ "VS: Panne", SUBJECT_EITHER },
		{ "", SUBJECT_NEW },
		{ ":", SUBJECT_NEW },
		{ "[", SUBJECT_NEW },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		QuotesPrefix prefix;

		g_test_message("%s", rows[i].subject);
		g_assert_cmpint(subject_kind(rows[i].subject, &prefix), ==,
		    rows[i].kind);
	}
}

/* Shapes of pages that lost words. */
static void
test_pages(void)
{
	static const struct {
		const char *html, *text;
	} rows[] = {
		{ "<p>A</p></html><p>B</p>", "A\n\nB" },
		{ "<html><body>A</body></html><html><head><title>t</title>"
		  "</head><body>B</body></html>",
		    "A\n\nB" },
		{ "</div><p>A</p>", "A" },
		{ "</p></td></html> A", "A" },
		{ "A</body>B</body>C", "A\nB\nC" },
		{ "<![if !vml]>A<![endif]>B", "AB" },
		{ "A<![CDATA[x]]>B", "AB" },
		{ "A<?xml:namespace prefix = o />B", "AB" },
		{ "A<!--[if mso]>x<![endif]-->B", "AB" },
		{ "<!--[if !mso]><!-->A<!--<![endif]-->B", "AB" },
		{ "A<!-->B", "AB" },
		{ "A<!-- x --!>B", "AB" },
		{ "A<!-- x", "A" },
		{ "<a title='<!-- '>A</a>B", "AB" },
		{ "<a title='</html>' >A</a>B", "AB" },
		{ "<style>p > a { x: '<!--' }</style>A", "A" },
		{ "<script>if (a<b) '</div>'</script>A", "A" },
		{ "A</br>B", "A\nB" },
		{ "1 < 2 and <3", "1 < 2 and <3" },
		{ "<noscript>A</noscript><object>B</object>", "AB" },
		{ "<p style='font-size:0'><i style='font:italic 12px/1 Arial'>A"
		  "</i>x</p>",
		    "A" },
		{ "<p style='display:none;display:block'>A</p>", "A" },
		{ "<p style='display:block;display:none'>x</p>A", "A" },
		{ "<p style='display:none !important;display:block'>x</p>A",
		    "A" },
		{ "<div style='max-height:0;overflow:hidden'>x</div>A", "A" },
		{ "<div style='opacity:0'>x</div>A", "A" },
		{ "<div style='opacity:0.5;height:0'>A</div>", "A" },
		{ "A<p title='", "A" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = html_to_text(rows[i].html,
		    strlen(rows[i].html), 10000, false);

		g_test_message("%s", rows[i].html);
		g_assert_cmpstr(text, ==, rows[i].text);
	}
}

/* What is never closed, again and again, is looked for once. */
static void
test_pages_cost(void)
{
	static const char *const pieces[] = { "<!--x--!>", "<!--x", "<!x",
		"</p", "<p a='", "<style></styl", "<script>", "<!-->", "-- " };

	for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) page = g_string_new(NULL);
		g_autofree char *text = NULL;
		clock_t began = clock();

		while (page->len < 1000000)
			g_string_append(page, pieces[i]);
		text = html_to_text(page->str, page->len, 1000, true);
		g_test_message("%s", pieces[i]);
		g_assert_cmpfloat((double)(clock() - began) / CLOCKS_PER_SEC, <,
		    1.5);
	}
}

/* Lines that all look like heads: each is looked at a few times. */
static void
test_text_cost(void)
{
	static const char *const pieces[] = { "On 20 Nov 2026, X wrote:\n",
		"> a\nb\n", "From: a\n", "-- \n", "--\nx\n",
		"-----Original Message-----\n", "2026-11-20 <a@b.example>:\n",
		"On 1\n", "[...]\n", "<\n>\n", "PS: x y\n", "____________\n" };

	for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) text = g_string_new("words\n");
		g_autofree char *own = NULL;
		g_autofree char *words = NULL;
		clock_t began = clock();
		bool below;

		/* As many lines as are looked at. */
		for (int lines = 2; lines < LIMIT_ANSWER_LINES; lines++) {
			g_string_append(text, pieces[i]);
			lines += strchr(pieces[i], '\n')[1] != '\0';
		}
		own = body_new_text(text->str);
		words = body_own_words(text->str, &below);
		g_test_message("%s %.2f", pieces[i],
		    (double)(clock() - began) / CLOCKS_PER_SEC);
		g_assert_cmpfloat((double)(clock() - began) / CLOCKS_PER_SEC, <,
		    3);
	}
}

static void
test_stubs(void)
{
	static const char page[] =
	    "Good morning, the database of production is blocked and nobody "
	    "of us can connect to it since nine, please call us back";
	static const struct {
		const char *plain, *page;
		bool stub;
	} rows[] = {
		{ ".", page, true },
		{ "\xc2\xa0\n", page, true },
		{ "[cid:image001.png@01DC]", page, true },
		{ "View this email in your browser: https://x.example", page,
		    true },
		{ "Your mail client does not support HTML.", page, true },
		{ "Votre client de messagerie ne prend pas en charge les "
		  "messages HTML.",
		    "Bonjour, la base est bloquée.", true },
		{ "[image: logo]", page, true },
		{ page, page, false },
		{ "Good morning,", page, false },
		{ "The html report is empty", "The html report is empty",
		    false },
		{ "Call me back please", "Call me back please, the boss",
		    false },
		{ "", "", false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s", rows[i].plain);
		g_assert_cmpint(body_is_stub(rows[i].plain, rows[i].page), ==,
		    rows[i].stub);
	}
}

static void
test_parts_without_empty_line(void)
{
	static const struct {
		const char *part, *text;
	} rows[] = {
		{ "Content-Type: text/plain\nOur server is down.\nHelp.\n",
		    "Our server is down.\nHelp." },
		{ "Content-Type: text/plain\nOur server is down.\n\nHelp.\n",
		    "Our server is down.\n\nHelp." },
		{ "Content-Type: text/html;\n charset=utf-8\n<p>Down.</p>\n",
		    "Down." },
		{ "Content-Type: text/plain\n\nA: b\n", "A: b" },
		{ "Content-Type: text/plain\n\n", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mail = g_strdup_printf(
		    "From: a@client.example\nSubject: x\nMIME-Version: 1.0\n"
		    "Content-Type: multipart/mixed; boundary=b\n\n--b\n%s--b--\n",
		    rows[i].part);
		g_autoptr(Message) message = message_parse((const guint8 *)mail,
		    strlen(mail), false);
		g_autofree char *text = g_strstrip(g_strdup(message->text));

		g_test_message("%s", rows[i].part);
		g_assert_cmpstr(text, ==, rows[i].text);
	}
}

static void
test_lines_cut(void)
{
	g_assert_cmpuint(body_lines_cut("a\n\n> b\n> c\n", "a"), ==, 2);
	g_assert_cmpuint(body_lines_cut("a\n\nb", "a\n\nb"), ==, 0);
	g_assert_cmpuint(body_lines_cut("", "a"), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/quotes/mistakes", test_mistakes);
	g_test_add_func("/quotes/in-force", test_in_force);
	g_test_add_func("/quotes/languages", test_languages);
	g_test_add_func("/quotes/fold", test_fold);
	g_test_add_func("/quotes/subjects", test_subjects);
	g_test_add_func("/quotes/pages", test_pages);
	g_test_add_func("/quotes/pages-cost", test_pages_cost);
	g_test_add_func("/quotes/text-cost", test_text_cost);
	g_test_add_func("/quotes/stubs", test_stubs);
	g_test_add_func("/quotes/parts-without-empty-line",
	    test_parts_without_empty_line);
	g_test_add_func("/quotes/lines-cut", test_lines_cut);
	return g_test_run();
}
