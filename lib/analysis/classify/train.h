/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs of regularly spaced beats, and the evidence that a set of beats gives. */
#ifndef EMGP_ANALYSIS_RUN_H
#define EMGP_ANALYSIS_RUN_H

#include "analysis/classify/burst_record.h"
#include "analysis/classify/evidence.h"

enum { EMGP_MOST_MEMBERS = 512 };

/* Beats (by index) that may be one rhythm. */
typedef struct emgp_run {
    uint16_t member[EMGP_MOST_MEMBERS]; /* all its beats */
    uint16_t pick[EMGP_MOST_MEMBERS];   /* one a cycle: their onsets are the rhythm's */
    size_t n_members, n_picks;
} emgp_run;

/* Grows a run from beat `start`: each next beat comes about one median interval after the last one, or about two (one
 * missed), and a single beat too early is stepped over. Beats that are taken or last longest_s or more are not members. */
void emgp_run_by_beats(emgp_run *run, const emgp_beat *beats, size_t n, size_t start, double longest_s);

/* Grows a run by the envelope: beats around which its autocorrelation peaks at the same lag, whatever they look like
 * one by one (fragments, or bursts grown together). Empty when the envelope around `start` has no period. */
void emgp_run_by_envelope(emgp_run *run, const emgp_beat *beats, size_t n, size_t start);

/* The run of one beat alone. */
void emgp_run_alone(emgp_run *run, size_t beat);

/* The evidence of a run with at least one member. What needs the channel or the recording is left at zero. */
emgp_evidence emgp_run_evidence(const emgp_beat *beats, size_t n, const emgp_run *run);

/* Median peak to peak over the members. */
double emgp_run_amplitude(const emgp_beat *beats, const emgp_run *run);

#endif
