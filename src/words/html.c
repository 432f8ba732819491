/* What a reader sees of an HTML mail, as lines of text. */
#include "guichet/words/html.h"

#include "html_bound_private.h"
#include "html_private.h"

#include <string.h>

enum {
	META_SCAN_BYTES = 2048,
	MAX_LINK_BYTES = 1000,
	MAX_LISTS = 32,
	MAX_QUOTES = 16,
	FEED_BYTES = 16 * 1024,
};

/* Of an open element. */
enum {
	OPEN_TINY = 1,   /* its text has no size */
	OPEN_QUOTES = 2, /* it is a quotation */
};

typedef struct {
	GString *out;
	gsize max;
	guint hidden;        /* open elements since the outermost hidden one */
	GByteArray *open;    /* of each other open one: OPEN_* */
	bool answers;        /* another mail: what it quotes is marked */
	guint pre;           /* open <pre> */
	guint quotes;        /* open quotations */
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
	{ "li", LAYOUT_LINE }, { "ol", LAYOUT_PARAGRAPH },
	{ "p", LAYOUT_PARAGRAPH }, { "pre", LAYOUT_PARAGRAPH },
	{ "script", LAYOUT_HIDDEN }, { "section", LAYOUT_PARAGRAPH },
	{ "select", LAYOUT_HIDDEN }, { "style", LAYOUT_HIDDEN },
	{ "svg", LAYOUT_HIDDEN }, { "table", LAYOUT_PARAGRAPH },
	{ "template", LAYOUT_HIDDEN }, { "textarea", LAYOUT_LINE },
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
	return page->open->len > 0 &&
	    (page->open->data[page->open->len - 1] & OPEN_TINY) != 0;
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

static bool
opens_quotation(const Page *page, const char *name, const xmlChar **attributes,
    const char *style, bool *ret_below)
{
	HtmlQuote quote = page->answers ? html_quote(name, attributes, style)
					: HTML_OWN;

	*ret_below = quote == HTML_QUOTED_BELOW;
	return quote == HTML_QUOTED || strcmp(name, "blockquote") == 0;
}

static void
push(Page *page, const char *style, bool quotes)
{
	guint8 open = (html_is_tiny(style, has_no_size(page)) ? OPEN_TINY : 0) |
	    (quotes ? OPEN_QUOTES : 0);

	page->quotes += quotes ? 1 : 0;
	g_byte_array_append(page->open, &open, 1);
}

static void
pop(Page *page)
{
	if (page->open->len == 0)
		return;
	if ((page->open->data[page->open->len - 1] & OPEN_QUOTES) != 0)
		page->quotes--;
	g_byte_array_set_size(page->open, page->open->len - 1);
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
	const char *href = html_attribute(attributes, "href");

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
	const char *alt = html_attribute(attributes, "alt");

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
}

static void
on_start(void *context, const xmlChar *element, const xmlChar **attributes)
{
	Page *page = context;
	const char *name = (const char *)element;
	Layout layout = layout_of(name);
	g_autofree char *style = html_style(attributes);
	bool quotes, below;

	/* Whatever was left open in the head. */
	if (strcmp(name, "body") == 0)
		page->hidden = 0;
	if (page->hidden > 0 || layout == LAYOUT_HIDDEN ||
	    html_hides(attributes, style)) {
		page->hidden++;
		return;
	}
	quotes = opens_quotation(page, name, attributes, style, &below);
	if (layout != LAYOUT_NONE || quotes || below)
		owe_newlines(page, layout == LAYOUT_PARAGRAPH ? 2 : 1);
	push(page, style, quotes);
	page->quotes += below ? 1 : 0;
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
	if (strcmp(name, "tr") == 0)
		page->in_cell = false;
	pop(page);
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
html_to_text(const char *html, gsize length, gsize max, bool answers)
{
	g_autoptr(GByteArray) open = g_byte_array_new();
	Page page = { .out = g_string_new(NULL),
		.open = open,
		.max = max,
		.answers = answers };
	g_autofree char *tidy = html_tidy(html, &length);

	if (length > 0) {
		GString *bounded = html_bound(tidy, length);

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
