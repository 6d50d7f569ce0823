/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line in one window: a cheap search over block phasors, then least squares with discharges clipped off. */
#include "dsp/mains_fit.h"

#include <complex.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"

/* Search. Each block of 0.1 s is correlated with a few harmonics of the nominal line frequency, at which hum is always
 * strongest somewhere. A steady wave turns these phasors evenly from block to block; for each trial frequency within
 * +-1 Hz, what is not steady is left as a share of the phasors' power. With B blocks of noise alone the share of one harmonic
 * falls below exp(-L / (B - 1)) with probability exp(-L): the product over harmonics is a likelihood ratio.
 *
 * Fit. Newton steps on frequency and amplitudes: what is left after subtracting the line is clipped to three robust
 * standard deviations, so that discharges weigh no more than noise, and correlated again. */

static const double PI = 3.14159265358979323846;
static const double SIGNIFICANT = 20;      /* log likelihood ratio; noise reaches it once in some 1e5 windows */
static const double HARMONIC_F = 10;       /* F (2, 2 B - 2) that a harmonic needs; noise reaches it in 3 of 10000 */
static const double FIRST_CLIP = 3.75;     /* in mean magnitudes: 3 sigma of noise, above the peak of a sine wave */
static const double CLIP_SIGMA = 3;
static const double GAUSSIAN_MAGNITUDE = 0.79788456; /* mean of |x| of a standard Gaussian */
static const double MODULATED = 4;         /* see fit_gain */
static const double LEAST_CHANGE = 0.01;   /* of the gain's mean square: less is steady */
enum { MOST_CANDIDATES = 2, MOST_PROBES = 4, ROUNDS = 4, ROUGH_ROUNDS = 2, MOST_BLOCKS = EMGP_MAINS_BLOCKS };
/* Trial frequencies: -1 to 1 Hz in steps of 0.1; the fifth harmonic, five times as far off, still keeps 40 % of its power. */
enum { N_GRID = 21 };
static const double GRID_STEP_HZ = 0.1;
static const int probes[MOST_PROBES] = { 1, 2, 3, 5 };

typedef struct candidate {
    double nominal_hz;
    size_t n_harmonics; /* fitted */
    size_t n_probes;    /* searched */
    size_t first_wave;  /* its first row among the waves */
} candidate;

typedef struct lane_line {
    bool tried, used;
    size_t n_harmonics;
    double frequency_hz;
    double mean_square_gain;
    double complex amplitude[EMGP_MOST_HARMONICS]; /* wave = gain Re(amplitude exp(i phase)) */
    float gain[MOST_BLOCKS + 1];                   /* at the blocks' borders */
    double complex phase, step;                    /* exp(i phase) at the block now worked on, and per block */
} lane_line;

