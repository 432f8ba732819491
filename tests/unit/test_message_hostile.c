/*
 * Bad mails, each with what must come of it (doc/security.md 5, those of
 * parsing, by their number).
 */
#include "guichet/base/limits.h"
#include "guichet/mail/prescan.h"

#include "message-bytes.h"

#define PLAIN "\r\nDate: Fri, 20 Nov 2026 16:00:00 +0100\r\n\r\nBonjour\r\n"

static void
test_small_bad(void)
{
	static const struct {
		const char *label, *mail, *defect, *identity, *identity_defect;
	} rows[] = {
		{ "1 empty", "", "empty", NULL, "empty" },
		{ "2 crlf-only", "\r\n", "empty", NULL, "empty" },
		{ "3 garbage-first-line",
		    "no colon here\r\nFrom: a@client.example\r\n\r\nx",
		    "garbage-in-header", NULL, "garbage-in-header" },
		{ "3b no header at all", "Bonjour,\n\nplus rien ne va\n",
		    "no-header", NULL, "no-header" },
		{ "4 mbox-from",
		    "From x Mon Jan  1 00:00:00 2026\nFrom: a@client.example\n"
		    "\nx",
		    "date", "a@client.example", NULL },
		{ "5 garbage-mid-header",
		    "From: a@client.example\r\ngarbage\r\n"
		    "Auto-Submitted: auto-replied" PLAIN,
		    "garbage-in-header", NULL, "garbage-in-header" },
		{ "6 dup-from",
		    "From: attacker@evil.test\r\nFrom: boss@corp.test" PLAIN,
		    "duplicate-from", NULL, "duplicate-from" },
		{ "7 two-mailboxes",
		    "From: tech@corp.test, attacker@evil.test" PLAIN, NULL,
		    NULL, "from-several" },
		{ "8 group-from", "From: Team: tech@corp.test;" PLAIN, NULL,
		    NULL, "from-group" },
		{ "10 space-colon",
		    "From : tech@corp.test\r\nFrom: client@x.example" PLAIN,
		    "duplicate-from", NULL, "duplicate-from" },
		{ "11 encoded-addr", "From: =?utf-8?q?tech=40corp.test?=" PLAIN,
		    NULL, NULL, "from-encoded" },
		{ "12 name-is-addr",
		    "From: \"tech@corp.test\" <Attacker@Evil.test>" PLAIN, NULL,
		    "attacker@evil.test", NULL },
		{ "13 two-angle",
		    "From: <tech@corp.test> <attacker@evil.test>" PLAIN, NULL,
		    NULL, "from-several" },
		{ "25 msgid with a bare CR",
		    "From: a@client.example\r\n"
		    "Message-ID: <a@b\rBcc: v@t>" PLAIN,
		    "message-id", NULL, "control-in-header" },
		{ "26 rcpt-inject",
		    "From: \"x\r\n RCPT TO:<v@t>\"@evil.test" PLAIN, NULL, NULL,
		    "from-quoted" },
		{ "40 year 9999",
		    "From: a@client.example\r\n"
		    "Date: Fri, 20 Nov 9999 16:00:00 +0000\r\n\r\nx",
		    "date", "a@client.example", NULL },
		{ "40 zone +9999",
		    "From: a@client.example\r\n"
		    "Date: Fri, 20 Nov 2026 16:00:00 +9999\r\n\r\nx",
		    "date", "a@client.example", NULL },
		{ "40 1970",
		    "From: a@client.example\r\n"
		    "Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n\r\nx",
		    "date", "a@client.example", NULL },
		{ "body right after the header",
		    "From: a@client.example\r\nBonjour a tous\r\n\r\nfin",
		    "garbage-in-header", NULL, "garbage-in-header" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Message) m = parse(rows[i].mail);

		g_test_message("%s", rows[i].label);
		if (rows[i].defect != NULL)
			g_assert_true(has_defect(m, rows[i].defect));
		else
			g_assert_cmpuint(g_strv_length(m->defects), ==, 0);
		g_assert_cmpstr(m->identity, ==, rows[i].identity);
		g_assert_cmpstr(m->identity_defect, ==,
		    rows[i].identity_defect);
		g_assert_nonnull(m->text);
		g_assert_nonnull(m->new_text);
		g_assert_cmpuint(strlen(m->content_sha256), ==, 64);
	}
}

