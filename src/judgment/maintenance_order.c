/* Orders of maintenance: read from words, and checked. */
#include "guichet/judgment/maintenance_order.h"

#include "guichet/base/error.h"
#include "guichet/base/text.h"
#include "guichet/time/duration.h"

#include <string.h>

#define DAY         86400
#define NAME_BYTES  255
#define TIME_USAGE  "22:00, 24/11 22:00 or 2026-11-24 22:00"
#define HEURE_USAGE "22:00, 24/11 22:00 ou 2026-11-24 22:00"

void
maintenance_order_free(MaintenanceOrder *order)
{
	if (order == NULL)
		return;
	g_free(order->host);
	g_free(order->contract);
	g_free(order->service);
	g_free(order->reason);
	g_free(order);
}

static bool
refuse(GError **error, char *take_text)
{
	g_autofree char *text = take_text;

	g_set_error_literal(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
	    text);
	return false;
}

/* ---- times as people write them ---- */

/* One to `most` digits, and how many. */
static gsize
read_number(const char *text, gsize most, int *ret_number)
{
	gsize count = 0;
	int number = 0;

	while (count < most && g_ascii_isdigit(text[count]))
		number = number * 10 + (text[count++] - '0');
	if (count > 0)
		*ret_number = number;
	return count;
}

/* "22:00", "8:05", "24:00". */
static bool
read_clock(const char *text, int32_t *ret_seconds)
{
	int hour = 0, minute = 0;
	gsize head = read_number(text, 2, &hour);

	if (head == 0 || text[head] != ':' ||
	    read_number(text + head + 1, 2, &minute) != 2 ||
	    text[head + 3] != '\0' || minute > 59 ||
	    hour * 60 + minute > 24 * 60)
		return false;
	*ret_seconds = hour * 3600 + minute * 60;
	return true;
}

static bool
is_date(int year, int month, int day)
{
	return month >= 1 && month <= 12 && day >= 1 &&
	    day <= date_month_days(year, month);
}

/* "24/11/2026", or "24/11": the next one that there is, `today` included. */
static bool
read_european_date(const char *text, Date today, Date *ret_date)
{
	int day = 0, month = 0, year = 0, ignored;
	gsize head = read_number(text, 2, &day), tail;

	if (head == 0 || text[head] != '/')
		return false;
	text += head + 1;
	tail = read_number(text, 2, &month);
	text += tail;
	if (tail == 0)
		return false;
	if (*text == '/') {
		if (read_number(text + 1, 4, &year) != 4 || text[5] != '\0' ||
		    !is_date(year, month, day))
			return false;
		*ret_date = date_of(year, month, day);
		return true;
	}
	if (*text != '\0')
		return false;
	date_split(today, &year, &ignored, &ignored);
	for (int i = 0; i <= 8; i++, year++) { /* a 29 February */
		if (is_date(year, month, day) &&
		    date_of(year, month, day) >= today) {
			*ret_date = date_of(year, month, day);
			return true;
		}
	}
	return false;
}

/* What a time is read against. */
typedef struct {
	const Zone *zone;
	Instant after;
	bool is_end; /* of the maintenance: after `after`, never at it */
} Reading;

static Instant
wall_instant(const Reading *r, Wall wall)
{
	return zone_instant(r->zone, wall,
	    r->is_end ? ZONE_SECOND : ZONE_FIRST);
}

static bool
read_next_clock(const Reading *r, const char *text, Instant *ret_at)
{
	Date today = wall_date(zone_wall(r->zone, r->after));
	int32_t seconds;

	if (!read_clock(text, &seconds))
		return false;
	for (Date date = today - 1;; date++) {
		Instant at = wall_instant(r, wall_midnight(date) + seconds);

		if (at > r->after || (at == r->after && !r->is_end)) {
			*ret_at = at;
			return true;
		}
	}
}

/* "DATE CLOCK" or "DATETCLOCK". */
static bool
read_dated(const Reading *r, const char *text, Instant *ret_at)
{
	Date today = wall_date(zone_wall(r->zone, r->after)), date;
	gsize length = strcspn(text, " T");
	g_autofree char *day = g_strndup(text, length);
	int32_t seconds;

	if (text[length] == '\0' || !read_clock(text + length + 1, &seconds) ||
	    (!date_parse(day, &date) && !read_european_date(day, today, &date)))
		return false;
	*ret_at = wall_instant(r, wall_midnight(date) + seconds);
	return true;
}

static bool
read_time(const Reading *r, const char *text, Instant *ret_at)
{
	return read_next_clock(r, text, ret_at) ||
	    read_dated(r, text, ret_at) || instant_parse(text, ret_at, NULL);
}

bool
maintenance_order_time(const char *text, const Zone *zone, Instant after,
    int32_t clock, Instant *ret_at)
{
	const Reading r = { zone, after, true };
	Date today = wall_date(zone_wall(zone, after)), date;

	if (read_time(&r, text, ret_at))
		return true;
	if (!date_parse(text, &date) && !read_european_date(text, today, &date))
		return false;
	*ret_at = wall_instant(&r, wall_midnight(date) + clock);
	return true;
}

