/* Bounces without a part for programs: what is read in their words. */
#include "guichet/mail/message.h"

#include <string.h>

#define DAEMON                                              \
 "Return-Path: <>\nFrom: MAILER-DAEMON@mx.client.example\n" \
 "To: help@desk.example\nMessage-ID: <b1@mx.client.example>\n"

#define QMAIL                                                             \
 DAEMON                                                                   \
 "Subject: failure notice\n\n"                                            \
 "Hi. This is the qmail-send program at mx.client.example.\n"             \
 "I'm afraid I wasn't able to deliver your message to the following "     \
 "addresses.\nThis is a permanent error; I've given up. Sorry it didn't " \
 "work out.\n\n"

#define COPY                                             \
 "\n--- Below this line is a copy of the message.\n\n"   \
 "Return-Path: <bounce@desk.example>\nTo: x@y.example\n" \
 "Message-ID: <k1.b.9@desk.example>\nSubject: Re: x\n\n" \
 "anna@client.example: 550 5.1.1 unknown\n"

typedef struct {
	const char *name, *mail;
	const char *read; /* "address action status hard; ", "" for no bounce */
	const char *id;
} Row;

static const Row rows[] = {
	{ "netease, with marks as wide as letters",
	    "Return-Path: <>\nFrom: Postmaster@163.example\n"
	    "To: help@desk.example\nSubject: \347\263\273\347\273\237"
	    "\351\200\200\344\277\241\n"
	    "Content-Type: text/plain; charset=utf-8\n\n"
	    "\346\212\261\346\255\211\357\274\214\346\202\250\347\232\204"
	    "\351\202\256\344\273\266\350\242\253\351\200\200\345\233\236"
	    "\346\235\245\344\272\206\n"
	    "\351\200\200\344\277\241\345\216\237\345\233\240\357\274\232"
	    "\346\224\266\344\273\266\344\272\272\351\202\256\344\273\266"
	    "\345\234\260\345\235\200\357\274\210jeanne@client.example"
	    "\357\274\211\344\270\215\345\255\230\345\234\250\357\274\214"
	    "\351\202\256\344\273\266\346\227\240\346\263\225\351\200\201"
	    "\350\276\276\343\200\202\n",
	    "jeanne@client.example failed  hard; ", "" },
	{ "qmail",
	    QMAIL "<jeanne@client.example>:\n"
		  "192.0.2.7 does not like recipient.\n"
		  "Remote host said: 550 5.1.1 unknown here\n" COPY,
	    "jeanne@client.example failed 5.1.1 hard; ",
	    "k1.b.9@desk.example" },
	{ "qmail, two, one of them for now",
	    QMAIL "<jeanne@client.example>:\n"
		  "Remote host said: 552 mailbox full\n"
		  "Giving up on 192.0.2.7.\n\n"
		  "<marc@client.example>:\n"
		  "Remote host said: 421 4.7.0 come back later\n" COPY,
	    "jeanne@client.example failed 5.0.0 hard; "
	    "marc@client.example failed 4.7.0 soft; ",
	    "k1.b.9@desk.example" },
	{ "exim",
	    "From: Mail Delivery System <Mailer-Daemon@out.example>\n"
	    "To: help@desk.example\nAuto-Submitted: auto-replied\n"
	    "X-Failed-Recipients: jeanne@client.example\n"
	    "Subject: Mail delivery failed: returning message to sender\n\n"
	    "A message that you sent could not be delivered to one or more "
	    "of its\nrecipients. This is a permanent error.\n\n"
	    "  jeanne@client.example\n"
	    "    host mx.client.example [192.0.2.7]\n"
	    "    SMTP error from remote mail server after RCPT TO:"
	    "<jeanne@client.example>:\n"
	    "    554 5.7.1 refused\n\n"
	    "------ This is a copy of your message. ------\n\n"
	    "Message-ID: <k1.b.9@desk.example>\n",
	    "jeanne@client.example failed 5.7.1 hard; ",
	    "k1.b.9@desk.example" },
	{ "exim, a warning",
	    "From: Mail Delivery System <Mailer-Daemon@out.example>\n"
	    "Subject: Warning: message 1abc-2 delayed 24 hours\n\n"
	    "A message that you sent has not yet been delivered to one or "
	    "more of its\nrecipients after more than 24 hours.\n\n"
	    "  jeanne@client.example\n"
	    "    host mx.client.example: Connection timed out\n\n"
	    "No action is required on your part. Delivery attempts will "
	    "continue.\n",
	    "jeanne@client.example delayed  soft; ", "" },
	{ "exchange, of old",
	    "Return-Path: <>\nFrom: System Administrator "
	    "<postmaster@client.example>\nTo: help@desk.example\n"
	    "Subject: Undeliverable: Re: x\n\n"
	    "Your message\n\n  To:      help@desk.example\n"
	    "  Subject: Re: x\n\n"
	    "did not reach the following recipient(s):\n\n"
	    "jeanne@client.example on Fri, 20 Nov 2026 17:00:00 +0100\n"
	    "    The recipient name is not recognized\n",
	    "jeanne@client.example failed  hard; ", "" },
	{ "in a sentence",
	    DAEMON "Subject: Mail delivery failed\n\n"
		   "There was an error delivering your mail to "
		   "<jeanne@client.example>.\n"
		   "550 5.2.1 <jeanne@client.example>: disabled\n"
		   "Message headers follow.\nTo: <marc@client.example>\n",
	    "jeanne@client.example failed 5.2.1 hard; ", "" },
	{ "a report's fields as text",
	    DAEMON "Subject: Delivery Status Notification (Failure)\n\n"
		   "An error occurred while trying to deliver the mail.\n"
		   "Action: failed\n"
		   "Final-Recipient: rfc822; jeanne@client.example\n"
		   "Status: 4.4.7\n",
	    "jeanne@client.example failed 4.4.7 soft; ", "" },
	/* Servers that hide: no null path, no daemon, words of many tongues. */
	{ "an office, without a path",
	    "From: \"Postmaster\" <postmaster@mx.example>\n"
	    "To: help@desk.example\nSubject: Undeliverable Mail\n\n"
	    "Delivery failed 20 attempts: jeanne@client.example\n\n"
	    "Original message follows.\nMessage-ID: <k1.b.9@desk.example>\n",
	    "jeanne@client.example failed  hard; ", "k1.b.9@desk.example" },
	{ "an office, in french",
	    "Return-Path: <>\nFrom: Administrateur "
	    "<postmaster@client.example>\nTo: help@desk.example\n"
	    "Subject: Échec de la remise : Re: x\n\n"
	    "Votre message n'a pas pu être remis au destinataire suivant :\n\n"
	    "Destinataire : jeanne@client.example\n"
	    "Boîte pleine (552 5.2.2)\n",
	    "jeanne@client.example failed 5.2.2 hard; ", "" },
	{ "a null path, in german",
	    "Return-Path: <>\nFrom: mail@client.example\n"
	    "To: help@desk.example\nSubject: Unzustellbar: Re: x\n\n"
	    "Ihre Nachricht konnte nicht an <jeanne@client.example> "
	    "zugestellt werden: nicht zustellbar.\n450 4.2.2 voll\n",
	    "jeanne@client.example failed 4.2.2 soft; ", "" },
	{ "a null path, in russian",
	    "Return-Path: <>\nFrom: robot@post.example\n"
	    "To: help@desk.example\n"
	    "Subject: Письмо не было доставлено\n\n"
	    "Не удалось доставить письмо:\n\njeanne@client.example\n"
	    "550 такого ящика нет\n",
	    "jeanne@client.example failed 5.0.0 hard; ", "" },
	{ "a null path, in japanese",
	    "Return-Path: <>\nFrom: postmaster@carrier.example\n"
	    "To: help@desk.example\nSubject: 配信エラー\n"
	    "Content-Type: text/plain; charset=utf-8\n\n"
	    "次のあて先へは送信できませんでした。\n\n"
	    "<jeanne@client.example>\n550 5.1.1 unknown\n",
	    "jeanne@client.example failed 5.1.1 hard; ", "" },
	{ "a service, in json",
	    "From: AWS <no-reply@sns.amazonaws.com>\n"
	    "To: help@desk.example\nSubject: AWS Notification Message\n\n"
	    "{\"Message\":\"{\\\"notificationType\\\":\\\"Bounce\\\","
	    "\\\"bounce\\\":{\\\"bouncedRecipients\\\":[{"
	    "\\\"emailAddress\\\":\\\"jeanne@client.example\\\","
	    "\\\"status\\\":\\\"5.1.1\\\"}]},\\\"mail\\\":{"
	    "\\\"destination\\\":[\\\"jeanne@client.example\\\"]}}\"}\n",
	    "jeanne@client.example failed 5.1.1 hard; ", "" },
	{ "nobody named but by what came back",
	    DAEMON "Subject: Returned mail\n\nIt could not be delivered.\n\n"
		   "----- Unsent message follows -----\n"
		   "Message-ID: <k1.b.9@desk.example>\n"
		   "To: Jeanne <jeanne@client.example>\n",
	    "jeanne@client.example failed  hard; ", "k1.b.9@desk.example" },
	{ "ours as it was sent, another as it was passed on",
	    DAEMON "Subject: x\nContent-Type: multipart/report; "
		   "report-type=delivery-status; boundary=b\n\n"
		   "--b\nContent-Type: message/delivery-status\n\n"
		   "Reporting-MTA: dns; mx\n\n"
		   "Original-Recipient: rfc822; jeanne@client.example\n"
		   "Final-Recipient: rfc822; j.morel@inside.example\n"
		   "Action: failed\nStatus: 5.1.1\n\n"
		   "Final-Recipient: rfc822; /mail/spool/marc\n"
		   "Original-Recipient: rfc822; marc@client.example\n"
		   "Action: expired\n--b--\n",
	    "jeanne@client.example failed 5.1.1 hard; "
	    "marc@client.example expired  hard; ",
	    "" },
	{ "one deeper: a report that a rule passed on",
	    DAEMON "Subject: Undelivered Mail\n"
		   "Content-Type: multipart/mixed; boundary=o\n\n"
		   "--o\n\nIt could not be delivered.\n"
		   "--o\nContent-Type: message/rfc822\n\n"
		   "From: MAILER-DAEMON@mx.example\n"
		   "Content-Type: multipart/report; boundary=i\n\n"
		   "--i\nContent-Type: message/delivery-status\n\n"
		   "Reporting-MTA: dns; mx\n\n"
		   "Final-Recipient: rfc822; jeanne@client.example\n"
		   "Action: failed\nStatus: 5.1.1\n\n"
		   "--i\nContent-Type: message/rfc822\n\n"
		   "Message-ID: <k1.b.9@desk.example>\n\nx\n--i--\n--o--\n",
	    "jeanne@client.example failed 5.1.1 hard; ",
	    "k1.b.9@desk.example" },
	/* A person's words about a bounce are a request. */
	{ "a person asks",
	    "Return-Path: <jeanne@client.example>\n"
	    "From: jeanne@client.example\nTo: help@desk.example\n"
	    "Subject: Undeliverable\n\n"
	    "Bonjour, mes mails reviennent :\n\n"
	    "marc@autre.example: could not be delivered, 550 5.1.1\n",
	    "", NULL },
	{ "a person who is postmaster",
	    "Return-Path: <postmaster@client.example>\n"
	    "From: postmaster@client.example\n"
	    "Subject: Undeliverable\n\n"
	    "marc@autre.example could not be delivered\n",
	    "", NULL },
	{ "a person asks by a form, whose path is empty",
	    "Return-Path: <>\nFrom: Jeanne <jeanne@client.example>\n"
	    "To: help@desk.example\nSubject: Nos mails reviennent\n\n"
	    "Bonjour, notre client recoit :\n\n"
	    "marc@autre.example\n"
	    "  550 5.1.1 user unknown, could not be delivered\n",
	    "", NULL },
	{ "somebody is away",
	    "Return-Path: <>\nAuto-Submitted: auto-replied\n"
	    "From: jeanne@client.example\nSubject: Absente\n\n"
	    "Your mail is not delivered to anybody else; write to\n"
	    "marc@client.example\n",
	    "", NULL },
	{ "a daemon that names nobody",
	    DAEMON "Subject: failure notice\n\nIt could not be delivered.\n",
	    "", NULL },
};

