/*
 * source_private: the sources that there are; source.c has the table.
 */
#ifndef GUICHET_SOURCE_PRIVATE_H
#define GUICHET_SOURCE_PRIVATE_H

#include "guichet/wire/source.h"

extern const SourceOps source_imap_ops;
extern const SourceOps source_maildir_ops;

#endif
