/* Alerts and planned maintenance in the store. */
#include "guichet/store/store_alert.h"

#include "store_private.h"

#include "guichet/base/error.h"

#include <string.h>

#define CASE_COLUMNS                                                \
 "id, source, system, key, alias, host, service, contract, "        \
 "ticket, mail, firing, flapping, silenced, level, count, active, " \
 "members, first, last, opened, turned, wake"

/* Between two members: no clean text holds it. */
#define MEMBER_SEPARATOR "\n"

static AlertCase *
case_of_row(Stmt *stmt)
{
	AlertCase *one = g_new0(AlertCase, 1);
	g_autofree char *members = NULL;
	int i = 0;

	one->id = stmt_get_int(stmt, i++);
	one->source = stmt_get_text(stmt, i++);
	one->system = stmt_get_text(stmt, i++);
	one->key = stmt_get_text(stmt, i++);
	one->alias = stmt_get_text(stmt, i++);
	one->host = stmt_get_text(stmt, i++);
	one->service = stmt_get_text(stmt, i++);
	one->contract = stmt_get_text(stmt, i++);
	one->ticket = stmt_get_int(stmt, i++);
	one->mail = stmt_get_int(stmt, i++);
	one->firing = stmt_get_int(stmt, i++) != 0;
	one->flapping = stmt_get_int(stmt, i++) != 0;
	one->silenced = stmt_get_int(stmt, i++) != 0;
	one->level = (AlertLevel)CLAMP(stmt_get_int(stmt, i), 0,
	    ALERT_LEVEL_DOWN);
	i++;
	one->count = stmt_get_int(stmt, i++);
	one->active = stmt_get_int(stmt, i++);
	members = stmt_get_text(stmt, i++);
	one->members = *members != '\0'
	    ? g_strsplit(members, MEMBER_SEPARATOR, -1)
	    : g_new0(char *, 1);
	one->first = stmt_get_instant(stmt, i++);
	one->last = stmt_get_instant(stmt, i++);
	one->opened = stmt_get_instant(stmt, i++);
	one->turned = stmt_get_instant(stmt, i++);
	one->wake = stmt_get_instant(stmt, i++);
	return one;
}

static bool
one_case(Stmt *q, AlertCase **ret_case, GError **error)
{
	g_autoptr(AlertCase) one = NULL;

	if (stmt_row(q))
		one = case_of_row(q);
	if (!stmt_end(q, error))
		return false;
	*ret_case = g_steal_pointer(&one);
	return true;
}

static GPtrArray *
cases_of(Stmt *q, GError **error)
{
	g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)alert_case_free);

	while (stmt_row(q))
		g_ptr_array_add(cases, case_of_row(q));
	if (!stmt_end(q, error))
		return NULL;
	return g_steal_pointer(&cases);
}

bool
store_alert(Store *store, const char *source, const char *system,
    const char *key, AlertCase **ret_case, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " CASE_COLUMNS " FROM alert "
	    "WHERE source = ? AND system = ? AND key = ?");

	stmt_text(&q, source);
	stmt_text(&q, system);
	stmt_text(&q, key);
	return one_case(&q, ret_case, error);
}

bool
store_alert_alias(Store *store, const char *source, const char *system,
    const char *alias, AlertCase **ret_case, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " CASE_COLUMNS " FROM alert "
	    "WHERE source = ? AND system = ? AND alias = ? AND alias <> '' "
	    "ORDER BY last DESC LIMIT 1");

	stmt_text(&q, source);
	stmt_text(&q, system);
	stmt_text(&q, alias);
	return one_case(&q, ret_case, error);
}

GPtrArray *
store_alerts_alike(Store *store, const char *source, const char *system,
    const char *alias, guint limit, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " CASE_COLUMNS " FROM alert "
	    "WHERE source = ? AND system = ? AND alias = ? AND alias <> '' "
	    "AND (firing = 1 OR EXISTS (SELECT 1 FROM ticket "
	    "  WHERE number = alert.ticket AND done = 0)) "
	    "ORDER BY last DESC LIMIT ?");

	stmt_text(&q, source);
	stmt_text(&q, system);
	stmt_text(&q, alias);
	stmt_int(&q, limit);
	return cases_of(&q, error);
}

