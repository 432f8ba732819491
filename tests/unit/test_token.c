#include "guichet/trust/token.h"

#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"

#include <string.h>

#define KEY_A "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
#define KEY_B "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY="
#define DAY   20777 /* 2026-11-20 */

static TokenKeys *
keys_of(const char *text, const char *instance)
{
	g_autoptr(GError) error = NULL;
	TokenKeys *keys = token_keys_parse(text, instance, &error);

	g_assert_no_error(error);
	g_assert_nonnull(keys);
	return keys;
}

static void
test_keys(void)
{
	static const struct {
		const char *text;
		const char *wrong; /* NULL: good */
	} rows[] = {
		{ "a:" KEY_A "\n", NULL },
		{ "a:" KEY_A, NULL },
		{ "\n a:" KEY_A " \r\nz:" KEY_B "\r\n\n", NULL },
		{ "", "no key" },
		{ "\n \n", "no key" },
		{ KEY_A, "LETTER:BASE64" },
		{ "A:" KEY_A, "LETTER:BASE64" },
		{ "1:" KEY_A, "LETTER:BASE64" },
		{ "ab:" KEY_A, "LETTER:BASE64" },
		{ "a:" KEY_A "\na:" KEY_B, "same letter" },
		{ "a:" KEY_A "\nb:" KEY_B "\nc:" KEY_A, "at most two" },
		{ "a:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MA==",
		    "32 bytes" },
		{ "a:", "base64" },
		{ "a:====", "base64" },
		{ "a:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE", "base64" },
		{ "a:MDEy!zQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "base64" },
		{ "a:" KEY_A " x", "base64" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(TokenKeys) keys = token_keys_parse(rows[i].text,
		    "desk", &error);

		g_test_message("%s", rows[i].text);
		if (rows[i].wrong == NULL) {
			g_assert_no_error(error);
			g_assert_nonnull(keys);
			continue;
		}
		g_assert_null(keys);
		g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
		g_assert_nonnull(strstr(error->message, rows[i].wrong));
		/* A secret must not reach a log by way of an error. */
		g_assert_null(strstr(error->message, "MDEy"));
	}
}

/* A fresh key above the one that signs; what went before is gone. */
static void
test_rotate(void)
{
	g_autofree char *first = token_keys_generate();
	g_autofree char *second = token_keys_rotate(first);
	g_autofree char *third = token_keys_rotate(second);
	g_autofree char *cut = g_strndup(first, 20);

	g_assert_cmpint(second[0], ==, 'b');
	g_assert_nonnull(strstr(second, first));
	g_assert_cmpint(third[0], ==, 'c');
	g_assert_null(strstr(third, first));
	g_assert_cmpint(strchr(third, '\n')[1], ==, 'b');
	g_assert_null(token_keys_rotate(cut));
}

static void
test_generate(void)
{
	g_autofree char *one = token_keys_generate();
	g_autofree char *two = token_keys_generate();
	g_autoptr(TokenKeys) keys = keys_of(one, "desk");

	g_assert_cmpstr(one, !=, two);
	g_assert_cmpint(one[strlen(one) - 1], ==, '\n');
}

static void
test_round_trip(void)
{
	static const Token rows[] = {
		{ TOKEN_TECHNICIAN, 1, 1, DAY, 0, false, 0, 0 },
		{ TOKEN_CLIENT, 0, 0, 0, 0, false, 0, 0 },
		{ TOKEN_CONFIRM, 31, 32, 1023, 1024, false, 0, 0 },
		{ TOKEN_BOUNCE, 123456789, 7, DAY, 3, false, 0, 0 },
		{ TOKEN_ALERT, ((gint64)1 << 50) - 1, ((gint64)1 << 50) - 1,
		    (1 << 20) - 1, G_MAXINT32, false, 0, 0 },
		{ TOKEN_TECHNICIAN, 1, 1, DAY, 0, false, 1, 0 },
		{ TOKEN_CLIENT, 2, 3, DAY, 0, false, 1 << 15, 0 },
		{ TOKEN_ALERT, ((gint64)1 << 50) - 1, ((gint64)1 << 50) - 1,
		    (1 << 20) - 1, G_MAXINT32, false, TOKEN_SALT_MAX, 0 },
	};
	g_autoptr(TokenKeys) keys = keys_of("k:" KEY_A, "desk");

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *word = token_format(keys, &rows[i]);
		g_autofree char *upper = g_ascii_strup(word, -1);
		Token token = { 0 };

		g_test_message("%s", word);
		g_assert_cmpuint(strlen(word), <=, 61);
		g_assert_cmpint(word[0], ==, 'k');
		g_assert_cmpint(token_parse(keys, word, rows[i].purpose,
				    rows[i].day, 1, &token),
		    ==, TOKEN_OK);
		g_assert_cmpint(token.ticket, ==, rows[i].ticket);
		g_assert_cmpint(token.who, ==, rows[i].who);
		g_assert_cmpint(token.day, ==, rows[i].day);
		g_assert_cmpint(token.epoch, ==, rows[i].epoch);
		g_assert_cmpint(token.salt, ==, rows[i].salt);
		g_assert_cmpint(token.purpose, ==, rows[i].purpose);
		/* Some systems fold case on the way. */
		g_assert_cmpint(token_parse(keys, upper, rows[i].purpose,
				    rows[i].day, 1, &token),
		    ==, TOKEN_OK);
	}
}

/* The format is on clients' screens for months: it may not change unseen. */
static void
test_known(void)
{
	static const guint8 random[8] = { 0, 1, 2, 3, 0xfc, 0xfd, 0xfe, 0xff };
	static const Token token = { TOKEN_TECHNICIAN, 1042, 3, DAY, 2, false,
		0, 0 };
	static const Token salted = { TOKEN_TECHNICIAN, 1042, 3, DAY, 2, false,
		0xabcde, 0 };
	g_autoptr(TokenKeys) keys = keys_of("a:" KEY_A, "desk");
	g_autofree char *word = token_format(keys, &token);
	g_autofree char *newer = token_format(keys, &salted);
	g_autofree char *id = token_message_id(keys, 1042, 77, random,
	    "tickets.example");

	g_assert_cmpstr(word, ==, "abas.d.ujj.c.nzq37qfxic4bozgfesx2");
	g_assert_cmpstr(newer, ==, "abas.d.ujj.c.vpg6wkifrpqz73ouksipqn72");
	g_assert_cmpstr(id, ==,
	    "k1.bas.cn.00010203fcfdfeff.2izbilgp2mz7nvqgwdl4@tickets.example");
}

/* Equal in all but the salt, which chance gave: no two words are one. */
static void
test_salt(void)
{
	static const gint32 salts[] = { 0, 1, 2, 31, 32, 1 << 10, 1 << 19,
		TOKEN_SALT_MAX - 1, TOKEN_SALT_MAX };
	g_autoptr(TokenKeys) keys = keys_of("a:" KEY_A, "desk");
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash,
	    g_str_equal, g_free, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(salts); i++) {
		const Token token = { TOKEN_TECHNICIAN, 2, 1, DAY, 0, false,
			salts[i], 0 };
		g_autofree char *word = token_format(keys, &token);
		const char *mac = word + strlen(word) - 20;

		/* Nor does one's signature hold for another. */
		for (gsize j = 0; j < G_N_ELEMENTS(salts); j++) {
			const Token other = { TOKEN_TECHNICIAN, 2, 1, DAY, 0,
				false, salts[j], 0 };
			g_autofree char *mixed = token_format(keys, &other);
			Token got;

			memcpy(mixed + strlen(mixed) - 20, mac, 20);
			g_assert_cmpint(token_parse(keys, mixed,
					    TOKEN_TECHNICIAN, DAY, 30, &got),
			    ==, i == j ? TOKEN_OK : TOKEN_BAD);
		}
		g_assert_true(g_hash_table_add(seen, g_steal_pointer(&word)));
	}
}

