/*
 * setting_lines: a short list that waits in a setting of the store, a line
 * each: words and numbers between blanks, the last of them maybe with blanks
 * in it.
 */
#ifndef GUICHET_SETTING_LINES_H
#define GUICHET_SETTING_LINES_H

#include "guichet/store/store.h"

typedef struct {
	const char *setting;
	guint words; /* of one line; a line that has fewer is none of ours */
	gpointer (*read)(char *const *words);
	void (*write)(GString *line, gconstpointer one); /* without its end */
	GDestroyNotify free;
} SettingLines;

/* What waits, in the order that it came; empty where nothing was ever kept. */
GPtrArray *
setting_lines_load(const SettingLines *lines, Store *store, GError **error);
bool setting_lines_save(const SettingLines *lines, StoreTx *tx,
    const GPtrArray *all, GError **error);

/* The commonest line: an address and so many numbers, SETTING_NUMBERS_MOST at
 * most, whose places their owner names. */
#define SETTING_NUMBERS_MOST 3

typedef struct {
	char *address;
	guint count;
	gint64 numbers[SETTING_NUMBERS_MOST];
} SettingNumbers;

#define SETTING_NUMBERS(setting, count)                                \
 {                                                                     \
  (setting), (count) + 1, setting_numbers_read, setting_numbers_write, \
      setting_numbers_free                                             \
 }

/* All numbers 0. */
SettingNumbers *setting_numbers_new(const char *address, guint count);
gpointer setting_numbers_read(char *const *words);
void setting_numbers_write(GString *line, gconstpointer one);
void setting_numbers_free(gpointer one);

#endif
