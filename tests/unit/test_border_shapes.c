/*
 * What real borders write on a mail's way, in all their states, and what a
 * stranger writes who knows all of it but cannot log in (doc/security.md 2.4).
 * The shapes are those of tests/long/border.t, which makes them with the real
 * programs, but for Exim's.
 */
#include "guichet/trust/auth.h"

#include "guichet/trust/received.h"
#include "message_fixture.h"

#include <string.h>

#define DATE "; Mon, 30 Nov 2026 10:20:36 +0000 (UTC)\n"
#define POSTFIX(peer)                                                         \
 "Received: from " peer "\n\tby mx.desk.test (Postfix) with ESMTP id 908A4B3" \
 "\n\tfor <help@desk.test>" DATE
#define SUBMISSION(login)                                                     \
 "Received: from laptop (unknown [198.51.100.9])\n\t(using TLSv1.3 with cip"  \
 "her TLS_AES_256_GCM_SHA384 (256/256 bits)\n\t key-exchange X25519)\n\t(No " \
 "client certificate requested)\n" login                                      \
 "\tby mx.desk.test (Postfix) with ESMTPSA id 0F933B3\n\tfor <help@desk.test" \
 ">" DATE
#define LOGIN(name) "\t(Authenticated sender: " name ")\n"
#define EXIM(peer, with)                                                  \
 "Received: from " peer "\n\tby mx.desk.test with " with " (Exim 4.96)\n" \
 "\t(envelope-from <x@evil.test>)\n\tid 1xXyUB-0004kA-2Z\n"               \
 "\tfor help@desk.test;\n\tMon, 30 Nov 2026 10:20:36 +0000\n"
#define LMTP(by)                                                      \
 "Received: from mx.desk.test ([127.0.0.1])\n\tby " by " with LMTP\n" \
 "\tid xyz\n\t(envelope-from <x@evil.test>)\n\tfor <help@desk.test>" DATE
#define PICKUP                                                       \
 "Received: by mx.desk.test (Postfix, from userid 5000)\n\tid 7F0\n" \
 "\tfor <help@desk.test>" DATE
#define RELAY                                                   \
 "Received: from mx2.desk.test (mx2.desk.test [203.0.113.7])\n" \
 "\tby mx.desk.test (Postfix) with ESMTPS id 11\n\tfor <h@desk.test>" DATE
#define MX2(peer)                                                           \
 "Received: from " peer "\n\tby mx2.desk.test (Postfix) with ESMTP id 22\n" \
 "\tfor <help@desk.test>" DATE

#define CLIENT "mail.corp.test (mail.corp.test [192.0.2.7])"
#define EVIL   "mail.evil.test (mail.evil.test [192.0.2.66])"

#define AR(id, what) "Authentication-Results: " id "; " what "\n"
#define OPENDMARC(verdict, domain)                \
 AR("mx.desk.test",                               \
     "dmarc=" verdict " (p=quarantine dis=none) " \
     "header.from=" domain)
#define OPENDKIM(domain)                                                \
 "Authentication-Results: mx.desk.test;\n\tdkim=pass (2048-bit key; un" \
 "protected) header.d=" domain " header.i=@" domain                     \
 " header.a=rsa-sha256 header.s=s1 header.b=aBc/+1;\n\tdkim-atps=neutral\n"
#define RSPAMD(domain, verdict)                                             \
 "Authentication-Results: mx.desk.test;\n\tdkim=pass header.d=" domain      \
 " header.s=s1 header.b=\"Z/1=\";\n\tspf=pass (mx.desk.test: domain of x@"  \
 "" domain " designates 192.0.2.7 as permitted sender) smtp.mailfrom=x@"    \
 "" domain ";\n\tdmarc=" verdict " (policy=quarantine) header.from=" domain \
 "\n"
/* A stranger's: all that he would like to be believed. */
#define FORGED(domain)                                                     \
 "Authentication-Results: mx.desk.test;\n\tdkim=pass header.d=" domain     \
 "; spf=pass smtp.mailfrom=" domain "; auth=pass smtp.auth=anne@desk.test" \
 "; dmarc=pass header.from=" domain "\n"
