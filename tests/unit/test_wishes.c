/*
 * What a mail asks of the desk by its own words (rules/match, `asks`), through
 * parser and shipped rules, and what the desk makes of it on a ticket.
 */
#include "decide-fixture.h"
#include "message-bytes.h"

#include "guichet/judgment/reading.h"

#include <locale.h>

static Message *
mail_saying(const char *subject, const char *body)
{
	g_autofree char *bytes = g_strdup_printf(
	    "From: <" JEANNE
	    ">\nMessage-ID: <a@b.test>\nIn-Reply-To: <q@b.test>\n"
	    "Subject: %s\n"
	    "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: 8bit\n\n%s\n",
	    subject, body);

	return parse(bytes);
}

static MatchResult *
result_of(const char *subject, const char *body)
{
	Message *message = mail_saying(subject, body);
	const char *const none[] = { NULL };
	MatchResult *result = match_of(ruleset_match(rules), message,
	    &(MatchContext){ .recipients = none,
		.mailbox = "support",
		.contract = "acier-vosges",
		.robot = "human" });

	g_assert_cmpuint(result->failed->len, ==, 0);
	message_free(message);
	return result;
}

static MatchAsks
asks_of(const char *subject, const char *body)
{
	g_autoptr(MatchResult) result = result_of(subject, body);

	return match_asks(result);
}

