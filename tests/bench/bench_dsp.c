/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nanoseconds per channel-sample of each dense stage: bench_dsp [RATE_HZ [SECONDS]]. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "condition/ecg/ecg.h"
#include <emg/quality.h>
#include <emg/quality_stream.h>

#include "dsp/kernels/kernels.h"
#include "condition/powerline/powerline.h"
#include "analysis/detect/detect.h"
#include "dsp/spectrum/spectrum.h"
#include "dsp/filter/filter.h"

/* HELD different blocks are used in turn: noise that came again within a window would have a line spectrum. */
enum { BLOCK = 2048, HELD = 9, ROUNDS = 5 };

typedef struct bench {
    double rate_hz;
    size_t n_channels, n_blocks;
    double *x; /* HELD blocks of interleaved noise, with hum on request */
    float *f;
} bench;

static emg_status nowhere_double(void *context, const double *x, size_t n_frames, emg_error *err)
{
    (void)context, (void)x, (void)n_frames, (void)err;
    return EMG_OK;
}

static emg_status nowhere(void *context, const float *x, size_t n_frames, emg_error *err)
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
        fputs("bench_dsp: a stage failed\n", stderr);
        exit(1);
    }
}

static void run_zerophase(const bench *b, bool single)
{
    emgp_section s[EMGP_MOST_ORDER];
    size_t n;
    must(emgp_butterworth(s, &n, EMGP_BAND_PASS, 4, 20, fmin(450, 0.45 * b->rate_hz), b->rate_hz, NULL));
    emgp_zerophase *z;
    must(emgp_zerophase_new(&z, s, n, b->rate_hz, b->n_channels, single, nowhere, NULL, NULL));
    for (size_t i = 0; i < b->n_blocks; i++)
        must(emgp_zerophase_push(z, b->x + i % HELD * BLOCK * b->n_channels, BLOCK, NULL));
    must(emgp_zerophase_finish(z, NULL));
    emgp_zerophase_free(z);
}

static void zerophase_float(const bench *b)
{
    run_zerophase(b, true);
}

static void zerophase_double(const bench *b)
{
    run_zerophase(b, false);
}

static void powerline(const bench *b)
{
    const emgp_powerline_setting setting = { EMG_POWERLINE_AUTO, 16, 9, 0, NULL, 0 };
    emgp_powerline *m;
    must(emgp_powerline_new(&m, &setting, b->rate_hz, 450, b->n_channels, nowhere, NULL, NULL));
    for (size_t i = 0; i < b->n_blocks; i++)
        must(emgp_powerline_push(m, b->f + i % HELD * BLOCK * b->n_channels, BLOCK, NULL));
    must(emgp_powerline_finish(m, NULL));
    emgp_powerline_free(m);
}

static void ecg(const bench *b)
{
    const emg_ecg_plan plan = emg_ecg_defaults();
    const emgp_ecg_ends ends = { .high_passed = true, .take = nowhere_double };
    emgp_ecg *h;
    must(emgp_ecg_new(&h, &plan, b->rate_hz, b->n_channels, &ends, NULL));
    for (size_t i = 0; i < b->n_blocks; i++)
        must(emgp_ecg_push(h, b->x + i % HELD * BLOCK * b->n_channels, BLOCK, NULL));
    must(emgp_ecg_finish(h, NULL));
    emgp_ecg_free(h);
}

/* A sigma of every channel each second, over 16 s. */
static void noise(const bench *b)
{
    emgp_noise *n;
    must(emgp_noise_new(&n, 0.025, 0.12, 640, b->rate_hz, 20, 450, b->n_channels, NULL));
    double sum = 0, next = b->rate_hz;
    for (size_t i = 0; i < b->n_blocks; i++) {
        emgp_noise_push(n, b->f + i % HELD * BLOCK * b->n_channels, BLOCK);
        for (; (double)(i * BLOCK) >= next; next += b->rate_hz) {
            for (size_t channel = 0; channel < b->n_channels; channel++)
                sum += emgp_noise_sigma(n, channel);
        }
    }
    emgp_noise_free(n);
    if (sum < 0)
        exit(1);
}

static void welch(const bench *b)
{
    emg_welch *w;
    const emg_welch_plan plan = emg_welch_defaults(b->rate_hz, 2048);
    must(emgp_welch_new(&w, &plan, b->n_channels, NULL, 0, true, NULL));
    for (size_t i = 0; i < b->n_blocks; i++)
        emgp_welch_push_float(w, b->f + i % HELD * BLOCK * b->n_channels, BLOCK);
    emg_welch_finish(w);
    emg_welch_free(w);
}

