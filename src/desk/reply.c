/* What an answer may say, as values for its template. */
#include "guichet/desk/reply.h"
#include "guichet/base/text.h"
#include "guichet/order/order_case.h"

#include "guichet/judgment/reply_words.h"

#include "guichet/compose/compose.h"

#include "reply_private.h"

#include <string.h>

const char *
reply_name(SendKind kind, bool stranger)
{
	if (kind == SEND_ACKNOWLEDGMENT && stranger)
		return "acknowledgment-stranger";
	/* What was not done, and waits: one template has both. */
	return send_kind_name(kind == SEND_CHALLENGE ? SEND_REFUSAL : kind);
}

char *
reply_tag(gint64 ticket)
{
	return g_strdup_printf("[#%" G_GINT64_FORMAT "]", ticket);
}

/* A mail's text ends as it likes; the template says what comes next. */
static void
set_block(Values *values, const char *name, const char *text)
{
	g_autofree char *block = g_strdup(text != NULL ? text : "");

	values_set(values, name, g_strchomp(block));
}

static void
set_text(Values *values, const char *name, const char *text)
{
	values_set(values, name, text != NULL ? text : "");
}

/* ---- for clients ---- */

/* What is over needs no promise any more. */
static bool
is_promised(const ReplyClock *clock)
{
	return clock->state == SLA_RUNNING || clock->state == SLA_PAUSED ||
	    clock->state == SLA_LATE || clock->state == SLA_NO_TERM;
}

/* Adds to *ret_guaranteed. Returns whether any of them has a term. */
static bool
add_client_clocks(Values *values, const GPtrArray *clocks, const char *language,
    bool *ret_guaranteed)
{
	bool has_term = false;

	for (guint i = 0; clocks != NULL && i < clocks->len; i++) {
		const ReplyClock *clock = g_ptr_array_index(clocks, i);

		if (!is_promised(clock))
			continue;
		reply_set_clock(values_add(values, "clocks"), clock, language);
		has_term = has_term || clock->has_term;
		*ret_guaranteed = *ret_guaranteed ||
		    (clock->has_term &&
			clock->commitment == COMMITMENT_GUARANTEED);
	}
	return has_term;
}

static void
add_contacts(Values *values, const GPtrArray *contacts)
{
	for (guint i = 0; contacts != NULL && i < contacts->len; i++) {
		const Contact *contact = g_ptr_array_index(contacts, i);
		Values *element = values_add(values, "contacts");
		bool named = contact->name != NULL && *contact->name != '\0';

		values_set(element, "name",
		    named ? contact->name : contact->address);
		set_text(element, "address", contact->address);
	}
}

Values *
reply_stranger_values(gint64 ticket, const char *desk)
{
	Values *values = values_new();
	g_autofree char *tag = reply_tag(ticket);

	set_text(values, "desk", desk);
	values_setf(values, "ticket", "%" G_GINT64_FORMAT, ticket);
	values_set(values, "tag", tag);
	return values;
}

static void
set_life(Values *values, const ReplyLife *life)
{
	values_set_flag(values, "contract_over", life->life == CONTRACT_OVER);
	values_set_flag(values, "contract_not_begun",
	    life->life == CONTRACT_NOT_BEGUN);
	set_text(values, "contract_since", life->since);
	set_text(values, "manager", life->manager);
	set_text(values, "manager_address", life->manager_address);
}

/* A number, and when it is answered next, where nobody does now. */
static void
add_phone(Values *values, const ReplyPublic *facts, const PlanPhone *phone,
    const char *language)
{
	Values *element = values_add(values, "phones");
	const Calendar *hours = terms_calendar(facts->offer, phone->hours);
	Instant from = calendar_intake(hours, facts->now);
	g_autofree char *when = from != facts->now && from != INSTANT_NONE
	    ? sla_when(from, language, facts->in)
	    : g_strdup("");

	set_text(element, "phone_title", words_in(&phone->title, language));
	set_text(element, "phone", phone->number);
	set_text(element, "phone_from", when);
}

/* What the plan grants and asks beside its clocks. */
static void
add_offer(Values *values, const ReplyPublic *facts, const char *language)
{
	const Plan *offer = facts->offer != NULL ? facts->offer->plan : NULL;

	values_set_flag(values, "has_phones",
	    offer != NULL && offer->phones->len > 0);
	for (guint i = 0; offer != NULL && i < offer->phones->len; i++)
		add_phone(values, facts, offer->phones->pdata[i], language);
	for (guint i = 0; offer != NULL && i < offer->ready->len; i++) {
		const PlanReady *ready = offer->ready->pdata[i];

		if (ready->kinds != 0 &&
		    (ready->kinds & 1u << facts->kind) == 0)
			continue;
		set_text(values_add(values, "ready"), "ready_what",
		    words_in(&ready->what, language));
		values_set_flag(values, "has_ready", true);
	}
}

