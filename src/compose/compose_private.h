/*
 * compose_private: what may go into a mail of ours, and what may come out. Only
 * for compose.c. Both say GUICHET_ERROR_PERMANENT and never repeat the value.
 */
#ifndef GUICHET_COMPOSE_PRIVATE_H
#define GUICHET_COMPOSE_PRIVATE_H

#include "guichet/compose/compose.h"

/* Every string that reaches a header, before any library sees it. */
bool compose_gate_letter(const Letter *letter, GError **error);

/*
 * What is really sent: 7-bit, CR and LF only together, no line over 998
 * bytes. It never fails unless a library changes its ways.
 */
bool compose_gate_bytes(GBytes *bytes, GError **error);

#endif
