/* Mails: kept, read, found again. */
#include "store-fixture.h"

static void
test_known(Fixture *f, gconstpointer data)
{
	static const struct {
		const char *label;
		guint32 uidvalidity, uid;
		const char *bytes;
		int same_as; /* row, or -1: a mail of its own */
	} rows[] = {
		{ "first", 1, 10, "A", -1 },
		{ "again", 1, 10, "A", 0 },
		{ "delivered twice", 1, 11, "A", -1 },
		{ "another", 1, 12, "B", -1 },
		{ "renumbered", 2, 1, "A", 0 },
		{ "renumbered, second delivery", 2, 2, "A", 2 },
		{ "same bytes once more", 2, 3, "A", -1 },
		{ "renumbered is known", 2, 1, "A", 0 },
		{ "old number in the new numbering", 2, 10, "C", -1 },
		{ "and back", 1, 10, "A", 0 },
	};
	gint64 ids[G_N_ELEMENTS(rows)];
	g_autoptr(StoreTx) tx = begin(f);

	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool known;

		g_test_message("%s", rows[i].label);
		ids[i] = add_raw_mail(tx, rows[i].uidvalidity, rows[i].uid,
		    rows[i].bytes, &known);
		g_assert_cmpint(known, ==, rows[i].same_as >= 0);
		if (rows[i].same_as >= 0)
			g_assert_cmpint(ids[i], ==, ids[rows[i].same_as]);
		for (gsize j = 0; rows[i].same_as < 0 && j < i; j++)
			g_assert_cmpint(ids[i], !=, ids[j]);
	}
	commit(&tx);
}

/* The server's new copy has to be marked anew. */
static void
test_renumbered_is_unmarked(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(Message) message = letter("a@b", "jeanne@client.example",
	    "Panne", "texte");
	g_autoptr(StoredMail) row = NULL;
	g_autoptr(GPtrArray) unmarked = NULL;
	gint64 id = add_raw_mail(tx, 1, 10, "A", NULL);

	(void)data;
	mail_done(tx, id, message, 0, "client");
	g_assert_true(store_mail_marked(tx, id, NULL));
	unmarked = store_unmarked_mails(f->store, "support", 10, NULL);
	g_assert_cmpuint(unmarked->len, ==, 0);
	g_clear_pointer(&unmarked, g_ptr_array_unref);

	g_assert_cmpint(add_raw_mail(tx, 2, 7, "A", NULL), ==, id);
	g_assert_true(store_mail(f->store, id, &row, NULL));
	g_assert_cmpuint(row->uidvalidity, ==, 2);
	g_assert_cmpuint(row->uid, ==, 7);
	g_assert_cmpstr(row->state, ==, "done");
	unmarked = store_unmarked_mails(f->store, "support", 10, NULL);
	g_assert_cmpuint(unmarked->len, ==, 1);
	commit(&tx);
}

static void
test_maildir_name(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(GBytes) raw = g_bytes_new("A", 1);
	StoredMail row = { .mailbox = (char *)"box",
		.name = (char *)"1795190400.M1P1.host",
		.received = T0 };
	gint64 one, two, other;
	bool known;

	(void)data;
	g_assert_true(store_add_mail(tx, &row, raw, &one, &known, NULL));
	g_assert_false(known);
	g_assert_true(store_add_mail(tx, &row, raw, &two, &known, NULL));
	g_assert_true(known);
	g_assert_cmpint(one, ==, two);
	row.name = (char *)"1795190400.M2P1.host";
	g_assert_true(store_add_mail(tx, &row, raw, &other, &known, NULL));
	g_assert_false(known);
	row.mailbox = (char *)"other-box";
	g_assert_true(store_add_mail(tx, &row, raw, &other, &known, NULL));
	g_assert_false(known);
	commit(&tx);
}

static void
test_raw(Fixture *f, gconstpointer data)
{
	static const guint8 hostile[] = { 0, 255, '\r', '\n', '\'', 0 };
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(GBytes) raw = g_bytes_new(hostile, sizeof(hostile));
	g_autoptr(GBytes) empty = g_bytes_new("", 0);
	g_autoptr(GBytes) back = NULL;
	g_autoptr(GBytes) empty_back = NULL;
	g_autoptr(GBytes) none = NULL;
	StoredMail row = { .mailbox = (char *)"support",
		.uidvalidity = 1,
		.uid = 1 };
	gint64 id;
	bool known;

	(void)data;
	g_assert_true(store_add_mail(tx, &row, raw, &id, &known, NULL));
	g_assert_true(store_raw(f->store, id, &back, NULL));
	g_assert_true(g_bytes_equal(raw, back));
	row.uid = 2;
	g_assert_true(store_add_mail(tx, &row, empty, &id, &known, NULL));
	g_assert_true(store_raw(f->store, id, &empty_back, NULL));
	g_assert_nonnull(empty_back);
	g_assert_cmpuint(g_bytes_get_size(empty_back), ==, 0);
	g_assert_true(store_raw(f->store, 99, &none, NULL));
	g_assert_null(none);
	commit(&tx);
}

