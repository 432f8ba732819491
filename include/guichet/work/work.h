/*
 * work: one mail from understood to filed, in four steps, each a
 * file: gather.c asks the store and the rules what it takes to judge it;
 * decide_mail() judges; intake.c applies the effects; answers.c composes what
 * is sent. Everything happens inside the caller's savepoint.
 */
#ifndef GUICHET_INTAKE_PRIVATE_H
#define GUICHET_INTAKE_PRIVATE_H

#include "guichet/alert/alert.h"
#include "guichet/desk/desk_unasked.h"
#include "guichet/judgment/alert_reading.h"
#include "guichet/order/command.h"
#include "guichet/order/order_case.h"
#include "guichet/site/alert_origin.h"
#include "guichet/site/conf.h"
#include "guichet/store/store.h"
#include "guichet/ticket/awaits.h"
#include "guichet/ticket/event_make.h"
#include "guichet/ticket/ticket_view.h"
#include "guichet/trust/border_watch.h"
#include "guichet/work/intake.h"

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

/* What the mail says of the server of the border that took it in. */
typedef struct {
	char *host; /* NULL unless it came from outside */
	BorderNews news;
	BorderWatch watch; /* as it is with this mail */
} BorderSeen;

/* A Situation and all that it borrows. */
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
	OutboxRow *answered; /* the mail of ours that he answers, or NULL */
	char *press;         /* what sit.button_press borrows, or NULL */
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

Gathered *gather(Intake *in, const StoredMail *mail, const Message *message,
    Instant now, GError **error);
/* (border_gap.c) What the border proves of it: sit.auth; part of gather(). */
bool border_gap_proof(Gathered *gathered, Intake *in, GError **error);
/* Keeps what the mail has shown of the border, and tells the desk. */
bool border_write(Intake *in, StoreTx *tx, Gathered *gathered, Instant now,
    GError **error);
/* What wrote the mail, as far as is known by now: with what sit says of its
 * being an alert source's. The caller frees. */
RobotVerdict *gather_robot(const Gathered *gathered, guint same_subject);
/* What the mail shows of robots, and what our keys say of its ids; then its
 * class, once its candidates are known (gather_robot.c). Parts of gather(). */
void gather_signs(Gathered *gathered, const Intake *in);
bool gather_class(Gathered *gathered, Intake *in, GError **error);
/* One more ticket that it may be about, each once; 0 is none. */
bool gather_candidate(Gathered *gathered, Intake *in, LinkKind link,
    gint64 number, GError **error);
/* Whether all that the mail quotes is new to the desk, too: a conversation of
 * others, into which it is drawn. After the candidates; part of gather(). */
bool gather_quotes_others(const Gathered *gathered, const Conf *conf);
/* A technician's commands and words; part of gather(). */
bool gather_words(Gathered *gathered, Intake *in, const char *language,
    GError **error);
/*
 * (orders.c) What the store and the site know of what the order is about: its
 * case, but for who gives it and when. Takes the order; freed by
 * orders_known_free().
 */
OrderCase *orders_known(Intake *in, Order *take_order, Instant now,
    const char *language, GError **error);
void orders_known_free(OrderCase *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OrderCase, orders_known_free)
/* (orders.c) Of an order of no ticket, what the technician whose address it is
 * asks to read; of any other, nothing. */
bool orders_read(Intake *in, OrderCase *c, const char *address, GError **error);
/* (orders.c) Applies the effects that only orders have. */
bool orders_effect(Intake *in, StoreTx *tx, const Effect *effect, Instant now,
    GError **error);
/*
 * (gather_life.c) The sender's own contracts, those in force before those that
 * promise nothing, and the one that the address he wrote to chooses; what he, or
 * the desk of the alert's host, was told of one that promises nothing. Parts of
 * gather().
 */
void
gather_contracts(Gathered *gathered, const Intake *in, const char *identity);
/* (gather_storm.c) The storm of the alert's client in place of its source's,
 * where there is one; the case is the caller's. */
