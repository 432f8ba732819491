/*
 * Signed words in addresses and Message-IDs: made, read, and bound to a
 * store's life.
 */
#include "guichet/trust/token.h"

#include "guichet/base/error.h"
#include "guichet/base/limits.h"
#include "guichet/base/names.h"
#include "guichet/base/text.h"

#include <string.h>
#include <sys/random.h>

#define KEYS_MAX    2
#define KEY_BYTES   32
#define KEY_MAX     1024 /* of base64: far more than anyone needs */
#define MAC_CHARS   20   /* of 5 bits: the first 100 of the HMAC */
#define SALT_CHARS  4    /* of 5 bits, in front of the MAC */
#define WORD_MAX    61
#define LOCAL_MAX   64 /* RFC 5321, 4.5.3.1.1 */
#define RANDOM_SIZE 8
#define NUMBER_MAX  (((gint64)1 << 50) - 1) /* 10 digits of base32 */
#define DAY_MAX     (((gint32)1 << 20) - 1) /* 4 digits: the year 4840 */

/* A clock that was set back must not void what was sent before. */
#define FUTURE_DAYS 2

typedef struct {
	char kid;
	guint8 *bytes;
	gsize length;
} Key;

struct TokenKeys {
	char *before;   /* what was signed over without an identity */
	char *identity; /* of the store; NULL: not bound to one */
	gint32 life;
	Key keys[KEYS_MAX]; /* the first signs, all verify */
	guint count;
};

static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";

#define TOKEN_PURPOSE_NAMES(X) \
 X(TOKEN_TECHNICIAN, "tech")   \
 X(TOKEN_CLIENT, "client")     \
 X(TOKEN_CONFIRM, "confirm")   \
 X(TOKEN_BOUNCE, "bounce")     \
 X(TOKEN_ALERT, "alert")       \
 X(TOKEN_MESSAGE_ID, "msgid")  \
 X(TOKEN_DESK, "desk")         \
 X(TOKEN_BUTTON, "button")     \
 X(TOKEN_CHOICE, "choice")
NAME_TABLE(purposes, TOKEN_PURPOSE_NAMES, TOKEN_PURPOSE_COUNT);

static void
wipe_free(void *bytes, gsize length)
{
	if (bytes != NULL)
		explicit_bzero(bytes, length);
	g_free(bytes);
}

void
token_keys_free(TokenKeys *keys)
{
	if (keys == NULL)
		return;
	for (guint i = 0; i < keys->count; i++)
		wipe_free(keys->keys[i].bytes, keys->keys[i].length);
	g_free(keys->before);
	g_free(keys->identity);
	g_free(keys);
}

/* g_base64_decode() takes anything; a key that was cut must not pass. */
static bool
is_base64(const char *text)
{
	gsize body = strspn(text,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789+/");
	gsize padding = strspn(text + body, "=");

	return body > 0 && text[body + padding] == '\0' && padding <= 2 &&
	    (body + padding) % 4 == 0;
}

/* What is wrong with one line of the key file, or NULL. Never quotes it. */
static const char *
read_key(TokenKeys *keys, const char *line)
{
	Key *key;

	if (line[0] < 'a' || line[0] > 'z' || line[1] != ':')
		return "a line is LETTER:BASE64, the letter lower-case";
	for (guint i = 0; i < keys->count; i++) {
		if (keys->keys[i].kid == line[0])
			return "two keys have the same letter";
	}
	if (keys->count == KEYS_MAX)
		return "at most two keys live at a time; remove the oldest";
	if (strlen(line) > KEY_MAX || !is_base64(line + 2))
		return "the key is not whole base64";
	key = &keys->keys[keys->count++];
	key->kid = line[0];
	key->bytes = g_base64_decode(line + 2, &key->length);
	return key->length < KEY_BYTES ? "a key has 32 bytes or more" : NULL;
}

TokenKeys *
token_keys_parse(const char *text, const char *instance, GError **error)
{
	g_autoptr(TokenKeys) keys = g_new0(TokenKeys, 1);
	const char *wrong = NULL;
	guint number = 0;

	keys->before = g_strdup(instance);
	while (wrong == NULL && *text != '\0') {
		gsize length = strcspn(text, "\n");
		char *line = g_strndup(text, length);

		number++;
		g_strstrip(line);
		if (*line != '\0')
			wrong = read_key(keys, line);
		wipe_free(line, length);
		text += length + (text[length] == '\n' ? 1 : 0);
	}
	if (wrong == NULL && keys->count == 0)
		wrong = "there is no key in it";
	if (wrong != NULL) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG,
		    "token file, line %u: %s", number, wrong);
		return NULL;
	}
	return g_steal_pointer(&keys);
}

