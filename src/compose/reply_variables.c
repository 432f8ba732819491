/* Which answers there are, and what the template of each may name. */
#include "guichet/compose/reply_variables.h"

#include <string.h>

#define STRANGER_VARIABLES "desk", "ticket", "tag"

#define CLIENT_VARIABLES                                                     \
 STRANGER_VARIABLES, "subject", "re_subject", "client", "contract", "plan",  \
     "kind", "unsure", "severity", "severity_words", "received", "reopened", \
     "intake", "in_window", "out_of_window", "clocks", "milestone",          \
     "commitment", "guaranteed", "objective", "best_effort", "has_term",     \
     "within", "due", "how", "colleague", "contacts", "name", "address",     \
     "text", "contract_over", "contract_not_begun", "contract_since",        \
     "manager", "manager_address", "remarks", "remark", "next", "phones",    \
     "phone_title", "phone", "phone_from", "has_phones", "ready",            \
     "ready_what", "has_ready", "excluded", "instead", "objection", "opens", \
     "zone", "guaranteed_intake", "choices", "say", "label", "link",         \
     "signature", "hours", "hours_left", "worked", "counted"

#define REASON_VARIABLES                                                       \
 "reason", "reason_new_ticket", "reason_client_message", "reason_reopened",    \
     "reason_colleague", "reason_not_reopened", "reason_client_settled",       \
     "reason_client_says_settled", "reason_estimate_agreed",                   \
     "reason_estimate_refused", "reason_objected", "reason_estimate_unproven", \
     "reason_unverified", "reason_unsent", "reason_delivery_failed",           \
     "reason_unreadable", "reason_no_text", "reason_below_quotation",          \
     "reason_bad_command", "reason_not_authentic", "reason_no_token",          \
     "reason_other_token", "reason_expired_token", "reason_bad_token",         \
     "reason_two_tickets", "reason_replayed", "reason_closed",                 \
     "reason_no_recipient", "reason_to_others", "reason_unconfirmed",          \
     "reason_crossed", "reason_files_left", "reason_orders_off",               \
     "reason_no_login", "reason_late_confirm", "reason_confirm_full",          \
     "reason_warning", "reason_breach", "reason_reminder",                     \
     "reason_alert_opened", "reason_alert_back", "reason_alert_worse",         \
     "reason_alert_recovered", "reason_alert_unconfirmed",                     \
     "reason_alert_flapping", "reason_alert_silent", "reason_alert_storm",     \
     "reason_alert_untrusted", "reason_alert_expected", "reason_answer_due",   \
     "reason_news_soon", "reason_news_missed", "reason_no_word",               \
     "reason_third_party", "reason_later", "reason_review",                    \
     "reason_over_size", "reason_other"

#define TECHNICIAN_VARIABLES                                                   \
 CLIENT_VARIABLES, REASON_VARIABLES, "when", "state", "assigned", "writer",    \
     "writer_who", "writer_reply_to", "writer_sent_by", "verified",            \
     "unverified", "failed_proof", "proof", "new_text", "files", "size",       \
     "fate", "file_limit", "held", "what", "why", "answer_to", "your_text",    \
     "their_text", "errors", "error", "share", "clock_state", "left", "late",  \
     "failed_what", "failed_to", "failed_reply", "orders", "command",          \
     "alarms", "commands", "usage", "meaning", "done", "report", "told",       \
     "maintenance", "target", "from", "to", "cause", "planned", "ended",       \
     "number", "copied", "not_copied", "writer_function", "writer_phone",      \
     "alert", "host", "service", "alert_state", "since", "source", "trusted",  \
     "untrusted", "paused", "buttons", "order", "proposed", "proposed_title",  \
     "by", "of_manager", "sections", "title", "count", "rows", "about",        \
     "lines", "line", "more", "summary", "awaits", "awaits_at", "awaits_left", \
     "awaits_late", "by_orders", "to_map"

static const char *const stranger_variables[] = { STRANGER_VARIABLES, NULL };
static const char *const client_variables[] = { CLIENT_VARIABLES, NULL };
static const char *const information_variables[] = { CLIENT_VARIABLES, "host",
	"service", "opened", "recovered", "expected", NULL };
#define CHANGE_VARIABLES \
 "changed", "changes", "what", "before", "now", "why", "arithmetic", "objection"

