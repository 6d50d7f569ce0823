/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The heart: taken off from under discharges, and nothing taken where there is none. All figures are of simulated signals. */
#include "support/test.h"

#include <stdbool.h>

#include "base/base.h"
#include "condition/ecg/ecg.h"
#include "ecg_scene.h"

/* Thresholds of the detector were chosen with the scenes of seeds 1 to 50 in sight; these tests use others. */
enum { FIRST_SEED = 101, N_SEEDS = EMG_SANITIZED ? 5 : 20 };
static const double RATE = 2048, DETECTED = 5, QRS_S = 0.05, APART_S = 0.06;

/* Five times the noise, 12 to 20 dB of one unit, 60 s. */
static scene_plan plan_of(double per_min)
{
    return (scene_plan){ .rate_hz = RATE,
                         .seconds = 60,
                         .ecg_per_min = per_min,
                         .ecg_cv = 0.05,
                         .ecg_peak = 5,
                         .discharge_per_min = per_min,
                         .low_db = 12,
                         .high_db = 20,
                         .n_units = 1,
                         .discharge_cv = 1 };
}

static float *sum_of(const scene *s)
{
    float *x = calloc(s->n, sizeof *x);
    if (!x)
        abort();
    for (size_t i = 0; i < s->n; i++)
        x[i] = (float)(s->noise[i] + s->ecg[i] + s->discharges[i]);
    return x;
}

/* Interleaved channels as after a band-pass, pushed `cut` frames at a time. */
static gathered cleaned(const emg_ecg_plan *plan, double rate_hz, const float *x, size_t n, size_t n_channels,
                        size_t cut, emg_ecg_found *found)
{
    gathered g = { .n_channels = n_channels };
    double *wide = signal_widened(x, n * n_channels);
    const emgp_ecg_ends ends = { .high_passed = true, .take = gather_narrowed, .context = &g };
    emgp_ecg *h;
    assert_int_equal(emgp_ecg_new(&h, plan, rate_hz, n_channels, &ends, NULL), EMG_OK);
    for (size_t at = 0; at < n; at += cut)
        assert_int_equal(emgp_ecg_push(h, wide + at * n_channels, cut < n - at ? cut : n - at, NULL), EMG_OK);
    assert_int_equal(emgp_ecg_finish(h, NULL), EMG_OK);
    assert_int_equal(g.n_frames, n);
    for (size_t channel = 0; found && channel < n_channels; channel++)
        found[channel] = emgp_ecg_found(h, channel);
    emgp_ecg_free(h);
    free(wide);
    return g;
}

typedef struct tally {
    size_t n_true, n_found, crossings, noise_crossings, crossings_before;
    double *change, *change_on_qrs;
    size_t n, n_on_qrs, late;
} tally;

static bool near_any(const double *at, size_t n, double t, double within, size_t but)
{
    for (size_t i = 0; i < n; i++)
        if (i != but && fabs(at[i] - t) < within)
            return true;
    return false;
}

static size_t crossings(const scene *s, const float *x, bool of_noise)
{
    size_t n = 0;
    bool above = false;
    for (size_t i = 0; i < s->n; i++) {
        bool now = (of_noise ? fabs(s->noise[i]) : fabs((double)x[i])) >= DETECTED;
        bool masked = now && near_any(s->discharge_s, s->n_discharges, (double)i / RATE, APART_S, SIZE_MAX);
        n += now && !above && !masked;
        above = now;
    }
    return n;
}

/* The peak near a time: its magnitude and place. */
static double peak_near(const scene *s, const float *x, double t, size_t *place)
{
    double peak = 0;
    for (size_t i = (size_t)((t - 0.02) * RATE); i < (size_t)((t + 0.02) * RATE) && i < s->n; i++) {
        double here = x ? fabs((double)x[i]) : fabs(s->noise[i] + s->discharges[i]);
        if (here > peak) {
            peak = here;
            *place = i;
        }
    }
    return peak;
}

