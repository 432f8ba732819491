/* Whose a host is, when it is silent, what mails must come. */
#include "guichet/alert/alert_map.h"

#include <string.h>

#define DAY 86400

bool
alert_glob_fits(const char *pattern, const char *name)
{
	g_autofree char *low = NULL;
	g_autofree char *word = NULL;

	if (pattern == NULL)
		return true;
	low = g_utf8_casefold(pattern, -1);
	word = g_utf8_casefold(name, -1);
	return g_pattern_match_simple(low, word);
}

bool
alert_map_is_shared(const AlertMap *map, const char *domain)
{
	gsize length = strlen(domain);

	for (guint i = 0; i < map->shared->len; i++) {
		const char *shared = map->shared->pdata[i];
		gsize size = strlen(shared);

		if (length >= size &&
		    g_ascii_strcasecmp(domain + length - size, shared) == 0 &&
		    (length == size || domain[length - size - 1] == '.'))
			return true;
	}
	return false;
}

const AlertHost *
alert_map_host(const AlertMap *map, const char *source, const char *host,
    const char *service)
{
	for (guint i = 0; i < map->hosts->len; i++) {
		const AlertHost *line = map->hosts->pdata[i];

		if (line->source != NULL && strcmp(line->source, source) != 0)
			continue;
		if (alert_glob_fits(line->host, host) &&
		    alert_glob_fits(line->service, service))
			return line;
	}
	return NULL;
}

static void
owner_free(gpointer data)
{
	AlertOwner *owner = data;

	g_ptr_array_unref(owner->hosts);
	g_free(owner);
}

static void
add_owner(GPtrArray *owners, const AlertHost *line, const char *host)
{
	const char *contract = line != NULL && line->contract != NULL
	    ? line->contract
	    : "";
	AlertOwner *owner = NULL;

	for (guint i = 0; i < owners->len && owner == NULL; i++) {
		AlertOwner *one = owners->pdata[i];

		if (strcmp(one->contract, contract) == 0)
			owner = one;
	}
	if (owner == NULL) {
		owner = g_new0(AlertOwner, 1);
		owner->contract = contract;
		owner->hosts = g_ptr_array_new();
		g_ptr_array_add(owners, owner);
	}
	if (owner->line == NULL)
		owner->line = line;
	if (*host != '\0' &&
	    !g_ptr_array_find_with_equal_func(owner->hosts, host, g_str_equal,
		NULL))
		g_ptr_array_add(owner->hosts, (gpointer)host);
}

GPtrArray *
alert_map_owners(const AlertMap *map, const Alert *alert, const char *source)
{
	GPtrArray *owners = g_ptr_array_new_with_free_func(owner_free);

	for (guint i = 0; i < alert->members->len; i++) {
		const AlertMember *member = alert->members->pdata[i];
		const char *host = alert_member_host(alert, member);
		const char *service = alert_member_service(alert, member);

		if (member->firing)
			add_owner(owners,
			    alert_map_host(map, source, host, service), host);
	}
	if (owners->len == 0)
		add_owner(owners,
		    alert_map_host(map, source, alert->host, alert->service),
		    alert->host);
	return owners;
}

int
alert_map_severity(const AlertMap *map, const AlertHost *host, AlertLevel level)
{
	g_assert((guint)level < ALERT_LEVELS);
	if (host != NULL && host->severity[level] != 0)
		return host->severity[level];
	return map->severity[level];
}

static bool
is_on(guint days, Date date)
{
	return (days & 1u << date_weekday(date)) != 0;
}

/* A silence may have begun the day before. */
static Instant
quiet_until(const AlertQuiet *quiet, Instant at)
{
	Date today = wall_date(zone_wall(quiet->zone, at));

	for (Date date = today - 1; date <= today; date++) {
		Wall midnight = wall_midnight(date);
		Instant from = zone_instant(quiet->zone, midnight + quiet->from,
		    ZONE_FIRST);
		Instant to = zone_instant(quiet->zone, midnight + quiet->to,
		    ZONE_SECOND);

		if (is_on(quiet->days, date) && at >= from && at < to)
			return to;
	}
	return INSTANT_NONE;
}

Instant
alert_map_quiet_until(const AlertMap *map, const char *host,
    const char *service, Instant at)
{
	Instant until = INSTANT_NONE;

	for (guint i = 0; i < map->quiet->len; i++) {
		const AlertQuiet *quiet = map->quiet->pdata[i];
		Instant end;

		if (!alert_glob_fits(quiet->host, host) ||
		    !alert_glob_fits(quiet->service, service))
			continue;
		end = quiet_until(quiet, at);
		if (end != INSTANT_NONE &&
		    (until == INSTANT_NONE || end > until))
			until = end;
	}
	return until;
}

/* A time that the autumn change repeats is its second showing, as a closing
 * time is. */
static Instant
deadline_on(const AlertExpected *expected, Date date)
{
	return zone_instant(expected->zone, wall_midnight(date) + expected->by,
	    ZONE_SECOND);
}

Instant
alert_expected_next(const AlertExpected *expected, Instant after)
{
	Date date = wall_date(zone_wall(expected->zone, after)) - 1;

	for (int i = 0; i < 10; i++, date++) {
		Instant at = deadline_on(expected, date);

		if (is_on(expected->days, date) && at > after)
			return at;
	}
	return INSTANT_NONE;
}

Instant
alert_expected_last(const AlertExpected *expected, Instant at)
{
	Date date = wall_date(zone_wall(expected->zone, at)) + 1;

	for (int i = 0; i < 10; i++, date--) {
		Instant deadline = deadline_on(expected, date);

		if (is_on(expected->days, date) && deadline <= at)
			return deadline;
	}
	return INSTANT_NONE;
}

const AlertExpected *
alert_map_expected(const AlertMap *map, const char *name)
{
	for (guint i = 0; i < map->expected->len; i++) {
		const AlertExpected *expected = map->expected->pdata[i];

		if (strcmp(expected->name, name) == 0)
			return expected;
	}
	return NULL;
}
