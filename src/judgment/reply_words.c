/* The desk's words for people, in each language. */
#include "guichet/judgment/reply_words.h"

#include "guichet/base/names.h"
#include "guichet/base/text.h"
#include "guichet/yaml/catalog.h"

#include <string.h>

/* In English; other languages have them in their catalogues (catalog.h). */
static const char *
pick(const NameTable *texts, guint index, const char *language)
{
	return catalog_text(language, names_word(texts, index));
}

/* A court may read these three one day: they must never be alike. */
#define COMMITMENT_WORDS(X)                           \
 X(COMMITMENT_GUARANTEED, "guaranteed")               \
 X(COMMITMENT_OBJECTIVE, "objective, not guaranteed") \
 X(COMMITMENT_BEST_EFFORT, "best effort")
NAME_TABLE(commitment_words, COMMITMENT_WORDS, COMMITMENT_COUNT);

const char *
reply_words_commitment(Commitment commitment, const char *language)
{
	return pick(&commitment_words, commitment, language);
}

#define KIND_WORDS(X)         \
 X(KIND_INCIDENT, "incident") \
 X(KIND_REQUEST, "request")   \
 X(KIND_QUESTION, "question") \
 X(KIND_DUTY, "recurring task")
NAME_TABLE(kind_words, KIND_WORDS, KIND_COUNT);

const char *
reply_words_kind(TicketKind kind, const char *language)
{
	return pick(&kind_words, kind, language);
}

#define TICKET_STATE_WORDS(X)                               \
 X(TICKET_NEW, "new")                                       \
 X(TICKET_OPEN, "open")                                     \
 X(TICKET_WAITING_CUSTOMER, "waiting for the client")       \
 X(TICKET_WAITING_APPROVAL, "waiting for approval")         \
 X(TICKET_WAITING_THIRD_PARTY, "waiting for a third party") \
 X(TICKET_RESOLVED, "resolved")                             \
 X(TICKET_CLOSED, "closed")
NAME_TABLE(ticket_state_words, TICKET_STATE_WORDS, TICKET_STATE_COUNT);

const char *
reply_words_ticket_state(TicketState state, const char *language)
{
	return pick(&ticket_state_words, state, language);
}

#define SLA_STATE_WORDS(X) \
 X(SLA_RUNNING, "running") \
 X(SLA_PAUSED, "paused")   \
 X(SLA_LATE, "late")       \
 X(SLA_MET, "met")         \
 X(SLA_MISSED, "missed")   \
 X(SLA_ENDED, "ended")     \
 X(SLA_NO_TERM, "no term")
NAME_TABLE(sla_state_words, SLA_STATE_WORDS, SLA_STATE_COUNT);

const char *
reply_words_sla_state(SlaState state, const char *language)
{
	return pick(&sla_state_words, state, language);
}

#define WHO_WORDS(X)                                       \
 X(WHO_NOBODY, "no usable address")                        \
 X(WHO_STRANGER, "under no contract of ours")              \
 X(WHO_CONTACT, "contact of the contract")                 \
 X(WHO_COLLEAGUE, "at the client's, but no named contact") \
 X(WHO_TECHNICIAN, "technician")
NAME_TABLE(who_words, WHO_WORDS, WHO_COUNT);

const char *
reply_words_who(WhoKind who, const char *language)
{
	return pick(&who_words, who, language);
}

#define SEND_WORDS(X)                                   \
 X(SEND_ACKNOWLEDGMENT, "acknowledgment")               \
 X(SEND_NOTICE, "notice to technicians")                \
 X(SEND_REPLY, "answer to the client")                  \
 X(SEND_RESOLUTION, "announcement of the resolution")   \
 X(SEND_REFUSAL, "refusal")                             \
 X(SEND_ALARM, "alarm")                                 \
 X(SEND_INFORMATION, "information about an alert")      \
 X(SEND_CONFIRMATION, "confirmation to the technician") \
 X(SEND_CHALLENGE, "request to confirm")                \
 X(SEND_NEWS, "word of the next news")                  \
 X(SEND_NUDGE, "reminder to the client")                \
 X(SEND_CLOSING, "announcement of the closing")         \
 X(SEND_MISSED, "word of a missed guarantee")           \
 X(SEND_HANDLED, "word of who has it")                  \
 X(SEND_CORRECTION, "correction")                       \
 X(SEND_REMARK, "remark to the client")                 \
 X(SEND_READING, "list for the client")                 \
 X(SEND_MORNING, "morning mail")                        \
 X(SEND_TERMS, "contracts' dates")                      \
 X(SEND_ENDING, "date of the client's contract")        \
 X(SEND_DUTIES, "report of periodic work")              \
 X(SEND_SUMMARY, "sum of automatic mails")              \
 X(SEND_ESTIMATE, "estimate of the work")               \
 X(SEND_QUESTION, "question to the client")             \
 X(SEND_PASSED, "word that another team has it")