#define FORGED_ENTRY SUBMISSION(LOGIN("anne@desk.test"))

#define ANNE "From: Anne Martin <anne@desk.test>\n"
#define HUGO "From: Hugo Vidal <hugo@desk.test>\n"
#define JEAN "From: Jean <jean@corp.test>\n"
#define REST "To: help@desk.test\nSubject: x\n\nx\n"

static const char *const ids[] = { "mx.desk.test", "mx2.desk.test", NULL };
static const char *const hosts[] = { "mx.desk.test", "mx2.desk.test", NULL };
static const AuthLogin logins[] = { { "anne@desk.test", NULL },
	{ "hugo@desk.test", "hvidal" } };

static const AuthConfig above = { .authserv_ids = ids,
	.border_hosts = hosts,
	.logins = logins,
	.login_count = G_N_ELEMENTS(logins) };
static const AuthConfig below = { .authserv_ids = ids,
	.border_hosts = hosts,
	.stamps = STAMPS_BELOW,
	.logins = logins,
	.login_count = G_N_ELEMENTS(logins) };
static const AuthConfig exim = { .authserv_ids = ids,
	.border_hosts = hosts,
	.without_dmarc = true,
	.logins = logins,
	.login_count = G_N_ELEMENTS(logins) };

typedef struct {
	const char *what;
	const AuthConfig *border;
	const char *mail; /* down to From */
	AuthVerdict verdict;
	bool by_login, stamped, outside;
} Shape;

#define YES true
#define NO  false

