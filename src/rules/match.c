/* What the site's rules set of one mail, by what was read of it and what the
 * desk knows. */
#include "guichet/base/names.h"
#include "guichet/base/text.h"
#include "guichet/rules/robot.h"
#include "match_private.h"

#include <string.h>

#define LONGEST_WORD 100 /* of a component, scope or tag out of a mail */

/* One walk over the rules. */
typedef struct {
	const MatchRead *read;
	const MatchContext *context;
	gint64 steps;         /* left of LIMIT_RULES_STEPS */
	bool spent;           /* the limit that was met was that of all rules */
	GHashTable *captures; /* of the rule, borrowed; NULL: not wanted */
	GPtrArray *kept;      /* captures that nothing else keeps */
	GHashTable *weighed;  /* scale's name to points */
	GPtrArray *fired;     /* const char *, names of rules */
	MatchResult *result;
} Walk;

static PatternResult run_test(Walk *walk, const Test *test);

/* Puts what `from` holds into the captures, of which there may be none. */
static void
add_captures(GHashTable *captures, GHashTable *from)
{
	GHashTableIter iter;
	gpointer name, value;

	if (captures == NULL || from == NULL)
		return;
	g_hash_table_iter_init(&iter, from);
	while (g_hash_table_iter_next(&iter, &name, &value))
		g_hash_table_replace(captures, name, value);
}

/* What the reading of the mail says. */
static PatternResult
recall(Walk *walk, const Test *test)
{
	const MatchFinding *finding = &walk->read->findings[test->number];

	walk->spent = finding->spent;
	if (finding->result == PATTERN_YES)
		add_captures(walk->captures, finding->captures);
	return finding->result;
}

static PatternResult
search_recipients(Walk *walk, const Test *test)
{
	const char *const *list = walk->context->recipients;
	GHashTable *captures = g_hash_table_new_full(g_str_hash, g_str_equal,
	    g_free, g_free);
	PatternResult result = PATTERN_NO;

	g_ptr_array_add(walk->kept, captures);
	for (gsize i = 0;
	     list != NULL && list[i] != NULL && result == PATTERN_NO; i++)
		result = walk->steps <= 0
		    ? PATTERN_LIMIT
		    : pattern_find_within(test->pattern, list[i], captures,
			  &walk->steps);
	walk->spent = walk->steps <= 0;
	add_captures(walk->captures, captures);
	return result;
}

/* The first answer that is not `go_on`: a limit ends the rule even where
 * another part could still decide it, lest the order hide it. */
static PatternResult
run_parts(Walk *walk, const Test *test, PatternResult go_on)
{
	PatternResult result = go_on;

	for (guint i = 0; i < test->parts->len && result == go_on; i++)
		result = run_test(walk, test->parts->pdata[i]);
	return result;
}

/* What a negated test finds is nothing that a rule could set. */
static PatternResult
run_not(Walk *walk, const Test *test)
{
	GHashTable *captures = walk->captures;
	PatternResult result;

	walk->captures = NULL;
	result = run_parts(walk, test, PATTERN_YES);
	walk->captures = captures;
	if (result == PATTERN_LIMIT)
		return result;
	return result == PATTERN_YES ? PATTERN_NO : PATTERN_YES;
}

static PatternResult
same(const char *word, const char *value)
{
	return g_strcmp0(word, value) == 0 ? PATTERN_YES : PATTERN_NO;
}

/* What the mail weighs on the scale; weighed once, and told. */
static int
weigh(Walk *walk, const char *scale)
{
	g_autofree char *told = NULL;
	gpointer points;
	int sum;

	if (g_hash_table_lookup_extended(walk->weighed, scale, NULL, &points))
		return GPOINTER_TO_INT(points);
	sum = weights_sum(g_hash_table_lookup(walk->read->weighed, scale),
	    walk->fired, &told);
	g_hash_table_insert(walk->weighed, (char *)scale, GINT_TO_POINTER(sum));
	g_ptr_array_add(walk->result->weighed,
	    g_strdup_printf("%s %d: %s", scale, sum,
		*told != '\0' ? told : "no word of it"));
	return sum;
}

/* A scale that was not read has no answer, as any other test. */
static PatternResult
run_weight(Walk *walk, const Test *test)
{
	int points;

	if (!g_hash_table_contains(walk->read->weighed, test->word))
		return recall(walk, test);
	points = weigh(walk, test->word);
	return points >= test->from && points < test->below ? PATTERN_YES
							    : PATTERN_NO;
}