#define MISSED_VARIABLES                                             \
 "not_kept", "missed", "met", "consequence", "third_party", "ahead", \
     "ahead_due", "objection"

static const char *const correction_variables[] = { CLIENT_VARIABLES,
	CHANGE_VARIABLES, NULL };
static const char *const reply_own_variables[] = { CLIENT_VARIABLES,
	CHANGE_VARIABLES, MISSED_VARIABLES, NULL };
static const char *const missed_variables[] = { CLIENT_VARIABLES,
	MISSED_VARIABLES, NULL };
static const char *const handled_variables[] = { CLIENT_VARIABLES,
	MISSED_VARIABLES, "technician", "called", "seen", "at", NULL };
static const char *const estimate_variables[] = { CLIENT_VARIABLES, "estimate",
	"agreed", "refused", NULL };
static const char *const passed_variables[] = { CLIENT_VARIABLES, "estimate",
	"limit", "team", NULL };
static const char *const silence_variables[] = { CLIENT_VARIABLES, "asked",
	"question", "approval", "settled_by", NULL };
/* About no ticket: nothing of one can be named. */
static const char *const ending_variables[] = { "desk", "client", "plan",
	"manager", "manager_address", "renewed", "notice_by", "end", NULL };
static const char *const duties_variables[] = { "desk", "client", "plan",
	"month", "duties", "title", "done", "by", "late", "due", NULL };
static const char *const report_variables[] = { "desk", "client", "plan",
	"month", "zone", "until", "plots", "target", "title", "about", "bars",
	"x", "y", "wide", "high", "mood", "most", "ticks", "label", "sections",
	"lines", "line", "detail", "late", NULL };
static const char *const summary_variables[] = { "desk", "count", "items",
	"item_subject", "item_text", NULL };
const char *const reply_variables[] = { TECHNICIAN_VARIABLES, "estimate",
	"agreed", "refused", "limit", "team", "settled_by", NULL };

static const char *const correction_needs[] = { "before", "now", "why",
	"arithmetic", "objection", NULL };
static const char *const news_needs[] = { "next", NULL };
static const char *const estimate_needs[] = { "estimate", NULL };
static const char *const missed_needs[] = { "missed", "due", "met", "objection",
	NULL };

/* What an answer may name, and must. */
#define ANSWERS(X)                                       \
 X("acknowledgment", client_variables, NULL)             \
 X("acknowledgment-stranger", stranger_variables, NULL)  \
 X("reply", reply_own_variables, NULL)                   \
 X("resolution", missed_variables, NULL)                 \
 X("notice", reply_variables, NULL)                      \
 X("refusal", reply_variables, NULL)                     \
 X("alarm", reply_variables, NULL)                       \
 X("information", information_variables, NULL)           \
 X("confirmation", reply_variables, NULL)                \
 X("handled", handled_variables, NULL)                   \
 X("correction", correction_variables, correction_needs) \
 X("remark", client_variables, NULL)                     \
 X("news", client_variables, news_needs)                 \
 X("nudge", silence_variables, NULL)                     \
 X("closing", silence_variables, NULL)                   \
 X("missed", missed_variables, missed_needs)             \
 X("estimate", estimate_variables, estimate_needs)       \
 X("question", estimate_variables, estimate_needs)       \
 X("passed", passed_variables, NULL)                     \
 X("morning", reply_variables, NULL)                     \
 X("terms", reply_variables, NULL)                       \
 X("ending", ending_variables, NULL)                     \
 X("duties", duties_variables, NULL)                     \
 X("summary", summary_variables, NULL)                   \
 X("report", report_variables, NULL)

#define NAME(name, variables, needs) name,
const char *const reply_names[] = { ANSWERS(NAME) NULL };

typedef struct {
	const char *name;
	const char *const *variables, *const *needs;
} Answer;

/* NULL: there is none of that name. */
static const Answer *
answer_named(const char *name)
{
#define ROW(name, variables, needs) { name, variables, needs },
	static const Answer answers[] = { ANSWERS(ROW) };

	for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
		if (strcmp(answers[i].name, name) == 0)
			return &answers[i];
	}
	return NULL;
}

const char *const *
reply_needs(const char *reply)
{
	const Answer *answer = answer_named(reply);

	return answer != NULL ? answer->needs : NULL;
}

const char *const *
reply_variables_of(const char *reply)
{
	const Answer *answer = answer_named(reply);

	return answer != NULL ? answer->variables : NULL;
}
