/* Log lines on standard error, each value escaped and cut. */
#include "guichet/base/log.h"
#include "guichet/base/limits.h"
#include "guichet/base/names.h"
#include "guichet/base/text.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

typedef struct {
	const char *name;
	int priority; /* syslog(3)'s, which the journal reads */
} Level;

#define LOG_LEVELS(X)                         \
 X(LOG_LEVEL_ERROR, "error", LOG_ERR)         \
 X(LOG_LEVEL_WARNING, "warning", LOG_WARNING) \
 X(LOG_LEVEL_INFO, "info", LOG_INFO)          \
 X(LOG_LEVEL_DEBUG, "debug", LOG_DEBUG)
NAME_ROWS(Level, levels, LOG_LEVELS, LOG_LEVEL_COUNT);

static bool
is_shown(LogLevel level)
{
	const char *wanted = g_getenv("GUICHET_LOG");
	LogLevel most = LOG_LEVEL_INFO;

	for (LogLevel i = 0; wanted != NULL && i < LOG_LEVEL_COUNT; i++) {
		if (strcmp(wanted, levels[i].name) == 0)
			most = i;
	}
	return level <= most;
}

/* Whether standard error is the stream that systemd says is the journal's. */
static bool
is_journal(void)
{
	const char *stream = g_getenv("JOURNAL_STREAM");
	g_autofree char *ours = NULL;
	struct stat status;

	if (stream == NULL || fstat(STDERR_FILENO, &status) != 0)
		return false;
	ours = g_strdup_printf("%llu:%llu", (unsigned long long)status.st_dev,
	    (unsigned long long)status.st_ino);
	return strcmp(stream, ours) == 0;
}

/* Escapes: \n \t \" \\ \xHH for bytes that are no UTF-8, \u{H} for controls
 * and for what would turn the direction of the text round. */
static void
append_value(GString *line, const char *value)
{
	gsize start = line->len;
	bool quote = *value == '\0';

	for (const char *p = value; *p != '\0';) {
		gunichar c = g_utf8_get_char_validated(p, -1);
		bool bad = c == (gunichar)-1 || c == (gunichar)-2;
		const char *next = bad ? p + 1 : g_utf8_next_char(p);

		if (line->len - start > LIMIT_LOG_VALUE_BYTES) {
			g_string_append(line, "...");
			break;
		}
		if (bad) {
			g_string_append_printf(line, "\\x%02x", (guchar)*p);
		} else if (c == '\n' || c == '\t') {
			g_string_append(line, c == '\n' ? "\\n" : "\\t");
		} else if (c == '"' || c == '\\') {
			g_string_append_c(line, '\\');
			g_string_append_c(line, *p);
		} else if (text_is_hidden(c)) {
			g_string_append_printf(line, "\\u{%x}", c);
		} else {
			g_string_append_len(line, p, next - p);
		}
		quote = quote || bad || text_is_hidden(c) ||
		    strchr(" =\"\\", *p) != NULL;
		p = next;
	}
	if (quote) {
		g_string_insert_c(line, (gssize)start, '"');
		g_string_append_c(line, '"');
	}
}

static void
append_event(GString *line, const char *event, va_list pairs)
{
	const char *name;

	g_string_append(line, event);
	while ((name = va_arg(pairs, const char *)) != NULL) {
		const char *value = va_arg(pairs, const char *);

		if (value == NULL)
			continue;
		g_string_append_printf(line, " %s=", name);
		append_value(line, value);
	}
}

char *
log_format(const char *event, ...)
{
	GString *line = g_string_new(NULL);
	va_list pairs;

	va_start(pairs, event);
	append_event(line, event, pairs);
	va_end(pairs);
	return g_string_free(line, FALSE);
}

void
log_event(LogLevel level, const char *event, ...)
{
	g_autoptr(GString) line = NULL;
	va_list pairs;

	if (!is_shown(level))
		return;
	line = g_string_new(NULL);
	if (is_journal()) {
		g_string_append_printf(line, "<%d>", levels[level].priority);
	} else {
		g_autofree char *now = instant_format(instant_now());

		g_string_append_printf(line, "%s %s ", now, levels[level].name);
	}
	va_start(pairs, event);
	append_event(line, event, pairs);
	va_end(pairs);
	g_string_append_c(line, '\n');
	/* One write, so that lines of several processes do not mix. */
	fwrite(line->str, 1, line->len, stderr);
	fflush(stderr);
}
