/* One ticket of a report in words: what it was promised, and what became of it. */
#include "report_paper_private.h"

#include "guichet/judgment/reply_words.h"
#include "guichet/yaml/catalog.h"

const char *
report_paper_verdict(ReportVerdict verdict, const char *language)
{
	switch (verdict) {
	case REPORT_MET:
		return catalog_text(language, "met");
	case REPORT_MISSED:
		return catalog_text(language, "missed");
	case REPORT_ENDED:
		return catalog_text(language, "ended");
	case REPORT_NO_TERM:
		return catalog_text(language, "without a time limit");
	default:
		return catalog_text(language, "still to come");
	}
}

static void
append_pauses(GString *line, const ReportPaper *paper,
    const ReportPromise *promise)
{
	g_autofree char *span = report_paper_span(promise->paused,
	    paper->language);

	if (promise->pauses->len == 0)
		return;
	g_string_append(line, "; ");
	g_string_append_printf(line,
	    catalog_text(paper->language, "paused for %s"), span);
	for (guint i = 0; i < promise->pauses->len; i++) {
		const Pause *pause = &g_array_index(promise->pauses, Pause, i);
		g_autofree char *from = report_paper_when(paper, pause->from);
		g_autofree char *to = report_paper_when(paper, pause->to);

		g_string_append_printf(line, "%s%s - %s, %s",
		    i == 0 ? " (" : "; ", from, to,
		    reply_words_ticket_state(pause->why, paper->language));
	}
	g_string_append_c(line, ')');
}

/* "until Tue 24 Nov 14:00, at Tue 24 Nov 13:10 (3 h 10 min of 4 h)" */
static void
append_times(GString *line, const ReportPaper *paper,
    const ReportPromise *promise)
{
	const char *language = paper->language;
	g_autofree char *due = report_paper_when(paper, promise->due);
	g_autofree char *met = report_paper_when(paper, promise->met);
	g_autofree char *late = report_paper_span(promise->late, language);
	g_autofree char *used = report_paper_span(promise->used, language);
	g_autofree char *total = report_paper_span(promise->total, language);

	if (promise->due != INSTANT_NONE) {
		g_string_append(line, "; ");
		g_string_append_printf(line,
		    catalog_text(language, "promised until %s"), due);
	}
	if (promise->met != INSTANT_NONE) {
		g_string_append(line, "; ");
		g_string_append_printf(line, catalog_text(language, "done %s"),
		    met);
	}
	if (promise->total > 0) {
		g_string_append(line, "; ");
		g_string_append_printf(line,
		    catalog_text(language, "%s of %s used"), used, total);
	}
	if (promise->verdict == REPORT_MISSED && promise->late > 0) {
		g_string_append(line, "; ");
		g_string_append_printf(line,
		    catalog_text(language, "late by %s"), late);
	}
}

static void
add_promise(const ReportPaper *paper, Values *section,
    const ReportPromise *promise)
{
	const char *language = paper->language;
	GString *line = g_string_new(NULL);

	g_string_append_printf(line, "%s (%s)%s%s",
	    sla_promise(promise->milestone, promise->again, language),
	    reply_words_commitment(promise->commitment, language),
	    report_words_colon(language),
	    report_paper_verdict(promise->verdict, language));
	if (!promise->counts)
		g_string_append_printf(line, ", %s",
		    catalog_text(language, "in an earlier month"));
	if (promise->verdict != REPORT_NO_TERM) {
		append_times(line, paper, promise);
		append_pauses(line, paper, promise);
	}
	report_paper_add(section,
	    promise->verdict == REPORT_MISSED ? REPORT_LINE_LATE
					      : REPORT_LINE_DETAIL,
	    g_string_free(line, FALSE));
}

static void
add_facts(const ReportPaper *paper, Values *section, const ReportTicket *ticket)
{
	const char *language = paper->language;

	if (ticket->exclusion != NULL)
		report_paper_add(section, REPORT_LINE_DETAIL,
		    g_strdup_printf("%s%s%s",
			catalog_text(language, "excluded"),
			report_words_colon(language),
			reply_words_exclusion(ticket->exclusion, language)));
	if (ticket->merged_into != 0)
		report_paper_add(section, REPORT_LINE_DETAIL,
		    g_strdup_printf("%s #%" G_GINT64_FORMAT,
			catalog_text(language, "joined to"),
			ticket->merged_into));
	if (ticket->rpo >= 0) {
		g_autofree char *lost = hours_format(ticket->rpo);

		report_paper_add(section, REPORT_LINE_DETAIL,
		    g_strdup_printf(catalog_text(language, "data lost: %s"),
			lost));
	}
}

void
report_paper_ticket(const ReportPaper *paper, Values *section,
    const ReportTicket *ticket)
{
	const char *language = paper->language;
	g_autofree char *received = report_paper_when(paper, ticket->received);
	g_autofree char *severity = ticket->severity > 0
	    ? g_strdup_printf(catalog_text(language, ", severity %d"),
		  ticket->severity)
	    : g_strdup("");

	report_paper_add(section, REPORT_LINE,
	    g_strdup_printf("#%" G_GINT64_FORMAT " %s", ticket->number,
		*ticket->subject != '\0' ? ticket->subject : "-"));
	report_paper_add(section, REPORT_LINE_DETAIL,
	    g_strdup_printf("%s, %s%s; %s", received,
		reply_words_kind(ticket->kind, language), severity,
		reply_words_ticket_state(ticket->state, language)));
	for (guint i = 0; i < ticket->promises->len; i++)
		add_promise(paper, section,
		    &g_array_index(ticket->promises, ReportPromise, i));
	add_facts(paper, section, ticket);
}
