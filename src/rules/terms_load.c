/*
 * A plan's `terms`: what it costs, holds, refunds and owes beside its clocks.
 *
 * Every key is known here, with what may stand there. All of it is kept for
 * people as it was written (plan_terms_shown); what decides something is read
 * into PlanTerms besides.
 */
#include "loaders_private.h"

#include "guichet/base/names.h"

#include <string.h>

typedef enum {
	TERM_MAP, /* of `keys` */
	TERM_TEXT,
	TERM_WORD, /* one of `words` */
	TERM_YES_NO,
	TERM_NUMBER,
	TERM_DURATION,
	TERM_MONEY,   /* "70.00 EUR" */
	TERM_PERCENT, /* "5 %" */
	TERM_FIELD,   /* that the plan asks of its contracts */
	TERM_PLAN,
	TERM_CALENDAR,
	TERM_DUTY,    /* of the plan's own */
	TERM_SLICE,   /* a duration, or `field`: that of this key's name */
	TERM_ALREADY, /* another loader's */
} TermKind;

typedef struct TermKey {
	const char *name;
	TermKind kind;
	bool many; /* a list of them */
	bool needed;
	const char *const *words;
	const struct TermKey *keys;
	bool or_duration; /* TERM_MAP: a duration alone will do */
} TermKey;

#define END    \
 {             \
  .name = NULL \
 }

static const char *const renewals[] = { "tacitly", "no", NULL };
static const char *const validities[] = { "none", "package", NULL };
static const char *const causes[] = { "breach", "availability", NULL };
static const char *const estimate_on[] = { "request", NULL };
static const char *const estimate_before[] = { "work", NULL };
static const char *const refunds[] = { "month's fee", NULL };
static const char *const at_most[] = { "once a month", NULL };
static const char *const report_as[] = { "reply", "mail", NULL };

