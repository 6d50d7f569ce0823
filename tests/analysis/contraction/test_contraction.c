/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contractions of known times in noise: found where they are, whatever the blocks, the direction and the length. */
#include "support/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/contraction/contraction.h"
#include "dsp/signal.h"
#include "support/sweep.h"

enum { RATE = 1000, MOST_ROWS = 64 };

/* A stretch of activity: from, to (s), its level over the noise (dB). */
typedef struct stretch {
    double from_s, to_s, db;
} stretch;

typedef struct rows {
    size_t n;
    emgp_contraction row[MOST_ROWS];
} rows;

static emg_status take(void *context, const emgp_contraction *row, emg_error *err)
{
    (void)err;
    rows *r = context;
    assert_true(r->n < MOST_ROWS);
    r->row[r->n++] = *row;
    return EMG_OK;
}

/* Noise of sigma 1 with stretches of activity, whose spectrum has a hump at 110 Hz, as a muscle's has. */
static float *make_signal(double seconds, const stretch *s, size_t n_stretches, uint64_t seed)
{
    const size_t n = (size_t)(seconds * RATE);
    float *x = calloc(n, sizeof *x);
    assert_non_null(x);
    const double radius = 0.8, a1 = 2 * radius * cos(2 * PI * 110 / RATE), a2 = -radius * radius;
    const double gain = sqrt((1 + a2) * ((1 - a2) * (1 - a2) - a1 * a1) / (1 - a2));
    double muscle = 0, before = 0;
    for (size_t i = 0; i < n; i++) {
        x[i] = (float)signal_gaussian(&seed);
        const double next = a1 * muscle + a2 * before + gain * signal_gaussian(&seed);
        before = muscle;
        muscle = next;
        for (size_t k = 0; k < n_stretches; k++)
            if ((double)i >= s[k].from_s * RATE && (double)i < s[k].to_s * RATE)
                x[i] = (float)(pow(10, s[k].db / 20) * muscle);
    }
    return x;
}

static const emgp_spill *owned; /* stretches of something else; NULL: there are none */

static emg_status find(const float *x, size_t n, size_t block, double gap_from_s, double gap_to_s, rows *out,
                       emg_error *err)
{
    emgp_spill *spill = NULL;
    emgp_levels *levels = NULL;
    emgp_floor level;
    *out = (rows){ 0 };
    emg_status status = emgp_spill_new(&spill, 1, sizeof(emgp_level_record), 1 << 20, NULL, err);
    if (status == EMG_OK)
        status = emgp_levels_new(&levels, RATE, 20, 450, spill, 0, err);
    const size_t stop = gap_to_s > gap_from_s ? (size_t)(gap_from_s * RATE) : n;
    if (status == EMG_OK)
        emgp_levels_start(levels, 0);
    for (size_t i = 0; status == EMG_OK && i < stop; i += block)
        status = emgp_levels_push(levels, x + i, i + block < stop ? block : stop - i, err);
    if (status == EMG_OK)
        status = emgp_levels_end(levels, err);
    if (status == EMG_OK && stop < n) {
        emgp_levels_start(levels, gap_to_s);
        const size_t first = (size_t)(gap_to_s * RATE);
        status = emgp_levels_push(levels, x + first, n - first, err);
        if (status == EMG_OK)
            status = emgp_levels_end(levels, err);
    }
    if (status == EMG_OK)
        status = emgp_floor_settle(levels, &level, err);
    if (status == EMG_OK)
        status = emgp_contractions_find(spill, 0, emgp_levels_step_s(levels), &level, owned, owned != NULL, NULL, take,
                                        out, err);
    emgp_levels_free(levels);
    emgp_spill_free(spill);
    return status;
}

static rows rows_of(const float *x, size_t n, size_t block)
{
    rows r;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(find(x, n, block, 0, 0, &r, &err), EMG_OK);
    return r;
}

static void check_rows(const rows *r, const stretch *s, size_t n, double tolerance_s)
{
    assert_int_equal(r->n, n);
    for (size_t i = 0; i < n; i++) {
        if (fabs(r->row[i].onset_s - s[i].from_s) > tolerance_s || fabs(r->row[i].end_s - s[i].to_s) > tolerance_s)
            fail_msg("row %zu is %g to %g s, not %g to %g", i, r->row[i].onset_s, r->row[i].end_s, s[i].from_s,
                     s[i].to_s);
        assert_true(r->row[i].peak_s >= r->row[i].onset_s && r->row[i].peak_s <= r->row[i].end_s);
    }
}

