/* One mail by several paths, ids that bind nothing, and conversations of others:
 * which ticket, and how often it is answered (doc/design.md 7). */
#include "threads-fixture.h"

/* Programs write "<undefined>": strangers' requests have nothing in common. */
static void
test_no_id(void)
{
	static const char *const ids[] = { "undefined", "yes", "@", "none@" };
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
		g_autofree char *fields = g_strdup_printf(
		    "In-Reply-To: <%s>\nReferences: <%s>\n", ids[i], ids[i]);
		g_autofree char *one = mail_of(JEANNE, ids[i], fields, "A",
		    "Un.");
		g_autofree char *id = g_strdup_printf("n%zu@acier.test", i);
		g_autofree char *two = mail_of(JEANNE, id, fields, "B",
		    "Deux.");
		Instant at = T0 + (Instant)i * 3 * HOURS;

		g_assert_cmpint(ticket_of(&desk, desk_deliver(&desk, one, at)),
		    !=, ticket_of(&desk, desk_deliver(&desk, two, at + HOURS)));
	}
}

/* ---- one mail by several paths ---- */

#define PLAIN "Content-Type: text/plain; charset=utf-8\n"
#define WORDS "Bonjour,\n\nL'extranet est arrêté depuis midi.\n\nJeanne"

static const struct {
	const char *name, *fields, *subject, *text;
} paths[] = {
	{ "another field", "X-Microsoft-Antispam: BCL:0\n" PLAIN, "Extranet",
	    WORDS },
	{ "sent again", "Resent-From: k@a.test\nResent-To: b@a.test\n" PLAIN,
	    "Extranet", WORDS },
	{ "a mark in the subject", PLAIN, "[EXTERNE] Extranet", WORDS },
	{ "a spam filter's mark", PLAIN, "***SPAM*** Extranet", WORDS },
	{ "a list's mark", PLAIN, "[support] Extranet", WORDS },
	{ "a banner", PLAIN, "Extranet",
	    "CAUTION: This email originated from outside the organization.\n\n" WORDS },
	{ "a footer", PLAIN, "Extranet",
	    WORDS "\n\n--\nThis email has been scanned for viruses." },
	{ "a list's footer", PLAIN, "Extranet",
	    WORDS "\n_____\nSupport mailing list\nTo unsubscribe, write." },
	{ "blanks", PLAIN, "Extranet",
	    "  Bonjour,\n\n\nL'extranet est arrêté\n depuis midi.\n\n Jeanne \n" },
	{ "quoted-printable",
	    PLAIN "Content-Transfer-Encoding: "
		  "quoted-printable\n",
	    "Extranet",
	    "Bonjour,\n\nL'extranet est arr=C3=AAt=C3=A9 depuis=\n "
	    "midi.\n\nJeanne" },
	{ "base64", PLAIN "Content-Transfer-Encoding: base64\n", "Extranet",
	    "Qm9uam91ciwKCkwnZXh0cmFuZXQgZXN0IGFycsOqdMOpIGRlcHVpcyBtaWRpLgoK"
	    "SmVhbm5l\n" },
	{ "latin-1",
	    "Content-Type: text/plain; charset=iso-8859-1\n"
	    "Content-Transfer-Encoding: quoted-printable\n",
	    "Extranet",
	    "Bonjour,\n\nL'extranet est arr=EAt=E9 depuis midi.\n\nJeanne" },
	{ "in parts", "Content-Type: multipart/mixed; boundary=other\n",
	    "Extranet", "--other\n" PLAIN "\n" WORDS "\n--other--\n" },
};

static void
test_paths(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
		g_auto(Desk) desk = { 0 };
		g_autofree char *one = mail_of(JEANNE, "p1@acier.test", PLAIN,
		    "Extranet", WORDS);
		g_autofree char *two = mail_of(JEANNE, "p1@acier.test",
		    paths[i].fields, paths[i].subject, paths[i].text);
		bool swap = i % 2 == 1;

		g_test_message("%s", paths[i].name);
		desk_set_up(&desk, "");
		desk_deliver(&desk, swap ? two : one, T0);
		desk_deliver(&desk, swap ? one : two, T0 + 60);
		g_assert_null(desk_ticket(&desk, 2));
		g_assert_cmpuint(desk_count(&desk, "acknowledgment", JEANNE),
		    ==, 1);
		g_assert_cmpuint(desk_count(&desk, "notice", ANNE), ==, 1);
	}
}