static void
test_binding(void)
{
	static const Token token = { TOKEN_TECHNICIAN, 12, 3, DAY, 2, false, 0,
		0 };
	g_autoptr(TokenKeys) keys = keys_of("a:" KEY_A "\nb:" KEY_B, "desk");
	g_autoptr(TokenKeys) other_site = keys_of("a:" KEY_A, "other");
	g_autoptr(TokenKeys) other_key = keys_of("a:" KEY_B, "desk");
	g_autoptr(TokenKeys) other_kid = keys_of("c:" KEY_A, "desk");
	g_autoptr(TokenKeys) rotated = keys_of("c:" KEY_B "\na:" KEY_A, "desk");
	g_autofree char *word = token_format(keys, &token);
	Token got = { .ticket = -1 };

	for (int p = TOKEN_CLIENT; p < TOKEN_PURPOSE_COUNT; p++)
		g_assert_cmpint(
		    token_parse(keys, word, (TokenPurpose)p, DAY, 30, &got), ==,
		    p == TOKEN_BUTTON || p == TOKEN_CHOICE ? TOKEN_ABSENT
							   : TOKEN_BAD);
	g_assert_cmpint(
	    token_parse(other_site, word, TOKEN_TECHNICIAN, DAY, 30, &got), ==,
	    TOKEN_BAD);
	g_assert_cmpint(
	    token_parse(other_key, word, TOKEN_TECHNICIAN, DAY, 30, &got), ==,
	    TOKEN_BAD);
	g_assert_cmpint(
	    token_parse(other_kid, word, TOKEN_TECHNICIAN, DAY, 30, &got), ==,
	    TOKEN_BAD);
	g_assert_cmpint(got.ticket, ==, -1);
	g_assert_cmpint(
	    token_parse(rotated, word, TOKEN_TECHNICIAN, DAY, 30, &got), ==,
	    TOKEN_OK);
	g_assert_cmpint(got.ticket, ==, 12);
}

