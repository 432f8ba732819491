/* Regular expressions that always end: PCRE2 with an own meter. */
#define _GNU_SOURCE           /* memmem() */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "guichet/yaml/pattern.h"
#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"

#include <pcre2.h>
#include <string.h>
#include <time.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(pcre2_compile_context, pcre2_compile_context_free)

/*
 * PCRE2's own match limit bounds neither time nor work: it counts afresh for
 * each place at which a match may start, its JIT code does not count the
 * backtracking of simple repeats, and nothing counts the characters that a
 * repeat runs over. So a pattern is compiled with callouts, each of which costs
 * one step and the way the match has moved since the last. Such a sum is the
 * same on every machine. What it cannot see, a back reference or a long fixed
 * repeat that fails late, meets the clock.
 *
 * While it is tried (pattern_is_bounded()) there is a callout before each of
 * its items. To search, those are enough where a match may come back to: behind
 * what is repeated or optional and behind each group. Without any, it tries each
 * item once a place at most. They are most of what a short search costs.
 */
typedef struct {
	gint64 steps;    /* left */
	gint64 deadline; /* 0: not looked at the clock yet */
	size_t position; /* of the last callout */
	guint calls;
} Meter;

#define CALLS_A_CLOCK 1024

/* The subjects a new pattern is tried on, and from how many places. */
#define PROBE_BYTES      4096
#define PROBE_TAIL_BYTES 512
#define PROBE_STARTS     4
#define PROBE_STEPS      300000
#define PROBE_FEW_STEPS  5000
#define PROBE_LITERALS   8

/* One way to compile it, and whether that is machine code: made at the first
 * search, most of a site's patterns are never searched for by a command that
 * lives for one mail. */
typedef struct {
	pcre2_code *code;
	pcre2_match_data *data;
	bool fast;
} Compiled;

struct Pattern {
	char *text;
	Compiled *tried,
	    *lean; /* a callout each; few of them: `code` NULL yet */
	pcre2_match_context *context;
	char **names;
};

static void
compiled_free(Compiled *compiled)
{
	pcre2_match_data_free(compiled->data);
	pcre2_code_free(compiled->code);
	g_free(compiled);
}

void
pattern_free(Pattern *pattern)
{
	if (pattern == NULL)
		return;
	g_free(pattern->text);
	compiled_free(pattern->tried);
	compiled_free(pattern->lean);
	pcre2_match_context_free(pattern->context);
	g_strfreev(pattern->names);
	g_free(pattern);
}

const char *
pattern_text(const Pattern *pattern)
{
	return pattern->text;
}

const char *const *
pattern_names(const Pattern *pattern)
{
	return (const char *const *)pattern->names;
}

/* ---- compiling ---- */

static pcre2_code *
compile(const char *expression, uint32_t callouts, GError **error)
{
	g_autoptr(pcre2_compile_context) context = pcre2_compile_context_create(
	    NULL);
	uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS |
	    PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT | callouts;
	PCRE2_UCHAR message[256];
	PCRE2_SIZE offset;
	pcre2_code *code;
	int rc;

	g_assert(context != NULL);
	/* Callouts of our own make it longer. */
	if (callouts != 0)
		pcre2_set_max_pattern_length(context, LIMIT_PATTERN_BYTES);
	code = pcre2_compile((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED,
	    options, &rc, &offset, context);
	if (code != NULL)
		return code;
	pcre2_get_error_message(rc, message, sizeof message);
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "bad pattern '%.100s': %s at byte %zu", expression,
	    (const char *)message, (size_t)offset);
	return NULL;
}

/* What stands between two callouts of the pattern as it was compiled first. */
typedef struct {
	const char *expression;
	gsize from; /* of the item before */
	GString *lean;
} Places;

/* Whether a match may come back to what the item did. Too often does not
 * matter: a backslash, or what stands in a class, may look like a repeat. */
static bool
may_return(const char *item, gsize length)
{
	return length > 0 && *item != '(' && strcspn(item, ")*+?{") < length;
}

static int
place(pcre2_callout_enumerate_block *block, void *data)
{
	Places *places = data;
	gsize at = block->pattern_position;
	const char *item = places->expression + places->from;

	/* A group that is repeated is enumerated as often. */
	if (at <= places->from)
		return 0;
	g_string_append_len(places->lean, item, (gssize)(at - places->from));
	if (may_return(item, at - places->from))
		g_string_append(places->lean, "(?C)");
	places->from = at;
	return 0;
}

