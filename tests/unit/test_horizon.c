/* Where the desk's counts, tokens and receipts end: each bound, and a second
 * or a day on either side of it. */
#include "guichet/judgment/horizon.h"

#define T0  1795190400
#define DAY 86400

static void
test_receipt(void)
{
	static const struct {
		Instant stamp, receipt;
	} rows[] = {
		{ INSTANT_NONE, T0 },
		{ T0, T0 },
		{ T0 - 90, T0 - 90 },
		{ T0 - DAY, T0 - DAY },
		{ T0 - DAY - 1, T0 },
		{ T0 + 300, T0 + 300 },
		{ T0 + 301, T0 },
		{ 0, T0 },
		{ INT64_MAX, T0 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("row %zu", i);
		g_assert_cmpint(horizon_receipt(T0, rows[i].stamp), ==,
		    rows[i].receipt);
	}
}

static void
test_tokens(void)
{
	static const struct {
		Instant sent;
		bool expired;
	} rows[] = {
		{ T0, false },
		{ T0 + 60, false }, /* a clock that went back */
		{ T0 - 30 * DAY, false },
		{ T0 - 30 * DAY - 1, true },
		{ 0, true },
	};

	g_assert_cmpint(horizon_token_days(true), ==, 30);
	g_assert_cmpint(horizon_token_days(false), ==, 180);
	g_assert_cmpint(horizon_day(T0), ==, 20777);
	g_assert_cmpint(horizon_day(20777 * DAY), ==, 20777);
	g_assert_cmpint(horizon_day(20777 * DAY - 1), ==, 20776);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpint(horizon_is_expired(rows[i].sent, T0), ==,
		    rows[i].expired);
}

static void
test_turns(void)
{
	static const struct {
		int before;
		bool is_follow_up;
		guint turns;
	} rows[] = {
		{ 0, false, 1 },
		{ 1, false, 2 },
		{ 2, false, 3 },
		{ 0, true, 1 },
		{ 7, true, 1 },
		{ G_MAXINT, false, (guint)G_MAXINT + 1 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpuint(
		    horizon_turns(rows[i].before, rows[i].is_follow_up), ==,
		    rows[i].turns);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/horizon/receipt", test_receipt);
	g_test_add_func("/horizon/tokens", test_tokens);
	g_test_add_func("/horizon/turns", test_turns);
	return g_test_run();
}
