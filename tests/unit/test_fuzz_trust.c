/*
 * The fuzz targets of auth, token and command over seeds and small changes of
 * them, the same in every run. Fuzzers proper go on from here.
 */
#include <glib.h>
#include <string.h>

#define LLVMFuzzerTestOneInput fuzz_auth
#include "../fuzz/fuzz_auth.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_token
#include "../fuzz/fuzz_token.c"
#undef LLVMFuzzerTestOneInput
#define LLVMFuzzerTestOneInput fuzz_command
#include "../fuzz/fuzz_command.c"
#undef LLVMFuzzerTestOneInput

typedef int FuzzTarget(const uint8_t *data, size_t size);

#define ROUNDS 2000 /* a seed */

/* Bytes on which these parsers turn. */
static const char turns[] = "();\"\\@=./# \t\r\n<>+,:a1";

/* One to eight bytes are set, cut out or doubled. */
static void
change(GString *text, GRand *rand)
{
	for (int n = g_rand_int_range(rand, 1, 9); n > 0 && text->len > 0;
	     n--) {
		gint at = g_rand_int_range(rand, 0, (gint)text->len);

		switch (g_rand_int_range(rand, 0, 4)) {
		case 0:
			g_string_erase(text, at, 1);
			break;
		case 1:
			text->str[at] = (char)g_rand_int_range(rand, 0, 256);
			break;
		case 2:
			g_string_insert_c(text, at, text->str[at]);
			break;
		default:
			text->str[at] = turns[g_rand_int_range(rand, 0,
			    (gint)strlen(turns))];
		}
	}
}

static void
replay(FuzzTarget *target, const char *const *seeds, gsize count)
{
	GRand *rand = g_rand_new_with_seed(31);

	target((const uint8_t *)"", 0);
	for (gsize i = 0; i < count; i++) {
		for (int round = 0; round < ROUNDS; round++) {
			GString *text = g_string_new(seeds[i]);

			if (round > 0)
				change(text, rand);
			target((const uint8_t *)text->str, text->len);
			g_string_free(text, TRUE);
		}
	}
	g_rand_free(rand);
}

static void
test_auth(void)
{
	static const char *const seeds[] = {
		"mx.our.test; dmarc=pass (p=none) header.from=corp.test",
		"mx.our.test 1; spf=pass smtp.mailfrom=\"x; dmarc=pass\"@e.test"
		"; dmarc=fail reason=\"a\\\"b\" header.from=@corp.test",
		"from a (b (c) [1.2.3.4]) by mx.our.test with ESMTPS id x for "
		"<a@b>; Mon, 16 Nov 2026 09:12:31 +0100 (CET)",
		"spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=corp.test;"
		"dmarc=pass action=none header.from=corp.test;compauth=pass",
		"a.corp.test.",
	};

	replay(fuzz_auth, seeds, G_N_ELEMENTS(seeds));
}

static void
test_token(void)
{
	static const char *const seeds[] = {
		"abas.d.ujj.c.nzq37qfxic4bozgfesxz",
		"help+abas.d.ujj.c.nzq37qfxic4bozgfesxz@our.test",
		"k1.bas.cn.00010203fcfdfeff.2izbilgp2mz7nvqgwdlz@our.test",
		"a:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n"
		"b:YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY=\n",
	};

	replay(fuzz_token, seeds, G_N_ELEMENTS(seeds));
}

static void
test_command(void)
{
	static const char *const seeds[] = {
		"#resolve\n\nBonjour,\n#12 est clos.\n",
		"\n\xe2\x80\x8b#resolve\r\n#\xd1\x81lose\n> #resolve\n",
		"Merci\n*#resolve*\n-- \n#resolve",
		"#maintenance web1/HTTP 22:00 24:00 x\n#maintenance end 3\n",
		"#maintenance \"a b/c\" 29/2 8:05 2028-03-01 01:00\n",
		"#maintenance x 2026-11-24T22:00+01:00 1h30m\n> #maintenance",
		"#maintenance db? now 31d\n\nNote # maintenance\n",
	};

	replay(fuzz_command, seeds, G_N_ELEMENTS(seeds));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/fuzz/auth", test_auth);
	g_test_add_func("/fuzz/token", test_token);
	g_test_add_func("/fuzz/command", test_command);
	return g_test_run();
}
