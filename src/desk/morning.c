/* The desk's day, as its people read it in the morning. */
#include "guichet/desk/morning.h"

#include "guichet/base/names.h"
#include "guichet/base/text.h"
#include "guichet/judgment/reply_words.h"

#include <string.h>

#define SUBJECT_WIDTH 66 /* beside the number, in 80 columns */
#define CLIENT_WIDTH  40

char *
morning_cut(const char *text, glong width)
{
	g_autofree char *line = text_clean_line(text, -1, G_MAXSIZE);
	g_autofree char *cut = NULL;

	if (g_utf8_strlen(line, -1) <= width)
		return g_steal_pointer(&line);
	cut = g_utf8_substring(line, 0, width - 1);
	return g_strdup_printf("%s…", g_strchomp(cut));
}

/* ---- a ticket ---- */

/* By what it waits for, in the order that they are read in. */
typedef enum {
	PLACE_LATE,
	PLACE_TODAY,
	PLACE_US,
	PLACE_CLIENT,
	PLACE_THIRD_PARTY,
	PLACE_COUNT,
} Place;

typedef struct {
	const char *french, *english;
} Title;

#define PLACE_TITLES(X)                                                \
 X(PLACE_LATE, "En retard", "Late")                                    \
 X(PLACE_TODAY, "Pour aujourd'hui", "Due today")                       \
 X(PLACE_US, "À nous, plus tard", "Ours, later")                       \
 X(PLACE_CLIENT, "Nous attendons le client", "Waiting for the client") \
 X(PLACE_THIRD_PARTY, "Nous attendons quelqu'un d'autre",              \
     "Waiting for somebody else")
NAME_ROWS(Title, place_titles, PLACE_TITLES, PLACE_COUNT);

static const char *
pick(const Title *title, const char *language)
{
	return text_is_french(language) ? title->french : title->english;
}

static Date
day_of(Instant at, const ReadingFor *reader)
{
	return wall_date(zone_wall(reader->zone, at));
}

/* The reminder of a client leaves by itself: it is nobody's to be late with. */
static Place
place_of(const MorningTicket *ticket, const ReadingFor *reader)
{
	AwaitsOf of = awaits_of(ticket->awaits);

	if (of == AWAITS_OF_CLIENT)
		return PLACE_CLIENT;
	if (ticket->at != INSTANT_NONE && ticket->at < reader->now)
		return PLACE_LATE;
	if (ticket->at != INSTANT_NONE &&
	    day_of(ticket->at, reader) == day_of(reader->now, reader))
		return PLACE_TODAY;
	return of == AWAITS_OF_THIRD_PARTY ? PLACE_THIRD_PARTY : PLACE_US;
}

/* "response: late by 2 h (Tue 1 Dec 10:00)", "response: today at 16:00" */
static char *
what_of(const MorningTicket *ticket, Place place, const ReadingFor *reader)
{
	const char *language = reader->language;
	const char *what = reading_awaits(ticket->awaits, language);
	g_autofree char *when = NULL, *span = NULL;

	if (ticket->at == INSTANT_NONE)
		return text_in(language, "%s, sans terme", "%s, without a term",
		    what);
	when = sla_moment(ticket->at - ticket->at % 60, language, reader->zone,
	    reader->now);
	if (place == PLACE_LATE) {
		span = reply_words_span(reader->now - ticket->at, language);
		return text_in(language, "%s : en retard de %s (%s)",
		    "%s: late by %s (%s)", what, span, when);
	}
	if (place == PLACE_TODAY)
		return text_in(language, "%s : aujourd'hui à %s",
		    "%s: today at %s", what, strrchr(when, ' ') + 1);
	return text_in(language, "%s : %s", "%s: %s", what, when);
}

static void
append(GString *line, const char *words)
{
	if (line->len > 0)
		g_string_append(line, ", ");
	g_string_append(line, words);
}

/* "Acier Vosges, severity 1, nobody's" */
static char *
about(const MorningTicket *ticket, const char *client, const char *name,
    const ReadingFor *reader)
{
	GString *line = g_string_new(NULL);
	g_autofree char *severity = text_in(reader->language, "gravité %d",
	    "severity %d", ticket->severity);

	if (client != NULL) {
		g_autofree char *cut = morning_cut(client, CLIENT_WIDTH);

		append(line, cut);
	}
	if (ticket->severity > 0)
		append(line, severity);
	if (*ticket->assigned == '\0')
		append(line,
		    text_is_french(reader->language) ? "à prendre"
						     : "to be taken");
	else if (g_strcmp0(ticket->assigned, name) != 0)
		append(line, ticket->assigned);
	return g_string_free(line, FALSE);
}

static void
add_row(Values *section, const MorningTicket *ticket, const char *client,
    const char *name, const ReadingFor *reader)
{
	Place place = place_of(ticket, reader);
	Values *row = values_add(section, "rows");
	g_autofree char *subject = morning_cut(ticket->subject, SUBJECT_WIDTH);
	g_autofree char *facts = about(ticket, client, name, reader);
	g_autofree char *what = what_of(ticket, place, reader);

	values_setf(row, "number", "%" G_GINT64_FORMAT, ticket->number);
	values_set(row, "subject", subject);
	values_set(row, "about", facts);
	values_set(row, "what", what);
	values_set_flag(row, "late", place == PLACE_LATE);
}

/* ---- sections ---- */

static const char *
no_contract(const ReadingFor *reader)
{
	return text_is_french(reader->language) ? "Sans contrat"
						: "Without a contract";
}

static const char *
client_name(const MorningTicket *ticket, const ReadingFor *reader)
{
	return *ticket->client != '\0' ? ticket->client : no_contract(reader);
}