static const Shape shapes[] = {
	/* Postfix, opendkim and opendmarc up: forgeries are stripped */
	{ "client", &above,
	    OPENDMARC("pass", "corp.test") OPENDKIM("corp.test") POSTFIX(CLIENT)
		JEAN,
	    AUTH_PASS, NO, YES, YES },
	{ "client through LMTP of the same name", &above,
	    LMTP("mx.desk.test") OPENDMARC("pass", "corp.test") POSTFIX(CLIENT)
		JEAN,
	    AUTH_PASS, NO, YES, YES },
	{ "client through LMTP of another", &above,
	    LMTP("imap.desk.test") OPENDMARC("pass", "corp.test")
		POSTFIX(CLIENT) JEAN,
	    AUTH_NONE, NO, NO, NO },
	{ "forged, stripped", &above,
	    OPENDMARC("fail", "desk.test") POSTFIX(EVIL) ANNE, AUTH_FAIL, NO,
	    YES, YES },
	{ "no policy", &above,
	    OPENDMARC("none", "corp.test") POSTFIX(CLIENT) JEAN, AUTH_NONE, NO,
	    YES, YES },
	/* both stopped, milter_default_action=accept */
	{ "client, stamper stopped", &above, POSTFIX(CLIENT) JEAN, AUTH_NONE,
	    NO, NO, YES },
	{ "forged, stamper stopped", &above,
	    POSTFIX(EVIL) FORGED("desk.test") ANNE, AUTH_NONE, NO, NO, YES },
	{ "forged below a second Received of ours", &above,
	    POSTFIX(EVIL) FORGED("desk.test") POSTFIX(CLIENT) ANNE, AUTH_NONE,
	    NO, NO, YES },
	{ "forged below a Received of ours from within", &above,
	    POSTFIX(EVIL) FORGED("desk.test") PICKUP ANNE, AUTH_NONE, NO, NO,
	    YES },
	{ "forged with a login's Received", &above,
	    POSTFIX(EVIL) FORGED("desk.test") FORGED_ENTRY ANNE, AUTH_NONE, NO,
	    NO, YES },
	{ "forged through LMTP", &above,
	    LMTP("mx.desk.test") POSTFIX(EVIL) FORGED("desk.test")
		FORGED_ENTRY ANNE,
	    AUTH_NONE, NO, NO, YES },
	/* opendmarc alone believes the forged dkim=pass, and vouches */
	{ "forged, opendmarc alone", &above,
	    OPENDMARC("pass", "desk.test")
		AR("mx.desk.test", "spf=pass smtp.mailfrom=evil.test")
		    POSTFIX(EVIL) FORGED("desk.test") ANNE,
	    AUTH_NONE, NO, YES, YES },
	{ "forged under the other MX's name, opendmarc alone", &above,
	    OPENDMARC("pass", "desk.test") POSTFIX(EVIL)
		AR("MX2.desk.test", "dkim=pass header.d=desk.test") ANNE,
	    AUTH_NONE, NO, YES, YES },
	{ "forged, opendmarc alone, fails all the same", &above,
	    OPENDMARC("fail", "desk.test") POSTFIX(EVIL) FORGED("desk.test")
		ANNE,
	    AUTH_FAIL, NO, YES, YES },
	/* submission: opendmarc's default, or none of them asked */
	{ "technician, opendmarc stamps him fail, login shown", &above,
	    OPENDMARC("fail", "desk.test")
		AR("mx.desk.test", "spf=fail smtp.mailfrom=desk.test")
		    SUBMISSION(LOGIN("anne@desk.test")) ANNE,
	    AUTH_PASS, YES, YES, NO },
	{ "technician, opendmarc stamps him fail, login hidden", &above,
	    OPENDMARC("fail", "desk.test") SUBMISSION("") ANNE, AUTH_FAIL, NO,
	    YES, NO },
	{ "technician, no stamp, login shown", &above,
	    SUBMISSION(LOGIN("Anne@Desk.test")) ANNE, AUTH_PASS, YES, NO, NO },
	{ "technician, no stamp, login hidden", &above, SUBMISSION("") ANNE,
	    AUTH_NONE, NO, NO, NO },
	{ "technician by his login", &above, SUBMISSION(LOGIN("hvidal")) HUGO,
	    AUTH_PASS, YES, NO, NO },
	{ "technician by half his address", &above,
	    SUBMISSION(LOGIN("anne")) ANNE, AUTH_NONE, NO, NO, NO },
	{ "another's login", &above, SUBMISSION(LOGIN("hvidal")) ANNE,
	    AUTH_NONE, NO, NO, NO },
	{ "another's login, dmarc=pass", &above,
	    OPENDMARC("pass", "desk.test") SUBMISSION(LOGIN("hvidal")) ANNE,
	    AUTH_NONE, NO, YES, NO },
	{ "another's login, dmarc=fail", &above,
	    OPENDMARC("fail", "desk.test") SUBMISSION(LOGIN("hvidal")) ANNE,
	    AUTH_FAIL, NO, YES, NO },
	{ "the login of somebody unknown, dmarc=pass", &above,
	    OPENDMARC("pass", "desk.test") SUBMISSION(LOGIN("eve@desk.test"))
		ANNE,
	    AUTH_NONE, NO, YES, NO },
	{ "a client's login proves nothing", &above,
	    SUBMISSION(LOGIN("jean@corp.test")) JEAN, AUTH_NONE, NO, NO, NO },
	{ "a client's login beside dmarc=pass", &above,
	    OPENDMARC("pass", "corp.test") SUBMISSION(LOGIN("jean@corp.test"))
		JEAN,
	    AUTH_PASS, NO, YES, NO },
	{ "a login outweighs dmarc of its own hop only", &above,
	    OPENDMARC("fail", "desk.test")
		RELAY SUBMISSION(LOGIN("anne@desk.test")) ANNE,
	    AUTH_FAIL, NO, YES, NO },
	{ "webmail on the server, its own Received below", &above,
	    "Received: from webmail (localhost [127.0.0.1])\n"
	    "\t(Authenticated sender: anne@desk.test)\n\tby mx.desk.test "
	    "(Postfix) with ESMTPA id 5" DATE
	    "Received: from [10.0.0.3] by mx.desk.test with HTTP" DATE ANNE,
	    AUTH_PASS, YES, NO, NO },
	{ "a login's name in HELO", &above,
	    "Received: from x (Authenticated sender: anne@desk.test) (evil "
	    "[192.0.2.66])\n\tby mx.desk.test with ESMTPSA id 1" DATE ANNE,
	    AUTH_NONE, NO, NO, NO },
	{ "a login's name in a certificate", &above,
	    "Received: from x (evil [192.0.2.66])\n\t(Client CN \"a (Authen"
	    "ticated sender: anne@desk.test)\")\n\tby mx.desk.test with "
	    "ESMTPSA id 1" DATE ANNE,
	    AUTH_NONE, NO, NO, NO },
	/* a second MX, which has a name of its own */
	{ "client through the second MX", &above,
	    RELAY AR("mx2.desk.test", "dmarc=pass header.from=corp.test")
		MX2(CLIENT) JEAN,
	    AUTH_PASS, NO, YES, YES },
	{ "forged, second MX's stamper stopped", &above,
	    RELAY MX2(EVIL) FORGED("desk.test") ANNE, AUTH_NONE, NO, NO, YES },
	{ "forged as if the second MX had relayed it", &above,
	    POSTFIX("mx2.desk.test (evil [192.0.2.66])") AR("mx2.desk.test",
		"dmarc=pass header.from=desk.test") MX2(CLIENT) ANNE,
	    AUTH_NONE, NO, NO, YES },
	/* sieve: redirected by a mailbox of ours */
	{ "client, redirected by sieve", &above,
	    PICKUP LMTP("mx.desk.test") OPENDMARC("pass", "corp.test")
		POSTFIX(CLIENT) JEAN,
	    AUTH_PASS, NO, YES, YES },
	{ "forged, redirected by sieve, stamper stopped", &above,
	    PICKUP LMTP("mx.desk.test") POSTFIX(EVIL) FORGED("desk.test") ANNE,
	    AUTH_NONE, NO, NO, YES },
	/* a list elsewhere: its own domain's word is none for the writer's */
	{ "client through a list", &above,
	    OPENDMARC("fail", "corp.test") POSTFIX(
		"lists.example (lists.example [192.0.2.99])")
		AR("lists.example", "dmarc=pass header.from=corp.test") JEAN,
	    AUTH_FAIL, NO, YES, YES },
	{ "a stamp of the list's under our name", &above,
	    OPENDMARC("none", "corp.test")
		POSTFIX("lists.example (lists.example [192.0.2.99])")
		    FORGED("corp.test") JEAN,
	    AUTH_NONE, NO, YES, YES },

	/* Postfix and rspamd */
	{ "rspamd: client", &below,
	    POSTFIX(CLIENT) RSPAMD("corp.test", "pass") JEAN, AUTH_PASS, NO,
	    YES, YES },
	{ "rspamd: forged", &below,
	    POSTFIX(EVIL) RSPAMD("desk.test", "fail") ANNE, AUTH_FAIL, NO, YES,
	    YES },
	{ "rspamd: stopped", &below, POSTFIX(CLIENT) JEAN, AUTH_NONE, NO, NO,
	    YES },
	{ "rspamd: strips nothing", &below,
	    POSTFIX(EVIL) RSPAMD("desk.test", "none") FORGED("desk.test") ANNE,
	    AUTH_NONE, NO, NO, YES },
	{ "rspamd: stopped, two forged", &below,
	    POSTFIX(EVIL) FORGED("desk.test") FORGED("desk.test") ANNE,
	    AUTH_NONE, NO, NO, YES },
	/* Whoever knows the name writes as rspamd does: what then tells is
	 * that other mails come unstamped, and a name that nobody knows. */
	{ "rspamd: stopped, one forged", &below,
	    POSTFIX(EVIL) RSPAMD("desk.test", "pass") ANNE, AUTH_PASS, NO, YES,
	    YES },
	{ "rspamd: stopped, a login forged", &below,
	    POSTFIX(EVIL) AR("mx.desk.test",
		"auth=pass smtp.auth=anne@desk"
		".test") ANNE,
	    AUTH_NONE, NO, YES, YES },
	{ "rspamd: stopped, two findings in one", &below,
	    POSTFIX(EVIL) AR("mx.desk.test",
		"dmarc=none header.from=desk.test; dmarc=pass "
		"header.from=desk.test") ANNE,
	    AUTH_NONE, NO, NO, YES },
	{ "rspamd: forged below a second Received of ours", &below,
	    POSTFIX(EVIL) POSTFIX(CLIENT) FORGED("desk.test") ANNE, AUTH_NONE,
	    NO, NO, YES },
	{ "rspamd: as if from within", &below,
	    POSTFIX(EVIL) PICKUP FORGED("desk.test") ANNE, AUTH_NONE, NO, NO,
	    YES },
	{ "rspamd: submission, unstamped, login shown", &below,
	    SUBMISSION(LOGIN("anne@desk.test")) ANNE, AUTH_PASS, YES, NO, NO },
	{ "rspamd: submission, stamped", &below,
	    SUBMISSION("") AR("mx.desk.test",
		"auth=pass smtp.auth=anne@desk.test smtp.mailfrom=anne@desk"
		".test") ANNE,
	    AUTH_PASS, YES, YES, NO },
	{ "rspamd: submission by another, stamped", &below,
	    SUBMISSION("") AR("mx.desk.test", "auth=pass smtp.auth=hvidal")
		ANNE,
	    AUTH_NONE, NO, YES, NO },

	/* Exim of Debian: no dmarc at all */
	{ "exim: client, at_start", &exim,
	    AR("mx.desk.test",
		"dkim=pass header.d=corp.test header.i=@corp"
		".test header.s=s1 header.a=rsa-sha256")
		EXIM("[192.0.2.7] (helo=mail.corp.test)", "esmtp") JEAN,
	    AUTH_PASS, NO, YES, YES },
	{ "exim: the same without the setting", &above,
	    AR("mx.desk.test", "dkim=pass header.d=corp.test")
		EXIM("[192.0.2.7] (helo=mail.corp.test)", "esmtp") JEAN,
	    AUTH_NONE, NO, YES, YES },
	{ "exim: another's signature", &exim,
	    AR("mx.desk.test",
		"dkim=pass header.d=evil.test; spf=pass smtp"
		".mailfrom=x@evil.test")
		EXIM("[192.0.2.66] (helo=evil)", "esmtp") ANNE,
	    AUTH_NONE, NO, YES, YES },
	{ "exim: spf of a subdomain", &exim,
	    AR("mx.desk.test", "spf=pass smtp.mailfrom=x@bounce.corp.test")
		EXIM("mail.corp.test ([192.0.2.7])", "esmtp") JEAN,
	    AUTH_PASS, NO, YES, YES },
	{ "exim: where dmarc is stamped, it decides", &exim,
	    AR("mx.desk.test",
		"dkim=pass header.d=corp.test; dmarc=none "
		"header.from=corp.test")
		EXIM("mail.corp.test ([192.0.2.7])", "esmtp") JEAN,
	    AUTH_NONE, NO, YES, YES },
	{ "exim: forged, no remove_header", &exim,
	    AR("mx.desk.test", "dkim=none")
		EXIM("[192.0.2.66] (helo=mail.evil.test)", "esmtp")
		    FORGED("desk.test") ANNE,
	    AUTH_NONE, NO, YES, YES },
	{ "exim: technician", &exim,
	    AR("mx.desk.test", "auth=pass (PLAIN) smtp.auth=anne@desk.test")
		EXIM("[198.51.100.9] (helo=laptop)", "esmtpa") ANNE,
	    AUTH_PASS, YES, YES, NO },
	{ "exim: technician who forges his colleague", &exim,
	    AR("mx.desk.test", "auth=pass (PLAIN) smtp.auth=hvidal")
		EXIM("[198.51.100.9] (helo=laptop)", "esmtpsa") ANNE,
	    AUTH_NONE, NO, YES, NO },
	{ "exim: auth=fail", &exim,
	    AR("mx.desk.test", "auth=fail (PLAIN) smtp.auth=anne@desk.test")
		EXIM("[198.51.100.9] (helo=laptop)", "esmtp") ANNE,
	    AUTH_NONE, NO, YES, YES },
	{ "exim: add_header, at the end", &exim,
	    EXIM("[192.0.2.7] (helo=mail.corp.test)", "esmtp") JEAN
	    "Subject: x\n" AR("mx.desk.test", "dkim=pass header.d=corp.test"),
	    AUTH_NONE, NO, NO, YES },

	/* S14: the peer imitates another Received */
	{ "HELO imitates a Received of ours", &above,
	    AR("mx.desk.test",
		"dkim=pass header.d=desk.test") "Received: from x(y [127.0.0.1]) by mx.desk.test (evil "
						"[192.0.2.66])\n\tby mx.evil.test with ESMTP" DATE
						    FORGED("desk.test") ANNE,
	    AUTH_NONE, NO, YES, NO },
};

