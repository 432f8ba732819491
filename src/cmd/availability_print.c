/* A client's availability of a month, as a table and as JSON. */
#include "availability_private.h"

#include "guichet/print/instant_json.h"
#include "guichet/print/table.h"
#include "guichet/ticket/sla.h"

#include "guichet/base/cleanup.h"

#include <stdio.h>
#include <string.h>

#define MILLIONTHS_OF_PERCENT 10000

/* ---- words ---- */

/* "99.8954 %": rounded down, so that it never looks kept where it was not. */
static char *
percent(gint64 millionths)
{
	if (millionths < 0)
		return g_strdup("-");
	return g_strdup_printf("%" G_GINT64_FORMAT ".%04d %%",
	    millionths / MILLIONTHS_OF_PERCENT,
	    (int)(millionths % MILLIONTHS_OF_PERCENT));
}

/* "99.9 %" as the plan has it. */
static char *
target_text(gint64 millionths)
{
	g_autofree char *digits = g_strdup_printf("%04d",
	    (int)(millionths % MILLIONTHS_OF_PERCENT));
	gsize length = strlen(digits);

	while (length > 0 && digits[length - 1] == '0')
		digits[--length] = '\0';
	return g_strdup_printf("%" G_GINT64_FORMAT "%s%s %%",
	    millionths / MILLIONTHS_OF_PERCENT, length > 0 ? "." : "", digits);
}

/* "12:00:00" of the client's wall. */
static char *
wall_time(const Zone *zone, Instant at)
{
	Wall wall = zone_wall(zone, at);
	int second = (int)(wall - wall_midnight(wall_date(wall)));

	return g_strdup_printf("%02d:%02d:%02d", second / 3600,
	    second / 60 % 60, second % 60);
}

/* "2026-11-10 12:00:00 +01:00", unmistakable. */
static char *
local_time(const Zone *zone, Instant at)
{
	int offset = zone_offset(zone, at);
	g_autofree char *day = date_format(wall_date(zone_wall(zone, at)));
	g_autofree char *time = wall_time(zone, at);

	return g_strdup_printf("%s %s %c%02d:%02d", day, time,
	    offset < 0 ? '-' : '+', ABS(offset) / 3600, ABS(offset) / 60 % 60);
}

/* "2026-11-10 12:00:00 +01:00 to 12:45:00": the end in full on another day, or
 * by other clocks. */
static char *
local_span(const Zone *zone, Instant from, Instant to)
{
	g_autofree char *begin = local_time(zone, from);
	bool alike = zone_offset(zone, from) == zone_offset(zone, to) &&
	    wall_date(zone_wall(zone, from)) == wall_date(zone_wall(zone, to));
	g_autofree char *end = alike ? wall_time(zone, to)
				     : local_time(zone, to);

	return g_strdup_printf("%s to %s", begin, end);
}

static const char *
verdict(const AvailabilityRow *row)
{
	if (availability_meets(row->sums, row->terms->target))
		return row->so_far ? "kept so far" : "kept";
	return row->so_far ? "missed so far" : "missed";
}

/* ---- a table of all ---- */

static void
table_span(Table *table, Seconds seconds)
{
	g_autofree char *text = sla_span(seconds);

	table_cell(table, text);
}

void
availability_print_table(const GPtrArray *rows)
{
	static const char *const titles[] = { "CONTRACT", "HOST", "TOTAL",
		"PLANNED", "UNPLANNED", "OUTAGES", "RATIO", "PROMISED", "STATE",
		NULL };
	g_autoptr(Table) table = table_new(titles);

	for (guint i = 0; i < rows->len; i++) {
		const AvailabilityRow *row = rows->pdata[i];
		const Availability *sums = row->sums;
		g_autofree char *ratio = percent(availability_millionths(sums));
		g_autofree char *target = target_text(row->terms->target);

		table_row(table,
		    availability_meets(sums, row->terms->target) ? TABLE_PLAIN
								 : TABLE_LATE);
		table_cell(table, row->contract->name);
		table_cell(table, row->host != NULL ? row->host : "*");
		table_span(table, sums->total);
		table_span(table, sums->planned);
		table_span(table, sums->unplanned);
		table_cellf(table, "%u", sums->outages->len);
		table_cell(table, ratio);
		table_cell(table, target);
		table_cell(table, verdict(row));
	}
	table_print(table, false);
}

/* ---- one whole ---- */

static void
print_seconds(const char *title, Seconds seconds)
{
	g_autofree char *text = sla_span(seconds);

	printf("  %-13s%s\n", title, text);
}

static void
print_shares(const AvailabilityOutage *outage, const Zone *zone)
{
	for (guint i = 0; i < outage->shares->len; i++) {
		const AvailabilityShare *share = &g_array_index(outage->shares,
		    AvailabilityShare, i);
		g_autofree char *when = local_span(zone, share->from,
		    share->to);

		printf("      ");
		if (share->ticket > 0)
			printf("#%" G_GINT64_FORMAT, share->ticket);
		else
			printf("no ticket");
		printf("  %s%s%s  %s%s%s\n",
		    *share->host != '\0' ? share->host : "-",
		    *share->service != '\0' ? " " : "", share->service, when,
		    share->excluded ? ", excluded" : "",
		    share->after ? ", goes on" : "");
	}
}

static void
print_parts(const AvailabilityOutage *outage, const Zone *zone)
{
	if (outage->parts->len == 1)
		return;
	for (guint i = 0; i < outage->parts->len; i++) {
		const AvailabilityPart *part = &g_array_index(outage->parts,
		    AvailabilityPart, i);
		g_autofree char *when = local_span(zone, part->from, part->to);
		g_autofree char *length = sla_span(part->to - part->from);

		printf("      %-9s %s  %s\n",
		    availability_kind_name(part->kind), when, length);
	}
}

