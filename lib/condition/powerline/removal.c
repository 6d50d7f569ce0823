/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows of 2 s, half overlapping; the lines fitted in each are cross-faded. */
#include "condition/powerline/powerline.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

/*  frames held:     |<----- hop ----->|<----- hop ----->|
 *  window before:    falling weight
 *  this window:      rising weight     | falling weight (of the next push)
 *  line handed on:   -----------------
 *
 * Rising and falling weights are the halves of a Hann window: they add up to one. The first window of a segment has
 * weight one in its first half, the last one (which may be short) in its last. */

static const double BLOCK_S = 0.1;
enum { HOP_BLOCKS = EMGP_POWERLINE_BLOCKS / 2, FIRST = 1, LAST = 2 };

typedef struct tally {
    double frequency, amplitude, weight;
    double lowest, highest; /* frequency of full windows */
    uint64_t removed, full;
    uint64_t of[EMGP_POWERLINE_CANDIDATES];
} tally;

struct emgp_powerline {
    const emgp_lanes *set;
    emgp_powerline_fit *fit;
    size_t n_channels, stride, block, hop;
    emgp_frames *next;
    void *context;
    float *x;      /* 2 hop rows: the window */
    float *line;   /* 2 hop rows: what is to be handed on */
    float *weight; /* 4 runs of 2 hop weights, by whether the window is the segment's first (1) and its last (2) */
    float *out;    /* 2 hop rows without padding */
    size_t rows, looked;
    bool first; /* no window of this segment has been fitted */
    uint64_t n_windows;
    tally tallies[EMGP_MOST_CHANNELS];
};

bool emgp_powerline_wanted(emg_powerline mode, double rate_hz, double band_high_hz)
{
    return mode != EMG_POWERLINE_OFF && band_high_hz > 48 && rate_hz > 105;
}

static bool allocate(emgp_powerline *m, const emgp_powerline_setting *setting, double rate_hz, double band_high_hz)
{
    m->fit = emgp_powerline_fit_new(m->set, m->n_channels, m->stride, m->block, rate_hz, setting, band_high_hz);
    m->x = emgp_alloc(2 * m->hop * m->stride, sizeof *m->x);
    m->line = emgp_alloc(2 * m->hop * m->stride, sizeof *m->line);
    m->weight = emgp_alloc(8 * m->hop, sizeof *m->weight);
    m->out = emgp_alloc(2 * m->hop * m->n_channels, sizeof *m->out);
    if (!m->fit || !m->x || !m->line || !m->weight || !m->out)
        return false;
    for (size_t i = 0; i < m->hop; i++) {
        double root = sin(PI * ((double)i + 0.5) / (2 * (double)m->hop));
        float rising = (float)(root * root);
        for (size_t kind = 0; kind < 4; kind++) {
            float *weight = m->weight + kind * 2 * m->hop;
            weight[i] = kind & FIRST ? 1 : rising;
            weight[m->hop + i] = kind & LAST ? 1 : 1 - rising;
        }
    }
    return true;
}

emg_status emgp_powerline_new(emgp_powerline **out, const emgp_powerline_setting *setting, double rate_hz,
                              double band_high_hz, size_t n_channels, emgp_frames *next, void *context, emg_error *err)
{
    *out = NULL;
    if (emgp_check_channels(n_channels, err))
        return EMG_ERANGE;
    if (!(rate_hz > 0) || !(rate_hz < 1e7))
        return emgp_fail(err, EMG_ERANGE, "sampling rate %g Hz is not above 0 and below 10 MHz", rate_hz);
    if (setting->harmonics < 1 || setting->harmonics > EMG_POWERLINE_MOST_HARMONICS)
        return emgp_fail(err, EMG_ERANGE, "%zu mains harmonics is not within 1 to %d", setting->harmonics,
                         EMG_POWERLINE_MOST_HARMONICS);
    emgp_powerline *m = emgp_alloc(1, sizeof *m);
    if (!m)
        return emgp_fail_memory(err);
    m->set = emgp_lanes_for(n_channels);
    m->n_channels = n_channels;
    m->stride = emgp_lanes_stride(m->set, n_channels, sizeof(float));
    m->block = (size_t)lround(BLOCK_S * rate_hz);
    m->hop = HOP_BLOCKS * m->block;
    m->next = next;
    m->context = context;
    m->first = true;
    emg_status status = EMG_OK;
    if (!allocate(m, setting, rate_hz, band_high_hz))
        status = emgp_fail_memory(err);
    if (status) {
        emgp_powerline_free(m);
        return status;
    }
    *out = m;
    return EMG_OK;
}

void emgp_powerline_free(emgp_powerline *m)
{
    if (!m)
        return;
    emgp_powerline_fit_free(m->fit);
    emgp_free(m->x);
    emgp_free(m->line);
    emgp_free(m->weight);
    emgp_free(m->out);
    emgp_free(m);
}

