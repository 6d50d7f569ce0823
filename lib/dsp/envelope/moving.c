/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving sums made of additions alone: the tail of one block of window length and the head of the next. */
#include "dsp/envelope/envelope.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/base.h"

/* As van Herk 1992 and Gil and Werman 1993 do for extremes. Blocks of `window` values, counted from the first value of the
 * segment with `before` zeros ahead of it:
 *
 *        block k             block k + 1
 *     |  .  .  a  b  c  |  d  e  .  .  .  |       window of 5: a + b + c (tail of k) + d + e (head of k + 1)
 *
 * `sum` of a channel holds, from `at` on, the tails of the last whole block; before it, the values of the block being filled.
 */
enum { CHUNK = 512 };

struct emgp_moving {
    emgp_moving_kind kind;
    size_t window, before, after; /* window = before + 1 + after */
    size_t n_channels;
    emg_take_frames *take;
    void *context;
    double *sum;  /* [n_channels][window] */
    double *head; /* [n_channels]: sum of the block being filled */
    double *out;  /* CHUNK frames */
    double *zero; /* CHUNK frames that stand for what comes after the end */
    size_t at;    /* place in the block of the next value */
    bool full;    /* a whole block is there */
    uint64_t n;   /* samples of the segment that have gone out */
};

emg_status emgp_moving_new(emgp_moving **out, emgp_moving_kind kind, size_t window, size_t n_channels,
                           emg_take_frames *take, void *context, emg_error *err)
{
    *out = NULL;
    emgp_moving *m = emgp_alloc(1, sizeof *m);
    if (!m)
        return emgp_fail_memory(err);
    *m = (emgp_moving){ .kind = kind,
                        .window = window,
                        .before = window / 2,
                        .after = (window - 1) / 2,
                        .n_channels = n_channels,
                        .take = take,
                        .context = context,
                        .at = window / 2 };
    m->sum = emgp_alloc(n_channels * window, sizeof *m->sum);
    m->head = emgp_alloc(n_channels, sizeof *m->head);
    m->out = emgp_alloc(n_channels * CHUNK, sizeof *m->out);
    m->zero = emgp_alloc(n_channels * CHUNK, sizeof *m->zero);
    if (!m->sum || !m->head || !m->out || !m->zero) {
        emgp_moving_free(m);
        return emgp_fail_memory(err);
    }
    *out = m;
    return EMG_OK;
}

void emgp_moving_free(emgp_moving *m)
{
    if (!m)
        return;
    emgp_free(m->sum);
    emgp_free(m->head);
    emgp_free(m->out);
    emgp_free(m->zero);
    emgp_free(m);
}

size_t emgp_moving_latency(const emgp_moving *m)
{
    return m->after;
}

static double value_of(emgp_moving_kind kind, double x)
{
    return kind == EMGP_MOVING_RMS ? x * x : fabs(x);
}

/* The values of one channel up to, not including, the last of the block; their windows' sums go to y when a block is full. */
static void fill(const emgp_moving *m, size_t channel, const double *x, size_t n, double *y)
{
    const size_t stride = m->n_channels;
    double *sum = m->sum + channel * m->window + m->at, head = m->head[channel];
    for (size_t i = 0; i < n; i++) {
        double value = value_of(m->kind, x[i * stride]);
        head += value;
        y[i * stride] = sum[i + 1] + head;
        sum[i] = value;
    }
    m->head[channel] = head;
}

/* The last value of a channel's block: what it holds becomes the sums of its tails. */
static void turn(const emgp_moving *m, size_t channel, double x, double *y)
{
    double *sum = m->sum + channel * m->window;
    sum[m->window - 1] = value_of(m->kind, x);
    for (size_t i = m->window - 1; i > 0; i--)
        sum[i - 1] += sum[i];
    m->head[channel] = 0;
    *y = sum[0];
}

static void divide(emgp_moving_kind kind, double *y, size_t n, size_t count)
{
    const double by = (double)count;
    for (size_t i = 0; i < n; i++)
        y[i] /= by;
    for (size_t i = 0; kind == EMGP_MOVING_RMS && i < n; i++)
        y[i] = sqrt(y[i]);
}

/* Sums of n_frames windows to means over the samples that there are; `beyond` of the window's places, one more with each
 * frame unless it is 0, lie after the end of the segment. */
static void to_means(emgp_moving *m, double *y, size_t n_frames, size_t beyond)
{
    size_t done = 0;
    for (; done < n_frames && (beyond > 0 || m->n < m->before); done++, m->n++) {
        size_t missing = m->n < m->before ? m->before - (size_t)m->n : 0;
        divide(m->kind, y + done * m->n_channels, m->n_channels, m->window - missing - (beyond ? beyond + done : 0));
    }
    divide(m->kind, y + done * m->n_channels, (n_frames - done) * m->n_channels, m->window);
    m->n += n_frames - done;
}

/* At most CHUNK frames; beyond: 0 while samples come, then how many places after the end the first frame is. */
static emg_status advance(emgp_moving *m, const double *x, size_t n_frames, size_t beyond, emg_error *err)
{
    size_t n_out = 0;
    for (size_t done = 0, n; done < n_frames; done += n) {
        size_t left = m->window - 1 - m->at;
        double *y = m->out + n_out * m->n_channels;
        const double *from = x + done * m->n_channels;
        bool turns = left == 0;
        n = turns ? 1 : left < n_frames - done ? left : n_frames - done;
        for (size_t channel = 0; channel < m->n_channels; channel++) {
            if (turns)
                turn(m, channel, from[channel], y + channel);
            else
                fill(m, channel, from + channel, n, y + channel);
        }
        m->full = m->full || turns;
        m->at = turns ? 0 : m->at + n;
        n_out += m->full ? n : 0;
    }
    to_means(m, m->out, n_out, beyond ? beyond + (n_frames - n_out) : 0);
    return n_out > 0 ? m->take(m->context, m->out, n_out, err) : EMG_OK;
}

emg_status emgp_moving_push(emgp_moving *m, const double *x, size_t n_frames, emg_error *err)
{
    for (size_t done = 0, n; done < n_frames; done += n) {
        n = n_frames - done < CHUNK ? n_frames - done : CHUNK;
        emg_status status = advance(m, x + done * m->n_channels, n, 0, err);
        if (status)
            return status;
    }
    return EMG_OK;
}

static void begin(emgp_moving *m)
{
    memset(m->sum, 0, m->n_channels * m->window * sizeof *m->sum);
    memset(m->head, 0, m->n_channels * sizeof *m->head);
    m->at = m->before;
    m->full = false;
    m->n = 0;
}

emg_status emgp_moving_finish(emgp_moving *m, emg_error *err)
{
    bool empty = !m->full && m->at == m->before;
    emg_status status = EMG_OK;
    for (size_t done = 0, n; status == EMG_OK && !empty && done < m->after; done += n) {
        n = m->after - done < CHUNK ? m->after - done : CHUNK;
        status = advance(m, m->zero, n, done + 1, err);
    }
    begin(m);
    return status;
}
