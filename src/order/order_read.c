/* The arguments of orders, from words to values. */
#include "order_private.h"

#include "guichet/base/error.h"
#include "guichet/base/text.h"

#include "guichet/judgment/reply_words.h"

#include <string.h>

static Order *
order_new(OrderKind kind)
{
	Order *order = g_new0(Order, 1);

	order->kind = kind;
	order->at = INSTANT_NONE;
	order->text = g_strdup("");
	order->contact = g_strdup("");
	order->title = g_strdup("");
	order->called = INSTANT_NONE;
	return order;
}

void
order_set_text(Order *order, char *take_text)
{
	g_free(order->text);
	order->text = take_text;
}

bool
order_read_nothing(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	(void)order;
	(void)words;
	(void)line;
	(void)reading;
	(void)error;
	return true;
}

bool
order_read_name(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	(void)line;
	(void)reading;
	(void)error;
	order_set_text(order, g_strjoinv(" ", (char **)words));
	return true;
}

/* A word of an argument, in either language, and what it stands for. */
typedef struct {
	const char *word, *word_fr;
	int value;
} Choice;

static bool
choose(const Choice *choices, gsize count, const char *word, int *ret_value)
{
	for (gsize i = 0; i < count; i++) {
		if (g_ascii_strcasecmp(word, choices[i].word) != 0 &&
		    g_ascii_strcasecmp(word, choices[i].word_fr) != 0)
			continue;
		*ret_value = choices[i].value;
		return true;
	}
	return false;
}

bool
order_read_whom(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	static const Choice choices[] = {
		{ "me", "moi", ORDER_WHOM_ME },
		{ "nobody", "personne", ORDER_WHOM_NOBODY },
	};
	int whom = ORDER_WHOM_NAMED;

	order_read_name(order, words, line, reading, error);
	choose(choices, G_N_ELEMENTS(choices), order->text, &whom);
	order->whom = (OrderWhom)whom;
	return true;
}

bool
order_read_wait(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	static const Choice choices[] = {
		{ "customer", "client", TICKET_WAITING_CUSTOMER },
		{ "third-party", "tiers", TICKET_WAITING_THIRD_PARTY },
	};
	int state = TICKET_WAITING_CUSTOMER;

	(void)line;
	if (words[0] != NULL &&
	    !choose(choices, G_N_ELEMENTS(choices), words[0], &state))
		return order_refuse(error,
		    text_in(reading->language,
			"« %.40s » : écrivez client ou tiers",
			"'%.40s': write customer or third-party", words[0]));
	order->state = (TicketState)state;
	return true;
}

/* A tag's or a component's name, in small letters; NULL if it is none. The
 * caller frees. */
static char *
plain_name(const char *word)
{
	g_autofree char *name = g_ascii_strdown(word, -1);
	gsize length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-");

	if (length == 0 || name[length] != '\0' ||
	    length > LIMIT_ORDER_NAME_BYTES)
		return NULL;
	return g_steal_pointer(&name);
}

bool
order_read_tag(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	g_autofree char *name = plain_name(words[0]);

	(void)line;
	if (name == NULL)
		return order_refuse(error,
		    text_in(reading->language,
			"« %.40s » n'est pas une étiquette : des lettres sans "
			"accents, des chiffres, et . _ -",
			"'%.40s' is no tag: plain letters, digits, and . _ -",
			words[0]));
	order_set_text(order, g_steal_pointer(&name));
	return true;
}

/* Whether the words begin with those of the reason, joined or not: "third-party"
 * and "third party". Returns how many they are; 0: they do not. */
static guint
count_reason(char *const *words, const char *reason)
{
	g_auto(GStrv) parts = g_strsplit(reason, "-", -1);
	guint count = g_strv_length(parts);

	if (g_ascii_strcasecmp(words[0], reason) == 0)
		return 1;
	for (guint i = 0; i < count; i++) {
		if (words[i] == NULL ||
		    g_ascii_strcasecmp(words[i], parts[i]) != 0)
			return 0;
	}
	return count;
}

static guint
choose_reason(const Choice *choices, gsize count, char *const *words,
    int *ret_reason)
{
	guint taken = 0;

	for (gsize i = 0; i < count && taken == 0; i++) {
		taken = count_reason(words, choices[i].word);
		if (taken == 0)
			taken = count_reason(words, choices[i].word_fr);
		*ret_reason = choices[i].value;
	}
	return taken;
}

/* Behind so many words of the line. */
static const char *
skip_words(const char *line, guint count)
{
	for (guint i = 0; line != NULL && i < count; i++) {
		line += strspn(line, " ");
		line += strcspn(line, " ");
	}
	return line;
}

