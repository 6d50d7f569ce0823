/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Correlates blocks with harmonics of the nominal frequencies and looks how evenly the phasors turn. */
#include "condition/powerline/powerline.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/base.h"

/* Each block of 0.1 s is correlated with a few harmonics of the nominal line frequency, one of which is always strong
 * in the interference. A steady wave turns these phasors evenly from block to block; for each trial frequency within
 * +-1 Hz, what is not steady is left as a share of the phasors' power. With B blocks of noise alone the share of one
 * harmonic falls below exp(-L / (B - 1)) with probability exp(-L): the product over harmonics is a likelihood ratio. */

static const double SIGNIFICANT = 20; /* log likelihood ratio; noise reaches it once in some 1e5 windows */
static const double OWN_CLIP = 3.75;  /* in mean magnitudes: 3 sigma of noise, above the peak of a sine wave */
enum {
    MOST_PROBES = 4,
    MOST_BLOCKS = EMGP_POWERLINE_BLOCKS,
    N_BARE = EMGP_POWERLINE_BARE,
    N_BETWEEN = EMGP_POWERLINE_BETWEEN
};
static const int probes[MOST_PROBES] = { 1, 2, 3, 5 };
/* Trial frequencies: -1 to 1 Hz in steps of 0.1; the fifth harmonic, five times as far off, still keeps 40 % of its
 * power. */
enum { N_GRID = 21 };
static const double GRID_STEP_HZ = 0.1;

/* Harmonics of f up to 1 Hz a piece below `top`. */
static size_t harmonics_below(double f_hz, double top_hz)
{
    return top_hz < f_hz + 1 ? 0 : (size_t)(top_hz / (f_hz + 1));
}

static void choose_candidates(emgp_powerline_look *look, const emgp_powerline_setting *setting, double top_hz)
{
    double nominal[EMGP_POWERLINE_CANDIDATES] = { 50, 60 };
    size_t n = 2;
    if (setting->mode == EMG_POWERLINE_50 || setting->mode == EMG_POWERLINE_60) {
        nominal[0] = setting->mode == EMG_POWERLINE_50 ? 50 : 60;
        n = 1;
    } else if (setting->hint_hz >= 45 && setting->hint_hz <= 65) {
        nominal[0] = setting->hint_hz;
        n = 1;
    }
    for (size_t i = 0; i < n; i++) {
        emgp_powerline_candidate c = { .nominal_hz = nominal[i], .first_wave = look->n_waves };
        c.n_harmonics = harmonics_below(c.nominal_hz, top_hz);
        if (c.n_harmonics > setting->harmonics)
            c.n_harmonics = setting->harmonics;
        while (c.n_probes < MOST_PROBES && probes[c.n_probes] <= (int)c.n_harmonics)
            c.n_probes++;
        if (c.n_harmonics == 0)
            continue;
        look->n_waves += c.n_probes;
        look->most_harmonics = look->most_harmonics > c.n_harmonics ? look->most_harmonics : c.n_harmonics;
        look->candidates[look->n_candidates++] = c;
    }
}

/* Cosine and sine of f_hz about the block's middle into every row of a table of n_waves. */
static void fill_wave(const emgp_powerline_look *look, float *wave, size_t n_waves, size_t at, double f_hz)
{
    for (size_t t = 0; t < look->block; t++) {
        double phase = 2 * PI * f_hz * ((double)t - 0.5 * (double)(look->block - 1)) / look->rate_hz;
        wave[(t * n_waves + at) * 2] = (float)cos(phase);
        wave[(t * n_waves + at) * 2 + 1] = (float)sin(phase);
    }
}

