/*
 * How many notices a technician gets in an hour. In a flood each mail would
 * cost one for each of them, and bury those that matter: what is over the
 * budget stays on its ticket, is counted, and is told in one mail a little
 * later. Warnings and reminders are no notices, and always go out.
 *
 * What is no client's has half of it: who floods the desk from outside must not
 * use up the notices of a client's failure.
 *
 * The count is kept in the store, a line a technician: address, number, since.
 */
#include "guichet/post/post.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/judgment/horizon.h"
#include "guichet/store/setting_lines.h"

#include <string.h>

/* The numbers of a line. */
enum {
	HELD_NOTICES,
	HELD_SINCE,
	HELD_NUMBERS,
};

static const SettingLines held_lines = SETTING_NUMBERS("notices-held",
    HELD_NUMBERS);

static bool
hold(Intake *in, StoreTx *tx, const char *address, Instant now, GError **error)
{
	g_autoptr(GPtrArray) all = setting_lines_load(&held_lines, in->store,
	    error);
	SettingNumbers *held;

	if (all == NULL)
		return false;
	for (guint i = 0; i < all->len; i++) {
		held = all->pdata[i];
		if (strcmp(held->address, address) == 0) {
			held->numbers[HELD_NOTICES]++;
			return setting_lines_save(&held_lines, tx, all, error);
		}
	}
	held = setting_numbers_new(address, HELD_NUMBERS);
	held->numbers[HELD_NOTICES] = 1;
	held->numbers[HELD_SINCE] = now;
	g_ptr_array_add(all, held);
	return setting_lines_save(&held_lines, tx, all, error);
}

bool
notice_budget_take(Intake *in, StoreTx *tx, const Occasion *occasion,
    const char *address, bool *ret_taken, GError **error)
{
	bool is_clients = *occasion->view->ticket->contract != '\0';
	Instant now = occasion->now;
	int all = in->conf->notices_per_hour;
	int most = is_clients ? all : (all + 1) / 2, sent = 0;

	if (!store_count_outbox(in->store,
		&(OutboxQuery){ SEND_NOTICE, address, 0,
		    now - HORIZON_TOLD_SECONDS, most },
		&sent, error))
		return false;
	*ret_taken = sent < most;
	return *ret_taken || hold(in, tx, address, now, error);
}

static Draft *
draft_summary(const Intake *in, const Technician *t, const SettingNumbers *held)
{
	bool french = text_is_french(t->language);
	const Zone *zone = zone_get(in->conf->zone, NULL);
	g_autofree char *since = sla_when(held->numbers[HELD_SINCE],
	    t->language, zone);
	Draft *draft = g_new0(Draft, 1);

	draft->send = SEND_NOTICE;
	draft->technician = t;
	draft->no_answer = true; /* it is about no ticket */
	draft->to = g_strdup(t->address);
	draft->language = g_strdup(t->language);
	draft->zone = g_strdup(zone_name(zone));
	draft->subject = g_strdup_printf(french
		? "%" G_GINT64_FORMAT " avis de plus, non envoyés"
		: "%" G_GINT64_FORMAT " more notices, not sent",
	    held->numbers[HELD_NOTICES]);
	draft->text = g_strdup_printf(french
		? "%" G_GINT64_FORMAT " avis de plus depuis le %s ne vous ont "
		  "pas été envoyés : au plus %d par heure "
		  "(notices_per_hour).\n\n"
		  "Rien n'est perdu, tout est sur les tickets : guichet list\n"
		: "%" G_GINT64_FORMAT " more notices since %s were not sent to "
		  "you: at most %d an hour (notices_per_hour).\n\n"
		  "Nothing is lost, all of it is on the tickets: guichet "
		  "list\n",
	    held->numbers[HELD_NOTICES], since, in->conf->notices_per_hour);
	return draft;
}

static bool
is_due(const SettingNumbers *held, Instant now)
{
	return held->numbers[HELD_SINCE] + LIMIT_NOTICE_SUMMARY_SECONDS <= now;
}

bool
notice_budget_tick(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	g_autoptr(GPtrArray) all = setting_lines_load(&held_lines, in->store,
	    error);
	bool any = false;

	if (all == NULL)
		return false;
	for (guint i = all->len; i-- > 0;) {
		const SettingNumbers *held = all->pdata[i];
		const Technician *t = conf_technician(in->conf, held->address);

		if (!is_due(held, now))
			continue;
		any = true;
		/* Who has left meanwhile is told nothing. */
		if (t != NULL && t->active) {
			g_autoptr(Draft) draft = draft_summary(in, t, held);

			if (!post_draft(in, tx, draft, now, error))
				return false;
		}
		g_ptr_array_remove_index(all, i);
	}
	return !any || setting_lines_save(&held_lines, tx, all, error);
}

bool
notice_budget_next(Intake *in, Instant *ret_at, GError **error)
{
	g_autoptr(GPtrArray) all = setting_lines_load(&held_lines, in->store,
	    error);
	Instant next = INSTANT_NONE;

	if (all == NULL)
		return false;
	for (guint i = 0; i < all->len; i++) {
		const SettingNumbers *held = all->pdata[i];
		Instant at = held->numbers[HELD_SINCE] +
		    LIMIT_NOTICE_SUMMARY_SECONDS;

		if (next == INSTANT_NONE || at < next)
			next = at;
	}
	*ret_at = next;
	return true;
}
