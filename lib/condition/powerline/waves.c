/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of all channels as the kernels want them: block by block, correlated with what they leave, or added up. */
#include <math.h>

#include "base/base.h"
#include "condition/powerline/powerline.h"

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static emgp_phasor turned(double radians)
{
    return (emgp_phasor){ cos(radians), sin(radians) };
}

static emgp_phasor product(emgp_phasor a, emgp_phasor b)
{
    return (emgp_phasor){ a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re };
}

static void put(float *row, size_t stride, double first, double second)
{
    row[0] = (float)first;
    row[stride] = (float)second;
}

/* Phase w t + bend t^2 / 2 about the window's middle, as steps from block to block; evenly within each. */
static void set_phases(const emgp_powerline_fit *fit, emgp_powerline_channel *line)
{
    const double length = (double)fit->block, start = -0.5 * ((double)fit->n_blocks * length - 1);
    const double w = 2 * PI * line->frequency_hz / fit->rate_hz;
    const double bend = 2 * PI * line->bend_hz_s / (fit->rate_hz * fit->rate_hz);
    const double turn = w + bend * (start + 0.5 * length); /* mean over the first block */
    line->phase = turned((w + 0.5 * bend * start) * start);
    line->step = turned(turn * length);
    line->turn = turned(turn);
    line->more_step = line->more_turn = (emgp_phasor){ 1, 0 };
    if (bend == 0)
        return;
    line->more_step = turned(bend * length * length);
    line->more_turn = turned(bend * length);
}

/* Amplitudes into the kernels' rows; channels without a line get a wave of nothing. */
static void load_waves(emgp_powerline_fit *fit)
{
    const size_t stride = fit->stride;
    for (size_t channel = 0; channel < stride; channel++) {
        emgp_powerline_channel *line =
            channel < fit->n_channels && fit->lines[channel].tried ? &fit->lines[channel] : NULL;
        if (line)
            set_phases(fit, line);
        for (size_t k = 0; k < fit->n_harmonics; k++) {
            bool has = line && k < line->n_harmonics;
            fit->amplitude[2 * k * stride + channel] = has ? line->amplitude_re[k] : 0;
            fit->amplitude[(2 * k + 1) * stride + channel] = has ? -line->amplitude_im[k] : 0;
        }
    }
}

/* Phase at the start of the next block and its step per frame; turns both on by one block. */
static void load_start(emgp_powerline_fit *fit)
{
    const emgp_phasor none = { 1, 0 };
    for (size_t channel = 0; channel < fit->stride; channel++) {
        emgp_powerline_channel *line =
            channel < fit->n_channels && fit->lines[channel].tried ? &fit->lines[channel] : NULL;
        emgp_phasor phase = line ? line->phase : none, turn = line ? line->turn : none;
        put(fit->start + channel, fit->stride, phase.re, phase.im);
        put(fit->turn + channel, fit->stride, turn.re, turn.im);
        if (!line)
            continue;
        line->phase = product(line->phase, line->step);
        line->step = product(line->step, line->more_step);
        line->turn = product(line->turn, line->more_turn);
    }
}

/* The gain at the start of block b and its step per frame; behind the last block it stays. */
static void load_gain(emgp_powerline_fit *fit, size_t b)
{
    for (size_t channel = 0; channel < fit->n_channels; channel++) {
        const emgp_powerline_channel *line = &fit->lines[channel];
        float from = line->tried ? line->gain[least(b, fit->n_blocks)] : 0;
        float to = line->tried ? line->gain[least(b + 1, fit->n_blocks)] : 0;
        fit->gain[channel] = from;
        fit->gain[fit->stride + channel] = (to - from) / (float)fit->block;
    }
}

static emgp_wave waves_of(const emgp_powerline_fit *fit)
{
    emgp_wave wave = { fit->n_harmonics, fit->stride, fit->turn, fit->start, fit->amplitude, fit->gain };
    return wave;
}

void emgp_powerline_fit_correlate(emgp_powerline_fit *fit, const float *x)
{
    const size_t stride = fit->stride;
    const emgp_wave wave = waves_of(fit);
    load_waves(fit);
    for (size_t b = 0; b < fit->n_blocks; b++) {
        load_start(fit);
        load_gain(fit, b);
        fit->set->refit(x + b * fit->block * stride, fit->block, fit->n_channels, &wave, fit->limit + b * stride,
                        fit->left + b * 2 * fit->n_harmonics * stride, fit->power + b * stride,
                        fit->magnitude + b * stride);
    }
}

void emgp_powerline_fit_add(emgp_powerline_fit *fit, float *line, const float *weight, size_t n_rows)
{
    const emgp_wave wave = waves_of(fit);
    load_waves(fit);
    for (size_t b = 0, row = 0; row < n_rows; b++, row += fit->block) {
        load_start(fit);
        load_gain(fit, b);
        fit->set->add_wave(line + row * fit->stride, least(fit->block, n_rows - row), fit->n_channels, &wave,
                           weight + row);
    }
}
