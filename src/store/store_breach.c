/* Missed guarantees of tickets, in the ledgers of their contracts. */
#include "store_breach_private.h"

#include "store_private.h"

#include <string.h>

#define SINCE "breaches-since" /* the last instant before they were kept */

#define COLUMNS \
 "ticket, milestone, at, month, plan, minutes, amount, currency, known"
#define BREACH                                                         \
 "b.ticket, b.milestone, b.at, b.month, b.plan, b.minutes, b.amount, " \
 "b.currency, b.known"

static const char *
interned(Stmt *q, int column)
{
	g_autofree char *text = stmt_get_text(q, column);

	return g_intern_string(text);
}

static LedgerBreach
breach_of_row(Stmt *q)
{
	LedgerBreach breach = {
		.ticket = stmt_get_int(q, 0),
		.at = stmt_get_int(q, 2),
		.month = (Date)stmt_get_int(q, 3),
		.plan = interned(q, 4),
		.minutes = stmt_get_int(q, 5),
		.amount = stmt_get_int(q, 6),
		.currency = interned(q, 7),
		.known = stmt_get_int(q, 8),
	};

	(void)milestone_parse(interned(q, 1), &breach.milestone);
	return breach;
}

bool
store_breaches_read(Store *store, const char *contract, GArray *breaches,
    GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " COLUMNS " FROM breached WHERE contract = ? "
	    "ORDER BY at, ticket, milestone");

	stmt_text(&q, contract);
	while (stmt_row(&q)) {
		LedgerBreach breach = breach_of_row(&q);

		g_array_append_val(breaches, breach);
	}
	return stmt_end(&q, error);
}

static GArray *
kept(Store *store, gint64 ticket, char **ret_contract, GError **error)
{
	g_autoptr(GArray) breaches = g_array_new(FALSE, FALSE,
	    sizeof(LedgerBreach));
	g_autofree char *contract = g_strdup("");
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " COLUMNS ", contract FROM breached WHERE ticket = ? "
	    "ORDER BY at, milestone");

	stmt_int(&q, ticket);
	while (stmt_row(&q)) {
		LedgerBreach breach = breach_of_row(&q);

		g_array_append_val(breaches, breach);
		g_free(contract);
		contract = stmt_get_text(&q, 9);
	}
	if (!stmt_end(&q, error))
		return NULL;
	*ret_contract = g_steal_pointer(&contract);
	return g_steal_pointer(&breaches);
}

static bool
is_same(const LedgerBreach *a, const LedgerBreach *b)
{
	return a->milestone == b->milestone && a->at == b->at &&
	    a->month == b->month && a->plan == b->plan &&
	    a->minutes == b->minutes && a->amount == b->amount &&
	    a->currency == b->currency;
}

/* The kept one of the same promise, or NULL. */
static const LedgerBreach *
find(const GArray *breaches, const LedgerBreach *breach)
{
	for (guint i = 0; i < breaches->len; i++) {
		const LedgerBreach *one = &g_array_index(breaches, LedgerBreach,
		    i);

		if (one->milestone == breach->milestone &&
		    one->at == breach->at)
			return one;
	}
	return NULL;
}

/* What was missed before anybody kept it is in no ledger. */
static bool
last_unkept(Store *store, Instant *ret_last, GError **error)
{
	g_autofree char *text = NULL;

	if (!store_setting(store, SINCE, &text, error))
		return false;
	*ret_last = text != NULL ? g_ascii_strtoll(text, NULL, 10) : 0;
	return true;
}

/* Those that are kept from now on, each with the instant since when. */
static GArray *
take(const LedgerShare *share, const GArray *old, Instant last, Instant now)
{
	GArray *taken = g_array_new(FALSE, FALSE, sizeof(LedgerBreach));

	for (guint i = 0; i < share->breaches->len; i++) {
		LedgerBreach breach = g_array_index(share->breaches,
		    LedgerBreach, i);
		const LedgerBreach *same = find(old, &breach);

		breach.known = same != NULL ? same->known : now;
		if (same != NULL || breach.at > last)
			g_array_append_val(taken, breach);
	}
	return taken;
}

static bool
is_as_kept(const GArray *old, const GArray *taken)
{
	for (guint i = 0; i < old->len && i < taken->len; i++) {
		if (!is_same(&g_array_index(old, LedgerBreach, i),
			&g_array_index(taken, LedgerBreach, i)))
			return false;
	}
	return old->len == taken->len;
}

static bool
insert(StoreTx *tx, const char *contract, const LedgerBreach *breach,
    GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO breached (" COLUMNS ", contract) "
	    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

	stmt_int(&q, breach->ticket);
	stmt_text(&q, milestone_name(breach->milestone));
	stmt_int(&q, breach->at);
	stmt_int(&q, breach->month);
	stmt_text(&q, breach->plan);
	stmt_int(&q, breach->minutes);
	stmt_int(&q, breach->amount);
	stmt_text(&q, breach->currency);
	stmt_int(&q, breach->known);
	stmt_text(&q, contract);
	return stmt_run(&q, error);
}