/* "Please" is no failure: what is asked for tells; and no courtesy hides one. */
static void
test_please(void)
{
	static const struct {
		const char *subject, *body, *kind;
	} rows[] = {
		{ "Password", "Hello,\n\nplease reset my password.",
		    "request" },
		{ "", "please reset the password of the ERP user", "request" },
		{ "", "Could you reset Anna's password?", "request" },
		{ "Account", "please unlock my account, thanks", "request" },
		{ "", "Please unblock John's mailbox.", "request" },
		{ "Help", "please help, the server is down", "incident" },
		{ "Firewall", "Please reset the firewall, nothing works",
		    "incident" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(MatchResult) result = result_of(rows[i].subject,
		    rows[i].body);

		g_test_message("%s", rows[i].body);
		g_assert_cmpstr(result->kind.value, ==, rows[i].kind);
	}
}

static void
test_closing(void)
{
	static const char *const closing[] = {
		"C'est réglé, vous pouvez fermer.",
		"Bonjour,\n\nC’est réglé, vous pouvez fermer le ticket.\n\nMerci "
		"beaucoup pour votre aide.\n\nCordialement,\nJeanne Morel",
		"Bonjour Anne,\nLe problème est résolu depuis ce matin, merci. "
		"Vous pouvez donc clôturer.\nBonne journée\nJeanne Morel",
		"Réglé !",
		"Oui, tout est réglé.",
		"Ok merci, l'incident est résolu de notre côté",
		"Merci de clôturer ce ticket, c'est corrigé.",
		"Nous avons pu résoudre le problème. Pouvez-vous fermer le "
		"ticket ?",
		"On peut clore.",
		"Ticket à clôturer, merci",
		"tout est rentré dans l'ordre",
		"It is solved, please close.",
		"Hi Anne,\n\nit's fixed now, you can close the ticket. Thanks a "
		"lot for your help!\n\nKind regards,\nPaul Martin",
		"Issue resolved. Please close it.",
		"Could you close this ticket?",
		"This has been sorted out, thanks.",
		"Solved",
		"Het is opgelost, u mag het ticket sluiten.",
		"Beste Anne,\nhet probleem is opgelost, bedankt voor de hulp.\n"
		"Met vriendelijke groeten\nJan de Smet",
		"Alles is in orde. Gelieve de melding te sluiten.",
		"Ticket mag gesloten worden",
		"C'est réglé.\n\nLe 20/11/2026 à 10:02, Anne a écrit :\n"
		"> Est-ce que cela fonctionne ?\n> Anne",
	};
	static const char *const not_closing[] = {
		"Ce n'est pas réglé.",
		"Ce n'est toujours pas réglé, ne fermez pas.",
		"Est-ce réglé ?",
		"C'est réglé ?",
		"C'est réglé, oui ou non ?",
		"Réglé mais l'autre serveur ne répond plus.",
		"C'est réglé, mais pas chez Paul.",
		"C'est réglé pour l'instant.",
		"Je pense que c'est réglé.",
		"C'est réglé, vous pouvez fermer ? Sinon dites-moi.",
		"Si c'est réglé, vous pouvez fermer.",
		"Vous pouvez fermer la porte.",
		"C'est presque réglé.",
		"C'est réglé. Par contre l'imprimante est en panne.",
		"C'est réglé sauf pour Lyon.",
		"C'est résolu.\nPanne sur le serveur de secours.",
		"Quand sera-ce réglé ?",
		"It is not solved, please do not close.",
		"It is solved but the backup still fails.",
		"Is it solved?",
		"It is solved? Please check.",
		"It was solved, and broke again.",
		"Please close the port 25.",
		"Don't close it.",
		"If it is fixed, please close.",
		"It is partly fixed.",
		"Het is niet opgelost.",
		"Is het opgelost?",
		"Het is opgelost maar traag.",
		"U mag het ticket niet sluiten.",
		"D'accord, fermez demain.",
		"> C'est réglé, vous pouvez fermer.\n\nNon.",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(closing); i++) {
		g_test_message("closing: %s", closing[i]);
		g_assert_cmpint(asks_of("Re: Panne", closing[i]), ==,
		    MATCH_ASKS_CLOSING);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(not_closing); i++) {
		g_test_message("not closing: %s", not_closing[i]);
		g_assert_cmpint(asks_of("Re: Panne", not_closing[i]), ==,
		    MATCH_ASKS_COUNT);
	}
	g_assert_cmpint(asks_of("Re: Panne", "Merci beaucoup !"), ==,
	    MATCH_ASKS_NOTHING);
}

/* That all works again, and nothing else, settles it as well: but not where
 * something is left, nor in the words that only agree. */
static void
test_works_again(void)
{
	static const char *const closing[] = {
		"Merci beaucoup, tout fonctionne maintenant !",
		"Bonjour Anne,\n\ntout refonctionne, merci pour votre aide.\n\n"
		"Cordialement,\nJeanne Morel",
		"Ça remarche, merci !", "Super, ça fonctionne !",
		"Je confirme que ça fonctionne.",
		"L'imprimante fonctionne à nouveau, merci.",
		"Nos mails marchent de nouveau. Merci à vous",
		"Parfait, tout est rétabli de notre côté. Bonne journée",
		"It works now. Thanks!\n\nBest regards,\nTom Ashworth",
		"Thanks, that solved it. You can close the ticket.",
		"All good now, please close.",
		"Perfect, it's working again, thank you so much!",
		"Thank you, everything works.",
		"Brilliant, that did the trick. Thanks for your help!",
		"Great, the mail server is back up. Thanks",
		"We're all good now, thanks.", "Bedankt, alles werkt weer!",
		"Hartelijk dank, prima opgelost", "Het werkt weer, bedankt",
		"Beste Anne,\n\nsuper, de website werkt terug. Dank u wel!\n\nMvg,\n"
		"Jan",
		"Alles is weer in orde, u mag het ticket sluiten."
	};
	static const char *const left[] = { "Ça ne marche toujours pas, merci.",
		"Tout fonctionne sauf l'imprimante.",
		"Tout fonctionne maintenant, sauf les mails. Merci",
		"Merci, tout fonctionne maintenant mais c'est lent.",
		"Tout fonctionne maintenant ?",
		"Merci. Ça fonctionne à moitié.",
		"Tout fonctionne maintenant. Toujours rien à Lyon",
		"Merci, mais rien ne fonctionne.",
		"Quand est-ce que tout fonctionne à nouveau ?",
		"Rien ne remarche, merci.", "Thanks, but it still fails.",
		"Thanks, it works now except for the printer.",
		"It does not work now.", "It worked yesterday. Thanks",
		"It works again, but slowly.", "Nothing works now, thanks.",
		"It works for me now, but not for Paul.", "Is it working now?",
		"Alles werkt weer behalve de printer",
		"Alles werkt weer, maar traag.", "Het werkt nog niet, bedankt.",
		"Niets werkt nu.", "Bedankt, maar het werkt niet meer." };

	for (gsize i = 0; i < G_N_ELEMENTS(closing); i++) {
		g_test_message("closing: %s", closing[i]);
		g_assert_cmpint(asks_of("Re: Panne", closing[i]), ==,
		    MATCH_ASKS_CLOSING);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(left); i++) {
		g_test_message("left: %s", left[i]);
		g_assert_cmpint(asks_of("Re: Panne", left[i]), ==,
		    MATCH_ASKS_COUNT);
	}
	/* Thanks for work done say nothing of what works. */
	g_assert_cmpint(asks_of("Re: Panne", "Thanks for the great work!"), ==,
	    MATCH_ASKS_NOTHING);
}

/* That all is well, and nothing else, is no word that something fails. */
static void
test_agreement(void)
{
	static const char *const agreeing[] = { "Ok", "Confirmed, thanks.",
		"OK, ça marche.", "Parfait !", "D'accord, merci.",
		"Bonjour Anne,\nc'est bon, merci beaucoup.\nJeanne Morel",
		"All good, thank you.", "Bien reçu, bonne journée",
		"Merci, c'est bon pour nous.", "Ça marche pour nous, merci",
		"That works for us, thanks.", "Good for us, thanks",
		"Dat is prima voor ons, dank u",
		"Hartelijk dank, alles in orde bij ons" };
	static const char *const others[] = { "Ça marche pas", "Oui", "Yes.",
		"OK, mais l'autre serveur est lent.", "It works, but slowly.",
		"OK ?", "Confirmé pour jeudi : le serveur est en panne.",
		"It works on Tuesdays only", "Parfait\nPanne totale à Lyon" };

	for (gsize i = 0; i < G_N_ELEMENTS(agreeing); i++) {
		MatchAsks asks = asks_of("Re: Panne", agreeing[i]);

		g_test_message("%s", agreeing[i]);
		g_assert_true(
		    asks == MATCH_ASKS_AGREEMENT || asks == MATCH_ASKS_NOTHING);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
		g_test_message("%s", others[i]);
		g_assert_cmpint(asks_of("Re: Panne", others[i]), ==,
		    MATCH_ASKS_COUNT);
	}
}

/* What the word does: proof, tie and state, and then what is told. */
static void
test_settles(void)
{
	static const struct {
		const char *name;
		TicketState state;
		AuthVerdict auth;
		bool is_alert, is_duty;
		const char *after; /* NULL: as it was */
		const char *notice;
	} rows[] = {
		{ "proven", TICKET_OPEN, AUTH_PASS, false, false, "resolved",
		    "client-settled" },
		{ "new", TICKET_NEW, AUTH_PASS, false, false, "resolved",
		    "client-settled" },
		{ "waited-for", TICKET_WAITING_CUSTOMER, AUTH_PASS, false,
		    false, "resolved", "client-settled" },
		{ "unproven", TICKET_OPEN, AUTH_NONE, false, false, NULL,
		    "client-says-settled" },
		{ "unproven-resumes", TICKET_WAITING_CUSTOMER, AUTH_NONE, false,
		    false, "open", "client-says-settled" },
		{ "alert", TICKET_OPEN, AUTH_PASS, true, false, NULL,
		    "client-says-settled" },
		{ "duty", TICKET_OPEN, AUTH_PASS, false, true, NULL,
		    "client-says-settled" },
		{ "disowned", TICKET_OPEN, AUTH_FAIL, false, false, NULL,
		    "unverified" },
		{ "done-already", TICKET_RESOLVED, AUTH_PASS, false, false,
		    NULL, "client-message" },
		{ "closed-already", TICKET_CLOSED, AUTH_NONE, false, false,
		    NULL, "client-message" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Case) c = { 0 };
		const Event *moved;

		g_test_message("%s", rows[i].name);
		contact(&c);
		tie(&c, LINK_TAG, true, rows[i].state);
		c.sit.auth = rows[i].auth;
		c.match.asks.value = (char *)match_asks_name(
		    MATCH_ASKS_CLOSING);
		c.match.asks.rule = (char *)"regle";
		if (rows[i].is_duty)
			c.ticket->kind = KIND_DUTY;
		if (rows[i].is_alert) {
			g_free(c.ticket->source);
			c.ticket->source = g_strdup("alert");
		}
		judge(&c);
		moved = event_of(&c, EVENT_STATE);
		g_assert_null(event_of(&c, EVENT_OPENED));
		g_assert_null(sent(&c, SEND_ACKNOWLEDGMENT));
		g_assert_cmpstr(moved != NULL ? event_text(moved, "state")
					      : NULL,
		    ==, rows[i].after);
		if (moved != NULL)
			g_assert_cmpstr(event_text(moved, "by"), ==, "client");
		g_assert_cmpstr(reason_name(sent(&c, SEND_NOTICE)->reason), ==,
		    rows[i].notice);
	}
}

/* Done on T0 - 40 d under a plan that says 30 d, or nothing. */
static void
test_too_late(void)
{
	static const struct {
		const char *name;
		const char *reopen; /* of the plan, NULL: none */
		int days;           /* ago it was done */
		MatchAsks asks;
		AuthVerdict auth;
		bool participant;
		bool goes_on;
	} rows[] = {
		{ "in-time", "30d", 29, MATCH_ASKS_COUNT, AUTH_PASS, true,
		    false },
		{ "too-late", "30d", 31, MATCH_ASKS_COUNT, AUTH_PASS, true,
		    true },
		{ "hours", "48h", 3, MATCH_ASKS_COUNT, AUTH_PASS, true, true },
		{ "unproven", "30d", 31, MATCH_ASKS_COUNT, AUTH_NONE, true,
		    true },
		{ "thanks", "30d", 31, MATCH_ASKS_NOTHING, AUTH_PASS, true,
		    false },
		{ "settled", "30d", 31, MATCH_ASKS_CLOSING, AUTH_PASS, true,
		    false },
		{ "agreed", "30d", 31, MATCH_ASKS_AGREEMENT, AUTH_PASS, true,
		    false },
		{ "disowned", "30d", 31, MATCH_ASKS_COUNT, AUTH_FAIL, true,
		    false },
		{ "outside", "30d", 31, MATCH_ASKS_COUNT, AUTH_PASS, false,
		    false },
		{ "no-word-of-it", NULL, 179, MATCH_ASKS_COUNT, AUTH_PASS, true,
		    false },
		{ "no-word-too-late", NULL, 181, MATCH_ASKS_COUNT, AUTH_PASS,
		    true, true },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Case) c = { 0 };
		Pause done = { T0 - (Instant)rows[i].days * DAY, INSTANT_NONE,
			TICKET_RESOLVED };
		Plan *plan;

		g_test_message("%s", rows[i].name);
		contact(&c);
		tie(&c, LINK_OWN_ID, rows[i].participant, TICKET_RESOLVED);
		c.ticket->received = T0 - 200 * (Instant)DAY;
		g_array_append_val(c.ticket->pauses, done);
		c.sit.auth = rows[i].auth;
		if (rows[i].asks != MATCH_ASKS_COUNT)
			c.match.asks =
			    (MatchField){ (char *)match_asks_name(rows[i].asks),
				    (char *)"rule" };
		/* The one that the ticket is under, and nobody else's. */
		plan = (Plan *)ruleset_plan(rules, "ald");
		plan->has_reopen = rows[i].reopen != NULL &&
		    duration_parse(rows[i].reopen, &plan->reopen, NULL);
		judge(&c);
		g_assert_cmpint(event_of(&c, EVENT_OPENED) != NULL, ==,
		    rows[i].goes_on);
		if (rows[i].goes_on) {
			g_assert_nonnull(sent(&c, SEND_ACKNOWLEDGMENT));
			g_assert_nonnull(
			    sent(&c, SEND_ACKNOWLEDGMENT)->remarks);
			g_assert_nonnull(sent(&c, SEND_NOTICE)->remarks);
			g_assert_cmpint(event_of(&c, EVENT_LINKED)->ticket, ==,
			    0);
			g_assert_null(event_of(&c, EVENT_STATE));
		}
		plan->has_reopen = false;
	}
}

