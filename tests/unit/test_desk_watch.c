/*
 * The desk watches itself: what it notices, what it says, what it does about
 * it, and when systemd's watchdog is fed. The hands are this program; some of
 * them stall.
 */
#include "guichet/daemon/vigil.h"

#include "desk-fixture.h"
#include "telling-intake.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

/* ---- the vigil itself ---- */

static void
test_vigil(void)
{
	static const struct {
		gint64 now;
		guint64 done;
		bool waits;
		guint times;
		bool moves;
	} looks[] = {
		{ 50, 7, false, 0, true }, /* nothing waits */
		{ 100, 7, true, 0, false },
		{ 149, 7, true, 0, false },
		{ 150, 7, true, 1, false },
		{ 160, 7, true, 0, false }, /* told once */
		{ 249, 7, true, 0, false },
		{ 250, 7, true, 2, false },
		{ 999, 7, true, 3, false }, /* a late look is one look */
		{ 1000, 8, true, 0, true }, /* one is done: all is well */
		{ 1099, 8, true, 0, false },
		{ 1100, 8, true, 1, false }, /* and counts anew */
		{ 1101, 8, false, 0, true },
		{ 1300, 8, true, 1, false },
		{ 1301, 9, true, 0, true },
		{ 1399, 10, true, 0, true }, /* always one done in time */
		{ 1498, 11, true, 0, true },
	};
	Vigil vigil;

	vigil_begin(&vigil, 100, 0, 7);
	g_assert_true(vigil_moves(&vigil));
	for (gsize i = 0; i < G_N_ELEMENTS(looks); i++) {
		g_test_message("look %d", (int)i);
		g_assert_cmpuint(vigil_look(&vigil, looks[i].now, looks[i].done,
				     looks[i].waits),
		    ==, looks[i].times);
		g_assert_true(vigil_moves(&vigil) == looks[i].moves);
	}
}

/* ---- silence ---- */

static void
test_silence(void)
{
	static const struct {
		gint64 now;
		bool heard; /* before the look */
		gint64 silence;
	} looks[] = {
		{ 1000, false, 0 }, /* it counts from the first look */
		{ 1010, false, 10 },
		{ 1030, false, 30 },
		{ 1040, true, 0 },
		{ 1060, false, 20 },
		{ 1080, false, 40 },
		{ 9000, false, 60 }, /* who looks was held up */
		{ 9020, false, 80 },
		{ 9020, false, 80 },
		{ 9000, false, 80 }, /* a clock that goes back */
		{ 9999, true, 0 },
		{ 20000, false, 20 },
	};
	Silence silence = { 0 };

	for (gsize i = 0; i < G_N_ELEMENTS(looks); i++) {
		g_test_message("look %d", (int)i);
		if (looks[i].heard)
			silence_end(&silence);
		g_assert_cmpint(silence_look(&silence, looks[i].now, 20), ==,
		    looks[i].silence);
	}
}

/* ---- a desk ---- */

static const char *const one[] = { "one", NULL };

static void
put(const char *folder, int second, const char *head)
{
	deliver_large(folder, "one", second, head, 0);
}

static char *
make_site(void)
{
	char *folder = g_dir_make_tmp("guichet-XXXXXX", NULL);

	make_maildir(folder, "one");
	make_maildir(folder, "out");
	return folder;
}

/* Its log goes to `log`. */
static pid_t
start_desk(const char *folder, gint64 patience, gint64 beat, int log)
{
	DeskOptions options = { .at = INSTANT_NONE,
		.patience = patience,
		.beat = beat };
	pid_t pid = fork();
	DeskSite *site;
	Store *store;

	if (pid != 0)
		return pid;
	dup2(log, STDERR_FILENO);
	site = site_in(folder, one);
	site->conf->readers = 1;
	store = store_open(site->conf->store, STORE_MAKE, NULL);
	_exit(desk_run(desk_new(site, store, &options)));
}

static void
end_desk(pid_t pid, const char *folder)
{
	g_assert_cmpint(kill(pid, SIGTERM), ==, 0);
	g_assert_cmpint(wait_for(pid), ==, 0);
	remove_site(folder);
}

static void
assert_lives(pid_t pid)
{
	int status = 0;

	if (waitpid(pid, &status, WNOHANG) != 0)
		g_error("the desk has ended with status %x", status);
}

/* Until so many files are in the folder; the desk must live on. */
static void
wait_for_files(pid_t pid, const char *folder, const char *box, const char *part,
    guint count)
{
	while (count_files(folder, box, part) < count) {
		assert_lives(pid);
		g_usleep(2000);
	}
}

