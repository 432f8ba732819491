/*
 * alert: what a monitoring system says in a mail.
 *
 * A recogniser is a file of rules/alerts/: how to know the system, where host,
 * service and state stand, which words mean what, and the key that joins the
 * problem to its recovery. No system is known to the program itself. A mail
 * that a person wrote is none, even if it forwards or answers one: see
 * `conversation` in words.yaml.
 *
 * Reading is pure and proves nothing: whether the sender may open or close
 * anything is the caller's to decide (doc/security.md T3). Two mails speak of
 * the same incident if source, system and key are equal, compared whole: "web1"
 * is not "web10". Where a system's updates do not bear the key, `alias` is what
 * they share with the problem.
 *
 * Every string is clean, on one line and never NULL; "" is "not said". What a
 * pattern could not answer within its limits counts as not found, and is
 * listed in `limits`, as is "members" where there are too many: such a mail
 * must close nothing.
 */
#ifndef GUICHET_ALERT_H
#define GUICHET_ALERT_H

#include "guichet/base/problems.h"
#include "guichet/mail/message.h"
#include "guichet/yaml/rule_files.h"
#include "guichet/yaml/yaml.h"

typedef enum {
	ALERT_PROBLEM,
	ALERT_RECOVERY,
	ALERT_ACKNOWLEDGMENT, /* a person has seen it, there */
	ALERT_UPDATE,         /* of a problem: severity, comment */
	ALERT_FLAPPING_START,
	ALERT_FLAPPING_STOP,
	ALERT_DOWNTIME_START, /* planned */
	ALERT_DOWNTIME_END,
	ALERT_CUSTOM, /* a notice: neither opens nor closes */
	ALERT_TEST,
	ALERT_TYPE_COUNT,
} AlertType;

/* From good to bad; a higher one is worse. */
typedef enum {
	ALERT_LEVEL_NONE, /* the mail does not say */
	ALERT_LEVEL_OK,
	ALERT_LEVEL_INFO,
	ALERT_LEVEL_UNKNOWN, /* it says that it does not know */
	ALERT_LEVEL_WARNING,
	ALERT_LEVEL_MAJOR,
	ALERT_LEVEL_CRITICAL,
	ALERT_LEVEL_DOWN,
	ALERT_LEVEL_COUNT,
} AlertLevel;

/* One of several alerts in a mail. */
typedef struct {
	char *key; /* its labels, sorted: "alertname=X, instance=Y" */
	char *host, *service, *state, *info;
	AlertLevel level;
	bool firing;
} AlertMember;

typedef struct {
	char *system; /* "nagios": the recogniser's name */
	AlertType type;
	char *host, *service;
	char *state;    /* the mail's own word: "CRITICAL", "En panne" */
	char *severity; /* likewise, where it is another: Zabbix's "High" */
	AlertLevel level;
	char *key;          /* never "" */
	char *alias;        /* "" if the key is enough */
	bool only_known;    /* a recovery or update of what is open, else a
			  * problem */
	char *event_id;     /* the system's number */
	char *info;         /* one line for people */
	GPtrArray *members; /* AlertMember *: all that the group has now */
	char **missing;     /* fields that such a mail should have */
	char **limits;      /* patterns that hit a limit, "members" */
} Alert;

/* A member's own, or what all share, which may stand in the mail's head alone.
 * Borrowed. */
const char *alert_member_host(const Alert *alert, const AlertMember *member);
const char *alert_member_service(const Alert *alert, const AlertMember *member);

void alert_free(Alert *alert);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Alert, alert_free)

/* "problem", "recovery", "acknowledgment", "update", "flapping-start",
 * "flapping-stop", "downtime-start", "downtime-end", "custom", "test". */
const char *alert_type_name(AlertType type);
bool alert_type_parse(const char *name, AlertType *ret_type);

/* "none", "ok", "info", "unknown", "warning", "major", "critical", "down". */
const char *alert_level_name(AlertLevel level);
bool alert_level_parse(const char *name, AlertLevel *ret_level);

/* ---- rules ---- */

typedef struct AlertRules AlertRules;

AlertRules *alert_rules_new(void);
void alert_rules_free(AlertRules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlertRules, alert_rules_free)

/* Adds one file's tree: a recogniser, or the words common to all. Mistakes go
 * to the document's Problems. */
void alert_rules_load(AlertRules *rules, const YamlNode *root);

/* Parses and adds one file. */
void alert_rules_load_text(AlertRules *rules, const char *file,
    const char *text, gsize length, Problems *problems);

/* Puts the recognisers in the order in which they are asked, once all are
 * there: by `rank`, then name. */
void alert_rules_seal(AlertRules *rules);

