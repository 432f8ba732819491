/*
 * auth_fixture: mails as a border delivers them, to put stamps into.
 */
#ifndef GUICHET_AUTH_FIXTURE_H
#define GUICHET_AUTH_FIXTURE_H

#include "guichet/trust/auth.h"

#include "message_fixture.h"

static const char *const borders[] = { "mx.our.test", "imap.our.test", NULL };
static const char *const our_ids[] = { "mx.our.test", NULL };
/* Stamps above the border's Received, as opendmarc and Exim put them; below
 * it, as rspamd and Gmail do. */
static const AuthConfig our = { .authserv_ids = our_ids,
	.border_hosts = borders };
static const AuthConfig our_below = { .authserv_ids = our_ids,
	.border_hosts = borders,
	.stamps = STAMPS_BELOW };

/* A real delivery: the mailbox server, our exchanger's stamp, the stranger. */
#define TOP                                                      \
 "Return-Path: <anne@corp.test>\n"                               \
 "Delivered-To: help@our.test\n"                                 \
 "Received: from mx.our.test (localhost [127.0.0.1])\n"          \
 " by imap.our.test (Dovecot) with LMTP id x1\n"                 \
 " for <help@our.test>; Mon, 16 Nov 2026 09:12:33 +0100 (CET)\n" \
 "Received: from mail.corp.test (mail.corp.test [192.0.2.7])\n"  \
 "\tby mx.our.test (Postfix) with ESMTPS id 4Xyz\n"              \
 "\tfor <help@our.test>; Mon, 16 Nov 2026 09:12:31 +0100 (CET)\n"
#define BELOW                                              \
 "Received: from [10.0.0.5] (unknown [10.0.0.5]) by\n"     \
 " mail.corp.test (Postfix) with ESMTPSA id 77;\n"         \
 " Mon, 16 Nov 2026 09:12:29 +0100\n"                      \
 "From: Anne Martin <anne@corp.test>\nTo: help@our.test\n" \
 "Subject: Panne\n"
#define END "\nBonjour\n"

static inline AuthVerdict
verdict_of(const AuthConfig *config, const char *mail, char **ret_why)
{
	g_autoptr(FixtureMessage) message = fixture_message(mail);

	return auth_check(message, config, ret_why);
}

#define OURS "Authentication-Results: mx.our.test; "
#define PASS \
 "Authentication-Results: mx.our.test; dmarc=pass header.from=corp.test\n"
#define FAIL \
 "Authentication-Results: mx.our.test; dmarc=fail header.from=corp.test\n"
#define FOREIGN_PASS \
 "Authentication-Results: x.test; dmarc=pass header.from=corp.test\n"
#define FROM "From: Anne <anne@corp.test>\n"

#endif
