/* What comes next of a ticket, so that none is forgotten. */
#include "guichet/ticket/awaits.h"

#include "guichet/base/names.h"

#define HOUR 3600
#define DAY  (24 * HOUR)

#define REVIEW_DOUBLINGS 2 /* then it comes at a steady pace */

#define NEWS_LEAD \
 (30 * 60) /* promised news are called to mind so long before */

#define AWAITS_NAMES(X)               \
 X(AWAITS_NOTHING, "")                \
 X(AWAITS_RESPONSE, "response")       \
 X(AWAITS_WORKAROUND, "workaround")   \
 X(AWAITS_RESOLUTION, "resolution")   \
 X(AWAITS_RESTORE, "restore")         \
 X(AWAITS_ANSWER, "answer")           \
 X(AWAITS_NEWS, "news")               \
 X(AWAITS_REMIND, "remind")           \
 X(AWAITS_GIVE_UP, "give-up")         \
 X(AWAITS_THIRD_PARTY, "third-party") \
 X(AWAITS_LATER, "later")             \
 X(AWAITS_REVIEW, "review")
NAME_TABLE(kinds, AWAITS_NAMES, AWAITS_COUNT);

#define AWAITS_OF_NAMES(X)     \
 X(AWAITS_OF_NOBODY, "")       \
 X(AWAITS_OF_US, "us")         \
 X(AWAITS_OF_CLIENT, "client") \
 X(AWAITS_OF_THIRD_PARTY, "third-party")
NAME_TABLE(ofs, AWAITS_OF_NAMES, AWAITS_OF_COUNT);

const char *
awaits_name(AwaitsKind kind)
{
	return names_word(&kinds, kind);
}

bool
awaits_parse(const char *word, AwaitsKind *ret_kind)
{
	int value = names_find(&kinds, word);

	if (value < 0)
		return false;
	*ret_kind = (AwaitsKind)value;
	return true;
}

bool
awaits_milestone(AwaitsKind kind, Milestone *ret_milestone)
{
	if (kind < AWAITS_RESPONSE || kind > AWAITS_RESTORE)
		return false;
	*ret_milestone = (Milestone)(kind - AWAITS_RESPONSE);
	return true;
}

const char *
awaits_of_name(AwaitsOf of)
{
	return names_word(&ofs, of);
}

AwaitsOf
awaits_of(AwaitsKind kind)
{
	switch (kind) {
	case AWAITS_NOTHING:
		return AWAITS_OF_NOBODY;
	case AWAITS_REMIND:
	case AWAITS_GIVE_UP:
		return AWAITS_OF_CLIENT;
	case AWAITS_THIRD_PARTY:
		return AWAITS_OF_THIRD_PARTY;
	default:
		return AWAITS_OF_US;
	}
}

/* ---- the desk ---- */

/* Monday to Friday, 09:00 to 18:00. */
static Calendar *
office_hours(const Zone *zone, const Holidays *const *holidays, gsize count)
{
	WeekSpan spans[5];
	const CalendarSpec spec = { .name = "office",
		.zone = zone,
		.spans = spans,
		.span_count = G_N_ELEMENTS(spans),
		.holidays = holidays,
		.holidays_count = count };

	for (int day = 0; day < (int)G_N_ELEMENTS(spans); day++)
		spans[day] = (WeekSpan){ day * DAY + 9 * HOUR,
			day * DAY + 18 * HOUR };
	return calendar_new(&spec, NULL);
}

/* Those that the site names, else France's, where there are such. */
static Calendar *
own_hours(const SilenceRules *rules, const Ruleset *ruleset, const Zone *zone)
{
	static const char *const france[] = { "fr", NULL };
	const char *const *names = rules->holidays != NULL
	    ? (const char *const *)rules->holidays
	    : france;
	g_autoptr(GPtrArray) sets = g_ptr_array_new();

	for (; *names != NULL; names++) {
		const Holidays *set = ruleset_holidays(ruleset, *names);

		if (set != NULL)
			g_ptr_array_add(sets, (gpointer)set);
	}
	return office_hours(zone, (const Holidays *const *)sets->pdata,
	    sets->len);
}

