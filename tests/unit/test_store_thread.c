/* Threads, entries, search, the outbox, and the dump that shows them. */
#include "store-fixture.h"

static const char hostile[] =
    "'); DROP TABLE event; -- \" \\ %s \xf0\x9f\x92\xa5 \xe2\x80\xae NEAR(a b)";

/* A mail on a ticket of its own, or on `ticket`: the ticket's number. */
static gint64
receive(Fixture *f, StoreTx *tx, guint32 uid, const Message *message,
    gint64 ticket, const char *verified)
{
	g_autofree char *bytes = g_strdup_printf("mail %u", uid);
	gint64 id = add_raw_mail(tx, 1, uid, bytes, NULL);

	if (ticket == 0)
		ticket = open_ticket(tx, id, T0);
	add_message_event(tx, ticket, id, verified);
	mail_done(tx, id, message, ticket, "client");
	project(f, tx, ticket, T0 + 3600, INSTANT_NONE);
	return ticket;
}

static void
test_threads(Fixture *f, gconstpointer data)
{
	static const struct {
		const char *id;
		gint64 of_id, of_seen_id;
	} rows[] = { { "1@client.example", 1, 2 }, { "2@client.example", 2, 0 },
		{ "0@client.example", 0, 2 }, { "", 0, 0 },
		{ "1@CLIENT.example", 0, 0 }, { "unknown@x.test", 0, 0 } };
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(Message) one = letter("1@client.example",
	    "jeanne@client.example", "Panne", "un");
	g_autoptr(Message) two = letter("2@client.example",
	    "paul@client.example", "Autre", "deux");
	g_autoptr(Message) thief = letter("1@client.example", "eve@evil.test",
	    "Panne", "trois");

	(void)data;
	g_strfreev(two->references);
	two->references = strings("0@client.example", "1@client.example");
	receive(f, tx, 1, one, 0, "yes");
	receive(f, tx, 2, two, 0, "yes");
	receive(f, tx, 3, thief, 0, "yes"); /* an id that he has seen */
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gint64 ticket = -1;

		g_test_message("'%s'", rows[i].id);
		g_assert_true(
		    store_ticket_of_id(f->store, rows[i].id, &ticket, NULL));
		g_assert_cmpint(ticket, ==, rows[i].of_id);
		g_assert_true(store_ticket_of_seen_id(f->store, rows[i].id,
		    &ticket, NULL));
		g_assert_cmpint(ticket, ==, rows[i].of_seen_id);
	}
	commit(&tx);
}

static void
test_participants(Fixture *f, gconstpointer data)
{
	static const struct {
		const char *address;
		bool is;
	} rows[] = { { "jeanne@client.example", true },
		{ "paul@client.example", true }, { "eve@evil.test", false },
		{ "nobody@client.example", false } };
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(Message) one = letter("1@client.example",
	    "jeanne@client.example", "Panne", "un");
	g_autoptr(Message) two = letter("2@client.example",
	    "paul@client.example", "Re: Panne", "deux");
	g_autoptr(Message) three = letter("3@evil.test", "eve@evil.test",
	    "Re: Panne", "trois");

	(void)data;
	receive(f, tx, 1, one, 0, "no"); /* who opened, takes part */
	receive(f, tx, 2, two, 1, "yes");
	receive(f, tx, 3, three, 1, "no");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool is = !rows[i].is;

		g_assert_true(store_is_participant(f->store, 1, rows[i].address,
		    &is, NULL));
		g_assert_cmpint(is, ==, rows[i].is);
		g_assert_true(store_is_participant(f->store, 2, rows[i].address,
		    &is, NULL));
		g_assert_false(is);
	}
	commit(&tx);
}

static OutboxRow
answer(gint64 ticket, const char *what, const char *to, GBytes *bytes)
{
	return (OutboxRow){
		.ticket = ticket,
		.what = (char *)what,
		.from = (char *)"",
		.to = (char *)to,
		.message_id = NULL,
		.subject = (char *)"Re: Panne [#1]",
		.text = (char *)"\nBonjour,\nVotre demande...",
		.bytes = bytes,
		.created = T0 + 5,
	};
}

