/* What a site or a plan says of silence. */
#include "guichet/rules/silence.h"

#include "guichet/yaml/load.h"

#include <string.h>

#define DAYS_MAX 365

static const char *const day_keys[SILENCE_DAYS + 1] = { "remind", "give_up",
	"third_party", "review", NULL };

void
silence_rules_clear(SilenceRules *rules)
{
	g_clear_pointer(&rules->calendar, g_free);
	g_clear_pointer(&rules->news_clock, g_free);
	g_clear_pointer(&rules->holidays, g_strfreev);
}

/* Its time counts open hours, or all of them. */
static void
time_load(const YamlNode *map, const char *key, Duration *ret)
{
	if (load_duration(map, key, ret) && ret->unit != DURATION_TIME)
		yaml_problem(yaml_get(map, key),
		    "write it in hours, as in 8h: they count while the desk is "
		    "open");
}

static void
answer_load(const YamlNode *map, SilenceRules *rules)
{
	rules->has_answer = yaml_need(map, "within") != NULL;
	time_load(map, "within", &rules->within);
	time_load(map, "severity_1", &rules->severity_1);
}

static void
days_load(const YamlNode *root, SilenceRules *rules)
{
	static const char *const keys[] = { "remind", "give_up", "third_party",
		"review", "close", NULL };
	const YamlNode *map = yaml_get(root, "silence");

	if (map == NULL || !yaml_check_keys(map, keys))
		return;
	for (int i = 0; i < SILENCE_DAYS; i++)
		rules->days[i] = (int)yaml_get_int(map, day_keys[i], 1,
		    DAYS_MAX, 0);
	rules->says_close = yaml_get(map, "close") != NULL;
	rules->closes = yaml_get_bool(map, "close", false);
}

void
silence_rules_load_site(const YamlNode *root, SilenceRules *rules)
{
	static const char *const keys[] = { "within", "calendar", "severity_1",
		"holidays", NULL };
	const YamlNode *map = yaml_get(root, "answer");

	days_load(root, rules);
	if (map == NULL || !yaml_check_keys(map, keys))
		return;
	answer_load(map, rules);
	rules->calendar = g_strdup(yaml_get_text(map, "calendar", NULL));
	rules->calendar_at = yaml_place(map, "calendar");
	rules->holidays_at = yaml_place(map, "holidays");
	if (yaml_get(map, "holidays") != NULL)
		rules->holidays = yaml_get_list(map, "holidays");
	if (rules->calendar != NULL && rules->holidays != NULL)
		yaml_problem(yaml_get(map, "holidays"),
		    "the calendar says which holidays it has; keep one of both");
}

/* When the client hears next, by severity. */
static void
news_load(const YamlNode *root, const char *const *calendars, guint severities,
    SilenceRules *rules)
{
	const YamlNode *map = yaml_get(root, "next");

	if (map == NULL || !yaml_is_map(map))
		return;
	for (guint i = 0; i < yaml_count(map); i++) {
		const char *key = yaml_text(yaml_key(map, i));
		gint64 severity;

		if (key == NULL || strcmp(key, "clock") == 0)
			continue;
		if (g_ascii_string_to_signed(key, 10, 1, SEVERITY_MAX,
			&severity, NULL) &&
		    (severities & 1u << severity) != 0)
			time_load(map, key, &rules->news[severity]);
		else
			yaml_problem(yaml_key(map, i),
			    "'%s' is neither 'clock' nor a severity of the "
			    "plan",
			    key);
	}
	rules->news_clock = load_name(map, "clock", "calendar", calendars);
}

void
silence_rules_load_plan(const YamlNode *root, const char *const *calendars,
    guint severities, SilenceRules *rules)
{
	static const char *const keys[] = { "within", "calendar", "severity_1",
		NULL };
	const YamlNode *map = yaml_get(root, "answer");

	days_load(root, rules);
	news_load(root, calendars, severities, rules);
	if (map == NULL || !yaml_check_keys(map, keys))
		return;
	answer_load(map, rules);
	rules->calendar = load_name(map, "calendar", "calendar", calendars);
}
