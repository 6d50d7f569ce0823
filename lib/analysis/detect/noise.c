/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running low-quantile MAD: medians by counting over 16-bit logarithmic keys, then the noise model's bias taken off. */
#include "analysis/detect/detect.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/base.h"
#include "dsp/kernels/kernels.h"
#include "analysis/detect/noise_table.h"

/* Blocks above this quantile of the noise model count as active (see clean_share). */
static const double CLEAN_QUANTILE = 0.9;

struct emgp_noise {
    const emgp_lanes *set;
    size_t n_channels, stride, block_frames, room;
    double rate_hz, quantile;
    double worth[EMGP_MOST_CHANNELS];  /* independent samples in a block */
    int16_t *keys;                     /* block_frames rows: the block being filled */
    int16_t *ring;                     /* room rows: medians of the last blocks */
    int16_t *per_channel;              /* 3 rows of scratch: argument, result, count */
    size_t rows, held;                 /* held: of the channel that has most */
    bool parted;                       /* a channel left out a block: its own blocks lie closer together */
    bool left_out[EMGP_MOST_CHANNELS]; /* of the block being filled */
    size_t held_of[EMGP_MOST_CHANNELS], at[EMGP_MOST_CHANNELS]; /* next place */
    int16_t *recent; /* room rows: the latest blocks, copied out of the ring when asked for */
    size_t n_recent; /* blocks that recent_sigma is of; 0: it is older than the ring */
    bool stale;      /* sigma is older than the ring */
    double sigma[EMGP_MOST_CHANNELS], recent_sigma[EMGP_MOST_CHANNELS];
};

static double interpolate(double x0, double x1, double y0, double y1, double x)
{
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
}

/* The place i with grid[i] <= x <= grid[i + 1], x within the grid. */
static size_t place(const double *grid, size_t n, double x)
{
    size_t i = 0;
    while (i + 2 < n && grid[i + 1] < x)
        i++;
    return i;
}

/* The p-quantile of the median of |x| of blocks worth nu samples of standard Gaussian noise. */
static double model_quantile(double p, double nu)
{
    p = fmin(fmax(p, table_p[0]), table_p[N_P - 1]);
    nu = fmin(fmax(nu, table_nu[0]), table_nu[N_NU - 1]);
    size_t i = place(table_nu, N_NU, nu), j = place(table_p, N_P, p);
    double low = interpolate(table_p[j], table_p[j + 1], table_quantile[i][j], table_quantile[i][j + 1], p);
    double high = interpolate(table_p[j], table_p[j + 1], table_quantile[i + 1][j], table_quantile[i + 1][j + 1], p);
    return interpolate(log(table_nu[i]), log(table_nu[i + 1]), low, high, log(nu));
}

/* Independent samples that a block of n samples of noise, flat from low to high, is worth (tests/analysis/detect/noise_bias.py). */
static double worth_of(size_t n, double rate_hz, double low_hz, double high_hz)
{
    double sum = 1;
    for (size_t j = 1; j < n; j++) {
        double w = 2 * PI * (double)j / rate_hz;
        double r = (sin(high_hz * w) - sin(low_hz * w)) / ((high_hz - low_hz) * w);
        double at = fmin(fabs(r), 1) * (N_CORRELATION - 1);
        size_t i = (size_t)fmin(at, N_CORRELATION - 2);
        double c = interpolate((double)i, (double)i + 1, table_correlation[i], table_correlation[i + 1], at);
        sum += 2 * (1 - (double)j / (double)n) * c;
    }
    return (double)n / sum;
}

bool emgp_noise_too_slow(double block_s, double rate_hz)
{
    return block_s * rate_hz < 2;
}

static emg_status check(double block_s, double quantile, size_t n_blocks_held, double rate_hz, double low_hz,
                        double high_hz, size_t n_channels, emg_error *err)
{
    if (emgp_check_channels(n_channels, err))
        return EMG_ERANGE;
    if (emgp_check_rate(rate_hz, err))
        return EMG_ERANGE;
    if (emgp_noise_too_slow(block_s, rate_hz) || !(block_s * rate_hz < EMGP_KEY_MOST))
        return emgp_fail(err, EMG_ERANGE, "a noise block of %g s does not hold 2 to %d samples at %g Hz", block_s,
                         EMGP_KEY_MOST - 1, rate_hz);
    if (!(quantile >= 0.01 && quantile <= 0.5))
        return emgp_fail(err, EMG_ERANGE, "noise quantile %g is not within 0.01 to 0.5", quantile);
    if (n_blocks_held < 1 || n_blocks_held > EMGP_KEY_MOST)
        return emgp_fail(err, EMG_ERANGE, "%zu noise blocks is not within 1 to %d", n_blocks_held, EMGP_KEY_MOST);
    if (!(low_hz >= 0 && high_hz > low_hz))
        return emgp_fail(err, EMG_ERANGE, "noise band %g to %g Hz is empty", low_hz, high_hz);
    return EMG_OK;
}

