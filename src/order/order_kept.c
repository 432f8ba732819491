/* Orders that only record: words, work, an exclusion, all of it kept inside. */
#include "order_private.h"

#include "guichet/judgment/reply_words.h"

#include "guichet/base/text.h"
#include "guichet/ticket/ticket_estimate.h"

static bool
judge_note(Judgment *j, const OrderCase *c, GError **error)
{
	/* Those that stand below it in a mail are kept with the mail. */
	if (*c->order->text == '\0' && !c->has_note)
		return order_refuse(error,
		    text_in(c->language, "la note est vide",
			"the note is empty"));
	order_keep_text(j, c);
	return true;
}

static bool
judge_workaround(Judgment *j, const OrderCase *c, GError **error)
{
	if (c->ticket->met[MILESTONE_WORKAROUND] != INSTANT_NONE)
		return order_refuse(error,
		    text_in(c->language,
			"il y a déjà un contournement, ou le ticket est résolu",
			"the workaround was met already"));
	order_meet(j, c, MILESTONE_WORKAROUND);
	order_keep_text(j, c);
	return c->ticket->state != TICKET_NEW ||
	    order_move(j, c, TICKET_OPEN, error);
}

static bool
judge_exclude(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);

	if (c->ticket->excluded)
		return order_refuse(error,
		    text_in(c->language,
			ORDER_NUMBER " est déjà hors garantie : %s",
			ORDER_NUMBER " is excluded already: %s",
			c->ticket->number,
			reply_words_exclusion(c->ticket->exclusion,
			    c->language)));
	judgment_write(j, event_make_excluded(&stamp, c->order->reason));
	order_keep_text(j, c);
	return true;
}

static char *
report_note(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language, "Noté sur " ORDER_NUMBER ", en interne.",
	    "Noted on " ORDER_NUMBER ", inside.", c->ticket->number);
}

static char *
report_workaround(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    ORDER_NUMBER " : le contournement est noté, en interne.",
	    ORDER_NUMBER ": the workaround is recorded, inside.",
	    c->ticket->number);
}

static char *
report_exclude(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    ORDER_NUMBER " n'est plus garanti : %s. Il reste dans tous les "
			 "rapports.",
	    ORDER_NUMBER " is no longer guaranteed: %s. It stays in every "
			 "report.",
	    c->ticket->number,
	    reply_words_exclusion(event_exclusion_name(c->order->reason),
		c->language));
}

const OrderRow order_row_note = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.words = ORDER_WORDS_NOTE,
	.is_text = true,
	.name = "note",
	.name_fr = "note",
	.usage = "[TEXT]",
	.usage_fr = "[TEXTE]",
	.command = "note N",
	.arguments = "[TEXT...]",
	.max = G_MAXUINT,
	.summary = "Keep an internal note (from standard input "
		   "without TEXT)",
	.summary_fr = "Garder en interne ces mots et tout ce qui est "
		      "au-dessous",
	.example = "The disk is worn.",
	.read = order_read_text,
	.judge = judge_note,
	.report = report_note,
};

const OrderRow order_row_workaround = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.is_text = true,
	.name = "workaround",
	.name_fr = "contournement",
	.usage = "TEXT",
	.usage_fr = "TEXTE",
	.command = "workaround N",
	.command_too = "event N workaround",
	.arguments = "[TEXT...]",
	.max = G_MAXUINT,
	.summary = "There is a workaround; TEXT stays inside",
	.summary_fr = "Il y a un contournement ; TEXTE reste interne",
	.example = "Print from the other queue.",
	.read = order_read_text,
	.judge = judge_workaround,
	.report = report_workaround,
};

const OrderRow order_row_exclude = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.is_text = true,
	.name = "exclude",
	.name_fr = "exclure",
	.usage = "REASON [TEXT]",
	.usage_fr = "MOTIF [TEXTE]",
	.command = "exclude N",
	.command_too = "event N exclude",
	.arguments = "REASON [TEXT...]",
	.min = 1,
	.max = G_MAXUINT,
	.wants = "a reason: force-majeure, third-party, out-of-scope, "
		 "missing-information, misuse or security",
	.summary = "Take the ticket out of the guarantee",
	.summary_fr = "Mettre le ticket hors garantie",
	.example = "misuse The cable was cut.",
	.read = order_read_reason,
	.judge = judge_exclude,
	.report = report_exclude,
};

/* ---- what was worked, estimated, lost and learned ---- */

