/* Answers in the store, and the states that they may take. */
#include "store_private.h"

#include "guichet/base/error.h"
#include "guichet/base/limits.h"

#include <string.h>

void
outbox_row_free(OutboxRow *row)
{
	if (row == NULL)
		return;
	g_free(row->what);
	g_free(row->from);
	g_free(row->to);
	g_free(row->message_id);
	g_free(row->subject);
	g_free(row->text);
	if (row->bytes != NULL)
		g_bytes_unref(row->bytes);
	g_free(row->state);
	g_free(row->reply);
	g_free(row->token);
	g_free(row);
}

bool
outbox_row_waits(const OutboxRow *row)
{
	return outbox_state_is(row->state, OUTBOX_READY) &&
	    row->attempts == 0 && row->next > row->created;
}

bool
store_next_outbox(StoreTx *tx, gint64 *ret_id, GError **error)
{
	gint64 last;
	g_auto(Stmt) q = stmt_read(tx->store, "SELECT max(id) FROM outbox");

	if (!stmt_one(&q, 0, &last, error))
		return false;
	*ret_id = last + 1;
	return true;
}

bool
store_add_outbox(StoreTx *tx, const OutboxRow *row, GError **error)
{
	const char *at = strrchr(row->to, '@');
	bool maybe = row->state != NULL &&
	    outbox_state_is(row->state, OUTBOX_MAYBE);
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO outbox (id, ticket, mail, what, sender, recipient, "
	    "domain, message_id, subject, text, bytes, state, repeatable, "
	    "created, next, token, proof, batch) VALUES (?, ?, ?, ?, ?, ?, ?, "
	    "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

	g_assert(row->bytes != NULL);
	stmt_id(&q, row->id);
	stmt_id(&q, row->ticket);
	stmt_id(&q, row->mail);
	stmt_text(&q, row->what);
	stmt_string(&q, row->from);
	stmt_text(&q, row->to);
	stmt_string(&q, at != NULL ? at + 1 : NULL);
	stmt_string(&q, row->message_id);
	stmt_string(&q, row->subject);
	stmt_string(&q, row->text);
	stmt_bytes(&q, row->bytes);
	stmt_text(&q, outbox_state_name(maybe ? OUTBOX_MAYBE : OUTBOX_READY));
	stmt_int(&q, row->repeatable);
	stmt_int(&q, row->created);
	stmt_int(&q, MAX(row->next, row->created));
	stmt_string(&q, row->token);
	stmt_text(&q, proof_name(row->proof));
	stmt_id(&q, tx->batch);
	return stmt_run(&q, error);
}

#define OUTBOX_COLUMNS                                              \
 "id, ticket, mail, what, sender, recipient, message_id, subject, " \
 "text, state, attempts, code, created, next, first_try, reply, "   \
 "repeatable, uncertain, token, proof, batch"

static OutboxRow *
outbox_from_row(Stmt *stmt, bool with_bytes)
{
	OutboxRow *row = g_new0(OutboxRow, 1);
	g_autofree char *word = NULL;
	int i = 0;

	row->id = stmt_get_int(stmt, i++);
	row->ticket = stmt_get_int(stmt, i++);
	row->mail = stmt_get_int(stmt, i++);
	row->what = stmt_get_text(stmt, i++);
	row->from = stmt_get_text(stmt, i++);
	row->to = stmt_get_text(stmt, i++);
	row->message_id = stmt_get_text(stmt, i++);
	row->subject = stmt_get_text(stmt, i++);
	row->text = stmt_get_text(stmt, i++);
	row->state = stmt_get_text(stmt, i++);
	row->attempts = (int)stmt_get_int(stmt, i++);
	row->code = (int)stmt_get_int(stmt, i++);
	row->created = stmt_get_int(stmt, i++);
	row->next = stmt_get_int(stmt, i++);
	row->first_try = stmt_get_instant(stmt, i++);
	row->reply = stmt_get_text(stmt, i++);
	row->repeatable = stmt_get_int(stmt, i++) != 0;
	row->uncertain = stmt_get_int(stmt, i++) != 0;
	row->token = stmt_get_text(stmt, i++);
	word = stmt_get_text(stmt, i++);
	row->proof = proof_of_name(word);
	row->batch = stmt_get_int(stmt, i++);
	if (with_bytes)
		row->bytes = stmt_get_bytes(stmt, i);
	return row;
}

static GPtrArray *
outbox_of(Stmt *stmt, bool with_bytes, GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)outbox_row_free);

	while (stmt_row(stmt))
		g_ptr_array_add(rows, outbox_from_row(stmt, with_bytes));
	if (!stmt_end(stmt, error))
		return NULL;
	return g_steal_pointer(&rows);
}

