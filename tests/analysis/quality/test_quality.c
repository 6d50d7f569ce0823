/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Channel quality: artefacts of each kind are found, muscles at their strongest are not taken for any. */
#include "support/test.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emg/quality.h>
#include <emg/quality_stream.h>

#include "support/drive.h"
#include "support/sweep.h"

/* Defaults were chosen on seeds 1 to 230; these were not looked at. */
#ifndef FIRST_SEED
#define FIRST_SEED 7001
#endif

enum { MOST_WINDOWS = 4096 };
typedef struct windows {
    emg_quality_window window[MOST_WINDOWS];
    size_t channel[MOST_WINDOWS], n;
    emg_quality_sums sums;
    emg_status answer;
} windows;

static emg_status take(void *context, size_t channel, const emg_quality_window *window, emg_error *err)
{
    windows *w = context;
    (void)err;
    assert_true(w->n < MOST_WINDOWS);
    w->window[w->n] = *window;
    w->channel[w->n++] = channel;
    emg_quality_add(&w->sums, window);
    return w->answer;
}

static const emg_quality_channel open_channel = { true, -INFINITY, INFINITY };

/* Judges n_channels channels in pushes of `block` frames; gap_at > 0: a gap before that frame. */
static void judge(const double *x, size_t n_frames, size_t n_channels, double rate_hz,
                  const emg_quality_channel *channel, size_t block, size_t gap_at, windows *out)
{
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_quality_channel channels[64];
    emg_quality *q = NULL;
    for (size_t i = 0; i < n_channels; i++)
        channels[i] = *channel;
    memset(out, 0, sizeof *out);
    assert_int_equal(emg_quality_new(&q, &config.quality, channels, n_channels, rate_hz, take, out, NULL), EMG_OK);
    for (size_t at = 0, n; at < n_frames; at += n) {
        if (at > 0 && at == gap_at)
            assert_int_equal(emg_quality_finish(q, NULL), EMG_OK);
        n = n_frames - at < block ? n_frames - at : block;
        n = at < gap_at && at + n > gap_at ? gap_at - at : n;
        assert_int_equal(emg_quality_push(q, x + at * n_channels, n, NULL), EMG_OK);
    }
    assert_int_equal(emg_quality_finish(q, NULL), EMG_OK);
    emg_quality_free(q);
}

static double uniform(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) * 0x1p-53;
}

static double between(uint64_t *state, double least, double most)
{
    return least + (most - least) * uniform(state);
}

/* --- artefacts, made here --- */

static const double least_activity_uv = 60;

/* One channel with an artefact in frames first to end - 1; `size`: RMS of what is there. */
typedef struct place {
    double *x;
    size_t first, end;
    double rate_hz, size;
    uint64_t *seed;
} place;

static bool make_flat(const place *p)
{
    for (size_t i = p->first; i < p->end; i++)
        p->x[i] = p->x[p->first];
    return true;
}

static void clip_to(const place *p, double limit)
{
    for (size_t i = p->first; i < p->end; i++)
        p->x[i] = fmax(-limit, fmin(limit, p->x[i]));
}

/* Activity cut off at half of its height; where the limits are is not told. Noise is not cut. */
static bool make_clipped(const place *p)
{
    double most = 0;
    for (size_t i = p->first; i < p->end; i++)
        most = fmax(most, fabs(p->x[i]));
    if (most < least_activity_uv)
        return false;
    clip_to(p, 0.5 * floor(most));
    return true;
}

static bool make_saturated(const place *p)
{
    const double rail = uniform(p->seed) < 0.5 ? -5000 : 5000;
    for (size_t i = p->first; i < p->end; i++)
        p->x[i] = rail;
    return true;
}

static bool make_dropout(const place *p)
{
    const double value = uniform(p->seed) < 0.5 ? 0 : p->x[p->first];
    for (size_t i = p->first; i < p->end; i++)
        p->x[i] = value;
    return true;
}

/* A step that comes back with a time constant of 20 to 200 ms. */
static bool make_pop(const place *p)
{
    const double sign = uniform(p->seed) < 0.5 ? -1 : 1, step = sign * between(p->seed, 8, 60) * p->size;
    const double tau = between(p->seed, 0.02, 0.2) * p->rate_hz;
    for (size_t i = p->first; i < p->end; i++)
        p->x[i] += step * exp(-(double)(i - p->first) / tau);
    return true;
}

