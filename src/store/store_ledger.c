/* Contracts' ledgers in the store: worklogs, orders, rows. */
#include "guichet/store/store_ledger.h"

#include "store_breach_private.h"
#include "store_private.h"

#include "guichet/base/error.h"

#include <string.h>

#define SINCE "ledger-since" /* the last event before there were ledgers */

/* ---- worklogs ---- */

static const char *
interned(Stmt *q, int column)
{
	g_autofree char *text = stmt_get_text(q, column);

	return g_intern_string(text);
}

#define WORK_COLUMNS                                                   \
 "ticket, event, mail, at, month, minutes, debit, plan, included_by, " \
 "slice, included, prepaid, billed, price, minimum, currency"

static LedgerWork
work_of_row(Stmt *q)
{
	LedgerWork work = {
		.ticket = stmt_get_int(q, 0),
		.event = stmt_get_int(q, 1),
		.mail = stmt_get_int(q, 2),
		.at = stmt_get_int(q, 3),
		.month = (Date)stmt_get_int(q, 4),
		.minutes = stmt_get_int(q, 5),
		.plan = interned(q, 7),
		.included_by = interned(q, 8),
		.slice = stmt_get_int(q, 9),
		.included = stmt_get_int(q, 10),
		.prepaid = stmt_get_int(q, 11) != 0,
		.billed = stmt_get_int(q, 12) != 0,
		.price = stmt_get_int(q, 13),
		.minimum = stmt_get_int(q, 14),
		.currency = interned(q, 15),
	};

	(void)debit_parse(interned(q, 6), &work.debit);
	return work;
}

static bool
is_same(const LedgerWork *a, const LedgerWork *b)
{
	return a->event == b->event && a->mail == b->mail && a->at == b->at &&
	    a->month == b->month && a->minutes == b->minutes &&
	    a->debit == b->debit && a->plan == b->plan &&
	    a->included_by == b->included_by && a->slice == b->slice &&
	    a->included == b->included && a->prepaid == b->prepaid &&
	    a->billed == b->billed && a->price == b->price &&
	    a->minimum == b->minimum && a->currency == b->currency;
}

/* What is kept of the ticket; `*ret_contract` "" where that is nothing. */
static GArray *
kept_works(Store *store, gint64 ticket, char **ret_contract, GError **error)
{
	g_autoptr(GArray) works = g_array_new(FALSE, FALSE, sizeof(LedgerWork));
	g_autofree char *contract = g_strdup("");
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " WORK_COLUMNS ", contract FROM worked WHERE ticket = ? "
	    "ORDER BY event");

	stmt_int(&q, ticket);
	while (stmt_row(&q)) {
		LedgerWork work = work_of_row(&q);

		g_array_append_val(works, work);
		g_free(contract);
		contract = stmt_get_text(&q, 16);
	}
	if (!stmt_end(&q, error))
		return NULL;
	*ret_contract = g_steal_pointer(&contract);
	return g_steal_pointer(&works);
}

static bool
insert_work(StoreTx *tx, const char *contract, const LedgerWork *work,
    GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO worked (" WORK_COLUMNS ", contract) "
	    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

	stmt_int(&q, work->ticket);
	stmt_int(&q, work->event);
	stmt_id(&q, work->mail);
	stmt_int(&q, work->at);
	stmt_int(&q, work->month);
	stmt_int(&q, work->minutes);
	stmt_text(&q, debit_name(work->debit));
	stmt_text(&q, work->plan);
	stmt_text(&q, work->included_by);
	stmt_int(&q, work->slice);
	stmt_int(&q, work->included);
	stmt_int(&q, work->prepaid);
	stmt_int(&q, work->billed);
	stmt_int(&q, work->price);
	stmt_int(&q, work->minimum);
	stmt_text(&q, work->currency);
	stmt_text(&q, contract);
	return stmt_run(&q, error);
}

