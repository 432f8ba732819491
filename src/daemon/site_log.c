/* What the log says of the files in force: at the start and on SIGHUP. */
#include "guichet/daemon/desk.h"

#include "guichet/base/exit.h"
#include "guichet/base/log.h"
#include "guichet/base/owner.h"

#include <unistd.h>

static void
tell_passed_over(const RuleFiles *files)
{
	g_autofree char *all = problems_format(files->passed_over);
	g_auto(GStrv) lines = g_strsplit(all, "\n", -1);

	for (gsize i = 0; lines[i] != NULL; i++)
		if (*lines[i] != '\0')
			log_event(LOG_LEVEL_WARNING, "rules", "why", lines[i],
			    NULL);
}

/* What is believed of technicians' mails, where that is not the usual. */
static void
tell_trust(const Conf *conf)
{
	if (conf_awaits_strips(conf))
		log_event(LOG_LEVEL_WARNING, "border-untried", "text",
		    "each technician's mail has to be confirmed until 'guichet "
		    "check --auth' was run and 'border: {strips: verified}' is "
		    "written",
		    NULL);
	if (conf->tech_auth == TECH_AUTH_TOKEN_LOGIN)
		log_event(LOG_LEVEL_WARNING, "token-login", "text",
		    "whoever can log in at the border as a technician and has "
		    "a mail of ours acts as theirs, without DMARC",
		    NULL);
}

void
desk_site_log(const DeskSite *site, const char *event)
{
	g_autofree char *user = owner_name(geteuid());

	log_event(LOG_LEVEL_INFO, event, "version", GUICHET_VERSION,
	    "configuration", site->conf->file, "store", site->conf->store,
	    "rules", site->conf->rules, "hash", site->files->hash, "user", user,
	    NULL);
	tell_passed_over(site->files);
	tell_trust(site->conf);
}

static bool
same_mailboxes(const Conf *before, const Conf *now)
{
	if (before->mailboxes->len != now->mailboxes->len)
		return false;
	for (guint i = 0; i < now->mailboxes->len; i++) {
		g_autoptr(GVariant) old = g_variant_ref_sink(
		    source_conf_to_variant(before->mailboxes->pdata[i]));
		g_autoptr(GVariant) new = g_variant_ref_sink(
		    source_conf_to_variant(now->mailboxes->pdata[i]));

		if (!g_variant_equal(old, new))
			return false;
	}
	return true;
}

void
desk_site_log_change(const DeskSite *before, const DeskSite *now)
{
	const char *what = NULL;

	if (g_strcmp0(before->conf->store, now->conf->store) != 0)
		what = "another store";
	else if (!same_mailboxes(before->conf, now->conf))
		what = "other mailboxes";
	else if (before->conf->readers != now->conf->readers)
		what = "another number of readers";
	if (what != NULL)
		log_event(LOG_LEVEL_WARNING, "reload", "text",
		    "the file names what only a restart takes", "what", what,
		    NULL);
	desk_site_log(now, "reload");
}
