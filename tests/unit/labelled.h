/* Mails that people labelled (tests/labelled), as messages. */
#ifndef LABELLED_H
#define LABELLED_H

#include "guichet/rules/plan.h"
#include "message-bytes.h"
#include "rulesets.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	char *id, *subject, *body;
	TicketKind kind;
	int severity; /* 0: the ordinary one, or not labelled */
} Labelled;

static inline void
labelled_free(gpointer data)
{
	Labelled *l = data;

	g_free(l->id);
	g_free(l->subject);
	g_free(l->body);
	g_free(l);
}

/* The rest of the line "NAME: value" of an entry's head. */
static inline char *
value_of(const char *entry, const char *name)
{
	g_autofree char *key = g_strdup_printf("\n%s:", name);
	const char *at = strstr(entry, key);

	g_assert_nonnull(at);
	at += strlen(key);
	return g_strstrip(g_strndup(at, strcspn(at, "\n")));
}

static inline Labelled *
labelled_new(const char *entry)
{
	Labelled *l = g_new0(Labelled, 1);
	g_autofree char *kind = NULL, *severity = NULL, *head = NULL;
	const char *body = strstr(entry, "\n\n");

	g_assert_nonnull(body);
	head = g_strndup(entry, (gsize)(body - entry) + 1);
	kind = value_of(head, "kind");
	severity = value_of(head, "severity");
	l->id = g_strstrip(g_strndup(entry, strcspn(entry, "\n")));
	l->subject = value_of(head, "subject");
	l->body = g_strstrip(g_strdup(body));
	g_assert_true(ticket_kind_parse(kind, &l->kind));
	l->severity = atoi(severity);
	return l;
}

static inline GPtrArray *
labelled_read(const char *path)
{
	g_autofree char *text = NULL;
	GPtrArray *all = g_ptr_array_new_with_free_func(labelled_free);
	g_auto(GStrv) entries = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_true(g_str_has_prefix(text, "== id: "));
	entries = g_strsplit(text + strlen("== id: "), "\n== id: ", -1);
	for (gsize i = 0; entries[i] != NULL; i++)
		g_ptr_array_add(all, labelled_new(entries[i]));
	return all;
}

/* The mail, read as any other. */
static inline Message *
labelled_message(const Labelled *l)
{
	g_autofree char *mail =
	    g_strdup_printf("From: <a@b.test>\nSubject: %s\nMIME-Version: 1.0\n"
			    "Content-Type: text/plain; charset=utf-8\n"
			    "Content-Transfer-Encoding: 8bit\n\n%s\n",
		l->subject, l->body);

	return parse(mail);
}

#endif
