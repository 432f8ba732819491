/*
 * reply_variables: which answers there are, and what each may name.
 *
 * The rules check the templates against it when they are loaded; reply.h
 * fills it. It stands below both. All arrays are NULL-terminated.
 */
#ifndef GUICHET_REPLY_VARIABLES_H
#define GUICHET_REPLY_VARIABLES_H

#include "guichet/base/base.h"

/* The answers; each needs subject and txt in each language, html may lack. */
extern const char *const reply_names[];

/* Every variable of any answer. */
extern const char *const reply_variables[];

/* Those that this answer may name: a client's none of the desk's, a stranger's
 * none of the client's own words. NULL if there is no answer of that name. */
const char *const *reply_variables_of(const char *reply);

/* Those that the text of this answer must name, or who reads it would not know
 * what has changed; NULL: none. */
const char *const *reply_needs(const char *reply);

#endif
