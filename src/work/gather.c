/* What it takes to judge one mail, looked up in the store and the rules. */
#include "guichet/work/button.h"
#include "guichet/work/gathered.h"
#include "guichet/work/work.h"

#include "guichet/work/reads.h"

#include "guichet/base/error.h"
#include "guichet/base/text.h"
#include "guichet/judgment/horizon.h"
#include "guichet/mail/ids.h"
#include "guichet/store/store_life.h"
#include "guichet/trust/recipients.h"

#include <stdlib.h>
#include <string.h>

void
gathered_free(Gathered *gathered)
{
	if (gathered == NULL)
		return;
	robot_verdict_free(gathered->robot);
	robot_signs_free(gathered->robot_signs);
	outbox_row_free(gathered->bounced);
	outbox_row_free(gathered->answered);
	g_free(gathered->asker);
	outbox_row_free(gathered->crossed_row);
	g_clear_pointer(&gathered->crossed_events, g_ptr_array_unref);
	g_free(gathered->auth_why);
	g_free(gathered->border.host);
	g_clear_pointer(&gathered->contracts, g_ptr_array_unref);
	g_clear_pointer(&gathered->candidates, g_array_unref);
	g_free(gathered->words);
	g_free(gathered->press);
	match_result_free(gathered->match);
	reading_wish_free(gathered->wish);
	command_list_free(gathered->commands);
	g_clear_pointer(&gathered->orders, g_ptr_array_unref);
	g_free(gathered->answer);
	g_free(gathered->inside);
	g_strfreev(gathered->recipients);
	gathered_alert_free(gathered->alert);
	g_clear_pointer(&gathered->alerts, g_ptr_array_unref);
	alert_mails_free(gathered->mails);
	g_clear_pointer(&gathered->hosts, g_array_unref);
	g_clear_pointer(&gathered->judged, g_ptr_array_unref);
	g_free(gathered);
}

/* ---- who ---- */

static const Technician *
find_who(Gathered *g, const Intake *in)
{
	const char *identity = g->sit.message->identity;
	const Technician *technician;

	g->sit.who = WHO_NOBODY;
	if (identity != NULL) {
		g->sit.who = WHO_STRANGER;
		technician = conf_technician(in->conf, identity);
		if (technician != NULL && technician->active) {
			g->sit.who = WHO_TECHNICIAN;
			g->sit.technician = technician->name;
			g->contracts = g_ptr_array_new();
			g_ptr_array_add(g->contracts, NULL);
			return technician;
		}
		gather_contracts(g, in, identity);
	}
	if (g->contracts == NULL)
		g->contracts = g_ptr_array_new();
	g_ptr_array_add(g->contracts, NULL);
	return NULL;
}

/* ---- which ticket ---- */

bool
gather_candidate(Gathered *g, Intake *in, LinkKind link, gint64 number,
    GError **error)
{
	Candidate candidate = { .link = link };
	const Ticket *ticket;
	TicketView *view;

	if (number == 0)
		return true;
	for (guint i = 0; i < g->candidates->len; i++) {
		if (g_array_index(g->candidates, Candidate, i).ticket->number ==
		    number)
			return true;
	}
	if (!view_find(in, number, &view, error))
		return false;
	if (view == NULL) /* anybody can name a number */
		return true;
	/* What was merged into another goes on there. */
	if (view->ticket->merged_into != 0)
		return gather_candidate(g, in, link, view->ticket->merged_into,
		    error);
	/* And so does a client who came too late to reopen it. */
	if (view->ticket->continued != 0 &&
	    ticket_state_is_done(view->ticket->state) &&
	    g->sit.who != WHO_TECHNICIAN)
		return gather_candidate(g, in, link, view->ticket->continued,
		    error);
	candidate.view = view;
	candidate.ticket = ticket = view->ticket;
	if (g->sit.message->identity != NULL &&
	    !store_is_participant(in->store, number, g->sit.message->identity,
		&candidate.participant, error))
		return false;
	/* Whoever may write under the ticket's contract takes part in it; a
	 * colleague whom the contract does not name may not. */
	for (guint i = 0;
	     g->sit.who == WHO_CONTACT && g->contracts->pdata[i] != NULL; i++) {
		const Contract *contract = g->contracts->pdata[i];

		if (strcmp(contract->name, ticket->contract) == 0)
			candidate.participant = true;
	}
	if (!store_is_owed(in->store, number, &candidate.is_owed, error))
		return false;
	g_array_append_val(g->candidates, candidate);
	return true;
}

