/*
 * conf: guichet.yaml, the site itself: mailboxes, the way out, who works here.
 *
 * Secrets are never in it: it names files, which must belong to the user and
 * be unreadable to others (mode & 077 is refused). Relative paths start from
 * the folder of guichet.yaml. rules/guichet.yaml is the example of every key.
 */
#ifndef GUICHET_CONF_H
#define GUICHET_CONF_H

#include "guichet/base/problems.h"
#include "guichet/desk/decide.h"
#include "guichet/rules/silence.h"
#include "guichet/trust/auth.h"
#include "guichet/trust/token.h"
#include "guichet/wire/sink.h"
#include "guichet/wire/source.h"

typedef struct {
	gint64 id;     /* position in the file, from 1; part of their tokens */
	char *name;    /* "Anne Martin" */
	char *address; /* canonical, the enrolled one */
	char *display; /* what clients read in From of what they say, or NULL:
			* the name and whose desk it is */
	char *signature; /* what stands below that, lines; "" */
	char *login;     /* at the border, lower-case, or NULL: their address */
	char *language;
	bool active;
} Technician;

/* When the desk is told of its day. */
typedef struct {
	bool is_sent;
	int32_t at; /* seconds of the site's wall clock */
	guint days; /* a bit each, Monday's the lowest; of holidays none */
} MorningHours;

typedef struct Conf {
	char *file, *directory;
	char *site;           /* display name of the desk */
	char *address;        /* canonical, the desk's own: From of our mails */
	char **own_addresses; /* all that are ours, `address` among them */
	char *domain;         /* of our Message-IDs */
	bool plus_addresses;  /* box+word@domain is delivered to us */
	char *language;       /* default, and for technicians */
	char *zone;           /* the desk's own, for technicians and lists */
	char *store;          /* path */
	char *rules;          /* directory */
	int readers;          /* processes */
	GPtrArray *mailboxes; /* SourceConf * */
	SinkConf *sink;
	GPtrArray *technicians; /* Technician * */
	char *manager_name;     /* who answers for what is promised, or NULL */
	char *manager;          /* their address, canonical, or NULL */
	TechAuth tech_auth;   /* as it is written; what is in force: `policy` */
	bool strips_verified; /* a forged stamp was tried, and taken away */
	bool has_border;      /* the file says anything of it */
	char **authserv_ids;
	char **border_hosts;
	GArray *logins;    /* AuthLogin, of the active technicians */
	AuthConfig auth;   /* points into the above */
	DeskPolicy policy; /* points into the above */
	char **own_lists;
	GPtrArray *alert_origins; /* AlertOrigin *: alert_origin.h */
	SilenceRules silence;     /* what may stay unanswered, and how long */
	MorningHours morning;
	int automatic_per_hour; /* to one client, of what no person said */
	int notices_per_hour;   /* to one technician, at most */
	gint64 forward_bytes;   /* attachments sent on, at most */
	Seconds answers_wait;   /* before what people say leaves; 0: at once */
	char *token_file;
	TokenKeys *tokens; /* NULL: not asked for, or no file yet */
} Conf;

/*
 * The site's file: `given`, else $GUICHET_CONFIG, else
 * /etc/guichet/guichet.yaml. NULL with GUICHET_ERROR_CONFIG if it is not there
 * or cannot be read. An example is never taken for a site: its store or its
 * way out may be real ones.
 */
char *conf_find(const char *given, GError **error);

/*
 * The same for what touches nothing of a site; where there is no site at all,
 * the example that came with the program: rules/guichet.yaml beside it, else
 * ../share/guichet/rules. *ret_example tells whether it is that.
 */
char *
conf_find_or_example(const char *given, bool *ret_example, GError **error);

/*
 * NULL if anything is wrong, all of it in `problems`. `secrets` reads the
 * secret files too, and the files of certificate authorities; what only lists
 * or explains needs none. Nothing is ever written: where there is no token
 * file yet, `tokens` stays NULL.
 */
Conf *conf_load(const char *file, bool secrets, Problems *problems);

/*
 * Whose desk it is and where its store and its rules are, and nothing else: to
 * look into the store of a site whose configuration has a mistake elsewhere.
 * NULL if that much does not stand there plainly.
 */
Conf *conf_load_to_look(const char *file);

/* Where there is no token file yet, makes it, mode 0600, with a fresh key, and
 * its folder; else does nothing. For what writes: GUICHET_ERROR_CONFIG. */
bool conf_make_tokens(Conf *conf, GError **error);

/*
 * Puts a fresh key above the one that signs, mode 0600, whole or not at all.
 * Where a second one is there already and answers to what it signed may still
 * come, it is refused, unless `at_once`. GUICHET_ERROR_CONFIG. The
 * configuration itself keeps the keys that it has.
 */
bool conf_rotate_tokens(const Conf *conf, bool at_once, GError **error);

void conf_free(Conf *conf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Conf, conf_free)

/* The path that the file names as `rules` or `store`, even where conf_load()
 * refuses the rest of it, so that all mistakes are told at once. NULL if it
 * names none. The caller frees. */
char *conf_named_path(const char *file, const char *key);

/*
 * Whether nobody has tried yet that the border takes forged stamps away
 * (`guichet check --auth`): until then dmarc+token works as dmarc+confirm.
 */
bool conf_awaits_strips(const Conf *conf);

const Technician *conf_technician(const Conf *conf, const char *address);
const Technician *conf_technician_id(const Conf *conf, gint64 id);

#endif
