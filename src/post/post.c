/* From a Draft to bytes in the outbox: ids, tokens, headers, envelope. */
#include "guichet/post/post.h"

#include "guichet/base/error.h"
#include "guichet/base/random.h"
#include "guichet/judgment/horizon.h"
#include "guichet/trust/token_mask.h"

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
 * their copy alone (doc/security.md T18). NULL: to From. */
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

static LetterKind
letter_kind(SendKind send)
{
	if (send_kind_is_letter(send))
		return LETTER_PERSON;
	switch (send) {
	case SEND_ACKNOWLEDGMENT:
	case SEND_REFUSAL:
	case SEND_CONFIRMATION:
	case SEND_CHALLENGE:
	case SEND_REMARK:
	case SEND_READING:
	case SEND_QUESTION:
		return LETTER_REPLIED;
	default:
		return LETTER_GENERATED;
	}
}

/* A person's answer wants to hear of failures, an automatic one never. */
static char *
envelope_from(const Intake *in, const Draft *draft, gint64 id, Instant now)
{
	const Conf *conf = in->conf;
	Token token = { .purpose = TOKEN_BOUNCE, .ticket = id };
	char *signed_path;

	if (letter_kind(draft->send) != LETTER_PERSON)
		return g_strdup("");
	if (!conf->plus_addresses)
		return g_strdup(conf->address);
	signed_path = signed_address(in, token, id, now);
	return signed_path != NULL ? signed_path : g_strdup(conf->address);
}

/* Puts the reader's own addresses behind its buttons, signed as its Reply-To is:
 * a technician's on a ticket, or a client's, and of no other mail. */
static void
fill_buttons(const Intake *in, const OutboxRow *row, char **html)
{
	Token token;
	bool can = row->token != NULL &&
	    (token_parse(in->conf->tokens, row->token, TOKEN_TECHNICIAN,
		 horizon_day(row->created), 0, &token) == TOKEN_OK ||
		token_parse(in->conf->tokens, row->token, TOKEN_CLIENT,
		    horizon_day(row->created), 0, &token) == TOKEN_OK);
	char *filled = button_fill(in->conf, *html, can ? &token : NULL);

	g_free(*html);
	*html = filled;
}

/* All words of a mail, without what only somebody else may hold: the signed
 * addresses that quoted, forwarded and attached text may bring along. */
typedef struct {
	char *subject, *text, *html;
	GPtrArray *files;    /* Attachment *, with masked content; or NULL */
	GPtrArray *contents; /* GBytes *, that of `files` */
} Said;

static void
said_clear(Said *said)
{
	g_free(said->subject);
	g_free(said->text);
	g_free(said->html);
	g_clear_pointer(&said->files, g_ptr_array_unref);
	g_clear_pointer(&said->contents, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Said, said_clear)

static void
mask_files(Said *said, const GPtrArray *files, const char *address)
{
	said->files = g_ptr_array_new_with_free_func(g_free);
	said->contents = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)g_bytes_unref);
	for (guint i = 0; i < files->len; i++) {
		Attachment *copy = g_memdup2(files->pdata[i],
		    sizeof(Attachment));

		if (copy->content != NULL) {
			copy->content = token_mask_bytes(copy->content,
			    address);
			g_ptr_array_add(said->contents, copy->content);
		}
		g_ptr_array_add(said->files, copy);
	}
}

static void
mask(Said *said, const Draft *draft, const char *address)
{
	said->subject = token_mask(draft->subject, address);
	said->text = token_mask(draft->text, address);
	said->html = token_mask(draft->html, address);
	if (draft->attachments != NULL)
		mask_files(said, draft->attachments, address);
}

static void
say(Letter *letter, const Said *said)
{
	letter->subject = said->subject;
	letter->text = said->text;
	letter->html = said->html;
	letter->attachments = said->files;
}

static void
fill_outbox(OutboxRow *row, const Draft *draft, const Said *said, Instant now)
{
	row->ticket = draft->ticket;
	row->mail = draft->mail;
	row->what = g_strdup(send_kind_name(draft->send));
	row->proof = draft->proof;
	row->to = g_strdup(draft->to);
	row->subject = g_strdup(said->subject);
	row->text = g_strdup(said->text);
	row->state = g_strdup(
	    outbox_state_name(draft->doubt ? OUTBOX_MAYBE : OUTBOX_READY));
	row->created = row->first_try = now;
	row->next = MAX(now, draft->leaves);
	row->repeatable = send_kind_is_repeatable(draft->send);
	row->reply = g_strdup("");
}

