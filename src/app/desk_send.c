/*
 * SECURITY.md 4.2, O0 to O5: one answer at a time is in the send process's
 * hands, and each step is committed before the next one is taken.
 */
#include "desk-private.h"

#include "guichet/cleanup.h"
#include "guichet/error.h"
#include "guichet/frame.h"
#include "guichet/limits.h"
#include "guichet/log.h"
#include "guichet/text.h"

#include <string.h>

#define REPLY_BYTES 500 /* of the server's words that are kept */

typedef enum {
	SEND_IDLE,    /* nothing in hand */
	SEND_SENDING, /* `sending` is committed; the server hears it */
	SEND_AT_DOT,  /* all but the last byte is there: `dot` to commit */
	SEND_GOING,   /* `dot` is committed, `go` was said */
	SEND_ENDED,   /* `outcome` is known, to commit */
} SendStep;

struct DeskSend {
	Desk *desk;
	Worker *worker;
	bool failed; /* with --once: given up */
	SendStep step;
	OutboxRow *row;   /* in hand */
	OutboxRow *claim; /* the open transaction takes it in hand */
	bool dropped;     /* the open transaction found that it may not go on */
	/* of SEND_ENDED */
	const char *state; /* it becomes */
	Instant next;
	int code;
	char *reply;
};

Seconds
desk_send_pause(int attempts)
{
	static const Minutes pauses[] = { 5, 15, 30, 60 };
	int last = G_N_ELEMENTS(pauses) - 1;

	return pauses[CLAMP(attempts - 1, 0, last)] * 60;
}

static void
log_answer(LogLevel level, const char *event, const DeskSend *send)
{
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT,
	    send->row->id);
	g_autofree char *code = g_strdup_printf("%d", send->code);

	log_event(level, event, "answer", id, "kind", send->row->what, "state",
	    send->state, "code", code, "reply", send->reply, NULL);
}

/* ---- how it ended ---- */

/* Not accepted, but it may be later; for five days from the first try. */
static void
ends_later(DeskSend *send)
{
	const OutboxRow *row = send->row;
	Instant now = desk_now(send->desk);
	Instant first = row->first_try == INSTANT_NONE ? now : row->first_try;

	send->next = now + desk_send_pause(row->attempts);
	send->state = send->next - first > LIMIT_SEND_RETRY_SECONDS ? "failed"
								    : "retry";
}

/* Nobody knows whether it was accepted: a person's words are sent once more,
 * anything else never. */
static void
ends_unknown(DeskSend *send)
{
	if (send->step != SEND_GOING) {
		ends_later(send);
	} else if (send->row->repeatable && !send->row->uncertain) {
		send->state = "ready";
		send->next = desk_now(send->desk) + desk_send_pause(1);
	} else {
		send->state = "maybe";
	}
}

static void
note_end(DeskSend *send, const char *outcome, int code, const char *reply)
{
	send->next = INSTANT_NONE;
	if (g_str_equal(outcome, "sent"))
		send->state = "sent";
	else if (g_str_equal(outcome, "never"))
		send->state = "failed";
	else if (g_str_equal(outcome, "later"))
		ends_later(send);
	else
		ends_unknown(send);
	send->code = code;
	g_free(send->reply);
	send->reply = text_clean_line(reply, -1, REPLY_BYTES);
	send->step = SEND_ENDED;
}

/* ---- the send process ---- */

static void
started(void *data, Worker *worker)
{
	DeskSend *send = data;
	GVariantDict args;

	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert_value(&args, "config",
	    sink_conf_to_variant(send->desk->site->conf->sink));
	worker_say(worker, "start", g_variant_dict_end(&args), -1);
}

static void
give_up(DeskSend *send)
{
	if (!send->desk->options.once)
		return;
	send->failed = true;
	desk_failed(send->desk);
	worker_hang_up(send->worker);
}

