/*
 * Groups of alerts, as Alertmanager sends them: whose they are, what their
 * tickets say of it, and when they are silent.
 */
#include "intake-fixture.h"

#define SOURCE                                                     \
 "alert_sources:\n"                                                \
 "- {name: mon, address: help+w7f2kq9zt4m8hx3vb6rd@desk.example, " \
 "require: token}\n"                                               \
 "- {name: own, address: help+q4t9zk2w7m5x8v3hb6rc@desk.example, " \
 "require: token, contract: acier-vosges}\n"
#define MON "help+w7f2kq9zt4m8hx3vb6rd@desk.example"
#define OWN "help+q4t9zk2w7m5x8v3hb6rc@desk.example"

/* `firing`: hosts, parted by blanks; `key` what the group goes by. */
static void
deliver_group(Desk *desk, const char *to, const char *key, const char *firing,
    Instant at)
{
	static int number;
	g_auto(GStrv) hosts = g_strsplit(firing, " ", -1);
	guint count = *firing != '\0' ? g_strv_length(hosts) : 0;
	g_autoptr(GString) mail = g_string_new(NULL);

	g_string_append_printf(mail,
	    "From: Alertmanager <am@mon.example>\nTo: <%s>\n"
	    "Subject: [%s%.0d] %s (critical)\nMessage-ID: <am%d@mon.example>\n"
	    "Content-Type: text/plain; charset=utf-8\n\n"
	    "%u alerts for alertname=%s\n\n[%u] %s\n",
	    to, count > 0 ? "FIRING:" : "RESOLVED", (int)count, key, number++,
	    count, key, MAX(count, 1), count > 0 ? "Firing" : "Resolved");
	for (guint i = 0; i < MAX(count, 1); i++)
		g_string_append_printf(mail,
		    "Labels\nalertname = %s\ninstance = %s:9100\n"
		    "severity = critical\n\n",
		    key, count > 0 ? hosts[i] : "web1.brasserie-lambic");
	g_string_append(mail, "Sent by Alertmanager\n");
	desk_deliver(desk, mail->str, at);
}

/* The desk's own notes on the ticket, the latest last. */
static char *
notes_of(Desk *desk, gint64 ticket)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) entries = store_entries(desk->store, ticket,
	    &error);
	GString *all = g_string_new(NULL);

	g_assert_no_error(error);
	for (guint i = 0; i < entries->len; i++) {
		const Entry *entry = entries->pdata[i];

		if (strcmp(entry->what, "note") == 0)
			g_string_append_printf(all, "%s\n", entry->text);
	}
	return g_string_free(all, FALSE);
}

static bool
has_tag(const Ticket *ticket, const char *tag)
{
	return g_ptr_array_find_with_equal_func(ticket->tags, tag, g_str_equal,
	    NULL);
}

