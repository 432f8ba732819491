#include "guichet/base.h"
#include "guichet/error.h"

#include <string.h>

char *
instant_format(Instant at)
{
	g_autoptr(GDateTime) time = NULL;

	if (at != INSTANT_NONE)
		time = g_date_time_new_from_unix_utc(at);
	if (time == NULL)
		return g_strdup("never");
	return g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
}

bool
instant_parse(const char *text, Instant *ret_at, GError **error)
{
	g_autofree char *full = NULL;
	g_autoptr(GDateTime) time = NULL;
	gsize length = strlen(text);

	/* GLib wants seconds: "2026-11-20T17:00+01:00" gets them. */
	if (length >= 16 && text[13] == ':' && text[16] != ':')
		full = g_strdup_printf("%.16s:00%s", text, text + 16);
	else
		full = g_strdup(text);

	time = g_date_time_new_from_iso8601(full, NULL);
	if (time == NULL || strlen(full) > 40) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "'%s' is no instant; write it as 2026-11-20T17:00:00+01:00",
		    text);
		return false;
	}
	*ret_at = g_date_time_to_unix(time);
	return true;
}

Instant
instant_now(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}
