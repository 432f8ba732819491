/*
 * Alerts that come in another mail: in each way in which mail programs and
 * lists forward, a problem and its end, from a source that is trusted, from a
 * program that is not, and from a person, with and without words of their own.
 */
#include "intake-fixture.h"

#include "alert-mails.h"

#include "guichet/alert/alert.h"
#include "guichet/base/cleanup.h"
#include "guichet/base/limits.h"

#define MON "help+w7f2kq9zt4m8hx3vb6rd@desk.example"
#define SOURCE      \
 "alert_sources:\n" \
 "- {name: mon, address: " MON ", require: token, contract: acier-vosges}\n"

typedef enum {
	WAY_ATTACHED,
	WAY_INLINE, /* by a rule: Auto-Submitted says it */
	WAY_DIGEST, /* of a list */
} Way;

/* {from}, {subject}, {date}, {text} and {mail} are the alert's, {words} what
 * the forwarder says. */
typedef struct {
	const char *program;
	Way way;
	const char *head, *body;
} Form;

#define MIXED "Content-Type: multipart/mixed; boundary=bb\n"
#define LIST                                  \
 "List-Id: <alerts.lists.example>\n" MIXED "" \
 "Precedence: list\n"
#define PLAIN_LIST                                     \
 "List-Id: <alerts.lists.example>\nPrecedence: list\n" \
 "Content-Type: text/plain; charset=utf-8\n"
#define TEXT       "Content-Type: text/plain; charset=utf-8\n"
#define TEXT8      TEXT "Content-Transfer-Encoding: 8bit\n"
#define HYPHENS_30 "------------------------------\n"
#define HYPHENS_70 HYPHENS_30 "----------------------------------------\n"

