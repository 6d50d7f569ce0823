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

/* The largest deflection. */
static float most_of(const float *x, size_t n)
{
    enum { LANES = 16 };
    float most[LANES] = { 0 };
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (size_t k = 0; k < LANES; k++)
            most[k] = fabsf(x[i + k]) > most[k] ? fabsf(x[i + k]) : most[k];
    for (; i < n; i++)
        most[0] = fabsf(x[i]) > most[0] ? fabsf(x[i]) : most[0];
    for (size_t k = 1; k < LANES; k++)
        most[0] = most[k] > most[0] ? most[k] : most[0];
    return most[0];
}

static void fill(emg_sketch_zoom *zoom, int8_t *levels, const emgp_page *page, size_t n, double step_s)
{
    const size_t frames = 2 * page->margin + page->n_frames;
    const float *x = page->x, most = most_of(x, frames), level = most > 0 ? most / EMG_SKETCH_ZOOM_LEVELS : 1;
    for (size_t s = 0, from = 0, next; s < n; s++, from = next) {
        next = (size_t)((double)(s + 1) * step_s * page->rate_hz);
        const size_t end = next < frames ? next : frames;
        float low = x[from], high = low;
        for (size_t i = from + 1; i < end; i++) {
            low = x[i] < low ? x[i] : low;
            high = x[i] > high ? x[i] : high;
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

/* same: the piece of another kind that holds this page already, or NULL. */
static bool keep(emgp_zooms *z, size_t place, const emgp_page *page, const emg_sketch_zoom *same)
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
    int8_t *levels = z->levels[place];
    if (!same) {
        fill(&z->zoom[place], levels, page, n, step_s);
        return true;
    }
    memcpy(levels, same->low, 2 * n * sizeof *levels);
    z->zoom[place] = *same;
    z->zoom[place].low = levels;
    z->zoom[place].high = levels + n;
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
    const emg_sketch_zoom *same = NULL;
    z->strength[ENERGY] = energy_of(page);
    for (size_t kind = 0; kind < EMGP_ZOOM_KINDS; kind++) {
        const size_t place = weakest(z, kind);
        const double strength = z->strength[kind];
        z->strength[kind] = 0;
        if (!(strength > z->kept[place]))
            continue;
        if (!keep(z, place, page, same))
            return emgp_fail_memory(err);
        same = &z->zoom[place];
        z->kept[place] = strength;
    }
    return EMG_OK;
}

void emgp_zooms_free(emgp_zooms *z)
{
    for (size_t i = 0; i < EMG_SKETCH_ZOOMS; i++)
        emgp_free(z->levels[i]);
}
