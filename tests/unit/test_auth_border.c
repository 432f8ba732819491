#include "guichet/trust/auth.h"

#include "auth_fixture.h"

#define R(by) "Received: " by "\n"
#define ESMTP " with ESMTP id 1; Mon, 16 Nov 2026 09:12:31 +0100"

/* Which fields count: only those that the border put above all else, or where
 * it puts its own. */
static void
test_block(void)
{
	static const struct {
		const char *mail;
		AuthVerdict above, below;
	} rows[] = {
		{ TOP PASS BELOW END, AUTH_NONE, AUTH_PASS },
		{ PASS TOP BELOW END, AUTH_PASS, AUTH_PASS },
		{ TOP BELOW END, AUTH_NONE, AUTH_NONE },
		{ TOP BELOW PASS END, AUTH_NONE, AUTH_NONE },
		{ TOP FROM PASS END, AUTH_NONE, AUTH_NONE },
		{ TOP "X-Mailer: x\nSubject: x\n" PASS FROM END, AUTH_NONE,
		    AUTH_NONE },
		{ TOP "Content-Type: text/plain\n" PASS FROM END, AUTH_NONE,
		    AUTH_NONE },
		{ TOP "DKIM-Signature: x\nX-Spam: no\n" PASS FROM END,
		    AUTH_NONE, AUTH_PASS },
		/* whose Received it is */
		{ R("by evil.test; x") PASS FROM END, AUTH_NONE, AUTH_NONE },
		{ R("(qmail 1 invoked from network)") PASS FROM END, AUTH_NONE,
		    AUTH_NONE },
		{ R("from x by mx.our.test.evil.test; x") PASS FROM END,
		    AUTH_NONE, AUTH_NONE },
		{ R("from x (by mx.our.test) by evil.test") PASS FROM END,
		    AUTH_NONE, AUTH_NONE },
		{ R("from \"by mx.our.test\" by evil.test") PASS FROM END,
		    AUTH_NONE, AUTH_NONE },
		{ R("from by by evil.test by mx.our.test") PASS FROM END,
		    AUTH_NONE, AUTH_NONE },
		{ R("from evil.test (HELO by mx.our.test") PASS FROM END,
		    AUTH_NONE, AUTH_NONE },
		{ R("from x(y [192.0.2.7]) by mx.our.test (evil [192.0.2.66])"
		    " by evil.test") PASS FROM END,
		    AUTH_NONE, AUTH_NONE },
		{ R("from x by mx.our.test for by by evil.test") PASS FROM END,
		    AUTH_NONE, AUTH_NONE },
		{ R("by MX.our.test. (Postfix, from userid 33)") PASS FROM END,
		    AUTH_NONE, AUTH_PASS },
		{ "received: FROM by BY mx.our.test\n" PASS FROM END, AUTH_NONE,
		    AUTH_PASS },
		{ PASS FROM END, AUTH_PASS, AUTH_PASS },
		/* the writer makes a Received of ours, too */
		{ TOP PASS R("from a (b [192.0.2.8]) by mx.our.test" ESMTP)
			FROM END,
		    AUTH_NONE, AUTH_PASS },
		{ TOP R("from a (b [192.0.2.8]) by mx.our.test" ESMTP)
			PASS FROM END,
		    AUTH_NONE, AUTH_NONE },
		{ TOP PASS R("by mx.our.test (Postfix, from userid 0)")
			FROM END,
		    AUTH_NONE, AUTH_PASS },
		/* several of them */
		{ PASS PASS TOP BELOW END, AUTH_PASS, AUTH_NONE },
		{ PASS FAIL TOP BELOW END, AUTH_FAIL, AUTH_FAIL },
		{ FAIL PASS TOP BELOW END, AUTH_FAIL, AUTH_FAIL },
		{ TOP PASS PASS BELOW END, AUTH_NONE, AUTH_NONE },
		{ TOP PASS FAIL BELOW END, AUTH_NONE, AUTH_FAIL },
		{ PASS TOP PASS BELOW END, AUTH_NONE, AUTH_NONE },
		{ FAIL TOP PASS BELOW END, AUTH_FAIL, AUTH_FAIL },
		{ TOP OURS "dmarc=pass header.from=corp.test; dmarc=pass "
			   "header.from=corp.test\n" BELOW END,
		    AUTH_NONE, AUTH_NONE },
		{ TOP OURS "spf=pass smtp.mailfrom=corp.test\n" PASS BELOW END,
		    AUTH_NONE, AUTH_NONE },
		/* others' */
		{ FOREIGN_PASS TOP BELOW END, AUTH_NONE, AUTH_NONE },
		{ TOP FOREIGN_PASS BELOW END, AUTH_NONE, AUTH_NONE },
		{ FOREIGN_PASS PASS TOP BELOW END, AUTH_PASS, AUTH_PASS },
		{ TOP FOREIGN_PASS PASS BELOW END, AUTH_NONE, AUTH_PASS },
		{ "Authentication-Results: x.test; dmarc=fail\n" PASS TOP BELOW
			END,
		    AUTH_PASS, AUTH_PASS },
		{ PASS "Authentication-Results: mx.our.test; (\n" TOP BELOW END,
		    AUTH_NONE, AUTH_NONE },
		{ "ARC-" PASS TOP BELOW END, AUTH_NONE, AUTH_NONE },
		{ "X-" PASS TOP BELOW END, AUTH_NONE, AUTH_NONE },
		{ "Original-" PASS TOP BELOW END, AUTH_NONE, AUTH_NONE },
		{ "Received-SPF: pass\n" TOP BELOW END, AUTH_NONE, AUTH_NONE },
		{ "authentication-RESULTS: mx.our.test;dmarc=pass "
		  "header.from=corp.test\n" TOP BELOW END,
		    AUTH_PASS, AUTH_PASS },
		/* whom it is for */
		{ PASS TOP "From: Anne <anne@evil.test>\n" END, AUTH_NONE,
		    AUTH_NONE },
		{ PASS TOP "From: not an address\n" END, AUTH_NONE, AUTH_NONE },
		{ PASS TOP "From: Anne <anne@CORP.test>\n" END, AUTH_PASS,
		    AUTH_PASS },
		{ "", AUTH_NONE, AUTH_NONE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *why = NULL, *why_below = NULL;
		AuthVerdict above = verdict_of(&our, rows[i].mail, &why);
		AuthVerdict below = verdict_of(&our_below, rows[i].mail,
		    &why_below);

		g_test_message("%zu %s: %s; %s", i, rows[i].mail, why,
		    why_below);
		g_assert_cmpstr(auth_verdict_name(above), ==,
		    auth_verdict_name(rows[i].above));
		g_assert_cmpstr(auth_verdict_name(below), ==,
		    auth_verdict_name(rows[i].below));
	}
}

static void
test_config(void)
{
	static const char *const google[] = { "mx.google.com", "2002:*", NULL };
	static const AuthConfig no_id = { .border_hosts = borders };
	static const AuthConfig no_hosts = { .authserv_ids = our_ids };
	static const char *const ids[] = { "mx.google.com", NULL };
	static const AuthConfig gmail = { .authserv_ids = ids,
		.border_hosts = google,
		.stamps = STAMPS_BELOW };
	static const char at_gmail[] =
	    "Delivered-To: help@our.test\n"
	    "Received: by 2002:a05:6602:1a07:b0:1:2:3 with SMTP id x7csp1;\n"
	    "        Mon, 16 Nov 2026 00:12:33 -0800 (PST)\n"
	    "X-Received: by 2002:a17:90b:1 with SMTP id y1;\n"
	    "        Mon, 16 Nov 2026 00:12:32 -0800 (PST)\n"
	    "ARC-Authentication-Results: i=1; mx.google.com; dmarc=fail\n"
	    "Return-Path: <anne@corp.test>\n"
	    "Received: from mail.corp.test (mail.corp.test. [192.0.2.7])\n"
	    "        by mx.google.com with ESMTPS id k1\n"
	    "        for <help@our.test>; Mon, 16 Nov 2026 00:12:32 -0800\n"
	    "Received-SPF: pass (google.com) client-ip=192.0.2.7;\n"
	    "Authentication-Results: mx.google.com;\n"
	    "       dmarc=pass (p=NONE) header.from=corp.test\n" BELOW END;
	g_autofree char *why = NULL, *why_top = NULL, *why_below = NULL;
	g_autofree char *why_gmail = NULL;

	g_assert_cmpint(verdict_of(&no_id, PASS TOP BELOW END, &why), ==,
	    AUTH_NONE);
	g_assert_cmpint(verdict_of(&no_hosts, PASS TOP BELOW END, &why_top), ==,
	    AUTH_PASS);
	g_assert_cmpint(verdict_of(&no_hosts, TOP PASS BELOW END, &why_below),
	    ==, AUTH_NONE);
	g_assert_cmpint(verdict_of(&gmail, at_gmail, &why_gmail), ==,
	    AUTH_PASS);
}

#define EXO_TOP                                                      \
 "Received: from A.eurprd04.prod.outlook.com (2603:10a6::1) by\n"    \
 " B.eurprd04.prod.outlook.com with HTTPS; Mon, 16 Nov 2026 08:12:3" \
 "5 +0000\n"                                                         \
 "Received: from C.eop-EUR03.prod.protection.outlook.com\n"          \
 " (2603:10a6::2) by D.outlook.office365.com (2603:10a6::3) with\n"  \
 " Microsoft SMTP Server id 15.20; Mon, 16 Nov 2026 08:12:34 +0000\n"
#define EXO_PASS                                                       \
 "Authentication-Results: spf=pass (sender IP is 192.0.2.7)\n"         \
 " smtp.mailfrom=corp.test; dkim=pass (signature was verified)\n"      \
 " header.d=corp.test;dmarc=pass action=none\n header.from=corp.test;" \
 "compauth=pass reason=100\n"
#define EXO_FAIL                                                    \
 "Authentication-Results: spf=fail (sender IP is 192.0.2.7)\n"      \
 " smtp.mailfrom=corp.test; dkim=none (message not signed)\n"       \
 " header.d=none;dmarc=fail action=oreject\n header.from=corp.test" \
 ";compauth=fail reason=000\n"
#define EXO_GUESS                                                   \
 "Authentication-Results: spf=pass (sender IP is 192.0.2.7)\n"      \
 " smtp.mailfrom=corp.test; dkim=none (message not signed)\n"       \
 " header.d=none;dmarc=bestguesspass action=none header.from=corp." \
 "test;compauth=pass reason=109\n"

static void
test_exchange_online(void)
{
	static const AuthConfig config = { .exchange_online = true };
	static const AuthConfig both = { .authserv_ids = our_ids,
		.border_hosts = borders,
		.exchange_online = true };
	static const struct {
		const char *mail;
		AuthVerdict verdict;
	} rows[] = {
		{ EXO_TOP EXO_PASS BELOW END, AUTH_PASS },
		{ EXO_TOP EXO_FAIL BELOW END, AUTH_FAIL },
		{ EXO_TOP EXO_GUESS BELOW END, AUTH_NONE },
		{ EXO_TOP EXO_PASS EXO_FAIL BELOW END, AUTH_PASS },
		{ EXO_TOP EXO_FAIL EXO_PASS BELOW END, AUTH_FAIL },
		{ EXO_TOP PASS EXO_PASS BELOW END, AUTH_NONE },
		{ EXO_TOP FOREIGN_PASS BELOW END, AUTH_NONE },
		{ EXO_PASS EXO_TOP BELOW END, AUTH_NONE },
		{ EXO_TOP BELOW EXO_PASS END, AUTH_NONE },
		{ EXO_PASS BELOW END, AUTH_NONE },
		{ "Received: from x by evil-outlook.com; x\n" EXO_PASS FROM END,
		    AUTH_NONE },
		{ "Received: from x by a.outlook.com.evil.test\n" EXO_PASS FROM
			END,
		    AUTH_NONE },
		{ TOP EXO_PASS BELOW END, AUTH_NONE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *why = NULL;
		AuthVerdict verdict = verdict_of(&config, rows[i].mail, &why);

		g_test_message("%zu %s: %s", i, rows[i].mail, why);
		g_assert_cmpstr(auth_verdict_name(verdict), ==,
		    auth_verdict_name(rows[i].verdict));
	}
	for (gsize i = 0; i < 3; i++) {
		g_autofree char *why = NULL, *other = NULL;

		g_assert_cmpint(verdict_of(&both, rows[i].mail, &why), ==,
		    rows[i].verdict);
		/* Without the mode such stamps are nobody's. */
		g_assert_cmpint(verdict_of(&our, rows[i].mail, &other), ==,
		    AUTH_NONE);
	}
}

static void
test_received(void)
{
	static const struct {
		const char *date;
		const char *at; /* NULL: none */
	} rows[] = {
		{ "Mon, 16 Nov 2026 09:12:31 +0100", "2026-11-16T08:12:31Z" },
		{ "Mon, 16 Nov 2026 09:12:31 +0100 (CET)",
		    "2026-11-16T08:12:31Z" },
		{ "16 Nov 2026 09:12:31 +0100", "2026-11-16T08:12:31Z" },
		{ "Mon,16 Nov 2026 09:12 -0000", "2026-11-16T09:12:00Z" },
		{ "Mon 16 NOV 26 09:12:31 GMT", "2026-11-16T09:12:31Z" },
		{ "Mon (x), (y) 16 (z) Nov 2026 09:12:31 EST",
		    "2026-11-16T14:12:31Z" },
		{ "Sun, 29 Feb 2032 23:59:60 +1400", "2032-02-29T10:00:00Z" },
		{ "1 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00Z" },
		{ "1 Jan 1970 00:00:00 +0100", "1969-12-31T23:00:00Z" },
		{ "31 Dec 9999 23:59:59 +0000", "9999-12-31T23:59:59Z" },
		{ "19 Jan 2038 03:14:08 UT", "2038-01-19T03:14:08Z" },
		{ "16 Nov 126 09:12:31 +0000", "2026-11-16T09:12:31Z" },
		{ "Mon, 16 Nov 2026 09:12:31 +9999", NULL },
		{ "Mon, 16 Nov 2026 09:12:31 +1401", NULL },
		{ "Mon, 16 Nov 2026 09:12:31 +0060", NULL },
		{ "Mon, 16 Nov 2026 09:12:31 +100", NULL },
		{ "Mon, 16 Nov 2026 09:12:31 A", NULL },
		{ "Mon, 16 Nov 2026 09:12:31", NULL },
		{ "Mon, 16 Nov 2026 09:12:31 +0100 x", NULL },
		{ "Mon, 16 Nov 2026 25:61:61 +0100", NULL },
		{ "Mon, 16 Nov 2026 09:12:61 +0100", NULL },
		{ "Mon, 16 Nov 2026 9:2:1 +0100", NULL },
		{ "Mon, 29 Feb 2026 09:12:31 +0100", NULL },
		{ "Mon, 0 Nov 2026 09:12:31 +0100", NULL },
		{ "Mon, 16 November 2026 09:12:31 +0100", NULL },
		{ "Mon, 16 Nov 1 09:12:31 +0100", NULL },
		{ "Mon, 16 Nov 1969 09:12:31 +0100", NULL },
		{ "Mon, 16 Nov 99999 09:12:31 +0100", NULL },
		{ "Mon, 16 Nov 2026 09:12:31 +0100 (open", NULL },
		{ "2026-11-16T09:12:31Z", NULL },
		{ "", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mail = g_strconcat(
		    "Received: from x (a;b) by mx.our.test with \"x;y\"; ",
		    rows[i].date, "\n" BELOW END, NULL);
		g_autoptr(FixtureMessage) message = fixture_message(mail);
		Instant at = auth_border_received(message, &our);
		g_autofree char *text = instant_format(at);

		g_test_message("%s", rows[i].date);
		if (rows[i].at == NULL)
			g_assert_cmpint(at, ==, INSTANT_NONE);
		else
			g_assert_cmpstr(text, ==, rows[i].at);
	}
}

static void
test_received_place(void)
{
	static const char date[] = "; Mon, 16 Nov 2026 09:12:31 +0100\n";
	static const char *const none[] = { "", "Received: by evil.test",
		"Received: by evil.test; x\nReceived: by mx.our.test",
		"From: a@b.test\nReceived: by mx.our.test" };
	static const AuthConfig no_hosts = { .authserv_ids = our_ids };
	g_autoptr(FixtureMessage) real = fixture_message(TOP BELOW END);

	g_assert_cmpint(auth_border_received(real, &our), ==, 1794816753);
	g_assert_cmpint(auth_border_received(real, &no_hosts), ==,
	    INSTANT_NONE);
	for (gsize i = 0; i < G_N_ELEMENTS(none); i++) {
		g_autofree char *mail = g_strconcat(none[i],
		    *none[i] != '\0' ? date : "", NULL);
		g_autoptr(FixtureMessage) message = fixture_message(mail);

		g_test_message("%s", mail);
		g_assert_cmpint(auth_border_received(message, &our), ==,
		    INSTANT_NONE);
	}
}

static void
test_aligned(void)
{
	static const struct {
		const char *a, *b;
		bool aligned;
	} rows[] = {
		{ "corp.test", "corp.test", true },
		{ "Corp.TEST.", "corp.test", true },
		{ "mail.corp.test", "corp.test", true },
		{ "a.b.corp.test", "corp.test", true },
		{ "a.corp.test", "b.corp.test", false },
		{ "evilcorp.test", "corp.test", false },
		{ ".corp.test", "corp.test", false },
		{ "corp.test.evil.test", "corp.test", false },
		{ "corp.test", "test", false },
		{ "localhost", "localhost", true },
		{ "x.localhost", "localhost", false },
		{ "evil.co.uk", "co.uk", false },
		{ "a.evil.co.uk", "evil.co.uk", true },
		{ "mairie.gouv.fr", "gouv.fr", false },
		{ "evil.com.fr", "com.fr", false },
		{ "www.mairie.gouv.fr", "mairie.gouv.fr", true },
		{ "evil.com.au", "com.au", false },
		{ "evil.co.jp", "co.jp", false },
		{ "evil.com.br", "com.br", false },
		{ "evil.gv.at", "gv.at", false },
		{ "evil.uk.com", "uk.com", false },
		{ "evil.github.io", "github.io", false },
		/* suffixes that no short list has */
		{ "evil.kawasaki.jp", "kawasaki.jp", false },
		{ "evil.compute.amazonaws.com", "compute.amazonaws.com",
		    false },
		{ "a.evil.lg.jp", "evil.lg.jp", true },
		{ "evil.xn--55qx5d.cn", "xn--55qx5d.cn", false },
		{ "mail.sncf.fr", "sncf.fr", true },
		{ "mail.t.co", "t.co", true },
		{ "mail.co.com.test", "co.com.test", true },
		{ "", "", false },
		{ "", "test", false },
		{ ".", ".", false },
		{ "corp.test", "", false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s %s", rows[i].a, rows[i].b);
		g_assert_cmpint(auth_domains_aligned(rows[i].a, rows[i].b), ==,
		    rows[i].aligned);
		g_assert_cmpint(auth_domains_aligned(rows[i].b, rows[i].a), ==,
		    rows[i].aligned);
	}
}

static void
test_organisation(void)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{ "corp.test", "corp.test", true },
		{ "news.corp.test", "mail.corp.test", true },
		{ "News.Corp.test.", "corp.TEST", true },
		{ "corp.test", "evilcorp.test", false },
		{ "a.co.uk", "b.co.uk", false },
		{ "x.a.co.uk", "y.a.co.uk", true },
		{ "a.github.io", "b.github.io", false },
		{ "co.uk", "co.uk", true },
		{ "co.uk", "a.co.uk", false },
		{ "test", "corp.test", false },
		{ "", "", false },
		{ "", "corp.test", false },
		{ ".", ".", false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s %s", rows[i].a, rows[i].b);
		g_assert_cmpint(auth_same_organisation(rows[i].a, rows[i].b),
		    ==, rows[i].same);
		g_assert_cmpint(auth_same_organisation(rows[i].b, rows[i].a),
		    ==, rows[i].same);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/auth/block", test_block);
	g_test_add_func("/auth/config", test_config);
	g_test_add_func("/auth/exchange_online", test_exchange_online);
	g_test_add_func("/auth/received", test_received);
	g_test_add_func("/auth/received_place", test_received_place);
	g_test_add_func("/auth/aligned", test_aligned);
	g_test_add_func("/auth/organisation", test_organisation);
	return g_test_run();
}
