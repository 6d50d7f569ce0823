/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the simulator makes has the statistics it claims, and its truth is where the samples say. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emg/simulate.h>

/* A whole simulated recording, channel by channel. */
typedef struct played {
    emg_simulation *s;
    double *x; /* n_channels x n */
    size_t n, n_channels;
    double rate;
} played;

static played play(const char *preset, uint64_t seed, double duration_s)
{
    played p = { 0 };
    assert_int_equal(emg_simulation_new(&p.s, preset, seed, duration_s, 0, NULL), EMG_OK);
    p.rate = emg_simulation_rate_hz(p.s);
    p.n = (size_t)(p.rate * emg_simulation_duration_s(p.s));
    p.n_channels = emg_simulation_n_channels(p.s);
    double *frames = calloc(p.n * p.n_channels, sizeof *frames);
    p.x = calloc(p.n * p.n_channels, sizeof *p.x);
    assert_true(frames && p.x);
    assert_int_equal(emg_simulation_next(p.s, frames, p.n, NULL), EMG_OK);
    for (size_t i = 0; i < p.n; i++)
        for (size_t c = 0; c < p.n_channels; c++)
            p.x[c * p.n + i] = frames[i * p.n_channels + c];
    free(frames);
    return p;
}

static void stop(played *p)
{
    free(p->x);
    emg_simulation_free(p->s);
}

/* Butterworth of order 4 at one corner, forwards and backwards: two sections by the bilinear transform. */
static void butterworth(double *x, size_t n, double corner_hz, double rate_hz, bool high)
{
    static const double PI = 3.14159265358979323846;
    for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < 2; k++) {
            double q = 1 / (2 * cos(PI / 8 + k * PI / 4)), t = tan(PI * corner_hz / rate_hz), a0 = 1 + t / q + t * t;
            double b = (high ? 1 : t * t) / a0, a1 = 2 * (t * t - 1) / a0, a2 = (1 - t / q + t * t) / a0;
            double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
            for (size_t i = 0; i < n; i++) {
                double y = b * (x[i] + (high ? -2 : 2) * x1 + x2) - a1 * y1 - a2 * y2;
                x2 = x1;
                x1 = x[i];
                y2 = y1;
                y1 = x[i] = y;
            }
        }
        for (size_t i = 0; i < n / 2; i++) {
            double swap = x[i];
            x[i] = x[n - 1 - i];
            x[n - 1 - i] = swap;
        }
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x, size_t n)
{
    assert_true(n > 0);
    qsort(x, n, sizeof *x, ascending);
    return x[n / 2];
}

/* Place of the largest |x| in [from, to). */
static size_t largest(const double *x, size_t from, size_t to)
{
    size_t best = from;
    for (size_t i = from; i < to; i++)
        best = fabs(x[i]) > fabs(x[best]) ? i : best;
    return best;
}

/* Median over the discharges of a channel of the filtered peak, against the SD of what lies away from all of them. */
static double measured_snr_db(const played *p, size_t channel)
{
    double *x = malloc(p->n * sizeof *x), *peaks = malloc(p->n * sizeof *peaks), energy = 0;
    char *busy = calloc(p->n, 1);
    assert_true(x && peaks && busy);
    memcpy(x, p->x + channel * p->n, p->n * sizeof *x);
    butterworth(x, p->n, 20, p->rate, true);
    butterworth(x, p->n, 450, p->rate, false);
    size_t n_peaks = 0, n_quiet = 0;
    for (size_t i = 0; i < emg_simulation_n_events(p->s); i++) {
        const emg_truth *t = emg_simulation_event(p->s, i);
        if (t->channel != channel)
            continue;
        size_t at = (size_t)(t->peak_s * p->rate), near = (size_t)(0.002 * p->rate), far = (size_t)(0.03 * p->rate);
        peaks[n_peaks++] = fabs(x[largest(x, at - near, at + near)]);
        memset(busy + at - far, 1, 2 * far);
    }
    for (size_t i = 0; i < p->n; i++)
        if (!busy[i]) {
            energy += x[i] * x[i];
            n_quiet++;
        }
    double db = 20 * log10(median(peaks, n_peaks) / sqrt(energy / (double)n_quiet));
    free(x);
    free(peaks);
    free(busy);
    return db;
}

