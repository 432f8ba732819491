/*
 * A report about a mail of ours: which delivery it is of, its mark on the
 * ticket, and who is told. Any id of ours in what came back finds the ticket, where
 * it is kept inside; but whoever has had a mail of ours knows its id. So only the
 * signed address that our envelope alone named marks a delivery, where the site
 * has such addresses (doc/security.md T16).
 */
#include "guichet/post/post.h"
#include "guichet/work/answer.h"
#include "guichet/work/work.h"

#include "guichet/base/error.h"
#include "guichet/judgment/horizon.h"
#include "guichet/store/store_life.h"

#include <string.h>

/* The delivery that the address was signed for. */
static bool
find_by_address(Gathered *g, Intake *in, GError **error)
{
	const Conf *conf = in->conf;

	for (gsize i = 0; conf->tokens != NULL && g->recipients[i] != NULL;
	     i++) {
		g_autofree char *word = token_from_address(g->recipients[i],
		    conf->address);
		Token token = { 0 };

		if (word == NULL ||
		    token_parse(conf->tokens, word, TOKEN_BOUNCE,
			horizon_day(g->sit.received), HORIZON_BOUNCE_DAYS,
			&token) != TOKEN_OK)
			continue;
		g->at_bounce_address = true;
		/* Of an earlier life, the number may be another's by now. */
		if (token.earlier)
			continue;
		return store_outbox_row(in->store, token.ticket, &g->bounced,
		    error);
	}
	return true;
}

bool
gather_bounce_address(Gathered *g, Intake *in, GError **error)
{
	return find_by_address(g, in, error);
}

static bool
find_by_ids(Gathered *g, Intake *in, GError **error)
{
	const Bounce *bounce = g->sit.message->bounce;
	const Conf *conf = in->conf;

	for (gsize i = 0; bounce != NULL && conf->tokens != NULL &&
	     g->bounced == NULL && bounce->ids[i] != NULL;
	     i++) {
		OwnId own;

		if (token_read_message_id(conf->tokens, bounce->ids[i],
			conf->domain, &own) != TOKEN_OK)
			continue;
		if (!store_outbox_by_message_id(in->store, bounce->ids[i],
			&g->bounced, error))
			return false;
	}
	return true;
}

bool
gather_bounced(Gathered *g, Intake *in, GError **error)
{
	if (g->robot->class != ROBOT_BOUNCE) {
		g_clear_pointer(&g->bounced, outbox_row_free);
		return true;
	}
	if (g->bounced == NULL && !find_by_ids(g, in, error))
		return false;
	return g->bounced == NULL ||
	    gather_candidate(g, in, LINK_OWN_ID, g->bounced->ticket, error);
}

/* What the report says of whom we wrote to; of the first where it names them by
 * another address; NULL: nothing. */
static const BounceRecipient *
recipient_of(const Bounce *bounce, const char *to)
{
	if (bounce == NULL || bounce->recipients->len == 0)
		return NULL;
	for (guint i = 0; i < bounce->recipients->len; i++) {
		const BounceRecipient *one = bounce->recipients->pdata[i];

		if (g_ascii_strcasecmp(one->address, to) == 0)
			return one;
	}
	return bounce->recipients->pdata[0];
}

/* Whether it is more than a claim. */
static bool
is_proven(const Gathered *g, const Intake *in)
{
	return g->at_bounce_address || !in->conf->plus_addresses;
}

/* A server may tell it more than once. */
static bool
is_marked(Intake *in, const OutboxRow *row, SendOutcome outcome, bool *ret_is,
    GError **error)
{
	g_autoptr(GPtrArray) events = store_events(in->store, row->ticket,
	    error);

	*ret_is = false;
	for (guint i = 0; events != NULL && i < events->len; i++) {
		const Event *event = events->pdata[i];

		*ret_is = *ret_is ||
		    (event->type == EVENT_SENT &&
			event_int(event, "outbox") == row->id &&
			send_outcome_is(event_text(event, "outcome"), outcome));
	}
	return events != NULL;
}

bool
gather_bounce_write(Intake *in, StoreTx *tx, Gathered *g, Instant now,
    GError **error)
{
	OutboxRow *row = g->bounced;
	const BounceRecipient *one;
	SendOutcome outcome;
	bool marked;

	if (row == NULL || row->ticket == 0 || g->sit.also_seen != 0 ||
	    !is_proven(g, in))
		return true;
	one = recipient_of(g->sit.message->bounce, row->to);
	outcome = one == NULL || one->permanent ? SEND_OUTCOME_BOUNCED
						: SEND_OUTCOME_DELAYED;
	if (!is_marked(in, row, outcome, &marked, error))
		return false;
	if (marked)
		return true;
	g_free(row->reply);
	row->reply = one != NULL
	    ? g_strdup_printf("%s%s%s", one->status,
		  *one->status != '\0' ? " " : "", one->address)
	    : g_strdup("");
	row->code = 0;
	return answer_came_back(in, tx, row, outcome, now, error);
}
