/*
 * Rules as they once were, and small facts of the program's own.
 */
#include "store_private.h"

#include "guichet/base/error.h"

#include <string.h>

/* Returns the hash of the bytes, under which they are kept. */
static char *
keep_bytes(StoreTx *tx, GBytes *bytes, GError **error)
{
	g_autofree char *sha256 =
	    g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO rule_bytes (sha256, bytes) VALUES (?, ?) "
	    "ON CONFLICT DO NOTHING");

	stmt_text(&q, sha256);
	stmt_bytes(&q, bytes);
	if (!stmt_run(&q, error))
		return NULL;
	return g_steal_pointer(&sha256);
}

static bool
keep_file(StoreTx *tx, const char *hash, const char *name, GBytes *bytes,
    GError **error)
{
	g_autofree char *sha256 = keep_bytes(tx, bytes, error);
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO rule_file (hash, name, sha256) VALUES (?, ?, ?)");

	if (sha256 == NULL)
		return false;
	stmt_text(&q, hash);
	stmt_text(&q, name);
	stmt_text(&q, sha256);
	return stmt_run(&q, error);
}

bool
store_knows_rules(Store *store, const char *hash, bool *ret_knows,
    GError **error)
{
	gint64 knows;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT EXISTS (SELECT 1 FROM rule_set WHERE hash = ?)");

	stmt_text(&q, hash);
	if (!stmt_one(&q, 0, &knows, error))
		return false;
	*ret_knows = knows != 0;
	return true;
}

bool
store_keep_rules(StoreTx *tx, const RuleFiles *files, GError **error)
{
	g_autoptr(GList) names = g_hash_table_get_keys(files->files);
	bool has;
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO rule_set (hash) VALUES (?)");

	g_assert(files->hash != NULL);
	if (!store_knows_rules(tx->store, files->hash, &has, error))
		return false;
	if (has)
		return true;

	stmt_text(&q, files->hash);
	if (!stmt_run(&q, error))
		return false;
	names = g_list_sort(names, (GCompareFunc)strcmp);
	for (GList *name = names; name != NULL; name = name->next) {
		GBytes *bytes = g_hash_table_lookup(files->files, name->data);

		if (!keep_file(tx, files->hash, name->data, bytes, error))
			return false;
	}
	return true;
}

bool
store_rules(Store *store, const char *hash, RuleFiles **ret_files,
    GError **error)
{
	g_autoptr(RuleFiles) files = NULL;
	bool has;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT rule_file.name, rule_bytes.bytes FROM rule_file "
	    "JOIN rule_bytes ON rule_bytes.sha256 = rule_file.sha256 "
	    "WHERE rule_file.hash = ? ORDER BY rule_file.name");

	if (!store_knows_rules(store, hash, &has, error))
		return false;
	if (has) {
		files = rule_files_new();
		stmt_text(&q, hash);
		while (stmt_row(&q)) {
			g_autofree char *name = stmt_get_text(&q, 0);
			g_autoptr(GBytes) bytes = stmt_get_bytes(&q, 1);

			rule_files_add(files, name, bytes);
		}
		if (!stmt_end(&q, error))
			return false;
		rule_files_seal(files);
		if (strcmp(files->hash, hash) != 0)
			return store_fail(store, SQLITE_CORRUPT,
			    "kept rules do not have their hash any more",
			    error);
	}
	*ret_files = g_steal_pointer(&files);
	return true;
}

bool
store_setting(Store *store, const char *key, char **ret_value, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT value FROM setting WHERE key = ?");

	stmt_text(&q, key);
	return stmt_one_text(&q, ret_value, error);
}

static bool
drop_setting(StoreTx *tx, const char *key, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx, "DELETE FROM setting WHERE key = ?");

	stmt_text(&q, key);
	return stmt_run(&q, error);
}

bool
store_set_setting(StoreTx *tx, const char *key, const char *value,
    GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO setting (key, value) VALUES (?, ?) "
	    "ON CONFLICT (key) DO UPDATE SET value = excluded.value");

	if (value == NULL)
		return drop_setting(tx, key, error);
	stmt_text(&q, key);
	stmt_text(&q, value);
	return stmt_run(&q, error);
}
