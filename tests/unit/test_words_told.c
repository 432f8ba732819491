/* What a technician reads of a mail: all of a first one, of an answer what is
 * new and how much is not. */
#include "intake-fixture.h"

#define JEANNE "jeanne.morel@acier-vosges.example"

static char *
mail_of(const char *fields, const char *subject, const char *body)
{
	static guint count;

	return g_strdup_printf(
	    "Authentication-Results: mx.desk.example; dmarc=pass "
	    "header.from=acier-vosges.example\n"
	    "Received: from mail.test by mx.desk.example\n"
	    "From: <" JEANNE ">\nTo: <help@desk.example>\nSubject: %s\n"
	    "Message-ID: <w%u@acier-vosges.example>\n%s"
	    "Content-Type: text/plain; charset=utf-8\n\n%s",
	    subject, count++, fields, body);
}

static char *
last_notice(Desk *desk)
{
	g_autoptr(GPtrArray) rows = desk_sent(desk, "notice", ANNE);
	const OutboxRow *last = NULL;

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		if (last == NULL || row->id > last->id)
			last = row;
	}
	g_assert_nonnull(last);
	return g_strdup(last->text);
}

#define QUOTATION                                      \
 "\n\nLe 20/11/2026 à 17:00, Desk a écrit :\n> un\n" \
 "> deux\n"

static void
test_told(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *first = NULL, *answer = NULL, *plain = NULL;
	g_autofree char *id = NULL, *fields = NULL;
	g_autofree char *one = NULL, *two = NULL, *three = NULL;

	desk_set_up(&desk, "");
	one = mail_of("In-Reply-To: <elsewhere@supplier.example>\n",
	    "Re: Panne", "Bonjour, voir ci-dessous.\n-- \nJeanne" QUOTATION);
	desk_deliver(&desk, one, T0);
	first = last_notice(&desk);
	/* It answers somebody else, whose words are news here. */
	g_assert_nonnull(strstr(first, "> deux"));
	g_assert_nonnull(strstr(first, "Jeanne"));
	g_assert_null(strstr(first, "citée"));

	id = desk_field(&desk, "acknowledgment", JEANNE, "Message-ID");
	fields = g_strdup_printf("In-Reply-To: %s\n", id);
	two = mail_of(fields, "Re: Panne", "Toujours rien." QUOTATION);
	desk_deliver(&desk, two, T0 + 60);
	answer = last_notice(&desk);
	g_assert_nonnull(strstr(answer, "Toujours rien."));
	g_assert_null(strstr(answer, "> deux"));
	g_assert_nonnull(strstr(answer, "… 3 lignes coupées"));

	three = mail_of(fields, "Re: Panne", "Encore une chose.\n");
	desk_deliver(&desk, three, T0 + 120);
	plain = last_notice(&desk);
	g_assert_nonnull(strstr(plain, "Encore une chose."));
	g_assert_null(strstr(plain, "citée"));
}

/* Whom a mail names beside its writer, as the technician reads it: nobody, one,
 * or several, and never the writer again. */
static void
test_others_told(void)
{
	static const struct {
		const char *fields;
		const char *reply, *sent; /* NULL: nothing is said */
	} rows[] = {
		{ "", NULL, NULL },
		{ "Reply-To: Jeanne <Jeanne.Morel@acier-vosges.example>\n",
		    NULL, NULL },
		{ "Sender: <" JEANNE ">\n", NULL, NULL },
		{ "Reply-To: Visitor <v@visitor.example>\n",
		    "Visitor <v@visitor.example>", NULL },
		{ "Reply-To: a@visitor.example; 'b@visitor.example', " JEANNE
		  "\n",
		    "a@visitor.example, b@visitor.example", NULL },
		{ "Reply-To: =?utf-8?q?Ren=C3=A9_{{x}}?= <r@visitor.example>\n",
		    "René {{x}} <r@visitor.example>", NULL },
		{ "Sender: robot@acier-vosges.example (Form)\n", NULL,
		    "Form <robot@acier-vosges.example>" },
		{ "Sender: root@web1\nReply-To: v@visitor.example\n",
		    "v@visitor.example", "root@web1" },
	};
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mail = mail_of(rows[i].fields, "Panne",
		    "Bonjour.\n");
		g_autofree char *told = NULL;

		g_test_message("%s", rows[i].fields);
		desk_deliver(&desk, mail, T0 + (Instant)i * 7200);
		told = last_notice(&desk);
		g_assert_cmpint(strstr(told, "ce mail la demande à") != NULL,
		    ==, rows[i].reply != NULL);
		g_assert_cmpint(strstr(told, "Envoyé   : par") != NULL, ==,
		    rows[i].sent != NULL);
		if (rows[i].reply != NULL)
			g_assert_nonnull(strstr(told, rows[i].reply));
		if (rows[i].sent != NULL)
			g_assert_nonnull(strstr(told, rows[i].sent));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/words-told/told", test_told);
	g_test_add_func("/words-told/others", test_others_told);
	return g_test_run();
}
