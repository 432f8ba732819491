/* A recogniser's steps over a mail: what an alert says. */
#include "guichet/alert/alert.h"
#include "alert_private.h"
#include "guichet/base/limits.h"
#include "guichet/base/names.h"
#include "guichet/base/text.h"

#include <string.h>

/* ---- names ---- */

#define ALERT_TYPE_NAMES(X)                \
 X(ALERT_PROBLEM, "problem")               \
 X(ALERT_RECOVERY, "recovery")             \
 X(ALERT_ACKNOWLEDGMENT, "acknowledgment") \
 X(ALERT_UPDATE, "update")                 \
 X(ALERT_FLAPPING_START, "flapping-start") \
 X(ALERT_FLAPPING_STOP, "flapping-stop")   \
 X(ALERT_DOWNTIME_START, "downtime-start") \
 X(ALERT_DOWNTIME_END, "downtime-end")     \
 X(ALERT_CUSTOM, "custom")                 \
 X(ALERT_TEST, "test")
NAME_TABLE(types, ALERT_TYPE_NAMES, ALERT_TYPE_COUNT);

#define ALERT_LEVEL_NAMES(X)         \
 X(ALERT_LEVEL_NONE, "none")         \
 X(ALERT_LEVEL_OK, "ok")             \
 X(ALERT_LEVEL_INFO, "info")         \
 X(ALERT_LEVEL_UNKNOWN, "unknown")   \
 X(ALERT_LEVEL_WARNING, "warning")   \
 X(ALERT_LEVEL_MAJOR, "major")       \
 X(ALERT_LEVEL_CRITICAL, "critical") \
 X(ALERT_LEVEL_DOWN, "down")
NAME_TABLE(levels, ALERT_LEVEL_NAMES, ALERT_LEVEL_COUNT);

const char *
alert_type_name(AlertType type)
{
	return names_word(&types, type);
}

bool
alert_type_parse(const char *name, AlertType *ret_type)
{
	int value = names_find(&types, name);

	if (value < 0)
		return false;
	*ret_type = (AlertType)value;
	return true;
}

const char *
alert_level_name(AlertLevel level)
{
	return names_word(&levels, level);
}

bool
alert_level_parse(const char *name, AlertLevel *ret_level)
{
	int value = names_find(&levels, name);

	if (value < 0)
		return false;
	*ret_level = (AlertLevel)value;
	return true;
}

static void
member_free(gpointer data)
{
	AlertMember *member = data;

	g_free(member->key);
	g_free(member->host);
	g_free(member->service);
	g_free(member->state);
	g_free(member->info);
	g_free(member);
}

const char *
alert_member_host(const Alert *alert, const AlertMember *member)
{
	return *member->host != '\0' ? member->host : alert->host;
}

const char *
alert_member_service(const Alert *alert, const AlertMember *member)
{
	return *member->service != '\0' ? member->service : alert->service;
}

void
alert_free(Alert *alert)
{
	if (alert == NULL)
		return;
	g_free(alert->system);
	g_free(alert->host);
	g_free(alert->service);
	g_free(alert->state);
	g_free(alert->severity);
	g_free(alert->key);
	g_free(alert->alias);
	g_free(alert->event_id);
	g_free(alert->info);
	if (alert->members != NULL)
		g_ptr_array_unref(alert->members);
	g_strfreev(alert->missing);
	g_strfreev(alert->limits);
	g_free(alert);
}

/* ---- fields ---- */

GHashTable *
alert_fields_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static void
set_field(GHashTable *fields, const char *name, const char *value)
{
	char *clean;

	if (g_hash_table_contains(fields, name))
		return;
	clean = alert_clean_value(value);
	if (clean != NULL)
		g_hash_table_insert(fields, g_strdup(name), clean);
}

bool
alert_probe_all(AlertMail *mail, const AlertStep *step, GHashTable *captures)
{
	for (guint i = 0; i < step->probes->len; i++)
		if (!alert_mail_probe(mail, step->probes->pdata[i], captures))
			return false;
	return true;
}