static bool
replace_works(StoreTx *tx, gint64 ticket, const char *contract,
    const GArray *works, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx, "DELETE FROM worked WHERE ticket = ?");

	stmt_int(&q, ticket);
	if (!stmt_run(&q, error))
		return false;
	for (guint i = 0; i < works->len; i++) {
		if (!insert_work(tx, contract,
			&g_array_index(works, LedgerWork, i), error))
			return false;
	}
	return true;
}

/* ---- orders ---- */

void
ledger_book_free(LedgerBook *book)
{
	if (book == NULL)
		return;
	g_array_unref(book->works);
	g_array_unref(book->credits);
	g_array_unref(book->breaches);
	g_array_unref(book->rows);
	g_ptr_array_unref(book->orders);
	g_free(book);
}

static bool
read_works(Store *store, const char *contract, LedgerBook *book, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " WORK_COLUMNS ", EXISTS (SELECT 1 FROM ledger_order AS o "
	    "WHERE o.what = 'waive' AND o.target = worked.event) "
	    "FROM worked WHERE contract = ? ORDER BY event");

	stmt_text(&q, contract);
	while (stmt_row(&q)) {
		LedgerWork work = work_of_row(&q);

		work.is_waived = stmt_get_int(&q, 16) != 0;
		g_array_append_val(book->works, work);
	}
	return stmt_end(&q, error);
}

static bool
read_credits(Store *store, const char *contract, LedgerBook *book,
    GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT id, at, until, minutes, amount, plan, currency, reference, "
	    "by, EXISTS (SELECT 1 FROM ledger_order AS b "
	    "WHERE b.what = 'take-back' AND b.target = o.id) "
	    "FROM ledger_order AS o WHERE contract = ? AND what = 'credit' "
	    "ORDER BY id");

	stmt_text(&q, contract);
	while (stmt_row(&q)) {
		LedgerCredit credit = {
			.order = stmt_get_int(&q, 0),
			.at = stmt_get_int(&q, 1),
			.until = stmt_get_instant(&q, 2),
			.minutes = stmt_get_int(&q, 3),
			.amount = stmt_get_int(&q, 4),
			.plan = interned(&q, 5),
			.currency = interned(&q, 6),
		};
		LedgerOrder *order = g_new0(LedgerOrder, 1);

		order->reference = stmt_get_text(&q, 7);
		order->by = stmt_get_text(&q, 8);
		order->until = credit.until;
		order->minutes = credit.minutes;
		order->target = credit.order;
		order->at = credit.at;
		if (stmt_get_int(&q, 9) == 0)
			g_array_append_val(book->credits, credit);
		g_ptr_array_add(book->orders, order);
	}
	return stmt_end(&q, error);
}

/* ---- rows ---- */

#define ROW_COLUMNS                                                     \
 "at, booked, ticket, event, mail, ord, package, rule, plan, counted, " \
 "balance, quantity, unit, price, amount, currency, reverses"

static LedgerRow
row_of_row(Stmt *q)
{
	LedgerRow row = {
		.at = stmt_get_int(q, 0),
		.booked = stmt_get_int(q, 1),
		.ticket = stmt_get_int(q, 2),
		.event = stmt_get_int(q, 3),
		.mail = stmt_get_int(q, 4),
		.order = stmt_get_int(q, 5),
		.package = stmt_get_int(q, 6),
		.plan = interned(q, 8),
		.counted = stmt_get_int(q, 9),
		.balance = stmt_get_int(q, 10),
		.quantity = stmt_get_int(q, 11),
		.unit = stmt_get_int(q, 12),
		.price = stmt_get_int(q, 13),
		.amount = stmt_get_int(q, 14),
		.currency = interned(q, 15),
		.reverses = stmt_get_int(q, 16),
		.id = stmt_get_int(q, 17),
	};

	(void)ledger_rule_parse(interned(q, 7), &row.rule);
	return row;
}

