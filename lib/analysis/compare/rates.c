/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quasi-Poisson comparison of two rates: dispersion, deviance, bounds by bisection. */
#include <emg/rates.h>

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "base/base.h"

static const double level = 0.975; /* two-sided 95 % */

static double sum_of(const emg_minutes *m)
{
    double sum = 0;
    for (size_t i = 0; i < m->n; i++)
        sum += (double)m->count[i];
    return sum;
}

/* Pearson's statistic about the mean; 0 without events. */
static double pearson(const emg_minutes *m, double sum)
{
    const double mean = sum / (double)m->n;
    double squares = 0;
    for (size_t i = 0; i < m->n; i++)
        squares += ((double)m->count[i] - mean) * ((double)m->count[i] - mean);
    return mean > 0 ? squares / mean : 0;
}

/* A series without events says nothing of how events scatter. */
static size_t freedom_of(const emg_minutes *m, double sum)
{
    return sum > 0 ? m->n - 1 : 0;
}

/* observed * log(observed / expected), 0 log 0 = 0 */
static double weighed_log(double observed, double expected)
{
    return observed > 0 ? observed * log(observed / expected) : 0;
}

/* Half the Poisson deviance of n events where exp(log_expected) are expected. */
static double deviance_of_rate(const double *n, double log_expected)
{
    const double expected = exp(log_expected);
    return expected - *n + weighed_log(*n, expected);
}

/* Half the deviance of the split of n[0] + n[1] events when the odds of the second are exp(log_odds): given their sum, two
 * Poisson counts are binomial, so that this is the profile deviance of the ratio of their rates. */
static double deviance_of_split(const double *n, double log_odds)
{
    const double all = n[0] + n[1], share = 1 / (1 + exp(-log_odds)), rest = 1 / (1 + exp(log_odds));
    return weighed_log(n[0], all * rest) + weighed_log(n[1], all * share);
}

typedef double deviance(const double *n, double at);

/* Where the deviance grows to `most` between `inside`, where it is less, and `outside`. */
static double reach(deviance *of, const double *n, double inside, double outside, double most)
{
    enum { HALVINGS = 80 };
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = (inside + outside) / 2;
        if (of(n, middle) < most)
            inside = middle;
        else
            outside = middle;
    }
    return (inside + outside) / 2;
}

static const double far = 40; /* in logarithms: beyond any rate or ratio that counts can tell */

/* Bounds of a rate of n events in so many minutes. */
static emg_interval interval_of_rate(double n, double minutes, double most)
{
    const double best = log(n > 0 ? n : 0.5); /* without events the deviance rises from no expectation on */
    const double least = n > 0 ? exp(reach(deviance_of_rate, &n, best, best - far, most)) : 0;
    const double inside = n > 0 ? best : -far;
    return (emg_interval){ n / minutes, least / minutes,
                           exp(reach(deviance_of_rate, &n, inside, best + far, most)) / minutes };
}

static emg_interval interval_of_ratio(const double n[2], const double minutes[2], double most)
{
    const double scale = minutes[0] / minutes[1];
    const double best = n[0] > 0 && n[1] > 0 ? log(n[1] / n[0]) : n[0] > 0 ? -far : far;
    emg_interval ratio = { n[0] > 0 ? n[1] / n[0] * scale : INFINITY, 0, INFINITY };
    if (n[1] > 0)
        ratio.low = exp(reach(deviance_of_split, n, best, -far, most)) * scale;
    if (n[0] > 0)
        ratio.high = exp(reach(deviance_of_split, n, best, far, most)) * scale;
    return ratio;
}

/* The bounds of a difference recovered from those of its terms (MOVER). */
static emg_interval difference_of(const emg_interval *a, const emg_interval *b)
{
    const double change = b->value - a->value;
    return (emg_interval){ change, change - hypot(b->value - b->low, a->high - a->value),
                           change + hypot(b->high - b->value, a->value - a->low) };
}

static void find_bounds(const double n[2], const double minutes[2], emg_rates *r)
{
    const double t = gsl_cdf_tdist_Pinv(level, r->freedom), most = t * t * r->widened_by / 2;
    r->a = interval_of_rate(n[0], minutes[0], most);
    r->b = interval_of_rate(n[1], minutes[1], most);
    r->difference = difference_of(&r->a, &r->b);
    r->ratio = interval_of_ratio(n, minutes, most);
    r->differ = r->ratio.low > 1 || r->ratio.high < 1;
}

static bool is_given(const emg_minutes *m)
{
    return m && m->count && m->n > 0 && m->time_s > 0 && isfinite(m->time_s);
}

emg_status emg_rates_compare(const emg_minutes *a, const emg_minutes *b, emg_rates *out, emg_error *err)
{
    if (!is_given(a) || !is_given(b) || !out)
        return emgp_fail(err, EMG_EARG, "two rates need counts, a time above 0 each and a place for the result");
    const double n[2] = { sum_of(a), sum_of(b) }, minutes[2] = { a->time_s / 60, b->time_s / 60 };
    const double x[2] = { pearson(a, n[0]), pearson(b, n[1]) };
    const size_t freedom[2] = { freedom_of(a, n[0]), freedom_of(b, n[1]) }, all = freedom[0] + freedom[1];
    *out = (emg_rates){ .a = { n[0] / minutes[0], NAN, NAN },
                        .b = { n[1] / minutes[1], NAN, NAN },
                        .difference = { n[1] / minutes[1] - n[0] / minutes[0], NAN, NAN },
                        .ratio = { n[0] > 0 ? n[1] / n[0] * minutes[0] / minutes[1] : NAN, NAN, NAN },
                        .widened_by = NAN,
                        .freedom = (unsigned)all };
    for (size_t s = 0; s < 2; s++)
        out->dispersion[s] = freedom[s] > 0 ? x[s] / (double)freedom[s] : NAN;
    if (all > 0) {
        out->widened_by = fmax(1, (x[0] + x[1]) / (double)all);
        find_bounds(n, minutes, out);
    }
    return EMG_OK;
}
