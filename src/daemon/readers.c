/*
 * The pool of reader processes: who has which mail, and what becomes of those
 * that die.
 */
#include "guichet/daemon/readers.h"
#include "guichet/base/child.h"
#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/frame.h"
#include "guichet/base/limits.h"
#include "guichet/daemon/read_quotes.h"
#include "guichet/daemon/sandbox.h"
#include "guichet/daemon/worker.h"

#include <poll.h>

#define GRACE 200 /* milliseconds, for one whose socket ended */

typedef struct {
	gint64 id;
	GBytes *raw;
	ReadersHow how;
} Job;

typedef struct {
	Readers *pool;
	Child *child;
	guint watch, deadline;
	bool ready;
	guint mails;  /* that it was given */
	Job *job;     /* in worker, or NULL */
	GBytes *told; /* its quotes.yaml, or NULL: the one built in */
} Reader;

struct Readers {
	Loop *loop;
	guint count;
	gint64 patience; /* milliseconds */
	const ReadersOps *ops;
	void *data;
	GPtrArray *readers; /* Reader * */
	GQueue jobs;        /* Job *, waiting */
	guint failures;     /* to start, in a row */
	guint restart;      /* timer: none is started before */
};

static void pump(Readers *pool);

static void
job_free(Job *job)
{
	if (job == NULL)
		return;
	g_bytes_unref(job->raw);
	g_free(job);
}

/* Ends the process and forgets the reader; returns how it ended. */
static char *
dismiss(Reader *reader, int grace)
{
	Readers *pool = reader->pool;
	int status;

	loop_unwatch(pool->loop, reader->watch);
	loop_cancel(pool->loop, reader->deadline);
	status = child_stop(&reader->child, grace);
	job_free(reader->job);
	g_clear_pointer(&reader->told, g_bytes_unref);
	g_ptr_array_remove_fast(pool->readers, reader); /* frees it */
	return child_describe(status);
}

Readers *
readers_new(Loop *loop, int count, const ReadersOps *ops, void *data)
{
	Readers *pool = g_new0(Readers, 1);

	pool->loop = loop;
	pool->count = (guint)MAX(count, 1);
	pool->patience = LIMIT_READER_WALL_SECONDS * 1000;
	pool->ops = ops;
	pool->data = data;
	pool->readers = g_ptr_array_new_with_free_func(g_free);
	g_queue_init(&pool->jobs);
	return pool;
}

void
readers_free(Readers *pool)
{
	if (pool == NULL)
		return;
	while (pool->readers->len > 0)
		g_free(dismiss(pool->readers->pdata[0], 0));
	g_ptr_array_unref(pool->readers);
	g_queue_clear_full(&pool->jobs, (GDestroyNotify)job_free);
	loop_cancel(pool->loop, pool->restart);
	g_free(pool);
}

void
readers_set_patience(Readers *pool, gint64 milliseconds)
{
	pool->patience = milliseconds;
}

guint
readers_busy(const Readers *pool)
{
	guint busy = pool->jobs.length;

	for (guint i = 0; i < pool->readers->len; i++) {
		const Reader *reader = pool->readers->pdata[i];

		busy += reader->job != NULL;
	}
	return busy;
}

static void
start_again(void *data)
{
	Readers *pool = data;

	pool->restart = 0;
	pump(pool);
}

/* A reader that never got ready: nothing is started for a while. */
static void
not_started(Readers *pool, const char *why)
{
	Seconds pause = worker_pause(pool->failures++);

	if (pool->restart == 0)
		pool->restart = loop_after(pool->loop, pause * 1000,
		    start_again, pool);
	if (pool->ops->broken != NULL)
		pool->ops->broken(pool->data, why, pool->failures, pause);
}

/* The reader failed, `why` (NULL: by itself); its mail is told so. */
static void
lose(Reader *reader, const char *why, int grace)
{
	Readers *pool = reader->pool;
	Job *job = g_steal_pointer(&reader->job);
	bool was_ready = reader->ready;
	g_autofree char *end = dismiss(reader, grace);
	g_autofree char *text = why == NULL
	    ? g_strdup(end)
	    : g_strdup_printf("%s (%s)", why, end);

	if (!was_ready) {
		not_started(pool, text);
		return;
	}
	if (job != NULL)
		pool->ops->done(pool->data, job->id, NULL, text);
	job_free(job);
	pump(pool);
}

static void
on_deadline(void *data)
{
	Reader *reader = data;

	reader->deadline = 0;
	lose(reader, reader->ready ? "took too long" : "did not get ready", 0);
}

/* 0: none. */
static void
set_deadline(Reader *reader, gint64 milliseconds)
{
	Loop *loop = reader->pool->loop;

	loop_cancel(loop, reader->deadline);
	reader->deadline = 0;
	if (milliseconds > 0)
		reader->deadline = loop_after(loop, milliseconds, on_deadline,
		    reader);
}

/* Takes an answer apart: NULL if it is none. */
static Message *
understand(const Reader *reader, const Frame *frame, GError **error)
{
	g_autoptr(GBytes) bytes = NULL;

	if (!g_str_equal(frame->verb, "message") || reader->job == NULL ||
	    frame_int(frame, "id", 0) != reader->job->id) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "answered what it was not asked");
		return NULL;
	}
	bytes = frame_map(frame->fd, LIMIT_READ_REPLY_BYTES, error);
	return bytes == NULL ? NULL : message_from_variant(bytes, error);
}

