/*
 * Finding mails again: by id, by thread, by content.
 */
#include "store_private.h"

#include "guichet/base/text.h"

#include <string.h>

/* "<id>" or "id" without the brackets. */
static char *
bare_id(const char *word)
{
	gsize length = strlen(word);

	if (length >= 2 && word[0] == '<' && word[length - 1] == '>')
		return g_strndup(word + 1, length - 2);
	return g_strdup(word);
}

static bool
find_by_number(Store *store, const char *word, gint64 *ret_id, GError **error)
{
	guint64 number;
	g_auto(Stmt) q = stmt_read(store, "SELECT id FROM mail WHERE id = ?");

	if (!g_ascii_string_to_unsigned(word, 10, 1, G_MAXINT64, &number,
		NULL)) {
		*ret_id = 0;
		return true;
	}
	stmt_int(&q, (gint64)number);
	return stmt_one(&q, 0, ret_id, error);
}

bool
store_find_mail(Store *store, const char *word, gint64 *ret_id, GError **error)
{
	g_autofree char *message_id = bare_id(word);
	gint64 id;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT min(mail) FROM content WHERE message_id = ?");

	if (!find_by_number(store, word, &id, error))
		return false;
	if (id == 0) {
		stmt_text(&q, message_id);
		if (!stmt_one(&q, 0, &id, error))
			return false;
	}
	*ret_id = id;
	return true;
}

/* The plus keeps SQLite from going through all the mail of an address. */
bool
store_has_acted(Store *store, const ActedQuery *query, bool *ret_has,
    GError **error)
{
	const Message *message = query->message;
	gint64 has;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT EXISTS (SELECT 1 FROM content "
	    "  JOIN address ON address.id = content.sender "
	    "  JOIN mail ON mail.id = +content.mail "
	    "  WHERE address.address = ?1 AND content.date IS ?2 "
	    "  AND content.author = 'technician' "
	    "  AND content.mail <> ?3 AND mail.ticket = ?4 "
	    "  AND (content.words_sha256 = ?5 OR content.message_id = ?6 "
	    "    OR content.content_sha256 = ?7) "
	    "  AND EXISTS (SELECT 1 FROM event "
	    "    WHERE event.mail = content.mail AND event.type = 'message' "
	    "    AND event.data ->> '$.verified' = 'yes'))");

	stmt_text(&q, message->identity);
	stmt_instant(&q, message->has_date ? message->date : INSTANT_NONE);
	stmt_int(&q, query->mail);
	stmt_int(&q, query->ticket);
	/* NULL equals nothing; words without a Date may well be said twice. */
	stmt_text(&q,
	    *query->words != '\0' && message->has_date ? query->words : NULL);
	stmt_text(&q, message->message_id);
	stmt_text(&q, message->content_sha256);
	if (!stmt_one(&q, 0, &has, error))
		return false;
	*ret_has = has != 0;
	return true;
}

bool
store_count_refused(Store *store, const char *address, const char *words,
    Span received, int *ret_count, GError **error)
{
	gint64 count;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT count(*) FROM content "
	    "JOIN address ON address.id = +content.sender "
	    "WHERE content.words_sha256 = ? AND content.words_sha256 <> '' "
	    "AND address.address = ? AND content.proof = 'pass' "
	    "AND content.received >= ? AND content.received < ? "
	    "AND EXISTS (SELECT 1 FROM event "
	    "  WHERE event.mail = content.mail AND event.type = 'message' "
	    "  AND event.data ->> '$.verified' = 'no')");

	stmt_text(&q, words);
	stmt_text(&q, address);
	stmt_int(&q, received.from);
	stmt_int(&q, received.to);
	if (!stmt_one(&q, 0, &count, error))
		return false;
	*ret_count = (int)MIN(count, G_MAXINT);
	return true;
}

bool
store_count_subject(Store *store, const SubjectQuery *query, int *ret_count,
    GError **error)
{
	g_autofree char *key = store_subject_key(query->subject);
	gint64 count;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT count(*) FROM content WHERE sender = "
	    "(SELECT id FROM address WHERE address = ?) "
	    "AND subject_key = ? AND proof = ? AND received >= ? "
	    "AND author <> 'alert'");

	stmt_text(&q, query->address);
	stmt_text(&q, key);
	stmt_text(&q, proof_name(query->proof));
	stmt_int(&q, query->since);
	if (!stmt_one(&q, 0, &count, error))
		return false;
	*ret_count = (int)MIN(count, G_MAXINT);
	return true;
}

