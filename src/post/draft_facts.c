/* Who wrote the mail that a notice is about, person or monitoring system, as
 * far as contract, signature and alert tell; and what a client reads of the plan
 * that their contract is about, whichever judges their ticket. */
#include "guichet/post/post.h"

#include "guichet/desk/reply.h"
#include "guichet/trust/recipients.h"
#include "guichet/words/body.h"

#include <string.h>

void
draft_facts_clear(DraftFacts *facts)
{
	g_free(facts->signature);
	g_free(facts->phone);
	g_free(facts->since);
	g_free(facts->copied);
	g_free(facts->not_copied);
}

/* As today's rules have them: who the contract's people are. */
static const Contact *
contact_of(const Intake *in, const Occasion *o, const char *address)
{
	const Contract *contract = ruleset_contract(in->ruleset,
	    o->view->ticket->contract);

	return contract != NULL && address != NULL
	    ? contract_contact(contract, address)
	    : NULL;
}

static void
find_writer(DraftFacts *facts, const Intake *in, const Occasion *o)
{
	const Message *message = o->gathered->sit.message;
	const Contact *contact = contact_of(in, o, message->identity);

	facts->signature = body_signature(message->text);
	facts->phone = body_phone(facts->signature);
	facts->name = contact != NULL ? contact->name : "";
	facts->function = contact != NULL ? contact->function : "";
	if (contact == NULL || *contact->phone == '\0')
		return;
	/* What the contract says was agreed on; a mail says what it likes. */
	g_free(facts->phone);
	facts->phone = g_strdup(contact->phone);
}

const char *
draft_facts_name(const Intake *in, const Occasion *o)
{
	const char *identity = o->gathered->sit.message->identity;
	const Contact *contact = contact_of(in, o, identity);

	return contact != NULL && *contact->name != '\0' ? contact->name
							 : identity;
}

static char *
join(GPtrArray *addresses)
{
	if (addresses->len == 0)
		return NULL;
	g_ptr_array_add(addresses, NULL);
	return g_strjoinv(", ", (char **)addresses->pdata);
}

/* Whom the mail in hand was written to besides, and who gets nothing of ours. */
static char *
find_strangers(const Intake *in, const Occasion *o, GPtrArray *copies)
{
	g_autoptr(GPtrArray) others = g_ptr_array_new();
	g_auto(GStrv) named = recipients_besides(o->gathered->sit.message,
	    (const char *const *)in->conf->own_addresses);

	for (gsize i = 0; named[i] != NULL; i++) {
		if (strcmp(named[i], o->client.address) != 0 &&
		    conf_technician(in->conf, named[i]) == NULL &&
		    !g_ptr_array_find_with_equal_func(copies, named[i],
			g_str_equal, NULL))
			g_ptr_array_add(others, named[i]);
	}
	return join(others);
}

static void
find_readers(DraftFacts *facts, const Intake *in, const Occasion *o)
{
	g_autoptr(GPtrArray) copies = view_copies(in, o->view,
	    o->client.address);

	if (o->gathered != NULL && o->gathered->sit.alert == NULL &&
	    o->gathered->sit.who != WHO_TECHNICIAN)
		facts->not_copied = find_strangers(in, o, copies);
	facts->copied = join(copies);
}

static void
find_alert(DraftFacts *facts, const Occasion *o, const char *language,
    const Zone *zone)
{
	const Ticket *ticket = o->view->ticket;
	const AlertFacts *known = o->gathered != NULL ? o->gathered->sit.alert
						      : NULL;
	const Alert *alert = known != NULL ? known->alert : NULL;
	Instant since = o->gathered != NULL ? o->gathered->sit.received
					    : ticket->received;

	facts->is_alert = true;
	facts->alert = (ReplyAlert){
		.host = alert != NULL ? alert->host : ticket->host,
		.service = alert != NULL ? alert->service : ticket->service,
		.state = alert != NULL ? alert->state : "",
		.source = known != NULL && known->source != NULL ? known->source
								 : "",
		.trusted = known == NULL || known->is_trusted,
	};
	/* Of what goes on, since it began; an end, or a beginning, is now. */
	if (alert != NULL && alert->level != ALERT_LEVEL_OK &&
	    known->known != NULL && known->known->firing &&
	    known->known->turned != INSTANT_NONE)
		since = known->known->turned;
	facts->since = sla_when(since, language, zone);
	facts->alert.since = facts->since;
}

static void
find_proposed(DraftFacts *facts, const Occasion *o, const char *language)
{
	const char *name = o->view->ticket->proposed;
	const Plan *plan = o->view->terms.plan;

	for (guint i = 0; plan != NULL && i < plan->components->len; i++) {
		const Component *one = plan->components->pdata[i];

		if (strcmp(one->name, name) == 0)
			facts->proposed = (ReplyProposed){ one->name,
				words_in(&one->title, language) };
	}
}

