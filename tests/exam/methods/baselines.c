/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The published detectors of discharges and onsets, from the papers' definitions. */
#include <math.h>
#include <stdlib.h>

#include <emg/filter.h>

#include "methods/numbers.h"

/* |x| as an array of its own. */
static double *magnitudes(const exam_signal *s)
{
    double *y = malloc((s->n + 1) * sizeof *y);
    for (size_t i = 0; y && i < s->n; i++)
        y[i] = fabs(s->x[i]);
    return y;
}

/* |x| > level, phases within the dead time are one event. */
static emg_status above(const exam_signal *s, double level, double dead_s, exam_events *out, emg_error *err)
{
    double *y = magnitudes(s);
    bool done = y && exam_runs(y, s->x, s->n, level, exam_frames(dead_s, s->rate_hz), 1, s->rate_hz, out);
    free(y);
    return done ? EMG_OK : exam_no_memory(err);
}

emg_status exam_fixed(const exam_signal *s, const double p[EXAM_PARAMETERS], exam_events *out, emg_error *err)
{
    return above(s, p[0], p[1], out, err);
}

emg_status exam_global_mad(const exam_signal *s, const double p[EXAM_PARAMETERS], exam_events *out, emg_error *err)
{
    double *work = malloc((s->n + 1) * sizeof *work);
    if (!work)
        return exam_no_memory(err);
    double sigma = exam_mad_sigma(s->x, s->n, work);
    free(work);
    return above(s, p[0] * sigma, p[1], out, err);
}

/* Peak to peak within 5 ms of a frame. */
static double peak_to_peak(const exam_signal *s, size_t at)
{
    size_t reach = exam_frames(0.005, s->rate_hz), from = at > reach ? at - reach : 0;
    double low = s->x[at], high = s->x[at];
    for (size_t i = from; i < s->n && i <= at + reach; i++) {
        low = fmin(low, s->x[i]);
        high = fmax(high, s->x[i]);
    }
    return high - low;
}

/* Whether |x| at a frame is the largest within `reach` frames; of equal ones the first. */
static bool is_peak(const exam_signal *s, size_t at, size_t reach)
{
    double own = fabs(s->x[at]);
    for (size_t i = at > reach ? at - reach : 0; i < s->n && i <= at + reach; i++)
        if (fabs(s->x[i]) > own || (i < at && fabs(s->x[i]) >= own))
            return false;
    return true;
}

/* After Bashford 2019, whose threshold function is not public: peaks of |x|, one in 10 ms, whose peak-to-peak exceeds
 * a + b sigma of their second; seconds whose noise spans more than 100 uV (6.6 sigma: 99.9 % of Gaussian noise) are left
 * out. a and b are ours. */
emg_status exam_spiqe_like(const exam_signal *s, const double p[EXAM_PARAMETERS], exam_events *out, emg_error *err)
{
    const size_t second = exam_frames(1, s->rate_hz), reach = exam_frames(0.010, s->rate_hz);
    double *work = malloc((second + 1) * sizeof *work);
    bool done = work != NULL;
    for (size_t from = 0; done && from < s->n; from += second) {
        size_t n = s->n - from < second ? s->n - from : second;
        double sigma = exam_mad_sigma(s->x + from, n, work), least = p[0] + p[1] * sigma;
        if (6.6 * sigma > 100)
            continue;
        for (size_t i = from; done && i < from + n; i++)
            if (2 * fabs(s->x[i]) > least / 2 && is_peak(s, i, reach) && peak_to_peak(s, i) > least)
                done = exam_events_add_spike(out, s->rate_hz, i, i, i);
    }
    free(work);
    return done ? EMG_OK : exam_no_memory(err);
}

/* Moving mean over w samples around each, so that what exceeds a level lies where the deflection is; 0 near the ends. */
static void moving_mean(const double *y, size_t n, size_t w, double *mean)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        mean[i] = 0;
    for (size_t i = 0; i < n; i++) {
        sum += y[i];
        if (i + 1 >= w) {
            mean[i + 1 - w + w / 2] = sum / (double)w;
            sum -= y[i + 1 - w];
        }
    }
}

enum { BRIDGE_MS = 15, REST_S = 1 };

