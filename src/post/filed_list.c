/*
 * What was filed on no ticket, told to the technicians once a day: no rule is
 * so good that nobody need look. Each line has the command that makes a ticket
 * of the mail. A day without any is not told.
 *
 * Where the site has a morning mail, they stand there and are not told apart.
 *
 * What waits is kept in the store: the last mail that was told, and when the
 * next list is due.
 */
#include "guichet/post/post.h"

#include "guichet/desk/morning.h"

#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/store/setting_lines.h"

#include <string.h>

enum {
	TOLD_AT_SECONDS = 8 * 3600, /* of the site's day */
	DAY_SECONDS = 86400,
	LINES_MAX = 100,
	LOOK_BACK = 1000, /* mails of a day that are looked at */
};

typedef struct {
	gint64 told; /* the last mail of the list before, or 0 */
	Instant due; /* INSTANT_NONE: nothing waits */
} Waiting;

static gpointer
waiting_read(char *const *words)
{
	Waiting *waiting = g_new0(Waiting, 1);

	waiting->told = g_ascii_strtoll(words[0], NULL, 10);
	waiting->due = g_ascii_strtoll(words[1], NULL, 10);
	return waiting;
}

static void
waiting_write(GString *line, gconstpointer one)
{
	const Waiting *waiting = one;

	g_string_append_printf(line, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
	    waiting->told, waiting->due);
}

static const SettingLines waiting_lines = { "filed-told", 2, waiting_read,
	waiting_write, g_free };

/* The one line; *ret_all owns it. */
static Waiting *
waiting_load(Store *store, GPtrArray **ret_all, GError **error)
{
	GPtrArray *all = setting_lines_load(&waiting_lines, store, error);
	Waiting *none;

	*ret_all = all;
	if (all == NULL)
		return NULL;
	if (all->len == 0) {
		none = g_new0(Waiting, 1);
		none->due = INSTANT_NONE;
		g_ptr_array_add(all, none);
	}
	return all->pdata[0];
}

/* The next morning of the site. */
static Instant
next_morning(const Intake *in, Instant now)
{
	const Zone *zone = zone_get(in->conf->zone, NULL);
	Wall day = wall_midnight(wall_date(zone_wall(zone, now)));
	Instant at = zone_instant(zone, day + TOLD_AT_SECONDS, ZONE_FIRST);

	return at > now ? at
			: zone_instant(zone,
			      day + DAY_SECONDS + TOLD_AT_SECONDS, ZONE_FIRST);
}

/* Neither what repeats, nor what a person put away, nor a technician's orders,
 * nor the alerts that say that all is well. */
static bool
is_told(const char *lane)
{
	static const MailLane silent[] = { LANE_NONE, LANE_ALSO_SEEN,
		LANE_ALERT, LANE_DROPPED, LANE_ORDER };

	for (gsize i = 0; i < G_N_ELEMENTS(silent); i++) {
		if (event_lane_is(lane, silent[i]))
			return false;
	}
	return true;
}

bool
filed_list_add(Intake *in, StoreTx *tx, const Decision *decision,
    bool is_technicians, Instant now, GError **error)
{
	g_autoptr(GPtrArray) all = NULL;
	Waiting *waiting;
	bool filed = false;

	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		filed = filed ||
		    (effect->kind == EFFECT_FILE &&
			is_told(event_lane_name(effect->lane)));
	}
	/* Who is away and answers this list would be on the next. */
	if (!filed || is_technicians)
		return true;
	waiting = waiting_load(in->store, &all, error);
	if (waiting == NULL)
		return false;
	if (waiting->due != INSTANT_NONE)
		return true;
	waiting->due = next_morning(in, now);
	return setting_lines_save(&waiting_lines, tx, all, error);
}

static bool
add_line(GString *text, Intake *in, const StoredMail *mail, const Technician *t,
    GError **error)
{
	const Zone *zone = zone_get(in->conf->zone, NULL);
	g_autofree char *when = sla_when(mail->received, t->language, zone);
	g_autoptr(Message) head = NULL;
	const Mailbox *from;

	if (!store_message_head(in->store, mail->id, &head, error))
		return false;
	from = head != NULL && head->from->len > 0 ? head->from->pdata[0]
						   : NULL;
	g_string_append_printf(text,
	    "%s  %s  %s\n    %s\n    guichet quarantine release "
	    "%" G_GINT64_FORMAT "\n",
	    mail->lane, when, from != NULL ? from->address : "-",
	    head != NULL ? head->subject : "", mail->id);
	return true;
}

static Draft *
draft_filed(Intake *in, const GPtrArray *mails, const Technician *t,
    GError **error)
{
	g_autoptr(GString) text = g_string_new(text_is_french(t->language)
		? "Ces mails n'ont pas de ticket et n'ont pas de réponse. La "
		  "commande fait d'un mail un ticket :\n\n"
		: "These mails have no ticket and no answer. The command "
		  "makes a ticket of one:\n\n");
	Draft *draft;

	for (guint i = 0; i < MIN(mails->len, LINES_MAX); i++) {
		if (!add_line(text, in, mails->pdata[i], t, error))
			return NULL;
	}
	if (mails->len > LINES_MAX)
		g_string_append_printf(text, "… %u : guichet quarantine\n",
		    mails->len - LINES_MAX);
	draft = g_new0(Draft, 1);
	draft->send = SEND_NOTICE;
	draft->technician = t;
	draft->no_answer = true; /* it is about no ticket */
	draft->to = g_strdup(t->address);
	draft->language = g_strdup(t->language);
	draft->zone = g_strdup(in->conf->zone);
	draft->subject = text_in(t->language, "Sans ticket : %u mails",
	    "Without a ticket: %u mails", mails->len);
	draft->text = g_string_free(g_steal_pointer(&text), FALSE);
	return draft;
}