/* Whatever a stranger writes comes back as it was. */
static void
test_round_trip(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(Message) message = letter(hostile, hostile, hostile, hostile);
	g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
	OutboxRow row = answer(1, "reply", hostile, bytes);
	Attachment *attachment = g_new0(Attachment, 1);
	g_autoptr(GPtrArray) entries = NULL;
	g_autoptr(Message) head = NULL;
	g_autoptr(OutboxRow) back = NULL;
	g_autoptr(TicketPeople) people = NULL;
	const Entry *entry;

	(void)data;
	attachment->name = g_strdup(hostile);
	attachment->type = g_strdup("application/pdf");
	attachment->size = 123;
	attachment->sha256 = g_strdup("00");
	g_ptr_array_add(message->attachments, attachment);
	g_strfreev(message->references);
	message->references = strings("0@x.test", hostile);
	receive(f, tx, 1, message, 0, "yes");
	row.subject = row.text = row.message_id = (char *)hostile;
	g_assert_true(store_add_outbox(tx, &row, NULL));
	g_assert_true(store_set_setting(tx, hostile, hostile, NULL));
	commit(&tx);

	g_assert_true(store_ticket_people(f->store, 1, &people, NULL));
	g_assert_cmpstr(people->subject, ==, hostile);
	g_assert_cmpstr(people->opener, ==, hostile);
	g_assert_false(people->opened_by_program);
	entries = store_entries(f->store, 1, NULL);
	for (guint e = 0; e < entries->len; e++) {
		const Entry *any = entries->pdata[e];

		g_assert_nonnull(any->from);
		g_assert_nonnull(any->to);
		g_assert_nonnull(any->reply);
	}
	g_assert_cmpuint(entries->len, ==, 2);
	entry = entries->pdata[0];
	g_assert_cmpint(entry->mail, ==, people->opening_mail);
	g_assert_cmpstr(entry->text, ==, hostile);
	g_assert_cmpstr(entry->message_id, ==, hostile);
	g_assert_cmpstr(entry->author, ==, "client");
	g_assert_true(entry->verified);
	g_assert_cmpuint(entry->attachments->len, ==, 1);
	attachment = entry->attachments->pdata[0];
	g_assert_cmpstr(attachment->name, ==, hostile);

	g_assert_true(
	    store_message_head(f->store, people->opening_mail, &head, NULL));
	g_assert_cmpstr(head->message_id, ==, hostile);
	g_assert_cmpstr(head->references[0], ==, "0@x.test");
	g_assert_cmpstr(head->references[1], ==, hostile);
	g_assert_null(head->references[2]);
	g_assert_null(head->in_reply_to[0]);
	g_assert_cmpint(head->date, ==, T0 - 30);
	g_assert_true(store_outbox_row(f->store, 1, &back, NULL));
	g_assert_cmpstr(back->to, ==, hostile);
	g_assert_cmpstr(back->text, ==, hostile);
}

static void
test_notes(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(Message) message = letter("1@client.example",
	    "jeanne@client.example", "Panne", "un");
	g_autoptr(GPtrArray) entries = NULL;
	g_autoptr(TicketPeople) people = NULL, nobody = NULL;
	const Entry *note;
	gint64 id;

	(void)data;
	receive(f, tx, 1, message, 0, "yes");
	g_assert_true(store_add_words(tx,
	    &(OwnWords){ 1, T0 + 9, "technician", "",
		"Vu avec l'h\xc3\xa9"
		"bergeur",
		NULL },
	    &id, NULL));
	g_assert_true(store_ticket_people(f->store, 1, &people, NULL));
	g_assert_cmpint(people->last_mail, ==, 1);
	g_assert_cmpstr(people->first_client, ==, "jeanne@client.example");
	g_assert_true(store_ticket_people(f->store, 2, &nobody, NULL));
	g_assert_cmpint(nobody->last_mail, ==, 0);
	g_assert_cmpstr(nobody->opener, ==, "");
	g_assert_cmpstr(nobody->subject, ==, "");
	entries = store_entries(f->store, 1, NULL);
	g_assert_cmpuint(entries->len, ==, 2);
	note = entries->pdata[1];
	g_assert_cmpint(note->mail, ==, id);
	g_assert_cmpstr(note->what, ==, "note");
	g_assert_cmpstr(note->author, ==, "technician");
	g_assert_cmpstr(note->visibility, ==, "internal");
	commit(&tx);
}

/* As at the command line: the note is the first thing that the process does
 * with the store. */
