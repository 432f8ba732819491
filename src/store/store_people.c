/*
 * Who wrote on a ticket and whom they wrote to: what the rule needs that says
 * whom it answers (ticket_view.h).
 */
#include "store_private.h"

#include <string.h>

static void
put(char **text, const char *value)
{
	g_free(*text);
	*text = g_strdup(value);
}

/* The ticket's own opening, and which persons opened it or what was merged into
 * it. */
static bool
find_openings(Store *store, gint64 ticket, TicketPeople *people, GError **error)
{
	g_autoptr(GStrvBuilder) openers = g_strv_builder_new();
	g_auto(Stmt) q = stmt_read(store,
	    STORE_FAMILY
	    "SELECT event.ticket = ?1, event.mail, content.subject, "
	    "address.address, coalesce(content.author, '') FROM event "
	    "LEFT JOIN content ON content.mail = event.mail "
	    "LEFT JOIN address ON address.id = content.sender "
	    "WHERE event.ticket " STORE_IN_FAMILY
	    "AND event.type = 'opened' ORDER BY event.seq");

	stmt_int(&q, ticket);
	while (stmt_row(&q)) {
		g_autofree char *address = stmt_get_text(&q, 3);
		g_autofree char *author = stmt_get_text(&q, 4);

		if (event_author_is(author, AUTHOR_CLIENT) && *address != '\0')
			g_strv_builder_add(openers, address);
		if (stmt_get_int(&q, 0) == 0)
			continue;
		people->opening_mail = stmt_get_int(&q, 1);
		g_free(people->subject);
		people->subject = stmt_get_text(&q, 2);
		put(&people->opener, address);
		people->opened_by_program = event_author_is(author,
						AUTHOR_ROBOT) ||
		    event_author_is(author, AUTHOR_ALERT);
	}
	g_strfreev(people->openers);
	people->openers = g_strv_builder_end(openers);
	return stmt_end(&q, error);
}

/* One mail of a person outside that their side reads, in order. */
typedef struct {
	gint64 mail;
	const char *address; /* "": nobody's */
	bool is_client, is_copy, asks, is_proven;
} Said;

static void
note(TicketPeople *people, GPtrArray *writers, const Said *said)
{
	if (!said->is_copy)
		people->last_mail = said->mail;
	if (!said->is_client || *said->address == '\0')
		return;
	/* A second copy may prove what the first did not. */
	if (said->is_proven) {
		people->proven_mail = said->mail;
		put(&people->proven, said->address);
	}
	if (!g_ptr_array_find_with_equal_func(writers, said->address,
		g_str_equal, NULL))
		g_ptr_array_add(writers, g_strdup(said->address));
	if (said->is_copy)
		return;
	if (*people->first_client == '\0')
		put(&people->first_client, said->address);
	/* Thanks alone wait for no answer. */
	if (said->asks)
		put(&people->asker, said->address);
	if (strcmp(people->asker, said->address) == 0)
		people->asker_mail = said->mail;
}

static bool
find_said(Store *store, gint64 ticket, TicketPeople *people, GError **error)
{
	GPtrArray *writers = g_ptr_array_new();
	g_auto(Stmt) q = stmt_read(store,
	    STORE_FAMILY
	    "SELECT mail.id, address.address, content.author = 'client', "
	    "mail.also_seen IS NOT NULL, "
	    "coalesce(event.data ->> '$.asks', '') <> 'no', "
	    "coalesce(event.data ->> '$.verified', '') = 'yes' FROM mail "
	    "JOIN content ON content.mail = mail.id "
	    "LEFT JOIN address ON address.id = content.sender "
	    "LEFT JOIN event ON event.mail = mail.id "
	    "AND event.type = 'message' "
	    "WHERE mail.ticket " STORE_IN_FAMILY
	    "AND content.visibility = 'public' "
	    "AND content.author IN ('client', 'stranger') "
	    "ORDER BY mail.trusted, mail.id");

	stmt_int(&q, ticket);
	while (stmt_row(&q)) {
		g_autofree char *address = stmt_get_text(&q, 1);

		note(people, writers,
		    &(Said){ stmt_get_int(&q, 0), address,
			stmt_get_int(&q, 2) != 0, stmt_get_int(&q, 3) != 0,
			stmt_get_int(&q, 4) != 0, stmt_get_int(&q, 5) != 0 });
	}
	g_ptr_array_add(writers, NULL);
	g_strfreev(people->writers);
	people->writers = (char **)g_ptr_array_free(writers, FALSE);
	return stmt_end(&q, error);
}

static bool
find_copied(Store *store, TicketPeople *people, GError **error)
{
	g_autoptr(GStrvBuilder) all = g_strv_builder_new();
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT address.address FROM copied "
	    "JOIN address ON address.id = copied.address "
	    "WHERE copied.mail = ? ORDER BY copied.place");

	stmt_int(&q, people->proven_mail);
	while (people->proven_mail != 0 && stmt_row(&q)) {
		g_autofree char *address = stmt_get_text(&q, 0);

		g_strv_builder_add(all, address);
	}
	g_strfreev(people->copied);
	people->copied = g_strv_builder_end(all);
	return stmt_end(&q, error);
}

bool
store_ticket_people(Store *store, gint64 ticket, TicketPeople **ret_people,
    GError **error)
{
	g_autoptr(TicketPeople) people = ticket_people_new();

	if (!find_openings(store, ticket, people, error) ||
	    !find_said(store, ticket, people, error) ||
	    !find_copied(store, people, error))
		return false;
	*ret_people = g_steal_pointer(&people);
	return true;
}

bool
store_client_wrote(Store *store, gint64 ticket, gint64 mail, char **ret_address,
    GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    STORE_FAMILY
	    "SELECT address.address FROM mail "
	    "JOIN content ON content.mail = mail.id "
	    "JOIN address ON address.id = content.sender "
	    "LEFT JOIN event ON event.mail = mail.id "
	    "AND event.type = 'message' "
	    "WHERE mail.id = ?2 AND mail.ticket " STORE_IN_FAMILY
	    "AND content.visibility = 'public' AND content.author = 'client' "
	    "AND coalesce(event.data ->> '$.asks', '') <> 'no' LIMIT 1");

	stmt_int(&q, ticket);
	stmt_int(&q, mail);
	return stmt_one_text(&q, ret_address, error);
}