bool
store_alert_subjects(Store *store, const SubjectSearch *search,
    gint64 *ret_ticket, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT mail.ticket, content.subject FROM content "
	    "JOIN mail ON mail.id = content.mail "
	    "JOIN ticket ON ticket.number = mail.ticket AND ticket.done = 0 "
	    "WHERE sender = (SELECT id FROM address WHERE address = ?) "
	    "ORDER BY content.received DESC LIMIT ?");

	*ret_ticket = 0;
	stmt_text(&q, search->address);
	stmt_int(&q, search->limit);
	while (*ret_ticket == 0 && stmt_row(&q)) {
		g_autofree char *subject = stmt_get_text(&q, 1);

		if (search->fits(subject, search->data))
			*ret_ticket = stmt_get_int(&q, 0);
	}
	return stmt_end(&q, error);
}

bool
store_alert_dated(Store *store, gint64 mail, Instant *ret_date, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT date FROM content WHERE mail = ? AND date IS NOT NULL");

	stmt_int(&q, mail);
	return stmt_one(&q, INSTANT_NONE, ret_date, error);
}

bool
store_alert_ticket(Store *store, const char *system, const char *key,
    gint64 *ret_ticket, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT ticket.number FROM alert "
	    "JOIN ticket ON ticket.number = alert.ticket "
	    "WHERE alert.system = ? AND alert.key = ? AND ticket.done = 0 "
	    "ORDER BY ticket.number LIMIT 1");

	stmt_text(&q, system);
	stmt_text(&q, key);
	return stmt_one(&q, 0, ret_ticket, error);
}

static bool
count_one(Stmt *q, int *ret_count, GError **error)
{
	gint64 count;

	if (!stmt_one(q, 0, &count, error))
		return false;
	*ret_count = (int)count;
	return true;
}

bool
store_alert_changes(Store *store, gint64 id, Instant since, int *ret_count,
    GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT count(*) FROM (SELECT 1 FROM alert_turn "
	    "WHERE alert = ? AND at >= ? AND flip = 1 LIMIT 100)");

	stmt_int(&q, id);
	stmt_int(&q, since);
	return count_one(&q, ret_count, error);
}

bool
store_alert_openings(Store *store, const char *source, Instant since,
    int *ret_count, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT count(*) FROM (SELECT 1 FROM alert "
	    "WHERE source = ? AND opened >= ? LIMIT 100)");

	stmt_text(&q, source);
	stmt_int(&q, since);
	return count_one(&q, ret_count, error);
}

static void
bind_case(Stmt *q, const AlertCase *one, const char *members)
{
	stmt_text(q, one->source);
	stmt_text(q, one->system);
	stmt_text(q, one->key);
	stmt_text(q, one->alias);
	stmt_text(q, one->host);
	stmt_text(q, one->service);
	stmt_text(q, one->contract);
	stmt_id(q, one->ticket);
	stmt_id(q, one->mail);
	stmt_int(q, one->firing);
	stmt_int(q, one->flapping);
	stmt_int(q, one->silenced);
	stmt_int(q, one->level);
	stmt_int(q, one->count);
	stmt_int(q, one->active);
	stmt_text(q, members);
	stmt_instant(q, one->first);
	stmt_instant(q, one->last);
	stmt_instant(q, one->opened);
	stmt_instant(q, one->turned);
	stmt_instant(q, one->wake);
}

static bool
insert_case(StoreTx *tx, AlertCase *one, const char *members, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO alert (source, system, key, alias, host, service, "
	    "contract, ticket, mail, firing, flapping, silenced, level, "
	    "count, active, members, first, last, opened, turned, wake) "
	    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
	    "?, ?, ?) RETURNING id");

	bind_case(&q, one, members);
	return stmt_one(&q, 0, &one->id, error);
}