static void
test_note_alone(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(Message) message = letter("1@client.example",
	    "jeanne@client.example", "Panne", "un");
	g_autoptr(Event) event = NULL;
	g_autoptr(GPtrArray) entries = NULL;
	gint64 id;

	(void)data;
	receive(f, tx, 1, message, 0, "yes");
	commit(&tx);
	store_free(f->store);
	fixture_open(f);
	tx = begin(f);
	g_assert_true(store_add_words(tx,
	    &(OwnWords){ 1, T0 + 9, "manager", "", "Vu", NULL }, &id, NULL));
	event = event_stored(EVENT_MESSAGE, 1, T0 + 9, "manager", id);
	event_set(event, "author", "desk");
	event_set(event, "visibility", "internal");
	g_assert_true(store_append(tx, event, NULL));
	commit(&tx);
	entries = store_entries(f->store, 1, NULL);
	g_assert_cmpuint(entries->len, ==, 2);
}

static void
test_search(Fixture *f, gconstpointer data)
{
	/* Ticket 1: the first mail and a note; ticket 2: the second mail. */
	static const struct {
		const char *words, *found;
	} rows[] = {
		{ "probleme", "2 1 " },
		{ "PROBL\xc3\x88ME serveur", "1 " },
		{ "serveur imprim", "" },
		{ "serveur hebergeur", "1 " }, /* one in the note */
		{ "imprim", "2 " },            /* the last may be cut short */
		{ "imprim probleme", "" },     /* others may not */
		{ "jeanne@client.example", "2 1 " },
		{ "client-example", "2 1 " }, /* a phrase */
		{ "example-client", "" },
		{ "\"", "" },
		{ "*", "" },
		{ "", "" },
		{ "   ", "" },
		{ "- probleme", "2 1 " },
		{ "\"probleme\"", "2 1 " },
		{ "proble*", "2 1 " },
		{ "NEAR", "" },
		{ "probleme NEAR serveur", "" },
		{ "probleme AND serveur", "" }, /* "and" is a word */
		{ "NOT", "" },
		{ "NEAR(", "" },
		{ "subject:probleme", "" },
		{ "{subject}:probleme", "" },
		{ "^probleme", "2 1 " },
		{ "(probleme", "2 1 " },
		{ "probleme'", "2 1 " },
		{ "'; DROP TABLE words; --", "" },
		{ "\xc3", "" },
	};
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(Message) one = letter("1@client.example",
	    "jeanne@client.example", "Probl\xc3\xa8me", "Le serveur est mort");
	g_autoptr(Message) two = letter("2@client.example",
	    "jeanne@client.example", "Imprimante", "Un probl\xc3\xa8me.");
	gint64 note;

	(void)data;
	receive(f, tx, 1, one, 0, "yes");
	receive(f, tx, 2, two, 0, "yes");
	g_assert_true(store_add_words(tx,
	    &(OwnWords){ 1, T0 + 9, "technician", "",
		"Vu avec l'h\xc3\xa9"
		"bergeur",
		NULL },
	    &note, NULL));
	commit(&tx);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GString) found = g_string_new(NULL);
		g_autoptr(GPtrArray) queue = store_search(f->store,
		    rows[i].words, 10, &error);

		g_test_message("row %zu", i);
		g_assert_no_error(error);
		for (guint j = 0; j < queue->len; j++) {
			const QueueRow *row = queue->pdata[j];

			g_string_append_printf(found, "%d ", (int)row->number);
		}
		g_assert_cmpstr(found->str, ==, rows[i].found);
	}
}

static void
set_state(StoreTx *tx, gint64 id, const char *word, Instant next)
{
	g_autoptr(GError) error = NULL;
	OutboxState state;

	g_assert_true(outbox_state_parse(word, &state));
	store_outbox_state(tx, id,
	    &(OutboxTurn){ state, next, 250, NULL, T0 + 50 }, &error);
	g_assert_no_error(error);
}

static void
assert_state(Fixture *f, gint64 id, const char *state, bool uncertain)
{
	g_autoptr(OutboxRow) row = NULL;

	g_assert_true(store_outbox_row(f->store, id, &row, NULL));
	g_assert_cmpstr(row->state, ==, state);
	g_assert_cmpint(row->uncertain, ==, uncertain);
}