static void fasciculations_stand_20_db_over_the_noise(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        played p = play("fasciculation", seed, 600);
        for (size_t c = 0; c < 2; c++) {
            double db = measured_snr_db(&p, c);
            if (fabs(db - 20) > 0.5)
                fail_msg("seed %d channel %zu: %g dB", (int)seed, c, db);
        }
        stop(&p);
    }
}

/* Settings change what they name: SNR, rate and background, each measured. */
static void settings_are_obeyed(void **state)
{
    (void)state;
    for (int db = 6; db <= 26; db += 10) {
        char preset[64];
        snprintf(preset, sizeof preset, "fasciculation:snr_db=%d,noise_uv=8", db);
        played p = play(preset, 5, 1200);
        for (size_t c = 0; c < 2; c++) {
            double found = measured_snr_db(&p, c);
            /* At 6 dB the largest of peak and noise is taken for the peak, which makes it seem larger. */
            if (fabs(found - db) > (db < 10 ? 2.5 : 0.5))
                fail_msg("%d dB: measured %g", db, found);
        }
        stop(&p);
    }
    emg_simulation *s = NULL;
    assert_int_equal(emg_simulation_new(&s, "fasciculation:per_min=120", 5, 3600, 0, NULL), EMG_OK);
    assert_true(fabs((double)emg_simulation_n_events(s) / 14400 - 1) < 0.03);
    emg_simulation_free(s);
    assert_int_equal(emg_simulation_new(&s, "tremor:rhythm_hz=8", 5, 0, 0, NULL), EMG_OK);
    assert_true(fabs(emg_simulation_event(s, 0)->frequency_hz - 8) < 0.6);
    emg_simulation_free(s);
    static const char *const keys[] = { "snr_db", "per_min", "noise_uv", "hum_uv", "hum_hz" };
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(emg_simulation_setting("fasciculation:per_min=1", i)->key, keys[i]);
    assert_null(emg_simulation_setting("fasciculation", 5));
    assert_null(emg_simulation_setting("none", 0));
}

/* The amplitude at a frequency, over whole seconds. */
static double line(const double *x, size_t n, double hz, double rate)
{
    double c = 0, s = 0;
    for (size_t i = 0; i < n; i++) {
        double angle = 2 * 3.14159265358979323846 * hz * (double)i / rate;
        c += x[i] * cos(angle);
        s += x[i] * sin(angle);
    }
    return 2 * sqrt(c * c + s * s) / (double)n;
}

static void hum_has_its_strength_and_harmonics(void **state)
{
    (void)state;
    played p = play("quiet:hum_uv=100,hum_hz=60,noise_uv=0.5", 5, 10);
    for (size_t c = 0; c < 4; c++) {
        double most = 0, third = 0;
        for (double off = -0.2; off < 0.2; off += 0.01) { /* the frequency wanders by 0.1 Hz */
            most = fmax(most, line(p.x + c * p.n, (size_t)(2 * p.rate), 60 + off, p.rate));
            third = fmax(third, line(p.x + c * p.n, (size_t)(2 * p.rate), 180 + 3 * off, p.rate));
        }
        assert_true(fabs(most - 100) < 3 && fabs(third - 30) < 2);
    }
    stop(&p);
}

/* Intervals of a channel's events; returns their number. */
static size_t intervals(const emg_simulation *s, size_t channel, double *out)
{
    double before = NAN;
    size_t n = 0;
    for (size_t i = 0; i < emg_simulation_n_events(s); i++) {
        const emg_truth *t = emg_simulation_event(s, i);
        if (t->channel != channel)
            continue;
        if (!isnan(before))
            out[n++] = t->peak_s - before;
        before = t->peak_s;
    }
    return n;
}

