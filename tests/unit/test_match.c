#include "guichet/base/limits.h"
#include "rulesets.h"

/* A mail as far as rules can see it. */
typedef struct {
	const char *subject, *new_text, *text, *identity;
	const char *header, *value; /* one header, or NULL */
	const char *attachment;     /* its name, or NULL */
	const char *recipient, *mailbox, *contract, *robot;
} Mail;

static void
header_free(gpointer data)
{
	Header *header = data;

	g_free(header->name);
	g_free(header->value);
	g_free(header);
}

static MatchResult *
run(const Ruleset *ruleset, const Mail *mail)
{
	const char *recipients[] = { mail->recipient, NULL };
	g_autoptr(GPtrArray) headers = g_ptr_array_new_with_free_func(
	    header_free);
	g_autoptr(GPtrArray) attachments = g_ptr_array_new();
	Attachment attachment = { .name = (char *)mail->attachment };
	Message message = {
		.subject = (char *)(mail->subject ? mail->subject : ""),
		.new_text = (char *)(mail->new_text ? mail->new_text : ""),
		.text = (char *)(mail->text ? mail->text : ""),
		.identity = (char *)mail->identity,
		.headers = headers,
		.attachments = attachments,
	};
	const MatchContext context = {
		.recipients = recipients,
		.mailbox = mail->mailbox ? mail->mailbox : "help",
		.contract = mail->contract ? mail->contract : "",
		.robot = mail->robot ? mail->robot : "human",
	};

	if (mail->header != NULL) {
		Header *header = g_new0(Header, 1);

		header->name = g_strdup(mail->header);
		header->value = g_strdup(mail->value);
		g_ptr_array_add(headers, header);
	}
	if (mail->attachment != NULL)
		g_ptr_array_add(attachments, &attachment);
	return match_of(ruleset_match(ruleset), &message, &context);
}

static Ruleset *
rules_of(const char *text)
{
	return ruleset_of(files_of("match/a.yaml", text, NULL));
}

/* "severity=1 kind=incident tags=a,b" of all that is set. */
static char *
describe(const MatchResult *result)
{
	const struct {
		const char *name;
		const MatchField *field;
	} rows[] = {
		{ "severity", &result->severity },
		{ "kind", &result->kind },
		{ "component", &result->component },
		{ "scope", &result->scope },
		{ "contract", &result->contract },
	};
	g_autoptr(GString) text = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (rows[i].field->value != NULL)
			g_string_append_printf(text, "%s=%s ", rows[i].name,
			    rows[i].field->value);
	for (guint i = 0; i < result->tags->len; i++)
		g_string_append_printf(text, "%s%s", i == 0 ? "tags=" : ",",
		    (char *)result->tags->pdata[i]);
	return g_strdup(g_strchomp(text->str));
}

