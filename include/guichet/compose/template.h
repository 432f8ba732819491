/*
 * template: answers from files, a subset of Mustache.
 *
 * {{name}} puts a value, escaped for the output's kind; {{#name}}...{{/name}}
 * is kept if name is set and not "", "0" or "false", and repeated for a list;
 * {{^name}}...{{/name}} is kept otherwise; {{> name}} is the part of that name,
 * which other templates may take in, too, and which takes in none itself;
 * {{! note}} is nothing. There is no unescaped form and no code. A name that the page of variables
 * (guichet-rules(5)) does not know is refused when the rules are loaded, not
 * when the mail is written.
 */
#ifndef GUICHET_TEMPLATE_H
#define GUICHET_TEMPLATE_H

#include "guichet/base/base.h"

typedef struct Template Template;

typedef enum {
	TEMPLATE_TEXT,
	TEMPLATE_HTML, /* values escaped for HTML; line ends, indentation kept */
	TEMPLATE_HEADER, /* values made one clean line */
} TemplateKind;

/* A flat set of values, and lists of such sets. */
typedef struct Values Values;
Values *values_new(void);
void values_free(Values *values);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Values, values_free)
void values_set(Values *values, const char *name, const char *value);
void values_setf(Values *values, const char *name, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/* For a section, {{#name}}: kept if the flag is set. */
void values_set_flag(Values *values, const char *name, bool flag);
/* Adds one element to a list and returns it, borrowed. */
Values *values_add(Values *values, const char *list);
const char *values_get(const Values *values, const char *name);

/* Where parts come from: the text of the one of that name, for templates of that
 * kind; NULL: there is none. The caller frees it. */
typedef struct {
	char *(*find)(gconstpointer data, TemplateKind kind, const char *name);
	gconstpointer data;
} TemplateParts;

/* GUICHET_ERROR_CONFIG with "line L, column C: ..." if it is malformed or
 * uses a name that is not in `known` (NULL-terminated; NULL checks nothing), or
 * a part that is not in `parts` (NULL: there are none). */
Template *template_parse(const char *text, TemplateKind kind,
    const char *const *known, const TemplateParts *parts, GError **error);
void template_free(Template *template);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Template, template_free)

/* Whether it names that variable anywhere. */
bool template_names(const Template *template, const char *name);

/* Cannot fail: a missing value is empty. The caller frees. */
char *template_render(const Template *template, const Values *values);

#endif
