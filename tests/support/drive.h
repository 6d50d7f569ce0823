/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals of a test's own through an analysis, cut as the test likes. */
#ifndef EMG_DRIVE_H
#define EMG_DRIVE_H

#include <emg/analysis.h>
#include <emg/result.h>

/* A signal in memory: n_frames x n_channels samples, interleaved, at rate_hz; gap_at > 0: before that frame
 * gap_s seconds are missing. */
typedef struct drive_signal {
    double *x;
    size_t n_frames, n_channels;
    double rate_hz;
    size_t gap_at;
    double gap_s;
} drive_signal;

/* The muscles of a simulation preset, freed by drive_free(). Fails the test when it cannot be made. */
drive_signal drive_simulation(const char *preset, uint64_t seed, double duration_s);

/* Gaussian noise of a standard deviation, the same for the same seed. */
drive_signal drive_noise(size_t n_channels, double rate_hz, double duration_s, double sigma, uint64_t seed);
void drive_free(drive_signal *signal);

/* Adds a potential of about 8 ms whose largest deflection is `peak` at time_s. */
void drive_add_potential(drive_signal *signal, size_t channel, double time_s, double peak);

/* Analyses the signal; every channel is a muscle "M<number>" unless muscles are given. block: frames in a push; group: channels in a
 * block. marks may be NULL. */
typedef struct drive_plan {
    size_t block, group;
    const char *const *muscles;
    const emg_mark *marks;
    size_t n_marks;
    const emg_config *config;
    bool reflex_site;
    const emg_action *actions;   /* a channel each; NULL: none */
    double ask_from_s, ask_to_s; /* decisions to keep; 0, 0: none */
    bool no_sketches;
    size_t n_workers;          /* 0: nothing is said of them */
    const double *filtered_hz; /* upper end of the band that each channel was filtered to; NULL: not known */
} drive_plan;
emg_status drive_analyse(const drive_signal *signal, const drive_plan *plan, emg_result **out, emg_error *err);

/* The events table of a result, freed with free(). */
char *drive_events(emg_result *result);

#endif
