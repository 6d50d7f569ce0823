/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a line found is power line interference to be removed: strong enough, near enough, and not made of pulses. */
#include <math.h>
#include <string.h>

#include "condition/powerline/powerline.h"

static const double MOST_OFF_HZ = 1.05; /* a fit that wandered further is none of the line */
static const float OF_PULSES = 0.06f; /* power that clipping takes, as a share of the line's: a quarter in amplitude */
static const float EVEN = 0.1f; /* power of the second harmonic against the first, from which on pulses are asked for */
static const float BETWEEN = 0.1f; /* power between the harmonics, as a share of the mean of the first two */
enum { N_BARE = EMGP_POWERLINE_BARE, N_BETWEEN = EMGP_POWERLINE_BETWEEN };

/* A channel's block phasors that were correlated without clipping: n of every n_rows, from `first` on. */
static emgp_powerline_line_fit unclipped(const emgp_powerline_fit *fit, size_t channel, const float *rows,
                                         size_t n_rows, size_t first, size_t n)
{
    emgp_powerline_line_fit line = { .n = n, .n_blocks = fit->n_blocks, .block_s = (double)fit->block / fit->rate_hz };
    const float scale = 2 / (float)fit->block;
    for (size_t b = 0; b < fit->n_blocks; b++) {
        for (size_t k = 0; k < n; k++) {
            const float *at = rows + (b * n_rows + first + k) * 2 * fit->stride + channel;
            line.re[b][k] = at[0] * scale;
            line.im[b][k] = -at[fit->stride] * scale;
        }
        line.gain[b] = 1;
    }
    return line;
}

static float power_of(const emgp_powerline_line_fit *line, size_t k)
{
    return line->amplitude_re[k] * line->amplitude_re[k] + line->amplitude_im[k] * line->amplitude_im[k];
}

/* Pulses in step with the line (a stimulator, a discharge as regular as a clock): much more of the line is found without
 * clipping, in every block alike, while clipping takes nothing from a wave. */
static bool clipping_takes(const emgp_powerline_fit *fit, size_t channel, const emgp_powerline_line_fit *p)
{
    const emgp_powerline_channel *line = &fit->lines[channel];
    emgp_powerline_line_fit bare = unclipped(fit, channel, line->of->bare, N_BARE, 0, p->n < N_BARE ? p->n : N_BARE);
    emgp_powerline_line_turn(&bare, (emgp_powerline_turning){ line->frequency_hz, line->bend_hz_s });
    for (size_t b = 0; b < p->n_blocks; b++) {
        for (size_t k = 0; k < bare.n; k++) {
            bare.re[b][k] -= p->gain[b] * p->amplitude_re[k];
            bare.im[b][k] -= p->gain[b] * p->amplitude_im[k];
        }
    }
    emgp_powerline_line_amplitudes(&bare);
    float more = 0, power = 0;
    for (size_t k = 0; k < bare.n; k++) {
        power += power_of(p, k);
        more += bare.sound[k] ? power_of(&bare, k) : 0;
    }
    return more > OF_PULSES * power;
}

/* Pulses at a half, a third or two thirds of the line frequency, too many for clipping to show: a train of pulses has
 * lines at all multiples of its own rate, those between the line's harmonics as strong as the others; power line
 * interference has none there. A second harmonic is part of all such trains, but not of all interference. */
static bool lines_between(emgp_powerline_fit *fit, size_t channel, const emgp_powerline_line_fit *p, const float *x)
{
    const emgp_powerline_channel *line = &fit->lines[channel];
    if (line->of->n_harmonics < 3 || p->n < 2 || !p->sound[1] || power_of(p, 1) < EVEN * power_of(p, 0))
        return false;
    emgp_powerline_look_between(&fit->look, line->of, x, fit->n_blocks);
    for (size_t i = 0; i < N_BETWEEN; i++) {
        const double order = emgp_powerline_order_between(i);
        emgp_powerline_line_fit one = unclipped(fit, channel, line->of->between, N_BETWEEN, i, 1);
        emgp_powerline_line_turn(&one, (emgp_powerline_turning){ order * line->frequency_hz, order * line->bend_hz_s });
        emgp_powerline_line_amplitudes(&one);
        if (one.sound[0] && power_of(&one, 0) > BETWEEN * 0.5f * (power_of(p, 0) + power_of(p, 1)))
            return true;
    }
    return false;
}

void emgp_powerline_fit_judge(emgp_powerline_fit *fit, size_t channel, const emgp_powerline_line_fit *p, const float *x)
{
    emgp_powerline_channel *line = &fit->lines[channel];
    double power = 0, left = 0, gain = 0;
    /* a strong response in one block does not hide the line of the others */
    const double most = EMGP_POWERLINE_LOUD * EMGP_POWERLINE_LOUD *
                        emgp_powerline_ranked(fit->power + channel, fit->stride, fit->n_blocks, EMGP_POWERLINE_USUAL);
    for (size_t k = 0; k < line->n_harmonics; k++) {
        double re = (double)line->amplitude_re[k], im = (double)line->amplitude_im[k];
        if (p->sound[k])
            power += 0.5 * (re * re + im * im);
        else
            line->amplitude_re[k] = line->amplitude_im[k] = 0;
    }
    for (size_t b = 0; b < fit->n_blocks; b++) {
        left += fmin((double)fit->power[b * fit->stride + channel], most);
        gain += (double)p->gain[b] * (double)p->gain[b];
    }
    left /= (double)(fit->n_blocks * fit->block);
    line->power = power * gain / (double)fit->n_blocks;
    bool near = fabs(line->frequency_hz - line->of->nominal_hz) <= MOST_OFF_HZ;
    line->used = near && line->power > 0 && left <= line->power * fit->keep_ratio && !clipping_takes(fit, channel, p) &&
                 !lines_between(fit, channel, p, x);
}
