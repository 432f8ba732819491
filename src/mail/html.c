#include "guichet/html.h"

#include "html_bound.h"

#include <libxml/HTMLparser.h>
#include <string.h>

enum {
	META_SCAN_BYTES = 2048,
	MAX_LINK_BYTES = 1000,
	MAX_LISTS = 32,
	MAX_QUOTES = 16,
	FEED_BYTES = 16 * 1024,
};

typedef struct {
	GString *out;
	gsize max;
	guint hidden;        /* open elements since the outermost hidden one */
	GByteArray *tiny;    /* of each other open one: text has no size */
	guint pre;           /* open <pre> */
	guint quotes;        /* open <blockquote> */
	guint quotes_before; /* those of the text so far */
	guint newlines;      /* owed before the next text */
	bool blank;          /* owed likewise */
	bool in_cell;        /* another cell of the row had text */
	guint lists;
	guint numbers[MAX_LISTS]; /* of a list: the next, or 0: bullets */
	char *href;               /* of the open link */
	gsize link_start;
} Page;

typedef enum {
	LAYOUT_NONE,
	LAYOUT_LINE,      /* a line of its own */
	LAYOUT_PARAGRAPH, /* and empty lines around it */
	LAYOUT_HIDDEN,
} Layout;

static const struct {
	const char *name;
	Layout layout;
} elements[] = { { "address", LAYOUT_LINE }, { "article", LAYOUT_PARAGRAPH },
	{ "blockquote", LAYOUT_PARAGRAPH }, { "center", LAYOUT_LINE },
	{ "dd", LAYOUT_LINE }, { "div", LAYOUT_LINE },
	{ "dl", LAYOUT_PARAGRAPH }, { "dt", LAYOUT_LINE },
	{ "fieldset", LAYOUT_LINE }, { "footer", LAYOUT_LINE },
	{ "form", LAYOUT_LINE }, { "h1", LAYOUT_PARAGRAPH },
	{ "h2", LAYOUT_PARAGRAPH }, { "h3", LAYOUT_PARAGRAPH },
	{ "h4", LAYOUT_PARAGRAPH }, { "h5", LAYOUT_PARAGRAPH },
	{ "h6", LAYOUT_PARAGRAPH }, { "head", LAYOUT_HIDDEN },
	{ "header", LAYOUT_LINE }, { "hr", LAYOUT_PARAGRAPH },
	{ "li", LAYOUT_LINE }, { "noscript", LAYOUT_HIDDEN },
	{ "object", LAYOUT_HIDDEN }, { "ol", LAYOUT_PARAGRAPH },
	{ "p", LAYOUT_PARAGRAPH }, { "pre", LAYOUT_PARAGRAPH },
	{ "script", LAYOUT_HIDDEN }, { "section", LAYOUT_PARAGRAPH },
	{ "select", LAYOUT_HIDDEN }, { "style", LAYOUT_HIDDEN },
	{ "svg", LAYOUT_HIDDEN }, { "table", LAYOUT_PARAGRAPH },
	{ "template", LAYOUT_HIDDEN }, { "textarea", LAYOUT_HIDDEN },
	{ "title", LAYOUT_HIDDEN }, { "tr", LAYOUT_LINE },
	{ "ul", LAYOUT_PARAGRAPH } };

static Layout
layout_of(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(elements); i++) {
		if (strcmp(name, elements[i].name) == 0)
			return elements[i].layout;
	}
	return LAYOUT_NONE;
}

static void
owe_newlines(Page *page, guint count)
{
	page->newlines = MAX(page->newlines, count);
	page->blank = false;
}

/* Pays what is owed before text, with the quotation's marks. */
static void
pay(Page *page)
{
	GString *out = page->out;
	bool start = out->len == 0;

	if (page->newlines > 0 || start) {
		for (guint i = 0; i < page->newlines && !start; i++) {
			g_string_append_c(out, '\n');
			if (i + 1 < page->newlines &&
			    MIN(page->quotes, page->quotes_before) > 0)
				g_string_append_c(out, '>');
		}
		for (guint i = 0; i < MIN(page->quotes, MAX_QUOTES); i++)
			g_string_append(out, "> ");
	} else if (page->blank) {
		g_string_append_c(out, ' ');
	}
	page->newlines = 0;
	page->blank = false;
	page->quotes_before = page->quotes;
}

