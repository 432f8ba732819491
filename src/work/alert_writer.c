/*
 * Who wrote a mail that comes as a trusted source's and that no recogniser
 * knows. A system without a recogniser must not open a ticket with each mail;
 * a person who writes from where his monitoring does, or answers it, must not
 * be taken for it.
 */
#include "guichet/work/work.h"

#include "guichet/site/alert_origin.h"

/* Somebody whom a contract, or the desk, knows by his own address. */
static bool
is_named(const Gathered *g)
{
	const char *identity = g->sit.message->identity;

	if (g->sit.who == WHO_TECHNICIAN)
		return true;
	for (guint i = 0; identity != NULL && i < g->contracts->len; i++) {
		const Contract *contract = g->contracts->pdata[i];

		if (contract != NULL &&
		    contract_match(contract, identity) == CONTACT_NAMED)
			return true;
	}
	return false;
}

/* It says that a program wrote it, and came through no list. */
bool
alert_is_of_a_program(const Message *message, RobotClass class)
{
	return class == ROBOT_MACHINE ||
	    (class == ROBOT_LIST &&
		message_header(message, "Precedence") != NULL &&
		message_header(message, "List-Id") == NULL &&
		message_header(message, "List-Post") == NULL &&
		message_header(message, "List-Unsubscribe") == NULL);
}

/* Who forwards an alert without a word, and proves no source, asks for help:
 * the mail is theirs. */
bool
alert_is_passed_on(const Gathered *g, const Intake *in)
{
	g_autoptr(RobotVerdict) robot = NULL;

	if (!alert_is_enclosed(ruleset_alerts(in->ruleset), g->sit.message))
		return false;
	robot = gather_robot(g, 0);
	return robot->class == ROBOT_NONE;
}

/* `conversation`: by words.yaml a person's, or a program's about another
 * mail. */
static AlertWriter
writer_of(const Gathered *g, OriginMark mark, RobotClass class,
    bool conversation)
{
	if (class <= ROBOT_AUTOREPLY)
		return ALERT_WRITER_REPORT;
	switch (mark) {
	case ORIGIN_IS_SENDER:
		break;
	case ORIGIN_IS_SECRET:
		if (conversation && class == ROBOT_NONE)
			return ALERT_WRITER_PERSON;
		break;
	case ORIGIN_IS_SHARED:
		if (conversation && class == ROBOT_NONE)
			return ALERT_WRITER_PERSON;
		if (conversation || is_named(g) ||
		    !alert_is_of_a_program(g->sit.message, class))
			return ALERT_WRITER_OTHER;
		break;
	}
	return ALERT_WRITER_SYSTEM;
}

AlertWriter
alert_writer(Gathered *g, const Intake *in, const AlertOrigin *origin)
{
	g_autoptr(RobotVerdict) robot = gather_robot(g, 0);
	OriginMark mark = alert_origin_mark(origin);
	AlertWriter writer = writer_of(g, mark, robot->class,
	    alert_is_conversation(ruleset_alerts(in->ruleset), g->sit.message));

	g->sit.is_at_secret = mark == ORIGIN_IS_SECRET &&
	    writer == ALERT_WRITER_PERSON;
	if (g->sit.is_at_secret)
		g->sit.no_alert = "a person's, to a source's secret address";
	else if (mark == ORIGIN_IS_SHARED && writer != ALERT_WRITER_SYSTEM)
		g->sit.no_alert = "comes from where a source of alerts is, but "
				  "is not one of its mails";
	return writer;
}