static void
test_shapes(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
		const Shape *shape = &shapes[i];
		g_autofree char *mail = g_strconcat(shape->mail, REST, NULL);
		g_autoptr(FixtureMessage) message = fixture_message(mail);
		g_auto(AuthReport) report = { 0 };

		auth_examine(message, shape->border, &report);
		g_test_message("%s: %s", shape->what, report.why);
		g_assert_cmpstr(auth_verdict_name(report.verdict), ==,
		    auth_verdict_name(shape->verdict));
		g_assert_cmpint(report.by_login, ==, shape->by_login);
		g_assert_cmpint(report.stamped, ==, shape->stamped);
		g_assert_cmpint(report.from_outside, ==, shape->outside);
	}
}

/* Whatever a stranger puts below the Received that took his mail in, and
 * wherever the site says its stamps stand above it: nothing of it counts. */
static void
test_nothing_below_counts(void)
{
	static const char *const tops[] = { POSTFIX(EVIL),
		LMTP("mx.desk.test") POSTFIX(EVIL), RELAY MX2(EVIL),
		PICKUP LMTP("mx.desk.test") POSTFIX(EVIL),
		EXIM("[192.0.2.66] (helo=mx.desk.test)", "esmtp"),
		POSTFIX("mx.desk.test (unknown [192.0.2.66])") };
	static const char *const parts[] = { FORGED("desk.test"),
		OPENDMARC("pass", "desk.test"), RSPAMD("desk.test", "pass"),
		POSTFIX(CLIENT), PICKUP, LMTP("mx.desk.test"), RELAY,
		FORGED_ENTRY, MX2(CLIENT),
		AR("mx2.desk.test", "auth=pass smtp.auth=anne@desk.test") };
	GRand *rand = g_rand_new_with_seed(8);

	for (int round = 0; round < 3000; round++) {
		const AuthConfig *border = round % 2 == 0 ? &above : &exim;
		g_autoptr(GString) mail = g_string_new(
		    tops[g_rand_int_range(rand, 0, G_N_ELEMENTS(tops))]);
		g_autoptr(FixtureMessage) message = NULL;
		g_auto(AuthReport) report = { 0 };

		for (int n = g_rand_int_range(rand, 1, 7); n > 0; n--)
			g_string_append(mail,
			    parts[g_rand_int_range(rand, 0,
				G_N_ELEMENTS(parts))]);
		g_string_append(mail, ANNE REST);
		message = fixture_message(mail->str);
		auth_examine(message, border, &report);
		if (report.verdict != AUTH_NONE || report.stamped)
			g_test_message("%s: %s", mail->str, report.why);
		g_assert_cmpint(report.verdict, ==, AUTH_NONE);
		g_assert_false(report.stamped);
		g_assert_false(report.by_login);
	}
	g_rand_free(rand);
}

