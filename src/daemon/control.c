/* The control socket: the desk listens, a subcommand calls. */
#define _GNU_SOURCE /* struct ucred */

#include "guichet/daemon/control.h"
#include "guichet/base/cleanup.h"
#include "guichet/base/error.h"
#include "guichet/base/exit.h"
#include "guichet/base/frame.h"
#include "guichet/base/limits.h"
#include "guichet/base/owner.h"
#include "guichet/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define ERROR_BYTES 4096 /* of the error text that crosses */

typedef struct {
	Control *control;
	int socket;
	uid_t user;
	guint watch, deadline;
} Caller;

struct Control {
	Loop *loop;
	ControlAnswer answer;
	void *data;
	int directory; /* the socket's, O_PATH */
	char *name;
	int socket;
	guint watch;
	GPtrArray *callers; /* Caller * */
};

static bool
fail(GError **error, const char *what)
{
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY, "%s: %s",
	    what, g_strerror(errno));
	return false;
}

/* The address by way of the open directory, for paths longer than sun_path. */
static bool
make_address(int directory, const char *name, struct sockaddr_un *ret_address,
    GError **error)
{
	int length;

	memset(ret_address, 0, sizeof(*ret_address));
	ret_address->sun_family = AF_UNIX;
	length = g_snprintf(ret_address->sun_path,
	    sizeof(ret_address->sun_path), "/proc/self/fd/%d/%s", directory,
	    name);
	if (length < (int)sizeof(ret_address->sun_path))
		return true;
	errno = ENAMETOOLONG;
	return fail(error, name);
}

static int
open_directory(const char *store, char **ret_name, GError **error)
{
	g_autofree char *directory = g_path_get_dirname(store);
	g_autofree char *base = g_path_get_basename(store);
	int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0) {
		fail(error, directory);
		return -1;
	}
	*ret_name = g_strconcat(base, ".sock", NULL);
	return fd;
}

/* ---- the desk's side ---- */

static void
caller_free(Caller *caller)
{
	loop_unwatch(caller->control->loop, caller->watch);
	loop_cancel(caller->control->loop, caller->deadline);
	close(caller->socket);
	g_free(caller);
}

static void
hang_up(void *data)
{
	Caller *caller = data;

	g_ptr_array_remove_fast(caller->control->callers, caller);
}

/* The words of a request, or NULL if it is none. */
static char **
request_words(const Frame *frame)
{
	g_autoptr(GBytes) bytes = NULL;
	g_autoptr(GVariant) words = NULL;

	if (!g_str_equal(frame->verb, "ask") || frame->fd < 0)
		return NULL;
	bytes = frame_map(frame->fd, LIMIT_CONTROL_BYTES, NULL);
	if (bytes == NULL)
		return NULL;
	words = g_variant_ref_sink(g_variant_new_from_bytes(
	    G_VARIANT_TYPE_STRING_ARRAY, bytes, FALSE));
	if (!g_variant_is_normal_form(words) ||
	    g_variant_n_children(words) == 0)
		return NULL;
	return g_variant_dup_strv(words, NULL);
}

/* A login as a subcommand of our user's, or of root's, gives it; NULL if it is
 * none. */
static const char *
given_login(const Frame *frame)
{
	const char *login = frame_string(frame, "login");
	gsize length = strlen(login);

	for (gsize i = 0; i < length; i++) {
		if (!g_ascii_isalnum(login[i]) &&
		    strchr("._@+-\\$", login[i]) == NULL)
			return NULL;
	}
	return length > 0 && length <= LIMIT_ORDER_NAME_BYTES ? login : NULL;
}

static void
answer_request(Caller *caller, const Frame *frame, char **argv)
{
	g_autofree char *user = owner_name(caller->user);
	const char *given = given_login(frame);
	const ControlRequest request = { argv, given != NULL ? given : user };
	Control *control = caller->control;
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GString) err = g_string_new(NULL);
	int code = control->answer(control->data, &request, out, err);
	g_autofree char *words = text_clean_block(err->str, (gssize)err->len,
	    ERROR_BYTES);
	g_auto(Descriptor) printed = -1;
	GVariantDict args;

	if (out->len > LIMIT_CONTROL_BYTES)
		g_string_truncate(out, LIMIT_CONTROL_BYTES);
	printed = frame_memfd(out->str, out->len, NULL);
	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "code", "i", code);
	g_variant_dict_insert(&args, "err", "s", words);
	/* A caller that went away has its effect all the same. */
	frame_send(caller->socket, "answer", g_variant_dict_end(&args), printed,
	    NULL);
}

static void
on_request(void *data, short events)
{
	Caller *caller = data;
	g_autoptr(Frame) frame = NULL;
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) argv = NULL;

	(void)events;
	/* Woken for nothing: the caller has yet to speak. */
	if (!frame_receive(caller->socket, &frame, &error) &&
	    g_error_matches(error, GUICHET_ERROR, GUICHET_ERROR_TEMPORARY))
		return;
	if (frame != NULL)
		argv = request_words(frame);
	if (argv != NULL)
		answer_request(caller, frame, argv);
	hang_up(caller);
}

static bool
is_our_user(int socket, uid_t *ret_user)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);

	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0)
		return false;
	*ret_user = peer.uid;
	return peer.uid == geteuid() || peer.uid == 0;
}

