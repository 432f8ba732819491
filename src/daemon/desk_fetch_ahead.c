/*
 * Mailboxes that are ahead of the store: they hold its own marks on mails that
 * it does not know, and so it was set back (doc/design.md 7). They are looked at
 * for it once a run, before anything else.
 */
#include "desk_fetch_private.h"

#include "guichet/base/frame.h"
#include "guichet/base/limits.h"
#include "guichet/store/store_life.h"
#include "guichet/work/intake.h"

#define TRIES_MOST 2 /* processes that end over it; then it is left */

bool
box_add_seal(const Box *box, GVariantDict *config, guint32 uidvalidity,
    guint32 uid, GError **error)
{
	Store *store = box->fetch->desk->store;
	g_auto(StoreLife) life = { 0 };
	g_autofree char *seal = NULL;
	guint32 last = 0;

	if (!store_life(store, &life, error) ||
	    !store_last_uid(store, box->name, uidvalidity, &last, error))
		return false;
	seal = store_life_seal(&life);
	if (seal == NULL)
		return true;
	g_variant_dict_insert(config, "seal", "s", seal);
	/* Of a first look all is above it, and nothing can be told. */
	g_variant_dict_insert(config, "weigh", "b",
	    !box->weighed && box->unweighed < TRIES_MOST && uidvalidity != 0);
	g_variant_dict_insert(config, "weigh_above", "u", MAX(uid, last));
	return true;
}

void
box_hear_ahead(Box *box, const Frame *frame)
{
	Note *note = box_add_note(box, NOTE_AHEAD, frame);
	const char *sha256 = frame_string(frame, "sha256");

	box_got_answer(box, note->row->uid);
	note->row->received = frame_int(frame, "received", 0);
	note->row->sha256 = *sha256 != '\0' ? g_strdup(sha256) : NULL;
	note->count = frame_int(frame, "count", 0);
}

void
box_ended_unweighed(Box *box)
{
	if (box->let_in && !box->weighed)
		box->unweighed++;
	box->let_in = false;
	box->down = true;
}

bool
note_apply_ahead(const Note *note, StoreTx *tx, GError **error)
{
	Desk *desk = note->box->fetch->desk;

	return intake_ahead(desk->intake, tx, note->row, note->count,
	    desk_now(desk), error);
}

bool
desk_fetch_is_weighed(const DeskFetch *fetch)
{
	const Desk *desk = fetch->desk;

	if (g_get_monotonic_time() - desk->started >
	    LIMIT_WEIGH_SECONDS * G_USEC_PER_SEC)
		return true;
	for (guint i = 0; i < fetch->boxes->len; i++) {
		const Box *box = fetch->boxes->pdata[i];

		if (!box->weighed && !box->failed && !box->down)
			return false;
	}
	return true;
}