static void compare_discharges(const scene *s, const float *x, tally *t)
{
    for (size_t d = 0; d < s->n_discharges; d++) {
        double at = s->discharge_s[d];
        size_t was = 0, is = 0;
        if (near_any(s->discharge_s, s->n_discharges, at, APART_S, d))
            continue;
        double change = fabs(peak_near(s, x, at, &is) / peak_near(s, NULL, at, &was) - 1);
        t->change[t->n++] = change;
        if (near_any(s->qrs_s, s->n_qrs, at, QRS_S, SIZE_MAX))
            t->change_on_qrs[t->n_on_qrs++] = change;
        t->late += (is > was ? is - was : was - is) > 1;
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(double *x, size_t n, double q)
{
    assert_true(n > 5);
    qsort(x, n, sizeof *x, by_size);
    return x[(size_t)(q * (double)(n - 1))];
}

static void discharges_are_freed(double per_min)
{
    tally t = { .change = signal_new(SCENE_MOST), .change_on_qrs = signal_new(SCENE_MOST) };
    scene_plan plan = plan_of(per_min);
    emg_ecg_plan mode = emg_ecg_defaults();
    for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + N_SEEDS; seed++) {
        scene *s = scene_new(&plan, seed);
        float *x = sum_of(s);
        emg_ecg_found found;
        gathered g = cleaned(&mode, RATE, x, s->n, 1, 1000, &found);
        t.n_true += s->n_qrs;
        t.n_found += found.n_qrs;
        t.crossings_before += crossings(s, x, false);
        t.crossings += crossings(s, g.x, false);
        t.noise_crossings += crossings(s, NULL, true);
        compare_discharges(s, g.x, &t);
        assert_near(found.rate_per_min, per_min, 0.02 * per_min);
        free(x);
        free(g.x);
        scene_free(s);
    }
    double median = quantile(t.change, t.n, 0.5), most = quantile(t.change, t.n, 0.9);
    double qrs_median = quantile(t.change_on_qrs, t.n_on_qrs, 0.5);
    double qrs_most = quantile(t.change_on_qrs, t.n_on_qrs, 0.9);
    print_message(
        "%g/min: %zu of %zu beats; crossings outside discharges %zu before, %zu after, %zu of the noise itself; change of %zu "
        "discharges: median %.3f, 90 %% %.3f; of %zu on a QRS: median %.3f, 90 %% %.3f; %zu moved by more "
        "than a sample\n",
        per_min, t.n_found, t.n_true, t.crossings_before, t.crossings, t.noise_crossings, t.n, median, most, t.n_on_qrs,
        qrs_median, qrs_most, t.late);
    assert_true((double)t.n_found >= 0.99 * (double)t.n_true && (double)t.n_found <= 1.01 * (double)t.n_true);
    assert_true(t.crossings_before > t.n_true / 2);
    assert_true(t.crossings <= t.noise_crossings + 2 + t.n_true / 500);
    assert_true(median <= 0.05 && most <= 0.1);
    assert_true(qrs_median <= 0.05 && qrs_most <= 0.1);
    assert_true((double)t.late <= 0.03 * (double)t.n);
    free(t.change);
    free(t.change_on_qrs);
}

static void discharges_at_the_same_rate_stay(void **state)
{
    (void)state;
    discharges_are_freed(70);
    discharges_are_freed(40);
    discharges_are_freed(100);
}

/* Passes a scene and counts whether anything changed. */
static bool changed(const scene_plan *plan, emg_ecg_mode how, uint64_t seed)
{
    scene *s = scene_new(plan, seed);
    float *x = sum_of(s);
    emg_ecg_plan mode = emg_ecg_defaults();
    mode.mode = how;
    gathered g = cleaned(&mode, plan->rate_hz, x, s->n, 1, s->n, NULL);
    bool differs = memcmp(g.x, x, s->n * sizeof *x) != 0;
    free(x);
    free(g.x);
    scene_free(s);
    return differs;
}

static void without_a_ecg_every_bit_stays(void **state)
{
    (void)state;
    const scene_plan base = { .rate_hz = RATE, .seconds = 60, .low_db = 12, .high_db = 20, .n_units = 1 };
    struct {
        const char *what;
        double per_min, cv, burst_per_min, burst_cv, burst_s;
        int n_units;
    } traps[] = { { "noise", 0, 1, 0, 0, 0, 1 },
                  { "fasciculations of one unit, 70/min", 70, 1, 0, 0, 0, 1 },
                  { "fasciculations of one unit, 40/min", 40, 1, 0, 0, 0, 1 },
                  { "fasciculations of three units", 150, 1, 0, 0, 0, 3 },
                  { "a slow regular unit", 70, 0.05, 0, 0, 0, 1 },
                  { "a unit at 2 Hz", 120, 0.1, 0, 0, 0, 1 },
                  { "a unit at 4 Hz", 240, 0.15, 0, 0, 0, 1 },
                  { "a unit at 8 Hz", 480, 0.1, 0, 0, 0, 1 },
                  { "six units", 600, 0.2, 0, 0, 0, 6 },
                  { "clonus", 0, 1, 330, 0.08, 0.05, 1 },
                  { "slow clonus", 0, 1, 180, 0.05, 0.08, 1 },
                  { "tremor", 20, 1, 480, 0.1, 0.05, 1 },
                  { "jerks as regular as a heart", 0, 1, 70, 0.05, 0.06, 1 } };
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
        scene_plan plan = base;
        plan.discharge_per_min = traps[i].per_min;
        plan.discharge_cv = traps[i].cv;
        plan.burst_per_min = traps[i].burst_per_min;
        plan.burst_cv = traps[i].burst_cv;
        plan.burst_s = traps[i].burst_s;
        plan.n_units = traps[i].n_units;
        for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + N_SEEDS; seed++)
            if (changed(&plan, EMG_ECG_AUTO, seed))
                fail_msg("%s, seed %d: something was removed", traps[i].what, (int)seed);
    }
}

