/*
 * html: what a reader sees of an HTML mail, as lines of text.
 *
 * Links stand as "text <url>", list items behind "- " or their number, the
 * cells of a row on one line, quotations behind "> ". Scripts, styles, the
 * head and what is hidden (display:none and the like) are left out: nobody
 * saw it. Linear in time and memory; nothing is ever loaded.
 */
#ifndef GUICHET_HTML_H
#define GUICHET_HTML_H

#include "guichet/base.h"

/* The text, at most `max` bytes, not yet clean. `html` is UTF-8; a charset
 * that it names itself is not looked at. Cannot fail. */
char *html_to_text(const char *html, gsize length, gsize max);

/* The charset of a <meta> among the first bytes, or NULL. */
char *html_meta_charset(const char *html, gsize length);

/* Readies the library before a sandbox. */
void html_preload(void);

#endif
