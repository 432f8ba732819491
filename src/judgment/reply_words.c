/* The desk's words for people, in each language. */
#include "guichet/judgment/reply_words.h"

#include "guichet/base/names.h"
#include "guichet/base/text.h"

#include <string.h>

typedef struct {
	const char *fr, *en;
} Pair;

static const char *
pick(const Pair *pairs, gsize count, gsize index, const char *language)
{
	g_assert(index < count);
	return text_is_french(language) ? pairs[index].fr : pairs[index].en;
}

#define MILESTONE_WORDS(X)                                          \
 X(MILESTONE_RESPONSE, "Première réponse d'un technicien",          \
     "First answer by a technician")                                \
 X(MILESTONE_WORKAROUND, "Solution de contournement", "Workaround") \
 X(MILESTONE_RESOLUTION, "Résolution", "Resolution")                \
 X(MILESTONE_RESTORE, "Rétablissement du service", "Restoration of service")
NAME_ROWS(Pair, milestone_words, MILESTONE_WORDS, MILESTONE_COUNT);

const char *
reply_words_milestone(Milestone milestone, const char *language)
{
	return pick(milestone_words, G_N_ELEMENTS(milestone_words), milestone,
	    language);
}

/* A court may read these three one day: they must never be alike. */
#define COMMITMENT_WORDS(X)                              \
 X(COMMITMENT_GUARANTEED, "délai garanti", "guaranteed") \
 X(COMMITMENT_OBJECTIVE, "objectif visé, sans garantie", \
     "objective, not guaranteed")                        \
 X(COMMITMENT_BEST_EFFORT, "au mieux de nos moyens", "best effort")
NAME_ROWS(Pair, commitment_words, COMMITMENT_WORDS, COMMITMENT_COUNT);

const char *
reply_words_commitment(Commitment commitment, const char *language)
{
	return pick(commitment_words, G_N_ELEMENTS(commitment_words),
	    commitment, language);
}

#define KIND_WORDS(X)                     \
 X(KIND_INCIDENT, "incident", "incident") \
 X(KIND_REQUEST, "demande", "request")    \
 X(KIND_QUESTION, "question", "question") \
 X(KIND_DUTY, "tâche périodique", "recurring task")
NAME_ROWS(Pair, kind_words, KIND_WORDS, KIND_COUNT);

const char *
reply_words_kind(TicketKind kind, const char *language)
{
	return pick(kind_words, G_N_ELEMENTS(kind_words), kind, language);
}

#define TICKET_STATE_WORDS(X)                                                 \
 X(TICKET_NEW, "nouveau", "new")                                              \
 X(TICKET_OPEN, "en cours", "open")                                           \
 X(TICKET_WAITING_CUSTOMER, "en attente du client", "waiting for the client") \
 X(TICKET_WAITING_APPROVAL, "en attente d'accord", "waiting for approval")    \
 X(TICKET_WAITING_THIRD_PARTY, "en attente d'un tiers",                       \
     "waiting for a third party")                                             \
 X(TICKET_RESOLVED, "résolu", "resolved")                                     \
 X(TICKET_CLOSED, "clos", "closed")
NAME_ROWS(Pair, ticket_state_words, TICKET_STATE_WORDS, TICKET_STATE_COUNT);

const char *
reply_words_ticket_state(TicketState state, const char *language)
{
	return pick(ticket_state_words, G_N_ELEMENTS(ticket_state_words), state,
	    language);
}

#define SLA_STATE_WORDS(X)                       \
 X(SLA_RUNNING, "en cours", "running")           \
 X(SLA_PAUSED, "suspendu", "paused")             \
 X(SLA_LATE, "en retard", "late")                \
 X(SLA_MET, "tenu", "met")                       \
 X(SLA_MISSED, "tenu trop tard", "met too late") \
 X(SLA_ENDED, "arrêté", "ended")                 \
 X(SLA_NO_TERM, "sans terme", "no term")
