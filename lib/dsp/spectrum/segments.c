/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Segments of a stream, and the transform of one. */
#include "dsp/spectrum/spectrum.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

static emg_status check_plan(const emg_welch_plan *p, emg_error *err)
{
    if (!p)
        return emgp_fail(err, EMG_EARG, "no plan of a spectrum");
    if (emgp_check_rate(p->rate_hz, err))
        return EMG_ERANGE;
    if (p->segment < 1 || p->segment > EMGP_MOST_SEGMENT)
        return emgp_fail(err, EMG_ERANGE, "a segment of %zu samples is not within 1 to %d", p->segment,
                         EMGP_MOST_SEGMENT);
    if (p->overlap >= p->segment)
        return emgp_fail(err, EMG_ERANGE, "an overlap of %zu samples is not below the segment's %zu", p->overlap,
                         p->segment);
    if (p->n_fft < p->segment || p->n_fft > EMGP_MOST_SEGMENT)
        return emgp_fail(err, EMG_ERANGE, "a transform of %zu samples is not within the segment's %zu to %d", p->n_fft,
                         p->segment, EMGP_MOST_SEGMENT);
    if ((int)p->detrend < EMG_DETREND_NONE || p->detrend > EMG_DETREND_LINEAR)
        return emgp_fail(err, EMG_ERANGE, "no trend has the number %d", (int)p->detrend);
    if ((int)p->scaling < EMG_SCALING_DENSITY || p->scaling > EMG_SCALING_SPECTRUM)
        return emgp_fail(err, EMG_ERANGE, "no scaling has the number %d", (int)p->scaling);
    if ((int)p->average < EMG_AVERAGE_MEAN || p->average > EMG_AVERAGE_MEDIAN)
        return emgp_fail(err, EMG_ERANGE, "no average has the number %d", (int)p->average);
    return EMG_OK;
}

emg_status emgp_welch_check(const emg_welch_plan *plan, size_t n_channels, size_t n_pairs, emg_error *err)
{
    enum { HELD = 4 }; /* times the transform: samples, transforms, sums */
    emg_status status = check_plan(plan, err);
    size_t most = n_pairs > n_channels ? n_pairs : n_channels;
    return status ? status : emgp_check_held("a spectrum", HELD * plan->n_fft, most, err);
}

/* The sum of the window's squares, for a density, or the square of its sum, for a line's power; what each addition loses is
 * carried to the next (Kahan), so that a Hann window's squares come to 3/8 of their number. */
static double weight_of(const emg_welch_plan *plan, const double *window)
{
    const bool density = plan->scaling == EMG_SCALING_DENSITY;
    double sum = 0, lost = 0;
    for (size_t i = 0; i < plan->segment; i++) {
        double add = (density ? window[i] * window[i] : window[i]) - lost, next = sum + add;
        lost = (next - sum) - add;
        sum = next;
    }
    return density ? sum : sum * sum;
}

double emgp_segment_scale(const emg_welch_plan *plan, double weight, uint64_t n_segments)
{
    double n = (double)n_segments;
    return plan->scaling == EMG_SCALING_DENSITY ? 1 / (n * plan->rate_hz * weight) : 1 / (n * weight);
}

emg_status emgp_segment_window(const emg_welch_plan *plan, double **window, double *weight, emg_error *err)
{
    *window = NULL;
    emg_status status = check_plan(plan, err);
    if (status)
        return status;
    *window = emgp_alloc(plan->segment, sizeof **window);
    if (!*window)
        return emgp_fail_memory(err);
    status = emg_window_values(plan->window, plan->beta, EMG_WINDOW_PERIODIC, plan->segment, *window, err);
    *weight = status == EMG_OK ? weight_of(plan, *window) : NAN;
    return status;
}

emg_status emgp_segment_maker_start(emgp_segment_maker *m, const emg_welch_plan *plan, emg_error *err)
{
    *m = (emgp_segment_maker){ 0 };
    double weight;
    emg_status status = emgp_segment_window(plan, &m->window, &weight, err);
    if (status)
        return status;
    m->plan = *plan;
    m->scale = emgp_segment_scale(plan, weight, 1);
    return emgp_fft_new(&m->fft, EMGP_FFT_REAL, plan->n_fft, false, err);
}

