/* What a technician orders and writes, apart from what is quoted. */
#include "guichet/work/work.h"

#include "guichet/base/text.h"
#include "guichet/trust/recipients.h"
#include "guichet/words/body.h"
#include "guichet/words/quoted.h"

#include <string.h>

/* What a technician has had from us about the ticket, but for what we refused: their
 * own words stand there, and may well be sent again. */
static bool
is_internal(const Entry *entry)
{
	SendKind what;

	return send_kind_parse(entry->what, &what) &&
	    (what == SEND_NOTICE || what == SEND_ALARM ||
		what == SEND_CONFIRMATION);
}

/* What a client wrote or was told. A technician's mail may quote a notice, and
 * what of it went out is an answer of its own. */
static bool
is_public(const Entry *entry)
{
	return event_visibility_is(entry->visibility, VISIBILITY_PUBLIC) &&
	    (entry->mail == 0 ||
		!event_author_is(entry->author, AUTHOR_TECHNICIAN));
}

/* Whether it tells of the mail in hand, which waited since and cannot quote
 * it. */
static bool
is_of_this(const Gathered *g, Intake *in, const Entry *entry, bool *ret_is,
    GError **error)
{
	g_autoptr(OutboxRow) row = NULL;

	*ret_is = false;
	if (!g->sit.is_confirmed || entry->outbox == 0)
		return true;
	if (!store_outbox_row(in->store, entry->outbox, &row, error))
		return false;
	*ret_is = row != NULL && row->mail == g->sit.mail;
	return true;
}

/* The lines that stand in our notices, and those that the client wrote or was
 * told. */
static QuotedLines *
known_lines(const Gathered *g, Intake *in, gint64 ticket, GError **error)
{
	g_autoptr(GPtrArray) entries = store_entries(in->store, ticket, error);
	g_autoptr(QuotedLines) lines = quoted_lines_new();

	if (entries == NULL)
		return NULL;
	for (guint i = 0; i < entries->len; i++) {
		const Entry *entry = entries->pdata[i];
		bool own;

		if (!is_of_this(g, in, entry, &own, error))
			return NULL;
		if (is_internal(entry) && !own)
			quoted_lines_add_internal(lines, entry->text);
		if (is_public(entry))
			quoted_lines_add_public(lines, entry->text);
	}
	return g_steal_pointer(&lines);
}

/*
 * Some programs begin an answer with the whole of what it answers. Where that
 * is one quotation of ours, and every word stands below it, it is plain what they
 * wrote; orders stand above all else, there as anywhere.
 */
static bool
find_low(Gathered *g, Intake *in, char **words, GError **error)
{
	g_autofree char *quoted = NULL, *rest = NULL;
	g_autofree char *low = body_words_below(g->sit.message->text, &quoted);
	g_autoptr(QuotedLines) lines = NULL;
	bool attempted;

	if (low == NULL || **words != '\0' || g->candidates->len == 0)
		return true;
	lines = known_lines(g, in,
	    g_array_index(g->candidates, Candidate, 0).ticket->number, error);
	if (lines == NULL)
		return false;
	rest = command_rest(low, &attempted);
	if (attempted || !quoted_lines_in(lines, quoted))
		return true;
	g_free(*words);
	*words = g_steal_pointer(&low);
	g->sit.answer_below = false;
	g->sit.answer_is_low = true;
	return true;
}

/*
 * Not every program marks what it quotes as most do. Lines of our notice in the
 * answer are a quotation all the same, and no client may read them.
 */
static bool
find_unmarked(Gathered *g, Intake *in, GError **error)
{
	g_autoptr(QuotedLines) lines = NULL;
	gint64 ticket;

	if (*g->answer == '\0' || g->candidates->len == 0)
		return true;
	ticket = g_array_index(g->candidates, Candidate, 0).ticket->number;
	lines = known_lines(g, in, ticket, error);
	if (lines == NULL)
		return false;
	if (quoted_lines_in(lines, g->answer))
		g->sit.answer_below = true;
	return true;
}