/* The event, and the order's text where it has any, kept with it. */
static void
write_kept(Judgment *j, const OrderCase *c, Event *take_event)
{
	const GPtrArray *effects = j->decision->effects;
	Effect *effect;

	judgment_write(j, take_event);
	effect = effects->pdata[effects->len - 1];
	if (*c->order->text != '\0')
		effect->note = g_strdup(c->order->text);
}

static bool
judge_time(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);
	const char *who = c->technician != NULL ? c->technician : c->manager;

	(void)error;
	write_kept(j, c,
	    event_make_time(&stamp, c->order->minutes,
		who != NULL ? who : "manager"));
	return true;
}

/* Whether it is an estimate of work that is still to be done. */
static bool
is_ahead(const OrderCase *c)
{
	return c->order->kind == ORDER_ESTIMATE && c->view != NULL &&
	    !ticket_state_is_done(c->ticket->state);
}

bool
order_estimate_is_over(const OrderCase *c)
{
	return is_ahead(c) &&
	    ticket_estimate_is_over(c->view, c->order->minutes, NULL);
}

bool
order_estimate_asks(const OrderCase *c)
{
	return is_ahead(c) && !order_estimate_is_over(c) &&
	    ticket_estimate_asks(c->view, c->order->minutes);
}

/* That their words stand on the ticket where no mail brought them. */
static void
speak(Judgment *j, const OrderCase *c)
{
	EventStamp stamp = order_stamp(j, c);

	if (c->mail == 0)
		judgment_write(j,
		    event_make_message(&stamp, AUTHOR_TECHNICIAN,
			VISIBILITY_PUBLIC, true, NULL));
	order_answer_client(j, c);
}

/* What the other team reads: whose it is, how long, and what was said of it. */
static void
tell_team(Judgment *j, const OrderCase *c, const char *team)
{
	Effect *effect = judgment_send(j, SEND_ALARM, c->ticket->number);

	effect->to = g_strdup(team);
	effect->reason = REASON_OVER_SIZE;
	effect->apart = true;
	effect->words = g_strdup(c->words);
	effect->lines = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(effect->lines,
	    g_strdup_printf("%d:%02d", c->order->minutes / 60,
		c->order->minutes % 60));
	if (*c->client.address != '\0')
		g_ptr_array_add(effect->lines, g_strdup(c->client.address));
}

static bool
pass_on(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);
	const char *team = ticket_estimate_team(c->view);

	judgment_write(j,
	    event_make_estimate(&stamp, c->order->minutes, false));
	judgment_tag(j, c->ticket->number, "over-size");
	if (*c->client.address != '\0' && !c->client.is_program) {
		speak(j, c);
		judgment_send(j, SEND_PASSED, c->ticket->number);
	}
	if (team != NULL)
		tell_team(j, c, team);
	return c->ticket->state != TICKET_NEW ||
	    order_move(j, c, TICKET_OPEN, error);
}

/* It goes to who may agree, who is waited for then. A mail of ours asks of one
 * estimate: what answers it would agree to either. */
static bool
ask_approval(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);
	const char *whom = ticket_estimate_approver(c->view, c->client.address,
	    c->ruleset);

	if (whom == NULL)
		return order_refuse(error,
		    text_in(c->language,
			"le contrat ne nomme personne à qui demander l'accord",
			"the contract names nobody to ask for an agreement"));
	if (c->ticket->estimate.asks && c->ticket->estimate.given == c->now)
		return order_refuse(error,
		    text_in(c->language, "un seul devis à la fois",
			"one estimate at a time"));
	judgment_write(j, event_make_estimate(&stamp, c->order->minutes, true));
	speak(j, c);
	judgment_send(j, SEND_ESTIMATE, c->ticket->number)->to = g_strdup(whom);
	return c->ticket->state == TICKET_WAITING_APPROVAL ||
	    order_move(j, c, TICKET_WAITING_APPROVAL, error);
}

static bool
judge_estimate(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);

	if (order_estimate_is_over(c))
		return pass_on(j, c, error);
	if (order_estimate_asks(c))
		return ask_approval(j, c, error);
	judgment_write(j,
	    event_make_estimate(&stamp, c->order->minutes, false));
	return true;
}

static bool
judge_rpo(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);

	(void)error;
	write_kept(j, c, event_make_rpo(&stamp, c->order->minutes));
	return true;
}

static bool
judge_debrief(Judgment *j, const OrderCase *c, GError **error)
{
	EventStamp stamp = order_stamp(j, c);

	(void)error;
	write_kept(j, c, event_make_debrief(&stamp));
	return true;
}

