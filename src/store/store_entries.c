/*
 * What was said on a ticket, by them and by us, in order.
 */
#include "store_private.h"

#include "guichet/words/body.h"

#include <string.h>

void
entry_free(Entry *entry)
{
	if (entry == NULL)
		return;
	g_free(entry->message_id);
	g_free(entry->author);
	g_free(entry->visibility);
	g_free(entry->from);
	g_free(entry->to);
	g_free(entry->subject);
	g_free(entry->text);
	g_free(entry->what);
	g_free(entry->state);
	g_free(entry->reply);
	g_free(entry->reply_to);
	g_free(entry->sent_by);
	if (entry->attachments != NULL)
		g_ptr_array_unref(entry->attachments);
	if (entry->copies != NULL)
		g_array_unref(entry->copies);
	g_free(entry);
}

static GPtrArray *
attachment_list(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)attachment_free);
}

static bool
holds(const Entry *entry, const Attachment *file)
{
	for (guint i = 0; i < entry->attachments->len; i++) {
		const Attachment *one = entry->attachments->pdata[i];

		if (strcmp(one->sha256, file->sha256) == 0)
			return true;
	}
	return false;
}

/* Takes the file. Of a copy, only what none before it had. */
static void
add_attachment(Entry *entry, gint64 mail, Attachment *take_file)
{
	if (mail == entry->mail) {
		entry->own_attachments++;
	} else if (holds(entry, take_file)) {
		attachment_free(take_file);
		return;
	} else if (entry->copies->len == 0 ||
	    g_array_index(entry->copies, gint64, entry->copies->len - 1) !=
		mail) {
		g_array_append_val(entry->copies, mail);
	}
	g_ptr_array_add(entry->attachments, take_file);
}

/* Its own, then those that its copies add. */
static bool
load_attachments(Store *store, Entry *entry, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT name, type, size, sha256, is_inline, mail FROM attachment "
	    "WHERE mail = ?1 "
	    "OR mail IN (SELECT id FROM mail WHERE also_seen = ?1) "
	    "ORDER BY mail <> ?1, mail, place");

	stmt_int(&q, entry->mail);
	while (stmt_row(&q)) {
		Attachment *attachment = g_new0(Attachment, 1);

		attachment->name = stmt_get_text(&q, 0);
		attachment->type = stmt_get_text(&q, 1);
		attachment->size = stmt_get_int(&q, 2);
		attachment->sha256 = stmt_get_text(&q, 3);
		attachment->is_inline = stmt_get_int(&q, 4) != 0;
		add_attachment(entry, stmt_get_int(&q, 5), attachment);
	}
	return stmt_end(&q, error);
}

static Entry *
entry_from_mail(Stmt *stmt)
{
	Entry *entry = g_new0(Entry, 1);
	g_autofree char *mailbox = stmt_get_text(stmt, 2);
	g_autofree char *whole = NULL;

	entry->mail = stmt_get_int(stmt, 0);
	entry->at = stmt_get_int(stmt, 1);
	entry->what = g_strdup(strcmp(mailbox, "cli") == 0 ? "note" : "mail");
	entry->message_id = stmt_get_text(stmt, 3);
	entry->author = stmt_get_text(stmt, 4);
	entry->visibility = stmt_get_text(stmt, 5);
	entry->from = stmt_get_text(stmt, 6);
	entry->subject = stmt_get_text(stmt, 7);
	entry->text = stmt_get_text(stmt, 8);
	entry->state = stmt_get_text(stmt, 9);
	entry->to = g_strdup("");
	entry->reply = g_strdup("");
	entry->verified = stmt_get_int(stmt, 10) != 0;
	whole = stmt_get_text(stmt, 11);
	entry->lines_cut = body_lines_cut(whole, entry->text);
	entry->reply_to = stmt_get_text(stmt, 12);
	entry->sent_by = stmt_get_text(stmt, 13);
	entry->attachments = attachment_list();
	entry->copies = g_array_new(FALSE, FALSE, sizeof(gint64));
	return entry;
}

/* Unreadable mails too: they have no content, and nobody's word. */
static bool
load_mails(Store *store, gint64 ticket, GPtrArray *entries, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT mail.id, mail.trusted, mail.mailbox, content.message_id, "
	    "content.author, coalesce(content.visibility, 'internal'), "
	    "coalesce(address.address, content.shown), content.subject, "
	    "coalesce(nullif(content.new_text, ''), content.text), mail.state, mail.mailbox = 'cli' OR EXISTS ("
	    "  SELECT 1 FROM event WHERE event.mail = mail.id "
	    "  AND event.type = 'message' "
	    "  AND event.data ->> '$.verified' = 'yes'), "
	    "coalesce(content.text, ''), content.reply_to, content.sent_by "
	    "FROM mail LEFT JOIN content ON content.mail = mail.id "
	    "LEFT JOIN address ON address.id = content.sender "
	    "WHERE mail.ticket = ? AND mail.also_seen IS NULL "
	    "ORDER BY mail.id");

	stmt_int(&q, ticket);
	while (stmt_row(&q)) {
		Entry *entry = entry_from_mail(&q);

		g_ptr_array_add(entries, entry);
		if (!load_attachments(store, entry, error))
			return false;
	}
	return stmt_end(&q, error);
}

/* What goes to the client is public; what goes to technicians is not. */
static const char *
answer_visibility(const char *what)
{
	SendKind kind;

	return event_visibility_name(
	    send_kind_parse(what, &kind) && send_kind_is_internal(kind)
		? VISIBILITY_INTERNAL
		: VISIBILITY_PUBLIC);
}

static bool
load_answers(Store *store, gint64 ticket, GPtrArray *entries, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT id, created, what, message_id, recipient, subject, text, "
	    "state, reply FROM outbox WHERE ticket = ? ORDER BY id");

	stmt_int(&q, ticket);
	while (stmt_row(&q)) {
		Entry *entry = g_new0(Entry, 1);

		entry->outbox = stmt_get_int(&q, 0);
		entry->at = stmt_get_int(&q, 1);
		entry->what = stmt_get_text(&q, 2);
		entry->message_id = stmt_get_text(&q, 3);
		entry->author = g_strdup(event_author_name(AUTHOR_DESK));
		entry->visibility = g_strdup(answer_visibility(entry->what));
		entry->from = g_strdup("");
		entry->reply_to = g_strdup("");
		entry->sent_by = g_strdup("");
		entry->to = stmt_get_text(&q, 4);
		entry->subject = stmt_get_text(&q, 5);
		entry->text = stmt_get_text(&q, 6);
		entry->state = stmt_get_text(&q, 7);
		entry->reply = stmt_get_text(&q, 8);
		entry->verified = true;
		entry->attachments = attachment_list();
		g_ptr_array_add(entries, entry);
	}
	return stmt_end(&q, error);
}

/* An answer comes after the mail of the same second that it answers. */
static gint
compare_entries(gconstpointer a, gconstpointer b)
{
	const Entry *one = *(const Entry *const *)a;
	const Entry *two = *(const Entry *const *)b;

	if (one->at != two->at)
		return one->at < two->at ? -1 : 1;
	if (one->outbox != two->outbox)
		return one->outbox < two->outbox ? -1 : 1;
	if (one->mail != two->mail)
		return one->mail < two->mail ? -1 : 1;
	return 0;
}

GPtrArray *
store_entries(Store *store, gint64 ticket, GError **error)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)entry_free);

	if (!load_mails(store, ticket, entries, error) ||
	    !load_answers(store, ticket, entries, error))
		return NULL;
	g_ptr_array_sort(entries, compare_entries);
	return g_steal_pointer(&entries);
}
