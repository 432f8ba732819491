/*
 * From a mail to its ticket and its answers, with real mails, rules and
 * tokens: who may do what by mail (doc/security.md 2), and what reaches whom.
 */
#include "intake-fixture.h"

#define OF_JEANNE        \
 "Return-Path: <" JEANNE \
 ">\n" BORDER("pass", "acier-vosges.example") "From: <" JEANNE ">\n"

static char *
opening(int number)
{
	return g_strdup_printf(OF_JEANNE "To: help@desk.example\n"
					 "Subject: Sujet %c\n"
					 "Message-ID: <o%d@acier.test>\n"
					 "\n"
					 "Demande %d.\n",
	    'A' + number, number, number);
}

static void
open_tickets(Desk *desk, int count)
{
	for (int i = 0; i < count; i++) {
		g_autofree char *mail = opening(i);

		desk_deliver(desk, mail, T0 + i);
	}
}

/* Whether the words are in what goes to anybody but the technicians. */
static bool
reaches_a_client(Desk *desk, const char *words)
{
	g_autoptr(GPtrArray) rows = desk_sent(desk, NULL, NULL);

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		if (conf_technician(desk->conf, row->to) == NULL &&
		    (strstr(row->text, words) != NULL ||
			strstr(row->subject, words) != NULL))
			return true;
	}
	return false;
}

/* ---- technicians ---- */

static guint
answers_to_jeanne(Desk *desk)
{
	return desk_count(desk, "reply", JEANNE) +
	    desk_count(desk, "resolution", JEANNE);
}

/* auth_spoof_tech, and what is authenticated beside it: one of them acts. */
static void
test_spoofed_technician(void)
{
	static const struct {
		const char *name, *fields;
	} stamps[] = {
		{ "none", "" },
		{ "fail", BORDER("fail", "desk.example") },
		{ "other-domain", BORDER("pass", "evil.test") },
		{ "forged",
		    "Authentication-Results: mx.evil.test; dmarc=pass "
		    "header.from=desk.example\n" },
		{ "below-the-border",
		    BORDER("none",
			"desk.example") "Received: from evil.test "
					"by evil.test\n" BORDER("pass",
					    "desk.example") },
		{ "pass", BORDER("pass", "desk.example") },
	};
	g_auto(Desk) desk = { 0 };
	g_autofree char *hugo = NULL, *first = NULL, *second = NULL;
	g_autofree char *first_id = NULL;
	guint acted = 0;
	int count = 0;

	desk_set_up(&desk, "");
	open_tickets(&desk, 1);
	hugo = desk_field(&desk, "notice", HUGO, "Reply-To");
	first = desk_field(&desk, "notice", ANNE, "Reply-To");
	first_id = desk_field(&desk, "notice", ANNE, "Message-ID");
	{
		g_autofree char *mail = opening(1);

		desk_deliver(&desk, mail, T0 + 1);
	}
	second = desk_field(&desk, "notice", ANNE, "Reply-To");
	g_assert_cmpstr(first, !=, second);
	for (gsize s = 0; s < G_N_ELEMENTS(stamps); s++) {
		const struct {
			const char *name, *to, *answered;
			int days;
		} tokens[] = {
			{ "none", "help@desk.example", "", 0 },
			{ "other-technician", hugo, "", 0 },
			{ "other-ticket", second, first_id, 0 },
			{ "expired", first, "", 31 },
			{ "old-format", "help+1-1@desk.example", "", 0 },
			{ "valid", first, "", 0 },
		};

		for (gsize t = 0; t < G_N_ELEMENTS(tokens); t++) {
			guint before = answers_to_jeanne(&desk);
			g_autofree char *mail = g_strdup_printf(
			    "Return-Path: <" ANNE ">\n%sFrom: <" ANNE ">\n"
			    "To: <%s>\nSubject: Re: [#1] Sujet %d\n"
			    "Message-ID: <t%d@desk.example>\n%s%s\n"
			    "\nRéponse " CANARY " %d.\n",
			    stamps[s].fields, tokens[t].to, count, count,
			    *tokens[t].answered ? "In-Reply-To: " : "X: ",
			    tokens[t].answered, count);
			bool acts;

			count++;
			desk_deliver(&desk, mail,
			    T0 + 3600 + tokens[t].days * 86400);
			acts = answers_to_jeanne(&desk) > before;
			g_test_message("%s, %s: %d", stamps[s].name,
			    tokens[t].name, acts);
			g_assert_cmpint(acts, ==,
			    strcmp(stamps[s].name, "pass") == 0 &&
				strcmp(tokens[t].name, "valid") == 0);
			acted += acts;
			g_assert_cmpint(reaches_a_client(&desk, CANARY), ==,
			    acts);
		}
	}
	g_assert_cmpuint(acted, ==, 1);
}