/* What hides repeats from that reading: quotes, recursion, back references. */
static bool
is_plain(const char *expression)
{
	static const char *const others[] = { "\\Q", "\\g", "\\k", "(?R", "(?&",
		"(?P>", "(?P=", "(*", NULL };

	for (int i = 0; others[i] != NULL; i++) {
		if (strstr(expression, others[i]) != NULL)
			return false;
	}
	for (const char *p = expression; *p != '\0'; p++) {
		if (p[0] == '\\' && p[1] >= '1' && p[1] <= '9')
			return false;
		if (p[0] == '(' && p[1] == '?' &&
		    (g_ascii_isdigit(p[2]) ||
			((p[2] == '+' || p[2] == '-') &&
			    g_ascii_isdigit(p[3]))))
			return false;
	}
	return true;
}

/* The same pattern with those callouts alone that a search needs. */
static pcre2_code *
compile_lean(const Pattern *pattern)
{
	g_autoptr(GString) lean = g_string_new(NULL);
	Places places = { pattern->text, 0, lean };
	pcre2_code *code = NULL;

	if (is_plain(pattern->text)) {
		pcre2_callout_enumerate(pattern->tried->code, place, &places);
		g_string_append(lean, pattern->text + places.from);
		code = compile(lean->str, 0, NULL);
	}
	if (code == NULL)
		code = compile(pattern->text, PCRE2_AUTO_CALLOUT, NULL);
	g_assert(code != NULL);
	return code;
}

/* ---- matching ---- */

/* Of this thread: the load of the machine must not change a decision. */
static gint64
processor_microseconds(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0)
		return 0;
	return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static int
meter_item(pcre2_callout_block *block, void *data)
{
	Meter *meter = data;
	size_t now = block->current_position, before = meter->position;
	gint64 clock;

	meter->position = now;
	meter->steps -= 1 +
	    (gint64)(now > before ? now - before : before - now);
	if (meter->steps < 0)
		return PCRE2_ERROR_CALLOUT;
	if (++meter->calls % CALLS_A_CLOCK != 0)
		return 0;
	/* Most searches end before they need the clock, a system call. */
	clock = processor_microseconds();
	if (meter->deadline == 0)
		meter->deadline = clock + LIMIT_PATTERN_MILLISECONDS * 1000;
	return clock > meter->deadline ? PCRE2_ERROR_CALLOUT : 0;
}

/* What is searched: from a place of it on. */
typedef struct {
	const char *text;
	gsize length, from;
} Subject;

/* One search, of matches that start at `last` at the latest. Without machine
 * code pcre2_match() interprets, slower but the same. */
static int
match_from(const Pattern *pattern, const Compiled *way, Subject subject,
    gsize last, gint64 *steps)
{
	Meter meter = { .steps = *steps };
	uint32_t options = PCRE2_NO_UTF_CHECK; /* the callers checked */
	int rc;

	pcre2_set_callout(pattern->context, meter_item, &meter);
	pcre2_set_offset_limit(pattern->context, last);
	rc = pcre2_match(way->code, (PCRE2_SPTR)subject.text, subject.length,
	    subject.from, options, way->data, pattern->context);
	if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
		rc = pcre2_match(way->code, (PCRE2_SPTR)subject.text,
		    subject.length, subject.from, options | PCRE2_NO_JIT,
		    way->data, pattern->context);
	pcre2_set_callout(pattern->context, NULL, NULL);
	*steps = MAX(meter.steps, 0);
	return rc;
}

static void
make_fast(Compiled *way)
{
	if (!way->fast)
		(void)pcre2_jit_compile(way->code, PCRE2_JIT_COMPLETE);
	way->fast = true;
}

/* What is passed over costs, too, however few callouts there are. */
static int
search_from(const Pattern *pattern, Subject subject, gint64 *steps)
{
	Compiled *lean = pattern->lean;
	gsize end = subject.length;
	int rc;

	if (*steps <= 0)
		return PCRE2_ERROR_CALLOUT;
	if (lean->code == NULL) {
		lean->code = compile_lean(pattern);
		lean->data = pcre2_match_data_create_from_pattern(lean->code,
		    NULL);
		g_assert(lean->data != NULL);
	}
	make_fast(lean);
	rc = match_from(pattern, lean, subject, PCRE2_UNSET, steps);
	if (rc > 0)
		end = MAX(pcre2_get_ovector_pointer(lean->data)[1],
		    subject.from);
	*steps = MAX(*steps - 1 - (gint64)(end - subject.from), 0);
	return rc;
}

