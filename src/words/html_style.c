/* What the style of an element says of whether its text is seen. */
#include "html_private.h"

#include <string.h>

const char *
html_attribute(const xmlChar **attributes, const char *name)
{
	for (; attributes != NULL && attributes[0] != NULL; attributes += 2) {
		if (strcmp((const char *)attributes[0], name) == 0)
			return attributes[1] != NULL
			    ? (const char *)attributes[1]
			    : "";
	}
	return NULL;
}

char *
html_style(const xmlChar **attributes)
{
	const char *style = html_attribute(attributes, "style");
	GString *packed = g_string_new(NULL);

	for (; style != NULL && *style != '\0'; style++) {
		if (!g_ascii_isspace(*style))
			g_string_append_c(packed, g_ascii_tolower(*style));
	}
	return g_string_free(packed, FALSE);
}

/*
 * The value that is in force, up to the ';': of several the last, or the last
 * "!important" one. NULL: the style does not say.
 */
static const char *
value_of(const char *style, const char *name)
{
	gsize length = strlen(name);
	const char *value = NULL;
	bool important = false;

	for (const char *p = style; p != NULL && *p != '\0';) {
		const char *next = strchr(p, ';');

		if (strncmp(p, name, length) == 0 && p[length] == ':') {
			gsize size = next != NULL ? (gsize)(next - p)
						  : strlen(p);
			bool now = g_strstr_len(p, (gssize)size,
				       "!important") != NULL;

			if (now || !important)
				value = p + length + 1;
			important = important || now;
		}
		p = next != NULL ? next + 1 : NULL;
	}
	return value;
}

static bool
says(const char *style, const char *name, const char *word)
{
	const char *value = value_of(style, name);
	gsize length = strlen(word);

	return value != NULL && strncmp(value, word, length) == 0 &&
	    (value[length] == '\0' || value[length] == ';' ||
		value[length] == '!');
}

/* "0", "0px", "0.0em". */
static bool
is_nothing(const char *style, const char *name)
{
	const char *value = value_of(style, name);
	char *unit;

	return value != NULL && g_ascii_isdigit(*value) &&
	    g_ascii_strtod(value, &unit) <= 0;
}

bool
html_hides(const xmlChar **attributes, const char *style)
{
	if (html_attribute(attributes, "hidden") != NULL)
		return true;
	if (*style == '\0')
		return false;
	return says(style, "display", "none") ||
	    says(style, "visibility", "hidden") ||
	    is_nothing(style, "opacity") ||
	    (says(style, "overflow", "hidden") &&
		(is_nothing(style, "max-height") ||
		    is_nothing(style, "height"))) ||
	    says(style, "mso-hide", "all");
}

/* The size in "font:italic12px/1.5Arial", packed. */
static const char *
shorthand_size(const char *value)
{
	static const char *const units[] = { "px", "pt", "em", "%", "rem", "pc",
		"ex", "mm", "cm" };

	for (; *value != '\0' && *value != ';'; value++) {
		char *unit;

		if (!g_ascii_isdigit(*value))
			continue;
		g_ascii_strtod(value, &unit);
		for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
			if (g_str_has_prefix(unit, units[i]))
				return value;
		}
		value = unit - 1;
	}
	return NULL;
}

/* The size in force of "font-size" and "font", whichever stands last. */
static const char *
size_of(const char *style)
{
	const char *size = value_of(style, "font-size");
	const char *font = value_of(style, "font");

	if (font != NULL && (size == NULL || font > size))
		font = shorthand_size(font);
	else
		font = NULL;
	return font != NULL ? font : size;
}

bool
html_is_tiny(const char *style, bool inherited)
{
	const char *value = *style == '\0' ? NULL : size_of(style);
	char *unit;
	double size;

	if (value == NULL)
		return inherited;
	size = g_ascii_strtod(value, &unit);
	if (unit == value)
		return inherited &&
		    (g_str_has_prefix(value, "inherit") ||
			g_str_has_prefix(value, "smaller") ||
			g_str_has_prefix(value, "larger"));
	if (*unit == '%' || g_str_has_prefix(unit, "em"))
		return inherited || size <= 0;
	return size < 1 && !g_str_has_prefix(unit, "rem");
}
