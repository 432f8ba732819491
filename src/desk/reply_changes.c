/* What was told and is not so any more, in words: before, now, why, how it is
 * counted. */
#include "guichet/desk/reply.h"

#include "guichet/judgment/reply_words.h"
#include "guichet/yaml/catalog.h"

#include <string.h>

/* Of one reader. */
typedef struct {
	Values *values;
	const TicketView *view;
	const ToldChanges *changes;
	const char *language;
	const Zone *zone;
} Telling;

static void
add(const Telling *t, const char *what, const char *before, const char *now)
{
	Values *element = values_add(t->values, "changes");

	values_set(element, "what", what);
	values_set(element, "before", before);
	values_set(element, "now", now);
}

static const char *
word(const Telling *t, ReplyTelling telling)
{
	return reply_words_telling(telling, t->language);
}

/* "guaranteed: Friday" */
static char *
said_of(const Telling *t, const char *what, const char *words)
{
	return g_strdup_printf(catalog_text(t->language, "%s: %s"), what,
	    words);
}

static const char *
or_none(const Telling *t, const char *text)
{
	return *text != '\0' ? text : word(t, REPLY_TELLING_NONE);
}

static const Plan *
plan_named(const Telling *t, const char *name)
{
	return ruleset_plan(t->view->rules.own, name);
}

static const char *
plan_title(const Telling *t, const char *name)
{
	const Plan *plan = plan_named(t, name);

	if (*name == '\0')
		return word(t, REPLY_TELLING_NO_PLAN);
	return plan != NULL ? words_in(&plan->title, t->language) : name;
}

static char *
severity_words(const Telling *t, int severity, const char *plan_name)
{
	const Plan *plan = plan_named(t, plan_name);
	const char *words = plan != NULL && severity > 0
	    ? words_in(&plan->severity_names[severity], t->language)
	    : "";

	if (severity == 0)
		return g_strdup(word(t, REPLY_TELLING_NO_SEVERITY));
	return *words != '\0' ? g_strdup_printf("%d (%s)", severity, words)
			      : g_strdup_printf("%d", severity);
}

/* Whose it is: a client knows no file of ours. */
static const char *
client_of(const Telling *t, const char *name)
{
	const Contract *contract = ruleset_contract(t->view->rules.own, name);

	return or_none(t, contract != NULL ? contract->client : name);
}

/* "Citrix NetScaler: SOS24 does not cover it" */
static char *
component_words(const Telling *t, const char *name)
{
	const Terms *bought = &t->view->terms;
	const char *title = *name != '\0' ? name
					  : word(t, REPLY_TELLING_NO_PART);

	for (guint i = 0;
	     bought->plan != NULL && i < bought->plan->components->len; i++) {
		const Component *one = bought->plan->components->pdata[i];

		if (strcmp(one->name, name) == 0)
			title = words_in(&one->title, t->language);
	}
	if (bought->plan == NULL ||
	    plan_covers_component(bought->plan, name, bought->fields))
		return g_strdup(title);
	return g_strdup_printf(
	    catalog_text(t->language, "%s, which %s does not cover"), title,
	    words_in(&bought->plan->title, t->language));
}

static char *
exclusion_words(const Telling *t, const char *reason)
{
	if (*reason == '\0')
		return g_strdup(word(t, REPLY_TELLING_APPLY));
	return said_of(t, word(t, REPLY_TELLING_EXCLUDED),
	    reply_words_exclusion(reason, t->language));
}

/* "guaranteed: Friday 20 November 2026, 17:00 (UTC+01:00)" */
static char *
promise_words(const Telling *t, bool is, Commitment commitment, Instant due)
{
	g_autofree char *when = NULL;

	if (!is)
		return g_strdup(word(t, REPLY_TELLING_NONE));
	when = due != INSTANT_NONE ? sla_when(due, t->language, t->zone)
				   : g_strdup(word(t, REPLY_TELLING_NO_TERM));
	return said_of(t, reply_words_commitment(commitment, t->language),
	    when);
}

static void
add_terms(const Telling *t)
{
	const TicketTold *before = t->changes->before;
	const Ticket *now = t->view->ticket;
	g_autofree char *severity_then = severity_words(t, before->as.severity,
	    before->plan);
	g_autofree char *severity_now = severity_words(t, now->severity,
	    now->plan);
	g_autofree char *terms_then = exclusion_words(t, before->exclusion);
	g_autofree char *terms_now = exclusion_words(t, now->exclusion);
	g_autofree char *part_then = component_words(t, before->as.component);
	g_autofree char *part_now = component_words(t, now->component);
	const struct {
		bool is;
		ReplyChange what;
		const char *before, *now;
	} rows[] = {
		{ t->changes->contract, REPLY_CHANGE_CONTRACT,
		    client_of(t, before->as.contract),
		    client_of(t, now->contract) },
		{ t->changes->plan, REPLY_CHANGE_PLAN,
		    plan_title(t, before->plan), plan_title(t, now->plan) },
		{ t->changes->kind, REPLY_CHANGE_KIND,
		    reply_words_kind(before->as.kind, t->language),
		    reply_words_kind(now->kind, t->language) },
		{ t->changes->severity, REPLY_CHANGE_SEVERITY, severity_then,
		    severity_now },
		{ t->changes->component, REPLY_CHANGE_COMPONENT, part_then,
		    part_now },
		{ t->changes->exclusion, REPLY_CHANGE_EXCLUSION, terms_then,
		    terms_now },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].is)
			add(t, reply_words_change(rows[i].what, t->language),
			    rows[i].before, rows[i].now);
	}
}

static const char *
promise_name(const Telling *t, Milestone milestone)
{
	return sla_promise(milestone,
	    ticket_response_anew(t->view->ticket, milestone), t->language);
}

/* How the clock of a promise that is another now is counted. */
static void
add_arithmetic(const Telling *t, GString *arithmetic, Milestone milestone)
{
	const SlaClock *clock = sla_clock_of(t->view->clocks, milestone);
	g_autofree char *how = NULL, *line = NULL;

	if (clock == NULL || clock->due == INSTANT_NONE)
		return;
	how = sla_explain_short(clock, t->language, t->zone);
	line = said_of(t, promise_name(t, milestone), how);
	if (arithmetic->len > 0)
		g_string_append_c(arithmetic, '\n');
	g_string_append(arithmetic, line);
}

void
reply_add_changes(Values *values, const TicketView *view,
    const ToldChanges *changes, const char *language, const Zone *zone)
{
	const Telling t = { values, view, changes, language, zone };
	g_autoptr(GString) arithmetic = g_string_new("");

	add_terms(&t);
	if (changes->breach)
		add(&t, reply_words_change(REPLY_CHANGE_BREACH, language),
		    word(&t, REPLY_TELLING_MISSED),
		    word(&t, REPLY_TELLING_NO_BREACH));
	for (guint i = 0; i < changes->promises->len; i++) {
		const ToldPromise *promise = &g_array_index(changes->promises,
		    ToldPromise, i);
		g_autofree char *before = promise_words(&t, promise->was,
		    promise->commitment_before, promise->due_before);
		g_autofree char *now = promise_words(&t, promise->is,
		    promise->commitment_now, promise->due_now);

		add(&t, promise_name(&t, promise->milestone), before, now);
		if (promise->is)
			add_arithmetic(&t, arithmetic, promise->milestone);
	}
	values_set(values, "changed", "1");
	values_set(values, "why", reply_words_cause(changes->why, language));
	values_set(values, "arithmetic", arithmetic->str);
	values_set(values, "objection", word(&t, REPLY_TELLING_OBJECT));
}
