/*
 * The small readers below a Message: charsets, HTML, what is new in a reply,
 * ids, identities, dates, parameters; and that none of them opens a file.
 */
#include "guichet/base/limits.h"
#include "guichet/mail/charset.h"
#include "guichet/mail/message.h"
#include "guichet/words/body.h"
#include "guichet/words/html.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- charsets ---- */

/* Labels, with text in base64 and what it says. */
static const struct {
	const char *charset, *base64, *text;
} foreign[] = {
	{ "iso-2022-jp", "GyRCJDMkcyRLJEEkTxsoQg==", "こんにちは" },
	{ "windows-1251", "z/Do4uXy", "Привет" },
	{ "gb2312", "1tDOxNPKvP4=", "中文邮件" },
	{ "big5", "pKSk5bZspfM=", "中文郵件" },
	{ "euc-kr", "vsiz58fPvLy/5A==", "안녕하세요" },
	{ "koi8-r", "8NLJ18XU", "Привет" },
	{ "iso-8859-15", "vHV2cmUg4CA1IKQ=", "Œuvre à 5 €" },
	{ "shift_jis", "k/qWe4zq", "日本語" },
	{ "windows-1250", "jmx1nW916Gv9", "Žluťoučký" },
	{ "utf-16", "//7JAHQA6QA=", "Été" },
};

static bool
reads_foreign(gsize i)
{
	g_autofree char *mail = g_strdup_printf(
	    "From: =?%s?B?%s?= <a@client.example>\n"
	    "Subject: =?%s?B?%s?=\n"
	    "Content-Type: multipart/mixed; boundary=b\n\n"
	    "--b\nContent-Type: text/plain; charset=\"%s\"\n"
	    "Content-Transfer-Encoding: base64\n\n%s\n"
	    "--b\nContent-Type: application/pdf; name=\"=?%s?B?%s?=\"\n\nx\n"
	    "--b--\n",
	    foreign[i].charset, foreign[i].base64, foreign[i].charset,
	    foreign[i].base64, foreign[i].charset, foreign[i].base64,
	    foreign[i].charset, foreign[i].base64);
	g_autoptr(Message) m = message_parse((const guint8 *)mail, strlen(mail),
	    false);
	const Mailbox *from = m->from->pdata[0];
	const Attachment *file = m->attachments->pdata[0];

	return strcmp(m->subject, foreign[i].text) == 0 &&
	    strcmp(m->text, foreign[i].text) == 0 &&
	    strcmp(from->name, foreign[i].text) == 0 &&
	    strcmp(file->name, foreign[i].text) == 0;
}

static void
test_foreign(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(foreign); i++) {
		g_test_message("%s", foreign[i].charset);
		g_assert_true(reads_foreign(i));
	}
}

/* What a sandbox forbids kills the child. */
static void
forbid_files(void)
{
	static const int calls[] = { SCMP_SYS(open), SCMP_SYS(openat),
		SCMP_SYS(openat2), SCMP_SYS(socket), SCMP_SYS(connect),
		SCMP_SYS(execve), SCMP_SYS(stat), SCMP_SYS(newfstatat),
		SCMP_SYS(access), SCMP_SYS(readlink) };
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	for (gsize i = 0; i < G_N_ELEMENTS(calls); i++)
		seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, calls[i], 0);
	if (seccomp_load(filter) != 0)
		_exit(77);
}