/* A line of the key file. */
static char *
generate(char kid)
{
	guint8 bytes[KEY_BYTES];
	char *base64, *text;
	gssize got;

	/* Up to 256 bytes come whole, or not at all without the system call. */
	got = getrandom(bytes, sizeof(bytes), 0);
	g_assert(got == (gssize)sizeof(bytes));
	base64 = g_base64_encode(bytes, sizeof(bytes));
	text = g_strdup_printf("%c:%s\n", kid, base64);
	explicit_bzero(bytes, sizeof(bytes));
	wipe_free(base64, strlen(base64));
	return text;
}

char *
token_keys_generate(void)
{
	return generate('a');
}

char *
token_keys_rotate(const char *text)
{
	g_autoptr(TokenKeys) keys = token_keys_parse(text, "", NULL);
	char kid, *fresh, *both;
	const char *old;

	if (keys == NULL)
		return NULL;
	/* Nor the letter of the one that goes: its tokens are not the new
	 * key's that are wrong. */
	kid = keys->keys[0].kid;
	do
		kid = kid == 'z' ? 'a' : (char)(kid + 1);
	while (keys->count > 1 && kid == keys->keys[1].kid);
	old = text + strspn(text, " \t\r\n");
	fresh = generate(kid);
	both = g_strdup_printf("%s%.*s\n", fresh, (int)strcspn(old, "\n"), old);
	wipe_free(fresh, strlen(fresh));
	return both;
}

void
token_keys_bind(TokenKeys *keys, const char *identity, gint32 life)
{
	g_assert(life > 0);
	g_free(keys->identity);
	keys->identity = g_strdup(identity);
	keys->life = life;
}

/* `life` 0: of the time before stores had an identity. */
static char *
instance_of(const TokenKeys *keys, gint32 life)
{
	return life == 0 ? g_strdup(keys->before)
			 : g_strdup_printf("%s.%d", keys->identity, life);
}

/* The first 100 bits of the HMAC as base32. The caller frees. */
static char *
sign(const TokenKeys *keys, const Key *key, gint32 life, const char *claim)
{
	g_autofree char *instance = instance_of(keys, life);
	g_autofree char *input = g_strconcat("tk1|", instance, "|", claim,
	    NULL);
	GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, key->bytes, key->length);
	guint8 digest[32];
	gsize length = sizeof(digest);
	char *mac;

	g_hmac_update(hmac, (const guchar *)input, -1);
	g_hmac_get_digest(hmac, digest, &length);
	g_hmac_unref(hmac);
	mac = text_base32(digest, 13);
	mac[MAC_CHARS] = '\0';
	return mac;
}

/* In a time that does not tell how much was right. */
static bool
same_mac(const char *a, const char *b)
{
	volatile guint8 different = 0;

	for (gsize i = 0; i < MAC_CHARS; i++)
		different = (guint8)(different | (a[i] ^ b[i]));
	return different == 0;
}

/* Whether one of the keys (`kid`, 0: any) signed it, and in which life: the
 * present one, one of the latest before it, or none yet. */
static bool
find_life(const TokenKeys *keys, char kid, const char *claim, const char *mac,
    bool *ret_earlier)
{
	gint32 oldest = MAX(keys->life - LIMIT_LIVES, 0);
	bool found = false;

	for (guint i = 0; i < keys->count; i++) {
		for (gint32 life = keys->life; life >= oldest; life--) {
			/* After very many lives, the first may be left out,
			 * but not the time before them. */
			gint32 which = life == oldest ? 0 : life;
			g_autofree char *expected = NULL;

			if (kid != 0 && keys->keys[i].kid != kid)
				continue;
			expected = sign(keys, &keys->keys[i], which, claim);
			if (!same_mac(expected, mac))
				continue;
			found = true;
			*ret_earlier = which != keys->life;
		}
	}
	return found;
}

static void
append_number(GString *word, gint64 number)
{
	char text[11];
	gsize i = sizeof(text);

	g_assert(number >= 0 && number <= NUMBER_MAX);
	text[--i] = '\0';
	do {
		text[--i] = digits[number & 31];
		number >>= 5;
	} while (number > 0);
	g_string_append(word, text + i);
}

/* The one spelling that append_number() gives, and no other. */
static bool
read_number(const char *text, gint64 max, gint64 *ret_number)
{
	gsize length = strlen(text);
	gint64 number = 0;

	if (length == 0 || length > 10 || (text[0] == 'a' && length > 1))
		return false;
	for (gsize i = 0; i < length; i++) {
		const char *digit = strchr(digits, text[i]);

		if (digit == NULL)
			return false;
		number = number << 5 | (digit - digits);
	}
	if (number > max)
		return false;
	*ret_number = number;
	return true;
}

