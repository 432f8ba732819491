/* What looks like a secret, and what does not; the queue and a ticket as they
 * are read by mail. */
#include "guichet/base/limits.h"
#include "guichet/judgment/reading.h"
#include "guichet/rules/secrets.h"

#include <string.h>

static Secrets *
load(const char *yaml, char **ret_problems)
{
	g_autoptr(GBytes) bytes = yaml != NULL
	    ? g_bytes_new_static(yaml, strlen(yaml))
	    : secrets_builtin();
	g_autoptr(Problems) problems = problems_new();
	Secrets *secrets = secrets_load("secrets.yaml", bytes, problems);

	*ret_problems = problems_format(problems);
	return secrets;
}

static void
test_mistakes(void)
{
	static const struct {
		const char *yaml, *problem;
	} rows[] = {
		{ "secrets: x\n", "secrets.yaml:1:10: secrets is a list" },
		{ "words: []\n",
		    "secrets.yaml:1:1: the key 'secrets' is missing" },
		{ "secrets: [{name: a}]\n", "secrets.yaml:1:11: " },
		{ "secrets: [{name: a, pattern: '('}]\n",
		    "secrets.yaml:1:30: bad pattern" },
		{ "secrets: [{name: a, pattern: '(a+)+$'}]\n",
		    "secrets.yaml:1:30: the pattern '(a+)+$' backtracks" },
		{ "secrets: [{name: a, pattern: 'a*'}]\n",
		    "secrets.yaml:1:30: the pattern finds a secret in an "
		    "empty" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *found = NULL;
		g_autoptr(Secrets) secrets = load(rows[i].yaml, &found);

		g_test_message("%s: %s", rows[i].yaml, found);
		g_assert_null(secrets);
		g_assert_true(g_str_has_prefix(found, rows[i].problem));
	}
}

static void
assert_masked(const Secrets *secrets, const char *text, const char *expected)
{
	static const char *const said[] = { "girafe bleue", NULL };
	const SecretWords words = { said, "help@desk.example" };
	g_autofree char *masked = secrets_mask(secrets, &words, text, "en");

	g_assert_cmpstr(masked, ==, expected);
}

static void
test_builtin(void)
{
	static const struct {
		const char *text, *masked;
	} rows[] = {
		{ "password: hunter2\nuser: joe",
		    "password: [masked]\nuser: joe" },
		{ "Mot de passe : p@ss:w0rd!, merci",
		    "Mot de passe : [masked] "
		    "merci" },
		{ "mdp = abc\nmdp = def", "mdp = [masked]\nmdp = [masked]" },
		{ "Le mot de passe du compte est « Zorro »",
		    "Le mot de passe du compte est « [masked] »" },
		{ "your code 493 022.", "your code [masked]." },
		{ "Code de validation : 481516",
		    "Code de validation : [masked]" },
		{ "erreur, code 404", "erreur, code 404" },
		{ "api_key=\"abcdef123456\"", "api_key=\"[masked]\"" },
		{ "clé d'api : 0123456789", "clé d'api : [masked]" },
		{ "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\nBBBB\n",
		    "-----BEGIN OPENSSH PRIVATE KEY-----[masked]" },
		{ "AKIAIOSFODNN7EXAMPLE, ghp_0123456789abcdefghij0123",
		    "[masked], [masked]" },
		{ "postgres://joe:s3cret@db/erp",
		    "postgres://joe:[masked]@db/erp" },
		{ "Authorization: Bearer abcdefghijkl.mno",
		    "Authorization: Bearer [masked]" },
		{ "Help+abc.d.e.f.g2@desk.example, help@desk.example",
		    "Help+[masked]@desk.example, help@desk.example" },
		{ "Le compte girafe bleue.", "Le compte [masked]." },
		{ "Plus rien ne marche depuis 10:05.",
		    "Plus rien ne marche depuis 10:05." },
		{ "", "" },
	};
	g_autofree char *problems = NULL;
	g_autoptr(Secrets) secrets = load(NULL, &problems);

	g_assert_cmpstr(problems, ==, "");
	g_assert_nonnull(secrets);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		assert_masked(secrets, rows[i].text, rows[i].masked);
}

/* What cannot be looked at whole is not shown at all. */
static void
test_beyond_measure(void)
{
	g_autofree char *problems = NULL;
	g_autoptr(Secrets) secrets =
	    load("secrets: [{name: pin, pattern: 'pin (?<secret>[0-9]{4})'}]\n",
		&problems);
	g_autoptr(GString) text = g_string_new(NULL);

	g_assert_nonnull(secrets);
	for (int i = 0; i < 499; i++)
		g_string_append(text, "pin 1234 ");
	{
		const SecretWords none = { NULL, NULL };
		g_autofree char *few = secrets_mask(secrets, &none, text->str,
		    "en");
		g_autofree char *many = NULL;

		g_assert_null(strstr(few, "1234"));
		g_assert_nonnull(strstr(few, "pin [masked] pin"));
		g_string_append(text, "pin 1234 pin 1234");
		many = secrets_mask(secrets, &none, text->str, "fr");
		g_assert_cmpstr(many, ==, "[masqué]");
	}
}

/* What a technician reads is bounded, and says what it leaves out. */
static void
test_reading(void)
{
	const ReadingFor reader = { "en", zone_get("Europe/Paris", NULL),
		1795190400, false };
	const ReadingRow row = {
		.number = 12,
		.subject = "The ERP is down",
		.client = "Acier",
		.assigned = "",
		.state = TICKET_NEW,
		.severity = 2,
		.awaits = AWAITS_RESPONSE,
		.due = 1795190400 - 3600,
	};
	g_autofree char *line = reading_row(&row, &reader);
	g_autofree char *long_text = g_strnfill(2 * LIMIT_READING_ENTRY_BYTES,
	    'x');
	g_autoptr(GPtrArray) clocks = g_ptr_array_new();
	g_autoptr(GPtrArray) entries = g_ptr_array_new();
	g_autofree char *whole = NULL;
	ReadingEntry entry = {
		.at = 1795190400,
		.who = "jeanne@acier.example",
		.what = "mail",
		.to = "",
		.text = long_text,
		.is_public = true,
	};

	g_assert_cmpstr(line, ==,
	    "#12 The ERP is down\nnew, severity 2, Acier\n"
	    "First answer by a technician: late by 1 h 00 min\n"
	    "Friday 20 November 2026, 16:00");
	for (int i = 0; i < 20; i++)
		g_ptr_array_add(entries, &entry);
	whole = reading_ticket(&row, clocks, entries, &reader);
	g_assert_cmpuint(strlen(whole), <,
	    LIMIT_READING_BYTES + 2 * LIMIT_READING_ENTRY_BYTES);
	g_assert_nonnull(strstr(whole, "(not verified)\n\nxxxx"));
	g_assert_nonnull(strstr(whole, "x …\n\n— "));
	g_assert_nonnull(strstr(whole, "\n\n… and 14 older: guichet show 12"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/secrets/mistakes", test_mistakes);
	g_test_add_func("/secrets/builtin", test_builtin);
	g_test_add_func("/secrets/beyond-measure", test_beyond_measure);
	g_test_add_func("/secrets/reading", test_reading);
	return g_test_run();
}
