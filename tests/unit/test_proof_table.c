/*
 * doc/security.md 2.3 as a table: verdict x token x replay for a technician, a
 * client, a stranger and a source of alerts. Each row of
 * tests/vectors/proof.tsv is driven through the desk with real mails, stamps,
 * tokens and tickets, and must say what happens.
 */
#include "proof-fixture.h"

/* ---- the four coordinates of a row ---- */

typedef enum {
	V_PASS,
	V_NONE,
	V_FAIL,
	V_TEMPERROR,
	VERDICTS
} Verdict;
typedef enum {
	T_OK,
	T_ABSENT,
	T_BAD,
	T_OTHER_TICKET,
	T_OTHER_PERSON,
	T_REVOKED,
	T_EXPIRED, /* the last: its mails are the latest */
	TOKENS,
} TokenCase;
typedef enum {
	TECHNICIAN,
	CLIENT,
	STRANGER,
	SOURCE,
	ACTORS
} Actor;

static const char *const verdict_names[] = { "pass", "none", "fail",
	"temperror" };
static const char *const token_names[] = { "ok", "absent", "bad",
	"other-ticket", "other-person", "revoked", "expired" };
static const char *const actor_names[] = { "technician", "client", "stranger",
	"source" };
static const char *const replay_names[] = { "fresh", "seen" };

#define SECRET  "help+q7w2e9r4t6y1u8i3o5pz@desk.example"
#define ANOTHER "help+m4n8b2v6c1x7z5l3k9jh@desk.example"

typedef struct {
	Desk *desk;
	Verdict verdict;
	TokenCase token;
	bool seen;
	int number; /* of the row: its subject, ids and host */
	Instant at; /* when its first mail comes */
	gint64 ticket, other;
	char *to; /* where the mail goes */
} Row;

static char *
stamp(Verdict verdict, const char *domain)
{
	if (verdict == V_NONE)
		return g_strdup("");
	return g_strdup_printf(
	    "Authentication-Results: mx.desk.example;\n"
	    "\tdmarc=%s header.from=%s\n"
	    "Received: from mail.test (mail.test [192.0.2.3])\n"
	    "\tby mx.desk.example with ESMTPS id 1; Fri, 1 Jan 2010 00:00:00 "
	    "+0000\n",
	    verdict_names[verdict], domain);
}

/* A ticket of Jeanne's. */
static gint64
open_one(Row *r, const char *which)
{
	g_autofree char *id = g_strdup_printf("%s%d", which, r->number);
	g_autofree char *subject = g_strdup_printf("Panne %s %d", which,
	    r->number);

	return ticket_of(r->desk,
	    deliver(r->desk, from_jeanne(STAMP_PASS, id, subject, ""), r->at));
}

/* Where the ticket's mail of that kind to them asks to be answered. */
static char *
token_of(Row *r, const char *what, const char *to, gint64 ticket)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = desk_sent(r->desk, what, to);

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *one = rows->pdata[i];
		g_autoptr(OutboxRow) row = NULL;
		g_autoptr(Message) message = NULL;
		gsize length;
		const guint8 *bytes;

		if (one->ticket != ticket)
			continue;
		store_outbox_row(r->desk->store, one->id, &row, &error);
		g_assert_no_error(error);
		bytes = g_bytes_get_data(row->bytes, &length);
		message = message_parse(bytes, length, false);
		return g_strdup(message_header(message, "Reply-To"));
	}
	g_assert_not_reached();
}

/* One letter of the signature is another. */
static char *
spoil(const char *address)
{
	char *bad = g_strdup(address);
	char *letter = strchr(bad, '@') - 1;

	*letter = *letter == 'a' ? 'b' : 'a';
	return bad;
}

/* What the desk wrote to them is known to it. */
static void
remember_sent(Row *r, const char *word)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_begin(r->desk->store, &error);
	g_autoptr(OutboxRow) row = g_new0(OutboxRow, 1);

	g_assert_no_error(error);
	store_next_outbox(tx, &row->id, &error);
	g_assert_no_error(error);
	row->ticket = r->ticket;
	row->what = g_strdup("information");
	row->to = g_strdup("another@acier-vosges.example");
	row->from = g_strdup("");
	row->subject = g_strdup("");
	row->text = g_strdup("");
	row->state = g_strdup("sent");
	row->reply = g_strdup("");
	row->token = g_strdup(word);
	row->message_id = g_strdup_printf("another-%s@desk.example", word);
	row->bytes = g_bytes_new_static("", 0);
	row->created = row->next = row->first_try = r->at;
	store_add_outbox(tx, row, &error);
	g_assert_no_error(error);
	store_commit(&tx, &error);
	g_assert_no_error(error);
}