/* Whether the mail is written to people who are neither we nor the client: we
 * are in copy. */
static bool
speaks_to_others(const Message *message, const Conf *conf, const char *client,
    GPtrArray *copies)
{
	g_auto(GStrv) to = recipients_addressed(message);

	for (gsize i = 0; to[i] != NULL; i++) {
		if (strcmp(to[i], client) == 0 ||
		    g_ptr_array_find_with_equal_func(copies, to[i], g_str_equal,
			NULL) ||
		    g_strv_contains((const char *const *)conf->own_addresses,
			to[i]))
			return false;
	}
	return to[0] != NULL;
}

/* Who asked what the mail of ours was about that is answered. */
static bool
find_asker(Gathered *g, Intake *in, const TicketView *view,
    TicketClient *client, GError **error)
{
	gint64 number = view->ticket->number;

	if (g->answered == NULL || g->answered->ticket != number ||
	    g->answered->mail == 0)
		return true;
	if (!store_client_wrote(in->store, number, g->answered->mail, &g->asker,
		error))
		return false;
	if (g->asker != NULL)
		*client = ticket_view_client_who(view, in->ruleset, g->asker,
		    g->answered->mail);
	return true;
}

/* Whether an answer on the ticket has an address to go to, and was meant for
 * it; whether it went there already. */
static bool
find_recipient(Gathered *g, Intake *in, GError **error)
{
	TicketView *view;
	TicketClient client;
	g_autoptr(GPtrArray) copies = NULL;
	g_auto(GStrv) named = recipients_besides(g->sit.message, NULL);

	if (g->candidates->len == 0)
		return true;
	view = view_load(in,
	    g_array_index(g->candidates, Candidate, 0).ticket->number, error);
	if (view == NULL || !view_client(in, view, &client, error) ||
	    !find_asker(g, in, view, &client, error))
		return false;
	copies = view_copies(in, view, client.address);
	g->sit.no_recipient = *client.address == '\0';
	g->sit.speaks_to_others = speaks_to_others(g->sit.message, in->conf,
	    client.address, copies);
	g->sit.client_has_it = *client.address != '\0' &&
	    g_strv_contains((const char *const *)named, client.address);
	return true;
}

/* ---- a conversation of others ---- */

/* Whether one of the ids is of our domain: a mail of ours, known or not. */
static bool
names_us(char *const *ids, const char *domain)
{
	for (; *ids != NULL; ids++) {
		const char *at = strrchr(*ids, '@');

		if (at != NULL && g_ascii_strcasecmp(at + 1, domain) == 0)
			return true;
	}
	return false;
}

/* Whether an address of the desk stands in the text, as over what it wrote. */
static bool
shows_us(const char *text, const Conf *conf)
{
	g_autofree char *lower = g_ascii_strdown(text, -1);

	for (gsize i = 0; conf->own_addresses[i] != NULL; i++) {
		if (strstr(lower, conf->own_addresses[i]) != NULL)
			return true;
	}
	for (guint i = 0; i < conf->technicians->len; i++) {
		const Technician *one = conf->technicians->pdata[i];

		if (strstr(lower, one->address) != NULL)
			return true;
	}
	return false;
}

bool
gather_quotes_others(const Gathered *g, const Conf *conf)
{
	const Message *message = g->sit.message;

	return g->candidates->len == 0 && g->robot->class == ROBOT_NONE &&
	    body_lines_cut(message->text, message->new_text) > 0 &&
	    !names_us(message->in_reply_to, conf->domain) &&
	    !names_us(message->references, conf->domain) &&
	    !shows_us(message->text, conf);
}

/* ---- orders ---- */

/* The ticket that orders of the mail are about; 0: none. */
static gint64
ticket_of_orders(const Gathered *g)
{
	return g->candidates->len > 0
	    ? g_array_index(g->candidates, Candidate, 0).ticket->number
	    : 0;
}

