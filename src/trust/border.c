/*
 * Which of a mail's fields are the border's own: its trace, followed hop by
 * hop.
 */
#include "border_private.h"

#include "guichet/base/text.h"
#include "stamp_private.h"

#include <string.h>

void
border_clear(Border *border)
{
	received_clear(&border->entry);
	g_clear_pointer(&border->obstacle, g_free);
}

bool
border_is_host(const AuthConfig *config, const char *host)
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

bool
border_is_id(const AuthConfig *config, const char *id)
{
	for (gsize i = 0;
	     config->authserv_ids != NULL && config->authserv_ids[i] != NULL;
	     i++) {
		if (g_ascii_strcasecmp(config->authserv_ids[i], id) == 0)
			return true;
	}
	return false;
}

bool
border_is_writers(const char *name)
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

static bool
is_received(const Header *header)
{
	return g_ascii_strcasecmp(header->name, "Received") == 0;
}

/* Whether the border gave it to itself: then the field below is its own, too.
 * A login ends that, wherever it came from: webmail runs on the server. */
static bool
is_from_within(const AuthConfig *config, const Received *received)
{
	if (received->login != NULL || received_is_login(received))
		return false;
	if (config->exchange_online) /* it names its addresses in its own way */
		return true;
	switch (received_place(received)) {
	case PEER_HERE:
		return true;
	case PEER_UNKNOWN:
		return false;
	case PEER_PRIVATE:
		if (border_is_host(config, received->helo))
			return true;
		break;
	case PEER_PUBLIC:
		break;
	}
	return border_is_host(config, received->name) ||
	    border_is_host(config, received->ip);
}

/* The first Received or field of the writer's from `at` on. */
static guint
next_trace(const Message *message, guint at)
{
	for (; at < message->headers->len; at++) {
		const Header *header = message->headers->pdata[at];

		if (border_is_writers(header->name) || is_received(header))
			break;
	}
	return at;
}

void
border_find(const Message *message, const AuthConfig *config, Border *ret)
{
	guint count = message->headers->len;
	guint behind = 0, entry = count, at;
	bool within = true;

	*ret = (Border){ 0 };
	for (at = next_trace(message, 0);
	     within && at < count && is_received(message->headers->pdata[at]);
	     at = next_trace(message, at + 1)) {
		const Header *header = message->headers->pdata[at];
		g_auto(Received) received = { 0 };

		received_read(header->raw, &received);
		if (!border_is_host(config, received.by)) {
			ret->obstacle = g_strdup(received.by);
			break;
		}
		ret->hop_from = behind;
		entry = at;
		behind = at + 1;
		within = is_from_within(config, &received);
		received_clear(&ret->entry);
		ret->entry = received;
		received = (Received){ 0 };
	}
	/* Without a Received of its own, what stands above all others. */
	ret->to = entry < count && !config->exchange_online &&
		config->stamps == STAMPS_ABOVE
	    ? entry
	    : at;
	ret->hop_to = ret->to;
	if (entry < count && config->stamps == STAMPS_BELOW)
		ret->hop_from = behind;
}

/* ---- what stands where it does not count ---- */

static char *
describe(const Border *border, const char *id, bool among_own)
{
	if (border->obstacle != NULL)
		return g_strdup_printf("the Received of %.80s, which is not "
				       "among the border's hosts, hides the "
				       "stamp of %.80s",
		    border->obstacle, id);
	if (among_own)
		return g_strdup_printf("a stamp of %.80s stands among the "
				       "writer's own fields, where anybody "
				       "can put it",
		    id);
	return g_strdup_printf("a stamp of %.80s stands below the Received of "
			       "the border, where anybody can put it",
	    id);
}

/* Others read a field less strictly than we do: a name of ours anywhere before
 * the first finding may be taken for its authserv-id. NULL: there is none. */
static const char *
named_before_findings(const AuthConfig *config, const char *raw)
{
	g_autofree char *lower = g_ascii_strdown(raw,
	    (gssize)strcspn(raw, ";"));

	for (gsize i = 0;
	     config->authserv_ids != NULL && config->authserv_ids[i] != NULL;
	     i++) {
		if (strstr(lower, config->authserv_ids[i]) != NULL)
			return config->authserv_ids[i];
	}
	return NULL;
}

char *
border_misplaced(const Message *message, const AuthConfig *config,
    const Border *border, char **ret_id)
{
	bool among_own = false;

	*ret_id = NULL;

	for (guint i = 0; i < message->headers->len; i++) {
		const Header *header = message->headers->pdata[i];
		g_autofree char *id = NULL;
		const char *near = NULL;

		among_own = among_own || border_is_writers(header->name);
		if (i < border->to || g_ascii_strcasecmp(header->name, STAMP))
			continue;
		id = stamp_id(header->raw);
		if (!border_is_id(config, id) &&
		    (near = named_before_findings(config, header->raw)) == NULL)
			continue;
		*ret_id = near != NULL ? g_strdup(near) : g_strdup(id);
		return describe(border, *ret_id, among_own);
	}
	return NULL;
}
