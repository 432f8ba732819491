/* Orders whose words are kept with the ticket, inside. */
#include "order_private.h"

#include "reply_private.h"

#include "guichet/base/text.h"

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
