/* What time alone brings about: warnings, reminders, duties. */
#include "guichet/rounds/tick.h"
#include "guichet/post/post.h"
#include "guichet/work/answer.h"
#include "guichet/work/work.h"

#include "guichet/base/error.h"
#include "guichet/desk/desk_silence.h"
#include "guichet/desk/desk_unasked.h"

#include "rounds_private.h"

/* How many tickets one tick looks at: the rest comes with the next. */
#define TICK_BATCH 200

/* Of one tick. */
typedef struct {
	Intake *in;
	StoreTx *tx;
	Instant now;
	GPtrArray *quiet; /* Draft * that may be joined (alarms.c) */
} Round;

static bool
apply_effect(Round *r, TicketView *view, const Effect *effect, GError **error)
{
	g_autoptr(GPtrArray) drafts = NULL;

	if (effect->event != NULL)
		return hand_append(r->tx, effect->event, error);
	if (effect->send != SEND_ALARM)
		return answer_effect(r->in, r->tx, effect, NULL, r->now, error);
	drafts = answer_alarm(r->in, view, effect, r->now, error);
	if (drafts == NULL)
		return false;
	if (desk_alarm_is_quiet(effect, view->ticket)) {
		g_ptr_array_extend_and_steal(r->quiet,
		    g_steal_pointer(&drafts));
		return true;
	}
	return alarms_post(r->in, r->tx, drafts, r->now, error);
}

static bool
tick_ticket(Round *r, gint64 number, GError **error)
{
	Intake *in = r->in;
	Instant now = r->now;
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
		if (!apply_effect(r, view, decision->effects->pdata[i], error))
			return false;
	}
	return view_settle(in, r->tx, number, &(Cause){ "tick", now, now },
	    error);
}

static bool
tick_tickets(Intake *in, StoreTx *tx, const GArray *due, Instant now,
    GError **error)
{
	g_autoptr(GPtrArray) quiet = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)draft_free);
	Round r = { in, tx, now, quiet };

	for (guint i = 0; i < due->len; i++) {
		if (!tick_ticket(&r, g_array_index(due, gint64, i), error))
			return false;
	}
	return alarms_post_joined(in, tx, quiet, now, error);
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
	return tick_tickets(in, tx, due, now, error);
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
