/* A decision, applied: what it writes, then what it sends. */
#include "guichet/work/answer.h"
#include "guichet/work/reads.h"

#include "guichet/store/store.h"
#include "guichet/store/store_alert.h"

void
effects_init(Effects *effects)
{
	*effects =
	    (Effects){ .touched = g_array_new(FALSE, FALSE, sizeof(gint64)) };
}

void
effects_clear(Effects *effects)
{
	g_clear_pointer(&effects->touched, g_array_unref);
}

static bool
append_effect(StoreTx *tx, Effect *effect, gint64 *opened, Filed *filed,
    GError **error)
{
	Event *event = effect->event;
	const Order *call = effect->order;

	if (effect->kind == EFFECT_EVENT && event->ticket == 0)
		event->ticket = *opened;
	/* A link to the ticket that is only being opened. */
	if (event->type == EVENT_LINKED && event_int(event, "ticket") == 0)
		event_set_int(event, "ticket", *opened);
	if (effect->note != NULL &&
	    !store_add_words(tx,
		&(OwnWords){ event->ticket, event->at, event->actor,
		    call != NULL ? effect->title : "", effect->note,
		    call != NULL && *call->contact != '\0' ? call->contact
							   : NULL },
		&event->mail, error))
		return false;
	if (!hand_append(tx, event, error))
		return false;
	if (event->type == EVENT_UNDONE && effect->id != 0 &&
	    !store_mail_inside(tx, effect->id, error))
		return false;
	if (effect->kind == EFFECT_OPEN)
		*opened = event->ticket;
	/* What was said on the telephone is the ticket's first entry. */
	if (call != NULL &&
	    !store_mail_assign(tx, event->mail,
		&(Filed){ event->ticket, LANE_NONE, event->actor,
		    event_visibility_name(VISIBILITY_INTERNAL) },
		error))
		return false;
	/* A note beside it is no word of the mail in hand. */
	if (event->type == EVENT_MESSAGE && effect->note == NULL) {
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

/* Maintenance that somebody ordered; the trace tells its number. */
static bool
apply_maintenance(StoreTx *tx, Decision *decision, const Effect *effect,
    GError **error)
{
	MaintenanceOrder *order = effect->maintenance;
	const Maintenance one = {
		.host = order->host,
		.service = order->service,
		.contract = order->contract,
		.from = order->from,
		.to = order->to,
		.announced = effect->at,
		.by = effect->technician,
	};

	if (order->ends)
		return store_end_maintenance(tx, order->number, effect->at,
		    error);
	if (!store_add_maintenance(tx, &one, &order->number, error))
		return false;
	g_ptr_array_add(decision->trace,
	    g_strdup_printf("maintenance: number %" G_GINT64_FORMAT " by %s",
		order->number, effect->technician));
	return true;
}

static bool
apply_all_maintenance(StoreTx *tx, Decision *decision, GError **error)
{
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->kind == EFFECT_MAINTENANCE &&
		    !apply_maintenance(tx, decision, effect, error))
			return false;
	}
	return true;
}

bool
effects_write(StoreTx *tx, Effects *effects, GError **error)
{
	Decision *decision = effects->decision;
	Filed filed = { 0, LANE_NONE, "", "" };
	gint64 opened = 0;

	if (!store_batch_begin(tx, error))
		return false;
	for (guint i = 0; i < decision->effects->len; i++) {
		Effect *effect = decision->effects->pdata[i];

		if (effect->kind == EFFECT_KEEP)
			filed = (Filed){ effect->ticket, LANE_NONE,
				event_author_name(AUTHOR_ALERT),
				event_visibility_name(VISIBILITY_INTERNAL) };
		if (effect->kind == EFFECT_FILE)
			filed.lane = effect->lane;
		if (effect->event == NULL)
			continue;
		if (!append_effect(tx, effect, &opened, &filed, error))
			return false;
		note_touched(effects->touched, effect->event->ticket);
	}
	effects->filed = filed;
	effects->opened = opened;
	return gather_alert_apply(tx, decision, effects->sit, opened, error) &&
	    apply_all_maintenance(tx, decision, error);
}

/* What was ordered of the past happened then, and what follows from it. */
static bool
follow(Intake *in, StoreTx *tx, const Effects *effects, GError **error)
{
	const Decision *decision = effects->decision;
	const Cause cause = { effects->actor,
		decision->at != 0 ? decision->at : effects->now, effects->now };

	for (guint i = 0; i < effects->touched->len; i++) {
		if (!view_follow(in, tx,
			g_array_index(effects->touched, gint64, i), &cause,
			error))
			return false;
	}
	return true;
}

static bool
project(Intake *in, StoreTx *tx, const Effects *effects, GError **error)
{
	for (guint i = 0; i < effects->touched->len; i++) {
		if (!view_project(in, tx,
			g_array_index(effects->touched, gint64, i),
			effects->now, error))
			return false;
	}
	return true;
}

static bool
send_one(Intake *in, StoreTx *tx, const Effects *effects, Effect *effect,
    GError **error)
{
	if (effect->ticket == 0)
		effect->ticket = effects->opened;
	/* Only an alert has words of the desk's own. */
	g_assert(effect->kind != EFFECT_NOTE || effects->alert != NULL);
	if (effect->kind == EFFECT_NOTE &&
	    !alert_note(in, tx, effect, effects->alert, effects->now, error))
		return false;
	if (effect->listed)
		return refusal_list_add(in, tx, effect, effects->sit, error);
	if (effect->kind == EFFECT_CARRY_OUT)
		return parked_carry_out(in, tx, effect,
		    effects->sit != NULL ? effects->sit->received
					 : effects->now,
		    error);
	if (effect->kind == EFFECT_READ)
		return reads_count(in, tx, effect,
		    effects->sit->message->identity, effects->now, error);
	/* Whoever asks something of the desk itself is answered by it. */
	if (effect->kind == EFFECT_SEND && effect->desk)
		return effect->send == SEND_READING
		    ? client_reads_answer(in, tx, effect, effects, error)
		    : reads_answer(in, tx, effect, effects, error);
	if (!orders_effect(in, tx, effect, effects->now, error))
		return false;
	return effect->kind != EFFECT_SEND ||
	    answer_effect(in, tx, effect,
		effect->apart ? NULL : effects->gathered, effects->now, error);
}

bool
effects_send(Intake *in, StoreTx *tx, const Effects *effects, GError **error)
{
	const GPtrArray *all = effects->decision->effects;

	if (!follow(in, tx, effects, error))
		return false;
	for (guint i = 0; i < all->len; i++) {
		if (!send_one(in, tx, effects, all->pdata[i], error))
			return false;
	}
	store_batch_end(tx);
	return project(in, tx, effects, error);
}
