/* Words of the desk's own on an alert's ticket, inside. */
#include "intake-private.h"

#include <string.h>

static bool
is_french(const Intake *in)
{
	return strcmp(in->conf->language, "fr") == 0;
}

/* Of a group, its first that has one. */
static const char *
host_of(const AlertFacts *facts)
{
	const Alert *alert = facts->alert;

	if (alert == NULL)
		return *facts->known->host != '\0' ? facts->known->host : "*";
	for (guint i = 0; *alert->host == '\0' && i < alert->members->len;
	     i++) {
		const AlertMember *member = alert->members->pdata[i];

		if (*member->host != '\0')
			return member->host;
	}
	return *alert->host != '\0' ? alert->host : "*";
}

/* A line for hosts.yaml that only lacks the contract's name. */
static char *
unmapped_words(const Intake *in, const AlertFacts *facts)
{
	const char *host = host_of(facts);
	g_autofree char *line =
	    g_strdup_printf("- {source: %s, host: \"%s\", contract: CONTRACT}",
		facts->source, host);

	return g_strdup_printf(is_french(in)
		? "L'hôte \"%s\" n'est rattaché à aucun contrat : aucun délai "
		  "ne court. Ajoutez sous `hosts:` dans "
		  "rules/alerts/hosts.yaml :\n\n%s\n\npuis rechargez, et "
		  "rattachez ce ticket : guichet event N contract CONTRAT. "
		  "`guichet alert hosts` montre tous les rattachements."
		: "The host \"%s\" is mapped to no contract: no clock runs. "
		  "Add below `hosts:` in rules/alerts/hosts.yaml:\n\n%s\n\n"
		  "then reload, and map this ticket: guichet event N contract "
		  "CONTRACT. `guichet alert hosts` shows who maps where.",
	    host, line);
}

static char *
storm_words(const Intake *in, const AlertFacts *facts)
{
	return g_strdup_printf(is_french(in)
		? "La source %s a ouvert %d tickets en une heure : ses "
		  "nouvelles alertes sont comptées ici, une par une, jusqu'à "
		  "ce que l'heure soit plus calme. Chaque mail est conservé."
		: "The source %s has opened %d tickets within an hour: its "
		  "new alerts are counted here, each of them, until the hour "
		  "is calmer. Every mail is kept.",
	    facts->source, facts->openings);
}

bool
alert_note(Intake *in, StoreTx *tx, gint64 ticket, const char *which,
    const AlertFacts *facts, Instant now, GError **error)
{
	g_autofree char *text = strcmp(which, "storm") == 0
	    ? storm_words(in, facts)
	    : unmapped_words(in, facts);
	g_autoptr(Event) event = NULL;
	gint64 mail;

	if (!store_add_note(tx, ticket, now, "desk", text, &mail, error))
		return false;
	event = event_new(EVENT_MESSAGE, ticket, now, "desk", mail);
	event_set(event, "author", "desk");
	event_set(event, "visibility", "internal");
	event_set(event, "verified", "yes");
	return store_append(tx, event, error);
}
