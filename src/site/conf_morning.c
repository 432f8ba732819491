/* On which days, and when, the desk is told what is before it. */
#include "conf_private.h"

#include <string.h>

#define DAYS      7
#define WORK_DAYS 5
#define AT        (8 * 3600)

static bool
day_parse(const char *text, gsize length, int *ret_day)
{
	static const char *const names[DAYS] = { "mon", "tue", "wed", "thu",
		"fri", "sat", "sun" };

	for (int i = 0; i < DAYS; i++) {
		if (length == strlen(names[i]) &&
		    g_ascii_strncasecmp(text, names[i], length) == 0) {
			*ret_day = i;
			return true;
		}
	}
	return false;
}

/* "Mon-Fri", as calendars write it, or "Sat". */
static bool
days_parse(const char *text, guint *days)
{
	gsize length = strcspn(text, "-");
	int from, to;

	if (!day_parse(text, length, &from))
		return false;
	to = from;
	if (text[length] != '\0' &&
	    !day_parse(text + length + 1, strlen(text + length + 1), &to))
		return false;
	for (int day = from;; day = (day + 1) % DAYS) {
		*days |= 1u << day;
		if (day == to)
			return true;
	}
}

static void
load_days(Conf *conf, const YamlNode *map)
{
	const YamlNode *list = yaml_get(map, "days");

	if (list == NULL) {
		conf->morning.days = (1u << WORK_DAYS) - 1;
		return;
	}
	if (yaml_kind(list) != YAML_LIST || yaml_count(list) == 0)
		yaml_problem(list, "days are expected here, as in [Mon-Fri]");
	for (guint i = 0; yaml_kind(list) == YAML_LIST && i < yaml_count(list);
	     i++) {
		const char *text = yaml_text(yaml_item(list, i));

		if (text == NULL || !days_parse(text, &conf->morning.days))
			yaml_problem(yaml_item(list, i),
			    "no day; write [Mon-Fri], or [Mon, Thu]");
	}
}

void
conf_load_morning(Conf *conf, const YamlNode *root)
{
	static const char *const keys[] = { "at", "days", NULL };
	const YamlNode *map = yaml_get(root, "morning");
	const char *at;

	conf->morning.at = AT;
	if (map == NULL || !yaml_check_keys(map, keys))
		return;
	conf->morning.is_sent = true;
	at = yaml_get_text(map, "at", NULL);
	if (at != NULL &&
	    (!load_time(at, strlen(at), &conf->morning.at) ||
		conf->morning.at >= 24 * 3600))
		yaml_problem(yaml_get(map, "at"),
		    "a time of day is expected here, as in 08:00");
	load_days(conf, map);
}
