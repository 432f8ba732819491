/*
 * Whom a ticket's answers go to and on which thread, and under which rules it
 * lives while a site edits them: each the same for all that ask.
 */
#include "intake-fixture.h"

#include "guichet/work/work.h"

#define ACIER "acier-vosges.example"
#define INES  "ines@studio-orme.example"
#define ERP   "erp@" ACIER
#define KARIM "karim.benali@" ACIER
#define FORM  "formulaire@web.test"
#define MONITORING                                         \
 "alert_sources:\n"                                        \
 "- {name: sonde, address: help+q7w2e9r4t6@desk.example, " \
 "from: nagios@sonde.example, require: token, contract: %s}\n"

/* ---- the client and his thread ---- */

static void
write_as(Desk *desk, const char *from, const char *head, const char *id,
    Instant at)
{
	const char *domain = strchr(from, '@') + 1;
	g_autofree char *stamp = g_strdup_printf(BORDER("pass", "%s"), domain);
	g_autofree char *mail = g_strdup_printf(
	    "Return-Path: <%s>\n%sFrom: <%s>\nTo: help@desk.example\n"
	    "Message-ID: <%s>\n%s\nLe serveur ne repond plus.\n",
	    from, stamp, from, id, head);

	desk_deliver(desk, mail, at);
}

/* Anne's answer to the notice she has. */
static void
answer_as_anne(Desk *desk, const char *text, Instant at)
{
	g_autofree char *to = desk_field(desk, "notice", ANNE, "Reply-To");
	g_autofree char *mail = g_strdup_printf(
	    "Return-Path: <" ANNE ">\n" BORDER("pass",
		"desk.example") "From: <" ANNE ">\nTo: <%s>\nSubject: Re: x\n"
				"Message-ID: <a%" G_GINT64_FORMAT
				"@desk.example>\n\n%s\n",
	    to, at, text);

	desk_deliver(desk, mail, at);
}

/* Who opens, who writes then, what an answer names: NULL is our first mail. */
static const struct {
	const char *name, *opener, *mark;
	const char *later; /* NULL: nobody */
	const char *to, *answers;
} clients[] = {
	{ "a person", JEANNE, "", NULL, JEANNE, "<o@x.test>" },
	{ "a person, a colleague", JEANNE, "", KARIM, KARIM, "<p@x.test>" },
	{ "their program", ERP, "Auto-Submitted: auto-generated\n", NULL, ERP,
	    "<o@x.test>" },
	{ "their program, a person", ERP, "Auto-Submitted: auto-generated\n",
	    JEANNE, JEANNE, "<p@x.test>" },
	{ "a form in their name", JEANNE, "Auto-Submitted: auto-generated\n",
	    NULL, JEANNE, "<o@x.test>" },
	{ "a bulk program", ERP, "Precedence: bulk\n", JEANNE, JEANNE,
	    "<p@x.test>" },
	{ "a stranger's program", FORM, "Auto-Submitted: auto-generated\n",
	    NULL, FORM, "<o@x.test>" },
};

static void
test_client(gconstpointer row)
{
	gsize i = GPOINTER_TO_SIZE(row);
	g_auto(Desk) desk = { 0 };
	g_autofree char *head = g_strdup_printf("Subject: Panne\n%s",
	    clients[i].mark);
	g_autofree char *answered = NULL, *ours = NULL;
	g_autoptr(GPtrArray) replies = NULL;

	desk_set_up(&desk, "");
	write_as(&desk, clients[i].opener, head, "o@x.test", T0);
	if (clients[i].later != NULL)
		write_as(&desk, clients[i].later,
		    "Subject: Re: Panne\nIn-Reply-To: <o@x.test>\n", "p@x.test",
		    T0 + 600);
	answer_as_anne(&desk, "Nous regardons.", T0 + 1200);
	replies = desk_sent(&desk, "reply", NULL);
	/* Who opened it reads along where another has asked. */
	g_assert_cmpuint(replies->len, ==,
	    g_strcmp0(clients[i].later, KARIM) == 0 ? 2 : 1);
	g_assert_cmpstr(((OutboxRow *)replies->pdata[0])->to, ==,
	    clients[i].to);
	answered = desk_field(&desk, "reply", clients[i].to, "In-Reply-To");
	if (clients[i].answers == NULL)
		ours = desk_field(&desk, "acknowledgment", NULL, "Message-ID");
	g_assert_cmpstr(answered, ==, ours != NULL ? ours : clients[i].answers);
}

/* ---- the rules of a ticket ---- */

