/* Hours, penalties and availability of a report in words. */
#include "report_paper_private.h"

#include "guichet/judgment/reply_words.h"
#include "guichet/yaml/catalog.h"

#include <string.h>

/* ---- penalties ---- */

static void
add_penalty(const ReportPaper *paper, Values *section,
    const ReportPenalty *penalty)
{
	const char *language = paper->language;
	g_autofree char *due = report_paper_when(paper, penalty->due);
	g_autofree char *hours = hours_format(penalty->minutes);
	g_autofree char *money = hours_money(-penalty->amount,
	    penalty->currency);

	report_paper_add(section, REPORT_LINE,
	    g_strdup_printf("#%" G_GINT64_FORMAT " %s%s%s", penalty->ticket,
		sla_milestone(penalty->milestone, language),
		report_words_colon(language), due));
	if (penalty->minutes != 0)
		report_paper_add(section, REPORT_LINE_DETAIL,
		    g_strdup_printf(catalog_text(language, "%s credited"),
			hours));
	else if (penalty->amount != 0)
		report_paper_add(section, REPORT_LINE_DETAIL,
		    g_strdup_printf(catalog_text(language, "%s refunded"),
			money));
	else
		report_paper_add(section, REPORT_LINE_DETAIL,
		    g_strdup(penalty->counted_with != 0
			    ? catalog_text(language,
				  "counted once in the month, with the first")
			    : catalog_text(language,
				  "nothing follows by the contract")));
}

void
report_paper_penalties(const ReportPaper *paper, Values *values)
{
	const char *language = paper->language;
	Values *section;

	if (paper->penalties->len == 0 && paper->taken->len == 0)
		return;
	section = report_paper_section(values,
	    catalog_text(language, "Guarantees that were missed"));
	for (guint i = 0; i < paper->penalties->len; i++)
		add_penalty(paper, section,
		    &g_array_index(paper->penalties, ReportPenalty, i));
	for (guint i = 0; i < paper->taken->len; i++) {
		const LedgerRow *row = &g_array_index(paper->taken, LedgerRow,
		    i);
		g_autofree char *worth = row->balance != 0
		    ? hours_format(ABS(row->balance))
		    : hours_money(ABS(row->amount), row->currency);

		report_paper_add(section, REPORT_LINE,
		    g_strdup_printf("#%" G_GINT64_FORMAT "%s%s, %s",
			row->ticket, report_words_colon(language),
			catalog_text(language, "taken back, since it was none"),
			worth));
	}
}

/* ---- hours ---- */

static char *
date_of_instant(const ReportPaper *paper, Instant at)
{
	return date_format(wall_date(zone_wall(paper->month.zone, at)));
}

static void
add_row(const ReportPaper *paper, Values *section, const LedgerRow *row)
{
	g_autofree char *date = date_of_instant(paper, row->at);
	g_autofree char *counted = hours_format(row->counted);
	g_autofree char *balance = hours_format(row->balance);
	g_autofree char *money = hours_money(row->amount, row->currency);
	GString *line = g_string_new(date);

	if (row->ticket != 0)
		g_string_append_printf(line, " #%" G_GINT64_FORMAT,
		    row->ticket);
	g_string_append_printf(line, " %s",
	    report_words_rule(row->rule, paper->language));
	if (row->counted != 0)
		g_string_append_printf(line, "%s%s",
		    report_words_colon(paper->language), counted);
	else if (row->balance != 0)
		g_string_append_printf(line, "%s%s",
		    report_words_colon(paper->language), balance);
	if (row->amount != 0)
		g_string_append_printf(line, ", %s", money);
	if (row->reverses != 0)
		g_string_append_printf(line, " (%s)",
		    catalog_text(paper->language, "taken back"));
	report_paper_add(section, REPORT_LINE_DETAIL,
	    g_string_free(line, FALSE));
}

static void
add_left(const ReportPaper *paper, Values *section)
{
	for (guint i = 0; i < paper->left->len; i++) {
		const LedgerLeft *one = &g_array_index(paper->left, LedgerLeft,
		    i);
		g_autofree char *left = hours_format(one->left);
		g_autofree char *until = one->until != INSTANT_NONE
		    ? sla_date(wall_date(zone_wall(paper->month.zone,
				   one->until - 1)),
			  paper->language)
		    : NULL;

		report_paper_add(section, REPORT_LINE_DETAIL,
		    until != NULL
			? g_strdup_printf(catalog_text(paper->language,
					      "package: %s left, until %s"),
			      left, until)
			: g_strdup_printf(
			      catalog_text(paper->language, "package: %s left"),
			      left));
	}
}

static void
add_balance(const ReportPaper *paper, Values *section)
{
	g_autofree char *before = hours_format(paper->hours->before);
	g_autofree char *after = hours_format(paper->hours->after);
	g_autofree char *used = hours_format(paper->included_used);
	g_autofree char *included = hours_format(paper->hour_terms.included);

	if (paper->has_hours && paper->hour_terms.hours->prepaid)
		report_paper_add(section, REPORT_LINE,
		    g_strdup_printf(
			catalog_text(paper->language,
			    "Prepaid: %s before the month, %s after it."),
			before, after));
	if (paper->has_hours && paper->hour_terms.included_by != NULL)
		report_paper_add(section, REPORT_LINE,
		    g_strdup_printf(catalog_text(paper->language,
					"Included: %s of %s used."),
			used, included));
	add_left(paper, section);
}