static void
test_reading(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	gint64 id = add_raw_mail(tx, 1, 2, "B", NULL);
	gint64 first = add_raw_mail(tx, 1, 1, "A", NULL);
	g_autoptr(GPtrArray) unread = store_unread_mails(f->store, 9, NULL);
	g_autoptr(GPtrArray) still = NULL;
	g_autoptr(GPtrArray) left = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(StoredMail) row = NULL;

	(void)data;
	g_assert_cmpuint(unread->len, ==, 2);
	g_assert_cmpint(((StoredMail *)unread->pdata[0])->id, ==, first);

	g_assert_true(store_mail_reading(tx, id, NULL));
	g_assert_true(store_mail_reading(tx, id, NULL));
	still = store_unread_mails(f->store, 9, NULL);
	g_assert_cmpuint(still->len, ==, 1);
	left = store_interrupted_mails(f->store, 9, NULL);
	g_assert_cmpuint(left->len, ==, 1);
	g_assert_cmpint(((StoredMail *)left->pdata[0])->attempts, ==, 2);

	mail_done(tx, id, NULL, 4, NULL);
	g_assert_true(store_mail(f->store, id, &row, NULL));
	g_assert_cmpstr(row->state, ==, "unreadable");
	g_assert_cmpint(row->ticket, ==, 4);
	g_assert_false(store_mail_reading(tx, id, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT);
	commit(&tx);
}

static void
test_lane_and_trace(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(Message) message = letter("a@b", "jeanne@client.example",
	    "Panne", "texte");
	Effect file = { .kind = EFFECT_FILE, .lane = LANE_AUTO };
	Decision decision = { .effects = g_ptr_array_new(),
		.trace = g_ptr_array_new() };
	gint64 id = add_raw_mail(tx, 1, 1, "A", NULL);
	g_autoptr(StoredMail) row = NULL;
	g_autoptr(GPtrArray) filed = NULL;
	g_autoptr(GPtrArray) lines = NULL;
	g_autoptr(GPtrArray) none = NULL;

	(void)data;
	add_raw_mail(tx, 1, 2, "B", NULL);
	g_ptr_array_add(decision.effects, &file);
	g_ptr_array_add(decision.trace, (char *)"robot: auto-reply");
	g_ptr_array_add(decision.trace, (char *)"link: none\nat all");
	g_assert_true(store_mail_done(tx,
	    &(MailDone){ id, message, T0 - 9, 0, 0, "robot", "internal",
		&decision, NULL },
	    NULL));
	/* Decided again: nothing of the first time stays. */
	g_assert_true(store_mail_done(tx,
	    &(MailDone){ id, message, T0 - 9, 0, 0, "robot", "internal",
		&decision, NULL },
	    NULL));
	g_assert_true(store_mail(f->store, id, &row, NULL));
	g_assert_cmpstr(row->lane, ==, "auto");
	g_assert_cmpint(row->trusted, ==, T0 - 9);
	g_assert_cmpint(row->received, ==, T0);
	filed = store_filed_mails(f->store, 9, NULL);
	g_assert_cmpuint(filed->len, ==, 1);
	g_assert_cmpint(((StoredMail *)filed->pdata[0])->id, ==, id);
	lines = store_trace(f->store, id, NULL);
	g_assert_cmpuint(lines->len, ==, 2);
	g_assert_cmpstr(lines->pdata[1], ==, "link: none at all");
	none = store_trace(f->store, 99, NULL);
	g_assert_cmpuint(none->len, ==, 0);
	commit(&tx);
	g_ptr_array_unref(decision.effects);
	g_ptr_array_unref(decision.trace);
}

static void
test_cursor(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	guint32 uidvalidity = 5, uid = 5;

	(void)data;
	g_assert_true(
	    store_cursor(f->store, "support", &uidvalidity, &uid, NULL));
	g_assert_cmpuint(uidvalidity, ==, 0);
	g_assert_cmpuint(uid, ==, 0);
	g_assert_true(store_set_cursor(tx, "support", 1, 1, NULL));
	g_assert_true(
	    store_set_cursor(tx, "support", G_MAXUINT32, G_MAXUINT32, NULL));
	g_assert_true(
	    store_cursor(f->store, "support", &uidvalidity, &uid, NULL));
	g_assert_cmpuint(uidvalidity, ==, G_MAXUINT32);
	g_assert_cmpuint(uid, ==, G_MAXUINT32);
	commit(&tx);
}

/* doc/security.md T11: an id alone says nothing, and long ids compare whole. */
static void
test_repeat(Fixture *f, gconstpointer data)
{
	g_autofree char *long_a = g_strdup_printf("%0300d@a.example", 1);
	g_autofree char *long_b = g_strdup_printf("%0300d@b.example", 1);
	const struct {
		const char *label, *id, *from, *text;
		bool repeats;
	} rows[] = {
		{ "the same", long_a, "jeanne@client.example", "texte", true },
		{ "other text", long_a, "jeanne@client.example", "x", false },
		{ "other sender", long_a, "eve@evil.test", "texte", false },
		{ "no identity", long_a, NULL, "texte", false },
		{ "other id", long_b, "jeanne@client.example", "texte", false },
		{ "no id", NULL, "jeanne@client.example", "texte", false },
	};
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(Message) first = letter(long_a, "jeanne@client.example",
	    "Panne", "texte");
	g_autoptr(Message) no_id = letter(NULL, "jeanne@client.example",
	    "Panne", "texte");
	gint64 id = add_raw_mail(tx, 1, 1, "A", NULL);
	gint64 second = add_raw_mail(tx, 1, 2, "B", NULL);
	StoredCopy found = { 0 };

	(void)data;
	mail_done(tx, id, first, 1, "client");
	mail_done(tx, second, no_id, 1, "client");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Message) message = letter(rows[i].id, rows[i].from,
		    "Panne", rows[i].text);

		g_test_message("%s", rows[i].label);
		g_assert_true(
		    store_find_repeat(f->store, message, 99, &found, NULL));
		g_assert_cmpint(found.mail, ==, rows[i].repeats ? id : 0);
		g_assert_cmpint(found.ticket, ==, rows[i].repeats);
	}
	g_assert_true(store_find_repeat(f->store, first, id, &found, NULL));
	g_assert_cmpint(found.mail, ==, 0); /* itself is no repetition */
	commit(&tx);
}

