/* What tells who wrote a mail that comes as a trusted source's and that no
 * recogniser knows. */
#include "guichet/work/work.h"

#include "guichet/site/alert_origin.h"

/* Somebody whom a contract, or the desk, knows by an address of their own. */
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

/* Who forwards an alert without a word, and proves no source, asks for help:
 * the mail is theirs. */
bool
alert_is_passed_on(const Gathered *g)
{
	g_autoptr(RobotVerdict) robot = NULL;

	if (!alert_is_enclosed(g->mails))
		return false;
	robot = gather_robot(g, 0);
	return robot->class == ROBOT_NONE;
}

AlertWriter
alert_writer(Gathered *g, const AlertOrigin *origin)
{
	g_autoptr(RobotVerdict) robot = gather_robot(g, 0);
	OriginMark mark = alert_origin_mark(origin);
	const AlertSigns signs = { .class = robot->class,
		.is_sender = mark == ORIGIN_IS_SENDER,
		.is_shared = mark == ORIGIN_IS_SHARED,
		.is_named = is_named(g),
		.converses = alert_is_conversation(g->mails) };
	AlertWriter writer = alert_reading_writer(&signs, g->sit.message);

	g->sit.is_at_secret = mark == ORIGIN_IS_SECRET &&
	    writer == ALERT_WRITER_PERSON;
	if (g->sit.is_at_secret)
		g->sit.no_alert = "a person's, to a source's secret address";
	else if (mark == ORIGIN_IS_SHARED && writer != ALERT_WRITER_SYSTEM)
		g->sit.no_alert = "comes from where a source of alerts is, but "
				  "is not one of its mails";
	return writer;
}
