/* Who wrote the mail that a notice is about, person or monitoring system, as
 * far as contract, signature and alert tell. */
#include "guichet/work/answer.h"

#include "guichet/desk/reply.h"
#include "guichet/words/body.h"

#include <string.h>

void
draft_facts_clear(DraftFacts *facts)
{
	g_free(facts->signature);
	g_free(facts->phone);
	g_free(facts->since);
}

/* As today's rules have them: who the contract's people are. */
static const Contact *
contact_of(const Intake *in, const Occasion *o, const char *address)
{
	const Contract *contract = ruleset_contract(in->ruleset,
	    o->view->ticket->contract);

	for (guint i = 0;
	     contract != NULL && address != NULL && i < contract->contacts->len;
	     i++) {
		const Contact *contact = contract->contacts->pdata[i];

		if (strcmp(contact->address, address) == 0)
			return contact;
	}
	return NULL;
}

static void
find_writer(DraftFacts *facts, const Intake *in, const Occasion *o)
{
	const Message *message = o->gathered->sit.message;
	const Contact *contact = contact_of(in, o, message->identity);

	facts->signature = body_signature(message->text);
	facts->phone = body_phone(facts->signature);
	facts->name = contact != NULL ? contact->name : "";
	facts->function = contact != NULL ? contact->function : "";
	if (contact == NULL || *contact->phone == '\0')
		return;
	/* What the contract says was agreed on; a mail says what it likes. */
	g_free(facts->phone);
	facts->phone = g_strdup(contact->phone);
}

static void
find_alert(DraftFacts *facts, const Occasion *o, const char *language,
    const Zone *zone)
{
	const Ticket *ticket = o->view->ticket;
	const AlertFacts *known = o->gathered != NULL ? o->gathered->sit.alert
						      : NULL;
	const Alert *alert = known != NULL ? known->alert : NULL;
	Instant since = o->gathered != NULL ? o->gathered->sit.received
					    : ticket->received;

	facts->is_alert = true;
	facts->alert = (ReplyAlert){
		.host = alert != NULL ? alert->host : ticket->host,
		.service = alert != NULL ? alert->service : ticket->service,
		.state = alert != NULL ? alert->state : "",
		.source = known != NULL && known->source != NULL ? known->source
								 : "",
		.trusted = known == NULL || known->is_trusted,
	};
	/* Of what goes on, since it began; an end, or a beginning, is now. */
	if (alert != NULL && alert->level != ALERT_LEVEL_OK &&
	    known->known != NULL && known->known->firing &&
	    known->known->turned != INSTANT_NONE)
		since = known->known->turned;
	facts->since = sla_when(since, language, zone);
	facts->alert.since = facts->since;
}

static void
find_proposed(DraftFacts *facts, const Occasion *o, const char *language)
{
	const char *name = o->view->ticket->proposed;
	const Plan *plan = o->view->terms.plan;

	for (guint i = 0; plan != NULL && i < plan->components->len; i++) {
		const Component *one = plan->components->pdata[i];

		if (strcmp(one->name, name) == 0)
			facts->proposed = (ReplyProposed){ one->name,
				words_in(&one->title, language) };
	}
}

void
draft_facts_find(DraftFacts *facts, const Intake *in, const Occasion *o,
    const char *language, const Zone *zone)
{
	bool is_alert = o->gathered != NULL
	    ? o->gathered->sit.alert != NULL
	    : ticket_is_of_an_alert(o->view->ticket);

	facts->name = facts->function = "";
	find_proposed(facts, o, language);
	if (is_alert)
		find_alert(facts, o, language, zone);
	else if (o->gathered != NULL)
		find_writer(facts, in, o);
}
