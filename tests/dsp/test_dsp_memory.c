/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every allocation of every stage failed in turn: a clean refusal each time, nothing held. */
#include "support/test.h"

#include <stdbool.h>

#include <emg/multitaper.h>
#include <emg/peak.h>
#include <emg/spectrogram.h>
#include <emg/spectrum.h>
#include <emg/welch.h>
#include <emg/window.h>

#include "base/base.h"
#include "condition/condition.h"
#include "condition/ecg/ecg.h"
#include "condition/powerline/powerline.h"
#include "analysis/detect/detect.h"
#include "dsp/spectrum/spectrum.h"
#include "dsp/filter/filter.h"
#include "support/sweep.h"
#include "signal.h"

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

static emg_status make_powerline(emg_error *err)
{
    const emgp_powerline_setting setting = { EMG_POWERLINE_AUTO, 9, 9, 0, NULL, 0 };
    emgp_powerline *m;
    emg_status status = emgp_powerline_new(&m, &setting, 2048, 450, 3, gather, NULL, err);
    assert_true((status == EMG_OK) == (m != NULL));
    emgp_powerline_free(m);
    return status;
}

static emg_status take_nothing(void *context, const double *x, size_t n_frames, emg_error *err)
{
    (void)context, (void)x, (void)n_frames, (void)err;
    return EMG_OK;
}

static emg_status make_condition(emg_error *err)
{
    const emg_condition_config config = emg_config_defaults(EMG_PRESET_SURFACE).condition;
    const emgp_condition_taker taker = { .floats = gather };
    emgp_condition *c;
    emg_status status = emgp_condition_new(&c, &config, 2048, 3, 0, &taker, err);
    assert_true((status == EMG_OK) == (c != NULL));
    emgp_condition_free(c);
    return status;
}

static emg_status make_ecg(emg_error *err)
{
    const emg_ecg_plan plan = emg_ecg_defaults();
    const emgp_ecg_ends ends = { .high_passed = true, .take = take_nothing };
    emgp_ecg *h;
    emg_status status = emgp_ecg_new(&h, &plan, 2048, 3, &ends, err);
    assert_true((status == EMG_OK) == (h != NULL));
    emgp_ecg_free(h);
    return status;
}

static emg_status make_powerline_stream(emg_error *err)
{
    const emg_powerline_plan plan = emg_powerline_defaults();
    emg_powerline_stream *m;
    emg_status status = emg_powerline_stream_new(&m, &plan, 2048, 3, take_nothing, NULL, err);
    assert_true((status == EMG_OK) == (m != NULL));
    emg_powerline_stream_free(m);
    return status;
}

static emg_status make_ecg_stream(emg_error *err)
{
    const emg_ecg_plan plan = emg_ecg_defaults();
    emg_ecg_stream *h;
    emg_status status = emg_ecg_stream_new(&h, &plan, 2048, 3, take_nothing, NULL, err);
    assert_true((status == EMG_OK) == (h != NULL));
    emg_ecg_stream_free(h);
    return status;
}

