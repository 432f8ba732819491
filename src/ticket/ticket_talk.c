/* Who spoke last on a ticket, and what was promised or set beside its clocks. */
#include "ticket_private.h"

#include <string.h>

#define TECHNICIAN_ACTOR "technician:"

void
ticket_talk_init(TicketTalk *talk)
{
	talk->asks = g_array_new(FALSE, FALSE, sizeof(TicketWord));
	talk->answers = g_array_new(FALSE, FALSE, sizeof(TicketWord));
	talk->touched = talk->entered = INSTANT_NONE;
	talk->next = talk->next_said = talk->next_met = INSTANT_NONE;
	talk->later = talk->later_said = talk->away = INSTANT_NONE;
	talk->later_by = "";
	for (int i = 0; i < MIND_COUNT; i++)
		talk->minded[i] = INSTANT_NONE;
}

void
ticket_talk_clear(TicketTalk *talk)
{
	g_array_unref(talk->asks);
	g_array_unref(talk->answers);
}

/* ---- what is asked of it ---- */

static Instant
last_answer(const TicketTalk *talk, bool in_words)
{
	Instant last = INSTANT_NONE;

	for (guint i = 0; i < talk->answers->len; i++) {
		const TicketWord *answer = &g_array_index(talk->answers,
		    TicketWord, i);

		if (!in_words || answer->is_word)
			last = MAX(last, answer->at);
	}
	return last;
}

Instant
ticket_last_word(const Ticket *ticket)
{
	return last_answer(&ticket->talk, true);
}

Instant
ticket_unanswered(const Ticket *ticket)
{
	Instant answered = last_answer(&ticket->talk, false);
	Instant oldest = INSTANT_NONE;

	for (guint i = 0; i < ticket->talk.asks->len; i++) {
		Instant at = g_array_index(ticket->talk.asks, TicketWord, i).at;

		if (at > answered && (oldest == INSTANT_NONE || at < oldest))
			oldest = at;
	}
	return oldest;
}

bool
ticket_owes_news(const Ticket *ticket)
{
	return ticket->talk.next != INSTANT_NONE &&
	    ticket->talk.next_met == INSTANT_NONE;
}

bool
ticket_is_set_aside(const Ticket *ticket)
{
	return ticket->talk.later != INSTANT_NONE &&
	    ticket->talk.minded[MIND_LATER] < ticket->talk.later_said;
}

/* ---- folding ---- */

bool
ticket_is_whole_record(const Event *event)
{
	switch (event->type) {
	case EVENT_TIME:
	case EVENT_ESTIMATE:
		return event_int(event, "minutes") > 0;
	case EVENT_RPO:
		return json_object_get(event->data, "minutes") != NULL;
	case EVENT_NEXT:
		return event_int(event, "due") > 0;
	case EVENT_LATER:
		return event_int(event, "until") > 0;
	default:
		return true;
	}
}

static void
add(GArray *words, const Ticket *ticket, const Event *event, bool is_word)
{
	const TicketWord word = { MAX(event->at, ticket->received), event->mail,
		is_word };

	g_array_append_val(words, word);
}

/* Words to the client: they keep what was promised before them. */
static void
note_words(Ticket *ticket, const Event *event)
{
	TicketTalk *talk = &ticket->talk;

	add(talk->answers, ticket, event, true);
	if (!ticket_owes_news(ticket) ||
	    (event->mail != 0 && event->mail == talk->next_mail))
		return;
	talk->next_met = MAX(event->at, talk->next_said);
	talk->next_met_mail = event->mail;
}

/* A person's mail asks for an answer unless it is thanks alone, or what its
 * own domain disowns. */
static bool
asks(const Event *event)
{
	const char *author = event_text(event, "author");

	return (event_author_is(author, AUTHOR_CLIENT) ||
		   event_author_is(author, AUTHOR_STRANGER)) &&
	    event_visibility_is(event_text(event, "visibility"),
		VISIBILITY_PUBLIC) &&
	    *event_text(event, "asks") == '\0' &&
	    strcmp(event_text(event, "defect"), "not-authentic") != 0;
}

static void
note_message(Ticket *ticket, const Event *event)
{
	Instant away = event_int(event, EVENT_AWAY);

	if (away > 0)
		ticket->talk.away = away;
	if (asks(event))
		add(ticket->talk.asks, ticket, event, false);
	else if (event_author_is(event_text(event, "author"),
		     AUTHOR_TECHNICIAN) &&
	    event_visibility_is(event_text(event, "visibility"),
		VISIBILITY_PUBLIC))
		note_words(ticket, event);
}

