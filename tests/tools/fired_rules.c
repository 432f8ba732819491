/*
 * fired_rules FILE: what scales weigh of each mail of a file like tests/labelled/
 * own.txt, as lines "ID TAB subject TAB WORDS" and "ID TAB words TAB WORDS" with
 * the ends of lines as "\n", and which of the shipped match rules set anything on
 * it, as lines "ID TAB rule TAB RULE"; tests/labelled/weigh learns from it how
 * much each phrase and each rule's word is worth.
 */
#include "../unit/labelled.h"
#include "../unit/message-bytes.h"

#include "guichet/words/courtesy.h"

#include <locale.h>
#include <stdio.h>

static void
print_words(const char *id, const char *part, const char *words)
{
	g_auto(GStrv) lines = g_strsplit(words, "\n", -1);
	g_autofree char *line = g_strjoinv("\\n", lines);

	printf("%s\t%s\t%s\n", id, part, line);
}

static void
print_fired(const Ruleset *rules, const Labelled *l)
{
	g_autoptr(Message) message = labelled_message(l);
	const MatchContext context = { .mailbox = "help",
		.contract = "studio-orme",
		.robot = "human" };
	g_autoptr(MatchResult) match = match_of(ruleset_match(rules), message,
	    &context);

	g_autofree char *subject = courtesy_cut(message->subject);
	g_autofree char *words = match_weighed_words(message);

	print_words(l->id, "subject", subject);
	print_words(l->id, "words", words);
	for (guint i = 0; i < match->fired->len; i++) {
		const char *label = match->fired->pdata[i];

		printf("%s\trule\t%.*s\n", l->id, (int)strcspn(label, " "),
		    label);
	}
}

int
main(int argc, char **argv)
{
	g_autoptr(Ruleset) rules = NULL;
	g_autoptr(GPtrArray) mails = NULL;

	setlocale(LC_ALL, "C.UTF-8");
	if (argc != 2) {
		fputs("usage: fired_rules FILE\n", stderr);
		return 2;
	}
	rules = shipped_rules();
	mails = labelled_read(argv[1]);
	for (guint i = 0; i < mails->len; i++)
		print_fired(rules, mails->pdata[i]);
	return 0;
}