/* #5: what silences us must be seen even where the header is broken. */
static void
test_suppressor_after_garbage(void)
{
	g_autoptr(Message) m = parse("From: a@client.example\r\n"
				     "garbage\r\n folded garbage\r\n"
				     "Auto-Submitted: auto-replied" PLAIN);
	g_autoptr(Message) glued = parse("From: a@client.example\n"
					 "Bonjour a tous\n\nfin\n");

	g_assert_cmpstr(message_header(m, "auto-submitted"), ==,
	    "auto-replied");
	g_assert_cmpstr(m->text, ==, "Bonjour\n");
	g_assert_cmpstr(glued->text, ==, "Bonjour a tous\n\nfin\n");
}

/* #9: what stands behind the NUL is not lost, and nobody is believed. */
static void
test_nul(void)
{
	static const char mail[] = "From: tech@corp.test\0@evil.test\r\n"
				   "To: a@b.example\r\n\r\nx\0y";
	g_autoptr(Message) m = parse_bytes(mail, sizeof mail - 1);

	g_assert_true(has_defect(m, "nul-in-header"));
	g_assert_null(m->identity);
	g_assert_cmpstr(message_header(m, "From"), ==,
	    "tech@corp.test @evil.test");
	g_assert_cmpstr(m->text, ==, "xy");
}

/* #14, #15: groups in groups never reach GMime, at the top or attached. */
static void
test_nested_groups(void)
{
	static const gsize depths[] = { 33, 1000, 50000 };

	for (gsize i = 0; i < G_N_ELEMENTS(depths); i++) {
		g_autofree char *open = repeat("a:", depths[i]);
		g_autofree char *close = repeat(";", depths[i]);
		g_autofree char *top = g_strdup_printf("From: %s%s" PLAIN, open,
		    close);
		g_autofree char *attached = g_strdup_printf(
		    "From: a@client.example\nContent-Type: "
		    "multipart/mixed; boundary=b\n\n--b\n\nvoir\n--b\n"
		    "Content-Type: message/rfc822\n\nFrom: %s%s\n\nx\n"
		    "--b\nContent-Type: (x) MESSAGE/RFC822\n\nTo: %s%s\n\nx\n"
		    "--b\nContent-Type:\n message/news\n\nCc: %s%s\n\nx\n"
		    "--b--\n",
		    open, close, open, close, open, close);
		g_autofree char *digest =
		    g_strdup_printf("From: a@client.example\nContent-Type: "
				    "multipart/digest; boundary=b\n\n--b\n\n"
				    "From: %s%s\n\nx\n--b--\n",
			open, close);
		g_autoptr(Message) m = parse(top);
		g_autoptr(Message) inner = parse(attached);
		g_autoptr(Message) in_digest = parse(digest);

		g_assert_true(has_defect(m, "address-field"));
		g_assert_null(m->identity);
		g_assert_cmpuint(m->from->len, ==, 0);
		g_assert_cmpstr(m->text, ==, "Bonjour\n");
		g_assert_cmpstr(inner->identity, ==, "a@client.example");
		g_assert_cmpuint(inner->attachments->len, ==, 3);
		g_assert_cmpuint(in_digest->attachments->len, ==, 1);
	}
}

static void
assert_address_field(const char *what, const char *value, bool over)
{
	g_autofree char *mail = g_strdup_printf("From: a@client.example\r\n"
						"To: %s" PLAIN,
	    value);
	g_autoptr(Message) m = parse(mail);

	g_test_message("%s", what);
	g_assert_cmpint(has_defect(m, "address-field"), ==, over);
	g_assert_cmpint(m->identity == NULL, ==, over);
	g_assert_cmpint(m->to->len == 0, ==, over);
}

