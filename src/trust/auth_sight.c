/* What a border is seen to write, whatever the site says of it. */
#include "guichet/trust/auth_sight.h"

#include "border_private.h"
#include "stamp_private.h"

#include <string.h>

static void
stamp_free(gpointer data)
{
	SightStamp *stamp = data;

	g_free(stamp->id);
	g_free(stamp);
}

void
auth_sight_clear(AuthSight *sight)
{
	g_clear_pointer(&sight->hosts, g_ptr_array_unref);
	g_clear_pointer(&sight->stamps, g_ptr_array_unref);
	g_clear_pointer(&sight->login, g_free);
}

typedef struct {
	bool dmarc;
	char *login;
} Said;

static void
note_finding(void *data, const Finding *finding)
{
	Said *said = data;

	said->dmarc |= strcmp(finding->method, "dmarc") == 0;
	if (said->login == NULL && strcmp(finding->method, "auth") == 0 &&
	    strcmp(finding->result, "pass") == 0)
		said->login = g_strdup(finding->login);
}

static void
add_stamp(AuthSight *ret, const char *raw, SightPlace place, bool is_login)
{
	SightStamp *stamp = g_new0(SightStamp, 1);
	Said said = { 0 };

	stamp->id = stamp_id(raw);
	stamp->place = place;
	(void)stamp_read(raw, *stamp->id != '\0', note_finding, &said);
	stamp->dmarc = said.dmarc;
	if (is_login && place != SIGHT_END && ret->login == NULL)
		ret->login = g_steal_pointer(&said.login);
	g_free(said.login);
	g_ptr_array_add(ret->stamps, stamp);
}

/* Whether the one below is likely the border's own, too. */
static bool
is_within(const Received *received, const Received *next)
{
	if (received->login != NULL || received_is_login(received) ||
	    next->by == NULL)
		return false;
	switch (received_place(received)) {
	case PEER_HERE:
	case PEER_PRIVATE:
		return true;
	case PEER_UNKNOWN:
	case PEER_PUBLIC:
		break;
	}
	return received->name != NULL && strcmp(received->name, next->by) == 0;
}

/* The Received at or behind `at`, above the writer's own fields. */
static guint
find_received(const Message *message, guint at, Received *ret)
{
	*ret = (Received){ 0 };
	for (; at < message->headers->len; at++) {
		const Header *header = message->headers->pdata[at];

		if (border_is_writers(header->name))
			break;
		if (g_ascii_strcasecmp(header->name, "Received") == 0) {
			received_read(header->raw, ret);
			break;
		}
	}
	return at;
}

/* Which field took it in: `entry`, and where what is below it ends. */
static void
find_entry(const Message *message, AuthSight *ret, Received *ret_entry,
    guint *ret_at, guint *ret_end)
{
	Received received;
	guint at = find_received(message, 0, &received);

	for (;;) {
		g_auto(Received) next = { 0 };
		guint below = find_received(message, at + 1, &next);

		if (received.by != NULL)
			g_ptr_array_add(ret->hosts, g_strdup(received.by));
		if (!is_within(&received, &next)) {
			*ret_entry = received;
			*ret_at = at;
			*ret_end = below;
			return;
		}
		received_clear(&received);
		received = next;
		next = (Received){ 0 };
		at = below;
	}
}

void
auth_sight(const Message *message, AuthSight *ret)
{
	g_auto(Received) entry = { 0 };
	bool is_login, among_own = false;
	guint at, end;

	ret->hosts = g_ptr_array_new_with_free_func(g_free);
	ret->stamps = g_ptr_array_new_with_free_func(stamp_free);
	find_entry(message, ret, &entry, &at, &end);
	is_login = received_is_login(&entry);
	ret->login = g_strdup(entry.login);
	ret->from_outside = entry.by != NULL && !is_login &&
	    received_place(&entry) == PEER_PUBLIC;
	for (guint i = 0; i < message->headers->len; i++) {
		const Header *header = message->headers->pdata[i];
		SightPlace place = SIGHT_END;

		among_own = among_own || border_is_writers(header->name);
		if (g_ascii_strcasecmp(header->name, STAMP) != 0)
			continue;
		if (i < at)
			place = SIGHT_ABOVE;
		else if (i < end)
			place = SIGHT_BELOW;
		else if (!among_own) /* a server's before ours */
			continue;
		add_stamp(ret, header->raw, place, is_login);
	}
}
