/* Encoded contents with plain text around them, as gateways and lists leave
 * them: the content comes out byte by byte. */
#include "guichet/mail/message.h"

#include <string.h>

static const char *const banners[] = { "",
	"[EXTERNAL] This mail comes from outside.\n\n",
	"-----\nAttention : expéditeur externe\n-----\n" };
static const char *const footers[] = { "", "\n",
	"_______________________________________________\n"
	"Liste interne -- pour se désabonner : https://x.example/\n",
	"\n-- \nCe message a été vérifié par l'antivirus.\n",
	"\nThis email is confidential. If you are not the intended recipient\n"
	"please delete it\nThanks\n",
	"Avast: virus-free. www.avast.example\n",
	"-- \nhelp mailing list\nhelp@lists.example\n" };

/* Bytes that depend on the size alone; of a text, or of any kind. */
static char *
content_of(gsize size, bool is_text)
{
	char *content = g_malloc(size + 1);
	guint32 state = (guint32)size * 2654435761u + 1;

	for (gsize i = 0; i < size; i++) {
		state = state * 1664525u + 1013904223u;
		content[i] = is_text ? (char)('a' + (state >> 24) % 26)
				     : (char)(state >> 24);
	}
	content[size] = '\0';
	return content;
}

static void
append_lines(GString *mail, const char *base64, gsize width, const char *end)
{
	for (gsize at = 0; at < strlen(base64); at += width)
		g_string_append_printf(mail, "%.*s%s", (int)width, base64 + at,
		    end);
}

static void
check(gsize size, gsize width, const char *end, const char *banner,
    const char *footer, bool is_text)
{
	g_autofree char *content = content_of(size, is_text);
	g_autofree char *base64 = g_base64_encode((guchar *)content, size);
	GString *mail = g_string_new("From: a@client.example\nContent-Type: ");
	g_autoptr(Message) m = NULL;

	g_string_append(mail,
	    is_text ? "text/plain; charset=us-ascii" : "application/pdf");
	g_string_append(mail, "\nContent-Transfer-Encoding: base64\n\n");
	g_string_append(mail, banner);
	append_lines(mail, base64, width, end);
	g_string_append(mail, footer);
	m = message_parse((const guint8 *)mail->str, mail->len, false);
	g_string_free(mail, TRUE);
	if (is_text) {
		g_assert_cmpstr(m->text, ==, content);
	} else {
		const Attachment *file = m->attachments->pdata[0];
		gsize length;
		const void *bytes = g_bytes_get_data(file->content, &length);

		g_assert_cmpmem(bytes, length, content, size);
	}
}

static void
test_around(void)
{
	static const gsize sizes[] = { 40, 56, 57, 58, 113, 114, 115, 500, 513,
		4000 };
	static const gsize widths[] = { 60, 72, 76 };

	for (gsize s = 0; s < G_N_ELEMENTS(sizes); s++) {
		for (gsize b = 0; b < G_N_ELEMENTS(banners); b++) {
			for (gsize f = 0; f < G_N_ELEMENTS(footers); f++) {
				gsize width = widths[(s + b + f) % 3];
				const char *end = f % 2 ? "\r\n" : "\n";

				g_test_message("%zu bytes, %zu a line, %zu %zu",
				    sizes[s], width, b, f);
				check(sizes[s], width, end, banners[b],
				    footers[f], false);
				check(sizes[s], width, end, banners[b],
				    footers[f], true);
			}
		}
	}
}

/* Without a banner even what is too short for a whole line. */
static void
test_short(void)
{
	for (gsize size = 1; size < 60; size++) {
		for (gsize f = 0; f < G_N_ELEMENTS(footers); f++)
			check(size, 76, "\n", "", footers[f], true);
	}
}

static void
test_rows(void)
{
	static const struct {
		const char *label, *body, *text;
	} rows[] = {
		{ "pieces", "Qm9u\nag==\nb3Vy\n", "Bonjour" },
		{ "padded pieces and a footer",
		    "Qm9uag==\nb3VyLg==\n-- \nx y\n", "Bonjour." },
		{ "noise between whole lines",
		    "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\n>!\n"
		    "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJC\n",
		    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		    "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB" },
		{ "words that look like it",
		    "Bonjour\n\nMerci de regarder, il est en panne.\n",
		    "Bonjour\n\nMerci de regarder, il est en panne.\n" },
		{ "the same, by fours",
		    "Help\n\nIt is down, and all with it.\n",
		    "Help\n\nIt is down, and all with it.\n" },
		{ "a footer alone", "-- \nlist of lists\n",
		    "-- \nlist of lists\n" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mail = g_strdup_printf(
		    "Content-Transfer-Encoding: base64\n\n%s", rows[i].body);
		g_autoptr(Message) m = message_parse((const guint8 *)mail,
		    strlen(mail), false);

		g_test_message("%s", rows[i].label);
		g_assert_cmpstr(m->text, ==, rows[i].text);
	}
}

static void
test_quoted_printable(void)
{
	static const struct {
		const char *body, *text;
	} rows[] = {
		{ "caf=C3=A9 =c3=a9", "café é" },
		{ "a=\nb", "ab" },
		{ "a=\r\nb", "ab" },
		{ "a= \t\nb=  \r\nc", "abc" },
		{ "a=", "a" },
		{ "a=  ", "a" },
		{ "a =3", "a =3" },
		{ "x=y = z =XY", "x=y = z =XY" },
		{ "a==\nb", "a=b" },
		{ "=\n=\na", "a" },
		{ "caf\xc3\xa9 =C3=A9", "café é" },
		{ "un\n\n=20\ndeux=3D2\n", "un\n\n \ndeux=2\n" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mail = g_strdup_printf(
		    "Content-Transfer-Encoding: quoted-printable\n"
		    "Content-Type: text/plain; charset=utf-8\n\n%s",
		    rows[i].body);
		g_autoptr(Message) m = message_parse((const guint8 *)mail,
		    strlen(mail), false);

		g_test_message("%s", rows[i].body);
		g_assert_cmpstr(m->text, ==, rows[i].text);
	}
}

/* Half of it lines, half of it noise: time grows with the length alone. */
static void
test_long(void)
{
	GString *mail = g_string_new("Content-Transfer-Encoding: base64\n\n");
	g_autoptr(Message) m = NULL;
	gint64 start;

	while (mail->len < 4 * 1024 * 1024)
		g_string_append(mail, "A\n!\n");
	g_string_append(mail, "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\n");
	start = g_get_monotonic_time();
	m = message_parse((const guint8 *)mail->str, mail->len, false);
	g_string_free(mail, TRUE);
	g_test_message("%" G_GINT64_FORMAT " us",
	    g_get_monotonic_time() - start);
	g_assert_nonnull(m);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/transfer/around", test_around);
	g_test_add_func("/transfer/short", test_short);
	g_test_add_func("/transfer/rows", test_rows);
	g_test_add_func("/transfer/quoted-printable", test_quoted_printable);
	g_test_add_func("/transfer/long", test_long);
	return g_test_run();
}