/* Reads all there is to read; returns the row that failed, or 0. */
static int
read_without_files(void)
{
	static const char odd[] =
	    "From: =?ebcdic-us?Q?a?= <a@client.example>\n"
	    "To: =?ibm1047?B?gQ==?= <b@desk.example>, \xe9\xa0 <c@x.example>\n"
	    "Subject: =?utf-7?Q?+AOk-?= =?iso-2022-cn?B?AAAA?=\n"
	    "Date: Fri, 20 Nov 2026 17:00:00 Europe/Paris\n"
	    "Content-Type: multipart/alternative; boundary=b;"
	    " x*=ibm1047''%81; y=\"=?ebcdic-us?Q?a?=\"\n\n"
	    "--b\nContent-Type: text/html; charset=ibm1047;"
	    " name*=ebcdic-us''%81\n"
	    "Content-Disposition: inline; filename*=ibm1047''%81\n"
	    "Content-Description: =?ibm1047?B?gQ==?=\n\n"
	    "<meta charset=ibm1047><!DOCTYPE html SYSTEM \"/etc/passwd\">"
	    "<p>&eacute;&unknown;\n--b\nContent-Type: text/html\n\n"
	    "<?xml version=\"1.0\" encoding=\"ibm1047\"?><p>x\n"
	    "--b--\n";
	Message *m = message_parse((const guint8 *)odd, sizeof odd - 1, false);

	message_free(m);
	for (gsize i = 0; i < G_N_ELEMENTS(foreign); i++) {
		if (!reads_foreign(i))
			return (int)i + 1;
	}
	return 0;
}

static void
test_no_files_after_preload(void)
{
	pid_t child = fork();
	int status;

	g_assert_cmpint(child, >=, 0);
	if (child == 0) {
		message_preload();
		forbid_files();
		_exit(read_without_files());
	}
	while (waitpid(child, &status, 0) < 0)
		g_assert_cmpint(errno, ==, EINTR);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		g_test_skip("no seccomp here");
		return;
	}
	g_assert_true(WIFEXITED(status));
	g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

