/*
 * Orders that bring words of their own: a ticket from a call on the telephone,
 * and an answer that is kept ready.
 */
#include "order_private.h"

#include "guichet/base/text.h"
#include "guichet/judgment/horizon.h"
#include "guichet/yaml/load.h"

#include <string.h>

#define DAY_SECONDS 86400
#define TITLE_MAX   100 /* bytes, of what is taken from a text */

/* ---- arguments ---- */

/* The last such time of the site's day, or an instant with its offset. */
static bool
read_time(const char *word, const OrderReading *reading, Instant *ret_at)
{
	Wall day = wall_midnight(
	    wall_date(zone_wall(reading->zone, reading->written)));
	int32_t seconds;

	if (!load_time(word, strlen(word), &seconds))
		return instant_parse(word, ret_at, NULL);
	*ret_at = zone_instant(reading->zone, day + seconds, ZONE_FIRST);
	if (*ret_at > reading->written)
		*ret_at = zone_instant(reading->zone,
		    day - DAY_SECONDS + seconds, ZONE_FIRST);
	return true;
}

static bool
take_contact(Order *order, const char *word, const OrderReading *reading,
    GError **error)
{
	char *address = text_address_canonical(word);

	if (address == NULL)
		return order_refuse(error,
		    text_in(reading->language,
			"« %.80s » n'est pas une adresse",
			"'%.80s' is no address", word));
	g_free(order->contact);
	order->contact = address;
	return true;
}

/* CONTRACT [CONTACT] [at TIME] [TITLE...] */
static bool
read_new(Order *order, char *const *words, const char *line,
    const OrderReading *reading, GError **error)
{
	gsize i = 1;

	(void)line;
	order_set_text(order, g_ascii_strdown(words[0], -1));
	if (words[i] != NULL && strchr(words[i], '@') != NULL &&
	    !take_contact(order, words[i++], reading, error))
		return false;
	if (words[i] != NULL && words[i + 1] != NULL &&
	    (g_ascii_strcasecmp(words[i], "at") == 0 ||
		g_ascii_strcasecmp(words[i], "a") == 0) &&
	    read_time(words[i + 1], reading, &order->called))
		i += 2;
	g_free(order->title);
	order->title = g_strjoinv(" ", (char **)words + i);
	return true;
}

/* ---- a call ---- */

static Instant
received_at(const OrderCase *c)
{
	return c->order->called != INSTANT_NONE ? c->order->called : c->at;
}

/* Clocks begin when somebody says that they do: within bounds. */
static bool
check_call(const OrderCase *c, GError **error)
{
	Instant at = received_at(c);

	if (at > c->at)
		return order_refuse(error,
		    text_in(c->language, "cet appel est à venir",
			"that call is in the future"));
	if (at < c->at - HORIZON_CALL_SECONDS)
		return order_refuse(error,
		    text_in(c->language,
			"un appel de plus de 24 h ne commence plus un délai : "
			"donnez l'ordre sans heure",
			"a call more than 24 h ago begins no clock any more: "
			"give the order without a time"));
	return true;
}

static bool
check_contact(const OrderCase *c, const Contract *contract, GError **error)
{
	ContactMatch match = *c->order->contact != '\0'
	    ? contract_match(contract, c->order->contact)
	    : CONTACT_NAMED;

	if (match == CONTACT_NAMED ||
	    (match == CONTACT_DOMAIN && !contract->named_contacts_only))
		return true;
	return order_refuse(error,
	    text_in(c->language, "%s n'est pas un contact du contrat %s",
		"%s is no contact of contract %s", c->order->contact,
		contract->name));
}

/* What it falls under, as any mail of theirs that says no more. */
static const Plan *
plan_of(const OrderCase *c, const Contract *contract, Facts *ret_facts)
{
	const Target *targets[MILESTONE_COUNT];
	Terms terms;

	*ret_facts = (Facts){ .scope = "", .component = "" };
	if (!ruleset_terms(c->ruleset, contract, received_at(c), &terms))
		return NULL;
	ret_facts->severity = terms.plan->default_severity;
	ret_facts->kind = terms.plan->default_kind;
	ret_facts->received = received_at(c);
	return plan_in_force(&terms, ret_facts, targets);
}

/* Of its line, else the first of the words below it. */
static char *
title_of(const OrderCase *c)
{
	const char *words = c->words != NULL ? c->words : "";

	if (*c->order->title != '\0')
		return g_strdup(c->order->title);
	return text_clean_line(words, (gssize)strcspn(words, "\n"), TITLE_MAX);
}

static void
open_ticket(Judgment *j, const OrderCase *c, const Contract *contract,
    const Plan *plan, const Facts *facts)
{
	EventStamp stamp = judgment_stamp(j, 0);
	EventOpening opening = {
		.facts = facts,
		.unsure = true,
		.contract = contract->name,
		.plan = plan->name,
		.rules = ruleset_hash(c->ruleset),
		.source = OPENED_BY_CALL,
	};
	Effect *effect;

	stamp.at = received_at(c);
	stamp.mail = 0;
	judgment_write(j, event_make_opened(&stamp, &opening));
	effect = j->decision->effects->pdata[j->decision->effects->len - 1];
	effect->order = c->order;
	effect->title = title_of(c);
	effect->note = g_strdup(
	    c->words != NULL && *c->words != '\0' ? c->words : effect->title);
}