static const TermKey term_keys[] = {
	{ .name = "lengths", .kind = TERM_DURATION, .many = true },
	{ .name = "renewed", .kind = TERM_WORD, .words = renewals },
	{ .name = "notice", .kind = TERM_DURATION },
	END,
};
static const TermKey step_keys[] = {
	{ .name = "up_to", .kind = TERM_NUMBER },
	{ .name = "amount", .kind = TERM_MONEY, .needed = true },
	END,
};
static const TermKey fee_keys[] = {
	{ .name = "per", .kind = TERM_FIELD },
	{ .name = "every", .kind = TERM_DURATION, .needed = true },
	{ .name = "amount", .kind = TERM_MONEY },
	{ .name = "billed", .kind = TERM_DURATION },
	{ .name = "advance", .kind = TERM_YES_NO },
	{ .name = "by", .kind = TERM_FIELD },
	{ .name = "steps", .kind = TERM_MAP, .many = true, .keys = step_keys },
	END,
};
static const TermKey package_keys[] = {
	{ .name = "hours", .kind = TERM_DURATION, .needed = true },
	{ .name = "amount", .kind = TERM_MONEY },
	END,
};
static const TermKey included_keys[] = {
	{ .name = "count", .kind = TERM_NUMBER },
	{ .name = "of", .kind = TERM_DURATION },
	{ .name = "time", .kind = TERM_DURATION },
	{ .name = "per", .kind = TERM_FIELD },
	{ .name = "every", .kind = TERM_DURATION, .needed = true },
	{ .name = "carried", .kind = TERM_YES_NO },
	END,
};
static const TermKey rate_keys[] = {
	{ .name = "received_in", .kind = TERM_CALENDAR },
	{ .name = "amount", .kind = TERM_MONEY, .needed = true },
	{ .name = "minimum", .kind = TERM_DURATION },
	END,
};
static const TermKey faster_keys[] = {
	{ .name = "surcharge", .kind = TERM_MONEY, .needed = true },
	{ .name = "commitment", .kind = TERM_WORD }, /* commitment_names() */
	END,
};
static const TermKey hour_keys[] = {
	{ .name = "prepaid", .kind = TERM_YES_NO },
	{ .name = "required", .kind = TERM_YES_NO },
	{ .name = "packages",
	    .kind = TERM_MAP,
	    .many = true,
	    .keys = package_keys,
	    .or_duration = true },
	{ .name = "bought", .kind = TERM_FIELD },
	{ .name = "slice", .kind = TERM_SLICE },
	{ .name = "validity", .kind = TERM_SLICE, .words = validities },
	{ .name = "included", .kind = TERM_MAP, .keys = included_keys },
	{ .name = "rates", .kind = TERM_MAP, .many = true, .keys = rate_keys },
	{ .name = "billed", .kind = TERM_TEXT },
	{ .name = "faster_than_plan", .kind = TERM_MAP, .keys = faster_keys },
	{ .name = "debit", .kind = TERM_PLAN },
	{ .name = "as", .kind = TERM_PLAN },
	{ .name = "then", .kind = TERM_PLAN },
	END,
};
static const TermKey penalty_keys[] = {
	{ .name = "for", .kind = TERM_WORD, .needed = true, .words = causes },
	{ .name = "refund", .kind = TERM_WORD, .words = refunds },
	{ .name = "credit", .kind = TERM_DURATION },
	{ .name = "to", .kind = TERM_PLAN },
	{ .name = "share", .kind = TERM_PERCENT },
	{ .name = "of", .kind = TERM_FIELD },
	{ .name = "per", .kind = TERM_TEXT },
	{ .name = "cap", .kind = TERM_FIELD },
	{ .name = "at_most", .kind = TERM_WORD, .words = at_most },
	END,
};
static const TermKey recovery_keys[] = {
	{ .name = "rto", .kind = TERM_DURATION },
	{ .name = "rpo", .kind = TERM_DURATION },
	END,
};
static const TermKey limit_keys[] = {
	{ .name = "estimate", .kind = TERM_DURATION, .needed = true },
	{ .name = "then", .kind = TERM_TEXT },
	{ .name = "team", .kind = TERM_ALREADY },
	{ .name = "to", .kind = TERM_FIELD },
	END,
};
static const TermKey request_keys[] = {
	{ .name = "not_debited", .kind = TERM_TEXT, .many = true },
	{ .name = "debited", .kind = TERM_TEXT, .many = true },
	{ .name = "not_handled", .kind = TERM_TEXT, .many = true },
	{ .name = "limit", .kind = TERM_MAP, .keys = limit_keys },
	END,
};
static const TermKey approval_keys[] = {
	{ .name = "above", .kind = TERM_FIELD, .needed = true },
	{ .name = "of", .kind = TERM_DURATION, .needed = true },
	{ .name = "minimum", .kind = TERM_NUMBER },
	{ .name = "contact", .kind = TERM_FIELD },
	END,
};
static const TermKey estimate_keys[] = {
	{ .name = "on", .kind = TERM_WORD, .words = estimate_on },
	{ .name = "before", .kind = TERM_WORD, .words = estimate_before },
	END,
};
static const TermKey report_keys[] = {
	{ .name = "after", .kind = TERM_WORD, .words = estimate_before },
	{ .name = "of", .kind = TERM_DUTY },
	{ .name = "as", .kind = TERM_WORD, .needed = true, .words = report_as },
	END,
};
static const TermKey queue_keys[] = {
	{ .name = "ahead", .kind = TERM_YES_NO },
	{ .name = "ahead_if", .kind = TERM_FIELD },
	END,
};
static const TermKey debrief_keys[] = {
	{ .name = "of", .kind = TERM_WORD }, /* a ticket's kind */
	{ .name = "required", .kind = TERM_YES_NO },
	END,
};
static const TermKey all_keys[] = {
	{ .name = "term", .kind = TERM_MAP, .keys = term_keys },
	{ .name = "fees", .kind = TERM_MAP, .keys = fee_keys },
	{ .name = "hours", .kind = TERM_MAP, .keys = hour_keys },
	{ .name = "penalty", .kind = TERM_MAP, .keys = penalty_keys },
	{ .name = "availability", .kind = TERM_ALREADY },
	{ .name = "recovery", .kind = TERM_MAP, .keys = recovery_keys },
	{ .name = "requests", .kind = TERM_MAP, .keys = request_keys },
	{ .name = "approval", .kind = TERM_MAP, .keys = approval_keys },
	{ .name = "estimate", .kind = TERM_MAP, .keys = estimate_keys },
	{ .name = "report", .kind = TERM_MAP, .keys = report_keys },
	{ .name = "queue", .kind = TERM_MAP, .keys = queue_keys },
	{ .name = "debrief", .kind = TERM_MAP, .keys = debrief_keys },
	END,
};
static const TermKey whole = { .name = "terms",
	.kind = TERM_MAP,
	.keys = all_keys };

