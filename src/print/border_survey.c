/* What recent mails show of the border, in sentences for `guichet check`. */
#include "guichet/print/border_survey.h"

#include "guichet/base/names.h"

#include "guichet/trust/auth_sight.h"

#include <string.h>

/* The stamps of one name at one place. */
typedef struct {
	char *id;
	SightPlace place;
	guint mails, dmarc, most; /* most: fields on one mail */
	guint now;                /* fields on the mail being added */
	bool dmarc_now;
} Seen;

struct BorderSurvey {
	const Conf *conf;
	guint mails, outside, stamped, hidden, proven_logins;
	GPtrArray *seen;   /* Seen * */
	GHashTable *hosts; /* char *: above or at the stamps, with how many */
	GHashTable *lost;  /* char *: hosts that `hosts` lacks */
	GHashTable
	    *logins; /* char *: "LOGIN ADDRESS" of unproven technicians */
};

static void
seen_free(gpointer data)
{
	Seen *seen = data;

	g_free(seen->id);
	g_free(seen);
}

BorderSurvey *
border_survey_new(const Conf *conf)
{
	BorderSurvey *survey = g_new0(BorderSurvey, 1);

	survey->conf = conf;
	survey->seen = g_ptr_array_new_with_free_func(seen_free);
	survey->hosts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	survey->lost = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	survey->logins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	return survey;
}

void
border_survey_free(BorderSurvey *survey)
{
	if (survey == NULL)
		return;
	g_ptr_array_unref(survey->seen);
	g_hash_table_unref(survey->hosts);
	g_hash_table_unref(survey->lost);
	g_hash_table_unref(survey->logins);
	g_free(survey);
}

static void
count(GHashTable *table, const char *word)
{
	g_hash_table_insert(table, g_strdup(word),
	    GUINT_TO_POINTER(
		GPOINTER_TO_UINT(g_hash_table_lookup(table, word)) + 1));
}

static Seen *
seen_of(BorderSurvey *survey, const SightStamp *stamp)
{
	Seen *seen;

	for (guint i = 0; i < survey->seen->len; i++) {
		seen = survey->seen->pdata[i];
		if (seen->place == stamp->place &&
		    strcmp(seen->id, stamp->id) == 0)
			return seen;
	}
	seen = g_new0(Seen, 1);
	seen->id = g_strdup(stamp->id);
	seen->place = stamp->place;
	g_ptr_array_add(survey->seen, seen);
	return seen;
}

static void
add_stamps(BorderSurvey *survey, const AuthSight *sight)
{
	for (guint i = 0; i < sight->stamps->len; i++) {
		const SightStamp *stamp = sight->stamps->pdata[i];
		Seen *seen = seen_of(survey, stamp);

		seen->now++;
		seen->dmarc_now |= stamp->dmarc;
	}
	for (guint i = 0; i < survey->seen->len; i++) {
		Seen *seen = survey->seen->pdata[i];

		seen->mails += seen->now > 0;
		seen->dmarc += seen->dmarc_now;
		seen->most = MAX(seen->most, seen->now);
		seen->now = 0;
		seen->dmarc_now = false;
	}
}

void
border_survey_add(BorderSurvey *survey, const Message *message)
{
	g_auto(AuthSight) sight = { 0 };
	g_auto(AuthReport) report = { 0 };
	const Technician *technician;

	auth_sight(message, &sight);
	auth_examine(message, &survey->conf->auth, &report);
	survey->mails++;
	survey->outside += sight.from_outside;
	survey->stamped += sight.from_outside && report.stamped;
	for (guint i = 0; i < sight.hosts->len; i++)
		count(survey->hosts, sight.hosts->pdata[i]);
	/* Only what a stranger cannot have written may be believed. */
	if (sight.from_outside)
		add_stamps(survey, &sight);
	if (report.obstacle != NULL)
		count(survey->lost, report.obstacle);
	technician = message->identity == NULL
	    ? NULL
	    : conf_technician(survey->conf, message->identity);
	survey->proven_logins += report.by_login;
	if (technician != NULL && sight.login != NULL && !report.by_login) {
		g_autofree char *pair = g_strdup_printf("%s %s", sight.login,
		    technician->address);

		count(survey->logins, pair);
	}
}

/* ---- what is said ---- */