static Values *
begin_section(Values *values, const char *title, guint count)
{
	Values *section = values_add(values, "sections");

	values_set(section, "title", title);
	values_setf(section, "count", "%u", count);
	if (count > MORNING_ROWS_MAX)
		values_setf(section, "more", "%u", count - MORNING_ROWS_MAX);
	return section;
}

static void
add_place(Values *values, const GPtrArray *tickets, Place place,
    const char *name, const ReadingFor *reader)
{
	g_autoptr(GPtrArray) here = g_ptr_array_new();
	Values *section;

	for (guint i = 0; i < tickets->len; i++) {
		if (place_of(tickets->pdata[i], reader) == place)
			g_ptr_array_add(here, tickets->pdata[i]);
	}
	if (here->len == 0)
		return;
	section = begin_section(values,
	    pick(&place_titles[place], reader->language), here->len);
	for (guint i = 0; i < MIN(here->len, MORNING_ROWS_MAX); i++)
		add_row(section, here->pdata[i],
		    client_name(here->pdata[i], reader), name, reader);
}

guint
morning_add_mine(Values *values, const GPtrArray *tickets, const char *name,
    const ReadingFor *reader)
{
	for (Place place = 0; place < PLACE_COUNT; place++)
		add_place(values, tickets, place, name, reader);
	return tickets->len;
}

/* Clients by name, those without a contract behind them. */
static int
compare_clients(gconstpointer a, gconstpointer b)
{
	const char *left = *(char *const *)a, *right = *(char *const *)b;
	g_autofree char *folded_left = g_utf8_casefold(left, -1);
	g_autofree char *folded_right = g_utf8_casefold(right, -1);

	if ((*left == '\0') != (*right == '\0'))
		return *left == '\0' ? 1 : -1;
	return strcmp(folded_left, folded_right);
}

static void
add_client(Values *values, const GPtrArray *tickets, const char *client,
    const ReadingFor *reader)
{
	g_autoptr(GPtrArray) here = g_ptr_array_new();
	Values *section;

	for (guint i = 0; i < tickets->len; i++) {
		const MorningTicket *ticket = tickets->pdata[i];

		if (strcmp(ticket->client, client) == 0)
			g_ptr_array_add(here, tickets->pdata[i]);
	}
	section = begin_section(values,
	    *client != '\0' ? client : no_contract(reader), here->len);
	for (guint i = 0; i < MIN(here->len, MORNING_ROWS_MAX); i++)
		add_row(section, here->pdata[i], NULL, NULL, reader);
}

/* "12 open, 2 of them late" */
static void
sum_up(Values *values, const GPtrArray *tickets, const ReadingFor *reader)
{
	g_autofree char *summary = NULL;
	guint late = 0;

	for (guint i = 0; i < tickets->len; i++)
		late += place_of(tickets->pdata[i], reader) == PLACE_LATE;
	summary = tickets->len == 0
	    ? text_in(reader->language, "rien en cours", "nothing open")
	    : late > 0
	    ? text_in(reader->language, "%u en cours, dont %u en retard",
		  "%u open, %u of them late", tickets->len, late)
	    : text_in(reader->language, "%u en cours, aucun en retard",
		  "%u open, none of them late", tickets->len);
	values_set(values, "summary", summary);
}

guint
morning_add_clients(Values *values, const GPtrArray *tickets,
    const ReadingFor *reader)
{
	g_autoptr(GPtrArray) clients = g_ptr_array_new();

	sum_up(values, tickets, reader);

	for (guint i = 0; i < tickets->len; i++) {
		const MorningTicket *ticket = tickets->pdata[i];

		if (!g_ptr_array_find_with_equal_func(clients, ticket->client,
			g_str_equal, NULL))
			g_ptr_array_add(clients, (gpointer)ticket->client);
	}
	g_ptr_array_sort(clients, compare_clients);
	for (guint i = 0; i < clients->len; i++)
		add_client(values, tickets, clients->pdata[i], reader);
	return tickets->len;
}

#define MATTER_TITLES(X)                                        \
 X(MORNING_MISSED, "Garanties non tenues", "Missed guarantees") \
 X(MORNING_UNSENT, "Réponses qui ne sont pas parties",          \
     "Answers that did not go out")                             \
 X(MORNING_FILED, "Mails sans ticket ni réponse",               \
     "Mails without a ticket or an answer")                     \
 X(MORNING_REFUSED, "Mails de techniciens qui n'ont rien fait", \
     "Mails of technicians that did nothing")                   \
 X(MORNING_TERMS, "Contrats : dates à venir", "Contracts: dates to come")
NAME_ROWS(Title, matter_titles, MATTER_TITLES, MORNING_MATTERS);

void
morning_add_lines(Values *values, MorningMatter matter, const GPtrArray *lines,
    guint all, const ReadingFor *reader)
{
	Values *section;

	if (lines->len == 0)
		return;
	section = begin_section(values,
	    pick(&matter_titles[matter], reader->language), all);
	for (guint i = 0; i < MIN(lines->len, MORNING_ROWS_MAX); i++)
		values_set(values_add(section, "lines"), "line",
		    lines->pdata[i]);
}

void
morning_begin(Values *values, const char *name, bool is_manager,
    bool can_answer, const ReadingFor *reader)
{
	g_autofree char *date = sla_date(day_of(reader->now, reader),
	    reader->language);

	values_set(values, "name", name);
	values_set(values, "when", date);
	values_set_flag(values, "of_manager", is_manager);
	values_set_flag(values, "answer_to", can_answer);
}