const double *emgp_segment_transform(emgp_segment_maker *m, const double *x)
{
    double *in = m->fft->in; /* zeros behind the segment stay from when it was made */
    emgp_detrend(x, m->plan.segment, m->plan.detrend, in);
    for (size_t i = 0; i < m->plan.segment; i++)
        in[i] *= m->window[i];
    emgp_fft_run(m->fft);
    return m->fft->out;
}

void emgp_segment_maker_stop(emgp_segment_maker *m)
{
    emgp_fft_free(m->fft);
    emgp_free(m->window);
    *m = (emgp_segment_maker){ 0 };
}

double emgp_sides(size_t bin, size_t n_fft)
{
    return bin == 0 || 2 * bin == n_fft ? 1 : 2;
}

emg_status emgp_segments_start(emgp_segments *s, const emg_welch_plan *plan, size_t n_channels, emgp_take_segment *take,
                               void *context, emg_error *err)
{
    *s = (emgp_segments){ 0 };
    if (emgp_check_channels(n_channels, err))
        return EMG_ERANGE;
    s->segment = plan->segment;
    s->hop = plan->segment - plan->overlap;
    s->n_channels = n_channels;
    s->room = 2 * plan->segment; /* samples are moved down once in a segment, not once in a hop */
    s->take = take;
    s->context = context;
    s->samples = emgp_alloc(s->room * n_channels, sizeof *s->samples);
    s->view = emgp_alloc(n_channels, sizeof *s->view);
    return s->samples && s->view ? EMG_OK : emgp_fail_memory(err);
}

/* Hands on every segment that is complete and moves the rest to the front. */
static emg_status hand_on(emgp_segments *s, emg_error *err)
{
    size_t at = 0;
    emg_status status = EMG_OK;
    for (; status == EMG_OK && s->held - at >= s->segment; at += s->hop) {
        for (size_t c = 0; c < s->n_channels; c++)
            s->view[c] = s->samples + c * s->room + at;
        status = s->take(s->context, s->view, s->n++, err);
    }
    for (size_t c = 0; at > 0 && c < s->n_channels; c++) {
        double *x = s->samples + c * s->room;
        memmove(x, x + at, (s->held - at) * sizeof *x);
    }
    s->held -= at;
    return status;
}

/* Stores n frames behind those held; zeros where x is NULL. */
static void store(emgp_segments *s, const double *x, size_t n)
{
    for (size_t c = 0; c < s->n_channels; c++) {
        double *to = s->samples + c * s->room + s->held;
        for (size_t t = 0; t < n; t++)
            to[t] = x ? x[t * s->n_channels + c] : 0;
    }
    s->held += n;
}

static emg_status push(emgp_segments *s, const double *x, size_t n_frames, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t n; status == EMG_OK && n_frames > 0; n_frames -= n) {
        n = n_frames < s->room - s->held ? n_frames : s->room - s->held;
        store(s, x, n);
        x = x ? x + n * s->n_channels : NULL;
        status = hand_on(s, err);
    }
    return status;
}

emg_status emgp_segments_push(emgp_segments *s, const double *x, size_t n_frames, emg_error *err)
{
    if (n_frames == 0)
        return EMG_OK;
    if (!emgp_samples_given(x, n_frames, s->n_channels) || !emgp_all_finite(x, n_frames * s->n_channels))
        return emgp_fail(err, EMG_EARG, "no samples, or one that is not finite");
    return push(s, x, n_frames, err);
}

emg_status emgp_segments_push_zeros(emgp_segments *s, size_t n_frames, emg_error *err)
{
    return push(s, NULL, n_frames, err);
}

void emgp_segments_restart(emgp_segments *s)
{
    s->held = 0;
    s->n = 0;
}

void emgp_segments_stop(emgp_segments *s)
{
    emgp_free(s->samples);
    emgp_free(s->view);
    *s = (emgp_segments){ 0 };
}