SilenceDesk *
silence_desk_new(const SilenceRules *rules, const Ruleset *ruleset,
    const Zone *zone)
{
	SilenceDesk *desk = g_new0(SilenceDesk, 1);

	desk->rules = rules;
	desk->always = calendar_new(
	    &(CalendarSpec){ .name = "always", .zone = zone, .always = true },
	    NULL);
	if (rules->calendar != NULL)
		desk->open = ruleset_calendar(ruleset, rules->calendar, zone,
		    NULL);
	if (desk->open == NULL)
		desk->open = desk->own = own_hours(rules, ruleset, zone);
	return desk;
}

void
silence_desk_free(SilenceDesk *desk)
{
	if (desk == NULL)
		return;
	calendar_free(desk->own);
	calendar_free(desk->always);
	g_free(desk);
}

/* ---- how long ---- */

static const SilenceRules *
plan_rules(const TicketView *view)
{
	return view->in_force.plan != NULL ? &view->in_force.plan->silence
					   : NULL;
}

static int
days_of(const TicketView *view, SilenceDays what)
{
	static const int absent[SILENCE_DAYS] = { 5, 10, 5, 5 };
	const SilenceRules *plan = plan_rules(view);

	if (plan != NULL && plan->days[what] > 0)
		return plan->days[what];
	if (view->desk->rules->days[what] > 0)
		return view->desk->rules->days[what];
	return absent[what];
}

/* So many times the days that are set for it, on which the desk is open. A desk
 * that never opens again counts those of the world: no ticket is without a next
 * instant. */
static Instant
times_after(const TicketView *view, SilenceDays what, int times, Instant from)
{
	Duration within = { DURATION_BUSINESS_DAYS,
		times * (gint64)days_of(view, what) };
	Instant at = duration_end(within, view->desk->open, from);

	return at != INSTANT_NONE ? at : from + within.count * DAY;
}

static Instant
days_after(const TicketView *view, SilenceDays what, Instant from)
{
	return times_after(view, what, 1, from);
}

bool
awaits_closes(const TicketView *view)
{
	const SilenceRules *plan = plan_rules(view);
	int severity = view->ticket->severity;

	if (severity != 3 && severity != 4)
		return false;
	return plan != NULL && plan->says_close ? plan->closes
						: view->desk->rules->closes;
}

Instant
awaits_news_after(const TicketView *view, Instant at)
{
	const SilenceRules *plan = plan_rules(view);
	const Calendar *clock = view->desk != NULL ? view->desk->open : NULL;
	const Duration *within;

	if (plan == NULL || clock == NULL)
		return INSTANT_NONE;
	within = &plan->news[view->ticket->severity];
	if (within->count == 0)
		return INSTANT_NONE;
	if (plan->news_clock != NULL)
		clock = terms_calendar(&view->in_force, plan->news_clock);
	return duration_end(*within, clock, at);
}

/* ---- the answer that is due ---- */

/* While the plan itself gives a term to the response, that is the answer. */
static bool
response_is_owed(const TicketView *view)
{
	for (guint i = 0; i < view->clocks->len; i++) {
		const SlaClock *clock = view->clocks->pdata[i];

		if (clock->milestone == MILESTONE_RESPONSE)
			return clock->state == SLA_RUNNING ||
			    clock->state == SLA_PAUSED ||
			    clock->state == SLA_LATE;
	}
	return false;
}

static Duration
answer_within(const TicketView *view, const Calendar **ret_clock)
{
	static const Duration absent = { DURATION_TIME, 8 * HOUR };
	static const Duration absent_1 = { DURATION_TIME, HOUR };
	const SilenceRules *plan = plan_rules(view);
	const SilenceRules *site = view->desk->rules;
	bool is_plans = plan != NULL && plan->has_answer;
	const SilenceRules *rules = is_plans ? plan : site;

	*ret_clock = view->desk->always;
	if (view->ticket->severity == 1 && rules->severity_1.count > 0)
		return rules->severity_1;
	if (view->ticket->severity == 1 && !is_plans)
		return absent_1;
	*ret_clock = is_plans && plan->calendar != NULL
	    ? terms_calendar(&view->in_force, plan->calendar)
	    : view->desk->open;
	return rules->has_answer ? rules->within : absent;
}

