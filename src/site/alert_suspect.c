/*
 * Which mails a storm puts behind the others (doc/security.md T37), told from
 * the head alone, before anything is parsed. It may err: then an alert is
 * decided among the clients' mails, or a mail waits until the storm has been
 * decided.
 *
 * So a mark must be one that no client's mail has by right. The secret address
 * is one, and a source's whole From. That the From is of a domain, or that a
 * host gave us the mail, is none: people write from where their monitoring
 * does, and through the same host. There the mail must say itself that a
 * program wrote it, and come through no list. A named contact of a contract
 * is never put behind, whatever else the mail has.
 */
#include "guichet/site/alert_origin.h"

#include "guichet/base/text.h"
#include "guichet/mail/identity.h"
#include "guichet/rules/contract.h"
#include "guichet/trust/received.h"

#include <string.h>

#define SCAN_BYTES 16384

/* The head, in lower case, behind one line end more; "" for an empty mail. */
static char *
take_head(GBytes *raw)
{
	gsize size;
	const char *bytes = g_bytes_get_data(raw, &size);
	g_autofree char *low = NULL;
	char *head, *end;

	if (size == 0)
		return g_strdup("");
	low = g_ascii_strdown(bytes, (gssize)MIN(size, SCAN_BYTES));
	head = g_strconcat("\n", low, NULL);
	end = strstr(head, "\n\n");
	if (end == NULL)
		end = strstr(head, "\n\r\n");
	if (end != NULL)
		end[1] = '\0';
	return head;
}

/* The first field of that name, on one line; NULL: there is none. */
static char *
field_of(const char *head, const char *name)
{
	g_autofree char *start = g_strconcat("\n", name, ":", NULL);
	const char *at = strstr(head, start);
	GString *value;

	if (at == NULL)
		return NULL;
	value = g_string_new(NULL);
	for (at += strlen(start); *at != '\0'; at++) {
		if (*at == '\n' && at[1] != ' ' && at[1] != '\t')
			break;
		if (*at != '\n' && *at != '\r')
			g_string_append_c(value, *at == '\t' ? ' ' : *at);
	}
	g_strstrip(value->str);
	return g_string_free(value, FALSE);
}

static bool
has_field(const char *head, const char *name)
{
	g_autofree char *value = field_of(head, name);

	return value != NULL;
}

/* It says of itself that no person wrote it. */
static bool
is_of_a_program(const char *head)
{
	g_autofree char *automatic = field_of(head, "auto-submitted");
	g_autofree char *precedence = field_of(head, "precedence");

	if (has_field(head, "list-id") || has_field(head, "list-post"))
		return false;
	return (automatic != NULL && strcmp(automatic, "no") != 0) ||
	    (precedence != NULL &&
		(strcmp(precedence, "bulk") == 0 ||
		    strcmp(precedence, "junk") == 0)) ||
	    has_field(head, "x-auto-response-suppress");
}

/* Who gave it to our border, if the topmost stamp is the border's. */
static void
find_peer(const char *head, const AuthConfig *border, char **ret_ip,
    char **ret_name)
{
	g_autofree char *field = field_of(head, "received");
	g_auto(Received) received = { 0 };

	*ret_ip = *ret_name = NULL;
	if (field == NULL || border->border_hosts == NULL)
		return;
	received_read(field, &received);
	for (gsize i = 0;
	     received.by != NULL && border->border_hosts[i] != NULL; i++) {
		if (g_ascii_strcasecmp(received.by, border->border_hosts[i]) !=
		    0)
			continue;
		*ret_ip = g_steal_pointer(&received.ip);
		*ret_name = g_steal_pointer(&received.name);
		return;
	}
}

/* ---- the marks ---- */

typedef struct {
	char *head, *from, *ip, *name;
	bool program;
} Marks;

static void
marks_clear(Marks *marks)
{
	g_free(marks->head);
	g_free(marks->from);
	g_free(marks->ip);
	g_free(marks->name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Marks, marks_clear)

static bool
is_the_peer(const AlertOrigin *origin, const Marks *marks)
{
	return origin->host != NULL &&
	    ((marks->ip != NULL &&
		 g_ascii_strcasecmp(origin->host, marks->ip) == 0) ||
		(marks->name != NULL &&
		    g_ascii_strcasecmp(origin->host, marks->name) == 0));
}

static bool
looks_like(const AlertOrigin *origin, const Marks *marks)
{
	bool whole = origin->from != NULL && strchr(origin->from, '@') != NULL;

	if (origin->address != NULL)
		return strstr(marks->head, origin->address) != NULL;
	if (origin->from == NULL)
		return marks->program && is_the_peer(origin, marks);
	if (marks->from == NULL)
		return false;
	if (whole)
		return strcmp(marks->from, origin->from) == 0;
	return marks->program &&
	    strcmp(text_address_domain(marks->from), origin->from) == 0;
}

static bool
is_named_contact(const GPtrArray *contracts, const char *address)
{
	for (guint i = 0; address != NULL && i < contracts->len; i++) {
		if (contract_match(contracts->pdata[i], address) ==
		    CONTACT_NAMED)
			return true;
	}
	return false;
}

bool
alert_origin_suspect(const GPtrArray *origins, const AuthConfig *border,
    const GPtrArray *contracts, GBytes *raw)
{
	g_auto(Marks) marks = { 0 };
	g_autofree char *from = NULL;
	const char *defect;

	if (origins == NULL || origins->len == 0)
		return false;
	marks.head = take_head(raw);
	from = field_of(marks.head, "from");
	if (from != NULL)
		marks.from = identity_from_field(from, strlen(from), &defect);
	if (is_named_contact(contracts, marks.from))
		return false;
	marks.program = is_of_a_program(marks.head);
	find_peer(marks.head, border, &marks.ip, &marks.name);
	for (guint i = 0; i < origins->len; i++) {
		if (looks_like(origins->pdata[i], &marks))
			return true;
	}
	return false;
}
