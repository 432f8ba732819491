/* What time alone brings about: warnings, reminders, duties. */
#include "guichet/rounds/tick.h"
#include "guichet/post/post.h"
#include "guichet/work/answer.h"
#include "guichet/work/work.h"

#include "guichet/base/error.h"
#include "guichet/desk/desk_unasked.h"

#include "rounds_private.h"

/* How many tickets one tick looks at: the rest comes with the next. */
#define TICK_BATCH 200

static bool
apply_effect(Intake *in, StoreTx *tx, TicketView *view, const Effect *effect,
    Instant now, GError **error)
{
	if (effect->event != NULL)
		return hand_append(tx, effect->event, error);
	return effect->send == SEND_ALARM
	    ? answer_alarm(in, tx, view, effect, now, error)
	    : answer_effect(in, tx, effect, NULL, now, error);
}

static bool
tick_ticket(Intake *in, StoreTx *tx, gint64 number, Instant now, GError **error)
{
	g_autoptr(Decision) decision = NULL;
	TickCase c = { .policy = &in->conf->policy, .now = now };
	TicketView *view;

	view_begin(in);
	view = view_run(in, number, now, error);
	if (view == NULL ||
	    !store_word_is_out(in->store, number, &c.word_is_out, error))
		return false;
	c.view = view;
	decision = desk_tick(&c);
	for (guint i = 0; i < decision->effects->len; i++) {
		if (!apply_effect(in, tx, view, decision->effects->pdata[i],
			now, error))
			return false;
	}
	return view_settle(in, tx, number, &(Cause){ "tick", now, now }, error);
}

bool
tick_due(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	g_autoptr(GArray) due = store_due(in->store, now, TICK_BATCH, error);

	view_begin(in);
	if (due == NULL || !duties_open(in, tx, now, error) ||
	    !alert_tick(in, tx, now, error) ||
	    !notice_budget_tick(in, tx, now, error) ||
	    !refusal_list_tick(in, tx, now, error) ||
	    !restraint_tick(in, tx, now, error) ||
	    !filed_list_tick(in, tx, now, error) ||
	    !morning_tick(in, tx, now, error) ||
	    !contracts_tick(in, tx, now, error) ||
	    !duties_report_tick(in, tx, now, error) ||
	    !border_untried_tick(in, tx, now, error))
		return false;
	for (guint i = 0; i < due->len; i++) {
		if (!tick_ticket(in, tx, g_array_index(due, gint64, i), now,
			error))
			return false;
	}
	return true;
}

static Instant
earlier(Instant a, Instant b)
{
	return a == INSTANT_NONE ? b : b == INSTANT_NONE ? a : MIN(a, b);
}

/* When what is told at its hours is, at the earliest. */
static bool
next_hour(Intake *in, Instant now, Instant *ret_at, GError **error)
{
	Instant morning, contracts, report, filed, sum;

	if (!morning_next(in, now, &morning, error) ||
	    !contracts_next(in, now, &contracts, error) ||
	    !duties_report_next(in, now, &report, error) ||
	    !restraint_next(in, &sum, error) ||
	    !filed_list_next(in, &filed, error))
		return false;
	*ret_at = earlier(earlier(earlier(filed, sum), report),
	    earlier(morning, contracts));
	return true;
}

bool
tick_next(Intake *in, Instant now, Instant *ret_at, GError **error)
{
	Instant wake, duty, summary, list, hour, untried;

	if (!store_next_wake(in->store, &wake, error) ||
	    !duties_next(in, now, &duty, error) ||
	    !notice_budget_next(in, &summary, error) ||
	    !refusal_list_next(in, &list, error) ||
	    !next_hour(in, now, &hour, error) ||
	    !border_untried_next(in, now, &untried, error))
		return false;
	*ret_at = earlier(earlier(hour, untried),
	    earlier(earlier(wake, duty), earlier(summary, list)));
	return true;
}

bool
tick_begin(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	return expected_arm(in, tx, now, error) &&
	    restored_tell(in, tx, now, error);
}
