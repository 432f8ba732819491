/*
 * hand: what fetch and send have in common as hands of the desk.
 */
#ifndef GUICHET_HAND_H
#define GUICHET_HAND_H

#include "guichet/frame.h"

/* Exit codes, as in sysexits.h: the desk waits, or a person must act. */
#define HAND_TEMPORARY 75
#define HAND_CONFIG    78

/* First of all: no core dump with a password in it, no SIGPIPE. */
void hand_begin(void);

/* Whether the desk has said something, or is gone, within that many
 * milliseconds; -1 waits for ever. */
bool hand_readable(int milliseconds);

/* Waits for `start`. The end of the desk is success with *ret_start NULL. */
bool hand_start(Frame **ret_start, GError **error);

/* Sends `state`: all is well when `failure` is NULL. */
bool hand_report(const GError *failure, GError **error);

/* Reports the last failure; gives the exit code. */
int hand_failed(const GError *failure);

/* The desk is gone: so is its hand. */
void hand_exit(void) G_GNUC_NORETURN;

/* Overwrites what crossed in a frame, a password among it. */
void hand_wipe(Frame *frame);

#endif