/* Waves of 2 to 12 Hz that swell and fade. */
static bool make_motion(const place *p)
{
    double f[3], phase[3];
    const double size = between(p->seed, 6, 40) * p->size;
    for (int k = 0; k < 3; k++) {
        f[k] = between(p->seed, 2, 12);
        phase[k] = between(p->seed, 0, 6.283);
    }
    for (size_t i = p->first; i < p->end; i++) {
        const double t = (double)(i - p->first) / p->rate_hz,
                     share = (double)(i - p->first) / (double)(p->end - p->first);
        double sum = 0;
        for (int k = 0; k < 3; k++)
            sum += sin(6.283185307179586 * f[k] * t + phase[k]);
        p->x[i] += size * sum / 3 * sin(3.141592653589793 * share) * sin(3.141592653589793 * share);
    }
    return true;
}

static bool make_hum(const place *p)
{
    const double size = between(p->seed, 0.7, 20) * p->size;
    const double f = (uniform(p->seed) < 0.5 ? 50 : 60) + between(p->seed, -0.5, 0.5), third = between(p->seed, 0, 0.4);
    for (size_t i = p->first; i < p->end; i++) {
        const double t = 6.283185307179586 * f * (double)(i - p->first) / p->rate_hz;
        p->x[i] += size * (sin(t) + third * sin(3 * t + 1) + third / 2 * sin(5 * t + 2));
    }
    return true;
}

/* At least `least` of a hundred are to be found. Flat windows must lie wholly within the flat stretch. */
typedef struct artefact {
    emg_quality_kind kind;
    bool (*make)(const place *place); /* false: there is no place for it */
    double shortest_s, longest_s;
    double step_uv; /* of the converter; 0: none */
    double least;
} artefact;

static const artefact trials[] = {
    { EMG_QUALITY_FLAT, make_flat, 2.2, 5, 0, 99 },
    { EMG_QUALITY_CLIPPED, make_clipped, 2, 4, 0.5, 75 },
    { EMG_QUALITY_SATURATED, make_saturated, 0.06, 1.5, 0.5, 98 },
    { EMG_QUALITY_DROPOUT, make_dropout, 0.03, 0.4, 0.5, 98 },
    { EMG_QUALITY_POP, make_pop, 1, 1, 0.5, 95 },
    { EMG_QUALITY_MOTION, make_motion, 1.5, 4, 0.5, 88 },
    { EMG_QUALITY_POWERLINE, make_hum, 2, 5, 0.5, 98 },
};

static double rms_around(const double *x, size_t n, size_t first, size_t end)
{
    double sum = 0;
    first = first > 400 ? first - 400 : 0;
    end = end + 400 < n ? end + 400 : n;
    for (size_t i = first; i < end; i++)
        sum += x[i] * x[i];
    return sqrt(sum / (double)(end - first));
}

typedef struct tally {
    size_t n, found, n_clean, false_windows;
} tally;

static void score(const windows *w, const double *onset, const double *end, size_t n, emg_quality_kind kind, tally *t)
{
    bool found[64] = { false };
    for (size_t i = 0; i < w->n; i++) {
        const double from = w->window[i].start_s, to = from + w->window[i].duration_s;
        bool clean = true;
        for (size_t k = 0; k < n; k++) {
            const bool meets = from < end[k] + 0.1 && to > onset[k] - 0.1;
            clean = clean && !meets;
            found[k] = found[k] || (meets && (w->window[i].flags >> kind & 1));
        }
        t->n_clean += clean;
        t->false_windows += clean && w->window[i].flags != 0;
    }
    for (size_t k = 0; k < n; k++)
        t->found += found[k];
    t->n += n;
}

/* An artefact about every six seconds in the first channel of a simulation. */
static void try_on(const artefact *trial, const char *preset, uint64_t seed, tally *t)
{
    static windows w;
    drive_signal s = drive_simulation(preset, seed, 60);
    uint64_t state = seed * 977 + (uint64_t)trial->kind;
    double *x = calloc(s.n_frames, sizeof *x), onset[64], end[64];
    size_t n = 0;
    assert_non_null(x);
    for (size_t i = 0; i < s.n_frames; i++)
        x[i] = s.x[i * s.n_channels];
    for (double at = 2 + uniform(&state); at < 53; at += between(&state, 5.5, 6.5)) {
        onset[n] = at;
        end[n] = at + between(&state, trial->shortest_s, trial->longest_s);
        place p = { x, (size_t)(at * s.rate_hz), (size_t)(end[n] * s.rate_hz), s.rate_hz, 0, &state };
        p.size = rms_around(x, s.n_frames, p.first, p.end);
        n += trial->make(&p);
    }
    for (size_t i = 0; trial->step_uv > 0 && i < s.n_frames; i++)
        x[i] = trial->step_uv * rint(x[i] / trial->step_uv);
    judge(x, s.n_frames, 1, s.rate_hz, &open_channel, 4096, 0, &w);
    score(&w, onset, end, n, trial->kind, t);
    free(x);
    drive_free(&s);
}

