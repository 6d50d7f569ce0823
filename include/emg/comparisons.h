/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs of recordings compared one by one, and what the pairs come to together. */
#ifndef EMG_COMPARISONS_H
#define EMG_COMPARISONS_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/comparison.h>
#include <emg/rates.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Rates of fasciculations of a muscle over the pairs: the paired comparison across recordings. Each pair gives the logarithm of
 * its ratio of rates b / a and counts once; their mean has Student's t of their scatter between pairs (Bland and Altman 1996, BMJ
 * 312:1153 and 1079), which holds what changes from day to day, too. Where one of a pair has none, half an event is added to
 * the counts of both (Gart and Zweifel 1967). Pairs are taken as independent: one of each person. */
typedef struct emg_pooled_rates {
    const char *muscle;
    emg_interval
        ratio;         /* geometric mean of b / a; bounds at 95 % from 3 pairs on, unless all are alike; NaN: no pair */
    size_t n_pairs;    /* with rates in both, and a fasciculation in one of them at least */
    size_t n_left_out; /* other pairs that have the muscle */
    size_t n_corrected;  /* of n_pairs: half an event was added */
    bool tested, differ; /* whether there are bounds, and whether they leave out 1 */
    char remark[160];
} emg_pooled_rates;

/* Zero pairs or more, those that could not be compared, and recordings that have no partner. */
typedef struct emg_comparisons emg_comparisons;

/* *out is freed by emg_comparisons_free(). EMG_EARG: NULL; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_comparisons_new(emg_comparisons **out, emg_error *err);
EMG_API void emg_comparisons_free(emg_comparisons *comparisons);

/* Compares one more pair, as emg_comparison_new() does. After EMG_ENOMEM the set is good for nothing but to be freed. */
EMG_API EMG_MUST_USE emg_status emg_comparisons_add(emg_comparisons *comparisons, const emg_visit *a,
                                                    const emg_visit *b, emg_error *err);
/* Notes a pair that could not be compared, and why. EMG_EARG: NULL; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_comparisons_add_failed(emg_comparisons *comparisons, const char *pair,
                                                           const char *why, emg_error *err);
/* Notes a recording that only side 0 (a) or 1 (b) has. EMG_EARG: NULL, another side; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_comparisons_add_unpaired(emg_comparisons *comparisons, size_t side,
                                                             const char *name, emg_error *err);

/* The pairs in the order in which they were added; borrowed, NULL beyond the last. */
EMG_API size_t emg_comparisons_n(const emg_comparisons *comparisons);
EMG_API const emg_comparison *emg_comparisons_at(const emg_comparisons *comparisons, size_t index);

/* Name of a pair that could not be compared, and to *why (unless NULL) the reason; NULL beyond the last. */
EMG_API const char *emg_comparisons_failed(const emg_comparisons *comparisons, size_t index, const char **why);
/* Name of a recording that only this side has; NULL beyond the last. */
EMG_API const char *emg_comparisons_unpaired(const emg_comparisons *comparisons, size_t side, size_t index);

/* Whether there is one comparison and nothing else, which reports then show by itself. */
EMG_API bool emg_comparisons_is_one(const emg_comparisons *comparisons);

/* Muscle `index` over all pairs, in the order in which muscles were met first; false beyond the last. */
EMG_API bool emg_comparisons_pooled(const emg_comparisons *comparisons, size_t index, emg_pooled_rates *out);

#ifdef __cplusplus
}
#endif
#endif
