/*
 * doc/security.md 4.2, O0 to O5: each send process has one answer at a time in
 * its hands, and each step is committed before the next one is taken.
 *
 * There are a few of them (send.smtp.connections), so that a server that takes
 * ten minutes over one mail holds up that ticket only: two answers of one
 * ticket are never under way at once, for they must arrive in their order.
 */
#include "desk_private.h"

#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/frame.h"
#include "guichet/base/limits.h"
#include "guichet/base/log.h"
#include "guichet/base/text.h"
#include "guichet/store/store_life.h"

#include <string.h>

#define REPLY_BYTES 500 /* of the server's words that are kept */

typedef enum {
	SEND_IDLE,    /* nothing in hand */
	SEND_SENDING, /* `sending` is committed; the server hears it */
	SEND_AT_DOT,  /* all but the last byte is there: `dot` to commit */
	SEND_GOING,   /* `dot` is committed, `go` was said */
	SEND_ENDED,   /* `outcome` is known, to commit */
} SendStep;

/* One send process. */
typedef struct {
	DeskSend *send;
	Desk *desk;
	Worker *worker;
	bool failed; /* with --once: given up */
	SendStep step;
	OutboxRow *row;   /* in hand */
	OutboxRow *claim; /* the open transaction takes it in hand */
	bool dropped;     /* the open transaction found that it may not go on */
	/* of SEND_ENDED */
	OutboxState state; /* it becomes */
	Instant next;
	int code;
	char *reply;
} Lane;

struct DeskSend {
	GPtrArray *lanes; /* Lane * */
	guint sent;       /* answers, by this run */
	gint64 held;      /* g_get_monotonic_time(): nobody sends before */
	guint refusals;   /* to let us in, in a row */
	gint64 before;    /* the last answer that an earlier run left */
};

Seconds
desk_send_pause(int attempts)
{
	static const Minutes pauses[] = { 5, 15, 30, 60 };
	int last = G_N_ELEMENTS(pauses) - 1;

	return pauses[CLAMP(attempts - 1, 0, last)] * 60;
}

static void
log_answer(LogLevel level, const char *event, const Lane *lane)
{
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT,
	    lane->row->id);
	g_autofree char *code = g_strdup_printf("%d", lane->code);

	log_event(level, event, "answer", id, "kind", lane->row->what, "state",
	    outbox_state_name(lane->state), "code", code, "reply", lane->reply,
	    NULL);
}

/* ---- how it ended ---- */

/* Not accepted, but it may be later; for five days from the first try. */
static void
ends_later(Lane *lane)
{
	const OutboxRow *row = lane->row;
	Instant now = desk_now(lane->desk);
	Instant first = row->first_try == INSTANT_NONE ? now : row->first_try;

	lane->next = now + desk_send_pause(row->attempts);
	lane->state = lane->next - first > LIMIT_SEND_RETRY_SECONDS
	    ? OUTBOX_FAILED
	    : OUTBOX_RETRY;
}

/* Nobody knows whether it was accepted: a person's words are sent once more,
 * anything else never. */
static void
ends_unknown(Lane *lane)
{
	if (lane->step != SEND_GOING) {
		ends_later(lane);
	} else if (lane->row->repeatable && !lane->row->uncertain) {
		lane->state = OUTBOX_READY;
		lane->next = desk_now(lane->desk) + desk_send_pause(1);
	} else {
		lane->state = OUTBOX_MAYBE;
	}
}

/* RFC 4954: the user or the password is refused, and trying it with the next
 * answer would have us banned. */
static void
note_refusal(DeskSend *send, bool once)
{
	send->held = g_get_monotonic_time() +
	    worker_refusal_pause(++send->refusals) * G_USEC_PER_SEC;
	for (guint i = 0; once && i < send->lanes->len; i++)
		((Lane *)send->lanes->pdata[i])->failed = true;
}

static void
note_end(Lane *lane, const char *outcome, int code, const char *reply)
{
	bool refused = code == 530 || code == 534 || code == 535 || code == 538;

	if (g_str_equal(outcome, "later") && refused)
		note_refusal(lane->send, lane->desk->options.once);
	else if (code != 0)
		lane->send->refusals = 0;
	lane->next = INSTANT_NONE;
	if (g_str_equal(outcome, "sent"))
		lane->state = OUTBOX_SENT;
	else if (g_str_equal(outcome, "never"))
		lane->state = OUTBOX_FAILED;
	else if (g_str_equal(outcome, "later"))
		ends_later(lane);
	else
		ends_unknown(lane);
	lane->code = code;
	g_free(lane->reply);
	lane->reply = text_clean_line(reply, -1, REPLY_BYTES);
	lane->step = SEND_ENDED;
}

