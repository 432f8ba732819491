/* guichet show N: one ticket whole, with its clocks and their arithmetic. */
#include "guichet/base/text.h"
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/print/instant_json.h"
#include "guichet/print/table.h"

#include "guichet/print/show_alert.h"
#include "guichet/print/show_save.h"

#include <jansson.h>

#include "guichet/base/cleanup.h"
#include "guichet/print/show.h"

#include <stdio.h>
#include <string.h>

/* One ticket, gathered for any of the three forms. */
typedef struct {
	const Context *context;
	TicketView *shown; /* the intake's */
	TicketClient client;
	GPtrArray *entries; /* Entry * */
	ShowAlert alert;
	GPtrArray *events; /* Event * */
	GPtrArray *copies; /* const char *: who reads along */
	Instant now;
} View;

static void
view_clear(View *view)
{
	show_alert_clear(&view->alert);
	g_clear_pointer(&view->copies, g_ptr_array_unref);
	g_clear_pointer(&view->entries, g_ptr_array_unref);
	g_clear_pointer(&view->events, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(View, view_clear)

static bool
load_all(View *view, const Context *context, gint64 number, Instant now,
    GError **error)
{
	view->context = context;
	view->now = now;
	view->shown = view_run(context->intake, number, now, error);
	if (view->shown == NULL)
		return false;
	view->entries = store_entries(context->store, number, error);
	view->events = store_events(context->store, number, error);
	if (view->entries == NULL || view->events == NULL ||
	    !view_client(context->intake, view->shown, &view->client, error))
		return false;
	view->copies = view_copies(context->intake, view->shown,
	    view->client.address);
	return show_alert_load(&view->alert, context->intake, view->shown, now,
	    error);
}

/* ---- what was worked on it ---- */

/* Minutes by who worked them: a json_t object, the caller's; their sum. */
static json_t *
worked_json(const View *view, gint64 *ret_sum)
{
	json_t *worked = json_object();

	*ret_sum = 0;
	for (guint i = 0; i < view->events->len; i++) {
		const Event *event = view->events->pdata[i];
		const char *who = event_text(event, "who");
		gint64 minutes = event_int(event, "minutes");

		if (event->type != EVENT_TIME || event->undone)
			continue;
		*ret_sum += minutes;
		json_object_set_new(worked, who,
		    json_integer(
			json_integer_value(json_object_get(worked, who)) +
			minutes));
	}
	return worked;
}

/* The last that was said of it, in minutes; -1: nothing. */
static gint64
last_minutes(const View *view, EventType type)
{
	gint64 minutes = -1;

	for (guint i = 0; i < view->events->len; i++) {
		const Event *event = view->events->pdata[i];

		if (event->type == type && !event->undone)
			minutes = event_int(event, "minutes");
	}
	return minutes;
}

static json_t *
minutes_json(gint64 minutes)
{
	return minutes < 0 ? json_null() : json_integer(minutes);
}

static char *
minutes_words(gint64 minutes)
{
	return g_strdup_printf("%" G_GINT64_FORMAT ":%02d", minutes / 60,
	    (int)(minutes % 60));
}

static void
print_minutes(const char *title, gint64 minutes)
{
	g_autofree char *words = minutes_words(minutes);

	if (minutes >= 0)
		show("  %-9s %s\n", title, words);
}

/* How it stands with the client's agreement; "": nobody asked for it. */
static const char *
approval_word(const View *view)
{
	const TicketEstimate *estimate = &view->shown->ticket->estimate;

	if (!estimate->is_proven)
		return !estimate->asks                ? ""
		    : estimate->said == APPROVAL_NONE ? "asked"
						      : "unproven";
	return estimate->said == APPROVAL_YES ? "agreed" : "refused";
}

static void
print_work(const View *view)
{
	gint64 sum;
	g_autoptr(json_t) worked = worked_json(view, &sum);
	const char *who;
	json_t *minutes;

	if (sum > 0)
		print_minutes("time", sum);
	json_object_foreach(worked, who, minutes)
	{
		g_autofree char *words = minutes_words(
		    json_integer_value(minutes));

		show("            %s %s\n", words, who);
	}
	print_minutes("estimate", last_minutes(view, EVENT_ESTIMATE));
	if (*approval_word(view) != '\0')
		show("            %s\n", approval_word(view));
	print_minutes("data lost", last_minutes(view, EVENT_RPO));
}

/* ---- JSON ---- */

static json_t *
clocks_json(const View *view)
{
	json_t *list = json_array();

	for (guint i = 0; i < view->shown->clocks->len; i++) {
		const SlaClock *clock = g_ptr_array_index(view->shown->clocks,
		    i);
		g_autofree char *within = NULL;

		g_assert(clock != NULL);
		within = clock->state == SLA_NO_TERM
		    ? g_strdup("")
		    : duration_format(clock->within);

		json_array_append_new(list,
		    json_pack("{ss ss ss ss so so so ss sI sI}", "milestone",
			milestone_name(clock->milestone), "commitment",
			commitment_name(clock->commitment), "state",
			sla_state_name(clock->state), "within", within,
			"intake", instant_json(clock->intake), "due",
			instant_json(clock->due), "met",
			instant_json(clock->met), "calendar",
			clock->clock != NULL ? calendar_name(clock->clock) : "",
			"used_seconds", (json_int_t)clock->used,
			"total_seconds", (json_int_t)clock->total));
	}
	return list;
}

static json_t *
attachments_json(const Entry *entry)
{
	json_t *list = json_array();

	for (guint i = 0; i < entry->attachments->len; i++) {
		const Attachment *a = entry->attachments->pdata[i];

		json_array_append_new(list,
		    json_pack("{ss ss sI ss sb}", "name", a->name, "type",
			a->type, "size", (json_int_t)a->size, "sha256",
			a->sha256, "added",
			entry->outbox == 0 && i >= entry->own_attachments));
	}
	return list;
}

static json_t *
entries_json(const View *view)
{
	json_t *list = json_array();

	for (guint i = 0; i < view->entries->len; i++) {
		const Entry *entry = view->entries->pdata[i];

		json_t *line =
		    json_pack("{ss ss ss ss si so ss ss ss ss ss ss ss ss so}",
			"message_id", entry->message_id, "author",
			entry->author, "visibility", entry->visibility, "text",
			entry->text, "lines_cut", (int)entry->lines_cut, "at",
			instant_json(entry->at), "what", entry->what, "from",
			entry->from, "reply_to", entry->reply_to, "sent_by",
			entry->sent_by, "to", entry->to, "subject",
			entry->subject, "state", entry->state, "reply",
			entry->reply, "attachments", attachments_json(entry));

		/* Or it would be missing without a word. */
		g_assert(line != NULL);
		json_array_append_new(list, line);
	}
	return list;
}

static void
print_json(const View *view)
{
	const Ticket *t = view->shown->ticket;
	const SlaClock *next = sla_next(view->shown->clocks);
	const SlaClock *first = view->shown->clocks->len > 0
	    ? view->shown->clocks->pdata[0]
	    : NULL;
	g_autoptr(json_t) tags = show_words_json(t->tags);
	gint64 sum;
	json_t *worked = worked_json(view, &sum);
	const Awaits awaits = awaits_first(view->shown);
	g_autoptr(json_t) whole = json_pack(
	    "{sI ss ss si ss ss ss so so so ss ss so ss ss ss si ss ss sO sb sb ss ss ss so sI so so ss so so so so}",
	    "number", (json_int_t)t->number, "state",
	    ticket_state_name(t->state), "kind", ticket_kind_name(t->kind),
	    "severity", t->severity, "contract", t->contract, "plan", t->plan,
	    "subject", view->shown->people->subject, "opened",
	    instant_json(t->received), "intake",
	    instant_json(first != NULL ? first->intake : INSTANT_NONE),
	    "next_due", instant_json(next != NULL ? next->due : INSTANT_NONE),
	    "next_milestone",
	    next != NULL ? milestone_name(next->milestone) : "", "next",
	    awaits_name(awaits.kind), "next_at", instant_json(awaits.at),
	    "next_of", awaits_of_name(awaits_of(awaits.kind)), "spoke",
	    awaits_of_name(awaits_last_spoke(t)), "assigned", t->assigned,
	    "messages", t->messages, "host", t->host, "service", t->service,
	    "tags", tags, "ahead", ticket_view_is_ahead(view->shown), "unsure",
	    t->unsure, "scope", t->scope, "component", t->component,
	    "requester", view->client.address, "copied",
	    show_words_json(view->copies), "minutes", (json_int_t)sum, "worked",
	    worked, "estimate_minutes",
	    minutes_json(last_minutes(view, EVENT_ESTIMATE)), "approval",
	    approval_word(view), "rpo_minutes",
	    minutes_json(last_minutes(view, EVENT_RPO)), "entries",
	    entries_json(view), "clocks", clocks_json(view), "alerts",
	    show_alert_json(&view->alert));
	g_assert(whole != NULL);
	show_json(whole);
}

/* ---- for people ---- */

/* The client, by their own automatic answer, where that is still to come. */
static void
print_away(const View *view, const Zone *zone, const char *language)
{
	Instant back = view->shown->ticket->talk.away;
	g_autofree char *when = NULL;

	if (back == INSTANT_NONE || back <= view->shown->now)
		return;
	when = sla_when(back, language, zone);
	show("  away      until %s\n", when);
}

/* Where the client's clocks show another hour than the desk's, theirs beside it;
 * and the end of the line. */
static void
print_theirs(const View *view, const Zone *zone, Instant at,
    const char *language)
{
	const TicketView *shown = view->shown;
	const Zone *theirs = shown->has_terms ? shown->terms.zone : NULL;
	g_autofree char *when = NULL;

	if (theirs != NULL && zone_wall(theirs, at) != zone_wall(zone, at)) {
		when = sla_moment(at, language, theirs, at);
		show(" (%s %s)", when, zone_name(theirs));
	}
	putchar('\n');
}

/* What the queue has of it. */
static void
print_next(const View *view, const Zone *zone, const char *language)
{
	Awaits awaits = awaits_first(view->shown);
	g_autofree char *when = NULL;

	if (awaits.kind == AWAITS_NOTHING)
		return;
	when = awaits.at != INSTANT_NONE ? sla_when(awaits.at, language, zone)
					 : g_strdup("without a term");
	show("  next      %s, %s\n", awaits_name(awaits.kind), when);
}

static void
print_head(const View *view, const Zone *zone, const char *language)
{
	const Ticket *t = view->shown->ticket;
	g_autofree char *received = sla_when(t->received, language, zone);

	show("Ticket #%" G_GINT64_FORMAT ": %s\n", t->number,
	    view->shown->people->subject);
	show("  %s, %s%s", ticket_state_name(t->state),
	    ticket_kind_name(t->kind), t->unsure ? " (unsure)" : "");
	if (t->severity > 0)
		show(", severity %d", t->severity);
	putchar('\n');
	show("  contract  %s\n", *t->contract ? t->contract : "none");
	show("  plan      %s\n", *t->plan ? t->plan : "none");
	if (*t->component)
		show("  component %s\n", t->component);
	show("  requester %s\n",
	    *view->client.address ? view->client.address
		: event_source_is(t->source, OPENED_BY_ALERT)
		? "nobody: an alert opened it"
		: "not known");
	for (guint i = 0; i < view->copies->len; i++)
		show("  in copy   %s\n", (char *)view->copies->pdata[i]);
	show("  assigned  %s\n", *t->assigned ? t->assigned : "nobody");
	show("  received  %s", received);
	print_theirs(view, zone, t->received, language);
	print_next(view, zone, language);
	print_away(view, zone, language);
	if (t->excluded)
		show("  excluded from the guarantee: %s\n", t->exclusion);
	if (t->tags->len > 0) {
		fputs("  tags     ", stdout);
		for (guint i = 0; i < t->tags->len; i++)
			show(" %s", (char *)t->tags->pdata[i]);
		putchar('\n');
	}
	print_work(view);
	show_alert_print(&view->alert, zone, language);
}

/* The tickets that it names, those that were merged with it among them. */
static void
print_linked(const View *view)
{
	const Ticket *t = view->shown->ticket;
	g_autoptr(GPtrArray) events = store_events(view->context->store,
	    t->number, NULL);
	bool any = false;

	if (t->merged_into != 0)
		show("  merged into #%" G_GINT64_FORMAT "\n", t->merged_into);
	for (guint i = 0; events != NULL && i < events->len; i++) {
		const Event *event = events->pdata[i];
		bool merged = event->type == EVENT_MERGED;
		gint64 other = event_int(event, merged ? "from" : "ticket");

		if ((!merged && event->type != EVENT_LINKED) || other == 0)
			continue;
		show("%s #%" G_GINT64_FORMAT "%s", any ? "," : "  linked   ",
		    other, merged ? " (merged)" : "");
		any = true;
	}
	if (any)
		putchar('\n');
}

static void
print_indented(const char *text, const char *indent)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (gsize i = 0; lines[i] != NULL; i++) {
		if (*lines[i] != '\0' || lines[i + 1] != NULL)
			show("%s%s\n", indent, lines[i]);
	}
}

/* The due instant on the desk's walls; how it is counted, on those of the client,
 * whose opening hours they are. */
static void
print_clocks(const View *view, const Zone *zone, const char *language)
{
	const TicketView *shown = view->shown;
	const Zone *theirs = shown->has_terms && shown->terms.zone != NULL
	    ? shown->terms.zone
	    : zone;

	for (guint i = 0; i < view->shown->clocks->len; i++) {
		SlaClock *clock = view->shown->clocks->pdata[i];
		g_autofree char *words = NULL, *due = NULL;

		sla_steps(clock);
		words = sla_explain(clock, language, theirs);
		show("\n  %s (%s): %s", milestone_name(clock->milestone),
		    commitment_name(clock->commitment),
		    sla_state_name(clock->state));
		if (clock->due != INSTANT_NONE) {
			due = sla_when(clock->due, language, zone);
			show(", due %s", due);
			print_theirs(view, zone, clock->due, language);
		} else {
			putchar('\n');
		}
		print_indented(words, "    ");
	}
	if (view->shown->clocks->len == 0)
		puts("\n  No clock: nothing is promised here.");
}

/* Whether an answer arrived, and where not, in the server's words. */
static void
print_fate(const Entry *entry)
{
	bool arrived = outbox_state_is(entry->state, OUTBOX_SENT);

	show("To: %s (%s%s%s)\n", entry->to, entry->state,
	    arrived || *entry->reply == '\0' ? "" : ": ",
	    arrived ? "" : entry->reply);
}

/* What technicians were told repeats the entry before it: one line each. */
static void
print_told(const Entry *entry)
{
	bool arrived = outbox_state_is(entry->state, OUTBOX_SENT);

	show("\n--- %s to %s: %s%s%s ---\n", entry->what, entry->to,
	    entry->state, arrived || *entry->reply == '\0' ? "" : ", ",
	    arrived ? "" : entry->reply);
}

static void
print_entry(const Entry *entry, const Zone *zone, const char *language)
{
	g_autofree char *when = NULL;

	if (entry->outbox != 0 && strcmp(entry->what, "notice") == 0) {
		print_told(entry);
		return;
	}
	when = sla_when(entry->at, language, zone);

	show("\n--- %s, %s, %s%s%s%s ---\n", when, entry->author,
	    entry->visibility, entry->outbox != 0 ? ", " : "",
	    entry->outbox != 0 ? entry->what : "",
	    entry->verified || entry->outbox != 0 ? "" : ", not verified");
	if (entry->outbox != 0)
		print_fate(entry);
	else if (*entry->from != '\0')
		show("From: %s\n", entry->from);
	if (*entry->sent_by != '\0')
		show("Sender: %s\n", entry->sent_by);
	if (*entry->reply_to != '\0')
		show("Reply-To: %s (not verified, nothing goes there)\n",
		    entry->reply_to);
	if (*entry->subject != '\0')
		show("Subject: %s\n", entry->subject);
	putchar('\n');
	print_indented(entry->text, "");
	if (entry->lines_cut > 0)
		show("... %u quoted line%s left out\n", entry->lines_cut,
		    entry->lines_cut == 1 ? "" : "s");
	for (guint i = 0; i < entry->attachments->len; i++) {
		const Attachment *a = entry->attachments->pdata[i];

		show("[%s, %s, %" G_GINT64_FORMAT " bytes%s]\n", a->name,
		    a->type, a->size,
		    i >= entry->own_attachments ? ", added by a later copy"
						: "");
	}
}

static void
print_whole(const View *view)
{
	const Conf *conf = view->context->conf;
	const Zone *zone = zone_get(conf->zone, NULL);

	print_head(view, zone, conf->language);
	print_linked(view);
	print_clocks(view, zone, conf->language);
	for (guint i = 0; i < view->entries->len; i++)
		print_entry(view->entries->pdata[i], zone, conf->language);
}

static int
show_run(int argc, char **argv)
{
	g_autofree char *config = NULL, *directory = NULL, *at = NULL;
	gboolean json = FALSE;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON object",
		    NULL },
		{ "save", 0, 0, G_OPTION_ARG_FILENAME, &directory,
		    "Write the raw mails and attachments there", "DIR" },
		{ "at", 0, 0, G_OPTION_ARG_STRING, &at,
		    "Show the clocks as of this instant", "INSTANT" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	g_autoptr(GError) error = NULL;
	g_auto(View) view = { 0 };
	Instant now = instant_now();
	gint64 number;

	if (!app_options(&cmd_show, &argc, &argv, &config, entries,
		(WordCount){ 1, 1 }) ||
	    !app_ticket_number(argv[1], &number))
		return APP_USAGE;
	if (!context_instant(at, &now))
		return APP_USAGE;
	context = context_open(config, CONTEXT_TERMS | CONTEXT_STORE);
	if (context == NULL)
		return APP_FAILED;
	if (!load_all(&view, context, number, now, &error))
		return context_fail(error);
	if (directory != NULL)
		return show_save(context->store, view.entries, directory,
			   &error)
		    ? APP_DONE
		    : context_fail(error);
	if (json)
		print_json(&view);
	else
		print_whole(&view);
	return APP_DONE;
}

const Subcommand cmd_show = { "show", "N",
	"One ticket whole, with its clocks and their arithmetic", show_run };
