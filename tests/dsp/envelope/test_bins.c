/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bins of the raw signal against a plain count, sample by sample, whatever the cuts. */
#include "support/test.h"

#include <stdbool.h>

#include "dsp/envelope/envelope.h"
#include "dsp/signal.h"

enum { LANES = 3, N = 4003, MOST_PLATEAUS = 512 };
static const double limit_low[LANES] = { -INFINITY, -4, -INFINITY }, limit_high[LANES] = { INFINITY, 5, 2 };

typedef struct found {
    double mean[N][LANES], power[N][LANES], low[N][LANES], high[N][LANES], repeats[N][LANES], at_limit[N][LANES];
    double least_step[LANES];
    size_t n_frames[N], n;
    emgp_plateau plateau[MOST_PLATEAUS];
    size_t n_plateaus;
} found;

static emg_status take(void *context, const emgp_bin *bin, emg_error *err)
{
    found *f = context;
    (void)err;
    for (size_t channel = 0; channel < LANES; channel++) {
        f->mean[f->n][channel] = bin->mean[channel];
        f->power[f->n][channel] = bin->power[channel];
        f->low[f->n][channel] = bin->low[channel];
        f->high[f->n][channel] = bin->high[channel];
        f->repeats[f->n][channel] = bin->repeats[channel];
        f->at_limit[f->n][channel] = bin->at_limit[channel];
        f->least_step[channel] = fmin(f->n ? f->least_step[channel] : INFINITY, bin->least_step[channel]);
    }
    f->n_frames[f->n++] = bin->n_frames;
    assert_true(f->n_plateaus + bin->n_plateaus <= MOST_PLATEAUS);
    for (size_t i = 0; i < bin->n_plateaus; i++)
        f->plateau[f->n_plateaus++] = bin->plateau[i];
    return EMG_OK;
}

static found *bins_of(const double *x, double rate_hz, size_t block)
{
    found *f = calloc(1, sizeof *f);
    emgp_bins *b;
    assert_non_null(f);
    assert_int_equal(emgp_bins_new(&b, rate_hz, LANES, limit_low, limit_high, take, f, NULL), EMG_OK);
    for (size_t at = 0; at < N; at += block)
        assert_int_equal(emgp_bins_push(b, x + at * LANES, N - at < block ? N - at : block, NULL), EMG_OK);
    assert_int_equal(emgp_bins_finish(b, NULL), EMG_OK);
    emgp_bins_free(b);
    return f;
}

/* Small whole numbers, so that runs are common. */
static double *steps(void)
{
    double *x = signal_new(N * LANES);
    uint64_t seed = 12;
    for (size_t i = 0; i < N * LANES; i++)
        x[i] = 0.5 * rint(2 * signal_noise(&seed) * (double)(1 + i % LANES));
    for (size_t i = 1000; i < 1100; i++)
        x[i * LANES + 1] = 0.5; /* over many bins */
    return x;
}

static void sums_are_those_of_a_plain_count(void **state)
{
    (void)state;
    static const double rates[] = { 300, 1000, 2048, 20000 };
    double *x = steps();
    for (size_t r = 0; r < 4; r++) {
        const size_t length = emgp_bins_frames(rates[r]);
        found *f = bins_of(x, rates[r], 77);
        assert_int_equal(f->n, (N + length - 1) / length);
        for (size_t bin = 0; bin < f->n; bin++)
            for (size_t channel = 0; channel < LANES; channel++) {
                size_t first = bin * length, end = first + length < N ? first + length : N;
                double sum = 0, squares = 0, low = INFINITY, high = -INFINITY, repeats = 0, limits = 0;
                for (size_t i = first; i < end; i++) {
                    const double v = x[i * LANES + channel], r0 = v - x[channel];
                    sum += r0;
                    squares += r0 * r0;
                    low = fmin(low, v);
                    high = fmax(high, v);
                    repeats += i > 0 && !(fabs(v - x[(i - 1) * LANES + channel]) > 0);
                    limits += v <= limit_low[channel] || v >= limit_high[channel];
                }
                const double n = (double)(end - first);
                assert_near(f->mean[bin][channel], sum / n, 1e-12);
                assert_near(f->power[bin][channel], squares / n - sum * sum / n / n, 1e-9);
                assert_true(f->low[bin][channel] <= low && f->low[bin][channel] >= low);
                assert_true(f->high[bin][channel] <= high && f->high[bin][channel] >= high);
                assert_near(f->repeats[bin][channel], repeats, 0);
                assert_near(f->at_limit[bin][channel], limits, 0);
                assert_int_equal(f->n_frames[bin], end - first);
            }
        assert_true(length > 1 ? fabs(f->least_step[0] - 0.5) < 1e-12 : isinf(f->least_step[0]));
        free(f);
    }
    free(x);
}

/* Every run of three or more that ends, once, with its length, value and both jumps. */
static void runs_are_told_when_they_end(void **state)
{
    (void)state;
    static const double rates[] = { 300, 700, 1000, 2048, 20000 };
    double *x = steps();
    for (size_t r = 0; r < 5; r++)
        for (size_t block = 1; block < 5000; block = block * 7 + 3) {
            found *f = bins_of(x, rates[r], block);
            size_t seen = 0;
            for (size_t channel = 0; channel < LANES; channel++)
                for (size_t i = 0, n; i < N; i += n) {
                    const double v = x[i * LANES + channel];
                    for (n = 1; i + n < N && !(fabs(x[(i + n) * LANES + channel] - v) > 0); n++)
                        ;
                    if (n < 3 || i + n == N)
                        continue;
                    const double in = i > 0 ? fabs(v - x[(i - 1) * LANES + channel]) : 0;
                    const double out = fabs(x[(i + n) * LANES + channel] - v);
                    size_t matches = 0;
                    for (size_t k = 0; k < f->n_plateaus; k++) {
                        const emgp_plateau *p = &f->plateau[k];
                        matches += p->channel == channel && p->n_frames == n && !(fabs(p->value - v) > 0) &&
                                   !(fabs(p->jump_in - in) > 0) && !(fabs(p->jump_out - out) > 0);
                    }
                    assert_true(matches >= 1);
                    seen++;
                }
            assert_true(seen > 40);
            assert_int_equal(seen, f->n_plateaus);
            free(f);
        }
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_those_of_a_plain_count),
        cmocka_unit_test(runs_are_told_when_they_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
