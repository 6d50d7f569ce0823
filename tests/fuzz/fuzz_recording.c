/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a recording: opened, every fact asked for, every sample and annotation read; samples are finite. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <emg/recording.h>

#include "fuzz.h"

static bool take(void *context, const emg_annotation *annotation)
{
    size_t *n = context;
    if (strlen(annotation->text) >= sizeof annotation->text || isnan(annotation->onset_s))
        abort();
    return ++*n < 100000;
}

static void check_block(const emg_block *block)
{
    for (size_t i = 0; i < block->n_frames * block->n_channels; i++)
        if (!isfinite(block->x[i]))
            abort();
}

static void read_all(emg_recording *recording)
{
    for (int n = 0; n < 100000; n++) {
        emg_block block;
        if (emg_recording_next(recording, &block, NULL) != EMG_OK || block.n_frames == 0)
            return;
        check_block(&block);
    }
}

/* Every seventeenth size is taken as samples without a header; within and without marks of every text, some. */
static void choose(emg_reading *reading, size_t size)
{
    static const char *const kinds[] = { "s16le,2ch,1000Hz", "f32be,1ch,200Hz", "s24be,3ch,48000Hz", "f64le,1ch,1Hz",
                                         "u8,7ch,2kHz" };
    static const char *const all[] = { "*" };
    if (size % 17 == 0)
        reading->raw = kinds[size / 17 % (sizeof kinds / sizeof *kinds)];
    reading->within = reading->without = all;
    reading->n_within = size % 5 == 1;
    reading->n_without = size % 5 == 2;
    reading->one_course = size % 2;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    emg_reading reading = emg_reading_defaults();
    choose(&reading, size);
    reading.all_channels = size % 2;
    reading.strict = size % 7 == 0;
    reading.block_frames = size % 3 == 0 ? 17 : 0;
    emg_recording *recording = NULL;
    emg_error err = EMG_ERROR_NONE;
    if (emg_recording_open_memory(&recording, data, size, "fuzz", &reading, &err) != EMG_OK) {
        if (recording || err.status == EMG_OK || !*err.text)
            abort(); /* a refusal has a sentence and no handle */
        return 0;
    }
    size_t n_annotations = 0;
    if (emg_recording_annotations(recording, take, &n_annotations, NULL) == EMG_OK)
        read_all(recording);
    for (size_t i = 0; emg_recording_channel(recording, i); i++)
        if (!*emg_recording_channel(recording, i)->name)
            abort(); /* every channel can be told from the others */
    char hash[33];
    if (emg_recording_hash(recording, hash, NULL) == EMG_OK && strlen(hash) != 32)
        abort();
    emg_recording_close(recording);
    return 0;
}