/* ---- the send process ---- */

static void
started(void *data, Worker *worker)
{
	Lane *lane = data;
	GVariantDict args;

	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert_value(&args, "config",
	    sink_conf_to_variant(lane->desk->site->conf->sink));
	g_variant_dict_insert(&args, "beat", "x",
	    desk_beat_milliseconds(lane->desk));
	worker_say(worker, "start", g_variant_dict_end(&args), -1);
}

static void
give_up(Lane *lane)
{
	if (!lane->desk->options.once)
		return;
	lane->failed = true;
	desk_failed(lane->desk);
	worker_hang_up(lane->worker);
}

static void
died(void *data, Worker *worker, const char *why, Seconds pause)
{
	Lane *lane = data;
	g_autofree char *again = g_strdup_printf("%" G_GINT64_FORMAT, pause);
	bool once = lane->desk->options.once;

	(void)worker;
	log_event(once ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING, "sending-down",
	    "why", why, "again", once ? NULL : again, NULL);
	if (lane->step != SEND_IDLE && lane->step != SEND_ENDED)
		note_end(lane, "unknown", 0, why);
	give_up(lane);
}

static void
hear_state(const Lane *lane, const Frame *frame)
{
	bool ok = frame_bool(frame, "ok");

	(void)lane;
	log_event(ok ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING,
	    ok ? "sending-up" : "sending-trouble", "text",
	    frame_string(frame, "text"), NULL);
}

static void
heard(void *data, Worker *worker, Frame *frame)
{
	Lane *lane = data;
	bool ours = lane->row != NULL &&
	    frame_int(frame, "id", 0) == lane->row->id;

	if (g_str_equal(frame->verb, "state"))
		hear_state(lane, frame);
	else if (ours && g_str_equal(frame->verb, "dot") &&
	    lane->step == SEND_SENDING)
		lane->step = SEND_AT_DOT;
	else if (ours && g_str_equal(frame->verb, "result") &&
	    lane->step != SEND_ENDED)
		note_end(lane, frame_string(frame, "outcome"),
		    (int)frame_int(frame, "code", 0),
		    frame_string(frame, "text"));
	else
		worker_break(worker, "said what was not its turn to say");
}

static void
lane_free(gpointer data)
{
	Lane *lane = data;

	worker_free(lane->worker);
	g_clear_pointer(&lane->row, outbox_row_free);
	g_clear_pointer(&lane->claim, outbox_row_free);
	g_free(lane->reply);
	g_free(lane);
}

DeskSend *
desk_send_new(Desk *desk)
{
	static const WorkerOps ops = { started, heard, died };
	DeskSend *send = g_new0(DeskSend, 1);
	guint count = (guint)CLAMP(desk->site->conf->sink->connections, 1,
	    LIMIT_SEND_PROCESSES);

	/* A failure here shows in the first turn. */
	store_last_outbox(desk->store, &send->before, NULL);
	send->lanes = g_ptr_array_new_with_free_func(lane_free);
	for (guint i = 0; i < count; i++) {
		Lane *lane = g_new0(Lane, 1);

		lane->send = send;
		lane->desk = desk;
		lane->worker = worker_new(desk->loop, "send", "sink", &ops,
		    lane);
		g_ptr_array_add(send->lanes, lane);
	}
	return send;
}

void
desk_send_free(DeskSend *send)
{
	if (send == NULL)
		return;
	for (guint i = 0; i < send->lanes->len; i++)
		worker_hang_up(((Lane *)send->lanes->pdata[i])->worker);
	g_ptr_array_unref(send->lanes);
	g_free(send);
}

void
desk_send_start(DeskSend *send)
{
	for (guint i = 0; i < send->lanes->len; i++)
		worker_start(((Lane *)send->lanes->pdata[i])->worker);
}

/* ---- into the store ---- */

/* With --once answers wait until all mail is decided: what they bring about
 * comes after it, in every run alike. */
static bool
may_claim(const Lane *lane)
{
	const Desk *desk = lane->desk;

	return lane->step == SEND_IDLE && !lane->failed && !desk->stopping &&
	    g_get_monotonic_time() >= lane->send->held &&
	    worker_is_up(lane->worker) &&
	    (!desk->options.once || desk_is_decided(desk));
}

