/*
 * What happens to mails on their way: the alerts of tests/alerts are tagged,
 * recoded and bannered and must be read as before; answered or forwarded by a
 * person, in the words of many clients, none is an alert any more.
 */
#define _GNU_SOURCE /* memrchr() */
#include "alert-mails.h"
#include "guichet/base/text.h"

/* Each mail takes its share of the changes, all mails together all of them. */
static bool
is_spared(const char *path, gsize change, guint shares)
{
	return (g_str_hash(path) + change) % shares != 0;
}

static void
set_subject(Message *message, const char *before)
{
	char *subject = g_strconcat(before, message->subject, NULL);

	g_free(message->subject);
	message->subject = subject;
}

static void
read_tagged(const char *path, const char *bytes, Message *message,
    char **expected)
{
	static const char *const tags[] = { "[EXTERNE] {spam?} EXT: ",
		"[SRV-01] ", "***SPAM*** " };
	g_autofree char *subject = g_strdup(message->subject);

	(void)bytes;
	for (gsize i = 0; i < G_N_ELEMENTS(tags); i++) {
		g_autoptr(Alert) alert = NULL;

		g_free(message->subject);
		message->subject = g_strconcat(tags[i], subject, NULL);
		alert = alert_recognise(rules, message);
		check_alert(alert, path, expected);
	}
}

static void
test_prefixes(void)
{
	each_mail(read_tagged);
}

/* None of these is an alert any more. */
static void
read_answered(const char *path, const char *bytes, Message *message,
    char **expected)
{
	static const char *const before[] = { "Re: ", "RE : ", "Ré: ", "AW: ",
		"[EXT] Re: ", "Re[2]: ", "TR: Re: ", "回复：" };
	g_autofree char *subject = g_strdup(message->subject);

	(void)bytes;
	(void)expected;
	for (gsize i = 0; i < G_N_ELEMENTS(before); i++) {
		g_autoptr(Alert) alert = NULL;

		g_free(message->subject);
		message->subject = g_strdup(subject);
		set_subject(message, before[i]);
		alert = alert_recognise(rules, message);
		if (alert != NULL)
			g_test_message("%s: %s", path, message->subject);
		g_assert_null(alert);
	}
}

static void
test_answers(void)
{
	each_mail(read_answered);
}

static void
read_quoted(const char *path, const char *bytes, Message *message,
    char **expected)
{
	g_auto(GStrv) lines = g_strsplit(message->text, "\n", -1);
	g_autofree char *quoted = g_strjoinv("\n> ", lines);
	g_autoptr(Alert) alert = NULL;

	(void)bytes;
	(void)expected;
	g_free(message->text);
	message->text = g_strconcat("Que faire ?\n\n> ", quoted, "\n", NULL);
	g_free(message->subject);
	message->subject = g_strdup("Question");
	alert = alert_recognise(rules, message);
	/* What a program's own header says is no quotation. */
	if (alert != NULL && strcmp(alert->system, "monit") != 0 &&
	    strcmp(alert->system, "netdata") != 0 &&
	    strcmp(alert->system, "sensu") != 0) {
		g_test_message("%s", path);
		g_assert_null(alert);
	}
}

static void
test_quotations(void)
{
	each_mail(read_quoted);
}

/* ---- forwarded by a person ---- */

