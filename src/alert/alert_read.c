/* All that a mail tells: by the first recogniser that fits it, or each part. */
#include "alert_private.h"

#include <string.h>

static bool
knows(AlertMail *mail, const AlertRecogniser *by)
{
	for (guint i = 0; i < by->signs->len; i++)
		if (alert_probe_all(mail, by->signs->pdata[i], NULL))
			return true;
	return false;
}

static Alert *
read_part(const AlertRules *rules, AlertMail *mail, bool courteous)
{
	for (guint i = 0; i < rules->recognisers->len; i++) {
		const AlertRecogniser *by = rules->recognisers->pdata[i];
		g_autoptr(GHashTable) fields = NULL;
		g_auto(GStrv) missing = NULL;
		Alert *alert;

		if ((courteous && !by->courtesy) || !knows(mail, by))
			continue;
		fields = alert_fields_new();
		alert = alert_fit(mail, by, rules, fields, &missing);
		if (alert != NULL)
			return alert;
	}
	return NULL;
}

/* The last word on each counts. */
static void
put_alert(GPtrArray *alerts, Alert *take_alert)
{
	for (guint i = 0; i < alerts->len; i++) {
		const Alert *other = alerts->pdata[i];

		if (strcmp(other->system, take_alert->system) == 0 &&
		    strcmp(other->key, take_alert->key) == 0) {
			g_ptr_array_remove_index(alerts, i);
			break;
		}
	}
	g_ptr_array_add(alerts, take_alert);
}

/* Something begins or ends there. */
static bool
tells(const AlertRules *rules, const char *line)
{
	AlertSaying says = alert_saying(rules->unknown, line);

	return says == SAYS_BAD || says == SAYS_GOOD ||
	    says == SAYS_GOOD_NOTICE || says == SAYS_OVER;
}

/* What no recogniser knows, and says that something is bad or over, is not lost
 * beside what is known. */
static void
read_rest(const AlertRules *rules, GPtrArray *rest, GPtrArray *alerts)
{
	for (guint i = 0; alerts->len > 0 && i < rest->len; i++) {
		AlertMail *part = rest->pdata[i];
		const char *first = part->lines[0];
		g_autoptr(AlertMail) named = NULL;
		g_autoptr(GPtrArray) lines = g_ptr_array_new();

		if (!tells(rules, first))
			continue;
		for (char **line = part->lines; *line != NULL; line++)
			g_ptr_array_add(lines, *line);
		named = alert_mail_part(part, lines, first);
		put_alert(alerts, alert_unknown_of(rules, named));
	}
}

static void
read_parts(const AlertRules *rules, AlertMail *mail, bool courteous,
    GPtrArray *alerts)
{
	g_autoptr(GPtrArray) parts = alert_split(mail, rules);
	g_autoptr(GPtrArray) rest = g_ptr_array_new();

	for (guint i = 0; parts != NULL && i < parts->len; i++) {
		Alert *alert = read_part(rules, parts->pdata[i], courteous);

		if (alert != NULL)
			put_alert(alerts, alert);
		else
			g_ptr_array_add(rest, parts->pdata[i]);
	}
	read_rest(rules, rest, alerts);
}

static int
gravity(const Alert *alert)
{
	return alert->type == ALERT_PROBLEM ? 100 + (int)alert->level
					    : -(int)alert->type;
}

static int
compare_gravity(gconstpointer a, gconstpointer b)
{
	return gravity(*(Alert *const *)b) - gravity(*(Alert *const *)a);
}

static GPtrArray *
read_mail(const AlertRules *rules, AlertMail *mail)
{
	GPtrArray *alerts = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)alert_free);
	bool courteous = alert_mail_is_courteous(mail, rules);
	Alert *alert;

	if (alert_sign_of(mail, rules->conversation) != NULL)
		return alerts;
	read_parts(rules, mail, courteous, alerts);
	if (alerts->len == 0) {
		alert = read_part(rules, mail, courteous);
		if (alert != NULL)
			g_ptr_array_add(alerts, alert);
	}
	return alerts;
}