static PatternResult
run_test(Walk *walk, const Test *test)
{
	const MatchContext *context = walk->context;

	switch (test->kind) {
	case TEST_ALL:
		return run_parts(walk, test, PATTERN_YES);
	case TEST_ANY:
		return run_parts(walk, test, PATTERN_NO);
	case TEST_NOT:
		return run_not(walk, test);
	case TEST_SUBJECT:
	case TEST_TEXT:
	case TEST_BODY:
	case TEST_HEADER:
	case TEST_ATTACHMENT:
	case TEST_FROM:
		return recall(walk, test);
	case TEST_RECIPIENT:
		return search_recipients(walk, test);
	case TEST_CONTRACT:
		return same(test->word, context->contract);
	case TEST_MAILBOX:
		return same(test->word, context->mailbox);
	case TEST_ROBOT:
		return same(test->word, context->robot);
	case TEST_WEIGHT:
		return run_weight(walk, test);
	}
	g_assert_not_reached();
}

/* ---- setting ---- */

#define ASKS_NAMES(X)                        \
 X(MATCH_ASKS_NOTHING, "nothing")            \
 X(MATCH_ASKS_AGREEMENT, "agreement")        \
 X(MATCH_ASKS_CLOSING, "closing")            \
 X(MATCH_ASKS_OPEN_LIST, "open-tickets")     \
 X(MATCH_ASKS_CLOSED_LIST, "closed-tickets") \
 X(MATCH_ASKS_HISTORY, "history")
NAME_TABLE(asks_names, ASKS_NAMES, MATCH_ASKS_COUNT);

const char *
match_asks_name(MatchAsks asks)
{
	return names_word(&asks_names, asks);
}

bool
match_asks_parse(const char *name, MatchAsks *ret_asks)
{
	int value = names_find(&asks_names, name);

	if (value >= 0)
		*ret_asks = (MatchAsks)value;
	return value >= 0;
}

bool
match_asks_to_read(MatchAsks asks)
{
	return asks == MATCH_ASKS_OPEN_LIST || asks == MATCH_ASKS_CLOSED_LIST ||
	    asks == MATCH_ASKS_HISTORY;
}

MatchAsks
match_asks(const MatchResult *result)
{
	MatchAsks asks;

	return result != NULL && result->asks.value != NULL &&
		match_asks_parse(result->asks.value, &asks)
	    ? asks
	    : MATCH_ASKS_COUNT;
}

#define AGREES_NAMES(X)     \
 X(MATCH_AGREES_YES, "yes") \
 X(MATCH_AGREES_NO, "no")
NAME_TABLE(agrees_names, AGREES_NAMES, MATCH_AGREES_COUNT);

bool
match_agrees_parse(const char *name, MatchAgrees *ret_agrees)
{
	int value = names_find(&agrees_names, name);

	if (value < 0)
		return false;
	*ret_agrees = (MatchAgrees)value;
	return true;
}

MatchAgrees
match_agrees(const MatchResult *result)
{
	MatchAgrees agrees;

	return result != NULL && result->agrees.value != NULL &&
		match_agrees_parse(result->agrees.value, &agrees)
	    ? agrees
	    : MATCH_AGREES_COUNT;
}

/* The value with each ${name} filled in; "" for a group that took no part. */
static char *
expand(const char *value, GHashTable *captures)
{
	GString *text = g_string_new(NULL);
	const char *start, *end;

	while ((start = strstr(value, "${")) != NULL &&
	    (end = strchr(start, '}')) != NULL) {
		g_autofree char *name = g_strndup(start + 2,
		    (gsize)(end - start - 2));
		const char *found = g_hash_table_lookup(captures, name);

		g_string_append_len(text, value, start - value);
		g_string_append(text, found != NULL ? found : "");
		value = end + 1;
	}
	g_string_append(text, value);
	return g_string_free(text, FALSE);
}

/* As plans write it, in small letters; NULL if nothing is left. */
static char *
expand_word(const char *value, GHashTable *captures)
{
	g_autofree char *raw = expand(value, captures);
	g_autofree char *line = text_clean_line(raw, -1, LONGEST_WORD);

	return *line == '\0' ? NULL : g_utf8_strdown(line, -1);
}

/* What is wrong with a value that came out of a mail, or NULL. */
static const char *
check_value(SetField field, const char *value)
{
	TicketKind kind;
	MatchAsks asks;
	MatchAgrees agrees;

	if (field == SET_SEVERITY &&
	    (value[0] < '1' || value[0] > '0' + SEVERITY_MAX ||
		value[1] != '\0'))
		return "is no severity";
	if (field == SET_KIND && !ticket_kind_parse(value, &kind))
		return "is no kind";
	if (field == SET_ASKS && !match_asks_parse(value, &asks))
		return "is nothing that can be asked";
	if (field == SET_AGREES && !match_agrees_parse(value, &agrees))
		return "is neither yes nor no";
	return NULL;
}

static void
fail(MatchResult *result, const MatchRule *rule, const char *why)
{
	g_ptr_array_add(result->failed,
	    g_strdup_printf("%s: %s", rule->label, why));
}

static void
set_field(MatchField *field, const MatchRule *rule, char *take_value)
{
	g_free(field->value);
	g_free(field->rule);
	field->value = take_value;
	field->rule = g_strdup(rule->label);
}

