/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bursts of events as the result gives them: as many as are counted, where the event is, at its rate. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "support/drive.h"

/* What the bursts of one event come to. */
typedef struct sums {
    uint64_t n;
    double first_s, last_s, longest_s;
} sums;

static sums bursts_of(emg_result *result, const emg_event *event)
{
    sums s = { 0 };
    bool found = true;
    assert_int_equal(emg_result_rewind_bursts(result, event, NULL), EMG_OK);
    for (;;) {
        emg_burst burst;
        assert_int_equal(emg_result_next_burst(result, &burst, &found, NULL), EMG_OK);
        if (!found)
            return s;
        assert_true(burst.onset_s <= burst.at_s && burst.at_s <= burst.end_s);
        assert_true(burst.at_s >= event->onset_s - 1e-6 && burst.at_s <= event->onset_s + event->duration_s + 1e-6);
        assert_true(s.n == 0 || burst.at_s > s.last_s);
        s.longest_s = s.n > 0 ? fmax(s.longest_s, burst.at_s - s.last_s) : 0;
        s.first_s = s.n > 0 ? s.first_s : burst.at_s;
        s.last_s = burst.at_s;
        s.n++;
    }
}

/* Events of a class that have bursts; each is checked. */
static size_t check_class(const char *preset, emg_class trial_type)
{
    drive_signal signal = drive_simulation(preset, 5, 120);
    drive_plan plan = { .block = 4096, .group = signal.n_channels };
    emg_result *result = NULL;
    size_t n = 0;
    assert_int_equal(drive_analyse(&signal, &plan, &result, NULL), EMG_OK);
    emg_result_rewind(result);
    for (bool found = true;;) {
        emg_event event;
        assert_int_equal(emg_result_next(result, &event, &found, NULL), EMG_OK);
        if (!found)
            break;
        const sums s = bursts_of(result, &event);
        if (!(event.frequency_hz > 0)) {
            assert_int_equal(s.n, 0);
            continue;
        }
        assert_int_equal(s.n, event.count);
        if (event.trial_type != trial_type)
            continue;
        n++;
        const bool whole = s.n > 1 && s.n <= 20 && s.longest_s < 1.5 / event.frequency_hz;
        if (whole && trial_type != EMG_MOTOR_UNIT)
            assert_true(fabs((double)(s.n - 1) / (s.last_s - s.first_s) / event.frequency_hz - 1) <
                        0.02); /* muscles may share a rate */
        else if (s.n > 1)
            assert_true(fabs((double)(s.n - 1) / (s.last_s - s.first_s) / event.frequency_hz - 1) < 0.25);
    }
    emg_result_free(result);
    drive_free(&signal);
    return n;
}

static void of_each_word(void **state)
{
    (void)state;
    assert_true(check_class("ankle-clonus", EMG_CLONUS) > 2);
    assert_true(check_class("tremor", EMG_TREMOR) > 2);
    assert_true(check_class("myokymia", EMG_MYOKYMIA) > 0);
    assert_true(check_class("regular-unit", EMG_MOTOR_UNIT) > 0);
    assert_true(check_class("mixed", EMG_CLONUS) > 0);
}

/* Flexor and extensor of one tremor, in turn and with pieces of bursts between, have its rate. */
static void one_rate_of_two_muscles(void **state)
{
    (void)state;
    double hz[2][8] = { { 0 } };
    size_t n[2] = { 0, 0 };
    drive_signal signal = drive_simulation("tremor", 5, 120);
    drive_plan plan = { .block = 4096, .group = signal.n_channels };
    emg_result *result = NULL;
    assert_int_equal(signal.n_channels, 2);
    assert_int_equal(drive_analyse(&signal, &plan, &result, NULL), EMG_OK);
    emg_result_rewind(result);
    for (bool found = true;;) {
        emg_event event;
        assert_int_equal(emg_result_next(result, &event, &found, NULL), EMG_OK);
        if (!found)
            break;
        if (event.trial_type == EMG_TREMOR && n[event.channel] < 8)
            hz[event.channel][n[event.channel]++] = event.frequency_hz;
    }
    assert_true(n[0] == n[1] && n[0] >= 2);
    for (size_t i = 0; i < n[0]; i++)
        assert_true(fabs(hz[0][i] - hz[1][i]) < 1e-9);
    emg_result_free(result);
    drive_free(&signal);
}

/* Bursts of an event may be asked for again, and events read on meanwhile. */
static void in_any_order(void **state)
{
    (void)state;
    drive_signal signal = drive_simulation("ankle-clonus", 5, 60);
    drive_plan plan = { .block = 4096, .group = signal.n_channels };
    emg_result *result = NULL;
    emg_event event[2] = { 0 };
    bool found = true;
    assert_int_equal(drive_analyse(&signal, &plan, &result, NULL), EMG_OK);
    emg_result_rewind(result);
    for (size_t n = 0; n < 2;) {
        assert_int_equal(emg_result_next(result, &event[n], &found, NULL), EMG_OK);
        assert_true(found);
        n += event[n].count > 1;
    }
    const sums second = bursts_of(result, &event[1]), first = bursts_of(result, &event[0]),
               again = bursts_of(result, &event[1]);
    assert_int_equal(first.n, event[0].count);
    assert_true(second.n == again.n && !(second.first_s < again.first_s) && !(second.last_s > again.last_s));
    event[0].channel = 1000;
    assert_int_equal(emg_result_rewind_bursts(result, &event[0], NULL), EMG_EARG);
    emg_result_free(result);
    drive_free(&signal);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(of_each_word), cmocka_unit_test(in_any_order),
                                        cmocka_unit_test(one_rate_of_two_muscles) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