static void
test_labels_that_lie(void)
{
	static const struct {
		const char *label, *bytes, *text;
		bool bad;
	} rows[] = {
		{ NULL, "caf\xc3\xa9", "caf\xc3\xa9", false },
		{ NULL, "caf\xe9", "caf\xc3\xa9", false },
		{ "utf-8", "caf\xe9", "caf\xc3\xa9", false },
		{ "us-ascii", "caf\xe9", "caf\xc3\xa9", false },
		{ "iso-8859-1", "\x80 caf\xe9", "\xe2\x82\xac caf\xc3\xa9",
		    false },
		{ "iso-8859-1", "caf\xc3\xa9", "caf\xc3\xa9", false },
		{ "UTF-8", "\xc3\xa9\xc3\xa9\xff",
		    "\xc3\xa9\xc3\xa9\xef\xbf\xbd", true },
		{ "windows-1252", "\x81", "\xef\xbf\xbd", true },
		{ "iso-2022-jp", "caf\xc3\xa9", "caf\xc3\xa9", true },
		{ "utf-7", "+AOk-", "+AOk-", true },
		{ "x-klingon", "caf\xe9", "caf\xc3\xa9", true },
		{ "utf-8", "\xc0\xae\xe0\x80\xaf", NULL, false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool bad;
		g_autoptr(GString) text = charset_to_utf8(rows[i].label,
		    rows[i].bytes, strlen(rows[i].bytes), &bad);

		g_test_message("row %zu", i);
		g_assert_true(g_utf8_validate(text->str, -1, NULL));
		/* Overlong forms are never read as what they hide. */
		if (rows[i].text == NULL) {
			g_assert_null(strpbrk(text->str, "./"));
			continue;
		}
		g_assert_cmpstr(text->str, ==, rows[i].text);
		g_assert_cmpint(bad, ==, rows[i].bad);
	}
}

static void
test_words(void)
{
	static const struct {
		const char *value, *text;
	} rows[] = {
		{ "Panne", "Panne" },
		{ "=?utf-8?Q?caf=C3=A9_noir?=", "caf\xc3\xa9 noir" },
		{ "a =?utf-8?q?b?= c", "a b c" },
		{ "=?utf-8?q?a?=  =?utf-8?q?b?=", "ab" },
		{ "=?utf-8?B?w6k?= =?utf-8?b?w6k=?=", "\xc3\xa9\xc3\xa9" },
		{ "=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=", "\xc3\xa9" },
		{ "=?iso-8859-1*fr?Q?=E9?=", "\xc3\xa9" },
		{ "=?utf-8?Q?deux mots?=", "deux mots" },
		{ "=?utf-8?Q?quoi?\?=", "quoi?" },
		{ "\"=?utf-8?Q?=C3=A9?=\"", "\"\xc3\xa9\"" },
		{ "=?utf-7?Q?+AOk-?=", "=?utf-7?Q?+AOk-?=" },
		{ "=?", "=?" },
		{ "=?utf-8?Q?", "=?utf-8?Q?" },
		{ "=?utf-8?X?a?=", "=?utf-8?X?a?=" },
		{ "=??Q?a?=", "=??Q?a?=" },
		{ "caf\xe9 =?utf-8?Q?=C3=A9?=", "caf\xc3\xa9 \xc3\xa9" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = charset_decode_words(NULL,
		    rows[i].value, strlen(rows[i].value));

		g_assert_cmpstr(text, ==, rows[i].text);
	}
}

/* ---- HTML ---- */

static void
test_html(void)
{
	static const struct {
		const char *html, *text;
	} rows[] = {
		{ "", "" },
		{ "Bonjour", "Bonjour" },
		{ "<p>Un<p>Deux <b>gras</b>\n suite", "Un\n\nDeux gras suite" },
		{ "a<br>b<br><br>c", "a\nb\n\nc" },
		{ "<div>a</div><div>b</div>", "a\nb" },
		{ "<html><head><title>t</title><style>p{}</style></head>"
		  "<body>x<script>y</script></body></html>",
		    "x" },
		{ "<a href='https://x.example/a'>voir</a>",
		    "voir <https://x.example/a>" },
		{ "<a href='https://x.example/'>x.example</a>", "x.example" },
		{ "<a href='mailto:a@b.example'>a@b.example</a>",
		    "a@b.example" },
		{ "<a href='javascript:x'>voir</a>", "voir" },
		{ "<ul><li>a<li>b<ol><li>c<li>d</ol></ul>e",
		    "- a\n- b\n  1. c\n  2. d\n\ne" },
		{ "<table><tr><th>H&ocirc;te<th>\xc3\x89tat<tr><td>web1"
		  "<td>KO</table>fin",
		    "H\xc3\xb4te | \xc3\x89tat\nweb1 | KO\n\nfin" },
		{ "<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc" },
		{ "oui<blockquote>non<br>si<p>la</blockquote>fin",
		    "oui\n\n> non\n> si\n>\n> la\n\nfin" },
		{ "a<span hidden>b</span><span style='visibility: Hidden'>c"
		  "</span>d",
		    "ad" },
		{ "<div style='font-size:0px'>a<div style='font-size: 13px'>b"
		  "<b>c</b></div>d</div>e",
		    "bc\ne" },
		{ "<p style='FONT-SIZE: 0'>a<i style='font-size:100%'>b</i>"
		  "<i style='font-size:medium'>c</i></p>",
		    "c" },
		{ "<p style='font-size:0.9em'>a"
		  "<i style='mso-font-size:0px;line-height:0'>b</i></p>",
		    "ab" },
		{ "<div style='display:none;font-size:0'>"
		  "<p style='font-size:9px'>a</p></div>b",
		    "b" },
		{ "<table><tr><td> a <td> b </table><ul><li> c",
		    "a | b\n\n- c" },
		{ "a&nbsp;&zwnj;&shy;&#8203;b", "a b" },
		{ "<img src=x alt='Logo'>", "[Logo]" },
		{ "a &lt;b&gt; &amp; c", "a <b> & c" },
		{ "a << b", "a << b" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = html_to_text(rows[i].html,
		    strlen(rows[i].html), 10000, false);

		g_test_message("%s", rows[i].html);
		g_assert_cmpstr(text, ==, rows[i].text);
	}
}

static void
test_html_bounded(void)
{
	GString *deep = g_string_new(NULL);
	g_autofree char *text = NULL;
	g_autofree char *cut = NULL;

	for (int i = 0; i < 100000; i++)
		g_string_append(deep, "<div><blockquote>");
	g_string_append(deep, "fond");
	text = html_to_text(deep->str, deep->len, 10000, false);
	g_assert_true(g_str_has_suffix(text, "> fond"));
	g_assert_cmpuint(strlen(text), <, 100);
	g_string_truncate(deep, 0);
	for (int i = 0; i < 10000; i++)
		g_string_append(deep, "<p>mot ");
	cut = html_to_text(deep->str, deep->len, 1000, false);
	g_assert_cmpuint(strlen(cut), <=, 1000);
	g_string_free(deep, TRUE);
}

/* ---- what is new ---- */

static void
test_new_text(void)
{
	static const struct {
		const char *label, *text, *new_text;
	} rows[] = {
		{ "nothing to cut", "Bonjour,\n\nplus rien.\n",
		    "Bonjour,\n\nplus rien." },
		{ "signature", "Oui\n-- \nJean\n01 02", "Oui" },
		{ "French attribution",
		    "Merci\n\nLe ven. 20 nov. 2026 \xc3\xa0 16:00, Support "
		    "<help@desk.example> a\n\xc3\xa9"
		    "crit :\n\n> Bonjour\n> x",
		    "Merci" },
		{ "English attribution",
		    "Thanks\n\nOn Fri, 20 Nov 2026, Support wrote:\n> a",
		    "Thanks" },
		{ "attribution without marks",
		    "Merci\n\nLe 20/11/2026 16:00, Support a \xc3\xa9"
		    "crit :\n"
		    "Bonjour\nx",
		    "Merci" },
		{ "a sentence is no attribution",
		    "Le client a \xc3\xa9"
		    "crit :\nplus rien ne marche",
		    "Le client a \xc3\xa9"
		    "crit :\nplus rien ne marche" },
		{ "Outlook, French",
		    "Oui\n\n________________________________\n"
		    "De : Support <help@desk.example>\n"
		    "Envoy\xc3\xa9 : vendredi 20 novembre 2026\n"
		    "\xc3\x80 : Jean\nObjet : RE: panne\n\nBonjour",
		    "Oui" },
		{ "Outlook, English",
		    "Yes\n\nFrom: Support\nSent: Friday, 20 November 2026\n"
		    "To: Jean\nSubject: x\n\nHello",
		    "Yes" },
		{ "Outlook, bold",
		    "Yes\n\n*From:* Support <help@desk.example>\n"
		    "*Sent:* Friday\n*To:* Jean\n\nx",
		    "Yes" },
		{ "separator", "Oui\n\n-----Message d'origine-----\nBonjour",
		    "Oui" },
		{ "separator in English",
		    "Yes\n-------- Original Message --------\nx", "Yes" },
		{ "forwarded is the message",
		    "-------- Message transf\xc3\xa9r\xc3\xa9 --------\nx",
		    "-------- Message transf\xc3\xa9r\xc3\xa9 --------\nx" },
		{ "forwarded with a word",
		    "FYI\n\n---------- Forwarded message ---------\n"
		    "From: a@client.example\nDate: Friday\nSubject: x\n"
		    "To: b@client.example\n\nplus rien\n> x",
		    "FYI\n\n---------- Forwarded message ---------\n"
		    "From: a@client.example\nDate: Friday\nSubject: x\n"
		    "To: b@client.example\n\nplus rien\n> x" },
		{ "own words right above the attribution",
		    "C'est fait\nLe 20/11/2026, Support a \xc3\xa9"
		    "crit :\n"
		    "> a\n\nCordialement",
		    "C'est fait\n\nCordialement" },
		{ "answer below", "> Bonjour\n> x\n\nOui", "Oui" },
		{ "answer below an attribution",
		    "On 20 Nov 2026, Support wrote:\n> a\n> b\n\nYes", "Yes" },
		{ "answers between stay with their questions",
		    "> un ?\noui\n> deux ?\nnon",
		    "> un ?\noui\n> deux ?\nnon" },
		{ "phone", "Ok\n\nEnvoy\xc3\xa9 de mon iPhone\n", "Ok" },
		{ "only a quotation: kept", "> Bonjour\n> x\n",
		    "> Bonjour\n> x" },
		{ "De : in a sentence", "De : la doc\nje ne vois rien",
		    "De : la doc\n"
		    "je ne vois rien" },
		{ "empty", "", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = body_new_text(rows[i].text);

		g_test_message("%s", rows[i].label);
		g_assert_cmpstr(text, ==, rows[i].new_text);
	}
}

/* Whatever may be a quotation, of our notices above all, does not go out. */
static void
test_own_words(void)
{
	static const struct {
		const char *label, *text, *words;
		bool below;
	} rows[] = {
		{ "plain", "Bonjour,\n\nc'est fait.\n\nAnne\n",
		    "Bonjour,\n\nc'est fait.\n\nAnne", false },
		{ "above an attribution",
		    "Fait.\n\nLe 20/11/2026 \xc3\xa0 17:02, Desk a \xc3\xa9"
		    "crit :\n> x\n> y\n",
		    "Fait.", false },
		{ "a signature between",
		    "Fait.\n-- \nAnne\n\nOn 20 Nov 2026, Desk wrote:\n> x\n",
		    "Fait.", false },
		{ "a signature below",
		    "Fait.\n\n> x\n> y\n\n-- \nAnne Martin\nDesk\n", "Fait.",
		    false },
		{ "a phone's words below",
		    "Fait.\n\n> x\n\nEnvoy\xc3\xa9 de mon iPhone\n", "Fait.",
		    false },
		{ "only a quotation", "> Bonjour\n> x\n", "", false },
		{ "only a signature and a quotation",
		    "\n-- \nAnne\n\nOn 20 Nov 2026, Desk wrote:\n> x\n", "",
		    false },
		{ "only Outlook's quotation",
		    "De : Desk\nEnvoy\xc3\xa9 : x\n\xc3\x80 : Anne\nObjet : y\n\nsecret\n",
		    "", false },
		{ "above Outlook's quotation",
		    "#resolve\n\n-----Message d'origine-----\nDe : Desk\n\nsecret\n",
		    "#resolve", false },
		{ "dashes on one side",
		    "Fait.\n-----Message d'origine\nsecret\n", "Fait.", false },
		{ "a rule and a header block",
		    "Fait.\n________________________________\nFrom: Desk\nSent: x\nTo: "
		    "Anne\nSubject: y\n\nsecret\n",
		    "Fait.", false },
		{ "an attribution without marks",
		    "Fait.\n\nOn 20 Nov 2026 at 17:02, Desk wrote:\nsecret\n",
		    "Fait.", false },
		{ "a forwarded mail",
		    "Voir ceci.\n\n---------- Forwarded message ---------\nsecret\n",
		    "Voir ceci.", false },
		{ "words below", "> Bonjour\n> x\n\nOui", "", true },
		{ "words below an attribution",
		    "On 20 Nov 2026, Desk wrote:\n> a\n> b\n\nYes", "", true },
		{ "words above and below", "Bonjour,\n> a ?\nOui.\n",
		    "Bonjour,", true },
		{ "words between two quotations", "> un ?\noui\n> deux ?\n", "",
		    true },
		{ "two quotations, no words",
		    "Oui.\n> un\n\nOn 20 Nov 2026, Desk wrote:\n> deux\n",
		    "Oui.", false },
		{ "empty", "", "", false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool below;
		g_autofree char *words = body_own_words(rows[i].text, &below);

		g_test_message("%s", rows[i].label);
		g_assert_cmpstr(words, ==, rows[i].words);
		g_assert_cmpint(below, ==, rows[i].below);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	/* First, while nothing is open yet. */
	g_test_add_func("/mail-text/no-files", test_no_files_after_preload);
	g_test_add_func("/mail-text/foreign", test_foreign);
	g_test_add_func("/mail-text/labels", test_labels_that_lie);
	g_test_add_func("/mail-text/words", test_words);
	g_test_add_func("/mail-text/html", test_html);
	g_test_add_func("/mail-text/html-bounded", test_html_bounded);
	g_test_add_func("/mail-text/new-text", test_new_text);
	g_test_add_func("/mail-text/own-words", test_own_words);
	return g_test_run();
}
