/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence of a rhythm and of a discharge to begin with, and the word it gets. */
#ifndef EMG_TEST_MADE_EVIDENCE_H
#define EMG_TEST_MADE_EVIDENCE_H

#include "support/test.h"

#include <math.h>

#include "analysis/decide/decide.h"

/* Twenty clear, regular bursts at 5.5 Hz in a recording of two minutes. */
static inline emgp_evidence bursts(void)
{
    emgp_evidence e = { .n = 20,
                        .duration_s = 3.6,
                        .observation_s = 120,
                        .rate_hz = 5.5,
                        .acf_height = 0.7,
                        .lag_share = 1,
                        .glide_hz = NAN,
                        .core_s = 0.02,
                        .burst_s = 0.05,
                        .snr_db = 25,
                        .n_muscles = 1,
                        .rhythmic_s = 30,
                        .discharge_hz = 20 };
    e.intervals = (emgp_intervals){ .n = 19,
                                    .mean_s = 0.18,
                                    .median_s = 0.18,
                                    .cv = 0.1,
                                    .rcv = 0.1,
                                    .cv2 = 0.1,
                                    .lv = 0.03,
                                    .lvr = 0.03,
                                    .fold = 0.95 };
    return e;
}

/* One short discharge among a few per minute. */
static inline emgp_evidence spike(void)
{
    return (emgp_evidence){ .n = 5,
                            .alone = true,
                            .duration_s = 0.01,
                            .observation_s = 120,
                            .rate_hz = 0.6,
                            .glide_hz = NAN,
                            .core_s = 0.003,
                            .burst_s = 0.01,
                            .n_gaps = 9,
                            .silent_share = 0.8,
                            .snr_db = 20,
                            .n_muscles = 1,
                            .intervals = { .rcv = NAN } };
}

static inline emg_class word(const emgp_evidence *e)
{
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emgp_decision d = emgp_rhythm_decide(e, &config);
    assert_true(d.confidence >= 0 && d.confidence <= 0.99);
    assert_true(d.trial_type == EMG_INDETERMINATE || d.confidence >= config.rhythm.least_confidence);
    assert_true(d.reasons != 0);
    return d.trial_type;
}

#endif
