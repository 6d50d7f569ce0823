/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages around the strongest bursts of four kinds, kept as they pass: which class a burst will have is not known yet. */
#include "analysis/sketch/sketch.h"

#include <math.h>
#include <string.h>

/* Kinds: bursts as short as potentials, longer ones, rhythmic ones, and pages by their energy (contractions). */
enum { SHORT, LONG, RHYTHMIC, ENERGY };
static const double short_s = 0.06, rhythmic_height = 0.3;
static const double steps_per_s = 1024;

void emgp_zooms_burst(emgp_zooms *z, const emgp_burst *burst)
{
    if (burst->flags & (EMGP_SEGMENT_END | EMGP_POP | EMGP_MOTION))
        return;
    const double height = burst->acf_height > 0 ? (double)burst->acf_height : 0, peak = (double)burst->peak;
    const int kind = burst->end_s - burst->onset_s <= short_s ? SHORT : LONG;
    if (height < rhythmic_height)
        z->strength[kind] = fmax(z->strength[kind], peak);
    else
        z->strength[RHYTHMIC] = fmax(z->strength[RHYTHMIC], peak * height);
}

/* The steps of a page with its margins. */
static size_t steps_of(const emgp_page *page, double *step_s)
{
    *step_s = fmax(1 / steps_per_s, 1 / page->rate_hz);
    return (size_t)((double)(2 * page->margin + page->n_frames) / page->rate_hz / *step_s);
}

static void fill(emg_sketch_zoom *zoom, int8_t *levels, const emgp_page *page, size_t n, double step_s)
{
    const size_t frames = 2 * page->margin + page->n_frames;
    float most = 0;
    for (size_t i = 0; i < frames; i++)
        most = fmaxf(most, fabsf(page->x[i]));
    const float level = most > 0 ? most / EMG_SKETCH_ZOOM_LEVELS : 1;
    for (size_t s = 0; s < n; s++) {
        const size_t from = (size_t)((double)s * step_s * page->rate_hz);
        size_t end = (size_t)((double)(s + 1) * step_s * page->rate_hz);
        end = end > from ? end : from + 1;
        float low = page->x[from], high = low;
        for (size_t i = from + 1; i < end && i < frames; i++) {
            low = fminf(low, page->x[i]);
            high = fmaxf(high, page->x[i]);
        }
        levels[s] = (int8_t)rintf(low / level);
        levels[n + s] = (int8_t)rintf(high / level);
    }
    const double start_s = page->segment_start_s + ((double)page->first - (double)page->margin) / page->rate_hz;
    *zoom = (emg_sketch_zoom){ start_s, step_s, n, (double)level, levels, levels + n };
}

/* The piece of a kind that is weakest, or not used yet. */
static size_t weakest(const emgp_zooms *z, size_t kind)
{
    size_t place = kind * EMGP_ZOOMS_A_KIND;
    for (size_t i = place; i < (kind + 1) * EMGP_ZOOMS_A_KIND; i++)
        if (z->kept[i] < z->kept[place])
            place = i;
    return place;
}

static bool keep(emgp_zooms *z, size_t place, const emgp_page *page)
{
    double step_s;
    const size_t n = steps_of(page, &step_s);
    if (n > z->room[place]) {
        emgp_free(z->levels[place]);
        z->room[place] = 0;
        z->levels[place] = emgp_alloc(2 * n, sizeof *z->levels[place]);
        if (!z->levels[place])
            return false;
        z->room[place] = n;
    }
    fill(&z->zoom[place], z->levels[place], page, n, step_s);
    return true;
}

static double energy_of(const emgp_page *page)
{
    double sum = 0;
    for (size_t b = page->margin / page->bin; b < (page->margin + page->n_frames) / page->bin; b++)
        sum += (double)page->energy[b];
    return sum;
}

emg_status emgp_zooms_page(emgp_zooms *z, const emgp_page *page, emg_error *err)
{
    z->strength[ENERGY] = energy_of(page);
    for (size_t kind = 0; kind < EMGP_ZOOM_KINDS; kind++) {
        const size_t place = weakest(z, kind);
        const double strength = z->strength[kind];
        z->strength[kind] = 0;
        if (!(strength > z->kept[place]))
            continue;
        if (!keep(z, place, page))
            return emgp_fail_memory(err);
        z->kept[place] = strength;
    }
    return EMG_OK;
}

void emgp_zooms_free(emgp_zooms *z)
{
    for (size_t i = 0; i < EMG_SKETCH_ZOOMS; i++)
        emgp_free(z->levels[i]);
}
