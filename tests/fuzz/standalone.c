/*
 * A plain main for a fuzz target: replays the files, and the files of the
 * folders, that are named. Links with any fuzz_*.c where libFuzzer is not.
 */
#include <gio/gio.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
replay(const char *path)
{
	g_autofree char *bytes = NULL;
	g_autofree uint8_t *exact = NULL;
	gsize length;

	if (!g_file_get_contents(path, &bytes, &length, NULL)) {
		g_printerr("%s: cannot be read\n", path);
		exit(1);
	}
	/* No room behind the end, so that overreads are seen. */
	exact = g_memdup2(bytes, length);
	LLVMFuzzerTestOneInput(exact, length);
}

static void
replay_all(const char *path)
{
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	const char *name;

	if (folder == NULL) {
		replay(path);
		return;
	}
	while ((name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *below = g_build_filename(path, name, NULL);

		replay_all(below);
	}
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay_all(argv[i]);
	return 0;
}
