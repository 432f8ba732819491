/*
 * Orders on what was done or held on a ticket. An answer that was held because a
 * colleague had answered is sent all the same; words that have not left yet, or
 * the last order, are taken back. Each event gets its inverse, an event of its own, and the
 * ticket is then as if it had not been given (ticket_undo.c).
 *
 * No inverse have: what opens a ticket or ties two of them, and a contract that
 * moved an alert's ticket with the alerts that are still to come. What is about
 * no ticket is ended or given anew by its own orders.
 */
#include "order_private.h"

#include "guichet/judgment/reason.h"
#include "guichet/judgment/reply_words.h"

#include "guichet/base/text.h"

#include <string.h>

/* Where nobody has looked them up there are none. */
static guint
events_of(const OrderCase *c)
{
	return c->events != NULL ? c->events->len : 0;
}

static guint
answers_of(const OrderCase *c)
{
	return c->answers != NULL ? c->answers->len : 0;
}

static bool
is_by_a_person(const Event *event)
{
	return g_str_has_prefix(event->actor, "technician:") ||
	    g_str_has_prefix(event->actor, "manager");
}

/* ---- what is taken back ---- */

/* The last words of a person to the client that can be held back still; NULL. */
static const CaseAnswer *
find_waiting(const OrderCase *c)
{
	for (guint i = answers_of(c); i-- > 0;) {
		const CaseAnswer *one = &g_array_index(c->answers, CaseAnswer,
		    i);

		if (send_kind_is_word(one->what) && one->is_here &&
		    one->batch != 0)
			return one;
	}
	return NULL;
}

/* The last of them that is gone; NULL. */
static const CaseAnswer *
find_gone(const OrderCase *c, gint64 batch)
{
	for (guint i = answers_of(c); i-- > 0;) {
		const CaseAnswer *one = &g_array_index(c->answers, CaseAnswer,
		    i);

		if (!send_kind_is_internal(one->what) && one->has_left &&
		    (batch == 0 ? send_kind_is_word(one->what)
				: one->batch == batch))
			return one;
	}
	return NULL;
}

static bool
takes_back(const OrderCase *c, gint64 batch)
{
	for (guint i = 0; i < events_of(c); i++) {
		const Event *event = c->events->pdata[i];

		if (event->batch == batch && event->type == EVENT_UNDONE)
			return true;
	}
	return false;
}

/* The last order or words of a person; 0: none. */
static gint64
last_batch(const OrderCase *c)
{
	for (guint i = events_of(c); i-- > 0;) {
		const Event *event = c->events->pdata[i];

		if (event->batch != 0 && !event->undone &&
		    is_by_a_person(event) && !takes_back(c, event->batch))
			return event->batch;
	}
	return 0;
}

/* ---- whether it can be ---- */

static char *
when_of(const OrderCase *c, Instant at)
{
	return sla_when(at, c->language, c->zone);
}

/* What the other kinds of events say. */
static const struct {
	EventType type;
	const char *french, *english;
} plain_words[] = {
	{ EVENT_OPENED, "l'ouverture", "the opening" },
	{ EVENT_LINKED, "le lien", "the link" },
	{ EVENT_MERGED, "la fusion", "the merging" },
	{ EVENT_CARRIED, "la fusion", "the merging" },
	{ EVENT_ALERT, "l'alerte", "the alert" },
	{ EVENT_UNDONE, "ce qui a été repris", "what was taken back" },
	{ EVENT_KIND, "la nature", "the kind" },
	{ EVENT_COMPONENT, "le composant", "the component" },
	{ EVENT_EXCLUDED, "l'exclusion", "the exclusion" },
	{ EVENT_TIME, "le temps noté", "the time noted" },
	{ EVENT_ESTIMATE, "l'estimation", "the estimate" },
	{ EVENT_RPO, "la perte de données", "the loss of data" },
	{ EVENT_DEBRIEF, "le compte rendu", "the debrief" },
	{ EVENT_CALL, "l'appel", "the call" },
	{ EVENT_ANSWERED, "la réponse donnée", "the answer given" },
	{ EVENT_NEXT, "la promesse de nouvelles", "the promise of news" },
	{ EVENT_LATER, "le rappel", "the reminder" },
};

static const char *
plain(EventType type, const char *language)
{
	for (gsize i = 0; i < G_N_ELEMENTS(plain_words); i++) {
		if (plain_words[i].type == type)
			return text_is_french(language)
			    ? plain_words[i].french
			    : plain_words[i].english;
	}
	return event_type_name(type);
}

