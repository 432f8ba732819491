/*
 * One mail, from its Message to everything that follows from it, in one
 * savepoint.
 */
#define _GNU_SOURCE /* memmem() */

#include "guichet/post/post.h"
#include "guichet/work/work.h"

#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/desk/desk_unasked.h"
#include "guichet/site/alert_origin.h"
#include "guichet/store/store_alert.h"
#include "guichet/store/store_life.h"
#include "guichet/trust/recipients.h"

#include <string.h>

Intake *
intake_new(const Conf *conf, const Ruleset *ruleset, Store *store)
{
	Intake *in = g_new0(Intake, 1);

	in->conf = conf;
	in->ruleset = ruleset;
	in->store = store;
	in->heard = G_MAXINT64;
	/* A failure here shows in the first mail. */
	if (store != NULL)
		store_last_outbox(store, &in->outbox_before, NULL);
	intake_bind_keys(in);
	in->desk = silence_desk_new(&conf->silence, ruleset,
	    zone_get(conf->zone, NULL));
	in->views = g_ptr_array_new();
	in->past_views = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)ticket_view_free);
	in->past = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    (GDestroyNotify)ruleset_free);
	if (ruleset != NULL)
		contract_notices_tell(in, ruleset, NULL);
	return in;
}

void
intake_free(Intake *in)
{
	if (in == NULL)
		return;
	view_end(in);
	g_hash_table_unref(in->past);
	silence_desk_free(in->desk);
	g_free(in);
}

void
intake_set_seed(Intake *in, guint64 seed)
{
	in->seed = seed;
}

void
intake_set_heard(Intake *in, Instant heard)
{
	in->heard = heard;
}

bool
intake_reads_again(Intake *in)
{
	bool again = in->reads_again;

	in->reads_again = false;
	return again;
}

/* Whether one of these addresses stands there: no token, and known to all or
 * to its source. */
static bool
starts_with_one(const char *at, gsize size, const char *address)
{
	gsize length = address != NULL ? strlen(address) : 0;

	return length > 0 && size >= length &&
	    g_ascii_strncasecmp(at, address, length) == 0;
}

static bool
is_plain_address(const Intake *in, const char *at, gsize size)
{
	const GPtrArray *origins = in->conf->alert_origins;

	for (gsize i = 0; in->conf->own_addresses[i] != NULL; i++) {
		if (starts_with_one(at, size, in->conf->own_addresses[i]))
			return true;
	}
	for (guint i = 0; i < origins->len; i++) {
		const AlertOrigin *origin = origins->pdata[i];

		if (starts_with_one(at, size, origin->address))
			return true;
	}
	return false;
}

/* Whether `word` stands there as a part of anything else. The
 * part begins where an address or an id can. */
static bool
names_token(const Intake *in, const char *bytes, gsize size, const char *word)
{
	const char *end = bytes + size;

	for (const char *p = bytes;
	     (p = memmem(p, (gsize)(end - p), word, strlen(word))) != NULL;
	     p++) {
		const char *from = p;

		while (from > bytes &&
		    strchr("<> \t\r\n,;:\"'()", from[-1]) == NULL)
			from--;
		if (!is_plain_address(in, from, (gsize)(end - from)))
			return true;
	}
	return false;
}

bool
intake_wants_fresh(const Intake *in, GBytes *raw)
{
	gsize size;
	const char *bytes = g_bytes_get_data(raw, &size);
	const char *at = strchr(in->conf->address, '@');
	g_autofree char *box = g_strdup_printf("%.*s+",
	    (int)(at - in->conf->address), in->conf->address);
	g_autofree char *id = g_strdup_printf("@%s>", in->conf->domain);
	g_autofree char *head = NULL;

	if (bytes == NULL) /* an empty mail */
		return false;
	/* Only the head can carry one: the rest is quoted text at worst. Mail
	 * systems fold case, and a byte of zero ends nothing. */
	size = MIN(size, LIMIT_HEADER_BLOCK_BYTES);
	head = g_memdup2(bytes, size);
	for (gsize i = 0; i < size; i++)
		head[i] = g_ascii_tolower(head[i]);
	/* Where each mail had a reader of its own, a storm would take hours. */
	return names_token(in, head, size, box) ||
	    names_token(in, head, size, id);
}

/* One of several alerts in a mail, decided and written, not yet sent. */
typedef struct {
	Effects effects;
	Decision *decision;
} Further;

static void
further_free(gpointer data)
{
	Further *one = data;

	decision_free(one->decision);
	effects_clear(&one->effects);
	g_free(one);
}