/* A check's output is what an alert says for people. */
static char *
find_label(AlertMail *mail, const AlertSource *source)
{
	const char *const *labels = (const char *const *)source->values;
	AlertMail whole = *mail;

	if (mail->whole_lines == NULL || strcmp(source->field, "info") != 0)
		return alert_mail_label(mail, labels);
	whole.lines = mail->whole_lines;
	return alert_mail_label(&whole, labels);
}

void
alert_take_step(AlertMail *mail, const AlertStep *step, GHashTable *fields)
{
	g_autoptr(GHashTable) captures = alert_fields_new();
	GHashTableIter each;
	gpointer name, value;

	if (!alert_probe_all(mail, step, captures))
		return;
	g_hash_table_iter_init(&each, captures);
	while (g_hash_table_iter_next(&each, &name, &value))
		if (!g_ascii_isdigit(*(const char *)name))
			set_field(fields, name, value);
	for (guint i = 0; i < step->labels->len; i++) {
		const AlertSource *source = step->labels->pdata[i];
		g_autofree char *found = find_label(mail, source);

		set_field(fields, source->field, found);
	}
	for (guint i = 0; i < step->settings->len; i++) {
		const AlertSource *source = step->settings->pdata[i];
		g_autofree char *filled = alert_fill(source->values[0], fields);

		set_field(fields, source->field, filled);
	}
}

/* The first template that can be filled; long ones end in a hash of all. */
static char *
fill_first(char *const *templates, GHashTable *fields)
{
	for (; templates != NULL && *templates != NULL; templates++) {
		g_autofree char *filled = alert_fill(*templates, fields);

		if (filled != NULL)
			return alert_cut_key(filled);
	}
	return NULL;
}

char *
alert_cut_key(const char *key)
{
	g_autofree char *clean = text_clean_line(key, -1, LIMIT_TEXT_BYTES);
	g_autofree char *start = NULL, *hash = NULL;

	if (strlen(clean) <= ALERT_KEY_BYTES)
		return g_steal_pointer(&clean);
	start = text_clean_line(clean, -1, ALERT_KEY_BYTES - 80);
	hash = text_sha256(clean, strlen(clean));
	return g_strconcat(start, " ", hash, NULL);
}

static char **
absent_of(char *const *names, GHashTable *fields)
{
	GPtrArray *absent = g_ptr_array_new();

	for (; names != NULL && *names != NULL; names++)
		if (!g_hash_table_contains(fields, *names))
			g_ptr_array_add(absent, g_strdup(*names));
	g_ptr_array_add(absent, NULL);
	return (char **)g_ptr_array_free(absent, FALSE);
}

/* ---- type and level ---- */

static bool
lookup_word(GHashTable *own, GHashTable *common, const char *word, int *ret)
{
	g_autofree char *folded = alert_fold(word);
	gpointer value;

	if (!g_hash_table_lookup_extended(own, folded, NULL, &value) &&
	    !g_hash_table_lookup_extended(common, folded, NULL, &value))
		return false;
	*ret = GPOINTER_TO_INT(value);
	return true;
}

AlertLevel
alert_level_of(const AlertRecogniser *by, const AlertRules *rules,
    const char *state)
{
	g_autofree char *first = NULL;
	int level;

	if (state == NULL || *state == '\0')
		return ALERT_LEVEL_NONE;
	if (lookup_word(by->states, rules->states, state, &level))
		return (AlertLevel)level;
	/* "DOWN for 0d 0h", "Down (paused)" */
	first = g_strndup(state, strcspn(state, " (,:"));
	if (*first != '\0' &&
	    lookup_word(by->states, rules->states, first, &level))
		return (AlertLevel)level;
	return ALERT_LEVEL_NONE;
}

/* What the word means to this system or to all, or our own name of a type. */
static bool
type_of(const AlertRecogniser *by, const AlertRules *rules, const char *word,
    AlertType *ret_type)
{
	int type;

	if (!lookup_word(by->types, rules->types, word, &type))
		return alert_type_parse(word, ret_type);
	*ret_type = (AlertType)type;
	return true;
}

