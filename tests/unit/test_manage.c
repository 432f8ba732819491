/* A manager's orders: what they do, what they say, and what they refuse. */
#include "intake-fixture.h"

static const char request[] = "From: <" JEANNE ">\n"
			      "To: help@desk.example\n"
			      "Subject: Panne de l'ERP\n"
			      "Message-ID: <o@acier.test>\n"
			      "\n"
			      "Plus rien ne marche.\n";

/* The words of one order, up to a NULL: what was said. */
static char *
order(Desk *desk, bool *ret_done, ...)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new();
	va_list args;
	char *word;

	va_start(args, ret_done);
	do {
		word = va_arg(args, char *);
		g_ptr_array_add(words, word);
	} while (word != NULL);
	va_end(args);
	return desk_order(desk, ret_done, (char *const *)words->pdata);
}

/* Done or not, and these words among what is said. */
#define SAYS(desk, wanted, words, ...)                               \
 do {                                                                \
  bool done_;                                                        \
  g_autofree char *said_ = order((desk), &done_, __VA_ARGS__, NULL); \
  g_test_message("%s", said_);                                       \
  g_assert_cmpint(done_, ==, (wanted));                              \
  g_assert_nonnull(strstr(said_, (words)));                          \
 } while (0)

static void
test_resolve(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Ticket) ticket = NULL;

	desk_set_up(&desk, "");
	desk_deliver(&desk, request, T0);
	SAYS(&desk, true, "the client is told", "resolve", "1");
	g_assert_cmpuint(desk_count(&desk, "resolution", JEANNE), ==, 1);
	SAYS(&desk, false, "resolved already", "resolve", "#1");
	g_assert_cmpuint(desk_count(&desk, "resolution", NULL), ==, 1);
	ticket = desk_ticket(&desk, 1);
	g_assert_cmpint(ticket->state, ==, TICKET_RESOLVED);
}

static const Event *
last_event(const GPtrArray *events, EventType type)
{
	const Event *found = NULL;

	for (guint i = 0; i < events->len; i++) {
		const Event *event = events->pdata[i];

		if (event->type == type)
			found = event;
	}
	g_assert_nonnull(found);
	return found;
}

/* What an order of the past brings about happened then, and is known now. */
static void
test_at(void)
{
	static const char then[] = "2026-11-20T17:10:00+01:00";
	g_auto(Desk) desk = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) events = NULL, unheard = NULL;
	const Event *event;

	desk_set_up(&desk, "");
	desk_deliver(&desk, request, T0);
	SAYS(&desk, true, "severity 3 now", "severity", "1", "3", "--at", then);
	events = store_events(desk.store, 1, &error);
	g_assert_no_error(error);
	event = last_event(events, EVENT_CONTRACT);
	g_assert_cmpstr(event_text(event, "plan"), ==, "ald");
	g_assert_cmpint(event->at, ==, T0 + 600);
	g_assert_cmpint(event->recorded, ==, T0 + 3600);

	desk_deliver(&desk,
	    "From: a@b, c@d\nMessage-ID: <n@d.test>\nSubject: x\n\nx\n", T0);
	SAYS(&desk, true, "nobody is told", "resolve", "2", "--at", then);
	unheard = store_events(desk.store, 2, &error);
	g_assert_no_error(error);
	event = last_event(unheard, EVENT_HELD);
	g_assert_cmpstr(event_text(event, "reason"), ==, "no-recipient");
	g_assert_cmpint(event->at, ==, T0 + 600);
	g_assert_cmpint(event->recorded, ==, T0 + 3600);
}

/* It says so when nobody is told. */
static void
test_resolve_unheard(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	desk_deliver(&desk, "From: a@b.test, c@d.test\nSubject: x\n\nx\n", T0);
	desk_deliver(&desk,
	    "From: <cron@serveur.test>\nAuto-Submitted: auto-generated\n"
	    "Message-ID: <c@serveur.test>\nSubject: cron\n\nx\n",
	    T0);
	SAYS(&desk, true, "no address to answer", "resolve", "1");
	SAYS(&desk, true, "a program opened it", "resolve", "2");
	g_assert_cmpuint(desk_count(&desk, "resolution", NULL), ==, 0);
}