static void
test_whose(void)
{
	static const struct {
		const char *to, *firing, *contract, *tag;
		const char *said[4]; /* in the note, NULL: there is none */
	} rows[] = {
		{ MON, "web1.brasserie-lambic db1.brasserie-lambic",
		    "brasserie-lambic", NULL, { NULL } },
		/* several clients: nobody's, and each is named */
		{ MON, "web1.brasserie-lambic db1.halcyon nas7.nowhere", "",
		    "several-clients",
		    { "hôtes de plusieurs clients",
			"- brasserie-lambic : web1.brasserie-lambic\n"
			"- halcyon-data : db1.halcyon\n"
			"- aucun contrat : nas7.nowhere\n",
			"group_by: [client, alertname]",
			"guichet event N contract" } },
		/* one client, and hosts of nobody: his, and that is said */
		{ MON, "nas7.nowhere web1.brasserie-lambic nas8.nowhere",
		    "brasserie-lambic", NULL,
		    { "comptent ici comme ceux de brasserie-lambic : "
		      "nas7.nowhere, nas8.nowhere",
			"- {source: mon, host: \"nas7.nowhere\", contract: "
			"CONTRACT}\n"
			"- {source: mon, host: \"nas8.nowhere\", contract: "
			"CONTRACT}\n" } },
		/* nobody's at all */
		{ MON, "nas7.nowhere", "", "unmapped-host",
		    { "L'hôte \"nas7.nowhere\" n'est rattaché" } },
		{ MON, "nas7.nowhere nas8.nowhere nas7.nowhere", "",
		    "unmapped-host",
		    { "Les hôtes \"nas7.nowhere, nas8.nowhere\" ne sont" } },
		/* what would be a pattern, or end the quotes, is any letter */
		{ MON, "na*s\"7", "", "unmapped-host", { "host: \"na?s?7\"" } },
		/* a source of one client speaks for no other */
		{ OWN, "web1.brasserie-lambic db1.halcyon", "acier-vosges",
		    NULL, { NULL } },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Desk) desk = { 0 };
		g_autoptr(Ticket) ticket = NULL;
		g_autofree char *notes = NULL;

		desk_set_up(&desk, SOURCE);
		deliver_group(&desk, rows[i].to, "Down", rows[i].firing, T0);
		ticket = desk_ticket(&desk, 1);
		notes = notes_of(&desk, 1);
		g_test_message("%s: %s", rows[i].firing, notes);
		g_assert_nonnull(ticket);
		g_assert_cmpstr(ticket->contract, ==, rows[i].contract);
		/* the gravest of what the lines of its hosts say; SOS24 holds
		 * what is down to be blocking */
		g_assert_cmpint(ticket->severity, ==,
		    g_strcmp0(rows[i].tag, "several-clients") == 0 ||
			    strcmp(rows[i].to, OWN) == 0
			? 1
			: 2);
		g_assert_cmpuint(ticket->tags->len, ==,
		    rows[i].tag != NULL ? 1 : 0);
		if (rows[i].tag != NULL)
			g_assert_true(has_tag(ticket, rows[i].tag));
		if (rows[i].said[0] == NULL)
			g_assert_cmpstr(notes, ==, "");
		for (gsize k = 0;
		     k < G_N_ELEMENTS(rows[i].said) && rows[i].said[k] != NULL;
		     k++)
			g_assert_nonnull(strstr(notes, rows[i].said[k]));
	}
}

/* A key that is cut to a hash is a key all the same; hosts are not in it. */
static void
test_long_key(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *key = g_strnfill(300, 'k');
	g_autofree char *other = g_strconcat(key, "x", NULL);
	g_autoptr(Ticket) first = NULL, second = NULL, third = NULL;

	desk_set_up(&desk, SOURCE);
	deliver_group(&desk, MON, key,
	    "web1.brasserie-lambic db1.brasserie-lambic", T0);
	deliver_group(&desk, MON, other, "db1.halcyon", T0 + 1);
	deliver_group(&desk, MON, key, "web1.brasserie-lambic", T0 + 2);
	first = desk_ticket(&desk, 1);
	second = desk_ticket(&desk, 2);
	third = desk_ticket(&desk, 3);
	g_assert_nonnull(strstr(first->alert_key, "|sha256:"));
	g_assert_cmpstr(first->contract, ==, "brasserie-lambic");
	g_assert_nonnull(second);
	g_assert_cmpstr(second->contract, ==, "halcyon-data");
	g_assert_null(third);
}

/* One that names more hosts than a note can: all of them count. */
static void
test_many_hosts(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(GString) hosts = g_string_new("web1.brasserie-lambic");
	g_autoptr(Ticket) ticket = NULL;
	g_autofree char *notes = NULL;

	for (int i = 0; i < 50; i++)
		g_string_append_printf(hosts, " nas%d.nowhere", i);
	desk_set_up(&desk, SOURCE);
	deliver_group(&desk, MON, "Down", hosts->str, T0);
	ticket = desk_ticket(&desk, 1);
	notes = notes_of(&desk, 1);
	g_assert_cmpstr(ticket->contract, ==, "brasserie-lambic");
	g_assert_nonnull(strstr(notes, "nas19.nowhere (+30)"));
	g_assert_null(strstr(notes, "nas20.nowhere"));
}

