/*
 * Orders of no ticket: what a technician reads by mail, and how much of it; the
 * help, made of the table itself; what is masked in what is read.
 */
#include "order_private.h"

#include "guichet/base/text.h"
#include "guichet/judgment/horizon.h"

#include <string.h>

#define SECRET_MIN 4 /* bytes: less stands in every other word */

/* ---- how much ---- */

static guint
left_of(guint limit, guint used)
{
	return limit > used ? limit - used : 0;
}

/* What the orders above this one take of the hour already. */
static ReadingUse
used_with(const Judgment *j, const OrderCase *c)
{
	ReadingUse use = c->reading;

	for (guint i = 0; i < j->decision->effects->len; i++) {
		const Effect *effect = j->decision->effects->pdata[i];

		use.rows += effect->rows;
		use.texts += effect->texts;
	}
	return use;
}

static bool
refuse_more(const OrderCase *c, GError **error)
{
	Instant again = c->reading.again != INSTANT_NONE
	    ? c->reading.again
	    : c->now + HORIZON_READ_SECONDS;
	g_autofree char *when = sla_when(again, c->language, c->zone);

	return order_refuse(error,
	    text_in(c->language,
		"vous avez lu par mail ce qu'une heure permet (%d lignes, %d "
		"tickets) ; de nouveau le %s, ou guichet list et guichet show",
		"you have read by mail what an hour allows (%d rows, %d "
		"tickets); again on %s, or guichet list and guichet show",
		HORIZON_READ_ROWS, HORIZON_READ_TEXTS, when));
}

static void
read_out(Judgment *j, const OrderCase *c, guint rows, guint texts)
{
	Effect *effect = judgment_effect(j, EFFECT_READ);

	effect->order = c->order;
	effect->rows = rows;
	effect->texts = texts;
	judgment_trace(j, "reading", "%u rows, %u tickets by %s", rows, texts,
	    c->technician);
}

static bool
judge_rows(Judgment *j, const OrderCase *c, GError **error)
{
	guint left = left_of(HORIZON_READ_ROWS, used_with(j, c).rows);

	if (c->rows == NULL)
		return order_refuse(error,
		    text_in(c->language,
			"« %.80s » : écrivez mine, late, ou le nom d'un "
			"contrat",
			"'%.80s': write mine, late, or a contract's name",
			c->order->text));
	if (c->rows->len > 0 && left == 0)
		return refuse_more(c, error);
	read_out(j, c, MIN(c->rows->len, left), 0);
	return true;
}

static bool
judge_show(Judgment *j, const OrderCase *c, GError **error)
{
	if (c->rows == NULL)
		return order_refuse(error,
		    text_in(c->language,
			"il n'y a pas de ticket #%" G_GINT64_FORMAT,
			"there is no ticket #%" G_GINT64_FORMAT,
			c->order->number));
	if (left_of(HORIZON_READ_TEXTS, used_with(j, c).texts) == 0)
		return refuse_more(c, error);
	read_out(j, c, 0, 1);
	return true;
}

/* How many rows of it the desk lets be read. */
static guint
rows_read(const OrderCase *c, const Decision *decision)
{
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->kind == EFFECT_READ && effect->order == c->order)
			return effect->rows;
	}
	return 0;
}

static char *
report_rows(const OrderCase *c, const Decision *decision)
{
	guint count = rows_read(c, decision);
	GString *out = g_string_new(NULL);
	g_autofree char *head = c->found == 0
	    ? text_in(c->language, "Aucun ticket.", "No ticket.")
	    : text_in(c->language, "%u ticket(s) :", "%u ticket(s):", c->found);

	g_string_append(out, head);
	for (guint i = 0; i < count; i++)
		g_string_append_printf(out, "\n\n%s",
		    (const char *)c->rows->pdata[i]);
	if (count < c->found) {
		g_autofree char *more = text_in(c->language,
		    "… et %u autres : guichet list",
		    "… and %u more: guichet list", c->found - count);

		g_string_append_printf(out, "\n\n%s", more);
	}
	return g_string_free(out, FALSE);
}

