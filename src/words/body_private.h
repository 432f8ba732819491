/*
 * body_private: the lines of a text, the marks among them (body_marks.c,
 * body_attribution.c) and what each line is to its mail (body.c, body_tail.c).
 */
#ifndef GUICHET_BODY_PRIVATE_H
#define GUICHET_BODY_PRIVATE_H

#include "guichet/words/quotes.h"

/* How sure one must be that something is a mark. */
typedef enum {
	EVIDENCE_CLEAR, /* what is doubtful is the writer's own */
	EVIDENCE_ANY,   /* what is doubtful is a mark: body_own_words() */
} Evidence;

typedef struct {
	char **lines;
	gsize count;
	Evidence evidence;
	/* Of each line: the line behind the attribution that begins here, or
	 * 0. */
	gsize *attributions;
	const Quotes *quotes;
} Text;

/* Over LIMIT_ANSWER_LINES. */
bool text_is_long(const char *bytes);

void text_open(Text *text, const char *bytes, Evidence evidence);
void text_close(Text *text);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Text, text_close)

/* Fills in attributions. */
void text_find_attributions(Text *text);

bool body_line_is_blank(const char *line);
bool body_line_is_quoted(const char *line);
bool body_line_is_signature_mark(const char *line);
/* "____", "-----": ten signs at least and nothing else. */
bool body_line_is_rule(const char *line);

/* "-----Original Message-----", "---- X wrote ----". */
bool body_mark_is_separator(const Text *text, gsize at);

/* "-------- Forwarded message --------", "Begin forwarded message:". */
bool body_mark_is_forward(const Text *text, gsize at);

/* The lines of a head "From: ... Sent: ... To: ..." at `at` with a rule above
 * it, or 0. */
gsize body_mark_header_block(const Text *text, gsize at);

/* The line behind the head of a quotation that begins at `at`, of any form;
 * 0: none does. */
gsize body_mark_head(const Text *text, gsize at);

/* A line that is an attribution, wherever it stands. */
bool body_mark_is_attribution(const Text *text, const char *line);

/* "X wrote ..." in a line between dashes, folded. */
bool body_mark_says_who(const Text *text, const char *folded);

/* What the first "From:" of the text is written in; 0: there is none. */
QuotesTongues body_mark_tongues(const Text *text);

/* The word's place in the text as a word of its own, or NULL; `open`: also
 * within a longer one. */
const char *
text_find_word(const char *text, const char *word, gsize length, bool open);

gsize body_skip_blank(const Text *text, gsize at);
/* Past a quotation's lines and the empty ones among them. */
gsize body_skip_quoted(const Text *text, gsize at);
/* The quotation below a head that ends before `at`: past blank lines and
 * "[...]". */
bool body_find_quotation(const Text *text, gsize at, gsize *ret_at);

/* What a line is to its mail. */
typedef enum {
	ROLE_BLANK,
	ROLE_OWN,
	ROLE_QUOTE,
	ROLE_HEAD, /* above a quotation: attribution, header block */
	ROLE_TAIL, /* signature, notice, a program's own words */
	ROLE_PAST, /* all below an unmarked quotation's head */
} Role;

typedef struct {
	Text text;
	Role *roles;
	bool forward;  /* what follows its head is the message */
	bool doubtful; /* cutting might lose words */
} Sheet;

void sheet_set(Sheet *sheet, gsize from, gsize to, Role role);
bool sheet_has(const Sheet *sheet, gsize from, gsize to, Role role);
/* The line behind the last of the writer's own. */
gsize sheet_last_own(const Sheet *sheet);

/* A signature's mark at `at`: returns the line to go on with. */
gsize sheet_take_signature(Sheet *sheet, gsize at);
/* Signed names, notices, what programs and lists add. */
void sheet_trim_tail(Sheet *sheet);
/* "[EXTERNAL] This mail came from outside", above a text. */
void sheet_trim_banner(Sheet *sheet);

/* Shared by the marks. */
bool body_line_ends_in_colon(const char *line);
bool body_folded_has_date(const char *folded);
bool body_folded_has_address(const char *folded);

#endif