/* Another client's host joins, or takes the place: told once. */
static void
test_joined(void)
{
	static const char *const seconds[] = {
		"web1.brasserie-lambic db1.halcyon", "db1.halcyon"
	};

	for (gsize i = 0; i < G_N_ELEMENTS(seconds); i++) {
		g_auto(Desk) desk = { 0 };
		g_autoptr(Ticket) before = NULL, after = NULL;
		g_autofree char *notes = NULL, *again = NULL;
		guint told;

		desk_set_up(&desk, SOURCE);
		deliver_group(&desk, MON, "Down", "web1.brasserie-lambic", T0);
		deliver_group(&desk, MON, "Down",
		    "web1.brasserie-lambic nas7.nowhere", T0 + 60);
		before = desk_ticket(&desk, 1);
		g_assert_false(has_tag(before, "several-clients"));
		told = desk_count(&desk, "notice", ANNE);
		deliver_group(&desk, MON, "Down", seconds[i], T0 + 120);
		after = desk_ticket(&desk, 1);
		g_assert_cmpstr(after->contract, ==, "brasserie-lambic");
		g_assert_true(has_tag(after, "several-clients"));
		notes = notes_of(&desk, 1);
		g_assert_nonnull(strstr(notes,
		    "compte maintenant des hôtes d'un autre client"));
		g_assert_nonnull(strstr(notes, "- halcyon-data : db1.halcyon"));
		g_assert_cmpuint(desk_count(&desk, "notice", ANNE), ==,
		    told + 1);
		deliver_group(&desk, MON, "Down", seconds[i], T0 + 180);
		again = notes_of(&desk, 1);
		g_assert_cmpstr(again, ==, notes);
		g_assert_cmpuint(desk_count(&desk, "notice", ANNE), ==,
		    told + 1);
	}
}

/* ---- silence ---- */

/* A group is silent while every host in it that fires is. */
static void
test_silence(void)
{
	static const struct {
		const char *firing;
		bool silent;
	} rows[] = {
		{ "web1.brasserie-lambic", true },
		{ "web1.brasserie-lambic db1.brasserie-lambic", true },
		{ "web1.brasserie-lambic db1.halcyon", false },
		{ "db1.halcyon", false },
	};
	static const char *const words[] = { "maintenance", "add",
		"*.brasserie-lambic", "18:30", "2h", NULL };

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(Desk) desk = { 0 };
		g_autofree char *said = NULL;
		g_autoptr(Ticket) ticket = NULL;
		bool done;

		desk_set_up(&desk, SOURCE);
		said = desk_order(&desk, &done, (char *const *)words);
		g_assert_true(done);
		deliver_group(&desk, MON, "Down", rows[i].firing, T0 + 7200);
		ticket = desk_ticket(&desk, 1);
		g_test_message("%s", rows[i].firing);
		g_assert_cmpint(ticket == NULL, ==, rows[i].silent);
	}
}

/* A host that is not silent joins one that was. */
static void
test_silence_broken(void)
{
	static const char *const words[] = { "maintenance", "add",
		"*.brasserie-lambic", "18:30", "2h", NULL };
	g_auto(Desk) desk = { 0 };
	g_autofree char *said = NULL;
	g_autoptr(Ticket) before = NULL, after = NULL;
	bool done;

	desk_set_up(&desk, SOURCE);
	said = desk_order(&desk, &done, (char *const *)words);
	deliver_group(&desk, MON, "Down", "web1.brasserie-lambic", T0 + 7200);
	before = desk_ticket(&desk, 1);
	g_assert_null(before);
	deliver_group(&desk, MON, "Down", "web1.brasserie-lambic db1.halcyon",
	    T0 + 7260);
	after = desk_ticket(&desk, 1);
	g_assert_nonnull(after);
	g_assert_true(has_tag(after, "several-clients"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(test) g_test_add_func("/alert-groups/" #test, test_##test)
	ADD(whose);
	ADD(long_key);
	ADD(many_hosts);
	ADD(joined);
	ADD(silence);
	ADD(silence_broken);
#undef ADD
	return g_test_run();
}
