/* Robots known by many weak signs together, and people who have some of them:
 * whole mails, read as a reader does. */
#include "guichet/rules/robot.h"

#include "guichet/mail/message.h"

#include <string.h>

#define RULES_FILE "rules/robots.yaml"

static RobotRules *
shipped_rules(void)
{
	g_autofree char *text = NULL;
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(YamlDocument) document = NULL;
	RobotRules *rules;
	gsize length;

	g_assert_true(g_file_get_contents(RULES_FILE, &text, &length, NULL));
	document = yaml_parse("robots.yaml", text, length, problems);
	rules = robot_rules_load(yaml_root(document), problems);
	g_assert_cmpuint(problems_count(problems), ==, 0);
	return rules;
}

static RobotRules *rules;
static GHashTable *counted; /* names of signals that counted in some mail */

/* The class of a mail of these fields, subject and text. */
static RobotClass
class_of(const char *fields, const char *subject, const char *text)
{
	g_autofree char *mail = g_strconcat(fields,
	    strstr(fields, "From:") != NULL
		? ""
		: "From: Jeanne Morel <jeanne@client.example>\n",
	    "To: help@desk.example\nMessage-ID: <m1@client.example>\nSubject: ",
	    subject, "\n",
	    strstr(fields, "Content-Type:") != NULL
		? ""
		: "Content-Type: text/plain; charset=utf-8\n",
	    "\n", text, "\n", NULL);
	g_autoptr(Message) message = message_parse((const guint8 *)mail,
	    strlen(mail), false);
	g_autoptr(RobotVerdict) verdict = robot_classify(message, rules, NULL);
	g_autoptr(GString) signals = g_string_new(NULL);

	g_assert_cmpuint(verdict->failed->len, ==, 0);
	for (guint i = 0; i < verdict->signals->len; i++) {
		g_string_append_printf(signals, " %s",
		    (char *)verdict->signals->pdata[i]);
		g_hash_table_add(counted, g_strdup(verdict->signals->pdata[i]));
	}
	g_test_message("%s| %s | %s -> %s%s", fields, subject, text,
	    robot_class_name(verdict->class), signals->str);
	return verdict->class;
}

#define ANSWERS "In-Reply-To: <k1@desk.example>\n"
#define STAMPED "Return-Path: <jeanne@client.example>\n"

