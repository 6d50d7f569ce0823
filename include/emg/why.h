/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why: the decisions about one moment, each with every rule that was tried. */
#ifndef EMG_WHY_H
#define EMG_WHY_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/analysis.h>
#include <emg/event.h>
#include <emg/result.h>
#include <emg/rules.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Asks for the decisions about what touches the time from_s to to_s, in seconds from the recording's first sample, before
 * emg_analysis_finish(); a second call replaces the first. The events are the same as without. EMG_EARG: NULL, finished, a
 * time that is not finite, from_s after to_s; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_analysis_ask(emg_analysis *analysis, double from_s, double to_s, emg_error *err);

/* A decision that was made: of a burst, a train or a stretch, which then became an event, a part of one, or nothing. */
typedef struct emg_decision {
    size_t channel; /* index of the channel, as its analysis numbers channels */
    double onset_s; /* seconds from the recording's first sample */
    double duration_s;
    emg_class trial_type; /* EMG_UNCLASSIFIED: it makes no row; so does EMG_INDETERMINATE where that is a scrap */
    double confidence;    /* 0..1 */
} emg_decision;

/* The decisions about the time that was asked for, in the order in which they were made, the first 64 of them; false beyond
 * the last, when none was asked for, and for NULL. */
EMG_API bool emg_result_decision(const emg_result *result, size_t index, emg_decision *out);

/* A rule as a decision came to it. */
typedef struct emg_step {
    const char *word; /* whose set of rules it is (emg_class_name); "" for what is found first or said in the end */
    bool set_fits;    /* the verdict of the whole set */
    bool holds;       /* the rule itself */
    bool together;    /* it and all rules that hold together with it or not at all */
    bool counts;      /* its weight and its reason do */
    double value;     /* what was compared, in the unit of the rule's evidence; NaN: not known, or nothing was */
    emg_rule rule;
} emg_step;

/* Is shown a step; false: no more. */
typedef bool emg_step_take(void *context, const emg_step *step);

/* Goes through a decision again, rule by rule: what is found first, then the words in their order up to the one that fits,
 * each up to its first set that does not fit, then what is said in the end. Nothing beyond the last decision, and for NULL. */
EMG_API void emg_result_why(const emg_result *result, size_t decision, emg_step_take *take, void *context);

#ifdef __cplusplus
}
#endif
#endif
