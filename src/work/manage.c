/* Orders about a ticket, from the command line or the control socket. */
#include "guichet/work/manage.h"

#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"

#include "manage_private.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	Intake *in;
	StoreTx *tx;
	Ticket *ticket;     /* of the order's N, as it is now */
	char *const *words; /* after the verb and N */
	gsize count;
	Instant now; /* when it is done */
	Instant at;  /* when it happened: --at, else now */
	GString *out;
} Order;

typedef struct {
	const char *verb, *usage;
	gsize min, max; /* words after N */
	bool (*run)(Order *order, GError **error);
} Verb;

bool
manage_refuse(GError **error, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error_literal(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
	    text);
	return false;
}

static bool
append(Order *order, EventType type, const char *key, const char *value,
    GError **error)
{
	g_autoptr(Event) event = event_new(type, order->ticket->number,
	    order->at, "manager", 0);

	event->recorded = order->now;
	event_set(event, key, value);
	if (type == EVENT_STATE)
		event_set(event, "by", "manager");
	if (!ticket_apply(order->ticket, event))
		return manage_refuse(error,
		    "#%" G_GINT64_FORMAT " is %s: it cannot become %s",
		    order->ticket->number,
		    ticket_state_name(order->ticket->state), value);
	return store_append(order->tx, event, error);
}

static bool
set_state(Order *order, TicketState state, GError **error)
{
	return append(order, EVENT_STATE, "state", ticket_state_name(state),
	    error);
}

static bool
order_resolve(Order *order, GError **error)
{
	Effect effect = {
		.kind = EFFECT_SEND,
		.send = SEND_RESOLUTION,
		.ticket = order->ticket->number,
		.at = order->at,
	};
	g_autoptr(TicketView) view = NULL;
	const char *said = "the client is told";
	TicketClient client;

	if (ticket_state_is_done(order->ticket->state))
		return manage_refuse(error,
		    "#%" G_GINT64_FORMAT " is %s already",
		    order->ticket->number,
		    ticket_state_name(order->ticket->state));
	view = view_load(order->in, order->ticket->number, error);
	if (view == NULL || !view_client(order->in, view, &client, error) ||
	    !set_state(order, TICKET_RESOLVED, error))
		return false;
	/* A program reads no resolution, and may answer it. */
	if (client.is_program)
		said = "a program opened it, so nobody is told";
	else if (!answer_effect(order->in, order->tx, &effect, NULL, order->now,
		     error))
		return false;
	else if (*client.address == '\0')
		said = "nobody is told: it has no address to answer";
	g_string_append_printf(order->out,
	    "#%" G_GINT64_FORMAT " is resolved; %s.\n", order->ticket->number,
	    said);
	return true;
}

static bool
order_close(Order *order, GError **error)
{
	if (order->ticket->state == TICKET_CLOSED)
		return manage_refuse(error,
		    "#%" G_GINT64_FORMAT " is closed already",
		    order->ticket->number);
	if (!set_state(order, TICKET_CLOSED, error))
		return false;
	g_string_append_printf(order->out,
	    "#%" G_GINT64_FORMAT " is closed; nobody is told.\n",
	    order->ticket->number);
	return true;
}

static bool
order_assign(Order *order, GError **error)
{
	const GPtrArray *all = order->in->conf->technicians;
	const char *who = order->words[0];

	for (guint i = 0; i < all->len; i++) {
		const Technician *t = all->pdata[i];

		if (g_ascii_strcasecmp(t->name, who) != 0 &&
		    g_ascii_strcasecmp(t->address, who) != 0)
			continue;
		if (!append(order, EVENT_ASSIGNED, "who", t->name, error))
			return false;
		g_string_append_printf(order->out,
		    "#%" G_GINT64_FORMAT " is assigned to %s.\n",
		    order->ticket->number, t->name);
		return true;
	}
	return manage_refuse(error,
	    "no technician is called '%s'; give the name or address that "
	    "guichet.yaml has",
	    who);
}