/* The tickets of the answers that are under way: none of them gets a second. */
static void
busy_tickets(const DeskSend *send, gint64 *ret_tickets)
{
	for (guint i = 0; i < LIMIT_SEND_PROCESSES; i++) {
		const Lane *lane = i < send->lanes->len ? send->lanes->pdata[i]
							: NULL;
		const OutboxRow *row = lane == NULL ? NULL
		    : lane->row != NULL             ? lane->row
						    : lane->claim;

		ret_tickets[i] = row != NULL ? row->ticket : 0;
	}
}

/* The first answer that may go now, or NULL. Until the mailboxes tell that the
 * store was not set back, what an earlier run left may have gone out since. */
static bool
find_due(const DeskSend *send, Instant now, OutboxRow **ret_row, GError **error)
{
	gint64 busy[LIMIT_SEND_PROCESSES];
	g_autoptr(GPtrArray) rows = NULL;
	const Lane *first = send->lanes->pdata[0];

	busy_tickets(send, busy);
	rows = store_outbox_due_beside(first->desk->store, now, busy,
	    desk_fetch_is_weighed(first->desk->fetch) ? 0 : send->before, 1,
	    error);
	if (rows == NULL)
		return false;
	*ret_row = NULL;
	if (rows->len > 0)
		*ret_row = g_ptr_array_steal_index(rows, 0);
	return true;
}

static bool
is_due(const DeskSend *send, bool *ret_due, GError **error)
{
	const Lane *first = send->lanes->pdata[0];
	g_autoptr(OutboxRow) row = NULL;
	Instant next = INSTANT_NONE;
	Instant now = desk_now(first->desk);

	*ret_due = false;
	/* Cheap, and mostly says no. */
	if (!store_outbox_next(first->desk->store, &next, error))
		return false;
	if (next == INSTANT_NONE || next > now)
		return true;
	if (!find_due(send, now, &row, error))
		return false;
	*ret_due = row != NULL;
	return true;
}

bool
desk_send_has_room(const DeskSend *send)
{
	for (guint i = 0; i < send->lanes->len; i++) {
		if (may_claim(send->lanes->pdata[i]))
			return true;
	}
	return false;
}

/* What an earlier transaction claimed in vain is free for all, and due. */
static void
drop_claims(DeskSend *send)
{
	for (guint i = 0; i < send->lanes->len; i++) {
		Lane *lane = send->lanes->pdata[i];

		g_clear_pointer(&lane->claim, outbox_row_free);
		lane->dropped = false;
	}
}

bool
desk_send_has_notes(DeskSend *send, bool *ret_has, GError **error)
{
	drop_claims(send);
	for (guint i = 0; i < send->lanes->len; i++) {
		const Lane *lane = send->lanes->pdata[i];

		*ret_has = lane->step == SEND_AT_DOT ||
		    lane->step == SEND_ENDED;
		if (*ret_has)
			return true;
	}
	return !desk_send_has_room(send) || is_due(send, ret_has, error);
}

bool
desk_send_is_quiet(const DeskSend *send)
{
	for (guint i = 0; i < send->lanes->len; i++) {
		if (((const Lane *)send->lanes->pdata[i])->step != SEND_IDLE)
			return false;
	}
	return true;
}

bool
desk_send_is_drained(DeskSend *send)
{
	bool due = true;
	bool all_failed = true;

	for (guint i = 0; i < send->lanes->len; i++)
		all_failed = all_failed &&
		    ((const Lane *)send->lanes->pdata[i])->failed;
	return desk_send_is_quiet(send) &&
	    (all_failed || (is_due(send, &due, NULL) && !due));
}

guint
desk_send_count(const DeskSend *send)
{
	return send->sent;
}

/* Moves the row in hand. A person may have dropped it meanwhile: then the
 * store refuses, and what is under way is broken off. */
static bool
move(Lane *lane, StoreTx *tx, OutboxState state, GError **error)
{
	g_autoptr(GError) failed = NULL;

	if (store_outbox_state(tx, lane->row->id,
		&(OutboxTurn){ state, lane->next, lane->code, lane->reply,
		    desk_now(lane->desk) },
		&failed))
		return true;
	if (!g_error_matches(failed, GUICHET_ERROR, GUICHET_ERROR_PERMANENT)) {
		g_propagate_error(error, g_steal_pointer(&failed));
		return false;
	}
	log_event(LOG_LEVEL_WARNING, "answer-dropped", "why", failed->message,
	    NULL);
	lane->dropped = true;
	return true;
}

