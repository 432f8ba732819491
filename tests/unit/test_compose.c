#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/compose/compose.h"

#include <string.h>

static Letter
some_letter(void)
{
	return (Letter){
		.kind = LETTER_REPLIED,
		.from_name = "Assistance Exemple",
		.from_address = "help@desk.example",
		.to_address = "jean@client.example",
		.subject = "Re: Panne [#12]",
		.message_id = "k1.12.1.abc.def@desk.example",
		.date = 1795190400,
		.zone = "Europe/Paris",
		.text = "Bonjour,\n\nReçu.\n",
	};
}

static char *
compose_ok(const Letter *letter)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = compose(letter, &error);
	gsize length;
	const char *data;

	g_assert_no_error(error);
	data = g_bytes_get_data(bytes, &length);
	g_assert_null(memchr(data, '\0', length));
	return g_strndup(data, length);
}

/* "Name,Name,..." of the top fields, in order. */
static char *
field_names(const char *bytes)
{
	g_autofree char *head = g_strndup(bytes,
	    (gsize)(strstr(bytes, "\r\n\r\n") - bytes));
	g_auto(GStrv) lines = g_strsplit(head, "\r\n", -1);
	GString *names = g_string_new(NULL);

	for (char **line = lines; *line != NULL; line++) {
		if (**line == ' ' || **line == '\t')
			continue;
		g_string_append_printf(names, "%s%.*s",
		    names->len > 0 ? "," : "", (int)strcspn(*line, ":"), *line);
	}
	return g_string_free(names, FALSE);
}

static void
test_golden(void)
{
	static const char *const references[] = { "a@client.example",
		"b@client.example", NULL };
	Letter letter = some_letter();
	g_autofree char *bytes = NULL;
	g_autofree char *again = NULL;

	letter.in_reply_to = "b@client.example";
	letter.references = references;
	letter.loop = "k1.abcdef";
	letter.language = "fr";
	letter.reply_to = "help+k1@desk.example";
	bytes = compose_ok(&letter);
	again = compose_ok(&letter);
	g_assert_cmpstr(bytes, ==, again);
	g_assert_cmpstr(bytes, ==,
	    "From: Assistance Exemple <help@desk.example>\r\n"
	    "Reply-To: help+k1@desk.example\r\n"
	    "To: jean@client.example\r\n"
	    "Subject: Re: Panne [#12]\r\n"
	    "Date: Fri, 20 Nov 2026 17:00:00 +0100\r\n"
	    "Message-Id: <k1.12.1.abc.def@desk.example>\r\n"
	    "In-Reply-To: <b@client.example>\r\n"
	    "References: <a@client.example> <b@client.example>\r\n"
	    "Auto-Submitted: auto-replied\r\n"
	    "X-Auto-Response-Suppress: All\r\n"
	    "Precedence: bulk\r\n"
	    "X-MS-Reactions: disallow\r\n"
	    "X-Guichet-Loop: k1.abcdef\r\n"
	    "Content-Language: fr\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n"
	    "\r\n"
	    "Bonjour,\r\n"
	    "\r\n"
	    "Re=C3=A7u.\r\n");
}

/* Dots where RFC 5322 has none, once given away for life by carriers. */
static void
test_dots(void)
{
	Letter letter = some_letter();
	g_autofree char *bare = NULL;
	g_autofree char *named = NULL;

	letter.to_address = "taro.@carrier.example";
	bare = compose_ok(&letter);
	letter.to_name = "Taro";
	letter.to_address = "a..b@carrier.example";
	named = compose_ok(&letter);
	g_assert_nonnull(strstr(bare, "\r\nTo: \"taro.\"@carrier.example\r\n"));
	g_assert_nonnull(
	    strstr(named, "\r\nTo: Taro <\"a..b\"@carrier.example>\r\n"));
}

