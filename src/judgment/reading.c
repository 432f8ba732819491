/* The queue and a ticket in few words, for who reads them by mail. */
#include "guichet/judgment/reading.h"

#include "guichet/judgment/reply_words.h"

#include "guichet/base/limits.h"
#include "guichet/base/names.h"
#include "guichet/base/text.h"
#include "guichet/yaml/catalog.h"

#include <string.h>

/* What is next, as the desk's people read it. */
typedef struct {
	const char *french, *english;
} AwaitsWords;

#define AWAITS_WORDS(X)                                                   \
 X(AWAITS_NOTHING, "sans échéance", "nothing is due")                     \
 X(AWAITS_RESPONSE, "réponse", "response")                                \
 X(AWAITS_WORKAROUND, "contournement", "workaround")                      \
 X(AWAITS_RESOLUTION, "résolution", "resolution")                         \
 X(AWAITS_RESTORE, "rétablissement", "restoration")                       \
 X(AWAITS_ANSWER, "le client attend une réponse",                         \
     "the client awaits an answer")                                       \
 X(AWAITS_NEWS, "nouvelles promises", "promised news")                    \
 X(AWAITS_REMIND, "sera relancé", "will be reminded")                     \
 X(AWAITS_GIVE_UP, "relancé, sans réponse jusqu'au",                      \
     "reminded, no answer until")                                         \
 X(AWAITS_THIRD_PARTY, "à relancer", "to be asked again")                 \
 X(AWAITS_LATER, "à revoir, comme demandé", "to look at again, as asked") \
 X(AWAITS_REVIEW, "à revoir, sans mouvement", "to review, nothing moved")
NAME_ROWS(AwaitsWords, awaits_words, AWAITS_WORDS, AWAITS_COUNT);

const char *
reading_awaits(AwaitsKind kind, const char *language)
{
	return text_is_french(language) ? awaits_words[kind].french
					: awaits_words[kind].english;
}

void
reading_wish_free(ReadingWish *wish)
{
	if (wish == NULL)
		return;
	g_ptr_array_unref(wish->rows);
	g_free(wish);
}

static void
append_due(GString *out, const char *what, Instant due, Seconds since,
    const ReadingFor *reader)
{
	bool late = due < reader->now;
	g_autofree char *when = sla_when(due, reader->language, reader->zone);
	g_autofree char *span = reply_words_span(
	    late ? since : due - reader->now, reader->language);
	g_autofree char *left = g_strdup_printf(late
		? catalog_text(reader->language, "late by %s")
		: catalog_text(reader->language, "in %s"),
	    span);

	g_string_append_c(out, '\n');
	g_string_append_printf(out, catalog_text(reader->language, "%s: %s"),
	    what, left);
	g_string_append_printf(out, "\n%s", when);
}

/* "#12 Panne de l'ERP", and below it what it is and whose. */
static void
append_head(GString *out, const ReadingRow *row, const ReadingFor *reader)
{
	g_string_append_printf(out, "#%" G_GINT64_FORMAT " %s\n%s", row->number,
	    row->subject,
	    reply_words_ticket_state(row->state, reader->language));
	if (row->severity > 0)
		g_string_append_printf(out,
		    catalog_text(reader->language, ", severity %d"),
		    row->severity);
	if (*row->client != '\0')
		g_string_append_printf(out, ", %s", row->client);
	if (*row->assigned != '\0')
		g_string_append_printf(out, ", %s", row->assigned);
}

/* A promise by the name that its notices give it. */
static const char *
next_words(AwaitsKind kind, const char *language)
{
	Milestone milestone;

	return awaits_milestone(kind, &milestone)
	    ? sla_milestone(milestone, language)
	    : reading_awaits(kind, language);
}

