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

/* ---- notices ---- */

/* A setting each: "DATE PARTY RECORDED ACTOR", "" where it was taken back. */
#define NOTICE "contract-notice "

void
contract_notice_clear(ContractNotice *notice)
{
	g_free(notice->actor);
}

bool
store_contract_notice(Store *store, const char *contract, bool *ret_is,
    ContractNotice *ret_notice, GError **error)
{
	g_autofree char *key = g_strconcat(NOTICE, contract, NULL);
	g_autofree char *value = NULL;
	g_auto(GStrv) words = NULL;

	if (!store_setting(store, key, &value, error))
		return false;
	words = g_strsplit(value != NULL ? value : "", " ", 4);
	*ret_is = g_strv_length(words) == 4 &&
	    date_parse(words[0], &ret_notice->given) &&
	    contract_party_parse(words[1], &ret_notice->by) &&
	    instant_parse(words[2], &ret_notice->recorded, NULL);
	if (*ret_is)
		ret_notice->actor = g_strdup(words[3]);
	return true;
}

bool
store_set_contract_notice(StoreTx *tx, const char *contract,
    const ContractNotice *notice, GError **error)
{
	g_autofree char *key = g_strconcat(NOTICE, contract, NULL);
	g_autofree char *date = NULL, *at = NULL, *value = NULL;

	if (notice == NULL)
		return store_set_setting(tx, key, "", error);
	date = date_format(notice->given);
	at = instant_format(notice->recorded);
	value = g_strdup_printf("%s %s %s %s", date,
	    contract_party_name(notice->by), at, notice->actor);
	return store_set_setting(tx, key, value, error);
}

bool
store_dump_notices(Store *store, GString *dump, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT key, value FROM setting WHERE key GLOB 'contract-notice *' "
	    "AND value <> '' ORDER BY key");

	while (stmt_row(&q)) {
		g_autofree char *key = stmt_get_text(&q, 0);
		g_autofree char *value = stmt_get_text(&q, 1);

		g_string_append_printf(dump, "%s: %s\n", key, value);
	}
	return stmt_end(&q, error);
}
