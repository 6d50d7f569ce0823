/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Least squares over the blocks of a window; harmonics side by side. */
#include "dsp/mains_line.h"

#include <assert.h>
#include <float.h>
#include <math.h>

static const double PI = 3.14159265358979323846;
static const float SOUND = 10;           /* F (2, 2 B - 2) that a harmonic needs; noise reaches it in 3 of 10000 */
static const float MODULATED = 4;        /* see emgp_mains_line_gains */
static const float LEAST_CHANGE = 0.01f; /* of the gain's mean square: less is steady */
static const double MOST_STEP_HZ = 0.2;
enum { HARMONICS = EMGP_MOST_HARMONICS };

/* Harmonics to loop over: n in whole vectors. */
static size_t padded(const emgp_mains_line_fit *line)
{
    return (line->n + 3) / 4 * 4;
}

static float sum_of_squares(const float *x, size_t n)
{
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sum;
}

/* Power of each amplitude against the scatter of the blocks' phasors about it. */
static void find_sound(emgp_mains_line_fit *line, float weight)
{
    float scatter[HARMONICS] = { 0 };
    const size_t n = padded(line);
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
    }
}

void emgp_mains_line_amplitudes(emgp_mains_line_fit *line)
{
    const float weight = fmaxf(sum_of_squares(line->gain, line->n_blocks), FLT_MIN);
    float re[HARMONICS] = { 0 }, im[HARMONICS] = { 0 };
    const size_t n = padded(line);
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
static void block_strengths(const emgp_mains_line_fit *line, float *raw)
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
 * steady one with its mean strength, which is the more precise. Blocks' strengths, smoothed by medians of three, tell
 * one from the other: the smoothing leaves little of a true change, but half of mere noise. */
void emgp_mains_line_gains(emgp_mains_line_fit *line)
{
    float raw[EMGP_MAINS_BLOCKS], smooth[EMGP_MAINS_BLOCKS], mean = 0, about_mean = 0, about_smooth = 0;
    const size_t n = line->n_blocks;
    assert(n >= EMGP_MAINS_LEAST_BLOCKS && n <= EMGP_MAINS_BLOCKS);
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
static double block_time(const emgp_mains_line_fit *line, size_t block)
{
    return ((double)block - 0.5 * ((double)line->n_blocks - 1)) * line->block_s;
}

/* The slope of phase over time of each harmonic, put together by their precision. */
double emgp_mains_line_step(const emgp_mains_line_fit *line)
{
    double weight = 0, middle = 0, spread = 0, slope = 0, total = 0;
    float turning[HARMONICS] = { 0 };
    const size_t n = padded(line);
    for (size_t b = 0; b < line->n_blocks; b++) {
        double w = (double)line->gain[b] * (double)line->gain[b];
        weight += w;
        middle += w * block_time(line, b);
    }
    middle /= fmax(weight, DBL_MIN);
    for (size_t b = 0; b < line->n_blocks; b++) {
        double time = block_time(line, b) - middle;
        const float g = line->gain[b] * (float)time;
        spread += time * time * (double)line->gain[b] * (double)line->gain[b];
        for (size_t k = 0; k < n; k++)
            turning[k] += g * (line->im[b][k] * line->amplitude_re[k] - line->re[b][k] * line->amplitude_im[k]);
    }
    for (size_t k = 0; k < line->n; k++) {
        double re = (double)line->amplitude_re[k], im = (double)line->amplitude_im[k], order = (double)(k + 1);
        if (!line->sound[k])
            continue;
        slope += order * (double)turning[k];
        total += order * order * (re * re + im * im) * spread;
    }
    double step = total > 0 ? slope / (2 * PI * total) : 0;
    return fmin(fmax(step, -MOST_STEP_HZ), MOST_STEP_HZ);
}

void emgp_mains_line_turn(emgp_mains_line_fit *line, double step_hz)
{
    const double first = -2 * PI * step_hz * block_time(line, 0), each = -2 * PI * step_hz * line->block_s;
    const double each_c = cos(each), each_s = sin(each);
    double c = cos(first), s = sin(first);
    for (size_t b = 0; b < line->n_blocks; b++) {
        double power_c = c, power_s = s, next;
        for (size_t k = 0; k < line->n; k++) {
            const float turn_c = (float)power_c, turn_s = (float)power_s, re = line->re[b][k], im = line->im[b][k];
            line->re[b][k] = re * turn_c - im * turn_s;
            line->im[b][k] = re * turn_s + im * turn_c;
            next = power_c * c - power_s * s;
            power_s = power_c * s + power_s * c;
            power_c = next;
        }
        next = c * each_c - s * each_s;
        s = c * each_s + s * each_c;
        c = next;
    }
}
