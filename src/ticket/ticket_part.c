/* Which technicians have, or had, a part in a ticket. */
#include "ticket_private.h"

#include <string.h>

#define TECHNICIAN "technician:" /* of an event's actor; a name follows */

static gint
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool
ticket_has_part(const Ticket *ticket, const char *technician)
{
	return g_ptr_array_find_with_equal_func(ticket->part, technician,
	    g_str_equal, NULL);
}

static void
add(Ticket *ticket, const char *name)
{
	if (*name == '\0' || ticket_has_part(ticket, name))
		return;
	g_ptr_array_add(ticket->part, g_strdup(name));
	g_ptr_array_sort(ticket->part, compare_names);
}

/* A mail that only claims to be somebody's makes events of nobody's. */
void
ticket_note_part(Ticket *ticket, const Event *event)
{
	if (g_str_has_prefix(event->actor, TECHNICIAN))
		add(ticket, event->actor + strlen(TECHNICIAN));
	if (event->type == EVENT_ASSIGNED)
		add(ticket, event_text(event, "who"));
}
