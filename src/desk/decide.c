/* The desk's judgment on one mail: which way it goes, by what wrote it. */
#include "decide_private.h"

#include "guichet/mail/prescan.h"

#include <stdlib.h>
#include <string.h>

gint64
decide_subject_tag(const char *subject)
{
	for (const char *p = subject; (p = strstr(p, "[#")) != NULL; p += 2) {
		char *end;
		gint64 number;

		if (!g_ascii_isdigit(p[2]))
			continue;
		number = g_ascii_strtoll(p + 2, &end, 10);
		if (*end == ']' && end - p <= 18 && number > 0)
			return number;
	}
	return 0;
}

/* Behind one of the words, and the blanks around it; NULL: none of them. */
static const char *
skip_word(const char *text, const char *const *words)
{
	for (; *words != NULL; words++) {
		gsize length = strlen(*words);

		if (g_ascii_strncasecmp(text, *words, length) != 0 ||
		    g_ascii_isalpha(text[length]))
			continue;
		for (text += length; *text == ' ' || *text == ':';)
			text++;
		return text;
	}
	return NULL;
}

gint64
decide_subject_number(const char *subject)
{
	static const char *const answers[] = { "re", "fwd", "fw", "tr", "rép",
		NULL };
	static const char *const names[] = { "ticket", "dossier", "demande",
		"case", "request", NULL };
	static const char *const signs[] = { "n°", "no.", "no", "nr", NULL };
	const char *text = subject, *next;
	bool named = false;
	char *end;
	gint64 number;

	while (*text == ' ')
		text++;
	while ((next = skip_word(text, answers)) != NULL)
		text = next;
	if ((next = skip_word(text, names)) != NULL) {
		named = true;
		text = next;
		if ((next = skip_word(text, signs)) != NULL)
			text = next;
	}
	if (*text == '#') {
		named = true;
		text++;
	}
	if (!g_ascii_isdigit(*text))
		return 0;
	number = g_ascii_strtoll(text, &end, 10);
	if (named ? *end == '\0' || *end == ' ' || *end == ':' || *end == ','
		  : *end == '\0')
		return number;
	return 0;
}

/* ---- the way a mail goes ---- */

/* A robot's mail about an answer of ours is kept with its ticket, whoever sent
 * it; one that only names the ticket, if its sender takes part in it. */
static const Candidate *
answered(const Situation *sit)
{
	for (gsize i = 0; i < sit->candidate_count; i++) {
		const Candidate *c = &sit->candidates[i];

		if (c->link <= LINK_OWN_ID ||
		    (c->participant && c->link <= LINK_TAG))
			return c;
	}
	return NULL;
}

/* A head with lines that are no field: whoever reads on after them may find
 * marks that no mail server saw (doc/security.md 5, 5). */
static bool
has_broken_head(const Message *message)
{
	return g_strv_contains((const char *const *)message->defects,
	    DEFECT_GARBAGE);
}

/* A technician who is away keeps nobody waiting. */
static bool
is_of_the_client(const Situation *sit, const Candidate *c)
{
	return c->participant && sit->who != WHO_TECHNICIAN &&
	    sit->auth != AUTH_FAIL;
}

/* Reports and automatic answers never open, reopen or resume anything. */
static void
judge_report(Judgment *j, MailLane lane)
{
	const Candidate *about = answered(j->sit);
	Event *message;

	if (about == NULL && has_broken_head(j->sit->message)) {
		judgment_trace(j, "ticket",
		    "a new one: its marks may be a person's text");
		decide_opening(j, AUTHOR_ROBOT, true);
		return;
	}
	if (about == NULL) {
		judgment_file(j, lane);
		return;
	}
	judgment_trace(j, "ticket", "#%" G_GINT64_FORMAT " by %s: kept inside",
	    about->ticket->number, link_kind_name(about->link));
	message = judgment_message(j, about->ticket->number, AUTHOR_ROBOT,
	    false, false, event_lane_name(lane));
	if (j->sit->away != 0 && is_of_the_client(j->sit, about)) {
		event_set_int(message, EVENT_AWAY, j->sit->away);
		judgment_trace(j, "silence",
		    "who is asked is away: nobody reminds them before");
	}
}

/* The third mail of one subject within the hour: no answer any more, and it
 * joins the ticket of the first rather than opening one more. */
static void
judge_suspect(Judgment *j)
{
	const Situation *sit = j->sit;

	for (gsize i = 0; i < sit->candidate_count; i++) {
		const Candidate *c = &sit->candidates[i];

		if (!c->participant)
			continue;
		judgment_trace(j, "ticket",
		    "#%" G_GINT64_FORMAT ": joined without an answer",
		    c->ticket->number);
		/* What the domain disowns stays inside, here as elsewhere. */
		judgment_message(j, c->ticket->number,
		    sit->auth == AUTH_FAIL ? AUTHOR_STRANGER : AUTHOR_CLIENT,
		    sit->auth != AUTH_FAIL, false, "repeated");
		judgment_notify(j, c->ticket->number,
		    sit->auth == AUTH_FAIL ? REASON_UNVERIFIED
					   : REASON_CLIENT_MESSAGE);
		return;
	}
	judgment_file(j, LANE_LOOP);
}

/* Where a mail that no person wrote to be answered is filed. */
static MailLane
lane_of(RobotClass class)
{
	switch (class) {
	case ROBOT_BOUNCE:
		return LANE_BOUNCE;
	case ROBOT_RECEIPT:
		return LANE_RECEIPT;
	case ROBOT_FEEDBACK:
		return LANE_FEEDBACK;
	case ROBOT_REACTION:
		return LANE_REACTION;
	case ROBOT_CALENDAR:
		return LANE_CALENDAR;
	case ROBOT_RECALL:
		return LANE_RECALL;
	case ROBOT_CHALLENGE:
		return LANE_CHALLENGE;
	case ROBOT_AUTOREPLY:
		return LANE_AUTO;
	case ROBOT_SELF:
	case ROBOT_LIST:
	case ROBOT_MACHINE:
	case ROBOT_SUSPECT_LOOP:
	case ROBOT_NONE:
	case ROBOT_COUNT:
		break;
	}
	return LANE_NONE;
}