static void
test_address_limits(void)
{
	g_autofree char *commas = repeat("a@b.example,", LIMIT_ADDRESS_COMMAS);
	g_autofree char *more = repeat("a@b.example,",
	    LIMIT_ADDRESS_COMMAS + 1);
	g_autofree char *colons = repeat(":", LIMIT_ADDRESS_COLONS);
	g_autofree char *nested = repeat("(", LIMIT_ADDRESS_NESTING);
	g_autofree char *closed = repeat(")", LIMIT_ADDRESS_NESTING);
	g_autofree char *with_colons = g_strdup_printf("a@b.example %s",
	    colons);
	g_autofree char *colon_more = g_strdup_printf("a@b.example :%s",
	    colons);
	g_autofree char *with_nested = g_strdup_printf("a@b.example %s%s",
	    nested, closed);
	g_autofree char *nested_more = g_strdup_printf("a@b.example (%s%s)",
	    nested, closed);

	assert_address_field("commas", commas, false);
	assert_address_field("commas + 1", more, true);
	assert_address_field("colons", with_colons, false);
	assert_address_field("colons + 1", colon_more, true);
	assert_address_field("nesting", with_nested, false);
	assert_address_field("nesting + 1", nested_more, true);
}

/* #16, #17: headers without end. */
static void
test_large_headers(void)
{
	g_autofree char *parens = repeat("(", 1000000);
	g_autofree char *comment = g_strdup_printf("From: %s a@b" PLAIN,
	    parens);
	g_autofree char *to = repeat("To: a@b.example\r\n", 500000);
	g_autofree char *many = g_strdup_printf("From: a@client.example\r\n"
						"%s\r\ntexte\r\n",
	    to);
	g_autoptr(Message) one = parse(comment);
	g_autoptr(Message) lines = parse(many);

	g_assert_true(has_defect(one, "header-field-size"));
	g_assert_true(has_defect(one, "address-field"));
	g_assert_null(one->identity);
	g_assert_cmpuint(strlen(message_header(one, "From")), <=,
	    LIMIT_HEADER_VALUE_BYTES);
	g_assert_true(has_defect(lines, "header-fields"));
	g_assert_true(has_defect(lines, "header-block-size"));
	g_assert_cmpuint(lines->headers->len, ==, LIMIT_HEADER_FIELDS);
	/* Its one From is sound; none hides behind the limit. */
	g_assert_cmpstr(lines->identity, ==, "a@client.example");
	g_assert_cmpstr(lines->text, ==, "texte\n");
}

/* Where the head of an over-large mail ends before its fields do, nobody knows
 * how many From there are. */
static void
test_cut_header(void)
{
	static const struct {
		const char *mail;
		bool partial;
		const char *defect; /* NULL: it has its identity */
	} cases[] = {
		{ "From: a@client.example\nX: y\n", true, "header-cut" },
		{ "From: a@client.example\nX: y", true, "header-cut" },
		{ "From: a@client.example\nX: y\n\n", true, NULL },
		{ "From: a@client.example\nX: y\n", false, NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Message) m =
		    message_parse((const guint8 *)cases[i].mail,
			strlen(cases[i].mail), cases[i].partial);

		g_assert_cmpstr(m->identity_defect, ==, cases[i].defect);
	}
}

/* A second From hides beyond the fields that are kept. */
static void
test_from_beyond_limit(void)
{
	g_autofree char *fields = repeat("X: y\n", LIMIT_HEADER_FIELDS);
	g_autofree char *mail = g_strdup_printf(
	    "From: a@client.example\n%sFrom: b@client.example\n\nx", fields);
	g_autoptr(Message) m = parse(mail);

	g_assert_true(has_defect(m, "duplicate-from"));
	g_assert_null(m->identity);
}