static void
add_tag(MatchResult *result, const char *tag)
{
	for (guint i = 0; i < result->tags->len; i++)
		if (strcmp(result->tags->pdata[i], tag) == 0)
			return;
	g_ptr_array_add(result->tags, g_strdup(tag));
}

static void
take_captures(MatchResult *result, GHashTable *captures)
{
	GHashTableIter iter;
	gpointer name, value;

	g_hash_table_iter_init(&iter, captures);
	while (g_hash_table_iter_next(&iter, &name, &value))
		g_hash_table_replace(result->captures, g_strdup(name),
		    g_strdup(value));
}

/* All that the rule sets, or nothing if a value is no good. */
static bool
apply(const MatchRule *rule, GHashTable *captures, MatchResult *result)
{
	MatchField *fields[SET_COUNT] = { &result->severity, &result->kind,
		&result->component, &result->scope, &result->contract,
		&result->asks, &result->agrees };
	char *values[SET_COUNT] = { NULL };
	const char *wrong = NULL;

	for (int i = 0; i < SET_COUNT; i++)
		if (rule->set[i] != NULL)
			values[i] = expand_word(rule->set[i], captures);
	for (int i = 0; i < SET_COUNT && wrong == NULL; i++) {
		g_autofree char *why = NULL;

		if (values[i] == NULL)
			continue;
		wrong = check_value((SetField)i, values[i]);
		if (wrong == NULL)
			continue;
		why = g_strdup_printf("'%s' %s", values[i], wrong);
		fail(result, rule, why);
	}
	for (int i = 0; i < SET_COUNT; i++)
		if (values[i] != NULL && wrong == NULL)
			set_field(fields[i], rule, values[i]);
		else
			g_free(values[i]);
	for (gsize i = 0; rule->tags[i] != NULL && wrong == NULL; i++) {
		g_autofree char *tag = expand_word(rule->tags[i], captures);

		if (tag != NULL)
			add_tag(result, tag);
	}
	return wrong == NULL;
}

/* ---- the walk ---- */

static MatchResult *
result_new(void)
{
	MatchResult *result = g_new0(MatchResult, 1);

	result->tags = g_ptr_array_new_with_free_func(g_free);
	result->fired = g_ptr_array_new_with_free_func(g_free);
	result->failed = g_ptr_array_new_with_free_func(g_free);
	result->weighed = g_ptr_array_new_with_free_func(g_free);
	result->captures = g_hash_table_new_full(g_str_hash, g_str_equal,
	    g_free, g_free);
	return result;
}

/* Whether the walk goes on behind the rule. */
static bool
run_rule(Walk *walk, const MatchRule *rule)
{
	GHashTable *captures = walk->captures;
	MatchResult *result = walk->result;
	PatternResult verdict;

	g_hash_table_remove_all(captures);
	verdict = run_test(walk, rule->when);
	if (verdict == PATTERN_LIMIT)
		fail(result, rule,
		    walk->spent
			? "the steps for all rules over one mail are used up"
			: "a pattern backtracks over its limit on this mail");
	if (verdict != PATTERN_YES || !apply(rule, captures, result))
		return true;
	g_ptr_array_add(result->fired, g_strdup(rule->label));
	g_ptr_array_add(walk->fired, rule->name);
	take_captures(result, captures);
	return !rule->stop;
}

MatchResult *
match_judge(const MatchRead *read, const MatchContext *context)
{
	MatchResult *result = result_new();
	const GPtrArray *rules = read->rules->rules;
	g_autoptr(GHashTable) weighed = g_hash_table_new(g_str_hash,
	    g_str_equal);
	g_autoptr(GHashTable) captures = g_hash_table_new(g_str_hash,
	    g_str_equal);
	g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)g_hash_table_unref);
	g_autoptr(GPtrArray) fired = g_ptr_array_new();
	Walk walk = { .read = read,
		.context = context,
		.steps = read->steps,
		.captures = captures,
		.kept = kept,
		.weighed = weighed,
		.fired = fired,
		.result = result };

	for (guint i = 0; i < rules->len; i++)
		if (!run_rule(&walk, rules->pdata[i]))
			break;
	return result;
}

static void
field_clear(MatchField *field)
{
	g_free(field->value);
	g_free(field->rule);
}

void
match_result_free(MatchResult *result)
{
	if (result == NULL)
		return;
	field_clear(&result->severity);
	field_clear(&result->kind);
	field_clear(&result->component);
	field_clear(&result->scope);
	field_clear(&result->contract);
	field_clear(&result->asks);
	field_clear(&result->agrees);
	g_ptr_array_unref(result->tags);
	g_ptr_array_unref(result->fired);
	g_ptr_array_unref(result->failed);
	g_ptr_array_unref(result->weighed);
	g_hash_table_unref(result->captures);
	g_free(result);
}
