#include "reply-fixture.h"

#include <libxml/HTMLparser.h>
#include <string.h>

static void
test_acknowledgment(void)
{
	g_autoptr(GPtrArray) clocks = g_ptr_array_new();
	ReplyClock response = some_clock(MILESTONE_RESPONSE,
	    COMMITMENT_GUARANTEED);
	ReplyClock workaround = some_clock(MILESTONE_WORKAROUND,
	    COMMITMENT_OBJECTIVE);
	ReplyClock resolution = some_clock(MILESTONE_RESOLUTION,
	    COMMITMENT_BEST_EFFORT);
	ReplyPublic facts = some_public(clocks);
	g_autoptr(Values) values = NULL;
	g_autofree char *subject = NULL;
	g_autofree char *text = NULL;

	workaround.within = (Duration){ DURATION_BUSINESS_DAYS, 5 };
	workaround.how = (char *)"";
	resolution.state = SLA_NO_TERM;
	resolution.has_term = false;
	g_ptr_array_add(clocks, &response);
	g_ptr_array_add(clocks, &workaround);
	g_ptr_array_add(clocks, &resolution);
	values = reply_client_values(&facts, "fr");
	subject = render("fr", "acknowledgment", 0, values);
	text = render("fr", "acknowledgment", 1, values);
	g_assert_cmpstr(subject, ==, "Re: Panne de l'ERP [#12]");
	g_assert_cmpstr(text, ==,
	    "Bonjour,\n"
	    "\n"
	    "Nous avons bien reçu votre demande. Elle porte le numéro [#12].\n"
	    "\n"
	    "  Objet    : Panne de l'ERP\n"
	    "  Contrat  : Minoterie Durand (SOS24)\n"
	    "  Nature   : incident\n"
	    "  Gravité  : 1 (bloquante)\n"
	    "  Reçue le : vendredi 20 novembre 2026 à 18:30 (UTC+01:00)\n"
	    "\n"
	    "Votre message est arrivé en dehors de la plage de prise en charge "
	    "garantie : les délais courent à partir du lundi 23 novembre 2026 "
	    "à 09:00 (UTC+01:00).\n"
	    "\n"
	    "- Première réponse d'un technicien\n"
	    "  Délai garanti : 24 h, soit au plus tard le mardi 24 novembre "
	    "2026 à 09:00 (UTC+01:00).\n"
	    "  Calcul : 24 h à partir du lundi 23 à 09:00.\n"
	    "- Solution de contournement\n"
	    "  Objectif visé, sans garantie : 5 jours ouvrés, soit le mardi 24 "
	    "novembre 2026 à 09:00 (UTC+01:00).\n"
	    "- Résolution\n"
	    "  Au mieux de nos moyens, sans engagement de délai.\n"
	    "\n"
	    "Pour compléter votre demande ou joindre un fichier, répondez à ce message en "
	    "conservant son objet : votre réponse rejoindra le dossier [#12].\n"
	    "\n"
	    "Cordialement,\n"
	    "Assistance Exemple\n"
	    "\n"
	    "-- \n"
	    "Accusé de réception automatique.\n");
}