void
draft_facts_find(DraftFacts *facts, const Intake *in, const Occasion *o,
    const char *language, const Zone *zone)
{
	bool is_alert = o->gathered != NULL
	    ? o->gathered->sit.alert != NULL
	    : ticket_is_of_an_alert(o->view->ticket);

	facts->name = facts->function = "";
	find_proposed(facts, o, language);
	find_readers(facts, in, o);
	if (is_alert)
		find_alert(facts, o, language, zone);
	else if (o->gathered != NULL)
		find_writer(facts, in, o);
}

/* ---- what a client reads of the plan that was bought ---- */

/* The title of the ticket's component, where the plan that was bought does not
 * cover it; NULL: it does, or there is none. What words alone name is not yet
 * excluded. */
static const char *
excluded_component(const TicketView *view, const char *language)
{
	const char *name = view->ticket->component;
	const Plan *plan = view->terms.plan;

	if (*name == '\0' ||
	    plan_covers_component(plan, name, view->terms.fields))
		return NULL;
	for (guint i = 0; i < plan->components->len; i++) {
		const Component *one = plan->components->pdata[i];

		if (strcmp(one->name, name) == 0)
			return words_in(&one->title, language);
	}
	return name;
}

/* Whether a promise with a term runs. */
static bool
runs(const TicketView *view)
{
	for (guint i = 0; i < view->clocks->len; i++) {
		const SlaClock *clock = view->clocks->pdata[i];

		if (sla_is_owed(clock) && clock->state != SLA_NO_TERM)
			return true;
	}
	return false;
}

/* In whose hours somebody is there where nothing is promised in a term: those
 * of best effort, else of the plan's intake. */
static const Calendar *
hours_of(const TicketView *view)
{
	for (guint i = 0; i < view->clocks->len; i++) {
		const SlaClock *clock = view->clocks->pdata[i];

		if (clock->target != NULL && clock->clock != NULL)
			return clock->clock;
	}
	return view->in_force.plan != NULL
	    ? terms_calendar(&view->in_force, view->in_force.plan->intake)
	    : NULL;
}

static char *
opens(const Occasion *o, const char *language, const Zone *zone)
{
	const Calendar *hours = runs(o->view) ? NULL : hours_of(o->view);
	Instant next = hours != NULL ? calendar_intake(hours, o->now)
				     : INSTANT_NONE;

	return next != INSTANT_NONE && next != o->now
	    ? sla_when(next, language, zone)
	    : NULL;
}

/* Whether both show the same time, now and in half a year. */
static bool
is_same_time(const Zone *a, const Zone *b, Instant now)
{
	Instant later = now + 183 * 86400;

	return zone_offset(a, now) == zone_offset(b, now) &&
	    zone_offset(a, later) == zone_offset(b, later);
}

void
draft_facts_public(ReplyPublic *facts, DraftOffer *offer, const Intake *in,
    const Occasion *o, const char *language, const Zone *zone)
{
	const TicketView *view = o->view;

	if (!is_same_time(zone, zone_get(in->conf->zone, NULL), o->now))
		facts->zone = zone_name(zone);
	if (!view->has_terms)
		return;
	facts->offer = &view->terms;
	facts->now = o->now;
	facts->in = zone;
	facts->plan = words_in(&view->terms.plan->title, language);
	facts->excluded = excluded_component(view, language);
	if (facts->excluded != NULL && view->in_force.plan != NULL &&
	    view->in_force.plan != view->terms.plan)
		facts->instead = words_in(&view->in_force.plan->title,
		    language);
	offer->opens = opens(o, language, zone);
	facts->opens = offer->opens;
}

/* ---- an alarm ---- */

static void
free_alarm(gpointer data)
{
	ReplyAlarm *alarm = data;

	reply_clock_free(alarm->clock);
	g_free(alarm->when);
	g_free(alarm);
}

GPtrArray *
draft_facts_also(const Occasion *o, const Effect *effect, const char *language,
    const Zone *zone)
{
	GPtrArray *also = g_ptr_array_new_with_free_func(free_alarm);

	for (guint i = 0; effect->also != NULL && i < effect->also->len; i++) {
		const Effect *one = effect->also->pdata[i];
		ReplyAlarm *alarm = g_new0(ReplyAlarm, 1);

		alarm->reason = one->reason;
		alarm->share = one->share;
		if (one->clock != NULL)
			alarm->clock = reply_clock_new(one->clock, language,
			    zone, o->now);
		if (one->when != 0)
			alarm->when = sla_when(one->when, language, zone);
		g_ptr_array_add(also, alarm);
	}
	return also;
}