static char *
report_show(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return g_strdup(c->rows->pdata[0]);
}

/* ---- help ---- */

static bool
read_help(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	bool has_arguments;

	(void)line;
	if (words[0] == NULL)
		return true;
	order_set_text(order,
	    g_ascii_strdown(words[0] + (*words[0] == '#'), -1));
	return order_is_name(order->text, &has_arguments) ||
	    order_refuse(error,
		text_in(reading->language,
		    "« %.40s » n'est pas une commande ; #aide les dit toutes",
		    "'%.40s' is no command; #help tells them all",
		    order->text));
}

static bool
judge_nothing(Judgment *j, const OrderCase *c, GError **error)
{
	(void)error;
	judgment_trace(j, "reading", "help for %s", c->technician);
	return true;
}

static const char *
summary_in(const OrderRow *row, const char *language)
{
	return text_is_french(language) ? row->summary_fr : row->summary;
}

/* One order more fully: in both languages, as either may be written. */
static void
append_order(GString *out, OrderKind kind, const char *language)
{
	const OrderRow *row = order_row(kind);
	bool french = text_is_french(language);
	g_autofree char *own = order_mail_usage(kind, language);
	g_autofree char *other = order_mail_usage(kind, french ? "en" : "fr");

	g_string_append_printf(out, "%s%s\n%s\n%s", out->len > 0 ? "\n\n" : "",
	    own, other, summary_in(row, language));
	if (*row->example != '\0')
		g_string_append_printf(out,
		    french ? "\nPar exemple : #%s %s" : "\nFor example: #%s %s",
		    french ? row->name_fr : row->name, row->example);
}

static void
append_usage(GString *out, OrderKind kind, const char *language)
{
	g_autofree char *usage = order_mail_usage(kind, language);

	g_string_append_printf(out, "\n\n%s\n%s", usage,
	    summary_in(order_row(kind), language));
}

static char *
report_help(const OrderCase *c, const Decision *decision)
{
	const char *word = c->order->text;
	GString *out = g_string_new(NULL);

	(void)decision;
	if (*word == '\0')
		g_string_append(out,
		    text_is_french(c->language)
			? "Une commande par ligne, au-dessus de tout texte, en "
			  "réponse à un de nos mails :"
			: "A command a line, above all text, in answer to a "
			  "mail of ours:");
	for (OrderKind kind = 0; kind < ORDER_COUNT; kind++) {
		const OrderRow *row = order_row(kind);

		if (row->name == NULL)
			continue;
		if (*word == '\0')
			append_usage(out, kind, c->language);
		else if (order_name_begins(row->name, word) ||
		    order_name_begins(row->name_fr, word))
			append_order(out, kind, c->language);
	}
	return g_string_free(out, FALSE);
}

/* ---- what is masked ---- */

static bool
read_secret(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	g_autofree char *given = line != NULL ? g_strdup(line)
					      : g_strjoinv(" ", (char **)words);

	order_set_text(order, text_clean_line(given, -1, G_MAXINT));
	if (strlen(order->text) >= SECRET_MIN &&
	    strlen(order->text) <= LIMIT_SECRET_BYTES)
		return true;
	/* What it was is not said again. */
	order_set_text(order, g_strdup(""));
	return order_refuse(error,
	    text_in(reading->language,
		"ce qui est à masquer a de %d à %d octets",
		"what is to be masked has from %d to %d bytes", SECRET_MIN,
		LIMIT_SECRET_BYTES));
}

static bool
judge_secret(Judgment *j, const OrderCase *c, GError **error)
{
	(void)error;
	judgment_effect(j, EFFECT_SECRET)->note = g_strdup(c->order->text);
	return true;
}