static char *
report_time(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language, ORDER_NUMBER " : %d:%02d de travail noté.",
	    ORDER_NUMBER ": %d:%02d of work recorded.", c->ticket->number,
	    c->order->minutes / 60, c->order->minutes % 60);
}

static char *
report_over(const OrderCase *c)
{
	const char *team = ticket_estimate_team(c->view);

	return text_in(c->language,
	    ORDER_NUMBER " : %d:%02d, plus que ce que l'offre comprend ; le "
			 "client le lit, et %s.",
	    ORDER_NUMBER ": %d:%02d, more than the plan does; the client reads "
			 "it, and %s.",
	    c->ticket->number, c->order->minutes / 60, c->order->minutes % 60,
	    team != NULL ? team
		: text_is_french(c->language)
		? "personne d'autre : le contrat ne nomme pas d'équipe"
		: "nobody else: the contract names no team");
}

static char *
report_estimate(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	if (order_estimate_is_over(c))
		return report_over(c);
	if (order_estimate_asks(c))
		return text_in(c->language,
		    ORDER_NUMBER " : devis de %d:%02d envoyé à %s ; le ticket "
				 "attend son accord.",
		    ORDER_NUMBER ": estimate of %d:%02d sent to %s; the ticket "
				 "waits for their agreement.",
		    c->ticket->number, c->order->minutes / 60,
		    c->order->minutes % 60,
		    ticket_estimate_approver(c->view, c->client.address,
			c->ruleset));
	return text_in(c->language, ORDER_NUMBER " : estimé à %d:%02d.",
	    ORDER_NUMBER ": estimated at %d:%02d.", c->ticket->number,
	    c->order->minutes / 60, c->order->minutes % 60);
}

static char *
report_rpo(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    ORDER_NUMBER " : %d min de données perdues.",
	    ORDER_NUMBER ": %d min of data lost.", c->ticket->number,
	    c->order->minutes);
}

static char *
report_debrief(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language, ORDER_NUMBER " : le bilan est noté.",
	    ORDER_NUMBER ": the debriefing is recorded.", c->ticket->number);
}

const OrderRow order_row_time = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.is_text = true,
	.name = "time",
	.name_fr = "temps",
	.usage = "0:25 [TEXT]",
	.usage_fr = "0:25 [TEXTE]",
	.command = "time N",
	.arguments = "0:25 [TEXT...]",
	.min = 1,
	.max = G_MAXUINT,
	.wants = "a time: 0:25, 25m or 1h",
	.summary = "Record time spent on it; TEXT stays inside",
	.summary_fr = "Noter le temps passé ; TEXTE reste interne",
	.example = "0:25 The cable.",
	.read = order_read_time,
	.judge = judge_time,
	.report = report_time,
};

const OrderRow order_row_estimate = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "estimate",
	.name_fr = "estimer",
	.usage = "2h",
	.usage_fr = "2h",
	.command = "estimate N",
	.arguments = "2h",
	.min = 1,
	.max = 1,
	.wants = "a time: 2h, 1:30 or 45m",
	.summary = "How long the work will take; its client agrees to it "
		   "first where the plan asks for that",
	.summary_fr = "Dire combien de temps le travail prendra ; le client "
		      "donne d'abord son accord si l'offre le veut",
	.example = "2h",
	.read = order_read_minutes,
	.judge = judge_estimate,
	.report = report_estimate,
};

const OrderRow order_row_rpo = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.name = "rpo",
	.name_fr = "perte",
	.usage = "10m",
	.usage_fr = "10m",
	.command = "rpo N",
	.arguments = "10m",
	.min = 1,
	.max = 1,
	.wants = "a time: 10m, 1:30 or 0m",
	.summary = "State how much data was lost, in time",
	.summary_fr = "Dire combien de données sont perdues, en temps",
	.example = "10m",
	.read = order_read_minutes,
	.judge = judge_rpo,
	.report = report_rpo,
};

const OrderRow order_row_debrief = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.is_text = true,
	.name = "debrief",
	.name_fr = "bilan",
	.usage = "TEXT",
	.usage_fr = "TEXTE",
	.command = "debrief N",
	.arguments = "TEXT...",
	.min = 1,
	.max = G_MAXUINT,
	.wants = "the words of the debriefing, or - to read them",
	.summary = "What an incident has taught, for the report",
	.summary_fr = "Ce que l'incident apprend, pour le rapport",
	.example = "The cable was worn.",
	.read = order_read_needed_text,
	.judge = judge_debrief,
	.report = report_debrief,
};
