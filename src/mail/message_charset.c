/* The charset that a mail names, for those of its bytes that bear no label. */
#include "message_private.h"

#include "guichet/mail/charset.h"

#include "params_private.h"

#include <string.h>

/* How far into the body parts are looked at, and how many labels. */
enum {
	LOOK_BYTES = 256 * 1024,
	LOOK_LABELS = 20
};

/* The languages whose old charsets could not be guessed from few bytes. */
static const struct {
	const char *language, *charset;
} languages[] = { { "zh-tw", "big5" }, { "zh-hk", "big5" },
	{ "zh-hant", "big5" }, { "zh", "gb18030" }, { "ko", "euc-kr" },
	{ "tr", "windows-1254" }, { "el", "windows-1253" },
	{ "he", "windows-1255" }, { "ar", "windows-1256" },
	{ "fa", "windows-1256" }, { "vi", "windows-1258" },
	{ "th", "windows-874" }, { "pl", "iso-8859-2" },
	{ "cs", "windows-1250" }, { "sk", "windows-1250" },
	{ "hu", "windows-1250" }, { "sl", "windows-1250" },
	{ "hr", "windows-1250" }, { "ro", "windows-1250" },
	{ "lt", "windows-1257" }, { "lv", "windows-1257" },
	{ "et", "windows-1257" }, { "bg", "windows-1251" } };

static char *
if_telling(char *label)
{
	if (charset_says_something(label))
		return label;
	g_free(label);
	return NULL;
}

/* The charset of the whole, if it is one text. */
static char *
of_content_type(const Prescan *scan)
{
	const RawField *field = prescan_field(scan, "Content-Type");

	return field == NULL || field->over
	    ? NULL
	    : if_telling(
		  params_get(field->value, field->value_length, "charset"));
}

/* Of the first part, or page, that names one. */
static char *
of_parts(const Prescan *scan)
{
	const char *p = scan->bytes + scan->body;
	const char *end = p + MIN(scan->length - scan->body, LOOK_BYTES);

	for (int i = 0; i < LOOK_LABELS; i++) {
		static const char word[] = "charset=";
		const char *found = NULL;
		g_autofree char *label = NULL;
		gsize length;

		for (; end - p > (gssize)sizeof word; p++) {
			p = memchr(p, '=', (gsize)(end - p));
			if (p == NULL || end - p < 3)
				return NULL;
			if (p - scan->bytes >= 7 &&
			    g_ascii_strncasecmp(p - 7, word, 7) == 0) {
				found = p + 1;
				break;
			}
		}
		if (found == NULL)
			return NULL;
		p = found;
		found += *found == '"' || *found == '\'' ? 1 : 0;
		for (length = 0; found + length < end && length < 40 &&
		     (g_ascii_isalnum(found[length]) ||
			 strchr("-_.:", found[length]) != NULL);)
			length++;
		label = g_strndup(found, length);
		if (charset_says_something(label))
			return g_steal_pointer(&label);
	}
	return NULL;
}

/* Of the first encoded word of any field. */
static char *
of_words(const Prescan *scan)
{
	for (guint i = 0; i < scan->fields->len; i++) {
		const RawField *field = &g_array_index(scan->fields, RawField,
		    i);
		const char *p = g_strstr_len(field->value,
		    (gssize)field->value_length, "=?");
		const char *end = field->value + field->value_length;
		const char *mark = p != NULL
		    ? memchr(p + 2, '?', (gsize)(end - p - 2))
		    : NULL;
		g_autofree char *label = mark != NULL && mark - p < 64
		    ? g_strndup(p + 2, (gsize)(mark - p - 2))
		    : NULL;

		if (charset_says_something(label))
			return g_steal_pointer(&label);
	}
	return NULL;
}

static char *
of_language(const Prescan *scan)
{
	static const char *const names[] = { "Content-Language",
		"Accept-Language" };

	for (gsize n = 0; n < G_N_ELEMENTS(names); n++) {
		const RawField *field = prescan_field(scan, names[n]);
		g_autofree char *value = field != NULL
		    ? raw_field_unfold(field, 40, NULL)
		    : g_strdup("");

		g_strstrip(value);
		for (gsize i = 0; i < G_N_ELEMENTS(languages); i++) {
			gsize length = strlen(languages[i].language);

			if (g_ascii_strncasecmp(value, languages[i].language,
				length) == 0 &&
			    !g_ascii_isalpha(value[length]))
				return g_strdup(languages[i].charset);
		}
	}
	return NULL;
}

const char *
message_charset_hint(Reading *reading)
{
	const Prescan *scan = reading->scan;

	if (!reading->looked_for_hint) {
		reading->hint = of_content_type(scan);
		if (reading->hint == NULL)
			reading->hint = of_parts(scan);
		if (reading->hint == NULL)
			reading->hint = of_words(scan);
		if (reading->hint == NULL)
			reading->hint = of_language(scan);
		reading->looked_for_hint = true;
	}
	return reading->hint;
}

char *
message_parameter(Reading *reading, const char *value, gsize length,
    const char *name)
{
	return params_get_hinted(value, length, name,
	    message_raw_hint(reading, value, length));
}

const char *
message_raw_hint(Reading *reading, const char *bytes, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		if ((guchar)bytes[i] >= 0x80)
			return message_charset_hint(reading);
	}
	return NULL;
}
