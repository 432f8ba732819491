/* The desk's turn: what a round of the loop brought is written at once. */
#include "desk_private.h"

#include "guichet/base/error.h"
#include "guichet/base/exit.h"
#include "guichet/base/limits.h"
#include "guichet/base/log.h"
#include "guichet/daemon/service.h"
#include "guichet/rounds/tick.h"
#include "guichet/store/store_availability.h"
#include "guichet/store/store_life.h"

#include <signal.h>

#define WAKE_MOST   60   /* seconds: the wall clock may be stepped */
#define GATHER_MOST 20   /* milliseconds that a note waits for others */
#define TICKS_STUCK 1000 /* in a row that left the next wake where it was */

/* So long a mailbox that cannot be looked at at first holds up the ticks. */
#define FIRST_LOOK (120 * G_TIME_SPAN_SECOND)

Instant
desk_now(const Desk *desk)
{
	return desk->options.at != INSTANT_NONE ? desk->options.at
						: instant_now();
}

void
desk_failed(Desk *desk)
{
	if (desk->options.once)
		desk->exit_code = APP_FAILED;
}

bool
desk_is_decided(const Desk *desk)
{
	return desk_fetch_is_idle(desk->fetch) &&
	    desk_read_is_drained(desk->read) && !desk->tick_is_due;
}

static void
log_store(const char *what, const GError *error)
{
	log_event(LOG_LEVEL_ERROR, "store", "doing", what, "why",
	    error->message, NULL);
}

/* ---- what is noted in the store itself ---- */

static bool
apply_start(Desk *desk, StoreTx *tx, GError **error)
{
	return store_outbox_recover(tx, desk_now(desk), error) &&
	    store_keep_rules(tx, desk->site->files, error) &&
	    store_rules_since(tx, desk->site->files->hash, desk_now(desk),
		error) &&
	    tick_begin(desk->intake, tx, desk_now(desk), error) &&
	    store_set_setting(tx, "unclean", "yes", error);
}

static bool
begin_run(Desk *desk, GError **error)
{
	g_autofree char *unclean = NULL;
	g_autoptr(StoreTx) tx = NULL;

	if (!store_setting(desk->store, "unclean", &unclean, error))
		return false;
	if (g_strcmp0(unclean, "yes") == 0)
		log_event(LOG_LEVEL_WARNING, "unclean-stop", "text",
		    "mails that were being read are read one at a time", NULL);
	tx = store_begin(desk->store, error);
	return tx != NULL && apply_start(desk, tx, error) &&
	    store_commit(&tx, error);
}

static void
end_run(Desk *desk)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_begin(desk->store, &error);

	if (tx == NULL || !store_set_setting(tx, "unclean", "no", &error) ||
	    !store_commit(&tx, &error))
		log_store("stopping", error);
}

/* ---- the turn ---- */

static void
note_heard(Desk *desk)
{
	if (desk_fetch_is_idle(desk->fetch) && desk_read_is_drained(desk->read))
		desk->heard = desk_fetch_heard(desk->fetch);
}

/*
 * Time does not run ahead of mail: with --once all of it is decided first, and
 * a desk that starts looks into its mailboxes before it warns of what they may
 * have answered.
 */
static bool
has_mail_first(const Desk *desk)
{
	if (desk->options.once)
		return desk_fetch_is_idle(desk->fetch) &&
		    desk_read_is_drained(desk->read);
	return desk->heard != INSTANT_NONE ||
	    g_get_monotonic_time() - desk->started > FIRST_LOOK;
}

/* A tick that cannot move what is due must not turn the desk in circles. */
static bool
look_at_ticks(Desk *desk, GError **error)
{
	Instant wake = INSTANT_NONE;

	desk->tick_is_due = false;
	if (!tick_next(desk->intake, desk_now(desk), &wake, error))
		return false;
	if (wake == INSTANT_NONE || wake > desk_now(desk))
		return true;
	if (!has_mail_first(desk)) {
		desk->tick_is_due = true;
		return true;
	}
	if (wake != desk->last_wake)
		desk->idle_ticks = 0;
	desk->last_wake = wake;
	if (desk->idle_ticks == TICKS_STUCK)
		log_event(LOG_LEVEL_ERROR, "ticks-stuck", NULL);
	desk->tick_is_due = desk->idle_ticks++ < TICKS_STUCK;
	return true;
}