static void
test_expiry(void)
{
	static const struct {
		gint32 today, days;
		TokenVerdict verdict;
	} rows[] = {
		{ DAY, 0, TOKEN_OK },
		{ DAY + 30, 30, TOKEN_OK },
		{ DAY + 31, 30, TOKEN_EXPIRED },
		{ DAY + 1, 0, TOKEN_EXPIRED },
		{ DAY - 2, 30, TOKEN_OK },
		{ DAY - 3, 30, TOKEN_EXPIRED },
		{ G_MAXINT32, 30, TOKEN_EXPIRED },
		{ G_MININT32, 30, TOKEN_EXPIRED },
		{ G_MAXINT32, G_MAXINT32, TOKEN_OK },
	};
	static const Token token = { TOKEN_CLIENT, 12, 3, DAY, 2, false, 0, 0 };
	g_autoptr(TokenKeys) keys = keys_of("a:" KEY_A, "desk");
	g_autofree char *word = token_format(keys, &token);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		Token got = { 0 };

		g_test_message("row %zu", i);
		g_assert_cmpint(token_parse(keys, word, TOKEN_CLIENT,
				    rows[i].today, rows[i].days, &got),
		    ==, rows[i].verdict);
		g_assert_cmpint(got.ticket, ==, 12);
	}
}

