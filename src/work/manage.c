/*
 * Orders from the command line or the control socket: read, looked up, judged
 * by the desk, applied.
 */
#include "guichet/work/manage.h"

#include "guichet/work/work.h"

/* A mail that was on no ticket: where it is now. */
static bool
refile_mail(StoreTx *tx, const OrderCase *c, const Decision *decision,
    const Filed *filed, GError **error)
{
	MailLane lane = LANE_NONE;

	if (order_row(c->order->kind)->about != ORDER_ON_MAIL)
		return true;
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->kind == EFFECT_FILE)
			lane = effect->lane;
	}
	return store_mail_assign(tx, c->order->number, filed->ticket,
	    event_lane_name(lane), filed->author, filed->visibility, error);
}

static bool
apply(Intake *in, StoreTx *tx, const OrderCase *c, Decision *decision,
    GError **error)
{
	g_autoptr(GArray) touched = g_array_new(FALSE, FALSE, sizeof(gint64));
	Filed filed;
	gint64 opened;

	return effects_write(tx, decision, NULL, touched, &filed, &opened,
		   error) &&
	    refile_mail(tx, c, decision, &filed, error) &&
	    effects_send(in, tx, decision, NULL, NULL, touched, opened,
		"manager", c->now, error);
}

bool
manage_run(Intake *in, StoreTx *tx, char *const *argv, Instant now,
    GString *out, GError **error)
{
	const OrderReading reading = { zone_get(in->conf->zone, NULL), now, now,
		"en" };
	Order *order = order_read_command(argv, &reading, error);
	g_autoptr(OrderCase) c = NULL;
	g_autoptr(Decision) decision = NULL;
	g_autofree char *said = NULL;

	if (order == NULL)
		return false;
	view_begin(in);
	/* A maintenance of a rehearsal is ordered then, not told of now. */
	if (order_row(order->kind)->about == ORDER_ON_MAINTENANCE &&
	    order->at != INSTANT_NONE)
		now = order->at;
	c = orders_known(in, order, now, reading.language, error);
	decision = c != NULL ? order_judge(c, error) : NULL;
	if (decision == NULL || !apply(in, tx, c, decision, error))
		return false;
	said = order_report(c, decision);
	g_string_append_printf(out, "%s\n", said);
	return true;
}
