/* Full-text search; any text is a safe query. */
#include "store_private.h"

#include <stdlib.h>

/*
 * `phrases` is a JSON array of FTS5 strings, each found on its own, so that a
 * ticket is found whose mails hold them between them.
 */
static GPtrArray *
search_phrases(Store *store, const char *phrases, guint count, guint limit,
    GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "WITH hit AS ("
	    "  SELECT mail.ticket AS number FROM json_each (?1) AS phrase "
	    "  JOIN words ON words MATCH phrase.value "
	    "  JOIN mail ON mail.id = words.rowid "
	    "  WHERE mail.ticket IS NOT NULL "
	    "  GROUP BY mail.ticket "
	    "  HAVING count(DISTINCT phrase.key) = ?2) "
	    "SELECT " QUEUE_COLUMNS
	    "FROM hit JOIN ticket ON ticket.number = hit.number " QUEUE_SUBJECT
	    "ORDER BY ticket.changed DESC, ticket.number DESC LIMIT ?3");

	stmt_text(&q, phrases);
	stmt_int(&q, count);
	stmt_int(&q, limit);
	return store_queue_of(&q, error);
}

/* FTS5 cuts text into runs of letters and digits; a word that has none would
 * be a phrase that nothing holds. */
static bool
has_token(const char *word)
{
	for (const char *p = word; *p != '\0'; p = g_utf8_next_char(p)) {
		if (g_unichar_isalnum(g_utf8_get_char(p)))
			return true;
	}
	return false;
}

/* Inside the quotes of an FTS5 string nothing but the quote is special. */
static char *
quote_word(const char *word, bool last)
{
	g_auto(GStrv) parts = g_strsplit(word, "\"", -1);
	g_autofree char *body = g_strjoinv("\"\"", parts);

	return g_strdup_printf("\"%s\"%s", body, last ? "*" : "");
}

GPtrArray *
store_search(Store *store, const char *words, guint limit, GError **error)
{
	g_autofree char *valid = g_utf8_make_valid(words, -1);
	g_autoptr(GPtrArray) kept = g_ptr_array_new();
	g_auto(GStrv) parts = NULL;
	json_t *list = json_array();
	char *phrases;
	GPtrArray *rows;

	parts = g_strsplit_set(valid, " \t\r\n\v\f", -1);
	for (char **part = parts; *part != NULL; part++) {
		if (has_token(*part))
			g_ptr_array_add(kept, *part);
	}
	for (guint i = 0; i < kept->len; i++) {
		g_autofree char *phrase = quote_word(kept->pdata[i],
		    i + 1 == kept->len);

		json_array_append_new(list, json_string(phrase));
	}
	phrases = json_dumps(list, JSON_COMPACT);
	rows = kept->len == 0
	    ? g_ptr_array_new_with_free_func((GDestroyNotify)queue_row_free)
	    : search_phrases(store, phrases, kept->len, limit, error);
	free(phrases); /* jansson's */
	json_decref(list);
	return rows;
}

/* ---- one host ---- */

void
host_ticket_free(HostTicket *ticket)
{
	if (ticket == NULL)
		return;
	g_free(ticket->host);
	g_free(ticket->text);
	g_free(ticket);
}

GPtrArray *
store_host_tickets(Store *store, const HostQuery *query, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)host_ticket_free);
	g_autofree char *phrase = quote_word(query->host, false);
	/* What it costs must not grow with what is open. */
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT one.number, one.host, "
	    "coalesce(content.subject || ' ' || content.new_text, '') "
	    "FROM (SELECT DISTINCT mail.ticket AS number FROM "
	    "  (SELECT rowid AS id FROM words WHERE words MATCH ?4 "
	    "   ORDER BY rowid DESC LIMIT ?3) AS hit "
	    "  JOIN mail ON mail.id = hit.id) AS found "
	    "JOIN ticket AS one ON one.number = found.number "
	    "LEFT JOIN event ON event.ticket = one.number "
	    "  AND event.type = 'opened' "
	    "LEFT JOIN content ON content.mail = event.mail "
	    "WHERE one.contract = ?1 AND one.done = 0 "
	    "AND one.received >= ?2 AND (one.host <> '') = ?5 "
	    "ORDER BY one.number DESC");

	stmt_text(&q, query->contract);
	stmt_int(&q, query->since);
	stmt_int(&q, query->latest);
	stmt_text(&q, phrase);
	stmt_int(&q, query->of_alerts);
	while (stmt_row(&q)) {
		HostTicket *one = g_new0(HostTicket, 1);

		one->number = stmt_get_int(&q, 0);
		one->host = stmt_get_text(&q, 1);
		one->text = stmt_get_text(&q, 2);
		g_ptr_array_add(all, one);
	}
	return stmt_end(&q, error) ? g_steal_pointer(&all) : NULL;
}
