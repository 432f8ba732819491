#include "guichet/trust/auth.h"

#include "auth_fixture.h"
#include "guichet/base/limits.h"

typedef struct {
	const char *stamp;
	AuthVerdict verdict;
} Row;

static void
check_stamps(const AuthConfig *config, const Row *rows, gsize count)
{
	for (gsize i = 0; i < count; i++) {
		g_autofree char *mail = g_strconcat("Authentication-Results: ",
		    rows[i].stamp, "\n", TOP, BELOW, END, NULL);
		g_autofree char *why = NULL;
		AuthVerdict verdict = verdict_of(config, mail, &why);

		g_test_message("%zu %s: %s", i, rows[i].stamp, why);
		g_assert_cmpstr(auth_verdict_name(verdict), ==,
		    auth_verdict_name(rows[i].verdict));
		g_assert_nonnull(why);
	}
}

/* What the usual systems write, under our name. */
static void
test_ar_forms(void)
{
	static const Row rows[] = {
		/* Google */
		{ "mx.our.test;\n       dkim=pass header.i=@corp.test "
		  "header.s=20230601 header.b=Qhx8nGSV;\n       spf=pass "
		  "(google.com: domain of anne@corp.test designates "
		  "192.0.2.7 as permitted sender) "
		  "smtp.mailfrom=anne@corp.test;\n       dmarc=pass "
		  "(p=REJECT sp=REJECT dis=NONE) header.from=corp.test",
		    AUTH_PASS },
		{ "mx.our.test;\n dkim=pass header.i=@corp.test header.s=s1 "
		  "header.b=\"h+O/xy=z\";\n arc=pass (i=1 spf=pass spfdomain="
		  "corp.test dmarc=pass fromdomain=corp.test);\n dmarc=pass "
		  "(p=NONE) header.from=corp.test",
		    AUTH_PASS },
		{ "mx.our.test; dkim=pass header.i=@x.test header.s=s "
		  "header.b=Ab3d/+x=; dmarc=fail (p=NONE sp=NONE dis=NONE) "
		  "header.from=corp.test",
		    AUTH_FAIL },
		{ "mx.our.test; spf=softfail (google.com: domain of "
		  "transitioning a@x.test does not designate 192.0.2.9 as "
		  "permitted sender) smtp.mailfrom=a@x.test",
		    AUTH_NONE },
		/* Fastmail, Mail::Milter::Authentication */
		{ "mx.our.test;\n arc=none (no signatures found);\n dkim=pass "
		  "(2048-bit rsa key sha256) header.d=corp.test "
		  "header.i=@corp.test header.b=aBc1 header.a=rsa-sha256 "
		  "header.s=s1 x-bits=2048;\n dmarc=pass "
		  "policy.published-domain-policy=quarantine "
		  "policy.applied-disposition=none "
		  "policy.evaluated-disposition=none "
		  "(p=quarantine,d=none,d.eval=none) policy.policy-from=p "
		  "header.from=corp.test;\n iprev=pass "
		  "smtp.remote-ip=192.0.2.7 (mail.corp.test);\n spf=pass "
		  "smtp.mailfrom=anne@corp.test smtp.helo=mail.corp.test",
		    AUTH_PASS },
		{ "mx.our.test; x-csa=none; x-me-sender=none; x-ptr=pass "
		  "smtp.helo=mail.corp.test policy.ptr=mail.corp.test; "
		  "bimi=skipped (DMARC Policy is not at enforcement); "
		  "dmarc=pass policy.published-domain-policy=none "
		  "header.from=corp.test",
		    AUTH_PASS },
		{ "mx.our.test; auth=pass smtp.auth=anne@corp.test "
		  "smtp.mailfrom=anne@corp.test; dmarc=none "
		  "header.from=corp.test",
		    AUTH_NONE },
		/* rspamd */
		{ "mx.our.test;\n\tdkim=pass header.d=corp.test header.s=mail "
		  "header.b=\"Z/1=\";\n\tdmarc=pass (policy=none) "
		  "header.from=corp.test;\n\tspf=pass (mx.our.test: domain "
		  "of anne@corp.test designates 192.0.2.7 as permitted "
		  "sender) smtp.mailfrom=anne@corp.test",
		    AUTH_PASS },
		{ "mx.our.test; dkim=none; dmarc=fail reason=\"SPF not "
		  "aligned (relaxed), No valid DKIM\" header.from=corp.test "
		  "(policy=reject); spf=fail (mx.our.test: domain of "
		  "anne@corp.test does not designate 198.51.100.1) "
		  "smtp.mailfrom=anne@corp.test",
		    AUTH_FAIL },
		{ "mx.our.test; dmarc=none; spf=none; dkim=none", AUTH_NONE },
		/* OpenDMARC, OpenDKIM, policyd-spf: milters of Postfix */
		{ "mx.our.test; dmarc=pass (p=none dis=none) "
		  "header.from=corp.test",
		    AUTH_PASS },
		{ "mx.our.test; dmarc=fail (p=reject dis=none) "
		  "header.from=corp.test",
		    AUTH_FAIL },
		{ "mx.our.test; dmarc=temperror header.from=corp.test",
		    AUTH_TEMPERROR },
		{ "mx.our.test; dmarc=permerror header.from=corp.test",
		    AUTH_NONE },
		{ "mx.our.test;\n\tdkim=pass (2048-bit key; unprotected) "
		  "header.d=corp.test header.i=@corp.test header.a=rsa-sha256 "
		  "header.s=mail header.b=\"hN1\";\n\tdkim-atps=neutral",
		    AUTH_NONE },
		{ "mx.our.test; spf=pass (mailfrom) smtp.mailfrom=corp.test "
		  "(client-ip=192.0.2.7; helo=mail.corp.test; "
		  "envelope-from=anne@corp.test; receiver=our.test)",
		    AUTH_NONE },
		{ "mx.our.test; dkim=fail reason=\"verification failed; "
		  "unprotected key/testing\" header.d=x.test; dmarc=pass "
		  "header.from=corp.test",
		    AUTH_PASS },
		/* Exim */
		{ "mx.our.test;\n\tiprev=pass (mail.corp.test) "
		  "smtp.remote-ip=2001:db8::7;\n\tspf=pass "
		  "smtp.mailfrom=corp.test;\n\tdkim=pass header.d=corp.test "
		  "header.s=s1 header.a=rsa-sha256;\n\tdmarc=pass "
		  "header.from=corp.test;\n\tarc=none",
		    AUTH_PASS },
		/* Yahoo ends with a semicolon and leaves no blank */
		{ "mx.our.test;\n dkim=pass header.i=@corp.test header.s=s1;\n "
		  "spf=pass smtp.mailfrom=corp.test;\n dmarc=pass(p=REJECT) "
		  "header.from=corp.test;",
		    AUTH_PASS },
		/* Amazon */
		{ "mx.our.test;\n spf=pass (spfCheck: domain of corp.test "
		  "designates 192.0.2.7 as permitted sender) "
		  "client-ip=192.0.2.7; envelope-from=anne@corp.test; "
		  "helo=mail.corp.test;\n dkim=pass header.i=@corp.test;\n "
		  "dmarc=pass header.from=corp.test;",
		    AUTH_PASS },
		/* Proofpoint, GMX, Zoho, Mimecast, Cloudmark */
		{ "mx.our.test;\n spf=pass smtp.mailfrom=anne@corp.test;\n "
		  "dkim=pass header.d=corp.test header.s=pps;\n dmarc=pass "
		  "policy=none policy.dmarc=reject header.from=corp.test",
		    AUTH_PASS },
		{ "mx.our.test; dkim=none", AUTH_NONE },
		{ "mx.our.test;\n\tdkim=pass;\n\tspf=pass (zohomail.com: "
		  "domain of corp.test designates 192.0.2.7 as permitted "
		  "sender) smtp.mailfrom=anne@corp.test;\n\tdmarc=pass("
		  "p=quarantine dis=none) header.from=corp.test",
		    AUTH_PASS },
		{ "mx.our.test;\n\tdkim=pass header.d=corp.test header.s=m "
		  "header.b=X;\n\tdmarc=pass (policy=reject) "
		  "header.from=corp.test;\n\tspf=pass (...) smtp.mailfrom=x",
		    AUTH_PASS },
		/* the grammar's corners */
		{ "mx.our.test 1; dmarc=pass header.from=corp.test",
		    AUTH_PASS },
		{ "mx.our.test 2; dmarc=pass header.from=corp.test",
		    AUTH_NONE },
		{ "mx.our.test; none", AUTH_NONE },
		{ "mx.our.test 1; none", AUTH_NONE },
		{ "mx.our.test", AUTH_NONE },
		{ "mx.our.test;", AUTH_NONE },
		{ "", AUTH_NONE },
		{ "mx.our.test;;; dmarc=pass header.from=corp.test;;",
		    AUTH_PASS },
		{ "(a (nested) \\) comment) mx.our.test (b) ; (c) dmarc (d) "
		  "/ (e) 1 (f) = (g) pass (h) header (i) . (j) from (k) = "
		  "(l) corp.test (m)",
		    AUTH_PASS },
		{ "mx.our.test; dmarc/2=pass header.from=corp.test",
		    AUTH_NONE },
		{ "\"mx.our.test\"; dmarc=pass header.from=\"corp.test\"",
		    AUTH_PASS },
		{ "MX.Our.Test; DMARC=PASS Header.From=Corp.TEST", AUTH_PASS },
		{ "mx.our.test; dmarc=pass reason=good header.from=corp.test",
		    AUTH_PASS },
		{ "mx.our.test; dmarc=pass reason=\"a; b\" "
		  "header.from=corp.test",
		    AUTH_PASS },
		{ "mx.our.test; dmarc=pass header.from=@corp.test", AUTH_PASS },
		{ "mx.our.test; dmarc=pass header.from=anne@corp.test",
		    AUTH_PASS },
		{ "mx.our.test; foo=bar; xdmarc=fail; dmarc=pass "
		  "header.from=corp.test",
		    AUTH_PASS },
		{ "mx.our.test; dmarc=bestguesspass header.from=corp.test",
		    AUTH_NONE },
		{ "mx.our.test; dmarc=pass", AUTH_NONE },
		{ "mx.our.test; dmarc=pass header.from=other.test", AUTH_NONE },
		{ "mx.our.test; dmarc=pass header.from=sub.corp.test",
		    AUTH_NONE },
		{ "mx.our.test; dmarc=temperror header.from=corp.test; "
		  "dmarc=pass header.from=corp.test",
		    AUTH_PASS },
		{ "mx.our.test; dmarc=pass header.from=corp.test; dmarc=fail "
		  "header.from=other.test",
		    AUTH_FAIL },
	};

	G_STATIC_ASSERT(G_N_ELEMENTS(rows) >= 40);
	check_stamps(&our, rows, G_N_ELEMENTS(rows));
}

