/* alert_private: recognisers as loaded, shared by the files of alert.h. */
#ifndef GUICHET_ALERT_PRIVATE_H
#define GUICHET_ALERT_PRIVATE_H

#include "guichet/alert/alert.h"
#include "guichet/yaml/pattern.h"

#define ALERT_FIELD_BYTES  400
#define ALERT_KEY_BYTES    600
#define ALERT_MEMBERS      500
#define ALERT_MEMBER_PAIRS 64
#define ALERT_LINES        20000
#define ALERT_STEPS        (LIMIT_RULES_STEPS / 2)

typedef enum {
	PLACE_SUBJECT,
	PLACE_TEXT,
	PLACE_FROM, /* name and address */
	PLACE_HEADER,
} AlertPlace;

typedef struct {
	AlertPlace place;
	char *header;
	Pattern *pattern; /* NULL: the header is there */
} AlertProbe;

typedef struct {
	char *field;
	char **values; /* labels, or one template */
} AlertSource;

/* One step of reading: what a probe captures, then what labels hold, then
 * fixed values. A field that is set stays. */
typedef struct {
	GPtrArray *probes;   /* AlertProbe *: all must be found; may be empty */
	GPtrArray *labels;   /* AlertSource * */
	GPtrArray *settings; /* AlertSource * */
} AlertStep;

/* How several alerts stand in one mail. Each pattern is tried on a line. */
typedef struct {
	Pattern *firing, *resolved; /* headings of sections */
	Pattern *start;             /* of an alert */
	Pattern *pair;              /* a label: groups name, value */
	Pattern *row;               /* all labels of an alert: group pairs */
	Pattern *cell;              /* one of those: groups name, value, rest */
	Pattern *status;            /* of one alert: group resolved, if it is */
	Pattern *notes;             /* from here on pairs are no labels */
	Pattern *end;               /* of the last alert */
	char **host, **service, **state, **info; /* names of labels or notes */
} AlertMembers;

/* Lines that hold what a check or a person said: no field is read there, but
 * `info`. From a line that fits to the next that does not belong to it. */
typedef struct {
	Pattern *from, *until; /* until NULL: to the end */
} AlertOutput;

/* How several mails' worth stands in one: parts, of which each is read as a
 * mail of its own, by whatever recogniser fits it. */
typedef struct {
	AlertStep *when;   /* what such a mail has */
	Pattern *each;     /* a part's first line */
	Pattern *under;    /* a heading, put above each part below it; NULL */
	bool keep_subject; /* each part has the mail's own */
	bool keep_head;    /* and the lines above the first part */
} AlertSplit;

typedef struct {
	char *system;
	gint64 rank;
	bool courtesy;    /* it greets and signs as a person does */
	GPtrArray *signs; /* AlertStep *, of which one must have all probes */
	GPtrArray *steps; /* AlertStep * */
	GHashTable *types, *states; /* folded word to enum */
	char **need, **want;
	char **keys, **aliases; /* templates: the first that can be filled */
	AlertMembers *members;  /* or NULL */
	AlertOutput *output;    /* or NULL */
	AlertSplit *several;    /* or NULL */
	char **host_states;     /* folded: states that only a host has */
	bool host_whole;        /* "web1 (Dupont)" is all a name */
} AlertRecogniser;

/* ---- mails without a recogniser (rules/alerts/unknown.yaml) ---- */

typedef enum {
	WORD_OTHER, /* of what it is about */
	WORD_OVER,
	WORD_GOOD,
	WORD_BAD,
	WORD_GRAVE,
	WORD_NOT,
	WORD_NO_MORE,
	WORD_NOW,
	WORD_IS,
	WORD_UPDATE,
	WORD_NOTICE,
	WORD_FILLER,
	WORD_KINDS,
} AlertWordKind;

typedef struct {
	char **words; /* folded; one that ends in * fits what begins so */
	AlertWordKind kind;
	int marks; /* 1: counts as a state only; 2: at an end in capitals */
} AlertPhrase;

typedef struct {
	GHashTable *phrases; /* first letter to GPtrArray of AlertPhrase * */
	GPtrArray *read;     /* AlertStep * */
} AlertUnknown;

AlertUnknown *alert_unknown_new(void);
void alert_unknown_free(AlertUnknown *unknown);
/* Takes "=back online" apart; a longer phrase comes before a shorter. */
void alert_unknown_add(AlertUnknown *unknown, AlertWordKind kind,
    const char *phrase);

/* What a line says. */
typedef enum {
	SAYS_NOTHING,
	SAYS_BAD,
	SAYS_MAYBE,       /* good, where something waits for it */
	SAYS_GOOD,        /* by a word that may mean something else elsewhere */
	SAYS_GOOD_NOTICE, /* the same, only for information */
	SAYS_OVER,        /* plainly */
	SAYS_UPDATE,
	SAYS_NOTICE,
} AlertSaying;

AlertSaying alert_saying(const AlertUnknown *unknown, const char *line);
/* What it is about: its other words, folded, sorted, each once; "" if there
 * are none. The caller frees. */
char *alert_stem(const AlertUnknown *unknown, const char *line);

struct AlertRules {
	AlertUnknown *unknown;
	GPtrArray *recognisers;
	GHashTable *types, *states; /* common */
	GPtrArray *prefixes;        /* Pattern *: may stand before a subject */
	GPtrArray *banners;         /* Pattern *: may stand above a text */
	GPtrArray *conversation;    /* AlertStep *: signs of a person */
	GPtrArray *courtesy;        /* likewise, but of some programs too */
};

