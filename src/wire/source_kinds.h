/*
 * source_kinds: the sources that there are; source.c has the table.
 */
#ifndef GUICHET_SOURCE_KINDS_H
#define GUICHET_SOURCE_KINDS_H

#include "guichet/source.h"

extern const SourceOps source_imap_ops;
extern const SourceOps source_maildir_ops;

#endif
