#include "reply-fixture.h"

#include <string.h>

/* The first lines of a notice hold all that decides what to do next. */
static void
test_notice(void)
{
	g_auto(Full) full = { 0 };
	g_autoptr(Values) values = NULL;
	g_autofree char *subject = NULL;
	g_autofree char *text = NULL;

	full_init(&full);
	values = reply_technician_values(&full.facts, "fr");
	subject = render("fr", "notice", 0, values);
	text = render("fr", "notice", 1, values);
	g_assert_cmpstr(subject, ==,
	    "[#12] Nouveau ticket (gravité 1) : Panne de l'ERP");
	g_assert_cmpstr(text, ==,
	    "Nouveau ticket.\n"
	    "\n"
	    "De       : zqx Jean <zqx@client.example>, zqx DSI, tél. zqx 03 29\n"
	    "           contact du contrat, ADRESSE NON VÉRIFIÉE (zqxdmarc)\n"
	    "Échec    : réponse au client à zqxfailed@client.example - zqx 550 "
	    "no such user\n"
	    "\n"
	    "----------------------------------------------------------------\n"
	    "zqx il a encore tout cassé\n"
	    "-- \n"
	    "zqx Jean, DSI\n"
	    "\n"
	    "… 3 lignes coupées\n"
	    "----------------------------------------------------------------\n"
	    "Pièce    : zqx.pdf (12 ko), jointe à ce mail\n"
	    "Pièce    : zqx.avi (81,2 Mo), non jointe : trop volumineuse\n"
	    "Pièce    : zqx.txt (7 octets), non jointe : contenu absent\n"
	    "\n"
	    "Échéance : Première réponse d'un technicien (délai garanti) - "
	    "mardi 24 novembre 2026 à 09:00 (UTC+01:00) - reste 3 h 05 min\n"
	    "\n"
	    "Répondez à ce mail : votre texte part au client "
	    "(zqxto@client.example).\n"
	    "  #resoudre : Résolu\n"
	    "Ce mail vous est personnel : ne le transférez pas.\n"
	    "\n"
	    "Ticket   : [#12] Panne de l'ERP\n"
	    "Client   : Minoterie Durand\n"
	    "Contrat  : Durand 2026 (SOS24)\n"
	    "Gravité  : 1 (bloquante) - incident\n"
	    "État     : en attente du client, suivi par zqx Anne\n"
	    "Reçu le  : vendredi 20 novembre 2026 à 18:30 (UTC+01:00) (hors "
	    "plage garantie ; compte à partir du lundi 23 novembre 2026 à "
	    "09:00 (UTC+01:00))\n"
	    "Retenu   : accusé de réception - zqx\n");
}

/* An alert is named by what it is about, and its source is no stranger. */
static void
test_alert(void)
{
	static const ReplyAlert alert = { CANARY "web1", CANARY "HTTP",
		CANARY "CRITICAL", CANARY "vendredi", CANARY "nagios", true };

	for (gsize part = 1; part < 3; part++) {
		g_auto(Full) full = { 0 };
		g_autoptr(Values) values = NULL, untrusted = NULL;
		g_autofree char *text = NULL, *doubt = NULL;
		ReplyAlert forged = alert;

		full_init(&full);
		full.facts.alert = &alert;
		values = reply_technician_values(&full.facts, "fr");
		text = render("fr", "notice", part, values);
		for (gsize i = 0; i < 5; i++) {
			const char *const words[] = { "web1", "HTTP",
				"CRITICAL", "vendredi", "nagios" };
			g_autofree char *word = g_strconcat(CANARY, words[i],
			    NULL);

			g_assert_nonnull(strstr(text, word));
		}
		g_assert_null(strstr(text, "ADRESSE NON VÉRIFIÉE"));
		g_assert_null(strstr(text, "NON FIABLE"));
		forged.trusted = false;
		full.facts.alert = &forged;
		untrusted = reply_technician_values(&full.facts, "fr");
		doubt = render("fr", "notice", part, untrusted);
		g_assert_nonnull(strstr(doubt, "NON FIABLE"));
	}
}

