/* What `guichet explain` says of a mail that is an alert. */
#include "guichet/print/explain_alert.h"

#include "guichet/ticket/sla.h"

#include <stdio.h>

#define MEMBERS 20

static void
print_member(const AlertMember *member)
{
	printf("  member    %s: %s%s%s%s%s\n", member->key,
	    member->firing ? "fires" : "is over",
	    *member->host != '\0' ? ", host " : "", member->host,
	    member->firing ? ", " : "",
	    member->firing ? alert_level_name(member->level) : "");
}

static void
print_alert(const Alert *alert)
{
	if (alert_is_unknown(alert)) {
		printf("  says      nothing that a recogniser of rules/alerts "
		       "knows: %s by its words\n",
		    alert_type_name(alert->type));
		printf("  key       %s\n", alert->key);
		return;
	}
	printf("  says      %s of %s", alert_type_name(alert->type),
	    alert->system);
	if (*alert->state != '\0')
		printf(", \"%s\"", alert->state);
	printf(", level %s\n", alert_level_name(alert->level));
	printf("  key       %s\n", alert->key);
	printf("  host      %s\n",
	    *alert->host != '\0' ? alert->host : "none named");
	if (*alert->service != '\0')
		printf("  service   %s\n", alert->service);
	for (guint i = 0; i < alert->members->len && i < MEMBERS; i++)
		print_member(alert->members->pdata[i]);
	if (alert->members->len > MEMBERS)
		printf("  member    and %u more\n",
		    alert->members->len - MEMBERS);
	for (gsize i = 0; alert->limits[i] != NULL; i++)
		printf("  not read  %s: it may close nothing\n",
		    alert->limits[i]);
}

/* Whose it is, and who says so. */
static void
print_target(const AlertFacts *facts)
{
	const AlertTarget *target = &facts->target;

	if (!target->is_mapped && facts->alert != NULL &&
	    alert_is_unknown(facts->alert))
		puts("  whose     nobody's: its source has no contract");
	else if (!target->is_mapped)
		puts("  whose     nobody's: no line of alerts/hosts.yaml fits");
	else if (target->by_source)
		printf("  whose     %s: all of source %s is, says "
		       "guichet.yaml\n",
		    target->contract, facts->source);
	else if (target->line != NULL)
		printf("  whose     %s: %s:%zu\n", target->contract,
		    target->line->file, target->line->line);
	else
		printf("  whose     %s\n", target->contract);
	if (*target->component != '\0')
		printf("  component %s\n", target->component);
	if (target->severity > 0)
		printf("  severity  %d by its level, if the plan has it\n",
		    target->severity);
	else if (facts->alert != NULL && facts->alert->type == ALERT_PROBLEM)
		puts("  severity  the plan's default: nothing is said of its "
		     "level");
}

static void
print_known(const AlertFacts *facts)
{
	const AlertCase *known = facts->known;

	if (known == NULL) {
		puts("  so far    never heard of");
		return;
	}
	printf("  so far    %s%s%s, %" G_GINT64_FORMAT " mail%s",
	    known->firing ? "fires" : "over",
	    known->flapping ? ", flapping" : "",
	    known->silenced ? ", silenced" : "", known->count,
	    known->count == 1 ? "" : "s");
	if (known->ticket != 0)
		printf(", last on #%" G_GINT64_FORMAT, known->ticket);
	putchar('\n');
}

static void
print_silence(const AlertFacts *facts, const char *language, const Zone *zone)
{
	g_autofree char *until = NULL;

	if (facts->silent_until == INSTANT_NONE)
		return;
	until = sla_when(facts->silent_until, language, zone);
	printf("  silent    maintenance until %s\n", until);
}

/* What the mail tells beside the alert that is judged first; each goes its way
 * as if it had come alone. */
void
explain_further_alerts(const GPtrArray *alerts)
{
	for (guint i = 0; i < alerts->len; i++) {
		printf("Alert %u of the same mail:\n", i + 2);
		print_alert(alerts->pdata[i]);
		putchar('\n');
	}
}

void
explain_alert(const AlertFacts *facts, const char *language, const Zone *zone)
{
	puts("Alert:");
	if (facts->alert != NULL)
		print_alert(facts->alert);
	else
		puts("  says      nothing that is an alert; but it is a mail "
		     "that must come");
	if (facts->is_trusted || facts->alert == NULL)
		printf("  source    %s: %s\n", facts->source, facts->why);
	else
		printf("  source    not trusted, so it moves nothing: %s\n",
		    facts->why);
	if (facts->is_trusted && facts->alert != NULL) {
		print_target(facts);
		print_silence(facts, language, zone);
	}
	if (facts->alert != NULL)
		print_known(facts);
	if (facts->expected != NULL)
		printf("  awaited   as %s\n", facts->expected->key);
	putchar('\n');
}