/* Where a mail of ours stands in its reader's own mailbox. */
typedef struct {
	char *answered; /* In-Reply-To; NULL: it begins the conversation */
	char **references;
} Place;

static void
place_clear(Place *place)
{
	g_free(place->answered);
	g_strfreev(place->references);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

/* Only what the readers wrote themselves, or what was written to them, is known to
 * be in their mailbox. */
static bool
is_by_reader(const Message *parent, const Draft *draft)
{
	return parent != NULL && parent->message_id != NULL &&
	    (draft->knows_parent ||
		g_strcmp0(parent->identity, draft->to) == 0);
}

/* Whether what their own mail names leads to our first one to them anyway. */
static bool
leads_to(const OutboxFirst *first, const Draft *draft, char *const *ids)
{
	return first->mail == draft->parent ||
	    g_strv_contains((const char *const *)ids, first->message_id);
}

static void
take_place(Place *place, const Draft *draft, const Message *parent,
    const OutboxFirst *first)
{
	bool by_reader = is_by_reader(parent, draft);

	place->references = by_reader ? compose_references(parent)
				      : g_new0(char *, 1);
	if (first->message_id != NULL &&
	    !(by_reader && leads_to(first, draft, place->references)))
		compose_references_under(&place->references, first->message_id);
	if (by_reader && compose_id_is_safe(parent->message_id))
		place->answered = g_strdup(parent->message_id);
	else
		place->answered = g_strdup(first->message_id);
}

/* One reader, one ticket, one conversation: below their own mail that is answered,
 * and below our first mail to them about it. Others' mails, an alert's among
 * them, they may never have got: those are not named to them. */
static bool
find_place(Intake *in, const Draft *draft, Place *place, GError **error)
{
	OutboxFirst first = { 0 };
	g_autoptr(Message) parent = NULL;
	g_autofree char *first_id = NULL;

	if (draft->parent != 0 &&
	    !store_message_head(in->store, draft->parent, &parent, error))
		return false;
	if (draft->ticket != 0 &&
	    !store_outbox_first(in->store, draft->ticket, draft->to, &first,
		error))
		return false;
	first_id = first.message_id;
	take_place(place, draft, parent, &first);
	return true;
}

/* What stands before the desk's address: who says it, if a person does. */
static char *
from_name(const Intake *in, const Draft *draft)
{
	const Technician *speaker = draft->speaker;

	if (speaker == NULL)
		return g_strdup(in->conf->site);
	return speaker->display != NULL
	    ? g_strdup(speaker->display)
	    : g_strdup_printf("%s - %s", speaker->name, in->conf->site);
}

bool
post_draft(Intake *in, StoreTx *tx, Draft *draft, Instant now, GError **error)
{
	g_autoptr(OutboxRow) row = g_new0(OutboxRow, 1);
	g_auto(Place) place = { 0 };
	g_auto(Said) said = { 0 };
	g_autofree char *answers = NULL, *from = NULL;
	guint8 random[8];
	Letter letter = { .kind = letter_kind(draft->send) };

	mask(&said, draft, in->conf->address);
	fill_outbox(row, draft, &said, now);
	if (!store_next_outbox(tx, &row->id, error) ||
	    !reply_to(in, tx, draft, row, &answers, error) ||
	    !find_place(in, draft, &place, error))
		return false;
	draft->outbox = row->id;
	random_bytes(in->seed, "message-id", row->id, random, sizeof(random));
	row->message_id = token_message_id(in->conf->tokens, draft->ticket,
	    row->id, random, in->conf->domain);
	row->from = envelope_from(in, draft, row->id, now);
	row->token = answers != NULL
	    ? token_from_address(answers, in->conf->address)
	    : NULL;

	from = from_name(in, draft);
	letter.from_name = from;
	letter.from_address = in->conf->address;
	letter.to_name = draft->technician != NULL ? draft->technician->name
						   : NULL;
	letter.to_address = draft->shown != NULL ? draft->shown[0] : draft->to;
	letter.copied = draft->shown != NULL
	    ? (const char *const *)draft->shown + 1
	    : NULL;
	letter.reply_to = answers;
	letter.message_id = row->message_id;
	letter.in_reply_to = place.answered;
	letter.references = (const char *const *)place.references;
	letter.loop = row->message_id;
	letter.date = now;
	letter.zone = draft->zone;
	letter.language = draft->language;
	fill_buttons(in, row, &said.html);
	say(&letter, &said);
	row->bytes = compose(&letter, error);
	return row->bytes != NULL && store_add_outbox(tx, row, error);
}
