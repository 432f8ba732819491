/*
 * Orders from the command line or the control socket: read, looked up, judged
 * by the desk, applied.
 */
#include "guichet/work/manage.h"

#include "guichet/work/work.h"

/* A mail that was on no ticket: where it is now. */
static bool
refile_mail(StoreTx *tx, const OrderCase *c, const Filed *filed, GError **error)
{
	return order_row(c->order->kind)->about != ORDER_ON_MAIL ||
	    store_mail_assign(tx, c->order->number, filed, error);
}

static bool
apply(Intake *in, StoreTx *tx, const OrderCase *c, Decision *decision,
    GError **error)
{
	g_auto(Effects) effects;

	effects_init(&effects);
	effects.decision = decision;
	effects.actor = "manager";
	effects.now = c->now;
	return effects_write(tx, &effects, error) &&
	    refile_mail(tx, c, &effects.filed, error) &&
	    effects_send(in, tx, &effects, error);
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
