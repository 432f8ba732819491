/*
 * An alert and a client's mail about one host: two tickets that know of each
 * other, since who reads one needs the other.
 */
#include "guichet/work/work.h"

#include "guichet/judgment/horizon.h"

#include <string.h>

static void
add(Gathered *g, gint64 number)
{
	for (guint i = 0; i < g->hosts->len; i++) {
		if (g_array_index(g->hosts, gint64, i) == number)
			return;
	}
	if (g->hosts->len < HORIZON_HOST_LINKS)
		g_array_append_val(g->hosts, number);
}

/* `text` is the mail's in hand; NULL: the alert's about the host is. */
static bool
find(Gathered *g, Intake *in, const char *contract, const char *host,
    const char *text, GError **error)
{
	const HostQuery query = {
		.contract = contract,
		.host = host,
		.of_alerts = text != NULL,
		.since = g->sit.received - HORIZON_HOST_SECONDS,
		.latest = HORIZON_HOST_MAILS,
	};
	g_autoptr(GPtrArray) all = store_host_tickets(in->store, &query, error);

	for (guint i = 0; all != NULL && i < all->len; i++) {
		const HostTicket *one = all->pdata[i];

		if (text != NULL ? alert_host_is_named(one->host, text)
				 : alert_host_is_named(host, one->text))
			add(g, one->number);
	}
	return all != NULL;
}

/* Whatever in a client's mail may be the name of a host. */
static bool
find_named(Gathered *g, Intake *in, GError **error)
{
	const Message *message = g->sit.message;
	g_autofree char *text = g_strconcat(message->subject, " ",
	    message->new_text, NULL);
	g_auto(GStrv) names = alert_hosts_in(text, HORIZON_HOST_NAMES);

	for (gsize i = 0; names[i] != NULL; i++) {
		if (!find(g, in, g->sit.contract->name, names[i], text, error))
			return false;
	}
	return true;
}

/* Whether it may open a ticket of its own. */
static bool
may_open(const Gathered *g)
{
	const AlertFacts *facts = g->sit.alert;

	if (g->sit.also_seen != 0)
		return false;
	if (facts != NULL)
		return facts->alert != NULL && facts->ticket == NULL &&
		    *facts->alert->host != '\0' &&
		    *facts->target.contract != '\0';
	return g->candidates->len == 0 && g->sit.contract != NULL &&
	    g->robot->class == ROBOT_NONE;
}

bool
gather_hosts(Gathered *g, Intake *in, GError **error)
{
	const AlertFacts *facts = g->sit.alert;

	g->hosts = g_array_new(FALSE, FALSE, sizeof(gint64));
	if (may_open(g) &&
	    !(facts != NULL ? find(g, in, facts->target.contract,
				  facts->alert->host, NULL, error)
			    : find_named(g, in, error)))
		return false;
	g->sit.hosts = (const gint64 *)(const void *)g->hosts->data;
	g->sit.host_count = g->hosts->len;
	g->sit.hosts_alert = facts;
	return true;
}
