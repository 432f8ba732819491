/* All that a site edits but guichet.yaml, looked up by name. */
#include "ruleset_private.h"

#include <string.h>

static void
words_free(gpointer data)
{
	Words *words = data;

	words_clear(words);
	g_free(words);
}

Ruleset *
ruleset_new(const char *hash)
{
	Ruleset *ruleset = g_new0(Ruleset, 1);

	ruleset->hash = g_strdup(hash);
	ruleset->holidays = g_hash_table_new_full(g_str_hash, g_str_equal,
	    g_free, (GDestroyNotify)holidays_free);
	ruleset->calendar_files = g_hash_table_new_full(g_str_hash, g_str_equal,
	    g_free, (GDestroyNotify)calendar_file_free);
	ruleset->calendars = g_hash_table_new_full(g_str_hash, g_str_equal,
	    g_free, (GDestroyNotify)calendar_free);
	ruleset->plans = g_hash_table_new(g_str_hash, g_str_equal);
	ruleset->contracts = g_hash_table_new(g_str_hash, g_str_equal);
	ruleset->plan_list = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)plan_free);
	ruleset->contract_list = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)contract_free);
	ruleset->answers = g_hash_table_new_full(g_str_hash, g_str_equal,
	    g_free, words_free);
	ruleset->match = match_rules_new();
	ruleset->replies = g_hash_table_new_full(g_str_hash, g_str_equal,
	    g_free, (GDestroyNotify)template_free);
	return ruleset;
}

void
ruleset_free(Ruleset *ruleset)
{
	if (ruleset == NULL)
		return;
	g_free(ruleset->hash);
	g_hash_table_unref(ruleset->calendars); /* they borrow the holidays */
	g_hash_table_unref(ruleset->calendar_files);
	g_hash_table_unref(ruleset->holidays);
	g_hash_table_unref(ruleset->plans);
	g_hash_table_unref(ruleset->contracts);
	g_ptr_array_unref(ruleset->plan_list);
	g_ptr_array_unref(ruleset->contract_list);
	match_rules_free(ruleset->match);
	alert_rules_free(ruleset->alerts);
	alert_map_free(ruleset->alert_map);
	quotes_unref(ruleset->quotes);
	secrets_free(ruleset->secrets);
	away_free(ruleset->away);
	g_hash_table_unref(ruleset->answers);
	if (ruleset->robots != NULL)
		robot_rules_free(ruleset->robots);
	g_hash_table_unref(ruleset->replies);
	g_free(ruleset);
}

Quotes *
ruleset_quotes(const Ruleset *ruleset)
{
	return ruleset->quotes;
}

const char *
ruleset_hash(const Ruleset *ruleset)
{
	return ruleset->hash;
}

const Plan *
ruleset_plan(const Ruleset *ruleset, const char *name)
{
	return g_hash_table_lookup(ruleset->plans, name);
}

const Contract *
ruleset_contract(const Ruleset *ruleset, const char *name)
{
	return g_hash_table_lookup(ruleset->contracts, name);
}

const GPtrArray *
ruleset_plans(const Ruleset *ruleset)
{
	return ruleset->plan_list;
}

const GPtrArray *
ruleset_contracts(const Ruleset *ruleset)
{
	return ruleset->contract_list;
}

const MatchRules *
ruleset_match(const Ruleset *ruleset)
{
	return ruleset->match;
}

const AlertRules *
ruleset_alerts(const Ruleset *ruleset)
{
	return ruleset->alerts;
}

const AlertMap *
ruleset_alert_map(const Ruleset *ruleset)
{
	return ruleset->alert_map;
}

const Away *
ruleset_away(const Ruleset *ruleset)
{
	return ruleset->away;
}

const Secrets *
ruleset_secrets(const Ruleset *ruleset)
{
	return ruleset->secrets;
}

const RobotRules *
ruleset_robots(const Ruleset *ruleset)
{
	return ruleset->robots;
}

