/* What looks like a secret, by patterns, and a text without it. */
#include "guichet/rules/secrets.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/yaml/load.h"

#include <string.h>

/* Of the part of a pattern that is masked; without it, all that it finds. */
#define GROUP "secret"

/* No text that people write has more; one that does is not looked at further. */
#define MASKED_MAX 500

struct Secrets {
	GPtrArray *patterns; /* Pattern * */
};

void
secrets_free(Secrets *secrets)
{
	if (secrets == NULL)
		return;
	g_ptr_array_unref(secrets->patterns);
	g_free(secrets);
}

static void
load_one(Secrets *secrets, const YamlNode *map)
{
	static const char *const keys[] = { "name", "pattern", NULL };
	const YamlNode *node;
	const char *text;
	Pattern *pattern;

	if (!yaml_check_keys(map, keys) || yaml_need(map, "name") == NULL)
		return;
	yaml_get_text(map, "name", NULL);
	node = yaml_need(map, "pattern");
	text = node != NULL ? yaml_text(node) : NULL;
	pattern = text != NULL ? load_pattern(node, text) : NULL;
	if (pattern == NULL)
		return;
	if (pattern_find(pattern, "", NULL) == PATTERN_YES)
		yaml_problem(node,
		    "the pattern finds a secret in an empty text");
	g_ptr_array_add(secrets->patterns, pattern);
}

Secrets *
secrets_load(const char *file, GBytes *yaml, Problems *problems)
{
	static const char *const keys[] = { "secrets", NULL };
	guint before = problems_count(problems);
	g_autoptr(Secrets) secrets = g_new0(Secrets, 1);
	gsize length;
	const char *text = g_bytes_get_data(yaml, &length);
	g_autoptr(YamlDocument) document = yaml_parse(file,
	    text != NULL ? text : "", length, problems);
	const YamlNode *list;

	secrets->patterns = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)pattern_free);
	if (document == NULL || !yaml_check_keys(yaml_root(document), keys))
		return NULL;
	list = yaml_need(yaml_root(document), "secrets");
	if (list != NULL && yaml_kind(list) != YAML_LIST)
		yaml_problem(list, "secrets is a list of name and pattern");
	for (guint i = 0; list != NULL && yaml_kind(list) == YAML_LIST &&
	     i < yaml_count(list);
	     i++)
		load_one(secrets, yaml_item(list, i));
	return problems_count(problems) == before ? g_steal_pointer(&secrets)
						  : NULL;
}

/* ---- masking ---- */

static const char *
mask_in(const char *language)
{
	return text_is_french(language) ? "[masqué]" : "[masked]";
}

/* Whether all of them were found within measure; `text` is replaced. */
static bool
mask_pattern(const Pattern *pattern, char **text, const char *mask)
{
	g_autoptr(GString) out = g_string_new(NULL);
	gint64 steps = LIMIT_RULES_STEPS;
	gsize length = strlen(*text), from = 0;

	for (int i = 0; i < MASKED_MAX; i++) {
		PatternSpan span = { .group = GROUP };
		PatternResult found = pattern_next(pattern, *text, from, &steps,
		    &span);

		if (found == PATTERN_LIMIT)
			return false;
		if (found == PATTERN_NO) {
			g_string_append(out, *text + from);
			g_free(*text);
			*text = g_strdup(out->str);
			return true;
		}
		g_string_append_len(out, *text + from,
		    (gssize)(span.from - from));
		if (span.to > span.from)
			g_string_append(out, mask);
		from = span.to;
		/* What is found without a letter: one letter on. */
		if (span.to == span.from && from < length) {
			gsize one = (gsize)(g_utf8_next_char(*text + from) -
			    (*text + from));

			g_string_append_len(out, *text + from, (gssize)one);
			from += one;
		}
	}
	return false;
}

static void
mask_words(char **text, const char *words, const char *mask)
{
	g_auto(GStrv) parts = g_strsplit(*text, words, -1);

	g_free(*text);
	*text = g_strjoinv(mask, parts);
}

/* Signed words of ours, that somebody's mail quotes: "help+..." */
static void
mask_box(char **text, const char *box, const char *mask)
{
	static const char tail[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567._-";
	g_autofree char *head = g_strdup_printf("%.*s+", (int)strcspn(box, "@"),
	    box);
	g_autofree char *lower = g_ascii_strdown(*text, -1);
	g_autofree char *lower_head = g_ascii_strdown(head, -1);
	g_autoptr(GString) out = g_string_new(NULL);
	gsize length = strlen(head);
	const char *at;
	gsize from = 0;

	/* Lower-case ASCII has the same places. */
	while ((at = strstr(lower + from, lower_head)) != NULL) {
		gsize word = (gsize)(at - lower) + length;

		g_string_append_len(out, *text + from, (gssize)(word - from));
		from = word + strspn(*text + word, tail);
		if (from > word)
			g_string_append(out, mask);
	}
	g_string_append(out, *text + from);
	g_free(*text);
	*text = g_string_free(g_steal_pointer(&out), FALSE);
}

char *
secrets_mask(const Secrets *secrets, const SecretWords *words, const char *text,
    const char *language)
{
	const char *mask = mask_in(language);
	char *masked = g_strdup(text);

	for (gsize i = 0; words->said != NULL && words->said[i] != NULL; i++)
		mask_words(&masked, words->said[i], mask);
	if (words->box != NULL)
		mask_box(&masked, words->box, mask);
	for (guint i = 0; i < secrets->patterns->len; i++) {
		if (mask_pattern(secrets->patterns->pdata[i], &masked, mask))
			continue;
		g_free(masked);
		return g_strdup(mask);
	}
	return masked;
}
