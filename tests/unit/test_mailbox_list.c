/* Lists of mailboxes in the forms that mail programs write, and whom a mail
 * was sent to. */
#include "guichet/base/limits.h"
#include "guichet/mail/mailbox_list.h"
#include "guichet/trust/recipients.h"

#include <string.h>

static GPtrArray *
read_list(const char *line, bool decode)
{
	GPtrArray *found = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)mailbox_free);

	mailbox_list_read(line, decode, found);
	return found;
}

/* "Name <address>|address" */
static char *
shown(const GPtrArray *found)
{
	GString *line = g_string_new(NULL);

	for (guint i = 0; i < found->len; i++) {
		const Mailbox *one = found->pdata[i];

		g_string_append(line, i > 0 ? "|" : "");
		if (*one->name != '\0')
			g_string_append_printf(line, "%s <%s>", one->name,
			    one->address);
		else
			g_string_append(line, one->address);
	}
	return g_string_free(line, FALSE);
}

static void
test_forms(void)
{
	static const struct {
		const char *line, *shown;
	} rows[] = {
		{ "a@b.c", "a@b.c" },
		{ "Ann <a@b.c>", "Ann <a@b.c>" },
		{ "\"Morel, A\" <a@b.c>", "Morel, A <a@b.c>" },
		{ "Morel, A <a@b.c>, x@y.z", "Morel, A <a@b.c>|x@y.z" },
		{ "\"A \\\"B\\\"\" <a@b.c>", "A \"B\" <a@b.c>" },
		{ "=?utf-8?q?R=C3=A9_<x@y>?= <a@b.c>", "Ré <x@y> <a@b.c>" },
		{ "a@b.c (Ann)", "Ann <a@b.c>" },
		{ "a@b.c (A (B) C), d@e.f (D)", "A (B) C <a@b.c>|D <d@e.f>" },
		{ "a@b.c <a@b.c>", "a@b.c <a@b.c>" },
		{ "'a@b.c'", "a@b.c" },
		{ "<'a@b.c'>", "a@b.c" },
		{ "\"'a@b.c'\" <'a@b.c'>", "'a@b.c' <a@b.c>" },
		{ "'Ann' <a@b.c>; 'Bob' <d@e.f>;",
		    "'Ann' <a@b.c>|'Bob' <d@e.f>" },
		{ "a@b.c; d@e.f", "a@b.c|d@e.f" },
		{ "'a@b.c'; 'd@e.f'", "a@b.c|d@e.f" },
		{ "\xe2\x80\x98"
		  "a@b.c\xe2\x80\x99, \xe2\x80\x9c"
		  "d@e.f\xe2\x80\x9d",
		    "a@b.c|d@e.f" },
		{ "\xef\xbb\xbf"
		  "a@b.c, d@e.f\xe2\x80\x8b, \xc2\xa0g@h.i",
		    "a@b.c|d@e.f|g@h.i" },
		{ "<mailto:a@b.c>, mailto:d@e.f, SMTP:g@h.i",
		    "a@b.c|d@e.f|g@h.i" },
		{ "Ann [mailto:a@b.c]", "a@b.c" },
		{ "<mailto:a@b.c?subject=x>", "a@b.c" },
		{ "\"a@b.c\", \"d@e.f\" ,<\"g@h.i\">", "a@b.c|d@e.f|g@h.i" },
		{ "Ann a@b.c", "Ann <a@b.c>" },
		{ "a@b.c d@e.f", "a@b.c|d@e.f" },
		{ "<a@b.c> <d@e.f>", "a@b.c|d@e.f" },
		{ "<a@b.c", "a@b.c" },
		{ "Ann <a@b.c, d@e.f", "Ann <a@b.c>|d@e.f" },
		{ "<<a@b.c>>", "a@b.c" },
		{ "a@b.c>", "a@b.c" },
		{ "a@b.c.", "a@b.c" },
		{ "\"Ann <a@b.c>", "\"Ann <a@b.c>" },
		{ "Ann (x <a@b.c>", "Ann (x <a@b.c>" },
		{ "a @ b.c, (x) d@e.f", "a@b.c|x <d@e.f>" },
		{ "<@r.x,@s.x:a@b.c>", "a@b.c" },
		{ "<@r.x:a@b.c>", "a@b.c" },
		{ "Team: a@b.c, d@e.f;, g@h.i", "a@b.c|d@e.f|g@h.i" },
		{ "undisclosed-recipients:;", "" },
		{ "taro.@b.c, a..b@b.c, Jiro <.a@b.c>, \"x.\"@b.c",
		    "taro.@b.c|a..b@b.c|Jiro <.a@b.c>|\"x.\"@b.c" },
		{ "root", "root" },
		{ "Ann Morel", "" },
		{ "rfc822;a@b.c", "rfc822, <a@b.c>" },
		{ "", "" },
		{ ",;, ,", "" },
		{ "<>", "" },
		{ "=?utf-8?q?a=40b.c?=", "a@b.c" },
		{ "=?utf-8?q?Ann_<a=40b.c>=2C_d=40e.f?=", "Ann <a@b.c>|d@e.f" },
		{ "=?utf-8?q?a=40b.c?=, d@e.f", "a@b.c|d@e.f" },
		{ "\"=?utf-8?q?a=40b.c?=\"", "a@b.c" },
		{ "\"\\\"\\\\\\\"a@b.c\"", "\"\\\"a@b.c" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) found = read_list(rows[i].line, true);
		g_autofree char *line = shown(found);

		g_test_message("%s", rows[i].line);
		g_assert_cmpstr(line, ==, rows[i].shown);
	}
}

