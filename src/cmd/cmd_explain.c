/*
 * guichet explain FILE: what would become of a mail, and why: robot,
 * authentication, contract, ticket, clocks with their arithmetic, and the
 * answers. Judged against the store as it is; nothing is stored.
 */
#include "guichet/base/error.h"
#include "guichet/base/owner.h"
#include "guichet/base/text.h"
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/daemon/read_sync.h"
#include "guichet/desk/reply.h"
#include "guichet/print/show.h"

#include "guichet/post/post.h"
#include "guichet/print/explain_alert.h"
#include "guichet/trust/recipients.h"
#include "guichet/work/answer.h"
#include "guichet/work/reads.h"
#include "guichet/work/work.h"

#include <glib/gstdio.h>

#include <stdio.h>
#include <string.h>

typedef struct {
	Intake *intake;
	Gathered *gathered;
	Decision *decision;
	Ticket *ticket; /* as it would be, or NULL: on none */
	Instant now;
} Rehearsal;

static void
rehearsal_clear(Rehearsal *r)
{
	g_clear_pointer(&r->gathered, gathered_free);
	g_clear_pointer(&r->decision, decision_free);
	g_clear_pointer(&r->ticket, ticket_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rehearsal, rehearsal_clear)

static void
print_decision(const Rehearsal *r)
{
	const GPtrArray *trace = r->decision->trace;
	const GPtrArray *effects = r->decision->effects;

	puts("Why:");
	for (guint i = 0; i < trace->len; i++)
		show("  %s\n", (char *)trace->pdata[i]);
	puts("\nWhat would be done:");
	for (guint i = 0; i < effects->len; i++) {
		g_autofree char *line = effect_describe(effects->pdata[i]);

		show("  %s\n", line);
	}
}

/* The ticket the effects touch, as it would be after them. */
static bool
fold(Rehearsal *r, GError **error)
{
	const GPtrArray *effects = r->decision->effects;

	for (guint i = 0; i < effects->len; i++) {
		const Effect *effect = effects->pdata[i];

		if (effect->event == NULL && effect->kind != EFFECT_KEEP)
			continue;
		if (r->ticket == NULL && effect->ticket == 0)
			r->ticket = ticket_new(0);
		else if (r->ticket == NULL &&
		    !store_ticket(r->intake->store, effect->ticket, &r->ticket,
			error))
			return false;
		if (r->ticket != NULL && effect->event != NULL &&
		    r->ticket->number == effect->ticket)
			ticket_apply(r->ticket, effect->event);
	}
	return true;
}

static void
print_clocks(const TicketView *view, const Conf *conf)
{
	const Zone *zone = view->has_terms && view->terms.zone != NULL
	    ? view->terms.zone
	    : zone_get(conf->zone, NULL);

	const char *mandate = view->terms.plan != NULL && !view->has_terms
	    ? ticket_mandate(view->ticket, view->terms.plan)
	    : NULL;

	puts("\nClocks:");
	for (guint i = 0; i < view->clocks->len; i++) {
		SlaClock *clock = view->clocks->pdata[i];
		g_autofree char *words = NULL;

		sla_steps(clock);
		words = sla_explain(clock, conf->language, zone);
		show("  %s (%s)\n%s\n", milestone_name(clock->milestone),
		    commitment_name(clock->commitment), words);
	}
	if (view->clocks->len == 0 && mandate != NULL)
		printf("  none: %s\n", alert_mandate_words(mandate, "en"));
	else if (view->clocks->len == 0)
		puts("  none: nothing is promised");
}

/* What is held back, as the notice tells it. */
static GPtrArray *
held_of(const Decision *decision)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];
		ReplyHeld *held;

		if (effect->event == NULL || effect->event->type != EVENT_HELD)
			continue;
		held = g_new0(ReplyHeld, 1);
		send_kind_parse(event_text(effect->event, "what"), &held->what);
		held->why = event_text(effect->event, "reason");
		g_ptr_array_add(list, held);
	}
	return list;
}

