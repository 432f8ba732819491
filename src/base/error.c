/* The domain of our errors. */
#include "guichet/base/error.h"

GQuark
guichet_error_quark(void)
{
	return g_quark_from_static_string("guichet-error");
}