static const stretch some[] = { { 3, 4.2, 20 },   { 6, 6.15, 16 }, { 9.5, 14, 10 }, { 14.6, 15.1, 22 },
                                { 15.4, 16, 22 }, { 18, 40, 5.5 }, { 44, 44.8, 30 } };
enum { N_SOME = sizeof some / sizeof *some };

static void each_is_one_row(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        float *x = make_signal(50, some, N_SOME, seed);
        const rows r = rows_of(x, 50 * RATE, 512);
        check_rows(&r, some, N_SOME, 0.1);
        assert_true(fabs(20 * log10(r.row[6].level / r.row[6].floor) - 31) < 3);
        free(x);
    }
}

/* To the step where the floor is clean and the activity strong. */
static void edges_are_sharp(void **state)
{
    (void)state;
    float *x = make_signal(50, some, N_SOME, 9);
    const rows r = rows_of(x, 50 * RATE, 512);
    static const size_t strong[] = { 0, 1, 3, 4, 6 };
    for (size_t i = 0; i < sizeof strong / sizeof *strong; i++) {
        const emgp_contraction *row = &r.row[strong[i]];
        assert_near(row->onset_s, some[strong[i]].from_s, 0.021);
        assert_near(row->end_s, some[strong[i]].to_s, 0.021);
    }
    free(x);
}

static void blocks_do_not_matter(void **state)
{
    (void)state;
    float *x = make_signal(50, some, N_SOME, 3);
    const rows whole = rows_of(x, 50 * RATE, 50 * RATE);
    static const size_t blocks[] = { 1, 7, 1000 };
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        const rows r = rows_of(x, 50 * RATE, blocks[i]);
        assert_memory_equal(&r, &whole, sizeof r);
    }
    free(x);
}

static void backwards_is_the_mirror(void **state)
{
    (void)state;
    const size_t n = 50 * RATE;
    float *x = make_signal(50, some, N_SOME, 4);
    const rows there = rows_of(x, n, 512);
    for (size_t i = 0; i < n / 2; i++) {
        const float kept = x[i];
        x[i] = x[n - 1 - i];
        x[n - 1 - i] = kept;
    }
    const rows back = rows_of(x, n, 512);
    assert_int_equal(back.n, there.n);
    for (size_t i = 0; i < back.n; i++) {
        const emgp_contraction *a = &there.row[i], *b = &back.row[back.n - 1 - i];
        assert_true(fabs(a->onset_s - (50 - b->end_s)) < 0.02 && fabs(a->end_s - (50 - b->onset_s)) < 0.02);
    }
    free(x);
}

/* Ten of thirty minutes, with rests far longer than what is held; a short one between them. */
static void long_holds_are_one_row(void **state)
{
    (void)state;
    static const stretch s[] = { { 400, 1000, 6 }, { 1300, 1300.5, 15 }, { 1600, 1700, 12 } };
    float *x = make_signal(1800, s, 3, 5);
    const rows r = rows_of(x, 1800 * RATE, 4096);
    check_rows(&r, s, 3, 0.3);
    free(x);
}

static void a_muscle_that_never_rests_is_one_row(void **state)
{
    (void)state;
    static const stretch s[] = { { 0, 600, 20 } };
    float *x = make_signal(600, s, 1, 6);
    const rows r = rows_of(x, 600 * RATE, 4096);
    check_rows(&r, s, 1, 0.006);
    assert_int_equal(r.row[0].flags, EMGP_CONTRACTION_CUT_BEFORE | EMGP_CONTRACTION_CUT_AFTER);
    free(x);
}

/* Beside a row 24 dB louder a third of a second is none, unless it is 25 dB over the noise; beside one 10 dB louder it is. */
static void blips_beside_loud_rows_are_none(void **state)
{
    (void)state;
    static const stretch loud[] = { { 5, 7, 40 }, { 12, 12.35, 16 } }, near[] = { { 5, 7, 26 }, { 12, 12.35, 16 } };
    float *x = make_signal(20, loud, 2, 8), *y = make_signal(20, near, 2, 8);
    const rows of_loud = rows_of(x, 20 * RATE, 512), of_near = rows_of(y, 20 * RATE, 512);
    static const stretch plain[] = { { 5, 7, 49 }, { 12, 12.35, 25 }, { 15, 15.2, 25 } };
    float *z = make_signal(20, plain, 3, 8);
    const rows of_plain = rows_of(z, 20 * RATE, 512);
    assert_int_equal(of_loud.n, 1);
    assert_int_equal(of_plain.n, 2); /* and a fifth of a second is none */
    assert_int_equal(of_near.n, 2);
    free(x);
    free(y);
    free(z);
}