bool gather_storm_of_client(AlertFacts *facts, Intake *in, Instant at,
    AlertCase **ret_storm, GError **error);
bool gather_life(Gathered *gathered, Intake *in, GError **error);
/* Both of an alert: what is known of its client. */
bool gather_client_of_alert(AlertFacts *facts, Intake *in, Instant at,
    AlertCase **ret_storm, GError **error);
/* Tickets about the host of the alert in hand, or that the mail names, where it
 * would open one (gather_hosts.c); part of gather(). */
bool gather_hosts(Gathered *gathered, Intake *in, GError **error);
/* What he did and was told before (gather_past.c); after gather_words(). */
bool gather_past(Gathered *gathered, Intake *in, GError **error);
/* The technician's mail answers that mail of ours, or one that is newer, or was
 * another's. Takes the row, which may be NULL. */
void gather_answered(Gathered *gathered, OutboxRow *take_row,
    const Technician *technician);
/* The same of the one whose address bears the word. */
bool gather_answered_word(Gathered *gathered, Intake *in, const char *word,
    const Technician *technician, GError **error);
/*
 * (parked.c) What an answer to that challenge confirms: one of ours, or
 * that whose address bears the word; how many wait; and whether the mail in hand
 * was confirmed itself. Parts of gather().
 */
bool parked_answer(Gathered *gathered, Intake *in, const OutboxRow *row,
    const Technician *technician, GError **error);
bool parked_word(Gathered *gathered, Intake *in, const char *word,
    const Technician *technician, GError **error);
bool parked_count(Gathered *gathered, Intake *in, GError **error);
bool parked_find(Gathered *gathered, Intake *in, GError **error);
/* Such a mail is about the ticket that was named to its technician, and repeats
 * nothing. */
bool parked_candidate(Gathered *gathered, Intake *in,
    const Technician *technician, GError **error);
/* Has the mail that was confirmed at that instant read again; ends that, once it
 * is judged. */
bool parked_carry_out(Intake *in, StoreTx *tx, const Effect *effect, Instant at,
    GError **error);
bool
parked_done(Intake *in, StoreTx *tx, const Gathered *gathered, GError **error);
/* (gather_past.c) Which mail of ours a client's answers, by its row or by the word
 * of its address: the first that is known. */
void gathered_note_answer(Gathered *gathered, const OutboxRow *row);
bool gathered_find_answer(Gathered *gathered, Intake *in, const char *word,
    GError **error);
void gathered_free(Gathered *gathered);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Gathered, gathered_free)

/* ---- alerts (gather_alert.c, alert_facts.c, expected.c, alert_tick.c,
 * alert_notes.c) ---- */

typedef struct GatheredAlert GatheredAlert;
void gathered_alert_free(GatheredAlert *alert);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GatheredAlert, gathered_alert_free)
const AlertFacts *gathered_alert_facts(const GatheredAlert *alert);

/* (alert_writer.c) Also says in sit why it is none: no_alert, is_at_secret. */
AlertWriter alert_writer(Gathered *gathered, const AlertOrigin *origin);

/* A person's, who forwards an alert to us without a word of their own. */
bool alert_is_passed_on(const Gathered *gathered);

/* (alert_alike.c) Of an end or news that no recogniser knows: the open case of
 * the same subject in other words takes the place of *known (owned), which is
 * of its key. */
bool alert_find_alike(Intake *in, const char *source, const Alert *alert,
    AlertCase **known, GError **error);
/* The open ticket that it speaks of, whoever opened it: of a trusted source's
 * alert, else of the same sender's mail; 0. */
bool alert_find_victim(Intake *in, const Message *message, const Alert *alert,
    gint64 *ret_ticket, GError **error);

/* What the mail says as an alert, if it says so: sit.alert, is_alert_source. */
bool gather_alert(Gathered *gathered, Intake *in, GError **error);
/* The next of `alerts` takes the place of sit.alert; a trusted source's. */
bool gather_further_alert(Gathered *gathered, Intake *in, GError **error);
/* What it takes to judge a case without a mail. */
GatheredAlert *gather_known_alert(Intake *in, const AlertCase *known,
    Instant now, GError **error);
