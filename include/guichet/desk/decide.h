/*
 * decide: the desk's judgment on one mail (doc/design.md 2, steps 4 and 5; 7).
 *
 * Pure: a Situation, which the app layer gathers from store and rules, in; a
 * Decision out. It does no I/O and keeps nothing. Each step leaves a line of
 * trace, which `guichet why` shows.
 */
#ifndef GUICHET_DECIDE_H
#define GUICHET_DECIDE_H

#include "guichet/desk/alert_case.h"
#include "guichet/desk/command.h"
#include "guichet/desk/maintenance_order.h"
#include "guichet/desk/proof.h"
#include "guichet/rules/contract.h"
#include "guichet/rules/match.h"
#include "guichet/rules/robot.h"
#include "guichet/rules/ruleset.h"
#include "guichet/ticket/event_words.h"
#include "guichet/ticket/send_kind.h"
#include "guichet/ticket/ticket_view.h"
#include "guichet/trust/auth.h"
#include "guichet/trust/token.h"

/* How a mail was tied to a ticket, the strongest first. */
typedef enum {
	LINK_TOKEN,     /* our signed address */
	LINK_OWN_ID,    /* our signed Message-ID is answered */
	LINK_STORED_ID, /* a mail in the store is answered */
	LINK_SEEN_ID,   /* an id merely seen in References */
	LINK_TAG,       /* [#N] in the subject */
	LINK_NONE,
	LINK_COUNT,
} LinkKind;

const char *link_kind_name(LinkKind link);

typedef enum {
	WHO_NOBODY,   /* no identity */
	WHO_STRANGER, /* an address no contract knows */
	WHO_CONTACT,  /* of `contract` */
	WHO_COLLEAGUE, /* of a client's domain, where only named contacts may ask */
	WHO_TECHNICIAN,
	WHO_COUNT,
} WhoKind;

const char *who_kind_name(WhoKind who);

/* One ticket that the mail may be about. */
typedef struct {
	LinkKind link;
	const TicketView *view; /* of `ticket` */
	const Ticket *ticket;
	bool participant; /* the identity takes part in it */
	bool is_owed; /* opened by a mail that failed its proof, and nobody has
		       * acknowledged it or written on it since */
	bool is_linked; /* the others that this mail may be about name it
			 * already */
} Candidate;

/* An earlier copy of the mail in hand: equal Message-ID, From and content. */
typedef struct {
	Proof proof;            /* the best that any of them had */
	const Ticket *ticket;   /* the one they went to, or NULL */
	const TicketView *view; /* of `ticket` */
	bool opened;            /* and opened */
	bool acknowledged;      /* an acknowledgment answers one of them */
} SeenCopy;

/*
 * What a technician was told of mails of theirs that did nothing
 * (doc/security.md 2.3; refusal.h says what follows from it).
 */
typedef struct {
	int proven_hour;   /* of proven mails, one by one, within the hour */
	int proven_day;    /* and within a day, lists too */
	int unproven_day;  /* of mails that anybody may have sent, a day */
	int unproven_here; /* the same on this ticket */
	int said;          /* these words, within the day */
	int said_listed;   /* of them, before the last list of refusals */
	bool answers_one;  /* it answers a refusal */
} Refusals;

/* What proves a technician's mail (doc/security.md 2.2). */
typedef enum {
	TECH_AUTH_DMARC_TOKEN,   /* the border's word, and a token of ours */
	TECH_AUTH_DMARC_CONFIRM, /* the border's word, and each mail answered */
	TECH_AUTH_TOKEN_LOGIN,   /* a login at the border, and a token */
	TECH_AUTH_OFF,           /* nothing: no mail acts */
	TECH_AUTH_COUNT,
} TechAuth;

typedef struct {
	TechAuth tech_auth;         /* in force */
	bool acknowledge_strangers; /* with DMARC pass, fixed text */
	int per_address_hour, per_address_day, per_domain_hour, per_hour;
	Seconds acknowledge_within;   /* older mail gets none; default 24 h */
	gint64 forward_bytes;         /* of attachments that go along, in all */
	const char *const *own_lists; /* List-Id values of our own lists */
	bool plus_addresses;
} DeskPolicy;

