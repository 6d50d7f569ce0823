/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published or usual rules of rhythm: the CV of intervals alone, a peak of the envelope's spectrum, clonus contractions. */
#include <math.h>
#include <stdlib.h>

#include <emg/filter.h>
#include <emg/spectrum.h>
#include <emg/welch.h>

#include "methods/numbers.h"
#include "methods/rhythm.h"

static const double TRAIN_PAUSE_S = 2; /* divides trains of bursts */

static const exam_verdict nothing = { EMG_UNCLASSIFIED, NAN, NAN, NAN, NAN, NAN };

static int ascending(const void *one, const void *other)
{
    const double *a = one, *b = other;
    return (*a > *b) - (*a < *b);
}

/* Bursts of a record as these rules see them: |x| through 30 Hz above rest + 8 SD, short pauses bridged. */
static emg_status find_bursts(const exam_signal *s, double bridge_s, exam_events *bursts, emg_error *err)
{
    const double parameter[EXAM_PARAMETERS] = { 30, 8, bridge_s };
    return exam_modified_hodges(s, parameter, bursts, err);
}

/* What bursts without a rhythm are, by their median length: single discharges below `short_s`, jerks below 0.3 s, else
 * contractions, from 5 s on average on cramps. */
static emg_class by_duration(const emg_event *burst, size_t n, double short_s)
{
    double *length = malloc((n + 1) * sizeof *length), median = NAN, total = 0;
    for (size_t i = 0; length && i < n; i++) {
        length[i] = burst[i].duration_s;
        total += length[i];
    }
    if (length && n > 0) {
        qsort(length, n, sizeof *length, ascending);
        median = length[n / 2];
    }
    free(length);
    if (n == 0)
        return EMG_UNCLASSIFIED;
    if (median >= 0.3)
        return total / (double)n >= 5 ? EMG_SPASM : EMG_TONIC;
    return median < short_s ? EMG_FASCICULATION : EMG_MYOCLONUS;
}

static emg_class by_rate(double f_hz)
{
    return f_hz > 9 ? EMG_TREMOR : f_hz >= 3 ? EMG_CLONUS : EMG_MYOCLONUS;
}

/* A train of bursts: rhythmic when the coefficient of variation of its intervals is at most `most`. */
static exam_verdict judge_train(const emg_event *burst, size_t n, double most, double short_s)
{
    enum { LEAST = 4 };
    exam_verdict v = nothing;
    double sum = 0, squares = 0, steps = n > 0 ? (double)(n - 1) : 0;
    for (size_t i = 1; i < n; i++) {
        double step = burst[i].onset_s - burst[i - 1].onset_s;
        sum += step;
        squares += step * step;
    }
    double mean = sum / steps, cv = sqrt(fmax(0, squares / steps - mean * mean)) / mean;
    bool rhythmic = n >= LEAST && cv <= most;
    v.trial_type = rhythmic ? by_rate(1 / mean) : by_duration(burst, n, short_s);
    v.frequency_hz = rhythmic ? 1 / mean : NAN;
    v.from_s = burst[0].onset_s;
    v.to_s = burst[n - 1].onset_s + burst[n - 1].duration_s;
    v.beats = (double)n;
    return v;
}

/* The coefficient of variation of the burst intervals alone decides, train by train (pauses of TRAIN_PAUSE_S divide them); the class
 * with most time is the record's, and the time, beats and mean rate of its trains. */