static void
take_group(const char *subject, const PCRE2_SIZE *ovector, guint32 group,
    const char *name, GHashTable *captures)
{
	PCRE2_SIZE from = ovector[2 * group], to = ovector[2 * group + 1];

	/* \K in a lookahead can turn a group around. */
	if (from == PCRE2_UNSET || to == PCRE2_UNSET || to < from)
		return;
	g_hash_table_replace(captures, g_strdup(name),
	    g_strndup(subject + from, to - from));
}

static void
take_captures(const Pattern *pattern, const char *subject, int groups,
    GHashTable *captures)
{
	const Compiled *lean = pattern->lean;
	const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(lean->data);

	for (guint32 i = 1; i < (guint32)groups; i++) {
		char number[12];

		g_snprintf(number, sizeof number, "%u", i);
		take_group(subject, ovector, i, number, captures);
	}
	for (guint i = 0; pattern->names[i] != NULL; i++) {
		int group = pcre2_substring_number_from_name(lean->code,
		    (PCRE2_SPTR)pattern->names[i]);

		if (group > 0 && group < groups)
			take_group(subject, ovector, (guint32)group,
			    pattern->names[i], captures);
	}
}

PatternResult
pattern_find_within(const Pattern *pattern, const char *subject,
    GHashTable *captures, gint64 *steps)
{
	gint64 own = MIN(*steps, LIMIT_PATTERN_STEPS), left = own;
	g_autofree char *clean = NULL;
	gsize length = strlen(subject);
	const char *end;
	int rc;

	if (length > LIMIT_RULE_TEXT_BYTES) {
		length = LIMIT_RULE_TEXT_BYTES;
		while (length > 0 && ((guchar)subject[length] & 0xc0) == 0x80)
			length--;
	}
	if (!g_utf8_validate(subject, (gssize)length, &end)) {
		clean = text_clean_block(subject, (gssize)length,
		    LIMIT_RULE_TEXT_BYTES);
		subject = clean;
		length = strlen(clean);
	}
	rc = search_from(pattern, (Subject){ subject, length, 0 }, &left);
	*steps -= own - left;
	if (rc == PCRE2_ERROR_NOMATCH)
		return PATTERN_NO;
	if (rc < 0)
		return PATTERN_LIMIT;
	if (captures != NULL)
		take_captures(pattern, subject, rc, captures);
	return PATTERN_YES;
}

PatternResult
pattern_find(const Pattern *pattern, const char *subject, GHashTable *captures)
{
	gint64 steps = LIMIT_PATTERN_STEPS;

	return pattern_find_within(pattern, subject, captures, &steps);
}

PatternResult
pattern_next(const Pattern *pattern, const char *subject, gsize from,
    gint64 *steps, PatternSpan *ret_span)
{
	gint64 own = MIN(*steps, LIMIT_PATTERN_STEPS), left = own;
	const PCRE2_SIZE *ovector;
	int rc, group;

	rc = search_from(pattern, (Subject){ subject, strlen(subject), from },
	    &left);
	*steps -= own - left;
	if (rc == PCRE2_ERROR_NOMATCH)
		return PATTERN_NO;
	if (rc < 0)
		return PATTERN_LIMIT;
	ovector = pcre2_get_ovector_pointer(pattern->lean->data);
	group = pcre2_substring_number_from_name(pattern->lean->code,
	    (PCRE2_SPTR)ret_span->group);
	if (group <= 0 || group >= rc || ovector[2 * group] == PCRE2_UNSET)
		group = 0;
	*ret_span = (PatternSpan){ .group = ret_span->group,
		.from = ovector[2 * group],
		.to = ovector[2 * group + 1],
		.end = ovector[1] };
	/* \K can turn it around: no answer to build on. */
	return ret_span->from < from || ret_span->to < ret_span->from
	    ? PATTERN_LIMIT
	    : PATTERN_YES;
}

/* ---- trying ---- */

/* Whether a subject of `unit` over and over makes the pattern backtrack
 * without measure. Behind it stands what most patterns do not want, then
 * `literals`, else PCRE2 sees that a character is missing and does not try. */