/* Every reason changes the words of each answer that may carry it. */
static void
test_reasons(void)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash,
	    g_str_equal, g_free, NULL);
	static const char *const names[] = { "notice", "refusal", "alarm" };
	guint expected = 0;

	for (gsize l = 0; l < 2; l++) {
		for (Reason r = REASON_NONE + 1; r < REASON_COUNT; r++) {
			const char *word = reason_name(r);
			bool said = false;

			for (gsize n = 0; n < G_N_ELEMENTS(names); n++) {
				g_auto(Full) full = { 0 };
				g_autoptr(Values) values = NULL;
				g_autofree char *section = NULL;
				g_autofree char *source = NULL;

				full_init(&full);
				full.facts.reason = r;
				values = reply_technician_values(&full.facts,
				    languages[l]);
				section = g_strdup_printf("{{#reason_%s}}",
				    word);
				g_strdelimit(section, "-", '_');
				source = read_reply(languages[l], names[n],
				    "txt");
				if (strstr(source, section) == NULL)
					continue;
				said = true;
				expected++;
				g_hash_table_add(seen,
				    render(languages[l], names[n], 1, values));
			}
			g_test_message("%s %s", languages[l], word);
			g_assert_true(said);
		}
	}
	g_assert_cmpuint(g_hash_table_size(seen), ==, expected);
	/* Each but REASON_NONE, and a failed delivery in two. */
	g_assert_cmpuint(expected, ==, 2 * REASON_COUNT);
}

static void
test_no_reason(void)
{
	g_auto(Full) full = { 0 };
	g_autoptr(Values) values = NULL;
	g_autofree char *text = NULL;

	full_init(&full);
	full.facts.reason = REASON_NONE;
	values = reply_technician_values(&full.facts, "fr");
	text = render("fr", "notice", 1, values);
	g_assert_true(g_str_has_prefix(text, "À voir.\n"));
}

static void
test_late(void)
{
	g_auto(Full) full = { 0 };
	g_autoptr(Values) values = NULL;
	g_autofree char *text = NULL;
	g_autofree char *subject = NULL;

	full_init(&full);
	full.facts.reason = REASON_BREACH;
	full.clock.state = SLA_LATE;
	full.clock.left = -(2 * 86400 + 3 * 3600);
	values = reply_technician_values(&full.facts, "fr");
	subject = render("fr", "alarm", 0, values);
	text = render("fr", "alarm", 1, values);
	g_assert_cmpstr(subject, ==,
	    "[#12] ÉCHÉANCE DÉPASSÉE : Panne de l'ERP");
	g_assert_true(g_str_has_prefix(text,
	    "Première réponse d'un technicien (délai garanti) : échéance "
	    "dépassée, elle était le mardi 24 novembre 2026 à 09:00 "
	    "(UTC+01:00) (retard : 2 j 3 h).\n"
	    "C'était un délai garanti"));
	g_assert_nonnull(strstr(text, "EN RETARD de 2 j 3 h"));
}

#define PASS \
 "Authentication-Results: mx.test; dmarc=pass header.from=b.example\n"

/* How far the writer is proven is said in the reader's language, whatever the
 * border said. */