void
report_paper_hours(const ReportPaper *paper, Values *values)
{
	const char *language = paper->language;
	g_autofree char *counted = hours_format(paper->hours->counted);
	const char *currency = "";
	Values *section;

	if (!paper->has_hours && paper->hours->rows->len == 0)
		return;
	section = report_paper_section(values, catalog_text(language, "Hours"));
	report_paper_add(section, REPORT_LINE,
	    g_strdup_printf(catalog_text(language, "Worked, as counted: %s."),
		counted));
	add_balance(paper, section);
	for (guint i = 0; i < paper->hours->rows->len; i++) {
		const LedgerRow *row = &g_array_index(paper->hours->rows,
		    LedgerRow, i);

		if (row->amount != 0)
			currency = row->currency;
		add_row(paper, section, row);
	}
	if (*currency != '\0') {
		g_autofree char *charged = hours_money(
		    report_hours_charged(paper->hours, currency), currency);

		report_paper_add(section, REPORT_LINE,
		    g_strdup_printf(
			catalog_text(language, "Charged: %s, excluding VAT."),
			charged));
	}
}

/* ---- availability ---- */

/* "99.8954 %": rounded down, so that it never looks kept where it was not. */
static char *
percent(const ReportPaper *paper, gint64 millionths)
{
	if (millionths < 0)
		return g_strdup("-");
	return g_strdup_printf("%" G_GINT64_FORMAT "%s%04d %%",
	    millionths / 10000,
	    catalog_text(paper->language, "decimal point|."),
	    (int)(millionths % 10000));
}

/* "99.9 %" as the plan has it. */
static char *
promised(const ReportPaper *paper, gint64 millionths)
{
	g_autofree char *whole = percent(paper, millionths);
	gsize length = strcspn(whole, " ");

	while (length > 1 && whole[length - 1] == '0')
		length--;
	if (length > 1 && !g_ascii_isdigit(whole[length - 1]))
		length--;
	return g_strdup_printf("%.*s %%", (int)length, whole);
}

static void
add_outage(const ReportPaper *paper, Values *section,
    const AvailabilityOutage *outage)
{
	const char *language = paper->language;
	g_autofree char *from = report_paper_when(paper, outage->from);
	g_autofree char *to = report_paper_when(paper, outage->to);
	g_autofree char *counted = report_paper_span(outage->counted, language);
	g_autofree char *planned = report_paper_span(outage->planned, language);
	g_autofree char *excluded = report_paper_span(outage->excluded,
	    language);
	GString *line = g_string_new(NULL);

	g_string_append_printf(line, "%s - %s%s%s", from, to,
	    report_words_colon(language), catalog_text(language, "counted"));
	g_string_append_printf(line, " %s", counted);
	if (outage->planned > 0)
		g_string_append_printf(line, ", %s %s",
		    catalog_text(language, "planned"), planned);
	if (outage->excluded > 0)
		g_string_append_printf(line, ", %s %s",
		    catalog_text(language, "excluded"), excluded);
	for (guint i = 0; i < outage->shares->len; i++) {
		const AvailabilityShare *share = &g_array_index(outage->shares,
		    AvailabilityShare, i);

		g_string_append_printf(line, "; %s%s%s", share->host,
		    *share->service != '\0' ? " " : "", share->service);
		if (share->ticket > 0)
			g_string_append_printf(line, " #%" G_GINT64_FORMAT,
			    share->ticket);
	}
	report_paper_add(section, REPORT_LINE_DETAIL,
	    g_string_free(line, FALSE));
}

void
report_paper_availability(const ReportPaper *paper, Values *values)
{
	const Availability *sums = paper->availability;
	const AvailabilityTerms *terms = paper->availability_terms;
	const char *language = paper->language;
	g_autofree char *ratio = NULL, *target = NULL;
	bool is_kept;
	Values *section;

	if (sums == NULL)
		return;
	ratio = percent(paper, availability_millionths(sums));
	target = promised(paper, terms->target);
	is_kept = availability_meets(sums, terms->target);
	section = report_paper_section(values,
	    catalog_text(language, "Availability"));
	report_paper_add(section, is_kept ? REPORT_LINE : REPORT_LINE_LATE,
	    g_strdup_printf("%s (%s%s%s)%s%s", ratio,
		reply_words_commitment(terms->commitment, language),
		report_words_colon(language), target,
		report_words_colon(language),
		is_kept ? catalog_text(language, "met")
			: catalog_text(language, "missed")));
	report_paper_add(section, REPORT_LINE_DETAIL,
	    g_strdup_printf("(T - P - U) / (T - P) = %" G_GINT64_FORMAT
			    " s / %" G_GINT64_FORMAT " s",
		sums->total - sums->planned - sums->unplanned,
		sums->total - sums->planned));
	for (guint i = 0; i < sums->outages->len; i++)
		add_outage(paper, section, sums->outages->pdata[i]);
}