/* #18 to #20: parameters, at the top and in a part. */
static void
test_parameters(void)
{
	GString *many = g_string_new(NULL), *split = g_string_new(NULL);
	g_autofree char *name = repeat("n", 71);
	g_autofree char *long_name = g_strdup_printf("; %s*=utf-8''\xc3\xa9",
	    name);
	const char *bad[3];

	for (int i = 0; i < 100000; i++)
		g_string_append_printf(many, "; p%d=a", i);
	for (int i = 0; i < 16000; i++)
		g_string_append_printf(split, ";n%d*0=a;n%d*1=b", i, i);
	bad[0] = many->str;
	bad[1] = split->str;
	bad[2] = long_name;
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *top = g_strdup_printf(
		    "From: a@client.example\nContent-Type: text/plain%s\n\n"
		    "texte\n",
		    bad[i]);
		g_autofree char *inner = g_strdup_printf(
		    "From: a@client.example\nContent-Type: multipart/mixed; "
		    "boundary=b\n\n--b\n\ntexte\n--b\nContent-Type: "
		    "multipart/mixed; boundary=c%s\nContent-Disposition: "
		    "attachment; filename=x%s\n\n--c\n\ny\n--c--\n--b--\n",
		    bad[i], bad[i]);
		g_autoptr(Message) m = parse(top);
		g_autoptr(Message) n = parse(inner);
		const Attachment *attachment;

		g_assert_true(has_defect(m, "parameters"));
		g_assert_cmpuint(m->attachments->len, ==, 1);
		attachment = m->attachments->pdata[0];
		g_assert_cmpstr(attachment->type, ==,
		    "application/octet-stream");
		g_assert_cmpstr(m->identity, ==, "a@client.example");
		g_assert_true(has_defect(n, "parameters"));
		g_assert_cmpstr(n->text, ==, "texte");
		g_assert_cmpuint(n->attachments->len, ==, 1);
		attachment = n->attachments->pdata[0];
		g_assert_cmpstr(attachment->type, ==,
		    "application/octet-stream");
		g_assert_cmpstr(attachment->name, ==, "attachment.bin");
	}
	g_string_free(many, TRUE);
	g_string_free(split, TRUE);
}

/* `depth` multiparts in each other with a text in the innermost. */
static char *
nest(guint depth)
{
	GString *mail = g_string_new("From: a@client.example\n");

	for (guint i = 0; i < depth; i++)
		g_string_append_printf(mail,
		    "Content-Type: multipart/mixed; boundary=b%u\n\n"
		    "--b%u\n",
		    i, i);
	g_string_append(mail, "\nau fond\n");
	for (guint i = depth; i > 0; i--)
		g_string_append_printf(mail, "--b%u--\n", i - 1);
	return g_string_free(mail, FALSE);
}

/* #21: the walk stops where it says. */
static void
test_depth(void)
{
	static const struct {
		guint depth;
		bool over;
	} rows[] = { { 1, false }, { LIMIT_MIME_DEPTH, false },
		{ LIMIT_MIME_DEPTH + 1, true }, { 9000, true } };

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mail = nest(rows[i].depth);
		g_autoptr(Message) m = parse(mail);

		g_test_message("%u", rows[i].depth);
		g_assert_cmpint(has_defect(m, "mime-depth"), ==, rows[i].over);
		if (rows[i].over)
			g_assert_cmpuint(m->attachments->len, ==, 1);
		else
			g_assert_cmpstr(m->text, ==, "au fond");
		g_assert_cmpstr(m->identity, ==, "a@client.example");
	}
}

/* #21, #22: over the boundary lines GMime is not called. */
static void
test_boundary_lines(void)
{
	g_autofree char *deep = nest(20000);
	g_autofree char *parts = repeat("--b\r\n\r\nx\r\n", 1000000);
	g_autofree char *flood = g_strdup_printf(
	    "From: a@client.example\r\n"
	    "Content-Type: multipart/mixed; boundary=b\r\n\r\n%s--b--\r\n",
	    parts);
	const char *mails[] = { deep, flood };

	for (gsize i = 0; i < G_N_ELEMENTS(mails); i++) {
		g_autoptr(Prescan) scan = prescan_run((const guint8 *)mails[i],
		    strlen(mails[i]), false);
		g_autoptr(Message) m = parse(mails[i]);
		const Attachment *raw;

		g_assert_null(scan->shown);
		g_assert_true(has_defect(m, "boundary-lines"));
		g_assert_cmpstr(m->identity, ==, "a@client.example");
		g_assert_cmpuint(m->attachments->len, ==, 1);
		raw = m->attachments->pdata[0];
		g_assert_cmpint(raw->size, ==, (gint64)strlen(mails[i]));
		g_assert_cmpstr(raw->name, ==, "message.eml");
	}
}

