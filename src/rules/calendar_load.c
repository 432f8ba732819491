/* Calendars from their files. */
#include "guichet/base/error.h"
#include "loaders_private.h"

#include <string.h>

#define DAY  86400
#define WEEK (7 * DAY)

struct CalendarFile {
	char *name;
	const Zone *zone; /* NULL: the contract's, else the plan's */
	char **holidays;  /* NULL: the contract's, else the plan's */
	bool always;
	GArray *spans;      /* WeekSpan */
	GArray *openings;   /* Opening */
	Holidays *closures; /* or NULL */
};

void
calendar_file_free(CalendarFile *file)
{
	if (file == NULL)
		return;
	g_free(file->name);
	g_strfreev(file->holidays);
	g_array_unref(file->spans);
	g_array_unref(file->openings);
	holidays_free(file->closures);
	g_free(file);
}

/* ---- weekly spans ---- */

static bool
day_parse(const char *text, gsize length, int *ret_day)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri",
		"Sat", "Sun" };

	for (int i = 0; i < 7; i++)
		if (length == 3 && g_ascii_strncasecmp(days[i], text, 3) == 0) {
			*ret_day = i;
			return true;
		}
	return false;
}

static void
add_span(GArray *spans, int32_t open, int32_t close)
{
	WeekSpan span = { open % WEEK, open % WEEK + (close - open) };

	g_array_append_val(spans, span);
}

/* "Mon 09:00 - Fri 18:00": one window. */
static bool
long_span_parse(char **words, GArray *spans)
{
	int from, to;
	int32_t open, close;

	if (g_strv_length(words) != 5 || strcmp(words[2], "-") != 0 ||
	    !day_parse(words[0], strlen(words[0]), &from) ||
	    !load_time(words[1], strlen(words[1]), &open) ||
	    !day_parse(words[3], strlen(words[3]), &to) ||
	    !load_time(words[4], strlen(words[4]), &close) || open == DAY)
		return false;
	open += from * DAY;
	close += to * DAY;
	add_span(spans, open, close > open ? close : close + WEEK);
	return true;
}

/* "Mon-Fri 09:00-12:30" or "Sat 09:00-12:30": one window a day. A closing
 * that is not later than the opening is on the next day. */
static bool
daily_span_parse(char **words, GArray *spans)
{
	int from, to;
	int32_t open, close;
	gsize length;

	if (g_strv_length(words) != 2)
		return false;
	length = strlen(words[0]);
	if (length == 3) {
		if (!day_parse(words[0], 3, &from))
			return false;
		to = from;
	} else if (length != 7 || words[0][3] != '-' ||
	    !day_parse(words[0], 3, &from) ||
	    !day_parse(words[0] + 4, 3, &to)) {
		return false;
	}
	if (strlen(words[1]) != 11 || words[1][5] != '-' ||
	    !load_time(words[1], 5, &open) ||
	    !load_time(words[1] + 6, 5, &close) || open == DAY)
		return false;
	if (close <= open)
		close += DAY;
	for (int day = from;; day = (day + 1) % 7) {
		add_span(spans, open + day * DAY, close + day * DAY);
		if (day == to)
			return true;
	}
}

static void
spans_load(const YamlNode *root, CalendarFile *file)
{
	const YamlNode *list = yaml_get(root, "open");

	if (list != NULL && yaml_kind(list) != YAML_LIST)
		yaml_problem(list,
		    "a list of opening times is expected here, "
		    "as in [Mon-Fri 09:00-17:00]");
	for (guint i = 0; i < yaml_count(list); i++) {
		const YamlNode *node;
		const char *text;
		g_auto(GStrv) words = NULL;

		if (yaml_kind(list) != YAML_LIST)
			return;
		node = yaml_item(list, i);
		text = yaml_text(node);
		if (text == NULL)
			continue;
		words = g_strsplit(text, " ", -1);
		if (!long_span_parse(words, file->spans) &&
		    !daily_span_parse(words, file->spans))
			yaml_problem(node,
			    "'%s' is no opening time; write 'Mon-Fri "
			    "09:00-12:30' or 'Mon 09:00 - Fri 18:00'",
			    text);
	}
}

/* ---- single dates ---- */

static void
closures_load(const YamlNode *root, CalendarFile *file)
{
	static const char *const keys[] = { "date", "name", NULL };
	const YamlNode *list = yaml_get(root, "closures");

	if (list != NULL && yaml_kind(list) != YAML_LIST)
		yaml_problem(list,
		    "a list of closures is expected here, each "
		    "with 'date' and 'name'");
	for (guint i = 0; i < yaml_count(list); i++) {
		const YamlNode *node = yaml_kind(list) == YAML_LIST
		    ? yaml_item(list, i)
		    : NULL;
		Date date;

		if (node == NULL || !yaml_check_keys(node, keys))
			continue;
		(void)yaml_need(node, "date");
		(void)yaml_need(node, "name");
		if (!load_date(node, "date", &date))
			continue;
		if (file->closures == NULL)
			file->closures = holidays_new_closures(file->name);
		holidays_add(file->closures, date,
		    yaml_get_text(node, "name", ""));
	}
}

