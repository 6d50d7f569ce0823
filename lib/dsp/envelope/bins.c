/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over bins in one walk; a second walk only through bins that hold three equal samples in a row. */
#include "dsp/envelope/envelope.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/base.h"

/* Steps between neighbours are looked at in every STEP_EVERY-th bin only: their least is wanted roughly. */
enum { LEAST_RUN = 3, STEP_EVERY = 16 };
static const double bin_s = 0.0025;

/* The run of equal samples that a channel is in. */
typedef struct run {
    double value, jump_in;
    size_t n;
} run;

struct emgp_bins {
    size_t length, n_channels;
    emgp_take_bin *take;
    void *context;
    double *limit_low, *limit_high;
    double *memory; /* what the arrays below lie in */
    double *zero, *last;
    double *mean, *power, *low, *high, *repeats, *at_limit, *least_step;
    double *held; /* `length` frames: a bin that pushes cut */
    run *runs;
    emgp_plateau *plateau;
    size_t n_held, n_plateaus;
    uint64_t n_bins; /* of the segment */
};

size_t emgp_bins_frames(double rate_hz)
{
    double frames = bin_s * rate_hz;
    return frames < 1 ? 1 : (size_t)llround(frames);
}

static bool allocate(emgp_bins *b, const double *limit_low, const double *limit_high)
{
    enum { ARRAYS = 11 };
    const size_t n = b->n_channels;
    b->memory = emgp_alloc(ARRAYS * n, sizeof *b->memory);
    b->held = emgp_alloc(n * b->length, sizeof *b->held);
    b->runs = emgp_alloc(n, sizeof *b->runs);
    b->plateau = emgp_alloc(n * (b->length / LEAST_RUN + 1), sizeof *b->plateau);
    if (!b->memory || !b->held || !b->runs || !b->plateau)
        return false;
    double **arrays[ARRAYS - 2] = { &b->zero, &b->last,    &b->mean,     &b->power,     &b->low,
                                    &b->high, &b->repeats, &b->at_limit, &b->least_step };
    for (size_t i = 0; i < ARRAYS - 2; i++)
        *arrays[i] = b->memory + (i + 2) * n;
    b->limit_low = b->memory;
    b->limit_high = b->memory + n;
    for (size_t i = 0; i < n; i++)
        emgp_bins_limits(b, i, limit_low[i], limit_high[i]);
    return true;
}

emg_status emgp_bins_new(emgp_bins **out, double rate_hz, size_t n_channels, const double *limit_low,
                         const double *limit_high, emgp_take_bin *take, void *context, emg_error *err)
{
    *out = NULL;
    emgp_bins *b = emgp_alloc(1, sizeof *b);
    if (!b)
        return emgp_fail_memory(err);
    b->length = emgp_bins_frames(rate_hz);
    b->n_channels = n_channels;
    b->take = take;
    b->context = context;
    if (!allocate(b, limit_low, limit_high)) {
        emgp_bins_free(b);
        return emgp_fail_memory(err);
    }
    *out = b;
    return EMG_OK;
}

void emgp_bins_limits(emgp_bins *b, size_t channel, double low, double high)
{
    b->limit_low[channel] = low;
    b->limit_high[channel] = high;
}

void emgp_bins_free(emgp_bins *b)
{
    if (!b)
        return;
    emgp_free(b->memory);
    emgp_free(b->held);
    emgp_free(b->runs);
    emgp_free(b->plateau);
    emgp_free(b);
}

/* Two channels at a time; one that is left over goes twice. */
typedef double pair __attribute__((vector_size(2 * sizeof(double)), aligned(sizeof(double)), may_alias));
typedef int64_t mask __attribute__((vector_size(2 * sizeof(double)), may_alias));

static inline pair load(const double *x, bool two)
{
    return two ? *(const pair *)x : (pair){ *x, *x };
}

static inline void store(double *to, pair values, bool two)
{
    to[0] = values[0];
    if (two)
        to[1] = values[1];
}

static inline pair chosen(mask which, pair yes, pair no)
{
    return (pair)(((mask)yes & which) | ((mask)no & ~which));
}

/* What one walk over the bin of one or two channels finds; threes: how often three samples in a row are equal, counting those
 * before. */
static void sum_up(emgp_bins *b, const double *x, size_t n_frames, size_t channel, bool two, double threes[2])
{
    const double n = (double)n_frames;
    const pair zero = load(b->zero + channel, two);
    pair before = load(b->last + channel, two), low = load(x + channel, two), high = low, sum = { 0 }, squares = { 0 };
    mask repeats = { 0 }, runs = { 0 };
    mask same = { -(b->runs[channel].n >= 2), -(b->runs[channel + (two ? 1 : 0)].n >= 2) };
    for (size_t i = 0; i < n_frames; i++) {
        const pair v = load(x + i * b->n_channels + channel, two), r = v - zero;
        const mask now = v == before;
        sum += r;
        squares += r * r;
        low = chosen(v < low, v, low);
        high = chosen(v > high, v, high);
        repeats -= now;
        runs -= now & same;
        same = now;
        before = v;
    }
    const pair mean = sum / n, power = squares / n - mean * mean;
    store(b->mean + channel, mean, two);
    store(b->power + channel, chosen(power > 0, power, (pair){ 0 }), two);
    store(b->low + channel, low, two);
    store(b->high + channel, high, two);
    store(b->repeats + channel, (pair){ (double)repeats[0], (double)repeats[1] }, two);
    threes[0] = (double)runs[0];
    threes[1] = (double)runs[1];
}

