#include "guichet/base/base.h"
#include "guichet/base/child.h"
#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/frame.h"
#include "guichet/base/text.h"

#include <fcntl.h>
#include <sys/socket.h>

static void
test_instant(void)
{
	static const struct {
		const char *text;
		Instant at;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2026-11-20T17:00:00+01:00", 1795190400 },
		{ "2026-11-20T16:00Z", 1795190400 },
		{ "2026-11-20 17:00+01:00", 1795190400 },
	};
	static const char *const bad[] = { "", "now", "2026-11-20T17:00:00",
		"2026-13-01T00:00:00Z", "2026-11-20T25:00:00Z" };

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		Instant at = 0;

		g_test_message("%s", rows[i].text);
		instant_parse(rows[i].text, &at, &error);
		g_assert_no_error(error);
		g_assert_cmpint(at, ==, rows[i].at);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;
		Instant at = 7;

		g_test_message("%s", bad[i]);
		g_assert_false(instant_parse(bad[i], &at, &error));
		g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG);
		g_assert_cmpint(at, ==, 7);
	}
}

/* Written and read by hand: as GLib would, from the year 1000 on. */
static void
test_instants_of_glib(void)
{
	static const char *const odd[] = { "2024-02-29T23:59:59+14:00",
		"2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
		"2026-00-10T00:00:00Z", "2026-01-00T00:00:00Z",
		"2026-01-01T24:00:00Z", "2026-01-01T23:60:00Z",
		"2026-01-01T23:00:60Z", "2026-01-01T23:00:00-03:30",
		"2026-01-01T23:00:00Zx", "2026-01-01T23:00:00+1:00",
		"2026-01-01T23:00:00.5Z", "2026-1-1T23:00:00Z",
		"20260101T230000Z", "2026-W05-1T10:00:00Z",
		"2026-01-01T23:00:00+0100", "0001-01-01T00:00:00Z" };

	for (int i = 0; i < 20000; i++) {
		Instant at = (Instant)g_test_rand_double_range(-30610224000.0,
		    253402300799.0);
		g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at);
		g_autofree char *wanted = g_date_time_format(time,
		    "%Y-%m-%dT%H:%M:%SZ");
		g_autofree char *text = instant_format(at);
		Instant back = 0;

		g_assert_cmpstr(text, ==, wanted);
		g_assert_true(instant_parse(text, &back, NULL));
		g_assert_cmpint(back, ==, at);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(odd); i++) {
		g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(odd[i],
		    NULL);
		Instant at = 0;

		g_test_message("%s", odd[i]);
		g_assert_cmpint(instant_parse(odd[i], &at, NULL), ==,
		    time != NULL);
		if (time != NULL)
			g_assert_cmpint(at, ==, g_date_time_to_unix(time));
	}
}