/* Signed for somebody else whom the desk once wrote to. */
static char *
of_another(Row *r)
{
	const Token token = { .purpose = TOKEN_CLIENT,
		.ticket = r->ticket,
		.who = 99,
		.day = (gint32)(r->at / 86400) };
	g_autofree char *word = token_format(r->desk->conf->tokens, &token);

	remember_sent(r, word);
	return token_address(r->desk->conf->address, word);
}

static void
turn(Row *r, TicketState state, Instant at)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StoreTx) tx = store_begin(r->desk->store, &error);
	g_autoptr(Event) event = event_stored(EVENT_STATE, r->ticket, at,
	    "test", 0);

	g_assert_no_error(error);
	event_set(event, "state", ticket_state_name(state));
	store_append(tx, event, &error);
	g_assert_no_error(error);
	store_commit(&tx, &error);
	g_assert_no_error(error);
}

/* What the token of this row is, given a good one. */
static char *
choose(Row *r, const char *good, const char *elsewhere, const char *others)
{
	switch (r->token) {
	case T_ABSENT:
		return g_strdup("help@desk.example");
	case T_BAD:
		return spoil(good);
	case T_OTHER_TICKET:
		return g_strdup(elsewhere);
	case T_OTHER_PERSON:
		return g_strdup(others);
	default:
		return g_strdup(good);
	}
}

/* ---- what came of it ---- */

/* Rows that are parked wait, each with a challenge of its own. */
static guint
challenges(Row *r)
{
	return desk_count(r->desk, "challenge", ANNE);
}

/* What the newest refusal says of why, by its words; "untold" if there is none
 * beyond those that were there. */
static char *
refusal_to_anne(Row *r, guint before)
{
	static const struct {
		const char *words, *why;
	} reasons[] = {
		{ "Rien ne prouve que ce mail vient de vous", "not authentic" },
		{ "ne répondait pas à un avis", "no token" },
		{ "celles que nous signons", "bad token" },
		{ "celui d'un collègue ou d'un autre", "other token" },
		{ "deux tickets à la fois", "two tickets" },
		{ "est trop ancien", "expired" },
		{ "avait déjà été traité", "replayed" },
	};
	g_autoptr(GPtrArray) rows = desk_sent(r->desk, "refusal", ANNE);
	const OutboxRow *last;

	if (rows->len <= before)
		return g_strdup("untold");
	last = rows->pdata[rows->len - 1];
	for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++) {
		if (strstr(last->text, reasons[i].words) != NULL)
			return g_strdup_printf("told %s", reasons[i].why);
	}
	return g_strdup("told");
}

/* What was there before the row's own mail. */
typedef struct {
	guint replied, refused, challenged;
} Told;

/* "acts"; else where it is kept, and whether they are told of it. */
static char *
outcome_of_technician(Row *r, gint64 mail, const Told *before)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) events = store_events(r->desk->store,
	    ticket_of(r->desk, mail), &error);
	const Event *said = event_of_mail(events, EVENT_MESSAGE, mail);
	g_autofree char *told = NULL;

	if (replies(r->desk) > before->replied)
		return g_strdup("acts");
	g_assert_nonnull(said);
	g_assert_cmpstr(event_text(said, "visibility"), ==, "internal");
	told = challenges(r) > before->challenged
	    ? g_strdup("parked")
	    : refusal_to_anne(r, before->refused);
	return g_strdup_printf("%s, %s",
	    ticket_of(r->desk, mail) == r->ticket      ? "inside"
		: ticket_of(r->desk, mail) == r->other ? "inside the other"
						       : "new ticket",
	    told);
}

/* Where it went, who may read it, whether it moved the ticket or is answered. */
static char *
outcome_of_client(Row *r, gint64 mail, const char *from, guint acknowledged)
{
	g_autoptr(GError) error = NULL;
	gint64 ticket = ticket_of(r->desk, mail);
	g_autoptr(GPtrArray) events = store_events(r->desk->store, ticket,
	    &error);
	const Event *said = event_of_mail(events, EVENT_MESSAGE, mail);
	bool answered = desk_count(r->desk, "acknowledgment", from) >
	    acknowledged;

	g_assert_nonnull(said);
	return g_strdup_printf("%s: %s %s%s%s",
	    ticket == r->ticket      ? "ticket"
		: ticket == r->other ? "other ticket"
				     : "new ticket",
	    event_text(said, "visibility"),
	    strcmp(event_text(said, "verified"), "yes") == 0 ? "verified"
							     : "unverified",
	    event_of_mail(events, EVENT_STATE, mail) != NULL ? ", reopens" : "",
	    answered ? ", answered" : "");
}