/* What an event says of the ticket, in words. */
static char *
describe(const OrderCase *c, const Event *event)
{
	TicketState state = TICKET_NEW;
	Milestone milestone = MILESTONE_RESPONSE;

	switch (event->type) {
	case EVENT_STATE:
		(void)ticket_state_parse(event_text(event, "state"), &state);
		return text_in(c->language, "l'état « %s »", "the state '%s'",
		    reply_words_ticket_state(state, c->language));
	case EVENT_MET:
		(void)milestone_parse(event_text(event, "milestone"),
		    &milestone);
		return text_in(c->language, "le délai tenu (%s)",
		    "the milestone met (%s)",
		    sla_milestone(milestone, c->language));
	case EVENT_ASSIGNED:
		return text_in(c->language, "l'attribution à %s",
		    "the assignment to %s",
		    *event_text(event, "who") != '\0' ? event_text(event, "who")
						      : "-");
	case EVENT_SEVERITY:
		return text_in(c->language, "la gravité %d", "severity %d",
		    (int)event_int(event, "severity"));
	case EVENT_TAG:
		return text_in(c->language, "l'étiquette « %s »", "tag '%s'",
		    *event_text(event, "add") != '\0'
			? event_text(event, "add")
			: event_text(event, "remove"));
	case EVENT_CONTRACT:
		return text_in(c->language, "le contrat %s", "contract %s",
		    event_text(event, "contract"));
	case EVENT_MESSAGE:
		return text_in(c->language, "ces mots", "the words");
	default:
		return g_strdup(plain(event->type, c->language));
	}
}

static bool
has_inverse(const OrderCase *c, const Event *event)
{
	switch (event->type) {
	case EVENT_OPENED:
	case EVENT_LINKED:
	case EVENT_MERGED:
	case EVENT_CARRIED:
	case EVENT_ALERT:
	case EVENT_UNDONE:
		return false;
	case EVENT_CONTRACT:
		return !ticket_is_of_an_alert(c->ticket);
	default:
		return true;
	}
}

/* Whether one says anew what the other has said. */
static bool
is_same_field(const Event *one, const Event *later)
{
	if (one->type == EVENT_STATE && later->type == EVENT_MERGED)
		return true;
	if (one->type != later->type)
		return false;
	switch (one->type) {
	case EVENT_STATE:
	case EVENT_ASSIGNED:
	case EVENT_SEVERITY:
	case EVENT_KIND:
	case EVENT_COMPONENT:
	case EVENT_CONTRACT:
	case EVENT_EXCLUDED:
	case EVENT_ESTIMATE:
	case EVENT_RPO:
	case EVENT_NEXT:
	case EVENT_LATER:
	case EVENT_ANSWERED:
		return true;
	case EVENT_MET:
		return strcmp(event_text(one, "milestone"),
			   event_text(later, "milestone")) == 0;
	case EVENT_TAG:
		return strcmp(event_text(one, "add"),
			   event_text(later, "add")) == 0 &&
		    strcmp(event_text(one, "remove"),
			event_text(later, "remove")) == 0;
	default:
		return false;
	}
}

/* What came behind it and stands on it; NULL: nothing. */
static const Event *
find_later(const OrderCase *c, const Event *one)
{
	for (guint i = 0; i < events_of(c); i++) {
		const Event *later = c->events->pdata[i];

		if (later->seq > one->seq && later->batch != one->batch &&
		    !later->undone && is_same_field(one, later))
			return later;
	}
	return NULL;
}

static bool
refuse_left(const OrderCase *c, const CaseAnswer *gone, GError **error)
{
	g_autofree char *when = when_of(c, gone->at);

	return order_refuse(error,
	    text_in(c->language,
		ORDER_NUMBER " : le mail (%s) du %s au client est déjà parti, "
			     "rien n'est repris",
		ORDER_NUMBER ": the mail (%s) of %s to the client has left "
			     "already, nothing is taken back",
		c->ticket->number, reply_words_send(gone->what, c->language),
		when));
}

static bool
refuse_later(const OrderCase *c, const Event *later, GError **error)
{
	g_autofree char *what = describe(c, later);
	g_autofree char *when = when_of(c, later->at);

	return order_refuse(error,
	    text_in(c->language,
		ORDER_NUMBER " : %s, du %s, est venu après ; rien n'est repris",
		ORDER_NUMBER ": %s, of %s, came after it; nothing is taken "
			     "back",
		c->ticket->number, what, when));
}

