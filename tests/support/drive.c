/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals of a test's own through an analysis, cut as the test likes. */
#include "support/drive.h"

#include "support/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <emg/report_tables.h>
#include <emg/result.h>
#include <emg/simulate.h>
#include <emg/why.h>

#include "support/collect.h"

drive_signal drive_simulation(const char *preset, uint64_t seed, double duration_s)
{
    emg_simulation *s = NULL;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_simulation_new(&s, preset, seed, duration_s, 0, &err), EMG_OK);
    size_t n = emg_simulation_n_channels(s), n_muscles = 0, muscle[64];
    for (size_t c = 0; c < n; c++)
        if (emg_simulation_channel(s, c)->is_muscle)
            muscle[n_muscles++] = c;
    drive_signal signal = { .n_channels = n_muscles, .rate_hz = emg_simulation_rate_hz(s) };
    signal.n_frames = (size_t)(emg_simulation_duration_s(s) * signal.rate_hz);
    double *all = calloc(signal.n_frames * n, sizeof *all);
    signal.x = calloc(signal.n_frames * n_muscles, sizeof *signal.x);
    assert_true(all && signal.x);
    assert_int_equal(emg_simulation_next(s, all, signal.n_frames, &err), EMG_OK);
    for (size_t i = 0; i < signal.n_frames; i++)
        for (size_t m = 0; m < n_muscles; m++)
            signal.x[i * n_muscles + m] = all[i * n + muscle[m]];
    free(all);
    emg_simulation_free(s);
    return signal;
}

/* A number in (0, 1], by a 64-bit linear congruential generator (Knuth). */
static double uniform(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return ((double)(*state >> 11) + 1) / 9007199254740992.0;
}

drive_signal drive_noise(size_t n_channels, double rate_hz, double duration_s, double sigma, uint64_t seed)
{
    drive_signal signal = { .n_channels = n_channels, .rate_hz = rate_hz };
    signal.n_frames = (size_t)(duration_s * rate_hz);
    size_t n = signal.n_frames * n_channels;
    signal.x = calloc(n, sizeof *signal.x);
    assert_non_null(signal.x);
    for (size_t i = 0; i < n; i++) {
        double u = uniform(&seed), v = uniform(&seed);
        signal.x[i] = sigma * sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
    }
    return signal;
}

void drive_free(drive_signal *signal)
{
    free(signal->x);
    signal->x = NULL;
}

void drive_add_potential(drive_signal *signal, size_t channel, double time_s, double peak)
{
    /* The second derivative of a Gaussian: one large phase between two small ones. */
    const double width = 0.0012 * signal->rate_hz;
    double centre = time_s * signal->rate_hz;
    for (long i = (long)(centre - 6 * width); i <= (long)(centre + 6 * width); i++) {
        if (i < 0 || (size_t)i >= signal->n_frames)
            continue;
        double z = ((double)i - centre) / width;
        signal->x[(size_t)i * signal->n_channels + channel] += peak * (1 - z * z) * exp(-z * z / 2);
    }
}

static emg_status push(emg_analysis *a, const drive_signal *s, size_t first, size_t n_channels, size_t frame, size_t n,
                       emg_error *err)
{
    size_t channels[64];
    double *x = calloc(n * n_channels, sizeof *x);
    assert_non_null(x);
    for (size_t channel = 0; channel < n_channels; channel++)
        channels[channel] = first + channel;
    for (size_t i = 0; i < n; i++)
        memcpy(x + i * n_channels, s->x + (frame + i) * s->n_channels + first, n_channels * sizeof *x);
    bool after_gap = s->gap_at > 0 && frame >= s->gap_at;
    emg_block block = { .n_channels = n_channels,
                        .n_frames = n,
                        .x = x,
                        .channel = channels,
                        .rate_hz = s->rate_hz,
                        .start_s = (double)frame / s->rate_hz + (after_gap ? s->gap_s : 0),
                        .new_segment = frame == 0 || (after_gap && frame == s->gap_at) };
    emg_status status = emg_analysis_push(a, &block, err);
    free(x);
    return status;
}

/* Group after group through the whole time, or all groups in step: the results must not care. */
static emg_status push_all(emg_analysis *a, const drive_signal *s, const drive_plan *plan, emg_error *err)
{
    for (size_t first = 0; first < s->n_channels; first += plan->group) {
        size_t n_channels = s->n_channels - first < plan->group ? s->n_channels - first : plan->group;
        for (size_t frame = 0, n; frame < s->n_frames; frame += n) {
            n = s->n_frames - frame < plan->block ? s->n_frames - frame : plan->block;
            if (s->gap_at > frame && s->gap_at < frame + n)
                n = s->gap_at - frame;
            emg_status status = push(a, s, first, n_channels, frame, n, err);
            if (status)
                return status;
        }
    }
    return EMG_OK;
}

emg_status drive_analyse(const drive_signal *s, const drive_plan *plan, emg_result **out, emg_error *err)
{
    static const char *const names[] = { "M1", "M2",  "M3",  "M4",  "M5",  "M6",  "M7",  "M8",
                                         "M9", "M10", "M11", "M12", "M13", "M14", "M15", "M16" };
    emg_config defaults = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_source sources[16];
    assert_true(s->n_channels <= 16);
    for (size_t c = 0; c < s->n_channels; c++)
        sources[c] = (emg_source){ .name = names[c],
                                   .muscle = plan->muscles ? plan->muscles[c] : names[c],
                                   .rate_hz = s->rate_hz,
                                   .calibrated = true,
                                   .reflex_site = plan->reflex_site,
                                   .high_hz = plan->filtered_hz ? plan->filtered_hz[c] : 0,
                                   .action = plan->actions ? plan->actions[c] : EMG_ACTION_NONE,
                                   .clip_low = -INFINITY,
                                   .clip_high = INFINITY };
    emg_analysis *a = NULL;
    *out = NULL;
    emg_status status = emg_analysis_new(&a, sources, s->n_channels, plan->marks, plan->n_marks,
                                         plan->config ? plan->config : &defaults, NULL, err);
    if (status == EMG_OK && plan->ask_to_s > 0)
        status = emg_analysis_ask(a, plan->ask_from_s, plan->ask_to_s, err);
    if (status == EMG_OK && plan->no_sketches)
        status = emg_analysis_no_sketches(a, err);
    if (status == EMG_OK && plan->n_workers > 0)
        status = emg_analysis_workers(a, plan->n_workers, err);
    if (status == EMG_OK)
        status = push_all(a, s, plan, err);
    if (status == EMG_OK)
        status = emg_analysis_finish(a, out, err);
    emg_analysis_free(a);
    return status;
}

char *drive_events(emg_result *result)
{
    collected text = { .text = NULL };
    assert_int_equal(emg_report_events(result, collect, &text, NULL), EMG_OK);
    char *copy = strdup(text.text);
    assert_non_null(copy);
    collected_free(&text);
    return copy;
}
