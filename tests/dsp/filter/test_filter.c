/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filter designs and responses: SciPy's coefficients and transfer functions, corners, delays, refusals. */
#include "support/test.h"

#include <complex.h>
#include <stdbool.h>

#include <emg/filter.h>
#include <emg/filter_stream.h>

#include "oracle_filter.h"
#include "dsp/signal.h"

static emg_filter *designed(const emg_filter_plan *plan)
{
    emg_filter *f;
    emg_error err = EMG_ERROR_NONE;
    if (emg_filter_design(&f, plan, &err))
        fail_msg("%s", err.text);
    return f;
}

static double complex response(const emg_filter *f, double f_hz, emg_filter_direction direction)
{
    emg_filter_response r;
    emg_filter_response_at(f, f_hz, direction, &r);
    assert_true(r.gain >= 0);
    return r.gain * cexp(I * r.phase_rad);
}

/* In value and phase. What a FIR filter stops is a difference of large numbers, for SciPy too: a floor. */
static void transfer_functions_agree_with_scipy(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof oracle_responses / sizeof *oracle_responses; i++) {
        const oracle_response *o = &oracle_responses[i];
        double floor = o->plan.family == EMG_FILTER_FIR ? 1e-4 : 0;
        emg_filter *f = designed(&o->plan);
        for (size_t j = 0; j < ORACLE_N_RESPONSE; j++) {
            double complex h = response(f, oracle_response_at[j] * o->plan.rate_hz / 2, EMG_FILTER_FORWARD);
            double complex expected = o->re[j] + I * o->im[j];
            if (!(cabs(h - expected) <= 1e-10 * (cabs(expected) + floor)))
                fail_msg("case %zu, frequency %zu: %.15g%+.15gi, SciPy %.15g%+.15gi", i, j, creal(h), cimag(h),
                         o->re[j], o->im[j]);
        }
        emg_filter_free(f);
    }
}

static void group_delays_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof oracle_delays / sizeof *oracle_delays; i++) {
        const oracle_delay *o = &oracle_delays[i];
        emg_filter *f = designed(&o->plan);
        for (size_t j = 0; j < ORACLE_N_RESPONSE; j++) {
            emg_filter_response r;
            emg_filter_response_at(f, oracle_response_at[j] * o->plan.rate_hz / 2, EMG_FILTER_FORWARD, &r);
            assert_near(r.group_delay_s * o->plan.rate_hz, o->samples[j], 1e-9 * (1 + fabs(o->samples[j])));
        }
        emg_filter_free(f);
    }
}

static void taps_agree_with_scipy(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof oracle_taps / sizeof *oracle_taps; i++) {
        const oracle_tap *o = &oracle_taps[i];
        emg_filter *f = designed(&o->plan);
        const double *taps;
        const emg_filter_section *sections;
        assert_int_equal(emg_filter_taps(f, &taps), o->n);
        assert_near(taps[o->at], o->value, 1e-14);
        assert_true(taps[o->at] == taps[o->n - 1 - o->at]);
        assert_int_equal(emg_filter_sections(f, &sections), 0);
        assert_null(sections);
        emg_filter_free(f);
    }
}

/* Coefficients as doubles bend the response of poles so close to z = 1 by less than 1e-6. */
static void low_corner_keeps_its_shape(void **state)
{
    (void)state;
    const emg_filter_plan plan = { EMG_FILTER_BUTTERWORTH, EMG_FILTER_HIGH, 8, 0.1, 0, 0, 0, 0, 20000,
                                   EMG_FILTER_PAD_CONSTANT };
    emg_filter *f = designed(&plan);
    const emg_filter_section *s;
    size_t n = emg_filter_sections(f, &s);
    assert_int_equal(n, 4);
    for (size_t i = 0; i < n; i++) /* both poles within the circle (Jury) */
        assert_true(s[i].a2 < 1 && fabs(s[i].a1) < 1 + s[i].a2);
    for (size_t i = 0; i < ORACLE_N_RESPONSE; i++) {
        double complex expected = oracle_low_corner_re[i] + I * oracle_low_corner_im[i];
        double complex h = response(f, oracle_low_corner_hz[i], EMG_FILTER_FORWARD);
        if (!(cabs(h - expected) <= 1e-6 * cabs(expected)))
            fail_msg("%g Hz: off by %g", oracle_low_corner_hz[i], cabs(h - expected) / cabs(expected));
    }
    emg_filter_free(f);
}

