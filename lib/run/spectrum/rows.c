/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small store of rows, sorted when some of it goes out. */
#include "run/spectrum/spectrum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

typedef struct emgp_held_row {
    emg_feature_window row;
    int64_t key;
    double *values; /* what row.band_power and row.density point to */
} held_row;

int64_t emgp_rows_key(double onset_s)
{
    return llround(onset_s * 1e6);
}

emg_status emgp_rows_push(emgp_rows *rows, const emg_feature_window *row, size_t n_bands, emg_error *err)
{
    void *held = rows->held;
    if (!emgp_reserve(&held, &rows->room, rows->n, rows->n + 1, sizeof *rows->held))
        return emgp_fail_memory(err);
    rows->held = held;
    size_t n_bins = row->density ? row->n_bins : 0;
    double *values = emgp_alloc(2 * n_bands + n_bins, sizeof *values);
    if (!values)
        return emgp_fail_memory(err);
    if (n_bands > 0) {
        memcpy(values, row->band_power, n_bands * sizeof *values);
        memcpy(values + n_bands, row->band_share, n_bands * sizeof *values);
    }
    if (n_bins > 0)
        memcpy(values + 2 * n_bands, row->density, n_bins * sizeof *values);
    held_row *to = &rows->held[rows->n++];
    *to = (held_row){ *row, emgp_rows_key(row->onset_s), values };
    to->row.band_power = values;
    to->row.band_share = values + n_bands;
    to->row.density = n_bins > 0 ? values + 2 * n_bands : NULL;
    return EMG_OK;
}

static int compare(const void *a, const void *b)
{
    const held_row *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->row.index > y->row.index) - (x->row.index < y->row.index);
}

emg_status emgp_rows_release(emgp_rows *rows, int64_t bound, emg_feature_take *take, void *context, emg_error *err)
{
    bool any = false;
    for (size_t i = 0; i < rows->n; i++)
        any = any || rows->held[i].key < bound;
    if (!any)
        return EMG_OK;
    qsort(rows->held, rows->n, sizeof *rows->held, compare);
    size_t n = 0;
    emg_status status = EMG_OK;
    for (; status == EMG_OK && n < rows->n && rows->held[n].key < bound; n++) {
        if (!take(context, &rows->held[n].row))
            status = emgp_fail(err, EMG_ECANCELLED, "stopped on request");
        emgp_free(rows->held[n].values);
    }
    memmove(rows->held, rows->held + n, (rows->n - n) * sizeof *rows->held);
    rows->n -= n;
    return status;
}

void emgp_rows_free(emgp_rows *rows)
{
    for (size_t i = 0; i < rows->n; i++)
        emgp_free(rows->held[i].values);
    emgp_free(rows->held);
    memset(rows, 0, sizeof *rows);
}
