/* Which mails cannot be read here, and which only look like it. */
#include "guichet/mail/message_cipher.h"

#include "message-bytes.h"

#include <locale.h>

#define HEAD "From: <a@b.test>\nSubject: s\nMIME-Version: 1.0\n"
#define PGP                                         \
 "-----BEGIN PGP MESSAGE-----\n\nhQEMA0b6\n=abcd\n" \
 "-----END PGP MESSAGE-----\n"
/* ContentInfo of enveloped, authenticated-enveloped (indefinite length) and
 * signed data. */
#define ENVELOPED      "MIIBaAYJKoZIhvcNAQcDoIIBWTCCAVU=\n"
#define AUTH_ENVELOPED "MIAGCyqGSIb3DQEJEAEXoIAwgAIBAA==\n"
#define SIGNED         "MIIBaAYJKoZIhvcNAQcCoIIBWTCCAVU=\n"
#define SMIME(body)                                            \
 HEAD "Content-Type: application/pkcs7-mime; name=smime.p7m\n" \
      "Content-Transfer-Encoding: base64\n"                    \
      "Content-Disposition: attachment; filename=smime.p7m\n\n" body
#define PARTS(type, first, second)                                         \
 HEAD "Content-Type: " type "; boundary=b\n\n--b\n" first "\n--b\n" second \
      "\n--b--\n"
#define CONTROL "Content-Type: application/pgp-encrypted\n\nVersion: 1\n"
#define DATA    "Content-Type: application/octet-stream\n\n" PGP
#define TEXT    "Content-Type: text/plain\n\n"

static void
test_table(void)
{
	static const struct {
		const char *name, *mail;
		bool is_encrypted;
	} rows[] = {
		{ "pgp/mime",
		    PARTS("multipart/encrypted; "
			  "protocol=\"application/pgp-encrypted\"",
			CONTROL, DATA),
		    true },
		{ "pgp/mime below a list",
		    PARTS("multipart/mixed",
			"Content-Type: multipart/encrypted; boundary=c\n\n--c\n" CONTROL
			"\n--c\n" DATA "\n--c--\n",
			TEXT "-- \nthe list"),
		    true },
		{ "inline pgp", HEAD "\nHello,\n\n" PGP "\nBye\n", true },
		{ "s/mime", SMIME(ENVELOPED), true },
		{ "s/mime, authenticated", SMIME(AUTH_ENVELOPED), true },
		{ "s/mime below a list",
		    PARTS("multipart/mixed",
			"Content-Type: application/x-pkcs7-mime\n"
			"Content-Transfer-Encoding: base64\n\n" ENVELOPED,
			"Content-Type: application/octet-stream\n\nx"),
		    true },
		{ "plain", HEAD "\nThe server is down.\n", false },
		{ "empty", "", false },
		{ "signed", SMIME(SIGNED), false },
		{ "cut", SMIME("MIIB\n"), false },
		{ "pgp signed",
		    HEAD "\n-----BEGIN PGP SIGNED MESSAGE-----\n\nHello\n"
			 "-----BEGIN PGP SIGNATURE-----\nx\n"
			 "-----END PGP SIGNATURE-----\n",
		    false },
		{ "quoted",
		    HEAD "\n> -----BEGIN PGP MESSAGE-----\n> x\n"
			 "> -----END PGP MESSAGE-----\nI cannot read this.\n",
		    false },
		{ "talked of",
		    HEAD "\nIt begins with -----BEGIN PGP MESSAGE-----\n",
		    false },
		{ "an encrypted file",
		    PARTS("multipart/mixed", TEXT "My keys.",
			"Content-Type: application/pgp-encrypted; "
			"name=keys.pgp\n\n" PGP),
		    false },
		{ "an encrypted mail attached",
		    PARTS("multipart/mixed", TEXT "What is that?",
			"Content-Type: application/pkcs7-mime;"
			" name=smime.p7m\nContent-Transfer-Encoding: base64\n\n" ENVELOPED),
		    false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Message) message = parse(rows[i].mail);

		g_test_message("%s", rows[i].name);
		g_assert_cmpint(message_is_encrypted(message), ==,
		    rows[i].is_encrypted);
	}
}

int
main(int argc, char *argv[])
{
	setlocale(LC_ALL, "");
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/message-cipher/table", test_table);
	return g_test_run();
}