GPtrArray *
store_outbox_due_beside(Store *store, Instant now, const gint64 *busy,
    gint64 after, guint limit, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " OUTBOX_COLUMNS ", bytes FROM outbox "
	    "WHERE state IN ('ready', 'retry') AND next <= ? "
	    "AND bytes IS NOT NULL "
	    "AND coalesce(ticket, -1) NOT IN (?, ?, ?, ?) AND id > ? "
	    "ORDER BY next, id LIMIT ?");

	G_STATIC_ASSERT(LIMIT_SEND_PROCESSES == 4);
	stmt_int(&q, now);
	for (int i = 0; i < LIMIT_SEND_PROCESSES; i++)
		stmt_int(&q, busy[i]);
	stmt_int(&q, after);
	stmt_int(&q, limit);
	return outbox_of(&q, true, error);
}

GPtrArray *
store_outbox_due(Store *store, Instant now, guint limit, GError **error)
{
	static const gint64 none[LIMIT_SEND_PROCESSES];

	return store_outbox_due_beside(store, now, none, 0, limit, error);
}

bool
store_outbox_next(Store *store, Instant *ret_at, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT min(next) FROM outbox "
	    "WHERE state IN ('ready', 'retry')");

	return stmt_one(&q, INSTANT_NONE, ret_at, error);
}

bool
store_outbox_row(Store *store, gint64 id, OutboxRow **ret_row, GError **error)
{
	g_autoptr(OutboxRow) row = NULL;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " OUTBOX_COLUMNS ", bytes FROM outbox WHERE id = ?");

	stmt_int(&q, id);
	if (stmt_row(&q))
		row = outbox_from_row(&q, true);
	if (!stmt_end(&q, error))
		return false;
	*ret_row = g_steal_pointer(&row);
	return true;
}

GPtrArray *
store_outbox_list(Store *store, bool all, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    all ? "SELECT " OUTBOX_COLUMNS " FROM outbox ORDER BY id"
		: "SELECT " OUTBOX_COLUMNS " FROM outbox "
		  "WHERE state NOT IN ('sent', 'dropped') ORDER BY id");

	return outbox_of(&q, false, error);
}

GPtrArray *
store_outbox_since(Store *store, SendKind what, Instant since, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE what = ? "
	    "AND created >= ? ORDER BY id");

	stmt_text(&q, send_kind_name(what));
	stmt_int(&q, since);
	return outbox_of(&q, false, error);
}

GPtrArray *
store_outbox_of(Store *store, gint64 ticket, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE ticket = ? "
	    "ORDER BY id");

	stmt_int(&q, ticket);
	return outbox_of(&q, false, error);
}

#define BIT(state) (1U << OUTBOX_##state)
/* What may follow a state: an answer that was sent stays sent, and one that
 * may have been is never sent again without a person's word. */
static const struct {
	OutboxState from;
	guint to;
} moves[] = {
	{ OUTBOX_READY,
	    BIT(READY) | BIT(SENDING) | BIT(RETRY) | BIT(FAILED) |
		BIT(DROPPED) },
	{ OUTBOX_RETRY,
	    BIT(SENDING) | BIT(READY) | BIT(FAILED) | BIT(DROPPED) },
	{ OUTBOX_SENDING,
	    BIT(DOT) | BIT(SENT) | BIT(READY) | BIT(RETRY) | BIT(FAILED) |
		BIT(DROPPED) },
	{ OUTBOX_DOT,
	    BIT(SENT) | BIT(READY) | BIT(RETRY) | BIT(FAILED) | BIT(MAYBE) },
	{ OUTBOX_MAYBE, BIT(READY) | BIT(SENT) | BIT(FAILED) | BIT(DROPPED) },
	{ OUTBOX_FAILED, BIT(READY) | BIT(DROPPED) },
	{ OUTBOX_DROPPED, BIT(READY) },
};
#undef BIT

static bool
may_become(const char *word, OutboxState to)
{
	OutboxState from;

	if (!outbox_state_parse(word, &from))
		return false;
	for (gsize i = 0; i < G_N_ELEMENTS(moves); i++) {
		if (moves[i].from == from)
			return (moves[i].to & 1U << to) != 0;
	}
	return false;
}