static void
test_parts(void)
{
	g_autofree char *parts = repeat("--b\n\nx\n", LIMIT_MIME_PARTS + 1);
	g_autofree char *mail = g_strdup_printf(
	    "Content-Type: multipart/mixed; boundary=b\n\n%s--b--\n", parts);
	g_autofree char *fields = repeat("X-Filler: y\n", 20000);
	g_autofree char *headers = g_strdup_printf(
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n%s\nx\n--b\n\n"
	    "y\n--b--\n",
	    fields);
	g_autoptr(Message) many = parse(mail);
	g_autoptr(Message) long_header = parse(headers);

	g_assert_true(has_defect(many, "mime-parts"));
	g_assert_true(has_defect(long_header, "part-header"));
	g_assert_true(g_str_has_suffix(long_header->text, "\ny"));
}

/* #23: nothing inside an attached mail is this mail's text. */
static void
test_attached_mails(void)
{
	GString *mail = g_string_new("From: a@client.example\n"
				     "Subject: Fwd\n");
	g_autoptr(Message) m = NULL;
	const Attachment *attachment;

	for (int i = 0; i < 1500; i++)
		g_string_append(mail, "Content-Type: message/rfc822\n\n");
	g_string_append(mail, "\n#close\n");
	m = parse(mail->str);
	g_assert_cmpstr(m->text, ==, "");
	g_assert_null(m->command_text);
	g_assert_cmpuint(m->attachments->len, ==, 1);
	attachment = m->attachments->pdata[0];
	g_assert_cmpstr(attachment->name, ==, "message.eml");
	g_assert_cmpstr(attachment->type, ==, "message/rfc822");
	g_string_free(mail, TRUE);
}

/* #24, #25, #27, #36: lines that want to be headers. */
static void
test_injection(void)
{
	g_autofree char *id = repeat("a", 8000);
	g_autofree char *mail = g_strdup_printf(
	    "From: a@client.example\r\n"
	    "Subject: =?utf-8?q?x=0D=0ABcc:_v=40t=0D=0A=0D=0Ahi?=\r\n"
	    "Message-ID: <%s@b.example>\r\n"
	    "References: <a@b.example>,<c@d.example> <> <<e@f.example>>\r\n"
	    "\t<a@b.example> <g h@i>\r\n"
	    "In-Reply-To: Votre message <a@b.example> du 20\r\n"
	    "X-Auto-Response-Suppress: All\r\n"
	    "X-MS-Exchange-Inbox-Rules-Loop: a@client.example" PLAIN
	    ".\r\nMAIL FROM:<a@b>\r\n",
	    id);
	g_autoptr(Message) m = parse(mail);

	g_assert_cmpstr(m->subject, ==, "x Bcc: v@t hi");
	g_assert_null(m->message_id);
	g_assert_true(has_defect(m, "message-id"));
	g_assert_cmpuint(g_strv_length(m->references), ==, 3);
	g_assert_cmpstr(m->references[0], ==, "a@b.example");
	g_assert_cmpstr(m->references[1], ==, "c@d.example");
	g_assert_cmpstr(m->references[2], ==, "e@f.example");
	g_assert_cmpstr(m->in_reply_to[0], ==, "a@b.example");
	g_assert_cmpstr(message_header(m, "x-auto-response-suppress"), ==,
	    "All");
	g_assert_cmpstr(m->text, ==, "Bonjour\n.\nMAIL FROM:<a@b>\n");
}

