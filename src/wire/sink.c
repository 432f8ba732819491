/* The kinds of ways out, and their settings. */
#include "guichet/wire/sink.h"

#include "conf_variant_private.h"
#include "sink_private.h"

GVariant *
sink_conf_to_variant(const SinkConf *conf)
{
	GVariantDict dict;

	g_variant_dict_init(&dict, NULL);
	conf_variant_insert_text(&dict, "kind", conf->kind);
	conf_variant_insert_text(&dict, "host", conf->host);
	g_variant_dict_insert(&dict, "port", "q", conf->port);
	g_variant_dict_insert(&dict, "starttls", "b", conf->starttls);
	g_variant_dict_insert(&dict, "plain", "b", conf->plain);
	conf_variant_insert_text(&dict, "user", conf->user);
	conf_variant_insert_text(&dict, "password", conf->password);
	conf_variant_insert_text(&dict, "ca_file", conf->ca_file);
	conf_variant_insert_text(&dict, "helo", conf->helo);
	conf_variant_insert_text(&dict, "path", conf->path);
	return g_variant_dict_end(&dict);
}

SinkConf *
sink_conf_from_variant(GVariant *variant)
{
	SinkConf *conf = g_new0(SinkConf, 1);

	conf->kind = conf_variant_text(variant, "kind");
	conf->host = conf_variant_text(variant, "host");
	g_variant_lookup(variant, "port", "q", &conf->port);
	conf->starttls = conf_variant_bool(variant, "starttls");
	conf->plain = conf_variant_bool(variant, "plain");
	conf->user = conf_variant_text(variant, "user");
	conf->password = conf_variant_text(variant, "password");
	conf->ca_file = conf_variant_text(variant, "ca_file");
	conf->helo = conf_variant_text(variant, "helo");
	conf->path = conf_variant_text(variant, "path");
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
	conf_variant_free_secret(conf->password);
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
