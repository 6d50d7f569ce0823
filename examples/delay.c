/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long one channel lags behind another, by the phases of the frequencies at which they share something. */
#include <math.h>

#include "channel.h"

enum { SEGMENT = 1024, BINS = SEGMENT / 2 + 1 };

/* The lag, in samples, that turns the phases of all frequencies above the level best to one: the peak of a cross-correlation
 * in which each frequency counts by its coherence and not by its power (after Knapp and Carter 1976). */
static double lag_of(const double *csd, const double *coherence, double level)
{
    double best = -INFINITY, found = NAN;
    for (double lag = -SEGMENT / 8; lag <= SEGMENT / 8; lag += 0.05) {
        double sum = 0;
        for (size_t i = 1; i + 1 < BINS; i++) {
            if (coherence[i] > level)
                sum += coherence[i] *
                       cos(atan2(csd[2 * i + 1], csd[2 * i]) + 6.283185307179586 * (double)i * lag / SEGMENT);
        }
        found = sum > best ? lag : found;
        best = fmax(sum, best);
    }
    return found;
}

int main(int argc, char **argv)
{
    emg_error err = EMG_ERROR_NONE;
    size_t n_x = 0, n_y = 0, shared = 0;
    double rate_x = 0, rate_y = 0, csd[2 * BINS], coherence[BINS];
    if (argc != 4)
        return fputs("usage: delay RECORDING CHANNEL CHANNEL\n", stderr), 2;
    double *x = channel_read(argv[1], argv[2], &n_x, &rate_x), *y = channel_read(argv[1], argv[3], &n_y, &rate_y);
    const emg_welch_plan plan = emg_welch_defaults(rate_x, SEGMENT);
    emg_welch_count count = { 0, 0 };
    int failed = !x || !y || rate_x != rate_y || n_x != n_y ||
                 emg_coherence(&plan, x, y, n_x, coherence, NULL, &count, &err) ||
                 emg_csd(&plan, x, y, n_x, csd, NULL, &err);
    if (failed) {
        fprintf(stderr, "%s\n", err.status != EMG_OK ? err.text : "two channels of one rate and length are needed");
    } else {
        double level = emg_coherence_level(count.n_independent, 0.05);
        for (size_t i = 0; i < BINS; i++)
            shared += coherence[i] > level;
        printf("%zu of %d frequencies are above the 95 %% chance level of %.3f\n", shared, BINS, level);
        printf("the second channel lags by %.2f ms\n", 1000 * lag_of(csd, coherence, level) / rate_x);
    }
    free(x);
    free(y);
    return failed;
}