static void
test_outbox(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(GBytes) bytes = g_bytes_new_static("To: x\r\n\r\n", 9);
	OutboxRow row = answer(1, "reply", "jeanne@client.example", bytes);
	g_autoptr(GPtrArray) due = NULL;
	g_autoptr(GPtrArray) waiting = NULL;
	g_autoptr(OutboxRow) back = NULL;
	g_autoptr(GError) error = NULL;
	Instant next;
	gint64 id;

	(void)data;
	g_assert_true(store_outbox_next(f->store, &next, NULL));
	g_assert_cmpint(next, ==, INSTANT_NONE);
	g_assert_true(store_next_outbox(tx, &id, NULL));
	g_assert_cmpint(id, ==, 1);
	row.id = id;
	g_assert_true(store_add_outbox(tx, &row, NULL));
	g_assert_true(store_outbox_next(f->store, &next, NULL));
	g_assert_cmpint(next, ==, T0 + 5);
	due = store_outbox_due(f->store, T0 + 4, 9, NULL);
	g_assert_cmpuint(due->len, ==, 0);
	g_clear_pointer(&due, g_ptr_array_unref);
	due = store_outbox_due(f->store, T0 + 5, 9, NULL);
	g_assert_cmpuint(due->len, ==, 1);
	g_assert_true(
	    g_bytes_equal(((OutboxRow *)due->pdata[0])->bytes, bytes));

	set_state(tx, 1, "sending", INSTANT_NONE);
	g_assert_true(store_outbox_state(tx, 1,
	    &(OutboxTurn){ OUTBOX_RETRY, T0 + 900, 451, "4.7.1 later",
		T0 + 51 },
	    NULL));
	set_state(tx, 1, "sending", INSTANT_NONE);
	set_state(tx, 1, "dot", INSTANT_NONE);
	set_state(tx, 1, "sent", INSTANT_NONE);
	g_assert_true(store_outbox_row(f->store, 1, &back, NULL));
	g_assert_cmpint(back->attempts, ==, 2);
	g_assert_cmpint(back->first_try, ==, T0 + 50);
	g_assert_cmpint(back->next, ==, T0 + 900);
	g_assert_cmpstr(back->reply, ==, "4.7.1 later");
	g_assert_cmpint(back->code, ==, 250);

	/* Sent stays sent. */
	g_assert_false(store_outbox_state(tx, 1,
	    &(OutboxTurn){ OUTBOX_READY, T0, 0, NULL, T0 }, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT);
	g_clear_error(&error);
	g_assert_false(store_outbox_state(tx, 7,
	    &(OutboxTurn){ OUTBOX_READY, T0, 0, NULL, T0 }, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT);
	waiting = store_outbox_list(f->store, false, NULL);
	g_assert_cmpuint(waiting->len, ==, 0);
	commit(&tx);
}

static void
test_recover(Fixture *f, gconstpointer data)
{
	static const struct {
		const char *what;
		bool repeatable;
		const char *state, *after;
		bool uncertain;
	} rows[] = {
		{ "acknowledgment", false, "ready", "ready", false },
		{ "acknowledgment", false, "sending", "ready", false },
		{ "acknowledgment", false, "dot", "maybe", true },
		{ "reply", true, "dot", "ready", true },
		{ "reply", true, "sent", "sent", false },
	};
	static const char *const way[] = { "sending", "dot", "sent" };
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);

	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		OutboxRow row = answer(1, rows[i].what, "a@b.test", bytes);

		row.repeatable = rows[i].repeatable;
		g_assert_true(store_add_outbox(tx, &row, NULL));
		for (gsize j = 0; j < 3; j++) {
			if (strcmp(rows[i].state, "ready") == 0)
				break;
			set_state(tx, i + 1, way[j], INSTANT_NONE);
			if (strcmp(way[j], rows[i].state) == 0)
				break;
		}
	}
	g_assert_true(store_outbox_recover(tx, T0 + 99, NULL));
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		assert_state(f, i + 1, rows[i].after, rows[i].uncertain);
	commit(&tx);
}

