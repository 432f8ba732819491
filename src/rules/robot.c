/* The class of a mail, from all signs that robots.yaml names. */
#include "guichet/rules/robot.h"

#include "guichet/base/names.h"
#include "guichet/yaml/pattern.h"
#include "robot_private.h"

#include <string.h>

#define ROBOT_CLASS_NAMES(X)           \
 X(ROBOT_SELF, "self")                 \
 X(ROBOT_BOUNCE, "bounce")             \
 X(ROBOT_RECEIPT, "receipt")           \
 X(ROBOT_FEEDBACK, "feedback")         \
 X(ROBOT_REACTION, "reaction")         \
 X(ROBOT_CALENDAR, "calendar")         \
 X(ROBOT_RECALL, "recall")             \
 X(ROBOT_CHALLENGE, "challenge")       \
 X(ROBOT_AUTOREPLY, "autoreply")       \
 X(ROBOT_LIST, "list")                 \
 X(ROBOT_MACHINE, "machine")           \
 X(ROBOT_SUSPECT_LOOP, "suspect-loop") \
 X(ROBOT_NONE, "human")
NAME_TABLE(classes, ROBOT_CLASS_NAMES, ROBOT_COUNT);

const char *
robot_class_name(RobotClass class)
{
	return names_word(&classes, class);
}

bool
robot_class_parse(const char *name, RobotClass *ret_class)
{
	int value = names_find(&classes, name);

	if (value < 0)
		return false;
	*ret_class = (RobotClass)value;
	return true;
}

void
robot_verdict_free(RobotVerdict *verdict)
{
	if (verdict == NULL)
		return;
	g_ptr_array_unref(verdict->signals);
	g_ptr_array_unref(verdict->failed);
	g_free(verdict);
}

static bool
name_matches(const char *wanted, const char *name)
{
	gsize length = strlen(wanted);

	if (length > 0 && wanted[length - 1] == '*')
		return g_ascii_strncasecmp(wanted, name, length - 1) == 0;
	return g_ascii_strcasecmp(wanted, name) == 0;
}

static GPtrArray *
read_values(const RobotSignal *signal, const Message *message,
    const RobotContext *context)
{
	GPtrArray *values = g_ptr_array_new_with_free_func(g_free);

	if (signal->test != NULL) {
		signal->test->read(message, context, values);
		return values;
	}
	for (guint i = 0; i < message->headers->len; i++) {
		const Header *header = message->headers->pdata[i];

		if (name_matches(signal->header, header->name))
			g_ptr_array_add(values,
			    g_strstrip(g_strdup(header->value)));
	}
	return values;
}

/* Whether one of its values is found; `also` is not looked at here. */
static bool
is_seen(const RobotSignal *signal, const Message *message,
    const RobotContext *context, GPtrArray *list)
{
	g_autoptr(GPtrArray) values = read_values(signal, message, context);
	bool failed = false;

	if (signal->values->len == 0)
		return values->len > 0;
	for (guint i = 0; i < values->len * signal->values->len; i++) {
		PatternResult result =
		    pattern_find(signal->values->pdata[i % signal->values->len],
			values->pdata[i / signal->values->len], NULL);

		if (result == PATTERN_YES)
			return true;
		failed |= result == PATTERN_LIMIT;
	}
	if (failed)
		g_ptr_array_add(list, g_strdup(signal->name));
	return false;
}

static bool
has_company(const RobotSignal *signal, const bool *seen)
{
	for (guint i = 0; i < signal->also->len; i++) {
		if (seen[g_array_index(signal->also, guint, i)])
			return true;
	}
	return signal->also->len == 0;
}

static void
prove(RobotVerdict *verdict, RobotClass class)
{
	verdict->class = MIN(verdict->class, class);
	if (class != ROBOT_LIST)
		verdict->beside_list = MIN(verdict->beside_list, class);
}

struct RobotSigns {
	const Message *message;
	const RobotRules *rules;
	bool *seen; /* a signal each; those that ask the context: false */
	GPtrArray *failed;
};

static bool
asks_context(const RobotSignal *signal)
{
	return signal->test != NULL && signal->test->knows;
}

RobotSigns *
robot_read(const Message *message, const RobotRules *rules)
{
	static const RobotContext nothing = { 0 };
	RobotSigns *signs = g_new0(RobotSigns, 1);

	signs->message = message;
	signs->rules = rules;
	signs->seen = g_new0(bool, rules->signals->len + 1);
	signs->failed = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < rules->signals->len; i++) {
		const RobotSignal *signal = rules->signals->pdata[i];

		signs->seen[i] = !asks_context(signal) &&
		    is_seen(signal, message, &nothing, signs->failed);
	}
	return signs;
}

void
robot_signs_free(RobotSigns *signs)
{
	if (signs == NULL)
		return;
	g_free(signs->seen);
	g_ptr_array_unref(signs->failed);
	g_free(signs);
}

/* The signs of the mail, and what is known besides. The caller frees. */
static bool *
all_seen(const RobotSigns *signs, const RobotContext *context,
    GPtrArray *failed)
{
	const GPtrArray *signals = signs->rules->signals;
	bool *seen = g_memdup2(signs->seen, (signals->len + 1) * sizeof(*seen));

	for (guint i = 0; i < signals->len; i++) {
		if (asks_context(signals->pdata[i]))
			seen[i] = is_seen(signals->pdata[i], signs->message,
			    context, failed);
	}
	return seen;
}

static void
add_copy(gpointer name, gpointer list)
{
	g_ptr_array_add(list, g_strdup(name));
}

RobotVerdict *
robot_judge(const RobotSigns *signs, const RobotContext *context)
{
	static const RobotContext nothing = { 0 };
	const GPtrArray *signals = signs->rules->signals;
	RobotVerdict *verdict = g_new0(RobotVerdict, 1);
	g_autofree bool *seen = NULL;
	int weights[ROBOT_NONE + 1] = { 0 };

	verdict->class = verdict->beside_list = ROBOT_NONE;
	verdict->signals = g_ptr_array_new_with_free_func(g_free);
	verdict->failed = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_foreach(signs->failed, add_copy, verdict->failed);
	seen = all_seen(signs, context != NULL ? context : &nothing,
	    verdict->failed);
	for (guint i = 0; i < signals->len; i++) {
		const RobotSignal *signal = signals->pdata[i];

		seen[i] = seen[i] && has_company(signal, seen);
		if (seen[i])
			weights[signal->class] += signal->weight;
	}
	/* A weak sign is only worth telling where it counted. */
	for (guint i = 0; i < signals->len; i++) {
		const RobotSignal *signal = signals->pdata[i];
		bool counts = signal->weight == 0 ||
		    weights[signal->class] >= ROBOT_ENOUGH;

		if (!seen[i] || !counts || signal->class == ROBOT_NONE)
			continue;
		g_ptr_array_add(verdict->signals, g_strdup(signal->name));
		prove(verdict, signal->class);
	}
	verdict->person = weights[ROBOT_NONE];
	return verdict;
}

RobotVerdict *
robot_classify(const Message *message, const RobotRules *rules,
    const RobotContext *context)
{
	g_autoptr(RobotSigns) signs = robot_read(message, rules);

	return robot_judge(signs, context);
}
