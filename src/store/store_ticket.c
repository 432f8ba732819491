/*
 * The projections of tickets: queue, clocks, and when to look again.
 */
#include "store_private.h"

#include "guichet/base/error.h"

#include <string.h>

/* Between two tags of a row: no clean text holds it. */
#define TAG_SEPARATOR "\n"

void
queue_row_free(QueueRow *row)
{
	if (row == NULL)
		return;
	g_free(row->state);
	g_free(row->kind);
	g_free(row->contract);
	g_free(row->plan);
	g_free(row->subject);
	g_free(row->host);
	g_free(row->service);
	g_free(row->assigned);
	g_free(row->next_milestone);
	g_free(row->next_commitment);
	g_free(row->awaits);
	g_free(row->spoke);
	g_strfreev(row->tags);
	g_free(row);
}

static char *
join_tags(const Ticket *ticket)
{
	GString *tags = g_string_new(NULL);

	for (guint i = 0; i < ticket->tags->len; i++) {
		g_string_append(tags, i > 0 ? TAG_SEPARATOR : "");
		g_string_append(tags, ticket->tags->pdata[i]);
	}
	return g_string_free(tags, FALSE);
}

/* The clock that the queue shows: due next, or else the first with a term. */
static const SlaClock *
shown_clock(const GPtrArray *clocks)
{
	const SlaClock *next = sla_next(clocks);

	for (guint i = 0; next == NULL && i < clocks->len; i++) {
		const SlaClock *sla = clocks->pdata[i];

		if (sla->intake != INSTANT_NONE)
			next = sla;
	}
	return next;
}

/* What is next comes first; of what is done, what was due. */
static gint64
queue_key(const TicketNext *coming, Instant due)
{
	if (coming->awaits.kind != AWAITS_NOTHING)
		return coming->awaits.at;
	return due != INSTANT_NONE ? due : G_MAXINT64;
}

static bool
write_ticket(StoreTx *tx, const Ticket *ticket, const GPtrArray *clocks,
    const TicketNext *coming, GError **error)
{
	g_autofree char *tags = join_tags(ticket);
	const SlaClock *next = sla_next(clocks);
	const SlaClock *shown = shown_clock(clocks);
	Instant due = next != NULL ? next->due : INSTANT_NONE;
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT OR REPLACE INTO ticket (number, state, done, kind, "
	    "severity, contract, plan, host, service, alert_key, assigned, "
	    "received, opened, changed, messages, tags, intake, next_due, "
	    "next_milestone, next_commitment, due_key, severity_key, wake, "
	    "awaits, awaits_at, spoke) "
	    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
	    "?, ?, ?, ?, ?, ?, ?, ?)");

	stmt_int(&q, ticket->number);
	stmt_text(&q, ticket_state_name(ticket->state));
	stmt_int(&q, ticket_state_is_done(ticket->state));
	stmt_text(&q, ticket_kind_name(ticket->kind));
	stmt_int(&q, ticket->severity);
	stmt_text(&q, ticket->contract);
	stmt_text(&q, ticket->plan);
	stmt_text(&q, ticket->host);
	stmt_text(&q, ticket->service);
	stmt_text(&q, ticket->alert_key);
	stmt_text(&q, ticket->assigned);
	stmt_int(&q, ticket->received);
	stmt_int(&q, ticket->opened);
	stmt_int(&q, ticket->changed);
	stmt_int(&q, ticket->messages);
	stmt_text(&q, tags);
	stmt_instant(&q, shown != NULL ? shown->intake : INSTANT_NONE);
	stmt_instant(&q, due);
	stmt_text(&q, next != NULL ? milestone_name(next->milestone) : "");
	stmt_text(&q, next != NULL ? commitment_name(next->commitment) : "");
	stmt_int(&q, queue_key(coming, due));
	stmt_int(&q,
	    ticket->severity != 0 ? ticket->severity : SEVERITY_MAX + 1);
	stmt_instant(&q, coming->wake);
	stmt_text(&q, awaits_name(coming->awaits.kind));
	stmt_instant(&q, coming->awaits.at);
	stmt_text(&q, awaits_of_name(awaits_last_spoke(ticket)));
	return stmt_run(&q, error);
}

#define AHEAD (SEVERITY_MAX + 1)

bool
store_project_ahead(StoreTx *tx, gint64 ticket, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "UPDATE ticket SET severity_key = severity_key - ?, "
	    "due_key = CASE WHEN next_due IS NULL AND awaits_at IS NOT NULL "
	    "THEN received + (awaits_at - received) / 2 ELSE due_key END "
	    "WHERE number = ?");

	stmt_int(&q, AHEAD);
	stmt_int(&q, ticket);
	return stmt_run(&q, error);
}

static bool
write_clock(StoreTx *tx, gint64 ticket, const SlaClock *sla, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO clock (ticket, milestone, commitment, state, intake, "
	    "due, met) VALUES (?, ?, ?, ?, ?, ?, ?)");

	stmt_int(&q, ticket);
	stmt_text(&q, milestone_name(sla->milestone));
	stmt_text(&q, commitment_name(sla->commitment));
	stmt_text(&q, sla_state_name(sla->state));
	stmt_instant(&q, sla->intake);
	stmt_instant(&q, sla->due);
	stmt_instant(&q, sla->met);
	return stmt_run(&q, error);
}