/* What acted on the ticket with this Date acts once, under any Message-ID. */
static void
test_has_acted(Fixture *f, gconstpointer data)
{
	static const struct {
		const char *id, *text, *address, *words;
		gint64 ticket;
		int later;
		bool has;
	} rows[] = {
		{ "1@t.test", "#resolve", "claire@desk.test", "w", 1, 0, true },
		{ "2@t.test", "#resolve", "claire@desk.test", "", 1, 0, true },
		{ "2@t.test", "other", "claire@desk.test", "w", 1, 0, true },
		{ "1@t.test", "other", "claire@desk.test", "x", 1, 0, true },
		{ "2@t.test", "other", "claire@desk.test", "x", 1, 0, false },
		{ NULL, "other", "claire@desk.test", "", 1, 0, false },
		{ "1@t.test", "#resolve", "claire@desk.test", "w", 2, 0,
		    false },
		{ "1@t.test", "#resolve", "claire@desk.test", "w", 1, 1,
		    false },
		{ "1@t.test", "#resolve", "paul@desk.test", "w", 1, 0, false },
	};
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(Message) message = letter("1@t.test", "claire@desk.test",
	    "Re: [#1]", "#resolve");
	gint64 id = add_raw_mail(tx, 1, 1, "A", NULL);
	Decision decision = { .proof = PROOF_PASS, .words = (char *)"w" };
	bool has = true;

	(void)data;
	g_assert_true(store_mail_done(tx,
	    &(MailDone){ id, message, T0, 1, 0, "technician", "public",
		&decision, NULL },
	    NULL));
	open_ticket(tx, id, T0);
	/* What was refused did not act. */
	add_message_event(tx, 1, id, "no");
	g_assert_true(store_has_acted(f->store,
	    &(ActedQuery){ message, 99, 1, "w" }, &has, NULL));
	g_assert_false(has);
	add_message_event(tx, 1, id, "yes");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Message) again = letter(rows[i].id, rows[i].address,
		    "Re: [#1]", rows[i].text);

		again->date += rows[i].later;
		g_assert_true(store_has_acted(f->store,
		    &(ActedQuery){ again, 99, rows[i].ticket, rows[i].words },
		    &has, NULL));
		g_test_message("%zu", i);
		g_assert_cmpint(has, ==, rows[i].has);
	}
	g_assert_true(store_has_acted(f->store,
	    &(ActedQuery){ message, id, 1, "w" }, &has, NULL));
	g_assert_false(has);
	commit(&tx);
}

