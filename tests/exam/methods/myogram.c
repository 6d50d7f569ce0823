/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record through the whole analysis with its defaults. */
#include "methods/myogram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <emg/result.h>

#include "reading/channels/channels.h"

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
    } else if (m->counts.pattern == EMG_RHYTHMIC) {
        v->frequency_hz = m->counts.rhythmic_hz;
        v->from_s = 0;
        v->to_s = m->counts.rhythmic_total_s;
    } else if (m->counts.pattern == EMG_MOTOR_UNIT) {
        v->frequency_hz = m->counts.motor_unit_hz;
    }
    out->seconds = m->signal.analysed_s;
}

/* The settings of every part but one: what is scored is what is found, not what is large enough for a word. */
static emg_config config_of(const exam_record *record, bool any_size)
{
    emg_config config = emg_config_defaults(record->needle ? EMG_PRESET_NEEDLE : EMG_PRESET_SURFACE);
    if (any_size)
        config.fasciculation.least_amplitude_uv = 0;
    return config;
}

static emg_source source_of(const exam_record *record, size_t channel)
{
    const double limit = record->uncalibrated ? 1 : 3276.75;
    emgp_words words;
    emgp_words_cut(&words, record->label[channel]);
    return (emg_source){ .name = record->label[channel],
                         .muscle = record->label[channel] + strlen("EMG "),
                         .rate_hz = record->rate_hz,
                         .calibrated = !record->uncalibrated,
                         .reflex_site = emgp_muscle_read(&words).reflex_site,
                         .clip_low = -limit,
                         .clip_high = limit };
}

/* Frame by frame, as an analysis takes them. */
static double *interleave(const exam_record *record)
{
    double *frames = malloc(record->n * record->n_channels * sizeof *frames);
    for (size_t c = 0; frames && c < record->n_channels; c++)
        for (size_t i = 0; i < record->n; i++)
            frames[i * record->n_channels + c] = record->raw[c * record->n + i];
    return frames;
}

static emg_status analyse(const exam_record *record, const emg_config *config, const double *frames,
                          emg_result **result, emg_error *err)
{
    static const size_t channels[EXAM_CHANNELS] = { 0, 1, 2, 3 };
    emg_source source[EXAM_CHANNELS];
    const emg_block block = { .n_channels = record->n_channels,
                              .n_frames = record->n,
                              .x = frames,
                              .channel = channels,
                              .rate_hz = record->rate_hz,
                              .new_segment = true };
    emg_analysis *analysis = NULL;
    for (size_t c = 0; c < record->n_channels; c++)
        source[c] = source_of(record, c);
    emg_status status =
        emg_analysis_new(&analysis, source, record->n_channels, record->marks, record->n_marks, config, NULL, err);
    if (status == EMG_OK)
        status = emg_analysis_push(analysis, &block, err);
    if (status == EMG_OK)
        status = emg_analysis_finish(analysis, result, err);
    emg_analysis_free(analysis);
    return status;
}

emg_status exam_myogram(const exam_record *record, bool any_size, exam_answer *out, emg_error *err)
{
    const emg_config config = config_of(record, any_size);
    double *frames = interleave(record);
    emg_result *result = NULL;
    *out = (exam_answer){ 0 };
    emg_status status = frames ? analyse(record, &config, frames, &result, err) : exam_no_memory(err);
    if (status == EMG_OK)
        status = take_events(result, out, err);
    if (status == EMG_OK)
        take_verdict(emg_result_muscle(result, 0), out);
    emg_result_free(result);
    free(frames);
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