/*
 * What is validly signed and names what the store does not know shows that it
 * forgot it (doc/design.md 7). Of its present life nobody but this store can
 * have signed it; of an earlier one a restore is known already, but the numbers
 * go on above it all the same.
 */
static void
note_unknown(Gathered *g, gint64 ticket, bool earlier)
{
	g->forgotten = MAX(g->forgotten, ticket);
	g->is_rolled_back = g->is_rolled_back || !earlier;
}

/*
 * Of an earlier life, it acts for whom this store knows to have sent it to. Of
 * the present one it went out with a mail that the store knows, or the store
 * forgot it and the number may be another's by now.
 */
static bool
is_lost(Gathered *g, Intake *in, const Token *token, const char *word,
    bool *ret_lost, GError **error)
{
	const char *identity = g->sit.message->identity;
	g_autofree char *lower = g_ascii_strdown(word, -1);
	bool carried = false;

	if ((!token->earlier || identity != NULL) &&
	    !store_outbox_carried(in->store, lower,
		token->earlier ? identity : NULL, token->ticket, &carried,
		error))
		return false;
	*ret_lost = !carried;
	if (!carried && !token->earlier)
		note_unknown(g, token->ticket, false);
	return true;
}

static bool
check_known(Gathered *g, Intake *in, const Token *token, GError **error)
{
	g_autoptr(GPtrArray) events = NULL;

	if (token->ticket == 0)
		return true; /* it is of the desk itself */
	events = store_events(in->store, token->ticket, error);
	if (events == NULL)
		return false;
	if (events->len == 0)
		note_unknown(g, token->ticket, token->earlier);
	return true;
}

/* Beside what the store forgot, the address that names a ticket may be from
 * before, too: the number can have been given again on the same day. */
static void
distrust_token(Gathered *g)
{
	for (guint i = g->candidates->len; i-- > 0;) {
		if (g_array_index(g->candidates, Candidate, i).link ==
		    LINK_TOKEN)
			g_array_remove_index(g->candidates, i);
	}
	g->sit.token = TOKEN_LOST;
	g->sit.token_fits = false;
}

/* A technician answers on a ticket, or to the desk itself. */
static TokenVerdict
parse_token(const Gathered *g, const Conf *conf, const char *word, bool tech,
    Token *ret_token)
{
	gint32 today = horizon_day(g->sit.received);
	gint32 days = horizon_token_days(tech);
	TokenVerdict verdict = token_parse(conf->tokens, word,
	    tech ? TOKEN_TECHNICIAN : TOKEN_CLIENT, today, days, ret_token);

	if (tech && verdict == TOKEN_BAD)
		verdict = token_parse(conf->tokens, word, TOKEN_DESK, today,
		    days, ret_token);
	if (tech && verdict == TOKEN_BAD)
		verdict = token_parse(conf->tokens, word, TOKEN_CONFIRM, today,
		    HORIZON_CONFIRM_DAYS, ret_token);
	/* A technician's is no client's, nor the other way round. */
	return verdict != TOKEN_ABSENT
	    ? verdict
	    : token_parse(conf->tokens, word,
		  tech ? TOKEN_BUTTON : TOKEN_CHOICE, today,
		  HORIZON_BUTTON_DAYS, ret_token);
}

/* A button's word stands for that of the mail which offered it; one of an earlier
 * life is as one that has expired. */
static bool
find_carrier(Gathered *g, Intake *in, char **word, const Token *token,
    GError **error)
{
	g_autofree char *carrier = NULL;

	if (token->button == 0)
		return true;
	if (!button_find(g, in, *word, token, &carrier, error))
		return false;
	if (carrier == NULL)
		g->sit.token = TOKEN_EXPIRED;
	else {
		g_free(*word);
		*word = g_steal_pointer(&carrier);
	}
	return true;
}

