/* A mail that no recogniser knows: by its subject, words and shape. */
#include "alert_private.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"

#include <string.h>

#define NO_SUBJECT   "(no subject)"
#define HEX_DIGITS   8 /* so many and one of them a digit: an id */
#define LONG_NUMBER  5 /* in a name, so many digits: a counter */
#define UNIT_LETTERS 3 /* "15min", "20T03Z" */

typedef enum {
	PIECE_GAP,      /* what stands between words */
	PIECE_WORD,     /* kept */
	PIECE_CALENDAR, /* a number beside a number */
	PIECE_NUMBER,
} PieceKind;

typedef struct {
	PieceKind kind;
	char *text;
} Piece;

static void
piece_clear(gpointer data)
{
	g_free(((Piece *)data)->text);
}

/* ---- what a relay put before it ---- */

/*
 * "[EXT] x", "{Spam?} x", "***SPAM*** x", "Fwd: x": what is taken away must be
 * a prefix as "WORD: x", too. Any other word in brackets is the system's own,
 * and may be what it speaks of: "[web1] disk full".
 */
static bool
is_mark(AlertMail *mail, const AlertRules *rules, const char *whole,
    const char *rest)
{
	gsize length = strlen(whole) - strlen(rest);
	g_autofree char *mark = g_strndup(whole, length);
	g_autofree char *plain = NULL;
	char *word = mark, *end;

	if (!g_str_has_suffix(whole, rest))
		return false;
	while (*word != '\0' && !g_ascii_isalnum(*word) && (guchar)*word < 128)
		word++;
	end = word + strlen(word);
	while (end > word && !g_ascii_isalnum(end[-1]) && (guchar)end[-1] < 128)
		*--end = '\0';
	plain = g_strdup_printf("%s: %s", word, rest);
	for (guint i = 0; *word != '\0' && i < rules->prefixes->len; i++) {
		g_autoptr(GHashTable) captures = alert_fields_new();
		const char *left;

		if (!alert_mail_find(mail, rules->prefixes->pdata[i], plain,
			captures))
			continue;
		left = g_hash_table_lookup(captures, "rest");
		if (g_strcmp0(left, rest) == 0)
			return true;
	}
	return false;
}

static const char *
without_marks(AlertMail *mail, const AlertRules *rules)
{
	guint i = 0;

	while (i + 1 < mail->subjects->len &&
	    is_mark(mail, rules, mail->subjects->pdata[i],
		mail->subjects->pdata[i + 1]))
		i++;
	return mail->subjects->pdata[i];
}

/* ---- words ---- */

static bool
is_word_byte(char c)
{
	return g_ascii_isalnum(c) || (guchar)c >= 128 || c == '-' || c == '_' ||
	    c == '.';
}

static bool
is_calendar(const char *word)
{
	static const char *const names[] = { "mon", "tue", "wed", "thu", "fri",
		"sat", "sun", "monday", "tuesday", "wednesday", "thursday",
		"friday", "saturday", "sunday", "lun", "mar", "mer", "jeu",
		"ven", "sam", "dim", "lundi", "mardi", "mercredi", "jeudi",
		"vendredi", "samedi", "dimanche", "jan", "feb", "apr", "may",
		"jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
		"january", "february", "march", "april", "june", "july",
		"august", "september", "october", "november", "december",
		"janv", "févr", "avr", "juil", "déc", "janvier", "février",
		"mars", "avril", "mai", "juin", "juillet", "août", "septembre",
		"octobre", "novembre", "décembre", "am", "pm", NULL };
	g_autofree char *low = g_utf8_strdown(word, -1);

	return g_strv_contains(names, low);
}

/* "85", "2026-11-24", "12.5", "15min", "2h30", "20261124T030000Z": digits first,
 * and letters only right behind digits. */
static bool
is_number(const char *word)
{
	gsize letters = 0;

	if (!g_ascii_isdigit(*word))
		return false;
	for (const char *p = word; *p != '\0'; p++) {
		if (g_ascii_isdigit(*p)) {
			letters = 0;
			continue;
		}
		if (!g_ascii_isalpha(*p)) {
			if ((guchar)*p >= 128)
				return false;
			continue;
		}
		if (++letters > UNIT_LETTERS ||
		    (letters == 1 && !g_ascii_isdigit(p[-1])))
			return false;
	}
	return true;
}

