/* What `guichet check` says of the border, from the heads of mails as real
 * borders deliver them (doc/security.md 2.4). */
#include "guichet/print/border_survey.h"

#include "message_fixture.h"

#include <string.h>

#define POSTFIX                                                               \
 "Received: from m (mail.corp.test [192.0.2.7])\n\tby mx.desk.test (Postfix)" \
 " with ESMTP id 9\n"
#define LMTP \
 "Received: from mx.desk.test ([127.0.0.1])\n\tby imap.desk.test with LMTP id x\n"
#define AR(what) "Authentication-Results: mx.desk.test; " what "\n"
#define DMARC    AR("dmarc=pass header.from=corp.test")
#define DKIM     AR("dkim=pass header.d=corp.test")
#define JEAN     "From: <jean@corp.test>\nSubject: x\n"
#define ANNE     "From: <anne@desk.test>\nSubject: x\n"
#define LOGIN                                                              \
 "Received: from l (u [192.0.2.8])\n\t(Authenticated sender: amartin)\n\t" \
 "by mx.desk.test (Postfix) with ESMTPSA id 1\n"

static GPtrArray *
lines_of(const AuthConfig *auth, bool has_border, const char *mail, guint times,
    const char *other)
{
	static char *ids[] = { (char *)"mx.desk.test", NULL };
	static char *none[] = { NULL };
	static char *hosts[] = { (char *)"mx.desk.test", NULL };
	static const AuthLogin logins[] = { { "anne@desk.test", NULL } };
	Technician anne = { .id = 1,
		.name = (char *)"Anne",
		.address = (char *)"anne@desk.test",
		.active = true };
	g_autoptr(GPtrArray) technicians = g_ptr_array_new();
	Conf conf = { .has_border = has_border,
		.authserv_ids = has_border ? ids : none,
		.border_hosts = has_border ? hosts : none,
		.technicians = technicians,
		.auth = *auth };
	g_autoptr(BorderSurvey) survey = NULL;

	conf.auth.authserv_ids = (const char *const *)conf.authserv_ids;
	conf.auth.border_hosts = (const char *const *)conf.border_hosts;
	conf.auth.logins = logins;
	conf.auth.login_count = 1;
	g_ptr_array_add(technicians, &anne);
	survey = border_survey_new(&conf);
	for (guint i = 0; i < times; i++) {
		g_autoptr(FixtureMessage) message = fixture_message(mail);

		border_survey_add(survey, message);
	}
	if (other != NULL) {
		g_autoptr(FixtureMessage) message = fixture_message(other);

		border_survey_add(survey, message);
	}
	return border_survey_lines(survey, true);
}

static void
test_lines(void)
{
	static const AuthConfig above = { 0 };
	static const AuthConfig below = { .stamps = STAMPS_BELOW };
	static const AuthConfig exim = { .without_dmarc = true };
	static const struct {
		const AuthConfig *auth;
		bool border;
		const char *mail, *other;
		const char *said;   /* a line has it */
		const char *unsaid; /* none has */
	} rows[] = {
		{ &above, true, DMARC POSTFIX JEAN, NULL,
		    "3 recent mails, 3 from outside, the stamp counts on 3",
		    "warning" },
		{ &above, true, DMARC DKIM POSTFIX JEAN, NULL, "at most 2 a",
		    "warning" },
		{ &below, true, POSTFIX DMARC JEAN, NULL, "counts on 3",
		    "warning" },
		{ &exim, true, DKIM POSTFIX JEAN, NULL, "counts on 3",
		    "warning" },
		/* what to change */
		{ &above, true, LMTP DMARC POSTFIX JEAN, NULL,
		    "warning: imap.desk.test writes a Received above",
		    "sometimes away" },
		{ &above, true, POSTFIX DMARC JEAN, NULL, "'stamps: below'",
		    "tempfail" },
		{ &below, true, DMARC POSTFIX JEAN, NULL,
		    "leave 'stamps: below' out", NULL },
		{ &below, true, POSTFIX DMARC DKIM JEAN, NULL, "'fields: 2'",
		    NULL },
		{ &above, true, DKIM POSTFIX JEAN, NULL, "'without_dmarc: yes'",
		    NULL },
		{ &exim, true, DMARC POSTFIX JEAN, NULL,
		    "leave 'without_dmarc' out", NULL },
		{ &above, true, POSTFIX JEAN DKIM, NULL, ":at_start:", NULL },
		{ &above, true, DMARC POSTFIX JEAN, POSTFIX JEAN, "tempfail",
		    NULL },
		{ &above, true,
		    "Authentication-Results: other.test; dmarc=pass\n" POSTFIX
			JEAN,
		    NULL, "'other.test' above", "warning" },
		{ &above, true, LOGIN ANNE, NULL, "write 'login: amartin'",
		    NULL },
		{ &above, false, LMTP DMARC POSTFIX JEAN, NULL,
		    "warning: guichet.yaml has no 'border': no technician's "
		    "mail acts; these mails came through: imap.desk.test, "
		    "mx.desk.test",
		    NULL },
		{ &above, false, DMARC POSTFIX JEAN, NULL,
		    "'mx.desk.test' above the Received that took the mail in "
		    "(at most 1 a mail; 3 with dmarc), which guichet.yaml does "
		    "not name",
		    NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) lines = lines_of(rows[i].auth,
		    rows[i].border, rows[i].mail, 3, rows[i].other);
		bool said = false;

		for (guint k = 0; k < lines->len; k++) {
			const char *line = lines->pdata[k];

			g_test_message("row %zu: %s", i, line);
			said = said || strstr(line, rows[i].said) != NULL;
			if (rows[i].unsaid != NULL)
				g_assert_null(strstr(line, rows[i].unsaid));
		}
		g_assert_true(said);
	}
}

static void
test_no_mail(void)
{
	static const AuthConfig above = { 0 };
	g_autoptr(GPtrArray) with = lines_of(&above, true, "", 0, NULL);
	g_autoptr(GPtrArray) without = lines_of(&above, false, "", 0, NULL);

	g_assert_cmpint(with->len, ==, 1);
	g_assert_cmpint(without->len, ==, 2);
	g_assert_true(g_str_has_prefix(without->pdata[0], "warning: "));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/border_survey/lines", test_lines);
	g_test_add_func("/border_survey/no_mail", test_no_mail);
	return g_test_run();
}