static void
judge_by_class(Judgment *j)
{
	const Situation *sit = j->sit;
	MailLane lane = lane_of(sit->robot->class);

	if (lane != LANE_NONE) {
		judge_report(j, lane);
		return;
	}
	if (sit->robot->class == ROBOT_SELF) {
		judgment_file(j, LANE_LOOP);
		return;
	}
	if (sit->robot->class == ROBOT_SUSPECT_LOOP) {
		if (decide_alert(j))
			decide_alert_copy(j);
		else
			judge_suspect(j);
		return;
	}
	if (decide_alert(j)) {
		decide_alert_copy(j);
		return;
	}
	if (sit->robot->class != ROBOT_NONE) {
		decide_client(j);
		return;
	}
	if (sit->who == WHO_TECHNICIAN)
		decide_technician(j);
	else
		decide_client(j);
}

static void
trace_signals(Judgment *j)
{
	const RobotVerdict *robot = j->sit->robot;
	g_autoptr(GString) signals = g_string_new(NULL);

	for (guint i = 0; i < robot->signals->len; i++)
		g_string_append_printf(signals, "%s%s", i > 0 ? ", " : " by ",
		    (const char *)robot->signals->pdata[i]);
	judgment_trace(j, "robot", "%s%s", robot_class_name(robot->class),
	    signals->str);
}

static void
trace_situation(Judgment *j)
{
	const Situation *sit = j->sit;

	if (sit->message->identity != NULL)
		judgment_trace(j, "identity", "%s", sit->message->identity);
	else
		judgment_trace(j, "identity", "none: %s",
		    sit->message->identity_defect);
	judgment_trace(j, "authentic", "%s: %s", auth_verdict_name(sit->auth),
	    sit->auth_why != NULL ? sit->auth_why : "no reason given");
	trace_signals(j);
	if (sit->no_alert != NULL)
		judgment_trace(j, "alert", "none: %s", sit->no_alert);
	judgment_trace(j, "who", "%s%s%s", who_kind_name(sit->who),
	    sit->contract != NULL ? ", contract " : "",
	    sit->contract != NULL ? sit->contract->name : "");
	for (gsize i = 0; i < sit->candidate_count; i++)
		judgment_trace(j, "candidate",
		    "#%" G_GINT64_FORMAT " by %s, %s",
		    sit->candidates[i].ticket->number,
		    link_kind_name(sit->candidates[i].link),
		    sit->candidates[i].participant ? "participant"
						   : "not a participant");
	for (guint i = 0; sit->match != NULL && i < sit->match->fired->len; i++)
		judgment_trace(j, "rule", "%s",
		    (const char *)sit->match->fired->pdata[i]);
	for (guint i = 0; sit->match != NULL && i < sit->match->weighed->len;
	     i++)
		judgment_trace(j, "weight", "%s",
		    (const char *)sit->match->weighed->pdata[i]);
	for (guint i = 0; sit->match != NULL && i < sit->match->failed->len;
	     i++)
		judgment_trace(j, "rule failed", "%s",
		    (const char *)sit->match->failed->pdata[i]);
}

/* A copy that is proven better than all before it may do what they may not;
 * reports and automatic answers do nothing that proof would change. */
static bool
is_mere_repeat(Judgment *j)
{
	const Situation *sit = j->sit;
	bool better = situation_proof(sit) > sit->seen.proof &&
	    sit->robot->class >= ROBOT_LIST &&
	    (sit->alert == NULL || sit->alert->is_trusted);

	if (sit->also_seen == 0)
		return false;
	judgment_trace(j, "repeat", "the same mail as %" G_GINT64_FORMAT "%s",
	    sit->also_seen, better ? ", better proven: this copy acts" : "");
	decide_raise(j);
	if (better)
		return false;
	if (!decide_files(j))
		judgment_repeat(j);
	return true;
}

/* Whoever reads of the mail reads what is remarked of it. */
static void
hand_remarks(Decision *decision)
{
	for (guint i = 0; i < decision->effects->len; i++) {
		Effect *effect = decision->effects->pdata[i];

		if (effect->kind == EFFECT_SEND)
			effect->remarks = decision->remarks;
	}
}

Decision *
decide_mail(const Situation *situation)
{
	RobotVerdict member, machine;
	Situation sit = *situation;
	Judgment j;

	judgment_begin(&j, &sit, "mail");
	trace_situation(&j);
	if (is_mere_repeat(&j)) {
		hand_remarks(j.decision);
		return j.decision;
	}
	/* A list of our own only passes on what its members write; they may
	 * be programs all the same. */
	if (sit.robot->class == ROBOT_LIST && judgment_own_list(&sit) != NULL) {
		member = *sit.robot;
		member.class = member.beside_list;
		judgment_trace(&j, "robot", "a list of our own: %s",
		    robot_class_name(member.class));
		sit.robot = &member;
	}
	/* A stranger's alert is a machine's mail, whatever its head says. */
	if (sit.alert != NULL && !sit.alert->is_trusted &&
	    sit.robot->class == ROBOT_NONE && sit.who != WHO_TECHNICIAN) {
		machine = *sit.robot;
		machine.class = ROBOT_MACHINE;
		sit.robot = &machine;
	}
	judge_by_class(&j);
	hand_remarks(j.decision);
	return j.decision;
}