static bool
may_tick(const Desk *desk)
{
	return desk->tick_is_due && !desk->stopping && has_mail_first(desk);
}

/* Whether there is anything to write. */
static bool
has_notes(Desk *desk, bool *ret_has, GError **error)
{
	bool sends;

	if (!desk_read_fill(desk->read, error))
		return false;
	note_heard(desk);
	if (!look_at_ticks(desk, error) ||
	    !desk_send_has_notes(desk->send, &sends, error))
		return false;
	*ret_has = sends || desk_fetch_has_notes(desk->fetch) ||
	    desk_read_has_notes(desk->read) || may_tick(desk);
	return true;
}

bool
desk_try(StoreTx *tx, DeskWork work, void *data, const char *what,
    bool *ret_done, GError **error)
{
	g_autoptr(GError) failed = NULL;

	if (!store_savepoint(tx, error))
		return false;
	*ret_done = work(data, tx, &failed);
	if (*ret_done)
		return store_release(tx, error);
	if (g_error_matches(failed, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY)) {
		g_propagate_error(error, g_steal_pointer(&failed));
		return false;
	}
	log_event(LOG_LEVEL_ERROR, "failed", "doing", what, "why",
	    failed->message, NULL);
	return store_rollback_to(tx, error);
}

static bool
tick(void *data, StoreTx *tx, GError **error)
{
	Desk *desk = data;

	intake_set_heard(desk->intake, desk->heard);
	return tick_due(desk->intake, tx, desk_now(desk), error);
}

static bool
apply_ticks(Desk *desk, StoreTx *tx, GError **error)
{
	bool done = true;

	if (may_tick(desk) && !desk_try(tx, tick, desk, "tick", &done, error))
		return false;
	if (!done)
		desk->idle_ticks = TICKS_STUCK;
	return true;
}

static bool
apply_all(Desk *desk, GError **error)
{
	g_autoptr(StoreTx) tx = store_begin(desk->store, error);

	return tx != NULL && desk_fetch_apply(desk->fetch, tx, error) &&
	    desk_read_apply(desk->read, tx, error) &&
	    apply_ticks(desk, tx, error) &&
	    desk_send_apply(desk->send, tx, error) && store_commit(&tx, error);
}

/* Writes what is noted. *ret_again: there may be more at once. */
static bool
settle(Desk *desk, bool *ret_again, GError **error)
{
	bool has;

	if (!has_notes(desk, &has, error))
		return false;
	*ret_again = has;
	if (!has)
		return true;
	if (!apply_all(desk, error))
		return false;
	desk_fetch_committed(desk->fetch);
	desk_read_committed(desk->read);
	desk_send_committed(desk->send);
	return true;
}

static void begin_trouble(Desk *desk, const GError *error);

/* Children are not started anew for a disk that goes on failing. */
static bool
can_write(Desk *desk, GError **error)
{
	g_autoptr(StoreTx) tx = store_begin(desk->store, error);

	return tx != NULL && store_set_setting(tx, "unclean", "yes", error) &&
	    store_commit(&tx, error);
}

/* After a failed fsync nobody knows what the disk has of the last transaction:
 * the store is opened again, and what the desk knew of it forgotten. */
static void
reopen(Desk *desk)
{
	g_autoptr(GError) error = NULL;

	if (store_reopen(desk->store, &error) && can_write(desk, &error)) {
		log_event(LOG_LEVEL_WARNING, "store-reopened", NULL);
		desk->anew = true;
		loop_quit(desk->loop);
	} else if (g_error_matches(error, GUICHET_ERROR,
		       GUICHET_ERROR_CONFIG)) {
		log_store("opening again", error);
		desk->exit_code = APP_FAILED;
		loop_quit(desk->loop);
	} else {
		begin_trouble(desk, error);
	}
}

static void
end_trouble(void *data)
{
	Desk *desk = data;

	desk->in_trouble = false;
	if (store_is_in_doubt(desk->store))
		reopen(desk);
	else
		desk_fetch_listen(desk->fetch, true);
}

