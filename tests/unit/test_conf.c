#include "guichet/base/error.h"
#include "guichet/site/conf.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of its own for one test. */
typedef struct {
	char *path;
} Folder;

static void
folder_set_up(Folder *folder, gconstpointer data)
{
	(void)data;
	folder->path = g_dir_make_tmp("guichet-conf-XXXXXX", NULL);
	g_assert_nonnull(folder->path);
}

static void
folder_tear_down(Folder *folder, gconstpointer data)
{
	const char *argv[] = { "rm", "-rf", folder->path, NULL };

	(void)data;
	g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL,
	    G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
	g_free(folder->path);
}

static char *
put(const Folder *folder, const char *name, const char *text, int mode)
{
	char *path = g_build_filename(folder->path, name, NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(g_chmod(path, mode), ==, 0);
	return path;
}

static const char site[] =
    "site: {name: Bureau, address: Help@Desk.example, addresses: "
    "[sos24@desk.example],\n"
    "  plus_addresses: yes, zone: Europe/Paris}\n"
    "store: data/store.sqlite\n"
    "rules: .\n"
    "tokens: keys/tokens\n"
    "border: {authserv_id: mx.desk.example, hosts: [MX.desk.example]}\n"
    "technicians:\n"
    "- {name: Anne, address: anne@desk.example}\n"
    "- {name: Mary, address: Mary@desk.example, language: en, active: no}\n";

static const char wire[] =
    "mailboxes:\n"
    "- {name: local, maildir: in}\n"
    "- name: help\n"
    "  imap: {host: imap.example.com, tls: starttls, user: help, "
    "password_file: pw,\n"
    "    since: all, done: {move: Done}, poll: 2m}\n"
    "send: {smtp: {host: 127.0.0.1, tls: none, port: 2525}}\n";

static char *
problems_of(const char *file, bool secrets)
{
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(Conf) conf = conf_load(file, secrets, problems);

	g_assert_cmpint(conf == NULL, ==, problems_count(problems) > 0);
	return problems_format(problems);
}

static void
test_whole(Folder *folder, gconstpointer data)
{
	g_autofree char *text = g_strconcat(site, wire, NULL);
	g_autofree char *file = put(folder, "guichet.yaml", text, 0644);
	g_autofree char *secret = put(folder, "pw", "  mot de passe \n", 0600);
	g_autofree char *keys = g_build_filename(folder->path, "keys", "tokens",
	    NULL);
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(Conf) conf = conf_load(file, true, problems);
	g_autofree char *found = problems_format(problems);
	g_autofree char *before = NULL, *after = NULL;
	const SourceConf *imap;
	struct stat status;

	(void)data;
	g_assert_cmpstr(found, ==, "");
	g_assert_cmpstr(conf->address, ==, "help@desk.example");
	g_assert_cmpuint(g_strv_length(conf->own_addresses), ==, 2);
	g_assert_cmpstr(conf->domain, ==, "desk.example");
	g_assert_true(conf->plus_addresses);
	g_assert_true(conf->policy.plus_addresses);
	g_assert_cmpstr(conf->language, ==, "fr");
	g_assert_true(g_str_has_prefix(conf->store, folder->path));
	g_assert_true(g_str_has_suffix(conf->store, "/data/store.sqlite"));
	g_assert_cmpstr(conf->rules, ==, folder->path);
	g_assert_cmpstr(conf->auth.border_hosts[0], ==, "mx.desk.example");
	g_assert_cmpint(conf->policy.per_address_hour, ==, 3);
	g_assert_cmpint(conf->policy.acknowledge_within, ==, 86400);
	g_assert_cmpint(conf->answers_wait, ==, 60);
	g_assert_cmpuint(conf->mailboxes->len, ==, 2);
	imap = conf->mailboxes->pdata[1];
	g_assert_cmpstr(imap->kind, ==, "imap");
	g_assert_cmpstr(imap->password, ==, "  mot de passe ");
	g_assert_cmpint(imap->port, ==, 143);
	g_assert_true(imap->starttls && imap->since_all);
	g_assert_cmpint(imap->done, ==, DONE_MOVE);
	g_assert_cmpstr(imap->done_name, ==, "Done");
	g_assert_cmpint(imap->poll, ==, 120);
	g_assert_true(conf->sink->plain);
	g_assert_cmpint(conf->sink->port, ==, 2525);
	g_assert_cmpint(conf_technician(conf, "mary@desk.example")->id, ==, 2);
	g_assert_false(conf_technician_id(conf, 2)->active);
	g_assert_cmpstr(conf_technician_id(conf, 2)->language, ==, "en");
	g_assert_null(conf_technician_id(conf, 0));
	g_assert_null(conf_technician_id(conf, 3));
	g_assert_null(conf_technician(conf, "x@desk.example"));

	/* Loading makes none; asked for, they are made for us alone, once. */
	g_assert_null(conf->tokens);
	g_assert_cmpint(stat(keys, &status), !=, 0);
	g_assert_true(conf_make_tokens(conf, NULL));
	g_assert_nonnull(conf->tokens);
	g_assert_cmpint(stat(keys, &status), ==, 0);
	g_assert_cmpint(status.st_mode & 0777, ==, 0600);
	g_assert_true(g_file_get_contents(keys, &before, NULL, NULL));
	g_free(found);
	found = problems_of(file, true);
	g_assert_cmpstr(found, ==, "");
	g_assert_true(conf_make_tokens(conf, NULL));
	g_assert_true(g_file_get_contents(keys, &after, NULL, NULL));
	g_assert_cmpstr(before, ==, after);
}

/* What needs no secrets reads none, and makes none. */
static void
test_without_secrets(Folder *folder, gconstpointer data)
{
	g_autofree char *text = g_strconcat(site, wire, NULL);
	g_autofree char *file = put(folder, "guichet.yaml", text, 0644);
	g_autofree char *keys = g_build_filename(folder->path, "keys", NULL);
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(Conf) conf = conf_load(file, false, problems);

	(void)data;
	g_assert_nonnull(conf);
	g_assert_null(conf->tokens);
	g_assert_null(((SourceConf *)conf->mailboxes->pdata[1])->password);
	g_assert_false(g_file_test(keys, G_FILE_TEST_EXISTS));
}

static void
test_secret_files(Folder *folder, gconstpointer data)
{
	static const struct {
		const char *text;
		int mode;
		const char *problem; /* NULL: none */
	} rows[] = {
		{ "geheim\n", 0600, NULL },
		{ "geheim", 0400, NULL },
		{ "geheim\n", 0640, "others can read it; chmod 600 " },
		{ "geheim\n", 0604, "others can read it; chmod 600 " },
		{ "geheim\n", 0620, "others can read it; chmod 600 " },
		{ "", 0600, "is empty" },
		{ "a\nb\n", 0600, "is not one line" },
		{ "\n", 0600, "is not one line" },
	};
	g_autofree char *text = g_strconcat(site, wire, NULL);
	g_autofree char *file = put(folder, "guichet.yaml", text, 0644);
	g_autofree char *absent = problems_of(file, true);

	(void)data;
	g_assert_nonnull(strstr(absent,
	    "/pw: No such file or directory; put "
	    "the secret alone in that file, then "
	    "chmod 600 "));
	g_assert_nonnull(strstr(absent, "guichet.yaml:13:"));
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = put(folder, "pw", rows[i].text,
		    rows[i].mode);
		g_autofree char *found = problems_of(file, true);

		g_test_message("%s %o", rows[i].text, rows[i].mode);
		if (rows[i].problem == NULL)
			g_assert_cmpstr(found, ==, "");
		else
			g_assert_nonnull(strstr(found, rows[i].problem));
		g_assert_null(strstr(found, "geheim"));
		g_unlink(path);
	}
	if (geteuid() == 0) {
		g_autofree char *path = put(folder, "pw", "geheim", 0600);
		g_autofree char *found = NULL;

		g_assert_cmpint(chown(path, 65534, 65534), ==, 0);
		found = problems_of(file, true);
		g_assert_nonnull(strstr(found, "belongs to another user"));
		/* What root would be told to chown is the service's. */
		g_assert_null(strstr(found, "chown"));
		g_assert_nonnull(strstr(found, "so must this: 'sudo -u "));
	}
}

