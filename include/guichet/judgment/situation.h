/*
 * situation: what it takes to judge one mail, as plain data.
 *
 * Who gathers it looks up and decides nothing; who judges it (desk/decide.h)
 * looks nothing up. All is borrowed, nothing changes.
 */
#ifndef GUICHET_SITUATION_H
#define GUICHET_SITUATION_H

#include "guichet/judgment/alert_case.h"
#include "guichet/judgment/proof.h"
#include "guichet/rules/contract.h"
#include "guichet/rules/match.h"
#include "guichet/rules/robot.h"
#include "guichet/rules/ruleset.h"
#include "guichet/ticket/event_words.h"
#include "guichet/ticket/send_kind.h"
#include "guichet/ticket/ticket_view.h"
#include "guichet/trust/auth.h"
#include "guichet/trust/token.h"

struct ReadingWish; /* guichet/judgment/reading.h */
struct CommandList; /* guichet/order/command.h */

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
	bool is_untold; /* there are others, and nobody has read a mail of
			 * ours about this one; its clocks are those of now */
} Candidate;

/* An earlier copy of the mail in hand: equal Message-ID, From and content. */
typedef struct {
	Proof proof;            /* the best that any of them had */
	const Ticket *ticket;   /* the one they went to, or NULL */
	const TicketView *view; /* of `ticket` */
	bool opened;            /* and opened */
	bool acknowledged;      /* an acknowledgment answers one of them */
	bool adds_files;        /* the mail in hand holds files that none had */
} SeenCopy;

/* The mail of ours that a client's answers, by its address or signed id. */
typedef struct {
	gint64 outbox; /* 0: none */
	SendKind what;
	gint64 ticket, batch;
	Instant sent;
	bool is_theirs; /* it went to who answers it */
} Answered;

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

/* What a colleague did for the client behind the back of who writes. */
typedef struct {
	const char *by;    /* "" for a manager */
	const char *words; /* the mail that the client gets; NULL: none, the
			    * ticket was resolved */
	Instant at;
} CrossedAnswer;

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
	Seconds acknowledge_within; /* older mail gets none; default 24 h */
	gint64 forward_bytes;       /* of attachments that go along, in all */
	Seconds answers_wait;       /* before a person's words leave; 0: none */
	const char *const *own_lists; /* List-Id values of our own lists */
	bool plus_addresses;
	int storm_alerts;     /* so many tickets of a client's alerts ... */
	Seconds storm_within; /* ... within so long are a storm; 0: never */
} DeskPolicy;

/* What it takes to judge one mail. All borrowed, nothing changes. */
typedef struct {
	const Message *message;
	gint64 mail; /* its id in the store */
	const char *mailbox;
	Instant received; /* trusted receipt: when the clocks start */
	Instant now;

	const RobotVerdict *robot;
	Instant away; /* ROBOT_AUTOREPLY: until when its sender says to be away;
		       * 0: it does not say */
	AuthVerdict auth;
	const char *auth_why;

	WhoKind who;
	const char *technician; /* name, with WHO_TECHNICIAN */
	const Contract *const
	    *contracts; /* the sender's own, NULL-terminated */
	const Contract
	    *contract; /* the one chosen by address, or the only one */

	/* Where the chosen contract promises nothing: when the sender was last
	 * told so, INSTANT_NONE never. */
	Instant life_told;

	TokenVerdict token; /* of a technician's token address or answered id */
	gint64 token_ticket, token_who;
	bool token_fits;    /* ticket, epoch and this technician, all three */
	bool token_is_desk; /* it names no ticket, but the desk itself */
	bool replayed;      /* these words of this Date acted on this ticket */
	/* The token is a button's of ours, or of a client's choice: which one, 0
	 * none; that press alone, as its events name it; whether another mail was
	 * sent by it before; and whether a choice was offered to this client, on
	 * the ticket as it is. */
	int button;
	const char *button_press;
	bool button_spent, button_fits;
	Answered answered;
	bool by_login; /* `auth` is a login's at the border */

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
			      only if they are known */

	const MatchResult *match;
	const struct ReadingWish
	    *wish; /* what a proven contact asks to read; NULL */
	const struct CommandList
	    *commands;           /* NULL unless who is WHO_TECHNICIAN */
	const GPtrArray *orders; /* OrderCase *, of the commands; NULL: none */
	const char *answer; /* a technician's own words to the client, or "" */
	const char *inside; /* their own words that orders keep inside, "" */
	bool answer_below;  /* more of them may stand below a quotation */
	bool answer_is_low; /* all of them stand below one, of ours */
	bool no_recipient;  /* the first candidate's ticket has no address to
			     * answer: their words would go out to nobody */
	bool speaks_to_others; /* To names people, but neither us nor the client
				* of the first candidate's ticket */
	bool
	    client_has_it; /* To or Cc name that client: it went there directly */
	/* Made after the mail of ours that it answers; NULL: nothing was. */
	const CrossedAnswer *crossed;
	const char *words; /* SHA-256 of own words, commands and all; "" */
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

/* Whoever is known to have asked is owed an acknowledgment each, whatever the
 * budgets (desk_restraint.h sums them up where there are many). */
bool situation_is_owed(const Situation *situation);
/* How far the mail is its sender's; what it is counted with. */
Proof situation_proof(const Situation *situation);

#endif
