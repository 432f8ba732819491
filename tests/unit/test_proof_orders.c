/*
 * doc/security.md 2.3 for each order of the table, against the pure desk:
 * tests/vectors/proof-orders.tsv says what comes of each combination of who,
 * tech_auth, verdict, token and age, and why.
 */
#include "decide-fixture.h"

#include "guichet/ticket/event_make.h"

enum {
	WHO,
	LEVEL,
	VERDICT,
	TOKEN,
	AGE,
	COLUMNS
};

#define VALUES_MAX 10

static const char *const values[COLUMNS][VALUES_MAX] = {
	[WHO] = { "technician", "contact", "stranger" },
	[LEVEL] = { "dmarc+token", "dmarc+confirm", "token+login", "off" },
	[VERDICT] = { "pass", "login", "none", "fail", "temperror" },
	[TOKEN] = { "ok", "absent", "expired", "bad", "lost", "other-ticket",
	    "other-person", "revoked" },
	[AGE] = { "fresh", "seen", "stale" },
};

/* ---- a situation of such values ---- */

static bool
is(const guint *at, int column, const char *value)
{
	return strcmp(values[column][at[column]], value) == 0;
}

static void
set_verdict(Case *c, const guint *at)
{
	c->sit.auth = is(at, VERDICT, "none") ? AUTH_NONE
	    : is(at, VERDICT, "fail")         ? AUTH_FAIL
	    : is(at, VERDICT, "temperror")    ? AUTH_TEMPERROR
					      : AUTH_PASS;
	c->sit.by_login = is(at, VERDICT, "login");
}

static void
set_token(Case *c, const guint *at)
{
	c->sit.token = is(at, TOKEN, "absent") ? TOKEN_ABSENT
	    : is(at, TOKEN, "expired")         ? TOKEN_EXPIRED
	    : is(at, TOKEN, "bad")             ? TOKEN_BAD
	    : is(at, TOKEN, "lost")            ? TOKEN_LOST
					       : TOKEN_OK;
	c->sit.token_ticket = is(at, TOKEN, "other-ticket") ? 6 : 5;
	c->sit.token_fits = !is(at, TOKEN, "other-person") &&
	    !is(at, TOKEN, "revoked") && !is(at, TOKEN, "absent");
}

/* ---- what an order of the mail needs ---- */

static void
add_event(Case *c, Event *take_event)
{
	take_event->seq = take_event->batch = c->events->len + 1;
	ticket_apply(c->ticket, take_event);
	g_ptr_array_add(c->events, take_event);
}

/* The client has written, Hugo has tagged it, an answer of Anne's is held and
 * one of Hugo's waits to leave. */
static void
add_past(Case *c)
{
	const EventStamp client = { 5, T0 - 900, T0 - 900, "mail", NULL, 1 };
	const EventStamp anne = { 5, T0 - 600, T0 - 600, "mail", "Anne Martin",
		6 };
	const EventStamp hugo = { 5, T0 - 300, T0 - 300, "mail", "Hugo Vidal",
		0 };
	const CaseAnswer waits = { 3, 4, SEND_REPLY, T0 - 30, true, false };

	c->events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	add_event(c,
	    event_make_message(&client, AUTHOR_CLIENT, VISIBILITY_PUBLIC, true,
		NULL));
	add_event(c,
	    event_make_message(&anne, AUTHOR_TECHNICIAN, VISIBILITY_INTERNAL,
		false, reason_name(REASON_CROSSED)));
	add_event(c, event_make_tagged(&hugo, "vosges"));
	add_event(c,
	    event_make_message(&hugo, AUTHOR_TECHNICIAN, VISIBILITY_INTERNAL,
		true, NULL));
	c->answers = g_array_new(FALSE, FALSE, sizeof(CaseAnswer));
	g_array_append_val(c->answers, waits);
}

