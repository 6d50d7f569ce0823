/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Least squares over the blocks of a window; harmonics side by side. */
#include "base/base.h"
#include "condition/powerline/powerline.h"

#include <assert.h>
#include <float.h>
#include <math.h>

static const float SOUND = 10;           /* F (2, 2 B - 2) that a harmonic needs; noise reaches it in 3 of 10000 */
static const float MODULATED = 4;        /* see emgp_powerline_line_gains */
static const float LEAST_CHANGE = 0.01f; /* of the gain's mean square: less is steady */
static const double MOST_STEP_HZ = 0.2;
static const double MOST_BEND_HZ_S = 0.2;
static const double BENT = 16; /* F (1, some 2 B - 5) that a bend needs: four standard errors */
enum { HARMONICS = EMGP_MOST_HARMONICS };

/* Harmonics to loop over: n in whole vectors. */
static size_t padded(const emgp_powerline_line_fit *line)
{
    return (line->n + EMGP_POWERLINE_PADDING - 1) / EMGP_POWERLINE_PADDING * EMGP_POWERLINE_PADDING;
}

static void clear(float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = 0;
}

static float sum_of_squares(const float *x, size_t n)
{
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sum;
}

/* Power of each amplitude against the scatter of the blocks' phasors about it. */
static void find_sound(emgp_powerline_line_fit *line, float weight)
{
    float scatter[HARMONICS];
    const size_t n = padded(line);
    clear(scatter, n);
    for (size_t b = 0; b < line->n_blocks; b++) {
        const float g = line->gain[b];
        for (size_t k = 0; k < n; k++) {
            float re = line->re[b][k] - g * line->amplitude_re[k], im = line->im[b][k] - g * line->amplitude_im[k];
            scatter[k] += re * re + im * im;
        }
    }
    for (size_t k = 0; k < n; k++) {
        float power = line->amplitude_re[k] * line->amplitude_re[k] + line->amplitude_im[k] * line->amplitude_im[k];
        line->sound[k] = power * weight * (float)(line->n_blocks - 1) > SOUND * scatter[k];
        line->scatter[k] = scatter[k];
    }
}

void emgp_powerline_line_amplitudes(emgp_powerline_line_fit *line)
{
    const float weight = fmaxf(sum_of_squares(line->gain, line->n_blocks), FLT_MIN);
    float re[HARMONICS], im[HARMONICS];
    const size_t n = padded(line);
    clear(re, n);
    clear(im, n);
    for (size_t b = 0; b < line->n_blocks; b++) {
        const float g = line->gain[b];
        for (size_t k = 0; k < n; k++) {
            re[k] += g * line->re[b][k];
            im[k] += g * line->im[b][k];
        }
    }
    for (size_t k = 0; k < n; k++) {
        line->amplitude_re[k] = re[k] / weight;
        line->amplitude_im[k] = im[k] / weight;
    }
    find_sound(line, weight);
}

static float middle_of(float a, float b, float c)
{
    return fmaxf(fminf(a, b), fminf(fmaxf(a, b), c));
}

/* Each block's phasors along the amplitudes, by the sound harmonics. */
static void block_strengths(const emgp_powerline_line_fit *line, float *raw)
{
    float power = 0;
    for (size_t b = 0; b < line->n_blocks; b++)
        raw[b] = 0;
    for (size_t k = 0; k < line->n; k++) {
        const float re = line->amplitude_re[k], im = line->amplitude_im[k];
        if (!line->sound[k])
            continue;
        power += re * re + im * im;
        for (size_t b = 0; b < line->n_blocks; b++)
            raw[b] += line->re[b][k] * re + line->im[b][k] * im;
    }
    for (size_t b = 0; b < line->n_blocks; b++)
        raw[b] = power > 0 ? raw[b] / power : 1;
}

/* A line that swells, fades or is switched within the window is subtracted with the strength it has at each time; a
 * steady one with its mean strength, which is the more precise. Blocks' strengths, smoothed by medians of three,
 * separate the two: the smoothing leaves little of a true change, but half of mere noise. */
void emgp_powerline_line_gains(emgp_powerline_line_fit *line)
{
    float raw[EMGP_POWERLINE_BLOCKS], smooth[EMGP_POWERLINE_BLOCKS], mean = 0, about_mean = 0, about_smooth = 0;
    const size_t n = line->n_blocks;
    assert(n >= EMGP_POWERLINE_LEAST_BLOCKS && n <= EMGP_POWERLINE_BLOCKS);
    block_strengths(line, raw);
    for (size_t b = 0; b < n; b++)
        mean += raw[b] / (float)n;
    for (size_t b = 0; b < n; b++) {
        smooth[b] = middle_of(raw[b > 0 ? b - 1 : b + 2], raw[b], raw[b + 1 < n ? b + 1 : b - 2]);
        about_mean += (raw[b] - mean) * (raw[b] - mean);
        about_smooth += (raw[b] - smooth[b]) * (raw[b] - smooth[b]);
    }
    bool modulated = about_mean > MODULATED * about_smooth && about_mean > LEAST_CHANGE * (float)n * mean * mean;
    for (size_t b = 0; b < n; b++)
        line->gain[b] = modulated ? fmaxf(smooth[b], 0) : 1;
}

