/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line in one window: least squares with discharges clipped off, round by round, then a judgement. */
#include "dsp/mains_fit.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "dsp/cascade.h"
#include "dsp/mains_line.h"
#include "dsp/mains_look.h"

/* Phasors of all harmonics give a first line; then what is left after subtracting it is clipped to three robust
 * standard deviations, so that discharges weigh no more than noise, and correlated again until the line stays as it is.
 */

static const double PI = 3.14159265358979323846;
static const double CLIP_SIGMA = 3;
static const double GAUSSIAN_MAGNITUDE = 0.79788456; /* mean of |x| of a standard Gaussian */
static const double FITTING = 1.5;                   /* factor within which the level of noise assumed must be right */
static const float SETTLED = 1e-3f;   /* change of power that ends the fit: 3 % in amplitude, the next far smaller */
static const float OF_PULSES = 0.06f; /* power that clipping takes, as a share of the line's: a quarter in amplitude */
static const double MOST_TURNS = 0.4; /* of a harmonic against its nominal frequency in a block: 3/4 of it are seen */
static const double MOST_OFF_HZ = 1.05; /* a fit that wandered further is none of the line */
enum { ROUNDS = 3, FIRST_STEPS = 2, MOST_BLOCKS = EMGP_MAINS_BLOCKS, N_BARE = EMGP_MAINS_BARE };

/* A complex number: the standard's own type costs a call for every product. */
typedef struct phasor {
    double re, im;
} phasor;

static phasor turned(double radians)
{
    return (phasor){ cos(radians), sin(radians) };
}

static phasor product(phasor a, phasor b)
{
    return (phasor){ a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re };
}

typedef struct lane_line {
    bool tried, settled, used;
    emgp_mains_candidate *of;
    size_t n_harmonics;  /* up to the highest that stands out */
    double frequency_hz; /* in the window's middle */
    double bend_hz_s;    /* by which it grows each second */
    double power;        /* mean square of the line, gain included */
    float amplitude_re[EMGP_MOST_HARMONICS], amplitude_im[EMGP_MOST_HARMONICS]; /* of Re(amplitude exp(i phase)) */
    float gain[MOST_BLOCKS + 1];                                                /* at the blocks' borders */
    /* exp(i angle) of: the phase at the start of the block now worked on, its growth over the block and per frame, and
     * what a bend adds to either from block to block. */
    phasor phase, step, turn, more_step, more_turn;
} lane_line;

struct emgp_mains_fit {
    emgp_mains_look look;
    const emgp_lanes *set;
    size_t n_lanes, stride, block, n_blocks;
    size_t n_harmonics; /* that the rows below hold now */
    double rate_hz, keep_ratio;
    emgp_section through[EMGP_MOST_ORDER];
    size_t n_through;
    float *limit;               /* a row a block */
    float *turn, *start, *gain; /* 2 rows each, as emgp_wave wants them */
    float *amplitude;           /* 2 rows a harmonic */
    float *left;                /* 2 rows a harmonic a block: phasors of what the line leaves */
    float *power, *magnitude;   /* a row a block: of what the line leaves */
    lane_line lines[EMGP_MOST_LANES];
    double typical[EMGP_MOST_LANES]; /* mean magnitude of what the line left in the window before; 0: no line then */
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static float *rows(const emgp_mains_fit *fit, size_t n)
{
    return emgp_alloc(n * fit->stride, sizeof(float));
}

static bool allocate(emgp_mains_fit *fit)
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
    assert(setting->n_through <= EMGP_MOST_ORDER);
    if (setting->n_through > 0)
        memcpy(fit->through, setting->through, setting->n_through * sizeof *fit->through);
    fit->n_through = setting->n_through;
    if (!emgp_mains_look_init(&fit->look, set, n_lanes, stride, block_frames, rate_hz, setting, band_high_hz) ||
        !allocate(fit)) {
        emgp_mains_fit_free(fit);
        return NULL;
    }
    return fit;
}

