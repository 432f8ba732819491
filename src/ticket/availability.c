/*
 * What each second of a client's service was worth, from turns, maintenance
 * and nights.
 */
#include "guichet/ticket/availability.h"

#include "guichet/alert/alert_map.h"

#include "guichet/base/cleanup.h"
#include "guichet/base/names.h"

#include <string.h>

#define MILLION 1000000
#define HOUR    3600

/* What is worked out on the way. */
typedef struct {
	const AvailabilityFacts *facts;
	GArray *shares;  /* AvailabilityShare: all that is down, by beginning */
	GArray *time;    /* Span rows: T, */
	GArray *nights;  /* every night's window, */
	GArray *planned; /* this and all maintenance, */
	GArray *counted; /* U, */
	GArray *excluded; /* what is down and counts as neither */
} Count;

static const AvailabilityPeriod *
period_at(const AvailabilityFacts *facts, guint i)
{
	return &g_array_index(facts->periods, AvailabilityPeriod, i);
}

static const AvailabilityTurn *
turn_at(const AvailabilityFacts *facts, guint i)
{
	return &g_array_index(facts->turns, AvailabilityTurn, i);
}

static const AvailabilityShare *
share_at(const Count *count, guint i)
{
	return &g_array_index(count->shares, AvailabilityShare, i);
}

#define AVAILABILITY_KIND_NAMES(X)  \
 X(AVAILABILITY_COUNTED, "counted") \
 X(AVAILABILITY_PLANNED, "planned") \
 X(AVAILABILITY_EXCLUDED, "excluded")
NAME_TABLE(kinds, AVAILABILITY_KIND_NAMES, AVAILABILITY_KIND_COUNT);

const char *
availability_kind_name(AvailabilityKind kind)
{
	return names_word(&kinds, kind);
}

/* ---- what is down ---- */

static bool
fits_one(char *const *patterns, const char *name)
{
	if (patterns == NULL)
		return true;
	for (gsize i = 0; patterns[i] != NULL; i++) {
		if (alert_glob_fits(patterns[i], name))
			return true;
	}
	return false;
}

/* An alert of the host itself names no service. */
static bool
counts(const AvailabilityTerms *terms, const AvailabilityTurn *turn)
{
	return turn->firing && (terms->levels & 1u << turn->level) != 0 &&
	    fits_one(terms->hosts, turn->host) &&
	    (*turn->service == '\0' ||
		fits_one(terms->services, turn->service));
}

/* Worse and another set of terms make no new share. */
static void
add_share(GArray *shares, const AvailabilityTurn *turn, Instant end,
    const AvailabilityPeriod *period)
{
	AvailabilityShare share = { .alert = turn->alert,
		.ticket = turn->ticket,
		.host = turn->host,
		.service = turn->service,
		.from = MAX(turn->at, period->from),
		.to = MIN(end, period->to),
		.before = turn->at<period->from, .after = end> period->to,
		.excluded = turn->excluded };
	AvailabilityShare *last = shares->len == 0
	    ? NULL
	    : &g_array_index(shares, AvailabilityShare, shares->len - 1);

	if (share.from >= share.to)
		return;
	if (last != NULL && last->alert == share.alert &&
	    last->ticket == share.ticket && last->to == share.from) {
		last->to = share.to;
		last->after = share.after;
	} else {
		g_array_append_val(shares, share);
	}
}

/* The next turn of the same alert ends what this one says. */
static Instant
turn_end(const AvailabilityFacts *facts, guint i)
{
	if (i + 1 == facts->turns->len ||
	    turn_at(facts, i + 1)->alert != turn_at(facts, i)->alert)
		return G_MAXINT64;
	return turn_at(facts, i + 1)->at;
}

static gint
compare_shares(gconstpointer a, gconstpointer b)
{
	const AvailabilityShare *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->alert < y->alert ? -1 : x->alert > y->alert;
}

static void
find_shares(Count *count)
{
	const AvailabilityFacts *facts = count->facts;

	for (guint i = 0; i < facts->turns->len; i++) {
		const AvailabilityTurn *turn = turn_at(facts, i);
		Instant end = turn_end(facts, i);

		for (guint p = 0; p < facts->periods->len; p++) {
			const AvailabilityPeriod *period = period_at(facts, p);

			if (counts(period->terms, turn))
				add_share(count->shares, turn, end, period);
		}
	}
	g_array_sort(count->shares, compare_shares);
}

