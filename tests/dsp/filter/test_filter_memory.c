/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every allocation of a filter and its stream failed in turn: a clean refusal each time, nothing held. */
#include "support/test.h"

#include <emg/filter.h>
#include <emg/filter_stream.h>

#include "support/sweep.h"

static emg_status into_nothing(void *context, const double *x, size_t n_frames, emg_error *err)
{
    (void)context, (void)x, (void)n_frames, (void)err;
    return EMG_OK;
}

/* A design and a stream of it. */
static emg_status make_filter(const emg_filter_plan *plan, emg_filter_direction direction, emg_error *err)
{
    emg_filter *f;
    emg_filter_stream *s = NULL;
    emg_status status = emg_filter_design(&f, plan, err);
    assert_true((status == EMG_OK) == (f != NULL));
    if (status == EMG_OK)
        status = emg_filter_stream_new(&s, f, direction, 3, into_nothing, NULL, err);
    assert_true((status == EMG_OK) == (s != NULL));
    emg_filter_stream_free(s);
    emg_filter_free(f);
    return status;
}

static emg_status make_sections(emg_error *err)
{
    const emg_filter_plan plan = { .kind = EMG_FILTER_PASS,
                                   .order = 4,
                                   .low_hz = 20,
                                   .high_hz = 450,
                                   .rate_hz = 2048,
                                   .padding = EMG_FILTER_PAD_ODD };
    return make_filter(&plan, EMG_FILTER_ZERO_PHASE, err);
}

static emg_status make_taps(emg_error *err)
{
    const emg_filter_plan plan = {
        .family = EMG_FILTER_FIR, .high_hz = 100, .transition_hz = 50, .attenuation_db = 60, .rate_hz = 2048
    };
    return make_filter(&plan, EMG_FILTER_FORWARD, err);
}

static emg_status apply_notch(emg_error *err)
{
    const emg_filter_plan plan = { .family = EMG_FILTER_NOTCH, .low_hz = 50, .q = 30, .rate_hz = 2048 };
    double x[100] = { 1 };
    emg_filter *f;
    emg_status status = emg_filter_design(&f, &plan, err);
    if (status == EMG_OK)
        status = emg_filter_apply(f, EMG_FILTER_FORWARD, x, 100, x, err);
    emg_filter_free(f);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static sweep_call *const makes[] = { make_sections, make_taps, apply_notch };
    for (size_t i = 0; i < sizeof makes / sizeof *makes; i++)
        sweep_allocations(makes[i], 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
