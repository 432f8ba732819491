/*
 * Which case a mail is about that no recogniser knows: the one of its key or,
 * where it tells of an end or of news, an open one of the same subject in other
 * words.
 */
#include "guichet/work/work.h"

#include "guichet/alert/alert.h"
#include "guichet/site/alert_origin.h"
#include "guichet/store/store_alert.h"

#include <string.h>

#define ALIKE_CASES 50  /* of one subject that are open at once */
#define ALIKE_MAILS 200 /* of one sender, to look through */

static bool
find_alike(Intake *in, const char *source, const Alert *alert,
    AlertCase **ret_case, GError **error)
{
	g_autofree char *alias = alert_case_key(alert->alias);
	g_autoptr(GPtrArray) cases = store_alerts_alike(in->store, source,
	    alert->system, alias, ALIKE_CASES, error);
	const AlertCase *best;

	if (cases == NULL)
		return false;
	best = alert_case_alike(cases, alert);
	if (best != NULL)
		*ret_case = alert_case_copy(best);
	return true;
}

bool
alert_find_alike(Intake *in, const char *source, const Alert *alert,
    AlertCase **known, GError **error)
{
	g_autoptr(AlertCase) alike = NULL;

	if (alert->type != ALERT_RECOVERY && alert->type != ALERT_UPDATE)
		return true;
	if (*known != NULL && (*known)->firing)
		return true;
	if (!find_alike(in, source, alert, &alike, error))
		return false;
	if (alike == NULL)
		return true;
	alert_case_free(*known);
	*known = g_steal_pointer(&alike);
	return true;
}

typedef struct {
	const AlertRules *rules;
	const char *alias;
} Wanted;

static bool
fits(const char *subject, gconstpointer data)
{
	const Wanted *wanted = data;
	g_autofree char *alias = alert_unknown_alias(wanted->rules, subject);

	return strcmp(alias, wanted->alias) == 0;
}

bool
alert_find_victim(Intake *in, const Message *message, const Alert *alert,
    gint64 *ret_ticket, GError **error)
{
	const GPtrArray *origins = in->conf->alert_origins;
	Wanted wanted = { ruleset_alerts(in->ruleset), alert->alias };

	*ret_ticket = 0;
	if (*alert->alias == '\0')
		return true;
	for (guint i = 0; i < origins->len && *ret_ticket == 0; i++) {
		const AlertOrigin *origin = origins->pdata[i];
		g_autoptr(AlertCase) one = NULL;

		if (!find_alike(in, origin->name, alert, &one, error))
			return false;
		if (one != NULL)
			*ret_ticket = one->ticket;
	}
	return *ret_ticket != 0 || message->identity == NULL ||
	    store_alert_subjects(in->store,
		&(SubjectSearch){ message->identity, ALIKE_MAILS, fits,
		    &wanted },
		ret_ticket, error);
}
