/* What one Received field says, as strictly as a proof needs it. */
#include "guichet/trust/received.h"

#include "guichet/base/text.h"

#include "trace_private.h"

#include <gio/gio.h>
#include <string.h>

#define LOGIN "Authenticated sender: "

/* What stands between "from" and "by". */
typedef struct {
	guint words;       /* outside comments, the one behind "from" too */
	GPtrArray *groups; /* char *: the comments, without their brackets */
} FromClause;

void
received_clear(Received *received)
{
	g_free(received->by);
	g_free(received->with);
	g_free(received->helo);
	g_free(received->ip);
	g_free(received->name);
	g_free(received->login);
	g_free(received->to);
	memset(received, 0, sizeof *received);
}

/* The next word of the field, "" at its end or at the ';'. */
static char *
take_word(Cursor *cursor, bool *ret_quoted)
{
	cursor_skip(cursor);
	*ret_quoted = *cursor->p == '"';
	return *ret_quoted ? cursor_quoted(cursor)
			   : cursor_word(cursor, "();\"");
}

static bool
is_word(const char *word, bool quoted, const char *wanted)
{
	return !quoted && g_ascii_strcasecmp(word, wanted) == 0;
}

/* Comments up to the next word; each is kept if `groups` is there. */
static void
take_groups(Cursor *cursor, GPtrArray *groups)
{
	for (;;) {
		const char *start;

		while (g_ascii_isspace(*cursor->p))
			cursor->p++;
		if (cursor->broken || *cursor->p != '(')
			return;
		start = cursor->p + 1;
		cursor_comment(cursor);
		if (!cursor->broken)
			g_ptr_array_add(groups,
			    g_strndup(start, (gsize)(cursor->p - start) - 1));
	}
}

static char *
host_of(const char *word)
{
	g_autofree char *lower = g_ascii_strdown(word, -1);
	gsize length = strlen(lower);

	if (length > 0 && lower[length - 1] == '.')
		lower[length - 1] = '\0';
	return *lower == '\0' ? NULL : g_steal_pointer(&lower);
}

/* "[IPv6:2001:db8::1]" at the start of `text`: what is within, or NULL;
 * behind it goes to *ret_rest. */
static char *
literal_of(const char *text, const char **ret_rest)
{
	const char *close = *text == '[' ? strchr(text, ']') : NULL;
	g_autofree char *within = NULL;

	if (close == NULL)
		return NULL;
	within = g_ascii_strdown(text + 1, close - text - 1);
	*ret_rest = close + 1;
	if (g_str_has_prefix(within, "ipv6:"))
		memmove(within, within + 5, strlen(within) - 4);
	return g_hostname_is_ip_address(within) ? g_steal_pointer(&within)
						: NULL;
}

/* What may stand behind the address in the comment of a known server. */
static bool
is_peer_end(const char *rest)
{
	static const char *const ends[] = { " (may be forged)", ":",
		" helo=", " port=", " ident=" };

	if (*rest == '\0')
		return true;
	for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
		if (g_str_has_prefix(rest, ends[i]))
			return true;
	}
	return false;
}

/* "NAME [IP]" of Postfix, Sendmail, Gmail, "[IP] helo=X" of Exim. */
static bool
read_peer(const char *comment, Received *ret)
{
	const char *open = strchr(comment, '[');
	const char *rest;

	if (open == NULL)
		return true;
	if (ret->ip != NULL || strchr(open + 1, '[') != NULL)
		return false;
	ret->ip = literal_of(open, &rest);
	if (ret->ip == NULL || !is_peer_end(rest))
		return false;
	if (open > comment) {
		g_autofree char *name = g_strndup(comment,
		    (gsize)(open - comment));

		g_strstrip(name);
		if (strpbrk(name, " \t()\"") != NULL)
			return false;
		if (g_ascii_strcasecmp(name, "unknown") != 0)
			ret->name = host_of(name);
	}
	return true;
}

/* Exim: "from [IP] (helo=X)", or nothing behind it where both are equal. */
static void
read_exim_peer(const FromClause *from, Received *ret)
{
	const char *first = from->groups->len > 0 ? from->groups->pdata[0]
						  : "helo=";
	const char *rest;

	if (ret->ip == NULL && ret->helo != NULL && from->groups->len <= 1 &&
	    (g_str_has_prefix(first, "helo=") ||
		g_str_has_prefix(first, "port=") ||
		g_str_has_prefix(first, "ident=")))
		ret->ip = literal_of(ret->helo, &rest);
}

/* Two addresses, or a word that no server writes there: whose they are cannot
 * be told. */
