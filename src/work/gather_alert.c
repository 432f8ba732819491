/* What it takes to judge a mail as an alert. */
#include "guichet/work/work.h"

#include "guichet/alert/alert_map.h"
#include "guichet/base/text.h"
#include "guichet/site/alert_origin.h"
#include "guichet/store/store_alert.h"

#include <string.h>

/* The facts and all that they borrow. */
struct GatheredAlert {
	AlertFacts facts;
	Alert *alert;
	char *source, *why;
	AlertCase *known, *storm, *client_storm, *expected;
};

void
gathered_alert_free(GatheredAlert *g)
{
	if (g == NULL)
		return;
	alert_free(g->alert);
	g_free(g->source);
	g_free(g->why);
	alert_case_free(g->known);
	alert_case_free(g->storm);
	alert_case_free(g->client_storm);
	alert_case_free(g->expected);
	g_free(g);
}

/* Untrusted mails join among themselves, a sender each; its address is not
 * told to the case. */
static char *
stranger_source(const Message *message)
{
	const char *who = message->identity != NULL ? message->identity : "";
	g_autofree char *sum = text_sha256(who, strlen(who));

	return g_strdup_printf("?%.12s", sum);
}

static bool
find_source(GatheredAlert *g, Intake *in, const Gathered *gathered,
    const AlertOrigin **ret_origin)
{
	const Situation *sit = &gathered->sit;

	*ret_origin = alert_origin_find(in->conf->alert_origins, sit->message,
	    gathered->recipients, sit->auth, &in->conf->auth, &g->why);
	g->source = *ret_origin != NULL ? g_strdup((*ret_origin)->name)
					: stranger_source(sit->message);
	g->facts.source = g->source;
	g->facts.why = g->why;
	g->facts.is_trusted = *ret_origin != NULL;
	return true;
}

/* ---- what is known of it ---- */

/* Both NULL for number 0. */
static bool
load_view(Intake *in, gint64 number, const TicketView **ret_view,
    const Ticket **ret_ticket, GError **error)
{
	TicketView *view = NULL;

	if (number != 0 && !view_find(in, number, &view, error))
		return false;
	*ret_view = view;
	*ret_ticket = view != NULL ? view->ticket : NULL;
	return true;
}

/* The ticket of the case. */
static bool
load_own(GatheredAlert *g, Intake *in, GError **error)
{
	return load_view(in, g->known->ticket, &g->facts.view, &g->facts.ticket,
	    error);
}

/* An update that bears no key goes by what it shares with the problem. */
static bool
find_case(GatheredAlert *g, Intake *in, Instant received, GError **error)
{
	g_autofree char *key = alert_case_key(g->alert->key);
	g_autofree char *alias = alert_case_key(g->alert->alias);
	const char *system = g->alert->system;
	bool by_alias = g->alert->type != ALERT_PROBLEM && *alias != '\0' &&
	    !alert_is_unknown(g->alert);

	if (!store_alert(in->store, g->source, system, key, &g->known, error))
		return false;
	if (g->known == NULL && by_alias &&
	    !store_alert_alias(in->store, g->source, system, alias, &g->known,
		error))
		return false;
	if (alert_is_unknown(g->alert) &&
	    !alert_find_alike(in, g->source, g->alert, &g->known, error))
		return false;
	g->facts.known = g->known;
	if (g->known == NULL)
		return true;
	if (!load_own(g, in, error))
		return false;
	return store_alert_changes(in->store, g->known->id,
	    received - ALERT_FLAP_WINDOW, &g->facts.changes, error);
}

/* The storm of the source, if there is one. */
static bool
find_storm(GatheredAlert *g, Intake *in, Instant at, GError **error)
{
	const TicketView *view = NULL;

	if (!store_alert_openings(in->store, g->facts.source,
		at - ALERT_STORM_WINDOW + 1, &g->facts.openings, error) ||
	    !store_alert(in->store, g->facts.source, ALERT_SYSTEM_STORM, "",
		&g->storm, error))
		return false;
	g->facts.storm = g->storm;
	if (g->storm == NULL)
		return true;
	return load_view(in, g->storm->ticket, &view, &g->facts.storm_ticket,
	    error);
}

/* ---- all of it ---- */

static bool
gather_expectation(GatheredAlert *g, Intake *in, const Situation *sit,
    GError **error)
{
	const TicketView *view;

	if (!expected_find(in, g->alert, sit->message, g->source, &g->expected,
		error))
		return false;
	g->facts.expected = g->expected;
	if (g->expected == NULL)
		return true;
	if (!load_view(in, g->expected->ticket, &g->facts.expected_view,
		&g->facts.expected_ticket, error))
		return false;
	view = g->facts.expected_view;
	return view == NULL ||
	    alert_told(in, view, view->contract, sit->now,
		&g->facts.expected_told, error);
}