static void count_limits(emgp_bins *b, const double *x, size_t n_frames, size_t channel)
{
    const double low = b->limit_low[channel], high = b->limit_high[channel];
    b->at_limit[channel] = 0;
    if (b->low[channel] > low && b->high[channel] < high)
        return;
    for (size_t i = 0; i < n_frames; i++) {
        const double v = x[i * b->n_channels + channel];
        b->at_limit[channel] += v <= low || v >= high;
    }
}

static void find_least_step(emgp_bins *b, const double *x, size_t n_frames, size_t channel)
{
    double least = INFINITY;
    for (size_t i = 1; b->n_bins % STEP_EVERY == 0 && i < n_frames; i++) {
        const double step = fabs(x[i * b->n_channels + channel] - x[(i - 1) * b->n_channels + channel]);
        least = step > 0 && step < least ? step : least;
    }
    b->least_step[channel] = least;
}

/* Sample by sample: reports the runs that end in the bin. */
static void follow_runs(emgp_bins *b, const double *x, size_t n_frames, size_t channel)
{
    run r = b->runs[channel];
    for (size_t i = 0; i < n_frames; i++) {
        const double v = x[i * b->n_channels + channel];
        if (r.n > 0 && v == r.value) {
            r.n++;
            continue;
        }
        const double jump = r.n > 0 ? fabs(v - r.value) : 0;
        if (r.n >= LEAST_RUN)
            b->plateau[b->n_plateaus++] = (emgp_plateau){ channel, r.n, r.value, r.jump_in, jump };
        r = (run){ v, jump, 1 };
    }
    b->runs[channel] = r;
}

/* Without a run of three, the last three samples are all that the next bin needs. */
static void skip_runs(emgp_bins *b, const double *x, size_t n_frames, size_t channel)
{
    const double *end = x + (n_frames - 1) * b->n_channels + channel;
    const double v = end[0], second = *(end - b->n_channels), third = *(end - 2 * b->n_channels);
    b->runs[channel] = v == second ? (run){ v, fabs(v - third), 2 } : (run){ v, fabs(v - second), 1 };
}

static emg_status close_bin(emgp_bins *b, const double *x, size_t n_frames, emg_error *err)
{
    if (b->n_bins == 0) {
        memcpy(b->zero, x, b->n_channels * sizeof *x);
        memset(b->runs, 0, b->n_channels * sizeof *b->runs);
        for (size_t channel = 0; channel < b->n_channels; channel++)
            b->last[channel] = NAN;
    }
    b->n_plateaus = 0;
    double threes[2] = { 0 };
    for (size_t channel = 0; channel < b->n_channels; channel++) {
        if (channel % 2 == 0)
            sum_up(b, x, n_frames, channel, channel + 1 < b->n_channels, threes);
        const bool runs = threes[channel % 2] > 0 || b->runs[channel].n >= LEAST_RUN || n_frames < LEAST_RUN;
        (runs ? follow_runs : skip_runs)(b, x, n_frames, channel);
        count_limits(b, x, n_frames, channel);
        find_least_step(b, x, n_frames, channel);
        b->last[channel] = x[(n_frames - 1) * b->n_channels + channel];
    }
    b->n_bins++;
    const emgp_bin bin = { n_frames,   b->mean,     b->power,      b->low,     b->high,
                           b->repeats, b->at_limit, b->least_step, b->plateau, b->n_plateaus };
    return b->take(b->context, &bin, err);
}

emg_status emgp_bins_push(emgp_bins *b, const double *x, size_t n_frames, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t done = 0, n; status == EMG_OK && done < n_frames; done += n) {
        const double *from = x + done * b->n_channels;
        n = n_frames - done;
        if (b->n_held == 0 && n >= b->length) {
            n = b->length;
            status = close_bin(b, from, n, err);
            continue;
        }
        n = n < b->length - b->n_held ? n : b->length - b->n_held;
        memcpy(b->held + b->n_held * b->n_channels, from, n * b->n_channels * sizeof *x);
        b->n_held += n;
        if (b->n_held == b->length) {
            b->n_held = 0;
            status = close_bin(b, b->held, b->length, err);
        }
    }
    return status;
}

emg_status emgp_bins_finish(emgp_bins *b, emg_error *err)
{
    size_t n = b->n_held;
    b->n_held = 0;
    emg_status status = n > 0 ? close_bin(b, b->held, n, err) : EMG_OK;
    b->n_bins = 0;
    return status;
}
