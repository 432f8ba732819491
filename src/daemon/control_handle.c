/* What the desk does with an order that came over the control socket. */
#include "guichet/base/exit.h"
#include "guichet/daemon/control.h"
#include "guichet/work/manage.h"

int
control_handle(Intake *intake, StoreTx *tx, Instant now,
    const ControlRequest *request, GString *out, GString *err)
{
	const ManageCall call = { request->argv, request->login, now };
	g_autoptr(GError) error = NULL;

	if (manage_run(intake, tx, &call, out, &error))
		return APP_DONE;
	g_string_append_printf(err, "guichet: %s\n", error->message);
	return APP_FAILED;
}
