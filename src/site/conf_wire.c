/* guichet.yaml: the mailboxes and the way out. */
#include "conf_private.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"

#include <gio/gio.h>
#include <string.h>

#define DAY_SECONDS 86400

/* People look for it; the answer must not be "unknown key". */
static void
refuse_password(const YamlNode *map)
{
	const YamlNode *node = yaml_get(map, "password");

	if (node != NULL)
		yaml_problem(node,
		    "a password never stands in this file; put "
		    "it alone into one of its own (chmod 600) and name that as "
		    "'password_file'");
}

static char *
host_load(const YamlNode *map)
{
	const YamlNode *node = yaml_need(map, "host");
	const char *text = node == NULL ? NULL : yaml_text(node);

	if (text == NULL)
		return g_strdup("");
	for (const char *p = text; *p != '\0'; p++)
		if (!g_ascii_isalnum(*p) && strchr(".-:_", *p) == NULL) {
			yaml_problem(node,
			    "'%s' is no host; write mail.example.com alone, "
			    "the port beside it",
			    text);
			break;
		}
	return g_strdup(text);
}

static bool
is_loopback(const char *host)
{
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

	return address != NULL ? g_inet_address_get_is_loopback(address)
			       : strcmp(host, "localhost") == 0;
}

/* ---- mailboxes ---- */

/* An IMAP keyword is an atom (RFC 9051). */
static bool
is_atom(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if (!g_ascii_isgraph(*p) || strchr("(){%*\"\\]", *p) != NULL)
			return false;
	return *text != '\0';
}

/* done: nothing, or {keyword: NAME}, or {move: FOLDER} */
static void
done_load(const YamlNode *map, SourceConf *source)
{
	static const char *const keys[] = { "keyword", "move", NULL };
	const YamlNode *node = yaml_get(map, "done");
	const char *keyword, *folder;

	source->done = DONE_KEYWORD;
	source->done_name = g_strdup("$Guichet");
	if (node == NULL)
		return;
	if (yaml_kind(node) == YAML_SCALAR &&
	    g_strcmp0(yaml_text(node), "nothing") == 0) {
		source->done = DONE_NOTHING;
		return;
	}
	if (!yaml_check_keys(node, keys))
		return;
	keyword = yaml_get_text(node, "keyword", NULL);
	folder = yaml_get_text(node, "move", NULL);
	if ((keyword == NULL) == (folder == NULL))
		yaml_problem(node,
		    "write 'nothing', {keyword: NAME} or "
		    "{move: FOLDER}");
	else if (keyword != NULL && !is_atom(keyword))
		yaml_problem(yaml_get(node, "keyword"),
		    "'%s' is no IMAP keyword; use letters and digits", keyword);
	else {
		source->done = folder != NULL ? DONE_MOVE : DONE_KEYWORD;
		g_free(source->done_name);
		source->done_name = g_strdup(folder != NULL ? folder : keyword);
	}
}

static void
load_poll(const YamlNode *map, SourceConf *source)
{
	Duration every = { DURATION_TIME, 300 };

	if (load_duration(map, "poll", &every) &&
	    (every.unit != DURATION_TIME || every.count < 10 ||
		every.count > DAY_SECONDS))
		yaml_problem(yaml_get(map, "poll"),
		    "looks come every 10s to 24h");
	source->poll = every.count;
}

static const char *const since[] = { "now", "all", NULL };

static void
load_imap(const Conf *conf, const YamlNode *map, bool secrets,
    SourceConf *source)
{
	static const char *const keys[] = { "host", "port", "tls", "user",
		"password", "password_file", "ca_file", "folder", "since",
		"done", "poll", NULL };
	static const char *const tls[] = { "implicit", "starttls", NULL };
	const YamlNode *node;

	source->kind = g_strdup("imap");
	if (!yaml_check_keys(map, keys))
		return;
	refuse_password(map);
	source->host = host_load(map);
	source->starttls = yaml_get_choice(map, "tls", tls, 0) == 1;
	source->port = (guint16)yaml_get_int(map, "port", 1, 65535,
	    source->starttls ? 143 : 993);
	(void)yaml_need(map, "user");
	(void)yaml_need(map, "password_file");
	source->user = g_strdup(yaml_get_text(map, "user", ""));
	source->password = conf_secret(conf, map, "password_file", secrets);
	source->ca_file = conf_file_path(conf, map, "ca_file", secrets);
	source->folder = g_strdup(yaml_get_text(map, "folder", "INBOX"));
	node = yaml_need(map, "since");
	source->since_all = node != NULL &&
	    yaml_get_choice(map, "since", since, 0) == 1;
	done_load(map, source);
	load_poll(map, source);
}

/* The kinds that are a path here, and keys of a mailbox. */
#define PATH_KINDS "maildir"

/* The first kind of the mailbox that is a path, or NULL. */
static const char *
path_kind(const YamlNode *map)
{
	static const char *const kinds[] = { PATH_KINDS };

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (yaml_get(map, kinds[i]) != NULL)
			return kinds[i];
	return NULL;
}