/* Ways to make "dmarc=pass" stand where somebody might read it. */
static void
test_ar_smuggle(void)
{
	static const Row rows[] = {
		{ "mx.our.test; spf=pass (dmarc=pass header.from=corp.test) "
		  "smtp.mailfrom=x.test",
		    AUTH_NONE },
		{ "mx.our.test; dmarc=fail (dmarc=pass header.from=corp.test)"
		  " header.from=corp.test; spf=pass smtp.mailfrom="
		  "\"x; dmarc=pass\"@evil.test",
		    AUTH_FAIL },
		{ "mx.our.test; spf=pass smtp.mailfrom=\"x; dmarc=pass "
		  "header.from=corp.test; \"@evil.test",
		    AUTH_NONE },
		{ "mx.our.test; spf=pass smtp.mailfrom=\"x\\\"; dmarc=pass "
		  "header.from=corp.test; \"@evil.test",
		    AUTH_NONE },
		{ "mx.our.test; spf=pass (\n dmarc=pass\n "
		  "header.from=corp.test)\n smtp.mailfrom=x.test",
		    AUTH_NONE },
		{ "mx.our.test; spf=none (\\) ; dmarc=pass "
		  "header.from=corp.test)",
		    AUTH_NONE },
		{ "mx.our.test 1 (; dmarc=pass header.from=corp.test)",
		    AUTH_NONE },
		{ "mx.our.test dmarc=pass header.from=corp.test", AUTH_NONE },
		{ "mx.our.test dmarc=pass; dmarc=pass header.from=corp.test",
		    AUTH_NONE },
		{ "mx.our.test.evil.test; dmarc=pass header.from=corp.test",
		    AUTH_NONE },
		{ "evil.mx.our.test; dmarc=pass header.from=corp.test",
		    AUTH_NONE },
		{ "our.test; dmarc=pass header.from=corp.test", AUTH_NONE },
		{ "mx.our.test@evil.test; dmarc=pass header.from=corp.test",
		    AUTH_NONE },
		{ "mx.our.test/evil; dmarc=pass header.from=corp.test",
		    AUTH_NONE },
		{ "mx.our.test,evil.test; dmarc=pass header.from=corp.test",
		    AUTH_NONE },
		{ "(mx.our.test) evil.test; dmarc=pass header.from=corp.test",
		    AUTH_NONE },
		{ "\"mx.our.test \"; dmarc=pass header.from=corp.test",
		    AUTH_NONE },
		{ "\"mx.our.test; dmarc=pass header.from=corp.test",
		    AUTH_NONE },
		{ "i=1; mx.our.test; dmarc=pass header.from=corp.test",
		    AUTH_NONE },
		{ "mx.our.test; dmarc=pass header.from=\"corp.test\"@evil.test",
		    AUTH_NONE },
		{ "mx.our.test; dmarc=pass header.from=\"x@corp.test\"@e.test",
		    AUTH_NONE },
		{ "mx.our.test; dmarc=pass header.from=corp.test "
		  "header.from=evil.test",
		    AUTH_NONE },
		{ "mx.our.test; dmarc=pass header.from=evil.test "
		  "header.from=corp.test",
		    AUTH_NONE },
		{ "mx.our.test; dmarc=pass header.from=evil.test "
		  "(header.from=corp.test)",
		    AUTH_NONE },
		{ "mx.our.test; dmarc=pass header.fromx=corp.test", AUTH_NONE },
		{ "mx.our.test; dmarc=pass xheader.from=corp.test", AUTH_NONE },
		{ "mx.our.test; dmarc=pass smtp.from=corp.test", AUTH_NONE },
		{ "mx.our.test; dmarc=passed header.from=corp.test",
		    AUTH_NONE },
		{ "mx.our.test; dmarc=\"pass\" header.from=corp.test",
		    AUTH_NONE },
		{ "mx.our.test; dmarc=pass header.from=corp.test; spf=pass "
		  "(open",
		    AUTH_NONE },
		{ "mx.our.test; dmarc=pass header.from=corp.test; spf=\"open",
		    AUTH_NONE },
		{ "mx.our.test; dmarc=pass header.from=corp.test) ; dkim=none",
		    AUTH_NONE },
		{ "mx.our.test; dmarc=fail \"", AUTH_FAIL },
		{ "mx.our.test dmarc=pass; dmarc=fail", AUTH_FAIL },
		/* only the exact id, and it in any of its legal dresses */
		{ "mx.our.test \t; dmarc=pass header.from=corp.test",
		    AUTH_PASS },
		{ "MX.OUR.TEST; dmarc=pass header.from=corp.test", AUTH_PASS },
		{ "mx.our.test;\n\tdmarc=pass\n\theader.from=corp.test",
		    AUTH_PASS },
	};
	g_autofree char *deep = g_strnfill(100000, '(');
	g_autofree char *bomb = g_strconcat("mx.our.test; dmarc=pass ", deep,
	    NULL);
	g_autofree char *filler = g_strnfill(LIMIT_HEADER_VALUE_BYTES, 'x');
	g_autofree char *whole = g_strconcat(
	    "mx.our.test; dmarc=pass header.from=corp.test; x=", filler, NULL);
	Row cut[] = { { bomb, AUTH_NONE }, { whole, AUTH_NONE } };

	check_stamps(&our, rows, G_N_ELEMENTS(rows));
	/* What the reader's limit cut off may have been a failure. */
	whole[LIMIT_HEADER_VALUE_BYTES] = '\0';
	check_stamps(&our, cut, G_N_ELEMENTS(cut));
}

