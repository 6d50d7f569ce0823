/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weak discharges are told where they are common, and not where the noise makes them. */
#include "support/test.h"

#include <math.h>

#include "support/drive.h"

enum { MOST = 400 };

typedef struct answer {
    size_t n;
    double peak_s[MOST];
} answer;

static void ask(const drive_signal *signal, answer *a)
{
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    drive_plan plan = { .block = 4096, .group = 1, .config = &config };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(signal, &plan, &result, NULL), EMG_OK);
    bool found = true;
    a->n = 0;
    for (emg_event e; emg_result_next_discharge(result, &e, &found, NULL) == EMG_OK && found;)
        if (a->n < MOST)
            a->peak_s[a->n++] = e.peak_s;
    emg_result_free(result);
}

static double time_of(size_t k, double step_s)
{
    return 0.7 + step_s * ((double)k + 0.3 * (double)(k * k % 7) / 7);
}

static size_t hits(const answer *a, size_t n, double step_s)
{
    size_t found = 0;
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < a->n; i++)
            if (fabs(a->peak_s[i] - time_of(k, step_s)) < 0.005) {
                found++;
                break;
            }
    return found;
}

/* Of potentials that single ones would be lost as, most are told when there are 60 a minute. */
static void common_ones_are_told(void **state)
{
    (void)state;
    static answer a;
    for (int many = 0; many < 2; many++) {
        const size_t n = many ? 118 : 4;
        const double step_s = many ? 1 : 29;
        drive_signal s = drive_noise(1, 2000, 120, 1, 41);
        for (size_t k = 0; k < n; k++)
            drive_add_potential(&s, 0, time_of(k, step_s), 2.7);
        ask(&s, &a);
        const size_t found = hits(&a, n, step_s);
        print_message("%zu of %zu told, %zu false\n", found, n, a.n - found);
        assert_true(many ? found >= 80 : found <= 2);
        assert_true(a.n - found <= (many ? 30 : 1));
        drive_free(&s);
    }
}

/* Noise with a long tail: each sample a Gaussian one of random width (Student's t with five degrees of freedom). */
static void a_tail_of_noise_is_noise(void **state)
{
    (void)state;
    static answer a;
    drive_signal s = drive_noise(6, 2000, 120, 1, 43);
    for (size_t i = 0; i < s.n_frames; i++) {
        double squares = 0;
        for (size_t k = 1; k < 6; k++)
            squares += s.x[i * 6 + k] * s.x[i * 6 + k];
        s.x[i] = s.x[i * 6] * sqrt(5 / squares);
    }
    s.n_channels = 1;
    ask(&s, &a);
    print_message("%zu in two minutes\n", a.n);
    assert_true(a.n <= 8); /* 80 without a look at the tail */
    for (size_t k = 0; k < 10; k++)
        drive_add_potential(&s, 0, time_of(k, 11), 30);
    ask(&s, &a);
    assert_int_equal(hits(&a, 10, 11), 10);
    drive_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(common_ones_are_told),
        cmocka_unit_test(a_tail_of_noise_is_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