static double variation(const double *x, size_t n)
{
    double sum = 0, square = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
        square += x[i] * x[i];
    }
    double mean = sum / (double)n;
    return sqrt(square / (double)n - mean * mean) / mean;
}

/* SCIENCE of the source: CV of the sum 0.95 to 1.2, dead time 10 ms, second discharges after 30 to 40 ms. */
static void fasciculations_come_at_random(void **state)
{
    (void)state;
    static double gaps[20000];
    size_t n_all = 0, n_close = 0;
    double cv = 0;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        emg_simulation *s = NULL;
        assert_int_equal(emg_simulation_new(&s, "fasciculation", seed, 1800, 0, NULL), EMG_OK);
        for (size_t c = 0; c < 2; c++) {
            size_t n = intervals(s, c, gaps);
            cv += variation(gaps, n) / 20;
            for (size_t i = 0; i < n; i++) {
                assert_true(gaps[i] > 0.0099);
                n_close += gaps[i] >= 0.030 - 1e-4 && gaps[i] <= 0.040 + 1e-4;
            }
            n_all += n;
        }
        emg_simulation_free(s);
    }
    /* 24,000 expected: 1 % is 1.5 SD. Doublets: 5 % of first discharges, and 0.7 % by chance. */
    assert_true(fabs((double)n_all / 24000 - 1) < 0.02);
    assert_true(cv > 1 && cv < 1.1);
    double share = (double)n_close / (double)n_all;
    assert_true(share > 0.048 && share < 0.062);
}

/* The largest deflection of a discharge is at its fiducial, and as large as the truth says. A jerk of many units may have
 * two deflections that noise makes equal, hence the share. */
static void check_discharges(const char *preset, double duration_s, double within_s, double share)
{
    played p = play(preset, 4, duration_s);
    size_t n = 0, n_there = 0, n_sized = 0;
    bool found = true;
    emg_truth t;
    while (emg_simulation_next_event(p.s, &t, &found, NULL) == EMG_OK && found) {
        const double *x = p.x + t.channel * p.n;
        size_t from = (size_t)(t.onset_s * p.rate), to = (size_t)((t.onset_s + t.duration_s) * p.rate) + 1;
        double high = 0, low = 0, at = (double)largest(x, from, to) / p.rate;
        for (size_t i = from; i < to; i++) {
            high = fmax(high, x[i]);
            low = fmin(low, x[i]);
        }
        n++;
        n_there += fabs(at - t.peak_s) <= within_s;
        n_sized += fabs((high - low) / t.amplitude_uv - 1) < 0.35;
    }
    assert_true(n >= 20);
    if ((double)n_there < share * (double)n || (double)n_sized < 0.95 * (double)n)
        fail_msg("%s: of %zu discharges %zu at their place, %zu of their size", preset, n, n_there, n_sized);
    stop(&p);
}

static void truth_is_where_the_samples_say(void **state)
{
    (void)state;
    check_discharges("fasciculation", 120, 0.001, 0.98);
    check_discharges("needle", 60, 0.0003, 0.98);
    check_discharges("myoclonus", 120, 0.001, 0.88);
    check_discharges("long", 20, 0.001, 0.92);
}

static double rms(const double *x, size_t from, size_t to)
{
    double sum = 0;
    for (size_t i = from; i < to; i++)
        sum += x[i] * x[i];
    return sqrt(sum / (double)(to - from));
}

/* Within an episode the muscle is active, outside it is not: RMS inside at least twice the background, outside as
 * the background. */
