/*
 * place: whether a path could be written to, found out without writing.
 */
#ifndef GUICHET_PLACE_H
#define GUICHET_PLACE_H

#include "guichet/base/base.h"

/* Whether this process may make files in the folder, or make the folder itself
 * in the nearest one that is there. False sets errno. */
bool place_is_usable(const char *folder);

#endif