emg_status emgp_noise_new(emgp_noise **out, double block_s, double quantile, size_t n_blocks_held, double rate_hz,
                          double low_hz, double high_hz, size_t n_channels, emg_error *err)
{
    *out = NULL;
    emg_status status = check(block_s, quantile, n_blocks_held, rate_hz, low_hz, high_hz, n_channels, err);
    if (status)
        return status;
    emgp_noise *n = emgp_alloc(1, sizeof *n);
    if (!n)
        return emgp_fail_memory(err);
    n->set = emgp_lanes_for(n_channels);
    n->n_channels = n_channels;
    n->stride = emgp_lanes_stride(n->set, n_channels, sizeof(int16_t));
    n->block_frames = (size_t)lround(block_s * rate_hz) | 1; /* odd: the median is one of the samples */
    n->room = n_blocks_held;
    n->quantile = quantile;
    n->rate_hz = rate_hz;
    emgp_noise_band(n, 0, low_hz, high_hz);
    for (size_t channel = 1; channel < n_channels; channel++)
        n->worth[channel] = n->worth[0];
    size_t rows = n->block_frames > n->room ? n->block_frames : n->room, total = 0;
    if (emgp_multiply(rows, n->stride, &total)) {
        n->keys = emgp_alloc(n->block_frames * n->stride, sizeof *n->keys);
        n->ring = emgp_alloc(n->room * n->stride, sizeof *n->ring);
        n->recent = emgp_alloc(n->room * n->stride, sizeof *n->recent);
        n->per_channel = emgp_alloc(3 * n->stride, sizeof *n->per_channel);
    }
    if (!n->keys || !n->ring || !n->recent || !n->per_channel) {
        emgp_noise_free(n);
        return emgp_fail_memory(err);
    }
    emgp_noise_reset(n);
    *out = n;
    return EMG_OK;
}

void emgp_noise_band(emgp_noise *n, size_t channel, double low_hz, double high_hz)
{
    n->worth[channel] = worth_of(n->block_frames, n->rate_hz, low_hz, fmin(high_hz, n->rate_hz / 2));
}

void emgp_noise_free(emgp_noise *n)
{
    if (!n)
        return;
    emgp_free(n->keys);
    emgp_free(n->ring);
    emgp_free(n->recent);
    emgp_free(n->per_channel);
    emgp_free(n);
}

void emgp_noise_reset(emgp_noise *n)
{
    n->rows = n->held = n->n_recent = 0;
    n->stale = n->parted = false;
    memset(n->left_out, 0, sizeof n->left_out);
    memset(n->held_of, 0, sizeof n->held_of);
    memset(n->at, 0, sizeof n->at);
    for (size_t channel = 0; channel < n->n_channels; channel++)
        n->sigma[channel] = NAN;
}

size_t emgp_noise_block_frames(const emgp_noise *n)
{
    return n->block_frames;
}

/* The middle of a key's range. */
static double value_of(int16_t key)
{
    int32_t bits = ((key + EMGP_KEY_BASE) << EMGP_KEY_SHIFT) + (1 << (EMGP_KEY_SHIFT - 1));
    float value;
    memcpy(&value, &bits, sizeof value);
    return key == 0 ? 0 : (double)value;
}

/* A place that a channel has not filled is louder than all: below no level. */
static void fill_row(const emgp_noise *n, int16_t *row)
{
    for (size_t channel = 0; channel < n->stride; channel++)
        row[channel] = EMGP_KEY_MOST;
}

/* The medians go over each channel's oldest ones. */
static void keep_medians(emgp_noise *n, const int16_t *medians)
{
    for (size_t channel = 0; channel < n->n_channels; channel++) {
        if (n->left_out[channel])
            continue;
        if (n->held_of[channel] == n->held && n->held < n->room)
            fill_row(n, n->ring + n->held++ * n->stride);
        n->ring[n->at[channel] * n->stride + channel] = medians[channel];
        n->at[channel] = (n->at[channel] + 1) % n->room;
        n->held_of[channel] += n->held_of[channel] < n->room;
    }
    memset(n->left_out, 0, sizeof n->left_out);
}

/* The block is full. */
static void close_block(emgp_noise *n)
{
    int16_t *medians = n->per_channel + n->stride;
    for (size_t channel = 0; channel < n->stride; channel++)
        n->per_channel[channel] = (int16_t)(n->block_frames / 2);
    n->set->select(n->keys, n->block_frames, n->n_channels, n->stride, n->per_channel, medians);
    keep_medians(n, medians);
    n->rows = n->n_recent = 0;
    n->stale = true;
}