/* All of it at once, each at its place. */
static void
test_mistakes(Folder *folder, gconstpointer data)
{
	static const char text[] =
	    "site: {name: Bureau, adress: help@desk.example, zone: Paris}\n"
	    "store: x\n"
	    "readers: 99\n"
	    "mailboxes:\n"
	    "- {name: a, maildir: in, imap: {host: h}}\n"
	    "- {name: a, imap: {host: 'h:1/', user: u, password: p, since: "
	    "ever, done: {keyword: 'a b'}, poll: 1s}}\n"
	    "send: {smtp: {host: mail.example.com, tls: none, user: u}}\n"
	    "technicians:\n"
	    "- {name: A, address: 'A <a@b.example>'}\n"
	    "- {name: B, address: b@b.example}\n"
	    "- {name: C, address: B@b.example}\n"
	    "border: {authserv_id: mx}\n"
	    "acknowledge: {within: 2d}\n"
	    "answers_wait: 61m\n";
	static const char *const expected[] = {
		":1:7: the key 'address' is missing",
		":1:22: unknown key 'adress'; did you mean 'address'?",
		":1:55: ",
		":1:1: the key 'rules' is missing",
		":1:1: the key 'tokens' is missing",
		":3:10: '99' is not a whole number from 1 to 16",
		":5:3: a mailbox needs 'imap' or 'maildir', one of them",
		":5:32: the key 'user' is missing",
		":5:32: the key 'since' is missing",
		":5:32: the key 'password_file' is missing",
		":6:3: there are two mailboxes 'a'",
		":6:26: 'h:1/' is no host",
		":6:53: a password never stands in this file",
		":6:19: the key 'password_file' is missing",
		":6:63: unknown word 'ever'",
		":6:85: 'a b' is no IMAP keyword",
		":6:99: looks come every 10s to 24h",
		":7:44: 'none' is for a server on this machine only",
		":7:14: 'user' and 'password_file' go together",
		":9:22: 'A <a@b.example>' is no mail address",
		":11:3: two technicians have the address 'b@b.example'",
		":12:9: 'authserv_id' is believed only",
		":13:23: write it in hours",
		":14:15: answers wait for 0 (not at all) to 60m",
	};
	g_autofree char *file = put(folder, "guichet.yaml", text, 0644);
	g_autofree char *found = problems_of(file, true);
	guint lines = 0;

	(void)data;
	g_test_message("%s", found);
	for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
		g_autofree char *line = g_strconcat(file, expected[i], NULL);

		g_test_message("%s", expected[i]);
		g_assert_nonnull(strstr(found, line));
	}
	for (const char *p = found; *p != '\0'; p++)
		lines += *p == '\n';
	g_assert_cmpuint(lines, ==, G_N_ELEMENTS(expected));
}

