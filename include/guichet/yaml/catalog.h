/*
 * catalog: the program's own words in the languages of its clients.
 *
 * The words stand in the code in English. Another language is a file,
 * rules/replies/LANGUAGE/words.yaml, a map of each English text to its own: no
 * word of a language is in C. French is part of the program; the rules read
 * the files of their folder, which go before it and add languages.
 *
 * "CONTEXT|text" tells apart what is one word in English and two elsewhere; in
 * English, CONTEXT is not said.
 */
#ifndef GUICHET_CATALOG_H
#define GUICHET_CATALOG_H

#include "guichet/yaml/yaml.h"

/* The text in the language; in English where its catalogue lacks it, or where it
 * has none. It may be a format: a translation has the same conversions. It
 * lives as long as the process. */
const char *
catalog_text(const char *language, const char *english) G_GNUC_FORMAT(2);

/* Takes the file's map over for the language. What is no text, or has other
 * conversions than its key, is reported and left out. */
void catalog_load(const char *language, const YamlNode *map);

/* Whether clients can be written to in it: "en", and each with a catalogue. */
bool catalog_speaks(const char *language);
/* All of them, sorted, NULL-terminated; the caller frees the array alone. */
const char **catalog_languages(void);

#endif