static bool
is_mac(const char *text)
{
	return strlen(text) == MAC_CHARS && strspn(text, digits) == MAC_CHARS;
}

static void
append_salt(GString *word, gint32 salt)
{
	g_assert(salt > 0 && salt <= TOKEN_SALT_MAX);
	for (int i = SALT_CHARS; i-- > 0;)
		g_string_append_c(word, digits[salt >> 5 * i & 31]);
}

/* The last part: salt and MAC, or the MAC alone, as words were before. Returns
 * where the MAC is; NULL if it is neither. */
static const char *
read_salt(const char *text, gint32 *ret_salt)
{
	gint32 salt = 0;

	*ret_salt = 0;
	if (is_mac(text))
		return text;
	if (strlen(text) != SALT_CHARS + MAC_CHARS ||
	    !is_mac(text + SALT_CHARS))
		return NULL;
	for (gsize i = 0; i < SALT_CHARS; i++) {
		const char *digit = strchr(digits, text[i]);

		if (digit == NULL)
			return NULL;
		salt = salt << 5 | (gint32)(digit - digits);
	}
	*ret_salt = salt;
	return salt > 0 ? text + SALT_CHARS : NULL;
}

static char *
token_claim(const Token *token)
{
	g_autoptr(GString) claim = g_string_new(
	    names_word(&purposes, token->purpose));

	g_string_append_printf(claim,
	    "|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT "|%d|%d", token->ticket,
	    token->who, token->day, token->epoch);
	if (token->button != 0)
		g_string_append_printf(claim, "|b%d", token->button);
	if (token->salt != 0)
		g_string_append_printf(claim, "|%d", token->salt);
	return g_string_free(g_steal_pointer(&claim), FALSE);
}

static bool
is_numbered(TokenPurpose purpose)
{
	return purpose == TOKEN_BUTTON || purpose == TOKEN_CHOICE;
}

static char *
format(const TokenKeys *keys, const Key *key, const Token *token)
{
	g_autofree char *claim = token_claim(token);
	g_autofree char *mac = sign(keys, key, keys->life, claim);
	GString *word = g_string_new(NULL);

	g_assert(token->day >= 0 && token->day <= DAY_MAX);
	g_assert(is_numbered(token->purpose) == (token->button > 0));
	g_string_append_c(word, key->kid);
	append_number(word, token->ticket);
	g_string_append_c(word, '.');
	append_number(word, token->who);
	g_string_append_c(word, '.');
	append_number(word, token->day);
	g_string_append_c(word, '.');
	append_number(word, token->epoch);
	g_string_append_c(word, '.');
	if (token->button > 0) {
		append_number(word, token->button);
		g_string_append_c(word, '.');
	}
	if (token->salt != 0)
		append_salt(word, token->salt);
	g_string_append(word, mac);
	g_assert(word->len <= WORD_MAX);
	return g_string_free(word, FALSE);
}

char *
token_format(const TokenKeys *keys, const Token *token)
{
	return format(keys, &keys->keys[0], token);
}

char *
token_beside(const TokenKeys *keys, const char *word, const Token *button,
    TokenPurpose purpose)
{
	Token token = *button;

	token.purpose = purpose;
	token.button = 0;
	for (guint i = 0; i < keys->count; i++) {
		if (keys->keys[i].kid == g_ascii_tolower(word[0]))
			return format(keys, &keys->keys[i], &token);
	}
	return NULL;
}

/* The form alone: everything between the key's letter and *ret_mac, which
 * borrows from `parts`. */
static bool
read_claim(char **parts, Token *token, const char **ret_mac)
{
	gint64 day, epoch, button = 0;
	guint last = is_numbered(token->purpose) ? 5 : 4;

	if (g_strv_length(parts) != last + 1 ||
	    !read_number(parts[0], NUMBER_MAX, &token->ticket) ||
	    !read_number(parts[1], NUMBER_MAX, &token->who) ||
	    !read_number(parts[2], DAY_MAX, &day) ||
	    !read_number(parts[3], G_MAXINT32, &epoch) ||
	    (last == 5 &&
		(!read_number(parts[4], TOKEN_BUTTON_MAX, &button) ||
		    button == 0)) ||
	    (*ret_mac = read_salt(parts[last], &token->salt)) == NULL)
		return false;
	token->button = (gint32)button;
	token->day = (gint32)day;
	token->epoch = (gint32)epoch;
	return true;
}

