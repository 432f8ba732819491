/*
 * Greeting and closing are cut from around what a mail says, and nothing else;
 * whoever writes them weighs no more than whoever does not.
 */
#include "guichet/words/courtesy.h"
#include "rulesets.h"

#include <locale.h>

static void
test_cut(void)
{
	static const struct {
		const char *text, *said;
	} rows[] = {
		{ "Bonjour, question sur la facture.",
		    "question sur la facture." },
		{ "Bonjour,\nLe site tombe.\nMerci d'avance\n\nCordialement,\n"
		  "Anne Martin\n",
		    "Le site tombe.\n" },
		{ "BONSOIR à tous !\n\nPlus rien. Bonne journée à vous",
		    "Plus rien. " },
		{ "Madame, Monsieur,\nNous voulons un devis.\nDans l'attente de "
		  "votre retour, veuillez agréer, Madame, Monsieur, "
		  "l'expression de nos sentiments distingués.\nPaul",
		    "Nous voulons un devis.\n" },
		{ "Dear Support team,\nNo mail. Many thanks, Tom",
		    "No mail. " },
		{ "Guten Tag Frau Weber,\nder Server steht.\nMit freundlichen "
		  "Grüßen\nUte Klein",
		    "der Server steht.\n" },
		{ "Bonjour Anne,\ncc Hugo, bonjour.", "cc Hugo, bonjour." },
		{ "Bonjour ?", "?" },
		{ "Bonjour", "" },
		{ "Bonjour,\nmerci, cordialement\nAnne", "" },
		/* What looks like one and says something. */
		{ "Bonjour le site est en panne\nMerci",
		    "le site est en panne\n" },
		{ "Bonjour ERP HS,\nvenez", "ERP HS,\nvenez" },
		{ "Bonjour Serveur Planté depuis hier",
		    "Serveur Planté depuis hier" },
		{ "Merci de redémarrer le serveur.",
		    "Merci de redémarrer le serveur." },
		{ "Le lien tombe.\nUrgent !", "Le lien tombe.\nUrgent !" },
		{ "Le lien tombe.\nMerci d'intervenir au plus vite",
		    "Le lien tombe.\nMerci d'intervenir au plus vite" },
		{ "Le lien tombe.\nCordialement\nAnne\nPS : le VPN aussi",
		    "Le lien tombe.\nCordialement\nAnne\nPS : le VPN aussi" },
		{ "Imprimante Bloquée", "Imprimante Bloquée" },
		{ "On utilise Word, Excel", "On utilise Word, Excel" },
		{ "Bonjournée", "Bonjournée" },
		{ "!! ...", "!! ..." },
		{ "", "" },
		{ NULL, "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *said = courtesy_cut(rows[i].text);

		g_test_message("%s", rows[i].text);
		g_assert_cmpstr(said, ==, rows[i].said);
	}
}

/* What the shipped scales weigh of a mail, and what they tell of it. */
static char *
weighed(const MatchRules *rules, const char *subject, const char *text)
{
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	Message message = { .subject = (char *)subject,
		.text = (char *)text,
		.new_text = (char *)text,
		.headers = none,
		.attachments = none };
	const MatchContext context = { .mailbox = "help",
		.contract = "",
		.robot = "human" };
	g_autoptr(MatchResult) result = match_of(rules, &message, &context);

	g_assert_cmpuint(result->weighed->len, >=, 2);
	g_ptr_array_add(result->weighed, NULL);
	return g_strjoinv("\n", (char **)result->weighed->pdata);
}

/* Every greeting of quotes.yaml with one closing or another, around words of
 * every kind. */
static void
test_weighs_nothing(void)
{
	g_autoptr(Ruleset) ruleset = shipped_rules();
	const MatchRules *rules = ruleset_match(ruleset);
	const char *const *greetings = quotes_list(quotes_current(),
	    QUOTES_GREETINGS);
	static const char *const texts[] = { "question sur la facture.",
		"le site ne répond plus.", "no idea." };
	static const char *const closings[] = { "Cordialement", "Bien à vous",
		"En vous souhaitant une bonne journée",
		"Dans l'attente de votre retour", "Merci d'avance",
		"Best regards", "Thanks in advance", "Many thanks", "Cdt",
		"Mit freundlichen Grüßen", "Saludos" };

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *bare = weighed(rules, "Objet", texts[i]);

		for (gsize k = 0; greetings[k] != NULL; k++) {
			g_autofree char *text = g_strdup_printf(
			    "%s, %s\n%s,\nAnne Martin", greetings[k], texts[i],
			    closings[(i + k) % G_N_ELEMENTS(closings)]);
			g_autofree char *with = weighed(rules, "Objet", text);

			g_test_message("%s", text);
			g_assert_cmpstr(with, ==, bare);
		}
	}
}

int
main(int argc, char **argv)
{
	setlocale(LC_ALL, "C.UTF-8");
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/courtesy/cut", test_cut);
	g_test_add_func("/courtesy/weighs-nothing", test_weighs_nothing);
	return g_test_run();
}
