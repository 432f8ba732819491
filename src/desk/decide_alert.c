/*
 * What a monitoring system's mail may do. Alerts join by their key and nothing
 * else (doc/design.md 7). A source that proves who it is opens, worsens and
 * resolves; anybody else's alert is a machine's mail that closes nothing
 * (doc/security.md T3).
 */
#include "alert_judgment_private.h"

#include "guichet/base/cleanup.h"

#include <string.h>

/* ---- members ---- */

static int
compare_words(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
add_member(GPtrArray *set, const char *key)
{
	if (!g_ptr_array_find_with_equal_func(set, key, g_str_equal, NULL))
		g_ptr_array_add(set, g_strdup(key));
}

/* Each mail lists all that fires now; one that could not be read whole only
 * adds to what was known. */
static void
take_members(AlertJudgment *a)
{
	GPtrArray *set = g_ptr_array_new();

	for (guint i = 0; i < a->alert->members->len; i++) {
		const AlertMember *member = a->alert->members->pdata[i];
		g_autofree char *key = alert_case_key(member->key);

		if (member->firing)
			add_member(set, key);
	}
	for (char **m = a->next->members;
	     alert_judgment_is_cut(a->alert) && *m != NULL; m++)
		add_member(set, *m);
	g_ptr_array_sort(set, compare_words);
	g_ptr_array_add(set, NULL);
	g_strfreev(a->next->members);
	a->next->members = (char **)g_ptr_array_free(set, FALSE);
}

/* ---- a problem ---- */

static void
worsen(AlertJudgment *a, const Ticket *ticket)
{
	int severity = a->facts->target.severity;
	EventStamp stamp = judgment_stamp(a->j, ticket->number);

	if (severity == 0 || ticket->severity == 0 ||
	    severity >= ticket->severity)
		return;
	/* What was not promised before cannot have been missed before. */
	judgment_write(a->j,
	    event_make_severity(&stamp, severity, a->j->sit->received));
	judgment_trace(a->j, "severity", "worse: %d in place of %d", severity,
	    ticket->severity);
	alert_judgment_notify(a->j, ticket->number, REASON_ALERT_WORSE);
}

static void
repeat(AlertJudgment *a)
{
	const AlertCase *known = a->facts->known;
	const Ticket *ticket = a->facts->ticket;
	bool back = !known->firing;
	bool flap_news = a->alert->type == ALERT_FLAPPING_START &&
	    !known->flapping;

	a->next->count++;
	if (back) {
		a->next->turned = a->j->sit->received;
		a->j->decision->alert_turned = true;
	}
	alert_judgment_append_or_keep(a, ticket->number,
	    (back && !known->flapping) || flap_news ||
		a->alert->level > known->level);
	if (flap_news) {
		a->next->flapping = true;
		judgment_tag(a->j, ticket->number, "flapping");
	}
	if (back && ticket_has_tag(ticket, "recovered"))
		judgment_untag(a->j, ticket->number, "recovered");
	/* How grave it is for others is no promise to this client. */
	if (!alert_judgment_tell_joined(a, ticket))
		worsen(a, ticket);
}

/* Recovered and back soon enough: the same incident. */
static bool
is_back(const AlertJudgment *a)
{
	const Ticket *ticket = a->facts->ticket;

	return ticket != NULL && ticket->state == TICKET_RESOLVED &&
	    a->j->sit->received <=
	    ticket_view_recurrence_end(a->facts->view, ALERT_REJOIN) &&
	    a->facts->known->turned >= ticket->resolved;
}

static void
reopen(AlertJudgment *a)
{
	gint64 ticket = a->facts->ticket->number;

	alert_judgment_begin(a);
	a->next->count = a->facts->known->count + 1;
	alert_judgment_append(a, ticket, NULL);
	alert_judgment_set_state(a->j, ticket, TICKET_OPEN);
	judgment_trace(a->j, "state", "back so soon: reopened");
	worsen(a, a->facts->ticket);
	alert_judgment_notify(a->j, ticket, REASON_ALERT_BACK);
}

/* A repeat is no turn of it: what says in silence every minute that it fails
 * would be taken for flapping afterwards. */
static void
silence(AlertJudgment *a)
{
	const AlertCase *known = a->facts->known;

	if (known != NULL && known->firing && known->silenced)
		a->next->count++;
	else
		alert_judgment_begin(a);
	a->next->ticket = 0;
	a->next->silenced = true;
	a->next->wake = a->facts->silent_until;
	judgment_trace(a->j, "maintenance",
	    "planned: silenced, and kept for availability");
	judgment_file(a->j, LANE_ALERT);
}

/* Its end was here before it (doc/domain.md 5): nothing is left to do, but that
 * it was is shown. */
static void
outlived(AlertJudgment *a)
{
	const AlertFacts *facts = a->facts;

	judgment_trace(a->j, "alert", "its end came before it: over");
	a->next->count = 1;
	a->next->firing = false;
	a->next->level = ALERT_LEVEL_OK;
	a->next->wake = INSTANT_NONE;
	if (facts->ticket != NULL && is_back(a))
		alert_judgment_keep(a->j, facts->ticket->number);
	else if (facts->silent_until != INSTANT_NONE ||
	    facts->openings >= ALERT_STORM_HOUR)
		judgment_file(a->j, LANE_ALERT);
	else
		alert_judgment_open(a);
}

static void
problem(AlertJudgment *a)
{
	const AlertFacts *facts = a->facts;

	a->next->firing = true;
	a->next->level = a->alert->level;
	a->next->wake = facts->silent_after > 0
	    ? a->j->sit->received + facts->silent_after
	    : INSTANT_NONE;
	if (alert_judgment_is_in_storm(a))
		alert_judgment_go_on_in_storm(a, true);
	else if (alert_judgment_is_open(facts->ticket))
		repeat(a);
	else if (facts->over_before)
		outlived(a);
	else if (facts->silent_until != INSTANT_NONE)
		silence(a);
	else if (is_back(a))
		reopen(a);
	else {
		alert_judgment_begin(a);
		alert_judgment_open(a);
	}
}

/* ---- a recovery ---- */

/* Too many turns: it stays open until it has been quiet for a while. */
static void
hold_flapping(AlertJudgment *a, int changes)
{
	gint64 ticket = a->facts->ticket->number;
	bool news = !a->facts->known->flapping;

	a->next->flapping = true;
	a->next->wake = a->j->sit->received + ALERT_FLAP_WINDOW;
	judgment_trace(a->j, "flapping",
	    "%d changes within the hour: it stays open", changes);
	alert_judgment_append_or_keep(a, ticket, news);
	if (a->event != NULL)
		event_set_int(a->event, "score", changes);
	if (!news)
		return;
	judgment_tag(a->j, ticket, "flapping");
	alert_judgment_notify(a->j, ticket, REASON_ALERT_FLAPPING);
}

static void
recover(AlertJudgment *a)
{
	const AlertCase *known = a->facts->known;
	const Ticket *ticket = a->facts->ticket;
	int changes = a->facts->changes + 1;

	g_assert(known != NULL);
	a->next->firing = false;
	a->next->level = ALERT_LEVEL_OK;
	a->next->wake = INSTANT_NONE;
	a->next->count++;
	if (known->firing) {
		a->next->turned = a->j->sit->received;
		a->j->decision->alert_turned = true;
	}
	if (a->alert->type != ALERT_FLAPPING_STOP &&
	    (known->flapping || changes >= ALERT_FLAP_CHANGES)) {
		hold_flapping(a, changes);
		return;
	}
	if (known->flapping) {
		a->next->flapping = false;
		judgment_untag(a->j, ticket->number, "flapping");
	}
	alert_judgment_append_or_keep(a, ticket->number, known->firing);
	/* Said twice, it waits for its check all the same. */
	if (a->event != NULL &&
	    (known->firing || !ticket_has_tag(ticket, "recovered")))
		alert_judgment_close(a, a->facts->view, &a->facts->told);
}

/* The ticket of the absence of such a mail, while it is open: not that of an alert of the
 * same host, where absences are counted too. */
static const Ticket *
absence_of(const AlertFacts *facts)
{
	const Ticket *ticket = facts->expected_ticket;
	g_autofree char *key = NULL;

	if (facts->expected == NULL || !alert_judgment_is_open(ticket))
		return NULL;
	key = alert_case_ticket_key(facts->expected);
	return strcmp(ticket->alert_key, key) == 0 ? ticket : NULL;
}

/* Nothing to close: what it says is kept, and nothing more. */
static void
file_away(AlertJudgment *a, const char *why)
{
	const Ticket *absence = absence_of(a->facts);

	judgment_trace(a->j, "effect", "%s", why);
	if (absence != NULL && a->alert->type != ALERT_PROBLEM)
		judgment_message(a->j, absence->number, AUTHOR_ALERT, false,
		    true, NULL);
	else
		judgment_file(a->j, LANE_ALERT);
}

static void
recovery(AlertJudgment *a)
{
	const AlertFacts *facts = a->facts;

	if (alert_judgment_is_cut(a->alert)) {
		judgment_trace(a->j, "alert",
		    "not read whole: it closes nothing");
		if (!alert_judgment_is_open(facts->ticket)) {
			file_away(a, "nothing is open");
			return;
		}
		a->next->count++;
		alert_judgment_append(a, facts->ticket->number, "cut");
		alert_judgment_notify(a->j, facts->ticket->number,
		    REASON_ALERT_UNCONFIRMED);
		return;
	}
	if (facts->known != NULL &&
	    a->j->sit->received < facts->known->turned) {
		judgment_trace(a->j, "alert",
		    "older than what is known: it closes nothing");
		if (alert_judgment_is_open(facts->ticket))
			alert_judgment_keep(a->j, facts->ticket->number);
		else
			file_away(a, "nothing is open");
		return;
	}
	if (alert_judgment_is_in_storm(a)) {
		alert_judgment_go_on_in_storm(a, false);
		return;
	}
	if (alert_judgment_is_open(facts->ticket)) {
		recover(a);
		return;
	}
	a->j->decision->alert_turned = a->next->firing;
	a->next->turned = a->j->sit->received;
	a->next->firing = a->next->silenced = false;
	a->next->level = ALERT_LEVEL_OK;
	a->next->wake = INSTANT_NONE;
	file_away(a, "a recovery with nothing open");
}

/* ---- the rest ---- */

static void
mention(AlertJudgment *a)
{
	const Ticket *ticket = a->facts->ticket;

	if (!alert_judgment_is_open(ticket)) {
		file_away(a, "nothing is open");
		return;
	}
	a->next->count++;
	alert_judgment_append(a, ticket->number, NULL);
	if (a->alert->type == ALERT_UPDATE) {
		if (a->alert->level > a->next->level)
			a->next->level = a->alert->level;
		worsen(a, ticket);
	}
}

/* ---- a mail that had to come ---- */

/* It says itself that it failed: that has its ticket, and needs no second one
 * at the deadline. */
static void
note_failure(AlertJudgment *a)
{
	const AlertFacts *facts = a->facts;
	AlertCase *failed;

	if (absence_of(facts) != NULL || a->next->ticket == 0)
		return;
	failed = alert_case_copy(facts->expected);
	if (failed->ticket != a->next->ticket)
		failed->count = 0;
	failed->ticket = a->next->ticket;
	failed->turned = a->j->sit->received;
	a->j->decision->expected = failed;
	judgment_trace(a->j, "expected", "%s: it says that it failed",
	    failed->key);
}

/* It has come, and nobody knows what it says: a person looks before the ticket
 * of its absence is closed. */
static void
leave_open(AlertJudgment *a, const Ticket *absence)
{
	judgment_trace(a->j, "expected", "not read whole: it closes nothing");
	alert_judgment_notify(a->j, absence->number, REASON_ALERT_UNCONFIRMED);
}

static void
meet_expectation(AlertJudgment *a)
{
	const AlertFacts *facts = a->facts;
	const Ticket *absence = absence_of(facts);
	AlertCase *met = alert_case_copy(facts->expected);

	bool is_cut = a->alert != NULL && alert_judgment_is_cut(a->alert);

	met->last = a->j->sit->received;
	met->mail = a->j->sit->mail;
	if (absence == NULL || !is_cut)
		met->firing = false;
	/* The ticket of a failure was only lent. */
	if (absence == NULL && alert_judgment_is_open(facts->expected_ticket))
		met->ticket = 0;
	a->j->decision->expected = met;
	judgment_trace(a->j, "expected", "%s has come", met->key);
	if (absence == NULL)
		return;
	if (is_cut) {
		leave_open(a, absence);
		return;
	}
	met->turned = a->j->sit->received;
	alert_judgment_close(a, facts->expected_view, &facts->expected_told);
}

/* No alert: kept on the ticket that waited for it. */
static void
judge_expected(AlertJudgment *a)
{
	const Ticket *absence = absence_of(a->facts);

	if (absence != NULL)
		judgment_message(a->j, absence->number, AUTHOR_ALERT, false,
		    true, NULL);
	else
		judgment_file(a->j, LANE_ALERT);
	meet_expectation(a);
}

/* ---- who says so ---- */

static void
begin_judgment(AlertJudgment *a)
{
	const AlertFacts *facts = a->facts;
	const Situation *sit = a->j->sit;
	g_autofree char *key = alert_case_key(a->alert->key);
	AlertCase *next = facts->known != NULL
	    ? alert_case_copy(facts->known)
	    : alert_case_new(facts->source, a->alert->system, key);

	if (next->first == INSTANT_NONE)
		next->first = sit->received;
	next->last = MAX(next->last, sit->received);
	next->mail = sit->mail;
	if (*a->alert->alias != '\0' && *next->alias == '\0') {
		g_free(next->alias);
		next->alias = alert_case_key(a->alert->alias);
	}
	if (*a->alert->host != '\0' ||
	    (alert_is_unknown(a->alert) && *next->host == '\0')) {
		g_free(next->host);
		next->host = g_strdup(a->alert->host);
		g_free(next->service);
		next->service = g_strdup(a->alert->service);
	}
	if (facts->target.is_mapped) {
		g_free(next->contract);
		next->contract = g_strdup(facts->target.contract);
	}
	a->next = next;
	a->j->decision->alert = next;
}

static void
judge_trusted(AlertJudgment *a)
{
	if (a->alert->members->len > 0)
		take_members(a);
	switch (a->alert->type) {
	case ALERT_PROBLEM:
	case ALERT_FLAPPING_START:
		problem(a);
		break;
	case ALERT_RECOVERY:
		recovery(a);
		break;
	case ALERT_FLAPPING_STOP:
		if (a->alert->level == ALERT_LEVEL_OK)
			recovery(a);
		else
			mention(a);
		break;
	case ALERT_ACKNOWLEDGMENT:
	case ALERT_UPDATE:
	case ALERT_DOWNTIME_START:
	case ALERT_DOWNTIME_END:
	case ALERT_CUSTOM:
		mention(a);
		break;
	case ALERT_TEST:
		file_away(a, "a test");
		break;
	case ALERT_TYPE_COUNT:
		g_assert_not_reached();
	}
	if (a->facts->expected == NULL)
		return;
	if (a->alert->type == ALERT_PROBLEM)
		note_failure(a);
	else
		meet_expectation(a);
}

/* A stranger's alert: on the ticket it speaks of, for a person to see, or as
 * any machine's mail. It moves nothing. */
static bool
judge_untrusted(AlertJudgment *a)
{
	Judgment *j = a->j;
	const AlertFacts *facts = a->facts;
	gint64 ticket = alert_judgment_is_open(facts->ticket)
	    ? facts->ticket->number
	    : facts->victim;

	a->next->count++;
	if (ticket != 0) {
		bool told = facts->known != NULL &&
		    facts->known->ticket == ticket;

		judgment_trace(j, "ticket",
		    "#%" G_GINT64_FORMAT " by its key: kept inside", ticket);
		a->next->ticket = ticket;
		if (alert_case_is_told(a->next->count))
			judgment_message(j, ticket, AUTHOR_ALERT, false, false,
			    "not-a-trusted-source");
		else
			alert_judgment_keep(j, ticket);
		if (!told)
			alert_judgment_notify(j, ticket,
			    REASON_ALERT_UNTRUSTED);
		return true;
	}
	if (facts->openings >= ALERT_STORM_HOUR) {
		judgment_file(j, LANE_ALERT);
		return true;
	}
	a->next->ticket = ALERT_TICKET_NEW;
	a->next->opened = j->sit->received;
	return false;
}

bool
decide_alert(Judgment *j)
{
	const AlertFacts *facts = j->sit->alert;
	AlertJudgment a = { .j = j, .facts = facts };

	if (facts == NULL)
		return false;
	a.alert = facts->alert;
	if (a.alert == NULL) {
		judgment_trace(j, "source", "%s: %s", facts->source,
		    facts->why);
		judge_expected(&a);
		return true;
	}
	judgment_trace(j, "alert", "%s %s, level %s, key %s", a.alert->system,
	    alert_type_name(a.alert->type), alert_level_name(a.alert->level),
	    a.alert->key);
	if (alert_is_unknown(a.alert))
		judgment_trace(j, "alert",
		    "no recogniser of rules/alerts knows it: by its subject");
	judgment_trace(j, "source", "%s: %s",
	    facts->is_trusted ? facts->source : "not a trusted source",
	    facts->why);
	begin_judgment(&a);
	if (!facts->is_trusted)
		return judge_untrusted(&a);
	if (alert_judgment_is_open(facts->ticket))
		judgment_trace(j, "ticket", "#%" G_GINT64_FORMAT " by its key",
		    facts->ticket->number);
	judge_trusted(&a);
	return true;
}

Decision *
decide_further(const Situation *situation)
{
	Judgment j;

	judgment_begin(&j, situation, "mail");
	decide_alert(&j);
	return j.decision;
}
