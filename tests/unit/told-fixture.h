/*
 * told-fixture: what clients were told, on a desk of intake-fixture: mails and
 * orders of an instant, the tick, and the words of the last mail of a kind.
 */
#ifndef GUICHET_TESTS_TOLD_FIXTURE_H
#define GUICHET_TESTS_TOLD_FIXTURE_H

#include "intake-fixture.h"

#include "guichet/rounds/tick.h"
#include "guichet/work/work.h"

/* "2026-11-23T10:00", in France's winter. */
static inline Instant
at(const char *text)
{
	g_autofree char *whole = g_strconcat(text, ":00+01:00", NULL);
	g_autoptr(GError) error = NULL;
	Instant instant;

	g_assert_true(instant_parse(whole, &instant, &error));
	return instant;
}

/* Such a mail, with that proof of its domain; its id in the store. */
static inline gint64
write_proven(Desk *desk, const char *proof, const char *from, const char *head,
    const char *words, Instant when)
{
	const char *domain = strchr(from, '@') + 1;
	g_autofree char *mail = g_strdup_printf(
	    BORDER("%s", "%s") "From: <%s>\n%s"
			       "Message-ID: <%" G_GINT64_FORMAT "@x.test>\n"
			       "\n%s\n",
	    proof, domain, from, head, when, words);

	return desk_deliver(desk, mail, when);
}

/* Their answer to the last mail of that kind that they were sent. */
static inline gint64
write_answer(Desk *desk, const char *from, const char *what, const char *words,
    Instant when)
{
	g_autofree char *id = desk_field(desk, what, from, "Message-ID");
	g_autofree char *to = desk_field(desk, what, from, "Reply-To");
	g_autofree char *head = g_strdup_printf("To: %s\nSubject: Re: it\n"
						"In-Reply-To: %s\n",
	    to, id);

	return write_proven(desk, "pass", from, head, words, when);
}

/* As the command line has it: what it says. */
static inline char *
try_order(Desk *desk, const char *words, Instant when, bool *ret_done)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *stamp = instant_format(when);
	g_autofree char *all = g_strdup_printf("%s --at %s", words, stamp);
	g_auto(GStrv) own = NULL;

	g_assert_true(g_shell_parse_argv(all, NULL, &own, &error));
	return desk_order(desk, ret_done, own);
}

/* It must be done. */
static inline void
order(Desk *desk, const char *words, Instant when)
{
	g_autofree char *said = NULL;
	bool done;

	said = try_order(desk, words, when, &done);
	if (!done)
		g_error("%s: %s", words, said);
}

static inline void
tick(Desk *desk, Instant now)
{
	g_autoptr(GError) error = NULL;
	StoreTx *tx = store_begin(desk->store, &error);

	g_assert_no_error(error);
	g_assert_true(tick_due(desk->intake, tx, now, &error));
	g_assert_no_error(error);
	g_assert_true(store_commit(&tx, &error));
}

/* The first ticket. */
static inline const TicketView *
view(Desk *desk, Instant now)
{
	g_autoptr(GError) error = NULL;
	const TicketView *one;

	view_begin(desk->intake);
	one = view_run(desk->intake, 1, now, &error);
	g_assert_no_error(error);
	return one;
}

/* The text of the last such mail to that person; "": none. */
static inline char *
last_text(Desk *desk, const char *what, const char *to)
{
	g_autoptr(GPtrArray) rows = desk_sent(desk, what, to);
	const OutboxRow *last = NULL;

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		if (last == NULL || row->id > last->id)
			last = row;
	}
	return g_strdup(last != NULL ? last->text : "");
}

static inline void
assert_says(const char *text, const char *words)
{
	if (strstr(text, words) == NULL)
		g_error("'%s' is missing in:\n%s", words, text);
}

static inline void
assert_silent(const char *text, const char *words)
{
	if (strstr(text, words) != NULL)
		g_error("'%s' is not to be in:\n%s", words, text);
}

#endif