static emg_status no_window(void *context, size_t channel, const emg_quality_window *window, emg_error *err)
{
    (void)context, (void)channel, (void)window, (void)err;
    return EMG_OK;
}

/* Channel quality of the raw signal, bins included. */
static void quality(const bench *b)
{
    emg_quality_channel channels[64];
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    for (size_t i = 0; i < b->n_channels; i++)
        channels[i] = (emg_quality_channel){ true, -INFINITY, INFINITY };
    emg_quality *q;
    must(emg_quality_new(&q, &config.quality, channels, b->n_channels, b->rate_hz, no_window, NULL, NULL));
    for (size_t i = 0; i < b->n_blocks; i++)
        must(emg_quality_push(q, b->x + i % HELD * BLOCK * b->n_channels, BLOCK, NULL));
    must(emg_quality_finish(q, NULL));
    emg_quality_free(q);
}

/* Hum whose whole periods fill a block, so that blocks may be repeated: near 50 Hz. */
static void fill(bench *b, bool hum)
{
    uint64_t state = 1;
    double f_hz = floor(50 * BLOCK / b->rate_hz) * b->rate_hz / BLOCK;
    for (size_t i = 0; i < HELD * BLOCK * b->n_channels; i++) {
        double x = 0, p = 2 * 3.14159265358979 * f_hz * (double)(i / b->n_channels) / b->rate_hz;
        for (int j = 0; j < 12; j++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            x += (double)(state >> 11) * 0x1p-53 - 0.5;
        }
        b->x[i] = x + (hum ? 10 * sin(p) + 3 * sin(3 * p) : 0);
        b->f[i] = (float)b->x[i];
    }
}

/* Beats about 0.8 s apart, ten times the noise. */
static void add_qrs(bench *b)
{
    double rows = HELD * BLOCK, step = 0;
    for (double at = 0.3 * b->rate_hz; at + 0.3 * b->rate_hz < rows; at += step * b->rate_hz) {
        step = 0.8 + 0.05 * sin(at / b->rate_hz);
        for (size_t row = 0; row < HELD * BLOCK; row++) {
            double u = ((double)row - at) / (0.012 * b->rate_hz), wave = 10 * (1 - u * u) * exp(-0.5 * u * u);
            for (size_t channel = 0; channel < b->n_channels; channel++)
                b->x[row * b->n_channels + channel] += wave;
        }
    }
}

/* Best of some rounds. */
static double measure(void (*stage)(const bench *b), const bench *b)
{
    double best = INFINITY;
    for (int i = 0; i < ROUNDS; i++) {
        double start = now_s();
        stage(b);
        best = fmin(best, now_s() - start);
    }
    return 1e9 * best / ((double)b->n_blocks * BLOCK * (double)b->n_channels);
}

int main(int argc, char **argv)
{
    static const size_t channels[] = { 1, 4, 8, 16, 64 };
    double rate_hz = argc > 1 ? strtod(argv[1], NULL) : 2048, seconds = argc > 2 ? strtod(argv[2], NULL) : 120;
    if (!(rate_hz >= 200 && rate_hz <= 1e6 && seconds >= 1 && seconds <= 1e5))
        return 2;
    puts(
        "lanes\tset\tzerophase_float\tzerophase_double\tmains_clean\tmains_hum\tnoise\twelch_float\theart_none\theart_beating"
        "\tquality");
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        bench b = { rate_hz, channels[i], (size_t)(seconds * rate_hz / BLOCK) + 1, NULL, NULL };
        b.x = calloc(HELD * BLOCK * b.n_channels, sizeof *b.x);
        b.f = calloc(HELD * BLOCK * b.n_channels, sizeof *b.f);
        if (!b.x || !b.f)
            return 1;
        fill(&b, false);
        printf("%zu\t%s\t%.2f\t%.2f\t%.2f", b.n_channels, emgp_lanes_for(b.n_channels)->name,
               measure(zerophase_float, &b), measure(zerophase_double, &b), measure(powerline, &b));
        double noise_ns = measure(noise, &b), welch_ns = measure(welch, &b), ecg_ns = measure(ecg, &b);
        double quality_ns = measure(quality, &b);
        add_qrs(&b);
        double beating_ns = measure(ecg, &b);
        fill(&b, true);
        printf("\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\n", measure(powerline, &b), noise_ns, welch_ns, ecg_ns, beating_ns,
               quality_ns);
        free(b.x);
        free(b.f);
    }
    return 0;
}