/* Of whom it is said to be from, nothing is decoded into an address. */
static void
test_not_decoded(void)
{
	g_autoptr(GPtrArray) found = read_list("=?utf-8?q?a=40b.c?=", false);
	g_autofree char *line = shown(found);

	g_assert_null(strstr(line, "a@b.c"));
}

/* Each letter that could nest or stay open, as long as a field may be. */
static void
test_hostile(void)
{
	static const char *const pieces[] = { "<", "(", "\"", "=?", "=?a?q?",
		"\\", "@", "a@b ", "a@b,", "<a@b", "\"\\\"", ":", ";",
		"\"a@b\"" };

	for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
		GString *line = g_string_new(NULL);
		g_autoptr(GPtrArray) found = NULL;
		gint64 start = g_get_monotonic_time();

		while (line->len < LIMIT_ADDRESS_FIELD_BYTES)
			g_string_append(line, pieces[i]);
		found = read_list(line->str, true);
		g_test_message("%s: %" G_GINT64_FORMAT " us", pieces[i],
		    g_get_monotonic_time() - start);
		g_assert_cmpuint(found->len, <=, LIMIT_MAILBOXES);
		for (guint m = 0; m < found->len; m++) {
			const Mailbox *one = found->pdata[m];

			g_assert_cmpstr(one->address, !=, "");
		}
		g_string_free(line, TRUE);
	}
}

/* ---- whom it was sent to ---- */

#define MX "Received: from a (a [192.0.2.1]) by mx.desk.test with ESMTP id 1"
#define FOREIGN \
 "Received: from b (b [192.0.2.2]) by elsewhere.test with ESMTP id 2"
#define DATE "; Fri, 20 Nov 2026 16:00:00 +0100\r\n"

