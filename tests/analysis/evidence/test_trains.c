/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trains of bursts are found in levels as they were put there: their bursts, rate, course and ends, and none across a gap. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include "analysis/evidence/evidence.h"

static const double STEP_S = 0.005;

enum { MOST_LEVELS = 60 * 200, MOST_FOUND = 32 };

/* A minute of levels over a noise of 1, and the bursts that a detector would see. */
typedef struct signal {
    double power[MOST_LEVELS];
    emgp_spill *bursts, *levels;
    size_t n_found;
    emgp_stretch_found found[MOST_FOUND];
} signal;

static signal *new_signal(void)
{
    signal *s = emgp_alloc(1, sizeof *s);
    assert_non_null(s);
    for (size_t i = 0; i < MOST_LEVELS; i++)
        s->power[i] = 1 + 0.2 * sin((double)(i * i % 1009));
    assert_int_equal(emgp_spill_new(&s->bursts, 1, sizeof(emgp_burst), 1 << 20, NULL, NULL), EMG_OK);
    assert_int_equal(emgp_spill_new(&s->levels, 1, sizeof(emgp_level_record), 1 << 20, NULL, NULL), EMG_OK);
    return s;
}

static void free_signal(signal *s)
{
    emgp_spill_free(s->bursts);
    emgp_spill_free(s->levels);
    emgp_free(s);
}

/* A Gaussian of power, height times the noise's. */
static void put(signal *s, double at_s, double width_s, double height)
{
    for (size_t i = 0; i < MOST_LEVELS; i++) {
        const double u = (((double)i + 0.5) * STEP_S - at_s) / width_s;
        s->power[i] += height * exp(-u * u / 2);
    }
}

static void push_burst(signal *s, double from_s, double to_s)
{
    const emgp_burst b = { .onset_s = from_s,
                           .end_s = to_s,
                           .peak_s = (from_s + to_s) / 2,
                           .peak = 50,
                           .peak_to_peak = 90,
                           .sigma = 1,
                           .n_discharges = 1 };
    assert_int_equal(emgp_spill_push(s->bursts, 0, &b, NULL), EMG_OK);
}

static void push_gap(signal *s, double began_s, double ended_s)
{
    const emgp_burst b = { .onset_s = ended_s, .peak_s = began_s, .flags = EMGP_SEGMENT_END };
    assert_int_equal(emgp_spill_push(s->bursts, 0, &b, NULL), EMG_OK);
}

static emg_status take(void *context, const emgp_stretch_found *found, emg_error *err)
{
    (void)err;
    signal *s = context;
    assert_true(s->n_found < MOST_FOUND);
    s->found[s->n_found++] = *found;
    return EMG_OK;
}

static void find(signal *s)
{
    for (size_t from = 0; from < MOST_LEVELS; from += EMGP_LEVELS) {
        emgp_level_record r = { .start_s = (double)from * STEP_S };
        for (size_t i = from; i < MOST_LEVELS && i < from + EMGP_LEVELS; i++)
            r.level[r.n++] = emgp_level_code((float)sqrt(s->power[i]));
        assert_int_equal(emgp_spill_push(s->levels, 0, &r, NULL), EMG_OK);
    }
    assert_int_equal(
        emgp_trains_find(s->bursts, s->levels, 0, STEP_S, &(emgp_stretch_sink){ .take = take, .context = s }, NULL),
        EMG_OK);
}

/* Bursts that follow without silence are one burst to the detector; one is missing. */
static void a_fast_train_without_silence(void **state)
{
    (void)state;
    signal *s = new_signal();
    for (int k = 0; k < 31; k++)
        if (k != 12)
            put(s, 10 + 0.1 * k, 0.014, 200);
    push_burst(s, 9.96, 13.04);
    find(s);
    assert_int_equal(s->n_found, 1);
    const emgp_evidence *e = &s->found[0].evidence;
    assert_float_equal(e->rate_hz, 10, 0.02);
    assert_float_equal(e->cycles, 30, 0);
    assert_float_equal(e->width_s, 0.014, 0.002);
    assert_true(fabs(s->found[0].onset_s - (10 - 2.6 * e->width_s)) < 0.003);
    assert_true(fabs(s->found[0].end_s - (13 + 2.6 * e->width_s)) < 0.003);
    assert_true(e->acf_height > 0.6 && e->contrast > 1 && e->intervals.fold > 0.99 && e->depth_db > 10);
    assert_float_equal(e->n_sure, 1, 0);
    assert_float_equal(e->other_s, 0, 0.1);
    free_signal(s);
}

/* Five episodes whose intervals grow towards the ends, and five that do not. */
static double gliding(double share)
{
    signal *s = new_signal();
    double at_s = 2;
    for (int k = 0; k < 5; k++, at_s += 5)
        for (int i = 0; i < 9; i++) {
            put(s, at_s, 0.02, 200);
            push_burst(s, at_s - 0.05, at_s + 0.05);
            at_s += 0.2 * (1 + share * (exp(-i / 3.0) + exp(-(7 - i) / 3.0)) + 0.01 * ((i * 7 + k * 3) % 5 - 2));
        }
    find(s);
    assert_int_equal(s->n_found, 5);
    const emgp_evidence *e = &s->found[2].evidence;
    assert_float_equal(e->like_rate, 5, 0);
    assert_float_equal(e->cycles, 9, 0);
    assert_true(share > 0 ? e->glide_errors > 4 : fabs(e->glide_errors) < 2.5);
    const double told = e->gliding;
    free_signal(s);
    return told;
}