/* The next line of the log that has the word; the caller frees. */
static char *
read_line_with(FILE *log, const char *word)
{
	char line[1024];

	while (fgets(line, sizeof(line), log) != NULL) {
		g_test_message("%s", g_strchomp(line));
		if (strstr(line, word) != NULL)
			return g_strdup(line);
	}
	g_assert_not_reached();
}

static int
hear_service(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "notify", NULL);
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof(address)),
	    ==, 0);
	g_setenv("NOTIFY_SOCKET", path, TRUE);
	g_setenv("WATCHDOG_USEC", "300000", TRUE);
	g_unsetenv("WATCHDOG_PID");
	return fd;
}

/* How often the watchdog was fed since the last call. */
static guint
count_fed(int fd)
{
	char word[64];
	ssize_t got;
	guint count = 0;

	while ((got = recv(fd, word, sizeof(word) - 1, MSG_DONTWAIT)) > 0) {
		word[got] = '\0';
		count += strcmp(word, "WATCHDOG=1") == 0;
	}
	return count;
}

/* ---- a standstill ---- */

/* Waits for the next word that feeds the watchdog. */
static void
wait_for_fed(int fd)
{
	char word[64] = "";

	while (strncmp(word, "WATCHDOG=1", 10) != 0)
		g_assert_cmpint(recv(fd, word, sizeof(word) - 1, 0), >, 0);
}

/*
 * A reader stalls for longer than the desk's patience: the desk says so, starts
 * its hands anew, and decides all mails, the one that stalls unread. While it
 * stands, and only then, the watchdog is not fed.
 */
static void
test_standstill(void)
{
	g_autofree char *folder = make_site();
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;
	int notify = hear_service(folder);
	int pipe_ends[2];
	FILE *log;
	pid_t pid;

	g_assert_cmpint(pipe(pipe_ends), ==, 0);
	pid = start_desk(folder, 600, 0, pipe_ends[1]);
	close(pipe_ends[1]);
	log = fdopen(pipe_ends[0], "r");
	wait_for_fed(notify); /* nothing waits: it is fed */
	put(folder, 0, "X-Do: stall\r\nSubject: un");
	put(folder, 1, "Subject: deux");
	first = read_line_with(log, "standing-still");
	g_assert_nonnull(strstr(first, " mail=1 state="));
	g_assert_nonnull(strstr(first, " holder="));
	g_assert_nonnull(strstr(first, "cure=\"readers anew\""));
	count_fed(notify);
	second = read_line_with(log, "standing-still");
	g_assert_nonnull(strstr(second, "cure=\"all hands anew\""));
	g_assert_cmpuint(count_fed(notify), ==, 0);
	g_test_message("all decided");
	wait_for_files(pid, folder, "one", "cur", 2);
	count_fed(notify);
	wait_for_fed(notify); /* and again */
	end_desk(pid, folder);
	fclose(log);
	close(notify);
	g_unsetenv("NOTIFY_SOCKET");
	g_unsetenv("WATCHDOG_USEC");
}

/* ---- hands that hang ---- */

#define BEAT 200 /* milliseconds; the hand of a sanitized build is slow */

/* A child of the desk with that role, 0 if there is none now. */
static pid_t
hand_of(pid_t desk, const char *role)
{
	g_autoptr(GDir) all = g_dir_open("/proc", 0, NULL);
	g_autofree char *parent = g_strdup_printf("\nPPid:\t%d\n", (int)desk);
	const char *name;

	while ((name = g_dir_read_name(all)) != NULL) {
		g_autofree char *status = g_build_filename("/proc", name,
		    "status", NULL);
		g_autofree char *line = g_build_filename("/proc", name,
		    "cmdline", NULL);
		g_autofree char *text = NULL;
		g_autofree char *words = NULL;
		gsize length = 0;

		if (!g_ascii_isdigit(*name) ||
		    !g_file_get_contents(status, &text, NULL, NULL) ||
		    strstr(text, parent) == NULL ||
		    !g_file_get_contents(line, &words, &length, NULL))
			continue;
		/* "guichet", "--child", the role, each with its NUL */
		if (length > 16 && strcmp(words + 16, role) == 0)
			return (pid_t)g_ascii_strtoll(name, NULL, 10);
	}
	return 0;
}

static pid_t
wait_for_hand(pid_t desk, const char *role)
{
	pid_t hand;

	while ((hand = hand_of(desk, role)) == 0) {
		assert_lives(desk);
		g_usleep(2000);
	}
	return hand;
}

