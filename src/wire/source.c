/* The kinds of sources, and what crosses to the process of one. */
#include "guichet/wire/source.h"

#include "conf_variant_private.h"
#include "source_private.h"

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

char *
source_mark_key(guint32 uidvalidity, guint32 uid, const char *name)
{
	return g_strdup_printf("%" G_GUINT32_FORMAT "/%" G_GUINT32_FORMAT "/%s",
	    uidvalidity, uid, name != NULL ? name : "");
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

GVariant *
source_conf_to_variant(const SourceConf *conf)
{
	GVariantDict dict;

	g_variant_dict_init(&dict, NULL);
	conf_variant_insert_text(&dict, "kind", conf->kind);
	conf_variant_insert_text(&dict, "name", conf->name);
	conf_variant_insert_text(&dict, "host", conf->host);
	g_variant_dict_insert(&dict, "port", "q", conf->port);
	g_variant_dict_insert(&dict, "starttls", "b", conf->starttls);
	conf_variant_insert_text(&dict, "user", conf->user);
	conf_variant_insert_text(&dict, "password", conf->password);
	conf_variant_insert_text(&dict, "ca_file", conf->ca_file);
	conf_variant_insert_text(&dict, "folder", conf->folder);
	g_variant_dict_insert(&dict, "since_all", "b", conf->since_all);
	g_variant_dict_insert(&dict, "first_look", "x", conf->first_look);
	g_variant_dict_insert(&dict, "done", "u", (guint32)conf->done);
	conf_variant_insert_text(&dict, "done_name", conf->done_name);
	g_variant_dict_insert(&dict, "poll", "x", conf->poll);
	g_variant_dict_insert(&dict, "alone", "u", conf->alone);
	conf_variant_insert_text(&dict, "path", conf->path);
	conf_variant_insert_text(&dict, "seal", conf->seal);
	g_variant_dict_insert(&dict, "weigh", "b", conf->weigh);
	g_variant_dict_insert(&dict, "weigh_above", "u", conf->weigh_above);
	return g_variant_dict_end(&dict);
}

SourceConf *
source_conf_from_variant(GVariant *variant)
{
	SourceConf *conf = g_new0(SourceConf, 1);
	guint32 done = DONE_NOTHING;

	conf->kind = conf_variant_text(variant, "kind");
	conf->name = conf_variant_text(variant, "name");
	conf->host = conf_variant_text(variant, "host");
	g_variant_lookup(variant, "port", "q", &conf->port);
	conf->starttls = conf_variant_bool(variant, "starttls");
	conf->user = conf_variant_text(variant, "user");
	conf->password = conf_variant_text(variant, "password");
	conf->ca_file = conf_variant_text(variant, "ca_file");
	conf->folder = conf_variant_text(variant, "folder");
	conf->since_all = conf_variant_bool(variant, "since_all");
	conf->first_look = INSTANT_NONE;
	g_variant_lookup(variant, "first_look", "x", &conf->first_look);
	g_variant_lookup(variant, "done", "u", &done);
	conf->done = done <= DONE_MOVE ? (DoneAction)done : DONE_NOTHING;
	conf->done_name = conf_variant_text(variant, "done_name");
	g_variant_lookup(variant, "poll", "x", &conf->poll);
	g_variant_lookup(variant, "alone", "u", &conf->alone);
	conf->path = conf_variant_text(variant, "path");
	conf->seal = conf_variant_text(variant, "seal");
	conf->weigh = conf_variant_bool(variant, "weigh");
	g_variant_lookup(variant, "weigh_above", "u", &conf->weigh_above);
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
	conf_variant_free_secret(conf->password);
	g_free(conf->ca_file);
	g_free(conf->folder);
	g_free(conf->done_name);
	g_free(conf->path);
	g_free(conf->seal);
	g_clear_pointer(&conf->aside, g_hash_table_unref);
	g_clear_pointer(&conf->taken, g_hash_table_unref);
	g_free(conf);
}

char *
source_taken_name(const char *name)
{
	const char *flags = strstr(name, ":2,");

	return flags != NULL ? g_strndup(name, (gsize)(flags - name))
			     : g_strdup(name);
}

void
source_known_add_aside(GString *known, const char *key)
{
	g_string_append_printf(known, "a%s\n", key);
}

void
source_known_add_taken(GString *known, const char *name)
{
	g_autofree char *taken = source_taken_name(name);

	g_string_append_printf(known, "t%s\n", taken);
}

void
source_conf_take_known(SourceConf *conf, GBytes *known)
{
	gsize left;
	const char *p = g_bytes_get_data(known, &left), *end;

	conf->aside = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	conf->taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	for (; left > 0 && (end = memchr(p, '\n', left)) != NULL; p = end + 1) {
		if (end > p)
			g_hash_table_add(*p == 'a' ? conf->aside : conf->taken,
			    g_strndup(p + 1, (gsize)(end - p - 1)));
		left -= (gsize)(end + 1 - p);
	}
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
