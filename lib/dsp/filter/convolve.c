/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Overlap-save: blocks that begin with the end of the block before; what wraps round in a transform is thrown away. */
#include "dsp/filter/filter.h"

#include <string.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

/*  block of a channel:  |<- history: n_taps - 1 ->|<------ fresh ------>|
 *  its convolution:     |     wraps round         |    handed on        |
 *
 * Blocks are counted from the segment's first frame. Each channel is transformed by itself, so that no other changes its
 * bits. The segment's first value is taken off before, and put back as the taps pass it: what came before the segment
 * is then a history of zeros, and an offset costs no digits. */
struct emgp_convolve {
    size_t n_channels, n_taps, ahead, size, fresh;
    emg_take_frames *next;
    void *context;
    emgp_fft *there, *back;
    double dc_gain;
    double *spectrum; /* of the taps, over `size` */
    double *block;    /* n_channels x size, channel by channel */
    double *out;      /* fresh x n_channels, interleaved */
    double *first, *last;
    size_t fill; /* samples of the block in use */
    size_t skip; /* frames of output that still lie before the segment */
    bool begun;
};

enum { LEAST_SIZE = 4096, WIDE_UP_TO = 1 << 16 };

/* Four times the taps costs least; long filters, where memory counts, get twice. */
static size_t size_for(size_t n_taps)
{
    size_t size = (n_taps <= WIDE_UP_TO ? 4 : 2) * n_taps;
    return emgp_fft_length(size < LEAST_SIZE ? LEAST_SIZE : size);
}

size_t emgp_convolve_rows(size_t n_taps)
{
    return 2 * size_for(n_taps);
}

static void transform_taps(emgp_convolve *c, const double *taps)
{
    double *in = c->there->in, scale = 1 / (double)c->size;
    memcpy(in, taps, c->n_taps * sizeof *taps);
    memset(in + c->n_taps, 0, (c->size - c->n_taps) * sizeof *in);
    emgp_fft_run(c->there);
    const double *transformed = c->there->out;
    for (size_t i = 0; i < 2 * (c->size / 2 + 1); i++)
        c->spectrum[i] = transformed[i] * scale;
    c->dc_gain = 0;
    for (size_t i = 0; i < c->n_taps; i++)
        c->dc_gain += taps[i];
}

static emg_status allocate(emgp_convolve *c, emg_error *err)
{
    c->spectrum = emgp_alloc(2 * (c->size / 2 + 1), sizeof *c->spectrum);
    c->block = emgp_alloc(c->n_channels * c->size, sizeof *c->block);
    c->out = emgp_alloc(c->n_channels * c->fresh, sizeof *c->out);
    c->first = emgp_alloc(c->n_channels, sizeof *c->first);
    c->last = emgp_alloc(c->n_channels, sizeof *c->last);
    if (!c->spectrum || !c->block || !c->out || !c->first || !c->last)
        return emgp_fail_memory(err);
    emg_status status = emgp_fft_new(&c->there, EMGP_FFT_REAL, c->size, false, err);
    return status ? status : emgp_fft_new(&c->back, EMGP_FFT_REAL_BACK, c->size, false, err);
}

emg_status emgp_convolve_new(emgp_convolve **out, const double *taps, size_t n_taps, size_t ahead, size_t n_channels,
                             emg_take_frames *next, void *context, emg_error *err)
{
    *out = NULL;
    emgp_convolve *c = emgp_alloc(1, sizeof *c);
    if (!c)
        return emgp_fail_memory(err);
    c->n_channels = n_channels;
    c->n_taps = n_taps;
    c->ahead = ahead;
    c->size = size_for(n_taps);
    c->fresh = c->size - (n_taps - 1);
    c->next = next;
    c->context = context;
    emg_status status = allocate(c, err);
    if (status) {
        emgp_convolve_free(c);
        return status;
    }
    transform_taps(c, taps);
    *out = c;
    return EMG_OK;
}