static void
hear_answer(Reader *reader, const Frame *frame)
{
	Readers *pool = reader->pool;
	g_autoptr(GError) error = NULL;
	g_autoptr(Message) message = understand(reader, frame, &error);
	Job *job;

	if (message == NULL) {
		lose(reader, error->message, 0);
		return;
	}
	set_deadline(reader, 0);
	job = g_steal_pointer(&reader->job);
	if ((job->how & READERS_FRESH) != 0 ||
	    reader->mails >= LIMIT_READER_MAILS)
		g_free(dismiss(reader, 0));
	pool->ops->done(pool->data, job->id, g_steal_pointer(&message), NULL);
	job_free(job);
	pump(pool);
}

static void
on_ready(void *data, short events)
{
	Reader *reader = data;
	Readers *pool = reader->pool;
	g_autoptr(GError) error = NULL;
	g_autoptr(Frame) frame = NULL;

	(void)events;
	if (!frame_receive(reader->child->socket, &frame, &error)) {
		if (!g_error_matches(error, GUICHET_ERROR,
			GUICHET_ERROR_TEMPORARY))
			lose(reader, error->message, 0);
	} else if (frame == NULL) {
		lose(reader, NULL, GRACE);
	} else if (reader->ready) {
		hear_answer(reader, frame);
	} else if (g_str_equal(frame->verb, "ready")) {
		reader->ready = true;
		pool->failures = 0;
		set_deadline(reader, 0);
		pump(pool);
	} else {
		lose(reader, frame_string(frame, "text"), 0);
	}
}

static void
start(Readers *pool)
{
	g_autoptr(GError) error = NULL;
	Child *child = child_spawn("read", "reader", &error);
	Reader *reader;

	if (child == NULL) {
		not_started(pool, error->message);
		return;
	}
	reader = g_new0(Reader, 1);
	reader->pool = pool;
	reader->child = child;
	reader->watch = loop_watch(pool->loop, child->socket, POLLIN, on_ready,
	    reader);
	set_deadline(reader, LIMIT_READER_WALL_SECONDS * 1000);
	g_ptr_array_add(pool->readers, reader);
}

/* Hands a mail to an idle reader. False, with the job still the caller's, if
 * there is no memory for the bytes: no fault of the mail. */
static bool
give(Reader *reader, Job *job, GError **error)
{
	g_auto(Descriptor) raw = frame_memfd(g_bytes_get_data(job->raw, NULL),
	    g_bytes_get_size(job->raw), error);
	GVariantDict args;

	if (raw < 0 ||
	    !read_quotes_tell(reader->child->socket, &reader->told, error))
		return false;
	reader->job = job;
	reader->mails++;
	set_deadline(reader, reader->pool->patience);
	sandbox_lift_cpu(reader->child->pid);
	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "id", "x", job->id);
	g_variant_dict_insert(&args, "partial", "b",
	    (job->how & READERS_PARTIAL) != 0);
	/* A failure shows as the end of its socket, or as the deadline. */
	frame_send(reader->child->socket, "read", g_variant_dict_end(&args),
	    raw, NULL);
	return true;
}

/* An idle reader fit for the job; *ret_spare is an idle one that is not. */
static Reader *
find_idle(Readers *pool, const Job *job, Reader **ret_spare)
{
	*ret_spare = NULL;
	for (guint i = 0; i < pool->readers->len; i++) {
		Reader *reader = pool->readers->pdata[i];

		if (!reader->ready || reader->job != NULL)
			continue;
		if ((job->how & READERS_FRESH) == 0 || reader->mails == 0)
			return reader;
		*ret_spare = reader;
	}
	return NULL;
}

static guint
starting(const Readers *pool)
{
	guint count = 0;

	for (guint i = 0; i < pool->readers->len; i++) {
		const Reader *reader = pool->readers->pdata[i];

		count += !reader->ready;
	}
	return count;
}

/* Gives the waiting mails to readers, starting those that are missing. */
static void
pump(Readers *pool)
{
	Job *job;

	while ((job = g_queue_peek_head(&pool->jobs)) != NULL) {
		Reader *spare;
		Reader *reader = find_idle(pool, job, &spare);
		g_autoptr(GError) error = NULL;

		if (reader == NULL)
			break;
		if (!give(reader, job, &error)) {
			not_started(pool, error->message);
			return;
		}
		g_queue_pop_head(&pool->jobs);
	}
	if (job == NULL)
		return;
	while (pool->restart == 0 && starting(pool) < pool->jobs.length) {
		Reader *spare;

		find_idle(pool, job, &spare);
		if (pool->readers->len >= pool->count) {
			if (spare == NULL)
				break;
			g_free(dismiss(spare, 0));
		}
		start(pool);
	}
}

void
readers_submit(Readers *pool, gint64 id, GBytes *raw, ReadersHow how)
{
	Job *job = g_new0(Job, 1);

	job->id = id;
	job->raw = g_bytes_ref(raw);
	job->how = how;
	if ((how & READERS_FIRST) != 0)
		g_queue_push_head(&pool->jobs, job);
	else
		g_queue_push_tail(&pool->jobs, job);
	pump(pool);
}

char *
readers_holder(const Readers *pool, gint64 id)
{
	for (guint i = 0; i < pool->readers->len; i++) {
		const Reader *reader = pool->readers->pdata[i];

		if (reader->job != NULL && reader->job->id == id)
			return g_strdup_printf("reader %d",
			    (int)reader->child->pid);
	}
	for (const GList *i = pool->jobs.head; i != NULL; i = i->next) {
		if (((const Job *)i->data)->id == id)
			return g_strdup_printf(
			    "the queue of %u mails for %u readers",
			    pool->jobs.length, pool->readers->len);
	}
	return NULL;
}