static void
test_recipients(void)
{
	static const struct {
		const char *fields;
		bool no_border, not_seen;
	} rows[] = {
		{ .fields = "To: sos@desk.test\r\n" },
		{ .fields = "Cc: Other <o@x.test>, <'SOS@Desk.test'>\r\n" },
		{ .fields = "To: o@x.test; 'sos@desk.test'\r\n" },
		{ .fields = "To: <mailto:sos@desk.test>\r\n" },
		{ .fields = "To: sos+acme@desk.test\r\n" },
		{ .fields = "To: \"sos\"@desk.test\r\n" },
		{ .fields = "To: =?utf-8?q?sos=40desk.test?=\r\n" },
		{ .fields = "To: &lt;sos@desk.test&gt;\r\n" },
		{ .fields = "To: Desk &lt;sos@desk.test&gt;, <o@x.test>\r\n" },
		{ .fields = "To: <mailto:sos%2Bacme@desk.test>\r\n" },
		{ .fields = "Delivered-To: sos=2Bacme@desk.test\r\n" },
		{ .fields = "To: <sos @desk.test>\r\n" },
		{ .fields = "To: \\\"sos@desk.test\\\"\r\n" },
		{ .fields = "Resent-To: Sos <sos@desk.test>\r\n" },
		{ .fields = "Resent-Cc: sos@desk.test\r\n" },
		{ .fields = "Delivered-To: <sos@desk.test>\r\n" },
		{ .fields = "Delivered-To: sos+x@desk.test\r\n" },
		{ .fields = "X-Original-To: sos@desk.test\r\n" },
		{ .fields = "Envelope-To: a@desk.test, sos@desk.test\r\n" },
		{ .fields = "Original-Recipient: rfc822;sos@desk.test\r\n" },
		{ .fields = MX "\r\n\tfor <sos@desk.test>" DATE },
		{ .fields = MX " for sos@desk.test" DATE },
		{ .fields = FOREIGN " for <o@x.test>" DATE MX
				    " for <SOS@desk.test>" DATE },
		{ .fields = FOREIGN " for <sos@desk.test>" DATE,
		    .no_border = true },
		{ .fields = FOREIGN " for <sos@desk.test>" DATE,
		    .not_seen = true },
		{ .fields = MX " for <o@x.test>" DATE FOREIGN
			       " for <sos@desk.test>" DATE,
		    .no_border = true,
		    .not_seen = true },
		{ .fields = MX " for <sos@desk.test> for <o@x.test>" DATE,
		    .not_seen = true },
		{ .fields = MX " (for <sos@desk.test>)" DATE,
		    .not_seen = true },
		{ .fields = "To: \"sos@desk.test\" <o@x.test>\r\n",
		    .not_seen = true },
		{ .fields = "To: sos@desk.test <o@x.test>\r\n",
		    .not_seen = true },
		{ .fields = "To: xsos@desk.test, sos@desk.test.evil.test\r\n",
		    .not_seen = true },
		{ .fields = "To: sos%40desk.test@evil.test\r\n",
		    .not_seen = true },
		{ .fields = "Subject: sos@desk.test\r\n", .not_seen = true },
	};
	static const char *const hosts[] = { "mx.desk.test", NULL };
	const AuthConfig border = { .border_hosts = hosts };
	const AuthConfig none = { 0 };

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mail = g_strconcat(rows[i].fields,
		    "From: a@client.test\r\n\r\nx\r\n", NULL);
		g_autoptr(Message) message = message_parse((const guint8 *)mail,
		    strlen(mail), false);
		g_auto(GStrv) list = recipients_of(message,
		    rows[i].no_border ? &none : &border);

		g_test_message("%s", rows[i].fields);
		g_assert_cmpint(
		    g_strv_contains((const char *const *)list, "sos@desk.test"),
		    ==, !rows[i].not_seen);
	}
}

/* ---- every form that programs write, put together ---- */

/* The address itself, as it stands there; %s below. */
static const char *const written[] = {
	"sos@desk.test",
	"SOS@Desk.TEST",
	"\"sos\"@desk.test",
	"sos@desk.test.",
	"sos%40desk.test",
	"sos=40desk.test",
	"sos+acme@desk.test",
	"sos%2Bacme@desk.test",
	"=?utf-8?q?sos=40desk.test?=",
	"=?UTF-8?B?c29zQGRlc2sudGVzdA==?=",
	"=?utf-8?q?sos=40?= =?utf-8?q?desk.test?=",
};

