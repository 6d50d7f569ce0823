/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the firings of a channel look and measure like without the background, and setting their strength by it. */
#include <math.h>
#include <string.h>

#include "simulate/plan/plan.h"
#include "base/base.h"

static const double VISIBLE = 0.05; /* share of the largest deflection at which activity begins and ends */

/* The firings from `first` on, rendered without background. */
typedef struct rendering {
    double *x;
    size_t n;
    int64_t from;
} rendering;

static rendering render(emgp_timeline *timeline, size_t channel, size_t first)
{
    const emgp_timeline_channel *c = &timeline->channel[channel];
    rendering r = { 0 };
    if (timeline->status != EMG_OK || first >= c->firings.n)
        return r;
    int64_t end = INT64_MIN;
    r.from = INT64_MAX;
    for (size_t i = first; i < c->firings.n; i++) {
        const emgp_firing *f = &c->firings.firing[i];
        int64_t stop = f->start + (int64_t)c->units[f->unit].length;
        r.from = f->start < r.from ? f->start : r.from;
        end = stop > end ? stop : end;
    }
    r.n = (size_t)(end - r.from);
    if (r.n > EMGP_MOST_RENDER)
        timeline->status = EMG_ERANGE;
    r.x = emgp_timeline_doubles(timeline, r.n);
    for (size_t i = first; r.x && i < c->firings.n; i++) {
        const emgp_firing *f = &c->firings.firing[i];
        emgp_unit_add(&c->units[f->unit], f->start, f->row, (double)f->gain, r.from, r.x, r.n, 1);
    }
    return r;
}

static double peak_to_peak(const double *x, size_t n)
{
    double high = -INFINITY, low = INFINITY;
    for (size_t i = 0; i < n; i++) {
        high = x[i] > high ? x[i] : high;
        low = x[i] < low ? x[i] : low;
    }
    return high - low;
}

emgp_measure emgp_timeline_measure(emgp_timeline *timeline, size_t channel, size_t first)
{
    emgp_measure m = { NAN, NAN, NAN, NAN };
    rendering r = render(timeline, channel, first);
    if (!r.x)
        return m;
    size_t peak = 0, onset = 0, end = r.n - 1;
    for (size_t i = 0; i < r.n; i++)
        if (fabs(r.x[i]) > fabs(r.x[peak]))
            peak = i;
    while (onset < peak && fabs(r.x[onset]) < VISIBLE * fabs(r.x[peak]))
        onset++;
    while (end > peak && fabs(r.x[end]) < VISIBLE * fabs(r.x[peak]))
        end--;
    m.onset_s = (double)(r.from + (int64_t)onset) / timeline->rate_hz;
    m.end_s = (double)(r.from + (int64_t)end) / timeline->rate_hz;
    m.peak_s = (double)(r.from + (int64_t)peak) / timeline->rate_hz;
    m.peak_to_peak_uv = peak_to_peak(r.x, r.n);
    emgp_free(r.x);
    return m;
}

double emgp_timeline_typical(emgp_timeline *timeline, size_t channel, size_t first, double width_s)
{
    rendering r = render(timeline, channel, first);
    if (!r.x)
        return NAN;
    size_t width = (size_t)(width_s * timeline->rate_hz), n = 0;
    /* The figures overwrite the rendering from its start: each needs one place and has used `width`. */
    for (size_t i = 0; i + width <= r.n; i += width)
        r.x[n++] = peak_to_peak(r.x + i, width);
    if (n == 0)
        r.x[n++] = peak_to_peak(r.x, r.n);
    double median = emgp_median(r.x, n);
    emgp_free(r.x);
    return median;
}

/* Marks the frames of a rendering at which any shape is under way. */
static void mark_busy(const emgp_timeline *timeline, size_t channel, size_t first, const rendering *r,
                      unsigned char *busy)
{
    const emgp_timeline_channel *c = &timeline->channel[channel];
    for (size_t i = first; i < c->firings.n; i++) {
        const emgp_firing *f = &c->firings.firing[i];
        const emgp_unit *u = &c->units[f->unit];
        double at = (double)(f->start + (int64_t)u->lead - r->from);
        size_t from = (size_t)fmax(at - u->before_s * timeline->rate_hz, 0);
        size_t to = (size_t)fmin(at + u->after_s * timeline->rate_hz + 1, (double)r->n);
        if (to > from)
            memset(busy + from, 1, to - from);
    }
}

static double busy_rms(const rendering *r, const unsigned char *busy)
{
    double energy = 0, n = 0;
    for (size_t i = 0; i < r->n; i++)
        if (busy[i]) {
            energy += r->x[i] * r->x[i];
            n++;
        }
    return n > 0 ? sqrt(energy / n) : 0;
}

/* RMS in the analysis band of the firings from `first` on: while a shape is under way, or over `whole_s` when it is
 * above 0. 0 when there is nothing. */
static double activity_rms(emgp_timeline *timeline, size_t channel, size_t first, double whole_s)
{
    rendering r = render(timeline, channel, first);
    unsigned char *busy = r.x ? emgp_alloc(r.n, 1) : NULL;
    double rms = 0;
    if (busy && emgp_band_apply(&timeline->channel[channel].band, timeline->rate_hz, r.x, r.n)) {
        mark_busy(timeline, channel, first, &r, busy);
        if (whole_s > 0)
            memset(busy, 1, r.n);
        rms = busy_rms(&r, busy);
        rms *= whole_s > 0 ? sqrt((double)r.n / (whole_s * timeline->rate_hz)) : 1;
    } else if (r.x) {
        timeline->status = EMG_ENOMEM;
    }
    emgp_free(r.x);
    emgp_free(busy);
    return rms;
}

static void scale(emgp_timeline *timeline, size_t channel, emgp_bookmark from, double factor)
{
    emgp_timeline_channel *c = &timeline->channel[channel];
    for (size_t i = from.firing; i < c->firings.n; i++)
        c->firings.firing[i].gain = (float)((double)c->firings.firing[i].gain * factor);
    for (size_t i = from.truth; i < timeline->n_truths; i++)
        if (timeline->truths[i].channel == channel)
            timeline->truths[i].amplitude_uv *= factor;
}

void emgp_timeline_set_burst_snr(emgp_timeline *timeline, size_t channel, emgp_bookmark from, double snr_db)
{
    double rms = isnan(snr_db) ? 0 : activity_rms(timeline, channel, from.firing, 0);
    if (rms > 0)
        scale(timeline, channel, from,
              timeline->channel[channel].sigma_uv * emgp_fixed_exp(snr_db * 0.11512925464970229) /
                  rms); /* ln 10 / 20 */
}

void emgp_timeline_set_level(emgp_timeline *timeline, size_t channel, emgp_bookmark from, double length_s,
                             double sigmas)
{
    double rms = activity_rms(timeline, channel, from.firing, length_s);
    if (rms > 0)
        scale(timeline, channel, from, timeline->channel[channel].sigma_uv * sigmas / rms);
}
