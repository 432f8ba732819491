/* A site's files, loaded whole: at the start and on SIGHUP. */
#include "guichet/base/error.h"
#include "guichet/daemon/desk.h"

void
desk_site_free(DeskSite *site)
{
	if (site == NULL)
		return;
	ruleset_free(site->ruleset);
	rule_files_free(site->files);
	conf_free(site->conf);
	g_free(site);
}

DeskSite *
desk_site_load(const char *file, GError **error)
{
	g_autofree char *path = conf_find(file, error);
	g_autoptr(Problems) problems = problems_new();
	g_autoptr(DeskSite) site = g_new0(DeskSite, 1);

	if (path == NULL)
		return NULL;
	site->conf = conf_load(path, true, problems);
	if (site->conf != NULL) {
		site->files = rule_files_read(site->conf->rules, problems);
		if (site->files != NULL)
			site->ruleset = ruleset_load(site->files,
			    site->conf->rules, problems);
		/* Keys that are lost while it runs are not made anew. */
		if (site->conf->tokens == NULL)
			problems_add(problems, path, 0, 0,
			    "%s: there are no token keys",
			    site->conf->token_file);
	}
	if (problems_to_error(problems, error))
		return NULL;
	g_assert(site->conf != NULL && site->ruleset != NULL);
	return g_steal_pointer(&site);
}
