/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result made up by a test: takes the place of the analysis behind emg_result_*(). */
#ifndef EMG_FAKE_RESULT_H
#define EMG_FAKE_RESULT_H

#include <emg/result.h>
#include <emg/sketch.h>

enum { FAKE_CHANNELS = 8 };

struct emg_result {
    size_t n_muscles, n_channels;
    emg_summary muscle[FAKE_CHANNELS], channel[FAKE_CHANNELS];
    size_t muscle_of[FAKE_CHANNELS];
    const emg_event *events;
    size_t n_events, repeat; /* the events come `repeat` times, 0 as once */
    size_t at;
    emg_time_locked time_locked;
    emg_event of; /* whose bursts come, and which is next */
    uint64_t burst;
    const emg_sketch *sketch; /* of every channel; NULL: none */
    size_t fail_at;           /* the event, from 1, at which reading fails; 0: never */
};

/* A summary with every number "not applicable" and every count 0. */
emg_summary fake_summary(const char *name, const char *muscle, bool calibrated);

/* An event with every number "not applicable". */
emg_event fake_event(double onset_s, emg_class trial_type, uint32_t channel, uint32_t muscle);

#endif