NAME_ROWS(Pair, sla_state_words, SLA_STATE_WORDS, SLA_STATE_COUNT);

const char *
reply_words_sla_state(SlaState state, const char *language)
{
	return pick(sla_state_words, G_N_ELEMENTS(sla_state_words), state,
	    language);
}

#define WHO_WORDS(X)                                                     \
 X(WHO_NOBODY, "sans adresse utilisable", "no usable address")           \
 X(WHO_STRANGER, "inconnu de nos contrats", "under no contract of ours") \
 X(WHO_CONTACT, "contact du contrat", "contact of the contract")         \
 X(WHO_COLLEAGUE, "chez le client, mais pas contact nommé",              \
     "at the client's, but no named contact")                            \
 X(WHO_TECHNICIAN, "technicien", "technician")
NAME_ROWS(Pair, who_words, WHO_WORDS, WHO_COUNT);

const char *
reply_words_who(WhoKind who, const char *language)
{
	return pick(who_words, G_N_ELEMENTS(who_words), who, language);
}

#define SEND_WORDS(X)                                                          \
 X(SEND_ACKNOWLEDGMENT, "accusé de réception", "acknowledgment")               \
 X(SEND_NOTICE, "avis aux techniciens", "notice to technicians")               \
 X(SEND_REPLY, "réponse au client", "answer to the client")                    \
 X(SEND_RESOLUTION, "annonce de résolution", "announcement of the resolution") \
 X(SEND_REFUSAL, "avis de refus", "refusal")                                   \
 X(SEND_ALARM, "alerte de délai", "alarm")                                     \
 X(SEND_INFORMATION, "information sur une alerte",                             \
     "information about an alert")                                             \
 X(SEND_CONFIRMATION, "confirmation au technicien",                            \
     "confirmation to the technician")                                         \
 X(SEND_CHALLENGE, "demande de confirmation", "request to confirm")            \
 X(SEND_NEWS, "annonce des prochaines nouvelles", "word of the next news")     \
 X(SEND_NUDGE, "relance au client", "reminder to the client")                  \
 X(SEND_CLOSING, "annonce de clôture", "announcement of the closing")          \
 X(SEND_HANDLED, "annonce de prise en charge", "word of who has it")           \
 X(SEND_CORRECTION, "rectification", "correction")                             \
 X(SEND_REMARK, "remarque au client", "remark to the client")
NAME_ROWS(Pair, send_words, SEND_WORDS, SEND_COUNT);

const char *
reply_words_send(SendKind kind, const char *language)
{
	return pick(send_words, G_N_ELEMENTS(send_words), kind, language);
}

#define FATE_WORDS(X)                                            \
 X(REPLY_FILE_SENT, "jointe à ce mail", "attached to this mail") \
 X(REPLY_FILE_TOO_LARGE, "non jointe : trop volumineuse",        \
     "not attached: too large")                                  \
 X(REPLY_FILE_GONE, "non jointe : contenu absent",               \
     "not attached: its content is missing")
NAME_ROWS(Pair, fate_words, FATE_WORDS, REPLY_FILE_FATE_COUNT);

const char *
reply_words_fate(ReplyFileFate fate, const char *language)
{
	return pick(fate_words, G_N_ELEMENTS(fate_words), fate, language);
}