/* What is not covered, and what can be said against it. */
static void
set_excluded(Values *values, const ReplyPublic *facts, const char *language)
{
	bool is = facts->excluded != NULL && *facts->excluded != '\0';

	set_text(values, "excluded", facts->excluded);
	set_text(values, "instead", facts->instead);
	if (is)
		values_set(values, "objection",
		    reply_words_telling(REPLY_TELLING_OBJECT, language));
}

/* What is left, and what the ticket took: once, where it was not rounded. */
static void
set_hours(Values *values, const ReplyHours *hours, const char *language)
{
	g_autofree char *left = NULL, *worked = NULL, *counted = NULL;

	values_set_flag(values, "hours", hours != NULL);
	if (hours == NULL)
		return;
	left = hours_tell(hours->left, language);
	worked = hours_tell(hours->worked, language);
	counted = hours_tell(hours->counted, language);
	set_text(values, "hours_left", left);
	set_text(values, "worked", hours->worked > 0 ? worked : "");
	set_text(values, "counted",
	    hours->counted != hours->worked ? counted : "");
}

/* All but the clocks. */
static Values *
new_values(const ReplyPublic *facts, const char *language)
{
	Values *values = reply_stranger_values(facts->ticket, facts->desk);
	const char *tag = values_get(values, "tag");
	g_autofree char *subject = compose_subject(facts->subject, tag);

	set_text(values, "subject", facts->subject);
	values_set(values, "re_subject", subject);
	set_text(values, "client", facts->client);
	set_text(values, "contract", facts->contract);
	set_text(values, "plan", facts->plan);
	values_set(values, "kind", reply_words_kind(facts->kind, language));
	values_set_flag(values, "unsure", facts->unsure);
	values_setf(values, "severity", "%d", facts->severity);
	set_text(values, "severity_words", facts->severity_words);
	set_text(values, "received", facts->received);
	set_text(values, "reopened", facts->reopened);
	set_text(values, "intake", facts->intake);
	values_set_flag(values, "colleague",
	    facts->contacts != NULL && facts->contacts->len > 0);
	add_contacts(values, facts->contacts);
	set_block(values, "text", facts->text);
	set_text(values, "signature", facts->signature);
	set_life(values, &facts->life);
	set_text(values, "next", facts->next);
	set_text(values, "opens", facts->opens);
	set_text(values, "zone", facts->zone);
	set_excluded(values, facts, language);
	add_offer(values, facts, language);
	set_hours(values, facts->hours, language);
	return values;
}

/* What its reader should know besides. */
static void
add_remarks(Values *values, const GPtrArray *remarks, bool for_client,
    const char *language)
{
	for (guint i = 0; remarks != NULL && i < remarks->len; i++) {
		g_autofree char *words = remark_words(remarks->pdata[i],
		    for_client, language);

		if (words != NULL)
			values_set(values_add(values, "remarks"), "remark",
			    words);
	}
}

/* The window matters only where a term runs from it. */
static void
set_window(Values *values, ReplyWindow window, bool has_term)
{
	values_set_flag(values, "in_window",
	    has_term && window == REPLY_WINDOW_IN);
	values_set_flag(values, "out_of_window",
	    has_term && window == REPLY_WINDOW_OUT);
}

Values *
reply_client_values(const ReplyPublic *facts, const char *language)
{
	Values *values = new_values(facts, language);

	bool guaranteed = false;
	bool has_term = add_client_clocks(values, facts->clocks, language,
	    &guaranteed);

	/* What is always open, or only aimed at, has no guaranteed hours. */
	set_window(values,
	    facts->window == REPLY_WINDOW_IN && (facts->always || !guaranteed)
		? REPLY_WINDOW_NONE
		: facts->window,
	    has_term);
	values_set_flag(values, "guaranteed_intake", guaranteed);
	add_remarks(values, facts->remarks, true, language);
	return values;
}

void
reply_add_alert(Values *values, EventInformed informed, const Ticket *ticket)
{
	const char *awaited = alert_case_awaited(ticket->alert_key);

	values_set_flag(values, "opened", informed == INFORMED_OPENED);
	values_set_flag(values, "recovered", informed == INFORMED_RECOVERED);
	set_text(values, "expected", awaited);
	set_text(values, "host", ticket->host);
	set_text(values, "service", ticket->service);
}

void
reply_add_silence(Values *values, const char *asked, const char *question,
    bool is_approval)
{
	set_text(values, "question", question);
	set_text(values, "asked", asked);
	values_set_flag(values, "approval", is_approval);
}

void
reply_add_handled(Values *values, const char *technician, const char *at,
    HandledHow how)
{
	set_text(values, "technician", technician);
	set_text(values, "at", at);
	values_set_flag(values, "called", how == HANDLED_CALLED);
	values_set_flag(values, "seen", how == HANDLED_SEEN);
}

