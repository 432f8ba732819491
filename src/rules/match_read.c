/* What the site's rules find in one mail, whoever wrote it and on which ticket. */
#include "guichet/base/limits.h"
#include "guichet/words/courtesy.h"
#include "guichet/words/same.h"
#include "match_private.h"

#include <string.h>

/* What the mail alone says of a condition. */
typedef enum {
	SAYS_NO = PATTERN_NO,
	SAYS_YES = PATTERN_YES,
	SAYS_LIMIT = PATTERN_LIMIT,
	SAYS_NOTHING, /* the desk must be asked, too */
} Says;

typedef struct {
	const Message *message;
	const char *text;
	MatchRead *read;
	bool negated;         /* inside of a `not`: captures are not wanted */
	GHashTable *captures; /* of the search to come; NULL until one is */
	WeighedWords *words;  /* NULL until a scale asks for them */
} Reading;

static Says read_test(Reading *reading, const Test *test);

static const char *
text_for_rules(const Message *message, bool whole)
{
	const char *text = message->new_text;

	if (whole)
		return message->text;

	while (text != NULL && g_ascii_isspace(*text))
		text++;
	return text != NULL && *text != '\0' ? message->new_text
					     : message->text;
}

static char *
weighed_words(const char *text)
{
	g_autofree char *own = same_without_added(text);

	return courtesy_cut(own);
}

char *
match_weighed_words(const Message *message)
{
	return weighed_words(text_for_rules(message, false));
}

/* ---- one test ---- */

static GHashTable *
wanted_captures(Reading *reading)
{
	if (reading->negated)
		return NULL;
	if (reading->captures == NULL)
		reading->captures = g_hash_table_new_full(g_str_hash,
		    g_str_equal, g_free, g_free);
	return reading->captures;
}

/* Looks for the test's pattern, and notes what came of it. */
static PatternResult
search(Reading *reading, const Test *test, const char *subject)
{
	MatchRead *read = reading->read;
	MatchFinding *finding = &read->findings[test->number];
	GHashTable *captures = wanted_captures(reading);

	if (subject == NULL)
		return PATTERN_NO;
	finding->result = read->steps <= 0
	    ? PATTERN_LIMIT
	    : pattern_find_within(test->pattern, subject, captures,
		  &read->steps);
	finding->spent = read->steps <= 0;
	if (captures != NULL && g_hash_table_size(captures) > 0)
		finding->captures = g_steal_pointer(&reading->captures);
	return finding->result;
}

static PatternResult
search_headers(Reading *reading, const Test *test)
{
	const GPtrArray *headers = reading->message->headers;
	PatternResult result = PATTERN_NO;

	for (guint i = 0; i < headers->len && result == PATTERN_NO; i++) {
		const Header *header = headers->pdata[i];

		if (g_ascii_strcasecmp(header->name, test->word) != 0)
			continue;
		result = test->pattern == NULL
		    ? PATTERN_YES
		    : search(reading, test, header->value);
	}
	return result;
}

static PatternResult
search_attachments(Reading *reading, const Test *test)
{
	const GPtrArray *list = reading->message->attachments;
	PatternResult result = PATTERN_NO;

	for (guint i = 0; i < list->len && result == PATTERN_NO; i++) {
		const Attachment *attachment = list->pdata[i];

		result = search(reading, test, attachment->name);
	}
	return result;
}

/* Notes what the mail holds of the scale. What it weighs depends on the rules
 * that set something before, and so on the desk. */
static Says
read_weight(Reading *reading, const Test *test)
{
	const Message *message = reading->message;
	MatchRead *read = reading->read;
	const Weights *weights = g_hash_table_lookup(read->rules->scales,
	    test->word);

	if (g_hash_table_contains(read->weighed, test->word))
		return SAYS_NOTHING;
	if (reading->words == NULL) {
		g_autofree char *text = weighed_words(reading->text);
		g_autofree char *subject = courtesy_cut(message->subject);

		reading->words = weighed_words_new(subject, text);
	}
	g_hash_table_insert(read->weighed, test->word,
	    weights_find(weights, reading->words));
	return SAYS_NOTHING;
}

