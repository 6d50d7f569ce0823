/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting events: rates with their Poisson interval, fasciculation intervals, totals and the leading pattern. */
#include "analysis/analysis.h"

#include <math.h>
#include <string.h>

/* F-wave doublets lie between 10 and 110 ms (Kleine 2012). */
static const double doublet_low_s = 0.010, doublet_high_s = 0.110;
/* In weighing patterns an event counts as so much time at least, be it a discharge, a jerk or a short contraction. */
static const double point_weight_s = 1;

void emgp_tally_start(emgp_tally *t, const emg_config *config, const double *gaps, size_t n_gaps, bool calibrated,
                      emg_summary_counts *counts, emgp_tally_spread *spread)
{
    memset(t, 0, sizeof *t);
    memset(spread, 0, sizeof *spread);
    memset(counts, 0, sizeof *counts);
    t->config = config;
    t->gaps = gaps;
    t->n_gaps = n_gaps;
    t->counts = counts;
    t->spread = spread;
    t->last_s = t->last_interval_s = NAN;
    counts->fasciculation_first_s = counts->fasciculation_last_s = NAN;
    counts->small_potential_count = calibrated ? 0 : EMG_NO_COUNT;
    counts->small_potential_per_min = NAN;
}

/* Whether a gap lies between the last fasciculation and now. */
static bool crosses_gap(emgp_tally *t, double now)
{
    bool crossed = false;
    for (; t->gap < t->n_gaps && t->gaps[t->gap] <= now; t->gap++)
        crossed = crossed || t->gaps[t->gap] > t->last_s;
    return crossed;
}

static void coarse_bin(emg_summary_counts *counts, double interval_s)
{
    double at = 16 * (log10(interval_s) + 2);
    if (at >= 0 && at < EMG_HISTOGRAM_BINS)
        counts->interval_histogram[(size_t)at]++;
}