static bool
order_severity(Order *order, GError **error)
{
	const char *word = order->words[0];
	const Plan *plan = ruleset_plan(order->in->ruleset,
	    order->ticket->plan);
	char *end;
	gint64 severity = g_ascii_strtoll(word, &end, 10);
	g_autoptr(Event) event = NULL;

	if (*end != '\0' || severity < 1 || severity > SEVERITY_MAX)
		return manage_refuse(error, "'%s' is no severity from 1 to %d",
		    word, SEVERITY_MAX);
	if (plan != NULL && (plan->severities & 1u << severity) == 0)
		return manage_refuse(error, "plan %s has no severity %s",
		    plan->name, word);
	event = event_new(EVENT_SEVERITY, order->ticket->number, order->at,
	    "manager", 0);
	event->recorded = order->now;
	event_set_int(event, "severity", severity);
	if (!store_append(order->tx, event, error))
		return false;
	g_string_append_printf(order->out,
	    "#%" G_GINT64_FORMAT
	    " has severity %s now; its clocks are recomputed from intake.\n",
	    order->ticket->number, word);
	return true;
}

static bool
order_note(Order *order, GError **error)
{
	g_autofree char *given = g_strjoinv(" ", (char **)order->words);
	g_autofree char *text = text_clean_block(given, -1, LIMIT_NOTE_BYTES);
	g_autoptr(Event) event = NULL;
	gint64 mail;

	if (strlen(given) > LIMIT_NOTE_BYTES)
		return manage_refuse(error,
		    "a note has at most %d bytes: shorten it, or part it",
		    LIMIT_NOTE_BYTES);
	if (*g_strstrip(text) == '\0')
		return manage_refuse(error, "the note is empty");
	if (!store_add_note(order->tx, order->ticket->number, order->at,
		"manager", text, &mail, error))
		return false;
	event = event_new(EVENT_MESSAGE, order->ticket->number, order->at,
	    "manager", mail);
	event->recorded = order->now;
	event_set(event, "author", "desk");
	event_set(event, "visibility", "internal");
	event_set(event, "verified", "yes");
	if (!store_append(order->tx, event, error))
		return false;
	g_string_append_printf(order->out,
	    "Noted on #%" G_GINT64_FORMAT ", inside.\n", order->ticket->number);
	return true;
}

static bool
event_milestone(Order *order, Milestone milestone, GError **error)
{
	if (order->ticket->met[milestone] != INSTANT_NONE)
		return manage_refuse(error, "the %s was met already",
		    milestone_name(milestone));
	if (!append(order, EVENT_MET, "milestone", milestone_name(milestone),
		error))
		return false;
	if (order->ticket->state == TICKET_NEW)
		return set_state(order, TICKET_OPEN, error);
	return true;
}

/* A severity that the plan does not have is its default, as at opening. */
static bool
take_default_severity(Order *order, const Plan *plan, GError **error)
{
	int severity = order->ticket->severity;
	g_autoptr(Event) event = NULL;

	if (severity == 0 || plan_severity(plan, severity) == severity)
		return true;
	event = event_new(EVENT_SEVERITY, order->ticket->number, order->at,
	    "manager", 0);
	event->recorded = order->now;
	event_set_int(event, "severity", plan->default_severity);
	return store_append(order->tx, event, error);
}

static bool
event_contract(Order *order, GError **error)
{
	const char *name = order->words[1];
	const Contract *contract;
	g_autoptr(Event) event = NULL;
	Terms terms;

	if (name == NULL)
		return manage_refuse(error,
		    "event N contract needs a contract's name");
	contract = ruleset_contract(order->in->ruleset, name);
	if (contract == NULL)
		return manage_refuse(error, "there is no contract '%s'", name);
	if (!ruleset_terms(order->in->ruleset, contract,
		order->ticket->received, &terms))
		return manage_refuse(error,
		    "contract %s was not in force when the mail was received",
		    name);
	event = event_new(EVENT_CONTRACT, order->ticket->number, order->at,
	    "manager", 0);
	event->recorded = order->now;
	event_set(event, "contract", name);
	event_set(event, "plan", terms.plan->name);
	event_set(event, "rules", ruleset_hash(order->in->ruleset));
	event_set(event, "mandate", ticket_mandate(order->ticket, terms.plan));
	if (!store_append(order->tx, event, error) ||
	    !take_default_severity(order, terms.plan, error))
		return false;
	return *event_text(event, "mandate") == '\0' ||
	    manage_map_alert(order->in, order->tx, order->ticket, event,
		order->out, error);
}

