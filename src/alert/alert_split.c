/* A mail that tells of several alerts: its parts, and what each says. */
#include "alert_private.h"
#include "guichet/base/limits.h"

#include <string.h>

#define MAX_PARTS 200

void
alert_split_free(AlertSplit *split)
{
	if (split == NULL)
		return;
	g_clear_pointer(&split->when, alert_step_free);
	pattern_free(split->each);
	pattern_free(split->under);
	g_free(split);
}

/* ---- taking it apart ---- */

typedef struct {
	AlertMail *mail;
	const AlertSplit *how;
	GPtrArray *parts;
	GPtrArray *head, *lines; /* borrowed; `lines` of the part in hand */
	const char *heading;     /* NULL: none yet */
	bool begun;
} Splitter;

static void
end_part(Splitter *s)
{
	if (s->begun && s->lines->len > 0 && s->parts->len < MAX_PARTS)
		g_ptr_array_add(s->parts,
		    alert_mail_part(s->mail, s->lines,
			s->how->keep_subject ? NULL : ""));
	g_ptr_array_set_size(s->lines, 0);
}

static void
begin_part(Splitter *s)
{
	end_part(s);
	s->begun = true;
	for (guint i = 0; s->how->keep_head && i < s->head->len; i++)
		g_ptr_array_add(s->lines, s->head->pdata[i]);
	if (s->heading != NULL)
		g_ptr_array_add(s->lines, (gpointer)s->heading);
}

static GPtrArray *
take_apart(AlertMail *mail, const AlertSplit *how)
{
	g_autoptr(GPtrArray) head = g_ptr_array_new();
	g_autoptr(GPtrArray) lines = g_ptr_array_new();
	Splitter s = { .mail = mail, .how = how, .head = head, .lines = lines };

	s.parts = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)alert_mail_free);
	for (char **line = mail->lines; *line != NULL; line++) {
		if (how->under != NULL &&
		    alert_mail_find(mail, how->under, *line, NULL)) {
			end_part(&s);
			s.begun = false;
			s.heading = *line;
			continue;
		}
		if ((how->under == NULL || s.heading != NULL) &&
		    alert_mail_find(mail, how->each, *line, NULL))
			begin_part(&s);
		g_ptr_array_add(s.begun ? lines : head, *line);
	}
	end_part(&s);
	return s.parts;
}

GPtrArray *
alert_split(AlertMail *mail, const AlertRules *rules)
{
	for (guint i = 0; i < rules->recognisers->len; i++) {
		const AlertRecogniser *by = rules->recognisers->pdata[i];
		g_autoptr(GPtrArray) parts = NULL;

		if (by->several == NULL ||
		    !alert_probe_all(mail, by->several->when, NULL))
			continue;
		parts = take_apart(mail, by->several);
		if (parts->len > 1)
			return g_steal_pointer(&parts);
	}
	return NULL;
}
