/*
 * quotes: how mail programs mark what is not the writer's own, as data.
 *
 * rules/quotes.yaml has the words, in forty languages: the prefixes of answers
 * and forwards, the heads above quotations, what phones add; and how servers
 * say that a mail did not arrive. The file that
 * stands there when guichet is built is part of the program; a site's own in
 * its rules takes its place. Whoever reads a mail, files its subject or makes
 * an answer's asks here and nowhere else.
 *
 * Words are compared folded: quotes_fold().
 */
#ifndef GUICHET_QUOTES_H
#define GUICHET_QUOTES_H

#include "guichet/yaml/yaml.h"

typedef struct Quotes Quotes;

/* The labels of a head above a quotation. */
typedef enum {
	QUOTES_FROM,
	QUOTES_SENT,
	QUOTES_TO,
	QUOTES_CC, /* and whatever else stands there */
	QUOTES_SUBJECT,
	QUOTES_LABEL_COUNT,
} QuotesLabel;

typedef enum {
	QUOTES_ORIGINAL,  /* between dashes, above what is answered */
	QUOTES_FORWARDED, /* above what is forwarded */
	QUOTES_ON,        /* how "On ..., X wrote:" begins */
	QUOTES_WROTE,     /* its verb; "*" at the end: any ending */
	QUOTES_STAMPS,
	QUOTES_BELOW,
	QUOTES_POSTSCRIPT,
	QUOTES_NOTICES,
	QUOTES_LEGAL,
	QUOTES_STUBS,
	QUOTES_SNIPS,
	QUOTES_FOOTERS,
	QUOTES_UNDELIVERED, /* how servers say that a mail did not arrive */
	QUOTES_DELAYED,     /* that they go on trying */
	QUOTES_GIVEN_UP,    /* that they do not */
	QUOTES_RETURNED,    /* how a line begins above what came back */
	QUOTES_SERVERS,     /* in From: a server's alone */
	QUOTES_OFFICES,     /* in From: a server's, or who minds one */
	QUOTES_RECIPIENTS,  /* labels of an address that failed */
	QUOTES_GREETINGS,   /* how a person begins, and no server */
	QUOTES_ADDRESSEES,  /* whom they greet, where it is no name */
	QUOTES_CLOSINGS,    /* phrases that the last sentences are made of */
	QUOTES_LISTS,
} QuotesList;

/* The languages, as bits, in which a word has a meaning; 0: in none. */
typedef guint64 QuotesTongues;

typedef struct {
	QuotesTongues reply, forward;
} QuotesPrefix;

/* NULL if the file has a mistake, which is added to `problems`. */
Quotes *quotes_load(const char *file, GBytes *yaml, Problems *problems);
Quotes *quotes_ref(Quotes *quotes);
void quotes_unref(Quotes *quotes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Quotes, quotes_unref)

/* The file that came with the program. The caller unrefs. */
GBytes *quotes_builtin(void);

/* The file that it was made from. */
GBytes *quotes_source(const Quotes *quotes);

/*
 * The words in force in this process: the built-in ones until others are put
 * in their place, or again after NULL. One thread.
 */
const Quotes *quotes_current(void);
void quotes_use(Quotes *quotes);

/* What stands before a subject's colon, folded. Both 0: no prefix. */
QuotesPrefix quotes_prefix(const Quotes *quotes, const char *word);

/* What a folded label says, and in which languages. False: it is none. */
bool quotes_label(const Quotes *quotes, const char *word,
    QuotesLabel *ret_label, QuotesTongues *ret_tongues);

/* All words of a kind, folded; NULL at the end. */
const char *const *quotes_list(const Quotes *quotes, QuotesList list);

/* Whether the folded text begins with one of them. */
bool quotes_begins(const Quotes *quotes, QuotesList list, const char *folded);

/* Whether one of them is in the folded text. */
bool quotes_contains(const Quotes *quotes, QuotesList list, const char *folded);

/* Whether the folded text begins as a person does who greets: with a whole
 * word, not with "hi" of "history". */
bool quotes_greets(const Quotes *quotes, const char *folded);

/* Whether the words, in whatever case, with or without accents, are a phrase
 * of QUOTES_GREETINGS, _ADDRESSEES or _CLOSINGS. */
bool quotes_courtesy(const Quotes *quotes, QuotesList list, const char *phrase);

/* Lower case, blanks of all kinds one, digits of all scripts ASCII, without
 * stars, marks of direction and blanks around. The caller frees. */
char *quotes_fold(const char *text);

#endif
