/*
 * csv: lines that a spreadsheet and an accountant's program read alike (RFC
 * 4180), and no cell of which a spreadsheet takes for a formula
 * (doc/security.md). Text is always quoted; numbers are digits.
 */
#ifndef GUICHET_CSV_H
#define GUICHET_CSV_H

#include "guichet/base/base.h"

typedef struct {
	GString *lines;
	bool begun; /* a cell of the line is there */
} Csv;

/* One clean line; what could begin a formula gets a ' in front. */
void csv_text(Csv *csv, const char *text);
void csv_number(Csv *csv, gint64 number);
/* Empty where it is 0: nobody's number. */
void csv_id(Csv *csv, gint64 id);
/* "20.00", "-169.05". */
void csv_money(Csv *csv, Cents cents);
void csv_end(Csv *csv);

#endif
