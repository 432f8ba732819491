/*
 * Technicians' mails that wait for their own word (doc/security.md 2.3): what
 * an answer to a challenge confirms, and what was confirmed and is judged again.
 * Those wait in the store, a line each: mail, ticket, when it was confirmed.
 */
#include "guichet/work/work.h"

#include "guichet/judgment/horizon.h"
#include "guichet/store/setting_lines.h"

#include <string.h>

typedef struct {
	gint64 mail, ticket;
	Instant at;
} Confirmed;

static gpointer
confirmed_read(char *const *words)
{
	Confirmed *one = g_new0(Confirmed, 1);

	one->mail = g_ascii_strtoll(words[0], NULL, 10);
	one->ticket = g_ascii_strtoll(words[1], NULL, 10);
	one->at = g_ascii_strtoll(words[2], NULL, 10);
	return one;
}

static void
confirmed_write(GString *line, gconstpointer data)
{
	const Confirmed *one = data;

	g_string_append_printf(line,
	    "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
	    one->mail, one->ticket, one->at);
}

static const SettingLines confirmed_lines = { "confirmed", 3, confirmed_read,
	confirmed_write, g_free };

static const Confirmed *
find_confirmed(const GPtrArray *all, gint64 mail)
{
	for (guint i = 0; i < all->len; i++) {
		const Confirmed *one = all->pdata[i];

		if (one->mail == mail)
			return one;
	}
	return NULL;
}

/* ---- the answer to a challenge ---- */

/* Whether the mail that waits was confirmed or judged before. */
static bool
is_spent(Intake *in, gint64 mail, bool *ret_spent, GError **error)
{
	g_autoptr(GPtrArray) all = setting_lines_load(&confirmed_lines,
	    in->store, error);
	bool parked;

	if (all == NULL || !store_is_parked(in->store, mail, &parked, error))
		return false;
	*ret_spent = !parked || find_confirmed(all, mail) != NULL;
	return true;
}

/* What was sent before the ticket was closed or reopened is void. */
static bool
is_of_now(const Gathered *g, const OutboxRow *row)
{
	if (row->ticket == 0)
		return true;
	for (guint i = 0; i < g->candidates->len; i++) {
		const Ticket *ticket =
		    g_array_index(g->candidates, Candidate, i).ticket;

		if (ticket->number == row->ticket)
			return row->created >= ticket->turned;
	}
	return false;
}

bool
parked_answer(Gathered *g, Intake *in, const OutboxRow *row,
    const Technician *technician, GError **error)
{
	Situation *sit = &g->sit;
	SendKind what;

	if (!send_kind_parse(row->what, &what) || what != SEND_CHALLENGE ||
	    sit->confirms != 0 || row->mail == 0)
		return true;
	if (!gather_candidate(g, in, LINK_TOKEN, row->ticket, error) ||
	    !is_spent(in, row->mail, &sit->confirm_spent, error))
		return false;
	sit->confirms = row->mail;
	sit->confirm_ticket = row->ticket;
	sit->confirm_fits = strcmp(row->to, technician->address) == 0 &&
	    is_of_now(g, row);
	sit->confirm = horizon_confirms(row->created, sit->received)
	    ? TOKEN_OK
	    : TOKEN_EXPIRED;
	return true;
}

bool
parked_word(Gathered *g, Intake *in, const char *word,
    const Technician *technician, GError **error)
{
	g_autofree char *lower = g_ascii_strdown(word, -1);
	g_autoptr(OutboxRow) row = NULL;

	if (!store_outbox_by_token(in->store, lower, &row, error))
		return false;
	return row == NULL || parked_answer(g, in, row, technician, error);
}

bool
parked_count(Gathered *g, Intake *in, GError **error)
{
	return store_count_challenges(in->store, g->sit.message->identity,
	    g->sit.received - HORIZON_CONFIRM_SECONDS, &g->sit.challenges,
	    error);
}

/* ---- what was confirmed ---- */

bool
parked_find(Gathered *g, Intake *in, GError **error)
{
	g_autoptr(GPtrArray) all = setting_lines_load(&confirmed_lines,
	    in->store, error);
	const Confirmed *one;

	if (all == NULL)
		return false;
	one = find_confirmed(all, g->sit.mail);
	if (one == NULL)
		return true;
	g->sit.is_confirmed = true;
	g->sit.token_ticket = one->ticket;
	g->confirmed_at = one->at;
	return true;
}

bool
parked_candidate(Gathered *g, Intake *in, const Technician *technician,
    GError **error)
{
	g->candidates = g_array_new(FALSE, TRUE, sizeof(Candidate));
	if (!gather_candidate(g, in, LINK_TOKEN, g->sit.token_ticket, error))
		return false;
	g->sit.received = g->confirmed_at;
	g->sit.token = TOKEN_OK;
	g->sit.token_is_desk = g->sit.token_ticket == 0;
	g->sit.token_fits = technician != NULL;
	g->sit.token_who = technician != NULL ? technician->id : 0;
	return true;
}

bool
parked_carry_out(Intake *in, StoreTx *tx, const Effect *effect, Instant at,
    GError **error)
{
	g_autoptr(GPtrArray) all = setting_lines_load(&confirmed_lines,
	    in->store, error);
	Confirmed *one;

	if (all == NULL)
		return false;
	/* Once is enough. */
	if (find_confirmed(all, effect->id) != NULL)
		return true;
	one = g_new0(Confirmed, 1);
	one->mail = effect->id;
	one->ticket = effect->ticket;
	one->at = at;
	g_ptr_array_add(all, one);
	in->reads_again = true;
	return setting_lines_save(&confirmed_lines, tx, all, error) &&
	    store_mail_again(tx, effect->id, error);
}

bool
parked_done(Intake *in, StoreTx *tx, const Gathered *g, GError **error)
{
	g_autoptr(GPtrArray) all = NULL;

	if (!g->sit.is_confirmed)
		return true;
	all = setting_lines_load(&confirmed_lines, in->store, error);
	if (all == NULL)
		return false;
	for (guint i = all->len; i-- > 0;) {
		const Confirmed *one = all->pdata[i];

		if (one->mail == g->sit.mail)
			g_ptr_array_remove_index(all, i);
	}
	return setting_lines_save(&confirmed_lines, tx, all, error);
}
