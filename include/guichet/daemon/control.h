/*
 * control: the door through which subcommands that write reach a running desk.
 *
 * The desk alone writes the store. A subcommand such as `resolve` asks it over
 * the UNIX socket STORE.sock (mode 0600, peers of the same user only): one
 * frame with its words, one with what to print. Where no desk runs, the
 * subcommand opens the store itself and calls control_handle() with its own
 * transaction: the effect is the same.
 */
#ifndef GUICHET_CONTROL_H
#define GUICHET_CONTROL_H

#include "guichet/daemon/loop.h"
#include "guichet/work/intake.h"

/* ---- the desk's side ---- */

typedef struct Control Control;

/* What a subcommand asks for. */
typedef struct {
	char **argv;       /* its words */
	const char *login; /* of who called it: as it says, which is one of our
			    * user or of root, else the user of the socket's
			    * other end */
} ControlRequest;

/* Answers one request: the exit code; `out` and `err` are what to print. */
typedef int (*ControlAnswer)(void *data, const ControlRequest *request,
    GString *out, GString *err);

/* The caller holds the store's writer lock: a socket left behind is removed. */
Control *control_listen(Loop *loop, const char *store, ControlAnswer answer,
    void *data, GError **error);
void control_free(Control *control);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Control, control_free)

/*
 * Does what the words of a subcommand say ("resolve", "12", ...), inside the
 * caller's transaction, which is committed if it returns APP_DONE and rolled
 * back else. In src/daemon/control_handle.c.
 */
int control_handle(Intake *intake, StoreTx *tx, Instant now,
    const ControlRequest *request, GString *out, GString *err);

/* ---- the subcommand's side ---- */

typedef enum {
	CONTROL_ANSWERED,
	CONTROL_NO_DESK, /* nothing failed: open the store yourself */
	CONTROL_FAILED,  /* `error` is set */
} ControlResult;

/* Waits for the answer. The caller frees *ret_out and *ret_err. */
ControlResult control_call(const char *store, const char *const *argv,
    int *ret_code, char **ret_out, char **ret_err, GError **error);

#endif
