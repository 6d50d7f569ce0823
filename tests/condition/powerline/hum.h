/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulated recordings with drifting hum over discharges, and their way through the removal of the line. */
#ifndef DSP_HUM_H
#define DSP_HUM_H

#include "support/test.h"

#include <complex.h>
#include <stdbool.h>

#include <emg/powerline.h>

#include "condition/condition.h"
#include "dsp/signal.h"

/* Figures are in units of the noise's sigma. */
enum { HUM_SECONDS = 60, HUM_HARMONICS = 5, HUM_MOST_DISCHARGES = 400 };

static const double HUM_RMS = 8;

typedef struct hum_scene {
    double rate_hz, nominal_hz, offset_hz, sweep_hz; /* the line swings by +-sweep_hz once a minute */
    size_t n, n_discharges;
    double *quiet; /* white noise and discharges */
    double *hum;
    double complex *turn; /* exp(i phase) of the fundamental */
    double at_s[HUM_MOST_DISCHARGES], peak[HUM_MOST_DISCHARGES];
} hum_scene;

/* A triphasic discharge, 5 ms from end to end. */
static inline double hum_discharge(double t_s)
{
    double u = t_s / 0.0007;
    return fabs(t_s) < 0.0025 ? (1 - u * u) * exp(-u * u / 2) : 0;
}

/* Irregular, 1 a second at the start and 5 at the end, at any phase of the line. */
static inline void hum_add_discharges(hum_scene *s, uint64_t seed)
{
    static const double peaks[] = { 3, 5, 10, 30 };
    const double least = 0.03;
    double at = 0.1;
    for (;;) {
        double interval = 1 / (1 + 4 * at / HUM_SECONDS);
        at += least - log(1 - signal_uniform(&seed)) * (interval - least);
        if (at > HUM_SECONDS - 0.1 || s->n_discharges == HUM_MOST_DISCHARGES)
            break;
        size_t i = s->n_discharges++;
        s->at_s[i] = at;
        s->peak[i] = peaks[i % (sizeof peaks / sizeof *peaks)];
        for (size_t t = (size_t)((at - 0.003) * s->rate_hz); (double)t < (at + 0.003) * s->rate_hz; t++)
            s->quiet[t] += s->peak[i] * hum_discharge((double)t / s->rate_hz - at);
    }
}

/* A minute of white noise of this sigma, discharges, and hum of HUM_RMS with five harmonics. */
static inline hum_scene hum_scene_new(double rate_hz, double nominal_hz, double offset_hz, double sweep_hz,
                                      double sigma)
{
    static const double strength[HUM_HARMONICS] = { 1, 0.4, 0.7, 0.3, 0.5 }, lag[HUM_HARMONICS] = { 0.3, 2, 1, 4, 2.5 };
    hum_scene s = { .rate_hz = rate_hz, .nominal_hz = nominal_hz, .offset_hz = offset_hz, .sweep_hz = sweep_hz };
    uint64_t seed = (uint64_t)(rate_hz + nominal_hz + 10 * sweep_hz);
    s.n = (size_t)(HUM_SECONDS * rate_hz) + 137;
    s.quiet = signal_new(s.n);
    s.hum = signal_new(s.n);
    s.turn = (double complex *)(void *)signal_new(2 * s.n);
    double squares = 0;
    double complex wave[HUM_HARMONICS];
    for (size_t k = 0; k < HUM_HARMONICS; k++)
        squares += strength[k] * strength[k] / 2;
    for (size_t k = 0; k < HUM_HARMONICS; k++)
        wave[k] = HUM_RMS / sqrt(squares) * strength[k] * cexp(I * lag[k]);
    for (size_t i = 0; i < s.n; i++) {
        double t = (double)i / rate_hz, slow = 2 * TEST_PI / 60;
        double phase = 2 * TEST_PI * ((nominal_hz + offset_hz) * t + sweep_hz * (1 - cos(slow * t)) / slow);
        double complex power = 1;
        s.turn[i] = cexp(I * phase);
        for (size_t k = 0; k < HUM_HARMONICS; k++)
            s.hum[i] += cimag((power *= s.turn[i]) * wave[k]);
        s.quiet[i] = sigma * signal_gaussian(&seed);
    }
    hum_add_discharges(&s, seed);
    return s;
}