Instant
awaits_answer(const TicketView *view)
{
	Instant since = ticket_unanswered(view->ticket);
	const Calendar *clock;
	Duration within;

	if (view->desk == NULL || since == INSTANT_NONE ||
	    ticket_state_is_done(view->ticket->state) || response_is_owed(view))
		return INSTANT_NONE;
	within = answer_within(view, &clock);
	return duration_end(within, clock, since);
}

/* ---- what time brings ---- */

static Instant
minded(const TicketView *view, EventMind mind)
{
	return view->ticket->talk.minded[mind];
}

/* It wakes nobody: it is told while the desk is open. */
static Instant
answer_missed(const TicketView *view)
{
	Instant due = awaits_answer(view), open;

	if (due == INSTANT_NONE ||
	    minded(view, MIND_ANSWER) >= ticket_unanswered(view->ticket))
		return INSTANT_NONE;
	open = calendar_intake(view->desk->open, due + 1);
	return open != INSTANT_NONE ? open : due + 1;
}

static Instant
news(const TicketView *view, EventMind mind)
{
	const TicketTalk *talk = &view->ticket->talk;
	Seconds lead;

	if (!ticket_owes_news(view->ticket) ||
	    talk->minded[MIND_NEWS] >= talk->next_said)
		return INSTANT_NONE;
	if (mind == MIND_NEWS)
		return talk->next + 1;
	if (talk->minded[MIND_NEWS_SOON] >= talk->next_said)
		return INSTANT_NONE;
	/* Promised for soon, it is called to mind half-way. */
	lead = MIN(NEWS_LEAD, (talk->next - talk->next_said) / 2);
	return talk->next - lead;
}

static bool
waits_for_client(const TicketView *view)
{
	TicketState state = view->ticket->state;

	return (state == TICKET_WAITING_CUSTOMER ||
		   state == TICKET_WAITING_APPROVAL) &&
	    ticket_last_word(view->ticket) != INSTANT_NONE &&
	    ticket_unanswered(view->ticket) == INSTANT_NONE;
}

/* Since when the client has the question, or was asked again. */
static Instant
asked_at(const TicketView *view)
{
	return MAX(view->ticket->talk.entered, ticket_last_word(view->ticket));
}

static Instant
remind(const TicketView *view)
{
	Instant asked = asked_at(view);

	if (!waits_for_client(view) || minded(view, MIND_REMIND) >= asked)
		return INSTANT_NONE;
	/* Who has reviewed it since knows that nothing came; who is away does
	 * not let anybody wait. */
	return days_after(view, SILENCE_REMIND,
	    MAX(MAX(asked, minded(view, MIND_REVIEW)),
		view->ticket->talk.away));
}

static Instant
give_up(const TicketView *view)
{
	Instant reminded = minded(view, MIND_REMIND);

	if (!waits_for_client(view) || reminded < asked_at(view) ||
	    minded(view, MIND_GIVE_UP) >= reminded)
		return INSTANT_NONE;
	return days_after(view, SILENCE_GIVE_UP,
	    MAX(reminded, view->ticket->talk.away));
}

static Instant
third_party(const TicketView *view)
{
	if (view->ticket->state != TICKET_WAITING_THIRD_PARTY)
		return INSTANT_NONE;
	return days_after(view, SILENCE_THIRD_PARTY,
	    MAX(view->ticket->talk.entered, minded(view, MIND_THIRD_PARTY)));
}

/* Since when nobody has said a word, we neither. */
static Instant
quiet_since(const TicketView *view)
{
	const Ticket *ticket = view->ticket;
	Instant since = MAX(ticket->talk.touched, ticket->received);

	for (int i = 0; i < MIND_COUNT; i++)
		since = MAX(since, ticket->talk.minded[i]);
	for (int i = 0; i < MILESTONE_COUNT; i++)
		since = MAX(since, ticket->warned_at[i]);
	return MAX(since, ticket->reminded);
}

/* Nobody acted upon the one before: the next comes after twice as long, so that
 * what stands still is not told every week of its life. */
static Instant
review(const TicketView *view)
{
	int doublings = MIN(view->ticket->talk.reviews, REVIEW_DOUBLINGS);

	return times_after(view, SILENCE_REVIEW, 1 << doublings,
	    quiet_since(view));
}