/* Waves as slow as a QRS but without a heart's evenness are none, unless they are even for 16 s by chance; nor are jerks,
 * even for who asks for removal. */
static void what_is_uneven_or_never_the_same_is_no_ecg(void **state)
{
    (void)state;
    scene_plan uneven = plan_of(70), jerks = plan_of(70);
    uneven.ecg_cv = 0.5;
    uneven.ecg_peak = 10;
    uneven.discharge_per_min = 0;
    jerks.ecg_peak = 0;
    jerks.discharge_per_min = 0;
    jerks.burst_per_min = 70;
    jerks.burst_cv = 0.05;
    jerks.burst_s = 0.03;
    size_t mistaken = 0;
    for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + N_SEEDS; seed++) {
        mistaken += changed(&uneven, EMG_ECG_AUTO, seed);
        assert_false(changed(&jerks, EMG_ECG_SUBTRACT, seed));
    }
    print_message("uneven slow waves: %zu of %d minutes mistaken for a heart\n", mistaken, N_SEEDS);
    assert_true(mistaken <= 1);
}

/* A stimulator beats like a clock: it stays, unless the caller says that it is a heart (a pacemaker's). */
static void a_clock_is_no_ecg(void **state)
{
    (void)state;
    scene_plan plan = plan_of(72);
    plan.ecg_cv = 0;
    plan.ecg_peak = 10;
    plan.discharge_per_min = 0;
    for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + 4; seed++) {
        assert_false(changed(&plan, EMG_ECG_AUTO, seed));
        assert_true(changed(&plan, EMG_ECG_SUBTRACT, seed));
        assert_false(changed(&plan, EMG_ECG_OFF, seed));
    }
}

/* Four channels, of which two have a heart, in one group and alone, in pieces of any length: the same bits. */
static void cuts_and_neighbours_change_nothing(void **state)
{
    (void)state;
    enum { LANES = 4 };
    scene_plan plan = plan_of(70);
    plan.seconds = 41.3;
    size_t n = (size_t)(plan.seconds * RATE);
    float *x = calloc(n * LANES, sizeof *x), *alone[LANES];
    for (size_t channel = 0; channel < LANES; channel++) {
        plan.ecg_peak = channel % 2 ? 5 : 0;
        scene *s = scene_new(&plan, FIRST_SEED + channel);
        alone[channel] = sum_of(s);
        for (size_t i = 0; i < n; i++)
            x[i * LANES + channel] = alone[channel][i];
        scene_free(s);
    }
    emg_ecg_plan mode = emg_ecg_defaults();
    gathered whole = cleaned(&mode, RATE, x, n, LANES, n, NULL);
    const size_t cuts[] = { 1, 7, 1000, 8191, 40000 };
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        gathered g = cleaned(&mode, RATE, x, n, LANES, cuts[i], NULL);
        assert_memory_equal(g.x, whole.x, n * LANES * sizeof *x);
        free(g.x);
    }
    for (size_t channel = 0; channel < LANES; channel++) {
        gathered g = cleaned(&mode, RATE, alone[channel], n, 1, 500, NULL);
        bool differs = false;
        for (size_t i = 0; i < n; i++) {
            assert_memory_equal(&g.x[i], &whole.x[i * LANES + channel], sizeof *x);
            differs |= memcmp(&g.x[i], &alone[channel][i], sizeof *x) != 0;
        }
        assert_int_equal(differs, channel % 2);
        free(g.x);
        free(alone[channel]);
    }
    free(whole.x);
    free(x);
}

