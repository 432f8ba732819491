/*
 * What a technician reads by mail: looked up for the desk to judge, counted, and
 * sent to the enrolled address; and the texts that somebody named to be masked.
 *
 * Who read how much stands in the store for an hour, a line each: address,
 * instant, rows, tickets. What it was stands in the outbox, and in the trace of
 * the mail that asked.
 */
#include "guichet/work/reads.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/judgment/horizon.h"
#include "guichet/judgment/reading.h"
#include "guichet/judgment/refusal.h"
#include "guichet/post/post.h"
#include "guichet/store/setting_lines.h"
#include "guichet/work/work.h"

#include <string.h>

/* ---- how much was read ---- */

/* The numbers of a line. */
enum {
	READ_AT,
	READ_ROWS,
	READ_TEXTS,
	READ_NUMBERS,
};

static const SettingLines read_lines = SETTING_NUMBERS("reads", READ_NUMBERS);

/* Those of the hour; what is older counts no more. A clock that was set back
 * must not free anybody of what they read. */
static GPtrArray *
load_reads(Store *store, Instant now, GError **error)
{
	GPtrArray *all = setting_lines_load(&read_lines, store, error);

	for (guint i = all != NULL ? all->len : 0; i-- > 0;) {
		const SettingNumbers *one = all->pdata[i];

		if (one->numbers[READ_AT] + HORIZON_READ_SECONDS <= now)
			g_ptr_array_remove_index(all, i);
	}
	return all;
}

bool
reads_use(Intake *in, const char *address, Instant now, ReadingUse *ret_use,
    GError **error)
{
	g_autoptr(GPtrArray) all = load_reads(in->store, now, error);

	*ret_use = (ReadingUse){ .again = INSTANT_NONE };
	for (guint i = 0; all != NULL && i < all->len; i++) {
		const SettingNumbers *one = all->pdata[i];

		if (strcmp(one->address, address) != 0)
			continue;
		ret_use->rows += (guint)one->numbers[READ_ROWS];
		ret_use->texts += (guint)one->numbers[READ_TEXTS];
		if (ret_use->again == INSTANT_NONE)
			ret_use->again = one->numbers[READ_AT] +
			    HORIZON_READ_SECONDS;
	}
	return all != NULL;
}

bool
reads_count(Intake *in, StoreTx *tx, const Effect *effect, const char *address,
    Instant now, GError **error)
{
	g_autoptr(GPtrArray) all = load_reads(in->store, now, error);
	SettingNumbers *one;

	if (all == NULL)
		return false;
	one = setting_numbers_new(address, READ_NUMBERS);
	one->numbers[READ_AT] = now;
	one->numbers[READ_ROWS] = effect->rows;
	one->numbers[READ_TEXTS] = effect->texts;
	g_ptr_array_add(all, one);
	return setting_lines_save(&read_lines, tx, all, error);
}

/* ---- what is masked ---- */

static gpointer
said_line(char *const *words)
{
	char *said = g_uri_unescape_string(words[0], NULL);

	return said != NULL ? said : g_strdup("");
}

static void
said_write(GString *line, gconstpointer data)
{
	g_autofree char *escaped = g_uri_escape_string(data, NULL, FALSE);

	g_string_append(line, escaped);
}

static const SettingLines said_lines = { "secrets-said", 1, said_line,
	said_write, g_free };

/* The texts that were named, the longest first: one may be part of another. */
static int
compare_length(gconstpointer a, gconstpointer b)
{
	gsize first = strlen(*(const char *const *)a);
	gsize second = strlen(*(const char *const *)b);

	return first < second ? 1 : first > second ? -1 : 0;
}

static GPtrArray *
load_said(Store *store, GError **error)
{
	GPtrArray *all = setting_lines_load(&said_lines, store, error);

	for (guint i = all != NULL ? all->len : 0; i-- > 0;) {
		if (*(const char *)all->pdata[i] == '\0')
			g_ptr_array_remove_index(all, i);
	}
	return all;
}

bool
reads_mask(Intake *in, StoreTx *tx, const char *text, GError **error)
{
	g_autoptr(GPtrArray) all = load_said(in->store, error);

	if (all == NULL)
		return false;
	for (guint i = 0; i < all->len; i++) {
		if (strcmp(all->pdata[i], text) == 0)
			return true;
	}
	/* The oldest has been masked longest, and goes first. */
	if (all->len >= LIMIT_SECRETS_SAID)
		g_ptr_array_remove_index(all, 0);
	g_ptr_array_add(all, g_strdup(text));
	return setting_lines_save(&said_lines, tx, all, error);
}

