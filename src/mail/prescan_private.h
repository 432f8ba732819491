#ifndef GUICHET_PRESCAN_PRIVATE_H
#define GUICHET_PRESCAN_PRIVATE_H

#include "guichet/prescan.h"

/* Makes scan->shown out of the fields and the body (prescan_body.c). */
void prescan_show(Prescan *scan);

/* Over 64 ';' or a name over 60 bytes. Quoted semicolons count as well: what
 * is quoted to us may not be to another. */
bool prescan_parameters_over(const char *value, gsize length);

/* The end of the line at `at`, its line end included. */
gsize prescan_line_end(const char *bytes, gsize length, gsize at);

#endif