/* #28: a file's name is a label. */
static void
test_file_names(void)
{
	static const struct {
		const char *field, *name;
	} rows[] = {
		{ "filename*=utf-8''..%2F..%2F%00x%0d%0aEvil:1",
		    "_.._.._x_Evil_1" },
		{ "filename=\"=?utf-8?q?=2E=2E/..=2Fcron?=\"", "_.._.._cron" },
		{ "filename=\"\xe2\x80\x8b.htaccess\"", "_.htaccess" },
		{ "filename=\"..\"", "_.." },
		{ "filename=\"C:\\\\temp\\\\a.exe\"", "C_temp_a.exe" },
		{ "filename=-rf", "_-rf" },
		{ "filename=\"\"", "attachment.bin" },
		{ "filename=\"rapport\xe2\x80\xae"
		  "fdp.exe\"",
		    "rapportfdp.exe" },
		{ "filename*0*=iso-8859-1''caf%E9; filename*1=\" noir.txt\"",
		    "caf\xc3\xa9 noir.txt" },
		{ "filename=\"caf\xe9.txt\"", "caf\xc3\xa9.txt" },
		{ "filename=deux mots.txt", "deux mots.txt" },
		{ "filename*=utf-7''+AC4-", "+AC4-" },
	};
	g_autofree char *extension = repeat("e", 300);
	g_autofree char *stem = repeat("s", 300);
	g_autofree char *long_extension = g_strdup_printf("filename=a.%s",
	    extension);
	g_autofree char *long_stem = g_strdup_printf("filename=%s.pdf", stem);
	const char *long_names[] = { long_extension, long_stem };

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mail =
		    g_strdup_printf("Content-Type: application/octet-stream\n"
				    "Content-Disposition: attachment; %s\n\nx",
			rows[i].field);
		g_autoptr(Message) m = parse(mail);
		const Attachment *attachment = m->attachments->pdata[0];

		g_test_message("%s", rows[i].field);
		g_assert_cmpstr(attachment->name, ==, rows[i].name);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(long_names); i++) {
		g_autofree char *mail = g_strdup_printf(
		    "Content-Disposition: attachment; %s\n\nx", long_names[i]);
		g_autoptr(Message) m = parse(mail);
		const Attachment *attachment = m->attachments->pdata[0];

		g_assert_cmpuint(strlen(attachment->name), ==,
		    LIMIT_FILE_NAME_BYTES);
		g_assert_cmpint(g_str_has_suffix(attachment->name, ".pdf"), ==,
		    i == 1);
	}
}

/* #34: what is hidden is not read, and only plain text can hold commands. */
static void
test_hidden(void)
{
	g_autoptr(Message) both = parse(
	    "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n"
	    "hello\n--b\nContent-Type: text/html\n\n"
	    "<div style='display: none'>#close</div>visible\n--b--\n");
	g_autoptr(Message) html = parse(
	    "Content-Type: text/html\n\n"
	    "<p>#close<p style=\"DISPLAY :NONE\">cach\xc3\xa9</p>\n");

	g_assert_cmpstr(both->text, ==, "hello");
	g_assert_cmpstr(both->command_text, ==, "hello");
	g_assert_true(both->has_html);
	g_assert_cmpstr(html->text, ==, "#close");
	g_assert_null(html->command_text);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/message/small-bad", test_small_bad);
	g_test_add_func("/message/suppressor", test_suppressor_after_garbage);
	g_test_add_func("/message/nul", test_nul);
	g_test_add_func("/message/nested-groups", test_nested_groups);
	g_test_add_func("/message/address-limits", test_address_limits);
	g_test_add_func("/message/large-headers", test_large_headers);
	g_test_add_func("/message/cut-header", test_cut_header);
	g_test_add_func("/message/from-beyond", test_from_beyond_limit);
	g_test_add_func("/message/parameters", test_parameters);
	g_test_add_func("/message/depth", test_depth);
	g_test_add_func("/message/boundary-lines", test_boundary_lines);
	g_test_add_func("/message/parts", test_parts);
	g_test_add_func("/message/attached", test_attached_mails);
	g_test_add_func("/message/injection", test_injection);
	g_test_add_func("/message/file-names", test_file_names);
	g_test_add_func("/message/hidden", test_hidden);
	return g_test_run();
}
