/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An event: one discharge, one jerk, or one episode of a rhythm, with the evidence that named it. */
#ifndef EMG_EVENT_H
#define EMG_EVENT_H

#include <stdint.h>

#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Signal patterns, not diagnoses. EMG_INDETERMINATE is 0 so that a zeroed event claims nothing. */
typedef enum emg_class {
    EMG_INDETERMINATE = 0,
    EMG_FASCICULATION, /* one row per discharge */
    EMG_MYOCLONUS,     /* one row per jerk */
    EMG_EVOKED,        /* one row per response to a marked stimulus */
    EMG_CLONUS,        /* from here one row per episode */
    EMG_TREMOR,
    EMG_RHYTHMIC, /* clonus or tremor, unresolved */
    EMG_MYOKYMIA,
    EMG_NEUROMYOTONIA,
    EMG_SPASM,
    EMG_TONIC,
    EMG_MOTOR_UNIT, /* a regular single motor unit */
    EMG_ARTIFACT,
    EMG_UNCLASSIFIED, /* a plain discharge, not judged; prints as n/a */
    EMG_N_CLASSES
} emg_class;

/* The word of the trial_type column; "n/a" for EMG_UNCLASSIFIED; never NULL. */
EMG_API const char *emg_class_name(emg_class trial_type);

/* Reason codes: the evidence behind a decision; bits of emg_event.reasons. */
typedef enum emg_reason {
    EMG_R_RCV = 0, /* R_RCV */
    EMG_R_FOLD,
    EMG_R_N,
    EMG_R_ACF,
    EMG_R_IRREG,
    EMG_R_SEMI,
    EMG_F_HI,
    EMG_F_MID,
    EMG_F_BAND,
    EMG_F_LO,
    EMG_W_NARROW,
    EMG_C_GLIDE,
    EMG_C_EPIS,
    EMG_C_SITE,
    EMG_C_MARK,
    EMG_T_ALT,
    EMG_T_CONT,
    EMG_U_SINGLE,
    EMG_D_SPIKE,
    EMG_D_BURST,
    EMG_D_LONG,
    EMG_D_TONIC,
    EMG_D_SHORT,
    EMG_G_RAMP,
    EMG_M_TASK,
    EMG_M_REST,
    EMG_M_STIM,
    EMG_S_LOCAL,
    EMG_S_SYNC,
    EMG_S_FOCAL,
    EMG_S_COCON,
    EMG_S_FACE,
    EMG_Z_ISO,
    EMG_I_GROUP,
    EMG_I_HF,
    EMG_I_ISI_UP,
    EMG_A_COMMON,
    EMG_A_ECG,
    EMG_A_POWERLINE,
    EMG_A_POP,
    EMG_A_MOTION,
    EMG_A_CLIP,
    EMG_A_STIM,
    EMG_B_EDGE,
    EMG_Q_LOWSNR,
    EMG_Q_NOREST,
    EMG_X_AMBIG,
    EMG_X_FEW,
    EMG_N_REASONS
} emg_reason;

/* The code as printed ("R_RCV") and a sentence that explains it; never NULL. */
EMG_API const char *emg_reason_code(emg_reason reason);
EMG_API const char *emg_reason_sentence(emg_reason reason);

/* What a rule that gave a reason compared: `value` with `limit`, in the unit that emg_rule_at(rule) says. Of a flag the value is
 * 0 or 1 and the limit NaN; NaN as a value: not known. Over an episode that was joined of several the value is their mean. */
typedef struct emg_evidence {
    float value, limit; /* in the unit of the rule's evidence */
    uint16_t rule;      /* its row: emg_rule_at() */
} emg_evidence;

enum { EMG_EVENT_EVIDENCE = 12 };

/* NaN stands for "not applicable" in every double; peak and amplitude are in microvolts when the channel is calibrated, else
 * in the recording's own unit (relative). */
typedef struct emg_event {
    double onset_s; /* seconds from the recording's first sample */
    double duration_s;
    double peak_s;       /* time of the largest deflection */
    double peak;         /* the largest deflection */
    double amplitude;    /* peak to peak of a discharge, median over an episode */
    double snr_db;       /* 20 log10(peak / noise sigma), after conditioning */
    double frequency_hz; /* repetition rate of a rhythmic episode */
    /* coefficient of variation of the intervals, and the robust one: ratios */
    double interval_cv, interval_rcv;
    double confidence;   /* 0..1 */
    uint64_t reasons;    /* bit r set: reason r of emg_reason */
    uint64_t count;      /* discharges or bursts; 0: not applicable */
    uint32_t channel;    /* index of the channel, as its analysis numbers channels */
    uint32_t muscle;     /* index of the muscle */
    uint32_t n_channels; /* muscles active with it */
    uint32_t unit;       /* number of the shape within the channel, from 1; 0: unknown */
    emg_class trial_type;
    uint32_t n_evidence; /* at most EMG_EVENT_EVIDENCE; of more the first are kept */
    emg_evidence
        evidence[EMG_EVENT_EVIDENCE]; /* of the rules that gave the reasons, in the order in which they were judged */
} emg_event;

#ifdef __cplusplus
}
#endif
#endif
