/* site_check: what guichet.yaml and the rules say of each other. */
#ifndef GUICHET_SITE_CHECK_H
#define GUICHET_SITE_CHECK_H

#include "guichet/rules/ruleset.h"
#include "guichet/site/conf.h"

/*
 * Names that one file takes from another, to `mistakes`; what is allowed, but
 * surely not meant, to `warnings`.
 */
void site_check(const Conf *conf, const Ruleset *ruleset, Problems *mistakes,
    Problems *warnings);

/* Files that are not there, or not to be opened by this user. */
void site_files_check(const Conf *conf, Problems *mistakes);

#endif