static char *
outcome_of_source(Row *r, gint64 mail, gint64 before)
{
	gint64 ticket = ticket_of(r->desk, mail);
	g_autoptr(Ticket) t = desk_ticket(r->desk, ticket);
	bool alerts = strcmp(t->source, "alert") == 0;

	if (ticket > before)
		return g_strdup(
		    alerts ? "opens, trusted" : "opens, not trusted");
	if (ticket == r->ticket)
		return g_strdup("inside, on the ticket of the token");
	/* Of the alert that was there: whether this one counts as the same. */
	{
		g_autofree char *said = said_of(r->desk, mail);

		return g_strdup(strcmp(said, "internal alert no") == 0
			? "inside, not trusted"
			: "repeats, trusted");
	}
}

/* ---- driving a row ---- */

#define A_ROW_DATE "Fri, 20 Nov 2026 18:00:00 +0100"

static Instant
when(const Row *r, int days)
{
	return r->at + 10800 + (r->token == T_EXPIRED ? days * 86400 : 0);
}

static char *
technicians_mail(const Row *r, Verdict verdict, const char *to, const char *id)
{
	g_autofree char *head = stamp(verdict, "desk.example");
	g_autofree char *names = r->token == T_ABSENT ||
		r->token == T_OTHER_TICKET
	    ? g_strdup_printf("In-Reply-To: <t%d@acier.test>\n", r->number)
	    : g_strdup("");

	/* Both of a row were written at once, where the first is answered. */
	g_autoptr(GDateTime) then = g_date_time_new_from_unix_utc(r->at + 3000);
	g_autofree char *date = g_date_time_format(then,
	    "%a, %d %b %Y %H:%M:%S +0000");

	return g_strdup_printf("%sFrom: <" ANNE ">\nTo: <%s>\nSubject: Re\n"
			       "Date: %s\n"
			       "Message-ID: <%s%d@desk.test>\n%s\n"
			       "C'est fait (%d).\n",
	    head, to, date, id, r->number, names, r->number);
}

static char *
drive_technician(Row *r)
{
	g_autofree char *good = NULL, *other = NULL, *hugo = NULL;
	Told before;
	gint64 mail;

	r->ticket = open_one(r, "t");
	r->other = open_one(r, "u");
	good = token_of(r, "notice", ANNE, r->ticket);
	other = token_of(r, "notice", ANNE, r->other);
	hugo = token_of(r, "notice", HUGO, r->ticket);
	r->to = choose(r, good, other, hugo);
	if (r->seen) {
		guint count = replies(r->desk);

		deliver(r->desk, technicians_mail(r, V_PASS, good, "first"),
		    r->at + 3600);
		g_assert_cmpuint(replies(r->desk), ==, count + 1);
	}
	if (r->token == T_REVOKED)
		turn(r, TICKET_CLOSED, r->at + 7200);
	before = (Told){ replies(r->desk), desk_count(r->desk, "refusal", ANNE),
		challenges(r) };
	mail = deliver(r->desk,
	    technicians_mail(r, r->verdict, r->to, "second"), when(r, 31));
	return outcome_of_technician(r, mail, &before);
}

static char *
clients_mail(const Row *r, const char *address, Verdict verdict, const char *id)
{
	g_autofree char *head = stamp(verdict, strchr(address, '@') + 1);

	return g_strdup_printf("Return-Path: <%s>\n%sFrom: <%s>\nTo: <%s>\n"
			       "Subject: Re: [#%" G_GINT64_FORMAT
			       "] Panne %s %d\nDate: " A_ROW_DATE "\n"
			       "Message-ID: <%s%d@client.test>\n\n"
			       "Encore en panne (%d).\n",
	    address, head, address, r->to, r->ticket, id, r->number, id,
	    r->number, r->number);
}

static char *
drive_client(Row *r, const char *address)
{
	g_autofree char *good = NULL, *other = NULL, *another = NULL;
	guint acknowledged;
	gint64 mail;

	r->ticket = open_one(r, "t");
	r->other = open_one(r, "u");
	good = token_of(r, "acknowledgment", JEANNE, r->ticket);
	other = token_of(r, "acknowledgment", JEANNE, r->other);
	another = of_another(r);
	r->to = choose(r, good, other, another);
	if (r->seen)
		deliver(r->desk, clients_mail(r, address, r->verdict, "first"),
		    r->at + 3600);
	/* Not so long ago that it could not be reopened. */
	turn(r, r->token == T_REVOKED ? TICKET_CLOSED : TICKET_RESOLVED,
	    when(r, 181) - 3600);
	acknowledged = desk_count(r->desk, "acknowledgment", address);
	mail = deliver(r->desk, clients_mail(r, address, r->verdict, "second"),
	    when(r, 181));
	return outcome_of_client(r, mail, address, acknowledged);
}