static void
test_count_acks(Fixture *f, gconstpointer data)
{
	static const struct {
		const char *what, *to, *state;
	} rows[] = {
		{ "acknowledgment", "a@client.example", NULL },
		{ "acknowledgment", "b@client.example", "sending" },
		{ "acknowledgment", "a@client.example", "failed" },
		{ "acknowledgment", "a@client.example", "dropped" },
		{ "acknowledgment", "c@sub.client.example", NULL },
		{ "reply", "a@client.example", NULL },
	};
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
	AckCounts counts;

	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		OutboxRow row = answer(1, rows[i].what, rows[i].to, bytes);

		g_assert_true(store_add_outbox(tx, &row, NULL));
		if (rows[i].state != NULL)
			set_state(tx, i + 1, rows[i].state, INSTANT_NONE);
	}
	g_assert_true(store_count_acks(f->store, "a@client.example", PROOF_NONE,
	    T0 + 5, &counts, NULL));
	g_assert_cmpint(counts.address, ==, 1);
	g_assert_cmpint(counts.domain, ==, 2);
	g_assert_cmpint(counts.all, ==, 3);
	g_assert_true(store_count_acks(f->store, "a@client.example", PROOF_PASS,
	    T0 + 5, &counts, NULL));
	g_assert_cmpint(counts.all, ==, 0);
	g_assert_true(store_count_acks(f->store, "a@client.example", PROOF_NONE,
	    T0 + 6, &counts, NULL));
	g_assert_cmpint(counts.all, ==, 0);
	commit(&tx);
}

static void
test_dump(Fixture *f, gconstpointer data)
{
	static const char expected[] =
	    "ticket 1: new incident severity 1 contract acier-vosges plan "
	    "sos24\n"
	    "  subject \"Panne\"\n"
	    "  requester jeanne@client.example\n"
	    "  2026-11-20T16:00:00Z opened by mail contract=acier-vosges "
	    "kind=incident plan=sos24 severity=1\n"
	    "  2026-11-20T16:00:00Z message by mail author=client "
	    "verified=yes visibility=public\n"
	    "  2026-11-20T16:00:10Z sent by outbox outbox=1 outcome=sent\n"
	    "  clock response guaranteed running intake 2026-11-20T16:00:00Z "
	    "due 2026-11-20T17:00:00Z\n"
	    "  mail 2026-11-20T16:00:00Z client public from "
	    "jeanne@client.example \"Panne\": \"Le serveur est mort\"\n"
	    "    attachment \"capture.png\" image/png 2048 inline\n"
	    "  acknowledgment to jeanne@client.example 2026-11-20T16:00:05Z "
	    "ready from <> \"Re: Panne [#1]\": \"Bonjour,\"\n"
	    "\n"
	    "mail in support 2026-11-20T16:00:00Z unread\n"
	    "mail in support 2026-11-20T16:00:00Z repeats one of ticket 1 "
	    "from jeanne@client.example \"Panne\"\n"
	    "answer alarm to claire@desk.example 2026-11-20T16:00:05Z ready "
	    "from <> \"Re: Panne [#1]\": \"Bonjour,\"\n";
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(Message) message = letter("1@client.example",
	    "jeanne@client.example", "Panne", "\n  Le serveur est mort\nEt");
	g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
	OutboxRow alarm = answer(0, "alarm", "claire@desk.example", bytes);
	OutboxRow ack = answer(1, "acknowledgment", "jeanne@client.example",
	    bytes);
	Attachment *attachment = g_new0(Attachment, 1);
	Event *sent = event_stored(EVENT_SENT, 1, T0 + 10, "outbox", 0);
	g_autofree char *text = NULL;
	gint64 again;

	(void)data;
	attachment->name = g_strdup("capture.png");
	attachment->type = g_strdup("image/png");
	attachment->size = 2048;
	attachment->is_inline = true;
	g_ptr_array_add(message->attachments, attachment);
	again = add_raw_mail(tx, 1, 5, "again", NULL);
	add_raw_mail(tx, 1, 6, "unread", NULL);
	receive(f, tx, 1, message, 0, "yes");
	g_assert_true(store_mail_done(tx,
	    &(MailDone){ again, message, T0, 0, 3, "client", "public", NULL,
		NULL },
	    NULL));
	g_assert_true(store_add_outbox(tx, &alarm, NULL));
	g_assert_true(store_add_outbox(tx, &ack, NULL));
	event_set_int(event_set(sent, "outcome", "sent"), "outbox", 2);
	append(tx, sent);
	commit(&tx);
	text = dump(f);
	g_assert_cmpstr(text, ==, expected);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/store-thread/threads", test_threads);
	ADD("/store-thread/participants", test_participants);
	ADD("/store-thread/round-trip", test_round_trip);
	ADD("/store-thread/notes", test_notes);
	ADD("/store-thread/note-alone", test_note_alone);
	ADD("/store-thread/search", test_search);
	ADD("/store-thread/outbox", test_outbox);
	ADD("/store-thread/recover", test_recover);
	ADD("/store-thread/count-acks", test_count_acks);
	ADD("/store-thread/dump", test_dump);
	return g_test_run();
}
