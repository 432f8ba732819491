/* How a reader learns the words of mail programs that a site has changed. */
#include "guichet/daemon/read_quotes.h"

#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/words/quotes.h"

bool
read_quotes_tell(int socket, GBytes **told, GError **error)
{
	GBytes *now = quotes_source(quotes_current());
	g_autoptr(GBytes) built_in = quotes_builtin();
	g_auto(Descriptor) fd = -1;
	gsize length;
	const void *bytes = g_bytes_get_data(now, &length);

	if (g_bytes_equal(now, *told != NULL ? *told : built_in))
		return true;
	fd = frame_memfd(bytes, length, error);
	if (fd < 0 || !frame_send(socket, "quotes", NULL, fd, error))
		return false;
	g_clear_pointer(told, g_bytes_unref);
	*told = g_bytes_ref(now);
	return true;
}

bool
read_quotes_hear(const Frame *frame, GError **error)
{
	g_autoptr(GBytes) mapped = frame_map(frame->fd, LIMIT_RULE_FILE_BYTES,
	    error);
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(GBytes) yaml = NULL;
	g_autoptr(Quotes) quotes = NULL;

	if (mapped == NULL)
		return false;
	yaml = g_bytes_new(g_bytes_get_data(mapped, NULL),
	    g_bytes_get_size(mapped));
	quotes = quotes_load("quotes.yaml", yaml, problems);
	if (quotes == NULL)
		return !problems_to_error(problems, error);
	quotes_use(quotes);
	return true;
}
