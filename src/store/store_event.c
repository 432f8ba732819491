/* The event log, and tickets folded from it. */
#include "store_private.h"

#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"

#include <stdlib.h>

/* Columns of a row, in this order. */
#define EVENT_COLUMNS \
 "seq, ticket, at, recorded, type, actor, mail, data, batch"

static Event *
event_from_row(Stmt *stmt, GError **error)
{
	g_autoptr(Event) event = NULL;
	g_autofree char *type_name = stmt_get_text(stmt, 4);
	g_autofree char *actor = stmt_get_text(stmt, 5);
	g_autofree char *text = stmt_get_text(stmt, 7);
	g_autoptr(json_t) data = json_loads(text, 0, NULL);
	EventType type;

	if (!event_type_parse(type_name, &type) || !json_is_object(data)) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "store '%s': event %" G_GINT64_FORMAT
		    " ('%s') cannot be read; install a newer guichet, or "
		    "restore a backup",
		    stmt->store->path, stmt_get_int(stmt, 0), type_name);
		return NULL;
	}
	event = event_stored(type, stmt_get_int(stmt, 1), stmt_get_int(stmt, 2),
	    actor, stmt_get_int(stmt, 6));
	event->seq = stmt_get_int(stmt, 0);
	event->recorded = stmt_get_int(stmt, 3);
	event->batch = stmt_get_int(stmt, 8);
	json_decref(event->data);
	event->data = g_steal_pointer(&data);
	return g_steal_pointer(&event);
}

static bool
insert_event(StoreTx *tx, const Event *event, gint64 ticket, gint64 *ret_seq,
    GError **error)
{
	char *data = json_dumps(event->data, JSON_COMPACT | JSON_SORT_KEYS);
	bool ok;
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO event (ticket, at, recorded, type, actor, mail, "
	    "data, batch) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq");

	g_assert(data != NULL);
	stmt_int(&q, ticket);
	stmt_int(&q, event->at);
	stmt_int(&q, event->recorded);
	stmt_text(&q, event_type_name(event->type));
	stmt_string(&q, event->actor);
	stmt_id(&q, event->mail);
	stmt_text(&q, data);
	stmt_id(&q, tx->batch);
	ok = stmt_one(&q, 0, ret_seq, error);
	free(data); /* jansson's */
	return ok;
}

bool
store_append(StoreTx *tx, Event *event, GError **error)
{
	gint64 ticket = event->ticket;
	gint64 seq;

	g_assert(ticket > 0 || event->type == EVENT_OPENED);
	g_assert(event->seq == 0);
	if (ticket == 0 && !store_next_number(tx, &ticket, error))
		return false;
	if (!insert_event(tx, event, ticket, &seq, error))
		return false;
	event->ticket = ticket;
	event->seq = seq;
	event->batch = tx->batch;
	if (tx->loaded == ticket)
		store_events_forget(tx);
	if (tx->store->listener != NULL)
		tx->store->listener->appended(tx->store->listener_data, event);
	return true;
}

bool
store_batch_begin(StoreTx *tx, GError **error)
{
	gint64 last;
	g_auto(Stmt) q = stmt_read(tx->store, "SELECT max(seq) FROM event");

	if (!stmt_one(&q, 0, &last, error))
		return false;
	tx->batch = last + 1;
	return true;
}

void
store_batch_end(StoreTx *tx)
{
	tx->batch = 0;
}

void
store_events_forget(StoreTx *tx)
{
	g_clear_pointer(&tx->events, g_ptr_array_unref);
	tx->loaded = 0;
}

void
store_listen(Store *store, const StoreListener *listener, void *data)
{
	store->listener = listener;
	store->listener_data = listener != NULL ? data : NULL;
}

void *
store_listener(const Store *store)
{
	return store->listener_data;
}

void
store_event_undone(Store *store)
{
	if (store->listener != NULL)
		store->listener->undone(store->listener_data);
}

/* Says of each that a later one takes it back that it does. */
static void
mark_undone(const GPtrArray *events, const Event *undoing)
{
	gint64 of = event_int(undoing, "of");

	for (guint i = 0; i < events->len; i++) {
		Event *event = events->pdata[i];

		if (event->seq == of && event->type != EVENT_OPENED &&
		    event->type != EVENT_UNDONE)
			event->undone = true;
	}
}

static GPtrArray *
load_events(Store *store, gint64 ticket, GError **error)
{
	g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)event_free);
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " EVENT_COLUMNS " FROM event WHERE ticket = ? "
	    "ORDER BY seq");

	stmt_int(&q, ticket);
	while (stmt_row(&q)) {
		Event *event = event_from_row(&q, error);

		if (event == NULL)
			return NULL;
		g_ptr_array_add(events, event);
		if (event->type == EVENT_UNDONE)
			mark_undone(events, event);
	}
	if (!stmt_end(&q, error))
		return NULL;
	return g_steal_pointer(&events);
}

GPtrArray *
store_events(Store *store, gint64 ticket, GError **error)
{
	StoreTx *tx = store->tx;
	GPtrArray *events;

	/* A mail's ticket is asked for again and again while it is judged, and
	 * in a storm each mail of a batch asks for the same one. */
	if (tx != NULL && tx->loaded == ticket && tx->events != NULL)
		return g_ptr_array_ref(tx->events);
	events = load_events(store, ticket, error);
	if (tx != NULL && events != NULL) {
		store_events_forget(tx);
		tx->events = g_ptr_array_ref(events);
		tx->loaded = ticket;
	}
	return events;
}

bool
store_ticket(Store *store, gint64 number, Ticket **ret_ticket, GError **error)
{
	g_autoptr(GPtrArray) events = store_events(store, number, error);
	g_autoptr(Ticket) ticket = NULL;

	if (events == NULL)
		return false;
	if (events->len > 0)
		ticket = ticket_new(number);
	/* One that makes no sense changes nothing, today as on its day. */
	for (guint i = 0; i < events->len; i++)
		ticket_apply(ticket, events->pdata[i]);
	*ret_ticket = g_steal_pointer(&ticket);
	return true;
}

GArray *
store_ticket_numbers(Store *store, gint64 after, guint limit, GError **error)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT ticket FROM event WHERE type = 'opened' AND ticket > ? "
	    "ORDER BY ticket LIMIT ?");

	stmt_int(&q, after);
	stmt_int(&q, limit);
	while (stmt_row(&q)) {
		gint64 number = stmt_get_int(&q, 0);

		g_array_append_val(numbers, number);
	}
	if (!stmt_end(&q, error))
		return NULL;
	return g_steal_pointer(&numbers);
}
