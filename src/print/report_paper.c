/* The report of a contract's month in words: sections, and lines in them. */
#include "report_paper_private.h"

#include "guichet/judgment/reply_words.h"
#include "guichet/yaml/catalog.h"

#include <string.h>

/* ---- sections and lines ---- */

static Values *
add_section(Values *values, const char *title)
{
	Values *section = values_add(values, "sections");

	values_set(section, "title", title);
	return section;
}

void
report_paper_add(Values *section, ReportLine kind, char *take_line)
{
	g_autofree char *line = take_line;
	Values *one = values_add(section, "lines");

	values_set(one, "line", line);
	values_set_flag(one, "detail", kind != REPORT_LINE);
	values_set_flag(one, "late", kind == REPORT_LINE_LATE);
}

static void
add_text(Values *section, const char *text)
{
	report_paper_add(section, REPORT_LINE, g_strdup(text));
}

char *
report_paper_when(const ReportPaper *paper, Instant at)
{
	return at == INSTANT_NONE ? g_strdup("-")
				  : sla_moment(at, paper->language,
					paper->month.zone, paper->month.from);
}

char *
report_paper_span(Seconds span, const char *language)
{
	g_autofree char *text = sla_span(span);

	g_strdelimit(text, "h", *catalog_text(language, "letter of an hour|h"));
	return g_steal_pointer(&text);
}

/* ---- requests ---- */

static const char *
severity_words(const ReportPaper *paper, int severity)
{
	return paper->terms.plan != NULL
	    ? words_in(&paper->terms.plan->severity_names[severity],
		  paper->language)
	    : "";
}

static void
add_severity(const ReportPaper *paper, Values *section, int severity)
{
	const char *words = severity > 0 ? severity_words(paper, severity) : "";
	GString *line = g_string_new(NULL);
	guint all = 0;

	for (int k = 0; k < KIND_COUNT; k++) {
		guint count = paper->counts.severities[severity][k];

		all += count;
		if (count > 0)
			g_string_append_printf(line, "%s%s %u",
			    line->len > 0 ? ", " : "",
			    reply_words_kind((TicketKind)k, paper->language),
			    count);
	}
	if (all > 0)
		report_paper_add(section, REPORT_LINE_DETAIL,
		    severity > 0
			? g_strdup_printf("%s %d%s%s%s%s%u (%s)",
			      catalog_text(paper->language, "Severity"),
			      severity, *words != '\0' ? " (" : "", words,
			      *words != '\0' ? ")" : "",
			      report_words_colon(paper->language), all,
			      line->str)
			: g_strdup_printf("%s%s%u (%s)",
			      catalog_text(paper->language,
				  "without a severity"),
			      report_words_colon(paper->language), all,
			      line->str));
	g_string_free(line, TRUE);
}

static void
add_requests(const ReportPaper *paper, Values *values)
{
	const ReportCounts *counts = &paper->counts;
	const char *language = paper->language;
	Values *section = add_section(values,
	    catalog_text(language, "Requests"));

	report_paper_add(section, REPORT_LINE,
	    g_strdup_printf(
		catalog_text(language,
		    "Received: %u; resolved: %u. Open when the month began: "
		    "%u; at its end: %u."),
		counts->received, counts->resolved, counts->was_open,
		counts->is_open));
	for (int severity = 1; severity <= SEVERITY_MAX; severity++)
		add_severity(paper, section, severity);
	add_severity(paper, section, 0);
}

/* ---- promises ---- */

