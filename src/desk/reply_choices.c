/* What a client's mail offers to answer by one line, or one touch of a link. */
#include "guichet/desk/reply_choices.h"

#include "guichet/judgment/reply_words.h"
#include "guichet/yaml/catalog.h"

#include <string.h>

/* Their places, from 1, are signed in addresses: one that is offered no longer
 * keeps its place, and new ones come last. */
typedef enum {
	SETTLED,
	NOT_SETTLED,
	AGREE,
	REFUSE,
	OBJECT,
	CHOICE_COUNT,
} Choice;

static const char *
label_of(Choice choice, const char *language)
{
	switch (choice) {
	case SETTLED:
		return catalog_text(language, "It is solved");
	case NOT_SETTLED:
		return catalog_text(language, "It is still not solved");
	case AGREE:
		return catalog_text(language, "I agree to the estimate");
	case REFUSE:
		return catalog_text(language, "I do not agree to the estimate");
	case OBJECT:
		return catalog_text(language, "I contest this exclusion");
	case CHOICE_COUNT:
		break;
	}
	g_assert_not_reached();
}

/* The rules of rules/match know these: 07-regle.yaml, 09-accord.yaml. */
static const char *
words_of(Choice choice, const char *language)
{
	switch (choice) {
	case SETTLED:
		return catalog_text(language,
		    "It is solved, you can close it.");
	case NOT_SETTLED:
		return catalog_text(language, "The problem persists.");
	case AGREE:
		return catalog_text(language, "Yes, I agree to the estimate.");
	case REFUSE:
		return catalog_text(language,
		    "No, I do not agree to the estimate.");
	case OBJECT:
		return catalog_text(language, "I contest this exclusion.");
	case CHOICE_COUNT:
		break;
	}
	g_assert_not_reached();
}

char *
reply_choice_place(int number)
{
	return g_strdup_printf("href=\"mailto:choice-%d?", number);
}

int
reply_choice_count(void)
{
	return CHOICE_COUNT;
}

static void
add_choice(Values *values, Choice choice, const char *language, const char *tag)
{
	const char *words = words_of(choice, language);
	g_autofree char *body = g_uri_escape_string(words, NULL, false);
	g_autofree char *subject = tag != NULL
	    ? g_uri_escape_string(tag, NULL, false)
	    : NULL;
	Values *element = values_add(values, "choices");

	values_set(element, "say", words);
	values_set(element, "label", label_of(choice, language));
	if (tag != NULL)
		values_setf(element, "link",
		    "mailto:choice-%d?subject=%s&body=%s%%0D%%0A",
		    (int)choice + 1, subject, body);
	else
		values_set(element, "link", "");
}

void
reply_add_choices(Values *values, ReplyAsks asks, const char *language,
    const char *tag)
{
	Choice first = asks == REPLY_ASKS_ESTIMATE ? AGREE
	    : asks == REPLY_ASKS_OBJECTION         ? OBJECT
						   : SETTLED;

	add_choice(values, first, language, tag);
	if (asks != REPLY_ASKS_NEEDED && asks != REPLY_ASKS_OBJECTION)
		add_choice(values, first + 1, language, tag);
}

bool
reply_choice_writes(int number, const char *text)
{
	g_autofree const char **languages = catalog_languages();

	if (number < 1 || number > CHOICE_COUNT || text == NULL)
		return false;
	while (g_ascii_isspace(*text))
		text++;
	for (gsize i = 0; languages[i] != NULL; i++) {
		const char *words = words_of((Choice)(number - 1),
		    languages[i]);

		if (g_str_has_prefix(text, words))
			return true;
	}
	return false;
}

void
reply_add_estimate(Values *values, int minutes, EventApproval said,
    const char *language)
{
	g_autofree char *words = reply_words_span((Seconds)minutes * 60,
	    language);

	values_set(values, "estimate", words);
	values_set_flag(values, "agreed", said == APPROVAL_YES);
	values_set_flag(values, "refused", said == APPROVAL_NO);
}

void
reply_add_passed(Values *values, int minutes, const Plan *plan,
    const char *language)
{
	g_autofree char *words = reply_words_span((Seconds)minutes * 60,
	    language);
	g_autofree char *limit = reply_words_span(plan->terms.limit, language);

	values_set(values, "estimate", words);
	values_set(values, "limit", limit);
	values_set(values, "team", words_in(&plan->terms.limit_team, language));
}
