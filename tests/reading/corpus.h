/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of recordings that may lie beside the checkout, and readings of them. */
#ifndef TEST_CORPUS_H
#define TEST_CORPUS_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/recording.h>

enum { CORPUS_COLUMNS = 16 };

/* One line, cut at tabs. */
typedef struct corpus_row {
    char *cell[CORPUS_COLUMNS];
    size_t n;
} corpus_row;

/* Calls `each` for every line but the first of a table in the shared folder; false after a loud word when there is no
 * such table. */
bool corpus_each(const char *table, void (*each)(const corpus_row *row, void *context), void *context);

/* What reading a whole file came to. */
typedef struct corpus_result {
    emg_status status;
    emg_error error;
    emg_recording_facts facts;
    emg_recording *recording;     /* open when it could be opened */
    unsigned long long n_samples; /* of all channels */
    size_t n_annotations, n_deviations;
    char first_annotation[256];
} corpus_result;

/* Reads a file (path within the shared folder) to its end with all channels. */
corpus_result corpus_read(const char *path, bool strict);
void corpus_close(corpus_result *result);

bool corpus_has(const corpus_result *result, const char *code);

#endif