/* Whether a technician's word is theirs, and of the ticket as it is. */
static bool
token_fits(const Gathered *g, const Token *token, const Technician *technician)
{
	if (technician == NULL || token->who != technician->id)
		return false;
	return token->purpose == TOKEN_DESK ||
	    (g->candidates->len > 0 &&
		g_array_index(g->candidates, Candidate, 0).ticket->epoch ==
		    token->epoch);
}

/* Signed addresses among the recipients. */
static bool
find_tokens(Gathered *g, Intake *in, const Technician *technician,
    GError **error)
{
	const Conf *conf = in->conf;
	bool tech = technician != NULL;

	for (gsize i = 0; g->recipients[i] != NULL; i++) {
		g_autofree char *word = token_from_address(g->recipients[i],
		    conf->address);
		Token token = { 0 };
		TokenVerdict verdict;
		bool lost;

		if (word == NULL || conf->tokens == NULL)
			continue;
		verdict = parse_token(g, conf, word, tech, &token);
		if (verdict == TOKEN_ABSENT)
			continue;
		if (token.purpose != TOKEN_CONFIRM)
			g->sit.token = verdict;
		if (verdict != TOKEN_OK && verdict != TOKEN_EXPIRED)
			continue;
		if (!check_known(g, in, &token, error) ||
		    !find_carrier(g, in, &word, &token, error) ||
		    !is_lost(g, in, &token, word, &lost, error))
			return false;
		if (lost) {
			g->sit.token = TOKEN_LOST;
			continue;
		}
		if (token.purpose == TOKEN_CONFIRM) {
			if (!parked_word(g, in, word, technician, error))
				return false;
			continue;
		}
		g->sit.token_ticket = token.ticket;
		g->sit.token_who = token.who;
		if (!gather_candidate(g, in, LINK_TOKEN, token.ticket, error) ||
		    !gather_answered_word(g, in, word, technician, error))
			return false;
		g->sit.token_is_desk = token.purpose == TOKEN_DESK;
		g->sit.token_fits = token_fits(g, &token, technician);
		break;
	}
	return true;
}

/* Whether the id binds nothing: nobody knows that the mail was sent, or, of an
 * earlier life, that it was sent to this person on this ticket. */
static bool
is_unsent(const OutboxRow *row, const OwnId *own, const char *identity)
{
	if (row == NULL)
		return true;
	return own->earlier &&
	    (row->ticket != own->ticket || g_strcmp0(row->to, identity) != 0);
}

/* Proves the technician as a token would, if the mail was sent to them. */
static void
take_own_id(Gathered *g, const OutboxRow *row, const OwnId *own,
    const Technician *technician)
{
	if (strcmp(row->to, technician->address) != 0)
		return;
	/* What was sent before the ticket was closed or reopened is void. */
	for (guint i = 0; i < g->candidates->len; i++) {
		const Ticket *ticket =
		    g_array_index(g->candidates, Candidate, i).ticket;

		if (ticket->number == own->ticket &&
		    row->created < ticket->turned)
			return;
	}
	g->sit.token = horizon_is_expired(row->created, g->sit.received)
	    ? TOKEN_EXPIRED
	    : TOKEN_OK;
	g->sit.token_ticket = own->ticket;
	g->sit.token_who = technician->id;
	g->sit.token_is_desk = own->ticket == 0;
	g->sit.token_fits = true;
}

/*
 * A signed Message-ID of ours in what is answered. To a technician it is as
 * good as the address: it must be the id of a mail that was sent to them.
 */
static bool
find_own_id(Gathered *g, Intake *in, const char *id,
    const Technician *technician, GError **error)
{
	const Conf *conf = in->conf;
	g_autoptr(OutboxRow) row = NULL;
	OwnId own;
	TokenVerdict verdict;

	if (conf->tokens == NULL)
		return true;
	verdict = token_read_message_id(conf->tokens, id, conf->domain, &own);
	if (verdict == TOKEN_BAD && g->sit.token == TOKEN_ABSENT)
		g->sit.token = TOKEN_BAD;
	if (verdict != TOKEN_OK)
		return true;
	if (!store_outbox_by_message_id(in->store, id, &row, error))
		return false;
	if (row == NULL)
		note_unknown(g, own.ticket, own.earlier);
	if (is_unsent(row, &own, g->sit.message->identity)) {
		if (g->sit.token == TOKEN_ABSENT)
			g->sit.token = TOKEN_LOST;
		return true;
	}
	if (!gather_candidate(g, in, LINK_OWN_ID, own.ticket, error))
		return false;
	if (technician != NULL && row != NULL) {
		if (!parked_answer(g, in, row, technician, error))
			return false;
		if (g->sit.token != TOKEN_OK)
			take_own_id(g, row, &own, technician);
	}
	gather_answered(g, g_steal_pointer(&row), technician);
	return true;
}