NAME_TABLE(send_words, SEND_WORDS, SEND_COUNT);

const char *
reply_words_send(SendKind kind, const char *language)
{
	return pick(&send_words, kind, language);
}

#define FATE_WORDS(X)                               \
 X(REPLY_FILE_SENT, "attached to this mail")        \
 X(REPLY_FILE_TOO_LARGE, "not attached: too large") \
 X(REPLY_FILE_GONE, "not attached: its content is missing")
NAME_TABLE(fate_words, FATE_WORDS, REPLY_FILE_FATE_COUNT);

const char *
reply_words_fate(ReplyFileFate fate, const char *language)
{
	return pick(&fate_words, fate, language);
}

/* What auth.c says to the trace, which is in English; each %s is a name. */
static const char *const proofs[] = {
	"the border says dmarc=fail",
	"the border says dmarc=temperror",
	"the border says nothing of dmarc",
	"a stamp of the border cannot be read",
	"no stamp of the border",
	"no stamp of the border; %s, which delivered it, is not among its "
	"hosts",
	"the Received of %s, which is not among the border's hosts, hides "
	"the stamp of %s",
	"a stamp of %s stands below the Received of the border, where "
	"anybody can put it",
	"a stamp of %s stands among the writer's own fields, where anybody "
	"can put it",
	"the border strips no forged stamps of %s: its own prove nothing",
	"more stamps than the border makes: some are forged",
	"the border takes mail without its stamp: no stamp counts until it "
	"stamps again",
	"%s logged in at the border, who is not the sender",
	"the sender has no identity",
	"no authserv_id is configured",
	"dmarc=pass is for %s, not %s",
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
	for (gsize i = 0; i < G_N_ELEMENTS(proofs); i++) {
		g_autoptr(GPtrArray) names = find_names(why, proofs[i]);

		if (names != NULL)
			return put_names(catalog_text(language, proofs[i]),
			    names);
	}
	return g_strdup(why);
}

#define HELD_WORDS(X)                                                \
 X(HELD_BUDGET, "too many automatic answers in a short time")        \
 X(HELD_ROBOT, "the sender is a machine")                            \
 X(HELD_LIST, "the mail came through a mailing list")                \
 X(HELD_STRANGER, "the sender is unknown or not verified")           \
 X(HELD_OLD, "the mail is too old")                                  \
 X(HELD_LOOP, "a loop of answers")                                   \
 X(HELD_RETURN_PATH, "the return address is another organisation's") \
 X(HELD_NO_IDENTITY, "the sender has no usable address")             \
 X(HELD_NOT_AUTHENTIC, "the sender is forged")                       \
 X(HELD_NO_RECIPIENT, "there is no address to answer to")            \
 X(HELD_RESTORED, "an earlier life of the store may have sent it")   \
 X(HELD_CROSSED, "a colleague answered meanwhile")
NAME_TABLE(held_words, HELD_WORDS, HELD_COUNT);

const char *
reply_words_held(const char *why, const char *language)
{
	HeldReason reason;

	if (!event_held_parse(why, &reason))
		return why;
	return pick(&held_words, reason, language);
}

#define EXCLUSION_WORDS(X)                              \
 X(EXCLUDED_FORCE_MAJEURE, "force majeure")             \
 X(EXCLUDED_THIRD_PARTY, "a third party's doing")       \
 X(EXCLUDED_OUT_OF_SCOPE, "out of scope")               \
 X(EXCLUDED_MISSING_INFORMATION, "missing information") \
 X(EXCLUDED_MISUSE, "misuse")                           \
 X(EXCLUDED_SECURITY, "security")
NAME_TABLE(exclusion_words, EXCLUSION_WORDS, EXCLUDED_COUNT);

const char *
reply_words_exclusion(const char *reason, const char *language)
{
	ExclusionReason value;

	if (!event_exclusion_parse(reason, &value))
		return reason;
	return pick(&exclusion_words, value, language);
}

/* "24 h", "1 h 30 min", "30 min", "90 s": a promise is said as it was made,
 * 24 h and not a day. */
static char *
span_hours(gint64 seconds, const char *language)
{
	const char *unit = catalog_text(language, "letter of an hour|h");
	gint64 hours = seconds / 3600;
	gint64 minutes = seconds / 60 % 60;

	if (seconds % 60 != 0)
		return g_strdup_printf("%" G_GINT64_FORMAT " s", seconds);
	if (hours == 0)
		return g_strdup_printf("%" G_GINT64_FORMAT " min", minutes);
	if (minutes == 0)
		return g_strdup_printf("%" G_GINT64_FORMAT " %s", hours, unit);
	return g_strdup_printf("%" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT
			       " min",
	    hours, unit, minutes);
}

