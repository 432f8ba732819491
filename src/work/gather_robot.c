/* What kind of mail it is: what the desk knows beside it, and its one class. */
#include "guichet/work/work.h"

#include "guichet/judgment/horizon.h"
#include "guichet/words/subject.h"

#include <string.h>

/* Whether it goes on a ticket that its writer takes part in. */
static bool
is_follow_up(const Gathered *g)
{
	for (guint i = 0; i < g->candidates->len; i++) {
		const Candidate *c = &g_array_index(g->candidates, Candidate,
		    i);

		if (c->participant || g->sit.who == WHO_TECHNICIAN)
			return true;
	}
	return false;
}

/* Whether the id is one that we signed. */
static bool
is_own_id(const Conf *conf, const char *id)
{
	gint64 ticket;

	return id != NULL && conf->tokens != NULL &&
	    token_parse_message_id(conf->tokens, id, conf->domain, &ticket) ==
	    TOKEN_OK;
}

void
gather_signs(Gathered *g, const Intake *in)
{
	const Message *message = g->sit.message;
	const Conf *conf = in->conf;
	RobotContext *known = &g->robot_known;

	*known = (RobotContext){
		.own_addresses = (const char *const *)conf->own_addresses,
		.own_message_id = is_own_id(conf, message->message_id),
		/* Some relays write a Message-ID of their own. */
		.own_mark = is_own_id(conf,
		    message_header(message, "X-Guichet-Loop")),
	};
	for (gsize i = 0; message->references[i] != NULL; i++)
		known->own_references += is_own_id(conf, message->references[i])
		    ? 1
		    : 0;
	g->robot_signs = robot_read(message, ruleset_robots(in->ruleset));
}

RobotVerdict *
gather_robot(const Gathered *g, guint same_subject)
{
	RobotContext context = g->robot_known;

	context.same_subject = same_subject;
	context.alert_source = g->sit.is_alert_source;
	context.bounce_address = g->at_bounce_address;
	return robot_judge(g->robot_signs, &context);
}

static bool
has_subject(const char *subject)
{
	for (gsize length; (length = subject_prefix(subject, NULL)) > 0;)
		subject += length;
	return subject[strspn(subject, " \t")] != '\0';
}

/* Whether the brake on one subject may hold it. Of a list of ours many people
 * write on one subject, and no subject at all is none that they share. */
static bool
is_braked(const Gathered *g, const Intake *in)
{
	const Message *message = g->sit.message;
	const char *list = message_header(message, "List-Id");

	/* What is read again turns no second time. */
	if (message->identity == NULL || g->sit.is_alert_source ||
	    g->sit.is_confirmed || !has_subject(message->subject))
		return false;
	for (gsize i = 0; list != NULL && in->conf->own_lists[i] != NULL; i++) {
		if (strstr(list, in->conf->own_lists[i]) != NULL)
			return false;
	}
	return true;
}

/* A stranger's words that hold an alert's, with all signs of a person: they
 * have pasted it into a request of their own. */
static void
let_person_be(Gathered *g)
{
	if (g->sit.alert == NULL || g->sit.alert->is_trusted ||
	    g->robot->class != ROBOT_NONE ||
	    g->robot->person < ROBOT_PERSON_ENOUGH)
		return;
	g->sit.alert = NULL;
	g->sit.no_alert = "an alert's words in a person's mail";
}

/* Until when an automatic answer says that its sender is away: midnight of the
 * day of return, on the desk's walls. */
static Instant
away_until(const Gathered *g, const Intake *in)
{
	const Message *message = g->sit.message;
	const Zone *zone = zone_get(in->conf->zone, NULL);
	const Date today = wall_date(zone_wall(zone, g->sit.received));
	g_autofree char *text = NULL;
	Date back;

	if (g->robot->class != ROBOT_AUTOREPLY)
		return 0;
	text = g_strconcat(message->subject, "\n", message->new_text, NULL);
	return away_return(ruleset_away(in->ruleset), text, today, &back)
	    ? zone_instant(zone, wall_midnight(back), ZONE_FIRST)
	    : 0;
}

bool
gather_class(Gathered *g, Intake *in, GError **error)
{
	const Message *message = g->sit.message;
	SubjectQuery query = { message->identity, message->subject,
		situation_proof(&g->sit),
		g->sit.received - HORIZON_SUBJECT_SECONDS };
	int same = 0;

	if (is_braked(g, in) &&
	    !store_count_subject(in->store, &query, &same, error))
		return false;
	g->robot = gather_robot(g, horizon_turns(same, is_follow_up(g)));
	g->sit.robot = g->robot;
	g->sit.away = away_until(g, in);
	let_person_be(g);

	/* What turns like a wheel joins the ticket of its first turn. */
	if (g->robot->class == ROBOT_SUSPECT_LOOP &&
	    message->identity != NULL) {
		gint64 first = 0;

		return store_ticket_of_subject(in->store, &query, &first,
			   error) &&
		    gather_candidate(g, in, LINK_NONE, first, error);
	}
	return true;
}
