/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nanoseconds per channel-sample of each filter, and how much longer odd inputs take: bench_filter [CHANNELS [SECONDS]]
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <emg/filter.h>
#include <emg/filter_stream.h>

enum { BLOCK = 2048, ROUNDS = 5 };

/* 2048 Hz throughout; the names are its rows. */
static const struct {
    const char *name;
    emg_filter_plan plan;
    emg_filter_direction direction;
} ways[] = {
    { "butterworth_forward",
      { .kind = EMG_FILTER_PASS, .order = 4, .low_hz = 20, .high_hz = 450, .rate_hz = 2048 },
      EMG_FILTER_FORWARD },
    { "butterworth_zero_phase",
      { .kind = EMG_FILTER_PASS, .order = 4, .low_hz = 20, .high_hz = 450, .rate_hz = 2048 },
      EMG_FILTER_ZERO_PHASE },
    { "notch_zero_phase",
      { .family = EMG_FILTER_NOTCH, .low_hz = 50, .q = 30, .rate_hz = 2048 },
      EMG_FILTER_ZERO_PHASE },
    { "fir_zero_phase",
      { .family = EMG_FILTER_FIR,
        .kind = EMG_FILTER_PASS,
        .low_hz = 20,
        .high_hz = 450,
        .transition_hz = 15,
        .attenuation_db = 60,
        .rate_hz = 2048 },
      EMG_FILTER_ZERO_PHASE },
};

static emg_status nowhere(void *context, const double *x, size_t n_frames, emg_error *err)
{
    (void)context, (void)x, (void)n_frames, (void)err;
    return EMG_OK;
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(emg_status status)
{
    if (status) {
        fputs("bench_filter: a filter failed\n", stderr);
        exit(1);
    }
}

/* Best of some rounds, in nanoseconds per channel-sample. */
static double measure(size_t way, const double *x, size_t n_frames, size_t n_channels)
{
    double best = INFINITY;
    emg_filter *f;
    must(emg_filter_design(&f, &ways[way].plan, NULL));
    for (int i = 0; i < ROUNDS; i++) {
        emg_filter_stream *s;
        must(emg_filter_stream_new(&s, f, ways[way].direction, n_channels, nowhere, NULL, NULL));
        double start = now_s();
        for (size_t t = 0; t < n_frames; t += BLOCK)
            must(emg_filter_stream_push(s, x + t * n_channels, BLOCK, NULL));
        must(emg_filter_stream_finish(s, NULL));
        best = fmin(best, now_s() - start);
        emg_filter_stream_free(s);
    }
    emg_filter_free(f);
    return 1e9 * best / (double)(n_frames * n_channels);
}

int main(int argc, char **argv)
{
    size_t n_channels = argc > 1 ? strtoul(argv[1], NULL, 10) : 16;
    double seconds = argc > 2 ? strtod(argv[2], NULL) : 60;
    if (n_channels < 1 || n_channels > 64 || !(seconds >= 1 && seconds <= 1e4))
        return 2;
    size_t n_frames = ((size_t)(seconds * 2048) / BLOCK + 1) * BLOCK, n = n_frames * n_channels;
    double *noise = calloc(n, sizeof *noise), *denormal = calloc(n, sizeof *denormal),
           *click = calloc(n, sizeof *click);
    if (!noise || !denormal || !click)
        return 1;
    uint64_t state = 1;
    for (size_t i = 0; i < n; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        noise[i] = (double)(state >> 11) * 0x1p-53 - 0.5;
        denormal[i] = noise[i] * 1e-310;
        click[i] = i < n_channels ? 1000 : 0; /* a click, then silence */
    }
    puts("filter\tns_per_sample\tdenormal_ratio\tsilence_ratio");
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        double ordinary = measure(w, noise, n_frames, n_channels);
        printf("%s\t%.2f\t%.2f\t%.2f\n", ways[w].name, ordinary, measure(w, denormal, n_frames, n_channels) / ordinary,
               measure(w, click, n_frames, n_channels) / ordinary);
    }
    free(noise);
    free(denormal);
    free(click);
    return 0;
}
