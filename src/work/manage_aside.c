/* Orders about mails on their way out, or set aside on their way in. */
#include "manage_private.h"

#include "guichet/base/error.h"

#include <string.h>

static bool
outbox_order(Intake *in, StoreTx *tx, const char *what, gint64 id, Instant now,
    GString *out, GError **error)
{
	g_autoptr(OutboxRow) row = NULL;
	bool retry = strcmp(what, "retry") == 0;

	if (!store_outbox_row(in->store, id, &row, error))
		return false;
	if (row == NULL)
		return manage_refuse(error,
		    "the outbox has no %" G_GINT64_FORMAT, id);
	if (strcmp(row->state, "sent") == 0 ||
	    strcmp(row->state, "dropped") == 0)
		return manage_refuse(error,
		    "%" G_GINT64_FORMAT " is %s already", id, row->state);
	/* It may have been accepted already: the end will tell. */
	if (retry &&
	    (strcmp(row->state, "sending") == 0 ||
		strcmp(row->state, "dot") == 0))
		return manage_refuse(error,
		    "%" G_GINT64_FORMAT
		    " is being sent just now; look again in a minute",
		    id);
	if (retry ? !store_outbox_again(tx, id, now, error)
		  : !store_outbox_state(tx, id, "dropped", now, row->code,
			row->reply, now, error))
		return false;
	g_string_append_printf(out,
	    retry ? "%" G_GINT64_FORMAT " will be sent again.\n"
		  : "%" G_GINT64_FORMAT " will not be sent.\n",
	    id);
	return true;
}

/* A ticket for a mail that was on none; a person looked at it. */
static bool
release(Intake *in, StoreTx *tx, const StoredMail *mail, Instant now,
    GString *out, GError **error)
{
	g_autoptr(Event) opened = event_new(EVENT_OPENED, 0, mail->trusted,
	    "manager", mail->id);
	g_autoptr(Event) message = NULL;

	opened->recorded = now;
	event_set(opened, "kind", kind_name(KIND_REQUEST));
	event_set(opened, "rules", ruleset_hash(in->ruleset));
	event_set(opened, "mailbox", mail->mailbox);
	event_set(opened, "source", "mail");
	if (!store_append(tx, opened, error))
		return false;
	message = event_new(EVENT_MESSAGE, opened->ticket, mail->trusted,
	    "manager", mail->id);
	message->recorded = now;
	event_set(message, "author", "stranger");
	event_set(message, "visibility", "internal");
	event_set(message, "verified", "no");
	g_string_append_printf(out,
	    "Mail %" G_GINT64_FORMAT " is ticket #%" G_GINT64_FORMAT " now.\n",
	    mail->id, opened->ticket);
	return store_append(tx, message, error) &&
	    store_mail_assign(tx, mail->id, opened->ticket, "", "stranger",
		"internal", error) &&
	    view_project(in, tx, opened->ticket, "manager", now, error);
}

static bool
quarantine_order(Intake *in, StoreTx *tx, const char *what, gint64 id,
    Instant now, GString *out, GError **error)
{
	g_autoptr(StoredMail) mail = NULL;

	if (!store_mail(in->store, id, &mail, error))
		return false;
	if (mail == NULL)
		return manage_refuse(error,
		    "there is no mail %" G_GINT64_FORMAT, id);
	if (mail->ticket != 0)
		return manage_refuse(error,
		    "mail %" G_GINT64_FORMAT " is on ticket #%" G_GINT64_FORMAT
		    " already",
		    id, mail->ticket);
	/* What is not decided yet would become a ticket twice. */
	if (strcmp(mail->state, "done") != 0 &&
	    strcmp(mail->state, "unreadable") != 0)
		return manage_refuse(error,
		    "mail %" G_GINT64_FORMAT
		    " is still being read; look again in a minute",
		    id);
	if (strcmp(what, "release") == 0)
		return release(in, tx, mail, now, out, error);
	g_string_append_printf(out,
	    "Mail %" G_GINT64_FORMAT " is out of the way; it stays stored.\n",
	    id);
	return store_mail_assign(tx, id, 0, "dropped", "", "", error);
}

bool
manage_aside(Intake *in, StoreTx *tx, char *const *argv, Instant now,
    GString *out, GError **error)
{
	bool outbox = strcmp(argv[0], "outbox") == 0;
	const char *what = argv[1], *first = outbox ? "retry" : "release";
	char *end;
	gint64 id = g_ascii_strtoll(argv[2], &end, 10);

	if (id < 1 || *end != '\0' ||
	    (strcmp(what, first) != 0 && strcmp(what, "drop") != 0))
		return manage_refuse(error,
		    "usage: guichet %s [%s ID | drop ID]", argv[0], first);
	return outbox ? outbox_order(in, tx, what, id, now, out, error)
		      : quarantine_order(in, tx, what, id, now, out, error);
}
