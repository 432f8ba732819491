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
	g_autofree char *actor = order_actor(c);
	g_auto(Effects) effects;

	effects_init(&effects);
	effects.decision = decision;
	effects.actor = actor;
	effects.now = c->now;
	return effects_write(tx, &effects, error) &&
	    refile_mail(tx, c, &effects.filed, error) &&
	    effects_send(in, tx, &effects, error);
}

/* Who works here and bears that login; NULL: nobody. */
static const char *
technician_of(const Intake *in, const char *login)
{
	const GPtrArray *all = in->conf->technicians;

	for (guint i = 0; login != NULL && i < all->len; i++) {
		const Technician *t = all->pdata[i];

		if (t->active && t->login != NULL &&
		    g_ascii_strcasecmp(t->login, login) == 0)
			return t->name;
	}
	return NULL;
}

static bool
run_one(Intake *in, StoreTx *tx, const ManageCall *call, GString *out,
    GError **error)
{
	Instant now = call->now;
	const OrderReading reading = { zone_get(in->conf->zone, NULL), now, now,
		"en" };
	Order *order = order_read_command(call->argv, &reading, error);
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
	if (c == NULL)
		return false;
	c->is_command = true;
	c->technician = technician_of(in, call->login);
	c->manager = call->login;
	decision = order_judge(c, error);
	if (decision == NULL || !apply(in, tx, c, decision, error))
		return false;
	said = order_report(c, decision);
	g_string_append_printf(out, "%s\n", said);
	return true;
}

bool
manage_run(Intake *in, StoreTx *tx, const ManageCall *call, GString *out,
    GError **error)
{
	g_autoptr(GPtrArray) each = order_each(call->argv, error);

	for (guint i = 0; each != NULL && i < each->len; i++) {
		ManageCall one = *call;

		one.argv = each->pdata[i];
		if (!run_one(in, tx, &one, out, error))
			return false;
	}
	return each != NULL;
}