void emgp_mains_fit_free(emgp_mains_fit *fit)
{
    if (!fit)
        return;
    float *all[] = {
        fit->limit, fit->turn, fit->start, fit->gain, fit->amplitude, fit->left, fit->power, fit->magnitude
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        emgp_free(all[i]);
    emgp_mains_look_free(&fit->look);
    emgp_free(fit);
}

void emgp_mains_fit_look(emgp_mains_fit *fit, const float *x, size_t block, size_t n)
{
    emgp_mains_look_at(&fit->look, x, block, n);
}

void emgp_mains_fit_shift(emgp_mains_fit *fit, size_t from)
{
    emgp_mains_look_shift(&fit->look, from);
}

void emgp_mains_fit_reset(emgp_mains_fit *fit)
{
    memset(fit->typical, 0, sizeof fit->typical);
}

/* Median of n values (n > 0) of one lane, rows apart by stride. */
static double median_of(const float *x, size_t stride, size_t n)
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
    return 0.5 * ((double)sorted[(n - 1) / 2] + (double)sorted[n / 2]);
}

/* Lines to try, as the search gives them: no amplitude yet, steady. */
static void try_lines(emgp_mains_fit *fit, const emgp_mains_trial *trial)
{
    for (size_t lane = 0; lane < fit->n_lanes; lane++) {
        lane_line *line = &fit->lines[lane];
        *line = (lane_line){ .tried = trial[lane].candidate != NULL,
                             .of = trial[lane].candidate,
                             .frequency_hz = trial[lane].frequency_hz };
        line->n_harmonics = line->of ? line->of->n_harmonics : 0;
        for (size_t b = 0; b <= MOST_BLOCKS; b++)
            line->gain[b] = 1;
    }
}

static void put(float *row, size_t stride, double first, double second)
{
    row[0] = (float)first;
    row[stride] = (float)second;
}

/* Phase w t + bend t^2 / 2 about the window's middle, as steps from block to block; evenly within each. */
static void set_phases(const emgp_mains_fit *fit, lane_line *line)
{
    const double length = (double)fit->block, start = -0.5 * ((double)fit->n_blocks * length - 1);
    const double w = 2 * PI * line->frequency_hz / fit->rate_hz;
    const double bend = 2 * PI * line->bend_hz_s / (fit->rate_hz * fit->rate_hz);
    const double turn = w + bend * (start + 0.5 * length); /* mean over the first block */
    line->phase = turned((w + 0.5 * bend * start) * start);
    line->step = turned(turn * length);
    line->turn = turned(turn);
    line->more_step = line->more_turn = (phasor){ 1, 0 };
    if (bend == 0)
        return;
    line->more_step = turned(bend * length * length);
    line->more_turn = turned(bend * length);
}

/* Amplitudes into the kernels' rows; lanes without a line get a wave of nothing. */
static void load_waves(emgp_mains_fit *fit)
{
    const size_t stride = fit->stride;
    for (size_t lane = 0; lane < stride; lane++) {
        lane_line *line = lane < fit->n_lanes && fit->lines[lane].tried ? &fit->lines[lane] : NULL;
        if (line)
            set_phases(fit, line);
        for (size_t k = 0; k < fit->n_harmonics; k++) {
            bool has = line && k < line->n_harmonics;
            fit->amplitude[2 * k * stride + lane] = has ? line->amplitude_re[k] : 0;
            fit->amplitude[(2 * k + 1) * stride + lane] = has ? -line->amplitude_im[k] : 0;
        }
    }
}

