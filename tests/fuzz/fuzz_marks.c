/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a table of marks, or of muscles, beside a small recording: taken or refused with a sentence; what is read within the
 * marks is finite and in order. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <emg/recording.h>

#include "fuzz.h"

enum { FRAMES = 400, ROOM = 16 * 1024 };

/* Four seconds of two channels at 100 Hz. */
static size_t make_table(char *text)
{
    size_t n = (size_t)snprintf(text, ROOM, "time (s),EMG TA (uV),EMG SOL (uV)\n");
    for (int i = 0; i < FRAMES; i++)
        n += (size_t)snprintf(text + n, ROOM - n, "%.2f,%d,%d\n", i / 100.0, i * 7 % 40 - 20, i * 3 % 30 - 15);
    return n;
}

static void read_all(emg_recording *recording)
{
    double end_s[4] = { -INFINITY, -INFINITY, -INFINITY, -INFINITY };
    emg_block block;
    while (emg_recording_next(recording, &block, NULL) == EMG_OK && block.n_frames > 0) {
        double *end = &end_s[block.channel[0] % 4];
        if (!(block.start_s >= *end - 1e-9))
            abort();
        *end = block.start_s + (double)block.n_frames / block.rate_hz;
        for (size_t i = 0; i < block.n_frames * block.n_channels; i++)
            if (!isfinite(block.x[i]))
                abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char table[ROOM];
    static const char *const all[] = { "*" }, *const rest[] = { "rest*" };
    char path[] = "/tmp/fuzz-marks-XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0)
        return 0;
    ssize_t written = write(fd, data, size);
    close(fd);
    emg_reading reading = emg_reading_defaults();
    if (size % 4 == 3)
        reading.muscles_path = path;
    else
        reading.marks_path = path;
    reading.within = size % 2 ? all : rest;
    reading.n_within = size % 4 == 1;
    reading.without = size % 2 ? all : rest;
    reading.n_without = size % 4 == 2;
    reading.one_course = size % 3 == 0;
    reading.block_frames = size % 5 ? 0 : 33;
    emg_recording *recording = NULL;
    emg_error err = EMG_ERROR_NONE;
    size_t n = make_table(table);
    if (written == (ssize_t)size && emg_recording_open_memory(&recording, table, n, "fuzz", &reading, &err) != EMG_OK &&
        (recording || !*err.text))
        abort();
    if (recording)
        read_all(recording);
    emg_recording_close(recording);
    unlink(path);
    return 0;
}