static void corners_are_half_power(void **state)
{
    (void)state;
    for (int kind = EMG_FILTER_LOW; kind <= EMG_FILTER_STOP; kind++) {
        for (int order = 1; order <= 12; order++) {
            const emg_filter_plan plan = {
                .kind = (emg_filter_kind)kind, .order = order, .low_hz = 20, .high_hz = 450, .rate_hz = 2048
            };
            emg_filter *f = designed(&plan);
            double corner[2];
            size_t n = emg_filter_corners(f, corner);
            assert_int_equal(n, kind >= EMG_FILTER_PASS ? 2 : 1);
            for (size_t c = 0; c < n; c++) {
                assert_near(cabs(response(f, corner[c], EMG_FILTER_FORWARD)), sqrt(0.5), 1e-10);
                assert_near(cabs(response(f, corner[c], EMG_FILTER_ZERO_PHASE)), 0.5, 1e-10);
            }
            emg_filter_free(f);
        }
    }
}

/* -3 dB at a distance of centre / Q, nothing at the centre, 1 far off. */
static void notch_is_as_narrow_as_asked(void **state)
{
    (void)state;
    const emg_filter_plan plan = { .family = EMG_FILTER_NOTCH, .low_hz = 50, .q = 25, .rate_hz = 2048 };
    emg_filter *f = designed(&plan);
    assert_true(cabs(response(f, 50, EMG_FILTER_FORWARD)) < 1e-13);
    assert_near(cabs(response(f, 0, EMG_FILTER_FORWARD)), 1, 1e-12);
    double low = 49, high = 50; /* the lower -3 dB point by halving, the upper from their geometric mean in tan */
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        *(cabs(response(f, middle, EMG_FILTER_FORWARD)) > sqrt(0.5) ? &low : &high) = middle;
    }
    double centre = tan(TEST_PI * 50 / 2048),
           upper = atan(centre * centre / tan(TEST_PI * low / 2048)) * 2048 / TEST_PI;
    assert_near(upper - low, 2, 1e-9);
    emg_filter_free(f);
}

static void without_phase_there_is_no_delay(void **state)
{
    (void)state;
    static const emg_filter_plan plans[] = {
        { .kind = EMG_FILTER_PASS, .order = 3, .low_hz = 20, .high_hz = 450, .rate_hz = 2048 },
        { .family = EMG_FILTER_FIR,
          .kind = EMG_FILTER_PASS,
          .low_hz = 20,
          .high_hz = 450,
          .transition_hz = 15,
          .attenuation_db = 60,
          .rate_hz = 2048 },
    };
    for (size_t i = 0; i < 2; i++) {
        emg_filter *f = designed(&plans[i]);
        const double *taps;
        for (double f_hz = 0; f_hz <= 1024; f_hz += 8) {
            emg_filter_response once, both;
            emg_filter_response_at(f, f_hz, EMG_FILTER_FORWARD, &once);
            emg_filter_response_at(f, f_hz, EMG_FILTER_ZERO_PHASE, &both);
            assert_true(both.gain == (i == 0 ? once.gain * once.gain : once.gain));
            assert_true(both.phase_rad == 0 || (i == 1 && once.gain < 2e-3));
            assert_true(both.group_delay_s == 0);
            if (i == 0)
                continue;
            double delay_s = (double)(emg_filter_taps(f, &taps) / 2) / 2048; /* taken back, else the same */
            assert_true(once.group_delay_s == delay_s);
            double complex back = response(f, f_hz, EMG_FILTER_FORWARD) * cexp(I * (2 * TEST_PI * f_hz * delay_s));
            assert_near(cabs(back - response(f, f_hz, EMG_FILTER_ZERO_PHASE)), 0, 1e-12);
        }
        emg_filter_free(f);
    }
}

/* Above -40 dB the phase of neighbouring rows differs by less than pi: it has not been wrapped. */
static void phase_runs_on(void **state)
{
    (void)state;
    const emg_filter_plan plan = {
        .kind = EMG_FILTER_PASS, .order = 12, .low_hz = 20, .high_hz = 450, .rate_hz = 2048
    };
    const emg_filter *f = designed(&plan);
    emg_filter_row rows[2000];
    assert_int_equal(emg_filter_table(&f, 1, EMG_FILTER_FORWARD, rows, 2000, NULL), EMG_OK);
    for (size_t i = 1; i < 2000; i++)
        assert_true(rows[i].response.phase_rad < rows[i - 1].response.phase_rad);
    assert_near(rows[0].response.phase_rad, 6 * TEST_PI, 2); /* 12 zeros at frequency 0, a quarter turn each */
    emg_filter_free((emg_filter *)f);
}

