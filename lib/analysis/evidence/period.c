/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The period of courses: their autocorrelation, each within itself, and its first peak. */
#include "analysis/evidence/evidence.h"

#include <math.h>

#include "dsp/kernels/kernels.h"

enum { SHORTEST, LONGEST, OVERLAP, TROUGH, LOW, RISE, MOST_SHARE, BETWEEN, SECOND, THIRD };

static const emgp_rule numbers[] = {
    [SHORTEST] = EMGP_NUMBER("period.shortest_s", "lag", EMGP_AT_LEAST, EMGP_LIMIT(0.045), EMGP_OURS,
                             "a peak of the autocorrelation may be the period"),
    [LONGEST] = EMGP_NUMBER("period.longest_s", "lag", EMGP_AT_MOST, EMGP_LIMIT(0.4), EMGP_OURS, "and up to this one"),
    [OVERLAP] = EMGP_NUMBER("period.overlap", "share of a course that its shifted self covers", EMGP_AT_LEAST,
                            EMGP_LIMIT(0.35), EMGP_OURS, "it counts at that lag"),
    [TROUGH] = EMGP_NUMBER("period.trough", "autocorrelation in the trough before a peak", EMGP_BELOW, EMGP_LIMIT(0.3),
                           EMGP_OURS, "what follows is a peak"),
    [LOW] = EMGP_NUMBER("period.low", "height of a peak", EMGP_ABOVE, EMGP_LIMIT(0.05), EMGP_OURS, "it is one"),
    [RISE] = EMGP_NUMBER("period.rise", "height of a peak over the trough", EMGP_ABOVE, EMGP_LIMIT(0.04), EMGP_OURS,
                         "and stands out"),
    [MOST_SHARE] = EMGP_NUMBER("period.first", "height over the trough / that of the highest peak", EMGP_AT_LEAST,
                               EMGP_LIMIT(0.6), EMGP_OURS, "the first such peak is the period"),
    [BETWEEN] = EMGP_NUMBER("period.between", "lag / period", EMGP_AT_LEAST, EMGP_LIMIT(1.25), EMGP_OURS,
                            "the trough between the first peak and the second one is sought"),
    [SECOND] = EMGP_NUMBER("period.second", "lag / period", EMGP_AT_LEAST, EMGP_LIMIT(1.75), EMGP_OURS,
                           "the second peak is sought: a rhythm keeps its period, units that fire on lose it (echo)"),
    [THIRD] = EMGP_NUMBER("period.third", "lag / period", EMGP_BELOW, EMGP_LIMIT(2.35), EMGP_OURS, "and up to here"),
};

emgp_rules emgp_period_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

void emgp_lags_add(emgp_lags *lags, const double *course, size_t n)
{
    double before[EMGP_SPAN + 1], product[EMGP_COURSE_LAGS];
    const size_t most = n < EMGP_COURSE_LAGS ? n : EMGP_COURSE_LAGS;
    emgp_lanes_for(EMGP_LAG_BYTES / sizeof *course)->lags_double(course, n, course, n, most, product);
    before[0] = 0;
    for (size_t i = 0; i < n; i++)
        before[i + 1] = before[i] + course[i] * course[i];
    for (size_t k = 0; k < most && (double)(n - k) >= numbers[OVERLAP].limit * (double)n; k++) {
        lags->product[k] += product[k];
        lags->power[k] += sqrt(before[n - k] * (before[n] - before[k]));
    }
}

void emgp_lags_join(emgp_lags *lags, const emgp_lags *more)
{
    for (size_t k = 0; k < EMGP_COURSE_LAGS; k++) {
        lags->product[k] += more->product[k];
        lags->power[k] += more->power[k];
    }
}

static double at(const emgp_lags *lags, size_t k)
{
    return lags->power[k] > 0 ? lags->product[k] / lags->power[k] : NAN;
}

/* Where a parabola through three neighbours has its top. */
static double top(double left, double middle, double right)
{
    const double bend = left - 2 * middle + right;
    return bend < 0 ? (left - right) / (2 * bend) : 0;
}

emgp_period emgp_lags_period(const emgp_lags *lags, double step_s)
{
    emgp_period peak[EMGP_COURSE_LAGS];
    size_t n = 0;
    double trough = 1, most = 0;
    for (size_t k = 2; k + 1 < EMGP_COURSE_LAGS && (double)k * step_s <= numbers[LONGEST].limit; k++) {
        const double left = at(lags, k - 1), r = at(lags, k), right = at(lags, k + 1);
        if (!isfinite(right))
            break;
        trough = fmin(trough, r);
        if ((double)k * step_s < numbers[SHORTEST].limit || !(trough < numbers[TROUGH].limit) || r < left ||
            r <= right || r <= numbers[LOW].limit || r - trough <= numbers[RISE].limit)
            continue;
        peak[n++] = (emgp_period){ r, ((double)k + top(left, r, right)) * step_s, r - trough };
        most = fmax(most, r - trough);
        trough = r;
    }
    for (size_t i = 0; i < n; i++)
        if (peak[i].contrast >= numbers[MOST_SHARE].limit * most)
            return peak[i];
    return (emgp_period){ 0, NAN, 0 };
}

double emgp_lags_echo(const emgp_lags *lags, double step_s, double period_s)
{
    const double lag = period_s / step_s;
    double low = INFINITY, high = -INFINITY;
    for (size_t k = (size_t)(numbers[BETWEEN].limit * lag); k < EMGP_COURSE_LAGS && isfinite(at(lags, k)); k++) {
        if ((double)k < numbers[SECOND].limit * lag)
            low = fmin(low, at(lags, k));
        else if ((double)k < numbers[THIRD].limit * lag)
            high = fmax(high, at(lags, k));
    }
    return isfinite(high) ? high - low : NAN;
}