/* Those after the last that was told, the newest first. */
static GPtrArray *
load_filed(Intake *in, gint64 told, GError **error)
{
	GPtrArray *mails = store_filed_mails(in->store, LOOK_BACK, error);

	for (guint i = mails != NULL ? mails->len : 0; i-- > 0;) {
		const StoredMail *mail = mails->pdata[i];

		if (mail->id <= told || !is_told(mail->lane))
			g_ptr_array_remove_index(mails, i);
	}
	return mails;
}

static bool
tell(Intake *in, StoreTx *tx, Waiting *waiting, Instant now, GError **error)
{
	g_autoptr(GPtrArray) mails = load_filed(in, waiting->told, error);

	if (mails == NULL)
		return false;
	for (guint i = 0; mails->len > 0 && i < in->conf->technicians->len;
	     i++) {
		const Technician *t = in->conf->technicians->pdata[i];
		g_autoptr(Draft) draft = NULL;

		if (!t->active)
			continue;
		draft = draft_filed(in, mails, t, error);
		if (draft == NULL || !post_draft(in, tx, draft, now, error))
			return false;
	}
	if (mails->len > 0)
		waiting->told = ((StoredMail *)mails->pdata[0])->id;
	return true;
}

bool
filed_list_tick(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	g_autoptr(GPtrArray) all = NULL;
	Waiting *waiting = waiting_load(in->store, &all, error);

	if (waiting == NULL)
		return false;
	/* It stands in the morning mail, where there is one. */
	if (waiting->due == INSTANT_NONE || waiting->due > now ||
	    in->conf->morning.is_sent)
		return true;
	waiting->due = INSTANT_NONE;
	return tell(in, tx, waiting, now, error) &&
	    setting_lines_save(&waiting_lines, tx, all, error);
}

bool
filed_list_next(Intake *in, Instant *ret_at, GError **error)
{
	g_autoptr(GPtrArray) all = NULL;
	const Waiting *waiting = waiting_load(in->store, &all, error);

	if (waiting == NULL)
		return false;
	*ret_at = in->conf->morning.is_sent ? INSTANT_NONE : waiting->due;
	return true;
}

/* ---- in the morning mail ---- */

#define LINE_WIDTH 72

static char *
morning_line(Intake *in, const StoredMail *mail, const char *language,
    Instant now, GError **error)
{
	const Zone *zone = zone_get(in->conf->zone, NULL);
	g_autofree char *when = sla_moment(mail->received - mail->received % 60,
	    language, zone, now);
	g_autofree char *line = NULL, *cut = NULL, *subject = NULL;
	g_autoptr(Message) head = NULL;
	const Mailbox *from;

	if (!store_message_head(in->store, mail->id, &head, error))
		return NULL;
	from = head != NULL && head->from->len > 0 ? head->from->pdata[0]
						   : NULL;
	line = g_strdup_printf("%s, %s", when,
	    from != NULL ? from->address : "-");
	subject = morning_cut(head != NULL ? head->subject : "", LINE_WIDTH);
	cut = morning_cut(line, LINE_WIDTH);
	return g_strdup_printf("%s\n      %s%s%s: guichet quarantine release "
			       "%" G_GINT64_FORMAT,
	    cut, subject, *subject != '\0' ? "\n      " : "", mail->lane,
	    mail->id);
}

bool
filed_list_lines(Intake *in, const char *language, Instant now,
    FiledLines *ret_lines, GError **error)
{
	g_autoptr(GPtrArray) all = NULL, mails = NULL;
	const Waiting *waiting = waiting_load(in->store, &all, error);

	if (waiting == NULL)
		return false;
	ret_lines->lines = g_ptr_array_new_with_free_func(g_free);
	ret_lines->last = waiting->told;
	if (waiting->due == INSTANT_NONE)
		return true;
	mails = load_filed(in, waiting->told, error);
	if (mails == NULL)
		return false;
	ret_lines->all = mails->len;
	if (mails->len > 0)
		ret_lines->last = ((StoredMail *)mails->pdata[0])->id;
	for (guint i = 0; i < MIN(mails->len, MORNING_ROWS_MAX); i++) {
		char *line = morning_line(in, mails->pdata[i], language, now,
		    error);

		if (line == NULL)
			return false;
		g_ptr_array_add(ret_lines->lines, line);
	}
	return true;
}

bool
filed_list_told(Intake *in, StoreTx *tx, gint64 last, GError **error)
{
	g_autoptr(GPtrArray) all = NULL;
	Waiting *waiting = waiting_load(in->store, &all, error);

	if (waiting == NULL)
		return false;
	waiting->told = MAX(waiting->told, last);
	waiting->due = INSTANT_NONE;
	return setting_lines_save(&waiting_lines, tx, all, error);
}