char *
reading_row(const ReadingRow *row, const ReadingFor *reader)
{
	GString *out = g_string_new(NULL);

	append_head(out, row, reader);
	if (row->awaits != AWAITS_NOTHING && row->due != INSTANT_NONE)
		append_due(out, next_words(row->awaits, reader->language),
		    row->due, reader->now - row->due, reader);
	return g_string_free(out, FALSE);
}

static void
append_clock(GString *out, const SlaClock *clock, const ReadingFor *reader)
{
	if ((clock->state == SLA_RUNNING || clock->state == SLA_LATE) &&
	    clock->due != INSTANT_NONE) {
		append_due(out,
		    sla_promise(clock->milestone, clock->is_anew,
			reader->language),
		    clock->due, clock->late, reader);
		return;
	}
	g_string_append_c(out, '\n');
	g_string_append_printf(out, catalog_text(reader->language, "%s: %s"),
	    sla_promise(clock->milestone, clock->is_anew, reader->language),
	    reply_words_sla_state(clock->state, reader->language));
}

/* Whose words, and who could read them. */
static void
append_writer(GString *out, const ReadingEntry *entry, const ReadingFor *reader)
{
	SendKind kind;
	g_autofree char *when = sla_when(entry->at, reader->language,
	    reader->zone);

	g_string_append_printf(out, "\n\n— %s\n%s", when, entry->who);
	if (*entry->to != '\0')
		g_string_append_printf(out, " → %s", entry->to);
	if (*entry->to != '\0' && send_kind_parse(entry->what, &kind))
		g_string_append_printf(out, " (%s)",
		    reply_words_send(kind, reader->language));
	else if (!entry->is_public)
		g_string_append_printf(out, " (%s)",
		    catalog_text(reader->language, "inside"));
	else if (!entry->is_verified)
		g_string_append_printf(out, " (%s)",
		    catalog_text(reader->language, "not verified"));
	if (entry->files > 0) {
		g_string_append_c(out, '\n');
		g_string_append_printf(out,
		    catalog_text(reader->language, "%u attachment(s)"),
		    entry->files);
	}
}

static void
append_entry(GString *out, const ReadingEntry *entry, const ReadingFor *reader)
{
	gsize length = strlen(entry->text);
	g_autofree char *text = text_clean_block(entry->text, -1,
	    LIMIT_READING_ENTRY_BYTES);

	append_writer(out, entry, reader);
	if (*g_strchomp(text) != '\0')
		g_string_append_printf(out, "\n\n%s", text);
	if (length > LIMIT_READING_ENTRY_BYTES)
		g_string_append(out, " …");
}

char *
reading_ticket(const ReadingRow *row, const GPtrArray *clocks,
    const GPtrArray *entries, const ReadingFor *reader)
{
	GString *out = g_string_new(NULL);
	guint shown = 0;
	Milestone milestone;

	append_head(out, row, reader);
	if (row->awaits != AWAITS_NOTHING && row->due != INSTANT_NONE &&
	    !awaits_milestone(row->awaits, &milestone))
		append_due(out, reading_awaits(row->awaits, reader->language),
		    row->due, reader->now - row->due, reader);
	for (guint i = 0; i < clocks->len; i++)
		append_clock(out, clocks->pdata[i], reader);
	for (guint i = entries->len; i-- > 0; shown++) {
		if (out->len > LIMIT_READING_BYTES)
			break;
		append_entry(out, entries->pdata[i], reader);
	}
	if (shown < entries->len && reader->is_client) {
		g_string_append(out, "\n\n");
		g_string_append_printf(out,
		    catalog_text(reader->language, "… and %u older"),
		    entries->len - shown);
	} else if (shown < entries->len) {
		g_autofree char *left = text_in(reader->language,
		    "\n\n… et %u plus anciens : guichet show %" G_GINT64_FORMAT,
		    "\n\n… and %u older: guichet show %" G_GINT64_FORMAT,
		    entries->len - shown, row->number);

		g_string_append(out, left);
	}
	return g_string_free(out, FALSE);
}
