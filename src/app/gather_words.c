/* What a technician orders and what he writes, apart from what he quotes. */
#include "intake-private.h"

#include "guichet/body.h"
#include "guichet/store_alert.h"
#include "guichet/text.h"

#include <string.h>

/* Shorter lines are alike by chance: a greeting, a name. */
#define TELLING_BYTES 16

/* The line as it is compared: how blanks fall is the mail program's. NULL if
 * it tells nothing. */
static char *
telling_line(const char *line)
{
	g_autofree char *clean = text_clean_line(line, -1, G_MAXINT);

	if (strlen(clean) < TELLING_BYTES)
		return NULL;
	for (const char *p = clean; *p != '\0'; p = g_utf8_next_char(p)) {
		if (g_unichar_isalpha(g_utf8_get_char(p)))
			return g_steal_pointer(&clean);
	}
	return NULL;
}

static void
note_lines(const Entry *entry, GHashTable *lines, bool add)
{
	g_auto(GStrv) all = g_strsplit(entry->text, "\n", -1);

	for (gsize i = 0; all[i] != NULL; i++) {
		char *line = telling_line(all[i]);

		if (line != NULL && add)
			g_hash_table_add(lines, line);
		else if (line != NULL) {
			g_hash_table_remove(lines, line);
			g_free(line);
		}
	}
}

/* What he has had from us about the ticket, but for what we refused: his own
 * words stand there, and he may well send them again. */
static bool
is_internal(const Entry *entry)
{
	return strcmp(entry->what, "notice") == 0 ||
	    strcmp(entry->what, "alarm") == 0 ||
	    strcmp(entry->what, "confirmation") == 0;
}

/* What a client wrote or was told. A technician's mail may quote a notice, and
 * what of it went out is an answer of its own. */
static bool
is_public(const Entry *entry)
{
	return strcmp(entry->visibility, "public") == 0 &&
	    (entry->mail == 0 || strcmp(entry->author, "technician") != 0);
}

/* The lines that stand in our notices, and in nothing that the client wrote or
 * was told. */
static GHashTable *
internal_lines(Intake *in, gint64 ticket, GError **error)
{
	g_autoptr(GPtrArray) entries = store_entries(in->store, ticket, error);
	g_autoptr(GHashTable) lines = g_hash_table_new_full(g_str_hash,
	    g_str_equal, g_free, NULL);

	if (entries == NULL)
		return NULL;
	for (guint i = 0; i < entries->len; i++) {
		if (is_internal(entries->pdata[i]))
			note_lines(entries->pdata[i], lines, true);
	}
	for (guint i = 0; i < entries->len; i++) {
		const Entry *entry = entries->pdata[i];

		if (is_public(entry))
			note_lines(entry, lines, false);
	}
	return g_steal_pointer(&lines);
}

/*
 * Not every program marks what it quotes. Whole lines of our notice in the
 * answer are a quotation without marks, and no client may read them.
 */
static bool
find_unmarked(Gathered *g, Intake *in, GError **error)
{
	g_autoptr(GHashTable) lines = NULL;
	g_auto(GStrv) own = NULL;
	gint64 ticket;

	if (*g->answer == '\0' || g->candidates->len == 0)
		return true;
	ticket = g_array_index(g->candidates, Candidate, 0).ticket->number;
	lines = internal_lines(in, ticket, error);
	if (lines == NULL)
		return false;
	own = g_strsplit(g->answer, "\n", -1);
	for (gsize i = 0; own[i] != NULL && !g->sit.answer_below; i++) {
		g_autofree char *line = telling_line(own[i]);

		g->sit.answer_below = line != NULL &&
		    g_hash_table_contains(lines, line);
	}
	return true;
}

/* Whether an answer on the ticket has an address to go to. */
static bool
find_recipient(Gathered *g, Intake *in, GError **error)
{
	g_autoptr(Docket) docket = NULL;
	g_autofree char *subject = NULL, *requester = NULL;
	gint64 opening;

	if (g->candidates->len == 0)
		return true;
	docket = docket_load(in,
	    g_array_index(g->candidates, Candidate, 0).ticket->number,
	    g->sit.now, error);
	if (docket == NULL ||
	    !docket_words(in, docket, &subject, &requester, &opening, error))
		return false;
	g->sit.no_recipient = *requester == '\0';
	return true;
}

