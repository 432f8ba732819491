/*
 * html: what a reader sees of an HTML mail, as lines of text.
 *
 * Links stand as "text <url>", list items behind "- " or their number, the
 * cells of a row on one line, quotations behind "> ". Scripts, styles, the
 * head and what a browser hides (display:none and the like) are left out:
 * nobody saw it. Text behind </html> and before <html> is read. Linear in time and memory; nothing is ever loaded.
 */
#ifndef GUICHET_HTML_H
#define GUICHET_HTML_H

#include "guichet/base/base.h"

/* The text, at most `max` bytes, not yet clean. `html` is UTF-8; a charset
 * that it names itself is not looked at. In a mail that answers another one
 * what its program marks as quoted stands behind "> ", whatever element it is
 * in. Cannot fail. */
char *html_to_text(const char *html, gsize length, gsize max, bool answers);

/* The charset of a <meta> among the first bytes, or NULL. */
char *html_meta_charset(const char *html, gsize length);

/* Readies the library before a sandbox. */
void html_preload(void);

#endif
