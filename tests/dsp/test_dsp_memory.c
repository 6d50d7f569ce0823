/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every allocation of every stage failed in turn: a clean refusal each time, nothing held. */
#include "support/test.h"

#include <stdbool.h>

#include <emg/spectrum.h>

#include "base/memory.h"
#include "dsp/mains.h"
#include "dsp/noise.h"
#include "dsp/welch.h"
#include "dsp/zerophase.h"
#include "signal.h"

typedef emg_status make(emg_error *err);

static emg_status make_zerophase(emg_error *err)
{
    emgp_section s[EMGP_MOST_ORDER];
    size_t n;
    emgp_zerophase *z = NULL;
    emg_status status = emgp_butterworth(s, &n, EMGP_BAND_PASS, 4, 20, 450, 2048, err);
    if (status == EMG_OK)
        status = emgp_zerophase_new(&z, s, n, 2048, 3, true, gather, NULL, err);
    assert_true((status == EMG_OK) == (z != NULL));
    emgp_zerophase_free(z);
    return status;
}

static emg_status make_mains(emg_error *err)
{
    const emgp_mains_setting setting = { EMG_MAINS_AUTO, 9, 9, 0, NULL, 0 };
    emgp_mains *m;
    emg_status status = emgp_mains_new(&m, &setting, 2048, 450, 3, gather, NULL, err);
    assert_true((status == EMG_OK) == (m != NULL));
    emgp_mains_free(m);
    return status;
}

static emg_status make_noise(emg_error *err)
{
    emgp_noise *n;
    emg_status status = emgp_noise_new(&n, 0.025, 0.12, 640, 2048, 20, 450, 3, err);
    assert_true((status == EMG_OK) == (n != NULL));
    emgp_noise_free(n);
    return status;
}

static emg_status make_welch(emg_error *err)
{
    emgp_welch *w;
    emg_status status = emgp_welch_new(&w, 256, 128, 2048, 3, true, err);
    assert_true((status == EMG_OK) == (w != NULL));
    emgp_welch_free(w);
    return status;
}

static emg_status make_spectrum(emg_error *err)
{
    emg_spectrum *s;
    emg_status status = emg_spectrum_new(&s, 2048, 256, 3, err);
    assert_true((status == EMG_OK) == (s != NULL));
    emg_spectrum_free(s);
    return status;
}

static emg_status make_description(emg_error *err)
{
    const double x[600] = { 1 };
    emg_description d;
    return emg_spectrum_describe(x, 600, 2048, 256, 20, 450, &d, err);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static make *const makes[] = {
        make_zerophase, make_mains, make_noise, make_welch, make_spectrum, make_description
    };
    for (size_t i = 0; i < sizeof makes / sizeof *makes; i++) {
        long n = 1;
        for (;; n++) {
            emg_error err = EMG_ERROR_NONE;
            emgp_fault_arm(n, false);
            emg_status status = makes[i](&err);
            bool reached = emgp_fault_count() >= n;
            emgp_fault_arm(0, false);
            if (!reached)
                break;
            assert_int_equal(status, EMG_ENOMEM);
            assert_string_equal(err.text, "out of memory");
        }
        assert_true(n > 3);
        assert_int_equal(makes[i](NULL), EMG_OK);
    }
}

static void freeing_nothing_is_allowed(void **state)
{
    (void)state;
    emgp_zerophase_free(NULL);
    emgp_mains_free(NULL);
    emgp_noise_free(NULL);
    emgp_welch_free(NULL);
    emg_spectrum_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(freeing_nothing_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