/* ---- what a client asks to read ---- */

static void
test_reading_words(void)
{
	static const struct {
		const char *subject, *body;
		MatchAsks asks;
	} rows[] = {
		{ "Liste de mes tickets", "", MATCH_ASKS_OPEN_LIST },
		{ "Mes demandes en cours",
		    "Bonjour,\n\nMerci d'avance.\n"
		    "Cordialement,\nJeanne Morel",
		    MATCH_ASKS_OPEN_LIST },
		{ "liste des tickets ouverts",
		    "Pouvez-vous m'envoyer la liste de mes tickets svp ?",
		    MATCH_ASKS_OPEN_LIST },
		{ "My open tickets", "Thanks", MATCH_ASKS_OPEN_LIST },
		{ "open tickets", "", MATCH_ASKS_OPEN_LIST },
		{ "Mijn tickets", "Bedankt", MATCH_ASKS_OPEN_LIST },
		{ "Lijst van mijn tickets", "", MATCH_ASKS_OPEN_LIST },
		{ "Lijst van onze openstaande tickets", "Bedankt",
		    MATCH_ASKS_OPEN_LIST },
		{ "Lijst van mijn tickets",
		    "Beste,\n\nKunt u mij de lijst van mijn openstaande tickets "
		    "sturen?\n\nAlvast bedankt,\nJan Peeters",
		    MATCH_ASKS_OPEN_LIST },
		{ "Overzicht van onze lopende aanvragen",
		    "Met vriendelijke groet", MATCH_ASKS_OPEN_LIST },
		{ "The list of our open requests", "Thanks",
		    MATCH_ASKS_OPEN_LIST },
		{ "Mijn afgehandelde aanvragen", "", MATCH_ASKS_CLOSED_LIST },
		{ "Lijst van mijn tickets", "Gelieve de server te herstarten.",
		    MATCH_ASKS_COUNT },
		{ "Liste des tickets clos", "", MATCH_ASKS_CLOSED_LIST },
		{ "Nos demandes terminées", "", MATCH_ASKS_CLOSED_LIST },
		{ "closed tickets", "", MATCH_ASKS_CLOSED_LIST },
		{ "gesloten tickets", "", MATCH_ASKS_CLOSED_LIST },
		{ "Historique du ticket 12", "Merci", MATCH_ASKS_HISTORY },
		{ "history of [#12]", "", MATCH_ASKS_HISTORY },
		{ "historiek van ticket #12", "", MATCH_ASKS_HISTORY },
		/* Whoever wants anything else is not answered with a list. */
		{ "Mes tickets", "Je n'arrive plus à les ouvrir.",
		    MATCH_ASKS_COUNT },
		{ "Liste de mes tickets", "Merci de redémarrer le serveur.",
		    MATCH_ASKS_COUNT },
		{ "Liste de mes tickets perdue", "", MATCH_ASKS_COUNT },
		{ "Imprimante de tickets", "", MATCH_ASKS_COUNT },
		{ "Historique", "", MATCH_ASKS_COUNT },
		{ "Historique du serveur 12", "", MATCH_ASKS_COUNT },
		{ "Open tickets of Acme", "", MATCH_ASKS_COUNT },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s: %s", rows[i].subject, rows[i].body);
		g_assert_cmpint(asks_of(rows[i].subject, rows[i].body), ==,
		    rows[i].asks);
	}
}

