/*
 * message_cipher: whether what a mail says can be read here.
 *
 * Nothing is decrypted: an encrypted mail is known as such, so that its sender
 * and the desk can be told. Pure.
 */
#ifndef GUICHET_MESSAGE_CIPHER_H
#define GUICHET_MESSAGE_CIPHER_H

#include "guichet/mail/message.h"

/*
 * PGP/MIME (RFC 3156 4), inline PGP (RFC 9580 6.2), or S/MIME enveloped or
 * authenticated-enveloped data (RFC 8551 3.3, 3.4). What is only signed is not,
 * nor is a readable mail with an encrypted file. Words beside it hide nothing:
 * a list's footer may stand below it.
 */
bool message_is_encrypted(const Message *message);

#endif