/* What no index holds, but that of aliases where there is one. */
static bool
update_case(StoreTx *tx, const AlertCase *one, const char *members,
    GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "UPDATE alert SET host = ?, service = ?, contract = ?, mail = ?, "
	    "firing = ?, flapping = ?, silenced = ?, level = ?, count = ?, "
	    "active = ?, members = ?, first = ?, last = ?, turned = ? "
	    "WHERE id = ?");

	stmt_text(&q, one->host);
	stmt_text(&q, one->service);
	stmt_text(&q, one->contract);
	stmt_id(&q, one->mail);
	stmt_int(&q, one->firing);
	stmt_int(&q, one->flapping);
	stmt_int(&q, one->silenced);
	stmt_int(&q, one->level);
	stmt_int(&q, one->count);
	stmt_int(&q, one->active);
	stmt_text(&q, members);
	stmt_instant(&q, one->first);
	stmt_instant(&q, one->last);
	stmt_instant(&q, one->turned);
	stmt_int(&q, one->id);
	return stmt_run(&q, error);
}

/* A repeat changes none of these. SQLite writes the indexes of whatever an
 * UPDATE names, changed or not: pages all over the file. */
static bool
move_case(StoreTx *tx, const AlertCase *one, GError **error)
{
	g_auto(Stmt) place = stmt_write(tx,
	    "UPDATE alert SET alias = ?1, ticket = ?2, opened = ?3 "
	    "WHERE id = ?4 AND (alias <> ?1 OR ticket IS NOT ?2 "
	    "  OR opened IS NOT ?3)");
	g_auto(Stmt) wake = stmt_write(tx,
	    "UPDATE alert SET wake = ?1 WHERE id = ?2 AND wake IS NOT ?1");

	stmt_text(&place, one->alias);
	stmt_id(&place, one->ticket);
	stmt_instant(&place, one->opened);
	stmt_int(&place, one->id);
	stmt_instant(&wake, one->wake);
	stmt_int(&wake, one->id);
	return stmt_run(&place, error) && stmt_run(&wake, error);
}

bool
store_put_alert(StoreTx *tx, AlertCase *one, GError **error)
{
	g_autofree char *members = g_strjoinv(MEMBER_SEPARATOR, one->members);

	g_assert(one->ticket >= 0);
	if (one->id == 0)
		return insert_case(tx, one, members, error);
	return update_case(tx, one, members, error) &&
	    move_case(tx, one, error);
}

static bool
add_turn(StoreTx *tx, const AlertCase *one, Instant at, bool flip,
    GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO alert_turn (alert, at, firing, level, silenced, "
	    "ticket, contract, flip) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");

	g_assert(one->id > 0 && at != INSTANT_NONE);
	stmt_int(&q, one->id);
	stmt_int(&q, at);
	stmt_int(&q, one->firing);
	stmt_int(&q, one->level);
	stmt_int(&q, one->silenced);
	stmt_id(&q, one->ticket);
	stmt_text(&q, one->contract);
	stmt_int(&q, flip);
	return stmt_run(&q, error);
}

bool
store_alert_turned(StoreTx *tx, const AlertCase *one, GError **error)
{
	return add_turn(tx, one, one->turned, true, error);
}

bool
store_alert_changed(StoreTx *tx, const AlertCase *one, Instant at,
    GError **error)
{
	return add_turn(tx, one, at, false, error);
}

GPtrArray *
store_alerts_due(Store *store, Instant now, guint limit, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " CASE_COLUMNS " FROM alert WHERE wake <= ? "
	    "ORDER BY wake, id LIMIT ?");

	stmt_int(&q, now);
	stmt_int(&q, limit);
	return cases_of(&q, error);
}

GPtrArray *
store_alerts_of_ticket(Store *store, gint64 ticket, guint limit, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " CASE_COLUMNS " FROM alert WHERE ticket = ? "
	    "ORDER BY id LIMIT ?");

	stmt_int(&q, ticket);
	stmt_int(&q, limit);
	return cases_of(&q, error);
}

/* ---- hosts ---- */

void
alert_seen_free(AlertSeen *seen)
{
	if (seen == NULL)
		return;
	g_free(seen->source);
	g_free(seen->host);
	g_free(seen->service);
	g_free(seen->contract);
	g_free(seen);
}