/* However a mail program marks what it quotes, the notice stays inside. */
static void
test_quoted_notice(void)
{
	static const struct {
		const char *name, *text;
		bool sent;
	} forms[] = {
		{ "gmail",
		    "Bonjour.\n\nLe ven. 20 nov. 2026 à 17:02, Assistance "
		    "Exemple <help@desk.example> a\nécrit :\n\n> " CANARY "\n",
		    true },
		{ "gmail-en",
		    "Hello.\n\nOn Fri, Nov 20, 2026 at 5:02 PM Assistance "
		    "Exemple <\nhelp@desk.example> wrote:\n\n> " CANARY "\n",
		    true },
		{ "outlook",
		    "Bonjour.\n\n________________________________\nDe : "
		    "Assistance Exemple <help@desk.example>\nEnvoyé : vendredi "
		    "20 novembre 2026 17:02\nÀ : Anne Martin\nObjet : [#1] "
		    "Nouveau ticket\n\n" CANARY "\n",
		    true },
		{ "outlook-en",
		    "Hello.\n\nFrom: Assistance Exemple <help@desk.example>\n"
		    "Sent: Friday, November 20, 2026 5:02 PM\nTo: Anne\n"
		    "Subject: [#1] New ticket\n\n" CANARY "\n",
		    true },
		{ "outlook-old",
		    "Bonjour.\n\n-----Message d'origine-----\nDe : "
		    "Assistance\n" CANARY "\n",
		    true },
		{ "forward",
		    "Bonjour.\n\n---------- Forwarded message ---------\n"
		    "De : Assistance <help@desk.example>\n" CANARY "\n",
		    true },
		{ "forward-fr",
		    "Bonjour.\n\n-------- Message transféré --------\n"
		    "Sujet : [#1]\n" CANARY "\n",
		    true },
		{ "apple-forward",
		    "Bonjour.\n\nBegin forwarded message:\n\nFrom: "
		    "Assistance <help@desk.example>\n" CANARY "\n",
		    true },
		{ "quote-alone", "> " CANARY "\n", false },
		{ "attribution-alone",
		    "Le 20/11/2026 à 17:02, Assistance a écrit :\n> " CANARY
		    "\n",
		    false },
		{ "outlook-alone",
		    "De : Assistance <help@desk.example>\nEnvoyé : vendredi\n"
		    "À : Anne\nObjet : [#1]\n\n" CANARY "\n",
		    false },
		{ "no-mark",
		    "Bonjour.\n\nAssistance Exemple-k idatzi zuen "
		    "17:02:\n{notice}" CANARY "\n",
		    false },
		{ "finnish",
		    "Bonjour.\n\nAssistance Exemple kirjoitti 20.11.2026 klo "
		    "17:02:\n{notice}" CANARY "\n",
		    true },
		{ "no-mark-at-all", "Bonjour.\n\n{notice}" CANARY "\n", false },
		{ "indented", "Bonjour.\n\n    {notice}    " CANARY "\n",
		    false },
		{ "a-client-line-alone",
		    "Vous écrivez : Demande 0.\nC'est fait.\n", true },
	};
	g_auto(Desk) desk = { 0 };
	g_autofree char *to = NULL, *notice = NULL;
	g_autoptr(GPtrArray) notices = NULL;

	desk_set_up(&desk, "");
	open_tickets(&desk, 1);
	to = desk_field(&desk, "notice", ANNE, "Reply-To");
	notices = desk_sent(&desk, "notice", ANNE);
	notice = g_strdup(((OutboxRow *)notices->pdata[0])->text);
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_autoptr(GString) text = g_string_new(forms[i].text);
		g_autofree char *mail = NULL;
		guint before = answers_to_jeanne(&desk);

		g_string_replace(text, "{notice}", notice, 0);
		mail = g_strdup_printf(
		    BORDER("pass", "desk.example") "From: <" ANNE
						   ">\nTo: <%s>\n"
						   "Subject: Re: %zu\n"
						   "Message-ID: <q%zu@d.test>\n"
						   "Content-Type: text/plain; "
						   "charset=utf-8\n"
						   "\n%s",
		    to, i, i, text->str);
		desk_deliver(&desk, mail, T0 + 600 + (Instant)i);
		g_test_message("%s", forms[i].name);
		g_assert_false(reaches_a_client(&desk, CANARY));
		g_assert_cmpint(answers_to_jeanne(&desk) > before, ==,
		    forms[i].sent);
	}
}

