/* The file rules/replies/fr/words.yaml itself, as it was when guichet was built. */
#include "catalog_private.h"

__asm__(".section .rodata\n"
	"catalog_french_begin: .incbin \"rules/replies/fr/words.yaml\"\n"
	"catalog_french_over: .byte 0\n"
	".previous\n");

extern const char catalog_french_begin[], catalog_french_over[];

const CatalogBuiltin catalog_french = { "fr", catalog_french_begin,
	catalog_french_over };