static bool
clear_clocks(StoreTx *tx, gint64 ticket, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx, "DELETE FROM clock WHERE ticket = ?");

	stmt_int(&q, ticket);
	return stmt_run(&q, error);
}

bool
store_project(StoreTx *tx, const Ticket *ticket, const GPtrArray *clocks,
    const TicketNext *coming, GError **error)
{
	g_assert(ticket->received != INSTANT_NONE);
	if (!clear_clocks(tx, ticket->number, error) ||
	    !write_ticket(tx, ticket, clocks, coming, error))
		return false;
	for (guint i = 0; i < clocks->len; i++) {
		if (!write_clock(tx, ticket->number, clocks->pdata[i], error))
			return false;
	}
	return true;
}

bool
store_clear_projections(StoreTx *tx, GError **error)
{
	g_auto(Stmt) clocks = stmt_write(tx, "DELETE FROM clock");
	g_auto(Stmt) tickets = stmt_write(tx, "DELETE FROM ticket");

	return stmt_run(&clocks, error) && stmt_run(&tickets, error);
}

GArray *
store_due(Store *store, Instant now, guint limit, GError **error)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT number FROM ticket WHERE wake <= ? "
	    "ORDER BY wake, number LIMIT ?");

	stmt_int(&q, now);
	stmt_int(&q, limit);
	while (stmt_row(&q)) {
		gint64 number = stmt_get_int(&q, 0);

		g_array_append_val(numbers, number);
	}
	if (!stmt_end(&q, error))
		return NULL;
	return g_steal_pointer(&numbers);
}

bool
store_next_wake(Store *store, Instant *ret_at, GError **error)
{
	g_auto(Stmt) tickets = stmt_read(store,
	    "SELECT min(wake) FROM ticket WHERE wake IS NOT NULL");
	g_auto(Stmt) alerts = stmt_read(store,
	    "SELECT min(wake) FROM alert WHERE wake IS NOT NULL");
	Instant ticket, alert;

	if (!stmt_one(&tickets, INSTANT_NONE, &ticket, error) ||
	    !stmt_one(&alerts, INSTANT_NONE, &alert, error))
		return false;
	*ret_at = ticket == INSTANT_NONE ? alert
	    : alert == INSTANT_NONE      ? ticket
					 : MIN(ticket, alert);
	return true;
}

static QueueRow *
queue_from_row(Stmt *stmt)
{
	QueueRow *row = g_new0(QueueRow, 1);
	g_autofree char *tags = stmt_get_text(stmt, 17);

	row->number = stmt_get_int(stmt, 0);
	row->state = stmt_get_text(stmt, 1);
	row->kind = stmt_get_text(stmt, 2);
	row->contract = stmt_get_text(stmt, 3);
	row->plan = stmt_get_text(stmt, 4);
	row->subject = stmt_get_text(stmt, 5);
	row->host = stmt_get_text(stmt, 6);
	row->service = stmt_get_text(stmt, 7);
	row->assigned = stmt_get_text(stmt, 8);
	row->next_milestone = stmt_get_text(stmt, 9);
	row->next_commitment = stmt_get_text(stmt, 10);
	row->severity = (int)stmt_get_int(stmt, 11);
	row->received = stmt_get_int(stmt, 12);
	row->opened = stmt_get_int(stmt, 13);
	row->intake = stmt_get_instant(stmt, 14);
	row->next_due = stmt_get_instant(stmt, 15);
	row->messages = (int)stmt_get_int(stmt, 16);
	row->awaits = stmt_get_text(stmt, 18);
	row->awaits_at = stmt_get_instant(stmt, 19);
	row->spoke = stmt_get_text(stmt, 20);
	row->ahead = stmt_get_int(stmt, 21) != 0;
	row->tags = g_strsplit(tags, TAG_SEPARATOR, -1);
	return row;
}

GPtrArray *
store_queue_of(Stmt *stmt, GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)queue_row_free);

	while (stmt_row(stmt))
		g_ptr_array_add(rows, queue_from_row(stmt));
	if (!stmt_end(stmt, error))
		return NULL;
	return g_steal_pointer(&rows);
}

GPtrArray *
store_queue(Store *store, bool done, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    done ? "SELECT " QUEUE_COLUMNS "FROM ticket " QUEUE_SUBJECT
		   "ORDER BY due_key, severity_key, number"
		 : "SELECT " QUEUE_COLUMNS "FROM ticket " QUEUE_SUBJECT
		   "WHERE ticket.done = 0 "
		   "ORDER BY due_key, severity_key, number");

	return store_queue_of(&q, error);
}

GPtrArray *
store_queue_of_contract(Store *store, const char *contract, Span within,
    GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " QUEUE_COLUMNS "FROM ticket " QUEUE_SUBJECT
	    "WHERE ticket.contract = ? AND ticket.received < ? "
	    "AND (ticket.done = 0 OR ticket.changed >= ?) "
	    "ORDER BY number");

	stmt_text(&q, contract);
	stmt_int(&q, within.to);
	stmt_int(&q, within.from);
	return store_queue_of(&q, error);
}

bool
store_last_ticket(Store *store, gint64 *ret_number, GError **error)
{
	g_auto(Stmt) q = stmt_read(store, "SELECT max(ticket) FROM event");

	return stmt_one(&q, 0, ret_number, error);
}
