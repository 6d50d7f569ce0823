/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scene: channels, the units on them, when each fires, and the truth of it all; what presets build. */
#ifndef EMGP_SIMULATE_SCENE_H
#define EMGP_SIMULATE_SCENE_H

#include <stddef.h>
#include <stdint.h>

#include <emg/simulate.h>

#include "simulate/noise.h"
#include "simulate/random.h"
#include "simulate/unit.h"

enum { EMGP_SCENE_CHANNELS = 16 };

/* What streams of chance are for. */
typedef enum emgp_purpose {
    EMGP_FOR_NOISE = 0,
    EMGP_FOR_DRIFT,
    EMGP_FOR_UNITS,  /* shapes and sizes */
    EMGP_FOR_FIRING, /* when a unit fires */
    EMGP_FOR_COURSE, /* when an episode begins, and its beats */
    EMGP_N_PURPOSES
} emgp_purpose;

/* One unit firing once. */
typedef struct emgp_firing {
    int64_t start; /* frame of the first sample of the unit's table */
    float gain;    /* times the unit's amplitude */
    uint16_t unit;
    uint8_t phase; /* sixteenths of a frame that the table is late */
} emgp_firing;

/* Firings by start, then unit: the order in which they are added to the samples. */
typedef struct emgp_firings {
    emgp_firing *firing;
    size_t n, room;
} emgp_firings;

typedef struct emgp_scene_channel {
    emg_simulated_channel facts;
    emgp_band band;
    double sigma_uv, pink_share, drift_db; /* background in the analysis band */
    double hum_uv, hum_phase;              /* peak of the fundamental; in turns */
    emgp_unit *units;
    size_t n_units, room_units;
    emgp_firings firings;
    uint64_t n_streams[EMGP_N_PURPOSES];
} emgp_scene_channel;

/* Mains hum of all channels: frequency hz + swing_hz * a slow sine. */
typedef struct emgp_hum {
    double hz, swing_hz, period_s, phase;
} emgp_hum;

/* What may be asked of a preset; NaN: the preset's own. */
typedef struct emgp_scene_settings {
    double snr_db, per_min, noise_uv, hum_uv, hum_hz, rhythm_hz, burst_ms;
} emgp_scene_settings;

typedef struct emgp_scene {
    uint64_t seed;
    emgp_scene_settings settings;
    double rate_hz, duration_s;
    emgp_scene_channel channel[EMGP_SCENE_CHANNELS];
    size_t n_channels;
    emgp_hum hum;
    emg_truth *truths;
    size_t n_truths, room_truths;
    emg_simulated_annotation *annotations;
    size_t n_annotations, room_annotations;
    double endless_hz; /* > 0: discharges a second and channel, made window by window instead of beforehand */
    emg_status status; /* the first failure; builders do nothing after it */
} emgp_scene;

/* A new stream of chance of a channel, numbered within its purpose, so that one purpose does not disturb another. */
emgp_random emgp_scene_random(emgp_scene *scene, size_t channel, emgp_purpose purpose);
void emgp_scene_free(emgp_scene *scene);

/* Adds a channel: "EMG ..." labels are muscles. Range +-3.2768 mV in steps of 0.1 uV (16 bits). Returns its index. */
size_t emgp_scene_add_channel(emgp_scene *scene, const char *label, const emgp_band *band, double sigma_uv,
                              double drift_db);
/* Adds a unit and returns its index in the channel (0 after a failure; firing it then does nothing). */
size_t emgp_scene_add_unit(emgp_scene *scene, size_t channel, const emgp_shape *shape);
/* Gives a unit the peak that stands snr_db over the channel's background, both in the analysis band. */
void emgp_scene_set_snr(emgp_scene *scene, size_t channel, size_t unit, double snr_db);
void emgp_scene_set_peak_to_peak(emgp_scene *scene, size_t channel, size_t unit, double uv);

/* Lets a unit fire with its fiducial at time_s, rounded to a sixteenth of a frame; returns the rounded time. Outside
 * the recording nothing fires and the answer is NaN. */
double emgp_scene_fire(emgp_scene *scene, size_t channel, size_t unit, double time_s, double gain);

void emgp_scene_add_truth(emgp_scene *scene, const emg_truth *truth);
void emgp_scene_annotate(emgp_scene *scene, double onset_s, double duration_s, const char *text);

/* What the firings of a channel from number `first` on look like without the background. */
typedef struct emgp_measure {
    double onset_s, end_s; /* where the sum first and last reaches 5 % of its largest deflection */
    double peak_s, peak_to_peak_uv;
} emgp_measure;
emgp_measure emgp_scene_measure(emgp_scene *scene, size_t channel, size_t first);
/* Median peak to peak over successive stretches of width_s of the same. */
double emgp_scene_typical(emgp_scene *scene, size_t channel, size_t first, double width_s);

/* Sorts firings and truth; call once when all is built. */
void emgp_scene_settle(emgp_scene *scene);
void emgp_truths_sort(emg_truth *truths, size_t n);

/* Middle value; sorts x. NaN when n = 0. */
double emgp_scene_median(double *x, size_t n);

/* An array of n doubles; NULL after a failure, which it notes. */
double *emgp_scene_doubles(emgp_scene *scene, size_t n);

#endif