typedef bool (*IdLookup)(Store *, const char *, gint64 *, GError **);

static bool
find_ids(Gathered *g, Intake *in, LinkKind link, IdLookup lookup,
    GError **error)
{
	char **lists[] = { g->sit.message->in_reply_to,
		g->sit.message->references };

	for (gsize l = 0; l < G_N_ELEMENTS(lists); l++) {
		/* The newest reference stands last. */
		for (gsize i = g_strv_length(lists[l]); i-- > 0;) {
			gint64 number = 0;

			if (!lookup(in->store, lists[l][i], &number, error) ||
			    !gather_candidate(g, in, link, number, error))
				return false;
		}
	}
	return true;
}

/*
 * The mail's own id, where a later mail of its thread came before it, or where
 * another mail of that id is here, with other words and no less proof
 * (doc/design.md 7). Anybody can name an id: these bind only people of the same
 * contract.
 */
static bool
find_self(Gathered *g, Intake *in, GError **error)
{
	const char *id = g->sit.message->message_id;
	gint64 named = 0, equal = 0;

	if (id == NULL || !ids_bind(id))
		return true;
	return store_ticket_of_seen_id(in->store, id, &named, error) &&
	    gather_candidate(g, in, LINK_SEEN_ID, named, error) &&
	    (g->sit.also_seen != 0 ||
		store_ticket_of_equal_id(in->store, id,
		    g->sit.message->identity, situation_proof(&g->sit), &equal,
		    error)) &&
	    gather_candidate(g, in, LINK_SEEN_ID, equal, error);
}

static bool
find_candidates(Gathered *g, Intake *in, const Technician *technician,
    GError **error)
{
	char **lists[] = { g->sit.message->in_reply_to,
		g->sit.message->references };

	g->candidates = g_array_new(FALSE, TRUE, sizeof(Candidate));
	/* Alerts join by their key and nothing else. */
	if (g->sit.is_alert_source && g->sit.alert != NULL)
		return true;
	if (!find_tokens(g, in, technician, error))
		return false;
	for (gsize l = 0; l < G_N_ELEMENTS(lists); l++) {
		for (gsize i = g_strv_length(lists[l]); i-- > 0;) {
			if (!find_own_id(g, in, lists[l][i], technician, error))
				return false;
		}
	}
	if (g->is_rolled_back)
		distrust_token(g);
	return find_ids(g, in, LINK_STORED_ID, store_ticket_of_id, error) &&
	    find_ids(g, in, LINK_SEEN_ID, store_ticket_of_seen_id, error) &&
	    find_self(g, in, error) &&
	    gather_candidate(g, in, LINK_TAG,
		decide_subject_tag(g->sit.message->subject), error) &&
	    gather_links(g, in, error);
}

/* A technician who gives orders names the ticket as people do, where nothing else
 * tells it: as good as a tag, which acts no more than this (doc/security.md 2.3). */
static bool
find_named(Gathered *g, Intake *in, GError **error)
{
	const char *text = g->sit.message->command_text;

	while (text != NULL && g_ascii_isspace(*text))
		text++;
	if (g->candidates->len > 0 || text == NULL || *text != '#')
		return true;
	return gather_candidate(g, in, LINK_TAG,
	    decide_subject_number(g->sit.message->subject), error);
}

/* ---- robot, rules, budgets ---- */