static bool
replace(StoreTx *tx, const LedgerShare *share, const GArray *taken,
    GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "DELETE FROM breached WHERE ticket = ?");

	stmt_int(&q, share->ticket);
	if (!stmt_run(&q, error))
		return false;
	for (guint i = 0; i < taken->len; i++) {
		if (!insert(tx, share->contract,
			&g_array_index(taken, LedgerBreach, i), error))
			return false;
	}
	return true;
}

bool
store_breaches_project(StoreTx *tx, const LedgerShare *share, Instant now,
    char **ret_before, bool *changed, GError **error)
{
	g_autoptr(GArray) old = kept(tx->store, share->ticket, ret_before,
	    error);
	g_autoptr(GArray) taken = NULL;
	Instant last;

	if (old == NULL)
		return false;
	if (old->len == 0 && share->breaches->len == 0)
		return true;
	if (!last_unkept(tx->store, &last, error))
		return false;
	taken = take(share, old, last, now);
	if (is_as_kept(old, taken) &&
	    (old->len == 0 || strcmp(*ret_before, share->contract) == 0))
		return true;
	*changed = true;
	return replace(tx, share, taken, error);
}

/* ---- what the manager reads ---- */

static void
missed_free(gpointer data)
{
	LedgerMissed *missed = data;

	g_free(missed->contract);
	g_free(missed);
}

/* A ticket may miss two at a time, and one of them brings it: the first. */
static bool
brought_it(const GPtrArray *before, const LedgerMissed *missed, Instant at)
{
	const LedgerMissed *last = before->len > 0
	    ? before->pdata[before->len - 1]
	    : NULL;
	bool again = last != NULL && last->brought_it &&
	    strcmp(last->contract, missed->contract) == 0 &&
	    last->breach.month == missed->breach.month;

	return missed->penalty_of == missed->breach.ticket &&
	    missed->breach.at == at && !again;
}

/* The penalty of a contract's month that stands. */
#define STANDING                                                  \
 "ledger AS l ON l.contract = b.contract AND l.rule = 'penalty' " \
 "AND l.reverses IS NULL "                                        \
 "AND NOT EXISTS (SELECT 1 FROM ledger AS r WHERE r.reverses = l.id) "

GPtrArray *
store_ledger_missed(Store *store, Instant since, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(missed_free);
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " BREACH ", b.contract, l.ticket, l.at FROM breached AS b "
	    "LEFT JOIN " STANDING "AND l.package = -b.month "
	    "WHERE b.known > ? "
	    "ORDER BY b.contract, b.at, b.ticket, b.milestone");

	stmt_int(&q, since);
	while (stmt_row(&q)) {
		LedgerMissed *missed = g_new0(LedgerMissed, 1);

		missed->breach = breach_of_row(&q);
		missed->contract = stmt_get_text(&q, 9);
		missed->penalty_of = stmt_get_int(&q, 10);
		missed->brought_it = brought_it(all, missed,
		    stmt_get_int(&q, 11));
		g_ptr_array_add(all, missed);
	}
	return stmt_end(&q, error) ? g_steal_pointer(&all) : NULL;
}

static void
taken_free(gpointer data)
{
	LedgerTaken *taken = data;

	g_free(taken->contract);
	g_free(taken);
}

GPtrArray *
store_ledger_taken(Store *store, Instant since, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(taken_free);
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT b.contract, b.ticket, b.at, b.balance, b.amount, "
	    "b.currency, b.reverses, l.ticket FROM ledger AS b "
	    "LEFT JOIN " STANDING "AND l.package = b.package "
	    "WHERE b.rule = 'penalty' AND b.reverses IS NOT NULL "
	    "AND b.recorded > ? AND (l.ticket IS NULL "
	    "OR l.ticket <> b.ticket OR l.at <> b.at) ORDER BY b.id");

	stmt_int(&q, since);
	while (stmt_row(&q)) {
		LedgerTaken *taken = g_new0(LedgerTaken, 1);

		taken->contract = stmt_get_text(&q, 0);
		taken->row = (LedgerRow){ .ticket = stmt_get_int(&q, 1),
			.at = stmt_get_int(&q, 2),
			.rule = LEDGER_PENALTY,
			.balance = stmt_get_int(&q, 3),
			.amount = stmt_get_int(&q, 4),
			.currency = interned(&q, 5),
			.reverses = stmt_get_int(&q, 6) };
		taken->next = stmt_get_int(&q, 7);
		g_ptr_array_add(all, taken);
	}
	return stmt_end(&q, error) ? g_steal_pointer(&all) : NULL;
}
