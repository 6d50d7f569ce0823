/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The waves fitted, as they were ahead of the filter, go through the same filter from the same place. */
#include "condition/powerline/powerline.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/base.h"
#include "dsp/filter/filter.h"

/*  hum ahead of the filter:  ____/\/\/\/\/\/\...   the segment begins (the filter continues it with its first value)
 *  behind the filter:           /|/\/\/\/\/\/\...  even waves, and ringing in the first tenths of a second
 *  fade:                     1 1 1 1 1 1 0.7 0.3 0
 *
 * Fitted waves are even. Near an end they are replaced by what the filter makes of them: a recording with hum of twenty
 * times the noise would otherwise begin and end with a false discharge. */

static const double LEAST_GAIN = 0.1; /* of the filter: harmonics further down cannot be told from noise ahead of it */
enum { PIECE = 256 };

struct emgp_powerline_edge {
    emgp_zerophase *filter;
    size_t n_channels, stride, hop;
    float *ahead;  /* 2 hop rows: the line ahead of the filter */
    float *weight; /* 2 hop: minus fade, then ones */
    double *piece; /* PIECE frames of n_channels */
    float *line;   /* of the call now made */
    size_t row;    /* rows that came out of the filter */
};

/* Fade of row `row` of n: 1 for half a hop from an end on, 0 from a whole hop on. */
static double fade_at(const emgp_powerline_edge *edge, size_t row, size_t n, bool first, bool last)
{
    const size_t from_first = first ? row : SIZE_MAX, from_last = last ? n - 1 - row : SIZE_MAX;
    const size_t from = from_first < from_last ? from_first : from_last, half = edge->hop / 2;
    if (from < half || (first && last))
        return 1;
    if (from >= edge->hop)
        return 0;
    return 0.5 + 0.5 * cos(PI * ((double)(from - half) + 0.5) / (double)(edge->hop - half));
}

/* What came out of the filter takes the even waves' place. */
static emg_status filtered(void *context, const float *x, size_t n_frames, emg_error *err)
{
    emgp_powerline_edge *edge = context;
    (void)err;
    for (size_t t = 0; t < n_frames; t++, edge->row++) {
        const float fade = -edge->weight[edge->row];
        float *line = edge->line + edge->row * edge->stride;
        for (size_t channel = 0; channel < edge->n_channels; channel++)
            line[channel] += fade * x[t * edge->n_channels + channel];
    }
    return EMG_OK;
}

static bool allocate(emgp_powerline_edge *edge)
{
    edge->ahead = emgp_alloc(2 * edge->hop * edge->stride, sizeof *edge->ahead);
    edge->weight = emgp_alloc(4 * edge->hop, sizeof *edge->weight);
    edge->piece = emgp_alloc(PIECE * edge->n_channels, sizeof *edge->piece);
    if (!edge->ahead || !edge->weight || !edge->piece)
        return false;
    for (size_t i = 2 * edge->hop; i < 4 * edge->hop; i++)
        edge->weight[i] = 1;
    return true;
}

emg_status emgp_powerline_edge_new(emgp_powerline_edge **out, const emgp_powerline_setting *setting, double rate_hz,
                                   size_t n_channels, size_t stride, size_t hop, emg_error *err)
{
    *out = NULL;
    emgp_powerline_edge *edge = emgp_alloc(1, sizeof *edge);
    if (!edge)
        return emgp_fail_memory(err);
    edge->n_channels = n_channels;
    edge->stride = stride;
    edge->hop = hop;
    emg_status status = allocate(edge) ? EMG_OK : emgp_fail_memory(err);
    if (status == EMG_OK)
        status = emgp_zerophase_new(&edge->filter, setting->through, setting->n_through, rate_hz, n_channels,
                                    setting->through_single, filtered, edge, err);
    if (status) {
        emgp_powerline_edge_free(edge);
        return status;
    }
    *out = edge;
    return EMG_OK;
}

void emgp_powerline_edge_free(emgp_powerline_edge *edge)
{
    if (!edge)
        return;
    emgp_zerophase_free(edge->filter);
    emgp_free(edge->ahead);
    emgp_free(edge->weight);
    emgp_free(edge->piece);
    emgp_free(edge);
}

static emg_status filter_ahead(emgp_powerline_edge *edge, size_t n_rows, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t at = 0; at < n_rows && status == EMG_OK; at += PIECE) {
        const size_t n = n_rows - at < PIECE ? n_rows - at : PIECE;
        for (size_t t = 0; t < n; t++) {
            const float *row = edge->ahead + (at + t) * edge->stride;
            for (size_t channel = 0; channel < edge->n_channels; channel++)
                edge->piece[t * edge->n_channels + channel] = (double)row[channel];
        }
        status = emgp_zerophase_push(edge->filter, edge->piece, n, err);
    }
    return status ? status : emgp_zerophase_finish(edge->filter, err);
}

emg_status emgp_powerline_edge_add(emgp_powerline_edge *edge, emgp_powerline_fit *fit, float *line, size_t n_rows,
                                   bool first, bool last, emg_error *err)
{
    if (!first && !last)
        return EMG_OK;
    for (size_t row = 0; row < n_rows; row++)
        edge->weight[row] = (float)-fade_at(edge, row, n_rows, first, last);
    emgp_powerline_fit_drop(fit, LEAST_GAIN);
    emgp_powerline_fit_add(fit, line, edge->weight, n_rows);
    emgp_powerline_fit_undo(fit);
    memset(edge->ahead, 0, n_rows * edge->stride * sizeof *edge->ahead);
    emgp_powerline_fit_add(fit, edge->ahead, edge->weight + 2 * edge->hop, n_rows);
    edge->line = line;
    edge->row = 0;
    return filter_ahead(edge, n_rows, err);
}