static void
died(void *data, Worker *worker, const char *why, Seconds pause)
{
	DeskSend *send = data;
	g_autofree char *again = g_strdup_printf("%" G_GINT64_FORMAT, pause);
	bool once = send->desk->options.once;

	(void)worker;
	log_event(once ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING, "sending-down",
	    "why", why, "again", once ? NULL : again, NULL);
	if (send->step != SEND_IDLE && send->step != SEND_ENDED)
		note_end(send, "unknown", 0, why);
	give_up(send);
}

static void
hear_state(const DeskSend *send, const Frame *frame)
{
	bool ok = frame_bool(frame, "ok");

	(void)send;
	log_event(ok ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING,
	    ok ? "sending-up" : "sending-trouble", "text",
	    frame_string(frame, "text"), NULL);
}

static void
heard(void *data, Worker *worker, Frame *frame)
{
	DeskSend *send = data;
	bool ours = send->row != NULL &&
	    frame_int(frame, "id", 0) == send->row->id;

	if (g_str_equal(frame->verb, "state"))
		hear_state(send, frame);
	else if (ours && g_str_equal(frame->verb, "dot") &&
	    send->step == SEND_SENDING)
		send->step = SEND_AT_DOT;
	else if (ours && g_str_equal(frame->verb, "result") &&
	    send->step != SEND_ENDED)
		note_end(send, frame_string(frame, "outcome"),
		    (int)frame_int(frame, "code", 0),
		    frame_string(frame, "text"));
	else
		worker_break(worker, "said what was not its turn to say");
}

DeskSend *
desk_send_new(Desk *desk)
{
	static const WorkerOps ops = { started, heard, died };
	DeskSend *send = g_new0(DeskSend, 1);

	send->desk = desk;
	send->worker = worker_new(desk->loop, "send", "sink", &ops, send);
	return send;
}

void
desk_send_free(DeskSend *send)
{
	if (send == NULL)
		return;
	worker_free(send->worker);
	g_clear_pointer(&send->row, outbox_row_free);
	g_clear_pointer(&send->claim, outbox_row_free);
	g_free(send->reply);
	g_free(send);
}

void
desk_send_start(DeskSend *send)
{
	worker_start(send->worker);
}

/* ---- into the store ---- */

/* With --once answers wait until all mail is decided: what they bring about
 * comes after it, in every run alike. */
static bool
may_claim(const DeskSend *send)
{
	const Desk *desk = send->desk;

	return send->step == SEND_IDLE && !send->failed && !desk->stopping &&
	    worker_is_up(send->worker) &&
	    (!desk->options.once || desk_is_decided(desk));
}

static bool
is_due(const DeskSend *send, bool *ret_due, GError **error)
{
	Instant next = INSTANT_NONE;

	if (!store_outbox_next(send->desk->store, &next, error))
		return false;
	*ret_due = next != INSTANT_NONE && next <= desk_now(send->desk);
	return true;
}

bool
desk_send_has_notes(DeskSend *send, bool *ret_has, GError **error)
{
	*ret_has = send->step == SEND_AT_DOT || send->step == SEND_ENDED;
	return *ret_has || !may_claim(send) || is_due(send, ret_has, error);
}

bool
desk_send_is_quiet(const DeskSend *send)
{
	return send->step == SEND_IDLE;
}

bool
desk_send_is_drained(DeskSend *send)
{
	bool due = true;

	if (send->step != SEND_IDLE)
		return false;
	return send->failed || (is_due(send, &due, NULL) && !due);
}

/* Moves the row in hand. A person may have dropped it meanwhile: then the
 * store refuses, and what is under way is broken off. */
static bool
move(DeskSend *send, StoreTx *tx, const char *state, GError **error)
{
	g_autoptr(GError) failed = NULL;

	if (store_outbox_state(tx, send->row->id, state, send->next, send->code,
		send->reply, desk_now(send->desk), &failed))
		return true;
	if (!g_error_matches(failed, GUICHET_ERROR, GUICHET_ERROR_PERMANENT)) {
		g_propagate_error(error, g_steal_pointer(&failed));
		return false;
	}
	log_event(LOG_LEVEL_WARNING, "answer-dropped", "why", failed->message,
	    NULL);
	send->dropped = true;
	return true;
}

