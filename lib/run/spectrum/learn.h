/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A first pass over a recording: what each channel's noise, rest and maximum are. */
#ifndef EMGP_LEARN_H
#define EMGP_LEARN_H

#include <emg/run.h>

#include "analysis/features/survey.h"
#include "condition/ecg/removal.h"
#include "run/marks.h"

/* What to look for. */
typedef struct emgp_learn_plan {
    bool noise, highest;
    const emgp_marks *marks; /* whose rest counts; NULL: none */
} emgp_learn_plan;

/* Reads all of an open recording, of which these beats are known; lanes[0 .. its channels - 1] take what was found, NaN for those left out. */
emg_status emgp_learn(emgp_survey_lane *lanes, emg_recording *recording, emgp_heart_beats beats,
                      const emg_run_config *config, const emgp_learn_plan *plan, emg_error *err);

/* The highest moving RMS that each channel of `recording` has in the file at mvc_path (emg_run_features says which belong
 * together); NaN where none does. EMG_EARG when that is all of them. */
emg_status emgp_learn_maxima(double *maxima, emg_recording *recording, const char *mvc_path,
                             const emg_run_config *config, emg_error *err);

#endif