static void
test_absent(void)
{
	static const char *const rows[] = {
		"",
		"a",
		"spam",
		"a1.b.c.d.aaaaaaaaaaaaaaaaaaaa",
		"ab.b.c.d",
		"ab.b.c.d.aaaaaaaaaaaaaaaaaaa",
		"ab.b.c.d.aaaaaaaaaaaaaaaaaaaaa",
		"ab.b.c.d.aaaaaaaaaaaaaaaaaaaaaaa",
		"ab.b.c.d.aaaaaaaaaaaaaaaaaaaaaaaa", /* salt 0 is none */
		"ab.b.c.d.b1aaaaaaaaaaaaaaaaaaaaaa",
		"ab.b.c.d.baaaaaaaaaaaaaaaaaaaaaaaa",
		"ab.b.c.d.aaaaaaaaaaaaaaaaaaaa.e",
		"aab.b.c.d.aaaaaaaaaaaaaaaaaaaa",
		"ab.ab.c.d.aaaaaaaaaaaaaaaaaaaa",
		"a.b.c.d.aaaaaaaaaaaaaaaaaaaa",
		"ab..c.d.aaaaaaaaaaaaaaaaaaaa",
		"ab.b.77777.d.aaaaaaaaaaaaaaaaaaaa",
		"ab.b.c.7777777.aaaaaaaaaaaaaaaaaaaa",
		"a77777777777.b.c.d.aaaaaaaaaaaaaaaaaaaa",
		"1b.b.c.d.aaaaaaaaaaaaaaaaaaaa",
		"\xc3\xa9.b.c.d.aaaaaaaaaaaaaaaaaaaa",
		"ab.b.c.d.aaaaaaaaaaaaaaaaaa\xc3\xa9",
	};
	g_autoptr(TokenKeys) keys = keys_of("a:" KEY_A, "desk");
	g_autofree char *endless = g_strnfill(100000, 'b');
	Token token;

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s", rows[i]);
		g_assert_cmpint(
		    token_parse(keys, rows[i], TOKEN_CLIENT, DAY, 30, &token),
		    ==, TOKEN_ABSENT);
	}
	g_assert_cmpint(
	    token_parse(keys, endless, TOKEN_CLIENT, DAY, 30, &token), ==,
	    TOKEN_ABSENT);
	g_assert_cmpint(token_parse(keys, "ab.b.c.d.aaaaaaaaaaaaaaaaaaaa",
			    TOKEN_CLIENT, DAY, 30, &token),
	    ==, TOKEN_BAD);
}

/* A flip that only changes case is the same token; any other is none. */
static void
test_bits(void)
{
	g_autoptr(TokenKeys) keys = keys_of("a:" KEY_A "\nb:" KEY_B, "desk");
	GRand *rand = g_rand_new_with_seed(20261120);
	guint flips = 0, accepted = 0;

	for (int i = 0; i < 1000; i++) {
		Token token = { TOKEN_TECHNICIAN, g_rand_int(rand) % 100000,
			g_rand_int(rand) % 300, DAY, (gint32)(i % 9), false,
			i % 4 == 0 ? 0
				   : g_rand_int_range(rand, 1, TOKEN_SALT_MAX),
			0 };
		g_autofree char *word = token_format(keys, &token);
		gsize length = strlen(word);

		for (gsize bit = 0; bit < length * 8; bit++) {
			g_autofree char *bad = g_strdup(word);
			Token got;
			TokenVerdict verdict;

			bad[bit / 8] ^= (char)(1 << bit % 8);
			if (g_ascii_strcasecmp(bad, word) == 0)
				continue;
			verdict = token_parse(keys, bad, TOKEN_TECHNICIAN, DAY,
			    30, &got);
			flips++;
			if (verdict == TOKEN_OK || verdict == TOKEN_EXPIRED)
				accepted++;
		}
	}
	g_rand_free(rand);
	g_assert_cmpuint(flips, >, 200000);
	g_assert_cmpuint(accepted, ==, 0);
}

