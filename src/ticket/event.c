/* Events: made, filled in, and described for the dump. */
#include "event_private.h"

#include "guichet/base/cleanup.h"
#include "guichet/base/names.h"

#include <string.h>

#define EVENT_TYPE_NAMES(X)      \
 X(EVENT_OPENED, "opened")       \
 X(EVENT_MESSAGE, "message")     \
 X(EVENT_STATE, "state")         \
 X(EVENT_SEVERITY, "severity")   \
 X(EVENT_KIND, "kind")           \
 X(EVENT_COMPONENT, "component") \
 X(EVENT_CONTRACT, "contract")   \
 X(EVENT_ASSIGNED, "assigned")   \
 X(EVENT_TAG, "tag")             \
 X(EVENT_MET, "met")             \
 X(EVENT_EXCLUDED, "excluded")   \
 X(EVENT_LINKED, "linked")       \
 X(EVENT_TOLD, "told")           \
 X(EVENT_WARNED, "warned")       \
 X(EVENT_HELD, "held")           \
 X(EVENT_SENT, "sent")           \
 X(EVENT_ALERT, "alert")         \
 X(EVENT_REMINDED, "reminded")   \
 X(EVENT_MERGED, "merged")       \
 X(EVENT_CARRIED, "carried")     \
 X(EVENT_TIME, "time")           \
 X(EVENT_ESTIMATE, "estimate")   \
 X(EVENT_APPROVAL, "approval")   \
 X(EVENT_RPO, "rpo")             \
 X(EVENT_DEBRIEF, "debrief")     \
 X(EVENT_CALL, "call")           \
 X(EVENT_LIFE, "life")           \
 X(EVENT_ANSWERED, "answered")   \
 X(EVENT_NEXT, "next")           \
 X(EVENT_LATER, "later")         \
 X(EVENT_MINDED, "minded")       \
 X(EVENT_UNDONE, "undone")
NAME_TABLE(types, EVENT_TYPE_NAMES, EVENT_COUNT);

/* Values that are instants: shown as such to people. */
static const char *const instant_keys[] = { "became", "due", "intake",
	"received", "asked", "until", "unanswered" };

Event *
event_new(EventType type, gint64 ticket, Instant at, const char *actor,
    gint64 mail)
{
	Event *event = g_new0(Event, 1);

	g_assert((guint)type < EVENT_COUNT);
	g_assert(at != INSTANT_NONE);
	event->type = type;
	event->ticket = ticket;
	event->at = at;
	event->recorded = at;
	event->actor = g_strdup(actor);
	event->mail = mail;
	event->data = json_object();
	return event;
}

Event *
event_stored(EventType type, gint64 ticket, Instant at, const char *actor,
    gint64 mail)
{
	return event_new(type, ticket, at, actor, mail);
}

void
event_free(Event *event)
{
	if (event == NULL)
		return;
	g_free(event->actor);
	json_decref(event->data);
	g_free(event);
}

Event *
event_set(Event *event, const char *key, const char *value)
{
	g_autofree char *valid = NULL;

	if (value == NULL)
		return event;
	valid = g_utf8_make_valid(value, -1);
	json_object_set_new(event->data, key, json_string(valid));
	return event;
}

Event *
event_set_int(Event *event, const char *key, gint64 value)
{
	json_object_set_new(event->data, key, json_integer(value));
	return event;
}

const char *
event_text(const Event *event, const char *key)
{
	const char *text = json_string_value(json_object_get(event->data, key));

	return text != NULL ? text : "";
}

gint64
event_int(const Event *event, const char *key)
{
	return json_integer_value(json_object_get(event->data, key));
}

const char *
event_type_name(EventType type)
{
	return names_word(&types, type);
}

bool
event_type_parse(const char *name, EventType *ret_type)
{
	int value = names_find(&types, name);

	if (value < 0)
		return false;
	*ret_type = (EventType)value;
	return true;
}

static bool
is_instant_key(const char *key)
{
	for (gsize i = 0; i < G_N_ELEMENTS(instant_keys); i++) {
		if (strcmp(instant_keys[i], key) == 0)
			return true;
	}
	return false;
}

/* A bare word stays bare; anything else is quoted, so that the line can be
 * read back by eye without doubt. */
static void
append_text(GString *line, const char *text)
{
	g_autofree char *escaped = NULL;
	bool bare = *text != '\0';

	for (const char *p = text; *p != '\0'; p++) {
		if ((guchar)*p <= ' ' || *p == '"' || *p == '\\' || *p == 0x7f)
			bare = false;
	}
	if (bare) {
		g_string_append(line, text);
		return;
	}
	g_string_append_c(line, '"');
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_printf(line, "\\%c", *p);
		else if ((guchar)*p < ' ' || *p == 0x7f)
			g_string_append_printf(line, "\\x%02x", (guint)*p);
		else
			g_string_append_c(line, *p);
	}
	g_string_append_c(line, '"');
}

static void
append_value(GString *line, const char *key, const json_t *value)
{
	g_string_append_printf(line, " %s=", key);
	if (!json_is_integer(value)) {
		const char *text = json_string_value(value);

		append_text(line, text != NULL ? text : "");
	} else if (is_instant_key(key)) {
		g_autofree char *at = instant_format(json_integer_value(value));

		g_string_append(line, at);
	} else {
		g_string_append_printf(line, "%" JSON_INTEGER_FORMAT,
		    json_integer_value(value));
	}
}

static int
compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *
event_describe(const Event *event)
{
	g_autofree char *at = instant_format(event->at);
	GString *line = g_string_new(NULL);
	g_autoptr(GPtrArray) keys = g_ptr_array_new();
	const char *key;
	json_t *value;

	g_string_append_printf(line, "%s %s by %s", at,
	    event_type_name(event->type), event->actor);
	json_object_foreach(event->data, key, value)
	{
		g_ptr_array_add(keys, (gpointer)key);
	}
	g_ptr_array_sort(keys, compare_keys);
	for (guint i = 0; i < keys->len; i++) {
		key = keys->pdata[i];
		append_value(line, key, json_object_get(event->data, key));
	}
	return g_string_free(line, FALSE);
}
