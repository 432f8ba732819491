/*
 * body: what a mail adds to the conversation.
 *
 * Mail programs mark what they quote in their own ways and languages. Where
 * the marks are doubtful the text is kept: a technician who reads too much
 * loses seconds, one who reads too little loses the request.
 */
#ifndef GUICHET_BODY_H
#define GUICHET_BODY_H

#include "guichet/base.h"

/*
 * The text without the quotation at its end or at its top, and without a
 * signature. Quotations between answers stay: they are what is answered.
 * If nothing would be left, all of it. Clean in, clean out.
 */
char *body_new_text(const char *text);

/*
 * What a technician wrote for the client, where nothing else may slip through:
 * only what stands above the first quotation, header block or forwarded mail,
 * without a signature; "" if that is nothing. *ret_below tells whether words
 * of his own may stand below a quotation. Clean in, clean out.
 */
char *body_own_words(const char *text, bool *ret_below);

/* Whether a subject says that the mail was forwarded ("Fwd:", "TR :"): then
 * what stands below a header block is the message, and body_new_text() is not
 * for it. */
bool body_is_forward(const char *subject);

/* Joins the lines of format=flowed text (RFC 3676). */
char *body_unflow(const char *text, bool delsp);

#endif
