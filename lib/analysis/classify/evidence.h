/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of a run of bursts when its class is decided, and the decision. */
#ifndef EMGP_EVIDENCE_H
#define EMGP_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/config.h>
#include <emg/event.h>

#include "analysis/classify/intervals.h"

/* Everything that the decision may look at. NaN: not known. */
typedef struct emgp_evidence {
    size_t n;                 /* beats (bursts) */
    double duration_s;        /* from the first onset to the last end */
    double observation_s;     /* of the recording */
    double rhythmic_s;        /* time of the channel around whose bursts the envelope is periodic */
    emgp_intervals intervals; /* between onsets */
    double rate_hz;           /* beats per second: 1 / median interval of a run, local rate of isolated ones */
    double acf_height;        /* median over the beats */
    double lag_share;         /* share of beats around which the envelope has the run's period */
    double glide_hz;          /* middle rate less the rate of the first and last beats; NaN: not beyond its error */
    double core_s;            /* median time from 25 % to 75 % of a beat's energy */
    double burst_s;           /* median duration of a beat */
    double burst_rcv;         /* robust coefficient of variation of the beats' durations */
    double background_hz;     /* rate of all bursts around the run */
    double extra_share;       /* other bursts between its first and last beat, per beat */
    double single_share;      /* share of beats that are one discharge of the run's commonest unit */
    double shape_share;       /* share of beats whose largest discharge is of the run's commonest unit */
    double alternating_share; /* share of beats that begin as another muscle's burst ends */
    double isolated_share;    /* share of beats with isolation_s of silence on both sides */
    double discharge_hz;      /* discharges per second of its duration */
    double snr_db;            /* median */
    size_t n_muscles;         /* active at the same instant, its own included (median) */
    bool alone;               /* one burst, judged by itself; else a run or a stretch */
    bool sustained;           /* one burst, or several nearly joined ones, without silence */
    bool no_rest;             /* the noise around it is as large as activity */
    bool common, heart, pop, motion, clipped; /* marks of artefacts */
    bool embedded; /* cut out of other activity that goes right up to it or on right after it */
    bool cut;      /* by a gap or an end of the recording */
    bool reflex_site, at_stretch, at_task, at_rest;
} emgp_evidence;

typedef struct emgp_decision {
    emg_class trial_type;
    double confidence;
    uint64_t reasons; /* bits of emg_reason */
} emgp_decision;

/* The decision flow: the first row that fits decides; below the least confidence the label is indeterminate. */
emgp_decision emgp_rhythm_decide(const emgp_evidence *evidence, const emg_rhythm_config *config);

/* Whether the intervals alone are those of a rhythm: enough beats, small rCV, large fold. */
bool emgp_rhythm_is_regular(const emgp_evidence *evidence, const emg_rhythm_config *config);

#endif
