/* Answers that wait to be told together, in one mail an hour. */
#include "guichet/store/store_sums.h"

#include "store_private.h"

/* The next sum that is due; by the index of those that wait. */
#define WAITS "sum_at IS NOT NULL AND state = 'ready' AND attempts = 0"

void
outbox_sum_clear(OutboxSum *sum)
{
	g_free(sum->to);
	g_free(sum->language);
	g_free(sum->zone);
	*sum = (OutboxSum){ 0 };
}

/* The next sum, of the same index: earlier than what is known of other kinds. */
static bool
find_sum(Store *store, SendKind kind, const char *to, Instant now,
    Instant *sum_at, GError **error)
{
	Instant at;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT sum_at FROM outbox WHERE recipient = ? AND what = ? "
	    "AND sum_at > ? ORDER BY sum_at LIMIT 1");

	stmt_text(&q, to);
	stmt_text(&q, send_kind_name(kind));
	stmt_int(&q, now);
	if (!stmt_one(&q, INSTANT_NONE, &at, error))
		return false;
	if (at != INSTANT_NONE && (*sum_at == INSTANT_NONE || at < *sum_at))
		*sum_at = at;
	return true;
}

/* From the index alone: a row is long. One that was taken back is in a sum that
 * never is (store_outbox_state()). */
static bool
add_alone(GArray *mails, Store *store, SendKind kind, const char *to,
    Instant since, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT ticket, proof, max(created, next) FROM outbox "
	    "WHERE recipient = ? AND what = ? AND sum_at IS NULL "
	    "AND created >= ?");

	stmt_text(&q, to);
	stmt_text(&q, send_kind_name(kind));
	stmt_int(&q, since);
	while (stmt_row(&q)) {
		g_autofree char *proof = stmt_get_text(&q, 1);
		RestraintMail mail = { .send = kind,
			.ticket = stmt_get_int(&q, 0),
			.proof = proof_of_name(proof),
			.leaves = stmt_get_int(&q, 2) };

		g_array_append_val(mails, mail);
	}
	return stmt_end(&q, error);
}

GArray *
store_sums_beside(Store *store, const char *to, Instant since, Instant now,
    GError **error)
{
	g_autoptr(GArray) mails = g_array_new(FALSE, FALSE,
	    sizeof(RestraintMail));
	RestraintMail sum = { .leaves = INSTANT_NONE, .is_summed = true };

	for (SendKind kind = 0; kind < SEND_COUNT; kind++) {
		if (send_kind_is_automatic(kind) &&
		    (!add_alone(mails, store, kind, to, since, error) ||
			!find_sum(store, kind, to, now, &sum.leaves, error)))
			return NULL;
	}
	if (sum.leaves != INSTANT_NONE)
		g_array_append_val(mails, sum);
	return g_steal_pointer(&mails);
}

bool
store_sums_add(StoreTx *tx, gint64 outbox, const OutboxSum *sum, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "UPDATE outbox SET sum_at = ?, sum_language = ?, sum_zone = ? "
	    "WHERE id = ?");

	stmt_int(&q, sum->at);
	stmt_text(&q, sum->language);
	stmt_text(&q, sum->zone);
	stmt_int(&q, outbox);
	return stmt_run(&q, error);
}

bool
store_sums_next(Store *store, Instant now, OutboxSum *ret_sum, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT sum_at, recipient, sum_language, sum_zone FROM outbox "
	    "WHERE " WAITS " AND sum_at <= ? ORDER BY sum_at, recipient "
	    "LIMIT 1");

	*ret_sum = (OutboxSum){ .at = INSTANT_NONE };
	stmt_int(&q, now);
	if (stmt_row(&q)) {
		ret_sum->at = stmt_get_int(&q, 0);
		ret_sum->to = stmt_get_text(&q, 1);
		ret_sum->language = stmt_get_text(&q, 2);
		ret_sum->zone = stmt_get_text(&q, 3);
	}
	return stmt_end(&q, error);
}

GPtrArray *
store_sums_of(Store *store, const OutboxSum *sum, Instant now, GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)outbox_row_free);
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT id FROM outbox WHERE " WAITS
	    " AND sum_at <= ? AND recipient = ? ORDER BY id");

	stmt_int(&q, now);
	stmt_text(&q, sum->to);
	while (stmt_row(&q)) {
		gint64 id = stmt_get_int(&q, 0);

		g_array_append_val(ids, id);
	}
	if (!stmt_end(&q, error))
		return NULL;
	for (guint i = 0; i < ids->len; i++) {
		OutboxRow *row = NULL;

		if (!store_outbox_row(store, g_array_index(ids, gint64, i),
			&row, error))
			return NULL;
		g_ptr_array_add(rows, row);
	}
	return g_steal_pointer(&rows);
}