static void
read_from(const FromClause *from, Received *ret)
{
	bool clear = from->words == 1;

	for (guint i = 0; clear && i < from->groups->len; i++)
		clear = read_peer(from->groups->pdata[i], ret);
	if (!clear) {
		g_clear_pointer(&ret->ip, g_free);
		g_clear_pointer(&ret->name, g_free);
		return;
	}
	/* Postfix writes it last, alone in its comment. */
	if (from->groups->len > 0) {
		const char *last = from->groups->pdata[from->groups->len - 1];

		if (g_str_has_prefix(last, LOGIN) &&
		    strpbrk(last, "()\\") == NULL &&
		    last[strlen(LOGIN)] != '\0')
			ret->login = g_strdup(last + strlen(LOGIN));
	}
}

static char *
recipient_of(const char *word)
{
	gsize length = strlen(word);
	bool framed = *word == '<' && word[length - 1] == '>';
	g_autofree char *address = framed ? g_strndup(word + 1, length - 2)
					  : g_strdup(word);

	return text_address_canonical(address);
}

/* Behind "by HOST": the protocol, the recipient. False if a second "by" is
 * there. */
static bool
read_by(Cursor *cursor, GPtrArray *groups, Received *ret)
{
	bool quoted, is_with = false, is_for = false;
	int addresses = 0;

	for (;;) {
		g_autofree char *word = NULL;

		take_groups(cursor, groups);
		word = take_word(cursor, &quoted);
		if (cursor->broken || is_word(word, quoted, "by"))
			return false;
		if (*word == '\0' && !quoted)
			return true;
		if (is_with && ret->with == NULL)
			ret->with = g_ascii_strup(word, -1);
		if (is_for) {
			g_free(ret->to);
			ret->to = addresses++ > 0 ? NULL : recipient_of(word);
		}
		is_with = is_word(word, quoted, "with");
		is_for = is_word(word, quoted, "for");
	}
}

/* Up to "by", which is taken. False if there is none. */
static bool
read_head(Cursor *cursor, FromClause *from, Received *ret)
{
	for (bool first = true;; first = false) {
		bool quoted;
		g_autofree char *word = (take_groups(cursor, from->groups),
		    take_word(cursor, &quoted));

		if (cursor->broken || (*word == '\0' && !quoted))
			return false;
		if (is_word(word, quoted, "by"))
			return true;
		if (first && is_word(word, quoted, "from")) {
			/* It takes one word, whatever that word is. */
			g_autofree char *helo = NULL;

			g_ptr_array_set_size(from->groups, 0);
			helo = take_word(cursor, &quoted);
			ret->has_from = true;
			ret->helo = host_of(helo);
		}
		from->words++;
	}
}

static bool
read_all(const char *raw, Received *ret)
{
	Cursor cursor = { raw, false };
	g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) behind = g_ptr_array_new_with_free_func(g_free);
	FromClause from = { 0, groups };
	bool quoted;
	g_autofree char *host = NULL;

	if (!read_head(&cursor, &from, ret))
		return false;
	host = take_word(&cursor, &quoted);
	ret->by = host_of(host);
	if (ret->by == NULL || !read_by(&cursor, behind, ret))
		return false;
	if (ret->has_from)
		read_from(&from, ret);
	if (behind->len > 0 && g_str_has_prefix(behind->pdata[0], "Exim "))
		read_exim_peer(&from, ret);
	return true;
}

void
received_read(const char *raw, Received *ret)
{
	*ret = (Received){ 0 };
	if (!read_all(raw, ret))
		received_clear(ret);
}

bool
received_is_login(const Received *received)
{
	static const char *const words[] = { "ESMTPA", "ESMTPSA", "UTF8SMTPA",
		"UTF8SMTPSA", NULL };

	return received->with != NULL && g_strv_contains(words, received->with);
}

PeerPlace
received_place(const Received *received)
{
	g_autoptr(GInetAddress) address = NULL;
	const guint8 *bytes;

	if (!received->has_from ||
	    (received->with != NULL &&
		(g_str_has_prefix(received->with, "LMTP") ||
		    g_str_has_prefix(received->with, "UTF8LMTP"))))
		return PEER_HERE;
	if (received->ip == NULL)
		return PEER_UNKNOWN;
	address = g_inet_address_new_from_string(received->ip);
	if (address == NULL)
		return PEER_UNKNOWN;
	if (g_inet_address_get_is_loopback(address))
		return PEER_HERE;
	bytes = g_inet_address_to_bytes(address);
	if (g_inet_address_get_is_link_local(address) ||
	    g_inet_address_get_is_site_local(address) ||
	    (g_inet_address_get_family(address) == G_SOCKET_FAMILY_IPV6 &&
		(bytes[0] & 0xfe) == 0xfc))
		return PEER_PRIVATE;
	return PEER_PUBLIC;
}
