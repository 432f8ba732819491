/* Which mail, and who wrote it: ids and From as they stand in a field. */
#include "guichet/base/limits.h"
#include "guichet/mail/identity.h"
#include "guichet/mail/ids.h"

#include <string.h>

static void
test_ids(void)
{
	static const struct {
		const char *value, *id;
	} rows[] = {
		{ "<a@b>", "a@b" },
		{ " <a@b> <c@d>", "a@b" },
		{ "a@b", "a@b" },
		{ "ab", NULL },
		{ "<>", NULL },
		{ "<<a@b>>", "a@b" },
		{ "<a b@c>", NULL },
		{ "<\xc3\xa9@b>", NULL },
		{ "<a@b", NULL },
		{ "", NULL },
		{ "<a@b\r\n c>", "a@bc" }, /* folded in the middle */
		{ "< a@b\t>", "a@b" },
		{ "&lt;a@b&gt;", "a@b" },
		{ "a@b c@d", NULL },
	};
	static const struct {
		const char *value, *ids; /* joined by blanks */
	} lists[] = {
		{ "<a@b> <c@d>", "a@b c@d" },
		{ "<a@b><c@d>\r\n\t<a@b>", "a@b c@d" },
		{ "<a@b> <a@b> <c@d> <a@b>", "a@b c@d" },
		{ "a@b", "a@b" },
		{ "a@b, c@d", "a@b c@d" },
		{ "< a@b >\n<c\n @d>", "a@b c@d" },
		{ "&lt;a@b&gt; &LT;c@d&GT;", "a@b c@d" },
		{ "&#60;a@b&#62;", "a@b" },
		{ "Your message of \"Fri, 20 Nov\" <a@b> (Desk)", "a@b" },
		{ "a@b (c@d wrote)", "a@b" },
		{ "'<a@b>'", "a@b" },
		{ "<<a@b>>", "a@b" },
		/* What binds nothing. */
		{ "<undefined>", "" },
		{ "<yes> <no>", "" },
		{ "<@b> <a@>", "" },
		{ "undefined", "" },
		{ "<a@b", "" },
		{ "", "" },
	};
	GString *many = g_string_new(NULL);
	g_auto(GStrv) list = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
		g_auto(GStrv) ids = ids_list(lists[i].value,
		    strlen(lists[i].value), 10);
		g_autofree char *joined = g_strjoinv(" ", ids);

		g_test_message("%s", lists[i].value);
		g_assert_cmpstr(joined, ==, lists[i].ids);
	}

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *id = ids_first(rows[i].value,
		    strlen(rows[i].value));

		g_test_message("%s", rows[i].value);
		g_assert_cmpstr(id, ==, rows[i].id);
	}
	for (int i = 0; i < 1000; i++)
		g_string_append_printf(many, "<%d@x>", i);
	list = ids_list(many->str, many->len, LIMIT_REFERENCES_READ);
	g_assert_cmpuint(g_strv_length(list), ==, LIMIT_REFERENCES_READ);
	g_assert_cmpstr(list[LIMIT_REFERENCES_READ - 1], ==, "999@x");
	/* The root of a long thread may be the one that is known. */
	g_assert_cmpstr(list[0], ==, "0@x");
	g_string_free(many, TRUE);
}

static void
test_id_length(void)
{
	g_autofree char *most = g_strnfill(LIMIT_MESSAGE_ID_BYTES, 'a');
	g_autofree char *more = g_strnfill(LIMIT_MESSAGE_ID_BYTES + 1, 'a');

	g_assert_true(ids_is_valid(most));
	g_assert_false(ids_is_valid(more));
}

/* Some shapes of doc/security.md T22, and the word that says what is wrong;
 * from_shapes.t has all of them, and Python's opinion. */
