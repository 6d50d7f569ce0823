/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two channels of a recording, conditioned or as recorded, through one Welch stream to their coherence. */
#include <emg/coherence.h>

#include <math.h>
#include <stdio.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"
#include "reading/channels/channels.h"
#include "report/picture/picture.h"
#include "run/run.h"

static const double alpha = 0.05;
enum { PIECE = 1024, WAYS = 2 };

/* The two channels while they are read. */
typedef struct job {
    const emg_run_config *config;
    const emg_coherence_plan *plan;
    emgp_pass pass;      /* as recorded: of it the recording alone */
    emg_reading reading; /* of the two channels alone */
    size_t index[WAYS];  /* as emg_recording_channel() counts */
    char text[WAYS][24]; /* their patterns, by number */
    const char *pattern[WAYS];
    emg_welch *welch;
    size_t at[WAYS]; /* where they lie in a frame */
    double low_hz, high_hz;
    bool begun;
    uint64_t n_frames;
    emg_coherence_result *out;
} job;

emg_coherence_plan emg_coherence_defaults(void)
{
    return (emg_coherence_plan){ .window_s = 1, .low_hz = 0, .high_hz = INFINITY };
}

/* The one channel that a pattern names. */
static emg_status find_one(const emg_recording *recording, const char *pattern, size_t *index, emg_error *err)
{
    char shown[64];
    size_t n = 0;
    const emg_channel *channel;
    for (size_t i = 0; (channel = emg_recording_channel(recording, i)); i++) {
        if (!emgp_select_matches(channel, pattern))
            continue;
        if (n++ == 0)
            *index = i;
    }
    if (n == 0)
        return emgp_select_unknown(recording, pattern, err);
    emgp_text_printable_string(shown, sizeof shown, pattern);
    return n == 1
               ? EMG_OK
               : emgp_fail(err, EMG_EARG, "'%s' names %zu channels: coherence is of one channel and another", shown, n);
}

static emg_status check_channel(const job *j, const emg_channel *c, emg_error *err)
{
    char name[64];
    emgp_text_copy(name, sizeof name, c->name);
    if (!c->usable || c->n_samples == 0)
        return emgp_fail(err, EMG_EARG, "channel '%s' has no samples that can be used", name);
    if (!j->plan->raw && c->envelope)
        return emgp_fail(err, EMG_EARG, "channel '%s' is an envelope, which is not conditioned", name);
    emg_channel selected = *c;
    selected.selected = true;
    if (!j->plan->raw && !emgp_blocks_fit(&selected, j->config))
        return emgp_fail(err, EMG_EARG, "channel '%s' is too slow for the band: %g samples per second", name,
                         c->rate_hz);
    return EMG_OK;
}

static emg_status check_pair(const emg_channel *a, const emg_channel *b, emg_error *err)
{
    char name[WAYS][64];
    emgp_text_copy(name[0], sizeof name[0], a->name);
    emgp_text_copy(name[1], sizeof name[1], b->name);
    if (a == b)
        return emgp_fail(err, EMG_EARG, "both names are of channel '%s': coherence is of one channel and another",
                         name[0]);
    if (a->rate_hz != b->rate_hz)
        return emgp_fail(err, EMG_EARG, "'%s' has %g samples per second and '%s' %g: coherence needs one rate", name[0],
                         a->rate_hz, name[1], b->rate_hz);
    return EMG_OK;
}

/* Both channels, by number, in a recording that is opened for this alone. */
static emg_status find_both(job *j, const char *path, emg_error *err)
{
    const char *patterns[WAYS] = { j->plan->first, j->plan->second };
    emg_recording *all;
    emg_reading reading = j->config->reading;
    reading.n_channels = 0;
    reading.all_channels = true;
    reading.notice = NULL;
    emg_status status = emg_recording_open(&all, path, &reading, err);
    if (status)
        return status;
    const emg_channel *channel[WAYS];
    for (size_t w = 0; status == EMG_OK && w < WAYS; w++) {
        status = find_one(all, patterns[w], &j->index[w], err);
        if (status)
            break;
        channel[w] = emg_recording_channel(all, j->index[w]);
        status = check_channel(j, channel[w], err);
        snprintf(j->text[w], sizeof j->text[w], "#%zu", channel[w]->number);
        j->pattern[w] = j->text[w];
    }
    if (status == EMG_OK)
        status = check_pair(channel[0], channel[1], err);
    emg_recording_close(all);
    return status;
}

/* Finds both in a frame that holds `n` channels; false when one is missing. */
static bool place(job *j, const size_t *index, size_t n)
{
    size_t found = 0;
    for (size_t w = 0; w < WAYS; w++) {
        for (size_t i = 0; i < n; i++) {
            if (index[i] != j->index[w])
                continue;
            j->at[w] = i;
            found++;
        }
    }
    return found == WAYS;
}