/* What is being read. */
typedef struct {
	const TargetScope *scope;
	Plan *plan;
	GPtrArray *path; /* const char * */
} TermReading;

/* ---- one value ---- */

static bool
is_known(const YamlNode *node, const char *text, const char *what,
    const char *const *known)
{
	if (g_strv_contains(known, text))
		return true;
	yaml_problem_unknown(node, what, text, known);
	return false;
}

/* "70.00 EUR": two digits behind the point, and a currency. */
static bool
is_money(const char *text)
{
	const char *p = text;

	while (g_ascii_isdigit(*p))
		p++;
	if (p == text || *p != '.' || !g_ascii_isdigit(p[1]) ||
	    !g_ascii_isdigit(p[2]) || p[3] != ' ')
		return false;
	p += 4;
	return strlen(p) == 3 && g_ascii_isupper(p[0]) &&
	    g_ascii_isupper(p[1]) && g_ascii_isupper(p[2]);
}

static bool
is_percent(const char *text)
{
	char *end;
	gint64 value = g_ascii_strtoll(text, &end, 10);

	while (*end == ' ')
		end++;
	return end != text && value > 0 && value <= 100 &&
	    strcmp(end, "%") == 0;
}

static bool
read_duration(const YamlNode *node, const char *text, Duration *ret_duration)
{
	g_autoptr(GError) error = NULL;

	if (duration_parse(text, ret_duration, &error))
		return true;
	yaml_problem(node, "%s", error->message);
	return false;
}

static void
check_field(const TermReading *r, const YamlNode *node, const char *text)
{
	const GPtrArray *fields = r->plan->fields;

	for (guint i = 0; i < fields->len; i++) {
		PlanField *field = fields->pdata[i];

		if (strcmp(field->name, text) != 0)
			continue;
		g_hash_table_add(r->scope->fields_asked, field->name);
		return;
	}
	yaml_problem(node,
	    "the plan has no field '%s'; add it to 'fields' or correct the "
	    "name",
	    text);
}

static void
check_duty(const TermReading *r, const YamlNode *node, const char *text)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (guint i = 0; i < r->plan->duties->len; i++) {
		const Duty *duty = r->plan->duties->pdata[i];

		g_ptr_array_add(names, duty->name);
	}
	g_ptr_array_add(names, NULL);
	(void)is_known(node, text, "duty", (const char *const *)names->pdata);
}

static void
check_word(const TermKey *key, const YamlNode *node, const char *text)
{
	TicketKind kind;

	if (key->words != NULL)
		(void)is_known(node, text, "word", key->words);
	else if (strcmp(key->name, "commitment") == 0)
		(void)is_known(node, text, "commitment", commitment_names());
	else if (!ticket_kind_parse(text, &kind))
		yaml_problem(node,
		    "unknown kind '%s'; known: incident, request, question, "
		    "duty",
		    text);
}

