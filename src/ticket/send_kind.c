/* The kinds of what the desk sends: their words, and who may read them. */
#include "guichet/ticket/send_kind.h"

#include "guichet/base/names.h"

#define SEND_NAMES(X)                     \
 X(SEND_ACKNOWLEDGMENT, "acknowledgment") \
 X(SEND_NOTICE, "notice")                 \
 X(SEND_REPLY, "reply")                   \
 X(SEND_RESOLUTION, "resolution")         \
 X(SEND_REFUSAL, "refusal")               \
 X(SEND_ALARM, "alarm")                   \
 X(SEND_INFORMATION, "information")       \
 X(SEND_CONFIRMATION, "confirmation")     \
 X(SEND_CHALLENGE, "challenge")           \
 X(SEND_HANDLED, "handled")               \
 X(SEND_CORRECTION, "correction")         \
 X(SEND_REMARK, "remark")                 \
 X(SEND_NEWS, "news")                     \
 X(SEND_NUDGE, "nudge")                   \
 X(SEND_CLOSING, "closing")               \
 X(SEND_MISSED, "missed")                 \
 X(SEND_READING, "reading")               \
 X(SEND_MORNING, "morning")               \
 X(SEND_TERMS, "terms")                   \
 X(SEND_ENDING, "ending")                 \
 X(SEND_DUTIES, "duties")                 \
 X(SEND_SUMMARY, "summary")               \
 X(SEND_ESTIMATE, "estimate")             \
 X(SEND_QUESTION, "question")             \
 X(SEND_PASSED, "passed")
NAME_TABLE(sends, SEND_NAMES, SEND_COUNT);

const char *
send_kind_name(SendKind kind)
{
	return names_word(&sends, kind);
}

bool
send_kind_parse(const char *name, SendKind *ret_kind)
{
	int value = names_find(&sends, name);

	if (value < 0)
		return false;
	*ret_kind = (SendKind)value;
	return true;
}

bool
send_kind_is_repeatable(SendKind kind)
{
	switch (kind) {
	case SEND_REPLY:
	case SEND_RESOLUTION:
	case SEND_ALARM:
	case SEND_CORRECTION:
	case SEND_ESTIMATE:
	case SEND_PASSED:
	case SEND_MISSED:
	case SEND_TERMS:
	case SEND_ENDING:
	case SEND_SUMMARY:
		return true;
	case SEND_ACKNOWLEDGMENT:
	case SEND_NOTICE:
	case SEND_REFUSAL:
	case SEND_INFORMATION:
	case SEND_CONFIRMATION:
	case SEND_CHALLENGE:
	case SEND_HANDLED:
	case SEND_REMARK:
	case SEND_NEWS:
	case SEND_NUDGE:
	case SEND_CLOSING:
	case SEND_READING:
	case SEND_QUESTION:
	case SEND_MORNING:
	case SEND_DUTIES:
		return false;
	case SEND_COUNT:
		break;
	}
	g_assert_not_reached();
}

bool
send_kind_is_letter(SendKind kind)
{
	return kind == SEND_REPLY || kind == SEND_RESOLUTION ||
	    kind == SEND_ESTIMATE || kind == SEND_PASSED;
}

bool
send_kind_is_word(SendKind kind)
{
	return send_kind_is_letter(kind) || kind == SEND_HANDLED ||
	    kind == SEND_NEWS;
}

bool
send_kind_is_automatic(SendKind kind)
{
	return !send_kind_is_internal(kind) && !send_kind_is_word(kind) &&
	    kind != SEND_READING;
}

bool
send_kind_is_internal(SendKind kind)
{
	switch (kind) {
	case SEND_NOTICE:
	case SEND_REFUSAL:
	case SEND_ALARM:
	case SEND_CONFIRMATION:
	case SEND_CHALLENGE:
	case SEND_MORNING:
	case SEND_TERMS:
		return true;
	case SEND_ACKNOWLEDGMENT:
	case SEND_REPLY:
	case SEND_RESOLUTION:
	case SEND_INFORMATION:
	case SEND_HANDLED:
	case SEND_CORRECTION:
	case SEND_REMARK:
	case SEND_NEWS:
	case SEND_NUDGE:
	case SEND_CLOSING:
	case SEND_MISSED:
	case SEND_READING:
	case SEND_ENDING:
	case SEND_SUMMARY:
	case SEND_DUTIES:
	case SEND_ESTIMATE:
	case SEND_PASSED:
	case SEND_QUESTION:
		return false;
	case SEND_COUNT:
		break;
	}
	g_assert_not_reached();
}