bool
reads_mask_rows(Intake *in, GPtrArray *rows, const char *language,
    GError **error)
{
	g_autoptr(GPtrArray) said = load_said(in->store, error);
	SecretWords words = { .box = in->conf->address };

	if (said == NULL)
		return false;
	g_ptr_array_sort(said, compare_length);
	g_ptr_array_add(said, NULL);
	words.said = (const char *const *)said->pdata;
	for (guint i = 0; i < rows->len; i++) {
		g_autofree char *text = rows->pdata[i];

		rows->pdata[i] = secrets_mask(ruleset_secrets(in->ruleset),
		    &words, text, language);
	}
	return true;
}

/* ---- what there is to read ---- */

/* One looking up. */
typedef struct {
	Intake *in;
	const Order *order;
	const char *technician;
	ReadingFor reader;
	GPtrArray *rows; /* char *: the result */
	guint found;
} Lookup;

/* The client's name, of today's rules. */
static const char *
client_of(const Lookup *l, const char *contract)
{
	const Contract *own = ruleset_contract(l->in->ruleset, contract);

	return own != NULL ? own->client : contract;
}

static void
add_row(Lookup *l, const QueueRow *row)
{
	ReadingRow reading = {
		.number = row->number,
		.subject = row->subject,
		.client = client_of(l, row->contract),
		.assigned = row->assigned,
		.severity = row->severity,
		.due = row->awaits_at,
	};

	ticket_state_parse(row->state, &reading.state);
	awaits_parse(row->awaits, &reading.awaits);
	l->found++;
	if (l->rows->len < HORIZON_READ_ROWS)
		g_ptr_array_add(l->rows, reading_row(&reading, &l->reader));
}

typedef enum {
	FILTER_ALL,
	FILTER_MINE,
	FILTER_LATE,
	FILTER_CONTRACT,
	FILTER_UNKNOWN,
} Filter;

/* Whether the words are one of these two. */
static bool
is_word(const char *text, const char *english, const char *french)
{
	return g_ascii_strcasecmp(text, english) == 0 ||
	    g_ascii_strcasecmp(text, french) == 0;
}

static const Contract *
contract_called(const Lookup *l)
{
	const GPtrArray *all = ruleset_contracts(l->in->ruleset);
	g_autofree char *asked = g_utf8_casefold(l->order->text, -1);

	for (guint i = 0; i < all->len; i++) {
		const Contract *contract = all->pdata[i];
		g_autofree char *client = g_utf8_casefold(contract->client, -1);

		if (g_ascii_strcasecmp(contract->name, l->order->text) == 0 ||
		    strcmp(client, asked) == 0)
			return contract;
	}
	return NULL;
}

static Filter
filter_of(const Lookup *l)
{
	const char *text = l->order->text;

	if (*text == '\0')
		return FILTER_ALL;
	if (is_word(text, "mine", "miens"))
		return FILTER_MINE;
	if (is_word(text, "late", "retard"))
		return FILTER_LATE;
	return contract_called(l) != NULL ? FILTER_CONTRACT : FILTER_UNKNOWN;
}

static bool
passes(const Lookup *l, Filter filter, const QueueRow *row)
{
	switch (filter) {
	case FILTER_ALL:
		return true;
	case FILTER_MINE:
		return g_ascii_strcasecmp(row->assigned, l->technician) == 0;
	case FILTER_LATE:
		return row->awaits_at != INSTANT_NONE &&
		    row->awaits_at < l->reader.now;
	case FILTER_CONTRACT:
		return strcmp(row->contract, contract_called(l)->name) == 0;
	case FILTER_UNKNOWN:
		break;
	}
	return false;
}

static bool
look_up_list(Lookup *l, GError **error)
{
	Filter filter = filter_of(l);
	g_autoptr(GPtrArray) queue = NULL;

	if (filter == FILTER_UNKNOWN) {
		g_clear_pointer(&l->rows, g_ptr_array_unref);
		return true;
	}
	queue = store_queue(l->in->store, false, error);
	for (guint i = 0; queue != NULL && i < queue->len; i++) {
		if (passes(l, filter, queue->pdata[i]))
			add_row(l, queue->pdata[i]);
	}
	return queue != NULL;
}

