/*
 * Delivery reports: RFC 3464, or the words of the programs that do not write
 * it.
 */
#include "bounce_private.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/mail/ids.h"
#include "guichet/mail/prescan.h"

#include "prescan_private.h"

#include <string.h>

BounceRecipient *
bounce_recipient_new(const char *address, const char *action,
    const char *status)
{
	BounceRecipient *recipient = g_new0(BounceRecipient, 1);

	recipient->address = g_strdup(address);
	recipient->action = g_strdup(action);
	recipient->status = g_strdup(status);
	recipient->permanent = (strcmp(action, "failed") == 0 ||
				   strcmp(action, "expired") == 0) &&
	    *status != '4';
	return recipient;
}

void
bounce_recipient_free(BounceRecipient *recipient)
{
	if (recipient == NULL)
		return;
	g_free(recipient->address);
	g_free(recipient->action);
	g_free(recipient->status);
	g_free(recipient);
}

Bounce *
bounce_new(void)
{
	Bounce *bounce = g_new0(Bounce, 1);

	bounce->recipients = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)bounce_recipient_free);
	bounce->original_message_id = g_strdup("");
	bounce->ids = g_new0(char *, 1);
	return bounce;
}

void
bounce_free(Bounce *bounce)
{
	if (bounce == NULL)
		return;
	g_free(bounce->original_message_id);
	g_strfreev(bounce->ids);
	g_ptr_array_unref(bounce->recipients);
	g_free(bounce);
}

/* The fields of one group of a report, each the last of its name. */
typedef struct {
	char *final, *original, *action, *status, *diagnostic;
} Group;

static void
group_clear(Group *group)
{
	g_free(group->final);
	g_free(group->original);
	g_free(group->action);
	g_free(group->status);
	g_free(group->diagnostic);
	*group = (Group){ 0 };
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Group, group_clear)

char *
bounce_address(const char *value)
{
	const char *semicolon = strchr(value, ';');
	char *address = g_strdup(semicolon ? semicolon + 1 : value);
	char *open, *close;

	g_strstrip(address);
	open = strchr(address, '<');
	close = open != NULL ? strchr(open, '>') : NULL;
	if (close != NULL) {
		*close = '\0';
		memmove(address, open + 1, strlen(open + 1) + 1);
	}
	return address;
}

/* The first word: "failed (delivery failed)", "5.1.1 (bad destination)". */
static char *
read_word(const char *value)
{
	g_autofree char *lower = g_ascii_strdown(value, -1);

	lower[strcspn(lower, " (;")] = '\0';
	return g_strdup(lower);
}

char *
bounce_code(const char *text)
{
	for (const char *p = text; (p = strpbrk(p, "45")) != NULL; p++) {
		gsize subject, detail;

		if (p[1] != '.' ||
		    (p > text && (g_ascii_isalnum(p[-1]) || p[-1] == '.')))
			continue;
		subject = strspn(p + 2, "0123456789");
		if (subject == 0 || subject > 3 || p[2 + subject] != '.')
			continue;
		detail = strspn(p + 3 + subject, "0123456789");
		if (detail > 0 && detail <= 3 && p[3 + subject + detail] != '.')
			return g_strndup(p, 3 + subject + detail);
	}
	return NULL;
}

/* "5.0.0" says nothing: the diagnostic may say more. */
static char *
better_status(const Group *group)
{
	const char *status = group->status ? group->status : "";
	g_autofree char *code = NULL;

	if (group->diagnostic != NULL &&
	    (*status == '\0' || g_str_has_suffix(status, ".0.0")))
		code = bounce_code(group->diagnostic);
	if (code != NULL && (*status == '\0' || *code == *status))
		return g_steal_pointer(&code);
	return g_strdup(status);
}

