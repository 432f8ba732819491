/* Which technicians read of what happens on a ticket: circle after circle. */
#include "guichet/desk/notice_readers.h"

#include <string.h>

typedef bool (*InCircle)(const NoticeCase *c, const char *name);

static bool
has_it(const NoticeCase *c, const char *name)
{
	return strcmp(c->ticket->assigned, name) == 0;
}

static bool
took_part(const NoticeCase *c, const char *name)
{
	return has_it(c, name) || ticket_has_part(c->ticket, name);
}

static bool
is_referent(const NoticeCase *c, const char *name)
{
	return c->contract != NULL && c->contract->referent != NULL &&
	    strcmp(c->contract->referent->name, name) == 0;
}

static bool
is_in_team(const NoticeCase *c, const char *name)
{
	const GPtrArray *team = c->contract != NULL ? c->contract->team : NULL;

	for (guint i = 0; team != NULL && i < team->len; i++) {
		const ContractTechnician *one = team->pdata[i];

		if (strcmp(one->name, name) == 0)
			return true;
	}
	return false;
}

static bool
answers_for_it(const NoticeCase *c, const char *name)
{
	return has_it(c, name) || is_referent(c, name) || is_in_team(c, name);
}

static bool
works_here(const NoticeCase *c, const char *name)
{
	(void)c;
	(void)name;
	return true;
}

static GPtrArray *
circle(const NoticeCase *c, InCircle is_in)
{
	GPtrArray *names = g_ptr_array_new();

	for (gsize i = 0; c->here[i] != NULL; i++) {
		if (g_strcmp0(c->here[i], c->by) != 0 && is_in(c, c->here[i]))
			g_ptr_array_add(names, (gpointer)c->here[i]);
	}
	return names;
}

/* The first of them that anybody is in. */
static GPtrArray *
first_circle(const NoticeCase *c, const InCircle *circles, gsize count)
{
	GPtrArray *names = NULL;

	for (gsize i = 0; i < count && (names == NULL || names->len == 0);
	     i++) {
		g_clear_pointer(&names, g_ptr_array_unref);
		names = circle(c, circles[i]);
	}
	return names;
}

GPtrArray *
notice_readers(const NoticeCase *c)
{
	static const InCircle incoming[] = { has_it, is_referent, is_in_team,
		works_here };
	static const InCircle breach[] = { answers_for_it, works_here };
	static const InCircle failure[] = { took_part, is_referent, is_in_team,
		works_here };
	/* All are the last of each row. */
	gsize left_out = c->others ? 1 : 0;

	switch (c->event) {
	case NOTICE_COLLEAGUE:
		return circle(c, took_part);
	case NOTICE_BREACH:
		return first_circle(c, breach, G_N_ELEMENTS(breach) - left_out);
	case NOTICE_FAILURE:
		return first_circle(c, failure,
		    G_N_ELEMENTS(failure) - left_out);
	case NOTICE_INCOMING:
	case NOTICE_DUE:
		return first_circle(c, incoming,
		    G_N_ELEMENTS(incoming) - left_out);
	}
	g_assert_not_reached();
}
