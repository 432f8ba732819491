/* Each kind of event as its maker writes it, and as a ticket takes it. */
#include "guichet/ticket/event_make.h"

#define AT 1700000000

static const EventStamp stamp = { .ticket = 7,
	.at = AT,
	.recorded = AT + 5,
	.actor = "rule",
	.mail = 3 };
static const Event of = { .seq = 7, .type = EVENT_TAG };
static const Facts facts = { .severity = 2,
	.kind = KIND_INCIDENT,
	.scope = "production",
	.component = "postgresql" };
static const SlaClock told = { .milestone = MILESTONE_RESPONSE,
	.commitment = COMMITMENT_GUARANTEED,
	.due = AT + 60,
	.received = AT,
	.intake = AT };

static const Contract over = { .name = (char *)"fini" };

typedef struct {
	Event *event; /* made when the test runs */
	EventType type;
	const char *line; /* behind the instant */
} Row;

#define LINE(type, rest) type " by rule" rest

static void
test_each(void)
{
	const Row rows[] = {
		{ event_make_opened(&stamp,
		      &(EventOpening){ .facts = &facts,
			  .unsure = true,
			  .contract = "acme",
			  .plan = "gold",
			  .rules = "abc",
			  .mailbox = "support",
			  .source = OPENED_BY_MAIL }),
		    EVENT_OPENED,
		    LINE("opened",
			" component=postgresql contract=acme kind=incident "
			"mailbox=support plan=gold rules=abc scope=production "
			"severity=2 source=mail unsure=yes") },
		{ event_make_opened(&stamp,
		      &(EventOpening){ .kind = KIND_DUTY,
			  .scope = "review",
			  .source = OPENED_BY_DUTY }),
		    EVENT_OPENED,
		    LINE("opened", " kind=duty scope=review source=duty") },
		{ event_make_message(&stamp, AUTHOR_CLIENT, VISIBILITY_PUBLIC,
		      true, NULL),
		    EVENT_MESSAGE,
		    LINE("message",
			" author=client verified=yes visibility=public") },
		{ event_make_message(&stamp, AUTHOR_ROBOT, VISIBILITY_INTERNAL,
		      false, "auto"),
		    EVENT_MESSAGE,
		    LINE("message",
			" author=robot defect=auto verified=no "
			"visibility=internal") },
		{ event_make_severity(&stamp, 1, INSTANT_NONE), EVENT_SEVERITY,
		    LINE("severity", " severity=1") },
		{ event_make_kind(&stamp, KIND_QUESTION), EVENT_KIND,
		    LINE("kind", " kind=question") },
		{ event_make_component(&stamp, "nginx"), EVENT_COMPONENT,
		    LINE("component", " component=nginx") },
		{ event_make_contract(&stamp, "acme", "gold", "abc", NULL),
		    EVENT_CONTRACT,
		    LINE("contract", " contract=acme plan=gold rules=abc") },
		{ event_make_assigned(&stamp, "Anne Martin"), EVENT_ASSIGNED,
		    LINE("assigned", " who=\"Anne Martin\"") },
		{ event_make_tagged(&stamp, "bulk"), EVENT_TAG,
		    LINE("tag", " add=bulk") },
		{ event_make_untagged(&stamp, "bulk"), EVENT_TAG,
		    LINE("tag", " remove=bulk") },
		{ event_make_told(&stamp, &told), EVENT_TOLD,
		    LINE("told",
			" commitment=guaranteed due=2023-11-14T22:14:20Z "
			"intake=2023-11-14T22:13:20Z milestone=response") },
		{ event_make_warned(&stamp, MILESTONE_RESOLUTION, 75),
		    EVENT_WARNED,
		    LINE("warned", " milestone=resolution share=75") },
		{ event_make_reminded(&stamp, 2), EVENT_REMINDED,
		    LINE("reminded", " count=2") },
		{ event_make_met(&stamp, MILESTONE_RESPONSE), EVENT_MET,
		    LINE("met", " milestone=response") },
		{ event_make_held(&stamp, SEND_ACKNOWLEDGMENT, HELD_OLD),
		    EVENT_HELD,
		    LINE("held", " reason=old what=acknowledgment") },
		{ event_make_failed(&stamp, 4, "reply", SEND_OUTCOME_FAILED,
		      550),
		    EVENT_SENT,
		    LINE("sent",
			" code=550 outbox=4 outcome=failed what=reply") },
		{ event_make_linked(&stamp, 5, "tag"), EVENT_LINKED,
		    LINE("linked", " ticket=5 why=tag") },
		{ event_make_alert(&stamp, ALERT_PROBLEM), EVENT_ALERT,
		    LINE("alert", " type=problem") },
		{ event_make_news(&stamp, NEWS_STORM), EVENT_ALERT,
		    LINE("alert", " type=storm") },
		{ event_make_time(&stamp, 25, "Hugo Vidal"), EVENT_TIME,
		    LINE("time", " minutes=25 who=\"Hugo Vidal\"") },
		{ event_make_estimate(&stamp, 120, false), EVENT_ESTIMATE,
		    LINE("estimate", " minutes=120") },
		{ event_make_approval(&stamp, APPROVAL_YES, APPROVED_BY_MAIL),
		    EVENT_APPROVAL, LINE("approval", " by=mail says=yes") },
		{ event_make_rpo(&stamp, 10), EVENT_RPO,
		    LINE("rpo", " minutes=10") },
		{ event_make_debrief(&stamp), EVENT_DEBRIEF,
		    LINE("debrief", "") },
		{ event_make_call(&stamp), EVENT_CALL, LINE("call", "") },
		{ event_make_life(&stamp, &over, CONTRACT_OVER), EVENT_LIFE,
		    LINE("life", " contract=fini life=over") },
		{ event_make_answered(&stamp, ANSWERED_NONE), EVENT_ANSWERED,
		    LINE("answered", " how=none") },
		{ event_make_next(&stamp, AT + 60), EVENT_NEXT,
		    LINE("next", " due=2023-11-14T22:14:20Z") },
		{ event_make_later(&stamp, AT + 60), EVENT_LATER,
		    LINE("later", " until=2023-11-14T22:14:20Z") },
		{ event_make_minded(&stamp, MIND_REVIEW), EVENT_MINDED,
		    LINE("minded", " what=review") },
		{ event_make_undone(&stamp, &of), EVENT_UNDONE,
		    LINE("undone", " of=7 what=tag") },
		{ event_make_excluded(&stamp, EXCLUDED_MISUSE), EVENT_EXCLUDED,
		    LINE("excluded", " reason=misuse") },
		{ event_make_state(&stamp, TICKET_RESOLVED, MOVED_BY_MANAGER),
		    EVENT_STATE, LINE("state", " by=manager state=resolved") },
		{ event_make_merged_from(&stamp, 5, AT + 60), EVENT_MERGED,
		    LINE("merged", " asked=2023-11-14T22:14:20Z from=5") },
		{ event_make_carried(&stamp, 5, &told, &facts), EVENT_CARRIED,
		    LINE("carried",
			" component=postgresql due=2023-11-14T22:14:20Z "
			"kind=incident milestone=response "
			"received=2023-11-14T22:13:20Z scope=production "
			"severity=2 ticket=5") },
		{ event_make_merged_into(&stamp, 5), EVENT_MERGED,
		    LINE("merged", " into=5") },
	};
	g_autoptr(Ticket) ticket = ticket_new(7);
	guint64 types = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Event) event = rows[i].event;
		g_autofree char *line = event_describe(event);
		g_autofree char *wanted =
		    g_strdup_printf("2023-11-14T22:13:20Z %s", rows[i].line);

		g_assert_cmpstr(line, ==, wanted);
		g_assert_cmpint(event->type, ==, rows[i].type);
		g_assert_cmpint(event->ticket, ==, 7);
		g_assert_cmpint(event->recorded, ==, AT + 5);
		g_assert_cmpint(event->mail, ==, 3);
		types |= G_GUINT64_CONSTANT(1) << event->type;
		/* One ticket is opened once. */
		g_assert_true(ticket_apply(ticket, event) == (i != 1));
	}
	/* Every kind. */
	g_assert_cmpuint(types, ==, (G_GUINT64_CONSTANT(1) << EVENT_COUNT) - 1);
}

static void
test_technician(void)
{
	EventStamp hers = stamp;
	g_autoptr(Event) event = NULL;

	hers.technician = "Anne Martin";
	event = event_make_tagged(&hers, "seen");
	g_assert_cmpstr(event->actor, ==, "technician:Anne Martin");
}

/* A word of a later program is none of ours. */
static void
test_unknown_words(void)
{
	HeldReason reason;

	g_assert_true(event_author_is("robot", AUTHOR_ROBOT));
	g_assert_false(event_author_is("oracle", AUTHOR_ROBOT));
	g_assert_false(event_visibility_is("", VISIBILITY_PUBLIC));
	g_assert_true(event_lane_is("", LANE_NONE));
	g_assert_false(event_source_is("oracle", OPENED_BY_MAIL));
	g_assert_true(event_held_parse("restored", &reason));
	g_assert_cmpint(reason, ==, HELD_RESTORED);
	g_assert_false(event_held_parse("moon", &reason));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/event-make/each", test_each);
	g_test_add_func("/event-make/technician", test_technician);
	g_test_add_func("/event-make/unknown-words", test_unknown_words);
	return g_test_run();
}