/* The desk goes on with rules of which one file reads another way. */
static void
edit_rules(Desk *desk, const char *name, const char *from, const char *to)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_begin(desk->store, &error);
	g_autoptr(Problems) problems = problems_new();
	RuleFiles *files = rule_files_new();
	GHashTableIter iter;
	gpointer key, value;

	g_assert_no_error(error);
	store_keep_rules(tx, desk->files, &error);
	g_assert_no_error(error);
	store_commit(&tx, &error);
	g_assert_no_error(error);
	g_hash_table_iter_init(&iter, desk->files->files);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		gsize size;
		const char *bytes = g_bytes_get_data(value, &size);
		g_autoptr(GString) text = g_string_new_len(bytes, (gssize)size);
		g_autoptr(GBytes) edited = NULL;

		if (strcmp(key, name) == 0)
			g_assert_cmpuint(g_string_replace(text, from, to, 1),
			    ==, 1);
		edited = g_bytes_new(text->str, text->len);
		rule_files_add(files, key, edited);
	}
	rule_files_seal(files);
	intake_free(desk->intake);
	ruleset_free(desk->ruleset);
	rule_files_free(desk->files);
	desk->files = files;
	problems_set_known(problems, true);
	desk->ruleset = ruleset_load(files, "rules", problems);
	g_assert_nonnull(desk->ruleset);
	desk->intake = intake_new(desk->conf, desk->ruleset, desk->store);
}

static void
set_up_monitoring(Desk *desk, const char *contract)
{
	g_autofree char *sources = g_strdup_printf(MONITORING, contract);

	desk_set_up(desk, sources);
}

static void
alert(Desk *desk, bool is_over, Instant at)
{
	g_autofree char *mail = g_strdup_printf(
	    "From: nagios@sonde.example\nTo: help+q7w2e9r4t6@desk.example\n"
	    "Message-ID: <n%" G_GINT64_FORMAT "@sonde.example>\n"
	    "Subject: ** %s Host Alert: erp1 is %s **\n\n***** Nagios *****\n"
	    "\nNotification Type: %s\nHost: erp1\nState: %s\n"
	    "Address: 192.0.2.9\nInfo: PING\n",
	    (gint64)at, is_over ? "RECOVERY" : "PROBLEM",
	    is_over ? "UP" : "DOWN", is_over ? "RECOVERY" : "PROBLEM",
	    is_over ? "UP" : "DOWN");

	desk_deliver(desk, mail, at);
}

static guint
count_events(Desk *desk, EventType type)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) events = store_events(desk->store, 1, &error);
	guint count = 0;

	g_assert_no_error(error);
	for (guint i = 0; i < events->len; i++)
		count += ((Event *)events->pdata[i])->type == type;
	return count;
}

/* An alert that was no mandate when it came: the client's mail starts the
 * clocks, so that they are told, terms and promise, whatever the plan says since. */
static void
test_mandate(void)
{
	g_auto(Desk) desk = { 0 };

	set_up_monitoring(&desk, "studio-orme");
	alert(&desk, false, T0);
	edit_rules(&desk, "plans/nuxit-pro.yaml",
	    "warnings:", "alerts_are_mandate: yes\nwarnings:");
	write_as(&desk, INES, "Subject: Panne [#1]\n", "p@x.test", T0 + 600);
	g_assert_cmpuint(desk_count(&desk, "acknowledgment", INES), ==, 1);
	g_assert_cmpuint(count_events(&desk, EVENT_TOLD), ==, 2);
}

/* Before the client writes, nothing is promised; which plan it is, and how bad,
 * its technicians read all the same. */
static void
test_no_mandate(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(GPtrArray) notices = NULL;
	const char *text;

	set_up_monitoring(&desk, "studio-orme");
	alert(&desk, false, T0);
	notices = desk_sent(&desk, "notice", ANNE);
	g_assert_cmpuint(notices->len, ==, 1);
	text = ((const OutboxRow *)notices->pdata[0])->text;
	g_test_message("%s", text);
	g_assert_nonnull(
	    strstr(text, "Contrat  : studio-orme (Niveau 2 \342\200\223 Pro)"));
	g_assert_nonnull(strstr(text, "aucune promesse ne s'applique"));
}

/* And one that was a mandate goes on as one: nothing is told twice. */
static void
test_mandate_withdrawn(void)
{
	g_auto(Desk) desk = { 0 };

	set_up_monitoring(&desk, "brasserie-lambic");
	alert(&desk, false, T0);
	edit_rules(&desk, "plans/myown-b.yaml", "alerts_are_mandate: yes",
	    "alerts_are_mandate: no");
	write_as(&desk, "luc@brasserie-lambic.example", "Subject: Panne [#1]\n",
	    "p@x.test", T0 + 600);
	g_assert_cmpuint(desk_count(&desk, "acknowledgment", NULL), ==, 0);
}

