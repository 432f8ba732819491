/*
 * The desk's loop: desk_run.c turns, desk_fetch*.c take mail in, desk_read.c
 * has it read and decided, desk_send.c sends, desk_control.c takes orders,
 * desk_watch.c sees that it moves.
 *
 * What a round of the loop brings is only noted. Once a round, everything
 * noted is written in one transaction, at the latest a moment later: each part's _apply() writes and keeps
 * no trace of it in memory, and after the commit each part's _committed()
 * moves on and tells the children. A transaction that fails is tried again,
 * with the same notes, after a growing pause.
 */
#ifndef GUICHET_DESK_PRIVATE_H
#define GUICHET_DESK_PRIVATE_H

#include "guichet/daemon/control.h"
#include "guichet/daemon/desk.h"
#include "guichet/daemon/readers.h"
#include "guichet/daemon/vigil.h"
#include "guichet/daemon/worker.h"

typedef struct DeskFetch DeskFetch;
typedef struct DeskRead DeskRead;
typedef struct DeskSend DeskSend;

struct Desk {
	DeskOptions options;
	DeskSite *site;
	Store *store;
	Intake *intake;
	Loop *loop;
	DeskFetch *fetch;
	DeskRead *read;
	DeskSend *send;
	Control *control;
	int exit_code;
	bool stopping; /* nothing new is begun */
	bool tick_is_due;
	bool in_trouble;   /* the store failed; a timer is set */
	bool anew;         /* the store was opened again: as after a start */
	guint troubles;    /* in a row */
	guint wake;        /* timer to the next thing that is due */
	guint gather;      /* timer to the end of gathering, or 0 */
	bool gathered;     /* it has run out: what is noted is written */
	guint idle_ticks;  /* ticks in a row that moved nothing */
	Instant last_wake; /* what they were due for */
	Instant heard;     /* all mail of until then is decided */
	gint64 started;    /* g_get_monotonic_time() */
	guint64 decided;   /* mails, since then */
	Vigil vigil;       /* over them */
};

Instant desk_now(const Desk *desk);
/* Between two signs of life of a hand. */
gint64 desk_beat_milliseconds(const Desk *desk);
/* With --once: all mail is decided, and no tick is due. */
bool desk_is_decided(const Desk *desk);
/* Something failed that `--once` must report. */
void desk_failed(Desk *desk);

/*
 * Does something in a savepoint. What fails for another reason than the store
 * leaves nothing behind, is logged as `what` and only makes *ret_done false:
 * one mail or ticket does not stop the others. False: the transaction fails.
 */
typedef bool (*DeskWork)(void *data, StoreTx *tx, GError **error);
bool desk_try(StoreTx *tx, DeskWork work, void *data, const char *what,
    bool *ret_done, GError **error);

/* ---- desk_control.c ---- */

/* From now on orders are taken from the control socket. */
bool desk_control_start(Desk *desk, GError **error);

/* ---- desk_fetch.c ---- */

DeskFetch *desk_fetch_new(Desk *desk);
void desk_fetch_free(DeskFetch *fetch);
void desk_fetch_start(DeskFetch *fetch);
void desk_fetch_stop(DeskFetch *fetch);
bool desk_fetch_has_notes(DeskFetch *fetch);
bool desk_fetch_apply(DeskFetch *fetch, StoreTx *tx, GError **error);
void desk_fetch_committed(DeskFetch *fetch);
/* A mail was decided, and committed: its mailbox may mark it. */
void desk_fetch_mark(DeskFetch *fetch, const StoredMail *mail);
/* Whether fetch processes are heard; they wait while the store fails. */
void desk_fetch_listen(DeskFetch *fetch, bool listen);
/* All mailboxes have handed over what they had, or failed. */
bool desk_fetch_is_idle(const DeskFetch *fetch);
/* Until when all of them were looked at; INSTANT_NONE: not yet all. */
Instant desk_fetch_heard(const DeskFetch *fetch);
/* Whether all that can be had were looked at for being ahead of the store, or it
 * took too long. */
bool desk_fetch_is_weighed(const DeskFetch *fetch);
/* Ends the processes that hang. */
void desk_fetch_watch(DeskFetch *fetch, gint64 now);
/* And all that was decided is marked. */
bool desk_fetch_is_drained(const DeskFetch *fetch);

/* ---- desk_read.c ---- */

DeskRead *desk_read_new(Desk *desk);
void desk_read_free(DeskRead *read);
/* There may be mails in the store that are not known here. */
void desk_read_look(DeskRead *read);
/* Loads what fits; false if the store fails. */
bool desk_read_fill(DeskRead *read, GError **error);
bool desk_read_has_notes(DeskRead *read);
/* More mails are about to have been read: what is noted may wait for them, so
 * that one commit serves all. */
bool desk_read_gathers(const DeskRead *read);
bool desk_read_apply(DeskRead *read, StoreTx *tx, GError **error);
void desk_read_committed(DeskRead *read);
bool desk_read_is_drained(const DeskRead *read); /* nothing waits or is read */
bool desk_read_is_quiet(DeskRead *read);         /* nothing is being read */
/* A mail could be read and decided, or is being read. */
bool desk_read_has_waiting(const DeskRead *read);
/* The first mail that is not decided, its state, and who has it: words for the
 * log, which the caller frees; NULL where there is none. */
void desk_read_describe(const DeskRead *read, char **ret_mail, char **ret_state,
    char **ret_holder);
/* Mails that were set aside an hour ago wait again. */
void desk_read_try_again(DeskRead *read);

/* ---- desk_send.c ---- */

DeskSend *desk_send_new(Desk *desk);
void desk_send_free(DeskSend *send);
void desk_send_start(DeskSend *send);
bool desk_send_has_notes(DeskSend *send, bool *ret_has, GError **error);
bool desk_send_apply(DeskSend *send, StoreTx *tx, GError **error);
void desk_send_committed(DeskSend *send);
bool desk_send_is_quiet(const DeskSend *send); /* no mail is in its hands */
/* Whether it could take one more. */
bool desk_send_has_room(const DeskSend *send);
/* Nor is one due that it could still send. */
bool desk_send_is_drained(DeskSend *send);
/* Ends the processes that hang, over an answer or none. */
void desk_send_watch(DeskSend *send, gint64 now);

/* How many answers the server took from this run. */
guint desk_send_count(const DeskSend *send);

/* With --once (desk_left.c): says what waits for a time that has not come. The
 * way out has failed where answers that were tried in vain wait for another run,
 * and this one has sent none. */
void desk_left_report(Desk *desk);

/* Seconds before the try after number `attempts`: 5 min, 15, 30, then 60. */
Seconds desk_send_pause(int attempts);

/* ---- desk_watch.c ---- */

/* Begins to watch, or goes on after a start of all hands. */
void desk_watch_start(Desk *desk);

#endif
