/*
 * Technicians' mails that are parked (doc/security.md 2.3: confirm). Where the
 * border vouches for one and no token of ours does, nothing acts: it is kept
 * inside, and a challenge to the technician's enrolled address says what it
 * would do. An answer to that, proven again, has the mail read and judged as if
 * it had come then.
 */
#include "decide_private.h"

#include "guichet/base/text.h"
#include "guichet/desk/reply.h"
#include "guichet/judgment/horizon.h"

#include <string.h>

/* Enough for a forgetful day; beyond, somebody uses the technician's name, and
 * must not fill their mailbox. */
#define CHALLENGES_OPEN 5

/* ---- what proves a mail ---- */

/* What is wrong with who sent it, whatever it answers. */
static Reason
sender_obstacle(const Situation *sit)
{
	if (sit->auth != AUTH_PASS)
		return REASON_NOT_AUTHENTIC;
	if (sit->policy->tech_auth == TECH_AUTH_OFF)
		return REASON_ORDERS_OFF;
	if (sit->policy->tech_auth == TECH_AUTH_TOKEN_LOGIN && !sit->by_login)
		return REASON_NO_LOGIN;
	return REASON_NONE;
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

/* Whether it may be an old mail that was sent again, its signature still good.
 * One without a Date was written without: what is signed bears it. */
static bool
is_stale(const Situation *sit)
{
	return sit->message->has_date &&
	    !horizon_is_fresh(sit->message->date, sit->received);
}

/* A button is good for the one order that it offers, once. */
static bool
is_beside_button(const Situation *sit)
{
	return sit->button != 0 &&
	    (sit->button_spent ||
		!reply_button_writes(sit->button, sit->commands));
}

/* Whether only the technician's own word can tell whose mail it is. */
static bool
needs_word(const Situation *sit)
{
	return sit->token != TOKEN_OK ||
	    sit->policy->tech_auth == TECH_AUTH_DMARC_CONFIRM ||
	    is_stale(sit) || is_beside_button(sit);
}

Reason
decide_parked_obstacle(const Situation *sit, const Candidate *meant)
{
	Reason why = sender_obstacle(sit);

	if (why != REASON_NONE)
		return why;
	if (sit->token == TOKEN_BAD || sit->token == TOKEN_LOST)
		return REASON_BAD_TOKEN;
	if (sit->token == TOKEN_OK &&
	    (!sit->token_fits || sit->token_ticket != meant->ticket->number))
		return REASON_OTHER_TOKEN;
	if (sit->replayed)
		return REASON_REPLAYED;
	if (names_two_tickets(sit, meant))
		return REASON_TWO_TICKETS;
	return !sit->is_confirmed && needs_word(sit) ? REASON_UNCONFIRMED
						     : REASON_NONE;
}

Reason
decide_parked_unasked(const Situation *sit)
{
	return sender_obstacle(sit);
}

Reason
decide_parked_desk(const Situation *sit)
{
	Reason why = sender_obstacle(sit);

	if (why != REASON_NONE)
		return why;
	if (sit->token == TOKEN_BAD || sit->token == TOKEN_LOST)
		return REASON_BAD_TOKEN;
	if (sit->token == TOKEN_OK && !sit->token_fits)
		return REASON_OTHER_TOKEN;
	if (sit->replayed)
		return REASON_REPLAYED;
	return !sit->is_confirmed && needs_word(sit) ? REASON_UNCONFIRMED
						     : REASON_NONE;
}

/* ---- the challenge ---- */

Reason
decide_parked_refusal(const Situation *sit)
{
	return sit->challenges >= CHALLENGES_OPEN ? REASON_CONFIRM_FULL
						  : REASON_NONE;
}

Effect *
decide_parked_challenge(Judgment *j, gint64 ticket, Reason why)
{
	Effect *effect = judgment_send(j, SEND_CHALLENGE, ticket);

	effect->technician = g_strdup(j->sit->technician);
	effect->reason = why;
	judgment_trace(j, "technician", "parked until it is confirmed");
	return effect;
}

/* ---- two at once ---- */

/* Whether the client reads its words, or that it is resolved. */
static bool
answers_client(const Situation *sit)
{
	return !command_list_keeps_inside(sit->commands) &&
	    (*sit->answer != '\0' ||
		command_list_has(sit->commands, ORDER_RESOLVE));
}

bool
decide_parked_is_crossed(const Situation *sit)
{
	return sit->crossed != NULL && answers_client(sit);
}

/* What their colleagues read of it: theirs is the answer that was crossed. */
static void
tell_crossed(Judgment *j, const Ticket *ticket)
{
	const Situation *sit = j->sit;
	Effect *notice = judgment_notify(j, ticket->number, REASON_COLLEAGUE);

	notice->technician = g_strdup(sit->technician);
	notice->words = *sit->answer != '\0' ? g_strdup(sit->answer) : NULL;
	notice->lines = g_ptr_array_new_with_free_func(g_free);
	notice->lines_fr = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(notice->lines,
	    g_strdup_printf("This answer crosses yours: it is held, and goes "
			    "out only if %s sends it (#send).",
		sit->technician));
	g_ptr_array_add(notice->lines_fr,
	    g_strdup_printf("Cette réponse croise la vôtre : elle est "
			    "retenue, et ne part que si %s l'envoie "
			    "(#envoyer).",
		sit->technician));
}

void
decide_parked_hold(Judgment *j, const Ticket *ticket)
{
	EventStamp stamp = judgment_stamp(j, ticket->number);

	stamp.technician = j->sit->technician;
	judgment_write(j,
	    event_make_message(&stamp, AUTHOR_TECHNICIAN, VISIBILITY_INTERNAL,
		false, reason_name(REASON_CROSSED)));
	judgment_held(j, ticket->number,
	    command_list_has(j->sit->commands, ORDER_RESOLVE) ? SEND_RESOLUTION
							      : SEND_REPLY,
	    HELD_CROSSED);
	tell_crossed(j, ticket);
}

/* ---- the answer to it ---- */

/* What stands on a line but its blanks and stops, lower-case. */
static char *
bare(const char *line)
{
	char *low = g_utf8_strdown(line, -1);
	gsize length;

	g_strdelimit(low, ".,!;", ' ');
	g_strstrip(low);
	length = strlen(low);
	if (length > 0 && low[0] == '#')
		memmove(low, low + 1, length);
	return low;
}

static bool
is_yes(const char *word)
{
	static const char *const words[] = { "ok", "oui", "yes", "d'accord",
		"accord", "confirm", "confirmer", "je confirme", "i confirm",
		"agreed", NULL };

	return g_strv_contains(words, word);
}

/* Who signs says nothing more. */
static bool
is_name_of(const char *line, const char *technician)
{
	g_autofree char *name = g_utf8_strdown(technician, -1);

	return *line == '\0' || strstr(name, line) != NULL;
}

/* To send what was held is to say yes. */
static bool
orders_more(const CommandList *commands)
{
	return commands->commands->len >
	    (command_list_has(commands, ORDER_SEND) ? 1 : 0);
}

/*
 * Whether it says yes, and nothing else: an absence that no mark tells says
 * something, and so does who orders anew, in the same mail. A mail without a
 * word is a yes as well: it can only be an answer.
 */
static bool
says_yes(const Situation *sit)
{
	g_auto(GStrv) lines = g_strsplit(sit->answer, "\n", -1);
	bool said = false;

	if (sit->answer_below || sit->commands->errors->len > 0 ||
	    orders_more(sit->commands))
		return false;
	for (gsize i = 0; lines[i] != NULL; i++) {
		g_autofree char *line = bare(lines[i]);

		if (!said && is_yes(line))
			said = true;
		else if (!is_name_of(line, sit->technician))
			return false;
	}
	return true;
}

bool
decide_parked_is_answer(const Situation *sit)
{
	return sit->confirms != 0 && says_yes(sit);
}

static Reason
answer_obstacle(const Situation *sit)
{
	Reason why = sender_obstacle(sit);

	if (why != REASON_NONE)
		return why;
	if (!sit->confirm_fits)
		return REASON_OTHER_TOKEN;
	if (sit->confirm_spent)
		return REASON_REPLAYED;
	return sit->confirm == TOKEN_OK ? REASON_NONE : REASON_LATE_CONFIRM;
}

Reason
decide_parked_answer(Judgment *j, gint64 ticket)
{
	const Situation *sit = j->sit;
	Reason why = answer_obstacle(sit);
	const char *defect = why != REASON_NONE ? reason_name(why) : NULL;
	Effect *effect;

	if (ticket == 0)
		judgment_file(j, LANE_ORDER);
	else
		judgment_message(j, ticket, AUTHOR_TECHNICIAN, false,
		    why == REASON_NONE, defect);
	if (why == REASON_NONE) {
		judgment_trace(j, "technician",
		    "confirms mail %" G_GINT64_FORMAT, sit->confirms);
		effect = judgment_effect(j, EFFECT_CARRY_OUT);
		effect->id = sit->confirms;
		effect->ticket = ticket;
	}
	return why;
}