static void
add_sum(const ReportPaper *paper, Values *section, int m, int c)
{
	const guint *by = paper->counts.sums[m][c].by;
	const char *language = paper->language;
	GString *line = g_string_new(NULL);

	for (int v = 0; v < REPORT_VERDICT_COUNT; v++) {
		if (by[v] > 0)
			g_string_append_printf(line, "%s%s %u",
			    line->len > 0 ? ", " : "",
			    report_paper_verdict((ReportVerdict)v, language),
			    by[v]);
	}
	if (line->len > 0)
		report_paper_add(section,
		    by[REPORT_MISSED] > 0 ? REPORT_LINE_LATE
					  : REPORT_LINE_DETAIL,
		    g_strdup_printf("%s (%s)%s%s",
			sla_milestone((Milestone)m, language),
			reply_words_commitment((Commitment)c, language),
			report_words_colon(language), line->str));
	g_string_free(line, TRUE);
}

static void
add_sums(const ReportPaper *paper, Values *values)
{
	Values *section = add_section(values,
	    catalog_text(paper->language, "What was promised, and kept"));

	for (int m = 0; m < MILESTONE_COUNT; m++) {
		for (int c = 0; c < COMMITMENT_COUNT; c++)
			add_sum(paper, section, m, c);
	}
	if (paper->tickets->len == 0)
		add_text(section,
		    catalog_text(paper->language,
			"Nothing was asked in this month."));
}

static void
add_tickets(const ReportPaper *paper, Values *values)
{
	Values *section;

	if (paper->tickets->len == 0)
		return;
	section = add_section(values,
	    catalog_text(paper->language, "Each request"));
	for (guint i = 0; i < paper->tickets->len; i++)
		report_paper_ticket(paper, section, paper->tickets->pdata[i]);
}

static void
add_changes_of(const ReportPaper *paper, Values *section,
    const ReportTicket *ticket)
{
	const char *language = paper->language;

	for (guint i = 0; i < ticket->changes->len; i++) {
		const ReportChange *change = &g_array_index(ticket->changes,
		    ReportChange, i);
		g_autofree char *at = report_paper_when(paper, change->at);
		g_autofree char *before = report_paper_when(paper,
		    change->before);
		g_autofree char *now = report_paper_when(paper, change->now);

		report_paper_add(section, REPORT_LINE,
		    g_strdup_printf("#%" G_GINT64_FORMAT " %s%s%s",
			ticket->number,
			sla_milestone(change->milestone, language),
			report_words_colon(language), at));
		report_paper_add(section, REPORT_LINE_DETAIL,
		    change->recast ? g_strdup(catalog_text(language,
					 "missed, and no breach any more"))
			: change->has_now
			? g_strdup_printf(
			      catalog_text(language, "until %s, before: %s"),
			      now, before)
			: g_strdup_printf(catalog_text(language,
					      "promised no more, before: %s"),
			      before));
	}
}

static void
add_changes(const ReportPaper *paper, Values *values)
{
	Values *section = NULL;

	for (guint i = 0; i < paper->tickets->len; i++) {
		const ReportTicket *ticket = paper->tickets->pdata[i];

		if (ticket->changes->len == 0)
			continue;
		if (section == NULL)
			section = add_section(values,
			    catalog_text(paper->language,
				"Promises that changed"));
		add_changes_of(paper, section, ticket);
	}
}

/* ---- third parties, debriefs ---- */

static void
add_third_parties(const ReportPaper *paper, Values *values)
{
	Values *section;
	g_autofree char *all = report_paper_span(paper->counts.third_party,
	    paper->language);

	if (paper->counts.third_party == 0)
		return;
	section = add_section(values,
	    catalog_text(paper->language, "Time with third parties"));
	report_paper_add(section, REPORT_LINE,
	    g_strdup_printf(
		catalog_text(paper->language, "%s in all; it stops no clock."),
		all));
	for (guint i = 0; i < paper->tickets->len; i++) {
		const ReportTicket *ticket = paper->tickets->pdata[i];
		g_autofree char *span = report_paper_span(ticket->third_party,
		    paper->language);

		if (ticket->third_party > 0)
			report_paper_add(section, REPORT_LINE_DETAIL,
			    g_strdup_printf("#%" G_GINT64_FORMAT " %s%s%s",
				ticket->number, ticket->subject,
				report_words_colon(paper->language), span));
	}
}