struct emgp_mains_fit {
    const emgp_lanes *set;
    size_t n_lanes, stride, block, n_candidates, n_waves, n_harmonics, n_blocks;
    double rate_hz, keep_ratio;
    candidate candidates[MOST_CANDIDATES];
    float *wave;      /* block rows of n_waves cosines and sines about the block's middle */
    float *rotation;  /* per number of blocks in use: candidate, probe, grid, block: cosine and sine */
    size_t rotation_blocks;
    float *phasor;    /* MOST_BLOCKS x 2 n_waves rows */
    float *mean_abs;  /* MOST_BLOCKS rows */
    float *limit;     /* MOST_BLOCKS rows */
    float *ratio;     /* MOST_CANDIDATES x N_GRID rows */
    float *turn, *start, *gain; /* 2 rows each */
    float *amplitude; /* 2 n_harmonics rows */
    float *left;      /* MOST_BLOCKS x 2 n_harmonics rows: phasors of what the line leaves */
    float *power, *magnitude; /* MOST_BLOCKS rows: of what the line leaves */
    lane_line lines[EMGP_MOST_LANES];
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Harmonics of f up to 1 Hz a piece below `top`. */
static size_t harmonics_below(double f_hz, double top_hz)
{
    return top_hz < f_hz + 1 ? 0 : (size_t)(top_hz / (f_hz + 1));
}

static void choose_candidates(emgp_mains_fit *fit, const emgp_mains_setting *setting, double top_hz)
{
    double nominal[MOST_CANDIDATES] = { 50, 60 };
    size_t n = 2;
    if (setting->mode == EMGP_MAINS_50 || setting->mode == EMGP_MAINS_60) {
        nominal[0] = setting->mode == EMGP_MAINS_50 ? 50 : 60;
        n = 1;
    } else if (setting->hint_hz >= 45 && setting->hint_hz <= 65) {
        nominal[0] = setting->hint_hz;
        n = 1;
    }
    for (size_t i = 0; i < n; i++) {
        candidate c = { nominal[i], least(harmonics_below(nominal[i], top_hz), setting->harmonics), 0, fit->n_waves };
        while (c.n_probes < MOST_PROBES && probes[c.n_probes] <= (int)c.n_harmonics)
            c.n_probes++;
        if (c.n_harmonics == 0)
            continue;
        fit->n_waves += c.n_probes;
        fit->n_harmonics = fit->n_harmonics > c.n_harmonics ? fit->n_harmonics : c.n_harmonics;
        fit->candidates[fit->n_candidates++] = c;
    }
}

static void fill_waves(emgp_mains_fit *fit)
{
    for (size_t i = 0; i < fit->n_candidates; i++) {
        const candidate *c = &fit->candidates[i];
        for (size_t j = 0; j < c->n_probes; j++) {
            for (size_t t = 0; t < fit->block; t++) {
                double time = ((double)t - 0.5 * (double)(fit->block - 1)) / fit->rate_hz;
                double phase = 2 * PI * probes[j] * c->nominal_hz * time;
                float *w = fit->wave + (t * fit->n_waves + c->first_wave + j) * 2;
                w[0] = (float)cos(phase);
                w[1] = (float)sin(phase);
            }
        }
    }
}

static float *rotation_of(const emgp_mains_fit *fit, size_t wave)
{
    return fit->rotation + wave * N_GRID * MOST_BLOCKS * 2;
}

/* Phase of each trial frequency at the middle of each block. Block phasors are taken about the blocks' middles. */
static void fill_rotation(emgp_mains_fit *fit, size_t n_blocks)
{
    for (size_t i = 0; i < fit->n_candidates; i++) {
        const candidate *c = &fit->candidates[i];
        for (size_t j = 0; j < c->n_probes; j++) {
            float *r = rotation_of(fit, c->first_wave + j);
            for (int g = 0; g < N_GRID; g++) {
                double f = probes[j] * (c->nominal_hz + (g - N_GRID / 2) * GRID_STEP_HZ);
                for (size_t b = 0; b < n_blocks; b++, r += 2) {
                    double phase = 2 * PI * f * (double)b * (double)fit->block / fit->rate_hz;
                    r[0] = (float)cos(phase);
                    r[1] = (float)sin(phase);
                }
            }
        }
    }
    fit->rotation_blocks = n_blocks;
}

static float *rows(const emgp_mains_fit *fit, size_t n)
{
    return emgp_alloc(n * fit->stride, sizeof(float));
}

static bool allocate(emgp_mains_fit *fit)
{
    size_t k = 2 * fit->n_harmonics;
    fit->wave = emgp_alloc(fit->block * fit->n_waves * 2, sizeof(float));
    fit->rotation = emgp_alloc(fit->n_waves * N_GRID * MOST_BLOCKS * 2, sizeof(float));
    fit->phasor = rows(fit, MOST_BLOCKS * 2 * fit->n_waves);
    fit->mean_abs = rows(fit, MOST_BLOCKS);
    fit->limit = rows(fit, MOST_BLOCKS);
    fit->ratio = rows(fit, MOST_CANDIDATES * N_GRID);
    fit->turn = rows(fit, 2);
    fit->start = rows(fit, 2);
    fit->gain = rows(fit, 2);
    fit->amplitude = rows(fit, k);
    fit->left = rows(fit, MOST_BLOCKS * k);
    fit->power = rows(fit, MOST_BLOCKS);
    fit->magnitude = rows(fit, MOST_BLOCKS);
    return fit->wave && fit->rotation && fit->phasor && fit->mean_abs && fit->limit && fit->ratio && fit->turn &&
           fit->start && fit->gain && fit->amplitude && fit->left && fit->power && fit->magnitude;
}

emgp_mains_fit *emgp_mains_fit_new(const emgp_lanes *set, size_t n_lanes, size_t stride, size_t block_frames,
                                   double rate_hz, const emgp_mains_setting *setting, double band_high_hz)
{
    emgp_mains_fit *fit = emgp_alloc(1, sizeof *fit);
    if (!fit)
        return NULL;
    fit->set = set;
    fit->n_lanes = n_lanes;
    fit->stride = stride;
    fit->block = block_frames;
    fit->rate_hz = rate_hz;
    fit->keep_ratio = pow(10, setting->keep_db / 10);
    choose_candidates(fit, setting, fmin(band_high_hz, 0.48 * rate_hz));
    if (!allocate(fit)) {
        emgp_mains_fit_free(fit);
        return NULL;
    }
    fill_waves(fit);
    return fit;
}

void emgp_mains_fit_free(emgp_mains_fit *fit)
{
    if (!fit)
        return;
    float *all[] = { fit->wave, fit->rotation, fit->phasor, fit->mean_abs, fit->limit, fit->ratio, fit->turn,
                     fit->start, fit->gain, fit->amplitude, fit->left, fit->power, fit->magnitude };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        emgp_free(all[i]);
    emgp_free(fit);
}

/* Median of n values (n > 0) of one lane, rows apart by stride. */
static double median_of(const float *x, size_t stride, size_t n)
{
    float sorted[MOST_BLOCKS];
    for (size_t i = 0; i < n; i++) {
        float v = x[i * stride];
        size_t j = i;
        for (; j > 0 && sorted[j - 1] > v; j--)
            sorted[j] = sorted[j - 1];
        sorted[j] = v;
    }
    return 0.5 * ((double)sorted[(n - 1) / 2] + (double)sorted[n / 2]);
}

void emgp_mains_fit_look(emgp_mains_fit *fit, const float *x, size_t block, size_t n)
{
    const size_t stride = fit->stride, row = fit->block * stride;
    if (fit->n_waves == 0 || n == 0)
        return;
    for (size_t b = block; b < block + n; b++) {
        float *limit = fit->limit + b * stride, *magnitude = fit->mean_abs + b * stride;
        fit->set->sum_absolute(x + b * row, fit->block, fit->n_lanes, stride, magnitude);
        for (size_t lane = 0; lane < stride; lane++)
            limit[lane] = magnitude[lane] * (float)(FIRST_CLIP / (double)fit->block);
        fit->set->correlate(x + b * row, fit->block, fit->n_lanes, stride, limit, fit->wave, fit->n_waves,
                            fit->phasor + b * 2 * fit->n_waves * stride);
    }
}

void emgp_mains_fit_shift(emgp_mains_fit *fit, size_t from)
{
    size_t left = (MOST_BLOCKS - from) * fit->stride;
    memmove(fit->mean_abs, fit->mean_abs + from * fit->stride, left * sizeof(float));
    memmove(fit->phasor, fit->phasor + from * 2 * fit->n_waves * fit->stride,
            left * 2 * fit->n_waves * sizeof(float));
}

/* The trial frequency at which a lane's phasors are steadiest, and the likelihood ratio there, or 0 when not significant. */
static double best_trial(const emgp_mains_fit *fit, const float *ratio, size_t lane, double nominal_hz, double *f_hz)
{
    const size_t stride = fit->stride;
    int best = 0;
    for (int g = 1; g < N_GRID; g++) {
        if (ratio[(size_t)g * stride + lane] < ratio[(size_t)best * stride + lane])
            best = g;
    }
    double degrees = (double)(fit->n_blocks - 1);
    double value = -degrees * log(fmax((double)ratio[(size_t)best * stride + lane], FLT_MIN));
    *f_hz = nominal_hz + (best - N_GRID / 2) * GRID_STEP_HZ;
    return value >= SIGNIFICANT ? value : 0;
}

/* Chooses for every lane the candidate that stands out, if any does. */
static bool search(emgp_mains_fit *fit)
{
    const size_t stride = fit->stride;
    bool any = false;
    double best[EMGP_MOST_LANES] = { 0 };
    if (fit->rotation_blocks != fit->n_blocks)
        fill_rotation(fit, fit->n_blocks);
    for (size_t lane = 0; lane < fit->n_lanes; lane++)
        fit->lines[lane].tried = fit->lines[lane].used = false;
    for (size_t i = 0; i < fit->n_candidates; i++) {
        const candidate *c = &fit->candidates[i];
        for (size_t k = 0; k < N_GRID * stride; k++)
            fit->ratio[k] = 1;
        for (size_t j = 0; j < c->n_probes; j++)
            fit->set->unsteadiness(fit->phasor + 2 * (c->first_wave + j) * stride, fit->n_blocks,
                                   2 * fit->n_waves * stride, fit->n_lanes, stride, rotation_of(fit, c->first_wave + j),
                                   N_GRID, fit->ratio);
        for (size_t lane = 0; lane < fit->n_lanes; lane++) {
            lane_line *line = &fit->lines[lane];
            double f_hz, value = best_trial(fit, fit->ratio, lane, c->nominal_hz, &f_hz);
            if (value <= best[lane])
                continue;
            best[lane] = value;
            *line = (lane_line){ .tried = true, .n_harmonics = c->n_harmonics, .frequency_hz = f_hz };
            for (size_t b = 0; b <= MOST_BLOCKS; b++)
                line->gain[b] = 1;
            any = true;
        }
    }
    return any;
}

/* Seconds from the window's middle to the middle of a block. */
static double block_time(const emgp_mains_fit *fit, size_t block)
{
    return ((double)block - 0.5 * ((double)fit->n_blocks - 1)) * (double)fit->block / fit->rate_hz;
}

static float *put(float *row, size_t stride, double complex v)
{
    row[0] = (float)creal(v);
    row[stride] = (float)cimag(v);
    return row;
}

/* Frequencies and amplitudes into the kernels' rows; lanes without a line get a wave of nothing. */
static void load_waves(emgp_mains_fit *fit)
{
    const size_t stride = fit->stride;
    for (size_t lane = 0; lane < stride; lane++) {
        lane_line *line = lane < fit->n_lanes && fit->lines[lane].tried ? &fit->lines[lane] : NULL;
        double w = line ? 2 * PI * line->frequency_hz / fit->rate_hz : 0;
        put(fit->turn + lane, stride, cexp(I * w));
        if (line) {
            double from_middle = -0.5 * ((double)(fit->n_blocks * fit->block) - 1);
            line->phase = cexp(I * (w * from_middle));
            line->step = cexp(I * (w * (double)fit->block));
        }
        for (size_t k = 0; k < fit->n_harmonics; k++) {
            double complex a = line && k < line->n_harmonics ? line->amplitude[k] : 0;
            put(fit->amplitude + 2 * k * stride + lane, stride, conj(a));
        }
    }
}

/* Phases at the start of the next block; turns them on by one block. */
static void load_start(emgp_mains_fit *fit)
{
    for (size_t lane = 0; lane < fit->stride; lane++) {
        lane_line *line = lane < fit->n_lanes && fit->lines[lane].tried ? &fit->lines[lane] : NULL;
        put(fit->start + lane, fit->stride, line ? line->phase : 1);
        if (line)
            line->phase *= line->step;
    }
}

/* The gain at the start of block b and its step per frame; behind the last block it stays. */
static void load_gain(emgp_mains_fit *fit, size_t b)
{
    for (size_t lane = 0; lane < fit->n_lanes; lane++) {
        const lane_line *line = &fit->lines[lane];
        float from = line->tried ? line->gain[least(b, fit->n_blocks)] : 0;
        float to = line->tried ? line->gain[least(b + 1, fit->n_blocks)] : 0;
        fit->gain[lane] = from;
        fit->gain[fit->stride + lane] = (to - from) / (float)fit->block;
    }
}

static emgp_wave waves_of(const emgp_mains_fit *fit)
{
    emgp_wave wave = { fit->n_harmonics, fit->stride, fit->turn, fit->start, fit->amplitude, fit->gain };
    return wave;
}

/* One round over all blocks: what the present line leaves, clipped and correlated. */
static void correlate_left(emgp_mains_fit *fit, const float *x)
{
    const size_t stride = fit->stride;
    const emgp_wave wave = waves_of(fit);
    load_waves(fit);
    for (size_t b = 0; b < fit->n_blocks; b++) {
        load_start(fit);
        load_gain(fit, b);
        fit->set->refit(x + b * fit->block * stride, fit->block, fit->n_lanes, &wave, fit->limit + b * stride,
                        fit->left + b * 2 * fit->n_harmonics * stride, fit->power + b * stride,
                        fit->magnitude + b * stride);
    }
}

/* The phasors of a lane's harmonics, block by block, scaled as amplitudes: the present line plus what it leaves. */
typedef struct phasors {
    double complex at[EMGP_MOST_HARMONICS][MOST_BLOCKS];
    double gain[MOST_BLOCKS]; /* the line's strength in each block */
    size_t n_harmonics, n_blocks;
} phasors;

static void gather_phasors(const emgp_mains_fit *fit, size_t lane, phasors *p)
{
    const lane_line *line = &fit->lines[lane];
    p->n_harmonics = line->n_harmonics;
    p->n_blocks = fit->n_blocks;
    for (size_t b = 0; b < p->n_blocks; b++) {
        p->gain[b] = 0.5 * ((double)line->gain[b] + (double)line->gain[b + 1]);
        for (size_t k = 0; k < p->n_harmonics; k++) {
            const float *left = fit->left + (b * fit->n_harmonics + k) * 2 * fit->stride + lane;
            double complex rest = ((double)left[0] - I * (double)left[fit->stride]) * (2 / (double)fit->block);
            p->at[k][b] = p->gain[b] * line->amplitude[k] + rest;
        }
    }
}

static double squared(double complex a)
{
    return creal(a) * creal(a) + cimag(a) * cimag(a);
}

/* Least-squares amplitudes given the gains. */
static void fit_amplitudes(const phasors *p, double complex *amplitude)
{
    double weight = 0;
    for (size_t b = 0; b < p->n_blocks; b++)
        weight += p->gain[b] * p->gain[b];
    for (size_t k = 0; k < p->n_harmonics; k++) {
        double complex sum = 0;
        for (size_t b = 0; b < p->n_blocks; b++)
            sum += p->gain[b] * p->at[k][b];
        amplitude[k] = sum / fmax(weight, DBL_MIN);
    }
}

/* F of a harmonic: power of its amplitude against the scatter of the blocks' phasors about it. */
static double harmonic_f(const phasors *p, size_t k, double complex amplitude)
{
    double scatter = 0, weight = 0;
    for (size_t b = 0; b < p->n_blocks; b++) {
        scatter += squared(p->at[k][b] - p->gain[b] * amplitude);
        weight += p->gain[b] * p->gain[b];
    }
    return squared(amplitude) * weight / fmax(scatter / ((double)p->n_blocks - 1), DBL_MIN);
}

static double middle_of(double a, double b, double c)
{
    return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* A line that swells, fades or is switched within the window is subtracted with the strength it has at each time; a
 * steady one with its mean strength, which is the more precise. Blocks' strengths, smoothed by medians of three, tell one from
 * the other: the smoothing leaves little of a true change, but half of mere noise. */
static void fit_gain(phasors *p, const double complex *amplitude)
{
    double raw[MOST_BLOCKS], smooth[MOST_BLOCKS], power = 0, mean = 0, about_mean = 0, about_smooth = 0;
    const size_t n = p->n_blocks;
    for (size_t k = 0; k < p->n_harmonics; k++)
        power += squared(amplitude[k]);
    for (size_t b = 0; b < n; b++) {
        raw[b] = 0;
        for (size_t k = 0; k < p->n_harmonics; k++)
            raw[b] += creal(p->at[k][b] * conj(amplitude[k])) / fmax(power, DBL_MIN);
        mean += raw[b] / (double)n;
    }
    for (size_t b = 0; b < n; b++) {
        smooth[b] = middle_of(raw[b > 0 ? b - 1 : b + 2], raw[b], raw[b + 1 < n ? b + 1 : b - 2]);
        about_mean += (raw[b] - mean) * (raw[b] - mean);
        about_smooth += (raw[b] - smooth[b]) * (raw[b] - smooth[b]);
    }
    bool modulated = about_mean > MODULATED * about_smooth && about_mean > LEAST_CHANGE * (double)n * mean * mean;
    for (size_t b = 0; b < n; b++)
        p->gain[b] = modulated ? fmax(smooth[b], 0) : 1;
}

/* How much the frequency must move: the slope of the phasors' phase over time, harmonics weighted by their precision. */
static double frequency_step(const emgp_mains_fit *fit, const phasors *p, const double complex *amplitude,
                             const bool *sound)
{
    double slope = 0, weight = 0, middle = 0, total = 0;
    for (size_t b = 0; b < p->n_blocks; b++) {
        middle += p->gain[b] * p->gain[b] * block_time(fit, b);
        total += p->gain[b] * p->gain[b];
    }
    middle /= fmax(total, DBL_MIN);
    for (size_t k = 0; k < p->n_harmonics; k++) {
        double order = (double)(k + 1);
        for (size_t b = 0; sound[k] && b < p->n_blocks; b++) {
            double time = block_time(fit, b) - middle;
            slope += order * time * p->gain[b] * cimag(p->at[k][b] * conj(amplitude[k]));
            weight += order * order * time * time * p->gain[b] * p->gain[b] * squared(amplitude[k]);
        }
    }
    double step = weight > 0 ? slope / (2 * PI * weight) : 0;
    return fmin(fmax(step, -2 * GRID_STEP_HZ), 2 * GRID_STEP_HZ);
}

/* Gains at the blocks' borders: halfway between the blocks' own. */
static void store_gain(lane_line *line, const phasors *p)
{
    const size_t n = p->n_blocks;
    for (size_t b = 0; b <= n; b++)
        line->gain[b] = (float)(0.5 * (p->gain[b > 0 ? b - 1 : 0] + p->gain[b < n ? b : n - 1]));
}

/* Amplitudes, gains and frequency of a lane after a round. */
static void improve(emgp_mains_fit *fit, size_t lane)
{
    lane_line *line = &fit->lines[lane];
    phasors p;
    bool sound[EMGP_MOST_HARMONICS];
    gather_phasors(fit, lane, &p);
    fit_amplitudes(&p, line->amplitude);
    fit_gain(&p, line->amplitude);
    fit_amplitudes(&p, line->amplitude);
    for (size_t k = 0; k < p.n_harmonics; k++)
        sound[k] = harmonic_f(&p, k, line->amplitude[k]) > HARMONIC_F;
    double step = frequency_step(fit, &p, line->amplitude, sound);
    for (size_t k = 0; k < p.n_harmonics; k++) {
        for (size_t b = 0; b < p.n_blocks; b++)
            p.at[k][b] *= cexp(-I * (2 * PI * (double)(k + 1) * step * block_time(fit, b)));
    }
    line->frequency_hz += step;
    fit_amplitudes(&p, line->amplitude);
    store_gain(line, &p);
}

/* Drops harmonics that are not there; the line is used when it is strong enough against what it leaves. */
static void judge(emgp_mains_fit *fit, size_t lane)
{
    lane_line *line = &fit->lines[lane];
    phasors p;
    double power = 0, left = 0, gain = 0;
    gather_phasors(fit, lane, &p);
    fit_amplitudes(&p, line->amplitude);
    for (size_t k = 0; k < line->n_harmonics; k++) {
        if (harmonic_f(&p, k, line->amplitude[k]) > HARMONIC_F)
            power += 0.5 * squared(line->amplitude[k]);
        else
            line->amplitude[k] = 0;
    }
    for (size_t b = 0; b < fit->n_blocks; b++) {
        left += (double)fit->power[b * fit->stride + lane];
        gain += p.gain[b] * p.gain[b];
    }
    left /= (double)(fit->n_blocks * fit->block);
    line->mean_square_gain = gain / (double)fit->n_blocks;
    line->used = power > 0 && left <= power * line->mean_square_gain * fit->keep_ratio;
    line->tried = line->used;
}

/* Clip limits of the next round. First by each block's own level, whatever is in it; later, when the line is nearly gone,
 * by the typical block's, three standard deviations of the noise. */
static void set_limits(emgp_mains_fit *fit, const float *magnitude, bool rough)
{
    const size_t stride = fit->stride;
    const double per_sum = (rough ? FIRST_CLIP : CLIP_SIGMA / GAUSSIAN_MAGNITUDE) / (double)fit->block;
    for (size_t lane = 0; lane < fit->n_lanes; lane++) {
        double typical = rough ? 0 : median_of(magnitude + lane, stride, fit->n_blocks);
        for (size_t b = 0; b < fit->n_blocks; b++) {
            double level = rough ? (double)magnitude[b * stride + lane] : typical;
            fit->limit[b * stride + lane] = fit->lines[lane].tried ? (float)(level * per_sum) : 0;
        }
    }
}

bool emgp_mains_fit_run(emgp_mains_fit *fit, const float *x, size_t n_blocks)
{
    fit->n_blocks = n_blocks;
    if (fit->n_candidates == 0 || !search(fit))
        return false;
    set_limits(fit, fit->mean_abs, true);
    for (int round = 0; round < ROUNDS; round++) {
        correlate_left(fit, x);
        for (size_t lane = 0; lane < fit->n_lanes; lane++) {
            if (fit->lines[lane].tried)
                improve(fit, lane);
        }
        set_limits(fit, fit->magnitude, round + 1 < ROUGH_ROUNDS);
    }
    correlate_left(fit, x);
    bool any = false;
    for (size_t lane = 0; lane < fit->n_lanes; lane++) {
        if (fit->lines[lane].tried)
            judge(fit, lane);
        any = any || fit->lines[lane].used;
    }
    return any;
}

bool emgp_mains_fit_line(const emgp_mains_fit *fit, size_t lane, double *frequency_hz, double *amplitude)
{
    const lane_line *line = &fit->lines[lane];
    double power = 0;
    for (size_t k = 0; k < line->n_harmonics; k++)
        power += squared(line->amplitude[k]);
    *frequency_hz = line->frequency_hz;
    *amplitude = sqrt(power * line->mean_square_gain);
    return line->used;
}

void emgp_mains_fit_add(emgp_mains_fit *fit, float *line, const float *weight, size_t n_rows)
{
    const emgp_wave wave = waves_of(fit);
    load_waves(fit);
    for (size_t b = 0, row = 0; row < n_rows; b++, row += fit->block) {
        load_start(fit);
        load_gain(fit, b);
        fit->set->add_wave(line + row * fit->stride, least(fit->block, n_rows - row), fit->n_lanes, &wave,
                           weight + row);
    }
}
