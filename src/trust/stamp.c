/* What one Authentication-Results field says. */
#include "stamp_private.h"

#include "guichet/base/limits.h"
#include "trace_private.h"

#include <string.h>

void
finding_clear(Finding *finding)
{
	g_free(finding->method);
	g_free(finding->result);
	g_free(finding->from);
	g_free(finding->signer);
	g_free(finding->agent);
	g_free(finding->mailfrom);
	g_free(finding->login);
	*finding = (Finding){ .known = true };
}

/* Keyword of RFC 8601, 2.2, lower-case; "" if none is there. */
static char *
read_keyword(Cursor *cursor)
{
	const char *start;
	gsize length = 0;

	cursor_skip(cursor);
	start = cursor->p;
	while (g_ascii_isalnum(start[length]) || start[length] == '-' ||
	    start[length] == '_')
		length++;
	cursor->p += length;
	return g_ascii_strdown(start, (gssize)length);
}

/*
 * A property's value: words and quoted strings, as "x; y"@evil.test. Real
 * systems put more into a bare word than the grammar lets them, base64 of
 * header.b above all. What stands behind the last '@' outside quotes is in
 * *ret_domain, or all of it when there is none; *ret_whole may be NULL.
 */
static void
read_value(Cursor *cursor, char **ret_whole, char **ret_domain)
{
	GString *whole = g_string_new(NULL);
	GString *domain = g_string_new(NULL);
	gsize taken = 0;

	cursor_skip(cursor);
	while (!cursor->broken && strchr("; \t\r\n()", *cursor->p) == NULL) {
		if (*cursor->p == '"') {
			g_autofree char *text = cursor_quoted(cursor);

			g_string_append(domain, text);
			g_string_append(whole, text);
			taken++;
			continue;
		}
		g_string_append_c(whole, *cursor->p);
		if (*cursor->p == '@') {
			g_string_truncate(domain, 0);
		} else {
			g_string_append_c(domain, *cursor->p);
			taken++;
		}
		cursor->p++;
	}
	if (*cursor->p == ')' || taken == 0)
		cursor->broken = true;
	g_string_ascii_down(whole);
	g_string_ascii_down(domain);
	*ret_domain = g_string_free(domain, FALSE);
	if (ret_whole != NULL)
		*ret_whole = g_string_free(whole, FALSE);
	else
		g_string_free(whole, TRUE);
}

/* One value a property: two that differ are one of them a lie. */
static void
keep(Cursor *cursor, char **kept, const char *value)
{
	if (*kept != NULL && strcmp(*kept, value) != 0)
		cursor->broken = true;
	g_free(*kept);
	*kept = g_strdup(value);
}

static void
note_property(Cursor *cursor, Finding *finding, const char *name,
    const char *whole, const char *domain)
{
	if (strcmp(name, "header.from") == 0)
		keep(cursor, &finding->from, domain);
	else if (strcmp(name, "header.d") == 0)
		keep(cursor, &finding->signer, domain);
	else if (strcmp(name, "header.i") == 0)
		keep(cursor, &finding->agent, domain);
	else if (strcmp(name, "smtp.mailfrom") == 0)
		keep(cursor, &finding->mailfrom, domain);
	else if (strcmp(name, "smtp.auth") == 0)
		keep(cursor, &finding->login, whole);
}

/* "reason=x", "header.from=x" and, though no standard has it, "action=x". */
static void
read_property(Cursor *cursor, Finding *finding)
{
	g_autofree char *type = read_keyword(cursor);
	g_autofree char *property = NULL, *name = NULL;
	g_autofree char *whole = NULL, *domain = NULL;

	if (*type != '\0' && cursor_take(cursor, '.')) {
		property = read_keyword(cursor);
		if (*property == '\0')
			cursor->broken = true;
	}
	if (*type == '\0' || !cursor_take(cursor, '=')) {
		cursor->broken = true;
		return;
	}
	read_value(cursor, &whole, &domain);
	if (property == NULL)
		return;
	name = g_strconcat(type, ".", property, NULL);
	note_property(cursor, finding, name, whole, domain);
}

/* method [ "/" version ] "=" result, then properties up to ';' or the end. */
static void
read_finding(Cursor *cursor, Finding *finding)
{
	finding->method = read_keyword(cursor);
	if (*finding->method == '\0') {
		cursor->broken = true;
		return;
	}
	if (cursor_take(cursor, '/')) {
		g_autofree char *version = read_keyword(cursor);

		finding->known = strcmp(version, "1") == 0;
	}
	if (!cursor_take(cursor, '=')) {
		/* RFC 8601, 2.2: "none" alone says that nothing was done. */
		if (strcmp(finding->method, "none") != 0)
			cursor->broken = true;
		finding->known = false;
		return;
	}
	/* Amazon's "envelope-from=a@b.example;" stands where a method does. */
	if (strcmp(finding->method, "dmarc") == 0) {
		finding->result = read_keyword(cursor);
		if (*finding->result == '\0')
			cursor->broken = true;
	} else {
		read_value(cursor, NULL, &finding->result);
	}
	for (;;) {
		cursor_skip(cursor);
		if (cursor->broken || *cursor->p == ';' || *cursor->p == '\0')
			return;
		read_property(cursor, finding);
	}
}

/* Findings separated by ';'. Some systems end with one, too. */
static bool
read_findings(Cursor *cursor, StampFinding each, void *data)
{
	Finding finding = { .known = true };

	for (;;) {
		cursor_skip(cursor);
		if (!cursor->broken && *cursor->p == '\0')
			return true;
		if (!cursor->broken && *cursor->p != ';')
			read_finding(cursor, &finding);
		/* A failure counts even if what follows cannot be read. */
		if (finding.method != NULL && finding.result != NULL &&
		    (!cursor->broken || strcmp(finding.result, "fail") == 0))
			each(data, &finding);
		finding_clear(&finding);
		if (cursor->broken)
			return false;
		if (*cursor->p == ';')
			cursor->p++;
	}
}

/* The authserv-id, or "" if the field starts with a method at once. */
static char *
read_id(Cursor *cursor)
{
	char *id;

	cursor_skip(cursor);
	if (!cursor->broken && *cursor->p == '"')
		return cursor_quoted(cursor);
	id = cursor_word(cursor, "()<>@,;:\\\"/[]?=");
	cursor_skip(cursor);
	if (*cursor->p == '=' || *cursor->p == '/')
		*id = '\0';
	return id;
}

/* Behind the authserv-id: an optional version, then ';' or the end. */
static bool
read_version(Cursor *cursor)
{
	g_autofree char *version = NULL;

	cursor_skip(cursor);
	version = cursor_word(cursor, "();");
	cursor_skip(cursor);
	return !cursor->broken &&
	    (*version == '\0' || strcmp(version, "1") == 0) &&
	    (*cursor->p == ';' || *cursor->p == '\0');
}

/* The reader cuts long fields: a failure may stand where nobody sees it. */
static bool
is_cut(const char *raw)
{
	return strlen(raw) + 8 > LIMIT_HEADER_VALUE_BYTES;
}

char *
stamp_id(const char *raw)
{
	Cursor cursor = { raw, false };
	g_autofree char *id = read_id(&cursor);

	return g_ascii_strdown(id, -1);
}

bool
stamp_read(const char *raw, bool has_id, StampFinding each, void *data)
{
	Cursor cursor = { raw, false };
	bool whole = !is_cut(raw);

	if (has_id) {
		g_free(read_id(&cursor));
		if (cursor.broken || !read_version(&cursor))
			whole = false;
	}
	cursor.broken = false;
	return read_findings(&cursor, each, data) && whole;
}