void emgp_convolve_free(emgp_convolve *c)
{
    if (!c)
        return;
    emgp_fft_free(c->there);
    emgp_fft_free(c->back);
    emgp_free(c->spectrum);
    emgp_free(c->block);
    emgp_free(c->out);
    emgp_free(c->first);
    emgp_free(c->last);
    emgp_free(c);
}

size_t emgp_convolve_latency(const emgp_convolve *c)
{
    return c->fresh - 1 + c->ahead;
}

/* Convolves one channel's block into its column of `out`. */
static void convolve_channel(emgp_convolve *c, size_t channel)
{
    memcpy(c->there->in, c->block + channel * c->size, c->size * sizeof(double));
    emgp_fft_run(c->there);
    const double *x = c->there->out, *h = c->spectrum;
    double *y = c->back->in, constant = c->first[channel] * c->dc_gain;
    for (size_t i = 0; i < 2 * (c->size / 2 + 1); i += 2) {
        y[i] = x[i] * h[i] - x[i + 1] * h[i + 1];
        y[i + 1] = x[i] * h[i + 1] + x[i + 1] * h[i];
    }
    emgp_fft_run(c->back);
    const double *filtered = (const double *)c->back->out + (c->n_taps - 1);
    for (size_t t = 0; t < c->fresh; t++)
        c->out[t * c->n_channels + channel] = filtered[t] + constant;
}

/* Convolves what the block holds, hands on its part of the output and makes room for the next block. */
static emg_status run_block(emgp_convolve *c, emg_error *err)
{
    size_t history = c->n_taps - 1, n = c->fill - history, drop = c->skip < n ? c->skip : n;
    for (size_t channel = 0; channel < c->n_channels; channel++) {
        double *block = c->block + channel * c->size;
        memset(block + c->fill, 0, (c->size - c->fill) * sizeof *block);
        convolve_channel(c, channel);
        memmove(block, block + n, history * sizeof *block);
    }
    c->fill = history;
    c->skip -= drop;
    return n > drop ? c->next(c->context, c->out + drop * c->n_channels, n - drop, err) : EMG_OK;
}

/* Takes n frames, x_step elements apart (0 repeats one). */
static emg_status advance(emgp_convolve *c, const double *x, size_t x_step, size_t n, emg_error *err)
{
    while (n > 0) {
        size_t piece = c->size - c->fill < n ? c->size - c->fill : n;
        for (size_t channel = 0; channel < c->n_channels; channel++) {
            double *to = c->block + channel * c->size + c->fill;
            for (size_t t = 0; t < piece; t++)
                to[t] = x[t * x_step + channel] - c->first[channel];
        }
        c->fill += piece;
        x += piece * x_step;
        n -= piece;
        emg_status status = c->fill == c->size ? run_block(c, err) : EMG_OK;
        if (status)
            return status;
    }
    return EMG_OK;
}

emg_status emgp_convolve_push(emgp_convolve *c, const double *x, size_t n_frames, emg_error *err)
{
    if (n_frames == 0)
        return EMG_OK;
    if (!c->begun) {
        memcpy(c->first, x, c->n_channels * sizeof *x);
        for (size_t channel = 0; channel < c->n_channels; channel++)
            memset(c->block + channel * c->size, 0, (c->n_taps - 1) * sizeof *c->block);
        c->fill = c->n_taps - 1;
        c->skip = c->ahead;
        c->begun = true;
    }
    memcpy(c->last, x + (n_frames - 1) * c->n_channels, c->n_channels * sizeof *x);
    return advance(c, x, c->n_channels, n_frames, err);
}

emg_status emgp_convolve_finish(emgp_convolve *c, emg_error *err)
{
    if (!c->begun)
        return EMG_OK;
    emg_status status = advance(c, c->last, 0, c->ahead, err);
    if (status == EMG_OK && c->fill > c->n_taps - 1)
        status = run_block(c, err);
    c->begun = false;
    return status;
}
