/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of filters at work share: a signal, one filter of each way to work, output gathered in memory. */
#ifndef DSP_FILTERS_H
#define DSP_FILTERS_H

#include <stdbool.h>

#include <emg/filter.h>
#include <emg/filter_stream.h>

#include "oracle_filter.h"
#include "dsp/signal.h"

enum { N = ORACLE_N_SAMPLES };

/* The signal of oracle_filter.py. */
static inline double *oracle_signal(void)
{
    double *x = signal_new(N);
    uint64_t seed = 5;
    for (size_t i = 0; i < N; i++)
        x[i] = 30 * signal_noise(&seed) + 1000 + 0.02 * (double)i + (i >= 2500 ? 400 : 0) - (i == 4000 ? 900 : 0);
    return x;
}

static inline emg_filter *designed(const emg_filter_plan *plan)
{
    emg_filter *f;
    emg_error err = EMG_ERROR_NONE;
    if (emg_filter_design(&f, plan, &err))
        fail_msg("%s", err.text);
    return f;
}

typedef struct taken {
    double *x;
    size_t n_channels, n, room;
    emg_status answer;
} taken;

static inline emg_status take(void *context, const double *x, size_t n_frames, emg_error *err)
{
    taken *t = context;
    size_t n = n_frames * t->n_channels;
    (void)err;
    assert_true(n_frames > 0);
    if (t->n + n > t->room) {
        t->room = 2 * (t->n + n);
        t->x = realloc(t->x, t->room * sizeof *t->x);
        assert_non_null(t->x);
    }
    memcpy(t->x + t->n, x, n * sizeof *x);
    t->n += n;
    return t->answer;
}

static inline void applied(const emg_filter *f, emg_filter_direction direction, const double *x, size_t n, double *y)
{
    emg_error err = EMG_ERROR_NONE;
    if (emg_filter_apply(f, direction, x, n, y, &err))
        fail_msg("%s", err.text);
}

/* One filter of each way to work. */
static const emg_filter_plan ways[] = {
    { .kind = EMG_FILTER_PASS, .order = 4, .low_hz = 20, .high_hz = 450, .rate_hz = 2048 },
    { .kind = EMG_FILTER_LOW, .order = 5, .high_hz = 30, .rate_hz = 2048 },
    { .family = EMG_FILTER_NOTCH, .low_hz = 50, .q = 30, .rate_hz = 2048 },
    { .family = EMG_FILTER_FIR,
      .kind = EMG_FILTER_PASS,
      .low_hz = 20,
      .high_hz = 450,
      .transition_hz = 15,
      .attenuation_db = 60,
      .rate_hz = 2048 },
    { .family = EMG_FILTER_FIR,
      .kind = EMG_FILTER_LOW,
      .high_hz = 100,
      .transition_hz = 50,
      .attenuation_db = 60,
      .rate_hz = 2048 },
};
enum { N_WAYS = sizeof ways / sizeof *ways, N_DIRECTIONS = 2, N_PADDINGS = 4 };

/* Calls `check` for each filter, direction and padding. */
static inline void for_each_way(void (*check)(const emg_filter *f, emg_filter_direction direction, const double *x),
                                const double *x)
{
    for (size_t i = 0; i < N_WAYS; i++) {
        for (int padding = 0; padding < N_PADDINGS; padding++) {
            emg_filter_plan plan = ways[i];
            plan.padding = (emg_filter_padding)padding;
            emg_filter *f = designed(&plan);
            for (int direction = 0; direction < N_DIRECTIONS; direction++)
                check(f, (emg_filter_direction)direction, x);
            emg_filter_free(f);
        }
    }
}

#endif