/* What auth.c says to the trace, which is in English; each %s is a name. */
static const Pair proofs[] = {
	{ "notre serveur de réception dit dmarc=fail",
	    "the border says dmarc=fail" },
	{ "notre serveur de réception dit dmarc=temperror",
	    "the border says dmarc=temperror" },
	{ "notre serveur de réception ne dit rien de dmarc",
	    "the border says nothing of dmarc" },
	{ "une mention de notre serveur de réception est illisible",
	    "a stamp of the border cannot be read" },
	{ "aucune mention de notre serveur de réception",
	    "no stamp of the border" },
	{ "aucune mention de notre serveur de réception ; %s, qui l'a remis, "
	  "n'est pas parmi ses noms (border: hosts)",
	    "no stamp of the border; %s, which delivered it, is not among its "
	    "hosts" },
	{ "l'en-tête Received de %s, qui n'est pas parmi les noms de notre "
	  "serveur de réception (border: hosts), cache la mention de %s",
	    "the Received of %s, which is not among the border's hosts, hides "
	    "the stamp of %s" },
	{ "la mention de %s se trouve sous l'en-tête Received de notre serveur "
	  "de réception, où n'importe qui peut l'écrire",
	    "a stamp of %s stands below the Received of the border, where "
	    "anybody can put it" },
	{ "la mention de %s se trouve parmi les en-têtes de l'auteur, où "
	  "n'importe qui peut l'écrire",
	    "a stamp of %s stands among the writer's own fields, where anybody "
	    "can put it" },
	{ "notre serveur de réception n'ôte pas les mentions de %s qui sont "
	  "falsifiées : la sienne ne prouve rien",
	    "the border strips no forged stamps of %s: its own prove nothing" },
	{ "plus de mentions que notre serveur de réception n'en fait : "
	  "certaines sont falsifiées",
	    "more stamps than the border makes: some are forged" },
	{ "notre serveur de réception reçoit du courrier sans y mettre sa "
	  "mention : aucune ne compte d'ici à ce qu'il en remette",
	    "the border takes mail without its stamp: no stamp counts until it "
	    "stamps again" },
	{ "%s s'est identifié auprès de notre serveur de réception, et ce "
	  "n'est pas l'expéditeur",
	    "%s logged in at the border, who is not the sender" },
	{ "expéditeur sans adresse utilisable", "the sender has no identity" },
	{ "aucun authserv_id n'est configuré", "no authserv_id is configured" },
	{ "dmarc=pass vaut pour %s, pas pour %s",
	    "dmarc=pass is for %s, not %s" },
};

/* The text in place of each %s of the pattern; NULL: it is of another. */
static GPtrArray *
find_names(const char *text, const char *pattern)
{
	g_auto(GStrv) parts = g_strsplit(pattern, "%s", -1);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

	if (!g_str_has_prefix(text, parts[0]))
		return NULL;
	text += strlen(parts[0]);
	for (gsize i = 1; parts[i] != NULL; i++) {
		const char *end = *parts[i] != '\0' ? strstr(text, parts[i])
						    : text + strlen(text);

		if (end == NULL)
			return NULL;
		g_ptr_array_add(names, g_strndup(text, (gsize)(end - text)));
		text = end + strlen(parts[i]);
	}
	return *text == '\0' ? g_steal_pointer(&names) : NULL;
}

static char *
put_names(const char *pattern, const GPtrArray *names)
{
	g_auto(GStrv) parts = g_strsplit(pattern, "%s", -1);
	GString *text = g_string_new(parts[0]);

	for (guint i = 0; i < names->len; i++)
		g_string_append_printf(text, "%s%s", (char *)names->pdata[i],
		    parts[i + 1]);
	return g_string_free(text, FALSE);
}

char *
reply_words_proof(const char *why, const char *language)
{
	for (gsize i = 0; text_is_french(language) && i < G_N_ELEMENTS(proofs);
	     i++) {
		g_autoptr(GPtrArray) names = find_names(why, proofs[i].en);

		if (names != NULL)
			return put_names(proofs[i].fr, names);
	}
	return g_strdup(why);
}