static void check_episodes(const char *preset, emg_class trial_type)
{
    played p = play(preset, 6, 0);
    size_t n_checked = 0;
    for (size_t c = 0; c < p.n_channels; c++) {
        const double *x = p.x + c * p.n;
        char *busy = calloc(p.n, 1);
        double quiet = 0;
        size_t n_quiet = 0, guard = (size_t)(0.03 * p.rate);
        assert_non_null(busy);
        for (size_t i = 0; i < emg_simulation_n_events(p.s); i++) {
            const emg_truth *t = emg_simulation_event(p.s, i);
            assert_int_equal(t->trial_type, trial_type);
            size_t from = (size_t)(t->onset_s * p.rate), to = (size_t)((t->onset_s + t->duration_s) * p.rate);
            if (t->channel == c)
                memset(busy + from - guard, 1, to - from + 2 * guard);
        }
        for (size_t i = 0; i < p.n; i++)
            if (!busy[i]) {
                quiet += x[i] * x[i];
                n_quiet++;
            }
        quiet = sqrt(quiet / (double)n_quiet);
        assert_true(n_quiet > p.n / 50 && quiet > 2 && quiet < 8);
        for (size_t i = 0; i < emg_simulation_n_events(p.s); i++) {
            const emg_truth *t = emg_simulation_event(p.s, i);
            if (t->channel != c)
                continue;
            size_t from = (size_t)(t->onset_s * p.rate), to = (size_t)((t->onset_s + t->duration_s) * p.rate);
            if (rms(x, from, to) < 1.3 * quiet)
                fail_msg("%s channel %zu at %g s: %g over %g", preset, c, t->onset_s, rms(x, from, to), quiet);
            n_checked++;
        }
        free(busy);
    }
    assert_true(n_checked >= 1);
    stop(&p);
}

static void episodes_hold_the_activity(void **state)
{
    (void)state;
    check_episodes("ankle-clonus", EMG_CLONUS);
    check_episodes("tremor", EMG_TREMOR);
    check_episodes("voluntary", EMG_TONIC);
    check_episodes("regular-unit", EMG_MOTOR_UNIT);
    check_episodes("myokymia", EMG_MYOKYMIA);
    check_episodes("cramp", EMG_SPASM);
}

/* Mean of |x| over 15 ms around each frame. */
static void envelope(double *x, size_t n, double rate)
{
    size_t width = (size_t)(0.015 * rate);
    double *sum = calloc(n + 1, sizeof *sum);
    assert_non_null(sum);
    for (size_t i = 0; i < n; i++)
        sum[i + 1] = sum[i] + fabs(x[i]);
    for (size_t i = 0; i < n; i++) {
        size_t from = i > width ? i - width : 0, to = i + width < n ? i + width : n;
        x[i] = (sum[to] - sum[from]) / (double)(to - from);
    }
    free(sum);
}

static double correlation(const double *x, const double *y, size_t n)
{
    double sx = 0, sy = 0, xx = 0, yy = 0, xy = 0, m = (double)n;
    for (size_t i = 0; i < n; i++) {
        sx += x[i];
        sy += y[i];
        xx += x[i] * x[i];
        yy += y[i] * y[i];
        xy += x[i] * y[i];
    }
    return (xy - sx * sy / m) / sqrt((xx - sx * sx / m) * (yy - sy * sy / m));
}

static void tremor_alternates_and_repeats(void **state)
{
    (void)state;
    played p = play("tremor", 8, 0);
    const emg_truth *t = emg_simulation_event(p.s, 0);
    assert_true(t->frequency_hz > 3.9 && t->frequency_hz < 6.6 && t->duration_s > 30);
    envelope(p.x, p.n, p.rate);
    envelope(p.x + p.n, p.n, p.rate);
    size_t from = (size_t)(t->onset_s * p.rate), n = (size_t)(5 * p.rate), period = (size_t)(p.rate / t->frequency_hz);
    const double *flexor = p.x + from, *extensor = p.x + p.n + from;
    assert_true(correlation(flexor, extensor, n) < -0.15);
    assert_true(correlation(flexor, extensor + period / 2, n) > 0.2);
    assert_true(correlation(flexor, flexor + period, n) > 0.2);
    stop(&p);
}

