/*
 * instant_json: how an instant stands in the JSON that subcommands print.
 */
#ifndef GUICHET_INSTANT_JSON_H
#define GUICHET_INSTANT_JSON_H

#include "guichet/base/base.h"

#include <jansson.h>

/* UTC in ISO 8601, null for INSTANT_NONE. The caller owns it. */
json_t *instant_json(Instant at);

#endif