/* A run of hex digits, or several with hyphens, as a UUID's. */
static bool
is_hex_id(const char *word)
{
	gsize digits = 0, all = 0;
	bool hyphens = false;

	for (const char *p = word; *p != '\0'; p++) {
		digits += g_ascii_isdigit(*p) ? 1 : 0;
		all += g_ascii_isxdigit(*p) ? 1 : 0;
		hyphens |= *p == '-';
		if (!g_ascii_isxdigit(*p) && *p != '-')
			return false;
	}
	return digits > 0 && all >= (hyphens ? 2 * HEX_DIGITS : HEX_DIGITS);
}

/* A name: long numbers and ids in it are none of it, as in
 * "backup-2026-11-24" and "job-0047110". The caller frees. */
static char *
name_of(const char *word)
{
	GString *name = g_string_new(NULL);

	while (*word != '\0') {
		gsize run = strspn(word, "0123456789"), length;
		bool date = run == 4 && word[4] == '-' &&
		    strspn(word + 5, "0123456789") == 2 && word[7] == '-' &&
		    strspn(word + 8, "0123456789") == 2;

		if (run == 0) {
			g_string_append_c(name, *word++);
			continue;
		}
		length = date ? 10 : run;
		if (date || run >= LONG_NUMBER)
			g_string_append_c(name, '#');
		else
			g_string_append_len(name, word, (gssize)length);
		word += length;
	}
	return g_string_free(name, FALSE);
}

/* "a3f9c2d1" within "job-a3f9c2d1.log". */
static char *
without_ids(const char *word)
{
	GString *name = g_string_new(NULL);

	while (*word != '\0') {
		gsize length = strcspn(word, "-_.");
		g_autofree char *part = g_strndup(word, length);
		g_autofree char *kept = is_hex_id(part) ? g_strdup("#")
							: g_strdup(part);

		g_string_append(name, kept);
		word += length;
		if (*word != '\0')
			g_string_append_c(name, *word++);
	}
	return g_string_free(name, FALSE);
}

static void
add_piece(GArray *pieces, PieceKind kind, char *take_text)
{
	Piece piece = { .kind = kind, .text = take_text };

	g_array_append_val(pieces, piece);
}

static bool
is_rim(char c)
{
	return c == '-' || c == '_' || c == '.';
}

/* One word, without the full stop behind it and the like. */
static void
add_word(GArray *pieces, const char *from, gsize length)
{
	gsize before = 0, own = length;
	g_autofree char *word = NULL;
	g_autofree char *named = NULL;

	while (before < length && is_rim(from[before]))
		before++;
	while (own > before && is_rim(from[own - 1]))
		own--;
	word = g_strndup(from + before, own - before);
	/* A number's sign is its own. */
	if (before > 0 && !is_number(word))
		add_piece(pieces, PIECE_GAP, g_strndup(from, before));
	if (is_calendar(word)) {
		add_piece(pieces, PIECE_CALENDAR, g_strdup(word));
	} else if (*word != '\0' && g_hostname_is_ip_address(word)) {
		add_piece(pieces, PIECE_WORD, g_strdup(word));
	} else if (is_number(word) || is_hex_id(word)) {
		add_piece(pieces, PIECE_NUMBER, g_strdup(word));
	} else if (*word != '\0') {
		named = name_of(word);
		add_piece(pieces, PIECE_WORD, without_ids(named));
	}
	if (own < length)
		add_piece(pieces, PIECE_GAP,
		    g_strndup(from + own, length - own));
}

static void
split(GArray *pieces, const char *subject)
{
	while (*subject != '\0') {
		gsize length = 0;

		if (!is_word_byte(*subject)) {
			while (subject[length] != '\0' &&
			    !is_word_byte(subject[length]))
				length++;
			add_piece(pieces, PIECE_GAP,
			    g_strndup(subject, length));
		} else {
			while (is_word_byte(subject[length]))
				length++;
			add_word(pieces, subject, length);
		}
		subject += length;
	}
}