static bool
has_no_size(const Page *page)
{
	return page->tiny->len > 0 &&
	    page->tiny->data[page->tiny->len - 1] != 0;
}

static void
append_text(Page *page, const char *text, gsize length)
{
	if (page->hidden > 0 || has_no_size(page) ||
	    page->out->len + length + 256 > page->max)
		return;
	pay(page);
	g_string_append_len(page->out, text, (gssize)length);
}

/* Characters that take no room: spacers of advertisers. */
static gsize
invisible_length(const char *p, gsize left)
{
	static const char *const invisible[] = { "\xe2\x80\x8b", "\xe2\x80\x8c",
		"\xef\xbb\xbf", "\xcd\x8f", "\xc2\xad" };

	if ((guchar)*p < 0x80)
		return 0;
	for (gsize i = 0; i < G_N_ELEMENTS(invisible); i++) {
		gsize size = strlen(invisible[i]);

		if (left >= size && memcmp(p, invisible[i], size) == 0)
			return size;
	}
	return 0;
}

static gsize
blank_length(const char *p, gsize left)
{
	if (g_ascii_isspace(*p))
		return 1;
	if (left >= 2 && memcmp(p, "\xc2\xa0", 2) == 0)
		return 2;
	return 0;
}

/* Not where the text ends in one: behind "- " and " | ". */
static bool
owes_blank(const Page *page)
{
	return page->newlines == 0 && page->out->len > 0 &&
	    page->out->str[page->out->len - 1] != ' ';
}

static void
append_flowing(Page *page, const char *p, gsize left)
{
	while (left > 0) {
		gsize step = blank_length(p, left), run;

		if (step > 0) {
			page->blank = owes_blank(page);
		} else if ((step = invisible_length(p, left)) == 0) {
			for (run = 0; run < left &&
			     blank_length(p + run, left - run) == 0 &&
			     invisible_length(p + run, left - run) == 0;)
				run++;
			append_text(page, p, run);
			step = run;
		}
		p += step;
		left -= step;
	}
}

static void
append_preformatted(Page *page, const char *p, gsize left)
{
	while (left > 0) {
		const char *newline = memchr(p, '\n', left);
		gsize run = newline != NULL ? (gsize)(newline - p) : left;

		if (run > 0)
			append_text(page, p, run);
		if (newline == NULL)
			break;
		page->newlines = MIN(page->newlines + 1, 3);
		p += run + 1;
		left -= run + 1;
	}
}

static void
on_characters(void *context, const xmlChar *text, int length)
{
	Page *page = context;

	if (page->hidden > 0 || has_no_size(page) || length <= 0)
		return;
	if (page->pre > 0)
		append_preformatted(page, (const char *)text, (gsize)length);
	else
		append_flowing(page, (const char *)text, (gsize)length);
}

static const char *
attribute(const xmlChar **attributes, const char *name)
{
	for (; attributes != NULL && attributes[0] != NULL; attributes += 2) {
		if (strcmp((const char *)attributes[0], name) == 0)
			return attributes[1] != NULL
			    ? (const char *)attributes[1]
			    : "";
	}
	return NULL;
}

/* The style in lower case and without blanks, or "". */
static char *
packed_style(const xmlChar **attributes)
{
	const char *style = attribute(attributes, "style");
	GString *packed = g_string_new(NULL);

	for (; style != NULL && *style != '\0'; style++) {
		if (!g_ascii_isspace(*style))
			g_string_append_c(packed, g_ascii_tolower(*style));
	}
	return g_string_free(packed, FALSE);
}

static bool
is_hidden(const xmlChar **attributes, const char *style)
{
	static const char *const styles[] = { "display:none",
		"visibility:hidden", "mso-hide:all" };

	if (attribute(attributes, "hidden") != NULL)
		return true;
	for (gsize i = 0; i < G_N_ELEMENTS(styles); i++) {
		if (strstr(style, styles[i]) != NULL)
			return true;
	}
	return false;
}

/* Layouts of columns set a size of 0 outside and a real one inside, so it
 * hides only what inherits it. */