static bool
claim(Lane *lane, StoreTx *tx, GError **error)
{
	Instant now = desk_now(lane->desk);

	if (!find_due(lane->send, now, &lane->claim, error))
		return false;
	return lane->claim == NULL ||
	    store_outbox_state(tx, lane->claim->id,
		&(OutboxTurn){ OUTBOX_SENDING, INSTANT_NONE, 0, NULL, now },
		error);
}

static bool
tell_failure(void *data, StoreTx *tx, GError **error)
{
	Lane *lane = data;
	g_autoptr(OutboxRow) row = NULL;

	/* As it was just written: with the server's code and words. */
	if (!store_outbox_row(lane->desk->store, lane->row->id, &row, error))
		return false;
	return row == NULL ||
	    intake_send_failed(lane->desk->intake, tx, row,
		desk_now(lane->desk), error);
}

static bool
apply_end(Lane *lane, StoreTx *tx, GError **error)
{
	bool told;

	if (!move(lane, tx, lane->state, error))
		return false;
	return lane->dropped || lane->state != OUTBOX_FAILED ||
	    desk_try(tx, tell_failure, lane, "telling of a failed answer",
		&told, error);
}

static bool
lane_apply(Lane *lane, StoreTx *tx, GError **error)
{
	if (lane->step == SEND_AT_DOT)
		return move(lane, tx, OUTBOX_DOT, error);
	if (lane->step == SEND_ENDED)
		return apply_end(lane, tx, error);
	return !may_claim(lane) || claim(lane, tx, error);
}

bool
desk_send_apply(DeskSend *send, StoreTx *tx, GError **error)
{
	drop_claims(send);
	for (guint i = 0; i < send->lanes->len; i++) {
		if (!lane_apply(send->lanes->pdata[i], tx, error))
			return false;
	}
	return true;
}

void
desk_send_watch(DeskSend *send, gint64 now)
{
	for (guint i = 0; i < send->lanes->len; i++) {
		const Lane *lane = send->lanes->pdata[i];

		worker_watch(lane->worker, now,
		    desk_beat_milliseconds(lane->desk) * 1000);
	}
}

static void
say_send(Lane *lane)
{
	const OutboxRow *row = lane->row;
	g_autoptr(GError) error = NULL;
	g_auto(Descriptor) bytes =
	    frame_memfd(g_bytes_get_data(row->bytes, NULL),
		g_bytes_get_size(row->bytes), &error);
	GVariantDict args;

	if (bytes < 0) {
		note_end(lane, "later", 0, error->message);
		return;
	}
	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "id", "x", row->id);
	g_variant_dict_insert(&args, "from", "s", row->from);
	g_variant_dict_insert(&args, "to", "s", row->to);
	/* Reports are wanted where the envelope has somebody to get them. */
	g_variant_dict_insert(&args, "notify", "b", *row->from != '\0');
	worker_say(lane->worker, "send", g_variant_dict_end(&args), bytes);
}

static void
say_go(Lane *lane)
{
	GVariantDict args;

	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "id", "x", lane->row->id);
	worker_say(lane->worker, "go", g_variant_dict_end(&args), -1);
}

static void
put_away(Lane *lane)
{
	g_clear_pointer(&lane->row, outbox_row_free);
	g_clear_pointer(&lane->reply, g_free);
	lane->code = 0;
	lane->next = INSTANT_NONE;
	lane->step = SEND_IDLE;
}

static void
lane_committed(Lane *lane)
{
	if (lane->dropped) {
		bool ended = lane->step == SEND_ENDED;

		lane->dropped = false;
		put_away(lane);
		if (!ended)
			worker_break(lane->worker, "its mail was dropped");
	} else if (lane->step == SEND_AT_DOT) {
		lane->step = SEND_GOING;
		say_go(lane);
	} else if (lane->step == SEND_ENDED) {
		bool bad = lane->state == OUTBOX_FAILED ||
		    lane->state == OUTBOX_MAYBE;

		lane->send->sent += lane->state == OUTBOX_SENT ? 1 : 0;
		log_answer(bad ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO, "answer",
		    lane);
		put_away(lane);
	} else if (lane->claim != NULL) {
		lane->row = g_steal_pointer(&lane->claim);
		lane->row->attempts++;
		lane->next = INSTANT_NONE;
		lane->step = SEND_SENDING;
		say_send(lane);
	}
}

void
desk_send_committed(DeskSend *send)
{
	for (guint i = 0; i < send->lanes->len; i++)
		lane_committed(send->lanes->pdata[i]);
}
