/* A ticket folded from its events, and the facts that its promises hang on. */
#include "ticket_private.h"

#include "guichet/base/names.h"
#include "guichet/ticket/event_words.h"

#include <string.h>

#define TICKET_STATE_NAMES(X)                         \
 X(TICKET_NEW, "new")                                 \
 X(TICKET_OPEN, "open")                               \
 X(TICKET_WAITING_CUSTOMER, "waiting-customer")       \
 X(TICKET_WAITING_APPROVAL, "waiting-approval")       \
 X(TICKET_WAITING_THIRD_PARTY, "waiting-third-party") \
 X(TICKET_RESOLVED, "resolved")                       \
 X(TICKET_CLOSED, "closed")
NAME_TABLE(states, TICKET_STATE_NAMES, TICKET_STATE_COUNT);

const char *
ticket_state_name(TicketState state)
{
	return names_word(&states, state);
}

bool
ticket_state_parse(const char *name, TicketState *ret_state)
{
	int value = names_find(&states, name);

	if (value < 0)
		return false;
	*ret_state = (TicketState)value;
	return true;
}

bool
ticket_state_is_done(TicketState state)
{
	return state == TICKET_RESOLVED || state == TICKET_CLOSED;
}

/* For the client: clocks stand still. */
static bool
is_waiting(TicketState state)
{
	return state == TICKET_WAITING_CUSTOMER ||
	    state == TICKET_WAITING_APPROVAL;
}

Ticket *
ticket_new(gint64 number)
{
	Ticket *ticket = g_new0(Ticket, 1);

	ticket->number = number;
	ticket->state = TICKET_NEW;
	ticket->scope = g_strdup("");
	ticket->component = g_strdup("");
	ticket->contract = g_strdup("");
	ticket->plan = g_strdup("");
	ticket->rules = g_strdup("");
	ticket->reopened_rules = g_strdup("");
	ticket->source = g_strdup("");
	ticket->mailbox = g_strdup("");
	ticket->assigned = g_strdup("");
	ticket->exclusion = g_strdup("");
	ticket->proposed = g_strdup("");
	ticket->excluded_at = INSTANT_NONE;
	ticket->host = g_strdup("");
	ticket->service = g_strdup("");
	ticket->alert_key = g_strdup("");
	ticket->received = INSTANT_NONE;
	ticket->asked = INSTANT_NONE;
	ticket->opened = INSTANT_NONE;
	ticket->changed = INSTANT_NONE;
	ticket->resolved = INSTANT_NONE;
	ticket->reopened = INSTANT_NONE;
	ticket->turned = INSTANT_NONE;
	ticket->changed_terms = INSTANT_NONE;
	ticket->reminded = INSTANT_NONE;
	ticket->untold = INSTANT_NONE;
	for (int i = 0; i < MILESTONE_COUNT; i++) {
		ticket->met[i] = INSTANT_NONE;
		ticket->warned_at[i] = INSTANT_NONE;
		ticket->missed[i].at = INSTANT_NONE;
	}
	ticket->grades = g_array_new(FALSE, FALSE, sizeof(TicketGrade));
	ticket->auto_told = g_array_new(FALSE, FALSE, sizeof(Instant));
	ticket->answers = g_array_new(FALSE, FALSE, sizeof(TicketAnswer));
	ticket_talk_init(&ticket->talk);
	ticket->pauses = g_array_new(FALSE, FALSE, sizeof(Pause));
	ticket->tags = g_ptr_array_new_with_free_func(g_free);
	ticket->part = g_ptr_array_new_with_free_func(g_free);
	return ticket;
}

void
ticket_free(Ticket *ticket)
{
	if (ticket == NULL)
		return;
	g_free(ticket->scope);
	g_free(ticket->component);
	g_free(ticket->contract);
	g_free(ticket->plan);
	g_free(ticket->rules);
	g_free(ticket->reopened_rules);
	g_free(ticket->source);
	g_free(ticket->mailbox);
	g_free(ticket->assigned);
	g_free(ticket->exclusion);
	g_free(ticket->proposed);
	g_free(ticket->host);
	g_free(ticket->service);
	g_free(ticket->alert_key);
	for (int i = 0; i < MILESTONE_COUNT; i++) {
		ticket_past_free(ticket->met_as[i]);
		ticket_carried_free(ticket->carried[i]);
	}
	ticket_told_free(ticket->told);
	ticket_told_free(ticket->told_before);
	g_array_unref(ticket->grades);
	g_array_unref(ticket->auto_told);
	g_array_unref(ticket->answers);
	ticket_talk_clear(&ticket->talk);
	g_array_unref(ticket->pauses);
	g_ptr_array_unref(ticket->tags);
	g_ptr_array_unref(ticket->part);
	g_free(ticket);
}

