/* What a client reads of the plan that their contract is about, whichever judges
 * their ticket. */
#include "guichet/work/answer.h"

#include <string.h>

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