static void artefacts_are_found(void **state)
{
    (void)state;
    static const char *const presets[] = { "quiet", "fasciculation", "ankle-clonus", "voluntary" };
    for (size_t k = 0; k < sizeof trials / sizeof *trials; k++) {
        tally t = { 0 };
        for (uint64_t i = 0; i < (EMG_SANITIZED ? 4 : 20); i++)
            try_on(&trials[k], presets[i % 4], FIRST_SEED + i + 20 * k, &t);
        print_message("%s: %zu of %zu found, %zu of %zu windows without it flagged\n", emg_quality_name(trials[k].kind),
                      t.found, t.n, t.false_windows, t.n_clean);
        if (!EMG_SANITIZED) /* which tries too few for a share to mean anything */
            assert_true((double)t.found >= trials[k].least / 100 * (double)t.n);
        assert_int_equal(t.false_windows, 0);
    }
}

/* --- muscles --- */

static void muscles_are_no_artefacts(void **state)
{
    (void)state;
    static const char *const presets[] = { "quiet",        "fasciculation:snr_db=46,per_min=80",
                                           "voluntary",    "ankle-clonus",
                                           "tremor",       "myoclonus:per_min=60",
                                           "cramp",        "myokymia:snr_db=40",
                                           "needle",       "regular-unit:snr_db=46",
                                           "fasciculation" };
    static const double steps_uv[] = { 0, 0.5, 5 };
    static windows w;
    size_t n = 0;
    for (size_t p = 0; p < sizeof presets / sizeof *presets; p++)
        for (size_t k = 0; k < 3; k++) {
            drive_signal s = drive_simulation(presets[p], FIRST_SEED + 200 + p, 60);
            for (size_t i = 0; k > 0 && i < s.n_frames * s.n_channels; i++)
                s.x[i] = steps_uv[k] * rint(s.x[i] / steps_uv[k]);
            judge(s.x, s.n_frames, s.n_channels, s.rate_hz, &open_channel, 4096, 0, &w);
            for (size_t i = 0; i < w.n; i++)
                if (w.window[i].flags)
                    fail_msg("%s in steps of %g uV: channel %zu at %g s has flags %x", presets[p], steps_uv[k],
                             w.channel[i], w.window[i].start_s, w.window[i].flags);
            n += w.n;
            drive_free(&s);
        }
    print_message("%zu windows of muscles, none flagged\n", n);
}

/* --- limits that are known --- */

static void samples_at_the_limits_are_counted(void **state)
{
    (void)state;
    static windows w;
    drive_signal s = drive_noise(1, 1000, 5, 10, 3);
    const emg_quality_channel limited = { true, -100, 100 };
    s.x[1500] = 100;
    s.x[2500] = 100;
    s.x[2600] = -101;
    s.x[3500] = 99.9;
    judge(s.x, s.n_frames, 1, s.rate_hz, &limited, 1000, 0, &w);
    assert_int_equal(w.n, 5);
    const unsigned clipped = 1u << EMG_QUALITY_CLIPPED;
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(w.window[i].flags, i == 2 ? clipped : 0);
    assert_true(fabs(w.window[1].clipped_share - 1 / (w.window[1].duration_s * 1000)) < 1e-12);
    assert_true(fabs(w.window[2].clipped_share - 2 / (w.window[2].duration_s * 1000)) < 1e-12);
    assert_int_equal(w.sums.n_flagged[EMG_QUALITY_CLIPPED], 1);
    assert_true(fabs(w.sums.seconds - 5) < 1e-9 && w.sums.usable_s < 4.1 && w.sums.usable_s > 3.9);
    drive_free(&s);
}

/* --- measures --- */

static void measures_are_what_they_say(void **state)
{
    (void)state;
    static windows w;
    enum { RATE = 2000, SECONDS = 4 };
    drive_signal s = drive_noise(1, RATE, SECONDS, 5, 8);
    for (size_t i = 0; i < s.n_frames; i++) {
        const double t = 6.283185307179586 * (double)i / RATE;
        s.x[i] += 1000 + 30 * sin(8 * t) + 20 * sin(50 * t);
    }
    judge(s.x, s.n_frames, 1, RATE, &open_channel, 333, 0, &w);
    assert_int_equal(w.n, SECONDS);
    for (size_t i = 0; i < w.n; i++) {
        /* powers 450, 200 and 25: the 50 Hz line loses 5 % in bins of 2.5 ms, which is found within them */
        assert_true(fabs(w.window[i].sd - sqrt(675)) < 0.5);
        assert_true(fabs(w.window[i].motion_db - 10 * log10(450.0 / 25)) < 1.5);
        assert_true(fabs(w.window[i].powerline_db - 10 * log10(200.0 / 475)) < 0.5);
        assert_true(fabs(w.window[i].start_s - (double)i) < 1e-9 && fabs(w.window[i].duration_s - 1) < 1e-9);
    }
    drive_free(&s);
}

