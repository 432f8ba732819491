/* Signs of encryption, by what stands in the parts. */
#include "guichet/mail/message_cipher.h"

#include <string.h>

/* Of ContentInfo (RFC 5652 3, RFC 5083 2), as DER; BER writes them alike. */
static const guint8 enveloped[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
	0x0d, 0x01, 0x07, 0x03 };
static const guint8 auth_enveloped[] = { 0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86,
	0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17 };

/* Behind the outer tag and its length, at most six bytes. */
#define LONGEST_TAG 6

static bool
begins_with(const guint8 *bytes, gsize size, const guint8 *oid, gsize length)
{
	for (gsize at = 2; at <= LONGEST_TAG && at + length <= size; at++) {
		if (memcmp(bytes + at, oid, length) == 0)
			return true;
	}
	return false;
}

static bool
is_enveloped(const Attachment *attachment)
{
	const guint8 *bytes;
	gsize size;

	if (attachment->content == NULL)
		return false;
	bytes = g_bytes_get_data(attachment->content, &size);
	return bytes != NULL &&
	    (begins_with(bytes, size, enveloped, sizeof(enveloped)) ||
		begins_with(bytes, size, auth_enveloped,
		    sizeof(auth_enveloped)));
}

static bool
is_smime(const Attachment *attachment)
{
	return strcmp(attachment->type, "application/pkcs7-mime") == 0 ||
	    strcmp(attachment->type, "application/x-pkcs7-mime") == 0;
}

/* The control part of PGP/MIME; a file of that type is longer. */
static bool
is_pgp_control(const Attachment *attachment)
{
	static const char version[] = "Version: 1";
	const char *bytes;
	gsize size;

	if (strcmp(attachment->type, "application/pgp-encrypted") != 0 ||
	    attachment->content == NULL)
		return false;
	bytes = g_bytes_get_data(attachment->content, &size);
	return size >= strlen(version) && size <= 2 * strlen(version) &&
	    strncmp(bytes, version, strlen(version)) == 0;
}

static bool
is_blank(const char *text)
{
	return text == NULL || text[strspn(text, " \t\r\n")] == '\0';
}

/* A line of its own, which a quotation does not begin with. */
static bool
has_line(const char *text, const char *line)
{
	gsize length = strlen(line);

	for (const char *p = text; (p = strstr(p, line)) != NULL; p += length) {
		if ((p == text || p[-1] == '\n') &&
		    (p[length] == '\n' || p[length] == '\0'))
			return true;
	}
	return false;
}

static bool
is_inline_pgp(const Message *message)
{
	return message->text != NULL &&
	    has_line(message->text, "-----BEGIN PGP MESSAGE-----") &&
	    has_line(message->text, "-----END PGP MESSAGE-----");
}

bool
message_is_encrypted(const Message *message)
{
	if (g_strcmp0(message->content_type, "multipart/encrypted") == 0 ||
	    is_inline_pgp(message))
		return true;
	for (guint i = 0; i < message->attachments->len; i++) {
		const Attachment *one = message->attachments->pdata[i];
		bool is_whole = g_strcmp0(message->content_type, one->type) ==
			0 ||
		    is_blank(message->text);

		if (is_pgp_control(one) ||
		    (is_whole && is_smime(one) && is_enveloped(one)))
			return true;
	}
	return false;
}