TokenVerdict
token_parse(const TokenKeys *keys, const char *word, TokenPurpose purpose,
    gint32 today, gint32 days, Token *ret_token)
{
	g_autofree char *lower = NULL, *claim = NULL;
	g_auto(GStrv) parts = NULL;
	Token token = { .purpose = purpose };
	const char *mac;

	if (strlen(word) > WORD_MAX || !g_ascii_isalpha(word[0]))
		return TOKEN_ABSENT;
	lower = g_ascii_strdown(word, -1);
	parts = g_strsplit(lower + 1, ".", 7);
	if (!read_claim(parts, &token, &mac))
		return TOKEN_ABSENT;
	claim = token_claim(&token);
	if (!find_life(keys, lower[0], claim, mac, &token.earlier))
		return TOKEN_BAD;
	*ret_token = token;
	if ((gint64)today - token.day > days ||
	    (gint64)token.day - today > FUTURE_DAYS)
		return TOKEN_EXPIRED;
	return TOKEN_OK;
}

char *
token_from_address(const char *address, const char *box_address)
{
	const char *box_at = strrchr(box_address, '@');
	const char *at = strrchr(address, '@');
	gsize box;

	if (box_at == NULL || at == NULL)
		return NULL;
	box = (gsize)(box_at - box_address);
	if ((gsize)(at - address) < box + 2 || address[box] != '+' ||
	    g_ascii_strncasecmp(address, box_address, box) != 0 ||
	    g_ascii_strcasecmp(at, box_at) != 0)
		return NULL;
	return g_strndup(address + box + 1, (gsize)(at - address) - box - 1);
}

char *
token_address(const char *box_address, const char *word)
{
	const char *at = strrchr(box_address, '@');
	gsize local;

	g_assert(at != NULL);
	local = (gsize)(at - box_address);
	if (local + 1 + strlen(word) > LOCAL_MAX)
		return NULL;
	return g_strdup_printf("%.*s+%s%s", (int)local, box_address, word, at);
}

static char *
message_id_claim(gint64 ticket, gint64 seq, const char *random)
{
	return g_strdup_printf("%s|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT
			       "|%s",
	    names_word(&purposes, TOKEN_MESSAGE_ID), ticket, seq, random);
}

char *
token_message_id(const TokenKeys *keys, gint64 ticket, gint64 seq,
    const guint8 random[8], const char *domain)
{
	GString *id = g_string_new("k1.");
	g_autofree char *claim = NULL, *mac = NULL;
	char hex[2 * RANDOM_SIZE + 1];

	for (gsize i = 0; i < RANDOM_SIZE; i++)
		g_snprintf(hex + 2 * i, 3, "%02x", random[i]);
	claim = message_id_claim(ticket, seq, hex);
	mac = sign(keys, &keys->keys[0], keys->life, claim);
	append_number(id, ticket);
	g_string_append_c(id, '.');
	append_number(id, seq);
	g_string_append_printf(id, ".%s.%s@%s", hex, mac, domain);
	return g_string_free(id, FALSE);
}

TokenVerdict
token_read_message_id(const TokenKeys *keys, const char *id, const char *domain,
    OwnId *ret_id)
{
	g_autofree char *lower = g_ascii_strdown(id, -1);
	char *at = strrchr(lower, '@');
	g_autofree char *claim = NULL;
	g_auto(GStrv) parts = NULL;
	OwnId own = { 0 };

	if (at == NULL || g_ascii_strcasecmp(at + 1, domain) != 0)
		return TOKEN_ABSENT;
	*at = '\0';
	parts = g_strsplit(lower, ".", 6);
	if (g_strv_length(parts) != 5 || strcmp(parts[0], "k1") != 0 ||
	    !read_number(parts[1], NUMBER_MAX, &own.ticket) ||
	    !read_number(parts[2], NUMBER_MAX, &own.seq) ||
	    strlen(parts[3]) != 2 * RANDOM_SIZE ||
	    strspn(parts[3], "0123456789abcdef") != 2 * RANDOM_SIZE ||
	    !is_mac(parts[4]))
		return TOKEN_ABSENT;
	claim = message_id_claim(own.ticket, own.seq, parts[3]);
	if (!find_life(keys, 0, claim, parts[4], &own.earlier))
		return TOKEN_BAD;
	*ret_id = own;
	return TOKEN_OK;
}

TokenVerdict
token_parse_message_id(const TokenKeys *keys, const char *id,
    const char *domain, gint64 *ret_ticket)
{
	OwnId own;
	TokenVerdict verdict = token_read_message_id(keys, id, domain, &own);

	if (verdict == TOKEN_OK)
		*ret_ticket = own.ticket;
	return verdict;
}

char *
token_keys_word(const TokenKeys *keys, gint32 day)
{
	g_autofree char *claim = g_strdup_printf("word|%d", day);

	return sign(keys, &keys->keys[0], 0, claim);
}