static void
on_caller(void *data, short events)
{
	Control *control = data;
	g_auto(Descriptor) fd = accept4(control->socket, NULL, NULL,
	    SOCK_CLOEXEC | SOCK_NONBLOCK);
	Caller *caller;
	uid_t user;

	(void)events;
	if (fd < 0 || !is_our_user(fd, &user) ||
	    control->callers->len >= LIMIT_CONTROL_CALLERS)
		return;
	caller = g_new0(Caller, 1);
	caller->control = control;
	caller->user = user;
	caller->socket = descriptor_steal(&fd);
	caller->watch = loop_watch(control->loop, caller->socket, POLLIN,
	    on_request, caller);
	caller->deadline = loop_after(control->loop,
	    LIMIT_CONTROL_SECONDS * 1000, hang_up, caller);
	g_ptr_array_add(control->callers, caller);
}

/* Binds with no moment at which others could connect. */
static int
bind_socket(int directory, const char *name, GError **error)
{
	g_auto(Descriptor) fd = socket(AF_UNIX,
	    SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un address;

	if (fd < 0) {
		fail(error, "socket");
		return -1;
	}
	if (!make_address(directory, name, &address, error))
		return -1;
	unlinkat(directory, name, 0);
	/* The mode of the descriptor is the mode that bind() gives the name. */
	if (fchmod(fd, 0600) != 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(fd, LIMIT_CONTROL_CALLERS) != 0) {
		fail(error, name);
		return -1;
	}
	return descriptor_steal(&fd);
}

Control *
control_listen(Loop *loop, const char *store, ControlAnswer answer, void *data,
    GError **error)
{
	g_autofree char *name = NULL;
	g_auto(Descriptor) directory = open_directory(store, &name, error);
	Control *control;
	int fd;

	if (directory < 0 || (fd = bind_socket(directory, name, error)) < 0)
		return NULL;
	control = g_new0(Control, 1);
	control->loop = loop;
	control->answer = answer;
	control->data = data;
	control->directory = descriptor_steal(&directory);
	control->name = g_steal_pointer(&name);
	control->socket = fd;
	control->callers = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)caller_free);
	control->watch = loop_watch(loop, fd, POLLIN, on_caller, control);
	return control;
}

void
control_free(Control *control)
{
	if (control == NULL)
		return;
	g_ptr_array_unref(control->callers);
	loop_unwatch(control->loop, control->watch);
	unlinkat(control->directory, control->name, 0);
	close(control->socket);
	close(control->directory);
	g_free(control->name);
	g_free(control);
}

/* ---- the subcommand's side ---- */

/* A connected socket; -1 without an error if nobody listens. */
static int
call_desk(const char *store, GError **error)
{
	g_autofree char *name = NULL;
	g_auto(Descriptor) directory = open_directory(store, &name, NULL);
	g_auto(Descriptor) fd = -1;
	struct sockaddr_un address;

	if (directory < 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		fail(error, "socket");
		return -1;
	}
	if (!make_address(directory, name, &address, error))
		return -1;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return descriptor_steal(&fd);
	if (errno != ENOENT && errno != ECONNREFUSED)
		fail(error, name);
	return -1;
}

static bool
ask(int socket, const char *const *argv, GError **error)
{
	g_autoptr(GVariant) words = g_variant_ref_sink(
	    g_variant_new_strv(argv, -1));
	g_autofree char *login = owner_login();
	g_auto(Descriptor) fd = -1;
	GVariantDict args;

	if (g_variant_get_size(words) > LIMIT_CONTROL_BYTES) {
		g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_PERMANENT,
		    "too much text for one request");
		return false;
	}
	fd = frame_memfd(g_variant_get_data(words), g_variant_get_size(words),
	    error);
	if (fd < 0)
		return false;
	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert(&args, "login", "s", login);
	return frame_send(socket, "ask", g_variant_dict_end(&args), fd, error);
}

ControlResult
control_call(const char *store, const char *const *argv, int *ret_code,
    char **ret_out, char **ret_err, GError **error)
{
	GError *failed = NULL;
	g_auto(Descriptor) fd = call_desk(store, &failed);
	g_autoptr(Frame) frame = NULL;
	g_autoptr(GBytes) out = NULL;

	if (fd < 0 && failed == NULL)
		return CONTROL_NO_DESK;
	if (failed == NULL && ask(fd, argv, &failed) &&
	    frame_receive(fd, &frame, &failed) && frame != NULL &&
	    g_str_equal(frame->verb, "answer"))
		out = frame_map(frame->fd, LIMIT_CONTROL_BYTES, &failed);
	if (out == NULL) {
		if (failed == NULL)
			g_set_error(&failed, GUICHET_ERROR,
			    GUICHET_ERROR_TEMPORARY,
			    "the running desk did not answer; try again");
		g_propagate_error(error, failed);
		return CONTROL_FAILED;
	}
	*ret_code = (int)frame_int(frame, "code", APP_FAILED);
	*ret_out = g_strndup(g_bytes_get_data(out, NULL),
	    g_bytes_get_size(out));
	*ret_err = g_strdup(frame_string(frame, "err"));
	return CONTROL_ANSWERED;
}