/* Writes what the decision knows of alerts now; `sit` is NULL for a mail that
 * could not be read. */
bool gather_alert_apply(StoreTx *tx, Decision *decision, const Situation *sit,
    gint64 opened, GError **error);

/* Whose silence is asked for. Borrowed; `contract` "" or NULL: nobody's. */
typedef struct {
	const char *host, *service, *contract;
} SilentHost;

/* When maintenance of a host ends that it is in; INSTANT_NONE. */
bool alert_silence(Intake *in, const SilentHost *host, Instant at,
    Instant *ret_until, GError **error);
/* Of a mail: a group is silent while all of it that fires is. */
bool alert_mail_silence(Intake *in, const Alert *alert, const char *contract,
    Instant at, Instant *ret_until, GError **error);
/* What a client was told of the ticket (NULL: of none yet), by the contract's
 * own rules. */
bool alert_told(Intake *in, const TicketView *view, const Contract *contract,
    Instant now, AlertTold *ret_told, GError **error);
/* The same of the client whom the next mail is about: an open ticket's own,
 * else the target's. */
bool alert_told_next(Intake *in, const TicketView *view, const char *target,
    Instant now, AlertTold *ret_told, GError **error);

/* The expectation that a trusted mail meets or fails; else NULL. */
bool expected_find(Intake *in, const Alert *alert, const Message *message,
    const char *source, AlertCase **ret_case, GError **error);
/* Sets the first deadline of each expectation of the rules. */
bool expected_arm(Intake *in, StoreTx *tx, Instant now, GError **error);
/* What time alone brings about alerts: reminders, the end of flapping and of
 * maintenance, mails that did not come. */
bool alert_tick(Intake *in, StoreTx *tx, Instant now, GError **error);
/* The desk's own words on a ticket. */
bool alert_note(Intake *in, StoreTx *tx, const Effect *effect,
    const AlertFacts *facts, Instant now, GError **error);

/* ---- after a restore (restored.c) ---- */

/* The keys sign for the life that the store lives now. */
void intake_bind_keys(Intake *in);
/* The numbers go on above what the mail shows to be forgotten, and what shows a
 * rollback begins the next life; told to the desk. */
bool restored_heed(Intake *in, StoreTx *tx, const Gathered *gathered,
    Instant now, GError **error);
/* Takes out of the decision what an earlier life may have done already: what
 * it sends, and what opens a ticket again. People's own words stay, as "maybe"
 * in the outbox; and who shows by their answer that the store forgot something
 * is told themselves that it did not go out. */
bool restored_quiet(Intake *in, Decision *decision, const Gathered *gathered,
    GError **error);
/* Opens the desk's own ticket about a life that has begun and is not told. */
bool restored_tell(Intake *in, StoreTx *tx, Instant now, GError **error);

/* ---- effects (effects.c) ---- */

/* A decision on its way into the store. All borrowed but `touched`. */
typedef struct {
	Decision *decision;
	const Situation *sit;     /* NULL without a mail that was read */
	const AlertFacts *alert;  /* what `sit` knew of when it was judged */
	const Gathered *gathered; /* the mail that answers quote, or NULL */
	const char *actor;
	Instant now;
	/* by effects_write(): */
	GArray *touched; /* gint64: the tickets */
	Filed filed;     /* borrows from the decision */
	gint64 opened;   /* the ticket, or 0 */
} Effects;

void effects_init(Effects *effects);
void effects_clear(Effects *effects);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Effects, effects_clear)

/* An event that no decision holds. */
bool effects_append(StoreTx *tx, Event *event, GError **error);
/* Its events, what is known of alerts now, and the maintenance it orders. */
bool effects_write(StoreTx *tx, Effects *effects, GError **error);
/* Projects the tickets touched, and composes what is to be sent. */
bool
effects_send(Intake *in, StoreTx *tx, const Effects *effects, GError **error);

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

