/*
 * Bad mails, each with what must come of it (SECURITY.md 5, those of parsing,
 * by their number), and the way of a Message to the desk.
 */
#include "guichet/message.h"

#include "guichet/error.h"
#include "guichet/limits.h"
#include "guichet/message_json.h"
#include "guichet/prescan.h"

#include <string.h>

#include "guichet/cleanup.h"

/* From a copy on the heap of just that size, so that overreads are seen. */
static Message *
parse_bytes(const char *bytes, gsize length)
{
	g_autofree guint8 *copy = g_memdup2(bytes, length);

	return message_parse(copy, length, false);
}

static Message *
parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

static bool
has_defect(const Message *message, const char *word)
{
	return g_strv_contains((const char *const *)message->defects, word);
}

/* `unit` repeated. */
static char *
repeat(const char *unit, gsize count)
{
	GString *text = g_string_new(NULL);

	for (gsize i = 0; i < count; i++)
		g_string_append(text, unit);
	return g_string_free(text, FALSE);
}

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
	g_assert_null(lines->identity);
	g_assert_cmpstr(lines->text, ==, "texte\n");
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
		/* The first two are too long for any header. */
		g_assert_cmpint(m->identity != NULL, ==, i == 2);
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

/* T23: the first text/plain leaf on the path of first children, or nothing. */
static void
test_command_text(void)
{
	static const struct {
		const char *label, *body, *command;
	} rows[] = {
		{ "mixed, alternative, plain",
		    "multipart/mixed; boundary=a\n\n--a\nContent-Type: "
		    "multipart/alternative; boundary=b\n\n--b\n\n#take\n"
		    "--b\nContent-Type: text/html\n\n#close\n--b--\n--a--\n",
		    "#take" },
		{ "plain is second",
		    "multipart/mixed; boundary=a\n\n--a\nContent-Type: "
		    "text/html\n\nx\n--a\n\n#close\n--a--\n",
		    NULL },
		{ "a file named body.txt",
		    "multipart/mixed; boundary=a\n\n--a\nContent-Disposition: "
		    "attachment; filename=body.txt\n"
		    "Content-Transfer-Encoding: base64\n\nI2Nsb3Nl\n"
		    "--a--\n",
		    NULL },
		{ "attached mail first",
		    "multipart/mixed; boundary=a\n\n--a\nContent-Type: "
		    "message/rfc822\n\n\n#close\n--a\n\n#close\n--a--\n",
		    NULL },
	};
	g_autofree char *long_text = repeat("#note 0123456789\n", 1000);
	g_autofree char *long_mail = g_strdup_printf("Subject: x\n\n%s",
	    long_text);
	g_autoptr(Message) cut = parse(long_mail);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mail = g_strdup_printf("Content-Type: %s",
		    rows[i].body);
		g_autoptr(Message) m = parse(mail);

		g_test_message("%s", rows[i].label);
		g_assert_cmpstr(m->command_text, ==, rows[i].command);
	}
	g_assert_cmpuint(strlen(cut->command_text), ==, LIMIT_COMMAND_BYTES);
}

