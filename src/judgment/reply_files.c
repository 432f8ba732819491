/* What of a mail goes along with an answer to it. */
#include "guichet/judgment/reply_files.h"

#include "guichet/mail/prescan.h"

#include <string.h>

static bool
is_for_client(const Attachment *a)
{
	return !a->is_inline && !g_str_has_prefix(a->type, "message/") &&
	    strcmp(a->type, "application/pgp-signature") != 0 &&
	    strcmp(a->type, "application/pkcs7-signature") != 0;
}

GPtrArray *
reply_files(const Message *message, gint64 limit, bool is_answer,
    GPtrArray *along)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
	gint64 left = limit;
	bool cut = g_strv_contains((const char *const *)message->defects,
	    DEFECT_PARTIAL);

	for (guint i = 0; i < message->attachments->len; i++) {
		Attachment *a = message->attachments->pdata[i];
		ReplyFile *file;

		if (is_answer && !is_for_client(a))
			continue;
		file = g_new0(ReplyFile, 1);
		file->name = a->name;
		file->size = a->size;
		/* Of an over-large mail the last one came without its end. */
		file->fate = a->content == NULL ||
			(cut && i + 1 == message->attachments->len)
		    ? REPLY_FILE_GONE
		    : a->size > left ? REPLY_FILE_TOO_LARGE
				     : REPLY_FILE_SENT;
		g_ptr_array_add(files, file);
		if (file->fate != REPLY_FILE_SENT)
			continue;
		left -= a->size;
		if (along != NULL)
			g_ptr_array_add(along, a);
	}
	return files;
}
