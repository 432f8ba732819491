/* The words of events and mail rows, each enumeration's in one table. */
#include "guichet/ticket/event_words.h"

#include "guichet/base/names.h"

#define AUTHOR_NAMES(X)             \
 X(AUTHOR_CLIENT, "client")         \
 X(AUTHOR_TECHNICIAN, "technician") \
 X(AUTHOR_STRANGER, "stranger")     \
 X(AUTHOR_ALERT, "alert")           \
 X(AUTHOR_ROBOT, "robot")           \
 X(AUTHOR_DESK, "desk")
NAME_TABLE(authors, AUTHOR_NAMES, AUTHOR_COUNT);

#define VISIBILITY_NAMES(X)         \
 X(VISIBILITY_INTERNAL, "internal") \
 X(VISIBILITY_PUBLIC, "public")
NAME_TABLE(visibilities, VISIBILITY_NAMES, VISIBILITY_COUNT);

#define OPENED_BY_NAMES(X)     \
 X(OPENED_BY_MAIL, "mail")     \
 X(OPENED_BY_ALERT, "alert")   \
 X(OPENED_BY_DUTY, "duty")     \
 X(OPENED_BY_CLI, "cli")       \
 X(OPENED_BY_BORDER, "border") \
 X(OPENED_BY_DESK, "desk")     \
 X(OPENED_BY_CALL, "call")
NAME_TABLE(sources, OPENED_BY_NAMES, OPENED_BY_COUNT);

#define MOVED_BY_NAMES(X)             \
 X(MOVED_BY_RULE, "rule")             \
 X(MOVED_BY_CLIENT, "client")         \
 X(MOVED_BY_TECHNICIAN, "technician") \
 X(MOVED_BY_MANAGER, "manager")       \
 X(MOVED_BY_ALERT, "alert")
NAME_TABLE(movers, MOVED_BY_NAMES, MOVED_BY_COUNT);

#define ANSWERED_NAMES(X) \
 X(ANSWERED_SEEN, "seen") \
 X(ANSWERED_NONE, "none")
NAME_TABLE(answers, ANSWERED_NAMES, ANSWERED_COUNT);

#define APPROVAL_NAMES(X) \
 X(APPROVAL_NONE, "none") \
 X(APPROVAL_YES, "yes")   \
 X(APPROVAL_NO, "no")
NAME_TABLE(approvals, APPROVAL_NAMES, APPROVAL_COUNT);

#define APPROVED_BY_NAMES(X)         \
 X(APPROVED_BY_MAIL, "mail")         \
 X(APPROVED_BY_QUESTION, "question") \
 X(APPROVED_BY_NOTHING, "nothing")
NAME_TABLE(approved_bys, APPROVED_BY_NAMES, APPROVED_BY_COUNT);

#define MIND_NAMES(X)               \
 X(MIND_ANSWER, "answer")           \
 X(MIND_NEWS_SOON, "news-soon")     \
 X(MIND_NEWS, "news")               \
 X(MIND_REMIND, "remind")           \
 X(MIND_GIVE_UP, "give-up")         \
 X(MIND_THIRD_PARTY, "third-party") \
 X(MIND_LATER, "later")             \
 X(MIND_REVIEW, "review")
NAME_TABLE(minds, MIND_NAMES, MIND_COUNT);

#define HELD_NAMES(X)                   \
 X(HELD_BUDGET, "budget")               \
 X(HELD_ROBOT, "robot")                 \
 X(HELD_LIST, "list")                   \
 X(HELD_STRANGER, "stranger")           \
 X(HELD_OLD, "old")                     \
 X(HELD_LOOP, "loop")                   \
 X(HELD_RETURN_PATH, "return-path")     \
 X(HELD_NO_IDENTITY, "no-identity")     \
 X(HELD_NOT_AUTHENTIC, "not-authentic") \
 X(HELD_NO_RECIPIENT, "no-recipient")   \
 X(HELD_RESTORED, "restored")           \
 X(HELD_CROSSED, "crossed")
NAME_TABLE(helds, HELD_NAMES, HELD_COUNT);

