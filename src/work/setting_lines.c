/* Lists that wait in a setting of the store, a line each. */
#include "guichet/work/setting_lines.h"

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
