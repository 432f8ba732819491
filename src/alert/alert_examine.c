/* What recognisers make of a mail, for those who write them. */
#include "alert_private.h"

#include <string.h>

static void
reading_free(gpointer data)
{
	AlertReading *reading = data;

	g_free(reading->system);
	g_strfreev(reading->lacking);
	g_strfreev(reading->fields);
	g_strfreev(reading->missing);
	alert_free(reading->alert);
	g_free(reading);
}

static char *
describe_probe(const AlertProbe *probe)
{
	static const char *const places[] = { "subject", "text", "from",
		"header" };

	return g_strdup_printf("%s%s%s: %s", places[probe->place],
	    probe->header != NULL ? " " : "",
	    probe->header != NULL ? probe->header : "",
	    probe->pattern != NULL ? pattern_text(probe->pattern) : "any");
}

/* What the sign lacks; `*ret_found` counts what it has. */
static char **
lacking_of(AlertMail *mail, const AlertStep *sign, guint *ret_found)
{
	GPtrArray *lacking = g_ptr_array_new();

	*ret_found = 0;
	for (guint i = 0; i < sign->probes->len; i++) {
		if (alert_mail_probe(mail, sign->probes->pdata[i], NULL))
			(*ret_found)++;
		else
			g_ptr_array_add(lacking,
			    describe_probe(sign->probes->pdata[i]));
	}
	g_ptr_array_add(lacking, NULL);
	return (char **)g_ptr_array_free(lacking, FALSE);
}

static int
compare_strings(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char **
list_fields(GHashTable *fields)
{
	GPtrArray *list = g_ptr_array_new();
	GHashTableIter each;
	gpointer name, value;

	g_hash_table_iter_init(&each, fields);
	while (g_hash_table_iter_next(&each, &name, &value)) {
		g_autofree char *shown = alert_cut_value(value);

		g_ptr_array_add(list,
		    g_strdup_printf("%s: %s", (char *)name, shown));
	}
	g_ptr_array_sort(list, compare_strings);
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(list, FALSE);
}

/* NULL if nothing of it fits. */
static AlertReading *
examine(AlertMail *mail, const AlertRecogniser *by, const AlertRules *rules,
    bool courteous)
{
	g_autoptr(GHashTable) fields = NULL;
	AlertReading *reading;
	g_auto(GStrv) best = NULL;

	for (guint i = 0; i < by->signs->len; i++) {
		guint found;
		g_auto(GStrv) lacking = lacking_of(mail, by->signs->pdata[i],
		    &found);

		/* Half a sign is nothing: every mail has some line. */
		if (found > 0 && found >= g_strv_length(lacking) &&
		    (best == NULL ||
			g_strv_length(lacking) < g_strv_length(best))) {
			g_strfreev(best);
			best = g_steal_pointer(&lacking);
		}
	}
	if (best == NULL)
		return NULL;
	reading = g_new0(AlertReading, 1);
	reading->system = g_strdup(by->system);
	reading->lacking = g_steal_pointer(&best);
	fields = alert_fields_new();
	reading->alert = alert_fit(mail, by, rules, fields, &reading->missing);
	reading->fields = list_fields(fields);
	reading->courtesy = courteous && !by->courtesy;
	if (reading->lacking[0] != NULL || reading->courtesy)
		g_clear_pointer(&reading->alert, alert_free);
	return reading;
}

GPtrArray *
alert_examine(const AlertRules *rules, const Message *message,
    char **ret_conversation)
{
	g_autoptr(AlertMail) mail = alert_mail_new(rules, message);
	GPtrArray *readings = g_ptr_array_new_with_free_func(reading_free);
	bool courteous = alert_mail_is_courteous(mail, rules);
	const AlertStep *sign = alert_sign_of(mail, rules->conversation);

	*ret_conversation = sign == NULL
	    ? NULL
	    : describe_probe(sign->probes->pdata[0]);
	for (guint i = 0; sign == NULL && i < rules->recognisers->len; i++) {
		AlertReading *reading = examine(mail,
		    rules->recognisers->pdata[i], rules, courteous);

		if (reading != NULL)
			g_ptr_array_add(readings, reading);
	}
	return readings;
}
