/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results: who belongs to which muscle, summaries, and events read back in order. */
#include "analysis/analysis.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "analysis/classify/classify.h"
#include "analysis/detect/detect.h"
#include "base/base.h"

static const double rounding_s = 1e-6; /* onsets are kept as they are printed */

/* Names the channel and puts it into its muscle, a new one when the name is new. False: out of memory. */
static bool place(emg_result *r, const emg_source *source, size_t channel)
{
    r->names[channel] = emgp_copy_text(source->name, strlen(source->name));
    size_t m = 0;
    while (m < r->n_muscles && strcmp(r->muscle_names[m], source->muscle) != 0)
        m++;
    if (m == r->n_muscles) {
        r->muscle_names[m] = emgp_copy_text(source->muscle, strlen(source->muscle));
        if (!r->muscle_names[m])
            return false;
        r->n_muscles++;
    }
    r->muscle_of[channel] = (uint32_t)m;
    return r->names[channel];
}

static void describe(emg_result *r, const emg_source *sources)
{
    for (size_t c = 0; c < r->n_channels; c++) {
        emg_summary *channel = &r->channels[c], *muscle = &r->muscles[r->muscle_of[c]];
        channel->name = r->names[c];
        channel->muscle = muscle->muscle = muscle->name = r->muscle_names[r->muscle_of[c]];
        channel->n_channels = 1;
        channel->calibrated = sources[c].calibrated;
        channel->rate_hz = sources[c].rate_hz;
        channel->strongest_channel = c;
        if (muscle->n_channels++ == 0) {
            muscle->calibrated = channel->calibrated;
            muscle->rate_hz = channel->rate_hz;
            muscle->strongest_channel = c;
        }
    }
}

emg_status emgp_result_new(emg_result **out, const emg_source *sources, size_t n, emg_error *err)
{
    emg_result *r = emgp_alloc(1, sizeof *r);
    if (!r)
        return emgp_fail_memory(err);
    r->n_channels = n;
    r->names = emgp_alloc(n, sizeof *r->names);
    r->muscle_names = emgp_alloc(n, sizeof *r->muscle_names);
    r->muscle_of = emgp_alloc(n, sizeof *r->muscle_of);
    r->channels = emgp_alloc(n, sizeof *r->channels);
    r->muscles = emgp_alloc(n, sizeof *r->muscles);
    r->sketches = emgp_alloc(n, sizeof *r->sketches);
    bool whole = r->sketches && r->names && r->muscle_names && r->muscle_of && r->channels && r->muscles;
    for (size_t c = 0; whole && c < n; c++)
        whole = place(r, &sources[c], c);
    if (!whole) {
        emg_result_free(r);
        return emgp_fail_memory(err);
    }
    describe(r, sources);
    *out = r;
    return EMG_OK;
}

void emg_result_free(emg_result *r)
{
    if (!r)
        return;
    for (size_t c = 0; r->names && c < r->n_channels; c++)
        emgp_free(r->names[c]);
    for (size_t c = 0; r->sketches && c < r->n_channels; c++)
        emgp_sketch_free(r->sketches[c]);
    emgp_free(r->sketches);
    for (size_t m = 0; r->muscle_names && m < r->n_muscles; m++)
        emgp_free(r->muscle_names[m]);
    emgp_merge_free(r->event_merge);
    emgp_merge_free(r->discharge_merge);
    emgp_merge_free(r->burst_merge);
    emgp_spill_free(r->times);
    emgp_free(r->watch);
    emgp_spill_free(r->events);
    emgp_spill_free(r->discharges);
    emgp_free(r->names);
    emgp_free(r->muscle_names);
    emgp_free(r->muscle_of);
    emgp_free(r->channels);
    emgp_free(r->muscles);
    emgp_free(r);
}

size_t emg_result_n_muscles(const emg_result *r)
{
    return r ? r->n_muscles : 0;
}

size_t emg_result_n_channels(const emg_result *r)
{
    return r ? r->n_channels : 0;
}

const emg_summary *emg_result_muscle(const emg_result *r, size_t index)
{
    return r && index < r->n_muscles ? &r->muscles[index] : NULL;
}

const emg_summary *emg_result_channel(const emg_result *r, size_t index)
{
    return r && index < r->n_channels ? &r->channels[index] : NULL;
}

const emg_sketch *emg_result_sketch(const emg_result *r, size_t channel)
{
    return r && channel < r->n_channels && r->sketches && r->sketches[channel] ? emgp_sketch_view(r->sketches[channel])
                                                                               : NULL;
}

size_t emg_result_muscle_of(const emg_result *r, size_t channel)
{
    return r && channel < r->n_channels ? r->muscle_of[channel] : 0;
}

emg_time_locked emg_result_time_locked(const emg_result *r)
{
    return r ? r->time_locked : (emg_time_locked){ 0, 0 };
}

void emg_result_rewind(emg_result *r)
{
    if (!r)
        return;
    emgp_merge_free(r->event_merge);
    r->event_merge = NULL;
}

