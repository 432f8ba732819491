/*
 * reason: why the desk writes to its own people: of a notice, a refusal, a
 * challenge or an alarm. Templates ask for it as {{#reason_new_ticket}}, and
 * `REASON_NONE` is {{#reason_other}} there.
 *
 * The words are kept: an event of a message says with one why a technician's
 * mail did nothing, and the refusals that wait to be listed are stored with it.
 */
#ifndef GUICHET_REASON_H
#define GUICHET_REASON_H

#include "guichet/base/base.h"

typedef enum {
	REASON_NONE,

	/* of a notice */
	REASON_NEW_TICKET,
	REASON_CLIENT_MESSAGE,
	REASON_REOPENED,
	REASON_COLLEAGUE, /* answered or ordered something */
	REASON_NOT_REOPENED,
	REASON_CLIENT_SETTLED,
	REASON_CLIENT_SAYS_SETTLED,
	REASON_ESTIMATE_AGREED,
	REASON_OBJECTED, /* the client, to an exclusion: it is put back */
	REASON_ESTIMATE_REFUSED,
	REASON_ESTIMATE_UNPROVEN, /* they say one of both, and are asked */
	REASON_UNVERIFIED,
	REASON_UNSENT,
	REASON_DELIVERY_FAILED, /* of an alarm, too */
	REASON_UNREADABLE,
	REASON_ALERT_OPENED,
	REASON_ALERT_BACK,
	REASON_ALERT_WORSE,
	REASON_ALERT_RECOVERED,
	REASON_ALERT_UNCONFIRMED,
	REASON_ALERT_FLAPPING,
	REASON_ALERT_SILENT,
	REASON_ALERT_STORM,
	REASON_ALERT_UNTRUSTED,
	REASON_ALERT_EXPECTED,

	/* of a refusal */
	REASON_NO_TEXT,
	REASON_BELOW_QUOTATION,
	REASON_BAD_COMMAND,
	REASON_NOT_AUTHENTIC,
	REASON_NO_TOKEN,
	REASON_BAD_TOKEN,
	REASON_OTHER_TOKEN,
	REASON_EXPIRED_TOKEN,
	REASON_TWO_TICKETS,
	REASON_REPLAYED,
	REASON_CLOSED,
	REASON_NO_RECIPIENT,
	REASON_TO_OTHERS,   /* written to people, the desk in copy */
	REASON_UNCONFIRMED, /* of a challenge: it can be confirmed */
	REASON_CROSSED,     /* of one, too: a colleague answered meanwhile */
	REASON_FILES_LEFT,
	REASON_ORDERS_OFF,
	REASON_NO_LOGIN,
	REASON_LATE_CONFIRM,
	REASON_CONFIRM_FULL,

	/* of an alarm */
	REASON_WARNING,
	REASON_BREACH,
	REASON_REMINDER,
	REASON_ANSWER_DUE,
	REASON_NEWS_SOON,
	REASON_NEWS_MISSED,
	REASON_NO_WORD,
	REASON_THIRD_PARTY,
	REASON_LATER,
	REASON_REVIEW,
	REASON_OVER_SIZE, /* to the other team: the estimate is theirs */
	REASON_COUNT,
} Reason;

/* "" for REASON_NONE. */
const char *reason_name(Reason reason);
/* A word that is none leaves REASON_NONE. */
Reason reason_parse(const char *word);

#endif