static void table_meets_the_corners(void **state)
{
    (void)state;
    static const emg_filter_plan plans[] = {
        { .kind = EMG_FILTER_PASS, .order = 4, .low_hz = 20, .high_hz = 450, .rate_hz = 2048 },
        { .family = EMG_FILTER_NOTCH, .low_hz = 50, .q = 30, .rate_hz = 2048 },
        { .kind = EMG_FILTER_HIGH, .order = 4, .low_hz = 20, .rate_hz = 1000 },
    };
    const emg_filter *chain[3] = { designed(&plans[0]), designed(&plans[1]), designed(&plans[2]) };
    emg_filter_row rows[100];
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_filter_table(chain, 2, EMG_FILTER_FORWARD, rows, 100, NULL), EMG_OK);
    assert_near(rows[0].frequency_hz, 1, 1e-12);
    assert_true(rows[99].frequency_hz == 1024);
    size_t met = 0;
    for (size_t i = 0; i < 100; i++) {
        double f_hz = rows[i].frequency_hz;
        met += f_hz == 20 || f_hz == 50 || f_hz == 450;
        assert_true(i == 0 || f_hz > rows[i - 1].frequency_hz);
        double complex product =
            response(chain[0], f_hz, EMG_FILTER_FORWARD) * response(chain[1], f_hz, EMG_FILTER_FORWARD);
        assert_near(rows[i].response.gain, cabs(product), 1e-12);
    }
    assert_int_equal(met, 3);
    assert_int_equal(emg_filter_table(chain, 0, EMG_FILTER_FORWARD, rows, 100, NULL), EMG_EARG);
    assert_int_equal(emg_filter_table(chain, 1, EMG_FILTER_FORWARD, rows, 1, NULL), EMG_EARG);
    assert_int_equal(emg_filter_table(chain, 3, EMG_FILTER_FORWARD, rows, 100, &err), EMG_EARG);
    assert_string_equal(err.text, "filters for 2048 Hz and 1000 Hz do not follow each other");
    for (size_t i = 0; i < 3; i++)
        emg_filter_free((emg_filter *)chain[i]);
}

/* The impulse response's absolute sum beyond the transient is 1e-3 of the whole; one frame earlier it is more. */
static void transient_is_as_defined(void **state)
{
    (void)state;
    static const emg_filter_plan plans[] = {
        { .kind = EMG_FILTER_PASS,
          .order = 4,
          .low_hz = 20,
          .high_hz = 450,
          .rate_hz = 2048,
          .padding = EMG_FILTER_PAD_ZERO },
        { .kind = EMG_FILTER_LOW, .order = 1, .high_hz = 100, .rate_hz = 1000, .padding = EMG_FILTER_PAD_ZERO },
        { .family = EMG_FILTER_NOTCH, .low_hz = 50, .q = 5, .rate_hz = 1000, .padding = EMG_FILTER_PAD_ZERO },
        { .kind = EMG_FILTER_PASS,
          .order = 12,
          .low_hz = 100,
          .high_hz = 400,
          .rate_hz = 2048,
          .padding = EMG_FILTER_PAD_ZERO },
    };
    enum { LENGTH = 20000 };
    double *x = signal_new(LENGTH), *h = signal_new(LENGTH);
    x[0] = 1;
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        emg_filter *f = designed(&plans[i]);
        size_t n = emg_filter_transient(f, EMG_FILTER_FORWARD);
        assert_int_equal(emg_filter_transient(f, EMG_FILTER_ZERO_PHASE), n);
        assert_int_equal(emg_filter_apply(f, EMG_FILTER_FORWARD, x, LENGTH, h, NULL), EMG_OK);
        double all = 0, beyond = 0;
        for (size_t t = LENGTH; t-- > 0;) {
            all += fabs(h[t]);
            beyond = t == n ? all : beyond;
        }
        assert_true(beyond <= 1e-3 * all);
        assert_true(beyond + fabs(h[n - 1]) > 1e-3 * all);
        emg_filter_free(f);
    }
    free(x);
    free(h);
}

typedef struct refusal {
    emg_filter_plan plan;
    emg_status status;
    const char *sentence;
} refusal;