/* Noise that is 5 dB louder for half of the time is noise, also with some discharges in it. */
static void louder_noise_is_none(void **state)
{
    (void)state;
    float *x = make_signal(120, NULL, 0, 31);
    for (size_t i = 40 * RATE; i < 100 * RATE; i++)
        x[i] *= 1.78F;
    for (size_t k = 0; k < 20; k++)
        for (size_t i = 0; i < 8; i++)
            x[(42 + 2 * k) * RATE + 137 * k + i] += i < 4 ? 9 : -9;
    const rows r = rows_of(x, 120 * RATE, 512);
    for (size_t i = 0; i < r.n; i++)
        assert_true(r.row[i].end_s - r.row[i].onset_s < 0.3);
    free(x);
}

/* So it is with many in it, which something else owns: what they do to the spectrum is not the noise's. */
static void louder_noise_with_discharges_is_none(void **state)
{
    (void)state;
    emgp_spill *stretches = NULL;
    assert_int_equal(emgp_spill_new(&stretches, 1, sizeof(emgp_stretch), 1 << 16, NULL, NULL), EMG_OK);
    float *x = make_signal(120, NULL, 0, 31);
    for (size_t i = 40 * RATE; i < 100 * RATE; i++)
        x[i] *= 1.78F;
    for (size_t at = 41 * RATE; at < 99 * RATE; at += 470 + at % 400) {
        const emgp_stretch own = { (double)at / RATE - 0.01, (double)at / RATE + 0.03 };
        assert_int_equal(emgp_spill_push(stretches, 0, &own, NULL), EMG_OK);
        for (size_t i = 0; i < 16; i++)
            x[at + i] += i < 8 ? 20 : -20;
    }
    owned = stretches;
    const rows r = rows_of(x, 120 * RATE, 512);
    owned = NULL;
    for (size_t i = 0; i < r.n; i++)
        assert_true(r.row[i].end_s - r.row[i].onset_s < 0.3);
    emgp_spill_free(stretches);
    free(x);
}

/* Its spectrum is no flatter than a muscle's, but has no hump. */
static void coloured_noise_is_none(void **state)
{
    (void)state;
    static const double memory[] = { 0.5, 0.6, 0.7 };
    for (size_t k = 0; k < sizeof memory / sizeof *memory; k++) {
        float *x = make_signal(120, NULL, 0, 21 + k);
        for (size_t i = 1; i < 120 * RATE; i++)
            x[i] += (float)memory[k] * x[i - 1];
        assert_int_equal(rows_of(x, 120 * RATE, 4096).n, 0);
        free(x);
    }
}

/* Noise of the skin (falling by 1/f^2 from 30 Hz) that is 5.6 dB louder for a third of the time; a muscle so loud is told. */
static void skin_noise_that_drifts_is_none(void **state)
{
    (void)state;
    float *x = make_signal(120, NULL, 0, 41), *y = make_signal(120, NULL, 0, 41);
    uint64_t seed = 43;
    double skin = 0;
    for (size_t i = 0; i < 120 * RATE; i++) {
        skin = 0.83 * skin + signal_gaussian(&seed);
        x[i] = y[i] = (float)(0.7 * (double)x[i] + 0.45 * skin);
        if (i >= 40 * RATE && i < 80 * RATE)
            x[i] *= 1.9F;
    }
    assert_int_equal(rows_of(x, 120 * RATE, 4096).n, 0);
    const stretch held = { 40, 80, 5 };
    float *muscle = make_signal(120, &held, 1, 47);
    for (size_t i = 40 * RATE; i < 80 * RATE; i++)
        y[i] += muscle[i];
    assert_int_equal(rows_of(y, 120 * RATE, 4096).n, 1);
    free(x);
    free(y);
    free(muscle);
}

