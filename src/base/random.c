/* Random bytes: the kernel's, or for a rehearsal those of a seed. */
#include "guichet/base/random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

static void
kernel_bytes(guint8 *bytes, gsize length)
{
	while (length > 0) {
		ssize_t got = getrandom(bytes, length, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			g_error("getrandom: %s", g_strerror(errno));
		bytes += got;
		length -= (gsize)got;
	}
}

/* HMAC-SHA256 in counter mode. */
static void
seeded_bytes(guint64 seed, const char *what, gint64 id, guint8 *bytes,
    gsize length)
{
	for (guint block = 0; length > 0; block++) {
		g_autofree char *text = g_strdup_printf(
		    "%s %" G_GINT64_FORMAT " %u", what, id, block);
		g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256,
		    (const guchar *)&seed, sizeof(seed));
		guint8 digest[32];
		gsize size = sizeof(digest);
		gsize part;

		g_hmac_update(hmac, (const guchar *)text, -1);
		g_hmac_get_digest(hmac, digest, &size);
		part = MIN(size, length);
		memcpy(bytes, digest, part);
		bytes += part;
		length -= part;
	}
}

void
random_bytes(guint64 seed, const char *what, gint64 id, void *ret_bytes,
    gsize length)
{
	if (seed == 0)
		kernel_bytes(ret_bytes, length);
	else
		seeded_bytes(seed, what, id, ret_bytes, length);
}