/* Of one id, and yet other mails: kept and told; of another writer, apart. */
static void
test_other_words(void)
{
	static const struct {
		const char *name, *from, *fields, *text;
		gint64 ticket;
	} rows[] = {
		{ "other words", JEANNE, PLAIN, "Autre chose.", 1 },
		{ "words added", JEANNE, PLAIN, WORDS "\n\nEt le VPN aussi.",
		    1 },
		{ "a file more", JEANNE,
		    "Content-Type: multipart/mixed; boundary=b\n",
		    "--b\n" PLAIN "\n" WORDS "\n--b\n"
		    "Content-Type: text/csv\nContent-Disposition: attachment; "
		    "filename=a.csv\n\na;b\n--b--\n",
		    1 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Desk) desk = { 0 };
		g_autofree char *one = mail_of(JEANNE, "p1@acier.test", PLAIN,
		    "Extranet", WORDS);
		g_autofree char *two = mail_of(rows[i].from, "p1@acier.test",
		    rows[i].fields, "Extranet", rows[i].text);

		g_test_message("%s", rows[i].name);
		desk_set_up(&desk, "");
		desk_deliver(&desk, one, T0);
		g_assert_cmpint(
		    ticket_of(&desk, desk_deliver(&desk, two, T0 + HOURS)), ==,
		    rows[i].ticket);
		g_assert_cmpuint(desk_count(&desk, "acknowledgment", JEANNE),
		    ==, 1);
		g_assert_cmpuint(desk_count(&desk, "notice", ANNE), ==, 2);
	}
}

#define WITH(files)                             \
 "Content-Type: multipart/mixed; boundary=b\n", \
     "--b\n" PLAIN "\n" WORDS "\n" files "--b--\n"
#define FILE_A                                                    \
 "--b\nContent-Type: text/csv\nContent-Disposition: attachment; " \
 "filename=a.csv\n\na;b\n"
#define FILE_B                                                    \
 "--b\nContent-Type: text/csv\nContent-Disposition: attachment; " \
 "filename=b.csv\n\nc;d\n"

/* A gateway takes files out, or puts them back: those that are new are told,
 * once each, and move nothing. */
static void
test_more_files(void)
{
	static const struct {
		const char *name, *fields, *text;
		guint notices;
	} rows[] = {
		{ "a file more", WITH(FILE_A), 3 },
		{ "the same again", WITH(FILE_A), 3 },
		{ "without any", PLAIN, WORDS, 3 },
		{ "another one", WITH(FILE_B), 4 },
		{ "one of those", WITH(FILE_A), 4 },
	};
	g_auto(Desk) desk = { 0 };
	g_autoptr(Ticket) ticket = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *one = mail_of(JEANNE, "p1@acier.test", PLAIN,
	    "Extranet", WORDS);
	g_autofree char *settled = mail_of(JEANNE, "p2@acier.test",
	    "In-Reply-To: <p1@acier.test>\n" PLAIN, "Re: Extranet",
	    "C'est réglé, vous pouvez fermer.");

	desk_set_up(&desk, "");
	desk_deliver(&desk, one, T0);
	desk_deliver(&desk, settled, T0 + 60);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *copy = mail_of(JEANNE, "p1@acier.test",
		    rows[i].fields, "Extranet", rows[i].text);

		g_test_message("%s", rows[i].name);
		desk_deliver(&desk, copy, T0 + (gint64)(i + 1) * HOURS);
		g_assert_null(desk_ticket(&desk, 2));
		g_assert_cmpuint(desk_count(&desk, "acknowledgment", JEANNE),
		    ==, 1);
		g_assert_cmpuint(desk_count(&desk, "notice", ANNE), ==,
		    rows[i].notices);
	}
	ticket = desk_ticket(&desk, 1);
	g_assert_cmpint(ticket->state, ==, TICKET_RESOLVED);
}

/* ---- drawn into a conversation of others ---- */