bool
store_ticket_of_subject(Store *store, const SubjectQuery *query,
    gint64 *ret_ticket, GError **error)
{
	g_autofree char *key = store_subject_key(query->subject);
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT mail.ticket FROM content "
	    "JOIN mail ON mail.id = content.mail "
	    "WHERE sender = (SELECT id FROM address WHERE address = ?) "
	    "AND subject_key = ? AND proof = ? AND content.received >= ? "
	    "AND content.author <> 'alert' AND mail.ticket IS NOT NULL "
	    "ORDER BY content.received LIMIT 1");

	stmt_text(&q, query->address);
	stmt_text(&q, key);
	stmt_text(&q, proof_name(query->proof));
	stmt_int(&q, query->since);
	return stmt_one(&q, 0, ret_ticket, error);
}

/*
 * Ours come first; of several mails of one id, the one that came first, so
 * that nobody draws answers by repeating an id that was seen.
 */
bool
store_ticket_of_id(Store *store, const char *message_id, gint64 *ret_ticket,
    GError **error)
{
	gint64 ticket;
	g_auto(Stmt) ours = stmt_read(store,
	    "SELECT ticket FROM outbox WHERE message_id = ? "
	    "AND message_id <> ''");
	g_auto(Stmt) theirs = stmt_read(store,
	    "SELECT mail.ticket FROM content "
	    "JOIN mail ON mail.id = content.mail "
	    "WHERE content.message_id = ? AND mail.ticket IS NOT NULL "
	    "ORDER BY content.mail LIMIT 1");

	stmt_text(&ours, message_id);
	if (!stmt_one(&ours, 0, &ticket, error))
		return false;
	if (ticket == 0) {
		stmt_text(&theirs, message_id);
		if (!stmt_one(&theirs, 0, &ticket, error))
			return false;
	}
	*ret_ticket = ticket;
	return true;
}

bool
store_ticket_of_seen_id(Store *store, const char *message_id,
    gint64 *ret_ticket, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT mail.ticket FROM mention "
	    "JOIN mail ON mail.id = mention.mail "
	    "WHERE mention.message_id = ? AND mail.ticket IS NOT NULL "
	    "ORDER BY mention.mail LIMIT 1");

	stmt_text(&q, message_id);
	return stmt_one(&q, 0, ret_ticket, error);
}

bool
store_ticket_of_equal_id(Store *store, const char *message_id,
    const char *address, Proof proof, gint64 *ret_ticket, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT mail.ticket FROM content "
	    "JOIN mail ON mail.id = content.mail "
	    "JOIN address ON address.id = content.sender "
	    "WHERE content.message_id = ? AND address.address = ? "
	    "AND (content.proof = ? OR content.proof = 'pass') "
	    "AND mail.ticket IS NOT NULL ORDER BY content.mail LIMIT 1");

	stmt_text(&q, message_id);
	stmt_text(&q, address);
	stmt_text(&q, proof_name(proof));
	return stmt_one(&q, 0, ret_ticket, error);
}

bool
store_is_participant(Store *store, gint64 ticket, const char *address,
    bool *ret_is, GError **error)
{
	gint64 is;
	g_auto(Stmt) q = stmt_read(store,
	    STORE_FAMILY
	    "SELECT EXISTS (SELECT 1 FROM event "
	    "JOIN content ON content.mail = event.mail "
	    "JOIN address ON address.id = content.sender "
	    "WHERE event.ticket " STORE_IN_FAMILY "AND address.address = ?2 "
	    "AND (event.type = 'opened' OR (event.type = 'message' "
	    "  AND event.data ->> '$.verified' = 'yes')))");

	stmt_int(&q, ticket);
	stmt_text(&q, address);
	if (!stmt_one(&q, 0, &is, error))
		return false;
	*ret_is = is != 0;
	return true;
}