/* `event N WHAT`: what a clock depends on, driven by hand. */
static bool
order_event(Order *order, GError **error)
{
	const char *what = order->words[0];
	Order rest = *order;
	bool done;

	rest.words++;
	rest.count--;
	if (strcmp(what, "pause") == 0)
		done = set_state(order, TICKET_WAITING_CUSTOMER, error);
	else if (strcmp(what, "resume") == 0)
		done = set_state(order, TICKET_OPEN, error);
	else if (strcmp(what, "exclude") == 0)
		done = append(order, EVENT_EXCLUDED, "reason",
		    rest.count > 0 ? rest.words[0] : "manager", error);
	else if (strcmp(what, "severity") == 0)
		return rest.count == 1
		    ? order_severity(&rest, error)
		    : manage_refuse(error,
			  "event N severity needs a number from 1 to %d",
			  SEVERITY_MAX);
	else if (strcmp(what, "contract") == 0)
		done = event_contract(order, error);
	else if (strcmp(what, "reply") == 0)
		done = event_milestone(order, MILESTONE_RESPONSE, error);
	else if (strcmp(what, "workaround") == 0)
		done = event_milestone(order, MILESTONE_WORKAROUND, error);
	else if (strcmp(what, "resolve") == 0)
		done = set_state(order, TICKET_RESOLVED, error);
	else
		return manage_refuse(error,
		    "'%s' is none of pause, resume, exclude, severity, "
		    "contract, reply, workaround, resolve",
		    what);
	if (done)
		g_string_append_printf(order->out,
		    "#%" G_GINT64_FORMAT ": %s recorded.\n",
		    order->ticket->number, what);
	return done;
}

static const Verb verbs[] = {
	{ "resolve", "resolve N", 0, 0, order_resolve },
	{ "close", "close N", 0, 0, order_close },
	{ "assign", "assign N TECHNICIAN", 1, 1, order_assign },
	{ "severity", "severity N SEVERITY", 1, 1, order_severity },
	{ "note", "note N TEXT...", 1, 4096, order_note },
	{ "event", "event N WHAT [ARGUMENT] [--at INSTANT]", 1, 2,
	    order_event },
};

/* Takes `--at INSTANT` off the end of the words. */
static bool
take_at(Order *order, GError **error)
{
	if (order->count >= 2 &&
	    strcmp(order->words[order->count - 2], "--at") == 0) {
		if (!instant_parse(order->words[order->count - 1], &order->at,
			error))
			return false;
		order->count -= 2;
	}
	return true;
}

static bool
execute(const Verb *verb, Order *order, gint64 number, GError **error)
{
	g_auto(GStrv) words = NULL;
	g_autoptr(Ticket) ticket = NULL;

	if (!take_at(order, error))
		return false;
	if (order->count < verb->min || order->count > verb->max)
		return manage_refuse(error, "usage: guichet %s", verb->usage);
	/* A copy that ends where the words do. */
	words = g_new0(char *, order->count + 1);
	for (gsize i = 0; i < order->count; i++)
		words[i] = g_strdup(order->words[i]);
	order->words = words;

	if (!store_ticket(order->in->store, number, &ticket, error))
		return false;
	if (ticket == NULL)
		return manage_refuse(error,
		    "there is no ticket #%" G_GINT64_FORMAT, number);
	order->ticket = ticket;
	return verb->run(order, error) &&
	    view_project_at(order->in, order->tx, number, "manager", order->at,
		order->now, error);
}

bool
manage_run(Intake *in, StoreTx *tx, char *const *argv, Instant now,
    GString *out, GError **error)
{
	gsize count = g_strv_length((char **)argv);

	if (count == 3 &&
	    (strcmp(argv[0], "outbox") == 0 ||
		strcmp(argv[0], "quarantine") == 0))
		return manage_aside(in, tx, argv, now, out, error);
	if (count >= 3 && strcmp(argv[0], "maintenance") == 0)
		return manage_maintenance(in, tx, argv, now, out, error);
	for (gsize i = 0; count > 0 && i < G_N_ELEMENTS(verbs); i++) {
		Order order = { .in = in,
			.tx = tx,
			.now = now,
			.at = now,
			.out = out };
		const char *word = count > 1 ? argv[1] : "";
		char *end;
		gint64 number;

		if (strcmp(verbs[i].verb, argv[0]) != 0)
			continue;
		number = g_ascii_strtoll(*word == '#' ? word + 1 : word, &end,
		    10);
		if (number < 1 || *end != '\0')
			return manage_refuse(error, "usage: guichet %s",
			    verbs[i].usage);
		order.words = argv + 2;
		order.count = count - 2;
		return execute(&verbs[i], &order, number, error);
	}
	return manage_refuse(error, "there is no such order");
}