static bool
check_move(Store *store, gint64 id, OutboxState to, GError **error)
{
	g_autofree char *from = NULL;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT state FROM outbox WHERE id = ?");

	stmt_int(&q, id);
	if (!stmt_one_text(&q, &from, error))
		return false;
	if (from != NULL && may_become(from, to))
		return true;
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
	    from != NULL ? "answer %" G_GINT64_FORMAT
			   " is '%s' and cannot become '%s'"
			 : "there is no answer %" G_GINT64_FORMAT,
	    id, from, outbox_state_name(to));
	return false;
}

bool
store_outbox_state(StoreTx *tx, gint64 id, const OutboxTurn *turn,
    GError **error)
{
	bool tries = turn->state == OUTBOX_SENDING;
	g_auto(Stmt) q = stmt_write(tx,
	    "UPDATE outbox SET state = ?1, next = coalesce(?2, next), "
	    "sum_at = CASE WHEN ?1 = 'dropped' THEN 0 ELSE sum_at END, "
	    "code = ?3, reply = coalesce(?4, reply), "
	    "uncertain = CASE WHEN state = 'dot' AND ?1 IN ('ready', 'maybe') "
	    "  THEN 1 ELSE uncertain END, "
	    "attempts = attempts + ?5, first_try = CASE WHEN ?5 "
	    "  THEN coalesce(first_try, ?6) ELSE first_try END "
	    "WHERE id = ?7");

	if (!check_move(tx->store, id, turn->state, error))
		return false;
	stmt_text(&q, outbox_state_name(turn->state));
	stmt_instant(&q, turn->next);
	stmt_int(&q, turn->code);
	stmt_text(&q, turn->reply);
	stmt_int(&q, tries);
	stmt_int(&q, turn->now);
	stmt_int(&q, id);
	return stmt_run(&q, error);
}

bool
store_outbox_again(StoreTx *tx, gint64 id, Instant now, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "UPDATE outbox SET state = 'ready', next = ?, first_try = NULL, "
	    "sum_at = NULL WHERE id = ?");

	if (!check_move(tx->store, id, OUTBOX_READY, error))
		return false;
	stmt_int(&q, now);
	stmt_int(&q, id);
	return stmt_run(&q, error);
}

bool
store_outbox_recover(StoreTx *tx, Instant now, GError **error)
{
	/* Nothing was accepted before the final dot. (NOT IN: for the index
	 * of open answers.) */
	g_auto(Stmt) early = stmt_write(tx,
	    "UPDATE outbox SET state = 'ready', next = ? "
	    "WHERE state = 'sending' AND state NOT IN ('sent', 'dropped')");
	/* Behind it nobody knows: better twice than never for a person's
	 * words, better never than twice for a robot's. */
	g_auto(Stmt) late = stmt_write(tx,
	    "UPDATE outbox SET next = ?, uncertain = 1, "
	    "state = CASE WHEN repeatable THEN 'ready' ELSE 'maybe' END "
	    "WHERE state = 'dot' AND state NOT IN ('sent', 'dropped')");

	stmt_int(&early, now);
	stmt_int(&late, now);
	return stmt_run(&early, error) && stmt_run(&late, error);
}

bool
store_count_acks(Store *store, const char *address, Proof proof, Instant since,
    AckCounts *ret_counts, GError **error)
{
	const char *at = strrchr(address, '@');
	gint64 counts[3] = { 0, 0, 0 };
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT coalesce(sum(recipient = ?), 0), "
	    "coalesce(sum(domain = ?), 0), count(*) FROM outbox "
	    "WHERE what = 'acknowledgment' "
	    "AND state NOT IN ('failed', 'dropped') AND proof = ? "
	    "AND created >= ?");

	stmt_text(&q, address);
	stmt_string(&q, at != NULL ? at + 1 : NULL);
	stmt_text(&q, proof_name(proof));
	stmt_int(&q, since);
	if (stmt_row(&q)) {
		for (int i = 0; i < 3; i++)
			counts[i] = MIN(stmt_get_int(&q, i), G_MAXINT);
	}
	if (!stmt_end(&q, error))
		return false;
	*ret_counts = (AckCounts){ (int)counts[0], (int)counts[1],
		(int)counts[2] };
	return true;
}

bool
store_outbox_by_message_id(Store *store, const char *message_id,
    OutboxRow **ret_row, GError **error)
{
	gint64 id;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT id FROM outbox WHERE message_id = ? AND message_id <> ''");

	stmt_text(&q, message_id);
	return stmt_one(&q, 0, &id, error) &&
	    store_outbox_row(store, id, ret_row, error);
}

bool
store_outbox_by_token(Store *store, const char *word, OutboxRow **ret_row,
    GError **error)
{
	gint64 id;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT id FROM outbox WHERE token = ? AND token <> ''");

	stmt_text(&q, word);
	return stmt_one(&q, 0, &id, error) &&
	    store_outbox_row(store, id, ret_row, error);
}

