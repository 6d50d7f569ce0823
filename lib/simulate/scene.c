/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building a scene: channels, units, firings, truth and annotations, with one sticky failure. */
#include "simulate/scene.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

static const double VISIBLE = 0.05; /* share of the largest deflection at which activity begins and ends */

emgp_random emgp_scene_random(emgp_scene *scene, size_t channel, emgp_purpose purpose)
{
    emgp_random r;
    uint64_t number = scene->channel[channel].n_streams[purpose]++;
    emgp_random_start(&r, scene->seed, channel, (uint64_t)purpose | number << 8);
    return r;
}

void emgp_scene_free(emgp_scene *scene)
{
    for (size_t c = 0; c < scene->n_channels; c++) {
        emgp_scene_channel *channel = &scene->channel[c];
        for (size_t u = 0; u < channel->n_units; u++)
            emgp_unit_free(&channel->units[u]);
        emgp_free(channel->units);
        emgp_free(channel->firings.firing);
    }
    emgp_free(scene->truths);
    emgp_free(scene->annotations);
    *scene = (emgp_scene){ .status = EMG_OK };
}

static bool reserve(emgp_scene *scene, void **array, size_t *room, size_t used, size_t size)
{
    if (scene->status == EMG_OK && !emgp_reserve(array, room, used, used + 1, size))
        scene->status = EMG_ENOMEM;
    return scene->status == EMG_OK;
}

double *emgp_scene_doubles(emgp_scene *scene, size_t n)
{
    double *x = scene->status == EMG_OK ? emgp_alloc(n, sizeof *x) : NULL;
    if (!x)
        scene->status = EMG_ENOMEM;
    return x;
}

size_t emgp_scene_add_channel(emgp_scene *scene, const char *label, const emgp_band *band, double sigma_uv,
                              double drift_db)
{
    size_t index = scene->n_channels++;
    emgp_scene_channel *channel = &scene->channel[index];
    emg_simulated_channel *facts = &channel->facts;
    facts->is_muscle = strncmp(label, "EMG ", 4) == 0;
    emgp_text_copy(facts->label, sizeof facts->label, label);
    emgp_text_copy(facts->muscle, sizeof facts->muscle, facts->is_muscle ? label + 4 : label);
    facts->physical_min_uv = -3276.8;
    facts->physical_max_uv = 3276.7;
    facts->low_hz = band->amplifier_low_hz;
    facts->high_hz = emgp_band_corner(band->amplifier_high_hz, scene->rate_hz);
    channel->band = *band;
    channel->sigma_uv = sigma_uv;
    channel->pink_share = 0.4;
    channel->drift_db = drift_db;
    return index;
}

size_t emgp_scene_add_unit(emgp_scene *scene, size_t channel, const emgp_shape *shape)
{
    emgp_scene_channel *c = &scene->channel[channel];
    void *units = c->units;
    if (!reserve(scene, &units, &c->room_units, c->n_units, sizeof *c->units))
        return 0;
    c->units = units;
    if (!emgp_unit_make(&c->units[c->n_units], shape, scene->rate_hz)) {
        scene->status = EMG_ENOMEM;
        return 0;
    }
    return c->n_units++;
}

void emgp_scene_set_snr(emgp_scene *scene, size_t channel, size_t unit, double snr_db)
{
    emgp_scene_channel *c = &scene->channel[channel];
    if (scene->status != EMG_OK)
        return;
    double left = emgp_band_peak(&c->band, &c->units[unit], scene->rate_hz);
    if (left > 0)
        c->units[unit].amplitude_uv =
            c->sigma_uv * emgp_fixed_exp(snr_db * 0.11512925464970229) / left; /* ln 10 / 20 */
    else
        scene->status = EMG_ENOMEM;
}

void emgp_scene_set_peak_to_peak(emgp_scene *scene, size_t channel, size_t unit, double uv)
{
    if (scene->status == EMG_OK)
        scene->channel[channel].units[unit].amplitude_uv = uv / scene->channel[channel].units[unit].peak_to_peak;
}

double emgp_scene_fire(emgp_scene *scene, size_t channel, size_t unit, double time_s, double gain)
{
    emgp_scene_channel *c = &scene->channel[channel];
    void *firings = c->firings.firing;
    if (!(time_s >= 0) || time_s >= scene->duration_s ||
        !reserve(scene, &firings, &c->firings.room, c->firings.n, sizeof *c->firings.firing))
        return NAN;
    c->firings.firing = firings;
    int64_t sixteenths = (int64_t)floor(time_s * scene->rate_hz * EMGP_PHASES + 0.5);
    c->firings.firing[c->firings.n++] = (emgp_firing){
        .start = sixteenths / EMGP_PHASES - (int64_t)c->units[unit].lead,
        .gain = (float)gain,
        .unit = (uint16_t)unit,
        .phase = (uint8_t)(sixteenths % EMGP_PHASES),
    };
    return (double)sixteenths / (EMGP_PHASES * scene->rate_hz);
}

void emgp_scene_add_truth(emgp_scene *scene, const emg_truth *truth)
{
    void *truths = scene->truths;
    if (!reserve(scene, &truths, &scene->room_truths, scene->n_truths, sizeof *scene->truths))
        return;
    scene->truths = truths;
    scene->truths[scene->n_truths++] = *truth;
}

