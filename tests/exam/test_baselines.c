/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every baseline finds plain discharges where they are, whatever its smoothing; clonus lasts as long as its energy. */
#include "support/test.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "methods/detector.h"
#include "methods/rhythm.h"

enum { RATE_HZ = 2048, SECONDS = 12, N = RATE_HZ * SECONDS };

static uint64_t state = 7;

/* About normal: the sum of twelve even numbers. */
static double normal(void)
{
    double sum = -6;
    for (int k = 0; k < 12; k++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        sum += (double)(state >> 11) * 0x1p-53;
    }
    return sum;
}

static double *noise(double sigma)
{
    double *x = malloc(N * sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < N; i++)
        x[i] = sigma * normal();
    return x;
}

/* A wave of two phases, 6 ms long, whose first phase is the larger. */
static void add_discharge(double *x, double peak_s, double size)
{
    for (size_t k = 0; k < 12; k++)
        x[(size_t)(peak_s * RATE_HZ) - 3 + k] += size * sin(3.14159265358979 * (double)k / 6) * (k < 6 ? 1 : 0.6);
}

static const exam_detector *named(const char *name)
{
    for (size_t i = 0; exam_baseline(i); i++)
        if (strcmp(exam_baseline(i)->name, name) == 0)
            return exam_baseline(i);
    return NULL;
}

/* Whatever the window and corner: a discharge that is seen, and be it just so, is told within 10 ms of its deflection. */
static void hodges_tells_the_deflection(void **unused)
{
    (void)unused;
    const exam_detector *hodges = named("hodges");
    assert_non_null(hodges);
    double *x = noise(1);
    size_t n_found = 0, n_near = 0;
    for (size_t k = 0; k < 8; k++)
        add_discharge(x, 3.5 + (double)k, 20 + 15 * (double)k);
    const exam_signal s = { x, x, N, RATE_HZ };
    for (size_t low = 0; low < hodges->parameter[0].n; low++) {
        for (size_t w = 0; w < hodges->parameter[1].n; w++) {
            const double p[EXAM_PARAMETERS] = { hodges->parameter[0].value[low], hodges->parameter[1].value[w], 8 };
            exam_events found = { 0 };
            assert_int_equal(hodges->detect(&s, p, &found, NULL), EMG_OK);
            for (size_t i = 0; i < found.n; i++) {
                double off = found.event[i].peak_s - floor(found.event[i].peak_s) - 0.5;
                n_near += fabs(off) < 0.010;
            }
            n_found += found.n;
            exam_events_free(&found);
        }
    }
    assert_true(n_found > 50);
    assert_int_equal(n_near, n_found);
    free(x);
}

/* Twelve bursts of 60 ms at 5 Hz: from 5 % of the first one's energy to 95 % of the last one's, whatever the threshold. */
static void clonus_lasts_as_its_energy(void **unused)
{
    (void)unused;
    const exam_rule *rule = NULL;
    for (size_t i = 0; exam_rhythm_rule(i); i++)
        if (strcmp(exam_rhythm_rule(i)->name, "mummidisetty_like") == 0)
            rule = exam_rhythm_rule(i);
    assert_non_null(rule);
    double *x = noise(0.5), *burst = noise(30);
    for (size_t k = 0; k < 12; k++)
        for (size_t i = 0; i < (size_t)(0.060 * RATE_HZ); i++) /* the middle is the loudest */
            x[(size_t)((4 + 0.2 * (double)k) * RATE_HZ) + i] +=
                burst[1000 * k + i] * sin(3.14159265358979 * (double)i / (0.060 * RATE_HZ));
    const exam_signal s = { x, x, N, RATE_HZ };
    for (size_t i = 0; i < rule->parameter[0].n; i++) {
        const double p[EXAM_PARAMETERS] = { rule->parameter[0].value[i], 6, 0.02 };
        exam_verdict v;
        assert_int_equal(rule->judge(&s, p, &v, NULL), EMG_OK);
        assert_int_equal(v.trial_type, EMG_CLONUS);
        assert_true(fabs(v.frequency_hz - 5) < 0.1);
        assert_true(fabs(v.to_s - v.from_s - 2.236) < 0.012);
    }
    free(x);
    free(burst);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hodges_tells_the_deflection),
        cmocka_unit_test(clonus_lasts_as_its_energy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
