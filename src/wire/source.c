#include "guichet/source.h"

#include "source_kinds.h"

#include <string.h>

void
raw_mail_free(RawMail *mail)
{
	if (mail == NULL)
		return;
	g_free(mail->name);
	if (mail->bytes != NULL)
		g_bytes_unref(mail->bytes);
	g_free(mail);
}

SourceMark *
source_mark_new(guint32 uidvalidity, guint32 uid, const char *name)
{
	SourceMark *mark = g_new0(SourceMark, 1);

	mark->uidvalidity = uidvalidity;
	mark->uid = uid;
	mark->name = g_strdup(name != NULL ? name : "");
	return mark;
}

void
source_mark_free(SourceMark *mark)
{
	g_free(mark->name);
	g_free(mark);
}

static void
insert_text(GVariantDict *dict, const char *key, const char *text)
{
	if (text != NULL)
		g_variant_dict_insert(dict, key, "s", text);
}

GVariant *
source_conf_to_variant(const SourceConf *conf)
{
	GVariantDict dict;

	g_variant_dict_init(&dict, NULL);
	insert_text(&dict, "kind", conf->kind);
	insert_text(&dict, "name", conf->name);
	insert_text(&dict, "host", conf->host);
	g_variant_dict_insert(&dict, "port", "q", conf->port);
	g_variant_dict_insert(&dict, "starttls", "b", conf->starttls);
	insert_text(&dict, "user", conf->user);
	insert_text(&dict, "password", conf->password);
	insert_text(&dict, "ca_file", conf->ca_file);
	insert_text(&dict, "folder", conf->folder);
	g_variant_dict_insert(&dict, "since_all", "b", conf->since_all);
	g_variant_dict_insert(&dict, "first_look", "x", conf->first_look);
	g_variant_dict_insert(&dict, "done", "u", (guint32)conf->done);
	insert_text(&dict, "done_name", conf->done_name);
	g_variant_dict_insert(&dict, "poll", "x", conf->poll);
	insert_text(&dict, "path", conf->path);
	return g_variant_dict_end(&dict);
}

static char *
lookup_text(GVariant *variant, const char *key)
{
	char *text = NULL;

	g_variant_lookup(variant, key, "s", &text);
	return text;
}

static bool
lookup_bool(GVariant *variant, const char *key)
{
	gboolean value = FALSE;

	g_variant_lookup(variant, key, "b", &value);
	return value;
}

SourceConf *
source_conf_from_variant(GVariant *variant)
{
	SourceConf *conf = g_new0(SourceConf, 1);
	guint32 done = DONE_NOTHING;

	conf->kind = lookup_text(variant, "kind");
	conf->name = lookup_text(variant, "name");
	conf->host = lookup_text(variant, "host");
	g_variant_lookup(variant, "port", "q", &conf->port);
	conf->starttls = lookup_bool(variant, "starttls");
	conf->user = lookup_text(variant, "user");
	conf->password = lookup_text(variant, "password");
	conf->ca_file = lookup_text(variant, "ca_file");
	conf->folder = lookup_text(variant, "folder");
	conf->since_all = lookup_bool(variant, "since_all");
	conf->first_look = INSTANT_NONE;
	g_variant_lookup(variant, "first_look", "x", &conf->first_look);
	g_variant_lookup(variant, "done", "u", &done);
	conf->done = done <= DONE_MOVE ? (DoneAction)done : DONE_NOTHING;
	conf->done_name = lookup_text(variant, "done_name");
	g_variant_lookup(variant, "poll", "x", &conf->poll);
	conf->path = lookup_text(variant, "path");
	return conf;
}

void
source_conf_free(SourceConf *conf)
{
	if (conf == NULL)
		return;
	g_free(conf->kind);
	g_free(conf->name);
	g_free(conf->host);
	g_free(conf->user);
	if (conf->password != NULL)
		explicit_bzero(conf->password, strlen(conf->password));
	g_free(conf->password);
	g_free(conf->ca_file);
	g_free(conf->folder);
	g_free(conf->done_name);
	g_free(conf->path);
	g_free(conf);
}

const SourceOps *
source_ops(const char *kind)
{
	static const SourceOps *const all[] = { &source_imap_ops,
		&source_maildir_ops };

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
		if (g_strcmp0(all[i]->kind, kind) == 0)
			return all[i];
	}
	return NULL;
}