static void
test_marks(void)
{
	static const struct {
		LetterKind kind;
		const char *names;
	} rows[] = {
		{ LETTER_PERSON,
		    "From,To,Subject,Date,Message-Id,X-MS-Reactions,MIME-Version,"
		    "Content-Type,Content-Transfer-Encoding" },
		{ LETTER_REPLIED,
		    "From,To,Subject,Date,Message-Id,Auto-Submitted,"
		    "X-Auto-Response-Suppress,Precedence,X-MS-Reactions,MIME-Version,"
		    "Content-Type,Content-Transfer-Encoding" },
		{ LETTER_GENERATED,
		    "From,To,Subject,Date,Message-Id,Auto-Submitted,"
		    "X-Auto-Response-Suppress,Precedence,X-MS-Reactions,MIME-Version,"
		    "Content-Type,Content-Transfer-Encoding" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		Letter letter = some_letter();
		g_autofree char *bytes = NULL;
		g_autofree char *names = NULL;

		letter.kind = rows[i].kind;
		bytes = compose_ok(&letter);
		names = field_names(bytes);
		g_assert_cmpstr(names, ==, rows[i].names);
		g_assert_true(
		    (strstr(bytes, "Auto-Submitted: auto-generated\r\n") !=
			NULL) == (rows[i].kind == LETTER_GENERATED));
	}
}

static void
test_dates(void)
{
	static const struct {
		Instant at;
		const char *zone, *expected;
	} rows[] = {
		{ 1795190400, NULL, "Date: Fri, 20 Nov 2026 16:00:00 +0000" },
		{ 1795190400, "No/Where",
		    "Date: Fri, 20 Nov 2026 16:00:00 +0000" },
		{ 1795190400, "America/St_Johns",
		    "Date: Fri, 20 Nov 2026 12:30:00 -0330" },
		{ 1792890000, "Europe/Paris",
		    "Date: Sun, 25 Oct 2026 02:00:00 +0100" },
		{ 0, "Asia/Kathmandu",
		    "Date: Thu, 01 Jan 1970 05:30:00 +0530" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		Letter letter = some_letter();
		g_autofree char *bytes = NULL;
		const char *date;

		letter.date = rows[i].at;
		letter.zone = rows[i].zone;
		bytes = compose_ok(&letter);
		date = strstr(bytes, "Date:");
		g_assert_nonnull(date);
		date = g_strndup(date, strcspn(date, "\r"));
		g_assert_cmpstr(date, ==, rows[i].expected);
		g_free((char *)date);
	}
}

/* Each spoils one string of a good letter. */
static void
test_refused(void)
{
	static const char *const bad_lines[] = { "a\rb", "a\nb",
		"x\r\nBcc: v@evil.test",
		"a\xe2\x80\xa8"
		"b",
		"a\xc2\x85"
		"b",
		"a\x7f", "a\x1b[1m", "a\xff" };
	static const char *const bad_addresses[] = { "", "jean",
		"a@b@client.example", "a b@client.example",
		"\"a\"@client.example", "a@client.example>\r\nRCPT TO:<v@evil",
		"a@client.example\n", "é@client.example", "<a@client.example>",
		"a@client.example, b@client.example" };
	static const char *const bad_ids[] = { "", "a b@c", "<a@b>", "a@b>",
		"a@b\r\nBcc: v@evil.test", "é@b", "a\t@b",
		"=?utf-8?q?a=0D=0Ab?=@c" };
	static const char *const bad_own_ids[] = { "a", "a@b@c", "@b", "a@",
		"\"a\"@b", "a@[b]", "(a)a@b" };

	for (gsize i = 0; i < G_N_ELEMENTS(bad_lines); i++) {
		Letter bad[] = { some_letter(), some_letter(), some_letter(),
			some_letter(), some_letter() };

		bad[0].subject = bad_lines[i];
		bad[1].from_name = bad_lines[i];
		bad[2].to_name = bad_lines[i];
		bad[3].loop = bad_lines[i];
		bad[4].language = bad_lines[i];
		for (gsize j = 0; j < G_N_ELEMENTS(bad); j++) {
			g_autoptr(GError) error = NULL;

			g_test_message("line %zu field %zu", i, j);
			g_assert_null(compose(&bad[j], &error));
			g_assert_error(error, GUICHET_ERROR,
			    GUICHET_ERROR_PERMANENT);
			g_assert_null(strstr(error->message, "evil"));
		}
	}
	for (gsize i = 0; i < G_N_ELEMENTS(bad_addresses); i++) {
		Letter bad[] = { some_letter(), some_letter(), some_letter() };

		bad[0].from_address = bad_addresses[i];
		bad[1].to_address = bad_addresses[i];
		bad[2].reply_to = bad_addresses[i];
		for (gsize j = 0; j < G_N_ELEMENTS(bad); j++)
			g_assert_null(compose(&bad[j], NULL));
	}
	for (gsize i = 0; i < G_N_ELEMENTS(bad_ids); i++) {
		const char *references[] = { "a@b", bad_ids[i], NULL };
		Letter bad[] = { some_letter(), some_letter(), some_letter() };

		bad[0].message_id = bad_ids[i];
		bad[1].in_reply_to = bad_ids[i];
		bad[2].references = references;
		for (gsize j = 0; j < G_N_ELEMENTS(bad); j++)
			g_assert_null(compose(&bad[j], NULL));
	}
	for (gsize i = 0; i < G_N_ELEMENTS(bad_own_ids); i++) {
		Letter bad = some_letter();

		bad.message_id = bad_own_ids[i];
		g_assert_null(compose(&bad, NULL));
	}
}

static void
test_limits(void)
{
	g_autofree char *id = g_strnfill(LIMIT_MESSAGE_ID_BYTES + 1, 'a');
	Letter letter = some_letter();
	g_autofree char *bytes = NULL;

	letter.in_reply_to = id;
	g_assert_null(compose(&letter, NULL));
	letter.in_reply_to = id + 1;
	bytes = compose_ok(&letter);
	g_assert_nonnull(strstr(bytes, id + 1));
}

static void
test_encodings(void)
{
	static const struct {
		const char *text, *body;
	} rows[] = {
		{ "", "\r\n" },
		{ "a", "a\r\n" },
		{ "a\r\nb\rc\nd\n", "a\r\nb\r\nc\r\nd\r\n" },
		{ "Assez de texte, le chiffre = un\n",
		    "Assez de texte, le chiffre =3D un\r\n" },
		{ "-- \nAnne\n", "--=20\r\nAnne\r\n" },
		{ ".\n.\n", ".\r\n.\r\n" },
		{ "ééé\n", "w6nDqcOpDQo=\r\n" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		Letter letter = some_letter();
		g_autofree char *bytes = NULL;

		letter.text = rows[i].text;
		bytes = compose_ok(&letter);
		g_assert_cmpstr(strstr(bytes, "\r\n\r\n") + 4, ==,
		    rows[i].body);
	}
}

static Attachment
attach(const char *name, const char *type, const char *content)
{
	return (Attachment){
		.name = (char *)name,
		.type = (char *)type,
		.content = g_bytes_new_static(content, strlen(content)),
	};
}

static void
test_attachments(void)
{
	static const struct {
		const char *name, *type, *content;
		const char *has, *lacks;
	} rows[] = {
		{ "a.pdf", "application/pdf", "%PDF",
		    "Content-Type: application/pdf\r\n", NULL },
		{ "note.txt", "text/plain", "été",
		    "Content-Type: text/plain; charset=utf-8\r\n", NULL },
		{ "note.txt", "text/plain", "\xe9t\xe9",
		    "Content-Type: text/plain\r\n", "charset=utf-8\r\n\r\n6" },
		{ "x", "text/plain\r\nBcc: v@evil.test", "a",
		    "Content-Type: application/octet-stream\r\n", "evil" },
		{ "x", "multipart/mixed", "a",
		    "Content-Type: application/octet-stream\r\n",
		    "multipart/mixed\r\n" },
		{ "x", "", "a", "Content-Type: application/octet-stream\r\n",
		    NULL },
		{ "x", "/", "a", "Content-Type: application/octet-stream\r\n",
		    NULL },
		{ "fw", "message/rfc822", "Subject: a\n\nb\n",
		    "Content-Type: message/rfc822\r\n", "U3ViamVjd" },
		{ "fw", "message/rfc822", "Subject: a\n\nb\n",
		    "\r\n\r\nSubject: a\r\n\r\nb\r\n", NULL },
		{ "fw", "message/rfc822", "Subject: a\n\nb\n",
		    "filename=fw.eml\r\n", NULL },
		{ "fw", "message/rfc822", "Subject: a\r\n\r\n\xe9\r\n",
		    "Content-Type: application/octet-stream\r\n",
		    "message/rfc822" },
		{ "fw", "message/rfc822", "Subject: a\r\n\r\nb\rc\r\n",
		    "Content-Type: application/octet-stream\r\n",
		    "message/rfc822" },
		{ "fw", "message/delivery-status", "Action: failed\n",
		    "Content-Type: application/octet-stream\r\n", "delivery" },
		{ "../../etc/passwd", "a/b", "a",
		    "filename=_._.._etc_passwd\r\n", "../" },
		{ "C:\\a|b.txt", "a/b", "a", "filename=C__a_b.txt\r\n", "\\" },
		{ "fdp\xe2\x80\xae.exe", "a/b", "a", "filename=fdp_.exe\r\n",
		    NULL },
		{ "l'été.pdf", "a/b", "a",
		    "filename*=UTF-8''l%27%C3%A9t%C3%A9.pdf\r\n", NULL },
		{ "", "a/b", "a", "filename=attachment\r\n", NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		Attachment attachment = attach(rows[i].name, rows[i].type,
		    rows[i].content);
		g_autoptr(GPtrArray) attachments = g_ptr_array_new();
		Letter letter = some_letter();
		g_autofree char *bytes = NULL;

		g_test_message("%zu %s %s", i, rows[i].name, rows[i].type);
		g_ptr_array_add(attachments, &attachment);
		letter.attachments = attachments;
		bytes = compose_ok(&letter);
		if (strstr(bytes, rows[i].has) == NULL)
			g_test_message("%s", bytes);
		g_assert_nonnull(strstr(bytes, rows[i].has));
		if (rows[i].lacks != NULL)
			g_assert_null(
			    strstr(strstr(bytes, "filename"), rows[i].lacks));
		if (rows[i].lacks != NULL &&
		    strcmp(rows[i].lacks, "message/rfc822") == 0)
			g_assert_null(strstr(bytes, rows[i].lacks));
		g_bytes_unref(attachment.content);
	}
}

/* A mail inside a mail that holds the boundary cannot break out. */
static void
test_boundary(void)
{
	Attachment first = attach("a", "application/pdf", "a");
	g_autoptr(GPtrArray) attachments = g_ptr_array_new();
	Letter letter = some_letter();
	g_autofree char *bytes = NULL;
	g_autofree char *boundary = NULL;
	g_autofree char *inside = NULL;
	g_autofree char *attacked = NULL;
	const char *start;

	g_ptr_array_add(attachments, &first);
	letter.attachments = attachments;
	bytes = compose_ok(&letter);
	start = strstr(bytes, "boundary=\"");
	g_assert_nonnull(start);
	start += strlen("boundary=\"");
	boundary = g_strndup(start, strcspn(start, "\""));
	g_assert_cmpuint(strlen(boundary), <=, 70);
	g_assert_true(g_str_has_prefix(boundary, "=_"));
	g_bytes_unref(first.content);

	inside = g_strdup_printf("Subject: a\n\n--%s--\n", boundary);
	first = attach("a", "message/rfc822", inside);
	attacked = compose_ok(&letter);
	g_assert_null(strstr(attacked, "message/rfc822"));
	g_bytes_unref(first.content);
}

static void
test_alternative(void)
{
	Letter letter = some_letter();
	g_autofree char *bytes = NULL;
	const char *plain, *html;

	letter.html = "<p>Bonjour</p>";
	bytes = compose_ok(&letter);
	g_assert_nonnull(strstr(bytes, "Content-Type: multipart/alternative;"));
	plain = strstr(bytes, "Content-Type: text/plain; charset=utf-8");
	html = strstr(bytes, "Content-Type: text/html; charset=utf-8");
	g_assert_nonnull(plain);
	g_assert_nonnull(html);
	g_assert_true(plain < html);
}

static void
test_subject(void)
{
	static const struct {
		const char *subject, *tag, *expected;
	} rows[] = {
		{ "Panne ERP", "[#12]", "Re: Panne ERP [#12]" },
		{ "Re: Panne ERP", "[#12]", "Re: Panne ERP [#12]" },
		{ "RE : TR: Réf : Rép: Panne", "[#12]", "Re: Panne [#12]" },
		{ "Re[2]: AW: SV: Antw: Fwd: FW: RÉF: a", "[#1]",
		    "Re: a [#1]" },
		{ "re(3) :a", "[#1]", "Re: a [#1]" },
		{ "RE\xc2\xa0: a", "[#1]", "Re: a [#1]" },
		{ "RE\xe2\x80\xaf: a", "[#1]", "Re: a [#1]" },
		{ "Re: Panne [#12]", "[#12]", "Re: Panne [#12]" },
		{ "[#12] Re: [#12] Panne [#12]", "[#12]", "Re: Panne [#12]" },
		{ "Panne [#123]", "[#12]", "Re: Panne [#123] [#12]" },
		{ "Recette: gâteau", "[#1]", "Re: Recette: gâteau [#1]" },
		{ "Travaux: mur", "[#1]", "Re: Travaux: mur [#1]" },
		{ "Re [a]: b", "[#1]", "Re: Re [a]: b [#1]" },
		{ "Référence: 12", "[#1]", "Re: Référence: 12 [#1]" },
		{ "Re:", "[#1]", "Re: [#1]" },
		{ "", "[#1]", "Re: [#1]" },
		{ NULL, "[#1]", "Re: [#1]" },
		{ "a", "", "Re: a" },
		{ "a\r\nBcc: v@evil.test", "[#1]",
		    "Re: a Bcc: v@evil.test [#1]" },
	};
	g_autofree char *long_subject = g_strnfill(600, 'x');
	g_autofree char *accents = NULL;
	g_autofree char *cut = compose_subject(long_subject, "[#12]");
	g_autoptr(GString) many = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *subject = compose_subject(rows[i].subject,
		    rows[i].tag);

		g_assert_cmpstr(subject, ==, rows[i].expected);
	}
	g_assert_cmpint(g_utf8_strlen(cut, -1), ==, LIMIT_LETTER_SUBJECT_CHARS);
	g_assert_true(g_str_has_suffix(cut, "x [#12]"));
	for (int i = 0; i < 400; i++)
		g_string_append(many, "é");
	accents = compose_subject(many->str, "[#12]");
	g_assert_cmpint(g_utf8_strlen(accents, -1), ==,
	    LIMIT_LETTER_SUBJECT_CHARS);
	g_assert_true(g_str_has_suffix(accents, "é [#12]"));
}

static void
test_references(void)
{
	static const struct {
		const char *label, *references, *in_reply_to, *id, *expected;
	} rows[] = {
		{ "first mail", "", "", "a@x", "a@x" },
		{ "thread", "a@x b@x", "b@x", "c@x", "a@x b@x c@x" },
		{ "no references", "", "b@x", "c@x", "b@x c@x" },
		{ "two in-reply-to", "", "a@x b@x", "c@x", "c@x" },
		{ "no id", "a@x b@x", "b@x", NULL, "a@x b@x" },
		{ "nothing", "", "", NULL, "" },
		{ "repeated", "a@x a@x b@x", "", "c@x", "a@x b@x c@x" },
		{ "own id inside", "c@x a@x", "", "c@x", "a@x c@x" },
		{ "unsafe", "a@x é@x <b@x> b@x", "", "c@x", "a@x b@x c@x" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		Message parent = { .message_id = (char *)rows[i].id };
		g_auto(GStrv) references = g_strsplit(rows[i].references, " ",
		    -1);
		g_auto(GStrv) replied = g_strsplit(rows[i].in_reply_to, " ",
		    -1);
		g_auto(GStrv) result = NULL;
		g_autofree char *joined = NULL;

		parent.references = references;
		parent.in_reply_to = replied;
		result = compose_references(&parent);
		joined = g_strjoinv(" ", result);
		g_test_message("%s", rows[i].label);
		g_assert_cmpstr(joined, ==, rows[i].expected);
	}
}

static void
test_references_cap(void)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	Message parent = { .message_id = (char *)"last@x" };
	g_auto(GStrv) few = NULL;
	g_auto(GStrv) fat = NULL;
	gsize bytes = 0;

	for (int i = 0; i < 100; i++)
		g_ptr_array_add(ids, g_strdup_printf("%d@x", i));
	g_ptr_array_add(ids, NULL);
	parent.references = (char **)ids->pdata;
	few = compose_references(&parent);
	g_assert_cmpuint(g_strv_length(few), ==, LIMIT_REFERENCES);
	g_assert_cmpstr(few[0], ==, "0@x");
	g_assert_cmpstr(few[19], ==, "19@x");
	g_assert_cmpstr(few[20], ==, "81@x");
	g_assert_cmpstr(few[39], ==, "last@x");

	g_ptr_array_set_size(ids, 0);
	for (int i = 0; i < 40; i++)
		g_ptr_array_add(ids, g_strdup_printf("%0240d@x", i));
	g_ptr_array_add(ids, NULL);
	parent.references = (char **)ids->pdata;
	fat = compose_references(&parent);
	for (char **id = fat; *id != NULL; id++)
		bytes += strlen(*id) + 3;
	g_assert_cmpuint(bytes, <=, LIMIT_LETTER_REFERENCES_BYTES);
	g_assert_cmpuint(bytes, >, LIMIT_LETTER_REFERENCES_BYTES - 300);
	g_assert_true(g_str_has_suffix(fat[0], "000@x"));
	g_assert_cmpstr(fat[g_strv_length(fat) - 1], ==, "last@x");
	{
		Letter letter = some_letter();
		g_autofree char *sent = NULL;

		letter.references = (const char *const *)fat;
		sent = compose_ok(&letter);
		g_assert_nonnull(strstr(sent, "<last@x>"));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/compose/golden", test_golden);
	g_test_add_func("/compose/marks", test_marks);
	g_test_add_func("/compose/dots", test_dots);
	g_test_add_func("/compose/dates", test_dates);
	g_test_add_func("/compose/refused", test_refused);
	g_test_add_func("/compose/limits", test_limits);
	g_test_add_func("/compose/encodings", test_encodings);
	g_test_add_func("/compose/attachments", test_attachments);
	g_test_add_func("/compose/boundary", test_boundary);
	g_test_add_func("/compose/alternative", test_alternative);
	g_test_add_func("/compose/subject", test_subject);
	g_test_add_func("/compose/references", test_references);
	g_test_add_func("/compose/references/cap", test_references_cap);
	return g_test_run();
}
