/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well found events agree with true ones: matched one to one, counted by class, with errors and calibration. */
#ifndef EMG_SCORE_H
#define EMG_SCORE_H

#include <stddef.h>
#include <stdint.h>

#include <emg/event.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Which instant of a single event is compared. */
typedef enum emg_fiducial {
    EMG_FIDUCIAL_ONSET = 0,
    EMG_FIDUCIAL_MIDDLE, /* onset + duration / 2; the onset where there is no duration */
    EMG_FIDUCIAL_PEAK    /* peak_s; the middle where it is NaN */
} emg_fiducial;

/* Take emg_score_defaults() and change what matters. */
typedef struct emg_score_config {
    double tolerance_s;   /* single events match within this, >= 0 (default 0.010) */
    double least_overlap; /* episodes match when intersection over union is at least this, > 0 to 1 (default 0.5) */
    double frequency_within_hz; /* what counts as the right frequency, >= 0 (default 0.25) */
    double least_confidence;    /* found events below it are left out, 0 to 1 (default 0) */
    size_t n_resamples;         /* of the bootstrap over recordings, 0 to 100000 (default 1000) */
    uint64_t seed;              /* of the bootstrap (default 1) */
    emg_fiducial fiducial;
} emg_score_config;

EMG_API emg_score_config emg_score_defaults(void);

/* A share with its 95 % bootstrap interval over recordings; bounds are NaN for fewer than two recordings. */
typedef struct emg_estimate {
    double value, low, high; /* 0 to 1 */
} emg_estimate;

/* One class, or several together. NaN where nothing can be said. Errors are found minus true. */
typedef struct emg_score_row {
    uint64_t n_truth, n_found, n_matched;
    emg_estimate precision, recall, f1; /* f1 = 2 matched / (truth + found) */
    double onset_bias_s, onset_sd_s,
        onset_median_s;             /* mean, SD and median of |error| of the fiducial (episodes: onset) */
    double end_bias_s, end_sd_s;    /* of episodes' ends */
    double overlap;                 /* mean intersection over union of matched episodes */
    double duration_icc;            /* ICC(2,1), absolute agreement (Shrout and Fleiss 1979) */
    double count_error, count_bias; /* mean |error| and mean error of discharges or bursts an episode */
    double frequency_error_hz, frequency_within, frequency_icc; /* mean |error|; share within the limit; ICC(2,1) */
    double false_per_hour; /* found but not matched, an hour of observed channel; NaN when no time was given */
} emg_score_row;

/* Rows that are no single class. */
typedef enum emg_score_kind {
    EMG_SCORE_ALL = 0, /* every class, labels must agree */
    EMG_SCORE_ANY,     /* every class, labels ignored: detection alone */
    EMG_SCORE_MACRO    /* mean over the classes that the truth holds: precision, recall and f1 only */
} emg_score_kind;

enum {
    EMG_SCORE_MISSED = EMG_N_CLASSES,     /* column of the label matrix: true, not found */
    EMG_SCORE_FALSE = EMG_N_CLASSES,      /* row: found, not true */
    EMG_SCORE_LABELS = EMG_N_CLASSES + 1, /* rows and columns */
    EMG_SCORE_BINS = 10,                  /* of confidence */
    EMG_SCORE_ERROR_BINS = 41             /* of onset errors, from -tolerance to tolerance */
};

/* Found events whose confidence lies in one tenth of 0..1 (1 belongs to the last). */
typedef struct emg_score_bin {
    uint64_t n;
    double confidence; /* mean */
    double correct;    /* share that matched a true event of their class */
} emg_score_bin;

/* What is left when only events of a confidence are believed. */
typedef struct emg_score_coverage {
    double least_confidence; /* 0 to 1 */
    double coverage;         /* share of the found events with a confidence that are kept */
    double correct;          /* share of the kept that matched a true event of their class */
} emg_score_coverage;

typedef struct emg_score emg_score;

/* EMG_ERANGE: a setting out of its range; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_score_new(emg_score **out, const emg_score_config *config, emg_error *err);
EMG_API void emg_score_free(emg_score *score);

/* Adds a recording. Events match within one channel (emg_event.channel, numbered alike on both sides; give all the same
 * number to ignore channels). Order does not matter. observed_s: seconds of observed channels, summed over channels;
 * NaN when unknown.
 *
 * Single events (fasciculation, myoclonus, evoked, unclassified) match by their fiducials, episodes by intersection over union.
 * The matching is one to one, has the most pairs possible in time order and, of those, the least sum of distances: it
 * is the same with both sides exchanged. An event that finds no partner is false, or missed; of two found at one true
 * event one is false. True events called indeterminate say "do not care": found events that lie half or more within
 * one are left out, and they themselves too. Found events called indeterminate are no claim: they count in the label
 * matrix only.
 *
 * EMG_EARG: an event without a finite onset, or of a class that does not exist; EMG_ENOMEM. The score is unchanged then. */
EMG_API EMG_MUST_USE emg_status emg_score_add(emg_score *score, const emg_event *truth, size_t n_truth,
                                              const emg_event *found, size_t n_found, double observed_s,
                                              emg_error *err);

/* The settings it was made with. */
EMG_API const emg_score_config *emg_score_settings(const emg_score *score);
EMG_API size_t emg_score_n_recordings(const emg_score *score);
EMG_API double emg_score_observed_s(const emg_score *score);
EMG_API emg_score_row emg_score_of_class(const emg_score *score, emg_class trial_type);
EMG_API emg_score_row emg_score_of(const emg_score *score, emg_score_kind kind);

/* How often truth of class `row` was found as class `column`, labels ignored in the matching. A true single event
 * without a partner that lies within a found episode counts for that episode's class; a true episode without a partner
 * for the class that covers most of it. EMG_SCORE_MISSED and EMG_SCORE_FALSE are the last column and row. */
EMG_API uint64_t emg_score_label(const emg_score *score, size_t row, size_t column);

/* Reliability of the confidence, bins 0 to EMG_SCORE_BINS - 1; expected calibration error = sum n |correct - confidence| / N
 * (Guo 2017), NaN without a confidence. */
EMG_API emg_score_bin emg_score_reliability(const emg_score *score, size_t bin);
EMG_API double emg_score_calibration_error(const emg_score *score);
EMG_API emg_score_coverage emg_score_covered(const emg_score *score, double least_confidence);

/* How many matched single events have an onset error within bin 0 to EMG_SCORE_ERROR_BINS - 1. */
EMG_API uint64_t emg_score_errors(const emg_score *score, size_t bin);

#ifdef __cplusplus
}
#endif
#endif