/* What it takes to judge one mail. All borrowed, nothing changes. */
typedef struct {
	const Message *message;
	gint64 mail; /* its id in the store */
	const char *mailbox;
	Instant received; /* trusted receipt: when the clocks start */
	Instant now;

	const RobotVerdict *robot;
	AuthVerdict auth;
	const char *auth_why;

	WhoKind who;
	const char *technician; /* name, with WHO_TECHNICIAN */
	const Contract *const
	    *contracts; /* the sender's own, NULL-terminated */
	const Contract
	    *contract; /* the one chosen by address, or the only one */

	TokenVerdict token; /* of a technician's token address or answered id */
	gint64 token_ticket, token_who;
	bool token_fits;    /* ticket, epoch and this technician, all three */
	bool token_is_desk; /* it names no ticket, but the desk itself */
	bool replayed;      /* these words of this Date acted on this ticket */
	bool by_login;      /* `auth` is a login's at the border */

	/* Parked mails (decide_parked.c). What an answer to a challenge names:
	 * the mail that waits for it, 0: none. */
	TokenVerdict confirm;
	gint64 confirms, confirm_ticket; /* 0: to the desk itself */
	bool confirm_fits;               /* ticket, epoch and this technician */
	bool confirm_spent;              /* it was answered before */
	int challenges;    /* of this technician, that wait for an answer */
	bool is_confirmed; /* this mail was parked, and is confirmed now */

	const Candidate *candidates; /* strongest first */
	gsize candidate_count;

	gint64
	    also_seen; /* an earlier mail of equal id, From and content, or 0 */
	SeenCopy seen; /* what came of it */
	bool is_alert_source;
	const AlertFacts *alert; /* what it says as an alert, or NULL */
	const char *no_alert;    /* why it is none though a source's, or NULL */
	bool is_at_secret; /* a person's to a source's secret address: answered
			      only if he is known */

	const MatchResult *match;
	const CommandList *commands; /* NULL unless who is WHO_TECHNICIAN */
	const GPtrArray *orders; /* OrderCase *, of the commands; NULL: none */
	const char *answer;      /* his own words to the client, "" if none */
	const char *inside; /* his own words that his orders keep inside, "" */
	bool answer_below;  /* more of them may stand below a quotation */
	bool no_recipient;  /* the first candidate's ticket has no address to
			     * answer: his words would go out to nobody */
	const char *words;  /* SHA-256 of his own words, commands and all; "" */
	Refusals refusals;
	const char *rules; /* hash */
	const Ruleset *ruleset;

	/* Open tickets of the contract about one host: of its alerts, where a
	 * client's mail names it; of mails that name it, where it is an alert's
	 * (`hosts_alert`, else NULL). */
	const gint64 *hosts;
	gsize host_count;
	const AlertFacts *hosts_alert;

	/* acknowledgments of mails of this proof, for the budgets */
	int acks_address_hour, acks_address_day, acks_domain_hour, acks_hour;
	const DeskPolicy *policy;
} Situation;

typedef enum {
	EFFECT_OPEN, /* a new ticket: its `event` is EVENT_OPENED, number 0 */
	EFFECT_EVENT, /* an event on an existing ticket, or number 0: the new one */
	EFFECT_SEND, /* an answer to compose once the ticket is as it will be */
	EFFECT_FILE, /* no ticket: kept in `lane` */
	EFFECT_KEEP, /* on the ticket, without an event */
	EFFECT_NOTE, /* words of the desk's own on the ticket: `about` */
	EFFECT_MAINTENANCE, /* planned or ended: `maintenance` */
	EFFECT_MAP, /* the ticket's alerts are the contract's: `reason` */
	EFFECT_OUTBOX_AGAIN, /* our mail `id` is sent at once */
	EFFECT_OUTBOX_DROP,  /* and never */
	EFFECT_READ,      /* `rows` and `texts` are read by mail, for `order` */
	EFFECT_SECRET,    /* `note` is masked from now on */
	EFFECT_CARRY_OUT, /* the parked mail `id` is read and judged again */
} EffectKind;