/* ---- maintenance ---- */

/* One that is not over, to be ended. */
static bool
find_planned(Intake *in, MaintenanceOrder *order, Instant now, bool *ret_found,
    GError **error)
{
	g_autoptr(GPtrArray) planned = store_maintenance(in->store, now, error);

	*ret_found = false;
	for (guint i = 0; planned != NULL && i < planned->len; i++) {
		const Maintenance *one = planned->pdata[i];

		/* Ended before it began, it has no time left at all. */
		if (one->id != order->number || one->to <= one->from)
			continue;
		*ret_found = true;
		g_free(order->host);
		order->host = g_strdup(one->host);
		g_free(order->service);
		order->service = g_strdup(one->service);
		order->from = one->from;
		order->to = one->to;
	}
	return planned != NULL;
}

static bool
is_ended_above(const Gathered *g, gint64 number)
{
	for (guint i = 0; i < g->orders->len; i++) {
		const MaintenanceOrder *order = g->orders->pdata[i];

		if (order->ends && order->number == number)
			return true;
	}
	return false;
}

static bool
gather_order(Gathered *g, Intake *in, const Command *command, GError **error)
{
	const Zone *zone = zone_get(in->conf->zone, NULL);
	g_autoptr(GError) wrong = NULL;
	g_autoptr(MaintenanceOrder) order =
	    maintenance_order_read(command->argument, zone, g->sit.received,
		g->sit.now, g->commands->language, &wrong);
	bool found = true;

	if (order == NULL) {
		command_list_error(g->commands, command->line,
		    text_in(g->commands->language, "#maintenance : %s",
			"#maintenance: %s", wrong->message));
		return true;
	}
	if (order->ends && !find_planned(in, order, g->sit.now, &found, error))
		return false;
	if (!found || is_ended_above(g, order->number))
		command_list_error(g->commands, command->line,
		    text_in(g->commands->language,
			"#maintenance : il n'y a pas de maintenance "
			"%" G_GINT64_FORMAT " qui ne soit pas finie",
			"#maintenance: there is no maintenance "
			"%" G_GINT64_FORMAT " that is not over",
			order->number));
	else
		g_ptr_array_add(g->orders, g_steal_pointer(&order));
	return true;
}

/* What his commands order, or errors of the list in its place. */
static bool
gather_orders(Gathered *g, Intake *in, GError **error)
{
	const GPtrArray *commands = g->commands->commands;

	g->orders = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)maintenance_order_free);
	g->sit.orders = g->orders;
	for (guint i = 0; i < commands->len; i++) {
		const Command *command = commands->pdata[i];

		if (command->verb == COMMAND_MAINTENANCE &&
		    !gather_order(g, in, command, error))
			return false;
	}
	return true;
}

/* How blanks and lines fall is the mail program's. "" for no words. */
static char *
words_sum(const char *words)
{
	g_autofree char *line = text_clean_line(words, -1, G_MAXINT);

	return *line != '\0' ? text_sha256(line, strlen(line)) : g_strdup("");
}

bool
gather_words(Gathered *g, Intake *in, const char *language, GError **error)
{
	const Message *message = g->sit.message;
	g_autofree char *words = NULL;
	CommandList *whole;

	g->commands = command_parse(
	    message->command_text != NULL ? message->command_text : "",
	    language);
	/* Not new_text, which is kept whole where cutting would empty it: what
	 * he quotes is our notice, and no client may read that. */
	words = body_own_words(message->text, &g->sit.answer_below);
	whole = command_parse(words, language);
	if (message->command_text == NULL && whole->commands->len > 0)
		command_list_error(g->commands, 1,
		    text_in(language,
			"les commandes se lisent dans le texte brut, et ce "
			"message n'en a pas",
			"commands are read in plain text, and this mail has "
			"none"));
	g->words = words_sum(words);
	g->sit.words = g->words;
	g->answer = g_strstrip(g_strdup(whole->rest));
	command_list_free(whole);
	g->sit.commands = g->commands;
	g->sit.answer = g->answer;
	return gather_orders(g, in, error) && find_unmarked(g, in, error) &&
	    find_recipient(g, in, error);
}