/* What nobody sees is shown as its number; what belongs to a writing stays. */
static void
test_showable(void)
{
	static const struct {
		const char *text, *shown, *json;
	} cases[] = {
		{ "Panne de l'ERP, 3 €\n\tà voir", NULL, NULL },
		{ "\033[2J", "\\u{1b}[2J", "\\u001b[2J" },
		{ "a\302\233b\177", "a\\u{9b}b\\u{7f}", "a\\u009bb\\u007f" },
		{ "fdp\342\200\256.exe", "fdp\\u{202e}.exe", "fdp\\u202e.exe" },
		{ "a\342\201\246b\330\234", "a\\u{2066}b\\u{61c}",
		    "a\\u2066b\\u061c" },
		/* zero-width space, joiner between Latin letters, BOM */
		{ "pay\342\200\213pal", "pay\\u{200b}pal", "pay\\u200bpal" },
		{ "pay\342\200\215pal", "pay\\u{200d}pal", "pay\\u200dpal" },
		{ "\357\273\277x", "\\u{feff}x", "\\ufeffx" },
		/* a Hangul filler, a tag beyond the first plane */
		{ "x\343\205\244", "x\\u{3164}", "x\\u3164" },
		{ "x\363\240\201\201", "x\\u{e0041}", "x\\udb40\\udc41" },
		/* a red heart, a Persian word: as they are */
		{ "\342\235\244\357\270\217", NULL, NULL },
		{ "\331\205\333\214\342\200\214\330\256", NULL, NULL },
		{ "a\377b", "a\357\277\275b", "a\357\277\275b" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *shown = text_showable(cases[i].text);
		g_autofree char *json = text_showable_json(cases[i].text);

		g_assert_cmpstr(shown, ==,
		    cases[i].shown != NULL ? cases[i].shown : cases[i].text);
		g_assert_cmpstr(json, ==,
		    cases[i].json != NULL ? cases[i].json : cases[i].text);
	}
}

static void
test_clean(void)
{
	g_autofree char *line = text_clean_line("  a\r\n b\0c\x1b[1m \xff ", 16,
	    99);
	g_autofree char *cut = text_clean_line("\xc3\xa9\xc3\xa9", -1, 3);
	g_autofree char *block = text_clean_block("a\r\nb\rc\x07\n", -1, 99);

	g_assert_cmpstr(line, ==, "a b c [1m \xef\xbf\xbd");
	g_assert_cmpstr(cut, ==, "\xc3\xa9");
	g_assert_cmpstr(block, ==, "a\nb\nc\n");
}

static void
test_address(void)
{
	static const char *const good[] = { "a@b", "jean.d-u+x@sous.dom.fr",
		".a@b", "a.@b", "a..b@c" };
	static const char *const bad[] = { "", "a", "@b", "a@", "a b@c",
		"a@b@c", ".@b", "a@.b", "a@b.", "a@b..c", "\"a\"@b",
		"a@b>\r\nRCPT TO:<c@d", "a@[1.2.3.4]", "\xc3\xa9@b" };

	for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
		g_assert_true(text_is_address(good[i]));
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(text_is_address(bad[i]));
}

/* One mailbox has one canonical form, however it is written. */
static void
test_address_forms(void)
{
	static const struct {
		const char *text, *canonical, *written;
	} rows[] = {
		{ "Jean.D@Client.example", "jean.d@client.example",
		    "jean.d@client.example" },
		{ "\"jean.d\"@client.example", "jean.d@client.example",
		    "jean.d@client.example" },
		{ "taro.@docomo.example", "taro.@docomo.example",
		    "\"taro.\"@docomo.example" },
		{ "\"a..b\"@docomo.example", "a..b@docomo.example",
		    "\"a..b\"@docomo.example" },
		{ ".a@docomo.example", ".a@docomo.example",
		    "\".a\"@docomo.example" },
		{ "\"a b\"@c", NULL, NULL },
		{ "\"a\"b@c", NULL, NULL },
		{ "\"a@b\"@c", NULL, NULL },
		{ "\"\"@c", NULL, NULL },
		{ "\"a", NULL, NULL },
		{ "", NULL, NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *canonical = text_address_canonical(
		    rows[i].text);
		g_autofree char *written = canonical != NULL
		    ? text_address_written(canonical)
		    : NULL;
		g_autofree char *again = written != NULL
		    ? text_address_canonical(written)
		    : NULL;

		g_test_message("%s", rows[i].text);
		g_assert_cmpstr(canonical, ==, rows[i].canonical);
		g_assert_cmpstr(written, ==, rows[i].written);
		g_assert_cmpstr(again, ==, canonical);
	}
}

static void
test_base32(void)
{
	for (gsize n = 0; n <= 20; n++) {
		guint8 bytes[20] = { 1, 255, 3, 200, 5, 99, 7, 8, 9, 250 };
		g_autofree char *text = text_base32(bytes, n);
		gsize length = 0;
		g_autofree guint8 *back = text_unbase32(text, &length);

		g_assert_cmpmem(back, length, bytes, n);
	}
	g_assert_null(text_unbase32("A", &(gsize){ 0 }));
	g_assert_null(text_unbase32("ab", &(gsize){ 0 }));
}

static void
test_frame(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Frame) frame = NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_auto(Descriptor) fd = frame_memfd("bonjour", 7, &error);
	GVariantDict args;
	int pair[2];

	g_assert_no_error(error);
	g_assert_cmpint(
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), ==, 0);
	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "id", "x", (gint64)42);
	g_variant_dict_insert(&args, "text", "s", "mot");
	frame_send(pair[0], "mail", g_variant_dict_end(&args), fd, &error);
	g_assert_no_error(error);
	frame_receive(pair[1], &frame, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(frame->verb, ==, "mail");
	g_assert_cmpint(frame_int(frame, "id", 0), ==, 42);
	g_assert_cmpint(frame_int(frame, "text", 9), ==, 9);
	g_assert_cmpstr(frame_string(frame, "text"), ==, "mot");
	bytes = frame_map(frame->fd, 100, &error);
	g_assert_no_error(error);
	g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
	    "bonjour", 7);
	g_assert_null(frame_map(frame->fd, 6, NULL));

	/* Rubbish is refused; the end of the stream is no error. */
	g_assert_cmpint(send(pair[0], "rubbish", 7, 0), ==, 7);
	g_clear_pointer(&frame, frame_free);
	g_assert_false(frame_receive(pair[1], &frame, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT);
	g_clear_error(&error);
	close(pair[0]);
	g_assert_true(frame_receive(pair[1], &frame, &error));
	g_assert_null(frame);
	close(pair[1]);
}

/* Nothing to hear is no end, and no reason to close what a frame that was not
 * received does not hold: descriptor 0 may be a caller's socket. */
static void
test_frame_of_nothing(void)
{
	g_autoptr(Frame) frame = NULL;
	g_autoptr(GError) error = NULL;
	int pair[2];
	int kept = fcntl(0, F_DUPFD_CLOEXEC, 3);

	g_assert_cmpint(socketpair(AF_UNIX,
			    SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
			    pair),
	    ==, 0);
	g_assert_cmpint(dup2(pair[0], 0), ==, 0);
	g_assert_false(frame_receive(pair[1], &frame, &error));
	g_assert_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY);
	g_assert_null(frame);
	g_assert_cmpint(fcntl(0, F_GETFD), !=, -1);
	if (kept >= 0) {
		dup2(kept, 0);
		close(kept);
	}
	close(pair[0]);
	close(pair[1]);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/instant", test_instant);
	g_test_add_func("/base/instants-of-glib", test_instants_of_glib);
	g_test_add_func("/base/frame-of-nothing", test_frame_of_nothing);
	g_test_add_func("/base/text/clean", test_clean);
	g_test_add_func("/base/text/showable", test_showable);
	g_test_add_func("/base/text/address", test_address);
	g_test_add_func("/base/text/address-forms", test_address_forms);
	g_test_add_func("/base/text/base32", test_base32);
	g_test_add_func("/base/frame", test_frame);
	return g_test_run();
}