static void fill_waves(emgp_powerline_look *look)
{
    for (size_t i = 0; i < look->n_candidates; i++) {
        const emgp_powerline_candidate *c = &look->candidates[i];
        for (size_t j = 0; j < c->n_probes; j++)
            fill_wave(look, look->wave, look->n_waves, c->first_wave + j, probes[j] * c->nominal_hz);
        for (size_t k = 0; k < c->n_harmonics; k++)
            fill_wave(look, c->wave, c->n_harmonics, k, (double)(k + 1) * c->nominal_hz);
        for (size_t k = 0; k < N_BARE; k++)
            fill_wave(look, c->bare_wave, N_BARE, k, (double)(k + 1) * c->nominal_hz);
        for (size_t j = 0; j < N_BETWEEN; j++)
            fill_wave(look, c->between_wave, N_BETWEEN, j, emgp_powerline_order_between(j) * c->nominal_hz);
    }
}

static float *rotation_of(const emgp_powerline_look *look, size_t wave)
{
    return look->rotation + wave * N_GRID * MOST_BLOCKS * 2;
}

/* Phase of each trial frequency at the middle of each block. Block phasors are taken about the blocks' middles. */
static void fill_rotation(emgp_powerline_look *look, size_t n_blocks)
{
    for (size_t i = 0; i < look->n_candidates; i++) {
        const emgp_powerline_candidate *c = &look->candidates[i];
        for (size_t j = 0; j < c->n_probes; j++) {
            float *r = rotation_of(look, c->first_wave + j);
            for (int g = 0; g < N_GRID; g++) {
                double f = probes[j] * (c->nominal_hz + (g - N_GRID / 2) * GRID_STEP_HZ);
                for (size_t b = 0; b < n_blocks; b++, r += 2) {
                    double phase = 2 * PI * f * (double)b * (double)look->block / look->rate_hz;
                    r[0] = (float)cos(phase);
                    r[1] = (float)sin(phase);
                }
            }
        }
    }
    look->rotation_blocks = n_blocks;
}

static float *rows(const emgp_powerline_look *look, size_t n)
{
    return emgp_alloc(n * look->stride, sizeof(float));
}

static bool allocate(emgp_powerline_look *look)
{
    look->wave = emgp_alloc(look->block * look->n_waves * 2, sizeof(float));
    look->rotation = emgp_alloc(look->n_waves * N_GRID * MOST_BLOCKS * 2, sizeof(float));
    look->phasor = rows(look, MOST_BLOCKS * 2 * look->n_waves);
    look->tempered = rows(look, MOST_BLOCKS * 2 * look->n_waves);
    look->sum = rows(look, MOST_BLOCKS);
    look->share = rows(look, MOST_BLOCKS);
    look->limit = rows(look, MOST_BLOCKS);
    look->no_limit = rows(look, 1);
    look->ratio = rows(look, N_GRID);
    for (size_t i = 0; i < look->n_candidates; i++) {
        emgp_powerline_candidate *c = &look->candidates[i];
        c->wave = emgp_alloc(look->block * c->n_harmonics * 2, sizeof(float));
        c->phasor = rows(look, MOST_BLOCKS * 2 * c->n_harmonics);
        c->bare_wave = emgp_alloc(look->block * N_BARE * 2, sizeof(float));
        c->bare = rows(look, MOST_BLOCKS * 2 * N_BARE);
        c->between_wave = emgp_alloc(look->block * N_BETWEEN * 2, sizeof(float));
        c->between = rows(look, MOST_BLOCKS * 2 * N_BETWEEN);
        if (!c->wave || !c->phasor || !c->bare_wave || !c->bare || !c->between_wave || !c->between)
            return false;
    }
    return look->wave && look->rotation && look->phasor && look->tempered && look->sum && look->share && look->limit &&
           look->no_limit && look->ratio;
}

bool emgp_powerline_look_init(emgp_powerline_look *look, const emgp_lanes *set, size_t n_channels, size_t stride,
                              size_t block_frames, double rate_hz, const emgp_powerline_setting *setting,
                              double band_high_hz)
{
    memset(look, 0, sizeof *look);
    look->set = set;
    look->n_channels = n_channels;
    look->stride = stride;
    look->block = block_frames;
    look->rate_hz = rate_hz;
    choose_candidates(look, setting, fmin(band_high_hz, 0.48 * rate_hz));
    if (!allocate(look))
        return false;
    fill_waves(look);
    for (size_t channel = 0; channel < stride; channel++)
        look->no_limit[channel] = FLT_MAX;
    return true;
}