/* What the text says, and what it must not say. */
static void
test_variants(void)
{
	static const struct {
		const char *label, *language;
		ReplyWindow window;
		Commitment commitment;
		SlaState state;
		bool due;
		const char *has, *lacks;
	} rows[] = {
		{ "inside", "fr", REPLY_WINDOW_IN, COMMITMENT_GUARANTEED,
		    SLA_RUNNING, true, "est arrivé pendant la plage",
		    "en dehors" },
		{ "no window", "fr", REPLY_WINDOW_NONE, COMMITMENT_GUARANTEED,
		    SLA_RUNNING, true, "Délai garanti : 24 h, soit",
		    "la plage" },
		{ "no due yet", "fr", REPLY_WINDOW_IN, COMMITMENT_GUARANTEED,
		    SLA_PAUSED, false, "Délai garanti : 24 h.", "soit" },
		{ "best effort with a term", "fr", REPLY_WINDOW_IN,
		    COMMITMENT_BEST_EFFORT, SLA_RUNNING, true,
		    "si possible sous 24 h, soit le", "garanti :" },
		{ "nothing promised", "fr", REPLY_WINDOW_IN,
		    COMMITMENT_GUARANTEED, SLA_ENDED, true,
		    "Aucun délai n'est prévu", "plage" },
		{ "no term, no window", "fr", REPLY_WINDOW_OUT,
		    COMMITMENT_BEST_EFFORT, SLA_NO_TERM, true,
		    "sans engagement de délai", "plage" },
		{ "english", "en", REPLY_WINDOW_OUT, COMMITMENT_OBJECTIVE,
		    SLA_RUNNING, true, "Objective, not guaranteed: within 24 h",
		    "Guaranteed:" },
		{ "english best effort", "en", REPLY_WINDOW_OUT,
		    COMMITMENT_BEST_EFFORT, SLA_NO_TERM, true,
		    "Best effort, without a time limit", "hours" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) clocks = g_ptr_array_new();
		ReplyClock clock = some_clock(MILESTONE_RESPONSE,
		    rows[i].commitment);
		ReplyPublic facts = some_public(clocks);
		g_autoptr(Values) values = NULL;

		facts.window = rows[i].window;
		clock.state = rows[i].state;
		clock.has_term = clock.state != SLA_NO_TERM;
		if (!rows[i].due)
			clock.due = (char *)"";
		clock.how = (char *)"";
		g_ptr_array_add(clocks, &clock);
		values = reply_client_values(&facts, rows[i].language);
		for (gsize part = 1; part < 3; part++) {
			g_autofree char *text = render(rows[i].language,
			    "acknowledgment", part, values);

			g_test_message("%s: %s", rows[i].label, text);
			if (part == 1)
				g_assert_nonnull(strstr(text, rows[i].has));
			g_assert_null(strstr(text, rows[i].lacks));
			g_assert_null(strstr(text, "\n\n\n"));
		}
	}
}

static void
test_words(void)
{
	static const struct {
		Duration within;
		bool open_time;
		const char *fr, *en;
	} rows[] = {
		{ { DURATION_TIME, 86400 }, false, "24 h", "24 h" },
		{ { DURATION_TIME, 1800 }, false, "30 min", "30 min" },
		{ { DURATION_TIME, 5400 }, false, "1 h 30 min", "1 h 30 min" },
		{ { DURATION_TIME, 90 }, false, "90 s", "90 s" },
		{ { DURATION_TIME, 14400 }, true, "4 h ouvrées",
		    "4 h of opening time" },
		{ { DURATION_DAYS, 1 }, false, "1 jour", "1 day" },
		{ { DURATION_DAYS, 2 }, true, "2 jours", "2 days" },
		{ { DURATION_BUSINESS_DAYS, 15 }, true, "15 jours ouvrés",
		    "15 business days" },
		{ { DURATION_MONTHS, 12 }, false, "12 mois", "12 months" },
		{ { DURATION_MONTHS, 1 }, false, "1 mois", "1 month" },
	};
	const char *wording[2][3];

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (gsize l = 0; l < 2; l++) {
			g_autoptr(GPtrArray) clocks = g_ptr_array_new();
			ReplyClock clock = some_clock(MILESTONE_RESPONSE,
			    COMMITMENT_OBJECTIVE);
			ReplyInternal facts = { .public = some_public(clocks),
				.clock = &clock };
			g_autoptr(Values) values = NULL;

			clock.within = rows[i].within;
			clock.open_time = rows[i].open_time;
			values = reply_technician_values(&facts, languages[l]);
			g_assert_cmpstr(values_get(values, "within"), ==,
			    l == 0 ? rows[i].fr : rows[i].en);
		}
	}
	for (gsize l = 0; l < 2; l++) {
		for (Commitment c = COMMITMENT_GUARANTEED;
		     c <= COMMITMENT_BEST_EFFORT; c++) {
			ReplyClock clock = some_clock(MILESTONE_RESPONSE, c);
			ReplyInternal facts = { .public = some_public(NULL),
				.clock = &clock };
			g_autoptr(Values) values =
			    reply_technician_values(&facts, languages[l]);

			wording[l][c] = g_intern_string(
			    values_get(values, "commitment"));
		}
		g_assert_cmpstr(wording[l][0], !=, wording[l][1]);
		g_assert_cmpstr(wording[l][1], !=, wording[l][2]);
		g_assert_cmpstr(wording[l][0], !=, wording[l][2]);
	}
}

