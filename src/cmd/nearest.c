/* The subcommand that a mistyped word was meant to be. */
#include "guichet/cmd/app.h"

#include <string.h>

/* Levenshtein's distance, of words so short that rows fit on the stack. */
static gsize
distance(const char *a, const char *b)
{
	gsize row[33];
	gsize length = strlen(b);

	if (length >= G_N_ELEMENTS(row) || strlen(a) >= G_N_ELEMENTS(row))
		return G_MAXSIZE;
	for (gsize j = 0; j <= length; j++)
		row[j] = j;
	for (gsize i = 1; i <= strlen(a); i++) {
		gsize corner = row[0];

		row[0] = i;
		for (gsize j = 1; j <= length; j++) {
			gsize change = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			row[j] = MIN(change, MIN(row[j], row[j - 1]) + 1);
		}
	}
	return row[length];
}

const char *
app_nearest(const char *word, const Subcommand *const *among, gsize count)
{
	const char *nearest = NULL;
	gsize least = 3; /* further away is no slip of the finger */

	for (gsize i = 0; i < count; i++) {
		gsize d = distance(word, among[i]->name);

		if (d < least) {
			least = d;
			nearest = among[i]->name;
		}
	}
	return nearest;
}
