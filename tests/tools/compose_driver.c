/*
 * compose_driver: one mail of ours on standard output, for tests in other
 * languages. Arguments are NAME=HEX; each value reaches compose() as the desk
 * would give it. `title` is a ticket's subject and `argument` what stood behind
 * a technician's command: they come through the templates of rules/replies.
 * Exit 0 composed, 1 refused, 2 usage.
 */
#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/compose/compose.h"
#include "guichet/desk/reply.h"

#include <stdio.h>
#include <string.h>

typedef struct {
	GPtrArray *strings, *references, *attachments;
	char *subject, *text, *html;
	Letter letter;
} Driver;

static GByteArray *
unhex(const char *hex)
{
	GByteArray *bytes = g_byte_array_new();

	for (; g_ascii_isxdigit(hex[0]) && g_ascii_isxdigit(hex[1]); hex += 2) {
		guint8 byte = (guint8)(g_ascii_xdigit_value(hex[0]) << 4 |
		    g_ascii_xdigit_value(hex[1]));

		g_byte_array_append(bytes, &byte, 1);
	}
	return bytes;
}

static Attachment *
last_attachment(Driver *driver)
{
	return g_ptr_array_index(driver->attachments,
	    driver->attachments->len - 1);
}

static char *
read_reply(const char *folder, const char *name, const char *ending)
{
	g_autofree char *path = g_strdup_printf("rules/replies/%s/%s.%s",
	    folder, name, ending);
	char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		g_error("%s: not found; run from the project's folder", path);
	return text;
}

static char *
read_part(gconstpointer data, TemplateKind kind, const char *name)
{
	(void)data;
	return read_reply("parts", name,
	    kind == TEMPLATE_HTML ? "html" : "txt");
}

static char *
render(const char *part, TemplateKind kind, const Values *values)
{
	static const TemplateParts parts = { .find = read_part };
	g_autofree char *text = read_reply("fr", "refusal", part);
	g_autoptr(Template) template = NULL;
	g_autoptr(GError) error = NULL;

	template = template_parse(text, kind, reply_variables, &parts, &error);
	g_assert_no_error(error);
	return template_render(template, values);
}

/* A refusal with these words of a stranger's and of a technician's. */
static void
set_refusal(Driver *driver, const char *title, const char *argument)
{
	const char *errors[] = { argument, NULL };
	ReplyInternal facts = {
		.public = { .desk = "Assistance",
		    .ticket = 12,
		    .subject = title },
		.reason = REASON_BAD_COMMAND,
		.errors = errors,
		.your_text = argument,
	};
	g_autoptr(Values) values = reply_technician_values(&facts, "fr");

	driver->subject = render("subject", TEMPLATE_HEADER, values);
	driver->text = render("txt", TEMPLATE_TEXT, values);
	driver->html = render("html", TEMPLATE_HTML, values);
	driver->letter.subject = driver->subject;
	driver->letter.text = driver->text;
	driver->letter.html = driver->html;
}

/* True if it was a plain field of the letter. */
static bool
set_field(Letter *letter, const char *name, const char *value)
{
	const struct {
		const char *name;
		const char **field;
	} rows[] = {
		{ "from_name", &letter->from_name },
		{ "from_address", &letter->from_address },
		{ "to_name", &letter->to_name },
		{ "to_address", &letter->to_address },
		{ "reply_to", &letter->reply_to },
		{ "subject", &letter->subject },
		{ "message_id", &letter->message_id },
		{ "in_reply_to", &letter->in_reply_to },
		{ "loop", &letter->loop },
		{ "zone", &letter->zone },
		{ "language", &letter->language },
		{ "text", &letter->text },
		{ "html", &letter->html },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (strcmp(rows[i].name, name) == 0) {
			*rows[i].field = value;
			return true;
		}
	}
	return false;
}

static bool
set_argument(Driver *driver, const char *argument)
{
	const char *equals = strchr(argument, '=');
	g_autofree char *name = NULL;
	GByteArray *bytes;
	char *value;

	if (equals == NULL)
		return false;
	name = g_strndup(argument, (gsize)(equals - argument));
	bytes = unhex(equals + 1);
	value = g_strndup((const char *)bytes->data, bytes->len);
	g_ptr_array_add(driver->strings, value);
	if (strcmp(name, "reference") == 0)
		g_ptr_array_add(driver->references, value);
	else if (strcmp(name, "title") == 0)
		set_refusal(driver, value, "");
	else if (strcmp(name, "argument") == 0)
		set_refusal(driver, "Panne", value);
	else if (strcmp(name, "kind") == 0)
		driver->letter.kind = strcmp(value, "person") == 0
		    ? LETTER_PERSON
		    : strcmp(value, "generated") == 0 ? LETTER_GENERATED
						      : LETTER_REPLIED;
	else if (strcmp(name, "attach") == 0) {
		g_ptr_array_add(driver->attachments, g_new0(Attachment, 1));
		last_attachment(driver)->content = g_byte_array_free_to_bytes(
		    g_byte_array_ref(bytes));
	} else if (strcmp(name, "name") == 0)
		last_attachment(driver)->name = value;
	else if (strcmp(name, "type") == 0)
		last_attachment(driver)->type = value;
	else if (!set_field(&driver->letter, name, value)) {
		g_byte_array_unref(bytes);
		return false;
	}
	g_byte_array_unref(bytes);
	return true;
}

static int
run(Driver *driver)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = NULL;
	gsize length;
	const void *data;

	g_ptr_array_add(driver->references, NULL);
	driver->letter.references =
	    (const char *const *)driver->references->pdata;
	driver->letter.attachments = driver->attachments;
	bytes = compose(&driver->letter, &error);
	if (bytes == NULL) {
		fprintf(stderr, "%s\n", error->message);
		return 1;
	}
	data = g_bytes_get_data(bytes, &length);
	return fwrite(data, 1, length, stdout) == length ? 0 : 1;
}

static void
free_attachment(gpointer data)
{
	Attachment *attachment = data;

	g_bytes_unref(attachment->content);
	g_free(attachment);
}

int
main(int argc, char **argv)
{
	Driver driver = {
		.strings = g_ptr_array_new_with_free_func(g_free),
		.references = g_ptr_array_new(),
		.attachments = g_ptr_array_new_with_free_func(free_attachment),
		.letter = {
			.from_name = "Assistance",
			.from_address = "help@desk.example",
			.to_name = "Jean",
			.to_address = "jean@client.example",
			.subject = "Re: Panne [#12]",
			.message_id = "k1.12.1.abcd.efgh@desk.example",
			.date = 1795190400,
			.zone = "Europe/Paris",
			.text = "Bonjour,\n",
		},
	};
	int status = 2;
	int done = 1;

	while (done < argc && set_argument(&driver, argv[done]))
		done++;
	if (done == argc)
		status = run(&driver);
	else
		fprintf(stderr, "usage: compose_driver NAME=HEX...\n");
	g_ptr_array_unref(driver.strings);
	g_ptr_array_unref(driver.references);
	g_ptr_array_unref(driver.attachments);
	g_free(driver.subject);
	g_free(driver.text);
	g_free(driver.html);
	return status;
}
