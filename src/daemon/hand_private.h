/*
 * hand_private: what fetch and send have in common as hands of the desk.
 */
#ifndef GUICHET_HAND_PRIVATE_H
#define GUICHET_HAND_PRIVATE_H

#include "guichet/base/frame.h"

/* Exit codes, as in sysexits.h: the desk waits, or a person must act. */
#define HAND_TEMPORARY 75
#define HAND_CONFIG    78

/* What a hand does between its start and its end; `end` also after a failure,
 * and where nothing was begun. */
typedef struct {
	bool (*serve)(void *data, Frame *start, GError **error);
	void (*end)(void *data);
} HandOps;

/* The whole life of it; gives the exit code. */
int hand_main(const HandOps *ops, void *data);

/* Whether the desk has said something, or is gone, within that many
 * milliseconds; -1 waits for ever. The hand gives signs of life meanwhile. */
bool hand_readable(int milliseconds);
/* frame_receive() of what the desk says next, likewise. */
bool hand_receive(Frame **ret_frame, GError **error);

/* Sends `state`: all is well when `failure` is NULL, but for what `warning`
 * says, which may be NULL. */
bool hand_report(const GError *failure, const char *warning, GError **error);

/* The desk is gone: so is its hand. */
void hand_exit(void) G_GNUC_NORETURN;

/* Overwrites what crossed in a frame, a password among it. */
void hand_wipe(Frame *frame);

#endif
