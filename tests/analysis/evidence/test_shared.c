/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Muscles that keep one phase get one word and one rate, in step or in turn; others keep their own. */
#include "support/test.h"

#include <math.h>

#include "analysis/evidence/evidence.h"

enum { BURSTS = 40, CHANNELS = 3 };

/* Bursts of a channel of that rate from a moment on, each off its time by some share of a period. */
static emg_event train(emgp_spill *times, uint32_t channel, emg_class word, double hz, double from_s, double scatter)
{
    uint64_t random = channel + 3;
    for (size_t i = 0; i < BURSTS; i++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const double off = scatter * ((double)(random >> 40) / (1 << 24) - 0.5);
        const double at_s = from_s + ((double)i + off) / hz;
        const emgp_burst_time time = { .at_s = at_s, .onset_s = at_s - 0.02, .end_s = at_s + 0.02 };
        assert_int_equal(emgp_spill_push(times, channel * EMGP_N_TIMES + EMGP_TIMES_CYCLES, &time, NULL), EMG_OK);
    }
    return (emg_event){ .onset_s = from_s - 0.2,
                        .duration_s = (BURSTS - 1) / hz + 0.4,
                        .frequency_hz = hz,
                        .interval_cv = 0.05 + scatter,
                        .confidence = 0.9,
                        .count = BURSTS,
                        .channel = channel,
                        .muscle = channel,
                        .trial_type = word };
}

static emgp_spill *new_times(void)
{
    emgp_spill *times = NULL;
    assert_int_equal(emgp_spill_new(&times, CHANNELS * EMGP_N_TIMES, sizeof(emgp_burst_time), 1 << 16, NULL, NULL),
                     EMG_OK);
    return times;
}

/* In step and in turn, however uneven one of them is. */
static void one_rhythm_has_one_word(void **state)
{
    (void)state;
    for (int k = 0; k < 4; k++) {
        emgp_spill *times = new_times();
        const double behind_s = k % 2 ? 0.1 : 0.004, scatter = k < 2 ? 0.02 : 0.4;
        emg_event events[] = { train(times, 0, EMG_TREMOR, 5, 2, 0.02),
                               train(times, 1, k % 2 ? EMG_CLONUS : EMG_RHYTHMIC, 5, 2 + behind_s, scatter) };
        events[1].confidence = 0.6;
        events[1].frequency_hz = 5.2; /* as pieces of bursts may make it */
        assert_int_equal(emgp_shared_settle(events, 2, times, NULL), EMG_OK);
        assert_int_equal(events[0].trial_type, EMG_TREMOR);
        assert_int_equal(events[1].trial_type, EMG_TREMOR);
        assert_true(fabs(events[0].frequency_hz - events[1].frequency_hz) < 1e-12);
        assert_true(events[0].frequency_hz > 5 &&
                    events[0].frequency_hz < (k < 2 ? 5.2 : 5.01)); /* the even one weighs most */
        emgp_spill_free(times);
    }
}

/* Other rates, a rate that only seems the same, one muscle, and another time. */
static void other_rhythms_stay_apart(void **state)
{
    (void)state;
    for (int k = 0; k < 4; k++) {
        emgp_spill *times = new_times();
        const double hz = k == 0 ? 6.2 : k == 1 ? 5.3 : 5;
        emg_event events[] = { train(times, 0, EMG_TREMOR, 5, 2, 0.02),
                               train(times, 1, EMG_CLONUS, hz, k == 3 ? 7 : 2.05, 0.02) };
        events[1].muscle = k == 2 ? 0 : 1;
        assert_int_equal(emgp_shared_settle(events, 2, times, NULL), EMG_OK);
        assert_int_equal(events[0].trial_type, EMG_TREMOR);
        assert_int_equal(events[1].trial_type, EMG_CLONUS);
        assert_true(!(events[0].frequency_hz < 5) && !(events[0].frequency_hz > 5));
        assert_true(!(events[1].frequency_hz < hz) && !(events[1].frequency_hz > hz));
        emgp_spill_free(times);
    }
}

/* Of three the two that agree win; one that shares only a part of the time has the word, and its own rate. */
static void the_word_that_weighs_most(void **state)
{
    (void)state;
    emgp_spill *times = new_times();
    emg_event events[] = { train(times, 0, EMG_CLONUS, 5, 2, 0.02), train(times, 1, EMG_TREMOR, 5.01, 2.02, 0.02),
                           train(times, 2, EMG_CLONUS, 5.02, 2.04, 0.02) };
    events[0].confidence = 0.7;
    events[2].onset_s += 3;
    events[2].duration_s -= 3;
    assert_int_equal(emgp_shared_settle(events, 3, times, NULL), EMG_OK);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(events[i].trial_type, EMG_CLONUS);
    assert_true(fabs(events[0].frequency_hz - events[1].frequency_hz) < 1e-12);
    assert_true(fabs(events[2].frequency_hz - 5.02) < 1e-12);
    emgp_spill_free(times);
}

static void memory_faults(void **state)
{
    (void)state;
    bool done = false;
    for (long n = 1; !done; n++) {
        emgp_spill *times = new_times();
        emg_event events[] = { train(times, 0, EMG_CLONUS, 5, 2, 0.02), train(times, 1, EMG_TREMOR, 5, 2.02, 0.02) };
        emgp_fault_arm(n, false);
        const emg_status status = emgp_shared_settle(events, 2, times, NULL);
        done = emgp_fault_count() < n;
        emgp_fault_arm(0, false);
        assert_int_equal(status, done ? EMG_OK : EMG_ENOMEM);
        emgp_spill_free(times);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(one_rhythm_has_one_word),
                                        cmocka_unit_test(other_rhythms_stay_apart),
                                        cmocka_unit_test(the_word_that_weighs_most), cmocka_unit_test(memory_faults) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
