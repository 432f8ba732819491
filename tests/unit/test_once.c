/*
 * What one mail costs in work, counted and not timed: its ticket is loaded
 * once, its clocks are computed once, it is projected once, robots are asked
 * once, match rules read once, commands parsed once and each mail that may be an
 * alert prepared once. The Makefile has the linker put the counters
 * here in place of what they count (--wrap).
 */
#include "guichet/order/command.h"

#include "intake-fixture.h"

typedef enum {
	COUNT_LOADED,
	COUNT_CLOCKS,
	COUNT_PROJECTED,
	COUNT_PEOPLE,
	COUNT_ROBOTS,
	COUNT_RULES,
	COUNT_COMMANDS,
	COUNT_PREPARED, /* of the mail, and of each that it only carries */
	COUNT_ALL,
} Counter;

static const char *const names[COUNT_ALL] = { "loaded", "clocks", "projected",
	"people", "robots", "rules", "commands", "prepared" };
static int counts[COUNT_ALL];

bool __real_store_ticket(Store *, gint64, Ticket **, GError **);
bool __wrap_store_ticket(Store *, gint64, Ticket **, GError **);
GPtrArray *__real_sla_clocks(const Ticket *, const Terms *, Instant);
GPtrArray *__wrap_sla_clocks(const Ticket *, const Terms *, Instant);
bool __real_store_project(StoreTx *, const Ticket *, const GPtrArray *,
    const TicketNext *, GError **);
bool __wrap_store_project(StoreTx *, const Ticket *, const GPtrArray *,
    const TicketNext *, GError **);
bool __real_store_ticket_people(Store *, gint64, TicketPeople **, GError **);
bool __wrap_store_ticket_people(Store *, gint64, TicketPeople **, GError **);

bool
__wrap_store_ticket(Store *store, gint64 number, Ticket **ret, GError **error)
{
	counts[COUNT_LOADED]++;
	return __real_store_ticket(store, number, ret, error);
}

GPtrArray *
__wrap_sla_clocks(const Ticket *ticket, const Terms *terms, Instant now)
{
	counts[COUNT_CLOCKS]++;
	return __real_sla_clocks(ticket, terms, now);
}

bool
__wrap_store_project(StoreTx *tx, const Ticket *ticket, const GPtrArray *clocks,
    const TicketNext *coming, GError **error)
{
	counts[COUNT_PROJECTED]++;
	return __real_store_project(tx, ticket, clocks, coming, error);
}

bool
__wrap_store_ticket_people(Store *store, gint64 number, TicketPeople **ret,
    GError **error)
{
	counts[COUNT_PEOPLE]++;
	return __real_store_ticket_people(store, number, ret, error);
}

RobotSigns *__real_robot_read(const Message *, const RobotRules *);
RobotSigns *__wrap_robot_read(const Message *, const RobotRules *);
CommandList *__real_command_parse(const char *, const char *);
CommandList *__wrap_command_parse(const char *, const char *);

MatchRead *__real_match_read(const MatchRules *, const Message *, bool);
MatchRead *__wrap_match_read(const MatchRules *, const Message *, bool);

MatchRead *
__wrap_match_read(const MatchRules *rules, const Message *message, bool whole)
{
	counts[COUNT_RULES]++;
	return __real_match_read(rules, message, whole);
}

RobotSigns *
__wrap_robot_read(const Message *message, const RobotRules *rules)
{
	counts[COUNT_ROBOTS]++;
	return __real_robot_read(message, rules);
}

CommandList *
__wrap_command_parse(const char *text, const char *language)
{
	counts[COUNT_COMMANDS]++;
	return __real_command_parse(text, language);
}

typedef struct AlertMail AlertMail;
AlertMail *__real_alert_mail_new(const AlertRules *, const Message *);
AlertMail *__wrap_alert_mail_new(const AlertRules *, const Message *);

AlertMail *
__wrap_alert_mail_new(const AlertRules *rules, const Message *message)
{
	counts[COUNT_PREPARED]++;
	return __real_alert_mail_new(rules, message);
}

/* ---- mails ---- */

typedef struct {
	Desk desk;
	int number;
} Case;

static void
write_as(Case *c, const char *from, const char *head, const char *text)
{
	const char *domain = strchr(from, '@') + 1;
	g_autofree char *stamp = g_strdup_printf(BORDER("pass", "%s"), domain);
	g_autofree char *mail = g_strdup_printf(
	    "Return-Path: <%s>\n%sFrom: <%s>\nMessage-ID: <m%d@x.test>\n%s\n"
	    "%s\n",
	    from, stamp, from, c->number, head, text);

	memset(counts, 0, sizeof(counts));
	desk_deliver(&c->desk, mail, T0 + 600 * c->number++);
}

static void
client_opens(Case *c)
{
	write_as(c, JEANNE, "To: help@desk.example\nSubject: Panne\n",
	    "Panne bloquante, l'ERP ne repond plus.");
}

static void
client_again(Case *c)
{
	client_opens(c);
	write_as(c, JEANNE,
	    "To: help@desk.example\nSubject: Re: Panne\n"
	    "In-Reply-To: <m0@x.test>\n",
	    "Toujours rien.");
}

static void
answer(Case *c, const char *text)
{
	g_autofree char *to = desk_field(&c->desk, "notice", ANNE, "Reply-To");
	g_autofree char *head = g_strdup_printf("To: <%s>\nSubject: Re: x\n",
	    to);

	write_as(c, ANNE, head, text);
}

