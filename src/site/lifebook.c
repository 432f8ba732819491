/* TOKENS.life, and what it says of the store that is found. */
#define _GNU_SOURCE

#include "guichet/site/lifebook.h"

#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define IDENTITY_BYTES 16

/* The file: five lines; the last has a fixed width, since it is written over
 * after each commit. One that a power cut tore says nothing. */
#define HEAD_FORMAT \
 "guichet-life 1\n" \
 "identity %s\n"    \
 "life %d\n"        \
 "numbers %" G_GINT64_FORMAT "\n"
#define PULSE_FORMAT \
 "pulse %020" G_GINT64_FORMAT " at %020" G_GINT64_FORMAT "\n"

typedef struct {
	char *path;
	bool there; /* it was read, or written */
	int fd;     /* -1, or open to write the pulse */
	off_t pulse_at;
	char *identity;
	gint32 life;
	gint64 numbers; /* up to this one they may have been given */
	gint64 pulse;
	Instant at; /* of the pulse; INSTANT_NONE: not known */
	LifeClock clock;
} Book;

static void
book_free(void *data)
{
	Book *book = data;

	if (book == NULL)
		return;
	descriptor_close(&book->fd);
	g_free(book->path);
	g_free(book->identity);
	g_free(book);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Book, book_free)

static Instant
book_now(const Book *book)
{
	return book->clock.at != INSTANT_NONE ? book->clock.at : instant_now();
}

static char *
book_path(const Conf *conf)
{
	return g_strconcat(conf->token_file, ".life", NULL);
}

bool
lifebook_has_past(const Conf *conf)
{
	g_autofree char *path = book_path(conf);

	return access(conf->token_file, F_OK) == 0 || access(path, F_OK) == 0;
}

/* ---- the file ---- */

static bool
fail(const Book *book, const char *what, GError **error)
{
	int code = errno;

	g_set_error(error, GUICHET_ERROR,
	    code == EACCES || code == EROFS || code == EPERM || code == ENOENT
		? GUICHET_ERROR_CONFIG
		: GUICHET_ERROR_TEMPORARY,
	    "%s: %s: %s; guichet keeps ticket numbers there and must be able "
	    "to write beside the file 'tokens'",
	    book->path, what, g_strerror(code));
	return false;
}

/* SCNd64: GLib's own format takes a leading zero for an octal number. */
static bool
parse(Book *book, const char *text)
{
	char identity[2 * IDENTITY_BYTES + 1] = "";
	gint64 life = 0, pulse = 0, at = 0;
	int head = 0;

	if (sscanf(text,
		"guichet-life 1\nidentity %32[0-9a-f]\nlife "
		"%" SCNd64 "\nnumbers %" SCNd64 "\n%n",
		identity, &life, &book->numbers, &head) != 3 ||
	    head == 0 || strlen(identity) != 2 * IDENTITY_BYTES || life < 1 ||
	    life > G_MAXINT32 || book->numbers < 0)
		return false;
	book->identity = g_strdup(identity);
	book->life = (gint32)life;
	if (sscanf(text + head, "pulse %" SCNd64 " at %" SCNd64 "\n", &pulse,
		&at) == 2) {
		book->pulse = pulse;
		book->at = at > 0 ? at : INSTANT_NONE;
	}
	book->there = true;
	return true;
}

static Book *
book_load(const Conf *conf, LifeClock clock, GError **error)
{
	g_autoptr(Book) book = g_new0(Book, 1);
	g_autoptr(GError) failed = NULL;
	g_autofree char *text = NULL;

	book->path = book_path(conf);
	book->fd = -1;
	book->at = INSTANT_NONE;
	book->clock = clock;
	if (!g_file_get_contents(book->path, &text, NULL, &failed)) {
		if (g_error_matches(failed, G_FILE_ERROR, G_FILE_ERROR_NOENT))
			return g_steal_pointer(&book);
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG, "%s",
		    failed->message);
		return NULL;
	}
	if (parse(book, text))
		return g_steal_pointer(&book);
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "%s: cannot be read; put back the one that belongs to the store, "
	    "or move it away if there is none, and expect ticket numbers "
	    "that were given before",
	    book->path);
	return NULL;
}

static bool
write_all(int fd, const char *text, off_t at)
{
	gsize length = strlen(text);

	return pwrite(fd, text, length, at) == (ssize_t)length;
}