/* Centres of the beats in an episode: highest points of the envelope, one per beat expected. */
static size_t beats(const double *envelope, size_t from, size_t to, double least_gap, double level, double *at)
{
    size_t n = 0;
    for (size_t i = from + 1; i + 1 < to; i++) {
        if (envelope[i] < level || envelope[i] < envelope[i - 1] || envelope[i] <= envelope[i + 1])
            continue;
        if (n > 0 && (double)i - at[n - 1] < least_gap) {
            if (envelope[i] > envelope[(size_t)at[n - 1]])
                at[n - 1] = (double)i;
        } else {
            at[n++] = (double)i;
        }
    }
    return n;
}

/* Clonus as published: 5.4 +- 0.9 Hz in mid-episode, slower at both ends, intervals that vary by 4 to 12 %. */
static void clonus_glides_and_stays_in_its_band(void **state)
{
    (void)state;
    static double at[1000];
    double middle = 0, first = 0, last = 0, n_right = 0, n_episodes = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        played p = play("ankle-clonus", seed, 240);
        envelope(p.x, p.n, p.rate);
        for (size_t i = 0; i < emg_simulation_n_events(p.s); i++) {
            const emg_truth *t = emg_simulation_event(p.s, i);
            assert_true(t->count >= 6 && t->count <= 60 && t->frequency_hz > 2.4 && t->frequency_hz < 8.5);
            if (t->channel != 0 || t->count < 14)
                continue;
            size_t from = (size_t)((t->onset_s - 0.05) * p.rate), to = from + (size_t)((t->duration_s + 0.1) * p.rate);
            size_t n = beats(p.x, from, to, 0.09 * p.rate, 12, at);
            n_episodes++;
            if (n != t->count)
                continue;
            n_right++;
            middle += p.rate * 4 / (at[n / 2 + 2] - at[n / 2 - 2]);
            first += p.rate / (at[1] - at[0]);
            last += p.rate / (at[n - 1] - at[n - 2]);
        }
        stop(&p);
    }
    assert_true(n_episodes > 30 && n_right > 0.8 * n_episodes);
    middle /= n_right;
    assert_true(fabs(middle - 5.3) < 0.5);
    assert_true(first / n_right < 0.85 * middle && first / n_right > 0.65 * middle);
    assert_true(last / n_right < 0.92 * middle && last / n_right > 0.7 * middle);
}

static void stretches_cover_clonus_and_tasks_contractions(void **state)
{
    (void)state;
    static const struct {
        const char *preset, *text;
    } cases[] = { { "ankle-clonus", "stretch" }, { "voluntary", "task: contraction" } };
    for (size_t k = 0; k < 2; k++) {
        emg_simulation *s = NULL;
        assert_int_equal(emg_simulation_new(&s, cases[k].preset, 2, 0, 0, NULL), EMG_OK);
        assert_true(emg_simulation_n_annotations(s) >= 5);
        for (size_t i = 0; i < emg_simulation_n_events(s); i++) {
            const emg_truth *t = emg_simulation_event(s, i);
            size_t n_around = 0;
            for (size_t j = 0; j < emg_simulation_n_annotations(s); j++) {
                const emg_simulated_annotation *a = emg_simulation_annotation(s, j);
                assert_string_equal(a->text, cases[k].text);
                n_around +=
                    a->onset_s < t->onset_s + 0.02 && a->onset_s + a->duration_s > t->onset_s + t->duration_s - 0.1;
            }
            assert_int_equal(n_around, 1);
        }
        emg_simulation_free(s);
    }
}

static void jerks_are_short_common_and_unlike(void **state)
{
    (void)state;
    emg_simulation *s = NULL;
    assert_int_equal(emg_simulation_new(&s, "myoclonus", 3, 1200, 0, NULL), EMG_OK);
    size_t n = emg_simulation_n_events(s);
    double sum = 0, square = 0;
    assert_true(n > 1500 && n % 3 == 0); /* 30 a minute in three muscles */
    for (size_t i = 0; i < n; i++) {
        const emg_truth *t = emg_simulation_event(s, i), *leader = emg_simulation_event(s, i / 3 * 3);
        assert_true(t->onset_s - leader->onset_s < 0.05); /* 15 ms between centres, and bursts of unequal length */
        sum += t->duration_s;
        square += t->duration_s * t->duration_s;
    }
    double mean = sum / (double)n, sd = sqrt(square / (double)n - mean * mean);
    assert_true(fabs(mean - 0.031) < 0.002 && fabs(sd - 0.007) < 0.0015);
    emg_simulation_free(s);
}

