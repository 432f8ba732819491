/* The words of a report for what a ledger's row is. */
#include "report_paper_private.h"

#include "guichet/base/names.h"
#include "guichet/yaml/catalog.h"

#define LEDGER_WORDS(X)                                \
 X(LEDGER_CREDIT, "package credited")                  \
 X(LEDGER_PAID, "within a minimum that was billed")    \
 X(LEDGER_INCLUDED, "included in the month")           \
 X(LEDGER_PACKAGE, "taken from the package")           \
 X(LEDGER_OVERDRAWN, "overdrawn: no package was left") \
 X(LEDGER_SETTLED, "taken from a later package")       \
 X(LEDGER_LAPSED, "lapsed: the package ended")         \
 X(LEDGER_BILLED, "billed")                            \
 X(LEDGER_MINIMUM, "billed up to the minimum")         \
 X(LEDGER_NOT_DEBITED, "not debited")                  \
 X(LEDGER_NOT_HANDLED, "not part of the contract")     \
 X(LEDGER_WAIVED, "taken back by a person")            \
 X(LEDGER_PENALTY, "for a guarantee that was missed")
NAME_TABLE(ledger_words, LEDGER_WORDS, LEDGER_RULE_COUNT);

const char *
report_words_rule(LedgerRule rule, const char *language)
{
	return catalog_text(language, names_word(&ledger_words, rule));
}

const char *
report_words_colon(const char *language)
{
	return catalog_text(language, "colon|: ");
}