static void
test_structure(void)
{
	g_autoptr(Message) m = parse(
	    "From: =?iso-8859-1?Q?Ren=E9_Dupont?= <rene@client.example>\r\n"
	    "To: \"Support, N1\" <help@desk.example>,"
	    " Equipe: a@b.example, c@d.example;\r\n"
	    "Cc: =?utf-8?B?w4lsw6lvbm9yZQ==?= <e@client.example>\r\n"
	    "Subject: =?utf-8?Q?Imprimante_=C3?= =?utf-8?Q?=A9teinte?=\r\n"
	    "Date: Fri, 20 Nov 2026 17:00:00 +0100 (CET)\r\n"
	    "Message-ID: <1@client.example>\r\n"
	    "Return-Path: <>\r\n"
	    "Content-Type: multipart/mixed; boundary=\"=_a*b?\"\r\n\r\n"
	    "Ce message est en plusieurs parties.\r\n"
	    "--=_a*b?\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"
	    "--r\r\nContent-Type: text/html; charset=iso-8859-1\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
	    "<p>L'imprimante est =E9teinte<br>encore =80<img src=3D'cid:1'>"
	    "\r\n--r\r\nContent-Type: image/png\r\nContent-ID: <1>\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--r--\r\n"
	    "--=_a*b?\r\nContent-Type: text/plain; charset=windows-1252\r\n"
	    "\r\npied\r\n"
	    "--=_a*b?\r\nContent-Type: text/plain; name=\"journal.log\"\r\n"
	    "Content-Disposition: attachment\r\n\r\nligne\r\n"
	    "--=_a*b?--\r\n");
	const Mailbox *to;
	const Attachment *image, *log;

	g_assert_cmpuint(g_strv_length(m->defects), ==, 0);
	g_assert_cmpstr(m->identity, ==, "rene@client.example");
	g_assert_cmpstr(((Mailbox *)m->from->pdata[0])->name, ==,
	    "Ren\xc3\xa9 Dupont");
	g_assert_cmpuint(m->to->len, ==, 3);
	to = m->to->pdata[0];
	g_assert_cmpstr(to->name, ==, "Support, N1");
	g_assert_cmpstr(((Mailbox *)m->to->pdata[2])->address, ==,
	    "c@d.example");
	g_assert_cmpstr(((Mailbox *)m->cc->pdata[0])->name, ==,
	    "\xc3\x89l\xc3\xa9onore");
	g_assert_cmpstr(m->subject, ==, "Imprimante \xc3\xa9teinte");
	g_assert_true(m->has_date);
	g_assert_cmpint(m->date, ==, 1795190400);
	g_assert_cmpstr(m->return_path, ==, "");
	g_assert_cmpstr(m->text, ==,
	    "L'imprimante est \xc3\xa9teinte\nencore \xe2\x82\xac\npied");
	g_assert_cmpuint(m->attachments->len, ==, 2);
	image = m->attachments->pdata[0];
	log = m->attachments->pdata[1];
	g_assert_true(image->is_inline);
	g_assert_cmpint(image->size, ==, 4);
	g_assert_false(log->is_inline);
	g_assert_cmpstr(log->name, ==, "journal.log");
	g_assert_cmpstr(m->content_type, ==, "multipart/mixed");
}

/* Contents come from the mail's bytes, not from what GMime was shown. */
static void
test_masks_never_show(void)
{
	static const char inner[] =
	    "Subject: x\nContent-Type: message/rfc822;\n name=\"=?u?q?a?=\"\n"
	    "\nContent-Disposition: attachment; filename*=utf-8''a\n";
	g_autofree char *mail = g_strdup_printf(
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
	    "Content-Type: multipart/digest; boundary=q\n"
	    "--b\nContent-Type: message/rfc822\n\n%s\n--b--\n",
	    inner);
	g_autoptr(Message) m = parse(mail);
	const Attachment *attachment = m->attachments->pdata[0];
	gsize length;
	const void *bytes = g_bytes_get_data(attachment->content, &length);

	g_assert_cmpstr(m->text, ==,
	    "Content-Type: multipart/digest; boundary=q");
	g_assert_cmpmem(bytes, length, inner, sizeof inner - 1);
}