/* Phase at the start of the next block and its step per frame; turns both on by one block. */
static void load_start(emgp_mains_fit *fit)
{
    const phasor none = { 1, 0 };
    for (size_t lane = 0; lane < fit->stride; lane++) {
        lane_line *line = lane < fit->n_lanes && fit->lines[lane].tried ? &fit->lines[lane] : NULL;
        phasor phase = line ? line->phase : none, turn = line ? line->turn : none;
        put(fit->start + lane, fit->stride, phase.re, phase.im);
        put(fit->turn + lane, fit->stride, turn.re, turn.im);
        if (!line)
            continue;
        line->phase = product(line->phase, line->step);
        line->step = product(line->step, line->more_step);
        line->turn = product(line->turn, line->more_turn);
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

/* A lane's phasors: its present line plus what `rest` holds, 2 rows a harmonic and 2 rest_harmonics a block. */
static void gather(const emgp_mains_fit *fit, size_t lane, const float *rest, size_t rest_harmonics,
                   emgp_mains_line_fit *p)
{
    const lane_line *line = &fit->lines[lane];
    const float scale = 2 / (float)fit->block;
    const size_t padded = least(EMGP_MOST_HARMONICS, line->n_harmonics + EMGP_MAINS_PADDING);
    p->n = line->n_harmonics;
    p->n_blocks = fit->n_blocks;
    p->block_s = (double)fit->block / fit->rate_hz;
    for (size_t b = 0; b < fit->n_blocks; b++) {
        const float *at = rest + b * rest_harmonics * 2 * fit->stride + lane;
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
static void store_gain(lane_line *line, const emgp_mains_line_fit *p)
{
    const size_t n = p->n_blocks;
    for (size_t b = 0; b <= n; b++)
        line->gain[b] = 0.5f * (p->gain[b > 0 ? b - 1 : 0] + p->gain[b < n ? b : n - 1]);
}

/* Keeps the amplitudes of p; harmonics above the highest sound one are no more looked at. */
static void store_line(lane_line *line, const emgp_mains_line_fit *p)
{
    while (line->n_harmonics > 1 && !p->sound[line->n_harmonics - 1])
        line->n_harmonics--;
    memcpy(line->amplitude_re, p->amplitude_re, line->n_harmonics * sizeof *line->amplitude_re);
    memcpy(line->amplitude_im, p->amplitude_im, line->n_harmonics * sizeof *line->amplitude_im);
    store_gain(line, p);
}

static void turn_line(lane_line *line, emgp_mains_turning by)
{
    line->frequency_hz += by.step_hz;
    line->bend_hz_s += by.bend_hz_s;
}

/* How many harmonics of a fundamental off_hz beside the nominal one the phasors about the nominal ones still see. */
static size_t harmonics_seen(const emgp_mains_fit *fit, double off_hz)
{
    double seen = MOST_TURNS * fit->rate_hz / ((double)fit->block * fmax(fabs(off_hz), DBL_MIN));
    return seen < EMGP_MOST_HARMONICS ? (size_t)fmax(seen, 1) : EMGP_MOST_HARMONICS;
}

/* A first line from phasors about the candidate's nominal frequencies; the harmonics too far off for them begin as
 * nothing. */
static void start_line(emgp_mains_fit *fit, size_t lane, const emgp_mains_candidate *c)
{
    lane_line *line = &fit->lines[lane];
    const size_t all = line->n_harmonics, seen = harmonics_seen(fit, line->frequency_hz - c->nominal_hz);
    emgp_mains_line_fit p;
    line->n_harmonics = least(all, seen);
    gather(fit, lane, c->phasor, c->n_harmonics, &p);
    emgp_mains_turning turning = { line->frequency_hz, 0 };
    for (int i = 0; i < FIRST_STEPS; i++) {
        emgp_mains_line_turn(&p, turning);
        emgp_mains_line_amplitudes(&p);
        turning = emgp_mains_line_turning(&p);
        turn_line(line, turning);
    }
    emgp_mains_line_turn(&p, turning);
    emgp_mains_line_amplitudes(&p);
    emgp_mains_line_gains(&p);
    emgp_mains_line_amplitudes(&p);
    store_line(line, &p);
    if (seen < all)
        line->n_harmonics = all;
}

/* First lines of all lanes tried with this candidate. */
static void start_lines(emgp_mains_fit *fit, emgp_mains_candidate *c, const float *x)
{
    emgp_mains_look_closer(&fit->look, c, x, fit->n_blocks);
    for (size_t lane = 0; lane < fit->n_lanes; lane++) {
        if (fit->lines[lane].of == c)
            start_line(fit, lane, c);
    }
}

/* Whether the line comes of pulses in step with it (a stimulator, a discharge as regular as a clock): then much more of
 * it is found without clipping, in every block alike, while clipping takes nothing from a wave. */
static bool of_pulses(const emgp_mains_fit *fit, size_t lane, const emgp_mains_line_fit *p)
{
    const lane_line *line = &fit->lines[lane];
    emgp_mains_line_fit bare;
    const float scale = 2 / (float)fit->block;
    bare.n = least(p->n, N_BARE);
    bare.n_blocks = p->n_blocks;
    bare.block_s = p->block_s;
    memset(bare.re, 0, sizeof bare.re);
    memset(bare.im, 0, sizeof bare.im);
    for (size_t b = 0; b < p->n_blocks; b++) {
        for (size_t k = 0; k < bare.n; k++) {
            const float *at = line->of->bare + (b * N_BARE + k) * 2 * fit->stride + lane;
            bare.re[b][k] = at[0] * scale;
            bare.im[b][k] = -at[fit->stride] * scale;
        }
    }
    emgp_mains_line_turn(&bare, (emgp_mains_turning){ line->frequency_hz, line->bend_hz_s });
    for (size_t b = 0; b < p->n_blocks; b++) {
        for (size_t k = 0; k < bare.n; k++) {
            bare.re[b][k] -= p->gain[b] * p->amplitude_re[k];
            bare.im[b][k] -= p->gain[b] * p->amplitude_im[k];
        }
        bare.gain[b] = 1;
    }
    emgp_mains_line_amplitudes(&bare);
    float more = 0, power = 0;
    for (size_t k = 0; k < bare.n; k++) {
        power += p->amplitude_re[k] * p->amplitude_re[k] + p->amplitude_im[k] * p->amplitude_im[k];
        if (bare.sound[k])
            more += bare.amplitude_re[k] * bare.amplitude_re[k] + bare.amplitude_im[k] * bare.amplitude_im[k];
    }
    return more > OF_PULSES * power;
}

/* Drops harmonics that are not there; the line is used when it is strong enough against what it leaves. */
static void judge(emgp_mains_fit *fit, size_t lane, const emgp_mains_line_fit *p)
{
    lane_line *line = &fit->lines[lane];
    double power = 0, left = 0, gain = 0;
    for (size_t k = 0; k < line->n_harmonics; k++) {
        double re = (double)line->amplitude_re[k], im = (double)line->amplitude_im[k];
        if (p->sound[k])
            power += 0.5 * (re * re + im * im);
        else
            line->amplitude_re[k] = line->amplitude_im[k] = 0;
    }
    for (size_t b = 0; b < fit->n_blocks; b++) {
        left += (double)fit->power[b * fit->stride + lane];
        gain += (double)p->gain[b] * (double)p->gain[b];
    }
    left /= (double)(fit->n_blocks * fit->block);
    line->power = power * gain / (double)fit->n_blocks;
    bool near = fabs(line->frequency_hz - line->of->nominal_hz) <= MOST_OFF_HZ;
    line->used = near && line->power > 0 && left <= line->power * fit->keep_ratio && !of_pulses(fit, lane, p);
}

/* How far the amplitudes and the phase at the window's ends have moved, as a share of the line's power. */
static float change_of(const lane_line *line, const emgp_mains_line_fit *p, emgp_mains_turning by)
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
static void set_limits(emgp_mains_fit *fit, size_t lane)
{
    const double typical = fit->typical[lane], limit = typical * CLIP_SIGMA / GAUSSIAN_MAGNITUDE;
    for (size_t b = 0; b < fit->n_blocks; b++) {
        size_t at = b * fit->stride + lane;
        fit->limit[at] = typical > 0 ? (float)limit : fit->look.limit[at];
    }
}

/* A lane after a round: a better line; judged once it has settled, under limits that fit what it leaves. */
static void improve(emgp_mains_fit *fit, size_t lane, bool last)
{
    lane_line *line = &fit->lines[lane];
    emgp_mains_line_fit p;
    gather(fit, lane, fit->left, fit->n_harmonics, &p);
    emgp_mains_line_amplitudes(&p);
    emgp_mains_line_gains(&p);
    emgp_mains_line_amplitudes(&p);
    emgp_mains_turning turning = emgp_mains_line_turning(&p);
    float change = change_of(line, &p, turning);
    store_line(line, &p);
    turn_line(line, turning);
    double typical = median_of(fit->magnitude + lane, fit->stride, fit->n_blocks) / (double)fit->block;
    double assumed = fit->typical[lane];
    bool fitting = typical <= assumed * FITTING && assumed <= typical * FITTING;
    line->settled = last || (change <= SETTLED && fitting);
    fit->typical[lane] = typical;
    set_limits(fit, lane);
    if (line->settled)
        judge(fit, lane, &p);
}

/* Harmonics that the kernels must make: the most of any lane. */
static size_t harmonics_in_use(const emgp_mains_fit *fit)
{
    size_t most = 1;
    for (size_t lane = 0; lane < fit->n_lanes; lane++) {
        if (fit->lines[lane].tried && fit->lines[lane].n_harmonics > most)
            most = fit->lines[lane].n_harmonics;
    }
    return most;
}

/* First lines for all that are tried; limits for the first round from the window before, where it had a line. */
static void start(emgp_mains_fit *fit, const float *x)
{
    for (size_t i = 0; i < fit->look.n_candidates; i++) {
        emgp_mains_candidate *c = &fit->look.candidates[i];
        bool any = false;
        for (size_t lane = 0; lane < fit->n_lanes; lane++)
            any = any || fit->lines[lane].of == c;
        if (any)
            start_lines(fit, c, x);
    }
    for (size_t lane = 0; lane < fit->n_lanes; lane++)
        set_limits(fit, lane);
}

/* One round; true when all lanes have settled. */
static bool run_round(emgp_mains_fit *fit, const float *x, bool last)
{
    bool settled = true;
    fit->n_harmonics = harmonics_in_use(fit);
    correlate_left(fit, x);
    for (size_t lane = 0; lane < fit->n_lanes; lane++) {
        lane_line *line = &fit->lines[lane];
        if (line->tried && !line->settled)
            improve(fit, lane, last);
        settled = settled && (!line->tried || line->settled);
    }
    return settled;
}

bool emgp_mains_fit_run(emgp_mains_fit *fit, const float *x, size_t n_blocks)
{
    bool any = false;
    emgp_mains_trial trial[EMGP_MOST_LANES];
    fit->n_blocks = n_blocks;
    bool found = emgp_mains_look_search(&fit->look, n_blocks, trial);
    try_lines(fit, trial);
    if (found) {
        start(fit, x);
        for (int round = 1; round <= ROUNDS && !run_round(fit, x, round == ROUNDS); round++)
            ;
    }
    for (size_t lane = 0; lane < fit->n_lanes; lane++) {
        lane_line *line = &fit->lines[lane];
        if (!line->tried)
            fit->typical[lane] = 0;
        line->tried = line->used;
        any = any || line->used;
    }
    return any;
}

bool emgp_mains_fit_line(const emgp_mains_fit *fit, size_t lane, emgp_mains_seen *seen)
{
    const lane_line *line = &fit->lines[lane];
    if (!line->used)
        return false;
    seen->candidate = (size_t)(line->of - fit->look.candidates);
    seen->frequency_hz = line->frequency_hz;
    seen->amplitude = sqrt(2 * line->power);
    return true;
}

/* Of both passes, at harmonic k + 1. */
static double gain_at(const emgp_mains_fit *fit, const lane_line *line, size_t k)
{
    double once = emgp_sections_gain(fit->through, fit->n_through, (double)(k + 1) * line->frequency_hz, fit->rate_hz);
    return once * once;
}

void emgp_mains_fit_drop(emgp_mains_fit *fit, double least_gain)
{
    for (size_t lane = 0; lane < fit->n_lanes; lane++) {
        lane_line *line = &fit->lines[lane];
        for (size_t k = 0; line->used && k < line->n_harmonics; k++) {
            if (gain_at(fit, line, k) < least_gain)
                line->amplitude_re[k] = line->amplitude_im[k] = 0;
        }
    }
}

void emgp_mains_fit_undo(emgp_mains_fit *fit)
{
    for (size_t lane = 0; lane < fit->n_lanes; lane++) {
        lane_line *line = &fit->lines[lane];
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

double emgp_mains_fit_nominal(const emgp_mains_fit *fit, size_t candidate)
{
    return fit->look.candidates[candidate].nominal_hz;
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
