/* What `guichet show` says of the alerts on a ticket. */
#include "guichet/print/show_alert.h"

#include "guichet/alert/alert_map.h"
#include "guichet/print/instant_json.h"
#include "guichet/print/show.h"
#include "guichet/store/store_alert.h"
#include "guichet/ticket/sla.h"

#include "guichet/base/cleanup.h"

#include <stdio.h>
#include <string.h>

#define CASES   20 /* of a storm, shown */
#define MEMBERS 20 /* of a group, shown */

bool
show_alert_load(ShowAlert *view, Intake *in, const TicketView *shown,
    Instant now, GError **error)
{
	const Ticket *ticket = shown->ticket;

	view->shown = shown;
	view->silent_until = INSTANT_NONE;
	view->cases = store_alerts_of_ticket(in->store, ticket->number, CASES,
	    error);
	return view->cases != NULL &&
	    alert_silence(in,
		&(SilentHost){ ticket->host, ticket->service,
		    ticket->contract },
		now, &view->silent_until, error);
}

void
show_alert_clear(ShowAlert *view)
{
	g_clear_pointer(&view->cases, g_ptr_array_unref);
}

static const char *
mandate_of(const ShowAlert *view)
{
	const TicketView *shown = view->shown;
	const char *word = shown->terms.plan != NULL
	    ? ticket_mandate(shown->ticket, shown->terms.plan)
	    : NULL;

	return word != NULL ? word : "";
}

static bool
is_awaited(const AlertCase *one)
{
	return strcmp(one->system, ALERT_SYSTEM_EXPECTED) == 0;
}

/* ---- JSON ---- */

static json_t *
case_json(const AlertCase *one)
{
	json_t *members = json_array();
	json_t *line;

	for (gsize i = 0; one->members[i] != NULL; i++)
		json_array_append_new(members, json_string(one->members[i]));
	line = json_pack("{ss ss ss ss ss ss sb sb ss sI sI so so so}",
	    "source", one->source, "system", one->system, "key", one->key,
	    "host", one->host, "service", one->service, "contract",
	    one->contract, "firing", one->firing, "flapping", one->flapping,
	    "level", alert_level_name(one->level), "count",
	    (json_int_t)one->count, "active", (json_int_t)one->active,
	    "members", members, "first", instant_json(one->first), "last",
	    instant_json(one->last));
	g_assert(line != NULL);
	return line;
}

json_t *
show_alert_json(const ShowAlert *view)
{
	json_t *list = json_array();

	for (guint i = 0; i < view->cases->len; i++)
		json_array_append_new(list, case_json(view->cases->pdata[i]));
	return list;
}

/* ---- for people ---- */

static void
print_members(const AlertCase *one)
{
	guint count = g_strv_length(one->members);

	for (guint i = 0; i < count && i < MEMBERS; i++)
		show("    fires   %s\n", one->members[i]);
	if (count > MEMBERS)
		show("    fires   and %u more\n", count - MEMBERS);
}

static void
print_seen(const AlertCase *one, const Zone *zone, const char *language)
{
	g_autofree char *first = one->first != INSTANT_NONE
	    ? sla_when(one->first, language, zone)
	    : g_strdup("never");
	g_autofree char *last = one->last != INSTANT_NONE
	    ? sla_when(one->last, language, zone)
	    : g_strdup("never");

	if (is_awaited(one))
		show("    came    last %s\n", last);
	else
		show("    mails   first %s, last %s\n", first, last);
}

static void
print_alert(const AlertCase *one)
{
	/* What nobody vouches for neither fires nor is over. */
	bool trusted = one->source[0] != '?';

	show("  alert     %s %s: %s%s%s%s, %" G_GINT64_FORMAT " mail%s\n",
	    one->system, one->key,
	    !trusted          ? "moves nothing"
		: one->firing ? "fires"
			      : "is over",
	    one->firing ? ", " : "",
	    one->firing ? alert_level_name(one->level) : "",
	    one->flapping ? ", flapping" : "", one->count,
	    one->count == 1 ? "" : "s");
	show("    source  %s\n", trusted ? one->source : "not trusted");
}

static void
print_case(const AlertCase *one, const Zone *zone, const char *language)
{
	bool storm = strcmp(one->system, ALERT_SYSTEM_STORM) == 0;

	if (is_awaited(one)) {
		show("  awaited   %s: %s, missed %" G_GINT64_FORMAT " time%s\n",
		    one->key, one->firing ? "has not come" : "has come",
		    one->count, one->count == 1 ? "" : "s");
	} else if (storm) {
		show("  storm     of %s: %" G_GINT64_FORMAT
		     " alerts fire, %" G_GINT64_FORMAT " mails\n",
		    one->source, one->active, one->count);
	} else {
		print_alert(one);
	}
	print_seen(one, zone, language);
	print_members(one);
}

/* As the note on the ticket says, but for this ticket and as things are. */
static void
print_how_to_map(const ShowAlert *view)
{
	const Ticket *ticket = view->shown->ticket;
	g_autofree char *line = alert_host_line(ticket);

	if (!ticket_has_tag(ticket, ALERT_TAG_UNMAPPED))
		return;
	show("  to map    guichet event %" G_GINT64_FORMAT
	     " contract NAME; and for the next time, below `hosts:` in "
	     "rules/alerts/hosts.yaml,\n",
	    ticket->number);
	if (line != NULL)
		show("            %s\n", line);
	else
		puts("            the line that the note below tells");
}

static void
print_how_to_read(const ShowAlert *view)
{
	const Ticket *ticket = view->shown->ticket;

	if (!ticket_has_tag(ticket, "unknown-alert"))
		return;
	show("  unknown   no recogniser of rules/alerts knows this mail, and "
	     "nothing closes the ticket by itself:\n"
	     "            guichet show %" G_GINT64_FORMAT
	     " --save=DIR, then guichet alert test FILE\n",
	    ticket->number);
}

void
show_alert_print(const ShowAlert *view, const Zone *zone, const char *language)
{
	const Ticket *ticket = view->shown->ticket;
	const char *mandate = mandate_of(view);

	if (*ticket->host != '\0')
		show("  host      %s\n", ticket->host);
	if (*ticket->service != '\0' && *ticket->host != '\0')
		show("  service   %s\n", ticket->service);
	for (guint i = 0; i < view->cases->len; i++)
		print_case(view->cases->pdata[i], zone, language);
	if (view->cases->len == CASES)
		puts("  alert     perhaps more: only the first are shown");
	if (view->silent_until != INSTANT_NONE) {
		g_autofree char *until = sla_when(view->silent_until, language,
		    zone);

		show("  silent    maintenance until %s\n", until);
	}
	if (ticket_has_tag(ticket, "recovered"))
		puts("  recovered to be confirmed by a technician, who "
		     "resolves it");
	if (*mandate != '\0')
		show("  mandate   %s\n", alert_mandate_words(mandate, "en"));
	print_how_to_map(view);
	print_how_to_read(view);
}
