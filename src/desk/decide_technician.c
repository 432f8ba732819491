/*
 * What a technician's mail may do (SECURITY.md 2.3; DESIGN.md 7). All of
 * identity, authentication, token and freshness, or nothing acts: the mail is
 * kept inside, marked, and he is told how at his enrolled address.
 */
#include "judgment-private.h"

#include "guichet/prescan.h"
#include "guichet/reply.h"

#include <string.h>

#define REASON_FILES_LEFT "files-left"

/* The ticket that the token, or else the answered mail, names. */
static const Candidate *
ticket_meant(const Situation *sit)
{
	for (gsize i = 0; i < sit->candidate_count; i++) {
		if (sit->candidates[i].link <= LINK_STORED_ID)
			return &sit->candidates[i];
	}
	/* A colleague's tag is as good a hint as any where nothing acts. */
	return sit->candidate_count > 0 ? &sit->candidates[0] : NULL;
}

static bool
names_two_tickets(const Situation *sit, const Candidate *meant)
{
	for (gsize i = 0; i < sit->candidate_count; i++) {
		const Candidate *c = &sit->candidates[i];

		if (c->link <= LINK_STORED_ID &&
		    c->ticket->number != meant->ticket->number)
			return true;
	}
	return false;
}

/* Why his mail may not act, a word the templates know; NULL if it may. */
static const char *
obstacle(const Situation *sit, const Candidate *meant)
{
	if (sit->auth == AUTH_FAIL)
		return "not-authentic";
	if (sit->auth != AUTH_PASS)
		return "not-authentic";
	switch (sit->token) {
	case TOKEN_ABSENT:
		return "no-token";
	case TOKEN_BAD:
		return "bad-token";
	case TOKEN_EXPIRED:
		return "expired-token";
	case TOKEN_OK:
		break;
	}
	if (!sit->token_fits || sit->token_ticket != meant->ticket->number)
		return "other-token";
	if (sit->replayed)
		return "replayed";
	if (names_two_tickets(sit, meant))
		return "two-tickets";
	return NULL;
}

/* Whether not all that he attached can go along: his words speak of it, and
 * without it they would be false. */
static bool
has_files_left(const Situation *sit)
{
	g_autoptr(GPtrArray) files = reply_files(sit->message,
	    sit->policy->forward_bytes, true, NULL);

	if (g_strv_contains((const char *const *)sit->message->defects,
		DEFECT_PARTIAL))
		return true;
	for (guint i = 0; i < files->len; i++) {
		const ReplyFile *file = files->pdata[i];

		if (file->fate != REPLY_FILE_SENT)
			return true;
	}
	return false;
}

/* Whether his own words can be told from what he quotes. */
static const char *
text_obstacle(const Situation *sit)
{
	const char *text = sit->message->command_text;

	if (text == NULL)
		return "no-text";
	while (g_ascii_isspace(*text))
		text++;
	if (*text == '>' || sit->answer_below)
		return "below-quotation";
	if (sit->commands->errors->len > 0)
		return "bad-command";
	if (sit->commands->commands->len == 0 && *sit->answer == '\0')
		return "no-text";
	return has_files_left(sit) ? REASON_FILES_LEFT : NULL;
}

static bool
orders_resolution(const Situation *sit)
{
	for (guint i = 0; i < sit->commands->commands->len; i++) {
		const Command *command = sit->commands->commands->pdata[i];

		if (command->verb == COMMAND_RESOLVE)
			return true;
	}
	return false;
}

static Event *
by_technician(Judgment *j, EventType type, gint64 ticket)
{
	Event *event = judgment_event(j, type, ticket);

	g_free(event->actor);
	event->actor = g_strdup_printf("technician:%s", j->sit->technician);
	return event;
}

static void
refuse(Judgment *j, gint64 ticket, const char *reason)
{
	Effect *effect;

	judgment_trace(j, "technician", "nothing done: %s", reason);
	/* What he attached by hand no machine of his sends in circles: he is
	 * told of it each time. */
	if (!j->sit->refusal_allowed &&
	    strcmp(reason, REASON_FILES_LEFT) != 0) {
		judgment_trace(j, "technician", "told often enough already");
		return;
	}
	effect = judgment_send(j, SEND_REFUSAL, ticket);
	effect->technician = g_strdup(j->sit->technician);
	effect->reason = g_strdup(reason);
}

/* His answer goes out on the client's thread and meets the response. */
static void
act(Judgment *j, const Ticket *ticket)
{
	bool resolves = orders_resolution(j->sit);
	gint64 number = ticket->number;

	Event *words = by_technician(j, EVENT_MESSAGE, number);

	event_set(words, "author", "technician");
	event_set(words, "visibility", "public");
	event_set(words, "verified", "yes");
	if (ticket->met[MILESTONE_RESPONSE] == INSTANT_NONE)
		event_set(by_technician(j, EVENT_MET, number), "milestone",
		    milestone_name(MILESTONE_RESPONSE));
	if (*ticket->assigned == '\0')
		event_set(by_technician(j, EVENT_ASSIGNED, number), "who",
		    j->sit->technician);
	if (resolves && !ticket_state_is_done(ticket->state))
		event_set(event_set(by_technician(j, EVENT_STATE, number),
			      "state", ticket_state_name(TICKET_RESOLVED)),
		    "by", "technician");
	else if (!resolves && ticket->state == TICKET_NEW)
		event_set(event_set(by_technician(j, EVENT_STATE, number),
			      "state", ticket_state_name(TICKET_OPEN)),
		    "by", "technician");
	judgment_send(j, resolves ? SEND_RESOLUTION : SEND_REPLY, number);
	judgment_trace(j, "technician", "%s #%" G_GINT64_FORMAT,
	    resolves ? "resolves" : "answers", number);
}

void
judge_technician(Judgment *j)
{
	const Candidate *meant = ticket_meant(j->sit);
	const char *why;

	if (meant == NULL) {
		judgment_trace(j, "ticket", "none named: a new one");
		judge_opening(j, "technician", false);
		return;
	}
	judgment_trace(j, "ticket", "#%" G_GINT64_FORMAT " by %s",
	    meant->ticket->number, link_name(meant->link));
	why = obstacle(j->sit, meant);
	if (why == NULL && (why = text_obstacle(j->sit)) == NULL) {
		act(j, meant->ticket);
		return;
	}
	judgment_message(j, meant->ticket->number, "technician", false, false,
	    why);
	refuse(j, meant->ticket->number, why);
}