/* ---- conditions ---- */

/* As far as the answer needs: no part behind the first that is not `go_on` can
 * change it, whatever the desk knows. */
static Says
read_parts(Reading *reading, const Test *test, Says go_on)
{
	bool open = false;

	for (guint i = 0; i < test->parts->len; i++) {
		Says says = read_test(reading, test->parts->pdata[i]);

		if (says == SAYS_NOTHING)
			open = true;
		else if (says != go_on)
			return open ? SAYS_NOTHING : says;
	}
	return open ? SAYS_NOTHING : go_on;
}

static Says
read_not(Reading *reading, const Test *test)
{
	bool negated = reading->negated;
	Says says;

	reading->negated = true;
	says = read_parts(reading, test, SAYS_YES);
	reading->negated = negated;
	if (says == SAYS_LIMIT || says == SAYS_NOTHING)
		return says;
	return says == SAYS_YES ? SAYS_NO : SAYS_YES;
}

static PatternResult
read_leaf(Reading *reading, const Test *test)
{
	const Message *message = reading->message;

	switch (test->kind) {
	case TEST_SUBJECT:
		return search(reading, test, message->subject);
	case TEST_TEXT:
		return search(reading, test, reading->text);
	case TEST_BODY:
		return search(reading, test, message->text);
	case TEST_HEADER:
		return search_headers(reading, test);
	case TEST_ATTACHMENT:
		return search_attachments(reading, test);
	case TEST_FROM:
		return search(reading, test, message->identity);
	default:
		g_assert_not_reached();
	}
}

static Says
read_test(Reading *reading, const Test *test)
{
	PatternResult result;

	switch (test->kind) {
	case TEST_ALL:
		return read_parts(reading, test, SAYS_YES);
	case TEST_ANY:
		return read_parts(reading, test, SAYS_NO);
	case TEST_NOT:
		return read_not(reading, test);
	case TEST_WEIGHT:
		return read_weight(reading, test);
	case TEST_RECIPIENT:
	case TEST_CONTRACT:
	case TEST_MAILBOX:
	case TEST_ROBOT:
		return SAYS_NOTHING;
	default:
		result = read_leaf(reading, test);
		reading->read->findings[test->number].result = result;
		return (Says)result;
	}
}

/* ---- the mail ---- */

/* Whether what it sets is good whatever the mail holds: it was checked when the
 * rule was loaded. */
static bool
sets_plain_words(const MatchRule *rule)
{
	for (int i = 0; i < SET_COUNT; i++)
		if (rule->set[i] != NULL && strstr(rule->set[i], "${") != NULL)
			return false;
	return true;
}

MatchRead *
match_read(const MatchRules *rules, const Message *message, bool whole)
{
	MatchRead *read = g_new0(MatchRead, 1);
	Reading reading = { .message = message,
		.text = text_for_rules(message, whole),
		.read = read };

	read->rules = rules;
	read->steps = LIMIT_RULES_STEPS;
	read->findings = g_new(MatchFinding, rules->tests);
	for (guint i = 0; i < rules->tests; i++)
		read->findings[i] = (MatchFinding){ .result = PATTERN_LIMIT };
	read->weighed = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
	    (GDestroyNotify)weights_found_free);
	for (guint i = 0; i < rules->rules->len; i++) {
		const MatchRule *rule = rules->rules->pdata[i];

		if (read_test(&reading, rule->when) == SAYS_YES && rule->stop &&
		    sets_plain_words(rule))
			break;
	}
	g_clear_pointer(&reading.captures, g_hash_table_unref);
	weighed_words_free(reading.words);
	return read;
}

void
match_read_free(MatchRead *read)
{
	if (read == NULL)
		return;
	for (guint i = 0; i < read->rules->tests; i++)
		g_clear_pointer(&read->findings[i].captures,
		    g_hash_table_unref);
	g_free(read->findings);
	g_hash_table_unref(read->weighed);
	g_free(read);
}