void emgp_powerline_look_free(emgp_powerline_look *look)
{
    float *all[] = { look->wave,  look->rotation, look->phasor,   look->tempered, look->sum,
                     look->share, look->limit,    look->no_limit, look->ratio };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        emgp_free(all[i]);
    for (size_t i = 0; i < look->n_candidates; i++) {
        emgp_free(look->candidates[i].wave);
        emgp_free(look->candidates[i].phasor);
        emgp_free(look->candidates[i].bare_wave);
        emgp_free(look->candidates[i].bare);
        emgp_free(look->candidates[i].between_wave);
        emgp_free(look->candidates[i].between);
    }
}

double emgp_powerline_ranked(const float *x, size_t stride, size_t n, double rank)
{
    float sorted[MOST_BLOCKS] = { 0 };
    assert(n > 0 && n <= MOST_BLOCKS);
    for (size_t i = 0; i < n; i++) {
        float v = x[i * stride];
        size_t j = i;
        for (; j > 0 && sorted[j - 1] > v; j--)
            sorted[j] = sorted[j - 1];
        sorted[j] = v;
    }
    const double at = rank * (double)(n - 1);
    return 0.5 * ((double)sorted[(size_t)floor(at)] + (double)sorted[(size_t)ceil(at)]);
}

void emgp_powerline_look_at(emgp_powerline_look *look, const float *x, size_t block, size_t n)
{
    const size_t stride = look->stride;
    if (look->n_waves == 0)
        return;
    for (size_t b = block; b < block + n; b++) {
        const float *at = x + b * look->block * stride;
        float *limit = look->limit + b * stride, *sum = look->sum + b * stride;
        look->set->sum_absolute(at, look->block, look->n_channels, stride, sum);
        for (size_t channel = 0; channel < stride; channel++)
            limit[channel] = sum[channel] * (float)(OWN_CLIP / (double)look->block);
        look->set->correlate(at, look->block, look->n_channels, stride, limit, look->wave, look->n_waves,
                             look->phasor + b * 2 * look->n_waves * stride);
        for (size_t i = 0; i < look->n_candidates; i++)
            look->candidates[i].has[b] = false;
    }
}

void emgp_powerline_look_closer(emgp_powerline_look *look, emgp_powerline_candidate *c, const float *x, size_t n_blocks)
{
    const size_t stride = look->stride;
    for (size_t b = 0; b < n_blocks; b++) {
        const float *at = x + b * look->block * stride;
        if (c->has[b])
            continue;
        look->set->correlate(at, look->block, look->n_channels, stride, look->limit + b * stride, c->wave,
                             c->n_harmonics, c->phasor + b * 2 * c->n_harmonics * stride);
        look->set->correlate(at, look->block, look->n_channels, stride, look->no_limit, c->bare_wave, N_BARE,
                             c->bare + b * 2 * N_BARE * stride);
        c->has[b] = true;
    }
}

void emgp_powerline_look_between(emgp_powerline_look *look, emgp_powerline_candidate *c, const float *x,
                                 size_t n_blocks)
{
    const size_t stride = look->stride;
    for (size_t b = 0; b < n_blocks && !c->has_between; b++)
        look->set->correlate(x + b * look->block * stride, look->block, look->n_channels, stride, look->no_limit,
                             c->between_wave, N_BETWEEN, c->between + b * 2 * N_BETWEEN * stride);
    c->has_between = true;
}

double emgp_powerline_order_between(size_t i)
{
    static const double orders[N_BETWEEN] = { 3.0 / 2, 5.0 / 2, 4.0 / 3, 5.0 / 3 };
    return orders[i];
}

/* Moves rows of blocks `from` and later to the front. */
static void shift_rows(const emgp_powerline_look *look, float *row, size_t rows_per_block, size_t from)
{
    size_t n = rows_per_block * look->stride;
    memmove(row, row + from * n, (MOST_BLOCKS - from) * n * sizeof *row);
}