#define ASKED                                     \
 "Pouvez-vous regarder ?\n\nDe : %s\n"            \
 "Envoyé : vendredi 20 novembre 2026 16:40\n"    \
 "À : Jeanne Morel <" JEANNE ">\nObjet : ERP\n\n" \
 "Plus personne ne peut travailler : l'ERP est arrêté.\n"

/* What nobody here has read yet is the request, whoever's words it is in; what
 * we wrote once, and is quoted, is none. */
static void
test_drawn_in(void)
{
	static const struct {
		const char *name, *parent, *quoted;
		int severity;
	} rows[] = {
		{ "a colleague's words", "x0@acier.test",
		    "Paul <paul@acier.test>", 1 },
		{ "ours, by our address", "x0@acier.test",
		    "Assistance <Help@Desk.example>", 3 },
		{ "ours, by a technician's", "x0@acier.test", "Anne <" ANNE ">",
		    3 },
		{ "ours, by the id", "x0@desk.example", "Assistance (bureau)",
		    3 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Desk) desk = { 0 };
		g_autoptr(Ticket) ticket = NULL;
		g_autofree char *fields = g_strdup_printf(
		    "In-Reply-To: <%s>\n" PLAIN, rows[i].parent);
		g_autofree char *text = g_strdup_printf(ASKED, rows[i].quoted);
		g_autofree char *mail = mail_of(JEANNE, "d1@acier.test", fields,
		    "RE: ERP", text);

		g_test_message("%s", rows[i].name);
		desk_set_up(&desk, "");
		desk_deliver(&desk, mail, T0);
		ticket = desk_ticket(&desk, 1);
		g_assert_cmpint(ticket->severity, ==, rows[i].severity);
	}
}

/* ---- our own address, and the brake ---- */

/* A web form, a copier: a ticket and a notice, no answer to ourselves. */
static void
test_own_address(void)
{
	g_auto(Desk) desk = { 0 };
	gint64 mail;

	desk_set_up(&desk, "");
	mail = desk_deliver(&desk,
	    BORDER("pass",
		"desk.example") "From: Site <help@desk.example>\n"
				"Reply-To: jeanne@ailleurs.example\nTo: help@desk.example\n"
				"Message-ID: <f1@site.example>\nSubject: Formulaire\n\n"
				"L'ERP est en panne.\n",
	    T0);
	g_assert_cmpint(ticket_of(&desk, mail), ==, 1);
	g_assert_cmpuint(desk_count(&desk, "notice", ANNE), ==, 1);
	g_assert_cmpuint(desk_count(&desk, NULL, "help@desk.example"), ==, 0);
	g_assert_cmpuint(desk_count(&desk, NULL, "jeanne@ailleurs.example"), ==,
	    0);
}

/* Of a list of ours, and without a subject, each request is one of its own. */
static void
test_brake(void)
{
	static const char *const heads[] = { "List-Id: <help.desk.example>\n",
		"X-Nothing: x\n" };
	static const char *const subjects[] = { "Question", "" };

	for (gsize i = 0; i < G_N_ELEMENTS(heads); i++) {
		g_auto(Desk) desk = { 0 };

		desk_set_up(&desk, "");
		g_strfreev(desk.conf->own_lists);
		desk.conf->own_lists = g_strsplit("help.desk.example", " ", 0);
		desk.conf->policy.own_lists =
		    (const char *const *)desk.conf->own_lists;
		for (int k = 0; k < 5; k++) {
			g_autofree char *id = g_strdup_printf("b%d@acier.test",
			    k);
			g_autofree char *text = g_strdup_printf("Demande %d.",
			    k);
			g_autofree char *mail = mail_of(JEANNE, id, heads[i],
			    subjects[i], text);

			g_assert_cmpint(
			    ticket_of(&desk,
				desk_deliver(&desk, mail, T0 + 60 * k)),
			    ==, k + 1);
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/threads/no-id", test_no_id);
	g_test_add_func("/threads/paths", test_paths);
	g_test_add_func("/threads/other-words", test_other_words);
	g_test_add_func("/threads/more-files", test_more_files);
	g_test_add_func("/threads/drawn-in", test_drawn_in);
	g_test_add_func("/threads/own-address", test_own_address);
	g_test_add_func("/threads/brake", test_brake);
	return g_test_run();
}
