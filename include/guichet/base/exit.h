/* exit: how each process of ours ends, and which program it was. */
#ifndef GUICHET_EXIT_H
#define GUICHET_EXIT_H

#include "guichet/base/base.h"

#ifndef GUICHET_VERSION
# define GUICHET_VERSION "0.1"
#endif

#define APP_DONE   0
#define APP_FAILED 1
#define APP_USAGE  2 /* its words were wrong: nothing was done */

#endif
