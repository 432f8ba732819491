/*
 * After a restore: numbers go on above all that is signed, nothing that an
 * earlier life of the store may have done is done again (doc/security.md P17),
 * and the desk is told, as a ticket of its own.
 */
#include "guichet/work/work.h"

#include "guichet/base/limits.h"
#include "guichet/base/log.h"
#include "guichet/base/text.h"
#include "guichet/desk/desk_restored.h"
#include "guichet/site/lifebook.h"
#include "guichet/store/store_life.h"
#include "guichet/work/intake.h"

#include <string.h>

#define RESTORED "restored" /* the setting of what is untold */

void
intake_bind_keys(Intake *in)
{
	g_auto(StoreLife) life = { 0 };

	if (in->conf->tokens != NULL && in->store != NULL &&
	    store_life(in->store, &life, NULL) && life.life > 0)
		token_keys_bind(in->conf->tokens, life.identity, life.life);
}

bool
restored_heed(Intake *in, StoreTx *tx, const Gathered *gathered, Instant now,
    GError **error)
{
	g_auto(StoreLife) life = { 0 };

	if (gathered->forgotten == 0)
		return true;
	if (!store_life(in->store, &life, error))
		return false;
	if (life.life == 0)
		return true;
	if (!gathered->is_rolled_back)
		return store_skip_numbers(tx, gathered->forgotten, error);
	if (!lifebook_raise(tx, "signed", gathered->forgotten,
		in->outbox_before, now, error))
		return false;
	intake_bind_keys(in);
	return restored_tell(in, tx, now, error);
}

/* Mail that came later was not the lost life's to answer. */
static bool
keep_sign(StoreTx *tx, Instant received, GError **error)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, received);

	return received == 0 ||
	    store_set_setting(tx, LIFEBOOK_SIGN, text, error);
}

/* The next mailbox of the same run: the restore is known, but not what numbers
 * its mails had. */
static bool
skip_more(Intake *in, StoreTx *tx, const StoreLife *life, gint64 count,
    GError **error)
{
	gint64 last;

	return in->ahead_life != life->life || count == 0 ||
	    (store_last_ticket(in->store, &last, error) &&
		store_skip_numbers(tx, MAX(life->number, last) + count, error));
}

bool
intake_ahead(Intake *in, StoreTx *tx, const StoredMail *row, gint64 count,
    Instant now, GError **error)
{
	g_auto(StoreLife) life = { 0 };
	gint64 last;
	bool knows;

	if (!store_knows_mail(in->store, row, &knows, error) ||
	    !store_life(in->store, &life, error))
		return false;
	if (knows || life.life == 0)
		return true;
	if (in->ahead_life == life.life ||
	    (life.mark != INSTANT_NONE && row->received <= life.mark))
		return skip_more(in, tx, &life, count, error);
	in->ahead_life = life.life + 1;
	/* Each mail that is forgotten may have had a ticket, and the desk itself
	 * some more. */
	if (!store_last_ticket(in->store, &last, error) ||
	    !lifebook_raise(tx, "mailbox",
		MAX(life.number, last) + count + LIMIT_NUMBER_BLOCK,
		in->outbox_before, MAX(now, row->received), error))
		return false;
	intake_bind_keys(in);
	return keep_sign(tx, row->received, error) &&
	    restored_tell(in, tx, now, error);
}

/* ---- what is not done again ---- */

/* Adds the number of the event's ticket if that is done. */
static bool
add_done(Intake *in, const Event *event, GArray *done, GError **error)
{
	g_autoptr(Ticket) ticket = NULL;

	if (event == NULL || event->type != EVENT_STATE || event->ticket == 0)
		return true;
	if (!store_ticket(in->store, event->ticket, &ticket, error))
		return false;
	if (ticket != NULL && ticket_state_is_done(ticket->state))
		g_array_append_val(done, ticket->number);
	return true;
}

/*
 * Whoever shows that the store forgot something answered a mail that it cannot
 * have refused before: it knew the mail then. Nor can it have refused, or
 * carried out, what came behind its last sign.
 */
static bool
is_first_told(Intake *in, const StoredMail *mail, const Gathered *gathered,
    bool *ret_told, GError **error)
{
	g_autofree char *sign = NULL;

	if (!store_setting(in->store, LIFEBOOK_SIGN, &sign, error))
		return false;
	*ret_told = gathered->is_rolled_back ||
	    (sign != NULL && gathered->sit.token == TOKEN_LOST &&
		mail->received > g_ascii_strtoll(sign, NULL, 10));
	return true;
}

bool
restored_quiet(Intake *in, Decision *decision, const Gathered *gathered,
    GError **error)
{
	const StoredMail *mail = gathered->mail;
	g_autoptr(GArray) done = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_auto(StoreLife) life = { 0 };
	RestoredCase c = { .sit = &gathered->sit, .done = done };

	if (!store_life(in->store, &life, error))
		return false;
	if (life.mark == INSTANT_NONE || mail->received > life.mark)
		return true;
	if (!is_first_told(in, mail, gathered, &c.first_told, error))
		return false;
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (!add_done(in, effect->event, done, error))
			return false;
	}
	desk_restored(decision, &c);
	return true;
}

