/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One channel through the whole analysis with its defaults. */
#include "myogram.h"

#include <math.h>
#include <string.h>

#include <emg/analysis.h>
#include <emg/result.h>

void exam_answer_free(exam_answer *answer)
{
    exam_events_free(&answer->events);
    exam_events_free(&answer->spikes);
    *answer = (exam_answer){ 0 };
}

static emg_status take_events(emg_result *result, exam_answer *out, emg_error *err)
{
    emg_event event;
    bool found;
    emg_status status;
    emg_result_rewind(result);
    while ((status = emg_result_next(result, &event, &found, err)) == EMG_OK && found)
        if (!exam_events_add(&out->events, &event))
            return exam_no_memory(err);
    if (status)
        return status;
    emg_result_rewind_discharges(result);
    while ((status = emg_result_next_discharge(result, &event, &found, err)) == EMG_OK && found) {
        event.trial_type = EMG_FASCICULATION;
        if (!exam_events_add(&out->spikes, &event))
            return exam_no_memory(err);
    }
    return status;
}

/* What the report says of the muscle: the leading pattern, and of a rhythm its rate, longest course and beats. */
static void take_verdict(const emg_summary *m, exam_answer *out)
{
    exam_verdict *v = &out->verdict;
    *v = (exam_verdict){ m->counts.pattern, m->counts.pattern_confidence, NAN, NAN, NAN, NAN };
    if (m->counts.pattern == EMG_CLONUS) {
        v->frequency_hz = m->counts.clonus_hz;
        v->from_s = 0;
        v->to_s = m->counts.clonus_total_s;
        v->beats = (double)m->counts.clonus_beats;
    } else if (m->counts.pattern == EMG_TREMOR) {
        v->frequency_hz = m->counts.tremor_hz;
        v->from_s = 0;
        v->to_s = m->counts.tremor_total_s;
    } else if (m->counts.pattern == EMG_MOTOR_UNIT) {
        v->frequency_hz = m->counts.motor_unit_hz;
    }
    out->seconds = m->signal.analysed_s;
}

emg_status exam_myogram(const exam_record *record, exam_answer *out, emg_error *err)
{
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    const double limit = record->uncalibrated ? 1 : 3276.75;
    const emg_source source = { .name = "EMG L Muscle",
                                .muscle = "L Muscle",
                                .rate_hz = record->rate_hz,
                                .calibrated = !record->uncalibrated,
                                .clip_low = -limit,
                                .clip_high = limit };
    const size_t channel = 0;
    const emg_block block = { .n_channels = 1,
                              .n_frames = record->n,
                              .x = record->raw,
                              .channel = &channel,
                              .rate_hz = record->rate_hz,
                              .new_segment = true };
    emg_analysis *analysis = NULL;
    emg_result *result = NULL;
    *out = (exam_answer){ 0 };
    emg_status status = emg_analysis_new(&analysis, &source, 1, NULL, 0, &config, NULL, err);
    if (status == EMG_OK)
        status = emg_analysis_push(analysis, &block, err);
    if (status == EMG_OK)
        status = emg_analysis_finish(analysis, &result, err);
    if (status == EMG_OK)
        status = take_events(result, out, err);
    if (status == EMG_OK)
        take_verdict(emg_result_muscle(result, 0), out);
    emg_result_free(result);
    emg_analysis_free(analysis);
    return status;
}

unsigned long long exam_settings_fingerprint(void)
{
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    unsigned long long hash = 14695981039346656037ULL;
    emg_setting row;
    for (size_t i = 0; emg_config_setting(i, &row); i++) {
        char value[32];
        emg_config_print(&config, i, value);
        for (const char *c = row.key; *c; c++)
            hash = (hash ^ (unsigned char)*c) * 1099511628211ULL;
        for (const char *c = value; *c; c++)
            hash = (hash ^ (unsigned char)*c) * 1099511628211ULL;
    }
    return hash;
}