/* What he attaches goes along with his words, but no mail of ours. */
static void
test_attachments(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *to = NULL, *mail = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(OutboxRow) row = NULL;
	g_autoptr(Message) message = NULL;
	g_autoptr(GError) error = NULL;
	const Attachment *file;
	gsize length;
	const guint8 *bytes;

	desk_set_up(&desk, "");
	open_tickets(&desk, 1);
	to = desk_field(&desk, "notice", ANNE, "Reply-To");
	mail = g_strdup_printf(
	    BORDER("pass", "desk.example") "From: <" ANNE ">\nTo: <%s>\n"
					   "Subject: Re\n"
					   "Message-ID: <a@desk.test>\n"
					   "MIME-Version: 1.0\n"
					   "Content-Type: multipart/mixed; "
					   "boundary=b\n\n"
					   "--b\n\nVoici le correctif.\n"
					   "--b\nContent-Type: text/x-patch\n"
					   "Content-Disposition: attachment; "
					   "filename=erp.patch\n\n"
					   "corrige\n"
					   "--b\nContent-Type: message/rfc822\n"
					   "Content-Disposition: attachment\n\n"
					   "Subject: avis\n\n" CANARY "\n"
					   "--b--\n",
	    to);
	desk_deliver(&desk, mail, T0 + 60);
	rows = desk_sent(&desk, "reply", JEANNE);
	g_assert_cmpuint(rows->len, ==, 1);
	store_outbox_row(desk.store, ((OutboxRow *)rows->pdata[0])->id, &row,
	    &error);
	g_assert_no_error(error);
	bytes = g_bytes_get_data(row->bytes, &length);
	message = message_parse(bytes, length, false);
	g_assert_cmpuint(message->attachments->len, ==, 1);
	file = message->attachments->pdata[0];
	g_assert_cmpstr(file->name, ==, "erp.patch");
	bytes = g_bytes_get_data(file->content, &length);
	g_assert_cmpmem(bytes, length, "corrige", strlen("corrige"));
}

/* What may not be his is not sent on to him either (doc/security.md 2.3). */
static void
test_refusal_of_a_forgery(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *to = NULL, *forged = NULL, *own = NULL;
	g_autofree char *again = NULL;
	g_autoptr(GPtrArray) refusals = NULL;
	bool returned = false;

	desk_set_up(&desk, "");
	open_tickets(&desk, 1);
	to = desk_field(&desk, "notice", ANNE, "Reply-To");
	forged = g_strdup_printf("From: <" ANNE ">\nTo: <%s>\nSubject: Re\n"
				 "Message-ID: <f@evil.test>\n\n" CANARY "\n",
	    to);
	desk_deliver(&desk, forged, T0 + 3600);
	refusals = desk_sent(&desk, "refusal", NULL);
	g_assert_cmpuint(refusals->len, ==, 1);
	g_assert_cmpstr(((OutboxRow *)refusals->pdata[0])->to, ==, ANNE);
	g_assert_null(strstr(((OutboxRow *)refusals->pdata[0])->text, CANARY));
	g_clear_pointer(&refusals, g_ptr_array_unref);

	/* His own comes back, to be sent again. */
	own = g_strdup_printf(
	    BORDER("pass", "desk.example") "From: <" ANNE ">\n"
					   "To: <%s>\nSubject: Re\n"
					   "Message-ID: <g@desk.test>\n"
					   "\n#fermer\nBonjour, " CANARY "\n",
	    to);
	desk_deliver(&desk, own, T0 + 3 * 86400);
	refusals = desk_sent(&desk, "refusal", ANNE);
	g_assert_cmpuint(refusals->len, ==, 2);
	for (guint i = 0; i < refusals->len; i++)
		returned |= strstr(((OutboxRow *)refusals->pdata[i])->text,
				CANARY) != NULL;
	g_assert_true(returned);

	/* Sent again without what was wrong with it, it goes out. */
	again = g_strdup_printf(
	    BORDER("pass", "desk.example") "From: <" ANNE ">\nTo: <%s>\n"
					   "Subject: Re\n"
					   "Message-ID: <h@desk.test>\n"
					   "\nBonjour, " CANARY "\n",
	    to);
	desk_deliver(&desk, again, T0 + 3 * 86400 + 600);
	g_assert_true(reaches_a_client(&desk, CANARY));
}