/* Firings of a lone, strong unit, found where |x| passes a third of its peak to peak. */
static void regular_units_are_regular(void **state)
{
    (void)state;
    static double gaps[4000];
    played p = play("regular-unit", 2, 0);
    for (size_t c = 0; c < 2; c++) {
        const emg_truth *t = NULL;
        for (size_t i = 0; i < emg_simulation_n_events(p.s); i++)
            if (emg_simulation_event(p.s, i)->channel == c)
                t = emg_simulation_event(p.s, i);
        assert_non_null(t);
        assert_true(fabs(t->frequency_hz / (c ? 13 : 6.3) - 1) < 0.02);
        const double *x = p.x + c * p.n;
        double level = 0.35 * t->amplitude_uv, before = -1;
        size_t n = 0;
        for (size_t i = 0; i < p.n; i++) {
            if (fabs(x[i]) < level || (double)i - before < 0.03 * p.rate)
                continue;
            size_t peak = largest(x, i, i + (size_t)(0.01 * p.rate));
            if (before >= 0)
                gaps[n++] = (double)peak - before;
            before = (double)peak;
        }
        if (fabs((double)n + 1 - (double)t->count) > 0.03 * (double)t->count)
            fail_msg("channel %zu: %zu firings seen, %d true", c, n + 1, (int)t->count);
        double m = median(gaps, n);
        size_t n_kept = 0;
        for (size_t i = 0; i < n; i++) /* one missed firing makes a double interval */
            if (gaps[i] < 1.5 * m)
                gaps[n_kept++] = gaps[i];
        double cv = variation(gaps, n_kept);
        assert_true(cv > 0.025 && cv < 0.05);
    }
    stop(&p);
}

static void the_quiet_recording_has_the_noise_it_claims(void **state)
{
    (void)state;
    static const double sigma[] = { 2.5, 4, 2, 6 };
    played p = play("quiet", 1, 600);
    for (size_t c = 0; c < 4; c++) {
        double *x = p.x + c * p.n;
        butterworth(x, p.n, 20, p.rate, true);
        butterworth(x, p.n, 450, p.rate, false);
        double level = rms(x, 0, p.n), fourth = 0;
        assert_true(fabs(20 * log10(level / sigma[c])) < 1.5); /* the strength drifts by 2 to 3 dB either way */
        for (size_t i = 0; i < 4096; i++)
            fourth += pow(x[i], 4) / 4096;
        assert_true(fabs(fourth / pow(rms(x, 0, 4096), 4) - 3) < 0.5); /* Gaussian while the drift is small */
        assert_true(fabs(correlation(x, p.x + (c + 1) % 4 * p.n, p.n)) < 0.01);
    }
    stop(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fasciculations_stand_20_db_over_the_noise),
        cmocka_unit_test(settings_are_obeyed),
        cmocka_unit_test(hum_has_its_strength_and_harmonics),
        cmocka_unit_test(fasciculations_come_at_random),
        cmocka_unit_test(truth_is_where_the_samples_say),
        cmocka_unit_test(episodes_hold_the_activity),
        cmocka_unit_test(tremor_alternates_and_repeats),
        cmocka_unit_test(clonus_glides_and_stays_in_its_band),
        cmocka_unit_test(stretches_cover_clonus_and_tasks_contractions),
        cmocka_unit_test(jerks_are_short_common_and_unlike),
        cmocka_unit_test(regular_units_are_regular),
        cmocka_unit_test(the_quiet_recording_has_the_noise_it_claims),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