static void
check_value(const TermReading *r, const TermKey *key, const YamlNode *node,
    const char *text)
{
	Duration duration;
	gint64 number;

	switch (key->kind) {
	case TERM_WORD:
		check_word(key, node, text);
		break;
	case TERM_YES_NO:
		if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
			yaml_problem(node, "'%s' is neither yes nor no", text);
		break;
	case TERM_NUMBER:
		if (!g_ascii_string_to_signed(text, 10, 0, G_MAXINT32, &number,
			NULL))
			yaml_problem(node, "'%s' is no whole number", text);
		break;
	case TERM_SLICE:
		if (strcmp(text, "field") == 0)
			check_field(r, node, key->name);
		else if (key->words == NULL ||
		    !g_strv_contains(key->words, text))
			(void)read_duration(node, text, &duration);
		break;
	case TERM_DURATION:
		(void)read_duration(node, text, &duration);
		break;
	case TERM_MONEY:
		if (!is_money(text))
			yaml_problem(node, "'%s' is no amount; write 70.00 EUR",
			    text);
		break;
	case TERM_PERCENT:
		if (!is_percent(text))
			yaml_problem(node, "'%s' is no share; write 5 %%",
			    text);
		break;
	case TERM_FIELD:
		check_field(r, node, text);
		break;
	case TERM_PLAN:
		(void)is_known(node, text, "plan", r->scope->names->plans);
		break;
	case TERM_CALENDAR:
		(void)is_known(node, text, "calendar",
		    r->scope->names->calendars);
		break;
	case TERM_DUTY:
		check_duty(r, node, text);
		break;
	case TERM_TEXT:
	case TERM_MAP:
	case TERM_ALREADY:
		break;
	}
}

/* ---- the tree ---- */

static void
keep(const TermReading *r, const char *text)
{
	PlanTerm *term = g_new0(PlanTerm, 1);

	g_ptr_array_add(r->path, NULL);
	term->name = g_strjoinv(".", (char **)r->path->pdata);
	g_ptr_array_remove_index(r->path, r->path->len - 1);
	term->value = g_strdup(text);
	g_ptr_array_add(r->plan->terms.shown, term);
}

static void
read_scalar(const TermReading *r, const TermKey *key, const YamlNode *node)
{
	const char *text = yaml_text(node);

	if (text == NULL)
		return;
	check_value(r, key, node, text);
	keep(r, text);
}

static void
read_map(const TermReading *r, const TermKey *key, const YamlNode *node);

static void
read_one(const TermReading *r, const TermKey *key, const YamlNode *node)
{
	static const TermKey duration = { .name = "", .kind = TERM_DURATION };

	if (key->kind == TERM_MAP && key->or_duration &&
	    yaml_kind(node) == YAML_SCALAR)
		read_scalar(r, &duration, node);
	else if (key->kind == TERM_MAP)
		read_map(r, key, node);
	else
		read_scalar(r, key, node);
}

static void
read_list(const TermReading *r, const TermKey *key, const YamlNode *node)
{
	if (yaml_kind(node) != YAML_LIST) {
		yaml_problem(node, "a list is expected here");
		return;
	}
	for (guint i = 0; i < yaml_count(node); i++) {
		g_autofree char *place = g_strdup_printf("%u", i + 1);

		g_ptr_array_add(r->path, place);
		read_one(r, key, yaml_item(node, i));
		g_ptr_array_remove_index(r->path, r->path->len - 1);
	}
}

static void
read_map(const TermReading *r, const TermKey *key, const YamlNode *node)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (const TermKey *one = key->keys; one->name != NULL; one++)
		g_ptr_array_add(names, (gpointer)one->name);
	g_ptr_array_add(names, NULL);
	if (!yaml_check_keys(node, (const char *const *)names->pdata))
		return;
	for (const TermKey *one = key->keys; one->name != NULL; one++) {
		const YamlNode *value = one->needed ? yaml_need(node, one->name)
						    : yaml_get(node, one->name);

		if (value == NULL || one->kind == TERM_ALREADY)
			continue;
		g_ptr_array_add(r->path, (gpointer)one->name);
		if (one->many)
			read_list(r, one, value);
		else
			read_one(r, one, value);
		g_ptr_array_remove_index(r->path, r->path->len - 1);
	}
}

