/* Signs that a person wrote a mail, whatever else they put in it. */
#include "alert_private.h"

#include "guichet/words/quotes.h"

#include <string.h>

#define NAME_BYTES 3 /* of a word that is a name, at least */

/* The first or last line that says something; NULL if none does. */
static const char *
edge_line(const AlertMail *mail, bool last)
{
	const char *found = NULL;

	for (char **line = mail->lines; *line != NULL; line++) {
		if (**line == '\0')
			continue;
		found = *line;
		if (!last)
			break;
	}
	return found;
}

/* Whether the line is one of the writer's names, as From has them. */
static bool
is_name_in(const char *line, const char *names)
{
	g_autofree char *folded = quotes_fold(names);
	g_auto(GStrv) words = g_strsplit_set(folded, " .-_\"'<>@,", -1);

	return strcmp(folded, line) == 0 ||
	    (strlen(line) >= NAME_BYTES &&
		g_strv_contains((const char *const *)words, line));
}

/* "Anna" at the end of what Anna <anna@client.example> writes. */
static bool
is_signed(const AlertMail *mail)
{
	const char *last = edge_line(mail, true);
	g_autofree char *folded = last == NULL ? NULL : quotes_fold(last);

	for (guint i = 0; folded != NULL && *folded != '\0' &&
	     mail->message->from != NULL && i < mail->message->from->len;
	     i++) {
		const Mailbox *from = mail->message->from->pdata[i];
		g_autofree char *local = g_strndup(from->address,
		    strcspn(from->address, "@"));

		if (is_name_in(folded, from->name) || is_name_in(folded, local))
			return true;
	}
	return false;
}

/* A greeting above and the writer's own name below. */
static bool
greets_and_signs(const AlertMail *mail)
{
	const char *first = edge_line(mail, false);
	g_autofree char *folded = first == NULL ? NULL : quotes_fold(first);

	return folded != NULL && quotes_greets(quotes_current(), folded) &&
	    is_signed(mail);
}

bool
alert_mail_is_courteous(AlertMail *mail, const AlertRules *rules)
{
	return alert_sign_of(mail, rules->courtesy) != NULL ||
	    greets_and_signs(mail);
}
