/*
 * The one gate for whatever goes into a mail of ours: nothing ends a line
 * that should not.
 */
#include "compose_private.h"

#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"

#include <string.h>

static bool
refuse(const char *field, GError **error)
{
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
	    "the %s of a mail of ours is not fit to be sent", field);
	return false;
}

/*
 * Nothing that ends a line for anybody passes (doc/security.md L9, T20).
 * `limit` keeps a folded field far below what servers take.
 */
static bool
check_line(const char *field, const char *value, gsize limit, GError **error)
{
	if (value == NULL || *value == '\0')
		return true;
	if (strlen(value) > limit || !text_is_clean_line(value))
		return refuse(field, error);
	return true;
}

static bool
check_address(const char *field, const char *address, GError **error)
{
	if (address == NULL || !text_is_address(address))
		return refuse(field, error);
	return true;
}

bool
compose_id_is_safe(const char *id)
{
	gsize length = strlen(id);

	/* Some readers decode encoded words wherever they see one. */
	if (length == 0 || length > LIMIT_MESSAGE_ID_BYTES ||
	    strstr(id, "=?") != NULL)
		return false;
	for (; *id != '\0'; id++) {
		if (!g_ascii_isgraph(*id) || *id == '<' || *id == '>')
			return false;
	}
	return true;
}

/* Ours has one '@' and nothing that two parsers could read in two ways. */
static bool
is_own_id(const char *id)
{
	const char *at = strchr(id, '@');

	return compose_id_is_safe(id) && at != NULL && at != id &&
	    at[1] != '\0' && strchr(at + 1, '@') == NULL &&
	    strpbrk(id, "\"(),:;[\\]") == NULL;
}

static bool
check_ids(const Letter *letter, GError **error)
{
	gsize bytes = 0;

	if (letter->message_id == NULL || !is_own_id(letter->message_id))
		return refuse("Message-ID", error);
	if (letter->in_reply_to != NULL &&
	    !compose_id_is_safe(letter->in_reply_to))
		return refuse("In-Reply-To", error);
	for (const char *const *id = letter->references;
	     id != NULL && *id != NULL; id++) {
		bytes += strlen(*id) + 3;
		if (!compose_id_is_safe(*id) ||
		    bytes > LIMIT_LETTER_REFERENCES_BYTES)
			return refuse("References", error);
	}
	return true;
}

static bool
check_loop(const char *loop, GError **error)
{
	if (loop == NULL)
		return true;
	return compose_id_is_safe(loop) || refuse("X-Guichet-Loop", error);
}

static bool
check_language(const char *language, GError **error)
{
	if (language == NULL)
		return true;
	if (*language == '\0' || strlen(language) > 35)
		return refuse("language", error);
	for (; *language != '\0'; language++) {
		if (!g_ascii_isalnum(*language) && *language != '-')
			return refuse("language", error);
	}
	return true;
}

static bool
check_attachments(const Letter *letter, GError **error)
{
	for (guint i = 0;
	     letter->attachments != NULL && i < letter->attachments->len; i++) {
		const Attachment *attachment =
		    g_ptr_array_index(letter->attachments, i);

		if (attachment->content == NULL)
			return refuse("attachment", error);
		if (!check_line("attachment's name", attachment->name,
			LIMIT_FILE_NAME_BYTES, error))
			return false;
	}
	return true;
}

static bool
check_copied(const char *const *copied, GError **error)
{
	for (; copied != NULL && *copied != NULL; copied++) {
		if (!check_address("Cc", *copied, error))
			return false;
	}
	return true;
}

bool
compose_gate_letter(const Letter *letter, GError **error)
{
	return check_address("sender", letter->from_address, error) &&
	    check_address("recipient", letter->to_address, error) &&
	    check_copied(letter->copied, error) &&
	    (letter->reply_to == NULL ||
		check_address("Reply-To", letter->reply_to, error)) &&
	    check_line("sender's name", letter->from_name, LIMIT_SUBJECT_BYTES,
		error) &&
	    check_line("recipient's name", letter->to_name, LIMIT_SUBJECT_BYTES,
		error) &&
	    check_line("subject", letter->subject, LIMIT_SUBJECT_BYTES,
		error) &&
	    check_ids(letter, error) && check_loop(letter->loop, error) &&
	    check_language(letter->language, error) &&
	    check_attachments(letter, error);
}

bool
compose_gate_bytes(GBytes *bytes, GError **error)
{
	gsize length;
	const char *p = g_bytes_get_data(bytes, &length);
	gsize column = 0;

	for (gsize i = 0; i < length; i++) {
		if (p[i] == '\r' && i + 1 < length && p[i + 1] == '\n') {
			i++;
			column = 0;
			continue;
		}
		if (p[i] == '\r' || p[i] == '\n' || p[i] == '\0' ||
		    (guchar)p[i] >= 0x80 || ++column > 998)
			return refuse("form", error);
	}
	return true;
}