typedef struct {
	EffectKind kind;
	Event *event;  /* EFFECT_OPEN, EFFECT_EVENT */
	SendKind send; /* EFFECT_SEND */
	gint64 ticket; /* 0: the new one */
	Instant at;    /* EFFECT_SEND: of what is recorded with it; 0: now;
			   * EFFECT_MAINTENANCE: when it was ordered */
	bool listed;   /* SEND_REFUSAL: in one mail an hour with others */
	MaintenanceOrder *maintenance; /* borrowed; gets its number */
	gint64 id;                     /* EFFECT_OUTBOX_..., EFFECT_CARRY_OUT */
	const struct SlaClock *clock;  /* SEND_ALARM: borrowed, NULL: of none */
	int share;                     /* and the share of it that is used */
	char *note;       /* EFFECT_EVENT: words that are kept with it */
	GPtrArray *lines; /* char *, NULL: of SEND_REFUSAL what is wrong, of
			   * SEND_CONFIRMATION what was done */
	char *to;         /* canonical address; NULL: each technician */
	char *technician; /* name: SEND_REFUSAL and SEND_CONFIRMATION to him,
			 * SEND_NOTICE to all but him; SEND_HANDLED: whom
			 * the client reads to have it, NULL the desk; EFFECT_MAINTENANCE: who
			 * planned it */
	bool stranger;    /* fixed text, nothing of theirs */
	bool told;        /* SEND_CONFIRMATION: the client reads of the mail */
	bool doubt;       /* EFFECT_SEND: it may have gone out before: a person
			   * sends it or drops it */
	char *words; /* what a command says to the client, in place of the words
		      * of a mail; NULL */
	char *reason;       /* SEND_REFUSAL, SEND_NOTICE, SEND_INFORMATION,
		       * SEND_HANDLED ("taken", "called"):
		       * a word the template knows; EFFECT_MAP: the contract;
		       * EFFECT_MAINTENANCE: what is ordered, for the trace */
	const Order *order; /* EFFECT_READ; EFFECT_OPEN of ORDER_NEW, where
			     * `note` is its text: borrowed */
	bool apart;         /* EFFECT_SEND: not about the mail in hand */
	bool desk; /* EFFECT_SEND: of the desk itself, not of a ticket */
	guint rows, texts;
	MailLane lane;   /* EFFECT_FILE */
	EventNote about; /* EFFECT_NOTE */
} Effect;

typedef struct Decision {
	GPtrArray *effects; /* Effect *, in order */
	GPtrArray *trace;   /* char *, "stage: verdict" */
	Instant at;         /* of what orders bring about, 0: now */
	Proof proof;        /* of the mail: kept with it */
	gint64 copy_of;     /* the mail that it only repeats, or 0 */
	char *words;        /* Situation's, kept with it; NULL: none */

	/* What is known of alerts now, NULL if nothing new; `ticket` may be
	 * ALERT_TICKET_NEW. */
	AlertCase *alert, *storm, *expected;
	bool alert_turned; /* `alert` has begun or ended */
} Decision;

/* An empty list that owns the effects put into it. */
GPtrArray *decision_effects_new(void);

/* How far the mail is its sender's; what it is counted with. */
Proof situation_proof(const Situation *situation);

Decision *decide_mail(const Situation *situation);
/* One more alert of a mail that decide_mail() has judged; `situation->alert` is
 * a trusted source's. */
Decision *decide_further(const Situation *situation);
/* What time alone brings about the alert `situation->alert->known`, whose wake
 * has come: a reminder, the end of flapping or of maintenance, a mail that did
 * not come. There is no message; `received` is now, `mail` the last about it.
 * What opens without a mail (EVENT_OPENED with mail 0) needs words of the
 * desk's own. */
Decision *decide_alert_tick(const Situation *situation);
void decision_free(Decision *decision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Decision, decision_free)
char *effect_describe(const Effect *effect);

/* The ticket's number in the first [#N] of a subject, or 0. */
gint64 decide_subject_tag(const char *subject);

#endif