/* ---- what decides ---- */

static void
durations_load(const YamlNode *list, const char *within, GArray *durations)
{
	for (guint i = 0; i < yaml_count(list); i++) {
		const YamlNode *item = yaml_item(list, i);
		const YamlNode *value = yaml_kind(item) == YAML_MAP
		    ? yaml_get(item, within)
		    : item;
		Duration duration;

		if (value != NULL && yaml_kind(value) == YAML_SCALAR &&
		    duration_parse(yaml_text(value), &duration, NULL))
			g_array_append_val(durations, duration);
	}
}

/* What is wrong was reported already. */
static const char *
scalar(const YamlNode *map, const char *key)
{
	const YamlNode *node = yaml_get(map, key);

	return node != NULL && yaml_kind(node) == YAML_SCALAR ? yaml_text(node)
							      : NULL;
}

/* What is over it goes somewhere, or its client would hear of no team. */
static void
limit_load(const YamlNode *map, PlanTerms *terms)
{
	const char *estimate = scalar(map, "estimate");
	Duration most;

	if (map == NULL)
		return;
	if (estimate != NULL && duration_parse(estimate, &most, NULL) &&
	    most.unit == DURATION_TIME)
		terms->limit = most.count;
	if (yaml_need(map, "team") != NULL)
		load_words(map, "team", &terms->limit_team);
	terms->limit_to = g_strdup(scalar(map, "to"));
}

static void
decisive_load(const YamlNode *map, PlanTerms *terms)
{
	const YamlNode *term = yaml_get(map, "term");
	const char *notice = scalar(term, "notice");
	const YamlNode *approval = yaml_get(map, "approval");
	const char *least = scalar(approval, "minimum");
	const char *of = scalar(approval, "of");
	Duration slice;
	const YamlNode *hours = yaml_get(map, "hours");
	const YamlNode *queue = yaml_get(map, "queue");

	durations_load(yaml_get(term, "lengths"), "", terms->lengths);
	if (notice == NULL || !duration_parse(notice, &terms->notice, NULL))
		terms->notice = (Duration){ 0 };
	durations_load(yaml_get(hours, "packages"), "hours", terms->packages);
	terms->bought = g_strdup(scalar(hours, "bought"));
	terms->approval = g_strdup(scalar(approval, "above"));
	if (of != NULL && duration_parse(of, &slice, NULL) &&
	    slice.unit == DURATION_TIME)
		terms->approval_of = slice.count;
	terms->approval_contact = g_strdup(scalar(approval, "contact"));
	limit_load(yaml_get(yaml_get(map, "requests"), "limit"), terms);
	terms->estimates = yaml_get(map, "estimate") != NULL;
	terms->approval_least = least != NULL ? g_ascii_strtoll(least, NULL, 10)
					      : 0;
	terms->ahead = g_strcmp0(scalar(queue, "ahead"), "yes") == 0;
	terms->ahead_if = g_strdup(scalar(queue, "ahead_if"));
}

void
terms_load(const YamlNode *root, const TargetScope *scope, Plan *plan)
{
	const YamlNode *map = yaml_get(root, "terms");
	TermReading r = { scope, plan, g_ptr_array_new() };

	if (map != NULL) {
		if (!yaml_is_past(map))
			read_map(&r, &whole, map);
		plan->availability =
		    availability_load(yaml_get(map, "availability"), NULL);
	}
	decisive_load(map, &plan->terms);
	if (map != NULL)
		plan->terms.hours = hours_load(map);
	g_ptr_array_unref(r.path);
}
