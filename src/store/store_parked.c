/* Technicians' mails that wait for their own word. */
#include "store_private.h"

/*
 * Whether a mail was judged beyond being parked: what opened a ticket said so
 * once, what was parked on one said "unconfirmed" or "crossed", and what was
 * parked on none is in the lane of those that are.
 */
#define IS_PARKED                                          \
 "((SELECT coalesce(sum(event.type = 'message' "           \
 "    AND coalesce(event.data ->> '$.defect', '') NOT IN " \
 "    ('unconfirmed', 'crossed')), 0) "                    \
 "    - coalesce(sum(event.type = 'opened'), 0) "          \
 "    FROM event WHERE event.mail = mail.id) <= 0 "        \
 "  AND mail.lane IN ('', 'parked', 'also-seen'))"

bool
store_count_challenges(Store *store, const char *to, Instant since,
    int *ret_count, GError **error)
{
	gint64 count;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT count(*) FROM outbox JOIN mail ON mail.id = outbox.mail "
	    "WHERE recipient = ? AND what = 'challenge' AND sum_at IS NULL "
	    "AND created >= ? "
	    "AND " IS_PARKED);

	stmt_text(&q, to);
	stmt_int(&q, since);
	if (!stmt_one(&q, 0, &count, error))
		return false;
	*ret_count = (int)MIN(count, G_MAXINT);
	return true;
}

bool
store_is_parked(Store *store, gint64 mail, bool *ret_parked, GError **error)
{
	gint64 parked;
	g_auto(Stmt) q = stmt_read(store,
	    "SELECT EXISTS (SELECT 1 FROM mail WHERE id = ? AND " IS_PARKED
	    ")");

	stmt_int(&q, mail);
	if (!stmt_one(&q, 0, &parked, error))
		return false;
	*ret_parked = parked != 0;
	return true;
}

bool
store_mail_again(StoreTx *tx, gint64 id, GError **error)
{
	g_auto(Stmt) q = stmt_write(tx,
	    "UPDATE mail SET state = 'raw', attempts = 0 "
	    "WHERE id = ? AND state = 'done'");

	stmt_int(&q, id);
	return stmt_run(&q, error);
}