/* ---- numbers beside each other are one ---- */

static bool
is_narrow(const Piece *piece)
{
	return piece->kind == PIECE_GAP &&
	    strspn(piece->text, " ,.:/+-_") == strlen(piece->text);
}

/* "Tue", "Nov" of "Tue, Nov 24": from `start` on, by `step`. */
static void
join_calendar(GArray *pieces, gint start, gint step)
{
	bool beside = false;

	for (gint i = start; i >= 0 && i < (gint)pieces->len; i += step) {
		Piece *piece = &g_array_index(pieces, Piece, (guint)i);

		if (piece->kind == PIECE_CALENDAR && beside)
			piece->kind = PIECE_NUMBER;
		beside = piece->kind == PIECE_NUMBER ||
		    (beside && is_narrow(piece));
	}
}

static char *
put_together(const GArray *pieces)
{
	GString *key = g_string_new(NULL);
	gssize number = -1; /* where the key ends in one */

	for (guint i = 0; i < pieces->len; i++) {
		const Piece *piece = &g_array_index(pieces, Piece, i);

		if (piece->kind == PIECE_NUMBER) {
			if (number >= 0)
				g_string_truncate(key, (gsize)number);
			else
				g_string_append_c(key, '#');
			number = (gssize)key->len;
			continue;
		}
		g_string_append(key, piece->text);
		if (!is_narrow(piece))
			number = -1;
	}
	return g_string_free(key, FALSE);
}

static char *
key_of(const char *subject)
{
	g_autofree char *clean = text_clean_line(subject, -1, LIMIT_TEXT_BYTES);
	g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
	g_autofree char *key = NULL;

	g_array_set_clear_func(pieces, piece_clear);
	split(pieces, clean);
	join_calendar(pieces, 0, 1);
	join_calendar(pieces, (gint)pieces->len - 1, -1);
	key = put_together(pieces);
	return alert_cut_key(*key != '\0' ? key : NO_SUBJECT);
}

/* ---- what it says ---- */

#define FIRST_LINES 6 /* of a text, that say what has happened */

/* Of the first lines: what is over, if nothing there is bad. */
static AlertSaying
first_lines(const AlertMail *mail, const AlertUnknown *unknown)
{
	AlertSaying said = SAYS_NOTHING;
	guint lines = 0;

	for (char **line = mail->lines; *line != NULL && lines < FIRST_LINES;
	     line++) {
		AlertSaying says;

		if (**line == '\0')
			continue;
		says = alert_saying(unknown, *line);
		if (says == SAYS_BAD)
			return SAYS_BAD;
		/* "Info: a backup was started." */
		if (says == SAYS_GOOD_NOTICE)
			says = SAYS_NOTICE;
		if (says == SAYS_OVER || (says == SAYS_NOTICE && lines == 0))
			said = says;
		lines++;
	}
	return said;
}

static bool
is_good(AlertSaying says)
{
	return says == SAYS_GOOD || says == SAYS_GOOD_NOTICE ||
	    says == SAYS_OVER;
}

/*
 * The subject first, then the state that a line names, then the first lines of
 * the text: these only of what is known to have begun, as they may speak of
 * anything. What is not plain is a problem.
 */
static AlertType
type_of(const AlertMail *mail, const AlertUnknown *unknown, const char *subject,
    const char *state, bool *ret_only_known)
{
	AlertSaying says = alert_saying(unknown, subject);
	AlertSaying label = alert_saying(unknown, state != NULL ? state : "");
	AlertSaying text = first_lines(mail, unknown);

	*ret_only_known = false;
	if (is_good(says))
		return label == SAYS_BAD ? ALERT_PROBLEM : ALERT_RECOVERY;
	if (says != SAYS_BAD && is_good(label))
		return ALERT_RECOVERY;
	if (label != SAYS_BAD && (says == SAYS_MAYBE || text == SAYS_OVER)) {
		*ret_only_known = true;
		return ALERT_RECOVERY;
	}
	if (says == SAYS_UPDATE) {
		*ret_only_known = true;
		return ALERT_UPDATE;
	}
	if (says != SAYS_BAD && label != SAYS_BAD && text != SAYS_BAD &&
	    (says == SAYS_NOTICE || label == SAYS_NOTICE ||
		text == SAYS_NOTICE))
		return ALERT_CUSTOM;
	return ALERT_PROBLEM;
}

