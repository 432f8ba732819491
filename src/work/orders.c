/*
 * Orders, whoever gives them: what store and site know of what one is about,
 * and the effects that no mail by itself has.
 */
#include "guichet/work/reads.h"

#include "guichet/store/store_alert.h"
#include "guichet/store/store_ledger.h"

#include <string.h>

#define CASES 100 /* of one ticket; a storm's have each their own host */

/* A case, and what it borrows. */
typedef struct {
	OrderCase c; /* first: orders_known_free() */
	Order *order;
	char *language;
	AlertTold told;
	OutboxRow *row;
	StoredMail *mail;
	char *ledger_contract;
	GPtrArray *rows;   /* what c.rows borrows */
	GPtrArray *events; /* c.events */
	GArray *answers;   /* c.answers */
} Known;

void
orders_known_free(OrderCase *c)
{
	Known *k = (Known *)c;

	if (k == NULL)
		return;
	order_free(k->order);
	g_free(k->language);
	g_free(k->ledger_contract);
	outbox_row_free(k->row);
	stored_mail_free(k->mail);
	g_clear_pointer(&k->rows, g_ptr_array_unref);
	g_clear_pointer(&k->events, g_ptr_array_unref);
	g_clear_pointer(&k->answers, g_array_unref);
	g_free(k);
}

/* The technician whom a name or an address names; NULL: nobody. */
static const char *
find_technician(const Intake *in, const char *who)
{
	const GPtrArray *all = in->conf->technicians;

	for (guint i = 0; i < all->len; i++) {
		const Technician *t = all->pdata[i];

		/* Who has left gets nothing any more. */
		if (t->active &&
		    (g_ascii_strcasecmp(t->name, who) == 0 ||
			g_ascii_strcasecmp(t->address, who) == 0))
			return t->name;
	}
	return NULL;
}

/* The second ticket of an order, as it stands now. */
static bool
know_other(Known *k, Intake *in, Instant now, GError **error)
{
	TicketView *other = NULL;

	if (k->order->other == 0)
		return true;
	if (!view_find(in, k->order->other, &other, error) ||
	    !store_is_linked(in->store, k->order->number, k->order->other,
		&k->c.is_linked, error))
		return false;
	if (other != NULL)
		ticket_view_run(other, now);
	k->c.other = other;
	return true;
}

/* What the client was told of the alert that the order is about: under the
 * contract that the ticket is moved to, or the one that it has. */
static bool
know_told(Known *k, Intake *in, Instant now, GError **error)
{
	OrderKind kind = k->order->kind;
	const Contract *contract = kind == ORDER_CONTRACT
	    ? ruleset_contract(in->ruleset, k->order->text)
	    : k->c.view->contract;

	k->c.told = &k->told;
	if (kind != ORDER_CONTRACT &&
	    (contract == NULL || !ticket_is_of_an_alert(k->c.ticket) ||
		(kind != ORDER_TAKE && kind != ORDER_ACK &&
		    kind != ORDER_CALL)))
		return true;
	return alert_told(in, k->c.view, contract,
	    k->order->at != INSTANT_NONE ? k->order->at : now, &k->told, error);
}

static CaseAnswer
answer_of(const OutboxRow *row)
{
	CaseAnswer answer = { .id = row->id,
		.batch = row->batch,
		.at = row->created };
	OutboxState state = OUTBOX_READY;

	send_kind_parse(row->what, &answer.what);
	outbox_state_parse(row->state, &state);
	answer.is_here = !row->uncertain &&
	    (state == OUTBOX_READY || state == OUTBOX_RETRY);
	answer.has_left = row->uncertain || state == OUTBOX_SENT ||
	    state == OUTBOX_MAYBE || state == OUTBOX_SENDING ||
	    state == OUTBOX_DOT;
	return answer;
}

