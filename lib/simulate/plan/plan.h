/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scene: channels, the units on them, when each fires, and the truth of it all; what scenarios are built into. */
#ifndef EMGP_SIMULATE_SCENE_H
#define EMGP_SIMULATE_SCENE_H

#include <stddef.h>
#include <stdint.h>

#include <emg/simulate.h>

#include "simulate/plan/noise.h"
#include "simulate/plan/plans.h"
#include "simulate/plan/random.h"
#include "simulate/plan/simulated_unit.h"

/* What streams of chance are for. */
typedef enum emgp_purpose {
    EMGP_FOR_NOISE = 0,
    EMGP_FOR_DRIFT,
    EMGP_FOR_UNITS,  /* shapes and sizes */
    EMGP_FOR_FIRING, /* when a unit fires */
    EMGP_FOR_COURSE, /* when an episode begins, and its beats */
    EMGP_FOR_ARTEFACTS,
    EMGP_N_PURPOSES
} emgp_purpose;

/* One unit firing once. */
typedef struct emgp_firing {
    int64_t start; /* frame of the first sample of the unit's table */
    float gain;    /* times the unit's amplitude */
    uint16_t unit;
    uint8_t row; /* of the unit's table: sixteenths of a frame that it is late, and the variant */
} emgp_firing;

/* Firings by start, then unit: the order in which they are added to the samples. */
typedef struct emgp_firings {
    emgp_firing *firing;
    size_t n, room;
} emgp_firings;

/* Something that is not muscle, from frame `from` to before `to`. */
typedef enum emgp_artefact_kind { EMGP_A_POP, EMGP_A_MOTION, EMGP_A_SATURATION, EMGP_A_DROPOUT } emgp_artefact_kind;
enum { EMGP_MOTION_WAVES = 4 };
typedef struct emgp_artefact {
    int64_t from, to;
    emgp_artefact_kind kind;
    double size_uv;                                         /* signed */
    double tau_s;                                           /* of a pop */
    double hz[EMGP_MOTION_WAVES], phase[EMGP_MOTION_WAVES]; /* of a motion; phases in turns */
} emgp_artefact;

typedef struct emgp_artefacts {
    emgp_artefact *artefact;
    size_t n, room;
} emgp_artefacts;

/* A pool of units as a muscle has them: sizes exponentially distributed, smallest first, seen from random depths. */
typedef struct emgp_pool {
    size_t channel, first, n;
} emgp_pool;

typedef struct emgp_scene_channel {
    emg_simulated_channel facts;
    emgp_channel_plan plan;
    emgp_band band;
    double sigma_uv;          /* background in the analysis band */
    double hum_uv, hum_phase; /* peak of the fundamental; in turns */
    emgp_wander_plan wander;
    double wander_phase[3]; /* in turns */
    emgp_pool pool;         /* n 0: not made */
    emgp_artefacts artefacts;
    emgp_unit *units;
    size_t n_units, room_units;
    emgp_firings firings;
    uint64_t n_streams[EMGP_N_PURPOSES];
} emgp_scene_channel;

/* Mains hum of all channels: frequency hz + swing_hz * a slow sine. */
typedef struct emgp_hum {
    double hz, swing_hz, period_s, phase, third_share, fifth_share;
} emgp_hum;

/* What a scene may hold at most, so that no scenario can take a machine down. */
enum { EMGP_MOST_WORK = 8000000, EMGP_MOST_TABLE = 24 * 1024 * 1024, EMGP_MOST_RENDER = 100000000 };

typedef struct emgp_scene {
    uint64_t seed;
    double rate_hz, duration_s;
    emgp_scene_channel channel[EMGP_SCENE_CHANNELS];
    size_t n_channels;
    emgp_hum hum;
    emg_truth *truths;
    size_t n_truths, room_truths;
    emg_simulated_annotation *annotations;
    size_t n_annotations, room_annotations;
    emg_simulated_gap *gaps; /* by time, apart from each other */
    size_t n_gaps, room_gaps;
    double endless_hz;  /* > 0: discharges a second and channel, made window by window instead of beforehand */
    size_t work, table; /* firings and the like; floats of tables */
    emg_status status;  /* the first failure; builders do nothing after it. EMG_ERANGE: more than a scene may hold */
} emgp_scene;