static void add_interval(emgp_tally *t, double interval_s)
{
    emgp_histogram_add(&t->spread->intervals, interval_s);
    coarse_bin(t->counts, interval_s);
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
    emg_summary_counts *counts = t->counts;
    double interval = event->peak_s - t->last_s;
    if (crosses_gap(t, event->peak_s) || !(interval > 0))
        interval = NAN;
    if (counts->fasciculation_count > 0)
        judge_isolation(t, interval);
    else
        counts->fasciculation_first_s = event->onset_s;
    if (isfinite(interval))
        add_interval(t, interval);
    emgp_histogram_add(&t->spread->amplitudes, event->amplitude);
    if (event->unit > 0 && event->unit < 64)
        t->units |= UINT64_C(1) << event->unit;
    counts->fasciculation_count++;
    counts->fasciculation_last_s = event->onset_s;
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

/* Seconds of an episode that none of its class before has had. */
static double fresh_s(emgp_tally *t, const emg_event *event)
{
    double *from_s = &t->from_s[event->trial_type], *to_s = &t->to_s[event->trial_type];
    const double end_s = event->onset_s + event->duration_s;
    if (event->onset_s >= *from_s && event->onset_s < *to_s) {
        const double added_s = fmax(0, end_s - *to_s);
        *to_s += added_s;
        return added_s;
    }
    *from_s = event->onset_s;
    *to_s = end_s;
    return event->duration_s;
}

static void add_rhythm(emgp_tally *t, const emg_event *event, double fresh)
{
    emg_summary_counts *counts = t->counts;
    if (event->trial_type == EMG_CLONUS) {
        counts->clonus_episodes++;
        counts->clonus_beats += event->count;
        counts->clonus_total_s += fresh;
        longest(&counts->clonus_longest_s, event->duration_s);
        add_frequency(&counts->clonus_hz, &t->clonus_weight, event);
    } else if (event->trial_type == EMG_TREMOR) {
        counts->tremor_episodes++;
        counts->tremor_total_s += fresh;
        longest(&counts->tremor_longest_s, event->duration_s);
        add_frequency(&counts->tremor_hz, &t->tremor_weight, event);
    } else {
        counts->rhythmic_episodes++;
        counts->rhythmic_total_s += fresh;
        add_frequency(&counts->rhythmic_hz, &t->rhythmic_weight, event);
    }
}

static void add_other(emgp_tally *t, const emg_event *event, double fresh)
{
    emg_summary_counts *counts = t->counts;
    double d = event->duration_s;
    switch (event->trial_type) {
    case EMG_MYOCLONUS:
        counts->myoclonus_count++;
        break;
    case EMG_EVOKED: /* neither time nor a rate of the muscle's own */
        counts->evoked_count++;
        break;
    case EMG_MYOKYMIA:
        counts->myokymia_total_s += fresh;
        break;
    case EMG_NEUROMYOTONIA:
        counts->neuromyotonia_total_s += fresh;
        break;
    case EMG_SPASM:
        counts->spasm_episodes++;
        counts->spasm_total_s += fresh;
        longest(&counts->spasm_longest_s, d);
        break;
    case EMG_TONIC:
        counts->tonic_episodes++;
        counts->tonic_total_s += fresh;
        longest(&counts->tonic_longest_s, d);
        break;
    case EMG_MOTOR_UNIT:
        counts->motor_unit_total_s += fresh;
        add_frequency(&counts->motor_unit_hz, &t->motor_unit_weight, event);
        break;
    case EMG_ARTIFACT:
        counts->artifact_total_s += fresh;
        break;
    default:
        counts->indeterminate_total_s += fresh;
        break;
    }
}

void emgp_tally_add(emgp_tally *t, const emg_event *event)
{
    emg_class c = event->trial_type;
    if (c == EMG_UNCLASSIFIED) { /* a discharge too small for a word: no row */
        t->counts->small_potential_count++;
        return;
    }
    bool point = c == EMG_FASCICULATION || c == EMG_MYOCLONUS || c == EMG_EVOKED;
    t->counts->n_events++;
    t->n[c]++;
    t->confidence[c] += event->confidence;
    const double fresh = fresh_s(t, event);
    t->time[c] += point ? point_weight_s : fresh > 0 ? fmax(fresh, point_weight_s) : 0;
    if (c == EMG_FASCICULATION)
        add_fasciculation(t, event);
    else if (c == EMG_CLONUS || c == EMG_TREMOR || c == EMG_RHYTHMIC)
        add_rhythm(t, event, fresh);
    else
        add_other(t, event, fresh);
}

/* Events of less time are counted but make no rate: six in a second are not 360 a minute. */
static const double least_rate_s = 10;

static void put_rates(emg_summary_counts *counts, double rest_s)
{
    double n = (double)counts->fasciculation_count, minutes = rest_s / 60, low, high;
    emgp_poisson_interval(n, &low, &high);
    counts->fasciculation_per_min = n / minutes;
    counts->fasciculation_per_min_low = low / minutes;
    counts->fasciculation_per_min_high = high / minutes;
    if (counts->small_potential_count != EMG_NO_COUNT)
        counts->small_potential_per_min = (double)counts->small_potential_count / minutes;
}

/* What leads: the muscle's own word of most time. Responses lead over contractions that take up less, and where there is nothing
 * else; artefacts only over less of what no word fits. */
static emg_class leading(const emgp_tally *t)
{
    emg_class best = EMG_UNCLASSIFIED;
    double most = 0;
    for (int c = EMG_FASCICULATION; c < EMG_ARTIFACT; c++)
        if (c != EMG_EVOKED && t->n[c] > 0 && t->time[c] > most) {
            most = t->time[c];
            best = (emg_class)c;
        }
    if (t->n[EMG_EVOKED] > 0 && (best == EMG_UNCLASSIFIED || (best == EMG_TONIC && t->time[EMG_EVOKED] > most)))
        return EMG_EVOKED;
    if (best != EMG_UNCLASSIFIED)
        return best;
    if (t->n[EMG_INDETERMINATE] > 0 && !(t->time[EMG_ARTIFACT] > t->time[EMG_INDETERMINATE]))
        return EMG_INDETERMINATE;
    return t->n[EMG_ARTIFACT] > 0 ? EMG_ARTIFACT : EMG_UNCLASSIFIED;
}

static void name_pattern(emgp_tally *t)
{
    const emg_class best = leading(t);
    for (size_t c = 0; c < EMG_N_CLASSES; c++)
        t->counts->confidence[c] = t->n[c] > 0 ? t->confidence[c] / (double)t->n[c] : NAN;
    t->counts->pattern = best;
    t->counts->pattern_confidence = best == EMG_UNCLASSIFIED ? NAN : t->counts->confidence[best];
}

void emgp_tally_settle(emgp_tally *t)
{
    t->counts->fasciculation_amplitude = emgp_histogram_quantile(&t->spread->amplitudes, 0.5);
    t->counts->fasciculation_interval_median_s = emgp_histogram_quantile(&t->spread->intervals, 0.5);
    t->spread = NULL;
}

void emgp_tally_finish(emgp_tally *t, double analysed_s, double rest_s)
{
    emg_summary_counts *counts = t->counts;
    double n = (double)counts->fasciculation_count;
    if (n > 0)
        judge_isolation(t, NAN);
    counts->fasciculation_interval_cv = t->n_intervals > 1 ? sqrt(t->squares / (t->n_intervals - 1)) / t->mean : NAN;
    counts->fasciculation_isolated_share = n > 0 ? (double)t->isolated / n : NAN;
    counts->fasciculation_doublet_share = t->n_intervals > 0 ? (double)t->doublets / t->n_intervals : NAN;
    for (uint64_t bits = t->units; bits; bits &= bits - 1)
        counts->fasciculation_units++;
    counts->myoclonus_per_min = analysed_s >= least_rate_s ? (double)counts->myoclonus_count / (analysed_s / 60) : NAN;
    if (rest_s >= least_rate_s) {
        put_rates(counts, rest_s);
    } else {
        counts->fasciculation_per_min = counts->fasciculation_per_min_low = counts->fasciculation_per_min_high = NAN;
        counts->small_potential_per_min = NAN;
    }
    if (!(rest_s > 0)) { /* nobody knows whether there were any; those that stood out have rows */
        counts->fasciculation_count = counts->fasciculation_count > 0 ? counts->fasciculation_count : EMG_NO_COUNT;
        counts->small_potential_count = EMG_NO_COUNT;
    }
    counts->clonus_hz = t->clonus_weight > 0 ? counts->clonus_hz : NAN;
    counts->tremor_hz = t->tremor_weight > 0 ? counts->tremor_hz : NAN;
    counts->rhythmic_hz = t->rhythmic_weight > 0 ? counts->rhythmic_hz : NAN;
    counts->motor_unit_hz = t->motor_unit_weight > 0 ? counts->motor_unit_hz : NAN;
    name_pattern(t);
}
