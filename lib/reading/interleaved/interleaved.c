/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames of all channels, interleaved, given out as blocks: by stretches of time, around what is not finite, group by group. */
#include "reading/interleaved/interleaved.h"

#include <math.h>

#include "base/base.h"
#include "reading/channels/channels.h"

enum { SLICE_SAMPLES = EMGP_SLICE_BYTES / sizeof(double), BLOCK_SAMPLES = 32 * 1024 };

static emg_status find_used(const emg_recording *rec, emgp_interleaved *w, emg_error *err)
{
    bool *taken = emgp_alloc(w->n_channels, sizeof *taken);
    w->used = emgp_alloc(w->n_channels, sizeof *w->used);
    if (!taken || !w->used) {
        emgp_free(taken);
        return emgp_fail_memory(err);
    }
    for (size_t i = 0; i < rec->groups.n_channels; i++) {
        size_t channel = rec->groups.channel[i];
        for (size_t k = 0; k < emgp_terms_count(&rec->derivations, channel); k++)
            taken[emgp_terms_at(&rec->derivations, channel, k).channel] = true;
    }
    for (size_t i = 0; i < w->n_channels; i++)
        if (taken[i])
            w->used[w->n_used++] = i;
    emgp_free(taken);
    return EMG_OK;
}

static emg_status prepare(emg_recording *rec, emgp_interleaved *w, emg_error *err)
{
    size_t n = w->n_channels, widest = rec->groups.widest;
    w->slice_frames = SLICE_SAMPLES / n;
    w->block_frames = rec->reading.block_frames ? rec->reading.block_frames : BLOCK_SAMPLES / widest;
    if (w->block_frames > w->slice_frames)
        w->block_frames = w->slice_frames;
    w->slice = emgp_alloc(w->slice_frames * n, sizeof *w->slice);
    w->x = emgp_alloc(w->block_frames * widest, sizeof *w->x);
    w->not_finite = emgp_alloc(n, sizeof *w->not_finite);
    w->huge = emgp_alloc(n, sizeof *w->huge);
    if (!w->slice || !w->x || !w->not_finite || !w->huge)
        return emgp_fail_memory(err);
    w->group = rec->groups.n;
    w->begun = true;
    return find_used(rec, w, err);
}

/* Goes to the next stretch of time that is read and has frames; *any: there is one. */
static emg_status next_window(emg_recording *rec, emgp_interleaved *w, bool *any, emg_error *err)
{
    double rate = rec->channels[0].rate_hz;
    for (*any = false; !*any && w->window < rec->windows.n; w->window++) {
        const emgp_window *window = &rec->windows.list[w->window];
        uint64_t from = emgp_frame_at(0.0, rate, w->n_frames, window->from_s);
        uint64_t behind = w->slice_end;
        w->end = emgp_frame_at(0.0, rate, w->n_frames, window->to_s);
        if (from >= w->end)
            continue;
        w->slice_start = w->slice_end = w->run_start = w->run_end = w->frame = from;
        w->fresh = *any = true;
        emg_status status = from == behind ? EMG_OK : w->source.skip(w->source.context, from, err);
        if (status != EMG_OK)
            return status;
    }
    return EMG_OK;
}

/* The header states more than there is. */
static emg_status ended_early(emg_recording *rec, emgp_interleaved *w, uint64_t at, emg_error *err)
{
    emgp_finding finding = { .code = "W_DATA_SIZE",
                             .field = "data size",
                             .offset = -1,
                             .action = "the file ends there, before the number it states",
                             .things = "frame" };
    w->n_frames = w->end = at;
    rec->facts.span_s = (double)at / rec->channels[0].rate_hz;
    if (!w->in_gap)
        emgp_segments_end(rec, rec->facts.span_s);
    for (size_t i = 0; i < rec->facts.n_channels; i++)
        rec->channels[i].n_samples = at;
    return emgp_deviate_count(&rec->deviations, &finding, at, err);
}

static emg_status load(emg_recording *rec, emgp_interleaved *w, emg_error *err)
{
    uint64_t left = w->end - w->slice_end;
    size_t n = left < w->slice_frames ? (size_t)left : w->slice_frames, got = 0;
    emg_status status = w->source.read(w->source.context, w->slice_end, w->slice, n, &got, err);
    w->slice_start = w->slice_end;
    w->slice_end += got;
    return status == EMG_OK && got < n ? ended_early(rec, w, w->slice_end, err) : status;
}

/* What a decoded sample is multiplied with. */
static double scale_of(const emg_channel *c)
{
    double scale = c->to_uv > 0 ? c->to_uv : 1.0;
    return c->inverted ? -scale : scale;
}

/* A sample that is finite, and of a size that can be squared in single precision. */
static bool sound_sample(const emg_recording *rec, const emgp_interleaved *w, uint64_t frame, size_t channel)
{
    double x = w->slice[(frame - w->slice_start) * w->n_channels + channel];
    return fabs(x * scale_of(&rec->channels[channel])) <= EMGP_MOST_CREDIBLE;
}

/* One channel's fault is a gap in all: blocks of several groups then stay aligned whatever their size. */
static bool sound_frame(const emg_recording *rec, const emgp_interleaved *w, uint64_t frame)
{
    for (size_t i = 0; i < w->n_used; i++)
        if (!sound_sample(rec, w, frame, w->used[i]))
            return false;
    return true;
}