static const Form forms[] = {
	{ "outlook", WAY_ATTACHED, MIXED,
	    "--bb\n" TEXT "\n{words}\n\n--bb\nContent-Type: message/rfc822\n"
	    "Content-Disposition: attachment\n\n{mail}\n--bb--\n" },
	{ "gmail", WAY_ATTACHED, MIXED,
	    "--bb\nContent-Type: multipart/alternative; boundary=aa\n\n"
	    "--aa\n" TEXT "\n{words}\n--aa\nContent-Type: text/html\n\n"
	    "<div dir=\"ltr\">{words}<br></div>\n--aa--\n"
	    "--bb\nContent-Type: message/rfc822; name=\"alert.eml\"\n"
	    "Content-Disposition: attachment; filename=\"alert.eml\"\n"
	    "X-Attachment-Id: 1\n\n{mail}\n--bb--\n" },
	{ "thunderbird", WAY_ATTACHED, MIXED,
	    "This is a multi-part message in MIME format.\n"
	    "--bb\n" TEXT "\n{words}\n\n"
	    "--bb\nContent-Type: message/rfc822; charset=UTF-8;\n"
	    " name=\"alert.eml\"\nContent-Transfer-Encoding: 7bit\n\n{mail}\n"
	    "--bb--\n" },
	{ "apple", WAY_ATTACHED, MIXED,
	    "\n--bb\nContent-Disposition: attachment;\n\tfilename=alert.eml\n"
	    "Content-Type: message/rfc822;\n\tname=\"alert.eml\"\n\n{mail}\n"
	    "--bb\n" TEXT "\n{words}\n\n--bb--\n" },
	{ "roundcube", WAY_ATTACHED, MIXED,
	    "--bb\n" TEXT "\n{words}\n"
	    "--bb\nContent-Transfer-Encoding: 8bit\n"
	    "Content-Type: message/rfc822;\n name=alert.eml\n"
	    "Content-Disposition: attachment;\n filename=alert.eml\n\n"
	    "{mail}\n--bb--\n" },
	{ "twice", WAY_ATTACHED, MIXED,
	    "--bb\n" TEXT "\n{words}\n--bb\nContent-Type: message/rfc822\n\n"
	    "From: it@client.example\nSubject: TR: x\n"
	    "Content-Type: multipart/mixed; boundary=cc\n\n"
	    "--cc\n\n \n--cc\nContent-Type: message/rfc822\n\n{mail}\n"
	    "--cc--\n--bb--\n" },
	{ "gmail", WAY_INLINE, TEXT8,
	    "{words}\n---------- Forwarded message ---------\n"
	    "From: Nagios <{from}>\nDate: {date}\nSubject: {subject}\n"
	    "To: <it@client.example>\n\n\n{text}" },
	{ "outlook", WAY_INLINE, TEXT8,
	    "{words}\n________________________________\nFrom: {from}\n"
	    "Sent: {date}\nTo: IT\nSubject: {subject}\n\n{text}" },
	{ "outlook-fr", WAY_INLINE, TEXT8,
	    "{words}\nDe : Nagios <{from}>\nEnvoyé : {date}\nÀ : IT\n"
	    "Objet : {subject}\n\n{text}" },
	{ "thunderbird-de", WAY_INLINE, TEXT8,
	    "{words}\n\n-------- Weitergeleitete Nachricht --------\n"
	    "Betreff: {subject}\nDatum: {date}\nVon: Nagios <{from}>\n"
	    "An: it@client.example\n\n{text}" },
	{ "apple", WAY_INLINE, TEXT8,
	    "{words}\nBegin forwarded message:\n\nFrom: Nagios <{from}>\n"
	    "Subject: {subject}\nDate: {date}\nTo: it@client.example\n\n"
	    "{text}" },
	{ "zimbra", WAY_INLINE, TEXT8,
	    "{words}\n----- Mail transféré -----\nDe: {from}\n"
	    "À: it@client.example\nEnvoyé: {date}\nObjet: {subject}\n\n"
	    "{text}" },
	{ "mailman", WAY_DIGEST, LIST,
	    "--bb\n" TEXT "\nSend Alerts mailing list submissions to\n"
	    "\talerts@lists.example\n\n--bb\n" TEXT
	    "Content-Description: Today's Topics\n\nToday's Topics:\n\n"
	    "   1. {subject} (nagios)\n\n--bb\n"
	    "Content-Type: multipart/digest; boundary=cc\n\n--cc\n\n{mail}\n"
	    "--cc--\n\n--bb\n" TEXT "\nEnd of Alerts Digest\n--bb--\n" },
	{ "ezmlm", WAY_DIGEST, LIST,
	    "--bb\nContent-Type: multipart/digest; boundary=cc\n\n"
	    "--cc\nContent-Type: message/rfc822\n\n{mail}\n--cc--\n--bb--\n" },
	{ "bare", WAY_DIGEST,
	    "List-Id: <alerts.lists.example>\n"
	    "Content-Type: multipart/digest; boundary=cc\n",
	    "--cc\n\n{mail}\n--cc--\n" },
	{ "rfc1153", WAY_DIGEST, PLAIN_LIST,
	    "Alerts Digest, Vol 12, Issue 4\n\nToday's Topics:\n\n"
	    "   1. {subject} (nagios)\n\n" HYPHENS_70 "\nDate: {date}\n"
	    "From: Nagios <{from}>\nSubject: {subject}\n"
	    "Message-ID: <in@client.example>\n\n{text}\n" HYPHENS_30
	    "\nEnd of Alerts Digest\n********************\n" },
	{ "mailman-plain", WAY_DIGEST, PLAIN_LIST,
	    "Send Alerts mailing list submissions to\n"
	    "\talerts@lists.example\n\n" HYPHENS_70 "\nMessage: 1\n"
	    "Date: {date}\nFrom: {from}\nTo: it@client.example\n"
	    "Subject: {subject}\nMessage-ID:\n\t<in@client.example>\n"
	    "Content-Type: text/plain; charset=utf-8\n\n{text}\n\n" HYPHENS_30
	    "\nSubject: Digest Footer\n\nalerts mailing list\n\n" HYPHENS_30
	    "\nEnd of Alerts Digest, Vol 12, Issue 4\n" },
};

/* ---- making them ---- */

typedef struct {
	const char *to, *words;
	bool by_program, is_end;
} Outer;

static char *
replace(char *take_text, const char *name, const char *value)
{
	g_auto(GStrv) parts = g_strsplit(take_text, name, -1);

	g_free(take_text);
	return g_strjoinv(value, parts);
}

static char *
filled(const char *template, const Outer *outer)
{
	const char *subject = outer->is_end
	    ? "** RECOVERY Service Alert: web1/HTTP is OK **"
	    : "** PROBLEM Service Alert: web1/HTTP is CRITICAL **";
	g_autofree char *body = g_strdup_printf(
	    "***** Nagios *****\n\nNotification Type: %s\n\nService: HTTP\n"
	    "Host: web1\nAddress: 192.0.2.1\nState: %s\n\n"
	    "Date/Time: Fri Nov 20 08:40:00 CET 2026\n\n"
	    "Additional Info:\n\nHTTP\n",
	    outer->is_end ? "RECOVERY" : "PROBLEM",
	    outer->is_end ? "OK" : "CRITICAL");
	const char *date = outer->is_end ? "Fri, 20 Nov 2026 08:50:00 +0100"
					 : "Fri, 20 Nov 2026 08:40:00 +0100";
	const char *mail = "From: {from}\nTo: it@client.example\n"
			   "Subject: {subject}\nDate: {date}\n"
			   "Message-ID: <in@client.example>\n" TEXT8 "\n{text}";
	char *text = replace(g_strdup(template), "{mail}", mail);

	text = replace(text, "{from}", "nagios@client.example");
	text = replace(text, "{subject}", subject);
	text = replace(text, "{date}", date);
	text = replace(text, "{text}", body);
	return replace(text, "{words}", outer->words);
}

