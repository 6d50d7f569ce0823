/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building a timeline: channels, units, firings, truth and annotations, with one sticky failure. */
#include "simulate/plan/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

emgp_random emgp_timeline_random(emgp_timeline *timeline, size_t channel, emgp_purpose purpose)
{
    emgp_random r;
    uint64_t number = timeline->channel[channel].n_streams[purpose]++;
    emgp_random_start(&r, timeline->seed, channel, (uint64_t)purpose | number << 8);
    return r;
}

void emgp_truth_free(emg_truth *truth)
{
    emgp_free(truth->times);
    truth->times = NULL;
}

void emgp_timeline_free(emgp_timeline *timeline)
{
    for (size_t c = 0; c < timeline->n_channels; c++) {
        emgp_timeline_channel *channel = &timeline->channel[c];
        for (size_t u = 0; u < channel->n_units; u++)
            emgp_unit_free(&channel->units[u]);
        emgp_free(channel->units);
        emgp_free(channel->firings.firing);
        emgp_free(channel->artefacts.artefact);
    }
    for (size_t i = 0; i < timeline->n_truths; i++)
        emgp_truth_free(&timeline->truths[i]);
    emgp_free(timeline->gaps);
    emgp_free(timeline->truths);
    emgp_free(timeline->annotations);
    *timeline = (emgp_timeline){ .status = EMG_OK };
}

void emgp_timeline_work(emgp_timeline *timeline, size_t n)
{
    timeline->work += n;
    if (timeline->status == EMG_OK && timeline->work > EMGP_MOST_WORK)
        timeline->status = EMG_ERANGE;
}

static bool reserve(emgp_timeline *timeline, void **array, size_t *room, size_t used, size_t size)
{
    emgp_timeline_work(timeline, 1);
    if (timeline->status == EMG_OK && !emgp_reserve(array, room, used, used + 1, size))
        timeline->status = EMG_ENOMEM;
    return timeline->status == EMG_OK;
}

double *emgp_timeline_doubles(emgp_timeline *timeline, size_t n)
{
    if (timeline->status != EMG_OK)
        return NULL;
    double *x = emgp_alloc(n, sizeof *x);
    if (!x)
        timeline->status = EMG_ENOMEM;
    return x;
}

static emgp_band band_of(const emgp_channel_plan *plan)
{
    emgp_band band = plan->electrode > 0.5 ? emgp_band_needle : emgp_band_surface;
    band.amplifier_low_hz = isnan(plan->amplifier_low_hz) ? band.amplifier_low_hz : plan->amplifier_low_hz;
    band.amplifier_high_hz = isnan(plan->amplifier_high_hz) ? band.amplifier_high_hz : plan->amplifier_high_hz;
    band.analysis_low_hz = isnan(plan->analysis_low_hz) ? band.analysis_low_hz : plan->analysis_low_hz;
    band.analysis_high_hz = isnan(plan->analysis_high_hz) ? band.analysis_high_hz : plan->analysis_high_hz;
    return band;
}

size_t emgp_timeline_add_channel(emgp_timeline *timeline, const char *label, const emgp_channel_plan *plan)
{
    size_t index = timeline->n_channels++;
    emgp_timeline_channel *channel = &timeline->channel[index];
    emg_simulated_channel *facts = &channel->facts;
    channel->plan = *plan;
    channel->band = band_of(plan);
    channel->sigma_uv = plan->noise_uv;
    facts->is_muscle = strncmp(label, "EMG ", 4) == 0;
    emgp_text_copy(facts->label, sizeof facts->label, label);
    emgp_text_copy(facts->muscle, sizeof facts->muscle, facts->is_muscle ? label + 4 : label);
    facts->physical_min_uv = -plan->range_uv;
    facts->physical_max_uv = fabs(plan->range_uv - 3276.8) < 1e-9 ? 3276.7 : plan->range_uv;
    facts->low_hz = channel->band.amplifier_low_hz;
    facts->high_hz = emgp_band_corner(channel->band.amplifier_high_hz, timeline->rate_hz);
    facts->noise_uv = plan->noise_uv;
    facts->analysis_low_hz = channel->band.analysis_low_hz;
    facts->analysis_high_hz = emgp_band_corner(channel->band.analysis_high_hz, timeline->rate_hz);
    return index;
}

size_t emgp_timeline_add_unit(emgp_timeline *timeline, size_t channel, const emgp_shape *shape)
{
    emgp_timeline_channel *c = &timeline->channel[channel];
    void *units = c->units;
    if (!reserve(timeline, &units, &c->room_units, c->n_units, sizeof *c->units))
        return 0;
    c->units = units;
    emgp_unit *unit = &c->units[c->n_units];
    if (!emgp_unit_make(unit, shape, timeline->rate_hz)) {
        timeline->status = EMG_ENOMEM;
        return 0;
    }
    timeline->table += unit->n_variants * EMGP_PHASES * unit->length;
    if (timeline->table > EMGP_MOST_TABLE || c->n_units == UINT16_MAX)
        timeline->status = EMG_ERANGE;
    return c->n_units++;
}

