/*
 * html_private: what the files that read HTML share.
 */
#ifndef GUICHET_HTML_PRIVATE_H
#define GUICHET_HTML_PRIVATE_H

#include "guichet/base/base.h"

#include <libxml/HTMLparser.h>

/*
 * html_tidy.c: the page as a browser takes it where the parser would not: one
 * document, whatever closes it in between; no comment of any form; no script
 * and no style. `length` is the result's, too.
 */
char *html_tidy(const char *html, gsize *length);

/* html_style.c: an attribute's value, or NULL. */
const char *html_attribute(const xmlChar **attributes, const char *name);

/* The style in lower case and without blanks, or "". */
char *html_style(const xmlChar **attributes);

/* Whether nobody sees the element, with all that is in it. */
bool html_hides(const xmlChar **attributes, const char *style);

/* Whether text in it has no size, if it had none (`inherited`) or had. Layouts
 * of columns set a size of 0 outside and a real one inside. */
bool html_is_tiny(const char *style, bool inherited);

/* What an element says of the conversation. */
typedef enum {
	HTML_OWN,
	HTML_QUOTED,       /* all in it is quoted, or heads a quotation */
	HTML_QUOTED_BELOW, /* and so is all that follows */
} HtmlQuote;

/* html_quote.c: by the marks of the mail programs. */
HtmlQuote
html_quote(const char *name, const xmlChar **attributes, const char *style);

#endif
