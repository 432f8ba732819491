/* Lists that wait in a setting of the store, a line each. */
#include "guichet/store/setting_lines.h"

GPtrArray *
setting_lines_load(const SettingLines *lines, Store *store, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(lines->free);
	g_autofree char *text = NULL;
	g_auto(GStrv) each = NULL;

	if (!store_setting(store, lines->setting, &text, error))
		return NULL;
	each = g_strsplit(text != NULL ? text : "", "\n", -1);
	for (gsize i = 0; each[i] != NULL; i++) {
		g_auto(GStrv) words = g_strsplit(each[i], " ",
		    (gint)lines->words);

		if (g_strv_length(words) == lines->words)
			g_ptr_array_add(all, lines->read(words));
	}
	return g_steal_pointer(&all);
}

bool
setting_lines_save(const SettingLines *lines, StoreTx *tx, const GPtrArray *all,
    GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < all->len; i++) {
		lines->write(text, all->pdata[i]);
		g_string_append_c(text, '\n');
	}
	return store_set_setting(tx, lines->setting, text->str, error);
}

SettingNumbers *
setting_numbers_new(const char *address, guint count)
{
	SettingNumbers *one = g_new0(SettingNumbers, 1);

	g_assert(count <= SETTING_NUMBERS_MOST);
	one->address = g_strdup(address);
	one->count = count;
	return one;
}

gpointer
setting_numbers_read(char *const *words)
{
	guint count = g_strv_length((char **)words) - 1;
	SettingNumbers *one = setting_numbers_new(words[0], count);

	for (guint i = 0; i < count; i++)
		one->numbers[i] = g_ascii_strtoll(words[i + 1], NULL, 10);
	return one;
}

void
setting_numbers_write(GString *line, gconstpointer data)
{
	const SettingNumbers *one = data;

	g_string_append(line, one->address);
	for (guint i = 0; i < one->count; i++)
		g_string_append_printf(line, " %" G_GINT64_FORMAT,
		    one->numbers[i]);
}

void
setting_numbers_free(gpointer data)
{
	SettingNumbers *one = data;

	g_free(one->address);
	g_free(one);
}
