/* The desk's judgment on what opens a ticket: who is acknowledged, and under
 * which contract and plan it falls (doc/design.md 7). */
#include "decide-fixture.h"

/* ---- who gets an acknowledgment ---- */

static void
budget_hour(Case *c)
{
	contact(c);
	c->sit.acks_address_hour = 3;
}

static void
budget_day(Case *c)
{
	contact(c);
	c->sit.acks_address_day = 10;
}

static void
budget_domain(Case *c)
{
	contact(c);
	c->sit.acks_domain_hour = 30;
}

static void
budget_all(Case *c)
{
	contact(c);
	c->sit.acks_hour = 120;
}

static void
budget_left(Case *c)
{
	contact(c);
	c->sit.acks_address_hour = 2;
	c->sit.acks_address_day = 9;
	c->sit.acks_domain_hour = 29;
	c->sit.acks_hour = 119;
}

static void
aligned_path(Case *c)
{
	case_init(c, WHO_CONTACT,
	    "Return-Path: <bounces@mail.acier-vosges.example>\n" MAIL_OF(
		JEANNE));
}

static void
foreign_path(Case *c)
{
	case_init(c, WHO_CONTACT,
	    "Return-Path: <x@elsewhere.test>\n" MAIL_OF(JEANNE));
}

static void
null_path(Case *c)
{
	case_init(c, WHO_CONTACT, "Return-Path: <>\n" MAIL_OF(JEANNE));
}

static void
not_authentic(Case *c)
{
	contact(c);
	c->sit.auth = AUTH_FAIL;
}

static void
machine(Case *c)
{
	contact(c);
	c->robot->class = c->robot->beside_list = ROBOT_MACHINE;
}

static void
alert_source(Case *c)
{
	contact(c);
	c->sit.is_alert_source = true;
}

static void
foreign_list(Case *c)
{
	case_init(c, WHO_CONTACT,
	    "List-Id: <news.elsewhere.test>\n" MAIL_OF(JEANNE));
	c->robot->class = ROBOT_LIST;
}

static const char *const our_lists[] = { "demandes.desk.example", NULL };

static void
own_list(Case *c)
{
	case_init(c, WHO_CONTACT,
	    "List-Id: Demandes <demandes.desk.example>\n" MAIL_OF(JEANNE));
	c->policy.own_lists = our_lists;
	c->robot->class = ROBOT_LIST;
}

/* The list's server takes the failures of what it passes on. */
static void
own_list_with_path(Case *c, const char *path)
{
	g_autofree char *mail = g_strdup_printf(
	    "Return-Path: <%s>\nList-Id: Demandes <demandes.desk.example>\n"
	    "%s",
	    path, MAIL_OF(JEANNE));

	case_init(c, WHO_CONTACT, mail);
	c->policy.own_lists = our_lists;
	c->robot->class = ROBOT_LIST;
}

static void
own_list_path(Case *c)
{
	own_list_with_path(c, "demandes-bounces@demandes.desk.example");
}

static void
own_list_server(Case *c)
{
	own_list_with_path(c, "demandes-bounces@desk.example");
}

/* Its List-Id is there for anybody to write. */
static void
own_list_forged(Case *c)
{
	own_list_with_path(c, "demandes-bounces@evil.test");
}

static void
own_list_null_path(Case *c)
{
	own_list_with_path(c, "");
}

static void
program_on_own_list(Case *c)
{
	own_list(c);
	c->robot->beside_list = ROBOT_MACHINE;
}

static void
allow_strangers(Case *c)
{
	stranger(c);
	c->policy.acknowledge_strangers = true;
}

static void
allow_strangers_pass(Case *c)
{
	allow_strangers(c);
	c->sit.auth = AUTH_PASS;
}

static void
stranger_pass(Case *c)
{
	stranger(c);
	c->sit.auth = AUTH_PASS;
}

static void
nobody(Case *c)
{
	case_init(c, WHO_NOBODY, "Subject: Panne\n\nPanne.\n");
}

static void
old_mail(Case *c)
{
	contact(c);
	c->sit.now = T0 + DAY + 1;
}

static void
day_old_mail(Case *c)
{
	contact(c);
	c->sit.now = T0 + DAY;
}

static void
endless_hops(Case *c)
{
	contact(c);
	c->message->received_count = 51;
}

static void
colleague(Case *c)
{
	case_init(c, WHO_COLLEAGUE, MAIL_OF("inconnu@acier-vosges.example"));
}

