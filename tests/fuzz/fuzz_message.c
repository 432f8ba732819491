/* Whatever the bytes, reading them gives a Message that the desk takes. */
#include "guichet/mail/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(Message) message = message_parse(data, size, false);
	g_autoptr(GVariant) variant = g_variant_ref_sink(
	    message_to_variant(message));
	g_autoptr(GBytes) bytes = g_variant_get_data_as_bytes(variant);
	g_autoptr(Message) back = message_from_variant(bytes, NULL);

	g_assert_nonnull(back);
	return 0;
}