static void
technician_answers(Case *c)
{
	client_opens(c);
	answer(c, "Nous regardons.");
}

static void
technician_resolves(Case *c)
{
	client_opens(c);
	answer(c, "C'est repare.\n\n#resolve");
}

static void
technician_refused(Case *c)
{
	client_opens(c);
	answer(c, "#jump");
}

static void
alert(Case *c, const char *turn, const char *state)
{
	g_autofree char *head =
	    g_strdup_printf("To: help+q7w2e9r4t6@desk.example\n"
			    "Subject: ** %s Host Alert: erp1 is %s **\n",
		turn, state);
	g_autofree char *text = g_strdup_printf(
	    "***** Nagios *****\n\nNotification Type: %s\nHost: erp1\n"
	    "State: %s\nAddress: 192.0.2.9\nInfo: PING",
	    turn, state);

	write_as(c, "nagios@sonde.example", head, text);
}

static void
alert_opens(Case *c)
{
	alert(c, "PROBLEM", "DOWN");
}

static void
alert_ends(Case *c)
{
	alert_opens(c);
	alert(c, "RECOVERY", "UP");
}

/* A source's mail that no recogniser knows. */
static void
source_unknown(Case *c)
{
	write_as(c, "nagios@sonde.example",
	    "To: help+q7w2e9r4t6@desk.example\nSubject: Disque plein\n",
	    "erp1 : /var 99 %");
}

static void
source_unknown_ends(Case *c)
{
	source_unknown(c);
	write_as(c, "nagios@sonde.example",
	    "To: help+q7w2e9r4t6@desk.example\nSubject: Disque plein : resolu\n",
	    "erp1 : /var 40 %");
}

/* A rule of a mailbox forwards the source's mail in its own: two mails. */
static void
source_forwarded(Case *c)
{
	write_as(c, "nagios@sonde.example",
	    "To: help+q7w2e9r4t6@desk.example\nSubject: Tr: Disque plein\n"
	    "Auto-Submitted: auto-forwarded\n",
	    "---------- Forwarded message ---------\n"
	    "From: Sonde <s@x.test>\nDate: Mon, 2 Mar 2026 at 08:55\n"
	    "Subject: Disque plein\nTo: Anna <anna@x.test>\n\n"
	    "erp1 : /var 99 %\n");
}

/* A program that proves no source speaks of what may be an alert. */
static void
bystander(Case *c)
{
	source_unknown(c);
	write_as(c, "nagios@ailleurs.test",
	    "To: help@desk.example\nSubject: Disque plein : resolu\n"
	    "Auto-Submitted: auto-generated\n",
	    "erp1 : /var 40 %");
}

static void
stranger_opens(Case *c)
{
	write_as(c, "p@stranger.test",
	    "To: help@desk.example\nSubject: Offre\n", "Bonjour.");
}

static const struct {
	const char *name;
	void (*play)(Case *c);
	int most[COUNT_ALL]; /* of the last mail */
} rows[] = {
	{ "client-opens", client_opens, { 1, 1, 1, 1, 1, 1, 0, 1 } },
	{ "client-again", client_again, { 1, 1, 1, 1, 1, 1, 0, 1 } },
	{ "technician-answers", technician_answers,
	    { 1, 1, 1, 1, 1, 1, 1, 1 } },
	{ "technician-resolves", technician_resolves,
	    { 1, 1, 1, 1, 1, 1, 1, 1 } },
	{ "technician-refused", technician_refused,
	    { 1, 1, 1, 1, 1, 1, 1, 1 } },
	{ "alert-opens", alert_opens, { 1, 1, 1, 1, 1, 0, 0, 1 } },
	{ "alert-ends", alert_ends, { 1, 1, 1, 1, 1, 0, 0, 1 } },
	{ "stranger-opens", stranger_opens, { 1, 0, 1, 1, 1, 1, 0, 1 } },
	{ "source-unknown", source_unknown, { 1, 1, 1, 1, 1, 0, 0, 1 } },
	{ "source-unknown-ends", source_unknown_ends,
	    { 1, 1, 1, 1, 1, 0, 0, 1 } },
	{ "source-forwarded", source_forwarded, { 1, 1, 1, 1, 1, 0, 0, 2 } },
	{ "bystander", bystander, { 1, 1, 1, 1, 1, 1, 0, 1 } },
};

static void
test_once(gconstpointer row)
{
	gsize i = GPOINTER_TO_SIZE(row);
	Case c = { .number = 0 };

	desk_set_up(&c.desk,
	    "alert_sources:\n- {name: sonde, address: "
	    "help+q7w2e9r4t6@desk.example, from: nagios@sonde.example, "
	    "require: token, contract: brasserie-lambic}\n");
	rows[i].play(&c);
	for (int k = 0; k < COUNT_ALL; k++) {
		g_test_message("%s: %d, at most %d", names[k], counts[k],
		    rows[i].most[k]);
		g_assert_cmpint(counts[k], <=, rows[i].most[k]);
	}
	/* Counters that count nothing would be content with anything. */
	g_assert_cmpint(counts[COUNT_PROJECTED], ==, 1);
	g_assert_cmpint(counts[COUNT_PREPARED], ==,
	    rows[i].most[COUNT_PREPARED]);
	g_assert_cmpint(counts[COUNT_RULES], ==, rows[i].most[COUNT_RULES]);
	desk_clear(&c.desk);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strdup_printf("/once/%s",
		    rows[i].name);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_once);
	}
	return g_test_run();
}