/* What a server says of who is away, and how people say it. */
static const struct {
	const char *tongue, *prefix, *text;
} away[] = {
	{ "en", "Automatic reply:", "I am out of the office until Monday." },
	{ "en", "Out of Office:", "I am currently away from my desk." },
	{ "fr", "Réponse automatique :", "Je suis absente jusqu'au 3." },
	{ "fr", "Absence du bureau :", "De retour le 3 décembre." },
	{ "de", "Automatische Antwort:", "Ich bin derzeit im Urlaub." },
	{ "de", "Abwesenheitsnotiz:", "Ich bin nicht im Büro." },
	{ "nl", "Automatisch antwoord:", "Ik ben op vakantie." },
	{ "nl", "Afwezigheidsbericht:", "Ik ben afwezig." },
	{ "es", "Respuesta automática:", "Estoy de vacaciones." },
	{ "it", "Risposta automatica:", "Sono in ferie fino a lunedì." },
	{ "pt", "Resposta automática:", "Estou de férias." },
	{ "ca", "Resposta automàtica:", "Estic de vacances fins dilluns." },
	{ "gl", "Resposta automática:", "Estou fóra da oficina." },
	{ "eu", "Erantzun automatikoa:", "Bulegotik kanpo nago." },
	{ "da", "Automatisk svar:", "Jeg er ikke på kontoret." },
	{ "nb", "Autosvar:", "Jeg er på ferie, tilbake den 3." },
	{ "sv", "Automatiskt svar:", "Jag är på semester." },
	{ "fi", "Automaattinen vastaus:", "Olen lomalla." },
	{ "is", "Sjálfvirkt svar:", "Ég er í fríi." },
	{ "et", "Automaatvastus:", "Olen puhkusel." },
	{ "lv", "Automātiska atbilde:", "Esmu atvaļinājumā." },
	{ "lt", "Automatinis atsakymas:", "Šiuo metu atostogauju." },
	{ "pl", "Automatyczna odpowiedź:", "Jestem na urlopie." },
	{ "cs", "Automatická odpověď:", "Jsem mimo kancelář." },
	{ "sk", "Automatická odpoveď:", "Som na dovolenke." },
	{ "sl", "Samodejni odgovor:", "Sem na dopustu." },
	{ "hr", "Automatski odgovor:", "Na godišnjem sam odmoru." },
	{ "sr", "Аутоматски одговор:", "На годишњем сам одмору." },
	{ "bg", "Автоматичен отговор:", "Извън офиса съм." },
	{ "ru", "Автоматический ответ:", "Я в отпуске до 3 декабря." },
	{ "uk", "Автоматична відповідь:", "Я у відпустці." },
	{ "el", "Αυτόματη απάντηση:", "Απουσιάζω έως τις 3." },
	{ "ro", "Răspuns automat:", "Sunt în concediu." },
	{ "hu", "Automatikus válasz:", "Szabadságon vagyok." },
	{ "tr", "Otomatik yanıt:", "Yıllık izindeyim." },
	{ "ar", "رد تلقائي:", "أنا في إجازة." },
	{ "fa", "پاسخ خودکار:", "من در مرخصی هستم." },
	{ "he", "תשובה אוטומטית:", "אני בחופשה." },
	{ "hi", "स्वचालित उत्तर:", "मैं छुट्टी पर हूँ।" },
	{ "ja", "自動応答:", "休暇中のため不在にしております。" },
	{ "ja", "自動返信：", "出張中です。" },
	{ "ko", "자동 회신:", "휴가 중입니다." },
	{ "zh-hans", "自动答复:", "我正在休假。" },
	{ "zh-hant", "自動回覆：", "我目前外出。" },
	{ "th", "ตอบกลับอัตโนมัติ:", "ลาพักร้อน" },
	{ "vi", "Trả lời tự động:", "Tôi đang nghỉ phép." },
	{ "id", "Balasan otomatis:", "Saya sedang cuti." },
	{ "ms", "Balas automatik:", "Saya sedang bercuti." },
	{ "sq", "Përgjigje automatike:", "Jam me pushime." },
	{ "mk", "Автоматски одговор:", "На одмор сум до 3." },
	{ "be", "Аўтаматычны адказ:", "Я у адпачынку." },
	{ "ka", "ავტომატური პასუხი:", "შვებულებაში ვარ." },
	{ "hy", "Ավտոմատ պատասխան:", "Արձակուրդում եմ։" },
	{ "az", "Avtomatik cavab:", "Mən məzuniyyətdəyəm." },
	{ "kk", "Автоматты жауап:", "Мен демалыстамын." },
	{ "ga", "Freagra uathoibríoch:", "Tá mé ar saoire." },
	{ "cy", "Ateb awtomatig:", "Rwy'n allan o'r swyddfa." },
	{ "af", "Outomatiese antwoord:", "Ek is met verlof." },
	{ "lb", "Automatesch Äntwert:", "Ech sinn am congé." },
	{ "mt", "Tweġiba awtomatika:", "Jien barra mill-uffiċċju." },
	{ "bn", "স্বয়ংক্রিয় উত্তর:", "আমি ছুটিতে আছি।" },
	{ "ta", "தானியங்கு பதில்:", "நான் விடுப்பில் இருக்கிறேன்." },
	/* The same in other words. */
	{ "en", "[Auto-Reply]", "I am on leave until Monday." },
	{ "fr", "Absent(e) du bureau :", "Je suis en congés." },
	{ "de", "Automatische Abwesenheitsnotiz:", "Ich bin im Urlaub." },
	{ "it", "Assenza dall'ufficio:", "Sono in ferie." },
	{ "pt", "Fora do escritório:", "Estou de férias." },
	{ "nl", "Niet aanwezig:", "Ik ben met vakantie." },
	{ "da", "Ikke til stede:", "Jeg er på ferie." },
	{ "nb", "Ikke på kontoret:", "Jeg er på ferie." },
	{ "et", "Automaatne vastus:", "Olen puhkusel." },
	{ "sl", "Avtomatski odgovor:", "Sem na dopustu." },
	{ "sk", "Mimo kancelárie:", "Som na dovolenke." },
	{ "hu", "Irodán kívül:", "Szabadságon vagyok." },
	{ "ro", "În afara biroului:", "Sunt în concediu." },
	{ "bg", "Извън офиса:", "В отпуск съм." },
	{ "ru", "Вне офиса:", "Я в отпуске." },
	{ "uk", "Немає на місці:", "Я у відпустці." },
	{ "tr", "Ofis dışında:", "Yıllık izindeyim." },
	{ "ar", "رد آلي:", "أنا في إجازة." },
	{ "vi", "Thư trả lời tự động:", "Tôi đang nghỉ phép." },
};