static void say(GPtrArray *lines, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
say(GPtrArray *lines, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_add(lines, g_strdup_vprintf(format, args));
	va_end(args);
}

static char *
names_of(GHashTable *table)
{
	g_autoptr(GList) keys = g_list_sort(g_hash_table_get_keys(table),
	    (GCompareFunc)strcmp);
	GString *names = g_string_new(NULL);

	for (const GList *i = keys; i != NULL; i = i->next)
		g_string_append_printf(names, "%s%s",
		    names->len > 0 ? ", " : "", (const char *)i->data);
	return g_string_free(names, FALSE);
}

static bool
is_ours(const BorderSurvey *survey, const char *id)
{
	return g_strv_contains((const char *const *)survey->conf->authserv_ids,
	    id);
}

#define SIGHT_PLACE_WORDS(X)                                \
 X(SIGHT_ABOVE, "above the Received that took the mail in") \
 X(SIGHT_BELOW, "below the Received that took the mail in") \
 X(SIGHT_END, "among the writer's own fields")
NAME_TABLE(places, SIGHT_PLACE_WORDS, SIGHT_PLACES);

static void
say_stamp(const BorderSurvey *survey, const Seen *seen, GPtrArray *lines)
{
	say(lines,
	    "%u of %u from outside bear a stamp of '%s' %s (at most %u a mail; "
	    "%u with dmarc)%s",
	    seen->mails, survey->outside, seen->id,
	    names_word(&places, seen->place), seen->most, seen->dmarc,
	    is_ours(survey, seen->id) ? ""
				      : ", which guichet.yaml does not name");
}

/* What to change, of a stamp of ours. */
static void
advise(const BorderSurvey *survey, const Seen *seen, GPtrArray *lines)
{
	const AuthConfig *auth = &survey->conf->auth;

	if (!is_ours(survey, seen->id))
		return;
	if (seen->place == SIGHT_END)
		say(lines,
		    "warning: the stamps of '%s' stand where anybody can put "
		    "them; Exim needs 'add_header = :at_start:...'",
		    seen->id);
	if (seen->place == SIGHT_BELOW && auth->stamps == STAMPS_ABOVE)
		say(lines,
		    "warning: the stamps of '%s' stand below the border's "
		    "Received and do not count; if rspamd or Gmail makes "
		    "them, write 'stamps: below'",
		    seen->id);
	if (seen->place == SIGHT_ABOVE && auth->stamps == STAMPS_BELOW)
		say(lines,
		    "warning: the stamps of '%s' stand above the border's "
		    "Received; leave 'stamps: below' out, which lets strangers "
		    "write theirs while the stamper is away",
		    seen->id);
	if (seen->place == SIGHT_BELOW && auth->stamps == STAMPS_BELOW &&
	    seen->most > MAX(auth->fields, 1))
		say(lines,
		    "warning: '%s' stamps up to %u fields a mail; if it makes "
		    "them all, write 'fields: %u'",
		    seen->id, seen->most, seen->most);
	if (seen->dmarc == 0 && seen->place != SIGHT_END &&
	    !auth->without_dmarc)
		say(lines,
		    "warning: '%s' never says dmarc; 'without_dmarc: yes' "
		    "takes its dkim=pass or spf=pass instead",
		    seen->id);
	if (seen->dmarc > 0 && auth->without_dmarc)
		say(lines,
		    "warning: '%s' says dmarc; leave 'without_dmarc' out",
		    seen->id);
}

static void
say_border(const BorderSurvey *survey, GPtrArray *lines)
{
	const Conf *conf = survey->conf;
	g_autofree char *hosts = names_of(survey->hosts);
	g_autofree char *lost = names_of(survey->lost);

	if (!conf->has_border)
		say(lines,
		    "warning: guichet.yaml has no 'border': no technician's "
		    "mail acts; these mails came through: %s",
		    *hosts != '\0' ? hosts : "no server");
	else if (*lost != '\0')
		say(lines,
		    "warning: %s writes a Received above the border's and is "
		    "not among its 'hosts': it hides every stamp",
		    lost);
	for (guint i = 0; i < survey->seen->len; i++) {
		say_stamp(survey, survey->seen->pdata[i], lines);
		advise(survey, survey->seen->pdata[i], lines);
	}
}

static void
say_logins(const BorderSurvey *survey, GPtrArray *lines)
{
	g_autoptr(GList) keys = g_list_sort(
	    g_hash_table_get_keys(survey->logins), (GCompareFunc)strcmp);

	for (const GList *i = keys; i != NULL; i = i->next) {
		g_auto(GStrv) pair = g_strsplit(i->data, " ", 2);

		say(lines,
		    "warning: mail of the technician %s is sent under the "
		    "login '%s'; if that is theirs, write 'login: %s' beside their "
		    "address",
		    pair[1], pair[0], pair[0]);
	}
}

GPtrArray *
border_survey_lines(const BorderSurvey *survey, bool looked)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
	const Conf *conf = survey->conf;

	if (!conf->has_border && survey->mails == 0)
		say(lines,
		    "warning: guichet.yaml has no 'border': no technician's "
		    "mail acts, and no client reopens a ticket by From alone");
	if (survey->mails == 0 && looked)
		say(lines, "no recent mail to learn from");
	if (survey->mails == 0)
		return lines;
	say(lines, "%u recent mails, %u from outside, the stamp counts on %u%s",
	    survey->mails, survey->outside, survey->stamped,
	    survey->proven_logins > 0 ? "; logins are proven" : "");
	say_border(survey, lines);
	if (conf->authserv_ids[0] != NULL && survey->stamped > 0 &&
	    survey->stamped < survey->outside)
		say(lines,
		    "warning: %u from outside bear no stamp that counts: what "
		    "stamps is sometimes away; have the server refuse mail "
		    "meanwhile (milter_default_action = tempfail)",
		    survey->outside - survey->stamped);
	say_logins(survey, lines);
	return lines;
}
