/*
 * The words of mails: how they are kept once a mail is done.
 */
#include "store_private.h"

#include "guichet/base/error.h"
#include "guichet/base/text.h"
#include "guichet/words/subject.h"

#include <string.h>

/* The length of "[#12]" at p, or 0. */
static gsize
tag_length(const char *p)
{
	gsize digits;

	if (!g_str_has_prefix(p, "[#"))
		return 0;
	digits = strspn(p + 2, "0123456789");
	return digits > 0 && p[2 + digits] == ']' ? digits + 3 : 0;
}

char *
store_subject_key(const char *subject)
{
	g_autofree char *folded = g_utf8_casefold(subject, -1);
	GString *bare = g_string_new(NULL);
	g_autofree char *line = NULL;
	const char *p;

	for (p = folded; *p != '\0';) {
		gsize length = tag_length(p);

		if (length == 0)
			g_string_append_c(bare, *p++);
		else
			p += length;
	}
	line = text_clean_line(bare->str, -1, bare->len);
	g_string_free(bare, TRUE);
	p = line;
	for (gsize length; (length = subject_prefix(p, NULL)) > 0;)
		p += length;
	return g_strdup(p);
}

bool
store_address_id(StoreTx *tx, const char *address, gint64 *ret_id,
    GError **error)
{
	gint64 id;
	g_auto(Stmt) known = stmt_read(tx->store,
	    "SELECT id FROM address WHERE address = ?");

	stmt_text(&known, address);
	if (!stmt_one(&known, 0, &id, error))
		return false;
	if (id == 0) {
		g_auto(Stmt) q = stmt_write(tx,
		    "INSERT INTO address (address) VALUES (?) RETURNING id");

		stmt_text(&q, address);
		if (!stmt_one(&q, 0, &id, error))
			return false;
	}
	*ret_id = id;
	return true;
}

static const Mailbox *
first_mailbox(const GPtrArray *list)
{
	return list != NULL && list->len > 0 ? list->pdata[0] : NULL;
}

/* What a mail proves, and its words, which the decision names. */
static void
bind_judged(Stmt *q, const Decision *decision)
{
	stmt_text(q,
	    proof_name(decision != NULL ? decision->proof : PROOF_NONE));
	stmt_string(q, decision != NULL ? decision->words : NULL);
}