/* Whether a technician checks a recovery is what it was when it began. */
static void
test_check(void)
{
	g_auto(Desk) desk = { 0 };
	g_autoptr(Ticket) ticket = NULL;

	set_up_monitoring(&desk, "brasserie-lambic");
	alert(&desk, false, T0);
	edit_rules(&desk, "plans/myown-b.yaml", "alerts_are_mandate: yes",
	    "alerts_are_mandate: yes\nconfirm_recoveries: [1, 2, 3, 4]");
	alert(&desk, true, T0 + 600);
	ticket = desk_ticket(&desk, 1);
	g_assert_cmpint(ticket->state, ==, TICKET_RESOLVED);
}

/* Who was told that it began is told that it is over. */
static void
test_inform(void)
{
	g_auto(Desk) desk = { 0 };

	set_up_monitoring(&desk, "brasserie-lambic");
	alert(&desk, false, T0);
	g_assert_cmpuint(desk_count(&desk, "information", NULL), ==, 1);
	edit_rules(&desk, "contracts/brasserie-lambic.yaml",
	    "inform_of_alerts: yes", "inform_of_alerts: no");
	alert(&desk, true, T0 + 600);
	g_assert_cmpuint(desk_count(&desk, "information", NULL), ==, 2);
}

/* ---- what comes back ---- */

/* How long behind its end an alert is the same incident: the plan's word, else
 * the term of its response (12 h, as it began out of hours), at least an hour;
 * an hour where somebody had answered. */
static const struct {
	const char *name, *plan; /* what is added to it */
	bool answered;
	Seconds within;
} recurrences[] = {
	{ "the response's term", "", false, 12 * 3600 },
	{ "the plan's own", "recurrence: 2h\n", false, 2 * 3600 },
	{ "days", "recurrence: 2d\n", false, 2 * 86400 },
	{ "at least an hour", "recurrence: 10m\n", false, 3600 },
	{ "somebody answered", "recurrence: 2h\n", true, 3600 },
};

static void
test_recurrence(gconstpointer row)
{
	gsize i = GPOINTER_TO_SIZE(row);

	for (int late = 0; late < 2; late++) {
		g_auto(Desk) desk = { 0 };
		g_autoptr(Ticket) ticket = NULL;
		g_autofree char *lines = g_strdup_printf("%swarnings:",
		    recurrences[i].plan);

		set_up_monitoring(&desk, "brasserie-lambic");
		edit_rules(&desk, "plans/myown-b.yaml", "warnings:", lines);
		alert(&desk, false, T0);
		if (recurrences[i].answered)
			answer_as_anne(&desk, "Je regarde.", T0 + 60);
		alert(&desk, true, T0 + 600);
		alert(&desk, false, T0 + 600 + recurrences[i].within + late);
		ticket = desk_ticket(&desk, 1);
		g_assert_cmpint(ticket->state, ==,
		    late ? TICKET_RESOLVED : TICKET_OPEN);
	}
}

static const SlaClock *
response_of(Desk *desk, gint64 number, Instant now)
{
	g_autoptr(GError) error = NULL;
	const TicketView *view;

	view_begin(desk->intake);
	view = view_run(desk->intake, number, now, &error);
	g_assert_no_error(error);
	for (guint i = 0; i < view->clocks->len; i++) {
		const SlaClock *clock = view->clocks->pdata[i];

		if (clock->milestone == MILESTONE_RESPONSE)
			return clock;
	}
	return NULL;
}

#define LUC    "luc@brasserie-lambic.example"
#define MONDAY (T0 + 3 * 86400 - 6 * 3600) /* 11:00 in Brussels */

/* The end of the contract's one version, and one that follows it. */
#define LAST "approval_contact: " LUC "}"
#define NEXT                                                        \
 "\n- {from: 2026-11-22, plans: [myown-a], zone: Europe/Brussels, " \
 "holidays: [be], fields: {servers: 2, approval_quarters: 6, " LAST "}"

/* What whoever reopens it is owed: by the contract's version, the window and
 * the rules of that instant, and none where it is over. What was answered then
 * stays under them. */