static void
test_count_subject(Fixture *f, gconstpointer data)
{
	static const char *const subjects[] = { "Serveur arr\xc3\xaat\xc3\xa9",
		"RE: serveur arr\xc3\xaat\xc3\xa9",
		"Re: AW: [#12] Serveur arr\xc3\xaat\xc3\xa9",
		"Re[2]:  Serveur  ARR\xc3\x8aT\xc3\x89 [#7]", "Serveur",
		"Retour: Serveur arr\xc3\xaat\xc3\xa9" };
	g_autoptr(StoreTx) tx = begin(f);
	int count = 0;

	(void)data;
	for (guint32 i = 0; i < G_N_ELEMENTS(subjects); i++) {
		g_autoptr(Message) message = letter(NULL, "robot@client.test",
		    subjects[i], "x");
		g_autofree char *bytes = g_strdup_printf("%u", i);

		mail_done(tx, add_raw_mail(tx, 1, i + 1, bytes, NULL), message,
		    0, "robot");
	}
	g_assert_true(store_count_subject(f->store,
	    &(SubjectQuery){ "robot@client.test",
		"Tr: SERVEUR ARR\xc3\x8aT\xc3\x89", PROOF_NONE, T0 },
	    &count, NULL));
	g_assert_cmpint(count, ==, 4);
	g_assert_true(store_count_subject(f->store,
	    &(SubjectQuery){ "robot@client.test",
		"Serveur arr\xc3\xaat\xc3\xa9", PROOF_NONE, T0 + 1 },
	    &count, NULL));
	g_assert_cmpint(count, ==, 0);
	g_assert_true(store_count_subject(f->store,
	    &(SubjectQuery){ "other@client.test",
		"Serveur arr\xc3\xaat\xc3\xa9", PROOF_NONE, T0 },
	    &count, NULL));
	g_assert_cmpint(count, ==, 0);
	/* What is proven is counted apart. */
	g_assert_true(store_count_subject(f->store,
	    &(SubjectQuery){ "robot@client.test",
		"Serveur arr\xc3\xaat\xc3\xa9", PROOF_PASS, T0 },
	    &count, NULL));
	g_assert_cmpint(count, ==, 0);
	commit(&tx);
}

static void
test_find_mail(Fixture *f, gconstpointer data)
{
	g_autoptr(StoreTx) tx = begin(f);
	g_autoptr(Message) message = letter("a@b", "jeanne@client.example",
	    "Panne", "texte");
	gint64 id = add_raw_mail(tx, 1, 1, "A", NULL);
	const struct {
		const char *word;
		gint64 id;
	} rows[] = { { "1", id }, { "a@b", id }, { "<a@b>", id }, { "2", 0 },
		{ "", 0 }, { "<>", 0 }, { "-1", 0 }, { "1 OR 1=1", 0 },
		{ "99999999999999999999", 0 } };

	(void)data;
	mail_done(tx, id, message, 0, "client");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gint64 found = -1;

		g_assert_true(
		    store_find_mail(f->store, rows[i].word, &found, NULL));
		g_assert_cmpint(found, ==, rows[i].id);
	}
	commit(&tx);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/store-mail/known", test_known);
	ADD("/store-mail/renumbered-is-unmarked", test_renumbered_is_unmarked);
	ADD("/store-mail/maildir-name", test_maildir_name);
	ADD("/store-mail/raw", test_raw);
	ADD("/store-mail/reading", test_reading);
	ADD("/store-mail/lane-and-trace", test_lane_and_trace);
	ADD("/store-mail/cursor", test_cursor);
	ADD("/store-mail/repeat", test_repeat);
	ADD("/store-mail/has-acted", test_has_acted);
	ADD("/store-mail/count-subject", test_count_subject);
	ADD("/store-mail/find-mail", test_find_mail);
	return g_test_run();
}
