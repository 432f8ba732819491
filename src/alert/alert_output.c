/* What is no field of an alert: a check's output, and a host's other names. */
#include "alert_private.h"

#include <string.h>

/* ---- output ---- */

void
alert_output_free(AlertOutput *output)
{
	if (output == NULL)
		return;
	pattern_free(output->from);
	pattern_free(output->until);
	g_free(output);
}

void
alert_mail_hide(AlertMail *mail, const AlertOutput *output)
{
	g_autoptr(GPtrArray) kept = g_ptr_array_new();
	bool hidden = false;

	if (output == NULL || mail->whole_lines != NULL)
		return;
	for (char **line = mail->lines; *line != NULL; line++) {
		if (hidden && output->until != NULL &&
		    alert_mail_find(mail, output->until, *line, NULL))
			hidden = false;
		else if (!hidden &&
		    alert_mail_find(mail, output->from, *line, NULL))
			hidden = true;
		if (!hidden)
			g_ptr_array_add(kept, *line);
	}
	g_ptr_array_add(kept, NULL);
	mail->whole_text = mail->text;
	mail->whole_lines = mail->lines;
	mail->text = g_strjoinv("\n", (char **)kept->pdata);
	mail->lines = (char **)g_ptr_array_free(g_steal_pointer(&kept), FALSE);
}

void
alert_mail_show(AlertMail *mail)
{
	if (mail->whole_lines == NULL)
		return;
	g_free(mail->text);
	g_free(mail->lines);
	mail->text = g_steal_pointer(&mail->whole_text);
	mail->lines = g_steal_pointer(&mail->whole_lines);
}

/* ---- a host's name ---- */

static bool
is_name_byte(char c)
{
	return g_ascii_isalnum(c) || (guchar)c >= 128 || c == '-' || c == '_' ||
	    c == '.' || c == ':';
}

/* An address, or a name with a domain: nobody's name for people. */
static bool
is_machine_name(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if (!is_name_byte(*p))
			return false;
	return g_hostname_is_ip_address(text) || strchr(text, '.') != NULL;
}

char *
alert_host_name(const char *host, bool is_whole)
{
	gsize first = 0, inside;
	const char *open;
	g_autofree char *word = NULL;

	while (is_name_byte(host[first]))
		first++;
	open = strpbrk(host, "([");
	if (open == NULL || open == host || open[-1] != ' ' ||
	    strchr(")]", host[strlen(host) - 1]) == NULL)
		return g_strdup(host);
	inside = strcspn(open + 1, ")]");
	word = g_strndup(open + 1, inside);
	if (!is_machine_name(word) && (is_whole || host + first + 1 != open))
		return g_strdup(host);
	return g_strchomp(g_strndup(host, (gsize)(open - host)));
}