static const struct {
	const char *name, *file, *from, *to;
	bool before;    /* edited before it was opened */
	Seconds within; /* 0: nothing is owed */
} reopenings[] = {
	{ "as it was", NULL, NULL, NULL, false, 4 * 3600 },
	{ "the plan has changed", "plans/myown-b.yaml", "within: 4h",
	    "within: 3h", false, 3 * 3600 },
	{ "a version that it knew", "contracts/brasserie-lambic.yaml", LAST,
	    LAST NEXT, true, 24 * 3600 },
	{ "a version of today's", "contracts/brasserie-lambic.yaml", LAST,
	    LAST NEXT, false, 24 * 3600 },
	{ "over since", "contracts/brasserie-lambic.yaml", "- from: 2026-01-01",
	    "- from: 2027-01-01", false, 0 },
};

static void
test_reopened_under(gconstpointer row)
{
	gsize i = GPOINTER_TO_SIZE(row);
	g_auto(Desk) desk = { 0 };
	g_autoptr(Ticket) ticket = NULL;
	const SlaClock *clock;

	desk_set_up(&desk, "");
	if (reopenings[i].before)
		edit_rules(&desk, reopenings[i].file, reopenings[i].from,
		    reopenings[i].to);
	write_as(&desk, LUC, "Subject: Panne\n", "o@x.test", T0);
	answer_as_anne(&desk, "#resolve\n\nC'est fait.", T0 + 600);
	ticket = desk_ticket(&desk, 1);
	g_assert_cmpint(ticket->state, ==, TICKET_RESOLVED);
	if (reopenings[i].file != NULL && !reopenings[i].before)
		edit_rules(&desk, reopenings[i].file, reopenings[i].from,
		    reopenings[i].to);
	write_as(&desk, LUC, "Subject: Re: Panne\nIn-Reply-To: <o@x.test>\n",
	    "p@x.test", MONDAY);
	clock = response_of(&desk, 1, MONDAY + 60);
	if (reopenings[i].within == 0) {
		g_assert_null(clock);
		return;
	}
	g_assert_cmpint(clock->intake, ==, MONDAY);
	g_assert_cmpint(clock->due, ==, MONDAY + reopenings[i].within);

	answer_as_anne(&desk, "Encore moi.", MONDAY + 3600);
	answer_as_anne(&desk, "#severity 4", MONDAY + 7200);
	clock = response_of(&desk, 1, MONDAY + 7300);
	g_assert_cmpint(clock->state, ==, SLA_MET);
	g_assert_cmpint(clock->due, ==, MONDAY + reopenings[i].within);
}

/* What a client writes on a ticket that is done, or that waits for them: thanks
 * alone move nothing. */
static const struct {
	const char *words;
	bool is_thanks;
} thanks[] = {
	{ "Merci !", true },
	{ "Bonjour,\n\nMerci beaucoup pour votre aide.\n\nBonne "
	  "journ\303\251e,\nLuc Peeters",
	    true },
	{ "Parfait, merci \303\240 toute l'\303\251quipe !\n\n"
	  "Cordialement,\nLuc",
	    true },
	{ "Nous vous remercions pour votre r\303\251activit\303\251.", true },
	{ "Thank you so much for the quick reply!\n\nBest regards,\nLuc "
	  "Peeters\nBrasserie Lambic",
	    true },
	{ "Vielen Dank f\303\274r die schnelle Hilfe!\n\nViele "
	  "Gr\303\274\303\237e\nLuc",
	    true },
	{ "Hartelijk dank.\n\nMet vriendelijke groet,\nLuc", true },
	{ "Merci, mais cela ne marche toujours pas.", false },
	{ "Merci d'avance pour votre retour.", false },
	{ "Merci de rouvrir le ticket.", false },
	{ "Merci. NON.", false },
	{ "Merci !\n\nLe disque est de nouveau plein.", false },
	{ "Thanks, it is down again.", false },
	{ "Parfait.", true }, /* an answer, where one is waited for: below */
	{ "Merci, mardi me convient.", false },
	{ "Merci Anne, et le serveur ?", false },
};