/* A stranger's answer is the same for all the world but for its number. */
static void
test_stranger(void)
{
	g_autoptr(Values) values = reply_stranger_values(12, "Assistance");
	g_autofree char *fr = render("fr", "acknowledgment-stranger", 0,
	    values);
	g_autofree char *en = render("en", "acknowledgment-stranger", 0,
	    values);

	g_assert_cmpstr(fr, ==, "[#12] Demande enregistrée");
	g_assert_cmpstr(en, ==, "[#12] Request received");
	for (gsize l = 0; l < 2; l++) {
		g_autofree char *text = render(languages[l],
		    "acknowledgment-stranger", 1, values);

		g_assert_nonnull(strstr(text, "[#12]"));
		g_assert_nonnull(strstr(text, "Assistance"));
	}
	g_assert_false(g_strv_contains(
	    reply_variables_of("acknowledgment-stranger"), "subject"));
}

static void
test_reply_and_resolution(void)
{
	ReplyPublic facts = some_public(NULL);
	g_autoptr(Values) silent = NULL;
	g_autoptr(Values) spoken = NULL;
	g_autofree char *reply = NULL;
	g_autofree char *resolved = NULL;
	g_autofree char *alone = NULL;
	g_autofree char *html = NULL;

	silent = reply_client_values(&facts, "fr");
	facts.text = "Bonjour,\n\nLe service <cups> est relancé.\nAnne\n\n";
	spoken = reply_client_values(&facts, "fr");
	reply = render("fr", "reply", 1, spoken);
	g_assert_cmpstr(reply, ==,
	    "Bonjour,\n\nLe service <cups> est relancé.\nAnne\n"
	    "\n"
	    "-- \n"
	    "Assistance Exemple - dossier [#12]\n"
	    "Pour nous répondre, conservez l'objet de ce message.\n");
	html = render("fr", "reply", 2, spoken);
	g_assert_nonnull(
	    strstr(html, "Le service &lt;cups&gt; est relancé.<br>"));
	resolved = render("fr", "resolution", 1, spoken);
	g_assert_true(g_str_has_prefix(resolved, "Bonjour,\n\nLe service"));
	g_assert_nonnull(strstr(resolved, "demande [#12] comme résolue"));
	g_assert_null(strstr(resolved, "Cordialement"));
	alone = render("fr", "resolution", 1, silent);
	g_assert_true(g_str_has_prefix(alone,
	    "Bonjour,\n\nVotre demande [#12] est résolue.\n\n"));
	g_assert_nonnull(strstr(alone, "Cordialement,\nAssistance Exemple\n"));
}

/* doc/security.md T19: whatever the desk knows, a client's mail has none of it,
 * and no word of the machine room either. */
static void
test_no_leak(void)
{
	static const char *const for_clients[] = { "acknowledgment",
		"acknowledgment-stranger", "reply", "resolution" };
	static const char *const inside[] = { CANARY, "guichet", "token",
		"outbox", "dmarc", "DMARC", "interne", "internal", "#resolve",
		"{{", "}}" };

	for (gsize l = 0; l < 2; l++) {
		for (gsize n = 0; n < G_N_ELEMENTS(for_clients); n++) {
			g_auto(Full) full = { 0 };
			g_autoptr(Values) values = NULL;

			full_init(&full);
			values = n == 1
			    ? reply_stranger_values(12, "Assistance Exemple")
			    : reply_client_values(&full.facts.public,
				  languages[l]);
			for (gsize part = 0; part < 3; part++) {
				g_autofree char *text = render(languages[l],
				    for_clients[n], part, values);

				g_assert_cmpuint(strlen(text), >, 5);
				for (gsize w = 0; w < G_N_ELEMENTS(inside); w++)
					g_assert_null(strstr(text, inside[w]));
			}
		}
	}
	/* A template cannot even ask. */
	for (gsize n = 0; n < G_N_ELEMENTS(for_clients); n++) {
		static const char *const asks[] = { "{{new_text}}",
			"{{#held}}{{/held}}", "{{proof}}", "{{assigned}}",
			"{{failed_reply}}",
			"{{#reason_unverified}}x"
			"{{/reason_unverified}}" };

		for (gsize a = 0; a < G_N_ELEMENTS(asks); a++)
			g_assert_null(template_parse(asks[a], TEMPLATE_TEXT,
			    reply_variables_of(for_clients[n]), NULL, NULL));
	}
}

