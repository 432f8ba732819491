/* Identity, life and numbers of a store, and who keeps them beside it. */
#include "guichet/store/store_life.h"

#include "guichet/base/error.h"
#include "guichet/base/text.h"
#include "store_private.h"

#include <string.h>

#define SEAL_CHARS 8

void
store_life_clear(StoreLife *life)
{
	g_clear_pointer(&life->identity, g_free);
	g_clear_pointer(&life->site, g_free);
}

char *
store_life_seal(const StoreLife *life)
{
	g_autofree char *text = NULL, *hash = NULL;

	if (life->life == 0)
		return NULL;
	text = g_strconcat("seal|", life->identity, NULL);
	hash = text_sha256(text, strlen(text));
	return g_strndup(hash, SEAL_CHARS);
}

bool
store_life(Store *store, StoreLife *ret_life, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT identity, life, site, pulse, number, mark FROM life");

	if (stmt_row(&q)) {
		ret_life->identity = stmt_get_text(&q, 0);
		ret_life->life = (gint32)stmt_get_int(&q, 1);
		ret_life->site = stmt_get_text(&q, 2);
		ret_life->pulse = stmt_get_int(&q, 3);
		ret_life->number = stmt_get_int(&q, 4);
		ret_life->mark = stmt_get_instant(&q, 5);
	}
	return stmt_end(&q, error);
}

static bool
doubt_outbox(StoreTx *tx, gint64 last, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "UPDATE outbox SET state = 'maybe', uncertain = 1, "
	    "reply = 'may have been sent before the store was restored' "
	    "WHERE state IN ('ready', 'retry', 'sending', 'dot') "
	    "AND state NOT IN ('sent', 'dropped') AND id <= ?");

	stmt_int(&q, last);
	return stmt_run(&q, error);
}

bool
store_set_life(StoreTx *tx, const StoreLife *life, gint64 doubt, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "UPDATE life SET identity = ?, life = ?, site = ?, "
	    "number = max(number, ?), mark = ?");

	stmt_text(&q, life->identity);
	stmt_int(&q, life->life);
	stmt_text(&q, life->site);
	stmt_int(&q, life->number);
	stmt_instant(&q, life->mark);
	return stmt_run(&q, error) && doubt_outbox(tx, doubt, error);
}

bool
store_skip_numbers(StoreTx *tx, gint64 number, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "UPDATE life SET number = ?1 WHERE number < ?1");

	stmt_int(&q, number);
	return stmt_run(&q, error);
}

bool
store_last_outbox(Store *store, gint64 *ret_id, GError **error)
{
	g_auto(Stmt) q = stmt_read(store, "SELECT max(id) FROM outbox");

	return stmt_one(&q, 0, ret_id, error);
}

/* ---- beside the store ---- */

void
store_drop_keeper(Store *store)
{
	if (store->keeper != NULL)
		store->keeper->free(store->keeper_data);
	store->keeper = NULL;
}

void
store_set_keeper(Store *store, const StoreKeeper *keeper, void *data)
{
	store_drop_keeper(store);
	store->keeper = keeper;
	store->keeper_data = data;
	store->reserved = 0;
}

bool
store_keep_life(StoreTx *tx, const StoreLife *life, GError **error)
{
	const Store *store = tx->store;

	return store->keeper == NULL ||
	    store->keeper->live(store->keeper_data, life, error);
}

bool
store_next_number(StoreTx *tx, gint64 *ret_number, GError **error)
{
	Store *store = tx->store;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT max(number, coalesce((SELECT max(ticket) FROM event), 0)) "
	    "FROM life");
	gint64 last;

	if (!stmt_one(&q, 0, &last, error))
		return false;
	*ret_number = last + 1;
	return store->keeper == NULL || *ret_number <= store->reserved ||
	    store->keeper->reserve(store->keeper_data, *ret_number,
		&store->reserved, error);
}

bool
store_beat(StoreTx *tx, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "UPDATE life SET pulse = pulse + 1 RETURNING pulse");

	if (sqlite3_total_changes(tx->store->db) == tx->changes)
		return true;
	return stmt_one(&q, 0, &tx->pulse, error);
}

void
store_has_beaten(Store *store, gint64 pulse)
{
	if (store->keeper != NULL && pulse > 0)
		store->keeper->pulse(store->keeper_data, pulse);
}

bool
store_outbox_carried(Store *store, const char *word, const char *to,
    gint64 ticket, bool *ret_carried, GError **error)
{
	gint64 id;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT id FROM outbox WHERE token = ?1 AND token <> '' "
	    "AND (?2 IS NULL OR recipient = ?2) AND ticket IS ?3");

	stmt_text(&q, word);
	stmt_text(&q, to);
	stmt_id(&q, ticket);
	if (!stmt_one(&q, 0, &id, error))
		return false;
	*ret_carried = id != 0;
	return true;
}
