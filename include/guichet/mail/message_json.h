/*
 * message_json: what `guichet parse` prints of a mail.
 */
#ifndef GUICHET_MESSAGE_JSON_H
#define GUICHET_MESSAGE_JSON_H

#include "guichet/mail/message.h"

#include <jansson.h>

/*
 * An object with the keys of `guichet parse`, in their order. "robot" (null),
 * "robot_signals" (empty) and "alert" (null) are there for the caller to set,
 * which keeps their places. The caller owns the result.
 */
json_t *message_to_json(const Message *message, const char *file);

#endif
