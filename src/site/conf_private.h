/*
 * conf_private: the parts of guichet.yaml's loading: conf.c reads the site,
 * conf_wire.c the mailboxes and the way out, conf_border.c the border,
 * conf_technicians.c who works here, conf_secret.c the secret files.
 */
#ifndef GUICHET_CONF_PRIVATE_H
#define GUICHET_CONF_PRIVATE_H

#include "guichet/site/conf.h"
#include "guichet/yaml/load.h"

/* The key's path, from the folder of guichet.yaml; NULL if it is absent. */
char *conf_path(const Conf *conf, const YamlNode *map, const char *key);
/* The same of a file that is to be there; with `secrets` one that cannot be
 * read is reported. */
char *conf_file_path(const Conf *conf, const YamlNode *map, const char *key,
    bool secrets);

void conf_load_border(Conf *conf, const YamlNode *root);
void conf_load_tech_auth(Conf *conf, const YamlNode *root);
/* Once all is read: what of it auth.h's AuthConfig borrows. */
void conf_point_border(Conf *conf);

void conf_load_mailboxes(Conf *conf, const YamlNode *root, bool secrets);
/* How many tickets of one client's alerts are a storm. */
void conf_load_storm(const YamlNode *root, DeskPolicy *policy);
void conf_load_send(Conf *conf, const YamlNode *root, bool secrets);

/* When the desk is told of its day (conf_morning.c). */
void conf_load_morning(Conf *conf, const YamlNode *root);

/* Who works here (conf_technicians.c). */
void conf_load_technicians(Conf *conf, const YamlNode *root);
void conf_technician_free(gpointer technician);
/* The key `language`: French or English. */
char *conf_load_language(const YamlNode *map, const char *absent);

/* The text of the secret file that the key names, without its last line end.
 * NULL if the key is absent, `secrets` is false, or it was reported. */
char *conf_secret(const Conf *conf, const YamlNode *map, const char *key,
    bool secrets);

/* The token keys; NULL where there is no file yet. */
void conf_load_tokens(Conf *conf, const YamlNode *root, bool secrets);

#endif
