/* The words of reasons, which templates ask for and the store keeps. */
#include "guichet/judgment/reason.h"

#include "guichet/base/names.h"

#define REASON_NAMES(X)                               \
 X(REASON_NONE, "")                                   \
 X(REASON_NEW_TICKET, "new-ticket")                   \
 X(REASON_CLIENT_MESSAGE, "client-message")           \
 X(REASON_REOPENED, "reopened")                       \
 X(REASON_COLLEAGUE, "colleague")                     \
 X(REASON_NOT_REOPENED, "not-reopened")               \
 X(REASON_CLIENT_SETTLED, "client-settled")           \
 X(REASON_CLIENT_SAYS_SETTLED, "client-says-settled") \
 X(REASON_ESTIMATE_AGREED, "estimate-agreed")         \
 X(REASON_OBJECTED, "objected")                       \
 X(REASON_ESTIMATE_REFUSED, "estimate-refused")       \
 X(REASON_ESTIMATE_UNPROVEN, "estimate-unproven")     \
 X(REASON_UNVERIFIED, "unverified")                   \
 X(REASON_UNSENT, "unsent")                           \
 X(REASON_DELIVERY_FAILED, "delivery-failed")         \
 X(REASON_UNREADABLE, "unreadable")                   \
 X(REASON_ALERT_OPENED, "alert-opened")               \
 X(REASON_ALERT_BACK, "alert-back")                   \
 X(REASON_ALERT_WORSE, "alert-worse")                 \
 X(REASON_ALERT_RECOVERED, "alert-recovered")         \
 X(REASON_ALERT_UNCONFIRMED, "alert-unconfirmed")     \
 X(REASON_ALERT_FLAPPING, "alert-flapping")           \
 X(REASON_ALERT_SILENT, "alert-silent")               \
 X(REASON_ALERT_STORM, "alert-storm")                 \
 X(REASON_ALERT_UNTRUSTED, "alert-untrusted")         \
 X(REASON_ALERT_EXPECTED, "alert-expected")           \
 X(REASON_NO_TEXT, "no-text")                         \
 X(REASON_BELOW_QUOTATION, "below-quotation")         \
 X(REASON_BAD_COMMAND, "bad-command")                 \
 X(REASON_NOT_AUTHENTIC, "not-authentic")             \
 X(REASON_NO_TOKEN, "no-token")                       \
 X(REASON_BAD_TOKEN, "bad-token")                     \
 X(REASON_OTHER_TOKEN, "other-token")                 \
 X(REASON_EXPIRED_TOKEN, "expired-token")             \
 X(REASON_TWO_TICKETS, "two-tickets")                 \
 X(REASON_REPLAYED, "replayed")                       \
 X(REASON_CLOSED, "closed")                           \
 X(REASON_NO_RECIPIENT, "no-recipient")               \
 X(REASON_TO_OTHERS, "to-others")                     \
 X(REASON_UNCONFIRMED, "unconfirmed")                 \
 X(REASON_CROSSED, "crossed")                         \
 X(REASON_FILES_LEFT, "files-left")                   \
 X(REASON_ORDERS_OFF, "orders-off")                   \
 X(REASON_NO_LOGIN, "no-login")                       \
 X(REASON_LATE_CONFIRM, "late-confirm")               \
 X(REASON_CONFIRM_FULL, "confirm-full")               \
 X(REASON_WARNING, "warning")                         \
 X(REASON_BREACH, "breach")                           \
 X(REASON_REMINDER, "reminder")                       \
 X(REASON_ANSWER_DUE, "answer-due")                   \
 X(REASON_NEWS_SOON, "news-soon")                     \
 X(REASON_NEWS_MISSED, "news-missed")                 \
 X(REASON_NO_WORD, "no-word")                         \
 X(REASON_THIRD_PARTY, "third-party")                 \
 X(REASON_LATER, "later")                             \
 X(REASON_REVIEW, "review")                           \
 X(REASON_OVER_SIZE, "over-size")
NAME_TABLE(reasons, REASON_NAMES, REASON_COUNT);

const char *
reason_name(Reason reason)
{
	return names_word(&reasons, reason);
}

Reason
reason_parse(const char *word)
{
	int value = names_find(&reasons, word);

	return value < 0 ? REASON_NONE : (Reason)value;
}
