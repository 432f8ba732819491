/* Plain text that only says where to find the text. */
#include "guichet/words/body.h"

#include <string.h>

enum {
	STUB_BYTES = 1500,
	STUB_WORDS = 30,
	PAGE_TIMES = 3, /* as many words as the stub, at least */
};

/* Past "[cid:image001.png]" and "<https://...>" at `p`, else `p`. */
static const char *
skip_reference(const char *p)
{
	static const char *const starts[] = { "[cid:", "[image", "<http",
		"http://", "https://" };

	for (gsize i = 0; i < G_N_ELEMENTS(starts); i++) {
		if (g_ascii_strncasecmp(p, starts[i], strlen(starts[i])) == 0)
			return p + strcspn(p, "]> \n");
	}
	return p;
}

/* Its letters and digits, folded; *ret_words: how many words they are. */
static char *
letters_of(const char *text, guint *ret_words)
{
	g_autofree char *folded = quotes_fold(text);
	GString *letters = g_string_new(NULL);
	bool inside = false;

	*ret_words = 0;
	for (const char *p = folded; *p != '\0';) {
		const char *behind = skip_reference(p);
		gunichar c = g_utf8_get_char(p);

		if (behind > p) {
			p = behind;
			continue;
		}
		if (g_unichar_isalnum(c)) {
			*ret_words += inside ? 0 : 1;
			g_string_append_unichar(letters, c);
		}
		inside = g_unichar_isalnum(c);
		p = g_utf8_next_char(p);
	}
	return g_string_free(letters, FALSE);
}

bool
body_is_stub(const char *plain, const char *page)
{
	g_autofree char *ours = NULL, *theirs = NULL, *folded = NULL;
	guint words, page_words;
	bool longer, repeated;

	if (strlen(plain) > STUB_BYTES)
		return false;
	ours = letters_of(plain, &words);
	theirs = letters_of(page, &page_words);
	if (*theirs == '\0' || *ours == '\0')
		return *theirs != '\0';
	longer = page_words >= PAGE_TIMES * words;
	repeated = strstr(theirs, ours) != NULL;
	folded = quotes_fold(plain);
	if (quotes_contains(quotes_current(), QUOTES_STUBS, folded))
		return longer || !repeated;
	return longer && !repeated && words <= STUB_WORDS;
}
