/* The marks that mail programs leave in HTML around what they quote. */
#include "html_private.h"

#include <string.h>

typedef struct {
	const char *attribute, *value;
	bool begins; /* the value only begins so */
	HtmlQuote quote;
} Mark;

/*
 * Only what holds nothing but the quotation or its head: between the
 * blockquotes of a `gmail_quote` people write their answers.
 */
static const Mark marks[] = {
	/* Gmail, Thunderbird, Roundcube, Airmail: the attribution. */
	{ "class", "gmail_attr", false, HTML_QUOTED },
	{ "class", "moz-cite-prefix", false, HTML_QUOTED },
	{ "id", "reply-intro", false, HTML_QUOTED },
	{ "id", "v1reply-intro", false, HTML_QUOTED },
	{ "class", "airmail_on", false, HTML_QUOTED },
	/* Yahoo and AOL, Outlook for Mac, GMX and web.de, Spark. */
	{ "class", "yahoo_quoted", false, HTML_QUOTED },
	{ "id", "yahoo_quoted", true, HTML_QUOTED },
	{ "id", "OLK_SRC_BODY_SECTION", false, HTML_QUOTED },
	{ "name", "quote", false, HTML_QUOTED },
	{ "name", "messageReplySection", false, HTML_QUOTED },
	{ "data-marker", "__QUOTED_TEXT__", false, HTML_QUOTED },
	/* Outlook on the web, new, for phones; Hotmail; Zimbra. */
	{ "id", "divRplyFwdMsg", false, HTML_QUOTED_BELOW },
	{ "id", "appendonsend", false, HTML_QUOTED_BELOW },
	{ "id", "mail-editor-reference-message-container", false,
	    HTML_QUOTED_BELOW },
	{ "class", "ms-outlook-mobile-reference-message", false,
	    HTML_QUOTED_BELOW },
	{ "id", "stopSpelling", false, HTML_QUOTED_BELOW },
	{ "id", "zwchr", false, HTML_QUOTED_BELOW },
	{ "data-marker", "__DIVIDER__", false, HTML_QUOTED_BELOW },
};

/* Whether the word stands in a list of words. */
static bool
has_word(const char *list, const char *word, bool begins)
{
	gsize length = strlen(word);

	for (const char *p = list; *p != '\0';) {
		gsize size = strcspn(p, " \t\n");

		if (strncmp(p, word, length) == 0 && (begins || size == length))
			return true;
		p += size;
		p += strspn(p, " \t\n");
	}
	return false;
}

/* The line that Outlook draws above the head of what it quotes. */
static bool
is_outlook_line(const char *name, const char *style)
{
	return strcmp(name, "div") == 0 &&
	    strstr(style, "border:none;border-top:solid#") != NULL &&
	    strstr(style, "padding:3.0pt0") != NULL;
}

HtmlQuote
html_quote(const char *name, const xmlChar **attributes, const char *style)
{
	for (; attributes != NULL && attributes[0] != NULL; attributes += 2) {
		const char *attribute = (const char *)attributes[0];
		const char *value = (const char *)attributes[1];

		if (value == NULL || strchr("cind", *attribute) == NULL)
			continue;
		for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
			if (strcmp(attribute, marks[i].attribute) == 0 &&
			    has_word(value, marks[i].value, marks[i].begins))
				return marks[i].quote;
		}
	}
	return is_outlook_line(name, style) ? HTML_QUOTED_BELOW : HTML_OWN;
}
