/* Mail out of one file, each behind its line "From ": a third kind of source,
 * which the program does not have; adding.t puts it in. The file only grows. */
#include "source_private.h"

#include "guichet/base/beat.h"
#include "guichet/base/error.h"

#include <string.h>

#define MBOX_UIDVALIDITY 1

struct Source {
	char *path;
};

static Source *
mbox_source_open(const SourceConf *conf, GError **error)
{
	Source *source = g_new0(Source, 1);

	(void)error;
	source->path = g_strdup(conf->path);
	return source;
}

static bool
mbox_source_weigh(Source *source, guint32 uidvalidity, const SourceTaker *taker,
    void *data, GError **error)
{
	(void)source;
	(void)uidvalidity;
	(void)taker;
	(void)data;
	(void)error;
	return true;
}

static bool
hand_over(const char *text, guint32 uid, const SourceTaker *taker, void *data,
    GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	RawMail mail = { .uidvalidity = MBOX_UIDVALIDITY,
		.uid = uid,
		.name = (char *)"",
		.received = INSTANT_NONE,
		.size = strlen(text),
		.bytes = bytes };

	return taker->mail(data, &mail, error);
}

static bool
mbox_source_look(Source *source, guint32 *uidvalidity, guint32 *uid,
    const SourceTaker *taker, void *data, GError **error)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) mails = NULL;

	if (!g_file_get_contents(source->path, &text, NULL, error))
		return false;
	mails = g_strsplit(text, "\nFrom ", 0);
	*uidvalidity = MBOX_UIDVALIDITY;
	for (guint32 i = 0; mails[i] != NULL; i++) {
		const char *end = strchr(mails[i], '\n');

		if (i < *uid || end == NULL)
			continue;
		if (!hand_over(end + 1, i + 1, taker, data, error))
			return false;
		*uid = i + 1;
		beat();
	}
	return true;
}

static bool
mbox_source_again(Source *source, const SourceMark *mark,
    const SourceTaker *taker, void *data, GError **error)
{
	(void)source;
	return taker->gone(data, mark, error);
}

static bool
mbox_source_done(Source *source, SourceMark *const *marks, guint count,
    GError **error)
{
	(void)source;
	(void)marks;
	(void)count;
	(void)error;
	return true;
}

static bool
mbox_source_wait(Source *source, int socket, Seconds seconds, GError **error)
{
	struct pollfd wanted = { socket, POLLIN, 0 };

	(void)source;
	(void)error;
	beat_poll(&wanted, 1, CLAMP(seconds, 0, 3600) * 1000);
	return true;
}

static const char *
mbox_source_warning(const Source *source)
{
	(void)source;
	return NULL;
}

static void
mbox_source_close(Source *source)
{
	g_free(source->path);
	g_free(source);
}

const SourceOps source_mbox_ops = {
	.kind = "mbox",
	.open = mbox_source_open,
	.weigh = mbox_source_weigh,
	.look = mbox_source_look,
	.again = mbox_source_again,
	.warning = mbox_source_warning,
	.done = mbox_source_done,
	.wait = mbox_source_wait,
	.close = mbox_source_close,
};
