/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole recording in at most EMG_SKETCH_COLUMNS columns: they become twice as wide when it goes on beyond the last. */
#include "analysis/sketch/sketch.h"

#include <math.h>

static const double least_width_s = 1.0 / 512, frames_a_column = 4;
static const emg_sketch_column empty = { 1, -1, 0, 0, 0, 0 };

/* A power of two, so that wider columns begin where narrow ones did. */
void emgp_columns_start(emgp_columns *c, double rate_hz)
{
    c->width_s = least_width_s;
    while (c->width_s * rate_hz < frames_a_column)
        c->width_s *= 2;
    c->n = 0;
}

static void extend(emg_sketch_column *to, float low, float high)
{
    const bool first = to->low > to->high;
    to->low = first || low < to->low ? low : to->low;
    to->high = first || high > to->high ? high : to->high;
}

static void join(emg_sketch_column *to, const emg_sketch_column *from)
{
    if (from->low <= from->high)
        extend(to, from->low, from->high);
    to->noise = to->noise > 0 && from->noise > 0 ? (to->noise + from->noise) / 2 : fmaxf(to->noise, from->noise);
    to->analysed_s += from->analysed_s;
    to->restless_s += from->restless_s;
    to->flags |= from->flags;
}

static void widen(emgp_columns *c)
{
    for (size_t i = 0; i < c->n; i += 2) {
        emg_sketch_column wide = c->column[i];
        if (i + 1 < c->n)
            join(&wide, &c->column[i + 1]);
        c->column[i / 2] = wide;
    }
    c->n = (c->n + 1) / 2;
    c->width_s *= 2;
}

/* The column of a time, made when it is not there yet. */
static size_t column_at(emgp_columns *c, double at_s)
{
    const double at = fmax(at_s, 0);
    while (at >= c->width_s * EMG_SKETCH_COLUMNS)
        widen(c);
    const size_t i = (size_t)(at / c->width_s);
    while (c->n <= i)
        c->column[c->n++] = empty;
    return i;
}

/* Adds what page frames from to end - 1 hold; they lie in one bin of the page. */
static void take_frames(emgp_columns *c, const emgp_page *page, size_t column, size_t from, size_t end)
{
    const float *x = page->x + page->margin;
    emg_sketch_column *to = &c->column[column];
    float low = x[from], high = x[from];
    for (size_t i = from + 1; i < end; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
    }
    if (page->dead[(page->margin + from) / page->bin]) {
        to->flags |= EMG_SKETCH_EXCLUDED;
        return;
    }
    extend(to, low, high);
    to->analysed_s += (float)((double)(end - from) / page->rate_hz);
    if (page->sigma > 0)
        to->noise = (float)page->sigma;
}

void emgp_columns_page(emgp_columns *c, const emgp_page *page)
{
    const double start_s = page->segment_start_s + (double)page->first / page->rate_hz;
    (void)column_at(c, start_s + (double)page->n_frames / page->rate_hz);
    for (size_t from = 0, end; from < page->n_frames; from = end) {
        const size_t column = column_at(c, start_s + (double)from / page->rate_hz);
        const double next = ceil(((double)(column + 1) * c->width_s - start_s) * page->rate_hz);
        const size_t bin_end = (from / page->bin + 1) * page->bin;
        end = next > (double)from ? (size_t)next : from + 1;
        end = end < bin_end ? end : bin_end;
        end = end < page->n_frames ? end : page->n_frames;
        take_frames(c, page, column, from, end);
    }
}

void emgp_columns_flag(emgp_columns *c, double from_s, double to_s, uint32_t flags)
{
    const size_t first = column_at(c, from_s), last = column_at(c, to_s - 1e-9);
    for (size_t i = first < last ? first : last; i <= last; i++)
        c->column[i].flags |= flags;
}

void emgp_columns_restless(emgp_columns *c, double from_s, double to_s)
{
    if (!(to_s > from_s) || c->n == 0)
        return;
    const double end_s = fmin(to_s, (double)c->n * c->width_s);
    for (size_t i = (size_t)(fmax(from_s, 0) / c->width_s); i < c->n && (double)i * c->width_s < end_s; i++) {
        const double a = fmax(from_s, (double)i * c->width_s), b = fmin(end_s, (double)(i + 1) * c->width_s);
        c->column[i].restless_s += (float)fmax(0, b - a);
    }
}