/* Fibre models are costly: three tries for a shape with a clear fiducial. */
static bool draw_fibre(emgp_shape *shape, emgp_random *r, const emgp_channel_plan *plan)
{
    bool fine = emgp_fibre_shape(shape, r, plan);
    for (int tries = 1; tries < 3 && fine && !emgp_shape_is_one_sided(shape); tries++) {
        emgp_shape_free(shape);
        fine = emgp_fibre_shape(shape, r, plan);
    }
    return fine;
}

size_t emgp_timeline_draw_unit(emgp_timeline *timeline, size_t channel, emgp_random *r)
{
    const emgp_channel_plan *plan = &timeline->channel[channel].plan;
    emgp_shape shape;
    if (timeline->status != EMG_OK)
        return 0;
    if (plan->muap < 0.5) {
        shape = plan->electrode > 0.5 ? emgp_shape_needle(r) : emgp_shape_surface(r);
    } else if (!draw_fibre(&shape, r, plan)) {
        timeline->status = EMG_ENOMEM;
        return 0;
    }
    size_t unit = emgp_timeline_add_unit(timeline, channel, &shape);
    emgp_shape_free(&shape);
    return unit;
}

/* Sizes of a pool whose shapes come from fibres: the unit's number of fibres times what its place leaves of them, with
 * the median that is asked for. */
static void size_fibre_pool(emgp_timeline *timeline, const emgp_pool *pool, double median_uv)
{
    emgp_timeline_channel *c = &timeline->channel[pool->channel];
    double *sizes = emgp_timeline_doubles(timeline, pool->n);
    if (!sizes)
        return;
    for (size_t u = 0; u < pool->n; u++) {
        emgp_unit *unit = &c->units[pool->first + u];
        unit->amplitude_uv *= unit->drawn_peak;
        sizes[u] = unit->amplitude_uv * unit->peak_to_peak;
    }
    double median = emgp_median(sizes, pool->n);
    for (size_t u = 0; u < pool->n; u++)
        c->units[pool->first + u].amplitude_uv *= median_uv / median;
    emgp_free(sizes);
}

emgp_pool emgp_timeline_pool(emgp_timeline *timeline, size_t channel)
{
    emgp_timeline_channel *c = &timeline->channel[channel];
    if (c->pool.n > 0)
        return c->pool;
    emgp_random r = emgp_timeline_random(timeline, channel, EMGP_FOR_UNITS);
    size_t n = (size_t)c->plan.units;
    bool fibre = c->plan.muap > 0.5;
    emgp_pool pool = { channel, c->n_units, n };
    for (size_t u = 0; u < n; u++) {
        size_t unit = emgp_timeline_draw_unit(timeline, channel, &r);
        /* Largest to smallest 12 : 1 by size, times a log-normal factor for the depth. */
        double size = 2.4849066 * ((double)u / (double)(n > 1 ? n - 1 : 1) - 0.5);
        size += fibre ? 0 : 0.35 * emgp_random_normal(&r);
        emgp_timeline_set_peak_to_peak(timeline, channel, unit, c->plan.unit_uv * emgp_fixed_exp(size));
    }
    if (fibre && timeline->status == EMG_OK)
        size_fibre_pool(timeline, &pool, c->plan.unit_uv);
    c->pool = pool;
    return pool;
}

void emgp_timeline_set_snr(emgp_timeline *timeline, size_t channel, size_t unit, double snr_db)
{
    emgp_timeline_channel *c = &timeline->channel[channel];
    if (timeline->status != EMG_OK)
        return;
    double left = emgp_band_peak(&c->band, &c->units[unit], timeline->rate_hz);
    if (left > 0)
        c->units[unit].amplitude_uv =
            c->sigma_uv * emgp_fixed_exp(snr_db * 0.11512925464970229) / left; /* ln 10 / 20 */
    else
        timeline->status = EMG_ENOMEM;
}

void emgp_timeline_set_peak_to_peak(emgp_timeline *timeline, size_t channel, size_t unit, double uv)
{
    if (timeline->status == EMG_OK)
        timeline->channel[channel].units[unit].amplitude_uv = uv / timeline->channel[channel].units[unit].peak_to_peak;
}

/* Which of its variants a unit shows: chance out of the time (splitmix64), so that no stream is disturbed. */
static size_t variant(const emgp_unit *unit, int64_t sixteenths)
{
    uint64_t z = (uint64_t)sixteenths * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)unit->length;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (size_t)((z ^ (z >> 31)) % unit->n_variants);
}