/* Durable when it returns. */
static bool
book_save(Book *book, GError **error)
{
	g_autofree char *draft = g_strconcat(book->path, ".new", NULL);
	g_autofree char *head = g_strdup_printf(HEAD_FORMAT, book->identity,
	    book->life, book->numbers);
	g_autofree char *pulse = g_strdup_printf(PULSE_FORMAT, book->pulse,
	    book->at != INSTANT_NONE ? book->at : 0);
	g_autofree char *folder = g_path_get_dirname(book->path);
	g_auto(Descriptor) directory = -1;
	g_auto(Descriptor) fd = -1;

	(void)g_mkdir_with_parents(folder, 0700);
	fd = open(draft, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
	    0600);
	directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || directory < 0 || !write_all(fd, head, 0) ||
	    !write_all(fd, pulse, (off_t)strlen(head)) || fsync(fd) != 0 ||
	    rename(draft, book->path) != 0 || fsync(directory) != 0)
		return fail(book, "cannot be written", error);
	descriptor_close(&book->fd);
	book->fd = descriptor_steal(&fd);
	book->pulse_at = (off_t)strlen(head);
	book->there = true;
	return true;
}

/* ---- what the store asks of it ---- */

static bool
reserve(void *data, gint64 number, gint64 *ret_until, GError **error)
{
	Book *book = data;
	gint64 before = book->numbers;

	book->numbers = MAX(book->numbers, number + LIMIT_NUMBER_BLOCK - 1);
	if (!book_save(book, error)) {
		book->numbers = before;
		return false;
	}
	*ret_until = book->numbers;
	return true;
}

static bool
live(void *data, const StoreLife *life, GError **error)
{
	Book *book = data;

	g_free(book->identity);
	book->identity = g_strdup(life->identity);
	book->life = life->life;
	book->numbers = MAX(book->numbers, life->number);
	book->pulse = 0;
	return book_save(book, error);
}

static void
beat(void *data, gint64 pulse)
{
	Book *book = data;
	g_autofree char *text = NULL;

	book->pulse = pulse;
	book->at = book_now(book);
	text = g_strdup_printf(PULSE_FORMAT, pulse, book->at);
	/* One that fails is less to know a restore by, and no harm else. */
	if (book->fd >= 0 && !write_all(book->fd, text, book->pulse_at))
		errno = 0;
}

static const StoreKeeper keeper = { reserve, live, beat, book_free };

/* ---- whose store it is ---- */

static bool
check_site(const Conf *conf, const StoreLife *life, const Book *book,
    const char *path, GError **error)
{
	bool known = book != NULL && book->there &&
	    strcmp(book->identity, life->identity) == 0;

	if (*life->site == '\0' || known ||
	    strcmp(life->site, conf->address) == 0)
		return true;
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
	    "store '%s' belongs to the desk %s, and %s is %s; name that desk's "
	    "configuration with -c, or another store in this one (a desk that "
	    "only changed its address keeps its file 'tokens' and what lies "
	    "beside it, and starts 'guichet run' once)",
	    path, life->site, conf->file, conf->address);
	return false;
}

bool
lifebook_check_site(const Conf *conf, Store *store, GError **error)
{
	g_auto(StoreLife) life = { 0 };

	return store_life(store, &life, error) &&
	    check_site(conf, &life, NULL, conf->store, error);
}

/* ---- lives ---- */

static char *
new_identity(LifeClock clock)
{
	guint8 bytes[IDENTITY_BYTES];
	GString *text = g_string_new(NULL);

	random_bytes(clock.seed, "identity", 0, bytes, sizeof(bytes));
	for (gsize i = 0; i < sizeof(bytes); i++)
		g_string_append_printf(text, "%02x", bytes[i]);
	return g_string_free(text, FALSE);
}

/* Whether the book knows more than the store: it is a copy of before, or it
 * was made anew. */
static bool
is_behind(const Book *book, const StoreLife *life)
{
	if (!book->there)
		return false;
	if (strcmp(book->identity, life->identity) != 0)
		return true;
	return book->life > life->life ||
	    (book->life == life->life && book->pulse > life->pulse);
}

/* Mail until then may have been answered by the life that ends. */
static Instant
mark_of(const Book *book)
{
	Instant now = book_now(book);

	return book->at == INSTANT_NONE
	    ? now
	    : MIN(now, book->at + LIMIT_RESTORE_SECONDS);
}

/* What is to be told, by the first that can: see work/restored.c. */
#define RESTORED_SETTING "restored"

static bool
take_life(StoreTx *tx, const StoreLife *life, const char *why, gint64 doubt,
    GError **error)
{
	return store_keep_life(tx, life, error) &&
	    store_set_life(tx, life, doubt, error) &&
	    (why == NULL ||
		(store_set_setting(tx, RESTORED_SETTING, why, error) &&
		    store_set_setting(tx, LIFEBOOK_SIGN, NULL, error)));
}

