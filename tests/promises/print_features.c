/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the table of features as the methods page has it. */
#include <stdio.h>

#include <emg/feature_table.h>

/* A text in which nothing ends a cell of the table. */
static void put_cell(const char *text)
{
    for (; *text; text++) {
        if (*text == '|')
            fputs("\\|", stdout);
        else
            putchar(*text);
    }
}

int main(void)
{
    const emg_feature *row;
    for (size_t i = 0; (row = emg_feature_row(i)); i++) {
        printf("| `%s` | `%s` | %s | ", row->name, row->column, *row->unit ? row->unit : "-");
        put_cell(row->sentence);
        printf(" | ");
        put_cell(row->formula);
        printf(" | %s | %s |\n", row->source, row->by_default ? "yes" : "no");
    }
    return 0;
}
