/* When somebody who is away is back, by the words of their automatic answer. */
#include "guichet/rules/away.h"

#include "guichet/base/limits.h"
#include "guichet/yaml/load.h"

#include <string.h>

#define MONTHS   12
#define FARTHEST 183 /* days: a later one is another date, or a joke */

/* Between the words and the date: "jusqu'au lundi ", "back on the ". */
#define BETWEEN "(?:[\\p{L}.,'’()]|[^\\S\\n]){0,24}?"

typedef struct {
	Pattern *pattern;
	bool is_last_day; /* they are back on the day after it */
} Saying;

struct Away {
	GPtrArray *sayings; /* Saying * */
	GHashTable *months; /* name, folded, to its number from 1 */
};

static void
saying_free(gpointer data)
{
	Saying *saying = data;

	pattern_free(saying->pattern);
	g_free(saying);
}

void
away_free(Away *away)
{
	if (away == NULL)
		return;
	g_ptr_array_unref(away->sayings);
	g_hash_table_unref(away->months);
	g_free(away);
}

/* ---- loading ---- */

static void
load_months(Away *away, const YamlNode *root)
{
	const YamlNode *list = yaml_need(root, "months");

	if (list == NULL)
		return;
	if (yaml_kind(list) != YAML_LIST || yaml_count(list) != MONTHS) {
		yaml_problem(list, "months is a list of twelve lists of names");
		return;
	}
	for (guint i = 0; i < MONTHS; i++) {
		const YamlNode *names = yaml_item(list, i);

		if (yaml_kind(names) != YAML_LIST) {
			yaml_problem(names, "the names of a month are a list");
			continue;
		}
		for (guint k = 0; k < yaml_count(names); k++) {
			const char *name = yaml_text(yaml_item(names, k));

			if (name != NULL)
				g_hash_table_insert(away->months,
				    g_utf8_casefold(name, -1),
				    GUINT_TO_POINTER(i + 1));
		}
	}
}

static const YamlNode *
need_list(const YamlNode *root, const char *key)
{
	const YamlNode *list = yaml_need(root, key);

	if (list != NULL && yaml_kind(list) != YAML_LIST) {
		yaml_problem(list, "%s is a list of patterns", key);
		return NULL;
	}
	return list;
}

/* Words before a date, with each way to write one behind them. */
static void
load_sayings(Away *away, const YamlNode *root, const char *key,
    bool is_last_day)
{
	const YamlNode *words = need_list(root, key);
	const YamlNode *dates = need_list(root, "dates");
	g_autoptr(GString) before = g_string_new(NULL);

	if (words == NULL || dates == NULL)
		return;
	for (guint i = 0; i < yaml_count(words); i++) {
		const char *text = yaml_text(yaml_item(words, i));

		g_string_append_printf(before, "%s%s", i > 0 ? "|" : "",
		    text != NULL ? text : "");
	}
	for (guint i = 0; i < yaml_count(dates); i++) {
		const YamlNode *node = yaml_item(dates, i);
		g_autofree char *expression = g_strconcat("(?:", before->str,
		    ")", BETWEEN, yaml_text(node), NULL);
		Pattern *pattern = load_pattern(node, expression);
		Saying *saying;

		if (pattern == NULL)
			continue;
		saying = g_new0(Saying, 1);
		*saying = (Saying){ pattern, is_last_day };
		g_ptr_array_add(away->sayings, saying);
	}
}

Away *
away_load(const char *file, GBytes *yaml, Problems *problems)
{
	static const char *const keys[] = { "months", "until", "back", "dates",
		NULL };
	guint before = problems_count(problems);
	g_autoptr(Away) away = g_new0(Away, 1);
	gsize length;
	const char *text = g_bytes_get_data(yaml, &length);
	g_autoptr(YamlDocument) document = yaml_parse(file,
	    text != NULL ? text : "", length, problems);

	away->sayings = g_ptr_array_new_with_free_func(saying_free);
	away->months = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	if (document == NULL || !yaml_check_keys(yaml_root(document), keys))
		return NULL;
	load_months(away, yaml_root(document));
	load_sayings(away, yaml_root(document), "until", true);
	load_sayings(away, yaml_root(document), "back", false);
	return problems_count(problems) == before ? g_steal_pointer(&away)
						  : NULL;
}

/* ---- reading ---- */

static int
number_in(GHashTable *captures, const char *name)
{
	const char *text = g_hash_table_lookup(captures, name);

	return text != NULL ? (int)g_ascii_strtoll(text, NULL, 10) : 0;
}

/* Its number, or a name; 0: neither. */
static int
month_in(const Away *away, GHashTable *captures)
{
	const char *text = g_hash_table_lookup(captures, "month");
	g_autofree char *folded = NULL;

	if (text == NULL || g_ascii_isdigit(*text))
		return number_in(captures, "month");
	folded = g_utf8_casefold(text, -1);
	return (int)GPOINTER_TO_UINT(g_hash_table_lookup(away->months, folded));
}

/* Where no year is written, the next such day from `today` on. */
static bool
date_in(const Away *away, GHashTable *captures, Date today, Date *ret_date)
{
	int year = number_in(captures, "year"),
	    day = number_in(captures, "day");
	int month = month_in(away, captures);
	int this_year, this_month, this_day;

	date_split(today, &this_year, &this_month, &this_day);
	if (year != 0 && year < 100)
		year += 2000;
	if (month < 1 || month > MONTHS || day < 1)
		return false;
	for (int y = year != 0 ? year : this_year;
	     y <= (year != 0 ? year : this_year + 1); y++) {
		if (day > date_month_days(y, month))
			return false;
		*ret_date = date_of(y, month, day);
		if (*ret_date >= today)
			return true;
	}
	return false;
}

bool
away_return(const Away *away, const char *text, Date today, Date *ret_back)
{
	gint64 steps = LIMIT_RULES_STEPS;
	bool found = false;

	for (guint i = 0; away != NULL && i < away->sayings->len; i++) {
		const Saying *saying = away->sayings->pdata[i];
		g_autoptr(GHashTable) captures = g_hash_table_new_full(
		    g_str_hash, g_str_equal, g_free, g_free);
		Date date;

		if (pattern_find_within(saying->pattern, text, captures,
			&steps) != PATTERN_YES ||
		    !date_in(away, captures, today, &date))
			continue;
		date += saying->is_last_day ? 1 : 0;
		if (date <= today || date > today + FARTHEST)
			continue;
		*ret_back = found ? MAX(*ret_back, date) : date;
		found = true;
	}
	return found;
}