static void
read_field(Group *group, const RawField *field)
{
	gsize length;
	g_autofree char *raw = raw_field_unfold(field, LIMIT_HEADER_VALUE_BYTES,
	    &length);
	g_autofree char *value = text_clean_line(raw, (gssize)length,
	    LIMIT_SUBJECT_BYTES);
	char **to = NULL;
	char *read = NULL;

	if (raw_field_is(field, "Final-Recipient")) {
		to = &group->final;
		read = bounce_address(value);
	} else if (raw_field_is(field, "Original-Recipient")) {
		to = &group->original;
		read = bounce_address(value);
	} else if (raw_field_is(field, "Action")) {
		to = &group->action;
		read = read_word(value);
	} else if (raw_field_is(field, "Status")) {
		to = &group->status;
		read = read_word(value);
	} else if (raw_field_is(field, "Diagnostic-Code")) {
		to = &group->diagnostic;
		read = g_strdup(value);
	}
	if (to != NULL) {
		g_free(*to);
		*to = read;
	}
}

/* Delivered to the address that we wrote to, or one that it stands for: ours
 * is the one that anybody here knows. */
static const char *
group_address(const Group *group)
{
	const char *choices[] = { group->original, group->final };

	for (gsize i = 0; i < G_N_ELEMENTS(choices); i++) {
		const char *one = choices[i];
		const char *at = one != NULL ? strrchr(one, '@') : NULL;
		g_autofree char *plain = at != NULL ? g_strconcat("x", at, NULL)
						    : NULL;

		/* It is only shown and compared: any local part will do. */
		if (at != NULL && at > one && text_is_address(plain))
			return one;
	}
	return NULL;
}

static bool
is_listed(const Bounce *bounce, const char *address)
{
	for (guint i = 0; i < bounce->recipients->len; i++) {
		const BounceRecipient *one = bounce->recipients->pdata[i];

		if (g_ascii_strcasecmp(one->address, address) == 0)
			return true;
	}
	return false;
}

static void
add_group(Bounce *bounce, Group *group)
{
	const char *address = group_address(group);
	g_autofree char *status = better_status(group);

	if (address != NULL && !is_listed(bounce, address) &&
	    bounce->recipients->len < LIMIT_ADDRESS_COMMAS)
		g_ptr_array_add(bounce->recipients,
		    bounce_recipient_new(address,
			group->action ? group->action : "", status));
	group_clear(group);
}

void
bounce_read_groups(Bounce *bounce, const char *bytes, gsize length)
{
	gsize at = 0;

	/* Groups of fields between empty lines, each a header of its own. */
	while (at < length) {
		g_auto(Group) group = { 0 };
		gsize end = at, next;
		g_autoptr(Prescan) scan = NULL;

		for (; end < length; end = next) {
			next = prescan_line_end(bytes, length, end);
			if (bytes[end] == '\n' ||
			    (bytes[end] == '\r' && next == end + 2))
				break;
		}
		scan = prescan_header(bytes + at, end - at);
		for (guint i = 0; i < scan->fields->len; i++)
			read_field(&group,
			    &g_array_index(scan->fields, RawField, i));
		add_group(bounce, &group);
		at = end < length ? prescan_line_end(bytes, length, end) : end;
	}
}

void
bounce_take_ids(Bounce *bounce, const char *original, gsize length)
{
	g_autoptr(Prescan) scan = prescan_header(original, length);
	const RawField *field = prescan_field(scan, "Message-ID");
	char *own = field == NULL || field->over
	    ? NULL
	    : ids_first(field->value, field->value_length);

	g_strfreev(bounce->ids);
	bounce->ids = ids_list(original,
	    MIN(length, (gsize)LIMIT_HEADER_FIELD_BYTES),
	    LIMIT_REFERENCES_READ);
	if (own == NULL)
		return;
	g_free(bounce->original_message_id);
	bounce->original_message_id = own;
}

Bounce *
bounce_read(GBytes *status, GBytes *original)
{
	Bounce *bounce = bounce_new();
	gsize length;
	const char *bytes = g_bytes_get_data(status, &length);

	if (length > 0)
		bounce_read_groups(bounce, bytes,
		    MIN(length, (gsize)LIMIT_HEADER_BLOCK_BYTES));
	if (bounce->recipients->len == 0) {
		bounce_free(bounce);
		return NULL;
	}
	bytes = original != NULL ? g_bytes_get_data(original, &length) : NULL;
	if (bytes != NULL)
		bounce_take_ids(bounce, bytes, length);
	return bounce;
}
