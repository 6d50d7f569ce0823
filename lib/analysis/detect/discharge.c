/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Discharges: runs of samples beyond k sigma, joined over the dead time so that phases of one potential are one event. */
#include "analysis/detect/detect.h"

#include <math.h>

#include "base/base.h"

/* k = 5 gives 0.12 false crossings a minute in flat 20-450 Hz Gaussian noise, 5.5 on needle 20-5000 Hz 0.09 (Rice 1945). */
static const emg_setting detect_rows[] = {
    { "detect.threshold_sigma", "", 3, 20, 5, 5.5, NULL, offsetof(emg_detect_config, threshold_sigma),
      "how many noise sigmas a discharge's peak must reach" },
    { "detect.alone_sigma", "", 3, 30, 6.4, 6.4, NULL, offsetof(emg_detect_config, alone_sigma),
      "a peak of this many sigmas is a discharge by itself; a lower one needs energy around it too" },
    { "detect.energy_ratio", "", 1, 100, 5, 5, NULL, offsetof(emg_detect_config, energy_ratio),
      "least mean square around such a lower peak (10 ms; needle 3.2 ms), in units of the noise's" },
    { "detect.dead_time_s", "s", 0.0005, 0.05, 0.005, 0.002, NULL, offsetof(emg_detect_config, dead_time_s),
      "silence shorter than this lies within one discharge" },
    { "detect.least_amplitude_uv", "uV", 0, 10000, 0, 0, NULL, offsetof(emg_detect_config, least_amplitude_uv),
      "least peak-to-peak amplitude of a discharge of a calibrated channel" },
    { "detect.burst_window_s", "s", 0.005, 0.2, 0.02, 0.01, NULL, offsetof(emg_detect_config, burst_window_s),
      "length of the moving RMS that finds bursts" },
    { "detect.burst_sigma", "", 1.2, 20, 2, 2.5, NULL, offsetof(emg_detect_config, burst_sigma),
      "how many noise sigmas the moving RMS must reach within a burst" },
    { "detect.burst_gap_s", "s", 0, 1, 0.015, 0.005, NULL, offsetof(emg_detect_config, burst_gap_s),
      "silence shorter than this lies within one burst" },
};

emgp_settings emgp_detect_table(void)
{
    return EMGP_SETTINGS(detect_rows, detect);
}

/* A run longer than this is an interference pattern and is cut into discharges. */
static const double longest_s = 0.025;
/* Onset and end: the last excursion beyond EDGE sigma within reach of the run, quiet for QUIET seconds outside. */
static const double reach_s = 0.015, quiet_s = 0.002;
static const float edge_sigma = 2;
/* Peak to peak is taken this much wider than the discharge: its smallest phases count. */
static const double around_s = 0.0015;

static size_t frames_of(double seconds, double rate_hz)
{
    double frames = seconds * rate_hz;
    return frames < 1 ? 1 : (size_t)frames;
}

/* First frame in [from, to) with |x| > level, or `to`. Sixteen at a time: the rest of the page is noise. */
static size_t first_beyond(const float *x, size_t from, size_t to, float level)
{
    enum { STRIDE = 16 };
    for (; from + STRIDE <= to; from += STRIDE) {
        int any = 0;
        for (size_t i = 0; i < STRIDE; i++)
            any |= fabsf(x[from + i]) > level;
        if (any)
            break;
    }
    for (; from < to; from++)
        if (fabsf(x[from]) > level)
            return from;
    return to;
}

/* Walks from `at` away from the run (step +1 or -1) as long as an excursion beyond level comes within quiet frames. */
static size_t edge(const float *x, size_t at, int step, size_t reach, size_t quiet, float level, size_t n)
{
    size_t best = at, i = at;
    for (size_t k = 0; k < reach; k++) {
        if ((step < 0 && i == 0) || (step > 0 && i + 1 >= n))
            break;
        i = step < 0 ? i - 1 : i + 1;
        size_t away = i > best ? i - best : best - i;
        if (fabsf(x[i]) > level)
            best = i;
        else if (away > quiet)
            break;
    }
    return best;
}

static void measure_shape(const float *x, size_t n, size_t peak, double step, int8_t *shape)
{
    float value[EMGP_SHAPE], largest = 0;
    for (int i = 0; i < EMGP_SHAPE; i++) {
        double at = (double)peak + (i - EMGP_SHAPE / 2) * step;
        double whole = floor(at);
        float fraction = (float)(at - whole);
        value[i] = 0;
        if (whole >= 0 && whole + 1 < (double)n) {
            size_t k = (size_t)whole;
            value[i] = x[k] * (1 - fraction) + x[k + 1] * fraction;
        }
        if (fabsf(value[i]) > largest)
            largest = fabsf(value[i]);
    }
    for (int i = 0; i < EMGP_SHAPE; i++)
        shape[i] = largest > 0 ? (int8_t)lrintf(value[i] / largest * 127) : 0;
}