/* What is written of technicians' proof, and what is in force. */
static void
test_tech_auth(Folder *folder, gconstpointer data)
{
	static const struct {
		const char *border, *level;
		TechAuth written, in_force;
		bool awaits;
	} rows[] = {
		{ "", "", TECH_AUTH_DMARC_TOKEN, TECH_AUTH_DMARC_CONFIRM,
		    true },
		{ ", strips: verified", "", TECH_AUTH_DMARC_TOKEN,
		    TECH_AUTH_DMARC_TOKEN, false },
		{ ", strips: unverified", "tech_auth: dmarc+token\n",
		    TECH_AUTH_DMARC_TOKEN, TECH_AUTH_DMARC_CONFIRM, true },
		{ ", strips: verified", "tech_auth: dmarc+confirm\n",
		    TECH_AUTH_DMARC_CONFIRM, TECH_AUTH_DMARC_CONFIRM, false },
		{ "", "tech_auth: token+login\n", TECH_AUTH_TOKEN_LOGIN,
		    TECH_AUTH_TOKEN_LOGIN, false },
		{ "", "tech_auth: off\n", TECH_AUTH_OFF, TECH_AUTH_OFF, false },
	};

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Problems) problems = problems_new();
		g_autoptr(Conf) conf = NULL;
		g_auto(GStrv) parts = g_strsplit(site, "MX.desk.example]", 2);
		g_autofree char *text = g_strconcat(parts[0],
		    "MX.desk.example]", rows[i].border, parts[1], wire,
		    rows[i].level, NULL);
		g_autofree char *file = put(folder, "guichet.yaml", text, 0644);

		conf = conf_load(file, false, problems);
		g_test_message("row %zu", i);
		g_assert_nonnull(conf);
		g_assert_cmpint(conf->tech_auth, ==, rows[i].written);
		g_assert_cmpint(conf->policy.tech_auth, ==, rows[i].in_force);
		g_assert_cmpint(conf_awaits_strips(conf), ==, rows[i].awaits);
	}
}

static void
test_find(Folder *folder, gconstpointer data)
{
	g_autofree char *file = put(folder, "guichet.yaml", "a: b\n", 0644);
	g_autofree char *absent = g_build_filename(folder->path, "x", NULL);
	g_autoptr(GError) error = NULL;
	g_autofree char *found = NULL;

	(void)data;
	g_unsetenv("GUICHET_CONFIG");
	found = conf_find(file, &error);
	g_assert_cmpstr(found, ==, file);
	g_clear_pointer(&found, g_free);
	g_assert_null(conf_find(absent, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
	g_clear_error(&error);

	g_setenv("GUICHET_CONFIG", file, TRUE);
	found = conf_find(NULL, &error);
	g_assert_cmpstr(found, ==, file);
	g_setenv("GUICHET_CONFIG", absent, TRUE);
	g_assert_null(conf_find(NULL, &error));
	g_assert_nonnull(strstr(error->message, "$GUICHET_CONFIG"));
	g_unsetenv("GUICHET_CONFIG");
}

static void
test_example(void)
{
	g_autofree char *found = problems_of("rules/guichet.yaml", false);

	g_assert_cmpstr(found, ==, "");
}

#define FOLDER_TEST(name, function) \
 g_test_add(name, Folder, NULL, folder_set_up, function, folder_tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	FOLDER_TEST("/conf/whole", test_whole);
	FOLDER_TEST("/conf/without-secrets", test_without_secrets);
	FOLDER_TEST("/conf/secret-files", test_secret_files);
	FOLDER_TEST("/conf/mistakes", test_mistakes);
	FOLDER_TEST("/conf/tech-auth", test_tech_auth);
	FOLDER_TEST("/conf/find", test_find);
	g_test_add_func("/conf/example", test_example);
	return g_test_run();
}