static void
test_address(void)
{
	static const struct {
		const char *address, *box, *word;
	} rows[] = {
		{ "help+abc.d@tickets.example", "help@tickets.example",
		    "abc.d" },
		{ "HELP+AbC@Tickets.Example", "help@tickets.example", "AbC" },
		{ "help+a+b@tickets.example", "help@tickets.example", "a+b" },
		{ "help@tickets.example", "help@tickets.example", NULL },
		{ "help+@tickets.example", "help@tickets.example", NULL },
		{ "helpabc@tickets.example", "help@tickets.example", NULL },
		{ "hel+abc@tickets.example", "help@tickets.example", NULL },
		{ "xhelp+abc@tickets.example", "help@tickets.example", NULL },
		{ "help+abc@tickets.example.test", "help@tickets.example",
		    NULL },
		{ "help+abc@evil.tickets.example", "help@tickets.example",
		    NULL },
		{ "help+abc", "help@tickets.example", NULL },
		{ "a@b", "help@tickets.example", NULL },
		{ "", "help@tickets.example", NULL },
		{ "@", "help@tickets.example", NULL },
		{ "help+abc@tickets.example", "help", NULL },
	};
	g_autofree char *whole = token_address("help@tickets.example", "abc");
	g_autofree char *just = token_address("support@tickets.example",
	    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcd");
	g_autofree char *over = token_address("support@tickets.example",
	    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcde");

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *word = token_from_address(rows[i].address,
		    rows[i].box);

		g_test_message("%s", rows[i].address);
		g_assert_cmpstr(word, ==, rows[i].word);
	}
	g_assert_cmpstr(whole, ==, "help+abc@tickets.example");
	g_assert_true(text_is_address(just));
	g_assert_null(over);
}

static void
test_message_id(void)
{
	static const guint8 random[8] = { 9, 8, 7, 6, 5, 4, 3, 2 };
	static const char *const absent[] = {
		"",
		"@",
		"20261120.1234@tickets.example",
		"k1.b.c.0908070605040302@tickets.example",
		"k1.b.c.0908070605040302.aaaaaaaaaaaaaaaaaaaa@evil.example",
		"k1.b.c.0908070605040302.aaaaaaaaaaaaaaaaaaaa",
		"k2.b.c.0908070605040302.aaaaaaaaaaaaaaaaaaaa@tickets.example",
		"k1.b.c.090807060504030g.aaaaaaaaaaaaaaaaaaaa@tickets.example",
	};
	g_autoptr(TokenKeys) keys = keys_of("a:" KEY_A, "desk");
	g_autoptr(TokenKeys) rotated = keys_of("c:" KEY_B "\na:" KEY_A, "desk");
	g_autoptr(TokenKeys) gone = keys_of("c:" KEY_B, "desk");
	g_autofree char *id = token_message_id(keys, 4711, 9, random,
	    "tickets.example");
	g_autofree char *upper = g_ascii_strup(id, -1);
	gint64 ticket = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(absent); i++) {
		g_test_message("%s", absent[i]);
		g_assert_cmpint(token_parse_message_id(keys, absent[i],
				    "tickets.example", &ticket),
		    ==, TOKEN_ABSENT);
	}
	g_assert_cmpint(
	    token_parse_message_id(gone, id, "tickets.example", &ticket), ==,
	    TOKEN_BAD);
	g_assert_cmpint(ticket, ==, 0);
	g_assert_cmpint(
	    token_parse_message_id(rotated, id, "tickets.example", &ticket), ==,
	    TOKEN_OK);
	g_assert_cmpint(ticket, ==, 4711);
	g_assert_cmpint(
	    token_parse_message_id(keys, upper, "Tickets.example", &ticket), ==,
	    TOKEN_OK);
	for (gsize bit = 0; bit < strlen(id) * 8; bit++) {
		g_autofree char *bad = g_strdup(id);

		bad[bit / 8] ^= (char)(1 << bit % 8);
		if (g_ascii_strcasecmp(bad, id) != 0)
			g_assert_cmpint(token_parse_message_id(keys, bad,
					    "tickets.example", &ticket),
			    !=, TOKEN_OK);
	}
}

/* Signer and reader each in the time before identities (0) or in a life of store
 * x or y: all pairs, for the word and for the Message-ID. */
