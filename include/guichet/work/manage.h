/*
 * manage: what a manager orders at the command line, without a mail program.
 *
 * One order is one transaction. The running desk executes it when it comes
 * over the control socket; where none runs, the subcommand does so itself on
 * the store it opened. Either way the same function decides, and which orders
 * there are says the table (order.h).
 */
#ifndef GUICHET_MANAGE_H
#define GUICHET_MANAGE_H

#include "guichet/work/intake.h"

/* An order as it was given. Borrowed. */
typedef struct {
	char *const
	    *argv; /* "resolve 12" or "note 12 TEXT"..., NULL-terminated;
			    * of several tickets "close 12 13 14" */
	const char *login; /* of who gives it, on this machine; NULL: unknown */
	Instant now;
} ManageCall;

/*
 * Executes it in the caller's transaction, which is worth nothing if it fails:
 * of several tickets all or none. It is recorded as the technician's whose
 * `login` in guichet.yaml is the caller's, else as a manager's of that login.
 * What it did goes to `out`, a line each. GUICHET_ERROR_PERMANENT says why
 * nothing was done.
 */
bool manage_run(Intake *in, StoreTx *tx, const ManageCall *call, GString *out,
    GError **error);

#endif
