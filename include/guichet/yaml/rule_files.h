/*
 * rule_files: the files that a site edits, as names and bytes, from a directory
 * or from the store. Immutable once sealed; one thread.
 */
#ifndef GUICHET_RULE_FILES_H
#define GUICHET_RULE_FILES_H

#include "guichet/base/problems.h"

/* Relative path ("plans/sos24.yaml") to GBytes, and the hash of them all. */
typedef struct {
	GHashTable *files;
	GHashTable *written; /* path to how the disk spells it, where not so */
	Problems
	    *passed_over; /* what lies there unread, each with the reason */
	char *hash;       /* SHA-256 over the sorted names, lengths and bytes */
} RuleFiles;

/*
 * Reads what the directory's known folders hold: *.yaml, *.ics in calendars/,
 * and *.subject, *.txt, *.html in replies/. NAME.yml is known as NAME.yaml.
 *
 * NULL if anything there cannot be meant as it stands, all of it in
 * `problems`: a file that cannot be read, NAME.yml beside NAME.yaml, an ending
 * in capitals. What has another name, or stands beside the folders and looks
 * like a rule file, is in `passed_over`: `guichet check` and
 * `guichet run` tell it, so that no file is ignored without a word.
 */
RuleFiles *rule_files_read(const char *directory, Problems *problems);
/* A rule file's path for people, as it is on the disk. The caller frees. */
char *rule_files_place(const RuleFiles *files, const char *directory,
    const char *name);
RuleFiles *rule_files_new(void);
void rule_files_add(RuleFiles *files, const char *name, GBytes *bytes);
void rule_files_seal(RuleFiles *files); /* computes the hash */
void rule_files_free(RuleFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RuleFiles, rule_files_free)

#endif
