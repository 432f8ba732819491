/*
 * The morning mail: on the days and at the hour that the site names, each
 * technician reads of the tickets that are theirs to mind, the manager of all.
 * Who has nothing to read gets no mail.
 *
 * The day that was told last is a setting of the store, written with the mails:
 * a restart tells no day twice. A desk that was down at the hour tells the day
 * when it is back, if it is the same day still. A store that was put back after
 * the hour leaves that day out: the life before it had told it.
 */
#include "rounds_private.h"

#include "guichet/rounds/morning.h"
#include "guichet/store/store_life.h"

#define TOLD        "morning-told"
#define DAY_SECONDS 86400

/* Until when a day is looked for: longer than any row of holidays. */
#define DAYS_AHEAD 400

/* ---- when ---- */

/* The hour of that day, INSTANT_NONE where the site has none then. */
static Instant
hour_of(const Intake *in, Date date)
{
	const MorningHours *hours = &in->conf->morning;
	const Zone *zone = zone_get(in->conf->zone, NULL);

	if ((hours->days & 1u << date_weekday(date)) == 0 ||
	    calendar_closure(in->desk->open, date) != NULL)
		return INSTANT_NONE;
	return zone_instant(zone, wall_midnight(date) + hours->at, ZONE_FIRST);
}

static Date
today(const Intake *in, Instant now)
{
	return wall_date(zone_wall(zone_get(in->conf->zone, NULL), now));
}

/* The last day that was told; false: none ever. */
static bool
load_told(Intake *in, bool *ret_any, Date *ret_last, GError **error)
{
	g_autofree char *value = NULL;

	if (!store_setting(in->store, TOLD, &value, error))
		return false;
	*ret_any = value != NULL && date_parse(value, ret_last);
	return true;
}

static bool
save_told(StoreTx *tx, Date date, GError **error)
{
	g_autofree char *value = date_format(date);

	return store_set_setting(tx, TOLD, value, error);
}

/* Whether the day's hour has come, and nobody was told yet. */
static bool
is_due(Intake *in, Instant now, bool *ret_due, GError **error)
{
	Date day = today(in, now), last = 0;
	Instant hour = hour_of(in, day);
	bool any;

	*ret_due = false;
	if (!in->conf->morning.is_sent || hour == INSTANT_NONE || hour > now)
		return true;
	if (!load_told(in, &any, &last, error))
		return false;
	*ret_due = any && last < day;
	return true;
}

/* A desk that has never told a day begins with the next hour that comes. */
static bool
begin(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	Date day = today(in, now), last = 0;
	Instant hour = hour_of(in, day);
	bool any, is_past = hour != INSTANT_NONE && hour < now;

	if (!in->conf->morning.is_sent)
		return true;
	return load_told(in, &any, &last, error) &&
	    (any || save_told(tx, is_past ? day : day - 1, error));
}

/* Whether the store was put back since that day's hour. */
static bool
was_restored(Intake *in, Instant now, bool *ret_was, GError **error)
{
	g_auto(StoreLife) life = { 0 };

	if (!store_life(in->store, &life, error))
		return false;
	*ret_was = life.mark != INSTANT_NONE &&
	    life.mark >= hour_of(in, today(in, now));
	return true;
}

bool
morning_next(Intake *in, Instant now, Instant *ret_at, GError **error)
{
	Date day = today(in, now);
	bool due;

	*ret_at = now;
	if (!is_due(in, now, &due, error))
		return false;
	if (due)
		return true;
	*ret_at = INSTANT_NONE;
	for (int i = 0; in->conf->morning.is_sent && i < DAYS_AHEAD; i++) {
		Instant hour = hour_of(in, day + i);

		if (hour != INSTANT_NONE && hour > now) {
			*ret_at = hour;
			break;
		}
	}
	return true;
}

/* ---- the mails ---- */

/* From when on what went wrong was not told yet: the last day's hour. */
static bool
since_when(Intake *in, Instant now, Instant *ret_since, GError **error)
{
	Date last = 0;
	bool any;

	if (!load_told(in, &any, &last, error))
		return false;
	*ret_since = now - DAY_SECONDS;
	if (any && last < today(in, now))
		*ret_since = zone_instant(zone_get(in->conf->zone, NULL),
		    wall_midnight(last) + in->conf->morning.at, ZONE_FIRST);
	return true;
}

GPtrArray *
morning_drafts(Intake *in, Instant now, gint64 *ret_filed, GError **error)
{
	MorningDesk desk = { .now = now };
	g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)draft_free);
	bool good = since_when(in, now, &desk.since, error) &&
	    morning_desk_load(&desk, in, error) &&
	    morning_desk_drafts(&desk, in, drafts, error);

	if (ret_filed != NULL)
		*ret_filed = desk.filed;
	morning_desk_clear(&desk);
	return good ? g_steal_pointer(&drafts) : NULL;
}

bool
morning_tick(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	g_autoptr(GPtrArray) drafts = NULL;
	bool due, restored = false;
	gint64 filed = 0;

	if (!begin(in, tx, now, error) || !is_due(in, now, &due, error) ||
	    (due && !was_restored(in, now, &restored, error)))
		return false;
	if (!due)
		return true;
	if (restored)
		return save_told(tx, today(in, now), error);
	drafts = morning_drafts(in, now, &filed, error);
	if (drafts == NULL)
		return false;
	for (guint i = 0; i < drafts->len; i++) {
		if (!post_draft(in, tx, drafts->pdata[i], now, error))
			return false;
	}
	return filed_list_told(in, tx, filed, error) &&
	    save_told(tx, today(in, now), error);
}
