/* Contracts' lives, as far as the store knows them. */
#include "guichet/store/store_contract.h"

#include "store_private.h"

bool
store_life_told(Store *store, const char *address, const char *contract,
    Instant *ret_at, GError **error)
{
	gint64 at = INSTANT_NONE;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT outbox.created FROM outbox "
	    "JOIN event ON event.mail = outbox.mail AND event.type = 'life' "
	    "WHERE outbox.recipient = ?1 AND outbox.what = 'acknowledgment' "
	    "AND outbox.state NOT IN ('failed', 'dropped') "
	    "AND event.data ->> '$.contract' = ?2 "
	    "ORDER BY outbox.created DESC LIMIT 1");

	stmt_text(&q, address);
	stmt_text(&q, contract);
	if (!stmt_one(&q, INSTANT_NONE, &at, error))
		return false;
	*ret_at = at;
	return true;
}

bool
store_host_ticket(Store *store, const char *contract, const char *host,
    gint64 *ret_ticket, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT number FROM ticket WHERE done = 0 AND contract = ?1 "
	    "AND host = ?2 ORDER BY number DESC LIMIT 1");

	stmt_text(&q, contract);
	stmt_text(&q, host);
	return stmt_one(&q, 0, ret_ticket, error);
}

bool
store_contract_openings(Store *store, const char *source, const char *contract,
    Instant since, int *ret_count, GError **error)
{
	gint64 count = 0;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT count(*) FROM (SELECT 1 FROM alert "
	    "WHERE source = ? AND opened >= ? AND contract = ? LIMIT 1000)");

	stmt_text(&q, source);
	stmt_int(&q, since);
	stmt_text(&q, contract);
	if (!stmt_one(&q, 0, &count, error))
		return false;
	*ret_count = (int)count;
	return true;
}