static void
add_debriefs(const ReportPaper *paper, Values *values)
{
	Values *section = NULL;

	for (guint i = 0; i < paper->tickets->len; i++) {
		const ReportTicket *ticket = paper->tickets->pdata[i];

		for (guint k = 0; k < ticket->debriefs->len; k++) {
			const ReportDebrief *one =
			    &g_array_index(ticket->debriefs, ReportDebrief, k);

			if (one->text == NULL || *one->text == '\0')
				continue;
			if (section == NULL)
				section = add_section(values,
				    catalog_text(paper->language,
					"What we learnt"));
			report_paper_add(section, REPORT_LINE,
			    g_strdup_printf("#%" G_GINT64_FORMAT " %s",
				ticket->number, ticket->subject));
			report_paper_add(section, REPORT_LINE_DETAIL,
			    g_strdup(one->text));
		}
	}
}

/* ---- all ---- */

static void
add_head(const ReportPaper *paper, Values *values)
{
	const char *language = paper->language;
	g_autofree char *month = sla_month(paper->month.first, language);
	const char *plan = paper->terms.plan != NULL
	    ? words_in(&paper->terms.plan->title, language)
	    : "";

	values_set(values, "client", paper->contract->client);
	values_set(values, "month", month);
	values_set(values, "plan", plan);
	values_set(values, "zone", zone_name(paper->month.zone));
	values_set(values, "about", "");
	if (paper->month.so_far) {
		g_autofree char *until = sla_when(paper->month.to, language,
		    paper->month.zone);

		values_set(values, "until", until);
	}
}

Values *
report_paper_values(const ReportPaper *paper)
{
	Values *values = values_new();

	add_head(paper, values);
	add_requests(paper, values);
	add_sums(paper, values);
	report_paper_penalties(paper, values);
	add_changes(paper, values);
	report_paper_hours(paper, values);
	report_paper_availability(paper, values);
	add_third_parties(paper, values);
	add_debriefs(paper, values);
	add_tickets(paper, values);
	return values;
}

Values *
report_paper_section(Values *values, const char *title)
{
	return add_section(values, title);
}

/* ---- as text ---- */

#define COLUMNS 80

/* One line in lines of 80 columns, what is left hanging below its text. */
static void
wrap(GString *out, const char *line)
{
	gsize hang = strspn(line, " -");
	glong room = COLUMNS;

	while (g_utf8_strlen(line, -1) > room) {
		const char *cut = g_utf8_offset_to_pointer(line, room);
		const char *end = cut;

		while (end > line + hang && *end != ' ')
			end--;
		if (end <= line + hang)
			end = cut;
		g_string_append_len(out, line, end - line);
		g_string_append_printf(out, "\n%*s", (int)hang, "");
		line = end + strspn(end, " ");
		room = COLUMNS - (glong)hang;
	}
	g_string_append(out, line);
	g_string_append_c(out, '\n');
}

static char *
render(const ReportPaper *paper, bool as_page)
{
	g_autoptr(Values) values = report_paper_values(paper);
	const Template *subject, *text, *page;

	if (as_page)
		report_plots_add(paper, values);
	if (!ruleset_reply(paper->ruleset, "report", paper->language, &subject,
		&text, &page) &&
	    !ruleset_reply(paper->ruleset, "report", "en", &subject, &text,
		&page))
		g_assert_not_reached(); /* loading made sure of it */
	return template_render(as_page && page != NULL ? page : text, values);
}

char *
report_paper_page(const ReportPaper *paper)
{
	return render(paper, true);
}

char *
report_paper_text(const ReportPaper *paper)
{
	g_autofree char *whole = render(paper, false);
	g_auto(GStrv) lines = g_strsplit(g_strchomp(whole), "\n", -1);
	GString *out = g_string_new(NULL);

	for (guint i = 0; lines[i] != NULL; i++)
		wrap(out, lines[i]);
	return g_string_free(out, FALSE);
}