static void measure(const emgp_page *page, double shape_s, emgp_found *found)
{
    const float *x = page->x;
    size_t n = page->margin + page->n_frames + page->margin, around = frames_of(around_s, page->rate_hz);
    size_t from = found->first > around ? found->first - around : 0;
    size_t to = found->last + around < n ? found->last + around : n - 1;
    float low = x[found->peak], high = low;
    for (size_t i = from; i <= to; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
    }
    emgp_discharge *d = &found->record;
    double rate = page->rate_hz;
    d->peak_s = page->segment_start_s + ((double)page->first + (double)found->peak - (double)page->margin) / rate;
    d->before_s = (float)((double)(found->peak - found->first) / rate);
    d->after_s = (float)((double)(found->last - found->peak + 1) / rate);
    d->peak = fabsf(x[found->peak]);
    d->peak_to_peak = high - low;
    d->sigma = (float)page->sigma;
    d->flags = page->clipped[found->peak / page->bin] ? EMGP_CLIPPED : 0;
    if (page->dead[(found->first > 0 ? found->first - 1 : 0) / page->bin] ||
        page->dead[(found->last + 1 < n ? found->last + 1 : n - 1) / page->bin] ||
        (page->starts_segment && found->first <= page->margin) ||
        (page->ends_segment && found->last + 1 >= page->margin + page->n_frames))
        d->flags |= EMGP_CUT_BY_GAP;
    measure_shape(x, n, found->peak, shape_s * rate / EMGP_SHAPE, d->shape);
}

/* Mean square around a frame, over half the length of a shape. */
static double energy_around(const emgp_page *page, size_t peak, double shape_s)
{
    size_t half = frames_of(shape_s / 4, page->rate_hz), room = page->margin + page->n_frames + page->margin;
    size_t from = peak > half ? peak - half : 0, to = peak + half < room ? peak + half : room - 1;
    double sum = 0;
    for (size_t i = from; i <= to; i++)
        sum += (double)page->x[i] * (double)page->x[i];
    return sum / (double)(to - from + 1);
}

/* Whether a run of samples beyond the threshold is a potential and not the noise's own largest excursion: a potential
 * spreads over milliseconds, an excursion of noise does not. */
static bool convinces(const emg_detect_config *config, const emgp_page *page, size_t peak, double shape_s)
{
    double variance = page->sigma * page->sigma;
    return (double)fabsf(page->x[peak]) >= config->alone_sigma * page->sigma ||
           energy_around(page, peak, shape_s) >= config->energy_ratio * variance;
}

/* The run of samples beyond level that begins at out->first. */
static void follow(const emg_detect_config *config, const emgp_page *page, float level, emgp_found *out)
{
    size_t room = page->margin + page->n_frames + page->margin, first = out->first;
    size_t gap = frames_of(config->dead_time_s, page->rate_hz), longest = frames_of(longest_s, page->rate_hz);
    out->last = out->peak = first;
    for (size_t i = first; i < room && i - out->last <= gap && i - first < longest; i++) {
        float size = fabsf(page->x[i]);
        if (size > level)
            out->last = i;
        if (size > fabsf(page->x[out->peak]))
            out->peak = i;
    }
}

/* Moves first and last out to where the potential drowns in the noise. */
static void widen(const emgp_page *page, size_t from, emgp_found *out)
{
    size_t room = page->margin + page->n_frames + page->margin;
    size_t reach = frames_of(reach_s, page->rate_hz), quiet = frames_of(quiet_s, page->rate_hz);
    float low = edge_sigma * (float)page->sigma;
    size_t before = out->first - from < reach ? out->first - from : reach;
    out->first = edge(page->x, out->first, -1, before, quiet, low, room);
    out->last = edge(page->x, out->last, +1, reach, quiet, low, room);
}

bool emgp_discharge_next(emgp_discharge_state *state, const emg_detect_config *config, const emgp_page *page,
                         double shape_s, emgp_found *out)
{
    size_t end = page->margin + page->n_frames;
    float level = (float)(config->threshold_sigma * page->sigma);
    size_t from = page->margin + (state->resume > page->first ? (size_t)(state->resume - page->first) : 0);
    while (level > 0 && from < end) {
        out->first = first_beyond(page->x, from, end, level);
        if (out->first == end)
            return false;
        follow(config, page, level, out);
        bool convincing = convinces(config, page, out->peak, shape_s);
        if (convincing) {
            widen(page, from, out);
            measure(page, shape_s, out);
        }
        from = out->last + 1;
        state->resume = page->first + (from - page->margin);
        if (convincing)
            return true;
    }
    return false;
}