/* ---- what is planned ---- */

static void
add_nights(GArray *nights, const AvailabilityPeriod *period)
{
	const AvailabilityTerms *terms = period->terms;
	const Zone *zone = period->zone;
	Date last = wall_date(zone_wall(zone, period->to));

	if (!terms->has_night)
		return;
	/* The window of the evening before may reach into the first day. */
	for (Date date = wall_date(zone_wall(zone, period->from)) - 1;
	     date <= last; date++) {
		Wall midnight = wall_midnight(date);
		Instant from = zone_instant(zone, midnight + terms->night_from,
		    ZONE_FIRST);
		Instant to = zone_instant(zone, midnight + terms->night_to,
		    ZONE_SECOND);

		spans_add(nights, MAX(from, period->from), MIN(to, period->to));
	}
}

/* What maintenance is planned for this host and service; for all if `host` is
 * NULL. */
static GArray *
maintenance_for(const AvailabilityFacts *facts, const char *host,
    const char *service)
{
	GArray *row = spans_new();

	for (guint i = 0; i < facts->planned->len; i++) {
		const AvailabilityPlanned *one = &g_array_index(facts->planned,
		    AvailabilityPlanned, i);
		const char *of = *one->service != '\0' ? one->service : NULL;

		if (host != NULL &&
		    (!alert_glob_fits(one->host, host) ||
			!alert_glob_fits(of, service)))
			continue;
		for (guint p = 0; p < facts->periods->len; p++) {
			const AvailabilityPeriod *period = period_at(facts, p);
			Seconds ahead = period->terms->ahead;

			if (ahead > 0 && one->from - one->announced >= ahead)
				spans_add(row, MAX(one->from, period->from),
				    MIN(one->to, period->to));
		}
	}
	spans_tidy(row);
	return row;
}

/* ---- the sums ---- */

/* Lays each share's unplanned time to what counts, or to what is excluded. */
static void
weigh_shares(Count *count, GArray *counted, GArray *excluded)
{
	for (guint i = 0; i < count->shares->len; i++) {
		const AvailabilityShare *share = share_at(count, i);
		GArray *into = share->excluded ? excluded : counted;
		g_autoptr(GArray) down = spans_new();
		g_autoptr(GArray) planned = maintenance_for(count->facts,
		    share->host, share->service);
		g_autoptr(GArray) rest = NULL;

		spans_add(down, share->from, share->to);
		rest = spans_minus(down, planned);
		g_array_append_vals(into, rest->data, rest->len);
	}
	spans_tidy(counted);
	spans_tidy(excluded);
}

static void
find_spans(Count *count)
{
	const AvailabilityFacts *facts = count->facts;
	g_autoptr(GArray) counted = spans_new();
	g_autoptr(GArray) excluded = spans_new();
	g_autoptr(GArray) any = NULL;
	g_autoptr(GArray) maintenance = maintenance_for(facts, NULL, NULL);
	g_autoptr(GArray) all = NULL;

	for (guint p = 0; p < facts->periods->len; p++) {
		spans_add(count->time, period_at(facts, p)->from,
		    period_at(facts, p)->to);
		add_nights(count->nights, period_at(facts, p));
	}
	spans_tidy(count->time);
	spans_tidy(count->nights);
	weigh_shares(count, counted, excluded);
	count->counted = spans_minus(counted, count->nights);
	all = spans_union(count->nights, maintenance);
	count->planned = spans_minus(all, count->counted);
	any = spans_union(count->planned, count->counted);
	count->excluded = spans_minus(excluded, any);
}

/* ---- for people to check ---- */

static void
outage_free(gpointer data)
{
	AvailabilityOutage *outage = data;

	g_array_unref(outage->parts);
	g_array_unref(outage->shares);
	g_free(outage);
}

