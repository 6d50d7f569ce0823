/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages for the noise, a moving RMS for the maximum, sums within marks for rest. */
#include "analysis/features/features.h"

#include <math.h>
#include <string.h>

#include "analysis/detect/detect.h"
#include "base/base.h"
#include "dsp/envelope/envelope.h"

enum { PIECE = 1024 }; /* frames widened to double at once */

struct emgp_survey {
    emgp_survey_setup setup;
    emgp_pages *pages;
    emgp_moving *moving;
    size_t window; /* of the moving RMS, frames */
    double *widened;
    double *sigma_sum, *highest, *rest_sum; /* per channel */
    uint64_t *n_pages, *n_rest;             /* n_rest: frames at rest */
    /* the segment */
    double start_s;
    uint64_t n_in, n_out; /* frames into and out of the moving RMS */
    bool *at_rest;        /* per channel */
    uint64_t until;       /* frame up to which at_rest holds */
};

static emg_status take_page(void *context, size_t channel, const emgp_page *page, emg_error *err)
{
    emgp_survey *s = context;
    (void)err;
    if (page->sigma > 0) {
        s->sigma_sum[channel] += page->sigma;
        s->n_pages[channel]++;
    }
    return EMG_OK;
}

/* Only windows that lie wholly within the segment count. */
static emg_status take_rms(void *context, const double *x, size_t n_frames, emg_error *err)
{
    emgp_survey *s = context;
    (void)err;
    for (size_t i = 0; i < n_frames; i++, s->n_out++) {
        if (s->n_out < s->window / 2 || s->n_out + (s->window - 1) / 2 >= s->n_in)
            continue;
        for (size_t channel = 0; channel < s->setup.n_channels; channel++) {
            double rms = x[i * s->setup.n_channels + channel];
            if (isfinite(rms) && !(rms <= s->highest[channel]))
                s->highest[channel] = rms;
        }
    }
    return EMG_OK;
}

static emg_status make_pages(emgp_survey *s, emg_error *err)
{
    const emgp_survey_setup *setup = &s->setup;
    const emgp_pages_setup pages = { .rate_hz = setup->rate_hz,
                                     .low_hz = setup->low_hz,
                                     .high_hz = setup->high_hz,
                                     .n_channels = setup->n_channels,
                                     .least_segment_s = setup->config->episode.segment_least_s,
                                     .noise = &setup->config->noise,
                                     .take = take_page,
                                     .context = s };
    return emgp_pages_new(&s->pages, &pages, err);
}

static emg_status make(emgp_survey *s, emg_error *err)
{
    size_t n = s->setup.n_channels;
    double frames = s->setup.config->features.mvc_window_s * s->setup.rate_hz;
    s->window = frames < 1 ? 1 : (size_t)llround(frames);
    s->widened = emgp_alloc(n * PIECE, sizeof *s->widened);
    s->sigma_sum = emgp_alloc(n, sizeof *s->sigma_sum);
    s->highest = emgp_alloc(n, sizeof *s->highest);
    s->rest_sum = emgp_alloc(n, sizeof *s->rest_sum);
    s->n_pages = emgp_alloc(n, sizeof *s->n_pages);
    s->n_rest = emgp_alloc(n, sizeof *s->n_rest);
    s->at_rest = emgp_alloc(n, sizeof *s->at_rest);
    if (!s->widened || !s->sigma_sum || !s->highest || !s->rest_sum || !s->n_pages || !s->n_rest || !s->at_rest)
        return emgp_fail_memory(err);
    for (size_t channel = 0; channel < n; channel++)
        s->highest[channel] = NAN;
    emg_status status = EMG_OK;
    if (s->setup.highest)
        status = emgp_moving_new(&s->moving, EMGP_MOVING_RMS, s->window, n, take_rms, s, err);
    if (status == EMG_OK && s->setup.noise)
        status = make_pages(s, err);
    return status;
}

emg_status emgp_survey_new(emgp_survey **out, const emgp_survey_setup *setup, emg_error *err)
{
    *out = NULL;
    emgp_survey *s = emgp_alloc(1, sizeof *s);
    if (!s)
        return emgp_fail_memory(err);
    s->setup = *setup;
    emg_status status = make(s, err);
    if (status) {
        emgp_survey_free(s);
        return status;
    }
    *out = s;
    return EMG_OK;
}