static bool
claim(DeskSend *send, StoreTx *tx, GError **error)
{
	Instant now = desk_now(send->desk);
	g_autoptr(GPtrArray) rows = store_outbox_due(send->desk->store, now, 1,
	    error);
	OutboxRow *row;

	if (rows == NULL)
		return false;
	if (rows->len == 0)
		return true;
	row = rows->pdata[0];
	rows->pdata[0] = NULL;
	send->claim = row;
	return store_outbox_state(tx, row->id, "sending", INSTANT_NONE, 0, NULL,
	    now, error);
}

static bool
tell_failure(void *data, StoreTx *tx, GError **error)
{
	DeskSend *send = data;
	g_autoptr(OutboxRow) row = NULL;

	/* As it was just written: with the server's code and words. */
	if (!store_outbox_row(send->desk->store, send->row->id, &row, error))
		return false;
	return row == NULL ||
	    intake_send_failed(send->desk->intake, tx, row,
		desk_now(send->desk), error);
}

static bool
apply_end(DeskSend *send, StoreTx *tx, GError **error)
{
	bool told;

	if (!move(send, tx, send->state, error))
		return false;
	return send->dropped || !g_str_equal(send->state, "failed") ||
	    desk_try(tx, tell_failure, send, "telling of a failed answer",
		&told, error);
}

bool
desk_send_apply(DeskSend *send, StoreTx *tx, GError **error)
{
	g_clear_pointer(&send->claim, outbox_row_free);
	send->dropped = false;
	if (send->step == SEND_AT_DOT)
		return move(send, tx, "dot", error);
	if (send->step == SEND_ENDED)
		return apply_end(send, tx, error);
	return !may_claim(send) || claim(send, tx, error);
}

static void
say_send(DeskSend *send)
{
	const OutboxRow *row = send->row;
	g_autoptr(GError) error = NULL;
	g_auto(Descriptor) bytes =
	    frame_memfd(g_bytes_get_data(row->bytes, NULL),
		g_bytes_get_size(row->bytes), &error);
	GVariantDict args;

	if (bytes < 0) {
		note_end(send, "later", 0, error->message);
		return;
	}
	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "id", "x", row->id);
	g_variant_dict_insert(&args, "from", "s", row->from);
	g_variant_dict_insert(&args, "to", "s", row->to);
	/* Reports are wanted where the envelope has somebody to get them. */
	g_variant_dict_insert(&args, "notify", "b", *row->from != '\0');
	worker_say(send->worker, "send", g_variant_dict_end(&args), bytes);
}

static void
say_go(DeskSend *send)
{
	GVariantDict args;

	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "id", "x", send->row->id);
	worker_say(send->worker, "go", g_variant_dict_end(&args), -1);
}

static void
put_away(DeskSend *send)
{
	g_clear_pointer(&send->row, outbox_row_free);
	g_clear_pointer(&send->reply, g_free);
	send->code = 0;
	send->next = INSTANT_NONE;
	send->step = SEND_IDLE;
}

void
desk_send_committed(DeskSend *send)
{
	if (send->dropped) {
		bool ended = send->step == SEND_ENDED;

		send->dropped = false;
		put_away(send);
		if (!ended)
			worker_break(send->worker, "its mail was dropped");
	} else if (send->step == SEND_AT_DOT) {
		send->step = SEND_GOING;
		say_go(send);
	} else if (send->step == SEND_ENDED) {
		bool bad = g_str_equal(send->state, "failed") ||
		    g_str_equal(send->state, "maybe");

		log_answer(bad ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO, "answer",
		    send);
		put_away(send);
	} else if (send->claim != NULL) {
		send->row = g_steal_pointer(&send->claim);
		send->row->attempts++;
		send->next = INSTANT_NONE;
		send->step = SEND_SENDING;
		say_send(send);
	}
}
