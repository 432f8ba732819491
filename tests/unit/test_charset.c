/* Labels of every shape, charsets that hold back, shift or have no converter,
 * and bytes that bear no label at all. */
#include "guichet/mail/charset.h"
#include "guichet/mail/message.h"

#include <string.h>

static char *
read_as(const char *label, const char *bytes, gsize length, bool *ret_bad)
{
	return g_string_free(charset_to_utf8(label, bytes, length, ret_bad),
	    FALSE);
}

/* Every label with a text of its charset, made by the C library. */
static void
test_labels(void)
{
	static const struct {
		const char *labels, *made_by, *text;
	} rows[] = {
		{ "windows-1255 CP1255 x-cp1255 Windows_1255 win1255",
		    "windows-1255", "השרת אינו מגיב" },
		{ "windows-1258 cp1258 x-cp1258", "windows-1258",
		    "M\u00e1y chủ không trả lời" },
		{ "iso-8859-15 iso885915 ISO_8859-15 latin-9 latin9 l9 "
		  "csISOLatin9 iso8859-15; \"iso-8859-15\" 'iso-8859-15'",
		    "iso-8859-15", "coût 5 € œuvre" },
		{ "cp-850 ibm850 IBM-850 cp850 csPC850Multilingual dos-850 850",
		    "ibm850", "café noir" },
		{ "x-macroman x-mac-roman macintosh mac csMacintosh",
		    "macintosh", "café noir" },
		{ "x-mac-cyrillic x-mac-ukrainian", "mac-cyrillic", "сервер" },
		{ "x-mac-ce x-mac-centraleurroman", "mac-centraleurope",
		    "žluťoučký" },
		{ "ucs-2le UTF-16LE x-utf-16le unicodefeff", "utf-16le",
		    "Panne é" },
		{ "ucs-2be utf-16be unicodeFFFE", "utf-16be", "Panne é" },
		{ "iso-8859-8 iso-8859-8-e ISO-8859-8-I csISO88598I hebrew "
		  "logical visual",
		    "iso-8859-8", "שרת" },
		{ "iso-8859-6 iso-8859-6-e iso-8859-6-i arabic asmo-708 "
		  "ecma-114",
		    "iso-8859-6", "خادم" },
		{ "iso-8859-7 greek elot_928 sun_eu_greek csISOLatinGreek",
		    "iso-8859-7", "διακομιστής" },
		{ "ks_c_5601-1987 ks_c_5601-1989 ksc5601 ks_c_5601 KSC_5601 "
		  "euc-kr korean windows-949 cseuckr iso-ir-149 uhc",
		    "cp949", "서버가 응답하지 않습니다" },
		{ "johab cp1361", "johab", "서버가" },
		{ "gb2312 GBK gb_2312-80 csGB2312 chinese iso-ir-58 x-gbk "
		  "gb18030 cp936 euc-cn x-cp20936",
		    "gb18030", "服务器故障" },
		{ "big5 big5-hkscs cn-big5 csBig5 x-x-big5 cp950 big5-eten",
		    "big5-hkscs", "伺服器故障" },
		{ "shift_jis sjis x-sjis ms_kanji windows-31j csShiftJIS "
		  "shift-jis cp932",
		    "cp932", "①株式会社㈱ サーバーが停止" },
		{ "euc-jp x-euc-jp cseucpkdfmtjapanese", "euc-jp-ms",
		    "サーバーが停止" },
		{ "iso-2022-kr csISO2022KR", "iso-2022-kr", "서버가" },
		{ "windows-1254 iso-8859-9 latin5 csisolatin5 l5 turkish",
		    "windows-1254", "Sunucu çalışmıyor" },
		{ "koi8-r koi8_r cskoi8r koi", "koi8-r", "сервер" },
		{ "windows-1251 cp1251 cp-1251 win-1251 x-cp1251",
		    "windows-1251", "Сервер не работает" },
		{ "windows-874 tis-620 iso-8859-11 dos-874", "ibm1162",
		    "เซิร์ฟเวอร์" },
		{ "viscii csVISCII", "viscii", "Máy chủ" },
		{ "ibm1047", "ibm1047", "Bonjour" },
		{ "utf-8 utf8 UTF_8 x-unicode20utf8 unicode-1-1-utf-8 us-ascii "
		  "ascii ansi_x3.4-1968 iso-8859-1 latin1 unknown-8bit",
		    "utf-8", "café" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gsize length;
		g_autofree char *bytes = g_convert(rows[i].text, -1,
		    rows[i].made_by, "utf-8", NULL, &length, NULL);
		g_auto(GStrv) labels = g_strsplit(rows[i].labels, " ", -1);

		g_assert_nonnull(bytes);
		for (gsize l = 0; labels[l] != NULL; l++) {
			bool bad;
			g_autofree char *text = read_as(labels[l], bytes,
			    length, &bad);

			g_test_message("%s", labels[l]);
			g_assert_cmpstr(text, ==, rows[i].text);
			g_assert_false(bad);
			g_assert_true(charset_is_known(labels[l]));
		}
	}
}

static void
test_unknown(void)
{
	static const char *const labels[] = { "x-klingon", "utf-7",
		"unicode-1-1-utf-7", "x", "cs", "windows-1299",
		"a-label-that-is-far-longer-than-any-charset-was-ever-called-"
		"by-anybody" };

	for (gsize i = 0; i < G_N_ELEMENTS(labels); i++) {
		g_assert_false(charset_is_known(labels[i]));
		g_assert_false(charset_says_something(labels[i]));
	}
	g_assert_true(charset_says_something("windows-1251"));
	g_assert_false(charset_says_something("us-ascii"));
	g_assert_false(charset_says_something(NULL));
}

/* Written by hand: no converter of the C library makes or reads them. */
static void
test_by_hand(void)
{
	static const struct {
		const char *label, *bytes, *text;
	} rows[] = {
		{ "hz-gb-2312", "a ~{VPND~} ~~ ~{1`~}~\nb", "a 中文 ~ 编b" },
		{ "hz", "~{VPND", "中文" },
		{ "iso-2022-jp", "\x1b$B-!$\"\x1b(B x", "①あ x" },
		{ "iso-2022-jp", "\x1b(I*1\x1b(B!", "ｪｱ!" },
		{ "csISO2022JP", "\x1b$@8l\x1b(J", "語" },
		{ "_iso-2022-jp$SIO", "\x0e*1\x0f!", "ｪｱ!" },
		{ "iso-2022-jp", "\x1b$B$\"\nb", "あ\nb" },
		{ "iso-2022-jp-ms", "\x1b$B$\"", "あ" },
		{ "us-ascii", "\x1b$B$\"\x1b(B", "あ" },
		{ "us-ascii", "\x1b[1m$B", "\x1b[1m$B" },
		{ "x-mac-greek", "\xc6\xe1", "Τα" },
		{ "x-mac-turkish", "\xdc\xdd\xde\xdf", "İıŞş" },
		{ "x-mac-croatian", "\xe6\xe8\xf0", "ćčđ" },
		{ "x-mac-romanian", "\xbe\xbf\xde\xdf", "ășȚț" },
		{ "dos-720", "\xa0\x9f", "با" },
		{ "windows-1256", "\xc8\xc7", "با" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool bad;
		g_autofree char *text = read_as(rows[i].label, rows[i].bytes,
		    strlen(rows[i].bytes), &bad);

		g_test_message("%s %s", rows[i].label, rows[i].text);
		g_assert_cmpstr(text, ==, rows[i].text);
	}
}

/* With the mark of the order, with the other one, and without any. */
static void
test_utf16(void)
{
	static const struct {
		const char *bytes;
		gsize length;
	} rows[] = { { "\xff\xfe"
		       "P\0a\0\xe9\0",
			 8 },
		{ "\xfe\xff\0P\0a\0\xe9", 8 }, { "P\0a\0\xe9\0", 6 },
		{ "\0P\0a\0\xe9", 6 } };

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool bad;
		g_autofree char *text = read_as("utf-16", rows[i].bytes,
		    rows[i].length, &bad);

		g_assert_cmpstr(text, ==, "Paé");
	}
}

/* ---- bytes without a label ---- */

/* What people write, and the charsets in which their programs leave it raw. */
static const struct {
	const char *text, *charsets;
} raw[] = {
	{ "サーバーが停止しました", "cp932 euc-jp-ms iso-2022-jp" },
	{ "メールの送信エラー", "cp932 euc-jp-ms iso-2022-jp" },
	{ "서버가 응답하지 않습니다", "cp949" },
	{ "긴급 장애 발생", "cp949" },
	{ "服务器故障，请尽快处理", "gb18030" },
	{ "网站无法访问", "gb18030" },
	{ "伺服器無法連線", "big5-hkscs" },
	{ "網站故障請儘快處理", "big5-hkscs" },
	{ "Сервер не работает", "windows-1251 koi8-r" },
	{ "Срочно: сайт недоступен", "windows-1251 koi8-r" },
	{ "Не приходит почта с утра", "windows-1251 koi8-r" },
	{ "Sunucu çalışmıyor, lütfen bakınız", "windows-1254" },
	{ "Yazıcı arızası", "windows-1254" },
	{ "Serwer nie działa, błąd połączenia", "windows-1250 iso-8859-2" },
	{ "Panne du réseau à l'étage, très gênant", "windows-1252" },
	{ "de 8h à 9h, de 10h à 11h, de 12h à 13h, de 14h à 15h",
	    "windows-1252" },
	{ "Netzqualität der Höchstgeschwindigkeit", "windows-1252" },
	{ "¿Qué pasó? La impresora no está en línea", "windows-1252" },
	{ "surface de 12 m³ pour 30 m², coût : 5 € et ½ journée",
	    "windows-1252" },
	{ "Þjónninn er bilaður í dag", "windows-1252" },
};

static void
each_raw(void (*check)(const char *text, const char *charset, const char *bytes,
    gsize length))
{
	for (gsize i = 0; i < G_N_ELEMENTS(raw); i++) {
		g_auto(GStrv) charsets = g_strsplit(raw[i].charsets, " ", -1);

		for (gsize c = 0; charsets[c] != NULL; c++) {
			gsize length;
			g_autofree char *bytes = g_convert(raw[i].text, -1,
			    charsets[c], "utf-8", NULL, &length, NULL);

			g_test_message("%s: %s", charsets[c], raw[i].text);
			g_assert_nonnull(bytes);
			check(raw[i].text, charsets[c], bytes, length);
		}
	}
}

static void
check_guess(const char *text, const char *charset, const char *bytes,
    gsize length)
{
	g_autofree char *read = charset_decode_words(NULL, bytes, length);

	(void)charset;
	g_assert_cmpstr(read, ==, text);
}

static void
test_guess(void)
{
	each_raw(check_guess);
}

/* The four places where a mail names a charset, and one that names none. */
static const char *const named[] = {
	"Content-Type: text/plain; charset=CHARSET\n\nx\n",
	"Content-Type: multipart/mixed; boundary=b\n\n--b\n"
	"Content-Type: text/plain; charset=\"CHARSET\"\n\nx\n--b--\n",
	"Content-Type: text/html\n\n<meta content='text/html; charset=CHARSET'>x\n",
	"X-Word: =?CHARSET?Q?x?=\nContent-Type: text/plain\n\nx\n",
};

static void
check_mail(const char *text, const char *subject, gsize length,
    const char *rest)
{
	g_autoptr(GString) mail = g_string_new(
	    "From: a@client.example\nX-Note: ");
	g_autoptr(Message) message = NULL;

	g_string_append_len(mail, subject, (gssize)length);
	g_string_append(mail, "\nSubject: ");
	g_string_append_len(mail, subject, (gssize)length);
	g_string_append(mail, "\nTo: ");
	g_string_append_len(mail, subject, (gssize)length);
	g_string_append_printf(mail, " <help@desk.example>\n%s", rest);
	message = message_parse((const guint8 *)mail->str, mail->len, false);
	g_assert_cmpstr(message->subject, ==, text);
	g_assert_cmpstr(message_header(message, "X-Note"), ==, text);
}

static void
check_named(const char *text, const char *charset, const char *bytes,
    gsize length)
{
	for (gsize i = 0; i < G_N_ELEMENTS(named); i++) {
		g_auto(GStrv) pieces = g_strsplit(named[i], "CHARSET", 2);
		g_autofree char *rest = g_strjoinv(charset, pieces);

		g_test_message("named in %zu", i);
		check_mail(text, bytes, length, rest);
	}
}

static void
test_named(void)
{
	static const char *const few[] = { "windows-1255", "windows-1253",
		"windows-1256", "iso-8859-5", "ibm866", "windows-1257",
		"windows-1258", "koi8-u" };
	static const char *const words[] = { "שרת", "όχι", "خادم", "нет", "нет",
		"ąž", "ă", "ґє" };

	each_raw(check_named);
	/* Too few bytes, or too much like others, to be guessed. */
	for (gsize i = 0; i < G_N_ELEMENTS(few); i++) {
		gsize length;
		g_autofree char *bytes = g_convert(words[i], -1, few[i],
		    "utf-8", NULL, &length, NULL);

		check_named(words[i], few[i], bytes, length);
	}
}

/* A label that does not fit is not believed for what bears none. */
static void
test_misnamed(void)
{
	check_mail("Réseau", "R\xc3\xa9seau", 7,
	    "Content-Type: text/plain; charset=windows-1251\n\nx\n");
	check_mail("Réseau en panne", "R\xe9seau en panne", 15,
	    "Content-Type: text/plain; charset=euc-jp\n\nx\n");
	check_mail("Ağ", "A\xf0", 2,
	    "Content-Language: tr-TR\nContent-Type: text/plain\n\nx\n");
	check_mail("Ağ", "A\xf0", 2, "Content-Type: text/plain\n\nx\n");
}

static void
check_file_name(const char *text, const char *charset, const char *bytes,
    gsize length)
{
	GString *mail = g_string_new("From: a@client.example\n"
				     "Content-Type: multipart/mixed; "
				     "boundary=b\n\n--b\nContent-Type: ");
	g_autoptr(Message) message = NULL;
	const Attachment *file;
	g_autofree char *safe = g_strdup(text);

	g_string_append_printf(mail,
	    "text/plain; charset=%s\n\nx\n--b\nContent-Type: application/pdf\n"
	    "Content-Disposition: attachment; filename=\"",
	    charset);
	g_string_append_len(mail, bytes, (gssize)length);
	g_string_append(mail, ".pdf\"\n\nx\n--b--\n");
	message = message_parse((const guint8 *)mail->str, mail->len, false);
	g_string_free(mail, TRUE);
	g_assert_cmpuint(message->attachments->len, ==, 1);
	file = message->attachments->pdata[0];
	g_assert_true(
	    g_str_has_prefix(file->name, g_strdelimit(safe, ":/", '_')));
}

static void
test_file_names(void)
{
	each_raw(check_file_name);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/charset/labels", test_labels);
	g_test_add_func("/charset/unknown", test_unknown);
	g_test_add_func("/charset/by-hand", test_by_hand);
	g_test_add_func("/charset/utf-16", test_utf16);
	g_test_add_func("/charset/guess", test_guess);
	g_test_add_func("/charset/named", test_named);
	g_test_add_func("/charset/misnamed", test_misnamed);
	g_test_add_func("/charset/file-names", test_file_names);
	return g_test_run();
}