static void
test_away(void)
{
	g_autoptr(GHashTable) tongues = g_hash_table_new(g_str_hash,
	    g_str_equal);

	for (gsize i = 0; i < G_N_ELEMENTS(away); i++) {
		g_autofree char *subject = g_strconcat(away[i].prefix,
		    " Re: Portail [#1]", NULL);
		g_autofree char *bare = g_strconcat(away[i].prefix, " Portail",
		    NULL);
		g_autofree char *asked = g_strconcat("Re: ", bare, NULL);

		g_hash_table_add(tongues, (gpointer)away[i].tongue);
		/* With one field, whatever the words are. */
		g_assert_cmpint(class_of("X-Auto-Response-Suppress: All\n"
					 "Auto-Submitted: auto-generated\n",
				    bare, "x"),
		    ==, ROBOT_AUTOREPLY);
		/* With none at all. */
		g_assert_cmpint(class_of(STAMPED, subject, away[i].text), ==,
		    ROBOT_AUTOREPLY);
		g_assert_cmpint(class_of(STAMPED, bare, away[i].text), ==,
		    ROBOT_AUTOREPLY);
		g_assert_cmpint(class_of(ANSWERS, subject, "x"), ==,
		    ROBOT_AUTOREPLY);
		/* Whoever asks about one, or is away and says so. */
		g_assert_cmpint(class_of(ANSWERS, asked, "Qui êtes-vous ?"), ==,
		    ROBOT_NONE);
		g_assert_cmpint(class_of(ANSWERS, "Re: Portail", away[i].text),
		    ==, ROBOT_NONE);
		g_assert_cmpint(class_of("", "Portail", away[i].text), ==,
		    ROBOT_NONE);
	}
	g_assert_cmpuint(g_hash_table_size(tongues), >=, 54);
}

#define REPORT                                    \
 "--b\nContent-Type: text/plain\n\nIt failed.\n"  \
 "--b\nContent-Type: message/delivery-status\n\n" \
 "Reporting-MTA: dns; mx.example\n\n"             \
 "Final-Recipient: rfc822; a@b.example\nAction: failed\n--b--\n"
#define MIXED "Content-Type: multipart/mixed; boundary=b\n"