/* ---- the desk's own ticket ---- */

/* What the ticket says, by why the life began. */
typedef struct {
	const char *why;
	const char *title[2], *cause[2], *waiting[2]; /* English, French */
} Telling;

#define RESTORED_TITLE                                   \
 {                                                       \
  "The store was restored", "La base a été restaurée" \
 }
#define MAYBE_WAITING                                                       \
 {                                                                          \
  "Answers that waited may have gone out: guichet outbox shows them as "    \
  "\"maybe\"; for each, guichet outbox retry N or drop N.",                 \
      "Les réponses en attente ont pu partir : guichet outbox les montre " \
      "comme « maybe » ; pour chacune, guichet outbox retry N ou drop N." \
 }

static const Telling tellings[] = {
	{ "signed", RESTORED_TITLE,
	    { "A mail carries a signature of this desk that the store does not "
	      "know: it was set back, perhaps with the whole machine.",
		"Un mail porte une signature de ce guichet que la base ne "
		"connaît pas : elle a été ramenée en arrière, peut-être avec "
		"toute la machine." },
	    MAYBE_WAITING },
	{ "mailbox", RESTORED_TITLE,
	    { "A mailbox holds this store's own marks on mails that it does "
	      "not know: it was set back, perhaps with the whole machine.",
		"Une boîte porte les marques de cette base sur des mails "
		"qu'elle ne connaît pas : elle a été ramenée en arrière, "
		"peut-être avec toute la machine." },
	    MAYBE_WAITING },
	{ "init", { "A new store was begun", "Une base neuve a été commencée" },
	    { "A new store was begun (guichet init) where another one had "
	      "lived.",
		"Une base neuve a été commencée (guichet init) là où une autre "
		"a vécu." },
	    { "It knows no ticket of the other one, and no answer that waited "
	      "there.",
		"Elle ne connaît ni les tickets de l'autre, ni les réponses "
		"qui y attendaient." } },
	{ NULL, RESTORED_TITLE,
	    { "The store is an older copy than what has happened already, or "
	      "another one than the last time.",
		"La base est une copie plus ancienne que ce qui a déjà eu "
		"lieu, ou une autre que la dernière fois." },
	    MAYBE_WAITING },
};

static const Telling *
telling_of(const char *why)
{
	const Telling *telling = tellings;

	while (telling->why != NULL && strcmp(telling->why, why) != 0)
		telling++;
	return telling;
}

static char *
words(const StoreLife *life, const Telling *telling, bool french)
{
	g_autofree char *mark = life->mark == INSTANT_NONE
	    ? g_strdup("?")
	    : instant_format(life->mark);

	return g_strdup_printf(french
		? "%s\n\nVie %d de la base. Les numéros reprennent au-dessus "
		  "de tous ceux qui ont pu être donnés.\n\n"
		  "Les mails reçus jusqu'au %s ont pu recevoir une réponse "
		  "déjà : ceux que la base ne connaît pas sont repris sans "
		  "accusé, sans avis et sans réouverture, et leur ticket "
		  "porte l'étiquette « restored » (guichet list --all).\n"
		  "%s\n"
		  "Une réponse à un avis que la base ne connaît pas n'est "
		  "envoyée à personne : son auteur en est averti.\n"
		: "%s\n\nLife %d of the store. Numbers go on above all that "
		  "may have been given.\n\n"
		  "Mails received until %s may have been answered already: "
		  "those that the store does not know are taken in again "
		  "without an acknowledgment, a notice or a reopening, and "
		  "their tickets carry the tag \"restored\" (guichet list "
		  "--all).\n"
		  "%s\n"
		  "An answer to a notice that the store does not know goes to "
		  "nobody, and whoever wrote it is told.\n",
	    telling->cause[french], life->life, mark, telling->waiting[french]);
}

bool
restored_tell(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	bool french = text_is_french(in->conf->language);
	g_auto(StoreLife) life = { 0 };
	g_autofree char *why = NULL, *text = NULL, *number = NULL;
	const Telling *telling;
	OwnTicketCase own;
	gint64 ticket;

	if (!store_setting(in->store, RESTORED, &why, error))
		return false;
	if (why == NULL)
		return true;
	if (!store_life(in->store, &life, error))
		return false;
	telling = telling_of(why);
	text = words(&life, telling, french);
	number = g_strdup_printf("%d", life.life);
	log_event(LOG_LEVEL_WARNING, "store-restored", "life", number, "text",
	    telling->cause[false], NULL);
	own = (OwnTicketCase){ .opening = { .kind = KIND_REQUEST,
				   .source = OPENED_BY_DESK },
		.subject = telling->title[french],
		.text = text,
		.actor = "desk",
		.at = now,
		.now = now };
	return store_set_setting(tx, RESTORED, NULL, error) &&
	    own_ticket_open(in, tx, &own, &ticket, error);
}
