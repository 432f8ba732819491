/* The file rules/quotes.yaml itself, as it was when guichet was built. */
#include "guichet/words/quotes.h"

__asm__(".section .rodata\n"
	"quotes_builtin_begin: .incbin \"rules/quotes.yaml\"\n"
	"quotes_builtin_over: .byte 0\n"
	".previous\n");

extern const char quotes_builtin_begin[], quotes_builtin_over[];

GBytes *
quotes_builtin(void)
{
	return g_bytes_new_static(quotes_builtin_begin,
	    (gsize)((guintptr)quotes_builtin_over -
		(guintptr)quotes_builtin_begin));
}