static void
add_other(Case *c)
{
	c->other = ticket_new(2);
	c->other->received = c->other->opened = T0 - 1800;
	g_free(c->other->contract);
	c->other->contract = g_strdup("acier-vosges");
}

static void
add_needs(Case *c, const char *text)
{
	add_past(c);
	add_other(c);
	if (g_str_has_prefix(text, "#untag "))
		g_ptr_array_add(c->ticket->tags, g_strdup("printing"));
}

static void
begin(Case *c, const guint *at, const char *text, TicketState state)
{
	if (is(at, WHO, "technician")) {
		technician(c, text);
		c->sit.token_who = 1;
	} else {
		const char *from = is(at, WHO, "contact") ? JEANNE : STRANGER;
		g_autofree char *mail = g_strdup_printf("From: <%s>\n"
							"Message-ID: <a@b.test>"
							"\nSubject: Re\n\n%s",
		    from, text);

		case_init(c,
		    is(at, WHO, "contact") ? WHO_CONTACT : WHO_STRANGER, mail);
		tie(c, LINK_TOKEN, is(at, WHO, "contact"), TICKET_OPEN);
	}
	add_needs(c, text);
	c->ticket->state = state;
	c->policy.tech_auth = (TechAuth)at[LEVEL];
	set_verdict(c, at);
	set_token(c, at);
	c->sit.replayed = is(at, AGE, "seen");
	c->message->has_date = true;
	c->message->date = is(at, AGE, "stale") ? T0 - 4 * DAY : T0 - 60;
	judge(c);
}

/* ---- what came of it ---- */

/* Whether anything but the mail itself was written, or goes to a client. */
static bool
does_anything(const Case *c)
{
	for (guint i = 0; i < c->decision->effects->len; i++) {
		const Effect *effect = c->decision->effects->pdata[i];

		if (effect->kind == EFFECT_SEND) {
			if (!send_kind_is_internal(effect->send))
				return true;
		} else if (effect->kind != EFFECT_FILE &&
		    (effect->event == NULL ||
			effect->event->type != EVENT_MESSAGE)) {
			return true;
		}
	}
	return false;
}

static char *
outcome(const Case *c)
{
	g_autofree char *words = said(c);

	if (c->sit.who != WHO_TECHNICIAN) {
		for (guint i = 0; i < c->decision->effects->len; i++) {
			const Effect *effect = c->decision->effects->pdata[i];

			if (effect->event != NULL)
				g_assert_false(g_str_has_prefix(
				    effect->event->actor, "technician:"));
			g_assert_cmpint(effect->kind, !=, EFFECT_MAINTENANCE);
			g_assert_cmpint(effect->kind, !=, EFFECT_CARRY_OUT);
		}
		return g_strdup("no order");
	}
	if (told(c) == NULL)
		return g_strdup(g_str_has_suffix(words, "technician yes") ||
			    g_strcmp0(lane_of(c), "order") == 0
			? "acts"
			: words);
	g_assert_false(does_anything(c));
	/* On the ticket, or aside if it is about none. */
	if (lane_of(c) == NULL)
		g_assert_cmpstr(words, ==, "internal technician no");
	return told(c)->send == SEND_CHALLENGE
	    ? g_strdup("parked")
	    : g_strdup_printf("told %s", reason_name(told(c)->reason));
}

/* ---- the table ---- */

/* Rows of COLUMNS + 2 cells. */
static GPtrArray *
load_table(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	GPtrArray *rows = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)g_strfreev);

	g_file_get_contents("tests/vectors/proof-orders.tsv", &text, NULL,
	    &error);
	g_assert_no_error(error);
	lines = g_strsplit(text, "\n", -1);
	for (gsize i = 0; lines[i] != NULL; i++) {
		char **cells;

		if (*lines[i] == '#' || *lines[i] == '\0')
			continue;
		cells = g_strsplit(lines[i], "\t", -1);
		g_assert_cmpuint(g_strv_length(cells), ==, COLUMNS + 2);
		g_assert_cmpuint(strlen(cells[COLUMNS + 1]), >, 20);
		g_ptr_array_add(rows, cells);
	}
	return rows;
}

