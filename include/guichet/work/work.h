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
#include "guichet/hand/hand.h"
#include "guichet/site/alert_origin.h"
#include "guichet/ticket/awaits.h"
#include "guichet/ticket/event_make.h"
#include "guichet/work/gathered.h"
#include "guichet/work/intake.h"

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
/* (gather_links.c) Of several candidates, which name each other, and of which
 * nobody has read a mail of ours. */
bool gather_links(Gathered *gathered, Intake *in, GError **error);
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
 * promise nothing, and the one that the address they wrote to chooses; what they, or
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
/* What a technician did and was told before (gather_past.c); after gather_words(). */
bool gather_past(Gathered *gathered, Intake *in, GError **error);
/* The mail answers that one of ours: of a technician's, the newest that went to
 * them counts; of a client's (`technician` NULL), the first. Takes the row, which
 * may be NULL. */
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

/* Its events, what is known of alerts now, and the maintenance it orders. */
bool effects_write(StoreTx *tx, Effects *effects, GError **error);
/* Projects the tickets touched, and composes what is to be sent. */
bool
effects_send(Intake *in, StoreTx *tx, const Effects *effects, GError **error);

/* ---- reports about mails of ours (gather_bounce.c) ---- */

/* The delivery whose signed address it came to, before its class is known; then
 * the same by any id of ours in a report. Parts of gather(). */
bool gather_bounce_address(Gathered *gathered, Intake *in, GError **error);
bool gather_bounced(Gathered *gathered, Intake *in, GError **error);
/* Marks that delivery, once, and tells the technicians. */
bool gather_bounce_write(Intake *in, StoreTx *tx, Gathered *gathered,
    Instant now, GError **error);

/* (own_ticket.c) Opens a ticket of the desk's own; fills in what the case lacks:
 * the rules in force, and the mail that keeps its words. */
bool own_ticket_open(Intake *in, StoreTx *tx, OwnTicketCase *c,
    gint64 *ret_ticket, GError **error);

#endif