static TicketState
after_words(bool waits, const char *words)
{
	const char *pause[] = { "event", "1", "pause", NULL };
	g_auto(Desk) desk = { 0 };
	g_autoptr(Ticket) ticket = NULL;
	g_autofree char *said = NULL;
	bool done;
	g_autofree char *mail = g_strdup_printf(
	    "Return-Path: <" LUC ">\n" BORDER("pass",
		"brasserie-lambic.example") "From: <" LUC ">\n"
					    "To: help@desk.example\n"
					    "Subject: Re: Panne\n"
					    "In-Reply-To: <o@x.test>\n"
					    "Message-ID: <p@x.test>\n"
					    "Content-Type: text/plain; "
					    "charset=utf-8\n\n%s\n",
	    words);

	desk_set_up(&desk, "");
	write_as(&desk, LUC, "Subject: Panne\n", "o@x.test", T0);
	answer_as_anne(&desk, waits ? "Quel modele ?" : "#resolve\n\nFait.",
	    T0 + 600);
	if (waits)
		said = desk_order(&desk, &done, (char *const *)pause);
	desk_deliver(&desk, mail, MONDAY);
	ticket = desk_ticket(&desk, 1);
	return ticket->state;
}

static void
test_thanks(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(thanks); i++) {
		g_test_message("%s", thanks[i].words);
		g_assert_cmpint(after_words(false, thanks[i].words), ==,
		    thanks[i].is_thanks ? TICKET_RESOLVED : TICKET_OPEN);
	}
	g_assert_cmpint(after_words(true, "Merci !"), ==,
	    TICKET_WAITING_CUSTOMER);
	g_assert_cmpint(after_words(true, "Merci, un T400."), ==, TICKET_OPEN);
	g_assert_cmpint(after_words(true, "Parfait."), ==, TICKET_OPEN);
}

/* ---- what did not go out ---- */

static void
fail_reply(Desk *desk, guint which, Instant at)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) sent = desk_sent(desk, "reply", LUC);
	g_autoptr(StoreTx) tx = store_begin(desk->store, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(sent->len, >, which);
	g_assert_true(intake_send_failed(desk->intake, tx, sent->pdata[which],
	    at, &error));
	g_assert_no_error(error);
	g_assert_true(store_commit(&tx, &error));
}

/* Words that came back met no response: the next that go out do, or none, and
 * that it is late then is told. */
static void
test_bounced(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	write_as(&desk, LUC, "Subject: Panne\n", "o@x.test", T0);
	answer_as_anne(&desk, "Je regarde.", T0);
	g_assert_cmpint(response_of(&desk, 1, MONDAY)->met, ==, T0);
	answer_as_anne(&desk, "C'est le disque.", MONDAY);
	fail_reply(&desk, 0, MONDAY + 60);
	g_assert_cmpint(response_of(&desk, 1, MONDAY + 70)->met, ==, MONDAY);
	fail_reply(&desk, 1, MONDAY + 120);
	g_assert_cmpint(response_of(&desk, 1, MONDAY + 130)->state, ==,
	    SLA_LATE);
}

/* ---- facts made by hand ---- */

static void
set(char **word, const char *value)
{
	g_free(*word);
	*word = g_strdup(value);
}

/* What is appended leaves what it does not touch: clocks are not computed
 * again, and are never those of before. */
static void
test_apply(void)
{
	g_auto(Desk) desk = { 0 };

	desk_set_up(&desk, "");
	for (EventType type = 0; type < EVENT_COUNT; type++) {
		g_autoptr(TicketView) view = ticket_view_new(ticket_new(5));
		g_autoptr(Event) event = event_stored(type, 5, T0 + 60, "x", 0);
		const GPtrArray *before;
		bool kept;

		view->ticket->received = T0;
		set(&view->ticket->contract, "acier-vosges");
		ticket_view_settle(view, &(TicketRules){ .own = desk.ruleset });
		ticket_view_run(view, T0 + 60);
		before = view->clocks;
		kept = ticket_view_apply(view, event);
		g_test_message("%s", event_type_name(type));
		g_assert_true(view->clocks == (kept ? before : NULL));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(clients); i++) {
		g_autofree char *path = g_strdup_printf("/view/client/%s",
		    clients[i].name);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_client);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(recurrences); i++) {
		g_autofree char *path = g_strdup_printf("/view/recurrence/%s",
		    recurrences[i].name);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i),
		    test_recurrence);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(reopenings); i++) {
		g_autofree char *path = g_strdup_printf("/view/reopened/%s",
		    reopenings[i].name);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i),
		    test_reopened_under);
	}
	g_test_add_func("/view/bounced", test_bounced);
	g_test_add_func("/view/thanks", test_thanks);
	g_test_add_func("/view/apply", test_apply);
	g_test_add_func("/view/rules/mandate", test_mandate);
	g_test_add_func("/view/rules/no-mandate", test_no_mandate);
	g_test_add_func("/view/rules/mandate-withdrawn",
	    test_mandate_withdrawn);
	g_test_add_func("/view/rules/check", test_check);
	g_test_add_func("/view/rules/inform", test_inform);
	return g_test_run();
}
