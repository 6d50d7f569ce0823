/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Butterworth sections: gain as SciPy's, refusals, decay. */
#include "support/test.h"

#include <math.h>

#include "dsp/filter/filter.h"
#include "oracle.h"
#include "dsp/signal.h"

static void gains_agree_with_scipy(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof oracle_gains / sizeof *oracle_gains; i++) {
        const oracle_gain *o = &oracle_gains[i];
        emgp_section sections[EMGP_MOST_ORDER];
        size_t n;
        assert_int_equal(emgp_butterworth(sections, &n, o->kind, o->order, o->low_hz, o->high_hz, o->rate_hz, NULL),
                         EMG_OK);
        for (size_t j = 0; j < ORACLE_N_F; j++) {
            double gain = emgp_sections_gain(sections, n, oracle_fractions[j] * o->rate_hz / 2, o->rate_hz);
            if (!(fabs(gain - o->gain[j]) <= 1e-10))
                fail_msg("case %zu, frequency %zu: %.15g, SciPy %.15g", i, j, gain, o->gain[j]);
        }
    }
}

static void corners_are_half_power(void **state)
{
    (void)state;
    emgp_section s[EMGP_MOST_ORDER];
    size_t n;
    for (int order = 1; order <= EMGP_MOST_ORDER; order++) {
        assert_int_equal(emgp_butterworth(s, &n, EMGP_BAND_PASS, order, 20, 450, 2048, NULL), EMG_OK);
        assert_int_equal(n, order);
        assert_near(emgp_sections_gain(s, n, 20, 2048), sqrt(0.5), 1e-10);
        assert_near(emgp_sections_gain(s, n, 450, 2048), sqrt(0.5), 1e-10);
        assert_true(emgp_sections_dc_gain(s, n) == 0);
    }
    assert_int_equal(emgp_butterworth(s, &n, EMGP_BAND_LOW, 4, 0, 10, 2048, NULL), EMG_OK);
    assert_near(emgp_sections_dc_gain(s, n), 1, 1e-12);
}

typedef struct refusal {
    emgp_band kind;
    int order;
    double low_hz, high_hz, rate_hz;
    const char *sentence;
} refusal;

static void refuses_what_makes_no_filter(void **state)
{
    (void)state;
    static const refusal cases[] = {
        { EMGP_BAND_PASS, 0, 20, 450, 2048, "filter order 0 is not within 1 to 12" },
        { EMGP_BAND_PASS, 13, 20, 450, 2048, "filter order 13 is not within 1 to 12" },
        { EMGP_BAND_PASS, 4, 450, 20, 2048, "low corner 450 Hz is not below the high corner 20 Hz" },
        { EMGP_BAND_PASS, 4, 20, 600, 1000, "high corner 600 Hz is not between 0 and half the sampling rate, 500 Hz" },
        { EMGP_BAND_HIGH, 4, 0, 0, 1000, "low corner 0 Hz is not between 0 and half the sampling rate, 500 Hz" },
        { EMGP_BAND_LOW, 4, 0, NAN, 1000, "high corner nan Hz is not between 0 and half the sampling rate, 500 Hz" },
        { EMGP_BAND_LOW, 4, 0, 10, 0, "sampling rate 0 Hz is not above 0" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const refusal *c = &cases[i];
        emgp_section s[EMGP_MOST_ORDER];
        size_t n;
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(emgp_butterworth(s, &n, c->kind, c->order, c->low_hz, c->high_hz, c->rate_hz, &err),
                         EMG_ERANGE);
        assert_string_equal(err.text, c->sentence);
    }
}

/* A one-pole low-pass at a quarter of the rate has its pole at 0 and forgets at once; at 10 Hz of 1000 the pole is
 * (1 - tan) / (1 + tan) of pi / 100, and 1e-7 takes log(1e-7) / log(pole) = 256 frames. */
static void decay_follows_the_pole(void **state)
{
    (void)state;
    emgp_section s[EMGP_MOST_ORDER];
    size_t n;
    assert_int_equal(emgp_butterworth(s, &n, EMGP_BAND_LOW, 1, 0, 250, 1000, NULL), EMG_OK);
    assert_in_range(emgp_sections_decay(s, n, 1e-7, 100000), 1, 3);
    assert_int_equal(emgp_butterworth(s, &n, EMGP_BAND_LOW, 1, 0, 10, 1000, NULL), EMG_OK);
    double w = tan(TEST_PI * 0.01), expected = log(1e-7) / log((1 - w) / (1 + w));
    assert_in_range(emgp_sections_decay(s, n, 1e-7, 100000), (uintmax_t)expected - 1, (uintmax_t)expected + 3);
    assert_int_equal(emgp_sections_decay(s, n, 1e-7, 200), 0);
    s[0].a1 = -1; /* an integrator never forgets */
    assert_int_equal(emgp_sections_decay(s, n, 1e-7, 100000), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gains_agree_with_scipy),
        cmocka_unit_test(corners_are_half_power),
        cmocka_unit_test(refuses_what_makes_no_filter),
        cmocka_unit_test(decay_follows_the_pole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