static bool
write_further(Intake *in, StoreTx *tx, Gathered *gathered, Further *one,
    GError **error)
{
	if (!gather_further_alert(gathered, in, error))
		return false;
	one->decision = decide_further(&gathered->sit);
	one->effects.decision = one->decision;
	one->effects.sit = &gathered->sit;
	one->effects.alert = gathered->sit.alert;
	one->effects.gathered = gathered;
	one->effects.actor = "rule";
	one->effects.now = gathered->sit.now;
	return restored_quiet(in, one->decision, gathered, error) &&
	    effects_write(tx, &one->effects, error);
}

/* What the mail tells besides, each as if it had come alone; their traces go
 * to the first one's. Further * to `further`. */
static bool
write_others(Intake *in, StoreTx *tx, Gathered *gathered, Decision *first,
    GPtrArray *further, GError **error)
{
	const AlertFacts *facts = gathered->sit.alert;

	if (facts == NULL || !facts->is_trusted || facts->alert == NULL ||
	    first->copy_of != 0)
		return true;
	while (gathered->alerts->len > 0) {
		Further *one = g_new0(Further, 1);

		effects_init(&one->effects);
		g_ptr_array_add(further, one);
		if (!write_further(in, tx, gathered, one, error))
			return false;
		g_ptr_array_extend_and_steal(first->trace,
		    g_ptr_array_ref(one->decision->trace));
	}
	return true;
}

static bool
send_others(Intake *in, StoreTx *tx, Gathered *gathered,
    const GPtrArray *further, GError **error)
{
	for (guint i = 0; i < further->len; i++) {
		const Further *one = further->pdata[i];

		gathered->sit.alert = one->effects.alert;
		if (!effects_send(in, tx, &one->effects, error))
			return false;
	}
	return true;
}

/* What was understood of it, and where it went. */
static bool
keep_mail(Intake *in, StoreTx *tx, const StoredMail *mail,
    const Message *message, const Effects *effects, GError **error)
{
	bool is_client = event_author_is(effects->filed.author, AUTHOR_CLIENT);
	g_auto(GStrv) copied = is_client && message != NULL
	    ? recipients_besides(message,
		  (const char *const *)in->conf->own_addresses)
	    : NULL;

	return store_mail_done(tx,
	    &(MailDone){ .id = mail->id,
		.message = message,
		.trusted = effects->gathered != NULL
		    ? effects->gathered->written
		    : mail->received,
		.ticket = effects->filed.ticket,
		.also_seen = effects->decision->copy_of,
		.author = effects->filed.author,
		.visibility = effects->filed.visibility,
		.copied = copied,
		.decision = effects->decision },
	    error);
}

bool
intake_one(Intake *in, StoreTx *tx, const StoredMail *mail,
    const Message *message, Instant now, GError **error)
{
	g_autoptr(Gathered) gathered = NULL;
	g_autoptr(Decision) decision = NULL;
	g_autoptr(GPtrArray) further = g_ptr_array_new_with_free_func(
	    further_free);
	g_auto(Effects) effects;

	effects_init(&effects);
	view_begin(in);
	if (message != NULL) {
		gathered = gather(in, mail, message, now, error);
		if (gathered == NULL ||
		    !restored_heed(in, tx, gathered, now, error))
			return false;
		decision = decide_mail(&gathered->sit);
		if (!restored_quiet(in, decision, gathered, error))
			return false;
	} else {
		decision = desk_unreadable(&(UnreadableCase){ .mail = mail->id,
		    .mailbox = mail->mailbox,
		    .rules = ruleset_hash(in->ruleset),
		    .attempts = mail->attempts,
		    .received = mail->received,
		    .now = now });
	}
	effects.decision = decision;
	effects.gathered = gathered;
	effects.sit = gathered != NULL ? &gathered->sit : NULL;
	effects.alert = gathered != NULL ? gathered->sit.alert : NULL;
	effects.actor = "rule";
	effects.now = now;
	/* The mail row first: answers and projections read it. */
	if (!effects_write(tx, &effects, error) ||
	    (gathered != NULL &&
		!write_others(in, tx, gathered, decision, further, error)) ||
	    !keep_mail(in, tx, mail, message, &effects, error))
		return false;
	if (gathered != NULL)
		gathered->sit.alert = effects.alert;
	return effects_send(in, tx, &effects, error) &&
	    (gathered == NULL ||
		(send_others(in, tx, gathered, further, error) &&
		    border_write(in, tx, gathered, now, error) &&
		    gather_bounce_write(in, tx, gathered, now, error) &&
		    parked_done(in, tx, gathered, error) &&
		    filed_list_add(in, tx, decision,
			gathered->sit.who == WHO_TECHNICIAN, now, error)));
}