static char *
report_secret(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language,
	    "Ce texte est désormais masqué dans ce qui se lit par mail.",
	    "That text is masked from now on in what is read by mail.");
}

/* ---- arguments ---- */

static bool
read_number(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	const char *word = words[0] + (*words[0] == '#');
	guint64 number;

	(void)line;
	if (g_ascii_string_to_unsigned(word, 10, 1, G_MAXINT64, &number,
		NULL)) {
		order->number = (gint64)number;
		return true;
	}
	return order_refuse(error,
	    text_in(reading->language,
		"« %.40s » n'est pas le numéro d'un ticket",
		"'%.40s' is no ticket's number", words[0]));
}

const OrderRow order_row_list = {
	.doors = ORDER_BY_MAIL,
	.may = ORDER_MAY_TECHNICIAN,
	.about = ORDER_ON_DESK,
	.words = ORDER_WORDS_ASIDE,
	.name = "list",
	.name_fr = "liste",
	.usage = "[mine|late|CONTRACT]",
	.usage_fr = "[miens|retard|CONTRAT]",
	.max = G_MAXUINT,
	.summary = "Read the queue, what is due next first",
	.summary_fr = "Lire la file, d'abord ce qui est dû d'abord",
	.example = "mine",
	.read = order_read_name,
	.judge = judge_rows,
	.report = report_rows,
};

const OrderRow order_row_show = {
	.doors = ORDER_BY_MAIL,
	.may = ORDER_MAY_TECHNICIAN,
	.about = ORDER_ON_DESK,
	.words = ORDER_WORDS_ASIDE,
	.repeats = true,
	.name = "show",
	.name_fr = "voir",
	.usage = "N",
	.usage_fr = "N",
	.min = 1,
	.max = 1,
	.summary = "Read a ticket; what looks like a secret is masked",
	.summary_fr = "Lire un ticket ; ce qui ressemble à un secret y est "
		      "masqué",
	.example = "1",
	.read = read_number,
	.judge = judge_show,
	.report = report_show,
};

const OrderRow order_row_search = {
	.doors = ORDER_BY_MAIL,
	.may = ORDER_MAY_TECHNICIAN,
	.about = ORDER_ON_DESK,
	.words = ORDER_WORDS_ASIDE,
	.name = "search",
	.name_fr = "chercher",
	.usage = "WORDS",
	.usage_fr = "MOTS",
	.min = 1,
	.max = G_MAXUINT,
	.summary = "Find tickets whose mails and notes hold all the words",
	.summary_fr = "Trouver les tickets dont les mails et notes contiennent "
		      "tous les mots",
	.example = "ERP",
	.read = order_read_name,
	.judge = judge_rows,
	.report = report_rows,
};

const OrderRow order_row_help = {
	.doors = ORDER_BY_MAIL,
	.may = ORDER_MAY_TECHNICIAN,
	.about = ORDER_ON_DESK,
	.words = ORDER_WORDS_ASIDE,
	.name = "help",
	.name_fr = "aide",
	.usage = "[ORDER]",
	.usage_fr = "[COMMANDE]",
	.max = 1,
	.summary = "All commands, or how one is written",
	.summary_fr = "Toutes les commandes, ou comment une s'écrit",
	.example = "show",
	.read = read_help,
	.judge = judge_nothing,
	.report = report_help,
};

const OrderRow order_row_secret = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.about = ORDER_ON_DESK,
	.words = ORDER_WORDS_ASIDE,
	.repeats = true,
	.name = "secret",
	.name_fr = "secret",
	.usage = "TEXT",
	.usage_fr = "TEXTE",
	.command = "secret",
	.arguments = "TEXT",
	.min = 1,
	.max = G_MAXUINT,
	.summary = "Mask a text from now on in what is read by mail",
	.summary_fr = "Masquer désormais un texte dans ce qui se lit par mail",
	.example = "hunter2 rouge",
	.read = read_secret,
	.judge = judge_secret,
	.report = report_secret,
};
