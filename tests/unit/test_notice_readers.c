/* Which technicians read what: the rule of notice_readers.h, row by row. */
#include "guichet/desk/notice_readers.h"

#include <string.h>

#define ALL "Anne Hugo Mary Paul"

static const char *const here[] = { "Anne", "Hugo", "Mary", "Paul", NULL };

/* Words parted by blanks; "" none. */
static void
put(GPtrArray *list, const char *words, bool as_technicians)
{
	g_auto(GStrv) each = g_strsplit(words, " ", -1);

	for (gsize i = 0; each[i] != NULL; i++) {
		ContractTechnician *one;

		if (*each[i] == '\0')
			continue;
		if (!as_technicians) {
			g_ptr_array_add(list, g_strdup(each[i]));
			continue;
		}
		one = g_new0(ContractTechnician, 1);
		one->name = g_strdup(each[i]);
		g_ptr_array_add(list, one);
	}
}

typedef struct {
	const char *label;
	NoticeEvent event;
	const char *assigned, *part; /* of the ticket */
	const char *referent, *team; /* of its contract, "" none */
	const char *by;
	bool others;
	const char *readers;
} Row;

static const Row rows[] = {
	{ "nobody named: all", NOTICE_INCOMING, "", "", "", "", NULL, false,
	    ALL },
	{ "who has it, alone", NOTICE_INCOMING, "Hugo", "Hugo Mary", "Anne",
	    "Paul", NULL, false, "Hugo" },
	{ "who took part once reads on no longer", NOTICE_INCOMING, "", "Mary",
	    "Anne", "", NULL, false, "Anne" },
	{ "else the referent", NOTICE_INCOMING, "", "", "Anne", "Hugo Mary",
	    NULL, false, "Anne" },
	{ "else the team, in the site's order", NOTICE_INCOMING, "", "", "",
	    "Paul Hugo", NULL, false, "Hugo Paul" },
	{ "who has left does not have it", NOTICE_INCOMING, "Gone", "Gone",
	    "Mary", "", NULL, false, "Mary" },
	{ "nor is he a referent", NOTICE_INCOMING, "", "", "Gone", "Gone Mary",
	    NULL, false, "Mary" },
	{ "nor a team", NOTICE_INCOMING, "", "", "Gone", "Gone", NULL, false,
	    ALL },
	{ "not what he wrote himself", NOTICE_INCOMING, "", "", "", "", "Anne",
	    false, "Hugo Mary Paul" },
	{ "but then somebody else", NOTICE_INCOMING, "", "", "Anne",
	    "Anne Hugo", "Anne", false, "Hugo" },
	{ "due soon: who has it", NOTICE_DUE, "Mary", "Mary", "Anne", "", NULL,
	    false, "Mary" },
	{ "due soon: the plan's own addresses, not all", NOTICE_DUE, "", "", "",
	    "", NULL, true, "" },
	{ "and who has it besides", NOTICE_DUE, "Mary", "Mary", "", "", NULL,
	    true, "Mary" },
	{ "and the referent", NOTICE_DUE, "", "", "Anne", "", NULL, true,
	    "Anne" },
	{ "a breach: those who answer for it", NOTICE_BREACH, "Mary", "Mary",
	    "Anne", "Hugo", NULL, false, "Anne Hugo Mary" },
	{ "a breach of nobody's", NOTICE_BREACH, "", "", "", "", NULL, false,
	    ALL },
	{ "a breach, told to the plan's addresses", NOTICE_BREACH, "", "", "",
	    "", NULL, true, "" },
	{ "a colleague: who has it and had it", NOTICE_COLLEAGUE, "Hugo",
	    "Anne Hugo Mary", "Paul", "Paul", "Anne", false, "Hugo Mary" },
	{ "a colleague, of what only he did", NOTICE_COLLEAGUE, "Anne", "Anne",
	    "Paul", "Paul", "Anne", false, "" },
	{ "a manager", NOTICE_COLLEAGUE, "Anne", "Anne Gone", "", "", NULL,
	    false, "Anne" },
	{ "a failure: who wrote on it", NOTICE_FAILURE, "Anne", "Anne Hugo",
	    "Mary", "", NULL, false, "Anne Hugo" },
	{ "a failure to the only one", NOTICE_FAILURE, "Anne", "Anne", "",
	    "Mary", "Anne", false, "Mary" },
	{ "a failure on nobody's", NOTICE_FAILURE, "", "", "", "", NULL, false,
	    ALL },
};

static char *
readers_of(const Row *row)
{
	g_autoptr(Ticket) ticket = ticket_new(7);
	g_autoptr(GPtrArray) team = g_ptr_array_new();
	g_autoptr(GPtrArray) names = NULL;
	ContractTechnician referent = { .name = (char *)row->referent };
	const Contract contract = { .referent = *row->referent != '\0'
		    ? &referent
		    : NULL,
		.team = team };
	char *said;

	g_free(ticket->assigned);
	ticket->assigned = g_strdup(row->assigned);
	put(ticket->part, row->part, false);
	put(team, row->team, true);
	names = notice_readers(&(NoticeCase){ row->event, ticket, &contract,
	    here, row->by, row->others });
	g_ptr_array_add(names, NULL);
	said = g_strjoinv(" ", (char **)names->pdata);
	for (guint i = 0; i < team->len; i++) {
		ContractTechnician *one = team->pdata[i];

		g_free(one->name);
		g_free(one);
	}
	return said;
}

static void
test_rows(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *said = readers_of(&rows[i]);

		g_test_message("%s", rows[i].label);
		g_assert_cmpstr(said, ==, rows[i].readers);
	}
}

static void
test_without_a_contract(void)
{
	g_autoptr(Ticket) ticket = ticket_new(7);
	g_autoptr(GPtrArray) names = notice_readers(
	    &(NoticeCase){ .ticket = ticket, .here = here });

	g_assert_cmpuint(names->len, ==, 4);
}

/* ---- who has a part ---- */

static void
happens(Ticket *ticket, EventType type, const char *actor, const char *key,
    const char *value)
{
	g_autoptr(Event) event = event_stored(type, 7, 1795190400, actor, 0);

	if (key != NULL)
		event_set(event, key, value);
	g_assert_true(ticket_apply(ticket, event));
}

/* A mail that only claims to be a technician's is an event of the mail's. */
static void
test_part(void)
{
	g_autoptr(Ticket) ticket = ticket_new(7);
	g_autoptr(Ticket) copy = NULL;

	happens(ticket, EVENT_OPENED, "mail", "kind", "incident");
	happens(ticket, EVENT_MESSAGE, "mail", "author", "technician");
	g_assert_cmpuint(ticket->part->len, ==, 0);
	happens(ticket, EVENT_COMPONENT, "technician:Hugo", "component", "x");
	happens(ticket, EVENT_ASSIGNED, "manager:root", "who", "Anne");
	happens(ticket, EVENT_ASSIGNED, "technician:Hugo", "who", "");
	happens(ticket, EVENT_MESSAGE, "technician:Hugo", "author",
	    "technician");
	g_assert_cmpuint(ticket->part->len, ==, 2);
	g_assert_cmpstr(ticket->part->pdata[0], ==, "Anne");
	g_assert_cmpstr(ticket->part->pdata[1], ==, "Hugo");
	copy = ticket_copy(ticket);
	g_assert_true(ticket_has_part(copy, "Hugo"));
	g_assert_false(ticket_has_part(copy, "Mary"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/notice_readers/rows", test_rows);
	g_test_add_func("/notice_readers/no_contract", test_without_a_contract);
	g_test_add_func("/notice_readers/part", test_part);
	return g_test_run();
}