static void
print_draft(const Draft *draft)
{
	show("\n--- %s to %s ---\nSubject: %s\n\n%s\n",
	    send_kind_name(draft->send), draft->to, draft->subject,
	    draft->text);
}

static void
print_drafts(const Rehearsal *r, const TicketView *view, TicketClient client)
{
	g_autoptr(GPtrArray) held = held_of(r->decision);
	Occasion o = {
		.held = held,
		.view = view,
		.client = client,
		.gathered = r->gathered,
		.now = r->now,
	};
	const GPtrArray *effects = r->decision->effects;

	for (guint i = 0; i < effects->len; i++) {
		const Effect *effect = effects->pdata[i];
		g_autoptr(GPtrArray) drafts = NULL;
		ReplyHours hours;

		if (effect->kind != EFFECT_SEND)
			continue;
		/* A store that fails here has failed before. */
		o.hours = draft_hours_find(r->intake, view, effect->send,
			      r->now, &hours, NULL) &&
			hours.are_told
		    ? &hours
		    : NULL;
		drafts = draft_effect(r->intake, &o, effect);
		for (guint d = 0; d < drafts->len; d++)
			print_draft(drafts->pdata[d]);
	}
}

/* What the desk answers about no ticket. */
static void
print_desk_drafts(const Rehearsal *r)
{
	const GPtrArray *effects = r->decision->effects;

	for (guint i = 0; i < effects->len; i++) {
		const Effect *effect = effects->pdata[i];
		g_autoptr(Draft) draft = effect->kind == EFFECT_SEND
		    ? reads_draft(r->intake, effect, r->gathered, r->decision)
		    : NULL;

		if (draft != NULL)
			print_draft(draft);
	}
}

/* Who would have written on a ticket that is made now. */
static void
put(char **text, const char *value)
{
	g_free(*text);
	*text = g_strdup(value != NULL ? value : "");
}

static TicketPeople *
new_people(const Situation *sit, const Conf *conf)
{
	const Message *message = sit->message;
	TicketPeople *people = ticket_people_new();

	put(&people->subject, message->subject);
	put(&people->opener, message->identity);
	if (sit->auth == AUTH_PASS && sit->who == WHO_CONTACT) {
		put(&people->proven, message->identity);
		g_strfreev(people->copied);
		people->copied = recipients_besides(message,
		    (const char *const *)conf->own_addresses);
	}
	people->opened_by_program = sit->is_alert_source ||
	    sit->robot->class != ROBOT_NONE;
	return people;
}

static bool
explain(Rehearsal *r, const Conf *conf, const StoredMail *mail,
    const Message *message, GError **error)
{
	g_autoptr(TicketView) view = NULL;
	TicketClient client;

	r->gathered = gather(r->intake, mail, message, r->now, error);
	if (r->gathered == NULL)
		return false;
	r->decision = decide_mail(&r->gathered->sit);
	if (r->gathered->sit.alert != NULL)
		explain_alert(r->gathered->sit.alert, conf->language,
		    zone_get(conf->zone, NULL));
	if (r->gathered->sit.alert != NULL)
		explain_further_alerts(r->gathered->alerts);
	print_decision(r);
	if (!fold(r, error))
		return false;
	if (r->ticket == NULL) {
		print_desk_drafts(r);
		return true;
	}
	view = view_new(r->intake, g_steal_pointer(&r->ticket), error);
	if (view == NULL)
		return false;
	ticket_view_run(view, r->now);
	if (view->ticket->number == 0)
		view->people = new_people(&r->gathered->sit, conf);
	if (!view_client(r->intake, view, &client, error))
		return false;
	print_clocks(view, conf);
	print_drafts(r, view, client);
	return true;
}

/* Where there is no store yet, or no site, an empty one that is gone
 * afterwards. */