static inline void hum_scene_free(hum_scene *s)
{
    free(s->quiet);
    free(s->hum);
    free(s->turn);
}

typedef struct hum_taken {
    double *x;
    size_t n_channels, n_frames, room;
    emg_status answer;
} hum_taken;

/* An emg_take_frames function. */
static inline emg_status hum_take(void *context, const double *x, size_t n_frames, emg_error *err)
{
    hum_taken *taken = context;
    (void)err;
    assert_true(taken->n_frames + n_frames <= taken->room);
    memcpy(taken->x + taken->n_frames * taken->n_channels, x, n_frames * taken->n_channels * sizeof *x);
    taken->n_frames += n_frames;
    return taken->answer;
}

/* Through emg_powerline_stream, `cut` frames at a time. found: NULL or one per channel. */
static inline double *hum_streamed(const emg_powerline_plan *plan, double rate_hz, const double *x, size_t n,
                                   size_t n_channels, size_t cut, emg_powerline_found *found)
{
    hum_taken taken = { signal_new(n * n_channels), n_channels, 0, n, EMG_OK };
    emg_powerline_stream *m;
    assert_int_equal(emg_powerline_stream_new(&m, plan, rate_hz, n_channels, hum_take, &taken, NULL), EMG_OK);
    for (size_t at = 0; at < n; at += cut) {
        size_t piece = cut < n - at ? cut : n - at;
        assert_int_equal(emg_powerline_stream_push(m, x + at * n_channels, piece, NULL), EMG_OK);
        assert_true(at + piece - taken.n_frames <= emg_powerline_stream_latency(m));
    }
    assert_int_equal(emg_powerline_stream_finish(m, NULL), EMG_OK);
    assert_int_equal(taken.n_frames, n);
    for (size_t i = 0; found && i < n_channels; i++)
        assert_int_equal(emg_powerline_stream_found(m, i, &found[i], NULL), EMG_OK);
    emg_powerline_stream_free(m);
    return taken.x;
}

static inline double hum_band_high(double rate_hz)
{
    return fmin(450, 0.45 * rate_hz);
}

/* As every tool conditions it, without ECG. */
static inline float *hum_conditioned(double rate_hz, emg_powerline mode, const double *x, size_t n)
{
    emg_condition_config config = emg_config_defaults(EMG_PRESET_SURFACE).condition;
    gathered g = { .n_channels = 1 };
    const emgp_condition_taker taker = { .floats = gather, .context = &g };
    emgp_condition *c;
    config.powerline = mode;
    config.ecg = EMG_ECG_OFF;
    assert_int_equal(emgp_condition_new(&c, &config, rate_hz, 1, 0, &taker, NULL), EMG_OK);
    assert_int_equal(emgp_condition_push(c, x, n, NULL), EMG_OK);
    assert_int_equal(emgp_condition_finish(c, NULL), EMG_OK);
    assert_int_equal(g.n_frames, n);
    emgp_condition_free(c);
    return g.x;
}

/* Whether all bits are the same: signs of zeros, too. */
static inline bool hum_same_bits(const double *a, const double *b, size_t n)
{
    const uint64_t *p = (const uint64_t *)(const void *)a, *q = (const uint64_t *)(const void *)b;
    size_t i = 0;
    while (i < n && p[i] == q[i])
        i++;
    return i == n;
}

static inline double hum_rms_between(const double *a, const double *b, size_t from, size_t to)
{
    double sum = 0;
    for (size_t i = from; i < to; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(sum / (double)(to - from));
}

#endif
