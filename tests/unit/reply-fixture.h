/* What test_reply.c and test_reply_desk.c have in common. */
#ifndef GUICHET_REPLY_FIXTURE_H
#define GUICHET_REPLY_FIXTURE_H

#include "guichet/desk/reply.h"

static const char *const languages[] = { "fr", "en" };
static const char *const endings[] = { "subject", "txt", "html" };
static const TemplateKind kinds[] = { TEMPLATE_HEADER, TEMPLATE_TEXT,
	TEMPLATE_HTML };

/* In no word of ours, so that a leak is found whatever it hides in. */
#define CANARY "zqx"

static inline char *
read_reply(const char *language, const char *name, const char *ending)
{
	g_autofree char *path = g_strdup_printf("rules/replies/%s/%s.%s",
	    language, name, ending);
	g_autoptr(GError) error = NULL;
	char *text = NULL;

	g_file_get_contents(path, &text, NULL, &error);
	g_assert_no_error(error);
	return text;
}

static inline char *
read_part(gconstpointer data, TemplateKind kind, const char *name)
{
	g_assert_cmpint(kind, ==, TEMPLATE_HTML);
	return read_reply((const char *)data, name, "html");
}

static const TemplateParts reply_parts = { read_part, "parts" };

static inline char *
render(const char *language, const char *name, gsize part, const Values *values)
{
	g_autofree char *text = read_reply(language, name, endings[part]);
	g_autoptr(GError) error = NULL;
	g_autoptr(Template) template = template_parse(text, kinds[part],
	    reply_variables_of(name), &reply_parts, &error);

	g_assert_no_error(error);
	return template_render(template, values);
}

static inline ReplyClock
some_clock(Milestone milestone, Commitment commitment)
{
	return (ReplyClock){
		.milestone = milestone,
		.commitment = commitment,
		.state = SLA_RUNNING,
		.has_term = true,
		.within = { DURATION_TIME, 24 * 3600 },
		.due = (char *)"mardi 24 novembre 2026 à 09:00 (UTC+01:00)",
		.how = (char *)"24 h à partir du lundi 23 à 09:00.",
		.left = 3 * 3600 + 300,
	};
}

static inline ReplyPublic
some_public(GPtrArray *clocks)
{
	return (ReplyPublic){
		.desk = "Assistance Exemple",
		.ticket = 12,
		.subject = "Panne de l'ERP",
		.client = "Minoterie Durand",
		.contract = "Durand 2026",
		.plan = "SOS24",
		.kind = KIND_INCIDENT,
		.severity = 1,
		.severity_words = "bloquante",
		.received = "vendredi 20 novembre 2026 à 18:30 (UTC+01:00)",
		.intake = "lundi 23 novembre 2026 à 09:00 (UTC+01:00)",
		.window = REPLY_WINDOW_OUT,
		.clocks = clocks,
	};
}

/* Everything that a fact can hold. */
typedef struct {
	GPtrArray *clocks, *contacts, *files, *held, *buttons;
	ReplyButton button;
	ReplyClock clock;
	Contact contact;
	ReplyFile file[3];
	ReplyHeld answer;
	ReplyInternal facts;
} Full;

static const char *const errors[] = { "line 1: #" CANARY "resolv", NULL };

static inline void
full_init(Full *full)
{
	full->clocks = g_ptr_array_new();
	full->contacts = g_ptr_array_new();
	full->files = g_ptr_array_new();
	full->held = g_ptr_array_new();
	full->buttons = g_ptr_array_new();
	full->button = (ReplyButton){ .order = (char *)"#resoudre",
		.label = "Résolu",
		.link = (char *)"mailto:" CANARY "@desk.example?body=x&y=1" };
	g_ptr_array_add(full->buttons, &full->button);
	full->clock = some_clock(MILESTONE_RESPONSE, COMMITMENT_GUARANTEED);
	full->contact = (Contact){ .name = (char *)"Jeanne Durand",
		.address = (char *)"jeanne@client.example" };
	full->file[0] = (ReplyFile){ CANARY ".pdf", 12345, REPLY_FILE_SENT };
	full->file[1] = (ReplyFile){ CANARY ".avi", 81234567,
		REPLY_FILE_TOO_LARGE };
	full->file[2] = (ReplyFile){ CANARY ".txt", 7, REPLY_FILE_GONE };
	full->answer = (ReplyHeld){ SEND_ACKNOWLEDGMENT, CANARY };
	g_ptr_array_add(full->clocks, &full->clock);
	g_ptr_array_add(full->contacts, &full->contact);
	for (gsize i = 0; i < 3; i++)
		g_ptr_array_add(full->files, &full->file[i]);
	g_ptr_array_add(full->held, &full->answer);
	full->facts = (ReplyInternal){
		.public = some_public(full->clocks),
		.reason = REASON_NEW_TICKET,
		.state = TICKET_WAITING_CUSTOMER,
		.assigned = CANARY " Anne",
		.writer_name = CANARY " Jean",
		.writer_address = CANARY "@client.example",
		.writer_function = CANARY " DSI",
		.writer_phone = CANARY " 03 29",
		.signature = CANARY " Jean, DSI",
		.lines_cut = 3,
		.buttons = full->buttons,
		.who = WHO_CONTACT,
		.proof = CANARY "dmarc",
		.new_text = CANARY " il a encore tout cassé",
		.files = full->files,
		.held = full->held,
		.answer_to = CANARY "to@client.example",
		.your_text = CANARY " mon texte",
		.errors = errors,
		.file_limit = 10485760,
		.clock = &full->clock,
		.share = 80,
		.failed_what = SEND_REPLY,
		.failed_to = CANARY "failed@client.example",
		.failed_reply = CANARY " 550 no such user",
	};
	full->facts.public.contacts = full->contacts;
	full->facts.public.text = "Le texte pour le client.";
}

static inline void
full_clear(Full *full)
{
	g_ptr_array_unref(full->clocks);
	g_ptr_array_unref(full->contacts);
	g_ptr_array_unref(full->files);
	g_ptr_array_unref(full->held);
	g_ptr_array_unref(full->buttons);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Full, full_clear)

#endif