static void
print_outage(const AvailabilityOutage *outage, const Zone *zone)
{
	g_autofree char *when = local_span(zone, outage->from, outage->to);
	g_autofree char *length = sla_span(outage->to - outage->from);
	g_autofree char *counted = sla_span(outage->counted);
	g_autofree char *planned = sla_span(outage->planned);
	g_autofree char *excluded = sla_span(outage->excluded);

	printf("\n    %s%s%s  %s: %s counted", when,
	    outage->before ? ", had begun before" : "",
	    outage->after ? ", goes on" : "", length, counted);
	if (outage->planned > 0)
		printf(", %s planned", planned);
	if (outage->excluded > 0)
		printf(", %s excluded", excluded);
	putchar('\n');
	print_shares(outage, zone);
	print_parts(outage, zone);
}

void
availability_print(const AvailabilityRow *row)
{
	const Availability *sums = row->sums;
	g_autofree char *from = local_time(row->zone, row->from);
	g_autofree char *to = local_time(row->zone, row->to);
	g_autofree char *ratio = percent(availability_millionths(sums));
	g_autofree char *target = target_text(row->terms->target);

	printf("%s: %s%s%s\n", row->contract->name, row->contract->client,
	    row->host != NULL ? ", host " : "",
	    row->host != NULL ? row->host : "");
	printf("  from         %s\n", from);
	printf("  to           %s%s (%s)\n", to, row->so_far ? ", so far" : "",
	    zone_name(row->zone));
	print_seconds("total", sums->total);
	print_seconds("planned", sums->planned);
	print_seconds("unplanned", sums->unplanned);
	if (sums->excluded > 0)
		print_seconds("excluded", sums->excluded);
	printf("  hours        %" G_GINT64_FORMAT " started\n",
	    availability_started_hours(sums));
	printf("  availability %s, %s %s: %s\n", ratio,
	    commitment_name(row->terms->commitment), target, verdict(row));
	printf("               (total - planned - unplanned) / "
	       "(total - planned) = %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT
	       " s\n",
	    sums->total - sums->planned - sums->unplanned,
	    sums->total - sums->planned);
	if (sums->outages->len == 0)
		puts("  outages      none");
	else
		puts("  outages");
	for (guint i = 0; i < sums->outages->len; i++)
		print_outage(sums->outages->pdata[i], row->zone);
}

/* ---- JSON ---- */

static json_t *
text_or_null(const char *text)
{
	return text != NULL && *text != '\0' ? json_string(text) : json_null();
}

static json_t *
shares_json(const AvailabilityOutage *outage)
{
	json_t *list = json_array();

	for (guint i = 0; i < outage->shares->len; i++) {
		const AvailabilityShare *share = &g_array_index(outage->shares,
		    AvailabilityShare, i);

		json_array_append_new(list,
		    json_pack("{so so so so so sb}", "host",
			text_or_null(share->host), "service",
			text_or_null(share->service), "ticket",
			share->ticket > 0 ? json_integer(share->ticket)
					  : json_null(),
			"from", instant_json(share->from), "to",
			instant_json(share->to), "excluded", share->excluded));
	}
	return list;
}

static json_t *
parts_json(const AvailabilityOutage *outage)
{
	json_t *list = json_array();

	for (guint i = 0; i < outage->parts->len; i++) {
		const AvailabilityPart *part = &g_array_index(outage->parts,
		    AvailabilityPart, i);

		json_array_append_new(list,
		    json_pack("{ss so so}", "kind",
			availability_kind_name(part->kind), "from",
			instant_json(part->from), "to",
			instant_json(part->to)));
	}
	return list;
}

static json_t *
outages_json(const Availability *sums)
{
	json_t *list = json_array();

	for (guint i = 0; i < sums->outages->len; i++) {
		const AvailabilityOutage *outage = sums->outages->pdata[i];

		json_array_append_new(list,
		    json_pack("{so so sI sI sI sb sb so so}", "from",
			instant_json(outage->from), "to",
			instant_json(outage->to), "counted",
			(json_int_t)outage->counted, "planned",
			(json_int_t)outage->planned, "excluded",
			(json_int_t)outage->excluded, "began_before",
			outage->before, "goes_on", outage->after, "parts",
			parts_json(outage), "alerts", shares_json(outage)));
	}
	return list;
}

void
availability_print_json(const AvailabilityRow *row)
{
	const Availability *sums = row->sums;
	gint64 ratio = availability_millionths(sums);
	g_autoptr(json_t) json = json_pack(
	    "{ss so ss so so sb sI sI sI sI so ss sI sb sI so}", "contract",
	    row->contract->name, "host", text_or_null(row->host), "zone",
	    zone_name(row->zone), "from", instant_json(row->from), "to",
	    instant_json(row->to), "so_far", row->so_far, "total",
	    (json_int_t)sums->total, "planned", (json_int_t)sums->planned,
	    "unplanned", (json_int_t)sums->unplanned, "excluded",
	    (json_int_t)sums->excluded, "ratio",
	    ratio < 0 ? json_null() : json_integer(ratio), "commitment",
	    commitment_name(row->terms->commitment), "promised",
	    (json_int_t)row->terms->target, "kept",
	    availability_meets(sums, row->terms->target), "started_hours",
	    (json_int_t)availability_started_hours(sums), "outages",
	    outages_json(sums));

	/* Or it would be missing without a word. */
	g_assert(json != NULL);
	json_dumpf(json, stdout, JSON_COMPACT);
	putchar('\n');
}
