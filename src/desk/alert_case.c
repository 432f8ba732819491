/* What is known of one alert: made, copied, and its key. */
#include "guichet/desk/alert_case.h"

#include "guichet/base/names.h"
#include "guichet/base/text.h"
#include "guichet/ticket/event_words.h"

#include <string.h>

#define KEY_BYTES 200

AlertCase *
alert_case_new(const char *source, const char *system, const char *key)
{
	AlertCase *one = g_new0(AlertCase, 1);

	one->source = g_strdup(source);
	one->system = g_strdup(system);
	one->key = g_strdup(key);
	one->alias = g_strdup("");
	one->host = g_strdup("");
	one->service = g_strdup("");
	one->contract = g_strdup("");
	one->members = g_new0(char *, 1);
	one->first = one->last = INSTANT_NONE;
	one->opened = one->turned = one->wake = INSTANT_NONE;
	return one;
}

AlertCase *
alert_case_copy(const AlertCase *one)
{
	AlertCase *copy = g_new0(AlertCase, 1);

	*copy = *one;
	copy->source = g_strdup(one->source);
	copy->system = g_strdup(one->system);
	copy->key = g_strdup(one->key);
	copy->alias = g_strdup(one->alias);
	copy->host = g_strdup(one->host);
	copy->service = g_strdup(one->service);
	copy->contract = g_strdup(one->contract);
	copy->members = g_strdupv(one->members);
	return copy;
}

void
alert_case_free(AlertCase *one)
{
	if (one == NULL)
		return;
	g_free(one->source);
	g_free(one->system);
	g_free(one->key);
	g_free(one->alias);
	g_free(one->host);
	g_free(one->service);
	g_free(one->contract);
	g_strfreev(one->members);
	g_free(one);
}

char *
alert_case_key(const char *key)
{
	g_autofree char *sum = NULL;

	if (strlen(key) <= KEY_BYTES)
		return g_strdup(key);
	sum = text_sha256(key, strlen(key));
	return g_strdup_printf("sha256:%s", sum);
}

char *
alert_case_ticket_key(const AlertCase *one)
{
	return g_strdup_printf("%s|%s|%s", one->source, one->system, one->key);
}

const char *
alert_case_awaited(const char *ticket_key)
{
	static const char system[] = "|" ALERT_SYSTEM_EXPECTED "|";
	const char *bar = strchr(ticket_key, '|');

	return bar != NULL && g_str_has_prefix(bar, system)
	    ? bar + strlen(system)
	    : "";
}

bool
alert_case_is_told(gint64 count)
{
	return count <= 8 || (count & (count - 1)) == 0;
}

/* 2: equal; 1: one of them says nothing of it; 0: another. */
static int
likeness(const char *one, const char *other)
{
	g_autofree char *first = g_utf8_casefold(one, -1);
	g_autofree char *second = g_utf8_casefold(other, -1);

	if (strcmp(first, second) == 0)
		return 2;
	return *one == '\0' || *other == '\0' ? 1 : 0;
}

const AlertCase *
alert_case_alike(const GPtrArray *cases, const Alert *alert)
{
	const AlertCase *best = NULL;
	int most = 0;
	bool several = false;

	for (guint i = 0; i < cases->len; i++) {
		const AlertCase *one = cases->pdata[i];
		int host = likeness(one->host, alert->host);
		int service = likeness(one->service, alert->service);

		if (host == 0 || service == 0 || host + service < most)
			continue;
		several = host + service == most;
		most = host + service;
		best = one;
	}
	return several ? NULL : best;
}

#define MANDATE_WORDS(X)                                                              \
 X(MANDATE_ALERT,                                                                     \
     "an alert is a mandate to work: the clocks count from its receipt")              \
 X(MANDATE_CLIENT,                                                                    \
     "an alert is no mandate to work: the clocks count from the client's first mail") \
 X(MANDATE_NONE,                                                                      \
     "an alert is no mandate to work: no clock runs until the client writes")
NAME_TABLE(mandate_words, MANDATE_WORDS, MANDATE_COUNT);

const char *
alert_mandate_words(const char *mandate)
{
	EventMandate known = MANDATE_NONE;

	event_mandate_parse(mandate, &known);
	return names_word(&mandate_words, known);
}
