/* What time alone brings about alerts: the cases whose wake has come are
 * gathered here, and judged by decide_alert_tick(). */
#include "guichet/work/work.h"

#include "guichet/base/text.h"
#include "guichet/store/store_alert.h"

#include <string.h>

#define BATCH 200

static char *
absence_subject(const Intake *in, const AlertCase *one)
{
	return g_strdup_printf(text_is_french(in->conf->language)
		? "Mail attendu non reçu : %s"
		: "Expected mail has not come: %s",
	    one->key);
}

/* A ticket that no mail opens has words of the desk's own for one. */
static bool
give_words(Intake *in, StoreTx *tx, const Decision *decision,
    const AlertCase *one, gint64 *ret_words, GError **error)
{
	g_autofree char *subject = absence_subject(in, one);

	*ret_words = 0;
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->kind != EFFECT_OPEN || effect->event->mail != 0)
			continue;
		if (!store_add_words(tx,
			&(OwnWords){ 0, effect->event->at, "desk", subject,
			    subject, NULL },
			ret_words, error))
			return false;
		effect->event->mail = *ret_words;
	}
	return true;
}

static bool
apply(Intake *in, StoreTx *tx, Decision *decision, const Situation *sit,
    GError **error)
{
	Filed filed;
	gint64 words;
	g_auto(Effects) effects;

	effects_init(&effects);
	effects.decision = decision;
	effects.sit = sit;
	effects.alert = sit->alert;
	effects.actor = "tick";
	effects.now = sit->now;
	if (!give_words(in, tx, decision, sit->alert->known, &words, error) ||
	    !effects_write(tx, &effects, error))
		return false;
	filed = effects.filed;
	filed.lane = LANE_NONE; /* it leaves the one it waited in */
	return (words == 0 ||
		   store_mail_assign(tx, words,
		       &(Filed){ effects.opened, LANE_NONE,
			   event_author_name(AUTHOR_DESK),
			   event_visibility_name(VISIBILITY_INTERNAL) },
		       error)) &&
	    (filed.ticket == 0 || sit->mail == 0 ||
		store_mail_assign(tx, sit->mail, &filed, error)) &&
	    effects_send(in, tx, &effects, error);
}

static bool
tick_one(Intake *in, StoreTx *tx, const AlertCase *one, Instant now,
    GError **error)
{
	g_autoptr(GatheredAlert) g = NULL;
	g_autoptr(Decision) decision = NULL;
	Situation sit = { .received = now,
		.now = now,
		/* The mail that was silenced opens what it did not open. */
		.mail = one->silenced ? one->mail : 0,
		.token = TOKEN_ABSENT,
		.rules = ruleset_hash(in->ruleset),
		.ruleset = in->ruleset,
		.policy = &in->conf->policy };

	view_begin(in);
	g = gather_known_alert(in, one, now, error);
	if (g == NULL)
		return false;
	sit.alert = gathered_alert_facts(g);
	decision = decide_alert_tick(&sit);
	return apply(in, tx, decision, &sit, error);
}

bool
alert_tick(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	g_autoptr(GPtrArray) due = store_alerts_due(in->store, now, BATCH,
	    error);

	if (due == NULL)
		return false;
	for (guint i = 0; i < due->len; i++) {
		if (!tick_one(in, tx, due->pdata[i], now, error))
			return false;
	}
	return true;
}