static void intervals_that_grow(void **state)
{
    (void)state;
    assert_float_equal(gliding(0.2), 0.2, 0.06);
    assert_float_equal(gliding(0), 0, 0.03);
}

/* The same train with and without a gap in what was recorded. */
static void no_train_spans_a_gap(void **state)
{
    (void)state;
    for (int gap = 0; gap < 2; gap++) {
        signal *s = new_signal();
        for (int k = 0; k < 30; k++) {
            put(s, 10 + 0.2 * k, 0.02, 200);
            push_burst(s, 9.96 + 0.2 * k, 10.04 + 0.2 * k);
            if (gap && k == 14)
                push_gap(s, 0, 12.89);
        }
        find(s);
        assert_int_equal(s->n_found, 1 + gap);
        if (gap)
            assert_true(s->found[0].end_s <= 12.89 && s->found[1].onset_s >= 12.89);
        free_signal(s);
    }
}

/* A burst in two pieces is one; so is a train of more than 20 s. */
static void pieces_and_long_trains(void **state)
{
    (void)state;
    signal *s = new_signal();
    for (int k = 0; k < 200; k++)
        put(s, 5 + 0.2 * k, 0.015, 200);
    put(s, 5.115, 0.008, 40);
    push_burst(s, 4.95, 44.9);
    find(s);
    assert_int_equal(s->n_found, 1);
    assert_float_equal(s->found[0].evidence.cycles, 200, 2);
    assert_float_equal(s->found[0].evidence.rate_hz, 5, 0.01);
    assert_float_equal(s->found[0].evidence.duration_s, 39.9, 0.1);
    free_signal(s);
}

/* Autocorrelations that are joined are those of all their courses. */
static void joined_lags(void **state)
{
    (void)state;
    double x[200], y[150];
    emgp_lags one = { 0 }, other = { 0 }, both = { 0 };
    for (size_t i = 0; i < 200; i++)
        x[i] = sin(0.21 * (double)i) + 0.3 * sin(0.05 * (double)(i * i % 97));
    for (size_t i = 0; i < 150; i++)
        y[i] = cos(0.2 * (double)i);
    emgp_lags_add(&one, x, 200);
    emgp_lags_add(&other, y, 150);
    emgp_lags_join(&one, &other);
    emgp_lags_add(&both, x, 200);
    emgp_lags_add(&both, y, 150);
    for (size_t k = 0; k < EMGP_COURSE_LAGS; k++) {
        assert_true(fabs(one.product[k] - both.product[k]) < 1e-9);
        assert_true(fabs(one.power[k] - both.power[k]) < 1e-9);
    }
}

/* A short episode whose own envelope has another period is read with that of the channel's others. */
static void episodes_share_their_period(void **state)
{
    (void)state;
    static const double uneven[] = { 0, 0.19, 0.3, 0.49, 0.6, 0.71, 0.9 };
    signal *s = new_signal();
    for (int episode = 0; episode < 8; episode++)
        for (int i = 0; i < 7; i++) {
            const double at_s = 2 + 5 * episode + (episode < 7 ? 0.15 * i : uneven[i]);
            put(s, at_s, 0.015, 200);
            push_burst(s, at_s - 0.035, at_s + 0.035);
        }
    find(s);
    assert_int_equal(s->n_found, 8);
    assert_float_equal(s->found[7].evidence.cycles, 7, 0);
    assert_true(fabs(s->found[7].evidence.rate_hz * 0.15 - 1) < 0.05);
    free_signal(s);
}

/* What all trains of a rate have together: a rhythm keeps its period over two cycles, firing with a CV of 0.2 loses it. */
static emgp_evidence together(double scatter)
{
    signal *s = new_signal();
    double at_s = 2;
    unsigned seed = 1;
    for (int k = 0; k < 10; k++, at_s += 4)
        for (int i = 0; i < 12; i++) {
            seed = seed * 1103515245U + 12345U;
            put(s, at_s, 0.014, 200);
            push_burst(s, at_s - 0.035, at_s + 0.035);
            at_s += 0.1 * (1 + scatter * ((double)(seed >> 16 & 1023) / 512 - 1));
        }
    find(s);
    assert_true(s->n_found > 4);
    const emgp_evidence e = s->found[2].evidence;
    free_signal(s);
    return e;
}

static void periods_kept_and_lost(void **state)
{
    (void)state;
    const emgp_evidence kept = together(0.05), lost = together(0.4);
    assert_float_equal(kept.like_rate, 10, 0);
    assert_float_equal(kept.like_cycles, 120, 0);
    assert_true(kept.like_height > 0.7 && kept.like_contrast > 1.3 && kept.like_echo > 1.3);
    assert_true(lost.like_contrast < 1.2 && lost.like_echo < 0.55);
}

/* Chance bursts are no clear train. */
static void chance_bursts(void **state)
{
    (void)state;
    signal *s = new_signal();
    double at_s = 2;
    for (unsigned k = 0; k < 60; k++) {
        put(s, at_s, 0.02, 200);
        push_burst(s, at_s - 0.04, at_s + 0.04);
        at_s += 0.12 + 0.45 * (double)(k * 7919 % 101) / 101;
    }
    find(s);
    for (size_t i = 0; i < s->n_found; i++)
        assert_true(s->found[i].evidence.n_sure < 2);
    free_signal(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fast_train_without_silence),
        cmocka_unit_test(intervals_that_grow),
        cmocka_unit_test(no_train_spans_a_gap),
        cmocka_unit_test(pieces_and_long_trains),
        cmocka_unit_test(joined_lags),
        cmocka_unit_test(episodes_share_their_period),
        cmocka_unit_test(periods_kept_and_lost),
        cmocka_unit_test(chance_bursts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