static bool
read_rows(Store *store, const char *contract, LedgerBook *book, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " ROW_COLUMNS ", id FROM ledger WHERE contract = ? "
	    "ORDER BY id");

	stmt_text(&q, contract);
	while (stmt_row(&q)) {
		LedgerRow row = row_of_row(&q);

		g_array_append_val(book->rows, row);
	}
	return stmt_end(&q, error);
}

LedgerBook *
store_ledger_book(Store *store, const char *contract, GError **error)
{
	g_autoptr(LedgerBook) book = g_new0(LedgerBook, 1);

	book->works = g_array_new(FALSE, FALSE, sizeof(LedgerWork));
	book->credits = g_array_new(FALSE, FALSE, sizeof(LedgerCredit));
	book->breaches = g_array_new(FALSE, FALSE, sizeof(LedgerBreach));
	book->rows = g_array_new(FALSE, FALSE, sizeof(LedgerRow));
	book->orders = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)ledger_order_free);
	book->facts = (LedgerFacts){ book->works, book->credits,
		book->breaches };
	if (!read_works(store, contract, book, error) ||
	    !read_credits(store, contract, book, error) ||
	    !store_breaches_read(store, contract, book->breaches, error) ||
	    !read_rows(store, contract, book, error))
		return NULL;
	return g_steal_pointer(&book);
}

bool
store_ledger_credited(Store *store, const char *contract, const char *reference,
    Instant *ret_at, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT at FROM ledger_order AS o WHERE contract = ? "
	    "AND what = 'credit' AND reference = ? "
	    "AND NOT EXISTS (SELECT 1 FROM ledger_order AS b "
	    "WHERE b.what = 'take-back' AND b.target = o.id) ORDER BY id");

	*ret_at = INSTANT_NONE;
	stmt_text(&q, contract);
	stmt_text(&q, reference);
	if (stmt_row(&q))
		*ret_at = stmt_get_int(&q, 0);
	return stmt_end(&q, error);
}

bool
store_ledger_row(Store *store, gint64 id, LedgerRow *ret_row,
    char **ret_contract, gint64 *ret_reversed_by, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT " ROW_COLUMNS ", id, contract, "
	    "(SELECT min(b.id) FROM ledger AS b WHERE b.reverses = ledger.id) "
	    "FROM ledger WHERE id = ?");

	*ret_contract = NULL;
	stmt_int(&q, id);
	if (stmt_row(&q)) {
		*ret_row = row_of_row(&q);
		*ret_contract = stmt_get_text(&q, 18);
		*ret_reversed_by = stmt_get_int(&q, 19);
	}
	return stmt_end(&q, error);
}

static bool
insert_row(StoreTx *tx, const char *contract, const LedgerRow *row, Instant now,
    GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO ledger (" ROW_COLUMNS ", contract, recorded) "
	    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

	stmt_int(&q, row->at);
	stmt_int(&q, row->booked);
	stmt_id(&q, row->ticket);
	stmt_id(&q, row->event);
	stmt_id(&q, row->mail);
	stmt_id(&q, row->order);
	stmt_id(&q, row->package);
	stmt_text(&q, ledger_rule_name(row->rule));
	stmt_text(&q, row->plan);
	stmt_int(&q, row->counted);
	stmt_int(&q, row->balance);
	stmt_int(&q, row->quantity);
	stmt_int(&q, row->unit);
	stmt_int(&q, row->price);
	stmt_int(&q, row->amount);
	stmt_text(&q, row->currency);
	stmt_id(&q, row->reverses);
	stmt_text(&q, contract);
	stmt_int(&q, now);
	return stmt_run(&q, error);
}

static bool
settle(StoreTx *tx, const char *contract, LedgerTime when, GError **error)
{
	g_autoptr(LedgerBook) book = store_ledger_book(tx->store, contract,
	    error);
	g_autoptr(GArray) wanted = NULL, more = NULL;

	if (book == NULL)
		return false;
	wanted = ledger_compute(&book->facts, when.now);
	more = ledger_reconcile(book->rows, wanted, when.now, when.month);
	for (guint i = 0; i < more->len; i++) {
		if (!insert_row(tx, contract,
			&g_array_index(more, LedgerRow, i), when.now, error))
			return false;
	}
	return true;
}

