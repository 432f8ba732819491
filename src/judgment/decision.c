/* What follows from a judgment, as plain data and as words. */
#include "guichet/judgment/decision.h"

#include "guichet/base/names.h"

static void
effect_free(gpointer data)
{
	Effect *effect = data;

	event_free(effect->event);
	g_free(effect->to);
	g_free(effect->technician);
	g_free(effect->reason);
	g_free(effect->note);
	g_free(effect->words);
	g_clear_pointer(&effect->lines, g_ptr_array_unref);
	g_clear_pointer(&effect->lines_fr, g_ptr_array_unref);
	g_free(effect);
}

char *
effect_describe(const Effect *effect)
{
	switch (effect->kind) {
	case EFFECT_OPEN:
	case EFFECT_EVENT:
		return event_describe(effect->event);
	case EFFECT_SEND:
		return g_strdup_printf("send %s%s%s%s%s",
		    send_kind_name(effect->send), effect->to ? " to " : "",
		    effect->to ? effect->to : "", effect->reason ? ": " : "",
		    effect->reason ? effect->reason : "");
	case EFFECT_FILE:
		return g_strdup_printf("file in lane %s",
		    event_lane_name(effect->lane));
	case EFFECT_KEEP:
		return g_strdup_printf("keep on #%" G_GINT64_FORMAT,
		    effect->ticket);
	case EFFECT_NOTE:
		return g_strdup_printf("note: %s",
		    event_note_name(effect->about));
	case EFFECT_MAINTENANCE:
		return g_strdup_printf("maintenance: %s", effect->reason);
	case EFFECT_MAP:
		return g_strdup_printf("alerts under %s", effect->reason);
	case EFFECT_OUTBOX_AGAIN:
		return g_strdup_printf("send %" G_GINT64_FORMAT " again",
		    effect->id);
	case EFFECT_OUTBOX_DROP:
		return g_strdup_printf("never send %" G_GINT64_FORMAT,
		    effect->id);
	case EFFECT_READ:
		return g_strdup_printf("read %u rows, %u tickets", effect->rows,
		    effect->texts);
	case EFFECT_SECRET:
		return g_strdup("mask a secret");
	case EFFECT_CARRY_OUT:
		return g_strdup_printf("carry out mail %" G_GINT64_FORMAT,
		    effect->id);
	}
	g_assert_not_reached();
}

GPtrArray *
decision_effects_new(void)
{
	return g_ptr_array_new_with_free_func(effect_free);
}

void
decision_free(Decision *decision)
{
	if (decision == NULL)
		return;
	g_ptr_array_unref(decision->effects);
	g_ptr_array_unref(decision->trace);
	g_free(decision->words);
	g_clear_pointer(&decision->remarks, g_ptr_array_unref);
	alert_case_free(decision->alert);
	alert_case_free(decision->storm);
	alert_case_free(decision->expected);
	g_free(decision);
}