static void
test_states(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Ticket) ticket = NULL;

	desk_set_up(&desk, "");
	desk_deliver(&desk, request, T0);
	SAYS(&desk, true, "waits for the client", "event", "1", "pause");
	SAYS(&desk, false, "is waiting for the client already", "event", "1",
	    "pause");
	SAYS(&desk, true, "goes on", "event", "1", "resume");
	SAYS(&desk, true, "closed", "close", "1");
	SAYS(&desk, false, "closed already", "close", "1");
	SAYS(&desk, false,
	    "#1 is closed: it cannot become waiting for the client", "event",
	    "1", "pause");
	SAYS(&desk, false, "needs a number", "event", "1", "severity");
	SAYS(&desk, false, "none of pause", "event", "1", "jump");
	SAYS(&desk, false, "there is no ticket #9", "close", "9");
	SAYS(&desk, false, "usage", "close", "1x");
	ticket = desk_ticket(&desk, 1);
	g_assert_cmpint(ticket->state, ==, TICKET_CLOSED);
}

static char *
actor_of_last(Desk *desk, gint64 ticket)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) events = store_events(desk->store, ticket, &error);

	g_assert_no_error(error);
	return g_strdup(((Event *)events->pdata[events->len - 1])->actor);
}

/* Who gave it is recorded: the technician of that login, else the login. */
static void
test_who(void)
{
	static const struct {
		const char *login, *actor;
	} rows[] = {
		{ NULL, "manager" },
		{ "root", "manager:root" },
		{ "Lea", "technician:Léa Roche" },
		{ "gone", "manager:gone" },
	};
	static char *const words[] = { (char *)"tag", (char *)"1", NULL, NULL };
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk,
	    "- {name: Léa Roche, address: lea@desk.example, login: lea}\n"
	    "- {name: Guy Parti, address: guy@desk.example, login: gone, "
	    "active: no}\n");
	desk_deliver(&desk, request, T0);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *tag = g_strdup_printf("t%u", (guint)i);
		char *own[] = { words[0], words[1], tag, NULL };
		g_autofree char *said = NULL, *actor = NULL;
		bool done;

		said = desk_order_by(&desk, rows[i].login, &done, own);
		g_test_message("%s", said);
		g_assert_true(done);
		actor = actor_of_last(&desk, 1);
		g_assert_cmpstr(actor, ==, rows[i].actor);
	}
	SAYS(&desk, false, "nothing says which technician you are", "take",
	    "1");
	SAYS(&desk, false, "nothing says which technician you are", "assign",
	    "1", "me");
}

/* Several tickets at once: all of them or none. */
static void
test_several(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	for (int i = 1; i <= 3; i++) {
		g_autofree char *mail = g_strdup_printf(
		    "From: <" JEANNE ">\nTo: help@desk.example\n"
		    "Subject: Panne %d\nMessage-ID: <s%d@acier.test>\n"
		    "\nPlus rien %d.\n",
		    i, i, i);

		desk_deliver(&desk, mail, T0);
	}
	SAYS(&desk, true, "#3 has severity 3 now", "severity", "1", "2", "#3",
	    "3");
	SAYS(&desk, true, "Noted on #2", "note", "1,2", "13 disks");
	SAYS(&desk, true, "Noted on #1, inside.\n", "note", "1", "2", "disks");
	SAYS(&desk, false, "there is no ticket #9", "close", "1", "2", "9");
	for (gint64 number = 1; number <= 3; number++) {
		g_autoptr(Ticket) ticket = desk_ticket(&desk, number);

		g_assert_cmpint(ticket->state, ==, TICKET_NEW);
		g_assert_cmpint(ticket->severity, ==, 3);
	}
	SAYS(&desk, true, "#2 is closed", "close", "1,2");
	SAYS(&desk, false, "usage", "close", "3,,1");
	SAYS(&desk, false, "usage", "close", "3,x");
}

/* A note stays inside, whatever goes out afterwards (doc/security.md T19), and
 * cannot drive the terminal that shows it. */
static void
test_note(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(GPtrArray) entries = NULL, rows = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *long_text = g_strnfill(70000, 'x');
	const Entry *note = NULL;

	desk_set_up(&desk, "");
	desk_deliver(&desk, request, T0);
	SAYS(&desk, true, "inside", "note", "1",
	    "canari \033[31mrouge caf\xe9\r\nfin");
	SAYS(&desk, false, "empty", "note", "1", " ", "\n");
	SAYS(&desk, false, "at most", "note", "1", long_text);
	entries = store_entries(desk.store, 1, &error);
	g_assert_no_error(error);
	for (guint i = 0; i < entries->len; i++) {
		const Entry *entry = entries->pdata[i];

		if (strcmp(entry->what, "note") == 0)
			note = entry;
	}
	g_assert_nonnull(note);
	g_assert_cmpstr(note->visibility, ==, "internal");
	g_assert_true(g_str_has_prefix(note->text, "canari "));
	g_assert_true(g_str_has_suffix(note->text, "caf\xef\xbf\xbd\nfin"));
	g_assert_null(strchr(note->text, '\033'));

	SAYS(&desk, true, "told", "resolve", "1");
	rows = desk_sent(&desk, NULL, NULL);
	for (guint i = 0; i < rows->len; i++)
		g_assert_null(
		    strstr(((OutboxRow *)rows->pdata[i])->text, "canari"));
}