/* A new stream of chance of a channel, numbered within its purpose, so that one purpose does not disturb another. */
emgp_random emgp_scene_random(emgp_scene *scene, size_t channel, emgp_purpose purpose);
void emgp_scene_free(emgp_scene *scene);

/* Adds a channel: "EMG ..." labels are muscles. A range of 3276.8 uV means -3276.8 to 3276.7, that is steps of 0.1 uV at
 * 16 bits; any other is symmetrical. Returns its index. */
size_t emgp_scene_add_channel(emgp_scene *scene, const char *label, const emgp_channel_plan *plan);
/* Draws the shape of a unit as the channel's electrode and muap say, and adds the unit. */
size_t emgp_scene_draw_unit(emgp_scene *scene, size_t channel, emgp_random *r);
/* The channel's pool, made at its first use. */
emgp_pool emgp_scene_pool(emgp_scene *scene, size_t channel);
/* Adds a unit and returns its index in the channel (0 after a failure; firing it then does nothing). */
size_t emgp_scene_add_unit(emgp_scene *scene, size_t channel, const emgp_shape *shape);
/* Gives a unit the peak that stands snr_db over the channel's background, both in the analysis band. */
void emgp_scene_set_snr(emgp_scene *scene, size_t channel, size_t unit, double snr_db);
void emgp_scene_set_peak_to_peak(emgp_scene *scene, size_t channel, size_t unit, double uv);

/* Lets a unit fire with its fiducial at time_s, rounded to a sixteenth of a frame; returns the rounded time. Outside
 * the recording nothing fires and the answer is NaN. */
double emgp_scene_fire(emgp_scene *scene, size_t channel, size_t unit, double time_s, double gain);
/* When a firing's fiducial is. */
double emgp_firing_time(const emgp_scene *scene, size_t channel, const emgp_firing *firing);

/* Adds a true event; `times` are copied when they are not NULL. */
void emgp_scene_add_truth(emgp_scene *scene, const emg_truth *truth);
void emgp_truth_free(emg_truth *truth);
void emgp_scene_add_artefact(emgp_scene *scene, size_t channel, const emgp_artefact *artefact);
void emgp_scene_annotate(emgp_scene *scene, double onset_s, double duration_s, const char *text);

/* What the firings of a channel from number `first` on look like without the background. */
typedef struct emgp_measure {
    double onset_s, end_s; /* where the sum first and last reaches 5 % of its largest deflection */
    double peak_s, peak_to_peak_uv;
} emgp_measure;
emgp_measure emgp_scene_measure(emgp_scene *scene, size_t channel, size_t first);
/* Median peak to peak over successive stretches of width_s of the same. */
double emgp_scene_typical(emgp_scene *scene, size_t channel, size_t first, double width_s);

/* Where a channel's firings and the scene's truth stood before an activity was added. */
typedef struct emgp_bookmark {
    size_t firing, truth;
} emgp_bookmark;
emgp_bookmark emgp_scene_bookmark(const emgp_scene *scene, size_t channel);
/* Changes the gains of what was added since so that its power in the analysis band, over the times at which a shape is
 * under way, stands snr_db (10 log10) over the noise's; NaN leaves them. */
void emgp_scene_set_burst_snr(emgp_scene *scene, size_t channel, emgp_bookmark from, double snr_db);
/* The same so that its RMS over length_s is `sigmas` times the noise's. */
void emgp_scene_set_level(emgp_scene *scene, size_t channel, emgp_bookmark from, double length_s, double sigmas);

/* Ends true events at gaps (gaps.c). */
void emgp_scene_cut_at_gaps(emgp_scene *scene);
/* Sorts firings, artefacts and truth; call once when all is built. */
void emgp_scene_settle(emgp_scene *scene);
void emgp_truths_sort(emg_truth *truths, size_t n);

void emgp_scene_sort(double *x, size_t n); /* ascending */
/* Middle value; sorts x. NaN when n = 0. */
double emgp_scene_median(double *x, size_t n);

/* Notes work done, so that a scene that would take too long is refused. */
void emgp_scene_work(emgp_scene *scene, size_t n);

/* An array of n doubles; NULL after a failure, which it notes. */
double *emgp_scene_doubles(emgp_scene *scene, size_t n);

#endif
