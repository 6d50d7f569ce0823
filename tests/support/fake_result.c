/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emg_result_*() over plain arrays. */
#include "support/fake_result.h"

#include <math.h>
#include <string.h>

#include <emg/sketch.h>
#include <emg/why.h>

#include "base/base.h"

emg_summary fake_summary(const char *name, const char *muscle, bool calibrated)
{
    emg_summary s;
    memset(&s, 0, sizeof s);
    double *const reals[] = { &s.signal.rest_s,
                              &s.signal.noise,
                              &s.signal.threshold,
                              &s.signal.quality,
                              &s.counts.pattern_confidence,
                              &s.counts.fasciculation_per_min,
                              &s.counts.fasciculation_per_min_low,
                              &s.counts.fasciculation_per_min_high,
                              &s.counts.fasciculation_amplitude,
                              &s.counts.fasciculation_interval_median_s,
                              &s.counts.fasciculation_interval_cv,
                              &s.counts.fasciculation_isolated_share,
                              &s.counts.fasciculation_doublet_share,
                              &s.counts.fasciculation_first_s,
                              &s.counts.fasciculation_last_s,
                              &s.counts.small_potential_per_min,
                              &s.counts.myoclonus_per_min,
                              &s.counts.clonus_longest_s,
                              &s.counts.clonus_hz,
                              &s.counts.tremor_longest_s,
                              &s.counts.tremor_hz,
                              &s.counts.rhythmic_hz,
                              &s.counts.spasm_longest_s,
                              &s.counts.motor_unit_hz,
                              &s.signal.rms,
                              &s.signal.mav,
                              &s.signal.mean_frequency_hz,
                              &s.signal.median_frequency_hz,
                              &s.signal.peak_frequency_hz,
                              &s.signal.spectral_entropy };
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++)
        *reals[i] = NAN;
    s.name = name;
    s.muscle = muscle;
    s.calibrated = calibrated;
    s.rate_hz = 2048;
    s.n_channels = 1;
    s.signal.analysed_s = 120;
    s.counts.pattern = EMG_UNCLASSIFIED;
    s.counts.small_potential_count = EMG_NO_COUNT;
    s.signal.psd_step_hz = 4;
    return s;
}

emg_event fake_event(double onset_s, emg_class trial_type, uint32_t channel, uint32_t muscle)
{
    emg_event e = { .onset_s = onset_s,
                    .duration_s = 0.012,
                    .peak_s = onset_s,
                    .amplitude = NAN,
                    .snr_db = NAN,
                    .frequency_hz = NAN,
                    .interval_cv = NAN,
                    .interval_rcv = NAN,
                    .confidence = NAN,
                    .channel = channel,
                    .muscle = muscle,
                    .trial_type = trial_type };
    return e;
}

void emg_result_free(emg_result *result)
{
    (void)result;
}

size_t emg_result_n_muscles(const emg_result *result)
{
    return result->n_muscles;
}

size_t emg_result_n_channels(const emg_result *result)
{
    return result->n_channels;
}

const emg_summary *emg_result_muscle(const emg_result *result, size_t index)
{
    return index < result->n_muscles ? &result->muscle[index] : NULL;
}

const emg_summary *emg_result_channel(const emg_result *result, size_t index)
{
    return index < result->n_channels ? &result->channel[index] : NULL;
}

size_t emg_result_muscle_of(const emg_result *result, size_t channel)
{
    return result->muscle_of[channel];
}

emg_time_locked emg_result_time_locked(const emg_result *result)
{
    return result->time_locked;
}

void emg_result_rewind(emg_result *result)
{
    result->at = 0;
}

emg_status emg_result_next(emg_result *result, emg_event *event, bool *found, emg_error *err)
{
    size_t n = result->n_events * (result->repeat > 0 ? result->repeat : 1);
    if (result->fail_at > 0 && result->at + 1 == result->fail_at)
        return emgp_fail(err, EMG_EIO, "the made-up result fails here");
    *found = result->at < n;
    if (*found)
        *event = result->events[result->at++ % result->n_events];
    return EMG_OK;
}

/* Its bursts are a period apart, in the middle of each; one that is asked for again begins again. */
emg_status emg_result_rewind_bursts(emg_result *result, const emg_event *event, emg_error *err)
{
    (void)err;
    result->of = *event;
    result->burst = 0;
    return EMG_OK;
}

emg_status emg_result_next_burst(emg_result *result, emg_burst *burst, bool *found, emg_error *err)
{
    (void)err;
    const double period_s = 1 / result->of.frequency_hz;
    *found = result->of.frequency_hz > 0 && result->burst < result->of.count;
    const double at_s = result->of.onset_s + ((double)result->burst++ + 0.5) * period_s;
    *burst = (emg_burst){ at_s, at_s - period_s / 4, at_s + period_s / 4 };
    return EMG_OK;
}

void emg_result_rewind_discharges(emg_result *result)
{
    result->at = 0;
}

emg_status emg_result_next_discharge(emg_result *result, emg_event *event, bool *found, emg_error *err)
{
    emg_status status = emg_result_next(result, event, found, err);
    event->trial_type = EMG_UNCLASSIFIED;
    return status;
}

const emg_sketch *emg_result_sketch(const emg_result *result, size_t channel)
{
    (void)channel;
    return result->sketch;
}

/* Nothing was asked for. */
bool emg_result_decision(const emg_result *result, size_t index, emg_decision *out)
{
    (void)result, (void)index, (void)out;
    return false;
}

void emg_result_why(const emg_result *result, size_t decision, emg_step_take *take, void *context)
{
    (void)result, (void)decision, (void)take, (void)context;
}