/*
 * The state decides over the word: notifications exist that call a problem
 * what is OK (Icinga 2's own after a delay), and nothing that is not well
 * again may close a ticket.
 */
static bool
decide_type(const AlertRecogniser *by, const AlertRules *rules,
    GHashTable *fields, AlertType *ret_type)
{
	const char *word = g_hash_table_lookup(fields, "type");
	AlertLevel state = alert_level_of(by, rules,
	    g_hash_table_lookup(fields, "state"));
	AlertType type = ALERT_PROBLEM;

	if ((word == NULL || !type_of(by, rules, word, &type)) &&
	    state == ALERT_LEVEL_NONE)
		return false;
	if (type == ALERT_PROBLEM && state == ALERT_LEVEL_OK)
		type = ALERT_RECOVERY;
	else if (type == ALERT_RECOVERY && state > ALERT_LEVEL_INFO)
		type = ALERT_PROBLEM;
	*ret_type = type;
	return true;
}

static AlertLevel
decide_level(const AlertRecogniser *by, const AlertRules *rules,
    const Alert *alert)
{
	AlertLevel state = alert_level_of(by, rules, alert->state);
	AlertLevel severity = alert_level_of(by, rules, alert->severity);

	if (alert->type == ALERT_RECOVERY)
		return ALERT_LEVEL_OK;
	if (severity != ALERT_LEVEL_NONE)
		return severity;
	if (state != ALERT_LEVEL_NONE)
		return state;
	for (guint i = 0; i < alert->members->len; i++) {
		const AlertMember *member = alert->members->pdata[i];

		if (member->firing)
			severity = MAX(severity, member->level);
	}
	return severity;
}

/* ---- putting together ---- */

static char *
field_text(GHashTable *fields, const char *name)
{
	const char *value = g_hash_table_lookup(fields, name);

	return alert_cut_value(value != NULL ? value : "");
}

/* What all members share is the alert's own. */
static void
adopt_shared(GHashTable *fields, const GPtrArray *members)
{
	static const struct {
		const char *field;
		gsize offset;
	} shared[] = { { "host", offsetof(AlertMember, host) },
		{ "service", offsetof(AlertMember, service) },
		{ "severity", offsetof(AlertMember, state) },
		{ "info", offsetof(AlertMember, info) } };

	for (gsize s = 0; s < G_N_ELEMENTS(shared); s++) {
		const char *value = NULL;
		bool same = true;

		for (guint i = 0; i < members->len && same; i++) {
			const char *own = G_STRUCT_MEMBER(char *,
			    members->pdata[i], shared[s].offset);

			same = value == NULL || strcmp(value, own) == 0;
			value = own;
		}
		if (same && value != NULL)
			set_field(fields, shared[s].field, value);
	}
}

/* Once the keys have been made of them. */
static void
cut_values(const GPtrArray *members)
{
	for (guint i = 0; i < members->len; i++) {
		AlertMember *member = members->pdata[i];
		char **values[] = { &member->host, &member->service,
			&member->state, &member->info };

		for (gsize v = 0; v < G_N_ELEMENTS(values); v++) {
			char *whole = *values[v];

			*values[v] = alert_cut_value(whole);
			g_free(whole);
		}
	}
}

static void
resolve_all(const GPtrArray *members)
{
	for (guint i = 0; i < members->len; i++) {
		AlertMember *member = members->pdata[i];

		member->firing = false;
		member->level = ALERT_LEVEL_OK;
	}
}

static bool
any_firing(const GPtrArray *members)
{
	for (guint i = 0; i < members->len; i++)
		if (((const AlertMember *)members->pdata[i])->firing)
			return true;
	return false;
}

/* What it is to be an alert and was not read. */
static char **
needed_but_absent(const AlertRecogniser *by, GHashTable *fields, bool typed,
    const char *key)
{
	g_autoptr(GStrvBuilder) missing = g_strv_builder_new();
	g_auto(GStrv) needed = absent_of(by->need, fields);

	g_strv_builder_addv(missing, (const char **)needed);
	if (!typed)
		g_strv_builder_add(missing, "type");
	if (key == NULL || *key == '\0')
		g_strv_builder_add(missing, "key");
	return g_strv_builder_end(missing);
}

