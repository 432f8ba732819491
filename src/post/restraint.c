/*
 * How much a client is written that no person said or ordered: what is too much
 * waits in the outbox, and is told in one mail at the end of its hour. Which
 * rows wait for that is a setting of the store, a line each: row, when, language
 * and zone of its reader.
 */
#include "guichet/post/post.h"

#include "guichet/desk/desk_restraint.h"
#include "guichet/judgment/horizon.h"
#include "guichet/store/setting_lines.h"

#include <string.h>

typedef struct {
	gint64 outbox;
	Instant until;
	char *language, *zone;
} Held;

static void
held_free(gpointer data)
{
	Held *held = data;

	g_free(held->language);
	g_free(held->zone);
	g_free(held);
}

static gpointer
held_read(char *const *words)
{
	Held *held = g_new0(Held, 1);

	held->outbox = g_ascii_strtoll(words[0], NULL, 10);
	held->until = g_ascii_strtoll(words[1], NULL, 10);
	held->language = g_strdup(words[2]);
	held->zone = g_strdup(words[3]);
	return held;
}

static void
held_write(GString *line, gconstpointer one)
{
	const Held *held = one;

	g_string_append_printf(line,
	    "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s %s", held->outbox,
	    held->until, held->language, held->zone);
}

static const SettingLines held_lines = { "automatic-held", 4, held_read,
	held_write, held_free };

/* ---- one that is to leave ---- */

static const Held *
find_held(const GPtrArray *all, gint64 outbox)
{
	for (guint i = 0; i < all->len; i++) {
		const Held *held = all->pdata[i];

		if (held->outbox == outbox)
			return held;
	}
	return NULL;
}

static void
add_mail(GArray *mails, const OutboxRow *row, const Held *held)
{
	RestraintMail mail = { .ticket = row->ticket,
		.proof = row->proof,
		.leaves = held != NULL ? held->until
				       : MAX(row->created, row->next),
		.is_summed = held != NULL };

	if (send_kind_parse(row->what, &mail.send) &&
	    !outbox_state_is(row->state, OUTBOX_DROPPED))
		g_array_append_val(mails, mail);
}

/* What the reader got of each kind that counts, and is to get. */
static GArray *
find_others(Intake *in, const char *to, const GPtrArray *held, Instant now,
    GError **error)
{
	/* One that waits was made an hour before it leaves, and a little. */
	Instant since = now - 3 * HORIZON_AUTOMATIC_SECONDS;
	g_autoptr(GArray) mails = g_array_new(FALSE, FALSE,
	    sizeof(RestraintMail));

	for (SendKind kind = 0; kind < SEND_COUNT; kind++) {
		g_autoptr(GPtrArray) rows = NULL;

		if (!send_kind_is_automatic(kind))
			continue;
		rows = store_outbox_to(in->store, kind, to, since, error);
		if (rows == NULL)
			return NULL;
		for (guint i = 0; i < rows->len; i++) {
			const OutboxRow *row = rows->pdata[i];

			add_mail(mails, row, find_held(held, row->id));
		}
	}
	return g_steal_pointer(&mails);
}

static bool
hold(StoreTx *tx, GPtrArray *all, const Draft *draft, Instant until,
    GError **error)
{
	Held *held = g_new0(Held, 1);

	*held = (Held){ draft->outbox, until, g_strdup(draft->language),
		g_strdup(draft->zone) };
	g_ptr_array_add(all, held);
	return setting_lines_save(&held_lines, tx, all, error);
}

bool
restraint_post(Intake *in, StoreTx *tx, Draft *draft, Instant now,
    GError **error)
{
	RestraintMail mail = { draft->send, draft->ticket, draft->proof, now,
		false };
	g_autoptr(GPtrArray) held = NULL;
	g_autoptr(GArray) others = NULL;

	if (draft->technician != NULL || draft->doubt ||
	    !send_kind_is_automatic(mail.send))
		return post_draft(in, tx, draft, now, error);
	held = setting_lines_load(&held_lines, in->store, error);
	others = held != NULL ? find_others(in, draft->to, held, now, error)
			      : NULL;
	if (others == NULL)
		return false;
	mail = desk_restrain(&mail, others, in->conf->automatic_per_hour);
	/* Should nobody sum it up, it leaves by itself. */
	draft->leaves = mail.is_summed ? mail.leaves + HORIZON_SUM_GRACE_SECONDS
				       : mail.leaves;
	return post_draft(in, tx, draft, now, error) &&
	    (!mail.is_summed || hold(tx, held, draft, mail.leaves, error));
}