static bool
look_up_search(Lookup *l, GError **error)
{
	g_autoptr(GPtrArray) found = store_search(l->in->store, l->order->text,
	    HORIZON_READ_ROWS, error);

	for (guint i = 0; found != NULL && i < found->len; i++)
		add_row(l, found->pdata[i]);
	return found != NULL;
}

/* What was written on it; notices repeat what they tell of. */
static GPtrArray *
entries_to_read(const GPtrArray *entries)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < entries->len; i++) {
		const Entry *entry = entries->pdata[i];
		ReadingEntry *one;
		SendKind kind = SEND_NOTICE;

		if (entry->outbox != 0 && send_kind_parse(entry->what, &kind) &&
		    send_kind_is_internal(kind))
			continue;
		one = g_new0(ReadingEntry, 1);
		one->at = entry->at;
		one->who = *entry->from != '\0' ? entry->from : entry->author;
		one->what = entry->what;
		one->to = entry->outbox != 0 ? entry->to : "";
		/* What the client was told of by itself they need not read. */
		one->text = entry->outbox != 0 && kind == SEND_ACKNOWLEDGMENT
		    ? ""
		    : entry->text;
		one->is_public = event_visibility_is(entry->visibility,
		    VISIBILITY_PUBLIC);
		one->is_verified = entry->verified || entry->outbox != 0;
		one->files = entry->attachments->len;
		g_ptr_array_add(all, one);
	}
	return all;
}

static bool
look_up_ticket(Lookup *l, GError **error)
{
	g_autoptr(GPtrArray) entries = NULL, readable = NULL;
	gint64 number = l->order->number;
	TicketView *view;
	TicketClient client;
	const Ticket *t;
	Awaits awaits;

	if (!view_find(l->in, number, &view, error))
		return false;
	if (view == NULL) {
		g_clear_pointer(&l->rows, g_ptr_array_unref);
		return true;
	}
	view = view_run(l->in, number, l->reader.now, error);
	entries = store_entries(l->in->store, number, error);
	if (view == NULL || entries == NULL ||
	    !view_client(l->in, view, &client, error))
		return false;
	t = view->ticket;
	awaits = awaits_first(view);
	readable = entries_to_read(entries);
	g_ptr_array_add(l->rows,
	    reading_ticket(&(ReadingRow){ .number = number,
			       .subject = view->people->subject,
			       .client = client_of(l, t->contract),
			       .assigned = t->assigned,
			       .state = t->state,
			       .severity = t->severity,
			       .awaits = awaits.kind,
			       .due = awaits.at },
		view->clocks, readable, &l->reader));
	l->found = 1;
	return true;
}

static bool
look_up(Lookup *l, GError **error)
{
	switch (l->order->kind) {
	case ORDER_LIST:
		return look_up_list(l, error);
	case ORDER_SEARCH:
		return look_up_search(l, error);
	case ORDER_SHOW:
		return look_up_ticket(l, error);
	default:
		return true;
	}
}

GPtrArray *
reads_find(Intake *in, OrderCase *c, const char *address, GError **error)
{
	Lookup l = {
		.in = in,
		.order = c->order,
		.technician = c->technician,
		.reader = { .language = c->language,
		    .zone = c->zone,
		    .now = c->now },
	};
	bool done;

	l.rows = g_ptr_array_new_with_free_func(g_free);
	done = reads_use(in, address, c->now, &c->reading, error) &&
	    look_up(&l, error) &&
	    (l.rows == NULL || reads_mask_rows(in, l.rows, c->language, error));
	c->rows = l.rows;
	c->found = l.found;
	if (done)
		return l.rows != NULL ? l.rows : g_ptr_array_new();
	c->rows = NULL;
	if (l.rows != NULL)
		g_ptr_array_unref(l.rows);
	return NULL;
}

/* ---- the answer ---- */

/* "#show, #list": what they asked, without what stands behind it. */
static char *
names_of(const GPtrArray *orders)
{
	GString *names = g_string_new(NULL);

	for (guint i = 0; i < orders->len; i++) {
		const OrderCase *c = orders->pdata[i];

		g_string_append_printf(names, "%s#%s", i > 0 ? ", " : "",
		    c->order->name);
	}
	return g_string_free(names, FALSE);
}