/* The store failed: mail stays where it is, and all is tried again if it may. */
static void
begin_trouble(Desk *desk, const GError *error)
{
	Seconds pause = worker_pause(desk->troubles++);

	log_store("writing", error);
	if (desk->options.once || store_is_gone(desk->store)) {
		desk->exit_code = APP_FAILED;
		loop_quit(desk->loop);
		return;
	}
	desk->in_trouble = true;
	desk_fetch_listen(desk->fetch, false);
	loop_after(desk->loop, pause * 1000, end_trouble, desk);
}

static void
end_gathering(void *data)
{
	Desk *desk = data;

	desk->gather = 0;
	desk->gathered = true;
}

/* A commit costs the disk's time and each page that it touches, whether it
 * holds one mail or thirty: in a storm it waits until it holds some. */
static bool
gathers(Desk *desk)
{
	if (desk->stopping || desk->gathered || !desk_read_gathers(desk->read))
		return false;
	if (desk->gather == 0)
		desk->gather = loop_after(desk->loop, GATHER_MOST,
		    end_gathering, desk);
	return true;
}

static void
wake(void *data)
{
	((Desk *)data)->wake = 0; /* the turn that follows looks */
}

/* Sets the timer to what is due next by the wall clock. */
static void
arm(Desk *desk)
{
	Instant now = instant_now();
	Instant next = now + WAKE_MOST;
	Instant tick = INSTANT_NONE;
	Instant send = INSTANT_NONE;
	Seconds left;

	/* A failure here shows in the next turn. */
	tick_next(desk->intake, now, &tick, NULL);
	store_outbox_next(desk->store, &send, NULL);
	if (tick != INSTANT_NONE && desk->idle_ticks < TICKS_STUCK)
		next = MIN(next, tick);
	if (send != INSTANT_NONE && desk_send_has_room(desk->send))
		next = MIN(next, send);
	left = CLAMP(next - now, 1, WAKE_MOST);
	loop_cancel(desk->loop, desk->wake);
	desk->wake = loop_after(desk->loop, left * 1000, wake, desk);
}

static bool
is_finished(const Desk *desk)
{
	bool quiet = desk_read_is_quiet(desk->read) &&
	    desk_send_is_quiet(desk->send);

	if (desk->stopping)
		return quiet;
	return desk->options.once && desk_is_decided(desk) &&
	    desk_fetch_is_drained(desk->fetch) &&
	    desk_send_is_drained(desk->send);
}

static bool
turn(void *data)
{
	Desk *desk = data;
	g_autoptr(GError) error = NULL;
	bool again = false;

	if (desk->in_trouble || gathers(desk))
		return false;
	loop_cancel(desk->loop, desk->gather);
	desk->gather = 0;
	desk->gathered = false;
	if (!settle(desk, &again, &error)) {
		begin_trouble(desk, error);
		return false;
	}
	desk->troubles = 0;
	if (again)
		return true;
	if (is_finished(desk)) {
		loop_quit(desk->loop);
		return false;
	}
	arm(desk);
	return false;
}

/* ---- signals ---- */

static void
stop_at_once(void *data)
{
	Desk *desk = data;

	log_event(LOG_LEVEL_WARNING, "stop", "text",
	    "something was still in flight", NULL);
	desk->exit_code = APP_FAILED;
	loop_quit(desk->loop);
}

/* What is in flight is ended first: a mail being read is decided, an answer
 * being sent has its outcome written down. */
static void
stop(void *data)
{
	Desk *desk = data;

	if (desk->stopping) {
		stop_at_once(desk);
		return;
	}
	log_event(LOG_LEVEL_INFO, "stop", NULL);
	service_notify("STOPPING=1");
	desk->stopping = true;
	desk_fetch_stop(desk->fetch);
	loop_after(desk->loop, LIMIT_STOP_SECONDS * 1000, stop_at_once, desk);
}

static bool
keep_rules(Desk *desk, const RuleFiles *files, GError **error)
{
	g_autoptr(StoreTx) tx = store_begin(desk->store, error);

	return tx != NULL && store_keep_rules(tx, files, error) &&
	    store_rules_since(tx, files->hash, desk_now(desk), error) &&
	    store_commit(&tx, error);
}

static bool
begin_ticks(Desk *desk, GError **error)
{
	g_autoptr(StoreTx) tx = store_begin(desk->store, error);

	return tx != NULL &&
	    tick_begin(desk->intake, tx, desk_now(desk), error) &&
	    store_commit(&tx, error);
}

