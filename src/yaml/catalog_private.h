/* catalog_private: the catalogue that is part of the program, since those who
 * answer for it speak French. */
#ifndef GUICHET_CATALOG_PRIVATE_H
#define GUICHET_CATALOG_PRIVATE_H

#include <glib.h>

typedef struct {
	const char *language;
	const char *begin, *end;
} CatalogBuiltin;

extern const CatalogBuiltin catalog_french;

#endif
