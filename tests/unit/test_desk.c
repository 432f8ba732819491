/*
 * The desk with its real loop, store, mailboxes and way out (Maildirs), but
 * with an intake that only writes down what it was given, and readers that
 * misbehave when a mail says so. This program is its own children.
 */
#include "guichet/base/error.h"
#include "guichet/daemon/control.h"
#include "guichet/daemon/desk.h"
#include "guichet/rounds/tick.h"
#include "guichet/store/store_life.h"

#include "desk-fixture.h"
#include "faulty-disk.h"
#include "telling-intake.h"

#include <signal.h>

/* ---- a site in a folder ---- */

static void
deliver(const char *folder, const char *box, int second, const char *head)
{
	deliver_large(folder, box, second, head, 0);
}

static char *
make_site(void)
{
	char *folder = g_dir_make_tmp("guichet-XXXXXX", NULL);

	make_maildir(folder, "one");
	make_maildir(folder, "two");
	make_maildir(folder, "out");
	deliver(folder, "one", 0, "X-Do: slow\r\nSubject: un");
	deliver(folder, "two", 1, "X-Do: fresh\r\nSubject: deux");
	deliver(folder, "one", 2, "X-Do: die\r\nSubject: trois");
	deliver(folder, "one", 3, "Subject: refuse");
	deliver(folder, "two", 4, "Subject: rcinq");
	deliver(folder, "one", 5, "Subject: six");
	return folder;
}

/* ---- runs ---- */

typedef struct {
	gint64 count, last;
} Writes;

static void
count_write(void *data)
{
	Writes *writes = data;

	if (++writes->count == writes->last)
		raise(SIGKILL);
}

static int
run_once(const char *folder, const char *const *mailboxes, Writes *writes)
{
	DeskOptions options = { .once = true, .at = 1795200000, .seed = 7 };
	DeskSite *site = site_in(folder, mailboxes);
	g_autoptr(GError) error = NULL;
	Store *store = store_open(site->conf->store, STORE_MAKE, &error);
	int code;

	g_assert_no_error(error);
	if (writes != NULL)
		store_set_write_hook(count_write, writes);
	g_autoptr(Desk) desk = desk_new(site, store, &options);

	code = desk_run(desk);
	store_set_write_hook(NULL, NULL);
	return code;
}

static const char *const both[] = { "one", "two", NULL };

/* All that the runs left behind, "maybe sent" counted as sent. */
static char *
summary(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "guichet.db", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = store_open(path, STORE_READ, &error);
	GString *text = g_string_new(NULL);
	g_autofree char *story = NULL;
	g_autofree char *unclean = NULL;
	g_autoptr(GPtrArray) outbox = NULL;

	g_assert_no_error(error);
	g_assert_true(store_setting(store, "story", &story, &error));
	g_assert_true(store_setting(store, "unclean", &unclean, &error));
	g_string_append_printf(text, "%s| unclean=%s |", story, unclean);
	outbox = store_outbox_list(store, true, &error);
	g_assert_no_error(error);
	for (guint i = 0; i < outbox->len; i++) {
		const OutboxRow *row = outbox->pdata[i];
		const char *state = row->state;

		if (g_str_equal(state, "maybe") && !row->repeatable)
			state = "sent";
		g_string_append_printf(text, " %s:%s", row->subject, state);
	}
	g_string_append_printf(text, " | new %u+%u cur %u+%u",
	    count_files(folder, "one", "new"),
	    count_files(folder, "two", "new"),
	    count_files(folder, "one", "cur"),
	    count_files(folder, "two", "cur"));
	return g_string_free(text, FALSE);
}

#define DRAINED                                                       \
 "un deux ? ? rcinq six | unclean=no | un:sent deux:sent rcinq:sent " \
 "six:sent | new 0+0 cur 4+2"

static void
test_drain(void)
{
	g_autofree char *folder = make_site();
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;

	g_assert_cmpint(run_once(folder, both, NULL), ==, APP_DONE);
	first = summary(folder);
	g_assert_cmpstr(first, ==, DRAINED);
	g_assert_cmpuint(count_files(folder, "out", "new"), ==, 4);
	/* Nothing is new: nothing happens. */
	g_assert_cmpint(run_once(folder, both, NULL), ==, APP_DONE);
	second = summary(folder);
	g_assert_cmpstr(second, ==, DRAINED);
	remove_site(folder);
}

