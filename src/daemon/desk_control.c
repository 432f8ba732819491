/* The desk at its control socket: each order that comes is a transaction of its
 * own, answered once that is committed or failed. */
#include "desk_private.h"

#include "guichet/base/exit.h"

static int
answer(void *data, const ControlRequest *request, GString *out, GString *err)
{
	Desk *desk = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_begin(desk->store, &error);
	int code;

	if (tx != NULL) {
		code = control_handle(desk->intake, tx, desk_now(desk), request,
		    out, err);
		if (code != APP_DONE || store_commit(&tx, &error))
			return code;
	}
	g_string_truncate(out, 0);
	g_string_printf(err, "guichet: %s\n", error->message);
	return APP_FAILED;
}

bool
desk_control_start(Desk *desk, GError **error)
{
	desk->control = control_listen(desk->loop, desk->site->conf->store,
	    answer, desk, error);
	return desk->control != NULL;
}