static Intake *
new_intake(const DeskSite *site, Store *store, guint64 seed)
{
	Intake *intake = intake_new(site->conf, site->ruleset, store);

	intake_set_seed(intake, seed);
	return intake;
}

/* Takes new rules and people as a whole or not at all. The mailboxes and the
 * store are those of the start; a new way out is taken by the next process. */
static void
reload(void *data)
{
	Desk *desk = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(DeskSite) site = NULL;

	/* That of the start, wherever one would be looked for now. */
	site = desk_site_load(desk->site->conf->file, &error);
	if (site == NULL || !keep_rules(desk, site->files, &error)) {
		log_event(LOG_LEVEL_ERROR, "reload", "text",
		    "the old rules stay in force", "why", error->message, NULL);
		return;
	}
	intake_free(desk->intake);
	desk_site_log_change(desk->site, site);
	desk_site_free(desk->site);
	desk->site = g_steal_pointer(&site);
	quotes_use(ruleset_quotes(desk->site->ruleset));
	desk->intake = new_intake(desk->site, desk->store, desk->options.seed);
	if (!begin_ticks(desk, &error))
		log_store("reloading", error);
}

static bool
watch_signals(Desk *desk, GError **error)
{
	return loop_on_signal(desk->loop, SIGTERM, stop, desk, error) &&
	    loop_on_signal(desk->loop, SIGINT, stop, desk, error) &&
	    loop_on_signal(desk->loop, SIGHUP, reload, desk, error);
}

/* ---- life ---- */

/* All that knows something of the store, and the processes. */
static void
take_hands(Desk *desk)
{
	desk->intake = new_intake(desk->site, desk->store, desk->options.seed);
	desk->loop = loop_new();
	desk->last_wake = desk->heard = INSTANT_NONE;
	desk->fetch = desk_fetch_new(desk);
	desk->read = desk_read_new(desk);
	desk->send = desk_send_new(desk);
}

static void
drop_hands(Desk *desk)
{
	g_clear_pointer(&desk->control, control_free);
	g_clear_pointer(&desk->fetch, desk_fetch_free);
	g_clear_pointer(&desk->read, desk_read_free);
	g_clear_pointer(&desk->send, desk_send_free);
	g_clear_pointer(&desk->loop, loop_free);
	g_clear_pointer(&desk->intake, intake_free);
	desk->wake = desk->gather = desk->idle_ticks = 0;
	desk->tick_is_due = desk->gathered = false;
}

Desk *
desk_new(DeskSite *site, Store *store, const DeskOptions *options)
{
	Desk *desk = g_new0(Desk, 1);

	desk->options = *options;
	desk->site = site;
	desk->store = store;
	desk->started = g_get_monotonic_time();
	take_hands(desk);
	return desk;
}

void
desk_free(Desk *desk)
{
	if (desk == NULL)
		return;
	drop_hands(desk);
	store_free(desk->store);
	desk_site_free(desk->site);
	g_free(desk);
}

static bool
start(Desk *desk, GError **error)
{
	/* A log that nobody reads any more must not end the desk. */
	signal(SIGPIPE, SIG_IGN);
	if (!watch_signals(desk, error) || !begin_run(desk, error))
		return false;
	if (!desk_control_start(desk, error))
		return false;
	loop_on_turn(desk->loop, turn, desk);
	desk_fetch_start(desk->fetch);
	desk_send_start(desk->send);
	service_notify("READY=1");
	desk_watch_start(desk);
	return true;
}

int
desk_run(Desk *desk)
{
	g_autoptr(GError) error = NULL;

	do {
		if (desk->anew) {
			drop_hands(desk);
			take_hands(desk);
			desk->anew = false;
		}
		if (!start(desk, &error) || !loop_run(desk->loop, &error)) {
			log_event(LOG_LEVEL_ERROR, "run", "why", error->message,
			    NULL);
			return APP_FAILED;
		}
	} while (desk->anew && !desk->stopping);
	if (desk_read_is_quiet(desk->read) && desk_send_is_quiet(desk->send))
		end_run(desk);
	desk_left_report(desk);
	return desk->exit_code;
}
