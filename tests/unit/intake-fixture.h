/*
 * intake-fixture: a desk in a folder of its own, without a loop, a mailbox or
 * a way out: real rules, real mails, a real store; what it would send stands
 * in the outbox.
 */
#ifndef GUICHET_TESTS_INTAKE_FIXTURE_H
#define GUICHET_TESTS_INTAKE_FIXTURE_H

#include "guichet/rules/ruleset.h"
#include "guichet/store/store.h"
#include "guichet/work/intake.h"
#include "guichet/work/manage.h"

#include <glib/gstdio.h>

#include <string.h>

/* Never to reach a client. */
#define CANARY "canari493022"

/* The head that our own border puts on a mail. */
#define BORDER(result, domain)                                      \
 "Authentication-Results: mx.desk.example;\n"                       \
 "\tdmarc=" result " header.from=" domain "\n"                      \
 "Received: from mail.test (mail.test [192.0.2.3])\n"               \
 "\tby mx.desk.example with ESMTPS id 1 for <help@desk.example>;\n" \
 "\tFri, 20 Nov 2026 17:00:00 +0100\n"

#define T0     1795190400 /* Friday 2026-11-20T17:00+01:00 */
#define JEANNE "jeanne.morel@acier-vosges.example"
#define ANNE   "anne.martin@desk.example"
#define HUGO   "hugo.vidal@desk.example"

typedef struct {
	char *folder;
	Conf *conf;
	RuleFiles *files;
	Ruleset *ruleset;
	Store *store;
	Intake *intake;
	guint32 mails; /* delivered so far */
} Desk;

/* `more` is put below the site's own keys. */
static inline void
desk_set_up(Desk *desk, const char *more)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Problems) problems = problems_new();
	g_autofree char *rules = NULL, *file = NULL, *text = NULL;
	g_autofree char *found = NULL, *path = NULL;

	*desk =
	    (Desk){ .folder = g_dir_make_tmp("guichet-intake-XXXXXX", &error) };
	g_assert_no_error(error);
	rules = g_canonicalize_filename("rules", NULL);
	file = g_build_filename(desk->folder, "guichet.yaml", NULL);
	text = g_strdup_printf("site:\n"
			       "  name: Assistance Exemple\n"
			       "  address: help@desk.example\n"
			       "  addresses: [sos24@desk.example]\n"
			       "  plus_addresses: yes\n"
			       "  language: fr\n"
			       "  zone: Europe/Paris\n"
			       "store: store\n"
			       "rules: %s\n"
			       "tokens: tokens\n"
			       "border:\n"
			       "  authserv_id: mx.desk.example\n"
			       "  hosts: [mx.desk.example]\n"
			       "  strips: verified\n"
			       "mailboxes:\n"
			       "- {name: support, maildir: mail}\n"
			       "send: {maildir: sent}\n"
			       "%s"
			       "technicians:\n"
			       "- {name: Anne Martin, address: " ANNE "}\n"
			       "- {name: Hugo Vidal, address: " HUGO "}\n"
			       "%s",
	    rules,
	    strstr(more, "answers_wait:") == NULL ? "answers_wait: 0\n" : "",
	    more);
	g_file_set_contents(file, text, -1, &error);
	g_assert_no_error(error);
	desk->conf = conf_load(file, true, problems);
	found = problems_format(problems);
	g_assert_cmpstr(found, ==, "");
	g_assert_true(conf_make_tokens(desk->conf, &error));
	g_assert_no_error(error);
	desk->files = rule_files_read(rules, problems);
	/* test_ruleset.c tries the patterns of all shipped rules. */
	problems_set_known(problems, true);
	if (desk->files != NULL)
		desk->ruleset = ruleset_load(desk->files, rules, problems);
	if (desk->ruleset == NULL) {
		/* Another state of the tree than the program's, most often:
		 * no assertion, which some tests go on behind. */
		g_autofree char *wrong = problems_format(problems);

		g_error("rules/ is not as this program reads it:\n%s", wrong);
	}
	path = g_build_filename(desk->folder, "store", NULL);
	desk->store = store_open(path, STORE_MAKE, &error);
	g_assert_no_error(error);
	desk->intake = intake_new(desk->conf, desk->ruleset, desk->store);
}

static inline void
desk_clear(Desk *desk)
{
	g_autoptr(GDir) dir = NULL;
	const char *name;

	intake_free(desk->intake);
	store_free(desk->store);
	ruleset_free(desk->ruleset);
	rule_files_free(desk->files);
	conf_free(desk->conf);
	dir = g_dir_open(desk->folder, 0, NULL);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(desk->folder, name,
		    NULL);

		g_unlink(path);
	}
	g_rmdir(desk->folder);
	g_free(desk->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

/* An empty store under the rules that were loaded once. */
static inline void
desk_renew(Desk *desk)
{
	static const char *const files[] = { "store", "store-wal",
		"store-shm" };
	g_autoptr(GError) error = NULL;
	g_autofree char *path = g_build_filename(desk->folder, "store", NULL);

	intake_free(desk->intake);
	store_free(desk->store);
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *file = g_build_filename(desk->folder, files[i],
		    NULL);

		g_unlink(file);
	}
	desk->store = store_open(path, STORE_MAKE, &error);
	g_assert_no_error(error);
	desk->intake = intake_new(desk->conf, desk->ruleset, desk->store);
	desk->mails = 0;
}