static bool
find_budgets(Gathered *g, Intake *in, GError **error)
{
	const char *identity = g->sit.message->identity;
	Proof proof = situation_proof(&g->sit);
	Instant now = g->sit.now;
	AckCounts hour, day;

	if (identity == NULL || g->sit.is_alert_source ||
	    situation_is_owed(&g->sit))
		return true;
	if (!store_count_acks(in->store, identity, proof,
		now - HORIZON_ACKS_HOUR_SECONDS, &hour, error) ||
	    !store_count_acks(in->store, identity, proof,
		now - HORIZON_ACKS_DAY_SECONDS, &day, error))
		return false;
	g->sit.acks_address_hour = hour.address;
	g->sit.acks_domain_hour = hour.domain;
	g->sit.acks_hour = hour.all;
	g->sit.acks_address_day = day.address;
	return true;
}

/* What came of an earlier copy of it. */
static bool
find_copy(Gathered *g, Intake *in, GError **error)
{
	TicketView *seen = NULL;
	StoredCopy copy;

	if (!store_find_repeat(in->store, g->sit.message, g->sit.mail, &copy,
		error))
		return false;
	if (copy.ticket != 0 && !view_find(in, copy.ticket, &seen, error))
		return false;
	g->sit.also_seen = copy.mail;
	g->sit.seen = (SeenCopy){ .proof = copy.proof,
		.ticket = seen != NULL ? seen->ticket : NULL,
		.view = seen,
		.opened = copy.opened,
		.acknowledged = copy.acknowledged,
		.adds_files = copy.adds_files };
	return true;
}

static void
find_match(Gathered *g, const Intake *in)
{
	const MatchContext context = {
		.recipients = (const char *const *)g->recipients,
		.mailbox = g->sit.mailbox,
		.contract = g->sit.contract != NULL ? g->sit.contract->name
						    : "",
		.robot = robot_class_name(g->robot->class),
	};
	g_autoptr(MatchRead) read = NULL;

	if (g->sit.is_alert_source && g->sit.alert != NULL)
		return;
	read = match_read(ruleset_match(in->ruleset), g->sit.message,
	    gather_quotes_others(g, in->conf));
	g->match = match_judge(read, &context);
	g->sit.match = g->match;
}

Gathered *
gather(Intake *in, const StoredMail *mail, const Message *message, Instant now,
    GError **error)
{
	g_autoptr(Gathered) g = g_new0(Gathered, 1);
	const Technician *technician;

	g->judged = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)gathered_alert_free);
	g->mail = mail;
	g->sit.message = message;
	g->sit.mail = mail->id;
	g->sit.mailbox = mail->mailbox;
	g->sit.now = now;
	g->sit.received = horizon_receipt(mail->received,
	    auth_border_received(message, &in->conf->auth));
	g->written = g->sit.received;
	g->sit.rules = ruleset_hash(in->ruleset);
	g->sit.ruleset = in->ruleset;
	g->sit.policy = &in->conf->policy;
	g->sit.token = TOKEN_ABSENT;
	g->sit.answer = g->sit.inside = "";

	if (!parked_find(g, in, error))
		return NULL;
	g->recipients = recipients_of(message, &in->conf->auth);
	technician = find_who(g, in);
	gather_signs(g, in);
	if (!border_gap_proof(g, in, error) || !gather_alert(g, in, error))
		return NULL;
	if (g->sit.is_confirmed ? !parked_candidate(g, in, technician, error)
				: !find_copy(g, in, error) ||
		    !find_candidates(g, in, technician, error))
		return NULL;
	if (!gather_bounce_address(g, in, error) ||
	    !gather_class(g, in, error) || !gather_bounced(g, in, error) ||
	    !find_budgets(g, in, error))
		return NULL;
	find_match(g, in);
	if (!gather_life(g, in, error) || !client_reads_find(g, in, error))
		return NULL;
	if (technician != NULL &&
	    (!find_named(g, in, error) ||
		!gather_words(g, in, technician->language, error) ||
		!gather_past(g, in, error) || !parked_count(g, in, error)))
		return NULL;
	if (!gather_hosts(g, in, error))
		return NULL;
	g->sit.contracts = (const Contract *const *)g->contracts->pdata;
	g->sit.candidates = (const Candidate *)g->candidates->data;
	g->sit.candidate_count = g->candidates->len;
	return g_steal_pointer(&g);
}
