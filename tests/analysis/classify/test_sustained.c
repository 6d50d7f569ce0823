/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contractions on their way through an analysis: what is theirs, what is left out of them, what they join. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include "support/drive.h"

enum { RATE = 2000, MOST = 64 };

typedef struct rows {
    emg_event event[MOST];
    size_t n;
} rows;

static rows rows_of(const drive_signal *s, size_t block)
{
    const drive_plan plan = { .block = block, .group = s->n_channels };
    emg_result *result = NULL;
    rows r = { .n = 0 };
    assert_int_equal(drive_analyse(s, &plan, &result, NULL), EMG_OK);
    for (bool found = true;; r.n++) {
        assert_true(r.n < MOST);
        assert_int_equal(emg_result_next(result, &r.event[r.n], &found, NULL), EMG_OK);
        if (!found)
            break;
    }
    emg_result_free(result);
    return r;
}

static size_t count(const rows *r, emg_class trial_type)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        n += r->event[i].trial_type == trial_type;
    return n;
}

/* Evenly from [low, high), the same for the same seed. */
static double between(uint64_t *seed, double low, double high)
{
    *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return low + (high - low) * (double)(*seed >> 40) / (double)(1 << 24);
}

/* Potentials of chance sizes at chance intervals. */
static void add_activity(drive_signal *s, double from_s, double to_s, double peak, double least_s, double most_s)
{
    uint64_t seed = 17;
    for (double at = from_s; at < to_s; at += between(&seed, least_s, most_s))
        drive_add_potential(s, 0, at, between(&seed, 0.6, 1) * (between(&seed, -1, 1) > 0 ? peak : -peak));
}

static void add_hold(drive_signal *s, double from_s, double to_s, double peak)
{
    add_activity(s, from_s, to_s, peak, 0.003, 0.015);
}

/* Discharges that stand alone have their own rows and break no hold; those near a hold have none. */
static void discharges_are_left_out(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, RATE, 60, 3, 5);
    static const double alone[] = { 4, 9.3, 13.1, 45.2, 51.9 };
    add_hold(&s, 20, 35, 90);
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
        drive_add_potential(&s, 0, alone[i], 150);
    drive_add_potential(&s, 0, 35.5, 150);
    drive_add_potential(&s, 0, 27, 600);
    rows r = rows_of(&s, 1000);
    assert_int_equal(count(&r, EMG_FASCICULATION), sizeof alone / sizeof *alone);
    assert_int_equal(count(&r, EMG_TONIC), 1);
    assert_int_equal(r.n, 1 + sizeof alone / sizeof *alone);
    const emg_event *hold = &r.event[3];
    assert_true(hold->trial_type == EMG_TONIC && hold->count > 300);
    assert_true(fabs(hold->onset_s - 20) < 0.05 && fabs(hold->onset_s + hold->duration_s - 35) < 0.1);
    assert_true(hold->peak > 500 && fabs(hold->peak_s - 27) < 0.01); /* the largest deflection in it */
    drive_free(&s);
}

/* Thirty discharges a second are no series of single ones. */
static void a_crowd_is_a_contraction(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, RATE, 60, 3, 6);
    add_activity(&s, 20, 30, 120, 0.015, 0.055);
    rows r = rows_of(&s, 1000);
    assert_int_equal(count(&r, EMG_FASCICULATION), 0);
    assert_int_equal(count(&r, EMG_TONIC), 1);
    assert_true(r.event[0].duration_s > 9 && r.event[0].duration_s < 10.2);
    drive_free(&s);
}

/* Bursts of a rhythm that fade into activity without silence and come back are one train. */
static void a_rhythm_goes_on_through_what_joins_it(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, RATE, 60, 3, 8);
    for (int k = 0; k < 150; k++) {
        const double at = 10 + 0.2 * k;
        if (at > 24.9 && at < 28.1)
            continue;
        for (int i = 0; i < 9; i++)
            drive_add_potential(&s, 0, at + 0.007 * i + 0.001 * (i * k % 3), i % 2 ? 110 : -100);
    }
    add_hold(&s, 24.95, 27.95, 60);
    rows r = rows_of(&s, 1000);
    size_t n = 0;
    for (size_t i = 0; i < r.n; i++) {
        const emg_event *e = &r.event[i];
        n += e->frequency_hz > 0;
        if (e->frequency_hz > 0)
            assert_true(e->onset_s < 10.1 && e->duration_s > 29 && e->count >= 130 && e->count <= 152);
    }
    assert_int_equal(n, 1);
    assert_int_equal(count(&r, EMG_TONIC), 0);
    drive_free(&s);
}