static inline gint64
desk_deliver_raw(Desk *desk, const char *text, bool partial, Instant at)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));
	g_autoptr(Message) message = message_parse((const guint8 *)text,
	    strlen(text), partial);
	g_autoptr(StoredMail) mail = NULL;
	g_autoptr(StoreTx) tx = NULL;
	StoredMail row = {
		.mailbox = (char *)"support",
		.uidvalidity = 1,
		.uid = ++desk->mails,
		.received = at,
		.size = (gint64)strlen(text),
	};
	gint64 id;
	bool known;

	tx = store_begin(desk->store, &error);
	g_assert_no_error(error);
	store_add_mail(tx, &row, raw, &id, &known, &error);
	g_assert_no_error(error);
	store_mail(desk->store, id, &mail, &error);
	g_assert_no_error(error);
	intake_one(desk->intake, tx, mail, message, at + 60, &error);
	g_assert_no_error(error);
	store_commit(&tx, &error);
	g_assert_no_error(error);
	return id;
}

/* Takes the mail in as received at `at`; its id in the store. */
static inline gint64
desk_deliver(Desk *desk, const char *text, Instant at)
{
	return desk_deliver_raw(desk, text, false, at);
}

/* The same of a mail whose end was left on the server. */
static inline gint64
desk_deliver_part(Desk *desk, const char *text, Instant at)
{
	return desk_deliver_raw(desk, text, true, at);
}

/* An order at the command line, by who has this login (NULL: nobody knows):
 * what it prints, or what is wrong. The words end in NULL. */
static inline char *
desk_order_by(Desk *desk, const char *login, bool *ret_done, char *const *words)
{
	const ManageCall call = { words, login, T0 + 3600 };
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(StoreTx) tx = store_begin(desk->store, &error);

	g_assert_no_error(error);
	*ret_done = manage_run(desk->intake, tx, &call, out, &error);
	g_assert_cmpint(*ret_done, ==, error == NULL);
	if (*ret_done) {
		g_autoptr(GError) failed = NULL;

		store_commit(&tx, &failed);
		g_assert_no_error(failed);
	}
	return g_strdup(*ret_done ? out->str : error->message);
}

static inline char *
desk_order(Desk *desk, bool *ret_done, char *const *words)
{
	return desk_order_by(desk, NULL, ret_done, words);
}

/* The outbox's rows of one kind to one address; NULL is any. */
static inline GPtrArray *
desk_sent(Desk *desk, const char *what, const char *to)
{
	g_autoptr(GError) error = NULL;
	GPtrArray *rows = store_outbox_list(desk->store, true, &error);

	g_assert_no_error(error);
	for (guint i = rows->len; i-- > 0;) {
		const OutboxRow *row = rows->pdata[i];

		if ((what != NULL && strcmp(row->what, what) != 0) ||
		    (to != NULL && strcmp(row->to, to) != 0))
			g_ptr_array_remove_index(rows, i);
	}
	return rows;
}

static inline guint
desk_count(Desk *desk, const char *what, const char *to)
{
	g_autoptr(GPtrArray) rows = desk_sent(desk, what, to);

	return rows->len;
}

static inline Ticket *
desk_ticket(Desk *desk, gint64 number)
{
	g_autoptr(GError) error = NULL;
	Ticket *ticket = NULL;

	store_ticket(desk->store, number, &ticket, &error);
	g_assert_no_error(error);
	return ticket;
}

/* A field of the newest mail of that kind to that address, as it is sent. */
static inline char *
desk_field(Desk *desk, const char *what, const char *to, const char *name)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = desk_sent(desk, what, to);
	g_autoptr(OutboxRow) row = NULL;
	g_autoptr(Message) message = NULL;
	gint64 newest = 0;
	const char *value;
	gsize length;
	const guint8 *bytes;

	for (guint i = 0; i < rows->len; i++)
		newest = MAX(newest, ((OutboxRow *)rows->pdata[i])->id);
	g_assert_cmpint(newest, >, 0);
	store_outbox_row(desk->store, newest, &row, &error);
	g_assert_no_error(error);
	bytes = g_bytes_get_data(row->bytes, &length);
	message = message_parse(bytes, length, false);
	value = message_header(message, name);
	return g_strdup(value != NULL ? value : "");
}

#endif
