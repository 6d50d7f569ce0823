/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Found events against true ones. */
#ifndef EMGP_ANALYSIS_SCORE_SCORE_H
#define EMGP_ANALYSIS_SCORE_SCORE_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/score.h>
#include <emg/status.h>

/* ---- match.c: The best one-to-one matching of two rows of things in time order. ---- */

/* Whether i of the one side and j of the other may be a pair, and how far apart they are (>= 0). */
typedef bool emgp_match_pair(const void *context, size_t i, size_t j, double *distance);

/* The pairs possible for i lie in [from[i], to[i]). */
typedef struct emgp_match_range {
    size_t from, to;
} emgp_match_range;

enum { EMGP_UNMATCHED = -1 };

/* partner[i]: the j that belongs to i, or EMGP_UNMATCHED. Of all matchings in order (i < i' have j < j') one with most
 * pairs, and of those the least sum of distances. Time grows with the sum of the ranges (and the logarithm of the longest),
 * memory with the number of possible pairs. EMG_ENOMEM. */
emg_status emgp_match(size_t n, const emgp_match_range *range, emgp_match_pair *pair, const void *context,
                      ptrdiff_t *partner, emg_error *err);

/* ---- score.c: What a score keeps of its recordings, and how one recording's events become it. ---- */

/* Counts of a class in one recording: what the bootstrap draws. */
typedef struct emgp_score_counts {
    uint64_t n_truth, n_found, n_matched;
} emgp_score_counts;

/* Rows of counts: the classes, then detection whatever the label. */
enum { EMGP_SCORE_ROWS = EMG_N_CLASSES + 1, EMGP_SCORE_BLIND = EMG_N_CLASSES };

/* A true event and the one found for it. */
typedef struct emgp_score_pair {
    uint32_t row; /* class, or EMGP_SCORE_BLIND */
    bool episode;
    double onset_error_s, end_error_s, overlap;
    double duration_s[2], frequency_hz[2], count[2]; /* true, found; NaN when not known */
} emgp_score_pair;

/* A found event that says how sure it is. */
typedef struct emgp_score_claim {
    double confidence;
    bool correct;
} emgp_score_claim;

struct emg_score {
    emg_score_config config;
    emgp_score_counts (*counts)[EMGP_SCORE_ROWS]; /* a row per recording */
    size_t n_recordings, recordings_room;
    emgp_score_pair *pairs;
    size_t n_pairs, pairs_room;
    emgp_score_claim *claims;
    size_t n_claims, claims_room;
    uint64_t label[EMG_SCORE_LABELS][EMG_SCORE_LABELS];
    double observed_s;
    double *scratch; /* for medians and bounds: room for every pair, and for three figures a resample */
    size_t scratch_room;
};

/* Matches one recording and adds what came of it. The caller takes back pairs, claims and labels after a failure. */
emg_status emgp_score_recording(emg_score *score, const emg_event *truth, size_t n_truth, const emg_event *found,
                                size_t n_found, emgp_score_counts counts[EMGP_SCORE_ROWS], emg_error *err);

/* Whether a class stands for single events, which match by an instant. */
bool emgp_score_single(emg_class trial_type);

#endif