static bool
gather_trusted(GatheredAlert *g, Intake *in, const Gathered *gathered,
    const AlertOrigin *origin, GError **error)
{
	const Situation *sit = &gathered->sit;

	g->facts.silent_after = origin->silent_after;
	alert_reading_target(&g->facts, ruleset_alert_map(in->ruleset),
	    origin->contract);
	return gather_client_of_alert(&g->facts, in, sit->received,
		   &g->client_storm, error) &&
	    alert_mail_silence(in, g->alert, g->facts.target.contract,
		sit->received, &g->facts.silent_until, error) &&
	    alert_told_next(in, g->facts.view, g->facts.target.contract,
		sit->now, &g->facts.told, error) &&
	    (alert_is_unknown(g->alert) ||
		gather_expectation(g, in, sit, error));
}

/* No alert that a recogniser knows, but perhaps a mail that must come. */
static bool
gather_expected(GatheredAlert *g, Intake *in, const Gathered *gathered,
    AlertWriter writer, GError **error)
{
	if (writer == ALERT_WRITER_PERSON || writer == ALERT_WRITER_REPORT)
		return true;
	return gather_expectation(g, in, &gathered->sit, error);
}

static bool
gather_untrusted(GatheredAlert *g, Intake *in, GError **error)
{
	g_autofree char *key = alert_case_key(g->alert->key);

	if (g->facts.victim != 0)
		return true;
	return store_alert_ticket(in->store, g->alert->system, key,
	    &g->facts.victim, error);
}

const AlertFacts *
gathered_alert_facts(const GatheredAlert *alert)
{
	return &alert->facts;
}

static void
give(Gathered *gathered, GatheredAlert *take_alert, bool is_trusted)
{
	gathered->sit.is_alert_source = is_trusted;
	gathered->alert = take_alert;
	gathered->sit.alert = &take_alert->facts;
}

/* The problem may come behind its end. */
static bool
find_end(GatheredAlert *g, Intake *in, const Situation *sit, GError **error)
{
	g_autofree char *alias = alert_case_key(g->alert->alias);
	g_autoptr(AlertCase) other = NULL;
	const AlertCase *ended = g->known;
	Instant date;

	if (g->alert->type != ALERT_PROBLEM)
		return true;
	if (ended == NULL && alert_is_unknown(g->alert) && *alias != '\0') {
		if (!store_alert_alias(in->store, g->source, g->alert->system,
			alias, &other, error))
			return false;
		ended = other;
	}
	if (ended == NULL || !alert_reading_has_ended(ended, sit->received))
		return true;
	if (!store_alert_dated(in->store, ended->mail, &date, error))
		return false;
	g->facts.over_before = alert_reading_is_overtaken(&g->facts,
	    sit->message, date);
	return true;
}

/* An end that its words only suggest is a problem's where nothing is open. */
static void
doubt(GatheredAlert *g)
{
	if (!alert_reading_is_doubtful(&g->facts))
		return;
	g->alert->type = ALERT_PROBLEM;
	g->alert->level = ALERT_LEVEL_NONE;
}

/* What a program that proves no source tells of an end, where somebody waits
 * for it: shown there, and nothing more. */
static bool
gather_bystander(GatheredAlert *g, const Gathered *gathered, Intake *in,
    GError **error)
{
	const Message *message = gathered->sit.message;
	g_autoptr(RobotVerdict) robot = gather_robot(gathered, 0);
	g_autoptr(Alert) alert = NULL;

	if (!alert_reading_is_program(message, robot->class) ||
	    gathered->sit.who == WHO_TECHNICIAN ||
	    alert_is_conversation(gathered->mails))
		return true;
	alert = alert_unknown(gathered->mails);
	if (alert->type != ALERT_RECOVERY && alert->type != ALERT_UPDATE)
		return true;
	if (!alert_find_victim(in, message, alert, &g->facts.victim, error))
		return false;
	if (g->facts.victim != 0)
		g->alert = g_steal_pointer(&alert);
	return true;
}

/* What no recogniser knows; of a mail that only carries others, each. */
static void
take_unknown(GatheredAlert *g, Gathered *gathered)
{
	g_ptr_array_unref(gathered->alerts);
	gathered->alerts = alert_read_unknown(gathered->mails);
	g->alert = g_ptr_array_steal_index(gathered->alerts, 0);
}

