/* A label for an attachment: never a path. */
#include "message_private.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"

#include <string.h>

enum {
	EXTENSION_BYTES = 16
};

/* Names for parts that have none. */
static const struct {
	const char *type, *name;
} defaults[] = { { "message/rfc822", "message.eml" },
	{ "message/global", "message.eml" },
	{ "message/delivery-status", "delivery-status.txt" },
	{ "message/disposition-notification", "receipt.txt" },
	{ "text/rfc822-headers", "headers.txt" },
	{ "text/calendar", "invitation.ics" }, { "text/html", "text.html" },
	{ "text/csv", "table.csv" }, { "application/pdf", "document.pdf" },
	{ "application/ms-tnef", "winmail.dat" },
	{ "application/pgp-signature", "signature.asc" },
	{ "application/pkcs7-signature", "smime.p7s" },
	{ "image/jpeg", "image.jpg" }, { "image/png", "image.png" },
	{ "image/gif", "image.gif" }, { "text/plain", "text.txt" } };

static const char *
default_name(const char *type)
{
	for (gsize i = 0; i < G_N_ELEMENTS(defaults); i++) {
		if (strcmp(type, defaults[i].type) == 0)
			return defaults[i].name;
	}
	return "attachment.bin";
}

/* Characters that separate folders anywhere, or that nobody sees. */
static void
append_safe(GString *out, gunichar c)
{
	GUnicodeType kind = g_unichar_type(c);

	if (kind == G_UNICODE_FORMAT || c == 0xfffd)
		return;
	if (kind == G_UNICODE_CONTROL || c == '/' || c == '\\' || c == ':' ||
	    c == 0x2028 || c == 0x2029) {
		/* One for a run of them. */
		if (out->len == 0 || out->str[out->len - 1] != '_')
			g_string_append_c(out, '_');
		return;
	}
	g_string_append_unichar(out, c);
}

/* Cuts in the middle, so that "report.pdf" stays a .pdf. */
static char *
shorten(const char *name)
{
	const char *dot = strrchr(name, '.');
	gsize extension = dot != NULL ? strlen(dot) : 0;
	g_autofree char *stem = NULL;

	if (strlen(name) <= LIMIT_FILE_NAME_BYTES)
		return g_strdup(name);
	if (extension > EXTENSION_BYTES)
		extension = 0;
	stem = text_clean_line(name, -1, LIMIT_FILE_NAME_BYTES - extension);
	return g_strconcat(stem, extension > 0 ? dot : "", NULL);
}

char *
message_file_name(const char *name, const char *type)
{
	g_autoptr(GString) safe = g_string_new(NULL);
	g_autofree char *valid = NULL;
	g_autofree char *clean = NULL;

	if (name == NULL)
		return g_strdup(default_name(type));
	valid = g_utf8_make_valid(name, -1);
	for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p))
		append_safe(safe, g_utf8_get_char(p));
	g_strstrip(safe->str);
	safe->len = strlen(safe->str);
	/* Hidden files, "." and "..", and options of commands. */
	if (*safe->str == '.' || *safe->str == '-')
		g_string_prepend_c(safe, '_');
	clean = text_clean_line(safe->str, (gssize)safe->len, G_MAXINT);
	if (*clean == '\0')
		return g_strdup(default_name(type));
	return shorten(clean);
}
