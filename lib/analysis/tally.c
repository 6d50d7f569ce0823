/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting events: rates with their Poisson interval, fasciculation intervals, totals and the leading pattern. */
#include "analysis/analysis.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

/* F-wave doublets lie between 10 and 110 ms (Kleine 2012). */
static const double doublet_low_s = 0.010, doublet_high_s = 0.110;
/* In weighing patterns a single discharge or jerk counts as this much time. */
static const double point_weight_s = 1;
static const double largest_exact = 1000; /* beyond, the normal approximation of Wilson and Hilferty serves */

void emgp_tally_start(emgp_tally *t, const emg_config *config, const double *gaps, size_t n_gaps, emg_summary *summary)
{
    memset(t, 0, sizeof *t);
    t->config = config;
    t->gaps = gaps;
    t->n_gaps = n_gaps;
    t->summary = summary;
    t->last_s = t->last_interval_s = NAN;
    summary->fasciculation_first_s = summary->fasciculation_last_s = NAN;
}

/* Whether a gap lies between the last fasciculation and now. */
static bool crosses_gap(emgp_tally *t, double now)
{
    bool crossed = false;
    for (; t->gap < t->n_gaps && t->gaps[t->gap] <= now; t->gap++)
        crossed = crossed || t->gaps[t->gap] > t->last_s;
    return crossed;
}

static void coarse_bin(emg_summary *s, double interval_s)
{
    double at = 16 * (log10(interval_s) + 2);
    if (at >= 0 && at < EMG_HISTOGRAM_BINS)
        s->interval_histogram[(size_t)at]++;
}

static void add_interval(emgp_tally *t, double interval_s)
{
    emgp_histogram_add(&t->intervals, interval_s);
    coarse_bin(t->summary, interval_s);
    t->n_intervals++;
    double delta = interval_s - t->mean;
    t->mean += delta / t->n_intervals;
    t->squares += delta * (interval_s - t->mean);
    t->doublets += interval_s >= doublet_low_s && interval_s <= doublet_high_s;
}

/* The discharge before was isolated when both its intervals are long; an edge counts as silence. */
static void judge_isolation(emgp_tally *t, double next_interval_s)
{
    double least = t->config->rhythm.isolation_s;
    t->isolated += !(t->last_interval_s <= least) && !(next_interval_s <= least);
}

static void add_fasciculation(emgp_tally *t, const emg_event *event)
{
    emg_summary *s = t->summary;
    double interval = event->peak_s - t->last_s;
    if (crosses_gap(t, event->peak_s) || !(interval > 0))
        interval = NAN;
    if (s->fasciculation_count > 0)
        judge_isolation(t, interval);
    else
        s->fasciculation_first_s = event->onset_s;
    if (isfinite(interval))
        add_interval(t, interval);
    emgp_histogram_add(&t->amplitudes, event->amplitude);
    if (event->unit > 0 && event->unit < 64)
        t->units |= UINT64_C(1) << event->unit;
    s->fasciculation_count++;
    s->fasciculation_last_s = event->onset_s;
    t->last_s = event->peak_s;
    t->last_interval_s = interval;
}

static void longest(double *most, double value)
{
    if (value > *most)
        *most = value;
}

/* Adds to a count-weighted mean frequency; the weight is kept beside it. */
static void add_frequency(double *mean_hz, double *weight, const emg_event *event)
{
    double w = event->count ? (double)event->count : 1;
    if (!(event->frequency_hz > 0))
        return;
    *weight += w;
    *mean_hz += (event->frequency_hz - *mean_hz) * w / *weight;
}

static void add_rhythm(emgp_tally *t, const emg_event *event)
{
    emg_summary *s = t->summary;
    if (event->trial_type == EMG_CLONUS) {
        s->clonus_episodes++;
        s->clonus_beats += event->count;
        s->clonus_total_s += event->duration_s;
        longest(&s->clonus_longest_s, event->duration_s);
        add_frequency(&s->clonus_hz, &t->clonus_weight, event);
    } else if (event->trial_type == EMG_TREMOR) {
        s->tremor_episodes++;
        s->tremor_total_s += event->duration_s;
        longest(&s->tremor_longest_s, event->duration_s);
        add_frequency(&s->tremor_hz, &t->tremor_weight, event);
    } else {
        s->rhythmic_episodes++;
        s->rhythmic_total_s += event->duration_s;
        add_frequency(&s->rhythmic_hz, &t->rhythmic_weight, event);
    }
}

