/*
 * A site in a folder for the tests of the desk: Maildirs in, a Maildir out. The
 * test program is its desk's children.
 */
#ifndef DESK_FIXTURE_H
#define DESK_FIXTURE_H

#include "guichet/base/error.h"
#include "guichet/daemon/desk.h"
#include "guichet/daemon/hands.h"

#include "fake-reader.h"

#include <glib/gstdio.h>

#include <string.h>
#include <sys/wait.h>

void
desk_site_free(DeskSite *site)
{
	if (site == NULL)
		return;
	g_ptr_array_unref(site->conf->mailboxes);
	g_free(site->conf->sink->kind);
	g_free(site->conf->sink->path);
	g_free(site->conf->sink);
	g_free(site->conf->store);
	g_free(site->conf);
	rule_files_free(site->files);
	g_free(site);
}

DeskSite *
desk_site_load(const char *file, GError **error)
{
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG, "%s", file);
	return NULL;
}

static void
free_mailbox(gpointer data)
{
	SourceConf *mailbox = data;

	g_free(mailbox->kind);
	g_free(mailbox->name);
	g_free(mailbox->path);
	g_free(mailbox);
}

static void
add_mailbox(Conf *conf, const char *folder, const char *name)
{
	SourceConf *mailbox = g_new0(SourceConf, 1);

	mailbox->kind = g_strdup("maildir");
	mailbox->name = g_strdup(name);
	mailbox->path = g_build_filename(folder, name, NULL);
	mailbox->since_all = true;
	mailbox->done = DONE_MOVE;
	mailbox->poll = 1;
	g_ptr_array_add(conf->mailboxes, mailbox);
}

static DeskSite *
site_in(const char *folder, const char *const *mailboxes)
{
	DeskSite *site = g_new0(DeskSite, 1);
	Conf *conf = g_new0(Conf, 1);

	conf->mailboxes = g_ptr_array_new_with_free_func(free_mailbox);
	for (; *mailboxes != NULL; mailboxes++)
		add_mailbox(conf, folder, *mailboxes);
	conf->store = g_build_filename(folder, "guichet.db", NULL);
	conf->readers = 2;
	conf->sink = g_new0(SinkConf, 1);
	conf->sink->kind = g_strdup("maildir");
	conf->sink->path = g_build_filename(folder, "out", NULL);
	site->conf = conf;
	site->files = rule_files_new();
	rule_files_seal(site->files);
	return site;
}

static void
make_maildir(const char *folder, const char *name)
{
	static const char *const parts[] = { "new", "cur", "tmp" };

	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autofree char *path = g_build_filename(folder, name, parts[i],
		    NULL);

		g_assert_cmpint(g_mkdir_with_parents(path, 0700), ==, 0);
	}
}

/* The mail received at that second, with a body of so many bytes more. */
static void
deliver_large(const char *folder, const char *box, int second, const char *head,
    gsize size)
{
	static const char line[] = "Le journal, ligne apres ligne.\r\n";
	g_autofree char *name = g_strdup_printf("%d.M%dP1.example",
	    1795190400 + second, second);
	g_autofree char *path = g_build_filename(folder, box, "new", name,
	    NULL);
	g_autofree char *tmp = g_build_filename(folder, box, "tmp", name, NULL);
	g_autoptr(GString) mail = g_string_sized_new(size + 1000);

	g_string_append_printf(mail,
	    "From: claire@example.com\r\n%s\r\n\r\nBonjour\r\n", head);
	for (gsize end = mail->len + size; mail->len + strlen(line) < end;)
		g_string_append(mail, line);
	g_assert_true(g_file_set_contents_full(tmp, mail->str,
	    (gssize)mail->len, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	g_assert_cmpint(g_rename(tmp, path), ==, 0);
}

static void
remove_site(const char *folder)
{
	const char *argv[] = { "rm", "-rf", folder, NULL };

	g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL,
	    G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
}

static guint
count_files(const char *folder, const char *box, const char *part)
{
	g_autofree char *path = g_build_filename(folder, box, part, NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	guint count = 0;

	while (dir != NULL && g_dir_read_name(dir) != NULL)
		count++;
	return count;
}

static int
be_child(const char *role, const char *name)
{
	if (g_str_equal(role, "fetch"))
		return fetch_main(name);
	if (g_str_equal(role, "send"))
		return send_main(name);
	return fake_read_main();
}

/* What main() begins with. A child does not return; `first`, which may be NULL,
 * is what it does before all else. */
static void
desk_test_begin(int *argc, char ***argv, void (*first)(const char *role))
{
	if (*argc == 4 && g_str_equal((*argv)[1], "--child")) {
		if (first != NULL)
			first((*argv)[2]);
		exit(be_child((*argv)[2], (*argv)[3]));
	}
	g_setenv("GUICHET_LOG", "error", FALSE);
	g_test_init(argc, argv, NULL);
}

static int
wait_for(pid_t pid)
{
	int status;

	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	return status;
}

#endif
