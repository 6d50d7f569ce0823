/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Discharges: runs of samples beyond k sigma, joined over the dead time so that phases of one potential are one event. */
#include "analysis/detect/detect.h"

#include <math.h>

#include "base/base.h"

/* k = 5 gives 0.12 false crossings a minute in flat 20-450 Hz Gaussian noise, 5.5 on needle 20-5000 Hz 0.09 (Rice 1945). */
static const emg_setting detect_rows[] = {
    { "detect.threshold_sigma", "", 3, 20, 5, 5.5, NULL, offsetof(emg_detect_config, threshold_sigma),
      "needle: how many noise sigmas a discharge's peak must reach" },
    { "detect.alone_sigma", "", 3, 30, 6.4, 6.4, NULL, offsetof(emg_detect_config, alone_sigma),
      "needle: a peak of this many sigmas is a discharge by itself; a lower one needs energy around it too" },
    { "detect.energy_ratio", "", 1, 100, 5, 5, NULL, offsetof(emg_detect_config, energy_ratio),
      "needle: least mean square around such a lower peak (3.2 ms), in units of the noise's" },
    { "detect.dead_time_s", "s", 0.0005, 0.05, 0.005, 0.002, NULL, offsetof(emg_detect_config, dead_time_s),
      "needle: silence shorter than this lies within one discharge" },
    { "detect.false_per_min", "/min", 0.001, 60, 0.025, 0.025, NULL, offsetof(emg_detect_config, false_per_min),
      "surface: how many discharges a minute the noise alone may seem to hold" },
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
/* Two peaks of a run are two discharges when they are so far apart, the signal falls between to this share of the lesser for
 * so long, and the lesser has so much of the larger: phases of one potential are nearer, or joined, or small. */
static const double apart_s = 0.003, valley_s = 0.0005;
static const float valley_share = 0.6F, lesser_share = 0.5F;
/* A floor counts from so many sigmas on; of Gaussian noise's bins (14 degrees of freedom) the median is so much of the mean. */
static const double floor_ratio = 1.3, bin_median = 0.95;
/* Onset and end: the last excursion beyond EDGE sigma within reach of the run, quiet for QUIET seconds outside. */
static const double reach_s = 0.015, quiet_s = 0.002;
static const float edge_sigma = 2;
/* Peak to peak is taken this much wider than the discharge: its smallest phases count. */
static const double around_s = 0.0015;
/* A potential reaches at least so many lambdas of the shape that fits it either way. From PLAIN deviations on, its
 * largest deflection is seen in the signal itself. */
static const double core_share = 1.2;
/* Phases that stand so far out of the noise belong to it across silences so long. */
static const float phase_sigma = 5;
static const double phase_gap_s = 0.005;
/* From 25 % to 75 % of the energy of u exp(-u^2). */
static const double shape_core = 1.54;
static const double near_s = 0.00075;

enum { FLOOR_BINS = 1024 };

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

/* The value at a place between samples; 0 beyond them. */
static float value_at(const float *x, size_t n, double at)
{
    const double whole = floor(at);
    if (whole < 0 || whole + 1 >= (double)n)
        return 0;
    const float fraction = (float)(at - whole), *here = x + (size_t)whole;
    return here[0] * (1 - fraction) + here[1] * fraction;
}

static int8_t in_scale(float value, float largest)
{
    return largest > 0 ? (int8_t)lrintf(fmaxf(-1, fminf(value / largest, 1)) * INT8_MAX) : 0;
}

static void measure_shape(const float *x, size_t n, size_t peak, double step, emgp_discharge *d)
{
    enum { WHOLE = EMGP_WING + EMGP_SHAPE + EMGP_WING, FIRST = EMGP_WING, END = EMGP_WING + EMGP_SHAPE };
    float value[WHOLE], largest = 0;
    for (int i = 0; i < WHOLE; i++) {
        value[i] = value_at(x, n, (double)peak + (i - WHOLE / 2) * step);
        if (i >= FIRST && i < END)
            largest = fmaxf(largest, fabsf(value[i]));
    }
    for (int i = 0; i < EMGP_SHAPE; i++)
        d->shape[i] = in_scale(value[FIRST + i], largest);
    for (int i = 0; i < EMGP_WING; i++) {
        d->wing[0][i] = in_scale(value[i], largest);
        d->wing[1][i] = in_scale(value[END + i], largest);
    }
}

/* The samples that a potential is measured on: the page's own, or those between them too. */
typedef struct samples {
    const float *x;
    size_t n, each; /* each: samples a frame */
    double rate_hz;
} samples;

static samples own_samples(const emgp_page *page)
{
    return (samples){ page->x, 2 * page->margin + page->n_frames, 1, page->rate_hz };
}

/* A potential in samples. */
typedef struct extent {
    size_t first, peak, last;
} extent;

/* Whether it touches dead time, or an end of the segment. */
static bool is_cut(const emgp_page *page, const emgp_found *found)
{
    const size_t most = 2 * page->margin + page->n_frames - 1;
    const size_t before = found->first > 0 ? found->first - 1 : 0, after = found->last < most ? found->last + 1 : most;
    return page->dead[before / page->bin] || page->dead[after / page->bin] ||
           (page->starts_segment && found->first <= page->margin) ||
           (page->ends_segment && found->last + 1 >= page->margin + page->n_frames);
}

static void measure(const emgp_page *page, const samples *s, const extent *e, double shape_s, emgp_found *found)
{
    size_t around = frames_of(around_s, s->rate_hz);
    size_t from = e->first > around ? e->first - around : 0;
    size_t to = e->last + around < s->n ? e->last + around : s->n - 1;
    float low = s->x[e->peak], high = low;
    for (size_t i = from; i <= to; i++) {
        low = s->x[i] < low ? s->x[i] : low;
        high = s->x[i] > high ? s->x[i] : high;
    }
    found->first = e->first / s->each;
    found->peak = e->peak / s->each;
    found->last = e->last / s->each;
    emgp_discharge *d = &found->record;
    const double at = (double)e->peak / (double)s->each;
    d->peak_s = page->segment_start_s + ((double)page->first + at - (double)page->margin) / page->rate_hz;
    d->before_s = (float)((double)(e->peak - e->first) / s->rate_hz);
    d->after_s = (float)((double)(e->last - e->peak + 1) / s->rate_hz);
    d->peak = fabsf(s->x[e->peak]);
    d->peak_to_peak = high - low;
    d->sigma = (float)page->sigma;
    d->size = 0;
    d->flags = page->clipped[found->peak / page->bin] ? EMGP_CLIPPED : 0;
    if (is_cut(page, found))
        d->flags |= EMGP_CUT_BY_GAP;
    measure_shape(s->x, s->n, e->peak, shape_s * s->rate_hz / EMGP_SHAPE, d);
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
static void follow(const emg_detect_config *config, const emgp_page *page, float level, extent *out)
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
static void widen(const samples *s, double sigma, size_t from, extent *out)
{
    size_t reach = frames_of(reach_s, s->rate_hz), quiet = frames_of(quiet_s, s->rate_hz);
    float low = edge_sigma * (float)sigma;
    size_t before = out->first > from ? out->first - from : 0;
    out->first = edge(s->x, out->first, -1, before < reach ? before : reach, quiet, low, s->n);
    out->last = edge(s->x, out->last, +1, reach, quiet, low, s->n);
}

/* The largest sample within a discharge's reach from `at` on. */
static size_t top_after(const float *x, size_t at, size_t end, size_t apart)
{
    size_t best = at;
    for (size_t i = at; i <= end && i - at < apart; i++)
        if (fabsf(x[i]) > fabsf(x[best]))
            best = i;
    return best;
}

/* Ends a run where a second discharge begins in it, and says so. */
static bool split(const emgp_page *page, float level, extent *e)
{
    const size_t apart = frames_of(apart_s, page->rate_hz), lasting = frames_of(valley_s, page->rate_hz);
    const float *x = page->x;
    size_t peak = e->first;
    size_t low_at = peak;
    float low = INFINITY;
    for (size_t i = e->first + 1; i <= e->last; i++) {
        const float size = fabsf(x[i]), before = fabsf(x[peak]);
        const bool fell = low <= valley_share * fminf(size, before);
        if (fell && i - peak >= apart && size >= level && size >= lesser_share * before) {
            const size_t top = top_after(x, i, e->last, apart);
            if (before >= lesser_share * fabsf(x[top])) {
                e->peak = peak;
                e->last = low_at;
                return true;
            }
            peak = top;
            i = top;
            low = INFINITY;
            continue;
        }
        if (size > before) {
            peak = i;
            low = INFINITY;
            continue;
        }
        float around = size;
        for (size_t k = 1; k < lasting && i - k > peak; k++)
            around = fmaxf(around, fabsf(x[i - k]));
        if (i - peak >= lasting && around < low) {
            low = around;
            low_at = i - lasting / 2;
        }
    }
    return false;
}

double emgp_discharge_floor(const emgp_page *page)
{
    double bin[FLOOR_BINS];
    const size_t first = page->margin / page->bin, n_bins = page->n_frames / page->bin, step = n_bins / FLOOR_BINS + 1;
    size_t n = 0;
    for (size_t i = first; i < first + n_bins; i += step)
        if (!page->dead[i])
            bin[n++] = (double)page->energy[i];
    const double floor = n > 0 ? sqrt(emgp_median(bin, n) / (bin_median * (double)page->bin)) : 0;
    return floor >= floor_ratio * page->sigma ? floor : 0;
}

bool emgp_discharge_next(emgp_discharge_state *state, const emg_detect_config *config, const emgp_page *page,
                         double shape_s, emgp_found *out)
{
    size_t end = page->margin + page->n_frames;
    const double sigma = fmax(page->sigma, state->floor);
    float level = (float)(config->threshold_sigma * sigma);
    size_t from = page->margin + (state->resume > page->first ? (size_t)(state->resume - page->first) : 0);
    const samples s = own_samples(page);
    while (level > 0 && from < end) {
        extent e = { .first = first_beyond(page->x, from, end, level) };
        if (e.first == end)
            return false;
        follow(config, page, level, &e);
        const bool two = split(page, level, &e);
        const size_t beyond = two ? 0 : frames_of(state->floor > 0 ? config->dead_time_s : reach_s, page->rate_hz);
        const size_t most = e.last + beyond;
        bool convincing = convinces(config, page, e.peak, shape_s);
        if (convincing) {
            widen(&s, sigma, from, &e);
            e.last = e.last < most ? e.last : most;
            measure(page, &s, &e, shape_s, out);
            out->core_s = 0;
        }
        from = e.last + 1;
        state->resume = page->first + (from - page->margin);
        if (convincing)
            return true;
    }
    return false;
}

/* Samples are where the bank has them when it sees more of them than the page holds. */
static samples fine_samples(const emgp_page *page, const emgp_bank_output *bank)
{
    return bank->step < 1 ? (samples){ bank->x, bank->n, (size_t)llround(1 / bank->step), bank->rate_hz }
                          : own_samples(page);
}

static size_t place_of(const emgp_bank_output *bank, const samples *s, double at)
{
    const double place = bank->step < 1 ? at : bank->first + at * bank->step;
    return (size_t)fmin(fmax(place, 0), (double)(s->n - 1));
}

static size_t largest(const float *x, size_t from, size_t to)
{
    size_t best = from;
    for (size_t i = from; i <= to; i++)
        if (fabsf(x[i]) > fabsf(x[best]))
            best = i;
    return best;
}

/* The potential round a peak of the bank. Where it stands well out of the noise its largest deflection is its own; else
 * the largest near that of the shape that fits it. */
static extent extent_of(const emgp_page *page, const samples *s, const emgp_bank_output *bank, const emgp_bank_fit *fit,
                        size_t at, float size)
{
    const double core = core_share * fit->lambda;
    extent e = { place_of(bank, s, (double)at - core), place_of(bank, s, (double)at + (double)fit->peak),
                 place_of(bank, s, (double)at + core) };
    e.first = e.peak < e.first ? e.peak : e.first;
    e.last = e.peak > e.last ? e.peak : e.last;
    const size_t gap = frames_of(phase_gap_s, s->rate_hz), reach = frames_of(reach_s, s->rate_hz);
    const float loud = phase_sigma * (float)page->sigma;
    e.first = edge(s->x, e.first, -1, reach, gap, loud, s->n);
    e.last = edge(s->x, e.last, +1, reach, gap, loud, s->n);
    widen(s, page->sigma, 0, &e);
    const size_t near = frames_of(near_s, s->rate_hz);
    const bool plain = (double)size >= EMGP_PLAIN_SIZE;
    const size_t from = plain || e.peak < e.first + near ? e.first : e.peak - near;
    e.peak = largest(s->x, from, plain || e.peak + near > e.last ? e.last : e.peak + near);
    return e;
}

bool emgp_candidate_discharge(emgp_discharge_state *state, const emgp_finder *finder, const emgp_bank_track *track,
                              const emgp_page *page, double shape_s, emgp_found *out)
{
    const emgp_bank_output *bank = &finder->output;
    const samples s = fine_samples(page, bank);
    size_t at;
    float size;
    while (emgp_candidates_next(finder->candidates, &at, &size)) {
        const emgp_bank_fit fit = emgp_bank_fit_at(finder->bank, track, at);
        const extent e = extent_of(page, &s, bank, &fit, at, size);
        const uint64_t peak = page->first + e.peak / s.each;
        if (peak < state->resume) /* the page before has it */
            continue;
        measure(page, &s, &e, shape_s, out);
        out->record.size = size;
        out->core_s = (double)size < EMGP_PLAIN_SIZE ? (float)(shape_core * fit.lambda / bank->rate_hz) : 0;
        out->record.flags |= (double)size < EMGP_PLAIN_SIZE ? EMGP_WEAK : 0;
        state->resume = peak + frames_of(quiet_s, page->rate_hz);
        return true;
    }
    return false;
}

emg_status emgp_finder_new(emgp_finder **out, double rate_hz, double low_hz, double high_hz, size_t page_frames,
                           emg_error *err)
{
    *out = NULL;
    emgp_finder *f = emgp_alloc(1, sizeof *f);
    if (!f)
        return emgp_fail_memory(err);
    emg_status status = emgp_bank_new(&f->bank, rate_hz, low_hz, high_hz, page_frames, err);
    if (status == EMG_OK)
        status = emgp_candidates_new(&f->candidates, emgp_bank_room(f->bank), err);
    if (status) {
        emgp_finder_free(f);
        return status;
    }
    *out = f;
    return EMG_OK;
}

void emgp_finder_free(emgp_finder *f)
{
    if (!f)
        return;
    emgp_bank_free(f->bank);
    emgp_candidates_free(f->candidates);
    emgp_free(f);
}
