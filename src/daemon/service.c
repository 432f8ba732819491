/* sd_notify(3) without its library. */
#include "guichet/daemon/service.h"
#include "guichet/base/cleanup.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

void
service_notify(const char *state)
{
	const char *path = g_getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	gsize length = path == NULL ? 0 : strlen(path);
	const struct timeval patience = { 0, 200000 };
	g_auto(Descriptor) fd = -1;

	if (length < 2 || length >= sizeof(address.sun_path) ||
	    (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(address.sun_path, path, length);
	if (path[0] == '@')
		address.sun_path[0] = '\0'; /* the abstract name space */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	/* Nobody to hear it is no failure of ours, nor one whose queue is full:
	 * the desk does not stand still for it. */
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	(void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL,
	    (struct sockaddr *)&address,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
}

gint64
service_watchdog_interval(void)
{
	const char *pid = g_getenv("WATCHDOG_PID");
	const char *limit = g_getenv("WATCHDOG_USEC");

	if (limit == NULL ||
	    (pid != NULL && g_ascii_strtoll(pid, NULL, 10) != (gint64)getpid()))
		return 0;
	return MAX(g_ascii_strtoll(limit, NULL, 10), 0) / 2000;
}