static void
test_broken_mime(void)
{
	static const struct {
		const char *label, *mail, *text, *defect;
	} rows[] = {
		{ "no boundary", "Content-Type: multipart/mixed\n\nBonjour\n",
		    "Bonjour\n", "mime" },
		{ "boundary never comes",
		    "Content-Type: multipart/mixed; boundary=b\n\nBonjour\n",
		    "Bonjour\n", "mime" },
		{ "never closed",
		    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nun\n",
		    "un\n", "truncated" },
		{ "unknown encoding",
		    "Content-Transfer-Encoding: x-yenc\n\nun\n", "un\n",
		    "bad-encoding" },
		{ "bad base64",
		    "Content-Transfer-Encoding: base64\n\nQm9u!am91cg\n",
		    "Bonjour", "bad-base64" },
		{ "base64 in name alone",
		    "Content-Transfer-Encoding: base64\n\nPlus rien, ici.\n",
		    "Plus rien, ici.\n", "bad-base64" },
		{ "base64 in pieces",
		    "Content-Transfer-Encoding: base64\n\nQm9uag==\nb3Vy\n",
		    "Bonjour", NULL },
		{ "unknown charset",
		    "Content-Type: text/plain; charset=x-klingon\n\ncaf\xe9\n",
		    "caf\xc3\xa9\n", "bad-charset" },
		{ "utf-7 is not decoded",
		    "Content-Type: text/plain; charset=utf-7\n\n+ADw-b+AD4-\n",
		    "+ADw-b+AD4-\n", "bad-charset" },
		{ "uuencode",
		    "Content-Transfer-Encoding: x-uuencode\n\n"
		    "begin 644 x\n'0F]N:F]U<@``\n`\nend\n",
		    "Bonjour", NULL },
		{ "flowed",
		    "Content-Type: text/plain; format=flowed\n\n"
		    "un \ndeux\n>trois \n>quatre\n-- \nsig \n",
		    "un deux\n> trois quatre\n-- \nsig \n", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mail = g_strdup_printf(
		    "Date: 20 Nov 2026 16:00 GMT\n%s", rows[i].mail);
		g_autoptr(Message) m = parse(mail);

		g_test_message("%s", rows[i].label);
		g_assert_cmpstr(m->text, ==, rows[i].text);
		if (rows[i].defect != NULL)
			g_assert_true(has_defect(m, rows[i].defect));
		else
			g_assert_cmpuint(g_strv_length(m->defects), ==, 0);
	}
}

static void
test_content_hash(void)
{
	static const char one[] =
	    "Return-Path: <a@client.example>\r\n"
	    "Received: from x by y for <support@desk.example>;\r\n\tvendredi"
	    "\r\nDelivered-To: support@desk.example\r\n"
	    "From: a@client.example\r\nSubject: x\r\n\r\nBonjour\r\n";
	static const char other[] =
	    "Delivered-To: alerte@desk.example\n"
	    "From: a@client.example\nSubject: x\n\nBonjour\n";
	static const char changed[] =
	    "Delivered-To: alerte@desk.example\n"
	    "From: a@client.example\nDelivered-To: x\nSubject: x\n"
	    "\nBonjour\n";
	g_autoptr(Message) a = parse(one);
	g_autoptr(Message) b = parse(other);
	g_autoptr(Message) c = parse(changed);

	g_assert_cmpstr(a->content_sha256, ==, b->content_sha256);
	g_assert_cmpstr(a->content_sha256, !=, c->content_sha256);
	g_assert_cmpuint(a->received_count, ==, 1);
	g_assert_cmpstr(a->return_path, ==, "a@client.example");
}

static void
test_partial(void)
{
	static const char mail[] = "From: a@client.example\n"
				   "Content-Type: multipart/mixed; boundary=b\n"
				   "\n--b\n\nun\n--b\nContent-Type: image/png\n"
				   "Content-Transfer-Encoding: base64\n\niVBO";
	g_autoptr(Message) m = message_parse((const guint8 *)mail,
	    sizeof mail - 1, true);

	g_assert_true(has_defect(m, "partial"));
	g_assert_cmpstr(m->identity, ==, "a@client.example");
	g_assert_cmpstr(m->text, ==, "un");
}

/* ---- the way to the desk ---- */

static const char report[] =
    "From: MAILER-DAEMON@mx.example\nSubject: Undelivered\n"
    "Content-Type: multipart/report; report-type=Delivery-Status;"
    " boundary=b\n\n--b\n\nNon remis.\n"
    "--b\nContent-Type: message/delivery-status\n\n"
    "Reporting-MTA: dns; mx.example\n\n"
    "Final-Recipient: rfc822; jean@client.example\n"
    "Action: failed\nStatus: 5.1.1\n\n"
    "Final-Recipient: rfc822;<paul@client.example>\n"
    "Action: delayed\nStatus: 4.4.1 (timeout)\n\n"
    "Final-Recipient: rfc822; marie@client.example\n"
    "Action: failed\nStatus: 5.0.0\n"
    "Diagnostic-Code: smtp; 550 10.5.4.3 5.7.1 Refused\n"
    "--b\nContent-Type: message/rfc822\n\n"
    "Message-ID: <k1.12@desk.example>\n\nBonjour\n--b--\n";

static GBytes *
to_bytes(GVariant *variant)
{
	g_autoptr(GVariant) sunk = g_variant_ref_sink(variant);

	return g_variant_get_data_as_bytes(sunk);
}

static void
test_bounce(void)
{
	g_autoptr(Message) m = parse(report);
	const BounceRecipient *first, *second, *third;

	g_assert_nonnull(m->bounce);
	g_assert_cmpstr(m->report_type, ==, "delivery-status");
	g_assert_cmpstr(m->bounce->original_message_id, ==,
	    "k1.12@desk.example");
	g_assert_cmpuint(m->bounce->recipients->len, ==, 3);
	first = m->bounce->recipients->pdata[0];
	second = m->bounce->recipients->pdata[1];
	third = m->bounce->recipients->pdata[2];
	g_assert_cmpstr(third->status, ==, "5.7.1");
	g_assert_cmpstr(first->address, ==, "jean@client.example");
	g_assert_cmpstr(first->status, ==, "5.1.1");
	g_assert_true(first->permanent);
	g_assert_cmpstr(second->address, ==, "paul@client.example");
	g_assert_cmpstr(second->action, ==, "delayed");
	g_assert_cmpstr(second->status, ==, "4.4.1");
	g_assert_false(second->permanent);
}

static void
test_round_trip(void)
{
	static const char *const mails[] = { "", report,
		"From: a@client.example\nMessage-ID: <1@client.example>\n"
		"References: <2@x> <3@y>\nReceived: from x\n\nBonjour\n" };

	for (gsize i = 0; i < G_N_ELEMENTS(mails); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Message) m = parse(mails[i]);
		g_autoptr(GBytes) bytes = to_bytes(message_to_variant(m));
		g_autoptr(Message) back = message_from_variant(bytes, &error);
		g_autoptr(GBytes) again = NULL;
		g_autoptr(json_t) one = NULL;
		g_autoptr(json_t) two = NULL;

		g_assert_no_error(error);
		again = to_bytes(message_to_variant(back));
		g_assert_true(g_bytes_equal(bytes, again));
		one = message_to_json(m, "x");
		two = message_to_json(back, "x");
		g_assert_true(json_equal(one, two));
	}
}