static void
test_proof(void)
{
	static const struct {
		const char *stamps, *from, *french;
	} cases[] = {
		{ "", "a@b.example",
		    "aucune mention de notre serveur de réception" },
		{ "Authentication-Results: mx.test; dmarc=fail "
		  "header.from=b.example\n",
		    "a@b.example",
		    "notre serveur de réception dit dmarc=fail" },
		{ "Authentication-Results: mx.test; dmarc=temperror "
		  "header.from=b.example\n",
		    "a@b.example",
		    "notre serveur de réception dit dmarc=temperror" },
		{ "Authentication-Results: mx.test; spf=pass\n", "a@b.example",
		    "notre serveur de réception ne dit rien de dmarc" },
		{ "Authentication-Results: mx.test; dmarc=pass "
		  "header.from=c.example\n",
		    "a@b.example",
		    "dmarc=pass vaut pour c.example, pas pour b.example" },
		{ "Authentication-Results: mx.test; dmarc=(\n", "a@b.example",
		    "une mention de notre serveur de réception est illisible" },
		{ "", "a@b, c@d", "expéditeur sans adresse utilisable" },
		{ "Received: from x by lda.test\n", "a@b.example",
		    "aucune mention de notre serveur de réception ; lda.test, "
		    "qui l'a remis, n'est pas parmi ses noms (border: hosts)" },
		{ "Received: from x by lda.test\nAuthentication-Results: "
		  "mx.test; dmarc=pass\n",
		    "a@b.example",
		    "l'en-tête Received de lda.test, qui n'est pas parmi les "
		    "noms de notre serveur de réception (border: hosts), cache "
		    "la mention de mx.test" },
		{ "Received: from x by mx.test\nAuthentication-Results: "
		  "mx.test; dmarc=pass\n",
		    "a@b.example",
		    "la mention de mx.test se trouve sous l'en-tête Received "
		    "de notre serveur de réception, où n'importe qui peut "
		    "l'écrire" },
		{ "Received: from x by mx.test\nTo: b@c.example\n"
		  "Authentication-Results: mx.test; dmarc=pass\n",
		    "a@b.example",
		    "la mention de mx.test se trouve parmi les en-têtes de "
		    "l'auteur, où n'importe qui peut l'écrire" },
		{ PASS "Received: from x by mx.test\n" PASS, "a@b.example",
		    "notre serveur de réception n'ôte pas les mentions de "
		    "mx.test qui sont falsifiées : la sienne ne prouve rien" },
		{ PASS "Received: from x (y [192.0.2.1]) (Authenticated sender:"
		       " hugo) by mx.test with ESMTPSA\n",
		    "a@b.example",
		    "hugo s'est identifié auprès de notre serveur de "
		    "réception, et ce n'est pas l'expéditeur" },
	};
	static const AuthLogin logins[] = { { "a@b.example", NULL },
		{ "h@b.example", "hugo" } };
	static const char *const hosts[] = { "mx.test", NULL };
	static const char *const ids[] = { "mx.test", NULL };
	static const AuthConfig config = { .authserv_ids = ids,
		.border_hosts = hosts,
		.logins = logins,
		.login_count = G_N_ELEMENTS(logins) };

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *mail = g_strdup_printf(
		    "%sReceived: from x by mx.test\nFrom: <%s>\n\nx\n",
		    cases[i].stamps, cases[i].from);
		g_autoptr(Message) message = message_parse((const guint8 *)mail,
		    strlen(mail), false);
		g_auto(Full) full = { 0 };
		g_autoptr(Values) french = NULL, english = NULL;
		g_autofree char *why = NULL;

		auth_check(message, &config, &why);
		full_init(&full);
		full.facts.proof = why;
		french = reply_technician_values(&full.facts, "fr");
		english = reply_technician_values(&full.facts, "en");
		g_assert_cmpstr(values_get(french, "proof"), ==,
		    cases[i].french);
		g_assert_cmpstr(values_get(english, "proof"), ==, why);
	}
}

