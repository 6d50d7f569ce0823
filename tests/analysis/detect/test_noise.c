/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The noise's sigma: calibrated for band-limited noise, under activity, whatever the company. */
#include "support/test.h"

#include "analysis/detect/detect.h"
#include "dsp/filter/filter.h"
#include "dsp/signal.h"

/* n seconds of white noise of sigma 1 through 20 to 450 Hz, and the sigma it then has. */
static float *band_noise(double rate_hz, size_t n, uint64_t seed, double *sigma)
{
    double high = fmin(450, 0.45 * rate_hz);
    emgp_section s[EMGP_MOST_ORDER];
    size_t n_sections;
    assert_int_equal(emgp_butterworth(s, &n_sections, EMGP_BAND_PASS, 4, 20, high, rate_hz, NULL), EMG_OK);
    gathered g = { .n_channels = 1 };
    emgp_zerophase *z;
    assert_int_equal(emgp_zerophase_new(&z, s, n_sections, rate_hz, 1, false, gather, &g, NULL), EMG_OK);
    for (size_t i = 0; i < n; i++) {
        double x = signal_gaussian(&seed);
        assert_int_equal(emgp_zerophase_push(z, &x, 1, NULL), EMG_OK);
    }
    assert_int_equal(emgp_zerophase_finish(z, NULL), EMG_OK);
    emgp_zerophase_free(z);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)g.x[i] * (double)g.x[i];
    *sigma = sqrt(sum / (double)n);
    return g.x;
}

static emgp_noise *track(double rate_hz, size_t n_blocks, size_t n_channels)
{
    emgp_noise *n;
    assert_int_equal(
        emgp_noise_new(&n, 0.025, 0.12, n_blocks, rate_hz, 20, fmin(450, 0.45 * rate_hz), n_channels, NULL), EMG_OK);
    return n;
}

/* Quiet noise of 60 s: within 3 % (the estimate's own scatter is then about 1 %). */
static void sigma_is_calibrated(void **state)
{
    (void)state;
    static const double rates[] = { 500, 1000, 2000, 2048, 5000, 20000 };
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        size_t frames = (size_t)(120 * rates[i]);
        double sigma, worst = 0;
        float *x = band_noise(rates[i], frames, 41 + i, &sigma);
        emgp_noise *n = track(rates[i], 2400, 1);
        for (size_t at = 0; at < 2; at++) {
            emgp_noise_push(n, x + at * frames / 2, frames / 2);
            worst = fmax(worst, fabs(emgp_noise_sigma(n, 0) / sigma - 1));
        }
        if (!(worst < 0.03))
            fail_msg("%g Hz: off by %.1f %%", rates[i], 100 * worst);
        emgp_noise_free(n);
        free(x);
    }
}

/* Bursts of ten times the noise for 40 % of the time, regular or not, of 60 ms or 0.4 s: within 10 %. */
static void activity_hardly_moves_it(void **state)
{
    (void)state;
    const double rate = 2048;
    const size_t frames = 32 * 2048;
    static const double lengths_s[] = { 0.06, 0.1, 0.4, 2 };
    for (size_t i = 0; i < sizeof lengths_s / sizeof *lengths_s; i++) {
        for (int regular = 0; regular < 2; regular++) {
            double sigma;
            float *x = band_noise(rate, frames, 90 + i, &sigma);
            uint64_t seed = 17 + i;
            size_t on = (size_t)(lengths_s[i] * rate), at = 100;
            while (at < frames) {
                for (size_t t = at; t < at + on && t < frames; t++)
                    x[t] *= 10;
                double gap = 1.5 * (double)on * (regular ? 1 : 2 * signal_uniform(&seed));
                at += on + (size_t)gap;
            }
            emgp_noise *n = track(rate, 1280, 1);
            emgp_noise_push(n, x, frames);
            double error = emgp_noise_sigma(n, 0) / sigma - 1;
            if (!(fabs(error) < 0.10))
                fail_msg("bursts of %g s%s: off by %.1f %%", lengths_s[i], regular ? ", regular" : "", 100 * error);
            emgp_noise_free(n);
            free(x);
        }
    }
}

