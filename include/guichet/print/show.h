/*
 * show: standard output, for people and for programs. Whatever a mail says is
 * put there by these alone, so that no subject, name or text of it moves the
 * cursor, turns the line round or hides a character (text_showable()).
 */
#ifndef GUICHET_SHOW_H
#define GUICHET_SHOW_H

#include "guichet/base/base.h"

#include <jansson.h>

void show(const char *format, ...) G_GNUC_PRINTF(1, 2);
void show_text(const char *text);
/* One line, its values as they are: what is hidden in them is escaped. */
void show_json(const json_t *json);
/* The list of these words, char *; the caller's. */
json_t *show_words_json(const GPtrArray *words);

#endif
