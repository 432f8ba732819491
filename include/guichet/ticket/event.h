/*
 * event: what happened to a ticket, append-only; the truth of the store.
 *
 * Tickets, clocks and balances are projections of these and can be rebuilt.
 * An event holds no personal text: words live in mail rows, which can be
 * erased, and addresses in address rows; events name them by id. What was
 * decided and told (a due instant in an acknowledgment) is in the event, so
 * that editing a rule never rewrites the past.
 *
 * `data` is a flat JSON object of strings and integers, put together by the
 * makers of event_make.h; the words are those of event_words.h. Keys by type:
 *
 *   opened    kind severity scope component contract plan rules mailbox
 *             source unsure ("yes") proposes (a component that its words name
 *             and its plan excludes)
 *   message   author visibility verified ("yes", "no") defect (a word, if it
 *             is marked) asks ("no": thanks alone)
 *   state     state, by
 *   severity  severity       kind  kind
 *   component component      contract  contract, plan, rules, mandate (of an
 *             alert's ticket, by hand: "alert", "client", "none")
 *   assigned  who (technician's name, "" nobody)
 *   tag       add | remove
 *   met       milestone: reached at `at`
 *   excluded  reason (event_exclusion_name(); older ones any word); or
 *             objected ("yes": its client objects, and it is as if nobody had
 *             excluded anything, until a technician decides again), proposes (the
 *             component that was excluded)
 *   linked    ticket, why, continued ("yes": its client goes on there, since
 *             the plan lets nobody reopen this one any more)
 *   merged    into: it is the other one now, and closed; or from: the other is
 *             this one, asked (of an alert's: when the other's client did),
 *             unanswered (since when the other's client waits for words)
 *   carried   milestone ticket received due kind severity scope component: a
 *             promise of the ticket merged into this one, not met yet
 *   told      milestone due intake commitment: promised to the client in mail
 *             ("due" and "intake" absent: without a term); or, in front of
 *             those of one answer, terms (its kind) contract plan kind severity
 *             excluded outbox, automatic ("yes": nobody has ordered it)
 *   warned    milestone share
 *   reminded  count: under continuous effort, `at` the instant it was due
 *   time      minutes who (technician's name, or a login): worked on it; what
 *             for stands in the words of `mail`
 *   estimate  minutes asks ("yes": the client is to agree to it, in answer to
 *             the mail of the same batch)
 *   rpo       minutes: of data that was lost
 *   approval  says (event_approval_name()) by (event_approved_by_name()): of the
 *             last estimate
 *   debrief   its words are those of `mail`
 *   call      the client was told by telephone
 *   life      life ("over", "not-begun") contract: whoever wrote `mail` reads
 *             that nothing is promised, and since when
 *   answered  how (event_answer_name()): nobody waits for words of ours any more
 *   next      due: when the client was promised to hear from us
 *   later     until: somebody of the desk looks again
 *   minded    what (event_mind_name()): time alone brought it, and it was done
 *   held      what ("acknowledgment"...) reason: an answer not sent
 *   sent      outbox what outcome ("failed", "bounced", "delayed") code
 *   undone    of (the seq of another of the ticket's events: as if it had never
 *             been) what (its type)
 *   alert     type (alert_type_name() or event_news_name()) key host service
 *             state level count members score active; informed ("opened",
 *             "recovered"): what the client was told with it
 */
#ifndef GUICHET_EVENT_H
#define GUICHET_EVENT_H

#include "guichet/base/base.h"

#include <jansson.h>

typedef enum {
	EVENT_OPENED,
	EVENT_MESSAGE,
	EVENT_STATE,
	EVENT_SEVERITY,
	EVENT_KIND,
	EVENT_COMPONENT,
	EVENT_CONTRACT,
	EVENT_ASSIGNED,
	EVENT_TAG,
	EVENT_MET,
	EVENT_EXCLUDED,
	EVENT_LINKED,
	EVENT_TOLD,
	EVENT_WARNED,
	EVENT_HELD,
	EVENT_SENT,
	EVENT_ALERT,
	EVENT_REMINDED,
	EVENT_MERGED,
	EVENT_CARRIED,
	EVENT_TIME,
	EVENT_ESTIMATE,
	EVENT_APPROVAL,
	EVENT_RPO,
	EVENT_DEBRIEF,
	EVENT_CALL,
	EVENT_LIFE,
	EVENT_ANSWERED,
	EVENT_NEXT,
	EVENT_LATER,
	EVENT_MINDED,
	EVENT_UNDONE,
	EVENT_COUNT,
} EventType;

typedef struct Event {
	gint64 seq;    /* in the store's order; 0 before it is appended */
	gint64 ticket; /* its number */
	Instant at;    /* when it happened: a mail's receipt, not its reading */
	Instant recorded;
	EventType type;
	char *actor;  /* "mail", "rule", "tick", "cli", "technician:NAME" */
	gint64 mail;  /* the mail that caused it, 0 for none */
	json_t *data; /* never NULL */
	gint64
	    batch;   /* what was recorded with it, by one mail or order, has the
		       * same; 0: nobody knows any more */
	bool undone; /* a later one takes it back */
} Event;

/* One that was made before, as the store has it: with no data, which who reads
 * it puts in, and `recorded` equal to `at`. New ones have makers (event_make.h),
 * which the desk alone calls (tests/lint/doors). */
Event *event_stored(EventType type, gint64 ticket, Instant at,
    const char *actor, gint64 mail);
void event_free(Event *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Event, event_free)

/* Of a message that a button of ours wrote: that press, which is good once. */
#define EVENT_BUTTON "button"
/* Until when an automatic answer says that its sender is away. */
#define EVENT_AWAY "away"

/* Sets one value and returns the event; a NULL value sets nothing. */
Event *event_set(Event *event, const char *key, const char *value);
Event *event_set_int(Event *event, const char *key, gint64 value);

/* "" and 0 when absent. The string is the event's. */
const char *event_text(const Event *event, const char *key);
gint64 event_int(const Event *event, const char *key);

const char *event_type_name(EventType type);
bool event_type_parse(const char *name, EventType *ret_type);

/* One line for the log, the trace and golden tests: instant, type, actor and
 * the data in order of their keys; no row id of the event itself. The caller
 * frees. */
char *event_describe(const Event *event);

#endif
