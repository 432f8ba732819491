/* Settings of a mailbox or a way out, as they cross to their process. */
#include "conf_variant_private.h"

#include <string.h>

void
conf_variant_insert_text(GVariantDict *dict, const char *key, const char *text)
{
	if (text != NULL)
		g_variant_dict_insert(dict, key, "s", text);
}

char *
conf_variant_text(GVariant *variant, const char *key)
{
	char *text = NULL;

	g_variant_lookup(variant, key, "s", &text);
	return text;
}

bool
conf_variant_bool(GVariant *variant, const char *key)
{
	gboolean value = FALSE;

	g_variant_lookup(variant, key, "b", &value);
	return value;
}

void
conf_variant_free_secret(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
	g_free(secret);
}