void emgp_powerline_look_shift(emgp_powerline_look *look, size_t from)
{
    shift_rows(look, look->sum, 1, from);
    shift_rows(look, look->limit, 1, from);
    shift_rows(look, look->phasor, 2 * look->n_waves, from);
    for (size_t i = 0; i < look->n_candidates; i++) {
        emgp_powerline_candidate *c = &look->candidates[i];
        shift_rows(look, c->phasor, 2 * c->n_harmonics, from);
        shift_rows(look, c->bare, 2 * N_BARE, from);
        memmove(c->has, c->has + from, (MOST_BLOCKS - from) * sizeof *c->has);
    }
}

/* The trial frequency at which a channel's phasors are steadiest, and the likelihood ratio there, or 0 when not
 * significant. */
static double best_trial(const emgp_powerline_look *look, size_t n_blocks, size_t channel, double nominal_hz,
                         double *f_hz)
{
    const float *ratio = look->ratio + channel;
    int best = 0;
    for (int g = 1; g < N_GRID; g++) {
        if (ratio[(size_t)g * look->stride] < ratio[(size_t)best * look->stride])
            best = g;
    }
    *f_hz = nominal_hz + (best - N_GRID / 2) * GRID_STEP_HZ;
    float least = ratio[(size_t)best * look->stride]; /* rounding may take that of a pure tone below 0 */
    if (!(least < 1))
        return 0; /* noise, or squares that overflow */
    double value = -log(fmax((double)least, FLT_MIN)) * (double)(n_blocks - 1);
    return value >= SIGNIFICANT ? value : 0;
}

/* A strong response of one or two blocks would outweigh the line of all others: loud blocks count as quieter ones. What is
 * said of a block itself stays, since the next window has other neighbours for it. */
static void temper(emgp_powerline_look *look, size_t n_blocks)
{
    const size_t stride = look->stride, n_rows = 2 * look->n_waves;
    for (size_t channel = 0; channel < look->n_channels; channel++) {
        const float most = (float)(EMGP_POWERLINE_LOUD *
                                   emgp_powerline_ranked(look->sum + channel, stride, n_blocks, EMGP_POWERLINE_USUAL));
        for (size_t b = 0; b < n_blocks; b++) {
            const float level = look->sum[b * stride + channel];
            look->share[b * stride + channel] = most > 0 && level > most ? most / level : 1;
        }
    }
    for (size_t b = 0; b < n_blocks; b++)
        for (size_t k = 0; k < n_rows; k++)
            for (size_t channel = 0; channel < stride; channel++) {
                const size_t at = (b * n_rows + k) * stride + channel;
                look->tempered[at] = look->phasor[at] * look->share[b * stride + channel];
            }
}

bool emgp_powerline_look_search(emgp_powerline_look *look, size_t n_blocks, emgp_powerline_trial *trial)
{
    const size_t stride = look->stride;
    bool any = false;
    double best[EMGP_MOST_CHANNELS] = { 0 };
    temper(look, n_blocks);
    if (look->rotation_blocks != n_blocks)
        fill_rotation(look, n_blocks);
    memset(trial, 0, look->n_channels * sizeof *trial);
    for (size_t i = 0; i < look->n_candidates; i++) {
        emgp_powerline_candidate *c = &look->candidates[i];
        c->has_between = false;
        for (size_t k = 0; k < N_GRID * stride; k++)
            look->ratio[k] = 1;
        for (size_t j = 0; j < c->n_probes; j++) {
            size_t wave = c->first_wave + j;
            look->set->unsteadiness(look->tempered + 2 * wave * stride, n_blocks, 2 * look->n_waves * stride,
                                    look->n_channels, stride, rotation_of(look, wave), N_GRID, look->ratio);
        }
        for (size_t channel = 0; channel < look->n_channels; channel++) {
            double f_hz, value = best_trial(look, n_blocks, channel, c->nominal_hz, &f_hz);
            if (value <= best[channel])
                continue;
            best[channel] = value;
            trial[channel] = (emgp_powerline_trial){ c, f_hz };
            any = true;
        }
    }
    return any;
}