/* Every name that templates may use can have a value. */
static void
test_variables(void)
{
	g_auto(Full) full = { 0 };
	static const char *const lists[] = { "clocks", "contacts", "files",
		"held", "errors", "orders", "buttons" };
	MaintenanceOrder planned = { .host = (char *)"web1",
		.service = (char *)"HTTP",
		.contract = (char *)"",
		.reason = (char *)"disque",
		.number = 3,
		.to = 7200 };
	MaintenanceOrder ended = planned;
	g_autoptr(GPtrArray) orders = g_ptr_array_new();

	ended.ends = true;
	for (int i = 0; i < 2; i++) { /* flags are short */
		g_ptr_array_add(orders, &planned);
		g_ptr_array_add(orders, &ended);
	}
	full_init(&full);
	for (const char *const *name = reply_variables; *name != NULL; name++) {
		g_autoptr(Values) values = reply_technician_values(&full.facts,
		    "fr");
		bool found = values_get(values, *name) != NULL;

		reply_add_orders(values, orders, "fr",
		    zone_get("Europe/Paris", NULL));
		for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
			g_autofree char *inside = g_strdup_printf(
			    "{{#%s}}x{{%s}}{{/%s}}", lists[i], *name, lists[i]);
			g_autoptr(Template) template = template_parse(inside,
			    TEMPLATE_TEXT, reply_variables, NULL, NULL);
			g_autofree char *out = template_render(template,
			    values);

			found = found || strlen(out) > 3 ||
			    (strcmp(*name, lists[i]) == 0 && *out != '\0');
		}
		if (g_str_has_prefix(*name, "reason_"))
			found = true; /* test_reasons() has them */
		g_test_message("%s", *name);
		g_assert_true(found);
	}
}

/* What was ordered, and when it is; what ends is not said to begin. */
static void
test_orders(void)
{
	static const struct {
		const char *language, *planned, *ended;
	} rows[] = {
		{ "fr",
		    "Maintenance 3 : web1/HTTP est muet\n"
		    "  du vendredi 20 novembre 2026 à 22:00\n"
		    "  au samedi 21 novembre 2026 à 02:00.\n"
		    "  Motif : disque\n"
		    "  Pour l'abréger, répondez à ce mail, avec pour première "
		    "ligne : #maintenance end 3\n",
		    "Maintenance 3 : web1/HTTP n'est plus muet" },
		{ "en",
		    "Maintenance 3: web1/HTTP is silent\n"
		    "  from Friday 20 November 2026, 22:00\n"
		    "  to Saturday 21 November 2026, 02:00.\n"
		    "  Reason: disque\n"
		    "  To cut it short, answer this mail, with this first "
		    "line: #maintenance end 3\n",
		    "Maintenance 3: web1/HTTP is silent no longer" },
	};

	for (gsize i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
		bool ends = i % 2 == 1;
		const char *language = rows[i / 2].language;
		MaintenanceOrder order = { .ends = ends,
			.number = 3,
			.host = (char *)"web1",
			.service = (char *)"HTTP",
			.contract = (char *)"",
			.reason = (char *)"disque",
			.from = 1795208400,
			.to = 1795222800 };
		g_autoptr(GPtrArray) orders = g_ptr_array_new();
		g_auto(Full) full = { 0 };
		g_autoptr(Values) values = NULL;
		g_autofree char *text = NULL;

		full_init(&full);
		g_ptr_array_add(orders, &order);
		values = reply_technician_values(&full.facts, language);
		reply_add_orders(values, orders, language,
		    zone_get("Europe/Paris", NULL));
		text = render(language, "confirmation", 1, values);
		g_test_message("%s", text);
		g_assert_nonnull(strstr(text,
		    ends ? rows[i / 2].ended : rows[i / 2].planned));
		g_assert_cmpint(strstr(text, "#maintenance end") != NULL, !=,
		    ends);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/reply/notice", test_notice);
	g_test_add_func("/reply/alert", test_alert);
	g_test_add_func("/reply/reasons", test_reasons);
	g_test_add_func("/reply/reasons/none", test_no_reason);
	g_test_add_func("/reply/late", test_late);
	g_test_add_func("/reply/proof", test_proof);
	g_test_add_func("/reply/variables", test_variables);
	g_test_add_func("/reply/orders", test_orders);
	return g_test_run();
}