static emg_status judge_by_cv(const exam_signal *s, const double p[EXAM_PARAMETERS], exam_verdict *out, emg_error *err)
{
    exam_events bursts = { 0 };
    exam_verdict sum[EMG_N_CLASSES];
    emg_status status = find_bursts(s, p[1], &bursts, err);
    *out = nothing;
    for (size_t c = 0; c < EMG_N_CLASSES; c++)
        sum[c] = (exam_verdict){ (emg_class)c, NAN, 0, 0, 0, 0 };
    for (size_t from = 0, i = 1; status == EMG_OK && i <= bursts.n; i++) {
        if (i < bursts.n && bursts.event[i].onset_s - bursts.event[i - 1].onset_s <= TRAIN_PAUSE_S)
            continue;
        exam_verdict v = judge_train(bursts.event + from, i - from, p[0], p[2]);
        exam_verdict *to = &sum[v.trial_type];
        to->frequency_hz += isnan(v.frequency_hz) ? 0 : v.frequency_hz * (v.to_s - v.from_s);
        to->to_s += v.to_s - v.from_s;
        to->beats += v.beats;
        if (to->to_s > out->to_s || !(out->to_s > 0))
            out->trial_type = v.trial_type, out->to_s = to->to_s;
        from = i;
    }
    if (out->trial_type != EMG_UNCLASSIFIED) {
        *out = sum[out->trial_type];
        out->frequency_hz = out->frequency_hz > 0 ? out->frequency_hz / out->to_s : NAN;
    }
    exam_events_free(&bursts);
    return status;
}

emg_status exam_rows_by_cv(const exam_signal *s, const double p[EXAM_PARAMETERS], exam_events *out, emg_error *err)
{
    exam_events bursts = { 0 };
    emg_status status = find_bursts(s, p[1], &bursts, err);
    for (size_t from = 0, i = 1; status == EMG_OK && i <= bursts.n; i++) {
        if (i < bursts.n && bursts.event[i].onset_s - bursts.event[i - 1].onset_s <= TRAIN_PAUSE_S)
            continue;
        exam_verdict v = judge_train(bursts.event + from, i - from, p[0], p[2]);
        bool one = isfinite(v.frequency_hz);
        for (size_t k = from; status == EMG_OK && k < (one ? from + 1 : i); k++) {
            emg_event row = bursts.event[k];
            row.trial_type = one ? v.trial_type : by_duration(&row, 1, p[2]);
            row.frequency_hz = v.frequency_hz;
            row.duration_s = one ? v.to_s - v.from_s : row.duration_s;
            row.count = one ? i - from : 1;
            status = exam_events_add(out, &row) ? EMG_OK : exam_no_memory(err);
        }
        from = i;
    }
    exam_events_free(&bursts);
    return status;
}

/* Largest ratio of a bin from 2 to 20 Hz to the mean of its neighbours within 1 Hz, and where. */
static double spectral_peak(const double *psd, size_t n_bins, double step_hz, double *f_hz)
{
    double best = 0;
    size_t reach = (size_t)(1 / step_hz + 0.5);
    for (size_t i = (size_t)ceil(2 / step_hz); i < n_bins && (double)i * step_hz <= 20; i++) {
        double sum = 0, n = 0;
        for (size_t k = i > reach ? i - reach : 0; k < n_bins && k <= i + reach; k++) {
            if (k + 1 < i || k > i + 1) {
                sum += psd[k];
                n++;
            }
        }
        double ratio = sum > 0 ? psd[i] / (sum / n) : 0;
        if (ratio > best && psd[i] >= psd[i - 1] && (i + 1 == n_bins || psd[i] >= psd[i + 1])) {
            best = ratio;
            *f_hz = (double)i * step_hz;
        }
    }
    return best;
}

/* Rhythmic when the envelope's spectrum (rectified, de-meaned, Hann windows of 4 s) has a peak of p[0] times (published: 3)
 * the mean of its neighbours within 1 Hz. */
static emg_status judge_by_psd(const exam_signal *s, const double p[EXAM_PARAMETERS], exam_verdict *out, emg_error *err)
{
    size_t window = exam_frames(4, s->rate_hz), n_bins = window / 2 + 1;
    double *y = malloc((s->n + 1) * sizeof *y), *psd = malloc(n_bins * sizeof *psd), f_hz = NAN;
    exam_events bursts = { 0 };
    *out = nothing;
    emg_status status = y && psd ? exam_rectified(s->x, s->n, s->rate_hz, 30, y, err) : exam_no_memory(err);
    const emg_welch_plan plan = emg_welch_defaults(s->rate_hz, window);
    if (status == EMG_OK)
        status = emg_psd(&plan, y, s->n, psd, NULL, err);
    if (status == EMG_OK)
        status = find_bursts(s, p[1], &bursts, err);
    if (status == EMG_OK && bursts.n > 0) {
        bool rhythmic = spectral_peak(psd, n_bins, s->rate_hz / (double)window, &f_hz) >= p[0];
        out->trial_type = rhythmic ? by_rate(f_hz) : by_duration(bursts.event, bursts.n, p[2]);
        out->frequency_hz = rhythmic ? f_hz : NAN;
    }
    exam_events_free(&bursts);
    free(y);
    free(psd);
    return status;
}