static bool
is_tiny(const char *style, bool inherited)
{
	static const char name[] = "font-size:";
	const char *p = style;
	bool tiny = inherited;

	while ((p = strstr(p, name)) != NULL) {
		bool own = p == style || p[-1] == ';';
		char *unit;
		double size;

		p += sizeof name - 1;
		size = g_ascii_strtod(p, &unit);
		if (!own)
			continue;
		if (unit == p)
			tiny = tiny &&
			    (g_str_has_prefix(p, "inherit") ||
				g_str_has_prefix(p, "smaller") ||
				g_str_has_prefix(p, "larger"));
		else if (*unit == '%' || g_str_has_prefix(unit, "em"))
			tiny = tiny || size <= 0;
		else
			tiny = size < 1 && !g_str_has_prefix(unit, "rem");
	}
	return tiny;
}

static void
push_size(Page *page, const char *style)
{
	guint8 tiny = is_tiny(style, has_no_size(page));

	g_byte_array_append(page->tiny, &tiny, 1);
}

static void
pop_size(Page *page)
{
	if (page->tiny->len > 0)
		g_byte_array_set_size(page->tiny, page->tiny->len - 1);
}

static void
start_item(Page *page)
{
	g_autofree char *mark = NULL;
	guint depth = MIN(page->lists, MAX_LISTS);
	guint *number = depth > 0 ? &page->numbers[depth - 1] : NULL;

	if (number != NULL && *number > 0)
		mark = g_strdup_printf("%*s%u. ", (int)(depth - 1) * 2, "",
		    (*number)++);
	else
		mark = g_strdup_printf("%*s- ",
		    depth > 0 ? (int)(depth - 1) * 2 : 0, "");
	append_text(page, mark, strlen(mark));
}

static void
start_list(Page *page, bool numbered)
{
	if (page->lists < MAX_LISTS)
		page->numbers[page->lists] = numbered ? 1 : 0;
	page->lists++;
	if (page->lists > 1)
		page->newlines = 1;
}

static void
start_link(Page *page, const xmlChar **attributes)
{
	const char *href = attribute(attributes, "href");

	g_clear_pointer(&page->href, g_free);
	if (href == NULL || strlen(href) > MAX_LINK_BYTES)
		return;
	if (g_ascii_strncasecmp(href, "http", 4) != 0 &&
	    g_ascii_strncasecmp(href, "ftp", 3) != 0 &&
	    g_ascii_strncasecmp(href, "mailto:", 7) != 0)
		return;
	page->href = g_strstrip(g_strdup(href));
	page->link_start = page->out->len;
}

/* "text <url>", but the address once if the text is the address. */
static void
end_link(Page *page)
{
	g_autofree char *href = g_steal_pointer(&page->href);
	const char *text, *bare = href;
	gsize length;

	if (href == NULL || page->out->len <= page->link_start)
		return;
	text = page->out->str + page->link_start;
	while (g_ascii_isspace(*text) || *text == '>')
		text++;
	if (g_str_has_prefix(bare, "mailto:"))
		bare += 7;
	else if (strstr(bare, "://") != NULL)
		bare = strstr(bare, "://") + 3;
	length = strlen(bare);
	if (length > 0 && bare[length - 1] == '/')
		length--;
	if (length == 0 || g_strstr_len(text, -1, bare) != NULL ||
	    g_ascii_strncasecmp(text, bare, length) == 0)
		return;
	page->blank = true;
	append_text(page, "<", 1);
	append_text(page, href, strlen(href));
	append_text(page, ">", 1);
}

static void
start_image(Page *page, const xmlChar **attributes)
{
	const char *alt = attribute(attributes, "alt");

	if (alt == NULL || *alt == '\0' || strlen(alt) > 200)
		return;
	append_text(page, "[", 1);
	append_flowing(page, alt, strlen(alt));
	append_text(page, "]", 1);
}

static void
start_cell(Page *page)
{
	page->blank = false;
	if (page->in_cell && page->newlines == 0 && page->out->len > 0)
		append_text(page, " | ", 3);
	page->in_cell = true;
}