double emgp_timeline_fire(emgp_timeline *timeline, size_t channel, size_t unit, double time_s, double gain)
{
    emgp_timeline_channel *c = &timeline->channel[channel];
    void *firings = c->firings.firing;
    if (!(time_s >= 0) || time_s >= timeline->duration_s)
        emgp_timeline_work(timeline, 1);
    if (!(time_s >= 0) || time_s >= timeline->duration_s || c->n_units == 0 ||
        !reserve(timeline, &firings, &c->firings.room, c->firings.n, sizeof *c->firings.firing))
        return NAN;
    c->firings.firing = firings;
    int64_t sixteenths = (int64_t)floor(time_s * timeline->rate_hz * EMGP_PHASES + 0.5);
    c->firings.firing[c->firings.n++] = (emgp_firing){
        .start = sixteenths / EMGP_PHASES - (int64_t)c->units[unit].lead,
        .gain = (float)gain,
        .unit = (uint16_t)unit,
        .row = (uint8_t)((size_t)(sixteenths % EMGP_PHASES) + EMGP_PHASES * variant(&c->units[unit], sixteenths)),
    };
    return (double)sixteenths / (EMGP_PHASES * timeline->rate_hz);
}

double emgp_firing_time(const emgp_timeline *timeline, size_t channel, const emgp_firing *f)
{
    const emgp_unit *u = &timeline->channel[channel].units[f->unit];
    return ((double)(f->start + (int64_t)u->lead) + (double)(f->row % EMGP_PHASES) / EMGP_PHASES) / timeline->rate_hz;
}

void emgp_timeline_add_truth(emgp_timeline *timeline, const emg_truth *truth)
{
    void *truths = timeline->truths;
    double *times = NULL;
    if (!reserve(timeline, &truths, &timeline->room_truths, timeline->n_truths, sizeof *timeline->truths))
        return;
    timeline->truths = truths;
    if (truth->times) {
        times = emgp_timeline_doubles(timeline, truth->count);
        if (!times)
            return;
        memcpy(times, truth->times, truth->count * sizeof *times);
    }
    timeline->truths[timeline->n_truths] = *truth;
    timeline->truths[timeline->n_truths++].times = times;
}

emgp_bookmark emgp_timeline_bookmark(const emgp_timeline *timeline, size_t channel)
{
    return (emgp_bookmark){ timeline->channel[channel].firings.n, timeline->n_truths };
}

void emgp_timeline_add_artefact(emgp_timeline *timeline, size_t channel, const emgp_artefact *artefact)
{
    emgp_artefacts *list = &timeline->channel[channel].artefacts;
    void *array = list->artefact;
    if (!reserve(timeline, &array, &list->room, list->n, sizeof *list->artefact))
        return;
    list->artefact = array;
    list->artefact[list->n++] = *artefact;
}

void emgp_timeline_annotate(emgp_timeline *timeline, double onset_s, double duration_s, const char *text)
{
    void *annotations = timeline->annotations;
    if (!reserve(timeline, &annotations, &timeline->room_annotations, timeline->n_annotations,
                 sizeof *timeline->annotations))
        return;
    timeline->annotations = annotations;
    emg_simulated_annotation *a = &timeline->annotations[timeline->n_annotations++];
    a->onset_s = onset_s;
    a->duration_s = duration_s;
    emgp_text_copy(a->text, sizeof a->text, text);
}

/* Every member takes part, so that the order does not depend on the sorting method. */
static int compare_firings(const void *a, const void *b)
{
    const emgp_firing *f = a, *g = b;
    if (f->start != g->start)
        return f->start < g->start ? -1 : 1;
    if (f->unit != g->unit)
        return f->unit < g->unit ? -1 : 1;
    if (f->row != g->row)
        return f->row < g->row ? -1 : 1;
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

static int compare_artefacts(const void *a, const void *b)
{
    const emgp_artefact *f = a, *g = b;
    if (f->from != g->from)
        return f->from < g->from ? -1 : 1;
    return f->to != g->to ? (f->to < g->to ? -1 : 1) : (int)f->kind - (int)g->kind;
}

void emgp_timeline_settle(emgp_timeline *timeline)
{
    for (size_t c = 0; c < timeline->n_channels; c++) {
        emgp_firings *f = &timeline->channel[c].firings;
        if (f->n > 1)
            qsort(f->firing, f->n, sizeof *f->firing, compare_firings);
        emgp_artefacts *a = &timeline->channel[c].artefacts;
        if (a->n > 1)
            qsort(a->artefact, a->n, sizeof *a->artefact, compare_artefacts);
    }
    emgp_truths_sort(timeline->truths, timeline->n_truths);
    if (timeline->n_annotations > 1)
        qsort(timeline->annotations, timeline->n_annotations, sizeof *timeline->annotations, compare_annotations);
}
