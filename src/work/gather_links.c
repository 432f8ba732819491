/* What the tickets that one mail may be about are to each other, and whether
 * anybody knows of them. */
#include "guichet/work/gathered.h"
#include "guichet/work/work.h"

/* What would be carried over is what its clocks say now. */
static bool
find_untold(Gathered *g, Intake *in, Candidate *c, GError **error)
{
	if (!store_is_untold(in->store, c->ticket->number, &c->is_untold,
		error))
		return false;
	return !c->is_untold ||
	    view_run(in, c->ticket->number, g->sit.now, error) != NULL;
}

bool
gather_links(Gathered *g, Intake *in, GError **error)
{
	for (guint i = 0; g->candidates->len > 1 && i < g->candidates->len;
	     i++) {
		Candidate *c = &g_array_index(g->candidates, Candidate, i);

		c->is_linked = true;
		for (guint k = 0; k < g->candidates->len; k++) {
			gint64 other = g_array_index(g->candidates, Candidate,
			    k)
					   .ticket->number;
			bool linked = true;

			if (k != i &&
			    !store_is_linked(in->store, other,
				c->ticket->number, &linked, error))
				return false;
			c->is_linked = c->is_linked && linked;
		}
		if (!find_untold(g, in, c, error))
			return false;
	}
	return true;
}