static void add_other(emgp_tally *t, const emg_event *event)
{
    emg_summary *s = t->summary;
    double d = event->duration_s;
    switch (event->trial_type) {
    case EMG_MYOCLONUS:
        s->myoclonus_count++;
        break;
    case EMG_MYOKYMIA:
        s->myokymia_total_s += d;
        break;
    case EMG_NEUROMYOTONIA:
        s->neuromyotonia_total_s += d;
        break;
    case EMG_SPASM:
        s->spasm_episodes++;
        s->spasm_total_s += d;
        longest(&s->spasm_longest_s, d);
        break;
    case EMG_TONIC:
        s->tonic_total_s += d;
        break;
    case EMG_MOTOR_UNIT:
        s->motor_unit_total_s += d;
        add_frequency(&s->motor_unit_hz, &t->motor_unit_weight, event);
        break;
    case EMG_ARTIFACT:
        s->artifact_total_s += d;
        break;
    default:
        s->indeterminate_total_s += d;
        break;
    }
}

void emgp_tally_add(emgp_tally *t, const emg_event *event)
{
    emg_class c = event->trial_type;
    bool point = c == EMG_FASCICULATION || c == EMG_MYOCLONUS;
    t->summary->n_events++;
    t->n[c]++;
    t->confidence[c] += event->confidence;
    t->time[c] += point ? point_weight_s : event->duration_s;
    if (c == EMG_FASCICULATION)
        add_fasciculation(t, event);
    else if (c == EMG_CLONUS || c == EMG_TREMOR || c == EMG_RHYTHMIC)
        add_rhythm(t, event);
    else
        add_other(t, event);
}

/* Quantile of the chi-square distribution, exact while cheap (Wilson & Hilferty 1931 beyond). */
static double chi_square(double p, double z, double freedom)
{
    if (freedom <= 2 * largest_exact)
        return gsl_cdf_chisq_Pinv(p, freedom);
    double c = 2 / (9 * freedom), root = 1 - c + z * sqrt(c);
    return freedom * root * root * root;
}

/* Exact 95 % interval of a Poisson count (Garwood 1936), per minute. */
static void poisson_interval(emg_summary *s)
{
    double n = (double)s->fasciculation_count, minutes = s->analysed_s / 60;
    s->fasciculation_per_min = n / minutes;
    s->fasciculation_per_min_low = n > 0 ? chi_square(0.025, -1.959963985, 2 * n) / 2 / minutes : 0;
    s->fasciculation_per_min_high = chi_square(0.975, 1.959963985, 2 * n + 2) / 2 / minutes;
    s->myoclonus_per_min = (double)s->myoclonus_count / minutes;
}

static void name_pattern(emgp_tally *t)
{
    emg_class best = EMG_UNCLASSIFIED;
    double most = 0;
    for (int c = EMG_FASCICULATION; c < EMG_ARTIFACT; c++)
        if (t->n[c] > 0 && t->time[c] > most) {
            most = t->time[c];
            best = (emg_class)c;
        }
    if (best == EMG_UNCLASSIFIED && t->n[EMG_INDETERMINATE] > 0)
        best = EMG_INDETERMINATE;
    if (best == EMG_UNCLASSIFIED && t->n[EMG_ARTIFACT] > 0)
        best = EMG_ARTIFACT;
    t->summary->pattern = best;
    t->summary->pattern_confidence = best == EMG_UNCLASSIFIED ? NAN : t->confidence[best] / (double)t->n[best];
}

void emgp_tally_finish(emgp_tally *t)
{
    emg_summary *s = t->summary;
    double n = (double)s->fasciculation_count;
    if (n > 0)
        judge_isolation(t, NAN);
    s->fasciculation_amplitude = emgp_histogram_quantile(&t->amplitudes, 0.5);
    s->fasciculation_interval_median_s = emgp_histogram_quantile(&t->intervals, 0.5);
    s->fasciculation_interval_cv = t->n_intervals > 1 ? sqrt(t->squares / (t->n_intervals - 1)) / t->mean : NAN;
    s->fasciculation_isolated_share = n > 0 ? (double)t->isolated / n : NAN;
    s->fasciculation_doublet_share = t->n_intervals > 0 ? (double)t->doublets / t->n_intervals : NAN;
    for (uint64_t bits = t->units; bits; bits &= bits - 1)
        s->fasciculation_units++;
    if (s->analysed_s > 0) {
        poisson_interval(s);
    } else {
        s->fasciculation_per_min = s->fasciculation_per_min_low = s->fasciculation_per_min_high = NAN;
        s->myoclonus_per_min = NAN;
    }
    s->clonus_hz = t->clonus_weight > 0 ? s->clonus_hz : NAN;
    s->tremor_hz = t->tremor_weight > 0 ? s->tremor_hz : NAN;
    s->rhythmic_hz = t->rhythmic_weight > 0 ? s->rhythmic_hz : NAN;
    s->motor_unit_hz = t->motor_unit_weight > 0 ? s->motor_unit_hz : NAN;
    name_pattern(t);
}
