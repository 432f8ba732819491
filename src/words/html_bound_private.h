/*
 * html_bound_private: a page as libxml2 can read it in linear time.
 *
 * It compares each attribute of a tag with all before it, and looks through
 * all open elements at each end tag that closes none: 100,000 of either cost it
 * half a minute. Here a tag loses what is over LIMIT_TAG_ATTRIBUTES, _BREAKS
 * and _BYTES, and an end tag that closes nothing is left out, which changes
 * nothing that a reader sees.
 */
#ifndef GUICHET_HTML_BOUND_PRIVATE_H
#define GUICHET_HTML_BOUND_PRIVATE_H

#include "guichet/base/base.h"

/* The caller frees. */
GString *html_bound(const char *html, gsize length);

#endif
