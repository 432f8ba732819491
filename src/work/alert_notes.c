/* Words of the desk's own on an alert's ticket, inside. */
#include "guichet/work/work.h"

#include "guichet/alert/alert_map.h"
#include "guichet/base/text.h"
#include "guichet/desk/desk_answered.h"

#include <string.h>

#define HOSTS_TOLD 20 /* of one contract */

static bool
is_french(const Intake *in)
{
	return text_is_french(in->conf->language);
}

/* ---- hosts ---- */

static const AlertOwner *
owner_of(const GPtrArray *owners, const char *contract)
{
	for (guint i = 0; i < owners->len; i++) {
		const AlertOwner *owner = owners->pdata[i];

		if (strcmp(owner->contract, contract) == 0)
			return owner;
	}
	return NULL;
}

/* A mail's word as a pattern: what would mean something there is any
 * character. The caller frees. */
static char *
as_pattern(const char *host)
{
	return g_strdelimit(g_strdup(host), "\"\\*", '?');
}

/* Lines for hosts.yaml that only lack the contract's name. */
static char *
lines_for(const AlertOwner *owner, const char *source)
{
	GString *lines = g_string_new(NULL);

	for (guint i = 0; i < owner->hosts->len && i < HOSTS_TOLD; i++) {
		g_autofree char *host = as_pattern(owner->hosts->pdata[i]);

		g_string_append_printf(lines,
		    "%s- {source: %s, host: \"%s\", contract: CONTRACT}",
		    i > 0 ? "\n" : "", source, host);
	}
	if (owner->hosts->len == 0) /* it names none */
		g_string_append_printf(lines,
		    "- {source: %s, host: \"*\", contract: CONTRACT}", source);
	return g_string_free(lines, FALSE);
}

/* "web1, web2 (+3)". */
static char *
list_hosts(const AlertOwner *owner)
{
	GString *list = g_string_new(NULL);

	for (guint i = 0; i < owner->hosts->len && i < HOSTS_TOLD; i++)
		g_string_append_printf(list, "%s%s", i > 0 ? ", " : "",
		    (const char *)owner->hosts->pdata[i]);
	if (owner->hosts->len > HOSTS_TOLD)
		g_string_append_printf(list, " (+%u)",
		    owner->hosts->len - HOSTS_TOLD);
	if (owner->hosts->len == 0)
		g_string_append_c(list, '*');
	return g_string_free(list, FALSE);
}

static char *
unmapped_words(const Intake *in, const AlertFacts *facts,
    const GPtrArray *owners)
{
	const AlertOwner *owner = owners->pdata[0];
	g_autofree char *hosts = list_hosts(owner);
	g_autofree char *lines = lines_for(owner, facts->source);
	bool many = owner->hosts->len > 1;

	return is_french(in)
	    ? g_strdup_printf("%s \"%s\" %s à aucun contrat : aucun délai ne "
			      "court. Ajoutez sous `hosts:` dans "
			      "rules/alerts/hosts.yaml (ou, sans `contract`, "
			      "dans le fichier du contrat) :\n\n%s\n\npuis "
			      "rechargez, et rattachez ce ticket : guichet "
			      "event N contract CONTRAT. `guichet alert hosts` "
			      "montre tous les rattachements.",
		  many ? "Les hôtes" : "L'hôte", hosts,
		  many ? "ne sont rattachés" : "n'est rattaché", lines)
	    : g_strdup_printf("The host%s \"%s\" %s mapped to no contract: no "
			      "clock runs. Add below `hosts:` in "
			      "rules/alerts/hosts.yaml (or, without "
			      "`contract`, in the contract's own file):\n\n%s"
			      "\n\nthen reload, and map this ticket: guichet "
			      "event N contract CONTRACT. `guichet alert "
			      "hosts` shows who maps where.",
		  many ? "s" : "", hosts, many ? "are" : "is", lines);
}

/* ---- several clients ---- */

