/* The file rules/secrets.yaml itself, as it was when guichet was built. */
#include "guichet/rules/secrets.h"

__asm__(".section .rodata\n"
	"secrets_builtin_begin: .incbin \"rules/secrets.yaml\"\n"
	"secrets_builtin_over: .byte 0\n"
	".previous\n");

extern const char secrets_builtin_begin[], secrets_builtin_over[];

GBytes *
secrets_builtin(void)
{
	return g_bytes_new_static(secrets_builtin_begin,
	    (gsize)((guintptr)secrets_builtin_over -
		(guintptr)secrets_builtin_begin));
}