static void
test_identity(void)
{
	static const struct {
		const char *value, *identity, *defect;
	} rows[] = {
		{ " a@client.example", "a@client.example", NULL },
		{ " <A@Client.Example>", "a@client.example", NULL },
		{ " Jean Dupont <jean@client.example> ", "jean@client.example",
		    NULL },
		{ " \"Dupont, Jean\" <jean@client.example>",
		    "jean@client.example", NULL },
		{ "\r\n =?utf-8?Q?Ren=C3=A9?=\r\n <r@client.example>",
		    "r@client.example", NULL },
		{ " Ren\xc3\xa9 <r@client.example>", "r@client.example", NULL },
		{ " Jean (Support) <j@client.example>", "j@client.example",
		    NULL },
		{ " J. R. Dupont <j+x@client.example>", "j+x@client.example",
		    NULL },
		{ "", NULL, "from-empty" },
		{ " <>", NULL, "from-empty" },
		{ " Jean", NULL, "from-syntax" },
		{ " a@b.example, c@d.example", NULL, "from-several" },
		{ " <a@b.example>, <c@d.example>", NULL, "from-several" },
		{ " \"x\" <a@b.example> <c@d.example>", NULL, "from-several" },
		{ " a@b.example <c@d.example>", NULL, "from-syntax" },
		{ " T: a@b.example;", NULL, "from-group" },
		{ " <@route.example:a@b.example>", NULL, "from-group" },
		{ " a@b.example (c@d.example)", NULL, "from-comment" },
		{ " <a@b.example> (x)", NULL, "from-comment" },
		{ " (a@b.example) <c@d.example>", NULL, "from-comment" },
		{ " a(x)@b.example", NULL, "from-comment" },
		{ " \"a b\"@b.example <c@d.example>", NULL, "from-quoted" },
		{ " =?utf-8?q?a?=@b.example", NULL, "from-encoded" },
		{ " \xc3\xa9@b.example", NULL, "from-8bit" },
		{ " a@b\x01.example", NULL, "from-control" },
		{ " a@b.example\x7f", NULL, "from-control" },
		{ " a@b.example\rBcc: c@d.example", NULL, "from-control" },
		/* Old but sound. */
		{ " a@b.example (Nagios)", "a@b.example", NULL },
		{ " a@b.example\r\n (=?utf-8?q?Ren=C3=A9?=)  ", "a@b.example",
		    NULL },
		{ " a@b.example (Ren\xc3\xa9 \"x\" Morel)", "a@b.example",
		    NULL },
		{ " A@b.example <a@B.example>", "a@b.example", NULL },
		{ " a@b.example<a@b.example>", "a@b.example", NULL },
		{ " < a@b.example >", "a@b.example", NULL },
		{ " Jean <\r\n a@b.example>", "a@b.example", NULL },
		{ " Jean <a@b.example>, J <A@b.example>", "a@b.example", NULL },
		{ " a@b.example,a@b.example (J), <a@b.example>,", "a@b.example",
		    NULL },
		{ " Jean <a@b.example> ,\r\n ", "a@b.example", NULL },
		{ " \"a\"@b.example", "a@b.example", NULL },
		{ " Jean <\"a.b\"@b.example>", "a.b@b.example", NULL },
		{ " Taro <taro.@b.example>", "taro.@b.example", NULL },
		{ " Taro <\"taro.\"@b.example>", "taro.@b.example", NULL },
		{ " a..b@b.example (Taro)", "a..b@b.example", NULL },
		{ " .a@b.example", ".a@b.example", NULL },
		/* Their doubtful sisters. */
		{ " a@b.example (x) y", NULL, "from-comment" },
		{ " a@b.example (x) (y)", NULL, "from-comment" },
		{ " a@b.example (x, y)", NULL, "from-several" },
		{ " a@b.example (x:y)", NULL, "from-group" },
		{ " a@b.example (x\\)", NULL, "from-comment" },
		{ " a@b.example (x", NULL, "from-comment" },
		{ " a@b.example (x) <a@b.example>", NULL, "from-syntax" },
		{ " a@b.example@c.example", NULL, "from-syntax" },
		{ " Jean <a@b.example@c.example>", NULL, "from-syntax" },
		{ " 'a@b.example' <a@b.example>", NULL, "from-syntax" },
		{ " a@b.example <c@b.example>", NULL, "from-syntax" },
		{ " < a @b.example>", NULL, "from-syntax" },
		{ " a@b.example, c@b.example (J)", NULL, "from-several" },
		{ " , a@b.example", NULL, "from-several" },
		{ " a@b.example, Jean", NULL, "from-syntax" },
		{ " Dupont, Jean <a@b.example>", NULL, "from-several" },
		{ " \"a b\"@b.example", NULL, "from-quoted" },
		{ " \"a@b.example\"@c.example", NULL, "from-quoted" },
		{ " \"a\\b\"@b.example", NULL, "from-quoted" },
		{ " ..@b.example", NULL, "from-syntax" },
		{ " a@b..example", NULL, "from-syntax" },
		{ " a@b.example.", NULL, "from-syntax" },
		{ " a@b.example; c@d.example", NULL, "from-several" },
		{ " \"x <a@b.example>", NULL, "from-syntax" },
		{ " \"x\\\" <a@b.example>\" <c@d.example>", "c@d.example",
		    NULL },
		{ " .Jean <a@b.example>", NULL, "from-syntax" },
		{ " x.\"y\" <a@b.example>", NULL, "from-syntax" },
		{ " a@[192.0.2.1]", NULL, "from-syntax" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *defect = NULL;
		g_autofree char *identity = identity_from_field(rows[i].value,
		    strlen(rows[i].value), &defect);

		g_test_message("%s", rows[i].value);
		g_assert_cmpstr(identity, ==, rows[i].identity);
		if (identity == NULL)
			g_assert_cmpstr(defect, ==, rows[i].defect);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/identity/ids", test_ids);
	g_test_add_func("/identity/id-length", test_id_length);
	g_test_add_func("/identity/from", test_identity);
	return g_test_run();
}