AlertProbe *
alert_probe_new(AlertPlace place, const char *header, Pattern *take_pattern);
AlertStep *alert_step_new(void);
GHashTable *alert_words_new(void); /* folded word to enum */
void alert_recogniser_free(gpointer recogniser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlertRecogniser, alert_recogniser_free)
void alert_step_free(gpointer step);
void alert_members_free(AlertMembers *members);
void alert_output_free(AlertOutput *output);
void alert_split_free(AlertSplit *split);

/* ---- a mail, prepared ---- */

typedef struct {
	const Message *message;
	GPtrArray *subjects; /* char *: as it is, then without each prefix */
	char *text;          /* own lines, trimmed, without quotations */
	char **lines;
	char *whole_text;   /* while output is hidden: what `text`, */
	char **whole_lines; /* and `lines`, are without it; else NULL */
	gint64 steps;       /* left */
	GPtrArray *limits;  /* char * */
	gint64 whole_steps; /* left when it was prepared */
	guint own_limits;   /* of `limits`, met by then */
} AlertMail;

/* Several labels in one row, and one row of values below a row of titles: each
 * pair becomes a line, as if it had a row to itself. char *; the caller's. */
GPtrArray *alert_unfold_rows(GPtrArray *lines);

/* What could not be read, for an Alert. The caller frees. */
char **alert_mail_limits(const AlertMail *mail);
AlertMail *alert_mail_new(const AlertRules *rules, const Message *message);
/* Its subject alone, without text. */
AlertMail *alert_mail_of_subject(const AlertRules *rules, const char *subject);
/* As it was prepared: whoever asks next has all steps, and its own limits. */
void alert_mail_again(AlertMail *mail);
/* Some of its lines as a mail, below `subject` or, NULL, its own subjects. */
AlertMail *
alert_mail_part(const AlertMail *mail, GPtrArray *lines, const char *subject);
void alert_mail_free(AlertMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlertMail, alert_mail_free)

bool alert_mail_find(AlertMail *mail, const Pattern *pattern,
    const char *subject, GHashTable *captures);
bool alert_mail_probe(AlertMail *mail, const AlertProbe *probe,
    GHashTable *captures);

/* The value behind one of these labels, or NULL; the caller frees. */
char *alert_mail_label(const AlertMail *mail, const char *const *labels);

/* Hides output from patterns and labels, and shows it again. Nothing happens
 * where there is none. */
void alert_mail_hide(AlertMail *mail, const AlertOutput *output);
void alert_mail_show(AlertMail *mail);

/* "web1 (Payroll)", "web1 [192.0.2.1]": the name alone, where the rest is only
 * what else it is called; of a name that `is_whole` no more than an address is
 * taken away. The caller frees. */
char *alert_host_name(const char *host, bool is_whole);

/* "${host}/${service}", or NULL if a field is not set. */
char *alert_fill(const char *template, GHashTable *fields);
/* The names in a template, each to `each`; false if it is malformed. */
bool alert_template_names(const char *template, GPtrArray *names);

/* A value fit for a field, or NULL if nothing is left. It is whole: keys are
 * made of it. */
char *alert_clean_value(const char *value);
/* As much of it as is shown and told. */
char *alert_cut_value(const char *value);
/* Lower case and one blank between words, for looking words up. */
char *alert_fold(const char *word);

/* A key of bounded length: a long one ends in a hash of all of it. */
char *alert_cut_key(const char *key);

/* Adds AlertMember *, by the recogniser's `members`. False if the mail has no
 * sections: then all are taken to fire. */
bool alert_read_members(AlertMail *mail, const AlertRecogniser *by,
    const AlertRules *rules, GPtrArray *members);

AlertLevel alert_level_of(const AlertRecogniser *by, const AlertRules *rules,
    const char *state);

/* What no recogniser knows, of a whole mail or a part of it. */
Alert *alert_unknown_of(const AlertRules *rules, AlertMail *mail);

/* Whether it greets and signs, or asks, as a person does: by `courtesy` in
 * words.yaml, or a greeting and the writer's own name at the end. */
bool alert_mail_is_courteous(AlertMail *mail, const AlertRules *rules);

/* The mails that this one only carries, Message *, the newest last; NULL where
 * it says something itself. They may be the mail's own. */
GPtrArray *alert_enclosed(const AlertMail *mail);
/* What of this mail was not read is a limit of one within it. */
void alert_mail_within(AlertMail *mail, const Message *outer);

struct AlertMails {
	const AlertRules *rules;
	AlertMail *outer;
	GPtrArray *messages; /* what alert_enclosed() gave */
	GPtrArray *enclosed; /* AlertMail *, of `messages`; NULL: none */
};

/* The parts of a mail, AlertMail *; NULL where it is one alert's. */
GPtrArray *alert_split(AlertMail *mail, const AlertRules *rules);

/* ---- fitting ---- */

GHashTable *alert_fields_new(void);
/* A step of reading: sets what is not set. */
void
alert_take_step(AlertMail *mail, const AlertStep *step, GHashTable *fields);
bool
alert_probe_all(AlertMail *mail, const AlertStep *step, GHashTable *captures);
/* The first of the signs that is found, or NULL. */
const AlertStep *alert_sign_of(AlertMail *mail, const GPtrArray *signs);
/* Reads into `fields`; NULL if something is missing without which it is no
 * alert: `ret_missing`, which the caller frees. */
Alert *alert_fit(AlertMail *mail, const AlertRecogniser *by,
    const AlertRules *rules, GHashTable *fields, char ***ret_missing);

#endif
