#ifndef GUICHET_PRESCAN_PRIVATE_H
#define GUICHET_PRESCAN_PRIVATE_H

#include "guichet/mail/prescan.h"

/* Makes scan->shown out of the fields and the body (prescan_body.c). */
void prescan_show(Prescan *scan);

/* Too long, over 64 ';' or a name over 60 bytes. Quoted semicolons count as well: what
 * is quoted to us may not be to another. */
bool prescan_parameters_over(const char *value, gsize length);

/* The fields of a header that stands in a part; nothing for GMime. */
Prescan *prescan_header(const char *bytes, gsize length);

/* Whether the line begins a field: "Name:". */
bool prescan_is_field(const char *line, gsize length);

/* The end of the line at `at`, its line end included. */
gsize prescan_line_end(const char *bytes, gsize length, gsize at);

/* The same of a field, its folded lines included. */
gsize prescan_field_end(const char *bytes, gsize length, gsize at);

#endif