/* Once a ticket and day, five a day. */
static void
test_refusals_are_few(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	open_tickets(&desk, 7);
	for (int i = 0; i < 21; i++) {
		g_autofree char *mail = g_strdup_printf(
		    "From: <" ANNE ">\nTo: help@desk.example\n"
		    "Subject: [#%d] Essai %d\nMessage-ID: <r%d@evil.test>\n"
		    "\nEssai %d.\n",
		    i % 7 + 1, i, i, i);

		desk_deliver(&desk, mail, T0 + 3600 + i);
		g_assert_cmpuint(desk_count(&desk, "refusal", ANNE), ==,
		    MIN(i + 1, 5));
	}
}

/* Nobody to answer: held, said on the ticket, told to him, and nothing is met
 * by it. */
static void
test_unknown_requester(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *to = NULL, *mail = NULL;
	g_autoptr(GPtrArray) events = NULL;
	g_autoptr(GError) error = NULL;
	bool held = false;

	desk_set_up(&desk, "");
	desk_deliver(&desk,
	    "From: a@b.test, c@d.test\nSubject: Panne\n\nPanne.\n", T0);
	to = desk_field(&desk, "notice", ANNE, "Reply-To");
	mail = g_strdup_printf(
	    BORDER("pass", "desk.example") "From: <" ANNE ">\n"
					   "To: <%s>\nSubject: Re\n"
					   "Message-ID: <u@desk.test>\n"
					   "\nBonjour.\n",
	    to);
	desk_deliver(&desk, mail, T0 + 60);
	g_assert_cmpuint(desk_count(&desk, "reply", NULL), ==, 0);
	g_assert_cmpuint(desk_count(&desk, "refusal", ANNE), ==, 1);
	events = store_events(desk.store, 1, &error);
	g_assert_no_error(error);
	for (guint i = 0; i < events->len; i++) {
		const Event *event = events->pdata[i];

		held |= event->type == EVENT_HELD &&
		    strcmp(event_text(event, "what"), "reply") == 0 &&
		    strcmp(event_text(event, "reason"), "no-recipient") == 0;
		g_assert_true(event->type != EVENT_MET &&
		    event->type != EVENT_STATE &&
		    event->type != EVENT_ASSIGNED);
	}
	g_assert_true(held);
}

/* ---- clients and strangers ---- */

/* tag_guess: nothing is appended, and no answer tells which numbers exist. */
static void
test_tag_guess(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(GPtrArray) answers = NULL;
	g_autofree char *first = NULL;

	desk_set_up(&desk,
	    "acknowledge: {strangers: yes, per_address_hour: 100, "
	    "per_address_day: 100, per_domain_hour: 100}\n");
	open_tickets(&desk, 3);
	for (int i = 1; i <= 20; i++) {
		int guess = i % 2 == 1 ? i % 3 + 1 : 1000 + i;
		g_autofree char *mail = g_strdup_printf(
		    BORDER("pass",
			"elsewhere.test") "From: <p@elsewhere.test>"
					  "\nTo: help@desk.example\n"
					  "Subject: %c [#%d]\n"
					  "Message-ID: <g%d@e.test>\n"
					  "\nEt le [#%d] ?\n",
		    'A' + i, guess, i, guess);

		desk_deliver(&desk, mail, T0 + 600 + i);
	}
	for (int i = 1; i <= 3; i++) {
		g_autoptr(Ticket) t = desk_ticket(&desk, i);

		g_assert_cmpint(t->messages, ==, 1);
	}
	answers = desk_sent(&desk, "acknowledgment", "p@elsewhere.test");
	g_assert_cmpuint(answers->len, ==, 20);
	for (guint i = 0; i < answers->len; i++) {
		const OutboxRow *row = answers->pdata[i];
		g_autofree char *tag =
		    g_strdup_printf("[#%" G_GINT64_FORMAT "]", row->ticket);
		g_autoptr(GString) text = g_string_new(row->subject);

		g_string_append(text, row->text);
		g_string_replace(text, tag, "[#]", 0);
		if (first == NULL)
			first = g_strdup(text->str);
		g_assert_cmpstr(text->str, ==, first);
	}
}

/* Somebody outside who holds a client's address with its token: a code for him
 * reaches no client, nobody joins, nothing moves (doc/security.md T6, T18). */