/* Comments nest as deep as any program writes them, and no deeper. */
static void
test_nesting(void)
{
	for (gsize depth = 1; depth < 80; depth++) {
		g_autofree char *open = g_strnfill(depth, '(');
		g_autofree char *close = g_strnfill(depth, ')');
		g_autofree char *stamp = g_strconcat("mx.our.test; dmarc=pass ",
		    open, "x", close, " header.from=corp.test", NULL);
		Row row = { stamp, depth <= 32 ? AUTH_PASS : AUTH_NONE };

		check_stamps(&our, &row, 1);
	}
}

/* doc/security.md 5, numbers 29 and 30. */
static void
test_bad_input(void)
{
	static const char forged[] = TOP BELOW
	    "Authentication-Results: mx.our.test; dmarc=pass "
	    "header.from=corp.test\n\n#close\n";
	static const char comment[] =
	    "Authentication-Results: mx.our.test; dmarc=fail (dmarc=pass "
	    "header.from=corp.test) header.from=corp.test; spf=pass "
	    "smtp.mailfrom=\"x; dmarc=pass\"@evil.test\n" TOP BELOW
	    "\n#close\n";
	g_autofree char *why_forged = NULL, *why_comment = NULL;

	g_assert_cmpint(verdict_of(&our, forged, &why_forged), ==, AUTH_NONE);
	g_assert_cmpstr(why_forged, ==,
	    "a stamp of mx.our.test stands among the writer's own fields, "
	    "where anybody can put it");
	g_assert_cmpint(verdict_of(&our, comment, &why_comment), ==, AUTH_FAIL);
	g_assert_cmpstr(why_comment, ==, "the border says dmarc=fail");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/auth/ar_forms", test_ar_forms);
	g_test_add_func("/auth/ar_smuggle", test_ar_smuggle);
	g_test_add_func("/auth/nesting", test_nesting);
	g_test_add_func("/auth/bad_input", test_bad_input);
	return g_test_run();
}
