/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a score's table says, written once for the table, the JSON and the page. */
#include "report/score/score.h"

#include <string.h>

#define AT(member) offsetof(emg_score_row, member)

static const emgp_score_column columns[] = {
    { "n_truth", "", "true events", true, AT(n_truth) },
    { "n_found", "", "found events", true, AT(n_found) },
    { "n_matched", "", "pairs of a true and a found event, one to one", true, AT(n_matched) },
    { "precision", "", "matched of the found", false, AT(precision.value) },
    { "precision_low", "", "lower end of the 95 % bootstrap interval over recordings", false, AT(precision.low) },
    { "precision_high", "", "its upper end", false, AT(precision.high) },
    { "recall", "", "matched of the true (sensitivity)", false, AT(recall.value) },
    { "recall_low", "", "lower end of its interval", false, AT(recall.low) },
    { "recall_high", "", "upper end of its interval", false, AT(recall.high) },
    { "f1", "", "2 matched / (true + found)", false, AT(f1.value) },
    { "f1_low", "", "lower end of its interval", false, AT(f1.low) },
    { "f1_high", "", "upper end of its interval", false, AT(f1.high) },
    { "onset_bias_s", "s", "mean of found minus true instant", false, AT(onset_bias_s) },
    { "onset_sd_s", "s", "standard deviation of that", false, AT(onset_sd_s) },
    { "onset_median_s", "s", "median of its size", false, AT(onset_median_s) },
    { "end_bias_s", "s", "mean of found minus true end of episodes", false, AT(end_bias_s) },
    { "end_sd_s", "s", "standard deviation of that", false, AT(end_sd_s) },
    { "overlap", "", "mean intersection over union of matched episodes", false, AT(overlap) },
    { "duration_icc", "", "ICC(2,1) of their durations", false, AT(duration_icc) },
    { "count_error", "", "mean size of the error in discharges or beats of an episode", false, AT(count_error) },
    { "count_bias", "", "mean of that error", false, AT(count_bias) },
    { "frequency_error_hz", "Hz", "mean size of the error in frequency", false, AT(frequency_error_hz) },
    { "frequency_within", "", "share of frequencies within the limit", false, AT(frequency_within) },
    { "frequency_icc", "", "ICC(2,1) of the frequencies", false, AT(frequency_icc) },
    { "false_per_hour", "1/h", "found but not matched, an hour of observed channel", false, AT(false_per_hour) },
};

const emgp_score_column *emgp_score_columns(size_t index)
{
    return index < sizeof columns / sizeof *columns ? &columns[index] : NULL;
}

double emgp_score_real(const emgp_score_column *column, const emg_score_row *row)
{
    double value;
    memcpy(&value, (const char *)row + column->offset, sizeof value);
    return value;
}

uint64_t emgp_score_count(const emgp_score_column *column, const emg_score_row *row)
{
    uint64_t value;
    memcpy(&value, (const char *)row + column->offset, sizeof value);
    return value;
}

const char *emgp_score_next_row(const emg_score *score, size_t *place, emg_score_row *row)
{
    static const char *const kinds[] = {
        [EMG_SCORE_ALL] = "all", [EMG_SCORE_ANY] = "any", [EMG_SCORE_MACRO] = "macro"
    };
    for (; *place < EMG_N_CLASSES; ++*place) {
        emg_class c = (emg_class)*place;
        *row = emg_score_of_class(score, c);
        if (row->n_truth + row->n_found > 0) {
            ++*place;
            return c == EMG_UNCLASSIFIED ? "discharge" : emg_class_name(c);
        }
    }
    size_t kind = (*place)++ - EMG_N_CLASSES;
    if (kind >= sizeof kinds / sizeof *kinds)
        return NULL;
    *row = emg_score_of(score, (emg_score_kind)kind);
    return kinds[kind];
}

const char *emgp_score_label_name(size_t index, const char *last)
{
    return index >= EMG_N_CLASSES ? last : index == EMG_UNCLASSIFIED ? "discharge" : emg_class_name((emg_class)index);
}
