/* From a Draft to bytes in the outbox: ids, tokens, headers, envelope. */
#include "guichet/work/answer.h"

#include "guichet/base/error.h"
#include "guichet/base/random.h"
#include "guichet/desk/horizon.h"

#include <string.h>

/* The address of a word that no other mail of ours carries, whatever the store
 * forgets: `id` is the outbox row's. NULL where the desk's own name leaves no
 * room. */
static char *
signed_address(const Intake *in, Token token, gint64 id, Instant now)
{
	g_autofree char *word = NULL;
	guint32 chance;

	random_bytes(in->seed, "token", id, &chance, sizeof(chance));
	token.day = horizon_day(now);
	token.salt = 1 + (gint32)(chance % TOKEN_SALT_MAX);
	word = token_format(in->conf->tokens, &token);
	return token_address(in->conf->address, word);
}

/* Where an answer to this mail comes back: signed for the one who gets it, in
 * his copy alone (doc/security.md T18). NULL: to From. */
static bool
reply_to(Intake *in, StoreTx *tx, const Draft *draft, const OutboxRow *row,
    char **ret_address, GError **error)
{
	Token token = { .purpose = TOKEN_CLIENT,
		.ticket = draft->ticket,
		.epoch = draft->epoch };

	if (!in->conf->plus_addresses || draft->stranger || draft->no_answer)
		return true;
	if (draft->technician != NULL) {
		token.purpose = draft->send == SEND_CHALLENGE ? TOKEN_CONFIRM
		    : draft->ticket != 0                      ? TOKEN_TECHNICIAN
							      : TOKEN_DESK;
		token.who = draft->technician->id;
	} else if (!store_address_id(tx, draft->to, &token.who, error)) {
		return false;
	}
	*ret_address = signed_address(in, token, row->id, row->created);
	return true;
}

/* A person's answer wants to hear of failures, an automatic one never. */
static char *
envelope_from(const Intake *in, const Draft *draft, gint64 id, Instant now)
{
	const Conf *conf = in->conf;
	Token token = { .purpose = TOKEN_BOUNCE, .ticket = id };
	char *signed_path;

	if (draft->send != SEND_REPLY && draft->send != SEND_RESOLUTION)
		return g_strdup("");
	if (!conf->plus_addresses)
		return g_strdup(conf->address);
	signed_path = signed_address(in, token, id, now);
	return signed_path != NULL ? signed_path : g_strdup(conf->address);
}

static LetterKind
letter_kind(SendKind send)
{
	switch (send) {
	case SEND_REPLY:
	case SEND_RESOLUTION:
		return LETTER_PERSON;
	case SEND_ACKNOWLEDGMENT:
	case SEND_REFUSAL:
	case SEND_CONFIRMATION:
	case SEND_CHALLENGE:
		return LETTER_REPLIED;
	default:
		return LETTER_GENERATED;
	}
}

static void
fill_outbox(OutboxRow *row, const Draft *draft, Instant now)
{
	row->ticket = draft->ticket;
	row->mail = draft->mail;
	row->what = g_strdup(send_kind_name(draft->send));
	row->proof = draft->proof;
	row->to = g_strdup(draft->to);
	row->subject = g_strdup(draft->subject);
	row->text = g_strdup(draft->text);
	row->state = g_strdup(draft->doubt ? "maybe" : "ready");
	row->created = row->next = row->first_try = now;
	row->repeatable = send_kind_is_repeatable(draft->send);
	row->reply = g_strdup("");
}

bool
post_draft(Intake *in, StoreTx *tx, const Draft *draft, Instant now,
    GError **error)
{
	g_autoptr(OutboxRow) row = g_new0(OutboxRow, 1);
	g_autoptr(Message) parent = NULL;
	g_auto(GStrv) references = NULL;
	g_autofree char *answers = NULL;
	guint8 random[8];
	Letter letter = { .kind = letter_kind(draft->send) };

	fill_outbox(row, draft, now);
	if (!store_next_outbox(tx, &row->id, error) ||
	    !reply_to(in, tx, draft, row, &answers, error) ||
	    (draft->parent != 0 &&
		!store_message_head(in->store, draft->parent, &parent, error)))
		return false;
	random_bytes(in->seed, "message-id", row->id, random, sizeof(random));
	row->message_id = token_message_id(in->conf->tokens, draft->ticket,
	    row->id, random, in->conf->domain);
	row->from = envelope_from(in, draft, row->id, now);
	row->token = answers != NULL
	    ? token_from_address(answers, in->conf->address)
	    : NULL;
	if (parent != NULL)
		references = compose_references(parent);

	letter.from_name = in->conf->site;
	letter.from_address = in->conf->address;
	letter.to_name = draft->technician != NULL ? draft->technician->name
						   : NULL;
	letter.to_address = draft->to;
	letter.reply_to = answers;
	letter.subject = draft->subject;
	letter.message_id = row->message_id;
	letter.in_reply_to = parent != NULL && parent->message_id != NULL &&
		compose_id_is_safe(parent->message_id)
	    ? parent->message_id
	    : NULL;
	letter.references = (const char *const *)references;
	letter.loop = row->message_id;
	letter.date = now;
	letter.zone = draft->zone;
	letter.language = draft->language;
	letter.text = draft->text;
	letter.html = draft->html;
	letter.attachments = draft->attachments;
	row->bytes = compose(&letter, error);
	return row->bytes != NULL && store_add_outbox(tx, row, error);
}
