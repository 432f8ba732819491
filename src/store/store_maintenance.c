/* Planned maintenance in the store. */
#include "guichet/store/store_alert.h"

#include "store_private.h"

#include "guichet/base/error.h"

#include <string.h>

void
maintenance_free(Maintenance *one)
{
	if (one == NULL)
		return;
	g_free(one->host);
	g_free(one->service);
	g_free(one->contract);
	g_free(one->by);
	g_free(one);
}

bool
store_add_maintenance(StoreTx *tx, const Maintenance *one, gint64 *ret_id,
    GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO maintenance (host, service, begins, ends, announced, "
	    "by) VALUES (?, ?, ?, ?, ?, ?) RETURNING id");

	g_autofree char *host = one->contract != NULL && *one->contract != '\0'
	    ? g_strconcat(one->host, "@", one->contract, NULL)
	    : g_strdup(one->host);

	stmt_text(&q, host);
	stmt_string(&q, one->service);
	stmt_int(&q, one->from);
	stmt_int(&q, one->to);
	stmt_instant(&q, one->announced);
	stmt_text(&q, one->by);
	return stmt_one(&q, 0, ret_id, error);
}

/* What it silenced and still fails must not wait for the end that was planned.
 * What something else silences goes back to sleep; a group, of which no host is
 * known here, is left to its next mail. */
static bool
wake_silenced(StoreTx *tx, Instant at, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "UPDATE alert SET wake = ? WHERE silenced AND firing "
	    "AND host <> '' AND wake > ?");

	stmt_int(&q, at);
	stmt_int(&q, at);
	return stmt_run(&q, error);
}

bool
store_end_maintenance(StoreTx *tx, gint64 id, Instant at, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "UPDATE maintenance SET ends = max(begins, ?) "
	    "WHERE id = ? AND ends > ?");

	stmt_int(&q, at);
	stmt_int(&q, id);
	stmt_int(&q, at);
	if (!stmt_run(&q, error))
		return false;
	if (sqlite3_changes(tx->store->db) == 1)
		return wake_silenced(tx, at, error);
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
	    "there is no maintenance %" G_GINT64_FORMAT
	    " that is not over; `guichet maintenance list` shows them",
	    id);
	return false;
}

/* "web*@brasserie-lambic": of one contract's hosts alone. */
static void
take_host(Maintenance *one, char *take_text)
{
	char *at = strrchr(take_text, '@');

	one->host = take_text;
	one->contract = g_strdup(at != NULL ? at + 1 : "");
	if (at != NULL)
		*at = '\0';
}

GPtrArray *
store_maintenance(Store *store, Instant since, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)maintenance_free);
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT id, host, service, begins, ends, announced, by "
	    "FROM maintenance WHERE ends > ? ORDER BY begins, id");

	stmt_int(&q, since);
	while (stmt_row(&q)) {
		Maintenance *one = g_new0(Maintenance, 1);

		one->id = stmt_get_int(&q, 0);
		take_host(one, stmt_get_text(&q, 1));
		one->service = stmt_get_text(&q, 2);
		one->from = stmt_get_int(&q, 3);
		one->to = stmt_get_int(&q, 4);
		one->announced = stmt_get_instant(&q, 5);
		one->by = stmt_get_text(&q, 6);
		g_ptr_array_add(list, one);
	}
	if (!stmt_end(&q, error))
		return NULL;
	return g_steal_pointer(&list);
}