/* A correction told the client what the order had changed. */
static const CaseAnswer *
find_correction(const OrderCase *c, const Event *one)
{
	for (guint i = 0; i < answers_of(c); i++) {
		const CaseAnswer *a = &g_array_index(c->answers, CaseAnswer, i);

		if (a->what == SEND_CORRECTION && a->has_left &&
		    a->at >= one->recorded && a->batch != one->batch &&
		    ticket_event_changes_terms(one->type))
			return a;
	}
	return NULL;
}

/* `held`: it takes words back that would leave; then what came after them is
 * folded as if they had never been there. */
static bool
check_event(const OrderCase *c, const Event *one, bool held, GError **error)
{
	const Event *later = held ? NULL : find_later(c, one);
	const CaseAnswer *told = find_correction(c, one);
	g_autofree char *what = NULL;

	if (later != NULL)
		return refuse_later(c, later, error);
	if (told != NULL)
		return refuse_left(c, told, error);
	if (has_inverse(c, one))
		return true;
	what = describe(c, one);
	return order_refuse(error,
	    text_in(c->language, ORDER_NUMBER " : %s ne se reprend pas",
		ORDER_NUMBER ": %s cannot be taken back", c->ticket->number,
		what));
}

static bool
check_batch(const OrderCase *c, gint64 batch, bool held, GError **error)
{
	const CaseAnswer *gone = find_gone(c, batch);

	if (gone != NULL)
		return refuse_left(c, gone, error);
	for (guint i = 0; i < events_of(c); i++) {
		const Event *event = c->events->pdata[i];

		if (event->batch == batch && !event->undone &&
		    !check_event(c, event, held, error))
			return false;
	}
	return true;
}

/* ---- and is ---- */

static void
write_inverses(Judgment *j, const OrderCase *c, gint64 batch)
{
	EventStamp stamp = order_stamp(j, c);

	for (guint i = events_of(c); i-- > 0;) {
		const Event *event = c->events->pdata[i];
		Effect *effect;

		if (event->batch != batch || event->undone)
			continue;
		judgment_write(j, event_make_undone(&stamp, event));
		effect =
		    j->decision->effects->pdata[j->decision->effects->len - 1];
		if (event->type == EVENT_MESSAGE)
			effect->id = event->mail;
	}
}

static void
drop_answers(Judgment *j, const OrderCase *c, gint64 batch)
{
	for (guint i = 0; i < answers_of(c); i++) {
		const CaseAnswer *one = &g_array_index(c->answers, CaseAnswer,
		    i);

		/* What another team reads of it is taken back with it; what
		 * the desk reads stays true. */
		if (one->batch == batch && one->is_here &&
		    (one->what == SEND_ALARM ||
			!send_kind_is_internal(one->what)))
			judgment_effect(j, EFFECT_OUTBOX_DROP)->id = one->id;
	}
}

/* Whatever else the mail orders was meant for another state of the ticket. */
static bool
check_alone(const Judgment *j, const OrderCase *c, GError **error)
{
	if (!c->has_words &&
	    (j->sit->orders == NULL || j->sit->orders->len <= 1))
		return true;
	return order_refuse(error,
	    text_in(c->language,
		"cet ordre est seul dans son mail, sans texte au-dessous",
		"this order stands alone in its mail, without text below"));
}

static bool
take_back(Judgment *j, const OrderCase *c, gint64 batch, bool held,
    GError **error)
{
	if (!check_batch(c, batch, held, error))
		return false;
	write_inverses(j, c, batch);
	drop_answers(j, c, batch);
	return true;
}

static bool
judge_stop(Judgment *j, const OrderCase *c, GError **error)
{
	const CaseAnswer *waiting = find_waiting(c);
	const CaseAnswer *gone = find_gone(c, 0);

	if (!check_alone(j, c, error))
		return false;
	if (waiting != NULL)
		return take_back(j, c, waiting->batch, true, error);
	if (gone != NULL)
		return refuse_left(c, gone, error);
	return order_refuse(error,
	    text_in(c->language, ORDER_NUMBER " : rien n'attend de partir",
		ORDER_NUMBER ": nothing waits to leave", c->ticket->number));
}

static bool
judge_undo(Judgment *j, const OrderCase *c, GError **error)
{
	const CaseAnswer *waiting = find_waiting(c);
	gint64 batch = waiting != NULL ? waiting->batch : last_batch(c);

	if (!check_alone(j, c, error))
		return false;
	if (batch != 0)
		return take_back(j, c, batch, waiting != NULL, error);
	return order_refuse(error,
	    text_in(c->language,
		ORDER_NUMBER " : il n'y a pas d'ordre à reprendre",
		ORDER_NUMBER ": there is no order to take back",
		c->ticket->number));
}

