/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence that no single burst holds: of stretches of a channel, and of all its like stretches together. */
#ifndef EMGP_ANALYSIS_EVIDENCE_EVIDENCE_H
#define EMGP_ANALYSIS_EVIDENCE_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>

#include "analysis/contraction/contraction.h"
#include "analysis/decide/decide.h"
#include "analysis/detect/detect.h"
#include "base/base.h"

/* A stretch of a channel between two silences, and what is known of it as a whole. */
typedef struct emgp_stretch_found {
    double onset_s, end_s, peak_s;
    double peak, amplitude; /* largest deflection; median peak to peak */
    emgp_evidence evidence;
} emgp_stretch_found;

typedef emg_status emgp_stretch_take(void *context, const emgp_stretch_found *found, emg_error *err);

/* ---- groups.c: Discharges of a stretch in groups, as myokymia has them. ---- */

/* Gives the stretches of a channel in which discharges come in groups of three and more. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_groups_find(const emgp_spill *discharges, size_t stream, emgp_stretch_take *take, void *context,
                            emg_error *err);

/* ---- repeats.c: Bursts of a stretch whose waveform itself repeats, as that of neuromyotonia does. ---- */

emg_status emgp_repeats_find(const emgp_spill *bursts, const emgp_spill *levels, size_t stream, double level_step_s,
                             emgp_stretch_take *take, void *context, emg_error *err);

/* ---- likeness.c: How alike two discharges are. ---- */

/* 0 to 1: correlation of their shapes at the best shift, as it would be without the noise. */
double emgp_likeness(const emgp_discharge *a, const emgp_discharge *b);

/* ---- kin.c: Whether a short burst and those around it repeat shapes. ---- */

typedef struct emgp_kin {
    float own;    /* how alike its largest discharge is to the second most alike one around it */
    float n;      /* short bursts around it, itself included */
    float like;   /* median of what `own` is to them */
    float core_s; /* median time from 25 % to 75 % of their energy */
} emgp_kin;

/* Whether a burst is compared with others: only these have a record. */
bool emgp_kin_compared(const emgp_burst *burst);

/* Writes an emgp_kin for each such burst of a stream, in order, to stream 0 of out. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_kin_find(const emgp_spill *bursts, const emgp_spill *discharges, size_t stream, emgp_spill *out,
                         emg_error *err);

/* ---- Rules of this room, each table at the top of its file. ---- */

emgp_rules emgp_groups_rules(void);
emgp_rules emgp_kin_rules(void);
emgp_rules emgp_likeness_rules(void);
emgp_rules emgp_repeats_rules(void);

#endif