void emgp_scene_annotate(emgp_scene *scene, double onset_s, double duration_s, const char *text)
{
    void *annotations = scene->annotations;
    if (!reserve(scene, &annotations, &scene->room_annotations, scene->n_annotations, sizeof *scene->annotations))
        return;
    scene->annotations = annotations;
    emg_simulated_annotation *a = &scene->annotations[scene->n_annotations++];
    a->onset_s = onset_s;
    a->duration_s = duration_s;
    emgp_text_copy(a->text, sizeof a->text, text);
}

/* The firings from `first` on, rendered without background. */
typedef struct rendering {
    double *x;
    size_t n;
    int64_t from;
} rendering;

static rendering render(emgp_scene *scene, size_t channel, size_t first)
{
    const emgp_scene_channel *c = &scene->channel[channel];
    rendering r = { 0 };
    if (scene->status != EMG_OK || first >= c->firings.n)
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
    r.x = emgp_scene_doubles(scene, r.n);
    for (size_t i = first; r.x && i < c->firings.n; i++) {
        const emgp_firing *f = &c->firings.firing[i];
        emgp_unit_add(&c->units[f->unit], f->start, f->phase, (double)f->gain, r.from, r.x, r.n, 1);
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

emgp_measure emgp_scene_measure(emgp_scene *scene, size_t channel, size_t first)
{
    emgp_measure m = { NAN, NAN, NAN, NAN };
    rendering r = render(scene, channel, first);
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
    m.onset_s = (double)(r.from + (int64_t)onset) / scene->rate_hz;
    m.end_s = (double)(r.from + (int64_t)end) / scene->rate_hz;
    m.peak_s = (double)(r.from + (int64_t)peak) / scene->rate_hz;
    m.peak_to_peak_uv = peak_to_peak(r.x, r.n);
    emgp_free(r.x);
    return m;
}

double emgp_scene_typical(emgp_scene *scene, size_t channel, size_t first, double width_s)
{
    rendering r = render(scene, channel, first);
    if (!r.x)
        return NAN;
    size_t width = (size_t)(width_s * scene->rate_hz), n = 0;
    /* The figures overwrite the rendering from its start: each needs one place and has used `width`. */
    for (size_t i = 0; i + width <= r.n; i += width)
        r.x[n++] = peak_to_peak(r.x + i, width);
    if (n == 0)
        r.x[n++] = peak_to_peak(r.x, r.n);
    double median = emgp_scene_median(r.x, n);
    emgp_free(r.x);
    return median;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double emgp_scene_median(double *x, size_t n)
{
    if (n == 0)
        return NAN;
    qsort(x, n, sizeof *x, compare_doubles);
    return n % 2 ? x[n / 2] : 0.5 * (x[n / 2 - 1] + x[n / 2]);
}

/* Every member takes part, so that the order does not depend on the sorting method. */
static int compare_firings(const void *a, const void *b)
{
    const emgp_firing *f = a, *g = b;
    if (f->start != g->start)
        return f->start < g->start ? -1 : 1;
    if (f->unit != g->unit)
        return f->unit < g->unit ? -1 : 1;
    if (f->phase != g->phase)
        return f->phase < g->phase ? -1 : 1;
    return (f->gain > g->gain) - (f->gain < g->gain);
}

static bool is_before(const emg_truth *f, const emg_truth *g)
{
    if (f->onset_s < g->onset_s || f->onset_s > g->onset_s)
        return f->onset_s < g->onset_s;
    return f->channel != g->channel ? f->channel < g->channel : f->peak_s < g->peak_s;
}

/* Shell's sort with Ciura's gaps: in place, since qsort() may allocate, and this also runs once a second of a recording
 * without end. */
void emgp_truths_sort(emg_truth *truths, size_t n)
{
    static const size_t gaps[] = { 1750, 701, 301, 132, 57, 23, 10, 4, 1 };
    for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++)
        for (size_t i = gaps[g]; i < n; i++) {
            emg_truth truth = truths[i];
            size_t at = i;
            for (; at >= gaps[g] && is_before(&truth, &truths[at - gaps[g]]); at -= gaps[g])
                truths[at] = truths[at - gaps[g]];
            truths[at] = truth;
        }
}

static int compare_annotations(const void *a, const void *b)
{
    const emg_simulated_annotation *f = a, *g = b;
    if (f->onset_s < g->onset_s || f->onset_s > g->onset_s)
        return f->onset_s < g->onset_s ? -1 : 1;
    return strcmp(f->text, g->text);
}

void emgp_scene_settle(emgp_scene *scene)
{
    for (size_t c = 0; c < scene->n_channels; c++) {
        emgp_firings *f = &scene->channel[c].firings;
        if (f->n > 1)
            qsort(f->firing, f->n, sizeof *f->firing, compare_firings);
    }
    emgp_truths_sort(scene->truths, scene->n_truths);
    if (scene->n_annotations > 1)
        qsort(scene->annotations, scene->n_annotations, sizeof *scene->annotations, compare_annotations);
}