/* Envelope of a complex Morlet wavelet whose half-amplitude band is 74.8-193.9 Hz; it changes slowly, and is taken 500
 * times a second. */
static void morlet_envelope(const exam_signal *s, double *y)
{
    const double pi = 3.14159265358979323846, centre = 0.5 * (74.8 + 193.9), width = (193.9 - 74.8) / 2.3548;
    const double sigma_s = 1 / (2 * pi * width);
    size_t reach = exam_frames(4 * sigma_s, s->rate_hz), n = 2 * reach + 1;
    double *re = malloc(n * sizeof *re), *im = malloc(n * sizeof *im);
    for (size_t k = 0; re && im && k < n; k++) {
        double t = ((double)k - (double)reach) / s->rate_hz, gain = exp(-0.5 * t * t / (sigma_s * sigma_s));
        re[k] = gain * cos(2 * pi * centre * t);
        im[k] = gain * sin(2 * pi * centre * t);
    }
    const size_t step = exam_frames(1.0 / 500, s->rate_hz);
    for (size_t i = 0; i < s->n; i++) {
        double a = 0, b = 0;
        if (i % step > 0) {
            y[i] = y[i - 1];
            continue;
        }
        for (size_t k = 0; re && im && k < n; k++) {
            if (i + k < reach || i + k - reach >= s->n)
                continue;
            a += re[k] * s->x[i + k - reach];
            b += im[k] * s->x[i + k - reach];
        }
        y[i] = sqrt(a * a + b * b);
    }
    free(re);
    free(im);
}

/* One contraction in a ninth of a second: of two nearer ones the larger stays. */
static void thin_out(exam_events *beats, const double *y, double rate_hz)
{
    size_t kept = 0;
    for (size_t i = 0; i < beats->n; i++) {
        const emg_event *now = &beats->event[i], *last = kept > 0 ? &beats->event[kept - 1] : NULL;
        if (!last || now->peak_s - last->peak_s >= 1.0 / 9)
            beats->event[kept++] = *now;
        else if (y[(size_t)(now->peak_s * rate_hz)] > y[(size_t)(last->peak_s * rate_hz)])
            beats->event[kept - 1] = *now;
    }
    beats->n = kept;
}

/* Contractions of the wavelet envelope above a share of the way from its lower quartile to its 99.5 % quantile. */
static bool find_contractions(const exam_signal *s, double share, double *y, double *sorted, exam_events *beats)
{
    morlet_envelope(s, y);
    for (size_t i = 0; i < s->n; i++)
        sorted[i] = y[i];
    qsort(sorted, s->n, sizeof *sorted, ascending);
    double floor_y = sorted[s->n / 4], top = sorted[s->n - 1 - s->n / 200];
    if (!exam_runs(y, s->x, s->n, floor_y + share * (top - floor_y), exam_frames(1.0 / 18, s->rate_hz), 1, s->rate_hz,
                   beats))
        return false;
    thin_out(beats, y, s->rate_hz);
    return true;
}

/* When a share of the energy within 50 ms of a contraction's peak has passed. */
static double energy_instant(const exam_signal *s, double peak_s, double share)
{
    const size_t reach = exam_frames(0.050, s->rate_hz), peak = (size_t)(peak_s * s->rate_hz + 0.5);
    const size_t from = peak > reach ? peak - reach : 0, end = peak + reach + 1 < s->n ? peak + reach + 1 : s->n;
    double whole = 0, passed = 0;
    for (size_t i = from; i < end; i++)
        whole += s->x[i] * s->x[i];
    size_t at = from;
    while (at < end && (passed += s->x[at] * s->x[at]) < share * whole)
        at++;
    return (double)at / s->rate_hz;
}

