/* What follows from a judgment, as plain data and as words. */
#include "guichet/judgment/decision.h"

#include "guichet/base/names.h"
#include "guichet/ledger/ledger_order.h"

static void
effect_free(gpointer data)
{
	Effect *effect = data;

	event_free(effect->event);
	g_free(effect->to);
	g_free(effect->technician);
	g_free(effect->contract);
	ledger_order_free(effect->ledger);
	g_free(effect->title);
	g_free(effect->note);
	g_free(effect->words);
	g_clear_pointer(&effect->lines, g_ptr_array_unref);
	g_clear_pointer(&effect->lines_fr, g_ptr_array_unref);
	g_clear_pointer(&effect->also, g_ptr_array_unref);
	g_free(effect);
}

#define HANDLED_WORDS(X)   \
 X(HANDLED_TAKEN, "taken") \
 X(HANDLED_SEEN, "seen")   \
 X(HANDLED_CALLED, "called")
NAME_TABLE(handled, HANDLED_WORDS, HANDLED_COUNT);

/* Why it is sent, or what it says, in a word; "" if its kind says all. */
static const char *
word_of(const Effect *effect)
{
	switch (effect->send) {
	case SEND_INFORMATION:
		return event_informed_name(effect->informed);
	case SEND_HANDLED:
		return names_word(&handled, effect->handled);
	case SEND_NUDGE:
	case SEND_CLOSING:
		return effect->approval ? "approval" : "";
	case SEND_ACKNOWLEDGMENT:
		return effect->contacts ? "colleague" : "";
	default:
		return reason_name(effect->reason);
	}
}

static char *
describe_send(const Effect *effect)
{
	const char *word = word_of(effect);

	return g_strdup_printf("send %s%s%s%s%s", send_kind_name(effect->send),
	    effect->to ? " to " : "", effect->to ? effect->to : "",
	    *word != '\0' ? ": " : "", word);
}

static char *
describe_maintenance(const MaintenanceOrder *order)
{
	g_autofree char *words = maintenance_order_describe(order);

	return g_strdup_printf("maintenance: %s", words);
}

char *
effect_describe(const Effect *effect)
{
	switch (effect->kind) {
	case EFFECT_OPEN:
	case EFFECT_EVENT:
		return event_describe(effect->event);
	case EFFECT_SEND:
		return describe_send(effect);
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
		return describe_maintenance(effect->maintenance);
	case EFFECT_MAP:
		return g_strdup_printf("alerts under %s", effect->contract);
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
	case EFFECT_NOTICE:
		return g_strdup_printf("notice of %s: %s", effect->contract,
		    effect->is_given ? contract_party_name(effect->party)
				     : "none");
	case EFFECT_LEDGER:
		return g_strdup_printf("ledger of %s: %s",
		    effect->ledger->contract,
		    ledger_order_name(effect->ledger->kind));
	case EFFECT_CARRY_OUT:
		return g_strdup_printf("carry out mail %" G_GINT64_FORMAT,
		    effect->id);
	case EFFECT_JUDGE_AGAIN:
		return g_strdup_printf("judge mail %" G_GINT64_FORMAT " again",
		    effect->id);
	case EFFECT_WITHDRAW:
		return g_strdup_printf(
		    "withdraw the mails of #%" G_GINT64_FORMAT, effect->ticket);
	}
	g_assert_not_reached();
}

GPtrArray *
decision_effects_new(void)
{
	return g_ptr_array_new_with_free_func(effect_free);
}

/* The gravest first; what is not named here comes last. */
static guint
alarm_rank(const Effect *effect)
{
	static const Reason order[] = { REASON_BREACH, REASON_NEWS_MISSED,
		REASON_ANSWER_DUE, REASON_WARNING, REASON_NEWS_SOON,
		REASON_REMINDER };
	guint rank = 0;

	while (rank < G_N_ELEMENTS(order) && order[rank] != effect->reason)
		rank++;
	return rank;
}

static bool
is_alarm(const Effect *effect)
{
	return effect->kind == EFFECT_SEND && effect->send == SEND_ALARM;
}

void
decision_join_alarms(Decision *decision)
{
	GPtrArray *effects = decision->effects;
	Effect *lead = NULL;

	for (guint i = 0; i < effects->len; i++) {
		Effect *one = effects->pdata[i];

		if (is_alarm(one) &&
		    (lead == NULL || alarm_rank(one) < alarm_rank(lead)))
			lead = one;
	}
	for (guint i = 0; i < effects->len;) {
		Effect *one = effects->pdata[i];

		if (!is_alarm(one) || one == lead) {
			i++;
			continue;
		}
		if (lead->also == NULL)
			lead->also = g_ptr_array_new_with_free_func(
			    effect_free);
		g_ptr_array_add(lead->also,
		    g_ptr_array_steal_index(effects, i));
	}
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