static const struct {
	RobotClass class;
	const char *fields, *subject, *text;
} rows[] = {
	/* A report is one by all that is around it. */
	{ ROBOT_BOUNCE,
	    "Content-Type: multipart/report; "
	    "report-type=delivery-status; boundary=b\n",
	    "Failed", REPORT },
	{ ROBOT_BOUNCE, "Return-Path: <>\n" MIXED, "Failed", REPORT },
	{ ROBOT_BOUNCE, "From: MAILER-DAEMON@mx.example\n" MIXED, "x", REPORT },
	{ ROBOT_BOUNCE, "From: postmaster@mx.example\n" MIXED, "x", REPORT },
	{ ROBOT_BOUNCE, "Auto-Submitted: auto-generated\n" MIXED, "x", REPORT },
	{ ROBOT_BOUNCE, MIXED, "Undelivered Mail Returned to Sender", REPORT },
	{ ROBOT_BOUNCE, "Return-Path: <>\nFrom: mailadmin@mx.example\n" MIXED,
	    "x",
	    "--b\n\nx\n--b\nContent-Type: message/rfc822\n\nSubject: y\n\ny\n"
	    "--b--\n" },
	{ ROBOT_BOUNCE, "X-MLServer: fml\n", "Loop Alert: twice", "x" },
	{ ROBOT_BOUNCE, "From: AWS <no-reply@sns.amazonaws.com>\n",
	    "AWS Notification Message",
	    "{\"notificationType\":\"Delivery\",\"mail\":{}}" },
	{ ROBOT_BOUNCE, "From: AWS <no-reply@sns.amazonaws.com>\n",
	    "AWS Notification Message",
	    "{ \"Type\" : \"Notification\", \"Message\" : "
	    "\"{\\\"notificationType\\\":\\\"Bounce\\\"}\" }" },
	{ ROBOT_NONE, STAMPED MIXED, "Nos mails", REPORT },
	{ ROBOT_NONE, STAMPED "User-Agent: Mutt/2\n" MIXED,
	    "Undelivered Mail Returned to Sender", REPORT },
	{ ROBOT_NONE, MIXED, "TR: Undelivered Mail Returned to Sender",
	    REPORT },
	{ ROBOT_NONE,
	    "Content-Type: multipart/report; "
	    "report-type=delivery-status; boundary=b\n",
	    "Question", "--b\n\nQue faire ?\n--b--\n" },
	/* A rule passes a mail on, with a path of its own. */
	{ ROBOT_MACHINE, "Return-Path: <>\n" MIXED, "TR: onduleur",
	    "--b\n\n\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\ny\n"
	    "--b--\n" },
	{ ROBOT_NONE,
	    "X-MS-Exchange-Inbox-Rules-Loop: jeanne@client.example\n"
	    "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\n",
	    "ERP bloqué", "Bonjour,\nplus rien." },
	{ ROBOT_AUTOREPLY,
	    "X-MS-Exchange-Inbox-Rules-Loop: jeanne@client.example\n",
	    "Automatic reply: ERP", "x" },
	{ ROBOT_AUTOREPLY,
	    "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\n",
	    "Automatic reply: ERP", "x" },
	{ ROBOT_AUTOREPLY, "Return-Path: <>\n" ANSWERS, "Urlaub [#1]",
	    "Ich bin im Urlaub." },
	{ ROBOT_AUTOREPLY, "Precedence: junk\n", "Absente",
	    "Je suis absente jusqu'au 3." },
	/* Reactions. */
	{ ROBOT_REACTION,
	    "Content-Type: multipart/alternative; boundary=b\n" ANSWERS,
	    "Re: ERP",
	    "--b\nContent-Type: text/plain; charset=utf-8\n\n👍\n"
	    "--b\nContent-Type: text/vnd.google.email-reaction+json\n\n"
	    "{\"emoji\":\"x\",\"version\":1}\n--b--\n" },
	{ ROBOT_REACTION, ANSWERS, "Re: ERP",
	    "👍 Jeanne Morel reacted via Gmail" },
	{ ROBOT_REACTION, ANSWERS, "Re: ERP",
	    "Jeanne Morel a réagi à votre message :" },
	{ ROBOT_REACTION, "", "Reaction: ERP",
	    "Jeanne reacted to your message: like" },
	{ ROBOT_REACTION, ANSWERS, "Re: ERP", "👍🏽" },
	{ ROBOT_REACTION, ANSWERS, "Re: ERP", "Liked “It works again”" },
	{ ROBOT_NONE, ANSWERS, "Re: ERP", "👍 merci, mais l'ERP est lent" },
	{ ROBOT_NONE, "", "ERP", "👍" },
	/* Answers to invitations; an invitation is a person's. */
	{ ROBOT_CALENDAR, "Content-Type: text/calendar; method=REPLY\n",
	    "Accepté : Rendez-vous",
	    "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR" },
	{ ROBOT_CALENDAR, MIXED, "Re: Rendez-vous",
	    "--b\n\nD'accord\n--b\nContent-Type: text/calendar\n\n"
	    "BEGIN:VCALENDAR\nMETHOD:COUNTER\nEND:VCALENDAR\n--b--\n" },
	{ ROBOT_CALENDAR,
	    "Content-Class: urn:content-classes:calendarmessage\n",
	    "Declined: Meeting", "" },
	{ ROBOT_NONE, "Content-Type: text/calendar; method=REQUEST\n",
	    "Rendez-vous", "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR" },
	/* Recalls. */
	{ ROBOT_RECALL, "", "Recall: ERP",
	    "Jeanne Morel would like to recall the message, \"ERP\"." },
	{ ROBOT_RECALL, "", "Rappel : ERP",
	    "Jeanne Morel souhaite rappeler le message « ERP »." },
	{ ROBOT_RECALL, "", "Rückruf: ERP",
	    "Jeanne Morel möchte die Nachricht \"ERP\" zurückrufen." },
	{ ROBOT_RECALL, "", "Recuperar: ERP",
	    "Jeanne Morel desea recuperar el mensaje \"ERP\"." },
	{ ROBOT_NONE, "", "Rappel : facture impayée", "Merci de régler." },
	{ ROBOT_NONE, "", "Recall: defective disks", "Which ones have we?" },
	{ ROBOT_NONE, "", "Mail à reprendre",
	    "Bonjour, mon collègue souhaite rappeler le message d'hier." },
	/* Challenges. */
	{ ROBOT_CHALLENGE, "Return-Path: <>\n", "Please confirm your message",
	    "Your message is being held. Click the link below to have it "
	    "delivered." },
	{ ROBOT_CHALLENGE, "From: x-confirm-77@whitelist.example\n",
	    "Sender verification",
	    "You are not on my whitelist. Click here to verify." },
	{ ROBOT_CHALLENGE, "Auto-Submitted: auto-generated\n",
	    "Authentification requise",
	    "Cliquez sur ce lien pour que votre message soit remis." },
	{ ROBOT_CHALLENGE, "From: x@spamarrest.com\nReturn-Path: <>\n",
	    "Re: ERP", "x" },
	{ ROBOT_CHALLENGE, "X-Delivery-Agent: TMDA/1.1\nReturn-Path: <>\n",
	    "Re: ERP", "x" },
	{ ROBOT_NONE, "X-Delivery-Agent: TMDA/1.1\n", "ERP", "x" },
	{ ROBOT_NONE, "User-Agent: Mutt/2\n", "Authentification requise",
	    "L'ERP dit cliquez ici pour confirmer, et puis rien." },
	/* Desks of others, whose answer has no field that says so. */
	{ ROBOT_AUTOREPLY, STAMPED ANSWERS, "[Ticket#2026112010] RE: ERP",
	    "Dies ist eine automatische Antwort auf Ihre Anfrage." },
	{ ROBOT_AUTOREPLY, STAMPED ANSWERS, "Re: ERP [#1]",
	    "Dear customer,\n\nThis is an automated response: a ticket was "
	    "created." },
	{ ROBOT_AUTOREPLY, STAMPED ANSWERS, "RE: ERP",
	    "Ceci est une réponse automatique, merci de ne pas y répondre." },
	{ ROBOT_NONE, STAMPED, "ERP",
	    "Ceci est une réponse automatique : voilà ce que l'ERP affiche." },
	/* Somebody away, without a field or a word in the subject. */
	{ ROBOT_AUTOREPLY, STAMPED ANSWERS, "Frånvarande: ERP",
	    "Jag är på semester." },
	{ ROBOT_AUTOREPLY, STAMPED ANSWERS, "Poissa: ERP", "Olen lomalla." },
	/* What receivers report of a domain. */
	{ ROBOT_FEEDBACK,
	    STAMPED "From: noreply-dmarc-support@google.example\n",
	    "Report domain: desk.example Submitter: google.example "
	    "Report-ID: 123",
	    "" },
	{ ROBOT_FEEDBACK, STAMPED,
	    "[Preview] Report Domain: desk.example Submitter: x.example "
	    "Report-ID: <a.b>",
	    "This is an aggregate report." },
	{ ROBOT_FEEDBACK, "TLS-Report-Domain: desk.example\n" MIXED, "x",
	    "--b\n\nx\n--b--\n" },
	{ ROBOT_FEEDBACK,
	    "Content-Type: multipart/report; report-type=tlsrpt; boundary=b\n",
	    "x", "--b\n\nx\n--b--\n" },
	{ ROBOT_NONE, STAMPED,
	    "TR: Report domain: desk.example Submitter: x.example "
	    "Report-ID: 1",
	    "Qu'est-ce que c'est ?" },
	/* Fastmail, Proton, Zoho. */
	{ ROBOT_NONE, STAMPED "Feedback-ID: i1234567:Fastmail\n", "ERP", "x" },
	{ ROBOT_LIST, "Feedback-ID: 1:2:3:x\nPrecedence: bulk\n", "ERP", "x" },
};