/* As read_rest(), of mails. */
static void
read_rest_of_mails(const AlertRules *rules, GPtrArray *rest, GPtrArray *alerts)
{
	for (guint i = 0; alerts->len > 0 && i < rest->len; i++) {
		AlertMail *mail = rest->pdata[i];

		if (alert_sign_of(mail, rules->conversation) == NULL &&
		    tells(rules, mail->subjects->pdata[0]))
			put_alert(alerts, alert_unknown_of(rules, mail));
	}
}

/* ---- all of a mail ---- */

AlertMails *
alert_mails_new(const AlertRules *rules, const Message *message)
{
	AlertMails *mails = g_new0(AlertMails, 1);

	mails->rules = rules;
	mails->outer = alert_mail_new(rules, message);
	mails->messages = alert_enclosed(mails->outer);
	if (mails->messages == NULL)
		return mails;
	mails->enclosed = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)alert_mail_free);
	for (guint i = 0; i < mails->messages->len; i++) {
		AlertMail *mail = alert_mail_new(rules,
		    mails->messages->pdata[i]);

		alert_mail_within(mail, message);
		g_ptr_array_add(mails->enclosed, mail);
	}
	return mails;
}

void
alert_mails_free(AlertMails *mails)
{
	if (mails == NULL)
		return;
	if (mails->enclosed != NULL)
		g_ptr_array_unref(mails->enclosed);
	if (mails->messages != NULL)
		g_ptr_array_unref(mails->messages);
	alert_mail_free(mails->outer);
	g_free(mails);
}

bool
alert_is_enclosed(const AlertMails *mails)
{
	return mails->enclosed != NULL;
}

static guint
count_enclosed(const AlertMails *mails)
{
	return mails->enclosed != NULL ? mails->enclosed->len : 0;
}

static GPtrArray *
read_enclosed(AlertMails *mails)
{
	g_autoptr(GPtrArray) rest = g_ptr_array_new();
	GPtrArray *alerts = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)alert_free);

	for (guint i = 0; i < count_enclosed(mails); i++) {
		AlertMail *mail = mails->enclosed->pdata[i];
		g_autoptr(GPtrArray) found = NULL;

		alert_mail_again(mail);
		found = read_mail(mails->rules, mail);
		if (found->len == 0)
			g_ptr_array_add(rest, mail);
		while (found->len > 0)
			put_alert(alerts, g_ptr_array_steal_index(found, 0));
	}
	read_rest_of_mails(mails->rules, rest, alerts);
	return alerts;
}

GPtrArray *
alert_read(AlertMails *mails)
{
	GPtrArray *alerts = read_enclosed(mails);

	if (alerts->len == 0) {
		g_ptr_array_unref(alerts);
		alert_mail_again(mails->outer);
		alerts = read_mail(mails->rules, mails->outer);
	}
	g_ptr_array_sort(alerts, compare_gravity);
	return alerts;
}

/* One that is all that the mail says stands for it. */
Alert *
alert_unknown(AlertMails *mails)
{
	AlertMail *mail = count_enclosed(mails) == 1 ? mails->enclosed->pdata[0]
						     : mails->outer;

	alert_mail_again(mail);
	return alert_unknown_of(mails->rules, mail);
}

GPtrArray *
alert_read_unknown(AlertMails *mails)
{
	GPtrArray *alerts = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)alert_free);
	guint count = count_enclosed(mails);

	for (guint i = 0; count > 1 && i < count; i++) {
		AlertMail *mail = mails->enclosed->pdata[i];

		alert_mail_again(mail);
		if (alert_sign_of(mail, mails->rules->conversation) == NULL)
			put_alert(alerts, alert_unknown_of(mails->rules, mail));
	}
	if (alerts->len == 0)
		g_ptr_array_add(alerts, alert_unknown(mails));
	g_ptr_array_sort(alerts, compare_gravity);
	return alerts;
}

bool
alert_is_conversation(AlertMails *mails)
{
	alert_mail_again(mails->outer);
	return alert_sign_of(mails->outer, mails->rules->conversation) != NULL;
}

Alert *
alert_recognise(const AlertRules *rules, const Message *message)
{
	g_autoptr(AlertMails) mails = alert_mails_new(rules, message);
	g_autoptr(GPtrArray) alerts = alert_read(mails);

	return alerts->len > 0 ? g_ptr_array_steal_index(alerts, 0) : NULL;
}