static bool
open_intake(Context *context, char **ret_scratch, GError **error)
{
	g_autofree char *path = NULL;

	if (!context->example && context_has_store(context->conf)) {
		context->store = context_store(context->conf, STORE_READ,
		    error);
	} else {
		*ret_scratch = g_dir_make_tmp("guichet-explain-XXXXXX", error);
		if (*ret_scratch == NULL)
			return false;
		path = g_build_filename(*ret_scratch, "store", NULL);
		context->store = store_open(path, STORE_MAKE, error);
	}
	if (context->store == NULL)
		return false;
	context->intake = intake_new(context->conf, context->ruleset,
	    context->store);
	return true;
}

static void
remove_scratch(const char *scratch)
{
	g_autoptr(GDir) dir = NULL;
	const char *name;

	if (scratch == NULL)
		return;
	dir = g_dir_open(scratch, 0, NULL);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(scratch, name, NULL);

		g_unlink(path);
	}
	g_rmdir(scratch);
}

static int
explain_mail(Context *context, GBytes *raw, const StoredMail *mail, Instant now,
    GError **error)
{
	g_autoptr(ReadSync) reader = read_sync_new();
	g_autoptr(Message) message = NULL;
	g_auto(Rehearsal) r = { .intake = context->intake, .now = now };

	message = read_sync(reader, raw, mail->truncated, error);
	if (message == NULL ||
	    !explain(&r, context->conf, mail, message, error))
		return context_fail(*error);
	return APP_DONE;
}

/*
 * The keys that tell which answers are to mails of ours. Unlike `run`, this
 * makes none, and asks for no other secret.
 */
static void
read_tokens(Conf *conf, bool example)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	if (example)
		return;
	if (g_file_get_contents(conf->token_file, &text, NULL, &error))
		conf->tokens = token_keys_parse(text, conf->address, &error);
	/* Where there is no store yet, nothing was ever signed. */
	if (conf->tokens == NULL && context_has_store(conf))
		fprintf(stderr,
		    "guichet: %s; signed addresses and Message-IDs are not "
		    "recognised here\n",
		    error->message);
}

/* The caller's file is read by now: what is left is the site's. */
static int
explain_here(Context *context, GBytes *raw, const StoredMail *mail, Instant now)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *scratch = NULL;
	int code;

	if (!context->example &&
	    !owner_become(context->conf->store, &context->became, &error))
		return context_fail(error);
	read_tokens(context->conf, context->example);
	code = open_intake(context, &scratch, &error)
	    ? explain_mail(context, raw, mail, now, &error)
	    : context_fail(error);
	if (code != APP_DONE)
		context_advise(context->conf->store);
	remove_scratch(scratch);
	return code;
}

static int
explain_run(int argc, char **argv)
{
	g_autofree char *config = NULL, *at = NULL, *mailbox = NULL;
	const GOptionEntry entries[] = {
		{ "at", 0, 0, G_OPTION_ARG_STRING, &at,
		    "As if received then (default: now)", "INSTANT" },
		{ "mailbox", 0, 0, G_OPTION_ARG_STRING, &mailbox,
		    "As if from this mailbox", "NAME" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	g_autoptr(StoredMail) mail = g_new0(StoredMail, 1);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) raw = NULL;
	Instant now = instant_now();

	if (!app_options(&cmd_explain, &argc, &argv, &config, entries,
		(WordCount){ 1, 1 }))
		return APP_USAGE;
	if (!context_instant(at, &now))
		return APP_USAGE;
	context = context_open(config, CONTEXT_RULES | CONTEXT_EXAMPLE);
	if (context == NULL)
		return APP_FAILED;
	mail->mailbox = g_strdup(mailbox != NULL ? mailbox : "file");
	mail->received = mail->trusted = now;
	raw = read_sync_file(argv[1], &mail->size, &mail->truncated, &error);
	if (raw == NULL)
		return context_fail(error);
	return explain_here(context, raw, mail, now);
}

const Subcommand cmd_explain = { "explain", "FILE",
	"What would become of a mail, and why; stores nothing", explain_run };
