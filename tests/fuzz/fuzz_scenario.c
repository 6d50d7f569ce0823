/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a scenario: refused with a sentence, or a second of finite samples and a truth that lies within. */
#include <math.h>
#include <stdlib.h>

#include <emg/simulate.h>

#include "fuzz.h"

enum { MOST_FRAMES = 2000 };

static void play(emg_simulation *s)
{
    double x[MOST_FRAMES * 16], rate = emg_simulation_rate_hz(s), length = emg_simulation_duration_s(s);
    size_t n = rate * length < MOST_FRAMES ? (size_t)(rate * length) : MOST_FRAMES,
           n_channels = emg_simulation_n_channels(s);
    if (n_channels > 16 || emg_simulation_next(s, x, n, NULL) != EMG_OK)
        abort();
    for (size_t i = 0; i < n * n_channels; i++)
        if (!isfinite(x[i]))
            abort();
    for (size_t i = 0; i < emg_simulation_n_events(s); i++) {
        const emg_truth *t = emg_simulation_event(s, i);
        if (!(t->duration_s > 0) || t->onset_s < -1 || t->onset_s > length || t->count < 1 || t->channel >= n_channels)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    emg_simulation *s = NULL;
    emg_error err = EMG_ERROR_NONE;
    /* Short, so that a rich scenario does not stop the search. */
    emg_status status = emg_simulation_read(&s, (const char *)data, size, NULL, 1, 10, 1000, &err);
    if (status == EMG_OK)
        play(s);
    else if (!*err.text || s)
        abort();
    emg_simulation_free(s);
    return 0;
}