static void
fill_alert(Alert *alert, const AlertRecogniser *by, const AlertRules *rules,
    GHashTable *fields)
{
	const char *system = g_hash_table_lookup(fields, "system");

	/* Naemon writes as Nagios does, but is not it. */
	alert->system = g_strdup(system != NULL ? system : by->system);
	alert->host = field_text(fields, "host");
	alert->service = field_text(fields, "service");
	alert->state = field_text(fields, "state");
	alert->severity = field_text(fields, "severity");
	alert->event_id = field_text(fields, "event_id");
	alert->info = field_text(fields, "info");
	alert->alias = fill_first(by->aliases, fields);
	if (alert->alias == NULL)
		alert->alias = g_strdup("");
	alert->level = decide_level(by, rules, alert);
	alert->missing = absent_of(by->want, fields);
}

/* "web1 (Payroll)" is web1; and what only a host can be in is no service's. */
static void
set_names(const AlertRecogniser *by, GHashTable *fields)
{
	const char *host = g_hash_table_lookup(fields, "host");
	const char *state = g_hash_table_lookup(fields, "state");
	g_autofree char *first = state == NULL
	    ? NULL
	    : g_strndup(state, strcspn(state, " (,:"));
	g_autofree char *folded = first == NULL ? NULL : alert_fold(first);

	if (host != NULL)
		g_hash_table_insert(fields, g_strdup("host"),
		    alert_host_name(host, by->host_whole));
	if (folded != NULL && by->host_states != NULL &&
	    g_strv_contains((const char *const *)by->host_states, folded))
		g_hash_table_remove(fields, "service");
}

static bool
has_all(const AlertRecogniser *by, GHashTable *fields)
{
	g_auto(GStrv) absent = absent_of(by->need, fields);

	return absent[0] == NULL;
}

/* Where its own fields are below a check's output, all is looked at. */
static void
take_steps(AlertMail *mail, const AlertRecogniser *by, GHashTable *fields)
{
	alert_mail_hide(mail, by->output);
	for (guint i = 0; i < by->steps->len; i++)
		alert_take_step(mail, by->steps->pdata[i], fields);
	alert_mail_show(mail);
	for (guint i = 0; i < by->steps->len && !has_all(by, fields); i++)
		alert_take_step(mail, by->steps->pdata[i], fields);
	set_names(by, fields);
}

Alert *
alert_fit(AlertMail *mail, const AlertRecogniser *by, const AlertRules *rules,
    GHashTable *fields, char ***ret_missing)
{
	g_autoptr(Alert) alert = g_new0(Alert, 1);
	bool typed, sections = true;

	alert->members = g_ptr_array_new_with_free_func(member_free);
	if (by->members != NULL)
		sections = alert_read_members(mail, by, rules, alert->members);
	adopt_shared(fields, alert->members);
	take_steps(mail, by, fields);
	typed = decide_type(by, rules, fields, &alert->type);
	if (!sections && alert->type == ALERT_RECOVERY)
		resolve_all(alert->members);
	/* One that still fires keeps the ticket open. */
	if (alert->type == ALERT_RECOVERY && any_firing(alert->members))
		alert->type = ALERT_PROBLEM;
	alert->key = fill_first(by->keys, fields);
	*ret_missing = needed_but_absent(by, fields, typed, alert->key);
	if ((*ret_missing)[0] != NULL)
		return NULL;
	fill_alert(alert, by, rules, fields);
	cut_values(alert->members);
	alert->limits = alert_mail_limits(mail);
	return g_steal_pointer(&alert);
}

const AlertStep *
alert_sign_of(AlertMail *mail, const GPtrArray *signs)
{
	for (guint i = 0; i < signs->len; i++)
		if (alert_probe_all(mail, signs->pdata[i], NULL))
			return signs->pdata[i];
	return NULL;
}
