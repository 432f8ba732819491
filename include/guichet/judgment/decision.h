/*
 * decision: what follows from one mail, one order, or time alone: effects, which
 * work/effects.c carries out in one commit, and the trace that `guichet why`
 * shows.
 */
#ifndef GUICHET_DECISION_H
#define GUICHET_DECISION_H

#include "guichet/judgment/alert_case.h"
#include "guichet/judgment/maintenance_order.h"
#include "guichet/judgment/proof.h"
#include "guichet/judgment/reason.h"
#include "guichet/judgment/remark.h"
#include "guichet/ticket/event_words.h"
#include "guichet/ticket/send_kind.h"

struct Order; /* guichet/order/order.h */

typedef enum {
	EFFECT_OPEN, /* a new ticket: its `event` is EVENT_OPENED, number 0 */
	EFFECT_EVENT, /* an event on an existing ticket, or number 0: the new one */
	EFFECT_SEND, /* an answer to compose once the ticket is as it will be */
	EFFECT_FILE, /* no ticket: kept in `lane` */
	EFFECT_KEEP, /* on the ticket, without an event */
	EFFECT_NOTE, /* words of the desk's own on the ticket: `about` */
	EFFECT_MAINTENANCE,  /* planned or ended: `maintenance` */
	EFFECT_MAP,          /* the ticket's alerts are `contract`'s */
	EFFECT_OUTBOX_AGAIN, /* our mail `id` is sent at once */
	EFFECT_OUTBOX_DROP,  /* and never */
	EFFECT_READ,   /* `rows` and `texts` are read by mail, for `order` */
	EFFECT_SECRET, /* `note` is masked from now on */
	EFFECT_NOTICE, /* of `contract`: given on `date` by `party`, or none */
	EFFECT_LEDGER, /* `ledger` is ordered */
	EFFECT_CARRY_OUT,   /* the parked mail `id` is read and judged again */
	EFFECT_JUDGE_AGAIN, /* the mail `id`, where its ticket is another's now */
	EFFECT_WITHDRAW,    /* nothing leaves of the ticket that has not left */
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
	gint64 id;                     /* EFFECT_OUTBOX_..., EFFECT_CARRY_OUT,
		    * EFFECT_JUDGE_AGAIN; EFFECT_EVENT of
		    * EVENT_UNDONE: the mail whose words stay inside, or 0 */
	const struct SlaClock *clock;  /* SEND_ALARM: borrowed, NULL: of none */
	int share;                     /* and the share of it that is used */
	GPtrArray *also; /* SEND_ALARM: others of the ticket, Effect *, which
			  * the same mail says; NULL: none */
	Instant when;    /* SEND_ALARM of silence, SEND_NEWS: what it is
			   * about; 0: nothing */
	bool is_given;   /* EFFECT_NOTICE */
	Date date;
	ContractParty party;
	char *note;          /* EFFECT_EVENT: words that are kept with it */
	GPtrArray *lines;    /* char *, NULL: of SEND_REFUSAL what is wrong, of
			   * SEND_CONFIRMATION what was done */
	GPtrArray *lines_fr; /* the same for who reads French; NULL: `lines` */
	char *to;            /* canonical; NULL: the ticket's, or technicians */
	char *technician; /* name: SEND_REFUSAL and SEND_CONFIRMATION to them,
			 * SEND_NOTICE to all but them; SEND_HANDLED: whom
			 * the client reads to have it, NULL the desk; EFFECT_MAINTENANCE: who
			 * planned it */
	bool stranger;    /* fixed text, nothing of theirs */
	bool told;        /* SEND_CONFIRMATION, and the notice of a colleague's
			   * doing: the client reads of it */
	bool life;        /* SEND_ACKNOWLEDGMENT: it says that the contract
			   * promises nothing, since when and whom to ask */
	bool doubt;       /* EFFECT_SEND: it may have gone out before: a person
			   * sends it or drops it */
	const char *speaker; /* the technician whose words these are to the
			      * client, borrowed; NULL: the desk's */
	char *words; /* what a command says to the client, in place of the words
		      * of a mail; what a colleague said; NULL */
	Reason
	    reason; /* SEND_REFUSAL, SEND_CHALLENGE, SEND_NOTICE, SEND_ALARM */
	EventInformed informed; /* SEND_INFORMATION */
	HandledHow handled;     /* SEND_HANDLED */
	bool contacts;          /* SEND_ACKNOWLEDGMENT: says who may write */
	bool settled;           /* SEND_CLOSING: to all of the client's who take
			     * part but the writer, whose word it is */
	EventApproval says; /* SEND_QUESTION: what they said of the estimate */
	bool approval;  /* SEND_NUDGE, SEND_CLOSING: it is what they approve */
	char *contract; /* EFFECT_MAP */
	struct LedgerOrder *ledger; /* EFFECT_LEDGER */
	char *title;                /* EFFECT_OPEN of ORDER_NEW */
	const struct Order
	    *order; /* EFFECT_READ; EFFECT_OPEN of ORDER_NEW, where
			     * `note` is its text: borrowed */
	const GPtrArray *remarks; /* EFFECT_SEND about a mail: Remark *, the
				   * decision's, NULL: none */
	bool apart;               /* EFFECT_SEND: not about the mail in hand */
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
	GPtrArray *remarks; /* Remark *: for who reads of it; NULL: none */
	char *words;        /* Situation's, kept with it; NULL: none */

	/* What is known of alerts now, NULL if nothing new; `ticket` may be
	 * ALERT_TICKET_NEW. */
	AlertCase *alert, *storm, *expected;
	bool alert_turned; /* `alert` has begun or ended */
} Decision;

/* An empty list that owns the effects put into it. */
GPtrArray *decision_effects_new(void);

/* Moves what else is to be told of the ticket into the gravest of its alarms: one
 * instant, one mail. */
void decision_join_alarms(Decision *decision);
void decision_free(Decision *decision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Decision, decision_free)
char *effect_describe(const Effect *effect);

#endif