/* All of alerts/ among the files, sealed; never NULL. `directory` is put
 * before file names in problems. */
AlertRules *alert_rules_of_files(const RuleFiles *files, const char *directory,
    Problems *problems);

guint alert_rules_count(const AlertRules *rules);

/* ---- reading ---- */

/* A mail as recognisers look at it, and those that it only carries: prepared
 * once, for all that is asked of it. Borrows rules and message. One thread. */
typedef struct AlertMails AlertMails;

AlertMails *alert_mails_new(const AlertRules *rules, const Message *message);
void alert_mails_free(AlertMails *mails);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AlertMails, alert_mails_free)

/*
 * All that a mail tells, by the recognisers: Alert *, each of another system or
 * key, the gravest first; where one is told twice, its last word. Empty if no
 * recogniser fits, or a person wrote the mail. Never NULL.
 *
 * Mails that it carries and adds no word to are read instead of it, each as a
 * mail of its own: attached ones, those of a list's digest (RFC 1153 too), one
 * that a program forwards in its text. Whoever sends it is the source of all;
 * what an enclosed mail says of its sender proves nothing.
 */
GPtrArray *alert_read(AlertMails *mails);

/* Whether it is such a mail, which only carries others. */
bool alert_is_enclosed(const AlertMails *mails);

/* The gravest of what a mail tells, or NULL. */
Alert *alert_recognise(const AlertRules *rules, const Message *message);

/* Systems of the desk's own: a storm's parent, a mail that must come, a mail
 * that no recogniser knows. No recogniser may be called so. */
#define ALERT_SYSTEM_STORM    "storm"
#define ALERT_SYSTEM_EXPECTED "expected"
#define ALERT_SYSTEM_UNKNOWN  "unknown"

/*
 * What a mail that no recogniser knows is worth where its source is trusted, by
 * its words and shape (rules/alerts/unknown.yaml): a problem, a recovery, an
 * update of what is open, or a notice. Never NULL; of no level. Host and service
 * are what its text names, "" if it names none: two mails of one subject that
 * name others are other alerts. Its alias is the subject without words of state,
 * which problem and recovery share.
 *
 * Its key is the subject, and behind " | " what the text names, so that repeats
 * join: one blank for each run of
 * them; without what a relay puts before it, a prefix of words.yaml whose word
 * would be one with a colon, too ("[EXT]" as "EXT:", but not "[web1]"); and
 * with # in place of
 * - a word of digits, with units and signs: "85", "-12.5", "15min", "2026-11-24",
 *   "20261124T030000Z", "12:03:44", "#4711", "12,5"
 * - names of days and months (English, French), am and pm, beside one
 * - a word of 8 hexadecimal digits or more with a decimal one among them, and
 *   a UUID; in a name likewise, between its hyphens, points and underscores
 * - in a name, a date or a run of 5 digits or more: "backup-2026-11-24"
 * and one # for several with only blanks, commas, points, colons, hyphens,
 * slashes and plus signs between them. Other names stay whole with their
 * digits: "web1" is not "web10"; so do addresses as 192.0.2.7. An empty
 * subject's key is "(no subject)".
 */
Alert *alert_unknown(AlertMails *mails);
/* The same of a mail that only carries others, each of them, the gravest first;
 * else of the mail itself. Never empty. */
GPtrArray *alert_read_unknown(AlertMails *mails);
bool alert_is_unknown(const Alert *alert);
/* The alias of a mail with that subject. The caller frees. */
char *alert_unknown_alias(const AlertRules *rules, const char *subject);

/* Whether a person wrote, answered or forwarded it, or a program about another
 * mail: `conversation` in words.yaml. */
bool alert_is_conversation(AlertMails *mails);

/* What one recogniser made of a mail, for those who write one. */
typedef struct {
	char *system;
	char **lacking; /* of its nearest sign: what was not found */
	char **fields;  /* "host: web1", what was read */
	char **missing; /* fields without which it is no alert */
	bool courtesy;  /* no alert because it greets as a person does */
	Alert *alert;   /* NULL unless it fits whole */
} AlertReading;

/* Those that fitted at least in part, in the order in which they are asked;
 * none if a person wrote the mail, then `*ret_conversation` says by what. */
GPtrArray *alert_examine(const AlertRules *rules, const Message *message,
    char **ret_conversation);

/* The value of `alert` in `guichet parse`: system, type, host, service, state,
 * key; null for what is not said; `members` where there are some. The caller
 * owns it. NULL gives null. */
struct json_t *alert_to_json(const Alert *alert);
/* The same of several, in an array. */
struct json_t *alert_list_to_json(const GPtrArray *alerts);

#endif