static bool
add_content(StoreTx *tx, const MailDone *done, Instant received, GError **error)
{
	const Message *message = done->message;
	const Mailbox *from = first_mailbox(message->from);
	g_autofree char *reply_to = message_answers_to(message);
	g_autofree char *sent_by = message_sent_by(message);
	const char *subject = message->subject != NULL ? message->subject : "";
	g_autofree char *key = store_subject_key(subject);
	gint64 sender = 0;
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO content (mail, message_id, sender, display, shown, "
	    "subject, subject_key, text, new_text, content_sha256, author, "
	    "visibility, date, received, proof, words_sha256, reply_to, "
	    "sent_by) "
	    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

	if (message->identity != NULL &&
	    !store_address_id(tx, message->identity, &sender, error))
		return false;
	stmt_int(&q, done->id);
	stmt_text(&q, message->message_id);
	stmt_id(&q, sender);
	stmt_string(&q, from != NULL ? from->name : NULL);
	stmt_string(&q, from != NULL ? from->address : NULL);
	stmt_text(&q, subject);
	stmt_text(&q, key);
	stmt_string(&q, message->text);
	stmt_string(&q, message->new_text);
	stmt_string(&q, message->content_sha256);
	stmt_string(&q, done->author);
	stmt_string(&q, done->visibility);
	stmt_instant(&q, message->has_date ? message->date : INSTANT_NONE);
	stmt_int(&q, received);
	bind_judged(&q, done->decision);
	stmt_string(&q, reply_to);
	stmt_string(&q, sent_by);
	return stmt_run(&q, error);
}

static bool
add_mentions(StoreTx *tx, gint64 id, const char *kind, char **ids,
    GError **error)
{
	for (gint64 place = 0; ids != NULL && ids[place] != NULL; place++) {
		g_auto(Stmt) q = stmt_write(tx,
		    "INSERT INTO mention (mail, kind, place, message_id) "
		    "VALUES (?, ?, ?, ?)");

		stmt_int(&q, id);
		stmt_text(&q, kind);
		stmt_int(&q, place);
		stmt_text(&q, ids[place]);
		if (!stmt_run(&q, error))
			return false;
	}
	return true;
}

static bool
add_attachments(StoreTx *tx, gint64 id, const GPtrArray *attachments,
    GError **error)
{
	for (guint i = 0; attachments != NULL && i < attachments->len; i++) {
		const Attachment *attachment = attachments->pdata[i];
		g_auto(Stmt) q = stmt_write(tx,
		    "INSERT INTO attachment (mail, place, name, type, size, "
		    "sha256, is_inline) VALUES (?, ?, ?, ?, ?, ?, ?)");

		stmt_int(&q, id);
		stmt_int(&q, i);
		stmt_string(&q, attachment->name);
		stmt_string(&q, attachment->type);
		stmt_int(&q, attachment->size);
		stmt_string(&q, attachment->sha256);
		stmt_int(&q, attachment->is_inline);
		if (!stmt_run(&q, error))
			return false;
	}
	return true;
}

static bool
add_copied(StoreTx *tx, gint64 id, char *const *addresses, GError **error)
{
	for (gint64 place = 0; addresses != NULL && addresses[place] != NULL;
	     place++) {
		gint64 address;
		g_auto(Stmt) q = stmt_write(tx,
		    "INSERT INTO copied (mail, place, address) "
		    "VALUES (?, ?, ?)");

		if (!store_address_id(tx, addresses[place], &address, error))
			return false;
		stmt_int(&q, id);
		stmt_int(&q, place);
		stmt_int(&q, address);
		if (!stmt_run(&q, error))
			return false;
	}
	return true;
}

/* ---- what `guichet search` finds ---- */

typedef struct {
	gint64 id; /* of the mail */
	char *subject, *sender, *text;
} Findable;

static void
words_free(gpointer data)
{
	Findable *words = data;

	g_free(words->subject);
	g_free(words->sender);
	g_free(words->text);
	g_free(words);
}

GPtrArray *
store_words_queue_new(void)
{
	return g_ptr_array_new_with_free_func(words_free);
}

static void
queue_words(StoreTx *tx, gint64 id, const char *subject, const char *sender,
    const char *text)
{
	Findable *words = g_new0(Findable, 1);

	words->id = id;
	words->subject = g_strdup(subject);
	words->sender = g_strdup(sender);
	words->text = g_strdup(text);
	g_ptr_array_add(tx->words, words);
}

static void
forget_words(StoreTx *tx, gint64 id)
{
	for (guint i = tx->words->len; i-- > 0;) {
		const Findable *words = tx->words->pdata[i];

		if (words->id == id)
			g_ptr_array_remove_index(tx->words, i);
	}
}

bool
store_words_queue_write(StoreTx *tx, GError **error)
{
	for (guint i = 0; i < tx->words->len; i++) {
		const Findable *words = tx->words->pdata[i];
		g_auto(Stmt) q = stmt_write(tx,
		    "INSERT INTO words (rowid, subject, sender, text) "
		    "VALUES (?, ?, ?, ?)");

		stmt_int(&q, words->id);
		stmt_string(&q, words->subject);
		stmt_string(&q, words->sender);
		stmt_string(&q, words->text);
		if (!stmt_run(&q, error))
			return false;
	}
	g_ptr_array_set_size(tx->words, 0);
	return true;
}

/* A mail that is done again starts from nothing. */
static bool
forget_content(StoreTx *tx, gint64 id, GError **error)
{
	static const char *const tables[] = {
		"DELETE FROM content WHERE mail = ?",
		"DELETE FROM mention WHERE mail = ?",
		"DELETE FROM attachment WHERE mail = ?",
		"DELETE FROM copied WHERE mail = ?",
		"DELETE FROM trace WHERE mail = ?",
		"DELETE FROM words WHERE rowid = ?",
	};

	forget_words(tx, id);
	for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
		g_auto(Stmt) q = stmt_write(tx, tables[i]);

		stmt_int(&q, id);
		if (!stmt_run(&q, error))
			return false;
	}
	return true;
}

static bool
add_message(StoreTx *tx, const MailDone *done, Instant received, GError **error)
{
	const Message *message = done->message;
	gint64 id = done->id;
	const Mailbox *from = first_mailbox(message->from);
	g_autofree char *sender = g_strjoin(" ",
	    from != NULL && from->name != NULL ? from->name : "",
	    from != NULL && from->address != NULL ? from->address : "", NULL);

	if (done->ticket != 0)
		queue_words(tx, id, message->subject, sender, message->text);
	return add_content(tx, done, received, error) &&
	    add_mentions(tx, id, "reply", message->in_reply_to, error) &&
	    add_mentions(tx, id, "reference", message->references, error) &&
	    add_attachments(tx, id, message->attachments, error) &&
	    add_copied(tx, id, done->copied, error);
}

