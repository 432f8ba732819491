/* `maintenance add HOST[/SERVICE] FROM TO` and `maintenance end N`. */
#include "manage-private.h"

#include "guichet/store_alert.h"

#include <string.h>

#define LONGEST (31 * 86400) /* what is planned for longer is no maintenance */
#define STARS   4

static guint
stars(const char *pattern)
{
	guint count = 0;

	for (; *pattern != '\0'; pattern++)
		count += *pattern == '*';
	return count;
}

static bool
add(StoreTx *tx, char *const *words, Instant now, GString *out, GError **error)
{
	g_auto(GStrv) names = g_strsplit(words[0], "/", 2);
	Maintenance one = { .host = names[0],
		.service = names[0] != NULL ? names[1] : NULL,
		.by = (char *)"manager" };
	gint64 id;

	if (!instant_parse(words[1], &one.from, error) ||
	    !instant_parse(words[2], &one.to, error))
		return false;
	if (one.host == NULL || *one.host == '\0' || stars(words[0]) > STARS)
		return manage_refuse(error, "name a host, with at most %d '*'",
		    STARS);
	if (one.to <= one.from || one.to <= now)
		return manage_refuse(error,
		    "it would be over before it begins, or is over already");
	if (one.to - one.from > LONGEST)
		return manage_refuse(error,
		    "a maintenance of more than 31 days would hide a failure");
	if (!store_add_maintenance(tx, &one, &id, error))
		return false;
	g_string_append_printf(out,
	    "Maintenance %" G_GINT64_FORMAT
	    ": %s is silent from %s to %s; what still fails then opens a "
	    "ticket.\n",
	    id, words[0], words[1], words[2]);
	return true;
}

static bool
end(StoreTx *tx, const char *word, Instant now, GString *out, GError **error)
{
	char *rest;
	gint64 id = g_ascii_strtoll(word, &rest, 10);

	if (id < 1 || *rest != '\0')
		return manage_refuse(error,
		    "'%s' is no number of a maintenance", word);
	if (!store_end_maintenance(tx, id, now, error))
		return false;
	g_string_append_printf(out,
	    "Maintenance %" G_GINT64_FORMAT " is over.\n", id);
	return true;
}

bool
manage_maintenance(Intake *in, StoreTx *tx, char *const *argv, Instant now,
    GString *out, GError **error)
{
	gsize count = g_strv_length((char **)argv);

	(void)in;
	/* For rehearsal: as if it were ordered then. */
	if (count >= 5 && strcmp(argv[count - 2], "--at") == 0) {
		if (!instant_parse(argv[count - 1], &now, error))
			return false;
		count -= 2;
	}
	if (count == 5 && strcmp(argv[1], "add") == 0)
		return add(tx, argv + 2, now, out, error);
	if (count == 3 && strcmp(argv[1], "end") == 0)
		return end(tx, argv[2], now, out, error);
	return manage_refuse(error,
	    "usage: guichet maintenance add HOST[/SERVICE] FROM TO, or end N");
}