/* What is about no ticket acts with a token of any. */
static bool
fits_column(const guint *at, int column, const char *value, bool is_of_desk)
{
	if (strcmp(value, "*") == 0)
		return true;
	if (is_of_desk && column == TOKEN && is(at, TOKEN, "other-ticket"))
		return strcmp(value, "ok") == 0;
	return is(at, column, value);
}

static guint
find_row(const GPtrArray *rows, const guint *at, bool is_of_desk)
{
	for (guint i = 0; i < rows->len; i++) {
		char **cells = rows->pdata[i];
		bool fits = true;

		for (int k = 0; k < COLUMNS; k++)
			fits = fits && fits_column(at, k, cells[k], is_of_desk);
		if (fits)
			return i;
	}
	g_assert_not_reached();
}

static bool
next(guint *at)
{
	for (int k = 0; k < COLUMNS; k++) {
		if (++at[k] < VALUES_MAX && values[k][at[k]] != NULL)
			return true;
		at[k] = 0;
	}
	return false;
}

/* A state of the ticket in which the order can be given. */
static TicketState
find_state(const char *text)
{
	static const TicketState states[] = { TICKET_OPEN, TICKET_NEW,
		TICKET_WAITING_CUSTOMER, TICKET_RESOLVED };
	const guint all_proven[COLUMNS] = { 0 };

	for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
		g_auto(Case) c = { 0 };
		g_autofree char *got = NULL;

		begin(&c, all_proven, text, states[i]);
		got = outcome(&c);
		if (strcmp(got, "acts") == 0)
			return states[i];
		g_assert_cmpstr(got, ==, "told bad-command");
	}
	g_error("nothing lets %s act", text);
}

static void
check_order(OrderKind kind, const GPtrArray *rows, bool *used, guint *acting)
{
	const OrderRow *row = order_row(kind);
	g_autofree char *text = g_strdup_printf("#%s%s%s\n", row->name,
	    *row->example != '\0' ? " " : "", row->example);
	TicketState state = find_state(text);
	guint at[COLUMNS] = { 0 };

	do {
		g_auto(Case) c = { 0 };
		g_autofree char *got = NULL;
		guint which = find_row(rows, at, row->about == ORDER_ON_DESK);
		char **cells = rows->pdata[which];

		begin(&c, at, text, state);
		got = outcome(&c);
		used[which] = true;
		if (strcmp(got, cells[COLUMNS]) != 0)
			g_test_message("%s %s %s %s %s: %s", values[WHO][at[0]],
			    values[LEVEL][at[1]], values[VERDICT][at[2]],
			    values[TOKEN][at[3]], values[AGE][at[4]], text);
		g_assert_cmpstr(got, ==, cells[COLUMNS]);
		*acting += strcmp(got, "acts") == 0;
	} while (next(at));
}

static void
test_orders(void)
{
	g_autoptr(GPtrArray) rows = load_table();
	g_autofree bool *used = g_new0(bool, rows->len);
	guint orders = 0, acting = 0;

	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		if ((order_row(kind)->doors & ORDER_BY_MAIL) == 0)
			continue;
		orders++;
		check_order(kind, rows, used, &acting);
	}
	g_assert_cmpuint(orders, >=, 5);
	/* Each can be given here, by each of two ways. */
	g_assert_cmpuint(acting, >=, 2 * orders);
	/* A row that nothing fits says what is not so. */
	for (guint i = 0; i < rows->len; i++)
		g_assert_true(used[i]);
}

int
main(int argc, char **argv)
{
	int failed;

	g_test_init(&argc, &argv, NULL);
	rules = shipped_rules();
	g_test_add_func("/proof/orders", test_orders);
	failed = g_test_run();
	ruleset_free(rules);
	return failed;
}