static char *
mail_of(const Form *form, const Outer *outer)
{
	static int number;
	g_autofree char *body = filled(form->body, outer);
	g_autofree char *subject = form->way == WAY_DIGEST
	    ? g_strdup("Alerts Digest, Vol 12, Issue 4")
	    : filled("TR: {subject}", outer);

	return g_strdup_printf("Return-Path: <it@client.example>\n"
			       "From: IT <it@client.example>\nTo: <%s>\n"
			       "Subject: %s\nMessage-ID: <e%d@client.example>\n"
			       "%sMIME-Version: 1.0\n%s\n%s",
	    outer->to, subject, number++,
	    outer->by_program ? "Auto-Submitted: auto-generated\n" : "",
	    form->head, body);
}

/* ---- reading ---- */

static GPtrArray *
read_form(const Form *form, const Outer *outer)
{
	g_autofree char *mail = mail_of(form, outer);
	g_autoptr(Message) message = message_parse((const guint8 *)mail,
	    strlen(mail), false);

	g_autoptr(AlertMails) mails = alert_mails_new(rules, message);

	return alert_read(mails);
}

static void
test_reading(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
		for (int end = 0; end < 2; end++) {
			Outer outer = { .to = MON,
				.words = "",
				.by_program = forms[i].way == WAY_INLINE,
				.is_end = end };
			g_autoptr(GPtrArray) alerts = read_form(&forms[i],
			    &outer);
			const Alert *alert;

			g_test_message("%s %d", forms[i].program, forms[i].way);
			g_assert_cmpuint(alerts->len, ==, 1);
			if (alerts->len == 0)
				continue;
			alert = alerts->pdata[0];
			g_assert_cmpstr(alert->system, ==, "nagios");
			g_assert_cmpstr(alert->key, ==, "web1/HTTP");
			g_assert_cmpint(alert->type, ==,
			    end ? ALERT_RECOVERY : ALERT_PROBLEM);
		}
}

/* A person's own words above: the mail is theirs, a rule's mark or not. */
static void
test_words(void)
{
	static const char *const words[] = { "Hello, can you look at this?",
		"Bonjour,\n\nle site est en panne depuis ce matin.\n\nJean",
		"Pour info", "?" };
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
		for (gsize w = 0; w < G_N_ELEMENTS(words); w++) {
			Outer outer = { .to = MON,
				.words = words[w],
				.by_program = w % 2 == 0 };
			g_autoptr(GPtrArray) alerts = NULL;

			if (forms[i].way == WAY_DIGEST)
				continue;
			alerts = read_form(&forms[i], &outer);
			g_test_message("%s %d %s", forms[i].program,
			    forms[i].way, words[w]);
			g_assert_cmpuint(alerts->len, ==, 0);
		}
}

/* What a person puts around an alert that they paste: above, and below. */
static const struct {
	const char *above, *below;
} pasted[] = {
	{ "Hello,\n\nthis came last night.\n\n", "\n\nJean\n" },
	{ "Bonjour,\n\nvoici ce que dit notre serveur :\n\n",
	    "\n\nJean Dupont\n" },
	{ "Guten Tag,\n\n", "\n\nDupont\n" },
	{ "Hello,\n\nplease help, see below.\n\n", "" },
	{ "This came last night, what should we do?\n\n", "" },
};

/* Some programs greet as people do: theirs are read in any case. */
static void
read_pasted(const char *path, const char *bytes, Message *message,
    char **expected)
{
	static const char *const courteous = "courtesy: yes";

	(void)bytes;
	(void)expected;
	for (gsize i = 0; i < G_N_ELEMENTS(pasted); i++) {
		g_autofree char *mail =
		    g_strconcat("From: Jean Dupont <jean@dupont.example>\n"
				"Subject: Question\n" TEXT8 "\n",
			pasted[i].above, message->text, pasted[i].below, NULL);
		g_autoptr(Message) letter = message_parse((const guint8 *)mail,
		    strlen(mail), false);
		g_autoptr(Alert) alert = alert_recognise(rules, letter);
		g_autofree char *file = alert == NULL
		    ? NULL
		    : g_strdup_printf("%s/%s.yaml", RULES, alert->system);
		g_autofree char *text = NULL;

		if (file == NULL ||
		    (g_file_get_contents(file, &text, NULL, NULL) &&
			strstr(text, courteous) != NULL))
			continue;
		g_test_message("%s: %s", path, pasted[i].above);
		g_assert_null(alert);
	}
}

static void
test_pasted(void)
{
	each_mail(read_pasted);
}

/* ---- taking in ---- */