/* The elements that do more than break lines. */
static void
start_special(Page *page, const char *name, const xmlChar **attributes)
{
	if (strcmp(name, "a") == 0)
		start_link(page, attributes);
	else if (strcmp(name, "br") == 0)
		page->newlines = MIN(page->newlines + 1, 2);
	else if (strcmp(name, "li") == 0)
		start_item(page);
	else if (strcmp(name, "ul") == 0 || strcmp(name, "ol") == 0)
		start_list(page, name[0] == 'o');
	else if (strcmp(name, "img") == 0)
		start_image(page, attributes);
	else if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0)
		start_cell(page);
	else if (strcmp(name, "tr") == 0)
		page->in_cell = false;
	else if (strcmp(name, "pre") == 0)
		page->pre++;
	else if (strcmp(name, "blockquote") == 0)
		page->quotes++;
}

static void
on_start(void *context, const xmlChar *element, const xmlChar **attributes)
{
	Page *page = context;
	const char *name = (const char *)element;
	Layout layout = layout_of(name);
	g_autofree char *style = packed_style(attributes);

	/* Whatever was left open in the head. */
	if (strcmp(name, "body") == 0)
		page->hidden = 0;
	if (page->hidden > 0 || layout == LAYOUT_HIDDEN ||
	    is_hidden(attributes, style)) {
		page->hidden++;
		return;
	}
	push_size(page, style);
	if (layout != LAYOUT_NONE)
		owe_newlines(page, layout == LAYOUT_PARAGRAPH ? 2 : 1);
	start_special(page, name, attributes);
}

static void
on_end(void *context, const xmlChar *element)
{
	Page *page = context;
	const char *name = (const char *)element;
	Layout layout = layout_of(name);

	if (page->hidden > 0) {
		page->hidden--;
		return;
	}
	if (strcmp(name, "a") == 0)
		end_link(page);
	else if ((strcmp(name, "ul") == 0 || strcmp(name, "ol") == 0) &&
	    page->lists > 0)
		page->lists--;
	else if (strcmp(name, "pre") == 0 && page->pre > 0)
		page->pre--;
	if (layout != LAYOUT_NONE)
		owe_newlines(page,
		    layout == LAYOUT_PARAGRAPH && page->lists == 0 ? 2 : 1);
	if (strcmp(name, "blockquote") == 0 && page->quotes > 0)
		page->quotes--;
	if (strcmp(name, "tr") == 0)
		page->in_cell = false;
	pop_size(page);
}

void
html_preload(void)
{
	xmlInitParser();
}

static void
parse(Page *page, const char *html, gsize length)
{
	htmlSAXHandler handler = { .startElement = on_start,
		.endElement = on_end,
		.characters = on_characters,
		.ignorableWhitespace = on_characters };
	htmlParserCtxtPtr parser = htmlCreatePushParserCtxt(&handler, page,
	    NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);

	g_assert(parser != NULL);
	htmlCtxtUseOptions(parser,
	    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
		HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
	for (gsize at = 0; at < length; at += FEED_BYTES) {
		gsize size = MIN(length - at, FEED_BYTES);

		htmlParseChunk(parser, html + at, (int)size, 0);
	}
	htmlParseChunk(parser, NULL, 0, 1);
	if (parser->myDoc != NULL)
		xmlFreeDoc(parser->myDoc);
	htmlFreeParserCtxt(parser);
}

char *
html_to_text(const char *html, gsize length, gsize max)
{
	g_autoptr(GByteArray) tiny = g_byte_array_new();
	Page page = { .out = g_string_new(NULL), .tiny = tiny, .max = max };

	if (length > 0) {
		GString *bounded = html_bound(html, length);

		parse(&page, bounded->str, bounded->len);
		g_string_free(bounded, TRUE);
	}
	g_free(page.href);
	g_strchomp(page.out->str);
	return g_string_free(page.out, FALSE);
}

char *
html_meta_charset(const char *html, gsize length)
{
	const char *end = html + MIN(length, (gsize)META_SCAN_BYTES);

	for (const char *p = html; end - p > 8; p++) {
		const char *label;

		if (g_ascii_strncasecmp(p, "charset=", 8) != 0)
			continue;
		p += 8;
		if (p < end && (*p == '"' || *p == '\''))
			p++;
		for (label = p; p < end &&
		     (g_ascii_isalnum(*p) || strchr("-_:.", *p) != NULL);)
			p++;
		return p > label ? g_strndup(label, (gsize)(p - label)) : NULL;
	}
	return NULL;
}
