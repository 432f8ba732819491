/* What an alert's mail is taken for. */
#include "guichet/judgment/alert_reading.h"

#include <string.h>

/* ---- who wrote it ---- */

bool
alert_reading_is_program(const Message *message, RobotClass class)
{
	return class == ROBOT_MACHINE ||
	    (class == ROBOT_LIST &&
		message_header(message, "Precedence") != NULL &&
		message_header(message, "List-Id") == NULL &&
		message_header(message, "List-Post") == NULL &&
		message_header(message, "List-Unsubscribe") == NULL);
}

AlertWriter
alert_reading_writer(const AlertSigns *signs, const Message *message)
{
	if (signs->class <= ROBOT_AUTOREPLY)
		return ALERT_WRITER_REPORT;
	if (signs->is_sender)
		return ALERT_WRITER_SYSTEM;
	if (signs->converses && signs->class == ROBOT_NONE)
		return ALERT_WRITER_PERSON;
	if (signs->is_shared &&
	    (signs->converses || signs->is_named ||
		!alert_reading_is_program(message, signs->class)))
		return ALERT_WRITER_OTHER;
	return ALERT_WRITER_SYSTEM;
}

/* ---- whose it is ---- */

static AlertLevel
worst_level(const Alert *alert)
{
	AlertLevel level = alert->level;

	for (guint i = 0; i < alert->members->len; i++) {
		const AlertMember *member = alert->members->pdata[i];

		if (member->firing)
			level = MAX(level, member->level);
	}
	return level;
}

/* A source that is one client's speaks for no other. */
static const AlertHost *
line_of_client(const GPtrArray *owners, const char *contract)
{
	for (guint i = 0; i < owners->len; i++) {
		const AlertOwner *owner = owners->pdata[i];

		if (*owner->contract == '\0' ||
		    strcmp(owner->contract, contract) == 0)
			return owner->line;
	}
	return NULL;
}

/*
 * Several clients' hosts in one mail are nobody's: whoever it was given to
 * would be promised something for the others. Hosts that are no client's count
 * as the only client's beside them. Both are said on the ticket.
 */
static const AlertHost *
choose_client(const GPtrArray *owners, AlertFacts *facts)
{
	const AlertOwner *client = NULL;
	guint clients = 0;

	for (guint i = 0; i < owners->len; i++) {
		const AlertOwner *owner = owners->pdata[i];

		if (*owner->contract == '\0')
			continue;
		client = owner;
		clients++;
	}
	facts->is_shared = clients > 1;
	if (clients > 1)
		return NULL;
	if (client == NULL)
		return ((AlertOwner *)owners->pdata[0])->line;
	facts->target.contract = client->contract;
	facts->is_partly = owners->len > 1;
	return client->line;
}

/* The gravest that any of their owners' lines says; 0: not said. */
static int
gravest(const AlertMap *map, const GPtrArray *owners, AlertLevel level)
{
	int worst = 0;

	for (guint i = 0; i < owners->len; i++) {
		const AlertOwner *owner = owners->pdata[i];
		int severity = alert_map_severity(map, owner->line, level);

		if (severity != 0 && (worst == 0 || severity < worst))
			worst = severity;
	}
	return worst;
}

static void
set_line(AlertTarget *target, const AlertHost *line)
{
	target->component = line != NULL && line->component != NULL
	    ? line->component
	    : "";
	target->scope = line != NULL && line->scope != NULL ? line->scope : "";
}

void
alert_reading_target(AlertFacts *facts, const AlertMap *map,
    const char *contract)
{
	g_autoptr(GPtrArray) owners = alert_map_owners(map, facts->alert,
	    facts->source);
	AlertLevel level = worst_level(facts->alert);
	AlertTarget *target = &facts->target;

	if (contract != NULL) {
		target->contract = contract;
		target->line = line_of_client(owners, contract);
	} else {
		target->line = choose_client(owners, facts);
	}
	set_line(target, target->line);
	target->severity = facts->is_shared
	    ? gravest(map, owners, level)
	    : alert_map_severity(map, target->line, level);
	target->is_mapped = *target->contract != '\0';
	target->by_source = contract != NULL;
}

static void
target_awaited(AlertFacts *facts, const AlertMap *map)
{
	const AlertExpected *awaited = alert_map_expected(map,
	    facts->known->key);

	facts->awaited = awaited;
	if (awaited == NULL)
		return;
	facts->target.contract = awaited->contract != NULL ? awaited->contract
							   : "";
	facts->target.severity = awaited->severity;
	facts->target.is_mapped = true;
}

void
alert_reading_target_of_case(AlertFacts *facts, const AlertMap *map)
{
	const AlertCase *one = facts->known;
	const AlertHost *line;

	if (strcmp(one->system, ALERT_SYSTEM_EXPECTED) == 0) {
		target_awaited(facts, map);
		return;
	}
	line = alert_map_host(map, one->source, one->host, one->service);
	facts->target.contract = one->contract;
	facts->target.severity = alert_map_severity(map, line, one->level);
	facts->target.is_mapped = *one->contract != '\0';
	set_line(&facts->target, line);
}

/* ---- what it tells ---- */

bool
alert_reading_is_doubtful(const AlertFacts *facts)
{
	const Ticket *ticket = facts->ticket;
	bool is_open = ticket != NULL && !ticket_state_is_done(ticket->state);

	return facts->alert->only_known && !is_open &&
	    (facts->known == NULL || !facts->known->firing);
}

bool
alert_reading_has_ended(const AlertCase *one, Instant received)
{
	return one != NULL && !one->firing && one->turned != INSTANT_NONE &&
	    one->turned == one->last && one->mail != 0 &&
	    ABS(received - one->turned) <= ALERT_REJOIN;
}

bool
alert_reading_is_overtaken(const AlertFacts *facts, const Message *message,
    Instant ended)
{
	const Alert *alert = facts->alert;

	return (*alert->event_id != '\0' &&
		   strcmp(alert->event_id, alert->key) == 0) ||
	    (message->has_date && ended != INSTANT_NONE &&
		message->date < ended);
}
