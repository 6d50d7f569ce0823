/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shapes that repeat are told from others, groups from trains, and waveforms that repeat from those that do not. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include "analysis/contraction/contraction.h"
#include "analysis/evidence/evidence.h"
#include "dsp/signal.h"

/* A potential of two phases, its sigma a hundredth of its peak; bend: 0 to 1, another shape. */
static emgp_discharge potential(double peak_s, double bend)
{
    emgp_discharge d = {
        .peak_s = peak_s, .before_s = 0.004F, .after_s = 0.004F, .peak = 100, .peak_to_peak = 180, .sigma = 1
    };
    double most = 0, value[EMGP_SHAPE];
    for (int i = 0; i < EMGP_SHAPE; i++) {
        const double u = (i - EMGP_SHAPE / 2) / 3.0;
        value[i] = exp(-u * u) * (1 - 2 * bend * u * u) - bend * exp(-(u - 2) * (u - 2));
        most = fmax(most, fabs(value[i]));
    }
    for (int i = 0; i < EMGP_SHAPE; i++)
        d.shape[i] = (int8_t)lround(INT8_MAX * value[i] / most);
    return d;
}

static void likeness_of_shapes(void **state)
{
    (void)state;
    const emgp_discharge one = potential(1, 0), same = potential(2, 0), other = potential(3, 1);
    emgp_discharge shifted = potential(4, 0);
    memmove(shifted.shape + 2, shifted.shape, EMGP_SHAPE - 2);
    assert_true(emgp_likeness(&one, &same) > 0.99);
    assert_true(emgp_likeness(&one, &shifted) > 0.97);
    assert_true(emgp_likeness(&one, &other) < 0.8);
}

/* A long potential of two phases of opposite sign, 10 ms apart; late: the second is its largest. Jerk: phases of its own. */
static emgp_discharge long_potential(double peak_s, bool late, uint64_t jerk)
{
    enum { WHOLE = EMGP_WING + EMGP_SHAPE + EMGP_WING };
    emgp_discharge d = {
        .peak_s = peak_s, .before_s = 0.01F, .after_s = 0.02F, .peak = 100, .peak_to_peak = 190, .sigma = 4
    };
    double value[WHOLE];
    uint64_t seed = jerk + 1;
    for (int i = 0; i < WHOLE; i++) {
        const double u = (i - WHOLE / 2 + (late ? 16 : 0)) / 5.0, v = u - 16 / 5.0;
        value[i] = exp(-u * u) * (late ? 0.95 : 1) - exp(-v * v) * (late ? 1 : 0.95);
        value[i] = fmin(1, fmax(-1, value[i] + (jerk > 0 ? 0.6 : 0.03) * signal_gaussian(&seed)));
    }
    for (int i = 0; i < WHOLE; i++) {
        const int8_t x = (int8_t)lround(INT8_MAX * value[i]);
        if (i < EMGP_WING)
            d.wing[0][i] = x;
        else if (i < EMGP_WING + EMGP_SHAPE)
            d.shape[i - EMGP_WING] = x;
        else
            d.wing[1][i - EMGP_WING - EMGP_SHAPE] = x;
    }
    return d;
}

static double likeness_whole(const emgp_discharge *a, const emgp_discharge *b)
{
    emgp_outline one, other;
    emgp_outline_whole(&one, a);
    emgp_outline_whole(&other, b);
    return emgp_outlines_alike(&one, &other, 0);
}

/* Whichever phase is the larger, a long potential is that of its unit; what has phases of its own is not. */
static void likeness_of_whole_potentials(void **state)
{
    (void)state;
    const emgp_discharge early = long_potential(1, false, 0), same = long_potential(2, false, 0);
    const emgp_discharge late = long_potential(3, true, 0);
    assert_true(likeness_whole(&early, &same) > 0.97);
    assert_true(likeness_whole(&early, &late) > 0.97);
    assert_true(likeness_whole(&late, &early) > 0.97);
    assert_true(emgp_likeness(&early, &late) < 0.9);
    const emgp_discharge jerk = long_potential(4, false, 7), other = long_potential(5, false, 8);
    assert_true(likeness_whole(&jerk, &other) < 0.9);
    emgp_discharge silent = early;
    memset(silent.shape, 0, sizeof silent.shape);
    memset(silent.wing, 0, sizeof silent.wing);
    assert_float_equal(likeness_whole(&silent, &early), 0, 0);
    assert_float_equal(emgp_likeness(&silent, &early), 0, 0);
}

