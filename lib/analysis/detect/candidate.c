/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the bank's output peaks, each potential once: its lesser peaks, tails and side waves belong to the largest. */
#include "analysis/detect/detect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

/* Peaks below FLOOR deviations are noise whatever is around. */
static const double floor_size = EMGP_LEAST_SIZE;
/* One peak so near; a lesser one so near, without silence between, is a part of the larger; a much lesser one is its side
 * wave, and farther off its tail unless it is large by itself; the band's lower edge rings a little longer. */
static const double apart_s = 0.008, join_s = 0.02, silence_s = 0.004, side_s = 0.015, tail_s = 0.03, ring_s = 0.08;
/* A signal that ends at so low a frequency takes longer for the same: so many periods of it. */
static const double apart_periods = 1.2, join_periods = 2.7, silence_periods = 1.3;
static const float silence_sigma = 2.5f, side_share = 0.5f, large_size = 20, ring_share = 0.06f;
/* A page hands out the peaks that lie so far behind its end: what begins before them lies in it. */
static const double behind_s = 0.02;

typedef struct peak {
    uint32_t at;
    bool part;
    float size;
} peak;

struct emgp_candidates {
    peak *peaks, **by_size;
    size_t room, n;
    size_t next, from, to;
    const emgp_bank_output *bank;
};

emg_status emgp_candidates_new(emgp_candidates **out, size_t room, emg_error *err)
{
    *out = NULL;
    emgp_candidates *c = emgp_alloc(1, sizeof *c);
    if (!c)
        return emgp_fail_memory(err);
    c->room = room / 2 + 1;
    c->peaks = emgp_alloc(c->room, sizeof *c->peaks);
    c->by_size = emgp_alloc(c->room, sizeof(peak *));
    if (!c->peaks || !c->by_size) {
        emgp_candidates_free(c);
        return emgp_fail_memory(err);
    }
    *out = c;
    return EMG_OK;
}

void emgp_candidates_free(emgp_candidates *c)
{
    if (!c)
        return;
    emgp_free(c->peaks);
    emgp_free(c->by_size);
    emgp_free(c);
}

static int larger_first(const void *a, const void *b)
{
    const peak *x = *(peak *const *)a, *y = *(peak *const *)b;
    if (x->size > y->size || x->size < y->size)
        return x->size > y->size ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static void collect(emgp_candidates *c, size_t from, size_t to)
{
    const float *power = c->bank->power, least = (float)(floor_size * floor_size * c->bank->unit);
    c->n = 0;
    from = from > 0 ? from : 1;
    to = to < c->bank->n ? to : c->bank->n - 1;
    for (size_t i = from; i < to && c->n < c->room; i++)
        if (power[i] > least && power[i] >= power[i - 1] && power[i] > power[i + 1])
            c->peaks[c->n++] = (peak){ (uint32_t)i, false, sqrtf(power[i] / (float)c->bank->unit) };
}

/* Leaves one peak, the largest, within `reach` samples. */
static void thin(emgp_candidates *c, size_t reach)
{
    for (size_t i = 0; i < c->n; i++)
        c->by_size[i] = &c->peaks[i];
    qsort(c->by_size, c->n, sizeof *c->by_size, larger_first);
    for (size_t i = 0; i < c->n; i++) {
        peak *p = c->by_size[i];
        if (p->part)
            continue;
        for (peak *q = p + 1; q < c->peaks + c->n && q->at - p->at <= reach; q++)
            q->part = true;
        for (peak *q = p; q-- > c->peaks && p->at - q->at <= reach;)
            q->part = true;
    }
    size_t kept = 0;
    for (size_t i = 0; i < c->n; i++)
        if (!c->peaks[i].part)
            c->peaks[kept++] = c->peaks[i];
    c->n = kept;
}

/* So many seconds, or so many periods of the band's upper end where they are more. */
static double at_least(const emgp_bank_output *bank, double seconds, double periods)
{
    return fmax(seconds, periods / bank->high_hz);
}

/* Whether the signal falls silent between two samples. */
static bool silent_between(const emgp_bank_output *bank, size_t from, size_t to, float level)
{
    const size_t silence = (size_t)(at_least(bank, silence_s, silence_periods) * bank->rate_hz);
    size_t quiet = 0;
    for (size_t i = from; i <= to; i++) {
        quiet = fabsf(bank->x[i]) > level ? 0 : quiet + 1;
        if (quiet >= silence)
            return true;
    }
    return false;
}

/* Whether a peak is a part of a larger one beside it. */
static bool is_part(const emgp_candidates *c, const peak *p, const peak *other, float level)
{
    const emgp_bank_output *bank = c->bank;
    const size_t low = p->at < other->at ? p->at : other->at, high = p->at < other->at ? other->at : p->at;
    const double away = (double)(high - low) / bank->rate_hz;
    if (!(other->size > p->size))
        return false;
    if (away > tail_s)
        return p->size < ring_share * other->size;
    return (p->size < side_share * other->size && (away <= side_s || p->size < large_size)) ||
           (away <= at_least(bank, join_s, join_periods) && !silent_between(bank, low, high, level));
}

static void join(emgp_candidates *c, float level)
{
    const size_t reach = (size_t)(ring_s * c->bank->rate_hz);
    for (peak *p = c->peaks; p < c->peaks + c->n; p++) {
        for (const peak *q = p + 1; !p->part && q < c->peaks + c->n && q->at - p->at <= reach; q++)
            p->part = is_part(c, p, q, level);
        for (const peak *q = p; !p->part && q-- > c->peaks && p->at - q->at <= reach;)
            p->part = is_part(c, p, q, level);
    }
}

void emgp_candidates_find(emgp_candidates *c, const emgp_bank_output *bank, const emgp_page *page)
{
    const double start = (double)page->margin, end = (double)(page->margin + page->n_frames);
    const double behind = behind_s * page->rate_hz;
    const double to = page->ends_segment ? end : end + behind;
    const size_t around = (size_t)(ring_s * bank->rate_hz);
    c->bank = bank;
    c->from = (size_t)fmax(0, ceil((start - bank->first) / bank->step));
    c->to = (size_t)fmax(0, ceil((to - bank->first) / bank->step));
    c->next = 0;
    collect(c, c->from > around ? c->from - around : 0, c->to + around);
    thin(c, (size_t)(at_least(bank, apart_s, apart_periods) * bank->rate_hz));
    join(c, silence_sigma * (float)page->sigma);
}

bool emgp_candidates_next(emgp_candidates *c, size_t *at, float *size)
{
    while (c->next < c->n) {
        const peak *p = &c->peaks[c->next++];
        if (p->part || p->at < c->from || p->at >= c->to)
            continue;
        *at = p->at;
        *size = p->size;
        return true;
    }
    return false;
}