static void
test_rows(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpstr(robot_class_name(class_of(rows[i].fields,
				    rows[i].subject, rows[i].text)),
		    ==, robot_class_name(rows[i].class));
}

/* Answers to a mail of ours, whose text alone tells. */
static const struct {
	RobotClass class;
	const char *text;
} answered[] = {
	/* Desks of others, whose answer has no field that says so. */
	{ ROBOT_NONE,
	    "Bonjour,\nvotre client me répond « ceci est une réponse "
	    "automatique »." },
	{ ROBOT_AUTOREPLY,
	    "Thank you for contacting Vendor support. A ticket was created.\n"
	    "Please do not reply to this message." },
	{ ROBOT_AUTOREPLY,
	    "Votre demande a bien été enregistrée sous le numéro 12.\n"
	    "Merci de ne pas répondre à ce message." },
	{ ROBOT_NONE,
	    "Votre demande a bien été reçue ? Merci de ne pas répondre à ce "
	    "message mais à mon autre adresse." },
	{ ROBOT_NONE,
	    "Nous avons bien reçu le serveur. L'ERP est toujours en panne." },
	/* Somebody away, without a field or a word in the subject. */
	{ ROBOT_AUTOREPLY,
	    "Vielen Dank für Ihre Nachricht. Ich bin bis 30.11. nicht im "
	    "Büro. In dringenden Fällen hilft Frau Braun." },
	{ ROBOT_AUTOREPLY,
	    "Gracias por su mensaje. Estaré fuera de la oficina hasta el 30. "
	    "Para asuntos urgentes, llame al 900 100 100." },
	{ ROBOT_AUTOREPLY,
	    "Grazie per il messaggio. Sarò assente fino al 30. Per urgenze "
	    "contattare il centralino." },
	{ ROBOT_AUTOREPLY,
	    "Merci pour votre message. Je suis absent, il ne sera pas lu "
	    "avant lundi : en cas d'urgence, contactez le standard." },
	{ ROBOT_AUTOREPLY,
	    "Je ne fais plus partie de la société. Ceci est un message "
	    "automatique." },
	/* A person who is away, and asks or does something. */
	{ ROBOT_NONE,
	    "Thank you for your message. I'm out of office tomorrow, will "
	    "test on Monday. If it is urgent please contact Paul." },
	{ ROBOT_NONE,
	    "Merci pour votre message. Je serai en congés du 1er au 15, en "
	    "cas d'urgence contactez Karim. Pouvez-vous corriger d'ici là ?" },
	{ ROBOT_NONE,
	    "I am no longer working on this, please put Mary in copy." },
	{ ROBOT_NONE,
	    "Paul a quitté la société, je ne travaille plus avec lui : fermez sa "
	    "boîte, en cas d'urgence contactez-moi." },
	{ ROBOT_NONE,
	    "En cas d'urgence appelez-moi : la production est arrêtée." },
	{ ROBOT_NONE,
	    "Les messages ne seront pas transmis tant que le relais est en "
	    "panne." },
};