static bool
read_from(const char *text, const Zone *zone, Instant written, Instant *ret_at,
    const char *language, GError **error)
{
	Reading r = { zone, written, false };

	if (g_ascii_strcasecmp(text, "now") == 0 ||
	    g_ascii_strcasecmp(text, "maintenant") == 0) {
		*ret_at = written - written % 60;
		return true;
	}
	return read_time(&r, text, ret_at) ||
	    refuse(error,
		text_in(language,
		    "« %.40s » n'est pas un début : écrivez " HEURE_USAGE
		    " (jour/mois), ou maintenant",
		    "'%.40s' is no time to begin: write " TIME_USAGE
		    " (day/month), or now",
		    text));
}

/* So many hours and minutes, or the same time of day so many days later. */
static bool
read_length(const char *text, const Zone *zone, Instant from, Instant *ret_at)
{
	Duration length;

	if (!duration_parse(text, &length, NULL))
		return false;
	if (length.unit == DURATION_TIME)
		*ret_at = from + length.count;
	else if (length.unit == DURATION_DAYS)
		*ret_at = zone_instant(zone,
		    zone_wall(zone, from) + length.count * DAY, ZONE_SECOND);
	else
		return false;
	return true;
}

static bool
read_to(const char *text, const Zone *zone, Instant from, Instant *ret_at,
    const char *language, GError **error)
{
	Reading r = { zone, from, true };

	return read_length(text, zone, from, ret_at) ||
	    read_time(&r, text, ret_at) ||
	    refuse(error,
		text_in(language,
		    "« %.40s » n'est pas une fin : écrivez " HEURE_USAGE
		    " (jour/mois), ou une durée, comme 2h ou 1h30m",
		    "'%.40s' is no time to end: write " TIME_USAGE
		    " (day/month), or how long, as 2h or 1h30m",
		    text));
}

/* ---- the rules ---- */

static bool
check_target(const MaintenanceOrder *order, const char *language,
    GError **error)
{
	const char *names[] = { order->host, order->service };
	guint stars = 0;
	bool good = *order->host != '\0';

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		good = good && strlen(names[i]) <= NAME_BYTES &&
		    (*names[i] == '\0' || text_is_clean_line(names[i]));
		for (const char *p = names[i]; *p != '\0'; p++)
			stars += *p == '*';
	}
	return (good && stars <= MAINTENANCE_STARS) ||
	    refuse(error,
		text_in(language, "nommez un hôte, avec au plus %d « * »",
		    "name a host, with at most %d '*'", MAINTENANCE_STARS));
}

static bool
check_times(const MaintenanceOrder *order, Instant now, const char *language,
    GError **error)
{
	if (order->to <= order->from || order->to <= now)
		return refuse(error,
		    text_in(language,
			"elle finirait avant de commencer, ou est déjà finie",
			"it would be over before it begins, or is over "
			"already"));
	if (order->to - order->from > (Seconds)MAINTENANCE_DAYS_MAX * DAY)
		return refuse(error,
		    text_in(language,
			"une maintenance de plus de %d jours cacherait une "
			"panne",
			"a maintenance of more than %d days would hide a "
			"failure",
			MAINTENANCE_DAYS_MAX));
	return true;
}

/* What stands behind the '@'; before it may stand nothing. */
static void
take_contract(MaintenanceOrder *order)
{
	char *at = strrchr(order->host, '@');

	order->contract = g_strdup(at != NULL ? at + 1 : "");
	if (at == NULL)
		return;
	*at = '\0';
	if (*order->host == '\0') {
		g_free(order->host);
		order->host = g_strdup("*");
	}
}

MaintenanceOrder *
maintenance_order_plan(const MaintenanceParts *parts, const Zone *zone,
    Instant written, Instant now, const char *language, GError **error)
{
	g_autoptr(MaintenanceOrder) order = g_new0(MaintenanceOrder, 1);
	const char *target = parts->target;
	const char *slash = strchr(target, '/');

	order->host = slash != NULL ? g_strndup(target, (gsize)(slash - target))
				    : g_strdup(target);
	order->service = g_strdup(slash != NULL ? slash + 1 : "");
	take_contract(order);
	order->reason = g_strdup("");
	if (!check_target(order, language, error) ||
	    !read_from(parts->from, zone, written, &order->from, language,
		error) ||
	    !read_to(parts->to, zone, order->from, &order->to, language,
		error) ||
	    !check_times(order, now, language, error))
		return NULL;
	return g_steal_pointer(&order);
}

/* ---- a command's argument ---- */

static const char *
skip_blanks(const char *p)
{
	return p + strspn(p, " ");
}

/* HOST[/SERVICE], quoted as a whole or in part; NULL if a quote is open. */
static char *
take_target(const char **p)
{
	g_autoptr(GString) target = g_string_new(NULL);
	bool quoted = false;

	for (; **p != '\0' && (quoted || **p != ' '); (*p)++) {
		if (**p == '"')
			quoted = !quoted;
		else
			g_string_append_c(target, **p);
	}
	*p = skip_blanks(*p);
	return quoted ? NULL : g_string_free(g_steal_pointer(&target), FALSE);
}