/* Adds a row of contractions at most half a second apart when there are enough of them at 3 to 8 Hz. */
static void add_row(const exam_signal *s, const emg_event *beat, size_t n, double least, exam_verdict *v)
{
    double length = n > 1 ? beat[n - 1].peak_s - beat[0].peak_s : 0, f_hz = (double)(n - 1) / length;
    if ((double)n < least || !(f_hz >= 3 && f_hz <= 8))
        return;
    v->trial_type = EMG_CLONUS;
    v->frequency_hz += f_hz * length; /* a sum, until all rows are there */
    v->from_s += length;
    v->to_s += energy_instant(s, beat[n - 1].peak_s, 0.95) - energy_instant(s, beat[0].peak_s, 0.05);
    v->beats += (double)n;
}

/* After Mummidisetty 2012: one peak of the wavelet envelope a contraction (threshold and time constraint); clonus when
 * contractions follow at 3 to 8 Hz, from where 5 % of the first one's energy has passed (within 50 ms of its peak) to where
 * 95 % of the last one's has. The threshold's share and the least number are ours. */
static emg_status judge_contractions(const exam_signal *s, const double p[EXAM_PARAMETERS], exam_verdict *out,
                                     emg_error *err)
{
    double *y = malloc((s->n + 1) * sizeof *y), *sorted = malloc((s->n + 1) * sizeof *sorted);
    exam_events beats = { 0 };
    exam_verdict sum = { EMG_UNCLASSIFIED, NAN, 0, 0, 0, 0 };
    bool done = y && sorted && find_contractions(s, p[0], y, sorted, &beats);
    *out = nothing;
    for (size_t from = 0, i = 1; done && i <= beats.n; i++) {
        if (i < beats.n && beats.event[i].peak_s - beats.event[i - 1].peak_s <= 0.5)
            continue;
        add_row(s, beats.event + from, i - from, p[1], &sum);
        from = i;
    }
    if (sum.trial_type == EMG_CLONUS)
        *out = (exam_verdict){ EMG_CLONUS, NAN, sum.frequency_hz / sum.from_s, 0, sum.to_s, sum.beats };
    else if (done && beats.n > 0)
        out->trial_type = by_duration(beats.event, beats.n, p[2]);
    exam_events_free(&beats);
    free(y);
    free(sorted);
    return done ? EMG_OK : exam_no_memory(err);
}

static const exam_rule rules[] = {
    { "cv_only",
      "bursts whose intervals' CV is small are rhythmic; named by rate, else by duration",
      { { "cv", { 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5 }, 7 },
        { "bridge_s", { 0.015, 0.030, 0.050 }, 3 },
        { "short_s", { 0.020, 0.030, 0.040, 0.060 }, 4 } },
      3,
      judge_by_cv },
    { "psd_rule",
      "a peak of the envelope's spectrum over its neighbours (MDS abstract 2023: 3 times)",
      { { "ratio", { 2, 2.5, 3, 4, 6, 8 }, 6 },
        { "bridge_s", { 0.015, 0.030, 0.050 }, 3 },
        { "short_s", { 0.020, 0.030, 0.040, 0.060 }, 4 } },
      3,
      judge_by_psd },
    { "mummidisetty_like",
      "contractions in a 75-194 Hz wavelet envelope (after Mummidisetty 2012; the share is ours)",
      { { "share", { 0.15, 0.2, 0.3, 0.4, 0.5 }, 5 },
        { "least_beats", { 3, 4, 6, 8 }, 4 },
        { "short_s", { 0.020, 0.040 }, 2 } },
      3,
      judge_contractions },
};

const exam_rule *exam_rhythm_rule(size_t index)
{
    return index < sizeof rules / sizeof *rules ? &rules[index] : NULL;
}