static emg_status make_welch(job *j, double rate_hz, emg_error *err)
{
    static const emg_welch_pair pair = { 0, 1 };
    double frames = round(j->plan->window_s * rate_hz);
    if (!(frames >= 2 && frames <= EMGP_MOST_SEGMENT))
        return emgp_fail(err, EMG_ERANGE, "segments of %g s are %g samples: not within 2 to %d", j->plan->window_s,
                         frames, EMGP_MOST_SEGMENT);
    const emg_welch_plan plan = emg_welch_defaults(rate_hz, (size_t)frames);
    j->out->rate_hz = rate_hz;
    j->out->window_s = frames / rate_hz;
    return emg_welch_new(&j->welch, &plan, WAYS, &pair, 1, err);
}

static void begin(job *j, double start_s)
{
    if (!j->begun)
        j->out->onset_s = start_s;
    j->begun = true;
}

/* --- conditioned -------------------------------------------------------------------------------------------------- */

static void push(job *j, const float *x, size_t n_frames, size_t n_channels)
{
    float both[WAYS * PIECE];
    for (size_t n; n_frames > 0; n_frames -= n, x += n * n_channels) {
        n = n_frames < PIECE ? n_frames : PIECE;
        for (size_t i = 0; i < n; i++) {
            both[WAYS * i] = x[i * n_channels + j->at[0]];
            both[WAYS * i + 1] = x[i * n_channels + j->at[1]];
        }
        emgp_welch_push_float(j->welch, both, n);
        j->n_frames += n;
    }
}

static emg_status take_item(job *j, const emgp_pass_item *item, emg_error *err)
{
    const emgp_pass_group *group = item->group;
    if (!place(j, group->index, group->n_channels))
        return EMG_OK; /* derived channels that are not wanted */
    emg_status status = j->welch ? EMG_OK : make_welch(j, group->rate_hz, err);
    j->low_hz = group->low_hz;
    j->high_hz = group->high_hz;
    if (status == EMG_OK && item->event == EMGP_PASS_BEGINS)
        begin(j, item->time_s);
    else if (status == EMG_OK && item->event == EMGP_PASS_FRAMES)
        push(j, item->x, item->n_frames, group->n_channels);
    else if (status == EMG_OK)
        emg_welch_finish(j->welch);
    return status;
}

static emg_status run_conditioned(job *j, const char *path, emg_error *err)
{
    emg_status status = emgp_pass_open(&j->pass, path, &j->reading, j->config, err);
    emgp_pass_item item;
    while (status == EMG_OK && emgp_pass_next(&j->pass, &item))
        status = take_item(j, &item, err);
    return status ? status : j->pass.status;
}

/* --- as recorded -------------------------------------------------------------------------------------------------- */

static emg_status push_raw(job *j, const emg_block *block, emg_error *err)
{
    double both[WAYS * PIECE];
    if (!place(j, block->channel, block->n_channels))
        return EMG_OK;
    emg_status status = j->welch ? EMG_OK : make_welch(j, block->rate_hz, err);
    if (status)
        return status;
    j->high_hz = block->rate_hz / 2;
    begin(j, block->start_s);
    if (block->new_segment)
        emg_welch_finish(j->welch);
    const double *x = block->x;
    for (size_t n, left = block->n_frames; status == EMG_OK && left > 0; left -= n, x += n * block->n_channels) {
        n = left < PIECE ? left : PIECE;
        for (size_t i = 0; i < n; i++) {
            both[WAYS * i] = x[i * block->n_channels + j->at[0]];
            both[WAYS * i + 1] = x[i * block->n_channels + j->at[1]];
        }
        status = emg_welch_push(j->welch, both, n, err);
        j->n_frames += n;
    }
    return status;
}

static emg_status run_raw(job *j, const char *path, emg_error *err)
{
    emg_status status = emg_recording_open(&j->pass.recording, path, &j->reading, err);
    emg_block block;
    while (status == EMG_OK &&
           emgp_blocks_next(j->pass.recording, j->config->go_on, j->config->go_on_context, &block, &status, err))
        status = push_raw(j, &block, err);
    return status;
}

/* --- what it came to ---------------------------------------------------------------------------------------------- */

/* The bins of the band, moved to the front of the arrays. */
static emg_status keep_band(job *j, size_t n_bins, double step_hz, emg_error *err)
{
    emg_coherence_result *out = j->out;
    const double low_hz = fmax(j->low_hz, j->plan->low_hz), high_hz = fmin(j->high_hz, j->plan->high_hz);
    const emgp_density bins = emgp_density_within(out->coherence, n_bins, step_hz, low_hz, high_hz);
    if (bins.from >= bins.to)
        return emgp_fail(err, EMG_ERANGE, "no bin of %g Hz lies within %g to %g Hz", step_hz, low_hz, high_hz);
    out->n = bins.to - bins.from;
    for (size_t i = 0; i < out->n; i++) {
        out->frequency_hz[i] = (double)(bins.from + i) * step_hz;
        out->coherence[i] = out->coherence[bins.from + i];
        out->phase_rad[i] = out->phase_rad[bins.from + i];
    }
    return EMG_OK;
}