/* Wide groups are summed by rows, narrow ones by columns: one order of addition. */
static void wide_groups_are_as_narrow_ones(void **state)
{
    (void)state;
    enum { LANES = 11 };
    scene_plan plan = plan_of(90);
    plan.seconds = 30;
    scene *s = scene_new(&plan, FIRST_SEED);
    float *one = sum_of(s), *x = calloc(s->n * LANES, sizeof *x);
    for (size_t i = 0; i < s->n * LANES; i++)
        x[i] = one[i / LANES];
    emg_ecg_plan mode = emg_ecg_defaults();
    gathered wide = cleaned(&mode, RATE, x, s->n, LANES, 4000, NULL);
    gathered narrow = cleaned(&mode, RATE, one, s->n, 1, 4000, NULL);
    assert_memory_not_equal(narrow.x, one, s->n * sizeof *one);
    for (size_t i = 0; i < s->n * LANES; i++)
        assert_memory_equal(&wide.x[i], &narrow.x[i / LANES], sizeof *x);
    free(one);
    free(x);
    free(wide.x);
    free(narrow.x);
    scene_free(s);
}

/* What is left of the heart, as a share of its power, from a frame on. */
static double left_of(const scene *s, const float *x, size_t from)
{
    double rest = 0, all = 0;
    for (size_t i = from; i < s->n; i++) {
        double r = (double)x[i] - s->noise[i] - s->discharges[i];
        rest += r * r;
        all += s->ecg[i] * s->ecg[i];
    }
    return rest / all;
}

static void a_ecg_that_begins_or_breathes_is_found(void **state)
{
    (void)state;
    struct {
        double rate_hz, per_min, cv, peak, onset_s;
    } cases[] = { { 2048, 70, 0.02, 5, 0 },  { 2048, 70, 0.08, 5, 0 },   { 2048, 180, 0.03, 5, 0 },
                  { 500, 70, 0.05, 5, 0 },   { 1000, 120, 0.05, 3, 0 },  { 5000, 60, 0.05, 5, 0 },
                  { 2048, 70, 0.05, 50, 0 }, { 2048, 70, 0.05, 5, 25.3 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scene_plan plan = plan_of(cases[i].per_min);
        plan.rate_hz = cases[i].rate_hz;
        plan.ecg_cv = cases[i].cv;
        plan.ecg_peak = cases[i].peak;
        plan.onset_s = cases[i].onset_s;
        plan.discharge_per_min = 60;
        for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + (EMG_SANITIZED ? 1 : 5); seed++) {
            scene *s = scene_new(&plan, seed);
            float *x = sum_of(s);
            emg_ecg_plan mode = emg_ecg_defaults();
            emg_ecg_found found;
            gathered g = cleaned(&mode, plan.rate_hz, x, s->n, 1, 5000, &found);
            double left = left_of(s, g.x, 0);
            if (!(left < (cases[i].peak > 20 ? 0.003 : 0.1) && (double)found.n_qrs >= 0.93 * (double)s->n_qrs))
                fail_msg("case %zu, seed %d: %zu of %zu beats, %.3f of the power left", i, (int)seed,
                         (size_t)found.n_qrs, s->n_qrs, left);
            free(x);
            free(g.x);
            scene_free(s);
        }
    }
}