static void
test_ticket_trick(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *to = NULL, *mail = NULL;
	g_autoptr(Ticket) ticket = NULL;

	desk_set_up(&desk, "");
	open_tickets(&desk, 1);
	to = desk_field(&desk, "acknowledgment", JEANNE, "Reply-To");
	mail = g_strdup_printf(
	    BORDER("pass", "slack.test") "From: <no-reply@slack.test>\n"
					 "To: <%s>\n"
					 "Cc: <rival@b.test>\n"
					 "Subject: Your code\n"
					 "Message-ID: <s@slack.test>\n"
					 "\n" CANARY "\n",
	    to);
	desk_deliver(&desk, mail, T0 + 60);
	ticket = desk_ticket(&desk, 1);
	g_assert_cmpint(ticket->messages, ==, 2);
	g_assert_false(reaches_a_client(&desk, CANARY));
	g_assert_cmpuint(desk_count(&desk, NULL, "no-reply@slack.test"), ==, 0);
	g_assert_cmpuint(desk_count(&desk, NULL, "rival@b.test"), ==, 0);
}

/* Each one's signed address stands in his own mail and in nobody else's. */
static void
test_tokens_stay_apart(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *to = NULL, *mail = NULL;
	g_autoptr(GPtrArray) rows = NULL;
	g_autoptr(GError) error = NULL;

	desk_set_up(&desk, "");
	open_tickets(&desk, 1);
	to = desk_field(&desk, "notice", ANNE, "Reply-To");
	mail = g_strdup_printf(
	    BORDER("pass", "desk.example") "From: <" ANNE ">\n"
					   "To: <%s>\nSubject: Re\n"
					   "Message-ID: <u@desk.test>\n"
					   "\nBonjour.\n",
	    to);
	desk_deliver(&desk, mail, T0 + 60);
	g_assert_cmpuint(answers_to_jeanne(&desk), ==, 1);
	rows = desk_sent(&desk, NULL, NULL);
	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *one = rows->pdata[i];
		g_autofree char *address = desk_field(&desk, one->what, one->to,
		    "Reply-To");

		g_assert_true(g_str_has_prefix(address, "help+"));
		for (guint k = 0; k < rows->len; k++) {
			const OutboxRow *two = rows->pdata[k];
			g_autoptr(OutboxRow) whole = NULL;
			gsize length;
			const char *bytes;

			if (strcmp(one->to, two->to) == 0)
				continue;
			store_outbox_row(desk.store, two->id, &whole, &error);
			g_assert_no_error(error);
			bytes = g_bytes_get_data(whole->bytes, &length);
			g_assert_null(
			    g_strstr_len(bytes, (gssize)length, address));
		}
	}
}

/* A colleague whom the contract does not name has no part in its tickets. */
static void
test_colleague(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Ticket) ticket = NULL;

	desk_set_up(&desk, "");
	desk_deliver(&desk,
	    BORDER("pass", "halcyon-data.example") "From: "
						   "<priya.shah@halcyon-data."
						   "example>\nTo: "
						   "help@desk.example\n"
						   "Subject: Outage\n"
						   "Message-ID: <p@h.test>\n"
						   "\nDown.\n",
	    T0);
	desk_deliver(&desk,
	    BORDER("pass", "halcyon-data.example") "From: "
						   "<temp@halcyon-data.example>"
						   "\nTo: help@desk.example\n"
						   "Subject: Re: Outage [#1]\n"
						   "Message-ID: <q@h.test>\n"
						   "\nMe too.\n",
	    T0 + 60);
	ticket = desk_ticket(&desk, 1);
	g_assert_cmpint(ticket->messages, ==, 1);
}

#define BYTES(text) text, sizeof(text) - 1

/* Mails that carry a token are read by a process that sees no other one. */
static void
test_fresh_reader(void)
{
	static const struct {
		const char *mail;
		gsize length;
		bool fresh;
	} table[] = {
		{ BYTES(""), false },
		{ BYTES("To: help@desk.example\n\n"), false },
		{ BYTES("To: help+a@desk.example\n\n"), true },
		{ BYTES("To: HELP+a@Desk.Example\n\n"), true },
		{ BYTES("X: \0\n"
			"To: help+a@desk.example\n\n"),
		    true },
		{ BYTES("In-Reply-To: <a@DESK.example>\n\n"), true },
	};
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(GBytes) raw = g_bytes_new(table[i].mail,
		    table[i].length);

		g_assert_cmpint(intake_wants_fresh(desk.intake, raw), ==,
		    table[i].fresh);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(test) g_test_add_func("/intake/" #test, test_##test)
	ADD(spoofed_technician);
	ADD(quoted_notice);
	ADD(attachments);
	ADD(refusal_of_a_forgery);
	ADD(refusals_are_few);
	ADD(unknown_requester);
	ADD(tag_guess);
	ADD(ticket_trick);
	ADD(tokens_stay_apart);
	ADD(colleague);
	ADD(fresh_reader);
#undef ADD
	return g_test_run();
}
