/*
 * guichet deadline: what a plan would promise for a mail received at an
 * instant. What-if for a manager, and by the line for programs (--batch).
 */
#include "guichet/base/error.h"
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/ticket/sla.h"

#include "guichet/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One question, as asked. */
typedef struct {
	Terms terms;
	Ticket *ticket;
	char **holidays;    /* given, or NULL */
	GHashTable *fields; /* given, or NULL */
} Question;

static void
question_clear(Question *question)
{
	g_clear_pointer(&question->ticket, ticket_free);
	g_clear_pointer(&question->holidays, g_strfreev);
	g_clear_pointer(&question->fields, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Question, question_clear)

static bool refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool
refuse(GError **error, const char *format, ...)
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

/* "covered", "excluded", or one that the plan names. */
static bool
set_component(Question *q, const char *value, GError **error)
{
	const GPtrArray *components = q->terms.plan->components;

	if (strcmp(value, "covered") == 0)
		return true;
	for (guint i = 0; i < components->len; i++) {
		const Component *c = components->pdata[i];
		bool excluded = !c->covered && c->covered_if == NULL;

		if (strcmp(c->name, value) == 0 ||
		    (excluded && strcmp(value, "excluded") == 0)) {
			g_free(q->ticket->component);
			q->ticket->component = g_strdup(c->name);
			return true;
		}
	}
	if (strcmp(value, "excluded") == 0)
		return true; /* a plan that excludes nothing */
	return refuse(error,
	    "plan %s knows no component '%s'; covered and excluded always work",
	    q->terms.plan->name, value);
}

/* The terms that a contract has given, on the day of receipt. The plan stays
 * the one asked for; a contract's own promises are its first plan's. */
static bool
set_contract(Question *q, const char *name, GError **error)
{
	const Contract *contract = ruleset_contract(q->terms.ruleset, name);
	const Plan *plan = q->terms.plan;
	Terms terms;

	if (contract == NULL)
		return refuse(error, "there is no contract '%s'", name);
	if (!ruleset_terms(q->terms.ruleset, contract, q->ticket->received,
		&terms))
		return refuse(error, "contract %s was not yet in force", name);
	if (terms.plan != plan)
		terms.targets = NULL;
	q->terms = terms;
	q->terms.plan = plan;
	return true;
}

/* A stretch in which the client was waited for: FROM/TO. */
static bool
set_pause(Question *q, const char *value, GError **error)
{
	g_auto(GStrv) ends = g_strsplit(value, "/", 2);
	Pause pause = { .why = TICKET_WAITING_CUSTOMER };

	if (g_strv_length(ends) != 2)
		return refuse(error, "pause is FROM/TO, not '%s'", value);
	if (!instant_parse(ends[0], &pause.from, error) ||
	    !instant_parse(ends[1], &pause.to, error))
		return false;
	if (pause.to < pause.from)
		return refuse(error, "the pause '%s' ends before it begins",
		    value);
	g_array_append_val(q->ticket->pauses, pause);
	return true;
}

/* A field that the plan, or one that stands in for it, asks contracts for. */
static bool
set_field(Question *q, const char *key, const char *value)
{
	const Plan *plan = q->terms.plan;

	for (; plan != NULL; plan = plan->otherwise == NULL
		 ? NULL
		 : ruleset_plan(q->terms.ruleset, plan->otherwise)) {
		for (guint i = 0; i < plan->fields->len; i++) {
			const PlanField *field = plan->fields->pdata[i];

			if (strcmp(field->name, key) != 0)
				continue;
			if (q->fields == NULL)
				q->fields = g_hash_table_new_full(g_str_hash,
				    g_str_equal, g_free, g_free);
			g_hash_table_insert(q->fields, g_strdup(key),
			    g_strdup(value));
			q->terms.fields = q->fields;
			return true;
		}
	}
	return false;
}

static bool
set_option(Question *q, const char *option, GError **error)
{
	const char *value = strchr(option, '=');
	g_autofree char *key = NULL;

	if (value == NULL)
		return refuse(error, "'%s' is no key=value", option);
	key = g_strndup(option, (gsize)(value++ - option));
	if (strcmp(key, "kind") == 0)
		return ticket_kind_parse(value, &q->ticket->kind) ||
		    refuse(error,
			"kind is incident, request or question, not '%s'",
			value);
	if (strcmp(key, "component") == 0)
		return set_component(q, value, error);
	if (strcmp(key, "scope") == 0) {
		g_free(q->ticket->scope);
		q->ticket->scope = g_strdup(value);
		return true;
	}
	if (strcmp(key, "zone") == 0) {
		q->terms.zone = zone_get(value, error);
		return q->terms.zone != NULL;
	}
	if (strcmp(key, "holidays") == 0) {
		g_strfreev(q->holidays);
		q->holidays = g_strsplit(
		    strcmp(value, "none") == 0 ? "" : value, ",", -1);
		for (gsize i = 0; q->holidays[i] != NULL; i++) {
			if (ruleset_holidays(q->terms.ruleset,
				q->holidays[i]) == NULL)
				return refuse(error,
				    "there are no holidays '%s'",
				    q->holidays[i]);
		}
		q->terms.holidays = (const char *const *)q->holidays;
		return true;
	}
	if (strcmp(key, "contract") == 0)
		return set_contract(q, value, error);
	if (strcmp(key, "pause") == 0)
		return set_pause(q, value, error);
	return set_field(q, key, value) ||
	    refuse(error,
		"unknown '%s'; there are kind, component, scope, zone, "
		"holidays, contract, pause, and the plan's fields",
		key);
}

/* A plan that stands in for it may have others. */
static bool
has_severity(const Question *q, int severity)
{
	for (const Plan *plan = q->terms.plan; plan != NULL;
	     plan = plan->otherwise == NULL
		 ? NULL
		 : ruleset_plan(q->terms.ruleset, plan->otherwise)) {
		if (plan->severities == 0 ||
		    (plan->severities & (1u << severity)) != 0)
			return true;
	}
	return false;
}

static bool
refuse_severity(const Question *q, int severity, GError **error)
{
	const Plan *plan = q->terms.plan;
	g_autoptr(GString) list = g_string_new(NULL);

	for (int s = 1; s <= SEVERITY_MAX; s++) {
		if ((plan->severities & (1u << s)) != 0)
			g_string_append_printf(list, "%s%d (%s)",
			    list->len > 0 ? ", " : "", s,
			    words_in(&plan->severity_names[s], "en"));
	}
	return refuse(error, "plan %s has no severity %d; it has %s",
	    plan->name, severity, list->str);
}

/* fields: plan, severity, received, then key=value. */
static bool
question_parse(Question *q, const Ruleset *ruleset, char *const *fields,
    GError **error)
{
	gsize count = g_strv_length((char **)fields);
	gint64 severity;
	char *end;

	if (count < 3)
		return refuse(error,
		    "a line is plan, severity, received; then key=value");
	q->terms.ruleset = ruleset;
	q->terms.plan = ruleset_plan(ruleset, fields[0]);
	if (q->terms.plan == NULL)
		return refuse(error, "there is no plan '%s'", fields[0]);
	severity = g_ascii_strtoll(fields[1], &end, 10);
	if (*end != '\0' || end == fields[1] || severity < 1 ||
	    severity > SEVERITY_MAX)
		return refuse(error, "'%s' is no severity from 1 to 9",
		    fields[1]);
	if (!has_severity(q, (int)severity))
		return refuse_severity(q, (int)severity, error);
	q->ticket = ticket_new(1);
	q->ticket->severity = (int)severity;
	q->ticket->kind = KIND_INCIDENT;
	if (!instant_parse(fields[2], &q->ticket->received, error))
		return false;
	q->ticket->opened = q->ticket->received;
	for (gsize i = 3; i < count; i++) {
		if (*fields[i] != '\0' && !set_option(q, fields[i], error))
			return false;
	}
	return true;
}

/* The clocks as they stand when the last pause has ended. */
static GPtrArray *
question_clocks(const Question *q)
{
	Instant now;
	const GArray *pauses;

	g_assert(q->ticket != NULL);
	pauses = q->ticket->pauses;
	now = q->ticket->received;
	for (guint i = 0; i < pauses->len; i++)
		now = MAX(now, g_array_index(pauses, Pause, i).to);
	return sla_clocks(q->ticket, &q->terms, now);
}

static Instant
question_intake(const Question *q, const GPtrArray *clocks)
{
	const SlaClock *clock;

	g_assert(q->terms.plan != NULL && q->ticket != NULL);
	if (clocks->len == 0)
		return calendar_intake(
		    terms_calendar(&q->terms, q->terms.plan->intake),
		    q->ticket->received);
	clock = clocks->pdata[0];
	return clock->intake;
}

/* What lies beyond the years of a file of holidays was counted without any. */
static void
tell_holidays(const Question *q)
{
	g_autoptr(GPtrArray) clocks = question_clocks(q);

	for (guint i = 0; i < clocks->len; i++) {
		const SlaClock *clock = clocks->pdata[i];
		g_autofree char *last = NULL;
		Date end;

		if (clock->due == INSTANT_NONE || clock->clock == NULL ||
		    !calendar_holidays_end(clock->clock, &end) ||
		    clock->due < ((Instant)end + 1) * 86400)
			continue;
		last = date_format(end);
		fprintf(stderr,
		    "guichet: warning: %s: no holidays are known after %s\n",
		    milestone_name(clock->milestone), last);
	}
}

static void
print_batch_line(const Question *q)
{
	g_autoptr(GPtrArray) clocks = question_clocks(q);
	g_autofree char *intake = instant_format(question_intake(q, clocks));

	fputs("intake=", stdout);
	fputs(intake, stdout);
	for (guint i = 0; i < clocks->len; i++) {
		const SlaClock *clock = clocks->pdata[i];
		g_autofree char *due = NULL;

		if (clock->due == INSTANT_NONE)
			continue;
		due = instant_format(clock->due);
		putchar('\t');
		fputs(milestone_name(clock->milestone), stdout);
		putchar('=');
		fputs(due, stdout);
	}
	putchar('\n');
}

/* Answers each line of standard input by one line. */
static int
batch(const Ruleset *ruleset)
{
	g_autofree char *line = NULL;
	size_t size = 0;
	ssize_t got;
	int code = APP_DONE;

	while ((got = getline(&line, &size, stdin)) > 0) {
		g_autoptr(GError) error = NULL;
		g_auto(GStrv) fields = NULL;
		g_auto(Question) q = { 0 };

		g_strchomp(line);
		fields = g_strsplit(line, "\t", 16);
		if (question_parse(&q, ruleset, fields, &error)) {
			print_batch_line(&q);
			continue;
		}
		printf("error=%s\n", error->message);
		code = APP_FAILED;
	}
	return code;
}

static void
explain(const Question *q, const char *language)
{
	g_autoptr(GPtrArray) clocks = question_clocks(q);
	const Zone *zone = q->terms.zone != NULL ? q->terms.zone
						 : q->terms.plan->zone;

	for (guint i = 0; i < clocks->len; i++) {
		SlaClock *clock = clocks->pdata[i];
		g_autofree char *words = NULL;

		sla_steps(clock);
		words = sla_explain(clock, language, zone);
		printf("%s%s\n", i > 0 ? "\n" : "", words);
	}
	if (clocks->len == 0)
		puts(text_is_french(language)
			? "Rien n'est promis par ce contrat dans ce cas."
			: "Nothing is promised by this plan in this case.");
}

static int
deadline_run(int argc, char **argv)
{
	g_autofree char *config = NULL, *language = NULL;
	gboolean is_batch = FALSE, with_words = FALSE;
	const GOptionEntry entries[] = {
		{ "batch", 0, 0, G_OPTION_ARG_NONE, &is_batch,
		    "Read a question a line, tab-separated", NULL },
		{ "explain", 0, 0, G_OPTION_ARG_NONE, &with_words,
		    "Show the arithmetic", NULL },
		{ "language", 'l', 0, G_OPTION_ARG_STRING, &language,
		    "Words in fr or en (default en)", "LANG" },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	g_autoptr(GError) error = NULL;
	g_auto(Question) q = { 0 };

	if (!app_options(&cmd_deadline, &argc, &argv, &config, entries,
		(WordCount){ 0, G_MAXINT }))
		return APP_USAGE;
	context = context_open(config, CONTEXT_TERMS | CONTEXT_EXAMPLE);
	if (context == NULL)
		return APP_FAILED;
	if (is_batch)
		return batch(context->ruleset);
	if (!question_parse(&q, context->ruleset, argv + 1, &error)) {
		context_fail(error);
		return APP_USAGE;
	}
	tell_holidays(&q);
	if (with_words)
		explain(&q, language != NULL ? language : "en");
	else
		print_batch_line(&q);
	return APP_DONE;
}

const Subcommand cmd_deadline = { "deadline",
	"[PLAN SEVERITY RECEIVED [KEY=VALUE...]]",
	"What a plan would promise: intake and due instants", deadline_run };