static char *
take_word(const char **p)
{
	gsize length = strcspn(*p, " ");
	char *word = g_strndup(*p, length);

	*p = skip_blanks(*p + length);
	return word;
}

/* A date is nothing without the time that follows it. */
static char *
take_time(const char **p)
{
	g_autofree char *word = take_word(p);
	g_autofree char *clock = NULL;

	if (strpbrk(word, "/-") == NULL || strpbrk(word, ":Tt") != NULL)
		return g_steal_pointer(&word);
	clock = take_word(p);
	return g_strconcat(word, " ", clock, NULL);
}

static MaintenanceOrder *
read_end(const char *word, const char *language, GError **error)
{
	MaintenanceOrder *order;
	char *rest = NULL;
	gint64 number = g_ascii_isdigit(*word)
	    ? g_ascii_strtoll(word, &rest, 10)
	    : 0;

	if (number < 1 || *rest != '\0') {
		refuse(error,
		    text_in(language,
			"« %.40s » n'est pas un numéro de maintenance",
			"'%.40s' is no number of a maintenance", word));
		return NULL;
	}
	order = g_new0(MaintenanceOrder, 1);
	order->ends = true;
	order->number = number;
	order->host = g_strdup("");
	order->contract = g_strdup("");
	order->service = g_strdup("");
	order->reason = g_strdup("");
	return order;
}

MaintenanceOrder *
maintenance_order_read(const char *argument, const Zone *zone, Instant written,
    Instant now, const char *language, GError **error)
{
	const char *p = skip_blanks(argument);
	g_autofree char *target = take_target(&p);
	g_autofree char *from = NULL, *to = NULL;
	MaintenanceOrder *order;

	if (target == NULL) {
		refuse(error,
		    text_in(language, "un guillemet n'est pas fermé",
			"a quote is not closed"));
		return NULL;
	}
	if (strcmp(target, "end") == 0)
		return read_end(p, language, error);
	from = take_time(&p);
	to = take_time(&p);
	if (*target == '\0' || *from == '\0' || *to == '\0') {
		refuse(error,
		    text_in(language,
			"écrivez HÔTE[/SERVICE] DÉBUT FIN [MOTIF], ou end "
			"NUMÉRO",
			"write HOST[/SERVICE] FROM TO [REASON], or end "
			"NUMBER"));
		return NULL;
	}
	order = maintenance_order_plan(&(MaintenanceParts){ target, from, to },
	    zone, written, now, language, error);
	if (order == NULL)
		return NULL;
	g_free(order->reason);
	order->reason = g_strchomp(g_strdup(p));
	return order;
}

/* ---- back ---- */

char *
maintenance_order_target(const MaintenanceOrder *order)
{
	return g_strconcat(order->host, *order->contract != '\0' ? "@" : "",
	    order->contract, *order->service != '\0' ? "/" : "", order->service,
	    NULL);
}

/* As short as it can be read back: mail programs fold long lines. */
static char *
format_time(Instant at, const Zone *zone, ZonePick pick)
{
	Wall wall = zone_wall(zone, at);
	Date date = wall_date(wall);
	g_autofree char *day = date_format(date);
	int minutes = (int)(wall - wall_midnight(date)) / 60;

	if (wall % 60 != 0 || zone_instant(zone, wall, pick) != at)
		return maintenance_order_instant(at, zone);
	return g_strdup_printf("%s %02d:%02d", day, minutes / 60, minutes % 60);
}

char *
maintenance_order_instant(Instant at, const Zone *zone)
{
	Wall wall = zone_wall(zone, at);
	Date date = wall_date(wall);
	g_autofree char *day = date_format(date);
	int time = (int)(wall - wall_midnight(date));
	int offset = zone_offset(zone, at) / 60;

	return g_strdup_printf("%sT%02d:%02d:%02d%c%02d:%02d", day, time / 3600,
	    time / 60 % 60, time % 60, offset < 0 ? '-' : '+', ABS(offset) / 60,
	    ABS(offset) % 60);
}

char *
maintenance_order_format(const MaintenanceOrder *order, const Zone *zone)
{
	g_autofree char *target = maintenance_order_target(order);
	g_autofree char *from = NULL, *to = NULL;
	const char *quote = strchr(target, ' ') != NULL ? "\"" : "";

	if (order->ends)
		return g_strdup_printf("end %" G_GINT64_FORMAT, order->number);
	from = format_time(order->from, zone, ZONE_FIRST);
	to = format_time(order->to, zone, ZONE_SECOND);
	return g_strdup_printf("%s%s%s %s %s%s%s", quote, target, quote, from,
	    to, *order->reason != '\0' ? " " : "", order->reason);
}

char *
maintenance_order_describe(const MaintenanceOrder *order)
{
	g_autofree char *target = maintenance_order_target(order);
	g_autofree char *from = instant_format(order->from);
	g_autofree char *to = instant_format(order->to);

	if (order->ends)
		return g_strdup_printf("number %" G_GINT64_FORMAT
				       " (%s, until %s) ends now",
		    order->number, target, to);
	return g_strdup_printf("%s is silent from %s to %s", target, from, to);
}
