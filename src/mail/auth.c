#include "guichet/auth.h"

#include "guichet/limits.h"
#include "guichet/text.h"
#include "trace.h"

#include <string.h>

#define STAMP "Authentication-Results"

/* What one method of a stamp says: "dmarc=pass header.from=corp.test". */
typedef struct {
	char *method, *result; /* lower-case */
	char *from;            /* header.from's domain, lower-case, or NULL */
	bool known;            /* of version 1, the only one there is */
} Finding;

/* What all stamps together say of DMARC. */
typedef struct {
	bool pass, fail, temperror, broken;
	guint stamps;
	char *other; /* a domain that passed and is not the sender's */
} Findings;

const char *
auth_verdict_name(AuthVerdict verdict)
{
	static const char *const names[] = { "none", "pass", "fail",
		"temperror" };

	g_assert((gsize)verdict < G_N_ELEMENTS(names));
	return names[verdict];
}

static void
finding_clear(Finding *finding)
{
	g_free(finding->method);
	g_free(finding->result);
	g_free(finding->from);
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
 * *ret_domain, or all of it when there is none.
 */
static void
read_value(Cursor *cursor, char **ret_domain)
{
	GString *domain = g_string_new(NULL);
	gsize taken = 0;

	cursor_skip(cursor);
	while (!cursor->broken && strchr("; \t\r\n()", *cursor->p) == NULL) {
		if (*cursor->p == '"') {
			g_autofree char *text = cursor_quoted(cursor);

			g_string_append(domain, text);
			taken++;
		} else if (*cursor->p == '@') {
			g_string_truncate(domain, 0);
			cursor->p++;
		} else {
			g_string_append_c(domain, *cursor->p++);
			taken++;
		}
	}
	if (*cursor->p == ')' || taken == 0)
		cursor->broken = true;
	g_string_ascii_down(domain);
	*ret_domain = g_string_free(domain, FALSE);
}

/* "reason=x", "header.from=x" and, though no standard has it, "action=x". */
static void
read_property(Cursor *cursor, Finding *finding)
{
	g_autofree char *type = read_keyword(cursor);
	g_autofree char *property = NULL;
	g_autofree char *domain = NULL;

	if (*type != '\0' && cursor_take(cursor, '.')) {
		property = read_keyword(cursor);
		if (*property == '\0')
			cursor->broken = true;
	}
	if (*type == '\0' || !cursor_take(cursor, '=')) {
		cursor->broken = true;
		return;
	}
	read_value(cursor, &domain);
	if (property == NULL || strcmp(type, "header") != 0 ||
	    strcmp(property, "from") != 0)
		return;
	if (finding->from != NULL && strcmp(finding->from, domain) != 0)
		cursor->broken = true;
	g_free(finding->from);
	finding->from = g_steal_pointer(&domain);
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
		read_value(cursor, &finding->result);
	}
	for (;;) {
		cursor_skip(cursor);
		if (cursor->broken || *cursor->p == ';' || *cursor->p == '\0')
			return;
		read_property(cursor, finding);
	}
}

static void
note_finding(const Finding *finding, const char *domain, Findings *findings)
{
	if (!finding->known || strcmp(finding->method, "dmarc") != 0)
		return;
	if (strcmp(finding->result, "fail") == 0) {
		findings->fail = true;
	} else if (strcmp(finding->result, "temperror") == 0) {
		findings->temperror = true;
	} else if (strcmp(finding->result, "pass") == 0) {
		if (g_strcmp0(finding->from, domain) == 0) {
			findings->pass = true;
		} else if (findings->other == NULL) {
			findings->other = g_strdup(
			    finding->from != NULL ? finding->from : "nobody");
		}
	}
}

