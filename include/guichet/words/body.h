/*
 * body: what a mail adds to the conversation.
 *
 * Mail programs mark what they quote in their own ways and languages
 * (quotes.h). Where the marks are doubtful the text is kept: a technician who
 * reads too much loses seconds, one who reads too little loses the request.
 */
#ifndef GUICHET_BODY_H
#define GUICHET_BODY_H

#include "guichet/words/quotes.h"

/*
 * Whether a mail answers another one: only such a mail can quote what is known
 * already. It does by its ids (`has_parent`) or by its subject's prefix; what
 * is forwarded is the message itself, whatever it refers to.
 */
bool body_is_answer(const char *subject, bool has_parent, const char *text);

/*
 * The text of an answer without what it quotes and without signature, legal
 * notice and what a program adds of its own accord.
 * Quotations between answers stay: they are what is answered. So does all
 * below the head of a forwarded mail, and a quotation without marks if the
 * writer says that the answers stand in it. If nothing would be left, all of
 * it. Clean in, clean out.
 */
char *body_new_text(const char *text);

/* How many lines that say something are in `text` and not in `new_text`. */
guint body_lines_cut(const char *text, const char *new_text);

/*
 * What a technician wrote for the client, where nothing else may slip through:
 * only what stands above the first quotation, header block or forwarded mail,
 * without a signature; "" if that is nothing. *ret_below tells whether words
 * of the writer's may stand below a quotation. Clean in, clean out.
 */
char *body_own_words(const char *text, bool *ret_below);

/*
 * The same where the one quotation stands above all that was written, each line of
 * it marked, as some programs begin an answer: what stands below it, with the
 * quotation itself in *ret_quoted; NULL if it is not so. The caller frees both.
 */
char *body_words_below(const char *text, char **ret_quoted);

/* What stands below the writer's words of what is theirs: name, function,
 * telephone. "" for nothing; never part of what is quoted. */
char *body_signature(const char *text);

/* The first telephone number in a signature, as it is written there; "". */
char *body_phone(const char *signature);

/* Whether a line alone may head a quotation: "From: ...", "... X wrote:". */
bool body_line_heads_quotation(const char *line);

/* Whether the plain text of a mail only stands in for the page beside it:
 * nothing to read, a word that the page is to be read, or a few others that
 * are not even in it. */
bool body_is_stub(const char *plain, const char *page);

/* Joins the lines of format=flowed text (RFC 3676). */
char *body_unflow(const char *text, bool delsp);

#endif
