/*
 * Duties: what plans owe unasked becomes a ticket for the technicians, once a
 * period. What was opened is a setting of the store, written with the ticket:
 * neither a restart nor an outage opens a period twice.
 */
#include "rounds_private.h"

#include "guichet/base/text.h"
#include "guichet/post/post.h"
#include "guichet/rules/duty.h"
#include "guichet/work/work.h"

#include <string.h>

/* From when on this desk minds duties: what was due before its first tick was
 * somebody else's. */
#define BEGUN "duties-begun"

/* ---- what is stored ---- */

static char *
setting_name(const DutyRow *row)
{
	return g_strdup_printf("duty %s %s %s", row->contract->name,
	    row->plan->name, row->duty->name);
}

/* Whether the period, or a later one, was opened already. */
static bool
was_opened(Intake *in, const DutyRow *row, const DutyPeriod *period,
    bool *ret_was, GError **error)
{
	g_autofree char *name = setting_name(row);
	g_autofree char *value = NULL;
	Date last;

	if (!store_setting(in->store, name, &value, error))
		return false;
	*ret_was = value != NULL && date_parse(value, &last) &&
	    last >= period->begins;
	return true;
}

static bool
note_opened(StoreTx *tx, const DutyRow *row, const DutyPeriod *period,
    GError **error)
{
	g_autofree char *name = setting_name(row);
	g_autofree char *value = date_format(period->begins);

	return store_set_setting(tx, name, value, error);
}

/* INSTANT_NONE: not begun. */
static bool
begun_at(Intake *in, Instant *ret_begun, GError **error)
{
	g_autofree char *value = NULL;

	if (!store_setting(in->store, BEGUN, &value, error))
		return false;
	*ret_begun = INSTANT_NONE;
	return value == NULL || instant_parse(value, ret_begun, error);
}

/* ---- the ticket ---- */

static char *
duty_text(const DutyRow *row, const DutyPeriod *period, const char *language)
{
	g_autofree char *begins = date_format(period->begins);

	return g_strdup_printf(text_is_french(language)
		? "Dû par le contrat %s (%s), période du %s."
		: "Owed under the contract %s (%s), period of %s.",
	    row->contract->name, words_in(&row->plan->title, language), begins);
}

static bool
open_ticket(Intake *in, StoreTx *tx, const DutyRow *row,
    const DutyPeriod *period, Instant now, GError **error)
{
	const char *language = in->conf->language;
	const char *title = words_in(&row->duty->title, language);
	g_autofree char *subject = g_strdup_printf("%s - %s",
	    *title != '\0' ? title : row->duty->name, row->contract->client);
	g_autofree char *text = duty_text(row, period, language);
	OwnTicketCase own = {
		.opening = { .kind = KIND_DUTY,
		    .contract = row->contract->name,
		    .plan = row->plan->name,
		    .scope = row->duty->name,
		    .source = OPENED_BY_DUTY },
		.subject = subject,
		.text = text,
		.actor = "tick",
		.at = period->due,
		.now = now,
	};
	gint64 ticket;

	return own_ticket_open(in, tx, &own, &ticket, error) &&
	    note_opened(tx, row, period, error);
}

/* ---- all duties ---- */

/* What is due and not opened, at most one period of each duty. */
typedef struct {
	DutyRow row;
	DutyPeriod period;
} DueDuty;

static bool
add_due(Intake *in, const DutyRow *row, Instant begun, Instant now, GArray *due,
    GError **error)
{
	DueDuty found = { .row = *row };
	bool was;

	if (!duty_is_due(row, begun, now, &found.period))
		return true;
	if (!was_opened(in, row, &found.period, &was, error))
		return false;
	if (!was)
		g_array_append_val(due, found);
	return true;
}

static GArray *
find_due(Intake *in, Instant begun, Instant now, GError **error)
{
	const GPtrArray *contracts = ruleset_contracts(in->ruleset);
	g_autoptr(GArray) due = g_array_new(FALSE, FALSE, sizeof(DueDuty));

	for (guint c = 0; c < contracts->len; c++) {
		g_autoptr(GArray) rows = duty_rows_at(in->ruleset,
		    contracts->pdata[c], now);

		for (guint i = 0; rows != NULL && i < rows->len; i++) {
			if (!add_due(in, &g_array_index(rows, DutyRow, i),
				begun, now, due, error))
				return NULL;
		}
	}
	return g_steal_pointer(&due);
}

bool
duties_next(Intake *in, Instant now, Instant *ret_at, GError **error)
{
	g_autoptr(GArray) due = NULL;
	Instant begun;

	/* The rules of an Intake do not change, so the next instant is kept;
	 * but only the store knows whether what was due is committed. */
	if (in->knows_duty &&
	    (in->duty_at == INSTANT_NONE || in->duty_at > now)) {
		*ret_at = in->duty_at;
		return true;
	}
	if (!begun_at(in, &begun, error))
		return false;
	if (begun != INSTANT_NONE) {
		due = find_due(in, begun, now, error);
		if (due == NULL)
			return false;
	}
	in->knows_duty = due != NULL && due->len == 0;
	in->duty_at = in->knows_duty ? duty_next_of_all(in->ruleset, now) : now;
	*ret_at = in->duty_at;
	return true;
}

bool
duties_open(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	g_autofree char *text = instant_format(now);
	g_autoptr(GArray) due = NULL;
	Instant begun;

	if (in->knows_duty &&
	    (in->duty_at == INSTANT_NONE || in->duty_at > now))
		return true;
	if (!begun_at(in, &begun, error))
		return false;
	if (begun == INSTANT_NONE)
		return store_set_setting(tx, BEGUN, text, error);
	due = find_due(in, begun, now, error);
	if (due == NULL)
		return false;
	for (guint i = 0; i < due->len; i++) {
		const DueDuty *duty = &g_array_index(due, DueDuty, i);

		if (!open_ticket(in, tx, &duty->row, &duty->period, now, error))
			return false;
	}
	return true;
}