/* ---- the sums ---- */

/* Those whose hour is over leave `all`: OutboxRow * that wait still, of one
 * reader; `first` is the line of the first. */
static bool
take_reader(Intake *in, GPtrArray *all, Instant now, GPtrArray *rows,
    Held **ret_first, GError **error)
{
	for (guint i = 0; i < all->len;) {
		Held *held = all->pdata[i];
		g_autoptr(OutboxRow) row = NULL;
		const OutboxRow *other = rows->len > 0 ? rows->pdata[0] : NULL;

		if (held->until > now) {
			i++;
			continue;
		}
		if (!store_outbox_row(in->store, held->outbox, &row, error))
			return false;
		if (row != NULL && other != NULL &&
		    strcmp(row->to, other->to) != 0) {
			i++;
			continue;
		}
		held = g_ptr_array_steal_index(all, i);
		if (row != NULL && outbox_row_waits(row))
			g_ptr_array_add(rows, g_steal_pointer(&row));
		if (*ret_first == NULL)
			*ret_first = held;
		else
			held_free(held);
	}
	return true;
}

static Draft *
draft_sum(const Intake *in, const GPtrArray *rows, const Held *first)
{
	g_autoptr(Values) values = values_new();
	const OutboxRow *one = rows->pdata[0];
	Draft *draft = g_new0(Draft, 1);

	values_set(values, "desk", in->conf->site);
	values_setf(values, "count", "%u", rows->len);
	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];
		Values *item = values_add(values, "items");

		values_set(item, "item_subject", row->subject);
		values_set(item, "item_text", row->text);
	}
	draft->send = SEND_SUMMARY;
	draft->no_answer = true; /* it is about no one ticket */
	draft->to = g_strdup(one->to);
	draft->language = g_strdup(first->language);
	draft->zone = g_strdup(first->zone);
	draft_render(draft, in, values);
	return draft;
}

static bool
drop(StoreTx *tx, const GPtrArray *rows, gint64 sum, Instant now,
    GError **error)
{
	g_autofree char *why =
	    g_strdup_printf("summed up in answer %" G_GINT64_FORMAT, sum);
	const OutboxTurn turn = { .state = OUTBOX_DROPPED,
		.next = INSTANT_NONE,
		.reply = why,
		.now = now };

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		if (!store_outbox_state(tx, row->id, &turn, error))
			return false;
	}
	return true;
}

/* One alone leaves as it is. */
static bool
sum_up(Intake *in, StoreTx *tx, const GPtrArray *rows, const Held *first,
    Instant now, GError **error)
{
	const OutboxRow *one = rows->len > 0 ? rows->pdata[0] : NULL;
	g_autoptr(Draft) draft = NULL;

	if (one == NULL)
		return true;
	if (rows->len == 1)
		return store_outbox_again(tx, one->id, now, error);
	draft = draft_sum(in, rows, first);
	return post_draft(in, tx, draft, now, error) &&
	    drop(tx, rows, draft->outbox, now, error);
}

static bool
sum_one(Intake *in, StoreTx *tx, GPtrArray *all, Instant now, bool *ret_any,
    GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)outbox_row_free);
	Held *first = NULL;
	bool done = take_reader(in, all, now, rows, &first, error);

	*ret_any = first != NULL;
	done = done &&
	    (first == NULL || sum_up(in, tx, rows, first, now, error));
	if (first != NULL)
		held_free(first);
	return done;
}

bool
restraint_tick(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	g_autoptr(GPtrArray) all = setting_lines_load(&held_lines, in->store,
	    error);
	bool any = true, changed = false;

	if (all == NULL)
		return false;
	while (any) {
		if (!sum_one(in, tx, all, now, &any, error))
			return false;
		changed = changed || any;
	}
	return !changed || setting_lines_save(&held_lines, tx, all, error);
}

bool
restraint_next(Intake *in, Instant *ret_at, GError **error)
{
	g_autoptr(GPtrArray) all = setting_lines_load(&held_lines, in->store,
	    error);

	*ret_at = INSTANT_NONE;
	if (all == NULL)
		return false;
	for (guint i = 0; i < all->len; i++) {
		const Held *held = all->pdata[i];

		if (*ret_at == INSTANT_NONE || held->until < *ret_at)
			*ret_at = held->until;
	}
	return true;
}