/* What does not count is named, and who stands in the way. */
static void
test_why(void)
{
	static const struct {
		const char *mail, *why;
	} rows[] = {
		{ LMTP("imap.desk.test") OPENDMARC("pass", "corp.test")
			POSTFIX(CLIENT) JEAN,
		    "the Received of imap.desk.test, which is not among the "
		    "border's hosts, hides the stamp of mx.desk.test" },
		{ LMTP("mx.desk.test") OPENDMARC("pass",
		      "corp.test") "Received: from a (a [192.0.2.7]) by old.desk.test" DATE
			JEAN,
		    "the Received of old.desk.test, which is not among the "
		    "border's hosts, hides the stamp of mx.desk.test" },
		{ LMTP("imap.desk.test") POSTFIX(CLIENT) JEAN,
		    "no stamp of the border; imap.desk.test, which delivered "
		    "it, is not among its hosts" },
		{ POSTFIX(CLIENT) OPENDMARC("pass", "corp.test") JEAN,
		    "a stamp of mx.desk.test stands below the Received of the "
		    "border, where anybody can put it" },
		{ POSTFIX(CLIENT) JEAN OPENDMARC("pass", "corp.test"),
		    "a stamp of mx.desk.test stands among the writer's own "
		    "fields, where anybody can put it" },
		{ POSTFIX(CLIENT) JEAN, "no stamp of the border" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mail = g_strconcat(rows[i].mail, REST, NULL);
		g_autoptr(FixtureMessage) message = fixture_message(mail);
		g_autofree char *why = NULL;

		g_assert_cmpint(auth_check(message, &above, &why), ==,
		    AUTH_NONE);
		g_assert_cmpstr(why, ==, rows[i].why);
	}
}

/* Who gave the mail to the server that wrote the field: only what that server
 * found out itself. */
static void
test_peer(void)
{
	static const struct {
		const char *field, *by, *ip, *name;
		PeerPlace place;
	} rows[] = {
		{ "from h (n.test [192.0.2.9]) by mx with ESMTP; x", "mx",
		    "192.0.2.9", "n.test", PEER_PUBLIC },
		{ "from h (unknown [192.0.2.9]) by mx", "mx", "192.0.2.9", NULL,
		    PEER_PUBLIC },
		{ "from h (n.test. [192.0.2.9]) by mx", "mx", "192.0.2.9",
		    "n.test", PEER_PUBLIC },
		{ "from h (n.test [192.0.2.9] (may be forged)) by mx", "mx",
		    "192.0.2.9", "n.test", PEER_PUBLIC },
		{ "from h (N.test [IPv6:2001:DB8::9]) by mx", "mx",
		    "2001:db8::9", "n.test", PEER_PUBLIC },
		{ "from h (n [192.0.2.9]) (using TLSv1.3 with cipher X (256/256"
		  " bits)) (No client certificate requested) by mx",
		    "mx", "192.0.2.9", "n", PEER_PUBLIC },
		{ "from n.test ([192.0.2.9] helo=h) by mx with esmtp (Exim 4.96"
		  ")",
		    "mx", "192.0.2.9", NULL, PEER_PUBLIC },
		{ "from [192.0.2.9] (helo=h) by mx with esmtp (Exim 4.96)",
		    "mx", "192.0.2.9", NULL, PEER_PUBLIC },
		{ "from [192.0.2.9] by mx with esmtp (Exim 4.96)", "mx",
		    "192.0.2.9", NULL, PEER_PUBLIC },
		/* of another server that may be HELO */
		{ "from [192.0.2.9] (helo=h) by mx with esmtp", "mx", NULL,
		    NULL, PEER_UNKNOWN },
		{ "from [192.0.2.9] by mx", "mx", NULL, NULL, PEER_UNKNOWN },
		{ "from x (y) by mx", "mx", NULL, NULL, PEER_UNKNOWN },
		{ "from x (y [not an address]) by mx", "mx", NULL, NULL,
		    PEER_UNKNOWN },
		/* within */
		{ "from h (localhost [127.0.0.1]) by mx", "mx", "127.0.0.1",
		    "localhost", PEER_HERE },
		{ "from h (localhost [::1]) by mx", "mx", "::1", "localhost",
		    PEER_HERE },
		{ "from h (p [172.22.1.253]) by mx", "mx", "172.22.1.253", "p",
		    PEER_PRIVATE },
		{ "from h (p [fd00::1]) by mx", "mx", "fd00::1", "p",
		    PEER_PRIVATE },
		{ "from h by mx with LMTP id 1", "mx", NULL, NULL, PEER_HERE },
		{ "by mx (Postfix, from userid 0)", "mx", NULL, NULL,
		    PEER_HERE },
		/* imitations */
		{ "from x(y [192.0.2.9]) by mx (evil [192.0.2.66]) by mx", NULL,
		    NULL, NULL, PEER_HERE },
		{ "from x(y [192.0.2.9]) by mx (evil [192.0.2.66])", "mx",
		    "192.0.2.9", "y", PEER_PUBLIC },
		{ "from x (y [192.0.2.9]) (evil [192.0.2.66]) by mx", "mx",
		    NULL, NULL, PEER_UNKNOWN },
		{ "from x (y [192.0.2.9] (evil [192.0.2.66])) by mx", "mx",
		    NULL, NULL, PEER_UNKNOWN },
		{ "from [192.0.2.9] (evil [192.0.2.66]) by mx", "mx",
		    "192.0.2.66", "evil", PEER_PUBLIC },
		{ "from x (a b [192.0.2.9]) by mx", "mx", NULL, NULL,
		    PEER_UNKNOWN },
		{ "from x y (n [192.0.2.9]) by mx", "mx", NULL, NULL,
		    PEER_UNKNOWN },
		{ "from x (n [192.0.2.9]) by mx BY other", NULL, NULL, NULL,
		    PEER_HERE },
		{ "from x (n [192.0.2.9]; by mx", NULL, NULL, NULL, PEER_HERE },
		{ "", NULL, NULL, NULL, PEER_HERE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Received) received = { 0 };

		received_read(rows[i].field, &received);
		g_test_message("%s", rows[i].field);
		g_assert_cmpstr(received.by, ==, rows[i].by);
		g_assert_cmpstr(received.ip, ==, rows[i].ip);
		g_assert_cmpstr(received.name, ==, rows[i].name);
		g_assert_cmpint(received_place(&received), ==, rows[i].place);
	}
}

/* A forged stamp that opendmarc sees, and we cannot: behind our limits, or with
 * a name that it reads and we do not. */
static void
test_unseen(void)
{
	static const char *const heads[] = { "mx.desk.test/1; dkim=pass",
		"\"mx.desk.test\"; dkim=pass", "(x) MX.desk.test; dkim=pass",
		"x=mx.desk.test; dkim=pass", "mx.desk.test", "x mx.desk.test" };
	g_autoptr(GString) junk = g_string_new(NULL);
	g_autofree char *long_field = g_strnfill(70000, 'x');
	g_autofree char *one = NULL;

	for (int i = 0; i < 1000; i++)
		g_string_append(junk, "X: y\n");
	one = g_strdup_printf("X-Long: %s\n", long_field);
	for (gsize i = 0; i < 2; i++) {
		g_autofree char *why = NULL;
		g_autofree char *mail = g_strconcat(
		    OPENDMARC("pass", "desk.test") POSTFIX(EVIL) ANNE,
		    i == 0 ? junk->str : one, FORGED("desk.test") REST, NULL);
		g_autoptr(Message) message = message_parse((const guint8 *)mail,
		    strlen(mail), false);

		g_assert_nonnull(message->identity);
		g_assert_cmpint(auth_check(message, &above, &why), ==,
		    AUTH_NONE);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(heads); i++) {
		g_autofree char *why = NULL;
		g_autofree char *mail =
		    g_strconcat(OPENDMARC("pass", "desk.test")
				    POSTFIX(EVIL) "Authentication-Results: ",
			heads[i], "\n" ANNE REST, NULL);
		g_autoptr(FixtureMessage) message = fixture_message(mail);

		g_test_message("%s", heads[i]);
		g_assert_cmpint(auth_check(message, &above, &why), ==,
		    AUTH_NONE);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/border/shapes", test_shapes);
	g_test_add_func("/border/nothing_below_counts",
	    test_nothing_below_counts);
	g_test_add_func("/border/why", test_why);
	g_test_add_func("/border/unseen", test_unseen);
	g_test_add_func("/border/peer", test_peer);
	return g_test_run();
}