static void
test_lives(void)
{
	static const struct {
		const char *identity;
		gint32 life;
	} at[] = { { NULL, 0 }, { "x", 1 }, { "x", 2 }, { "x", 7 }, { "y", 1 },
		{ "y", 2 }, { "x", 1 + LIMIT_LIVES } };
	static const guint8 random[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	Token token = { TOKEN_TECHNICIAN, 2, 1, DAY, 0, false, 0, 0 };

	for (gsize s = 0; s < G_N_ELEMENTS(at); s++) {
		for (gsize r = 0; r < G_N_ELEMENTS(at); r++) {
			g_autoptr(TokenKeys) signer = keys_of("a:" KEY_A, "d");
			g_autoptr(TokenKeys) reader = keys_of("a:" KEY_A, "d");
			g_autofree char *word = NULL, *id = NULL;
			bool same, ours;
			TokenVerdict verdict;
			Token got = { 0 };
			OwnId own = { 0 };

			if (at[s].life > 0)
				token_keys_bind(signer, at[s].identity,
				    at[s].life);
			if (at[r].life > 0)
				token_keys_bind(reader, at[r].identity,
				    at[r].life);
			same = s == r;
			ours = same ||
			    (at[s].life < at[r].life &&
				at[r].life - at[s].life < LIMIT_LIVES &&
				(at[s].life == 0 ||
				    strcmp(at[s].identity, at[r].identity) ==
					0)) ||
			    (at[s].life == 0 && at[r].life > 0);
			word = token_format(signer, &token);
			id = token_message_id(signer, 2, 3, random,
			    "d.example");
			verdict = token_parse(reader, word, TOKEN_TECHNICIAN,
			    DAY, 30, &got);
			g_test_message("signed %zu, read %zu", s, r);
			g_assert_cmpint(verdict, ==,
			    ours ? TOKEN_OK : TOKEN_BAD);
			g_assert_cmpint(got.earlier, ==, ours && !same);
			verdict = token_read_message_id(reader, id, "d.example",
			    &own);
			g_assert_cmpint(verdict, ==,
			    ours ? TOKEN_OK : TOKEN_BAD);
			g_assert_cmpint(own.earlier, ==, ours && !same);
			g_assert_cmpint(own.seq, ==, ours ? 3 : 0);
		}
	}
}

/* One order, its own word; and the mail that offered it is found by it. */
static void
test_button(void)
{
	g_autoptr(TokenKeys) keys = keys_of("a:" KEY_A "\nb:" KEY_B, "desk");
	const Token mail = { TOKEN_TECHNICIAN, 12, 3, DAY, 2, false, 77, 0 };
	Token button = mail, read;
	g_autofree char *carrier = token_format(keys, &mail);
	g_autofree char *word = NULL, *other = NULL, *beside = NULL;

	button.purpose = TOKEN_BUTTON;
	button.button = 5;
	word = token_format(keys, &button);
	g_assert_cmpint(
	    token_parse(keys, word, TOKEN_BUTTON, DAY + 7, 7, &read), ==,
	    TOKEN_OK);
	g_assert_cmpint(read.button, ==, 5);
	g_assert_cmpint(read.ticket, ==, 12);
	g_assert_cmpint(read.salt, ==, 77);
	beside = token_beside(keys, word, &read, TOKEN_TECHNICIAN);
	g_assert_cmpstr(beside, ==, carrier);
	g_assert_cmpint(
	    token_parse(keys, word, TOKEN_BUTTON, DAY + 8, 7, &read), ==,
	    TOKEN_EXPIRED);
	/* No other purpose's, nor another's a button's. */
	g_assert_cmpint(
	    token_parse(keys, word, TOKEN_TECHNICIAN, DAY, 30, &read), ==,
	    TOKEN_ABSENT);
	g_assert_cmpint(token_parse(keys, carrier, TOKEN_BUTTON, DAY, 7, &read),
	    ==, TOKEN_ABSENT);
	/* The number is signed: ".f." is 5, ".b." 1. */
	other = g_strdup(word);
	*(strstr(other, ".f.") + 1) = 'b';
	g_assert_cmpint(token_parse(keys, other, TOKEN_BUTTON, DAY, 7, &read),
	    ==, TOKEN_BAD);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/token/lives", test_lives);
	g_test_add_func("/token/keys", test_keys);
	g_test_add_func("/token/generate", test_generate);
	g_test_add_func("/token/rotate", test_rotate);
	g_test_add_func("/token/round_trip", test_round_trip);
	g_test_add_func("/token/known", test_known);
	g_test_add_func("/token/salt", test_salt);
	g_test_add_func("/token/binding", test_binding);
	g_test_add_func("/token/expiry", test_expiry);
	g_test_add_func("/token/absent", test_absent);
	g_test_add_func("/token/token_bits", test_bits);
	g_test_add_func("/token/address", test_address);
	g_test_add_func("/token/message_id", test_message_id);
	g_test_add_func("/token/button", test_button);
	return g_test_run();
}