/* Correlation of two shapes at a shift, 0 where less than three quarters of the energy of either is covered. */
static double shifted_correlation(const int8_t *a, const int8_t *b, int shift)
{
    double of_a = 0, of_b = 0, all_a = 0, all_b = 0, product = 0;
    for (int i = 0; i < EMGP_SHAPE; i++) {
        all_a += a[i] * a[i];
        all_b += b[i] * b[i];
        if (i + shift < 0 || i + shift >= EMGP_SHAPE)
            continue;
        of_a += a[i] * a[i];
        of_b += b[i + shift] * b[i + shift];
        product += a[i] * b[i + shift];
    }
    return of_a >= 0.75 * all_a && of_b >= 0.75 * all_b ? product / sqrt(of_a * of_b) : 0;
}

/* Every shift is as good as looked at, though few are: the best of them, or of the parabolas between them, is told. */
static void likeness_is_that_of_the_best_shift(void **state)
{
    (void)state;
    enum { MOST = 4, N = 2 * MOST + 1, PAIRS = 2000 };
    uint64_t seed = 11;
    for (int pair = 0; pair < PAIRS; pair++) {
        emgp_discharge one = potential(1, 0.5 * (pair % 5)), other = potential(2, 0.3 * (pair % 7));
        for (int i = 0; i < EMGP_SHAPE; i++) {
            one.shape[i] =
                (int8_t)lround((double)one.shape[i] * 0.5 + 8 * (pair % 4) * fmin(1, signal_gaussian(&seed)));
            other.shape[i] =
                (int8_t)lround((double)other.shape[i] * 0.5 + 8 * (pair % 3) * fmin(1, signal_gaussian(&seed)));
        }
        one.sigma = other.sigma = 0;
        double r[N], best = 0;
        for (int k = 0; k < N; k++)
            best = fmax(best, r[k] = shifted_correlation(one.shape, other.shape, k - MOST));
        for (int k = 1; k + 1 < N; k++) {
            const double bend = r[k - 1] - 2 * r[k] + r[k + 1], slope = r[k + 1] - r[k - 1];
            if (r[k] > 0 && r[k] >= r[k - 1] && r[k] >= r[k + 1] && bend < 0)
                best = fmax(best, r[k] - slope * slope / (8 * bend));
        }
        assert_float_equal(emgp_likeness(&one, &other), fmin(1, best), 0);
    }
}

typedef struct stretches {
    size_t n;
    emgp_stretch_found last;
} stretches;

static emg_status take(void *context, const emgp_stretch_found *found, emg_error *err)
{
    (void)err;
    stretches *s = context;
    s->n++;
    s->last = *found;
    return EMG_OK;
}

static emgp_spill *spill_of(size_t size)
{
    emgp_spill *spill = NULL;
    assert_int_equal(emgp_spill_new(&spill, 1, size, 1 << 20, NULL, NULL), EMG_OK);
    return spill;
}

