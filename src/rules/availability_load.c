/* `availability`, of a plan's terms or of a contract's version. */
#include "guichet/alert/alert.h"
#include "loaders_private.h"

#include <string.h>

#define MILLIONTHS_OF_PERCENT 10000
#define STARS_MAX             4
#define DAY                   86400

void
availability_terms_free(AvailabilityTerms *terms)
{
	if (terms == NULL)
		return;
	g_strfreev(terms->hosts);
	g_strfreev(terms->services);
	g_free(terms);
}

/* "99.9 %", "99.95%": at most four digits behind the point. */
static bool
parse_percent(const char *text, gint64 *ret_millionths)
{
	gint64 value = 0, unit = MILLIONTHS_OF_PERCENT;
	const char *p = text;

	for (; g_ascii_isdigit(*p) && p - text < 3; p++)
		value = value * 10 + (*p - '0') * unit;
	if (p == text)
		return false;
	if (*p == '.') {
		if (!g_ascii_isdigit(p[1]))
			return false;
		for (p++; g_ascii_isdigit(*p); p++) {
			unit /= 10;
			if (unit == 0)
				return false;
			value += (*p - '0') * unit;
		}
	}
	while (*p == ' ')
		p++;
	if (strcmp(p, "%") != 0 || value == 0 ||
	    value > 100 * MILLIONTHS_OF_PERCENT)
		return false;
	*ret_millionths = value;
	return true;
}

static void
load_target(const YamlNode *map, AvailabilityTerms *terms)
{
	const YamlNode *objective = yaml_get(map, "objective");
	const YamlNode *guaranteed = yaml_get(map, "guaranteed");
	const YamlNode *node = guaranteed != NULL ? guaranteed : objective;
	const char *text;

	if (objective != NULL && guaranteed != NULL)
		yaml_problem(objective,
		    "it is an 'objective' or 'guaranteed'; keep one");
	if (node == NULL) {
		if (terms->target == 0)
			yaml_problem(map,
			    "how much is promised? add 'objective: 99.9 %%' "
			    "or 'guaranteed: 99.9 %%'");
		return;
	}
	terms->commitment = guaranteed != NULL ? COMMITMENT_GUARANTEED
					       : COMMITMENT_OBJECTIVE;
	text = yaml_text(node);
	if (text != NULL && !parse_percent(text, &terms->target))
		yaml_problem(node,
		    "'%s' is no share of the time; write 99.9 %%, with at "
		    "most four digits behind the point",
		    text);
}

/* The node itself, or each item if it is a list. */
static const YamlNode *
item_of(const YamlNode *node, guint i)
{
	return yaml_kind(node) == YAML_LIST ? yaml_item(node, i) : node;
}

guint
availability_load_levels(const YamlNode *map, const char *key)
{
	static const char *const names[] = { "info", "unknown", "warning",
		"major", "critical", "down", NULL };
	const YamlNode *node = yaml_get(map, key);
	g_auto(GStrv) words = NULL;
	guint levels = 0;

	if (node == NULL)
		return 0;
	words = yaml_get_list(map, key);
	for (guint i = 0; words[i] != NULL; i++) {
		AlertLevel level;

		if (!g_strv_contains(names, words[i]) ||
		    !alert_level_parse(words[i], &level))
			yaml_problem_unknown(item_of(node, i),
			    "level of an alert", words[i], names);
		else
			levels |= 1u << level;
	}
	if (words[0] == NULL)
		yaml_problem(node, "name a level: %s, %s", "down", "critical");
	return levels;
}

static guint
stars(const char *pattern)
{
	guint count = 0;

	for (; *pattern != '\0'; pattern++)
		count += *pattern == '*';
	return count;
}

static void
load_patterns(const YamlNode *map, const char *key, char ***patterns)
{
	const YamlNode *node = yaml_get(map, key);

	if (node == NULL)
		return;
	g_strfreev(*patterns);
	*patterns = yaml_get_list(map, key);
	for (guint i = 0; (*patterns)[i] != NULL; i++) {
		const char *pattern = (*patterns)[i];

		if (*pattern == '\0' || stars(pattern) > STARS_MAX)
			yaml_problem(item_of(node, i),
			    "a name with at most %d '*' is expected here",
			    STARS_MAX);
	}
	if ((*patterns)[0] == NULL)
		yaml_problem(node,
		    "an empty list would count nothing; name a pattern, or "
		    "leave '%s' out",
		    key);
}

/* "01:00-02:00", "23:30-00:30". */
static void
load_night(const YamlNode *map, AvailabilityTerms *terms)
{
	const YamlNode *node = yaml_get(map, "nightly");
	const char *text = node == NULL ? NULL : yaml_text(node);
	int32_t from, to;

	if (text == NULL)
		return;
	if (strlen(text) != 11 || text[5] != '-' ||
	    !load_time(text, 5, &from) || !load_time(text + 6, 5, &to) ||
	    from == to || from == DAY) {
		yaml_problem(node,
		    "'%s' is no window of the night; write 01:00-02:00", text);
		return;
	}
	terms->has_night = true;
	terms->night_from = from;
	terms->night_to = to > from ? to : to + DAY;
}

static void
load_planned(const YamlNode *map, AvailabilityTerms *terms)
{
	static const char *const keys[] = { "announced", "nightly", "zone",
		NULL };
	static const char *const zones[] = { "client", NULL };
	const YamlNode *node = yaml_get(map, "planned");
	Duration ahead;

	if (node == NULL || !yaml_check_keys(node, keys))
		return;
	terms->ahead = 0;
	terms->has_night = false;
	if (load_duration(node, "announced", &ahead)) {
		if (ahead.unit != DURATION_TIME)
			yaml_problem(yaml_get(node, "announced"),
			    "write it in hours, as 48h");
		else
			terms->ahead = ahead.count;
	}
	load_night(node, terms);
	(void)yaml_get_choice(node, "zone", zones, 0);
	if (yaml_get(node, "announced") == NULL &&
	    yaml_get(node, "nightly") == NULL)
		yaml_problem(node,
		    "what is planned? add 'announced', 'nightly' or both, or "
		    "leave 'planned' out");
}

AvailabilityTerms *
availability_load(const YamlNode *map, const AvailabilityTerms *base)
{
	static const char *const keys[] = { "every", "objective", "guaranteed",
		"counts", "hosts", "services", "planned", NULL };
	AvailabilityTerms *terms;
	const char *every;

	if (map == NULL || !yaml_check_keys(map, keys))
		return NULL;
	terms = g_new0(AvailabilityTerms, 1);
	if (base != NULL) {
		*terms = *base;
		terms->hosts = g_strdupv(base->hosts);
		terms->services = g_strdupv(base->services);
	} else {
		terms->levels = 1u << ALERT_LEVEL_CRITICAL |
		    1u << ALERT_LEVEL_DOWN;
	}
	every = yaml_get_text(map, "every", "1mo");
	if (strcmp(every, "1mo") != 0)
		yaml_problem(yaml_get(map, "every"),
		    "availability is counted by the month: 1mo");
	load_target(map, terms);
	if (yaml_get(map, "counts") != NULL)
		terms->levels = availability_load_levels(map, "counts");
	load_patterns(map, "hosts", &terms->hosts);
	load_patterns(map, "services", &terms->services);
	load_planned(map, terms);
	return terms;
}