/* ---- for technicians ---- */

static void
set_order(Values *element, const MaintenanceOrder *order, const char *language,
    const Zone *zone)
{
	g_autofree char *target = maintenance_order_target(order);
	g_autofree char *command = maintenance_order_format(order, zone);
	g_autofree char *from = sla_when(order->from, language, zone);
	g_autofree char *to = sla_when(order->to, language, zone);

	values_setf(element, "command", "#maintenance %s", command);
	values_set(element, "target", target);
	values_set(element, "from", from);
	values_set(element, "to", to);
	values_set(element, "cause", order->reason);
	values_set_flag(element, "planned", !order->ends);
	values_set_flag(element, "ended", order->ends);
	/* A rehearsal has none. */
	if (order->number > 0)
		values_setf(element, "number", "%" G_GINT64_FORMAT,
		    order->number);
	else
		values_set(element, "number", "");
}

void
reply_add_orders(Values *values, const GPtrArray *orders, const char *language,
    const Zone *zone)
{
	values_set_flag(values, "maintenance",
	    orders != NULL && orders->len > 0);
	for (guint i = 0; orders != NULL && i < orders->len; i++)
		set_order(values_add(values, "orders"), orders->pdata[i],
		    language, zone);
}

void
reply_add_parked(Values *values, const CommandList *commands,
    const GPtrArray *orders, const char *language, const Zone *zone)
{
	bool whole = orders != NULL && orders->len == commands->commands->len;

	for (guint i = 0; whole && i < orders->len; i++) {
		const OrderCase *c = orders->pdata[i];
		Values *element = values_add(values, "orders");
		g_autofree char *line = NULL;

		if (c->order->maintenance != NULL)
			set_order(element, c->order->maintenance, language,
			    zone);
		else {
			line = command_restate(commands->commands->pdata[i],
			    language);
			values_set(element, "command", line);
		}
		values_set(element, "meaning",
		    text_is_french(language)
			? order_row(c->order->kind)->summary_fr
			: order_row(c->order->kind)->summary);
	}
}

static void
add_technician_clocks(Values *values, const ReplyInternal *facts,
    const char *language)
{
	const GPtrArray *clocks = facts->public.clocks;
	bool has_term = false;

	for (guint i = 0; clocks != NULL && i < clocks->len; i++) {
		const ReplyClock *clock = g_ptr_array_index(clocks, i);

		reply_set_technician_clock(values_add(values, "clocks"), clock,
		    language);
		has_term = has_term || clock->has_term;
	}
	set_window(values, facts->public.window, has_term);
	if (facts->clock != NULL)
		reply_set_technician_clock(values, facts->clock, language);
	set_text(values, "when", facts->when);
	if (facts->share > 0)
		values_setf(values, "share", "%d", facts->share);
}

static void
set_writer(Values *values, const ReplyInternal *facts, const char *language)
{
	const char *name = facts->writer_name;
	const char *address = facts->writer_address;
	g_autofree char *proof = reply_words_proof(
	    facts->proof != NULL ? facts->proof : "", language);

	if (address == NULL || *address == '\0')
		set_text(values, "writer", name);
	else if (name == NULL || *name == '\0')
		values_set(values, "writer", address);
	else
		values_setf(values, "writer", "%s <%s>", name, address);
	set_text(values, "writer_function", facts->writer_function);
	set_text(values, "writer_phone", facts->writer_phone);
	set_text(values, "writer_reply_to", facts->asks_answers_to);
	set_text(values, "writer_sent_by", facts->sent_by);
	values_set(values, "writer_who", reply_words_who(facts->who, language));
	values_set_flag(values, "verified", facts->verified);
	values_set_flag(values, "unverified", !facts->verified);
	values_set_flag(values, "failed_proof", facts->failed);
	values_set(values, "proof", proof);
}

static void
set_alert(Values *values, const ReplyAlert *alert)
{
	static const ReplyAlert none = { 0 };

	values_set_flag(values, "alert", alert != NULL);
	values_set_flag(values, "trusted", alert != NULL && alert->trusted);
	values_set_flag(values, "untrusted", alert != NULL && !alert->trusted);
	if (alert == NULL)
		alert = &none;
	set_text(values, "host", alert->host);
	set_text(values, "service", alert->service);
	set_text(values, "alert_state", alert->state);
	set_text(values, "since", alert->since);
	set_text(values, "source", alert->source);
}

static void
set_proposed(Values *values, const ReplyProposed *proposed)
{
	set_text(values, "proposed", proposed->name);
	set_text(values, "proposed_title", proposed->title);
}