static void
test_acknowledgment(void)
{
	static const struct {
		const char *name;
		void (*set_up)(Case *);
		const char *held; /* NULL: acknowledged */
		bool fixed_text;
	} table[] = {
		{ "contact", contact, NULL, false },
		{ "aligned-path", aligned_path, NULL, false },
		{ "foreign-path", foreign_path, "return-path", false },
		{ "null-path", null_path, "return-path", false },
		{ "not-authentic", not_authentic, "not-authentic", false },
		{ "machine", machine, "robot", false },
		{ "alert-source", alert_source, "robot", false },
		{ "foreign-list", foreign_list, "robot", false },
		{ "own-list", own_list, NULL, false },
		{ "own-list-path", own_list_path, NULL, false },
		{ "own-list-server", own_list_server, NULL, false },
		{ "own-list-forged", own_list_forged, "return-path", false },
		{ "own-list-null-path", own_list_null_path, "return-path",
		    false },
		{ "program-on-own-list", program_on_own_list, "robot", false },
		{ "stranger", stranger, "stranger", false },
		{ "stranger-pass", stranger_pass, "stranger", false },
		{ "allow-strangers", allow_strangers, "stranger", false },
		{ "allow-strangers-pass", allow_strangers_pass, NULL, true },
		{ "nobody", nobody, "no-identity", false },
		{ "old-mail", old_mail, "old", false },
		{ "day-old-mail", day_old_mail, NULL, false },
		{ "endless-hops", endless_hops, "loop", false },
		{ "colleague", colleague, NULL, false },
		{ "budget-hour", budget_hour, "budget", false },
		{ "budget-day", budget_day, "budget", false },
		{ "budget-domain", budget_domain, "budget", false },
		{ "budget-all", budget_all, "budget", false },
		{ "budget-left", budget_left, NULL, false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_auto(Case) c = { 0 };
		const Effect *answer;

		g_test_message("%s", table[i].name);
		table[i].set_up(&c);
		judge(&c);
		/* The ticket is made all the same, and the desk is told. */
		g_assert_nonnull(event_of(&c, EVENT_OPENED));
		g_assert_nonnull(sent(&c, SEND_NOTICE));
		g_assert_cmpstr(held(&c), ==, table[i].held);
		answer = sent(&c, SEND_ACKNOWLEDGMENT);
		if (answer == NULL)
			continue;
		g_assert_cmpstr(answer->to, ==, c.message->identity);
		g_assert_cmpint(answer->stranger, ==, table[i].fixed_text);
		g_assert_cmpint(answer->contacts, ==,
		    c.sit.who == WHO_COLLEAGUE);
	}
}

/* ---- what opens ---- */

/* Text chooses among the sender's own contracts, whatever a rule says. */
static void
test_contract_of_another(void)
{
	static const struct {
		const char *wanted, *given;
	} table[] = {
		{ "studio-orme", "acier-vosges" },
		{ "no-such-contract", "acier-vosges" },
		{ "maison-tissier", "maison-tissier" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_auto(Case) c = { 0 };

		contact(&c);
		c.contracts[1] = ruleset_contract(rules, "maison-tissier");
		c.match.contract.value = (char *)table[i].wanted;
		judge(&c);
		g_assert_cmpstr(
		    event_text(event_of(&c, EVENT_OPENED), "contract"), ==,
		    table[i].given);
	}
}

static void
test_stranger_has_no_contract(void)
{
	g_auto(Case) c = { 0 };

	stranger(&c);
	c.match.contract.value = (char *)"acier-vosges";
	c.match.severity.value = (char *)"1";
	judge(&c);
	g_assert_cmpstr(event_text(event_of(&c, EVENT_OPENED), "contract"), ==,
	    "");
	g_assert_cmpstr(event_text(event_of(&c, EVENT_OPENED), "plan"), ==, "");
}

/* A rule may set what it captured: any text at all, which must open all the
 * same, with what the plan takes by default. */
static void
test_captured_nonsense(void)
{
	static const char *const severities[] = { "12", "-1", "0", "2000000000",
		"urgent", "" };
	static const char *const kinds[] = { "panne", "duty", "" };

	for (gsize i = 0; i < G_N_ELEMENTS(severities); i++) {
		for (int known = 0; known < 2; known++) {
			g_auto(Case) c = { 0 };
			g_autoptr(Ticket) ticket = ticket_new(1);
			Event *opened;

			if (known)
				contact(&c);
			else
				stranger(&c);
			c.match.severity.value = (char *)severities[i];
			c.match.kind.value = (char *)kinds[i % 3];
			judge(&c);
			opened = (Event *)event_of(&c, EVENT_OPENED);
			opened->ticket = 1;
			g_assert_true(ticket_apply(ticket, opened));
			g_assert_cmpint(ticket->severity, ==, known ? 3 : 0);
			g_assert_cmpint(ticket->kind, ==,
			    known ? KIND_INCIDENT : KIND_REQUEST);
		}
	}
}

static void
test_plan_in_force(void)
{
	static const struct {
		const char *severity, *component, *plan, *proposes;
	} table[] = {
		{ "1", "", "sos24", "" }, { "2", "", "ald", "" },
		/* What words exclude is a technician's to say. */
		{ "1", "haproxy", "sos24", "haproxy" },
		{ "1", "gateway", "sos24", "" },
		{ "1", "ria", "sos24", "ria" }, /* covered with Fusion alone */
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_auto(Case) c = { 0 };

		contact(&c);
		c.match.severity.value = (char *)table[i].severity;
		c.match.component.value = (char *)table[i].component;
		judge(&c);
		g_assert_cmpstr(event_text(event_of(&c, EVENT_OPENED), "plan"),
		    ==, table[i].plan);
		g_assert_cmpstr(
		    event_text(event_of(&c, EVENT_OPENED), "proposes"), ==,
		    table[i].proposes);
	}
}

int
main(int argc, char **argv)
{
	int code;

	g_test_init(&argc, &argv, NULL);
	rules = shipped_rules();
#define ADD(test) g_test_add_func("/decide/" #test, test_##test)
	ADD(acknowledgment);
	ADD(contract_of_another);
	ADD(stranger_has_no_contract);
	ADD(captured_nonsense);
	ADD(plan_in_force);
#undef ADD
	code = g_test_run();
	ruleset_free(rules);
	return code;
}