/* Seconds from the window's middle to the middle of a block. */
static double block_time(const emgp_powerline_line_fit *line, size_t block)
{
    return ((double)block - 0.5 * ((double)line->n_blocks - 1)) * line->block_s;
}

/* Two shapes of phase over time, at the blocks' middles: a slope, and a bend without slope and mean, each weighed by the
 * squared gains; and their sums of squares. */
typedef struct shapes {
    float slope[EMGP_POWERLINE_BLOCKS], bend[EMGP_POWERLINE_BLOCKS]; /* gain included once */
    double slopes, bends;
} shapes;

static shapes shapes_of(const emgp_powerline_line_fit *line)
{
    shapes s = { .slopes = 0 };
    double weight = DBL_MIN, first = 0, second = 0, third = 0;
    for (size_t b = 0; b < line->n_blocks; b++) {
        double w = (double)line->gain[b] * (double)line->gain[b];
        weight += w;
        first += w * block_time(line, b);
    }
    first /= weight;
    for (size_t b = 0; b < line->n_blocks; b++) {
        double w = (double)line->gain[b] * (double)line->gain[b], t = block_time(line, b) - first;
        second += w * t * t;
        third += w * t * t * t;
    }
    const double lean = third / fmax(second, DBL_MIN), mean = second / weight;
    for (size_t b = 0; b < line->n_blocks; b++) {
        double g = (double)line->gain[b], t = block_time(line, b) - first, q = t * t - mean - lean * t;
        s.slope[b] = (float)(g * t);
        s.bend[b] = (float)(g * q);
        s.slopes += g * g * t * t;
        s.bends += g * g * q * q;
    }
    return s;
}

/* Slope and bend of phase over time, those of the harmonics put together by their precision. With phase
 * 2 pi k (step t + bend t^2 / 2) the phasors of harmonic k stand across their amplitude by |amplitude| times that. */
emgp_powerline_turning emgp_powerline_line_turning(const emgp_powerline_line_fit *line)
{
    const shapes s = shapes_of(line);
    float slope[HARMONICS] = { 0 }, bend[HARMONICS] = { 0 };
    double slopes = 0, bends = 0, total = 0, noise = 0;
    const size_t n = padded(line);
    for (size_t b = 0; b < line->n_blocks; b++) {
        for (size_t k = 0; k < n; k++) {
            float across = line->im[b][k] * line->amplitude_re[k] - line->re[b][k] * line->amplitude_im[k];
            slope[k] += s.slope[b] * across;
            bend[k] += s.bend[b] * across;
        }
    }
    for (size_t k = 0; k < line->n; k++) {
        double re = (double)line->amplitude_re[k], im = (double)line->amplitude_im[k], order = (double)(k + 1);
        double power = order * order * (re * re + im * im);
        if (!line->sound[k])
            continue;
        slopes += order * (double)slope[k];
        bends += order * (double)bend[k];
        total += power;
        noise += power * 0.5 * (double)line->scatter[k] / (double)(line->n_blocks - 1);
    }
    emgp_powerline_turning turning = { 0, 0 };
    if (total * s.slopes > 0)
        turning.step_hz = slopes / (2 * PI * total * s.slopes);
    if (bends * bends > BENT * noise * s.bends && s.bends > 0)
        turning.bend_hz_s = bends / (PI * total * s.bends);
    turning.step_hz = fmin(fmax(turning.step_hz, -MOST_STEP_HZ), MOST_STEP_HZ);
    turning.bend_hz_s = fmin(fmax(turning.bend_hz_s, -MOST_BEND_HZ_S), MOST_BEND_HZ_S);
    return turning;
}

typedef struct rotation {
    double c, s;
} rotation;

static rotation rotation_by(double radians)
{
    return (rotation){ cos(radians), sin(radians) };
}

static rotation rotated(rotation a, rotation b)
{
    return (rotation){ a.c * b.c - a.s * b.s, a.c * b.s + a.s * b.c };
}

void emgp_powerline_line_turn(emgp_powerline_line_fit *line, emgp_powerline_turning by)
{
    /* Phase at t is 2 pi (step t + bend t^2 / 2): from block to block it grows by `each`, and `each` by `more`. */
    const double start = block_time(line, 0), length = line->block_s;
    rotation now = rotation_by(-2 * PI * (by.step_hz + 0.5 * by.bend_hz_s * start) * start);
    rotation each = rotation_by(-2 * PI * (by.step_hz + by.bend_hz_s * (start + 0.5 * length)) * length);
    const bool bent = by.bend_hz_s < 0 || by.bend_hz_s > 0;
    const rotation more = rotation_by(bent ? -2 * PI * by.bend_hz_s * length * length : 0);
    for (size_t b = 0; b < line->n_blocks; b++) {
        rotation power = now;
        for (size_t k = 0; k < line->n; k++) {
            const float c = (float)power.c, s = (float)power.s, re = line->re[b][k], im = line->im[b][k];
            line->re[b][k] = re * c - im * s;
            line->im[b][k] = re * s + im * c;
            power = rotated(power, now);
        }
        now = rotated(now, each);
        if (bent)
            each = rotated(each, more);
    }
}