/* In a muscle without long contractions what lasts a third of a second has a row too: no burst is lost between the words. */
static void short_contractions_are_not_lost(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, RATE, 30, 3, 12);
    enum { N = 20 };
    for (int k = 0; k < N; k++) { /* strong for a quarter of a second, weak before and after */
        const double at = 3 + 1.2 * k + 0.07 * (k * k % 5);
        add_activity(&s, at, at + 0.34, 22, 0.003, 0.012);
        add_activity(&s, at + 0.05, at + 0.24 + 0.01 * (k % 6), 120, 0.003, 0.015);
    }
    rows r = rows_of(&s, 1000);
    for (int k = 0; k < N; k++) {
        const double middle = 3.14 + 1.2 * k + 0.07 * (k * k % 5);
        size_t n = 0;
        for (size_t i = 0; i < r.n; i++)
            n += r.event[i].onset_s <= middle && r.event[i].onset_s + r.event[i].duration_s >= middle;
        assert_true(n >= 1);
    }
    drive_free(&s);
}

/* Before and after a contraction of half a second, short ones are of the same movement: each has its row. */
static void short_ones_beside_a_contraction_are_not_lost(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, RATE, 60, 3, 12);
    static const double hold[] = { 8, 22.3, 31, 47.6 };
    for (size_t i = 0; i < 4; i++) {
        const double at = hold[i], beside = i % 2 ? at - 0.4 - 0.03 * (double)i : at + 0.8 + 0.03 * (double)i;
        add_hold(&s, at, at + 0.5, 120);
        add_hold(&s, beside, beside + 0.17, 150);
    }
    rows r = rows_of(&s, 1000);
    assert_int_equal(count(&r, EMG_TONIC), 8);
    assert_int_equal(r.n, 8);
    drive_free(&s);
}

/* A potential 50 ms before a jerk is the jerk's beginning; one 400 ms before it is one by itself. */
static void fringes_of_a_jerk_are_no_discharges(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, RATE, 60, 3, 14);
    for (int k = 0; k < 10; k++) {
        const double at = 4 + 5 * k + 0.3 * (k * k % 7);
        add_activity(&s, at, at + 0.08, 150, 0.004, 0.009);
        drive_add_potential(&s, 0, at - (k < 5 ? 0.06 : 0.4), 90);
    }
    rows r = rows_of(&s, 1000);
    assert_int_equal(count(&r, EMG_MYOCLONUS), 10);
    assert_int_equal(count(&r, EMG_FASCICULATION), 5);
    drive_free(&s);
}

/* Where a recording ends amid discharges there are as many around the last as around the others. */
static void the_end_isolates_nothing(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, RATE, 40, 3, 13);
    add_activity(&s, 10, 40, 150, 0.06, 0.22);
    rows r = rows_of(&s, 1000);
    for (size_t i = 0; i < r.n; i++)
        assert_true(r.event[i].trial_type != EMG_FASCICULATION || r.event[i].onset_s < 30);
    assert_true(count(&r, EMG_FASCICULATION) <= 2);
    drive_free(&s);
}

/* A muscle that never rests is one contraction; only what stands far out of it is more than that. */
static void never_at_rest_is_one_row(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, RATE, 60, 3, 9);
    add_hold(&s, 0, 60, 70);
    static const double out[] = { 12.3, 24.8, 41.1 };
    for (size_t i = 0; i < 3; i++)
        drive_add_potential(&s, 0, out[i], 1500);
    rows r = rows_of(&s, 1000);
    assert_int_equal(count(&r, EMG_TONIC), 1);
    assert_true(r.event[0].trial_type == EMG_TONIC && r.event[0].duration_s > 59.9);
    assert_int_equal(count(&r, EMG_INDETERMINATE), 0);
    assert_true(r.n <= 4);
    for (size_t i = 1; i < r.n; i++)
        assert_true(r.event[i].snr_db >= 18);
    drive_free(&s);
}

static void blocks_do_not_matter(void **state)
{
    (void)state;
    drive_signal s = drive_simulation("voluntary", 4, 40);
    const rows whole = rows_of(&s, s.n_frames);
    static const size_t blocks[] = { 1, 7, 1000 };
    assert_true(count(&whole, EMG_TONIC) >= 5);
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        const rows r = rows_of(&s, blocks[i]);
        assert_int_equal(r.n, whole.n);
        for (size_t k = 0; k < r.n; k++) {
            const double of_r[] = { r.event[k].onset_s, r.event[k].duration_s, r.event[k].peak_s, r.event[k].peak };
            const double of_whole[] = { whole.event[k].onset_s, whole.event[k].duration_s, whole.event[k].peak_s,
                                        whole.event[k].peak };
            assert_memory_equal(of_r, of_whole, sizeof of_r);
        }
    }
    drive_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(discharges_are_left_out),
        cmocka_unit_test(a_crowd_is_a_contraction),
        cmocka_unit_test(a_rhythm_goes_on_through_what_joins_it),
        cmocka_unit_test(short_contractions_are_not_lost),
        cmocka_unit_test(short_ones_beside_a_contraction_are_not_lost),
        cmocka_unit_test(fringes_of_a_jerk_are_no_discharges),
        cmocka_unit_test(the_end_isolates_nothing),
        cmocka_unit_test(never_at_rest_is_one_row),
        cmocka_unit_test(blocks_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