static void
assert_refused(const Message *message, const char *what)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = to_bytes(message_to_variant(message));

	g_test_message("%s", what);
	g_assert_null(message_from_variant(bytes, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT);
	g_assert_nonnull(strstr(error->message, what));
}

static void
set(char **to, const char *text)
{
	g_free(*to);
	*to = g_strdup(text);
}

/* One lie each. */
static void
test_hostile_reader(void)
{
	static const struct {
		const char *what;
		gsize offset; /* of a string in Message */
		const char *value;
	} rows[] = {
		{ "message id", offsetof(Message, message_id), "a\r\nBcc: v" },
		{ "message id", offsetof(Message, message_id), "" },
		{ "subject", offsetof(Message, subject), "x\nBcc: v@t" },
		{ "identity", offsetof(Message, identity), "a@b>\r\nDATA" },
		{ "identity", offsetof(Message, identity), "A@client.example" },
		{ "identity", offsetof(Message, identity), NULL },
		{ "identity", offsetof(Message, identity_defect), "both" },
		{ "return path", offsetof(Message, return_path), "a\x1b[2J" },
		{ "text", offsetof(Message, text), "a\x1b[2J" },
		{ "new text", offsetof(Message, new_text), "\xc2\x85" },
		{ "command text", offsetof(Message, command_text), "a\rb" },
		{ "type", offsetof(Message, content_type), "a\nb" },
		{ "report type", offsetof(Message, report_type), "a\nb" },
		{ "content hash", offsetof(Message, content_sha256), "00" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Message) m = parse("From: a@client.example\n\nx");

		set((char **)(void *)((char *)m + rows[i].offset),
		    rows[i].value);
		assert_refused(m, rows[i].what);
	}
}

static void
test_hostile_attachments(void)
{
	static const char mail[] = "Content-Type: application/pdf; name=a.pdf\n"
				   "\n%PDF";

	for (int i = 0; i < 4; i++) {
		g_autoptr(Message) m = parse(mail);
		Attachment *attachment = m->attachments->pdata[0];
		static const char *const what[] = { "attachment name",
			"attachment size", "attachment hash",
			"attachment type" };

		if (i == 0)
			set(&attachment->name, "../../etc/passwd");
		else if (i == 1)
			attachment->size = -1;
		else if (i == 2)
			attachment->sha256[0] ^= 1;
		else
			set(&attachment->type, "a\nb");
		assert_refused(m, what[i]);
	}
}

