/* No bytes that we did not sign are ever taken for a token. */
#include "guichet/trust/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(TokenKeys) keys = token_keys_parse(
	    "a:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "desk", NULL);
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(TokenKeys) others = token_keys_parse(text, "desk", NULL);
	g_autofree char *word = token_from_address(text, "help@our.test");
	TokenVerdict verdict;
	gint64 ticket;
	Token token;

	verdict = token_parse(keys, word != NULL ? word : text, TOKEN_CLIENT,
	    20777, 180, &token);
	g_assert_true(verdict == TOKEN_ABSENT || verdict == TOKEN_BAD);
	verdict = token_parse_message_id(keys, text, "our.test", &ticket);
	g_assert_true(verdict == TOKEN_ABSENT || verdict == TOKEN_BAD);
	return 0;
}
