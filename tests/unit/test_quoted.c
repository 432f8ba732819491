/*
 * Whatever stands before a line of our notice, and wherever it stands, it is
 * known as a quotation (doc/security.md 2.5): alone, and on its way to a
 * client.
 */
#include "guichet/words/quoted.h"

#include "proof-fixture.h"

/* By the mail programs that write them, and by nobody. */
static const char *const marks[] = { "| ", "|", "|| ", "| | ", "} ", ": ", ":",
	"AM> ", "Anne> ", "am>> ", "» ", "»", "! ", "% ", "¦ ", "│ ", "┃ ",
	"~ ", "= ", "\\ ", "/ ", ") ", "] ", "; ", "$ ", "& ", "^ ", "_ ",
	"AM| ", "AM} ", "> | ", "| > ", "\t| ", "   | ", "* ", "- ", "+ ", "# ",
	"[ ", "@ ", "→ ", "▏", "12> " };

static const char *const ends[] = { "", " ", " |", "\t", "  \r" };

/* Long and short ones, with a sign at either end. */
static const char *const lines[] = { "Contrat  : acier-vosges (SOS24)",
	"État     : nouveau", "Interne.", "mot de passe canari493022",
	"<anne.martin@desk.example>", "(gravité 2)" };

static char *
put(const char *mark, const char *line, const char *end, int place)
{
	g_autofree char *quoted = g_strconcat(mark, line, end, NULL);

	switch (place) {
	case 0:
		return g_strdup_printf("%s\nBonjour.\n", quoted);
	case 1:
		return g_strdup_printf("Bonjour.\n%s\nAu revoir.\n", quoted);
	case 2:
		return g_strdup_printf("Bonjour.\n\n%s", quoted);
	default:
		return g_steal_pointer(&quoted);
	}
}

static void
test_marks(void)
{
	g_autoptr(QuotedLines) known = quoted_lines_new();

	for (gsize l = 0; l < G_N_ELEMENTS(lines); l++)
		quoted_lines_add_internal(known, lines[l]);
	for (gsize m = 0; m < G_N_ELEMENTS(marks); m++) {
		for (gsize l = 0; l < G_N_ELEMENTS(lines); l++) {
			for (gsize e = 0; e < G_N_ELEMENTS(ends); e++) {
				for (int place = 0; place < 4; place++) {
					g_autofree char *text = put(marks[m],
					    lines[l], ends[e], place);

					g_test_message("'%s'", text);
					g_assert_true(
					    quoted_lines_in(known, text));
				}
			}
		}
	}
}

/* A line that a mail program broke: no part of it that tells anything. */
static void
test_broken_lines(void)
{
	static const char line[] = "Le serveur erp1 de la production redémarre "
				   "toutes les dix minutes depuis ce matin";
	g_autoptr(QuotedLines) known = quoted_lines_new();

	quoted_lines_add_internal(known, line);
	for (gsize width = 16; width < sizeof(line); width++) {
		const char *cut = line + width;
		g_autofree char *text = NULL;

		while (*cut != ' ' && *cut != '\0')
			cut++;
		text = g_strdup_printf("Bonjour.\n| %.*s\n|%s\n",
		    (int)(cut - line), line, cut);
		g_assert_true(quoted_lines_in(known, text));
	}
}

/* Two lines of ours, one after the other or apart, as a page made text may have
 * them: joined, broken at any column, in another case, with other blanks. */
static void
test_poured_lines(void)
{
	static const char first[] = "Contrat  : acier-vosges (SOS24)",
			  second[] = "mot de passe canari493022";
	g_autoptr(QuotedLines) known = quoted_lines_new();

	quoted_lines_add_internal(known, first);
	quoted_lines_add_internal(known, second);
	for (int shape = 0; shape < 4; shape++) {
		g_autofree char *joined = g_strdup_printf("Oui, %s%s%s merci.",
		    first, shape % 2 ? " et aussi " : "\t ", second);
		g_autofree char *text = shape < 2 ? g_strdup(joined)
						  : g_utf8_strup(joined, -1);

		for (gsize width = 8; width <= strlen(text); width++) {
			g_autoptr(GString) wrapped = g_string_new(NULL);
			gsize column = 0;

			for (const char *p = text; *p != '\0'; p++, column++) {
				bool cut = *p == ' ' && column >= width;

				g_string_append_c(wrapped, cut ? '\n' : *p);
				column = cut ? 0 : column;
			}
			g_assert_true(quoted_lines_in(known, wrapped->str));
		}
	}
	/* One alone is somebody's own sentence; so is what a client knows. */
	g_assert_false(quoted_lines_in(known,
	    "Le nouveau mot de passe canari493022 est en place."));
	quoted_lines_add_public(known, second);
	g_assert_false(quoted_lines_in(known,
	    "Oui, Contrat : acier-vosges (SOS24), mot de passe canari493022."));
}