/* What a heart needs it has from the start: however long the samples, nothing more is asked for. */
static void a_ecg_allocates_nothing_as_it_goes(void **state)
{
    (void)state;
    const emg_ecg_plan plan = emg_ecg_defaults();
    emg_ecg_stream *h;
    emg_ecg_found found;
    double x[500];
    assert_int_equal(emg_ecg_stream_new(&h, &plan, 500, 1, take_nothing, NULL, NULL), EMG_OK);
    emgp_fault_arm(1, true);
    for (int second = 0; second < 600; second++) {
        double beat = 200 + 60 * sin(second * 1.3);
        for (int i = 0; i < 500; i++)
            x[i] = sin(i * 77.7) + 9 * exp(-0.5 * (i - beat) * (i - beat) / 40);
        assert_int_equal(emg_ecg_stream_push(h, x, 500, NULL), EMG_OK);
    }
    assert_int_equal(emg_ecg_stream_finish(h, NULL), EMG_OK);
    assert_int_equal(emgp_fault_count(), 0);
    emgp_fault_arm(0, false);
    assert_int_equal(emg_ecg_stream_found(h, 0, &found, NULL), EMG_OK);
    assert_true(found.n_qrs > 550);
    emg_ecg_stream_free(h);
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
    const emg_welch_plan plan = emg_welch_defaults(2048, 256);
    emg_welch *w;
    emg_status status = emgp_welch_new(&w, &plan, 3, NULL, 0, true, err);
    assert_true((status == EMG_OK) == (w != NULL));
    emg_welch_free(w);
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

static emg_status make_cross(emg_error *err)
{
    const emg_welch_plan plan = emg_welch_defaults(2048, 256);
    const emg_welch_pair pair = { 0, 1 };
    emg_welch *w;
    emg_status status = emg_welch_new(&w, &plan, 3, &pair, 1, err);
    assert_true((status == EMG_OK) == (w != NULL));
    emg_welch_free(w);
    return status;
}

static emg_status make_coherence(emg_error *err)
{
    const emg_welch_plan plan = emg_welch_defaults(2048, 256);
    const double x[600] = { 1 };
    double coherence[129];
    return emg_coherence(&plan, x, x, 600, coherence, NULL, NULL, err);
}

static emg_status make_median(emg_error *err)
{
    emg_welch_plan plan = emg_welch_defaults(2048, 256);
    plan.average = EMG_AVERAGE_MEDIAN;
    const double x[600] = { 1 };
    double csd[258];
    return emg_csd(&plan, x, x, 600, csd, NULL, err);
}

static emg_status take_column(void *context, const emg_spectrogram_column *column, emg_error *err)
{
    (void)context;
    (void)column;
    (void)err;
    return EMG_OK;
}

static emg_status make_spectrogram(emg_error *err)
{
    const emg_welch_plan plan = emg_welch_defaults(2048, 256);
    emg_spectrogram *s;
    emg_status status =
        emg_spectrogram_new(&s, &plan, EMG_SPECTROGRAM_POWER, EMG_SPECTROGRAM_ZEROS, 3, take_column, NULL, err);
    assert_true((status == EMG_OK) == (s != NULL));
    emg_spectrogram_free(s);
    return status;
}

static emg_status make_multitaper(emg_error *err)
{
    const emg_multitaper_plan plan = emg_multitaper_defaults(2048, 256);
    emg_multitaper *m;
    emg_status status = emg_multitaper_new(&m, &plan, err);
    assert_true((status == EMG_OK) == (m != NULL));
    emg_multitaper_free(m);
    return status;
}

static emg_status make_peaks(emg_error *err)
{
    const double x[600] = { 1 };
    double r[10];
    emg_spectral_peak peak;
    emg_status status = emg_autocorrelation(x, 600, 10, EMG_DETREND_CONSTANT, EMG_LAG_BIASED, r, err);
    return status ? status : emg_spectrum_peak(x, 600, 1, 0, 10, 5, &peak, err);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static sweep_call *const makes[] = { make_zerophase, make_powerline,   make_condition,  make_powerline_stream,
                                         make_ecg,       make_ecg_stream,  make_noise,      make_welch,
                                         make_spectrum,  make_description, make_cross,      make_coherence,
                                         make_median,    make_spectrogram, make_multitaper, make_peaks };
    for (size_t i = 0; i < sizeof makes / sizeof *makes; i++)
        sweep_allocations(makes[i], 3);
}

static void freeing_nothing_is_allowed(void **state)
{
    (void)state;
    emgp_zerophase_free(NULL);
    emgp_powerline_free(NULL);
    emgp_ecg_free(NULL);
    emgp_noise_free(NULL);
    emg_welch_free(NULL);
    emg_spectrum_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(a_ecg_allocates_nothing_as_it_goes),
        cmocka_unit_test(freeing_nothing_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