static void
test_hostile_lists(void)
{
	g_autoptr(Message) m = parse("From: a@client.example\n\nx");
	g_autoptr(Message) ids = parse("From: a@client.example\n\nx");
	g_autoptr(Message) words = parse("From: a@client.example\n\nx");
	g_autoptr(Message) count = parse("From: a@client.example\n\nx");

	for (int i = 0; i < 1001; i++)
		g_ptr_array_add(m->cc, mailbox_new("", "a@b"));
	assert_refused(m, "mailboxes");
	g_strfreev(ids->references);
	ids->references = g_strsplit("a@b c d@e", "@", -1);
	assert_refused(ids, "id");
	g_strfreev(words->defects);
	words->defects = g_strsplit("A B", "x", -1);
	assert_refused(words, "defect");
	count->received_count = G_MAXUINT64;
	assert_refused(count, "received count");
}

/* Whatever bytes come, they are refused or read, and nothing breaks. */
static void
test_hostile_bytes(void)
{
	g_autoptr(Message) m = parse(report);
	g_autoptr(GBytes) bytes = to_bytes(message_to_variant(m));
	gsize length;
	const guint8 *good = g_bytes_get_data(bytes, &length);

	for (gsize i = 0; i < length; i++) {
		g_autofree guint8 *copy = g_memdup2(good, length);
		g_autoptr(GBytes) bad = NULL;
		g_autoptr(GBytes) cut = g_bytes_new(good, i);
		g_autoptr(GError) error = NULL;
		g_autoptr(Message) changed = NULL;

		copy[i] ^= 0x81;
		bad = g_bytes_new_take(g_steal_pointer(&copy), length);
		changed = message_from_variant(bad, NULL);
		g_assert_null(message_from_variant(cut, &error));
		g_assert_nonnull(error);
	}
}

static void
test_json_order(void)
{
	static const char *const keys[] = { "file", "message_id", "in_reply_to",
		"references", "date", "from", "reply_to", "to", "cc", "subject",
		"identity", "identity_defect", "text", "new_text", "has_html",
		"attachments", "robot", "robot_signals", "bounce", "alert",
		"defects" };
	g_autoptr(Message) m = parse(report);
	g_autoptr(json_t) object = message_to_json(m, "a\xff.eml");
	const char *key;
	json_t *value;
	gsize i = 0;

	json_object_set_new(object, "robot", json_string("bounce"));
	json_object_foreach(object, key, value)
	{
		g_assert_cmpuint(i, <, G_N_ELEMENTS(keys));
		g_assert_cmpstr(key, ==, keys[i++]);
	}
	g_assert_cmpuint(i, ==, G_N_ELEMENTS(keys));
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
	g_test_add_func("/message/from-beyond", test_from_beyond_limit);
	g_test_add_func("/message/parameters", test_parameters);
	g_test_add_func("/message/depth", test_depth);
	g_test_add_func("/message/boundary-lines", test_boundary_lines);
	g_test_add_func("/message/parts", test_parts);
	g_test_add_func("/message/attached", test_attached_mails);
	g_test_add_func("/message/injection", test_injection);
	g_test_add_func("/message/file-names", test_file_names);
	g_test_add_func("/message/hidden", test_hidden);
	g_test_add_func("/message/command-text", test_command_text);
	g_test_add_func("/message/structure", test_structure);
	g_test_add_func("/message/masks", test_masks_never_show);
	g_test_add_func("/message/broken", test_broken_mime);
	g_test_add_func("/message/content-hash", test_content_hash);
	g_test_add_func("/message/partial", test_partial);
	g_test_add_func("/message/bounce", test_bounce);
	g_test_add_func("/message/round-trip", test_round_trip);
	g_test_add_func("/message/hostile-reader", test_hostile_reader);
	g_test_add_func("/message/hostile-attachments",
	    test_hostile_attachments);
	g_test_add_func("/message/hostile-lists", test_hostile_lists);
	g_test_add_func("/message/hostile-bytes", test_hostile_bytes);
	g_test_add_func("/message/json", test_json_order);
	return g_test_run();
}
