/* Pages as mails have them, made such that the parser reads all of them. */
#include "html_private.h"

#include <string.h>

/* A page on its way. */
typedef struct {
	const char *p, *end;
	GString *out;
	bool begun; /* a start tag or text was there */
} Tidy;

static bool
is_name(const char *p, const char *end, const char *name)
{
	gsize length = strlen(name);

	return (gsize)(end - p) > length &&
	    g_ascii_strncasecmp(p, name, length) == 0 &&
	    !g_ascii_isalnum(p[length]);
}

static const char *
find(const char *p, const char *end, const char *what)
{
	return g_strstr_len(p, end - p, what);
}

/* Behind the '>' of a tag, as browsers find it: in a quoted value it is none.
 * NULL: it is never closed. */
static const char *
tag_end(const char *p, const char *end)
{
	char quote = '\0';
	bool value = false; /* right behind '=' */

	for (; p < end; p++) {
		if (quote != '\0') {
			quote = *p == quote ? '\0' : quote;
		} else if (*p == '>') {
			return p + 1;
		} else if (value && (*p == '"' || *p == '\'')) {
			quote = *p;
			value = false;
		} else {
			value = *p == '=' || (value && g_ascii_isspace(*p));
		}
	}
	return NULL;
}

/* Past "<!-- ... -->", and "<!-->", which is one already. */
static const char *
comment_end(const char *p, const char *end)
{
	const char *body = p + strlen("<!--");

	if (body < end && *body == '>')
		return body + 1;
	if (end - body >= 2 && body[0] == '-' && body[1] == '>')
		return body + 2;
	while ((body = find(body, end, "--")) != NULL) {
		if (end - body > 2 && body[2] == '>')
			return body + 3;
		if (end - body > 3 && body[2] == '!' && body[3] == '>')
			return body + 4;
		body++;
	}
	return end;
}

/* "<![if !vml]>", "<?xml ...>", "</ >": comments, to a browser. */
static const char *
bogus_end(const char *p, const char *end)
{
	const char *close = memchr(p, '>', (gsize)(end - p));

	return close != NULL ? close + 1 : end;
}

/* Past the content of <script> and <style>, which nobody sees. */
static const char *
raw_end(const char *p, const char *end, const char *name)
{
	while ((p = find(p, end, "</")) != NULL) {
		if (is_name(p + 2, end, name)) {
			const char *close = tag_end(p + 2, end);

			return close != NULL ? close : end;
		}
		p += 2;
	}
	return end;
}

static void
take_start_tag(Tidy *tidy)
{
	static const char *const raw[] = { "script", "style" };
	const char *name = tidy->p + 1;
	const char *close = tag_end(name, tidy->end);

	/* Cut off in the middle of a tag: it is none. */
	if (close == NULL) {
		tidy->p = tidy->end;
		return;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(raw); i++) {
		if (is_name(name, tidy->end, raw[i])) {
			tidy->p = raw_end(close, tidy->end, raw[i]);
			return;
		}
	}
	tidy->begun = true;
	g_string_append_len(tidy->out, tidy->p, close - tidy->p);
	tidy->p = close;
}

/* A document's end is not the mail's: banners and footers are documents of
 * their own. Before all else an end tag would end the parser. */
static void
take_end_tag(Tidy *tidy)
{
	const char *name = tidy->p + 2;
	const char *close = tag_end(name, tidy->end);

	if (close == NULL) {
		tidy->p = tidy->end;
		return;
	}
	if (is_name(name, tidy->end, "html") ||
	    is_name(name, tidy->end, "body"))
		g_string_append(tidy->out, tidy->begun ? "<br>" : "");
	else if (is_name(name, tidy->end, "br"))
		g_string_append(tidy->out, "<br>");
	else if (tidy->begun)
		g_string_append_len(tidy->out, tidy->p, close - tidy->p);
	tidy->p = close;
}

static void
take_text(Tidy *tidy)
{
	const char *open = memchr(tidy->p, '<', (gsize)(tidy->end - tidy->p));
	const char *end = open != NULL ? open : tidy->end;

	for (const char *p = tidy->p; !tidy->begun && p < end; p++) {
		if (!g_ascii_isspace(*p)) {
			tidy->begun = true;
			g_string_append(tidy->out, "<body>");
		}
	}
	g_string_append_len(tidy->out, tidy->p, end - tidy->p);
	tidy->p = end;
}

static void
take_mark(Tidy *tidy)
{
	const char *p = tidy->p, *end = tidy->end;
	char next = end - p > 1 ? p[1] : '\0';

	if (g_ascii_isalpha(next)) {
		take_start_tag(tidy);
	} else if (next == '/' && end - p > 2 && g_ascii_isalpha(p[2])) {
		take_end_tag(tidy);
	} else if (next == '!' && end - p >= 4 && memcmp(p, "<!--", 4) == 0) {
		tidy->p = comment_end(p, end);
	} else if (next == '!' || next == '?' || next == '/') {
		tidy->p = bogus_end(p, end);
	} else {
		g_string_append(tidy->out, "&lt;");
		tidy->p++;
	}
}

char *
html_tidy(const char *html, gsize *length)
{
	Tidy tidy = { .p = html,
		.end = html + *length,
		.out = g_string_sized_new(*length) };

	while (tidy.p < tidy.end) {
		if (*tidy.p == '<')
			take_mark(&tidy);
		else
			take_text(&tidy);
	}
	*length = tidy.out->len;
	return g_string_free(tidy.out, FALSE);
}
