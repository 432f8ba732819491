/*
 * conf_variant_private: the settings of a mailbox or a way out as they cross to their
 * process, by name. Only for source.c and sink.c.
 */
#ifndef GUICHET_CONF_VARIANT_PRIVATE_H
#define GUICHET_CONF_VARIANT_PRIVATE_H

#include "guichet/base/base.h"

/* NULL is left out. */
void
conf_variant_insert_text(GVariantDict *dict, const char *key, const char *text);
/* NULL, or false, if it is not there; the caller frees. */
char *conf_variant_text(GVariant *variant, const char *key);
bool conf_variant_bool(GVariant *variant, const char *key);

/* Frees a secret, overwritten; NULL is none. */
void conf_variant_free_secret(char *secret);

#endif
