/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Allocation failures one after another until none is left. */
#include "support/sweep.h"

#include <stdbool.h>

#include "base/base.h"
#include "support/test.h"

void sweep_allocations(sweep_call *call, long least)
{
    long n = 1;
    for (bool reached = true; reached; n += reached) {
        emg_error err = EMG_ERROR_NONE;
        emgp_fault_arm(n, false);
        emg_status status = call(&err);
        reached = emgp_fault_count() >= n;
        emgp_fault_arm(0, false);
        assert_int_equal(status, reached ? EMG_ENOMEM : EMG_OK);
        assert_string_equal(err.text, reached ? "out of memory" : "");
    }
    assert_true(n > least);
    assert_int_equal(call(NULL), EMG_OK);
}