static emg_status conclude(job *j, emg_error *err)
{
    emg_coherence_result *out = j->out;
    for (size_t w = 0; w < WAYS; w++)
        *(w == 0 ? &out->first : &out->second) = *emg_recording_channel(j->pass.recording, j->index[w]);
    out->count = emg_welch_counted(j->welch);
    if (out->count.n_segments == 0)
        return emgp_fail(err, EMG_ESHORT, "no stretch without a gap is as long as a segment of %g s",
                         j->plan->window_s);
    const size_t segment = (size_t)round(out->window_s * out->rate_hz), n_bins = segment / 2 + 1;
    out->duration_s = (double)j->n_frames / out->rate_hz;
    out->chance_95 = emg_coherence_level(out->count.n_independent, alpha);
    out->frequency_hz = emgp_alloc(n_bins, sizeof *out->frequency_hz);
    out->coherence = emgp_alloc(n_bins, sizeof *out->coherence);
    out->phase_rad = emgp_alloc(n_bins, sizeof *out->phase_rad);
    if (!out->frequency_hz || !out->coherence || !out->phase_rad)
        return emgp_fail_memory(err);
    emg_status status = emg_welch_coherence(j->welch, 0, out->coherence, out->phase_rad, err);
    return status ? status : keep_band(j, n_bins, out->rate_hz / (double)segment, err);
}

static emg_status run(job *j, const char *path, emg_error *err)
{
    emg_status status = find_both(j, path, err);
    if (status)
        return status;
    j->reading = j->config->reading;
    j->reading.channels = j->pattern;
    j->reading.n_channels = WAYS;
    j->reading.all_channels = false;
    j->reading.group_size = EMGP_MOST_CHANNELS; /* both in one block, */
    j->reading.one_course = true;               /* at the same times */
    status = j->plan->raw ? run_raw(j, path, err) : run_conditioned(j, path, err);
    if (status == EMG_OK)
        status = conclude(j, err);
    emg_welch_free(j->welch);
    emgp_pass_close(&j->pass);
    return status;
}

emg_status emg_run_coherence(const char *path, const emg_run_config *config, const emg_coherence_plan *plan,
                             emg_coherence_result *out, emg_error *err)
{
    if (!path || !config || !plan || !out || !plan->first || !plan->second)
        return emgp_fail(err, EMG_EARG, "no path, configuration, pair of channels or place for the result was given");
    *out = (emg_coherence_result){ .raw = plan->raw };
    if (!(plan->window_s > 0) || !isfinite(plan->window_s) || !(plan->low_hz >= 0) || !(plan->low_hz <= plan->high_hz))
        return emgp_fail(err, EMG_ERANGE, "segments of %g s, or a band of %g to %g Hz, make no sense", plan->window_s,
                         plan->low_hz, plan->high_hz);
    job j = { .config = config, .plan = plan, .out = out };
    emg_status status = plan->raw ? EMG_OK : emg_config_check(&config->analysis, err);
    return status ? status : emgp_name_failure(err, path, run(&j, path, err));
}

void emg_coherence_result_free(emg_coherence_result *result)
{
    if (!result)
        return;
    emgp_free(result->frequency_hz);
    emgp_free(result->coherence);
    emgp_free(result->phase_rad);
    *result = (emg_coherence_result){ .n = 0 };
}

emg_status emg_run_coherence_file(const emg_coherence_result *result, const char *svg_path, emg_error *err)
{
    if (!result || !svg_path || result->n == 0)
        return emgp_fail(err, EMG_EARG, "no coherence or no path was given");
    const emgp_coherence_picture picture = { .first = result->first.name,
                                             .second = result->second.name,
                                             .raw = result->raw,
                                             .window_s = result->window_s,
                                             .n_segments = result->count.n_segments,
                                             .n_independent = result->count.n_independent,
                                             .chance_95 = result->chance_95,
                                             .n = result->n,
                                             .frequency_hz = result->frequency_hz,
                                             .coherence = result->coherence,
                                             .phase_rad = result->phase_rad };
    emgp_newfile *file;
    emg_status status = emgp_newfile_open(&file, svg_path, err);
    if (status == EMG_OK)
        status = emgp_coherence_write(&picture, emgp_newfile_sink, file, err);
    if (status == EMG_OK)
        status = emgp_newfile_commit(file, err);
    emgp_newfile_free(file);
    return status;
}