static char *
alert_mail(const Row *r, Verdict verdict, const char *to, const char *id)
{
	g_autofree char *head = stamp(verdict, "sonde.example");

	return g_strdup_printf(
	    "%sFrom: <nagios@sonde.example>\nTo: <%s>\n"
	    "Message-ID: <%s%d@sonde.example>\n"
	    "Subject: ** PROBLEM Service Alert: erp%d/HTTP is CRITICAL **\n\n"
	    "***** Nagios *****\n\nNotification Type: PROBLEM\n\n"
	    "Service: HTTP\nHost: erp%d\nAddress: 192.0.2.9\n"
	    "State: CRITICAL\n",
	    head, to, id, r->number, r->number, r->number);
}

static char *
drive_source(Row *r)
{
	g_autofree char *ours = NULL;
	gint64 before, mail;

	r->ticket = open_one(r, "t");
	ours = token_of(r, "acknowledgment", JEANNE, r->ticket);
	r->to = choose(r, SECRET, ours, ANOTHER);
	/* An address that was given up is nobody's any more. */
	if (r->token == T_REVOKED || r->token == T_EXPIRED) {
		g_free(r->to);
		r->to = g_strdup("help+a1b2c3d4e5f6g7h8i9jk@desk.example");
	}
	if (r->seen)
		deliver(r->desk, alert_mail(r, V_PASS, SECRET, "first"),
		    r->at + 3600);
	before = tickets(r->desk);
	mail = deliver(r->desk, alert_mail(r, r->verdict, r->to, "second"),
	    when(r, 0));
	return outcome_of_source(r, mail, before);
}

static char *
drive(Row *r, Actor actor)
{
	switch (actor) {
	case TECHNICIAN:
		return drive_technician(r);
	case CLIENT:
		return drive_client(r, JEANNE);
	case STRANGER:
		return drive_client(r, "paul@elsewhere.test");
	default:
		return drive_source(r);
	}
}

/* ---- the table ---- */

static GHashTable *
load_table(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal,
	    g_free, g_free);

	g_file_get_contents("tests/vectors/proof.tsv", &text, NULL, &error);
	g_assert_no_error(error);
	lines = g_strsplit(text, "\n", -1);
	for (gsize i = 0; lines[i] != NULL; i++) {
		g_auto(GStrv) cells = g_strsplit(lines[i], "\t", -1);

		if (*lines[i] == '#' || *lines[i] == '\0')
			continue;
		g_assert_cmpuint(g_strv_length(cells), ==, 6);
		/* Every row says why. */
		g_assert_cmpuint(strlen(cells[5]), >, 10);
		g_assert_true(g_hash_table_insert(table,
		    g_strjoin("\t", cells[0], cells[1], cells[2], cells[3],
			NULL),
		    g_strdup(cells[4])));
	}
	return table;
}

static const char sources[] =
    "acknowledge: {strangers: yes, per_address_hour: 999, "
    "per_address_day: 999, per_domain_hour: 999, per_hour: 999}\n"
    "notices_per_hour: 1000\n"
    "alert_sources:\n"
    "- {name: sonde, address: " SECRET ", from: nagios@sonde.example, "
    "require: token, contract: acier-vosges}\n"
    "- {name: autre, address: " ANOTHER ", from: autre.example, "
    "require: token}\n";

static void
check_group(GHashTable *table, Actor actor, Verdict verdict)
{
	g_auto(Desk) desk = { 0 };
	int count = 0;

	desk_set_up(&desk, sources);
	for (TokenCase token = 0; token < TOKENS; token++) {
		for (int seen = 0; seen < 2; seen++) {
			Row r = { .desk = &desk,
				.verdict = verdict,
				.token = token,
				.seen = seen != 0,
				.number = count,
				.at = T0 + 3 * 86400 * (Instant)count };
			g_autofree char *got = drive(&r, actor);
			g_autofree char *key = g_strjoin("\t",
			    actor_names[actor], verdict_names[verdict],
			    token_names[token], replay_names[seen], NULL);
			const char *want = g_hash_table_lookup(table, key);

			count++;
			g_free(r.to);
			g_test_message("%s\t%s", key, got);
			g_assert_cmpstr(got, ==, want);
		}
	}
}

static void
test_table(void)
{
	g_autoptr(GHashTable) table = load_table();

	g_assert_cmpuint(g_hash_table_size(table), ==,
	    ACTORS * VERDICTS * TOKENS * 2);
	for (Actor actor = 0; actor < ACTORS; actor++) {
		for (Verdict verdict = 0; verdict < VERDICTS; verdict++)
			check_group(table, actor, verdict);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/proof/table", test_table);
	return g_test_run();
}