static void
test_rows(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) read = g_string_new(NULL);
		g_autoptr(Message) m = message_parse(
		    (const guint8 *)rows[i].mail, strlen(rows[i].mail), false);

		g_test_message("%s", rows[i].name);
		for (guint r = 0;
		     m->bounce != NULL && r < m->bounce->recipients->len; r++) {
			const BounceRecipient *one =
			    m->bounce->recipients->pdata[r];

			g_string_append_printf(read, "%s %s %s %s; ",
			    one->address, one->action, one->status,
			    one->permanent ? "hard" : "soft");
		}
		g_assert_cmpstr(read->str, ==, rows[i].read);
		g_assert_cmpstr(
		    m->bounce != NULL ? m->bounce->original_message_id : NULL,
		    ==, rows[i].id);
	}
}

/* Read by the desk as by the reader: nothing of it is refused on its way. */
static void
test_crossing(void)
{
	g_autoptr(Message) m = message_parse((const guint8 *)rows[0].mail,
	    strlen(rows[0].mail), false);
	g_autoptr(GVariant) packed = g_variant_ref_sink(message_to_variant(m));
	g_autoptr(GBytes) bytes = g_variant_get_data_as_bytes(packed);
	g_autoptr(GError) error = NULL;
	g_autoptr(Message) back = message_from_variant(bytes, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(back->bounce->recipients->len, ==, 1);
}

/* However many addresses it holds, some hundreds are kept, at once. */
static void
test_many(void)
{
	g_autoptr(GString) mail = g_string_new(QMAIL);
	g_autoptr(Message) m = NULL;

	for (int i = 0; i < 20000; i++)
		g_string_append_printf(mail, "<u%d@c.test>:\n550 no\n", i);
	m = message_parse((const guint8 *)mail->str, mail->len, false);
	g_assert_cmpuint(m->bounce->recipients->len, >, 100);
	g_assert_cmpuint(m->bounce->recipients->len, <=, 500);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/bounce-text/rows", test_rows);
	g_test_add_func("/bounce-text/crossing", test_crossing);
	g_test_add_func("/bounce-text/many", test_many);
	return g_test_run();
}