static SourceConf *
mailbox_load(const Conf *conf, const YamlNode *map, bool secrets)
{
	static const char *const keys[] = { "name", "since", "imap", PATH_KINDS,
		NULL };
	const YamlNode *imap = yaml_get(map, "imap");
	const char *kind = path_kind(map);
	SourceConf *source;

	if (!yaml_check_keys(map, keys))
		return NULL;
	source = g_new0(SourceConf, 1);
	(void)yaml_need(map, "name");
	source->name = g_strdup(yaml_get_text(map, "name", ""));
	if ((imap == NULL) == (kind == NULL))
		yaml_problem(map,
		    "a mailbox needs 'imap' or 'maildir', one "
		    "of them");
	if (imap != NULL && yaml_get(map, "since") != NULL)
		yaml_problem(yaml_get(map, "since"),
		    "here it is of a 'maildir'; of 'imap' it stands within");
	if (imap != NULL) {
		load_imap(conf, imap, secrets, source);
	} else {
		source->kind = g_strdup(kind != NULL ? kind : "maildir");
		source->since_all = yaml_get_choice(map, "since", since, 0) ==
		    1;
		source->done = DONE_MOVE;
		source->poll = 60;
		source->path = conf_path(conf, map, source->kind);
	}
	return source;
}

void
conf_load_mailboxes(Conf *conf, const YamlNode *root, bool secrets)
{
	const YamlNode *list = yaml_need(root, "mailboxes");
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	if (list == NULL)
		return;
	if (yaml_kind(list) != YAML_LIST || yaml_count(list) == 0) {
		yaml_problem(list, "a list of mailboxes is expected here");
		return;
	}
	for (guint i = 0; i < yaml_count(list); i++) {
		const YamlNode *node = yaml_item(list, i);
		SourceConf *source = mailbox_load(conf, node, secrets);

		if (source == NULL)
			continue;
		if (!g_hash_table_add(seen, source->name))
			yaml_problem(node, "there are two mailboxes '%s'",
			    source->name);
		g_ptr_array_add(conf->mailboxes, source);
	}
}

/* ---- the way out ---- */

static void
load_smtp(const Conf *conf, const YamlNode *map, bool secrets, SinkConf *sink)
{
	static const char *const keys[] = { "host", "port", "tls", "user",
		"password", "password_file", "ca_file", "helo", "connections",
		NULL };
	static const char *const tls[] = { "implicit", "starttls", "none",
		NULL };
	static const int ports[] = { 465, 587, 25 };
	int kind;

	sink->kind = g_strdup("smtp");
	if (!yaml_check_keys(map, keys))
		return;
	refuse_password(map);
	sink->host = host_load(map);
	kind = yaml_get_choice(map, "tls", tls, 0);
	sink->starttls = kind == 1;
	sink->plain = kind == 2;
	sink->port = (guint16)yaml_get_int(map, "port", 1, 65535, ports[kind]);
	if (sink->plain && !is_loopback(sink->host))
		yaml_problem(yaml_get(map, "tls"),
		    "'none' is for a server on this machine only (127.0.0.1, "
		    "::1); write implicit or starttls");
	sink->user = g_strdup(yaml_get_text(map, "user", NULL));
	sink->password = conf_secret(conf, map, "password_file", secrets);
	if ((sink->user == NULL) != (yaml_get(map, "password_file") == NULL))
		yaml_problem(map, "'user' and 'password_file' go together");
	sink->ca_file = conf_file_path(conf, map, "ca_file", secrets);
	sink->connections = (int)yaml_get_int(map, "connections", 1,
	    LIMIT_SEND_PROCESSES, 2);
	sink->helo = g_strdup(yaml_get_text(map, "helo", conf->domain));
}

void
conf_load_send(Conf *conf, const YamlNode *root, bool secrets)
{
	static const char *const keys[] = { "smtp", "maildir", NULL };
	const YamlNode *map = yaml_need(root, "send");
	const YamlNode *smtp = yaml_get(map, "smtp");
	const YamlNode *maildir = yaml_get(map, "maildir");

	if (map == NULL || !yaml_check_keys(map, keys))
		return;
	if ((smtp == NULL) == (maildir == NULL))
		yaml_problem(map,
		    "mail goes out by 'smtp' or into a "
		    "'maildir', one of them");
	conf->sink = g_new0(SinkConf, 1);
	if (smtp != NULL) {
		load_smtp(conf, smtp, secrets, conf->sink);
		return;
	}
	conf->sink->connections = 1; /* nothing waits for a disk */
	conf->sink->kind = g_strdup("maildir");
	conf->sink->path = conf_path(conf, map, "maildir");
}

/* How many tickets of one client's alerts are one trouble. */
void
conf_load_storm(const YamlNode *root, DeskPolicy *policy)
{
	static const char *const keys[] = { "alerts", "within", NULL };
	const YamlNode *map = yaml_get(root, "storm");
	Duration within = { DURATION_TIME, LIMIT_STORM_SECONDS };

	policy->storm_within = 0; /* without it, each alert is told by itself */
	if (map == NULL)
		return;
	(void)yaml_check_keys(map, keys);
	policy->storm_alerts = (int)yaml_get_int(map, "alerts", 2, 1000,
	    LIMIT_STORM_ALERTS);
	if (load_duration(map, "within", &within) &&
	    (within.unit != DURATION_TIME || within.count > 86400))
		yaml_problem(yaml_get(map, "within"),
		    "write it in minutes, at most a day, as in 5m");
	policy->storm_within = within.count;
}
