/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain facts of a recording: what a channel is, what was tolerated in its file, where it has samples. */
#ifndef EMG_CHANNEL_H
#define EMG_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a channel measures. */
typedef enum emg_channel_type {
    EMG_TYPE_UNKNOWN = 0, /* nothing says what it is */
    EMG_TYPE_EMG,
    EMG_TYPE_ECG,
    EMG_TYPE_EOG,
    EMG_TYPE_EEG,
    EMG_TYPE_FORCE, /* force, torque, angle, acceleration and other mechanics */
    EMG_TYPE_TRIGGER,
    EMG_TYPE_OTHER /* recognised as something else, e.g. respiration, saturation, temperature, a check sum */
} emg_channel_type;

typedef enum emg_side { EMG_SIDE_UNKNOWN = 0, EMG_SIDE_LEFT, EMG_SIDE_RIGHT } emg_side;

/* What a muscle does, where its name tells: two of one joint and one side that pull against each other are antagonists. */
typedef enum emg_action {
    EMG_ACTION_NONE = 0,
    EMG_ANKLE_FLEXION, /* dorsiflexion */
    EMG_ANKLE_EXTENSION,
    EMG_KNEE_FLEXION,
    EMG_KNEE_EXTENSION,
    EMG_ELBOW_FLEXION,
    EMG_ELBOW_EXTENSION,
    EMG_WRIST_FLEXION,
    EMG_WRIST_EXTENSION,
    EMG_FACE, /* a muscle of expression */
    EMG_N_ACTIONS
} emg_action;

/* One signal of the file, annotation signals left out, or a sum of such signals. All texts are printable UTF-8. */
typedef struct emg_channel {
    size_t number; /* signal number in the file, from 1 (annotation signals count too); derived ones go on from there */
    char label[80];  /* as found (trimmed), hostile bytes escaped; "" when blank */
    char name[96];   /* label made unique: duplicate or blank labels carry "#<number>" */
    char muscle[96]; /* muscle name: sidecar, map, label without "EMG ", label */
    char unit[40];   /* physical dimension as found; "" when the file states none */
    char transducer[120], prefilter[120];
    double rate_hz;     /* samples per second, > 0; 0 when the record duration is 0 */
    uint64_t n_samples; /* in the whole recording */
    double digital_min, digital_max, physical_min, physical_max; /* all 0 for audio formats */
    double to_uv;      /* microvolts per physical unit; 0 when the channel is not calibrated in volts */
    bool usable;       /* false: its samples cannot be given (calibration fault, rate 0); a deviation says why */
    bool selected;     /* the selection takes it: blocks carry it */
    bool is_muscle;    /* counts as a muscle by the rule "which channels are muscles" */
    bool type_assumed; /* nothing names its type; it is taken as a muscle for want of better (W_TYPE_ASSUMED) */
    bool envelope;    /* EMG that is rectified or averaged (W_ENVELOPE): no muscle, and never selected under raw_only */
    bool bad;         /* a sidecar marks it bad: no muscle, left out unless asked for by name */
    bool reflex_site; /* a stretch reflex is usual in this muscle (triceps surae, quadriceps, ...) */
    bool derived;  /* no signal of the file but a sum of some (emg_reading.derive); the limits are what it can reach */
    bool inverted; /* samples and physical limits have the opposite sign of the file's (emg_reading.invert) */
    emg_channel_type type;
    emg_side side;
    emg_action action;
} emg_channel;

/* A tolerated deviation from the format, with a stable code. */
typedef struct emg_deviation {
    char code[32];    /* e.g. "W_NREC_UNKNOWN" */
    char field[40];   /* the field it was found in, e.g. "record count" */
    int64_t offset;   /* byte in the file, or -1 */
    int64_t channel;  /* signal number from 1, or -1 */
    char value[64];   /* what stood there, printable; "" where it could identify a person */
    char action[160]; /* what was done about it, one sentence */
} emg_deviation;

/* A run of samples without a gap. */
typedef struct emg_segment {
    double start_s; /* seconds from the recording's first sample */
    double duration_s;
} emg_segment;

/* "EMG", "ECG", "force" and so on; "unknown" for what is no type, never NULL. */
EMG_API const char *emg_channel_type_name(emg_channel_type type);

#ifdef __cplusplus
}
#endif
#endif