static void
test_reads(void)
{
	static const struct {
		const char *name;
		MatchAsks asks;
		WhoKind who;
		AuthVerdict auth;
		TokenVerdict token;
		guint found, rows_before, texts_before;
		int rows, texts; /* -1: judged as any other mail */
	} rows[] = {
		{ "list", MATCH_ASKS_OPEN_LIST, WHO_CONTACT, AUTH_PASS,
		    TOKEN_ABSENT, 2, 0, 0, 2, 0 },
		{ "none", MATCH_ASKS_CLOSED_LIST, WHO_CONTACT, AUTH_PASS,
		    TOKEN_ABSENT, 0, 0, 0, 0, 0 },
		{ "what-is-left", MATCH_ASKS_OPEN_LIST, WHO_CONTACT, AUTH_PASS,
		    TOKEN_ABSENT, 2, 49, 0, 1, 0 },
		{ "enough", MATCH_ASKS_OPEN_LIST, WHO_CONTACT, AUTH_PASS,
		    TOKEN_ABSENT, 2, 50, 0, 0, 0 },
		{ "history", MATCH_ASKS_HISTORY, WHO_CONTACT, AUTH_PASS,
		    TOKEN_ABSENT, 1, 50, 0, 0, 1 },
		{ "enough-history", MATCH_ASKS_HISTORY, WHO_CONTACT, AUTH_PASS,
		    TOKEN_ABSENT, 1, 0, 20, 0, 0 },
		{ "unproven", MATCH_ASKS_OPEN_LIST, WHO_CONTACT, AUTH_NONE,
		    TOKEN_ABSENT, 2, 0, 0, -1, -1 },
		{ "token-alone", MATCH_ASKS_OPEN_LIST, WHO_CONTACT, AUTH_NONE,
		    TOKEN_OK, 2, 0, 0, -1, -1 },
		{ "disowned", MATCH_ASKS_OPEN_LIST, WHO_CONTACT, AUTH_FAIL,
		    TOKEN_ABSENT, 2, 0, 0, -1, -1 },
		{ "not-named", MATCH_ASKS_OPEN_LIST, WHO_COLLEAGUE, AUTH_PASS,
		    TOKEN_ABSENT, 2, 0, 0, -1, -1 },
		{ "stranger", MATCH_ASKS_OPEN_LIST, WHO_STRANGER, AUTH_PASS,
		    TOKEN_ABSENT, 2, 0, 0, -1, -1 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Case) c = { 0 };
		g_autoptr(GPtrArray) found = g_ptr_array_new();
		ReadingWish wish = { .asks = rows[i].asks,
			.use = { rows[i].rows_before, rows[i].texts_before,
			    T0 },
			.found = rows[i].found,
			.rows = found };
		const Effect *answer;

		g_test_message("%s", rows[i].name);
		for (guint k = 0; k < rows[i].found; k++)
			g_ptr_array_add(found, (gpointer) "#1 Panne");
		case_init(&c, rows[i].who, MAIL_OF(JEANNE));
		c.sit.auth = rows[i].auth;
		c.sit.token = rows[i].token;
		c.sit.wish = &wish;
		judge(&c);
		answer = sent(&c, SEND_READING);
		g_assert_cmpint(answer != NULL, ==, rows[i].rows >= 0);
		g_assert_cmpint(event_of(&c, EVENT_OPENED) != NULL, ==,
		    rows[i].rows < 0);
		if (answer == NULL)
			continue;
		g_assert_cmpstr(answer->to, ==, JEANNE);
		g_assert_cmpint((int)answer->rows, ==,
		    rows[i].rows + rows[i].texts);
		g_assert_cmpstr(lane_of(&c), ==, "order");
		g_assert_null(sent(&c, SEND_NOTICE));
		g_assert_null(sent(&c, SEND_ACKNOWLEDGMENT));
	}
}