static void
set_text(char **field, const char *text)
{
	g_free(*field);
	*field = g_strdup(text);
}

static bool
has_key(const Event *event, const char *key)
{
	return json_object_get(event->data, key) != NULL;
}

/* A key that the event lacks leaves the field as it was. */
static void
take_text(char **field, const Event *event, const char *key)
{
	if (has_key(event, key))
		set_text(field, event_text(event, key));
}

static bool
apply_word(char **field, const Event *event, const char *key)
{
	take_text(field, event, key);
	return true;
}

bool
ticket_read_severity(const Event *event, int *ret_severity)
{
	gint64 severity = event_int(event, "severity");

	if (severity < 0 || severity > SEVERITY_MAX)
		return false;
	*ret_severity = (int)severity;
	return true;
}

static bool
apply_opened(Ticket *ticket, const Event *event)
{
	TicketKind kind = KIND_INCIDENT;

	if (has_key(event, "kind") &&
	    !ticket_kind_parse(event_text(event, "kind"), &kind))
		return false;
	if (!ticket_take_grade(ticket, event))
		return false;

	ticket->kind = kind;
	ticket->unsure = *event_text(event, "unsure") != '\0';
	ticket->received = event->at;
	ticket->opened = event->recorded;
	ticket->changed_terms = event->at;
	take_text(&ticket->scope, event, "scope");
	take_text(&ticket->component, event, "component");
	take_text(&ticket->proposed, event, "proposes");
	take_text(&ticket->contract, event, "contract");
	take_text(&ticket->plan, event, "plan");
	take_text(&ticket->rules, event, "rules");
	take_text(&ticket->mailbox, event, "mailbox");
	take_text(&ticket->source, event, "source");
	return true;
}

bool
ticket_state_may_follow(TicketState from, TicketState to)
{
	if (from == to || to == TICKET_NEW)
		return false;
	if (from == TICKET_RESOLVED)
		return to == TICKET_CLOSED || to == TICKET_OPEN;
	if (from == TICKET_CLOSED)
		return to == TICKET_OPEN;
	return true;
}

/*
 * Instants are of receipt, and mails may be read out of order: a stretch never
 * runs backwards and never starts before the one in front of it has ended.
 */
void
ticket_end_pause(Ticket *ticket, Instant at)
{
	Pause *last;

	if (ticket->pauses->len == 0)
		return;
	last = &g_array_index(ticket->pauses, Pause, ticket->pauses->len - 1);
	if (last->to == INSTANT_NONE)
		last->to = MAX(at, last->from);
}

void
ticket_start_pause(Ticket *ticket, Instant at, TicketState why)
{
	Pause pause = { MAX(at, ticket->received), INSTANT_NONE, why };

	if (ticket->pauses->len > 0) {
		const Pause *last = &g_array_index(ticket->pauses, Pause,
		    ticket->pauses->len - 1);

		pause.from = MAX(pause.from, last->to);
	}
	g_array_append_val(ticket->pauses, pause);
}

static void
meet(Ticket *ticket, Milestone milestone, const Event *event)
{
	Instant *met = &ticket->met[milestone];
	Instant at = MAX(event->at, ticket->received);

	if (milestone == MILESTONE_RESPONSE)
		ticket_note_answer(ticket, event);
	*met = *met == INSTANT_NONE ? at : MIN(*met, at);
}

/* A technician who resolves has answered. A recovery by itself answers nobody,
 * nor does the client who says that it is settled. */
static bool
is_answer(const Event *event)
{
	const char *by = event_text(event, "by");

	return !event_mover_is(by, MOVED_BY_ALERT) &&
	    !event_mover_is(by, MOVED_BY_CLIENT);
}

/* Whoever resolves has left nothing to work around. */
static void
resolve(Ticket *ticket, const Event *event, bool answers)
{
	ticket->resolved = MAX(event->at, ticket->received);
	for (int i = 0; i < MILESTONE_COUNT; i++) {
		if (ticket->met[i] == INSTANT_NONE &&
		    (answers || i != MILESTONE_RESPONSE))
			meet(ticket, (Milestone)i, event);
	}
}

static bool
apply_state(Ticket *ticket, const Event *event)
{
	TicketState to;
	TicketState from = ticket->state;
	bool was_done = ticket_state_is_done(from);

	if (ticket->merged_into != 0 ||
	    !ticket_state_parse(event_text(event, "state"), &to) ||
	    !ticket_state_may_follow(from, to))
		return false;

	/* What is closed after it was resolved goes on being done. */
	if (!was_done || to == TICKET_OPEN)
		ticket_end_pause(ticket, event->at);
	if (is_waiting(to) || (ticket_state_is_done(to) && !was_done))
		ticket_start_pause(ticket, event->at, to);
	if (to == TICKET_RESOLVED)
		resolve(ticket, event, is_answer(event));
	if (was_done && to == TICKET_OPEN)
		ticket_reopen(ticket, event);
	/* A resolution voids no token: a technician may add a word to it. */
	if (to == TICKET_CLOSED || was_done) {
		ticket->epoch++;
		ticket->turned = event->at;
	}
	ticket->closed_unanswered = to == TICKET_CLOSED &&
	    ticket_leaves_unanswered(ticket, event);
	ticket->state = to;
	return true;
}