static void
add_files(Values *values, const GPtrArray *files, const char *language)
{
	for (guint i = 0; files != NULL && i < files->len; i++) {
		const ReplyFile *file = g_ptr_array_index(files, i);
		Values *element = values_add(values, "files");
		g_autofree char *size = reply_words_size(file->size, language);

		set_text(element, "name", file->name);
		values_set(element, "size", size);
		values_set(element, "fate",
		    reply_words_fate(file->fate, language));
	}
}

static void
set_file_limit(Values *values, gint64 limit, const char *language)
{
	g_autofree char *words = reply_words_size(limit, language);

	values_set(values, "file_limit", limit > 0 ? words : "");
}

static void
add_held(Values *values, const GPtrArray *held, const char *language)
{
	for (guint i = 0; held != NULL && i < held->len; i++) {
		const ReplyHeld *answer = g_ptr_array_index(held, i);
		Values *element = values_add(values, "held");

		values_set(element, "what",
		    reply_words_send(answer->what, language));
		values_set(element, "why",
		    reply_words_held(answer->why != NULL ? answer->why : "",
			language));
	}
}

static void
set_refused(Values *values, const ReplyInternal *facts)
{
	set_block(values, "your_text", facts->your_text);
	set_block(values, "their_text",
	    facts->their_text != NULL ? facts->their_text : "");
	for (const char *const *error = facts->errors;
	     error != NULL && *error != NULL; error++)
		values_set(values_add(values, "errors"), "error", *error);
}

/* What a technician's orders have done, or how those that were tried are written. */
static void
set_orders(Values *values, const ReplyInternal *facts, const char *language)
{
	values_set_flag(values, "told", facts->told);
	for (guint i = 0; facts->done != NULL && i < facts->done->len; i++)
		values_set(values_add(values, "done"), "report",
		    facts->done->pdata[i]);
	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		const OrderRow *row = order_row(kind);
		g_autofree char *usage = order_mail_usage(kind, language);
		Values *element;

		if (usage == NULL || facts->tried == NULL ||
		    !facts->tried[kind])
			continue;
		element = values_add(values, "commands");
		values_set(element, "usage", usage);
		values_set(element, "meaning",
		    text_is_french(language) ? row->summary_fr : row->summary);
	}
}

static void
add_buttons(Values *values, const GPtrArray *buttons)
{
	for (guint i = 0; buttons != NULL && i < buttons->len; i++) {
		const ReplyButton *button = buttons->pdata[i];
		Values *element = values_add(values, "buttons");

		values_set(element, "order", button->order);
		values_set(element, "label", button->label);
		set_text(element, "link", button->link);
	}
}

static void
set_failed(Values *values, const ReplyInternal *facts, const char *language)
{
	set_text(values, "failed_to", facts->failed_to);
	set_text(values, "failed_reply", facts->failed_reply);
	if (facts->failed_to != NULL && *facts->failed_to != '\0')
		values_set(values, "failed_what",
		    reply_words_send(facts->failed_what, language));
}

/* What was left out is told, so that whoever misses it can ask for it. */
static void
set_new_text(Values *values, const ReplyInternal *facts, const char *language)
{
	g_autoptr(GString) text = g_string_new(facts->new_text);

	if (facts->signature != NULL && *facts->signature != '\0')
		g_string_append_printf(text, "\n-- \n%s", facts->signature);
	if (facts->lines_cut > 0) {
		g_autofree char *cut = reply_words_lines_cut(facts->lines_cut,
		    language);

		g_string_append_printf(text, "\n\n%s", cut);
	}
	set_block(values, "new_text", text->str);
}

Values *
reply_technician_values(const ReplyInternal *facts, const char *language)
{
	Values *values = new_values(&facts->public, language);

	add_technician_clocks(values, facts, language);
	reply_set_awaits(values, facts, language);
	reply_set_reason(values, facts->reason);
	reply_add_alarms(values, facts, language);
	set_text(values, "by", facts->by);
	values_set(values, "state",
	    reply_words_ticket_state(facts->state, language));
	set_text(values, "assigned", facts->assigned);
	set_writer(values, facts, language);
	set_alert(values, facts->alert);
	set_new_text(values, facts, language);
	set_proposed(values, &facts->proposed);
	add_files(values, facts->files, language);
	add_remarks(values, facts->public.remarks, false, language);
	set_file_limit(values, facts->file_limit, language);
	add_held(values, facts->held, language);
	set_text(values, "answer_to", facts->answer_to);
	values_set_flag(values, "by_orders",
	    facts->buttons != NULL && facts->buttons->len > 0);
	set_text(values, "to_map", facts->to_map);
	set_text(values, "copied", facts->copied);
	set_text(values, "not_copied", facts->not_copied);
	set_refused(values, facts);
	set_orders(values, facts, language);
	add_buttons(values, facts->buttons);
	set_failed(values, facts, language);
	return values;
}
