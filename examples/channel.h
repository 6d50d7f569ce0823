/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the examples share: one channel of a recording as an array. */
#ifndef EXAMPLES_CHANNEL_H
#define EXAMPLES_CHANNEL_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emg/emg.h>

/* The samples of the channel that `pattern` names (a label, "#2", "*Soleus"; the first one where it names several), in
 * microvolts where the recording says so, gaps closed up. Freed by free(). NULL after a sentence on standard error. */
static double *channel_read(const char *path, const char *pattern, size_t *n, double *rate_hz)
{
    emg_reading reading = emg_reading_defaults();
    emg_error err = EMG_ERROR_NONE;
    emg_recording *recording;
    double *x = NULL;
    *n = 0;
    reading.channels = &pattern;
    reading.n_channels = 1;
    reading.group_size = 1; /* a block holds one channel */
    if (emg_recording_open(&recording, path, &reading, &err) == EMG_OK) {
        emg_block block;
        size_t wanted = 0;
        while (emg_recording_next(recording, &block, &err) == EMG_OK && block.n_frames > 0) {
            if (*n == 0)
                wanted = block.channel[0];
            if (block.channel[0] != wanted)
                continue;
            double *more = realloc(x, (*n + block.n_frames) * sizeof *x);
            if (!more)
                break;
            x = more;
            memcpy(x + *n, block.x, block.n_frames * sizeof *x);
            *n += block.n_frames;
            *rate_hz = block.rate_hz;
        }
        emg_recording_close(recording);
    }
    if (err.status != EMG_OK || !x) {
        fprintf(stderr, "%s\n", err.status != EMG_OK ? err.text : "no samples, or no memory for them");
        free(x);
        return NULL;
    }
    return x;
}

#endif
