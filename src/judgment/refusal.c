/* When a technician is told that nothing was done, and in which words. */
#include "guichet/judgment/refusal.h"

#include "guichet/base/text.h"

static const struct {
	Reason reason;
	const char *french, *english;
} words[] = {
	{ REASON_NO_TEXT, "aucun texte pour le client",
	    "no text for the client" },
	{ REASON_BELOW_QUOTATION, "du texte sous la citation, ou une citation",
	    "text below the quotation, or a quotation" },
	{ REASON_BAD_COMMAND, "commande non comprise",
	    "command not understood" },
	{ REASON_NOT_AUTHENTIC, "rien ne prouve que le mail vient de vous",
	    "nothing proves that the mail is yours" },
	{ REASON_NO_TOKEN, "ne répondait pas à un avis pour vous",
	    "answered no notice of yours" },
	{ REASON_BAD_TOKEN, "adresse ou référence que nous n'avons pas signée",
	    "address or reference that we did not sign" },
	{ REASON_OTHER_TOKEN,
	    "avis d'un collègue, d'un autre ticket, ou périmé",
	    "notice of a colleague, of another ticket, or void" },
	{ REASON_TWO_TICKETS, "désigne deux tickets", "names two tickets" },
	{ REASON_EXPIRED_TOKEN, "avis trop ancien", "notice too old" },
	{ REASON_REPLAYED, "déjà traité", "dealt with already" },
	{ REASON_CLOSED, "ticket clos", "ticket closed" },
	{ REASON_NO_RECIPIENT, "pas d'adresse de client",
	    "no client's address" },
	{ REASON_TO_OTHERS, "écrit à d'autres, le guichet en copie",
	    "written to others, the desk in copy" },
	{ REASON_UNCONFIRMED, "ordre à confirmer", "order to confirm" },
	{ REASON_CROSSED, "un collègue a répondu entre-temps",
	    "a colleague answered meanwhile" },
	{ REASON_ORDERS_OFF, "les ordres par mail sont désactivés ici",
	    "orders by mail are switched off here" },
	{ REASON_NO_LOGIN, "n'est pas passé par votre compte sur notre serveur",
	    "was not sent by your account on our server" },
	{ REASON_LATE_CONFIRM, "confirmation trop tardive",
	    "confirmed too late" },
	{ REASON_CONFIRM_FULL, "trop de mails attendent votre confirmation",
	    "too many mails wait for your confirmation" },
	{ REASON_FILES_LEFT, "pièces jointes qui ne peuvent pas partir",
	    "attachments that cannot go along" },
};

const char *
refusal_words(Reason reason, const char *language)
{
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		if (words[i].reason == reason)
			return text_is_french(language) ? words[i].french
							: words[i].english;
	}
	return reason_name(reason);
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
