/*
 * When a later mail of the client's says that a ticket has become worse
 * (doc/domain.md 4): the same mail once more by a graver way, or words of theirs
 * on the thread that the rules call graver.
 */
#include "decide_private.h"

#include <stdlib.h>
#include <string.h>

/* The severity that the rules give this mail, if it is graver than the
 * ticket's; 0. */
static int
graver(const Situation *sit, const Ticket *ticket)
{
	const char *value = sit->match != NULL ? sit->match->severity.value
					       : NULL;
	int severity = value != NULL ? atoi(value) : 0;

	return severity > 0 && severity <= SEVERITY_MAX &&
		(ticket->severity == 0 || severity < ticket->severity)
	    ? severity
	    : 0;
}

/* Whether a rule calls it one. */
static bool
is_incident(const Situation *sit)
{
	const char *word = sit->match != NULL ? sit->match->kind.value : NULL;
	TicketKind kind;

	return word != NULL && ticket_kind_parse(word, &kind) &&
	    kind == KIND_INCIDENT;
}

/* A person has weighed it since. */
static bool
is_weighed(const Ticket *ticket)
{
	return ticket->changed_terms > ticket->received;
}

/* `view`: of the ticket, NULL where nobody has looked its terms up. */
static void
worsen(Judgment *j, const Ticket *ticket, const TicketView *view, int severity)
{
	const TicketGrade grade = { severity, j->sit->received, false };
	EventStamp stamp = judgment_stamp(j, ticket->number);
	TicketKind kind = is_incident(j->sit) ? KIND_INCIDENT : ticket->kind;
	Event *event;

	event = judgment_write(j,
	    event_make_severity(&stamp, severity, grade.from));
	if (view != NULL && ticket_view_owes_response(view, &grade, kind))
		event_owes_response(event);
	if (kind != ticket->kind)
		judgment_write(j, event_make_kind(&stamp, kind));
}

/* From what, to what and by which rule, for those who read of it. */
static void
remark(Judgment *j, const Ticket *ticket, int severity, RemarkKind kind)
{
	const char *rule = j->sit->match->severity.rule;
	g_autofree char *before = ticket->severity > 0
	    ? g_strdup_printf("%d", ticket->severity)
	    : g_strdup("-");
	g_autofree char *text = g_strdup_printf("%s -> %d (%s)", before,
	    severity, rule != NULL ? rule : "-");

	judgment_remark(j, kind, text);
}

void
decide_raise(Judgment *j)
{
	const Situation *sit = j->sit;
	const Ticket *ticket = sit->seen.ticket;
	int severity;

	if (ticket == NULL || !sit->seen.opened || sit->contract == NULL ||
	    strcmp(sit->contract->name, ticket->contract) != 0 ||
	    ticket_state_is_done(ticket->state) || is_weighed(ticket) ||
	    sit->robot->class != ROBOT_NONE || sit->auth == AUTH_FAIL)
		return;
	severity = graver(sit, ticket);
	if (severity == 0)
		return;
	remark(j, ticket, severity, REMARK_WORSE_WAY);
	worsen(j, ticket, sit->seen.view, severity);
	judgment_trace(j, "repeat",
	    "raises #%" G_GINT64_FORMAT " to severity %d: by where it went",
	    ticket->number, severity);
	judgment_notify(j, ticket->number, REASON_CLIENT_MESSAGE);
}

/* What a technician has weighed since is theirs to weigh again: the subject of
 * an answer says what it said when the ticket was opened. */
void
decide_worsen(Judgment *j, const Candidate *c)
{
	const Ticket *ticket = c->ticket;
	const Situation *sit = j->sit;
	int severity = graver(sit, ticket);

	if (severity == 0 || !is_incident(sit) || ticket->kind == KIND_DUTY ||
	    ticket_is_of_an_alert(ticket))
		return;
	if (is_weighed(ticket)) {
		judgment_trace(j, "severity",
		    "its words say %d: a technician has said %d since, and "
		    "says it again",
		    severity, ticket->severity);
		return;
	}
	remark(j, ticket, severity, REMARK_WORSE);
	worsen(j, ticket, c->view, severity);
	judgment_trace(j, "severity", "worse: %d in place of %d (%s)", severity,
	    ticket->severity, sit->match->severity.rule);
}
