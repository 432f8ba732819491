/*
 * What a client reads of a new ticket is in words that fit (doc/domain.md 6):
 * the plan that was bought, telephones, what is to be ready, when somebody is
 * there, what is not covered, whose time it is.
 */
#include "told-fixture.h"

#define LUC    "luc@brasserie-lambic.example"    /* level B */
#define PRIYA  "priya.shah@halcyon-data.example" /* London */
#define INES   "ines@studio-orme.example"        /* level 2, Pro */
#define CLAIRE "claire@maison-tissier.example"   /* 1Life */

/* The acknowledgment of such a mail. */
static char *
acknowledged(Desk *desk, const char *from, const char *subject,
    const char *words, Instant when)
{
	const char *domain = strchr(from, '@') + 1;
	g_autofree char *mail = g_strdup_printf(
	    BORDER("pass", "%s") "From: <%s>\nTo: help@desk.example\n"
				 "Subject: %s\n"
				 "Message-ID: <%" G_GINT64_FORMAT "@x.test>\n"
				 "\n%s\n",
	    domain, from, subject, when, words);

	desk_deliver(desk, mail, when);
	return last_text(desk, "acknowledgment", from);
}

/* Of level 2, whose requests are Standard's: its own title and hotline; the desk
 * is shut on Saturday, and nothing runs. */
static void
test_pro_on_saturday(void)
{
	static const struct {
		const char *language, *title, *phone, *opens;
	} rows[] = {
		{ "fr", "Contrat  : Studio Orme (Niveau 2 – Pro)",
		    "  - Hotline : +33 1 99 00 02 45\n",
		    "elle ouvre le lundi 30 novembre 2026 à 09:00." },
		{ "en", "Contract : Studio Orme (Level 2 – Pro)",
		    "  - Hotline: +33 1 99 00 02 45\n",
		    "our support opens on Monday 30 November 2026, 09:00." },
		{ "nl", "Contract  : Studio Orme (Niveau 2 – Pro)",
		    "  - Hotline: +33 1 99 00 02 45\n",
		    "hij opent op maandag 30 november 2026 om 09:00." },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Desk) desk = { 0 };
		g_autofree char *text = NULL;
		Contract *contract;

		desk_set_up(&desk, "");
		contract = (Contract *)ruleset_contract(desk.ruleset,
		    "studio-orme");
		g_free(contract->language);
		contract->language = g_strdup(rows[i].language);
		text = acknowledged(&desk, INES, "Demande de devis",
		    "Pouvez-vous nous envoyer un devis pour un certificat ?",
		    at("2026-11-28T10:00"));
		assert_says(text, rows[i].title);
		assert_says(text, rows[i].phone);
		assert_says(text, rows[i].opens);
		assert_silent(text, "Niveau 0");
		assert_silent(text, "Level 0");
	}
}

/* A guarantee runs: nobody need be told when the desk opens. */
static void
test_pro_incident(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *text = NULL;

	desk_set_up(&desk, "");
	text = acknowledged(&desk, INES, "Site inaccessible",
	    "Le site est inaccessible, erreur 500.", at("2026-11-28T10:00"));
	assert_says(text, "Délai garanti : 4 h");
	assert_silent(text, "elle ouvre");
	/* The window of a plan that never shuts is nothing to speak of, nor how
	 * a term from receipt is counted; and nobody needs seconds, or a zone
	 * that is the desk's own. */
	assert_silent(text, "plage");
	assert_silent(text, "Calcul");
	assert_silent(text, "UTC");
	assert_silent(text, "fuseau");
	assert_says(text, "Reçue le : samedi 28 novembre 2026 à 10:00\n");
}

/* By night, the numbers that are answered by day say from when. */
static void
test_phones_by_night(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *night = NULL, *day = NULL;

	desk_set_up(&desk, "");
	night = acknowledged(&desk, LUC, "panne", "Plus rien ne marche.",
	    at("2026-11-23T22:00"));
	assert_says(night,
	    "  - Numéro belge : +32 2 555 01 20 (répond à partir du mardi 24 "
	    "novembre 2026 à 09:00)\n");
	day = acknowledged(&desk, LUC, "autre panne", "Plus rien ne marche.",
	    at("2026-11-24T10:00"));
	assert_says(day, "  - Numéro belge : +32 2 555 01 20\n");
}

/* 1Life's list, of what its plan asks for that kind; at lunch they read when
 * somebody is back. */
static void
test_ready(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *text = NULL;

	desk_set_up(&desk, "");
	text = acknowledged(&desk, CLAIRE, "Demande de paramétrage",
	    "Pouvez-vous ajouter un champ à la fiche client ?",
	    at("2026-11-24T12:45"));
	assert_says(text,
	    "Merci de tenir prêts avant le début du travail :\n  - ");
	assert_says(text, "code d'accès ADMINISTRATEUR");
	assert_says(text, "elle ouvre le mardi 24 novembre 2026 à 13:30.");
}

/* Whose time it is, once, where it is not the desk's; no guaranteed hours where
 * nothing is guaranteed. */
static void
test_zone_once(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *text = NULL;
	const char *first;

	desk_set_up(&desk, "");
	text = acknowledged(&desk, PRIYA, "Severity 3: import page",
	    "The import page answers slowly.", at("2026-11-24T12:00"));
	assert_says(text, "Contract : Halcyon Data (SaaS support)");
	assert_says(text, "Received : Tuesday 24 November 2026, 11:00\n");
	first = strstr(text, "Europe/London");
	g_assert_nonnull(first);
	g_assert_null(strstr(first + 1, "Europe/London"));
	assert_silent(text, "UTC");
	assert_silent(text, "uaranteed intake");
}

/* A technician says that a part is none of the plan's: which, what judges in its
 * place, what can be said against it. */
static void
test_excluded_part(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *text = NULL;
	g_autofree char *mail = g_strdup(BORDER("pass",
	    "acier-vosges.example") "From: <" JEANNE ">\n"
				    "To: sos24@desk.example\n"
				    "Subject: PANNE ERP\n"
				    "Message-ID: <1@x.test>\n"
				    "\nPlus personne ne se connecte.\n");

	desk_set_up(&desk, "");
	desk_deliver(&desk, mail, at("2026-11-24T10:00"));
	text = last_text(&desk, "acknowledgment", JEANNE);
	assert_says(text, "Contrat  : Aciéries des Vosges (SOS24");
	order(&desk, "component 1 netscaler", at("2026-11-24T11:00"));
	tick(&desk, at("2026-11-24T11:10"));
	g_free(text);
	text = last_text(&desk, "correction", JEANNE);
	assert_says(text,
	    "- Partie de votre système\n  Avant      : aucune en particulier\n"
	    "  Maintenant : Citrix NetScaler, que SOS24 ne couvre pas\n");
	assert_says(text, "ALD, assistance à la demande");
	assert_says(text, "Si vous n'êtes pas d'accord");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/client words/level 2 on Saturday",
	    test_pro_on_saturday);
	g_test_add_func("/client words/an incident of level 2",
	    test_pro_incident);
	g_test_add_func("/client words/telephones by night",
	    test_phones_by_night);
	g_test_add_func("/client words/what is to be ready", test_ready);
	g_test_add_func("/client words/the zone, once", test_zone_once);
	g_test_add_func("/client words/an excluded part", test_excluded_part);
	return g_test_run();
}