static void
check_html(const char *html)
{
	htmlDocPtr doc;
	const xmlError *error;

	xmlResetLastError();
	doc = htmlReadMemory(html, (int)strlen(html), NULL, "utf-8",
	    HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
	error = xmlGetLastError();
	if (error != NULL)
		g_test_message("%d: %s%s", error->line, error->message, html);
	g_assert_null(error);
	g_assert_nonnull(doc);
	xmlFreeDoc(doc);
	g_assert_null(strstr(html, "<img"));
	g_assert_null(strstr(html, "<table>\n</table>"));
	g_assert_null(strstr(html, "http"));
}

/* Each answer exists in each language, in three parts, and is well made both
 * full and empty. */
static void
test_all(void)
{
	static const char *const of_no_ticket[] = { "morning", "terms",
		"ending", "duties", "summary", "report", NULL };
	g_auto(Full) full = { 0 };
	ReplyInternal empty = { .public = { .desk = "D", .ticket = 1 } };

	full_init(&full);
	for (gsize l = 0; l < 2; l++) {
		g_autoptr(Values) all = reply_technician_values(&full.facts,
		    languages[l]);
		g_autoptr(Values) none = reply_technician_values(&empty,
		    languages[l]);

		for (const char *const *n = reply_names; *n != NULL; n++) {
			for (gsize part = 0; part < 3; part++) {
				g_autofree char *a = render(languages[l], *n,
				    part, all);
				g_autofree char *b = render(languages[l], *n,
				    part, none);

				g_test_message("%s %s %s", languages[l], *n,
				    endings[part]);
				if (!g_strv_contains(of_no_ticket, *n)) {
					g_assert_nonnull(strstr(a, "[#12]"));
					g_assert_nonnull(strstr(b, "[#1]"));
				}
				g_assert_null(strstr(a, "\n\n\n"));
				g_assert_null(strstr(b, "\n\n\n"));
				g_assert_null(strstr(b, "(null)"));
				if (part == 2) {
					check_html(a);
					check_html(b);
				}
			}
		}
	}
	g_assert_null(reply_variables_of("../secret"));
	g_assert_cmpstr(reply_name(SEND_ACKNOWLEDGMENT, true), ==,
	    "acknowledgment-stranger");
	/* A list is written without a template. */
	for (SendKind kind = 0; kind < SEND_COUNT; kind++)
		g_assert_cmpint(reply_variables_of(reply_name(kind, false)) ==
			NULL,
		    ==, kind == SEND_READING);
}

/* A guess is said to be one, to whoever reads it. */
static void
test_unsure(void)
{
	static const char *const words[] = {
		"il est traité comme suit : incident",
		"it is treated as: incident",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		ReplyPublic facts = some_public(NULL);
		g_autoptr(Values) sure = reply_client_values(&facts,
		    languages[i]);
		g_autoptr(Values) unsure = NULL;

		facts.unsure = true;
		unsure = reply_client_values(&facts, languages[i]);
		for (gsize part = 1; part < G_N_ELEMENTS(endings); part++) {
			g_autofree char *plain = render(languages[i],
			    "acknowledgment", part, sure);
			g_autofree char *said = render(languages[i],
			    "acknowledgment", part, unsure);

			g_assert_null(strstr(plain, words[i]));
			g_assert_nonnull(strstr(said, words[i]));
		}
	}
}

/* What is loaded without the template of something that the desk sends would end
 * the program when that is sent. A list is written in code. */
static void
test_names(void)
{
	for (SendKind kind = 0; kind < SEND_COUNT; kind++) {
		if (kind == SEND_READING)
			continue;
		g_test_message("%s", send_kind_name(kind));
		g_assert_true(
		    g_strv_contains(reply_names, reply_name(kind, false)));
	}
	g_assert_true(g_strv_contains(reply_names,
	    reply_name(SEND_ACKNOWLEDGMENT, true)));
	g_assert_null(reply_variables_of("nothing"));
	g_assert_null(reply_needs("nothing"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/reply/acknowledgment", test_acknowledgment);
	g_test_add_func("/reply/unsure", test_unsure);
	g_test_add_func("/reply/variants", test_variants);
	g_test_add_func("/reply/words", test_words);
	g_test_add_func("/reply/stranger", test_stranger);
	g_test_add_func("/reply/reply", test_reply_and_resolution);
	g_test_add_func("/reply/no-leak", test_no_leak);
	g_test_add_func("/reply/all", test_all);
	g_test_add_func("/reply/names", test_names);
	return g_test_run();
}
