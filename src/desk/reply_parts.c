/* What an answer tells of and takes along: clocks, attachments. */
#include "guichet/desk/reply.h"
#include "guichet/mail/prescan.h"

#include <string.h>

/* ---- clocks ---- */

/* In words, since only the desk knows plans, zones and now. */
ReplyClock *
reply_clock_new(const SlaClock *clock, const char *language, const Zone *zone,
    Instant now)
{
	ReplyClock *words = g_new0(ReplyClock, 1);

	words->milestone = clock->milestone;
	words->commitment = clock->commitment;
	words->state = clock->state;
	words->has_term = clock->state != SLA_NO_TERM;
	words->due = g_strdup("");
	words->how = g_strdup("");
	if (!words->has_term)
		return words;
	words->within = clock->within;
	words->open_time = clock->within.unit == DURATION_TIME &&
	    clock->clock != NULL && !calendar_is_always(clock->clock);
	if (clock->due == INSTANT_NONE)
		return words;
	g_free(words->due);
	g_free(words->how);
	words->due = sla_when(clock->due, language, zone);
	words->how = sla_explain_short(clock, language, zone);
	words->left = clock->due - now;
	return words;
}

void
reply_clock_free(ReplyClock *clock)
{
	if (clock == NULL)
		return;
	g_free(clock->due);
	g_free(clock->how);
	g_free(clock);
}

static void
free_clock(gpointer clock)
{
	reply_clock_free(clock);
}

GPtrArray *
reply_clocks(const GPtrArray *clocks, const char *language, const Zone *zone,
    Instant now)
{
	GPtrArray *words = g_ptr_array_new_with_free_func(free_clock);

	for (guint i = 0; i < clocks->len; i++)
		g_ptr_array_add(words,
		    reply_clock_new(g_ptr_array_index(clocks, i), language,
			zone, now));
	return words;
}

/* ---- attachments ---- */

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