bool
order_read_reason(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	static const Choice choices[] = {
		{ "force-majeure", "force-majeure", EXCLUDED_FORCE_MAJEURE },
		{ "third-party", "tiers", EXCLUDED_THIRD_PARTY },
		{ "out-of-scope", "hors-perimetre", EXCLUDED_OUT_OF_SCOPE },
		{ "missing-information", "information-manquante",
		    EXCLUDED_MISSING_INFORMATION },
		{ "misuse", "mauvais-usage", EXCLUDED_MISUSE },
		{ "security", "securite", EXCLUDED_SECURITY },
	};
	int reason;
	guint taken = choose_reason(choices, G_N_ELEMENTS(choices), words,
	    &reason);

	if (taken == 0)
		return order_refuse(error,
		    text_in(reading->language,
			"« %.40s » n'est pas un motif : force-majeure, tiers, "
			"hors-perimetre, information-manquante, mauvais-usage "
			"ou securite",
			"'%.40s' is no reason: force-majeure, third-party, "
			"out-of-scope, missing-information, misuse or "
			"security",
			words[0]));
	order->reason = (ExclusionReason)reason;
	return order_read_text(order, words + taken, skip_words(line, taken),
	    reading, error);
}

bool
order_read_severity(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	gint64 severity;

	(void)line;
	if (!g_ascii_string_to_signed(words[0], 10, 1, SEVERITY_MAX, &severity,
		NULL))
		return order_refuse(error,
		    text_in(reading->language,
			"« %.40s » n'est pas une gravité de 1 à %d",
			"'%.40s' is no severity from 1 to %d", words[0],
			SEVERITY_MAX));
	order->severity = (int)severity;
	order->from_now = words[1] != NULL;
	if (!order->from_now || g_ascii_strcasecmp(words[1], "now") == 0 ||
	    g_ascii_strcasecmp(words[1], "maintenant") == 0)
		return true;
	return order_refuse(error,
	    text_in(reading->language,
		"« %.40s » : derrière la gravité va maintenant, si le ticket "
		"l'est devenu, ou rien",
		"'%.40s': behind the severity comes now, if the ticket became "
		"so, or nothing",
		words[1]));
}

/* A kind in either language's word. */
static bool
parse_kind(const char *word, TicketKind *ret_kind)
{
	for (TicketKind kind = 0; kind < KIND_COUNT; kind++) {
		if (g_ascii_strcasecmp(word, ticket_kind_name(kind)) == 0 ||
		    g_ascii_strcasecmp(word, reply_words_kind(kind, "fr")) ==
			0) {
			*ret_kind = kind;
			return true;
		}
	}
	return false;
}

/* A duty is what the desk owes by itself: nobody makes one. */
bool
order_read_kind(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	(void)line;
	if (parse_kind(words[0], &order->ticket_kind) &&
	    order->ticket_kind != KIND_DUTY)
		return true;
	return order_refuse(error,
	    text_in(reading->language,
		"« %.40s » n'est pas une nature : écrivez incident, demande "
		"ou question",
		"'%.40s' is no kind: write incident, request or question",
		words[0]));
}

bool
order_read_component(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	g_autofree char *name = plain_name(words[0]);

	(void)line;
	if (name == NULL)
		return order_refuse(error,
		    text_in(reading->language,
			"« %.40s » n'est pas un nom de composant ; none ou "
			"aucun dit qu'il n'y en a pas",
			"'%.40s' is no component's name; none says that there "
			"is none",
			words[0]));
	if (strcmp(name, "none") != 0 && strcmp(name, "aucun") != 0)
		order_set_text(order, g_steal_pointer(&name));
	return true;
}

bool
order_read_text(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	g_autofree char *given = line != NULL ? g_strdup(line)
					      : g_strjoinv(" ", (char **)words);

	order_set_text(order,
	    g_strstrip(text_clean_block(given, -1, LIMIT_NOTE_BYTES)));
	return strlen(given) <= LIMIT_NOTE_BYTES ||
	    order_refuse(error,
		text_in(reading->language,
		    "un texte a au plus %d octets : abrégez-le, ou "
		    "partagez-le",
		    "a text has at most %d bytes: shorten it, or part it",
		    LIMIT_NOTE_BYTES));
}

bool
order_read_needed_text(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	if (!order_read_text(order, words, line, reading, error))
		return false;
	return *order->text != '\0' ||
	    order_refuse(error,
		text_in(reading->language, "il n'y a pas de texte",
		    "there is no text"));
}

/* What is read in one line is one. */
bool
order_read_sentence(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	char *one;

	if (!order_read_text(order, words, line, reading, error))
		return false;
	one = text_clean_line(order->text, -1, LIMIT_ORDER_SENTENCE_BYTES);
	if (strlen(order->text) <= LIMIT_ORDER_SENTENCE_BYTES) {
		order_set_text(order, one);
		return true;
	}
	g_free(one);
	return order_refuse(error,
	    text_in(reading->language,
		"une ligne a au plus %d octets : écrivez le reste dessous",
		"a line has at most %d bytes: write the rest below",
		LIMIT_ORDER_SENTENCE_BYTES));
}