/* Groups of five, 30 ms apart, every second; then a train of one discharge every second. */
static void groups_and_trains(void **state)
{
    (void)state;
    emgp_spill *discharges = spill_of(sizeof(emgp_discharge));
    for (size_t g = 0; g < 10; g++)
        for (size_t i = 0; i < 5; i++) {
            const emgp_discharge d = potential((double)g + 0.03 * (double)i, 0);
            assert_int_equal(emgp_spill_push(discharges, 0, &d, NULL), EMG_OK);
        }
    for (size_t i = 0; i < 10; i++) {
        const emgp_discharge d = potential(20 + (double)i, 0);
        assert_int_equal(emgp_spill_push(discharges, 0, &d, NULL), EMG_OK);
    }
    stretches found = { 0 };
    assert_int_equal(emgp_groups_find(discharges, 0, &(emgp_stretch_sink){ .take = take, .context = &found }, NULL),
                     EMG_OK);
    assert_int_equal(found.n, 1);
    const emgp_evidence *e = &found.last.evidence;
    assert_float_equal(e->n_groups, 10, 0);
    assert_float_equal(e->grouped_share, 1, 0);
    assert_float_equal(e->in_group, 5, 0);
    assert_float_equal(e->inner_s, 0.03, 1e-6);
    assert_float_equal(e->rate_hz, 1, 1e-6);
    assert_true(e->like_next > 0.99);
    assert_true(e->inner_rcv < 0.01);
    emgp_spill_free(discharges);
}

/* Groups of a long potential, now one and now another of whose phases is the largest: each is like one beside it, neighbours are not. */
static void phases_of_long_potentials(void **state)
{
    (void)state;
    emgp_spill *discharges = spill_of(sizeof(emgp_discharge));
    for (size_t g = 0; g < 10; g++)
        for (size_t i = 0; i < 5; i++) {
            emgp_discharge d = potential((double)g + 0.03 * (double)i, 0);
            for (size_t k = 0; k < EMGP_SHAPE && i % 2; k++) /* another phase, the other way up */
                d.shape[k] = (int8_t)-d.shape[k];
            assert_int_equal(emgp_spill_push(discharges, 0, &d, NULL), EMG_OK);
        }
    stretches found = { 0 };
    assert_int_equal(emgp_groups_find(discharges, 0, &(emgp_stretch_sink){ .take = take, .context = &found }, NULL),
                     EMG_OK);
    assert_int_equal(found.n, 1);
    assert_true(found.last.evidence.like_next < 0.88);
    assert_true(found.last.evidence.like_best > 0.98);
    emgp_spill_free(discharges);
}

/* Doublets half a second after each group of five are near, and no groups. */
static void doublets_are_no_groups(void **state)
{
    (void)state;
    emgp_spill *discharges = spill_of(sizeof(emgp_discharge));
    for (size_t g = 0; g < 10; g++)
        for (size_t i = 0; i < 7; i++) {
            const emgp_discharge d = potential((double)g + 0.03 * (double)i + (i < 5 ? 0 : 0.35), 0);
            assert_int_equal(emgp_spill_push(discharges, 0, &d, NULL), EMG_OK);
        }
    stretches found = { 0 };
    assert_int_equal(emgp_groups_find(discharges, 0, &(emgp_stretch_sink){ .take = take, .context = &found }, NULL),
                     EMG_OK);
    assert_int_equal(found.n, 1);
    assert_float_equal(found.last.evidence.n_groups, 10, 0);
    assert_float_equal(found.last.evidence.grouped_share, 5.0 / 7, 1e-9);
    assert_float_equal(found.last.evidence.paired_share, 1, 0);
    emgp_spill_free(discharges);
}

