/*
 * event_words: the few words that events, mail rows and dumps are written with
 * and that judgments hang on, each an enumeration with its table.
 *
 * What comes from a store is read with the parse functions; a word that they do
 * not know was written by a newer guichet and is none of these: it is shown as
 * it is, and nothing hangs on it.
 */
#ifndef GUICHET_EVENT_WORDS_H
#define GUICHET_EVENT_WORDS_H

#include "guichet/base/base.h"

/* Whose words a mail or a note is. */
typedef enum {
	AUTHOR_CLIENT,
	AUTHOR_TECHNICIAN,
	AUTHOR_STRANGER, /* nobody's who takes part, or not proven to be */
	AUTHOR_ALERT,
	AUTHOR_ROBOT,
	AUTHOR_DESK, /* the program's own, and a manager's notes */
	AUTHOR_COUNT,
} EventAuthor;

const char *event_author_name(EventAuthor author);
/* Whether the word of a row or an event is this one. */
bool event_author_is(const char *word, EventAuthor author);

/* Who may read it (doc/security.md T6). */
typedef enum {
	VISIBILITY_INTERNAL,
	VISIBILITY_PUBLIC,
	VISIBILITY_COUNT,
} EventVisibility;

const char *event_visibility_name(EventVisibility visibility);
bool event_visibility_is(const char *word, EventVisibility visibility);

/* What opened a ticket. */
typedef enum {
	OPENED_BY_MAIL,
	OPENED_BY_ALERT,
	OPENED_BY_DUTY,
	OPENED_BY_CLI,
	OPENED_BY_BORDER,
	OPENED_BY_DESK,
	OPENED_BY_CALL, /* on the telephone, as a technician or manager says */
	OPENED_BY_COUNT,
} EventSource;

const char *event_source_name(EventSource source);
bool event_source_is(const char *word, EventSource source);

/* Who moved a ticket from one state to another. */
typedef enum {
	MOVED_BY_RULE,
	MOVED_BY_CLIENT,
	MOVED_BY_TECHNICIAN,
	MOVED_BY_MANAGER,
	MOVED_BY_ALERT,
	MOVED_BY_COUNT,
} EventMover;

const char *event_mover_name(EventMover mover);
bool event_mover_is(const char *word, EventMover mover);

/* Why nobody waits for words of ours any more, though none went out. */
typedef enum {
	ANSWERED_SEEN, /* they were told that we have seen it */
	ANSWERED_NONE, /* it asked for nothing */
	ANSWERED_COUNT,
} EventAnswer;

const char *event_answer_name(EventAnswer answer);

/* What a client said of an estimate. */
typedef enum {
	APPROVAL_NONE,
	APPROVAL_YES,
	APPROVAL_NO,
	APPROVAL_COUNT,
} EventApproval;

const char *event_approval_name(EventApproval approval);
bool event_approval_parse(const char *word, EventApproval *ret_approval);

/* What proves that they said it. */
typedef enum {
	APPROVED_BY_MAIL, /* their domain vouches for the mail */
	APPROVED_BY_QUESTION, /* they answered what their stored address was asked */
	APPROVED_BY_NOTHING, /* it counts once that is answered */
	APPROVED_BY_COUNT,
} EventApprovedBy;

const char *event_approved_by_name(EventApprovedBy by);
bool event_approved_by_is(const char *word, EventApprovedBy by);

/* What silence brings about once its time has come (guichet/ticket/awaits.h). */
typedef enum {
	MIND_ANSWER,      /* a client's mail was not answered in time */
	MIND_NEWS_SOON,   /* promised news are due before long */
	MIND_NEWS,        /* they were due, and nobody wrote */
	MIND_REMIND,      /* the client is asked again */
	MIND_GIVE_UP,     /* and said nothing */
	MIND_THIRD_PARTY, /* somebody else is waited for */
	MIND_LATER,       /* a technician's own reminder */
	MIND_REVIEW,      /* nobody said a word */
	MIND_COUNT,
} EventMind;

const char *event_mind_name(EventMind mind);
bool event_mind_parse(const char *word, EventMind *ret_mind);

/* Why an answer was not sent. */
typedef enum {
	HELD_BUDGET,
	HELD_ROBOT,
	HELD_LIST,
	HELD_STRANGER,
	HELD_OLD,
	HELD_LOOP,
	HELD_RETURN_PATH,
	HELD_NO_IDENTITY,
	HELD_NOT_AUTHENTIC,
	HELD_NO_RECIPIENT,
	HELD_RESTORED, /* an earlier life of the store may have sent it */
	HELD_CROSSED,  /* a colleague answered after what it answers */
	HELD_COUNT,
} HeldReason;