const Holidays *
ruleset_holidays(const Ruleset *ruleset, const char *name)
{
	return g_hash_table_lookup(ruleset->holidays, name);
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **
ruleset_sorted_names(GHashTable *table)
{
	guint count;
	const char **names =
	    (const char **)g_hash_table_get_keys_as_array(table, &count);

	qsort(names, count, sizeof *names, compare_names);
	return names;
}

const char **
ruleset_holiday_names(const Ruleset *ruleset)
{
	return ruleset_sorted_names(ruleset->holidays);
}

const char **
ruleset_answer_names(const Ruleset *ruleset)
{
	return ruleset_sorted_names(ruleset->answers);
}

const char *
ruleset_answer(const Ruleset *ruleset, const char *name, const char *language)
{
	const Words *words = g_hash_table_lookup(ruleset->answers, name);
	const char *text;

	if (words == NULL)
		return NULL;
	text = words_in(words, language);
	return *text != '\0' ? text : words->fr;
}

/* Asked for with every clock: printf and joined lists took half of its time. */
static char *
calendar_key(const char *name, const Zone *zone, const char *const *holidays)
{
	gsize size = strlen(name) + strlen(zone_name(zone)) + 3;
	char *key, *end;

	for (gsize i = 0; holidays != NULL && holidays[i] != NULL; i++)
		size += strlen(holidays[i]) + 1;
	key = g_malloc(size);
	end = g_stpcpy(key, name);
	*end++ = '\n';
	end = g_stpcpy(end, zone_name(zone));
	*end++ = '\n';
	for (gsize i = 0; holidays != NULL && holidays[i] != NULL; i++) {
		end = g_stpcpy(end, holidays[i]);
		*end++ = ' ';
	}
	*end = '\0';
	return key;
}

const Calendar *
ruleset_calendar(const Ruleset *ruleset, const char *name, const Zone *zone,
    const char *const *holidays)
{
	g_autofree char *key = calendar_key(name, zone, holidays);
	const CalendarFile *file;
	Calendar *calendar = g_hash_table_lookup(ruleset->calendars, key);

	if (calendar != NULL)
		return calendar;
	file = g_hash_table_lookup(ruleset->calendar_files, name);
	if (file == NULL)
		return NULL;
	calendar = calendar_file_make(file, zone, holidays, ruleset->holidays,
	    NULL);
	if (calendar != NULL)
		g_hash_table_insert(ruleset->calendars, g_steal_pointer(&key),
		    calendar);
	return calendar;
}

static const Template *
reply_part(const Ruleset *ruleset, const char *name, const char *language,
    const char *part)
{
	g_autofree char *key = g_strdup_printf("%s/%s.%s", language, name,
	    part);

	return g_hash_table_lookup(ruleset->replies, key);
}

bool
ruleset_reply(const Ruleset *ruleset, const char *name, const char *language,
    const Template **ret_subject, const Template **ret_text,
    const Template **ret_html)
{
	const Template *subject = reply_part(ruleset, name, language,
	    "subject");
	const Template *text = reply_part(ruleset, name, language, "txt");

	if (subject == NULL || text == NULL)
		return false;
	*ret_subject = subject;
	*ret_text = text;
	*ret_html = reply_part(ruleset, name, language, "html");
	return true;
}

bool
ruleset_terms(const Ruleset *ruleset, const Contract *contract,
    Instant received, Terms *ret_terms)
{
	const ContractVersion *version;

	/* What is over, or has not begun, promises nothing. */
	if (contract_life(contract, received, NULL) != CONTRACT_IN_FORCE)
		return false;
	version = contract_version(contract, received);
	*ret_terms = (Terms){
		.ruleset = ruleset,
		.plan = ruleset_plan(ruleset, version->plans[0]),
		.zone = version->zone,
		.holidays = (const char *const *)version->holidays,
		.fields = version->fields,
		.targets = version->targets,
		.continuous = version->continuous,
		.remind_every = version->remind_every,
	};
	g_assert(ret_terms->plan != NULL); /* the loader checked the name */
	return true;
}

const AvailabilityTerms *
ruleset_availability(const Ruleset *ruleset, const ContractVersion *version)
{
	if (version->availability != NULL)
		return version->availability;
	for (gsize i = 0; version->plans[i] != NULL; i++) {
		const Plan *plan = ruleset_plan(ruleset, version->plans[i]);

		if (plan->availability != NULL)
			return plan->availability;
	}
	return NULL;
}