/* A gap ends everything: each segment comes out as it would alone, and a short one as it was. */
static void nothing_spans_a_gap(void **state)
{
    (void)state;
    scene_plan plan = plan_of(70);
    scene *s = scene_new(&plan, FIRST_SEED);
    float *x = sum_of(s);
    const size_t lengths[] = { (size_t)(4 * RATE), (size_t)(25.3 * RATE), (size_t)(19 * RATE), (size_t)(3 * RATE) };
    gathered g = { .n_channels = 1 };
    emg_ecg_plan mode = emg_ecg_defaults();
    const emgp_ecg_ends ends = { .high_passed = true, .take = gather_narrowed, .context = &g };
    emgp_ecg *h;
    assert_int_equal(emgp_ecg_new(&h, &mode, RATE, 1, &ends, NULL), EMG_OK);
    uint64_t n_qrs = 0;
    for (size_t i = 0, at = 0; i < 4; at += lengths[i++]) {
        emg_ecg_found alone_found;
        gathered alone = cleaned(&mode, RATE, x + at, lengths[i], 1, 3000, &alone_found);
        double *wide = signal_widened(x + at, lengths[i]);
        assert_int_equal(emgp_ecg_push(h, wide, lengths[i], NULL), EMG_OK);
        free(wide);
        assert_int_equal(emgp_ecg_finish(h, NULL), EMG_OK);
        assert_memory_equal(g.x + at, alone.x, lengths[i] * sizeof *x);
        bool same = memcmp(g.x + at, x + at, lengths[i] * sizeof *x) == 0;
        assert_int_equal(same, i == 0 || i == 3);
        if (n_qrs == 0 && alone_found.n_qrs > 0)
            assert_near(emgp_ecg_found(h, 0).first_s, (double)at / RATE + alone_found.first_s, 1e-9);
        n_qrs += alone_found.n_qrs;
        free(alone.x);
    }
    assert_int_equal(emgp_ecg_found(h, 0).n_qrs, n_qrs);
    emgp_ecg_free(h);
    free(g.x);
    free(x);
    scene_free(s);
}

typedef struct qrs_list {
    size_t n;
    double frame[SCENE_MOST];
} qrs_list;

static emg_status take_qrs(void *context, const emg_ecg_qrs *qrs, emg_error *err)
{
    (void)err;
    qrs_list *all = context;
    assert_int_equal(qrs->channel, 0);
    assert_true(all->n == 0 || qrs->frame > all->frame[all->n - 1]);
    assert_true(qrs->gain > 0.5 && qrs->gain < 2);
    all->frame[all->n++] = qrs->frame;
    return EMG_OK;
}

/* Gating leaves noise where the QRS was. */
static void a_gate_holds_noise(void **state)
{
    (void)state;
    scene_plan plan = plan_of(70);
    plan.ecg_peak = 20;
    for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + 3; seed++) {
        scene *s = scene_new(&plan, seed);
        float *x = sum_of(s);
        qrs_list *all = calloc(1, sizeof *all);
        emg_ecg_plan mode = emg_ecg_defaults();
        mode.mode = EMG_ECG_GATE;
        mode.qrs = take_qrs;
        mode.qrs_context = all;
        gathered g = cleaned(&mode, RATE, x, s->n, 1, 999, NULL);
        double power = 0, n = 0;
        for (size_t b = 0; b < all->n; b++) {
            size_t middle = (size_t)all->frame[b], gate = (size_t)(mode.gate_s * RATE);
            for (size_t i = middle - gate + 1; i < middle + gate; i++, n++) {
                power += (double)g.x[i] * (double)g.x[i];
                assert_true(fabs((double)g.x[i]) < DETECTED);
            }
        }
        print_message("seed %d: %g gated samples of RMS %.3f\n", (int)seed, n, sqrt(power / n));
        assert_near(sqrt(power / n), 1, 0.15);
        assert_true(all->n + 1 >= s->n_qrs);
        free(all);
        free(x);
        free(g.x);
        scene_free(s);
    }
}

