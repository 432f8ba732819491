/* Turns of alerts, and the rules in force at a time, in the store. */
#include "guichet/store/store_availability.h"

#include "store_private.h"

#include <string.h>

/* ---- turns of alerts ---- */

void
alert_turn_free(AlertTurn *turn)
{
	if (turn == NULL)
		return;
	g_free(turn->host);
	g_free(turn->service);
	g_free(turn->contract);
	g_free(turn);
}

static AlertTurn *
turn_of_row(Stmt *q)
{
	AlertTurn *turn = g_new0(AlertTurn, 1);

	turn->alert = stmt_get_int(q, 0);
	turn->host = stmt_get_text(q, 1);
	turn->service = stmt_get_text(q, 2);
	turn->contract = stmt_get_text(q, 3);
	turn->at = stmt_get_int(q, 4);
	turn->firing = stmt_get_int(q, 5) != 0;
	turn->level = (AlertLevel)CLAMP(stmt_get_int(q, 6), 0,
	    ALERT_LEVEL_DOWN);
	turn->ticket = stmt_get_int(q, 7);
	return turn;
}

GPtrArray *
store_alert_turns(Store *store, Instant from, Instant to, GError **error)
{
	g_autoptr(GPtrArray) turns = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)alert_turn_free);
	/* What was over before `from` has nothing to say, and may be years of
	 * alerts. CROSS JOIN keeps the order: alerts, and by the index their
	 * turns. */
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT alert.id, alert.host, alert.service, "
	    "CASE WHEN ticket.contract <> '' THEN ticket.contract "
	    "ELSE turn.contract END, "
	    "turn.at, turn.firing, turn.level, turn.ticket "
	    "FROM alert CROSS JOIN alert_turn AS turn "
	    "ON turn.alert = alert.id AND turn.at < ? AND turn.at >= "
	    "coalesce((SELECT max(past.at) FROM alert_turn AS past "
	    "WHERE past.alert = alert.id AND past.at < ?), ?) "
	    "LEFT JOIN ticket ON ticket.number = turn.ticket "
	    "WHERE alert.firing = 1 OR alert.turned >= ? "
	    "ORDER BY alert.id, turn.at, turn.id");

	stmt_int(&q, to);
	stmt_int(&q, from);
	stmt_int(&q, from);
	stmt_int(&q, from);
	while (stmt_row(&q))
		g_ptr_array_add(turns, turn_of_row(&q));
	if (!stmt_end(&q, error))
		return NULL;
	return g_steal_pointer(&turns);
}

GPtrArray *
store_alert_hosts_of(Store *store, const char *contract, GError **error)
{
	g_autoptr(GPtrArray) hosts = g_ptr_array_new_with_free_func(g_free);
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT DISTINCT host FROM alert "
	    "WHERE contract = ? AND host <> '' ORDER BY host");

	stmt_text(&q, contract);
	while (stmt_row(&q))
		g_ptr_array_add(hosts, stmt_get_text(&q, 0));
	if (!stmt_end(&q, error))
		return NULL;
	return g_steal_pointer(&hosts);
}

/* ---- rules in force ---- */

void
rules_since_free(RulesSince *since)
{
	if (since == NULL)
		return;
	g_free(since->hash);
	g_free(since);
}

GPtrArray *
store_rules_history(Store *store, GError **error)
{
	g_autoptr(GPtrArray) history = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)rules_since_free);
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT at, hash FROM rule_since ORDER BY at, id");

	while (stmt_row(&q)) {
		RulesSince *last = history->len == 0
		    ? NULL
		    : history->pdata[history->len - 1];
		RulesSince *since = g_new0(RulesSince, 1);

		since->at = stmt_get_int(&q, 0);
		since->hash = stmt_get_text(&q, 1);
		if (last != NULL && strcmp(last->hash, since->hash) == 0)
			rules_since_free(since);
		else
			g_ptr_array_add(history, since);
	}
	if (!stmt_end(&q, error))
		return NULL;
	return g_steal_pointer(&history);
}

bool
store_rules_since(StoreTx *tx, const char *hash, Instant at, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO rule_since (at, hash) SELECT ?, ? "
	    "WHERE ? IS NOT (SELECT hash FROM rule_since WHERE at <= ? "
	    "ORDER BY at DESC, id DESC LIMIT 1)");

	stmt_int(&q, at);
	stmt_text(&q, hash);
	stmt_text(&q, hash);
	stmt_int(&q, at);
	return stmt_run(&q, error);
}