/* "1:30", "25m", "25min", "2h", "1h30": minutes; -1 for none of these. */
static int
parse_minutes(const char *word)
{
	gint64 first, second = 0;
	char *end;

	if (!g_ascii_isdigit(*word))
		return -1;
	first = g_ascii_strtoll(word, &end, 10);
	if (first > ORDER_MINUTES_MAX)
		return -1;
	if (g_ascii_strcasecmp(end, "m") == 0 ||
	    g_ascii_strcasecmp(end, "min") == 0)
		return (int)first;
	if (*end != ':' && *end != 'h' && *end != 'H')
		return -1;
	if (*end != ':' && end[1] == '\0')
		return (int)MIN(first * 60, ORDER_MINUTES_MAX + 1);
	if (strlen(end + 1) != 2 || !g_ascii_isdigit(end[1]) ||
	    !g_ascii_isdigit(end[2]))
		return -1;
	second = g_ascii_strtoll(end + 1, NULL, 10);
	return second < 60
	    ? (int)MIN(first * 60 + second, ORDER_MINUTES_MAX + 1)
	    : -1;
}

bool
order_read_minutes(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	bool may_be_none = order->kind == ORDER_RPO;

	(void)line;
	order->minutes = parse_minutes(words[0]);
	return (order->minutes >= (may_be_none ? 0 : 1) &&
		   order->minutes <= ORDER_MINUTES_MAX) ||
	    order_refuse(error,
		text_in(reading->language,
		    "« %.40s » n'est pas une durée : écrivez 0:25, 25m ou 1h",
		    "'%.40s' is no length of time: write 0:25, 25m or 1h",
		    words[0]));
}

bool
order_read_time(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	if (!order_read_minutes(order, words, line, reading, error))
		return false;
	if (line != NULL)
		line += strcspn(line, " ");
	return order_read_text(order, words + 1, line, reading, error);
}

bool
order_read_maintenance(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	order->maintenance = line != NULL
	    ? maintenance_order_read(line, reading->zone, reading->written,
		  reading->now, reading->language, error)
	    : maintenance_order_plan(
		  &(MaintenanceParts){ words[0], words[1], words[2] },
		  reading->zone, reading->written, reading->now,
		  reading->language, error);
	return order->maintenance != NULL;
}

bool
order_read_maintenance_end(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	g_autofree char *own = line != NULL
	    ? g_strdup(line)
	    : g_strconcat("end ", words[0], NULL);

	return order_read_maintenance(order, words, own, reading, error);
}

/* ---- through a door ---- */

/* The instant of `--at`, off the end of the words. */
static bool
take_at(Order *order, char *const *argv, GError **error)
{
	gsize count = g_strv_length((char **)argv);

	return count < 2 || strcmp(argv[count - 2], "--at") != 0 ||
	    instant_parse(argv[count - 1], &order->at, error);
}

Order *
order_read_command(char *const *argv, const OrderReading *reading,
    GError **error)
{
	OrderReading then = *reading;
	g_autoptr(Order) order = NULL;
	g_auto(GStrv) own = NULL;
	char *const *words;
	gint64 number;
	gsize count;
	OrderKind kind = order_match(argv, &number, &words, &count, error);

	if (kind == ORDER_COUNT)
		return NULL;
	order = order_new(kind);
	order->number = number;
	if (!take_at(order, argv, error))
		return NULL;
	/* For rehearsal: times are read as if it were ordered then. */
	if (order->at != INSTANT_NONE)
		then.written = then.now = order->at;
	/* A copy that ends where the arguments do. */
	own = g_new0(char *, count + 1);
	for (gsize i = 0; i < count; i++)
		own[i] = g_strdup(words[i]);
	if (!order_row(kind)->read(order, own, NULL, &then, error))
		return NULL;
	return g_steal_pointer(&order);
}

/* Why a line lacks words, or has too many. */
static bool
check_count(OrderKind kind, gsize count, const char *language, GError **error)
{
	const OrderRow *row = order_row(kind);
	g_autofree char *usage = order_mail_usage(kind, language);

	return (count >= row->min && count <= row->max) ||
	    order_refuse(error,
		text_in(language, "écrivez %s", "write %s", usage));
}

Order *
order_read_line(OrderKind kind, const char *argument,
    const OrderReading *reading, GError **error)
{
	g_autoptr(Order) order = order_new(kind);
	g_auto(GStrv) words = g_strsplit(argument, " ", -1);
	gsize count = 0;

	/* Several blanks are one. */
	for (gsize i = 0; words[i] != NULL; i++) {
		if (*words[i] != '\0')
			words[count++] = words[i];
		else
			g_free(words[i]);
	}
	words[count] = NULL;
	/* Orders of maintenance part their line themselves. */
	if (order_row(kind)->about != ORDER_ON_MAINTENANCE &&
	    !check_count(kind, count, reading->language, error))
		return NULL;
	if (!order_row(kind)->read(order, words, argument, reading, error))
		return NULL;
	return g_steal_pointer(&order);
}