/* What stands before the text. "%s" is the subject. */
static const struct {
	const char *prefix, *head;
} forwards[] = {
	{ "Fwd: ", "" },
	{ "TR : ", "Pour info.\n\n" },
	{ "[EXT] WG: ", "" },
	{ "Fwd: ",
	    "---------- Forwarded message ---------\nFrom: Mon <m@x.test>\n"
	    "Date: Thu, Nov 19, 2026 at 8:02 AM\nSubject: %s\n"
	    "To: <it@x.test>\n\n" },
	{ "",
	    "----------  Forwarded Message  ----------\n\nSubject: %s\n"
	    "Date: jeudi 19 novembre 2026, 08:02:11\nFrom: m@x.test\n"
	    "To: it@x.test\n\n" },
	{ "",
	    "Bonne réception\n\n________________________________\n"
	    "De : Mon <m@x.test>\nEnvoyé : jeudi 19 novembre 2026 08:02\n"
	    "À : IT\nObjet : %s\n\n" },
	{ "",
	    "From: m@x.test\nSent: Thursday, November 19, 2026 8:02 AM\n"
	    "To: IT\nSubject: %s\n\n" },
	{ "",
	    "Von: m@x.test\nGesendet: Donnerstag, 19. November 2026 08:02\n"
	    "An: IT\nBetreff: %s\n\n" },
	{ "",
	    "Da: m@x.test\nInviato: giovedì 19 novembre 2026 08:02\n"
	    "A: IT\nOggetto: %s\n\n" },
	{ "",
	    "De: m@x.test\nEnviado el: jueves, 19 de noviembre de 2026\n"
	    "Para: IT\nAsunto: %s\n\n" },
	{ "",
	    "Van: m@x.test\nVerzonden: donderdag 19 november 2026 08:02\n"
	    "Aan: IT\nOnderwerp: %s\n\n" },
	{ "",
	    "*De :* Mon <m@x.test>\n*Envoyé :* jeudi 19 novembre 2026\n"
	    "*À :* IT\n*Objet :* %s\n\n" },
	{ "", "From: m@x.test\nTo: it@x.test\nSubject: %s\n\n" },
	{ "",
	    "Od: m@x.test\nWysłano: czwartek, 19 listopada 2026\nDo: IT\n"
	    "Temat: %s\n\n" },
	{ "",
	    "发件人: m@x.test\n发送时间: 2026年11月19日 8:02\n"
	    "收件人: IT\n主题: %s\n\n" },
	{ "",
	    "-------- Message transféré --------\nSujet : %s\n"
	    "Date : Thu, 19 Nov 2026 08:02:11 +0100\nDe : m@x.test\n"
	    "Pour : it@x.test\n\n" },
	{ "",
	    "-------- Weitergeleitete Nachricht --------\nBetreff: %s\n"
	    "Datum: Thu, 19 Nov 2026 08:02:11 +0100\nVon: m@x.test\n\n" },
	{ "",
	    "Début du message transféré :\n\nDe: m@x.test\nObjet: %s\n"
	    "Date: 19 novembre 2026 à 08:02:11 UTC+1\nÀ: IT\n\n" },
	{ "",
	    "Begin forwarded message:\n\nFrom: m@x.test\nSubject: %s\n"
	    "Date: 19 November 2026 at 08:02:11 CET\nTo: IT\n\n" },
	{ "",
	    "----- Mail transféré -----\nDe: m@x.test\nÀ: it@x.test\n"
	    "Envoyé: Jeudi 19 Novembre 2026 08:02:11\nObjet: %s\n\n" },
	{ "",
	    "----- Forwarded by Jean Dupont/COMPTA on 19/11/2026 08:02 -----"
	    "\n\n" },
	{ "", "----- Message d'origine -----\nDe: m@x.test\nObjet: %s\n\n" },
	{ "",
	    "------ Original Message ------\nFrom \"Mon\" <m@x.test>\n"
	    "To it@x.test\nSubject %s\n\n" },
	{ "", "Envoyé de mon iPhone\n\n" },
	{ "", "Sent from my Samsung Galaxy smartphone.\n\n" },
	{ "", "Télécharger Outlook pour Android\n\n" },
	{ "", "Bonjour, pouvez-vous regarder ceci ?\n\n" },
	{ "", "Hi, we received this last night:\n\n" },
	{ "", "Le jeu. 19 nov. 2026 à 08:02, Mon <m@x.test> a\nécrit :\n\n" },
	{ "",
	    "Am Do., 19. Nov. 2026 um 08:02 Uhr schrieb Mon <m@x.test>:\n"
	    "El jue, 19 nov 2026 a las 8:02, Mon escribió:\n\n" },
};

static Message *
forwarded(const char *prefix, const char *head, const Message *message)
{
	g_auto(GStrv) parts = g_strsplit(head, "%s", 2);
	g_autofree char *filled = g_strjoinv(message->subject, parts);
	g_autofree char *subject = g_strconcat(prefix, message->subject, NULL);
	g_autofree char *mail =
	    g_strconcat("From: Jean Dupont <jean@dupont.example>\n"
			"To: support@support.example\n"
			"Content-Type: text/plain; charset=utf-8\n"
			"Content-Transfer-Encoding: 8bit\n\n",
		filled, message->text, NULL);
	Message *forward = message_parse((const guint8 *)mail, strlen(mail),
	    false);

	g_free(forward->subject);
	forward->subject = g_steal_pointer(&subject);
	return forward;
}

static void
read_forwarded(const char *path, const char *bytes, Message *message,
    char **expected)
{
	(void)bytes;
	(void)expected;
	for (gsize i = 0; i < G_N_ELEMENTS(forwards); i++) {
		g_autoptr(Message) forward = NULL;
		g_autoptr(Alert) alert = NULL;

		if (is_spared(path, i, 5))
			continue;
		forward = forwarded(forwards[i].prefix, forwards[i].head,
		    message);
		alert = alert_recognise(rules, forward);

		if (alert != NULL)
			g_test_message("%s: %s%s", path, forwards[i].prefix,
			    forwards[i].head);
		g_assert_null(alert);
	}
}

static void
test_forwards(void)
{
	each_mail(read_forwarded);
}

