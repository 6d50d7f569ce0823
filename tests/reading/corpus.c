/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of the shared folder, read to the end. */
#include "support/test.h"

#include "corpus.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool corpus_each(const char *table, void (*each)(const corpus_row *row, void *context), void *context)
{
    char path[1024], line[16384];
    snprintf(path, sizeof path, "%s/%s", EMG_SHARED_DIR, table);
    FILE *file = fopen(path, "rb");
    if (!file) {
        print_message("SKIPPED: %s is not there; the files it lists are not tested\n", path);
        return false;
    }
    bool head = true;
    while (fgets(line, sizeof line, file)) {
        corpus_row row = { .n = 0 };
        line[strcspn(line, "\r\n")] = '\0';
        for (char *cell = line; cell && row.n < CORPUS_COLUMNS;) {
            char *tab = strchr(cell, '\t');
            if (tab)
                *tab++ = '\0';
            row.cell[row.n++] = cell;
            cell = tab;
        }
        if (!head)
            each(&row, context);
        head = false;
    }
    fclose(file);
    return true;
}

static bool note_annotation(void *context, const emg_annotation *annotation)
{
    corpus_result *result = context;
    if (result->n_annotations++ == 0)
        memcpy(result->first_annotation, annotation->text, sizeof result->first_annotation);
    return true;
}

static emg_status read_blocks(corpus_result *result)
{
    for (;;) {
        emg_block block;
        emg_status status = emg_recording_next(result->recording, &block, &result->error);
        if (status != EMG_OK || block.n_frames == 0)
            return status;
        result->n_samples += block.n_frames * block.n_channels;
        for (size_t i = 0; i < block.n_frames * block.n_channels; i++)
            if (!(fabs(block.x[i]) <= 1e18))
                fail_msg("a sample is not finite or not credible");
    }
}

corpus_result corpus_read(const char *path, bool strict)
{
    char full[1024], hash[33];
    corpus_result result = { .error = EMG_ERROR_NONE };
    emg_reading reading = emg_reading_defaults();
    reading.all_channels = true;
    reading.strict = strict;
    snprintf(full, sizeof full, "%s/%s", EMG_SHARED_DIR, path);
    result.status = emg_recording_open(&result.recording, full, &reading, &result.error);
    if (result.status != EMG_OK)
        return result;
    result.status = read_blocks(&result);
    if (result.status == EMG_OK)
        result.status = emg_recording_annotations(result.recording, note_annotation, &result, &result.error);
    if (result.status == EMG_OK)
        result.status = emg_recording_hash(result.recording, hash, &result.error);
    result.facts = *emg_recording_get_facts(result.recording);
    result.n_deviations = emg_recording_n_deviations(result.recording);
    return result;
}

void corpus_close(corpus_result *result)
{
    emg_recording_close(result->recording);
    result->recording = NULL;
}

bool corpus_has(const corpus_result *result, const char *code)
{
    for (size_t i = 0; result->recording && i < emg_recording_n_deviations(result->recording); i++)
        if (strcmp(emg_recording_deviation(result->recording, i)->code, code) == 0)
            return true;
    return false;
}