GPtrArray *
store_alert_hosts(Store *store, GError **error)
{
	g_autoptr(GPtrArray) hosts = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)alert_seen_free);
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT source, host, service, sum(count), max(last), contract "
	    "FROM alert WHERE host <> '' "
	    "GROUP BY source, host, service, contract "
	    "ORDER BY host, service, source");

	while (stmt_row(&q)) {
		AlertSeen *seen = g_new0(AlertSeen, 1);

		seen->source = stmt_get_text(&q, 0);
		seen->host = stmt_get_text(&q, 1);
		seen->service = stmt_get_text(&q, 2);
		seen->count = stmt_get_int(&q, 3);
		seen->last = stmt_get_instant(&q, 4);
		seen->contract = stmt_get_text(&q, 5);
		g_ptr_array_add(hosts, seen);
	}
	if (!stmt_end(&q, error))
		return NULL;
	return g_steal_pointer(&hosts);
}

/* ---- dump ---- */

static void
add_instant(GString *dump, const char *before, Instant at)
{
	g_autofree char *text = NULL;

	if (at == INSTANT_NONE)
		return;
	text = instant_format(at);
	g_string_append_printf(dump, "%s%s", before, text);
}

static void
dump_case(GString *dump, const AlertCase *one)
{
	g_string_append_printf(dump, "alert %s|%s|%s", one->source, one->system,
	    one->key);
	g_string_append_printf(dump, " %s", one->firing ? "firing" : "over");
	if (one->level != ALERT_LEVEL_NONE)
		g_string_append_printf(dump, " %s",
		    alert_level_name(one->level));
	if (one->flapping)
		g_string_append(dump, " flapping");
	if (one->silenced)
		g_string_append(dump, " silenced");
	g_string_append_printf(dump, " count %" G_GINT64_FORMAT, one->count);
	if (one->active > 0)
		g_string_append_printf(dump, " active %" G_GINT64_FORMAT,
		    one->active);
	if (one->ticket > 0)
		g_string_append_printf(dump, " ticket %" G_GINT64_FORMAT,
		    one->ticket);
	add_instant(dump, " last ", one->last);
	add_instant(dump, " wake ", one->wake);
	for (char **m = one->members; *m != NULL; m++)
		g_string_append_printf(dump, "\n  firing %s", *m);
	g_string_append_c(dump, '\n');
}

static bool
dump_turns(Store *store, GString *dump, gint64 alert, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT at, firing, level, silenced, ticket, flip FROM alert_turn "
	    "WHERE alert = ? ORDER BY at, id");

	stmt_int(&q, alert);
	while (stmt_row(&q)) {
		AlertLevel level = (AlertLevel)CLAMP(stmt_get_int(&q, 2), 0,
		    ALERT_LEVEL_DOWN);

		add_instant(dump,
		    stmt_get_int(&q, 5) != 0 ? "  turn " : "  change ",
		    stmt_get_int(&q, 0));
		g_string_append_printf(dump, " %s %s%s",
		    stmt_get_int(&q, 1) != 0 ? "firing" : "over",
		    alert_level_name(level),
		    stmt_get_int(&q, 3) != 0 ? " silenced" : "");
		if (!stmt_is_null(&q, 4))
			g_string_append_printf(dump,
			    " ticket %" G_GINT64_FORMAT, stmt_get_int(&q, 4));
		g_string_append_c(dump, '\n');
	}
	return stmt_end(&q, error);
}

bool
store_dump_alerts(Store *store, GString *dump, GError **error)
{
	g_autoptr(GPtrArray) planned = store_maintenance(store, G_MININT64 / 2,
	    error);
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " CASE_COLUMNS " FROM alert ORDER BY source, system, key");

	while (planned != NULL && stmt_row(&q)) {
		g_autoptr(AlertCase) one = case_of_row(&q);

		dump_case(dump, one);
		if (!dump_turns(store, dump, one->id, error))
			return false;
	}
	for (guint i = 0; planned != NULL && i < planned->len; i++) {
		const Maintenance *one = planned->pdata[i];

		g_string_append_printf(dump, "maintenance %s%s%s", one->host,
		    *one->contract != '\0' ? "@" : "", one->contract);
		if (*one->service != '\0')
			g_string_append_printf(dump, "/%s", one->service);
		add_instant(dump, " from ", one->from);
		add_instant(dump, " to ", one->to);
		add_instant(dump, " announced ", one->announced);
		g_string_append_c(dump, '\n');
	}
	return planned != NULL && stmt_end(&q, error);
}
