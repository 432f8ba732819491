/* The words of remarks, for clients and for technicians. */
#include "guichet/judgment/remark.h"

#include "guichet/base/names.h"
#include "guichet/yaml/catalog.h"

/* In English, each with one %s for its text (catalog.h has the other languages);
 * NULL: nothing for that reader. */
typedef struct {
	const char *client, *desk;
} Words;

#define REMARKS(X)                                                           \
 X(REMARK_CONTINUES,                                                         \
     "Your request %s was done too long ago to be reopened: your message "   \
     "opens this one, which refers to it.",                                  \
     "Goes on from %s, which was done too long ago to be reopened.")         \
 X(REMARK_ENCRYPTED, NULL,                                                   \
     "ENCRYPTED mail: its words cannot be read here. The original is kept "  \
     "(guichet show N --save FOLDER).")                                      \
 X(REMARK_UNREADABLE,                                                        \
     "Your message is encrypted (PGP or S/MIME): it is on record, but we "   \
     "cannot read it. Send it again without encryption, in answer to this "  \
     "mail; if it holds a secret, do not send the secret, only write what "  \
     "it is about.",                                                         \
     NULL)                                                                   \
 X(REMARK_FILES, NULL,                                                       \
     "The same mail by another path, with files that the first copy did "    \
     "not have.")                                                            \
 X(REMARK_OTHER_ESTIMATE,                                                    \
     "You have answered an estimate that is void: a later one took its "     \
     "place, or the case was closed. Nothing is agreed: please answer our "  \
     "last estimate, or write to us.",                                       \
     "This answers an estimate that is void: a later one took its place, "   \
     "or the case was closed. Nothing is agreed.")                           \
 X(REMARK_OTHER_ASKED, NULL,                                                 \
     "The agreement is asked of %s, and of nobody else: nothing is agreed.") \
 X(REMARK_UNCLEAR, NULL,                                                     \
     "The client answered the estimate without a clear yes or no: nothing "  \
     "is agreed, and the agreement is still asked for.")                     \
 X(REMARK_DENIED, NULL,                                                      \
     "The client says that the answer to the estimate was not theirs: "      \
     "nothing is agreed.")                                                   \
 X(REMARK_WORSE, NULL, "SEVERITY RAISED: %s, by the client's own words.")    \
 X(REMARK_WORSE_WAY, NULL,                                                   \
     "SEVERITY RAISED: %s, by the address that the same mail went to.")
NAME_ROWS(Words, words, REMARKS, REMARK_COUNT);

static void
remark_free(gpointer data)
{
	Remark *remark = data;

	g_free(remark->text);
	g_free(remark);
}

void
remark_add(GPtrArray **remarks, RemarkKind kind, const char *text)
{
	Remark *remark = g_new0(Remark, 1);

	remark->kind = kind;
	remark->text = g_strdup(text);
	if (*remarks == NULL)
		*remarks = g_ptr_array_new_with_free_func(remark_free);
	g_ptr_array_add(*remarks, remark);
}

char *
remark_words(const Remark *remark, bool for_client, const char *language)
{
	const Words *w = &words[remark->kind];
	const char *english = for_client ? w->client : w->desk;

	g_auto(GStrv) parts = NULL;

	if (english == NULL)
		return NULL;
	parts = g_strsplit(catalog_text(language, english), "%s", 2);
	return g_strconcat(parts[0], parts[1] != NULL ? remark->text : "",
	    parts[1], NULL);
}
