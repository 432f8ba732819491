/* A decision, applied: what it writes, then what it sends. */
#include "guichet/work/work.h"

#include "guichet/store/store.h"
#include "guichet/store/store_alert.h"

static bool
append_effect(StoreTx *tx, Effect *effect, gint64 *opened, Filed *filed,
    GError **error)
{
	Event *event = effect->event;

	if (effect->kind == EFFECT_EVENT && event->ticket == 0)
		event->ticket = *opened;
	if (!store_append(tx, event, error))
		return false;
	if (effect->kind == EFFECT_OPEN)
		*opened = event->ticket;
	if (event->type == EVENT_MESSAGE) {
		filed->ticket = event->ticket;
		filed->author = event_text(event, "author");
		filed->visibility = event_text(event, "visibility");
	}
	return true;
}

/* The tickets that the effects touched, each once. */
static void
note_touched(GArray *touched, gint64 number)
{
	for (guint i = 0; i < touched->len; i++) {
		if (g_array_index(touched, gint64, i) == number)
			return;
	}
	g_array_append_val(touched, number);
}

static bool
apply_order(StoreTx *tx, MaintenanceOrder *order, const Situation *sit,
    GError **error)
{
	const Maintenance one = {
		.host = order->host,
		.service = order->service,
		.from = order->from,
		.to = order->to,
		.announced = sit->received,
		.by = (char *)sit->technician,
	};

	if (order->ends)
		return store_end_maintenance(tx, order->number, sit->now,
		    error);
	return store_add_maintenance(tx, &one, &order->number, error);
}

/* Maintenance that a technician ordered; the trace tells its number. */
static bool
apply_orders(StoreTx *tx, Decision *decision, const Gathered *gathered,
    GError **error)
{
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];
		MaintenanceOrder *order;

		if (effect->kind != EFFECT_MAINTENANCE)
			continue;
		/* Only a mail that was read can order anything. */
		g_assert(gathered != NULL);
		order = gathered->orders->pdata[effect->order];
		if (!apply_order(tx, order, &gathered->sit, error))
			return false;
		if (!order->ends)
			g_ptr_array_add(decision->trace,
			    g_strdup_printf("maintenance: number "
					    "%" G_GINT64_FORMAT " by %s",
				order->number, gathered->sit.technician));
	}
	return true;
}

bool
effects_write(StoreTx *tx, Decision *decision, const Gathered *gathered,
    const Situation *sit, GArray *touched, Filed *ret_filed, gint64 *ret_opened,
    GError **error)
{
	Filed filed = { 0, "", "" };
	gint64 opened = 0;

	for (guint i = 0; i < decision->effects->len; i++) {
		Effect *effect = decision->effects->pdata[i];

		if (effect->kind == EFFECT_KEEP)
			filed = (Filed){ effect->ticket, "alert", "internal" };
		if (effect->event == NULL)
			continue;
		if (!append_effect(tx, effect, &opened, &filed, error))
			return false;
		note_touched(touched, effect->event->ticket);
	}
	*ret_filed = filed;
	*ret_opened = opened;
	return apply_alert(tx, decision, sit, opened, error) &&
	    apply_orders(tx, decision, gathered, error);
}

static bool
project(Intake *in, StoreTx *tx, const GArray *touched, const char *actor,
    Instant now, GError **error)
{
	for (guint i = 0; i < touched->len; i++) {
		if (!view_project(in, tx, g_array_index(touched, gint64, i),
			actor, now, error))
			return false;
	}
	return true;
}

bool
effects_send(Intake *in, StoreTx *tx, const Decision *decision,
    const Gathered *gathered, const AlertFacts *alert, const GArray *touched,
    gint64 opened, const char *actor, Instant now, GError **error)
{
	guint appended;

	if (!project(in, tx, touched, actor, now, error))
		return false;
	appended = store_appended(tx);
	for (guint i = 0; i < decision->effects->len; i++) {
		Effect *effect = decision->effects->pdata[i];

		if (effect->ticket == 0)
			effect->ticket = opened;
		/* Only an alert has words of the desk's own. */
		g_assert(effect->kind != EFFECT_NOTE || alert != NULL);
		if (effect->kind == EFFECT_NOTE &&
		    !alert_note(in, tx, effect->ticket, effect->reason, alert,
			now, error))
			return false;
		if (effect->listed) {
			if (!refusal_list_add(in, tx, effect, &gathered->sit,
				error))
				return false;
			continue;
		}
		if (effect->kind == EFFECT_SEND &&
		    !answer_effect(in, tx, effect, gathered, now, error))
			return false;
	}
	/* `told` events were appended by the answers: project them too. */
	return store_appended(tx) == appended ||
	    project(in, tx, touched, NULL, now, error);
}