#define HELD_WORDS(X)                                                       \
 X(HELD_BUDGET, "trop de réponses automatiques en peu de temps",            \
     "too many automatic answers in a short time")                          \
 X(HELD_ROBOT, "l'expéditeur est un automate", "the sender is a machine")   \
 X(HELD_LIST, "le mail vient d'une liste de diffusion",                     \
     "the mail came through a mailing list")                                \
 X(HELD_STRANGER, "expéditeur inconnu ou non vérifié",                      \
     "the sender is unknown or not verified")                               \
 X(HELD_OLD, "le mail est trop ancien", "the mail is too old")              \
 X(HELD_LOOP, "boucle de réponses", "a loop of answers")                    \
 X(HELD_RETURN_PATH, "l'adresse de retour est d'une autre organisation",    \
     "the return address is another organisation's")                        \
 X(HELD_NO_IDENTITY, "l'expéditeur n'a pas d'adresse utilisable",           \
     "the sender has no usable address")                                    \
 X(HELD_NOT_AUTHENTIC, "l'expéditeur est falsifié", "the sender is forged") \
 X(HELD_NO_RECIPIENT, "il n'y a pas d'adresse à qui répondre",              \
     "there is no address to answer to")                                    \
 X(HELD_RESTORED, "une vie antérieure de la base l'a peut-être envoyée",    \
     "an earlier life of the store may have sent it")
NAME_ROWS(Pair, held_words, HELD_WORDS, HELD_COUNT);

const char *
reply_words_held(const char *why, const char *language)
{
	HeldReason reason;

	if (!event_held_parse(why, &reason))
		return why;
	return pick(held_words, G_N_ELEMENTS(held_words), reason, language);
}

#define EXCLUSION_WORDS(X)                                           \
 X(EXCLUDED_FORCE_MAJEURE, "force majeure", "force majeure")         \
 X(EXCLUDED_THIRD_PARTY, "fait d'un tiers", "a third party's doing") \
 X(EXCLUDED_OUT_OF_SCOPE, "hors périmètre", "out of scope")          \
 X(EXCLUDED_MISSING_INFORMATION, "information manquante",            \
     "missing information")                                          \
 X(EXCLUDED_MISUSE, "mauvais usage", "misuse")                       \
 X(EXCLUDED_SECURITY, "sécurité", "security")
NAME_ROWS(Pair, exclusion_words, EXCLUSION_WORDS, EXCLUDED_COUNT);

const char *
reply_words_exclusion(const char *reason, const char *language)
{
	ExclusionReason value;

	if (!event_exclusion_parse(reason, &value))
		return reason;
	return pick(exclusion_words, G_N_ELEMENTS(exclusion_words), value,
	    language);
}

/* "24 h", "1 h 30 min", "30 min", "90 s": a promise is said as it was made,
 * 24 h and not a day. */
static char *
span_hours(gint64 seconds)
{
	gint64 hours = seconds / 3600;
	gint64 minutes = seconds / 60 % 60;

	if (seconds % 60 != 0)
		return g_strdup_printf("%" G_GINT64_FORMAT " s", seconds);
	if (hours == 0)
		return g_strdup_printf("%" G_GINT64_FORMAT " min", minutes);
	if (minutes == 0)
		return g_strdup_printf("%" G_GINT64_FORMAT " h", hours);
	return g_strdup_printf(
	    "%" G_GINT64_FORMAT " h %" G_GINT64_FORMAT " min", hours, minutes);
}

/* Of one, and of more. */
static Pair
unit_words(DurationUnit unit, bool one)
{
	switch (unit) {
	case DURATION_DAYS:
		return one ? (Pair){ "jour", "day" }
			   : (Pair){ "jours", "days" };
	case DURATION_BUSINESS_DAYS:
		return one ? (Pair){ "jour ouvré", "business day" }
			   : (Pair){ "jours ouvrés", "business days" };
	case DURATION_MONTHS:
		return one ? (Pair){ "mois", "month" }
			   : (Pair){ "mois", "months" };
	case DURATION_TIME:
		break;
	}
	g_assert_not_reached();
}

char *
reply_words_within(Duration within, bool open_time, const char *language)
{
	Pair unit;
	g_autofree char *hours = NULL;

	if (within.unit == DURATION_TIME) {
		hours = span_hours(within.count);
		if (!open_time)
			return g_steal_pointer(&hours);
		return g_strdup_printf(text_is_french(language)
			? "%s ouvrées"
			: "%s of opening time",
		    hours);
	}
	unit = unit_words(within.unit, within.count == 1);
	return g_strdup_printf("%" G_GINT64_FORMAT " %s", within.count,
	    pick(&unit, 1, 0, language));
}