/* Kin of twelve bursts: all of one shape, or each its own. */
static emgp_kin middle_kin(bool alike, double every_s, double lasting_s)
{
    emgp_spill *discharges = spill_of(sizeof(emgp_discharge)), *bursts = spill_of(sizeof(emgp_burst));
    emgp_spill *out = spill_of(sizeof(emgp_kin));
    for (size_t i = 0; i < 12; i++) {
        const double at_s = every_s * (double)i;
        emgp_discharge d = potential(at_s, 0);
        uint64_t seed = i + 1;
        for (size_t k = 0; !alike && k < EMGP_SHAPE; k++)
            d.shape[k] = (int8_t)(40 * signal_gaussian(&seed));
        const emgp_burst b = {
            .onset_s = at_s, .end_s = at_s + lasting_s, .peak_s = at_s, .core_s = 0.004F, .n_discharges = 1
        };
        assert_int_equal(emgp_spill_push(discharges, 0, &d, NULL), EMG_OK);
        assert_int_equal(emgp_spill_push(bursts, 0, &b, NULL), EMG_OK);
    }
    assert_int_equal(emgp_kin_find(bursts, discharges, 0, out, NULL), EMG_OK);
    emgp_spill_cursor cursor;
    const void *record = NULL;
    emgp_kin kin = { 0 };
    emgp_spill_start(&cursor, out, 0);
    for (size_t i = 0; i < 12 && lasting_s < 0.15; i++) { /* what lasts longer is not compared */
        assert_int_equal(emgp_spill_next(&cursor, &record, NULL), EMG_OK);
        assert_non_null(record);
        if (i == 6)
            memcpy(&kin, record, sizeof kin);
    }
    assert_int_equal(emgp_spill_next(&cursor, &record, NULL), EMG_OK);
    assert_null(record);
    emgp_spill_stop(&cursor);
    emgp_spill_free(discharges);
    emgp_spill_free(bursts);
    emgp_spill_free(out);
    return kin;
}

static void kin_of_bursts(void **state)
{
    (void)state;
    const emgp_kin unit = middle_kin(true, 1, 0.01), jerks = middle_kin(false, 1, 0.01);
    assert_float_equal(unit.n, 12, 0);
    assert_float_equal(middle_kin(true, 25, 0.01).n, 5, 0); /* within a minute on either side */
    assert_float_equal(middle_kin(true, 70, 0.01).own, 0, 0);
    assert_float_equal(middle_kin(true, 1, 0.2).n, 0, 0);
    assert_true(unit.own > 0.99F && unit.like > 0.99F && unit.shape > 0.99F);
    assert_true(jerks.like < 0.9F);
}

/* Two potentials with silence between them have the core of the longer one: 8 ms of 21. */
static void cores_of_doublets(void **state)
{
    (void)state;
    emgp_potentials doublet = { 0 }, overlapping = { 0 };
    emgp_potentials_add(&doublet, 1, 0.002F, 0.004F);
    assert_true(isnan(emgp_potentials_core_s(&doublet)));
    emgp_potentials_add(&doublet, 1.03, 0.006F, 0.015F);
    assert_near(emgp_potentials_core_s(&doublet), 0.008, 1e-6);
    emgp_potentials_add(&overlapping, 1, 0.002F, 0.004F);
    emgp_potentials_add(&overlapping, 1.008, 0.004F, 0.004F);
    assert_true(isnan(emgp_potentials_core_s(&overlapping)));
}

/* A thousand samples: noise with potentials every `period` samples, or without (0). */
static double repeat_with(size_t period, double rate_hz)
{
    enum { N = 1000 };
    float x[N], room[N];
    uint64_t seed = 5;
    for (size_t i = 0; i < N; i++)
        x[i] = 0.1F * (float)signal_gaussian(&seed);
    for (size_t at = 100; period > 0 && at + 20 < 900; at += period)
        for (size_t k = 0; k < 10; k++)
            x[at + k] += (k < 5 ? 2.0F : -2.0F);
    return emgp_repeat_of(x, room, N, rate_hz);
}

static void repeats(void **state)
{
    (void)state;
    assert_true(repeat_with(20, 4000) > 0.6);   /* 200 a second */
    assert_true(repeat_with(39, 7999.9) > 0.6); /* the same where there are most lags */
    assert_true(repeat_with(0, 4000) < 0.5);
    float x[10] = { 0 }, room[10];
    assert_float_equal(emgp_repeat_of(x, room, 10, 4000), 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(likeness_of_shapes),
        cmocka_unit_test(likeness_of_whole_potentials),
        cmocka_unit_test(likeness_is_that_of_the_best_shift),
        cmocka_unit_test(groups_and_trains),
        cmocka_unit_test(phases_of_long_potentials),
        cmocka_unit_test(doublets_are_no_groups),
        cmocka_unit_test(kin_of_bursts),
        cmocka_unit_test(cores_of_doublets),
        cmocka_unit_test(repeats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
