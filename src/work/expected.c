/*
 * Mails that must come ("backup ok" every night by 06:00): which of them a mail
 * is, and when each is looked for. decide_alert_tick.c judges their absence.
 */
#include "guichet/work/work.h"

#include "guichet/alert/alert_map.h"
#include "guichet/store/store_alert.h"

#include <string.h>

static const char *
source_of(const AlertExpected *expected)
{
	return expected->source != NULL ? expected->source : "";
}

/* A problem that is said of the same host and service is the mail that was
 * awaited, too, and says that it failed; its subject is another. */
static bool
fits(const AlertExpected *expected, const Alert *alert, const Message *message,
    const char *source)
{
	bool by_name = expected->host != NULL || expected->service != NULL;

	if (expected->source != NULL && strcmp(expected->source, source) != 0)
		return false;
	if (by_name &&
	    (alert == NULL || !alert_glob_fits(expected->host, alert->host) ||
		!alert_glob_fits(expected->service, alert->service)))
		return false;
	if (alert != NULL && alert->type == ALERT_PROBLEM)
		return by_name;
	return expected->subject == NULL ||
	    pattern_find(expected->subject, message->subject, NULL) ==
	    PATTERN_YES;
}

bool
expected_find(Intake *in, const Alert *alert, const Message *message,
    const char *source, AlertCase **ret_case, GError **error)
{
	const AlertMap *map = ruleset_alert_map(in->ruleset);

	for (guint i = 0; i < map->expected->len; i++) {
		const AlertExpected *expected = map->expected->pdata[i];

		if (!fits(expected, alert, message, source))
			continue;
		if (!store_alert(in->store, source_of(expected),
			ALERT_SYSTEM_EXPECTED, expected->name, ret_case, error))
			return false;
		if (*ret_case == NULL)
			*ret_case = alert_case_new(source_of(expected),
			    ALERT_SYSTEM_EXPECTED, expected->name);
		return true;
	}
	return true;
}

bool
expected_arm(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	const AlertMap *map = ruleset_alert_map(in->ruleset);

	for (guint i = 0; i < map->expected->len; i++) {
		const AlertExpected *expected = map->expected->pdata[i];
		g_autoptr(AlertCase) one = NULL;

		if (!store_alert(in->store, source_of(expected),
			ALERT_SYSTEM_EXPECTED, expected->name, &one, error))
			return false;
		if (one != NULL && one->wake != INSTANT_NONE)
			continue;
		if (one == NULL)
			one = alert_case_new(source_of(expected),
			    ALERT_SYSTEM_EXPECTED, expected->name);
		one->wake = alert_expected_next(expected, now);
		if (!store_put_alert(tx, one, error))
			return false;
	}
	return true;
}