/* One mailbox is not there: that is told, and the other is drained. */
static void
test_one_fails(void)
{
	static const char *const some[] = { "nowhere", "two", NULL };
	g_autofree char *folder = make_site();
	g_autofree char *text = NULL;

	g_assert_cmpint(run_once(folder, some, NULL), ==, APP_FAILED);
	text = summary(folder);
	g_assert_cmpstr(text, ==,
	    "deux rcinq | unclean=no | deux:sent rcinq:sent | new 4+0 cur 0+2");
	remove_site(folder);
}

static pid_t
fork_run(const char *folder, Writes *writes)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(run_once(folder, both, writes));
	return pid;
}

/*
 * Killed at a write and started again, whatever the write: the same in the
 * end. Each build tries some of them, the first and the last among them.
 */
static void
test_kill(void)
{
	g_autofree char *whole = make_site();
	Writes writes = { 0, 0 };
	gint64 step;

	g_assert_cmpint(run_once(whole, both, &writes), ==, APP_DONE);
	remove_site(whole);
	g_assert_cmpint(writes.count, >, 20);
	step = g_test_slow() ? 1 : 17;
	for (gint64 last = 1; last <= writes.count; last += step) {
		g_autofree char *folder = make_site();
		g_autofree char *text = NULL;
		Writes killed = { 0, last };
		int status = wait_for(fork_run(folder, &killed));

		g_test_message("killed at write %d", (int)last);
		/* How much one transaction holds depends on who was quick. */
		g_assert_true(WIFSIGNALED(status) || last > writes.count / 2);
		g_assert_cmpint(wait_for(fork_run(folder, NULL)), ==, 0);
		text = summary(folder);
		g_assert_cmpstr(text, ==, DRAINED);
		remove_site(folder);
	}
}

static void
make_store(const char *folder)
{
	g_autoptr(DeskSite) site = site_in(folder, both);

	g_assert_true(store_make(site->conf->store, NULL));
}

static void
run_until_stopped(const char *folder)
{
	DeskOptions options = { .at = INSTANT_NONE, .conf_file = "bad" };
	DeskSite *site = site_in(folder, both);
	Store *store = store_open(site->conf->store, STORE_MAKE, NULL);
	g_autoptr(Desk) desk = desk_new(site, store, &options);

	_exit(desk_run(desk));
}

/* Asks the desk until it answers. */
static void
ping(const char *store)
{
	static const char *const words[] = { "ping", NULL };
	ControlResult result = CONTROL_NO_DESK;

	while (result == CONTROL_NO_DESK) {
		g_autofree char *out = NULL;
		g_autofree char *err = NULL;
		g_autoptr(GError) error = NULL;
		int code = -1;

		result = control_call(store, words, &code, &out, &err, &error);
		g_assert_no_error(error);
		if (result == CONTROL_ANSWERED) {
			g_assert_cmpstr(out, ==, "pong");
			g_assert_cmpint(code, ==, APP_DONE);
		} else {
			g_usleep(5000);
		}
	}
}

/* Until it is stopped: answers the control socket, keeps its rules when the
 * new ones are bad, then ends cleanly. */
static void
test_stop(void)
{
	g_autofree char *folder = make_site();
	g_autofree char *path = g_build_filename(folder, "guichet.db", NULL);
	g_autofree char *text = NULL;
	pid_t pid = fork();

	if (pid == 0)
		run_until_stopped(folder);
	ping(path);
	g_assert_cmpint(kill(pid, SIGHUP), ==, 0);
	ping(path);
	g_assert_cmpint(kill(pid, SIGTERM), ==, 0);
	g_assert_cmpint(wait_for(pid), ==, 0);
	text = summary(folder);
	g_assert_nonnull(strstr(text, "unclean=no"));
	remove_site(folder);
}

/* What was due while nobody ran is looked at behind the mail that waited. */
static void
test_mail_first(void)
{
	g_autofree char *folder = make_site();
	g_autofree char *text = NULL;
	g_auto(GStrv) story = NULL;
	pid_t pid = fork();

	if (pid == 0) {
		DeskOptions options = { .at = INSTANT_NONE };
		DeskSite *site = site_in(folder, both);
		Store *store = store_open(site->conf->store, STORE_MAKE, NULL);
		g_autoptr(Desk) desk = desk_new(site, store, &options);

		has_ticks = true;
		_exit(desk_run(desk));
	}
	g_assert_cmpint(wait_for(pid), ==, 0);
	text = summary(folder);
	g_test_message("%s", text);
	story = g_strsplit(text, " ", 8);
	g_assert_cmpuint(g_strv_length(story), ==, 8);
	g_assert_cmpstr(story[6], ==, "tick");
	remove_site(folder);
}

