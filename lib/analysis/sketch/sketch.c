/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that is kept of a channel for those who draw it. */
#include "analysis/sketch/sketch.h"

#include <stdlib.h>

struct emgp_sketch {
    emgp_columns columns;
    emgp_zooms zooms;
    emgp_found_shapes found;
    double shape_s, line_hz;
    const emg_sketch_shape *listed[EMGP_SKETCH_UNITS];
    emg_sketch view;
};

emg_status emgp_sketch_new(emgp_sketch **out, double rate_hz, double shape_s, emg_error *err)
{
    emgp_sketch *s = emgp_alloc(1, sizeof *s);
    if (!s)
        return emgp_fail_memory(err);
    emgp_columns_start(&s->columns, rate_hz);
    s->shape_s = shape_s;
    *out = s;
    return EMG_OK;
}

void emgp_sketch_free(emgp_sketch *s)
{
    if (!s)
        return;
    emgp_zooms_free(&s->zooms);
    for (size_t u = 0; u < EMGP_SKETCH_UNITS; u++)
        emgp_free(s->found.shape[u]);
    emgp_free(s->found.burst_s);
    emgp_free(s);
}

emg_status emgp_sketch_page(emgp_sketch *s, const emgp_page *page, emg_error *err)
{
    emgp_columns_page(&s->columns, page);
    return emgp_zooms_page(&s->zooms, page, err);
}

void emgp_sketch_burst(emgp_sketch *s, const emgp_burst *burst)
{
    emgp_zooms_burst(&s->zooms, burst);
}

void emgp_sketch_flag(emgp_sketch *s, double from_s, double to_s, uint32_t flags)
{
    emgp_columns_flag(&s->columns, from_s, to_s, flags);
}

void emgp_sketch_restless(emgp_sketch *s, double from_s, double to_s)
{
    emgp_columns_restless(&s->columns, from_s, to_s);
}

void emgp_sketch_line(emgp_sketch *s, double line_hz)
{
    s->line_hz = line_hz;
}

emgp_found_shapes *emgp_sketch_found(emgp_sketch *s)
{
    return &s->found;
}

/* The value below which a share of n sorted ones lies, between two of them. */
static float quantile(const double *sorted, size_t n, double share)
{
    const double at = share * (double)(n - 1);
    const size_t i = (size_t)at, next = i + 1 < n ? i + 1 : i;
    return (float)(sorted[i] + (at - (double)i) * (sorted[next] - sorted[i]));
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void spread(emg_sketch_shape *shape)
{
    for (size_t i = 0; i < EMG_SKETCH_POINTS; i++) {
        double value[EMG_SKETCH_WAVES] = { 0 };
        for (size_t k = 0; k < shape->n_waves; k++)
            value[k] = (double)shape->waves[k][i];
        qsort(value, shape->n_waves, sizeof *value, ascending);
        shape->median[i] = quantile(value, shape->n_waves, 0.5);
        shape->low[i] = quantile(value, shape->n_waves, 0.1);
        shape->high[i] = quantile(value, shape->n_waves, 0.9);
    }
}

const emg_sketch *emgp_sketch_view(emgp_sketch *s)
{
    emg_sketch *view = &s->view;
    *view = (emg_sketch){ .column_s = s->columns.width_s,
                          .n_columns = s->columns.n,
                          .columns = s->columns.column,
                          .shape_s = s->shape_s,
                          .shapes = s->listed,
                          .n_bursts = s->found.n_bursts,
                          .burst_s = s->found.burst_s,
                          .line_hz = s->line_hz };
    for (size_t i = 0; i < EMG_SKETCH_ZOOMS; i++)
        if (s->zooms.kept[i] > 0)
            view->zooms[view->n_zooms++] = s->zooms.zoom[i];
    for (size_t u = 0; u < EMGP_SKETCH_UNITS; u++)
        if (s->found.shape[u]) {
            spread(s->found.shape[u]);
            s->listed[view->n_shapes++] = s->found.shape[u];
        }
    return view;
}