static void noise_and_tones_are_none(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        float *x = make_signal(300, NULL, 0, seed);
        assert_int_equal(rows_of(x, 300 * RATE, 4096).n, 0);
        free(x);
    }
    static const double hz[] = { 31, 50, 123.4, 202, 390 };
    float *x = make_signal(60, NULL, 0, 7);
    for (size_t k = 0; k < 5; k++)
        for (size_t i = 0; i < 3 * RATE; i++)
            x[(5 + 10 * k) * RATE + i] += (float)(20 * sin(2 * TEST_PI * hz[k] * (double)i / RATE));
    const rows r = rows_of(x, 60 * RATE, 4096);
    if (r.n > 0)
        fail_msg("a tone is a contraction from %g to %g s", r.row[0].onset_s, r.row[0].end_s);
    free(x);
}

/* A contraction over a gap ends and begins there, and says so. The floor is that of both segments. */
static void gaps_cut(void **state)
{
    (void)state;
    static const stretch s[] = { { 5, 25, 20 } }, parts[] = { { 5, 10, 20 }, { 20, 25, 20 } };
    float *x = make_signal(40, s, 1, 8);
    rows r;
    assert_int_equal(find(x, 40 * RATE, 777, 10, 20, &r, NULL), EMG_OK);
    check_rows(&r, parts, 2, 0.02);
    assert_int_equal(r.row[0].flags, EMGP_CONTRACTION_CUT_AFTER);
    assert_int_equal(r.row[1].flags, EMGP_CONTRACTION_CUT_BEFORE);
    free(x);
}

/* Holds of that level that begin every period_s, each after a rest of 3 s, are a row each. */
static void check_holds(size_t n, size_t period_s, double db, double tolerance_s)
{
    stretch s[10];
    for (size_t i = 0; i < n; i++)
        s[i] = (stretch){ 3 + (double)(period_s * i), (double)(period_s * (i + 1)), db };
    const size_t seconds = period_s * n + 3;
    float *x = make_signal((double)seconds, s, n, 10);
    const rows r = rows_of(x, seconds * RATE, 4096);
    check_rows(&r, s, n, tolerance_s);
    free(x);
}

/* Such rests are where the floor is. So weak that nothing lies far from anything, the quietest seconds are noise. */
static void little_rest_is_enough(void **state)
{
    (void)state;
    check_holds(10, 100, 12, 0.2);
    check_holds(6, 110, 9, 0.5);
}

/* A moment without a discharge parts no hold: a third of a second of a weak one, a tenth of a strong one. As long as that
 * between strong pulls is a rest. */
static void moments_part_no_hold(void **state)
{
    (void)state;
    static const stretch weak[] = { { 5, 45, 9 }, { 45.35, 90, 9 } }, strong[] = { { 5, 45, 20 }, { 45.35, 90, 20 } },
                         near[] = { { 5, 45, 20 }, { 45.08, 90, 20 } }, whole[] = { { 5, 90, 0 } };
    float *x = make_signal(100, weak, 2, 13), *y = make_signal(100, strong, 2, 13), *z = make_signal(100, near, 2, 13);
    const rows of_weak = rows_of(x, 100 * RATE, 4096), of_strong = rows_of(y, 100 * RATE, 4096),
               of_near = rows_of(z, 100 * RATE, 4096);
    check_rows(&of_weak, whole, 1, 0.3);
    check_rows(&of_strong, strong, 2, 0.1);
    check_rows(&of_near, whole, 1, 0.1);
    free(x);
    free(y);
    free(z);
}

static float *swept;

static emg_status sweep(emg_error *err)
{
    rows r;
    return find(swept, 10 * RATE, 4096, 0, 0, &r, err);
}

static void memory_may_fail(void **state)
{
    (void)state;
    swept = make_signal(10, some, 2, 1);
    sweep_allocations(sweep, 10);
    free(swept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_one_row),
        cmocka_unit_test(edges_are_sharp),
        cmocka_unit_test(blocks_do_not_matter),
        cmocka_unit_test(backwards_is_the_mirror),
        cmocka_unit_test(long_holds_are_one_row),
        cmocka_unit_test(a_muscle_that_never_rests_is_one_row),
        cmocka_unit_test(blips_beside_loud_rows_are_none),
        cmocka_unit_test(louder_noise_is_none),
        cmocka_unit_test(louder_noise_with_discharges_is_none),
        cmocka_unit_test(coloured_noise_is_none),
        cmocka_unit_test(skin_noise_that_drifts_is_none),
        cmocka_unit_test(noise_and_tones_are_none),
        cmocka_unit_test(gaps_cut),
        cmocka_unit_test(little_rest_is_enough),
        cmocka_unit_test(moments_part_no_hold),
        cmocka_unit_test(memory_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
