/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events of one channel or muscle, counted into its summary. */
#ifndef EMGP_TALLY_H
#define EMGP_TALLY_H

#include <emg/analysis.h>

#include "base/histogram.h"

typedef struct emgp_tally {
    const emg_config *config;
    const double *gaps; /* times that no interval may span, ascending */
    size_t n_gaps, gap;
    emg_summary *summary; /* filled as events come, completed by emgp_tally_finish */
    emgp_histogram intervals, amplitudes;
    double n_intervals, mean, squares; /* of the intervals (Welford) */
    double last_s, last_interval_s;
    uint64_t isolated, doublets, units;
    double clonus_weight, tremor_weight, rhythmic_weight, motor_unit_weight;
    double time[EMG_N_CLASSES], confidence[EMG_N_CLASSES];
    uint64_t n[EMG_N_CLASSES];
} emgp_tally;

/* Starts over: summary's counts and totals are set to zero, its other figures left alone. gaps are borrowed. */
void emgp_tally_start(emgp_tally *tally, const emg_config *config, const double *gaps, size_t n_gaps,
                      emg_summary *summary);

/* Events of one kind must come in order of onset. */
void emgp_tally_add(emgp_tally *tally, const emg_event *event);

/* Completes the summary; analysed_s must be in it. */
void emgp_tally_finish(emgp_tally *tally);

#endif