void emg_result_rewind_discharges(emg_result *r)
{
    if (!r)
        return;
    emgp_merge_free(r->discharge_merge);
    r->discharge_merge = NULL;
}

emg_status emg_result_next(emg_result *r, emg_event *event, bool *found, emg_error *err)
{
    if (!r || !event || !found)
        return emgp_fail(err, EMG_EARG, "emg_result_next needs a result, and places for the event and the answer");
    size_t stream;
    const void *record = NULL;
    emg_status status = EMG_OK;
    if (!r->event_merge)
        status = emgp_merge_new(&r->event_merge, r->events, 0, r->n_muscles * EMGP_N_STREAMS, err);
    if (status == EMG_OK)
        emgp_merge_order_by(r->event_merge, offsetof(emg_event, channel));
    if (status == EMG_OK)
        status = emgp_merge_next(r->event_merge, &stream, &record, err);
    *found = status == EMG_OK && record;
    if (*found)
        memcpy(event, record, sizeof *event);
    return status;
}

emg_status emg_result_next_discharge(emg_result *r, emg_event *event, bool *found, emg_error *err)
{
    if (!r || !event || !found)
        return emgp_fail(err, EMG_EARG,
                         "emg_result_next_discharge needs a result, and places for the discharge and the answer");
    size_t stream;
    const void *record = NULL;
    emg_status status = EMG_OK;
    if (!r->discharge_merge)
        status = emgp_merge_new(&r->discharge_merge, r->discharges, 0, r->n_channels, err);
    if (status == EMG_OK)
        status = emgp_merge_next(r->discharge_merge, &stream, &record, err);
    *found = status == EMG_OK && record;
    if (!*found)
        return status;
    emgp_discharge d;
    memcpy(&d, record, sizeof d);
    *event = (emg_event){ .onset_s = d.peak_s - (double)d.before_s,
                          .duration_s = (double)d.before_s + (double)d.after_s,
                          .peak_s = d.peak_s,
                          .peak = (double)d.peak,
                          .amplitude = (double)d.peak_to_peak,
                          .snr_db = 20 * log10((double)d.peak / (double)d.sigma),
                          .frequency_hz = NAN,
                          .interval_cv = NAN,
                          .interval_rcv = NAN,
                          .confidence = NAN,
                          .count = 1,
                          .channel = (uint32_t)stream,
                          .muscle = r->muscle_of[stream],
                          .n_channels = 1,
                          .trial_type = EMG_UNCLASSIFIED };
    if (d.flags & EMGP_CLIPPED)
        event->reasons |= UINT64_C(1) << EMG_A_CLIP;
    if (d.flags & EMGP_CUT_BY_GAP)
        event->reasons |= UINT64_C(1) << EMG_B_EDGE;
    return EMG_OK;
}

/* Discharges of a unit's train belong to it alone, whatever else goes on. */
static bool is_of(const emg_event *event, const emgp_burst_time *time)
{
    return event->trial_type == EMG_MOTOR_UNIT ? event->unit == 0 || event->unit == time->unit : time->unit == 0;
}

emg_status emg_result_rewind_bursts(emg_result *r, const emg_event *event, emg_error *err)
{
    if (!r || !event || event->channel >= r->n_channels)
        return emgp_fail(err, EMG_EARG, "emg_result_rewind_bursts needs a result and one of its events");
    emgp_merge_free(r->burst_merge);
    r->burst_merge = NULL;
    r->of = *event;
    r->single = event->frequency_hz > 0 && event->count == 1;
    if (!(event->frequency_hz > 0) || event->count < 2 || !r->times)
        return EMG_OK;
    emg_status status = emgp_merge_new(&r->burst_merge, r->times, event->channel * EMGP_N_TIMES, EMGP_N_TIMES, err);
    return status ? status : emgp_merge_seek(r->burst_merge, event->onset_s - rounding_s, err);
}

emg_status emg_result_next_burst(emg_result *r, emg_burst *burst, bool *found, emg_error *err)
{
    if (!r || !burst || !found)
        return emgp_fail(err, EMG_EARG,
                         "emg_result_next_burst needs a result, and places for the burst and the answer");
    *found = r->single;
    if (r->single)
        *burst = (emg_burst){ r->of.peak_s, r->of.onset_s, r->of.onset_s + r->of.duration_s };
    r->single = false;
    while (!*found && r->burst_merge) {
        size_t stream;
        const void *record = NULL;
        emgp_burst_time time;
        emg_status status = emgp_merge_next(r->burst_merge, &stream, &record, err);
        if (status || !record)
            return status;
        memcpy(&time, record, sizeof time);
        if (time.at_s > r->of.onset_s + r->of.duration_s + rounding_s)
            return EMG_OK;
        *found = is_of(&r->of, &time);
        *burst = (emg_burst){ time.at_s, time.onset_s, time.end_s };
    }
    return EMG_OK;
}
