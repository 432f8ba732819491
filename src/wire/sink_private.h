/*
 * sink_private: the sinks that there are; sink.c has the table.
 */
#ifndef GUICHET_SINK_PRIVATE_H
#define GUICHET_SINK_PRIVATE_H

#include "guichet/wire/sink.h"

extern const SinkOps sink_smtp_ops;
extern const SinkOps sink_maildir_ops;

/* The mail with CR LF at every line's end and no other CR or LF, or with LF
 * alone; the last line ends too. The caller owns it. */
GString *sink_normal_bytes(GBytes *bytes, bool crlf);

#endif