/* By a lead a heart is found that the channel alone would not show; channels without it, and the lead, stay. */
static void a_ecg_channel_finds_what_the_channel_hides(void **state)
{
    (void)state;
    enum { LANES = 3 };
    scene_plan plan = plan_of(70);
    plan.ecg_peak = 2;
    plan.discharge_per_min = 40;
    scene *s = scene_new(&plan, FIRST_SEED);
    plan.ecg_peak = 0;
    scene *other = scene_new(&plan, FIRST_SEED + 1);
    float *x = calloc(s->n * LANES, sizeof *x);
    for (size_t i = 0; i < s->n; i++) {
        x[i * LANES] = (float)(30 * s->ecg[i] + other->noise[(i + 777) % s->n]);
        x[i * LANES + 1] = (float)(s->noise[i] + s->ecg[i] + s->discharges[i]);
        x[i * LANES + 2] = (float)(other->noise[i] + other->discharges[i]);
    }
    emg_ecg_plan mode = emg_ecg_defaults();
    mode.ecg_channel = 0;
    emg_ecg_found found[LANES];
    gathered g = cleaned(&mode, RATE, x, s->n, LANES, 2500, found);
    float *y = calloc(s->n, sizeof *y);
    for (size_t i = 0; i < s->n; i++) {
        assert_memory_equal(&g.x[i * LANES], &x[i * LANES], sizeof *x);
        assert_memory_equal(&g.x[i * LANES + 2], &x[i * LANES + 2], sizeof *x);
        y[i] = g.x[i * LANES + 1];
    }
    double left = left_of(s, y, 0);
    print_message("with a lead %.3f of the power is left\n", left);
    assert_true(left < 0.25);
    assert_true(found[1].n_qrs + 2 >= s->n_qrs && found[2].n_qrs == 0);
    free(x);
    free(y);
    free(g.x);
    scene_free(s);
    scene_free(other);
}

static emg_status take_doubles(void *context, const double *x, size_t n_frames, emg_error *err)
{
    (void)err;
    double **to = context;
    memcpy(*to, x, n_frames * sizeof *x);
    *to += n_frames;
    return EMG_OK;
}

/* The public stream on an unfiltered channel with an offset and a baseline that wanders; beats are told one by one. */
static void unfiltered_samples_are_freed_too(void **state)
{
    (void)state;
    scene_plan plan = plan_of(75);
    plan.ecg_peak = 20;
    plan.discharge_per_min = 0;
    plan.unfiltered = true;
    scene *s = scene_new(&plan, FIRST_SEED);
    double *x = signal_new(s->n), *y = signal_new(s->n), *to = y;
    for (size_t i = 0; i < s->n; i++)
        x[i] = -3000 + 30 * sin(2 * TEST_PI * 0.3 * (double)i / RATE) + s->noise[i] + s->ecg[i];
    qrs_list *all = calloc(1, sizeof *all);
    emg_ecg_plan mode = emg_ecg_defaults();
    mode.qrs = take_qrs;
    mode.qrs_context = all;
    emg_ecg_stream *stream;
    emg_ecg_found found;
    assert_int_equal(emg_ecg_stream_new(&stream, &mode, RATE, 1, take_doubles, &to, NULL), EMG_OK);
    assert_int_equal(emg_ecg_stream_latency(stream), (size_t)(16 * RATE));
    for (size_t at = 0; at < s->n; at += 777)
        assert_int_equal(emg_ecg_stream_push(stream, x + at, 777 < s->n - at ? 777 : s->n - at, NULL), EMG_OK);
    assert_int_equal(emg_ecg_stream_finish(stream, NULL), EMG_OK);
    assert_true(to == y + s->n);
    assert_int_equal(emg_ecg_stream_found(stream, 0, &found, NULL), EMG_OK);
    assert_int_equal(found.n_qrs, s->n_qrs);
    assert_int_equal(all->n, s->n_qrs);
    double rest = 0, power = 0, offset = all->frame[0] / RATE - s->qrs_s[0];
    for (size_t i = 0; i < s->n; i++) {
        double r = y[i] - x[i] + s->ecg[i];
        rest += r * r;
        power += s->ecg[i] * s->ecg[i];
    }
    for (size_t b = 0; b < all->n; b++)
        assert_near(all->frame[b] / RATE - s->qrs_s[b], offset, 0.002);
    print_message("unfiltered: %.4f of the power is left\n", rest / power);
    assert_true(rest < 0.02 * power);
    assert_non_null(found.wave);
    double low = 0, high = 0;
    for (size_t i = 0; i < found.n_wave; i++) {
        low = fmin(low, found.wave[i]);
        high = fmax(high, found.wave[i]);
    }
    assert_near(found.wave[0], 0, 0.05);
    assert_near(found.wave[found.n_wave - 1], 0, 0.05);
    assert_near(found.amplitude, high - low, 0.1 * found.amplitude);
    assert_int_equal(emg_ecg_stream_found(stream, 1, &found, NULL), EMG_EARG);
    emg_ecg_stream_free(stream);
    free(all);
    free(x);
    free(y);
    scene_free(s);
}

