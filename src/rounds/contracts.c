/*
 * Contracts' days: in one mail a day the manager reads of all whose day comes
 * near; the client of theirs, where the contract says so.
 *
 * The day that was looked at last is a setting of the store: what a desk that
 * was down would have told is told when it is back. A store that was put back
 * may tell it twice: a last day of notice that nobody read of costs more.
 */
#include "rounds_private.h"

#include "guichet/desk/contract_dates.h"
#include "guichet/desk/morning.h"

#include <string.h>

#define TOLD        "contracts-told"
#define DAY_SECONDS 86400

static const Zone *
site_zone(const Intake *in)
{
	return zone_get(in->conf->zone, NULL);
}

/* The hour of that day: the morning mail's, on every day. */
static Instant
hour_of(const Intake *in, Date date)
{
	return zone_instant(site_zone(in),
	    wall_midnight(date) + in->conf->morning.at, ZONE_FIRST);
}

/* The last day whose hour has come. */
static Date
day_of(const Intake *in, Instant now)
{
	Date today = wall_date(zone_wall(site_zone(in), now));

	return hour_of(in, today) <= now ? today : today - 1;
}

static bool
load_told(Intake *in, Date absent, Date *ret_last, GError **error)
{
	g_autofree char *value = NULL;

	if (!store_setting(in->store, TOLD, &value, error))
		return false;
	if (value == NULL || !date_parse(value, ret_last))
		*ret_last = absent;
	return true;
}

/* ---- mails ---- */

static Draft *
draft_new(SendKind send, const char *to, const char *language, const char *zone)
{
	Draft *draft = g_new0(Draft, 1);

	draft->send = send;
	draft->no_answer = true; /* it is about no ticket */
	draft->to = g_strdup(to);
	draft->language = g_strdup(language);
	draft->zone = g_strdup(zone);
	return draft;
}

static bool
tell_manager(Intake *in, StoreTx *tx, const GArray *dates, Instant now,
    GError **error)
{
	const Conf *conf = in->conf;
	const ReadingFor reader = { .language = conf->language,
		.zone = site_zone(in),
		.now = now };
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(Values) values = values_new();
	g_autoptr(Draft) draft = NULL;

	if (conf->manager == NULL || dates->len == 0)
		return true;
	draft = draft_new(SEND_TERMS, conf->manager, conf->language,
	    conf->zone);
	for (guint i = 0; i < dates->len; i++)
		g_ptr_array_add(lines,
		    contract_dates_line(&g_array_index(dates, ContractDate, i),
			conf->language));
	morning_begin(values, conf->manager_name, true, false, &reader);
	morning_add_lines(values, MORNING_TERMS, lines, lines->len, &reader);
	values_setf(values, "count", "%u", lines->len);
	values_set(values, "desk", conf->site);
	draft_render(draft, in, values);
	return post_draft(in, tx, draft, now, error);
}

static void
set_client(Values *values, const Intake *in, const ContractDate *date,
    Instant now)
{
	const Contract *contract = date->contract;
	const char *language = contract->language;
	const ContractVersion *version = contract_version(contract, now);
	const Plan *plan = version != NULL
	    ? ruleset_plan(in->ruleset, version->plans[0])
	    : NULL;
	g_autofree char *day = sla_date(date->date, language);
	g_autofree char *end = sla_date(date->end, language);
	g_autofree char *next = sla_date(date->end + 1, language);

	values_set(values, "desk", in->conf->site);
	values_set(values, "client", contract->client);
	values_set(values, "plan",
	    plan != NULL ? words_in(&plan->title, language) : "");
	values_set(values, "renewed", date->is_notice ? next : "");
	values_set(values, "notice_by", date->is_notice ? day : "");
	values_set(values, "end", end);
	values_set(values, "manager",
	    in->conf->manager_name != NULL ? in->conf->manager_name : "");
	values_set(values, "manager_address",
	    in->conf->manager != NULL ? in->conf->manager : in->conf->address);
}

static bool
tell_client(Intake *in, StoreTx *tx, const ContractDate *date, Instant now,
    GError **error)
{
	const Contract *contract = date->contract;
	const GPtrArray *contacts = contract->contacts;
	g_autoptr(Values) values = values_new();

	set_client(values, in, date, now);
	for (guint i = 0; i < contacts->len; i++) {
		const Contact *contact = contacts->pdata[i];
		g_autoptr(Draft) draft = draft_new(SEND_ENDING,
		    contact->address, contract->language,
		    zone_name(contract_zone(contract, now)));

		draft_render(draft, in, values);
		if (!post_draft(in, tx, draft, now, error))
			return false;
	}
	return true;
}

static bool
tell(Intake *in, StoreTx *tx, Date since, Instant now, GError **error)
{
	const GPtrArray *all = ruleset_contracts(in->ruleset);
	g_autoptr(GArray) dates = g_array_new(FALSE, FALSE,
	    sizeof(ContractDate));
	Date today = day_of(in, now);

	for (guint i = 0; i < all->len; i++) {
		ContractDate date;

		/* A day that passed meanwhile is told late rather than never. */
		if (!contract_dates_next(all->pdata[i], since + 1, &date))
			continue;
		date.days = date.date - today;
		if (contract_dates_is_told(&date, since, today))
			g_array_append_val(dates, date);
		if (contract_dates_is_clients(&date, since, today) &&
		    !tell_client(in, tx, &date, now, error))
			return false;
	}
	return tell_manager(in, tx, dates, now, error);
}

bool
contracts_tick(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	g_autofree char *value = NULL;
	Date day = day_of(in, now), last;
	bool begins;

	if (!store_setting(in->store, TOLD, &value, error) ||
	    !load_told(in, day, &last, error))
		return false;
	begins = value == NULL;
	g_free(value);
	value = date_format(day);
	if (last >= day)
		return !begins || store_set_setting(tx, TOLD, value, error);
	return tell(in, tx, last, now, error) &&
	    store_set_setting(tx, TOLD, value, error);
}

bool
contracts_next(Intake *in, Instant now, Instant *ret_at, GError **error)
{
	Date day = day_of(in, now), last;

	if (!load_told(in, day, &last, error))
		return false;
	*ret_at = last < day ? now : hour_of(in, day + 1);
	return true;
}