/* ---- a mail that cannot be read ---- */

#define CIPHER                                                    \
 "From: <" JEANNE ">\nMessage-ID: <a@b.test>\nSubject: Panne\n\n" \
 "-----BEGIN PGP MESSAGE-----\nhQEM\n-----END PGP MESSAGE-----\n"

/* Which remarks there are: of technicians, of the sender. */
static void
assert_remarked(const Case *c, bool desk, bool sender)
{
	const GPtrArray *remarks = c->decision->remarks;
	bool found[REMARK_COUNT] = { false };

	for (guint i = 0; remarks != NULL && i < remarks->len; i++)
		found[((const Remark *)remarks->pdata[i])->kind] = true;
	g_assert_cmpint(found[REMARK_ENCRYPTED], ==, desk);
	g_assert_cmpint(found[REMARK_UNREADABLE], ==, sender);
}

static void
test_encrypted(void)
{
	static const struct {
		const char *name;
		WhoKind who;
		AuthVerdict auth;
		bool follows, told_before;
		bool sender; /* is told */
	} rows[] = {
		{ "opens", WHO_CONTACT, AUTH_PASS, false, false, true },
		{ "opens-unproven", WHO_CONTACT, AUTH_NONE, false, false,
		    false },
		{ "opens-disowned", WHO_CONTACT, AUTH_FAIL, false, false,
		    false },
		{ "stranger", WHO_STRANGER, AUTH_PASS, false, false, false },
		{ "colleague", WHO_COLLEAGUE, AUTH_PASS, false, false, false },
		{ "follows", WHO_CONTACT, AUTH_PASS, true, false, true },
		{ "follows-unproven", WHO_CONTACT, AUTH_NONE, true, false,
		    false },
		{ "once", WHO_CONTACT, AUTH_PASS, true, true, false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Case) c = { 0 };

		g_test_message("%s", rows[i].name);
		case_init(&c, rows[i].who, CIPHER);
		message_free(c.message);
		c.message = parse(CIPHER);
		c.sit.message = c.message;
		c.sit.auth = rows[i].auth;
		if (rows[i].follows)
			tie(&c, LINK_TAG, true, TICKET_OPEN);
		if (rows[i].told_before)
			g_ptr_array_add(c.ticket->tags, g_strdup("encrypted"));
		judge(&c);
		assert_remarked(&c, true, rows[i].sender);
		g_assert_cmpint(sent(&c, SEND_REMARK) != NULL, ==,
		    rows[i].follows && rows[i].sender);
		g_assert_nonnull(sent(&c, SEND_NOTICE)->remarks);
		g_assert_nonnull(event_of(&c, EVENT_MESSAGE));
	}
}

int
main(int argc, char *argv[])
{
	int result;

	setlocale(LC_ALL, "");
	g_test_init(&argc, &argv, NULL);
	rules = shipped_rules();
	g_test_add_func("/wishes/please", test_please);
	g_test_add_func("/wishes/closing", test_closing);
	g_test_add_func("/wishes/works-again", test_works_again);
	g_test_add_func("/wishes/agreement", test_agreement);
	g_test_add_func("/wishes/settles", test_settles);
	g_test_add_func("/wishes/too-late", test_too_late);
	g_test_add_func("/wishes/reading-words", test_reading_words);
	g_test_add_func("/wishes/reads", test_reads);
	g_test_add_func("/wishes/encrypted", test_encrypted);
	result = g_test_run();
	ruleset_free(rules);
	return result;
}