static void
test_answered(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(answered); i++)
		g_assert_cmpstr(robot_class_name(class_of(STAMPED ANSWERS,
				    "Re: ERP", answered[i].text)),
		    ==, robot_class_name(answered[i].class));
}

/* Whatever people's programs and servers put on their mail, with whatever they
 * write of: at most one in a thousand may be lost. */
static void
test_people(void)
{
	static const char *const fields[] = { "", STAMPED, ANSWERS,
		STAMPED "User-Agent: Mozilla Thunderbird\n",
		STAMPED "X-Mailer: Microsoft Outlook 16.0\n"
			"Thread-Index: AdJ8\n",
		STAMPED "Feedback-ID: 1:Fastmail\n",
		STAMPED "X-MS-Exchange-Inbox-Rules-Loop: a@client.example\n"
			"X-MS-Exchange-Generated-Message-Source: Mailbox "
			"Rules Agent\n",
		STAMPED "X-Auto-Response-Suppress: DR, OOF\n",
		STAMPED "Auto-Submitted: no\n", STAMPED "Precedence: normal\n",
		"From: postmaster@client.example\n"
		"Return-Path: <postmaster@client.example>\n",
		"From: administrator@client.example\n" };
	static const char *const subjects[] = { "ERP", "Re: ERP [#1]",
		"Absence de réseau", "Absence d'accès à l'ERP",
		"Réponse automatique qui ne part plus", "Vacances de Noël",
		"Congés : qui appeler ?", "Urlaub", "Out of memory",
		"Undeliverable mails since Monday", "Nos mails reviennent",
		"TR: Undelivered Mail Returned to Sender",
		"Rappel : sauvegarde", "Confirmer la livraison du serveur",
		"Reaction time of the site", "Accepté : devis 12", "Read: ERP",
		"Mailer-daemon partout", "Failure of the printer", "👍" };
	static const char *const texts[] = { "Bonjour,\n\nplus rien ne va.",
		"Hello,\nwe get 550 5.1.1 user unknown from mx.b.example.",
		"Bonjour, notre client reçoit :\n\nmarc@b.example\n"
		"550 5.1.1 could not be delivered\n",
		"L'onduleur s'est arrêté.",
		"Bonjour, je serai absent demain : rappelez lundi.",
		"Please click the link in the ERP: it fails." };

	for (gsize f = 0; f < G_N_ELEMENTS(fields); f++) {
		for (gsize s = 0; s < G_N_ELEMENTS(subjects); s++) {
			for (gsize t = 0; t < G_N_ELEMENTS(texts); t++)
				g_assert_cmpint(
				    class_of(fields[f], subjects[s], texts[t]),
				    ==, ROBOT_NONE);
		}
	}
}

/* Each weak sign counts in some mail of these: else it may have a mistake. */
static void
test_coverage(void)
{
	for (guint i = 0; i < rules->signals->len; i++) {
		const RobotSignal *signal = rules->signals->pdata[i];

		if (signal->class == ROBOT_NONE || signal->weight == 0 ||
		    signal->weight < 0)
			continue;
		g_test_message("%s", signal->name);
		g_assert_true(g_hash_table_contains(counted, signal->name));
	}
}

int
main(int argc, char **argv)
{
	int failed;

	g_test_init(&argc, &argv, NULL);
	rules = shipped_rules();
	counted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_test_add_func("/robot-weak/away", test_away);
	g_test_add_func("/robot-weak/rows", test_rows);
	g_test_add_func("/robot-weak/answered", test_answered);
	g_test_add_func("/robot-weak/people", test_people);
	g_test_add_func("/robot-weak/coverage", test_coverage);
	failed = g_test_run();
	g_hash_table_unref(counted);
	robot_rules_free(rules);
	return failed;
}