static bool
opening_time_load(const YamlNode *map, const char *key, int32_t *ret)
{
	const YamlNode *node = yaml_need(map, key);
	const char *text = node == NULL ? NULL : yaml_text(node);

	if (text == NULL)
		return false;
	if (load_time(text, strlen(text), ret))
		return true;
	yaml_problem(node, "'%s' is no time of day; write 09:00", text);
	return false;
}

static void
openings_load(const YamlNode *root, CalendarFile *file)
{
	static const char *const keys[] = { "date", "from", "to", NULL };
	const YamlNode *list = yaml_get(root, "openings");

	if (list != NULL && yaml_kind(list) != YAML_LIST)
		yaml_problem(list,
		    "a list of openings is expected here, each "
		    "with 'date', 'from' and 'to'");
	for (guint i = 0; i < yaml_count(list); i++) {
		const YamlNode *node = yaml_kind(list) == YAML_LIST
		    ? yaml_item(list, i)
		    : NULL;
		Opening opening;
		bool dated, opens, closes;

		if (node == NULL || !yaml_check_keys(node, keys))
			continue;
		(void)yaml_need(node, "date");
		dated = load_date(node, "date", &opening.date);
		opens = opening_time_load(node, "from", &opening.open);
		closes = opening_time_load(node, "to", &opening.close);
		if (opens && closes && opening.close <= opening.open)
			yaml_problem(node, "'to' must be later than 'from'");
		else if (dated && opens && closes)
			g_array_append_val(file->openings, opening);
	}
}

/* ---- the file ---- */

static void
zone_load(const YamlNode *root, CalendarFile *file)
{
	const YamlNode *node = yaml_get(root, "zone");

	if (node != NULL &&
	    g_strcmp0(yaml_get_text(root, "zone", NULL), "client") != 0)
		file->zone = load_zone(root, "zone");
}

static void
calendar_holidays_load(const YamlNode *root, const KnownNames *names,
    CalendarFile *file)
{
	const YamlNode *node = yaml_get(root, "holidays");
	const char *word = node != NULL && yaml_kind(node) == YAML_SCALAR
	    ? yaml_text(node)
	    : NULL;

	if (node == NULL || g_strcmp0(word, "contract") == 0)
		return;
	if (g_strcmp0(word, "none") == 0)
		file->holidays = g_new0(char *, 1);
	else
		file->holidays = load_names(root, "holidays", "set of holidays",
		    names->holidays);
}

static void
check_opens(const YamlNode *root, const CalendarFile *file)
{
	const YamlNode *list = yaml_get(root, "open");

	if (file->always &&
	    (list != NULL || yaml_get(root, "openings") ||
		yaml_get(root, "closures")))
		yaml_problem(root,
		    "'always: yes' is open around the clock; "
		    "remove it, or 'open', 'openings' and 'closures'");
	else if (!file->always && yaml_count(list) == 0 &&
	    file->openings->len == 0)
		yaml_problem(list != NULL ? list : root,
		    "the calendar never opens; give 'open' or 'always: yes'");
}

CalendarFile *
calendar_file_load(const char *name, const YamlNode *root,
    const KnownNames *names)
{
	static const char *const keys[] = { "title", "zone", "holidays",
		"always", "open", "closures", "openings", NULL };
	CalendarFile *file = g_new0(CalendarFile, 1);
	Words title = { 0 };

	file->name = g_strdup(name);
	file->spans = g_array_new(FALSE, FALSE, sizeof(WeekSpan));
	file->openings = g_array_new(FALSE, FALSE, sizeof(Opening));
	if (!yaml_check_keys(root, keys))
		return file;
	if (yaml_get(root, "title") != NULL)
		load_words(root, "title", &title);
	words_clear(&title);
	zone_load(root, file);
	calendar_holidays_load(root, names, file);
	file->always = yaml_get_bool(root, "always", false);
	spans_load(root, file);
	closures_load(root, file);
	openings_load(root, file);
	check_opens(root, file);
	return file;
}

Calendar *
calendar_file_make(const CalendarFile *file, const Zone *zone,
    const char *const *holidays, GHashTable *sets, GError **error)
{
	g_autoptr(GPtrArray) chosen = g_ptr_array_new();
	CalendarSpec spec = {
		.name = file->name,
		.zone = file->zone != NULL ? file->zone : zone,
		.always = file->always,
		.spans = (const WeekSpan *)(const void *)file->spans->data,
		.span_count = file->spans->len,
		.openings = (const Opening *)(const void *)file->openings->data,
		.opening_count = file->openings->len,
	};

	if (file->holidays != NULL)
		holidays = (const char *const *)file->holidays;
	for (gsize i = 0; holidays != NULL && holidays[i] != NULL; i++) {
		gpointer set = g_hash_table_lookup(sets, holidays[i]);

		if (set == NULL) {
			g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
			    "unknown set of holidays '%s'", holidays[i]);
			return NULL;
		}
		g_ptr_array_add(chosen, set);
	}
	if (file->closures != NULL)
		g_ptr_array_add(chosen, file->closures);
	spec.holidays = (const Holidays *const *)chosen->pdata;
	spec.holidays_count = chosen->len;
	return calendar_new(&spec, error);
}