static bool
probe_hits(const Pattern *pattern, const char *unit, const char *literals)
{
	char subject[PROBE_BYTES + PROBE_TAIL_BYTES];
	gint64 few = PROBE_FEW_STEPS, steps = PROBE_STEPS;
	Compiled *way = pattern->tried;
	gsize length = strlen(unit);
	int rc = PCRE2_ERROR_CALLOUT;

	memcpy(subject, unit, length);
	for (; 2 * length <= PROBE_BYTES; length *= 2)
		memcpy(subject + length, subject, length);
	length += (gsize)g_snprintf(subject + length, PROBE_TAIL_BYTES,
	    "\x01\n\x01%s\x01", literals);
	/* Most fail in fewer steps than their machine code takes to be made. */
	if (!way->fast)
		rc = match_from(pattern, way, (Subject){ subject, length, 0 },
		    PROBE_STARTS, &few);
	if (rc < 0 && rc != PCRE2_ERROR_NOMATCH) {
		make_fast(way);
		rc = match_from(pattern, way, (Subject){ subject, length, 0 },
		    PROBE_STARTS, &steps);
	}
	return rc < 0 && rc != PCRE2_ERROR_NOMATCH;
}

/* The characters that the expression wants as they are, as far as that can
 * be told without parsing it: what is no syntax, each once. */
static char *
literals_of(const char *expression)
{
	GString *seen = g_string_new(NULL);

	for (const char *p = expression; *p != '\0'; p = g_utf8_next_char(p)) {
		gsize size = (gsize)(g_utf8_next_char(p) - p);

		if (strchr("\\^$.[]|()?*+{}", *p) == NULL &&
		    memmem(seen->str, seen->len, p, size) == NULL &&
		    seen->len + size < PROBE_TAIL_BYTES - 8)
			g_string_append_len(seen, p, (gssize)size);
	}
	return g_string_free(seen, FALSE);
}

/* Without two repeats there is nothing to multiply: half of all patterns need
 * no trying. What stands in a class or behind a backslash is counted, too. */
static bool
can_multiply(const char *expression)
{
	guint repeats = 0, options = 0;

	for (const char *p = expression; *p != '\0'; p++) {
		repeats += strchr("*+{", *p) != NULL;
		options += *p == '?' && p > expression && p[-1] != '(';
	}
	return repeats > 1 || options > 4;
}

bool
pattern_is_bounded(const Pattern *pattern, GError **error)
{
	static const char *const units[] = { "a", "A", "0", " ", "\t", "\n",
		"a ", "a0", "a,", "-", ".", "=", "\"", "é", "<a>", "\\", "/",
		"a@a.", NULL };
	g_autofree char *literals = literals_of(pattern->text);
	const char *p = literals;
	bool hit;

	if (!can_multiply(pattern->text))
		return true;
	hit = *p != '\0' && probe_hits(pattern, literals, "");

	for (gsize i = 0; units[i] != NULL && !hit; i++)
		hit = probe_hits(pattern, units[i], literals);
	for (int i = 0; i < PROBE_LITERALS && *p != '\0' && !hit; i++) {
		char one[8] = { 0 };

		memcpy(one, p, (gsize)(g_utf8_next_char(p) - p));
		if (!g_strv_contains(units, one))
			hit = probe_hits(pattern, one, literals);
		p = g_utf8_next_char(p);
	}
	if (hit)
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "the pattern '%.100s' backtracks too much; do not repeat "
		    "what is itself repeated, as in (a+)+, nor put .* beside "
		    ".*, or make the inner one possessive: a++",
		    pattern->text);
	return !hit;
}

/* ---- a pattern ---- */

static char **
names_of(const pcre2_code *code)
{
	guint32 count = 0, size = 0;
	PCRE2_SPTR table = NULL;
	char **names;

	pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
	pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
	names = g_new0(char *, count + 1);
	/* An entry is the group's number in two bytes, then the name. */
	for (guint32 i = 0; i < count; i++)
		names[i] = g_strdup((const char *)table + i * size + 2);
	return names;
}

Pattern *
pattern_new(const char *expression, GError **error)
{
	g_autoptr(Pattern) pattern = NULL;
	pcre2_code *code = compile(expression, PCRE2_AUTO_CALLOUT, error);

	if (code == NULL)
		return NULL;
	pattern = g_new0(Pattern, 1);
	pattern->text = g_strdup(expression);
	pattern->names = names_of(code);
	pattern->tried = g_new0(Compiled, 1);
	pattern->tried->code = code;
	pattern->tried->data = pcre2_match_data_create_from_pattern(code, NULL);
	pattern->lean = g_new0(Compiled, 1);
	pattern->context = pcre2_match_context_create(NULL);
	g_assert(pattern->tried->data != NULL && pattern->context != NULL);
	pcre2_set_match_limit(pattern->context, LIMIT_PATTERN_MATCHES);
	pcre2_set_depth_limit(pattern->context, LIMIT_PATTERN_DEPTH);
	pcre2_set_heap_limit(pattern->context, LIMIT_PATTERN_HEAP_KIB);
	return g_steal_pointer(&pattern);
}