bool
gather_alert(Gathered *gathered, Intake *in, GError **error)
{
	const Situation *sit = &gathered->sit;
	g_autoptr(GatheredAlert) g = g_new0(GatheredAlert, 1);
	const AlertOrigin *origin;

	g->facts.silent_until = INSTANT_NONE;
	g->facts.target =
	    (AlertTarget){ .contract = "", .component = "", .scope = "" };
	gathered->mails = alert_mails_new(ruleset_alerts(in->ruleset),
	    sit->message);
	gathered->alerts = alert_read(gathered->mails);
	if (gathered->alerts->len > 0)
		g->alert = g_ptr_array_steal_index(gathered->alerts, 0);
	find_source(g, in, gathered, &origin);
	if (g->alert != NULL && origin == NULL &&
	    alert_is_passed_on(gathered)) {
		g_clear_pointer(&g->alert, alert_free);
		g_ptr_array_set_size(gathered->alerts, 0);
	}
	if (g->alert == NULL && origin != NULL) {
		AlertWriter writer = alert_writer(gathered, origin);

		if (!gather_expected(g, in, gathered, writer, error))
			return false;
		if (g->expected != NULL) {
			give(gathered, g_steal_pointer(&g), true);
			return true;
		}
		if (writer == ALERT_WRITER_SYSTEM)
			take_unknown(g, gathered);
	} else if (g->alert == NULL &&
	    !gather_bystander(g, gathered, in, error)) {
		return false;
	}
	if (g->alert == NULL)
		return true;
	g->facts.alert = g->alert;
	if (!find_case(g, in, sit->received, error) ||
	    !find_storm(g, in, sit->received, error))
		return false;
	doubt(g);
	if (origin != NULL && !find_end(g, in, sit, error))
		return false;
	if (origin != NULL ? !gather_trusted(g, in, gathered, origin, error)
			   : !gather_untrusted(g, in, error))
		return false;
	give(gathered, g_steal_pointer(&g), origin != NULL);
	return true;
}

bool
gather_further_alert(Gathered *gathered, Intake *in, GError **error)
{
	g_autoptr(GatheredAlert) g = g_new0(GatheredAlert, 1);
	const Situation *sit = &gathered->sit;
	const AlertOrigin *origin;

	g->facts.silent_until = INSTANT_NONE;
	g->facts.target =
	    (AlertTarget){ .contract = "", .component = "", .scope = "" };
	g->alert = g_ptr_array_steal_index(gathered->alerts, 0);
	g->facts.alert = g->alert;
	find_source(g, in, gathered, &origin);
	if (!find_case(g, in, sit->received, error) ||
	    !find_storm(g, in, sit->received, error))
		return false;
	doubt(g);
	if (!find_end(g, in, sit, error) ||
	    !gather_trusted(g, in, gathered, origin, error))
		return false;
	g_ptr_array_add(gathered->judged, gathered->alert);
	give(gathered, g_steal_pointer(&g), true);
	return true;
}

/* ---- time alone ---- */

static const AlertOrigin *
origin_named(const Intake *in, const char *name)
{
	const GPtrArray *all = in->conf->alert_origins;

	for (guint i = 0; i < all->len; i++) {
		const AlertOrigin *origin = all->pdata[i];

		if (strcmp(origin->name, name) == 0)
			return origin;
	}
	return NULL;
}

GatheredAlert *
gather_known_alert(Intake *in, const AlertCase *known, Instant now,
    GError **error)
{
	g_autoptr(GatheredAlert) g = g_new0(GatheredAlert, 1);
	const AlertOrigin *origin = origin_named(in, known->source);

	g->known = alert_case_copy(known);
	g->facts.known = g->known;
	g->facts.source = g->known->source;
	g->facts.why = "";
	g->facts.is_trusted = true;
	g->facts.silent_until = INSTANT_NONE;
	g->facts.silent_after = origin != NULL ? origin->silent_after : 0;
	g->facts.target =
	    (AlertTarget){ .contract = "", .component = "", .scope = "" };
	g->facts.heard = in->heard;
	alert_reading_target_of_case(&g->facts, ruleset_alert_map(in->ruleset));
	if (!load_own(g, in, error))
		return NULL;
	if (!find_storm(g, in, now, error) ||
	    !gather_client_of_alert(&g->facts, in, now, &g->client_storm,
		error) ||
	    !alert_silence(in,
		&(SilentHost){ known->host, known->service,
		    g->facts.target.contract },
		now, &g->facts.silent_until, error) ||
	    !alert_told_next(in, g->facts.view, g->facts.target.contract, now,
		&g->facts.told, error))
		return NULL;
	return g_steal_pointer(&g);
}

/* ---- afterwards ---- */

static bool
put(StoreTx *tx, AlertCase *one, gint64 opened, GError **error)
{
	if (one == NULL)
		return true;
	if (one->ticket == ALERT_TICKET_NEW)
		one->ticket = opened;
	return store_put_alert(tx, one, error);
}

/* Availability asks when it grew worse or better, and on which ticket and
 * whose it was. */
static bool
is_other(const AlertCase *known, const AlertCase *now)
{
	return known != NULL && now->firing &&
	    (known->level != now->level || known->ticket != now->ticket ||
		strcmp(known->contract, now->contract) != 0);
}

static bool
put_turn(StoreTx *tx, const Decision *decision, const Situation *sit,
    GError **error)
{
	if (decision->alert_turned)
		return store_alert_turned(tx, decision->alert, error);
	if (decision->alert == NULL || sit == NULL || sit->alert == NULL ||
	    !is_other(sit->alert->known, decision->alert))
		return true;
	return store_alert_changed(tx, decision->alert, sit->received, error);
}

bool
gather_alert_apply(StoreTx *tx, Decision *decision, const Situation *sit,
    gint64 opened, GError **error)
{
	return put(tx, decision->alert, opened, error) &&
	    put(tx, decision->storm, opened, error) &&
	    put(tx, decision->expected, opened, error) &&
	    put_turn(tx, decision, sit, error);
}
