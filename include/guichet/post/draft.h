/*
 * draft: what one mail that leaves says and to whom, rendered from templates
 * and not yet posted. `guichet explain` shows Drafts and stops there; post.h puts
 * them in the outbox.
 */
#ifndef GUICHET_DRAFT_H
#define GUICHET_DRAFT_H

#include "guichet/compose/compose.h"
#include "guichet/desk/reply.h"
#include "guichet/hand/hand.h"

/* What one answer says and to whom, before it has an id. */
typedef struct {
	SendKind send;
	bool stranger;
	bool tells_terms;  /* as they are now, where they were told otherwise */
	bool tells_missed; /* guarantees */
	bool doubt;        /* it may have gone out before: "maybe" */
	gint64 ticket;
	gint64 outbox;  /* its row, once it is posted */
	Instant leaves; /* not before; 0: at once */
	gint64 mail;    /* answered, 0 for none */
	gint64 parent;  /* whose thread it joins, 0 for none */
	Proof proof;    /* its */
	gint32 epoch;
	const Technician *speaker; /* whose words it brings; NULL: the desk's */
	const Technician *technician; /* the recipient, or NULL: a client */
	bool no_answer; /* neither: an address that a plan warns */
	char *to;       /* canonical address */
	char **shown;   /* who stands in To, then those in Cc, where several get
			 * it, each their own; NULL: `to` alone */
	bool knows_parent; /* `parent` was written to them, too */
	char *language, *zone;
	char *subject, *text, *html; /* html may be NULL */
	GPtrArray *attachments;      /* Attachment *, borrowed, or NULL */
} Draft;

void draft_free(Draft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Draft, draft_free)

/* What answers know beside the effect. All borrowed. */
typedef struct {
	const TicketView *view;   /* with its clocks and people */
	TicketClient client;      /* whom the ticket answers */
	const Gathered *gathered; /* the mail in hand, or NULL */
	GPtrArray *held;          /* ReplyHeld *: answers not sent */
	bool signature_is_known;  /* it stands in an earlier mail */
	const ReplyHours *hours;  /* draft_hours_find(); or NULL */
	const char *question;     /* our last words to the client, of a nudge,
				   * theirs, of what goes to another team;
				   * NULL: unknown */
	Instant now;
} Occasion;

/* (draft_hours.c) What an answer of that kind says of the hours that its contract
 * bought in advance, if anything. */
bool draft_hours_find(Intake *in, const TicketView *view, SendKind send,
    Instant now, ReplyHours *ret_hours, GError **error);

/* (draft_facts.c) Who wrote the mail in hand. */
typedef struct {
	char *signature, *phone;     /* of a person; NULL of none */
	const char *name, *function; /* of the contract; borrowed, "" */
	bool is_alert;
	ReplyAlert alert;
	char *since;
	ReplyProposed proposed;    /* of the ticket */
	char *copied, *not_copied; /* addresses with commas; NULL: nobody */
} DraftFacts;

/* The strings that a client's facts borrow. */
typedef struct {
	char *opens;
} DraftOffer;

/* What a client reads of the plan that was bought: its title, its telephones, a
 * component that it does not cover, when somebody is there. */
void draft_facts_public(ReplyPublic *facts, DraftOffer *offer, const Intake *in,
    const Occasion *occasion, const char *language, const Zone *zone);

/* Who wrote the mail in hand, as people call them: borrowed. */
const char *draft_facts_name(const Intake *in, const Occasion *occasion);
void draft_facts_clear(DraftFacts *facts);
void draft_facts_find(DraftFacts *facts, const Intake *in,
    const Occasion *occasion, const char *language, const Zone *zone);

/* What else the mail of an alarm says: ReplyAlarm *. The caller owns. */
GPtrArray *draft_facts_also(const Occasion *occasion, const Effect *effect,
    const char *language, const Zone *zone);

/* (draft_own.c) The values that only its kind of a client's mail has. */
void draft_add_own(const Intake *in, Draft *draft, Values *values,
    const Occasion *occasion, const Effect *effect);
/*
 * (draft_readers.c) Who of the desk reads it: const Technician *, borrowed, in an
 * array of the caller's. Of a notice; of an answer to the one whom it names; of
 * a delivery to that address that failed.
 */
GPtrArray *draft_readers_notice(const Intake *in, const Occasion *occasion,
    const Effect *effect);
GPtrArray *draft_readers_named(const Intake *in, const Effect *effect);
GPtrArray *draft_readers_failure(const Intake *in, const Occasion *occasion,
    const char *address);
/* Of an alarm, with what else it says: char *. Of a clock, addresses that the plan
 * names and those of the technicians whose the ticket is; of what silence brings,
 * who set it aside, else those, and the manager where promised news did not go
 * out. */
GPtrArray *draft_readers_alarm(const Intake *in, const Occasion *occasion,
    const Effect *effect);

/* The drafts that the effect makes: one, none (nobody to answer), or one a
 * technician. Draft *; the caller owns. */
GPtrArray *
draft_effect(Intake *in, const Occasion *occasion, const Effect *effect);
/* Of an effect that only the desk's own people read, those to these readers
 * (const Technician *); rendered once a language. */
GPtrArray *draft_to_readers(Intake *in, const Occasion *occasion,
    const Effect *effect, const GPtrArray *readers);
GPtrArray *
draft_alarm(Intake *in, const Occasion *occasion, const Effect *effect);
GPtrArray *
draft_failure(Intake *in, const Occasion *occasion, const OutboxRow *row);

/* Whether a technician's mail that the effect passes on was written to that reader
 * of the client's directly: they have its words. */
bool draft_is_had(const Occasion *occasion, const Effect *effect,
    const char *reader);

/* Its words, out of the templates of its kind and language. */
void draft_render(Draft *draft, const Intake *in, const Values *values);

#endif
