/* doc/security.md 4.2, S1, S2 and S5: what the mailboxes said, into the store.
 */
#include "desk_fetch_private.h"

#include "guichet/site/alert_origin.h"

#include "guichet/base/limits.h"
#include "guichet/base/log.h"

#include <sys/statvfs.h>

#define DISK_SECONDS 10 /* between looks at a full disk */

/* Whether the disk has room for what is noted, looked at now and then. */
static void
look_at_disk(DeskFetch *fetch)
{
	const char *store = fetch->desk->site->conf->store;
	g_autofree char *directory = g_path_get_dirname(store);
	gint64 floor = MAX(LIMIT_FREE_DISK_BYTES, 4 * fetch->noted);
	gint64 now = g_get_monotonic_time();
	struct statvfs disk;
	bool low;

	if (fetch->disk_low && now < fetch->disk_look)
		return;
	fetch->disk_look = now + DISK_SECONDS * G_USEC_PER_SEC;
	low = statvfs(directory, &disk) == 0 &&
	    (double)disk.f_bavail * (double)disk.f_frsize < (double)floor;
	if (low && !fetch->disk_low) {
		log_event(LOG_LEVEL_ERROR, "disk-full", "directory", directory,
		    "text", "no mail is taken until there is room", NULL);
		desk_fetch_listen(fetch, false);
		if (fetch->desk->options.once) {
			desk_failed(fetch->desk);
			loop_quit(fetch->desk->loop);
		}
	} else if (!low && fetch->disk_low) {
		log_event(LOG_LEVEL_INFO, "disk-free", NULL);
		desk_fetch_listen(fetch, true);
	}
	fetch->disk_low = low;
}

/* Mails, and cursors that might lie above them, wait while the disk is full. */
static bool
is_held(const DeskFetch *fetch, const Note *note)
{
	return fetch->disk_low && note->kind != NOTE_MARKED &&
	    note->kind != NOTE_AHEAD;
}

bool
desk_fetch_has_notes(DeskFetch *fetch)
{
	if (fetch->noted > 0)
		look_at_disk(fetch);
	for (guint i = 0; i < fetch->notes->len; i++) {
		if (!is_held(fetch, fetch->notes->pdata[i]))
			return true;
	}
	return false;
}

static bool
is_behind(const DeskSite *site, GBytes *raw)
{
	/* Where no source is known, none is looked for. */
	return site->conf->alert_origins != NULL &&
	    site->conf->alert_origins->len > 0 &&
	    alert_origin_suspect(site->conf->alert_origins, &site->conf->auth,
		ruleset_contracts(site->ruleset), raw);
}

static bool
apply_mail(DeskFetch *fetch, StoreTx *tx, Note *note, GError **error)
{
	g_autoptr(StoredMail) row = NULL;
	bool known = false;

	note->decided = false;
	note->row->behind = is_behind(fetch->desk->site, note->raw);
	if (!store_add_mail(tx, note->row, note->raw, &note->id, &known,
		error) ||
	    !note_apply_gone(note, tx, error)) /* from where it was aside */
		return false;
	if (!known)
		return true;
	if (!store_mail(fetch->desk->store, note->id, &row, error))
		return false;
	note->decided = row != NULL &&
	    (stored_state_is(row->state, STORED_DONE) ||
		stored_state_is(row->state, STORED_UNREADABLE));
	return true;
}

static bool
apply_cursor(DeskFetch *fetch, StoreTx *tx, const Note *note, GError **error)
{
	g_autofree char *key = box_first_look_key(note->box);
	g_autofree char *known = NULL;

	if (!store_set_cursor(tx, note->box->name, note->row->uidvalidity,
		note->row->uid, error) ||
	    !store_renumber_unfetched(tx, note->box->name,
		note->row->uidvalidity, error) ||
	    !store_setting(fetch->desk->store, key, &known, error))
		return false;
	if (known == NULL) {
		g_autofree char *now = g_strdup_printf("%" G_GINT64_FORMAT,
		    desk_now(fetch->desk));

		return store_set_setting(tx, key, now, error);
	}
	return true;
}

static bool
apply_marked(void *data, StoreTx *tx, GError **error)
{
	const Note *note = data;

	return store_mail_marked(tx, note->id, error);
}

static bool
apply_note(DeskFetch *fetch, StoreTx *tx, Note *note, GError **error)
{
	bool done;

	switch (note->kind) {
	case NOTE_MAIL:
		return apply_mail(fetch, tx, note, error);
	case NOTE_CURSOR:
		return apply_cursor(fetch, tx, note, error);
	case NOTE_MARKED:
		/* Its row may be gone meanwhile. */
		return desk_try(tx, apply_marked, note, "mark", &done, error);
	case NOTE_REFUSED:
		return note_apply_refused(note, tx, error);
	case NOTE_GONE:
		return note_apply_gone(note, tx, error);
	case NOTE_AHEAD:
		return note_apply_ahead(note, tx, error);
	}
	g_assert_not_reached();
}

bool
desk_fetch_apply(DeskFetch *fetch, StoreTx *tx, GError **error)
{
	for (guint i = 0; i < fetch->notes->len; i++) {
		Note *note = fetch->notes->pdata[i];

		if (!is_held(fetch, note) &&
		    !apply_note(fetch, tx, note, error))
			return false;
	}
	return true;
}

static void
committed_mail(DeskFetch *fetch, Note *note)
{
	fetch->noted -= (gint64)g_bytes_get_size(note->raw);
	box_say_stored(note->box, note->row);
	if (note->decided)
		box_ask_mark(note->box, note->id, note->row);
	else
		desk_read_look(fetch->desk->read);
}

void
desk_fetch_committed(DeskFetch *fetch)
{
	g_autoptr(GPtrArray) notes = g_steal_pointer(&fetch->notes);

	fetch->notes = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)note_free);
	g_ptr_array_set_free_func(notes, NULL);
	for (guint i = 0; i < notes->len; i++) {
		Note *note = notes->pdata[i];

		if (is_held(fetch, note)) {
			g_ptr_array_add(fetch->notes, note);
			continue;
		}
		if (note->kind == NOTE_MAIL)
			committed_mail(fetch, note);
		else if (note->kind == NOTE_REFUSED)
			note_committed_refused(note);
		note_free(note);
	}
	if (!fetch->disk_low)
		desk_fetch_listen(fetch, true);
}