static void ends_make_windows_of_half_to_one_and_a_half(void **state)
{
    (void)state;
    static windows w;
    drive_signal s = drive_noise(1, 2000, 4, 5, 8);
    static const struct {
        size_t n_frames, n_windows;
        double last_s;
    } cases[] = { { 5, 1, 0.0025 },    { 7, 1, 0.0035 }, { 700, 1, 0.35 },   { 2000, 1, 1 },
                  { 2995, 1, 1.4975 }, { 3000, 2, 0.5 }, { 4001, 2, 1.0005 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        judge(s.x, cases[i].n_frames, 1, 2000, &open_channel, 100, 0, &w);
        assert_int_equal(w.n, cases[i].n_windows);
        assert_true(fabs(w.window[w.n - 1].duration_s - cases[i].last_s) < 1e-9);
        assert_true(fabs(w.sums.seconds - (double)cases[i].n_frames / 2000) < 1e-9);
        assert_int_equal(w.window[w.n - 1].flags, 0);
    }
    drive_free(&s);
}

/* Member by member, since padding has no value. */
static void assert_same_window(const emg_quality_window *a, const emg_quality_window *b)
{
    const double of_a[] = { a->start_s,   a->duration_s, a->sd,        a->clipped_share, a->saturated_s,
                            a->dropout_s, a->step,       a->motion_db, a->powerline_db };
    const double of_b[] = { b->start_s,   b->duration_s, b->sd,        b->clipped_share, b->saturated_s,
                            b->dropout_s, b->step,       b->motion_db, b->powerline_db };
    assert_memory_equal(of_a, of_b, sizeof of_a);
    assert_int_equal(a->flags, b->flags);
}

static void cuts_groups_and_gaps(void **state)
{
    (void)state;
    static windows whole, other;
    enum { LANES = 5, GAP = 7777 };
    drive_signal s = drive_noise(LANES, 2000, 9, 5, 4);
    double *alone = calloc(s.n_frames, sizeof *alone);
    assert_non_null(alone);
    for (size_t i = 3000; i < 3200; i++)
        s.x[i * LANES + 2] = 0;
    for (size_t i = 6000; i < s.n_frames; i++)
        s.x[i * LANES + 3] += 400;
    for (size_t i = 0; i < s.n_frames; i++)
        s.x[i * LANES + 4] = fmax(-3, fmin(3, 0.25 * rint(4 * s.x[i * LANES + 4])));
    judge(s.x, s.n_frames, LANES, 2000, &open_channel, s.n_frames, GAP, &whole);
    assert_true(whole.sums.n_flagged[EMG_QUALITY_DROPOUT] == 1 && whole.sums.n_flagged[EMG_QUALITY_POP] == 1);
    assert_true(whole.sums.n_flagged[EMG_QUALITY_CLIPPED] >= 8);
    for (size_t block = 1; block < 20000; block = block * 3 + 1) {
        judge(s.x, s.n_frames, LANES, 2000, &open_channel, block, GAP, &other);
        assert_int_equal(whole.n, other.n);
        for (size_t i = 0; i < whole.n; i++)
            assert_same_window(&whole.window[i], &other.window[i]);
    }
    for (size_t channel = 0; channel < LANES; channel++) {
        size_t k = 0;
        for (size_t i = 0; i < s.n_frames; i++)
            alone[i] = s.x[i * LANES + channel];
        judge(alone, s.n_frames, 1, 2000, &open_channel, 500, GAP, &other);
        for (size_t i = 0; i < whole.n; i++)
            if (whole.channel[i] == channel)
                assert_same_window(&whole.window[i], &other.window[k++]);
        assert_int_equal(k, other.n);
    }
    judge(alone, GAP, 1, 2000, &open_channel, 100, 0, &other); /* the last channel before the gap, alone */
    for (size_t i = 0, k = 0; k < other.n; i++)
        if (whole.channel[i] == LANES - 1)
            assert_same_window(&whole.window[i], &other.window[k++]);
    free(alone);
    drive_free(&s);
}

static void odd_inputs(void **state)
{
    (void)state;
    static windows w;
    static const double rates[] = { 1, 10, 200, 999.5, 44100, 192000 };
    static const double values[] = { 0, -3, DBL_TRUE_MIN, 1e300, -DBL_MAX };
    double *x = calloc(3000, sizeof *x);
    assert_non_null(x);
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++)
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            for (size_t i = 0; i < 3000; i++)
                x[i] = values[v];
            judge(x, 3000, 1, rates[r], &open_channel, 1000, 0, &w);
            assert_true(w.n > 0);
            for (size_t i = 0; i < w.n; i++)
                assert_int_equal(w.window[i].flags, 1u << EMG_QUALITY_FLAT);
            x[1500] = -x[1500] + 1;
            judge(x, 3000, 1, rates[r], &open_channel, 1000, 0, &w); /* whatever it says, it comes to an end */
        }
    free(x);
}

