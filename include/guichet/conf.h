/*
 * conf: guichet.yaml, the site itself: mailboxes, the way out, who works here.
 *
 * Secrets are never in it: it names files, which must belong to the user and
 * be unreadable to others (mode & 077 is refused). Relative paths start from
 * the folder of guichet.yaml. rules/guichet.yaml is the example of every key.
 */
#ifndef GUICHET_CONF_H
#define GUICHET_CONF_H

#include "guichet/auth.h"
#include "guichet/decide.h"
#include "guichet/problems.h"
#include "guichet/sink.h"
#include "guichet/source.h"
#include "guichet/token.h"

typedef struct {
	gint64 id;     /* position in the file, from 1; part of his tokens */
	char *name;    /* "Anne Martin" */
	char *address; /* canonical, the enrolled one */
	char *login;   /* at the border, lower-case, or NULL: his address */
	char *language;
	bool active;
} Technician;

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
	bool has_border;        /* the file says anything of it */
	char **authserv_ids;
	char **border_hosts;
	GArray *logins;    /* AuthLogin, of the active technicians */
	AuthConfig auth;   /* points into the above */
	DeskPolicy policy; /* points into the above */
	char **own_lists;
	GPtrArray *alert_origins; /* AlertOrigin *: alert_origin.h */
	int notices_per_hour;     /* to one technician, at most */
	gint64 forward_bytes;     /* attachments sent on, at most */
	char *token_file;
	TokenKeys *tokens; /* NULL if the file was not asked for */
} Conf;

/* The file to use: `given`, else $GUICHET_CONFIG, else rules/guichet.yaml
 * beside the program, else /etc/guichet/guichet.yaml, else the example that
 * was installed with the program (../share/guichet/rules). NULL with
 * GUICHET_ERROR_CONFIG that lists where it looked. */
char *conf_find(const char *given, GError **error);

/*
 * NULL if anything is wrong, all of it in `problems`. `secrets` reads the
 * secret files too; what only lists or explains needs none. With `secrets`, a
 * token file that is not there is made, mode 0600, with a fresh key, and so is
 * its folder; one that is there is never written.
 */
Conf *conf_load(const char *file, bool secrets, Problems *problems);
void conf_free(Conf *conf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Conf, conf_free)

/* The folder that the file names as `rules`, even where conf_load() refuses
 * the rest of it, so that the mistakes of both are told at once. NULL if it
 * names none. The caller frees. */
char *conf_rules_folder(const char *file);

const Technician *conf_technician(const Conf *conf, const char *address);
const Technician *conf_technician_id(const Conf *conf, gint64 id);

#endif