const char *event_held_name(HeldReason reason);
bool event_held_parse(const char *word, HeldReason *ret_reason);

/* Why the guarantee of a ticket has ended. */
typedef enum {
	EXCLUDED_FORCE_MAJEURE,
	EXCLUDED_THIRD_PARTY,
	EXCLUDED_OUT_OF_SCOPE,
	EXCLUDED_MISSING_INFORMATION,
	EXCLUDED_MISUSE,
	EXCLUDED_SECURITY,
	EXCLUDED_COUNT,
} ExclusionReason;

const char *event_exclusion_name(ExclusionReason reason);
bool event_exclusion_parse(const char *word, ExclusionReason *ret_reason);

/* What became of a mail of ours that did not arrive. */
typedef enum {
	SEND_OUTCOME_FAILED,  /* no server took it */
	SEND_OUTCOME_BOUNCED, /* one did, and it came back for good */
	SEND_OUTCOME_DELAYED, /* it says that it goes on trying */
	SEND_OUTCOME_COUNT,
} SendOutcome;

const char *send_outcome_name(SendOutcome outcome);
bool send_outcome_is(const char *word, SendOutcome outcome);

/* How far an answer has got. */
typedef enum {
	OUTBOX_READY,
	OUTBOX_SENDING, /* a server is being asked */
	OUTBOX_DOT,     /* it has all but the last line: it may take it */
	OUTBOX_SENT,
	OUTBOX_RETRY, /* not taken, and to be tried again */
	OUTBOX_FAILED,
	OUTBOX_MAYBE,   /* nobody knows: a person decides */
	OUTBOX_DROPPED, /* by a person */
	OUTBOX_COUNT,
} OutboxState;

const char *outbox_state_name(OutboxState state);
bool outbox_state_parse(const char *word, OutboxState *ret_state);
bool outbox_state_is(const char *word, OutboxState state);

/* How far a mail of somebody's has got. */
typedef enum {
	STORED_RAW,
	STORED_READING,
	STORED_DONE,       /* read and decided */
	STORED_UNREADABLE, /* decided without */
	STORED_COUNT,
} StoredState;

const char *stored_state_name(StoredState state);
bool stored_state_is(const char *word, StoredState state);

/* Why a mail is on no ticket: where `guichet quarantine` lists it. */
typedef enum {
	LANE_NONE, /* it is on one */
	LANE_ALSO_SEEN,
	LANE_LOOP,
	LANE_BOUNCE,
	LANE_RECEIPT,
	LANE_FEEDBACK,
	LANE_REACTION,
	LANE_CALENDAR,
	LANE_RECALL,
	LANE_CHALLENGE,
	LANE_AUTO,
	LANE_ALERT,
	LANE_DROPPED, /* by a person */
	LANE_ORDER,   /* a technician's, of no ticket, or what a client asks to
		       * read: carried out */
	LANE_PARKED,  /* the same, and nothing proves that it is theirs */
	LANE_COUNT,
} MailLane;

/* "" for LANE_NONE. */
const char *event_lane_name(MailLane lane);
bool event_lane_is(const char *word, MailLane lane);

/* What happened about an alert beside what a mail of its source says. */
typedef enum {
	NEWS_MAINTENANCE_OVER,
	NEWS_CALM,
	NEWS_SILENT,
	NEWS_STORM,
	NEWS_EXPECTED, /* and did not come */
	NEWS_INFORMED, /* the client */
	NEWS_COUNT,
} EventNews;

const char *event_news_name(EventNews news);

/* What a client is told of an alert, each once. */
typedef enum {
	INFORMED_OPENED,
	INFORMED_RECOVERED,
	INFORMED_COUNT,
} EventInformed;

const char *event_informed_name(EventInformed informed);
bool event_informed_is(const char *word, EventInformed informed);

/* Whose mandate to work on an alert is. */
typedef enum {
	MANDATE_ALERT,  /* the plan says that the alert is one */
	MANDATE_CLIENT, /* who has written about it */
	MANDATE_NONE,   /* yet */
	MANDATE_COUNT,
} EventMandate;

const char *event_mandate_name(EventMandate mandate);
bool event_mandate_parse(const char *word, EventMandate *ret_mandate);

/* What the desk says in words of its own on an alert's ticket. */
typedef enum {
	NOTE_STORM,
	NOTE_UNKNOWN_ALERT, /* no recogniser knows it */
	NOTE_SHARED,        /* hosts of several clients */
	NOTE_JOINED,        /* the same, and it is one client's ticket */
	NOTE_PARTLY_MAPPED,
	NOTE_UNMAPPED,
	NOTE_COUNT,
} EventNote;

const char *event_note_name(EventNote note);

#endif
