/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power densities of a recording's conditioned channels, each over its whole selection. */
#include <emg/densities.h>

#include "analysis/features/features.h"
#include "base/base.h"
#include "dsp/spectrum/spectrum.h"
#include "run/run.h"

typedef struct job {
    emg_density_take *take;
    void *context;
    emgp_pass pass;
} job;

typedef struct stream {
    emg_welch *welch;
    emg_welch_plan plan;
    uint64_t n_frames;
    double onset_s;
} stream;

static emg_status make_stream(const job *j, emgp_pass_group *group, double onset_s, emg_error *err)
{
    stream *s = emgp_alloc(1, sizeof *s);
    if (!s)
        return emgp_fail_memory(err);
    group->state = s;
    s->onset_s = onset_s;
    const size_t segment = emgp_feature_segment(&j->pass.config->analysis.features, group->rate_hz);
    s->plan = emg_welch_defaults(group->rate_hz, segment);
    s->plan.overlap = segment - segment / 2;
    return emg_welch_new(&s->welch, &s->plan, group->n_channels, NULL, 0, err);
}

static emg_status take_item(const job *j, const emgp_pass_item *item, emg_error *err)
{
    stream *s = item->group->state;
    if (item->event == EMGP_PASS_BEGINS)
        return s ? EMG_OK : make_stream(j, item->group, item->time_s, err);
    if (item->event == EMGP_PASS_FRAMES) {
        s->n_frames += item->n_frames;
        emgp_welch_push_float(s->welch, item->x, item->n_frames);
    } else {
        emg_welch_finish(s->welch);
    }
    return EMG_OK;
}

static emg_status put_row(const job *j, const emgp_pass_group *group, size_t channel, double *density, emg_error *err)
{
    const stream *s = group->state;
    if (emg_welch_psd(s->welch, channel, density, NULL)) /* shorter than a window */
        return EMG_OK;
    const emg_channel *source = emg_recording_channel(j->pass.recording, group->index[channel]);
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
static emg_status put_channel(const job *j, size_t index, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t g = 0; g < j->pass.n_groups; g++) {
        const emgp_pass_group *group = j->pass.groups[g];
        const stream *s = group->state;
        for (size_t channel = 0; s && status == EMG_OK && channel < group->n_channels; channel++) {
            if (group->index[channel] != index)
                continue;
            double *density = emgp_alloc(emg_welch_bins(&s->plan), sizeof *density);
            status = density ? put_row(j, group, channel, density, err) : emgp_fail_memory(err);
            emgp_free(density);
        }
    }
    return status;
}

static emg_status run(job *j, emg_error *err)
{
    emg_status status = EMG_OK;
    emgp_pass_item item;
    while (status == EMG_OK && emgp_pass_next(&j->pass, &item))
        status = take_item(j, &item, err);
    status = status ? status : j->pass.status;
    for (size_t i = 0; status == EMG_OK && i < j->pass.n_channels; i++)
        status = put_channel(j, i, err);
    for (size_t g = 0; g < j->pass.n_groups; g++) {
        stream *s = j->pass.groups[g]->state;
        emg_welch_free(s ? s->welch : NULL);
        emgp_free(s);
    }
    return status;
}

emg_status emg_run_densities(const char *path, const emg_run_config *config, emg_density_take *take_row, void *context,
                             size_t *n_channels, emg_error *err)
{
    if (!path || !config || !take_row)
        return emgp_fail(err, EMG_EARG, "no path, configuration or taker was given");
    job j = { .take = take_row, .context = context };
    emg_status status = emgp_pass_open(&j.pass, path, &config->reading, config, err);
    if (status == EMG_OK)
        status = run(&j, err);
    if (n_channels)
        *n_channels = j.pass.n_fitting;
    emgp_pass_close(&j.pass);
    return status;
}
