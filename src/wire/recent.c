/* The heads of a mailbox's newest mails, for `guichet check`. */
#define _GNU_SOURCE /* TEMP_FAILURE_RETRY */

#include "guichet/wire/recent.h"

#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "session_private.h"

#include <errno.h> /* TEMP_FAILURE_RETRY */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Heads of mail are a few kB; what is longer is cut, and is still a head. */
#define HEAD_BYTES (32 * 1024)

/* ---- an IMAP folder ---- */

static const struct mailimap_msg_att_body_section *
body_of(const struct mailimap_msg_att *att)
{
	for (clistiter *i = clist_begin(att->att_list); i != NULL;
	     i = clist_next(i)) {
		const struct mailimap_msg_att_item *item = clist_content(i);

		if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC &&
		    item->att_data.att_static->att_type ==
			MAILIMAP_MSG_ATT_BODY_SECTION)
			return item->att_data.att_static->att_data
			    .att_body_section;
	}
	return NULL;
}

static bool
take_answers(Session *session, guint count, RecentHead each, void *data,
    guint *taken, GError **error)
{
	const struct mailimap_response_info *info =
	    session->imap->imap_response_info;
	clist *answers = info != NULL ? info->rsp_fetch_list : NULL;

	for (clistiter *i = answers != NULL ? clist_begin(answers) : NULL;
	     i != NULL && *taken < count; i = clist_next(i)) {
		const struct mailimap_msg_att_body_section *body = body_of(
		    clist_content(i));
		g_autoptr(GBytes) head = NULL;

		if (body == NULL || body->sec_body_part == NULL)
			continue;
		head = g_bytes_new(body->sec_body_part,
		    MIN(body->sec_length, HEAD_BYTES));
		(*taken)++;
		if (!each(data, head, error))
			return false;
	}
	return true;
}

static bool
of_folder(const SourceConf *conf, guint count, RecentHead each, void *data,
    guint *taken, GError **error)
{
	g_autoptr(Session) session = session_open(conf, error);
	guint32 last;

	if (session == NULL)
		return false;
	last = session->uidnext;
	if (last <= 1) /* empty, or the server keeps it */
		return true;
	return session_command(session, count * HEAD_BYTES * 2,
		   LIMIT_COMMAND_SECONDS, error,
		   "UID FETCH %" G_GUINT32_FORMAT ":%" G_GUINT32_FORMAT
		   " (UID BODY.PEEK[]<0.%d>)",
		   last > count ? last - count : 1, last - 1, HEAD_BYTES) &&
	    take_answers(session, count, each, data, taken, error);
}

static bool
of_server(const SourceConf *conf, guint count, RecentHead each, void *data,
    GError **error)
{
	SourceConf moved = *conf;
	guint taken = 0;

	if (!of_folder(conf, count, each, data, &taken, error))
		return false;
	if (taken > 0 || conf->done != DONE_MOVE)
		return true;
	moved.folder = conf->done_name;
	/* There may be no such folder yet. */
	(void)of_folder(&moved, count, each, data, &taken, NULL);
	return true;
}

/* ---- a Maildir ---- */

typedef struct {
	char *path;
	gint64 written;
} File;

static void
file_free(gpointer data)
{
	File *file = data;

	g_free(file->path);
	g_free(file);
}

static int
compare_files(gconstpointer a, gconstpointer b)
{
	const File *x = *(File *const *)a, *y = *(File *const *)b;

	return x->written > y->written ? -1 : x->written < y->written;
}

static void
add_files(const char *maildir, const char *folder, GPtrArray *files)
{
	g_autofree char *path = g_build_filename(maildir, folder, NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *full = g_build_filename(path, name, NULL);
		struct stat status;
		File *file;

		if (*name == '.' || lstat(full, &status) != 0 ||
		    !S_ISREG(status.st_mode))
			continue;
		file = g_new0(File, 1);
		file->path = g_steal_pointer(&full);
		file->written = status.st_mtime;
		g_ptr_array_add(files, file);
	}
}

/* NULL if it has gone. */
static GBytes *
read_head(const char *path)
{
	g_auto(Descriptor) fd = open(path,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	g_autofree char *bytes = g_malloc(HEAD_BYTES);
	gsize length = 0;
	ssize_t got = 1;

	while (fd >= 0 && got > 0 && length < HEAD_BYTES) {
		got = TEMP_FAILURE_RETRY(
		    read(fd, bytes + length, HEAD_BYTES - length));
		length += (gsize)MAX(got, 0);
	}
	if (fd < 0 || got < 0)
		return NULL;
	return g_bytes_new(bytes, length);
}

static bool
of_maildir(const SourceConf *conf, guint count, RecentHead each, void *data,
    GError **error)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(file_free);

	add_files(conf->path, "new", files);
	add_files(conf->path, "cur", files);
	g_ptr_array_sort(files, compare_files);
	for (guint i = 0; i < MIN(files->len, count); i++) {
		const File *file = files->pdata[i];
		g_autoptr(GBytes) head = read_head(file->path);

		if (head != NULL && !each(data, head, error))
			return false;
	}
	return true;
}

bool
recent_heads(const SourceConf *conf, guint count, RecentHead each, void *data,
    GError **error)
{
	return strcmp(conf->kind, "imap") == 0
	    ? of_server(conf, count, each, data, error)
	    : of_maildir(conf, count, each, data, error);
}
