/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bursts of one lane: stretches whose moving RMS, or a discharge, stands out of the noise. */
#ifndef EMGP_BURST_H
#define EMGP_BURST_H

#include "analysis/detect/discharge.h"
#include "analysis/detect/page.h"
#include "analysis/detect/records.h"
#include "analysis/detect/rhythmicity.h"

enum { EMGP_BURST_BINS = 512 }; /* bins of a burst whose energy is kept to find its core */

/* What is carried from page to page. Zeroed at the start of a segment. */
typedef struct emgp_burst_state {
    bool open;
    emgp_burst burst; /* being built */
    float low, high;  /* extremes */
    double energy;    /* sum of squares so far */
    double heights;   /* sum of the envelope's autocorrelation peaks, measured every second */
    float highest;
    size_t n_heights;
    bool known;        /* rhythmicity below is that of known_at */
    uint64_t known_at; /* quarter of a second of the segment */
    emgp_rhythmicity rhythmicity;
    size_t n_bins; /* so far, without the quiet ones at its end */
    size_t quiet;  /* bins since the last active one */
    float bins[EMGP_BURST_BINS];
    double slow_low, slow_high;    /* extremes of the raw baseline within it */
    double beat;                   /* usual swing of the baseline round a beat of the heart within it, 0 */
    double slow_first, slow_drift; /* the baseline where it began, and its range in the 40 ms before */
    uint64_t active_until;         /* frame of the segment up to which a discharge keeps the lane active */
    emgp_discharge_state search;
} emgp_burst_state;

typedef struct emgp_burst_sink {
    void *context;
    size_t lane;
    emg_status (*discharge)(void *context, size_t lane, const emgp_discharge *discharge, emg_error *err);
    emg_status (*burst)(void *context, size_t lane, const emgp_burst *burst, emg_error *err);
} emgp_burst_sink;

/* Finds the page's discharges and bursts; closed ones go to the sink. A burst counts the discharges whose onset lies in it. */
emg_status emgp_burst_page(emgp_burst_state *state, const emg_detect_config *config, const emgp_page *page,
                           bool calibrated, double shape_s, const emgp_burst_sink *sink, emg_error *err);

#endif