static char *
text_of_answer(const Gathered *g, const Decision *decision)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < g->orders->len; i++) {
		g_autofree char *said = order_report(g->orders->pdata[i],
		    decision);

		g_string_append_printf(text, "%s%s\n", i > 0 ? "\n" : "", said);
	}
	g_string_append(text,
	    text_is_french(g->commands->language)
		? "\nRépondez à ce mail pour la commande suivante (#aide).\n"
		: "\nAnswer this mail with the next command (#help).\n");
	return g_string_free(text, FALSE);
}

static char *
text_of_refusal(const Gathered *g, const Effect *effect)
{
	const char *language = g->commands->language;
	GString *text = g_string_new(NULL);
	g_autofree char *head = text_in(language, "Rien n'est fait : %s.\n",
	    "Nothing was done: %s.\n", refusal_words(effect->reason, language));
	g_autofree char *names = names_of(g->orders);

	g_string_append(text, head);
	for (guint i = 0; effect->lines != NULL && i < effect->lines->len; i++)
		g_string_append_printf(text, "\n%s\n",
		    (const char *)effect->lines->pdata[i]);
	if (effect->lines == NULL && g->orders->len > 0) {
		g_autofree char *how = text_in(language,
		    "\nUn mail en votre nom demande : %s. S'il est de vous, "
		    "répondez à celui-ci avec la même commande au-dessus de "
		    "tout texte. Sinon, ne faites rien.\n",
		    "\nA mail in your name asks for: %s. If it is yours, "
		    "answer this one with the same command above all text. If "
		    "not, do nothing.\n",
		    names);

		g_string_append(text, how);
	}
	return g_string_free(text, FALSE);
}

/* What a parked mail asks for, in our words. */
static char *
text_of_challenge(const Gathered *g)
{
	const char *language = g->commands->language;
	const GPtrArray *commands = g->commands->commands;
	GString *text = g_string_new(text_is_french(language)
		? "Un mail en votre nom demande :\n\n"
		: "A mail in your name asks for:\n\n");

	for (guint i = 0; i < commands->len; i++) {
		g_autofree char *line = command_restate(commands->pdata[i],
		    language);

		g_string_append_printf(text, "  %s\n", line);
	}
	g_string_append(text,
	    text_is_french(language)
		? "\nRien n'est encore fait. S'il est de vous, répondez OK à "
		  "celui-ci, sans changer le destinataire, dans les 24 heures ; "
		  "sinon, ne faites rien.\n"
		: "\nNothing is done yet. If it is yours, answer OK to this "
		  "one, without changing the recipient, within 24 hours; if "
		  "not, do nothing.\n");
	return g_string_free(text, FALSE);
}

static Draft *
draft_new(const Intake *in, const Effect *effect, const Gathered *g,
    const Technician *t)
{
	Draft *draft = g_new0(Draft, 1);

	draft->send = effect->send;
	draft->technician = t;
	draft->mail = draft->parent = g->sit.mail;
	draft->proof = situation_proof(&g->sit);
	draft->to = g_strdup(t->address);
	draft->language = g_strdup(t->language);
	draft->zone = g_strdup(in->conf->zone);
	return draft;
}

Draft *
reads_draft(Intake *in, const Effect *effect, const Gathered *g,
    const Decision *decision)
{
	const Technician *t = conf_technician(in->conf,
	    g->sit.message->identity);
	g_autofree char *names = names_of(g->orders);
	Draft *draft;

	g_assert(t != NULL); /* the desk answers nobody else */
	draft = draft_new(in, effect, g, t);
	switch (effect->send) {
	case SEND_REFUSAL:
		draft->subject = text_in(t->language, "Non fait : %s",
		    "Not done: %s", names);
		draft->text = text_of_refusal(g, effect);
		break;
	case SEND_CHALLENGE:
		draft->subject = text_in(t->language, "À confirmer : %s",
		    "To confirm: %s", names);
		draft->text = text_of_challenge(g);
		break;
	default:
		draft->subject = text_in(t->language, "Réponse à %s",
		    "Answer to %s", names);
		draft->text = text_of_answer(g, decision);
		break;
	}
	return draft;
}

bool
reads_answer(Intake *in, StoreTx *tx, const Effect *effect,
    const Effects *effects, GError **error)
{
	g_autoptr(Draft) draft = reads_draft(in, effect, effects->gathered,
	    effects->decision);

	/* Their answer is about the ticket that their order opened. */
	draft->ticket = effects->opened;
	return post_draft(in, tx, draft, effects->now, error);
}