/* What one of the commands orders, or an error of the list in its place. */
static bool
gather_order(Gathered *g, Intake *in, const Command *command, GError **error)
{
	const char *language = g->commands->language;
	const OrderReading reading = { zone_get(in->conf->zone, NULL),
		g->written, g->sit.now, language };
	g_autoptr(GError) wrong = NULL;
	Order *order = order_read_line(command->order, command->argument,
	    &reading, &wrong);
	OrderCase *c;

	if (order == NULL) {
		command_list_error(g->commands, command->line,
		    text_in(language, "#%s : %s", "#%s: %s", command->name,
			wrong->message));
		return true;
	}
	order->line = command->line;
	order->name = g_strdup(command->name);
	if (order_row(order->kind)->about == ORDER_ON_TICKET)
		order->number = ticket_of_orders(g);
	c = orders_known(in, order, g->sit.now, language, error);
	if (c == NULL)
		return false;
	g_ptr_array_add(g->orders, c);
	c->technician = g->sit.technician;
	c->at = g->sit.received;
	c->mail = g->sit.mail;
	c->has_words = *g->answer != '\0';
	c->has_note = *g->inside != '\0';
	c->words = *g->inside != '\0' ? g->inside : g->answer;
	return orders_read(in, c, g->sit.message->identity, error);
}

static bool
gather_orders(Gathered *g, Intake *in, GError **error)
{
	const GPtrArray *commands = g->commands->commands;

	g->orders = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)orders_known_free);
	g->sit.orders = g->orders;
	for (guint i = 0; i < commands->len; i++) {
		if (!gather_order(g, in, commands->pdata[i], error))
			return false;
	}
	return true;
}

/* The language that the first candidate's client reads. */
static bool
client_language(const Gathered *g, Intake *in, const char **ret_language,
    GError **error)
{
	const TicketView *view;

	*ret_language = in->conf->language;
	if (g->candidates->len == 0)
		return true;
	view = view_load(in, ticket_of_orders(g), error);
	if (view != NULL && view->contract != NULL)
		*ret_language = view->contract->language;
	return view != NULL;
}

/* A saved answer stands above what its sender wrote. */
static bool
add_saved(Gathered *g, Intake *in, GError **error)
{
	const GPtrArray *commands = g->commands->commands;
	const char *language, *saved;

	if (!client_language(g, in, &language, error))
		return false;
	for (guint i = 0; i < commands->len; i++) {
		const Command *command = commands->pdata[i];
		g_autofree char *name = g_ascii_strdown(command->argument, -1);
		char *whole;

		saved = command->order == ORDER_SAVED
		    ? ruleset_answer(in->ruleset, name, language)
		    : NULL;
		if (saved == NULL)
			continue;
		whole = g_strconcat(saved, *g->answer != '\0' ? "\n" : "",
		    g->answer, NULL);
		g_free(g->answer);
		g->answer = g_strchomp(whole);
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
	g_autofree char *answer = NULL;
	bool attempted, keeps;

	g->commands = command_parse(
	    message->command_text != NULL ? message->command_text : "",
	    language);
	/* Not new_text, which is kept whole where cutting would empty it: what
	 * it quotes is our notice, and no client may read that. */
	words = body_own_words(message->text, &g->sit.answer_below);
	if (!find_low(g, in, &words, error))
		return false;
	answer = command_rest(words, &attempted);
	if (message->command_text == NULL && attempted)
		command_list_error(g->commands, 1,
		    text_in(language,
			"les commandes se lisent dans le texte brut, et ce "
			"message n'en a pas",
			"commands are read in plain text, and this mail has "
			"none"));
	g->words = words_sum(words);
	g->sit.words = g->words;
	g_strstrip(answer);
	keeps = command_list_keeps_inside(g->commands);
	g->answer = g_strdup(keeps ? "" : answer);
	g->inside = g_strdup(keeps ? answer : "");
	if (!keeps && !add_saved(g, in, error))
		return false;
	g->sit.commands = g->commands;
	g->sit.answer = g->answer;
	g->sit.inside = g->inside;
	return gather_orders(g, in, error) && find_unmarked(g, in, error) &&
	    find_recipient(g, in, error);
}
