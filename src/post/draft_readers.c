/* Whom an answer of the desk's to its own people goes to: the rule of
 * notice_readers.h, among those whom the site's file names. */
#include "guichet/post/post.h"

#include "guichet/desk/notice_readers.h"

#include <string.h>

static const Technician *
named(const Intake *in, const char *name)
{
	const GPtrArray *all = in->conf->technicians;

	for (guint i = 0; i < all->len; i++) {
		const Technician *t = all->pdata[i];

		if (t->active && strcmp(t->name, name) == 0)
			return t;
	}
	return NULL;
}

/* const Technician *, by the rule of notice_readers.h. */
static GPtrArray *
readers_of(const Intake *in, const Occasion *o, NoticeCase *c)
{
	const GPtrArray *all = in->conf->technicians;
	g_autofree const char **here = g_new0(const char *, all->len + 1);
	g_autoptr(GPtrArray) names = NULL;
	GPtrArray *readers = g_ptr_array_new();

	for (guint i = 0, count = 0; i < all->len; i++) {
		const Technician *t = all->pdata[i];

		if (t->active)
			here[count++] = t->name;
	}
	c->ticket = o->view->ticket;
	c->contract = ruleset_contract(in->ruleset, c->ticket->contract);
	c->here = here;
	names = notice_readers(c);
	for (guint i = 0; i < names->len; i++)
		g_ptr_array_add(readers, (gpointer)named(in, names->pdata[i]));
	return readers;
}

GPtrArray *
draft_readers_notice(const Intake *in, const Occasion *o, const Effect *effect)
{
	bool of_colleague = effect->reason == REASON_COLLEAGUE;

	return readers_of(in, o,
	    &(NoticeCase){ .event = of_colleague ? NOTICE_COLLEAGUE
						 : NOTICE_INCOMING,
		.by = effect->technician });
}

GPtrArray *
draft_readers_named(const Intake *in, const Effect *effect)
{
	GPtrArray *readers = g_ptr_array_new();
	const Technician *t = effect->technician != NULL
	    ? named(in, effect->technician)
	    : NULL;

	if (t != NULL)
		g_ptr_array_add(readers, (gpointer)t);
	return readers;
}

GPtrArray *
draft_readers_failure(const Intake *in, const Occasion *o, const char *address)
{
	const Technician *dead = conf_technician(in->conf, address);

	/* A dead address is not told that it is dead. */
	return readers_of(in, o,
	    &(NoticeCase){ .event = NOTICE_FAILURE,
		.by = dead != NULL ? dead->name : NULL });
}

/* ---- alarms ---- */

static void
add_once(GPtrArray *readers, char *address)
{
	if (!g_ptr_array_find_with_equal_func(readers, address, g_str_equal,
		NULL))
		g_ptr_array_add(readers, address);
}

static bool
is_in(const Intake *in, const char *address)
{
	const Technician *t = conf_technician(in->conf, address);

	return t == NULL || t->active; /* who has left is told nothing */
}

static GPtrArray *
readers_of_clock(const Intake *in, const Occasion *o, int share)
{
	const Plan *plan = o->view->in_force.plan;
	char **warn = plan != NULL ? plan->warn : NULL;
	GPtrArray *readers = g_ptr_array_new();
	g_autoptr(GPtrArray) technicians = NULL;

	for (gsize i = 0; warn != NULL && warn[i] != NULL; i++) {
		if (is_in(in, warn[i]))
			g_ptr_array_add(readers, warn[i]);
	}
	technicians = readers_of(in, o,
	    &(NoticeCase){ .event = share >= 100 ? NOTICE_BREACH : NOTICE_DUE,
		.others = readers->len > 0 });
	for (guint i = 0; i < technicians->len; i++) {
		add_once(readers,
		    ((const Technician *)technicians->pdata[i])->address);
	}
	return readers;
}

static GPtrArray *
readers_of_silence(const Intake *in, const Occasion *o, const Effect *effect)
{
	const Ticket *ticket = o->view->ticket;
	char *manager = in->conf->manager;
	GPtrArray *readers = g_ptr_array_new();
	const Technician *asked = effect->reason == REASON_LATER
	    ? named(in, ticket->talk.later_by)
	    : NULL;
	g_autoptr(GPtrArray) technicians = NULL;

	if (asked != NULL) {
		g_ptr_array_add(readers, asked->address);
		return readers;
	}
	technicians = readers_of(in, o, &(NoticeCase){ .event = NOTICE_DUE });
	for (guint i = 0; i < technicians->len; i++)
		g_ptr_array_add(readers,
		    ((const Technician *)technicians->pdata[i])->address);
	/* A word that was given was not kept. */
	if (effect->reason == REASON_NEWS_MISSED && manager != NULL)
		add_once(readers, manager);
	return readers;
}

/* Whoever would read one of what it says reads all of it. */
GPtrArray *
draft_readers_alarm(const Intake *in, const Occasion *o, const Effect *effect)
{
	GPtrArray *readers = effect->when != 0
	    ? readers_of_silence(in, o, effect)
	    : readers_of_clock(in, o, effect->share);

	for (guint i = 0; effect->also != NULL && i < effect->also->len; i++) {
		g_autoptr(GPtrArray) more = draft_readers_alarm(in, o,
		    effect->also->pdata[i]);

		for (guint k = 0; k < more->len; k++)
			add_once(readers, more->pdata[k]);
	}
	return readers;
}
