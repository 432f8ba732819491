/* A command is plain ASCII in the text, and what is left is the text's end. */
#include "guichet/command.h"

#include "guichet/text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *bytes = g_strndup((const char *)data, size);
	g_autofree char *text = text_clean_block(bytes, -1, 20000);
	g_autofree char *lower = g_ascii_strdown(text, -1);
	g_autoptr(CommandList) any = command_parse(bytes);
	g_autoptr(CommandList) list = command_parse(text);

	g_assert_true(g_str_has_suffix(text, list->rest));
	g_assert_cmpuint(list->errors->len, <=, COMMAND_ERRORS_MAX);
	if (list->commands->len > 0)
		g_assert_nonnull(strstr(lower, "#resolve"));
	return 0;
}