static char *
whose_words(const Intake *in, const GPtrArray *owners)
{
	GString *list = g_string_new(NULL);

	for (guint i = 0; i < owners->len; i++) {
		const AlertOwner *owner = owners->pdata[i];
		g_autofree char *hosts = list_hosts(owner);
		const char *none = is_french(in) ? "aucun contrat"
						 : "no contract";

		g_string_append_printf(list,
		    is_french(in) ? "- %s : %s\n" : "- %s: %s\n",
		    *owner->contract != '\0' ? owner->contract : none, hosts);
	}
	return g_string_free(list, FALSE);
}

/* `joined`: it is one client's ticket already. */
static char *
shared_words(const Intake *in, const GPtrArray *owners, bool joined)
{
	static const char fr_new[] =
	    "Ce groupe d'alertes réunit des hôtes de plusieurs clients : il "
	    "n'est rattaché à aucun contrat, et aucun délai ne court.";
	static const char fr_joined[] =
	    "Ce groupe d'alertes compte maintenant des hôtes d'un autre "
	    "client : ce ticket reste au sien, et aucun délai ne court pour "
	    "l'autre.";
	static const char en_new[] =
	    "This group of alerts holds hosts of several clients: it is "
	    "mapped to no contract, and no clock runs.";
	static const char en_joined[] =
	    "This group of alerts holds hosts of another client now: the "
	    "ticket stays its own client's, and no clock runs for the other.";
	g_autofree char *whose = whose_words(in, owners);

	return is_french(in)
	    ? g_strdup_printf(
		  "%s\n\n%s\nPour un ticket et des délais par client, groupez "
		  "par client dans la supervision : un label \"client\" sur "
		  "chaque cible, et group_by: [client, alertname] "
		  "(Alertmanager) ou \"Group by\" de la politique de "
		  "notification (Grafana). Un ticket sans contrat se rattache "
		  "par : guichet event N contract CONTRAT.",
		  joined ? fr_joined : fr_new, whose)
	    : g_strdup_printf(
		  "%s\n\n%s\nFor a ticket and clocks per client, group by "
		  "client in the monitoring: a label \"client\" on each "
		  "target, and group_by: [client, alertname] (Alertmanager) or "
		  "\"Group by\" of the notification policy (Grafana). A ticket "
		  "without a contract is mapped by: guichet event N contract "
		  "CONTRACT.",
		  joined ? en_joined : en_new, whose);
}

static char *
partly_words(const Intake *in, const AlertFacts *facts, const GPtrArray *owners)
{
	const AlertOwner *owner = owner_of(owners, "");
	const char *client = facts->target.contract;
	g_autofree char *hosts = owner != NULL ? list_hosts(owner) : NULL;
	g_autofree char *lines = owner != NULL ? lines_for(owner, facts->source)
					       : NULL;

	g_assert(owner != NULL); /* that is what the note is about */
	return g_strdup_printf(is_french(in)
		? "Ces hôtes du groupe ne sont rattachés à aucun contrat, et "
		  "comptent ici comme ceux de %s : %s. S'ils sont à un autre "
		  "client, ajoutez sous `hosts:` dans "
		  "rules/alerts/hosts.yaml :\n\n%s"
		: "These hosts of the group are mapped to no contract, and "
		  "count here as those of %s: %s. If they are another "
		  "client's, add below `hosts:` in "
		  "rules/alerts/hosts.yaml:\n\n%s",
	    client, hosts, lines);
}

/* ---- all ---- */

static char *
storm_words(const Intake *in, const AlertFacts *facts)
{
	const Contract *contract = ruleset_contract(in->ruleset,
	    facts->target.contract);

	if (facts->is_client_storm && contract != NULL)
		return g_strdup_printf(is_french(in)
			? "Les alertes de %s ont ouvert %d tickets en peu de "
			  "temps : les nouvelles sont comptées ici, une par "
			  "une. Chaque mail est conservé."
			: "Alerts of %s have opened %d tickets in a short "
			  "time: new ones are counted here, each of them. "
			  "Every mail is kept.",
		    contract->client, facts->client_openings);
	return g_strdup_printf(is_french(in)
		? "La source %s a ouvert %d tickets en une heure : ses "
		  "nouvelles alertes sont comptées ici, une par une, jusqu'à "
		  "ce que l'heure soit plus calme. Chaque mail est conservé."
		: "The source %s has opened %d tickets within an hour: its "
		  "new alerts are counted here, each of them, until the hour "
		  "is calmer. Every mail is kept.",
	    facts->source, facts->openings);
}