/* Where a bin holds a single sample, one value is no stretch. */
static void low_rates_are_judged_alike(void **state)
{
    (void)state;
    static windows w;
    static const double rates[] = { 50, 100, 200, 400, 700 };
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
        drive_signal s = drive_noise(1, rates[r], 60, 5, FIRST_SEED + r);
        const emg_quality_channel limited = { true, -30, 30 };
        judge(s.x, s.n_frames, 1, rates[r], &limited, 100, 0, &w);
        for (size_t i = 0; i < w.n; i++)
            assert_int_equal(w.window[i].flags, 0);
        for (size_t i = 0; i < s.n_frames; i++)
            s.x[i] = rint(s.x[i]);
        for (size_t i = s.n_frames / 2; i < s.n_frames / 2 + (size_t)rates[r] / 2; i++)
            s.x[i] = 30;
        judge(s.x, s.n_frames, 1, rates[r], &limited, 100, 0, &w);
        for (size_t i = 0; i < w.n; i++)
            assert_int_equal(w.window[i].flags >> EMG_QUALITY_SATURATED & 1, i == 30);
        drive_free(&s);
    }
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    static windows w;
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_quality *q;
    assert_int_equal(emg_quality_new(&q, &config.quality, &open_channel, 0, 1000, take, &w, NULL), EMG_ERANGE);
    assert_int_equal(emg_quality_new(&q, &config.quality, &open_channel, 65, 1000, take, &w, NULL), EMG_ERANGE);
    assert_int_equal(emg_quality_new(&q, &config.quality, &open_channel, 1, NAN, take, &w, NULL), EMG_ERANGE);
    assert_int_equal(emg_quality_new(&q, NULL, &open_channel, 1, 1000, take, &w, NULL), EMG_EARG);
    assert_int_equal(emg_quality_new(&q, &config.quality, &open_channel, 1, 1000, NULL, &w, NULL), EMG_EARG);
    config.quality.window_s = 0;
    assert_int_equal(emg_quality_new(&q, &config.quality, &open_channel, 1, 1000, take, &w, NULL), EMG_ERANGE);
    assert_null(q);
    config = emg_config_defaults(EMG_PRESET_SURFACE);
    assert_int_equal(emg_quality_new(&q, &config.quality, &open_channel, 1, 1000, take, &w, NULL), EMG_OK);
    const double bad[] = { 1, NAN, 2 };
    assert_int_equal(emg_quality_push(q, bad, 3, NULL), EMG_EARG);
    assert_int_equal(emg_quality_push(NULL, bad, 1, NULL), EMG_EARG);
    w.answer = EMG_ECANCELLED;
    w.n = 0;
    double x[3000] = { 1, 2 };
    assert_int_equal(emg_quality_push(q, x, 3000, NULL), EMG_ECANCELLED);
    emg_quality_free(q);
    emg_quality_free(NULL);
    assert_null(emg_quality_name((emg_quality_kind)EMG_QUALITY_KINDS));
    assert_string_equal(emg_quality_name(EMG_QUALITY_POWERLINE), "mains");
}

static emg_status make_quality(emg_error *err)
{
    static windows w;
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_quality *q;
    emg_status status = emg_quality_new(&q, &config.quality, &open_channel, 1, 1000, take, &w, err);
    assert_true((status == EMG_OK) == (q != NULL));
    emg_quality_free(q);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    sweep_allocations(make_quality, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(artefacts_are_found),
        cmocka_unit_test(muscles_are_no_artefacts),
        cmocka_unit_test(samples_at_the_limits_are_counted),
        cmocka_unit_test(measures_are_what_they_say),
        cmocka_unit_test(ends_make_windows_of_half_to_one_and_a_half),
        cmocka_unit_test(cuts_groups_and_gaps),
        cmocka_unit_test(odd_inputs),
        cmocka_unit_test(low_rates_are_judged_alike),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
