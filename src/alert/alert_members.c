/* Several alerts in one mail, as Alertmanager and Grafana send them. */
#include "alert_private.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"

#include <string.h>

typedef struct {
	AlertMail *mail;
	const AlertRecogniser *by;
	const AlertRules *rules;
	GPtrArray *members;
	GHashTable *labels, *notes; /* of the member being read */
	bool firing;                /* what the section says */
	bool in_notes, has_pairs, ended, sections;
	bool has_status, over; /* what the member itself says */
} Reader;

/* The first of the names that is a label or, failing that, a note. */
static char *
pick(const Reader *reader, char *const *names)
{
	const char *value = NULL;

	for (char *const *n = names; *n != NULL && value == NULL; n++)
		value = g_hash_table_lookup(reader->labels, *n);
	for (char *const *n = names; *n != NULL && value == NULL; n++)
		value = g_hash_table_lookup(reader->notes, *n);
	return g_strdup(value != NULL ? value : "");
}

/* "web1:9100" is an exporter's port on web1, and of an address of the web the
 * host is meant; "[::1]:80" and "::1" stay. */
static char *
host_alone(char *take_host)
{
	char *scheme = strstr(take_host, "://"), *colon;

	if (scheme != NULL && scheme[3] != '\0' && scheme[3] != '/') {
		memmove(take_host, scheme + 3, strlen(scheme + 3) + 1);
		take_host[strcspn(take_host, "/?#")] = '\0';
	}
	colon = strchr(take_host, ':');

	if (colon != NULL && colon > take_host && colon[1] != '\0' &&
	    strspn(colon + 1, "0123456789") == strlen(colon + 1))
		*colon = '\0';
	return take_host;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *
labels_key(GHashTable *labels)
{
	guint count;
	g_autofree const char **names =
	    (const char **)g_hash_table_get_keys_as_array(labels, &count);
	g_autoptr(GString) key = g_string_new(NULL);

	qsort(names, count, sizeof *names, compare_names);
	for (guint i = 0; i < count; i++)
		g_string_append_printf(key, "%s%s=%s", i > 0 ? ", " : "",
		    names[i],
		    (const char *)g_hash_table_lookup(labels, names[i]));
	return alert_cut_key(key->str);
}

/* Ends the member being read, if there is one. */
static void
flush(Reader *reader)
{
	const AlertMembers *how = reader->by->members;
	AlertMember *member;

	if (g_hash_table_size(reader->labels) > 0 &&
	    reader->members->len < ALERT_MEMBERS) {
		member = g_new0(AlertMember, 1);
		member->key = labels_key(reader->labels);
		member->host = host_alone(pick(reader, how->host));
		member->service = pick(reader, how->service);
		member->state = pick(reader, how->state);
		member->info = pick(reader, how->info);
		member->firing = reader->firing && !reader->over;
		member->level = member->firing
		    ? alert_level_of(reader->by, reader->rules, member->state)
		    : ALERT_LEVEL_OK;
		g_ptr_array_add(reader->members, member);
	}
	g_hash_table_remove_all(reader->labels);
	g_hash_table_remove_all(reader->notes);
	reader->in_notes = reader->has_pairs = false;
	reader->has_status = reader->over = false;
}

static bool
matches(Reader *reader, const Pattern *pattern, const char *line,
    GHashTable *captures)
{
	return pattern != NULL &&
	    alert_mail_find(reader->mail, pattern, line, captures);
}

static void
add_pair(GHashTable *pairs, const char *name, const char *value)
{
	char *clean = alert_clean_value(value);

	if (clean == NULL || g_hash_table_size(pairs) >= ALERT_MEMBER_PAIRS ||
	    g_hash_table_contains(pairs, name))
		g_free(clean);
	else
		g_hash_table_insert(pairs, g_strdup(name), clean);
}

/* A line that begins an alert may itself name labels. */
static void
begin(Reader *reader, GHashTable *captures)
{
	GHashTableIter each;
	gpointer name, value;

	if (reader->has_pairs)
		flush(reader);
	reader->in_notes = false;
	g_hash_table_iter_init(&each, captures);
	while (g_hash_table_iter_next(&each, &name, &value)) {
		if (g_ascii_isdigit(*(const char *)name))
			continue;
		if (g_hash_table_contains(reader->labels, name))
			flush(reader);
		add_pair(reader->labels, name, value);
	}
}

/* A heading or, with a name, only a note by itself. */
static void
take_note(Reader *reader, GHashTable *captures)
{
	if (g_hash_table_contains(captures, "name"))
		add_pair(reader->notes, g_hash_table_lookup(captures, "name"),
		    g_hash_table_lookup(captures, "value"));
	else
		reader->in_notes = true;
}

/* A label that is there already is the next alert's. */
static void
take_pair(Reader *reader, GHashTable *captures)
{
	const char *name = g_hash_table_lookup(captures, "name");

	if (reader->has_pairs && !reader->in_notes &&
	    g_hash_table_contains(reader->labels, name))
		flush(reader);
	reader->has_pairs = true;
	add_pair(reader->in_notes ? reader->notes : reader->labels, name,
	    g_hash_table_lookup(captures, "value"));
}

/* All labels of an alert on one line: each leaves the rest to the next. */
static void
take_row(Reader *reader, const char *pairs)
{
	g_autofree char *left = g_strdup(pairs);
	bool more = left != NULL;

	if (reader->has_pairs)
		flush(reader);
	reader->in_notes = false;
	while (more) {
		g_autoptr(GHashTable) captures = alert_fields_new();
		const char *rest;

		more = matches(reader, reader->by->members->cell, left,
		    captures);
		if (!more)
			break;
		reader->has_pairs = true;
		add_pair(reader->labels, g_hash_table_lookup(captures, "name"),
		    g_hash_table_lookup(captures, "value"));
		rest = g_hash_table_lookup(captures, "rest");
		more = rest != NULL && strlen(rest) < strlen(left);
		if (more) {
			g_free(left);
			left = g_strdup(rest);
		}
	}
}

/* A second one is the next alert's. */
static void
take_status(Reader *reader, GHashTable *captures)
{
	if (reader->has_status)
		flush(reader);
	reader->has_status = true;
	reader->over = g_hash_table_contains(captures, "resolved");
}

static void
read_line(Reader *reader, const char *line)
{
	const AlertMembers *how = reader->by->members;
	g_autoptr(GHashTable) captures = alert_fields_new();
	bool resolved = matches(reader, how->resolved, line, NULL);

	if (resolved || matches(reader, how->firing, line, NULL)) {
		flush(reader);
		reader->firing = !resolved;
		reader->ended = false;
		reader->sections = true;
	} else if (matches(reader, how->end, line, NULL)) {
		flush(reader);
		reader->ended = true;
	} else if (reader->ended) {
		return;
	} else if (matches(reader, how->row, line, captures)) {
		take_row(reader, g_hash_table_lookup(captures, "pairs"));
	} else if (matches(reader, how->start, line, captures)) {
		begin(reader, captures);
	} else if (matches(reader, how->status, line, captures)) {
		take_status(reader, captures);
	} else if (matches(reader, how->notes, line, captures)) {
		take_note(reader, captures);
	} else if (matches(reader, how->pair, line, captures)) {
		take_pair(reader, captures);
	}
}

bool
alert_read_members(AlertMail *mail, const AlertRecogniser *by,
    const AlertRules *rules, GPtrArray *members)
{
	g_autoptr(GHashTable) labels = alert_fields_new();
	g_autoptr(GHashTable) notes = alert_fields_new();
	Reader reader = { .mail = mail,
		.by = by,
		.rules = rules,
		.members = members,
		.labels = labels,
		.notes = notes,
		.firing = true };

	for (guint i = 0;
	     mail->lines[i] != NULL && members->len < ALERT_MEMBERS; i++)
		if (*mail->lines[i] != '\0')
			read_line(&reader, mail->lines[i]);
	flush(&reader);
	if (members->len >= ALERT_MEMBERS)
		g_ptr_array_add(mail->limits, g_strdup("members"));
	return reader.sections;
}