/* ---- what it is about ---- */

static char *
name_in(GHashTable *fields, const char *field)
{
	const char *value = g_hash_table_lookup(fields, field);
	g_autofree char *name = value == NULL ? g_strdup("")
	    : strcmp(field, "host") == 0      ? alert_host_name(value, false)
					      : g_strdup(value);

	return alert_cut_value(name);
}

static char *
join_names(const char *one, const char *other)
{
	return g_strdup_printf("%s%s%s", one,
	    *one != '\0' && *other != '\0' ? ", " : "", other);
}

/* "Device: srv1.client" is a host, as is "Monitor: www.client";
 * "Device: /dev/sda" and "Device: UPS 2" are something of one. */
static bool
is_of_host_shape(const char *device)
{
	const char *dot = strchr(device, '.');

	return dot != NULL && dot != device && g_ascii_isalpha(dot[1]) &&
	    strpbrk(device, " /\\:@") == NULL;
}

/* Whose subject is the same may be about something else. */
static void
set_names(Alert *alert, GHashTable *fields)
{
	g_autofree char *service = name_in(fields, "service");
	g_autofree char *device = name_in(fields, "device");
	char **const names[] = { &device, &service };

	alert->host = name_in(fields, "host");
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		if (*alert->host != '\0' || !is_of_host_shape(*names[i]))
			continue;
		g_free(alert->host);
		alert->host = g_steal_pointer(names[i]);
		*names[i] = g_strdup("");
	}
	alert->service = join_names(service, device);
}

static char *
whole_key(const char *subject, const Alert *alert)
{
	g_autofree char *key = key_of(subject);
	g_autofree char *names = join_names(alert->host, alert->service);
	g_autofree char *whole = g_strdup_printf("%s%s%s", key,
	    *names != '\0' ? " | " : "", names);

	return alert_cut_key(whole);
}

static char *
alias_of(const AlertRules *rules, const char *subject)
{
	g_autofree char *key = key_of(subject);
	g_autofree char *stem = alert_stem(rules->unknown, key);

	return alert_cut_key(stem);
}

char *
alert_unknown_alias(const AlertRules *rules, const char *subject)
{
	g_autoptr(AlertMail) mail = alert_mail_of_subject(rules, subject);

	return alias_of(rules, without_marks(mail, rules));
}

/* ---- the alert ---- */

Alert *
alert_unknown_of(const AlertRules *rules, AlertMail *mail)
{
	g_autoptr(GHashTable) fields = alert_fields_new();
	const char *subject = without_marks(mail, rules);
	const GPtrArray *read = rules->unknown->read;
	Alert *alert = g_new0(Alert, 1);

	for (guint i = 0; i < read->len; i++)
		alert_take_step(mail, read->pdata[i], fields);
	alert->system = g_strdup(ALERT_SYSTEM_UNKNOWN);
	alert->type = type_of(mail, rules->unknown, mail->subjects->pdata[0],
	    g_hash_table_lookup(fields, "state"), &alert->only_known);
	alert->level = alert->type == ALERT_RECOVERY ? ALERT_LEVEL_OK
						     : ALERT_LEVEL_NONE;
	set_names(alert, fields);
	alert->state = g_strdup("");
	alert->severity = g_strdup("");
	alert->key = whole_key(subject, alert);
	alert->alias = alias_of(rules, subject);
	alert->event_id = g_strdup("");
	alert->info = alert_cut_value(mail->subjects->pdata[0]);
	alert->members = g_ptr_array_new();
	alert->missing = g_new0(char *, 1);
	alert->limits = alert_mail_limits(mail);
	return alert;
}

bool
alert_is_unknown(const Alert *alert)
{
	return strcmp(alert->system, ALERT_SYSTEM_UNKNOWN) == 0;
}
