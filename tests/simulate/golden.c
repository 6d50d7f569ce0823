/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints a checksum of the samples and the truth of every preset, for comparing builds with each other. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emg/simulate.h>

static uint64_t add(uint64_t hash, const void *bytes, size_t n)
{
    const unsigned char *b = bytes;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ b[i]) * UINT64_C(1099511628211);
    return hash;
}

static uint64_t sum_of(emg_simulation *s)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    size_t n = (size_t)(4 * emg_simulation_rate_hz(s));
    double *x = calloc(n * emg_simulation_n_channels(s), sizeof *x);
    emg_truth t;
    bool found = true;
    if (!x || emg_simulation_next(s, x, n, NULL) != EMG_OK)
        exit(1);
    hash = add(hash, x, n * emg_simulation_n_channels(s) * sizeof *x);
    free(x);
    for (size_t i = 0; i < 2000 && emg_simulation_next_event(s, &t, &found, NULL) == EMG_OK && found; i++) {
        double facts[] = { t.onset_s, t.duration_s, t.peak_s, t.amplitude_uv, t.frequency_hz };
        for (size_t k = 0; k < 5; k++) { /* the sign of NaN is nobody's promise */
            uint64_t bits = 0;
            if (facts[k] <= 0 || facts[k] > 0)
                memcpy(&bits, &facts[k], sizeof bits);
            hash = add(hash, &bits, sizeof bits);
        }
        hash = add(hash, &t.count, sizeof t.count);
        hash = t.times ? add(hash, t.times, t.count * sizeof *t.times) : hash;
    }
    return hash;
}

int main(void)
{
    const char *name;
    for (size_t i = 0; (name = emg_simulation_preset(i, NULL)) != NULL; i++) {
        emg_simulation *s = NULL;
        if (emg_simulation_new(&s, name, 11, 30, 0, NULL) != EMG_OK)
            return 1;
        printf("%s %016" PRIx64 "\n", name, sum_of(s));
        emg_simulation_free(s);
    }
    return 0;
}