/* Stops as if it hung; returns once the desk has ended it. */
static void
stop_hand(pid_t desk, const char *role)
{
	pid_t hand = wait_for_hand(desk, role);

	g_test_message("%s stops", role);
	g_assert_cmpint(kill(hand, SIGSTOP), ==, 0);
	while (kill(hand, 0) == 0) {
		assert_lives(desk);
		g_usleep(2000);
	}
}

/*
 * A mailbox's and a sending process that hang while they have nothing to do, as
 * they mostly have: each is ended, which the log says with the mailbox's name,
 * and the next ones do the work.
 */
static void
test_hung_idle(void)
{
	g_autofree char *folder = make_site();
	g_autofree char *mailbox = NULL;
	g_autofree char *sending = NULL;
	int pipe_ends[2];
	FILE *log;
	pid_t pid;

	g_setenv("GUICHET_LOG", "warning", TRUE);
	g_assert_cmpint(pipe(pipe_ends), ==, 0);
	put(folder, 0, "Subject: un");
	pid = start_desk(folder, 60000, BEAT, pipe_ends[1]);
	close(pipe_ends[1]);
	log = fdopen(pipe_ends[0], "r");
	wait_for_files(pid, folder, "one", "cur", 1);
	wait_for_files(pid, folder, "out", "new", 1);
	stop_hand(pid, "fetch");
	mailbox = read_line_with(log, "mailbox-down");
	g_assert_nonnull(strstr(mailbox, " mailbox=one "));
	g_assert_nonnull(strstr(mailbox, "no sign of life for "));
	stop_hand(pid, "send");
	sending = read_line_with(log, "sending-down");
	g_assert_nonnull(strstr(sending, "no sign of life for "));
	put(folder, 1, "Subject: deux");
	wait_for_files(pid, folder, "one", "cur", 2);
	wait_for_files(pid, folder, "out", "new", 2);
	end_desk(pid, folder);
	fclose(log);
	g_setenv("GUICHET_LOG", "error", TRUE);
}

/* The hand that stalls, 0 before it does: see stall_as_told(). */
static pid_t
stalled_hand(void)
{
	g_autofree char *file = told("stalled");
	g_autofree char *pid = NULL;

	if (file == NULL || !g_file_get_contents(file, &pid, NULL, NULL))
		return 0;
	return (pid_t)g_ascii_strtoll(pid, NULL, 10);
}

/* One that hangs at its first life before it has heard a word, or with an
 * answer in its hands, which is tried again later. */
static void
test_hung_at_birth(void)
{
	static const char *const roles[] = { "fetch", "send" };

	for (gsize i = 0; i < G_N_ELEMENTS(roles); i++) {
		g_autofree char *folder = make_site();
		g_autofree char *stalled = g_build_filename(folder, "stalled",
		    NULL);
		pid_t pid;

		g_test_message("%s", roles[i]);
		tell_children("stalls", roles[i]);
		tell_children("stalled", stalled);
		put(folder, 0, "Subject: un");
		pid = start_desk(folder, 60000, BEAT, STDERR_FILENO);
		while (stalled_hand() == 0 || kill(stalled_hand(), 0) == 0) {
			assert_lives(pid);
			g_usleep(2000);
		}
		wait_for_files(pid, folder, "one", "cur", 1);
		tell_children("stalls", NULL);
		tell_children("stalled", NULL);
		end_desk(pid, folder);
	}
}

/* Stalls at its first life, once the file says who it is. */
static void
stall_as_told(const char *role)
{
	g_autofree char *file = told("stalled");
	g_autofree char *stalls = told("stalls");
	g_autofree char *pid = g_strdup_printf("%d", (int)getpid());

	if (g_strcmp0(stalls, role) != 0 || file == NULL ||
	    g_file_test(file, G_FILE_TEST_EXISTS))
		return;
	g_file_set_contents(file, pid, -1, NULL);
	fake_stall();
}

int
main(int argc, char **argv)
{
	desk_test_begin(&argc, &argv, stall_as_told);
	g_test_add_func("/desk-watch/vigil", test_vigil);
	g_test_add_func("/desk-watch/standstill", test_standstill);
	g_test_add_func("/desk-watch/silence", test_silence);
	g_test_add_func("/desk-watch/hung-idle", test_hung_idle);
	g_test_add_func("/desk-watch/hung-at-birth", test_hung_at_birth);
	return g_test_run();
}
