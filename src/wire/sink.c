#include "guichet/sink.h"

#include "sink_kinds.h"

#include <string.h>

static void
insert_text(GVariantDict *dict, const char *key, const char *text)
{
	if (text != NULL)
		g_variant_dict_insert(dict, key, "s", text);
}

GVariant *
sink_conf_to_variant(const SinkConf *conf)
{
	GVariantDict dict;

	g_variant_dict_init(&dict, NULL);
	insert_text(&dict, "kind", conf->kind);
	insert_text(&dict, "host", conf->host);
	g_variant_dict_insert(&dict, "port", "q", conf->port);
	g_variant_dict_insert(&dict, "starttls", "b", conf->starttls);
	g_variant_dict_insert(&dict, "plain", "b", conf->plain);
	insert_text(&dict, "user", conf->user);
	insert_text(&dict, "password", conf->password);
	insert_text(&dict, "ca_file", conf->ca_file);
	insert_text(&dict, "helo", conf->helo);
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

SinkConf *
sink_conf_from_variant(GVariant *variant)
{
	SinkConf *conf = g_new0(SinkConf, 1);

	conf->kind = lookup_text(variant, "kind");
	conf->host = lookup_text(variant, "host");
	g_variant_lookup(variant, "port", "q", &conf->port);
	conf->starttls = lookup_bool(variant, "starttls");
	conf->plain = lookup_bool(variant, "plain");
	conf->user = lookup_text(variant, "user");
	conf->password = lookup_text(variant, "password");
	conf->ca_file = lookup_text(variant, "ca_file");
	conf->helo = lookup_text(variant, "helo");
	conf->path = lookup_text(variant, "path");
	return conf;
}

void
sink_conf_free(SinkConf *conf)
{
	if (conf == NULL)
		return;
	g_free(conf->kind);
	g_free(conf->host);
	g_free(conf->user);
	if (conf->password != NULL)
		explicit_bzero(conf->password, strlen(conf->password));
	g_free(conf->password);
	g_free(conf->ca_file);
	g_free(conf->helo);
	g_free(conf->path);
	g_free(conf);
}

GString *
sink_normal_bytes(GBytes *bytes, bool crlf)
{
	gsize length;
	const char *p = g_bytes_get_data(bytes, &length);
	const char *end = p + length;
	const char *eol = crlf ? "\r\n" : "\n";
	GString *out = g_string_sized_new(length + 2);

	while (p < end) {
		const char *stop = p;

		while (stop < end && *stop != '\r' && *stop != '\n')
			stop++;
		g_string_append_len(out, p, stop - p);
		g_string_append(out, eol);
		p = stop;
		if (p < end)
			p += *p == '\r' && p + 1 < end && p[1] == '\n' ? 2 : 1;
	}
	return out;
}

const SinkOps *
sink_ops(const char *kind)
{
	static const SinkOps *const all[] = { &sink_smtp_ops,
		&sink_maildir_ops };

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
		if (g_strcmp0(all[i]->kind, kind) == 0)
			return all[i];
	}
	return NULL;
}
