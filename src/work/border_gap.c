/*
 * What the border proves of a mail (auth.h), and whether it can still be
 * believed: each of its servers has a watch in the store (border_watch.h).
 */
#include "guichet/work/work.h"

#include "guichet/base/log.h"
#include "guichet/base/text.h"

static char *
setting_name(const char *host)
{
	return g_strdup_printf("border %s", host);
}

bool
border_gap_proof(Gathered *g, Intake *in, GError **error)
{
	const AuthConfig *config = &in->conf->auth;
	BorderSeen *border = &g->border;
	g_auto(AuthReport) report = { 0 };
	g_autofree char *name = NULL;
	g_autofree char *text = NULL;
	bool counts;

	auth_examine(g->sit.message, config, &report);
	g->sit.auth = report.verdict;
	g->sit.by_login = report.by_login;
	g->auth_why = g_steal_pointer(&report.why);
	g->sit.auth_why = g->auth_why;
	if (report.host == NULL || config->exchange_online ||
	    config->authserv_ids[0] == NULL)
		return true;
	name = setting_name(report.host);
	if (!store_setting(in->store, name, &text, error))
		return false;
	border_watch_parse(text, &border->watch);
	/* What is read again tells nothing new. */
	if (report.from_outside && !g->sit.is_confirmed) {
		border->news = border_watch_note(&border->watch, config->stamps,
		    report.stamped, g->sit.received);
		border->host = g_steal_pointer(&report.host);
	}
	counts = report.by_login || g->sit.auth == AUTH_FAIL ||
	    !report.stamped ||
	    !border_watch_covers(&border->watch, config->stamps,
		g->sit.received);
	if (counts)
		return true;
	g->sit.auth = AUTH_NONE;
	g_free(g->auth_why);
	g->auth_why = g_strdup("the border takes mail without its stamp: no "
			       "stamp counts until it stamps again");
	g->sit.auth_why = g->auth_why;
	return true;
}

/* ---- what is kept and told ---- */

static bool
tell(Intake *in, StoreTx *tx, Gathered *g, Instant now, GError **error)
{
	BorderSeen *border = &g->border;
	const char *language = in->conf->language;
	OwnTicketCase own;
	g_autoptr(Ticket) last = NULL;
	g_autofree char *subject = NULL, *text = NULL;

	log_event(LOG_LEVEL_WARNING, "border-unstamped", "host", border->host,
	    NULL);
	if (border->watch.ticket != 0 &&
	    !store_ticket(in->store, border->watch.ticket, &last, error))
		return false;
	/* One that comes and goes is told once. */
	if (last != NULL && !ticket_state_is_done(last->state))
		return true;
	subject = text_in(language, "%s ne vérifie plus le courrier reçu",
	    "%s does not verify incoming mail any more", border->host);
	text = text_in(language,
	    "%s a reçu de l'extérieur le mail %" G_GINT64_FORMAT " sans y "
	    "apposer sa mention Authentication-Results : ce qui l'appose "
	    "(opendkim, opendmarc, rspamd...) est arrêté ou ne répond plus. "
	    "D'ici là rien ne prouve qui écrit : les ordres des techniciens et "
	    "les rétablissements authentifiés sont sans effet, sauf pour qui "
	    "s'identifie auprès de ce serveur. Détail : guichet why %" G_GINT64_FORMAT
	    ".",
	    "%s took mail %" G_GINT64_FORMAT " from outside without its "
	    "Authentication-Results stamp: what makes it (opendkim, opendmarc, "
	    "rspamd...) is stopped or does not answer. Until then nothing "
	    "proves who writes: technicians' orders and authenticated "
	    "recoveries have no effect, but for who logs in at that server. "
	    "Details: guichet why %" G_GINT64_FORMAT ".",
	    border->host, g->sit.mail, g->sit.mail);
	own = (OwnTicketCase){ .opening = { .kind = KIND_INCIDENT,
				   .source = OPENED_BY_BORDER },
		.subject = subject,
		.text = text,
		.actor = "rule",
		.at = g->sit.received,
		.now = now };
	return own_ticket_open(in, tx, &own, &border->watch.ticket, error);
}

bool
border_write(Intake *in, StoreTx *tx, Gathered *g, Instant now, GError **error)
{
	BorderSeen *border = &g->border;
	g_autofree char *name = NULL;
	g_autofree char *value = NULL;

	if (border->news == BORDER_SAME)
		return true;
	if (border->news == BORDER_GAP && !tell(in, tx, g, now, error))
		return false;
	if (border->news == BORDER_OVER)
		log_event(LOG_LEVEL_INFO, "border-stamps-again", "host",
		    border->host, NULL);
	name = setting_name(border->host);
	value = border_watch_format(&border->watch);
	return store_set_setting(tx, name, value, error);
}