/* Composes what the effect asks for and puts it into the outbox; a person's words
 * to a client wait there for as long as the site says, from `now` on. */
bool answer_effect(Intake *in, StoreTx *tx, const Effect *effect,
    const Gathered *gathered, Instant now, GError **error);

/* Tells the plan's addresses, else every technician, that a share of the
 * effect's clock is used; 100 is the breach. Without a clock it reminds them of
 * continuous effort, or, with an instant, who has the ticket of what silence
 * brings. */
bool answer_alarm(Intake *in, StoreTx *tx, TicketView *view,
    const Effect *effect, Instant now, GError **error);

/* ---- reports about mails of ours (gather_bounce.c) ---- */

/* The delivery whose signed address it came to, before its class is known; then
 * the same by any id of ours in a report. Parts of gather(). */
bool gather_bounce_address(Gathered *gathered, Intake *in, GError **error);
bool gather_bounced(Gathered *gathered, Intake *in, GError **error);
/* Marks that delivery, once, and tells the technicians. */
bool gather_bounce_write(Intake *in, StoreTx *tx, Gathered *gathered,
    Instant now, GError **error);

/* ---- mails on no ticket, told once a day (filed_list.c) ---- */

/* Where the decision filed its mail on no ticket, the list of the next morning
 * is due. */
bool filed_list_add(Intake *in, StoreTx *tx, const Decision *decision,
    bool is_technicians, Instant now, GError **error);
bool filed_list_tick(Intake *in, StoreTx *tx, Instant now, GError **error);
bool filed_list_next(Intake *in, Instant *ret_at, GError **error);

/* The same for the morning mail: those not told yet, as lines (char *, the
 * caller's), how many they are in all, and the last of them, to be handed to
 * filed_list_told() once it is sent. */
typedef struct {
	GPtrArray *lines;
	guint all;
	gint64 last;
} FiledLines;

bool filed_list_lines(Intake *in, const char *language, Instant now,
    FiledLines *ret_lines, GError **error);
bool filed_list_told(Intake *in, StoreTx *tx, gint64 last, GError **error);

/* ---- notices of contracts (contract_notices.c) ---- */

/* Those that the store knows of the contracts of the set. */
bool contract_notices_tell(Intake *in, const Ruleset *ruleset, GError **error);
/* EFFECT_NOTICE: kept, and known to all sets at once. */
bool contract_notices_effect(Intake *in, StoreTx *tx, const Effect *effect,
    GError **error);

/* ---- a border that nobody has tried (border_untried.c) ---- */

/* Tells the technicians once a day; when it will be, INSTANT_NONE: never. */
bool border_untried_tick(Intake *in, StoreTx *tx, Instant now, GError **error);
bool
border_untried_next(Intake *in, Instant now, Instant *ret_at, GError **error);

/* ---- refusals that are told together (refusal_list.c) ---- */

/* Keeps one for the list of the technician whose mail is in hand. */
bool refusal_list_add(Intake *in, StoreTx *tx, const Effect *effect,
    const Situation *sit, GError **error);
/* Sends the lists whose hour is over. */
bool refusal_list_tick(Intake *in, StoreTx *tx, Instant now, GError **error);
/* When the next will be; INSTANT_NONE: never. */
bool refusal_list_next(Intake *in, Instant *ret_at, GError **error);

/* ---- how many notices (notice_budget.c) ---- */

/* Tells of those that were held, where it is time. */
bool notice_budget_tick(Intake *in, StoreTx *tx, Instant now, GError **error);
/* When it will be; INSTANT_NONE: never. */
bool notice_budget_next(Intake *in, Instant *ret_at, GError **error);

/* (own_ticket.c) Opens a ticket of the desk's own; fills in what the case lacks:
 * the rules in force, and the mail that keeps its words. */
bool own_ticket_open(Intake *in, StoreTx *tx, OwnTicketCase *c,
    gint64 *ret_ticket, GError **error);

#endif