/* ---- what changes ---- */

/* Work that was told before there were ledgers is in none. */
static GArray *
since(Store *store, const GArray *works, GError **error)
{
	g_autoptr(GArray) young = g_array_new(FALSE, FALSE, sizeof(LedgerWork));
	g_autofree char *text = NULL;
	gint64 last;

	if (!store_setting(store, SINCE, &text, error))
		return NULL;
	last = text != NULL ? g_ascii_strtoll(text, NULL, 10) : 0;
	for (guint i = 0; i < works->len; i++) {
		const LedgerWork *work = &g_array_index(works, LedgerWork, i);

		if (work->event > last)
			g_array_append_vals(young, work, 1);
	}
	return g_steal_pointer(&young);
}

static bool
is_as_kept(const GArray *kept, const GArray *works)
{
	for (guint i = 0; i < works->len && i < kept->len; i++) {
		if (!is_same(&g_array_index(kept, LedgerWork, i),
			&g_array_index(works, LedgerWork, i)))
			return false;
	}
	return kept->len == works->len;
}

/* Whose ledgers a ticket's change is in: the contract that it had, "" none, and
 * whether anything is another. */
typedef struct {
	char *before;
	bool changed;
} Turn;

static bool
project_works(StoreTx *tx, const LedgerShare *share, Turn *turn, GError **error)
{
	g_autoptr(GArray) kept = kept_works(tx->store, share->ticket,
	    &turn->before, error);
	g_autoptr(GArray) young = NULL;

	if (kept == NULL)
		return false;
	if (kept->len == 0 && share->works->len == 0)
		return true;
	young = since(tx->store, share->works, error);
	if (young == NULL)
		return false;
	if (is_as_kept(kept, young) &&
	    (kept->len == 0 || strcmp(turn->before, share->contract) == 0))
		return true;
	turn->changed = true;
	return replace_works(tx, share->ticket, share->contract, young, error);
}

/* The contract that it was, and the one that it is. */
static bool
settle_both(StoreTx *tx, const LedgerShare *share, const Turn *turn,
    LedgerTime when, GError **error)
{
	if (!turn->changed)
		return true;
	if (*turn->before != '\0' &&
	    strcmp(turn->before, share->contract) != 0 &&
	    !settle(tx, turn->before, when, error))
		return false;
	return settle(tx, share->contract, when, error);
}

bool
store_ledger_project(StoreTx *tx, const LedgerShare *share, LedgerTime when,
    GError **error)
{
	Turn turn = { 0 };
	g_autofree char *other = NULL;
	bool good = project_works(tx, share, &turn, error) &&
	    store_breaches_project(tx, share, when.now, &other, &turn.changed,
		error);

	if (good && *turn.before == '\0' && *other != '\0') {
		g_free(turn.before);
		turn.before = g_steal_pointer(&other);
	}
	good = good && settle_both(tx, share, &turn, when, error);
	g_free(turn.before);
	return good;
}

bool
store_ledger_order(StoreTx *tx, const LedgerOrder *order, GError **error)
{
	const LedgerTime when = { order->now, order->month };
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO ledger_order (contract, at, what, minutes, amount, "
	    "currency, plan, until, reference, by, target) "
	    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

	stmt_text(&q, order->contract);
	stmt_int(&q, order->at);
	stmt_text(&q, ledger_order_name(order->kind));
	stmt_int(&q, order->minutes);
	stmt_int(&q, order->amount);
	stmt_string(&q, order->currency);
	stmt_string(&q, order->plan);
	stmt_instant(&q, order->until);
	stmt_string(&q, order->reference);
	stmt_string(&q, order->by);
	stmt_id(&q, order->target);
	return stmt_run(&q, error) && settle(tx, order->contract, when, error);
}
