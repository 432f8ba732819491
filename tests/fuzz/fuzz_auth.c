/* A stamp and a Received field of any bytes, cleaned as the reader does. */
#include "guichet/trust/auth.h"

#include "../unit/message_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const borders[] = { "mx.our.test", NULL };
	static const char *const ids[] = { "mx.our.test", NULL };
	const AuthConfig ours = { .authserv_ids = ids,
		.border_hosts = borders,
		.stamps = STAMPS_BELOW,
		.fields = 9 };
	const AuthConfig exchange = { .exchange_online = true };
	g_autofree char *line = text_clean_line((const char *)data,
	    (gssize)size, 9000);
	g_autofree char *lower = g_ascii_strdown(line, -1);
	g_autofree char *mail = g_strconcat("Received: by mx.our.test; ", line,
	    "\nAuthentication-Results: ", line, "\nReceived: ", line,
	    "\nAuthentication-Results: mx.our.test; ", line,
	    "\nFrom: anne@corp.test\n", NULL);
	g_autoptr(FixtureMessage) message = fixture_message(mail);
	g_autofree char *why = NULL, *why_exchange = NULL;

	/* "fail" cannot come without the word. */
	if (auth_check(message, &ours, &why) == AUTH_FAIL)
		g_assert_nonnull(strstr(lower, "fail"));
	auth_check(message, &exchange, &why_exchange);
	auth_border_received(message, &ours);
	auth_domains_aligned(line, "corp.test");
	g_assert_nonnull(why);
	g_assert_nonnull(why_exchange);
	return 0;
}