/* Hodges and Bui 1996: the mean of the low-passed |x| over a window exceeds rest by k standard deviations. */
emg_status exam_hodges(const exam_signal *s, const double p[EXAM_PARAMETERS], exam_events *out, emg_error *err)
{
    double *y = malloc((s->n + 1) * sizeof *y), *mean = malloc((s->n + 1) * sizeof *mean), mu, sd;
    emg_status status = y && mean ? exam_rectified(s->x, s->n, s->rate_hz, p[0], y, err) : exam_no_memory(err);
    if (status == EMG_OK) {
        exam_rest(y, s->n, exam_frames(REST_S, s->rate_hz), &mu, &sd);
        moving_mean(y, s->n, exam_frames(p[1], s->rate_hz), mean);
        if (!exam_runs(mean, s->x, s->n, mu + p[2] * sd, exam_frames(BRIDGE_MS / 1000.0, s->rate_hz), 1, s->rate_hz,
                       out))
            status = exam_no_memory(err);
    }
    free(y);
    free(mean);
    return status;
}

/* The same without the window (Yuvaraj 2023): low-pass corner and factor alone. */
emg_status exam_modified_hodges(const exam_signal *s, const double p[EXAM_PARAMETERS], exam_events *out, emg_error *err)
{
    double *y = malloc((s->n + 1) * sizeof *y), mu, sd;
    emg_status status = y ? exam_rectified(s->x, s->n, s->rate_hz, p[0], y, err) : exam_no_memory(err);
    if (status == EMG_OK) {
        exam_rest(y, s->n, exam_frames(REST_S, s->rate_hz), &mu, &sd);
        if (!exam_runs(y, s->x, s->n, mu + p[1] * sd, exam_frames(p[2], s->rate_hz), 1, s->rate_hz, out))
            status = exam_no_memory(err);
    }
    free(y);
    return status;
}

/* Solnik 2008 with the statistics of the energy itself: |psi| through 50 Hz, rest + h SD. */
emg_status exam_tkeo(const exam_signal *s, const double p[EXAM_PARAMETERS], exam_events *out, emg_error *err)
{
    double *psi = calloc(s->n + 2, sizeof *psi), *y = malloc((s->n + 1) * sizeof *y), mu, sd;
    for (size_t i = 1; psi && i + 1 < s->n; i++)
        psi[i] = s->x[i] * s->x[i] - s->x[i - 1] * s->x[i + 1];
    emg_status status = psi && y ? exam_rectified(psi, s->n, s->rate_hz, p[0], y, err) : exam_no_memory(err);
    if (status == EMG_OK) {
        exam_rest(y, s->n, exam_frames(REST_S, s->rate_hz), &mu, &sd);
        if (!exam_runs(y, s->x, s->n, mu + p[1] * sd, exam_frames(p[2], s->rate_hz), 1, s->rate_hz, out))
            status = exam_no_memory(err);
    }
    free(psi);
    free(y);
    return status;
}

enum { WHITE_ORDER = 10 };

/* Coefficients of the autoregressive model of x (Levinson and Durbin), e[n] = x[n] + sum a[k] x[n-k]. */
static void predict(const double *x, size_t n, double a[WHITE_ORDER + 1])
{
    double r[WHITE_ORDER + 1] = { 0 };
    for (size_t k = 0; k <= WHITE_ORDER; k++)
        for (size_t i = k; i < n; i++)
            r[k] += x[i] * x[i - k];
    double error = r[0] > 0 ? r[0] * (1 + 1e-9) : 1;
    a[0] = 1;
    for (size_t m = 1; m <= WHITE_ORDER; m++) {
        double sum = r[m], before[WHITE_ORDER + 1];
        for (size_t k = 1; k < m; k++)
            sum += a[k] * r[m - k];
        double reflection = -sum / error;
        for (size_t k = 1; k < m; k++)
            before[k] = a[k];
        for (size_t k = 1; k < m; k++)
            a[k] = before[k] + reflection * before[m - k];
        a[m] = reflection;
        error *= 1 - reflection * reflection;
    }
}

/* The signal whitened by the model of its quietest second, with that second's variance 1. */
static void whiten(const exam_signal *s, double *white)
{
    const size_t second = exam_frames(REST_S, s->rate_hz), n = second < s->n ? second : s->n;
    double a[WHITE_ORDER + 1], least = INFINITY, power = 0;
    size_t best = 0;
    for (size_t at = 0; at + n <= s->n; at += n / 4 + 1) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += s->x[at + i] * s->x[at + i];
        if (sum < least) {
            least = sum;
            best = at;
        }
    }
    predict(s->x + best, n, a);
    for (size_t i = 0; i < s->n; i++) {
        white[i] = 0;
        for (size_t k = 0; k <= WHITE_ORDER && k <= i; k++)
            white[i] += a[k] * s->x[i - k];
    }
    for (size_t i = 0; i < n; i++)
        power += white[best + i] * white[best + i];
    double scale = power > 0 ? sqrt((double)n / power) : 0;
    for (size_t i = 0; i < s->n; i++)
        white[i] *= scale;
}

