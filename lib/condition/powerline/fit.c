/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line in one window: least squares with discharges clipped off, step by step, then a judgement. */
#include "condition/powerline/powerline.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/base.h"
#include "dsp/filter/filter.h"

/* Phasors of all harmonics give a first line; then what is left after subtracting it is clipped to three robust
 * standard deviations, so that discharges weigh no more than noise, and correlated again until the line stays as it is.
 */

static const double CLIP_SIGMA = 3;
static const double GAUSSIAN_MAGNITUDE = 0.79788456; /* mean of |x| of a standard Gaussian */
static const double FITTING = 1.5;                   /* factor within which the level of noise assumed must be right */
static const float SETTLED = 1e-3f;   /* change of power that ends the fit: 3 % in amplitude, the next far smaller */
static const double MOST_TURNS = 0.4; /* of a harmonic against its nominal frequency in a block: 3/4 of it are seen */
enum { ROUNDS = 3, FIRST_STEPS = 2, MOST_BLOCKS = EMGP_POWERLINE_BLOCKS };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static float *rows(const emgp_powerline_fit *fit, size_t n)
{
    return emgp_alloc(n * fit->stride, sizeof(float));
}

static bool allocate(emgp_powerline_fit *fit)
{
    size_t k = 2 * fit->look.most_harmonics;
    fit->limit = rows(fit, MOST_BLOCKS);
    fit->turn = rows(fit, 2);
    fit->start = rows(fit, 2);
    fit->gain = rows(fit, 2);
    fit->amplitude = rows(fit, k);
    fit->left = rows(fit, MOST_BLOCKS * k);
    fit->power = rows(fit, MOST_BLOCKS);
    fit->magnitude = rows(fit, MOST_BLOCKS);
    return fit->limit && fit->turn && fit->start && fit->gain && fit->amplitude && fit->left && fit->power &&
           fit->magnitude;
}

emgp_powerline_fit *emgp_powerline_fit_new(const emgp_lanes *set, size_t n_channels, size_t stride, size_t block_frames,
                                           double rate_hz, const emgp_powerline_setting *setting, double band_high_hz)
{
    emgp_powerline_fit *fit = emgp_alloc(1, sizeof *fit);
    if (!fit)
        return NULL;
    fit->set = set;
    fit->n_channels = n_channels;
    fit->stride = stride;
    fit->block = block_frames;
    fit->rate_hz = rate_hz;
    fit->keep_ratio = pow(10, setting->keep_db / 10);
    assert(setting->n_through <= EMGP_MOST_ORDER);
    if (setting->n_through > 0)
        memcpy(fit->through, setting->through, setting->n_through * sizeof *fit->through);
    fit->n_through = setting->n_through;
    if (!emgp_powerline_look_init(&fit->look, set, n_channels, stride, block_frames, rate_hz, setting, band_high_hz) ||
        !allocate(fit)) {
        emgp_powerline_fit_free(fit);
        return NULL;
    }
    return fit;
}