/* Blocks are as long as asked for, to the nearest odd number of samples. */
static void blocks_are_as_long_as_asked(void **state)
{
    (void)state;
    static const struct {
        double rate_hz;
        size_t frames;
    } cases[] = { { 1000, 25 }, { 2048, 51 }, { 2000, 51 }, { 20000, 501 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emgp_noise *n = track(cases[i].rate_hz, 8, 1);
        assert_int_equal(emgp_noise_block_frames(n), cases[i].frames);
        emgp_noise_free(n);
    }
}

/* It follows: the blocks of before are forgotten. */
static void ring_forgets(void **state)
{
    (void)state;
    double sigma;
    const size_t frames = 20480;
    float *x = band_noise(2048, frames, 5, &sigma);
    emgp_noise *n = track(2048, 100, 1);
    emgp_noise_push(n, x, frames);
    double before = emgp_noise_sigma(n, 0);
    for (size_t i = 0; i < frames; i++)
        x[i] *= 4;
    emgp_noise_push(n, x, 100 * emgp_noise_block_frames(n));
    assert_true(fabs(emgp_noise_sigma(n, 0) / before - 4) < 0.6);
    emgp_noise_reset(n);
    assert_true(isnan(emgp_noise_sigma(n, 0)));
    emgp_noise_free(n);
    free(x);
}

/* Dead frames of one channel count for nobody: its noise is that of the live frames alone, the others' what it was. */
static void dead_frames_do_not_count(void **state)
{
    (void)state;
    double sigma;
    const size_t block = 51, blocks = 600;
    float *x = band_noise(2048, block * blocks, 9, &sigma), *two = malloc(2 * block * blocks * sizeof *two);
    assert_non_null(two);
    emgp_noise *both = track(2048, 100, 2), *live = track(2048, 100, 1), *all = track(2048, 100, 1);
    for (size_t b = 0; b < blocks; b++) {
        const bool dead[2] = { false, b < 5 || b % 90 < 60 };
        for (size_t i = 0; i < block; i++) {
            two[2 * i] = x[b * block + i];
            two[2 * i + 1] = dead[1] ? 1e-3F : two[2 * i];
        }
        emgp_noise_push_dead(both, two, 20, dead[1] && b % 2 ? dead : NULL); /* a part of the block is enough */
        emgp_noise_push_dead(both, two + 40, block - 20, dead);
        emgp_noise_push(all, x + b * block, block);
        if (!dead[1])
            emgp_noise_push(live, x + b * block, block);
        assert_true(b >= 60 || isnan(emgp_noise_sigma(both, 1)));
        assert_true(emgp_noise_sigma(both, 0) == emgp_noise_sigma(all, 0));
        assert_true(emgp_noise_sigma_recent(both, 0, 17) == emgp_noise_sigma_recent(all, 0, 17));
        if (b < 61)
            continue;
        assert_true(emgp_noise_sigma(both, 1) == emgp_noise_sigma(live, 0));
        assert_true(emgp_noise_sigma_recent(both, 1, 17) == emgp_noise_sigma_recent(live, 0, 17));
    }
    emgp_noise_reset(both);
    emgp_noise_push(both, two, 1);
    assert_true(isnan(emgp_noise_sigma(both, 0)));
    emgp_noise_free(both);
    emgp_noise_free(live);
    emgp_noise_free(all);
    free(two);
    free(x);
}

/* The latest blocks alone give what a track that holds no more than these gives, wherever the ring begins. */
static void recent_blocks_alone(void **state)
{
    (void)state;
    double sigma;
    const size_t frames = 30000;
    float *x = band_noise(2048, frames, 7, &sigma);
    for (size_t i = 0; i < frames; i++)
        x[i] *= 1 + (float)i / (float)frames;
    emgp_noise *ring = track(2048, 100, 1), *small = track(2048, 17, 1);
    assert_true(isnan(emgp_noise_sigma_recent(ring, 0, 17)));
    for (size_t at = 0; at + 700 <= frames; at += 700) {
        emgp_noise_push(ring, x + at, 700);
        emgp_noise_push(small, x + at, 700);
        assert_true(emgp_noise_sigma_recent(ring, 0, 17) == emgp_noise_sigma(small, 0));
        assert_true(emgp_noise_sigma_recent(ring, 0, 1000) == emgp_noise_sigma(ring, 0));
    }
    assert_true(emgp_noise_sigma_recent(ring, 0, 17) != emgp_noise_sigma(ring, 0));
    emgp_noise_free(ring);
    emgp_noise_free(small);
    free(x);
}

/* The same bytes for any cut, any neighbours, and any scale within the keys' range. */
static void bytes_do_not_depend_on_cut_or_company(void **state)
{
    (void)state;
    double sigma;
    const size_t frames = 5000;
    float *x = band_noise(2048, frames, 6, &sigma);
    emgp_noise *alone = track(2048, 64, 1);
    emgp_noise_push(alone, x, frames);
    double expected = emgp_noise_sigma(alone, 0);
    for (size_t m = 2; m <= 64; m += 7) {
        emgp_noise *n = track(2048, 64, m);
        float *row = calloc(m, sizeof *row);
        assert_non_null(row);
        uint64_t seed = m;
        for (size_t t = 0; t < frames; t++) {
            for (size_t channel = 0; channel < m; channel++)
                row[channel] = channel + 1 == m ? x[t] : (float)(100 * signal_noise(&seed));
            emgp_noise_push(n, row, 1);
            if (t % 999 == 0)
                (void)emgp_noise_sigma(n, 0);
        }
        assert_true(emgp_noise_sigma(n, m - 1) == expected);
        free(row);
        emgp_noise_free(n);
    }
    emgp_noise_free(alone);
    free(x);
}

static void constant_and_extreme_samples(void **state)
{
    (void)state;
    emgp_noise *n = track(2048, 64, 3);
    for (size_t t = 0; t < 4096; t++) {
        float row[3] = { 0, t % 2 ? 5e37f : -5e37f, t % 2 ? 1e-9f : -1e-9f };
        emgp_noise_push(n, row, 1);
    }
    assert_true(emgp_noise_sigma(n, 0) == 0);
    assert_true(emgp_noise_sigma(n, 1) > 1e7 && isfinite(emgp_noise_sigma(n, 1)));
    assert_true(emgp_noise_sigma(n, 2) > 1e-9 && emgp_noise_sigma(n, 2) < 3e-9);
    emgp_noise_free(n);
}

static void refuses_what_makes_no_track(void **state)
{
    (void)state;
    emgp_noise *n;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emgp_noise_new(&n, 0.025, 0.6, 64, 2048, 20, 450, 1, &err), EMG_ERANGE);
    assert_string_equal(err.text, "noise quantile 0.6 is not within 0.01 to 0.5");
    assert_int_equal(emgp_noise_new(&n, 0.025, 0.12, 0, 2048, 20, 450, 1, NULL), EMG_ERANGE);
    assert_int_equal(emgp_noise_new(&n, 0.0001, 0.12, 64, 2048, 20, 450, 1, NULL), EMG_ERANGE);
    assert_int_equal(emgp_noise_new(&n, 0.025, 0.12, 64, 2048, 450, 450, 1, NULL), EMG_ERANGE);
    assert_int_equal(emgp_noise_new(&n, 0.025, 0.12, 64, 0, 20, 450, 1, NULL), EMG_ERANGE);
    assert_int_equal(emgp_noise_new(&n, 0.025, 0.12, 64, 2048, 20, 450, 0, NULL), EMG_ERANGE);
    assert_null(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sigma_is_calibrated),
        cmocka_unit_test(activity_hardly_moves_it),
        cmocka_unit_test(blocks_are_as_long_as_asked),
        cmocka_unit_test(ring_forgets),
        cmocka_unit_test(dead_frames_do_not_count),
        cmocka_unit_test(recent_blocks_alone),
        cmocka_unit_test(bytes_do_not_depend_on_cut_or_company),
        cmocka_unit_test(constant_and_extreme_samples),
        cmocka_unit_test(refuses_what_makes_no_track),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
