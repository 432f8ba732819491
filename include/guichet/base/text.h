/*
 * text: strings that came from outside, made safe to keep and to print.
 *
 * "Clean" text is valid UTF-8 without NUL, C0 and C1 controls, DEL, U+2028 and
 * U+2029. All results are the caller's. Nothing here depends on the locale.
 */
#ifndef GUICHET_TEXT_H
#define GUICHET_TEXT_H

#include "guichet/base/base.h"

/* One clean line: invalid bytes become U+FFFD, runs of white space and
 * controls one blank, ends trimmed, cut to `max` bytes at a character. */
char *text_clean_line(const char *bytes, gssize length, gsize max);

/* Clean text that keeps LF and TAB; CR LF and CR become LF. */
char *text_clean_block(const char *bytes, gssize length, gsize max);

/* Whether the text may stand in a header of ours: clean and non-empty. */
bool text_is_clean_line(const char *text);

/*
 * Whether it is a plain ASCII addr-spec of legal length, the only form that is
 * ever used as an identity or an envelope address: atoms and dots. The dots of
 * the local part may stand anywhere, as carriers once gave addresses out for
 * life ("taro.@", "a..b@"): they are taken as they stand, and written by
 * text_address_written(). Those of the domain stand between letters.
 */
bool text_is_address(const char *text);

/* The part behind the '@' of an address accepted by text_is_address(). */
const char *text_address_domain(const char *address);

/* The canonical form, lower-case ASCII, without quotes around the local part;
 * NULL if it is no address. */
char *text_address_canonical(const char *text);

/* As it may stand in a header or an SMTP command (RFC 5321, 4.1.2): the local
 * part quoted if its dots need that. */
char *text_address_written(const char *address);

/* Lower-case hexadecimal SHA-256. */
char *text_sha256(const void *bytes, gsize length);

/*
 * Whether it is nothing to see, or turns what stands beside it: controls, bidi
 * controls, zero-width and filling characters, tags. Clean text may hold them.
 */
bool text_is_hidden(gunichar c);

/*
 * The text as it may be put on a terminal: what is hidden becomes \u{202e},
 * invalid bytes U+FFFD; LF and TAB stay, and so does what joins an emoji or
 * letters that are no Latin ones. Then the same of a JSON text, whose value
 * stays as it was: \u202e.
 */
char *text_showable(const char *text);
char *text_showable_json(const char *json);

/* "3 d 4 h", "2 h 05 min", "45 s": a length of time for people, short. */
char *text_span(Seconds span);

/* Whether a language is French: "fr", "fr-CA". All others read English. */
bool text_is_french(const char *language);

/* Printed for a reader of that language; both forms take the same arguments. */
char *text_in(const char *language, const char *french, const char *english,
    ...) G_GNUC_PRINTF(2, 4) G_GNUC_PRINTF(3, 4);

/* Lower-case base32 (RFC 4648 alphabet) without padding, and back. The latter
 * returns NULL on anything else. */
char *text_base32(const guint8 *bytes, gsize length);
guint8 *text_unbase32(const char *text, gsize *ret_length);

#endif
