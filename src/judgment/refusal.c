/* When a technician is told that nothing was done, and in which words. */
#include "guichet/judgment/refusal.h"

#include "guichet/base/text.h"

#include <string.h>

static const struct {
	const char *reason, *french, *english;
} words[] = {
	{ "no-text", "aucun texte pour le client", "no text for the client" },
	{ "below-quotation", "du texte sous la citation, ou une citation",
	    "text below the quotation, or a quotation" },
	{ "bad-command", "commande non comprise", "command not understood" },
	{ "not-authentic", "rien ne prouve que le mail vient de vous",
	    "nothing proves that the mail is yours" },
	{ "no-token", "ne répondait pas à un avis pour vous",
	    "answered no notice of yours" },
	{ "bad-token", "adresse ou référence que nous n'avons pas signée",
	    "address or reference that we did not sign" },
	{ "other-token", "avis d'un collègue, d'un autre ticket, ou périmé",
	    "notice of a colleague, of another ticket, or void" },
	{ "two-tickets", "désigne deux tickets", "names two tickets" },
	{ "expired-token", "avis trop ancien", "notice too old" },
	{ "replayed", "déjà traité", "dealt with already" },
	{ "closed", "ticket clos", "ticket closed" },
	{ "no-recipient", "pas d'adresse de client", "no client's address" },
	{ "unconfirmed", "ordre à confirmer", "order to confirm" },
	{ "orders-off", "les ordres par mail sont désactivés ici",
	    "orders by mail are switched off here" },
	{ "no-login", "n'est pas passé par votre compte sur notre serveur",
	    "was not sent by your account on our server" },
	{ "late-confirm", "confirmation trop tardive", "confirmed too late" },
	{ "confirm-full", "trop de mails attendent votre confirmation",
	    "too many mails wait for your confirmation" },
	{ "files-left", "pièces jointes qui ne peuvent pas partir",
	    "attachments that cannot go along" },
};

const char *
refusal_words(const char *reason, const char *language)
{
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strcmp(words[i].reason, reason) == 0)
			return text_is_french(language) ? words[i].french
							: words[i].english;
	}
	return reason;
}

/* The first was told by itself: only those after it stood in a list. */
static bool
is_listed(const Refusals *refusals)
{
	return refusals->said_listed > 1;
}

RefusalWay
refusal_way(const Refusals *refusals, Proof proof, bool has_words)
{
	bool said_before = refusals->said > 0;
	bool adds_nothing = said_before || !has_words;

	if (proof != PROOF_PASS)
		return refusals->unproven_day < REFUSALS_UNPROVEN_DAY &&
			refusals->unproven_here < REFUSALS_UNPROVEN_HERE
		    ? REFUSAL_TOLD
		    : REFUSAL_SILENT;
	if ((refusals->answers_one && adds_nothing) ||
	    refusals->proven_day >= REFUSALS_PROVEN_DAY)
		return REFUSAL_SILENT;
	/* One that comes back with each list would make a list each hour. */
	if (said_before)
		return is_listed(refusals) ? REFUSAL_SILENT : REFUSAL_LISTED;
	return refusals->proven_hour < REFUSALS_PROVEN_HOUR ? REFUSAL_TOLD
							    : REFUSAL_LISTED;
}
