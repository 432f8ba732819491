/* What is known of one alert: made, copied, and its key. */
#include "guichet/judgment/alert_case.h"

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

typedef struct {
	const char *fr, *en;
} MandateWords;

#define MANDATE_WORDS(X)                                                       \
 X(MANDATE_ALERT,                                                              \
     "une alerte est un mandat : les délais courent depuis sa réception",      \
     "an alert is a mandate to work: the clocks count from its receipt")       \
 X(MANDATE_CLIENT,                                                             \
     "une alerte n'est pas un mandat : les délais courent depuis le premier " \
     "mail du client",                                                         \
     "an alert is no mandate to work: the clocks count from the client's "     \
     "first mail")                                                             \
 X(MANDATE_NONE,                                                               \
     "une alerte n'est pas un mandat : aucun délai ne court tant que le "     \
     "client n'écrit pas",                                                     \
     "an alert is no mandate to work: no clock runs until the client writes")
NAME_ROWS(MandateWords, mandate_words, MANDATE_WORDS, MANDATE_COUNT);

const char *
alert_mandate_words(const char *mandate, const char *language)
{
	EventMandate known = MANDATE_NONE;

	event_mandate_parse(mandate, &known);
	return text_is_french(language) ? mandate_words[known].fr
					: mandate_words[known].en;
}

/* ---- a host in a text ---- */

#define HOST_MIN 3

/* Whether a name of a host may go on with it. */
static bool
is_of_name(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '_' || (c & 0x80) != 0;
}

/* What stands behind it ends it: a dot does at the end of a sentence alone. */
static bool
ends_name(const char *behind)
{
	return !is_of_name(*behind) &&
	    !(*behind == '.' && is_of_name(behind[1]));
}

static bool
begins_name(const char *text, const char *at)
{
	return at == text ||
	    (!is_of_name(at[-1]) && at[-1] != '.' && at[-1] != '@');
}

bool
alert_host_is_named(const char *host, const char *text)
{
	g_autofree char *name = g_ascii_strdown(host, -1);
	g_autofree char *lower = g_ascii_strdown(text, -1);
	gsize length = strlen(name);
	const char *at = lower;

	if (length < HOST_MIN)
		return false;
	while ((at = strstr(at, name)) != NULL) {
		if (begins_name(lower, at) && ends_name(at + length))
			return true;
		at++;
	}
	return false;
}

/* "web1.lambic" of "(web1.lambic)."; NULL: it is no host's name. */
static char *
take_name(const char *word, gsize length)
{
	bool marked = false;

	while (length > 0 && word[length - 1] == '.')
		length--;
	for (gsize i = 0; i < length; i++)
		marked = marked || !g_ascii_isalpha(word[i]);
	return marked && length >= HOST_MIN
	    ? g_ascii_strdown(word, (gssize)length)
	    : NULL;
}

char **
alert_hosts_in(const char *text, guint max)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-";
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	while (*text != '\0' && names->len < max) {
		gsize length = strspn(text, letters);
		char *name = take_name(text, length);

		if (name != NULL &&
		    !g_ptr_array_find_with_equal_func(names, name, g_str_equal,
			NULL))
			g_ptr_array_add(names, name);
		else
			g_free(name);
		text += MAX(length, 1);
	}
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

char *
alert_host_line(const Ticket *ticket)
{
	g_autofree char *host = NULL;

	if (!ticket_has_tag(ticket, ALERT_TAG_UNMAPPED) ||
	    *ticket->host == '\0')
		return NULL;
	/* What would mean something there is any character. */
	host = g_strdelimit(g_strdup(ticket->host), "\"\\", '?');
	return g_strdup_printf("- {host: \"%s\", contract: NAME}", host);
}