static bool
add_trace(StoreTx *tx, gint64 id, const GPtrArray *trace, GError **error)
{
	g_autoptr(GString) lines = g_string_new(NULL);
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO trace (mail, lines) VALUES (?, ?)");

	if (trace == NULL || trace->len == 0)
		return true;
	for (guint i = 0; i < trace->len; i++) {
		g_autofree char *line = g_strdup(trace->pdata[i]);

		g_string_append(lines, i > 0 ? "\n" : "");
		g_string_append(lines, g_strdelimit(line, "\n", ' '));
	}
	stmt_int(&q, id);
	stmt_text(&q, lines->str);
	return stmt_run(&q, error);
}

static const char *
lane_of(const Decision *decision)
{
	for (guint i = 0; decision != NULL && decision->effects != NULL &&
	     i < decision->effects->len;
	     i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->kind == EFFECT_FILE && effect->lane != LANE_NONE)
			return event_lane_name(effect->lane);
	}
	return "";
}

static bool
set_done(StoreTx *tx, const StoredMail *row, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "UPDATE mail SET state = ?, trusted = ?, lane = ?, ticket = ?, "
	    "also_seen = ? WHERE id = ?");

	stmt_text(&q, row->state);
	stmt_int(&q, row->trusted);
	stmt_text(&q, row->lane);
	stmt_id(&q, row->ticket);
	stmt_id(&q, row->also_seen);
	stmt_int(&q, row->id);
	return stmt_run(&q, error);
}

/* One that is read again has its place from before. */
static bool
was_done(const StoredMail *row)
{
	return stored_state_is(row->state, STORED_DONE) ||
	    stored_state_is(row->state, STORED_UNREADABLE) ||
	    row->ticket != 0 || *row->lane != '\0';
}

bool
store_mail_done(StoreTx *tx, const MailDone *done, GError **error)
{
	const Decision *decision = done->decision;
	g_autoptr(StoredMail) row = NULL;
	StoredMail now = {
		.id = done->id,
		.state = (char *)stored_state_name(
		    done->message != NULL ? STORED_DONE : STORED_UNREADABLE),
		.trusted = done->trusted,
		.lane = (char *)lane_of(decision),
		.ticket = done->ticket,
		.also_seen = done->also_seen,
	};

	if (!store_mail(tx->store, done->id, &row, error))
		return false;
	if (row == NULL) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "there is no mail %" G_GINT64_FORMAT, done->id);
		return false;
	}
	if (was_done(row) && !forget_content(tx, done->id, error))
		return false;
	if (!set_done(tx, &now, error))
		return false;
	if (done->message != NULL &&
	    !add_message(tx, done, row->received, error))
		return false;
	return add_trace(tx, done->id,
	    decision != NULL ? decision->trace : NULL, error);
}

bool
store_add_words(StoreTx *tx, const OwnWords *words, gint64 *ret_id,
    GError **error)
{
	Message message = { .subject = (char *)words->subject,
		.text = (char *)words->text,
		.new_text = (char *)words->text,
		.identity = (char *)words->from };
	MailDone done = { .message = &message,
		.ticket = words->ticket,
		.author = words->author,
		.visibility = event_visibility_name(VISIBILITY_INTERNAL) };
	g_auto(Stmt) q = stmt_write(tx,
	    "INSERT INTO mail (mailbox, uidvalidity, uid, name, received, "
	    "trusted, truncated, size, sha256, state, ticket, marked) "
	    "VALUES ('cli', 0, 0, '', ?, ?, 0, ?, '', 'done', ?, 1) "
	    "RETURNING id");

	stmt_int(&q, words->at);
	stmt_int(&q, words->at);
	stmt_int(&q, (gint64)strlen(words->text));
	stmt_id(&q, words->ticket);
	if (!stmt_one(&q, 0, &done.id, error) ||
	    !add_message(tx, &done, words->at, error))
		return false;
	*ret_id = done.id;
	return true;
}

bool
store_ticket_said(Store *store, gint64 ticket, gint64 before, const char *text,
    bool *ret_said, GError **error)
{
	gint64 found;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT 1 FROM mail JOIN content ON content.mail = mail.id "
	    "WHERE mail.ticket = ? AND mail.id < ? "
	    "AND instr(content.text, ?) > 0 LIMIT 1");

	stmt_int(&q, ticket);
	stmt_int(&q, before);
	stmt_text(&q, text);
	if (!stmt_one(&q, 0, &found, error))
		return false;
	*ret_said = found != 0;
	return true;
}

bool
store_mail_words(Store *store, gint64 mail, char **ret_words, GError **error)
{
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT CASE new_text WHEN '' THEN text ELSE new_text END "
	    "FROM content WHERE mail = ? AND visibility = 'public'");

	stmt_int(&q, mail);
	return stmt_one_text(&q, ret_words, error);
}