static gint
compare_parts(gconstpointer a, gconstpointer b)
{
	const AvailabilityPart *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

static void
add_parts(GArray *parts, const GArray *row, const GArray *down,
    AvailabilityKind kind)
{
	g_autoptr(GArray) mine = spans_both(row, down);

	for (guint i = 0; i < mine->len; i++) {
		AvailabilityPart part = { span_at(mine, i)->from,
			span_at(mine, i)->to, kind };

		g_array_append_val(parts, part);
	}
}

/* What was down, in its parts, ascending; none reaches from one outage into
 * the next. */
static GArray *
parts_of(const Count *count, const GArray *down)
{
	GArray *parts = g_array_new(FALSE, FALSE, sizeof(AvailabilityPart));

	add_parts(parts, count->counted, down, AVAILABILITY_COUNTED);
	add_parts(parts, count->planned, down, AVAILABILITY_PLANNED);
	add_parts(parts, count->excluded, down, AVAILABILITY_EXCLUDED);
	g_array_sort(parts, compare_parts);
	return parts;
}

static void
take_part(AvailabilityOutage *outage, const AvailabilityPart *part)
{
	Seconds length = part->to - part->from;

	g_array_append_vals(outage->parts, part, 1);
	switch (part->kind) {
	case AVAILABILITY_COUNTED:
		outage->counted += length;
		break;
	case AVAILABILITY_PLANNED:
		outage->planned += length;
		break;
	case AVAILABILITY_EXCLUDED:
		outage->excluded += length;
		break;
	case AVAILABILITY_KIND_COUNT:
		g_assert_not_reached();
	}
}

static void
take_share(AvailabilityOutage *outage, const AvailabilityShare *share)
{
	g_array_append_vals(outage->shares, share, 1);
	if (share->from == outage->from && share->before)
		outage->before = true;
	if (share->to == outage->to && share->after)
		outage->after = true;
}

static GPtrArray *
outages_of(const Count *count)
{
	GPtrArray *outages = g_ptr_array_new_with_free_func(outage_free);
	g_autoptr(GArray) down = spans_new();
	g_autoptr(GArray) parts = NULL;
	guint s = 0, p = 0;

	for (guint i = 0; i < count->shares->len; i++)
		spans_add(down, share_at(count, i)->from,
		    share_at(count, i)->to);
	spans_tidy(down);
	parts = parts_of(count, down);
	for (guint i = 0; i < down->len; i++) {
		AvailabilityOutage *outage = g_new0(AvailabilityOutage, 1);

		*outage = (AvailabilityOutage){ .from = span_at(down, i)->from,
			.to = span_at(down, i)->to };
		outage->parts = g_array_new(FALSE, FALSE,
		    sizeof(AvailabilityPart));
		outage->shares = g_array_new(FALSE, FALSE,
		    sizeof(AvailabilityShare));
		for (; s < count->shares->len &&
		     share_at(count, s)->from < outage->to;
		     s++)
			take_share(outage, share_at(count, s));
		for (; p < parts->len; p++) {
			const AvailabilityPart *part = &g_array_index(parts,
			    AvailabilityPart, p);

			if (part->from >= outage->to)
				break;
			take_part(outage, part);
		}
		g_ptr_array_add(outages, outage);
	}
	return outages;
}

/* ---- all ---- */

Availability *
availability_count(const AvailabilityFacts *facts)
{
	Availability *result = g_new0(Availability, 1);
	g_autoptr(GArray) shares = g_array_new(FALSE, FALSE,
	    sizeof(AvailabilityShare));
	g_autoptr(GArray) time = spans_new();
	g_autoptr(GArray) nights = spans_new();
	Count count = { .facts = facts,
		.shares = shares,
		.time = time,
		.nights = nights };

	find_shares(&count);
	find_spans(&count);
	result->total = spans_seconds(count.time);
	result->planned = spans_seconds(count.planned);
	result->unplanned = spans_seconds(count.counted);
	result->excluded = spans_seconds(count.excluded);
	result->outages = outages_of(&count);
	g_array_unref(count.planned);
	g_array_unref(count.counted);
	g_array_unref(count.excluded);
	return result;
}

void
availability_free(Availability *availability)
{
	if (availability == NULL)
		return;
	g_ptr_array_unref(availability->outages);
	g_free(availability);
}

gint64
availability_millionths(const Availability *availability)
{
	Seconds due = availability->total - availability->planned;

	return due == 0 ? -1 : (due - availability->unplanned) * MILLION / due;
}

bool
availability_meets(const Availability *availability, gint64 target)
{
	Seconds due = availability->total - availability->planned;

	return (due - availability->unplanned) * MILLION >= target * due;
}

gint64
availability_started_hours(const Availability *availability)
{
	return (availability->unplanned + HOUR - 1) / HOUR;
}