static void nonsense_is_refused(void **state)
{
    (void)state;
    emg_ecg_stream *stream;
    double *to = NULL;
    const emg_ecg_plan good = emg_ecg_defaults();
    struct {
        emg_ecg_plan plan;
        double rate_hz;
        size_t n;
        emg_status status;
    } cases[] = { { good, 0, 1, EMG_ERANGE },    { good, NAN, 1, EMG_ERANGE },   { good, 3e5, 1, EMG_ERANGE },
                  { good, 1000, 0, EMG_ERANGE }, { good, 1000, 65, EMG_ERANGE }, { good, 1000, 2, EMG_ERANGE },
                  { good, 1000, 2, EMG_ERANGE }, { good, 1000, 2, EMG_ERANGE },  { good, 1000, 2, EMG_EARG },
                  { good, 1000, 2, EMG_ERANGE } };
    cases[5].plan.ecg_channel = 2;
    cases[6].plan.before_s = 0.7;
    cases[7].plan.after_s = NAN;
    cases[8].plan.mode = (emg_ecg_mode)7;
    cases[9].plan.gate_s = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(
            emg_ecg_stream_new(&stream, &cases[i].plan, cases[i].rate_hz, cases[i].n, take_doubles, &to, &err),
            cases[i].status);
        assert_null(stream);
        assert_true(strlen(err.text) > 10);
    }
    assert_int_equal(emg_ecg_stream_new(&stream, &good, 1000, 1, NULL, NULL, NULL), EMG_EARG);
    double y[3], x[3] = { 0, NAN, 0 };
    to = y;
    assert_int_equal(emg_ecg_stream_new(&stream, &good, 1000, 1, take_doubles, &to, NULL), EMG_OK);
    assert_int_equal(emg_ecg_stream_push(stream, x, 3, NULL), EMG_EARG);
    assert_int_equal(emg_ecg_stream_finish(stream, NULL), EMG_OK);
    assert_true(to == y);
    emg_ecg_stream_free(stream);
    emg_ecg_stream_free(NULL);
}

/* Constant, zero, tiny and single samples pass as they are. */
static void dull_samples_pass(void **state)
{
    (void)state;
    const double values[] = { 0, 1e9, 5e-324, -1e-310 };
    emg_ecg_plan mode = emg_ecg_defaults();
    mode.mode = EMG_ECG_SUBTRACT;
    for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
        for (size_t n = 1; n < 50000; n = n * 7 + 3) {
            double *x = signal_new(n), *y = signal_new(n), *to = y;
            for (size_t i = 0; i < n; i++)
                x[i] = values[v];
            emg_ecg_stream *stream;
            assert_int_equal(emg_ecg_stream_new(&stream, &mode, RATE, 1, take_doubles, &to, NULL), EMG_OK);
            assert_int_equal(emg_ecg_stream_push(stream, x, n, NULL), EMG_OK);
            assert_int_equal(emg_ecg_stream_finish(stream, NULL), EMG_OK);
            assert_memory_equal(x, y, n * sizeof *x);
            emg_ecg_stream_free(stream);
            free(x);
            free(y);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(discharges_at_the_same_rate_stay),
        cmocka_unit_test(without_a_ecg_every_bit_stays),
        cmocka_unit_test(what_is_uneven_or_never_the_same_is_no_ecg),
        cmocka_unit_test(a_clock_is_no_ecg),
        cmocka_unit_test(cuts_and_neighbours_change_nothing),
        cmocka_unit_test(wide_groups_are_as_narrow_ones),
        cmocka_unit_test(a_ecg_that_begins_or_breathes_is_found),
        cmocka_unit_test(nothing_spans_a_gap),
        cmocka_unit_test(a_gate_holds_noise),
        cmocka_unit_test(a_ecg_channel_finds_what_the_channel_hides),
        cmocka_unit_test(unfiltered_samples_are_freed_too),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(dull_samples_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