static void
deliver(Desk *desk, const Form *form, const Outer *outer, Instant at)
{
	g_autofree char *mail = mail_of(form, outer);

	desk_deliver(desk, mail, at);
}

static bool
is_done(Desk *desk, gint64 number)
{
	g_autoptr(Ticket) ticket = desk_ticket(desk, number);

	g_assert_nonnull(ticket);
	return ticket != NULL && ticket_state_is_done(ticket->state);
}

static gint64
last_ticket(Desk *desk)
{
	for (gint64 number = 1;; number++) {
		g_autoptr(Ticket) ticket = desk_ticket(desk, number);

		if (ticket == NULL)
			return number - 1;
	}
}

/* The end closes where the outer mail is the source's, and there alone. */
static void
test_trust(void)
{
	g_auto(Desk) desk = { 0 };
	Instant at = T0;
	gint64 number = 1;

	desk_set_up(&desk, SOURCE);
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++, at += 4 * 86400) {
		Outer outer = { .to = MON, .words = "", .by_program = true };

		g_test_message("%s %d", forms[i].program, forms[i].way);
		deliver(&desk, &forms[i], &outer, at);
		g_assert_false(is_done(&desk, number));
		outer.is_end = true;
		outer.to = "help@desk.example";
		deliver(&desk, &forms[i], &outer, at + 60);
		g_assert_false(is_done(&desk, number));
		outer.to = MON;
		deliver(&desk, &forms[i], &outer, at + 120);
		g_assert_true(is_done(&desk, number));
		number = last_ticket(&desk) + 1;
	}
}

static bool
is_tagged(Desk *desk, gint64 number)
{
	g_autoptr(Ticket) ticket = desk_ticket(desk, number);

	g_assert_nonnull(ticket);
	for (guint i = 0; ticket != NULL && i < ticket->tags->len; i++)
		if (strcmp(ticket->tags->pdata[i], "untrusted-alert") == 0)
			return true;
	return false;
}

/* Without proof, a program's is an alert, and a person's is a request. */
static void
test_strangers(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
		for (int program = 0; forms[i].way != WAY_DIGEST && program < 2;
		     program++) {
			g_auto(Desk) desk = { 0 };
			Outer outer = { .to = "help@desk.example",
				.words = "",
				.by_program = program };

			desk_set_up(&desk, SOURCE);
			deliver(&desk, &forms[i], &outer, T0);
			g_test_message("%s %d %d", forms[i].program,
			    forms[i].way, program);
			g_assert_cmpint(is_tagged(&desk, 1), ==, program);
		}
}

/* ---- limits ---- */

static Message *
message_with(guint mails)
{
	g_autoptr(GString) mail = g_string_new(
	    "From: IT <it@client.example>\nSubject: x\n" MIXED "\n");

	for (guint i = 0; i < mails; i++)
		g_string_append_printf(mail,
		    "--bb\nContent-Type: message/rfc822\n\n"
		    "From: nagios@client.example\n"
		    "Subject: ** RECOVERY Host Alert: w%u is UP **\n\n"
		    "***** Nagios *****\n\nNotification Type: RECOVERY\n"
		    "Host: w%u\nState: UP\n\n",
		    i, i);
	g_string_append(mail, "--bb--\n");
	return message_parse((const guint8 *)mail->str, mail->len, false);
}

/* They cross the border as they are; too many are cut, and each alert knows. */
static void
test_limits(void)
{
	for (guint over = 0; over < 2; over++) {
		g_autoptr(Message) message = message_with(
		    LIMIT_ENCLOSED_MAILS + over);
		g_autoptr(GVariant) packed = g_variant_ref_sink(
		    message_to_variant(message));
		g_autoptr(GBytes) bytes = g_variant_get_data_as_bytes(packed);
		g_autoptr(GError) error = NULL;
		g_autoptr(Message) back = message_from_variant(bytes, &error);
		g_autoptr(AlertMails) mails = NULL;
		g_autoptr(GPtrArray) alerts = NULL;

		g_assert_no_error(error);
		mails = alert_mails_new(rules, back);
		alerts = alert_read(mails);
		g_assert_cmpuint(alerts->len, ==, LIMIT_ENCLOSED_MAILS);
		for (guint i = 0; i < alerts->len; i++) {
			const Alert *alert = alerts->pdata[i];

			g_assert_cmpuint(g_strv_length(alert->limits), ==,
			    over);
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	rules = load_rules();
	g_test_add_func("/alert-enclosed/reading", test_reading);
	g_test_add_func("/alert-enclosed/words", test_words);
	g_test_add_func("/alert-enclosed/pasted", test_pasted);
	g_test_add_func("/alert-enclosed/trust", test_trust);
	g_test_add_func("/alert-enclosed/strangers", test_strangers);
	g_test_add_func("/alert-enclosed/limits", test_limits);
	return g_test_run();
}
