/* What the manager reads of guarantees that were missed: what each brings its
 * client, and what was taken back, since it was none. */
#include "rounds_private.h"

#include "guichet/base/text.h"
#include "guichet/desk/morning.h"
#include "guichet/judgment/reply_words.h"

static const char *
client_of(const Intake *in, const char *name)
{
	const Contract *contract = ruleset_contract(in->ruleset, name);

	return contract != NULL ? contract->client : name;
}

/* "7 h", "280.00 EUR" */
static char *
worth(Minutes minutes, Cents amount, const char *currency)
{
	return minutes != 0 ? hours_format(ABS(minutes))
			    : hours_money(ABS(amount), currency);
}

/* "280.00 EUR are refunded" */
static char *
brings(const LedgerMissed *missed, const char *language)
{
	const LedgerBreach *breach = &missed->breach;
	g_autofree char *value = worth(breach->minutes, breach->amount,
	    breach->currency);

	if (breach->minutes == 0 && breach->amount == 0)
		return text_in(language, "le contrat n'en tire rien",
		    "nothing follows by the contract");
	if (!missed->brought_it)
		return text_in(language,
		    "déjà compté ce mois-ci avec #%" G_GINT64_FORMAT,
		    "counted this month with #%" G_GINT64_FORMAT " already",
		    missed->penalty_of);
	return breach->minutes != 0
	    ? text_in(language, "%s créditées", "%s credited", value)
	    : text_in(language, "%s remboursés", "%s refunded", value);
}

/* "#1 Brasserie Lambic, response: until Tue 24 Nov 14:00" and what it brings
 * below. */
static char *
missed_line(const LedgerMissed *missed, const Intake *in,
    const ReadingFor *reader)
{
	g_autofree char *when = sla_moment(missed->breach.at, reader->language,
	    reader->zone, reader->now);
	g_autofree char *client = morning_cut(client_of(in, missed->contract),
	    36);
	g_autofree char *what = brings(missed, reader->language);

	return text_in(reader->language,
	    "#%" G_GINT64_FORMAT " %s, %s : garanti jusqu'au %s\n      %s",
	    "#%" G_GINT64_FORMAT " %s, %s: guaranteed until %s\n      %s",
	    missed->breach.ticket, client,
	    sla_promise(missed->breach.milestone, true, reader->language), when,
	    what);
}

/* The month has one all the same, or none: "; #10 takes its place". */
static char *
instead(const LedgerTaken *taken, const char *language)
{
	return taken->next == 0
	    ? g_strdup("")
	    : text_in(language, " ;\n      #%" G_GINT64_FORMAT " en tient lieu",
		  ";\n      #%" G_GINT64_FORMAT " takes its place",
		  taken->next);
}

static char *
taken_line(const LedgerTaken *taken, const Intake *in, const ReadingFor *reader)
{
	g_autofree char *value = worth(taken->row.balance, taken->row.amount,
	    taken->row.currency);
	g_autofree char *client = morning_cut(client_of(in, taken->contract),
	    36);
	g_autofree char *next = instead(taken, reader->language);

	return text_in(reader->language,
	    "#%" G_GINT64_FORMAT " %s : ce n'en était pas une, %s repris%s",
	    "#%" G_GINT64_FORMAT " %s: it was none, %s taken back%s",
	    taken->row.ticket, client, value, next);
}

void
morning_missed_add(const MorningDesk *desk, const Intake *in, Values *values,
    const ReadingFor *reader)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < desk->missed->len; i++)
		g_ptr_array_add(lines,
		    missed_line(desk->missed->pdata[i], in, reader));
	for (guint i = 0; i < desk->taken->len; i++)
		g_ptr_array_add(lines,
		    taken_line(desk->taken->pdata[i], in, reader));
	morning_add_lines(values, MORNING_MISSED, lines, lines->len, reader);
}