/* Every mail was told of once, and each answer sent, in whatever order. */
static void
assert_whole(const char *text)
{
	static const char *const words[] = { "un ", "deux ", "rcinq ", "six ",
		"un:sent", "deux:sent", "rcinq:sent", "six:sent", "unclean=no",
		"new 0+0 cur 4+2" };

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		const char *found = strstr(text, words[i]);

		g_test_message("%s", text);
		g_assert_nonnull(found);
		g_assert_null(strstr(found + 1, words[i]));
	}
}

/* Files alone do not tell: one that left when its commit failed leaves twice. */
static bool
all_have_left(const char *folder)
{
	g_autofree char *text = summary(folder);

	return strstr(text, ":ready") == NULL &&
	    strstr(text, ":sending") == NULL && strstr(text, ":dot") == NULL &&
	    strstr(text, ":retry") == NULL;
}

/*
 * An fsync that fails, whichever it is: the desk opens its store again, by
 * itself, and in the end everything is there once.
 */
static void
test_failing_disk(void)
{
	static const int fsyncs[] = { 5, 7, 10 };

	for (gsize i = 0; i < G_N_ELEMENTS(fsyncs); i++) {
		g_autofree char *folder = make_site();
		g_autofree char *text = NULL;
		pid_t pid = fork();

		if (pid == 0) {
			make_store(folder);
			faulty_disk_install();
			faulty_disk_fail_fsync(fsyncs[i]);
			run_until_stopped(folder);
		}
		/* All six mails are in, and four answers out. */
		while (count_files(folder, "out", "new") < 4 ||
		    count_files(folder, "one", "cur") < 4 ||
		    count_files(folder, "two", "cur") < 2 ||
		    !all_have_left(folder)) {
			g_assert_cmpint(waitpid(pid, NULL, WNOHANG), ==, 0);
			g_usleep(5000);
		}
		g_assert_cmpint(kill(pid, SIGTERM), ==, 0);
		g_assert_cmpint(wait_for(pid), ==, 0);
		text = summary(folder);
		g_test_message("fsync %d", fsyncs[i]);
		assert_whole(text);
		remove_site(folder);
	}
}

static void
add_answer(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "guichet.db", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = store_open(path, STORE_MAKE, &error);
	g_autoptr(StoreTx) tx = store_begin(store, &error);
	g_autoptr(GBytes) bytes = g_bytes_new_static("Subject: Re\r\n\r\nx\r\n",
	    18);
	OutboxRow row = { .ticket = 7,
		.what = (char *)"reply",
		.from = (char *)"",
		.to = (char *)"claire@example.com",
		.message_id = (char *)"a@example.com",
		.subject = (char *)"Re",
		.text = (char *)"",
		.bytes = bytes,
		.created = 1795190000,
		.next = 1795190000,
		.first_try = INSTANT_NONE,
		.repeatable = true };

	g_assert_no_error(error);
	g_assert_true(store_next_outbox(tx, &row.id, &error));
	g_assert_true(store_add_outbox(tx, &row, &error));
	g_assert_true(store_commit(&tx, &error));
}

/* A disk that is full for a moment, whatever is written then: what a lane had
 * claimed in vain is still to be sent. */
static void
test_full_disk(void)
{
	for (int i = 3; i <= 5; i++) {
		g_autofree char *folder = g_dir_make_tmp("guichet-XXXXXX",
		    NULL);
		pid_t pid;

		make_maildir(folder, "one");
		make_maildir(folder, "two");
		make_maildir(folder, "out");
		add_answer(folder);
		pid = fork();
		if (pid == 0) {
			faulty_disk_install();
			faulty_disk_fill_at(i);
			run_until_stopped(folder);
		}
		g_test_message("fsync %d", i);
		while (count_files(folder, "out", "new") < 1) {
			g_assert_cmpint(waitpid(pid, NULL, WNOHANG), ==, 0);
			g_usleep(5000);
		}
		g_assert_cmpint(kill(pid, SIGTERM), ==, 0);
		g_assert_cmpint(wait_for(pid), ==, 0);
		remove_site(folder);
	}
}

int
main(int argc, char **argv)
{
	desk_test_begin(&argc, &argv, NULL);
	g_test_add_func("/desk/drain", test_drain);
	g_test_add_func("/desk/one-fails", test_one_fails);
	g_test_add_func("/desk/stop", test_stop);
	g_test_add_func("/desk/kill", test_kill);
	g_test_add_func("/desk/mail-first", test_mail_first);
	g_test_add_func("/desk/failing-disk", test_failing_disk);
	g_test_add_func("/desk/full-disk", test_full_disk);
	return g_test_run();
}