char *
reply_words_span(Seconds span, const char *language)
{
	char *text = text_span(span);

	/* The day is the only unit whose letter differs. */
	if (text_is_french(language))
		g_strdelimit(text, "d", 'j');
	return text;
}

char *
reply_words_size(gint64 bytes, const char *language)
{
	const char *unit = text_is_french(language) ? "o" : "B";

	if (bytes < 1000)
		return g_strdup_printf("%" G_GINT64_FORMAT " %s", bytes,
		    text_is_french(language) ? "octets" : "bytes");
	if (bytes < 1000000)
		return g_strdup_printf("%" G_GINT64_FORMAT " k%s",
		    (bytes + 500) / 1000, unit);
	return g_strdup_printf("%" G_GINT64_FORMAT "%c%" G_GINT64_FORMAT " M%s",
	    bytes / 1000000, text_is_french(language) ? ',' : '.',
	    bytes / 100000 % 10, unit);
}

char *
reply_words_lines_cut(guint lines, const char *language)
{
	return lines == 1
	    ? text_in(language, "… %u ligne coupée", "… %u line cut", lines)
	    : text_in(language, "… %u lignes coupées", "… %u lines cut", lines);
}

/* ---- of what was told and is not so any more ---- */

#define CAUSE_WORDS(X)                                             \
 X(CAUSE_DESK, "un technicien a examiné votre demande",            \
     "a technician has looked into your request")                  \
 X(CAUSE_CLIENT, "vous nous avez écrit depuis",                    \
     "you have written to us since")                               \
 X(CAUSE_ALERT, "notre supervision en dit davantage",              \
     "our monitoring says more of it")                             \
 X(CAUSE_MERGE, "un autre de vos dossiers a été réuni à celui-ci", \
     "another of your cases was joined to this one")               \
 X(CAUSE_RULE, "nos règles le rangent autrement",                  \
     "our rules place it otherwise")
NAME_ROWS(Pair, cause_words, CAUSE_WORDS, CAUSE_COUNT);

const char *
reply_words_cause(TicketCause cause, const char *language)
{
	return pick(cause_words, G_N_ELEMENTS(cause_words), cause, language);
}

#define CHANGE_WORDS(X)                          \
 X(REPLY_CHANGE_CONTRACT, "Contrat", "Contract") \
 X(REPLY_CHANGE_PLAN, "Formule", "Plan")         \
 X(REPLY_CHANGE_KIND, "Nature", "Kind")          \
 X(REPLY_CHANGE_SEVERITY, "Gravité", "Severity") \
 X(REPLY_CHANGE_EXCLUSION, "Engagements du contrat", "Terms of the contract")
NAME_ROWS(Pair, change_words, CHANGE_WORDS, REPLY_CHANGE_COUNT);

const char *
reply_words_change(ReplyChange change, const char *language)
{
	return pick(change_words, G_N_ELEMENTS(change_words), change, language);
}

#define TELLING_WORDS(X)                                                           \
 X(REPLY_TELLING_NONE, "aucun", "none")                                            \
 X(REPLY_TELLING_NO_TERM, "sans délai", "without a time limit")                    \
 X(REPLY_TELLING_APPLY, "ils s'appliquent", "they apply")                          \
 X(REPLY_TELLING_EXCLUDED, "exclu", "excluded")                                    \
 X(REPLY_TELLING_OBJECT,                                                           \
     "Si vous n'êtes pas d'accord, répondez à ce message en disant pourquoi : " \
     "un technicien lira votre réponse.",                                          \
     "If you do not agree, answer this message and say why: a technician "         \
     "will read your answer.")
NAME_ROWS(Pair, telling_words, TELLING_WORDS, REPLY_TELLING_COUNT);

const char *
reply_words_telling(ReplyTelling telling, const char *language)
{
	return pick(telling_words, G_N_ELEMENTS(telling_words), telling,
	    language);
}