#define EXCLUDED_NAMES(X)                               \
 X(EXCLUDED_FORCE_MAJEURE, "force-majeure")             \
 X(EXCLUDED_THIRD_PARTY, "third-party")                 \
 X(EXCLUDED_OUT_OF_SCOPE, "out-of-scope")               \
 X(EXCLUDED_MISSING_INFORMATION, "missing-information") \
 X(EXCLUDED_MISUSE, "misuse")                           \
 X(EXCLUDED_SECURITY, "security")
NAME_TABLE(exclusions, EXCLUDED_NAMES, EXCLUDED_COUNT);

#define LANE_NAMES(X)           \
 X(LANE_NONE, "")               \
 X(LANE_ALSO_SEEN, "also-seen") \
 X(LANE_LOOP, "loop")           \
 X(LANE_BOUNCE, "bounce")       \
 X(LANE_RECEIPT, "receipt")     \
 X(LANE_FEEDBACK, "feedback")   \
 X(LANE_REACTION, "reaction")   \
 X(LANE_CALENDAR, "calendar")   \
 X(LANE_RECALL, "recall")       \
 X(LANE_CHALLENGE, "challenge") \
 X(LANE_AUTO, "auto")           \
 X(LANE_ALERT, "alert")         \
 X(LANE_DROPPED, "dropped")     \
 X(LANE_ORDER, "order")         \
 X(LANE_PARKED, "parked")
NAME_TABLE(lanes, LANE_NAMES, LANE_COUNT);

#define NEWS_NAMES(X)                         \
 X(NEWS_MAINTENANCE_OVER, "maintenance-over") \
 X(NEWS_CALM, "calm")                         \
 X(NEWS_SILENT, "silent")                     \
 X(NEWS_STORM, "storm")                       \
 X(NEWS_EXPECTED, "expected")                 \
 X(NEWS_INFORMED, "informed")
NAME_TABLE(news_words, NEWS_NAMES, NEWS_COUNT);

#define MANDATE_NAMES(X)     \
 X(MANDATE_ALERT, "alert")   \
 X(MANDATE_CLIENT, "client") \
 X(MANDATE_NONE, "none")
NAME_TABLE(mandates, MANDATE_NAMES, MANDATE_COUNT);

#define NOTE_NAMES(X)                   \
 X(NOTE_STORM, "storm")                 \
 X(NOTE_UNKNOWN_ALERT, "unknown-alert") \
 X(NOTE_SHARED, "several-clients")      \
 X(NOTE_JOINED, "clients-joined")       \
 X(NOTE_PARTLY_MAPPED, "partly-mapped") \
 X(NOTE_UNMAPPED, "unmapped-host")
NAME_TABLE(notes, NOTE_NAMES, NOTE_COUNT);

const char *
event_author_name(EventAuthor author)
{
	return names_word(&authors, author);
}

bool
event_author_is(const char *word, EventAuthor author)
{
	return names_find(&authors, word) == (int)author;
}

const char *
event_visibility_name(EventVisibility visibility)
{
	return names_word(&visibilities, visibility);
}

bool
event_visibility_is(const char *word, EventVisibility visibility)
{
	return names_find(&visibilities, word) == (int)visibility;
}

const char *
event_source_name(EventSource source)
{
	return names_word(&sources, source);
}

bool
event_source_is(const char *word, EventSource source)
{
	return names_find(&sources, word) == (int)source;
}

bool
event_mover_is(const char *word, EventMover mover)
{
	return names_find(&movers, word) == (int)mover;
}

const char *
event_mover_name(EventMover mover)
{
	return names_word(&movers, mover);
}

const char *
event_answer_name(EventAnswer answer)
{
	return names_word(&answers, answer);
}

const char *
event_mind_name(EventMind mind)
{
	return names_word(&minds, mind);
}

bool
event_mind_parse(const char *word, EventMind *ret_mind)
{
	int value = names_find(&minds, word);

	if (value < 0)
		return false;
	*ret_mind = (EventMind)value;
	return true;
}

const char *
event_held_name(HeldReason reason)
{
	return names_word(&helds, reason);
}

bool
event_held_parse(const char *word, HeldReason *ret_reason)
{
	int value = names_find(&helds, word);

	if (value < 0)
		return false;
	*ret_reason = (HeldReason)value;
	return true;
}

