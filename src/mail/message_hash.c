/* The hash of a mail below its trace headers. */
#include "message_private.h"

#include "prescan_private.h"

#include <string.h>

/*
 * What servers write above a mail on its way. The same mail delivered to two
 * mailboxes differs in these alone; a name that ends in '-' is a prefix. Only
 * the leading run counts: below the first other field all is the sender's.
 */
static const char *const trace_names[] = { "Received", "Return-Path",
	"Delivered-To", "X-Original-To", "Envelope-To", "Envelope-From",
	"X-Envelope-", "Delivery-Date", "X-Delivered-To", "X-Received",
	"X-Forwarded-", "Authentication-Results", "Received-SPF", "ARC-",
	"DKIM-Filter", "X-Spam-", "X-Spam", "X-Rspamd-", "X-Virus-",
	"X-Quarantine-", "X-Amavis-", "X-Google-", "X-Gm-", "X-Sieve", "X-UID",
	"X-Keywords", "X-Mailbox-", "X-Dovecot-", "X-TUID", "Status",
	"X-Status", "X-MS-Exchange-Organization-", "X-MS-Exchange-Transport-",
	"X-Ovh-", "X-VR-", "X-Getmail-", "X-Fetchmail-" };

static bool
is_trace(const char *name, gsize length)
{
	for (gsize i = 0; i < G_N_ELEMENTS(trace_names); i++) {
		gsize size = strlen(trace_names[i]);

		if (length < size ||
		    g_ascii_strncasecmp(name, trace_names[i], size) != 0)
			continue;
		if (length == size || trace_names[i][size - 1] == '-')
			return true;
	}
	return false;
}

/* The offset of the first field that is not a trace. */
static gsize
skip_trace(const char *bytes, gsize length)
{
	gsize at = 0;
	bool skipped = true;

	while (at < length && skipped) {
		gsize end = prescan_line_end(bytes, length, at);
		const char *colon = memchr(bytes + at, ':', end - at);
		gsize name = colon != NULL ? (gsize)(colon - bytes) - at : 0;

		while (name > 0 && g_ascii_isspace(bytes[at + name - 1]))
			name--;
		skipped = is_trace(bytes + at, name) ||
		    (at == 0 && length > 5 && memcmp(bytes, "From ", 5) == 0);
		if (!skipped)
			break;
		while (
		    end < length && (bytes[end] == ' ' || bytes[end] == '\t'))
			end = prescan_line_end(bytes, length, end);
		at = end;
	}
	return at;
}

char *
message_content_hash(const char *bytes, gsize length)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize at = skip_trace(bytes, length);

	/* Servers differ in line ends: CR LF counts as LF. */
	while (at < length) {
		const char *cr = memchr(bytes + at, '\r', length - at);
		gsize end = cr != NULL ? (gsize)(cr - bytes) : length;

		if (cr != NULL && (end + 1 >= length || cr[1] != '\n'))
			end++; /* a bare CR stays */
		g_checksum_update(sum, (const guchar *)bytes + at,
		    (gssize)(end - at));
		at = end < length && bytes[end] == '\r' && cr == bytes + end
		    ? end + 1
		    : end;
	}
	return g_strdup(g_checksum_get_string(sum));
}