/* Findings separated by ';'. Some systems end with one, too. */
static void
read_findings(Cursor *cursor, const char *domain, Findings *findings)
{
	Finding finding = { .known = true };

	for (;;) {
		cursor_skip(cursor);
		if (!cursor->broken && *cursor->p == '\0')
			return;
		if (!cursor->broken && *cursor->p != ';')
			read_finding(cursor, &finding);
		/* A failure counts even if what follows cannot be read. */
		if (finding.method != NULL && finding.result != NULL &&
		    (!cursor->broken || strcmp(finding.result, "fail") == 0))
			note_finding(&finding, domain, findings);
		finding_clear(&finding);
		if (cursor->broken) {
			findings->broken = true;
			return;
		}
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

/* One stamp of ours; all others are not even looked at. */
static void
read_stamp(const char *raw, const AuthConfig *config, const char *domain,
    Findings *findings)
{
	Cursor cursor = { raw, false };
	g_autofree char *id = read_id(&cursor);

	if (config->exchange_online) {
		if (*id != '\0')
			return;
		cursor.p = raw;
	} else if (g_ascii_strcasecmp(id, config->authserv_id) != 0) {
		return;
	}
	findings->stamps++;
	if (is_cut(raw) || cursor.broken ||
	    (!config->exchange_online && !read_version(&cursor)))
		findings->broken = true;
	cursor.broken = false;
	read_findings(&cursor, domain, findings);
}

static bool
is_border(const AuthConfig *config, const char *host)
{
	if (host == NULL)
		return false;
	for (gsize i = 0;
	     config->border_hosts != NULL && config->border_hosts[i] != NULL;
	     i++) {
		g_autofree char *lower =
		    g_ascii_strdown(config->border_hosts[i], -1);

		if (g_pattern_match_simple(lower, host))
			return true;
	}
	return config->exchange_online &&
	    (g_str_has_suffix(host, ".outlook.com") ||
		g_str_has_suffix(host, ".office365.com"));
}

/*
 * Fields that the writer's own program makes. Whoever receives a mail puts his
 * trace above all of them, so that nothing below the first is the border's.
 */
static bool
is_originator(const char *name)
{
	static const char *const names[] = { "From", "Sender", "Reply-To", "To",
		"Cc", "Bcc", "Subject", "Date", "Message-ID", "In-Reply-To",
		"References", "MIME-Version", "User-Agent" };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		if (g_ascii_strcasecmp(name, names[i]) == 0)
			return true;
	}
	return g_ascii_strncasecmp(name, "Content-", 8) == 0;
}

/* The end of the leading trace block: fields before it are the border's. */
static guint
block_end(const Message *message, const AuthConfig *config)
{
	guint i;

	for (i = 0; i < message->headers->len; i++) {
		const Header *header = message->headers->pdata[i];
		g_autofree char *host = NULL;

		if (is_originator(header->name))
			break;
		if (g_ascii_strcasecmp(header->name, "Received") != 0)
			continue;
		host = trace_by_host(header->raw);
		if (!is_border(config, host))
			break;
	}
	return i;
}

/* All stamps of the block; in the mode for Exchange Online the first of the
 * mail, if it is in the block and below a Received of theirs. */
static void
read_stamps(const Message *message, const AuthConfig *config,
    const char *domain, Findings *findings)
{
	guint end = block_end(message, config);
	bool received = false;

	for (guint i = 0; i < end; i++) {
		const Header *header = message->headers->pdata[i];

		if (g_ascii_strcasecmp(header->name, "Received") == 0)
			received = true;
		if (g_ascii_strcasecmp(header->name, STAMP) != 0)
			continue;
		if (config->exchange_online && !received)
			return;
		read_stamp(header->raw, config, domain, findings);
		if (config->exchange_online)
			return;
	}
}

static AuthVerdict
judge(const Findings *findings, const char *domain, char **ret_why)
{
	if (findings->fail) {
		*ret_why = g_strdup("the border says dmarc=fail");
		return AUTH_FAIL;
	}
	if (findings->broken) {
		*ret_why = g_strdup("a stamp of the border cannot be read");
		return AUTH_NONE;
	}
	if (findings->pass) {
		*ret_why = g_strdup_printf("the border says dmarc=pass for %s",
		    domain);
		return AUTH_PASS;
	}
	if (findings->temperror) {
		*ret_why = g_strdup("the border says dmarc=temperror");
		return AUTH_TEMPERROR;
	}
	if (findings->other != NULL)
		*ret_why = g_strdup_printf("dmarc=pass is for %.80s, not %s",
		    findings->other, domain);
	else if (findings->stamps > 0)
		*ret_why = g_strdup("the border says nothing of dmarc");
	else
		*ret_why = g_strdup("no stamp of the border");
	return AUTH_NONE;
}

AuthVerdict
auth_check(const Message *message, const AuthConfig *config, char **ret_why)
{
	Findings findings = { 0 };
	g_autofree char *domain = NULL;
	AuthVerdict verdict;

	if (message->identity == NULL) {
		*ret_why = g_strdup("the sender has no identity");
		return AUTH_NONE;
	}
	if (config->authserv_id == NULL && !config->exchange_online) {
		*ret_why = g_strdup("no authserv_id is configured");
		return AUTH_NONE;
	}
	domain = g_ascii_strdown(text_address_domain(message->identity), -1);
	read_stamps(message, config, domain, &findings);
	verdict = judge(&findings, domain, ret_why);
	g_free(findings.other);
	return verdict;
}

Instant
auth_border_received(const Message *message, const AuthConfig *config)
{
	guint end = block_end(message, config);

	for (guint i = 0; i < end; i++) {
		const Header *header = message->headers->pdata[i];

		if (g_ascii_strcasecmp(header->name, "Received") == 0)
			return trace_date(header->raw);
	}
	return INSTANT_NONE;
}