/* Who says that it is resolved has answered; a closing answers nobody. */
static void
note_state(Ticket *ticket, const Event *event)
{
	const char *by = event_text(event, "by");

	ticket->talk.entered = MAX(event->at, ticket->received);
	if (ticket->state == TICKET_RESOLVED &&
	    (event_mover_is(by, MOVED_BY_TECHNICIAN) ||
		event_mover_is(by, MOVED_BY_MANAGER)))
		add(ticket->talk.answers, ticket, event, false);
	/* What was promised of it, and set aside, is over with it. */
	if (ticket_state_is_done(ticket->state)) {
		ticket->talk.next = INSTANT_NONE;
		ticket->talk.later = INSTANT_NONE;
	}
}

/* Words that did not arrive answered nothing, and kept no promise. Those of the
 * command line have no mail of their own: the last of them is meant. */
static void
take_back(TicketTalk *talk, gint64 mail)
{
	bool found = false;

	for (guint i = talk->answers->len; i-- > 0;) {
		const TicketWord *answer = &g_array_index(talk->answers,
		    TicketWord, i);

		if (!answer->is_word || answer->mail != mail)
			continue;
		g_array_remove_index(talk->answers, i);
		found = true;
	}
	for (guint i = talk->answers->len; !found && i-- > 0;) {
		const TicketWord *answer = &g_array_index(talk->answers,
		    TicketWord, i);

		if (answer->is_word && answer->mail == 0) {
			g_array_remove_index(talk->answers, i);
			mail = 0;
			found = true;
		}
	}
	if (found && talk->next_met != INSTANT_NONE &&
	    talk->next_met_mail == mail)
		talk->next_met = INSTANT_NONE;
}

static void
promise_news(Ticket *ticket, const Event *event)
{
	TicketTalk *talk = &ticket->talk;

	talk->next = event_int(event, "due");
	talk->next_said = MAX(event->at, ticket->received);
	talk->next_mail = event->mail;
	talk->next_met = INSTANT_NONE;
	/* What a merge carried over was said of the other one. */
	if (event_int(event, "from") == 0)
		add(talk->answers, ticket, event, false);
}

static void
set_aside(Ticket *ticket, const Event *event)
{
	TicketTalk *talk = &ticket->talk;

	talk->later = event_int(event, "until");
	talk->later_said = event->at;
	talk->later_by = g_str_has_prefix(event->actor, TECHNICIAN_ACTOR)
	    ? g_intern_string(event->actor + strlen(TECHNICIAN_ACTOR))
	    : "";
}

static void
note_minded(TicketTalk *talk, const Event *event)
{
	EventMind mind;

	if (!event_mind_parse(event_text(event, "what"), &mind))
		return;
	talk->minded[mind] = MAX(talk->minded[mind], event->at);
	if (mind == MIND_REVIEW)
		talk->reviews++;
}

/* The other's client waits for an answer since then. */
static void
note_merged(Ticket *ticket, const Event *event)
{
	Instant since = event_int(event, "unanswered");
	const TicketWord word = { MAX(since, ticket->received), 0, false };

	if (since != 0)
		g_array_append_val(ticket->talk.asks, word);
}

/* Whether a person said or did something about it. */
static bool
is_touch(const Event *event)
{
	const char *author;

	switch (event->type) {
	case EVENT_MESSAGE:
		author = event_text(event, "author");
		return !event_author_is(author, AUTHOR_ALERT) &&
		    !event_author_is(author, AUTHOR_ROBOT);
	case EVENT_LINKED:
	case EVENT_TOLD:
	case EVENT_WARNED:
	case EVENT_HELD:
	case EVENT_SENT:
	case EVENT_ALERT:
	case EVENT_REMINDED:
	case EVENT_CARRIED:
	case EVENT_LIFE:
	case EVENT_MINDED:
		return false;
	default:
		return true;
	}
}

void
ticket_talk_apply(Ticket *ticket, const Event *event)
{
	TicketTalk *talk = &ticket->talk;

	if (is_touch(event)) {
		talk->touched = MAX(talk->touched,
		    MAX(event->at, ticket->received));
		talk->reviews = 0;
	}
	switch (event->type) {
	case EVENT_OPENED:
		talk->entered = event->at;
		break;
	case EVENT_MESSAGE:
		note_message(ticket, event);
		break;
	case EVENT_CALL:
		note_words(ticket, event);
		break;
	case EVENT_STATE:
		note_state(ticket, event);
		break;
	case EVENT_ANSWERED:
		add(talk->answers, ticket, event, false);
		break;
	case EVENT_SENT:
		if (*event_text(event, "unmet") != '\0')
			take_back(talk, event->mail);
		break;
	case EVENT_MERGED:
		note_merged(ticket, event);
		break;
	case EVENT_NEXT:
		promise_news(ticket, event);
		break;
	case EVENT_LATER:
		set_aside(ticket, event);
		break;
	case EVENT_MINDED:
		note_minded(talk, event);
		break;
	default:
		break;
	}
}
