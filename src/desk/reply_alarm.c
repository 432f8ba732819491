/* What an alarm is about, in values: one thing, or several of one instant. */
#include "reply_private.h"

/* "reason_news_soon"; the caller frees. */
static char *
flag_of(Reason reason)
{
	char *name;

	if (reason == REASON_NONE)
		return g_strdup("reason_other");
	name = g_strconcat("reason_", reason_name(reason), NULL);
	return g_strdelimit(name, "-", '_');
}

void
reply_set_reason(Values *values, Reason reason)
{
	g_autofree char *flag = flag_of(reason);

	values_set(values, "reason", reason_name(reason));
	values_set_flag(values, flag, true);
}

/* Sets each name, so that none is looked up outside the element. */
static void
add_alarm(Values *values, const ReplyAlarm *alarm, Reason lead,
    const char *language)
{
	Values *element = values_add(values, "alarms");
	g_autofree char *other = flag_of(lead);

	values_set_flag(element, other, false);
	reply_set_reason(element, alarm->reason);
	values_set(element, "when", alarm->when != NULL ? alarm->when : "");
	values_set(element, "share", "");
	if (alarm->share > 0)
		values_setf(element, "share", "%d", alarm->share);
	if (alarm->clock != NULL)
		reply_set_technician_clock(element, alarm->clock, language);
	else
		values_set_flag(element, "guaranteed", false);
}

void
reply_add_alarms(Values *values, const ReplyInternal *facts,
    const char *language)
{
	/* What leads has its names outside. */
	(void)values_add(values, "alarms");
	for (guint i = 0; facts->also != NULL && i < facts->also->len; i++)
		add_alarm(values, facts->also->pdata[i], facts->reason,
		    language);
}
