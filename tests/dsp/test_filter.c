/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filter designs and responses: SciPy's coefficients and transfer functions, corners, delays, refusals. */
#include "support/test.h"

#include <complex.h>

#include <emg/filter.h>

#include "oracle_filter.h"
#include "signal.h"

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
    return r.gain * cexp(I * r.phase_rad);
}

static void transfer_functions_agree_with_scipy(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof oracle_responses / sizeof *oracle_responses; i++) {
        const oracle_response *o = &oracle_responses[i];
        emg_filter *f = designed(&o->plan);
        for (size_t j = 0; j < ORACLE_N_RESPONSE; j++) {
            double complex h = response(f, oracle_response_at[j] * o->plan.rate_hz / 2, EMG_FILTER_FORWARD);
            double complex expected = o->re[j] + I * o->im[j];
            /* What a FIR filter stops is a difference of large numbers, for SciPy too. */
            double floor = o->plan.family == EMG_FILTER_FIR ? 1e-4 : 0;
            double error = cabs(h - expected) / (cabs(expected) + floor);
            if (!(error <= 1e-10))
                fail_msg("case %zu, frequency %zu: %.15g%+.15gi, SciPy %.15g%+.15gi: %g", i, j, creal(h), cimag(h),
                         o->re[j], o->im[j], error);
        }
        emg_filter_free(f);
    }
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transfer_functions_agree_with_scipy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