/* One condition, and the mails that it holds for. */
static void
test_conditions(void)
{
	static const struct {
		const char *when;
		Mail mail;
		bool holds;
	} rows[] = {
		{ "{subject: panne}", { .subject = "La PANNE" }, true },
		{ "{subject: panne}", { .text = "panne" }, false },
		{ "{subject: [a1, b2]}", { .subject = "b2" }, true },
		{ "{text: panne}", { .new_text = "panne" }, true },
		{ "{text: panne}",
		    { .new_text = "merci", .text = "merci\n> panne" }, false },
		{ "{body: panne}",
		    { .new_text = "merci", .text = "merci\n> panne" }, true },
		{ "{text: panne}", { .new_text = " \n", .text = "panne" },
		    true },
		{ "{header: {name: x-priority, matches: '^1'}}",
		    { .header = "X-Priority", .value = "1 (Highest)" }, true },
		{ "{header: {name: x-priority, matches: '^1'}}",
		    { .header = "X-Priority", .value = "3" }, false },
		{ "{header: {name: X-Spam}}",
		    { .header = "X-Spam", .value = "" }, true },
		{ "{header: {name: X-Spam}}",
		    { .header = "X-Spam-Flag", .value = "" }, false },
		{ "{header: [{name: X-A}, {name: X-B}]}",
		    { .header = "X-B", .value = "" }, true },
		{ "{attachment: '\\.log$'}", { .attachment = "Erreur.LOG" },
		    true },
		{ "{attachment: .}", { .subject = "x" }, false },
		{ "{recipient: '^sos24@'}",
		    { .recipient = "sos24@desk.example" }, true },
		{ "{from: '@acier'}", { .identity = "x@acier.example" }, true },
		{ "{from: .}", { .identity = NULL }, false },
		{ "{contract: k}", { .contract = "k" }, true },
		{ "{contract: k}", { .contract = "kk" }, false },
		{ "{mailbox: help}", { .subject = "" }, true },
		{ "{mailbox: hel}", { .subject = "" }, false },
		{ "{robot: [machine, list]}", { .robot = "list" }, true },
		{ "{robot: machine}", { .robot = "human" }, false },
		{ "{subject: a, text: b}", { .subject = "a", .new_text = "b" },
		    true },
		{ "{subject: a, text: b}", { .subject = "a", .new_text = "c" },
		    false },
		{ "{all: [{subject: a}, {text: b}]}",
		    { .subject = "a", .new_text = "b" }, true },
		{ "{any: [{subject: a}, {text: b}]}", { .new_text = "b" },
		    true },
		{ "{any: [{subject: a}, {text: b}]}", { .new_text = "a" },
		    false },
		{ "{not: {subject: a}}", { .subject = "b" }, true },
		{ "{not: {subject: a}}", { .subject = "a" }, false },
		{ "{not: {any: [{subject: a}, {not: {text: b}}]}}",
		    { .subject = "c", .new_text = "b" }, true },
		{ "{subject: panne, not: {text: test}}",
		    { .subject = "panne", .new_text = "ceci est un test" },
		    false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf(
		    "rules:\n- name: r\n  when: %s\n  set: {tags: [oui]}\n",
		    rows[i].when);
		g_autoptr(Ruleset) ruleset = ruleset_of(files_of(
		    CALENDAR_ALWAYS, "match/a.yaml", text, "plans/p.yaml",
		    "title: x\nzone: Etc/UTC\nintake: always\n"
		    "severities: {1: a}\ndefault: {severity: 1}\ntargets: []\n",
		    "contracts/k.yaml",
		    "client: K\nlanguage: fr\ndomains: [k.example]\n"
		    "versions: [{from: 2026-01-01, plans: [p]}]\n",
		    NULL));
		g_autoptr(MatchResult) result = run(ruleset, &rows[i].mail);

		g_test_message("%zu %s", i, rows[i].when);
		g_assert_cmpuint(result->tags->len, ==, rows[i].holds);
		g_assert_cmpuint(result->fired->len, ==, rows[i].holds);
		g_assert_cmpuint(result->failed->len, ==, 0);
	}
}

static void
test_order(void)
{
	g_autoptr(Ruleset) ruleset = ruleset_of(files_of("match/b.yaml",
	    "order: 5\nrules:\n"
	    "- {name: first, when: {subject: x}, set: {severity: 3, tags: "
	    "[a]}}\n"
	    "- {name: last, order: 200, when: {subject: x}, set: {kind: "
	    "request}}\n",
	    "match/a.yaml",
	    "rules:\n"
	    "- {name: second, when: {subject: x}, set: {severity: 1, tags: "
	    "[b, a]}}\n"
	    "- {name: silent, when: {subject: y}, set: {severity: 4}}\n"
	    "- {name: end, when: {text: halte}, stop: yes}\n",
	    NULL));
	g_autoptr(MatchResult) result = run(ruleset, &(Mail){ .subject = "x" });
	g_autoptr(MatchResult) stopped = run(ruleset,
	    &(Mail){ .subject = "x", .new_text = "halte" });
	g_autofree char *all = describe(result);
	g_autofree char *some = describe(stopped);

	g_assert_cmpstr(all, ==, "severity=1 kind=request tags=a,b");
	g_assert_cmpstr(result->severity.rule, ==, "second (match/a.yaml:2)");
	g_assert_cmpuint(result->fired->len, ==, 3);
	g_assert_cmpstr(result->fired->pdata[0], ==, "first (match/b.yaml:3)");
	g_assert_cmpstr(result->fired->pdata[2], ==, "last (match/b.yaml:4)");
	g_assert_cmpstr(some, ==, "severity=1 tags=a,b");
	g_assert_cmpstr(stopped->fired->pdata[2], ==, "end (match/a.yaml:4)");
}

static void
test_captures(void)
{
	g_autoptr(Ruleset) ruleset = rules_of(
	    "rules:\n"
	    "- name: r\n"
	    "  when:\n"
	    "    subject: '(?:sur|on) (?<part>\\S+)(?: prio (?<p>\\w+))?'\n"
	    "    not: {text: '(?<q>zzz)'}\n"
	    "  set: {component: '${part}', severity: '${p}', scope: "
	    "'site ${part}/${p}', tags: ['c:${part}', '${p}']}\n");
	static const struct {
		const char *subject, *set;
		bool fails;
	} rows[] = {
		{ "Erreur sur CUPS prio 2",
		    "severity=2 component=cups scope=site cups/2 tags=c:cups,2",
		    false },
		{ "Erreur sur Apache",
		    "component=apache scope=site apache/ tags=c:apache",
		    false },
		{ "Erreur sur Été prio haute", "", true },
		{ "Erreur sur x prio 10", "", true },
		{ "rien", "", false },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(MatchResult) result = run(ruleset,
		    &(Mail){ .subject = rows[i].subject });
		g_autofree char *set = describe(result);

		g_test_message("%s", rows[i].subject);
		g_assert_cmpstr(set, ==, rows[i].set);
		g_assert_cmpuint(result->failed->len, ==, rows[i].fails);
		g_assert_cmpint(g_hash_table_contains(result->captures, "part"),
		    ==, *rows[i].set != '\0');
	}
}

/* ---- made by chance: what is read first changes no answer ---- */

#define CHANCE_SETS  150
#define CHANCE_RULES 12
#define CHANCE_MAILS 8

/* The facts that a condition can name, each as rules write it; the mail's before
 * the desk's. */
static const char *const facts[] = { "{subject: a1}", "{subject: b2}",
	"{text: c3}", "{body: d4}", "{header: {name: X-A}}",
	"{attachment: '(?<name>e5)'}", "{from: f6}", "{recipient: g7}",
	"{mailbox: help}", "{robot: machine}" };

/* Writes a condition and says whether it holds where these facts do, a bit
 * each: in one go, so that nothing is walked twice in the same way. */
static void
write_by_chance(GRand *rand, GString *text, int depth, const guint *mails,
    bool *holds)
{
	int kind = depth == 0 ? 0 : g_rand_int_range(rand, 0, 5);
	int parts = g_rand_int_range(rand, 1, 4);
	bool part[CHANCE_MAILS];

	if (kind < 2) {
		guint fact = (guint)g_rand_int_range(rand, 0,
		    G_N_ELEMENTS(facts));

		g_string_append(text, facts[fact]);
		for (int m = 0; m < CHANCE_MAILS; m++)
			holds[m] = mails[m] >> fact & 1;
		return;
	}
	if (kind == 2) {
		g_string_append(text, "{not: ");
		write_by_chance(rand, text, depth - 1, mails, part);
		g_string_append(text, "}");
		for (int m = 0; m < CHANCE_MAILS; m++)
			holds[m] = !part[m];
		return;
	}
	g_string_append(text, kind == 3 ? "{all: [" : "{any: [");
	for (int m = 0; m < CHANCE_MAILS; m++)
		holds[m] = kind == 3;
	for (int i = 0; i < parts; i++) {
		if (i > 0)
			g_string_append(text, ", ");
		write_by_chance(rand, text, depth - 1, mails, part);
		for (int m = 0; m < CHANCE_MAILS; m++)
			holds[m] = kind == 3 ? holds[m] && part[m]
					     : holds[m] || part[m];
	}
	g_string_append(text, "]}");
}

static Mail
mail_of_facts(guint bits)
{
	static const char *const subjects[] = { "", "a1", "b2", "a1 b2" };
	bool c = bits >> 2 & 1, d = bits >> 3 & 1;

	return (Mail){ .subject = subjects[bits & 3],
		.new_text = c ? "c3" : "x",
		.text = d ? "c3 d4" : "c3",
		.header = bits >> 4 & 1 ? "X-A" : NULL,
		.value = "",
		.attachment = bits >> 5 & 1 ? "e5" : NULL,
		.identity = bits >> 6 & 1 ? "f6@x.test" : NULL,
		.recipient = bits >> 7 & 1 ? "g7@x.test" : "h@x.test",
		.mailbox = bits >> 8 & 1 ? "help" : "other",
		.robot = bits >> 9 & 1 ? "machine" : "human" };
}

/* Tells of some rules, each of which names itself, and of some that end the
 * walk; `expected` gets what they set of each mail. */
static void
rules_by_chance(GRand *rand, GString *text, const guint *mails,
    GString **expected)
{
	bool stopped[CHANCE_MAILS] = { false };

	g_string_append(text, "rules:\n");
	for (int r = 0; r < CHANCE_RULES; r++) {
		bool stop = g_rand_int_range(rand, 0, 4) == 0;
		bool holds[CHANCE_MAILS];

		g_string_append_printf(text, "- name: r%d\n  when: ", r);
		write_by_chance(rand, text, 3, mails, holds);
		g_string_append_printf(text, "\n  set: {tags: [r%d]}\n%s", r,
		    stop ? "  stop: yes\n" : "");
		for (int m = 0; m < CHANCE_MAILS; m++) {
			if (holds[m] && !stopped[m])
				g_string_append_printf(expected[m], "r%d ", r);
			stopped[m] = stopped[m] || (holds[m] && stop);
		}
	}
}

static void
test_chance(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(20260302);

	for (int s = 0; s < CHANCE_SETS; s++) {
		g_autoptr(GString) text = g_string_new(NULL);
		GString *expected[CHANCE_MAILS];
		guint mails[CHANCE_MAILS];
		g_autoptr(Ruleset) ruleset = NULL;

		for (int m = 0; m < CHANCE_MAILS; m++) {
			mails[m] = g_rand_int(rand) & 0x3ff;
			expected[m] = g_string_new(NULL);
		}
		rules_by_chance(rand, text, mails, expected);
		ruleset = rules_of(text->str);
		for (int m = 0; m < CHANCE_MAILS; m++) {
			Mail mail = mail_of_facts(mails[m]);
			g_autoptr(MatchResult) result = run(ruleset, &mail);
			g_autoptr(GString) set = g_string_new(NULL);

			for (guint i = 0; i < result->tags->len; i++)
				g_string_append_printf(set, "%s ",
				    (char *)result->tags->pdata[i]);
			g_test_message("%x\n%s", mails[m], text->str);
			g_assert_cmpstr(set->str, ==, expected[m]->str);
			g_assert_cmpuint(result->failed->len, ==, 0);
			g_string_free(expected[m], TRUE);
		}
	}
}

/* What one mail was read for serves each judgment of it. */
static void
test_read_once(void)
{
	g_autoptr(Ruleset) ruleset = rules_of(
	    "rules:\n"
	    "- {name: a, when: {subject: '(?<n>x\\d)', robot: human}, set: "
	    "{component: '${n}'}}\n"
	    "- {name: b, when: {robot: machine, subject: x}, set: {tags: "
	    "[m]}}\n");
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	char subject[] = "x1";
	Message message = { .subject = subject,
		.headers = none,
		.attachments = none };
	g_autoptr(MatchRead) read = match_read(ruleset_match(ruleset), &message,
	    false);
	g_autoptr(MatchResult) human = NULL, machine = NULL;
	g_autofree char *first = NULL, *second = NULL;

	subject[0] = 'y'; /* and the mail is not looked at again */
	human = match_judge(read,
	    &(MatchContext){ .contract = "", .robot = "human" });
	machine = match_judge(read,
	    &(MatchContext){ .contract = "", .robot = "machine" });
	first = describe(human);
	second = describe(machine);
	g_assert_cmpstr(first, ==, "component=x1");
	g_assert_cmpstr(second, ==, "tags=m");
}

/* A limit is a failure that is told, not an answer. */
static void
test_limit(void)
{
	g_autoptr(Ruleset) ruleset = rules_of(
	    "rules:\n"
	    "- {name: not, when: {not: {text: '(?:\\s|\\s\\s)+$'}}, set: {severity: 1}}\n"
	    "- {name: any, when: {any: [{text: '(?:\\s|\\s\\s)+$'}, {subject: x}]}, set: "
	    "{severity: 2}}\n"
	    "- {name: fine, when: {subject: x}, set: {kind: incident}}\n");
	g_autoptr(GString) text = g_string_new("x");
	g_autoptr(MatchResult) result = NULL;
	g_autofree char *set = NULL;

	while (text->len < LIMIT_RULE_TEXT_BYTES - 1)
		g_string_append_c(text, ' ');
	g_string_append_c(text, 'x');
	result = run(ruleset, &(Mail){ .subject = "x", .new_text = text->str });
	set = describe(result);
	g_assert_cmpstr(set, ==, "kind=incident");
	g_assert_cmpuint(result->failed->len, ==, 2);
	g_assert_cmpstr(result->failed->pdata[0], ==,
	    "not (match/a.yaml:2): a pattern backtracks over its limit on "
	    "this mail");
}

/* Many slow rules together end at the mail's budget. */
static void
test_budget(void)
{
	g_autoptr(GString) rules = g_string_new("rules:\n");
	g_autoptr(GString) text = g_string_new("x");
	g_autoptr(Ruleset) ruleset = NULL;
	g_autoptr(MatchResult) result = NULL;
	const char *last;

	for (int i = 0; i < 900; i++)
		g_string_append_printf(rules,
		    "- {name: r%d, when: {text: '\\s+%d$'}, set: {severity: "
		    "1}}\n",
		    i, i);
	g_string_append(rules,
	    "- {name: word, when: {mailbox: help}, set: {kind: request}}\n");
	ruleset = rules_of(rules->str);
	while (text->len < LIMIT_RULE_TEXT_BYTES - 100)
		g_string_append_c(text, ' ');
	g_string_append(text,
	    "x0123456789 10 11 12 13 14 15 16 17 18 19 20 "
	    "21 22 23 24 25 26 27 28 29 x");
	result = run(ruleset, &(Mail){ .new_text = text->str });
	g_assert_cmpuint(result->failed->len, >, 15);
	last = result->failed->pdata[result->failed->len - 1];
	g_assert_nonnull(strstr(last, "used up"));
	/* What needs no pattern still runs. */
	g_assert_cmpstr(result->kind.value, ==, "request");
}

/* The shipped rules on what people write. */
static void
test_shipped(void)
{
	static const struct {
		Mail mail;
		const char *set;
	} rows[] = {
		{ { .subject = "PANNE BLOQUANTE : impression à l'arrêt",
		      .new_text = "Bonjour,\nplus aucune impression depuis 8h, "
				  "cups ne répond plus." },
		    "severity=1 kind=incident component=cups" },
		{ { .subject = "URGENT - production down",
		      .new_text = "Our production is down since 9am." },
		    "severity=1 kind=incident tags=urgent" },
		{ { .subject = "Site inaccessible",
		      .new_text = "Le site ne répond plus du tout." },
		    "severity=2 kind=incident" },
		{ { .subject = "Site très lent ce matin",
		      .new_text = "Les pages mettent 30 s." },
		    "severity=3 kind=incident" },
		{ { .subject = "Question sur les états",
		      .new_text = "Bonjour, comment faire pour exporter ?" },
		    "severity=4 kind=question" },
		{ { .subject = "Création d'un utilisateur",
		      .new_text = "Merci de créer un compte pour M. Roux." },
		    "severity=4 kind=request" },
		{ { .subject = "Panne du répartiteur",
		      .new_text = "Le Citrix NetScaler est tombé, pouvez-vous "
				  "regarder ?" },
		    "severity=2 kind=incident component=netscaler" },
		{ { .subject = "F5 Big-IP en panne" },
		    "severity=2 kind=incident component=f5" },
		{ { .subject = "ha-proxy HS" },
		    "severity=2 kind=incident component=haproxy" },
		{ { .subject = "Bonjour", .recipient = "sos24@desk.example" },
		    "severity=1 kind=incident tags=sos24" },
		{ { .subject = "Disk full",
		      .recipient = "sos24@desk.example",
		      .robot = "machine" },
		    "" },
		{ { .subject = "Severity 2: jobs stuck in the scheduler" },
		    "severity=2 kind=incident component=scheduler" },
		{ { .subject = "Latence",
		      .header = "X-Priority",
		      .value = "1" },
		    "severity=3 kind=incident tags=urgent" },
		{ { .subject = "Bourrage de l'imprimante",
		      .new_text = "Un bourrage papier au 2e étage." },
		    "severity=3" },
		{ { .subject = "Merci",
		      .new_text = "C'est résolu, merci !",
		      .text = "C'est résolu, merci !\n> PANNE BLOQUANTE" },
		    "severity=4 kind=request" },
		{ { .subject = "Re: devis", .new_text = "Bon pour accord." },
		    "severity=4 kind=request" },
	};
	g_autoptr(Ruleset) ruleset = shipped_rules();

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(MatchResult) result = run(ruleset, &rows[i].mail);
		g_autofree char *set = describe(result);

		g_test_message("%s", rows[i].mail.subject);
		g_assert_cmpstr(set, ==, rows[i].set);
		g_assert_cmpuint(result->failed->len, ==, 0);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/match/conditions", test_conditions);
	g_test_add_func("/match/order", test_order);
	g_test_add_func("/match/captures", test_captures);
	g_test_add_func("/match/chance", test_chance);
	g_test_add_func("/match/read-once", test_read_once);
	g_test_add_func("/match/limit", test_limit);
	g_test_add_func("/match/budget", test_budget);
	g_test_add_func("/match/shipped", test_shipped);
	return g_test_run();
}