/* Bonato 1998: squares of the whitened signal in pairs (chi square of 2 degrees of freedom in noise); active where at
 * least r0 of m = 5 successive ones exceed zeta; activity shorter than the least length is none. */
emg_status exam_bonato(const exam_signal *s, const double p[EXAM_PARAMETERS], exam_events *out, emg_error *err)
{
    enum { M = 5 };
    double *white = malloc((s->n + 1) * sizeof *white), *active = calloc(s->n + 1, sizeof *active);
    bool done = white && active;
    if (done)
        whiten(s, white);
    size_t n_pairs = s->n / 2;
    for (size_t k = 0; done && k + M <= n_pairs; k++) {
        size_t over = 0;
        for (size_t i = k; i < k + M; i++)
            over += white[2 * i] * white[2 * i] + white[2 * i + 1] * white[2 * i + 1] > p[0];
        if ((double)over >= p[1])
            for (size_t i = 2 * k; i < 2 * (k + M); i++)
                active[i] = 1;
    }
    done = done && exam_runs(active, s->x, s->n, 0.5, exam_frames(0.005, s->rate_hz), exam_frames(p[2], s->rate_hz),
                             s->rate_hz, out);
    free(white);
    free(active);
    return done ? EMG_OK : exam_no_memory(err);
}

static const exam_detector baselines[] = {
    { "fixed_uv",
      "|x| above a fixed level in microvolts",
      { { "level_uv", { 10, 12, 15, 18, 20, 25, 30, 40, 50, 70, 100 }, 11 },
        { "dead_s", { 0.005, 0.010, 0.015, 0.020 }, 4 } },
      2,
      exam_fixed },
    { "mad_4",
      "|x| above 4 sigma, sigma = median |x| / 0.6745 of the record (Quian Quiroga 2004)",
      { { "k", { 4 }, 1 }, { "dead_s", { 0.005, 0.010, 0.015, 0.020, 0.030 }, 5 } },
      2,
      exam_global_mad },
    { "mad_5",
      "the same with 5 sigma",
      { { "k", { 5 }, 1 }, { "dead_s", { 0.005, 0.010, 0.015, 0.020, 0.030 }, 5 } },
      2,
      exam_global_mad },
    { "spiqe_like",
      "peak-to-peak above a + b sigma of the second (after Bashford 2019; a, b ours)",
      { { "a_uv", { 0, 5, 10, 15, 20, 30, 40, 50 }, 8 }, { "b", { 0, 2, 4, 5, 6, 7, 8, 9, 10, 12 }, 10 } },
      2,
      exam_spiqe_like },
    { "hodges",
      "mean of low-passed |x| over a window above rest + k SD (Hodges and Bui 1996)",
      { { "low_pass_hz", { 50, 100, 500 }, 3 },
        { "window_s", { 0.005, 0.010, 0.020, 0.050 }, 4 },
        { "k", { 2, 3, 4, 5, 6, 8, 10, 12 }, 8 } },
      3,
      exam_hodges },
    { "modified_hodges",
      "low-passed |x| above rest + alpha SD (Yuvaraj 2023)",
      { { "low_pass_hz", { 30, 50, 100, 200 }, 4 },
        { "alpha", { 2, 3, 4, 5, 6, 8, 10, 12, 15 }, 9 },
        { "bridge_s", { 0.005, 0.010, 0.015 }, 3 } },
      3,
      exam_modified_hodges },
    { "bonato",
      "double threshold on pairs of whitened squares (Bonato 1998)",
      { { "zeta", { 8, 10, 12, 15, 18, 22, 27, 33, 40, 50 }, 10 },
        { "r0", { 1, 2, 3 }, 3 },
        { "least_s", { 0.001, 0.006, 0.010 }, 3 } },
      3,
      exam_bonato },
    { "tkeo",
      "low-passed |Teager-Kaiser energy| above rest + h SD (Solnik 2008)",
      { { "low_pass_hz", { 50, 100 }, 2 },
        { "h", { 3, 5, 8, 10, 12, 15, 20, 30, 45 }, 9 },
        { "bridge_s", { 0.005, 0.010, 0.015 }, 3 } },
      3,
      exam_tkeo },
};

const exam_detector *exam_baseline(size_t index)
{
    return index < sizeof baselines / sizeof *baselines ? &baselines[index] : NULL;
}