size_t emgp_powerline_latency(const emgp_powerline *m)
{
    return 2 * m->hop;
}

emg_powerline_found emgp_powerline_found(const emgp_powerline *m, size_t channel)
{
    const tally *t = &m->tallies[channel];
    emg_powerline_found found = { NAN, NAN, NAN, 0, NAN };
    if (m->n_windows > 0)
        found.share = (double)t->removed / (double)m->n_windows;
    if (t->removed > 0) {
        found.nominal_hz = emgp_powerline_fit_nominal(m->fit, t->of[1] > t->of[0] ? 1 : 0);
        found.frequency_hz = t->frequency / t->weight;
        found.amplitude = t->amplitude / (double)t->removed;
    }
    if (t->full > 0)
        found.drift_hz = t->highest - t->lowest;
    return found;
}

/* Takes account of a channel's line in the window just fitted. */
static void count(tally *t, const emgp_powerline_seen *seen, bool full)
{
    double power = seen->amplitude * seen->amplitude;
    t->removed++;
    t->of[seen->candidate]++;
    t->amplitude += seen->amplitude;
    t->frequency += seen->frequency_hz * power;
    t->weight += power;
    if (!full)
        return;
    t->lowest = t->full > 0 ? fmin(t->lowest, seen->frequency_hz) : seen->frequency_hz;
    t->highest = t->full > 0 ? fmax(t->highest, seen->frequency_hz) : seen->frequency_hz;
    t->full++;
}

/* Fits the window of n_blocks blocks at row 0 and adds its line to that of n_rows rows. */
static void fit_window(emgp_powerline *m, size_t n_blocks, size_t n_rows, size_t last)
{
    const size_t kind = last | (m->first ? FIRST : 0);
    emgp_powerline_fit_look(m->fit, m->x, m->looked, n_blocks - m->looked);
    m->looked = n_blocks;
    m->n_windows++;
    m->first = false;
    if (!emgp_powerline_fit_run(m->fit, m->x, n_blocks))
        return;
    emgp_powerline_fit_undo(m->fit);
    for (size_t channel = 0; channel < m->n_channels; channel++) {
        emgp_powerline_seen seen;
        if (emgp_powerline_fit_line(m->fit, channel, &seen))
            count(&m->tallies[channel], &seen, n_blocks == EMGP_POWERLINE_BLOCKS);
    }
    emgp_powerline_fit_add(m->fit, m->line, m->weight + kind * 2 * m->hop, n_rows);
}

/* n rows, their padding left out or left as it is. */
static void copy_rows(const emgp_powerline *m, float *to, size_t to_stride, const float *from, size_t from_stride,
                      size_t n)
{
    const size_t step = to_stride == from_stride ? n : 1, row = m->n_channels;
    for (size_t t = 0; t < n; t += step)
        memcpy(to + t * to_stride, from + t * from_stride, step * row * sizeof *to);
}

/* Hands on the line of the first n rows and moves the rest to the front. */
static emg_status hand_on(emgp_powerline *m, size_t n, emg_error *err)
{
    const bool padded = m->stride > m->n_channels;
    if (padded)
        copy_rows(m, m->out, m->n_channels, m->line, m->stride, n);
    emg_status status = m->next(m->context, padded ? m->out : m->line, n, err);
    size_t left = m->rows - n, row = m->stride * sizeof *m->x;
    memmove(m->x, m->x + n * m->stride, left * row);
    memmove(m->line, m->line + n * m->stride, left * row);
    memset(m->line + left * m->stride, 0, n * row);
    m->rows = left;
    return status;
}

emg_status emgp_powerline_push(emgp_powerline *m, const float *x, size_t n_frames, emg_error *err)
{
    while (n_frames > 0) {
        size_t piece = 2 * m->hop - m->rows;
        if (piece > n_frames)
            piece = n_frames;
        copy_rows(m, m->x + m->rows * m->stride, m->stride, x, m->n_channels, piece);
        m->rows += piece;
        x += piece * m->n_channels;
        n_frames -= piece;
        if (m->rows < 2 * m->hop)
            continue;
        fit_window(m, EMGP_POWERLINE_BLOCKS, m->rows, 0);
        emgp_powerline_fit_shift(m->fit, HOP_BLOCKS);
        m->looked -= HOP_BLOCKS;
        emg_status status = hand_on(m, m->hop, err);
        if (status)
            return status;
    }
    return EMG_OK;
}

emg_status emgp_powerline_finish(emgp_powerline *m, emg_error *err)
{
    if (m->rows == 0)
        return EMG_OK;
    /* After a full window a hop of frames is held that the window before covers with falling weight. */
    size_t n_blocks = m->rows / m->block;
    if (n_blocks >= EMGP_POWERLINE_LEAST_BLOCKS)
        fit_window(m, n_blocks, m->rows, LAST);
    emg_status status = hand_on(m, m->rows, err);
    emgp_powerline_fit_reset(m->fit);
    m->looked = 0;
    m->first = true;
    return status;
}
