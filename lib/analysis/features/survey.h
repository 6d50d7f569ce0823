/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a first look at a group's conditioned signal tells of its channels: noise, power at rest, highest moving RMS. */
#ifndef EMGP_SURVEY_H
#define EMGP_SURVEY_H

#include <emg/analysis.h>

typedef struct emgp_survey emgp_survey;

typedef struct emgp_survey_setup {
    const emg_config *config;
    double rate_hz, low_hz, high_hz; /* the band of the frames */
    size_t n_lanes;
    bool noise;            /* whether the noise is wanted */
    bool highest;          /* whether the highest moving RMS is */
    const emg_mark *marks; /* those of rest are read; borrowed until the end */
    size_t n_marks;
} emgp_survey_setup;

/* Each NaN when not asked for or not found. */
typedef struct emgp_survey_lane {
    double sigma;      /* of the noise: mean over pages, as noise_uv of a report */
    double rest_power; /* mean square within marks of rest */
    double highest;    /* moving RMS over whole windows of features.mvc_window_s */
} emgp_survey_lane;

/* EMG_ENOMEM, EMG_ERANGE. */
emg_status emgp_survey_new(emgp_survey **out, const emgp_survey_setup *setup, emg_error *err);
void emgp_survey_free(emgp_survey *survey);

void emgp_survey_start(emgp_survey *survey, double start_s);
emg_status emgp_survey_push(emgp_survey *survey, const float *x, size_t n_frames, emg_error *err);
/* Ends the segment. */
emg_status emgp_survey_finish(emgp_survey *survey, emg_error *err);

emgp_survey_lane emgp_survey_of(const emgp_survey *survey, size_t lane);

#endif
