/* Whom a mail was sent to, from all the fields that say it. */
#include "guichet/trust/recipients.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/mail/mailbox_list.h"
#include "guichet/trust/received.h"

#include "border_private.h"

#include <string.h>

/* What servers write, and then who passed the mail on by hand. */
static const char *const stamps[] = { "Delivered-To", "X-Original-To",
	"Envelope-To", "X-Envelope-To", "X-Delivered-To", "X-Forwarded-To",
	"X-RCPT-To", "Apparently-To", "Original-Recipient" };
static const char *const resent[] = { "Resent-To", "Resent-Cc" };

/*
 * What programs make of an address that they copy: "a&gt" of an HTML text,
 * "a%2bb" of a link and "a=2bb" of an encoded line, "a @b", \"a\". All are read
 * as what they were made of; it proves nothing who a mail went to.
 */
static char *
as_it_was(const char *address)
{
	GString *plain = g_string_new(NULL);
	gsize length = strlen(address);

	if (length > 3 && g_ascii_strcasecmp(address + length - 3, "&gt") == 0)
		length -= 3;
	if (length > 0 && address[length - 1] == '.') /* "a@b." is "a@b" */
		length--;
	for (gsize i = 0; i < length; i++) {
		if ((address[i] == '%' || address[i] == '=') &&
		    g_ascii_strncasecmp(address + i + 1, "2b", 2) == 0) {
			g_string_append_c(plain, '+');
			i += 2;
		} else if (address[i] != ' ' && address[i] != '\\') {
			g_string_append_c(plain, address[i]);
		}
	}
	if (plain->len > 2 && plain->str[0] == '"' &&
	    plain->str[plain->len - 1] == '"') {
		g_string_truncate(plain, plain->len - 1);
		g_string_erase(plain, 0, 1);
	}
	return g_string_free(plain, FALSE);
}

static void
add(GPtrArray *list, const char *address)
{
	g_autofree char *plain = as_it_was(address);
	char *canonical = text_address_canonical(plain);

	if (canonical == NULL)
		return;
	for (guint i = 0; i < list->len; i++) {
		if (strcmp(list->pdata[i], canonical) == 0) {
			g_free(canonical);
			return;
		}
	}
	g_ptr_array_add(list, canonical);
}

static void
add_all(GPtrArray *list, const GPtrArray *mailboxes)
{
	for (guint i = 0; i < mailboxes->len; i++) {
		const Mailbox *mailbox = mailboxes->pdata[i];

		add(list, mailbox->address);
	}
}

static void
add_fields(GPtrArray *list, const Message *message, const char *const *names,
    gsize count)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)mailbox_free);

	for (guint i = 0; i < message->headers->len; i++) {
		const Header *header = message->headers->pdata[i];

		for (gsize n = 0; n < count; n++) {
			if (g_ascii_strcasecmp(header->name, names[n]) == 0)
				mailbox_list_read(header->raw, true, found);
		}
	}
	add_all(list, found);
}

static bool
names_border(const AuthConfig *border)
{
	return border->border_hosts != NULL && border->border_hosts[0] != NULL;
}

/* A server that takes a mail for one address may say so, and for a blind copy
 * it is all that does. */
static void
add_received(GPtrArray *list, const Message *message, const AuthConfig *border)
{
	bool is_first = true;

	for (guint i = 0; i < message->headers->len; i++) {
		const Header *header = message->headers->pdata[i];
		g_auto(Received) received = { 0 };

		if (g_ascii_strcasecmp(header->name, "Received") != 0)
			continue;
		if (strstr(header->raw, "for ") != NULL &&
		    (is_first || names_border(border)))
			received_read(header->raw, &received);
		if (received.to != NULL &&
		    (!names_border(border) ||
			border_is_host(border, received.by)))
			add(list, received.to);
		is_first = false;
	}
}

/* "box+word@domain" as "box@domain". The caller frees. */
static char *
box_of(const char *address)
{
	const char *plus = strchr(address, '+');
	const char *at = strchr(address, '@');

	return plus != NULL && plus > address && plus < at
	    ? g_strdup_printf("%.*s%s", (int)(plus - address), address, at)
	    : g_strdup(address);
}

/* "box+word@domain" is delivered to "box@domain". */
static void
add_boxes(GPtrArray *list)
{
	guint count = list->len;

	for (guint i = 0; i < count; i++) {
		g_autofree char *box = box_of(list->pdata[i]);

		if (strcmp(box, list->pdata[i]) != 0)
			add(list, box);
	}
}

char **
recipients_of(const Message *message, const AuthConfig *border)
{
	GPtrArray *list = g_ptr_array_new();

	add_fields(list, message, stamps, G_N_ELEMENTS(stamps));
	add_received(list, message, border);
	add_fields(list, message, resent, G_N_ELEMENTS(resent));
	add_all(list, message->to);
	add_all(list, message->cc);
	add_boxes(list);
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(list, FALSE);
}

char **
recipients_besides(const Message *message, const char *const *own)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *list = g_ptr_array_new();

	add_all(all, message->to);
	add_all(all, message->cc);
	for (guint i = 0; i < all->len && list->len < LIMIT_COPIED; i++) {
		const char *address = all->pdata[i];
		g_autofree char *box = box_of(address);

		if ((own == NULL ||
			(!g_strv_contains(own, address) &&
			    !g_strv_contains(own, box))) &&
		    g_strcmp0(address, message->identity) != 0)
			g_ptr_array_add(list, g_strdup(address));
	}
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(list, FALSE);
}

char **
recipients_addressed(const Message *message)
{
	GPtrArray *list = g_ptr_array_new();

	add_all(list, message->to);
	add_boxes(list);
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(list, FALSE);
}
