/*
 * hand: what is at hand while one mail, order or tick is worked: the site, the
 * rules, the store, and the tickets that it touches, each loaded once with the
 * rules they live under; of a mail, what is known of it, too.
 *
 * One thread; everything happens inside the caller's transaction. Made by
 * intake_new() (guichet/work/intake.h).
 */
#ifndef GUICHET_HAND_H
#define GUICHET_HAND_H

#include "guichet/judgment/alert_reading.h"
#include "guichet/order/command.h"
#include "guichet/order/order_case.h"
#include "guichet/site/conf.h"
#include "guichet/store/store.h"
#include "guichet/ticket/ticket_view.h"
#include "guichet/trust/border_watch.h"

typedef struct Intake Intake;

struct Intake {
	const Conf *conf;
	const Ruleset *ruleset; /* in force now */
	Store *store;
	SilenceDesk *desk;     /* what may stay unanswered, how long */
	GHashTable *past;      /* hash to Ruleset *: those of older tickets */
	GPtrArray *views;      /* TicketView *: of what is in hand (view.c) */
	GPtrArray *past_views; /* those that hold no more, till the next */
	guint64 seed;          /* of a rehearsal; 0: none */
	Instant heard;         /* the mailboxes were looked at until then */
	gint64 outbox_before;  /* the last answer that an earlier run left */
	gint32 ahead_life; /* the life that a mailbox began in this run, 0 */

	bool reads_again; /* mails that were done are to be read */
	bool knows_duty;  /* whether `duty_at` is known */
	Instant duty_at;  /* the next duty, INSTANT_NONE */
};

/* Appends an event: the one way into the log. */
bool hand_append(StoreTx *tx, Event *event, GError **error);
/* The rules a ticket lives under: those in force when it was opened or moved.
 * Falls back to the present ones if the store lost them. */
const Ruleset *intake_rules(Intake *in, const char *hash, GError **error);

/*
 * (view.c) Tickets by the rules they live under, each loaded once for what is
 * in hand: a mail, an order, a tick. They are the Intake's, and keep up with
 * what is appended; view_begin() says that the next is in hand, and frees them.
 */
void view_begin(Intake *in);
void view_end(Intake *in); /* by intake_free() */
/* Without clocks, or as of `now` with them; an error if there is none. */
TicketView *view_load(Intake *in, gint64 number, GError **error);
TicketView *view_run(Intake *in, gint64 number, Instant now, GError **error);
/* One that need not be there: *ret_view NULL. */
bool
view_find(Intake *in, gint64 number, TicketView **ret_view, GError **error);
/* Of a ticket that the store need not have. The caller frees. */
TicketView *view_new(Intake *in, Ticket *take_ticket, GError **error);
/* Who reads along of the words to `client`: ticket_view_copies() without us. */
GPtrArray *
view_copies(const Intake *in, const TicketView *view, const char *client);
/* The same of ticket_view_parties(). */
GPtrArray *view_parties(const Intake *in, const TicketView *view);
/* Whom its answers go to; valid until somebody outside writes on it. */
bool view_client(Intake *in, TicketView *view, TicketClient *ret_client,
    GError **error);

/* Who brought about what was appended; when it happened, and when it is known. */
typedef struct {
	const char *actor;
	Instant at, now;
} Cause;

/* Records it where what was appended puts another plan in force. */
bool view_follow(Intake *in, StoreTx *tx, gint64 number, const Cause *cause,
    GError **error);
/* Writes the projection: once, when all is appended. */
bool view_project(Intake *in, StoreTx *tx, gint64 number, Instant now,
    GError **error);
/* Both. */
bool view_settle(Intake *in, StoreTx *tx, gint64 number, const Cause *cause,
    GError **error);

/* ---- notices of contracts (contract_notices.c) ---- */

/* Those that the store knows of the contracts of the set. */
bool contract_notices_tell(Intake *in, const Ruleset *ruleset, GError **error);
/* EFFECT_NOTICE: kept, and known to all sets at once. */
bool contract_notices_effect(Intake *in, StoreTx *tx, const Effect *effect,
    GError **error);

/* What the mail says of the server of the border that took it in. */
typedef struct {
	char *host; /* NULL unless it came from outside */
	BorderNews news;
	BorderWatch watch; /* as it is with this mail */
} BorderSeen;

/* Of one mail: the Situation that the desk judges, and all that it borrows.
 * gather() fills it (guichet/work/work.h); what leaves quotes it. */
typedef struct {
	const StoredMail *mail; /* borrowed */
	Situation sit;
	RobotSigns *robot_signs;
	RobotContext robot_known; /* all but what comes last */
	RobotVerdict *robot;
	char *auth_why;
	BorderSeen border;
	GPtrArray *contracts; /* const Contract *, NULL-terminated */
	GArray *candidates;   /* Candidate */
	MatchResult *match;
	struct ReadingWish *wish;
	CommandList *commands; /* of command_text */
	GPtrArray *orders; /* OrderCase *, of the commands: orders_known() */
	char *answer, *inside, *words;
	CrossedAnswer crossed;     /* what sit.crossed borrows */
	OutboxRow *crossed_row;    /* and what that does, or NULL */
	GPtrArray *crossed_events; /* likewise */
	OutboxRow
	    *answered; /* the mail of ours that a technician answers, or NULL */
	char *asker; /* who of the client's wrote what that is about, or NULL */
	char *press; /* what sit.button_press borrows, or NULL */
	char **recipients;
	struct GatheredAlert *alert; /* what sit.alert borrows, or NULL */
	AlertMails *mails; /* the mail, prepared to be read as alerts */
	GPtrArray *alerts; /* Alert *: those that the mail tells besides */
	GArray *hosts;     /* gint64: tickets about one host (gather_hosts.c) */
	GPtrArray *judged; /* GatheredAlert *: those before `alert` */
	gint64 forgotten;  /* highest ticket that is signed and not known, 0 */
	bool is_rolled_back;  /* and the store must have known it */
	OutboxRow *bounced;   /* the mail of ours that it reports of, or NULL */
	Instant written;      /* receipt of the mail itself */
	Instant confirmed_at; /* and of the word that confirmed it */
	bool at_bounce_address; /* signed for a delivery, MAC checked */
} Gathered;

#endif