bool
lifebook_raise(StoreTx *tx, const char *why, gint64 number, gint64 doubt,
    Instant now, GError **error)
{
	g_auto(StoreLife) life = { 0 };

	if (!store_life(store_of(tx), &life, error))
		return false;
	life.life++;
	life.number = MAX(life.number, number);
	life.mark = now;
	return take_life(tx, &life, why, doubt, error);
}

/* The life that the store lives from now on. True if it is another one than it
 * says. */
static bool
next_life(const Conf *conf, const Book *book, StoreLife *life)
{
	bool unnamed = *life->identity == '\0';
	bool behind = is_behind(book, life);

	if (unnamed) {
		g_free(life->identity);
		life->identity = book->there ? g_strdup(book->identity)
					     : new_identity(book->clock);
	}
	life->number = MAX(life->number, book->numbers);
	if (behind) {
		life->life = MAX(life->life, book->life) + 1;
		life->mark = MAX(life->mark, mark_of(book));
	} else if (unnamed) {
		life->life = 1;
	}
	g_free(life->site);
	life->site = g_strdup(conf->address);
	return behind;
}

static bool
tie(const Conf *conf, Store *store, Book *book, GError **error)
{
	g_auto(StoreLife) life = { 0 };
	g_autofree char *site = NULL;
	g_autoptr(StoreTx) tx = NULL;
	gint64 last_row = 0, last_ticket = 0;
	gint32 before;
	bool behind;

	if (!store_life(store, &life, error) ||
	    !check_site(conf, &life, book, conf->store, error) ||
	    !store_last_outbox(store, &last_row, error) ||
	    !store_last_ticket(store, &last_ticket, error))
		return false;
	before = life.life;
	site = g_strdup(life.site);
	behind = next_life(conf, book, &life);
	life.number = MAX(life.number, behind ? last_ticket : 0);
	if (!behind && before == life.life && strcmp(site, life.site) == 0) {
		/* Ahead of a book that lags or is lost. */
		book->numbers = MAX(book->numbers, last_ticket);
		g_free(book->identity);
		book->identity = g_strdup(life.identity);
		book->life = life.life;
		book->pulse = life.pulse;
		return book_save(book, error);
	}
	tx = store_begin(store, error);
	return tx != NULL &&
	    take_life(tx, &life, behind ? "store" : NULL, behind ? last_row : 0,
		error) &&
	    store_commit(&tx, error);
}

bool
lifebook_attach(const Conf *conf, Store *store, LifeClock clock, GError **error)
{
	Book *book = book_load(conf, clock, error);

	if (book == NULL)
		return false;
	store_set_keeper(store, &keeper, book);
	return tie(conf, store, book, error);
}

bool
lifebook_init(const Conf *conf, gint64 after, LifeClock clock, GError **error)
{
	bool past = lifebook_has_past(conf);
	g_autoptr(Store) store = NULL;
	g_autoptr(StoreTx) tx = NULL;
	g_auto(StoreLife) life = { 0 };

	if (!store_make(conf->store, error))
		return false;
	store = store_open(conf->store, STORE_WRITE, error);
	if (store == NULL || !lifebook_attach(conf, store, clock, error) ||
	    !store_life(store, &life, error))
		return false;
	/* What is in the mailboxes may have been answered from the store that
	 * is lost, also where no book tells until when. */
	if (past && life.mark == INSTANT_NONE)
		life.mark = clock.at != INSTANT_NONE ? clock.at : instant_now();
	life.number = MAX(life.number, after);
	tx = store_begin(store, error);
	return tx != NULL &&
	    take_life(tx, &life, past ? "init" : NULL, 0, error) &&
	    store_commit(&tx, error);
}

/* ---- restore ---- */

typedef struct {
	const Conf *conf;
	Book *book;
} Wanted;

/* The copy is ours; and the book is ahead of it from now on, whatever happens
 * before it is opened. */
static bool
agree(void *data, const StoreLife *life, GError **error)
{
	Wanted *wanted = data;
	Book *book = wanted->book;

	if (!check_site(wanted->conf, life, book, "the copy", error))
		return false;
	if (!book->there) {
		g_free(book->identity);
		book->identity = *life->identity != '\0'
		    ? g_strdup(life->identity)
		    : new_identity(book->clock);
	}
	book->life = MAX(book->life, life->life);
	book->pulse = G_MAXINT64;
	return book_save(book, error);
}

bool
lifebook_restore(const Conf *conf, const char *from, LifeClock clock,
    char **ret_aside, GError **error)
{
	g_autoptr(Book) book = book_load(conf, clock, error);
	g_autoptr(Store) store = NULL;
	Wanted wanted = { conf, book };

	if (book == NULL ||
	    !store_replace(conf->store, from, agree, &wanted, ret_aside, error))
		return false;
	store = store_open(conf->store, STORE_WRITE, error);
	return store != NULL && lifebook_attach(conf, store, clock, error);
}
