/*
 * token: short signed words that prove which of our mails was answered.
 *
 * A token never proves who answers (doc/security.md T5): it is always checked
 * together with identity. It binds instance, purpose, ticket, principal, day
 * of issue, the ticket's epoch and a salt, with the first 100 bits of HMAC-SHA-256
 * under one of at most two live keys, compared in constant time. `instance` is
 * the store's identity and its life (store_life.h): what was signed in an
 * earlier life is told apart, and another store's is not ours. All tokens
 * are lower-case ASCII and survive systems that fold case.
 *
 * The salt makes a word one mail's alone. Where a whole machine was set back,
 * with its keys and what it knew of its life, the same number, day and person
 * come again: by the salt the word that carried them before is known to be of
 * what was forgotten.
 *
 * Address: help+<kid><ticket>.<who>.<day>.<epoch>.<salt><mac>@domain
 * (doc/security.md 2.6); older words are without the salt, and a button's has
 * its number in front of the last part. Message-ID: <k1.<ticket>.<seq>.<random>.<mac>@domain>. Numbers are in
 * base32 digits without leading zeros ('a'), up to 50 bits; the salt is four of
 * them; the random part is hexadecimal. Nothing here reads a clock, and only token_keys_generate() asks
 * for random bytes.
 */
#ifndef GUICHET_TOKEN_H
#define GUICHET_TOKEN_H

#include "guichet/base/base.h"

typedef enum {
	TOKEN_TECHNICIAN,
	TOKEN_CLIENT,
	TOKEN_CONFIRM,
	TOKEN_BOUNCE, /* ticket is the outbox row */
	TOKEN_ALERT,
	TOKEN_MESSAGE_ID,
	TOKEN_DESK,   /* no ticket: a technician's orders to the desk itself */
	TOKEN_BUTTON, /* one order that a mail of ours offers: `button` */
	TOKEN_CHOICE, /* one answer that a client's mail offers: `button` */
	TOKEN_PURPOSE_COUNT,
} TokenPurpose;

typedef enum {
	TOKEN_OK,
	TOKEN_ABSENT,  /* no token of ours in it at all */
	TOKEN_BAD,     /* looks like one, signature or purpose wrong */
	TOKEN_EXPIRED, /* too old, or dated more than two days from now */
	TOKEN_LOST,    /* of an earlier life, and not known to have been sent:
			* never said here, but by who knows what was sent */
} TokenVerdict;

/* Keys and names, from the site's secret file. */
typedef struct TokenKeys TokenKeys;

/*
 * The key file: one `kid:base64` a line, the newest first; 1 or 2 lines, 32
 * bytes or more each; kid is one lower-case letter. `instance` is what was
 * signed over before stores had an identity: the desk's address.
 */
TokenKeys *
token_keys_parse(const char *text, const char *instance, GError **error);
/* The same of the next one: a fresh key above the one that signs now. NULL if
 * `text` is no key file. The caller frees; it is a secret. */
char *token_keys_rotate(const char *text);
/* A word of that day that only who has the keys can know, for no mail of ours.
 * The caller frees. */
char *token_keys_word(const TokenKeys *keys, gint32 day);
/* From now on the keys sign for this life of the store, and know its earlier
 * ones and the time before stores had an identity. */
void token_keys_bind(TokenKeys *keys, const char *identity, gint32 life);
/* The text of a fresh key file. The caller frees. */
char *token_keys_generate(void);
void token_keys_free(TokenKeys *keys);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TokenKeys, token_keys_free)

typedef struct {
	TokenPurpose purpose;
	gint64 ticket;
	gint64 who; /* technician's or address's id; 0 for none */
	gint32 day; /* days since 1970-01-01 UTC, of issue */
	gint32 epoch;
	bool earlier;  /* read: signed before the present life of the store */
	gint32 salt;   /* 1 to TOKEN_SALT_MAX, by chance; 0: a word of before
		       * there were any */
	gint32 button; /* of these two: which, 1 to TOKEN_BUTTON_MAX; else 0 */
} Token;

#define TOKEN_SALT_MAX   ((1 << 20) - 1)
#define TOKEN_BUTTON_MAX 31

/* The word that goes behind the '+', at most 61 bytes. */
char *token_format(const TokenKeys *keys, const Token *token);

/*
 * Reads it. On TOKEN_OK and TOKEN_EXPIRED *ret_token is set. `purpose` is the
 * one expected; `days` is how long such a token lives.
 */
TokenVerdict token_parse(const TokenKeys *keys, const char *word,
    TokenPurpose purpose, gint32 today, gint32 days, Token *ret_token);

/* The word of the Reply-To of the mail whose button's word this is, `button` as
 * token_parse() read it, in the present life: it has the button's salt. NULL:
 * its key is gone. The caller frees. */
char *token_beside(const TokenKeys *keys, const char *word, const Token *button,
    TokenPurpose purpose);

/* box+WORD@domain; NULL if the local part would be longer than the 64 bytes of
 * RFC 5321. The caller frees. */
char *token_address(const char *box_address, const char *word);

/* The word in `address` if it is box+WORD@domain for `box_address` =
 * box@domain; NULL otherwise. The caller frees. */
char *token_from_address(const char *address, const char *box_address);

/* "k1.<ticket>.<seq>.<random>.<mac>@domain", without <>. The caller frees. */
char *token_message_id(const TokenKeys *keys, gint64 ticket, gint64 seq,
    const guint8 random[8], const char *domain);
/* What a Message-ID of ours names. */
typedef struct {
	gint64 ticket, seq; /* seq: the outbox row */
	bool earlier;       /* signed before the present life of the store */
} OwnId;

/* TOKEN_ABSENT, _BAD or _OK. */
TokenVerdict token_read_message_id(const TokenKeys *keys, const char *id,
    const char *domain, OwnId *ret_id);
/* The same, and only the ticket. */
TokenVerdict token_parse_message_id(const TokenKeys *keys, const char *id,
    const char *domain, gint64 *ret_ticket);

#endif