/* Of one, and of more. */
static const char *
unit_words(DurationUnit unit, bool one)
{
	switch (unit) {
	case DURATION_DAYS:
		return one ? "day" : "days";
	case DURATION_BUSINESS_DAYS:
		return one ? "business day" : "business days";
	case DURATION_MONTHS:
		return one ? "month" : "months";
	case DURATION_MONTH_END:
		return "calendar month";
	case DURATION_TIME:
		break;
	}
	g_assert_not_reached();
}

char *
reply_words_within(Duration within, bool open_time, const char *language)
{
	g_autofree char *hours = NULL;

	if (within.unit == DURATION_TIME) {
		hours = span_hours(within.count, language);
		if (!open_time)
			return g_steal_pointer(&hours);
		return g_strdup_printf(
		    catalog_text(language, "%s of opening time"), hours);
	}
	return g_strdup_printf("%" G_GINT64_FORMAT " %s", within.count,
	    catalog_text(language, unit_words(within.unit, within.count == 1)));
}

char *
reply_words_span(Seconds span, const char *language)
{
	const char *day = catalog_text(language, "letter of a day|d");
	const char *hour = catalog_text(language, "letter of an hour|h");
	char *text = text_span(span);

	/* Of the units, these two have other letters elsewhere. */
	g_strdelimit(text, "d", *day);
	g_strdelimit(text, "h", *hour);
	return text;
}

char *
reply_words_size(gint64 bytes, const char *language)
{
	const char *unit = catalog_text(language, "letter of a byte|B");

	if (bytes < 1000)
		return g_strdup_printf("%" G_GINT64_FORMAT " %s", bytes,
		    catalog_text(language, "bytes"));
	if (bytes < 1000000)
		return g_strdup_printf("%" G_GINT64_FORMAT " k%s",
		    (bytes + 500) / 1000, unit);
	return g_strdup_printf("%" G_GINT64_FORMAT "%s%" G_GINT64_FORMAT " M%s",
	    bytes / 1000000, catalog_text(language, "decimal point|."),
	    bytes / 100000 % 10, unit);
}

char *
reply_words_lines_cut(guint lines, const char *language)
{
	return lines == 1
	    ? g_strdup(catalog_text(language, "… 1 line cut"))
	    : g_strdup_printf(catalog_text(language, "… %d lines cut"),
		  (int)lines);
}

/* ---- of what was told and is not so any more ---- */

#define CAUSE_WORDS(X)                                          \
 X(CAUSE_DESK, "a technician has looked into your request")     \
 X(CAUSE_CLIENT, "you have written to us since")                \
 X(CAUSE_ALERT, "our monitoring says more of it")               \
 X(CAUSE_MERGE, "another of your cases was joined to this one") \
 X(CAUSE_RULE, "our rules place it otherwise")
NAME_TABLE(cause_words, CAUSE_WORDS, CAUSE_COUNT);

const char *
reply_words_cause(TicketCause cause, const char *language)
{
	return pick(&cause_words, cause, language);
}

#define CHANGE_WORDS(X)                             \
 X(REPLY_CHANGE_CONTRACT, "Contract")               \
 X(REPLY_CHANGE_PLAN, "Plan")                       \
 X(REPLY_CHANGE_KIND, "Kind")                       \
 X(REPLY_CHANGE_SEVERITY, "Severity")               \
 X(REPLY_CHANGE_COMPONENT, "Part of your system")   \
 X(REPLY_CHANGE_EXCLUSION, "Terms of the contract") \
 X(REPLY_CHANGE_BREACH, "Missed guarantee")
NAME_TABLE(change_words, CHANGE_WORDS, REPLY_CHANGE_COUNT);

const char *
reply_words_change(ReplyChange change, const char *language)
{
	return pick(&change_words, change, language);
}

#define TELLING_WORDS(X)                                                                           \
 X(REPLY_TELLING_NONE, "none")                                                                     \
 X(REPLY_TELLING_NO_TERM, "without a time limit")                                                  \
 X(REPLY_TELLING_APPLY, "they apply")                                                              \
 X(REPLY_TELLING_EXCLUDED, "excluded")                                                             \
 X(REPLY_TELLING_MISSED, "it was missed")                                                          \
 X(REPLY_TELLING_NO_BREACH,                                                                        \
     "there was no breach of the contract, and what we wrote that follows from one is taken back") \
 X(REPLY_TELLING_OBJECT,                                                                           \
     "If you do not agree, answer this message and say why: a technician "                         \
     "will read your answer.")                                                                     \
 X(REPLY_TELLING_NO_PLAN, "plan|none")                                                             \
 X(REPLY_TELLING_NO_SEVERITY, "not set")                                                           \
 X(REPLY_TELLING_NO_PART, "none in particular")
NAME_TABLE(telling_words, TELLING_WORDS, REPLY_TELLING_COUNT);

const char *
reply_words_telling(ReplyTelling telling, const char *language)
{
	return pick(&telling_words, telling, language);
}