/* A mail of a source that no recogniser fits. */
static char *
unknown_words(const Intake *in, const AlertFacts *facts)
{
	const char *key = facts->alert != NULL ? facts->alert->key
					       : facts->known->key;

	return g_strdup_printf(is_french(in)
		? "Aucun fichier de rules/alerts/ ne reconnaît ce mail de la "
		  "source %s : il est compté comme un problème d'après son "
		  "sujet seul (\"%s\"), et ses répétitions arrivent ici. Rien "
		  "ne fermera ce ticket tout seul, même un retour à la "
		  "normale : résolvez-le vous-même.\n\nPour que ces mails "
		  "soient lus : `guichet show N --save=DOSSIER` écrit le mail "
		  "dans un fichier, `guichet alert test FICHIER` montre ce que "
		  "chaque règle y trouve et ce qui manque ; la nouvelle règle "
		  "est un fichier rules/alerts/SYSTEME.yaml, comme le dit "
		  "rules/alerts/words.yaml. Un mail qui doit arriver (\"backup "
		  "ok\") se déclare dans rules/alerts/expected.yaml. Puis "
		  "rechargez."
		: "No file of rules/alerts/ knows this mail of the source %s: "
		  "it counts as a problem by its subject alone (\"%s\"), and "
		  "its repeats come here. Nothing will close this ticket by "
		  "itself, not even a recovery: resolve it yourself.\n\nFor "
		  "such mails to be read: `guichet show N --save=DIR` writes "
		  "the mail to a file, `guichet alert test FILE` shows what "
		  "each rule finds in it and what is lacking; the new rule is "
		  "a file rules/alerts/SYSTEM.yaml, as rules/alerts/words.yaml "
		  "says. A mail that must come (\"backup ok\") is declared in "
		  "rules/alerts/expected.yaml. Then reload.",
	    facts->source, key);
}

/* Of a case that no mail speaks of now, its own host. */
static GPtrArray *
owners_of(const Intake *in, const AlertFacts *facts)
{
	const AlertMap *map = ruleset_alert_map(in->ruleset);
	g_autoptr(GPtrArray) none = NULL;
	Alert known = { 0 };

	if (facts->alert != NULL)
		return alert_map_owners(map, facts->alert, facts->source);
	none = g_ptr_array_new();
	known.host = facts->known->host;
	known.service = facts->known->service;
	known.members = none;
	return alert_map_owners(map, &known, facts->source);
}

static char *
words_of(const Intake *in, EventNote about, const AlertFacts *facts)
{
	g_autoptr(GPtrArray) owners = owners_of(in, facts);

	switch (about) {
	case NOTE_STORM:
		return storm_words(in, facts);
	case NOTE_UNKNOWN_ALERT:
		return unknown_words(in, facts);
	case NOTE_SHARED:
		return shared_words(in, owners, false);
	case NOTE_JOINED:
		return shared_words(in, owners, true);
	case NOTE_PARTLY_MAPPED:
		return partly_words(in, facts, owners);
	case NOTE_UNMAPPED:
		return unmapped_words(in, facts, owners);
	case NOTE_COUNT:
		break;
	}
	g_assert_not_reached();
}

bool
alert_note(Intake *in, StoreTx *tx, const Effect *effect,
    const AlertFacts *facts, Instant now, GError **error)
{
	g_autofree char *text = words_of(in, effect->about, facts);
	g_autoptr(Event) event = NULL;
	gint64 mail;

	if (!store_add_words(tx,
		&(OwnWords){ effect->ticket, now, "desk", "", text, NULL },
		&mail, error))
		return false;
	event = desk_noted(effect->ticket, mail, now);
	return hand_append(tx, event, error);
}
