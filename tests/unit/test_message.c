/*
 * What is read from a mail, whole or broken, and the way of a Message to the
 * desk. Bad mails by their number are in test_message_hostile.c.
 */
#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/mail/message_json.h"

#include "message-bytes.h"

#include "guichet/base/cleanup.h"

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
		"references", "date", "from", "reply_to", "sent_by", "to", "cc",
		"subject", "identity", "identity_defect", "text", "new_text",
		"has_html", "attachments", "robot", "robot_signals", "bounce",
		"alert", "defects" };
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