static void leave_out(emgp_noise *n, const bool *dead)
{
    for (size_t channel = 0; channel < n->n_channels; channel++)
        if (dead[channel])
            n->left_out[channel] = n->parted = true;
}

void emgp_noise_push(emgp_noise *n, const float *x, size_t n_frames)
{
    emgp_noise_push_dead(n, x, n_frames, NULL);
}

void emgp_noise_push_dead(emgp_noise *n, const float *x, size_t n_frames, const bool *dead)
{
    while (n_frames > 0) {
        size_t piece = n->block_frames - n->rows;
        if (piece > n_frames)
            piece = n_frames;
        if (dead)
            leave_out(n, dead);
        n->set->keys(x, piece, n->n_channels, n->stride, n->keys + n->rows * n->stride);
        x += piece * n->n_channels;
        n->rows += piece;
        n_frames -= piece;
        if (n->rows == n->block_frames)
            close_block(n);
    }
}

/* Where activity fills part of the time, the quantile of all blocks is a higher quantile of the quiet ones. The share
 * of quiet blocks follows from sigma itself: the noise model says which level nine in ten of them stay below. Three
 * rounds settle it well below the estimate's own scatter. Blom's plotting position stands for the finite number of
 * blocks. */
static void estimate(emgp_noise *n, const int16_t *medians, size_t n_medians, double *sigma)
{
    int16_t *argument = n->per_channel, *value = argument + n->stride, *count = value + n->stride;
    double held[EMGP_MOST_CHANNELS] = { 0 }, p[EMGP_MOST_CHANNELS] = { 0 }, level[EMGP_MOST_CHANNELS],
           share[EMGP_MOST_CHANNELS];
    memset(argument, 0, n->stride * sizeof *argument);
    for (size_t channel = 0; channel < n->n_channels; channel++) {
        held[channel] = (double)(n->held_of[channel] < n_medians ? n->held_of[channel] : n_medians);
        const double rank = floor(n->quantile * fmax(0, held[channel] - 1) + 0.5);
        p[channel] = (rank + 0.625) / (held[channel] + 0.25);
        argument[channel] = (int16_t)rank;
    }
    n->set->select(medians, n_medians, n->n_channels, n->stride, argument, value);
    for (size_t channel = 0; channel < n->n_channels; channel++) {
        level[channel] = model_quantile(CLEAN_QUANTILE, n->worth[channel]);
        share[channel] = 1;
    }
    for (int round = 0; round < 4; round++) {
        float limit[EMGP_MOST_CHANNELS];
        for (size_t channel = 0; channel < n->n_channels; channel++) {
            sigma[channel] = value_of(value[channel]) / model_quantile(p[channel] / share[channel], n->worth[channel]);
            limit[channel] = (float)(sigma[channel] * level[channel]);
        }
        if (round == 3)
            break;
        n->set->keys(limit, 1, n->n_channels, n->stride, argument);
        n->set->count(medians, n_medians, n->n_channels, n->stride, argument, count);
        for (size_t channel = 0; channel < n->n_channels; channel++)
            share[channel] = fmin(fmax(count[channel] / (CLEAN_QUANTILE * held[channel]), 2 * p[channel]), 1);
    }
    for (size_t channel = 0; channel < n->n_channels; channel++)
        if (n->held_of[channel] == 0)
            sigma[channel] = NAN;
}

double emgp_noise_sigma(emgp_noise *n, size_t channel)
{
    if (n->stale)
        estimate(n, n->ring, n->held, n->sigma);
    n->stale = false;
    return n->sigma[channel];
}

/* The latest blocks of each channel, all of them the same rows where none was left out. */
static void copy_recent(emgp_noise *n, size_t wanted)
{
    for (size_t i = 0; i < wanted; i++) {
        int16_t *to = n->recent + i * n->stride;
        if (!n->parted) {
            const size_t from = (n->at[0] + n->room - wanted + i) % n->room;
            memcpy(to, n->ring + from * n->stride, n->stride * sizeof *n->ring);
            continue;
        }
        fill_row(n, to);
        for (size_t channel = 0; channel < n->n_channels; channel++) {
            const size_t from = (n->at[channel] + n->room - 1 - i) % n->room;
            if (i < n->held_of[channel])
                to[channel] = n->ring[from * n->stride + channel];
        }
    }
}

double emgp_noise_sigma_recent(emgp_noise *n, size_t channel, size_t n_blocks)
{
    size_t wanted = n_blocks < n->held ? n_blocks : n->held;
    if (wanted == 0)
        return NAN;
    if (n->n_recent != wanted) {
        copy_recent(n, wanted);
        estimate(n, n->recent, wanted, n->recent_sigma);
        n->n_recent = wanted;
    }
    return n->recent_sigma[channel];
}