bool
store_is_linked(Store *store, gint64 ticket, gint64 other, bool *ret_is,
    GError **error)
{
	gint64 is;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT EXISTS (SELECT 1 FROM event WHERE ticket = ? "
	    "AND type = 'linked' AND data ->> '$.ticket' = ?)");

	stmt_int(&q, ticket);
	stmt_int(&q, other);
	if (!stmt_one(&q, 0, &is, error))
		return false;
	*ret_is = is != 0;
	return true;
}

bool
store_is_owed(Store *store, gint64 ticket, bool *ret_is, GError **error)
{
	gint64 is;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT EXISTS (SELECT 1 FROM event WHERE ticket = ?1 "
	    "  AND type = 'held' AND data ->> '$.what' = 'acknowledgment' "
	    "  AND data ->> '$.reason' = 'not-authentic') "
	    "AND NOT EXISTS (SELECT 1 FROM outbox WHERE ticket = ?1 "
	    "  AND what IN ('acknowledgment', 'reply', 'resolution'))");

	stmt_int(&q, ticket);
	if (!stmt_one(&q, 0, &is, error))
		return false;
	*ret_is = is != 0;
	return true;
}

bool
store_is_untold(Store *store, gint64 ticket, bool *ret_is, GError **error)
{
	gint64 is;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT NOT EXISTS (SELECT 1 FROM outbox WHERE ticket = ? "
	    "AND (state NOT IN ('ready', 'retry', 'dropped') OR uncertain))");

	stmt_int(&q, ticket);
	if (!stmt_one(&q, 0, &is, error))
		return false;
	*ret_is = is != 0;
	return true;
}

static char **
mentions(Store *store, gint64 mail, const char *kind, GError **error)
{
	g_autoptr(GStrvBuilder) ids = g_strv_builder_new();
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT message_id FROM mention WHERE mail = ? AND kind = ? "
	    "ORDER BY place");

	stmt_int(&q, mail);
	stmt_text(&q, kind);
	while (stmt_row(&q)) {
		g_autofree char *id = stmt_get_text(&q, 0);

		g_strv_builder_add(ids, id);
	}
	if (!stmt_end(&q, error))
		return NULL;
	return g_strv_builder_end(ids);
}

static GPtrArray *
mailbox_list(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)mailbox_free);
}

/* A Message with nothing in it that all who read one can bear. */
static Message *
bare_message(void)
{
	Message *message = g_new0(Message, 1);

	message->from = mailbox_list();
	message->reply_to = mailbox_list();
	message->to = mailbox_list();
	message->cc = mailbox_list();
	message->headers = g_ptr_array_new();
	message->attachments = g_ptr_array_new();
	message->text = g_strdup("");
	message->new_text = g_strdup("");
	message->content_type = g_strdup("");
	message->report_type = g_strdup("");
	message->content_sha256 = g_strdup("");
	message->defects = g_new0(char *, 1);
	return message;
}

bool
store_message_head(Store *store, gint64 mail, Message **ret_message,
    GError **error)
{
	g_autoptr(Message) message = NULL;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT content.message_id, content.display, content.shown, "
	    "content.subject, address.address, content.date FROM content "
	    "LEFT JOIN address ON address.id = content.sender "
	    "WHERE content.mail = ?");

	stmt_int(&q, mail);
	if (stmt_row(&q)) {
		g_autofree char *name = stmt_get_text(&q, 1);
		g_autofree char *address = stmt_get_text(&q, 2);

		message = bare_message();
		if (!stmt_is_null(&q, 0))
			message->message_id = stmt_get_text(&q, 0);
		g_ptr_array_add(message->from, mailbox_new(name, address));
		message->subject = stmt_get_text(&q, 3);
		if (!stmt_is_null(&q, 4))
			message->identity = stmt_get_text(&q, 4);
		else
			message->identity_defect = g_strdup("none");
		message->has_date = !stmt_is_null(&q, 5);
		message->date = stmt_get_int(&q, 5);
	}
	if (!stmt_end(&q, error))
		return false;
	if (message != NULL) {
		message->in_reply_to = mentions(store, mail, "reply", error);
		if (message->in_reply_to == NULL)
			return false;
		message->references = mentions(store, mail, "reference", error);
		if (message->references == NULL)
			return false;
	}
	*ret_message = g_steal_pointer(&message);
	return true;
}
