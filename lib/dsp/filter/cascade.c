/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a cascade of sections makes of a sine wave, of a constant and of an impulse. */
#include "base/base.h"
#include "dsp/filter/filter.h"

#include <assert.h>
#include <complex.h>
#include <math.h>
#include <stdbool.h>

/* P(z) = p0 + p1/z + p2/z^2 on the unit circle is (c + i s) / z with c = p1 + (p0 + p2) cos w and s = (p0 - p2) sin w.
 * c = (p1 + p0 + p2) - 2 (p0 + p2) sin^2(w / 2), and its like about w = pi, lose nothing where poles or zeros lie close
 * to z = 1 or -1, as those of low and high corners do: (p1 + p0) + p2 is exact there (Sterbenz). */
typedef struct polynomial {
    double magnitude, phase, delay; /* delay: - d phase / dw, in samples */
} polynomial;

static polynomial evaluate(double p0, double p1, double p2, double w)
{
    double low = sin(w / 2), high = cos(w / 2), sum = p0 + p2, difference = p0 - p2, s = difference * sin(w);
    double c = low < high ? ((p1 + p0) + p2) - 2 * sum * low * low : ((p1 - p0) - p2) + 2 * sum * high * high;
    polynomial p = { hypot(c, s), atan2(s, c) - w, 1 };
    bool on_circle = p2 == p0 || p2 == -p0; /* both zeros there: phase runs evenly */
    if (p2 == 0 && (p1 == p0 || p1 == -p0))
        p.delay = 0.5;
    else if (!on_circle)
        p.delay = 1 - (difference * cos(w) * c + sum * sin(w) * s) / (c * c + s * s);
    return p;
}

void emgp_sections_response(const emgp_section *sections, size_t n, double w, emg_filter_response *out)
{
    *out = (emg_filter_response){ 1, 0, 0 };
    for (size_t i = 0; i < n; i++) {
        const emgp_section *s = &sections[i];
        polynomial above = evaluate(s->b0, s->b1, s->b2, w), below = evaluate(1, s->a1, s->a2, w);
        out->gain *= above.magnitude / below.magnitude;
        out->phase_rad += above.phase - below.phase;
        out->group_delay_s += above.delay - below.delay;
    }
}

double emgp_sections_gain(const emgp_section *sections, size_t n, double f_hz, double rate_hz)
{
    emg_filter_response response;
    emgp_sections_response(sections, n, 2 * PI * f_hz / rate_hz, &response);
    return response.gain;
}

double emgp_sections_dc_gain(const emgp_section *sections, size_t n)
{
    double gain = 1;
    for (size_t i = 0; i < n; i++) {
        const emgp_section *s = &sections[i];
        gain *= (s->b0 + s->b2 + s->b1) / (1 + s->a1 + s->a2);
    }
    return gain;
}

/* Radius of the pole that decays most slowly. */
static double slowest_pole(const emgp_section *sections, size_t n)
{
    double slowest = 0;
    for (size_t i = 0; i < n; i++) {
        double a1 = sections[i].a1, a2 = sections[i].a2;
        double complex root = csqrt(a1 * a1 / 4 - a2);
        slowest = fmax(slowest, fmax(cabs(-a1 / 2 + root), cabs(-a1 / 2 - root)));
    }
    return slowest;
}

/* Poles that lie close together add up before they decay: a response is followed for thrice as long as the slowest pole
 * alone would need to fall to a level. 0: for more than thrice `most`. */
static size_t response_length(const emgp_section *sections, size_t n, double level, size_t most)
{
    double radius = slowest_pole(sections, n);
    double frames = 3 * (log(level) / log(radius)) + 16;
    return radius < 1 && frames < 3.0 * (double)most ? (size_t)frames : 0;
}

/* One sample through the cascade, transposed direct form II. */
static inline double step(const emgp_section *sections, size_t n, double (*state)[2], double x)
{
    for (size_t i = 0; i < n; i++) {
        const emgp_section *s = &sections[i];
        double y = s->b0 * x + state[i][0];
        state[i][0] = s->b1 * x - s->a1 * y + state[i][1];
        state[i][1] = s->b2 * x - s->a2 * y;
        x = y;
    }
    return x;
}

size_t emgp_sections_decay(const emgp_section *sections, size_t n, double level, size_t most)
{
    assert(n <= EMGP_MOST_ORDER && level > 0 && level < 1);
    double state[EMGP_MOST_ORDER][2] = { { 0 } }, peak = 0;
    size_t last = 0, length = response_length(sections, n, level, most);
    if (length == 0)
        return 0;
    for (size_t t = 0; t < length; t++) {
        double x = step(sections, n, state, t == 0);
        peak = fmax(peak, fabs(x));
        if (fabs(x) > level * peak)
            last = t;
    }
    return last + 1 <= most ? last + 1 : 0;
}

/* The impulse response's |h[k]| summed over at most N_SUMS runs of equal length. */
enum { N_SUMS = 4096 };

size_t emgp_sections_settle(const emgp_section *sections, size_t n, double level, size_t most)
{
    assert(n <= EMGP_MOST_ORDER && level > 0 && level < 1);
    size_t length = response_length(sections, n, level, most);
    if (length == 0)
        return 0;
    double state[EMGP_MOST_ORDER][2] = { { 0 } }, sums[N_SUMS] = { 0 }, total = 0, beyond = 0;
    size_t run = (length + N_SUMS - 1) / N_SUMS;
    for (size_t t = 0; t < length; t++)
        sums[t / run] += fabs(step(sections, n, state, t == 0));
    for (size_t i = N_SUMS; i-- > 0;)
        total += sums[i];
    size_t i = N_SUMS;
    while (i > 0 && beyond + sums[i - 1] <= level * total)
        beyond += sums[--i];
    return i * run <= most ? i * run : 0;
}
