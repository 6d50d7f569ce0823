/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which trains of units go on at a moment, how large their discharges are, and of which one may be due. */
#include "support/test.h"

#include "analysis/units/units.h"
#include "dsp/signal.h"

static void push(emgp_spill *rows, size_t unit, double onset_s, double end_s, double rate_hz, double amplitude)
{
    const emg_event train = { .onset_s = onset_s,
                              .duration_s = end_s - onset_s,
                              .unit = (uint32_t)unit,
                              .frequency_hz = rate_hz,
                              .amplitude = amplitude };
    assert_int_equal(emgp_spill_push(rows, unit - 1, &train, NULL), EMG_OK);
}

static void two_may_be_due(void **state)
{
    (void)state;
    emgp_spill *rows = NULL;
    emgp_firing f = { 0 };
    assert_int_equal(emgp_spill_new(&rows, EMGP_MOST_UNITS, sizeof(emg_event), 1 << 16, NULL, NULL), EMG_OK);
    push(rows, 1, 0, 20, 10, 80);
    push(rows, 2, 5, 20, 8, 60);
    push(rows, 3, 6, 9, 8, 20);
    assert_int_equal(emgp_firing_start(&f, rows, 0, NULL), EMG_OK);
    assert_int_equal(emgp_firing_move(&f, 7, NULL), EMG_OK);
    assert_true(emgp_firing_at(&f, 1, 7) && !emgp_firing_at(&f, 0, 7) && !emgp_firing_at(&f, 4, 7));
    assert_near(emgp_firing_amplitude(&f, 3), 80, 0);
    assert_near(emgp_firing_both(&f, 3, 0.65), 0, 0);   /* one train alone */
    assert_near(emgp_firing_both(&f, 7, 0.65), 140, 0); /* nothing was noted: all may be due */
    emgp_firing_note(&f, 2, 7);
    emgp_firing_note(&f, 4, 7);                            /* no train of it goes on */
    assert_near(emgp_firing_both(&f, 7.08, 0.65), 100, 0); /* 0.64 of a period after a discharge none is due */
    assert_near(emgp_firing_both(&f, 7.09, 0.65), 140, 0);
    emgp_firing_note(&f, 1, 9.99);
    assert_near(emgp_firing_both(&f, 10, 0.65), 0, 0);
    emgp_firing_free(&f);
    emgp_spill_free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(two_may_be_due) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