/* What was done on the ticket, and what was sent of it. */
static bool
know_past(Known *k, Intake *in, GError **error)
{
	g_autoptr(GPtrArray) rows = NULL;
	OrderKind kind = k->order->kind;

	if (kind != ORDER_STOP && kind != ORDER_UNDO && kind != ORDER_SEND)
		return true;
	k->c.events = k->events = store_events(in->store, k->order->number,
	    error);
	rows = k->events != NULL
	    ? store_outbox_of(in->store, k->order->number, error)
	    : NULL;
	k->c.answers = k->answers = g_array_new(FALSE, FALSE,
	    sizeof(CaseAnswer));
	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		CaseAnswer answer = answer_of(rows->pdata[i]);

		g_array_append_val(k->answers, answer);
	}
	return rows != NULL;
}

static bool
know_ticket(Known *k, Intake *in, Instant now, GError **error)
{
	TicketView *view;

	if (!view_find(in, k->order->number, &view, error))
		return false;
	if (view == NULL)
		return true; /* the desk says so */
	if (!view_client(in, view, &k->c.client, error) ||
	    !know_other(k, in, now, error) || !know_past(k, in, error))
		return false;
	ticket_view_run(view, now);
	k->c.view = view;
	k->c.ticket = view->ticket;
	k->c.assignee = find_technician(in, k->order->text);
	return know_told(k, in, now, error);
}

/* One that is not over, to be ended. */
static bool
know_maintenance(Known *k, Intake *in, Instant now, GError **error)
{
	MaintenanceOrder *order = k->order->maintenance;
	g_autoptr(GPtrArray) planned = order->ends
	    ? store_maintenance(in->store, now, error)
	    : g_ptr_array_new();

	for (guint i = 0; planned != NULL && i < planned->len; i++) {
		const Maintenance *one = planned->pdata[i];

		/* Ended before it began, it has no time left at all. */
		if (one->id != order->number || one->to <= one->from)
			continue;
		k->c.is_planned = true;
		g_free(order->host);
		order->host = g_strdup(one->host);
		g_free(order->service);
		order->service = g_strdup(one->service);
		g_free(order->contract);
		order->contract = g_strdup(one->contract);
		order->from = one->from;
		order->to = one->to;
	}
	return planned != NULL;
}

static bool
know_outbox(Known *k, Intake *in, GError **error)
{
	if (!store_outbox_row(in->store, k->order->number, &k->row, error))
		return false;
	if (k->row != NULL)
		k->c.state = k->row->state;
	return true;
}

static bool
know_mail(Known *k, Intake *in, GError **error)
{
	if (!store_mail(in->store, k->order->number, &k->mail, error))
		return false;
	if (k->mail == NULL)
		return true;
	k->c.state = k->mail->state;
	k->c.mailbox = k->mail->mailbox;
	k->c.on_ticket = k->mail->ticket;
	k->c.received = k->mail->trusted;
	return true;
}

static bool
know_row(Known *k, Intake *in, GError **error)
{
	k->c.ledger_credited = INSTANT_NONE;
	if (k->order->kind == ORDER_LEDGER_CREDIT)
		return store_ledger_credited(in->store, k->order->text,
		    k->order->title, &k->c.ledger_credited, error);
	if (k->order->kind != ORDER_LEDGER_REVERSE)
		return true;
	if (!store_ledger_row(in->store, k->order->row, &k->c.ledger_row,
		&k->ledger_contract, &k->c.ledger_reversed_by, error))
		return false;
	k->c.ledger_contract = k->ledger_contract;
	return true;
}

static bool
know(Known *k, Intake *in, Instant now, GError **error)
{
	switch (order_row(k->order->kind)->about) {
	case ORDER_ON_TICKET:
		return know_ticket(k, in, now, error);
	case ORDER_ON_MAINTENANCE:
		return know_maintenance(k, in, now, error);
	case ORDER_ON_OUTBOX:
		return know_outbox(k, in, error);
	case ORDER_ON_MAIL:
		return know_mail(k, in, error);
	case ORDER_ON_CONTRACT:
		return know_row(k, in, error);
	case ORDER_ON_DESK:
		return true; /* orders_read(), once it is known who asks */
	}
	g_assert_not_reached();
}

