/* The guard before libetpan: what goes through, in pieces of any size, and
 * what does not. */
#include "../../src/wire/answer_guard_private.h"

#include "guichet/base/error.h"
#include "guichet/base/limits.h"

#include <string.h>

/* What comes out of the bytes in pieces of that size; NULL: refused. */
static char *
pass(const char *bytes, gsize length, gsize piece, char **ret_why)
{
	g_autoptr(AnswerGuard) guard = answer_guard_new();
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;

	for (gsize i = 0; i < length; i += piece) {
		char buffer[7];
		gsize n;

		if (!answer_guard_put(guard, bytes + i, MIN(piece, length - i),
			&error)) {
			g_assert_error(error, GUICHET_ERROR,
			    GUICHET_ERROR_TEMPORARY);
			if (ret_why != NULL)
				*ret_why = g_strdup(error->message);
			return NULL;
		}
		while (answer_guard_has_some(guard)) {
			n = answer_guard_take(guard, buffer, sizeof(buffer));
			g_assert_cmpuint(n, >, 0);
			g_string_append_len(out, buffer, (gssize)n);
		}
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* The same whatever the pieces. */
static void
check(const char *in, const char *out)
{
	for (gsize piece = 1; piece <= strlen(in) + 1; piece++) {
		g_autofree char *got = pass(in, strlen(in), piece, NULL);

		g_assert_cmpstr(got, ==, out);
	}
}

static void
test_through(void)
{
	static const char *const rows[] = {
		"* OK ready\r\n",
		"* OK well ((((((( done\r\n* OK again ((((((( done\r\n",
		"* 1 FETCH (UID 1 FLAGS (\\Seen \"(((((((((\"))\r\n",
		"* 1 FETCH (UID 1 BODY[] {12}\r\n(((((((((((("
		")\r\na OK\r\n",
		"* 1 FETCH (BODY[] {26}\r\nINTERNALDATE NIL\r\n(((((((\n)\r\n",
		"* 1 FETCH (BODY[] {0}\r\n)\r\na OK done\r\n",
		"* 1 FETCH (INTERNALDATE \"20-Nov-2026 17:00:00 +0130\")\r\n",
		"* 1 FETCH (INTERNALDATE \" 1-nov-2026 17:00:60 -1159\")\r\n",
		"* NAMESPACE ((\"\" \"/\")) NIL ((\"a\" \".\")(\"b\" \".\"))\r\n",
		"* OK INTERNALDATE NIL is a word\r\n",
		"* LIST () \"/\" {3}\r\na b\r\na OK listed\r\n",
		"bare newline\n",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		check(rows[i], rows[i]);
	check("* OK half", "");
}

static void
test_dates(void)
{
	static const char *const bad[] = { "NIL", "\"\"", "\"20-Nov-2026\"",
		"\"00-Nov-2026 17:00:00 +0100\"",
		"\"32-Nov-2026 17:00:00 +0100\"",
		"\"20-Foo-2026 17:00:00 +0100\"",
		"\"20-Nov-2026 24:00:00 +0100\"",
		"\"20-Nov-2026 17:60:00 +0100\"",
		"\"20-Nov-2026 17:00:61 +0100\"",
		"\"20-Nov-2026 17:00:00 +1500\"",
		"\"20-Nov-2026 17:00:00 CET\"",
		"\"20-Nov-2026 17:00:00 +0160\"",
		"\"20-Nov-02026 17:00:00 +0100\"" };

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *in = g_strdup_printf(
		    "* 1 FETCH (INTERNALDATE %s UID 3)\r\n", bad[i]);

		check(in,
		    "* 1 FETCH (INTERNALDATE \"" ANSWER_GUARD_NO_DATE
		    "\" UID 3)\r\n");
	}
}

/* Whatever stands around them, so many open ones never reach the parser in
 * one answer: not in quotes, not over lines that end in a literal's head. */
static void
test_bounded(void)
{
	static const char *const before[] = { "", "* ", "* 1 FETCH (BODY ",
		"* NAMESPACE ", "* THREAD ", "* OK \"", "* 1 FETCH (X \"\\\"",
		"a1 OK [", "+ " };
	static const char *const units[] = { "(", "\"(\"", "({1}\r\na",
		"({1+}\r\na", "(\" {1}\r\na", "(\")\"" };

	for (gsize i = 0; i < G_N_ELEMENTS(before); i++) {
		for (gsize k = 0; k < G_N_ELEMENTS(units); k++) {
			g_autoptr(GString) in = g_string_new(before[i]);
			g_autofree char *why = NULL;
			g_autofree char *out = NULL;

			for (int n = 0; n <= LIMIT_IMAP_PARENTHESES; n++)
				g_string_append(in, units[k]);
			g_string_append(in, "\r\n");
			out = pass(in->str, in->len, 1000, &why);
			g_test_message("%s%s", before[i], units[k]);
			g_assert_null(out);
			g_assert_nonnull(strstr(why, "parenthes"));
		}
	}
}

static void
test_refused(void)
{
	static const char huge[] = "* 1 FETCH (BODY[] {4294967301}\r\n";
	static const char nul[] = "* OK a\0b\r\n";

	g_assert_null(pass(huge, strlen(huge), 5, NULL));
	g_assert_null(pass(nul, sizeof(nul) - 1, 5, NULL));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/answer-guard/through", test_through);
	g_test_add_func("/answer-guard/dates", test_dates);
	g_test_add_func("/answer-guard/bounded", test_bounded);
	g_test_add_func("/answer-guard/refused", test_refused);
	return g_test_run();
}