/* All but the review. */
static Instant
mind_at(const TicketView *view, EventMind mind)
{
	switch (mind) {
	case MIND_ANSWER:
		return answer_missed(view);
	case MIND_NEWS_SOON:
	case MIND_NEWS:
		return news(view, mind);
	case MIND_REMIND:
		return remind(view);
	case MIND_GIVE_UP:
		return give_up(view);
	case MIND_THIRD_PARTY:
		return third_party(view);
	case MIND_LATER:
		return ticket_is_set_aside(view->ticket)
		    ? view->ticket->talk.later
		    : INSTANT_NONE;
	case MIND_REVIEW:
	case MIND_COUNT:
		break;
	}
	return INSTANT_NONE;
}

static Instant
earlier(Instant a, Instant b)
{
	return a == INSTANT_NONE ? b : b == INSTANT_NONE ? a : MIN(a, b);
}

static bool
is_over(const TicketView *view)
{
	return view->desk == NULL || ticket_state_is_done(view->ticket->state);
}

/* Of all that is not the review. */
static Instant
first_mind(const TicketView *view)
{
	Instant first = INSTANT_NONE;

	for (EventMind mind = 0; mind < MIND_COUNT; mind++)
		first = earlier(first, mind_at(view, mind));
	return first;
}

Instant
awaits_wake(const TicketView *view, Instant clocks)
{
	Instant first;

	if (is_over(view))
		return clocks;
	first = earlier(clocks, first_mind(view));
	return first != INSTANT_NONE ? first : review(view);
}

Instant
awaits_mind(const TicketView *view, EventMind mind)
{
	if (is_over(view))
		return INSTANT_NONE;
	if (mind != MIND_REVIEW)
		return mind_at(view, mind);
	if (ticket_view_clocks_wake(view) != INSTANT_NONE ||
	    first_mind(view) != INSTANT_NONE)
		return INSTANT_NONE;
	return review(view);
}

/* ---- what is next ---- */

static void
take(Awaits *first, AwaitsKind kind, Instant at)
{
	if (at != INSTANT_NONE &&
	    (first->kind == AWAITS_NOTHING || at < first->at))
		*first = (Awaits){ kind, at };
}

static void
take_clocks(Awaits *first, const TicketView *view)
{
	for (guint i = 0; i < view->clocks->len; i++) {
		const SlaClock *clock = view->clocks->pdata[i];

		if (clock->state == SLA_RUNNING || clock->state == SLA_LATE)
			take(first,
			    (AwaitsKind)(AWAITS_RESPONSE +
				(int)clock->milestone),
			    clock->due);
	}
}

Awaits
awaits_first(const TicketView *view)
{
	static const struct {
		EventMind mind;
		AwaitsKind kind;
	} minds[] = {
		{ MIND_REMIND, AWAITS_REMIND },
		{ MIND_GIVE_UP, AWAITS_GIVE_UP },
		{ MIND_THIRD_PARTY, AWAITS_THIRD_PARTY },
		{ MIND_LATER, AWAITS_LATER },
	};
	Awaits first = { AWAITS_NOTHING, INSTANT_NONE };

	if (ticket_state_is_done(view->ticket->state))
		return first;
	take_clocks(&first, view);
	if (view->desk == NULL)
		return first;
	take(&first, AWAITS_ANSWER, awaits_answer(view));
	if (ticket_owes_news(view->ticket))
		take(&first, AWAITS_NEWS, view->ticket->talk.next);
	for (gsize i = 0; i < G_N_ELEMENTS(minds); i++)
		take(&first, minds[i].kind, mind_at(view, minds[i].mind));
	if (first.kind == AWAITS_NOTHING)
		take(&first, AWAITS_REVIEW, review(view));
	return first;
}

AwaitsOf
awaits_last_spoke(const Ticket *ticket)
{
	const GArray *asks = ticket->talk.asks;
	Instant word = ticket_last_word(ticket), ask = INSTANT_NONE;

	for (guint i = 0; i < asks->len; i++)
		ask = MAX(ask, g_array_index(asks, TicketWord, i).at);
	if (ask == INSTANT_NONE && word == INSTANT_NONE)
		return AWAITS_OF_NOBODY;
	return word >= ask ? AWAITS_OF_US : AWAITS_OF_CLIENT;
}