OrderCase *
orders_known(Intake *in, Order *take_order, Instant now, const char *language,
    GError **error)
{
	Known *k = g_new0(Known, 1);

	k->order = take_order;
	k->language = g_strdup(language);
	k->c = (OrderCase){
		.order = k->order,
		.now = now,
		.at = take_order->at != INSTANT_NONE ? take_order->at : now,
		.language = k->language,
		.zone = zone_get(in->conf->zone, NULL),
		.ruleset = in->ruleset,
		.policy = &in->conf->policy,
	};
	if (know(k, in, now, error))
		return &k->c;
	orders_known_free(&k->c);
	return NULL;
}

bool
orders_read(Intake *in, OrderCase *c, const char *address, GError **error)
{
	Known *k = (Known *)c;

	if (order_row(c->order->kind)->about != ORDER_ON_DESK)
		return true;
	k->rows = reads_find(in, c, address, error);
	return k->rows != NULL;
}

/* ---- effects ---- */

static bool
map_cases(Intake *in, StoreTx *tx, const Effect *effect, GError **error)
{
	const TicketView *view = view_load(in, effect->ticket, error);
	g_autoptr(GPtrArray) cases = NULL;

	if (view == NULL)
		return false;
	cases = store_alerts_of_ticket(in->store, effect->ticket, CASES, error);
	for (guint i = 0; cases != NULL && i < cases->len; i++) {
		AlertCase *one = cases->pdata[i];
		g_autofree char *key = alert_case_ticket_key(one);

		if (strcmp(key, view->ticket->alert_key) != 0)
			continue;
		g_free(one->contract);
		one->contract = g_strdup(effect->contract);
		if (!store_put_alert(tx, one, error))
			return false;
	}
	return cases != NULL;
}

static bool
drop_answer(Intake *in, StoreTx *tx, gint64 id, Instant now, GError **error)
{
	g_autoptr(OutboxRow) row = NULL;

	return store_outbox_row(in->store, id, &row, error) &&
	    store_outbox_state(tx, id,
		&(OutboxTurn){ OUTBOX_DROPPED, now, row->code, row->reply,
		    now },
		error);
}

/* What no server has been asked to take yet. */
static bool
withdraw(Intake *in, StoreTx *tx, gint64 ticket, Instant now, GError **error)
{
	g_autoptr(GPtrArray) rows = store_outbox_of(in->store, ticket, error);

	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		if ((outbox_state_is(row->state, OUTBOX_READY) ||
			outbox_state_is(row->state, OUTBOX_RETRY)) &&
		    !drop_answer(in, tx, row->id, now, error))
			return false;
	}
	return rows != NULL;
}

bool
orders_effect(Intake *in, StoreTx *tx, const Effect *effect, Instant now,
    GError **error)
{
	switch (effect->kind) {
	case EFFECT_MAP:
		return map_cases(in, tx, effect, error);
	case EFFECT_OUTBOX_AGAIN:
		return store_outbox_again(tx, effect->id, now, error);
	case EFFECT_OUTBOX_DROP:
		return drop_answer(in, tx, effect->id, now, error);
	case EFFECT_WITHDRAW:
		return withdraw(in, tx, effect->ticket, now, error);
	case EFFECT_JUDGE_AGAIN:
		in->reads_again = true;
		return store_mail_again(tx, effect->id, error);
	case EFFECT_SECRET:
		return reads_mask(in, tx, effect->note, error);
	case EFFECT_LEDGER:
		return store_ledger_order(tx, effect->ledger, error);
	case EFFECT_NOTICE:
		return contract_notices_effect(in, tx, effect, error);
	default:
		return true;
	}
}