const char *
event_exclusion_name(ExclusionReason reason)
{
	return names_word(&exclusions, reason);
}

bool
event_exclusion_parse(const char *word, ExclusionReason *ret_reason)
{
	int value = names_find(&exclusions, word);

	if (value < 0)
		return false;
	*ret_reason = (ExclusionReason)value;
	return true;
}

const char *
event_lane_name(MailLane lane)
{
	return names_word(&lanes, lane);
}

bool
event_lane_is(const char *word, MailLane lane)
{
	return names_find(&lanes, word) == (int)lane;
}

const char *
event_news_name(EventNews news)
{
	return names_word(&news_words, news);
}

#define INFORMED_NAMES(X)     \
 X(INFORMED_OPENED, "opened") \
 X(INFORMED_RECOVERED, "recovered")
NAME_TABLE(informed_words, INFORMED_NAMES, INFORMED_COUNT);

const char *
event_informed_name(EventInformed informed)
{
	return names_word(&informed_words, informed);
}

bool
event_informed_is(const char *word, EventInformed informed)
{
	return names_find(&informed_words, word) == (int)informed;
}

const char *
event_mandate_name(EventMandate mandate)
{
	return names_word(&mandates, mandate);
}

bool
event_mandate_parse(const char *word, EventMandate *ret_mandate)
{
	int value = names_find(&mandates, word);

	if (value < 0)
		return false;
	*ret_mandate = (EventMandate)value;
	return true;
}

const char *
event_note_name(EventNote note)
{
	return names_word(&notes, note);
}

#define SEND_OUTCOMES(X)            \
 X(SEND_OUTCOME_FAILED, "failed")   \
 X(SEND_OUTCOME_BOUNCED, "bounced") \
 X(SEND_OUTCOME_DELAYED, "delayed")
NAME_TABLE(outcomes, SEND_OUTCOMES, SEND_OUTCOME_COUNT);

const char *
send_outcome_name(SendOutcome outcome)
{
	return names_word(&outcomes, outcome);
}

bool
send_outcome_is(const char *word, SendOutcome outcome)
{
	return names_find(&outcomes, word) == (int)outcome;
}

#define OUTBOX_STATES(X)      \
 X(OUTBOX_READY, "ready")     \
 X(OUTBOX_SENDING, "sending") \
 X(OUTBOX_DOT, "dot")         \
 X(OUTBOX_SENT, "sent")       \
 X(OUTBOX_RETRY, "retry")     \
 X(OUTBOX_FAILED, "failed")   \
 X(OUTBOX_MAYBE, "maybe")     \
 X(OUTBOX_DROPPED, "dropped")
NAME_TABLE(outbox_states, OUTBOX_STATES, OUTBOX_COUNT);

const char *
outbox_state_name(OutboxState state)
{
	return names_word(&outbox_states, state);
}

bool
outbox_state_parse(const char *word, OutboxState *ret_state)
{
	int value = names_find(&outbox_states, word);

	if (value < 0)
		return false;
	*ret_state = (OutboxState)value;
	return true;
}

bool
outbox_state_is(const char *word, OutboxState state)
{
	return names_find(&outbox_states, word) == (int)state;
}

#define STORED_STATES(X)      \
 X(STORED_RAW, "raw")         \
 X(STORED_READING, "reading") \
 X(STORED_DONE, "done")       \
 X(STORED_UNREADABLE, "unreadable")
NAME_TABLE(stored_states, STORED_STATES, STORED_COUNT);

const char *
stored_state_name(StoredState state)
{
	return names_word(&stored_states, state);
}

bool
stored_state_is(const char *word, StoredState state)
{
	return names_find(&stored_states, word) == (int)state;
}

const char *
event_approval_name(EventApproval approval)
{
	return names_word(&approvals, approval);
}

bool
event_approval_parse(const char *word, EventApproval *ret_approval)
{
	int value = names_find(&approvals, word);

	if (value < 0)
		return false;
	*ret_approval = (EventApproval)value;
	return true;
}

const char *
event_approved_by_name(EventApprovedBy by)
{
	return names_word(&approved_bys, by);
}

bool
event_approved_by_is(const char *word, EventApprovedBy by)
{
	return names_find(&approved_bys, word) == (int)by;
}