static bool
apply_met(Ticket *ticket, const Event *event)
{
	Milestone milestone;

	if (!milestone_parse(event_text(event, "milestone"), &milestone))
		return false;
	meet(ticket, milestone, event);
	return true;
}

static bool
apply_warned(Ticket *ticket, const Event *event)
{
	Milestone milestone;
	gint64 share = event_int(event, "share");

	if (!milestone_parse(event_text(event, "milestone"), &milestone) ||
	    share <= 0 || share > G_MAXINT)
		return false;
	if (ticket->rearmed[milestone] || share > ticket->warned[milestone]) {
		ticket->warned[milestone] = (int)share;
		ticket->warned_at[milestone] = event->at;
	}
	ticket->rearmed[milestone] = false;
	return true;
}

static bool
apply_linked(Ticket *ticket, const Event *event)
{
	if (*event_text(event, "continued") != '\0')
		ticket->continued = event_int(event, "ticket");
	return true;
}

static bool
apply_reminded(Ticket *ticket, const Event *event)
{
	ticket->reminders++;
	ticket->reminded = MAX(ticket->reminded, event->at);
	return true;
}

static gint
compare_tags(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

Instant
ticket_done_since(const Ticket *ticket)
{
	if (!ticket_state_is_done(ticket->state) || ticket->pauses->len == 0)
		return INSTANT_NONE;
	return g_array_index(ticket->pauses, Pause, ticket->pauses->len - 1)
	    .from;
}

bool
ticket_has_tag(const Ticket *ticket, const char *tag)
{
	return g_ptr_array_find_with_equal_func(ticket->tags, tag, g_str_equal,
	    NULL);
}

static bool
apply_tag(Ticket *ticket, const Event *event)
{
	const char *add = event_text(event, "add");
	const char *remove = event_text(event, "remove");
	guint place;

	if (*add == '\0' && *remove == '\0')
		return false;
	if (*remove != '\0' &&
	    g_ptr_array_find_with_equal_func(ticket->tags, remove, g_str_equal,
		&place))
		g_ptr_array_remove_index(ticket->tags, place);
	if (*add != '\0' && !ticket_has_tag(ticket, add)) {
		g_ptr_array_add(ticket->tags, g_strdup(add));
		g_ptr_array_sort(ticket->tags, compare_tags);
	}
	return true;
}

/* The first alert names the ticket; later members of it do not. */
static bool
apply_alert(Ticket *ticket, const Event *event)
{
	ticket->alert_mail = event->mail;
	if (*ticket->alert_key != '\0' || *event_text(event, "key") == '\0')
		return true;
	take_text(&ticket->alert_key, event, "key");
	take_text(&ticket->host, event, "host");
	take_text(&ticket->service, event, "service");
	return true;
}

/* A client who writes about an alert asks for work. */
static bool
apply_message(Ticket *ticket, const Event *event)
{
	Instant at = MAX(event->at, ticket->received);

	bool is_client = event_author_is(event_text(event, "author"),
	    AUTHOR_CLIENT);

	ticket->messages++;
	ticket->is_proven = ticket->is_proven ||
	    (is_client && strcmp(event_text(event, "verified"), "yes") == 0);
	if (event_author_is(event_text(event, "author"), AUTHOR_TECHNICIAN) &&
	    event_visibility_is(event_text(event, "visibility"),
		VISIBILITY_PUBLIC))
		ticket_note_answer(ticket, event);
	if (ticket_is_of_an_alert(ticket) && is_client &&
	    (ticket->asked == INSTANT_NONE || at < ticket->asked))
		ticket->asked = at;
	return true;
}

static bool
apply_kind(Ticket *ticket, const Event *event)
{
	if (!ticket_kind_parse(event_text(event, "kind"), &ticket->kind))
		return false;
	ticket->unsure = false;
	return true;
}

static bool
apply_contract(Ticket *ticket, const Event *event)
{
	if (!has_key(event, "contract"))
		return false;
	take_text(&ticket->contract, event, "contract");
	take_text(&ticket->plan, event, "plan");
	take_text(&ticket->rules, event, "rules");
	set_text(&ticket->reopened_rules, "");
	return true;
}

/* Whatever its words named, somebody has said it. */
static bool
apply_component(Ticket *ticket, const Event *event)
{
	set_text(&ticket->proposed, "");
	return apply_word(&ticket->component, event, "component");
}

static bool
apply_excluded(Ticket *ticket, const Event *event)
{
	if (has_key(event, "objected"))
		return ticket_apply_objected(ticket, event);
	ticket->excluded = true;
	ticket->excluded_at = MAX(event->at, ticket->received);
	set_text(&ticket->proposed, "");
	set_text(&ticket->exclusion, event_text(event, "reason"));
	return true;
}

static bool
apply_severity(Ticket *ticket, const Event *event)
{
	return has_key(event, "severity") && ticket_take_grade(ticket, event);
}

static bool
apply_merge(Ticket *ticket, const Event *event)
{
	return event->type == EVENT_MERGED
	    ? ticket_apply_merged(ticket, event)
	    : ticket_apply_carried(ticket, event);
}

/* What the event says, once it is known to be for this ticket. */
static bool
apply_type(Ticket *ticket, const Event *event)
{
	switch (event->type) {
	case EVENT_OPENED:
		return apply_opened(ticket, event);
	case EVENT_MESSAGE:
		return apply_message(ticket, event);
	case EVENT_STATE:
		return apply_state(ticket, event);
	case EVENT_SEVERITY:
		return apply_severity(ticket, event);
	case EVENT_KIND:
		return apply_kind(ticket, event);
	case EVENT_COMPONENT:
		return apply_component(ticket, event);
	case EVENT_CONTRACT:
		return apply_contract(ticket, event);
	case EVENT_ASSIGNED:
		return apply_word(&ticket->assigned, event, "who");
	case EVENT_TAG:
		return apply_tag(ticket, event);
	case EVENT_MET:
		return apply_met(ticket, event);
	case EVENT_TOLD:
		return ticket_apply_told(ticket, event);
	case EVENT_SENT:
		return ticket_apply_sent(ticket, event);
	case EVENT_EXCLUDED:
		return apply_excluded(ticket, event);
	case EVENT_WARNED:
		return apply_warned(ticket, event);
	case EVENT_ALERT:
		return apply_alert(ticket, event);
	case EVENT_REMINDED:
		return apply_reminded(ticket, event);
	case EVENT_MERGED:
	case EVENT_CARRIED:
		return apply_merge(ticket, event);
	case EVENT_LINKED:
		return apply_linked(ticket, event);
	case EVENT_TIME:
	case EVENT_ESTIMATE:
	case EVENT_APPROVAL:
	case EVENT_RPO:
	case EVENT_NEXT:
	case EVENT_LATER:
	case EVENT_DEBRIEF:
	case EVENT_CALL:
	case EVENT_LIFE:
	case EVENT_ANSWERED:
	case EVENT_MINDED:
	case EVENT_HELD:
		return ticket_is_whole_record(event);
	case EVENT_UNDONE: /* ticket_undo.c */
	case EVENT_COUNT:
		break;
	}
	g_assert_not_reached();
}

/* After a change at `at`: what was met by then stays under what it was.
 * `reopened_rules` are those that a response owed anew was owed under. */
static void
keep_past(Ticket *ticket, const TicketPast *past, const char *reopened_rules,
    Instant at)
{
	if (ticket_past_is_present(past, ticket))
		return;
	ticket->changed_terms = MAX(ticket->changed_terms, at);
	for (int i = 0; i < MILESTONE_COUNT; i++) {
		ticket->rearmed[i] = ticket->warned[i] > 0;
		if (ticket->met[i] == INSTANT_NONE || ticket->met[i] > at ||
		    ticket->met_as[i] != NULL)
			continue;
		ticket->met_as[i] = ticket_past_copy(past);
		if (ticket_response_anew(ticket, (Milestone)i) &&
		    *reopened_rules != '\0') {
			g_free(ticket->met_as[i]->rules);
			ticket->met_as[i]->rules = g_strdup(reopened_rules);
		}
	}
}

bool
ticket_apply(Ticket *ticket, const Event *event)
{
	bool is_open = ticket->received != INSTANT_NONE;
	g_autoptr(TicketPast) past = NULL;
	g_autofree char *reopened_rules = NULL;

	if ((event->ticket != 0 && event->ticket != ticket->number) ||
	    is_open == (event->type == EVENT_OPENED))
		return false;
	if (event->undone || event->type == EVENT_UNDONE)
		return ticket_fold_undone(ticket, event);
	if (ticket_event_changes_terms(event->type)) {
		past = ticket_past_new(ticket);
		reopened_rules = g_strdup(ticket->reopened_rules);
	}
	if (!apply_type(ticket, event))
		return false;
	ticket_talk_apply(ticket, event);
	ticket_estimate_apply(ticket, event);
	if (past != NULL)
		keep_past(ticket, past, reopened_rules, event->at);
	ticket_note_untold(ticket, event);
	ticket_note_part(ticket, event);
	ticket->changed = MAX(ticket->changed, event->at);
	return true;
}