void emgp_powerline_fit_free(emgp_powerline_fit *fit)
{
    if (!fit)
        return;
    float *all[] = {
        fit->limit, fit->turn, fit->start, fit->gain, fit->amplitude, fit->left, fit->power, fit->magnitude
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        emgp_free(all[i]);
    emgp_powerline_look_free(&fit->look);
    emgp_free(fit);
}

void emgp_powerline_fit_look(emgp_powerline_fit *fit, const float *x, size_t block, size_t n)
{
    emgp_powerline_look_at(&fit->look, x, block, n);
}

void emgp_powerline_fit_shift(emgp_powerline_fit *fit, size_t from)
{
    emgp_powerline_look_shift(&fit->look, from);
}

void emgp_powerline_fit_reset(emgp_powerline_fit *fit)
{
    memset(fit->typical, 0, sizeof fit->typical);
}

/* Lines to try, as the search gives them: no amplitude yet, steady. */
static void try_lines(emgp_powerline_fit *fit, const emgp_powerline_trial *trial)
{
    for (size_t channel = 0; channel < fit->n_channels; channel++) {
        emgp_powerline_channel *line = &fit->lines[channel];
        *line = (emgp_powerline_channel){ .tried = trial[channel].candidate != NULL,
                                          .of = trial[channel].candidate,
                                          .frequency_hz = trial[channel].frequency_hz };
        line->n_harmonics = line->of ? line->of->n_harmonics : 0;
        for (size_t b = 0; b <= MOST_BLOCKS; b++)
            line->gain[b] = 1;
    }
}

/* A channel's phasors: its present line plus what `rest` holds, 2 rows a harmonic and 2 rest_harmonics a block. */
static void gather(const emgp_powerline_fit *fit, size_t channel, const float *rest, size_t rest_harmonics,
                   emgp_powerline_line_fit *p)
{
    const emgp_powerline_channel *line = &fit->lines[channel];
    const float scale = 2 / (float)fit->block;
    const size_t padded = least(EMGP_MOST_HARMONICS, line->n_harmonics + EMGP_POWERLINE_PADDING);
    p->n = line->n_harmonics;
    p->n_blocks = fit->n_blocks;
    p->block_s = (double)fit->block / fit->rate_hz;
    for (size_t b = 0; b < fit->n_blocks; b++) {
        const float *at = rest + b * rest_harmonics * 2 * fit->stride + channel;
        p->gain[b] = 0.5f * (line->gain[b] + line->gain[b + 1]);
        for (size_t k = 0; k < p->n; k++, at += 2 * fit->stride) {
            p->re[b][k] = p->gain[b] * line->amplitude_re[k] + at[0] * scale;
            p->im[b][k] = p->gain[b] * line->amplitude_im[k] - at[fit->stride] * scale;
        }
        for (size_t k = p->n; k < padded; k++)
            p->re[b][k] = p->im[b][k] = 0;
    }
}

/* Gains at the blocks' borders: halfway between the blocks' own. */
static void store_gain(emgp_powerline_channel *line, const emgp_powerline_line_fit *p)
{
    const size_t n = p->n_blocks;
    for (size_t b = 0; b <= n; b++)
        line->gain[b] = 0.5f * (p->gain[b > 0 ? b - 1 : 0] + p->gain[b < n ? b : n - 1]);
}

/* Keeps the amplitudes of p; harmonics above the highest sound one are no more looked at. */
static void store_line(emgp_powerline_channel *line, const emgp_powerline_line_fit *p)
{
    while (line->n_harmonics > 1 && !p->sound[line->n_harmonics - 1])
        line->n_harmonics--;
    memcpy(line->amplitude_re, p->amplitude_re, line->n_harmonics * sizeof *line->amplitude_re);
    memcpy(line->amplitude_im, p->amplitude_im, line->n_harmonics * sizeof *line->amplitude_im);
    store_gain(line, p);
}

static void turn_line(emgp_powerline_channel *line, emgp_powerline_turning by)
{
    line->frequency_hz += by.step_hz;
    line->bend_hz_s += by.bend_hz_s;
}

/* How many harmonics of a fundamental off_hz beside the nominal one the phasors about the nominal ones still see. */
static size_t harmonics_seen(const emgp_powerline_fit *fit, double off_hz)
{
    double seen = MOST_TURNS * fit->rate_hz / ((double)fit->block * fmax(fabs(off_hz), DBL_MIN));
    return seen < EMGP_MOST_HARMONICS ? (size_t)fmax(seen, 1) : EMGP_MOST_HARMONICS;
}

/* Loud blocks count for less. */
static void temper(const emgp_powerline_fit *fit, size_t channel, emgp_powerline_line_fit *p)
{
    for (size_t b = 0; b < p->n_blocks; b++) {
        const float share = fit->look.share[b * fit->stride + channel];
        for (size_t k = 0; k < p->n; k++) {
            p->re[b][k] *= share;
            p->im[b][k] *= share;
        }
    }
}

/* A first line from phasors about the candidate's nominal frequencies; the harmonics too far off for them begin as
 * nothing. */
static void start_line(emgp_powerline_fit *fit, size_t channel, const emgp_powerline_candidate *c)
{
    emgp_powerline_channel *line = &fit->lines[channel];
    const size_t all = line->n_harmonics, seen = harmonics_seen(fit, line->frequency_hz - c->nominal_hz);
    emgp_powerline_line_fit p;
    line->n_harmonics = least(all, seen);
    gather(fit, channel, c->phasor, c->n_harmonics, &p);
    temper(fit, channel, &p);
    emgp_powerline_turning turning = { line->frequency_hz, 0 };
    for (int i = 0; i < FIRST_STEPS; i++) {
        emgp_powerline_line_turn(&p, turning);
        emgp_powerline_line_amplitudes(&p);
        turning = emgp_powerline_line_turning(&p);
        turn_line(line, turning);
    }
    emgp_powerline_line_turn(&p, turning);
    emgp_powerline_line_amplitudes(&p);
    emgp_powerline_line_gains(&p);
    emgp_powerline_line_amplitudes(&p);
    store_line(line, &p);
    if (seen < all)
        line->n_harmonics = all;
}

/* First lines of all channels tried with this candidate. */
static void start_lines(emgp_powerline_fit *fit, emgp_powerline_candidate *c, const float *x)
{
    emgp_powerline_look_closer(&fit->look, c, x, fit->n_blocks);
    for (size_t channel = 0; channel < fit->n_channels; channel++) {
        if (fit->lines[channel].of == c)
            start_line(fit, channel, c);
    }
}

/* How far the amplitudes and the phase at the window's ends have moved, as a share of the line's power. */
static float change_of(const emgp_powerline_channel *line, const emgp_powerline_line_fit *p, emgp_powerline_turning by)
{
    const double length = p->block_s * (double)p->n_blocks;
    const float turn = (float)(PI * by.step_hz * length), bend = (float)(0.25 * PI * by.bend_hz_s * length * length);
    float change = 0, power = FLT_MIN;
    for (size_t k = 0; k < p->n; k++) {
        float re = p->amplitude_re[k], im = p->amplitude_im[k];
        float off_re = re - line->amplitude_re[k], off_im = im - line->amplitude_im[k];
        change += off_re * off_re + off_im * off_im;
        power += re * re + im * im;
    }
    return change / power + turn * turn + bend * bend;
}

/* Clip limits: while it is not known what the line leaves, each block's own level; then three standard deviations of
 * the noise, which is that of the typical block. */
static void set_limits(emgp_powerline_fit *fit, size_t channel)
{
    const double typical = fit->typical[channel], limit = typical * CLIP_SIGMA / GAUSSIAN_MAGNITUDE;
    for (size_t b = 0; b < fit->n_blocks; b++) {
        size_t at = b * fit->stride + channel;
        fit->limit[at] = typical > 0 ? (float)limit : fit->look.limit[at] * fit->look.share[at];
    }
}

/* A channel after a round: a better line; judged once it has settled, under limits that fit what it leaves. */
static void improve(emgp_powerline_fit *fit, size_t channel, const float *x, bool last)
{
    emgp_powerline_channel *line = &fit->lines[channel];
    emgp_powerline_line_fit p;
    gather(fit, channel, fit->left, fit->n_harmonics, &p);
    emgp_powerline_line_amplitudes(&p);
    emgp_powerline_line_gains(&p);
    emgp_powerline_line_amplitudes(&p);
    emgp_powerline_turning turning = emgp_powerline_line_turning(&p);
    float change = change_of(line, &p, turning);
    store_line(line, &p);
    turn_line(line, turning);
    double typical =
        emgp_powerline_ranked(fit->magnitude + channel, fit->stride, fit->n_blocks, 0.5) / (double)fit->block;
    double assumed = fit->typical[channel];
    bool fitting = typical <= assumed * FITTING && assumed <= typical * FITTING;
    line->settled = last || (change <= SETTLED && fitting);
    fit->typical[channel] = typical;
    set_limits(fit, channel);
    if (line->settled)
        emgp_powerline_fit_judge(fit, channel, &p, x);
}

/* Harmonics that the kernels must make: the most of any channel. */
static size_t harmonics_in_use(const emgp_powerline_fit *fit)
{
    size_t most = 1;
    for (size_t channel = 0; channel < fit->n_channels; channel++) {
        if (fit->lines[channel].tried && fit->lines[channel].n_harmonics > most)
            most = fit->lines[channel].n_harmonics;
    }
    return most;
}

/* First lines for all that are tried; limits for the first round from the window before, where it had a line. */
static void start(emgp_powerline_fit *fit, const float *x)
{
    for (size_t i = 0; i < fit->look.n_candidates; i++) {
        emgp_powerline_candidate *c = &fit->look.candidates[i];
        bool any = false;
        for (size_t channel = 0; channel < fit->n_channels; channel++)
            any = any || fit->lines[channel].of == c;
        if (any)
            start_lines(fit, c, x);
    }
    for (size_t channel = 0; channel < fit->n_channels; channel++)
        set_limits(fit, channel);
}

/* One round; true when all channels have settled. */
static bool run_round(emgp_powerline_fit *fit, const float *x, bool last)
{
    bool settled = true;
    fit->n_harmonics = harmonics_in_use(fit);
    emgp_powerline_fit_correlate(fit, x);
    for (size_t channel = 0; channel < fit->n_channels; channel++) {
        emgp_powerline_channel *line = &fit->lines[channel];
        if (line->tried && !line->settled)
            improve(fit, channel, x, last);
        settled = settled && (!line->tried || line->settled);
    }
    return settled;
}

bool emgp_powerline_fit_run(emgp_powerline_fit *fit, const float *x, size_t n_blocks)
{
    bool any = false;
    emgp_powerline_trial trial[EMGP_MOST_CHANNELS];
    fit->n_blocks = n_blocks;
    bool found = emgp_powerline_look_search(&fit->look, n_blocks, trial);
    try_lines(fit, trial);
    if (found) {
        start(fit, x);
        for (int round = 1; round <= ROUNDS && !run_round(fit, x, round == ROUNDS); round++)
            ;
    }
    for (size_t channel = 0; channel < fit->n_channels; channel++) {
        emgp_powerline_channel *line = &fit->lines[channel];
        if (!line->tried)
            fit->typical[channel] = 0;
        line->tried = line->used;
        any = any || line->used;
    }
    return any;
}

bool emgp_powerline_fit_line(const emgp_powerline_fit *fit, size_t channel, emgp_powerline_seen *seen)
{
    const emgp_powerline_channel *line = &fit->lines[channel];
    if (!line->used)
        return false;
    seen->candidate = (size_t)(line->of - fit->look.candidates);
    seen->frequency_hz = line->frequency_hz;
    seen->amplitude = sqrt(2 * line->power);
    return true;
}

/* Of both passes, at harmonic k + 1. */
static double gain_at(const emgp_powerline_fit *fit, const emgp_powerline_channel *line, size_t k)
{
    double once = emgp_sections_gain(fit->through, fit->n_through, (double)(k + 1) * line->frequency_hz, fit->rate_hz);
    return once * once;
}

void emgp_powerline_fit_undo(emgp_powerline_fit *fit)
{
    for (size_t channel = 0; channel < fit->n_channels; channel++) {
        emgp_powerline_channel *line = &fit->lines[channel];
        double seen = DBL_MIN, before = 0;
        for (size_t k = 0; line->used && k < line->n_harmonics; k++) {
            double gain = gain_at(fit, line, k);
            double re = (double)line->amplitude_re[k], im = (double)line->amplitude_im[k];
            if (re * re + im * im == 0)
                continue;
            line->amplitude_re[k] = (float)(re / gain);
            line->amplitude_im[k] = (float)(im / gain);
            seen += re * re + im * im;
            before += (re * re + im * im) / (gain * gain);
        }
        line->power *= before / seen;
    }
}

double emgp_powerline_fit_nominal(const emgp_powerline_fit *fit, size_t candidate)
{
    return fit->look.candidates[candidate].nominal_hz;
}