/* Who called is told as if they had written; the others of the desk, too. */
static void
tell(Judgment *j, const OrderCase *c)
{
	Effect *effect;

	if (*c->order->contact != '\0') {
		effect = judgment_send(j, SEND_ACKNOWLEDGMENT, 0);
		effect->to = g_strdup(c->order->contact);
		effect->apart = true;
		effect->at = c->at;
	} else {
		judgment_held(j, 0, SEND_ACKNOWLEDGMENT, HELD_NO_RECIPIENT);
	}
	effect = judgment_notify(j, 0, REASON_NEW_TICKET);
	effect->technician = g_strdup(c->technician);
}

static bool
judge_new(Judgment *j, const OrderCase *c, GError **error)
{
	const Contract *contract = ruleset_contract(c->ruleset, c->order->text);
	g_autofree char *title = NULL;
	const Plan *plan;
	Facts facts;

	if (contract == NULL)
		return order_refuse(error,
		    text_in(c->language, "aucun contrat ne s'appelle « %.80s »",
			"no contract is called '%.80s'", c->order->text));
	if (!check_call(c, error) || !check_contact(c, contract, error))
		return false;
	plan = plan_of(c, contract, &facts);
	if (plan == NULL)
		return order_refuse(error,
		    text_in(c->language, "le contrat %s n'est pas en vigueur",
			"contract %s is not in force", contract->name));
	if (plan->no_calls)
		return order_refuse(error,
		    text_in(c->language,
			"le plan %s n'ouvre aucun ticket par téléphone",
			"plan %s opens no ticket by telephone", plan->name));
	title = title_of(c);
	if (*title == '\0')
		return order_refuse(error,
		    text_in(c->language,
			"dites en quelques mots de quoi il s'agit, sur la même "
			"ligne ou au-dessous",
			"say in a few words what it is about, on the same line "
			"or below"));
	open_ticket(j, c, contract, plan, &facts);
	tell(j, c);
	judgment_trace(j, "order", "a call of %s, as %s says", contract->name,
	    c->technician != NULL ? c->technician : "the manager");
	return true;
}

static gint64
number_of(const OrderCase *c, const Decision *decision)
{
	for (guint i = 0; i < decision->effects->len; i++) {
		const Effect *effect = decision->effects->pdata[i];

		if (effect->kind == EFFECT_OPEN && effect->order == c->order)
			return effect->event->ticket;
	}
	return 0;
}

static char *
report_new(const OrderCase *c, const Decision *decision)
{
	gint64 number = number_of(c, decision);
	g_autofree char *when = sla_when(received_at(c), c->language, c->zone);

	if (*c->order->contact == '\0')
		return text_in(c->language,
		    ORDER_NUMBER " est ouvert, reçu le %s ; sans contact, "
				 "personne n'en est averti.",
		    ORDER_NUMBER " is open, received on %s; without a contact, "
				 "nobody is told.",
		    number, when);
	return text_in(c->language,
	    ORDER_NUMBER " est ouvert, reçu le %s ; %s en est averti.",
	    ORDER_NUMBER " is open, received on %s; %s is told.", number, when,
	    c->order->contact);
}

/* ---- an answer kept ready ---- */

static bool
judge_saved(Judgment *j, const OrderCase *c, GError **error)
{
	g_autofree char *name = g_ascii_strdown(c->order->text, -1);
	g_autofree const char **names = ruleset_answer_names(c->ruleset);
	g_autofree char *all = g_strjoinv(", ", (char **)names);

	if (ruleset_answer(c->ruleset, name, c->language) == NULL)
		return order_refuse(error,
		    text_in(c->language,
			"aucune réponse ne s'appelle « %.40s » ; il y a %s",
			"no answer is called '%.40s'; there are %s",
			c->order->text, *all != '\0' ? all : "-"));
	judgment_trace(j, "order", "the saved answer %s", name);
	return true;
}

static char *
report_saved(const OrderCase *c, const Decision *decision)
{
	(void)decision;
	return text_in(c->language, "La réponse « %s » est partie.",
	    "The answer '%s' went out.", c->order->text);
}

const OrderRow order_row_new = {
	.doors = ORDER_BY_ALL,
	.may = ORDER_MAY_ALL,
	.about = ORDER_ON_DESK,
	.words = ORDER_WORDS_TICKET,
	.name = "new",
	.name_fr = "nouveau",
	.usage = "CONTRACT [CONTACT] [at TIME] [TITLE]",
	.usage_fr = "CONTRAT [CONTACT] [a HEURE] [TITRE]",
	.command = "new",
	.arguments = "CONTRACT [CONTACT] [at TIME] TITLE",
	.min = 1,
	.max = G_MAXUINT,
	.summary = "Open a ticket from a call on the telephone",
	.summary_fr = "Ouvrir un ticket depuis un appel téléphonique",
	.example =
	    "acier-vosges jeanne.morel@acier-vosges.example at 17:05 ERP",
	.read = read_new,
	.judge = judge_new,
	.report = report_new,
};

const OrderRow order_row_saved = {
	.doors = ORDER_BY_MAIL,
	.may = ORDER_MAY_TECHNICIAN,
	.name = "reply",
	.name_fr = "reponse",
	.usage = "NAME",
	.usage_fr = "NOM",
	.min = 1,
	.max = 1,
	.summary = "Send a saved answer to the client, and the words below it",
	.summary_fr = "Envoyer au client une réponse préparée, et le texte "
		      "au-dessous",
	.example = "precisions",
	.read = order_read_name,
	.judge = judge_saved,
	.report = report_saved,
};