/* Of a mail that was held because a colleague had answered, whether it was sent
 * or taken back since. */
static bool
is_over(const OrderCase *c, const Event *held)
{
	for (guint i = 0; i < events_of(c); i++) {
		const Event *event = c->events->pdata[i];

		if (event->seq > held->seq && event->mail == held->mail &&
		    event->type == EVENT_MESSAGE)
			return true;
	}
	return held->undone;
}

/* The last mail of theirs that is held, at the command line anybody's; 0. */
static gint64
find_crossed(const OrderCase *c)
{
	g_autofree char *actor = order_actor(c);

	for (guint i = events_of(c); i-- > 0;) {
		const Event *event = c->events->pdata[i];

		if (event->type == EVENT_MESSAGE &&
		    reason_parse(event_text(event, "defect")) ==
			REASON_CROSSED &&
		    (c->is_command || strcmp(event->actor, actor) == 0) &&
		    !is_over(c, event))
			return event->mail;
	}
	return 0;
}

/* It is read and judged again, as its writer's. */
static bool
judge_send(Judgment *j, const OrderCase *c, GError **error)
{
	gint64 mail = find_crossed(c);
	Effect *effect;

	if (!check_alone(j, c, error))
		return false;
	if (mail == 0)
		return order_refuse(error,
		    text_in(c->language,
			ORDER_NUMBER " : aucune réponse n'y est retenue",
			ORDER_NUMBER ": no answer is held there",
			c->ticket->number));
	effect = judgment_effect(j, EFFECT_CARRY_OUT);
	effect->id = mail;
	effect->ticket = c->ticket->number;
	return true;
}

/* ---- what is said of it ---- */

static char *
report_send(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    ORDER_NUMBER " : la réponse retenue part au client.",
	    ORDER_NUMBER ": the answer that was held goes to the client.",
	    c->ticket->number);
}

static bool
is_undone_by(const Decision *decision, const Event *event)
{
	for (guint i = 0; i < decision->effects->len; i++) {
		const Event *one =
		    ((Effect *)decision->effects->pdata[i])->event;

		if (one != NULL && one->type == EVENT_UNDONE &&
		    event_int(one, "of") == event->seq)
			return true;
	}
	return false;
}

static bool
has_dropped(const Decision *decision)
{
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->kind == EFFECT_OUTBOX_DROP)
			return true;
	}
	return false;
}

static char *
report_undo(const OrderCase *c, const Decision *decision)
{
	g_autoptr(GString) all = g_string_new(NULL);

	for (guint i = 0; i < events_of(c); i++) {
		const Event *event = c->events->pdata[i];
		g_autofree char *what = NULL;

		if (!is_undone_by(decision, event))
			continue;
		what = describe(c, event);
		g_string_append_printf(all, "%s%s", all->len > 0 ? ", " : "",
		    what);
	}
	return has_dropped(decision)
	    ? text_in(c->language,
		  ORDER_NUMBER " : la réponse au client n'est pas partie. "
			       "Repris : %s.",
		  ORDER_NUMBER ": the answer to the client has not left. "
			       "Taken back: %s.",
		  c->ticket->number, all->str)
	    : text_in(c->language, ORDER_NUMBER " : repris : %s.",
		  ORDER_NUMBER ": taken back: %s.", c->ticket->number,
		  all->str);
}

const OrderRow order_row_stop = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "stop",
	.name_fr = "arreter",
	.usage = "",
	.usage_fr = "",
	.command = "stop N",
	.arguments = "",
	.summary = "Take back the last answer that has not left yet",
	.summary_fr = "Reprendre la dernière réponse qui n'est pas partie",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_stop,
	.report = report_undo,
};

const OrderRow order_row_undo = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "undo",
	.name_fr = "annuler",
	.usage = "",
	.usage_fr = "",
	.command = "undo N",
	.arguments = "",
	.summary = "Take back the answer that waits, else the last order",
	.summary_fr = "Reprendre la réponse qui attend, sinon le dernier ordre",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_undo,
	.report = report_undo,
};

const OrderRow order_row_send = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "send",
	.name_fr = "envoyer",
	.usage = "",
	.usage_fr = "",
	.command = "send N",
	.arguments = "",
	.summary =
	    "Send the answer that was held, for a colleague had answered",
	.summary_fr = "Envoyer la réponse retenue parce qu'un collègue avait "
		      "répondu",
	.example = "",
	.read = order_read_nothing,
	.judge = judge_send,
	.report = report_send,
};
