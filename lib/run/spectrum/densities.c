/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power densities of a recording's conditioned channels, each over its whole selection. */
#include <emg/densities.h>

#include "analysis/features/features.h"
#include "base/base.h"
#include "dsp/spectrum/spectrum.h"
#include "run/run.h"

typedef struct job {
    const emg_run_config *config;
    emg_density_take *take;
    void *context;
    emg_recording *recording;
    size_t n_wanted;
} job;

typedef struct stream {
    emg_welch *welch;
    emg_welch_plan plan;
    uint64_t n_frames;
    bool begun;
    double onset_s;
} stream;

static emg_status make(void *context, emgp_pass_group *group, emg_error *err)
{
    const job *j = context;
    stream *s = emgp_alloc(1, sizeof *s);
    if (!s)
        return emgp_fail_memory(err);
    group->state = s;
    const size_t segment = emgp_feature_segment(&j->config->analysis.features, group->rate_hz);
    s->plan = emg_welch_defaults(group->rate_hz, segment);
    s->plan.overlap = segment - segment / 2;
    return emg_welch_new(&s->welch, &s->plan, group->n_channels, NULL, 0, err);
}

static emg_status start(void *context, emgp_pass_group *group, double start_s, emg_error *err)
{
    stream *s = group->state;
    (void)context;
    (void)err;
    if (!s->begun)
        s->onset_s = start_s;
    s->begun = true;
    return EMG_OK;
}

static emg_status take(void *context, emgp_pass_group *group, const float *x, size_t n_frames, emg_error *err)
{
    stream *s = group->state;
    (void)context;
    (void)err;
    s->n_frames += n_frames;
    emgp_welch_push_float(s->welch, x, n_frames);
    return EMG_OK;
}

static emg_status finish(void *context, emgp_pass_group *group, double end_s, emg_error *err)
{
    stream *s = group->state;
    (void)context;
    (void)end_s;
    (void)err;
    emg_welch_finish(s->welch);
    return EMG_OK;
}

static emg_status put_row(const job *j, const emgp_pass_group *group, size_t channel, double *density, emg_error *err)
{
    const stream *s = group->state;
    if (emg_welch_psd(s->welch, channel, density, NULL)) /* shorter than a window */
        return EMG_OK;
    const emg_channel *source = emg_recording_channel(j->recording, group->index[channel]);
    const emg_density_row row = { .onset_s = s->onset_s,
                                  .duration_s = (double)s->n_frames / group->rate_hz,
                                  .index = group->index[channel],
                                  .channel = source,
                                  .calibrated = source->to_uv > 0,
                                  .low_hz = group->low_hz,
                                  .high_hz = group->high_hz,
                                  .n_windows = emg_welch_counted(s->welch).n_segments,
                                  .density = density,
                                  .n_bins = emg_welch_bins(&s->plan),
                                  .step_hz = group->rate_hz / (double)s->plan.segment };
    return j->take(j->context, &row) ? EMG_OK : emgp_fail(err, EMG_ECANCELLED, "stopped on request");
}

/* The row of one channel, wherever its channel is. */
static emg_status put_channel(const job *j, const emgp_pass_group *groups, size_t n, size_t index, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t g = 0; g < n; g++) {
        const stream *s = groups[g].state;
        for (size_t channel = 0; s && status == EMG_OK && channel < groups[g].n_channels; channel++) {
            if (groups[g].index[channel] != index)
                continue;
            double *density = emgp_alloc(emg_welch_bins(&s->plan), sizeof *density);
            status = density ? put_row(j, &groups[g], channel, density, err) : emgp_fail_memory(err);
            emgp_free(density);
        }
    }
    return status;
}

static emg_status end(void *context, emgp_pass_group *groups, size_t n, emg_error *err)
{
    const job *j = context;
    emg_status status = EMG_OK;
    for (size_t i = 0; status == EMG_OK && emg_recording_channel(j->recording, i); i++)
        status = put_channel(j, groups, n, i, err);
    return status;
}

static void release(emgp_pass_group *group)
{
    stream *s = group->state;
    if (s)
        emg_welch_free(s->welch);
    emgp_free(s);
}

static emg_status run_densities(const char *path, const emg_run_config *config, emg_density_take *take_row,
                                void *context, size_t *n_channels, emg_error *err)
{
    if (!path || !config || !take_row)
        return emgp_fail(err, EMG_EARG, "no path, configuration or taker was given");
    job j = { .config = config, .take = take_row, .context = context };
    emg_reading reading = config->reading;
    reading.raw_only = true;
    emg_status status = emg_config_check(&config->analysis, err);
    if (status == EMG_OK)
        status = emg_recording_open(&j.recording, path, &reading, err);
    if (status)
        return status;
    const emg_channel *channel;
    for (size_t i = 0; (channel = emg_recording_channel(j.recording, i)); i++)
        j.n_wanted += emgp_pass_fits(channel, config);
    const emgp_pass_taker taker = {
        .context = &j, .make = make, .start = start, .take = take, .finish = finish, .end = end, .free = release
    };
    status = emgp_ecg_channel_pass(path, &reading, j.recording, config, &taker, err);
    if (n_channels)
        *n_channels = j.n_wanted;
    emg_recording_close(j.recording);
    return status;
}

emg_status emg_run_densities(const char *path, const emg_run_config *config, emg_density_take *take_row, void *context,
                             size_t *n_channels, emg_error *err)
{
    err = emgp_fresh(err);
    return emgp_name_failure(err, path, run_densities(path, config, take_row, context, n_channels, err));
}
