/* An intake that only tells: it writes down what it was given, and when. */
#ifndef TELLING_INTAKE_H
#define TELLING_INTAKE_H

#include "guichet/base/error.h"
#include "guichet/cmd/app.h"
#include "guichet/daemon/control.h"
#include "guichet/daemon/desk.h"
#include "guichet/rounds/tick.h"

static bool has_ticks;

Intake *
intake_new(const Conf *conf, const Ruleset *ruleset, Store *store)
{
	Intake *in = g_new0(Intake, 1);

	(void)conf;
	(void)ruleset;
	in->store = store;
	return in;
}

void
intake_free(Intake *in)
{
	g_free(in);
}

void
intake_set_seed(Intake *in, guint64 seed)
{
	(void)in;
	(void)seed;
}

void
intake_set_heard(Intake *in, Instant heard)
{
	in->heard = heard;
}

bool
intake_wants_fresh(const Intake *in, GBytes *raw)
{
	(void)in;
	return says(raw, "X-Do: fresh");
}

/* Adds a word to the story, which the store keeps. */
static bool
tell(Intake *in, StoreTx *tx, const char *word, GError **error)
{
	g_autofree char *story = NULL;
	g_autofree char *longer = NULL;

	if (!store_setting(in->store, "story", &story, error))
		return false;
	longer = g_strconcat(story == NULL ? "" : story, word, " ", NULL);
	return store_set_setting(tx, "story", longer, error);
}

static bool
answer(StoreTx *tx, const StoredMail *mail, const char *subject, Instant now,
    GError **error)
{
	g_autofree char *id = g_strdup_printf("%s@example.com", mail->name);
	OutboxRow row = {
		.mail = mail->id,
		.what = (char *)"acknowledgment",
		.from = (char *)"",
		.to = (char *)"claire@example.com",
		.message_id = id,
		.subject = (char *)subject,
		.text = (char *)"",
		.created = now,
		.next = now,
		.first_try = INSTANT_NONE,
		.repeatable = g_str_has_prefix(subject, "r"),
	};

	row.bytes = g_bytes_new_static("Subject: Re\r\n\r\nOui\r\n", 20);
	bool ok = store_next_outbox(tx, &row.id, error) &&
	    store_add_outbox(tx, &row, error);

	g_bytes_unref(row.bytes);
	return ok;
}

bool
intake_one(Intake *in, StoreTx *tx, const StoredMail *mail,
    const Message *message, Instant now, GError **error)
{
	const char *word = message == NULL ? "?" : message->subject;

	if (!tell(in, tx, word, error))
		return false;
	if (g_str_equal(word, "refuse")) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "no");
		return false;
	}
	return (message == NULL || answer(tx, mail, word, now, error)) &&
	    store_mail_done(tx,
		&(MailDone){ mail->id, message, mail->received, 0, 0, "", "",
		    NULL, NULL },
		error);
}

bool
intake_ahead(Intake *in, StoreTx *tx, const StoredMail *row, gint64 count,
    Instant now, GError **error)
{
	(void)row;
	(void)count;
	(void)now;
	return tell(in, tx, "ahead", error);
}

bool
intake_send_failed(Intake *in, StoreTx *tx, const OutboxRow *row, Instant now,
    GError **error)
{
	(void)row;
	(void)now;
	return tell(in, tx, "failed", error);
}

bool
tick_due(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	g_assert_cmpint(in->heard, !=, INSTANT_NONE);
	g_assert_cmpint(in->heard, <=, now);
	has_ticks = false;
	kill(getpid(), SIGTERM);
	return tell(in, tx, "tick", error);
}

bool
tick_next(Intake *intake, Instant now, Instant *ret_at, GError **error)
{
	(void)intake;
	(void)error;
	*ret_at = has_ticks ? now - 86400 : INSTANT_NONE;
	return true;
}

bool
tick_begin(Intake *in, StoreTx *tx, Instant now, GError **error)
{
	(void)in;
	(void)tx;
	(void)now;
	(void)error;
	return true;
}

bool
intake_reads_again(Intake *in)
{
	(void)in;
	return false;
}

int
control_handle(Intake *in, StoreTx *tx, Instant now,
    const ControlRequest *request, GString *out, GString *err)
{
	(void)in;
	(void)tx;
	(void)now;
	(void)request;
	(void)err;
	g_string_append(out, "pong");
	return APP_DONE;
}

#endif
