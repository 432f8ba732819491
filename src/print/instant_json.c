/* An instant in the JSON that subcommands print. */
#include "guichet/print/instant_json.h"

json_t *
instant_json(Instant at)
{
	g_autofree char *text = NULL;

	if (at == INSTANT_NONE)
		return json_null();
	text = instant_format(at);
	return json_string(text);
}
