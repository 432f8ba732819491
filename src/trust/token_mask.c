/* Signed addresses of ours, taken out of what others wrote and we send on. */
#include "guichet/trust/token_mask.h"

#include <string.h>

#define WORD_MIN   12 /* shorter is a name that people gave, "help+sales" */
#define BASE64_MIN 40 /* characters of a stretch that is looked into */
#define DEPTH_MAX  4  /* a mail within a mail, each in base64 */

/* How many bytes a soft line end of quoted-printable takes, 0: none is here. */
static gsize
soft_end(const guint8 *p, const guint8 *end)
{
	if (p < end && *p == '=') {
		if (p + 1 < end && p[1] == '\n')
			return 2;
		if (p + 2 < end && p[1] == '\r' && p[2] == '\n')
			return 3;
	}
	return 0;
}

static const guint8 *
skip_soft(const guint8 *p, const guint8 *end)
{
	gsize length;

	while ((length = soft_end(p, end)) > 0)
		p += length;
	return p;
}

/* Behind the letters, in any case; NULL: others stand there. */
static const guint8 *
behind(const guint8 *p, const guint8 *end, const char *letters, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		p = skip_soft(p, end);
		if (p >= end ||
		    g_ascii_tolower((char)*p) != g_ascii_tolower(letters[i]))
			return NULL;
		p++;
	}
	return skip_soft(p, end);
}

static const guint8 *
behind_plus(const guint8 *p, const guint8 *end)
{
	static const char *const forms[] = { "+", "%2b", "=2b", "&#43;",
		"&#x2b;", "&plus;" };

	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		const guint8 *next = behind(p, end, forms[i], strlen(forms[i]));

		if (next != NULL)
			return next;
	}
	return NULL;
}

static bool
is_of_word(guint8 c)
{
	return g_ascii_isalnum((char)c) || c == '.' || c == '-' || c == '_';
}

/* The letters of the word, to be written over; fewer than WORD_MIN are none. */
static bool
mask_word(guint8 *p, const guint8 *end)
{
	guint8 *at = p;
	gsize letters = 0;

	for (; (at = (guint8 *)skip_soft(at, end)) < end && is_of_word(*at);
	     at++)
		letters++;
	if (letters < WORD_MIN)
		return false;
	for (; letters > 0; p++) {
		p = (guint8 *)skip_soft(p, end);
		*p = 'x';
		letters--;
	}
	return true;
}

static bool
mask_plain(guint8 *data, gsize size, const char *box, gsize length)
{
	const guint8 *end = data + size;
	bool masked = false;

	for (guint8 *p = data; p < end; p++) {
		const guint8 *next;

		if (g_ascii_tolower((char)*p) != g_ascii_tolower(box[0]))
			continue;
		next = behind(p, end, box, length);
		if (next != NULL)
			next = behind_plus(next, end);
		if (next != NULL && mask_word((guint8 *)next, end))
			masked = true;
	}
	return masked;
}

static bool
is_base64(guint8 c)
{
	return g_ascii_isalnum((char)c) || c == '+' || c == '/' || c == '=';
}

static bool
is_line_end(guint8 c)
{
	return c == '\n' || c == '\r';
}

static bool
mask(guint8 *data, gsize size, const char *box, gsize length, int depth);

/* A stretch of base64 and line ends: masked within, it is as long as before. */
static bool
mask_coded(guint8 *data, gsize size, const char *box, gsize length, int depth)
{
	g_autoptr(GString) letters = g_string_sized_new(size);
	g_autofree guint8 *plain = NULL;
	g_autofree char *coded = NULL;
	gsize count, at = 0;

	for (gsize i = 0; i < size; i++) {
		if (!is_line_end(data[i]))
			g_string_append_c(letters, (char)data[i]);
	}
	if (letters->len < BASE64_MIN || letters->len % 4 != 0)
		return false;
	plain = g_base64_decode(letters->str, &count);
	if (!mask(plain, count, box, length, depth + 1))
		return false;
	coded = g_base64_encode(plain, count);
	if (strlen(coded) != letters->len)
		return false; /* no base64 after all */
	for (gsize i = 0; i < size; i++) {
		if (!is_line_end(data[i]))
			data[i] = (guint8)coded[at++];
	}
	return true;
}

/* Behind the line that begins there, and whether it is nothing but base64. */
static gsize
line_behind(const guint8 *data, gsize size, gsize at, bool *ret_coded)
{
	*ret_coded = true;
	for (; at < size && data[at] != '\n'; at++)
		*ret_coded = *ret_coded &&
		    (is_base64(data[at]) || is_line_end(data[at]));
	return MIN(at + 1, size);
}

static bool
mask(guint8 *data, gsize size, const char *box, gsize length, int depth)
{
	bool masked = mask_plain(data, size, box, length);

	for (gsize from = 0, at = 0; depth < DEPTH_MAX && at < size;) {
		bool coded;
		gsize next = line_behind(data, size, at, &coded);
		gsize to = coded ? next : at;

		at = next;
		if (coded && next < size)
			continue;
		if (to - from >= BASE64_MIN &&
		    mask_coded(data + from, to - from, box, length, depth))
			masked = true;
		from = next;
	}
	return masked;
}

GBytes *
token_mask_bytes(GBytes *bytes, const char *box_address)
{
	const char *at = strrchr(box_address, '@');
	gsize size;
	gconstpointer data = g_bytes_get_data(bytes, &size);
	guint8 *copy;

	g_assert(at != NULL && at > box_address);
	copy = g_memdup2(data, size);
	if (size > 0 &&
	    mask(copy, size, box_address, (gsize)(at - box_address), 0))
		return g_bytes_new_take(copy, size);
	g_free(copy);
	return g_bytes_ref(bytes);
}

char *
token_mask(const char *text, const char *box_address)
{
	const char *at = strrchr(box_address, '@');
	char *copy = g_strdup(text);

	g_assert(at != NULL && at > box_address);
	if (copy != NULL)
		(void)mask_plain((guint8 *)copy, strlen(copy), box_address,
		    (gsize)(at - box_address));
	return copy;
}