bool
store_outbox_first(Store *store, gint64 ticket, const char *to,
    OutboxFirst *ret_first, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT message_id, mail FROM outbox WHERE ticket = ? "
	    "AND recipient = ? AND message_id <> '' AND state <> 'dropped' "
	    "ORDER BY id LIMIT 1");

	*ret_first = (OutboxFirst){ 0 };
	stmt_int(&q, ticket);
	stmt_text(&q, to);
	if (stmt_row(&q)) {
		ret_first->message_id = stmt_get_text(&q, 0);
		ret_first->mail = stmt_get_int(&q, 1);
	}
	return stmt_end(&q, error);
}

bool
store_word_is_out(Store *store, gint64 ticket, bool *ret_out, GError **error)
{
	gint64 out;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT state IN ('sent', 'maybe') FROM outbox WHERE ticket = ? "
	    "AND what IN ('reply', 'resolution') ORDER BY id DESC LIMIT 1");

	stmt_int(&q, ticket);
	if (!stmt_one(&q, 1, &out, error))
		return false;
	*ret_out = out != 0;
	return true;
}

bool
store_last_reply(Store *store, gint64 ticket, char **ret_text, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT text FROM outbox WHERE ticket = ? AND what = 'reply' "
	    "AND state IN ('sent', 'maybe') ORDER BY id DESC LIMIT 1");

	stmt_int(&q, ticket);
	return stmt_one_text(&q, ret_text, error);
}

GPtrArray *
store_outbox_readers(Store *store, gint64 id, GError **error)
{
	g_autoptr(GPtrArray) readers = g_ptr_array_new_with_free_func(g_free);
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT DISTINCT same.recipient FROM outbox AS one "
	    "JOIN outbox AS same ON same.ticket = one.ticket "
	    "AND same.what = one.what AND same.created = one.created "
	    "WHERE one.id = ? ORDER BY same.id");

	stmt_int(&q, id);
	while (stmt_row(&q))
		g_ptr_array_add(readers, stmt_get_text(&q, 0));
	return stmt_end(&q, error) ? g_steal_pointer(&readers) : NULL;
}

bool
store_count_outbox(Store *store, const OutboxQuery *query, int *ret_count,
    GError **error)
{
	/* From the index alone: those that leave alone, and those that are summed
	 * up, whose sum is always later. */
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE recipient = ?1 "
	    "AND what = ?2 AND sum_at IS NULL AND created >= ?3 "
	    "UNION ALL SELECT 1 FROM outbox WHERE recipient = ?1 "
	    "AND what = ?2 AND sum_at >= ?3 AND created >= ?3 LIMIT ?4)");
	gint64 count;

	stmt_text(&q, query->to);
	stmt_text(&q, send_kind_name(query->what));
	stmt_int(&q, query->since);
	stmt_int(&q, query->most);
	if (!stmt_one(&q, 0, &count, error))
		return false;
	*ret_count = (int)count;
	return true;
}

bool
store_count_refusals(Store *store, const OutboxQuery *query, bool is_proven,
    RefusalCounts *ret_counts, GError **error)
{
	gint64 all = 0, here = 0, lists = 0;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT count(ticket), coalesce(sum(ticket = ?), 0), "
	    "coalesce(sum(ticket IS NULL), 0) FROM outbox "
	    "WHERE recipient = ? AND what = ? AND sum_at IS NULL "
	    "AND created >= ? "
	    "AND (proof = 'pass') = ?");

	stmt_int(&q, query->ticket);
	stmt_text(&q, query->to);
	stmt_text(&q, send_kind_name(SEND_REFUSAL));
	stmt_int(&q, query->since);
	stmt_int(&q, is_proven);
	if (stmt_row(&q)) {
		all = stmt_get_int(&q, 0);
		here = stmt_get_int(&q, 1);
		lists = stmt_get_int(&q, 2);
	}
	if (!stmt_end(&q, error))
		return false;
	*ret_counts = (RefusalCounts){ (int)MIN(all, G_MAXINT),
		(int)MIN(here, G_MAXINT), (int)MIN(lists, G_MAXINT) };
	return true;
}

bool
store_last_refusal_list(Store *store, const char *to, Instant *ret_at,
    GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT max(created) FROM outbox WHERE recipient = ? "
	    "AND what = 'refusal' AND sum_at IS NULL AND ticket IS NULL");

	stmt_text(&q, to);
	return stmt_one(&q, INSTANT_NONE, ret_at, error);
}