/* Answers of programs to an alert. */
static void
read_returned(const char *path, const char *bytes, Message *message,
    char **expected)
{
	static const char *const before[] = { "Automatic reply: ",
		"Réponse automatique : ", "Out of Office: ",
		"Abwesenheitsnotiz: ", "Auto: ", "Absence du bureau : ",
		"[Ticket#2026111910000017] ", "[JIRA] (OPS-12) ",
		"[GLPI #0001234] ", "[support.example #77] ",
		"Undeliverable: ", "Lu : " };
	g_autofree char *subject = g_strdup(message->subject);

	(void)bytes;
	(void)expected;
	for (gsize i = 0; i < G_N_ELEMENTS(before); i++) {
		g_autoptr(Alert) alert = NULL;

		if (is_spared(path, i, 3))
			continue;
		g_free(message->subject);
		message->subject = g_strconcat(before[i], subject, NULL);
		alert = alert_recognise(rules, message);
		if (alert != NULL)
			g_test_message("%s: %s", path, message->subject);
		g_assert_null(alert);
	}
}

static void
test_returned(void)
{
	each_mail(read_returned);
}

/* ---- recoded on the way ---- */

typedef enum {
	RECODE_BASE64,
	RECODE_QUOTED,
	RECODE_LATIN1,
	RECODE_HTML,
	RECODE_FLOWED,
	RECODES
} Recode;

/* The fields of the mail but those that say how its body is written. */
static void
append_fields(GString *mail, const char *bytes)
{
	g_auto(GStrv) lines = g_strsplit(bytes, "\n", -1);
	bool kept = true;

	for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++) {
		if (!g_ascii_isspace(*lines[i]))
			kept = g_ascii_strncasecmp(lines[i], "content-", 8) !=
			    0;
		if (kept)
			g_string_append_printf(mail, "%s\n", lines[i]);
	}
}

static void
append_base64(GString *mail, const char *text)
{
	g_autofree char *code = g_base64_encode((const guint8 *)text,
	    strlen(text));

	g_string_append(mail,
	    "Content-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: base64\n\n");
	for (gsize at = 0; at < strlen(code); at += 76)
		g_string_append_printf(mail, "%.76s\n", code + at);
}

static void
append_quoted(GString *mail, const char *text)
{
	gsize column = 0;

	g_string_append(mail,
	    "Content-Type: text/plain; charset=UTF-8\n"
	    "Content-Transfer-Encoding: quoted-printable\n\n");
	for (; *text != '\0'; text++) {
		if (*text == '\n') {
			g_string_append_c(mail, '\n');
			column = 0;
			continue;
		}
		if (column > 70) {
			g_string_append(mail, "=\n");
			column = 0;
		}
		if (g_ascii_isalnum(*text)) {
			g_string_append_c(mail, *text);
			column++;
		} else {
			g_string_append_printf(mail, "=%02X", (guchar)*text);
			column += 3;
		}
	}
}

static void
append_html(GString *mail, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	g_string_append(mail,
	    "Content-Type: text/html; charset=utf-8\n"
	    "Content-Transfer-Encoding: 8bit\n\n"
	    "<html><head><title></title></head><body>\n");
	for (guint i = 0; lines[i] != NULL; i++) {
		g_autofree char *line = g_markup_escape_text(lines[i], -1);

		g_string_append_printf(mail, "%s<br>\n", line);
	}
	g_string_append(mail, "</body></html>\n");
}

/* RFC 3676: long lines are parted behind a blank. */
static void
append_flowed(GString *mail, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	g_string_append(mail,
	    "Content-Type: text/plain; charset=utf-8; format=flowed\n"
	    "Content-Transfer-Encoding: 8bit\n\n");
	for (guint i = 0; lines[i] != NULL; i++) {
		char *rest = lines[i], *blank;

		g_strchomp(rest);
		if (*rest == ' ' || *rest == '>')
			g_string_append_c(mail, ' ');
		while (strlen(rest) > 72 &&
		    (blank = memrchr(rest, ' ', 72)) != NULL && blank > rest) {
			g_string_append_len(mail, rest, blank + 1 - rest);
			g_string_append_c(mail, '\n');
			rest = blank + 1;
		}
		g_string_append_printf(mail, "%s\n", rest);
	}
}

/* False if the text cannot be written so. */
static bool
append_body(GString *mail, Recode recode, const char *text)
{
	g_autofree char *latin = NULL;

	switch (recode) {
	case RECODE_BASE64:
		append_base64(mail, text);
		return true;
	case RECODE_QUOTED:
		append_quoted(mail, text);
		return true;
	case RECODE_HTML:
		append_html(mail, text);
		return true;
	case RECODE_FLOWED:
		append_flowed(mail, text);
		return true;
	case RECODE_LATIN1:
	case RECODES:
		break;
	}
	latin = g_convert(text, -1, "ISO-8859-1", "UTF-8", NULL, NULL, NULL);
	if (latin == NULL)
		return false;
	g_string_append(mail,
	    "Content-Type: text/plain; charset=iso-8859-1\n"
	    "Content-Transfer-Encoding: 8bit\n\n");
	g_string_append(mail, latin);
	return true;
}

