/* The mails of a ticket and what came with them, written to a folder. */
#include "guichet/print/show_save.h"

#include "guichet/base/error.h"
#include "guichet/base/owner.h"
#include "guichet/base/place.h"
#include "guichet/daemon/read_sync.h"

#include "guichet/base/cleanup.h"
#include "guichet/print/show.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
save_bytes(const char *directory, const char *name, GBytes *bytes,
    GError **error)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);
	g_autoptr(GError) failure = NULL;
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);

	/* Clients' mail is for nobody else, whatever the folder is open to. */
	if (!g_file_set_contents_full(path, data, (gssize)size,
		G_FILE_SET_CONTENTS_CONSISTENT, 0600, &failure)) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY, "%s",
		    failure->message);
		return false;
	}
	show("%s\n", path);
	return true;
}

/* The label of an attachment is no path: only what is plainly harmless of it
 * stays in the file's name. */
static char *
file_name(gint64 mail, guint index, const char *label)
{
	g_autofree char *safe = g_strdup(label);

	g_strcanon(safe,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    "._-",
	    '_');
	return g_strdup_printf("%" G_GINT64_FORMAT "-%u-%s", mail, index, safe);
}

static bool
save_mail(Store *store, ReadSync *reader, gint64 mail, const char *directory,
    GError **error)
{
	g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT ".eml",
	    mail);
	g_autoptr(GBytes) raw = NULL;
	g_autoptr(Message) message = NULL;
	g_autoptr(StoredMail) row = NULL;
	g_autoptr(GError) unreadable = NULL;

	if (!store_mail(store, mail, &row, error) ||
	    !store_raw(store, mail, &raw, error))
		return false;
	if (raw == NULL)
		return true;
	if (!save_bytes(directory, name, raw, error))
		return false;
	message = read_sync(reader, raw, row->truncated, &unreadable);
	if (message == NULL) {
		fprintf(stderr, "guichet: %s: %s; only the raw mail is saved\n",
		    name, unreadable->message);
		return true;
	}
	for (guint i = 0; i < message->attachments->len; i++) {
		const Attachment *a = message->attachments->pdata[i];
		g_autofree char *part = file_name(mail, i + 1, a->name);

		if (!save_bytes(directory, part, a->content, error))
			return false;
	}
	return true;
}

/* Root has become the user of the store, who may write to less than root. */
static bool
make_folder(const char *directory, GError **error)
{
	g_autofree char *user = NULL;
	int code;

	if (g_mkdir_with_parents(directory, 0700) == 0 &&
	    place_is_usable(directory))
		return true;
	code = errno;
	user = owner_name(geteuid());
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "the user '%s' cannot write to %s: %s; name a folder that this "
	    "user can make or write to",
	    user, directory, g_strerror(code));
	return false;
}

bool
show_save(Store *store, const GPtrArray *entries, const char *directory,
    GError **error)
{
	g_autoptr(ReadSync) reader = read_sync_new();

	if (!make_folder(directory, error))
		return false;
	for (guint i = 0; i < entries->len; i++) {
		const Entry *entry = entries->pdata[i];

		if (entry->mail == 0 || strcmp(entry->what, "mail") != 0)
			continue;
		if (!save_mail(store, reader, entry->mail, directory, error))
			return false;
		for (guint k = 0; k < entry->copies->len; k++) {
			if (!save_mail(store, reader,
				g_array_index(entry->copies, gint64, k),
				directory, error))
				return false;
		}
	}
	return true;
}