#define FIR(low, high, width, attenuation, rate)                                                                       \
    {                                                                                                                  \
        .family = EMG_FILTER_FIR, .kind = EMG_FILTER_PASS, .low_hz = low, .high_hz = high, .transition_hz = width,     \
        .attenuation_db = attenuation, .rate_hz = rate                                                                 \
    }

static void refuses_what_makes_no_filter(void **state)
{
    (void)state;
    static const refusal cases[] = {
        { { .kind = EMG_FILTER_LOW, .order = 4, .high_hz = 500, .rate_hz = 1000 },
          EMG_ERANGE,
          "high corner 500 Hz is not between 0 and half the sampling rate, 500 Hz" },
        { { .kind = EMG_FILTER_HIGH, .order = 4, .low_hz = 700, .rate_hz = 1000 },
          EMG_ERANGE,
          "low corner 700 Hz is not between 0 and half the sampling rate, 500 Hz" },
        { { .kind = EMG_FILTER_PASS, .order = 4, .low_hz = 50, .high_hz = 50, .rate_hz = 1000 },
          EMG_ERANGE,
          "low corner 50 Hz is not below the high corner 50 Hz" },
        { { .kind = EMG_FILTER_PASS, .order = 13, .low_hz = 20, .high_hz = 50, .rate_hz = 1000 },
          EMG_ERANGE,
          "filter order 13 is not within 1 to 12" },
        { { .kind = EMG_FILTER_HIGH, .order = 2, .low_hz = NAN, .rate_hz = 1000 },
          EMG_ERANGE,
          "low corner nan Hz is not between 0 and half the sampling rate, 500 Hz" },
        { { .kind = EMG_FILTER_HIGH, .order = 2, .low_hz = 1e-7, .rate_hz = 1000 },
          EMG_ERANGE,
          "a corner is too low, or a band too narrow, for 1000 Hz: the filter needs more than 16777216 frames to "
          "settle" },
        { { .family = EMG_FILTER_NOTCH, .low_hz = 500, .q = 30, .rate_hz = 1000 },
          EMG_ERANGE,
          "low corner 500 Hz is not between 0 and half the sampling rate, 500 Hz" },
        { { .family = EMG_FILTER_NOTCH, .low_hz = 50, .q = 0, .rate_hz = 1000 },
          EMG_ERANGE,
          "quality 0 of a notch is not within 0.1 to 10000" },
        { { .family = EMG_FILTER_NOTCH, .low_hz = 400, .q = 0.5, .rate_hz = 1000 },
          EMG_ERANGE,
          "a notch at 400 Hz with quality 0.5 is wider than half the sampling rate, 500 Hz" },
        { FIR(20, 600, 10, 60, 1000), EMG_ERANGE,
          "high corner 600 Hz is not between 0 and half the sampling rate, 500 Hz" },
        { FIR(20, 400, 10, 20, 1000), EMG_ERANGE, "attenuation 20 dB is not within 21 to 180" },
        { FIR(20, 400, 0, 60, 1000), EMG_ERANGE,
          "transition width 0 Hz is not between 0 and half the sampling rate, 500 Hz" },
        { FIR(20, 400, 1e-4, 60, 1000), EMG_ERANGE,
          "a transition of 0.0001 Hz at 1000 Hz needs more than 1048577 taps" },
        { { .family = (emg_filter_family)9 }, EMG_EARG, "no such family of filters" },
        { { .kind = (emg_filter_kind)9 }, EMG_EARG, "no such kind of filter" },
        { { .padding = (emg_filter_padding)9 }, EMG_EARG, "no such padding" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_error err = EMG_ERROR_NONE;
        emg_filter *f = (emg_filter *)&err;
        assert_int_equal(emg_filter_design(&f, &cases[i].plan, &err), cases[i].status);
        assert_string_equal(err.text, cases[i].sentence);
        assert_null(f);
    }
    emg_filter_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transfer_functions_agree_with_scipy),
        cmocka_unit_test(group_delays_agree),
        cmocka_unit_test(taps_agree_with_scipy),
        cmocka_unit_test(low_corner_keeps_its_shape),
        cmocka_unit_test(corners_are_half_power),
        cmocka_unit_test(notch_is_as_narrow_as_asked),
        cmocka_unit_test(without_phase_there_is_no_delay),
        cmocka_unit_test(phase_runs_on),
        cmocka_unit_test(table_meets_the_corners),
        cmocka_unit_test(transient_is_as_defined),
        cmocka_unit_test(refuses_what_makes_no_filter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