static void
check_changed(const char *path, const char *how, const GString *mail,
    char **expected)
{
	g_autoptr(Message) message = message_parse((const guint8 *)mail->str,
	    mail->len, false);
	g_autoptr(Alert) alert = alert_recognise(rules, message);
	g_autofree char *name = g_strconcat(path, " ", how, NULL);

	check_alert(alert, name, expected);
}

static void
read_recoded(const char *path, const char *bytes, Message *message,
    char **expected)
{
	static const char *const names[] = { "base64", "quoted-printable",
		"latin-1", "html", "flowed" };

	for (Recode recode = 0; recode < RECODES; recode++) {
		g_autoptr(GString) mail = g_string_new(NULL);

		append_fields(mail, bytes);
		if (append_body(mail, recode, message->text))
			check_changed(path, names[recode], mail, expected);
	}
}

static void
test_recoded(void)
{
	each_mail(read_recoded);
}

static void
read_crlf(const char *path, const char *bytes, Message *message,
    char **expected)
{
	g_auto(GStrv) lines = g_strsplit(bytes, "\n", -1);
	g_autofree char *joined = g_strjoinv("\r\n", lines);
	g_autoptr(GString) mail = g_string_new(joined);

	(void)message;
	check_changed(path, "crlf", mail, expected);
}

static void
test_crlf(void)
{
	each_mail(read_crlf);
}

/* ---- banners and disclaimers ---- */

static const struct {
	const char *above, *below;
} additions[] = {
	{ "CAUTION: This email originated from outside of the organization. "
	  "Do not click links or open attachments unless you recognize the "
	  "sender.\n\n",
	    "" },
	{ "ATTENTION : ce message provient de l'extérieur. Ne cliquez pas sur "
	  "les liens si vous ne connaissez pas l'expéditeur.\n\n",
	    "" },
	{ "",
	    "\n-- \nThis email has been checked for viruses by an antivirus "
	    "software.\nwww.antivirus.example\n" },
	{ "",
	    "\n\nThis message and any attachments are confidential. If you "
	    "have received this message in error, please notify the sender "
	    "and delete it. Thank you.\n" },
	{ "",
	    "\n\nCe message et ses pièces jointes sont confidentiels. Si vous "
	    "l'avez reçu par erreur,\nmerci de le détruire et d'en avertir "
	    "l'expéditeur.\n" },
	{ "",
	    "\n_______________________________________________\n"
	    "Alertes mailing list\nAlertes@listes.example\n"
	    "https://listes.example/mailman/listinfo/alertes\n" },
};

/* Some are known by having no text at all, or by a line that is all of it. */
static bool
says_one_thing(const Message *message)
{
	g_autofree char *text = g_strstrip(g_strdup(message->text));
	g_autofree char *line = text_clean_line(text, -1, 1000);

	return strchr(text, '\n') == NULL ||
	    g_str_equal(line, message->subject);
}

static void
read_bannered(const char *path, const char *bytes, Message *message,
    char **expected)
{
	(void)bytes;
	if (says_one_thing(message))
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(additions); i++) {
		g_autofree char *text = NULL;
		g_autofree char *name = NULL;
		g_autoptr(Alert) alert = NULL;

		if (is_spared(path, i, 3))
			continue;
		text = g_steal_pointer(&message->text);
		name = g_strdup_printf("%s addition %zu", path, i);
		message->text = g_strconcat(additions[i].above, text,
		    additions[i].below, NULL);
		alert = alert_recognise(rules, message);
		check_alert(alert, name, expected);
		g_free(message->text);
		message->text = g_steal_pointer(&text);
	}
}

static void
test_bannered(void)
{
	each_mail(read_bannered);
}

int
main(int argc, char **argv)
{
	g_autoptr(AlertRules) loaded = NULL;

	g_test_init(&argc, &argv, NULL);
	loaded = load_rules();
	rules = loaded;
	/* All that fail are worth knowing. */
	g_test_set_nonfatal_assertions();
	g_test_add_func("/alert/prefixes", test_prefixes);
	g_test_add_func("/alert/answers", test_answers);
	g_test_add_func("/alert/quotations", test_quotations);
	g_test_add_func("/alert/forwards", test_forwards);
	g_test_add_func("/alert/returned", test_returned);
	g_test_add_func("/alert/recoded", test_recoded);
	g_test_add_func("/alert/crlf", test_crlf);
	g_test_add_func("/alert/bannered", test_bannered);
	return g_test_run();
}