/* What stands around it. */
static const char *const around[] = {
	"%s",
	"<%s>",
	"< %s >",
	"<<%s>>",
	"<mailto:%s>",
	"mailto:%s",
	"'%s'",
	"<'%s'>",
	"&lt;%s&gt;",
	"[%s]",
	"<%s",
	"%s (Alerts)",
	"(Alerts) <%s>",
	"<%s> (Alerts)",
	"Alerts <%s>",
	"\"Alerts, night\" <%s>",
	"Alerts [night] <%s>",
	"=?utf-8?q?Alertes_=C3=A9?= <%s>",
	"\"Alerts\"<%s>",
	"<@relay.test,@other.test:%s>",
	"Desk: %s;",
	"\"The desk\": Alerts <%s>;",
	"Alerts\r\n <%s>",
	"Alerts <\r\n %s>",
};

/* Who else stands in the field. */
static const char *const among[] = {
	"%s",
	"o@x.test, %s",
	"%s, o@x.test",
	"o@x.test; %s",
	"%s;o@x.test",
	"O <o@x.test>,\r\n\t%s",
	"undisclosed-recipients:;, %s",
	",, %s ,",
	"\"O, X\" <o@x.test>, %s, p@x.test",
};

static bool
names_sos(const char *field, const char *value)
{
	static const char *const hosts[] = { "mx.desk.test", NULL };
	const AuthConfig border = { .border_hosts = hosts };
	g_autofree char *mail = g_strdup_printf(
	    "%s: %s\r\nFrom: a@client.test\r\n\r\nx\r\n", field, value);
	g_autoptr(Message) message = message_parse((const guint8 *)mail,
	    strlen(mail), false);
	g_auto(GStrv) list = recipients_of(message, &border);

	return g_strv_contains((const char *const *)list, "sos@desk.test");
}

/* Puts it into the first %s. */
static char *
put_into(const char *frame, const char *what)
{
	const char *hole = strstr(frame, "%s");

	return g_strdup_printf("%.*s%s%s", (int)(hole - frame), frame, what,
	    hole + 2);
}

static void
test_shapes(void)
{
	static const char *const fields[] = { "To", "Cc", "Delivered-To",
		"X-Original-To" };
	guint tried = 0, unseen = 0;

	for (gsize w = 0; w < G_N_ELEMENTS(written); w++)
		for (gsize a = 0; a < G_N_ELEMENTS(around); a++)
			for (gsize m = 0; m < G_N_ELEMENTS(among); m++) {
				g_autofree char *one = put_into(around[a],
				    written[w]);
				g_autofree char *all = put_into(among[m], one);
				const char *field =
				    fields[tried++ % G_N_ELEMENTS(fields)];

				if (names_sos(field, all))
					continue;
				unseen++;
				g_test_message("%s: %s", field, all);
			}
	g_assert_cmpuint(unseen, ==, 0);
	g_assert_cmpuint(tried, >, 2000);
}

/* An address that is somebody's name, or part of another, is none. */
static void
test_no_shapes(void)
{
	static const char *const others[] = {
		"\"sos@desk.test\" <o@x.test>",
		"sos@desk.test <o@x.test>",
		"'sos@desk.test' <o@x.test>",
		"=?utf-8?q?sos=40desk.test?= <o@x.test>",
		"o@x.test (sos@desk.test)",
		"(sos@desk.test) o@x.test",
		"sos@desk.test.evil.test",
		"xsos@desk.test",
		"sos%40desk.test@evil.test",
		"<sos%40desk.test@evil.test>",
		"<@desk.test:sos@evil.test>",
		"sos@desk.test@evil.test",
		"\"sos@desk.test\"@evil.test",
		"sos.desk.test@evil.test",
		"<mailto:o@x.test?cc=sos@desk.test>",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
		for (gsize m = 0; m < G_N_ELEMENTS(among); m++) {
			g_autofree char *all = put_into(among[m], others[i]);

			g_test_message("%s", all);
			g_assert_false(names_sos("To", all));
		}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mailbox-list/forms", test_forms);
	g_test_add_func("/mailbox-list/not-decoded", test_not_decoded);
	g_test_add_func("/mailbox-list/hostile", test_hostile);
	g_test_add_func("/recipients/fields", test_recipients);
	g_test_add_func("/recipients/shapes", test_shapes);
	g_test_add_func("/recipients/no-shapes", test_no_shapes);
	return g_test_run();
}