/* What a technician writes of their own is no quotation. */
static void
test_own_words(void)
{
	static const char *const own[] = { "Bonjour.",
		"- redémarrage fait\n- sauvegarde vérifiée",
		"Vous écrivez : Le site est lent.\nC'est corrigé.",
		"« Le site est lent » : c'est corrigé.",
		"- Le site est lent : corrigé", "Le site est lent.",
		"Contrat renouvelé.", "PS : état du serveur, demain.",
		"1. Le site est lent.", "" };
	g_autoptr(QuotedLines) known = quoted_lines_new();

	for (gsize l = 0; l < G_N_ELEMENTS(lines); l++)
		quoted_lines_add_internal(known, lines[l]);
	quoted_lines_add_internal(known, "Le site est lent.");
	quoted_lines_add_public(known, "Le site est lent.");
	for (gsize i = 0; i < G_N_ELEMENTS(own); i++) {
		g_test_message("%s", own[i]);
		g_assert_false(quoted_lines_in(known, own[i]));
	}
	/* The client's own words of our notice, behind a mark of a quotation. */
	g_assert_true(quoted_lines_in(known, "Oui.\n| Le site est lent."));
}

/* Cut or refused: no line that only technicians have had. */
static void
assert_told_nothing(Desk *desk)
{
	static const char *const inside[] = { "Contrat", "Échéance",
		"adresse vérifiée", "Nouveau ticket", "#resolve" };
	g_autoptr(GPtrArray) rows = desk_sent(desk, "reply", JEANNE);

	for (guint i = 0; i < rows->len; i++) {
		const OutboxRow *row = rows->pdata[i];

		for (gsize k = 0; k < G_N_ELEMENTS(inside); k++)
			g_assert_null(strstr(row->text, inside[k]));
	}
}

/* On the whole way: nothing of the notice reaches the client. */
static void
test_notice_stays_inside(void)
{
	g_auto(Desk) desk = { 0 };
	g_autofree char *to = NULL;
	g_autoptr(GPtrArray) notices = NULL;
	g_auto(GStrv) notice = NULL;
	guint before;

	desk_set_up(&desk, "");
	deliver(&desk, from_jeanne(STAMP_PASS, "a", "X", ""), T0);
	to = desk_field(&desk, "notice", ANNE, "Reply-To");
	notices = desk_sent(&desk, "notice", ANNE);
	notice = g_strsplit(((OutboxRow *)notices->pdata[0])->text, "\n", -1);
	for (gsize m = 0; m < G_N_ELEMENTS(marks); m++) {
		g_autoptr(GString) words = g_string_new("Bonjour.\n\n");
		g_autofree char *id = g_strdup_printf("m%zu", m);
		g_autofree char *date = g_strdup_printf(
		    "Fri, 20 Nov 2026 18:00:%02d +0100\nMIME-Version: 1.0\n"
		    "Content-Type: text/plain; charset=utf-8",
		    (int)m);

		for (gsize i = 0; notice[i] != NULL; i++)
			g_string_append_printf(words, "%s%s\n", marks[m],
			    notice[i]);
		deliver(&desk, from_anne(STAMP_PASS, to, id, date, words->str),
		    T0 + 3600 + (Instant)m);
		g_test_message("%s", marks[m]);
		assert_told_nothing(&desk);
	}
	before = replies(&desk);
	deliver(&desk, from_anne(STAMP_PASS, to, "z", A_DATE, "Bonjour.\n"),
	    T0 + 7200);
	g_assert_cmpuint(replies(&desk), ==, before + 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(test) g_test_add_func("/quoted/" #test, test_##test)
	ADD(marks);
	ADD(broken_lines);
	ADD(poured_lines);
	ADD(own_words);
	ADD(notice_stays_inside);
#undef ADD
	return g_test_run();
}