void emgp_survey_free(emgp_survey *s)
{
    if (!s)
        return;
    emgp_pages_free(s->pages);
    emgp_moving_free(s->moving);
    emgp_free(s->widened);
    emgp_free(s->sigma_sum);
    emgp_free(s->highest);
    emgp_free(s->rest_sum);
    emgp_free(s->n_pages);
    emgp_free(s->n_rest);
    emgp_free(s->at_rest);
    emgp_free(s);
}

void emgp_survey_start(emgp_survey *s, double start_s)
{
    s->start_s = start_s;
    s->n_in = s->n_out = s->until = 0;
    if (s->pages)
        emgp_pages_start(s->pages, start_s);
}

static bool is_about(const emgp_survey *s, const emg_mark *mark, size_t channel)
{
    return mark->channel == 0 || mark->channel == s->setup.channels[channel] + 1;
}

/* Whether a frame of the segment lies within a mark of rest of each channel, and up to which frame that stays so. */
static void look_for_rest(emgp_survey *s, uint64_t frame)
{
    double t = s->start_s + (double)frame / s->setup.rate_hz, change = INFINITY;
    memset(s->at_rest, 0, s->setup.n_channels * sizeof *s->at_rest);
    for (size_t i = 0; i < s->setup.n_marks; i++) {
        const emg_mark *mark = &s->setup.marks[i];
        double end = mark->onset_s + mark->duration_s;
        if (mark->kind != EMG_MARK_REST || !(end > t))
            continue;
        bool inside = t >= mark->onset_s;
        for (size_t channel = 0; inside && channel < s->setup.n_channels; channel++)
            s->at_rest[channel] = s->at_rest[channel] || is_about(s, mark, channel);
        change = fmin(change, inside ? end : mark->onset_s);
    }
    double frames = ceil((change - s->start_s) * s->setup.rate_hz - 1e-6);
    s->until = frames < 1e18 ? (uint64_t)frames : UINT64_MAX;
    if (s->until <= frame)
        s->until = frame + 1;
}

static void add_rest(emgp_survey *s, const float *x, size_t n_frames)
{
    size_t n = s->setup.n_channels;
    for (size_t i = 0; i < n_frames; i++) {
        if (s->n_in + i >= s->until)
            look_for_rest(s, s->n_in + i);
        for (size_t channel = 0; channel < n; channel++) {
            if (!s->at_rest[channel])
                continue;
            s->n_rest[channel]++;
            s->rest_sum[channel] += (double)x[i * n + channel] * (double)x[i * n + channel];
        }
    }
}

static emg_status push_moving(emgp_survey *s, const float *x, size_t n_frames, emg_error *err)
{
    size_t n = s->setup.n_channels;
    emg_status status = EMG_OK;
    while (status == EMG_OK && n_frames > 0) {
        size_t piece = n_frames < PIECE ? n_frames : PIECE;
        for (size_t i = 0; i < piece * n; i++)
            s->widened[i] = (double)x[i];
        s->n_in += piece;
        status = s->moving ? emgp_moving_push(s->moving, s->widened, piece, err) : EMG_OK;
        x += piece * n;
        n_frames -= piece;
    }
    return status;
}

emg_status emgp_survey_push(emgp_survey *s, const float *x, size_t n_frames, emg_error *err)
{
    if (s->setup.n_marks > 0)
        add_rest(s, x, n_frames);
    emg_status status = s->pages ? emgp_pages_push(s->pages, x, n_frames, err) : EMG_OK;
    return status ? status : push_moving(s, x, n_frames, err);
}

emg_status emgp_survey_finish(emgp_survey *s, emg_error *err)
{
    uint64_t frames;
    bool dropped;
    emg_status status = s->pages ? emgp_pages_finish(s->pages, &frames, &dropped, err) : EMG_OK;
    if (status == EMG_OK && s->moving)
        status = emgp_moving_finish(s->moving, err);
    return status;
}

emgp_survey_channel emgp_survey_of(const emgp_survey *s, size_t channel)
{
    return (emgp_survey_channel){
        .sigma = s->n_pages[channel] > 0 ? s->sigma_sum[channel] / (double)s->n_pages[channel] : NAN,
        .rest_power = s->n_rest[channel] > 0 ? s->rest_sum[channel] / (double)s->n_rest[channel] : NAN,
        .highest = s->highest[channel],
    };
}