static void
set_state(Desk *desk, gint64 id, OutboxState state)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_begin(desk->store, &error);

	g_assert_no_error(error);
	store_outbox_state(tx, id, &(OutboxTurn){ state, T0, 0, "", T0 },
	    &error);
	g_assert_no_error(error);
	store_commit(&tx, &error);
	g_assert_no_error(error);
}

/* What is on the wire may have been accepted: it is not sent once more. */
static void
test_outbox(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	desk_deliver(&desk, request, T0);
	set_state(&desk, 1, OUTBOX_SENDING);
	SAYS(&desk, false, "being sent just now", "outbox", "retry", "1");
	set_state(&desk, 1, OUTBOX_DOT);
	SAYS(&desk, false, "being sent just now", "outbox", "retry", "1");
	set_state(&desk, 1, OUTBOX_FAILED);
	SAYS(&desk, true, "sent again", "outbox", "retry", "1");
	SAYS(&desk, true, "not be sent", "outbox", "drop", "1");
	SAYS(&desk, false, "dropped already", "outbox", "drop", "1");
	SAYS(&desk, false, "no 99", "outbox", "retry", "99");
	SAYS(&desk, false, "usage", "outbox", "again", "1");
}

/* What was given up after five days is tried for five days again: its first
 * try is the next one. */
static void
test_outbox_again(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(OutboxRow) row = NULL, again = NULL;

	desk_set_up(&desk, "");
	desk_deliver(&desk, request, T0);
	set_state(&desk, 1, OUTBOX_SENDING);
	set_state(&desk, 1, OUTBOX_FAILED);
	store_outbox_row(desk.store, 1, &row, &error);
	g_assert_no_error(error);
	g_assert_cmpint(row->first_try, ==, T0);
	SAYS(&desk, true, "sent again", "outbox", "retry", "1");
	store_outbox_row(desk.store, 1, &again, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(again->state, ==, "ready");
	g_assert_cmpint(again->first_try, ==, INSTANT_NONE);
	g_assert_cmpint(again->next, ==, T0 + 3600);
	/* One that waits may be hurried on. */
	SAYS(&desk, true, "sent again", "outbox", "retry", "1");
}

/* What was set aside becomes a ticket once; what is not decided yet, none. */
static void
test_quarantine(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) raw = g_bytes_new_static("x", 1);
	g_autoptr(StoreTx) tx = NULL;
	g_autoptr(Ticket) ticket = NULL;
	StoredMail row = { .mailbox = (char *)"support",
		.uidvalidity = 1,
		.uid = 77,
		.received = T0 };
	g_autofree char *id = NULL;
	gint64 mail;
	bool known;

	desk_set_up(&desk, "");
	desk_deliver(&desk,
	    "From: <paul@elsewhere.test>\nAuto-Submitted: auto-replied\n"
	    "Message-ID: <a@elsewhere.test>\nSubject: Absent\n\nx\n",
	    T0);
	SAYS(&desk, true, "is ticket #1 now", "quarantine", "release", "1");
	SAYS(&desk, false, "on ticket #1", "quarantine", "release", "1");
	ticket = desk_ticket(&desk, 1);
	g_assert_cmpint(ticket->received, ==, T0);
	g_assert_cmpuint(desk_count(&desk, NULL, "paul@elsewhere.test"), ==, 0);

	tx = store_begin(desk.store, &error);
	g_assert_no_error(error);
	store_add_mail(tx, &row, raw, &mail, &known, &error);
	g_assert_no_error(error);
	store_commit(&tx, &error);
	g_assert_no_error(error);
	id = g_strdup_printf("%" G_GINT64_FORMAT, mail);
	SAYS(&desk, false, "still being read", "quarantine", "release", id);
	SAYS(&desk, false, "still being read", "quarantine", "drop", id);
	SAYS(&desk, false, "no mail 99", "quarantine", "drop", "99");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(test) g_test_add_func("/manage/" #test, test_##test)
	ADD(resolve);
	ADD(resolve_unheard);
	ADD(states);
	ADD(who);
	ADD(several);
	ADD(note);
	ADD(at);
	ADD(outbox);
	ADD(outbox_again);
	ADD(quarantine);
#undef ADD
	return g_test_run();
}
