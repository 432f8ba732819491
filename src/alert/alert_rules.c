/* Recognisers as data: made, freed, put in order. */
#include "alert_private.h"

#include <string.h>

static void
probe_free(gpointer data)
{
	AlertProbe *probe = data;

	g_free(probe->header);
	pattern_free(probe->pattern);
	g_free(probe);
}

static void
source_free(gpointer data)
{
	AlertSource *source = data;

	g_free(source->field);
	g_strfreev(source->values);
	g_free(source);
}

void
alert_step_free(gpointer data)
{
	AlertStep *step = data;

	g_ptr_array_unref(step->probes);
	g_ptr_array_unref(step->labels);
	g_ptr_array_unref(step->settings);
	g_free(step);
}

void
alert_members_free(AlertMembers *members)
{
	if (members == NULL)
		return;
	pattern_free(members->firing);
	pattern_free(members->resolved);
	pattern_free(members->start);
	pattern_free(members->pair);
	pattern_free(members->row);
	pattern_free(members->cell);
	pattern_free(members->status);
	pattern_free(members->notes);
	pattern_free(members->end);
	g_strfreev(members->host);
	g_strfreev(members->service);
	g_strfreev(members->state);
	g_strfreev(members->info);
	g_free(members);
}

void
alert_recogniser_free(gpointer data)
{
	AlertRecogniser *recogniser = data;

	if (recogniser == NULL)
		return;
	g_free(recogniser->system);
	g_ptr_array_unref(recogniser->signs);
	g_ptr_array_unref(recogniser->steps);
	g_hash_table_unref(recogniser->types);
	g_hash_table_unref(recogniser->states);
	g_strfreev(recogniser->need);
	g_strfreev(recogniser->want);
	g_strfreev(recogniser->keys);
	g_strfreev(recogniser->aliases);
	alert_members_free(recogniser->members);
	alert_output_free(recogniser->output);
	alert_split_free(recogniser->several);
	g_strfreev(recogniser->host_states);
	g_free(recogniser);
}

GHashTable *
alert_words_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

AlertProbe *
alert_probe_new(AlertPlace place, const char *header, Pattern *take_pattern)
{
	AlertProbe *probe = g_new0(AlertProbe, 1);

	probe->place = place;
	probe->header = g_strdup(header);
	probe->pattern = take_pattern;
	return probe;
}

AlertStep *
alert_step_new(void)
{
	AlertStep *step = g_new0(AlertStep, 1);

	step->probes = g_ptr_array_new_with_free_func(probe_free);
	step->labels = g_ptr_array_new_with_free_func(source_free);
	step->settings = g_ptr_array_new_with_free_func(source_free);
	return step;
}

AlertRules *
alert_rules_new(void)
{
	AlertRules *rules = g_new0(AlertRules, 1);

	rules->recognisers = g_ptr_array_new_with_free_func(
	    alert_recogniser_free);
	rules->types = alert_words_new();
	rules->states = alert_words_new();
	rules->prefixes = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)pattern_free);
	rules->banners = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)pattern_free);
	rules->conversation = g_ptr_array_new_with_free_func(alert_step_free);
	rules->courtesy = g_ptr_array_new_with_free_func(alert_step_free);
	rules->unknown = alert_unknown_new();
	return rules;
}

void
alert_rules_free(AlertRules *rules)
{
	if (rules == NULL)
		return;
	g_ptr_array_unref(rules->recognisers);
	g_hash_table_unref(rules->types);
	g_hash_table_unref(rules->states);
	g_ptr_array_unref(rules->prefixes);
	g_ptr_array_unref(rules->banners);
	g_ptr_array_unref(rules->conversation);
	g_ptr_array_unref(rules->courtesy);
	alert_unknown_free(rules->unknown);
	g_free(rules);
}

guint
alert_rules_count(const AlertRules *rules)
{
	return rules->recognisers->len;
}

static int
compare_recognisers(gconstpointer a, gconstpointer b)
{
	const AlertRecogniser *one = *(const AlertRecogniser *const *)a;
	const AlertRecogniser *other = *(const AlertRecogniser *const *)b;

	if (one->rank != other->rank)
		return one->rank < other->rank ? -1 : 1;
	return strcmp(one->system, other->system);
}

void
alert_rules_seal(AlertRules *rules)
{
	g_ptr_array_sort(rules->recognisers, compare_recognisers);
}