static void count_faults(const emg_recording *rec, emgp_interleaved *w, uint64_t frame)
{
    for (size_t i = 0; i < w->n_used; i++) {
        size_t channel = w->used[i];
        if (sound_sample(rec, w, frame, channel))
            continue;
        double x = w->slice[(frame - w->slice_start) * w->n_channels + channel];
        if (isfinite(x))
            w->huge[channel]++;
        else if (!w->marks_gaps || isnan(x))
            w->not_finite[channel]++;
    }
}

/* The next stretch of sound frames in the slice, from frame `from`; empty at the slice's end. */
static emg_status find_run(emg_recording *rec, emgp_interleaved *w, uint64_t from, emg_error *err)
{
    uint64_t at = from;
    double rate = rec->channels[0].rate_hz;
    for (; w->checked && at < w->slice_end && !sound_frame(rec, w, at); at++) {
        if (!w->in_gap)
            emgp_segments_end(rec, (double)at / rate);
        w->in_gap = true;
        count_faults(rec, w, at);
    }
    w->run_start = w->frame = at;
    if (at < w->slice_end && w->in_gap) {
        emg_status status = emgp_segments_begin(rec, (double)at / rate, (double)w->n_frames / rate, err);
        if (status != EMG_OK)
            return status;
        w->in_gap = false;
        w->fresh = true;
    }
    while (at < w->slice_end && (!w->checked || sound_frame(rec, w, at)))
        at = w->checked ? at + 1 : w->slice_end;
    w->run_end = at;
    return EMG_OK;
}

static emg_status note_samples(emg_recording *rec, const emgp_interleaved *w, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; i < w->n_channels && status == EMG_OK; i++) {
        emgp_finding bad = { .code = "W_NOT_FINITE",
                             .field = "samples",
                             .offset = -1,
                             .channel = (int64_t)i + 1,
                             .action = "samples that are not finite are gaps",
                             .things = "sample" };
        emgp_finding huge = bad;
        huge.code = "W_SAMPLE_HUGE";
        huge.action = "samples beyond 1e12 are not credible: they are gaps";
        if (w->not_finite[i] > 0)
            status = emgp_deviate_count(&rec->deviations, &bad, w->not_finite[i], err);
        if (status == EMG_OK && w->huge[i] > 0)
            status = emgp_deviate_count(&rec->deviations, &huge, w->huge[i], err);
    }
    emgp_segments_sum(rec);
    return status;
}

/* n samples of a channel to every stride-th double of out: the first term is put there, the others are added. */
static void take_channel(const emg_recording *rec, const emgp_interleaved *w, size_t channel, double *out,
                         size_t stride, size_t n)
{
    for (size_t k = 0; k < emgp_terms_count(&rec->derivations, channel); k++) {
        emgp_term term = emgp_terms_at(&rec->derivations, channel, k);
        double scale = scale_of(&rec->channels[term.channel]), weight = term.weight;
        const double *from = w->slice + (w->frame - w->slice_start) * w->n_channels + term.channel;
        for (size_t i = 0; i < n && k == 0; i++)
            out[i * stride] = weight * (from[i * w->n_channels] * scale);
        for (size_t i = 0; i < n && k > 0; i++)
            out[i * stride] += weight * (from[i * w->n_channels] * scale);
    }
}

static void emit(emg_recording *rec, emgp_interleaved *w, emg_block *block)
{
    const emgp_group *group = &rec->groups.group[w->group];
    const size_t *channel = rec->groups.channel + group->first;
    uint64_t left = w->run_end - w->frame;
    size_t n = left < w->block_frames ? (size_t)left : w->block_frames;
    for (size_t k = 0; k < group->n; k++)
        take_channel(rec, w, channel[k], w->x + k, group->n, n);
    *block = (emg_block){ .n_channels = group->n,
                          .n_frames = n,
                          .x = w->x,
                          .channel = channel,
                          .rate_hz = group->rate_hz,
                          .start_s = (double)w->frame / group->rate_hz,
                          .new_segment = w->fresh && w->frame == w->run_start };
    w->frame += n;
}

emg_status emgp_interleaved_next(emg_recording *rec, emgp_interleaved *w, emg_block *block, emg_error *err)
{
    if (rec->groups.n == 0 || w->n_frames == 0)
        return EMG_OK;
    bool any = true;
    emg_status status = w->begun ? EMG_OK : prepare(rec, w, err);
    while (status == EMG_OK) {
        for (; w->group < rec->groups.n; w->group++, w->frame = w->run_start) {
            if (w->frame < w->run_end) {
                emit(rec, w, block);
                return EMG_OK;
            }
        }
        if (w->run_end > w->run_start)
            w->fresh = false;
        bool given_out = w->run_end == w->slice_end;
        if (given_out && rec->deviations.strict)
            status = note_samples(rec, w, err);
        if (status == EMG_OK && given_out && w->slice_end >= w->end)
            status = next_window(rec, w, &any, err);
        if (status == EMG_OK && !any)
            return note_samples(rec, w, err);
        if (status == EMG_OK && given_out)
            status = load(rec, w, err);
        if (status == EMG_OK)
            status = find_run(rec, w, w->run_end, err);
        w->group = 0;
    }
    return status;
}

void emgp_interleaved_free(emgp_interleaved *w)
{
    emgp_free(w->slice);
    emgp_free(w->x);
    emgp_free(w->used);
    emgp_free(w->not_finite);
    emgp_free(w->huge);
}
