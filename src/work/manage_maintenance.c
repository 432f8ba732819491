/* `maintenance add HOST[/SERVICE] FROM TO` and `maintenance end N`. */
#include "manage_private.h"

#include "guichet/desk/maintenance_order.h"
#include "guichet/store/store_alert.h"

#include <string.h>

static bool
add(Intake *in, StoreTx *tx, char *const *words, Instant now, GString *out,
    GError **error)
{
	const Zone *zone = zone_get(in->conf->zone, NULL);
	g_autoptr(MaintenanceOrder) order = maintenance_order_plan(words[0],
	    words[1], words[2], zone, now, now, "en", error);
	g_autofree char *from = NULL, *to = NULL;
	Maintenance one = { .announced = now, .by = (char *)"manager" };
	gint64 id;

	if (order == NULL)
		return false;
	one.host = order->host;
	one.service = order->service;
	one.from = order->from;
	one.to = order->to;
	if (!store_add_maintenance(tx, &one, &id, error))
		return false;
	from = maintenance_order_instant(one.from, zone);
	to = maintenance_order_instant(one.to, zone);
	g_string_append_printf(out,
	    "Maintenance %" G_GINT64_FORMAT
	    ": %s is silent from %s to %s; what still fails then opens a "
	    "ticket.\n",
	    id, words[0], from, to);
	return true;
}

static bool
end(StoreTx *tx, const char *word, Instant now, GString *out, GError **error)
{
	char *rest;
	gint64 id = g_ascii_strtoll(word, &rest, 10);

	if (id < 1 || *rest != '\0')
		return manage_refuse(error,
		    "'%s' is no number of a maintenance", word);
	if (!store_end_maintenance(tx, id, now, error))
		return false;
	g_string_append_printf(out,
	    "Maintenance %" G_GINT64_FORMAT " is over.\n", id);
	return true;
}

bool
manage_maintenance(Intake *in, StoreTx *tx, char *const *argv, Instant now,
    GString *out, GError **error)
{
	gsize count = g_strv_length((char **)argv);

	/* For rehearsal: as if it were ordered then. */
	if (count >= 5 && strcmp(argv[count - 2], "--at") == 0) {
		if (!instant_parse(argv[count - 1], &now, error))
			return false;
		count -= 2;
	}
	if (count == 5 && strcmp(argv[1], "add") == 0)
		return add(in, tx, argv + 2, now, out, error);
	if (count == 3 && strcmp(argv[1], "end") == 0)
		return end(tx, argv[2], now, out, error);
	return manage_refuse(error,
	    "usage: guichet maintenance add HOST[/SERVICE] FROM TO, or end N");
}
